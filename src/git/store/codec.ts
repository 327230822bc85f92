/**
 * The two inner loops of reading a pack: inflating, and applying a delta. `Codec` is what a faster kernel has to do;
 * `referenceCodec` does it in plain JavaScript and is the oracle for any other.
 */
import { inflateSync } from 'node:zlib';
import { MAX_WHOLE } from '../../model/source.ts';
import { BufferPool } from './buffer-pool.ts';
import { Damaged } from './damage.ts';
import { COPY, CopyInstruction, deltaResultSize, readSize } from './delta-format.ts';

/** Bytes that a codec keeps until they are released, by number. */
export type Held = number;

export interface Codec {
  /** Content of a zlib stream of exactly `size` bytes; never makes more of it. Throws `Damaged`. */
  inflate(input: Uint8Array, size: number): Held;
  /** The same of a stream that stands in bytes that are held. Throws `Damaged`. */
  inflateFrom(input: Held, start: number, length: number, size: number): Held;
  /** Takes a copy of some bytes. Throws `Damaged`. */
  hold(bytes: Uint8Array): Held;
  /** Room for `size` bytes, of whatever content. Throws `Damaged` when there is no more memory. */
  room(size: number): Held;
  /** Memory in which held bytes lie from `address` on, to be written to. Valid until the codec is asked for anything that it has to hold. */
  memory(held: Held): Buffer;
  address(held: Held): number;
  /** Result of a delta; one of more than `MAX_WHOLE` bytes is none. Throws `Damaged`. */
  applyDelta(base: Held, delta: Held): Held;
  /** The same; `runs` and `lines` then tell which lines of the result the delta did not just copy. Throws `Damaged`. */
  applyDeltaLines(base: Held, delta: Held): Held;
  /**
   * Runs of whole lines of the last `applyDeltaLines` that are lines of the base too, ascending, three numbers each: byte
   * offsets of start and end in the result, and of the start in the base. Valid until the codec is asked for anything that it has to hold.
   */
  runs(): Int32Array;
  /** All other lines of that result, one after the other, while it is held. Valid as `runs` are. */
  lines(): Buffer;
  /** Size in bytes of what a delta makes. Throws `Damaged`. */
  resultSize(delta: Held): number;
  /** How many bytes a number stands for. */
  size(held: Held): number;
  /** What a number stands for. Valid until the codec is asked for anything that it has to hold. */
  bytes(held: Held): Buffer;
  /** Gives back, once, what is not needed any more: it may be overwritten from now on. */
  release(held: Held): void;
}

/** As `node:zlib` has them in its `constants`, without loading it: most runs inflate nothing there. */
const Z_SYNC_FLUSH = 2;
const Z_MIN_CHUNK = 64;
const LF = 0x0a;
/** Below this a loop beats the call into native code. */
const SHORT = 24;

/** What the beginning of a zlib stream gives, even if it is cut. Throws `Damaged`. */
export function inflateStart(input: Uint8Array): Buffer {
  try {
    return inflateSync(input, { finishFlush: Z_SYNC_FLUSH });
  } catch {
    throw new Damaged('bad-compression');
  }
}

/** Runs beyond these count as not copied. No file of lines has so many places where it was changed. */
export const MAX_RUNS = 65_536;

class ReferenceCodec implements Codec {
  readonly #pool = new BufferPool();
  readonly #held: (Buffer | undefined)[] = [];
  readonly #free: Held[] = [];
  /** Copies of the last delta, three numbers each: start in the result, end there, start in the base. */
  #copies = new Int32Array(3072);
  #copyCount = 0;
  readonly #copy = new CopyInstruction();
  #runs = new Int32Array(0);
  #lines = Buffer.alloc(0);

