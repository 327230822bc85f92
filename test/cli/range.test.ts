import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

async function range(repository: TestRepository, text: string): Promise<{ code: number | null; found: string[]; report: ReportV1 }> {
  const { code, report } = await keysiftJson(['--range', text, '--show-secrets'], { cwd: repository.path });
  const found = report.findings.flatMap(({ secret, locations, state }) =>
    locations.map(({ file, startLine }) => `${file}:${startLine} ${state} ${secret}`),
  );
  return { code, found: found.toSorted(), report };
}

/** `main` with one key, and a branch `topic` that starts there and is checked out. */
function forked(): { repository: TestRepository; base: string } {
  const repository = TestRepository.create();
  const base = repository
    .write('a.txt', 'a\n')
    .write('old.txt', `${line('old')}one\n`)
    .commit('base');
  repository.branch('topic');
  return { repository, base };
}

describe('--range', () => {
  test('what the range adds', async () => {
    const { repository } = forked();
    const commit = repository.write('new.txt', `x\n${line('added')}`).commit('add');
    const { code, found, report } = await range(repository, 'main..topic');
    expect([code, found]).toEqual([1, [`new.txt:2 head ${stripeKey('added')}`]]);
    expect(report.findings[0]).toMatchObject({
      firstSeen: { commit },
      lastSeen: { commit },
      locations: [{ commit, blob: repository.blob('new.txt') }],
    });
    expect(report.scan).toMatchObject({ sources: ['range'], head: commit, complete: true });
    expect(report.counts.commits).toBe(1);
  });

  test('added and removed again inside the range is still found', async () => {
    const { repository } = forked();
    const commit = repository.write('new.txt', line('removed')).commit('add');
    repository.remove('new.txt').commit('remove');
    const { code, found, report } = await range(repository, 'main..topic');
    expect([code, found]).toEqual([1, [`new.txt:1 history ${stripeKey('removed')}`]]);
    expect(report.findings[0]).toMatchObject({ firstSeen: { commit }, lastSeen: { commit } });
  });

  test('what the base has in the same file is not new', async () => {
    const { repository } = forked();
    repository.write('old.txt', `one\n${line('old')}two\n`).commit('edit');
    repository.write('old.txt', `one\n${line('old')}three\n`).commit('edit again');
    expect(await range(repository, 'main..topic')).toMatchObject({ code: 0, found: [] });
  });

  test('beside what the base has, only the new one counts', async () => {
    const { repository } = forked();
    repository.write('old.txt', `${line('old')}${line('beside')}`).commit('edit');
    expect(await range(repository, 'main..topic')).toMatchObject({ code: 1, found: [`old.txt:2 head ${stripeKey('beside')}`] });
  });

  test('an old secret in another file is new there', async () => {
    const { repository } = forked();
    repository.write('copy.txt', line('old')).commit('copy');
    const { code, found } = await range(repository, 'main..topic');
    expect([code, found]).toEqual([1, [`copy.txt:1 head ${stripeKey('old')}`]]);
  });

  test('what only the other side has is not part of it', async () => {
    const { repository } = forked();
    repository.write('t.txt', 't\n').commit('topic');
    repository.checkout('main').write('m.txt', line('main')).commit('main');
    expect(await range(repository, 'main..topic')).toMatchObject({ code: 0, found: [] });
    expect(await range(repository, 'topic..main')).toMatchObject({ code: 1, found: [`m.txt:1 head ${stripeKey('main')}`] });
  });

  test('a merge of the base inside the range adds nothing; what the merge itself adds is found', async () => {
    const { repository } = forked();
    repository.write('t.txt', 't\n').commit('topic');
    repository.checkout('main').write('m.txt', line('of main')).commit('main');
    repository.checkout('topic').merge(['main']);
    expect(await range(repository, 'main..topic')).toMatchObject({ code: 0, found: [] });
    repository.checkout('main').write('n.txt', 'n\n').commit('main');
    const merge = repository.checkout('topic').merge(['main'], { evil: () => repository.write('evil.txt', line('evil')) });
    const { code, found, report } = await range(repository, 'main..topic');
    expect([code, found]).toEqual([1, [`evil.txt:1 head ${stripeKey('evil')}`]]);
    expect(report.findings[0]).toMatchObject({ firstSeen: { commit: merge } });
  });

  test('messages and authors of the range count, those before do not', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a\n').commit(`base ${githubToken('before')}`);
    repository
      .branch('topic')
      .write('a.txt', 'b\n')
      .commit(`topic ${githubToken('message')}`, { author: `${githubToken('author')} <a@example.com>` });
    const { code, found } = await range(repository, 'main..topic');
    expect(code).toBe(1);
    expect(new Set(found.map((one) => one.split(' ').at(-1)))).toEqual(new Set([githubToken('author'), githubToken('message')]));
  });

  test('the working tree, the index and the stash are no part of it', async () => {
    const { repository } = forked();
    repository.write('a.txt', line('stash')).stash('x');
    repository.write('b.txt', line('staged')).git('add', 'b.txt');
    repository.write('c.txt', line('untracked'));
    expect(await range(repository, 'main..topic')).toMatchObject({ code: 0, found: [] });
  });

  test('an open end is HEAD', async () => {
    const { repository, base } = forked();
    repository.write('new.txt', line('open')).commit('add');
    expect(await range(repository, `${base}..`)).toMatchObject({ code: 1, found: [`new.txt:1 head ${stripeKey('open')}`] });
  });

  test('revisions of any kind name its ends', async () => {
    const { repository, base } = forked();
    repository.write('new.txt', line('names')).commit('add');
    repository.tag('v1', 'a release');
    for (const text of ['HEAD~1..HEAD', 'topic^..topic', `${base.slice(0, 12)}..v1`, 'refs/heads/main..refs/tags/v1', 'topic@{1}..topic@{0}']) {
      expect((await range(repository, text)).found, text).toEqual([`new.txt:1 head ${stripeKey('names')}`]);
    }
  });

  test('histories without a common commit: everything of the second', async () => {
    const { repository } = forked();
    repository.git('checkout', '--quiet', '--orphan', 'other');
    repository.git('rm', '-rf', '--quiet', '.');
    repository.write('o.txt', line('other')).commit('other root');
    expect(await range(repository, 'main..other')).toMatchObject({ code: 1, found: [`o.txt:1 head ${stripeKey('other')}`] });
  });

  test('an empty range says so', async () => {
    const { repository } = forked();
    const { code, stdout } = await keysift(['--range', 'main..main'], { cwd: repository.path });
    expect(stdout).toContain('note: the range holds no commits: 0 were scanned\n');
    expect(code).toBe(0);
  });

  test('a shallow clone is sure of a range that it holds, and not of one that it cuts off', async () => {
    const { repository } = forked();
    for (const salt of ['one', 'two', 'three']) repository.write(`${salt}.txt`, line(salt)).commit(salt);
    const shallow = TestRepository.at(join(temporaryFolder(), 'shallow'));
    repository.git('clone', '--quiet', '--depth=2', `file://${repository.path}`, shallow.path);
    expect(await range(shallow, 'HEAD~1..HEAD')).toMatchObject({
      code: 1,
      found: [`three.txt:1 head ${stripeKey('three')}`],
      report: { notScanned: [] },
    });
    shallow.git('fetch', '--quiet', '--depth=1', 'origin', 'main:main');
    const { code, report } = await range(shallow, 'main..HEAD');
    expect([code, report.notScanned.map(({ unit, reason }) => `${reason} ${unit}`)]).toEqual([3, ['SHALLOW the range']]);
  });

  test('a blob of the range that is missing is told', async () => {
    const { repository } = forked();
    repository.write('gone.txt', 'gone\n').write('there.txt', line('there')).commit('add');
    const id = repository.blob('gone.txt');
    rmSync(join(repository.path, '.git', 'objects', id.slice(0, 2), id.slice(2)));
    const { code, found, report } = await range(repository, 'main..topic');
    expect(report.notScanned.map(({ unit, reason }) => `${reason} ${unit}`)).toEqual([`OBJECT-MISSING ${id}`]);
    expect([code, found]).toEqual([3, [`there.txt:1 head ${stripeKey('there')}`]]);
  });
});
