import { describe, expect, test } from 'vitest';
import { BlobPlaces } from '../../../src/git/store/blob-tables.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';

const COUNT = 200;
/** Blobs at both ends of words of 32 bits and between them, other types elsewhere, and none in the words at the end. */
const BLOBS = [1, 2, 31, 32, 33, 63, 64, 129];

function typesOf(blobs: readonly number[]): Uint8Array {
  const types = new Uint8Array(COUNT).fill(TYPE.tree);
  for (const rank of blobs) types[rank] = TYPE.blob;
  return types;
}

function planOf(): { headers: Uint8Array; sizes: Uint32Array; first: Int32Array; next: Int32Array } {
  const first = new Int32Array(COUNT).fill(-1);
  const next = new Int32Array(COUNT).fill(-1);
  // Made of 2: 31 and 64; of 64: 129. What is made of trees is not asked about.
  first[2] = 31;
  next[31] = 64;
  first[64] = 129;
  first[3] = 4;
  return {
    headers: Uint8Array.from({ length: COUNT }, (_, rank) => rank % 7),
    sizes: Uint32Array.from({ length: COUNT }, (_, rank) => 1000 + rank),
    first,
    next,
  };
}

describe('the blobs of a pack as tables of their own', () => {
  const places = new BlobPlaces(typesOf(BLOBS));

  test('each has the place that says its rank', () => {
    expect([...places.ranks]).toEqual(BLOBS);
    expect(BLOBS.map((rank) => places.placeOf(rank))).toEqual(BLOBS.map((_, place) => place));
    expect([...new BlobPlaces(typesOf([])).ranks]).toEqual([]);
  });

  test.each([
    ['words', (values: readonly number[]) => Uint32Array.from(values), 100],
    ['wide', (values: readonly number[]) => Float64Array.from(values), 2 ** 40],
  ] as const)('say the same by place; offsets are %s', (_, offsetsOf, start) => {
    const plan = planOf();
    const offsets = offsetsOf(Array.from({ length: COUNT + 1 }, (__, rank) => start + rank * rank));
    const tables = places.tables(plan, { positions: new Uint32Array(COUNT), offsets });
    expect([...tables.offsets]).toEqual(BLOBS.map((rank) => start + rank * rank));
    expect([...tables.ends]).toEqual(BLOBS.map((rank) => start + (rank + 1) * (rank + 1)));
    expect([...tables.headers]).toEqual(BLOBS.map((rank) => rank % 7));
    expect([...tables.sizes]).toEqual(BLOBS.map((rank) => 1000 + rank));
    expect([...tables.first]).toEqual([-1, 2, -1, -1, -1, -1, 7, -1]);
    expect([...tables.next]).toEqual([-1, -1, 6, -1, -1, -1, -1, -1]);
  });
});
