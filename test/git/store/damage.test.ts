import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openStore, type ObjectStore } from '../../../src/git/store/object-store.ts';
import { typeName } from '../../../src/git/store/pack-entry.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { isToday } from '../../support/sample.ts';
import { blobId, idsOf, makeDelta, storeOf, walked, whole, writeLoose, writePack, type Entry } from './hand-made.ts';

/** In place: to cut a file and fill it again makes some file systems write it to the disk at once, which took a quarter of the time. */
const REWRITTEN = { flag: 'r+' };

const id = (digit: string): string => digit.repeat(40);
/** Keeps the first bytes of a base of four. */
const shorter = (size: number, base: number | string, name = 'abcd'.slice(0, size)): Entry => ({
  id: blobId(name),
  body: makeDelta(4, [{ copy: 0, size }]),
  base,
});

/** What is sound, sorted, and what failed. Each object can be read alone just when the walk reads it. */
function outcome(store: ObjectStore): { sound: string[]; failed: Record<string, string> } {
  const { blobs, failed } = walked(store);
  for (const object of idsOf(store)) expect(store.read(object) !== undefined).toBe(blobs.has(object));
  return { sound: [...blobs.values()].toSorted(), failed };
}

describe('an object that is damaged', () => {
  const extra = whole('sound');

  test.each<[string, Entry, string]>([
    ['bytes that are no stream', { ...whole('abcd'), raw: Buffer.from('not compressed at all') }, 'bad-compression'],
    ['a stream that is cut', { ...whole('abcd'), raw: deflateSync(Buffer.from('abcd')).subarray(0, 6) }, 'bad-compression'],
    ['more bytes than declared', { ...whole('abcd'), size: 3 }, 'wrong-size'],
    ['fewer bytes than declared', { ...whole('abcd'), size: 5 }, 'wrong-size'],
    ['a bomb', { ...whole('abcd'), raw: deflateSync(Buffer.alloc(64 * 1024 * 1024)) }, 'wrong-size'],
    ['a type that there is not', { ...whole('abcd'), code: 5 }, 'bad-header'],
    ['no type', { ...whole('abcd'), code: 0 }, 'bad-header'],
    ['a size that nothing can have', { ...whole('abcd'), raw: Buffer.from('ff'.repeat(20), 'hex'), size: 2 ** 80 }, 'bad-header'],
    ['a place before the first object', { ...whole('abcd'), offset: 3 }, 'bad-header'],
    ['a place behind the end', { ...whole('abcd'), offset: 1e6 }, 'unreadable'],
    ['a place far behind the end', { ...whole('abcd'), offset: 2 ** 50 }, 'unreadable'],
  ])('%s', (_what, damaged, fault) => {
    const objectsDir = temporaryFolder();
    const entries = [extra, { ...damaged, id: id('a') }, { ...shorter(2, id('a')), id: id('b') }, { ...shorter(1, 2), id: id('c') }];
    expect(outcome(storeOf([entries], objectsDir))).toEqual({
      sound: ['sound'],
      failed: { [id('a')]: fault, [id('b')]: 'base-failed', [id('c')]: 'base-failed' },
    });
  });

  test.each<[string, Entry['body']]>([
    ['copies from behind its base', makeDelta(4, [{ copy: 2, size: 3 }])],
    ['is of another base', makeDelta(5, [{ copy: 0, size: 3 }])],
    ['makes another size than it says', makeDelta(4, [{ copy: 0, size: 3 }], 4)],
    ['is cut', makeDelta(4, [{ copy: 1, size: 3 }]).subarray(0, -1)],
    ['is empty', Buffer.alloc(0)],
  ])('a delta that %s', (_what, body) => {
    const entries = [whole('abcd'), shorter(3, 0), { id: id('a'), body, base: 0 }, { ...shorter(1, 2), id: id('b') }];
    expect(outcome(storeOf([entries]))).toEqual({ sound: ['abc', 'abcd'], failed: { [id('a')]: 'bad-delta', [id('b')]: 'base-failed' } });
  });

  test('a base that is not there', () => {
    const entries = [whole('abcd'), { ...shorter(3, id('f')), id: id('a') }, { ...shorter(1, 1), id: id('b') }];
    expect(outcome(storeOf([entries]))).toEqual({ sound: ['abcd'], failed: { [id('a')]: 'missing-base', [id('b')]: 'base-failed' } });
  });

  test('a base at a place where nothing begins', () => {
    const delta = makeDelta(4, [{ copy: 0, size: 3 }]);
    const behind = (distance: number): Buffer => Buffer.concat([Buffer.from([distance]), deflateSync(delta)]);
    const entries = [
      whole('abcd'),
      ...[1, 0, 100].map((distance, place) => ({ id: id('abc'[place] ?? ''), body: delta, code: 6, raw: behind(distance) })),
    ];
    expect(outcome(storeOf([entries])).failed).toEqual({ [id('a')]: 'missing-base', [id('b')]: 'bad-header', [id('c')]: 'missing-base' });
  });

  test('a ring of bases, what hangs on it, and one that is its own base', () => {
    const entries = [
      { ...shorter(3, id('c')), id: id('a') },
      { ...shorter(3, id('a')), id: id('b') },
      { ...shorter(3, id('b')), id: id('c') },
      { ...shorter(3, id('b')), id: id('d') },
      { ...shorter(3, id('e')), id: id('e') },
      whole('abcd'),
    ];
    expect(outcome(storeOf([entries]))).toEqual({
      sound: ['abcd'],
      failed: Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((letter) => [id(letter), 'delta-cycle'])),
    });
  });

  test('a ring across two packs', () => {
    const store = storeOf([[{ ...shorter(3, id('b')), id: id('a') }], [{ ...shorter(3, id('a')), id: id('b') }, whole('abcd')]]);
    expect(outcome(store)).toEqual({ sound: ['abcd'], failed: { [id('a')]: 'base-failed', [id('b')]: 'base-failed' } });
  });

  test('those of other types are none of the walk', () => {
    const damaged = { ...whole('x'), type: 'commit' as const, raw: Buffer.from('damaged') };
    const store = storeOf([
      [
        { ...damaged, id: id('a') },
        { ...shorter(2, 0), id: id('b') },
      ],
    ]);
    expect(outcome(store).failed).toEqual({});
  });

  test.each<[string, Buffer, string]>([
    ['no stream', Buffer.from('hello, world'), 'bad-compression'],
    ['an empty file', Buffer.alloc(0), 'bad-header'],
    ['an unknown type', deflateSync(Buffer.from('blub 4\0abcd')), 'bad-header'],
    ['a size that is no number', deflateSync(Buffer.from('blob 0x4\0abcd')), 'bad-header'],
    ['no end of the header', deflateSync(Buffer.from('blob 4')), 'bad-header'],
    ['too few bytes', deflateSync(Buffer.from('blob 5\0abcd')), 'wrong-size'],
    ['too many bytes', deflateSync(Buffer.from('blob 3\0abcd')), 'wrong-size'],
    ['a bomb', deflateSync(Buffer.concat([Buffer.from('blob 3\0'), Buffer.alloc(64 * 1024 * 1024)])), 'wrong-size'],
    ['a cut stream', deflateSync(Buffer.from('blob 4\0abcd')).subarray(0, -3), 'bad-compression'],
  ])('loose: %s', (_what, raw, fault) => {
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'blob', '', { id: id('a'), raw });
    writeLoose(objectsDir, 'blob', 'sound');
    expect(outcome(openStore({ objectsDir, hashBytes: 20 }))).toEqual({ sound: ['sound'], failed: { [id('a')]: fault } });
  });
});

