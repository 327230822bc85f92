/** `keysift init`: shows what it would write, asks, and writes configuration, ignore file, workflow and hooks. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRepository } from '../git/repository.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { writeWhole } from '../model/whole-file.ts';
import { BASELINE_FILE, CONFIG_NAMES, IGNORE_FILE } from '../policy/load.ts';
import { ruleFileText } from '../policy/foreign-rules.ts';
import { DiskFiles } from '../policy/policy-files.ts';
import { safeLines } from '../report/safe-text.ts';
import { CI_CHOICES, CI_SETUPS, ciAdvice, type CiChoice } from './ci-setup.ts';
import { fileHolds, hookPlace, installHooks } from './hook-install.ts';
import { HOOK_NAMES } from './hook-names.ts';
import { IGNORE_HEADER } from './ignore-reason.ts';
import { stopCode, type Io } from './io.ts';
import { acceptForeign } from './import-ignores-command.ts';
import { RULE_FILE, settingsText, takeOver, type TakenOver } from './init-takeover.ts';
import { withQuestions } from './questions.ts';
import { policyRoot } from './run-policy.ts';

export interface InitFlags {
  readonly yes?: boolean;
  readonly hook: boolean;
  /** Undefined: by what the repository holds. */
  readonly ci?: CiChoice | 'none';
  /** Scanners, and files of scanners, whose settings are brought over. */
  readonly from?: readonly string[];
}

interface Planned {
  readonly path: string;
  readonly text: string;
}

const CONFIG_HEAD = `# yaml-language-server: $schema=./node_modules/keysift/dist/config.schema.json
# All keys: README.md of keysift, under Configuration. This file is data: nothing in it is run.

# Lowest severity that fails the run: info, low, medium, high, critical.
failOn: low
`;
const NO_SETTINGS = `
# Paths that are not scanned, in the grammar of .gitignore.
exclude: []

# By rule id: enabled, severity, exclude. keysift rules list names them.
rules: {}
`;
const MERGE_LINE = `${BASELINE_FILE} merge=union`;

export async function runInit(flags: InitFlags, io: Io): Promise<ExitCode> {
  const root = policyRoot([], io.cwd);
  const repository = openRepository(root, io.env);
  const taken = await takeOver(root, flags.from ?? [], io);
  const planned = plan(root, flags, repository?.root !== undefined, taken);
  const withHooks = flags.hook && repository?.root !== undefined;
  const advice = systemsOf(root, flags)
    .filter((system) => !CI_SETUPS[system].isWhole && !fileHolds(join(root, CI_SETUPS[system].file), 'keysift'))
    .map(ciAdvice)
    .join('');
  await io.stdout.write(
    safeLines(
      [...taken.said, ...byHand(root, taken)].map((line) => `${line}\n`).join('') +
        planned.map(({ path, text }) => `${existsSync(join(root, path)) ? 'add to' : 'write'} ${path}:\n${indented(text)}\n`).join(''),
    ),
  );
  if (withHooks) {
    const { manager } = hookPlace(repository);
    await io.stdout.write(
      manager === 'git' ? `install the hooks ${HOOK_NAMES.join(' and ')}\n` : `leave the hooks to ${manager}, and print what to add\n`,
    );
  }
  if (planned.length === 0 && !withHooks && taken.ignores.length === 0) {
    await io.stdout.write(advice === '' ? 'Everything is there already.\n' : advice);
    return EXIT.clean;
  }
  if (flags.yes !== true && !(await agreed(io))) {
    await io.stdout.write('Nothing was written.\n');
    return stopCode(io.signal) ?? EXIT.clean;
  }
  for (const { path, text } of planned) {
    const full = join(root, path);
    const before = new DiskFiles(root).read(path) ?? '';
    writeWhole(full, before + (before === '' || before.endsWith('\n') ? '' : '\n') + text, { within: root, folders: true });
    await io.stdout.write(`${path}: written\n`);
  }
  if (withHooks) await installHooks(HOOK_NAMES, io);
  await io.stdout.write(advice);
  const code = taken.ignores.length === 0 ? EXIT.clean : await acceptForeign(taken.ignores, undefined, { rules: [], policyPackage: [] }, io);
  await io.stdout.write('Next: keysift shows what is there now, and keysift baseline create accepts it so that only new secrets fail.\n');
  return code;
}

/** A configuration that is there belongs to its authors: what it lacks is told. */
function byHand(root: string, taken: TakenOver): string[] {
  const settings = settingsText(taken);
  const there = CONFIG_NAMES.find((path) => existsSync(join(root, path)));
  return there === undefined || settings === '' ? [] : [`${there} is there already; add to it:`, indented(settings)];
}

/** Only what is not there yet. */
function plan(root: string, flags: InitFlags, isRepository: boolean, taken: TakenOver): Planned[] {
  const planned: Planned[] = [];
  const isThere = (path: string): boolean => existsSync(join(root, path));
  const settings = settingsText(taken);
  if (!CONFIG_NAMES.some(isThere)) planned.push({ path: CONFIG_NAMES[0], text: CONFIG_HEAD + (settings === '' ? NO_SETTINGS : `\n${settings}`) });
  if (taken.rules.length > 0) planned.push({ path: RULE_FILE, text: ruleFileText(taken.rules) });
  if (!isThere(IGNORE_FILE)) planned.push({ path: IGNORE_FILE, text: IGNORE_HEADER });
  if (isRepository) {
    if (new DiskFiles(root).read('.gitattributes')?.includes(MERGE_LINE) !== true) planned.push({ path: '.gitattributes', text: `${MERGE_LINE}\n` });
  }
  for (const { file, text, isWhole } of systemsOf(root, flags).map((system) => CI_SETUPS[system])) {
    if (isWhole && !isThere(file)) planned.push({ path: file, text });
  }
  return planned;
}

/** The CI systems that are asked for, or that the repository shows signs of. */
function systemsOf(root: string, { ci }: InitFlags): CiChoice[] {
  if (ci !== undefined) return ci === 'none' ? [] : [ci];
  return CI_CHOICES.filter((system) => existsSync(join(root, CI_SETUPS[system].sign)));
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  | ${line}`.trimEnd())
    .join('\n');
}

async function agreed(io: Io): Promise<boolean> {
  const refusal = { message: 'nothing was written: there is no terminal to ask', hint: 'keysift init --yes writes all of this.' };
  const answer = await withQuestions(io, refusal, (ask) => ask('Write all of this? [y/N]: '));
  return answer !== undefined && /^y(es)?$/i.test(answer);
}
