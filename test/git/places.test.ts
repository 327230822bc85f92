import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, plantOne, SEEDS, stripeKey, type Seed } from '../support/secrets.ts';

type Finding = ReportV1['findings'][number];

/** The finding of one secret, and that there is only one. */
function findingOf(report: ReportV1, secret: string): Finding {
  const found = report.findings.filter((finding) => finding.secret === secret);
  expect(found, 'findings of this secret').toHaveLength(1);
  return found[0] as Finding;
}

async function scanned(repository: TestRepository, argv: readonly string[] = []): Promise<ReportV1> {
  const { report, code, stderr } = await keysiftJson([...argv, '--show-secrets'], { cwd: repository.path });
  expect(stderr).toBe('');
  expect(report.notScanned).toEqual([]);
  expect(code).toBe(1);
  return report;
}

/** `line:column` of a secret in a text of lines. */
function at(text: string, secret: string): { startLine: number; startColumn: number; endLine: number; endColumn: number } {
  const lines = text.slice(0, text.indexOf(secret)).split('\n');
  const startColumn = (lines.at(-1)?.length ?? 0) + 1;
  return { startLine: lines.length, startColumn, endLine: lines.length, endColumn: startColumn + secret.length };
}

function file(seed: Seed, salt: string): { text: string; secret: string } {
  const { text, secret } = plantOne(seed.template, `${seed.provider} ${salt}`);
  return { text: `# settings\nLEVEL=info\n${text}\nREGION=eu\n`, secret };
}

const CLEAN = '# settings\nLEVEL=info\n';

