import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BINARY, keysift, keysiftJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { home, TestRepository } from '../support/repository.ts';
import { plantOne, stripeKey } from '../support/secrets.ts';
import { cpuSince } from '../support/slowness.ts';
import { HAS_TERMINAL, inTerminal } from '../support/terminal.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;
const database = (salt: string): string => plantOne('url = "postgres://app:[|{{alnum:20}}|]@db.prod.corp.io/app"\n', salt).text;
const ENTRY = /^[0-9a-f]{16}\.[0-9a-f]{24} /;

function leaky(): TestRepository {
  const repository = TestRepository.create();
  repository.write('a.txt', line('a')).write('old.txt', line('old')).write('db.txt', database('db')).commit('first');
  repository.remove('old.txt').commit('second');
  return repository;
}

const baseline = (repository: TestRepository, ...argv: string[]) => keysift(['baseline', ...argv], { cwd: repository.path });
const read = (repository: TestRepository): string => readFileSync(join(repository.path, '.keysift-baseline'), 'utf8');
const entries = (repository: TestRepository): string[] =>
  read(repository)
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'));

async function created(): Promise<TestRepository> {
  const repository = leaky();
  const { code, stdout, stderr } = await baseline(repository, 'create');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('.keysift-baseline: 3 secrets added, 3 in all\n');
  repository.commit('baseline');
  return repository;
}