describe('another copy', () => {
  const broken = { ...whole('abcd'), raw: Buffer.from('damaged') };

  test('takes the place of a damaged one, also as a base', () => {
    const family = [broken, shorter(3, 0), shorter(2, 0)];
    expect(outcome(storeOf([family, [whole('abcd')]]))).toEqual({ sound: ['ab', 'abc', 'abcd'], failed: {} });
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'blob', 'abcd');
    expect(outcome(storeOf([family], objectsDir))).toEqual({ sound: ['ab', 'abc', 'abcd'], failed: {} });
  });

  test('of a delta is enough for what comes from it', () => {
    const chain = [broken, shorter(3, 0), { ...shorter(1, 1), body: makeDelta(3, [{ copy: 0, size: 1 }]) }];
    expect(outcome(storeOf([chain, [whole('abc')]]))).toEqual({ sound: ['a', 'abc'], failed: { [blobId('abcd')]: 'bad-compression' } });
  });

  test('heals a ring, a missing base and an object without a type', () => {
    const packs = [
      [
        { ...shorter(3, blobId('ab')), body: makeDelta(2, [{ copy: 0, size: 2 }, { insert: 'c' }]) },
        { ...shorter(2, 0), body: makeDelta(3, [{ copy: 0, size: 2 }]) },
      ],
      [{ ...shorter(1, id('9')) }, { ...whole('abcd'), code: 5 }],
    ];
    const objectsDir = temporaryFolder();
    for (const content of ['abc', 'a', 'abcd']) writeLoose(objectsDir, 'blob', content);
    expect(outcome(storeOf(packs, objectsDir))).toEqual({ sound: ['a', 'ab', 'abc', 'abcd'], failed: {} });
  });

  test('is damaged as well', () => {
    const objectsDir = temporaryFolder();
    writeLoose(objectsDir, 'blob', '', { id: blobId('abcd'), raw: Buffer.from('damaged') });
    expect(
      outcome(
        storeOf(
          [
            [broken, shorter(3, 0)],
            [shorter(3, blobId('abcd')), broken],
          ],
          objectsDir,
        ),
      ),
    ).toEqual({
      sound: [],
      failed: { [blobId('abcd')]: 'bad-compression', [blobId('abc')]: 'base-failed' },
    });
  });
});

