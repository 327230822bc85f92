// Whether the value of a generic credential stands behind its name: what `password = "…"` may look like in many languages.
import { HEADER, VALUE_BRACE, VALUE_BRACKET, VALUE_INSIDE, VALUE_LOWER, VALUE_STRONG } from './layout';
import { byteAt, COLON, EQUALS, isBlank, isLetter, isQuote, MAX_NAME, nameBitmap, skipBlanks, textEnd, textStart } from './text';

/** How far the value of a name is looked at. */
const MAX_VALUE: usize = 256;
const MIN_VALUE: u32 = 8;
/** A word between an operator and its value: a type, an attribute, a scheme such as `Bearer`. */
const MAX_WORD: usize = 16;
/** What a property of C# may do, and the name of a call around a value. */
const MAX_ACCESSORS: usize = 24;
const MAX_WRAPPER: usize = 32;
/** Bytes of `by lazy {`, and the first eight of them. */
const LAZY: usize = 9;
const LAZY_WORDS: u64 = 0x20797a616c207962;
/** Bytes of `<![CDATA[`, and the first eight of them. */
const CDATA: usize = 9;
const CDATA_BYTES: u64 = 0x41544144435b213c;
/** Attributes between an element's name and its text. */
const MAX_ATTRIBUTES: u32 = 3;
/** 256 bytes: what each is in a value. */
let valueBytes: usize = 0;
/** Where a value was looked for last, and whether there was one: rules share literals, and all of one literal are asked in a row. */
let askedStart: usize = 0;
let askedEnd: usize = 0;
let answered: bool = false;

/** Reads the header. */
export function setUpValues(): void {
  valueBytes = load<u32>(HEADER, 24);
}

/** Before each text. */
export function forgetAnswer(): void {
  askedEnd = 0;
}

export function valueFollows(start: usize, end: usize): bool {
  if (start != askedStart || end != askedEnd) {
    askedStart = start;
    askedEnd = end;
    answered = credentialFollows(start, end);
  }
  return answered;
}

/** Behind an operator: a value of at least `MIN_VALUE` bytes, some of which are no lower-case letters. */
function credentialFollows(start: usize, end: usize): bool {
  const limit = min<usize>(textEnd, end + MAX_NAME);
  let at = end;
  while (at < limit && load<u8>(nameBitmap + load<u8>(at)) != 0) at++;
  let closed = false;
  at = afterBrackets(at);
  for (let byte = byteAt(at); isQuote(byte) || byte == 0x5d || byte == 0x5c || byte == 0x29 || byte == 0x2a; byte = byteAt(at)) {
    closed = true;
    at++;
  }
  const tail = at;
  at = skipBlanks(at);
  if (closed) at = behindAttributes(at);
  const operator = byteAt(at);
  if (isOperator(operator)) at = afterOperator(at);
  else if (closed && operator == 0x2e && standsIn(at + 1)) at++;
  else if (operator == 0x2c || operator == 0x28 || (operator == 0x7b && isQuote(byteAt(at + 1)))) at++;
  else if (operator == 0x3c && byteAt(at + 1) == 0x2d) at += 2;
  else if (operator == 0x7b) {
    // `Name { get; set; } =`
    at = afterAccessors(at + 1);
    if (at == 0) return false;
  }
  else if (at == tail) return false;
  else {
    // `key="NAME" value=`, `NAME string =`
    let word = afterWord(at);
    // `getenv("NAME") or "…"`
    const either = closed && word == at + 2 && operator == 0x6f && byteAt(at + 1) == 0x72;
    // `NAME As String =`
    if (word == at + 2) word = afterWord(skipBlanks(word));
    const next = skipBlanks(word);
    if (word > at && byteAt(next) == EQUALS) at = afterOperator(next);
    else if (either) at += 2;
    else if (closed || !(isQuote(operator) || standsAlone(start))) return false;
  }
  // `**Password:** …`
  if (byteAt(at) == 0x2a && byteAt(at + 1) == 0x2a) at += 2;
  at = skipBlanks(at);
  if (at + CDATA <= textEnd && load<u64>(at) == CDATA_BYTES && byteAt(at + CDATA - 1) == 0x5b) at += CDATA;
  // `&[u8] =`
  if (byteAt(at) == 0x26 && byteAt(at + 1) == 0x5b) {
    const typed = skipBlanks(afterBrackets(at + 1));
    if (byteAt(typed) == EQUALS) at = skipBlanks(afterOperator(typed));
  }
  // One word that is not the value yet: a type, or `value`, perhaps in quotes.
  const quoted = isQuote(byteAt(at));
  const first = quoted ? at + 1 : byteAt(at) == 0x26 ? afterLifetime(at + 1) : at;
  let word = afterWord(first);
  if (word > first) {
    if (quoted && isQuote(byteAt(word))) word++;
    const next = skipBlanks(quoted ? word : afterType(word));
    if (byteAt(next) == EQUALS || ((quoted || operator == 0x2c) && byteAt(next) == COLON)) at = skipBlanks(afterOperator(next));
    else if (isLazy(next)) at = skipBlanks(next + LAZY);
  }
  // `String::from("…")`
  at = afterWrapper(at);
  // The prefix of a string: `@"…"`, `b'…'`, `r#"…"#`.
  if (byteAt(at) == 0x40 || byteAt(at) == 0x24 || isLetter(byteAt(at))) {
    const raw = byteAt(at + 1) == 0x23 ? at + 2 : at + 1;
    if (isQuote(byteAt(raw))) at = raw;
  }
  let open = false;
  for (let byte = byteAt(at); isQuote(byte) || byte == 0x5c || byte == 0x28 || byte == 0x5b; byte = byteAt(at)) {
    open = open || isQuote(byte);
    at++;
  }
  if (looksRandom(at, open)) return true;
  // `Bearer`, and then the value.
  const scheme = afterWord(at);
  return scheme > at && isBlank(byteAt(scheme)) && looksRandom(skipBlanks(scheme), open);
}

