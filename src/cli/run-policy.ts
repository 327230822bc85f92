/** The policy of one run: flags win over the environment, and that over files. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { resolveCommit } from '../git/questions.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { UserError } from '../model/errors.ts';
import type { RuleSet } from '../model/rule.ts';
import { CONFIDENCES, SEVERITIES, type Confidence, type Severity } from '../model/severity.ts';
import { INLINE_MODES, type InlineMode } from '../policy/inline.ts';
import { parseJobs, parseSize } from '../policy/limits.ts';
import { BASELINE_FILE, CONFIG_NAMES, IGNORE_FILE, loadPolicy } from '../policy/load.ts';
import { didYouMean } from '../model/nearest.ts';
import { DiskFiles, RevisionFiles, type PolicyFiles } from '../policy/policy-files.ts';
import { withSettings } from '../policy/rule-settings.ts';
import type { RuleSetting } from '../policy/schema.ts';
import type { Acceptance } from '../policy/triage.ts';
import type { ScanOptions } from '../scan/options.ts';
import type { Io } from './io.ts';
import { activeRules } from './rule-files.ts';

/** As given on the command line: undefined where not. */
export interface PolicyFlags {
  readonly rules: readonly string[];
  readonly config?: string | false;
  readonly baseline?: string | false;
  readonly policyFrom?: string;
  readonly policyPackage: readonly string[];
  readonly inlineIgnores?: InlineMode;
  readonly failOn?: Severity;
  readonly minConfidence?: Confidence;
  readonly maxFileSize?: number;
  readonly jobs?: number;
}

export interface RunPolicy {
  /** The folder that policy is about. */
  readonly root: string;
  readonly rules: RuleSet;
  readonly acceptance: Acceptance;
  /** Where the baseline is, or would be. */
  readonly baselineFile: string;
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  readonly failOn: Severity;
  readonly minConfidence: Confidence;
  readonly maxFileSize: number;
  readonly jobs: number;
}

export interface Judged {
  readonly paths: readonly string[];
  readonly mode: ScanOptions['mode'];
}

/** Throws a `UserError` for any file, variable or rule that is not exactly right. */
export async function policyOf(given: PolicyFlags, { paths, mode }: Judged, io: Io): Promise<RunPolicy> {
  const { flags, notes } = withEnvironment(given, io.env);
  const root = policyRoot(paths, io.cwd);
  const { files, changes } = await filesOf(flags, root, mode, io);
  const absolute = (file: string | undefined | false): string | undefined | false => (typeof file === 'string' ? resolve(io.cwd, file) : file);
  const policy = await loadPolicy({
    root,
    files,
    config: absolute(flags.config),
    baseline: absolute(flags.baseline),
    packages: flags.policyPackage,
  });
  const rules = await withSettings(await activeRules(flags.rules, io, policy.ruleFiles), policy.rules, policy.ruleAt);
  return {
    root,
    rules,
    acceptance: {
      exclude: policy.exclude,
      ruleExcludes: new Map([...policy.rules].map(([id, { exclude }]) => [id, exclude ?? []])),
      inlineIgnores: flags.inlineIgnores ?? policy.inlineIgnores ?? 'all',
      honourInline: flags.policyFrom === undefined || flags.inlineIgnores !== undefined,
      ignores: policy.ignores,
      baseline: policy.baseline,
    },
    baselineFile: resolve(root, typeof flags.baseline === 'string' ? resolve(io.cwd, flags.baseline) : policy.baselineFile),
    sources: [...new Set([...policy.sources.map(({ shown }) => shown), ...flags.rules])],
    notes: [...notes, ...changedRules(policy.rules), ...(await changes(policy.sources.flatMap(({ path }) => path ?? [])))],
    failOn: flags.failOn ?? policy.failOn ?? 'low',
    minConfidence: flags.minConfidence ?? policy.minConfidence ?? 'low',
    maxFileSize: flags.maxFileSize ?? policy.maxFileSize ?? Number.POSITIVE_INFINITY,
    jobs: flags.jobs ?? policy.jobs ?? io.cpus,
  };
}

type ScanTerms = Pick<
  ScanOptions,
  'rules' | 'environment' | 'maxFileSize' | 'jobs' | 'minSeverity' | 'minConfidence' | 'acceptance' | 'policySources' | 'now' | 'clock'
>;

/** What a scan takes from the policy and from the world around it, whatever is scanned. */
export function scanTerms(policy: RunPolicy, io: Io): ScanTerms {
  return {
    rules: policy.rules,
    environment: io.env,
    maxFileSize: policy.maxFileSize,
    jobs: policy.jobs,
    minSeverity: 'info',
    minConfidence: policy.minConfidence,
    acceptance: policy.acceptance,
    policySources: policy.sources,
    now: io.now(),
    clock: io.clock,
  };
}

/** A run under weaker rules says so. */
function changedRules(rules: ReadonlyMap<string, RuleSetting>): string[] {
  const settings = [...rules.values()];
  const count = (is: (setting: RuleSetting) => boolean, words: string): string[] => {
    const number = settings.filter(is).length;
    return number === 0 ? [] : [`${number} ${words}`];
  };
  const parts = [
    ...count(({ enabled }) => enabled === false, 'off'),
    ...count(({ severity }) => severity !== undefined, 'of another severity'),
    ...count(({ exclude = [] }) => exclude.length > 0, 'with excluded paths'),
  ];
  return parts.length === 0 ? [] : [`rules that the configuration changes: ${parts.join(', ')}`];
}

