/** The rules of a run: the built-in ones, and those of files named on the command line. */
import { resolve } from 'node:path';
import type { RuleSet } from '../model/rule.ts';
import { builtinRules } from '../rules/builtin.ts';
import type { LoadedFile } from '../rules/load.ts';
import type { Io } from './io.ts';

/** Reads rule files given as `--rules`. YAML and the schema are loaded only when there are any. */
export async function readRuleFiles(files: readonly string[], io: Io): Promise<LoadedFile[]> {
  if (files.length === 0) return [];
  const { readRuleFile } = await import('../rules/load.ts');
  return files.map((file) => readRuleFile(resolve(io.cwd, file)));
}

/** Built-in rules and the user's together, those that a configuration names included. Throws a `UserError` for a broken file or an id that is taken. */
export async function activeRules(files: readonly string[], io: Io, configured: readonly LoadedFile[] = []): Promise<RuleSet> {
  const builtin = builtinRules();
  const own = [...configured, ...(await readRuleFiles(files, io))];
  if (own.length === 0) return builtin;
  const { compileRules, mergeRules } = await import('../rules/compile.ts');
  return mergeRules(builtin, compileRules(own, builtin.rules));
}
