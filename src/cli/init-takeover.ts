/** What `keysift init --from` brings over from the files of other scanners. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { UserError } from '../model/errors.ts';
import { FILES_OF } from '../policy/foreign-files.ts';
import { SCANNERS, type Scanner } from '../policy/scanners.ts';
import type { RuleSetting } from '../policy/schema.ts';
import { safeText } from '../report/safe-text.ts';
import { readForeign } from './foreign-file.ts';
import { reasonFor, type ForeignIgnores } from './import-ignores-command.ts';
import type { Io } from './io.ts';

export const RULE_FILE = 'keysift.rules.yaml';

export interface TakenOver {
  readonly rules: readonly Record<string, unknown>[];
  readonly exclude: readonly string[];
  readonly settings: Readonly<Record<string, RuleSetting>>;
  readonly ignores: readonly ForeignIgnores[];
  /** What was found in each file, and what was not carried over, in words. */
  readonly said: readonly string[];
}

/** @param from names of scanners and of files; for none, it only says which scanners are set up */
export async function takeOver(root: string, from: readonly string[], io: Io): Promise<TakenOver> {
  const rules: Record<string, unknown>[] = [];
  const exclude: string[] = [];
  const settings: Record<string, RuleSetting> = {};
  const ignores: ForeignIgnores[] = [];
  const said =
    from.length > 0 ? [] : scannersAt(root).map((scanner) => `${scanner} is set up here: keysift init --from ${scanner} brings its settings over`);
  for (const [file, folder] of from.flatMap((one) => filesFor(one, root, io))) {
    const read = await readForeign(file, folder);
    const before = new Set(rules.map(({ id }) => id));
    rules.push(...read.rules.filter(({ id }) => !before.has(id)));
    const twice = read.rules.filter(({ id }) => before.has(id)).map(({ id }) => `${String(id)}: a rule of that id came from the file before`);
    exclude.push(...read.exclude);
    for (const [id, setting] of Object.entries(read.settings)) settings[id] = together(settings[id], setting);
    if (read.ignores.length > 0) ignores.push({ reason: reasonFor(file), ignores: read.ignores });
    const found = [
      counted(read.carried, 'rule'),
      counted(read.exclude.length, 'path that is left out', 'paths that are left out'),
      counted(Object.keys(read.settings).length, 'rule with a setting', 'rules with settings'),
      counted(read.ignores.length, 'thing that it ignores', 'things that it ignores'),
    ].filter((part) => part !== '');
    said.push(
      `from ${safeText(file)}: ${found.length === 0 ? 'nothing' : found.join(', ')}`,
      ...[...read.lost, ...twice].map((lost) => `  not carried over: ${safeText(lost)}`),
    );
  }
  if (rules.length > 0 && existsSync(join(root, RULE_FILE)))
    throw new UserError(`${RULE_FILE} is there already`, 'Rename it, and name the new one in ruleFiles as well.');
  return { rules, exclude: [...new Set(exclude)], settings, ignores, said };
}

/** What two files say of one rule. */
function together(before: RuleSetting = {}, after: RuleSetting): RuleSetting {
  const exclude = [...(before.exclude ?? []), ...(after.exclude ?? [])];
  return { ...before, ...after, ...(exclude.length === 0 ? {} : { exclude }) };
}

/** The scanners whose files lie at the root of a repository. */
function scannersAt(root: string): Scanner[] {
  return SCANNERS.filter((scanner) => FILES_OF[scanner].some((file) => existsSync(join(root, file))));
}

function counted(number: number, one: string, many = `${one}s`): string {
  return number === 0 ? '' : `${number} ${number === 1 ? one : many}`;
}

function filesFor(name: string, root: string, io: Io): (readonly [file: string, folder: string])[] {
  const scanner = SCANNERS.find((known) => known === name);
  if (scanner === undefined) {
    if (existsSync(resolve(io.cwd, name))) return [[name, io.cwd]];
    throw new UserError(`there is no scanner and no file "${name}"`, `Name a file, or one of ${SCANNERS.join(', ')}.`);
  }
  const there = FILES_OF[scanner].filter((file) => existsSync(join(root, file)));
  if (there.length === 0)
    throw new UserError(`there is no file of ${scanner} in ${root}`, `It is one of ${FILES_OF[scanner].join(', ')}; or name the file.`);
  return there.map((file) => [file, root]);
}

/** The part of a configuration that says it: keys that are empty are left out. */
export function settingsText({ rules, exclude, settings }: Pick<TakenOver, 'rules' | 'exclude' | 'settings'>): string {
  const parts = {
    ...(exclude.length === 0 ? {} : { exclude }),
    ...(rules.length === 0 ? {} : { ruleFiles: [RULE_FILE] }),
    ...(Object.keys(settings).length === 0 ? {} : { rules: settings }),
  };
  return Object.keys(parts).length === 0 ? '' : stringify(parts, { lineWidth: 0 });
}
