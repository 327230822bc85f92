/** What leads to some objects: trees that may hold them, and of each such tree the entries that do. */
import { IntList } from './int-list.ts';
import { KIND } from './tree-entries.ts';
import { kindOf, nameOf, type TreeRecords } from './tree-graph.ts';

const NONE = -1;

export interface Leads {
  /** Whether a number is one of the objects, or a tree that may hold one: also one that is made from such a tree. */
  has(number: number): boolean;
  /**
   * Where a tree's list begins; -1 when nothing in it leads anywhere. Trees of which the same entries lead on have one list
   * wherever that is easily seen.
   */
  list(tree: number): number;
  /** A number of a list: how many entries, then their labels ascending, each with its child. */
  at(index: number): number;
}

export class PlainLeads implements Leads {
  readonly #trees: TreeRecords;
  readonly #total: number;
  readonly #leads: Uint8Array;
  readonly #lists: Int32Array;
  readonly #log = new IntList(1 << 12);

  /** @param total how many numbers there are */
  constructor(trees: TreeRecords, total: number, targets: readonly number[]) {
    this.#trees = trees;
    this.#total = total;
    this.#leads = new Uint8Array(total);
    this.#lists = new Int32Array(total).fill(NONE);
    this.#spread(targets);
  }

  has(number: number): boolean {
    return this.#leads[number] === 1;
  }

  at(index: number): number {
    return this.#log.at(index);
  }

  list(tree: number): number {
    if (tree < 0 || this.#leads[tree] === 0 || !this.#trees.has(tree)) return NONE;
    if (this.#lists[tree] !== NONE) return this.#lists[tree]!;
    const chain: number[] = [];
    for (let at = tree; at !== NONE && this.#leads[at] === 1 && this.#lists[at] === NONE; at = this.#trees.base(at)) chain.push(at);
    for (const at of chain.toReversed()) this.#makeList(at);
    return this.#lists[tree] ?? NONE;
  }

  /** Goes from the objects up to every tree that has them, has something that has them, or is made from one that has. */
  #spread(targets: readonly number[]): void {
    const above = new Above(this.#trees, this.#total);
    const waiting = [...targets];
    for (const number of targets) this.#leads[number] = 1;
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      above.each(number, (tree) => {
        if (this.#leads[tree] !== 0) return;
        this.#leads[tree] = 1;
        waiting.push(tree);
      });
    }
  }

  #makeList(tree: number): void {
    const trees = this.#trees;
    const log = this.#log;
    const base = trees.base(tree);
    const made: { label: number; child: number }[] = [];
    const changed = new Set<number>();
    trees.eachDropped(tree, (name) => changed.add(name));
    trees.eachAdded(tree, (label, child) => {
      changed.add(nameOf(label));
      if (kindOf(label) !== KIND.module && child >= 0 && this.#leads[child] === 1) made.push({ label, child });
    });
    const list = this.list(base);
    if (list !== NONE) {
      const own = made.length;
      for (let at = list + 1, end = at + 2 * log.at(list); at < end; at += 2) {
        const label = log.at(at);
        if (!changed.has(nameOf(label))) made.push({ label, child: log.at(at + 1) });
      }
      // One list for both, so that they are seen to be equal without a look into it.
      if (own === 0 && made.length === log.at(list)) {
        this.#lists[tree] = list;
        return;
      }
    }
    made.sort((a, b) => a.label - b.label);
    this.#lists[tree] = log.length;
    log.push(made.length);
    for (const { label, child } of made) {
      log.push(label);
      log.push(child);
    }
  }
}

/** For each object, the trees whose records name it. */
class Above {
  readonly #starts: Int32Array;
  readonly #trees: Int32Array;

  constructor(trees: TreeRecords, total: number) {
    const starts = new Int32Array(total + 1);
    eachEdge(trees, total, (child) => starts[child + 1]!++);
    for (let number = 0; number < total; number++) starts[number + 1]! += starts[number]!;
    const filled = starts.slice(0, total);
    this.#trees = new Int32Array(starts[total]!);
    eachEdge(trees, total, (child, tree) => {
      this.#trees[filled[child]!] = tree;
      filled[child]!++;
    });
    this.#starts = starts;
  }

  each(number: number, tree: (tree: number) => void): void {
    for (let at = this.#starts[number]!; at < this.#starts[number + 1]!; at++) tree(this.#trees[at]!);
  }
}

function eachEdge(trees: TreeRecords, total: number, edge: (child: number, tree: number) => void): void {
  for (let tree = 0; tree < total; tree++) {
    if (!trees.has(tree)) continue;
    trees.eachAdded(tree, (label, child) => {
      if (child >= 0 && kindOf(label) !== KIND.module) edge(child, tree);
    });
    if (trees.base(tree) !== NONE) edge(trees.base(tree), tree);
  }
}
