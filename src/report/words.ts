/** Words for codes and numbers, the same in every report for people. */
import type { Reason } from '../model/not-scanned.ts';
import type { State } from '../model/finding.ts';
import { SEVERITIES, type Severity } from '../model/severity.ts';
import type { CheckV1, FindingV1, HalfV1, ReportV1 } from './json-v1.ts';

export const STATE_WORDS: Readonly<Record<State, string>> = {
  head: 'in HEAD',
  branch: 'on another branch',
  tag: 'in a tag',
  history: 'only in history',
  staged: 'staged',
  worktree: 'in the working tree',
  stash: 'only in the stash',
  reflog: 'only in what git left behind',
  unreachable: 'unreachable',
  stdin: 'on standard input',
};

export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  EACCES: 'no permission to read it',
  'ENOENT-RACE': 'it vanished while the scan ran',
  'CHANGED-DURING-READ': 'it changed while it was read',
  'NOT-REGULAR': 'it is no regular file',
  'SYMLINK-OUT': 'it links to a place outside',
  'TOO-DEEP': 'it lies too deep',
  'TOO-LARGE': 'it is larger than allowed',
  'RULE-TIMEOUT': 'a rule took too long',
  'WORKER-LOST': 'a worker died twice on it',
  'OBJECT-MISSING': 'the object is missing',
  'OBJECT-CORRUPT': 'the object is corrupt',
  'REF-BROKEN': 'the ref is broken',
  SHALLOW: 'the clone is shallow',
  PROMISOR: 'the clone is partial',
  'SUBMODULE-ABSENT': 'the submodule is not checked out',
  'GIT-FAILED': 'git failed',
  'GIT-KILLED': 'git was killed',
  'TIME-BUDGET': 'time was up',
  'READ-ERROR': 'it could not be read',
};

/** `1 file`, `1,234 files`, `3 more`. */
export function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 || noun === 'more' ? '' : 's'}`;
}

/** How many places a finding has besides those that were shown; empty for none. */
export function morePlaces({ locations, morePlaces: isCut }: HalfV1, shown: number): string {
  const more = locations.length - shown;
  if (more <= 0) return isCut === true ? 'places that are too many to list' : '';
  return `${isCut === true ? 'more than ' : ''}${count(more, 'more place')}`;
}

/** `1,234,567`. The locale machinery would do it too, at 10 ms for its first number. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Bytes as `1.5 kB` or `3.2 MB`. */
export function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `10 files, 20 blobs, 30 commits, 1.5 MB`, without what there was none of. */
export function scannedWords({ files, blobs, commits, bytes }: Pick<ReportV1['counts'], 'files' | 'blobs' | 'commits' | 'bytes'>): string {
  const units: readonly (readonly [number, string])[] = [
    [files, 'file'],
    [blobs, 'blob'],
    [commits, 'commit'],
  ];
  const words = units.filter(([number]) => number > 0).map(([number, noun]) => count(number, noun));
  return `${words.join(', ') || 'nothing'}, ${megabytes(bytes)}`;
}

/** The name without the mail address. */
export function nameOf(author: string): string {
  return author.replace(/\s*<[^>]*>?$/, '') || author;
}

/** Numbers of findings, the most severe first; none that is 0. */
export function bySeverity(findings: readonly FindingV1[]): [Severity, number][] {
  return SEVERITIES.toReversed()
    .map((severity): [Severity, number] => [severity, findings.filter((finding) => finding.severity === severity).length])
    .filter(([, number]) => number > 0);
}

/** Where it can be seen, since when and for how long; a phrase each. */
export function whenAndWhere({ state, firstSeen, lastSeen, removedIn, daysExposed }: FindingV1): string[] {
  const words = [STATE_WORDS[state]];
  if (firstSeen !== undefined) words.push(`since ${firstSeen.date.slice(0, 10)} in ${firstSeen.commit.slice(0, 10)} by ${nameOf(firstSeen.author)}`);
  if (removedIn !== undefined) words.push(`removed ${removedIn.date.slice(0, 10)} in ${removedIn.commit.slice(0, 10)}`);
  else if (state === 'history' && lastSeen !== undefined) words.push(`last in ${lastSeen.commit.slice(0, 10)}`);
  if (daysExposed !== undefined && daysExposed > 0) words.push(`at least ${count(daysExposed, 'day')}`);
  return words;
}

/** Said where there are findings, before anything else that is to be done. */
export const TREAT_AS_LIVE = 'Keys are not checked online: treat each as live. Revoke first, then clean up.';

/** `The scan is incomplete: 3 units not scanned`. */
export function incompleteWords(notScanned: ReportV1['notScanned']): string {
  return `The scan is incomplete: ${count(notScanned.length, 'unit')} not scanned`;
}

/** The outcome in one sentence. It never reads as clean when something was not scanned. */
export function verdict({ findings, notScanned, scan }: ReportV1): string {
  const missing = notScanned.length > 0 ? `; the scan is incomplete: ${count(notScanned.length, 'unit')} not scanned` : '';
  const incomplete = missing !== '' || scan.complete ? missing : '; the scan is incomplete';
  if (findings.length === 0) return incomplete === '' ? 'No findings' : `No findings in what was scanned${incomplete}`;
  const numbers = bySeverity(findings).map(([severity, number]) => `${grouped(number)} ${severity}`);
  return `${count(findings.length, 'finding')} (${numbers.join(', ')})${incomplete}`;
}

/** `EACCES: no permission to read it; its folder is closed`. */
export function whyNot({ reason, detail }: ReportV1['notScanned'][number]): string {
  return `${reason}: ${REASON_WORDS[reason]}${detail === '' ? '' : `; ${detail}`}`;
}

/** The masked secret; empty where a finding is about a file and no single secret. */
export function maskOf({ kind, redacted }: HalfV1): string {
  return kind === 'check' && redacted === '****' ? '' : redacted;
}

/** The checks that apply to a finding and ask for something, the most severe first. Notes of severity `info` are left to readers who want all. */
export function adviceOf({ checks = [] }: FindingV1): CheckV1[] {
  return checks.filter(({ severity }) => severity !== 'info');
}

/** `Key in a URL: in \`src/api.ts\``. */
export function checkWords({ title, saw }: CheckV1): string {
  return saw === '' ? title : `${title}: ${saw}`;
}

/** The titles alone, where there is no room for more; empty without any. */
export function adviceTitles(finding: FindingV1): string {
  return adviceOf(finding)
    .map(({ title }) => title)
    .join(', ');
}
