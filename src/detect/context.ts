/**
 * Values without a marker of their own: a shape that much else has as well, believed where a name, a call or a line
 * near it says whose credential it is.
 */
import type { Span } from '../model/origin.ts';
import type { Matcher } from '../model/rule.ts';
import { latin1, LF, LINE_REACH, lineAround, type CompiledRule, type Report } from './matchers.ts';
import { assignedName, describes, mentions, TRANSPARENT, wordsOf } from './surroundings.ts';

/** How far before a value the call is looked for that it is an argument of. */
const CALL_REACH = 300;
const CALL_NAME = /[\w.$:]/;

/** The function whose call the text that follows `text` is an argument of: `Client("`, `new Client("name", "`. */
function calledBefore(text: string): string | undefined {
  const near = text.slice(-CALL_REACH);
  const open = near.lastIndexOf('(');
  if (open < 0 || near.includes(')', open) || !ARGUMENT.test(near.slice(open))) return undefined;
  const before = near.slice(0, open).trimEnd();
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
    // The dash of `${NAME:-VALUE}` is none of the value.
    const dash = found[0].startsWith('-') && text[found.index - 1] === ':' ? 1 : 0;
    const start = region.start + found.index + dash;
    const end = start - dash + found[0].length;
    const verdict = contextEvidence(matcher, bytes, start, end, region);
    if (verdict !== undefined) report({ rule: compiled.rule, start, end, prefixLength: 0, ...verdict });
  }
}

