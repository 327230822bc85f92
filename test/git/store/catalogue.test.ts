import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Catalogue } from '../../../src/git/store/catalogue.ts';
import { IndexBytes } from '../../../src/git/store/index-bytes.ts';
import { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import type { ObjectStore } from '../../../src/git/store/object-store.ts';
import { PackIndex, type HashBytes } from '../../../src/git/store/pack-index.ts';
import { makeIndex } from './hand-made.ts';

function idOf(seed: number, hashBytes: HashBytes = 20): string {
  return createHash('sha256')
    .update(`${seed}`)
    .digest('hex')
    .slice(0, 2 * hashBytes);
}

/** Packs of some ids, and loose objects, which are told for several folders. */
interface Copies {
  readonly packs: readonly (readonly string[])[];
  readonly loose?: readonly (readonly string[])[];
  readonly hashBytes?: HashBytes;
}

/** The packs' indexes, and the ids of all copies by number. */
function indexed({ packs, loose = [], hashBytes = 20 }: Copies): { indexes: PackIndex[]; ids: string[] } {
  const indexes = packs.map((ids) => {
    const bytes = makeIndex(
      ids.map((id) => ({ id, offset: 12 })),
      Buffer.alloc(hashBytes),
    );
    return new PackIndex(new IndexBytes(bytes), hashBytes);
  });
  return { indexes, ids: [...packs.flatMap((ids) => ids.toSorted()), ...loose.flat()] };
}

function catalogueOf(copies: Copies): { catalogue: Catalogue; ids: string[]; standing: number[] } {
  const { indexes, ids } = indexed(copies);
  const catalogue = new Catalogue(indexes, copies.loose?.flat() ?? [], copies.hashBytes ?? 20);
  const packed = indexes.flatMap(({ count }, pack) => Array.from({ length: count }, (_, position) => catalogue.packed(pack, position)));
  const loose = (copies.loose ?? []).flat().map((_, place) => catalogue.loose(place));
  return { catalogue, ids, standing: [...packed, ...loose] };
}

/** Copies of one object have one number, which is that of one of them, and other objects have others. */
function expectRight(copies: Copies): void {
  const { catalogue, ids, standing } = catalogueOf(copies);
  expect(catalogue.total).toBe(ids.length);
  expect(standing.map((number) => ids[number])).toEqual(ids);
  const numbersOf = new Map<string, Set<number>>();
  for (const [place, id] of ids.entries()) numbersOf.set(id, (numbersOf.get(id) ?? new Set<number>()).add(standing[place]!));
  expect([...numbersOf.values()].filter(({ size }) => size > 1)).toEqual([]);
  const repeated = (id: string): boolean => ids.indexOf(id) !== ids.lastIndexOf(id);
  expect(catalogue.repeated).toBe(ids.some(repeated));
  expect(standing.map((number) => catalogue.repeats(number))).toEqual(ids.map(repeated));
  expect(ids.map((_, number) => catalogue.stands(number))).toEqual(standing.map((number, place) => number === place));
}

const some = (from: number, count: number, hashBytes: HashBytes = 20): string[] =>
  Array.from({ length: count }, (_, index) => idOf(from + index, hashBytes));

describe('numbers of all copies', () => {
  test('of nothing', () => {
    expectRight({ packs: [] });
    expectRight({ packs: [[], []] });
  });

  test('where each object is there once, number is place', () => {
    const { standing, catalogue } = catalogueOf({ packs: [some(0, 5), some(10, 3)], loose: [some(20, 2), some(30, 1)] });
    expect(standing).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([catalogue.same, catalogue.repeated, catalogue.repeats(3)]).toEqual([undefined, false, false]);
  });

  for (const hashBytes of [20, 32] as const) {
    const ids = (from: number, count: number): string[] => some(from, count, hashBytes);
    test.each([
      ['in two packs, the larger one first', [ids(0, 40), ids(38, 5)], []],
      ['in two packs, the larger one last', [ids(38, 5), ids(0, 40)], []],
      ['in three packs, none of them the largest', [ids(0, 5), ids(100, 60), ids(3, 5), ids(4, 4)], []],
      ['in packs of the same size', [ids(0, 3), ids(2, 3), ids(4, 3)], []],
      [
        'twice in one pack, be it the largest or not',
        [
          [...ids(0, 20), ...ids(5, 2)],
          [...ids(50, 4), ...ids(51, 1)],
        ],
        [],
      ],
      [
        'three times in one pack',
        [
          [...ids(50, 4), ...ids(51, 1), ...ids(51, 1)],
          [...ids(0, 20), ...ids(7, 1), ...ids(7, 1)],
        ],
        [],
      ],
      ['twice in a small pack, and in the largest', [[...ids(0, 2), ...ids(0, 1)], ids(0, 20)], []],
      ['twice in the first of two small packs', [[...ids(0, 2), ...ids(0, 1)], ids(0, 2), ids(40, 20)], []],
      ['in packs and loose', [ids(0, 20), ids(30, 5)], [ids(3, 2), ids(32, 2), ids(60, 1)]],
      ['loose in two folders', [ids(0, 4)], [ids(10, 2), ids(11, 2), ids(2, 1)]],
      ['one object beside a pack', [ids(0, 5)], [ids(10, 1)]],
      ['many that the largest pack has not', [ids(0, 60), ids(100, 55), ids(150, 50)], [ids(300, 50), ids(340, 20)]],
      ['loose alone', [], [ids(10, 2), ids(11, 2)]],
      ['many of them', [ids(0, 300), ids(150, 200), ids(320, 100)], [ids(290, 130), ids(400, 60)]],
    ])(`${hashBytes} bytes: %s`, (_, packs, loose) => {
      expectRight({ packs, loose, hashBytes });
    });
  }

  test('ids that differ in their last byte alone', () => {
    const ids = Array.from({ length: 200 }, (_, index) => 'ab'.repeat(19) + index.toString(16).padStart(2, '0'));
    expectRight({ packs: [ids.slice(0, 80), ids.slice(70, 140)], loose: [ids.slice(130)] });
  });

  test('what another catalogue of the same has found out is taken', () => {
    const copies = { packs: [some(0, 4), some(2, 4)] };
    const { catalogue, standing } = catalogueOf(copies);
    const { indexes } = indexed(copies);
    const again = new Catalogue(indexes, [], 20, catalogue);
    expect(again.same).toBe(catalogue.same);
    expect([0, 1].flatMap((pack) => [0, 1, 2, 3].map((position) => again.packed(pack, position)))).toEqual(standing);
    expect(new Catalogue(indexes, [], 20, { same: undefined }).repeated).toBe(false);
  });
});

describe('ids as numbers', () => {
  function numbersOf(copies: Copies): { numbers: ObjectNumbers; ids: string[]; standing: number[] } {
    const { hashBytes = 20, loose: folders = [] } = copies;
    const { catalogue, ids, standing } = catalogueOf(copies);
    const packs = indexed(copies).indexes.map((index) => ({ index }));
    const loose = folders.map((names, folder) => ({ ids: names, start: folders.slice(0, folder).flat().length }));
    return { numbers: new ObjectNumbers({ hashBytes, packs, loose, catalogue } as unknown as ObjectStore), ids, standing };
  }

  const cases: [string, Copies][] = [20 as const, 32 as const].flatMap((hashBytes): [string, Copies][] => {
    const ids = (from: number, count: number): string[] => some(from, count, hashBytes);
    return [
      [`${hashBytes} bytes, packs alone`, { hashBytes, packs: [ids(0, 5), ids(20, 3), [], ids(30, 4)] }],
      [`${hashBytes} bytes, loose alone`, { hashBytes, packs: [], loose: [ids(0, 3), ids(5, 2)] }],
      [`${hashBytes} bytes, both, with copies`, { hashBytes, packs: [ids(0, 5), ids(3, 4), ids(9, 1)], loose: [ids(4, 2), ids(40, 3), ids(41, 4)] }],
    ];
  });

  test.each(cases)('%s: each way to ask', (_, copies) => {
    const { numbers, ids, standing } = numbersOf(copies);
    // In another order too, since the pack that held the last one is asked first.
    for (const place of [...ids.keys(), ...[...ids.keys()].toReversed(), ...[...ids.keys()].map((index) => (index * 7) % ids.length)]) {
      const id = ids[place]!;
      expect(numbers.find(id)).toBe(standing[place]);
      expect(numbers.of(Buffer.from(`ee${id}ee`, 'hex'), 1)).toBe(standing[place]);
      expect(numbers.ofHex(Buffer.from(`tree ${id}\n`), 5)).toBe(standing[place]);
      expect(numbers.id(standing[place]!)).toBe(id);
    }
    expect(numbers.absentCount).toBe(0);
  });

  test('what is not there has a number below 0, the same each time', () => {
    const { numbers } = numbersOf({ packs: [some(0, 5), some(10, 2)], loose: [some(20, 2)] });
    const absent = some(50, 3);
    const given = [0, 1, 0, 2, 1].map((index) => numbers.of(Buffer.from(`00${absent[index]!}`, 'hex'), 1));
    expect(given).toEqual([-1, -2, -1, -3, -2]);
    expect(numbers.ofHex(Buffer.from(absent[2]!), 0)).toBe(-3);
    expect(numbers.absentCount).toBe(3);
    expect([-1, -2, -3].map((number) => numbers.id(number))).toEqual(absent);
    expect(numbers.find(absent[0]!)).toBeUndefined();
    expect(numbers.find(idOf(99))).toBeUndefined();
    expect(numbers.absentCount).toBe(3);
  });

  test('what is no id', () => {
    const { numbers, ids } = numbersOf({ packs: [some(0, 5)] });
    const id = ids[0]!;
    for (const wrong of ['', id.slice(1), id.slice(0, -2), `${id}00`, `${id.slice(0, -1)}g`, `${id.slice(0, -1)} `]) {
      expect(numbers.find(wrong)).toBeUndefined();
    }
    for (const wrong of [
      id.slice(0, -1),
      `${id.slice(0, -1)}g`,
      `${id.slice(0, -1)}F`,
      `${id.slice(0, -1)}/`,
      `${id.slice(0, -1)}:`,
      `${id.slice(0, -1)}\``,
    ]) {
      expect(numbers.ofHex(Buffer.from(wrong), 0)).toBeUndefined();
    }
    expect(numbers.ofHex(Buffer.from(`g${id.slice(1)}`), 0)).toBeUndefined();
    expect(numbers.absentCount).toBe(0);
    expect(numbers.ofHex(Buffer.from('0123456789abcdef0123456789abcdef01234567'), 0)).toBe(-1);
    expect(numbers.id(-1)).toBe('0123456789abcdef0123456789abcdef01234567');
    expect(numbers.ofHex(Buffer.from('9abcdef0f9abcdef0f9abcdef0f9abcdef0f9abc'), 0)).toBe(-2);
    expect(numbers.id(-2)).toBe('9abcdef0f9abcdef0f9abcdef0f9abcdef0f9abc');
  });
});
