/** The scripts that complete a command line, made of a small tree of commands. */
import { Argument, Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { completionScript } from '../../src/cli/completion-command.ts';

function program(): Command {
  const all = new Command('keysift').addOption(new Option('-v, --verbose', "say more; it's long"));
  all
    .command('scan')
    .description('look for secrets (the default)')
    .addOption(new Option('-f, --format <name>', 'which: report').choices(['text', 'json']))
    .addOption(new Option('--only-long [file]', 'a file, or none'));
  const hook = all.command('hook').description('git hooks');
  hook
    .command('install')
    .description('write them')
    .addArgument(new Argument('[names...]').choices(['pre-commit', 'pre-push']));
  return all;
}

const lines = (shell: Parameters<typeof completionScript>[0]): string[] => completionScript(shell, program()).split('\n');

describe('bash', () => {
  test('knows the words and flags of each command, and of the default one at the top', () => {
    expect(lines('bash').filter((line) => line.includes("words='"))).toEqual([
      expect.stringContaining('local cur='),
      "    '') words='scan hook' flags='--verbose -v --format -f --only-long --help -h' ;;",
      "    'scan') words='' flags='--format -f --only-long --help -h' ;;",
      "    'hook') words='install' flags='--help -h' ;;",
      "    'hook install') words='pre-commit pre-push' flags='--help -h' ;;",
    ]);
    expect(lines('bash')).toContain("    'scan' | 'hook' | 'hook install') path=$next ;;");
  });

  test('offers the choices of a flag once, and files where there are none', () => {
    expect(lines('bash').filter((line) => /^ {4}--/.test(line))).toEqual([
      `    --format | -f) COMPREPLY=($(compgen -W 'text json' -- "$cur")); return ;;`,
      '    --only-long) return ;;',
    ]);
    expect(lines('bash').at(-2)).toBe('complete -o default -o bashdefault -F _keysift keysift');
  });
});

test('zsh describes words and flags, and no sign of its own is left in them', () => {
  expect(lines('zsh')[0]).toBe('#compdef keysift');
  expect(lines('zsh')).toContain("    'scan' | 'hook' | 'hook install') at=$next ;;");
  expect(lines('zsh').filter((line) => line.includes('plain=('))).toEqual([
    "    '') plain=('scan:look for secrets' 'hook:git hooks') flags=('--verbose:say more' '-v:say more' '--format:which report' '-f:which report' '--only-long:a file, or none' '--help:print help' '-h:print help') ;;",
    "    'scan') plain=() flags=('--format:which report' '-f:which report' '--only-long:a file, or none' '--help:print help' '-h:print help') ;;",
    "    'hook') plain=('install:write them') flags=('--help:print help' '-h:print help') ;;",
    "    'hook install') plain=('pre-commit' 'pre-push') flags=('--help:print help' '-h:print help') ;;",
  ]);
  expect(lines('zsh').filter((line) => /^ {4}--/.test(line))).toEqual([
    '    --format | -f) compadd -- text json; return ;;',
    '    --only-long) _files; return ;;',
  ]);
});

test('fish has a line for each word and each flag', () => {
  const at = (path: string): string[] =>
    lines('fish').flatMap((line) =>
      line.startsWith(`complete -c keysift -n '__keysift_at "${path}"' `) ? [line.split(`"${path}"' `)[1] ?? ''] : [],
    );
  expect(at('')).toEqual([
    "-a 'scan' -d 'look for secrets'",
    "-a 'hook' -d 'git hooks'",
    "-l verbose -s v -d 'say more'",
    "-l format -s f -x -a 'text json' -d 'which report'",
    "-l only-long -r -d 'a file, or none'",
    "-l help -s h -d 'print help'",
  ]);
  expect(at('hook')).toEqual(["-a 'install' -d 'write them'", "-l help -s h -d 'print help'"]);
  expect(at('hook install')).toEqual(["-a 'pre-commit pre-push'", "-l help -s h -d 'print help'"]);
  expect(lines('fish')).toContain("      case 'scan' 'hook' 'hook install'");
});

test('PowerShell has tables of words and choices, and leaves files to the shell', () => {
  expect(lines('pwsh').filter((line) => line.includes("' = @("))).toEqual([
    "    '' = @('scan', 'hook', '--verbose', '-v', '--format', '-f', '--only-long', '--help', '-h')",
    "    'scan' = @('--format', '-f', '--only-long', '--help', '-h')",
    "    'hook' = @('install', '--help', '-h')",
    "    'hook install' = @('pre-commit', 'pre-push', '--help', '-h')",
    "    '--format' = @('text', 'json')",
    "    '-f' = @('text', 'json')",
  ]);
  expect(lines('pwsh')).toContain("  if (@('--only-long') -ccontains $last) { return }");
});
