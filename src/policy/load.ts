/**
 * Finds and reads the policy of a run: configuration, ignore file, baseline and rule files. All of them come from one
 * place, the disk or one revision, so that a change cannot bring the policy that it is judged by.
 */
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { append } from '../model/append.ts';
import { UserError } from '../model/errors.ts';
import type { Confidence, Severity } from '../model/severity.ts';
import type { LoadedFile } from '../rules/load.ts';
import { parseBaseline } from './baseline.ts';
import type { ParsedConfig } from './config-file.ts';
import { parseEntries, type Entry } from './entry.ts';
import type { InlineMode } from './inline.ts';
import { parseSize } from './limits.ts';
import { DiskFiles, type PolicyFiles } from './policy-files.ts';
import type { RuleSetting } from './schema.ts';

/** A place for the configuration, in the policy's root and nowhere else. */
export const CONFIG_NAMES = [
  'keysift.config.yaml',
  'keysift.config.yml',
  'keysift.config.json',
  '.keysift.yaml',
  '.keysift.yml',
  '.keysift.json',
] as const;
export const IGNORE_FILE = '.keysiftignore';
export const BASELINE_FILE = '.keysift-baseline';

/** A file that takes part in a policy. */
export interface PolicySource {
  /** In words for the report. */
  readonly shown: string;
  /** Below the policy's root; undefined for a file that lies elsewhere. */
  readonly path: string | undefined;
}

/** What files say; flags and the environment win over it. */
export interface Policy {
  /** All files that it was read from. */
  readonly sources: readonly PolicySource[];
  readonly failOn: Severity | undefined;
  readonly minConfidence: Confidence | undefined;
  readonly maxFileSize: number | undefined;
  readonly jobs: number | undefined;
  readonly inlineIgnores: InlineMode | undefined;
  readonly exclude: readonly string[];
  readonly ruleFiles: readonly LoadedFile[];
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** `file:line:column` of the place where a rule is set. */
  readonly ruleAt: (id: string) => string;
  readonly ignores: readonly Entry[];
  readonly baseline: readonly Entry[];
  /** Where the baseline is or would be written: as configured, or the usual name; relative to the root, or absolute. */
  readonly baselineFile: string;
}

export interface PolicyChoice {
  /** The folder that paths of the policy are relative to: the root of the repository. */
  readonly root: string;
  readonly files: PolicyFiles;
  /** As given with `--config`, absolute; undefined to look for one; false for none. */
  readonly config: string | undefined | false;
  /** As given with `--baseline`, absolute; undefined for the configured or usual one; false for none. */
  readonly baseline: string | undefined | false;
  /** Packages that `extends` may name. */
  readonly packages: readonly string[];
}

const DEEPEST = 20;

/** Throws a `UserError` for everything that is not exactly right: a policy is never guessed. */
export async function loadPolicy(choice: PolicyChoice): Promise<Policy> {
  const { files } = choice;
  const config = new Chain();
  const found = findConfig(choice);
  if (found !== undefined) await config.add(found, choice, []);
  const ruleFiles: LoadedFile[] = [];
  for (const { path, at, files: from } of config.ruleFiles) {
    const { parseRuleFile } = await import('../rules/load.ts');
    const text = from.read(path);
    if (text === undefined) throw new UserError(`${at}: there is no rule file ${from.shown(path)}`, 'Correct ruleFiles, or add the file.');
    ruleFiles.push(parseRuleFile(text, from.shown(path)));
  }
  const ignores = files.read(IGNORE_FILE);
  const baseline = readBaseline(choice, config);
  const read: readonly Located[] = [
    ...config.files,
    ...config.ruleFiles,
    ...(ignores === undefined ? [] : [{ files, path: IGNORE_FILE }]),
    ...(baseline === undefined ? [] : [baseline]),
  ];
  return {
    sources: read.map((file) => ({ shown: shownOf(file), path: file.files === files ? file.path : undefined })),
    failOn: config.values.failOn,
    minConfidence: config.values.minConfidence,
    maxFileSize: config.values.maxFileSize,
    jobs: config.values.jobs,
    inlineIgnores: config.values.inlineIgnores,
    exclude: config.exclude,
    ruleFiles,
    rules: config.rules,
    ruleAt: (id) => config.ruleAt.get(id) ?? '',
    ignores: ignores === undefined ? [] : parseEntries(ignores, files.shown(IGNORE_FILE), { reasons: true }),
    baseline: baseline === undefined ? [] : parseBaseline(baseline.text, shownOf(baseline)),
    baselineFile: config.values.baseline ?? BASELINE_FILE,
  };
}

