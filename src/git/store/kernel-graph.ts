/**
 * The graph of a history, read and kept by the kernel in a memory of its own: families are gone through, and records of
 * commits and trees made, without an object of JavaScript for each. `plainGraph` is the fallback and the oracle.
 */
import { randomInt } from 'node:crypto';
import { codecModule } from '../../kernel/codec-instance.ts';
import { committerTime, type Commits } from './commit-graph.ts';
import type { GraphChoice, GraphParts, Reach } from './graph-parts.ts';
import { KernelCodec } from './kernel-codec.ts';
import { noteRest } from './links.ts';
import { TYPE, typeCode } from './pack-entry.ts';
import { isWide, type PackFile } from './pack-file.ts';
import { packKernel, type PackInput, type PackTables, type SetPack } from './pack-input.ts';
import type { Leads } from './leads.ts';
import { TreeRecords } from './tree-graph.ts';
import { WordView } from './words.ts';

/** See `kernel/assembly/`. Addresses are in bytes. */
interface GraphExports {
  room(size: number): number;
  need(size: number): number;
  take(size: number): number;
  give(block: number): void;
  setTotal(total: number): number;
  setObjects(packs: number, hashBytes: number, same: number): void;
  addIndex(fanout: number, ids: number, stride: number, count: number, firstNumber: number): void;
  noteTypes(positions: number, types: number, count: number, firstNumber: number, unknown: number): number;
  setLinks(joins: number, all: number, factor: number): void;
  setTrees(factor: number): number;
  beginWalk(verifies: number): void;
  setPack: SetPack;
  walkFamilies(roots: number, count: number, wanted: number): void;
  nextUntold(from: number, wanted: number): number;
  link(number: number, type: number, bytes: number, size: number): void;
  tellTexts(): void;
  heldStart(): number;
  heldLength(): number;
  takeHeld(place: number): void;
  dropHeld(): void;
  dropIndexes(): void;
  leave(start: number, size: number): void;
  wholeTree(number: number, bytes: number, size: number): number;
  dropTree(entries: number): void;
  leadTo(targets: number, count: number, names: number): number;
  reachAll(starts: number, count: number, absent: number, names: number): number;
}

const WORD = 4;
const NONE = -1;
/** Words before what is held of a commit: its number, and how many bytes follow. */
const HELD_WORDS = 2;
/** As in `kernel/assembly/history.ts`. */
const FLAG = { shallow: 1, damagedLinks: 2, damagedTree: 4 } as const;
/** Words of a table of names, and which of them says how many there are. */
const NAME_WORDS = 7;
const NAME_COUNT = 5;

/** Undefined where the store's codec is none of the kernel's. */
export function kernelGraph(choice: GraphChoice): GraphParts | undefined {
  const module = choice.store.codec instanceof KernelCodec ? codecModule() : undefined;
  return module === undefined ? undefined : new GraphReader(module, choice).read();
}

/** A pack in the kernel's memory: where its tables lie. */
interface PlacedPack {
  readonly pack: PackFile;
  readonly tables: PackTables;
  readonly firstNumber: number;
  readonly roots: number;
  readonly rootCount: number;
}

class GraphReader {
  readonly #choice: GraphChoice;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: GraphExports;
  readonly #input: PackInput;
  readonly #packs: PlacedPack[] = [];
  readonly #tables: { types: number; marks: number; flags: number; links: number; trees: number };
  readonly #names: number;
  /** Where the tables of packs and their indexes lie. */
  readonly #tablesStart: number;
  readonly #tablesEnd: number;

