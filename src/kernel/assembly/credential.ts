// Whether the value of a generic credential stands behind its name: what `password = "…"` may look like in many languages.
import { HEADER, VALUE_BRACE, VALUE_BRACKET, VALUE_LOWER, VALUE_STRONG } from './layout';
import { byteAt, COLON, EQUALS, isBlank, isLetter, isQuote, MAX_NAME, nameBitmap, skipBlanks, textEnd, textStart } from './text';

/** How far the value of a name is looked at. */
const MAX_VALUE: usize = 256;
const MIN_VALUE: u32 = 8;
/** A word between an operator and its value: a type, an attribute, a scheme such as `Bearer`. */
const MAX_WORD: usize = 12;
/** What a property of C# may do, and the name of a call around a value. */
const MAX_ACCESSORS: usize = 24;
const MAX_WRAPPER: usize = 24;
/** Bytes of `by lazy {`, and the first eight of them. */
const LAZY: usize = 9;
const LAZY_WORDS: u64 = 0x20797a616c207962;
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
  for (let byte = byteAt(at); isQuote(byte) || byte == 0x5d || byte == 0x5c || byte == 0x29; byte = byteAt(at)) {
    closed = true;
    at++;
  }
  const tail = at;
  at = skipBlanks(at);
  const operator = byteAt(at);
  if (isOperator(operator)) at = afterOperator(at);
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
    // `NAME As String =`
    if (word == at + 2) word = afterWord(skipBlanks(word));
    const next = skipBlanks(word);
    if (word > at && byteAt(next) == EQUALS) at = afterOperator(next);
    else if (closed || !(isQuote(operator) || standsAlone(start))) return false;
  }
  at = skipBlanks(at);
  // One word that is not the value yet: a type, or `value`, perhaps in quotes.
  const quoted = isQuote(byteAt(at));
  const first = quoted ? at + 1 : byteAt(at) == 0x26 ? afterLifetime(at + 1) : at;
  let word = afterWord(first);
  if (word > first) {
    if (quoted && isQuote(byteAt(word))) word++;
    const next = skipBlanks(word);
    if (byteAt(next) == EQUALS || (quoted && byteAt(next) == COLON)) at = skipBlanks(afterOperator(next));
    else if (isLazy(next)) at = skipBlanks(next + LAZY);
  }
  // `String::from("…")`
  at = afterWrapper(at);
  // The prefix of a string: `@"…"`, `b'…'`.
  if ((byteAt(at) == 0x40 || isLetter(byteAt(at))) && isQuote(byteAt(at + 1))) at++;
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

/** Behind `'static ` of `&'static str`. */
function afterLifetime(from: usize): usize {
  return byteAt(from) == 0x27 ? skipBlanks(afterWord(from + 1)) : from;
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
  while (at < limit && (isLetter(byteAt(at)) || byteAt(at) == 0x2e || byteAt(at) == COLON)) at++;
  return at > from && at < limit && byteAt(at) == 0x28 && isQuote(byteAt(at + 1)) ? at : from;
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
  const stop = quoted ? 0 : VALUE_BRACKET | VALUE_BRACE;
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
  return quoted && (seen & VALUE_LOWER) != 0 && (seen & ~VALUE_LOWER) != 0;
}
