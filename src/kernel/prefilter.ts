/**
 * The prefilter behind one interface, twice: the WebAssembly kernel, and its twin in JavaScript for where there is no
 * WebAssembly. Both give the same hits.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { loadModule } from './module.ts';
import { IMAGE_START } from './tables.ts';
import { Twin } from './twin.ts';

/** Pairs of (offset one past the literal's last byte, check id), in no particular order. */
export interface Hits {
  readonly pairs: Int32Array;
  /** How many numbers of `pairs` count. */
  readonly length: number;
}

export interface ScanHits extends Hits {
  /** What `findEncoded` says of all of the bytes. */
  readonly encoded: number;
  /** What `findWideText` says of them, where that was asked for; else their length. */
  readonly wide: number;
}

export interface Prefilter {
  /** The same bytes where they are read, so that several questions about them copy them once. Valid until others are given. */
  placed(bytes: Uint8Array): Uint8Array;
  /**
   * Memory of at least `size` bytes that can be scanned where it is. Valid until the next call; its content stays only
   * if the call asks for no more than was given before.
   */
  reserve(size: number): Buffer;
  /** The same bytes where they can be looked at again and again without being copied. Valid until the next call. */
  adopt(bytes: Uint8Array): Uint8Array;
  /**
   * All hits in `bytes` that pass their checks. The answer is valid until the next call.
   * @param isWhole the bytes are a content, or a window of one, and not lines out of it: checks may look at other lines
   * @param mayBeWide look for wide text, too, while the bytes are at hand
   */
  scan(bytes: Uint8Array, isWhole?: boolean, mayBeWide?: boolean): ScanHits;
  /**
   * Offset, from `from` on, of eight bytes in which NUL and characters of text take turns, as in strings of two-byte
   * characters; the length of `bytes` when there are none. Offsets are multiples of eight.
   */
  findWideText(bytes: Uint8Array, from: number): number;
  /**
   * Offset, from `from` on, of a run of at least 43 letters, digits, `+`, `/`, `-` and `_` that begins as the base64 or the
   * hex digits of a text; the length of `bytes` when there are none. `from` must not lie within such a run.
   */
  findEncoded(bytes: Uint8Array, from: number): number;
  /** How many line feeds there are. */
  lineFeeds(bytes: Uint8Array): number;
  /** How many characters of UTF-8 begin; bytes of no character count as ones. */
  characters(bytes: Uint8Array): number;
}

/** Tables in memory, or the file that holds them: then they are read to where they are used, and nowhere else. */
export type Image = Uint8Array | URL;

/** The fastest prefilter that this machine has for an image of tables. */
export function createPrefilter(image: Image): Prefilter {
  const module = loadModule('kernel.wasm');
  if (module !== undefined) return new Kernel(module, image);
  return new Twin(image instanceof URL ? readFileSync(image) : image);
}

/** Copies an image to where `room` says, which is told its size. */
function copyImage(image: Image, room: (size: number) => Uint8Array): void {
  if (!(image instanceof URL)) {
    room(image.length).set(image);
    return;
  }
  const file = openSync(image, 'r');
  try {
    const { size } = fstatSync(file);
    const memory = room(size);
    for (let read = 0; read < size;) {
      const count = readSync(file, memory, read, size - read, null);
      if (count === 0) throw new Error('the tables of the prefilter end early');
      read += count;
    }
  } finally {
    closeSync(file);
  }
}

const PAGE = 65_536;
const HIT_LIMIT = 16_384;
const HIT_BYTES = 8;
const ALIGNMENT = 16;
/** Room for blocks of 16 bytes out of a part of a content, and two bytes for each that say where it comes from; see `gather`. */
const BLOCKS_ROOM = 8216 * 18;
/** Room for 32 answers of 32 bytes for each of four streams; see `setUpNear`. */
const NEAR_ROOM = 4 * 32 * 32;

/**
 * Growing the memory cuts off every view of it. So what is handed out leaves room behind it for what is made of it and
 * looked at while it is in use: decoded text, with what stands around each part of it. Pages that nobody touches cost nothing.
 */
function withRoom(size: number): number {
  return 4 * size + PAGE;
}

interface KernelExports {
  setup(hitBuffer: number, limit: number, blocks: number, near: number): void;
  scan(start: number, size: number, isWhole: number, mayBeWide: number): number;
  foundWideText(): number;
  findWideText(start: number, size: number, from: number): number;
  findEncoded(start: number, size: number, from: number): number;
  lineFeeds(start: number, size: number): number;
  characters(start: number, size: number): number;
}