/** A pack of two families; each object, and what comes from it. */
const LINES = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
const GROWN = Array.from({ length: 6 }, (_, step) => `${'+'.repeat(step)}${LINES}`);
const FAMILIES: readonly Entry[] = [
  whole(LINES),
  ...GROWN.slice(1).map((content, step): Entry => ({
    id: blobId(content),
    body: makeDelta(content.length - 1, [{ insert: '+' }, { copy: 0, size: content.length - 1 }]),
    base: step < 3 ? step : blobId(GROWN[step] ?? ''),
  })),
  whole('another'),
  whole('one more'),
];
const CONTENTS = new Map([...GROWN, 'another', 'one more'].map((content) => [blobId(content), content]));

function descendants(place: number): string[] {
  return FAMILIES.slice(place, place < GROWN.length ? GROWN.length : place + 1).map((entry) => entry.id);
}

describe('flipped bytes', () => {
  test('in a pack: what is told is right, and what is not told has failed', () => {
    const objectsDir = temporaryFolder();
    const offsets = writePack(objectsDir, 'p', FAMILIES);
    const path = join(objectsDir, 'pack', 'p.pack');
    const sound = readFileSync(path);
    let noticed = 0;
    for (let at = 0; at < sound.length; at++) {
      const flipped = Buffer.from(sound);
      flipped[at]! ^= 1 << (at % 8);
      writeFileSync(path, flipped, REWRITTEN);
      const store = openStore({ objectsDir, hashBytes: 20 });
      const { blobs, failed } = walked(store);
      store.close();
      const place = offsets.findLastIndex((offset) => offset <= at);
      // A header may become one of another type: nothing but the object's hash tells that.
      const type = sound[offsets[place] ?? 0]! ^ flipped[offsets[place] ?? 0]!;
      if (at < 8) expect([...blobs.keys(), ...Object.keys(failed)]).toEqual([]);
      else if (at < 12 || at >= sound.length - 20) expect(blobs.size).toBe(CONTENTS.size);
      else if ((type & 0x70) === 0) {
        for (const [blob, content] of blobs) expect(content).toBe(CONTENTS.get(blob));
        const lost = Object.keys(failed);
        expect(new Set([...blobs.keys(), ...lost])).toEqual(new Set(CONTENTS.keys()));
        expect([[], descendants(place).toSorted()]).toContainEqual(lost.toSorted());
        if (lost.length > 0) noticed++;
      }
      if (at < 8) expect(store.problems).toEqual([{ path, fault: 'bad-pack' }]);
      else if (at < 12 || at >= sound.length - 20) expect(store.problems).toEqual([{ path, fault: 'pack-mismatch' }]);
    }
    expect(noticed).toBeGreaterThan(sound.length * 0.75);
  });

  test('in an index: told, and every object that it names is accounted for', () => {
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', FAMILIES);
    const path = join(objectsDir, 'pack', 'p.idx');
    const sound = readFileSync(path);
    for (let at = 0; at < sound.length; at++) {
      // A thousand of them are counts, and look alike.
      if (at >= 8 && !isToday(at, 4)) continue;
      const flipped = Buffer.from(sound);
      flipped[at]! ^= 1 << (at % 8);
      writeFileSync(path, flipped, REWRITTEN);
      const store = openStore({ objectsDir, hashBytes: 20 });
      expect(store.problems.length).toBeGreaterThan(0);
      for (const object of CONTENTS.keys()) store.read(object);
      const { blobs, failed } = walked(store);
      // What an offset points to by mistake may look like another type.
      const others = [...idsOf(store)].filter((object) => !blobs.has(object) && !(object in failed));
      const [pack] = store.packs;
      const looks = others.map((object) => typeName(store.plan(0).types[pack!.rankOf(pack!.index.find(Buffer.from(object, 'hex')))]!));
      for (const type of looks) expect(['commit', 'tree', 'tag']).toContain(type);
      expect(idsOf(store).size).toBe(store.packs.length === 0 ? 0 : CONTENTS.size);
      store.close();
    }
  });

  test('an offset into the middle of another object costs only its own', () => {
    const entries = FAMILIES.map((entry) => (entry.id === blobId('another') ? { ...entry, offset: 60 } : entry));
    const { blobs, failed } = walked(storeOf([entries]));
    expect(Object.keys(failed)).toEqual([blobId('another')]);
    expect(blobs.size).toBe(CONTENTS.size - 1);
  });
});

