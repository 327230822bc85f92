/** What a graph of a history is made of, whoever reads it. */
import type { Commits } from './commit-graph.ts';
import type { Leads } from './leads.ts';
import type { ObjectNumbers } from './numbers.ts';
import type { ObjectStore } from './object-store.ts';
import type { TreeRecords } from './tree-graph.ts';

/** Takes texts of many commits at once. */
export interface TextsTaken {
  /** Also of commits that nothing leads to. Of others those that come by before what leads to them are taken last, by number, as far as there is room for them. */
  readonly all: boolean;
  /**
   * @param joined the texts, one after the other and a line feed behind each; valid until this returns
   * @param items of each text three numbers: its commit, whether it is the message (0) or one of its people (1), where it
   * ends. A commit's message comes last, and each person once.
   * @param idOf id of a number
   */
  take(joined: Buffer, items: Int32Array, idOf: (number: number) => string): void;
}

export interface GraphChoice {
  readonly store: ObjectStore;
  readonly numbers: ObjectNumbers;
  /** Commits whose parents the history does not have. */
  readonly shallow: ReadonlySet<number>;
  readonly starts: readonly number[];
  /** Told of each commit and tag, with a type code, most of them after something that reaches them, but for what `texts` takes. */
  readonly told: (number: number, type: number, bytes: Buffer, isReached: boolean) => void;
  readonly texts: TextsTaken | undefined;
}

export interface GraphParts {
  /** Type code of every object, by number. */
  readonly types: Uint8Array;
  /** To be asked for anew after each question, as `trees`. */
  readonly commits: Commits;
  readonly trees: TreeRecords;
  /** Commits, tags and trees of which no copy can be read, reached or not. */
  readonly unreadable: readonly number[];
  readonly reach: Reach;
  /** What it lies in, where that is the kernel's: a question may make it grow. */
  readonly memory?: WebAssembly.Memory;
  /** What leads to some objects. Of the last question only. */
  leadsTo(targets: readonly number[]): Leads;
  /** See `changedInOrder`, of the objects that were last asked about. Undefined where that is to be asked commit by commit. */
  changedInOrder?(commits: readonly number[]): CommitPlace[];
}

/** A commit, and how many others come before it in some order. */
export interface CommitPlace {
  readonly order: number;
  readonly commit: number;
}

/** What the tips reach. */
export interface Reach {
  /** By number: 1 for what is reached. */
  readonly reached: Uint8Array;
  /** Named by what is reached, but not there, or of no type that can be found out. */
  readonly missing: Iterable<number>;
  /** One flipped bit makes a blob a tree: what reaches an object says better than its header what it is. */
  readonly mistyped: ReadonlySet<number>;
  /** Something that would name more and could not be read. */
  readonly failed: number | undefined;
  readonly missingTree: number | undefined;
}
