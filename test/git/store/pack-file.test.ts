import { appendFileSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { referenceCodec, type Codec } from '../../../src/git/store/codec.ts';
import { PackBlocks } from '../../../src/git/store/pack-blocks.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { isWide, PackFile, rankTable } from '../../../src/git/store/pack-file.ts';
import { MAX_WHOLE } from '../../../src/model/source.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { Random } from '../../support/random.ts';
import { blobId, makeDelta, whole, writePack, type Entry } from './hand-made.ts';

const codec = referenceCodec();
const noise = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, at) => (at * at * 2654435761 + at) >>> 13));

interface Written {
  readonly pack: string;
  readonly index: string;
  /** By place in what was written. */
  readonly offsets: readonly number[];
  open(): PackFile;
}

function written(entries: readonly Entry[]): Written {
  const objectsDir = temporaryFolder();
  const offsets = writePack(objectsDir, 'p', entries);
  const pack = join(objectsDir, 'pack', 'p.pack');
  const index = join(objectsDir, 'pack', 'p.idx');
  return { pack, index, offsets, open: () => PackFile.open(pack, index, 20, new PackBlocks()) };
}

/** Changes some bytes of a file. */
function patch(path: string, at: number, bytes: string): void {
  const held = readFileSync(path);
  held.write(bytes, at < 0 ? held.length + at : at, 'latin1');
  writeFileSync(path, held);
}

function content(pack: PackFile, rank: number): Buffer {
  const { entry } = pack.header(rank);
  return codec.bytes(pack.inflate(codec, rank, entry.length, entry.size));
}

const open = (): number => readdirSync('/dev/fd').length;
const [a, b] = [whole('first'), whole('second')];
const delta: Entry = { id: blobId('fir'), body: makeDelta(5, [{ copy: 0, size: 3 }]), base: 0 };
const byId: Entry = { id: blobId('sec'), body: makeDelta(6, [{ copy: 0, size: 3 }]), base: blobId('second') };

