/** Values without a marker of their own, believed by what stands near them: the name of their provider, and that of a credential. */
import type { Span } from '../model/origin.ts';
import type { Matcher } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { ANYBODYS, CREDENTIAL_WORDS, isAnybodys, isOwnedKind } from '../rules/names.ts';
import type { CompiledRule, Hit, Report } from './compiled-rule.ts';
import { UUID } from './credential-value.ts';
import { isMixed } from './entropy.ts';
import { latin1, LF, LINE_REACH, lineAround, lineEnd, lineStart, type Line } from './lines.ts';
import { nameAround } from './name-around.ts';
import { isStoresName } from './stores.ts';
import {
  addressedTo,
  describes,
  endsWithMention,
  endsWithOwned,
  isLetter,
  isLower,
  mentions,
  namesPublicKey,
  proseBefore,
  wordsOf,
} from './surroundings.ts';

/** A part of the content with the anchors that opened it. */
interface Region extends Span {
  readonly anchors: readonly Span[];
}

/**
 * A value without a marker, near what belongs to its provider. `region` is one of `contextRegions`.
 * Believed when its own name mentions the provider, or when the provider stands near and the name says "credential".
 */
export function matchContext(compiled: CompiledRule, bytes: Buffer, region: Region, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'context') return;
  if (!compiled.mayHold(matcher, bytes, region)) return;
  const regex = compiled.value(matcher);
  const text = latin1(bytes, region.start, region.end);
  const believed: Believed[] = [];
  let anchors: readonly Span[] | undefined;
  regex.lastIndex = 0;
  for (let found = regex.exec(text); found !== null; found = regex.exec(text)) {
    // The dash of `${NAME:-VALUE}` is none of the value, unless the value needs it for its length.
    const dash = found[0].startsWith('-') && text[found.index - 1] === ':' && compiled.fits(matcher, found[0].slice(1)) ? 1 : 0;
    const start = region.start + found.index + dash;
    const end = start - dash + found[0].length;
    // Once for all values, since a line may name a store as often as it holds values.
    anchors ??= region.anchors.filter((anchor) => !namesStore(bytes, anchor));
    const verdict = verdictOn(compiled, matcher, bytes, { start, end }, anchors);
    if (verdict !== undefined) believed.push({ start, end, verdict });
  }
  if (anchors === undefined) return;
  const free = believed.some(({ verdict }) => verdict.isNear === true) ? freeAnchors(matcher, bytes, anchors, believed) : anchors;
  for (const { start, end, verdict } of believed) {
    const kept = verdict.isNear === true && free.length < anchors.length ? verdictOn(compiled, matcher, bytes, { start, end }, free) : verdict;
    if (kept === undefined) continue;
    const { isNear: _, ...told } = kept;
    report({ rule: compiled.rule, start, end, prefixLength: 0, ...told });
  }
}

/**
 * Anchors that speak for whatever stands near them. `ACME_API_KEY` speaks of its own value and not of the `API_KEY` below it, and
 * where the key of an id is named, `SESSION_SECRET` beside that id is another one's.
 */
function freeAnchors(matcher: ContextMatcher, bytes: Buffer, anchors: readonly Span[], believed: readonly Believed[]): readonly Span[] {
  const taken: { start: number; end: number }[] = [];
  for (const { start, end, verdict } of believed) {
    if (verdict.named !== true || verdict.weak === true) continue;
    const lines = { start: linesBack(bytes, start, matcher.within), end: linesForward(bytes, end, matcher.within) };
    const last = taken.at(-1);
    if (last !== undefined && lines.start <= last.end) last.end = Math.max(last.end, lines.end);
    else taken.push(lines);
  }
  let next = 0;
  return anchors.filter((anchor) => {
    while (next < taken.length && taken[next]!.end <= anchor.start) next++;
    return next === taken.length || taken[next]!.start >= anchor.end;
  });
}

type ContextMatcher = Extract<Matcher, { kind: 'context' }>;
type Verdict = Pick<Hit, 'evidence' | 'weak' | 'named'> & {
  name: string;
  /** By a name on another line. */
  isNear?: true;
};

