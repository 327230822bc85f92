/**
 * All trees of a repository in memory: of each what it has and its base has not, and what its base has and it has not.
 * That is what deltas say anyway, so a tree of a thousand entries with one new blob costs two numbers, and each tree
 * is inflated once.
 */
import { COPY, CopyInstruction } from './delta-format.ts';
import { IntList } from './int-list.ts';
import type { LinkVisitor } from './links.ts';
import { ENTRY_WORDS, KIND_BITS, type EntryReader } from './tree-entries.ts';
import { WordView, type Words } from './words.ts';

const KIND_MASK = 7;
const NONE = -1;
/** Entries that are searched one by one: of more, an order is made or a table asked. */
const FEW = 8;
/** Values that are put in order one by one. */
const MOST_ONE_BY_ONE = 64;
/** Records upon records: deeper than any that git packs by itself, and few enough to look through for each entry. */
const MAX_DEPTH = 256;

/** One entry as two numbers: its label (name and kind), and the number of what it names. */
export function nameOf(label: number): number {
  return label >> KIND_BITS;
}

export function kindOf(label: number): number {
  return label & KIND_MASK;
}

/** All entries of a tree while its deltas are read. */
class Entries {
  /** Where each entry ends in the tree's bytes. */
  ends: Int32Array;
  labels: Int32Array;
  children: Int32Array;
  count = 0;
  /** The tree's number; `NONE` when its record was not made from these bytes. */
  number = NONE;
  /** How many bases its record has below it. */
  depth = 0;
  /** Each name is there once. */
  plain = true;

  constructor(capacity: number) {
    this.ends = new Int32Array(capacity);
    this.labels = new Int32Array(capacity);
    this.children = new Int32Array(capacity);
  }

  reserve(count: number): void {
    if (count <= this.ends.length) return;
    const capacity = Math.max(count, this.ends.length * 2);
    this.ends = copied(this.ends, capacity);
    this.labels = copied(this.labels, capacity);
    this.children = copied(this.children, capacity);
  }

  start(entry: number): number {
    return entry === 0 ? 0 : this.ends[entry - 1]!;
  }

  /** The entry that begins at an offset; `NONE` where none does. */
  beginningAt(offset: number): number {
    if (offset === 0) return this.count === 0 ? NONE : 0;
    const entry = this.lastEndingBy(offset);
    return entry >= 0 && this.ends[entry] === offset && entry + 1 < this.count ? entry + 1 : NONE;
  }

