/**
 * What git says of env files: whether they are tracked, whether ignore rules cover them, and the exact line that would.
 * git itself is asked, since nested files, negations and folders decide.
 */
import { posix } from 'node:path';
import { fileKind } from '../classify/paths.ts';
import { CUT_OFF, gitSync, recordsOf, unanswered } from '../git/command.ts';
import type { Repository } from '../git/repository.ts';
import type { Tracking } from '../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { Found } from './collector.ts';
import { artifactOf } from './env-artifacts.ts';
import { smallText } from './small-file.ts';

const ROOT_IGNORE = '.gitignore';
/** A question to git. */
const IGNORE_RULES = 'whether env files are ignored';

/** Which pattern decides about a path; the last that fits, as git says. */
interface Verdict {
  readonly source: string;
  readonly line: string;
  readonly pattern: string;
}

/** Asks git about paths relative to the root, whether they are there or not. */
export function trackingOf(repository: Repository, tracked: ReadonlySet<string>, paths: readonly string[]): Map<string, Tracking> {
  const known = new Map<string, Tracking>();
  if (repository.root === undefined) return known;
  const asked = [...new Set(paths)].filter((path) => path !== '' && !path.startsWith('<') && !path.includes('\0'));
  if (asked.length === 0) return known;
  const result = gitSync(repository.git, ['check-ignore', '--no-index', '--verbose', '--non-matching', '--stdin', '-z'], `${asked.join('\0')}\0`);
  const fields = recordsOf(repository.git, IGNORE_RULES, result, '\0', [0, 1]).map((field) => Buffer.from(field, 'latin1').toString('utf8'));
  for (const [index, path] of asked.entries()) {
    const [source = '', line = '', pattern = '', answered] = fields.slice(4 * index, 4 * index + 4);
    if (answered !== path) {
      unanswered(repository.git, IGNORE_RULES, CUT_OFF);
      break;
    }
    known.set(path, tracking(path, { source, line, pattern }, tracked.has(path)));
  }
  return known;
}

function tracking(path: string, { source, line, pattern }: Verdict, tracked: boolean): Tracking {
  const negated = pattern.startsWith('!');
  return {
    tracked,
    ignored: pattern !== '' && !negated,
    line: ignoreLine(path),
    file: ROOT_IGNORE,
    // A line added to the root's file comes last there, but a file nearer to the path still decides before it.
    ...(negated && source !== ROOT_IGNORE && source !== '' ? { undo: `${source}:${line}` } : {}),
  };
}

/** The line for an ignore file that covers a path's name in every folder: special characters stand for themselves. */
export function ignoreLine(path: string): string {
  const name = posix.basename(path).replaceAll(/[\\*?[]/g, String.raw`\$&`);
  return name.replace(/^[#!]/, String.raw`\$&`).replace(/ +$/, (blanks) => String.raw`\ `.repeat(blanks.length));
}

/** Names under which loaders read secrets. `.envrc` and `prod.env` count once they hold one. */
const LOADED = /^(?:\.env(?:\..+)?|\.dev\.vars(?:\..+)?)$/;
/** Files that are meant to be committed under such a name. */
const COMMITTED = /\.(?:vault|encrypted|enc|gpg|age)$|^\.env\.(?:ts|js|json|md|d\.ts)$/;
/** What shows that a folder's program reads an env file. */
const MANIFESTS: readonly (readonly [name: RegExp, sign: RegExp])[] = [
  [/^package\.json$/, /"(?:dotenv|dotenv-cli|dotenv-flow|@dotenvx\/dotenvx|@nestjs\/config)"\s{0,8}:|--env-file/],
  [/^(?:docker-)?compose[\w.-]{0,40}\.ya?ml$/, /env_file:/],
  [/^(?:requirements[\w.-]{0,40}\.txt|pyproject\.toml|Pipfile)$/, /python-dotenv|\benviron(?:s|ment)\b|django-environ/],
  [/^Gemfile$/, /['"]dotenv/],
];

/**
 * Env files that the repository uses, or will once somebody fills in a template, and that git would add with the next
 * `git add .`: one sighting each, of the check `rule`. `paths` are all files of the working tree.
 */
export function unignoredEnvFiles(repository: Repository, rule: Rule, tracked: ReadonlySet<string>, paths: readonly string[]): Found[] {
  const wanted = envFilesInUse(repository, tracked, paths);
  const known = trackingOf(repository, tracked, [...wanted.keys()]);
  return [...wanted].flatMap(([path, { seenIn, why }]) =>
    known.get(path)?.ignored === false ? [sightingOf(rule, path, seenIn, `\`${path}\` is not ignored, and ${why}`)] : [],
  );
}

/** Env files in use that an image or a package takes along, whatever git ignores: one sighting each, of the check `rule`. */
export function packedEnvFiles(repository: Repository, rule: Rule, tracked: ReadonlySet<string>, paths: readonly string[]): Found[] {
  const { root } = repository;
  if (root === undefined) return [];
  const wanted = envFilesInUse(repository, tracked, paths);
  if (wanted.size === 0) return []; // before a set of what may be a million paths
  const all = new Set(paths);
  return [...wanted].flatMap(([path, { seenIn, why }]) => {
    const packed = artifactOf(root, all, path);
    return packed === undefined ? [] : [sightingOf(rule, path, seenIn, `${packed}; ${why}`)];
  });
}

/** Env files that are there, or will be once somebody fills in a template, and what shows it. None that git tracks. */
function envFilesInUse(repository: Repository, tracked: ReadonlySet<string>, paths: readonly string[]): Map<string, { seenIn: string; why: string }> {
  const { root } = repository;
  const wanted = new Map<string, { seenIn: string; why: string }>();
  const want = (path: string, seenIn: string, why: string): void => {
    if (!tracked.has(path) && !wanted.has(path)) wanted.set(path, { seenIn, why });
  };
  for (const path of paths) {
    const name = posix.basename(path);
    if (!/env|\.dev\.vars/.test(name)) continue;
    const kind = fileKind(path);
    if (kind === 'env' && LOADED.test(name) && !COMMITTED.test(name)) want(path, path, 'it lies in the working tree');
    else if (kind === 'template' && !COMMITTED.test(name)) {
      const real = realName(name);
      if (real !== undefined) want(posix.join(posix.dirname(path), real), path, `\`${path}\` is a template for it`);
    }
  }
  for (const path of paths) {
    if (path.includes('/')) continue;
    const sign = MANIFESTS.find(([name]) => name.test(path))?.[1];
    const found = root === undefined || sign === undefined ? undefined : sign.exec(smallText(root, path) ?? '')?.[0];
    if (found !== undefined) want('.env', path, `\`${path}\` has \`${found.trim()}\``);
  }
  return wanted;
}

/** `.env.production.example` stands for `.env.production`, `example.env` for `.env`. */
function realName(template: string): string | undefined {
  const parts = template.split('.').filter((part) => !/^(?:examples?|samples?|template|tmpl|tpl|dist|skeleton|stub)$/i.test(part));
  const name = parts.join('.').replace(/^(?=env)/, '.');
  return name !== template && LOADED.test(name) ? name : undefined;
}

function sightingOf(rule: Rule, name: string, path: string, evidence: string): Found {
  return {
    origin: { kind: 'file', path },
    sighting: {
      rule,
      secret: new Secret(''),
      span: { start: 0, end: 0 },
      range: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
      name,
      evidence: [evidence],
      confidence: rule.confidence,
      severity: rule.severity,
    },
  };
}
