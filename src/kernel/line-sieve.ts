/** Lines that were seen before and held nothing are not looked at again. Only in WebAssembly: without it all lines are. */
import { randomFillSync } from 'node:crypto';
import { codecInstance, codecModule, type CodecInstance } from './codec-instance.ts';

/** As in `assembly/lines-layout.ts`. */
const KEYS = 0xcb020;
const KEY_BYTES = 640;
const MASKS = KEYS - 32;
const FINALS = KEYS + 512 + 32;
const SKIPS = 0x12c000;

const NOTHING = Buffer.alloc(0);

export interface SieveExports {
  linesRoom(size: number): number;
  siftGiven(size: number): void;
  throughStart(): number;
  throughSize(): number;
  skipCount(): number;
  keep(offset: number): void;
  learn(): void;
}

/** One with memory of its own; undefined where there is no WebAssembly. */
export function createLineSieve(): LineSieve | undefined {
  const module = codecModule();
  return module === undefined ? undefined : new LineSieve(codecInstance<SieveExports>(module));
}

export class LineSieve {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: SieveExports;
  /** The memory's, until that grows. */
  #buffer: ArrayBuffer;

  constructor({ memory, kernel }: CodecInstance<SieveExports>) {
    this.#memory = memory;
    this.#exports = kernel;
    this.#buffer = memory.buffer;
    const all = new Uint8Array(this.#buffer);
    all.fill(0xff, MASKS, MASKS + 16);
    randomFillSync(all, KEYS, KEY_BYTES);
    // Factors must be odd, so that no bit is lost.
    for (const factor of [0, 8, 16]) all[FINALS + factor]! |= 1;
  }

  /**
   * Whole lines; without those of them that are known to hold nothing. Lines that lie in the memory already have been sifted
   * as the last ones, and stay as they are. Valid until the next call.
   */
  sift(lines: Uint8Array): Uint8Array {
    if (lines.buffer === this.#current()) return lines;
    if (lines.length === 0) {
      this.#exports.siftGiven(0);
      return NOTHING;
    }
    const start = this.#exports.linesRoom(lines.length);
    new Uint8Array(this.#current(), start, lines.length).set(lines);
    this.#exports.siftGiven(lines.length);
    const size = this.#exports.throughSize();
    return size === 0 ? NOTHING : Buffer.from(this.#current(), this.#exports.throughStart(), size);
  }

  /**
   * For each place where the last call left out lines, ascending, two numbers: the bytes of what it gave before it, and
   * all bytes left out so far. Valid until the next call.
   */
  skips(): Int32Array {
    return new Int32Array(this.#current(), SKIPS, this.#exports.skipCount() * 2);
  }

  /**
   * From now on all lines of the last call are known to hold nothing, but for some.
   * @param held offsets in what that call gave, each behind something in one of those lines
   */
  learn(held: readonly number[]): void {
    for (let index = 0; index < held.length; index++) this.#exports.keep(held[index]!);
    this.#exports.learn();
  }

  /** The memory's buffer: one that growing cut off is empty. To ask the memory for it takes longer. */
  #current(): ArrayBuffer {
    if (this.#buffer.byteLength === 0) this.#buffer = this.#memory.buffer;
    return this.#buffer;
  }
}
