/** The command tree: names, flags and help. What a flag means is decided by the command that it belongs to. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../model/exit-code.ts';
import { CONFIDENCES, SEVERITIES } from '../model/severity.ts';
import { VERSION } from '../report/version.ts';
import type { ExplainFlags } from './explain-command.ts';
import type { Io } from './io.ts';
import type { RulesFlags } from './rules-command.ts';
import type { ScanFlags } from './scan-command.ts';

const EXAMPLES = `
Examples:
  keysift                          the working tree and the whole history
  keysift --staged                 what is about to be committed
  keysift --range origin/main..HEAD  what a branch adds
  keysift src/ config.yml          some files
  git diff | keysift --stdin       standard input
  keysift explain key-in-url       everything about a rule or a finding
  keysift rules test my-rules.yaml check rules of your own

Exit codes: 0 clean, 1 findings, 2 could not run, 3 incomplete, 130/143 stopped by a signal
`;

function size(text: string): number {
  const match = /^(\d{1,15})\s*([kmg]?)i?b?$/i.exec(text.trim());
  if (match === null) throw new InvalidArgumentError('Write bytes, or a number with K, M or G.');
  const factor = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[match[2]?.toLowerCase() ?? ''] ?? 1;
  return Number(match[1]) * factor;
}

function jobs(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Write a number from 1 on.');
  return Math.min(64, Number(text));
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function createProgram(io: Io, exit: (code: ExitCode) => void, output: Promise<void>[]): Command {
  const program = new Command('keysift')
    .description('Finds leaked keys in a repository and its whole git history, and says whose key each one is.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void output.push(io.stdout.write(text)),
      writeErr: (text) => void output.push(io.stderr.write(text)),
    });
  addScan(program.command('scan', { isDefault: true }), io, exit);
  addRules(program.command('rules'), io, exit);
  addExplain(program.command('explain'), io, exit);
  program.addHelpText('after', EXAMPLES);
  return program;
}

function addScan(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command
    .description('scan files, the index, a range or the whole history (the default command)')
    .argument('[paths...]', 'files and folders; the whole repository when none is given')
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
    .option('-f, --format <name>', 'text or json', 'text')
    .option('--rules <file>', 'rules of your own, beside the built-in ones (repeatable)', collect, [])
    .addOption(new Option('--fail-on <severity>', 'lowest severity that fails the run').choices(SEVERITIES).default('low'))
    .addOption(new Option('--min-confidence <level>', 'lowest confidence that is reported').choices(CONFIDENCES).default('low'))
    .option('--exit-zero', 'exit with 0 instead of 1 on findings; never hides 2 or 3')
    .option('--jobs <n>', 'threads; as many as there are processors by default', jobs)
    .option('--max-file-size <size>', 'larger contents are listed as not scanned', size)
    .option('--show-secrets', 'print secrets in plain text')
    .option('--explain', 'say on stderr what filters dropped, and why')
    .option('--no-progress', 'no progress line')
    .option('--color', 'colour, whatever the stream')
    .option('--no-color', 'no colour')
    .option('-q, --quiet', 'findings only')
    .option('-v, --verbose', 'all places and everything that was not scanned')
    .action(async (paths: string[], flags: ScanFlags) => {
      const { runScan } = await import('./scan-command.ts');
      exit(await runScan(paths, flags, io));
    });
}

function addExplain(command: Command, io: Io, exit: (code: ExitCode) => void): void {
  command
    .description('everything about a rule, or about a finding by its id')
    .argument('<rule-or-id>', 'a rule, or the id of a finding or its first characters')
    .option('--report <file>', 'a JSON report that holds the finding, instead of another scan')
    .option('--rules <file>', 'rules of your own (repeatable)', collect, [])
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
}
