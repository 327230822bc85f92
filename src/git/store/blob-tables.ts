/**
 * The blobs of a pack as tables of their own: in many packs they are a fourth of all objects, and lie among the others.
 * A place counts them from 0 in the order in which they lie in the pack.
 */
import { TYPE } from './pack-entry.ts';
import type { RankTable } from './pack-file.ts';
import type { PackPlan } from './pack-plan.ts';

const NONE = -1;

/** By place, what `PackPlan` and `RankTable` say by rank. */
export interface BlobTables {
  readonly offsets: RankTable['offsets'];
  /** Where the object behind it begins. */
  readonly ends: RankTable['offsets'];
  readonly headers: Uint8Array;
  readonly sizes: Uint32Array;
  readonly first: Int32Array;
  readonly next: Int32Array;
}

export class BlobPlaces {
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

  /** From blob to blob, not rank by rank: code that runs once is slow. */
  #mark(types: Uint8Array): Uint32Array {
    const bits = this.#bits;
    const before = this.#before;
    const ranks = new Uint32Array(types.length);
    let count = 0;
    let last = 0;
    for (let rank = types.indexOf(TYPE.blob); rank >= 0; rank = types.indexOf(TYPE.blob, rank + 1)) {
      const word = rank >>> 5;
      while (last < word) before[++last] = count;
      bits[word] = bits[word]! | (1 << (rank & 31));
      ranks[count++] = rank;
    }
    before.fill(count, last + 1);
    return ranks.slice(0, count);
  }

  /** For whoever goes through the blobs and nothing else. */
  tables(plan: Pick<PackPlan, 'headers' | 'sizes' | 'first' | 'next'>, { offsets }: RankTable): BlobTables {
    const { ranks } = this;
    const count = ranks.length;
    const isWide = offsets instanceof Float64Array;
    const tables = {
      offsets: isWide ? new Float64Array(count) : new Uint32Array(count),
      ends: isWide ? new Float64Array(count) : new Uint32Array(count),
      headers: new Uint8Array(count),
      sizes: new Uint32Array(count),
      first: new Int32Array(count),
      next: new Int32Array(count),
    };
    for (let place = 0; place < count; place++) {
      const rank = ranks[place]!;
      tables.offsets[place] = offsets[rank]!;
      tables.ends[place] = offsets[rank + 1]!;
      tables.headers[place] = plan.headers[rank]!;
      tables.sizes[place] = plan.sizes[rank]!;
      // What is made of a blob is one, and so is what is made of the same base. Most have nothing below or beside them.
      const below = plan.first[rank]!;
      const beside = plan.next[rank]!;
      tables.first[place] = below < 0 ? NONE : this.placeOf(below);
      tables.next[place] = beside < 0 ? NONE : this.placeOf(beside);
    }
    return tables;
  }

  /** Place of a blob by its rank. */
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
