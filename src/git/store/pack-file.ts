/**
 * A pack and its index, open together: a repack may unlink both at any time, and what is open stays readable. A rank
 * counts a pack's objects from 0 in the order in which they lie in it, which is the order that is fast to read.
 */
import { MAX_WHOLE } from '../../model/source.ts';
import { inflateStart, type Codec, type Held } from './codec.ts';
import { BadFile, Damaged, type FileFault } from './damage.ts';
import { deltaResultSize } from './delta-format.ts';
import { IndexBytes } from './index-bytes.ts';
import { InputFile, type LentFile } from './input-file.ts';
import { kernelRanks } from './kernel-ranks.ts';
import { EntryHeader, MAX_HEADER } from './pack-entry.ts';
import type { PackBlocks } from './pack-blocks.ts';
import { PackIndex, type HashBytes, type SharedIndex } from './pack-index.ts';

const PACK_MAGIC = 0x5041434b; // "PACK"
/** Bytes of a pack before its first object. */
export const PACK_HEADER = 12;
/** Compressed bytes that hold the head of a delta for certain. */
const DELTA_HEAD = 1024;
/** Bytes by which what zlib made is longer at most than what it was made from, besides an eighth. */
const SLACK = 128;

/** Objects by rank. */
export interface RankTable {
  /** Position in the index, by rank. */
  readonly positions: Uint32Array;
  /** Offset in the pack, by rank, ascending; behind the last one the end of the objects. Words wherever they are enough. */
  readonly offsets: Uint32Array | Float64Array;
}

/** 1 where offsets are no words. */
export function isWide(offsets: RankTable['offsets']): number {
  return Number(offsets instanceof Float64Array);
}

/** An open pack as plain data in shared memory. */
export interface SharedPack {
  readonly path: string;
  readonly file: LentFile;
  readonly end: number;
  readonly index: SharedIndex;
}

export class PackFile {
  readonly path: string;
  readonly index: PackIndex;
  /** Faults that leave the objects readable, as far as they are there. */
  readonly faults: readonly FileFault[];
  readonly #file: InputFile;
  /** Where the objects end and the pack's checksum begins; in a pack that was cut short, where the file ends. Bytes. */
  #end: number;
  readonly #header = new EntryHeader();
  readonly #headerBytes = Buffer.alloc(MAX_HEADER);
  #table: RankTable | undefined;
  #ranks: Uint32Array | undefined;
  readonly #blocks: PackBlocks;

  private constructor(file: InputFile, index: PackIndex, blocks: PackBlocks, shared?: SharedPack) {
    this.path = file.path;
    this.index = index;
    this.#file = file;
    this.#blocks = blocks;
    this.#end = shared?.end ?? Math.max(file.size - index.hashBytes, 0);
    this.faults = shared === undefined ? this.#examine(index.hashBytes) : [];
  }

  /** Opens both. Throws the system's error, or `BadFile` or `Damaged` when no object can be found in them. */
  static open(packPath: string, indexPath: string, hashBytes: HashBytes, blocks: PackBlocks): PackFile {
    const index = IndexBytes.open(indexPath);
    try {
      const file = new InputFile(packPath);
      try {
        return new PackFile(file, new PackIndex(index, hashBytes), blocks);
      } catch (error) {
        file.close();
        throw error;
      }
    } catch (error) {
      index.close();
      throw error;
    }
  }

  /** A pack that another thread has opened, and that it will close. */
  static again(shared: SharedPack, blocks: PackBlocks): PackFile {
    return new PackFile(new InputFile(shared.path, shared.file), PackIndex.again(shared.index), blocks, shared);
  }

  /** What another thread needs for the same pack. */
  share(): SharedPack {
    return { path: this.path, file: this.#file.lend(), end: this.#end, index: this.index.share() };
  }

  #examine(hashBytes: HashBytes): FileFault[] {
    const head = Buffer.alloc(PACK_HEADER);
    const version = this.#file.read(0, head, 0, PACK_HEADER) === PACK_HEADER && head.readUInt32BE(0) === PACK_MAGIC ? head.readUInt32BE(4) : 0;
    if (version !== 2 && version !== 3) throw new BadFile('bad-pack');
    const checksum = Buffer.alloc(hashBytes);
    this.#file.read(this.#end, checksum, 0, hashBytes);
    const faults: FileFault[] = [];
    if (!this.index.checksumHolds()) faults.push('index-checksum');
    const sameEnd = checksum.equals(this.index.packChecksum);
    if (!sameEnd) this.#end = this.#file.size;
    if (!sameEnd || head.readUInt32BE(8) !== this.index.count) faults.push('pack-mismatch');
    return faults;
  }

  /** Where its objects end; bytes. */
  get end(): number {
    return this.#end;
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#file.size;
  }

  /** Made when it is asked for: most packs are only asked whether they hold an id. */
  get table(): RankTable {
    if (this.#table === undefined) {
      const words = this.index.offsetWords();
      this.#table = (words === undefined ? undefined : kernelRanks(words, this.#end)) ?? rankTable(this.index.offsets(), this.#end);
    }
    return this.#table;
  }

  /** Lets go what was found out of the index, and the index itself where it is large: what is asked later is read anew. */
  forget(): void {
    this.#table = undefined;
    this.#ranks = undefined;
    this.index.forget();
  }