describe.each(SEEDS)('a key of $provider', (seed) => {
  const expected = { provider: seed.provider, ruleId: seed.ruleId };

  test('in a current file', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'current');
    repository.write('README.md', 'hello\n').commit('first');
    const commit = repository.write('config/app.conf', text).commit('add');
    const later = repository.write('README.md', 'hello again\n').commit('later');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({
      ...expected,
      state: 'head',
      firstSeen: { commit, author: 'Ada Example <ada@example.com>', date: '2026-01-01T02:00:00.000Z' },
      lastSeen: { commit: later },
    });
    expect(finding).not.toHaveProperty('removedIn');
    expect(finding.locations).toEqual([
      { file: 'config/app.conf', ...at(text, secret), commit, blob: repository.blob('config/app.conf'), state: 'head' },
    ]);
    expect(finding.daysExposed).toBe(180);
  });

  test('only in an old commit', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'old');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.write('old.conf', text).commit('add');
    const blob = repository.blob('old.conf');
    const last = repository.write('a.txt', 'b\n').commit('another');
    const removal = repository.write('old.conf', CLEAN).commit('take it out', { date: '2026-03-01T00:00:00Z' });
    repository.remove('old.conf').commit('remove the file');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ ...expected, state: 'history', firstSeen: { commit }, lastSeen: { commit: last } });
    expect(finding.removedIn).toMatchObject({ commit: removal, author: 'Ada Example <ada@example.com>' });
    const { stdout } = await keysift([], { cwd: repository.path });
    expect(stdout).toContain(`removed ${finding.removedIn?.date.slice(0, 10)} in ${removal.slice(0, 10)}`);
    expect(finding.locations).toEqual([{ file: 'old.conf', ...at(text, secret), commit, blob, state: 'history' }]);
  });

  test('only in a merge commit', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'merge');
    repository.write('a.conf', CLEAN).commit('first');
    repository.branch('topic').write('b.txt', 'b\n').commit('topic');
    repository.checkout('main').write('c.txt', 'c\n').commit('main');
    const merge = repository.merge(['topic'], { evil: () => repository.write('a.conf', text) });
    repository.write('a.conf', CLEAN).commit('take it out');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ ...expected, state: 'history', firstSeen: { commit: merge }, lastSeen: { commit: merge } });
    expect(finding.locations).toMatchObject([{ file: 'a.conf', ...at(text, secret), commit: merge, state: 'history' }]);
  });

  test('on another branch', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'branch');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.branch('topic').write('t.conf', text).commit('topic');
    repository.checkout('main');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ ...expected, state: 'branch', firstSeen: { commit }, lastSeen: { commit } });
    expect(finding.locations).toMatchObject([{ file: 't.conf', ...at(text, secret), commit, state: 'branch' }]);
  });

  test('in the stash, also below its newest entry, also in a file that git does not track', async () => {
    const repository = TestRepository.create();
    const older = file(seed, 'older');
    const newer = file(seed, 'newer');
    repository.write('a.conf', CLEAN).commit('first');
    repository.write('a.conf', older.text).stash('one');
    repository.write('loose.conf', newer.text).stash('two');
    const report = await scanned(repository);
    const tracked = findingOf(report, older.secret);
    expect(tracked).toMatchObject({ ...expected, state: 'stash' });
    expect(tracked.locations).toMatchObject([{ file: 'a.conf', ...at(older.text, older.secret), state: 'stash' }]);
    expect(tracked.firstSeen?.commit).toBe(repository.git('rev-parse', 'stash@{1}'));
    const untracked = findingOf(report, newer.secret);
    expect(untracked).toMatchObject({
      ...expected,
      state: 'stash',
      locations: [{ file: 'loose.conf', ...at(newer.text, newer.secret), state: 'stash' }],
    });
    expect(untracked.firstSeen?.commit).toBe(repository.git('rev-parse', 'stash@{0}^3'));
  });

  test('only staged', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'staged');
    repository.write('a.conf', CLEAN).commit('first');
    repository.write('a.conf', text).git('add', 'a.conf');
    const blob = repository.blob('a.conf', '');
    repository.write('a.conf', CLEAN);
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ ...expected, state: 'staged' });
    expect(finding.locations).toEqual([{ file: 'a.conf', ...at(text, secret), blob, state: 'staged' }]);
    expect(finding).not.toHaveProperty('firstSeen');
    expect(findingOf((await keysiftJson(['--staged', '--show-secrets'], { cwd: repository.path })).report, secret)).toMatchObject({
      ...expected,
      state: 'staged',
    });
  });

  test('in two files of one content that are gone from the disk', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'absent');
    repository.write('a.conf', text).write('b.conf', text).commit('first');
    rmSync(join(repository.path, 'a.conf'));
    rmSync(join(repository.path, 'b.conf'));
    const finding = findingOf(await scanned(repository, ['--no-history']), secret);
    expect(finding.locations.map(({ file: path, state }) => [path, state])).toEqual([
      ['a.conf', 'staged'],
      ['b.conf', 'staged'],
    ]);
  });

  test('in a file that git does not track', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'untracked');
    repository.write('a.txt', 'a\n').commit('first');
    repository.write('new/loose.conf', text);
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({
      ...expected,
      state: 'worktree',
      locations: [{ file: 'new/loose.conf', ...at(text, secret), state: 'worktree' }],
    });
    const without = await keysiftJson(['--no-untracked'], { cwd: repository.path });
    expect([without.code, without.report.findings]).toEqual([0, []]);
  });

  test('changed in the working tree only', async () => {
    const repository = TestRepository.create();
    const { text, secret } = file(seed, 'changed');
    repository.write('a.conf', CLEAN).commit('first');
    repository.write('a.conf', text);
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      ...expected,
      state: 'worktree',
      locations: [{ file: 'a.conf', ...at(text, secret) }],
    });
  });
});

describe.each(SEEDS)('a key of $provider', (seed) => {
  const expected = { provider: seed.provider, ruleId: seed.ruleId };

  test('in the message of a tag', async () => {
    const repository = TestRepository.create();
    const { text, secret } = plantOne(seed.template, `${seed.provider} tag`);
    const commit = repository.write('a.txt', 'a\n').commit('first');
    const tag = repository.tag('v1', `release\n\n${text}\n`);
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ ...expected, state: 'tag' });
    expect(finding.locations).toMatchObject([{ file: '<tag v1>', startLine: 3, startColumn: text.indexOf(secret) + 1, state: 'tag' }]);
    expect([tag, commit]).toContain(finding.locations[0]?.commit);
  });
});

