/**
 * The graph of a history, read and kept by the kernel: families are gone through, and records of commits and trees made,
 * without an object of JavaScript for each. It is read in one memory, which ids and plans fill, and kept in another, since
 * memory never gets smaller: the first is given back whole. `plainGraph` is the fallback and the oracle.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { codecModule } from '../../kernel/codec-instance.ts';
import { committerTime } from './commit-graph.ts';
import type { GraphChoice, GraphParts, Reach } from './graph-parts.ts';
import { KernelCodec } from './kernel-codec.ts';
import { KeptGraph, NameList, numberTables, type NumberTables } from './kept-graph.ts';
import { letGoNow } from './let-go.ts';
import { noteRest } from './links.ts';
import { TYPE, typeCode } from './pack-entry.ts';
import { isWide, type PackFile } from './pack-file.ts';
import { packKernel, type PackInput, type PackTables, type SetPack } from './pack-input.ts';

/** See `kernel/assembly/`. Addresses are in bytes. */
interface ReaderExports {
  room(size: number): number;
  need(size: number): number;
  take(size: number): number;
  give(block: number): void;
  setTotal(total: number): number;
  keepAll(): void;
  setObjects(packs: number, hashBytes: number, same: number, key: number): void;
  addIndex(fanout: number, count: number, firstNumber: number): void;
  addIds(ids: number, stride: number, count: number): void;
  endIds(): void;
  noteTypes(positions: number, types: number, count: number, firstNumber: number, unknown: number): number;
  setLinks(joins: number, all: number, factor: number): void;
  setTrees(factor: number): number;
  beginWalk(verifies: number, hashBytes: number): void;
  setPack: SetPack;
  walkFamilies(roots: number, count: number, wanted: number): void;
  nextUntold(from: number, wanted: number): number;
  link(number: number, type: number, bytes: number, size: number): void;
  tellTexts(): void;
  heldStart(): number;
  heldLength(): number;
  takeHeld(place: number): void;
  dropHeld(): void;
  wholeTree(number: number, bytes: number, size: number): number;
  dropTree(entries: number): void;
}

const WORD = 4;
/** Words before what is held of a commit: its number, and how many bytes follow. */
const HELD_WORDS = 2;
/** As in `kernel/assembly/history.ts`. */
const FLAG = { shallow: 1, damagedLinks: 2, damagedTree: 4 } as const;
/** Words of a table of names: see `kernel/assembly/names.ts`. */
const NAME_WORDS = 7;

/** Undefined where the store's codec is none of the kernel's. */
export function kernelGraph(choice: GraphChoice): GraphParts | undefined {
  const module = choice.store.codec instanceof KernelCodec ? codecModule() : undefined;
  return module === undefined ? undefined : readGraph(module, choice);
}

