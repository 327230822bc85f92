/** Everything a scan has to say. `report/` turns it into text; nothing else reads it. */
import type { Finding, Suppressed } from './finding.ts';
import type { NotScanned } from './not-scanned.ts';

/** Units are files, blobs, commits, tags and ref names. `units = scanned + notScanned + excluded`, always. */
export interface Counts {
  readonly files: number;
  readonly blobs: number;
  readonly commits: number;
  readonly bytes: number;
  readonly matchedBytes: number;
}

/** A hit that is no finding, and why. */
export interface DroppedHit {
  readonly file: string;
  /** Byte offset of the hit. */
  readonly offset: number;
  readonly ruleId: string;
  readonly filter: string;
  readonly reason: string;
}

export type SourceName = 'worktree' | 'history' | 'staged' | 'range' | 'stdin' | 'files';

export interface Report {
  readonly target: string;
  readonly sources: readonly SourceName[];
  /** Nothing asked for was left out. */
  readonly complete: boolean;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly head?: string;
  /** `sha256:…` over the active rules. */
  readonly rules: string;
  readonly activeRules: number;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  /** Accepted by policy, in the order of findings. */
  readonly suppressed: readonly Suppressed[];
  /** The files that policy came from, and where they were read; empty without any. */
  readonly policy: readonly string[];
  readonly notScanned: readonly NotScanned[];
  /** Units left out on purpose, by reason. */
  readonly excluded: Readonly<Record<string, number>>;
  /** Pattern hits that filters dropped; only when asked for. */
  readonly dropped: readonly DroppedHit[];
  /** Things worth saying that are no fault: "the repository has no commits yet". */
  readonly notes: readonly string[];
}
