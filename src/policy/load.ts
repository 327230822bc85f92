/**
 * Finds and reads the policy of a run: configuration, ignore file, baseline and rule files. All of them come from one
 * place, the disk or one revision, so that a change cannot bring the policy that it is judged by.
 */
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
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

/** What files say; flags and the environment win over it. */
export interface Policy {
  /** The files that it was read from, in words for the report. */
  readonly sources: readonly string[];
  readonly label: string;
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
  const sources: string[] = [];
  const config = new Chain();
  const found = findConfig(choice);
  if (found !== undefined) {
    sources.push(found.shown);
    await config.add(found, choice, []);
  }
  const ruleFiles: LoadedFile[] = [];
  for (const { file, at, files } of config.ruleFiles) {
    const { parseRuleFile } = await import('../rules/load.ts');
    const text = files.read(file);
    if (text === undefined) throw new UserError(`${at}: there is no rule file ${file}${files.label}`, 'Correct ruleFiles, or add the file.');
    ruleFiles.push(parseRuleFile(text, file));
    sources.push(file);
  }
  const ignores = choice.files.read(IGNORE_FILE);
  if (ignores !== undefined) sources.push(IGNORE_FILE);
  const baseline = readBaseline(choice, config.values.baseline);
  if (baseline !== undefined) sources.push(baseline.file);
  return {
    sources,
    label: choice.files.label,
    failOn: config.values.failOn,
    minConfidence: config.values.minConfidence,
    maxFileSize: config.values.maxFileSize,
    jobs: config.values.jobs,
    inlineIgnores: config.values.inlineIgnores,
    exclude: config.exclude,
    ruleFiles,
    rules: config.rules,
    ruleAt: (id) => config.ruleAt.get(id) ?? '',
    ignores: ignores === undefined ? [] : parseEntries(ignores, IGNORE_FILE + choice.files.label, { reasons: true }),
    baseline: baseline === undefined ? [] : parseBaseline(baseline.text, baseline.file + choice.files.label),
    baselineFile: baseline?.file ?? config.values.baseline ?? BASELINE_FILE,
  };
}

interface Located {
  readonly files: PolicyFiles;
  /** Below the root of `files`. */
  readonly path: string;
  readonly text: string;
  readonly shown: string;
}

function findConfig({ root, files, config }: PolicyChoice): Located | undefined {
  if (config === false) return undefined;
  if (config !== undefined) {
    const inside = insideOf(root, config);
    // A file outside the tree is the caller's own, whatever revision the rest comes from.
    const from = inside === undefined ? new DiskFiles(dirname(config)) : files;
    const path = inside ?? basename(config);
    const text = from.read(path);
    const shown = inside === undefined ? config : path + files.label;
    if (text === undefined) throw new UserError(`there is no configuration ${shown}`, 'Check the path given with --config.');
    return { files: from, path, text, shown };
  }
  const present = CONFIG_NAMES.flatMap((path) => {
    const text = files.read(path);
    return text === undefined ? [] : [{ files, path, text, shown: path + files.label }];
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

function readBaseline({ root, files, baseline }: PolicyChoice, configured: string | undefined): { file: string; text: string } | undefined {
  if (baseline === false) return undefined;
  const named = baseline === undefined ? configured : baseline;
  if (named === undefined) {
    const text = files.read(BASELINE_FILE);
    return text === undefined ? undefined : { file: BASELINE_FILE, text };
  }
  const inside = insideOf(root, named);
  if (inside === undefined && baseline === undefined) {
    throw new UserError(`the baseline ${named} lies outside the repository`, 'Only --baseline may name a file outside.');
  }
  const text = inside === undefined ? new DiskFiles(dirname(named)).read(basename(named)) : files.read(inside);
  if (text === undefined) throw new UserError(`there is no baseline ${inside ?? named}${files.label}`, 'keysift baseline create writes it.');
  return { file: inside ?? named, text };
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
  readonly exclude: string[] = [];
  readonly ruleFiles: { file: string; at: string; files: PolicyFiles }[] = [];
  readonly rules = new Map<string, RuleSetting>();
  readonly ruleAt = new Map<string, string>();

  async add(located: Located, choice: PolicyChoice, above: readonly string[]): Promise<void> {
    const { parseConfigFile } = await import('./config-file.ts');
    const chain = [...above, located.shown];
    if (above.includes(located.shown)) throw new UserError(`extends goes in a circle: ${chain.join(' → ')}`, 'Take one of them out.');
    if (chain.length > DEEPEST)
      throw new UserError(`extends goes ${DEEPEST} files deep: ${chain.slice(0, 4).join(' → ')} → …`, 'Make the chain shorter.');
    const parsed = parseConfigFile(located.text, located.shown);
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
    this.exclude.push(...(config.exclude ?? []));
    for (const [index, file] of (config.ruleFiles ?? []).entries()) {
      const at = parsed.place(['ruleFiles', index]);
      this.ruleFiles.push({ file: below(file, posix.dirname(path), at), at, files });
    }
    for (const [id, setting] of Object.entries(config.rules ?? {})) {
      const before = this.rules.get(id);
      this.rules.set(id, { ...before, ...setting, exclude: [...(before?.exclude ?? []), ...(setting.exclude ?? [])] });
      this.ruleAt.set(id, parsed.placeOfKey(['rules', id]));
    }
  }
}

const PACKAGE = 'package:';

function extended(name: string, at: string, from: Located, choice: PolicyChoice): Located {
  if (name.startsWith(PACKAGE)) return packageConfig(name.slice(PACKAGE.length), at, choice);
  if (/^[a-z][a-z0-9+.-]*:/i.test(name))
    throw new UserError(`${at}: extends takes no addresses`, 'keysift uses no network: commit the file, and name it.');
  const path = below(name, posix.dirname(from.path), at);
  const text = from.files.read(path);
  if (text === undefined) throw new UserError(`${at}: there is no file ${path}${from.files.label}`, 'Correct extends, or add the file.');
  return { files: from.files, path, text, shown: path + from.files.label };
}

function packageConfig(name: string, at: string, { root, packages }: PolicyChoice): Located {
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
  const files = new DiskFiles(dirname(manifest));
  for (const path of CONFIG_NAMES) {
    const text = files.read(path);
    if (text !== undefined) return { files, path, text, shown: `${PACKAGE}${name}/${path}` };
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
