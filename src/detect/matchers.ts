/**
 * The ways in which a rule looks at text. Each works on a latin1 view, so a byte is a character and offsets never
 * shift, and each is bounded by lengths that come from the rule itself.
 */
import type { Span } from '../model/origin.ts';
import type { Matcher, Rule, TokenForm } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { bitmapOf } from '../rules/alphabet.ts';
import { ANYBODYS, CREDENTIAL_WORDS, isAnybodys, ownerOf } from '../rules/names.ts';
import { LinearRegex, type Searcher } from '../rules/regex-safety.ts';
import { isPlainPassword, standsForAny } from './credential-value.ts';
import { latin1, LF, LINE_REACH, lineAround } from './lines.ts';
import { NAME_LINES, nameAround } from './name-around.ts';
import { assignedName, describes, endsWithMention, endsWithOwned, mentions, wordsOf } from './surroundings.ts';

/** A pattern hit before any filter. */
export interface Hit extends Span {
  readonly rule: Rule;
  /** Public start of the text: what the rule itself names. */
  readonly prefixLength: number;
  readonly evidence: readonly string[];
  /** Set where the matcher itself had to find the name. */
  readonly name?: string;
  /** Found by a looser part of the rule, so less sure. */
  readonly weak?: boolean;
  /** Most likely written to show where one stands. */
  readonly sample?: boolean;
  /** See `Candidate.named`. */
  readonly named?: true;
}

export type Report = (hit: Hit) => void;

const MAX_PASSWORD = 128;
/** Bytes before a token that its pattern looks at: an escape. */
const LEFT = 2;

/** Longer texts are cut from the content in pieces of this size, which several literals share. */
const PIECE = 65_536;
/** Below this a text of its own is cheaper. */
const SHORT = 1024;
/** Shorter matches may overlap: what a filter takes away there must not hide another. */
const LONG_MATCH = 256;
/** How long a user's rule may take in one content, in milliseconds, and how much more for each MiB of it. */
const PATIENCE = { base: 1000, perMiB: 250 } as const;

/** What one form of a token has learnt about a quarter of a content. */
interface Known {
  /** The run of the form's class that was walked last. */
  run: Span;
  /** The tokens whose literals lie in this run fail behind it. */
  barren: boolean;
  /** The text that was cut last. */
  piece: { readonly text: string; readonly offset: number };
  /** The last match, from its literal on. */
  matched: Span;
}

/**
 * What one form of a token knows of the content that it is looking at. The prefilter reads a content as four streams,
 * each in ascending order, so each quarter is remembered for itself.
 */
class FormState {
  readonly #longest: number | undefined;
  readonly #class: Uint8Array | undefined;
  #bytes: Buffer | undefined;
  #quarters: Known[] = [];

  constructor(form: TokenForm, ignoreCase: boolean) {
    // The class is one of bytes, which a pattern without case does not keep to.
    this.#longest = ignoreCase ? undefined : form.longestRun;
    this.#class = form.longestRun === undefined || form.run === undefined ? undefined : bitmapOf(form.run.class);
  }