  /** The last entry that ends at an offset or before it; -1 for none. */
  lastEndingBy(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ends[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function copied(values: Int32Array, capacity: number): Int32Array {
  const larger = new Int32Array(capacity);
  larger.set(values);
  return larger;
}

/**
 * Records of trees: base, how many entries are added and how many names removed, labels and children added, names removed.
 * An entry that was put in the place of one of its name is only added.
 */
export class TreeRecords {
  readonly names: EntryReader['names'];
  /** By number, where a tree's record begins; 0 for none. */
  readonly #records: Words;
  readonly #log: Words;
  /** By number: 1 where a record's entries were put in the order of their names, to be found quickly. */
  readonly #sorted: Uint8Array;

  /** @param total how many numbers there are */
  constructor(names: EntryReader['names'], total: number, records: Words, log: Words) {
    this.names = names;
    this.#records = records;
    this.#log = log;
    this.#sorted = new Uint8Array(total);
  }

  has(tree: number): boolean {
    return tree >= 0 && this.#records.at(tree) !== 0;
  }

  /** The tree that a record is made upon; -1 for none. It has a record, and no ring of bases is ever made. */
  base(tree: number): number {
    return this.#log.at(this.#records.at(tree));
  }

  /** Tells what a tree has and its base has not: everything when there is no base. */
  eachAdded(tree: number, entry: (label: number, child: number) => void): void {
    const record = this.#records.at(tree);
    const added = this.#log.at(record + 1);
    for (let index = 0; index < added; index++) entry(this.#log.at(record + 3 + 2 * index), this.#log.at(record + 4 + 2 * index));
  }

  /** Tells the names of what the base has and the tree has not. */
  eachDropped(tree: number, dropped: (name: number) => void): void {
    const record = this.#records.at(tree);
    const from = record + 3 + 2 * this.#log.at(record + 1);
    for (let index = 0; index < this.#log.at(record + 2); index++) dropped(this.#log.at(from + index));
  }

  /** What a tree has under a name: its label, then what it names. Undefined for nothing. */
  entry(tree: number, name: number): { readonly label: number; readonly child: number } | undefined {
    for (let at = tree; at !== NONE; at = this.base(at)) {
      this.#sort(at);
      const record = this.#records.at(at);
      const added = this.#log.at(record + 1);
      const entry = this.#search(record + 3, 2, added, name << KIND_BITS);
      if (entry < added) {
        const label = this.#log.at(record + 3 + 2 * entry);
        if (nameOf(label) === name) return { label, child: this.#log.at(record + 4 + 2 * entry) };
      }
      const from = record + 3 + 2 * added;
      const dropped = this.#log.at(record + 2);
      const place = this.#search(from, 1, dropped, name);
      if (place < dropped && this.#log.at(from + place) === name) return undefined;
    }
    return undefined;
  }

  /** The first of `count` ascending values, each `stride` numbers after the other, that is not less; `count` for none. */
  #search(start: number, stride: number, count: number, value: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#log.at(start + stride * middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts a record in the order of its names, once: most are never searched. Of one name the first entry stays first. */
  #sort(tree: number): void {
    if (this.#sorted[tree] === 1) return;
    this.#sorted[tree] = 1;
    const record = this.#records.at(tree);
    const added = this.#log.at(record + 1);
    this.#order(record + 3, 2, added, KIND_BITS);
    this.#order(record + 3 + 2 * added, 1, this.#log.at(record + 2), 0);
  }

  /** Puts `count` values of `stride` numbers each in the order of their first ones, without their lowest bits. Nearly all are few. */
  #order(start: number, stride: 1 | 2, count: number, bits: number): void {
    const log = this.#log;
    if (count > MOST_ONE_BY_ONE) {
      const values = Array.from({ length: count }, (_, index) => [log.at(start + stride * index), log.at(start + stride * index + 1)] as const);
      values.sort(([a], [b]) => (a >> bits) - (b >> bits));
      for (const [index, value] of values.entries()) for (let word = 0; word < stride; word++) log.set(start + stride * index + word, value[word]!);
      return;
    }
    for (let index = 1; index < count; index++) {
      const from = start + stride * index;
      const first = log.at(from);
      const second = log.at(from + 1);
      let at = from;
      for (; at > start && log.at(at - stride) >> bits > first >> bits; at -= stride)
        for (let word = 0; word < stride; word++) log.set(at + word, log.at(at - stride + word));
      if (at === from) continue;
      log.set(at, first);
      if (stride === 2) log.set(at + 1, second);
    }
  }

  /** All entries of a tree, in no order. */
  eachEntry(tree: number, entry: (label: number, child: number) => void): void {
    const hidden = new Set<number>();
    for (let at = tree; at !== NONE; at = this.base(at)) {
      this.eachAdded(at, (label, child) => {
        if (!hidden.has(nameOf(label))) entry(label, child);
      });
      // Names are hidden only from the bases: a tree with the same name twice has both.
      this.eachAdded(at, (label) => hidden.add(nameOf(label)));
      this.eachDropped(at, (name) => hidden.add(name));
    }
  }
}

export class TreeGraph extends TreeRecords implements LinkVisitor<Entries> {
  readonly #reader: EntryReader;
  readonly #records: Int32Array;
  readonly #log: IntList;
  readonly #free: Entries[] = [];
  /** Trees that cannot be read, or whose bytes end in something that is no entry. */
  readonly damaged = new Set<number>();
  /** By name, the last generation in which it was seen. */
  #seen = new Int32Array(1024);
  #generation = 0;

  /** @param total how many numbers there are */
  constructor(reader: EntryReader, total: number) {
    const records = new Int32Array(total);
    const log = new IntList(1 << 16);
    log.push(0); // no record begins there
    super(reader.names, total, new WordView(records), log);
    this.#reader = reader;
    this.#records = records;
    this.#log = log;
  }

  expect(size: number): void {
    this.#reader.expect(size);
  }

  whole(number: number, _type: number, bytes: Buffer): Entries {
    const entries = this.#take();
    if (!this.#append(entries, this.#reader.read(bytes, 0, bytes.length))) this.damaged.add(number);
    entries.plain = this.#isPlain(entries);
    this.#recordWhole(number, entries);
    return entries;
  }

  made(number: number, type: number, bytes: Buffer, delta: Buffer, base: Entries): Entries {
    if (base.number === NONE || !base.plain || base.depth === MAX_DEPTH || this.has(number)) return this.whole(number, type, bytes);
    const entries = this.#take();
    const record = this.#log.length;
    const runs = new Runs(delta);
    const removed: number[] = [];
    let added = 0;
    let baseAt = 0;
    for (const value of [base.number, 0, 0]) this.#log.push(value);
    for (let at = 0; at < bytes.length;) {
      runs.moveTo(at);
      const from = runs.from < 0 ? NONE : base.beginningAt(runs.from + at - runs.start);
      const last = from < 0 ? NONE : base.lastEndingBy(runs.from + runs.end - runs.start);
      if (last >= from && from >= baseAt) {
        for (; baseAt < from; baseAt++) removed.push(nameOf(base.labels[baseAt]!));
        at = this.#copy(entries, at, base, from, last + 1);
        baseAt = last + 1;
        continue;
      }
      const before = entries.count;
      // In what was copied the next entry may be one of the base again.
      const isSound = this.#append(entries, this.#reader.read(bytes, at, runs.from < 0 ? runs.end : at + 1));
      for (let index = before; index < entries.count; index++) {
        this.#log.push(entries.labels[index]!);
        this.#log.push(entries.children[index]!);
      }
      added += entries.count - before;
      if (!isSound) {
        this.damaged.add(number);
        break;
      }
      at = entries.ends[entries.count - 1]!;
    }
    for (; baseAt < base.count; baseAt++) removed.push(nameOf(base.labels[baseAt]!));
    entries.plain = this.#staysPlain(entries, record, added, removed);
    if (!entries.plain) {
      this.#log.truncate(record);
      this.#recordWhole(number, entries);
      return entries;
    }
    // What was put in another's place needs no second word: most of what is removed is added again.
    this.#generation++;
    for (let index = 0; index < added; index++) this.#isFirst(nameOf(this.#log.at(record + 3 + 2 * index)));
    const gone = removed.filter((name) => this.#isFirst(name));
    for (const name of gone) this.#log.push(name);
    this.#log.set(record + 1, added);
    this.#log.set(record + 2, gone.length);
    this.#records[number] = record;
    entries.number = number;
    entries.depth = base.depth + 1;
    return entries;
  }

  /** Whether each name is there once, so that a name says which entry is meant. git's own trees are all so. */
  #isPlain(entries: Entries): boolean {
    this.#generation++;
    for (let index = 0; index < entries.count; index++) if (!this.#isFirst(nameOf(entries.labels[index]!))) return false;
    return true;
  }

  /** The same for a tree made from a plain one, where little is new in it without a look at each name. */
  #staysPlain(entries: Entries, record: number, added: number, removed: readonly number[]): boolean {
    if (added > FEW) return this.#isPlain(entries);
    this.#generation++;
    for (let index = 0; index < added; index++) {
      const name = nameOf(this.#log.at(record + 3 + 2 * index));
      if (!this.#isFirst(name)) return false;
      if (!removed.includes(name) && this.#count(entries, name) > 1) return false;
    }
    return true;
  }

  #isFirst(name: number): boolean {
    if (name >= this.#seen.length) {
      const larger = new Int32Array(Math.max(name + 1, this.#seen.length * 2));
      larger.set(this.#seen);
      this.#seen = larger;
    }
    if (this.#seen[name] === this.#generation) return false;
    this.#seen[name] = this.#generation;
    return true;
  }

  #count(entries: Entries, name: number): number {
    let count = 0;
    for (let index = 0; index < entries.count; index++) if (nameOf(entries.labels[index]!) === name) count++;
    return count;
  }

  drop(entries: Entries): void {
    this.#free.push(entries);
  }

  unreadable(number: number): void {
    this.damaged.add(number);
  }

  #take(): Entries {
    const entries = this.#free.pop() ?? new Entries(64);
    entries.count = 0;
    entries.number = NONE;
    entries.depth = 0;
    return entries;
  }

  #recordWhole(number: number, entries: Entries): void {
    if (this.has(number)) return; // another copy came first, and its bytes may differ
    this.#records[number] = this.#log.length;
    this.#log.push(NONE);
    this.#log.push(entries.count);
    this.#log.push(0);
    for (let index = 0; index < entries.count; index++) {
      this.#log.push(entries.labels[index]!);
      this.#log.push(entries.children[index]!);
    }
    entries.number = number;
  }

  /** Takes over what was read; false when it ends in something that is no entry. */
  #append(entries: Entries, read: number): boolean {
    const { words, first } = this.#reader;
    const from = entries.count;
    const added = read < 0 ? ~read : read;
    entries.reserve(from + added);
    for (let index = from, word = first; index < from + added; index++, word += ENTRY_WORDS) {
      entries.ends[index] = words[word]!;
      entries.labels[index] = words[word + 1]!;
      entries.children[index] = words[word + 2]!;
    }
    entries.count = from + added;
    return read >= 0;
  }

  /** Takes over entries of the base that lie at another place here; gives where they end. */
  #copy(entries: Entries, at: number, base: Entries, from: number, to: number): number {
    const { count } = entries;
    entries.reserve(count + to - from);
    const shift = at - base.start(from);
    for (let index = from, target = count; index < to; index++, target++) {
      entries.ends[target] = base.ends[index]! + shift;
      entries.labels[target] = base.labels[index]!;
      entries.children[target] = base.children[index]!;
    }
    entries.count = count + to - from;
    return base.ends[to - 1]! + shift;
  }
}

/** The instructions of a delta that has been applied, so they are sound; only ever moved onwards. */
class Runs {
  /** The instruction's result in bytes of the whole: `[start, end)`. */
  start = 0;
  end = 0;
  /** Where it was copied from in the base; -1 when the delta holds it. */
  from = -1;
  readonly #delta: Buffer;
  readonly #copy = new CopyInstruction();
  #at = 0;

  constructor(delta: Buffer) {
    this.#delta = delta;
    for (let size = 0; size < 2; size++) {
      while (delta[this.#at]! >= 0x80) this.#at++;
      this.#at++;
    }
  }

  moveTo(offset: number): void {
    while (this.end <= offset) this.#next();
  }

  #next(): void {
    const delta = this.#delta;
    let at = this.#at;
    const operation = delta[at++]!;
    this.start = this.end;
    if ((operation & COPY) === 0) {
      this.from = -1;
      this.end += operation;
      this.#at = at + operation;
      return;
    }
    this.#at = this.#copy.read(delta, at, operation);
    this.from = this.#copy.from;
    this.end += this.#copy.size;
  }
}