interface Believed extends Span {
  readonly verdict: Verdict;
}

/** A value that a rule's pattern found, and what stands before and behind it on its line. */
interface Value extends Span {
  readonly line: Line;
  readonly left: string;
  readonly right: string;
  /** See `proseBefore`. */
  readonly prose: string;
  /** What it is given to, as written. */
  readonly name: string;
}

/** Why the value at `[start, end)` is one of the rule's: what it follows, its own name, or what stands near. */
function verdictOn(
  compiled: CompiledRule,
  matcher: ContextMatcher,
  bytes: Buffer,
  { start, end }: Span,
  anchors: readonly Span[],
): Verdict | undefined {
  const line = lineAround(bytes, start, end);
  const column = start - line.offset;
  const left = line.text.slice(0, column);
  const right = line.text.slice(end - line.offset);
  if (GOES_ON.test(right) && BEGINS.test(left)) return undefined;
  if (right !== '' && ASSIGNS.test(line.text.slice(column, end - line.offset))) return undefined;
  if (compiled.endsBeside(matcher, left)) return { name: '', evidence: ['right behind the public half of its pair'], named: true };
  const around = nameAround(bytes, line, column);
  const name = mentions(around, CREDENTIAL_WORDS) === undefined ? listName(left) || around : around;
  if ((describes(name) && !endsWithOne(name, matcher.names)) || asks(name)) return undefined;
  const own = mentions(name, matcher.names);
  if (namesPublicKey(name) && own?.includes('public') !== true) return undefined;
  // `MINIO_SECRET_ACCESS_KEY`: what it is for is anybody's, and somebody else is named.
  if (own !== undefined) {
    const weak = (isAnybodys(own) && saysMore(name)) || isMarkedOtherwise(line.text.slice(column, end - line.offset), matcher);
    return { name, evidence: [`\`${name}\` in the same assignment`], named: true, weak };
  }
  const prose = proseBefore(left);
  const said = endsWithMention(prose, matcher.names);
  if (said !== undefined) {
    // `new Acme({ apiKey: "…" })` says so twice.
    const isGiven = mentions(name, matcher.credentialWords ?? CREDENTIAL_WORDS) !== undefined && !saysMore(name);
    return { name: said, evidence: [`\`${said}\` in the words before it`], weak: !isGiven, named: true };
  }
  const anchor =
    anchorWithin(anchors, line.offset, line.offset + line.text.length) ??
    anchorWithin(anchors, linesBack(bytes, start, matcher.within), linesForward(bytes, end, matcher.within));
  if (anchor === undefined || (anchor.start < end && anchor.end > start)) return undefined;
  return verdictNear(compiled, matcher, bytes, { start, end, line, left, right, prose, name }, anchor, latin1(bytes, anchor.start, anchor.end));
}

