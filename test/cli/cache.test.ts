import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CleanList } from '../../src/git/clean-list.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysiftJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeHistory } from '../support/histories.ts';
import { TestRepository } from '../support/repository.ts';
import { seedsOfToday } from '../support/sample.ts';
import { stripeKey } from '../support/secrets.ts';

const FOLDER = '.git/keysift';
const LIST = `${FOLDER}/clean-objects`;
const SKIPPED = /^\d+ objects in which an earlier scan found nothing were not read again$/;

/** A scan with `--cache` whose key lies in a folder of the test's own. */
async function cached(repository: TestRepository, home: string, argv: readonly string[] = []): Promise<ReportV1> {
  const { report, code } = await keysiftJson(['--history-only', '--cache', '--show-secrets', ...argv], {
    cwd: repository.path,
    env: { XDG_CACHE_HOME: home },
  });
  expect([0, 1]).toContain(code);
  return report;
}

function skipped(report: ReportV1): number {
  return Number.parseInt(report.scan.notes.find((note) => SKIPPED.test(note)) ?? '0', 10);
}

/** What must be the same with and without a cache. */
function essence(report: ReportV1): unknown {
  const { findings, notScanned, excluded, counts } = report;
  return {
    findings,
    notScanned,
    excluded,
    blobs: counts.blobs,
    commits: counts.commits,
    notes: report.scan.notes.filter((note) => !SKIPPED.test(note)),
  };
}

function two(): { repository: TestRepository; secret: string } {
  const repository = TestRepository.create();
  const secret = stripeKey('cached');
  repository.write('a.txt', 'nothing\n').commit('first');
  repository.write('key.txt', `key = "${secret}"\n`).commit('second');
  repository.write('key.txt', 'none\n').commit('third');
  return { repository, secret };
}

/** Where git is, for a program that stands in front of it. */
function gitProgram(): string {
  return (
    (process.env['PATH'] ?? '')
      .split(':')
      .map((folder) => join(folder, 'git'))
      .find((path) => existsSync(path)) ?? ''
  );
}

const secretsOf = (report: ReportV1): (string | undefined)[] => report.findings.map(({ secret }) => secret);

