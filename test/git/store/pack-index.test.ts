import { createHash } from 'node:crypto';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Damaged } from '../../../src/git/store/damage.ts';
import { rankTable } from '../../../src/git/store/pack-file.ts';
import { IndexBytes } from '../../../src/git/store/index-bytes.ts';
import { PackIndex } from '../../../src/git/store/pack-index.ts';
import { folderWith } from '../../support/folder.ts';
import { makeIndex } from './hand-made.ts';

const FAR = 2 ** 33 + 5;
/** As if a small file had been read. */
function indexOf(given: Buffer, hashBytes: 20 | 32): PackIndex {
  return new PackIndex(new IndexBytes(given), hashBytes);
}

const ids = ['00', '00aa', '7f', '7f01', '7f02', 'ff'].map((start) => start.padEnd(40, '0'));
const bytes = makeIndex(
  ids.map((id, place) => ({ id, offset: place === 3 ? FAR : 1000 - place })),
  Buffer.alloc(20, 7),
);

/** The same in version 1, for offsets of 32 bits. */
function firstVersion(second = bytes, names: readonly string[] = ids): Buffer {
  const fanout = second.subarray(8, 1032);
  const entries = names.flatMap((id, place) => [Buffer.from([0, 0, 3, place]), Buffer.from(id, 'hex')]);
  return Buffer.concat([fanout, ...entries, Buffer.alloc(40, 7)]);
}

/** So many that they fill several windows, one of them twice. */
function manyIds(hashBytes: 20 | 32): string[] {
  const some = Array.from({ length: 600 }, (_, number) =>
    createHash('sha256')
      .update(`${number}`)
      .digest('hex')
      .slice(0, hashBytes * 2),
  );
  return [...some, some[77]!].toSorted();
}

function manyIndex(hashBytes: 20 | 32): Buffer {
  const entries = manyIds(hashBytes).map((id, place) => ({ id, offset: place % 50 === 0 ? FAR + place : 1000 + place }));
  return makeIndex(entries, Buffer.alloc(hashBytes, 7));
}

