/**
 * The ways in which a rule looks at text, but for those with files of their own. Each works on a latin1 view, so a byte is
 * a character and offsets never shift, and each is bounded by lengths that come from the rule itself.
 */
import type { Span } from '../model/origin.ts';
import type { Matcher, Rule } from '../model/rule.ts';
import type { Searcher } from '../rules/regex-safety.ts';
import { escapeRegex } from '../rules/shape.ts';
import type { CompiledRule, Report } from './compiled-rule.ts';
import { MAX_NAME, nameWith } from './credential.ts';
import { credentialKind, PART_OF_NAME } from './credential-name.ts';
import { isPlainPassword, standsForAny, type CredentialKind } from './credential-value.ts';
import { insertedBelow } from './inserted-rows.ts';
import { latin1, lineAround, lineEnd, lineStart, textEnd, textStart } from './lines.ts';
import { stringsBelow } from './strings-below.ts';
import { assignedName, describes, namesPublicKey } from './surroundings.ts';
import { valuesBelow, wordsBelow } from './table-rows.ts';

const MAX_PASSWORD = 128;
/** Bytes before a token that its pattern looks at: an escape. */
const LEFT = 2;

/** A token rule at the literal `at` of one of its forms. */
export function matchToken(compiled: CompiledRule, formIndex: number, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  const form = matcher.kind === 'token' ? matcher.forms[formIndex] : undefined;
  if (matcher.kind !== 'token' || form === undefined) return;
  const { regex, state } = compiled.form(formIndex, form, matcher.ignoreCase);
  state.lookAt(bytes);
  if (state.isInside(at) || state.isSettled(bytes, at.end)) return;
  const { text, offset } = state.textAt(bytes, at.start - form.before.max - LEFT, at.start - form.before.min + form.maxLength + 1);
  const first = form.anchored === undefined ? at.start - form.before.min : at.start;
  if (first < offset) return;
  regex.lastIndex = first - offset;
  const found = regex.exec(text);
  if (found === null) {
    if (form.wholeRun === true && !matcher.ignoreCase) state.markBarren(at.end, form.run?.min ?? 0);
    return;
  }
  const start = form.anchored === undefined ? first : first - (found[1] ?? '').length;
  const end = first + found[0].length;
  state.matched({ start: at.start, end });
  report({ rule: compiled.rule, start, end, prefixLength: form.before.max === 0 ? form.literal.length : 0, evidence: [] });
}

/**
 * The escape hatch: a free pattern around a literal. The content is laid out in windows of fixed places, each searched
 * once whatever the number of literals in it, so that the time is in proportion to the content. A user's rule that is
 * slow even so gives up.
 * @returns of a rule about what stands below a name, the bytes that decide that nothing does, whatever lies beyond them; true where they are not known
 */
export function matchPattern(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): boolean | Span {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'pattern') return false;
  const isAboutLines = isAboutBelow(matcher);
  // A match is told in the window of the places among which its first literal begins: so many from `cell` on.
  const size = matcher.before + matcher.maxLength;
  const cell = at.start - (at.start % size);
  const known = compiled.decidedIn(bytes, cell, at);
  if (known !== undefined) return isAboutLines && known;
  const { from, to, openLeft, openRight } = windowAt(compiled.rule, matcher, bytes, at, cell);
  if (!compiled.begins(bytes, cell, from)) return isAboutLines;
  const regex = compiled.pattern(matcher.pattern, `${matcher.flags}g`);
  const text = latin1(bytes, from, to);
  regex.lastIndex = 0;
  // As far as the furthest line that was read below a name; undefined where something was found, or another window may find it.
  let decidedTo: number | undefined = to;
  for (;;) {
    const found = nextMatch(compiled, regex, bytes, text);
    if (found === undefined) return true;
    if (found === null) break;
    const end = found.index + found[0].length;
    if ((openLeft && found.index === 0) || (openRight && end === text.length)) {
      decidedTo = undefined;
      continue;
    }
    // The window that holds its first literal reports a match.
    const literal = firstLiteral(matcher, found[0]);
    const place = from + found.index + literal;
    if (literal < 0 || place < cell || place >= cell + size) {
      decidedTo = undefined;
      continue;
    }
    const { start: first, end: last } = secretIn(compiled.rule, found);
    const span = { start: from + first, end: from + last };
    if (matcher.as !== undefined && isAboutLines) {
      const reached = matchGeneric(compiled.rule, matcher, bytes, span, report);
      decidedTo = decidedTo === undefined || reached === undefined ? undefined : Math.max(decidedTo, reached);
    } else {
      decidedTo = undefined;
      const name = matcher.named === true ? nameIn(text.slice(found.index, first), matcher.as) : undefined;
      if (matcher.named === true && name === undefined) continue;
      for (const value of matcher.rows === true ? valuesBelow(bytes, span) : [span])
        report({ rule: compiled.rule, ...value, prefixLength: 0, evidence: [], ...(name === undefined ? {} : { name }) });
      if (matcher.further === undefined) continue;
      regex.lastIndex = end;
      const further = compiled.further(matcher.further, `${matcher.flags}y`);
      for (let count = 0; count < MOST_FURTHER; count++) {
        const next = furtherAt(compiled, further, bytes, text, regex.lastIndex);
        if (next === undefined || (openRight && next.end === text.length)) break;
        regex.lastIndex = next.end;
        report({ rule: compiled.rule, start: from + next.value.start, end: from + next.value.end, prefixLength: 0, evidence: [] });
      }
    }
  }
  const decided = isAboutLines && decidedTo !== undefined ? { start: Math.max(0, from - MAX_NAME), end: decidedTo } : true;
  compiled.decide(cell, { start: from, end: to }, decided);
  return isAboutLines && decided;
}

