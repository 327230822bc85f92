/**
 * Ids of objects as numbers, so that graphs of them are arrays. An object of the store has its number in the catalogue;
 * one that is only named by others, and is not there, has the complement of its place in a list: a number below 0.
 */
import type { ObjectStore } from './object-store.ts';

export class ObjectNumbers {
  readonly #store: ObjectStore;
  readonly #absent: string[] = [];
  readonly #absentNumbers = new Map<string, number>();
  readonly #looseNumbers = new Map<string, number>();
  /** Number of each pack's first object. */
  readonly #packStarts: readonly number[];
  readonly #looseStart: number;
  readonly #looseIds: readonly string[];
  /** The pack that held the last object: the next one is most likely in it too. */
  #last = 0;
  readonly #scratch: Buffer;

  constructor(store: ObjectStore) {
    this.#store = store;
    this.#scratch = Buffer.alloc(store.hashBytes);
    const starts: number[] = [];
    let start = 0;
    for (const { index } of store.packs) {
      starts.push(start);
      start += index.count;
    }
    this.#packStarts = starts;
    this.#looseStart = start;
    this.#looseIds = store.loose.flatMap((set) => set.ids);
    for (const [place, id] of this.#looseIds.entries()) if (!this.#looseNumbers.has(id)) this.#looseNumbers.set(id, store.catalogue.loose(place));
  }

  /** How many objects are named that are not in the store. */
  get absentCount(): number {
    return this.#absent.length;
  }

  /** Number of the object whose id's bytes begin at `at`. */
  of(bytes: Buffer, at: number): number {
    return this.#stored(bytes, at) ?? this.#absence(bytes.toString('hex', at, at + this.#store.hashBytes));
  }

  /** The same for an id in hex; undefined for what is no id, and for an object that is not in the store. */
  find(id: string): number | undefined {
    if (id.length !== this.#scratch.length * 2 || this.#scratch.write(id, 'hex') !== this.#scratch.length) return undefined;
    return this.#stored(this.#scratch, 0);
  }

  /** The same for hex digits in bytes, such as those of a commit. Undefined when there are none. */
  ofHex(bytes: Buffer, at: number): number | undefined {
    const scratch = this.#scratch;
    for (let index = 0; index < scratch.length; index++) {
      const high = hexDigit(bytes[at + 2 * index]);
      const low = hexDigit(bytes[at + 2 * index + 1]);
      if (high < 0 || low < 0) return undefined;
      scratch[index] = high * 16 + low;
    }
    return this.of(scratch, 0);
  }

  /** Id of any number that this gave, or of any number that stands for an object in the catalogue. */
  id(number: number): string {
    if (number < 0) return this.#absent[~number]!;
    if (number >= this.#looseStart) return this.#looseIds[number - this.#looseStart]!;
    let pack = this.#packStarts.length - 1;
    while (this.#packStarts[pack]! > number) pack--;
    return this.#store.packs[pack]!.index.id(number - this.#packStarts[pack]!);
  }

  #stored(bytes: Buffer, at: number): number | undefined {
    const { packs, catalogue } = this.#store;
    for (let turn = 0; turn < packs.length; turn++) {
      const pack = turn === 0 ? this.#last : turn <= this.#last ? turn - 1 : turn;
      const position = packs[pack]!.index.find(bytes, at);
      if (position < 0) continue;
      this.#last = pack;
      return catalogue.packed(pack, position);
    }
    return this.#looseNumbers.size === 0 ? undefined : this.#looseNumbers.get(bytes.toString('hex', at, at + this.#store.hashBytes));
  }

  #absence(id: string): number {
    const known = this.#absentNumbers.get(id);
    if (known !== undefined) return known;
    const number = ~this.#absent.length;
    this.#absent.push(id);
    this.#absentNumbers.set(id, number);
    return number;
  }
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
}
