/** Tips as a store of packs says them, against git's own answers. */
import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findTips, listObjects, nameTips, soundTips, type Tips } from '../../src/git/enumerate.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { openRepositoryStore } from '../../src/sources/history.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { writePack, type Entry } from './store/hand-made.ts';

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
    const { target, peeled } = tips.refs.find(({ name }) => name === 'refs/tags/of-nothing')!;
    expect(peeled).toBe(target);
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

describe('what history begins with', () => {
  test('all refs, the stash, HEADs of linked worktrees, what a fetch left behind, and reflogs where they are asked for', () => {
    const made = TestRepository.create();
    const first = made.write('a.txt', 'a\n').commit('first');
    const second = made.write('a.txt', 'b\n').commit('second');
    made.write('a.txt', 'c\n');
    const older = made.stash('older');
    made.write('a.txt', 'd\n');
    const newer = made.stash('newer');
    made.git('worktree', 'add', '--quiet', '--detach', join(made.path, 'linked'), first);
    made.write('.git/FETCH_HEAD', `${second}\t\tbranch 'x' of y\n${first}\tnot-for-merge\tbranch 'z'\nnothing ${older}\n`);
    const tips = findTips(opened(made));
    expect(tips).toMatchObject({ head: second, stash: [newer, older], broken: [] });
    expect(tips.refs).toEqual([
      { name: 'refs/heads/main', target: second, peeled: second },
      { name: 'refs/stash', target: newer, peeled: newer },
    ]);
    // A stash resets the branch, which leaves an ORIG_HEAD.
    expect(tips.others).toEqual([first, second, second, first]);
    const gone = made.write('a.txt', 'e\n').commit('gone');
    made.git('update-ref', 'refs/heads/main', second);
    expect(findTips(opened(made)).others).not.toContain(gone);
    expect(findTips(opened(made), true).others).toEqual(expect.arrayContaining([first, second, gone, newer]));
  });

  test('what cannot be read of it is told: a ref without an id, one of nothing, and a HEAD that leads nowhere', () => {
    const made = TestRepository.create();
    const commit = made.write('a.txt', 'a\n').commit('first');
    made.git('branch', 'packed');
    made.git('pack-refs', '--all');
    const absent = '12'.repeat(20);
    made.write('.git/refs/heads/garbage', 'garbage\n').write('.git/refs/heads/of-nothing', `${absent}\n`);
    made.write('.git/refs/heads/main.lock', '');
    const { broken, refs, head } = findTips(opened(made));
    expect(head).toBe(commit);
    expect(refs.map(({ name }) => name)).toEqual(['refs/heads/main', 'refs/heads/packed']);
    expect(broken).toEqual([
      { unit: 'refs/heads/garbage', detail: 'git cannot read this ref' },
      { unit: 'refs/heads/of-nothing', detail: `it points to ${absent}, which is not there` },
    ]);
    made.write('.git/HEAD', `${absent}\n`);
    expect(findTips(opened(made))).toMatchObject({
      head: undefined,
      broken: expect.arrayContaining([{ unit: 'HEAD', detail: `it points to ${absent}, which is not there` }]),
    });
    made.write('.git/HEAD', 'ref: refs/heads/garbage\n');
    expect(findTips(opened(made))).toMatchObject({
      head: undefined,
      broken: expect.arrayContaining([{ unit: 'HEAD', detail: 'git cannot resolve it' }]),
    });
  });

  test('what other commands of git left behind, also without an end of its line', () => {
    const made = TestRepository.create();
    const [first, second] = [made.write('a.txt', 'a\n').commit('first'), made.write('a.txt', 'b\n').commit('second')];
    for (const name of ['ORIG_HEAD', 'FETCH_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD']) {
      made.write(`.git/${name}`, first);
      expect([name, findTips(opened(made)).others]).toEqual([name, [first]]);
      rmSync(join(made.path, '.git', name));
    }
    made.write('.git/HEAD', second);
    expect(findTips(opened(made)).others).toEqual([second]);
  });

  test('no reflog at all', () => {
    const made = TestRepository.create();
    const commit = made.write('a.txt', 'a\n').commit('first');
    rmSync(join(made.path, '.git', 'logs'), { recursive: true, force: true });
    expect(findTips(opened(made), true)).toMatchObject({ head: commit, others: [], broken: [] });
  });

  test('a HEAD whose branch is a folder of branches', () => {
    const made = TestRepository.create();
    made.write('a.txt', 'a\n').commit('first');
    made.git('branch', 'folder/one');
    made.git('symbolic-ref', 'HEAD', 'refs/heads/folder');
    expect(findTips(opened(made)).broken).toEqual([{ unit: 'HEAD', detail: 'git cannot resolve it' }]);
  });

  test('a ref among the packed ones whose name git takes for none', () => {
    const made = TestRepository.create();
    const commit = made.write('a.txt', 'a\n').commit('first');
    made.write('.git/packed-refs', `# pack-refs with: peeled fully-peeled sorted \n${commit} refs/heads/a..b\n${commit} refs/heads/c\n`);
    const { broken, refs } = findTips(opened(made));
    expect(broken).toEqual([{ unit: 'refs/heads/a..b', detail: 'git cannot read this ref' }]);
    expect(refs.map(({ name }) => name)).toEqual(['refs/heads/c', 'refs/heads/main']);
  });

  test('an object whose id ends with a zero', () => {
    const made = TestRepository.create();
    const idOf = (text: string): string => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
    const text = Array.from({ length: 1000 }, (_, index) => `${index}`).find((each) => idOf(each).endsWith('0'))!;
    const id = made.gitWith({ input: text }, 'hash-object', '-w', '--stdin');
    expect(id).toMatch(/0$/);
    made.git('update-ref', 'refs/odd/one', id);
    expect(findTips(opened(made)).refs).toEqual([{ name: 'refs/odd/one', target: id, peeled: id }]);
  });

  test('a ref whose name is no UTF-8', () => {
    const made = TestRepository.create();
    const commit = made.write('a.txt', 'a\n').commit('first');
    made.write('.git/packed-refs', Buffer.from(`# pack-refs with: peeled fully-peeled sorted \n${commit} refs/heads/a\xff\n`, 'latin1'));
    expect(findTips(opened(made))).toMatchObject({ broken: [], refs: [{ name: 'refs/heads/a\\xff' }, { name: 'refs/heads/main' }] });
  });
});

