/**
 * Checks on findings: what makes a secret's place worse, and what else is to be done. Each observer is a pure function
 * of one secret with all its places; it says what it saw, or nothing. Which checks run, their severity and their words
 * come from the rules of kind `check`, so that each can be switched off or given another severity by its id.
 */
import { bundlePrefix } from '../detect/public-prefix.ts';
import type { Advice, CommitStamp, EnvironmentClass, Sighting, State } from '../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import type { Secret } from '../model/secret.ts';
import { compareSeverity } from '../model/severity.ts';
import { STATES_TODAY } from '../model/state.ts';
import { modeOf, type Condition } from '../model/severity-rules.ts';
import { jwtExpiry, jwtLifetime } from '../rules/checksums.ts';
import { exposureOf, type Dependencies, type Exposure } from './exposure.ts';
import { environmentClass, fileKind, isForDevelopment, type FileKind } from './paths.ts';

/** One place of a secret. */
export interface Place {
  readonly path: string;
  readonly state: State;
  readonly sighting: Sighting;
}

/** One secret with all its places, the most exposed first. */
export interface Subject {
  readonly rule: Rule;
  readonly secret: Secret;
  readonly state: State;
  readonly places: readonly Place[];
  readonly lastSeen?: CommitStamp | undefined;
  readonly removedIn?: CommitStamp | undefined;
  /** Whole days since a commit brought it. */
  readonly days?: number | undefined;
}

/** What observers know besides their subject. */
export interface World {
  readonly now: Date;
  /** The dependencies of the package that a path belongs to; undefined where nothing is known of it. */
  dependencies(path: string): Dependencies | undefined;
  /** Whether a file gives another secret to the same variable now. */
  hasSuccessor(subject: Subject, place: Place): boolean;
  /** Whether a permanent key of the same provider stands in the file of a place. */
  hasPermanent(subject: Subject, place: Place): boolean;
}

interface Seen extends Place {
  readonly kind: FileKind;
  readonly environment: EnvironmentClass;
}

interface SeenSubject extends Subject {
  readonly places: readonly Seen[];
}

type Observer = (subject: SeenSubject, rule: Rule, world: World) => string | undefined;

/** Keys that are made to be seen, or dead before anybody sees them. */
const HARMLESS: ReadonlySet<Rule['kind']> = new Set(['publishable', 'temporary', 'check']);
/** Their providers mint short-lived tokens for browsers, in this way. */
const TEMPORARY_TOKENS: Readonly<Record<string, string>> = {
  AssemblyAI: 'client.streaming.createTemporaryToken',
  Scribeberry: 'realtime.createToken',
};
const DAY_MS = 86_400_000;
const FRESH_ROTATION_DAYS = 14;
const STILL_THERE: ReadonlySet<State> = new Set(['head', 'branch', 'staged', 'worktree']);
const GONE: ReadonlySet<State> = new Set(['history', 'tag']);

