/** Part G and R7: the process, its streams, and how it ends. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { BINARY } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken } from '../support/secrets.ts';
import { VALIDATORS } from '../support/validators.ts';
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
  const RUNS = SOAK ? 300 : 12;

  test(
    `killed at any time: ${RUNS} runs`,
    async () => {
      const repository = TestRepository.create();
      for (let index = 0; index < 20; index++) repository.write(`${index}.txt`, `${secret}\n${'line\n'.repeat(2000)}${index}`).commit(`${index}`);
      const [out, temporary] = [temporaryFolder(), temporaryFolder()];
      const report = join(out, 'report.json');
      const start = (flags: readonly string[]): ChildProcess =>
        spawn(process.execPath, [BINARY, '--no-progress', '-q', ...flags, '-f', `json=${report}`], {
          cwd: repository.path,
          env: { PATH: process.env['PATH'], HOME: temporaryFolder(), TMPDIR: temporary },
          detached: true, // a group of its own, in which its children are too
        });
      // How long a run takes here and now: signals come over all of that, also where the machine has other work.
      const began = performance.now();
      expect(await endOf(start([]))).toBe(1);
      let usual = performance.now() - began;
      const ends = new Map<number | string | null, number>();
      for (let run = 0; run < RUNS; run++) {
        const signal = (['SIGINT', 'SIGTERM', 'SIGKILL'] as const)[run % 3] ?? 'SIGINT';
        const child = start(run % 2 === 0 ? [] : ['--reader=git']);
        const started = performance.now();
        // 37 is prime to 100: each hundredth once in a hundred runs, and few runs are spread as evenly.
        setTimeout(() => child.kill(signal), (usual * (5 + ((run * 37) % 100))) / 100);
        const ended = await endOf(child);
        if (ended === 1) usual = (usual + performance.now() - started) / 2;
        ends.set(ended, (ends.get(ended) ?? 0) + 1);
        // Before it listens for signals, Node ends by them.
        expect([1, 130, 143, signal, ...(signal === 'SIGKILL' ? [] : [3])]).toContain(ended);
        expect(await isGone(child.pid ?? 0), `${signal} left a child`).toBe(true);
        if (existsSync(report)) JSON.parse(readFileSync(report, 'utf8'));
        const beside = readdirSync(out).filter((name) => name !== 'report.json');
        // Nothing can tidy up after this one: what it was writing stays, without a secret, and is not the next run's.
        if (signal === 'SIGKILL' && beside.length === 1) {
          const [name = ''] = beside.splice(0);
          expect(name).toMatch(/^\.report\.json\.[\da-f]{12}\.tmp$/);
          expectNoSecret(readFileSync(join(out, name), 'utf8'), [secret]);
          rmSync(join(out, name));
        }
        expect(beside, `left by ${signal}`).toEqual([]);
      }
      expect(readdirSync(temporary)).toEqual([]);
      // Most came while it was at work.
      expect(ends.get(1) ?? 0, [...ends].join('; ')).toBeLessThan(RUNS / 2);
    },
    SOAK ? 3_600_000 : 300_000,
  );
});

/** The exit code of a process, or the signal that ended it. */
function endOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => {
    child.on('close', (code, by) => resolve(code ?? by));
  });
}

/** Whether nobody of a group of processes is there any more, which takes a moment. */
async function isGone(group: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(-group, 0);
    } catch {
      return true;
    }
    await pause(50);
  }
  return false;
}

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

  test.each([
    ['an error that nobody catches', `throw new TypeError('${secret}')`],
    ['a promise that nobody waits for', `void Promise.reject(new TypeError('${secret}'))`],
    ['what is no error', `throw '${secret}'`],
  ])('%s says nothing of its message', async (_what, code) => {
    const node = loaded(`import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      const real = fs.openSync;
      fs.openSync = (...args) => { if (String(args[0]).endsWith('a.txt')) process.nextTick(() => { ${code}; }); return real(...args); };
      syncBuiltinESMExports();`);
    const { stderr } = await attack({ cwd: folderWith({ 'a.txt': 'x' }), code: 2, secrets: [secret], node, again: false });
    expect(stderr).toMatch(CRASH);
  });
});

