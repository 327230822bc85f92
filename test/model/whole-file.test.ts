import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import { appendWhole, checkWhole, writeFault, writeWhole } from '../../src/model/whole-file.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';

/** The functions of the system that a test may make fail; as they are otherwise. */
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    accessSync: vi.fn(real.accessSync),
    fsyncSync: vi.fn(real.fsyncSync),
    openSync: vi.fn(real.openSync),
    writeSync: vi.fn(real.writeSync),
  };
});
afterEach(() => vi.clearAllMocks());

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

/** What is said when something cannot be written. */
function complaint(work: () => void): { message: string; hint: string | undefined } {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, hint: error.hint };
    throw error;
  }
  return expect.unreachable('it was written');
}

const writeSync = vi.mocked(fs.writeSync as (file: number, bytes: Uint8Array, at: number, length?: number) => number);

/** The next call writes less than it was given, as the system may. */
function writesOnly(count: number): void {
  const real = writeSync.getMockImplementation()!;
  writeSync.mockImplementationOnce((file, bytes, at) => real(file, bytes, at, count));
}

/** Files that this process has open. */
const open = (): number => readdirSync('/dev/fd').length;

describe('writeWhole', () => {
  test('a new file has the mode that the process gives, or the one that is asked for', () => {
    const folder = temporaryFolder();
    writeWhole(join(folder, 'a'), 'text');
    writeWhole(join(folder, 'b'), 'text', { mode: 0o755 });
    writeFileSync(join(folder, 'c'), 'text');
    expect(statSync(join(folder, 'a')).mode).toBe(statSync(join(folder, 'c')).mode);
    expect(statSync(join(folder, 'b')).mode & 0o777).toBe(0o755);
  });

  test('what only its owner may read was never open to others, and a long name leaves room for the temporary one', () => {
    const folder = temporaryFolder();
    writeWhole(join(folder, 'n'.repeat(240)), 'text', { mode: 0o600 });
    expect(fs.openSync).toHaveBeenCalledWith(expect.stringMatching(/\/\.n{100}\.[0-9a-f]{12}\.tmp$/), 'wx', 0o600);
    expect(fs.fsyncSync).toHaveBeenCalledOnce();
    expect(readdirSync(folder)).toEqual(['n'.repeat(240)]);
  });

  test('an old file is replaced, not changed: its other names keep the old text', () => {
    const folder = folderWith({ a: 'old' });
    linkSync(join(folder, 'a'), join(folder, 'other'));
    chmodSync(join(folder, 'a'), 0o604);
    writeWhole(join(folder, 'a'), Buffer.from('new'));
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('old');
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o604);
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'other']);
  });

  test('what comes in parts is one file, and none where a part cannot be made', () => {
    const folder = folderWith({ a: 'old' });
    function* parts(isSound: boolean): Generator<string> {
      yield 'new \u00e9\n';
      if (!isSound) throw new Error('a bug');
      yield 'and more';
    }
    expect(() => writeWhole(join(folder, 'a'), parts(false))).toThrow('a bug');
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    writeWhole(join(folder, 'a'), parts(true));
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new \u00e9\nand more');
  });

  test('missing folders are made when that is wanted', () => {
    const folder = temporaryFolder();
    expect(() => writeWhole(join(folder, 'x/y/z'), 'text')).toThrow('its folder does not exist');
    writeWhole(join(folder, 'x/y/z'), 'text', { folders: true });
    expect(readFileSync(join(folder, 'x/y/z'), 'utf8')).toBe('text');
  });

  test('a link that stays inside is followed and kept; any other is refused', () => {
    const outside = folderWith({ target: 'outside' });
    const folder = folderWith({ 'policy/real': 'old', '.git/config': 'git' });
    const links = { inside: 'policy/real', out: join(outside, 'target'), dangling: 'nowhere', git: '.git/config' };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
    writeWhole(join(folder, 'inside'), 'new', { within: folder });
    writeWhole(join(folder, 'fresh'), 'new', { within: folder });
    expect([readFileSync(join(folder, 'policy/real'), 'utf8'), readFileSync(join(folder, 'fresh'), 'utf8')]).toEqual(['new', 'new']);
    expect(lstatSync(join(folder, 'inside')).isSymbolicLink()).toBe(true);
    for (const name of ['out', 'dangling', 'git']) {
      expect(() => writeWhole(join(folder, name), 'new', { within: folder })).toThrow('it is a symbolic link');
    }
    expect(() => writeWhole(join(folder, 'inside'), 'newer')).toThrow('it is a symbolic link');
    expect(() => writeWhole(join(folder, 'inside'), 'newer', { mode: 0o755 })).toThrow('it is a symbolic link');
    expect([readFileSync(join(outside, 'target'), 'utf8'), readFileSync(join(folder, '.git/config'), 'utf8')]).toEqual(['outside', 'git']);
  });

  test('nothing is left behind by what fails', () => {
    const folder = folderWith({ file: 'x' });
    mkdirSync(join(folder, 'taken'));
    const name = 'n'.repeat(300);
    for (const path of ['taken', 'file/x', 'missing/x', name]) {
      expect(() => writeWhole(join(folder, path), 'text')).toThrow(UserError);
      expect(() => checkWhole(join(folder, path))).toThrow(UserError);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'taken']);
    expect(complaint(() => writeWhole(join(folder, 'taken'), 'text'))).toEqual({
      message: `cannot write ${join(folder, 'taken')}: it is a folder`,
      hint: 'Name a file.',
    });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(complaint(() => writeWhole(join(folder, 'pipe'), 'text')).message).toBe(`cannot write ${join(folder, 'pipe')}: it is no regular file`);
    symlinkSync('file', join(folder, 'link'));
    expect(complaint(() => checkWhole(join(folder, 'link'))).hint).toBe('Name the file that it leads to, or remove it.');
  });

  test('a write that fails in the middle keeps the old file, and leaves no other and nothing open', () => {
    const folder = folderWith({ file: 'old' });
    const before = open();
    for (const broken of [fs.writeSync, fs.fsyncSync, fs.openSync]) {
      vi.mocked(broken as () => void).mockImplementationOnce(failing('ENOSPC'));
      expect(() => writeWhole(join(folder, 'file'), 'new')).toThrow('the disk is full');
    }
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
    expect(open()).toBe(before);
    writesOnly(1);
    writeWhole(join(folder, 'file'), 'new');
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
  });
});