/** By the id of the check's rule. */
const OBSERVERS: Readonly<Record<string, Observer>> = {
  'hardcoded-key': ({ places }) =>
    at(places.filter(({ kind, sighting }) => kind === 'source' && marked(sighting, 'hardcoded-fallback', 'key-in-comment') === undefined)),
  'hardcoded-fallback': ({ places }) => marking(places, 'hardcoded-fallback'),
  'key-in-config': ({ places }) => at(places.filter(({ kind, sighting }) => kind === 'config' && marked(sighting, 'key-in-comment') === undefined)),
  'key-in-docs': ({ places }) => at(places.filter(({ kind }) => kind === 'docs')),
  'key-in-comment': ({ places }) =>
    marking(
      places.filter(({ kind }) => kind !== 'docs'),
      'key-in-comment',
    ),
  'wrong-shape': ({ places, rule }) => (rule.provider === 'AssemblyAI' ? undefined : marking(places, 'wrong-shape')),
  'template-with-secret': ({ places }) => at(places.filter(({ kind }) => kind === 'template')),
  'env-plain-in-encrypted': ({ places }) =>
    marking(
      places.filter(({ kind }) => kind === 'env'),
      'env-plain-in-encrypted',
    ),
  'public-prefix-secret'({ places }) {
    // What the value is counts, whatever its name says: `NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY` may hold a secret key.
    const place = places.find(({ sighting }) => bundlePrefix(lastPart(sighting.name)) !== undefined);
    return place === undefined ? undefined : `\`${lastPart(place.sighting.name)}\` in ${shown(place.path)}`;
  },
  'same-key-many-envs'({ places }) {
    const byClass = new Map<EnvironmentClass, string>();
    for (const { environment, path, kind } of places) {
      if (environment !== 'unknown' && kind !== 'test' && kind !== 'docs' && !byClass.has(environment)) byClass.set(environment, path);
    }
    if (byClass.size < 2) return undefined;
    return [...byClass].map(([environment, path]) => `${environment} (${shown(path)})`).join(' and ');
  },
  'shared-between-services'({ places }) {
    const byService = new Map<string, string>();
    for (const { path, kind } of places) {
      const service = serviceOf(path);
      if ((kind === 'env' || kind === 'config') && service !== undefined && !byService.has(service)) byService.set(service, path);
    }
    return byService.size < 2 ? undefined : [...byService.values()].map(shown).join(' and ');
  },
  'test-key-in-prod': ({ rule, places }) => (rule.kind === 'test' ? at(places.filter(({ environment }) => environment === 'production')) : undefined),
  'live-key-in-dev'({ rule, places }) {
    if (modeOf(rule) !== 'live') return undefined;
    return at(
      places.filter(({ environment, kind }) => kind === 'test' || kind === 'docs' || (environment !== 'unknown' && environment !== 'production')),
    );
  },
  'mode-host-mismatch': ({ places }) => marking(places, 'mode-host-mismatch'),
  'plain-http': ({ places }) => marking(places, 'plain-http'),
  'key-in-url': ({ places }) => marking(places, 'key-in-url'),
  'secret-in-browser': ({ places }, _rule, world) => exposed(places, world, 'browser'),
  'secret-in-mobile': ({ places }, _rule, world) => exposed(places, world, 'app'),
  'no-temp-token'({ rule, places }, _check, world) {
    const call = TEMPORARY_TOKENS[rule.provider];
    const where = call === undefined ? undefined : exposed(places, world, 'browser');
    return where === undefined ? undefined : `a permanent key in ${where}; \`${call}\` on the server gives a token that may go there`;
  },
  'key-too-old'({ rule, state, days }, check) {
    const most = rule.rotateAfter ?? (check.matcher.kind === 'finding' ? check.matcher.days : undefined);
    if (days === undefined || most === undefined || days <= most || !STILL_THERE.has(state)) return undefined;
    return `committed at least ${days} days ago and still there; ${most} days are the limit`;
  },
  'key-in-history'({ state, lastSeen }) {
    if (!GONE.has(state)) return undefined;
    return lastSeen === undefined
      ? 'removed from the files, still in older commits'
      : `removed from the files, still in commit ${lastSeen.commit.slice(0, 10)}`;
  },
  'rotated-but-still-there'(subject, _rule, world) {
    const { state, lastSeen, removedIn } = subject;
    // The last commit that held it may be years older than the one that replaced it.
    const removed = Date.parse((removedIn ?? lastSeen)?.date ?? '');
    if (!GONE.has(state) || Number.isNaN(removed) || world.now.getTime() - removed > FRESH_ROTATION_DAYS * DAY_MS) return undefined;
    const place = subject.places.find((candidate) => world.hasSuccessor(subject, candidate));
    return place === undefined
      ? undefined
      : `\`${lastPart(place.sighting.name)}\` in ${shown(place.path)} was given another value in the last ${FRESH_ROTATION_DAYS} days`;
  },
  'token-expiry'({ rule, secret, days }, _check, world) {
    if (rule.checksum === 'jwt') return jwtWords(secret, world.now);
    if (rule.expiresAfter === undefined || days === undefined) return undefined;
    const left = rule.expiresAfter - days;
    return left < 0
      ? `committed ${days} days ago; it lives ${rule.expiresAfter} days at most, so it has expired`
      : `it may live for ${rule.expiresAfter} days from its creation, ${left} more at most`;
  },
};

/** Checks whose rules have an observer. */
export const OBSERVED = Object.keys(OBSERVERS);
/** These speak of temporary and publishable keys as well. */
const FOR_HARMLESS = new Set(['token-expiry', 'plain-http']);

export interface Judgement {
  readonly checks: readonly Advice[];
  readonly conditions: ReadonlySet<Condition>;
}

/** Runs the observers of `checks` on one secret. */
export function judge(subject: Subject, checks: readonly Rule[], world: World): Judgement {
  if (subject.rule.matcher.kind === 'file') return { checks: [], conditions: new Set() };
  const seen = {
    ...subject,
    places: subject.places.map(seenAt),
  };
  const advice: Advice[] = [];
  for (const rule of checks) {
    if (HARMLESS.has(subject.rule.kind) && !FOR_HARMLESS.has(rule.id)) continue;
    const saw = OBSERVERS[rule.id]?.(seen, rule, world);
    if (saw !== undefined) advice.push({ rule, severity: rule.severity, saw });
  }
  const sorted = advice.toSorted((a, b) => compareSeverity(b.severity, a.severity) || (a.rule.id < b.rule.id ? -1 : 1));
  return { checks: sorted, conditions: conditionsOf(seen, sorted, world) };
}

/** What a path tells, and where that tells no environment, the section of the file. */
function seenAt(place: Place): Seen {
  const byPath = environmentClass(place.path);
  const environment = byPath === 'unknown' ? (place.sighting.circumstances?.environment ?? 'unknown') : byPath;
  return { ...place, kind: fileKind(place.path), environment };
}

const BY_CHECK: Readonly<Record<string, Condition>> = {
  'secret-in-browser': 'browser',
  'secret-in-mobile': 'app',
  'public-prefix-secret': 'public variable',
  'same-key-many-envs': 'several environments',
  'test-key-in-prod': 'production file',
};

