/** A policy is read from disk or from one revision, and never from anywhere that the scanned repository chooses. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { gitContext } from '../../src/git/command.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { UserError } from '../../src/model/errors.ts';
import { DiskFiles, RevisionFiles } from '../../src/policy/policy-files.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';

/** What is said when a file cannot be read, with what to do. */
function complaint(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError) return `${error.message} | ${error.hint}`;
    throw error;
  }
  return expect.unreachable('it was read');
}

describe('files on disk', () => {
  const outside = folderWith({ 'secret.yaml': 'outside', 'deep/secret.yaml': 'outside' });
  const root = folderWith({ 'a.yaml': 'text \u00fc', 'folder/b.yaml': 'b', file: '' });
  const files = new DiskFiles(root);
  symlinkSync('folder/b.yaml', join(root, 'inner'));
  symlinkSync('folder', join(root, 'inner-folder'));
  symlinkSync('nowhere', join(root, 'dangling'));
  symlinkSync('circle', join(root, 'circle'));
  symlinkSync(join(outside, 'secret.yaml'), join(root, 'outer'));
  symlinkSync(outside, join(root, 'outer-folder'));
  symlinkSync(join(root, '..'), join(root, 'above'));
  mkdirSync(join(root, '..dots'));
  execFileSync('mkfifo', [join(root, 'pipe')]);

  test('are read as they are, through links that stay inside too', () => {
    expect(['a.yaml', 'folder/b.yaml', 'inner', 'inner-folder/b.yaml'].map((path) => files.read(path))).toEqual(['text \u00fc', 'b', 'b', 'b']);
  });

  test('are not there: a missing one, one below a file, a link to nothing', () => {
    expect(['missing.yaml', 'file/x.yaml', 'dangling'].map((path) => files.read(path))).toEqual([undefined, undefined, undefined]);
  });

  const GUESSED = 'Make it readable, or take it away: a policy is never guessed.';
  const LINK = 'Put the file itself there, or name it with --config.';
  test.each([
    ['outer', `outer is a link that leads outside | ${LINK}`],
    ['outer-folder/secret.yaml', `outer-folder/secret.yaml is a link that leads outside | ${LINK}`],
    ['outer-folder/deep/secret.yaml', `outer-folder/deep/secret.yaml is a link that leads outside | ${LINK}`],
    ['above', `above is a link that leads outside | ${LINK}`],
    ['pipe', 'pipe is no regular file | Put the file itself there.'],
    ['folder', `cannot read folder: it is a folder | ${GUESSED}`],
    ['..dots', `cannot read ..dots: it is a folder | ${GUESSED}`],
    ['circle', `cannot read circle: its links lead in a circle | ${GUESSED}`],
  ])('%s is refused', (path, message) => {
    expect(complaint(() => files.read(path))).toBe(message);
  });

  test('of more than 128 MiB are refused before they are read, those of another folder by their prefix', () => {
    const folder = folderWith({ exact: '', more: '' });
    truncateSync(join(folder, 'more'), 128 * 1024 ** 2 + 1);
    expect(complaint(() => new DiskFiles(folder, 'package:x/').read('more'))).toBe(
      'package:x/more is larger than 128 MiB | No file of a policy is that large: take out what does not belong there.',
    );
  });
});

describe('files of a revision', () => {
  let repository: TestRepository;
  let commit: string;
  const at = (): RevisionFiles => new RevisionFiles(openRepository(repository.path, { PATH: process.env['PATH'] })!, commit, 'base');

  beforeAll(() => {
    repository = TestRepository.create();
    repository.write('a.yaml', 'a longer text \u00fc\n').write('folder/b.yaml', 'b').write('empty', '').write('gone', 'gone').write('*', 'star');
    repository.write('run', 'x');
    chmodSync(join(repository.path, 'run'), 0o755);
    symlinkSync('a.yaml', join(repository.path, 'link'));
    commit = repository.commit('one');
    const id = repository.blob('gone');
    rmSync(join(repository.path, '.git/objects', id.slice(0, 2), id.slice(2)));
    repository.write('a.yaml', 'changed');
  });

  test('are those of the commit, whatever lies on disk, by their very names', () => {
    const files = at();
    const read = ['a.yaml', 'folder/b.yaml', 'empty', 'run', '*', 'folder/*', 'b.yaml', 'none'].map((path) => files.read(path));
    expect(read).toEqual(['a longer text \u00fc\n', 'b', '', 'x', 'star', undefined, undefined, undefined]);
    expect(files.entry('run')).toBe(`100755 blob ${repository.blob('run')}`);
  });

  test('are named with the revision', () => {
    expect(at().shown('a.yaml')).toBe(`a.yaml at base (${commit.slice(0, 10)})`);
    expect(new RevisionFiles(undefined as never, commit, commit).label).toBe(` at ${commit.slice(0, 10)}`);
  });

  test('a link, a folder and one that git lacks are refused', () => {
    const label = `at base (${commit.slice(0, 10)})`;
    const fetch = 'Fetch that commit with its files (in CI: fetch-depth: 0, no partial clone).';
    expect(complaint(() => at().read('link'))).toBe(`link ${label} is no regular file | Commit the file itself.`);
    expect(complaint(() => at().read('folder'))).toBe(`folder ${label} is no regular file | Commit the file itself.`);
    expect(complaint(() => at().read('gone'))).toBe(`cannot read gone ${label} | ${fetch}`);
    const unknown = new RevisionFiles(openRepository(repository.path, { PATH: process.env['PATH'] })!, 'ab'.repeat(20), 'x');
    expect(complaint(() => unknown.read('a.yaml'))).toBe(`cannot read the files at x (ababababab) | ${fetch}`);
  });

  test.each([
    ['more than it says', 'blob 1\\nxx\\n', 0, 'cannot read'],
    ['less than it says', 'blob 3\\nx\\n', 0, 'cannot read'],
    ['no end', 'blob 1\\nx', 0, 'cannot read'],
    ['no size', 'blob x\\nx\\n', 0, 'cannot read'],
    ['something behind the size', 'blob 1 x\\nx\\n', 0, 'cannot read'],
    ['that it is missing', 'missing\\n', 0, 'cannot read'],
    ['nothing', '', 0, 'cannot read'],
    ['all of it, and fails', 'blob 1\\nx\\n', 1, 'cannot read'],
    ['more than a policy may hold', `blob ${128 * 1024 ** 2 + 1}\\nx\\n`, 0, 'is larger than 128 MiB'],
  ])('when git says %s, the file is refused: half a policy is none', (_what, answer, code, words) => {
    const id = 'ab'.repeat(20);
    const folder = folderWith({
      git: `#!/bin/sh\ncase "$*" in *ls-tree*) printf '100644 blob ${id}\\ta.yaml\\0';; *) printf '${answer === '' ? '' : `${id} `}${answer}'; exit ${code};; esac\n`,
    });
    chmodSync(join(folder, 'git'), 0o755);
    const git = gitContext('/', { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` });
    expect(complaint(() => new RevisionFiles({ git } as Repository, commit, 'base').read('a.yaml'))).toContain(words);
  });
});