/** One line for people, and one that says what to do. */
const CRASH = /^error: keysift failed \([^\n]*\); nothing it printed may be trusted\n[^\n]*\n$/;

/** A module for the program, loaded before its own code and in each of its threads. */
function loaded(code: string): string[] {
  return [`--import=${join(folderWith({ 'module.mjs': code }), 'module.mjs')}`];
}

describe('G6: a thread that looks at a file', () => {
  const count = 2300;
  let cwd = '';

  beforeAll(() => {
    const files = Array.from({ length: count }, (_, index) => [`${index}.txt`, index % 200 === 0 ? secret : 'x']);
    cwd = folderWith({ ...(Object.fromEntries(files) as Record<string, string>), '4-boom.txt': 'x' });
  });

  // The thread that everything ends in looks at files too, and at this one without harm; it is slow, so that others come first.
  const kills = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; import { isMainThread, parentPort } from 'node:worker_threads';
    const real = fs.openSync; const pause = new Int32Array(new SharedArrayBuffer(4));
    const kill = (args) => { KILL };
    fs.openSync = (...args) => {
      if (isMainThread) Atomics.wait(pause, 0, 0, 3);
      else if (String(args[0]).endsWith('boom.txt')) return kill(args);
      return real(...args);
    };
    syncBuiltinESMExports();`;
  let told = 0;

  test.each([
    ['fails with an error that nobody expects', `throw new TypeError('${secret}')`],
    ['ends with 0', 'process.exit(0)'],
    ['ends with another code', 'process.exit(7)'],
    ['runs out of memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(all.length))'],
    ['rejects what nobody waits for', `Promise.reject(new Error('${secret}')); return real(...args)`],
    ['loops for ever', 'for (;;);'],
    ['never answers', 'Atomics.wait(pause, 0, 0)'],
  ])('%s', async (_what, kill) => {
    const node = ['--max-old-space-size=200', ...loaded(kills.replace('KILL', kill))];
    const { report, stderr } = await attack({
      cwd,
      argv: ['--jobs=4'],
      code: [1, 3],
      secrets: [secret],
      node,
      again: false,
      limit: 30,
      impatient: true,
    });
    const lost = new Set(report.notScanned.map(({ unit }) => unit));
    if (lost.size > 0) {
      told++;
      const [reason] = new Set(report.notScanned.map((one) => one.reason));
      // A thread that is told to end may get to say that it could not read the file.
      expect([reason === 'READ-ERROR' || reason === 'WORKER-LOST', lost.has('4-boom.txt')], stderr).toEqual([true, true]);
      expect(lost.size).toBeLessThanOrEqual(reason === 'READ-ERROR' ? 1 : 64);
    }
    const expected = Array.from({ length: count }, (_, index) => index).filter((index) => index % 200 === 0 && !lost.has(`${index}.txt`));
    expect(report.findings[0]?.locations.map(({ file }) => Number(file.slice(0, -4))).toSorted((a, b) => a - b)).toEqual(expected);
  });

  test('says what nobody understands', async () => {
    const node = loaded(kills.replace('KILL', 'parentPort.postMessage(7); return real(...args)'));
    const { stderr } = await attack({ cwd, argv: ['--jobs=4'], code: 2, secrets: [secret], node, again: false });
    expect(stderr).toMatch(CRASH);
  });

  test('one of them at least came to the file', () => expect(told).toBeGreaterThan(0));
});

test('G7: little memory for a large repository', async () => {
  const repository = TestRepository.create();
  for (let index = 0; index < (SOAK ? 3000 : 40); index++) {
    const mib = Buffer.alloc(1024 ** 2, `line after line of file ${index}\n`);
    mib.write(`\n${githubToken(`g7 ${index % 10}`)}\n`, 300 * index);
    repository.write(`${index}.bin`, mib);
  }
  repository.commit('large');
  const { report } = await attack({ cwd: repository.path, code: 1, node: ['--max-old-space-size=64'], limit: SOAK ? 300 : 20 });
  expect(report.findings).toHaveLength(10);
}, 600_000);

describe('G9: what never settles', () => {
  test.each([
    ['standard output that never says that it was written', 'process.stdout.write = () => true;'],
    [
      'a program that never says that it ended',
      `import childProcess from 'node:child_process'; import { EventEmitter } from 'node:events'; import { syncBuiltinESMExports } from 'node:module';
       import { PassThrough } from 'node:stream';
       const streams = () => ({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() });
       childProcess.spawn = () => Object.assign(new EventEmitter(), streams(), { kill: () => true });
       syncBuiltinESMExports();`,
    ],
  ])('%s', async (_what, code) => {
    const repository = TestRepository.create();
    repository.write('a.txt', secret).commit('first');
    await attack({ cwd: repository.path, code: [2, 3], secrets: [secret], node: loaded(code), impatient: true, report: false });
  });
});

describe('G10: clocks', () => {
  const dates = {
    'goes back with each question': 'let now = 1.7e12; const next = () => (now -= 86_400_000);',
    'jumps ahead with each question': 'let now = 1.7e12; const next = () => (now += 86_400_000);',
    'stands in the year 10000': 'const next = () => Date.UTC(10_000, 1, 29);',
    'stands before 1970': 'const next = () => -1;',
    'stands on a leap day': 'const next = () => Date.UTC(2028, 1, 29, 23, 59, 60);',
  };

  let cwd = '';

  beforeAll(() => {
    const repository = TestRepository.create();
    repository.write('a.txt', secret).commit('first');
    cwd = repository.path;
  });

  test.each(Object.entries(dates))('one that %s', async (_what, next) => {
    const folder = temporaryFolder();
    const formats = (Object.keys(VALIDATORS) as (keyof typeof VALIDATORS)[]).map((name) => [name, join(folder, name)] as const);
    const { report } = await attack({
      cwd,
      argv: formats.flatMap(([name, file]) => ['--format', `${name}=${file}`]),
      code: 1,
      secrets: [secret],
      env: { TZ: 'Pacific/Chatham' },
      node: loaded(
        `${next} const Real = Date; globalThis.Date = class extends Real { constructor(...args) { super(...(args.length === 0 ? [next()] : args)); } static now() { return next(); } };`,
      ),
      again: false,
    });
    expect(report.scan.durationMs).toBeGreaterThanOrEqual(0);
    expect(report.scan.durationMs).toBeLessThan(60_000);
    expect(report.findings[0]?.daysExposed).toBeGreaterThanOrEqual(0);
    for (const [name, file] of formats) expect([name, await VALIDATORS[name](readFileSync(file, 'utf8'))]).toEqual([name, []]);
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

test('G15: twice at once, with one list of what is clean', async () => {
  const repository = TestRepository.create();
  for (let index = 0; index < 5; index++) repository.write(`${index}.txt`, `${secret} ${index}\n`).commit(`${index}`);
  const home = temporaryFolder();
  const scan = (): ReturnType<typeof attack> =>
    attack({ cwd: repository.path, argv: ['--cache'], code: 1, secrets: [secret], env: { XDG_CACHE_HOME: home }, again: false, unchanged: false });
  const runs = (await Promise.all([scan(), scan(), scan()])).concat(await scan());
  // What need not be read again depends on which of them was first; nothing else does.
  const told = runs.map(({ report: { findings, notScanned, excluded } }) => ({ findings, notScanned, excluded }));
  for (const one of told) expect(one).toEqual(told[0]);
  expect(told[0]?.findings.map(({ locations }) => locations.length)).toEqual([5]);
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