/** Why a value is one of the rule's near `word`, which stands at `anchor`: the call, the name, the option or the login that it is given to. */
function verdictNear(compiled: CompiledRule, matcher: ContextMatcher, bytes: Buffer, value: Value, anchor: Span, word: string): Verdict | undefined {
  const { start, line, left, right, prose, name } = value;
  const words = matcher.credentialWords ?? CREDENTIAL_WORDS;
  const sameLine = anchor.start >= line.offset && anchor.start < line.offset + line.text.length;
  const call = calledBefore(left);
  if (call !== undefined && mentions(call, matcher.names) !== undefined) return { name: call, evidence: [`argument of \`${call}\``], named: true };
  if (call !== undefined && isNamedLike(call, word) && opens(call) && !isPublicHalf(left, words))
    return { name: call, evidence: [`argument of \`${call}\``], weak: true };
  // On a line that goes on behind its import the call itself would be taken for what is imported.
  if (call !== undefined && !sameLine && opens(call) && isImportedWith(bytes, call, anchor) && !isPublicHalf(left, words))
    return { name: call, evidence: [`argument of \`${call}\`, imported with \`${word}\``], weak: true };
  if (!sameLine && addressedTo(left) !== undefined) return undefined;
  if (mentions(name, words) !== undefined) {
    // What signs events is no key for the API: `ACME_WEBHOOK_SECRET`.
    if (SIGNS_EVENTS.test(name) && compiled.rule.kind !== 'webhook') return undefined;
    if (!sameLine) return { name, evidence: [`given to \`${name}\`, near \`${word}\``], weak: true, isNear: true };
    const at = name.toLowerCase().indexOf(word.toLowerCase());
    const isOwn = at >= 0 && !isAnybodys(squeeze(word));
    // `ACME_REALTIME_TOKEN` says no more than whose it is and where it is used.
    const weak = saysMore(isOwn ? `${name.slice(0, at)} ${name.slice(at + word.length)}` : name);
    const evidence = at >= 0 ? `\`${name}\` in the same assignment` : `given to \`${name}\`, on the same line as \`${word}\``;
    return { name, evidence: [evidence], weak, ...(isOwn ? { named: true } : {}) };
  }
  const owned = endsWithOwned(prose, compiled.owners(matcher), words);
  if (owned !== undefined) return { name: owned, evidence: [`\`${owned}\` in the words before it`], weak: true };
  if (LOGIN_OPTION.test(left) && NO_PASSWORD.test(right)) {
    if (sameLine) return { name, evidence: [`the login of a request, on the same line as \`${word}\``], named: true };
    // `curl https://api.acme.com \` goes on in lines that begin with options.
    if (left.trimStart().startsWith('-')) return { name, evidence: [`the login of a request, near \`${word}\``], weak: true, isNear: true };
  }
  if (name !== '') {
    if (!sameLine || !isOwnersOwn(name, compiled.owners(matcher)) || !isIssuedLike(line.text.slice(start - line.offset, value.end - line.offset)))
      return undefined;
    return { name, evidence: [`\`${name}\` in the same assignment`], named: true, weak: true };
  }
  const host = LOGIN_OF_ADDRESS.test(left) ? HOST_BEHIND.exec(right)?.[0] : undefined;
  if (host?.toLowerCase().includes(word.toLowerCase()) === true) return { name, evidence: [`the login of an address at \`${word}\``], named: true };
  const option = anchor.start >= line.offset && anchor.end <= start ? optionOf(left, word) : undefined;
  if (option !== undefined) return { name: option.name, evidence: [`given to \`${option.name}\`, behind \`${word}\``], weak: !option.isVerb };
  const behind = credentialBehind(right, matcher.names);
  return behind === undefined ? undefined : { name: behind, evidence: [`\`${behind}\` on the same line`] };
}

const SIGNS_EVENTS = /webhooks?[_-]?(?:signing[_-]?)?secret$/i;

/** Whether a value has a mark before its hex digits, as `ck_` and 40 of them, and keys of the rule have none or another one. */
function isMarkedOtherwise(value: string, { value: { pattern } }: ContextMatcher): boolean {
  const mark = MARKED_HEX.exec(value)?.[1];
  return mark !== undefined && !pattern.includes(mark);
}

const MARKED_HEX = /^([a-z]{2,6})_[0-9a-f]{32,64}$/;

/** `OPENWEATHER`, `keys.tmdb`, `acmeApi`: a name that says whose a value is, and nothing else. */
function isOwnersOwn(name: string, owners: ReadonlySet<string>): boolean {
  // Which words for a credential count is the rule's to say.
  if (owners.size === 0 || mentions(name, CREDENTIAL_WORDS) !== undefined) return false;
  const words = wordsOf(name.slice(name.lastIndexOf('.') + 1));
  return owners.has(words.join('')) || (words.length > 1 && isOwnedKind(words.at(-1) ?? '') && owners.has(words.slice(0, -1).join('')));
}

/** Drawn as keys are: a name that does not say credential is also given ids, and digests of a file, of a commit and of an image. */
function isIssuedLike(value: string): boolean {
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 32 && value.length !== 40 && value.length !== 64 && value.length < 128;
  return value.length >= 20 && /\d/.test(value) && /[a-z]/.test(value) && !UUID.test(value) && isMixed(value);
}

