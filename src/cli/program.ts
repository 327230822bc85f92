/** The command tree: names, flags and help. What a flag means is decided by the command that it belongs to. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { CONFIDENCES, SEVERITIES } from '../model/severity.ts';
import { FORMAT_NAMES } from '../report/formats.ts';
import { INLINE_MODES } from '../policy/inline.ts';
import { parseJobs, parseSize } from '../policy/limits.ts';
import { VERSION } from '../report/version.ts';
import { CI_CHOICES } from './ci-setup.ts';
import { complain } from './complain.ts';
import { adviceFor } from './other-names.ts';
import type { BaselineAction, BaselineFlags } from './baseline-command.ts';
import type { CiFlags } from './ci-command.ts';
import type { DoctorFlags } from './doctor-command.ts';
import type { ExplainFlags } from './explain-command.ts';
import type { HookFlags, ReceiveFlags } from './hook-command.ts';
import { HOOK_NAMES, type HookName } from './hook-names.ts';
import { SCANNERS } from '../policy/scanners.ts';
import { SHELLS, type Shell } from './shells.ts';
import type { IgnoreFlags } from './ignore-command.ts';
import type { ImportFlags } from './import-command.ts';
import type { InitFlags } from './init-command.ts';
import type { Io } from './io.ts';
import type { MergeFlags, ReportFlags } from './report-command.ts';
import type { RulesFlags } from './rules-command.ts';
import type { ScanFlags } from './scan-command.ts';

const EXAMPLES = `
Examples:
  keysift                          the working tree and the whole history
  keysift --staged                 what is about to be committed
  keysift --range origin/main..HEAD  what a branch adds
  keysift src/ config.yml          some files
  git diff | keysift --stdin       standard input
  keysift -f text -f html=leaks.html  several reports at once
  keysift report convert a.json -f sarif  one report as another
  keysift ci                       a pull request or push, in a CI system
  keysift explain key-in-url       everything about a rule or a finding
  keysift rules test my-rules.yaml check rules of your own

Exit codes: 0 clean, 1 findings, 2 could not run, 3 incomplete, 130/143 stopped by a signal
`;

const FORMAT_HELP = `NAME, or NAME=FILE to write a file; text by default (repeatable): ${FORMAT_NAMES.join(', ')}`;

function size(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined) throw new InvalidArgumentError('Write bytes, or a number with K, M or G.');
  return bytes;
}

function jobs(text: string): number {
  const number = parseJobs(text);
  if (number === undefined) throw new InvalidArgumentError('Write a number from 1 on.');
  return number;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** An error of the parser: what is wrong, and what to write instead. `isScan`: the flags of a scan are what could be meant. */
function linesOf(error: string, isScan: boolean): string[] {
  const [wrong = '', ...advice] = error.trimEnd().split(/\n(?=\(Did you mean )/);
  const flag = UNKNOWN_FLAG.exec(wrong)?.[1];
  const known = flag === undefined || !isScan ? undefined : adviceFor(flag);
  if (known !== undefined) return [wrong, known];
  return flag === undefined || advice.length > 0 ? [wrong, ...advice] : [wrong, 'Run with --help for the flags there are.'];
}

const UNKNOWN_FLAG = /^error: unknown option '(-[^']*)'$/;

/** Those whose arguments name any command, or all that there are. */
const ASK_FOR_ALL = new Set(['-h', '--help', 'help', 'completion']);

/** @param argv what will be parsed: a command that it does not name cannot be meant, and is left out, which a hook notices */
export function createProgram(argv: readonly string[], io: Io, exit: (code: ExitCode) => void, output: Promise<void>[]): Command {
  const program = new Command('keysift')
    .description('Finds leaked keys in a repository and its whole git history, and says whose key each one is.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void output.push(io.stdout.write(text)),
      writeErr: (text) => void output.push(io.stderr.write(text)),
      // All other lines than its advice are what somebody wrote as an argument.
      outputError: (text) => void output.push(complain(io, linesOf(text, argv[0] === 'ci' || !COMMANDS.some(([name]) => name === argv[0])))),
    });
  const isAll = argv.some((argument) => ASK_FOR_ALL.has(argument));
  addScan(program.command('scan', { isDefault: true }), io, exit);
  for (const [name, add] of COMMANDS) if (isAll || argv.includes(name)) add(program.command(name), io, exit);
  program.addHelpText('after', EXAMPLES);
  return program;
}

