/**
 * Bytes of packs by place, read in blocks: objects are small, and those of one family, commits and trees lie beside each
 * other. One for all packs of a store, in the memory of its codec, which inflates them where they are.
 */
import { referenceCodec, type Codec, type Held } from './codec.ts';
import { Damaged } from './damage.ts';
import type { InputFile } from './input-file.ts';

const BLOCK_BITS = 12;
const BLOCK = 2 ** BLOCK_BITS;
/** Blocks that are kept: 4 MiB in all, for each thread. */
const SLOTS = 1024;
/** What lies across blocks has room of its own, at least so much. Bytes. */
const LEAST_WHOLE = 65_536;

export class PackBlocks {
  readonly #codec: Codec;
  readonly #files: (InputFile | undefined)[] = [];
  readonly #held = new Float64Array(SLOTS).fill(-1);
  readonly #lengths = new Int32Array(SLOTS);
  #slots: Held | undefined;
  #whole: Held | undefined;
  #wholeSize = 0;
  // Where the bytes are that were asked for last: in what the codec holds, and how many there were.
  #room: Held = 0;
  #start = 0;
  #length = 0;

  constructor(codec = referenceCodec()) {
    this.#codec = codec;
  }

  /** Up to `length` bytes, fewer at the end of the file. Valid until the next call. Throws `Damaged`. */
  bytes(file: InputFile, start: number, length: number): Buffer {
    this.#locate(file, start, length);
    const from = this.#codec.address(this.#room) + this.#start;
    return this.#codec.memory(this.#room).subarray(from, from + this.#length);
  }

  /** See `Codec.inflate`; of up to `length` bytes. */
  inflate(codec: Codec, file: InputFile, start: number, length: number, size: number): Held {
    if (codec !== this.#codec) return codec.inflate(this.bytes(file, start, length), size);
    this.#locate(file, start, length);
    return codec.inflateFrom(this.#room, this.#start, this.#length, size);
  }

  #locate(file: InputFile, start: number, length: number): void {
    if (length <= 0) throw new Damaged('unreadable');
    const block = Math.floor(start / BLOCK);
    const from = start - block * BLOCK;
    if (from + length > BLOCK) {
      this.#across(file, start, length);
      return;
    }
    this.#slots ??= this.#codec.room(SLOTS * BLOCK);
    const slot = block % SLOTS;
    if (this.#held[slot] !== block || this.#files[slot] !== file) {
      this.#held[slot] = -1;
      this.#lengths[slot] = this.#read(file, block * BLOCK, this.#slots, slot * BLOCK, BLOCK);
      this.#files[slot] = file;
      this.#held[slot] = block;
    }
    this.#room = this.#slots;
    this.#start = slot * BLOCK + from;
    this.#length = Math.max(0, Math.min(length, this.#lengths[slot]! - from));
  }

  #across(file: InputFile, start: number, length: number): void {
    if (this.#whole === undefined || length > this.#wholeSize) {
      if (this.#whole !== undefined) this.#codec.release(this.#whole);
      this.#wholeSize = Math.max(LEAST_WHOLE, 2 ** Math.ceil(Math.log2(length)));
      this.#whole = undefined;
      this.#whole = this.#codec.room(this.#wholeSize);
    }
    this.#room = this.#whole;
    this.#start = 0;
    this.#length = this.#read(file, start, this.#whole, 0, length);
  }

  #read(file: InputFile, position: number, held: Held, at: number, length: number): number {
    return file.read(position, this.#codec.memory(held), this.#codec.address(held) + at, length);
  }
}
