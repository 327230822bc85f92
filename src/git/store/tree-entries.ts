/** Reads the entries of trees: names as numbers, and what they name as numbers of objects. `KernelEntries` does the same faster. */
import { Names } from './names.ts';
import type { ObjectNumbers } from './numbers.ts';

/** Kinds of entries, of git's canonical modes. */
export const KIND = { folder: 0, file: 1, program: 2, link: 3, module: 4 } as const;
export const KIND_BITS = 3;
/** Numbers for each entry in `EntryReader.words`: where it ends in the tree's bytes, its label (name and kind), what it names. */
export const ENTRY_WORDS = 3;
const SPACE = 0x20;

export interface EntryReader {
  /** The names of all entries that were read, by number; not to be kept. */
  readonly names: { get(name: number): Buffer };
  /** Valid until the next call. */
  readonly words: Int32Array;
  /** Where in `words` the first entry stands. */
  readonly first: number;
  /** A tree of so many bytes comes next. Views of what the codec holds are cut off by this. */
  expect(size: number): void;
  /**
   * Reads the entries of a tree that begin in `[start, until)`, one after the other.
   * @returns how many there are; the complement of that when what follows them is no entry
   */
  read(tree: Buffer, start: number, until: number): number;
}

/** A tree has no more entries: a mode, a blank, a name, NUL and an id each. */
export function mostEntries(size: number, hashBytes: number): number {
  return Math.floor(size / (hashBytes + 4)) + 1;
}

export class PlainEntries implements EntryReader {
  readonly names = new Names();
  readonly first = 0;
  words = new Int32Array(ENTRY_WORDS * 64);
  readonly #numbers: ObjectNumbers;
  readonly #hashBytes: number;

  constructor(numbers: ObjectNumbers, hashBytes: number) {
    this.#numbers = numbers;
    this.#hashBytes = hashBytes;
  }

  expect(size: number): void {
    const most = ENTRY_WORDS * mostEntries(size, this.#hashBytes);
    if (most > this.words.length) this.words = new Int32Array(most);
  }

  read(tree: Buffer, start: number, until: number): number {
    this.expect(tree.length);
    let count = 0;
    for (let at = start; at < until; count++) {
      at = this.#entry(tree, at, ENTRY_WORDS * count);
      if (at < 0) return ~count;
    }
    return count;
  }

  /** Gives where it ends, or -1 when it is no entry. */
  #entry(bytes: Buffer, start: number, place: number): number {
    let mode = 0;
    let at = start;
    for (; bytes[at] !== SPACE; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 7) return -1;
      mode = (mode << 3) | digit;
    }
    const nameStart = at + 1;
    let nameEnd = nameStart;
    while (nameEnd < bytes.length && bytes[nameEnd] !== 0) nameEnd++;
    const end = nameEnd + 1 + this.#hashBytes;
    if (at === start || nameEnd === nameStart || end > bytes.length) return -1;
    this.words[place] = end;
    this.words[place + 1] = (this.names.add(bytes, nameStart, nameEnd) << KIND_BITS) | kindOfMode(mode);
    this.words[place + 2] = this.#numbers.of(bytes, nameEnd + 1);
    return end;
  }
}

/** As git does: what is no folder, file or link is a submodule, and of a file's permissions one bit counts. */
function kindOfMode(mode: number): number {
  switch (mode & 0o170000) {
    case 0o040000:
      return KIND.folder;
    case 0o100000:
      return (mode & 0o100) === 0 ? KIND.file : KIND.program;
    case 0o120000:
      return KIND.link;
    default:
      return KIND.module;
  }
}
