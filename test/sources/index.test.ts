/** The working tree and the index of a repository: which files and blobs are looked at, and what is told of the rest. */
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CUT_OFF, gitContext } from '../../src/git/command.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { UserError } from '../../src/model/errors.ts';
import { MAX_WHOLE } from '../../src/model/source.ts';
import type { FileUnit } from '../../src/sources/file-units.ts';
import { listStaged, scanStaged, type StagedFile } from '../../src/sources/staged.ts';
import { listIndex, listWorktree, scanAbsent, type IndexEntry, type WorktreeChoice } from '../../src/sources/worktree.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { Told } from '../support/told.ts';

function opened(repository: TestRepository): Repository {
  return openRepository(repository.path, repository.environment()) ?? expect.unreachable();
}

/** A git that answers with a piece of a script, whatever it is asked. */
function answering(script: string, gitDir = '/nowhere'): Repository {
  const folder = folderWith({ git: `#!/bin/sh\n${script}\n` });
  chmodSync(join(folder, 'git'), 0o755);
  const git = gitContext('/', { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` });
  return { git, gitDir, commonDir: gitDir, idLength: 40 } as Repository;
}

const BLOB = 'ab'.repeat(20);

describe('the working tree', () => {
  let repository: TestRepository;
  let index: readonly IndexEntry[];

  beforeAll(async () => {
    repository = TestRepository.create();
    repository.write('a.txt', 'a').write('sub/b.txt', 'b').write('subway.txt', 's').write('.gitignore', 'ignored*\n').commit('first');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'c'.repeat(40)},module`);
    repository.write('new.txt', 'n').write('sub/new.txt', 'n').write('ignored.txt', 'i').write('sub/ignored/x.txt', 'x');
    TestRepository.create({ folder: join(repository.path, 'inner') }).write('in.txt', 'inner');
    const told = new Told();
    index = await listIndex(opened(repository), told.sink);
    expect(told.lines).toEqual([]);
  });

  async function listed(choice: Partial<WorktreeChoice> = {}): Promise<{ names: string[]; units: FileUnit[]; told: Told }> {
    const told = new Told();
    const units = await listWorktree(
      opened(repository),
      repository.path,
      index,
      { untracked: false, ignored: false, below: [], ...choice },
      told.sink,
    );
    expect(told.open).toBe(0);
    return { names: units.map(({ shown, blob }) => (blob === undefined ? `${shown} +` : shown)), units, told };
  }

  test('is what the index holds, by its names; submodules are told', async () => {
    expect(index.map(({ mode, path }) => `${mode} ${path.toString()}`)).toEqual([
      '100644 .gitignore',
      '100644 a.txt',
      '160000 module',
      '100644 sub/b.txt',
      '100644 subway.txt',
    ]);
    const { names, units, told } = await listed();
    expect(names).toEqual(['.gitignore', 'a.txt', 'sub/b.txt', 'subway.txt']);
    expect(units[1]).toEqual({ path: join(repository.path, 'a.txt'), shown: 'a.txt', kind: 'file', blob: index[1]?.id });
    expect([told.lines, told.units]).toEqual([['left out: submodule'], ['file']]);
  });

  test('and what git does not track, or ignores, where that is asked for', async () => {
    const inner = ['inner/in.txt +'];
    expect((await listed({ untracked: true })).names.slice(4)).toEqual([...inner, 'new.txt +', 'sub/new.txt +']);
    expect((await listed({ ignored: true })).names.slice(4)).toEqual(['ignored.txt +', 'sub/ignored/x.txt +']);
    const { units, told } = await listed({ untracked: true });
    expect(units.find(({ shown }) => shown === 'inner/in.txt')?.path).toBe(join(repository.path, 'inner/in.txt'));
    expect(units.map(({ kind }) => kind)).toEqual(units.map(() => 'file'));
    expect(told.lines).toEqual(['left out: submodule', 'left out: git folder']);
  });

  test('below some paths alone', async () => {
    const all = { untracked: true, ignored: true };
    expect((await listed({ ...all, below: ['sub'] })).names).toEqual(['sub/b.txt', 'sub/new.txt +', 'sub/ignored/x.txt +']);
    expect((await listed({ below: ['a.txt', 'subway.txt'] })).names).toEqual(['a.txt', 'subway.txt']);
    expect((await listed({ below: ['sub', ''] })).names).toHaveLength(4);
    expect((await listed({ below: ['sub'] })).told.lines).toEqual([]);
  });

  test('has each file of a conflict once, and names that are no UTF-8 as bytes', async () => {
    const path = Buffer.from('b\xff', 'latin1');
    const entry = (name: Buffer): IndexEntry => ({ mode: '100644', id: BLOB, path: name });
    const entries = [Buffer.from('a'), Buffer.from('a'), Buffer.from('a'), path].map(entry);
    const told = new Told();
    const units = await listWorktree(answering('exit 1'), '/root', entries, { untracked: false, ignored: false, below: [] }, told.sink);
    expect(units.map(({ path: at }) => (typeof at === 'string' ? at : Buffer.from(at)))).toEqual([
      '/root/a',
      Buffer.concat([Buffer.from('/root/'), path]),
    ]);
  });
});