/** Whether a call gives what stands in for a value: `unwrap_or`, `orElse`, `getOrElse`. */
function standsIn(at: usize): bool {
  const first = byteAt(at);
  const second = byteAt(at + 1);
  return (first == 0x75 && second == 0x6e) || (first == 0x6f && second == 0x72) || (first == 0x67 && second == 0x65);
}

/** Behind `'static ` of `&'static str`. */
function afterLifetime(from: usize): usize {
  return byteAt(from) == 0x27 ? skipBlanks(afterWord(from + 1)) : from;
}

/** Behind ` translatable="false"` of `<string name="NAME" translatable="false">`; where they would begin when it is none. */
function behindAttributes(from: usize): usize {
  let at = from;
  for (let count: u32 = 0; count < MAX_ATTRIBUTES; count++) {
    const word = afterAttribute(at);
    if (word == at || byteAt(word) != EQUALS || byteAt(word + 1) != 0x22) return from;
    const value = afterAttribute(word + 2);
    if (value == word + 2 || byteAt(value) != 0x22) return from;
    at = skipBlanks(value + 1);
    if (byteAt(at) == 0x3e) return at;
  }
  return from;
}

/** Behind the letters of an attribute's name or value, `tools:ignore`; where they began when they are none. */
function afterAttribute(from: usize): usize {
  const limit = from + MAX_ACCESSORS;
  let at = from;
  while (at < limit && (isLetter(byteAt(at)) || byteAt(at) == COLON)) at++;
  return at == limit ? from : at;
}

/** `by lazy {` of Kotlin. */
function isLazy(at: usize): bool {
  return at + LAZY <= textEnd && load<u64>(at) == LAZY_WORDS && byteAt(at + LAZY - 1) == 0x7b;
}

/** Behind `[]` or `[64]` of `NAME[64] =`; where they would begin when there are none. */
function afterBrackets(from: usize): usize {
  if (byteAt(from) != 0x5b) return from;
  const limit = from + MAX_ACCESSORS;
  let at = from + 1;
  while (at < limit && load<u8>(nameBitmap + byteAt(at)) != 0) at++;
  return byteAt(at) == 0x5d ? at + 1 : from;
}

