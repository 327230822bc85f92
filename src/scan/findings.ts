/** From sightings to findings: one secret under one rule with all its places, in an order that never changes. */
import { createHash } from 'node:crypto';
import { judge, mayStand, OBSERVED, type Place, type World } from '../classify/checks.ts';
import type { Dependencies } from '../classify/exposure.ts';
import { environmentClass, isForDevelopment } from '../classify/paths.ts';
import { MAX_PLACES } from '../git/blob-trails.ts';
import {
  compareState,
  type Advice,
  type CommitStamp,
  type Finding,
  type Issuer,
  type Location,
  type Sighting,
  type State,
  type Tracking,
} from '../model/finding.ts';
import type { InlineComment } from '../model/inline-comment.ts';
import { originFile, type Origin } from '../model/origin.ts';
import { isTextCheck, type Rule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { STATES_TODAY } from '../model/state.ts';
import { severityFor } from '../model/severity-rules.ts';
import { compareConfidence, compareSeverity, type Confidence, type Severity } from '../model/severity.ts';
import { counts, speaksOf, type InlineMode } from '../policy/inline.ts';
import type { Found } from './collector.ts';
import { withFamilyOwners } from './family-owners.ts';
import { contentOf, groups, isBound, isSecretless, isSeenAt, secretsBeside, standsSomewhere, type Group, type GroupedBy } from './groups.ts';
import { withIssuers } from './same-values.ts';
import { withSettingsOwners } from './settings-owners.ts';
import { keepHeapSteady, MANY } from './steady-heap.ts';
import type { SecretHistory } from './whereabouts.ts';

export interface Placed extends GroupedBy {
  readonly now: Date;
  /** State of blobs that nothing reaches. */
  readonly head: string | undefined;
  /** Which ignore comments count. */
  readonly inlineIgnores: InlineMode;
  /** What the package that a path belongs to depends on; undefined where nothing can be known. */
  readonly dependencies?: ((path: string) => Dependencies | undefined) | undefined;
  /** Packages that the manifests above a path ask for, the nearest ones first. */
  readonly packages?: ((path: string) => readonly ReadonlySet<string>[]) | undefined;
  /** What git says of env files. */
  readonly tracking?: ((paths: readonly string[]) => ReadonlyMap<string, Tracking>) | undefined;
}

const DAY_MS = 86_400_000;

/** All findings, most severe first, then by place. */
export async function makeFindings(given: readonly Found[], placed: Placed): Promise<Finding[]> {
  if (given.length > MANY) keepHeapSteady();
  // Contents are looked at in the order that is cheap, which must not show: the sightings of each keep their order.
  const found = given.filter((entry) => standsSomewhere(entry, placed)).toSorted((a, b) => compareText(contentOf(a.origin), contentOf(b.origin)));
  const texts = found.flatMap(({ origin }) => (origin.kind === 'metadata' ? [origin.object] : []));
  const written = (await placed.whereabouts?.stamp(texts)) ?? new Map<string, CommitStamp>();
  return withIds(await judged(found, placed, written));
}

/** The findings of sightings in their order. A function of its own, so that what they are made of is gone when they are named. */
async function judged(found: readonly Found[], placed: Placed, written: ReadonlyMap<string, CommitStamp>): Promise<Unnamed[]> {
  const made = groups(found, placed).map((group) => draft(group, placed, written));
  const drafts = withFamilyOwners(withSettingsOwners(withIssuers(made), placed.rules), placed.rules, placed.packages);
  const context = contextOf(drafts, placed, secretsBeside(found));
  const commits = drafts.flatMap(({ history }) => [history.first, history.last, history.removed]).filter((commit) => commit !== undefined);
  const stamps = (await placed.whereabouts?.stamp(commits)) ?? new Map<string, CommitStamp>();
  return drafts.flatMap((one) => complete(one, stamps, context) ?? []).toSorted((a, b) => mostSevereFirst(a.finding, b.finding));
}

/** A place and what was seen there. */
interface Located {
  readonly location: Location;
  readonly sighting: Sighting;
}

interface Draft {
  /** Of its group. */
  readonly key: string;
  readonly rule: Rule;
  readonly issuer: Issuer | undefined;
  readonly secret: Secret;
  readonly confidence: Confidence;
  readonly severity: Severity;
  readonly evidence: readonly string[];
  readonly name: string;
  /** What was seen at each place, the most exposed place first. */
  readonly located: readonly Located[];
  /** The same with everything that was seen there, in no order. */
  readonly spots: readonly Located[];
  readonly attached: readonly Found[];
  readonly history: Omit<SecretHistory, 'places'>;
}

function draft(group: Group, placed: Placed, written: ReadonlyMap<string, CommitStamp>): Draft {
  const { about } = group;
  const sightings = group.found.map((entry) => entry.sighting);
  const own = about === undefined ? [] : sightings.filter((sighting) => sighting.rule.matcher.kind === 'file');
  const best = (own.length > 0 ? own : sightings).toSorted(surestFirst)[0]!;
  const { spots: all, history } = place(group, placed, written);
  const spots = [...all]; // of its very length: a list that grew has room for sixteen more
  const located = distinct(spots);
  const rule = about?.rule ?? best.rule;
  return {
    key: group.key,
    rule,
    issuer: about === undefined ? best.issuer : undefined,
    secret: about === undefined ? best.secret : new Secret(''),
    confidence: best.confidence,
    severity: about === undefined ? best.severity : severityOfFile(about, group.found),
    evidence: about === undefined ? best.evidence : [variables(group.found)],
    name: best.name,
    located,
    spots,
    attached: group.attached,
    history,
  };
}

/** That of the rule, but where a file for development or tests holds nothing but what frameworks write there. */
function severityOfFile({ rule, path }: NonNullable<Group['about']>, found: readonly Found[]): Severity {
  if (rule.severityIsFinal === true || !isForDevelopment(environmentClass(path))) return rule.severity;
  const written = new Set(found.flatMap(({ origin, sighting }) => (sighting.rule.frameworkDefault === true ? placeOf(origin, sighting) : [])));
  const isWritten = found.every(({ origin, sighting }) => written.has(placeOf(origin, sighting)));
  return isWritten && compareSeverity(rule.severity, 'low') > 0 ? 'low' : rule.severity;
}

function placeOf(origin: Origin, { range: { startLine, startColumn } }: Sighting): string {
  return `${contentOf(origin)}\0${startLine}\0${startColumn}`;
}

/**
 * Which sighting names a finding: the surest by what is known of it, then by the name that the value is given to, since
 * that goes into the finding's id. Evidence is words, which are written anew one day: they come last, and move no id.
 */
function surestFirst(a: Sighting, b: Sighting): number {
  return (
    compareConfidence(b.confidence, a.confidence) ||
    Number(b.rule.matcher.kind === 'member') - Number(a.rule.matcher.kind === 'member') ||
    compareSeverity(b.severity, a.severity) ||
    compareText(a.rule.id, b.rule.id) ||
    Number(b.issuer !== undefined) - Number(a.issuer !== undefined) ||
    Number(b.name !== '') - Number(a.name !== '') ||
    compareText(a.name, b.name) ||
    b.evidence.length - a.evidence.length ||
    compareText(a.evidence.join(), b.evidence.join())
  );
}

/** Names only: what an env file says must not be repeated. */
function variables(found: readonly Found[]): string {
  const names = [...new Set(found.map(({ sighting }) => sighting.name).filter((name) => name !== ''))].toSorted();
  return names.length === 0 ? 'holds values that look like secrets' : `secret-looking values in ${names.join(', ')}`;
}

/** Turns the contents of a group into places. `written` says when the commits of its texts were made. */
function place(group: Group, placed: Placed, written: ReadonlyMap<string, CommitStamp>): Pick<Draft, 'spots' | 'history'> {
  const spots: Located[] = [];
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
      spots.push({ location: { file: originFile(origin), state, commit: origin.object, ...sighting.range }, sighting });
    } else {
      const state: State = origin.kind === 'file' ? 'worktree' : origin.kind;
      const location = { file: origin.path, state, ...(origin.kind === 'staged' ? { blob: origin.blob } : {}), ...sighting.range };
      spots.push({ location, sighting });
    }
  }
  const history = blobs.size === 0 ? undefined : placeBlobs(group, blobs, placed, spots);
  const date = (object: string): string => written.get(object)?.date ?? '';
  const byDate = texts.toSorted((a, b) => compareText(date(a), date(b)) || compareText(a, b));
  return { spots, history: history ?? { isCut: false, first: byDate[0], last: byDate.at(-1), removed: undefined } };
}