describe('a git that cannot list the files', () => {
  /** The header of an index that says that it has so many entries. */
  function indexOf(entries: number, magic = 'DIRC'): string {
    const header = Buffer.alloc(12);
    header.write(magic);
    header.writeUInt32BE(2, 4);
    header.writeUInt32BE(entries, 8);
    return folderWith({ index: header });
  }
  const ENTRY = `printf '100644 ${BLOB} 0\\ta\\000'`;
  const cutOff = `the working tree: GIT-FAILED: git could not list the files: ${CUT_OFF}`;

  test.each([
    [`${ENTRY}; exit 0`, 1, []],
    [`${ENTRY}; exit 0`, 2, [cutOff]],
    [`${ENTRY}; echo boom >&2; exit 3`, 1, ['the working tree: GIT-FAILED: git could not list the files: boom']],
    [`${ENTRY}; kill -KILL $$`, 1, [expect.stringMatching(/^the working tree: GIT-KILLED: git could not list the files: ./)]],
    [`${ENTRY}; printf 'half'; exit 0`, 1, [cutOff]],
    [`${ENTRY}; printf 'strange\\000'; exit 0`, 1, [cutOff]],
    [`${ENTRY}; printf '100644 ${BLOB} 0\\t\\000'; exit 0`, 1, [cutOff]],
    [`${ENTRY}; printf 'x100644 ${BLOB} 0\\tb\\000'; exit 0`, 1, [cutOff]],
    [`${ENTRY}; printf '100644 ${BLOB} 4\\tb\\000'; exit 0`, 1, [cutOff]],
    [`${ENTRY}; printf '100644 ${BLOB} 0x\\tb\\000'; exit 0`, 1, [cutOff]],
    ['exit 0', 0, []],
  ])('of the index is told: %s of %i', async (script, entries, expected) => {
    const told = new Told();
    await listIndex(answering(script, indexOf(entries)), told.sink);
    expect([told.lines, told.open, told.units]).toEqual([expected, 0, expected.map(() => 'source')]);
  });

  test('an index of another kind, or none, says nothing of its entries', async () => {
    const told = new Told();
    await listIndex(answering('exit 0', indexOf(5, 'XXXX')), told.sink);
    const open = readdirSync('/dev/fd').length;
    await listIndex(answering('exit 0', indexOf(5, 'XXXX')), told.sink);
    await listIndex(answering('exit 0', '/nowhere'), told.sink);
    expect([told.lines, readdirSync('/dev/fd').length]).toEqual([[], open]);
  });

  test.each([
    [`printf '? b\\000? a\\000H t\\000'`, 1, ['a', 'b'], []],
    [`printf '? a\\000H t\\000'`, 2, ['a'], [cutOff]],
    [`printf '?xa\\000H t\\000'`, 1, [], [cutOff]],
    [`printf '? a\\000H t\\000'; echo boom >&2; exit 4`, 1, ['a'], ['the working tree: GIT-FAILED: git could not list the files: boom']],
  ])('of what is not tracked is told: %s of %i', async (script, entries, names, expected) => {
    const told = new Told();
    const choice = { untracked: true, ignored: false, below: [] };
    const units = await listWorktree(answering(script, indexOf(entries)), '/root', [], choice, told.sink);
    expect([units.map(({ shown }) => shown), told.lines, told.open]).toEqual([names, expected, 0]);
    // git does not say what it tracks when it is asked for what it ignores.
    const ignored = new Told();
    await listWorktree(answering(`printf '? a\\000'`, indexOf(3)), '/root', [], { untracked: false, ignored: true, below: [] }, ignored.sink);
    expect(ignored.lines).toEqual([]);
  });
});