interface Located {
  readonly files: PolicyFiles;
  /** Below the root of `files`. */
  readonly path: string;
}

interface ReadFile extends Located {
  readonly text: string;
}

function shownOf({ files, path }: Located): string {
  return files.shown(path);
}

/** A file that the command line names, absolute. One outside the root is the caller's own, whatever revision the rest comes from. */
function named(file: string, { root, files }: PolicyChoice): Located {
  const inside = insideOf(root, file);
  const folder = dirname(file);
  return inside === undefined
    ? { files: new DiskFiles(folder, folder.endsWith(sep) ? folder : folder + sep), path: basename(file) }
    : { files, path: inside };
}

function findConfig(choice: PolicyChoice): ReadFile | undefined {
  const { files, config } = choice;
  if (config === false) return undefined;
  if (config !== undefined) {
    const file = named(config, choice);
    const text = file.files.read(file.path);
    if (text === undefined) throw new UserError(`there is no configuration ${shownOf(file)}`, 'Check the path given with --config.');
    return { ...file, text };
  }
  const present = CONFIG_NAMES.flatMap((path) => {
    const text = files.read(path);
    return text === undefined ? [] : [{ files, path, text }];
  });
  if (present.length > 1) {
    throw new UserError(`there are several configurations: ${present.map(({ path }) => path).join(', ')}`, 'Keep one, or name it with --config.');
  }
  return present[0];
}

/** A path relative to a folder that holds it, `/`-separated; undefined outside. */
export function insideOf(root: string, path: string): string | undefined {
  const inside = relative(root, resolve(root, path));
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? undefined : inside.split(sep).join('/');
}

function readBaseline(choice: PolicyChoice, config: Chain): ReadFile | undefined {
  const { root, files, baseline } = choice;
  const configured = config.values.baseline;
  if (baseline === false) return undefined;
  if (baseline === undefined && configured !== undefined && insideOf(root, configured) === undefined) {
    throw new UserError(`${config.baselineAt}: the baseline ${configured} lies outside the repository`, 'Only --baseline may name a file outside.');
  }
  const wanted = baseline ?? configured;
  const file = wanted === undefined ? { files, path: BASELINE_FILE } : named(resolve(root, wanted), choice);
  const text = file.files.read(file.path);
  if (text !== undefined) return { ...file, text };
  if (wanted === undefined) return undefined;
  throw new UserError(`there is no baseline ${shownOf(file)}`, 'keysift baseline create writes it.');
}

interface Values {
  failOn?: Severity;
  minConfidence?: Confidence;
  maxFileSize?: number;
  jobs?: number;
  inlineIgnores?: InlineMode;
  baseline?: string;
}

/** Configurations that extend each other as one: the extending one wins, lists are put together. */
class Chain {
  readonly values: Values = {};
  baselineAt = '';
  /** The configurations themselves, an extending one before those that it extends. */
  readonly files: Located[] = [];
  readonly exclude: string[] = [];
  readonly ruleFiles: (Located & { readonly at: string })[] = [];
  readonly rules = new Map<string, RuleSetting>();
  readonly ruleAt = new Map<string, string>();