/** A value of letters and digits ends before a dash; what begins as a whole one and goes on behind it is a longer one. */
const BEGINS = /[\s=:"'`,(]$/;
const GOES_ON = /^[-_+/][A-Za-z0-9]/;

/** `ACME_ENABLED=` is no value of the line above it, which has none. */
const ASSIGNS = /^[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,8}=$/;

/** Calls that are given what they look for. */
const ASKING = new Set('get delete fetch find retrieve wait poll cancel list upload transcribe purge log print'.split(' '));

/** `client.transcripts.get`: what is given to it is no credential. */
function asks(name: string): boolean {
  const last = /\.([A-Za-z_]{1,60})$/.exec(name)?.[1];
  return last !== undefined && ASKING.has(wordsOf(last)[0] ?? '');
}

/** Whether a name says more than that it is a credential: of something, or of somebody. */
export function saysMore(name: string): boolean {
  return wordsOf(name).some((word) => word.length > 1 && !CREDENTIAL_WORDS.includes(word) && !ANYBODYS.has(word));
}

/** `auth` of `auth=("user", "VALUE"`: a list of values under one name. */
function listName(left: string): string {
  if (!LATER_ITEM.test(left.slice(-ITEM_REACH))) return '';
  const near = left.slice(-CALL_REACH);
  const open = Math.max(near.lastIndexOf('('), near.lastIndexOf('['));
  if (open < 0 || /[)\]]/.test(near.slice(open))) return '';
  return LISTED.exec(near.slice(0, open))?.[1] ?? '';
}

