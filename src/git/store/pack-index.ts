/**
 * The index of a pack: which objects lie in it, and where. Ids stay in the file's bytes and offsets are one typed array,
 * since a large repository has more than a million of them. A position counts objects from 0 in the order of their ids.
 */
import { createHash } from 'node:crypto';
import { BadFile } from './damage.ts';
import { sharedBytes } from './shared.ts';

/** Bytes of an object id: SHA-1 or SHA-256. */
export type HashBytes = 20 | 32;

const MAGIC = 0xff744f63;
const FANOUT_BYTES = 1024;
const HIGH_BIT = 0x80000000;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** So far from its expected place an id is looked for one by one. */
const STEPS = 64;

/** An index as plain data in shared memory. */
export interface SharedIndex {
  readonly ids: Uint8Array;
  readonly fanout: Uint32Array;
  readonly hashBytes: HashBytes;
}

export class PackIndex {
  /** Objects in the pack. */
  readonly count: number;
  /** Checksum of the pack that this is the index of. */
  readonly packChecksum: Buffer;
  readonly hashBytes: HashBytes;
  /** The whole file; once offsets have been taken the ids alone. */
  #bytes: Buffer;
  readonly #fanout: Uint32Array;
  #idStart: number;
  #idStride: number;

  /**
   * @param bytes the whole file, version 1 or 2. Throws `BadFile` when its parts do not fit its length.
   * @param fanout where another thread has read the file: then these are the ids alone
   */
  constructor(bytes: Buffer, hashBytes: HashBytes, fanout?: Uint32Array) {
    this.#bytes = bytes;
    this.hashBytes = hashBytes;
    if (fanout !== undefined) {
      this.#fanout = fanout;
      this.count = fanout[256]!;
      this.#idStart = 0;
      this.#idStride = hashBytes;
      this.packChecksum = Buffer.alloc(0);
      return;
    }
    const second = bytes.length >= 8 && bytes.readUInt32BE(0) === MAGIC;
    if (second && bytes.readUInt32BE(4) !== 2) throw new BadFile('bad-index');
    const fanoutStart = second ? 8 : 0;
    const tables = fanoutStart + FANOUT_BYTES;
    if (bytes.length < tables + 2 * hashBytes) throw new BadFile('bad-index');
    this.#fanout = readFanout(bytes, fanoutStart);
    this.count = this.#fanout[256]!;
    this.packChecksum = Buffer.from(bytes.subarray(bytes.length - 2 * hashBytes, bytes.length - hashBytes));
    this.#idStart = second ? tables : tables + 4;
    this.#idStride = second ? hashBytes : hashBytes + 4;
    const large = tables + this.count * (second ? hashBytes + 8 : this.#idStride);
    const rest = bytes.length - 2 * hashBytes - large;
    if (second ? rest < 0 || rest % 8 !== 0 : rest !== 0) throw new BadFile('bad-index');
  }

  static again({ ids, fanout, hashBytes }: SharedIndex): PackIndex {
    return new PackIndex(Buffer.from(ids.buffer, ids.byteOffset, ids.length), hashBytes, fanout);
  }

  /** What another thread needs for the same index. Only after `keepIds`. */
  share(): SharedIndex {
    return { ids: this.#bytes, fanout: this.#fanout, hashBytes: this.hashBytes };
  }

  /**
   * Where each object begins in the pack, by position, as the index has it: 32 bits each, big-endian, one with the highest bit set is no
   * offset. Undefined where they do not lie together. Only before `keepIds`, and valid no longer.
   */
  offsetWords(): Uint8Array | undefined {
    const { count, hashBytes } = this;
    const start = this.#idStart + count * (hashBytes + 4);
    return this.#idStride === hashBytes ? this.#bytes.subarray(start, start + count * 4) : undefined;
  }

  /** Where each object begins in the pack, by position. Not checked: they are whatever the index says. Only before `keepIds`. */
  offsets(): Float64Array {
    const { count, hashBytes } = this;
    const bytes = this.#bytes;
    const stride = this.#idStride;
    const offsets = new Float64Array(count);
    if (stride === hashBytes) readOffsets(bytes, this.#idStart + count * (hashBytes + 4), offsets, hashBytes);
    else for (let position = 0; position < count; position++) offsets[position] = bytes.readUInt32BE(this.#idStart - 4 + position * stride);
    return offsets;
  }

  /** From now on only ids are kept. */
  keepIds(): void {
    const { count, hashBytes } = this;
    const ids = Buffer.from(sharedBytes(count * hashBytes).buffer);
    if (this.#idStride === hashBytes) this.#bytes.copy(ids, 0, this.#idStart, this.#idStart + ids.length);
    else for (let position = 0; position < count; position++) this.idBytes(position).copy(ids, position * hashBytes);
    this.#bytes = ids;
    this.#idStart = 0;
    this.#idStride = hashBytes;
  }

  /** Where the object at a position begins in the pack; not checked either. Only before `keepIds`. */
  offset(position: number): number {
    const bytes = this.#bytes;
    const stride = this.#idStride;
    if (stride !== this.hashBytes) return bytes.readUInt32BE(this.#idStart - 4 + position * stride);
    const start = this.#idStart + this.count * (stride + 4);
    const value = bytes.readUInt32BE(start + position * 4);
    return value < HIGH_BIT ? value : largeOffset(bytes, start + this.count * 4, value, this.hashBytes);
  }

  /** How many ids begin with less than each byte; and the ids, each `stride` bytes behind the one before it. */
  idTable(): { readonly fanout: Uint8Array; readonly ids: Uint8Array; readonly stride: number } {
    const { buffer, byteOffset, byteLength } = this.#fanout;
    const ids = this.#bytes.subarray(this.#idStart, this.#idStart + this.count * this.#idStride);
    return { fanout: new Uint8Array(buffer, byteOffset, byteLength), ids, stride: this.#idStride };
  }

  /** Whether the file has the checksum that it ends with. */
  checksumHolds(): boolean {
    const end = this.#bytes.length - this.hashBytes;
    const hash = createHash(this.hashBytes === 20 ? 'sha1' : 'sha256').update(this.#bytes.subarray(0, end));
    return hash.digest().equals(this.#bytes.subarray(end));
  }

  /** Id of the object at a position, in hex. */
  id(position: number): string {
    const start = this.#idStart + position * this.#idStride;
    return this.#bytes.toString('hex', start, start + this.hashBytes);
  }

  /** The same as bytes, as long as the index lives. */
  idBytes(position: number): Buffer {
    const start = this.#idStart + position * this.#idStride;
    return this.#bytes.subarray(start, start + this.hashBytes);
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
    const bytes = this.#bytes;
    const at = this.#idStart + position * this.#idStride;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  /** Whether an object has the id of the one before it. */
  repeats(position: number): boolean {
    return position > 0 && this.#compare(position, this.#bytes, this.#idStart + (position - 1) * this.#idStride) === 0;
  }

  /** Positions of all of which that is so. */
  repeated(): number[] {
    const found: number[] = [];
    const bytes = this.#bytes;
    const stride = this.#idStride;
    // Neighbours begin alike, but hardly end alike.
    let at = this.#idStart + this.hashBytes - 1;
    for (let position = 1; position < this.count; position++) {
      at += stride;
      if (bytes[at] === bytes[at - stride] && this.repeats(position)) found.push(position);
    }
    return found;
  }

  #compare(position: number, id: Uint8Array, at: number): number {
    const start = this.#idStart + position * this.#idStride;
    for (let index = 0; index < this.hashBytes; index++) {
      const difference = this.#bytes[start + index]! - id[at + index]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** How many ids begin with a byte less than the place: 257 numbers, from 0 to the count. */
function readFanout(bytes: Buffer, start: number): Uint32Array {
  const fanout = new Uint32Array(257);
  for (let byte = 0; byte < 256; byte++) {
    fanout[byte + 1] = bytes.readUInt32BE(start + byte * 4);
    if (fanout[byte + 1]! < fanout[byte]!) throw new BadFile('bad-index');
  }
  return fanout;
}

/** Offsets of version 2: 31 bits each, or a place in a table of 64 bits that fills the rest of the file. */
function readOffsets(bytes: Buffer, start: number, offsets: Float64Array, hashBytes: HashBytes): void {
  const count = offsets.length;
  const large = start + count * 4;
  const values = new Uint32Array(count);
  const swapped = Buffer.from(values.buffer);
  bytes.copy(swapped, 0, start, large);
  if (IS_LITTLE_ENDIAN) swapped.swap32();
  offsets.set(values);
  for (let position = 0; position < count; position++) {
    const value = values[position]!;
    if (value >= HIGH_BIT) offsets[position] = largeOffset(bytes, large, value, hashBytes);
  }
}

/** @param start of the table of 64 bits */
function largeOffset(bytes: Buffer, start: number, value: number, hashBytes: HashBytes): number {
  const at = start + (value - HIGH_BIT) * 8;
  // A place outside the table damages this one object: no offset is so large.
  return at + 8 <= bytes.length - 2 * hashBytes ? bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4) : Number.MAX_SAFE_INTEGER;
}
