/**
 * Where some blobs were, from the graph: the same as `git log --raw -c` and the trees of tips say, without git. Only
 * trees that may hold one of the blobs are looked at, and of those only the entries that lead to one.
 */
import { decodeName } from '../model/file-name.ts';
import type { HistoryGraph } from './history-graph.ts';
import type { Change } from './log.ts';
import { logOrder } from './log-order.ts';
import { IntList } from './store/int-list.ts';
import { KIND, kindOf, nameOf } from './store/tree-graph.ts';

const NONE = -1;
const NO_BYTES = Buffer.alloc(0);
/** Folders in folders. git itself goes no deeper. */
const MAX_DEPTH = 2048;

/** A blob and the path that it has in a commit. */
export interface HeldBlob {
  readonly commit: string;
  readonly blob: string;
  readonly path: string;
}

interface Entry {
  readonly label: number;
  readonly child: number;
}

export class BlobTrails {
  readonly #graph: HistoryGraph;
  /** By number: 1 for the blobs, and for each tree that may hold one. */
  readonly #leads: Uint8Array;
  /** By number, where a tree's list begins in `#log`: how many, then names ascending, each with its label and child. */
  readonly #lists: Int32Array;
  readonly #log = new IntList(1 << 12);
  readonly #noId: string;
  /** Set when folders lay too deep to be looked into. */
  failure: string | undefined;

  constructor(graph: HistoryGraph, blobs: Iterable<string>) {
    this.#graph = graph;
    this.#leads = new Uint8Array(graph.types.length);
    this.#lists = new Int32Array(graph.types.length).fill(NONE);
    this.#noId = '0'.repeat(graph.idLength);
    const targets: number[] = [];
    for (const id of blobs) {
      const number = graph.numbers.find(id);
      if (number !== undefined) targets.push(number);
    }
    this.#spread(targets);
  }

