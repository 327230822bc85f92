import { describe, expect, test } from 'vitest';
import { blobPlan } from '../../../src/git/store/blob-plan.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import type { PackPlan } from '../../../src/git/store/pack-plan.ts';

const COUNT = 200;
/** Blobs at both ends of words of 32 bits and between them, other types elsewhere, and none in the words at the end. */
const BLOBS = [1, 2, 31, 32, 33, 63, 64, 129];
/** Of no family: among the blobs, before and behind them. */
const OTHERS = [0, 34, 130];
const ALL = [...BLOBS, ...OTHERS].toSorted((a, b) => a - b);
const BASE = Buffer.alloc(20, 5);

function planOf(blobs: readonly number[], others: readonly number[]): PackPlan {
  const types = new Uint8Array(COUNT).fill(TYPE.tree);
  for (const rank of blobs) types[rank] = TYPE.blob;
  for (const rank of others) types[rank] = TYPE.none;
  const first = new Int32Array(COUNT).fill(-1);
  const next = new Int32Array(COUNT).fill(-1);
  // Made of 2: 31 and 64; of 64: 129; of 34, which is made of something elsewhere: 130. What is made of trees is not asked about.
  first[2] = 31;
  next[31] = 64;
  first[64] = 129;
  first[34] = 130;
  first[3] = 4;
  const roots = Uint32Array.from({ length: COUNT }, (_, rank) => rank).filter((rank) => ![31, 64, 129, 4, ...others].includes(rank));
  return {
    types,
    headers: Uint8Array.from({ length: COUNT }, (_, rank) => rank % 7),
    sizes: Uint32Array.from({ length: COUNT }, (_, rank) => 1000 + rank),
    first,
    next,
    roots,
    weights: Float64Array.from(roots, (rank) => rank / 2),
    external: others.includes(34) ? [{ rank: 34, baseId: BASE }] : [],
    broken: others.includes(0) ? [{ rank: 0, fault: 'bad-header' }] : [],
  };
}

describe('the blobs of a pack as a plan of their own', () => {
  test.each([
    ['words', (values: readonly number[]) => Uint32Array.from(values), 100],
    ['wide', (values: readonly number[]) => Float64Array.from(values), 2 ** 40],
  ] as const)('say the same by place; offsets are %s', (_, offsetsOf, start) => {
    const offsets = offsetsOf(Array.from({ length: COUNT + 1 }, (__, rank) => start + rank * rank));
    const positions = Uint32Array.from({ length: COUNT }, (__, rank) => COUNT - rank);
    const plan = blobPlan(planOf(BLOBS, OTHERS), { positions, offsets });
    const at = (rank: number): number => ALL.indexOf(rank);
    expect([...plan.positions]).toEqual(ALL.map((rank) => COUNT - rank));
    expect(plan.offsets.constructor).toBe(offsets.constructor);
    expect([...plan.offsets]).toEqual(ALL.map((rank) => start + rank * rank));
    expect([...plan.ends]).toEqual(ALL.map((rank) => start + (rank + 1) * (rank + 1)));
    expect([...plan.headers]).toEqual(ALL.map((rank) => rank % 7));
    expect([...plan.sizes]).toEqual(ALL.map((rank) => 1000 + rank));
    const below = new Map<number, number>([
      [2, 31],
      [64, 129],
      [34, 130],
    ]);
    expect([...plan.first]).toEqual(ALL.map((rank) => at(below.get(rank) ?? -1)));
    expect([...plan.next]).toEqual(ALL.map((rank) => (rank === 31 ? at(64) : -1)));
    expect([...plan.roots]).toEqual([1, 2, 32, 33, 63].map(at));
    expect([...plan.weights]).toEqual([1, 2, 32, 33, 63].map((rank) => rank / 2));
    expect(plan.external).toEqual([{ place: at(34), baseId: BASE }]);
    expect(plan.broken).toEqual([{ place: at(0), fault: 'bad-header' }]);
    for (const table of [plan.positions, plan.offsets, plan.ends, plan.headers, plan.sizes, plan.first, plan.next, plan.roots, plan.weights])
      expect(table.buffer, 'threads share it').toBeInstanceOf(SharedArrayBuffer);
  });

  test('where there are none, and where nothing is of no family', () => {
    const table = { positions: new Uint32Array(COUNT), offsets: new Uint32Array(COUNT + 1) };
    expect([...blobPlan(planOf([], []), table).positions]).toEqual([]);
    expect([...blobPlan(planOf(BLOBS, []), table).sizes]).toEqual(BLOBS.map((rank) => 1000 + rank));
  });
});
