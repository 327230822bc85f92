/** A list that somebody else may have written counts for nothing. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CleanList } from '../../src/git/clean-list.ts';
import { temporaryFolder } from '../support/folder.ts';

const IDS = ['a1', '02', 'ff'].map((start) => start.padEnd(40, '0'));
const SCAN = Buffer.from('what was known');

interface Place {
  readonly common: string;
  readonly home: string;
  readonly open: (terms?: string, hashBytes?: number) => CleanList;
  /** Paths of what is kept. */
  readonly objects: string;
  readonly scan: string;
  readonly key: string;
}

function newPlace(common = temporaryFolder()): Place {
  const home = temporaryFolder();
  return {
    common,
    home,
    open: (terms = 'rules 1', hashBytes = 20) => CleanList.open(common, hashBytes, terms, { XDG_CACHE_HOME: home })!,
    objects: join(common, 'keysift', 'clean-objects'),
    scan: join(common, 'keysift', 'last-scan'),
    key: join(home, 'keysift', 'cache-key'),
  };
}

/** A place where a list was kept. */
function kept(): Place {
  const place = newPlace();
  const list = place.open();
  expect(list.replace(IDS)).toBe(true);
  list.keepScan(SCAN);
  return place;
}

const idsOf = (list: CleanList): string[] => [...list.ids()];

