import { describe, expect, test } from 'vitest';
import { hasTooManyPaths } from '../../src/git/path-count.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { TestRepository } from '../support/repository.ts';

const made = TestRepository.create({ bare: true });
const repository = ((): Repository => {
  const opened = openRepository(made.path, made.environment());
  if (opened === undefined) throw new Error('no repository');
  return opened;
})();
const blob = made.gitWith({ input: 'x' }, 'hash-object', '-w', '--stdin');

type Entry = readonly [mode: string, type: string, id: string];

function tree(entries: readonly Entry[]): string {
  return made.gitWith({ input: entries.map(([mode, type, id], place) => `${mode} ${type} ${id}\tn${place}\n`).join('') }, 'mktree', '--missing');
}
const files = (count: number): Entry[] => Array.from({ length: count }, (): Entry => ['100644', 'blob', blob]);
const folders = (count: number, id: string): Entry[] => Array.from({ length: count }, (): Entry => ['040000', 'tree', id]);
const commit = (root: string, ...parents: readonly string[]): string =>
  made.gitWith({ input: 'm' }, 'commit-tree', root, ...parents.flatMap((parent) => ['-p', parent]));

/** A million files in six levels of ten. */
let million = tree(files(10));
for (let level = 0; level < 5; level++) million = tree(folders(10, million));
const exactly = commit(million);
const more = commit(tree([...files(1), ...folders(1, million)]));
const few = commit(tree([...files(3), ...folders(2, tree(files(2)))]), more);

describe('a commit has too many paths', () => {
  test('with one more than a million, wherever it lies', async () => {
    expect([await hasTooManyPaths(repository, [exactly], []), await hasTooManyPaths(repository, [more], [])]).toEqual([false, true]);
    expect(await hasTooManyPaths(repository, [exactly, more], [])).toBe(true);
  });

  test('also one of a range, or the one before it, and no other', async () => {
    expect(await hasTooManyPaths(repository, [few], [])).toBe(true);
    expect(await hasTooManyPaths(repository, [few], [more])).toBe(true);
    const later = commit(tree(files(1)), few);
    expect(await hasTooManyPaths(repository, [later], [few])).toBe(false);
  });

  test('submodules and links count as files do', async () => {
    const linked = tree([...folders(1, million), ['120000', 'blob', blob]]);
    const moved = tree([...folders(1, million), ['160000', 'commit', exactly]]);
    expect([await hasTooManyPaths(repository, [commit(linked)], []), await hasTooManyPaths(repository, [commit(moved)], [])]).toEqual([true, true]);
  });

  test('not by folders that are empty or not there', async () => {
    const empty = tree([]);
    expect(await hasTooManyPaths(repository, [commit(tree([...folders(5, empty), ...folders(1, million)]))], [])).toBe(false);
    expect(await hasTooManyPaths(repository, [commit(tree(folders(3, '12'.repeat(20))))], [])).toBe(false);
    expect(repository.git.unanswered).toEqual(new Map());
  });

  test('of nothing there is nothing to count', async () => {
    const never: Repository = { ...repository, git: { ...repository.git, program: '/nowhere/git', unanswered: new Map() } };
    expect(await hasTooManyPaths(never, [], [exactly])).toBe(false);
    expect(never.git.unanswered).toEqual(new Map());
  });

  test('a git that gives no trees is told', async () => {
    const failing: Repository = { ...repository, git: { ...repository.git, program: '/bin/false', unanswered: new Map() } };
    expect(await hasTooManyPaths(failing, [more], [])).toBe(false);
    expect([...failing.git.unanswered.keys()]).toEqual(['which commits are compared']);
  });
});
