/**
 * What a file says about whose key it holds: names, hosts, headers and imports, scored by how near they stand to the
 * key. Asked only for the few places where something was found.
 */
import { lineAround } from '../detect/lines.ts';
import { Branches } from './branches.ts';
import { mentions, wordsOf } from '../detect/surroundings.ts';
import type { Span } from '../model/origin.ts';
import type { Attribution } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { isAnybodys, ownerOf } from '../rules/names.ts';
import { escapeRegex } from '../rules/shape.ts';
import { partsOf, squeezedForms } from './key-names.ts';
import { keysAround } from './sections.ts';
import { servicesIn } from './services.ts';

/** How strongly something near a key says whose it is. More is nearer; the words are for people. */
export interface Claim {
  readonly score: number;
  readonly evidence: string;
}

export const SCORE = { ownName: 100, sameLine: 85, near: 70, imported: 50, fileHost: 45, fileName: 30 } as const;

/** What stands between the key of a mapping and its value. */
const MAPPED = /(?:(?::|=>)\s{0,4}|\s--from-literal[= ]["']?[\w.-]{1,80}=)["'`]?$/;
const MAPPED_REACH = 104;
/** Lines on either side that count as near. */
const NEAR_LINES = 4;
const SCORE_PER_LINE = 3;

/** A line near a key, and the forms in which it is searched. */
class NearLine {
  readonly text: string;
  readonly lower: string;
  /** Letters and digits of `lower` alone. */
  readonly squeezed: string;
  /** By who was asked about, see `mentioned`: the next key has most of its lines near it too. */
  readonly #mentions = new Map<Attribution, string | undefined>();

  constructor(text: string) {
    this.text = text;
    this.lower = text.toLowerCase();
    this.squeezed = this.lower.replace(/[^a-z0-9]/g, '');
  }

  /** What on it speaks of a provider. */
  mention(attribution: Attribution): string | undefined {
    if (!this.#mentions.has(attribution)) this.#mentions.set(attribution, mentioned(this, attribution));
    return this.#mentions.get(attribution);
  }
}

/** Lines that are kept at once: those near some keys. */
const MOST_LINES = 256;

/** One content, its lines and its words, looked at once however many keys stand in it. */
export class Surroundings {
  readonly #bytes: Buffer;
  #text: string | undefined;
  #services: ReadonlySet<string> | undefined;
  #changesIndex: boolean | undefined;
  readonly #fileClaims = new Map<Attribution, Claim | undefined>();
  readonly #plainHosts = new Map<Attribution, string | undefined>();
  readonly #namedHosts = new Map<readonly string[], boolean>();
  readonly #spoken = new Map<ReadonlySet<string>, boolean>();
  /** By package, see `#namesFrom`. */
  readonly #imported = new Map<string, ReadonlySet<string>>();
  /** The keys and the lines around the span that was asked about last: all providers of a family ask about the same one. */
  #keys: { readonly span: Span; readonly keys: readonly string[] } | undefined;
  #near: { readonly span: Span; readonly lines: readonly (readonly [line: NearLine, distance: number])[] } | undefined;
  /** Lines near keys, by the place that they were asked about: of a long one that is all that decides what is seen of it. */
  readonly #lines = new Map<number, { readonly line: NearLine; readonly offset: number; readonly end: number }>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The strongest claim of a provider on the value at `span`, by what stands around it. */
  claim(attribution: Attribution, span: Span): Claim | undefined {
    return this.nearClaim(attribution, span) ?? this.#fileClaim(attribution);
  }

  /** The claim of a provider whose name alone a key is that the value at `span` stands in: `tap` is a word like any other elsewhere. */
  keyClaim({ names }: Attribution, span: Span, name = ''): Claim | undefined {
    const owners = ownersOf(names);
    const keys = this.keysAround(span);
    if (name !== '' && owners.has(squeeze(name)) && this.#isMapped(span)) return { score: SCORE.ownName, evidence: `given to \`${name}\`` };
    const key = keys.find((own) =>
      [own, ...partsOf(own)].some((part) => !isCalledSo(own, part) && squeezedForms(part).some((form) => owners.has(form))),
    );
    return key === undefined ? undefined : { score: SCORE.sameLine, evidence: `in \`${key}\`` };
  }

  /** Whether a value is one of a mapping: `acme: '…'`, and not `acme = '…'` or `acme('…')`. */
  #isMapped(span: Span): boolean {
    const { text, offset } = lineAround(this.#bytes, span.start, span.start);
    return MAPPED.test(text.slice(0, span.start - offset).slice(-MAPPED_REACH));
  }

  /** See `keysAround`. */
  keysAround(span: Span): readonly string[] {
    if (this.#keys?.span !== span) this.#keys = { span, keys: keysAround(this.#bytes, span) };
    return this.#keys.keys;
  }

  /** The same by what stands on the value's line and on a few around it. */
  nearClaim(attribution: Attribution, span: Span): Claim | undefined {
    let best: Claim | undefined;
    for (const [line, distance] of this.#linesNear(span)) {
      const what = line.mention(attribution);
      const score = distance === 0 ? SCORE.sameLine : SCORE.near - SCORE_PER_LINE * distance;
      if (what === undefined || score <= (best?.score ?? 0)) continue;
      best = {
        score,
        evidence: distance === 0 ? `\`${what}\` on the same line` : `\`${what}\` ${distance === 1 ? '1 line' : `${distance} lines`} away`,
      };
    }
    return best;
  }

  /** The claim of a provider one of whose hosts stands on the value's own line: there it is sent, whatever section the line is in. */
  hostClaim({ hosts }: Attribution, span: Span): Claim | undefined {
    const [own] = this.#linesNear(span);
    const host = own === undefined ? undefined : hosts.find((name) => own[0].lower.includes(name) && hostPattern(name).test(own[0].lower));
    return host === undefined ? undefined : { score: SCORE.sameLine, evidence: `\`${host}\` on the same line` };
  }

  /** See `#nearLines`; all providers of a family ask about the same ones. */
  #linesNear(span: Span): readonly (readonly [NearLine, number])[] {
    if (this.#near?.span.start !== span.start || this.#near.span.end !== span.end) this.#near = { span, lines: [...this.#nearLines(span)] };
    return this.#near.lines;
  }

  /** The lines around a span and how far each is, without the value itself: what it holds says nothing about whose it is. */
  *#nearLines(span: Span): Generator<readonly [NearLine, number]> {
    const own = lineAround(this.#bytes, span.start, span.end);
    const from = span.start - own.offset;
    yield [new NearLine(`${withoutOtherChoice(own.text.slice(0, from))} ${own.text.slice(from + span.end - span.start)}`), 0];
    let up = own.offset - 1;
    let down = own.offset + own.text.length + 1;
    const above = new Branches(own.text, true);
    const below = new Branches(own.text, false);
    for (let distance = 1; distance <= NEAR_LINES; distance++) {
      if (up > 0) {
        const { line, offset } = this.#lineAt(up);
        if (above.isOwn(line.text)) yield [line, distance];
        up = offset - 1;
      }
      if (down < this.#bytes.length) {
        const { line, end } = this.#lineAt(down);
        if (below.isOwn(line.text)) yield [line, distance];
        down = end + 1;
      }
    }
  }

  #lineAt(place: number): { readonly line: NearLine; readonly offset: number; readonly end: number } {
    let known = this.#lines.get(place);
    if (known === undefined) {
      const { text, offset } = lineAround(this.#bytes, place, place);
      known = { line: new NearLine(text), offset, end: offset + text.length };
      if (this.#lines.size >= MOST_LINES) this.#lines.clear();
      this.#lines.set(place, known);
    }
    return known;
  }

  /** The content's first part, in lower case. */
  lowerText(): string {
    this.#text ??= this.#bytes.toString('latin1', 0, MAX_FILE_TEXT).toLowerCase();
    return this.#text;
  }

  /** See `servicesIn`. */
  services(): ReadonlySet<string> {
    this.#services ??= servicesIn(this.lowerText());
    return this.#services;
  }

  /** Whether an index that is searched is changed anywhere, which no key can do that only searches. */
  changesIndex(): boolean {
    this.#changesIndex ??= CHANGES.test(this.lowerText());
    return this.#changesIndex;
  }

  /** Whether an import takes a name from a package that is called by one of some texts. */
  imports(name: string, packages: readonly string[]): boolean {
    const own = name.toLowerCase();
    return packages.some((called) => this.#namesFrom(called).has(own));
  }

  /** Names that statements take from a package, in lower case; a list of them may go over lines. */
  #namesFrom(called: string): ReadonlySet<string> {
    let names = this.#imported.get(called);
    if (names === undefined) {
      const text = this.lowerText();
      const taken = new Set<string>();
      let at = text.indexOf(called);
      for (let count = 0; at >= 0 && count < MOST_MENTIONS; count++) {
        for (const name of importAround(text, at)?.split(NO_WORD) ?? []) taken.add(name);
        at = text.indexOf(called, at + called.length);
      }
      names = taken;
      this.#imported.set(called, names);
    }
    return names;
  }

  /** Whether one of some words in lower case stands anywhere. It is asked with the same set for each key of a provider. */
  speaksOf(words: ReadonlySet<string>): boolean {
    let spoken = this.#spoken.get(words);
    if (spoken === undefined) {
      const text = this.lowerText();
      spoken = [...words].some((word) => text.includes(word));
      this.#spoken.set(words, spoken);
    }
    return spoken;
  }

  /** Whether one of some hosts, or one below it, is named anywhere. */
  namesHost(hosts: readonly string[]): boolean {
    let named = this.#namedHosts.get(hosts);
    if (named === undefined) {
      named = hosts.some((host) => hostPattern(host).test(this.lowerText()));
      this.#namedHosts.set(hosts, named);
    }
    return named;
  }

  /** The first URL without encryption that leads to an API host of a provider. */
  plainHost(attribution: Attribution): string | undefined {
    if (!this.#plainHosts.has(attribution)) {
      const found = attribution.hosts.map((host) => plainPattern(host).exec(this.lowerText())?.[0]);
      this.#plainHosts.set(
        attribution,
        found.find((url) => url !== undefined),
      );
    }
    return this.#plainHosts.get(attribution);
  }

  #fileClaim(attribution: Attribution): Claim | undefined {
    if (!this.#fileClaims.has(attribution)) this.#fileClaims.set(attribution, this.#findInFile(attribution));
    return this.#fileClaims.get(attribution);
  }

  #findInFile(attribution: Attribution): Claim | undefined {
    const text = this.lowerText();
    const imported = attribution.packages.find((name) => isImported(name, text));
    if (imported !== undefined) return { score: SCORE.imported, evidence: `the file imports \`${imported}\`` };
    const host = attribution.hosts.find((name) => hostPattern(name).test(text));
    if (host !== undefined) return { score: SCORE.fileHost, evidence: `the file names the host \`${host}\`` };
    const name = attribution.names.find((word) => new RegExp(`(?<![a-z0-9])${word}(?:_[a-z_]{0,40})?(?:key|secret|token)(?![a-z])`).test(text));
    return name === undefined ? undefined : { score: SCORE.fileName, evidence: `\`${name}\` elsewhere in the file` };
  }
}

/** `provider === 'acme' ? '…' : '`, at a line's end: what follows is of anybody else. */
const OTHERWISE = /(?<![\w.$])[\w.$]{1,60}\s?={2,3}\s?["'][^"']{1,40}["']\s?\?\s?["'][^"']{8,200}["']\s?:\s?["']$/;
const OTHERWISE_REACH = 330;

function withoutOtherChoice(left: string): string {
  const near = left.slice(-OTHERWISE_REACH);
  const at = near.includes('?') ? near.search(OTHERWISE) : -1;
  return at < 0 ? left : left.slice(0, left.length - near.length + at);
}

/** Whose names are listed: what they are called without words for credentials. */
const ownersOf = (() => {
  const known = new WeakMap<readonly string[], ReadonlySet<string>>();
  return (names: readonly string[]): ReadonlySet<string> => {
    const owners = known.get(names) ?? new Set(names.map((name) => ownerOf(name) ?? name));
    known.set(names, owners);
    return owners;
  };
})();

/** Whether a part of a path is called like a provider: `clerk`, `stripe-adapter`, `charge_with_paymongo`. An ordinary word is so alone only. */
export function isCalledLike({ names, words }: Attribution, part: string): boolean {
  const owners = ownersOf(names);
  const apart = names.filter((name) => !words.includes(name));
  return squeezedForms(part).some((form) => owners.has(form)) || mentions(part, apart) !== undefined;
}

/** A small word that is called is a function's name more often than a provider's: `tap(`, and not `Tap(`, `tap.Client(`, `tapClient(`. */
function isCalledSo(key: string, part: string): boolean {
  const called = part.endsWith('(') ? part : `${part}(`;
  return (key === called || key.endsWith(`.${called}`)) && /^[a-z]+\($/.test(called);
}

/** What the name that a value is given to says about whose it is. Nothing else can say more. */
export function nameClaim(attribution: Attribution, name: string): Claim | undefined {
  if (mentions(name, attribution.names) !== undefined) return { score: SCORE.ownName, evidence: `\`${name}\` in the same assignment` };
  if (attribution.headers.includes(name.toLowerCase())) return { score: SCORE.ownName, evidence: `header \`${name}\`` };
  return undefined;
}

/** The import that mentions something at a place of a text, up to the end of its line. */
function importAround(text: string, at: number): string | undefined {
  const from = Math.max(0, at - LONGEST_IMPORT);
  const near = text.slice(from, at + LONGEST_IMPORT);
  const place = at - from;
  let start = near.lastIndexOf('\n', place) + 1;
  if (near[start] === '}') start = near.lastIndexOf('\n', Math.max(0, near.lastIndexOf('{', start))) + 1;
  const end = near.indexOf('\n', place);
  const statement = near.slice(start, end < 0 ? near.length : end);
  // What begins before this text, or ends behind it, is longer.
  const isWhole = (start > 0 || from === 0) && (end >= 0 || from + near.length === text.length);
  return isWhole && statement.length < LONGEST_IMPORT && IMPORTS.test(statement) ? statement : undefined;
}

/** Calls of Algolia's clients, in lower case. */
const CHANGES =
  /[.>](?:save_?(?:object|rule|synonym)s?|add_?objects|partial_?update_?objects?|delete_?(?:objects?|by|index)|replace_?all_?(?:objects|rules|synonyms)|clear_?objects|set_?settings|add_?api_?key)\(/;

/** Mentions of a package that are looked at, and characters of an import. */
const MOST_MENTIONS = 256;
const LONGEST_IMPORT = 1000;
const IMPORTS = /^[ \t]{0,8}(?:import|from|const|use)[ \t]/;
const NO_WORD = /[^\w$]/;

/** Imports and hosts stand at the top or often; nobody looks further than this for them. */
const MAX_FILE_TEXT = 1_048_576;

function mentioned({ text, lower, squeezed }: NearLine, attribution: Attribution): string | undefined {
  const host = attribution.hosts.find((name) => lower.includes(name) && hostPattern(name).test(lower));
  if (host !== undefined) return host;
  const header = attribution.headers.find((name) => lower.includes(name));
  if (header !== undefined) return header;
  const imported = attribution.packages.find((name) => isImported(name, lower));
  if (imported !== undefined) return withoutStar(imported);
  return attribution.names.find(
    (name) => squeezed.includes(name) && mentions(text, [name]) !== undefined && (!attribution.words.includes(name) || isWrittenAsName(text, name)),
  );
}

/** A line of so many words is a heading: `# Clerk, production`. */
const MOST_WORDS_OF_A_HEADING = 3;
/** What joins a word to an identifier, an address or a call, or holds it as a value. */
const JOINED_BEFORE = /[\w$@/."'`]$/;
const JOINED_BEHIND = /^(?:[\w$@/(:"'`=]|\.\w)/;
const NEXT_WORD = /^[ -]([A-Za-z]{2,20})/;
/** A capital within a sentence, and not at its start. */
const WITHIN_SENTENCE = /[A-Za-z,;]\s{1,4}$/;

/** Whether a word that means something of its own is a name here: `clerkClient`, `our Clerk instance`, `clerk key`, and not `the clerk enters it`. */
function isWrittenAsName(text: string, word: string): boolean {
  if (wordsOf(text).length <= MOST_WORDS_OF_A_HEADING) return true;
  for (const { 0: found, index } of text.matchAll(wordPattern(word))) {
    const [left, right] = [text.slice(0, index), text.slice(index + found.length)];
    if (JOINED_BEFORE.test(left) || JOINED_BEHIND.test(right)) return true;
    if (/^[A-Z]/.test(found) && WITHIN_SENTENCE.test(left)) return true;
    if (isAnybodys((NEXT_WORD.exec(right)?.[1] ?? '').toLowerCase())) return true;
  }
  return false;
}

/** Patterns by the name that they are made from, each made when first asked for. */
function patternsBy(source: (name: string) => string, flags = ''): (name: string) => RegExp {
  const known = new Map<string, RegExp>();
  return (name) => {
    const made = known.get(name) ?? new RegExp(source(name), flags);
    known.set(name, made);
    return made;
  };
}

/** The host itself or one below it. */
const hostPattern = patternsBy((host) => `(?<![a-z0-9-])${escapeRegex(host)}(?![a-z0-9-]|\\.[a-z])`);

const wordPattern = patternsBy((word) => escapeRegex(word), 'gi');

/** `http://` or `ws://` and a host below the provider's own whose name is one of a service, not of a website. */
const plainPattern = patternsBy(
  (host) =>
    `(?:http|ws)://(?:[a-z0-9-]{1,40}\\.){0,3}(?:api|streaming|agents|realtime|sync|token|llm-gateway|dictation)\\.(?:[a-z0-9-]{1,40}\\.){0,2}${escapeRegex(host)}(?![a-z0-9-]|\\.[a-z])`,
);

/** Whether a package is in an import, a require, a manifest or a using clause. Most texts do not even name it, which is seen at once. */
function isImported(name: string, text: string): boolean {
  return text.includes(withoutStar(name)) && importPattern(name).test(text);
}

/** `@clerk/` of `@clerk/*`, which stands for all packages that begin so. */
function withoutStar(name: string): string {
  return name.endsWith('*') ? name.slice(0, -1) : name;
}

const importPattern = patternsBy((name) => {
  const rest = name.endsWith('*') ? '' : '(?=["\'`/;.@\\s)>:,]|$)';
  // What something is compared with is not imported.
  return `(?:(?<![=!]=\\s?)["'\`]|\\b(?:import|from|using|require|gem|use)\\s{1,4}\\(?["'\`]?)${escapeRegex(withoutStar(name))}${rest}`;
});