describe('keysift baseline', () => {
  test('create: what is there passes, what comes is found, in every mode', async () => {
    const repository = await created();
    const { code, report } = await keysiftJson([], { cwd: repository.path });
    expect([code, report.findings.length, report.suppressed.map(({ by }) => by)]).toEqual([0, 0, ['baseline', 'baseline', 'baseline']]);
    repository.write('new.txt', line('new'));
    expect((await keysift([], { cwd: repository.path })).code).toBe(1);
    repository.git('add', '--all');
    expect((await keysift(['--staged'], { cwd: repository.path })).code).toBe(1);
    // A key of the baseline that moves is none that comes; one that is known by its place is.
    repository.git('reset', '--quiet', '--hard');
    repository.git('mv', 'a.txt', 'moved.txt');
    expect((await keysift(['--staged'], { cwd: repository.path })).code).toBe(0);
    repository.git('reset', '--quiet', '--hard');
    repository.write('db.txt', database('other')).git('add', '--all');
    expect((await keysift(['--staged'], { cwd: repository.path })).code).toBe(1);
    expect((await keysift(['--no-baseline'], { cwd: repository.path })).code).toBe(1);
  });

  test('one sorted line a secret, and nothing to guess one from', async () => {
    const repository = await created();
    const lines = entries(repository);
    expect(lines).toEqual(lines.toSorted());
    expect(lines.filter((text) => ENTRY.test(text)).map((text) => text.split(' ').slice(1))).toEqual([
      ['stripe-secret-key-live', expect.stringMatching(/^(a|old)\.txt$/)],
      ['stripe-secret-key-live', expect.stringMatching(/^(a|old)\.txt$/)],
    ]);
    expect(read(repository)).not.toContain(stripeKey('a').slice(8, 20));
    // The same key in another repository looks different.
    const other = await created();
    const keys = (from: TestRepository): string[] =>
      entries(from)
        .filter((text) => ENTRY.test(text))
        .map((text) => text.split(' ')[0] ?? '');
    expect(keys(repository).filter((key) => keys(other).includes(key))).toEqual([]);
  });

  test('a password leaves no trace: two repositories that differ in it alone have the same line', async () => {
    const lines = await Promise.all(
      ['hunter2-hunter2', 'correct-horse-1'].map(async (password) => {
        const repository = TestRepository.create();
        repository.write('db.txt', `url = "postgres://app:${password}@db.prod.corp.io/app"\n`).commit('first');
        await baseline(repository, 'create');
        return entries(repository);
      }),
    );
    expect(lines[0]).toHaveLength(1);
    expect(lines[0]).toEqual(lines[1]);
  });

  test('update adds and keeps, prune takes out what is gone', async () => {
    const repository = await created();
    writeFileSync(join(repository.path, '.keysift-baseline'), read(repository).replace(/ db\.txt$/m, ' db.txt -- local only'));
    repository.write('new.txt', line('new'));
    expect((await baseline(repository, 'update')).stdout).toContain('1 secret added, 4 in all');
    expect(entries(repository).filter((text) => text.endsWith('-- local only'))).toHaveLength(1);
    const salts = entries(repository)
      .filter((text) => ENTRY.test(text))
      .map((text) => text.slice(0, 16));
    expect([salts.length, new Set(salts).size]).toEqual([3, 1]);
    repository.remove('new.txt');
    const { report } = await keysiftJson([], { cwd: repository.path });
    expect(report.scan.notes).toEqual([
      expect.stringMatching(/^\.keysift-baseline:\d: the entry for \S+ matches nothing; keysift baseline prune removes it$/),
    ]);
    expect((await baseline(repository, 'prune')).stdout).toBe('.keysift-baseline: 1 entry removed, 3 left\n');
    expect(entries(repository)).toHaveLength(3);
    expect((await baseline(repository, 'create')).stderr).toContain('.keysift-baseline is there already');
  });

  test('lines of two branches merge by themselves', async () => {
    const repository = await created();
    for (const name of ['one', 'two']) {
      repository.git('checkout', '--quiet', '-b', name, 'main');
      repository.write(`${name}.txt`, line(name));
      await baseline(repository, 'update');
      repository.commit(name);
    }
    repository.write('.gitattributes', '.keysift-baseline merge=union\n').commit('attributes');
    expect(repository.tryGit(['merge', '--quiet', '--no-edit', 'one']).status).toBe(0);
    expect((await keysift([], { cwd: repository.path })).code).toBe(0);
    expect(entries(repository)).toHaveLength(5);
  });

  test('a scan that is interrupted writes no baseline', async () => {
    const repository = leaky();
    const { code } = await keysift(['baseline', 'create'], { cwd: repository.path, signal: AbortSignal.abort('SIGTERM') });
    expect([code, existsSync(join(repository.path, '.keysift-baseline'))]).toEqual([143, false]);
  });

  test('an incomplete scan is said, and prunes nothing', async () => {
    const repository = await created();
    const clone = TestRepository.at(join(home(), 'shallow'));
    repository.git('clone', '--quiet', '--depth', '1', `file://${repository.path}`, clone.path);
    const before = read(clone);
    expect(await baseline(clone, 'prune')).toMatchObject({ code: 3, stderr: expect.stringContaining('SHALLOW') as string });
    expect(read(clone)).toBe(before);
    expect((await baseline(clone, 'update')).code).toBe(3);
  });

  test('conflict markers, a line that is none, another version: an error, never "ignore all"', async () => {
    const repository = await created();
    const good = read(repository);
    for (const [text, message] of [
      [`<<<<<<< HEAD\n${good}`, '.keysift-baseline:1: a conflict of a merge was left in'],
      [`${good}*\n`, ': an entry names one finding'],
      [good.replace('baseline 1', 'baseline 7'), 'was written for another version (7)'],
    ] as const) {
      writeFileSync(join(repository.path, '.keysift-baseline'), text);
      const { code, stderr } = await keysift([], { cwd: repository.path });
      expect([code, stderr.includes(message)]).toEqual([2, true]);
    }
    writeFileSync(join(repository.path, '.keysift-baseline'), good.split('\n').toReversed().join('\r\n'));
    expect((await keysift([], { cwd: repository.path })).code).toBe(0);
  });

  test('100,000 entries are read in good time', async () => {
    const repository = await created();
    const many = Array.from(
      { length: 100_000 },
      (_, index) => `${'0'.repeat(16)}.${String(index).padStart(24, '0')} stripe-secret-key-live x${index}.txt`,
    );
    writeFileSync(join(repository.path, '.keysift-baseline'), `${read(repository)}${many.join('\n')}\n`);
    const begun = process.cpuUsage();
    expect((await keysift([], { cwd: repository.path })).code).toBe(0);
    expect(cpuSince(begun)).toBeLessThan(10_000);
  });

  test('in a file of its own, by flag and by configuration', async () => {
    const repository = leaky();
    expect((await baseline(repository, 'create', '--baseline', 'x/base.txt')).code).toBe(0);
    expect(existsSync(join(repository.path, '.keysift-baseline'))).toBe(false);
    expect((await keysift(['--baseline', 'x/base.txt'], { cwd: repository.path })).code).toBe(0);
    repository.write('keysift.config.yaml', 'baseline: x/base.txt\n');
    expect((await keysift([], { cwd: repository.path })).code).toBe(0);
    expect(await baseline(leaky(), 'update')).toMatchObject({
      code: 2,
      stderr: 'error: there is no baseline .keysift-baseline\nkeysift baseline create writes it.\n',
    });
  });
});