describe('what is kept', () => {
  test('is there the next time, sorted', () => {
    const list = kept().open();
    expect(list.size).toBe(3);
    expect(idsOf(list)).toEqual(IDS.toSorted());
    expect(list.lastScan()).toEqual(SCAN);
  });

  test('at first it is nothing', () => {
    const list = newPlace().open();
    expect([list.size, idsOf(list), list.lastScan()]).toEqual([0, [], undefined]);
  });

  test('another list takes its place, also an empty one; the same one is not written again', () => {
    const { open, objects } = kept();
    rmSync(objects);
    const list = open();
    expect(list.replace([])).toBe(true);
    expect(existsSync(objects)).toBe(false);
    expect(list.replace(IDS.slice(1))).toBe(true);
    expect(idsOf(open())).toEqual(IDS.slice(1).toSorted());
    const same = open();
    rmSync(objects);
    expect(same.replace(IDS.slice(1).toReversed())).toBe(true);
    expect(existsSync(objects)).toBe(false);
  });

  test('is for its terms alone, and for the length of its ids', () => {
    const { open } = kept();
    for (const list of [open('rules 2'), open('rules 1', 32), open('')]) expect([list.size, list.lastScan()]).toEqual([0, undefined]);
  });

  test.runIf(process.platform !== 'win32')('is for the user alone to read', () => {
    const { common, home, objects, scan, key } = kept();
    expect([objects, scan, key].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    expect([join(common, 'keysift'), join(home, 'keysift')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  test('begins with what it is, and holds no text but ids', () => {
    const { objects, scan, key } = kept();
    expect(readFileSync(objects).toString('latin1')).toMatch(/^keysift clean objects 1\n/);
    expect(readFileSync(scan).toString('latin1')).toMatch(/^keysift last scan 1\nwhat was known/);
    expect([statSync(objects).size, statSync(scan).size, statSync(key).size]).toEqual([24 + 60 + 32, 20 + 14 + 32, 32]);
  });

  test('nothing longer than 8 MiB of a scan', () => {
    const { open, scan } = newPlace();
    open().keepScan(Buffer.alloc(8 * 1024 * 1024 + 1));
    expect(existsSync(scan)).toBe(false);
    open().keepScan(Buffer.alloc(8 * 1024 * 1024));
    expect(open().lastScan()).toHaveLength(8 * 1024 * 1024);
  });

  test('thousands of ids, and a scan that knew nothing', () => {
    const { open } = newPlace();
    const ids = Array.from({ length: 7000 }, (_, index) => index.toString(16).padStart(40, '0'));
    const list = open();
    expect(list.replace(ids)).toBe(true);
    list.keepScan(Buffer.alloc(0));
    expect(idsOf(open())).toEqual(ids);
    expect(open().lastScan()).toEqual(Buffer.alloc(0));
  });

  test.runIf(existsSync('/proc/self/fd'))('leaves no file open', () => {
    const { open } = kept();
    const before = readdirSync('/proc/self/fd').length;
    for (let count = 0; count < 20; count++) open().lastScan();
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 20);
  });

  test('no more than four million ids', () => {
    const { open, objects } = newPlace();
    const many = { length: 4_000_001, toSorted: () => [] } as unknown as string[];
    expect(open().replace(many)).toBe(false);
    expect(existsSync(objects)).toBe(false);
    expect(open().replace({ length: 4_000_000, toSorted: () => IDS } as unknown as string[])).toBe(true);
  });
});

describe('what counts for nothing', () => {
  test.each([
    ['one bit of an id', (bytes: Buffer) => (bytes[30]! ^= 1)],
    ['the first bit', (bytes: Buffer) => (bytes[0]! ^= 1)],
    ['one bit of the signature', (bytes: Buffer) => (bytes[bytes.length - 1]! ^= 0x80)],
  ])('%s is another', (_, change) => {
    const { open, objects, scan } = kept();
    for (const path of [objects, scan]) {
      const bytes = readFileSync(path);
      change(bytes);
      writeFileSync(path, bytes);
    }
    const list = open();
    expect([list.size, list.lastScan()]).toEqual([0, undefined]);
  });

  test.each([0, 10, 20, 24, 31, 32, 52, 56, 65])('the first %i bytes of it', (size) => {
    const { open, objects, scan } = kept();
    for (const path of [objects, scan]) writeFileSync(path, readFileSync(path).subarray(0, size));
    const list = open();
    expect([list.size, list.lastScan()]).toEqual([0, undefined]);
  });

  test('one list under the name of the other', () => {
    const { open, objects, scan } = kept();
    writeFileSync(scan, readFileSync(objects));
    expect(open().lastScan()).toBeUndefined();
  });

  test('the list of a user with another key', () => {
    const { common, open } = kept();
    const other = newPlace(common).open();
    expect([other.size, other.lastScan()]).toEqual([0, undefined]);
    expect(open().size).toBe(3);
  });

  test('signed bytes that are no whole ids', () => {
    const { open, objects, scan } = newPlace();
    const list = open();
    expect(list.replace([`${'a'.repeat(40)}bb`])).toBe(true);
    expect(existsSync(scan)).toBe(false);
    expect(statSync(objects).size).toBe(24 + 21 + 32);
    expect(open().size).toBe(0);
  });

  test.runIf(process.platform !== 'win32')('a folder or a file that is a link: it would lead out of the repository', () => {
    const first = kept();
    const folder = join(first.common, 'keysift');
    renameSync(folder, join(first.common, 'elsewhere'));
    symlinkSync('elsewhere', folder);
    const list = first.open();
    expect([list.size, list.lastScan()]).toEqual([0, undefined]);
    expect(list.replace(IDS)).toBe(false);
    const second = kept();
    renameSync(second.objects, join(second.common, 'elsewhere'));
    symlinkSync('../elsewhere', second.objects);
    expect(second.open().size).toBe(0);
  });

  test('a folder in the place of a file, and a file in the place of the folder', () => {
    const first = newPlace();
    mkdirSync(first.objects, { recursive: true });
    expect(first.open().size).toBe(0);
    const second = newPlace();
    writeFileSync(join(second.common, 'keysift'), '');
    const list = second.open();
    expect([list.size, list.lastScan(), list.replace(IDS)]).toEqual([0, undefined, false]);
    list.keepScan(SCAN);
    expect(list.lastScan()).toBeUndefined();
  });

  test.runIf(process.platform !== 'win32')('a pipe in the place of a file, to which nobody writes', () => {
    const { open, objects } = kept();
    rmSync(objects);
    execFileSync('mkfifo', [objects]);
    expect(open().size).toBe(0);
  });

  test('a scan that is longer than any that is kept, however it is signed', () => {
    const { open, scan } = newPlace();
    open().keepScan(Buffer.alloc(8 * 1024 * 1024));
    writeFileSync(scan, Buffer.concat([readFileSync(scan), Buffer.alloc(1)]));
    expect(open().lastScan()).toBeUndefined();
  });
});

describe("the user's key", () => {
  const open = (environment: NodeJS.ProcessEnv): CleanList | undefined => CleanList.open(temporaryFolder(), 20, 'rules', environment);

  test('lies in the cache of the user, of whatever names it first', () => {
    const [cache, home, local] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const keys = [join(cache, 'keysift', 'cache-key'), join(home, '.cache', 'keysift', 'cache-key'), join(local, 'keysift', 'cache-key')];
    const made = (): boolean[] => keys.map((path) => existsSync(path));
    expect(open({ LOCALAPPDATA: local })).toBeDefined();
    expect(made()).toEqual([false, false, true]);
    expect(open({ HOME: home, LOCALAPPDATA: local, XDG_CACHE_HOME: 'not/absolute' })).toBeDefined();
    expect(made()).toEqual([false, true, true]);
    expect(open({ XDG_CACHE_HOME: cache, HOME: home })).toBeDefined();
    expect(made()).toEqual([true, true, true]);
  });

  test('without a place for it there is no list', () => {
    // Where a defect would make one, it is not in the project.
    const before = process.cwd();
    process.chdir(temporaryFolder());
    onTestFinished(() => process.chdir(before));
    expect(open({})).toBeUndefined();
    expect(open({ XDG_CACHE_HOME: 'cache', HOME: 'home', LOCALAPPDATA: 'local' })).toBeUndefined();
    const home = temporaryFolder();
    writeFileSync(join(home, 'keysift'), '');
    expect(open({ XDG_CACHE_HOME: home })).toBeUndefined();
  });

  test('one of another length is none, and stays as it is', () => {
    const { open: again, key } = kept();
    for (const size of [0, 31, 33]) {
      writeFileSync(key, Buffer.alloc(size));
      expect(again()).toBeUndefined();
      expect(statSync(key).size).toBe(size);
    }
  });

  test.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)('one that cannot be read is none', () => {
    const { open: again, key } = kept();
    chmodSync(key, 0);
    expect(again()).toBeUndefined();
  });

  test('two of them are never alike', () => {
    const [one, other] = [kept(), kept()];
    expect(readFileSync(one.key).equals(readFileSync(other.key))).toBe(false);
  });
});