describe('the objects that tips reach', () => {
  const made = TestRepository.create();
  const first = made.write('a.txt', 'a\n').commit('first');
  const second = made.write('b.txt', 'b\n').commit('second');
  const tag = made.tag('v1', 'one');
  const [a, b] = [made.blob('a.txt'), made.blob('b.txt')];
  const alone = made.gitWith({ input: 'alone' }, 'hash-object', '-w', '--stdin');
  const repository = opened(made);

  /** The same with a git that does something else where its words fit a pattern of the shell. */
  const lying = (pattern: string, instead: string, of = repository): Repository => {
    const { git, ...rest } = of;
    const folder = folderWith({ git: `#!/bin/sh\nreal=${git.program}\ncase "$*" in ${pattern}) ${instead};; *) exec $real "$@";; esac\n` });
    chmodSync(join(folder, 'git'), 0o755);
    return { ...rest, git: { ...git, program: join(folder, 'git'), unanswered: new Map() } };
  };
  const listed = async (asked: Repository, tips: readonly string[], exclude: readonly string[] = [], unreachable = false) => {
    const { blobs, commits, tags, ...more } = await listObjects(asked, tips, exclude, unreachable);
    return { blobs: blobs.toSorted(), commits: commits.toSorted(), tags, ...more };
  };
  const sorted = (...ids: string[]): string[] => ids.toSorted();
  const WHOLE = { blobs: sorted(a, b), commits: sorted(first, second), tags: [tag], missing: [] };

  test('all, and how many more there are; these too where they are asked for', async () => {
    expect(await listed(repository, [tag])).toStrictEqual({ ...WHOLE, unreachable: 1 });
    expect(await listed(repository, [tag], [], true)).toEqual({ ...WHOLE, blobs: sorted(a, b, alone), unreachable: 1 });
    expect(await listed(repository, [first])).toEqual({ blobs: [a], commits: [first], tags: [], missing: [], unreachable: 5 });
    expect(await listed(repository, [])).toEqual({ blobs: [], commits: [], tags: [], missing: [], unreachable: 8 });
  });

  test('of a history whose number of commits has two digits', async () => {
    const long = TestRepository.create();
    let last = long.write('a.txt', 'a\n').commit('first');
    for (let count = 1; count < 10; count++) last = long.git('commit-tree', '-p', last, '-m', `${count}`, `${last}^{tree}`);
    const { commits, ...rest } = await listObjects(opened(long), [last]);
    expect(commits).toHaveLength(10);
    expect(rest).toEqual({ blobs: [a], tags: [], missing: [], unreachable: 0 });
  });

  test('of a range: what it adds, and nothing is counted besides', async () => {
    expect(await listed(repository, [tag], [first])).toEqual({ blobs: [b], commits: [second], tags: [tag], missing: [], unreachable: 0 });
    expect(await listed(repository, [first], [second])).toEqual({ blobs: [], commits: [], tags: [], missing: [], unreachable: 0 });
    expect(repository.git.unanswered).toEqual(new Map());
  });

  test('one that is not there is missing, and is no failure', async () => {
    const lacking = TestRepository.create();
    const commit = lacking.write('a.txt', 'a\n').write('b.txt', 'b\n').commit('first');
    rmSync(join(lacking.path, '.git', 'objects', b.slice(0, 2), b.slice(2)));
    expect(await listed(opened(lacking), [commit])).toEqual({ blobs: [a], commits: [commit], tags: [], missing: [b], unreachable: 0 });
  });

  test('so is one that the walk names and the database does not list, and what a walk that fails called missing', async () => {
    const [absent, fault] = ['12'.repeat(20), 'git ended with code 3'];
    expect(await listed(lying('*--batch-all-objects*', `$real "$@" | grep -v ${b}`), [tag])).toEqual({
      ...WHOLE,
      blobs: [a],
      missing: [b],
      unreachable: 1,
    });
    expect(await listed(lying('*--objects*', `echo "?${absent}"; exit 3`), [tag])).toMatchObject({ missing: [absent], failure: fault });
  });

  const CUT = 'git ended well, but what it said is cut off or is no answer';
  const ALL = { blobs: sorted(a, b, alone), commits: sorted(first, second), tags: [tag], missing: [], unreachable: 0 };

  test.each<[string, string, string, string]>([
    ['a walk that fails', '*--objects*', 'echo fatal: broken >&2; exit 128', 'fatal: broken'],
    ['one that fails the second time', '*--in-commit-order*', 'exit 1', 'git ended with code 1'],
    ['one that stops', '*--objects*', '$real "$@" | head -n 1', CUT],
    ['one that names less the second time', '*--in-commit-order*', '$real "$@" | sed 1d', CUT],
    ['one that names more the second time', '*--in-commit-order*', `$real "$@"; echo ${'12'.repeat(20)}`, CUT],
    ['one that names others the second time', '*--in-commit-order*', `$real "$@" | sed 1s/.*/${'12'.repeat(20)}/`, CUT],
    ['one that ends within a line', '*--objects*', '$real "$@" | head -c 100', CUT],
    ['one that says something else', '*--objects*', '$real "$@"; echo strange', CUT],
    ['one that says something before each', '*--objects*', '$real "$@" | sed s/^/x/', CUT],
    ['one that says nothing at all', '*--objects*', 'cat > /dev/null', CUT],
    ['another number of commits', '*--count*', 'echo 3', CUT],
    ['no number of commits', '*--count*', 'cat > /dev/null', CUT],
    ['two numbers', '*--count*', 'echo 2; echo 2', CUT],
  ])('all that there are where git does not say it: %s', async (_what, pattern, instead, failure) => {
    expect(await listed(lying(pattern, instead), [tag])).toEqual({ ...ALL, failure });
  });

  test('a list of the database that is cut, or that fails, is noted', async () => {
    const noted = async (instead: string): Promise<unknown> => {
      const asked = lying('*--batch-all-objects*', instead);
      await listObjects(asked, [tag]);
      return [...asked.git.unanswered];
    };
    expect(await noted('$real "$@" | head -c 100')).toEqual([['the list of objects', CUT]]);
    expect(await noted('$real "$@"; exit 3')).toEqual([['the list of objects', 'git ended with code 3']]);
    const ranged = lying('*--batch-check*', '$real "$@" | sed 1d');
    await listObjects(ranged, [tag], [first]);
    expect([...ranged.git.unanswered]).toEqual([['the list of objects', CUT]]);
  });

  test('what the database lists and nobody can read is missing where all of it is asked for, or git does not say what is', async () => {
    const broken = TestRepository.create();
    const commit = broken.write('a.txt', 'a\n').commit('first');
    broken.write(`.git/objects/${b.slice(0, 2)}/${b.slice(2)}`, 'no zlib');
    const rest = { blobs: [a], commits: [commit], tags: [], unreachable: 0 };
    expect(await listed(opened(broken), [commit])).toEqual({ ...rest, missing: [] });
    expect(await listed(opened(broken), [commit], [], true)).toEqual({ ...rest, missing: [b] });
    const absent = '12'.repeat(20);
    expect(await listed(opened(broken), [commit, absent])).toMatchObject({ ...rest, missing: [b], failure: expect.any(String) });
  });

  test('tips that lie in packs are not asked for, but for a tag that is not what its id says', () => {
    const packed = TestRepository.create();
    const commit = packed.write('a.txt', 'a\n').commit('first');
    packed.tag('v1', 'one');
    packed.git('repack', '-adq');
    const of = opened(packed);
    const honest = findTips(of);
    const told = (asked: Repository): Tips => {
      const store = openRepositoryStore(asked, false);
      onTestFinished(() => store.close());
      return soundTips(asked, nameTips(asked), store);
    };
    const silent = lying('*cat-file*', 'exit 1', of);
    expect(told(silent)).toEqual(honest);
    const absent = '34'.repeat(20);
    packed.write('.git/refs/heads/of-nothing', `${absent}\n`);
    expect(told(of).broken).toEqual([{ unit: 'refs/heads/of-nothing', detail: `it points to ${absent}, which is not there` }]);
    rmSync(join(packed.path, '.git/refs/heads/of-nothing'));
    expect(silent.git.unanswered).toEqual(new Map());
    const strange: Entry = { id: '12'.repeat(20), type: 'tag', body: Buffer.from(`object ${commit}\ntype commit\ntag n\n\nm\n`) };
    writePack(join(packed.path, '.git', 'objects'), 'pack-1', [strange]);
    packed.write('.git/refs/tags/strange', `${strange.id}\n`);
    expect(told(of)).toEqual(findTips(of));
    const asked = lying('*cat-file*', 'exit 1', of);
    told(asked);
    expect([...asked.git.unanswered]).toEqual([['which refs lead to something', CUT]]);
  });

  test('a tip of which git says no more than that it is there stands for itself', () => {
    const asked = lying('*--batch-check*', '$real "$@" | head -n 1');
    expect(findTips(asked).refs).toEqual([{ name: 'refs/heads/main', target: second, peeled: second }]);
    expect([...asked.git.unanswered]).toEqual([['which refs lead to something', CUT]]);
  });

  test('one whose type git does not say is not there, nor one in whose place it speaks of another; without a type nothing is at its end', () => {
    for (const change of ['s/ .*//', 's/^./x/']) {
      const { refs, broken } = findTips(lying('*--batch-check*', `$real "$@" | sed "${change}"`));
      expect(refs).toEqual([]);
      expect(broken.map(({ unit }) => unit)).toEqual(['refs/heads/main', 'refs/tags/v1', 'HEAD']);
    }
    const { refs } = findTips(lying('*--batch-check*', '$real "$@" | sed "n;s/ .*//"'));
    expect(refs.map(({ target, peeled }) => [target, peeled])).toEqual([second, tag].map((id) => [id, id]));
  });

  test('a HEAD that git says, and fails, and one that it does not say where its ref is there', () => {
    const HEAD = [{ unit: 'HEAD', detail: 'git cannot resolve it' }];
    const other = TestRepository.create();
    other.write('a.txt', 'a\n').commit('first');
    other.git('checkout', '--quiet', '--detach');
    expect(findTips(lying('*rev-parse*', '$real "$@"; exit 1', opened(other)))).toMatchObject({ head: undefined, broken: HEAD });
    other.git('update-ref', 'refs/odd/one', 'HEAD');
    other.git('symbolic-ref', 'HEAD', 'refs/odd/one');
    other.git('pack-refs', '--all');
    expect(
      findTips(lying('*rev-parse*|*for-each-ref*', 'case "$*" in *rev-parse*) exit 1;; *) $real "$@" | tr "*" " ";; esac', opened(other))),
    ).toMatchObject({
      head: undefined,
      broken: HEAD,
    });
  });

  test('tips of which git gives no whole list are noted', () => {
    const noted = (pattern: string, instead: string): unknown => {
      const asked = lying(pattern, instead);
      findTips(asked);
      return [...asked.git.unanswered];
    };
    expect(findTips(lying('*for-each-ref*', '$real "$@"; echo strange')).refs).toEqual(findTips(repository).refs);
    for (const instead of ['$real "$@"; echo strange', '$real "$@" | head -c 90', '$real "$@" | sed s/^/x/'])
      expect(noted('*for-each-ref*', instead)).toEqual([['the list of refs', CUT]]);
    expect(noted('*--batch-check*', '$real "$@" | sed 1d')).toEqual([['which refs lead to something', CUT]]);
    expect(noted('*--batch-check*', 'exit 1')).toEqual([['which refs lead to something', CUT]]);
  });
});