  /** All changes that bring in or take out one of the blobs, newest first, as `findChanges` gives them. */
  changes(tips: readonly string[]): Change[] {
    const { commits, numbers } = this.#graph;
    const found: Change[] = [];
    const starts = tips.map((tip) => numbers.find(tip)).filter((number) => number !== undefined);
    for (const [order, commit] of logOrder(this.#graph, starts).entries()) {
      if (this.#isUnchanged(commit)) continue;
      const parents = Array.from({ length: this.#graph.parentCount(commit) }, (_, index) => commits.parent(commit, index));
      const before = parents.length === 0 ? [NONE] : parents.map((parent) => this.#treeOf(parent));
      const steps: Step[] = [];
      // A list of what is still to be compared, and no recursion: folders may lie deep.
      const open: Pair[] = [{ tree: this.#treeOf(commit), before, path: NO_BYTES, depth: 0 }];
      for (let pair = open.pop(); pair !== undefined; pair = open.pop()) this.#compare(pair, open, steps);
      if (steps.length === 0) continue;
      const common = { commit: numbers.id(commit), parents: parents.map((parent) => numbers.id(parent)), time: commits.time(commit), order };
      for (const { to, from, path } of steps.toSorted((a, b) => a.path.compare(b.path)))
        found.push({ ...common, to: this.#idOf(to), from: from.map((entry) => this.#idOf(entry)), path: decodeName(path) });
    }
    return found;
  }

  /**
   * The blobs in the trees of some commits, each with its path once for each kind of commit, under the first such commit.
   * @param commits with their kinds
   */
  held<Kind extends string>(commits: Iterable<readonly [string, Kind]>): (HeldBlob & { readonly kind: Kind })[] {
    const { numbers, trees } = this.#graph;
    const found: (HeldBlob & { readonly kind: Kind })[] = [];
    const tops = new Map<Kind, Seen>();
    for (const [commit, kind] of commits) {
      const top = tops.get(kind) ?? seenAt(NO_BYTES);
      tops.set(kind, top);
      const open = [{ tree: this.#treeOf(numbers.find(commit) ?? NONE), folder: top, depth: 0 }];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const { tree, folder, depth } = next;
        if (folder.trees.has(tree) || this.#isTooDeep(depth)) continue;
        folder.trees.add(tree);
        this.#each(tree, (label, child) => {
          const name = nameOf(label);
          const place = folder.places.get(name) ?? seenAt(Buffer.concat([folder.path, trees.names.get(name)]));
          folder.places.set(name, place);
          if (kindOf(label) === KIND.folder) {
            place.below ??= seenAt(Buffer.concat([place.path, SLASH]));
            open.push({ tree: child, folder: place.below, depth: depth + 1 });
          } else if (!place.blobs.has(child)) {
            place.blobs.add(child);
            found.push({ commit, blob: numbers.id(child), path: decodeName(place.path), kind });
          }
        });
      }
    }
    return found;
  }

  /** Whether a commit and all its parents surely have the same of what leads to the blobs, as nearly all have. */
  #isUnchanged(commit: number): boolean {
    const { commits } = this.#graph;
    const list = this.#list(this.#treeOf(commit));
    const count = this.#graph.parentCount(commit);
    if (count === 0) return list === NONE;
    for (let index = 0; index < count; index++) if (this.#list(this.#treeOf(commits.parent(commit, index))) !== list) return false;
    return true;
  }

  /** Goes from the blobs up to every tree that has them, has something that has them, or is made from one that has. */
  #spread(targets: readonly number[]): void {
    const above = new Above(this.#graph);
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

  #isTooDeep(depth: number): boolean {
    if (depth <= MAX_DEPTH) return false;
    this.failure = 'folders lie too deep';
    return true;
  }

  #treeOf(commit: number): number {
    const { commits } = this.#graph;
    return commits.isCommit(commit) ? commits.target(commit) : NONE;
  }

  #idOf(entry: Entry | undefined): string {
    return entry === undefined ? this.#noId : this.#graph.numbers.id(entry.child);
  }

  #isTarget(entry: Entry | undefined): boolean {
    return entry !== undefined && kindOf(entry.label) !== KIND.module && entry.child >= 0 && this.#leads[entry.child] === 1;
  }

  /**
   * What differs between a tree and all of those before it. Where it is equal to one of them nothing does, neither here
   * nor below: so does git combine the parents of a merge.
   */
  #compare(pair: Pair, open: Pair[], steps: Step[]): void {
    const { tree, before } = pair;
    if (this.#isTooDeep(pair.depth) || before.includes(tree) || [tree, ...before].every((one) => this.#list(one) === NONE)) return;
    const [first] = before;
    if (before.length === 1 && first !== undefined) return this.#compareTwo(pair, first, open, steps);
    const names = new Set<number>();
    for (const one of [tree, ...before]) this.#each(one, (label) => names.add(nameOf(label)));
    for (const name of names) {
      const now = this.#leading(tree, name);
      // The common case first: it leads somewhere, and is as it was.
      if (now !== undefined && before.some((one) => isSame(this.#leading(one, name), now))) continue;
      this.#compareEntry(pair, name, open, steps);
    }
  }

  /** The same with one tree before, as nearly all commits have it: two lists in one order. */
  #compareTwo(pair: Pair, before: number, open: Pair[], steps: Step[]): void {
    const log = this.#log;
    const [list, other] = [this.#list(pair.tree), this.#list(before)];
    if (list === other) return;
    let at = list + 1;
    let then = other + 1;
    const end = list === NONE ? at : at + 2 * log.at(list);
    const otherEnd = other === NONE ? then : then + 2 * log.at(other);
    while (at < end || then < otherEnd) {
      const name = at < end ? nameOf(log.at(at)) : Number.POSITIVE_INFINITY;
      const otherName = then < otherEnd ? nameOf(log.at(then)) : Number.POSITIVE_INFINITY;
      const least = Math.min(name, otherName);
      if (name !== otherName || log.at(at) !== log.at(then) || log.at(at + 1) !== log.at(then + 1)) this.#compareEntry(pair, least, open, steps);
      if (name === least) at += 2;
      if (otherName === least) then += 2;
    }
  }

  #compareEntry({ tree, before, path: folder, depth }: Pair, name: number, open: Pair[], steps: Step[]): void {
    const now = this.#entry(tree, name);
    const then = before.map((one) => this.#entry(one, name));
    if (then.some((entry) => isSame(entry, now))) return;
    const path = Buffer.concat([folder, this.#graph.trees.names.get(name)]);
    const files = then.map(asFile);
    const file = asFile(now);
    if (!files.some((entry) => isSame(entry, file)) && [file, ...files].some((entry) => this.#isTarget(entry))) {
      // A submodule's commit is none of the blobs: one that comes in a blob's place takes it out.
      steps.push({ to: file !== undefined && kindOf(file.label) === KIND.module ? undefined : file, from: files, path });
    }
    open.push({ tree: asFolder(now), before: then.map(asFolder), path: Buffer.concat([path, SLASH]), depth: depth + 1 });
  }

  #entry(tree: number, name: number): Entry | undefined {
    return this.#graph.trees.has(tree) ? this.#graph.trees.entry(tree, name) : undefined;
  }

  /** The entries of a tree that lead to one of the blobs. */
  #each(tree: number, entry: (label: number, child: number) => void): void {
    const list = this.#list(tree);
    if (list === NONE) return;
    for (let at = list + 1, end = at + 2 * this.#log.at(list); at < end; at += 2) entry(this.#log.at(at), this.#log.at(at + 1));
  }

  /** The one of these that has a name. */
  #leading(tree: number, name: number): Entry | undefined {
    const list = this.#list(tree);
    if (list === NONE) return undefined;
    let low = 0;
    let high = this.#log.at(list);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (nameOf(this.#log.at(list + 1 + 2 * middle)) < name) low = middle + 1;
      else high = middle;
    }
    const at = list + 1 + 2 * low;
    if (low === this.#log.at(list) || nameOf(this.#log.at(at)) !== name) return undefined;
    return { label: this.#log.at(at), child: this.#log.at(at + 1) };
  }

  /** Where a tree's list is; `NONE` when nothing in it leads anywhere. */
  #list(tree: number): number {
    if (tree < 0 || this.#leads[tree] === 0) return NONE;
    if (this.#lists[tree] !== NONE) return this.#lists[tree]!;
    const { trees } = this.#graph;
    const chain: number[] = [];
    for (let at = tree; at !== NONE && this.#leads[at] === 1 && this.#lists[at] === NONE; at = trees.base(at)) chain.push(at);
    for (const at of chain.toReversed()) this.#makeList(at);
    return this.#lists[tree] ?? NONE;
  }

  #makeList(tree: number): void {
    const { trees } = this.#graph;
    const base = trees.base(tree);
    const made: Entry[] = [];
    const changed = new Set<number>();
    trees.eachDropped(tree, (name) => changed.add(name));
    trees.eachAdded(tree, (label, child) => {
      changed.add(nameOf(label));
      if (kindOf(label) !== KIND.module && child >= 0 && this.#leads[child] === 1) made.push({ label, child });
    });
    if (base !== NONE) {
      const own = made.length;
      this.#each(base, (label, child) => {
        if (!changed.has(nameOf(label))) made.push({ label, child });
      });
      // One list for both, so that they are seen to be equal without a look into it.
      const list = this.#list(base);
      if (own === 0 && list !== NONE && made.length === this.#log.at(list)) {
        this.#lists[tree] = list;
        return;
      }
    }
    made.sort((a, b) => a.label - b.label);
    this.#lists[tree] = this.#log.length;
    this.#log.push(made.length);
    for (const { label, child } of made) {
      this.#log.push(label);
      this.#log.push(child);
    }
  }
}

/** A tree to compare with those before it; all are of one folder, whose path ends in a slash. */
interface Pair {
  readonly tree: number;
  readonly before: readonly number[];
  readonly path: Buffer;
  readonly depth: number;
}

interface Step {
  readonly to: Entry | undefined;
  readonly from: readonly (Entry | undefined)[];
  readonly path: Buffer;
}

const SLASH = Buffer.from('/');

/** What has been seen at a path: the trees of a folder, whose path ends in a slash, or the blobs of a file. */
interface Seen {
  readonly path: Buffer;
  readonly trees: Set<number>;
  readonly blobs: Set<number>;
  readonly places: Map<number, Seen>;
  below: Seen | undefined;
}

function seenAt(path: Buffer): Seen {
  return { path, trees: new Set(), blobs: new Set(), places: new Map(), below: undefined };
}

function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.label === b.label && a.child === b.child;
}

function asFile(entry: Entry | undefined): Entry | undefined {
  return entry !== undefined && kindOf(entry.label) !== KIND.folder ? entry : undefined;
}

function asFolder(entry: Entry | undefined): number {
  return entry !== undefined && kindOf(entry.label) === KIND.folder ? entry.child : NONE;
}

/** For each object, the trees whose records name it. */
class Above {
  readonly #starts: Int32Array;
  readonly #trees: Int32Array;

  constructor(graph: HistoryGraph) {
    const total = graph.types.length;
    const starts = new Int32Array(total + 1);
    eachEdge(graph, (child) => starts[child + 1]!++);
    for (let number = 0; number < total; number++) starts[number + 1]! += starts[number]!;
    const filled = starts.slice(0, total);
    this.#trees = new Int32Array(starts[total]!);
    eachEdge(graph, (child, tree) => {
      this.#trees[filled[child]!] = tree;
      filled[child]!++;
    });
    this.#starts = starts;
  }

  each(number: number, tree: (tree: number) => void): void {
    for (let at = this.#starts[number]!; at < this.#starts[number + 1]!; at++) tree(this.#trees[at]!);
  }
}

function eachEdge({ trees, types }: HistoryGraph, edge: (child: number, tree: number) => void): void {
  for (let tree = 0; tree < types.length; tree++) {
    if (!trees.has(tree)) continue;
    trees.eachAdded(tree, (label, child) => {
      if (child >= 0 && kindOf(label) !== KIND.module) edge(child, tree);
    });
    if (trees.base(tree) !== NONE) edge(trees.base(tree), tree);
  }
}
