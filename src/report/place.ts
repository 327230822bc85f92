/**
 * The one place that a format with one place a finding shows. A place is current when its line can be looked at in the
 * files that are checked out, staged or given; anything else is history, and gets a path that no current file has.
 */
import type { State } from '../model/finding.ts';
import { compareSeverity } from '../model/severity.ts';
import type { FindingV1, HalfV1, LocationV1 } from './json-v1.ts';
import { adviceTitles, maskOf, morePlaces, STATE_WORDS } from './words.ts';

const CURRENT: ReadonlySet<State> = new Set(['head', 'staged', 'worktree', 'stdin']);
/** Stands before the paths of places that are not in the current files: a line there must not be looked up in them. */
export const HISTORY_FOLDER = 'git-history';

export interface Place extends LocationV1 {
  readonly current: boolean;
  /** The file, or `git-history/COMMIT/FILE` for a place that is not current. */
  readonly path: string;
}

const NOWHERE: LocationV1 = { file: '<unknown>', startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, state: 'unreachable' };

export function placeOf(finding: HalfV1): Place {
  const current = finding.locations.find(isCurrent);
  const location = current ?? finding.locations[0] ?? NOWHERE;
  const commit = location.commit ?? finding.lastSeen?.commit ?? finding.firstSeen?.commit;
  const path = [HISTORY_FOLDER, ...(commit === undefined ? [] : [commit.slice(0, 10)]), location.file].join('/');
  return {
    ...location,
    ...(commit === undefined ? {} : { commit }),
    current: current !== undefined,
    path: current === undefined ? path : location.file,
  };
}

/** No place of it is in the current files. */
export function isOnlyHistory(finding: FindingV1): boolean {
  return !finding.locations.some(isCurrent);
}

function isCurrent(location: LocationV1): boolean {
  return CURRENT.has(location.state) && !isOutsideFiles(location);
}

/** Commit messages, tags, authors and refs: in angle brackets, and unlike a file of that name in no blob and on no disk. */
export function isOutsideFiles({ file, state, blob }: LocationV1): boolean {
  return /^<.*>$/s.test(file) && blob === undefined && state !== 'worktree' && state !== 'staged' && state !== 'stdin';
}

/** A stable order, so that a cut takes the least severe ones. */
export function mostSevereFirst(findings: readonly FindingV1[]): FindingV1[] {
  return findings.toSorted((a, b) => compareSeverity(b.severity, a.severity));
}

/**
 * A finding in a sentence or two for formats that have one text for it: what, whose, where, what to do. Where it stands
 * is only said when the format's own fields cannot.
 */
export function messageOf(finding: FindingV1, place: Place): string {
  const mask = maskOf(finding);
  const secret = mask === '' ? '' : ` ${mask}`;
  const since = finding.firstSeen === undefined ? '' : `, since ${finding.firstSeen.date.slice(0, 10)}`;
  const where = place.current ? '' : `, ${placeWords(place)}`;
  const others = morePlaces(finding, 1);
  const more = others === '' ? '' : `, and ${others}`;
  const halves = (finding.halves ?? []).map((half) => `, with ${halfWords(half)}`).join('');
  const also = adviceTitles(finding);
  return `${finding.title}${secret} (${finding.provider}, ${finding.confidence} confidence), ${STATE_WORDS[finding.state]}${since}${where}${more}${halves}. ${finding.remedy.revoke}${also === '' ? '' : ` Also: ${also}.`}`;
}

/** `src/pay.ts:3`, and the commit where the current file is another one. */
function placeWords({ file, startLine, current, commit }: Place): string {
  return `${file}:${startLine}${current || commit === undefined ? '' : ` of commit ${commit.slice(0, 10)}`}`;
}

/** The public half of a pair and where it stands: `AWS access key id AKIA**** in config.ini:2 and 3 more places`. */
export function halfWords(half: HalfV1): string {
  const others = morePlaces(half, 1);
  return `${half.title} ${maskOf(half)} in ${placeWords(placeOf(half))}${others === '' ? '' : ` and ${others}`}`;
}

/** The same with what it tells of its pair, such as the account. */
export function halfStory(half: HalfV1): string {
  return [halfWords(half), ...half.evidence].join('; ');
}
