/**
 * Numbers for all copies of all objects: those of each pack by position, pack after pack, then the loose ones. An
 * object that is there several times has one copy that stands for it, so that what is known of it can lie in an array.
 */
import { randomFillSync } from 'node:crypto';
import type { HashBytes, PackIndex } from './pack-index.ts';
import { sharedCounts } from './shared.ts';

export class Catalogue {
  /** Copies in all. */
  readonly total: number;
  /** Number of each pack's first object. */
  readonly #packStarts: readonly number[];
  readonly #looseStart: number;
  /** By number, the number that stands for the object; undefined when each object is there once. */
  readonly same: Uint32Array | undefined;
  readonly repeated: boolean;
  /** By number, 1 for those that stand for other copies too. */
  readonly #several: Uint8Array | undefined;

  /** @param known what a catalogue of the same has found to be the same; to be found out when there is none */
  constructor(indexes: readonly PackIndex[], loose: readonly string[], hashBytes: HashBytes, known?: Pick<Catalogue, 'same'>) {
    const starts: number[] = [];
    let total = 0;
    for (const index of indexes) {
      starts.push(total);
      total += index.count;
    }
    this.#packStarts = starts;
    this.#looseStart = total;
    this.total = total + loose.length;
    const { same } = known ?? { same: new Matcher(indexes, starts, loose, this.total, hashBytes).match() };
    this.same = same;
    this.repeated = same !== undefined;
    this.#several = same === undefined ? undefined : severalIn(same);
  }

  /** Whether a number stands for an object, and is not that of another copy of it. */
  stands(number: number): boolean {
    return this.same === undefined || this.same[number] === number;
  }

  /** Whether an object has several copies. */
  repeats(number: number): boolean {
    return this.#several?.[number] === 1;
  }

  packed(pack: number, position: number): number {
    const number = this.#packStarts[pack]! + position;
    return this.same === undefined ? number : this.same[number]!;
  }

  loose(place: number): number {
    const number = this.#looseStart + place;
    return this.same === undefined ? number : this.same[number]!;
  }
}

function severalIn(same: Uint32Array): Uint8Array {
  const several = new Uint8Array(same.length);
  for (let number = 0; number < same.length; number++) if (same[number] !== number) several[same[number]!] = 1;
  return several;
}

/**
 * Finds equal ids. All that are not in the largest pack are looked up there, and those that it does not hold in a hash
 * table: a pack of a million objects with a few small ones beside it needs no table of a million.
 */
class Matcher {
  readonly #indexes: readonly PackIndex[];
  readonly #starts: readonly number[];
  readonly #loose: readonly string[];
  readonly #total: number;
  /** Undefined until something is there several times. */
  #same: Uint32Array | undefined;
  readonly #hashBytes: HashBytes;
  readonly #largest: number;
  /** Number + 1 of an object, by hash. */
  readonly #slots: Uint32Array;
  readonly #bits: number;
  readonly #ids: Buffer;
  /** Unknown outside, so that nobody can make ids that all fall into one slot. */
  readonly #key: Uint32Array;

  constructor(indexes: readonly PackIndex[], starts: readonly number[], loose: readonly string[], total: number, hashBytes: HashBytes) {
    this.#indexes = indexes;
    this.#starts = starts;
    this.#loose = loose;
    this.#hashBytes = hashBytes;
    this.#total = total;
    let largest = 0;
    for (const [pack, index] of indexes.entries()) if (index.count > indexes[largest]!.count) largest = pack;
    this.#largest = largest;
    const others = total - (indexes[largest]?.count ?? 0);
    this.#bits = Math.ceil(Math.log2(others * 2 + 2));
    this.#slots = new Uint32Array(2 ** this.#bits);
    this.#ids = Buffer.from(loose.join(''), 'hex');
    this.#key = randomFillSync(new Uint32Array(hashBytes / 2));
  }

  match(): Uint32Array | undefined {
    for (const [pack, index] of this.#indexes.entries()) {
      const start = this.#starts[pack]!;
      if (pack === this.#largest) {
        for (const position of index.repeated()) this.#put(start + position, this.#standsFor(start + position - 1));
        continue;
      }
      for (let position = 0; position < index.count; position++) {
        if (index.repeats(position)) this.#put(start + position, this.#standsFor(start + position - 1));
        else this.#matchOne(start + position, index.idBytes(position), 0);
      }
    }
    const start = this.#total - this.#loose.length;
    for (let place = 0; place < this.#loose.length; place++) this.#matchOne(start + place, this.#ids, place * this.#hashBytes);
    return this.#same;
  }

  #standsFor(number: number): number {
    return this.#same?.[number] ?? number;
  }

  #put(number: number, same: number): void {
    if (this.#same === undefined) {
      this.#same = sharedCounts(this.#total);
      for (let other = 0; other < this.#total; other++) this.#same[other] = other;
    }
    this.#same[number] = same;
  }

  #matchOne(number: number, id: Buffer, at: number): void {
    const position = this.#indexes[this.#largest]?.find(id, at) ?? -1;
    if (position >= 0) {
      this.#put(number, this.#starts[this.#largest]! + position);
      return;
    }
    let slot = this.#hash(id, at);
    for (; this.#slots[slot] !== 0; slot = (slot + 1) % this.#slots.length) {
      const other = this.#slots[slot]! - 1;
      if (!this.#isId(other, id, at)) continue;
      this.#put(number, other);
      return;
    }
    this.#slots[slot] = number + 1;
  }

  #hash(id: Buffer, at: number): number {
    let sum = 0;
    for (let word = 0; word < this.#key.length; word++) {
      const value = (id[at + word * 2]! << 8) | id[at + word * 2 + 1]!;
      sum = (sum + Math.imul(this.#key[word]!, value + 1)) | 0;
    }
    return sum >>> (32 - this.#bits);
  }

  #isId(number: number, id: Buffer, at: number): boolean {
    const looseStart = this.#total - this.#loose.length;
    if (number >= looseStart) {
      const start = (number - looseStart) * this.#hashBytes;
      return this.#ids.compare(id, at, at + this.#hashBytes, start, start + this.#hashBytes) === 0;
    }
    let pack = this.#starts.length - 1;
    while (this.#starts[pack]! > number) pack--;
    return this.#indexes[pack]!.idBytes(number - this.#starts[pack]!).compare(id, at, at + this.#hashBytes) === 0;
  }
}
