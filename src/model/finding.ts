/**
 * A finding is one secret under one rule with all its places. Before it is one, it is a candidate: a place where a
 * rule's pattern held and no filter objected.
 */
import type { InlineComment } from './inline-comment.ts';
import type { Span } from './origin.ts';
import type { PathCondition, Rule } from './rule.ts';
import type { Secret } from './secret.ts';
import type { Confidence, Severity } from './severity.ts';
import type { State } from './state.ts';

export { compareState, STATES, type State } from './state.ts';

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
  /** Its own name says whose it is: more than a provider that is named near by. */
  readonly named?: true;
  readonly confidence: Confidence;
  /** Set where it was found in what something in the content encodes. `span` is that of the encoded text all the same. */
  readonly inside?: Inside;
}

/** A text that was decoded, and where in it a candidate is. */
export interface Inside {
  readonly bytes: Buffer;
  readonly span: Span;
  /** From a part of the text to the part of the content that it was made of. */
  source(span: Span): Span;
  /** It says more than the encoded text does by itself. */
  readonly isBetter: boolean;
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

/**
 * What stands around a sighting in its content. What it means is decided together with the path, once that is known.
 * Plain data, since it crosses threads.
 */
export interface Circumstances {
  /** Checks that saw something on the lines around, by rule id, each with what it saw in words. */
  readonly marks: Readonly<Record<string, string>>;
  /** Signs, anywhere in the content, that it is sent to browsers, or stays on a server. */
  readonly browser: readonly string[];
  readonly server: readonly string[];
  /** The environment that the sections are for in which the value stands; absent where they name none. */
  readonly environment?: EnvironmentClass;
}

/** What a file, or a part of it, is for. */
export type EnvironmentClass = 'production' | 'staging' | 'test' | 'development' | 'unknown';

/** Who issued a credential, and how it is revoked there. Plain data, since it crosses threads. */
export type Issuer = Pick<Rule, 'provider' | 'revoke'>;

/** The one that a rule names. */
export function issuerOf({ provider, revoke }: Issuer): Issuer {
  return { provider, ...(revoke === undefined ? {} : { revoke }) };
}

/**
 * What claims the same bytes more surely, under paths that were not known: of its rule, or all that its own rivals leave it.
 * Plain data, since it crosses threads.
 */
export interface Rival {
  readonly paths?: PathCondition | undefined;
  readonly rivals?: readonly Rival[] | undefined;
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
  /** Set where what stands around it names somebody, and the rule that found it is about anybody's. */
  readonly issuer?: Issuer;
  /** Set where its length and alphabet alone say whose it is, of a family whose keys look alike. */
  readonly byShape?: true;
  /** Ignore comments whose lines it stands in; absent where there are none. */
  readonly comments?: readonly InlineComment[];
  readonly circumstances?: Circumstances;
  /** Where one of them stands it does not. Absent where there are none, and where the path was known. */
  readonly rivals?: readonly Rival[];
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

/** A check that applies to a finding: what makes it worse, and what else is to be done. It is no finding of its own. */
export interface Advice {
  /** The check's rule: title, why it matters, what to do. */
  readonly rule: Rule;
  readonly severity: Severity;
  /** What the check saw, in words. Never holds a secret. */
  readonly saw: string;
}

/** What git says of a file that should not be in a repository, for the commands that mend it. */
export interface Tracking {
  /** It is in the index. */
  readonly tracked: boolean;
  /** Ignore rules cover the path already. */
  readonly ignored: boolean;
  /** The line that makes git ignore it, and the file to write it to; relative to the root. */
  readonly line: string;
  readonly file: string;
  /** A line that takes the path back in, `file:line`, and must go first. */
  readonly undo?: string;
}

export interface Finding {
  readonly id: string;
  /** The id of a secret's finding: in all its places this one is the public half of a pair that stands beside that secret. */
  readonly halfOf?: string;
  /** Halves that are told in this finding, whole, and are no findings of their own. */
  readonly halves?: readonly Finding[];
  /** The ids that it would have if one of its other files named it: what an entry written before a move knows it by. */
  readonly otherIds: readonly string[];
  /** The ignore comments that together cover every place at which it is today; absent where one is not covered. */
  readonly allowed?: readonly InlineComment[];
  readonly rule: Rule;
  /** See `Sighting.issuer`. */
  readonly issuer?: Issuer;
  readonly secret: Secret;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly state: State;
  readonly evidence: readonly string[];
  /** Checks that apply, the most severe first. */
  readonly checks: readonly Advice[];
  /** For findings about env files in a repository. */
  readonly tracking?: Tracking;
  readonly locations: readonly Location[];
  /** It stands in more places than `locations` tells of: too many to list, or to know. */
  readonly morePlaces?: true;
  readonly firstSeen?: CommitStamp;
  readonly lastSeen?: CommitStamp;
  /** The commit that took it out, where no branch, tag or stash holds it any more. It can still be read in the history. */
  readonly removedIn?: CommitStamp;
  /** Whole days from `firstSeen` to now: what is in the history can be read until it is revoked. */
  readonly daysExposed?: number;
}

/** Each finding behind it with the halves that it tells of: what can be accepted by itself. */
export function withHalves<One extends { readonly halves?: readonly One[] | undefined }>(findings: readonly One[]): One[] {
  return findings.flatMap((finding) => [finding, ...(finding.halves ?? [])]);
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
