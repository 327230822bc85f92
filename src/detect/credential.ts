/**
 * Credentials without any mark of a provider: `NAME = value` in all the ways in which languages and formats write it,
 * believed when the name says what it is and the value looks generated. The prefilter has seen that both may be there.
 */
import type { Span } from '../model/origin.ts';
import { bitmapOf } from '../rules/alphabet.ts';
import { credentialKind } from './credential-name.ts';
import { isExpression } from './filters.ts';
import type { CompiledRule, Report } from './compiled-rule.ts';
import { LINE_REACH, lineAround } from './lines.ts';
import { NAME_LINES, NAME_LINES_BELOW, nameAround } from './name-around.ts';
import { isTransparent, wordsOf } from './surroundings.ts';

/** From behind the name to the value, one after the other. None can go back into what another took. */
const CLOSING = /(?:\[\w{0,24}\])?["'`\]\\)*]{0,6}/y;
const BLANKS = /[ \t]{0,16}/y;
/** `translatable="false"` between an element's name and its text. */
const ATTRIBUTES = /(?:(?:[A-Za-z:]{1,23}="[A-Za-z:]{1,23}"[ \t]{0,8}){1,3}(?=>))?/y;
const OPERATOR =
  /(?:[=:>|?~]{1,4}|<-|\{[A-Za-z; \t]{1,24}\}[ \t]{0,8}=|[,({]|or(?=[ \t])|\.(?=(?:unwrap_or|unwrap_or_else|orElse|orElseGet|getOrElse)\())?/y;
/** `**Password:** …` */
const STARS = /(?:\*\*)?[ \t]{0,16}(?:<!\[CDATA\[)?/y;
/** `${NAME:-value}` of a shell. */
const DEFAULT = /[-=]?/y;
/** A type, `As String`, `String by lazy {`, `value`, or `do:` of Elixir. */
const BETWEEN =
  /(?:(?:&(?:'[a-z]{1,8}[ \t])?)?(?:[A-Za-z]{2}[ \t]{1,8})?[A-Za-z]{1,12}(?:\[[A-Za-z, \t]{1,22}\]|<[A-Za-z, \t]{1,22}>)?(?:[ \t]{0,4}\|[ \t]{0,4}[A-Za-z]{1,16})?[ \t]{0,8}(?:=|by[ \t]lazy[ \t]\{)|&\[u8(?:;[ \t]\d{1,3})?\][ \t]=|["'`][A-Za-z]{1,16}["'`][ \t]{0,8}[=:]|(?<=,[ \t]{0,16})(?:do|[a-z][A-Za-z]{2,15}):(?=[ \t]{0,4}["'`]))?[=:>|?~]{0,3}/y;
const OPENING =
  /(?:(?:String|String::from|SecretStr|SecretString|SecretString::from|Secret|Secret::new|Sensitive|Field|JSON\.stringify|Buffer\.from|Some|Optional\.of|\[\]byte|Encoding\.(?:UTF8|ASCII)\.GetBytes|HeaderValue::from_static|(?:aws|proto|pulumi)\.String|types\.StringValue|pulumi\.ToSecret|pointer\.(?:String|To)|ptr\.To|to\.(?:Ptr|StringPtr)|Q(?:StringLiteral|String|ByteArray|Latin1String)|std::string|SecretValue\.unsafePlainText|SecretBox::new|Zeroizing::new|unwrap_or|unwrap_or_else|orElse|orElseGet|getOrElse)(?=\((?:\|_\|[ \t]?)?["'`]))?(?:[@$A-Za-z]#?(?=["'`]))?[([]{0,4}(?:\|_\|[ \t]?)?(?:\\{0,3}["'`]){0,3}/y;
/** `Bearer`, `ApiKey`, `GenieKey`, `Zoho-oauthtoken`. */
const SCHEME = /(?:(?:bearer|basic|bot|ssws|[a-z-]{0,20}(?:token|key))[ \t]{1,4})?/iy;
/** Bytes of a name on either side of the word that was found in it. */
export const MAX_NAME = 64;
/** How far behind a name its value may end, and how far before it something says that it is one. */
const REACH = 384;
/** The same for the few values that are longer: tokens that hold what they say, such as those of a session. */
const FAR = 2560;
const LEFT = 48;
/** As far before a value's property, and behind it, names are looked for that may be the value's. */
const NAMES_ABOVE = (NAME_LINES + 1) * (LINE_REACH + 1);
const NAMES_BEHIND = REACH + (NAME_LINES_BELOW + 1) * (LINE_REACH + 1);
/** `=` only pads: one behind which the value goes on is an operator. */
const UNQUOTED = /[^\s"'`;<>&=]{1,2048}(?:={1,2}(?=[\s"'`;<>&,)\]}\\]|$))?/y;
/** What a value without quotes does not hold, and a program's text does. */
const CODE = /^[{([|]|^!!|[{}]|\?\.|\(\)/;
const MAX_VALUE = 2048;

/** Calls that ask for a value and are given its name. */
const ASKS = new Set([
  'get',
  'fetch',
  'retrieve',
  'read',
  'load',
  'find',
  'has',
  'is',
  'env',
  'getenv',
  'require',
  'delete',
  'remove',
  'lookup',
  'resolve',
  'validate',
  'verify',
  'check',
  'parse',
  'on',
  'expect',
  'describe',
  'it',
  'test',
  'with',
  'log',
  'print',
  'throw',
  'raise',
  'warn',
]);

/** `checksum/secret: 4f2a…`: what a deployment notes of a secret so that it starts anew with another one. */
const DIGEST_OF = /\b(?:checksum|hash|digest|sha256|sha1|md5)\/(?:[\w.-]{1,40}\/)?$/;

/** `google-auth = ["…", "…"]`: a lock file's list of the digests of a package's files. */
const DIGEST = /^[0-9a-f]{64}$/;
const DIGESTS_BEHIND = /^["'],\s{0,4}["'][0-9a-f]{64}["']/;

/** Before the last part of an image's name: `acme/app-secrets:1.4.2-f0`, `FROM app-token:1.4`. */
const IN_IMAGE = /[\w.-]\/$|(?:^|\s)(?:FROM|image:)\s{1,4}["']?$/;

/** Calls that are given a credential and something else about it: `matches("password", "5f4d…")`. */
const COMPARES = new Set('matches match verify compare equals equal assert encode encrypt encryptors decrypt hash digest derive sign'.split(' '));

/**
 * `NAME = value` whose name holds the literal `at`, or `value: …` whose name stands elsewhere.
 * @returns whether a name on another line decides: else the line alone says that nothing is found
 */
export function matchCredential(compiled: CompiledRule, isElsewhere: boolean, bytes: Buffer, at: Span, report: Report): boolean {
  const { matcher } = compiled.rule;
  if (matcher.kind !== 'credential') return false;
  const nameStart = nameEdge(bytes, at.start, -1);
  const nameEnd = nameEdge(bytes, at.end, 1);
  const written = bytes.toString('latin1', nameStart, nameEnd);
  let name = trimmed(written, '.$-', '.-');
  if (BARE_KEY.test(name)) name = keyInWords(bytes, nameStart, name);
  if (isElsewhere ? !isTransparent(name) : credentialKind(name) !== matcher.as) return false;
  let line = lineFrom(bytes, nameEnd, REACH);
  // The prefilter looks for one as well, but not without end in one content; so one long line of nothing else told all of them.
  if (isElsewhere && line.length === REACH && !compiled.mayBeNamedIn(matcher, bytes, { start: nameStart - NAMES_ABOVE, end: nameEnd + NAMES_BEHIND }))
    return true;
  let from = 0;
  const take = (part: RegExp): string => {
    part.lastIndex = from;
    const text = part.exec(line)?.[0] ?? '';
    from += text.length;
    return text;
  };
  // Not of the line before: what a line shows must not depend on where it stands.
  const before = bytes.toString('latin1', Math.max(0, nameStart - LEFT), nameStart);
  const left = before.slice(before.lastIndexOf('\n') + 1);
  if (DIGEST_OF.test(left)) return false;
  const closing = take(CLOSING);
  const blanks = take(BLANKS);
  if (closing !== '') take(ATTRIBUTES);
  const operator = take(OPERATOR);
  if (operator === ':' && left.endsWith('${')) take(DEFAULT);
  const isJoined = take(STARS) === '' && blanks === '' && closing === '';
  if (operator === ':' && isJoined && IN_IMAGE.test(left)) return false;
  const between = take(BETWEEN);
  take(BLANKS);
  const opening = take(OPENING);
  take(SCHEME);
  const quote = /["'`](?=[^"'`]*$)/.exec(opening)?.[0] ?? '';
  if (!isAssigned(operator, { left, name: written, closing, blanks, between, opening, quote, line, from })) return false;
  if (line.length === REACH) line = lineFrom(bytes, nameEnd, FAR);
  const text = quote === '' ? unquoted(line, from) : upTo(line, from, quote);
  if (
    text === '' ||
    (operator === '>' && !ELEMENT_END.test(line.slice(from + text.length, from + text.length + ELEMENT_TAIL))) ||
    ((quote === '' || quote === '`' || operator === '' || opening.startsWith('[]byte')) && /^pass$/i.test(name)) ||
    (name === 'Pass' && RENDER_PASS.test(text)) ||
    (opening.includes('[') && DIGEST.test(text) && DIGESTS_BEHIND.test(line.slice(from + text.length)) && !name.endsWith('s')) ||
    (quote === '' && (CODE.test(text) || isExpression(text) || line.startsWith('...', from + text.length)))
  )
    return false;
  const start = nameEnd + from;
  if (isElsewhere) {
    const around = lineAround(bytes, start, start);
    name = nameAround(bytes, around, start - around.offset);
    if (credentialKind(name) !== matcher.as) return true;
  }
  report({
    rule: compiled.rule,
    start,
    end: start + text.length,
    prefixLength: 0,
    evidence: [`\`${name}\` is given a value that looks generated`],
    name,
  });
  if (opening.includes('[') || (opening.includes('(') && operator === '=' && /s$/i.test(name)))
    otherItems(line, from + text.length, quote, (item, place) =>
      report({
        rule: compiled.rule,
        start: nameEnd + place,
        end: nameEnd + place + item.length,
        prefixLength: 0,
        evidence: [`one of the list that \`${name}\` is given`],
        name,
      }),
    );
  return isElsewhere;
}

/** Strings of a list behind its first one, which ends at an offset of the line: `, "abc", "def"]`. */
function otherItems(line: string, from: number, quote: string, found: (text: string, at: number) => void): void {
  if (quote === '') return;
  NEXT_ITEM.lastIndex = from;
  for (let count = 0; count < MOST_ITEMS; count++) {
    const item = NEXT_ITEM.exec(line);
    if (item?.[1] === undefined) return;
    found(item[1], NEXT_ITEM.lastIndex - item[1].length);
  }
}

/** Behind the text of an item. */
const NEXT_ITEM = /["'`],[ \t]{0,4}["'`]([^"'`\s]{1,400})(?=["'`])/y;
const MOST_ITEMS = 32;

/** What ends an element's text. */
const ELEMENT_END = /^(?:\]\]>)?<\//;
const ELEMENT_TAIL = 5;

/** A value behind a quote that its line does not close: nothing but it, to the line's end. */
const UNCLOSED = /^[\w.~+/=!@#%^*-]{8,256}(?=\r?$)/;

/** As far as the line goes, or `reach` bytes of it. */
function lineFrom(bytes: Buffer, start: number, reach: number): string {
  const text = bytes.toString('latin1', start, Math.min(bytes.length, start + reach));
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

const BARE_KEY = /^keys?$/i;
const WORD_BEFORE = /(?:^|[^\w.-])([A-Za-z]{2,12}) $/;
/** Bytes of the word before. */
const WORD_REACH = 16;

/** `API Key`, as people write a name of several words, of which only the last one stands at an offset. */
function keyInWords(bytes: Buffer, start: number, name: string): string {
  const word = WORD_BEFORE.exec(bytes.toString('latin1', Math.max(0, start - WORD_REACH), start))?.[1];
  return word === undefined ? name : `${word} ${name}`;
}

const IN_NAME = bitmapOf('0-9A-Za-z_.$-');

/** What renderers call their passes: `DownSampleDivision2`. */
const RENDER_PASS = /^[A-Z][A-Za-z]{2,40}(?:\d[A-Za-z\d]{0,40})?$/;

/** Where the name around `at` begins (`step` -1) or ends (1). */
function nameEdge(bytes: Buffer, at: number, step: -1 | 1): number {
  let edge = at;
  for (let count = 0; count < MAX_NAME; count++) {
    if (IN_NAME[bytes[step < 0 ? edge - 1 : edge] ?? 0] !== 1) break;
    edge += step;
  }
  return edge;
}

/** The whole name that a part of it stands in. */
export function nameWith(bytes: Buffer, { start, end }: Span): string {
  return trimmed(bytes.toString('latin1', nameEdge(bytes, start, -1), nameEdge(bytes, end, 1)), '.$-', '.-');
}

interface Written {
  readonly left: string;
  readonly name: string;
  readonly closing: string;
  readonly blanks: string;
  readonly between: string;
  readonly opening: string;
  readonly quote: string;
  /** The line from the name's end on, and where its value begins. */
  readonly line: string;
  readonly from: number;
}

/** `abc" }` */
const PAIR_END = /[^"]{8,256}"\s{0,4}\}/y;

/** Whether name and value belong together, by what stands between them. */
function isAssigned(operator: string, { left, name, closing, blanks, between, opening, quote, line, from }: Written): boolean {
  // `getenv("NAME") ?? "abc"`: only what stands in for a value is one.
  if (closing.includes(')')) return quote !== '' && STANDS_IN.has(operator);
  switch (operator) {
    case 'or':
    case '.':
      return quote !== '' && closing !== '';
    case '{':
      return quote !== '' && closing === '' && blanks === '';
    case '>':
      // `<token>abc</token>`, `<string name="token">abc</string>`
      return closing === '' ? /<(?:\w{1,32}:)?$/.test(left) : ELEMENT_NAMED.test(left);
    case ',':
      // `set('NAME', 'abc')`, and not the next one of a list; `"name": "NAME", "value": "abc"`
      if (quote === '') return false;
      // `def token, do: "abc"`
      if (between.startsWith('do:')) return /\bdefp?\s$/.test(left);
      // Also `["--token", "abc"]`.
      if (between === '' && (closing === '' ? OPENS_PAIR.test(left) : name.startsWith('--') || isPair(left, line, from))) return true;
      return closing !== '' && (between === '' ? isGiven(left) : isTransparent(wordIn(between)));
    case '(':
      return quote !== '' && ![name, name.split('.').at(-1) ?? ''].some((call) => ASKS.has(wordsOf(call)[0] ?? ''));
    case '':
      // `NAME string = "abc"`, `NAME[] PROGMEM = "abc"`, and no element with its attribute
      if ((closing === '' || closing.startsWith('[')) && between !== '') return !left.endsWith('<');
      if (closing !== '') return isTransparent(wordIn(between)); // `key="NAME" value="abc"`
      // `--token abc`, `ENV TOKEN abc`, `set -x TOKEN abc`, `PASSWORD 'abc'`
      return (
        blanks !== '' &&
        (name.startsWith('-') ||
          (quote !== '' && opening.replace('@', '').length === 1) ||
          /(?:^|\s)(?:ENV|ARG|[Ss]et[Ee]nv|setx|export|proxy_set_header|set-header|add_header|RequestHeader\s+set|(?:env|secrets|config)(?::|\s)set|set(?:\s+-\w+)*)\s+$/.test(
            left,
          ))
      );
    case '|':
      // A row of a table whose cell says nothing but the name; in words only where the value is all that follows.
      return /^[A-Z][A-Z0-9_]+$/.test(name) ? CELL.test(left) : WORDS_CELL.test(left) && LAST_CELL.test(line.slice(from));
    case '?':
    case '~':
      return false;
    case '?:':
      // `password?: Settings2;` of TypeScript is given a type.
      return quote !== '';
    case '||':
    case '??':
      return quote !== '';
    case ':':
      // `arn:aws:secretsmanager:eu-west-1:123456789012:secret:…`, `orn:acme:pam:secrets:…`: a name in a name.
      // `acme::server::password: abc` is one of Puppet's.
      return quote === ''
        ? closing !== '' || /^\s{0,16}(?:[a-z]\w{0,40}::){1,6}$/.test(left) || !/[\d}*]:$|[\w.-]:[\w./-]{0,40}:$/.test(left)
        : !/[?&]$/.test(left);
    default:
      return !/[?&]$/.test(left) || quote === '';
  }
}

/** `{token, "abc"}`, `{:token, "abc"}`, `set :token, "abc"`, `Keyword.put(options, :token, "abc")`, `put_env(:acme, :token, "abc")`. */
const OPENS_PAIR = /\{\s{0,8}:?$|(?:^|\s)set\s:$|\b(?:(?:Keyword|Map)\.put(?:_new)?\([\w.@]{1,40}|put_env\(:\w{1,40}), :$/;

/** What stands between a look-up and the value that is taken where it finds nothing. */
const STANDS_IN = new Set(['||', '??', '?:', 'or', '.']);

/** `{ "NAME", "abc" }` of an initializer. */
function isPair(left: string, line: string, from: number): boolean {
  if (!/\{\s{0,8}"$/.test(left)) return false;
  PAIR_END.lastIndex = from;
  return PAIR_END.test(line);
}

/** `<string name="` */
const ELEMENT_NAMED = /<[\w:.-]{1,40}\s{1,4}(?:name|key|id)\s?=\s?["']$/i;
/** `| ` before a cell's text. */
const CELL = /\|\s{0,8}`?$/;
/** `| API ` and `| **` at the beginning of a row. */
const WORDS_CELL = /^\s{0,8}\|\s{0,8}[*`]{0,2}(?:[A-Za-z]{2,12} ){0,2}$/;
/** A value without blanks that ends its row. */
const LAST_CELL = /^[^\s|]{1,400}\s{0,40}\|\s{0,8}$/;
/** Also the second one, behind where a flag's value goes, `(&cfg.Token, "token", "abc"`, or a row's number, `(1, 'token', 'abc')`. */
const FIRST_ARGUMENT =
  /(?:\(|\b(?:buildConfigField|resValue)[ \t])\s{0,8}(?:["'][Ss]tring["'],\s{1,4}|&[\w.]{1,30},\s{1,4}|\d{1,9},\s{0,4})?\\?["'`]$/;

/** Whether a text ends with a call's first argument that the next one may be the value of. */
function isGiven(left: string): boolean {
  const opened = FIRST_ARGUMENT.exec(left)?.index;
  if (opened === undefined) return false;
  const call =
    left
      .slice(0, opened)
      .split(/[^\w.]/)
      .at(-1) ?? '';
  return !wordsOf(call).some((word) => COMPARES.has(word));
}

/** `value` of `"value": `. */
function wordIn(between: string): string {
  return /[a-z]+/i.exec(between)?.[0] ?? '';
}

function upTo(line: string, from: number, quote: string): string {
  const end = line.indexOf(quote, from);
  if (end < 0 && line.length < FAR) return withoutEscape(UNCLOSED.exec(line.slice(from))?.[0] ?? '');
  if (end < 0 || end - from > MAX_VALUE) return '';
  const text = line.slice(from, end);
  return withoutEscape(text);
}

function unquoted(line: string, from: number): string {
  UNQUOTED.lastIndex = from;
  const found = UNQUOTED.exec(line)?.[0] ?? '';
  // `password=abc,user=…`: what stands behind the comma is the next name.
  const next = line[from + found.length] === '=' ? found.lastIndexOf(',') : -1;
  return withoutEscape(trimmed(next < 0 ? found : found.slice(0, next), '', ',)]}:.|'));
}

/** An escape of a line's end or of another control character. */
const CONTROL_BEHIND = /\\(?:[nrt]|(?:u00|x)[01][0-9A-Fa-f])$/;

/** Without escapes of control characters behind a text, or of an inner quote, which a string in a string in a string has three signs for. */
function withoutEscape(text: string): string {
  let left = text;
  for (let escape = CONTROL_BEHIND.exec(left); escape !== null; escape = CONTROL_BEHIND.exec(left)) left = left.slice(0, escape.index);
  return trimmed(left, '', '\\');
}

/** Without characters that only surround a text. */
function trimmed(text: string, leading: string, trailing: string): string {
  let [start, end] = [0, text.length];
  while (start < end && leading.includes(text[start] ?? '')) start++;
  while (end > start && trailing.includes(text[end - 1] ?? '')) end--;
  return text.slice(start, end);
}
