/** One file: every way in which it cannot be read, or not whole, ends in the ledger. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Origin } from '../../src/model/origin.ts';
import { MAX_WHOLE, type Sink } from '../../src/model/source.ts';
import { FileReader, reasonOf } from '../../src/sources/read-file.ts';
import { folderWith } from '../support/folder.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, openSync: vi.fn(real.openSync), readSync: vi.fn(real.readSync), readlinkSync: vi.fn(real.readlinkSync) };
});
afterEach(() => vi.resetAllMocks());

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code, syscall: 'read' });
  };
}

/** The contents of all files, as they are. */
const looked: Buffer[] = [];

/** What a file was told as; `balance` is the units that were counted and have not ended, the file itself among them. */
class Told {
  balance = 1;
  readonly contents: string[] = [];
  readonly missed: string[] = [];
  pieces = 0;
  readonly units: string[] = [];
  /** Whether it was said that nothing else comes between the pieces. */
  alone: boolean | undefined;
  /** The most that was held of a file at once. */
  held = 0;

  readonly sink = {
    counted: (unit: string) => {
      this.units.push(unit);
      this.balance++;
    },
    reserve: (size: number) => Buffer.alloc(size, '?'),
    content: (_origin: Origin, bytes: Uint8Array) => {
      this.balance--;
      looked.push(Buffer.from(bytes));
      this.contents.push(Buffer.from(bytes).toString());
    },
    pieces: (_origin: Origin, isAlone?: boolean) => ({
      room: (most: number) => {
        this.alone = isAlone;
        this.held = Math.max(this.held, most);
        return Buffer.alloc(most);
      },
      piece: (bytes: Uint8Array) => (this.pieces += bytes.length),
      end: () => this.balance--,
    }),
    notScanned: ({ unit, reason, detail }: { unit: string; reason: string; detail: string }) => {
      this.balance--;
      this.missed.push(`${unit}: ${reason}: ${detail}`);
    },
  } as unknown as Sink;
}

function reading(path: string | Uint8Array, maxFileSize = Number.POSITIVE_INFINITY): Told & { answer: unknown } {
  const told = new Told();
  const answer = new FileReader(told.sink, { maxFileSize }).read(path, { kind: 'file', path: 'f' });
  return Object.assign(told, { answer });
}

const open = (): number => fs.readdirSync('/dev/fd').length;
const CHANGED = 'f: CHANGED-DURING-READ: its size changed while it was read; scan again';

