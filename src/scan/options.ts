/** What a scan is asked for. */
import type { Readable } from 'node:stream';
import type { RuleSet } from '../model/rule.ts';
import type { Confidence, Severity } from '../model/severity.ts';
import type { Acceptance } from '../policy/triage.ts';
import type { Totals } from './collector.ts';

export interface ScanOptions {
  readonly rules: RuleSet;
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Files and folders; the current folder when empty. */
  readonly paths: readonly string[];
  readonly mode:
    | { readonly kind: 'full'; readonly worktree: boolean; readonly history: boolean }
    | { readonly kind: 'staged' }
    | { readonly kind: 'range'; readonly base: string; readonly head: string }
    /** Commit ids, for a hook: what `from` reach and `without` do not; git tells the hook which objects it is about. */
    | { readonly kind: 'commits'; readonly from: readonly string[]; readonly without: readonly string[] }
    | { readonly kind: 'stdin'; readonly input: Readable; readonly name: string };
  readonly untracked: boolean;
  readonly ignored: boolean;
  /** Also what only reflogs reach, and what nothing reaches. */
  readonly allObjects: boolean;
  /** How the history is read: from the files of the object database, or through git. Both find the same. */
  readonly reader: 'pack' | 'git';
  /** Keeps in the git directory which objects hold nothing, and leaves them out the next time. The text is the engine's version. */
  readonly cache?: string | undefined;
  /** Hash each object of the history, and list those that are not what their id says. */
  readonly verifyObjects: boolean;
  /** Bytes; larger contents are listed as not scanned. */
  readonly maxFileSize: number;
  /** Threads. */
  readonly jobs: number;
  readonly minSeverity: Severity;
  readonly minConfidence: Confidence;
  readonly now: Date;
  /** Milliseconds from a clock that never goes back. */
  readonly clock: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Keep what filters dropped, for people who wonder. */
  readonly explain: boolean;
  /** What policy accepts; nothing when left out. */
  readonly acceptance?: Acceptance | undefined;
  /** The files that policy came from, for the report. */
  readonly policySources?: readonly string[] | undefined;
  /** Told once the totals exist, to watch them. */
  readonly started?: ((totals: Readonly<Totals>) => void) | undefined;
}

/** The reason of a signal that ends a scan by the clock, and not by a person. */
export const OUT_OF_TIME = 'out of time';