describe('places outside files', () => {
  const make = (): TestRepository => TestRepository.create();

  test('a commit message', async () => {
    const repository = make();
    const token = githubToken('message');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.write('a.txt', 'b\n').commit(`deploy\n\nused ${token} for it\n`);
    repository.write('a.txt', 'c\n').commit('later');
    const finding = findingOf(await scanned(repository), token);
    expect(finding).toMatchObject({
      provider: 'GitHub',
      firstSeen: { commit },
      locations: [{ file: '<commit message>', startLine: 3, startColumn: 6, commit }],
    });
    expect(finding.locations).toHaveLength(1);
  });

  test('the name of an author', async () => {
    const repository = make();
    const token = githubToken('author');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.write('a.txt', 'b\n').commit('second', { author: `Eve ${token} <eve@example.com>` });
    const finding = findingOf(await scanned(repository), token);
    expect(finding).toMatchObject({ provider: 'GitHub', locations: [{ file: '<author>', startLine: 1, startColumn: 5, commit }] });
    expect(JSON.stringify(finding.firstSeen)).not.toContain(token);
  });

  test('the name of a branch, and of a tag without a message', async () => {
    const repository = make();
    const [branch, tag] = [githubToken('branch'), githubToken('tag')];
    const commit = repository.write('a.txt', 'a\n').commit('first');
    repository.git('branch', `wip/${branch}`);
    repository.git('tag', tag);
    const report = await scanned(repository);
    expect(findingOf(report, branch)).toMatchObject({
      provider: 'GitHub',
      locations: [{ file: '<ref name>', startLine: 1, startColumn: 5, commit }],
    });
    expect(findingOf(report, tag)).toMatchObject({ provider: 'GitHub', locations: [{ file: '<ref name>', startLine: 1, startColumn: 1, commit }] });
  });

  test('a note', async () => {
    const repository = make();
    const token = githubToken('note');
    repository.write('a.txt', 'a\n').commit('first');
    repository.git('notes', 'add', '--message', `see ${token}`);
    expect(findingOf(await scanned(repository), token)).toMatchObject({
      provider: 'GitHub',
      state: 'branch',
      locations: [{ startLine: 1, startColumn: 5 }],
    });
  });

  test('a link to a place that says it', async () => {
    const repository = make();
    const token = githubToken('link');
    repository.write('a.txt', 'a\n').commit('first');
    const blob = repository.gitWith({ input: `https://${token}@example.com/x` }, 'hash-object', '-w', '--stdin');
    repository.git('update-index', '--add', '--cacheinfo', `120000,${blob},link`);
    const commit = repository.commitIndex('link');
    expect(findingOf(await scanned(repository), token)).toMatchObject({
      state: 'head',
      locations: [{ file: 'link', startLine: 1, startColumn: 9, commit }],
    });
  });
});