  at(bytes: Buffer, place: number): Known {
    if (this.#bytes !== bytes) [this.#bytes, this.#quarters] = [bytes, []];
    const quarter = Math.floor((place * 4) / bytes.length);
    this.#quarters[quarter] ??= { run: { start: 0, end: 0 }, barren: false, piece: { text: '', offset: 0 }, matched: { start: 0, end: 0 } };
    return this.#quarters[quarter];
  }

  /** Whether the run of the form's class at `from` goes on further than any token does. Each run is walked once. */
  runsOn(known: Known, bytes: Buffer, from: number): boolean {
    if (this.#class === undefined || this.#longest === undefined) return false;
    if (from < known.run.start || from >= known.run.end) {
      let end = from;
      while (end < bytes.length && this.#class[bytes[end] ?? 0] === 1) end++;
      known.run = { start: from, end };
      known.barren = false;
    }
    return known.barren || known.run.end - from > this.#longest;
  }
}

/** A text that holds `[start, end)` and perhaps more on either side; a long one is cut once for many literals. */
function textAt(known: Known, bytes: Buffer, start: number, end: number): { text: string; offset: number } {
  const from = Math.max(0, start);
  if (end - start < SHORT) return { text: latin1(bytes, from, end), offset: from };
  const { text, offset } = known.piece;
  if (from < offset || Math.min(end, bytes.length) > offset + text.length) {
    known.piece = { text: latin1(bytes, from, Math.max(end, from + PIECE)), offset: from };
  }
  return known.piece;
}

/** What a rule's matcher needs at run time; regular expressions are compiled when first asked for. */
export class CompiledRule {
  readonly rule: Rule;
  // Rules differ in their fields, so code that reads these of many of them is slow.
  readonly kind: Matcher['kind'];
  readonly selfIdentifying: boolean;
  readonly #forms: { regex: RegExp; state: FormState }[] = [];
  #value: RegExp | undefined;
  #wholeValue: RegExp | undefined;
  #beside: RegExp | undefined;
  #owners: ReadonlySet<string> | undefined;
  #pattern: Searcher | undefined;
  #work: { bytes: Buffer; windows: Set<number>; spent: number; gaveUp: boolean } | undefined;

  constructor(rule: Rule) {
    this.rule = rule;
    this.kind = rule.matcher.kind;
    this.selfIdentifying = rule.selfIdentifying;
  }

  /** The sticky pattern of a token's form, and what is known of the content. */
  form(index: number, form: TokenForm, ignoreCase: boolean): { regex: RegExp; state: FormState } {
    this.#forms[index] ??= { regex: new RegExp(form.anchored ?? form.pattern, ignoreCase ? 'iy' : 'y'), state: new FormState(form, ignoreCase) };
    return this.#forms[index];
  }

  /** The value's pattern, global. */
  value(matcher: Extract<Matcher, { value: unknown }>): RegExp {
    this.#value ??= new RegExp(matcher.value.pattern, 'g');
    return this.#value;
  }

  /** Whether a text ends with the public half of a pair, and with what leads from there to the other half. */
  endsBeside({ beside }: Extract<Matcher, { kind: 'context' }>, text: string): boolean {
    if (beside === undefined) return false;
    this.#beside ??= new RegExp(`(?:${beside})["'\`]?(?::|\\s{0,4},\\s{0,4})["'\`]?$`);
    return this.#beside.test(text);
  }

  /** What its names begin with, where that alone stands near its values, so that it is no ordinary word. */
  owners({ names, near }: Extract<Matcher, { kind: 'context' }>): ReadonlySet<string> {
    this.#owners ??= new Set(names.flatMap((name) => ownerOf(name) ?? []).filter((owner) => near.includes(owner)));
    return this.#owners;
  }

  /** Whether a text is a value of the rule from end to end. */
  fits(matcher: Extract<Matcher, { value: unknown }>, text: string): boolean {
    this.#wholeValue ??= new RegExp(`^(?:${matcher.value.pattern})$`);
    return this.#wholeValue.test(text);
  }

  /** The rule's free pattern; a user's runs in linear time. */
  pattern(source: string, flags: string): Searcher {
    this.#pattern ??= this.rule.linear === true ? new LinearRegex(source, flags) : new RegExp(source, flags);
    return this.#pattern;
  }

  /** A user's rule took too long in this content and left the rest of it. */
  gaveUp(bytes: Buffer): boolean {
    return this.#work?.bytes === bytes && this.#work.gaveUp;
  }

  /** Whether a free pattern has still to look at the window; each is looked at once. */
  begins(bytes: Buffer, start: number, end: number): boolean {
    if (this.#work?.bytes !== bytes) this.#work = { bytes, windows: new Set(), spent: 0, gaveUp: false };
    const work = this.#work;
    const key = start * 2 ** 20 + (end - start);
    if (work.gaveUp || work.windows.has(key)) return false;
    work.windows.add(key);
    return true;
  }

  /** Adds up a user's rule's time. False when it has had enough. */
  spend(bytes: Buffer, milliseconds: number): boolean {
    const work = this.#work;
    if (work?.bytes !== bytes) return true;
    work.spent += milliseconds;
    work.gaveUp = work.spent > PATIENCE.base + (PATIENCE.perMiB * bytes.length) / 2 ** 20;
    return !work.gaveUp;
  }
}

/** A token rule at the literal `at` of one of its forms. */
export function matchToken(compiled: CompiledRule, formIndex: number, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  const form = matcher.kind === 'token' ? matcher.forms[formIndex] : undefined;
  if (matcher.kind !== 'token' || form === undefined) return;
  const { regex, state } = compiled.form(formIndex, form, matcher.ignoreCase);
  // The literal once more inside a long match is part of it.
  const known = state.at(bytes, at.start);
  const { matched } = known;
  if (matched.end - matched.start > LONG_MATCH && at.start > matched.start && at.end <= matched.end) return;
  if (state.runsOn(known, bytes, at.end)) return;
  const { text, offset } = textAt(known, bytes, at.start - form.before.max - LEFT, at.start - form.before.min + form.maxLength + 1);
  const first = form.anchored === undefined ? at.start - form.before.min : at.start;
  if (first < offset) return;
  regex.lastIndex = first - offset;
  const found = regex.exec(text);
  if (found === null) {
    known.barren = form.wholeRun === true && !matcher.ignoreCase && known.run.end - at.end >= (form.run?.min ?? 0);
    return;
  }
  const start = form.anchored === undefined ? first : first - (found[1] ?? '').length;
  const end = first + found[0].length;
  known.matched = { start: at.start, end };
  report({ rule: compiled.rule, start, end, prefixLength: form.before.max === 0 ? form.literal.length : 0, evidence: [] });
}

/**
 * The escape hatch: a free pattern around a literal. The content is laid out in windows of fixed places, each searched
 * once whatever the number of literals in it, so that the time is in proportion to the content. A user's rule that is
 * slow even so gives up.
 */
export function matchPattern(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const { matcher, linear } = compiled.rule;
  if (matcher.kind !== 'pattern') return;
  const size = matcher.before + matcher.maxLength;
  const cell = at.start - (at.start % size);
  // One byte more on either side shows whether a match was cut.
  let from = Math.max(0, cell - matcher.before - 1);
  let to = Math.min(bytes.length, cell + size + matcher.maxLength + 1);
  let [openLeft, openRight] = [from > 0, to < bytes.length];
  if (compiled.rule.scope === 'line') {
    const before = bytes.subarray(from, at.start).lastIndexOf(LF);
    const after = bytes.subarray(at.end, to).indexOf(LF);
    if (before >= 0) [from, openLeft] = [from + before + 1, false];
    if (after >= 0) [to, openRight] = [at.end + after, false];
  }
  if (!compiled.begins(bytes, from, to)) return;
  const regex = compiled.pattern(matcher.pattern, `${matcher.flags}g`);
  const text = latin1(bytes, from, to);
  regex.lastIndex = 0;
  for (;;) {
    const started = linear === true ? performance.now() : 0;
    const found = regex.exec(text);
    if (linear === true && !compiled.spend(bytes, performance.now() - started)) return;
    if (found === null) return;
    const end = found.index + found[0].length;
    if ((openLeft && found.index === 0) || (openRight && end === text.length)) continue;
    // The window that holds its first literal reports a match.
    const literal = firstLiteral(matcher, found[0]);
    const place = from + found.index + literal;
    if (literal < 0 || place < cell || place >= cell + size) continue;
    const secret = found[1] ?? found[0];
    const start = from + found.index + found[0].lastIndexOf(secret);
    report({ rule: compiled.rule, start, end: start + secret.length, prefixLength: 0, evidence: [] });
  }
}

function firstLiteral(matcher: Extract<Matcher, { kind: 'pattern' }>, text: string): number {
  const fold = (given: string): string => (matcher.flags.includes('i') ? given.toLowerCase() : given);
  const places = matcher.literals.map((literal) => fold(text).indexOf(fold(literal))).filter((place) => place >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}

/** A block from its begin marker: the whole key, header and all. Without an end it goes as far as the pattern does. */
export function matchBlock(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'block') return;
  const begin = matcher.begin.find((marker) => latin1(bytes, at.start, at.end) === marker);
  if (begin === undefined) return;
  const to = nextBegin(bytes, [begin, ...matcher.begin], at.end, Math.min(bytes.length, at.end + matcher.maxLength));
  const { linear } = compiled.rule;
  if (linear === true && !compiled.begins(bytes, at.end, to)) return;
  const regex = compiled.pattern(matcher.pattern, 'sy');
  regex.lastIndex = 0;
  const started = linear === true ? performance.now() : 0;
  const rest = regex.exec(latin1(bytes, at.end, to))?.[0];
  if (linear === true && !compiled.spend(bytes, performance.now() - started)) return;
  if (rest === undefined) return;
  report({ rule: compiled.rule, start: at.start, end: at.end + rest.length, prefixLength: 0, evidence: [] });
}

/** A block holds no other's begin. So a text full of begins is searched once for an end, not once for each. */
function nextBegin(bytes: Buffer, markers: readonly string[], from: number, to: number): number {
  let end = to;
  for (const marker of markers) {
    const found = bytes.subarray(from, end).indexOf(marker, 0, 'latin1');
    if (found >= 0) end = from + found;
  }
  return end;
}

/** A content that is one value but for blanks around it. */
export function matchWhole(compiled: CompiledRule, bytes: Buffer, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'whole') return;
  const text = bytes.toString('latin1');
  const value = text.replace(/^(?:\xef\xbb\xbf)?\s{0,8}|\s{1,8}$/g, '');
  const regex = compiled.value(matcher);
  regex.lastIndex = 0;
  if (value === '' || regex.exec(value)?.[0] !== value) return;
  const start = text.indexOf(value);
  report({ rule: compiled.rule, start, end: start + value.length, prefixLength: 0, evidence: ['the file holds nothing else'], name: '' });
}

const USER_INFO = /([^\s/?#@:"'`<>{}]{0,128}):([^\s/?#@"'`<>]{1,128})@([A-Za-z0-9._~%$-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\]|\$?\{[^{}\s]{1,80}\})/y;
const LOCAL_HOST = /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|[a-z]{1,12}$)|\.(?:local|test|example|internal)$/i;
/** Hosts of examples, in any domain: `example.com`, `db.your-company.io`. */
const EXAMPLE_HOST = /(?:^|\.)(?:example|foo|bar|foobar|domain|hostname|(?:my|your|some)-?(?:host|domain|server|site|company))\./i;
/** What stands in the password's place where the user's is taken by a token. */
const TOKEN_IS_USER = 'x-oauth-basic';
const SHORTEST_TOKEN = 16;
/** Nobody's password is so short. */
const SHORTEST_PASSWORD = 4;

/** `scheme://user:password@host`: the password is the secret. */
export function matchUri(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const text = latin1(bytes, at.start - 1, at.end + 2 * MAX_PASSWORD + 260);
  const offset = Math.max(0, at.start - 1);
  USER_INFO.lastIndex = at.end - offset;
  const match = USER_INFO.exec(text);
  if (match === null) return;
  const [, user = '', password = '', host = ''] = match;
  if (/^[$%{[<]|^\*+$|\$\{|\{\{/.test(password)) return;
  if (password === TOKEN_IS_USER) {
    const evidence = [`a token, as \`${password}\` says`];
    const sample = user.length < SHORTEST_TOKEN;
    report({ rule: compiled.rule, start: at.end, end: at.end + user.length, prefixLength: 0, evidence, name: '', sample });
    return;
  }
  const isElsewhere = !LOCAL_HOST.test(host) && !EXAMPLE_HOST.test(host);
  const isSample = password.length < SHORTEST_PASSWORD || standsForAny(ownPart(password, user));
  // `user:pass@localhost` is how manuals write an address.
  if (isSample && !isElsewhere) return;
  const sample = isSample || isPlainPassword(password);
  const start = at.end + user.length + 1;
  report({
    rule: compiled.rule,
    start,
    end: start + password.length,
    prefixLength: 0,
    evidence: [
      sample || !isElsewhere
        ? 'password for a local or example host, or a plain one'
        : `password for ${user === '' ? 'a user' : 'a named user'} at a remote host`,
    ],
    name: user,
    weak: !isElsewhere,
    sample,
  });
}

/** A password as it is typed, and without what it shares with its user: `cachepass` of `cacheuser`. */
function ownPart(password: string, user: string): string {
  const typed = password.replace(/%[0-7][0-9a-f]/gi, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
  const own = user.replace(/user(?:name)?|name/i, '');
  return own === '' ? typed : typed.replace(own, '');
}

/** `NAME = value` on one line, where the name holds one of the rule's words. The prefilter has seen the operator. */
export function matchAssignment(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'assignment' && matcher.kind !== 'file') return;
  const line = lineAround(bytes, at.start, at.end);
  ASSIGNMENT_TAIL.lastIndex = at.end - line.offset;
  const operator = ASSIGNMENT_TAIL.exec(line.text);
  if (operator === null) return;
  const from = ASSIGNMENT_TAIL.lastIndex;
  const quote = operator[1] ?? '';
  const text = valueAt(line.text, from, quote, matcher.kind === 'file');
  if (text.length > matcher.value.maxLength) return;
  const regex = compiled.value(matcher);
  regex.lastIndex = 0;
  if (regex.exec(text)?.[0] !== text) return;
  const name = assignedName(line.text, from);
  if (describes(name)) return;
  const start = line.offset + from;
  report({ rule: compiled.rule, start, end: start + text.length, prefixLength: 0, evidence: [], name });
}

/** Up to the closing quote; without one, in an env file to a blank that begins a comment or to the line's end, elsewhere to the first blank or quote. */
function valueAt(line: string, from: number, quote: string, isFile: boolean): string {
  const rest = line.slice(from);
  if (quote !== '') {
    const end = rest.indexOf(quote);
    return end < 0 ? '' : rest.slice(0, end);
  }
  return isFile ? rest.replace(/\s{1,80}#.*$|\s{1,80}$/s, '') : (WORD.exec(rest)?.[0] ?? '');
}

const WORD = /^[^\s"'`]{1,512}/;

/** The rest of a name, an operator and an opening quote. */
const ASSIGNMENT_TAIL = /[\w.-]{0,64}["'\]]{0,2}[ \t]{0,8}(?:=>|:=|=|:)[ \t]{0,8}(["'`]?)/y;

/** How far before a value the call is looked for that it is an argument of. */
const CALL_REACH = 300;
const CALL_NAME = /[\w.$:\\]/;
/** `require('acme')("…`: the call of what a module exports. */
const REQUIRED = /\brequire\(\s{0,4}["']([\w@/.-]{1,80})["']\s{0,4}\)$/;

/** The function whose call the text that follows `text` is an argument of: `Client("`, `new Client("name", "`. */
function calledBefore(text: string): string | undefined {
  const near = text.slice(-CALL_REACH);
  const open = near.lastIndexOf('(');
  if (open < 0 || near.includes(')', open) || !ARGUMENT.test(near.slice(open))) return undefined;
  const before = near.slice(0, open).trimEnd();
  const required = REQUIRED.exec(before)?.[1];
  if (required !== undefined) return `new ${required}`;
  let from = before.length;
  while (from > 0 && CALL_NAME.test(before[from - 1] ?? '')) from--;
  return from === before.length ? undefined : before.slice(from);
}

/** An opened call up to the quote of an argument. */
const ARGUMENT = /[(,]\s{0,8}["'`]?$/;

/**
 * A value without a marker, near what belongs to its provider. `region` is one of `contextRegions`.
 * Believed when its own name mentions the provider, or when the provider stands near and the name says "credential".
 */
export function matchContext(compiled: CompiledRule, bytes: Buffer, region: Region, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'context') return;
  const regex = compiled.value(matcher);
  const text = latin1(bytes, region.start, region.end);
  regex.lastIndex = 0;
  for (let found = regex.exec(text); found !== null; found = regex.exec(text)) {
    // The dash of `${NAME:-VALUE}` is none of the value, unless the value needs it for its length.
    const dash = found[0].startsWith('-') && text[found.index - 1] === ':' && compiled.fits(matcher, found[0].slice(1)) ? 1 : 0;
    const start = region.start + found.index + dash;
    const end = start - dash + found[0].length;
    const verdict = contextEvidence(compiled, matcher, bytes, start, end, region);
    if (verdict !== undefined) report({ rule: compiled.rule, start, end, prefixLength: 0, ...verdict });
  }
}

/** The parts of a content that a rule looks at whose literals stand at some places. */
export function contextRegions({ rule: { matcher } }: CompiledRule, bytes: Buffer, anchors: readonly Span[]): Region[] {
  if (matcher.kind !== 'context') return [];
  const outside = anchors.filter(({ start }) => !isInsideWord(bytes, start));
  return outside.length === 0 ? [] : regionsAround(bytes, outside, matcher.within);
}

/** `xportkey` of `ExportKey`: what begins within a word is none of its provider's. */
function isInsideWord(bytes: Buffer, at: number): boolean {
  const [before, first, next] = [bytes[at - 1] ?? 0, bytes[at] ?? 0, bytes[at + 1] ?? 0];
  if (!isLetter(before) || !isLetter(first) || ESCAPED_END.test(latin1(bytes, at - 2, at))) return false;
  return isLower(first) || (!isLower(before) && !isLower(next));
}

/** A line's end or a tab, as it is written in strings. */
const ESCAPED_END = /^\\[nrt]$/;

/** Of ASCII. */
export function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

/**
 * The bytes that decide what a region gives, whatever lies beyond them: an anchor outside is too far away to be of it,
 * or to bring another one into it, and no name of a value stands further above. Undefined where a line is too long to
 * say so.
 */
export function decidedBy({ rule: { matcher } }: CompiledRule, bytes: Buffer, region: Span): Span | undefined {
  if (matcher.kind !== 'context') return undefined;
  const start = linesBack(bytes, region.start, Math.max(matcher.within + 2, NAME_LINES + 1));
  const end = linesForward(bytes, region.end, matcher.within + 2);
  const isCut = (start > 0 && bytes[start - 1] !== LF) || (end < bytes.length && bytes[end] !== LF);
  return isCut ? undefined : { start, end };
}

/** Names of keys that are no secret. */
const PUBLIC_KEYS = ['publickey', 'publishablekey', 'sitekey'];

/** Whether a name says more than that it is a credential: of something, or of somebody. */
export function saysMore(name: string): boolean {
  return wordsOf(name).some((word) => word.length > 1 && !CREDENTIAL_WORDS.includes(word) && !ANYBODYS.has(word));
}

/** Calls that are given what they look for. */
const ASKING = new Set('get delete fetch find retrieve wait poll cancel list upload transcribe purge log print'.split(' '));

/** A part of the content with the anchors that opened it. */
export interface Region extends Span {
  readonly anchors: readonly Span[];
}

function contextEvidence(
  compiled: CompiledRule,
  matcher: Extract<Matcher, { kind: 'context' }>,
  bytes: Buffer,
  start: number,
  end: number,
  region: Region,
): (Pick<Hit, 'evidence' | 'weak' | 'named'> & { name: string }) | undefined {
  const line = lineAround(bytes, start, end);
  const column = start - line.offset;
  const left = line.text.slice(0, column);
  if (compiled.endsBeside(matcher, left)) return { name: '', evidence: ['right behind the public half of its pair'], named: true };
  const around = nameAround(bytes, line, column);
  const name = mentions(around, CREDENTIAL_WORDS) === undefined ? listName(left) || around : around;
  const words = matcher.credentialWords ?? CREDENTIAL_WORDS;
  if ((describes(name) && !endsWithOne(name, matcher.names)) || asks(name)) return undefined;
  const own = mentions(name, matcher.names);
  if (mentions(name, PUBLIC_KEYS) !== undefined && own?.includes('public') !== true) return undefined;
  // `MINIO_SECRET_ACCESS_KEY`: what it is for is anybody's, and somebody else is named.
  if (own !== undefined) return { name, evidence: [`\`${name}\` in the same assignment`], named: true, weak: isAnybodys(own) && saysMore(name) };
  const said = endsWithMention(left, matcher.names);
  if (said !== undefined) {
    // `new Acme({ apiKey: "…" })` says so twice.
    const isGiven = mentions(name, words) !== undefined && !saysMore(name);
    return { name: said, evidence: [`\`${said}\` in the words before it`], weak: !isGiven, named: true };
  }
  const anchor =
    anchorWithin(region.anchors, line.offset, line.offset + line.text.length) ??
    anchorWithin(region.anchors, linesBack(bytes, start, matcher.within), linesForward(bytes, end, matcher.within));
  if (anchor === undefined || (anchor.start < end && anchor.end > start)) return undefined;
  const word = latin1(bytes, anchor.start, anchor.end);
  const call = calledBefore(left);
  if (call !== undefined && mentions(call, matcher.names) !== undefined) return { name: call, evidence: [`argument of \`${call}\``], named: true };
  if (call !== undefined && isNamedLike(call, word) && opens(call)) return { name: call, evidence: [`argument of \`${call}\``], weak: true };
  const sameLine = anchor.start >= line.offset && anchor.start < line.offset + line.text.length;
  if (mentions(name, words) !== undefined) {
    return { name, evidence: [`given to \`${name}\`, ${sameLine ? 'on the same line as' : 'near'} \`${word}\``], weak: !sameLine || saysMore(name) };
  }
  const owned = endsWithOwned(left, compiled.owners(matcher), words);
  if (owned !== undefined) return { name: owned, evidence: [`\`${owned}\` in the words before it`], weak: true };
  const right = line.text.slice(column + end - start);
  if (sameLine && LOGIN_OPTION.test(left) && NO_PASSWORD.test(right))
    return { name, evidence: [`the login of a request, on the same line as \`${word}\``], named: true };
  if (name !== '') return undefined;
  const host = LOGIN_OF_ADDRESS.test(left) ? HOST_BEHIND.exec(right)?.[0] : undefined;
  if (host?.toLowerCase().includes(word.toLowerCase()) === true) return { name, evidence: [`the login of an address at \`${word}\``], named: true };
  const option = anchor.start >= line.offset && anchor.end <= start ? optionOf(left, word) : undefined;
  if (option !== undefined) return { name: option.name, evidence: [`given to \`${option.name}\`, behind \`${word}\``], weak: !option.isVerb };
  const behind = credentialBehind(right, matcher.names);
  return behind === undefined ? undefined : { name: behind, evidence: [`\`${behind}\` on the same line`] };
}

/** `curl -u VALUE: https://api.acme.com` */
const LOGIN_OPTION = /\s(?:-u|--user)[\s=]{1,2}["']?$/;
const NO_PASSWORD = /^:(?:["'\s]|$)/;
/** `https://VALUE@api.acme.com`; a user's password there is of another rule. */
const LOGIN_OF_ADDRESS = /:\/\/$/;
const HOST_BEHIND = /^(?::[^\s/@:]{0,64})?@[\w.-]{1,255}/;

/** The option or the verb of `acme upload -t VALUE` and `acme config add-authtoken VALUE`; a command of `word`'s own begins with it. */
function optionOf(left: string, word: string): { name: string; isVerb: boolean } | undefined {
  const option = OPTION.exec(left)?.[1];
  if (option !== undefined) return { name: option, isVerb: false };
  const verb = VERB.exec(left);
  const command = verb === null ? '' : left.slice(0, verb.index).slice(-MAX_COMMAND).split(BEFORE_COMMAND).at(-1);
  return verb?.[1] !== undefined && command?.split(' ')[0]?.includes(word) === true ? { name: verb[1], isVerb: true } : undefined;
}

const OPTION = /\s(-[tk])\s{1,4}["']?$/;
const VERB = /\s((?:[a-z]{1,12}-)?(?:auth|login|authtoken|authenticate))\s{1,4}["']?$/;
const MAX_COMMAND = 120;
const BEFORE_COMMAND = /[;&|(`"'$>]\s{0,8}|(?:run|script|command): |(?:RUN|sudo|npx|dlx) |\s{2,8}/;

/** `auth` of `auth=("user", "VALUE"`: a list of values under one name. */
function listName(left: string): string {
  const near = left.slice(-CALL_REACH);
  const open = Math.max(near.lastIndexOf('('), near.lastIndexOf('['));
  if (open < 0 || /[)\]]/.test(near.slice(open)) || !LATER_ITEM.test(near.slice(open))) return '';
  return LISTED.exec(near.slice(0, open))?.[1] ?? '';
}

const LATER_ITEM = /,\s{0,8}["'`]$/;
const LISTED = /([A-Za-z_][\w.-]{0,60})["']?\s{0,4}[=:]\s{0,4}$/;

/** `client.transcripts.get`: what is given to it is no credential. */
function asks(name: string): boolean {
  const last = /\.([A-Za-z_]{1,60})$/.exec(name)?.[1];
  return last !== undefined && ASKING.has(wordsOf(last)[0] ?? '');
}

/** `echo VALUE | wrangler secret put ACME_API_KEY`: the name of a credential of the provider behind a value. */
function credentialBehind(text: string, names: readonly string[]): string | undefined {
  const name = NAME_BEHIND.exec(text)?.[1] ?? '';
  return mentions(name, names) !== undefined && mentions(name, CREDENTIAL_WORDS) !== undefined && !describes(name) ? name : undefined;
}

const NAME_BEHIND = /^["']?\s{0,4}\|[\sa-z:-]{1,60}\b([A-Z][A-Z0-9_]{3,80})/;

/** Calls that are given a credential: a constructor, or a function that makes a client or sets one up. */
const OPENING_CALL = new Set([
  'new',
  'client',
  'init',
  'initialize',
  'configure',
  'config',
  'setup',
  'connect',
  'login',
  'auth',
  'authenticate',
  'create',
  'build',
  'from',
  'api',
  'sdk',
  'make',
  'start',
  'register',
]);

/** `AcmeClient` near `acme`, `ZoomAPI` near `pyzoomapi`. */
function isNamedLike(call: string, word: string): boolean {
  const [lower, near] = [call.toLowerCase(), word.toLowerCase()];
  return lower.includes(near) || (lower.length > 5 && near.endsWith(lower));
}

function opens(call: string): boolean {
  const last = call.slice(call.search(/[\w$]{1,120}$/));
  return call.startsWith('new ') || (/^[A-Z]/.test(last) && !call.includes('.')) || wordsOf(last).some((word) => OPENING_CALL.has(word));
}

/** The rule's own words may end like a describing name: `access_key_id`. */
function endsWithOne(name: string, names: readonly string[]): boolean {
  const squeezed = squeeze(name);
  return names.some((own) => squeezed.endsWith(own));
}

/** The first anchor that reaches into `[start, end)`; they are sorted by their starts, and none is longer than a line's reach. */
function anchorWithin(anchors: readonly Span[], start: number, end: number): Span | undefined {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((anchors[middle]?.start ?? 0) < start - LINE_REACH) low = middle + 1;
    else high = middle;
  }
  for (let anchor = anchors[low]; anchor !== undefined && anchor.start < end; anchor = anchors[++low]) if (anchor.end > start) return anchor;
  return undefined;
}

/**
 * Line ranges of `within` lines around the anchors, merged where they touch. Lines are only counted where an anchor lies
 * beyond what is known of the last region, so that a million anchors cost no more than the text that they stand in.
 */
function regionsAround(bytes: Buffer, anchors: readonly Span[], within: number): Region[] {
  const regions: { start: number; end: number; anchors: Span[] }[] = [];
  let last: (typeof regions)[number] | undefined;
  const stretch = (): void => {
    const furthest = last?.anchors.at(-1);
    if (last !== undefined && furthest !== undefined) last.end = Math.max(last.end, linesForward(bytes, furthest.end, within));
  };
  for (const anchor of anchors.toSorted((a, b) => a.start - b.start)) {
    if (last !== undefined && anchor.start > last.end) stretch();
    let start = anchor.start;
    if (last === undefined || start > last.end) start = linesBack(bytes, anchor.start, within);
    if (last !== undefined && start <= last.end) last.anchors.push(anchor);
    else {
      last = { start, end: anchor.end, anchors: [anchor] };
      regions.push(last);
      stretch();
    }
  }
  stretch();
  return regions;
}

/** Lines longer than this are cut: nothing that far away is context. */
const REGION_REACH = 2048;

function linesBack(bytes: Buffer, from: number, count: number): number {
  let position = from;
  for (let line = 0; line <= count; line++) {
    const lowest = Math.max(0, position - REGION_REACH);
    while (position > lowest && bytes[position - 1] !== LF) position--;
    if (position === 0 || bytes[position - 1] !== LF || line === count) return position;
    position--;
  }
  return position;
}

function linesForward(bytes: Buffer, from: number, count: number): number {
  let position = from;
  for (let line = 0; line <= count; line++) {
    const highest = Math.min(bytes.length, position + REGION_REACH);
    while (position < highest && bytes[position] !== LF) position++;
    if (position >= bytes.length || bytes[position] !== LF || line === count) return position;
    position++;
  }
  return position;
}
