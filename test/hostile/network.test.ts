/**
 * I4 from outside of the program: whatever it and its children ask the system for, none of it is a socket. The harness
 * runs every hostile input where there is no network; here is counted what is asked for where there is one.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BINARY } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { home, TestRepository } from '../support/repository.ts';
import { githubToken } from '../support/secrets.ts';
import { unless } from './harness.ts';

const SOAK = process.env['KEYSIFT_SOAK'] === '1';
const traced = unless(spawnSync('strace', ['-f', 'true']).status === 0, 'strace is not there, or may not trace');

/** The sockets that a program of Node and its children ask for. */
function socketsOf(argv: readonly string[], cwd: string): { readonly sockets: string[]; readonly code: number | null } {
  const log = join(temporaryFolder(), 'trace');
  const { status } = spawnSync('strace', ['-f', '-qq', '-e', 'trace=socket', '-e', 'signal=none', '-o', log, process.execPath, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: home() },
    input: `${githubToken('network stdin')}\n`,
  });
  return { sockets: readFileSync(log, 'utf8').match(/socket\([^)]*\)/g) ?? [], code: status };
}

/** Commits, a branch, something staged, and a clone that lacks blobs and would have to fetch them. */
function victim(): { readonly whole: TestRepository; readonly partial: TestRepository } {
  const whole = TestRepository.create();
  whole.write('old.txt', `${githubToken('network old')}\n`).commit('first');
  whole
    .remove('old.txt')
    .write('now.txt', `${githubToken('network now')}\n`)
    .commit('second');
  whole.write('staged.txt', `${githubToken('network staged')}\n`).git('add', 'staged.txt');
  whole.git('config', 'uploadpack.allowFilter', 'true');
  const partial = TestRepository.at(join(temporaryFolder(), 'clone'));
  whole.git('clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${whole.path}`, partial.path);
  partial.git('config', 'remote.origin.url', 'https://127.0.0.1:9/x.git');
  return { whole, partial };
}

const RUNS = [
  [],
  ['ci', '--base', 'main~1'],
  ['--staged'],
  ['--history-only', '--jobs=8'],
  ...(SOAK
    ? [
        ['--reader=git'],
        ['--no-history'],
        ['--range', 'main~1..main'],
        ['--all-objects', '--verify-objects'],
        ['--stdin'],
        ['--range', 'main~1..main', '--policy-from', 'main~1'],
        ['--cache'],
        ['-f', 'html'],
        ['-f', 'sarif', '--explain'],
        ['doctor'],
        ['rules', 'list'],
        ['explain', 'github-pat-classic'],
        ['baseline', 'create'],
        ['baseline', 'audit'],
        ['completion', 'bash'],
        ['--help'],
      ]
    : []),
];

test.skipIf(traced.skip)(`S9: no run asks for a socket${traced.why}`, { timeout: 600_000 }, () => {
  const { whole, partial } = victim();
  for (const argv of RUNS) expect([argv, socketsOf([BINARY, ...argv], whole.path).sockets]).toEqual([argv, []]);
  const lacking = socketsOf([BINARY, '--history-only'], partial.path);
  expect([lacking.code, lacking.sockets]).toEqual([3, []]);
});

test.skipIf(traced.skip)(`S9: one that is asked for is seen, of the program and of a child${traced.why}`, () => {
  const { partial } = victim();
  const call = "import net from 'node:net'; net.connect(9, '127.0.0.1').on('error', () => {});";
  expect(socketsOf(['--input-type=module', '--eval', call], partial.path).sockets.join()).toContain('AF_INET');
  const fetching = "import { spawnSync } from 'node:child_process'; spawnSync('git', ['cat-file', '-p', 'HEAD:now.txt']);";
  expect(socketsOf(['--input-type=module', '--eval', fetching], partial.path).sockets.join()).toContain('AF_INET');
});
