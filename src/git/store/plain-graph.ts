/** The graph of a history without WebAssembly, and the oracle of `kernel-graph.ts`. */
import { CommitGraph } from './commit-graph.ts';
import type { GraphChoice, GraphParts, Reach } from './graph-parts.ts';
import { IntList } from './int-list.ts';
import { PlainLeads } from './leads.ts';
import { objectTypes, walkLinks } from './links.ts';
import { TYPE } from './pack-entry.ts';
import { KIND, PlainEntries } from './tree-entries.ts';
import { kindOf, TreeGraph } from './tree-graph.ts';
import { append } from '../../model/append.ts';

const NONE = -1;

export function plainGraph({ store, numbers, shallow, starts, told }: GraphChoice): GraphParts {
  const types = objectTypes(store, numbers);
  const marks = new Uint8Array(types.length);
  for (const number of starts) marks[number] = 1;
  const commits = new CommitGraph(numbers, store.hashBytes, types.length, (number, type, bytes) => {
    // Children come before parents in what git packs, so one look is nearly always enough.
    if (marks[number] === 1 && commits.has(number)) {
      mark(marks, commits.target(number));
      const count = shallow.has(number) ? 0 : commits.parentCount(number);
      for (let index = 0; index < count; index++) mark(marks, commits.parent(number, index));
    }
    told(number, type, bytes, marks[number] === 1);
  });
  const unreadable = walkLinks(store, numbers, types, [TYPE.commit, TYPE.tag], commits);
  const trees = new TreeGraph(new PlainEntries(numbers, store.hashBytes), types.length);
  append(unreadable, walkLinks(store, numbers, types, [TYPE.tree], trees));
  const reach = new ReachWalk(types, commits, trees, shallow);
  reach.run(starts);
  return { types, commits, trees, unreadable, reach, leadsTo: (targets) => new PlainLeads(trees, types.length, targets) };
}

function mark(marks: Uint8Array, number: number): void {
  if (number >= 0) marks[number] = 1;
}

/** Goes from the tips to everything that they reach. */
class ReachWalk implements Reach {
  readonly reached: Uint8Array;
  readonly missing = new Set<number>();
  readonly mistyped = new Set<number>();
  failed: number | undefined;
  missingTree: number | undefined;
  readonly #types: Uint8Array;
  readonly #commits: CommitGraph;
  readonly #trees: TreeGraph;
  readonly #shallow: ReadonlySet<number>;
  readonly #waiting = new IntList();
  /** Reached trees whose base was not reached when they were. */
  readonly #onBases = new IntList();

  constructor(types: Uint8Array, commits: CommitGraph, trees: TreeGraph, shallow: ReadonlySet<number>) {
    this.#types = types;
    this.#commits = commits;
    this.#trees = trees;
    this.#shallow = shallow;
    this.reached = new Uint8Array(types.length);
  }

  run(starts: readonly number[]): void {
    const trees = this.#trees;
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
    const commits = this.#commits;
    const trees = this.#trees;
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
    const commits = this.#commits;
    const target = commits.target(number);
    this.#reach(target);
    if (!commits.isCommit(number)) return;
    this.#expectNames(target, TYPE.tree);
    this.#noteTree(target);
    for (let index = 0, count = this.#shallow.has(number) ? 0 : commits.parentCount(number); index < count; index++) {
      const parent = commits.parent(number, index);
      // Without it nobody knows what came before, so nothing is left out for not being reached.
      if (parent < 0 || this.#types[parent] === TYPE.none) this.#fail(parent);
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
    const is = this.#types[number];
    return is !== type && is !== TYPE.none;
  }

  #noteTree(number: number): void {
    if (!this.#trees.has(number)) this.missingTree ??= number;
  }

  #reach(number: number): void {
    if (number < 0) this.missing.add(number);
    else if (this.reached[number] === 0) {
      this.reached[number] = 1;
      if (this.#types[number] === TYPE.none) this.missing.add(number);
      else if (this.#types[number] !== TYPE.blob) this.#waiting.push(number);
    }
  }

  #fail(number: number): void {
    this.failed ??= number;
  }
}