/** Flags of every command that scans under a policy. */
function addPolicyFlags(command: Command): Command {
  return command
    .option('--rules <file>', 'rules of your own, beside the built-in ones (repeatable)', collect, [])
    .option('--config <file>', 'the configuration, instead of the one at the root of the repository')
    .option('--no-config', 'no configuration')
    .option('--policy-from <rev>', 'configuration, ignores and baseline of that revision; ignore comments do not count')
    .option('--policy-package <name>', 'a package that extends may name (repeatable)', collect, [])
    .option('--baseline <file>', 'the baseline, instead of .keysift-baseline')
    .option('--no-baseline', 'no baseline')
    .addOption(new Option('--inline-ignores <which>', 'ignore comments that count (default: all)').choices(INLINE_MODES))
    .addOption(new Option('--min-confidence <level>', 'lowest confidence that is reported (default: low)').choices(CONFIDENCES))
    .option('--max-file-size <size>', 'larger files are listed as not scanned; what is in git is read whole', size)
    .option('--jobs <n>', 'threads; as many as there are processors by default', jobs);
}

/** Flags of every command that reports findings. */
function addReportFlags(command: Command): Command {
  return command
    .addOption(new Option('--fail-on <severity>', 'lowest severity that fails the run (default: low)').choices(SEVERITIES))
    .option('--exit-zero', 'exit with 0 instead of 1 on findings; never hides 2 or 3')
    .option('--show-suppressed', 'list what comments, ignores and the baseline accept')
    .option('--no-progress', 'no progress line')
    .option('--color', 'colour, whatever the stream')
    .option('--no-color', 'no colour')
    .option('-q, --quiet', 'findings only')
    .option('-v, --verbose', 'all places and everything that was not scanned');
}

function addCi(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  addReportFlags(addPolicyFlags(command))
    .description('scan what a pull request, a push or a merge queue brings; finds the range by itself')
    .option('--base <rev>', 'what was there before, instead of what the CI system says')
    .option('-f, --format <name>', FORMAT_HELP.replace('text by default', 'by default what fits the CI system'), collect)
    .action(async (flags: Omit<CiFlags, 'history' | 'stdinName' | 'untracked' | 'reader'>) => {
      const { runCi } = await import('./ci-command.ts');
      exit(await runCi({ ...flags, history: true, stdinName: '', untracked: true, reader: 'pack' }, io));
    });
}

function addScan(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  addReportFlags(addPolicyFlags(command))
    .description('scan files, the index, a range or the whole history (the default command)')
    .argument('[paths...]', 'files, folders and patterns such as "src/**/*.ts"; the whole repository when none is given')
    .option('--staged', 'the index, for a pre-commit hook')
    .option('--range <A..B>', 'what B adds over A, for a merge gate')
    .option('--no-history', 'the working tree only')
    .option('--history-only', 'the history only')
    .option('--stdin', 'standard input')
    .option('--stdin-name <name>', 'the file name to report for standard input', '<stdin>')
    .option('--no-untracked', 'leave out files that git does not track')
    .option('--ignored', 'also files that git ignores')
    .option('--all-objects', 'also what only reflogs reach, and what nothing reaches')
    .addOption(new Option('--reader <name>', 'read the history from its files or through git').choices(['pack', 'git']).default('pack'))
    .option('--cache', 'leave out what an earlier scan with --cache found nothing in')
    .option('--verify-objects', 'hash each object of the history: damage that still reads is told too')
    .option('-f, --format <name>', FORMAT_HELP, collect)
    .option('--show-secrets', 'print secrets in plain text')
    .option('--explain', 'say on stderr what filters dropped, and why')
    .action(async (paths: string[], flags: ScanFlags) => {
      const { runScan } = await import('./scan-command.ts');
      exit(await runScan(paths, flags, io));
    });
}