  constructor(module: WebAssembly.Module, choice: GraphChoice) {
    this.#choice = choice;
    const { store, numbers, told, texts, shallow, starts } = choice;
    const idOf = (number: number): string => numbers.id(number);
    const placed = packKernel<GraphExports>(module, store, {
      lookUp: (id) => numbers.of(this.#input.bytes, id),
      told: (number, type, start, size, isReached) => told(number, type, this.#input.view(start, size), isReached === 1),
      texts: (start, size, items, count) => {
        const bytes = this.#input.view(start, size);
        texts?.take(bytes, new Int32Array(bytes.buffer, items, 3 * count), idOf);
      },
      timeOf: (start, size) => committerTime(this.#input.view(start, size).toString('latin1')),
    });
    const { memory, kernel, input } = placed;
    this.#memory = memory;
    this.#kernel = kernel;
    this.#input = input;
    const { total, same } = store.catalogue;
    kernel.setObjects(store.packs.length, store.hashBytes, same === undefined ? 0 : this.#input.place(same));
    const tables = this.#words(kernel.setTotal(total), 5);
    this.#tables = { types: tables[0]!, marks: tables[1]!, flags: tables[2]!, links: tables[3]!, trees: tables[4]! };
    kernel.setLinks(Number(texts !== undefined), Number(texts?.all === true), randomInt(2 ** 30) * 2 + 1);
    this.#names = kernel.setTrees(randomInt(2 ** 30) * 2 + 1);
    this.#tablesStart = kernel.room(0);
    let firstNumber = 0;
    for (const [number, pack] of store.packs.entries()) {
      this.#addPack(pack, number, firstNumber);
      firstNumber += pack.index.count;
    }
    this.#tablesEnd = kernel.room(0);
    const bytes = this.#input.bytes;
    for (const number of starts) bytes[this.#tables.marks + number] = 1;
    for (const number of shallow) bytes[this.#tables.flags + number] = FLAG.shallow;
  }

  read(): GraphParts {
    const { numbers, starts } = this.#choice;
    this.#noteTypes();
    // Ids of ranks are asked for where each object is hashed.
    if (!this.#choice.store.verifies) this.#choice.store.forget();
    const unreadable = this.#walk([TYPE.commit, TYPE.tag], FLAG.damagedLinks, (number, type, bytes, size) =>
      this.#kernel.link(number, type, bytes, size),
    );
    this.#kernel.tellTexts();
    unreadable.push(
      ...this.#walk([TYPE.tree], FLAG.damagedTree, (number, _, bytes, size) => this.#kernel.dropTree(this.#kernel.wholeTree(number, bytes, size))),
    );
    const nameCount = this.#words(this.#names, NAME_WORDS)[NAME_COUNT]!;
    const answer = this.#kernel.reachAll(this.#input.place(Int32Array.from(starts)), starts.length, numbers.absentCount, nameCount);
    const parts = this.#parts(answer, unreadable);
    this.#tellHeld(parts.reach);
    // Blobs are gone through with tables of their own, and trails need no ids.
    this.#kernel.dropIndexes();
    this.#kernel.leave(this.#tablesStart, this.#tablesEnd - this.#tablesStart);
    return parts;
  }

  /** Texts of commits that came by before what leads to them, as far as something does, by number. */
  #tellHeld({ reached, mistyped }: Reach): void {
    const places: { readonly number: number; readonly place: number }[] = [];
    const start = this.#kernel.heldStart();
    const words = this.#words(start, this.#kernel.heldLength() / WORD);
    for (let at = 0; at < words.length; at += HELD_WORDS + Math.ceil(words[at + 1]! / WORD)) {
      const number = words[at]!;
      if (reached[number] === 1 && !mistyped.has(number)) places.push({ number, place: start + at * WORD });
    }
    for (const { place } of places.toSorted((a, b) => a.number - b.number)) this.#kernel.takeHeld(place);
    this.#kernel.tellTexts();
    this.#kernel.dropHeld();
  }

  /** What the kernel holds. */
  #parts(answer: number, unreadable: readonly number[]): GraphParts {
    const { buffer } = this.#memory;
    const { total } = this.#choice.store.catalogue;
    const { types, links, trees } = this.#tables;
    const words = new Int32Array(buffer);
    const [reached, missing, missingCount, mistyped, mistypedCount, hasFailed, failed, lacksTree, missingTree] = this.#words(answer, 9);
    // Copies: more memory cuts off every view, and these are given away.
    const bytes = (start: number): Uint8Array => new Uint8Array(buffer.slice(start, start + total));
    const reach: Reach = {
      reached: bytes(reached!),
      missing: this.#words(missing!, missingCount!).slice(),
      mistyped: new Set(this.#words(mistyped!, mistypedCount!)),
      failed: hasFailed === 1 ? failed : undefined,
      missingTree: lacksTree === 1 ? missingTree : undefined,
    };
    const names = new PlacedNames(this.#input.bytes, this.#names);
    const log = new WordView(words);
    const records = new WordView(words, trees / WORD);
    const commits = new PlacedCommits(words, new Float64Array(buffer), links / WORD);
    const renew = (): void => {
      // What memory that grew has cut off has no length. To ask for the buffer itself takes longer.
      if (log.values.length > 0) return;
      names.bytes = this.#input.bytes;
      log.values = new Int32Array(this.#memory.buffer);
      records.values = log.values;
      commits.words = log.values;
      commits.doubles = new Float64Array(this.#memory.buffer);
    };
    const treeRecords = new TreeRecords(names, total, records, log);
    return {
      types: bytes(types),
      get commits() {
        renew();
        return commits;
      },
      get trees() {
        renew();
        return treeRecords;
      },
      unreadable,
      reach,
      kernel: { memory: this.#memory, kernel: this.#kernel, input: this.#input },
      leadsTo: (targets) => {
        const nameCount = this.#words(this.#names, NAME_WORDS)[NAME_COUNT]!;
        const tables = this.#kernel.leadTo(this.#input.place(Int32Array.from(targets)), targets.length, nameCount);
        renew();
        const [leads, lists] = this.#words(tables, 2);
        return new PlacedLeads(new Uint8Array(this.#memory.buffer, leads, total), log, lists! / WORD);
      },
    };
  }

  #addPack(pack: PackFile, number: number, firstNumber: number): void {
    const { fanout, ids, stride } = pack.index.idTable();
    this.#kernel.addIndex(this.#input.place(fanout), this.#input.place(ids), stride, pack.index.count, firstNumber);
    const { positions, offsets } = pack.table;
    const { headers, sizes, types, first, next, roots } = this.#choice.store.plan(number);
    const [a, b, c, d, e, f, g] = [offsets, headers, sizes, types, first, next, positions].map((table) => this.#input.place(table));
    this.#packs.push({
      pack,
      tables: [a!, a! + offsets.BYTES_PER_ELEMENT, isWide(offsets), b!, c!, d!, e!, f!, g!],
      firstNumber,
      roots: this.#input.place(roots),
      rootCount: roots.length,
    });
  }

  #noteTypes(): void {
    const { store, numbers } = this.#choice;
    const unknown: number[] = [];
    for (const { pack, tables, firstNumber } of this.#packs) {
      const { count } = pack.index;
      const found = this.#kernel.take(count * WORD);
      const several = this.#kernel.noteTypes(tables[8], tables[5], count, firstNumber, found);
      for (const number of this.#words(found, several)) unknown.push(number);
      this.#kernel.give(found);
    }
    const types = new Uint8Array(this.#memory.buffer, this.#tables.types, store.catalogue.total);
    noteRest(store, numbers, types, unknown);
  }

  /** See `walkLinks`. */
  #walk(wanted: readonly number[], damaged: number, take: (number: number, type: number, bytes: number, size: number) => void): number[] {
    const { store, numbers } = this.#choice;
    const kernel = this.#kernel;
    const bits = wanted.reduce((sum, type) => sum | (1 << type), 0);
    kernel.beginWalk(Number(store.verifies));
    for (const { pack, tables, firstNumber, roots, rootCount } of this.#packs) {
      this.#input.pack = pack;
      this.#input.idOf = (rank) => pack.id(rank);
      kernel.setPack(...tables, firstNumber, pack.end);
      kernel.walkFamilies(roots, rootCount, bits);
    }
    const unreadable: number[] = [];
    const { total } = store.catalogue;
    for (let number = kernel.nextUntold(0, bits); number < total; number = kernel.nextUntold(number + 1, bits)) {
      const object = store.read(numbers.id(number));
      const start = object === undefined ? 0 : kernel.take(object.bytes.length);
      if (object === undefined || start === 0) {
        unreadable.push(number);
        this.#input.bytes[this.#tables.flags + number]! |= damaged;
        continue;
      }
      this.#input.view(start, object.bytes.length).set(object.bytes);
      take(number, typeCode(object.type), start, object.bytes.length);
      kernel.give(start);
    }
    return unreadable;
  }

  #words(start: number, count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, start, count);
  }
}

class PlacedNames {
  bytes: Buffer;
  readonly #start: number;
  readonly #ends: number;

  /** @param table see `kernel/assembly/names.ts` */
  constructor(bytes: Buffer, table: number) {
    this.bytes = bytes;
    this.#start = bytes.readUInt32LE(table);
    this.#ends = bytes.readUInt32LE(table + WORD);
  }

  get(name: number): Buffer {
    const ends = this.#ends + name * WORD;
    const from = name === 0 ? 0 : this.bytes.readUInt32LE(ends - WORD);
    return this.bytes.subarray(this.#start + from, this.#start + this.bytes.readUInt32LE(ends));
  }
}

/** See `kernel/assembly/links.ts`. */
class PlacedCommits implements Commits {
  words: Int32Array;
  doubles: Float64Array;
  /** The first word of a table by number of the words at which records begin; 0 for none. */
  readonly #first: number;

  constructor(words: Int32Array, doubles: Float64Array, first: number) {
    this.words = words;
    this.doubles = doubles;
    this.#first = first;
  }

  #record(number: number): number {
    return this.words[this.#first + number]!;
  }

  has(number: number): boolean {
    return number >= 0 && this.#record(number) !== 0;
  }

  isCommit(number: number): boolean {
    return this.has(number) && this.words[this.#record(number)]! >= 0;
  }

  target(number: number): number {
    return this.words[this.#record(number) + 1]!;
  }

  parentCount(number: number): number {
    return Math.max(0, this.words[this.#record(number)]!);
  }

  parent(number: number, index: number): number {
    return this.words[this.#record(number) + 4 + index]!;
  }

  time(number: number): number {
    return this.doubles[this.#record(number) / 2 + 1]!;
  }

  peeled(number: number): number {
    let at = number;
    // A tag is made after what it is put on, so there is no ring.
    while (this.has(at) && !this.isCommit(at)) at = this.target(at);
    return at;
  }
}

/** See `kernel/assembly/leads.ts`. */
class PlacedLeads implements Leads {
  readonly #leads: Uint8Array;
  readonly #log: WordView;
  readonly #first: number;

  constructor(leads: Uint8Array, log: WordView, first: number) {
    this.#leads = leads;
    this.#log = log;
    this.#first = first;
  }

  has(number: number): boolean {
    return this.#leads[number] === 1;
  }

  list(tree: number): number {
    if (tree < 0) return NONE;
    const list = this.#log.at(this.#first + tree);
    return list === 0 ? NONE : list;
  }

  at(index: number): number {
    return this.#log.at(index);
  }
}
