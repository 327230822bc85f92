/**
 * Large rows of numbers, and large texts, that are used again: V8 lets go of an array long after it was needed last, and the allocator of the
 * system keeps what it is given back, so that contents with very many parts would take several times what the largest takes.
 */

/** Numbers of the smallest and of the largest array that is kept, as powers of two. */
const [LEAST_BITS, MOST_BITS] = [14, 22];
/** Arrays that are kept of each size. */
const KEPT = 2;

const spare: Int32Array[][] = Array.from({ length: MOST_BITS + 1 }, () => []);

/** Room for numbers; whatever they are. */
export function takeRows(count: number): Int32Array {
  const bits = 32 - Math.clz32(count - 1);
  if (bits < LEAST_BITS || bits > MOST_BITS) return new Int32Array(count);
  return spare[bits]!.pop() ?? new Int32Array(2 ** bits);
}

/** Takes rows back that nobody looks at any more. */
export function giveRows(rows: Int32Array): void {
  const bits = 31 - Math.clz32(rows.length);
  if (bits < LEAST_BITS || bits > MOST_BITS || rows.length !== 2 ** bits) return;
  const kept = spare[bits]!;
  if (kept.length < KEPT) kept.push(rows);
}

/** Room for a text; whatever its bytes are. A view of its own, also where the memory was used before. */
export function takeBytes(size: number): Buffer {
  return size < 4 << LEAST_BITS ? Buffer.allocUnsafe(size) : Buffer.from(takeRows((size + 3) >> 2).buffer, 0, size);
}

/** Takes a text back of which nobody looks at any part any more. */
export function giveBytes({ buffer, length }: Buffer): void {
  if (length >= 4 << LEAST_BITS && buffer.byteLength % 4 === 0) giveRows(new Int32Array(buffer));
}
