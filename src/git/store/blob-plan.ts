/**
 * What is to be known of a pack to go through its blobs: in many packs they are a fourth of all objects, and lie among the
 * others. A place counts them from 0 in the order in which they lie in the pack, and with them what may be one: what
 * belongs to no family.
 */
import { TYPE } from './pack-entry.ts';
import type { RankTable } from './pack-file.ts';
import type { PackPlan } from './pack-plan.ts';
import { sharedBytes, sharedCounts, sharedIntegers, sharedNumbers } from './shared.ts';

const NONE = -1;

/** By place, what `PackPlan` and `RankTable` say by rank. */
export interface BlobPlan {
  /** Position in the index. */
  readonly positions: Uint32Array;
  readonly offsets: RankTable['offsets'];
  /** Where the object behind it begins. */
  readonly ends: RankTable['offsets'];
  readonly headers: Uint8Array;
  readonly sizes: Uint32Array;
  readonly first: Int32Array;
  readonly next: Int32Array;
  /** Blobs that are stored whole, as they lie in the pack. */
  readonly roots: Uint32Array;
  readonly weights: Float64Array;
  readonly external: readonly { readonly place: number; readonly baseId: Buffer }[];
  readonly broken: readonly { readonly place: number; readonly fault: PackPlan['broken'][number]['fault'] }[];
}

export function blobPlan(plan: PackPlan, { positions, offsets }: RankTable): BlobPlan {
  const places = new BlobPlaces(plan.types);
  const { ranks } = places;
  const count = ranks.length;
  const numbers = offsets instanceof Float64Array ? sharedNumbers : sharedCounts;
  const blobs = {
    positions: sharedCounts(count),
    offsets: numbers(count),
    ends: numbers(count),
    headers: sharedBytes(count),
    sizes: sharedCounts(count),
    first: sharedIntegers(count),
    next: sharedIntegers(count),
  };
  for (let place = 0; place < count; place++) {
    const rank = ranks[place]!;
    blobs.positions[place] = positions[rank]!;
    blobs.offsets[place] = offsets[rank]!;
    blobs.ends[place] = offsets[rank + 1]!;
    blobs.headers[place] = plan.headers[rank]!;
    blobs.sizes[place] = plan.sizes[rank]!;
    // What is made of a blob is one, and so is what is made of the same base. Most have nothing below or beside them.
    const below = plan.first[rank]!;
    const beside = plan.next[rank]!;
    blobs.first[place] = below < 0 ? NONE : places.placeOf(below);
    blobs.next[place] = beside < 0 ? NONE : places.placeOf(beside);
  }
  const wholes = Uint32Array.from(plan.roots.keys()).filter((root) => plan.types[plan.roots[root]!] === TYPE.blob);
  const roots = sharedCounts(wholes.length);
  const weights = sharedNumbers(wholes.length);
  for (let root = 0; root < wholes.length; root++) {
    roots[root] = places.placeOf(plan.roots[wholes[root]!]!);
    weights[root] = plan.weights[wholes[root]!]!;
  }
  return {
    ...blobs,
    roots,
    weights,
    external: plan.external.map(({ rank, baseId }) => ({ place: places.placeOf(rank), baseId })),
    broken: plan.broken.map(({ rank, fault }) => ({ place: places.placeOf(rank), fault })),
  };
}

class BlobPlaces {
  /** By place. */
  readonly ranks: Uint32Array;
  /** A bit for each rank, and how many are set before each 32 of them. */
  readonly #bits: Uint32Array;
  readonly #before: Uint32Array;

  /** @param types by rank */
  constructor(types: Uint8Array) {
    this.#bits = new Uint32Array((types.length >>> 5) + 1);
    this.#before = new Uint32Array(this.#bits.length);
    this.ranks = this.#mark(types);
  }

  /** From one to the next, not rank by rank: code that runs once is slow. */
  #mark(types: Uint8Array): Uint32Array {
    const bits = this.#bits;
    const before = this.#before;
    const ranks = new Uint32Array(types.length);
    let count = 0;
    let last = 0;
    let blob = types.indexOf(TYPE.blob);
    let none = types.indexOf(TYPE.none);
    while (blob >= 0 || none >= 0) {
      const isBlob = none < 0 || (blob >= 0 && blob < none);
      const rank = isBlob ? blob : none;
      const word = rank >>> 5;
      while (last < word) before[++last] = count;
      bits[word] = bits[word]! | (1 << (rank & 31));
      ranks[count++] = rank;
      if (isBlob) blob = types.indexOf(TYPE.blob, rank + 1);
      else none = types.indexOf(TYPE.none, rank + 1);
    }
    before.fill(count, last + 1);
    return ranks.slice(0, count);
  }

  placeOf(rank: number): number {
    const word = rank >>> 5;
    return this.#before[word]! + bitsIn(this.#bits[word]! & ((1 << (rank & 31)) - 1));
  }
}

/** How many bits of a word are set. */
function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bits, 0x01010101) >>> 24;
}
