/** The order in which `git log --topo-order` shows commits: what is asked for first, and each before its parents. */
import type { HistoryGraph } from './history-graph.ts';
import type { CommitPlace } from './store/graph-parts.ts';
import type { Leads } from './store/leads.ts';
import { startOrder } from './store/start-order.ts';

const NONE = -1;

/**
 * Of the commits that some commits reach, in this order, those in which something leads elsewhere than in one of their parents: a few
 * of all. The plain form of `kernel/assembly/log-order.ts`, and its oracle.
 * @param starts each once
 */
export function changedInOrder(graph: HistoryGraph, leads: Leads, starts: readonly number[]): CommitPlace[] {
  const places = logOrder(graph, starts).map((commit, order) => ({ order, commit }));
  return places.filter(({ commit }) => !isUnchanged(graph, leads, commit));
}

/**
 * A commit comes when all its children have come; of several that may come, the one that was freed last, and before any was freed the
 * newest, of equal dates the one that was named first.
 */
function logOrder(graph: HistoryGraph, tips: readonly number[]): number[] {
  const { commits } = graph;
  const seen = new Uint8Array(graph.types.length);
  const met: number[] = [];
  const meet = (commit: number): void => {
    if (!commits.isCommit(commit) || seen[commit] === 1) return;
    seen[commit] = 1;
    met.push(commit);
  };
  for (const tip of tips) meet(tip);
  /** By number, how many children have not come. All parents of what was met were met too, but for what is not there. */
  const waiting = new Int32Array(graph.types.length);
  for (let commit = met.pop(); commit !== undefined; commit = met.pop()) {
    for (let index = 0; index < graph.parentCount(commit); index++) {
      const parent = commits.parent(commit, index);
      if (parent >= 0) waiting[parent]!++;
      meet(parent);
    }
  }
  // What no other leads to is one of the tips.
  const first = tips.filter((commit) => waiting[commit] === 0);
  const stack = startOrder(first, commits).toReversed();
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

/** Whether a commit and all its parents have the same of what leads on. */
function isUnchanged(graph: HistoryGraph, leads: Leads, commit: number): boolean {
  const list = leads.list(treeOf(graph, commit));
  const count = graph.parentCount(commit);
  if (count === 0) return list === NONE;
  for (let index = 0; index < count; index++) if (leads.list(treeOf(graph, graph.commits.parent(commit, index))) !== list) return false;
  return true;
}

function treeOf({ commits }: HistoryGraph, commit: number): number {
  return commits.isCommit(commit) ? commits.target(commit) : NONE;
}
