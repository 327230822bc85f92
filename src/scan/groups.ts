/** Which sightings are one finding, and where each counts: a rule for some paths speaks there alone. */
import { pairsIn } from '../classify/pairs.ts';
import { environmentClass, pathMatches, standsAt } from '../classify/paths.ts';
import { append } from '../model/append.ts';
import type { EnvironmentClass, Sighting } from '../model/finding.ts';
import { originFile, type Origin } from '../model/origin.ts';
import { genericKind, isTextCheck, type Rule } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { isAnybodys } from '../rules/names.ts';
import type { Found } from './collector.ts';
import type { Whereabouts } from './whereabouts.ts';

/** What decides about it, besides the sightings. */
export interface GroupedBy {
  /** Undefined where no history was looked at. */
  readonly whereabouts: Whereabouts | undefined;
  /** All rules of the run: those of kind `check` judge the findings. */
  readonly rules: readonly Rule[];
}

export interface Group {
  readonly key: string;
  readonly found: Found[];
  /** Checks without a secret of their own that stand on the same line as this one. */
  readonly attached: Found[];
  /** For rules about files: the rule, and the one path that this finding is about. */
  readonly about?: { readonly rule: Rule; readonly path: string };
}

/** Groups in the order in which their first sighting was seen. */
export function groups(found: readonly Found[], placed: GroupedBy): Group[] {
  const map = new Map<string, Group>();
  const add = (key: string, entry: Found, about?: Group['about']): void => {
    const group = map.get(key);
    if (group !== undefined) group.found.push(entry);
    else map.set(key, { key, found: [entry], attached: [], ...(about === undefined ? {} : { about }) });
  };
  const fileRules = placed.rules.filter((rule) => rule.matcher.kind === 'file');
  // The finding about an env file speaks of all its variables; one more for each of them would say the same again.
  const isCovered = (entry: Found): boolean => {
    if (genericKind(entry.sighting.rule.matcher) === undefined) return false;
    const paths = pathsOf(entry, placed);
    return (
      paths.length > 0 &&
      !hasMorePlaces(entry, placed) &&
      paths.every((path) => fileRules.some(({ paths: where }) => where !== undefined && pathMatches(where, path)))
    );
  };
  const inFiles = found.filter(isCovered);
  // But a value that several environments share is a finding of its own, which says so.
  const shared = sharedByEnvironments(inFiles, placed);
  const covered = new Set(shared.size === 0 ? inFiles : inFiles.filter((entry) => !shared.has(keyOf(entry.sighting))));
  const lines = new Map<string, string>();
  const holders = new Map<string, string>();
  /** Variables that hold what was made to be public. */
  const harmless = new Set<string>();
  // Only what holds no secret asks for them.
  for (const entry of found.some(({ sighting }) => isSecretless(sighting.rule)) ? found : []) {
    const { rule, name } = entry.sighting;
    if (isSecretless(rule) || rule.matcher.kind === 'file' || covered.has(entry)) continue;
    const variable = /\w+$/.exec(name)?.[0];
    const holder = variable === undefined || isOneEverywhere(variable) ? variable : inContent(entry, variable);
    if (!isTold(rule)) {
      if (holder !== undefined) harmless.add(holder);
      continue;
    }
    const key = keyOf(entry.sighting);
    lines.set(lineOf(entry), key);
    if (holder !== undefined) holders.set(holder, key);
  }
  const attached: [key: string, entry: Found][] = [];
  for (const entry of found) {
    const { rule } = entry.sighting;
    if (isSecretless(rule)) {
      // A check about a variable belongs to the secret that the variable holds, wherever that is said.
      const { name } = entry.sighting;
      const called = isTextCheck(rule) ? [name, inContent(entry, name)] : [];
      const beside = lines.get(lineOf(entry)) ?? called.map((variable) => holders.get(variable)).find((key) => key !== undefined);
      if (beside !== undefined) attached.push([beside, entry]);
      else if (!called.some((variable) => harmless.has(variable))) add(`${rule.id}\0${name}`, entry);
      continue;
    }
    if (!isTold(rule)) continue;
    if (rule.matcher.kind !== 'file' && !covered.has(entry)) add(keyOf(entry.sighting), entry);
    // Any key in an env file makes it one that should not be here, not only what the file's own rule saw; but for what whoever loads a page gets anyway.
    if (rule.kind === 'publishable') continue;
    for (const fileRule of rule.matcher.kind === 'file' ? [rule] : fileRules) {
      for (const path of pathsOf(entry, placed))
        if (fileRule.paths !== undefined && pathMatches(fileRule.paths, path)) add(`${fileRule.id}\0${path}`, entry, { rule: fileRule, path });
    }
  }
  for (const [key, entry] of attached) map.get(key)!.attached.push(entry);
  return withoutTwice([...map.values()]);
}