describe('a baseline outside the repository', () => {
  test.each(['relative', 'absolute'])('%s: it is written there, and counts', async (how) => {
    const repository = leaky();
    const folder = temporaryFolder();
    const file = join(folder, 'base');
    const named = how === 'absolute' ? file : relative(repository.path, file);
    expect((await baseline(repository, 'create', '--baseline', named)).code).toBe(0);
    expect([existsSync(file), existsSync(join(repository.path, '.keysift-baseline'))]).toEqual([true, false]);
    const { code, report } = await keysiftJson(['--baseline', named], { cwd: repository.path });
    expect([code, report.suppressed.length, report.scan.policy]).toEqual([0, 3, [file]]);
    expect((await keysift(['--range', 'HEAD~1..HEAD', '--policy-from', 'HEAD', '--baseline', named], { cwd: repository.path })).code).toBe(0);
    for (const action of ['update', 'prune']) expect((await baseline(repository, action, '--baseline', named)).code).toBe(0);
    expect((await keysift([], { cwd: repository.path, env: { KEYSIFT_BASELINE: named } })).code).toBe(0);
  });

  test.each<readonly [string, string, string]>([
    ['not there', '../nowhere/base', 'nowhere/base'],
    ['a folder', '..', ': it is a folder'],
    ['named by the configuration', '', 'keysift.config.yaml:1:11: the baseline ../base lies outside the repository'],
  ])('%s: an error', async (_what, named, message) => {
    const repository = leaky();
    if (named === '') repository.write('keysift.config.yaml', 'baseline: ../base\n');
    const argv = named === '' ? [] : ['--baseline', named];
    expect(await keysift(argv, { cwd: repository.path })).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) as string });
    expect((await baseline(repository, 'update', ...argv)).code).toBe(2);
  });
});

describe('keysift baseline audit', () => {
  const audit = (repository: TestRepository, answers: string[], ...argv: string[]): { code: number; said: string } =>
    inTerminal([process.execPath, BINARY, 'baseline', 'audit', ...argv], answers, { cwd: repository.path, env: repository.environment() });

  test.skipIf(!HAS_TERMINAL)('in a terminal: yes with a reason, no, skip; without the secret', async () => {
    const repository = await created();
    const { code, said } = audit(repository, ['maybe', 'y', '', 'y', 'only a sandbox', 'n', 's']);
    expect(code).toBe(0);
    expect(said).toContain('1 of 3');
    expect(said).toContain('3 of 3');
    expect(said).toContain('.keysift-baseline: 2 left, 1 without a reason');
    for (const salt of ['a', 'old']) expect(said).not.toContain(stripeKey(salt).slice(10, 30));
    const lines = entries(repository);
    expect([lines.length, lines.filter((text) => text.endsWith(' -- only a sandbox')).length]).toEqual([2, 1]);
    expect((await keysift([], { cwd: repository.path })).code).toBe(1);
    expect(audit(repository, ['q']).said).toContain('1 of 1');
    expect(audit(repository, ['s', 'q'], '--all').said).toContain('2 of 2');
    expect(entries(repository)).toEqual(lines);
  });

  test('without a terminal it refuses', async () => {
    expect(await baseline(await created(), 'audit')).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no terminal') as string });
  });
});