describe('a pack', () => {
  test('its objects by rank, in the order in which they lie in it', () => {
    const { open: openPack, offsets, pack: path } = written([a, b, delta, byId]);
    const pack = openPack();
    expect([pack.path, pack.size, pack.faults]).toEqual([path, readFileSync(path).length, []]);
    expect([0, 1, 2, 3].map((rank) => pack.id(rank))).toEqual([a, b, delta, byId].map(({ id }) => id));
    expect([...pack.table.offsets]).toEqual([...offsets, pack.size - 20]);
    for (let rank = 0; rank < 4; rank++) {
      expect(pack.rankOf(pack.table.positions[rank]!)).toBe(rank);
      expect(pack.rankAt(offsets[rank]!)).toBe(rank);
      expect(pack.rankAt(offsets[rank]! + 1)).toBe(-1);
    }
    expect([pack.rankAt(0), pack.rankAt(pack.size - 20), pack.rankAt(pack.size)]).toEqual([-1, -1, -1]);
    expect([content(pack, 0).toString(), content(pack, 1).toString()]).toEqual(['first', 'second']);
    expect(pack.header(2).entry).toMatchObject({ type: TYPE.offsetDelta, distance: offsets[2]! - offsets[0]! });
    const { entry, baseId } = pack.header(3);
    expect([entry.type, baseId.toString('hex')]).toEqual([TYPE.idDelta, blobId('second')]);
    expect([2, 3].map((rank) => pack.resultSize(pack.table.offsets[rank]! + pack.header(rank).entry.length))).toEqual([3, 3]);
    pack.close();
    expect(() => pack.header(0)).toThrow('unreadable');
  });

  test('says where an object begins, whether its objects have ranks or not, and has none once it forgot them', () => {
    const { open: openPack, offsets } = written([a, b, delta, byId]);
    const pack = openPack();
    const begin = (): number[] => [a, b, delta, byId].map(({ id }) => pack.offsetOf(pack.index.find(Buffer.from(id, 'hex'))));
    expect([begin(), pack.isRanked]).toEqual([offsets, false]);
    expect([pack.table.offsets.length, pack.isRanked, pack.rankOf(pack.table.positions[2]!)]).toEqual([5, true, 2]);
    expect(begin()).toEqual(offsets);
    pack.forget();
    expect([pack.isRanked, begin(), pack.isRanked]).toEqual([false, offsets, false]);
    expect([0, 1, 2, 3].map((rank) => pack.id(rank))).toEqual([a, b, delta, byId].map(({ id }) => id));
  });

  test('inflates what begins somewhere, wherever it ends, and nothing that is more than is held whole', () => {
    const random = new Random(2);
    const bodies = [Buffer.from('first'), Buffer.from(Array.from({ length: 70_000 }, () => random.below(256))), Buffer.alloc(0)];
    const { open: openPack, offsets } = written(bodies.map((body, place) => ({ id: `${place}`.repeat(40), body })));
    const pack = openPack();
    const from = (place: number): number => offsets[place]! + pack.headerAt(offsets[place]!).entry.length;
    for (const [place, body] of bodies.entries()) {
      expect(codec.bytes(pack.inflateAt(codec, from(place), body.length)).equals(body)).toBe(true);
      expect(() => pack.inflateAt(codec, from(place), body.length + 1)).toThrow('wrong-size');
    }
    const asked: number[] = [];
    const asking: Codec = { ...codec, inflate: (_input, size) => asked.push(size) };
    expect(() => pack.inflateAt(asking, from(0), MAX_WHOLE + 1)).toThrow('wrong-size');
    pack.inflateAt(asking, from(0), MAX_WHOLE);
    expect(asked).toEqual([MAX_WHOLE]);
    expect(() => pack.inflateAt(codec, pack.end, 5)).toThrow('unreadable');
  });

  test('is read no further than to its checksum', () => {
    const pack = written([a]).open();
    const buffer = Buffer.alloc(64);
    const end = pack.size - 20;
    expect([pack.read(0, buffer, 64), buffer.toString('latin1', 0, 4)]).toEqual([end, 'PACK']);
    expect([pack.read(end - 1, buffer, 8), pack.read(end, buffer, 8), pack.read(end + 1, buffer, 8), pack.read(1e6, buffer, 8)]).toEqual([
      1, 0, 0, 0,
    ]);
  });

  test('another thread reads the same pack without opening or looking through it', () => {
    const { open: openPack, offsets } = written([a, b, delta]);
    const pack = openPack();
    const again = PackFile.again(structuredClone(pack.share()), new PackBlocks());
    expect([again.path, again.size, again.faults, [...again.table.offsets]]).toEqual([pack.path, pack.size, [], [...offsets, pack.size - 20]]);
    expect([0, 1, 2].map((rank) => again.id(rank))).toEqual([a, b, delta].map(({ id }) => id));
    expect([content(again, 0).toString(), content(again, 1).toString()]).toEqual(['first', 'second']);
  });

  test('what is wrong with a pack is told by the thread that opened it, and by no other', () => {
    const files = written([a]);
    patch(files.pack, -1, '\0');
    const pack = files.open();
    const again = PackFile.again(structuredClone(pack.share()), new PackBlocks());
    expect([pack.faults, again.faults, content(again, 0).toString()]).toEqual([['pack-mismatch'], [], 'first']);
  });

  test('large objects, across blocks and over what is kept of them', () => {
    const bodies = [40_000, 3, 20_000, 150_000, 5].map(noise);
    const pack = written(bodies.map((body, place) => ({ id: `${place}`.repeat(40), body }))).open();
    for (const [rank, body] of bodies.entries()) expect(content(pack, rank).equals(body)).toBe(true);
  });

  test('a large object that nothing compresses', () => {
    const random = new Random(1);
    const body = Buffer.from(Array.from({ length: 300_000 }, () => random.below(256)));
    expect(content(written([{ ...a, body }, b]).open(), 0).equals(body)).toBe(true);
  });
});

