/** The real program where the world around it is not as usual: never a result that looks clean, never a stack. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BINARY } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { home, TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

function inShell(script: string, cwd: string): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home(), KEYSIFT: `${process.execPath} ${BINARY}` };
  return spawnSync('sh', ['-c', script], { cwd, env, encoding: 'utf8' });
}

const leak = (): string => folderWith({ 'a.txt': `${stripeKey('world')}\n` });

test.each<readonly [string, string, number, string]>([
  ['standard input is a folder', '$KEYSIFT --stdin < .', 2, 'error: standard input is a folder\n'],
  ['standard output is full', '$KEYSIFT . > /dev/full', 2, 'error: cannot write the report: the disk is full\n'],
  ['standard output is closed', '$KEYSIFT . >&-', 1, ''],
  ['standard error is closed', '$KEYSIFT . 2>&-', 1, ''],
  ['help', '$KEYSIFT help && $KEYSIFT help scan && $KEYSIFT --help', 0, ''],
  ['half a command', '$KEYSIFT report', 2, 'Usage: keysift report'],
  ['a reader that has seen enough', '{ $KEYSIFT . -f json; echo $? >&2; } | head -c 1', 0, '1\n'],
])('%s', (_what, script, code, said) => {
  const { status, stderr } = inShell(script, leak());
  expect([status, stderr]).toEqual([code, expect.stringContaining(said)]);
  expect(stderr).not.toMatch(/\n\s+at |undefined/);
});

test('git is nowhere', () => {
  const repository = TestRepository.create();
  repository.write('a.txt', 'a\n').commit('first');
  expect(inShell('PATH=/nonexistent $KEYSIFT', repository.path)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('error: git was not found') as string,
  });
});

test('the current folder is gone', () => {
  const folder = temporaryFolder();
  const { status, stderr } = inShell(`rmdir '${folder}'; $KEYSIFT`, folder);
  expect([status, stderr]).toEqual([2, 'error: the current folder is not there any more\n']);
});