const OTHER_DISK = 'Make room, or name a file on another disk. A file that was there before is unchanged.';
const MAY_WRITE = 'Name a file in a folder that you may write to.';

test.each([
  ['ENOENT', 'its folder does not exist', 'Make the folder first.'],
  ['ENOTDIR', 'its folder is a file', 'Name a file in a folder that exists.'],
  ['EACCES', 'no permission', MAY_WRITE],
  ['EPERM', 'not permitted', MAY_WRITE],
  ['EROFS', 'the file system is read-only', 'Name a file somewhere else.'],
  ['ENOSPC', 'the disk is full', OTHER_DISK],
  ['EDQUOT', 'the quota is used up', OTHER_DISK],
  ['EFBIG', 'it would be larger than the system allows', 'Raise the limit, or name a file on another disk.'],
  ['ENAMETOOLONG', 'the name is too long', 'Choose a shorter one.'],
  ['EINVAL', 'the name is not allowed', 'Choose another one.'],
  ['EIO', 'EIO', 'Name another file.'],
])('%s: %s', (code, words, hint) => {
  const path = join(temporaryFolder(), 'file');
  expect(() => checkWhole(path)).not.toThrow();
  vi.mocked(fs.accessSync).mockImplementationOnce(failing(code));
  expect(complaint(() => checkWhole(path))).toEqual({ message: `cannot write ${path}: ${words}`, hint });
  expect(writeFault({ code } as NodeJS.ErrnoException)).toBe(words);
});

test('an error without a code: the report says so, and a bug stays one', () => {
  expect(writeFault(new Error('x'))).toBe('write error');
  vi.mocked(fs.accessSync).mockImplementationOnce(() => {
    throw new TypeError('a bug');
  });
  expect(() => checkWhole(join(temporaryFolder(), 'file'))).toThrow(TypeError);
});

describe('appendWhole', () => {
  test('what others wrote stays', () => {
    const folder = temporaryFolder();
    appendWhole(join(folder, 'a'), 'one\n');
    writeFileSync(join(folder, 'a'), 'theirs\n', { flag: 'a' });
    appendWhole(join(folder, 'a'), 'two\n');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one\ntheirs\ntwo\n');
  });

  test('the half that was written before the disk was full is taken back', () => {
    const folder = folderWith({ a: 'theirs\n' });
    const before = open();
    writesOnly(3);
    writeSync.mockImplementationOnce(failing('ENOSPC'));
    expect(() => appendWhole(join(folder, 'a'), 'ours\n')).toThrow('the disk is full');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('theirs\n');
    expect(open()).toBe(before);
    symlinkSync('a', join(folder, 'link'));
    expect(() => appendWhole(join(folder, 'link'), 'ours\n')).toThrow('it is a symbolic link');
  });
});