describe('files', () => {
  test.each(FAMILIES.map((_, place) => place))('a pack that ends in object %i', (place) => {
    const objectsDir = temporaryFolder();
    const offsets = writePack(objectsDir, 'p', FAMILIES);
    const path = join(objectsDir, 'pack', 'p.pack');
    truncateSync(path, (offsets[place] ?? 0) + 3);
    const store = openStore({ objectsDir, hashBytes: 20 });
    expect(store.problems).toEqual([{ path, fault: 'pack-mismatch' }]);
    const { blobs, failed } = walked(store);
    expect([...blobs.keys()].toSorted()).toEqual(
      FAMILIES.slice(0, place)
        .map((entry) => entry.id)
        .toSorted(),
    );
    expect(Object.keys(failed).toSorted()).toEqual(
      FAMILIES.slice(place)
        .map((entry) => entry.id)
        .toSorted(),
    );
  });

  test.each<[string, (path: string) => void, string]>([
    ['no pack to an index', (path) => rmSync(`${path}.pack`), 'missing'],
    ['an empty pack', (path) => truncateSync(`${path}.pack`, 0), 'bad-pack'],
    ['a pack of another version', (path) => writeFileSync(`${path}.pack`, Buffer.from('PACK\0\0\0\x04\0\0\0\0'.padEnd(60, '\0'))), 'bad-pack'],
    ['an empty index', (path) => truncateSync(`${path}.idx`, 0), 'bad-index'],
    ['half an index', (path) => truncateSync(`${path}.idx`, 700), 'bad-index'],
    [
      'a folder as a pack',
      (path) => {
        rmSync(`${path}.pack`);
        mkdirSync(`${path}.pack`);
      },
      'unreadable',
    ],
    [
      'a named pipe as an index',
      (path) => {
        rmSync(`${path}.idx`);
        execFileSync('mkfifo', [`${path}.idx`]);
      },
      'unreadable',
    ],
  ])('%s', (_what, spoil, fault) => {
    const objectsDir = temporaryFolder();
    writePack(objectsDir, 'p', FAMILIES);
    writePack(objectsDir, 'q', [whole('sound')]);
    spoil(join(objectsDir, 'pack', 'p'));
    const store = openStore({ objectsDir, hashBytes: 20 });
    const path = join(objectsDir, 'pack', 'p.pack');
    expect(store.problems).toEqual([{ path, fault: fault === 'unreadable' && store.problems[0]?.fault === 'bad-index' ? 'bad-index' : fault }]);
    expect(outcome(store)).toEqual({ sound: ['sound'], failed: {} });
  });

  test('a folder of objects that is not there', () => {
    expect(openStore({ objectsDir: '/nowhere/objects', hashBytes: 20 }).problems).toEqual([{ path: '/nowhere/objects', fault: 'missing' }]);
  });

  test('a loose object that is taken away', () => {
    const objectsDir = temporaryFolder();
    const gone = writeLoose(objectsDir, 'blob', 'gone');
    const store = openStore({ objectsDir, hashBytes: 20 });
    rmSync(join(objectsDir, gone.slice(0, 2)), { recursive: true });
    expect(outcome(store)).toEqual({ sound: [], failed: { [gone]: 'unreadable' } });
  });
});