function placeBlobs({ about }: Group, blobs: ReadonlyMap<string, readonly Sighting[]>, placed: Placed, spots: Located[]): SecretHistory | undefined {
  const isEverywhere = about === undefined && ![...blobs.values()].flat().some(isBound);
  const isHeld = (blob: string, path: string): boolean =>
    (about === undefined || path === about.path) && blobs.get(blob)!.some((sighting) => isSeenAt(path, sighting));
  const history = placed.whereabouts?.of(new Set(blobs.keys()), isEverywhere ? undefined : isHeld);
  for (const { path, state, blob, introduced } of history?.places ?? []) {
    for (const sighting of blobs.get(blob)!) {
      if (!isSeenAt(path, sighting)) continue;
      const location = { file: path, state, ...(introduced === undefined ? {} : { commit: introduced }), blob, ...sighting.range };
      spots.push({ location, sighting });
    }
  }
  if ((history?.places.length ?? 0) === 0) {
    // Nothing names these blobs: left over in the database, or git could not say.
    for (const [blob, sightings] of blobs) {
      for (const sighting of sightings)
        spots.push({ location: { file: originFile({ kind: 'blob', blob }), state: 'unreachable', blob, ...sighting.range }, sighting });
    }
  }
  return history;
}

/**
 * The comments that silence a secret: every place at which it is today needs one. What is only in the history cannot be
 * commented any more, so there one version with a comment is enough.
 */
