/** The graph of a history as the kernel keeps it, in a memory of its own: what leads where, and what the tips reach. */
import type { Commits } from './commit-graph.ts';
import type { CommitPlace, GraphChoice, GraphParts, Reach } from './graph-parts.ts';
import type { Leads } from './leads.ts';
import type { ObjectStore } from './object-store.ts';
import { packKernel, type PackKernel } from './pack-input.ts';
import { startOrder } from './start-order.ts';
import { TreeRecords } from './tree-graph.ts';
import { WordView } from './words.ts';

/** See `kernel/assembly/`. Addresses are in bytes. */
interface KeeperExports {
  room(size: number): number;
  need(size: number): number;
  give(block: number): void;
  setTotal(total: number): number;
  leadTo(targets: number, count: number, names: number): number;
  countChildren(starts: number, count: number): number;
  changedCommits(starts: number, count: number): number;
  reachAll(starts: number, count: number, absent: number, names: number): number;
}

const WORD = 4;
const NONE = -1;
/** As in `kernel/assembly/history.ts`. */
const LINKS = 1;

function isLinks(word: number): boolean {
  return (word & LINKS) !== 0;
}

/** Where tables by number lie, see `kernel/assembly/history.ts`. */
export interface NumberTables {
  readonly types: number;
  readonly marks: number;
  readonly flags: number;
  readonly records: number;
}

export function numberTables({ memory, kernel }: PackKernel<Pick<KeeperExports, 'room' | 'need' | 'setTotal'>>, total: number): NumberTables {
  const start = kernel.setTotal(total);
  const [types = 0, marks = 0, flags = 0, records = 0] = new Int32Array(memory.buffer, start, 4);
  return { types, marks, flags, records };
}

/** Names in trees, by number. */
export class NameList {
  readonly #bytes: Buffer;
  readonly #ends: Int32Array;

  /** @param ends where each ends */
  constructor(bytes: Buffer, ends: Int32Array) {
    this.#bytes = bytes;
    this.#ends = ends;
  }

  get count(): number {
    return this.#ends.length;
  }

  get(name: number): Buffer {
    return this.#bytes.subarray(name === 0 ? 0 : this.#ends[name - 1], this.#ends[name]);
  }
}

export class KeptGraph {
  readonly #placed: PackKernel<KeeperExports>;
  readonly #total: number;
  readonly #tables: NumberTables;

  constructor(module: WebAssembly.Module, store: ObjectStore) {
    this.#total = store.catalogue.total;
    this.#placed = packKernel<KeeperExports>(module, store);
    this.#tables = numberTables(this.#placed, this.#total);
  }

  /** Where there is room for records; bytes. */
  room(size: number): number {
    return this.#placed.kernel.room(size);
  }

  /** Takes over records for which there is room at a place. */
  add(records: Buffer, place: number): void {
    this.#placed.input.bytes.set(records, place);
  }

  /**
   * Takes over what was found out by number.
   * @param bytes of the memory in which the tables lie
   */
  takeTables(bytes: Buffer, from: NumberTables): void {
    const target = this.#placed.input.bytes;
    const total = this.#total;
    const { types, flags, records } = this.#tables;
    target.set(bytes.subarray(from.types, from.types + total), types);
    target.set(bytes.subarray(from.flags, from.flags + total), flags);
    target.set(bytes.subarray(from.records, from.records + total * WORD), records);
  }

