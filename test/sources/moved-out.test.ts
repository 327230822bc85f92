import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TOO_MANY_PATHS } from '../../src/git/path-count.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import type { NotScanned } from '../../src/model/not-scanned.ts';
import type { Sink } from '../../src/model/source.ts';
import { movedOut } from '../../src/sources/moved-out.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';

function opened(made: TestRepository): Repository {
  const repository = openRepository(made.path, made.environment());
  if (repository === undefined) throw new Error('no repository');
  return repository;
}

/** What a range moves where `test/` is left out, and what is told of it. */
async function moved(repository: Repository, from: string, without: string, leftOut?: (path: string) => boolean) {
  const told: (NotScanned | string)[] = [];
  const sink = {
    counted: (unit: string) => told.push(`counted ${unit}`),
    excluded: (reason: string) => told.push(`excluded ${reason}`),
    notScanned: (entry: NotScanned) => told.push(entry),
  } as unknown as Sink;
  const blobs = await movedOut(repository, { from: [from], without: [without] }, leftOut, sink);
  return { blobs, told };
}

const inTests = (path: string): boolean => path.startsWith('test/');

describe('what a range moves out of places that policy leaves out', () => {
  const made = TestRepository.create();
  const base = made
    .write('test/key', 'key\n')
    .write('test/kept', 'kept\n')
    .write('test/known', 'known\n')
    .write('src/known', 'known\n')
    .commit('base');
  const [key, kept, known] = ['test/key', 'test/kept', 'test/known'].map((path) => made.blob(path));
  made.git('mv', 'test/key', 'src/key');
  made.git('mv', 'test/kept', 'test/other');
  made.git('mv', 'test/known', 'src/again');
  const head = made.write('src/new', 'new\n').commit('move');

  test('is what was nowhere else, and is where policy looks now', async () => {
    expect([key, kept, known].map((id) => id?.length)).toEqual([40, 40, 40]);
    const repository = opened(made);
    expect(await moved(repository, head, base, inTests)).toEqual({ blobs: [key], told: [] });
    expect(repository.git.unanswered).toEqual(new Map());
  });

  test('is nothing where policy leaves nothing out', async () => {
    expect(await moved(opened(made), head, base)).toEqual({ blobs: [], told: [] });
    expect(await moved(opened(made), head, base, () => false)).toEqual({ blobs: [], told: [] });
  });

  test('is told once, however many commits and paths it comes to', async () => {
    const twice = TestRepository.create();
    const start = twice.write('test/ü b', 'key\n').commit('base');
    const blob = twice.blob('test/ü b');
    twice.write('src/one', 'key\n').write('src/two', 'key\n').commit('first');
    const end = twice.write('src/three', 'key\n').commit('second');
    expect((await moved(opened(twice), end, start, (path) => path === 'test/ü b')).blobs).toEqual([blob]);
    expect((await moved(opened(twice), end, start, (path) => path === 'test/u b')).blobs).toEqual([]);
  });

  test('is what any of the commits held before which it begins', async () => {
    const two = TestRepository.create();
    const start = two.write('a.txt', 'a\n').commit('start');
    const side = two.branch('side').write('test/key', 'key\n').commit('side');
    two.checkout('main').write('b.txt', 'b\n').commit('main');
    const end = two.merge(['side'], { evil: () => two.git('mv', 'test/key', 'src.txt') });
    const blob = two.blob('src.txt');
    expect((await moved(opened(two), end, side, inTests)).blobs).toEqual([blob]);
    expect((await moved(opened(two), end, start, inTests)).blobs).toEqual([]);
  });
});

test('submodules that a range moves are counted, and are not of this repository', async () => {
  const made = TestRepository.create();
  const base = made.write('a.txt', 'a\n').commit('base');
  made.git('update-index', '--add', '--cacheinfo', `160000,${'12'.repeat(20)},one`);
  made.commitIndex('one');
  made.git('update-index', '--add', '--cacheinfo', `160000,${'34'.repeat(20)},two`);
  const head = made.commitIndex('two');
  const once = ['counted source', 'excluded submodule'];
  expect(await moved(opened(made), head, base)).toEqual({ blobs: [], told: [...once, ...once] });
});

describe('what cannot be found out is not scanned', () => {
  test('where git cannot compare: a tree is not there', async () => {
    const made = TestRepository.create();
    const base = made.write('test/key', 'key\n').commit('base');
    const head = made.write('src/a', 'a\n').commit('head');
    rmSync(join(made.path, '.git', 'objects', made.git('rev-parse', 'HEAD:src').slice(0, 2)), { recursive: true });
    const { blobs, told } = await moved(opened(made), head, base, inTests);
    expect(blobs).toEqual([]);
    expect(told).toEqual(['counted source', { unit: 'what the range moves', reason: 'GIT-FAILED', detail: expect.stringContaining('tree') }]);
  });

  test('where there are too many paths to compare', async () => {
    const made = TestRepository.create({ bare: true });
    const write = (entries: string): string => made.gitWith({ input: entries }, 'mktree', '--missing');
    const each = (line: string, count: number): string => Array.from({ length: count }, (_, place) => `${line}\tn${place}\n`).join('');
    let tree = write(each(`100644 blob ${'12'.repeat(20)}`, 101));
    for (const count of [100, 100]) tree = write(each(`040000 tree ${tree}`, count));
    const base = made.gitWith({ input: 'm' }, 'commit-tree', write(''));
    const head = made.gitWith({ input: 'm' }, 'commit-tree', tree, '-p', base);
    expect(await moved(opened(made), head, base, inTests)).toEqual({
      blobs: [],
      told: ['counted source', { unit: 'what the range moves', reason: 'GIT-FAILED', detail: TOO_MANY_PATHS }],
    });
  });

  test('where git does not say where the range begins', async () => {
    const made = TestRepository.create();
    const base = made.write('test/key', 'key\n').commit('base');
    made.git('mv', 'test/key', 'key');
    const head = made.commit('head');
    const repository = opened(made);
    const folder = folderWith({ git: `#!/bin/sh\ncase "$*" in *ls-tree*) exit 1;; esac\nexec ${repository.git.program} "$@"\n` });
    chmodSync(join(folder, 'git'), 0o755);
    const failing: Repository = { ...repository, git: { ...repository.git, program: join(folder, 'git') } };
    expect((await moved(failing, head, base, inTests)).blobs).toEqual([]);
    expect([...failing.git.unanswered.keys()]).toEqual(['where the range begins']);
  });
});
