import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { heldByCommits, parseTree, treeOfCommit } from '../../src/git/trees.ts';
import { MAX_WHOLE } from '../../src/model/source.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';

function opened(made: TestRepository): Repository {
  const repository = openRepository(made.path, made.environment());
  if (repository === undefined) throw new Error('no repository');
  return repository;
}

describe('the bytes of a tree', () => {
  const entry = (mode: string, name: string, digit: string): Buffer => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.alloc(20, digit)]);
  const told = (bytes: Buffer): string[] => [...parseTree(bytes, 40)].map(({ mode, name, id }) => `${mode} ${name.toString()} ${id.slice(0, 2)}`);

  test('are entries: a mode, a name, which may hold a blank, and an id', () => {
    const bytes = Buffer.concat([entry('100644', 'a b', 'A'), entry('40000', 'c', 'B')]);
    expect(told(bytes)).toEqual(['100644 a b 41', '40000 c 42']);
    expect([...parseTree(bytes, 40)].map(({ id }) => id)).toEqual(['41'.repeat(20), '42'.repeat(20)]);
    expect(told(Buffer.alloc(0))).toEqual([]);
  });

  test('end where they are no entry: what stands before is told, what is cut is not', () => {
    const first = entry('100644', 'a', 'A');
    for (const rest of ['', '100644', '100644 b', '100644 b\0', `100644 b\0${'x'.repeat(19)}`, '\0'.repeat(30), `\0 ${'x'.repeat(30)}`])
      expect([rest, told(Buffer.concat([first, Buffer.from(rest)]))]).toEqual([rest, ['100644 a 41']]);
    expect(told(Buffer.concat([first, Buffer.from(`100644 b\0${'x'.repeat(20)}`)]))).toHaveLength(2);
  });

  test('a commit names its own on its first line', () => {
    const [short, long] = ['ab'.repeat(20), 'cd'.repeat(32)];
    expect([short, long].map((id) => treeOfCommit(Buffer.from(`tree ${id}\nauthor`)))).toEqual([short, long]);
    for (const text of ['', `tree ${short}`, `tree ${short.slice(1)}\n`, ` tree ${short}\n`, `x\ntree ${short}\n`, `tree ${short} \n`])
      expect(treeOfCommit(Buffer.from(text))).toBeUndefined();
  });
});