  inflate(input: Uint8Array, size: number): Held {
    let bytes: Buffer;
    try {
      // One byte more than needed: so the output never fills the chunk, and a stream of more bytes is noticed.
      bytes = inflateSync(input, { chunkSize: Math.max(size + 1, Z_MIN_CHUNK), maxOutputLength: Math.max(size, 1) });
    } catch (error) {
      throw new Damaged((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'wrong-size' : 'bad-compression');
    }
    if (bytes.length !== size) throw new Damaged('wrong-size');
    return this.#keep(bytes);
  }

  inflateFrom(input: Held, start: number, length: number, size: number): Held {
    return this.inflate(this.bytes(input).subarray(start, start + length), size);
  }

  hold(bytes: Uint8Array): Held {
    return this.#keep(Buffer.from(bytes));
  }

  room(size: number): Held {
    return this.#keep(this.#pool.take(size));
  }

  memory(held: Held): Buffer {
    return this.bytes(held);
  }

  address(): number {
    return 0;
  }

  resultSize(delta: Held): number {
    return deltaResultSize(this.bytes(delta));
  }

  runs(): Int32Array {
    return this.#runs;
  }

  lines(): Buffer {
    return this.#lines;
  }

  size(held: Held): number {
    return this.bytes(held).length;
  }

  applyDelta(base: Held, delta: Held): Held {
    return this.#keep(this.#apply(this.bytes(base), this.bytes(delta)));
  }

  applyDeltaLines(base: Held, delta: Held): Held {
    const from = this.bytes(base);
    const result = this.#apply(from, this.bytes(delta));
    this.#runs = this.#wholeLines(from, result);
    this.#lines = Buffer.concat(gaps(this.#runs, result));
    return this.#keep(result);
  }

  bytes(held: Held): Buffer {
    return this.#held[held]!;
  }

  release(held: Held): void {
    this.#pool.release(this.bytes(held));
    this.#held[held] = undefined;
    this.#free.push(held);
  }

  #keep(bytes: Buffer): Held {
    const held = this.#free.pop() ?? this.#held.length;
    this.#held[held] = bytes;
    return held;
  }

  #apply(base: Buffer, delta: Buffer): Buffer {
    const baseSize = readSize(delta, 0, delta.length);
    const resultSize = readSize(delta, baseSize.next, delta.length);
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

  /** Does a delta's instructions and notes the copies. */
  #follow(base: Buffer, delta: Buffer, start: number, result: Buffer): void {
    this.#copyCount = 0;
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
      at = this.#copy.read(delta, at, operation);
      const { from, size } = this.#copy;
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
    const last = this.#copyCount - 3;
    if (last >= 0 && this.#copies[last + 1] === start && this.#copies[last + 2]! + (start - this.#copies[last]!) === from) {
      this.#copies[last + 1] = start + size;
      return;
    }
    if (this.#copyCount + 3 > this.#copies.length) {
      const more = new Int32Array(this.#copies.length * 2);
      more.set(this.#copies);
      this.#copies = more;
    }
    this.#copies[this.#copyCount] = start;
    this.#copies[this.#copyCount + 1] = start + size;
    this.#copies[this.#copyCount + 2] = from;
    this.#copyCount += 3;
  }

  /** The whole lines inside the copies, see `Codec.runs`. */
  #wholeLines(base: Buffer, result: Buffer): Int32Array<ArrayBuffer> {
    const runs: number[] = [];
    for (let copy = 0; copy < this.#copyCount; copy += 3) {
      const start = this.#copies[copy]!;
      const end = this.#copies[copy + 1]!;
      const from = this.#copies[copy + 2]!;
      const first = beginsLine(result, start) && beginsLine(base, from) ? start : afterFirstLine(result, start, end);
      const sameEnd = end === result.length && from + (end - start) === base.length;
      const last = sameEnd ? end : afterLastLine(result, first, end);
      if (first < last && runs.length < 3 * MAX_RUNS) runs.push(first, last, from + (first - start));
    }
    return Int32Array.from(runs);
  }
}

/** The parts of a result between its runs. */
function gaps(runs: Int32Array, result: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let done = 0;
  for (let run = 0; run < runs.length; run += 3) {
    parts.push(result.subarray(done, runs[run]));
    done = runs[run + 1]!;
  }
  return [...parts, result.subarray(done)];
}

function copyBytes(source: Buffer, from: number, size: number, target: Buffer, at: number): void {
  if (size < SHORT) for (let index = 0; index < size; index++) target[at + index] = source[from + index]!;
  else source.copy(target, at, from, from + size);
}

function beginsLine(bytes: Buffer, at: number): boolean {
  return at === 0 || bytes[at - 1] === LF;
}

/** Where the line that is open at `start` has ended; behind `end` if it has not. */
function afterFirstLine(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== LF) at++;
  return at + 1;
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