describe('files that are not on disk', () => {
  const unit = (shown: string, blob: string): FileUnit => ({ path: `/${shown}`, shown, kind: 'file', blob });
  const [one, two] = ['a'.repeat(40), 'b'.repeat(40)];

  test('are looked at as the index has them, each content once for each place', async () => {
    const repository = answering(`while read id; do case $id in a*) printf '%s blob 3\\nabc\\n' $id;; *) echo "$id missing";; esac; done`);
    const told = new Told();
    await scanAbsent(repository, [unit('x', one), unit('y', one), unit('z', two)], told.sink);
    expect([told.lines, told.open, told.units]).toEqual([
      ['staged:x "abc"', 'staged:y "abc"', `${two}: OBJECT-MISSING: missing or corrupt in the object database; try git fsck`],
      0,
      ['blob', 'blob', 'blob'],
    ]);
  });

  test('come in pieces where they are large', async () => {
    const size = MAX_WHOLE + 1;
    const repository = answering(`read id; printf '%s blob ${size}\\n' $id; head -c ${size} /dev/zero; echo`);
    const told = new Told();
    await scanAbsent(repository, [unit('x', one), unit('y', one)], told.sink);
    expect([told.lines.map((line) => line.replace(/ bytes .*/, '')), told.open, told.units]).toEqual([
      [`in pieces staged:x ${size}`, `in pieces staged:y ${size}`],
      0,
      ['blob', 'blob'],
    ]);
    // One that git leaves in its middle is told beside what came of it.
    const cut = new Told();
    await scanAbsent(answering(`read id; printf '%s blob ${size}\\nxyz' $id`), [unit('x', one)], cut.sink);
    expect([cut.lines[0], cut.lines.length, cut.open, cut.units]).toEqual(['in pieces staged:x "xyz"', 2, 0, ['blob', 'source']]);
  });
});