  /** @param names how many there are in trees */
  reachAll({ starts, numbers }: GraphChoice, names: number): Reach {
    const { kernel, input } = this.#placed;
    const answer = kernel.reachAll(input.place(Int32Array.from(starts)), starts.length, numbers.absentCount, names);
    const [reached, missing, missingCount, mistyped, mistypedCount, hasFailed, failed, lacksTree, missingTree] = this.#words(answer, 9);
    return {
      reached: this.#copy(reached!),
      missing: this.#words(missing!, missingCount!).slice(),
      mistyped: new Set(this.#words(mistyped!, mistypedCount!)),
      failed: hasFailed === 1 ? failed : undefined,
      missingTree: lacksTree === 1 ? missingTree : undefined,
    };
  }

  parts(names: NameList, unreadable: readonly number[], reach: Reach): GraphParts {
    const { memory, kernel, input } = this.#placed;
    const total = this.#total;
    const { types, records: first } = this.#tables;
    const words = new Int32Array(memory.buffer);
    const log = new WordView(words);
    const records = new TreeWords(words, first / WORD);
    const commits = new PlacedCommits(words, new Float64Array(memory.buffer), first / WORD);
    const renew = (): void => {
      // What memory that grew has cut off has no length. To ask for the buffer itself takes longer.
      if (log.values.length > 0) return;
      log.values = new Int32Array(memory.buffer);
      records.values = log.values;
      commits.words = log.values;
      commits.doubles = new Float64Array(memory.buffer);
    };
    const current = (): Commits => {
      renew();
      return commits;
    };
    const treeRecords = new TreeRecords(names, total, records, log);
    return {
      types: this.#copy(types),
      get commits() {
        return current();
      },
      get trees() {
        renew();
        return treeRecords;
      },
      unreadable,
      reach,
      memory,
      leadsTo: (targets) => {
        const tables = kernel.leadTo(input.place(Int32Array.from(targets)), targets.length, names.count);
        renew();
        const [leads, lists] = this.#words(tables, 2);
        return new PlacedLeads(this.#copy(leads!), log, lists! / WORD);
      },
      changedInOrder: (starts) => {
        const changed = this.#changedInOrder(starts, current);
        // What leads on is looked up next, and the question may have made the memory grow.
        renew();
        return changed;
      },
    };
  }

  #changedInOrder(starts: readonly number[], commits: () => Commits): CommitPlace[] {
    const { kernel } = this.#placed;
    const waiting = this.#withBlock(starts, (block) => kernel.countChildren(block, starts.length)) / WORD;
    const words = new Int32Array(this.#placed.memory.buffer);
    const free = starts.filter((commit) => words[waiting + commit] === 0);
    const stack = startOrder(free, commits()).toReversed();
    const answer = this.#withBlock(stack, (block) => kernel.changedCommits(block, stack.length));
    const pairs = this.#words(answer + WORD, 2 * this.#words(answer, 1)[0]!);
    const changed = Array.from({ length: pairs.length / 2 }, (_, pair) => ({ order: pairs[2 * pair]!, commit: pairs[2 * pair + 1]! }));
    kernel.give(answer);
    return changed;
  }

  /** Some numbers where the kernel can see them, as long as it is asked. */
  #withBlock(numbers: readonly number[], ask: (block: number) => number): number {
    const block = this.#placed.input.placeBlock(Int32Array.from(numbers));
    const answer = ask(block);
    this.#placed.kernel.give(block);
    return answer;
  }

  #words(start: number, count: number): Int32Array {
    return new Int32Array(this.#placed.memory.buffer, start, count);
  }

  /** A table of bytes by number. A copy: more memory cuts off every view, and it is given away. */
  #copy(start: number): Uint8Array {
    return new Uint8Array(this.#placed.memory.buffer.slice(start, start + this.#total));
  }
}

/** The words at which records of trees begin, by number. */
class TreeWords extends WordView {
  override at(index: number): number {
    const word = super.at(index);
    return isLinks(word) ? 0 : word;
  }
}

/** See `kernel/assembly/links.ts`. */
class PlacedCommits implements Commits {
  words: Int32Array;
  doubles: Float64Array;
  /** The first word of the table of records. */
  readonly #first: number;

  constructor(words: Int32Array, doubles: Float64Array, first: number) {
    this.words = words;
    this.doubles = doubles;
    this.#first = first;
  }

  #record(number: number): number {
    const word = this.words[this.#first + number]!;
    return isLinks(word) ? word - LINKS : 0;
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