function seconds(text: string): number {
  const number = /^\d{1,5}(?:\.\d{1,3})?s?$/.test(text) ? Number(text.replace('s', '')) : 0;
  if (number <= 0) throw new InvalidArgumentError('Write seconds, such as 4 or 0.5.');
  return number * 1000;
}

function addHook(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command.description('install hooks, and what they run');
  const names = new Argument('[names...]', 'both when none is given').choices(HOOK_NAMES);
  for (const action of ['install', 'uninstall'] as const) {
    const does =
      action === 'install' ? 'write hooks into this repository; a hook that is there runs first' : 'take them away, and put back what was there';
    command
      .command(action)
      .description(does)
      .addArgument(names)
      .action(async (given: HookName[]) => {
        const hooks = await import('./hook-install.ts');
        const chosen = given.length === 0 ? HOOK_NAMES : given;
        exit(await (action === 'install' ? hooks.installHooks(chosen, io) : hooks.uninstallHooks(chosen, io)));
      });
  }
  const add = (name: string, description: string): Command => addReportFlags(addPolicyFlags(command.command(name).description(description)));
  add('pre-commit', 'for the pre-commit framework: the index, a range, or all files').action(async (flags: HookFlags) => {
    const { runPreCommit } = await import('./hook-command.ts');
    exit(await runPreCommit(flags, io));
  });
  add('pre-push', 'what git push is about to send; git writes to its standard input')
    .argument('[remote]')
    .argument('[url]')
    .action(async (remote: string | undefined, _url: string | undefined, flags: HookFlags) => {
      const { runPrePush } = await import('./hook-command.ts');
      exit(await runPrePush(remote, flags, io));
    });
  add('pre-receive', 'for a server: what a push brings, under the policy of its HEAD')
    .option('--budget <seconds>', 'refuse what takes longer', seconds)
    .option('--allow-skip', 'a push option keysift.skip=REASON lets a push through unchecked')
    .action(async (flags: ReceiveFlags) => {
      const { runPreReceive } = await import('./hook-command.ts');
      exit(await runPreReceive(flags, io));
    });
}

function addInit(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command
    .description('write configuration, ignore file, workflow and hooks; shows them first, and asks')
    .option('--yes', 'write without asking')
    .option('--no-hook', 'no hooks')
    .option('--from <scanner>', `settings of another scanner, brought over: ${SCANNERS.join(', ')}, or one of their files (repeatable)`, collect)
    .addOption(new Option('--ci <system>', 'by default what the repository holds').choices([...CI_CHOICES, 'none']))
    .action(async (flags: InitFlags) => {
      const { runInit } = await import('./init-command.ts');
      exit(await runInit(flags, io));
    });
}

function addDoctor(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  addPolicyFlags(command)
    .description('check git, the clone, the hooks, the policy and the rules')
    .option('-f, --format <name>', 'text or json', 'text')
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import('./doctor-command.ts');
      exit(await runDoctor(flags, io));
    });
}

function addCompletion(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command
    .description('a script that completes commands and flags in a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion-command.ts');
      await io.stdout.write(completionScript(shell, command.parent ?? command));
      exit(EXIT.clean);
    });
}

function addIgnore(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  addPolicyFlags(command.description('accept one finding, with a reason: a line in .keysiftignore'))
    .argument('[id]', 'the id that the report shows, or its first characters')
    .option('--reason <text>', 'why it is no leak')
    .option('--until <day>', 'the last day on which it is accepted, such as 2027-01-31')
    .option('--from <file>', 'with an id, a JSON report that holds it; without, a file of another scanner')
    .action(async (id: string | undefined, flags: IgnoreFlags) => {
      const { runIgnore } = await import('./ignore-command.ts');
      exit(await runIgnore(id, flags, io));
    });
}

