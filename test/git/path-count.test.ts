import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasTooManyPaths, TOO_MANY_PATHS } from '../../src/git/path-count.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { folderWith } from '../support/folder.ts';
import { MAX_WHOLE } from '../../src/model/source.ts';
import { TestRepository } from '../support/repository.ts';

const made = TestRepository.create({ bare: true });
const repository = opened();

function opened(program?: string): Repository {
  const found = openRepository(made.path, made.environment());
  if (found === undefined) throw new Error('no repository');
  return program === undefined ? found : { ...found, git: { ...found.git, program } };
}

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
    expect(await hasTooManyPaths(repository, [commit(tree(folders(1, tree([...files(1), ...folders(1, million)]))))], [])).toBe(true);
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
    const whole = opened();
    expect(await hasTooManyPaths(whole, [commit(tree(folders(3, '12'.repeat(20))))], [])).toBe(false);
    expect(whole.git.unanswered).toEqual(new Map());
  });

  test('each folder is asked for once, at whatever levels it lies', async () => {
    const asked = join(folderWith({}), 'asked');
    const twice = commit(tree([...folders(1, million), ...folders(1, tree(folders(1, million)))]));
    await hasTooManyPaths(saying(`tee -a ${asked} | ${repository.git.program} "$@"`), [twice], []);
    const ids = readFileSync(asked, 'utf8').trim().split('\n');
    expect(ids.length).toBeGreaterThan(5);
    expect(new Set(ids).size).toBe(ids.length);
  });

  /** A git whose `cat-file` does something else. */
  function saying(instead: string): Repository {
    const git = repository.git.program;
    const folder = folderWith({ git: `#!/bin/sh\ncase "$*" in *cat-file*) ${instead};; *) exec ${git} "$@";; esac\n` });
    chmodSync(join(folder, 'git'), 0o755);
    return opened(join(folder, 'git'));
  }

  test('a folder that is said to lie in itself counts once, and nothing waits for an end of it', async () => {
    const root = made.git('rev-parse', `${more}^{tree}`);
    const within = Buffer.concat(['40000 a', '100644 b'].map((name) => Buffer.concat([Buffer.from(`${name}\0`), Buffer.from(root, 'hex')])));
    const ring = join(folderWith({ tree: within }), 'tree');
    const circular = saying(`while read id; do echo "$id tree ${within.length}"; cat ${ring}; echo; done`);
    expect(await hasTooManyPaths(circular, [more], [])).toBe(false);
    expect(circular.git.unanswered).toEqual(new Map());
    expect(await hasTooManyPaths(repository, [more], [])).toBe(true);
  });

  test('what is told then', () => {
    expect(TOO_MANY_PATHS).toBe('a commit has more than 1000000 paths, or a folder of more than 16777216 bytes, which git cannot compare');
  });

  test('with a folder that is too large to be read, or below a commit that is', async () => {
    const size = MAX_WHOLE + 1;
    const large = saying(`while read id; do echo "$id tree ${size}"; head -c ${size} /dev/zero; echo; done`);
    expect(await hasTooManyPaths(large, [few], [more])).toBe(true);
    const long = made.gitWith({ input: 'm'.repeat(MAX_WHOLE) }, 'commit-tree', `${more}^{tree}`);
    expect(await hasTooManyPaths(repository, [long], [])).toBe(true);
  });

  test('of nothing there is nothing to count', async () => {
    const never = opened('/nowhere/git');
    expect(await hasTooManyPaths(never, [], [exactly])).toBe(false);
    expect(never.git.unanswered).toEqual(new Map());
  });

  test('a git that gives no commits, or no trees, is told', async () => {
    const failing = opened('/bin/false');
    expect(await hasTooManyPaths(failing, [more], [])).toBe(false);
    expect([...failing.git.unanswered.keys()]).toEqual(['which commits are compared']);
    const root = made.git('rev-parse', `${few}^{tree}`);
    // Only what is asked for alone fails: each object is asked for twice before it is given up.
    const treeless = saying(`read id; [ "$id" != ${root} ] || exit 1; (echo "$id"; cat) | exec ${repository.git.program} "$@"`);
    expect(await hasTooManyPaths(treeless, [few], [more])).toBe(true);
    expect([...treeless.git.unanswered.keys()]).toEqual([root]);
  });
});