describe('what is staged', () => {
  const staged = (repository: TestRepository): string[] =>
    listStaged(opened(repository)).map(({ path, blob, before }) => `${path} ${blob.slice(0, 4)} ${before?.slice(0, 4)}`);
  const short = (repository: TestRepository, text: string): string => repository.gitWith({ input: text }, 'hash-object', '--stdin').slice(0, 4);

  test('is what the index adds to the last commit, or to nothing before the first', () => {
    for (const objectFormat of ['sha1', 'sha256'] as const) {
      const repository = TestRepository.create({ objectFormat });
      repository.write('a.txt', 'a').write('gone.txt', 'g');
      repository.git('add', '--all');
      expect(staged(repository)).toEqual([`a.txt ${short(repository, 'a')} undefined`, `gone.txt ${short(repository, 'g')} undefined`]);
      repository.commitIndex('first');
      expect(staged(repository)).toEqual([]);
      repository.write('a.txt', 'b').write('new name.txt', 'n').remove('gone.txt');
      repository.git('add', '--all');
      repository.git('update-index', '--add', '--cacheinfo', `160000,${'c'.repeat(objectFormat === 'sha1' ? 40 : 64)},module`);
      expect(staged(repository)).toEqual([
        `a.txt ${short(repository, 'b')} ${short(repository, 'a')}`,
        `new name.txt ${short(repository, 'n')} undefined`,
      ]);
      // What is on disk alone is not staged.
      writeFileSync(join(repository.path, 'a.txt'), 'c');
      expect(staged(repository)).toHaveLength(2);
    }
  });

  const RECORD = `:100644 100644 ${'a'.repeat(40)} ${'b'.repeat(40)} M`;
  test.each([
    ['fails', 'echo boom >&2; exit 128', 'git cannot compare the index with HEAD: boom'],
    ['is cut off', `printf '${RECORD}\\000a'; exit 1`, /^git cannot compare the index with HEAD: ./],
    ['gives no name', `printf '${RECORD}\\000'; exit 1`, /^git cannot compare/],
    ['gives an empty name', `printf '${RECORD}\\000\\000'; exit 1`, /^git cannot compare/],
    ['gives a record of another form', `printf 'x${RECORD}\\000a\\000'; exit 1`, /^git cannot compare/],
    ['gives a record that goes on', `printf '${RECORD}x\\000a\\000'; exit 1`, /^git cannot compare/],
    ['says that there are differences and gives none', 'exit 1', /^git cannot compare/],
    ['says that there are none and gives some', `printf '${RECORD}\\000a\\000'; exit 0`, /^git cannot compare/],
  ])('is an error where git %s', (_what, script, message) => {
    const repository = answering(script);
    expect(() => listStaged(repository)).toThrow(UserError);
    expect(() => listStaged(repository)).toThrow(message);
    expect(() => listStaged(repository)).toThrow(
      expect.objectContaining({ hint: 'Mend the index (git status tells more), then try again. Nothing was scanned.' }),
    );
  });

  test('is compared with nothing only before the first commit', () => {
    /** A git that cannot compare with HEAD, which is there or not, and by a branch or not. */
    const compared = (isThere: number, isBranch: number): StagedFile[] =>
      listStaged(
        answering(
          `case "$*" in *rev-parse*--verify*--quiet*HEAD*) exit ${isThere};; *symbolic-ref*--quiet*HEAD*) exit ${isBranch};; *HEAD*) exit 128;; *) printf '${RECORD}\\000a\\000'; exit 1;; esac`,
        ),
      );
    expect(compared(1, 0)).toHaveLength(1);
    for (const [isThere, isBranch] of [
      [0, 0],
      [1, 1],
      [0, 1],
    ] as const)
      expect(() => compared(isThere, isBranch)).toThrow(UserError);
  });

  test('is nothing where git says so', () => {
    expect(listStaged(answering('exit 0'))).toEqual([]);
    expect(listStaged(answering(`printf '${RECORD}\\000a b\\000'; exit 1`))).toEqual([{ path: 'a b', blob: 'b'.repeat(40), before: 'a'.repeat(40) }]);
    const [zeros, more] = [`${'a'.repeat(20)}${'0'.repeat(20)}`, `${'0'.repeat(20)}${'b'.repeat(20)}`];
    expect(listStaged(answering(`printf ':100644 100644 ${zeros} ${more} R100\\000a\\000'; exit 1`))).toEqual([
      { path: 'a', blob: more, before: zeros },
    ]);
    expect(listStaged(answering(`printf ':100644 100644 ${more} ${zeros} M\\000a\\000'; exit 1`))).toEqual([
      { path: 'a', blob: zeros, before: more },
    ]);
  });

  test('is scanned from loose objects, from packs, and told where git has none', async () => {
    const repository = TestRepository.create();
    repository.write('packed.txt', 'packed').commit('first');
    repository.git('repack', '-adq');
    repository.git('prune-packed');
    repository.write('loose.txt', 'loose');
    repository.git('add', '--all');
    const id = (text: string): string => repository.gitWith({ input: text }, 'hash-object', '--stdin');
    const file = (path: string, blob: string): StagedFile => ({ path, blob, before: undefined });
    const told = new Told();
    await scanStaged(opened(repository), [file('a', id('packed')), file('b', id('loose')), file('c', id('loose')), file('d', BLOB)], told.sink);
    expect([told.lines, told.open, told.units]).toEqual([
      ['staged:b "loose"', 'staged:c "loose"', 'staged:a "packed"', 'd: OBJECT-MISSING: missing or corrupt in the object database; try git fsck'],
      0,
      ['blob', 'blob', 'blob', 'blob'],
    ]);
    // A damaged loose object is left to git, which says what is wrong.
    const loose = id('loose');
    const path = join(repository.path, '.git/objects', loose.slice(0, 2), loose.slice(2));
    rmSync(path);
    writeFileSync(path, 'damaged');
    const broken = new Told();
    await scanStaged(opened(repository), [file('b', loose)], broken.sink);
    expect(broken.lines).toEqual([expect.stringMatching(/^b: OBJECT-(?:MISSING|CORRUPT): /)]);
    expect(broken.open).toBe(0);
  });

  test('comes in pieces where it is large', async () => {
    const size = MAX_WHOLE + 1;
    const repository = answering(`read id; printf '%s blob ${size}\\n' $id; head -c ${size} /dev/zero; echo`);
    const told = new Told();
    await scanStaged(
      repository,
      ['x', 'y'].map((path) => ({ path, blob: BLOB, before: undefined })),
      told.sink,
    );
    expect([told.lines.map((line) => line.replace(/ bytes .*/, '')), told.open, told.units]).toEqual([
      [`in pieces staged:x ${size}`, `in pieces staged:y ${size}`],
      0,
      ['blob', 'blob'],
    ]);
    // One that git leaves in its middle is told beside what came of it.
    const cut = new Told();
    await scanStaged(answering(`read id; printf '%s blob ${size}\\nxyz' $id`), [{ path: 'x', blob: BLOB, before: undefined }], cut.sink);
    expect([cut.lines[0], cut.lines.length, cut.open, cut.units]).toEqual(['in pieces staged:x "xyz"', 2, 0, ['blob', 'source']]);
  });
});
