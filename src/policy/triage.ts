/**
 * Sets findings aside that somebody accepted: by a comment, the ignore file, the baseline, or a path that is left out.
 * Every one is kept with its reason; entries and comments that accept nothing any more are told.
 */
import type { Finding, Location, Suppressed } from '../model/finding.ts';
import { OWN_MARKER, type InlineComment } from '../model/inline-comment.ts';
import type { RuleSet } from '../model/rule.ts';
import type { Entry } from './entry.ts';
import type { InlineMode } from './inline.ts';
import { didYouMean } from '../model/nearest.ts';
import { pathFilter } from './path-patterns.ts';
import { SEAL, sealOf } from './seal.ts';

/** What a scan needs of a policy. */
export interface Acceptance {
  readonly exclude: readonly string[];
  /** Per rule, by id. */
  readonly ruleExcludes: ReadonlyMap<string, readonly string[]>;
  readonly inlineIgnores: InlineMode;
  /** False: comments are read and counted, and silence nothing. */
  readonly honourInline: boolean;
  readonly ignores: readonly Entry[];
  readonly baseline: readonly Entry[];
}

export const ACCEPT_NOTHING: Acceptance = {
  exclude: [],
  ruleExcludes: new Map(),
  inlineIgnores: 'all',
  honourInline: true,
  ignores: [],
  baseline: [],
};

export interface TriageFacts {
  readonly now: Date;
  readonly rules: RuleSet;
  /** Everything was scanned, so that what matches nothing is left over. */
  readonly everything: boolean;
  /** Findings are new against what was there before: an entry that only knows a place says nothing about them. */
  readonly onlyNew: boolean;
  /** keysift's own comments in files on disk or staged, and whether they cover anything. */
  readonly comments: readonly SeenComment[];
}

export interface SeenComment {
  readonly file: string;
  readonly comment: InlineComment;
  readonly used: boolean;
}

export interface Triaged {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  readonly notes: readonly string[];
}

const SHOWN = 20;