/** Memory: tables, hits, the reserved text, behind it the adopted one, and behind that a place for any other. */
export class Kernel implements Prefilter {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  /** The memory's; only `#grow` makes it another one. */
  #buffer = this.#memory.buffer;
  /** All of it: to make a view of a part takes longer than to copy a few lines. */
  #bytes = new Uint8Array(this.#buffer);
  #words = new Int32Array(this.#buffer);
  readonly #exports: KernelExports;
  #hitBuffer = 0;
  #blocks = 0;
  #text = 0;
  #reserved = 0;
  #adopted = 0;
  #pairs = new Int32Array(1024);
  #length = 0;

  constructor(module: WebAssembly.Module, image: Image) {
    copyImage(image, (size) => {
      this.#hitBuffer = (IMAGE_START + size + 63) & ~63;
      this.#blocks = this.#hitBuffer + HIT_LIMIT * HIT_BYTES;
      this.#text = this.#blocks + BLOCKS_ROOM + NEAR_ROOM;
      this.#grow(this.#text + PAGE);
      return new Uint8Array(this.#buffer, IMAGE_START, size);
    });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory, drain: (count: number) => this.#drain(count) } });
    this.#exports = instance.exports as unknown as KernelExports;
    this.#exports.setup(this.#hitBuffer, HIT_LIMIT, this.#blocks, this.#blocks + BLOCKS_ROOM);
  }

  reserve(size: number): Buffer {
    if (size > this.#reserved) {
      this.#grow(this.#text + withRoom(size));
      this.#reserved = size;
      this.#adopted = 0;
    }
    return this.#view(this.#text, size);
  }

  adopt(bytes: Uint8Array): Uint8Array {
    this.#adopted = 0;
    if (this.#holds(bytes)) return bytes;
    this.#grow(this.#free() + withRoom(bytes.length));
    const adopted = this.#view(this.#place(bytes), bytes.length);
    this.#adopted = bytes.length + ALIGNMENT;
    return adopted;
  }

  placed(bytes: Uint8Array): Uint8Array {
    return this.#holds(bytes) ? bytes : this.#view(this.#place(bytes), bytes.length);
  }

  scan(bytes: Uint8Array, isWhole = false, mayBeWide = false): ScanHits {
    this.#length = 0;
    const encoded = this.#exports.scan(this.#place(bytes), bytes.length, Number(isWhole), Number(mayBeWide));
    return { pairs: this.#pairs, length: this.#length, encoded, wide: mayBeWide ? this.#exports.foundWideText() : bytes.length };
  }

  findWideText(bytes: Uint8Array, from: number): number {
    return this.#exports.findWideText(this.#place(bytes), bytes.length, from);
  }

  findEncoded(bytes: Uint8Array, from: number): number {
    return this.#exports.findEncoded(this.#place(bytes), bytes.length, from);
  }

  lineFeeds(bytes: Uint8Array): number {
    return this.#exports.lineFeeds(this.#place(bytes), bytes.length);
  }

  characters(bytes: Uint8Array): number {
    return this.#exports.characters(this.#place(bytes), bytes.length);
  }

  #holds(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#buffer;
  }

  /** A `Buffer`, like all other bytes that are looked at: code that meets two kinds is compiled twice. */
  #view(start: number, size: number): Buffer {
    return Buffer.from(this.#buffer, start, size);
  }

  /** Where the bytes are in the kernel's memory, copied there when they are not. */
  #place(bytes: Uint8Array): number {
    if (this.#holds(bytes)) return bytes.byteOffset;
    const start = this.#free();
    this.#grow(start + bytes.length);
    this.#bytes.set(bytes, start);
    return start;
  }

  /** Where nothing that is in use lies. */
  #free(): number {
    return (this.#text + this.#reserved + this.#adopted + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Four blocks to spare, since they are read whole; and a quarter, since each growth counts for the collector as all of the memory. */
  #grow(end: number): void {
    const there = this.#buffer.byteLength;
    const missing = end + 64 - there;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(Math.max(missing, there / 4) / PAGE));
    this.#buffer = this.#memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#words = new Int32Array(this.#buffer);
  }

  #drain(count: number): void {
    const end = this.#length + count * 2;
    if (end > this.#pairs.length) {
      const larger = new Int32Array(end * 2);
      larger.set(this.#pairs.subarray(0, this.#length));
      this.#pairs = larger;
    }
    const pairs = this.#pairs;
    const words = this.#words;
    for (let from = this.#hitBuffer >> 2; this.#length < end; from++) pairs[this.#length++] = words[from]!;
  }
}
