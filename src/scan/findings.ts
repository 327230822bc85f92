/** From sightings to findings: one secret under one rule with all its places, in an order that never changes. */
import { createHash } from 'node:crypto';
import { pathMatches } from '../classify/paths.ts';
import { compareState, type CommitStamp, type Finding, type Location, type Sighting, type State } from '../model/finding.ts';
import type { InlineComment } from '../model/inline-comment.ts';
import { originFile } from '../model/origin.ts';
import type { Rule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { counts, speaksOf, type InlineMode } from '../policy/inline.ts';
import { compareConfidence, compareSeverity, type Confidence } from '../model/severity.ts';
import type { Found } from './collector.ts';
import type { SecretHistory, Whereabouts } from './whereabouts.ts';

export interface Placed {
  /** Undefined where no history was looked at. */
  readonly whereabouts: Whereabouts | undefined;
  readonly now: Date;
  /** State of blobs that nothing reaches. */
  readonly head: string | undefined;
  /** Which ignore comments count. */
  readonly inlineIgnores: InlineMode;
}

interface Group {
  readonly key: string;
  readonly found: Found[];
  /** For rules about files: the one path that this finding is about. */
  readonly path?: string;
}

const DAY_MS = 86_400_000;

/** All findings, most severe first, then by place. */
export async function makeFindings(found: readonly Found[], placed: Placed): Promise<Finding[]> {
  const texts = found.flatMap(({ origin }) => (origin.kind === 'metadata' ? [origin.object] : []));
  const written = (await placed.whereabouts?.stamp(texts)) ?? new Map<string, CommitStamp>();
  const drafts = groups(found, placed).flatMap((group) => draft(group, placed, written) ?? []);
  const commits = drafts.flatMap(({ history }) => [history?.first, history?.last, history?.removed]).filter((commit) => commit !== undefined);
  const stamps = (await placed.whereabouts?.stamp(commits)) ?? new Map<string, CommitStamp>();
  const findings = drafts.map((made) => complete(made, stamps, placed.now)).toSorted(mostSevereFirst);
  return withIds(findings);
}

function groups(found: readonly Found[], placed: Placed): Group[] {
  const map = new Map<string, Group>();
  const add = (key: string, entry: Found, path?: string): void => {
    const group = map.get(key);
    if (group !== undefined) group.found.push(entry);
    else map.set(key, { key, found: [entry], ...(path === undefined ? {} : { path }) });
  };
  const fileRules = new Map<string, Rule>();
  for (const { sighting } of found) if (sighting.rule.matcher.kind === 'file') fileRules.set(sighting.rule.id, sighting.rule);
  for (const entry of found) {
    const { rule, secret } = entry.sighting;
    if (rule.matcher.kind !== 'file') add(`${familyOf(rule)}\0${secret.reveal()}`, entry);
    // Any key in an env file makes it one that should not be here, not only what the file's own rule saw.
    for (const fileRule of rule.matcher.kind === 'file' ? [rule] : fileRules.values()) {
      for (const path of pathsOf(entry, placed))
        if (fileRule.paths !== undefined && pathMatches(fileRule.paths, path)) add(`${fileRule.id}\0${path}`, entry, path);
    }
  }
  return [...map.values()];
}

function familyOf(rule: Rule): string {
  return rule.matcher.kind === 'member' ? rule.matcher.of : rule.id;
}

function pathsOf(entry: Found, placed: Placed): Iterable<string> {
  const { origin } = entry;
  switch (origin.kind) {
    case 'file':
    case 'staged':
    case 'stdin':
      return [origin.path];
    case 'blob':
      return placed.whereabouts?.pathsOf(origin.blob) ?? [];
    case 'metadata':
      return [];
  }
}

interface Draft {
  readonly rule: Rule;
  readonly secret: Secret;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly name: string;
  readonly locations: readonly Location[];
  readonly allowed: readonly InlineComment[];
  readonly history: Omit<SecretHistory, 'places'> | undefined;
}

function draft(group: Group, placed: Placed, written: ReadonlyMap<string, CommitStamp>): Draft | undefined {
  const aboutFile = group.path !== undefined;
  const best = group.found
    .map((entry) => entry.sighting)
    .filter(
      (sighting) =>
        !aboutFile || sighting.rule.matcher.kind === 'file' || group.found.every(({ sighting: other }) => other.rule.matcher.kind !== 'file'),
    )
    .toSorted(surestFirst)[0];
  if (best === undefined) return undefined;
  const { locations, history, spots } = place(group, placed, written);
  const rule = aboutFile
    ? (group.found.find(({ sighting }) => sighting.rule.id === group.key.split('\0')[0])?.sighting.rule ?? best.rule)
    : best.rule;
  if (
    rule.matcher.kind !== 'file' &&
    rule.paths !== undefined &&
    !locations.some((location) => rule.paths !== undefined && pathMatches(rule.paths, location.file))
  )
    return undefined;
  if (locations.length === 0) return undefined;
  return {
    rule,
    secret: aboutFile ? new Secret('') : best.secret,
    confidence: best.confidence,
    evidence: aboutFile ? [variables(group.found)] : best.evidence,
    name: best.name,
    locations,
    history,
    allowed: allowing(spots, rule, placed.inlineIgnores),
  };
}

function surestFirst(a: Sighting, b: Sighting): number {
  return (
    compareConfidence(b.confidence, a.confidence) ||
    Number(b.rule.matcher.kind === 'member') - Number(a.rule.matcher.kind === 'member') ||
    compareSeverity(b.severity, a.severity) ||
    (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0) ||
    b.evidence.length - a.evidence.length ||
    compareText(a.evidence.join(), b.evidence.join()) ||
    // Its name goes into the finding's id, so it must not depend on which blob came first.
    compareText(a.name, b.name)
  );
}

/** Names only: what an env file says must not be repeated. */
function variables(found: readonly Found[]): string {
  const names = [...new Set(found.map(({ sighting }) => sighting.name).filter((name) => name !== ''))].toSorted();
  return names.length === 0 ? 'holds values that look like secrets' : `secret-looking values in ${names.join(', ')}`;
}

/** Turns the contents of a group into places. `written` says when the commits of its texts were made. */
function place(
  group: Group,
  placed: Placed,
  written: ReadonlyMap<string, CommitStamp>,
): { locations: Location[]; history: SecretHistory | undefined; spots: readonly Spot[] } {
  const locations: Location[] = [];
  const spots: Spot[] = [];
  const add = (location: Location, sighting: Sighting): void => {
    locations.push(location);
    spots.push({ location, sighting });
  };
  const blobs = new Map<string, Sighting[]>();
  const texts: string[] = [];
  for (const { origin, sighting } of group.found) {
    if (origin.kind === 'blob') {
      const list = blobs.get(origin.blob);
      if (list === undefined) blobs.set(origin.blob, [sighting]);
      else list.push(sighting);
    } else if (origin.kind === 'metadata') {
      const state = origin.part === 'tag' ? 'tag' : (placed.whereabouts?.stateOfCommit(origin.object) ?? 'history');
      texts.push(origin.object);
      add({ file: originFile(origin), state, commit: origin.object, ...sighting.range }, sighting);
    } else {
      const state: State = origin.kind === 'file' ? 'worktree' : origin.kind;
      if (group.path === undefined || group.path === origin.path) {
        add({ file: origin.path, state, ...(origin.kind === 'staged' ? { blob: origin.blob } : {}), ...sighting.range }, sighting);
      }
    }
  }
  const history = blobs.size === 0 ? undefined : placeBlobs(group, blobs, placed, add);
  const date = (object: string): string => written.get(object)?.date ?? '';
  const byDate = texts.toSorted((a, b) => compareText(date(a), date(b)) || compareText(a, b));
  const seen = history ?? (texts.length === 0 ? undefined : { places: [], first: byDate[0], last: byDate.at(-1), removed: undefined });
  return { locations: distinct(locations), history: seen, spots };
}

function placeBlobs(
  group: Group,
  blobs: ReadonlyMap<string, readonly Sighting[]>,
  placed: Placed,
  add: (location: Location, sighting: Sighting) => void,
): SecretHistory | undefined {
  const history = placed.whereabouts?.of(new Set(blobs.keys()), group.path === undefined ? undefined : (path) => path === group.path);
  for (const { path, state, blob, introduced } of history?.places ?? []) {
    for (const sighting of blobs.get(blob) ?? []) {
      add({ file: path, state, ...(introduced === undefined ? {} : { commit: introduced }), blob, ...sighting.range }, sighting);
    }
  }
  if ((history?.places.length ?? 0) === 0 && group.path === undefined) {
    // Nothing names these blobs: left over in the database, or git could not say.
    for (const [blob, sightings] of blobs) {
      for (const sighting of sightings) add({ file: originFile({ kind: 'blob', blob }), state: 'unreachable', blob, ...sighting.range }, sighting);
    }
  }
  return history;
}

/** One place with what was seen there. */
interface Spot {
  readonly location: Location;
  readonly sighting: Sighting;
}

/** Of one path the first of these decides: what is on disk, then what will be committed, then what is. */
const TODAY: readonly State[] = ['worktree', 'staged', 'head', 'branch', 'stdin'];

/**
 * The comments that silence a secret: every place at which it is today needs one. What is only in the history cannot be
 * commented any more, so there one version with a comment is enough.
 */
function allowing(spots: readonly Spot[], rule: Rule, mode: InlineMode): readonly InlineComment[] {
  const commentOf = ({ sighting }: Spot): InlineComment | undefined =>
    sighting.comments?.find((comment) => counts(comment, mode) && (speaksOf(comment, rule) || speaksOf(comment, sighting.rule)));
  const deciding = new Map<string, number>();
  const rank = ({ location }: Spot): number => TODAY.indexOf(location.state);
  for (const spot of spots) {
    const { file } = spot.location;
    if (rank(spot) >= 0) deciding.set(file, Math.min(rank(spot), deciding.get(file) ?? TODAY.length));
  }
  const today = spots.filter((spot) => rank(spot) >= 0 && rank(spot) === deciding.get(spot.location.file));
  const comments = (today.length === 0 ? spots : today).map(commentOf);
  const given = comments.filter((comment) => comment !== undefined);
  return today.length > 0 && given.length < comments.length ? [] : given;
}

/** Most exposed first; one entry a place, whatever saw it. */
function distinct(locations: readonly Location[]): Location[] {
  const sorted = locations.toSorted(
    (a, b) =>
      compareState(a.state, b.state) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.startLine - b.startLine ||
      a.startColumn - b.startColumn ||
      ((a.commit ?? '') < (b.commit ?? '') ? -1 : 1),
  );
  const seen = new Set<string>();
  return sorted.filter((location) => {
    const key = `${location.file}\0${location.startLine}\0${location.startColumn}${location.file.startsWith('<') ? `\0${location.commit}` : ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function complete(made: Draft, stamps: ReadonlyMap<string, CommitStamp>, now: Date): Unnamed {
  const { rule, secret, confidence, evidence, locations, history, name, allowed } = made;
  const first = history?.first === undefined ? undefined : stamps.get(history.first);
  const last = history?.last === undefined ? undefined : stamps.get(history.last);
  const removed = history?.removed === undefined ? undefined : stamps.get(history.removed);
  const state = locations[0]?.state ?? 'history';
  // Whatever is in the history can still be read there, so the count goes on until it is revoked.
  const days = Math.floor((now.getTime() - Date.parse(first?.date ?? '')) / DAY_MS);
  return {
    rule,
    secret,
    severity: rule.severity,
    confidence,
    state,
    evidence,
    locations,
    name,
    ...(allowed.length === 0 ? {} : { allowed }),
    ...(first === undefined ? {} : { firstSeen: first }),
    ...(last === undefined ? {} : { lastSeen: last }),
    ...(removed === undefined ? {} : { removedIn: removed }),
    ...(Number.isNaN(days) ? {} : { daysExposed: Math.max(0, days) }),
  };
}

/** A finding before its ids are made, with the name that its value is given to. */
type Unnamed = Omit<Finding, 'id' | 'otherIds'> & { readonly name: string };

function mostSevereFirst(a: Unnamed, b: Unnamed): number {
  const [here, there] = [a.locations[0], b.locations[0]];
  return (
    compareSeverity(b.severity, a.severity) ||
    compareState(a.state, b.state) ||
    compareText(here?.file, there?.file) ||
    (here?.startLine ?? 0) - (there?.startLine ?? 0) ||
    (here?.startColumn ?? 0) - (there?.startColumn ?? 0) ||
    compareText(a.rule.id, b.rule.id) ||
    compareText(here?.commit, there?.commit) ||
    compareText(here?.blob, there?.blob)
  );
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * An id says which finding it is without saying anything about the secret: rule, a file, the name that the value is
 * given to, and a number where those are equal. It survives an edit above the secret.
 */
function withIds(findings: readonly Unnamed[]): Finding[] {
  const own = new Numbers();
  const all = new Numbers();
  return findings.map(({ name, ...finding }) => {
    const files = [...new Set(finding.locations.map((location) => location.file))].toSorted();
    const base = (file: string): string => `1\0${finding.rule.id}\0${file}\0${name}`;
    const id = idOf(base(files[0] ?? ''), own);
    return { id, otherIds: files.map((file) => idOf(base(file), all)).filter((other) => other !== id), ...finding };
  });
}

function idOf(base: string, numbers: Numbers): string {
  return createHash('sha256')
    .update(`${base}\0${numbers.next(base)}`)
    .digest('hex')
    .slice(0, 20);
}

/** Counts from 0 for each of some texts. */
class Numbers {
  readonly #counts = new Map<string, number>();

  next(text: string): number {
    const number = this.#counts.get(text) ?? 0;
    this.#counts.set(text, number + 1);
    return number;
  }
}