describe('PackIndex', () => {
  test('finds what is there and nothing else', () => {
    const index = indexOf(bytes, 20);
    expect(index.count).toBe(6);
    expect(ids.map((id) => index.find(Buffer.from(id, 'hex')))).toEqual([0, 1, 2, 3, 4, 5]);
    for (const id of ['01', '00ab', '7f0001', 'ff01']) expect(index.find(Buffer.from(id.padEnd(40, '0'), 'hex'))).toBe(-1);
    expect(index.find(Buffer.from(`ee${ids[3]}`, 'hex'), 1)).toBe(3);
    expect(ids.map((_, position) => index.id(position))).toEqual(ids);
    expect(ids.map((_, position) => index.idBytes(position).toString('hex'))).toEqual(ids);
    expect(index.packChecksum).toEqual(Buffer.alloc(20, 7));
    expect(index.checksumHolds()).toBe(true);
    expect([...index.offsets()]).toEqual([1000, 999, 998, FAR, 996, 995]);
    expect(index.packChecksum).toEqual(Buffer.alloc(20, 7));
    expect(ids.map((id) => index.find(Buffer.from(id, 'hex')))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(ids.map((_, position) => index.id(position))).toEqual(ids);
  });

  test('finds ids that crowd where nobody would look for them, and those that begin alike', () => {
    const name = (start: string, number: number): string => start + number.toString(16).padStart(40 - start.length, '0');
    // 200 at each end of what one byte may begin, and 200 of the same first four bytes.
    const crowded = ['7f0000', '7fffff', 'abababab'].flatMap((start) => Array.from({ length: 200 }, (_, number) => name(start, 2 * number)));
    const index = indexOf(
      makeIndex(
        crowded.map((id) => ({ id, offset: 12 })),
        Buffer.alloc(20),
      ),
      20,
    );
    expect(crowded.map((id) => index.find(Buffer.from(id, 'hex')))).toEqual(crowded.map((_, position) => position));
    for (const start of ['7f0000', '7fffff', 'abababab']) {
      for (const number of [1, 3, 199, 201, 397, 399, 401]) expect(index.find(Buffer.from(name(start, number), 'hex'))).toBe(-1);
    }
    for (const start of ['7f8000', 'ababaa', 'abababac']) expect(index.find(Buffer.from(name(start, 0), 'hex'))).toBe(-1);
  });

  test('finds each of a few ids that begin alike, and what lies between, before and behind them', () => {
    const alike = ['abababab01', 'abababab03', 'abababab05'].map((start) => start.padEnd(40, '0'));
    for (const around of [[], ['00', 'ab00', 'abff', 'ff'].map((start) => start.padEnd(40, '0'))]) {
      const all = [...around, ...alike].toSorted();
      const index = indexOf(
        makeIndex(
          all.map((id) => ({ id, offset: 12 })),
          Buffer.alloc(20),
        ),
        20,
      );
      expect(all.map((id) => index.find(Buffer.from(id, 'hex')))).toEqual(all.map((_, position) => position));
      for (const last of ['00', '02', '04', '06']) expect(index.find(Buffer.from(`abababab${last}`.padEnd(40, '0'), 'hex'))).toBe(-1);
    }
  });

  test('takes nothing for an id that stands before or behind the ids', () => {
    // The table before them ends in five counts of one object; behind them are its checksums.
    const first = '00000001'.repeat(5);
    expect(indexOf(makeIndex([{ id: first, offset: 12 }], Buffer.alloc(20)), 20).repeats(0)).toBe(false);
    const behind = Buffer.alloc(20, 0xff);
    for (const count of [1, 200]) {
      const crowd = Array.from({ length: count }, (_, number) => `ffffffff${number.toString(16).padStart(32, '0')}`);
      const table = makeIndex(
        crowd.map((id) => ({ id, offset: 12 })),
        Buffer.alloc(20),
      );
      behind.copy(table, 1032 + count * 20);
      expect(indexOf(table, 20).find(behind)).toBe(-1);
    }
  });

  test.each([
    ['2', bytes],
    ['1', firstVersion()],
  ])('another thread finds the same in version %s, without reading it again', (version, given) => {
    const first = indexOf(given, 20);
    const again = PackIndex.again(structuredClone(first.share()));
    expect(ids.map((id) => again.find(Buffer.from(id, 'hex')))).toEqual([0, 1, 2, 3, 4, 5]);
    const [{ ids: table, stride } = { ids: Buffer.alloc(0), stride: 0 }, ...more] = again.idParts();
    expect(more).toEqual([]);
    expect(ids.map((_, position) => Buffer.from(table.subarray(position * stride, position * stride + 20)).toString('hex'))).toEqual(ids);
    expect([stride, table.length]).toEqual(version === '2' ? [20, 6 * 20] : [24, 6 * 24]);
    expect(new Uint32Array(Uint8Array.from(again.fanout()).buffer).at(-1)).toBe(6);
  });

  test.each([
    ['2', 20, manyIndex(20)],
    ['1', 20, firstVersion(manyIndex(20), manyIds(20))],
    ['2 with SHA-256', 32, manyIndex(32)],
  ] as const)('a large one of version %s that is let go says the same of its file', (_version, hashBytes, given) => {
    const path = join(folderWith({ a: given }), 'a');
    const file = IndexBytes.open(path, 0);
    const index = new PackIndex(file, hashBytes);
    const kept = indexOf(given, hashBytes);
    const same = (one: PackIndex): void => {
      const positions = Array.from({ length: kept.count }, (_, position) => (position * 7919) % kept.count);
      expect(positions.map((position) => one.id(position))).toEqual(positions.map((position) => kept.id(position)));
      expect(positions.map((position) => one.find(Buffer.from(kept.id(position), 'hex')))).toEqual(
        positions.map((position) => position - Number(kept.repeats(position))),
      );
      expect(positions.map((position) => one.offset(position))).toEqual(positions.map((position) => kept.offset(position)));
      for (let position = 0; position < kept.count; position++) expect(one.repeats(position)).toBe(kept.repeats(position));
      expect(one.repeated()).toEqual(kept.repeated());
      expect(one.find(Buffer.alloc(hashBytes, 0x5a))).toBe(-1);
      expect([one.offsets(), one.offsetWords(), one.fanout(), [...one.idParts()], one.checksumHolds()]).toEqual([
        kept.offsets(),
        kept.offsetWords(),
        kept.fanout(),
        [...kept.idParts()],
        kept.checksumHolds(),
      ]);
    };
    same(index);
    index.forget();
    expect(file.bytes).toHaveLength(0);
    same(index);
    expect(file.bytes.length).toBeLessThan(given.length / 4);
    same(PackIndex.again(structuredClone(index.share())));
    truncateSync(path, 2000);
    index.forget();
    expect(() => index.id(kept.count - 1)).toThrow(Damaged);
    expect(() => [...index.idParts()]).toThrow(Damaged);
    index.close();
  });

  test('a small one is kept, and its file is not', () => {
    const file = IndexBytes.open(join(folderWith({ a: bytes }), 'a'));
    const index = new PackIndex(file, 20);
    index.forget();
    expect(file.bytes).toEqual(bytes);
    expect(file.share()).toBe(file.bytes);
  });

  test('of a large one nothing stays open when it is closed', () => {
    const path = join(folderWith({ a: manyIndex(20) }), 'a');
    const open = (): number => readdirSync('/dev/fd').length;
    const before = open();
    const index = new PackIndex(IndexBytes.open(path, 0), 20);
    expect(open()).toBe(before + 1);
    index.close();
    expect(open()).toBe(before);
  });

  test.each([1, 4096, 4097, 8192, 9000])('gives %i ids in parts, all of them once and in their order', (count) => {
    const names = Array.from({ length: count }, (_, number) => number.toString(16).padStart(4, '0').padEnd(40, '0'));
    const second = makeIndex(
      names.map((id) => ({ id, offset: 12 })),
      Buffer.alloc(20),
    );
    for (const given of [second, firstVersion(second, names)]) {
      const parts = [...indexOf(given, 20).idParts()];
      expect(parts.map((part) => part.count)).toEqual([...Array.from({ length: Math.ceil(count / 4096) - 1 }, () => 4096), ((count - 1) % 4096) + 1]);
      const told = parts.flatMap((part) =>
        Array.from({ length: part.count }, (_, place) =>
          Buffer.from(part.ids.subarray(place * part.stride, place * part.stride + 20)).toString('hex'),
        ),
      );
      expect(told.join()).toBe(names.join());
    }
  });

  test('tells the second copy of an id wherever it lies among many', () => {
    const names = Array.from({ length: 601 }, (_, number) => number.toString(16).padStart(4, '0').padEnd(40, '0'));
    for (const place of [0, 1, 2, 300, 600]) {
      const entries = [...names, names[place]!].map((id) => ({ id, offset: 12 }));
      expect(indexOf(makeIndex(entries, Buffer.alloc(20)), 20).repeated()).toEqual([place + 1]);
    }
  });

  test('reads version 1', () => {
    const index = indexOf(firstVersion(), 20);
    expect(ids.map((id) => index.find(Buffer.from(id, 'hex')))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(ids.map((_, position) => index.id(position))).toEqual(ids);
    expect(index.checksumHolds()).toBe(false);
    expect([...index.offsets()]).toEqual([768, 769, 770, 771, 772, 773]);
    expect(ids.map((_, position) => index.offset(position))).toEqual([768, 769, 770, 771, 772, 773]);
    expect(index.offsetWords()).toBeUndefined();
    expect(ids.map((_, position) => index.id(position))).toEqual(ids);
  });

  test('tells the second copy of an id', () => {
    const twice = makeIndex(
      [...ids, ids[2] ?? ''].map((id) => ({ id, offset: 12 })),
      Buffer.alloc(20),
    );
    const index = indexOf(twice, 20);
    expect(index.find(Buffer.from(ids[2] ?? '', 'hex'))).toBe(2);
    expect([0, 1, 2, 3, 4, 5, 6].filter((position) => index.repeats(position))).toEqual([3]);
    expect(index.repeated()).toEqual([3]);
  });

  test('tells each copy of ids that end in their own way', () => {
    const name = (number: number): string => createHash('sha1').update(String(number)).digest('hex');
    const hashes = Array.from({ length: 40 }, (_, number) => name(number)).toSorted();
    const [first = '', last = ''] = [hashes[0], hashes.at(-1)];
    const all = [first, first, ...hashes, last].toSorted();
    const table = makeIndex(
      all.map((id) => ({ id, offset: 12 })),
      Buffer.alloc(20),
    );
    expect(indexOf(table, 20).repeated()).toEqual([1, 2, 42]);
    // What stands behind the ids is none of them.
    Buffer.from(last, 'hex').copy(table, 1032 + all.length * 20);
    expect(indexOf(table, 20).repeated()).toEqual([1, 2, 42]);
  });

  test('gives the words of offsets as they stand in the file', () => {
    const words = Buffer.from(indexOf(bytes, 20).offsetWords() ?? []);
    expect(ids.map((_, position) => words.readUInt32BE(position * 4))).toEqual([1000, 999, 998, 2 ** 31, 996, 995]);
    expect(words.length).toBe(6 * 4);
  });

  test('an index of no objects', () => {
    const index = indexOf(makeIndex([], Buffer.alloc(32)), 32);
    expect(index.count).toBe(0);
    expect(index.checksumHolds()).toBe(true);
    expect(index.find(Buffer.alloc(32))).toBe(-1);
  });

  test('refuses every length but its own', () => {
    for (let length = 0; length < bytes.length; length++) {
      // Eight bytes more or less are another table of far offsets, which the checksum tells.
      const cut = bytes.subarray(0, length);
      if (length === bytes.length - 8) expect(indexOf(cut, 20).checksumHolds()).toBe(false);
      else expect(() => indexOf(cut, 20)).toThrow('bad-index');
    }
  });

  test.each([
    ['an unknown version', Buffer.concat([Buffer.from('ff744f6300000003', 'hex'), bytes.subarray(8)])],
    ['a fanout that descends', Buffer.concat([bytes.subarray(0, 8), Buffer.from('00000009', 'hex'), bytes.subarray(12)])],
    ['a count that nothing can hold', Buffer.concat([bytes.subarray(0, 1028), Buffer.from('ffffffff', 'hex'), bytes.subarray(1032)])],
    ['version 1 of another length', Buffer.concat([firstVersion(), Buffer.alloc(1)])],
    ['another kind of file', Buffer.alloc(2000, 'text ')],
  ])('refuses %s', (_what, damaged) => {
    expect(() => indexOf(damaged, 20)).toThrow('bad-index');
  });

  test('any flipped byte is refused or told by the checksum', () => {
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 0x55;
      let holds = false;
      try {
        const index = indexOf(flipped, 20);
        for (const id of ids) index.find(Buffer.from(id, 'hex'));
        holds = index.checksumHolds();
      } catch (error) {
        expect(String(error)).toContain('bad-index');
      }
      expect(holds).toBe(false);
    }
  });

  test('several offsets of more than 31 bits, up to the last of them', () => {
    const far = [2 ** 31 - 1, 2 ** 31 + 1, 2 ** 31, 2 ** 32 + 7, 2 ** 40];
    const index = indexOf(
      makeIndex(
        far.map((offset, place) => ({ id: ids[place] ?? '', offset })),
        Buffer.alloc(20),
      ),
      20,
    );
    expect(far.map((_, position) => index.offset(position))).toEqual(far);
    expect([...index.offsets()]).toEqual(far);
  });

  test('a place outside of the table of far offsets is no offset', () => {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt32BE(2 ** 31 + 1, 1032 + 6 * 24 + 3 * 4);
    expect(indexOf(damaged, 20).offset(3)).toBe(Number.MAX_SAFE_INTEGER);
    expect(indexOf(damaged, 20).offsets()[3]).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('rankTable', () => {
  test.each([
    ['near', [30, 12, 500, 12]],
    ['far', [30, 12, 2 ** 51, 12]],
  ])('sorts %s offsets, equal ones by position', (_what, offsets) => {
    const table = rankTable(Float64Array.from(offsets), 2 ** 52);
    expect([...table.positions]).toEqual([1, 3, 0, 2]);
    expect([...table.offsets]).toEqual([12, 12, 30, offsets[2], 2 ** 52]);
  });

  test('of no objects', () => {
    expect([...rankTable(new Float64Array(), 12).offsets]).toEqual([12]);
  });
});
