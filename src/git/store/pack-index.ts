/**
 * The index of a pack: which objects lie in it, and where. Ids and offsets stay in the file's bytes,
 * since a large repository has more than a million of them. A position counts objects from 0 in the order of their ids.
 */
import { createHash } from 'node:crypto';
import { BadFile } from './damage.ts';
import { IndexBytes, type SharedIndexBytes } from './index-bytes.ts';

/** Bytes of an object id: SHA-1 or SHA-256. */
export type HashBytes = 20 | 32;

const MAGIC = 0xff744f63;
const FANOUT_BYTES = 1024;
const HIGH_BIT = 0x80000000;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** Ids that are given together. */
const IDS_AT_ONCE = 4096;
/** So far from its expected place an id is looked for one by one. */
const STEPS = 64;

/** An index as plain data, for another thread. */
export interface SharedIndex {
  readonly bytes: SharedIndexBytes;
  readonly hashBytes: HashBytes;
}

export class PackIndex {
  /** Objects in the pack. */
  readonly count: number;
  /** Checksum of the pack that this is the index of. */
  readonly packChecksum: Buffer;
  readonly hashBytes: HashBytes;
  readonly #file: IndexBytes;
  readonly #fanout: Uint32Array;
  readonly #idStart: number;
  readonly #idStride: number;

  /** @param file version 1 or 2. Throws `BadFile` when its parts do not fit its length. */
  constructor(file: IndexBytes, hashBytes: HashBytes) {
    this.#file = file;
    this.hashBytes = hashBytes;
    const { size } = file;
    const head = file.part(0, Math.min(size, 8));
    const second = size >= 8 && head.readUInt32BE(0) === MAGIC;
    if (second && head.readUInt32BE(4) !== 2) throw new BadFile('bad-index');
    const fanoutStart = second ? 8 : 0;
    const tables = fanoutStart + FANOUT_BYTES;
    if (size < tables + 2 * hashBytes) throw new BadFile('bad-index');
    this.#fanout = readFanout(file.part(fanoutStart, tables));
    this.count = this.#fanout[256]!;
    this.packChecksum = Buffer.from(file.part(size - 2 * hashBytes, size - hashBytes));
    this.#idStart = second ? tables : tables + 4;
    this.#idStride = second ? hashBytes : hashBytes + 4;
    const large = tables + this.count * (second ? hashBytes + 8 : this.#idStride);
    const rest = size - 2 * hashBytes - large;
    if (second ? rest < 0 || rest % 8 !== 0 : rest !== 0) throw new BadFile('bad-index');
  }

  /** An index that another thread has opened, and that it will close. */
  static again({ bytes, hashBytes }: SharedIndex): PackIndex {
    return new PackIndex(IndexBytes.again(bytes), hashBytes);
  }

  /** What another thread needs for the same index. */
  share(): SharedIndex {
    return { bytes: this.#file.share(), hashBytes: this.hashBytes };
  }

  /** Lets the bytes of a large index go: what is asked later is read anew. All that asks then throws `Damaged` where that fails. */
  forget(): void {
    this.#file.forget();
  }

  close(): void {
    this.#file.close();
  }

  /**
   * Where each object begins in the pack, by position, as the index has it: 32 bits each, big-endian, one with the highest bit set is no
   * offset. Undefined where they do not lie together.
   */
  offsetWords(): Uint8Array | undefined {
    const { count, hashBytes } = this;
    const start = this.#idStart + count * (hashBytes + 4);
    return this.#idStride === hashBytes ? this.#file.part(start, start + count * 4) : undefined;
  }

  /** Where each object begins in the pack, by position. Not checked: they are whatever the index says. */
  offsets(): Float64Array {
    const { count, hashBytes } = this;
    const offsets = new Float64Array(count);
    const words = this.offsetWords();
    if (words === undefined) {
      for (let position = 0; position < count; position++) offsets[position] = this.offset(position);
      return offsets;
    }
    const values = new Uint32Array(count);
    const swapped = Buffer.from(values.buffer);
    swapped.set(words);
    if (IS_LITTLE_ENDIAN) swapped.swap32();
    offsets.set(values);
    for (let position = 0; position < count; position++) {
      const value = values[position]!;
      if (value >= HIGH_BIT) offsets[position] = this.#largeOffset(this.#idStart + count * (hashBytes + 8), value);
    }
    return offsets;
  }

  /** Where the object at a position begins in the pack; not checked either. */
  offset(position: number): number {
    const stride = this.#idStride;
    if (stride !== this.hashBytes) return this.#word(this.#idStart - 4 + position * stride);
    const start = this.#idStart + this.count * (stride + 4);
    const value = this.#word(start + position * 4);
    return value < HIGH_BIT ? value : this.#largeOffset(start + this.count * 4, value);
  }

  #word(at: number): number {
    const place = this.#file.place(at, 4);
    return this.#file.bytes.readUInt32BE(place);
  }

  /**
   * An offset of more than 31 bits: its word is a place in a table of 64 bits that fills the rest of the file.
   * @param start of the table
   */
  #largeOffset(start: number, word: number): number {
    const at = start + (word - HIGH_BIT) * 8;
    // A place outside the table damages this one object: no offset is so large.
    return at + 8 <= this.#file.size - 2 * this.hashBytes ? this.#word(at) * 2 ** 32 + this.#word(at + 4) : Number.MAX_SAFE_INTEGER;
  }