function addBaseline(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command.description('accept what is there already, one line a secret');
  const add = (name: BaselineAction, description: string): Command =>
    addPolicyFlags(command.command(name).description(description)).action(async (flags: BaselineFlags) => {
      const { runBaseline } = await import('./baseline-command.ts');
      exit(await runBaseline(name, flags, io));
    });
  add('create', 'write the baseline from a scan of everything');
  add('update', 'add what is new; keep what is there');
  add('prune', 'take out what is not found any more');
  add('audit', 'go through it in the terminal: accept with a reason, or not').option('--all', 'also entries that have a reason');
}

function addExplain(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  addPolicyFlags(command)
    .description('everything about a rule or a finding')
    .argument('<id>', 'a rule, or the id of a finding or its first characters')
    .option('--report <file>', 'a JSON report that holds the finding, instead of another scan')
    .action(async (given: string, flags: ExplainFlags) => {
      const { runExplain } = await import('./explain-command.ts');
      exit(await runExplain(given, flags, io));
    });
}

function addRules(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command.description('list, show, test and lint rules');
  const add = (name: string, description: string, argument: string | undefined): void => {
    const sub = command.command(name).description(description);
    if (argument !== undefined) sub.argument(argument);
    sub.option('-f, --format <name>', 'text or json', 'text').option('--rules <file>', 'rules of your own (repeatable)', collect, []);
    sub.action(async (...received: unknown[]) => {
      const { runRules } = await import('./rules-command.ts');
      const given = argument === undefined ? [] : [received[0]].flat().filter((value) => typeof value === 'string');
      exit(await runRules(name as 'list', given, sub.opts<RulesFlags>(), io));
    });
  };
  add('list', 'all rules: id, provider, kind, severity', undefined);
  add('show', 'everything about one rule', '<id>');
  add('test', 'run the examples of rules; built-in ones when no file is given', '[files...]');
  add('lint', 'check rule files without running them', '[files...]');
  command
    .command('import')
    .description('rules of another scanner as a rule file; what cannot be carried over is listed')
    .argument('<file>', 'a .gitleaks.toml, a .secretlintrc, or a configuration of TruffleHog')
    .option('-o, --output <file>', 'write there, instead of standard output')
    .action(async (file: string, flags: ImportFlags) => {
      const { runImport } = await import('./import-command.ts');
      exit(await runImport(file, flags, io));
    });
}

function addReport(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command.description('merge and convert JSON reports');
  const add = (name: string, description: string, argument: string): Command =>
    command
      .command(name)
      .description(description)
      .argument(argument, 'JSON reports; - for standard input')
      .option('-f, --format <name>', FORMAT_HELP, collect)
      .option('--show-secrets', 'keep secrets in plain text that the reports hold')
      .option('--color', 'colour, whatever the stream')
      .option('--no-color', 'no colour')
      .option('-q, --quiet', 'findings only')
      .option('-v, --verbose', 'all places and everything that was not scanned');
  add('convert', 'one JSON report in another format', '<file>').action(async (file: string, flags: ReportFlags) => {
    const { runConvert } = await import('./report-command.ts');
    exit(await runConvert(file, flags, io));
  });
  add('merge', 'several JSON reports of one commit as one', '<files...>')
    .addOption(new Option('--fail-on <severity>', 'lowest severity that fails the run').choices(SEVERITIES).default('low'))
    .option('--exit-zero', 'exit with 0 instead of 1 on findings; never hides 2 or 3')
    .action(async (files: string[], flags: MergeFlags) => {
      const { runMerge } = await import('./report-command.ts');
      exit(await runMerge(files, flags, io));
    });
}

/** All but the default one, in the order of the help. */
const COMMANDS: readonly (readonly [name: string, add: (command: Command, io: Io, exit: (code: ExitCode) => void) => void])[] = [
  ['ci', addCi],
  ['ignore', addIgnore],
  ['hook', addHook],
  ['baseline', addBaseline],
  ['rules', addRules],
  ['report', addReport],
  ['init', addInit],
  ['doctor', addDoctor],
  ['completion', addCompletion],
  ['explain', addExplain],
];