/** Behind `[str]`, `<String>` and `| None`, which a type goes on with; where they would begin when there are none. */
function afterType(from: usize): usize {
  const open = byteAt(from);
  let at = from;
  if (open == 0x5b || open == 0x3c) {
    const limit = from + MAX_ACCESSORS;
    at++;
    while (at < limit && (isLetter(byteAt(at)) || isBlank(byteAt(at)) || byteAt(at) == 0x2c)) at++;
    if (byteAt(at) != open + 2) return from;
    at++;
  }
  const bar = skipBlanks(at);
  if (byteAt(bar) != 0x7c) return at;
  const other = skipBlanks(bar + 1);
  const word = afterWord(other);
  return word > other ? word : at;
}

/** Behind `get; set; } =`; 0 where nothing like it is there. */
function afterAccessors(from: usize): usize {
  const limit = from + MAX_ACCESSORS;
  let at = from;
  while (at < limit && (isLetter(byteAt(at)) || isBlank(byteAt(at)) || byteAt(at) == 0x3b)) at++;
  if (at == limit || byteAt(at) != 0x7d) return 0;
  at = skipBlanks(at + 1);
  return byteAt(at) == EQUALS ? afterOperator(at) : 0;
}

/** Behind the name of a call that is given a string; where it began when there is none. */
function afterWrapper(from: usize): usize {
  const limit = from + MAX_WRAPPER;
  let at = from;
  // `[]byte("…")`
  if (byteAt(at) == 0x5b && byteAt(at + 1) == 0x5d) at += 2;
  while (at < limit && (isLetter(byteAt(at)) || byteAt(at) == 0x2e || byteAt(at) == COLON || byteAt(at) == 0x5f)) at++;
  if (at == from || at >= limit || byteAt(at) != 0x28) return from;
  // `unwrap_or_else(|_| "…".into())`
  const inner = byteAt(at + 1) == 0x7c && byteAt(at + 2) == 0x5f && byteAt(at + 3) == 0x7c ? skipBlanks(at + 4) : at + 1;
  return isQuote(byteAt(inner)) ? inner : from;
}

/** Behind a short word; where it began when there is none. */
function afterWord(from: usize): usize {
  const limit = from + MAX_WORD + 1;
  let at = from;
  while (at < limit && isLetter(byteAt(at))) at++;
  return at == limit ? from : at;
}

// @ts-ignore: decorator
@inline
function isOperator(byte: u32): bool {
  return byte == EQUALS || byte == COLON || byte == 0x3e || byte == 0x7c || byte == 0x3f || byte == 0x7e;
}

/** `=`, `:`, `:=`, `=>`, `==`, `::`, `?=`, `||`, `??`, `>` */
function afterOperator(from: usize): usize {
  let at = from + 1;
  while (isOperator(byteAt(at))) at++;
  return at;
}

/** A flag (`--token abc`), or a name in capitals (`ENV TOKEN abc`): a blank is operator enough. */
function standsAlone(start: usize): bool {
  if (<u32>load<u8>(start) - 0x41 < 26) return true;
  const lowest = start - min<usize>(start - textStart, MAX_NAME);
  let at = start;
  while (at > lowest && load<u8>(nameBitmap + load<u8>(at - 1)) != 0) at--;
  return load<u8>(at) == 0x2d;
}

/** Without quotes a value needs a digit or a sign that no program's text has there. */
function looksRandom(from: usize, quoted: bool): bool {
  const limit = min<usize>(textEnd, from + MAX_VALUE);
  const stop = quoted ? 0 : VALUE_BRACKET | VALUE_BRACE | VALUE_INSIDE;
  let at = from;
  let seen: u32 = 0;
  for (; at < limit; at++) {
    const kind: u32 = load<u8>(valueBytes + load<u8>(at));
    if (kind == 0 || (kind & stop) != 0) {
      if ((kind & stop & VALUE_BRACKET) != 0) return false;
      break;
    }
    seen |= kind;
  }
  if (<u32>(at - from) < MIN_VALUE) return false;
  if ((seen & VALUE_STRONG) != 0) return true;
  return quoted && (seen & VALUE_LOWER) != 0 && (seen & ~(VALUE_LOWER | VALUE_INSIDE)) != 0;
}
