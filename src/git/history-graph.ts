/**
 * The history as a graph in memory, read from the object database without git: which objects some tips reach, and what
 * commits and trees say about blobs. Ids are numbers (see `ObjectNumbers`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './repository.ts';
import { CommitGraph } from './store/commit-graph.ts';
import { IntList } from './store/int-list.ts';
import { entryReader } from './store/kernel-entries.ts';
import { objectTypes, walkLinks } from './store/links.ts';
import { ObjectNumbers } from './store/numbers.ts';
import type { ObjectStore } from './store/object-store.ts';
import { TYPE, typeName } from './store/pack-entry.ts';
import { KIND } from './store/tree-entries.ts';
import { kindOf, TreeGraph } from './store/tree-graph.ts';
import type { ObjectType } from './object-stream.ts';

const NONE = -1;

/** Told of each commit and tag while the graph is read, with what is known by then. */
export type LinkTold = (number: number, id: string, type: ObjectType, bytes: Buffer, isReached: boolean) => void;

export class HistoryGraph {
  readonly numbers: ObjectNumbers;
  readonly types: Uint8Array;
  readonly commits: CommitGraph;
  readonly trees: TreeGraph;
  /** By number: 1 for what the tips reach. */
  readonly reached: Uint8Array;
  /** Named by what is reached, but not there, or of no type that can be found out; sorted ids. */
  readonly missing: readonly string[];
  /** Commits, tags and trees of which no copy can be read, reached or not. */
  readonly unreadable: readonly number[];
  /** Reached as something that their headers do not call them. */
  readonly mistyped: ReadonlySet<number>;
  /** Set when something that would name more could not be read: what it names is unknown. */
  readonly failure: string | undefined;
  /** Set when what commits and trees say of blobs is not known to its end. */
  readonly gap: string | undefined;
  /** Hex digits of an id. */
  readonly idLength: number;
  readonly #store: ObjectStore;
  readonly #shallow: ReadonlySet<number>;

  /**
   * @param tips commits, tags, trees and blobs, in hex
   * @param told called for each commit and tag, most of them after something that reaches them
   */
  constructor(store: ObjectStore, repository: Repository, tips: readonly string[], told: LinkTold) {
    const { hashBytes } = store;
    this.#store = store;
    this.idLength = hashBytes * 2;
    this.numbers = new ObjectNumbers(store);
    this.types = objectTypes(store, this.numbers);
    this.#shallow = this.#readShallow(repository);
    const total = this.types.length;
    const marks = new Uint8Array(total);
    const starts = tips.map((tip) => this.numbers.find(tip)).filter((number) => number !== undefined);
    const unknown = tips.find((tip) => this.numbers.find(tip) === undefined);
    for (const number of starts) marks[number] = 1;
    this.commits = new CommitGraph(this.numbers, hashBytes, total, (number, type, bytes) => {
      // Children come before parents in what git packs, so one look is nearly always enough.
      if (marks[number] === 1 && this.commits.has(number)) {
        if (!this.commits.isCommit(number)) mark(marks, this.commits.target(number));
        else for (let index = 0; index < this.parentCount(number); index++) mark(marks, this.commits.parent(number, index));
      }
      told(number, this.numbers.id(number), typeName(type)!, bytes, marks[number] === 1);
    });
    const unreadable = walkLinks(store, this.numbers, this.types, [TYPE.commit, TYPE.tag], this.commits);
    this.trees = new TreeGraph(entryReader(store, this.numbers), total);
    this.unreadable = [...unreadable, ...walkLinks(store, this.numbers, this.types, [TYPE.tree], this.trees)];
    const walk = new ReachWalk(this, total);
    walk.run(starts);
    this.reached = walk.reached;
    this.missing = [...walk.missing].map((number) => this.numbers.id(number)).toSorted();
    this.mistyped = walk.mistyped;
    this.failure = walk.failure ?? (unknown === undefined ? undefined : `${unknown} came after the object database was listed`);
    this.gap = this.failure ?? (walk.missingTree === undefined ? undefined : `${this.numbers.id(walk.missingTree)} is missing`);
  }

  /** Commits that some reach and others do not. */
  commitsBetween(from: readonly string[], without: readonly string[]): string[] {
    const seen = new Uint8Array(this.types.length);
    this.#commitsFrom(without, seen);
    return this.#commitsFrom(from, seen).map((number) => this.numbers.id(number));
  }

  /** Bytes of an object; undefined when they cannot be read. Only while the store is open. */
  read(id: string): Buffer | undefined {
    return this.#store.read(id)?.bytes;
  }