/** The root of the repository around all that is scanned, else the scanned folder or the current one. */
export function policyRoot(paths: readonly string[], cwd: string): string {
  const roots = new Set(paths.map((path) => rootAround(resolve(cwd, path))));
  const [only] = roots;
  // Of several files in no repository none is more than the others.
  const decides = roots.size === 1 && only !== undefined && (paths.length === 1 || existsSync(join(only, '.git')));
  return decides ? only : rootAround(cwd);
}

/** Found without asking git. */
function rootAround(path: string): string {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}

interface Files {
  readonly files: PolicyFiles;
  /** Notes about files of the policy that the judged change touches: the ones at some paths, and those that would be one. */
  readonly changes: (paths: readonly string[]) => Promise<string[]>;
}

async function filesOf(flags: PolicyFlags, root: string, mode: ScanOptions['mode'], io: Io): Promise<Files> {
  const disk = new DiskFiles(root);
  const none = (): Promise<string[]> => Promise.resolve([]);
  if (flags.policyFrom === undefined && mode.kind !== 'range') return { files: disk, changes: none };
  const repository = openRepository(root, io.env, { hook: mode.kind === 'staged' || mode.kind === 'commits' });
  if (repository === undefined) {
    if (flags.policyFrom === undefined) return { files: disk, changes: none }; // the scan itself says what is wrong
    throw new UserError('--policy-from needs a git repository, and this folder is in none', 'Change into one, or name the file with --config.');
  }
  const head = mode.kind === 'range' ? mode.head : mode.kind === 'commits' ? mode.from[0] : undefined;
  if (flags.policyFrom !== undefined) {
    const before = await revisionFiles(repository, flags.policyFrom);
    const after = head === undefined ? disk : await revisionFiles(repository, head);
    return {
      files: before,
      changes: (paths) => Promise.resolve(changed(before, after, paths).map((file) => `${file} differs from the one${before.label}, which is used`)),
    };
  }
  const base = mode.kind === 'range' ? mode.base : '';
  return {
    files: disk,
    changes: async (paths) => {
      const before = await revisionFiles(repository, base);
      const after = await revisionFiles(repository, head ?? 'HEAD');
      return changed(before, after, paths).map(
        (file) => `${file} changed in this range and is used as it is now; --policy-from ${base} uses the one before`,
      );
    },
  };
}

async function revisionFiles(repository: Repository, revision: string): Promise<RevisionFiles> {
  return new RevisionFiles(repository, await resolveCommit(repository, revision), revision);
}

/** The files of a policy that differ: those that were read, and those that would be. */
function changed(before: PolicyFiles, after: PolicyFiles, read: readonly string[]): string[] {
  const paths = new Set([...CONFIG_NAMES, IGNORE_FILE, BASELINE_FILE, ...read]);
  return [...paths].filter((path) => textOrFault(before, path) !== textOrFault(after, path));
}

/** A file that cannot be read is not the same as one that can. */
function textOrFault(files: PolicyFiles, path: string): string | undefined {
  try {
    return files.read(path);
  } catch (error) {
    return error instanceof UserError ? error.message : String(error);
  }
}

const PREFIX = 'KEYSIFT_';
/** Each says how its text becomes the value of a flag; undefined where it cannot. */
const VARIABLES: Readonly<Record<string, { flag: keyof PolicyFlags; words: string; parse: (text: string) => unknown }>> = {
  KEYSIFT_CONFIG: { flag: 'config', words: 'a file', parse: (text) => text },
  KEYSIFT_BASELINE: { flag: 'baseline', words: 'a file', parse: (text) => text },
  KEYSIFT_POLICY_FROM: { flag: 'policyFrom', words: 'a revision', parse: (text) => text },
  KEYSIFT_FAIL_ON: { flag: 'failOn', words: SEVERITIES.join(', '), parse: oneOf(SEVERITIES) },
  KEYSIFT_MIN_CONFIDENCE: { flag: 'minConfidence', words: CONFIDENCES.join(', '), parse: oneOf(CONFIDENCES) },
  KEYSIFT_INLINE_IGNORES: { flag: 'inlineIgnores', words: INLINE_MODES.join(', '), parse: oneOf(INLINE_MODES) },
  KEYSIFT_MAX_FILE_SIZE: { flag: 'maxFileSize', words: 'bytes, or a number with K, M or G', parse: parseSize },
  KEYSIFT_JOBS: { flag: 'jobs', words: 'a number from 1 on', parse: parseJobs },
};
/** Variables that other parts read. */
const OTHERS = new Set(['KEYSIFT_DEBUG']);

function oneOf<T extends string>(words: readonly T[]): (text: string) => T | undefined {
  return (text) => words.find((word) => word === text);
}

function withEnvironment(flags: PolicyFlags, env: NodeJS.ProcessEnv): { flags: PolicyFlags; notes: string[] } {
  const notes: string[] = [];
  const given: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || text === undefined || text === '' || OTHERS.has(name)) continue;
    const variable = VARIABLES[name];
    if (variable === undefined) {
      notes.push(`the variable ${name} means nothing here. ${didYouMean(name, Object.keys(VARIABLES), 'README.md lists those that do.')}`);
      continue;
    }
    const value = variable.parse(text);
    if (value === undefined) throw new UserError(`${name} holds something else than it may`, `It is ${variable.words}.`);
    given[variable.flag] = value;
  }
  const said = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return { flags: { ...given, ...said } as PolicyFlags, notes: notes.toSorted() };
}