/** What it means, by the kind of rule, that all places are less sure than the rule. */
const WEAK_AS: Readonly<Partial<Record<Rule['matcher']['kind'], Condition>>> = {
  context: 'weak context',
  uri: 'example host',
  pattern: 'example host',
  assignment: 'example host',
};

function conditionsOf(subject: SeenSubject, advice: readonly Advice[], world: World): Set<Condition> {
  const { rule, secret, places } = subject;
  const holds = new Set<Condition>(advice.flatMap((check) => BY_CHECK[check.rule.id] ?? []));
  if (places.length > 0 && places.every(({ kind }) => kind === 'test')) holds.add('only tests');
  else if (places.length > 0 && places.every(({ kind }) => kind === 'docs' || kind === 'test')) holds.add('only docs');
  const weakness = WEAK_AS[rule.matcher.kind];
  if (weakness !== undefined && places.every(({ sighting }) => sighting.confidence !== rule.confidence)) holds.add(weakness);
  if (rule.frameworkDefault === true && places.length > 0 && places.every(isFrameworksPlace)) holds.add('framework default');
  if (rule.kind === 'temporary') {
    if (places.some(({ kind }) => kind === 'env' || kind === 'config')) holds.add('stored');
    if (places.some((place) => world.hasPermanent(subject, place))) holds.add('beside its key');
    if (rule.checksum === 'jwt') addLifetime(holds, secret.reveal(), world.now);
  }
  return holds;
}

/** Nobody calls a session what lasts so long. Seconds. */
const LONG_LIVED = 365 * 24 * 3600;

function addLifetime(holds: Set<Condition>, token: string, now: Date): void {
  const expiry = jwtExpiry(token);
  if (expiry instanceof Date && expiry.getTime() < now.getTime()) holds.add('expired');
  else if ((jwtLifetime(token) ?? 0) >= LONG_LIVED) holds.add('long-lived');
}

/** Where frameworks write secrets that whoever develops shares. */
function isFrameworksPlace({ environment, kind }: Seen): boolean {
  return isForDevelopment(environment) || (environment === 'unknown' && kind === 'test');
}

function jwtWords(secret: Secret, now: Date): string | undefined {
  const expiry = jwtExpiry(secret.reveal());
  if (expiry === undefined) return undefined;
  if (expiry === 'never') return 'its claims name no expiry';
  return expiry.getTime() < now.getTime()
    ? `it expired on ${expiry.toISOString().slice(0, 10)}`
    : `it is valid until ${expiry.toISOString().slice(0, 10)}`;
}

/** What a check without a secret may speak of: code and settings that run, and for some only where everybody gets them. */
export function mayStand(rule: Rule, place: Place, world: World): boolean {
  if (!HERE_NOW.has(place.state)) return false;
  const kind = fileKind(place.path);
  if (kind === 'test' || kind === 'docs' || kind === 'outside') return false;
  if (!ONLY_EXPOSED.has(rule.id)) return true;
  const { where } = placeExposure(place, world);
  return where === 'browser' || where === 'app';
}

/** These speak of code that everybody gets, and of no other. */
const ONLY_EXPOSED: ReadonlySet<string> = new Set(['no-temp-token', 'key-header-in-browser']);

/** Code that is gone does nothing any more. */
const HERE_NOW: ReadonlySet<State> = new Set(STATES_TODAY);

/** The first of some places, and how many more there are. */
function at(places: readonly Seen[]): string | undefined {
  const paths = [...new Set(places.map(({ path }) => path))];
  const [first] = paths;
  if (first === undefined) return undefined;
  return `in ${shown(first)}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''}`;
}

function marked({ circumstances }: Sighting, ...checks: readonly string[]): string | undefined {
  return checks.map((check) => circumstances?.marks[check]).find((mark) => mark !== undefined);
}

function marking(places: readonly Seen[], check: string): string | undefined {
  const place = places.find(({ sighting }) => marked(sighting, check) !== undefined);
  return place === undefined ? undefined : `${marked(place.sighting, check)}, in ${shown(place.path)}`;
}

function exposed(places: readonly Seen[], world: World, where: Exposure['where']): string | undefined {
  for (const place of places) {
    const exposure = placeExposure(place, world);
    if (exposure.where === where) return `${shown(place.path)}: ${exposure.because}`;
  }
  return undefined;
}

const NOTHING = { browser: [], server: [] };

/** Whether a place's file is handed to everybody. */
export function placeExposure({ path, sighting }: Place, world: World): Exposure {
  return exposureOf(path, sighting.circumstances ?? NOTHING, world.dependencies(path));
}

/** The folder of an app or package that a file belongs to; undefined for files of the whole repository. */
function serviceOf(path: string): string | undefined {
  const grouped = /^((?:apps|packages|services|projects|modules|libs)\/[^/]+)\//.exec(path)?.[1];
  if (grouped !== undefined) return grouped;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return folder === '' || /^(?:config|env|envs|deploy|docker|k8s|helm|infra|\.github)(?:\/|$)/.test(folder) ? undefined : folder.split('/')[0];
}

function lastPart(name: string): string {
  return name.split(/[^\w$-]/).at(-1) ?? name;
}

function shown(path: string): string {
  return `\`${path}\``;
}
