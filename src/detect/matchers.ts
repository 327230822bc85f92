/**
 * The ways in which a rule looks at text. Each works on a latin1 view, so a byte is a character and offsets never
 * shift, and each is bounded by lengths that come from the rule itself.
 */
import type { Span } from '../model/origin.ts';
import type { Matcher, Rule, TokenForm } from '../model/rule.ts';
import { assignedName, describes, mentions } from './surroundings.ts';

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
}

export type Report = (hit: Hit) => void;

/** Longest line part that a `line` rule looks at on either side of a literal. Lines may be longer; verdicts do not need more. */
export const LINE_REACH = 512;
const MAX_PASSWORD = 128;
const LF = 0x0a;

const latin1 = (bytes: Buffer, start: number, end: number): string => bytes.toString('latin1', Math.max(0, start), Math.min(bytes.length, end));

/** Text of the line around `[start, end)`, cut at `LINE_REACH` bytes on both sides, and where it begins. */
export function lineAround(bytes: Buffer, start: number, end: number): { text: string; offset: number } {
  let from = start;
  const lowest = Math.max(0, start - LINE_REACH);
  while (from > lowest && bytes[from - 1] !== LF) from--;
  let to = end;
  const highest = Math.min(bytes.length, end + LINE_REACH);
  while (to < highest && bytes[to] !== LF) to++;
  return { text: latin1(bytes, from, to), offset: from };
}

/** What a rule's matcher needs at run time; regular expressions are compiled when first asked for. */
export class CompiledRule {
  readonly rule: Rule;
  readonly #forms: (RegExp | undefined)[] = [];
  #value: RegExp | undefined;
  #pattern: RegExp | undefined;

  constructor(rule: Rule) {
    this.rule = rule;
  }

  /** The sticky pattern of a token's form. */
  form(index: number, form: TokenForm, ignoreCase: boolean): RegExp {
    this.#forms[index] ??= new RegExp(form.pattern, ignoreCase ? 'iy' : 'y');
    return this.#forms[index];
  }

  /** The value's pattern, global. */
  value(matcher: Extract<Matcher, { value: unknown }>): RegExp {
    this.#value ??= new RegExp(matcher.value.pattern, 'g');
    return this.#value;
  }

  pattern(source: string, flags: string): RegExp {
    this.#pattern ??= new RegExp(source, flags);
    return this.#pattern;
  }
}

/** A token rule at the literal `at` of one of its forms. */
export function matchToken(compiled: CompiledRule, formIndex: number, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  const form = matcher.kind === 'token' ? matcher.forms[formIndex] : undefined;
  if (matcher.kind !== 'token' || form === undefined) return;
  const regex = compiled.form(formIndex, form, matcher.ignoreCase);
  const from = at.start - form.before.max - 1;
  const text = latin1(bytes, from, at.start - form.before.min + form.maxLength + 1);
  const offset = Math.max(0, from);
  const last = at.start - form.before.min - offset;
  for (let start = Math.max(0, at.start - form.before.max - offset); start <= last; start++) {
    regex.lastIndex = start;
    const found = regex.exec(text)?.[0];
    if (found === undefined) continue;
    const prefixLength = form.before.max === 0 ? form.literal.length : 0;
    report({ rule: compiled.rule, start: offset + start, end: offset + start + found.length, prefixLength, evidence: [] });
    return;
  }
}

/** The escape hatch at one literal: the free pattern in a bounded window that begins at the line's start. */
export function matchPattern(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const { matcher, scope } = compiled.rule;
  if (matcher.kind !== 'pattern') return;
  const regex = compiled.pattern(matcher.pattern, `${matcher.flags}g`);
  const line =
    scope === 'line'
      ? lineAround(bytes, at.start, at.end)
      : { text: latin1(bytes, at.start - matcher.before, at.end + matcher.maxLength), offset: Math.max(0, at.start - matcher.before) };
  regex.lastIndex = Math.max(0, at.start - line.offset - matcher.before);
  for (let found = regex.exec(line.text); found !== null; found = regex.exec(line.text)) {
    const secret = found[1] ?? found[0];
    const whole = line.offset + found.index;
    if (whole > at.start) return;
    if (whole + found[0].length < at.end) continue;
    const start = whole + found[0].lastIndexOf(secret);
    report({ rule: compiled.rule, start, end: start + secret.length, prefixLength: 0, evidence: [] });
    return;
  }
}

/** A block from its begin marker: the whole key, header and all. Without an end it goes as far as the pattern does. */
export function matchBlock(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'block') return;
  const begin = matcher.begin.find((marker) => latin1(bytes, at.start, at.end) === marker);
  if (begin === undefined) return;
  const regex = compiled.pattern(matcher.pattern, 'sy');
  regex.lastIndex = 0;
  const rest = regex.exec(latin1(bytes, at.end, at.end + matcher.maxLength))?.[0];
  if (rest === undefined) return;
  report({ rule: compiled.rule, start: at.start, end: at.end + rest.length, prefixLength: 0, evidence: [] });
}

