/**
 * The codec in WebAssembly. What it holds lies in the module's own memory, in blocks of powers of two that are used again,
 * so that the memory never grows beyond what is held at one time.
 */
import { codecInstance, codecModule, HEAP, PAGE, RUNS } from '../../kernel/codec-instance.ts';
import { MAX_WHOLE } from '../../model/source.ts';
import { referenceCodec, type Codec, type Held } from './codec.ts';
import { Damaged } from './damage.ts';
import { readSize } from './delta-format.ts';

/** What the module may read or write behind the end of what it is given. */
const SLACK = 384;
/** As zlib makes room for at least so many bytes, some damage shows before the size does; both codecs say the same of it. */
const LEAST_ROOM = 64;
const LEAST_BITS = 12;
const TOO_LONG = -2;

/** See `kernel/assembly/`. */
export interface CodecExports {
  inflate(input: number, length: number, output: number, limit: number): number;
  applyDelta(base: number, baseSize: number, delta: number, size: number, result: number, resultSize: number, lines: number): number;
  gatherLines(target: number): number;
}

/** A part of the memory; `size` is that of what it holds. */
interface Block {
  readonly start: number;
  readonly bits: number;
  /** Bytes that it may hold. */
  readonly capacity: number;
  size: number;
}

/** A codec holds memory of its own: one for each store. The reference where WebAssembly is missing. */
export function createCodec(): Codec {
  const module = codecModule();
  return module === undefined ? referenceCodec() : new KernelCodec(module);
}

export class KernelCodec implements Codec {
  readonly #memory: WebAssembly.Memory;
  readonly kernel: CodecExports;
  /** The whole memory. Growing it cuts off every view, so these are made anew. */
  #buffer: ArrayBuffer;
  #all: Buffer;
  #end = HEAP;
  /** By size, in powers of two. */
  readonly #free: Block[][] = Array.from({ length: 32 }, () => []);
  readonly #blocks: Block[] = [];
  readonly #numbers: Held[] = [];
  /** For a stream, and for lines. */
  #input: Block;
  #lines: Block;
  /** Of the last `applyDeltaLines`. */
  #runCount = 0;
  #resultSize = 0;

  constructor(module: WebAssembly.Module) {
    const { memory, kernel } = codecInstance<CodecExports>(module, {}, 0);
    this.#memory = memory;
    this.kernel = kernel;
    this.#buffer = memory.buffer;
    this.#all = Buffer.from(this.#buffer);
    this.#input = this.#take(PAGE);
    this.#lines = this.#take(PAGE);
  }

  inflate(input: Uint8Array, size: number): Held {
    this.#input = this.#atLeast(this.#input, input.length);
    this.#all.set(input, this.#input.start);
    return this.#inflate(this.#input.start, input.length, size);
  }

  inflateFrom(input: Held, start: number, length: number, size: number): Held {
    return this.#inflate(this.#blocks[input]!.start + start, length, size);
  }

  #inflate(start: number, length: number, size: number): Held {
    const room = Math.max(size + 1, LEAST_ROOM);
    const block = this.#take(room);
    const count = this.kernel.inflate(start, length, block.start, room);
    if (count !== size) {
      this.#free[block.bits]!.push(block);
      throw new Damaged(count >= 0 || count === TOO_LONG ? 'wrong-size' : 'bad-compression');
    }
    return this.#keep(block, size);
  }

  hold(bytes: Uint8Array): Held {
    const block = this.#take(bytes.length);
    this.#all.set(bytes, block.start);
    return this.#keep(block, bytes.length);
  }

  applyDelta(base: Held, delta: Held): Held {
    return this.#apply(base, delta, 0);
  }

  applyDeltaLines(base: Held, delta: Held): Held {
    return this.#apply(base, delta, 1);
  }

  runs(): Int32Array {
    return new Int32Array(this.#buffer, RUNS, this.#runCount * 3);
  }

  lines(): Buffer {
    this.#lines = this.#atLeast(this.#lines, this.#resultSize);
    const { start } = this.#lines;
    return Buffer.from(this.#buffer, start, this.kernel.gatherLines(start));
  }

  resultSize(delta: Held): number {
    const { start, size } = this.#blocks[delta]!;
    return readSize(this.#all, readSize(this.#all, start, start + size).next, start + size).value;
  }

  room(size: number): Held {
    return this.#keep(this.#take(size), size);
  }

  memory(): Buffer {
    return this.#all;
  }

  address(held: Held): number {
    return this.#blocks[held]!.start;
  }

  /** Whether bytes lie in the memory. */
  holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer;
  }

  size(held: Held): number {
    return this.#blocks[held]!.size;
  }

  bytes(held: Held): Buffer {
    const { start, size } = this.#blocks[held]!;
    return Buffer.from(this.#buffer, start, size);
  }

  release(held: Held): void {
    const block = this.#blocks[held]!;
    this.#free[block.bits]!.push(block);
    this.#numbers.push(held);
  }

  /** @param lines 1 to note runs of lines */
  #apply(base: Held, delta: Held, lines: number): Held {
    const from = this.#blocks[base]!;
    const { start, size } = this.#blocks[delta]!;
    const end = start + size;
    const baseSize = readSize(this.#all, start, end);
    const resultSize = readSize(this.#all, baseSize.next, end);
    if (baseSize.value !== from.size) throw new Damaged('bad-delta');
    if (resultSize.value > MAX_WHOLE) throw new Damaged('wrong-size');
    const block = this.#take(resultSize.value);
    const runs = this.kernel.applyDelta(from.start, from.size, resultSize.next, end - resultSize.next, block.start, resultSize.value, lines);
    if (runs >= 0) {
      this.#runCount = runs;
      this.#resultSize = resultSize.value;
      return this.#keep(block, resultSize.value);
    }
    this.#free[block.bits]!.push(block);
    throw new Damaged('bad-delta');
  }

  #keep(block: Block, size: number): Held {
    const held = this.#numbers.pop() ?? this.#blocks.length;
    block.size = size;
    this.#blocks[held] = block;
    return held;
  }

  /** The block itself, or a larger one for it. */
  #atLeast(block: Block, size: number): Block {
    if (size <= block.capacity) return block;
    const larger = this.#take(size);
    this.#free[block.bits]!.push(block);
    return larger;
  }

  /** A block for `size` bytes of whatever content. Throws `Damaged` when there is no more memory. */
  #take(size: number): Block {
    const bits = Math.max(LEAST_BITS, 32 - Math.clz32(size + SLACK - 1));
    const free = this.#free[bits]!.pop();
    if (free !== undefined) return free;
    const start = this.#end;
    const end = start + 2 ** bits;
    const missing = end - this.#all.length;
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / PAGE));
      } catch {
        throw new Damaged('unreadable');
      }
      this.#buffer = this.#memory.buffer;
      this.#all = Buffer.from(this.#buffer);
    }
    this.#end = end;
    return { start, bits, capacity: 2 ** bits - SLACK, size: 0 };
  }
}
