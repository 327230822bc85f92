/** The order in which `git log --topo-order` shows commits: what is asked for first, and each before its parents. */
import type { HistoryGraph } from './history-graph.ts';

/** Commits that some tips reach, tags followed, by number. */
export function logOrder(graph: HistoryGraph, tips: readonly number[]): number[] {
  return children(graph, byDate(graph, tips));
}

/** All of them, newest first as far as the walk has come; of equal dates what was met first. */
function byDate(graph: HistoryGraph, tips: readonly number[]): number[] {
  const { commits } = graph;
  const seen = new Uint8Array(graph.types.length);
  const queue = new DateQueue((commit) => commits.time(commit) || 0);
  const meet = (commit: number): void => {
    if (!commits.isCommit(commit) || seen[commit] === 1) return;
    seen[commit] = 1;
    queue.push(commit);
  };
  for (const tip of tips) meet(commits.peeled(tip));
  const order: number[] = [];
  for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
    order.push(commit);
    for (let index = 0; index < graph.parentCount(commit); index++) meet(commits.parent(commit, index));
  }
  return order;
}

/** A commit comes when all its children have come; of several that may come, the one that was freed last. */
function children(graph: HistoryGraph, list: readonly number[]): number[] {
  const { commits } = graph;
  /** By number, how many children have not come. All parents of what is listed are listed too, but for what is not there. */
  const waiting = new Int32Array(graph.types.length);
  for (const commit of list) {
    for (let index = 0; index < graph.parentCount(commit); index++) {
      const parent = commits.parent(commit, index);
      if (parent >= 0) waiting[parent]!++;
    }
  }
  const stack = list.filter((commit) => waiting[commit] === 0).toReversed();
  const order: number[] = [];
  for (let commit = stack.pop(); commit !== undefined; commit = stack.pop()) {
    order.push(commit);
    for (let index = 0; index < graph.parentCount(commit); index++) {
      const parent = commits.parent(commit, index);
      if (parent < 0 || !commits.isCommit(parent)) continue;
      if (--waiting[parent]! === 0) stack.push(parent);
    }
  }
  return order;
}

/** A heap: the newest first, of equal dates the one that came first. */
class DateQueue {
  readonly #dateOf: (commit: number) => number;
  readonly #heap: { readonly commit: number; readonly date: number; readonly turn: number }[] = [];
  #turns = 0;

  constructor(dateOf: (commit: number) => number) {
    this.#dateOf = dateOf;
  }

  push(commit: number): void {
    const item = { commit, date: this.#dateOf(commit), turn: this.#turns++ };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(item);
    for (let up = (at - 1) >> 1; at > 0 && isBefore(item, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = item;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const [top] = heap;
    const item = heap.pop();
    if (top === undefined || item === undefined || heap.length === 0) return top?.commit;
    let at = 0;
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && isBefore(heap[down + 1]!, heap[down]!)) down++;
      if (!isBefore(heap[down]!, item)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = item;
    return top.commit;
  }
}

interface Dated {
  readonly date: number;
  readonly turn: number;
}

function isBefore(a: Dated, b: Dated): boolean {
  return a.date === b.date ? a.turn < b.turn : a.date > b.date;
}
