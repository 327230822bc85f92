/** Entries of trees read by the kernel, where the codec holds them: with the ids of the largest pack, and all names, in its memory. */
import { randomInt } from 'node:crypto';
import type { Held } from './codec.ts';
import { KernelCodec } from './kernel-codec.ts';
import type { ObjectNumbers } from './numbers.ts';
import type { ObjectStore } from './object-store.ts';
import { ENTRY_WORDS, mostEntries, PlainEntries, type EntryReader } from './tree-entries.ts';

/** As in `kernel/assembly/trees.ts`: what the index does not hold. */
const UNKNOWN = -0x80000000;
const WORD = 4;
const FIRST_NAMES = 16_384;

/** The fastest reader that there is for a store. */
export function entryReader(store: ObjectStore, numbers: ObjectNumbers): EntryReader {
  const { codec, packs, hashBytes } = store;
  return codec instanceof KernelCodec && packs.length > 0 ? new KernelEntries(codec, store, numbers) : new PlainEntries(numbers, hashBytes);
}

export class KernelEntries implements EntryReader {
  readonly names = { get: (name: number): Buffer => this.#name(name) };
  words = new Int32Array(0);
  readonly #codec: KernelCodec;
  readonly #numbers: ObjectNumbers;
  readonly #hashBytes: number;
  readonly #same: Uint32Array | undefined;
  /** Unknown outside, so that nobody can write names that all fall into one slot. */
  readonly #factor = randomInt(2 ** 30) * 2 + 1;
  #out: Held;
  /** Entries that there is room for. */
  #outRoom = 1024;
  #bytes: Held;
  #bytesRoom = FIRST_NAMES * 16;
  /** Of each name where it ends, and its hash; and slots to find them by. */
  #ends: Held;
  #hashes: Held;
  #slots: Held;
  #namesRoom = FIRST_NAMES;

  constructor(codec: KernelCodec, { packs, catalogue, hashBytes }: ObjectStore, numbers: ObjectNumbers) {
    this.#codec = codec;
    this.#numbers = numbers;
    this.#hashBytes = hashBytes;
    this.#same = catalogue.same;
    let largest = 0;
    for (const [pack, { index }] of packs.entries()) if (index.count > packs[largest]!.index.count) largest = pack;
    const { index } = packs[largest]!;
    const firstNumber = packs.slice(0, largest).reduce((sum, pack) => sum + pack.index.count, 0);
    const { fanout, ids, stride } = index.idTable();
    const beginnings = codec.room(index.count * WORD);
    const [fanoutAt, idsAt] = [codec.hold(fanout), codec.hold(ids)];
    const { kernel } = codec;
    kernel.setIndex(codec.address(fanoutAt), codec.address(idsAt), stride, hashBytes, firstNumber, index.count, codec.address(beginnings));
    this.#out = codec.room(this.#outRoom * ENTRY_WORDS * WORD);
    this.#bytes = codec.room(this.#bytesRoom);
    this.#ends = codec.room(this.#namesRoom * WORD);
    this.#hashes = codec.room(this.#namesRoom * WORD);
    this.#slots = codec.room(slotsFor(this.#namesRoom) * WORD);
    this.#placeNames();
  }

  get first(): number {
    return this.#codec.address(this.#out) / WORD;
  }

  expect(size: number): void {
    const most = mostEntries(size, this.#hashBytes);
    if (most > this.#outRoom) {
      this.#outRoom = 2 * most;
      this.#codec.release(this.#out);
      this.#out = this.#codec.room(this.#outRoom * ENTRY_WORDS * WORD);
    }
    const { kernel } = this.#codec;
    const moreBytes = kernel.nameSize() + size > this.#bytesRoom;
    const moreNames = kernel.nameCount() + most > this.#namesRoom;
    if (!moreBytes && !moreNames) return;
    if (moreBytes) {
      this.#bytesRoom = 2 * (this.#bytesRoom + size);
      this.#bytes = this.#grown(this.#bytes, this.#bytesRoom);
    }
    if (moreNames) {
      this.#namesRoom = 2 * (this.#namesRoom + most);
      this.#ends = this.#grown(this.#ends, this.#namesRoom * WORD);
      this.#hashes = this.#grown(this.#hashes, this.#namesRoom * WORD);
      this.#codec.release(this.#slots);
      this.#slots = this.#codec.room(slotsFor(this.#namesRoom) * WORD);
    }
    this.#placeNames();
  }

  read(tree: Buffer, start: number, until: number): number {
    const codec = this.#codec;
    if (!codec.holds(tree)) return this.#readCopy(tree, start, until);
    const read = codec.kernel.readEntries(tree.byteOffset, tree.length, start, until, codec.address(this.#out));
    if (this.words.buffer !== tree.buffer) this.words = new Int32Array(tree.buffer as ArrayBuffer);
    const count = read < 0 ? ~read : read;
    const { words, first } = this;
    for (let child = first + 2, end = child + ENTRY_WORDS * count; child < end; child += ENTRY_WORDS) {
      if (words[child] === UNKNOWN) words[child] = this.#numbers.of(tree, words[child - 2]! - this.#hashBytes);
      else if (this.#same !== undefined) words[child] = this.#same[words[child]!]!;
    }
    return read;
  }

  /** A tree that the codec does not hold: one that was read on its own. */
  #readCopy(tree: Buffer, start: number, until: number): number {
    this.expect(tree.length);
    const held = this.#codec.hold(tree);
    const read = this.read(this.#codec.bytes(held), start, until);
    this.#codec.release(held);
    return read;
  }

  #name(name: number): Buffer {
    const ends = this.#codec.bytes(this.#ends);
    const start = name === 0 ? 0 : ends.readUInt32LE((name - 1) * WORD);
    return this.#codec.bytes(this.#bytes).subarray(start, ends.readUInt32LE(name * WORD));
  }

  #grown(held: Held, size: number): Held {
    const larger = this.#codec.room(size);
    this.#codec.bytes(larger).set(this.#codec.bytes(held));
    this.#codec.release(held);
    return larger;
  }

  #placeNames(): void {
    const [bytes, ends, hashes, slots] = [this.#bytes, this.#ends, this.#hashes, this.#slots].map((held) => this.#codec.address(held));
    this.#codec.kernel.setNames(bytes!, ends!, hashes!, slots!, slotsFor(this.#namesRoom) - 1, this.#factor);
  }
}

/** A power of two, twice as many as there are names. */
function slotsFor(names: number): number {
  return 2 ** Math.ceil(Math.log2(2 * names));
}