describe('a second scan with --cache', () => {
  test.each(seedsOfToday(201, 206, 2))('number %i: finds the same, and leaves out the rest', async (seed) => {
    const { repository } = makeHistory(seed);
    if (!existsSync(join(repository.path, '.git'))) return; // a bare one has its list elsewhere
    const home = temporaryFolder();
    const plain = (await keysiftJson(['--history-only', '--show-secrets'], { cwd: repository.path })).report;
    const first = await cached(repository, home);
    const second = await cached(repository, home);
    expect(essence(first)).toEqual(essence(plain));
    expect(essence(second)).toEqual(essence(plain));
    expect(skipped(first)).toBe(0);
    expect(skipped(second)).toBeGreaterThan(10);
    repository.git('gc', '--quiet', '--prune=now');
    const third = await cached(repository, home);
    expect([essence(third), skipped(third)]).toEqual([essence(plain), skipped(second)]);
  });

  /** Makes every blob and tree of the packs unreadable, but not the packs. */
  function spoilPacks(repository: TestRepository): void {
    const folder = join(repository.path, '.git/objects/pack');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.pack'))) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      const objects = repository.git('verify-pack', '-v', path.replace(/pack$/, 'idx')).matchAll(/^\w+ (?:blob|tree) +\d+ (\d+) (\d+)/gm);
      for (const [, size, offset] of objects) bytes.fill(0xff, Number(offset), Number(offset) + Number(size));
      chmodSync(path, 0o600);
      writeFileSync(path, bytes);
    }
  }

  test('of a history that is as it was nothing is read but what held something', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'nothing\n').commit('first');
    repository.write('b.txt', 'nothing\n').commit('second');
    repository.git('repack', '-adq');
    const home = temporaryFolder();
    const first = await cached(repository, home);
    spoilPacks(repository);
    const second = await cached(repository, home);
    expect(essence(second)).toEqual(essence(first));
    expect(skipped(second)).toBe(first.counts.blobs + first.counts.commits);
    // Without the cache it shows, and so it does when anything is new.
    const other = await keysiftJson(['--history-only'], { cwd: repository.path });
    expect(other.report.notScanned.length).toBeGreaterThan(0);
    repository.git('branch', 'new');
    const { report } = await keysiftJson(['--history-only', '--cache'], { cwd: repository.path, env: { XDG_CACHE_HOME: home } });
    expect(report.notScanned.length).toBeGreaterThan(0);
  });

  test('git is not asked for refs that are as they were', async () => {
    const { repository, secret } = two();
    repository.branch('other');
    const home = temporaryFolder();
    const first = await cached(repository, home);
    // Every word that git is given; rev-parse says which repository it is.
    const bin = temporaryFolder();
    const log = join(bin, 'log');
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> '${log}'\nexec '${gitProgram()}' "$@"\n`, { mode: 0o755 });
    const { report } = await keysiftJson(['--history-only', '--cache', '--show-secrets'], {
      cwd: repository.path,
      env: { XDG_CACHE_HOME: home, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    });
    expect([essence(report), report.counts, report.scan.head, secretsOf(report)]).toEqual([
      essence(first),
      { ...first.counts, bytes: report.counts.bytes, matchedBytes: report.counts.matchedBytes },
      first.scan.head,
      [secret],
    ]);
    const calls = readFileSync(log, 'utf8').trim().split('\n');
    expect(calls.map((call) => / (rev-parse|ls-files|for-each-ref|cat-file|symbolic-ref) /.exec(call)?.[1])).toEqual(['rev-parse', 'ls-files']);
  });

  test('a tip that moved is noticed, also back to where nothing is new', async () => {
    const { repository, secret } = two();
    const home = temporaryFolder();
    expect(secretsOf(await cached(repository, home))).toEqual([secret]);
    const tip = repository.head();
    const [first = ''] = repository.git('rev-list', '--reverse', 'HEAD').split('\n');
    rmSync(join(repository.path, '.git', 'logs'), { recursive: true });
    for (const [to, found] of [
      [first, []],
      [tip, [secret]],
      [first, []],
    ] as const) {
      repository.git('update-ref', '--no-deref', 'refs/heads/main', to);
      rmSync(join(repository.path, '.git', 'logs'), { recursive: true, force: true });
      const report = await cached(repository, home);
      expect([secretsOf(report), report.scan.head]).toEqual([found, to]);
      expect(essence(await cached(repository, home))).toEqual(essence(report));
      repository.git('pack-refs', '--all');
      expect(essence(await cached(repository, home))).toEqual(essence(report));
    }
  });

  test('a name of a ref that is a secret is told each time, and not kept', async () => {
    const repository = TestRepository.create();
    const secret = stripeKey('ref');
    repository.write('a.txt', 'nothing\n').commit('first');
    repository.branch(`fix-${secret}`);
    const home = temporaryFolder();
    for (let count = 0; count < 3; count++) expect(secretsOf(await cached(repository, home))).toEqual([secret]);
    expect(readFileSync(join(repository.path, FOLDER, 'last-scan')).includes(secret)).toBe(false);
  });

  test('a ref that leads nowhere is told each time', async () => {
    const { repository } = two();
    const home = temporaryFolder();
    await cached(repository, home);
    writeFileSync(join(repository.path, '.git/refs/heads/lost'), `${'1'.repeat(40)}\n`);
    for (let count = 0; count < 3; count++) {
      const { report, code } = await keysiftJson(['--history-only', '--cache'], { cwd: repository.path, env: { XDG_CACHE_HOME: home } });
      expect([code, report.notScanned.map(({ reason }) => reason)]).toEqual([3, ['REF-BROKEN']]);
    }
  });

  test('where the found secrets were is known again, and only as it was signed', async () => {
    const { repository, secret } = two();
    const home = temporaryFolder();
    const first = await cached(repository, home);
    const kept = join(repository.path, FOLDER, 'last-scan');
    const bytes = readFileSync(kept);
    expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes('"key.txt"')).toBe(true);
    expect(essence(await cached(repository, home))).toEqual(essence(first));
    const told = Buffer.from(bytes.toString('latin1').replaceAll('key.txt', 'not.txt'), 'latin1');
    writeFileSync(kept, told);
    expect(essence(await cached(repository, home))).toEqual(essence(first));
  });

  test('a path that is a secret is not kept', async () => {
    const repository = TestRepository.create();
    const secret = stripeKey('path');
    repository.write(`${secret}.txt`, `key = "${secret}"\n`).commit('first');
    const home = temporaryFolder();
    const first = await cached(repository, home);
    expect(existsSync(join(repository.path, FOLDER, 'last-scan'))).toBe(false);
    expect(essence(await cached(repository, home))).toEqual(essence(first));
  });

  test('a new commit is looked at', async () => {
    const { repository, secret } = two();
    const home = temporaryFolder();
    expect(secretsOf(await cached(repository, home))).toEqual([secret]);
    const other = stripeKey('later');
    repository.write('later.txt', `key = "${other}"\n`).commit('later');
    const report = await cached(repository, home);
    expect(new Set(secretsOf(report))).toEqual(new Set([secret, other]));
    expect(skipped(report)).toBeGreaterThan(3);
  });

  test('the author that a commit told of is told of by the next one when that is gone', async () => {
    const repository = TestRepository.create();
    const secret = stripeKey('author');
    const author = `Ada ${secret} <ada@example.com>`;
    repository.write('a.txt', 'a\n').commit('first');
    repository.branch('one').write('b.txt', 'b\n').commit('one', { author });
    repository.checkout('main').branch('two').write('c.txt', 'c\n').commit('two', { author });
    const home = temporaryFolder();
    for (const branch of ['one', 'two']) {
      expect(secretsOf(await cached(repository, home))).toEqual([secret]);
      if (branch === 'one') repository.git('checkout', '--quiet', 'main');
      repository.git('branch', '-D', branch);
      rmSync(join(repository.path, '.git', 'logs'), { recursive: true, force: true });
    }
    expect(secretsOf(await cached(repository, home))).toEqual([]);
  });

  test('nothing is taken over under other rules or another limit, or by --explain', async () => {
    const { repository } = two();
    const home = temporaryFolder();
    await cached(repository, home);
    const rules = join(temporaryFolder(), 'own.yaml');
    writeFileSync(
      rules,
      "rules:\n  - id: own-word\n    title: A word\n    token: { prefixes: [nothing_], alphabet: alnum, length: 12 }\n    examples: { match: ['x=[|nothing_{{alnum:12}}|]'], ignore: ['nothing_'] }\n",
    );
    expect(skipped(await cached(repository, home, ['--rules', rules]))).toBe(0);
    expect(skipped(await cached(repository, home, ['--max-file-size', '5M']))).toBe(0);
    expect(skipped(await cached(repository, home, ['--max-file-size', '5M']))).toBeGreaterThan(0);
    expect(skipped(await cached(repository, home, ['--max-file-size', '5M', '--explain']))).toBe(0);
  });
});

describe('G16: a list that is not to be trusted', () => {
  test.each([
    ['a byte is different', (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte)))],
    ['it is cut short', (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length - 20)],
    ['it is longer', (bytes: Buffer): Buffer => Buffer.concat([bytes, bytes.subarray(30, 50)])],
    ['it is empty', (): Buffer => Buffer.alloc(0)],
    ['it is junk', (): Buffer => Buffer.alloc(100_000, 0x41)],
  ])('%s: everything is looked at, and a sound one takes its place', async (_how, change) => {
    const { repository, secret } = two();
    const home = temporaryFolder();
    await cached(repository, home);
    const path = join(repository.path, LIST);
    writeFileSync(path, change(readFileSync(path)));
    const report = await cached(repository, home);
    expect([skipped(report), secretsOf(report)]).toEqual([0, [secret]]);
    expect(skipped(await cached(repository, home))).toBeGreaterThan(0);
  });

  test('one that somebody else signed, which calls the leak clean', async () => {
    const { repository, secret } = two();
    const [theirs, mine] = [temporaryFolder(), temporaryFolder()];
    const report = await cached(repository, theirs);
    const terms = JSON.stringify(['0.1.0', report.tool.rules, 'Infinity', 16 * 1024 * 1024]);
    const blob = repository.blob('key.txt', 'HEAD~1');
    const list = CleanList.open(join(repository.path, '.git'), 20, terms, { XDG_CACHE_HOME: theirs });
    expect(list?.size).toBeGreaterThan(0);
    expect(list?.replace([...(list.ids() ?? []), blob])).toBe(true);
    // The forged list would hide it from whoever has the key, so the test would notice one that is trusted.
    expect(secretsOf(await cached(repository, theirs))).toEqual([]);
    expect(secretsOf(await cached(repository, mine))).toEqual([secret]);
  });

  test('a folder that is a link is not written through', async () => {
    const { repository, secret } = two();
    const outside = temporaryFolder();
    symlinkSync(outside, join(repository.path, FOLDER));
    const report = await cached(repository, temporaryFolder());
    expect(secretsOf(report)).toEqual([secret]);
    expect(readdirSync(outside)).toEqual([]);
    expect(report.scan.notes).toContain('the cache could not be written, so the next scan looks at everything again');
  });

  test('a list that is a folder, and a key that is none', async () => {
    const { repository, secret } = two();
    mkdirSync(join(repository.path, LIST), { recursive: true });
    const home = temporaryFolder();
    expect(secretsOf(await cached(repository, home))).toEqual([secret]);
    expect(readdirSync(join(repository.path, FOLDER))).toEqual(['clean-objects', 'last-scan']);
    writeFileSync(join(home, 'keysift', 'cache-key'), 'short');
    const report = await cached(repository, home);
    expect(secretsOf(report)).toEqual([secret]);
    expect(report.scan.notes.join()).toContain('nothing is cached');
  });

  test('the list holds no secret and nothing of it, and only its owner reads the key', async () => {
    const { repository, secret } = two();
    const home = temporaryFolder();
    await cached(repository, home);
    const bytes = readFileSync(join(repository.path, LIST));
    expect(bytes.includes(Buffer.from(repository.blob('key.txt', 'HEAD~1'), 'hex'))).toBe(false);
    expect(bytes.includes(Buffer.from(repository.blob('key.txt'), 'hex'))).toBe(true);
    expect(bytes.includes(secret.slice(0, 8))).toBe(false);
    expect(statSync(join(home, 'keysift', 'cache-key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(repository.path, LIST)).mode & 0o777).toBe(0o600);
  });
});
