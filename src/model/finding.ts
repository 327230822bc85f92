/**
 * A finding is one secret under one rule with all its places. Before it is one, it is a candidate: a place where a
 * rule's pattern held and no filter objected.
 */
import type { InlineComment } from './inline-comment.ts';
import type { Span } from './origin.ts';
import type { Rule } from './rule.ts';
import type { Secret } from './secret.ts';
import type { Confidence, Severity } from './severity.ts';

/** A place where a rule's pattern matched. Nothing has judged its surroundings yet. */
export interface Candidate {
  readonly rule: Rule;
  readonly secret: Secret;
  readonly span: Span;
  /** The variable, property or header that the value is given to, as written; empty when there is none. */
  readonly name: string;
  /** What detection saw, in words. */
  readonly evidence: readonly string[];
  /** A checksum or exact structure held: no context is needed to believe it. */
  readonly proven: boolean;
  readonly confidence: Confidence;
}

/** A pattern hit that a filter dropped, for `--explain`. */
export interface Dropped {
  readonly rule: Rule;
  readonly span: Span;
  readonly filter: string;
  readonly reason: string;
}

/** A half-open text range for people: lines and columns from 1, columns in characters, `endColumn` one past the end. */
export interface TextRange {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A candidate after classification: whose it is and where it stands in its content. */
export interface Sighting {
  readonly rule: Rule;
  readonly secret: Secret;
  readonly span: Span;
  readonly range: TextRange;
  readonly name: string;
  readonly evidence: readonly string[];
  readonly confidence: Confidence;
  readonly severity: Severity;
  /** Ignore comments whose lines it stands in; absent where there are none. */
  readonly comments?: readonly InlineComment[];
}

/** From the most to the least exposed. A finding's state is the first one that any of its places has. */
export const STATES = ['head', 'branch', 'tag', 'history', 'staged', 'worktree', 'stash', 'reflog', 'unreachable', 'stdin'] as const;
export type State = (typeof STATES)[number];

/** Negative when `a` is more exposed than `b`. */
export function compareState(a: State, b: State): number {
  return STATES.indexOf(a) - STATES.indexOf(b);
}

export interface Location extends TextRange {
  /** Relative path, or a name in angle brackets for places outside files. */
  readonly file: string;
  readonly state: State;
  readonly commit?: string;
  readonly blob?: string;
}

/** A commit as evidence: who and when. `date` is ISO 8601 in UTC, or the raw text when git's is out of range. */
export interface CommitStamp {
  readonly commit: string;
  readonly author: string;
  readonly date: string;
}

export interface Finding {
  readonly id: string;
  /** The ids that it would have if one of its other files named it: what an entry written before a move knows it by. */
  readonly otherIds: readonly string[];
  /** The ignore comments that together cover every place at which it is today; absent where one is not covered. */
  readonly allowed?: readonly InlineComment[];
  readonly rule: Rule;
  readonly secret: Secret;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly state: State;
  readonly evidence: readonly string[];
  readonly locations: readonly Location[];
  readonly firstSeen?: CommitStamp;
  readonly lastSeen?: CommitStamp;
  /** The commit that took it out, where no branch, tag or stash holds it any more. It can still be read in the history. */
  readonly removedIn?: CommitStamp;
  /** Whole days from `firstSeen` to now: what is in the history can be read until it is revoked. */
  readonly daysExposed?: number;
}

/** Who accepted a finding: a comment beside it, the ignore file, the baseline, or a path that policy leaves out. */
export const SUPPRESSORS = ['inline', 'ignore-file', 'baseline', 'exclude'] as const;
export type Suppressor = (typeof SUPPRESSORS)[number];

/** A finding that somebody accepted: counted and listed on request, and no reason to fail. */
export interface Suppressed {
  readonly finding: Finding;
  readonly by: Suppressor;
  /** Empty where none was given. */
  readonly reason: string;
  /** The last day on which it is accepted; absent for no end. */
  readonly until?: string;
}
