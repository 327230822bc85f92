/** What `git log --raw -c` says, taken apart: for each path that touches a wanted blob what it was in each parent, and what it became. */
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitContext } from '../../src/git/command.ts';
import { findChanges } from '../../src/git/log.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';

const id = (digit: string): string => digit.repeat(40);
const NONE = id('0');

/** A repository whose git says just this, and how it ends. */
function saying(records: readonly string[], ending = 'exit 0'): Repository {
  const folder = folderWith({
    said: records.join('\0'),
    git: `#!/bin/sh\ncat > "$(dirname "$0")/asked"\ncat "$(dirname "$0")/said"\n${ending}\n`,
  });
  chmodSync(`${folder}/git`, 0o755);
  const git = gitContext(folder, { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` });
  return { git } as Repository;
}

const header = (commit: string, parents = '', time = '100'): string => `${commit} ${parents}|${time}`;
const changed = (from: string, to: string, mode = '100644'): string => `:100644 ${mode} ${from} ${to} M`;
const ask = (repository: Repository) => findChanges(repository, [id('1')], new Set([id('a'), id('b')]));

describe('findChanges', () => {
  test('tells what brings a wanted blob in and what takes it out, and nothing else', async () => {
    const repository = saying([
      header(id('1'), id('2')),
      `\n${changed(id('a'), id('c'))}`,
      'out.txt',
      changed(id('c'), id('d')),
      'other.txt',
      header(id('2'), '', ''),
      `\n${changed(NONE, id('a'))}`,
      'in\xff.txt',
      '',
    ]);
    expect(await ask(repository)).toEqual({
      changes: [
        { commit: id('1'), parents: [id('2')], time: 100, order: 0, from: [id('a')], to: id('c'), path: 'out.txt' },
        { commit: id('2'), parents: [], time: Number.NaN, order: 1, from: [NONE], to: id('a'), path: 'in\u00ff.txt' },
      ],
      commits: 2,
      submodules: 0,
    });
  });

  test('a submodule takes a blob out whose place it takes; where none was wanted it is counted once a path', async () => {
    const repository = saying([
      header(id('1')),
      `\n${changed(id('a'), id('c'), '160000')}`,
      'wanted',
      ...[1, 2].flatMap(() => [changed(id('d'), id('e'), '160000'), 'moves']),
      changed(NONE, id('a'), '160000'),
      'named like a blob',
      '',
    ]);
    const { changes, submodules } = await ask(repository);
    expect(changes.map(({ path, to }) => [path, to])).toEqual([['wanted', NONE]]);
    expect(submodules).toBe(2);
  });

  test('of a merge each parent counts, and whether the result is a submodule', async () => {
    const merged = (modes: string, to: string): string => `::${modes} ${id('a')} ${id('c')} ${to} MM`;
    const records = [merged('100644 160000 100644', id('d')), 'one', merged('100644 100644 160000', id('e')), 'two'];
    const { changes } = await ask(saying([header(id('1'), `${id('2')} ${id('3')}`), ...records, '']));
    expect(changes.map(({ path, from, to, parents }) => [path, from, to, parents])).toEqual([
      ['one', [id('a'), id('c')], id('d'), [id('2'), id('3')]],
      ['two', [id('a'), id('c')], NONE, [id('2'), id('3')]],
    ]);
  });

  test('git is asked for what the tips reach and the excluded commits do not', async () => {
    const repository = saying(['']);
    await findChanges(repository, [id('1'), id('2')], new Set(), [id('3'), id('4')]);
    expect(readFileSync(join(repository.git.cwd, 'asked'), 'utf8')).toBe(`${id('1')}\n${id('2')}\n^${id('3')}\n^${id('4')}\n`);
  });

  test.each([
    ['a last record without its end', [header(id('1'), id('2')), `\n${changed(id('a'), id('c'))}`, 'out.txt'], 'exit 0', 'cut off'],
    ['a change without its path', [header(id('1'), id('2')), `\n${changed(id('a'), id('c'))}`, ''], 'exit 0', 'cut off'],
    ['what is no header', ['fatal: no', ''], 'exit 0', 'cut off'],
    ['something before a header', [`x${header(id('1'))}`, ''], 'exit 0', 'cut off'],
    ['something behind a header', [`${header(id('1'))}x`, ''], 'exit 0', 'cut off'],
    ['a change before any commit', [changed(id('a'), id('c')), 'out.txt', ''], 'exit 0', 'cut off'],
    ['a change without a result', [header(id('1')), `:100644 100644 ${id('a')}`, 'out.txt', ''], 'exit 0', 'cut off'],
    ['a code', [header(id('1')), ''], 'echo no >&2; exit 128', 'no'],
    ['a signal', [header(id('1')), ''], 'kill -KILL $$', 'git was ended by SIGKILL'],
  ])('%s is told as a failure', async (_what, records, ending, words) => {
    expect((await ask(saying(records, ending))).failure).toContain(words);
  });

  test('what is no change is told as none', async () => {
    const records = [changed(id('a'), id('c')), 'out.txt', header(id('1')), `:100644 100644 ${id('a')}`, 'out.txt', ''];
    expect(await ask(saying(records))).toMatchObject({ changes: [], commits: 1, submodules: 0 });
  });

  test('without a tip git is not asked: it would take HEAD', async () => {
    expect(await findChanges(saying(['x']), [], new Set())).toEqual({ changes: [], commits: 0, submodules: 0 });
  });

  test.each([2, 9, 12])('what only a merge of %i parents brings in is its own', async (count) => {
    const repository = TestRepository.create();
    const marks = Array.from({ length: count }, (_, index) => index + 1);
    const commit = (mark: number, ref: string, content: string, parents: readonly string[]): string =>
      [
        `commit ${ref}`,
        `mark :${mark}`,
        `committer A <a@b.c> ${mark} +0000`,
        'data 0',
        ...parents,
        'M 644 inline f',
        `data ${content.length}`,
        content,
        '',
      ].join('\n');
    const [first, ...others] = marks;
    const merge = commit(count + 1, 'refs/heads/main', 'evil', [`from :${first}`, ...others.map((mark) => `merge :${mark}`)]);
    repository.import(Buffer.from(marks.map((mark) => commit(mark, `refs/heads/b${mark}`, `v${mark}`, [])).join('') + merge));
    const blob = repository.blob('f', 'main');
    const tip = repository.git('rev-parse', 'main');
    const { changes, commits, failure } = await findChanges(openRepository(repository.path, { PATH: process.env['PATH'] })!, [tip], new Set([blob]));
    expect([commits, failure]).toEqual([count + 1, undefined]);
    expect(changes).toMatchObject([{ commit: tip, to: blob, path: 'f' }]);
    expect(changes[0]?.from).toHaveLength(count);
    expect(changes[0]?.parents).toHaveLength(count);
  });
});