describe('a secret over time', () => {
  const line = (salt: string): { text: string; secret: string } => {
    const secret = stripeKey(salt);
    return { text: `key = "${secret}"\n`, secret };
  };

  test('in the root commit', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('root');
    const commit = repository.write('a.txt', text).commit('first');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({
      state: 'head',
      firstSeen: { commit, date: '2026-01-01T01:00:00.000Z' },
      lastSeen: { commit },
      locations: [{ file: 'a.txt', startLine: 1, startColumn: 8, commit }],
    });
  });

  test('edits of the file around it do not make it newer', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('edits');
    const commit = repository.write('a.txt', text).commit('first');
    repository.write('a.txt', `one\n${text}`).commit('second');
    const last = repository.write('a.txt', `one\ntwo\n${text}three\n`).commit('third');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ state: 'head', firstSeen: { commit }, lastSeen: { commit: last } });
    expect(finding.locations).toMatchObject([{ file: 'a.txt', startLine: 3, startColumn: 8, commit, blob: repository.blob('a.txt') }]);
  });

  test('a rename gives a second place with the commit that made it', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('rename');
    const commit = repository.write('old.txt', text).commit('first');
    repository.git('mv', 'old.txt', 'new.txt');
    const rename = repository.commitIndex('rename');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ state: 'head', firstSeen: { commit }, lastSeen: { commit: rename } });
    expect(finding.locations).toMatchObject([
      { file: 'new.txt', state: 'head', commit: rename },
      { file: 'old.txt', state: 'history', commit },
    ]);
  });

  test('a change of mode changes nothing', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('mode');
    const commit = repository.write('run.sh', text).commit('first');
    repository.git('update-index', '--chmod=+x', 'run.sh');
    const last = repository.commitIndex('executable');
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      firstSeen: { commit },
      lastSeen: { commit: last },
      locations: [{ file: 'run.sh', commit, state: 'head' }],
    });
  });

  test('added, removed and added again: first and last are the outer ones', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('again');
    repository.write('a.txt', 'none\n').commit('first');
    const first = repository.write('a.txt', text).commit('add');
    repository.write('a.txt', 'none\n').commit('remove');
    repository.write('a.txt', `x\n${text}`).commit('add again');
    const last = repository.write('b.txt', 'b\n').commit('another');
    repository.write('a.txt', 'none\n').commit('remove again');
    const finding = findingOf(await scanned(repository), secret);
    expect(finding).toMatchObject({ state: 'history', firstSeen: { commit: first }, lastSeen: { commit: last } });
    expect(finding.daysExposed).toBe(180);
  });

  test('days count from the commit that brought it in until now, for what is gone can still be read', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('days');
    repository.write('a.txt', text).commit('add', { date: '2026-01-10T12:00:00Z' });
    repository.write('b.txt', 'b\n').commit('another', { date: '2026-02-20T13:00:00Z' });
    repository.write('a.txt', 'none\n').commit('remove', { date: '2026-05-01T00:00:00Z' });
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'history',
      firstSeen: { date: '2026-01-10T12:00:00.000Z' },
      lastSeen: { date: '2026-02-20T13:00:00.000Z' },
      daysExposed: 171,
    });
  });

  test('one side of a merge brings it in, the merge takes it over', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('side');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.branch('topic').write('t.txt', text).commit('topic');
    repository.checkout('main').write('b.txt', 'b\n').commit('main');
    const merge = repository.merge(['topic']);
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'head',
      firstSeen: { commit },
      lastSeen: { commit: merge },
      locations: [{ file: 't.txt', commit, state: 'head' }],
    });
  });

  test('a merge does not bring in what one of its sides has, even when it is dated before it', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('skewed');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.branch('topic').write('t.txt', text).commit('topic', { date: '2026-03-01T00:00:00Z' });
    repository.checkout('main').write('b.txt', 'b\n').commit('main');
    repository.merge(['topic'], { date: '2026-02-01T00:00:00Z' });
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'head',
      firstSeen: { commit },
      locations: [{ file: 't.txt', commit }],
    });
  });

  test('an octopus merge: what a third parent brought, and what only the merge itself holds', async () => {
    const repository = TestRepository.create();
    const [third, evil] = [line('third'), line('octopus')];
    repository.write('a.txt', 'a\n').commit('first');
    for (const name of ['one', 'two']) repository.branch(name, 'main').write(`${name}.txt`, `${name}\n`).commit(name);
    const commit = repository.branch('three', 'main').write('three.txt', third.text).commit('three');
    repository.checkout('main').write('m.txt', 'm\n').commit('main');
    const merge = repository.merge(['one', 'two', 'three'], { evil: () => repository.write('evil.txt', evil.text) });
    expect(repository.git('rev-list', '--parents', '--max-count=1', 'HEAD').split(' ')).toHaveLength(5);
    const report = await scanned(repository);
    expect(findingOf(report, third.secret)).toMatchObject({ state: 'head', firstSeen: { commit }, locations: [{ file: 'three.txt', commit }] });
    expect(findingOf(report, evil.secret)).toMatchObject({
      state: 'head',
      firstSeen: { commit: merge },
      locations: [{ file: 'evil.txt', commit: merge }],
    });
  });

  test('a detached HEAD that no branch holds', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('detached');
    repository.write('a.txt', 'a\n').commit('first');
    repository.git('checkout', '--quiet', '--detach');
    const commit = repository.write('d.txt', text).commit('detached');
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'head',
      firstSeen: { commit },
      lastSeen: { commit },
      locations: [{ file: 'd.txt', state: 'head', commit }],
    });
  });

  test('a commit that only a tag holds', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('tagged');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.branch('gone').write('t.txt', text).commit('tagged');
    repository.tag('v1', 'a release');
    repository.checkout('main').git('branch', '-D', 'gone');
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'tag',
      firstSeen: { commit },
      locations: [{ file: 't.txt', state: 'tag', commit }],
    });
  });

  test('a commit that only a remote branch holds', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('remote');
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.branch('gone').write('t.txt', text).commit('remote');
    repository.git('update-ref', 'refs/remotes/origin/topic', commit);
    repository.checkout('main').git('branch', '-D', 'gone');
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'branch',
      firstSeen: { commit },
      locations: [{ file: 't.txt', state: 'branch', commit }],
    });
  });

  test('the same secret in several files is one finding with all its places', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('several');
    repository.write('a.txt', text).write('b/c.txt', `x\n${text}`).commit('first');
    repository.write('loose.txt', `x\nx\n${text}`);
    const finding = findingOf(await scanned(repository), secret);
    expect(finding.locations.map(({ file: name, startLine, state }) => `${name}:${startLine} ${state}`)).toEqual([
      'a.txt:1 head',
      'b/c.txt:2 head',
      'loose.txt:3 worktree',
    ]);
  });

  test('characters before it count once each, whatever their bytes', async () => {
    const repository = TestRepository.create();
    const secret = stripeKey('columns');
    repository.write('a.txt', `\u00e9\u4e2d\u{1f511}: "${secret}"\r\n`).commit('first');
    expect(findingOf(await scanned(repository), secret).locations).toMatchObject([{ startLine: 1, startColumn: 7, endColumn: 7 + secret.length }]);
  });

  test('in a repository of SHA-256', async () => {
    const repository = TestRepository.create({ objectFormat: 'sha256' });
    const { text, secret } = line('sha256');
    const commit = repository.write('a.txt', text).commit('first');
    expect(commit).toHaveLength(64);
    repository.write('a.txt', 'none\n').commit('second');
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'history',
      firstSeen: { commit },
      lastSeen: { commit },
      locations: [{ file: 'a.txt', commit, state: 'history' }],
    });
  });

  test('author and committer dates out of any range are told as they are', async () => {
    const repository = TestRepository.create();
    const { text, secret } = line('dates');
    const blob = repository.gitWith({ input: text }, 'hash-object', '-w', '--stdin');
    const tree = repository.gitWith({ input: `100644 blob ${blob}\ta.txt\n` }, 'mktree');
    const commit = repository.gitWith(
      { input: `tree ${tree}\nauthor A <a@b.c> 99999999999999999 +0000\ncommitter A <a@b.c> 99999999999999999 +0000\n\nx\n` },
      'hash-object',
      '-t',
      'commit',
      '-w',
      '--literally',
      '--stdin',
    );
    repository.git('update-ref', 'refs/heads/main', commit);
    repository.git('reset', '--quiet', '--hard');
    expect(findingOf(await scanned(repository), secret)).toMatchObject({
      state: 'head',
      firstSeen: { commit, date: '99999999999999999 +0000' },
      locations: [{ file: 'a.txt', commit }],
    });
  });
});

describe('what no ref holds', () => {
  test('is left out, unless asked for: a commit that was undone, and a blob that never was in one', async () => {
    const repository = TestRepository.create();
    const [undone, loose] = [stripeKey('undone'), stripeKey('loose')];
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.write('u.txt', `key = "${undone}"\n`).commit('undone');
    repository.git('update-ref', 'refs/heads/main', 'HEAD~1');
    repository.git('read-tree', 'HEAD');
    repository.remove('u.txt');
    const blob = repository.gitWith({ input: `key = "${loose}"\n` }, 'hash-object', '-w', '--stdin');
    const without = await keysiftJson([], { cwd: repository.path });
    expect([without.code, without.report.findings]).toEqual([0, []]);
    const report = await scanned(repository, ['--all-objects']);
    expect(findingOf(report, undone)).toMatchObject({
      state: 'reflog',
      firstSeen: { commit },
      locations: [{ file: 'u.txt', startLine: 1, startColumn: 8 }],
    });
    expect(findingOf(report, loose)).toMatchObject({ state: 'unreachable', locations: [{ startLine: 1, startColumn: 8, blob }] });
  });
});