  #commitsFrom(ids: readonly string[], seen: Uint8Array): number[] {
    const found: number[] = [];
    const waiting: number[] = [];
    const meet = (number: number): void => {
      if (!this.commits.isCommit(number) || seen[number] === 1) return;
      seen[number] = 1;
      waiting.push(number);
    };
    for (const id of ids) meet(this.commits.peeled(this.numbers.find(id) ?? NONE));
    for (let commit = waiting.pop(); commit !== undefined; commit = waiting.pop()) {
      found.push(commit);
      for (let index = 0; index < this.parentCount(commit); index++) meet(this.commits.parent(commit, index));
    }
    return found;
  }

  /** Parents that the history has: at the boundary of a shallow clone there are none. */
  parentCount(commit: number): number {
    return this.#shallow.has(commit) ? 0 : this.commits.parentCount(commit);
  }

  #readShallow(repository: Repository): Set<number> {
    if (!repository.shallow) return new Set();
    const lines = readFileSync(join(repository.commonDir, 'shallow'), 'latin1').split('\n');
    return new Set(lines.map((line) => this.numbers.find(line.trim())).filter((number) => number !== undefined));
  }
}

function mark(marks: Uint8Array, number: number): void {
  if (number >= 0) marks[number] = 1;
}

/** Goes from the tips to everything that they reach. */
class ReachWalk {
  readonly reached: Uint8Array;
  readonly missing = new Set<number>();
  /** One flipped bit makes a blob a tree: what reaches an object says better than its header what it is. */
  readonly mistyped = new Set<number>();
  failure: string | undefined;
  missingTree: number | undefined;
  readonly #graph: HistoryGraph;
  readonly #waiting = new IntList();
  /** Reached trees whose base was not reached when they were. */
  readonly #onBases = new IntList();

  constructor(graph: HistoryGraph, total: number) {
    this.#graph = graph;
    this.reached = new Uint8Array(total);
  }

  run(starts: readonly number[]): void {
    const { trees } = this.#graph;
    for (const number of starts) this.#reach(number);
    this.#drain();
    // What a tree has in common with its base is reached with the base. Where nothing reaches that, it is gone through.
    while (this.#onBases.length > 0) {
      const tree = this.#onBases.pop();
      if (this.reached[trees.base(tree)] === 1) continue;
      trees.eachEntry(tree, (label, child) => this.#reachEntry(label, child));
      this.#drain();
    }
    // What is no blob was not gone through as if it were what its header says, but it is reached.
    for (const number of this.mistyped) this.reached[number] = 1;
  }

  #drain(): void {
    const { commits, trees } = this.#graph;
    while (this.#waiting.length > 0) {
      const number = this.#waiting.pop();
      if (commits.damaged.has(number) || trees.damaged.has(number)) this.#fail(number);
      if (commits.has(number)) this.#reachLinks(number);
      else if (trees.has(number)) {
        trees.eachAdded(number, (label, child) => this.#reachEntry(label, child));
        const base = trees.base(number);
        if (base !== NONE && this.reached[base] === 0) this.#onBases.push(number);
      }
    }
  }

  #reachLinks(number: number): void {
    const { commits } = this.#graph;
    const target = commits.target(number);
    this.#reach(target);
    if (!commits.isCommit(number)) return;
    this.#expectNames(target, TYPE.tree);
    this.#noteTree(target);
    for (let index = 0; index < this.#graph.parentCount(number); index++) {
      const parent = commits.parent(number, index);
      // Without it nobody knows what came before, so nothing is left out for not being reached.
      if (parent < 0 || this.#graph.types[parent] === TYPE.none) this.#fail(parent);
      this.#reach(parent);
      this.#expectNames(parent, TYPE.commit);
    }
  }

  #reachEntry(label: number, child: number): void {
    if (kindOf(label) === KIND.module) return;
    if (kindOf(label) === KIND.folder) {
      this.#reach(child);
      this.#expectNames(child, TYPE.tree);
      this.#noteTree(child);
    } else if (child >= 0 && this.#isOther(child, TYPE.blob)) this.mistyped.add(child);
    else this.#reach(child);
  }

  /** Of an object that is called something else nobody knows what it names. */
  #expectNames(number: number, type: number): void {
    if (number < 0 || !this.#isOther(number, type)) return;
    this.mistyped.add(number);
    this.#fail(number);
  }

  #isOther(number: number, type: number): boolean {
    const is = this.#graph.types[number];
    return is !== type && is !== TYPE.none;
  }

  #noteTree(number: number): void {
    if (!this.#graph.trees.has(number)) this.missingTree ??= number;
  }

  #reach(number: number): void {
    if (number < 0) this.missing.add(number);
    else if (this.reached[number] === 0) {
      this.reached[number] = 1;
      if (this.#graph.types[number] === TYPE.none) this.missing.add(number);
      else if (this.#graph.types[number] !== TYPE.blob) this.#waiting.push(number);
    }
  }

  #fail(number: number): void {
    this.failure ??= `${this.#graph.numbers.id(number)} cannot be read`;
  }
}
