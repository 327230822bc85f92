/**
 * Which of a pack's objects is a delta of which: found in one pass over the headers, before any object is inflated.
 * A family is an object that is stored whole, and all deltas that come from it. Everything is by rank (see `PackFile`).
 */
import { Damaged, type Fault } from './damage.ts';
import { EntryHeader, MAX_HEADER, TYPE } from './pack-entry.ts';
import { PACK_HEADER, type PackFile } from './pack-file.ts';

export interface PackPlan {
  /** Bytes before compression, as the header says: of the content, or of the delta's instructions. No more than 32 bits can say. */
  readonly sizes: Uint32Array;
  /** Bytes of each object's header. */
  readonly headers: Uint8Array;
  /** Type codes; a delta has that of the object that its family begins with, `TYPE.none` where that is not known. */
  readonly types: Uint8Array;
  /** First delta that has an object as its base, -1 for none. The one with the most below it comes last. */
  readonly first: Int32Array;
  /** Next delta of the same base, -1 for none. */
  readonly next: Int32Array;
  /** Objects that are stored whole, as they lie in the pack. */
  readonly roots: Uint32Array;
  /** What reading each root's family will cost, in no unit. */
  readonly weights: Float64Array;
  /** Deltas whose base is not in this pack. */
  readonly external: readonly { readonly rank: number; readonly baseId: Buffer }[];
  /** Objects that cannot be read, at whatever hangs below them. Everything else belongs to a root or to `external`. */
  readonly broken: readonly { readonly rank: number; readonly fault: Fault }[];
}

const CHUNK = 4 * 1024 * 1024;
const NONE = -1;
const MOST = 2 ** 32 - 1;
/** Measured: a compressed byte costs so much, and an object's bytes so much each time that they are copied. */
const COMPRESSED_COST = 6;
const COPY_COST = 0.15;

export function planPack(pack: PackFile): PackPlan {
  return new Planner(pack).plan();
}

class Planner {
  readonly #pack: PackFile;
  readonly #count: number;
  readonly #sizes: Uint32Array;
  readonly #headers: Uint8Array;
  readonly #types: Uint8Array;
  readonly #bases: Int32Array;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #external: { rank: number; baseId: Buffer }[] = [];
  readonly #broken: { rank: number; fault: Fault }[] = [];
  /** Objects in the order in which their families were gone through. */
  readonly #queue: Int32Array;
  readonly #reached: Uint8Array;
  #queued = 0;
  #rootCount = 0;

  constructor(pack: PackFile) {
    this.#pack = pack;
    const { count } = pack.index;
    this.#count = count;
    this.#sizes = new Uint32Array(count);
    this.#headers = new Uint8Array(count);
    this.#types = new Uint8Array(count);
    this.#bases = new Int32Array(count).fill(NONE);
    this.#first = new Int32Array(count).fill(NONE);
    this.#next = new Int32Array(count).fill(NONE);
    this.#queue = new Int32Array(count);
    this.#reached = new Uint8Array(count);
  }

