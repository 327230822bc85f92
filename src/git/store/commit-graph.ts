/** All commits and tags of a repository in memory: what each names, and when a commit was made. */
import { IntList } from './int-list.ts';
import type { LinkVisitor } from './links.ts';
import type { ObjectNumbers } from './numbers.ts';
import { TYPE } from './pack-entry.ts';

const NONE = -1;
const LF = 0x0a;
const HEADER_END = Buffer.from('\n\n');
const COMMITTER = /^committer .*>\s*(\d+)\s+[+-]\d/m;

/** Commits and tags that have been read, by number. */
export interface Commits {
  has(number: number): boolean;
  isCommit(number: number): boolean;
  /** Tree of a commit, or what a tag is put on. */
  target(number: number): number;
  parentCount(number: number): number;
  parent(number: number, index: number): number;
  /** Committer time of a commit in seconds; NaN when it has none. */
  time(number: number): number;
  /** What a number stands for, tags followed to their end. */
  peeled(number: number): number;
}

/** Committer time in seconds that a commit's header says; NaN when it has none. */
export function committerTime(header: string): number {
  const seconds = COMMITTER.exec(header)?.[1];
  return seconds === undefined ? Number.NaN : Number(seconds);
}

export class CommitGraph implements LinkVisitor<undefined>, Commits {
  readonly #numbers: ObjectNumbers;
  readonly #hexDigits: number;
  readonly #told: (number: number, type: number, bytes: Buffer) => void;
  /** By number, where a record begins in `#log`: place of its time (-1 for a tag), parents, what else it names, parents. */
  readonly #records: Int32Array;
  readonly #log = new IntList(1 << 14);
  #times = new Float64Array(1024);
  #count = 0;
  /** Those that cannot be read, or that do not say what they name. */
  readonly damaged = new Set<number>();

  /** @param told called for each object once its record is there; `bytes` are valid until it returns */
  constructor(numbers: ObjectNumbers, hashBytes: number, total: number, told: (number: number, type: number, bytes: Buffer) => void) {
    this.#numbers = numbers;
    this.#hexDigits = hashBytes * 2;
    this.#records = new Int32Array(total).fill(NONE);
    this.#told = told;
  }

  has(number: number): boolean {
    return number >= 0 && this.#records[number] !== NONE;
  }

  isCommit(number: number): boolean {
    return this.has(number) && this.#log.at(this.#records[number]!) >= 0;
  }

  target(number: number): number {
    return this.#log.at(this.#records[number]! + 2);
  }

  parentCount(number: number): number {
    return this.#log.at(this.#records[number]! + 1);
  }

  parent(number: number, index: number): number {
    return this.#log.at(this.#records[number]! + 3 + index);
  }

  time(number: number): number {
    return this.#times[this.#log.at(this.#records[number]!)]!;
  }

  peeled(number: number): number {
    let at = number;
    // A tag is made after what it is put on, so there is no ring.
    while (this.has(at) && !this.isCommit(at)) at = this.target(at);
    return at;
  }

  expect(): void {}

  whole(number: number, type: number, bytes: Buffer): undefined {
    if (this.has(number) || this.damaged.has(number)) return;
    const record = this.#log.length;
    if (type === TYPE.commit ? this.#readCommit(bytes) : this.#readTag(bytes)) this.#records[number] = record;
    else {
      this.#log.truncate(record);
      this.damaged.add(number);
    }
    this.#told(number, type, bytes);
  }

  made(number: number, type: number, bytes: Buffer): undefined {
    return this.whole(number, type, bytes);
  }

  drop(): void {}

  unreadable(number: number): void {
    this.damaged.add(number);
  }

  #readCommit(bytes: Buffer): boolean {
    if (bytes.toString('latin1', 0, 5) !== 'tree ') return false;
    const tree = this.#numbers.ofHex(bytes, 5);
    let at = 5 + this.#hexDigits;
    if (tree === undefined || bytes[at++] !== LF) return false;
    const record = this.#log.length;
    this.#log.push(this.#count);
    this.#log.push(0);
    this.#log.push(tree);
    // "parent " and an id, each on a line of its own.
    for (let parents = 1; bytes[at] === 0x70 && bytes.toString('latin1', at, at + 7) === 'parent '; parents++) {
      const parent = this.#numbers.ofHex(bytes, at + 7);
      at += 7 + this.#hexDigits;
      if (parent === undefined || bytes[at++] !== LF) return false;
      this.#log.push(parent);
      this.#log.set(record + 1, parents);
    }
    const end = bytes.indexOf(HEADER_END, at);
    const time = committerTime(bytes.toString('latin1', at, end < 0 ? bytes.length : end));
    if (this.#count === this.#times.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#times);
      this.#times = larger;
    }
    this.#times[this.#count++] = time;
    return true;
  }

  #readTag(bytes: Buffer): boolean {
    if (bytes.toString('latin1', 0, 7) !== 'object ') return false;
    const target = this.#numbers.ofHex(bytes, 7);
    if (target === undefined) return false;
    for (const value of [NONE, 0, target]) this.#log.push(value);
    return true;
  }
}
