/**
 * The history as a graph in memory, read from the object database without git: which objects some tips reach, and what
 * commits and trees say about blobs. Ids are numbers (see `ObjectNumbers`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './repository.ts';
import type { Commits } from './store/commit-graph.ts';
import type { ObjectType } from './object-stream.ts';
import { changedInOrder } from './log-order.ts';
import type { CommitPlace, GraphChoice, GraphParts, TextsTaken } from './store/graph-parts.ts';
import { kernelGraph } from './store/kernel-graph.ts';
import { letGoNow } from './store/let-go.ts';
import type { Leads } from './store/leads.ts';
import { ObjectNumbers } from './store/numbers.ts';
import type { ObjectStore } from './store/object-store.ts';
import { typeName } from './store/pack-entry.ts';
import { plainGraph } from './store/plain-graph.ts';
import type { TreeRecords } from './store/tree-graph.ts';

const NONE = -1;

/** Told of each commit and tag while the graph is read, with what is known by then. */
export type LinkTold = (number: number, id: string, type: ObjectType, bytes: Buffer, isReached: boolean) => void;

export class HistoryGraph {
  readonly numbers: ObjectNumbers;
  readonly types: Uint8Array;
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
  readonly #parts: GraphParts;
  readonly #shallow: ReadonlySet<number>;
  /** What `find` said: a repository may have ten thousand tips, and each is asked for again and again. */
  readonly #known = new Map<string, number | undefined>();

  /**
   * @param tips gives commits, tags, trees and blobs, in hex; asked once, and nothing of it is kept while the graph is read
   * @param told called for each commit and tag, most of them after something that reaches them, but for what `texts` takes
   */
  constructor(store: ObjectStore, repository: Repository, tips: () => readonly string[], told: LinkTold, texts?: TextsTaken) {
    this.#store = store;
    this.idLength = store.hashBytes * 2;
    const numbers = new ObjectNumbers(store);
    this.numbers = numbers;
    this.#shallow = this.#readShallow(repository);
    const { starts, unknown } = startsOf(tips(), numbers);
    const choice: GraphChoice = {
      store,
      numbers,
      shallow: this.#shallow,
      starts,
      told: (number, type, bytes, isReached) => told(number, numbers.id(number), typeName(type)!, bytes, isReached),
      texts,
    };
    const parts = kernelGraph(choice) ?? plainGraph(choice);
    letGoNow(store.catalogue.total);
    const { types, unreadable, reach } = parts;
    this.#parts = parts;
    this.types = types;
    this.unreadable = unreadable;
    this.reached = reach.reached;
    this.missing = Array.from(reach.missing, (number) => numbers.id(number)).toSorted();
    this.mistyped = reach.mistyped;
    const failure = reach.failed === undefined ? undefined : `${numbers.id(reach.failed)} cannot be read`;
    this.failure = failure ?? (unknown === undefined ? undefined : `${unknown} came after the object database was listed`);
    this.gap = this.failure ?? (reach.missingTree === undefined ? undefined : `${numbers.id(reach.missingTree)} is missing`);
  }

  /** See `GraphParts`, also for the next two. */
  get commits(): Commits {
    return this.#parts.commits;
  }

  get trees(): TreeRecords {
    return this.#parts.trees;
  }

  get memory(): WebAssembly.Memory | undefined {
    return this.#parts.memory;
  }

  /** Commits that some reach and others do not. */
  commitsBetween(from: readonly string[], without: readonly string[]): string[] {
    const seen = new Uint8Array(this.types.length);
    this.#commitsFrom(without, seen);
    return this.#commitsFrom(from, seen).map((number) => this.numbers.id(number));
  }

  /** See `ObjectNumbers.find`. */
  find(id: string): number | undefined {
    if (!this.#known.has(id)) this.#known.set(id, this.numbers.find(id));
    return this.#known.get(id);
  }

  /** Bytes of an object; undefined when they cannot be read. Only while the store is open. */
  read(id: string): Buffer | undefined {
    return this.#store.read(id)?.bytes;
  }

  /** What leads to some objects. Of the last question only. */
  leadsTo(targets: readonly number[]): Leads {
    return this.#parts.leadsTo(targets);
  }

  /**
   * Of the commits that some tips reach, in the order of a log, those in which what leads to the objects of the last question differs.
   * @param leads the answer to it
   */
  changedInOrder(tips: readonly string[], leads: Leads): CommitPlace[] {
    const starts = new Set<number>();
    for (const tip of tips) {
      const commit = this.commits.peeled(this.find(tip) ?? NONE);
      if (this.commits.isCommit(commit)) starts.add(commit);
    }
    return this.#parts.changedInOrder?.([...starts]) ?? changedInOrder(this, leads, [...starts]);
  }

  #commitsFrom(ids: readonly string[], seen: Uint8Array): number[] {
    const found: number[] = [];
    const waiting: number[] = [];
    const meet = (number: number): void => {
      if (!this.commits.isCommit(number) || seen[number] === 1) return;
      seen[number] = 1;
      waiting.push(number);
    };
    for (const id of ids) meet(this.commits.peeled(this.find(id) ?? NONE));
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

/** Numbers of tips, and the first of them that has none. */
function startsOf(tips: readonly string[], numbers: ObjectNumbers): { starts: number[]; unknown: string | undefined } {
  const starts: number[] = [];
  let unknown: string | undefined;
  for (const tip of tips) {
    const number = numbers.find(tip);
    if (number !== undefined) starts.push(number);
    else unknown ??= tip;
  }
  return { starts, unknown };
}