export function triage(findings: readonly Finding[], acceptance: Acceptance, facts: TriageFacts): Triaged {
  const today = facts.now.toISOString().slice(0, 10);
  const ignores = new Entries(acceptance.ignores, today, findings);
  const placed = facts.onlyNew ? acceptance.baseline.filter((entry) => SEAL.test(entry.key)) : acceptance.baseline;
  const baseline = new Entries(placed, today, findings);
  const isLeftOut = leftOut(acceptance);
  const open: Finding[] = [];
  const suppressed: Suppressed[] = [];
  let unheard = 0;
  for (const given of findings) {
    // Places that nobody knows of are left out by nothing.
    const inside = given.locations.filter((location) => !isLeftOut(given.rule.id, location));
    const locations = inside.length === 0 && given.morePlaces === true ? given.locations : inside;
    const finding = locations.length === given.locations.length ? given : { ...given, locations, state: locations[0]?.state ?? given.state };
    const allowed = finding.allowed ?? [];
    const ignored = ignores.find(finding);
    const known = baseline.find(finding);
    const entry = ignored ?? known;
    if (locations.length === 0) suppressed.push({ finding: given, by: 'exclude', reason: 'all its places are left out by the configuration' });
    else if (allowed.length > 0 && acceptance.honourInline)
      suppressed.push({ finding, by: 'inline', reason: allowed.find(({ reason }) => reason !== '')?.reason ?? '' });
    else if (entry !== undefined) {
      const by = ignored === undefined ? 'baseline' : 'ignore-file';
      suppressed.push({ finding, by, reason: entry.reason, ...(entry.until === undefined ? {} : { until: entry.until }) });
    } else {
      if (allowed.length > 0) unheard++;
      open.push(finding);
    }
  }
  const notes = [
    ...(unheard === 0 ? [] : [`${plural(unheard, 'finding')} with an ignore comment that does not count in this run`]),
    ...firstOf([...ignores.expired(), ...baseline.expired()]),
    ...(facts.everything ? firstOf([...ignores.unused('take the line out'), ...baseline.unused('keysift baseline prune removes it')]) : []),
    ...firstOf(misspelt(acceptance.ignores, facts.rules)),
    ...(acceptance.honourInline && acceptance.inlineIgnores !== 'none' ? firstOf(commentNotes(facts)) : []),
  ];
  return { findings: open, suppressed, notes };
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Words of a note. Written for those that are shown alone: to find the rule that was meant takes a millisecond or more. */
type Note = () => string;

function firstOf(notes: readonly Note[]): string[] {
  const more = notes.length - SHOWN;
  const shown = notes.slice(0, SHOWN).map((note) => note());
  return more <= 0 ? shown : [...shown, `and ${more} more of these`];
}

function leftOut({ exclude, ruleExcludes }: Acceptance): (ruleId: string, location: Location) => boolean {
  const everywhere = pathFilter(exclude);
  const perRule = new Map([...ruleExcludes].map(([id, patterns]) => [id, pathFilter(patterns)]));
  return (ruleId, { file }) => everywhere(file) || perRule.get(ruleId)?.(file) === true;
}

/** For each entry that has not ended the findings that it knows, maybe none. */
export function matches(entries: readonly Entry[], findings: readonly Finding[], now: Date): Map<Entry, Finding[]> {
  const known = new Entries(entries, now.toISOString().slice(0, 10), findings);
  const result = new Map<Entry, Finding[]>(entries.map((entry) => [entry, []]));
  for (const finding of findings) {
    const entry = known.find(finding);
    if (entry !== undefined) result.get(entry)!.push(finding);
  }
  return result;
}

/** Entries by what they know a finding by. */
class Entries {
  readonly #byId = new Map<string, Entry>();
  readonly #bySalt = new Map<string, Map<string, Entry>>();
  readonly #all: readonly Entry[];
  readonly #old: readonly Entry[];
  readonly #used = new Set<Entry>();
  /** Ids that some finding has for its own: an entry for one is about that finding and no other. */
  readonly #owned: ReadonlySet<string>;
  /** Other ids that more than one finding has. */
  readonly #shared: ReadonlySet<string>;

  constructor(entries: readonly Entry[], today: string, findings: readonly Finding[]) {
    // One without a last day never ends.
    const hasEnded = ({ until = today }: Entry): boolean => until < today;
    this.#old = entries.filter(hasEnded);
    this.#all = entries.filter((entry) => !hasEnded(entry));
    for (const entry of this.#all) {
      const salt = SEAL.exec(entry.key)?.[1];
      if (salt === undefined) this.#byId.set(entry.key, entry);
      else this.#bySalt.set(salt, (this.#bySalt.get(salt) ?? new Map<string, Entry>()).set(entry.key, entry));
    }
    const asked = entries.length === 0 ? [] : findings;
    this.#owned = new Set(asked.map(({ id }) => id));
    const seen = new Set<string>();
    this.#shared = new Set(asked.flatMap(({ otherIds }) => otherIds).filter((id) => seen.has(id) || !seen.add(id)));
  }

  find(finding: Finding): Entry | undefined {
    const entry = this.#sealed(finding) ?? this.#byId.get(finding.id) ?? this.#moved(finding);
    if (entry !== undefined) this.#used.add(entry);
    return entry;
  }

  #sealed({ secret }: Finding): Entry | undefined {
    if (secret.reveal() === '') return undefined;
    for (const [salt, entries] of this.#bySalt) {
      const entry = entries.get(sealOf(secret, salt));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #moved({ otherIds }: Finding): Entry | undefined {
    for (const id of otherIds) {
      const entry = this.#owned.has(id) || this.#shared.has(id) ? undefined : this.#byId.get(id);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  expired(): Note[] {
    return this.#old.map(
      ({ at, until, key }) =>
        () =>
          `${at}: the entry for ${key} ended on ${until}`,
    );
  }

  unused(advice: string): Note[] {
    return this.#all
      .filter((entry) => !this.#used.has(entry))
      .map(
        ({ at, key }) =>
          () =>
            `${at}: the entry for ${key} matches nothing; ${advice}`,
      );
  }
}

function misspelt(entries: readonly Entry[], rules: RuleSet): Note[] {
  if (entries.length === 0) return []; // and no rule has to be read
  const known = new Set(rules.rules.map((rule) => rule.id));
  return entries
    .filter(({ rule }) => !known.has(rule))
    .map(
      ({ at, rule }) =>
        () =>
          `${at}: there is no rule ${rule}. ${didYouMean(rule, known, 'It may be switched off.')}`,
    );
}

function commentNotes({ comments, rules }: TriageFacts): Note[] {
  if (comments.length === 0) return []; // and no rule has to be read
  const known = new Set(rules.rules.map((rule) => rule.id));
  const inOrder = comments.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.comment.line - b.comment.line));
  return inOrder.flatMap(({ file, comment, used }) => {
    const at = `${file}:${comment.line}: ${comment.marker}`;
    const wrong = comment.rules.filter((rule) => !known.has(rule));
    const notes = wrong.map(
      (rule): Note =>
        () =>
          `${at} names ${rule}, and there is no such rule. ${didYouMean(rule, known, 'keysift rules list names them all.')}`,
    );
    if (comment.open) notes.push(() => `${at} has no ${OWN_MARKER}-end and covers nothing`);
    else if (!used) notes.push(() => `${at} covers nothing; take it out`);
    else if (comment.rules.length === 0) notes.push(() => `${at} names no rule, so it silences them all on its lines`);
    if (used && comment.reason === '') notes.push(() => `${at} gives no reason; write it behind " -- "`);
    return notes;
  });
}
