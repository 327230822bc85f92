/**
 * Bytes of packs by place, read in blocks: objects are small, and those of one family, commits and trees lie beside each
 * other. One for all packs of a store.
 */
import { Damaged } from './damage.ts';
import type { InputFile } from './input-file.ts';

const BLOCK_BITS = 12;
const BLOCK = 2 ** BLOCK_BITS;
/** Blocks that are kept: 4 MiB in all, for each thread. */
const SLOTS = 1024;

export class PackBlocks {
  readonly #blocks: (Buffer | undefined)[] = [];
  readonly #files: (InputFile | undefined)[] = [];
  readonly #held = new Float64Array(SLOTS).fill(-1);
  readonly #lengths = new Int32Array(SLOTS);
  #whole = Buffer.allocUnsafeSlow(65_536);

  /** Up to `length` bytes, fewer at the end of the file. Valid until the next call. Throws `Damaged`. */
  bytes(file: InputFile, start: number, length: number): Buffer {
    if (length <= 0) throw new Damaged('unreadable');
    const block = Math.floor(start / BLOCK);
    const from = start - block * BLOCK;
    if (from + length > BLOCK) return this.#across(file, start, length);
    const slot = block % SLOTS;
    let buffer = this.#blocks[slot];
    if (this.#held[slot] !== block || this.#files[slot] !== file || buffer === undefined) {
      buffer ??= Buffer.allocUnsafeSlow(BLOCK);
      this.#held[slot] = -1;
      this.#lengths[slot] = file.read(block * BLOCK, buffer, 0, BLOCK);
      this.#blocks[slot] = buffer;
      this.#files[slot] = file;
      this.#held[slot] = block;
    }
    return buffer.subarray(from, Math.max(from, Math.min(from + length, this.#lengths[slot]!)));
  }

  #across(file: InputFile, start: number, length: number): Buffer {
    if (length > this.#whole.length) this.#whole = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(length)));
    return this.#whole.subarray(0, file.read(start, this.#whole, 0, length));
  }
}