describe('a file', () => {
  test('is read whole, by a name in bytes too', () => {
    const folder = folderWith({ 'a.txt': 'content', empty: '' });
    const before = open();
    for (const path of [join(folder, 'a.txt'), Buffer.from(join(folder, 'a.txt')), new Uint8Array(Buffer.from(join(folder, 'a.txt')))]) {
      expect(reading(path)).toMatchObject({ answer: undefined, contents: ['content'], missed: [], balance: 0 });
    }
    expect(reading(join(folder, 'empty'))).toMatchObject({ contents: [''], missed: [], balance: 0 });
    // The system may give less than it was asked for.
    const readSync = vi.mocked(fs.readSync as (file: number, buffer: Uint8Array, at: number, length: number, position: null) => number);
    const real = readSync.getMockImplementation()!;
    readSync.mockImplementationOnce((file, buffer, at) => real(file, buffer, at, 3, null));
    expect(reading(join(folder, 'a.txt'))).toMatchObject({ contents: ['content'], missed: [], balance: 0 });
    expect(open()).toBe(before);
  });

  test('that is none says what it is: a link, or not there', () => {
    const folder = folderWith({ file: '' });
    symlinkSync('file', join(folder, 'link'));
    const answers = ['link', 'gone', 'file/x'].map((name) => reading(join(folder, name)));
    expect(answers.map(({ answer, balance, missed }) => [answer, balance, missed])).toEqual([
      ['link', 1, []],
      ['absent', 1, []],
      ['absent', 1, []],
    ]);
  });

  test('over the limit, or a pipe, is listed', () => {
    const folder = folderWith({ a: 'four' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(reading(join(folder, 'a'), 4)).toMatchObject({ contents: ['four'], missed: [], balance: 0 });
    expect(reading(join(folder, 'a'), 3)).toMatchObject({
      contents: [],
      missed: ['f: TOO-LARGE: 4 bytes; raise --max-file-size to scan it'],
      balance: 0,
    });
    expect(reading(join(folder, 'pipe'))).toMatchObject({ missed: ['f: NOT-REGULAR: a pipe, socket or device is not opened'], balance: 0 });
  });

  test('larger than what is held whole comes in pieces', () => {
    const folder = folderWith({ whole: '', more: '' });
    truncateSync(join(folder, 'whole'), MAX_WHOLE);
    truncateSync(join(folder, 'more'), MAX_WHOLE + 1);
    const [whole, more] = [reading(join(folder, 'whole')), reading(join(folder, 'more'))];
    expect([whole.contents[0]?.length, whole.pieces, whole.balance]).toEqual([MAX_WHOLE, 0, 0]);
    expect([more.contents, more.pieces, more.missed, more.balance]).toEqual([[], MAX_WHOLE + 1, [], 0]);
    expect(more.held).toBeLessThan(MAX_WHOLE);
    expect(more.alone).toBe(true);
  });
});

describe('a file that changes while it is read', () => {
  test('is looked at as far as it goes, and listed', () => {
    const folder = folderWith({ a: 'content', large: '' });
    vi.mocked(fs.readSync)
      .mockImplementationOnce((_file, buffer) => Buffer.from(buffer.buffer, buffer.byteOffset).write('con'))
      .mockReturnValueOnce(0);
    expect(reading(join(folder, 'a'))).toMatchObject({ contents: ['con'], missed: [CHANGED], balance: 0, units: ['source'] });
    truncateSync(join(folder, 'large'), MAX_WHOLE + 10);
    vi.mocked(fs.readSync).mockReturnValueOnce(1000).mockReturnValueOnce(0).mockReturnValueOnce(0);
    expect(reading(join(folder, 'large'))).toMatchObject({ pieces: 1000, missed: [CHANGED], balance: 0 });
  });

  test('that says it has no bytes may have some, and is listed where there may be more', () => {
    const folder = folderWith({ a: '' });
    vi.mocked(fs.readSync).mockReturnValueOnce(65_535).mockReturnValueOnce(0);
    expect(reading(join(folder, 'a'))).toMatchObject({ missed: [], balance: 0 });
    vi.mocked(fs.readSync).mockReturnValueOnce(65_536);
    const full = reading(join(folder, 'a'));
    expect([full.contents[0]?.length, full.missed, full.balance]).toEqual([65_536, [CHANGED], 0]);
  });

  test('fails with an error of the disk, and is closed', () => {
    const folder = folderWith({ a: 'content', large: '' });
    truncateSync(join(folder, 'large'), MAX_WHOLE + 10);
    const before = open();
    for (const name of ['a', 'large']) {
      vi.mocked(fs.readSync).mockImplementationOnce(failing('EIO'));
      expect(reading(join(folder, name))).toMatchObject({ missed: ['f: READ-ERROR: EIO from the file system'], balance: 0 });
    }
    vi.mocked(fs.openSync).mockImplementationOnce(failing('EACCES'));
    expect(reading(join(folder, 'a'))).toMatchObject({ answer: undefined, missed: ['f: EACCES: EACCES from the file system'], balance: 0 });
    vi.mocked(fs.readSync).mockImplementationOnce(() => {
      throw new TypeError('a bug');
    });
    expect(() => reading(join(folder, 'a'))).toThrow('a bug');
    expect(open()).toBe(before);
  });
});

describe('a link', () => {
  function linkOf(path: string): Told & { target: unknown } {
    const told = new Told();
    const target = new FileReader(told.sink, { maxFileSize: 1 }).readLink(path, { kind: 'file', path: 'f' });
    return Object.assign(told, { target });
  }

  test('has its target for content', () => {
    const folder = folderWith({});
    symlinkSync('where/it/leads', join(folder, 'link'));
    expect(linkOf(join(folder, 'link'))).toMatchObject({ target: 'where/it/leads', contents: ['where/it/leads'], balance: 0 });
    symlinkSync(Buffer.from('x\xff', 'latin1'), join(folder, 'bytes'));
    expect(linkOf(join(folder, 'bytes')).contents).toEqual(['x\ufffd']);
    expect(looked.at(-1)).toEqual(Buffer.from('x\xff', 'latin1'));
    expect(linkOf(join(folder, 'gone'))).toMatchObject({ target: undefined, missed: ['f: ENOENT-RACE: ENOENT from the file system'], balance: 0 });
    vi.mocked(fs.readlinkSync).mockImplementationOnce(() => {
      throw new TypeError('a bug');
    });
    expect(() => linkOf(join(folder, 'link'))).toThrow('a bug');
  });
});

test.each([
  ['EACCES', 'EACCES'],
  ['EPERM', 'EACCES'],
  ['ENOENT', 'ENOENT-RACE'],
  ['ENOTDIR', 'ENOENT-RACE'],
  ['ENAMETOOLONG', 'TOO-DEEP'],
  ['ELOOP', 'CHANGED-DURING-READ'],
  ['ENXIO', 'NOT-REGULAR'],
  ['EIO', 'READ-ERROR'],
])('%s is %s', (code, reason) => {
  expect(reasonOf({ code })).toEqual({ reason, detail: `${code} from the file system` });
});

test('an error without a code has a reason too', () => {
  expect(reasonOf(new Error('x'))).toEqual({ reason: 'READ-ERROR', detail: 'unknown error from the file system' });
});

test('a system that has no flags for links and pipes is asked to open with none', async () => {
  vi.resetModules();
  const openSync = vi.fn(fs.openSync);
  vi.doMock('node:fs', () => ({ ...fs, openSync, constants: { O_RDONLY: fs.constants.O_RDONLY } }));
  const { FileReader: Reader } = await import('../../src/sources/read-file.ts');
  const told = new Told();
  const path = join(folderWith({ a: 'content' }), 'a');
  new Reader(told.sink, { maxFileSize: 10 }).read(path, { kind: 'file', path: 'f' });
  expect([told.contents, openSync.mock.calls]).toEqual([['content'], [[path, fs.constants.O_RDONLY]]]);
});
