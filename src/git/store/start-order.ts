/** Which of the commits that no other leads to come first in a log. */
import type { Commits } from './commit-graph.ts';

/** The newest first; of equal dates the one that was named first. */
export function startOrder(starts: readonly number[], commits: Commits): number[] {
  return starts
    .map((commit) => ({ commit, date: commits.time(commit) || 0 }))
    .toSorted((a, b) => Number(a.date < b.date) - Number(a.date > b.date))
    .map(({ commit }) => commit);
}
