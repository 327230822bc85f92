/**
 * What stands around a value on its own line: the name that it is given to, whatever the language. Works on one line
 * of latin1 text and depends on nothing else, so that the answer is the same wherever the line turns up.
 */
import { remembered } from '../model/remembered.ts';
import { CREDENTIAL_WORDS, isOwnedKind, ownerAtEnd } from '../rules/names.ts';

/** How far before a value its name is looked for. */
const LOOK_BACK = 256;
const NAME_CHARACTER = /[A-Za-z0-9_$.\-:@/[\]'"]/;
/** `Bearer `, `Token ` and the like between a header's name and the credential; behind `Authorization` any word is one. */
const AUTH_SCHEME = /(?:(?<=[\s"'`])(?:bearer|token|basic|bot|ssws)|(?<=authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?)[a-z][\w-]{1,24})\s{0,4}$/i;
/** Attribute and parameter names that say nothing about the value; the name before them counts. */
const TRANSPARENT = new Set([
  'value',
  'val',
  'default',
  'content',
  'string',
  'data',
  'text',
  'v',
  'body',
  'field',
  'fallback',
  'defaultvalue',
  'parametervalue',
  'param-value',
  'plaintext_value',
  'stringvalue',
  'secret_string',
  'option_value',
  'setting_value',
  'config_value',
]);
/** `--api-key VALUE`, also with the value quoted or as the next element of a list of arguments. */
const FLAG = /(?:^|[\s"'])--([A-Za-z][\w-]{1,60})["']?(?:\s{1,4}|,\s{0,4})["']?$/;
/** `set -x NAME VALUE`, `setx NAME VALUE`, `ENV NAME VALUE`, `#define NAME VALUE`, `(def name VALUE)`, `npm config set name VALUE`, `aws configure set name VALUE`, `gh secret set NAME --body VALUE`. */
const SET =
  /(?:^|[\s;&(])(?:set -[A-Za-z]{1,4}|setx|setenv|SetEnv|fastcgi_param|proxy_set_header|header_up|(?:set|add)-header|def(?:parameter|var|const|constant|custom|once)|\w{0,20}[Hh]eader|ENV|#\s{0,8}define|def|(?:config|(?:user-)?secrets?|variable|env|configure)[ :](?:set|add|put))\s{1,4}["'*]?([A-Za-z_][\w:.-]{1,80})["'*]?\s{1,4}(?:(?:--?(?:body|value|b|v)[\s=]{1,4})?[@[]?["']?)$/;
/** `printf 'NAME=%s' 'VALUE` */
const PRINTED = /\bprintf\s["']([A-Za-z_]\w{0,80})[=:]\s?%s(?:\\n)?["']\s["']?$/;
/** `def name, do: "VALUE` of Elixir */
const DEFINED_BY = /\bdefp? ([a-z_]\w{0,80})(?:\(\))?,\sdo:\s["']$/;
/** `NAME: []const u8 = "VALUE` of Zig, `NAME : constant String := "VALUE` of Ada, `NAME TYPE string VALUE 'VALUE` of ABAP, `NAME PIC X(32) VALUE "VALUE` of COBOL, `NAME VARCHAR2(64) := 'VALUE` of SQL */
const DECLARED_AS =
  /(?<![\w-])([A-Za-z_][\w-]{0,80})\s{0,8}(?::\s?\[(?::0)?\]const\su8\s=|:\s?constant\sString\s:=|\sTYPE\s\w{1,12}\sVALUE|\sPIC\sX\(\d{1,4}\)\sVALUE|\s(?:CONSTANT\s)?N?VARCHAR2?\(\d{1,4}\)\s(?::=|=|DEFAULT)(?:\sN)?)\s{0,4}["']$/i;
/** A cell that names a credential, before the one that begins with the value. */
const CELL_BEFORE = /(?:^|\t)([A-Za-z_][\w.-]{0,60}(?:key|token|secret|password|auth|credential))\t$/i;
/** A sentence: set `NAME` to `VALUE */
const TOLD = /`([\w.-]{1,80})` (?:to|is|be|with|equals) `$/;
/** `UPDATE settings SET value = 'VALUE' WHERE name = 'NAME'`, behind the value. */
const WHERE_NAMED = /^[^'"]{0,200}["'][^;'"]{0,120}\bwhere\s[`"[]?\w{0,40}(?:name|key)[`"\]]?\s?=\s?["']([\w./-]{1,120})["']/i;
/** `<add value="VALUE" key="NAME">`, behind the value. */
const ATTRIBUTE_BEHIND = /^[^'"]{0,200}["']\s{1,4}(?:key|name)=["']([\w./:-]{1,120})["']/;
/** `${NAME:-VALUE` */
const SHELL_DEFAULT = /\$\{([A-Za-z_]\w{0,80}):?[-=]["']?$/;
/** `name="NAME" ` and `("NAME", ` before `value="…"`. */
const SIBLING = /(?:\b(?:name|key|id|variable)["']?\s{0,4}[:=]\s{0,4}|\(\s{0,4})["']([^"']{1,120})["'][\s,]{1,8}["']?$/i;
/** `<key>NAME</key>` and the like before the element that holds the value. */
const SIBLING_ELEMENT = /<(?:key|name)>([^<>]{1,120})<\/(?:key|name)>\s{0,16}$/i;
const ATTRIBUTE_NAME = /\s(?:[\w-]{1,20}:)?(?:name|key|id)\s?=\s?["']([^"']{1,120})["']/i;
/** What opens a text of XML that needs no entities. */
const CDATA = /<!\[CDATA\[$/;
/** Swift says the header's name behind its value. */
const SET_BEFORE = /\b(?:set|add)Value\(\s{0,8}"(?:\w{1,12} )?$/;
const HEADER_FIELD = /\bforHTTPHeaderField:\s{0,4}"([\w-]{1,80})"/;
const OPERATOR =
  /(?:=>|:=|<-|\?\?=?|\?=|\?:|\|\|=?|==?=?|[:=,(>]|\bor\b|\belse\b|\bby lazy ?\{|:\s?String\??\s?\{(?:\s?return\b)?|\)(?:\s?(?:->|:)\s?[\w.?]{1,30})?\s?\{(?:\s?return\b)?|\.(?:unwrap_or|unwrap_or_else|or_else|orElse|orElseGet|getOrElse)\((?:\|\w{0,10}\|)?)\s{0,16}$/;
/** What may stand between the name of a property of C#, or of Kotlin, and its value. */
const ACCESSORS = /(?:\{[\s;a-z]{1,40}\}|\sget\(\))\s{0,4}$/;
/** An operator before a bracket that only opens the value: `KEY = ("…"`. */
const ASSIGNED_BEFORE = /[=:]\s{0,4}$/;

/** `$ENV{NAME} =` of Perl. */
const PERL_VARIABLE = /\bENV\{["']?([A-Za-z_]\w{0,80})["']?\}$/;
/** A call that only makes a string, or a secret, of what it is given. */
const WRAPPER =
  /(?<=[=:(,\s]\s{0,4})(?:String(?:::from|::new)?|str|SecretStr|SecretString(?:::new|::from)?|Secret(?:::new)?|Some|Ok|Just|Optional\.of|Field|Sensitive|Buffer\.from|bytes|u8|NSString|\[\]byte|HeaderValue::from_static|Encoding\.(?:UTF8|ASCII)\.GetBytes|(?:aws|proto|pulumi|pointer)\.String|types\.StringValue|pulumi\.ToSecret|(?:pointer|ptr)\.To|to\.(?:Ptr|StringPtr)|SecretBox::new|Zeroizing::new|(?:Lazy|LazyLock|OnceCell)::new)\((?:default=|\|\|\s?)?\s{0,4}$/;

/** `os.environ.get("NAME") or "…"`, `getenv('NAME') ?: '…'` */
const LOOKED_UP = /\(\s{0,4}["']([\w.-]{1,120})["']\s{0,4}\)$/;

/** Operators behind which stands what is taken where there is nothing else. */
const FALLBACK = /^(?:\?\?|\|\||\?:|or)/;
/** `os.environ["NAME"]` */
const LOOKED_UP_LAST = /[[(]\s{0,4}["']([\w.-]{1,120})["']\s{0,4}[\])]$/;
const ELSE = /\selse\s{0,4}["']?$/;

/** What stands before ` if … else ` at the end of a text, as Python chooses between two values. */
export function chosenBefore(text: string): string | undefined {
  const end = ELSE.exec(text)?.index;
  const condition = end === undefined ? -1 : text.lastIndexOf(' if ', end);
  return condition < 0 ? undefined : text.slice(0, condition);
}

/**
 * The name that the value at `start` of `line` is assigned to, as written: a variable, a property, a header, a call's
 * name. Empty when there is none.
 */
export function assignedName(line: string, start: number): string {
  const from = Math.max(0, start - LOOK_BACK);
  const left = line.slice(from, start);
  // Only behind these does what follows a value say what it is given to.
  const asksBehind = left.includes('{') || left.includes('Value(') || left.includes('<add ') || SETS.test(left);
  return nameAt(`${left.length} ${asksBehind ? line.slice(from) : left}`);
}

/** A statement of SQL that changes rows. */
const SETS = /\bset\s/i;

/** The same of a number and a line: the versions of a file have the same ones. */
const nameAt = remembered(2048, (place) => {
  const blank = place.indexOf(' ');
  return nameBefore(place.slice(blank + 1), Number(place.slice(0, blank)));
});

function nameBefore(line: string, start: number): string {
  let left = line.slice(0, start).replace(CDATA, '');
  const told =
    (
      SHELL_DEFAULT.exec(left) ??
      SET.exec(left) ??
      FLAG.exec(left) ??
      PRINTED.exec(left) ??
      DEFINED_BY.exec(left) ??
      TOLD.exec(left) ??
      DECLARED_AS.exec(left) ??
      CELL_BEFORE.exec(left)
    )?.[1] ??
    elementName(left) ??
    oneOfSeveral(left);
  if (told !== undefined) return told;
  const chosen = chosenBefore(left);
  const lookedUp = chosen === undefined ? undefined : LOOKED_UP_LAST.exec(chosen)?.[1];
  if (lookedUp !== undefined) return lookedUp;
  const either = /["'`]$/.test(left) ? givenEither(left.slice(0, -1)) : '';
  if (either !== '' && !isTransparent(either)) return either;
  if (SET_BEFORE.test(left)) return HEADER_FIELD.exec(line.slice(start))?.[1] ?? '';
  for (let step = 0; step < 4; step++) {
    left = stripOpening(left);
    const operator = OPERATOR.exec(left);
    // What stands before a comma is another value.
    if (operator === null || (step > 0 && operator[0].startsWith(','))) return '';
    // The bracket before a block belongs to what is looked up.
    const written = left
      .slice(0, operator.index + (operator[0].startsWith(')') ? 1 : 0))
      .replace(ACCESSORS, '')
      .replace(/[\s'"`\\]{1,8}$/, '');
    const before = operator[0].startsWith('=') && left[operator.index - 1] === ' ' ? withoutType(written) : written;
    const name = trailingName(before);
    if (FALLBACK.test(operator[0]) && mentions(name === '' ? (LOOKED_UP.exec(before)?.[1] ?? '') : name, CREDENTIAL_WORDS) === undefined) {
      const assigned = givenBefore(before);
      if (mentions(assigned, CREDENTIAL_WORDS) !== undefined) return assigned;
    }
    if (name !== '' && !isTransparent(name)) return name;
    if (name === '') {
      if (ASSIGNED_BEFORE.test(before)) {
        left = before;
        continue;
      }
      const looked = LOOKED_UP.exec(before)?.[1];
      if (looked !== undefined) return looked;
      // `name: Type = value` and `f(x)("value")`: nothing to read here.
      const typed = PERL_VARIABLE.exec(before) ?? /([A-Za-z_$][\w$]{0,80})\s{0,4}(?:\[[^\]]{0,40}\]|\([^()]{0,80}\)|<[^<>]{0,60}>)$/.exec(before);
      return typed?.[1] ?? '';
    }
    left = before.slice(0, before.length - name.length);
    // `<add key="NAME" value="…"/>`, `{"name": "NAME", "value": "…"}`
    const behind = line.slice(start);
    const sibling = SIBLING.exec(left)?.[1] ?? inSameBraces(left, behind) ?? (SETS.test(left) ? WHERE_NAMED : ATTRIBUTE_BEHIND).exec(behind)?.[1];
    if (sibling !== undefined) return sibling;
  }
  return '';
}

/** Which of several names gets the value that begins at the end of a text: `key, secret = "…", "…"`. */
function oneOfSeveral(left: string): string | undefined {
  const at = left.indexOf(' = ');
  const comma = left.indexOf(', ');
  if (comma < 0 || at < comma) return undefined;
  const values = left.slice(at + 3);
  const names = left.slice(0, at).trim().split(', ');
  return /^["']/.test(values) && names.every((name) => VARIABLE.test(name)) ? names[values.split(BETWEEN_STRINGS).length - 1] : undefined;
}

const VARIABLE = /^[A-Za-z_]\w{0,60}$/;
const BETWEEN_STRINGS = /["'], ["']/;

/** How much of a text is looked through for a type, or for what it is given to. */
const GIVEN_REACH = 120;

/**
 * Without `: Optional[str]`, `: string | undefined`, `: Lazy<String>` or `: SecretStr` behind a name. A word in small letters
 * may be what a pattern calls the value: `{ data: apiKey = "…" }`.
 */
function withoutType(text: string): string {
  const lowest = Math.max(0, text.length - GIVEN_REACH);
  let end = text.length;
  let isType = false;
  for (let parts = 0; parts < 4; parts++) {
    end = beforeBlanks(text, end);
    if (text[end - 1] === '?') end--;
    const open = openedBefore(text, end, lowest);
    isType ||= open < end;
    end = open;
    const word = end;
    while (end > lowest && (isWordCharacter(text.charCodeAt(end - 1)) || text[end - 1] === '.')) end--;
    if (end === word) return text;
    isType ||= isUpper(text.charCodeAt(end)) && /[a-z]/.test(text.slice(end, word));
    end = beforeBlanks(text, end);
    if (text[end - 1] === ':')
      return isType && text[end] === ' ' && text[end - 2] !== ':' ? text.slice(0, end - (text[end - 2] === '?' ? 2 : 1)) : text;
    if (text[end - 1] !== '|') return text;
    isType = true;
    end--;
  }
  return text;
}

function beforeBlanks(text: string, end: number): number {
  let at = end;
  while (at > 0 && text[at - 1] === ' ') at--;
  return at;
}

/** Where the bracket opens that closes at the end of a text; its end where none does. */
function openedBefore(text: string, end: number, lowest: number): number {
  const close = text[end - 1];
  const open = close === ']' ? '[' : close === '>' ? '<' : undefined;
  if (open === undefined) return end;
  let depth = 0;
  for (let at = end - 1; at >= lowest; at--) {
    if (text[at] === close) depth++;
    else if (text[at] === open && --depth === 0) return at;
  }
  return end;
}

/** What is given what ends a text: `NAME = process.argv[2]`, `NAME: mode === 'live'`. */
function givenBefore(text: string): string {
  const lowest = Math.max(0, text.length - GIVEN_REACH);
  for (let at = text.length - 1; at > lowest; at--) {
    if (text[at] !== '=' && text[at] !== ':') continue;
    let from = at;
    while (from > lowest && COMPARING.includes(text[from - 1] ?? '')) from--;
    if (from === at) return trailingName(withoutType(text.slice(0, at)).replace(/[\s'"`\\]{1,8}$/, ''));
    at = from;
  }
  return '';
}

const COMPARING = '=!<>';

/** What is given one of two values, `NAME = condition ? "…" : "…"`, of which one ends a text. */
function givenEither(text: string): string {
  let end = beforeBlanks(text, text.length);
  let other = '';
  if (text[end - 1] === ':') {
    const question = text.lastIndexOf('? ', end);
    other = text.slice(question + 1, end - 1).trim();
    if (question < text.length - GIVEN_REACH || !isOneValue(other)) return '';
    end = question + 1;
  }
  const given = text[end - 1] === '?' && text[end - 2] !== '?' ? givenBefore(text.slice(0, end - 1)) : '';
  // `shop = env.SHOP_TOKEN ? env.SHOP_TOKEN : "…"`: what else is taken may say more than what it is given to.
  return mentions(given, CREDENTIAL_WORDS) === undefined && mentions(other, CREDENTIAL_WORDS) !== undefined ? '' : given;
}

/** A string, or what holds none and no other choice. */
function isOneValue(text: string): boolean {
  const inner = /^["'`]/.test(text) && text.endsWith(text[0] ?? '') ? text.slice(1, -1) : text;
  return text !== '' && !(inner === text ? /[:?"'`,]/ : /["'`]/).test(inner);
}

const NAMED = /["']?\b(?:name|key|variable|parametername|secretname)["']?\s{0,4}[:=]\s{0,4}["']?([\w./-]{1,120})["']?/i;
const REST_OF_BRACES = /^[^"'{}]{0,512}["'],([^{}]{0,200})/;

/** The name that another property of the same braces gives, before or behind the value, or what the braces are given to. */
function inSameBraces(left: string, right: string): string | undefined {
  const open = left.lastIndexOf('{');
  if (open < left.lastIndexOf('}') || open < 0) return undefined;
  const named = NAMED.exec(left.slice(open)) ?? NAMED.exec(REST_OF_BRACES.exec(right)?.[1] ?? '');
  if (named !== null) return named[1];
  const before = left.slice(0, open).trimEnd();
  const called = NAMED_CALL.exec(before)?.[1];
  if (called !== undefined) return called;
  return /[:=]$/.test(before) ? trailingName(before.slice(0, -1).trimEnd()) || undefined : undefined;
}

/** `new Parameter("NAME", {`, `new StringParameter(this, 'NAME', {` */
const NAMED_CALL = /\((?:this,\s?)?["']([\w./-]{1,120})["'],$/;

/** What the element is called whose text begins: by its attribute, its tag, or `<key>` before it. */
function elementName(left: string): string | undefined {
  const text = left.trimEnd();
  const open = text.endsWith('>') ? text.lastIndexOf('<') : -1;
  const tag = open < 0 ? undefined : /^[A-Za-z][\w:.-]{0,60}/.exec(text.slice(open + 1))?.[0];
  if (tag === undefined) return undefined;
  const attribute = ATTRIBUTE_NAME.exec(text.slice(open))?.[1];
  if (attribute !== undefined) return attribute;
  if (!isTransparent(tag)) return tag;
  const before = text.slice(0, open).trimEnd();
  const parent = before.endsWith('>') ? before.lastIndexOf('<') : -1;
  return SIBLING_ELEMENT.exec(before)?.[1] ?? (parent < 0 ? '' : (ATTRIBUTE_NAME.exec(before.slice(parent))?.[1] ?? ''));
}

/** Whether a name says nothing about its value; also with the namespace of an attribute: `android:value`. */
export function isTransparent(name: string): boolean {
  return TRANSPARENT.has(name.slice(name.lastIndexOf(':') + 1).toLowerCase());
}

/** Drops what may stand between an operator and its value: blanks, quotes, string prefixes, an auth scheme, a wrapper call. */
function stripOpening(text: string): string {
  let left = text;
  for (let step = 0; step < 4; step++) {
    const shorter = left
      .replace(/\s{1,32}$/, '')
      .replace(/(?:&quot;|\\*["'`]){1,4}$/, '')
      .replace(/(?<=[=:,\s{([])<<$/, '')
      .replace(/(?<=:\s{1,4})!(?:!str|unsafe)$/, '')
      .replace(/(?<=[=:(,\s[{])(?:[rbuf]|\$|@|-[HuU]|--?[a-z-]{1,12})$/i, '')
      .replace(/(?<=[=:]\s{0,4})(?:\[\]\w{1,16})?[[{]$/, '');
    const bare = shorter.replace(AUTH_SCHEME, '').replace(WRAPPER, '');
    if (bare === left) return left;
    left = bare;
  }
  return left;
}

/** `char key[64] = "…"` */
const ARRAY_SIZE = /(?<=\w)\[\d{0,8}\]$/;

/** `-Dacme.token=` of Java, `-PacmeToken=` of Gradle. */
const PROPERTY_OPTION = /^-[DP](?=[a-z])/;

/** The identifier, dotted path or quoted key that ends `text`. */
export function trailingName(text: string): string {
  let from = text.length;
  while (from > 0 && NAME_CHARACTER.test(text[from - 1] ?? '')) from--;
  const raw = text
    .slice(from)
    .replace(ARRAY_SIZE, '')
    .replace(PROPERTY_OPTION, '')
    .replace(/["'\]]{1,4}$/, '');
  const quoted = /["']([^"']{1,120})$/.exec(raw);
  const name = (quoted?.[1] ?? raw).replace(/^[\s.'"[\]:/-]+|[\s.'"[\]:/]+$/g, '');
  // A type between the name and its value: `token: string = "…"`, `Dim token As String = "…"`.
  const typed = /^(?:string|str|String|char|const|text|bytes|PROGMEM)$/.test(name)
    ? trailingName(text.slice(0, from).replace(/(?:\sAs)?[\s:?*&]+$/, ''))
    : '';
  return typed === '' ? name : typed;
}

const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/** `ASSEMBLYAI_API_KEY`, `assemblyAiKey`, `x-zoom-s2t-key` as lower-case words. */
export function wordsOf(identifier: string): string[] {
  return (identifier.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** A name comes again and again, and is asked more than one thing. */
const knownWordsOf = remembered(1024, wordsOf);
const LONGEST_KNOWN = 128;

function wordsOfName(name: string): readonly string[] {
  return name.length <= LONGEST_KNOWN ? knownWordsOf(name) : wordsOf(name);
}

/**
 * Whether neighbouring words of an identifier make up one of `names` (lower case, no separators). Whole words only:
 * `pinstripe` does not mention `stripe`.
 */
export function mentions(identifier: string, names: readonly string[]): string | undefined {
  const words = wordsOfName(identifier);
  return names.find((name) => hasSequence(words, name));
}

/** Names of keys that are no secret. */
const PUBLIC_KEYS = (
  'publickey publishablekey sitekey ' +
  // Pages search with these, and tell Segment what is done on them.
  'searchonlykey searchonlyapikey algoliasearchkey algoliasearchapikey docsearchkey docsearchapikey typesensesearchkey typesensesearchapikey segmentwritekey'
).split(' ');

export function namesPublicKey(name: string): boolean {
  return mentions(name, PUBLIC_KEYS) !== undefined;
}

/** Words that stand between a name and its value in prose and in tables. */
const JOINING = new Set(['is', 'are', 'was', 'as', 'to', 'value', 'currently', 'e', 'g']);
/** A blank alone joins nothing, as in `see acme key 4f2a…`, and after such a sign the value goes on: `acme/token@…`, `#…`, `acme.4f2a….js`. */
const UNJOINED = /[A-Za-z0-9_]\s{0,16}$|[@#/.-]$/;
const UNJOINED_REACH = 17;
/** How much of a text is looked through for a name at its end. */
const PROSE_REACH = 96;
const MOST_SIGNS = 24;
const LONGEST_JOINING = 12;

/** What ends a text but for signs and words that join it to the value behind it, where it says something about that; else nothing. */
export function proseBefore(text: string): string {
  const near = text.slice(-PROSE_REACH);
  if (UNJOINED.test(near.slice(-UNJOINED_REACH)) && !JOINING.has(lastLetters(near.trimEnd()))) return '';
  let rest = withoutSigns(near);
  for (let word = lastLetters(rest); JOINING.has(word); word = lastLetters(rest)) rest = withoutSigns(rest.slice(0, -word.length));
  return rest;
}

function withoutSigns(text: string): string {
  const lowest = Math.max(0, text.length - MOST_SIGNS);
  let end = text.length;
  while (end > lowest && !isLetterOrDigit(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

function lastLetters(text: string): string {
  const lowest = Math.max(0, text.length - LONGEST_JOINING);
  let from = text.length;
  while (from > lowest && isLetter(text.charCodeAt(from - 1))) from--;
  return text.slice(from);
}

/** The one of `names` (lower case, no separators) that ends some prose: `The Acme API key`, `| ACME_API_KEY`. */
export function endsWithMention(prose: string, names: readonly string[]): string | undefined {
  // Words are taken apart only where they can be one: of very many values they are none.
  if (!names.some((name) => endsWithLetters(prose, name))) return undefined;
  const words = wordsOf(prose);
  let joined = '';
  for (let index = words.length - 1; index >= 0 && joined.length < PROSE_REACH; index--) {
    joined = words[index] + joined;
    if (names.includes(joined)) return joined;
  }
  return undefined;
}

/** Whether `text`, without case and separators, ends with `name`. */
function endsWithLetters(text: string, name: string): boolean {
  let at = text.length - 1;
  for (let own = name.length - 1; own >= 0; own--, at--) {
    while (at >= 0 && !isLetterOrDigit(text.charCodeAt(at))) at--;
    if (at < 0) return false;
    const code = text.charCodeAt(at);
    if ((isLetter(code) ? code | 0x20 : code) !== name.charCodeAt(own)) return false;
  }
  return true;
}

/** The same for any name of a credential, by one of some words, of one of some owners. */
export function endsWithOwned(prose: string, owners: ReadonlySet<string>, credentialWords: readonly string[]): string | undefined {
  if (owners.size === 0 || !isOwnedKind(lastWord(prose))) return undefined;
  const { owner = '', kinds = [] } = ownerAtEnd(wordsOf(prose), (word) => owners.has(word)) ?? {};
  return credentialWords.some((word) => hasSequence(kinds, word)) ? owner + kinds.join('') : undefined;
}

/** The last of `wordsOf`. */
function lastWord(text: string): string {
  let end = text.length;
  while (end > 0 && !isLetterOrDigit(text.charCodeAt(end - 1))) end--;
  if (end === 0) return '';
  const isOfKind = [isDigit, isLower, isUpper].find((is) => is(text.charCodeAt(end - 1)))!;
  let from = end - 1;
  while (from > 0 && isOfKind(text.charCodeAt(from - 1))) from--;
  if (isOfKind === isLower && from > 0 && isUpper(text.charCodeAt(from - 1))) from--;
  return text.slice(from, end).toLowerCase();
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

export function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

/** Of ASCII. */
export function isLetter(code: number): boolean {
  return isLower(code | 0x20);
}

function isWordCharacter(code: number): boolean {
  return isLetterOrDigit(code) || code === 0x5f;
}

/** Of ASCII. */
export function isLetterOrDigit(code: number): boolean {
  return isLetter(code) || isDigit(code);
}

function hasSequence(words: readonly string[], name: string): boolean {
  for (let from = 0; from < words.length; from++) {
    let joined = '';
    for (let to = from; to < words.length && joined.length < name.length; to++) {
      joined += words[to];
      if (joined === name) return true;
    }
  }
  return false;
}

/** What no address holds, unless it is escaped. */
const NOT_IN_ADDRESS = /[\s"'`<>|\\]/;

/** The host, in small letters, of an address that ends `text` up to the value of one of its parameters: `https://api.acme.com/v1?token=`. */
export function addressedTo(text: string): string | undefined {
  const from = text.endsWith('=') ? text.lastIndexOf('://') : -1;
  const address = from < 0 ? '' : text.slice(from + 3);
  if (!address.includes('?') || NOT_IN_ADDRESS.test(address)) return undefined;
  return hostOf(address.split(/[/?#]/, 1)[0] ?? '');
}

/** The host, in small letters, of `user:password@host:port`. */
export function hostOf(authority: string): string {
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d{1,5}$/, '')
    .toLowerCase();
}

/** Last words of names that describe a secret without holding it. */
const DESCRIBING = new Set([
  'name',
  'id',
  'ids',
  'url',
  'uri',
  'path',
  'file',
  'store',
  'arn',
  'ref',
  'hash',
  'md5',
  'sha',
  'sha1',
  'sha256',
  'checksum',
  'digest',
  'type',
  'length',
  'count',
  'prefix',
  'version',
  'etag',
  'commit',
  'uuid',
  'guid',
  'region',
  'bucket',
  'host',
  'port',
  // Files that people download: what stands beside one is its digest.
  'whl',
  'gz',
  'tgz',
  'xz',
  'bz2',
  'tar',
  'zip',
  'jar',
  'deb',
  'rpm',
  'dmg',
  'msi',
  'exe',
  'apk',
]);

/** `API_TOKEN_NAME` and `key_id` say something about a secret; the value beside them is none. */
export function describes(name: string): boolean {
  const [before = '', last = ''] = ['', ...wordsOfName(name)].slice(-2);
  return DESCRIBING.has(last) || (/^\d+$/.test(last) && (DESCRIBING.has(before + last) || before === 'sha'));
}