/** Keys of the groups whose value stands in files of several environments. */
function sharedByEnvironments(found: readonly Found[], placed: GroupedBy): Set<string> {
  const classes = new Map<string, Set<EnvironmentClass>>();
  for (const entry of found) {
    const key = keyOf(entry.sighting);
    const known = classes.get(key) ?? new Set();
    for (const path of pathsOf(entry, placed)) known.add(environmentClass(path));
    known.delete('unknown');
    classes.set(key, known);
  }
  return new Set([...classes].flatMap(([key, known]) => (known.size > 1 ? [key] : [])));
}

/** What was made to be public is recognised so that nothing else takes it for a secret, and told to whoever asks for it. */
function isTold({ kind, severityIsFinal }: Rule): boolean {
  return kind !== 'publishable' || severityIsFinal === true;
}

/** Whether a name means the same variable in all files: one of the environment that is not anybody's, as `API_KEY` is. */
function isOneEverywhere(name: string): boolean {
  return /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name) && !isAnybodys(squeeze(name));
}

/** A variable of one content. */
function inContent(entry: Found, name: string): string {
  return `${contentOf(entry.origin)}\0${name}`;
}

/** What is said of an env file's tracking belongs to the finding about the file, where there is one. */
function withoutTwice(all: readonly Group[]): Group[] {
  const byPath = new Map(all.flatMap((group) => (group.about === undefined ? [] : [[group.about.path, group] as const])));
  return all.filter((group) => {
    const { rule, name } = group.found[0]!.sighting;
    const about = rule.matcher.kind === 'finding' ? byPath.get(name) : undefined;
    if (about === undefined) return true;
    append(about.attached, group.found);
    return false;
  });
}

/** Checks that hold no secret: code, names, and what git ignores. */
export function isSecretless(rule: Rule): boolean {
  return isTextCheck(rule) || rule.matcher.kind === 'finding';
}

function lineOf({ origin, sighting }: Found): string {
  return `${contentOf(origin)}\0${sighting.range.startLine}`;
}

export function contentOf(origin: Origin): string {
  if (origin.kind === 'blob' || origin.kind === 'staged') return origin.blob;
  return origin.kind === 'metadata' ? `${origin.object}\0${origin.label}` : origin.path;
}

/** For each half of a pair the group of the secret that it stands beside in its content. */
export function secretsBeside(found: readonly Found[]): ReadonlyMap<Sighting, string> {
  const byContent = new Map<string, Sighting[]>();
  for (const { origin, sighting } of found.some(({ sighting: { rule } }) => rule.halfOf !== undefined) ? found : []) {
    const content = contentOf(origin);
    const list = byContent.get(content);
    if (list === undefined) byContent.set(content, [sighting]);
    else list.push(sighting);
  }
  return new Map([...byContent.values()].flatMap((sightings) => [...pairsIn(sightings)].map(([half, secret]) => [half, keyOf(secret)] as const)));
}

/** What makes sightings one finding. */
function keyOf({ rule, secret }: Sighting): string {
  return `${familyOf(rule)}\0${secret.reveal()}`;
}

function familyOf(rule: Rule): string {
  return rule.matcher.kind === 'member' ? rule.matcher.of : rule.id;
}

/** The paths of files at which it stands. */
function pathsOf({ origin, sighting }: Found, placed: GroupedBy): string[] {
  switch (origin.kind) {
    case 'file':
    case 'staged':
    case 'stdin':
      return [origin.path];
    case 'blob':
      return [...(placed.whereabouts?.pathsOf(origin.blob) ?? [])].filter((path) => isSeenAt(path, sighting));
    case 'metadata':
      return [];
  }
}

/** Whether a sighting counts at a path: that of a rule for some paths does so there alone, and has its place alone there. */
export function isSeenAt(path: string, { rule: { paths }, rivals }: Sighting): boolean {
  return standsAt(path, { paths, rivals });
}

export function isBound({ rule, rivals }: Sighting): boolean {
  return rule.paths !== undefined || rivals !== undefined;
}

/** Whether a sighting counts at one of its paths, or where nothing has a path. */
export function standsSomewhere(entry: Found, placed: GroupedBy): boolean {
  const { origin, sighting } = entry;
  if (!isBound(sighting)) return true;
  const hasPath = origin.kind === 'blob' && (placed.whereabouts?.pathsOf(origin.blob).size ?? 0) > 0;
  return hasPath ? pathsOf(entry, placed).length > 0 : isSeenAt(originFile(origin), sighting);
}

/** Whether it is at more paths than are known. */
function hasMorePlaces({ origin }: Found, { whereabouts }: GroupedBy): boolean {
  return origin.kind === 'blob' && whereabouts?.isCut(origin.blob) === true;
}