  async add(located: ReadFile, choice: PolicyChoice, above: readonly string[]): Promise<void> {
    const { parseConfigFile } = await import('./config-file.ts');
    const shown = shownOf(located);
    const chain = [...above, shown];
    if (above.includes(shown)) throw new UserError(`extends goes in a circle: ${chain.join(' → ')}`, 'Take one of them out.');
    if (chain.length > DEEPEST)
      throw new UserError(`extends goes ${DEEPEST} files deep: ${chain.slice(0, 4).join(' → ')} → …`, 'Make the chain shorter.');
    this.files.push(located);
    const parsed = parseConfigFile(located.text, shown);
    for (const [index, name] of (parsed.config.extends ?? []).entries()) {
      await this.add(extended(name, parsed.place(['extends', index]), located, choice), choice, chain);
    }
    this.#merge(parsed, located);
  }

  #merge(parsed: ParsedConfig, { files, path }: Located): void {
    const { config } = parsed;
    const { failOn, minConfidence, inlineIgnores, baseline, limits } = config;
    const maxFileSize = limits?.maxFileSize === undefined ? undefined : parseSize(String(limits.maxFileSize));
    const given = { failOn, minConfidence, inlineIgnores, baseline, maxFileSize, jobs: limits?.jobs };
    for (const [name, value] of Object.entries(given)) if (value !== undefined) Object.assign(this.values, { [name]: value });
    if (baseline !== undefined) this.baselineAt = parsed.place(['baseline']);
    append(this.exclude, config.exclude ?? []);
    for (const [index, file] of (config.ruleFiles ?? []).entries()) {
      const at = parsed.place(['ruleFiles', index]);
      this.ruleFiles.push({ files, path: below(file, posix.dirname(path), at), at });
    }
    for (const [id, setting] of Object.entries(config.rules ?? {})) {
      const before = this.rules.get(id);
      this.rules.set(id, { ...before, ...setting, exclude: [...(before?.exclude ?? []), ...(setting.exclude ?? [])] });
      this.ruleAt.set(id, parsed.placeOfKey(['rules', id]));
    }
  }
}

const PACKAGE = 'package:';

function extended(name: string, at: string, from: ReadFile, choice: PolicyChoice): ReadFile {
  if (name.startsWith(PACKAGE)) return packageConfig(name.slice(PACKAGE.length), at, choice);
  if (/^[a-z][a-z0-9+.-]*:/i.test(name))
    throw new UserError(`${at}: extends takes no addresses`, 'keysift uses no network: commit the file, and name it.');
  const { files } = from;
  const path = below(name, posix.dirname(from.path), at);
  const text = files.read(path);
  if (text === undefined) throw new UserError(`${at}: there is no file ${files.shown(path)}`, 'Correct extends, or add the file.');
  return { files, path, text };
}

function packageConfig(name: string, at: string, { root, packages }: PolicyChoice): ReadFile {
  if (!packages.includes(name)) {
    throw new UserError(
      `${at}: the package ${name} is not allowed`,
      `Packages change without a commit here: allow it with --policy-package ${name}.`,
    );
  }
  let manifest: string;
  try {
    manifest = createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
  } catch {
    throw new UserError(`${at}: the package ${name} is not installed`, 'Install it first.');
  }
  const files = new DiskFiles(dirname(manifest), `${PACKAGE}${name}/`);
  for (const path of CONFIG_NAMES) {
    const text = files.read(path);
    if (text !== undefined) return { files, path, text };
  }
  throw new UserError(`${at}: the package ${name} holds no configuration`, `It needs ${CONFIG_NAMES[0]}.`);
}

/** A path that a policy names, relative to the folder of the file that names it, and never outside the root. */
function below(name: string, folder: string, at: string): string {
  const path = posix.normalize(posix.join(folder, name));
  if (name.includes('\0') || name.includes('\\') || posix.isAbsolute(name) || /^[a-z]:/i.test(name) || path === '..' || path.startsWith('../')) {
    throw new UserError(`${at}: the path leads outside`, 'Name a file below the folder of the configuration, with / between folders.');
  }
  return path;
}
