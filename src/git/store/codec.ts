/**
 * The two inner loops of reading a pack: inflating, and applying a delta. `Codec` is what a faster kernel has to do;
 * `referenceCodec` does it in plain JavaScript and is the oracle for any other.
 */
import { constants, inflateSync } from 'node:zlib';
import { MAX_WHOLE } from '../../model/source.ts';
import { BufferPool } from './buffer-pool.ts';
import { Damaged } from './damage.ts';

export interface Codec {
  /** Content of a zlib stream of exactly `size` bytes; never makes more of it. Valid until released. Throws `Damaged`. */
  inflateObject(input: Uint8Array, size: number): Buffer;
  /** Result of a delta; one of more than `MAX_WHOLE` bytes is none. Valid until released. Throws `Damaged`. */
  applyDelta(base: Buffer, delta: Buffer): Buffer;
  /** The same, and which lines of the result the delta did not just copy. Throws `Damaged`. */
  applyDeltaLines(base: Buffer, delta: Buffer): Patched;
  /** Gives back, once, the bytes of one of the above: they may be overwritten from now on. Others are left alone. */
  release(bytes: Buffer): void;
}

export interface Patched {
  readonly bytes: Buffer;
  /**
   * Pairs of byte offsets `[start, end)` of the result, ascending: whole lines that hold something else than lines
   * copied whole from the base. All else of the result are lines of the base. Valid until the next call.
   */
  readonly dirty: Int32Array;
}

/** A variable-length number of a delta's head, and where the next thing begins. */
interface Size {
  readonly value: number;
  readonly next: number;
}

const MAX_SIZE_BYTES = 7; // 49 bits: any more is no size of anything
const LF = 0x0a;
const COPY = 0x80;
/** A copy that names no size. */
const COPY_ALL = 0x10000;
/** Below this a loop beats the call into native code. */
const SHORT = 24;

function readSize(delta: Uint8Array, at: number): Size {
  let value = 0;
  let scale = 1;
  for (let next = at; next < at + MAX_SIZE_BYTES; scale *= 128) {
    const byte = delta[next++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next };
  }
  throw new Damaged('bad-delta');
}

/** Size in bytes of what a delta makes. The start of the delta is enough. Throws `Damaged`. */
export function deltaResultSize(delta: Uint8Array): number {
  return readSize(delta, readSize(delta, 0).next).value;
}