  plan(): PackPlan {
    this.#readHeaders();
    this.#linkChildren();
    const roots = new Uint32Array(this.#rootCount);
    const weights = new Float64Array(this.#rootCount);
    for (let rank = 0, root = 0; rank < this.#count; rank++) {
      if (this.#types[rank] === TYPE.none) continue;
      // Deltas get their type only here, and from objects that lie before or behind them.
      if (this.#bases[rank] !== NONE) continue;
      roots[root] = rank;
      weights[root++] = this.#takeFamily(rank);
    }
    for (const { rank } of this.#external) this.#takeFamily(rank);
    for (const { rank } of this.#broken) this.#takeFamily(rank);
    this.#cutCycles();
    this.#heaviestLast();
    return {
      sizes: this.#sizes,
      headers: this.#headers,
      types: this.#types,
      first: this.#first,
      next: this.#next,
      roots,
      weights,
      external: this.#external,
      broken: this.#broken,
    };
  }

  #readHeaders(): void {
    const { offsets } = this.#pack.table;
    const { hashBytes } = this.#pack.index;
    const chunk = Buffer.allocUnsafeSlow(CHUNK);
    const header = new EntryHeader();
    let start = 0;
    let end = 0;
    for (let rank = 0; rank < this.#count; rank++) {
      const offset = offsets[rank]!;
      if (offset + MAX_HEADER > end) {
        start = offset;
        end = offset + this.#fill(chunk, offset);
      }
      const at = offset - start;
      if (offset < PACK_HEADER) this.#break(rank, 'bad-header');
      else if (end === offset) this.#break(rank, 'unreadable');
      else if (header.parse(chunk, at, end - start, hashBytes)) this.#note(rank, offset, header, chunk, at);
      else this.#break(rank, 'bad-header');
    }
  }

  #fill(chunk: Buffer, offset: number): number {
    try {
      return this.#pack.read(offset, chunk, CHUNK);
    } catch (error) {
      if (error instanceof Damaged) return 0;
      throw error;
    }
  }

  #note(rank: number, offset: number, header: EntryHeader, chunk: Buffer, at: number): void {
    this.#sizes[rank] = Math.min(header.size, MOST);
    this.#headers[rank] = header.length;
    if (header.type === TYPE.offsetDelta) {
      const base = this.#pack.rankAt(offset - header.distance);
      if (base < 0) this.#break(rank, 'missing-base');
      else this.#bases[rank] = base;
    } else if (header.type === TYPE.idDelta) {
      const idEnd = at + header.length;
      const idStart = idEnd - this.#pack.index.hashBytes;
      const position = this.#pack.index.find(chunk, idStart);
      if (position < 0) this.#external.push({ rank, baseId: Buffer.from(chunk.subarray(idStart, idEnd)) });
      else this.#bases[rank] = this.#pack.rankOf(position);
    } else {
      this.#types[rank] = header.type;
      this.#rootCount++;
    }
  }

  #break(rank: number, fault: Fault): void {
    this.#broken.push({ rank, fault });
  }

  /** From the last to the first, so that each list ascends. */
  #linkChildren(): void {
    for (let rank = this.#count - 1; rank >= 0; rank--) {
      const base = this.#bases[rank]!;
      if (base === NONE) continue;
      this.#next[rank] = this.#first[base]!;
      this.#first[base] = rank;
    }
  }

  /** Gives all objects below one its type, and says what reading them costs. */
  #takeFamily(root: number): number {
    const { offsets } = this.#pack.table;
    const start = this.#queued;
    let compressed = 0;
    this.#queue[this.#queued++] = root;
    this.#reached[root] = 1;
    for (let at = start; at < this.#queued; at++) {
      const rank = this.#queue[at]!;
      compressed += offsets[rank + 1]! - offsets[rank]!;
      for (let child = this.#first[rank]!; child !== NONE; child = this.#next[child]!) {
        this.#types[child] = this.#types[root]!;
        this.#reached[child] = 1;
        this.#queue[this.#queued++] = child;
      }
    }
    return COMPRESSED_COST * compressed + COPY_COST * (this.#queued - start) * this.#sizes[root]!;
  }

  /** What no family has taken hangs on objects that are each other's bases. One of each such ring is cut off from its base. */
  #cutCycles(): void {
    for (let start = 0; start < this.#count; start++) {
      if (this.#reached[start] !== 0) continue;
      const passed = new Set<number>();
      let rank = start;
      while (!passed.has(rank)) {
        passed.add(rank);
        rank = this.#bases[rank]!;
      }
      this.#unlink(rank, this.#bases[rank]!);
      this.#bases[rank] = NONE;
      this.#break(rank, 'delta-cycle');
      this.#takeFamily(rank);
    }
  }

  #unlink(child: number, base: number): void {
    if (this.#first[base] === child) this.#first[base] = this.#next[child]!;
    else {
      let before = this.#first[base]!;
      while (this.#next[before] !== child) before = this.#next[before]!;
      this.#next[before] = this.#next[child]!;
    }
    this.#next[child] = NONE;
  }

  /**
   * A base is needed until its last child has been read. With the largest branch as the last one, each base that is
   * held has at least as much beside the branch that is being read as in it: so only log2(objects) are ever held.
   */
  #heaviestLast(): void {
    const counts = new Uint32Array(this.#count).fill(1);
    for (let at = this.#queued - 1; at >= 0; at--) {
      const rank = this.#queue[at]!;
      const base = this.#bases[rank]!;
      if (base !== NONE) counts[base]! += counts[rank]!;
    }
    for (let base = 0; base < this.#count; base++) {
      let heaviest = this.#first[base]!;
      if (heaviest === NONE) continue;
      let last = heaviest;
      for (let child = heaviest; child !== NONE; child = this.#next[child]!) {
        if (counts[child]! >= counts[heaviest]!) heaviest = child;
        last = child;
      }
      if (heaviest === last) continue;
      this.#unlink(heaviest, base);
      this.#next[last] = heaviest;
    }
  }
}