function readGraph(module: WebAssembly.Module, choice: GraphChoice): GraphParts {
  const kept = new KeptGraph(module, choice.store);
  const reader = new GraphReader(module, choice, kept);
  const unreadable = reader.read();
  const names = reader.names();
  const reach = kept.reachAll(choice, names.count);
  reader.tellHeld(reach);
  return kept.parts(names, unreadable, reach);
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
  readonly #kept: KeptGraph;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: ReaderExports;
  readonly #input: PackInput;
  readonly #packs: PlacedPack[] = [];
  readonly #tables: NumberTables;
  /** Where the table of names lies. */
  readonly #names: number;

  constructor(module: WebAssembly.Module, choice: GraphChoice, kept: KeptGraph) {
    this.#choice = choice;
    this.#kept = kept;
    const { store, numbers, told, texts, shallow, starts } = choice;
    const idOf = (number: number): string => numbers.id(number);
    const placed = packKernel<ReaderExports>(module, store, {
      lookUp: (id) => numbers.of(this.#input.bytes, id),
      told: (number, type, start, size, isReached) => told(number, type, this.#input.view(start, size), isReached === 1),
      texts: (start, size, items, count) => {
        const bytes = this.#input.view(start, size);
        texts?.take(bytes, new Int32Array(bytes.buffer, items, 3 * count), idOf);
      },
      timeOf: (start, size) => committerTime(this.#input.view(start, size).toString('latin1')),
      recordRoom: (size) => kept.room(size),
      keepRecords: (start, size, place) => kept.add(this.#input.view(start, size), place),
    });
    // From here on little is asked of indexes, and ids are read from their files.
    if (!store.verifies) for (const pack of store.packs) pack.index.forget();
    letGoNow(store.catalogue.total);
    const { memory, kernel, input } = placed;
    this.#memory = memory;
    this.#kernel = kernel;
    this.#input = input;
    const { total, same } = store.catalogue;
    const key = this.#input.place(randomBytes(4 * store.hashBytes));
    kernel.setObjects(store.packs.length, store.hashBytes, same === undefined ? 0 : this.#input.place(same), key);
    this.#tables = numberTables(placed, total);
    kernel.setLinks(Number(texts !== undefined), Number(texts?.all === true), randomInt(2 ** 30) * 2 + 1);
    this.#names = kernel.setTrees(randomInt(2 ** 30) * 2 + 1);
    let firstNumber = 0;
    for (const [number, pack] of store.packs.entries()) {
      this.#addPack(pack, number, firstNumber);
      firstNumber += pack.index.count;
    }
    const bytes = this.#input.bytes;
    for (const number of starts) bytes[this.#tables.marks + number] = 1;
    for (const number of shallow) bytes[this.#tables.flags + number] = FLAG.shallow;
  }

  /** Gives what cannot be read. */
  read(): number[] {
    this.#noteTypes();
    // Ids of ranks are asked for where each object is hashed.
    if (!this.#choice.store.verifies) this.#choice.store.forget();
    letGoNow(this.#choice.store.catalogue.total);
    const unreadable = this.#walk([TYPE.commit, TYPE.tag], FLAG.damagedLinks, (number, type, bytes, size) =>
      this.#kernel.link(number, type, bytes, size),
    );
    this.#kernel.tellTexts();
    unreadable.push(
      ...this.#walk([TYPE.tree], FLAG.damagedTree, (number, _, bytes, size) => this.#kernel.dropTree(this.#kernel.wholeTree(number, bytes, size))),
    );
    this.#kernel.keepAll();
    this.#kept.takeTables(this.#input.bytes, this.#tables);
    return unreadable;
  }

  /** A copy: they are asked for when this memory is given back. */
  names(): NameList {
    const [bytes = 0, ends = 0, , , , count = 0] = this.#words(this.#names, NAME_WORDS);
    const copied = this.#words(ends, count).slice();
    return new NameList(Buffer.from(this.#input.view(bytes, copied.at(-1) ?? 0)), copied);
  }

  /** Tells texts of commits that came by before what leads to them, as far as something does, by number. */
  tellHeld({ reached, mistyped }: Reach): void {
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

  #addPack(pack: PackFile, number: number, firstNumber: number): void {
    this.#addIds(pack, firstNumber);
    const { positions, offsets } = pack.table;
    const { types, first, next, roots } = this.#choice.store.plan(number);
    const [a, b, c, d, e] = [offsets, types, first, next, positions].map((table) => this.#input.place(table));
    this.#packs.push({
      pack,
      tables: [a!, a! + offsets.BYTES_PER_ELEMENT, isWide(offsets), b!, c!, d!, e!],
      firstNumber,
      roots: this.#input.place(roots),
      rootCount: roots.length,
    });
  }

  #addIds({ index }: PackFile, firstNumber: number): void {
    const kernel = this.#kernel;
    kernel.addIndex(this.#input.place(index.fanout()), index.count, firstNumber);
    let block = 0;
    for (const { ids, stride, count } of index.idParts()) {
      if (block === 0) block = kernel.need(ids.length);
      this.#input.view(block, ids.length).set(ids);
      kernel.addIds(block, stride, count);
    }
    if (block !== 0) kernel.give(block);
    kernel.endIds();
  }

  #noteTypes(): void {
    const { store, numbers } = this.#choice;
    const unknown: number[] = [];
    for (const { pack, tables, firstNumber } of this.#packs) {
      const [, , , types, , , positions] = tables;
      const { count } = pack.index;
      const found = this.#kernel.take(count * WORD);
      const several = this.#kernel.noteTypes(positions, types, count, firstNumber, found);
      for (const number of this.#words(found, several)) unknown.push(number);
      this.#kernel.give(found);
    }
    noteRest(store, numbers, new Uint8Array(this.#memory.buffer, this.#tables.types, store.catalogue.total), unknown);
  }

  /** See `walkLinks`. */
  #walk(wanted: readonly number[], damaged: number, take: (number: number, type: number, bytes: number, size: number) => void): number[] {
    const { store, numbers } = this.#choice;
    const kernel = this.#kernel;
    const bits = wanted.reduce((sum, type) => sum | (1 << type), 0);
    kernel.beginWalk(Number(store.verifies), store.hashBytes);
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