/** What stands between an item of a list, or an argument, and the one before it is no longer. */
const ITEM_REACH = 10;
const LATER_ITEM = /,\s{0,8}["'`]$/;
const LISTED = /([A-Za-z_][\w.-]{0,60})["']?\s{0,4}[=:]\s{0,4}$/;

/** The rule's own words may end like a describing name: `access_key_id`. */
function endsWithOne(name: string, names: readonly string[]): boolean {
  const squeezed = squeeze(name);
  return names.some((own) => squeezed.endsWith(own));
}

/** How far before a value the call is looked for that it is an argument of. */
const CALL_REACH = 300;
const CALL_NAME = /[\w.$:\\]/;
/** `require('acme')("…`: the call of what a module exports. */
const REQUIRED = /\brequire\(\s{0,4}["']([\w@/.-]{1,80})["']\s{0,4}\)$/;

/** The function whose call the text that follows `text` is an argument of: `Client("`, `new Client("name", "`. */
function calledBefore(text: string): string | undefined {
  if (!ARGUMENT.test(text.slice(-ITEM_REACH))) return undefined;
  const near = text.slice(-CALL_REACH);
  const open = near.lastIndexOf('(');
  if (open < 0 || near.includes(')', open)) return undefined;
  const before = near.slice(0, open).trimEnd();
  const required = REQUIRED.exec(before)?.[1];
  if (required !== undefined) return `new ${required}`;
  let from = before.length;
  while (from > 0 && CALL_NAME.test(before[from - 1] ?? '')) from--;
  return from === before.length ? undefined : before.slice(from);
}

/** An opened call up to the quote of an argument. */
const ARGUMENT = /[(,]\s{0,8}["'`]?$/;

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

/** `import { createClient } from '@acme/sdk'`: whether the line of an anchor brings in what is called. */
function isImportedWith(bytes: Buffer, call: string, anchor: Span): boolean {
  const name = /[\w$]{1,120}$/.exec(call)?.[0] ?? '';
  const { text } = lineAround(bytes, anchor.start, anchor.end);
  return IMPORTS.test(text) && wordsOf(name).length > 0 && new Set(text.split(/[^\w$]/)).has(name);
}

const IMPORTS = /^\s{0,8}(?:import\b|from\s|const\s[^=]{1,200}=\srequire\(|use\s|using\s)/;

function opens(call: string): boolean {
  const last = call.slice(call.search(/[\w$]{1,120}$/));
  return call.startsWith('new ') || (/^[A-Z]/.test(last) && !call.includes('.')) || wordsOf(last).some((word) => OPENING_CALL.has(word));
}

/** `new Acme("KEY", "SECRET")`: before a secret that is called so its public half is given. */
function isPublicHalf(left: string, words: readonly string[]): boolean {
  return FIRST_ARGUMENT.test(left) && words.every((word) => word.endsWith('secret'));
}

const FIRST_ARGUMENT = /\(\s{0,8}["'`]?$/;

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

/** `echo VALUE | wrangler secret put ACME_API_KEY`: the name of a credential of the provider behind a value. */
function credentialBehind(text: string, names: readonly string[]): string | undefined {
  const name = NAME_BEHIND.exec(text)?.[1] ?? '';
  return mentions(name, names) !== undefined && mentions(name, CREDENTIAL_WORDS) !== undefined && !describes(name) ? name : undefined;
}

const NAME_BEHIND = /^["']?\s{0,4}\|[\sa-z:-]{1,60}\b([A-Z][A-Z0-9_]{3,80})/;

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

/** Longer than any command of a store is with what it is told to do. Bytes. */
const STORE_REACH = 96;

/** `heroku` of `heroku config:set …`. */
function namesStore(bytes: Buffer, { start, end }: Span): boolean {
  const from = lineStart(bytes, start, STORE_REACH);
  return isStoresName(latin1(bytes, from, lineEnd(bytes, end, STORE_REACH)), start - from);
}

/** The parts of a content that a rule looks at whose literals stand at some places. */
export function contextRegions({ rule: { matcher } }: CompiledRule, bytes: Buffer, anchors: readonly Span[]): Region[] {
  if (matcher.kind !== 'context') return [];
  const outside = anchors.filter((anchor) => !isInsideWord(bytes, anchor.start) && !isSqlAlchemy(bytes, anchor));
  return outside.length === 0 ? [] : regionsAround(bytes, outside, matcher.within);
}

/** `sql_alchemy_conn`: written in two words the library is called like a provider. */
function isSqlAlchemy(bytes: Buffer, { start }: Span): boolean {
  return /^sql[_-]alchemy$/i.test(latin1(bytes, start - 4, start + 7));
}

/** `xportkey` of `ExportKey`: what begins within a word is none of its provider's. */
export function isInsideWord(bytes: Buffer, at: number): boolean {
  const before = bytes[at - 1] ?? 0;
  const first = bytes[at] ?? 0;
  const next = bytes[at + 1] ?? 0;
  if (!isLetter(before) || !isLetter(first) || isEscapedEnd(bytes, at) || isPropertyOption(bytes, at)) return false;
  return isLower(first) || (!isLower(before) && !isLower(next));
}

/** Behind a line's end or a tab, as it is written in strings. */
function isEscapedEnd(bytes: Buffer, at: number): boolean {
  const letter = bytes[at - 1];
  return bytes[at - 2] === 0x5c && (letter === 0x6e || letter === 0x72 || letter === 0x74);
}

/** Behind `-D` of Java's properties, or `-P` of Gradle's. */
function isPropertyOption(bytes: Buffer, at: number): boolean {
  const letter = bytes[at - 1];
  return bytes[at - 2] === 0x2d && (letter === 0x44 || letter === 0x50);
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
  for (const anchor of isAscending(anchors) ? anchors : anchors.toSorted((a, b) => a.start - b.start)) {
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

function isAscending(anchors: readonly Span[]): boolean {
  for (let index = 1; index < anchors.length; index++) if (anchors[index]!.start < anchors[index - 1]!.start) return false;
  return true;
}

/** Lines longer than this are cut: nothing that far away is context. */
const REGION_REACH = 2048;

export function linesBack(bytes: Buffer, from: number, count: number): number {
  let position = from;
  for (let line = 0; line <= count; line++) {
    position = lineStart(bytes, position, REGION_REACH);
    if (position === 0 || bytes[position - 1] !== LF || line === count) return position;
    position--;
  }
  return position;
}

export function linesForward(bytes: Buffer, from: number, count: number): number {
  let position = from;
  for (let line = 0; line <= count; line++) {
    position = lineEnd(bytes, position, REGION_REACH);
    if (position >= bytes.length || bytes[position] !== LF || line === count) return position;
    position++;
  }
  return position;
}