describe('a pack that is not sound', () => {
  test.each<[string, (files: Written) => void, string[]]>([
    ['a changed index', ({ index }) => patch(index, -1, '\0'), ['index-checksum']],
    ['a changed checksum', ({ pack }) => patch(pack, -1, '\0'), ['pack-mismatch']],
    ['another number of objects', ({ pack }) => patch(pack, 11, '\x07'), ['pack-mismatch']],
    ['more behind its end', ({ pack }) => appendFileSync(pack, 'x'), ['pack-mismatch']],
    ['both', ({ pack, index }) => (patch(pack, -1, '\0'), patch(index, -1, '\0')), ['index-checksum', 'pack-mismatch']],
    ['version 3', ({ pack }) => patch(pack, 7, '\x03'), []],
  ])('%s: its objects are read all the same', (_what, damage, faults) => {
    const files = written([a, b]);
    damage(files);
    const pack = files.open();
    expect(pack.faults).toEqual(faults);
    expect([content(pack, 0).toString(), content(pack, 1).toString()]).toEqual(['first', 'second']);
  });

  test('one that was cut short ends where its file ends', () => {
    const files = written([a, b]);
    truncateSync(files.pack, files.offsets[1]! + 4);
    const pack = files.open();
    expect(pack.faults).toEqual(['pack-mismatch']);
    expect(pack.table.offsets[2]).toBe(pack.size);
    expect(content(pack, 0).toString()).toBe('first');
    expect(() => content(pack, 1)).toThrow('bad-compression');
  });

  test.each<[string, (files: Written) => void, string]>([
    ['no pack', ({ pack }) => patch(pack, 0, 'P@CK'), 'bad-pack'],
    ['version 1', ({ pack }) => patch(pack, 7, '\x01'), 'bad-pack'],
    ['version 4', ({ pack }) => patch(pack, 7, '\x04'), 'bad-pack'],
    ['a head that is cut', ({ pack }) => truncateSync(pack, 11), 'bad-pack'],
    ['an empty file', ({ pack }) => truncateSync(pack, 0), 'bad-pack'],
    ['an index that is none', ({ index }) => truncateSync(index, 100), 'bad-index'],
    ['no pack beside its index', ({ pack }) => rmSync(pack), 'ENOENT'],
    ['no index', ({ index }) => rmSync(index), 'ENOENT'],
  ])('%s is refused, and nothing stays open', (_what, damage, fault) => {
    const files = written([a]);
    damage(files);
    const before = open();
    expect(() => files.open()).toThrow(fault);
    expect(open()).toBe(before);
  });

  test('an object at a place where none can be has no header', () => {
    const cases = [
      { ...a, offset: 3 },
      { ...b, offset: 1e6 },
      { ...whole('x'), code: 5 },
    ];
    const pack = written(cases).open();
    for (const { id } of cases) {
      const rank = pack.rankOf(pack.index.find(Buffer.from(id, 'hex')));
      expect(() => pack.header(rank)).toThrow('bad-header');
    }
  });

  test('an offset into the middle of an object costs it nothing', () => {
    const files = written([
      { ...a, body: noise(300) },
      { ...b, offset: 40 },
    ]);
    const pack = files.open();
    expect(pack.table.offsets[1]).toBe(40);
    expect(content(pack, 0).equals(noise(300))).toBe(true);
  });

  test('what is more than its header says, or than is held whole, is not made', () => {
    const pack = written([
      { ...a, size: 4 },
      { ...b, size: 7 },
      { ...whole('x'), raw: deflateSync(Buffer.alloc(8 * 1024 ** 2)) },
    ]).open();
    for (const rank of [0, 1, 2]) expect(() => content(pack, rank)).toThrow('wrong-size');
    const asked: number[] = [];
    const asking: Codec = { ...codec, inflate: (_input, size) => asked.push(size) };
    expect(() => pack.inflate(asking, 0, 1, MAX_WHOLE + 1)).toThrow('wrong-size');
    pack.inflate(asking, 0, 1, MAX_WHOLE);
    expect(asked).toEqual([MAX_WHOLE]);
    expect(() => pack.inflate(codec, 0, 1e6, 4)).toThrow('unreadable');
  });
});

test('a rank table holds each offset in its order, also where offset and position are too much for one number', () => {
  const near = rankTable(Float64Array.from([30, 12, 500, 12]), 600);
  expect([[...near.positions], [...near.offsets]]).toEqual([
    [1, 3, 0, 2],
    [12, 12, 30, 500, 600],
  ]);
  const largest = Math.floor(Number.MAX_SAFE_INTEGER / 4);
  for (const far of [largest - 1, largest, largest + 1, Number.MAX_SAFE_INTEGER]) {
    const { positions, offsets } = rankTable(Float64Array.from([far - 1, far, 12]), 600);
    expect([[...positions], [...offsets]]).toEqual([
      [2, 0, 1],
      [12, far - 1, far, 600],
    ]);
  }
  expect([...rankTable(Float64Array.from([7]), 9).offsets]).toEqual([7, 9]);
  const isWideFor = (offset: number, end: number): number => isWide(rankTable(Float64Array.from([offset]), end).offsets);
  expect([isWideFor(7, 9), isWideFor(2 ** 32 - 1, 9), isWideFor(2 ** 32, 9), isWideFor(9, 2 ** 32)]).toEqual([0, 0, 1, 1]);
});
