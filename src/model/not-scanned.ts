/** What was asked for and not looked at. One reason code each; only `report/` makes sentences of them. */
export const REASONS = [
  'EACCES',
  'ENOENT-RACE',
  'CHANGED-DURING-READ',
  'NOT-REGULAR',
  'SYMLINK-OUT',
  'TOO-DEEP',
  'TOO-LARGE',
  'RULE-TIMEOUT',
  'WORKER-LOST',
  'OBJECT-MISSING',
  'OBJECT-CORRUPT',
  'REF-BROKEN',
  'SHALLOW',
  'PROMISOR',
  'SUBMODULE-ABSENT',
  'GIT-FAILED',
  'GIT-KILLED',
  'TIME-BUDGET',
  'READ-ERROR',
] as const;
export type Reason = (typeof REASONS)[number];

export interface NotScanned {
  /** A path, an object id, a ref name, or the name of a source. */
  readonly unit: string;
  readonly reason: Reason;
  /** Cause and next step in words, without any scanned text. */
  readonly detail: string;
}
