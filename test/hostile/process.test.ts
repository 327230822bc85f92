/** Part G and R7: the process, its streams, and how it ends. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BINARY } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken } from '../support/secrets.ts';
import { attack, expectNoSecret } from './harness.ts';

const SOAK = process.env['KEYSIFT_SOAK'] === '1';
const secret = githubToken('process');
const inShell = (script: string, cwd: string): { status: number | null; stdout: string; stderr: string } =>
  spawnSync('sh', ['-c', script], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: temporaryFolder(), K: `${process.execPath} ${BINARY}` },
    encoding: 'utf8',
    maxBuffer: 1e9,
  });

describe('G1 to G3: streams', () => {
  test.each([
    ['$K | head -c 1 > /dev/null', 0],
    ['$K >&-', 2],
    ['$K 2>&-', 1],
    ['$K <&-', 1],
    ['$K > /dev/full', 2],
  ])('%s', (script, code) => {
    const { status, stdout, stderr } = inShell(script, folderWith({ 'a.txt': secret }));
    expect(stderr).not.toContain('    at ');
    expectNoSecret(stdout + stderr, [secret]);
    expect([code, ...(script.includes('>&-') ? [1] : [])]).toContain(status);
  });

  test('a large report arrives whole', () => {
    const cwd = folderWith({ 'a.txt': Array.from({ length: 2000 }, (_, index) => githubToken(`g3 ${index}`)).join('\n') });
    expect((JSON.parse(inShell('$K -f json | cat', cwd).stdout) as { findings: unknown[] }).findings).toHaveLength(2000);
  });
});

describe('G4: report files', () => {
  test.each(['missing/x.json', '.', 'pipe', 'link'])('%s is refused, and findings are seen all the same', async (name) => {
    const cwd = folderWith({ 'a.txt': secret });
    const out = temporaryFolder();
    spawnSync('mkfifo', [join(out, 'pipe')]);
    symlinkSync('/nowhere', join(out, 'link'));
    const { stderr } = await attack({ cwd, argv: ['--format', `json=${join(out, name)}`], code: 2, report: false, secrets: [secret] });
    expect(stderr).toContain('cannot write');
    expect(readdirSync(out)).toEqual(['link', 'pipe']);
  });

  test('a full disk keeps the old file', () => {
    const cwd = folderWith({ 'a.txt': secret });
    const script =
      'mkdir d && mount -t tmpfs -o size=8k x d && echo old > d/r.json && $K a.txt -f json=d/r.json; code=$?; cat d/r.json; ls -A d; exit $code';
    writeFileSync(join(cwd, 'b.txt'), Array.from({ length: 100 }, (_, index) => githubToken(`g4 ${index}`)).join('\n'));
    const { status, stdout, stderr } = inShell(`unshare --mount sh -c '${script.replace('a.txt', 'b.txt')}'`, cwd);
    expect([status, stdout.trim().split('\n').slice(-2)], stderr).toEqual([2, ['old', 'r.json']]);
  });
});

describe('G5 and R7: signals', () => {
  test(`killed at any time: ${SOAK ? 300 : 12} runs`, async () => {
    const repository = TestRepository.create();
    for (let index = 0; index < 20; index++) repository.write(`${index}.txt`, `${secret}\n${'line\n'.repeat(2000)}${index}`).commit(`${index}`);
    const out = temporaryFolder();
    const report = join(out, 'report.json');
    for (let run = 0; run < (SOAK ? 300 : 12); run++) {
      const signal = (['SIGINT', 'SIGTERM', 'SIGKILL'] as const)[run % 3] ?? 'SIGINT';
      const child = spawn(process.execPath, [BINARY, '--no-progress', '-q', '-f', `json=${report}`], {
        cwd: repository.path,
        env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
      });
      setTimeout(() => child.kill(signal), 60 + ((run * 97) % 700));
      const ended = await new Promise<number | string | null>((resolve) => {
        child.on('close', (code, by) => resolve(code ?? by));
      });
      // Before it listens for signals, Node ends by them.
      expect([1, 130, 143, signal, ...(signal === 'SIGKILL' ? [] : [3])]).toContain(ended);
      if (existsSync(report)) JSON.parse(readFileSync(report, 'utf8'));
      if (signal !== 'SIGKILL') expect(readdirSync(out).filter((name) => name !== 'report.json')).toEqual([]);
    }
  });
});

describe('G8: crashes', () => {
  test.each(['readSync', 'readdirSync', 'openSync'])('an unexpected error of %s says nothing of what was read', async (call) => {
    const module = join(
      folderWith({
        'crash.mjs': `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
          const real = fs.${call}; let calls = 0;
          fs.${call} = (...args) => { if (++calls > 3 && String(args[0]).includes('keysift-test')) throw new TypeError('${secret}'); return real(...args); };
          syncBuiltinESMExports();`,
      }),
      'crash.mjs',
    );
    const cwd = folderWith({ 'a/1.txt': secret, 'a/2.txt': 'x', 'a/b/3.txt': 'x', 'a/b/c/4.txt': 'x', 'a/b/c/d/5.txt': 'x' });
    const { stderr } = await attack({
      cwd,
      argv: ['a', '--no-progress'],
      code: [1, 2, 3],
      secrets: [secret],
      node: [`--import=${module}`],
      again: false,
      counts: {},
    });
    expect(stderr).not.toContain(secret.slice(10));
  });
});

describe('G11 to G14: environment and arguments', () => {
  test.each([
    { LC_ALL: 'tr_TR.UTF-8', LANG: 'xx', LANGUAGE: 'de' },
    { TZ: 'Pacific/Chatham' },
    { HOME: '/nowhere', TMPDIR: '/nowhere' },
    { XDG_CONFIG_HOME: '/dev/null', XDG_CACHE_HOME: '/dev/null' },
  ] as Record<string, string>[])('%j', async (env) => {
    const repository = TestRepository.create();
    repository.write('a.txt', secret).commit('first');
    const { report } = await attack({ cwd: repository.path, code: 1, secrets: [secret], env });
    expect(report.findings).toHaveLength(1);
  });

  test.each([['--jobs=0'], ['--jobs=-1'], ['--jobs=x'], ['--nothing'], ['--format'], ['--staged', '--stdin'], ['--format=nothing'], [`--${secret}`]])(
    '%j is an error',
    async (...argv) => {
      await attack({ cwd: folderWith({}), argv, code: 2, report: false, secrets: [secret] });
    },
  );

  test('1,000 threads', async () => {
    await attack({ cwd: folderWith({ a: secret }), argv: ['--jobs=1000'], code: 1, secrets: [secret] });
  });
});

test('G17: a git that the scanned folder brings is not run', async () => {
  const repository = TestRepository.create();
  repository.write('a.txt', secret).commit('first');
  mkdirSync(join(repository.path, 'node_modules', '.bin'), { recursive: true });
  for (const path of ['git', 'node_modules/.bin/git']) writeFileSync(join(repository.path, path), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  await attack({ cwd: repository.path, code: 1, secrets: [secret], env: { PATH: `.:node_modules/.bin:${process.env['PATH']}` } });
});

test.each([
  ['nothing', '', [], 0],
  ['bytes of all kinds', Buffer.from(Array.from({ length: 100_000 }, (_, index) => index & 255)), [], 0],
  ['more than allowed', 'x'.repeat(100_000), ['--max-file-size=1K'], 3],
] as const)('G18: on standard input %s', async (_what, stdin, argv, code) => {
  await attack({ cwd: folderWith({}), argv: ['--stdin', ...argv], stdin, code, counts: { files: 1 } });
});