describe('which of some blobs commits hold at some paths', () => {
  const made = TestRepository.create();
  made.write('a.txt', 'one\n').write('src/a.txt', 'one\n').write('src/deep/b.txt', 'two\n').write('src/deep/c.txt', 'three\n');
  const first = made.write('copy/deep/b.txt', 'two\n').write('copy/deep/c.txt', 'three\n').commit('first');
  const [one, two, three] = ['a.txt', 'src/deep/b.txt', 'src/deep/c.txt'].map((path) => made.blob(path));
  made.remove('a.txt').remove('src/a.txt').write('src/deep/b.txt', 'other\n');
  const second = made.write('src/a.txt/x', 'one\n').commit('second');
  const held = async (
    commits: readonly string[],
    wanted: readonly (string | undefined)[],
    paths: readonly string[],
    repository = opened(made),
  ): Promise<string[][]> => {
    const found = await heldByCommits(repository, commits, new Set(wanted.map(String)), paths);
    return commits.map((commit) => (found.get(commit) ?? []).map(({ blob, path }) => `${path} ${[one, two, three].indexOf(blob)}`));
  };

  test('each at its own path alone, and only what is wanted there', async () => {
    expect(await held([first, second], [one, two, three], ['a.txt', 'src/deep/b.txt', 'src/deep/c.txt'])).toEqual([
      ['a.txt 0', 'src/deep/b.txt 1', 'src/deep/c.txt 2'],
      ['src/deep/c.txt 2'],
    ]);
    expect(await held([first], [two], ['a.txt', 'src/deep/b.txt', 'src/deep/c.txt', 'deep/b.txt'])).toEqual([['src/deep/b.txt 1']]);
  });

  test('one tree in two folders is two places', async () => {
    expect(await held([first], [two, three], ['src/deep/b.txt', 'copy/deep/c.txt', 'copy/deep/b.txt'])).toEqual([
      ['copy/deep/b.txt 1', 'copy/deep/c.txt 2', 'src/deep/b.txt 1'],
    ]);
  });

  test('a folder where a file was is none, and what is no commit holds nothing', async () => {
    const repository = opened(made);
    const asked = [second, first, one!, 'f'.repeat(40)];
    expect(await held(asked, [one], ['src/a.txt', 'a.txt', 'src'], repository)).toEqual([[], ['a.txt 0', 'src/a.txt 0'], [], []]);
    expect(repository.git.unanswered).toEqual(new Map());
  });

  test('a tree that is not there is no answer, and what git lacks is told elsewhere', async () => {
    const broken = made.gitWith(
      { input: `tree ${'12'.repeat(20)}\nauthor A <a@example.com> 1 +0000\ncommitter A <a@example.com> 1 +0000\n\nm\n` },
      'hash-object',
      '-t',
      'commit',
      '-w',
      '--stdin',
      '--literally',
    );
    const repository = opened(made);
    expect(await held([broken, first], [one], ['a.txt'], repository)).toEqual([[], ['a.txt 0']]);
    expect(repository.git.unanswered).toEqual(new Map());
  });

  test('a git that fails is told', async () => {
    const { git, ...repository } = opened(made);
    const failing: Repository = { ...repository, git: { ...git, program: '/bin/false' } };
    await heldByCommits(failing, [first], new Set([one!]), ['a.txt']);
    expect([...failing.git.unanswered.keys()]).toEqual([first]);
    // The same of a tree alone.
    const root = made.git('rev-parse', `${first}^{tree}`);
    const folder = folderWith({ git: `#!/bin/sh\nread id; [ "$id" != ${root} ] || exit 1; (echo "$id"; cat) | exec ${git.program} "$@"\n` });
    chmodSync(join(folder, 'git'), 0o755);
    const treeless: Repository = { ...repository, git: { ...git, program: join(folder, 'git'), unanswered: new Map() } };
    expect(await held([first], [one], ['a.txt'], treeless)).toEqual([[]]);
    expect([...treeless.git.unanswered.keys()]).toEqual([root]);
  });

  test('a commit or a folder that is too large to be held is told, and what lies elsewhere is found', async () => {
    const { git, ...repository } = opened(made);
    const saying = (large: string, type: string): Repository => {
      const size = MAX_WHOLE + 1;
      const folder = folderWith({
        git: `#!/bin/sh\nwhile read id; do if [ "$id" = ${large} ]; then echo "$id ${type} ${size}"; head -c ${size} /dev/zero; echo; else echo "$id" | ${git.program} "$@"; fi; done\n`,
      });
      chmodSync(join(folder, 'git'), 0o755);
      return { ...repository, git: { ...git, program: join(folder, 'git'), unanswered: new Map() } };
    };
    const told = `it has more than ${MAX_WHOLE} bytes, so places of findings below it are unknown`;
    const source = saying(made.git('rev-parse', `${first}:src`).trim(), 'tree');
    expect(await held([first], [one, two], ['a.txt', 'src/deep/b.txt', 'copy/deep/b.txt'], source)).toEqual([['a.txt 0', 'copy/deep/b.txt 1']]);
    expect([...source.git.unanswered]).toEqual([[made.git('rev-parse', `${first}:src`).trim(), told]]);
    const tip = saying(second, 'commit');
    expect(await held([first, second], [one], ['a.txt'], tip)).toEqual([['a.txt 0'], []]);
    expect([...tip.git.unanswered]).toEqual([[second, told]]);
  });
});