/** What the beginning of a zlib stream gives, even if it is cut. Throws `Damaged`. */
export function inflateStart(input: Uint8Array): Buffer {
  try {
    return inflateSync(input, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw new Damaged('bad-compression');
  }
}

class ReferenceCodec implements Codec {
  readonly #pool = new BufferPool();
  /** Runs of the last delta, three numbers each: start in the result, end there, start in the base. */
  #runs = new Int32Array(3072);
  #runCount = 0;
  #dirty = new Int32Array(2048);

  inflateObject(input: Uint8Array, size: number): Buffer {
    let bytes: Buffer;
    try {
      // One byte more than needed: so the output never fills the chunk, and a stream of more bytes is noticed.
      bytes = inflateSync(input, { chunkSize: Math.max(size + 1, constants.Z_MIN_CHUNK), maxOutputLength: Math.max(size, 1) });
    } catch (error) {
      throw new Damaged((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'wrong-size' : 'bad-compression');
    }
    if (bytes.length !== size) throw new Damaged('wrong-size');
    return bytes;
  }

  applyDelta(base: Buffer, delta: Buffer): Buffer {
    const baseSize = readSize(delta, 0);
    const resultSize = readSize(delta, baseSize.next);
    if (baseSize.value !== base.length) throw new Damaged('bad-delta');
    if (resultSize.value > MAX_WHOLE) throw new Damaged('wrong-size');
    const result = this.#pool.take(resultSize.value);
    try {
      this.#follow(base, delta, resultSize.next, result);
    } catch (error) {
      this.#pool.release(result);
      throw error;
    }
    return result;
  }

  applyDeltaLines(base: Buffer, delta: Buffer): Patched {
    const bytes = this.applyDelta(base, delta);
    return { bytes, dirty: this.#dirtyLines(base, bytes) };
  }

  release(bytes: Buffer): void {
    this.#pool.release(bytes);
  }

  /** Does a delta's instructions and notes the runs. */
  #follow(base: Buffer, delta: Buffer, start: number, result: Buffer): void {
    this.#runCount = 0;
    let filled = 0;
    for (let at = start; at < delta.length;) {
      const operation = delta[at++]!;
      if ((operation & COPY) === 0) {
        if (operation === 0 || at + operation > delta.length || filled + operation > result.length) throw new Damaged('bad-delta');
        copyBytes(delta, at, operation, result, filled);
        at += operation;
        filled += operation;
        continue;
      }
      let from = 0;
      let size = 0;
      if ((operation & 0x01) !== 0) from = delta[at++]!;
      if ((operation & 0x02) !== 0) from |= delta[at++]! << 8;
      if ((operation & 0x04) !== 0) from |= delta[at++]! << 16;
      if ((operation & 0x08) !== 0) from += delta[at++]! * 0x1000000;
      if ((operation & 0x10) !== 0) size = delta[at++]!;
      if ((operation & 0x20) !== 0) size |= delta[at++]! << 8;
      if ((operation & 0x40) !== 0) size |= delta[at++]! << 16;
      if (size === 0) size = COPY_ALL;
      // An instruction cut by the delta's end has read past it.
      if (at > delta.length || from + size > base.length || filled + size > result.length) throw new Damaged('bad-delta');
      copyBytes(base, from, size, result, filled);
      this.#note(filled, size, from);
      filled += size;
    }
    if (filled !== result.length) throw new Damaged('bad-delta');
  }

  /** Notes a copy; one that goes on where the last one ended makes that longer. */
  #note(start: number, size: number, from: number): void {
    const last = this.#runCount - 3;
    if (last >= 0 && this.#runs[last + 1] === start && this.#runs[last + 2]! + (start - this.#runs[last]!) === from) {
      this.#runs[last + 1] = start + size;
      return;
    }
    if (this.#runCount + 3 > this.#runs.length) {
      const more = new Int32Array(this.#runs.length * 2);
      more.set(this.#runs);
      this.#runs = more;
    }
    this.#runs[this.#runCount] = start;
    this.#runs[this.#runCount + 1] = start + size;
    this.#runs[this.#runCount + 2] = from;
    this.#runCount += 3;
  }

  /** What is left of the result without the whole lines inside the runs. */
  #dirtyLines(base: Buffer, result: Buffer): Int32Array {
    if (this.#dirty.length < this.#runCount + 2) this.#dirty = new Int32Array(this.#runs.length);
    const dirty = this.#dirty;
    let count = 0;
    let done = 0;
    for (let run = 0; run < this.#runCount; run += 3) {
      const start = this.#runs[run]!;
      const end = this.#runs[run + 1]!;
      const from = this.#runs[run + 2]!;
      const cleanStart = beginsLine(result, start) && beginsLine(base, from) ? start : afterFirstLine(result, start, end);
      const sameEnd = end === result.length && from + (end - start) === base.length;
      const cleanEnd = sameEnd ? end : afterLastLine(result, cleanStart, end);
      if (cleanStart >= cleanEnd) continue;
      if (cleanStart > done) {
        dirty[count++] = done;
        dirty[count++] = cleanStart;
      }
      done = cleanEnd;
    }
    if (done < result.length) {
      dirty[count++] = done;
      dirty[count++] = result.length;
    }
    return dirty.subarray(0, count);
  }
}

function copyBytes(source: Buffer, from: number, size: number, target: Buffer, at: number): void {
  if (size < SHORT) for (let index = 0; index < size; index++) target[at + index] = source[from + index]!;
  else source.copy(target, at, from, from + size);
}

function beginsLine(bytes: Buffer, at: number): boolean {
  return at === 0 || bytes[at - 1] === LF;
}

/** Where the line that is open at `start` has ended; `end` if it has not. */
function afterFirstLine(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== LF) at++;
  return at < end ? at + 1 : end;
}

/** Where the last line that ends in the range has ended; `start` if there is none. */
function afterLastLine(bytes: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] !== LF) at--;
  return at;
}

/** A codec holds buffers of its own: one for each store. */
export function referenceCodec(): Codec {
  return new ReferenceCodec();
}
