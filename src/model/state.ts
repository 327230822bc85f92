/** Where something can be seen. */

/** From the most to the least exposed. A finding's state is the first one that any of its places has. */
export const STATES = ['head', 'branch', 'tag', 'history', 'staged', 'worktree', 'stash', 'reflog', 'unreachable', 'stdin'] as const;
export type State = (typeof STATES)[number];

/** What is there now, of one path the deciding one first: what is on disk, then what will be committed, then what is. */
export const STATES_TODAY: readonly State[] = ['worktree', 'staged', 'head', 'branch', 'stdin'];

/** Negative when `a` is more exposed than `b`. */
export function compareState(a: State, b: State): number {
  return STATES.indexOf(a) - STATES.indexOf(b);
}