/** The next match in a text, null for none; undefined where a user's rule has taken too long. */
function nextMatch(compiled: CompiledRule, regex: Searcher, bytes: Buffer, text: string): ReturnType<Searcher['exec']> | undefined {
  if (compiled.rule.linear !== true) return regex.exec(text);
  const started = performance.now();
  const found = regex.exec(text);
  return compiled.spend(bytes, performance.now() - started) ? found : undefined;
}

/** The first word of a match that may name a credential of a kind, if it does: `Api-Key` of `setHeader "Api-Key" "`. */
function nameIn(text: string, as: CredentialKind | undefined): string | undefined {
  const name = as && text.match(/[\w.-]+/g)?.find((word) => PART_OF_NAME[as].test(word));
  return name !== undefined && credentialKind(name) === as ? name : undefined;
}

/** Values of one command, or the like, beside its first. */
const MOST_FURTHER = 32;

/** The next value right behind an offset of a text, and where what it was found by ends. */
function furtherAt(compiled: CompiledRule, further: Searcher, bytes: Buffer, text: string, at: number): { value: Span; end: number } | undefined {
  further.lastIndex = at;
  const found = nextMatch(compiled, further, bytes, text);
  if (found === undefined || found === null) return undefined;
  return { value: secretIn(compiled.rule, found), end: found.index + found[0].length };
}

/** Where the secret of a match lies in the text. In a string of a program a password ends with its line: `"password q7ZkMp2x\n"`. */
function secretIn({ kind }: Rule, found: NonNullable<ReturnType<Searcher['exec']>>): Span {
  const whole = found[1] ?? found[0];
  const start = found.index + found[0].lastIndexOf(whole);
  const escape = kind === 'password' ? whole.search(/\\[nr]/) : -1;
  return { start, end: start + (escape >= SHORTEST_PASSWORD ? escape : whole.length) };
}

/** The part of a content that a literal's pattern is looked for in, which belongs to the places from `cell` on, and whether it may have cut some matches. */
function windowAt({ scope }: Rule, { before, maxLength }: PatternMatcher, bytes: Buffer, at: Span, cell: number): Window {
  // One byte more on either side shows whether a match was cut.
  const from = Math.max(0, cell - before - 1);
  const to = Math.min(bytes.length, cell + before + maxLength + maxLength + 1);
  const [openLeft, openRight] = [from > 0, to < bytes.length];
  const [startOf, endOf] = scope === 'line' ? [lineStart, lineEnd] : [textStart, textEnd];
  const start = startOf(bytes, at.start, at.start - from);
  const end = endOf(bytes, at.end, to - at.end);
  return { from: start, to: end, openLeft: openLeft && start === from, openRight: openRight && end === to };
}

interface Window {
  readonly from: number;
  readonly to: number;
  /** Whether text goes on before it and behind it. */
  readonly openLeft: boolean;
  readonly openRight: boolean;
}

/** Whether a pattern is one of names below which values stand. */
export function isAboutBelow({ rows, columns, items }: PatternMatcher): boolean {
  return rows === true || columns === true || items !== undefined;
}