function allowing(spots: readonly Located[], rule: Rule, mode: InlineMode): readonly InlineComment[] {
  const commentOf = ({ sighting }: Located): InlineComment | undefined =>
    sighting.comments?.find((comment) => counts(comment, mode) && (speaksOf(comment, rule) || speaksOf(comment, sighting.rule)));
  const deciding = new Map<string, number>();
  const rank = ({ location }: Located): number => STATES_TODAY.indexOf(location.state);
  for (const spot of spots) {
    const { file } = spot.location;
    if (rank(spot) >= 0) deciding.set(file, Math.min(rank(spot), deciding.get(file) ?? STATES_TODAY.length));
  }
  const today = spots.filter((spot) => rank(spot) === deciding.get(spot.location.file));
  const comments = (today.length === 0 ? spots : today).map(commentOf);
  const given = comments.filter((comment) => comment !== undefined);
  return today.length > 0 && given.length < comments.length ? [] : given;
}

/** Most exposed first; one entry a place, whatever saw it. */
function distinct(located: readonly Located[]): readonly Located[] {
  if (located.length < 2) return located;
  const sorted = located.toSorted(
    ({ location: a }, { location: b }) =>
      compareState(a.state, b.state) || compareText(a.file, b.file) || a.startLine - b.startLine || a.startColumn - b.startColumn,
  );
  const seen = new Set<string>();
  return sorted.filter(({ location }) => {
    const key = `${location.file}\0${location.startLine}\0${location.startColumn}${location.file.startsWith('<') ? `\0${location.commit}` : ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What judging one finding needs to know of the others and of the repository. */
interface Context {
  readonly checks: readonly Rule[];
  readonly world: World;
  readonly tracking: ReadonlyMap<string, Tracking>;
  readonly inlineIgnores: InlineMode;
  /** For each half of a pair the key of the secret that it stands beside. */
  readonly beside: ReadonlyMap<Sighting, string>;
}

function contextOf(drafts: readonly Draft[], placed: Placed, beside: Context['beside']): Context {
  const checks = placed.rules.filter((rule) => rule.kind === 'check' && OBSERVED.includes(rule.id));
  /** Which secrets a variable of a file has now. */
  const values = new Map<string, Set<string>>();
  /** Which files hold permanent keys, by provider. */
  const permanent = new Set<string>();
  for (const { spots, rule, secret } of drafts) {
    if (isSecretless(rule)) continue;
    if (rule.kind === 'secret' || rule.kind === 'test') for (const { location } of spots) permanent.add(`${rule.provider}\0${location.file}`);
    for (const { location, sighting } of spots) {
      if (sighting.name === '' || (location.state !== 'head' && location.state !== 'worktree' && location.state !== 'staged')) continue;
      const key = `${location.file}\0${sighting.name}`;
      const set = values.get(key);
      if (set === undefined) values.set(key, new Set([secret.reveal()]));
      else set.add(secret.reveal());
    }
  }
  const files = drafts.flatMap(fileOf);
  return {
    checks,
    inlineIgnores: placed.inlineIgnores,
    beside,
    tracking: files.length === 0 ? new Map() : (placed.tracking?.(files) ?? new Map()),
    world: {
      now: placed.now,
      dependencies: (path) => placed.dependencies?.(path),
      hasSuccessor({ secret }, { path, sighting }) {
        const now = values.get(`${path}\0${sighting.name}`);
        return now !== undefined && !now.has(secret.reveal());
      },
      hasPermanent: ({ rule }, { path }) => permanent.has(`${rule.provider}\0${path}`),
    },
  };
}

/** The file that a finding is about as a whole. */
function fileOf({ rule, located, name }: Draft): string[] {
  if (rule.matcher.kind === 'file') return located.slice(0, 1).map(({ location }) => location.file);
  return rule.matcher.kind === 'finding' ? [name] : [];
}

function placesOf(located: readonly Located[]): Place[] {
  return located.map(({ location, sighting }) => ({ path: location.file, state: location.state, sighting }));
}

/** Undefined for a check that has nothing to say in any of its places. */
function complete(
  made: Draft,
  stamps: ReadonlyMap<string, CommitStamp>,
  { checks, world, tracking, inlineIgnores, beside }: Context,
): Unnamed | undefined {
  const { rule, secret, confidence, evidence, history, name } = made;
  const now = world.now;
  const stands = ({ location, sighting }: Located): boolean =>
    !isTextCheck(rule) || mayStand(rule, { path: location.file, state: location.state, sighting }, world);
  const located = made.located.filter(stands);
  if (located.length === 0) return undefined;
  const isCut = history.isCut;
  const locations = (isCut ? located.slice(0, MAX_PLACES) : located).map(({ location }) => location);
  // Nobody knows whether a comment stands in the places that were not listed.
  const allowed = isCut ? [] : allowing(made.spots.filter(stands), rule, inlineIgnores);
  const [pair, ...others] = new Set(made.spots.map(({ sighting }) => beside.get(sighting)));
  const first = history.first === undefined ? undefined : stamps.get(history.first);
  const last = history.last === undefined ? undefined : stamps.get(history.last);
  const removed = history.removed === undefined ? undefined : stamps.get(history.removed);
  const { state } = locations[0]!;
  // Whatever is in the history can still be read there, so the count goes on until it is revoked.
  const age = Math.floor((now.getTime() - Date.parse(first?.date ?? '')) / DAY_MS);
  const days = Number.isNaN(age) ? undefined : Math.max(0, age);
  const isAboutSecret = !isSecretless(rule) && rule.matcher.kind !== 'file';
  const judgement = isAboutSecret
    ? judge({ rule, secret, state, places: placesOf(located), lastSeen: last, removedIn: removed, days }, checks, world)
    : undefined;
  const [path] = fileOf(made);
  const file = path === undefined ? undefined : tracking.get(path);
  // What git neither tracks nor would add leaks to nobody.
  const harmless = file !== undefined && !file.tracked && file.ignored && state === 'worktree';
  const finding = {
    rule,
    ...(made.issuer === undefined ? {} : { issuer: made.issuer }),
    secret,
    severity: harmless ? 'info' : judgement === undefined ? made.severity : severityFor(rule, judgement.conditions).severity,
    confidence,
    state,
    evidence,
    checks: withAttached(judgement?.checks ?? [], made.attached),
    ...(file === undefined ? {} : { tracking: file }),
    locations,
    ...(isCut ? { morePlaces: true as const } : {}),
    ...(allowed.length === 0 ? {} : { allowed }),
    ...(first === undefined ? {} : { firstSeen: first }),
    ...(last === undefined ? {} : { lastSeen: last }),
    ...(removed === undefined ? {} : { removedIn: removed }),
    ...(days === undefined ? {} : { daysExposed: days }),
  };
  // Where nobody knows all its places it may stand alone in one.
  return { finding, name, key: made.key, pair: isCut || others.length > 0 ? undefined : pair };
}

/** A finding before its ids are made. */
interface Unnamed {
  readonly finding: Omit<Finding, 'id' | 'otherIds' | 'halfOf'>;
  /** The name that its value is given to. */
  readonly name: string;
  readonly key: string;
  /** The key of the secret beside which it stands in all its places, as the half of a pair. */
  readonly pair: string | undefined;
}

/** Observed checks and those that stand on the same line, each once. */
function withAttached(observed: readonly Advice[], attached: readonly Found[]): Advice[] {
  const advice = new Map(observed.map((check) => [check.rule.id, check]));
  for (const { sighting } of attached) {
    const { rule, evidence } = sighting;
    if (!advice.has(rule.id)) advice.set(rule.id, { rule, severity: rule.severity, saw: evidence.join('; ') });
  }
  return [...advice.values()].toSorted((a, b) => compareSeverity(b.severity, a.severity) || (a.rule.id < b.rule.id ? -1 : 1));
}

/** The order of findings; where all that is told is equal, as they were. */
export function mostSevereFirst(a: Omit<Finding, 'id' | 'otherIds'>, b: Omit<Finding, 'id' | 'otherIds'>): number {
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
  const named = findings.map(({ name, finding }): Finding => {
    const files = [...new Set(finding.locations.map((location) => location.file))].toSorted();
    const base = (file: string): string => `1\0${finding.rule.id}\0${file}\0${name}`;
    const id = idOf(base(files[0]!), own);
    return { id, otherIds: files.map((file) => idOf(base(file), all)).filter((other) => other !== id), ...finding };
  });
  if (findings.every(({ pair }) => pair === undefined)) return named;
  const ids = new Map(findings.map(({ key }, index) => [key, named[index]?.id]));
  return named.map((finding, index) => {
    const halfOf = ids.get(findings[index]?.pair ?? '');
    return halfOf === undefined ? finding : { ...finding, halfOf };
  });
}

function idOf(base: string, numbers: Numbers): string {
  const digest = createHash('sha256')
    .update(`${base}\0${numbers.next(base)}`)
    .digest();
  return digest.toString('hex', 0, 10);
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
