/** Files, folders and standard input, with everything that is told of them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { MAX_WHOLE } from '../../src/model/source.ts';
import { FileUnits, type FileUnit } from '../../src/sources/file-units.ts';
import { filesBelow, fileUnit } from '../../src/sources/folder.ts';
import { absentReason } from '../../src/sources/object-reasons.ts';
import { scanStdin } from '../../src/sources/stdin.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { Told } from '../support/told.ts';

describe('standard input', () => {
  async function reading(chunks: readonly Buffer[], maxFileSize = Number.POSITIVE_INFINITY): Promise<{ told: Told; input: Readable }> {
    const told = new Told();
    const input = Readable.from(chunks);
    await scanStdin(input, '<stdin>', told.sink, { maxFileSize });
    return { told, input };
  }

  test('is one content, whatever it comes in', async () => {
    const { told } = await reading(['one ', 'two', ' three'].map((text) => Buffer.from(text)));
    expect([told.lines, told.units, told.open]).toEqual([['stdin:<stdin> "one two three"'], ['file'], 0]);
    expect((await reading([])).told.lines).toEqual(['stdin:<stdin> ""']);
  });

  test('comes in pieces where it is too large to be held, in their order', async () => {
    const whole = Buffer.alloc(MAX_WHOLE + 2, 'x');
    whole.write('begin');
    whole.write('end', whole.length - 3);
    const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8);
    const cut = (...places: readonly number[]): Buffer[] => [0, ...places].map((from, index) => whole.subarray(from, places[index]));
    for (const chunks of [cut(5, MAX_WHOLE), cut(MAX_WHOLE + 1), cut(7)]) {
      const { told } = await reading(chunks);
      expect([told.lines, told.open]).toEqual([[`in pieces stdin:<stdin> ${whole.length} bytes ${hash}`], 0]);
    }
    const { told } = await reading([whole.subarray(0, MAX_WHOLE)]);
    expect(told.lines).toEqual([expect.stringMatching(/^stdin:<stdin> 16777216 bytes /)]);
  });

  test('that is larger than the limit is told, and not read on', async () => {
    const told = new Told();
    let given = 0;
    const endless = new Readable({
      read() {
        given++;
        this.push(Buffer.alloc(1000, 'x'));
      },
    });
    await scanStdin(endless, '<stdin>', told.sink, { maxFileSize: 4000 });
    expect([told.lines, told.open, endless.destroyed]).toEqual([
      ['<stdin>: TOO-LARGE: more than 4000 bytes came in; raise --max-file-size'],
      0,
      true,
    ]);
    expect(given).toBeLessThan(100);
    expect((await reading([Buffer.alloc(40)], 40)).told.lines).toHaveLength(1);
    expect((await reading([Buffer.alloc(40)], 40)).told.lines[0]).toMatch(/^stdin:/);
  });
});

describe('a file that was listed', () => {
  const folder = folderWith({ 'a.txt': 'content', 'sub/b.txt': 'below' });
  const outside = folderWith({ 'secret.txt': 'outside' });

  function scanned(...units: readonly (Partial<FileUnit> & { readonly shown: string })[]): { told: Told; absent: FileUnit[] } {
    const told = new Told();
    const files = new FileUnits(folder, told.sink, { maxFileSize: 1000 });
    for (const unit of units) files.scan({ path: join(folder, unit.shown), kind: 'file', ...unit });
    expect(told.open).toBe(0);
    return { told, absent: files.absent };
  }

  test('is scanned, a pipe is not', () => {
    const { told } = scanned({ shown: 'a.txt' }, { shown: 'pipe', kind: 'other' });
    expect(told.lines).toEqual(['file:a.txt "content"', 'pipe: NOT-REGULAR: a pipe, socket or device is not opened']);
    expect(told.units).toEqual(['file', 'file']);
  });

  test('that is not there was removed, or is scanned from the index', () => {
    const blob = 'ab'.repeat(20);
    const { told, absent } = scanned({ shown: 'gone' }, { shown: 'gone too', blob });
    expect(told.lines).toEqual(['gone: ENOENT-RACE: it was removed while the scan ran', 'left out: not on disk, scanned from the index']);
    expect(absent.map(({ shown, blob: id }) => [shown, id])).toEqual([['gone too', blob]]);
  });

  test.each([
    ['a.txt', undefined],
    ['sub/../a.txt', undefined],
    ['.', undefined],
    ['..x', undefined],
    ['sub', undefined],
    ['nothing', undefined],
    ['..', 'SYMLINK-OUT'],
    ['../..', 'SYMLINK-OUT'],
    [join(outside, 'secret.txt'), 'SYMLINK-OUT'],
  ])('that is a link to %s is the text of the link', (target, told) => {
    rmSync(join(folder, 'link'), { force: true });
    symlinkSync(target, join(folder, 'link'));
    const { lines } = scanned({ shown: 'link' }).told;
    expect(lines).toEqual([`file:link ${JSON.stringify(target)}`, ...(told === undefined ? [] : [`left out: ${told}`])]);
    expect(scanned({ shown: 'link' }).told.units.filter((unit) => unit !== 'file')).toEqual([]);
  });

  test('below a link that leads to itself is told', () => {
    symlinkSync('loop', join(folder, 'loop'));
    expect(scanned({ shown: 'loop/x' }).told.lines).toEqual(['loop/x: CHANGED-DURING-READ: ELOOP from the file system']);
  });

  test('in a folder may link to what is beside the folder', () => {
    rmSync(join(folder, 'sub/link'), { force: true });
    symlinkSync('../a.txt', join(folder, 'sub/link'));
    expect(scanned({ shown: 'sub/link' }).told.lines).toEqual(['file:sub/link "../a.txt"']);
    rmSync(join(folder, 'sub/link'));
    symlinkSync('../../a.txt', join(folder, 'sub/link'));
    expect(scanned({ shown: 'sub/link' }).told.lines).toEqual(['file:sub/link "../../a.txt"', 'left out: SYMLINK-OUT']);
  });
});

describe('a folder', () => {
  /** Names in an order that no file system keeps, made in another one. */
  const NAMES = Array.from({ length: 24 }, (_, number) => `${'qwertz'[number % 6]}${(number * 7) % 24}`);

  test('is listed in one order, whatever the system says', () => {
    const sorted = NAMES.toSorted().map((name) => `${name} file`);
    const folder = folderWith(Object.fromEntries(NAMES.map((name) => [name, ''])));
    expect(listed(folder).names).toEqual(sorted);
    expect(listed(Buffer.from(folder)).names).toEqual(sorted);
  });

  /** `NAME KIND` of everything below, and what is told. */
  function listed(folder: string | Buffer, shown = ''): { names: string[]; told: Told; units: FileUnit[] } {
    const told = new Told();
    const units = [...filesBelow(folder, shown, told.sink)];
    return { names: units.map((unit) => `${unit.shown} ${unit.kind}`), told, units };
  }

  test('gives its files, then those of its folders, in the order of their names', () => {
    const folder = folderWith({ 'b.txt': '', 'a.txt': '', 'c/z.txt': '', 'c/d/y.txt': '', 'B/x.txt': '', 'a-b/w.txt': '' });
    const { names, units, told } = listed(folder);
    expect(names).toEqual(['a.txt file', 'b.txt file', 'B/x.txt file', 'a-b/w.txt file', 'c/z.txt file', 'c/d/y.txt file']);
    expect(units.map(({ path }) => path)).toEqual(
      ['a.txt', 'b.txt', 'B/x.txt', 'a-b/w.txt', 'c/z.txt', 'c/d/y.txt'].map((name) => join(folder, name)),
    );
    expect([told.lines, told.units]).toEqual([[], []]);
    expect(listed(join(folder, 'c'), 'c').names).toEqual(['c/z.txt file', 'c/d/y.txt file']);
    expect(listed(`${folder}/`).units.map(({ path }) => path)).toContain(join(folder, 'a.txt'));
  });

  test('holds links, which are not followed, and pipes', () => {
    const folder = folderWith({ 'sub/a.txt': '' });
    symlinkSync('sub', join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(listed(folder).names).toEqual(['link file', 'pipe other', 'sub/a.txt file']);
    expect(fileUnit(join(folder, 'pipe'), 'p')).toEqual({ path: join(folder, 'pipe'), shown: 'p', kind: 'other' });
    expect(fileUnit(join(folder, 'link'), 'l').kind).toBe('file');
  });

  test("leaves git's own folder out, and no other one of that name", () => {
    const folder = folderWith({
      'a/.git/HEAD': '',
      'a/.git/objects/x': '',
      'b/.git/HEAD': '',
      'c/.git/objects/x': '',
      'd/git/HEAD': '',
      'd/git/objects/x': '',
    });
    const { names, told } = listed(folder);
    expect(names).toEqual(['b/.git/HEAD file', 'c/.git/objects/x file', 'd/git/HEAD file', 'd/git/objects/x file']);
    expect([told.lines, told.units, told.open]).toEqual([['left out: git folder'], ['file'], 0]);
  });

  test('may have names that are not UTF-8, and one that has the sign for that', () => {
    const folder = temporaryFolder();
    const strange = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('b\xff', 'latin1')]);
    mkdirSync(strange);
    writeFileSync(Buffer.concat([strange, Buffer.from('/c.txt')]), '');
    writeFileSync(join(folder, 'd\ufffd.txt'), '');
    writeFileSync(join(folder, 'a.txt'), '');
    const { names, units } = listed(folder);
    expect(names.map((name) => name.replace(/b.*\//, 'B/'))).toEqual(['a.txt file', 'd\ufffd.txt file', 'B/c.txt file']);
    expect(units.map(({ path }) => (typeof path === 'string' ? path : Buffer.from(path)))).toEqual([
      join(folder, 'a.txt'),
      join(folder, 'd\ufffd.txt'),
      Buffer.concat([strange, Buffer.from('/c.txt')]),
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('that may not be read is told', () => {
    const folder = folderWith({ 'locked/a.txt': '' });
    chmodSync(join(folder, 'locked'), 0);
    expect(listed(folder).told.lines).toEqual(['locked/: EACCES: EACCES from the file system']);
    chmodSync(join(folder, 'locked'), 0o700);
  });

  test('that is gone is told', () => {
    const { told } = listed(join(temporaryFolder(), 'gone'));
    expect([told.lines, told.units, told.open]).toEqual([['./: ENOENT-RACE: ENOENT from the file system'], ['file'], 0]);
    expect(listed(join(temporaryFolder(), 'gone'), 'sub').told.lines).toEqual(['sub/: ENOENT-RACE: ENOENT from the file system']);
  });
});

test('an object that cannot be looked at is told by what git did', () => {
  expect(absentReason({ kind: 'missing', detail: '' })).toEqual({
    reason: 'OBJECT-MISSING',
    detail: 'missing or corrupt in the object database; try git fsck',
  });
  expect(absentReason({ kind: 'missing', detail: '' }, true)).toEqual({
    reason: 'PROMISOR',
    detail: 'a partial clone left it at the remote; fetch it or clone without --filter',
  });
  expect(absentReason({ kind: 'failed', detail: 'bad' }, true)).toEqual({ reason: 'OBJECT-CORRUPT', detail: 'bad' });
  expect(absentReason({ kind: 'killed', detail: 'SIGKILL' })).toEqual({ reason: 'GIT-KILLED', detail: 'SIGKILL' });
});
