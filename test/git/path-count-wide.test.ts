/** Apart from the other tests of it, since it takes ten times as long as they do. */
import { expect, test } from 'vitest';
import { hasTooManyPaths } from '../../src/git/path-count.ts';
import { openRepository } from '../../src/git/repository.ts';
import { TestRepository } from '../support/repository.ts';

test('more folders in one than a call takes arguments are counted', async () => {
  const made = TestRepository.create({ bare: true });
  const tree = (entries: readonly string[]): string => made.gitWith({ input: entries.join('') }, 'mktree', '--missing');
  const blob = made.gitWith({ input: 'x' }, 'hash-object', '-w', '--stdin');
  const absent = Array.from({ length: 200_000 }, (_, index) => `040000 tree ${`${index}`.padStart(40, 'a')}\tn${index}\n`);
  const some = tree([`100644 blob ${blob}\tn\n`]);
  const commit = (root: string): string => made.gitWith({ input: 'm' }, 'commit-tree', root);
  const found = openRepository(made.path, made.environment());
  expect(found).toBeDefined();
  expect(await hasTooManyPaths(found!, [commit(tree([...absent, `040000 tree ${some}\tsome\n`]))], [])).toBe(false);
});
