/** The order in which `git log --topo-order` shows commits: what is asked for first, and each before its parents. */
import type { HistoryGraph } from './history-graph.ts';

/**
 * Commits that some tips reach, tags followed, by number. A commit comes when all its children have come; of several that may come, the
 * one that was freed last, and before any was freed the newest, of equal dates the one whose tip came first.
 */
export function logOrder(graph: HistoryGraph, tips: readonly number[]): number[] {
  const { commits } = graph;
  const seen = new Uint8Array(graph.types.length);
  const met: number[] = [];
  const meet = (commit: number): void => {
    if (!commits.isCommit(commit) || seen[commit] === 1) return;
    seen[commit] = 1;
    met.push(commit);
  };
  for (const tip of tips) meet(commits.peeled(tip));
  // What no other leads to is one of the tips.
  const starts = [...met];
  /** By number, how many children have not come. All parents of what was met were met too, but for what is not there. */
  const waiting = new Int32Array(graph.types.length);
  for (let commit = met.pop(); commit !== undefined; commit = met.pop()) {
    for (let index = 0; index < graph.parentCount(commit); index++) {
      const parent = commits.parent(commit, index);
      if (parent >= 0) waiting[parent]!++;
      meet(parent);
    }
  }
  const stack = starts
    .filter((commit) => waiting[commit] === 0)
    .map((commit) => ({ commit, date: commits.time(commit) || 0 }))
    .toSorted((a, b) => Number(a.date < b.date) - Number(a.date > b.date))
    .toReversed()
    .map(({ commit }) => commit);
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
