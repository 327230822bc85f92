/** Tips as a store of packs says them, against git's own answers. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { findTips, nameTips, soundTips } from '../../src/git/enumerate.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { openRepositoryStore } from '../../src/sources/history.ts';
import { TestRepository } from '../support/repository.ts';

function opened(made: TestRepository): Repository {
  const repository = openRepository(made.path, made.environment());
  if (repository === undefined) throw new Error('no repository');
  return repository;
}

const NOBODY = 'A <a@example.com> 1700000000 +0000';

/** A ref to a tag with whatever it says: git itself would write none. */
function strangeTag(made: TestRepository, name: string, text: string): void {
  const id = made.gitWith({ input: text }, 'hash-object', '-t', 'tag', '-w', '--stdin', '--literally').trim();
  made.write(`.git/refs/tags/${name}`, `${id}\n`);
}

describe('tags in a pack are followed as git follows them', () => {
  test.each([true, false])('with plans: %s', (isPlanned) => {
    const made = TestRepository.create();
    const commit = made.write('a.txt', 'a\n').commit('first');
    const blob = made.blob('a.txt');
    const tree = made.git('rev-parse', 'HEAD^{tree}').trim();
    made.tag('plain', 'one');
    made.tag('of-a-tag', 'two', 'plain');
    made.tag('of-a-blob', 'three', blob);
    made.tag('of-a-tree', 'four', tree);
    made.tag('long', 'x'.repeat(5000));
    made.git('tag', 'no-tag');
    strangeTag(made, 'of-nothing', `object ${'12'.repeat(20)}\ntype commit\ntag n\ntagger ${NOBODY}\n\nm\n`);
    strangeTag(made, 'of-another-type', `object ${commit}\ntype blob\ntag n\ntagger ${NOBODY}\n\nm\n`);
    strangeTag(made, 'of-no-name', `object ${commit}\ntype commit\nfoo n\n\nm\n`);
    strangeTag(made, 'of-no-type', `object ${commit}\ntype thing\ntag n\n\nm\n`);
    const ids = made.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)');
    made.gitWith({ input: ids }, 'pack-objects', '--quiet', '.git/objects/pack/pack');
    made.git('prune-packed');
    const repository = opened(made);
    const store = openRepositoryStore(repository, false);
    onTestFinished(() => store.close());
    if (isPlanned) store.planAll();
    const tips = soundTips(repository, nameTips(repository), store);
    expect(repository.git.unanswered).toEqual(new Map());
    expect(tips.refs.find(({ name }) => name === 'refs/tags/of-a-tag')?.peeled).toBe(commit);
    expect(tips.refs.find(({ name }) => name === 'refs/tags/of-a-blob')?.peeled).toBe(blob);
    expect(tips.refs).toHaveLength(11);
    expect(tips).toEqual(findTips(repository));
  });
});

test.each<[string, (made: TestRepository) => void]>([
  ['a branch', () => undefined],
  [
    'a branch that stands for another',
    (made) => made.git('symbolic-ref', 'refs/heads/other', 'refs/heads/main') + made.git('symbolic-ref', 'HEAD', 'refs/heads/other'),
  ],
  ['a branch whose name is packed', (made) => made.git('pack-refs', '--all')],
  ['a commit', (made) => made.git('checkout', '--quiet', '--detach')],
  ['a ref that is no branch', (made) => made.git('update-ref', 'refs/odd/one', 'HEAD~1') + made.git('symbolic-ref', 'HEAD', 'refs/odd/one')],
])('HEAD is %s', (_, change) => {
  const made = TestRepository.create();
  made.write('a.txt', 'a\n').commit('first');
  made.branch('behind').checkout('main');
  made.write('a.txt', 'b\n').commit('second');
  change(made);
  const { head, broken } = findTips(opened(made));
  expect(head).toBe(made.git('rev-parse', 'HEAD').trim());
  expect(broken).toEqual([]);
});

test('HEAD is a branch without a commit', () => {
  const made = TestRepository.create();
  made.write('a.txt', 'a\n').commit('first');
  made.git('symbolic-ref', 'HEAD', 'refs/heads/none');
  expect(findTips(opened(made))).toMatchObject({ head: undefined, broken: [] });
});