  /** How many ids begin with less than each byte: 257 words. */
  fanout(): Uint8Array {
    const { buffer, byteOffset, byteLength } = this.#fanout;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  /** The ids, in parts of which none is longer than the first: each id `stride` bytes behind the one before it. */
  *idParts(): Generator<{ readonly ids: Uint8Array; readonly stride: number; readonly count: number }, void> {
    const stride = this.#idStride;
    for (let from = 0; from < this.count; from += IDS_AT_ONCE) {
      const count = Math.min(IDS_AT_ONCE, this.count - from);
      const start = this.#idStart + from * stride;
      yield { ids: this.#file.part(start, start + count * stride), stride, count };
    }
  }

  /** Whether the file has the checksum that it ends with. */
  checksumHolds(): boolean {
    const { size } = this.#file;
    const end = size - this.hashBytes;
    const hash = createHash(this.hashBytes === 20 ? 'sha1' : 'sha256').update(this.#file.part(0, end));
    return hash.digest().equals(this.#file.part(end, size));
  }

  /** Id of the object at a position, in hex. */
  id(position: number): string {
    const start = this.#place(position);
    return this.#file.bytes.toString('hex', start, start + this.hashBytes);
  }

  /** The same as bytes, valid until another one is asked for. */
  idBytes(position: number): Buffer {
    const start = this.#place(position);
    return this.#file.bytes.subarray(start, start + this.hashBytes);
  }

  /** Where an id lies in the file's bytes that are there. */
  #place(position: number): number {
    return this.#file.place(this.#idStart + position * this.#idStride, this.hashBytes);
  }

  /** First position of an id whose bytes begin at `at`; -1 if the pack does not hold it. */
  find(id: Uint8Array, at = 0): number {
    const first = id[at]!;
    const start = this.#fanout[first]!;
    const end = this.#fanout[first + 1]!;
    const rest = (id[at + 1]! << 16) | (id[at + 2]! << 8) | id[at + 3]!;
    const beginning = first * 2 ** 24 + rest;
    // Ids are spread evenly, so it lies near where its next bytes say. Where it does not, it is looked for by halves.
    let low = start + Math.floor(((end - start) * rest) / 2 ** 24);
    let steps = STEPS;
    while (steps > 0 && low > start && this.#beginning(low - 1) >= beginning) {
      low--;
      steps--;
    }
    while (steps > 0 && low < end && this.#beginning(low) < beginning) {
      low++;
      steps--;
    }
    if (steps === 0) low = this.#first(id, at, start, end);
    for (; low < end && this.#beginning(low) === beginning; low++) {
      const order = this.#compare(low, id, at);
      if (order === 0) return low;
      if (order > 0) return -1;
      if (++steps > STEPS) return this.#same(this.#first(id, at, low, end), id, at, end);
    }
    return -1;
  }

  /** First position in a range of an id that is not less. */
  #first(id: Uint8Array, at: number, start: number, end: number): number {
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, id, at) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #same(position: number, id: Uint8Array, at: number, end: number): number {
    return position < end && this.#compare(position, id, at) === 0 ? position : -1;
  }

  /** First four bytes of an id as a number. */
  #beginning(position: number): number {
    const at = this.#place(position);
    const { bytes } = this.#file;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  /** Whether an object has the id of the one before it. */
  repeats(position: number): boolean {
    if (position === 0) return false;
    const before = this.#file.place(this.#idStart + (position - 1) * this.#idStride, this.#idStride + this.hashBytes);
    const { bytes } = this.#file;
    return this.#isAlike(bytes, before, before + this.#idStride);
  }

  /** Positions of all of which that is so. */
  repeated(): number[] {
    const found: number[] = [];
    const stride = this.#idStride;
    const bytes = this.#file.part(this.#idStart, this.#idStart + this.count * stride);
    // Neighbours begin alike, but hardly end alike.
    let at = this.hashBytes - 1;
    for (let position = 1; position < this.count; position++) {
      at += stride;
      if (bytes[at] === bytes[at - stride] && this.repeats(position)) found.push(position);
    }
    return found;
  }

  #isAlike(bytes: Buffer, a: number, b: number): boolean {
    for (let index = 0; index < this.hashBytes; index++) if (bytes[a + index] !== bytes[b + index]) return false;
    return true;
  }

  #compare(position: number, id: Uint8Array, at: number): number {
    const start = this.#place(position);
    const { bytes } = this.#file;
    for (let index = 0; index < this.hashBytes; index++) {
      const difference = bytes[start + index]! - id[at + index]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** How many ids begin with a byte less than the place: 257 numbers, from 0 to the count. */
function readFanout(bytes: Buffer): Uint32Array {
  const fanout = new Uint32Array(257);
  for (let byte = 0; byte < 256; byte++) {
    fanout[byte + 1] = bytes.readUInt32BE(byte * 4);
    if (fanout[byte + 1]! < fanout[byte]!) throw new BadFile('bad-index');
  }
  return fanout;
}