const USER_INFO = /([^\s/?#@:"'`<>{}]{0,128}):([^\s/?#@"'`<>]{1,128})@([A-Za-z0-9._~%$-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\]|\$?\{[^{}\s]{1,80}\})/y;
const LOCAL_HOST = /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|.*\.(?:local|test|example|internal)$|example\.|[a-z]{1,12}$)/i;

/** `scheme://user:password@host`: the password is the secret. */
export function matchUri(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const text = latin1(bytes, at.start - 1, at.end + 2 * MAX_PASSWORD + 260);
  const offset = Math.max(0, at.start - 1);
  USER_INFO.lastIndex = at.end - offset;
  const match = USER_INFO.exec(text);
  if (match === null) return;
  const [, user = '', password = '', host = ''] = match;
  if (/^[$%{[<]|^\*+$|\$\{|\{\{/.test(password)) return;
  const weak = LOCAL_HOST.test(host) || user === password || password.length < 4;
  const start = at.end + user.length + 1;
  report({
    rule: compiled.rule,
    start,
    end: start + password.length,
    prefixLength: 0,
    evidence: [
      weak ? 'password for a local or example host, or a plain one' : `password for ${user === '' ? 'a user' : 'a named user'} at a remote host`,
    ],
    name: user,
    weak,
  });
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
  const text = valueAt(line.text, from, quote);
  const regex = compiled.value(matcher);
  regex.lastIndex = 0;
  if (regex.exec(text)?.[0] !== text) return;
  const name = assignedName(line.text, from);
  if (describes(name)) return;
  const start = line.offset + from;
  report({ rule: compiled.rule, start, end: start + text.length, prefixLength: 0, evidence: [], name });
}

/** Up to the closing quote, or to a blank that begins a comment, or to the line's end. */
function valueAt(line: string, from: number, quote: string): string {
  const rest = line.slice(from);
  if (quote !== '') {
    const end = rest.indexOf(quote);
    return end < 0 ? '' : rest.slice(0, end);
  }
  return rest.replace(/\s{1,80}#.*$|\s{1,80}$/s, '');
}

/** The rest of a name, an operator and an opening quote. */
const ASSIGNMENT_TAIL = /[\w.-]{0,64}["'\]]{0,2}[ \t]{0,8}(?:=>|:=|=|:)[ \t]{0,8}(["'`]?)/y;

const CALL_BEFORE = /([A-Za-z_$][\w.$:]{0,120})\s{0,4}\(\s{0,8}["'`]?$/;

/**
 * A value without a marker, near what belongs to its provider. `anchors` are all places of the rule's literals.
 * Believed when its own name mentions the provider, or when the provider stands near and the name says "credential".
 */
export function matchContext(compiled: CompiledRule, bytes: Buffer, anchors: readonly Span[], report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'context') return;
  const regex = compiled.value(matcher);
  for (const region of regionsAround(bytes, anchors, matcher.within)) {
    const text = latin1(bytes, region.start, region.end);
    regex.lastIndex = 0;
    for (let found = regex.exec(text); found !== null; found = regex.exec(text)) {
      const start = region.start + found.index;
      const end = start + found[0].length;
      const verdict = contextEvidence(matcher, bytes, start, end, region);
      if (verdict !== undefined) report({ rule: compiled.rule, start, end, prefixLength: 0, ...verdict });
    }
  }
}

/** A part of the content with the anchors that opened it. */
interface Region extends Span {
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
  const name = assignedName(line.text, column) || nameAbove(bytes, line, column);
  if (describes(name) && !endsWithOne(name, matcher.names)) return undefined;
  if (mentions(name, matcher.names) !== undefined) return { name, evidence: [`\`${name}\` in the same assignment`], weak: false };
  const anchor =
    region.anchors.find((candidate) => candidate.start < line.offset + line.text.length && candidate.end > line.offset) ?? region.anchors[0];
  if (anchor === undefined || (anchor.start < end && anchor.end > start)) return undefined;
  const word = latin1(bytes, anchor.start, anchor.end);
  const call = CALL_BEFORE.exec(line.text.slice(0, column))?.[1];
  if (call !== undefined && mentions(call, matcher.names) !== undefined) return { name: call, evidence: [`argument of \`${call}\``], weak: false };
  if (mentions(name, matcher.credentialWords) !== undefined) {
    const sameLine = anchor.start >= line.offset && anchor.start < line.offset + line.text.length;
    return { name, evidence: [`given to \`${name}\`, ${sameLine ? 'on the same line as' : 'near'} \`${word}\``], weak: !sameLine };
  }
  return undefined;
}

const LONE_VALUE = /^[\s-]{0,64}["']?value["']?\s{0,8}[:=]\s{0,8}["']?$/i;
const NAME_ABOVE = /\bname["']?\s{0,8}[:=]\s{0,8}["']?([\w.-]{1,120})/i;

/** `- name: NAME` and under it `value: …`, as in manifests of containers. */
function nameAbove(bytes: Buffer, line: { text: string; offset: number }, column: number): string {
  if (line.offset === 0 || !LONE_VALUE.test(line.text.slice(0, column))) return '';
  return NAME_ABOVE.exec(lineAround(bytes, line.offset - 1, line.offset - 1).text)?.[1] ?? '';
}

/** The rule's own words may end like a describing name: `access_key_id`. */
function endsWithOne(name: string, names: readonly string[]): boolean {
  const squeezed = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return names.some((own) => squeezed.endsWith(own));
}

/** Line ranges of `within` lines around the anchors, merged where they touch. */
function regionsAround(bytes: Buffer, anchors: readonly Span[], within: number): Region[] {
  const regions: { start: number; end: number; anchors: Span[] }[] = [];
  for (const anchor of anchors.toSorted((a, b) => a.start - b.start)) {
    const start = linesBack(bytes, anchor.start, within);
    const end = linesForward(bytes, anchor.end, within);
    const last = regions.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.anchors.push(anchor);
    } else regions.push({ start, end, anchors: [anchor] });
  }
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
