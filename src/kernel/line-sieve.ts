/** Lines that were seen before and held nothing are not looked at again. Only in WebAssembly: without it all lines are. */
import { randomFillSync } from 'node:crypto';
import { loadModule } from './module.ts';

/** As in `assembly/lines-layout.ts`. */
const MASKS = 0x400;
const KEYS = 0x420;
const KEY_BYTES = 640;
const FINALS = 0x420 + 512 + 32;
const SKIPS = 0x61000;
const LINES = 0x1a1000;
const PAGE = 65_536;
/** What the module may read behind the lines. */
const SLACK = 16;

const NOTHING = Buffer.alloc(0);

interface SieveExports {
  sift(start: number, size: number): number;
  pendingCount(): number;
  skipCount(): number;
  keep(offset: number): void;
  learn(): void;
}

/** Undefined where there is no WebAssembly. */
export function createLineSieve(): LineSieve | undefined {
  const module = loadModule('lines.wasm');
  return module === undefined ? undefined : new LineSieve(module);
}

export class LineSieve {
  readonly #memory = new WebAssembly.Memory({ initial: Math.ceil(LINES / PAGE) + 4 });
  readonly #exports: SieveExports;
  #buffer = this.#memory.buffer;
  #all = new Uint8Array(this.#buffer);

  constructor(module: WebAssembly.Module) {
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as SieveExports;
    this.#all.fill(0xff, MASKS, MASKS + 16);
    randomFillSync(this.#all, KEYS, KEY_BYTES);
    // Factors must be odd, so that no bit is lost.
    for (const factor of [0, 8, 16]) this.#all[FINALS + factor]! |= 1;
  }

  /** Whole lines; without those of them that are known to hold nothing. Valid until the next call. */
  sift(lines: Uint8Array): Uint8Array {
    const missing = LINES + lines.length + SLACK - this.#all.length;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE));
      this.#buffer = this.#memory.buffer;
      this.#all = new Uint8Array(this.#buffer);
    }
    this.#all.set(lines, LINES);
    const size = this.#exports.sift(LINES, lines.length);
    return size === 0 ? NOTHING : Buffer.from(this.#buffer, LINES, size);
  }

  /**
   * For each place where the last call left out lines, ascending, two numbers: the bytes of what it gave before it, and
   * all bytes left out so far. Valid until the next call.
   */
  skips(): Int32Array {
    return new Int32Array(this.#buffer, SKIPS, this.#exports.skipCount() * 2);
  }

  /**
   * From now on all lines of the last call are known to hold nothing, but for some.
   * @param held offsets in what that call gave, each behind something in one of those lines
   */
  learn(held: readonly number[]): void {
    for (let index = 0; index < held.length; index++) this.#exports.keep(held[index]!);
    this.#exports.learn();
  }
}