  /** Whether objects have ranks already. */
  get isRanked(): boolean {
    return this.#table !== undefined;
  }

  /** Where an object begins, by its position in the index. */
  offsetOf(position: number): number {
    return this.#table === undefined ? this.index.offset(position) : this.#table.offsets[this.rankOf(position)]!;
  }

  /** Ids of objects by rank, in hex. */
  id(rank: number): string {
    return this.index.id(this.table.positions[rank]!);
  }

  /** Rank of an object by its position in the index. */
  rankOf(position: number): number {
    if (this.#ranks === undefined) {
      const { positions } = this.table;
      this.#ranks = new Uint32Array(positions.length);
      for (let rank = 0; rank < positions.length; rank++) this.#ranks[positions[rank]!] = rank;
    }
    return this.#ranks[position]!;
  }

  /** Rank of an object that begins exactly at an offset; -1 if none does. */
  rankAt(offset: number): number {
    const { offsets } = this.table;
    let low = 0;
    let high = this.index.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low < this.index.count && offsets[low] === offset ? low : -1;
  }

  /** Reads bytes of the pack before its checksum; gives how many there were. Throws `Damaged`. */
  read(position: number, buffer: Uint8Array, length: number): number {
    return this.#file.read(position, buffer, 0, Math.max(0, Math.min(length, this.#end - position)));
  }

  /** Header of an object. Valid until the next call; `baseId` is the base of an `idDelta`. Throws `Damaged`. */
  header(rank: number): { readonly entry: EntryHeader; readonly baseId: Buffer } {
    return this.headerAt(this.table.offsets[rank]!);
  }

  /** The same by its offset. */
  headerAt(offset: number): { readonly entry: EntryHeader; readonly baseId: Buffer } {
    const count = this.read(offset, this.#headerBytes, MAX_HEADER);
    if (offset < PACK_HEADER || !this.#header.parse(this.#headerBytes, 0, count, this.index.hashBytes)) throw new Damaged('bad-header');
    const { length } = this.#header;
    return { entry: this.#header, baseId: this.#headerBytes.subarray(length - this.index.hashBytes, length) };
  }

  /**
   * What is compressed behind an object's header: its content, or a delta's instructions.
   * @param headerLength and `size` as the header says; not over `MAX_WHOLE`
   * Throws `Damaged`.
   */
  inflate(codec: Codec, rank: number, headerLength: number, size: number): Held {
    const { offsets } = this.table;
    return this.inflateBetween(codec, offsets[rank]! + headerLength, offsets[rank + 1]!, size);
  }

  /** The same by where what is compressed begins, and where the next object does. */
  inflateBetween(codec: Codec, start: number, end: number, size: number): Held {
    if (size > MAX_WHOLE) throw new Damaged('wrong-size');
    const next = end - start;
    // Not even a stream that compresses nothing needs more.
    const most = Math.min(size * 2 + 65_536, this.#end - start);
    try {
      return this.#blocks.inflate(codec, this.#file, start, Math.min(next, most), size);
    } catch (error) {
      // A damaged index may name an offset in the middle of this object: then it ends later than it seems.
      if (!(error instanceof Damaged) || next >= most) throw error;
      return this.#blocks.inflate(codec, this.#file, start, most, size);
    }
  }

  /**
   * The same of one that begins at an offset, wherever the next one begins.
   * @param start of what is compressed
   */
  inflateAt(codec: Codec, start: number, size: number): Held {
    if (size > MAX_WHOLE) throw new Damaged('wrong-size');
    return this.#blocks.inflate(codec, this.#file, start, Math.min(size + (size >>> 3) + SLACK, this.#end - start), size);
  }

  /**
   * Size in bytes of a delta's result, without inflating more than its beginning. Throws `Damaged`.
   * @param start of what is compressed
   */
  resultSize(start: number): number {
    return deltaResultSize(inflateStart(this.#blocks.bytes(this.#file, start, Math.min(DELTA_HEAD, this.#end - start))));
  }

  close(): void {
    this.#file.close();
    this.index.close();
  }
}

/** Sorts a pack's objects by offset; those of the same offset by position. */
export function rankTable(given: Float64Array, end: number): RankTable {
  const count = given.length;
  const positions = new Uint32Array(count);
  let largest = end;
  for (const offset of given) if (offset > largest) largest = offset;
  const offsets = largest < 2 ** 32 ? new Uint32Array(count + 1) : new Float64Array(count + 1);
  offsets[count] = end;
  const scale = 2 ** Math.ceil(Math.log2(Math.max(count, 1)));
  if ((largest + 1) * scale <= Number.MAX_SAFE_INTEGER) {
    // Offset and position in one number: numbers are sorted without calling back.
    const keys = new Float64Array(count);
    for (let position = 0; position < count; position++) keys[position] = given[position]! * scale + position;
    keys.sort();
    for (let rank = 0; rank < count; rank++) {
      const key = keys[rank]!;
      const offset = Math.floor(key / scale);
      positions[rank] = key - offset * scale;
      offsets[rank] = offset;
    }
    return { positions, offsets };
  }
  for (let position = 0; position < count; position++) positions[position] = position;
  positions.sort((a, b) => given[a]! - given[b]! || a - b);
  for (let rank = 0; rank < count; rank++) offsets[rank] = given[positions[rank]!]!;
  return { positions, offsets };
}