/** The parts of a content that a rule looks at whose literals stand at some places. */
export function contextRegions({ rule: { matcher } }: CompiledRule, bytes: Buffer, anchors: readonly Span[]): Region[] {
  return matcher.kind === 'context' ? regionsAround(bytes, anchors, matcher.within) : [];
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

/** Words that make a name a credential's, where the rule has none of its own. */
const CREDENTIAL_WORDS = [
  'key',
  'apikey',
  'token',
  'secret',
  'authorization',
  'authentication',
  'auth',
  'credential',
  'credentials',
  'password',
  'bearer',
];
/** Words that may stand beside those without saying whose credential it is. */
const ANYBODYS = new Set(
  'my our your the x api access private client user app service account server http header headers default prod production live dev test sandbox staging stt speech audio transcription transcribe transcriber voice streaming realtime batch id value config settings options env process os environ s const new'.split(
    ' ',
  ),
);
/** Calls that are given what they look for. */
const ASKING = new Set('get delete fetch find retrieve wait poll cancel list upload transcribe purge log print'.split(' '));

/** A part of the content with the anchors that opened it. */
export interface Region extends Span {
  readonly anchors: readonly Span[];
}

function contextEvidence(
  matcher: Extract<Matcher, { kind: 'context' }>,
  bytes: Buffer,
  start: number,
  end: number,
  region: Region,
): { name: string; evidence: string[]; weak: boolean } | undefined {
  const line = lineAround(bytes, start, end);
  const column = start - line.offset;
  const before = line.text.slice(0, column);
  const name = assignedName(line.text, column) || nameAbove(bytes, line, before);
  if ((describes(name) && !endsWithOne(name, matcher.names)) || asks(name)) return undefined;
  if (mentions(name, matcher.names) !== undefined) return { name, evidence: [`\`${name}\` in the same assignment`], weak: false };
  const anchor = anchorWithin(region.anchors, line.offset, line.offset + line.text.length) ?? region.anchors[0];
  if (anchor === undefined || (anchor.start < end && anchor.end > start)) return undefined;
  const word = latin1(bytes, anchor.start, anchor.end);
  const call = calledBefore(before);
  if (call !== undefined && mentions(call, matcher.names) !== undefined) return { name: call, evidence: [`argument of \`${call}\``], weak: false };
  const words = matcher.credentialWords ?? CREDENTIAL_WORDS;
  const isCredential = mentions(name, words) !== undefined;
  const beside =
    isCredential || name === '' || TRANSPARENT.has(name.toLowerCase())
      ? credentialBeside(line.text, column, end - start, matcher.names, words)
      : undefined;
  if (beside !== undefined) return { name: name === '' ? beside : name, evidence: [`\`${beside}\` on the same line`], weak: false };
  if (!isCredential) return undefined;
  const sameLine = anchor.start >= line.offset && anchor.start < line.offset + line.text.length;
  const others = wordsOf(name).some((part) => part.length > 1 && !words.includes(part) && !ANYBODYS.has(part));
  return { name, evidence: [`given to \`${name}\`, ${sameLine ? 'on the same line as' : 'near'} \`${word}\``], weak: !sameLine || others };
}

/** `client.transcripts.get`: what is given to it is no credential. */
function asks(name: string): boolean {
  const last = /\.([A-Za-z_]{1,60})$/.exec(name)?.[1];
  return last !== undefined && ASKING.has(wordsOf(last)[0] ?? '');
}

/** How far from a value, on its own line, something may say whose credential it is. */
const BESIDE_REACH = 100;
/** Words between a provider's name and the one that says credential: `AssemblyAI account API key`. */
const WORDS_BETWEEN = 2;

/** The identifier or words near a value, on its own line, that name a credential of the provider. */
function credentialBeside(line: string, column: number, length: number, names: readonly string[], words: readonly string[]): string | undefined {
  const left = line.slice(Math.max(0, column - BESIDE_REACH), column);
  const right = line.slice(column + length, column + length + BESIDE_REACH);
  if (describes(left) || !GENERATED.test(line.slice(column, column + length))) return undefined;
  for (const text of [left, right]) {
    for (const found of text.matchAll(NAMED)) {
      const [identifier] = found;
      if (mentions(identifier, names) === undefined) continue;
      const rest = FOLLOWING.exec(text.slice(found.index + identifier.length))?.[0] ?? '';
      const phrase = [identifier, ...rest.trim().split(/\s+/, WORDS_BETWEEN + 1)];
      const last = phrase.findIndex((part) => mentions(part, words) !== undefined && !describes(part));
      if (last < 0) continue;
      const told = phrase.slice(0, last + 1).join(' ');
      // Side by side they may be a list, or a file's name and its digest.
      const between = text === left ? text.slice(found.index + told.length) : text.slice(0, found.index);
      if (between.trim() !== '') return told;
    }
  }
  return undefined;
}

/** Letters and digits: what stands in a sentence may as well be one of its words. */
const GENERATED = /^(?=[^0-9]{0,64}[0-9])(?=[^A-Za-z]{0,64}[A-Za-z])[\w-]{16,512}$/;
const NAMED = /[A-Za-z][\w-]{2,80}/g;
/** The words of a sentence that follow an identifier. */
const FOLLOWING = /^[\s\w]{0,80}/;

/** Between a name and its value stand at most a type, a description and the like. */
const NAME_LINES = 4;
/** What stands before a value on a line that does not name it. */
const LONE_VALUE = /^[\s-]{0,64}(?:["']?(?:[a-z]{1,12}:)?(?:value|default|stringvalue)["']?\s{0,8}[:=]\s{0,8}["']?|<(?:string|value|data)>\s{0,8})$/i;
const NAME_ABOVE = /(?:\b(?:name|key)["']?\s{0,8}[:=]\s{0,8}["']?|\bvariable\s{1,8}["']?|<(?:key|name)>)([\w.:/-]{1,120})/i;
/** Another value, or the border of another thing. */
const BORDER = /^\s{0,64}(?:$|[-}\]])|["']?\bvalue["']?\s{0,8}[:=]/i;
/** `return "VALUE"`, under a look-up that found nothing. */
const LONE_RETURN = /^\s{0,64}return\s{1,4}["']$/;
const LOOKED_UP_ABOVE = /(?:env|environ|environment|Variable)(?:\.get)?[[(]["']([\w.-]{1,120})["']/i;
/** A line that is only the value, under one that ends like a heading. */
const ONLY_VALUE = /^[\s"'`>*]{0,16}$/;

/**
 * `- name: NAME` and a few lines below it `value: …`, as in manifests of containers and resources of Terraform;
 * `variable "NAME" {` and below it `default = "…"`; `<key>NAME</key>` above `<string>`; `AssemblyAI key:` above it.
 */
function nameAbove(bytes: Buffer, line: { text: string; offset: number }, before: string): string {
  if (ONLY_VALUE.test(before)) return headingAbove(bytes, line.offset);
  const pattern = LONE_VALUE.test(before) ? NAME_ABOVE : LONE_RETURN.test(before) ? LOOKED_UP_ABOVE : undefined;
  if (pattern === undefined) return '';
  let { offset } = line;
  for (let step = 0; step < NAME_LINES && offset > 0; step++) {
    const above = lineAround(bytes, offset - 1, offset - 1);
    const name = pattern.exec(above.text)?.[1];
    if (name !== undefined) return name;
    if (pattern === NAME_ABOVE && BORDER.test(above.text)) return '';
    ({ offset } = above);
  }
  return '';
}

/** The words at the end of the line above, before its colon, where they mean a credential. */
function headingAbove(bytes: Buffer, offset: number): string {
  if (offset === 0) return '';
  const text = lineAround(bytes, offset - 1, offset - 1).text.trimEnd();
  if (!text.endsWith(':')) return '';
  const words = text.slice(-HEADING_REACH, -1);
  return mentions(words, CREDENTIAL_WORDS) === undefined ? '' : words.trim();
}

const HEADING_REACH = 80;

/** The rule's own words may end like a describing name: `access_key_id`. */
function endsWithOne(name: string, names: readonly string[]): boolean {
  const squeezed = name.toLowerCase().replace(/[^a-z0-9]/g, '');
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
