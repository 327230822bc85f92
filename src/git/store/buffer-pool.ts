/** Buffers that are used again, so that thousands of results of a delta chain do not each cost fresh memory. */

const MIN_BITS = 12;
const MAX_BITS = 25;
/** Buffers kept of each power of two. */
const KEPT = 4;

export class BufferPool {
  readonly #free: ArrayBufferLike[][] = Array.from({ length: MAX_BITS + 1 }, () => []);
  /** Memory that this pool made. Any other, such as the slab that Node cuts small buffers from, is not ours to reuse. */
  readonly #own = new WeakSet<ArrayBufferLike>();

  /** `size` bytes of whatever content. */
  take(size: number): Buffer {
    if (size > 2 ** MAX_BITS) return Buffer.allocUnsafe(size);
    const bits = Math.max(MIN_BITS, 32 - Math.clz32(Math.max(size, 1) - 1));
    let memory = this.#free[bits]!.pop();
    if (memory === undefined) {
      memory = Buffer.allocUnsafeSlow(2 ** bits).buffer;
      this.#own.add(memory);
    }
    return Buffer.from(memory, 0, size);
  }

  /** Takes a buffer back, once; one that is not of this pool is left to the garbage collector. */
  release(bytes: Buffer): void {
    const memory = bytes.buffer;
    if (!this.#own.has(memory)) return;
    const free = this.#free[31 - Math.clz32(memory.byteLength)]!;
    if (free.length < KEPT) free.push(memory);
  }
}