/**
 * Values below a name, of which group 1 of a pattern is a part or all: a table's column, or what stands before the end of its line.
 * @returns how far it looked to see that there are none; undefined where there are, or where it looked on to the content's end
 */
function matchGeneric(rule: Rule, { rows, columns, items = 0, as }: PatternMatcher, bytes: Buffer, at: Span, report: Report): number | undefined {
  if (columns === true && as !== undefined) {
    const { found, end } = insertedBelow(bytes, at.start, as);
    for (const { name: column, ...value } of found)
      report({ rule, ...value, prefixLength: 0, evidence: [`inserted into the column \`${column}\``], name: column });
    return end;
  }
  const name = rows === true ? latin1(bytes, at.start, at.end) : nameWith(bytes, at);
  if (as === undefined || credentialKind(name) !== as) return at.end + MAX_NAME;
  const evidence = [rows === true ? `in the column \`${name}\` of a table` : `below \`${name}\``];
  const below = rows === true ? { found: wordsBelow(bytes, at, as), end: undefined } : stringsBelow(bytes, at.end, items);
  for (const value of below.found) report({ rule, ...value, prefixLength: 0, evidence, name });
  return below.found.length === 0 ? below.end : undefined;
}

type PatternMatcher = Extract<Matcher, { kind: 'pattern' }>;

/** Where the first of a pattern's literals stands in a match; -1 where none does. */
function firstLiteral(matcher: PatternMatcher, text: string): number {
  return anyLiteral(matcher).exec(text)?.index ?? -1;
}

/** A rule has a hundred of them, and a text may match it on each of its lines. */
const anyLiteral = (() => {
  const known = new WeakMap<PatternMatcher, RegExp>();
  return (matcher: PatternMatcher): RegExp => {
    const any = known.get(matcher) ?? new RegExp(matcher.literals.map(escapeRegex).join('|'), matcher.flags.includes('i') ? 'i' : '');
    known.set(matcher, any);
    return any;
  };
})();

/** A block from its begin marker: the whole key, header and all. Without an end it goes as far as the pattern does. */
export function matchBlock(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'block') return;
  const begin = matcher.begin.find((marker) => latin1(bytes, at.start, at.end) === marker);
  if (begin === undefined) return;
  const to = nextBegin(bytes, [begin, ...matcher.begin], at.end, Math.min(bytes.length, at.end + matcher.maxLength));
  if (compiled.rule.linear === true && !compiled.begins(bytes, at.end, to)) return;
  const regex = compiled.pattern(matcher.pattern, 'sy');
  regex.lastIndex = 0;
  const rest = nextMatch(compiled, regex, bytes, latin1(bytes, at.end, to))?.[0];
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
/** This machine, or a container beside it. `db.acme.internal` and `db.data.svc.cluster.local` are servers that others reach as well. */
const LOCAL_HOST =
  /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|[a-z]{1,12}\.docker\.internal$|[a-z]{1,12}$|[\w-]{1,63}\.local$)|\.(?:localhost|test|example)$/i;
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

const UNDERSCORE = 0x5f;

/** `NAME = value` on one line, where the name holds one of the rule's words. The prefilter has seen the operator. */
export function matchAssignment(compiled: CompiledRule, bytes: Buffer, at: Span, report: Report): void {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'assignment' && matcher.kind !== 'file') return;
  // `_authToken` begins a name; `ACME_AUTHTOKEN` is anybody's.
  if (matcher.kind === 'assignment' && bytes[at.start] === UNDERSCORE && /[A-Za-z]/.test(latin1(bytes, at.start - 1, at.start))) return;
  const line = lineAround(bytes, at.start, at.end);
  ASSIGNMENT_TAIL.lastIndex = at.end - line.offset;
  const operator = ASSIGNMENT_TAIL.exec(line.text);
  if (operator === null) return;
  const from = ASSIGNMENT_TAIL.lastIndex;
  const quote = operator[1] ?? '';
  const text = valueAt(line.text, from, quote, matcher.kind === 'file');
  if (text.length > matcher.value.maxLength) return;
  // `JwtSecretTest::decodesClaims`
  if (quote === '' && text.startsWith(':') && operator[0].endsWith(':')) return;
  const regex = compiled.value(matcher);
  regex.lastIndex = 0;
  if (regex.exec(text)?.[0] !== text) return;
  const name = assignedName(line.text, from);
  if (describes(name) || (matcher.kind === 'file' && namesPublicKey(name))) return;
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
