// The cheap checks behind a literal, which throw away most hits before JavaScript sees them.
import { forgetAnswer, valueFollows } from './credential';
import { BLOCK, byteAt, COLON, DASH, DOT, EQUALS, followsEscape, isQuote, isWordByte, LF, linesBack, linesForward, MAX_NAME, nameBitmap, textEnd, textStart } from './text';

/** Lines longer than this are cut, as `detect/matchers.ts` does. */
const LINE_REACH: usize = 2048;
/** The same of a value whose name stands elsewhere; the value may end up to 448 bytes behind its literal. */
const NAME_REACH: usize = 512;
const VALUE_REACH: usize = 1024;
/** So that a text full of literals costs no more than one without: then hits pass unseen. */
const MAX_EFFORT: i32 = 1 << 26;
let lookAround: bool = false;
/** Bytes that may still be looked at around literals. */
let effort: i32 = 0;

/** Before each text. `isWhole` says that what stands around a literal in other lines is there too. */
export function beginChecks(isWhole: bool): void {
  lookAround = isWhole;
  effort = MAX_EFFORT;
  forgetAnswer();
}

/** A check: kind, literal length, exact literal, class that may not stand before, class and length of the run after. */
export function passes(check: usize, end: usize): bool {
  const kind = load<u32>(check);
  if (kind == 0) return true;
  const start = end - load<u32>(check, 4);
  const before: usize = load<u32>(check, 12);
  if (before != 0 && start > textStart && load<u8>(before + load<u8>(start - 1)) != 0 && !followsEscape(start)) return false;
  const exact: usize = load<u32>(check, 8);
  if (exact != 0) {
    const length: usize = end - start;
    for (let i: usize = 0; i < length; i++) if (load<u8>(start + i) != load<u8>(exact + i)) return false;
  }
  const run: usize = load<u32>(check, 16);
  if (run != 0) {
    const last = end + load<u32>(check, 20);
    if (last > textEnd) return false;
    for (let at = end; at < last; at++) if (load<u8>(run + load<u8>(at)) == 0) return false;
  }
  if (kind == 7) return isWholeName(start, end) && valueFollows(start, end) && nameIsNear(start, end, load<u32>(check, 24), load<u32>(check, 28));
  if (kind == 6 && !beginsWord(start)) return false;
  const near: usize = load<u32>(check, 24);
  if (near != 0 && !runIsNear(start, end, near, load<u32>(check, 28))) return false;
  if (kind == 1 || kind == 6) return true;
  if (kind == 4) return valueFollows(start, end);
  if (kind == 5) return userInfoFollows(end);
  const operator = operatorAfter(end);
  return operator != 0 && (kind == 2 || (operator == EQUALS && beginsLine(start)));
}

/** The operator after the rest of a name and perhaps a quote or bracket and blanks: `=` or `:`, 0 when there is none. */
function operatorAfter(from: usize): u32 {
  const limit = min<usize>(textEnd, from + MAX_NAME);
  let at = from;
  while (at < limit && load<u8>(nameBitmap + load<u8>(at)) != 0) at++;
  for (; at < limit; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == EQUALS || byte == COLON) return byte == EQUALS && at + 1 < textEnd && load<u8>(at + 1) == EQUALS ? 0 : byte;
    if (byte != 0x22 && byte != 0x27 && byte != 0x5d && byte != 0x20 && byte != 0x09) return 0;
  }
  return 0;
}

/** A literal that goes on with the case of the letter before it belongs to a longer word: `importKeyword` is no `portkey`. */
function beginsWord(start: usize): bool {
  if (start == textStart) return true;
  const before: u32 = load<u8>(start - 1);
  const first: u32 = load<u8>(start);
  return !((before - 0x61 < 26 && first - 0x61 < 26) || (before - 0x41 < 26 && first - 0x41 < 26)) || followsEscape(start);
}

/** Whether enough bytes of a class in a row stand near a literal. `wanted` is how many, and how many lines are near in its upper half. */
function runIsNear(start: usize, end: usize, class_: usize, wanted: u32): bool {
  const min: usize = wanted & 0xffff;
  const lines = wanted >> 16;
  if ((lines > 0 && !lookAround) || effort <= 0) return true;
  const from = linesBack(start, lines, LINE_REACH);
  const to = linesForward(end, lines, LINE_REACH);
  effort -= <i32>(to - from);
  // Every run of so many bytes holds one of any that are so far apart.
  for (let at = from + min - 1; at < to;) {
    let first = at;
    while (first > at - min && load<u8>(class_ + load<u8>(first)) != 0) first--;
    if (first == at - min) return true;
    at = first + min;
  }
  return false;
}

/** Whether a literal is all of its name, but for signs around it. */
function isWholeName(start: usize, end: usize): bool {
  if (start > textStart && isWordByte(load<u8>(start - 1))) return false;
  const behind = byteAt(end);
  return !isWordByte(behind == DOT || behind == DASH ? byteAt(end + 1) : behind);
}

/** Whether one of some texts, each behind its length, stands near a literal. `lines` is how many are near above it, in its upper half, and below. */
function nameIsNear(start: usize, end: usize, parts: usize, lines: u32): bool {
  if (!lookAround || effort <= 0) return true;
  const from = linesBack(start, lines >> 16, NAME_REACH);
  const to = linesForward(end, lines & 0xffff, VALUE_REACH);
  effort -= <i32>(to - from);
  for (let part = parts, length: usize = load<u8>(part); length > 0; part += length + 1, length = load<u8>(part)) {
    if (holdsFolded(from, to, part + 1, length)) return true;
  }
  return false;
}

/** Whether a text stands in `[from, to)`, its letters in either case. */
function holdsFolded(from: usize, to: usize, text: usize, length: usize): bool {
  const behind = length - 1;
  const first = i8x16.splat(load<i8>(text));
  const last = i8x16.splat(load<i8>(text + behind));
  const small = i8x16.splat(0x20);
  let at = from;
  for (; at + behind + BLOCK <= to; at += BLOCK) {
    const begins = i8x16.eq(v128.or(v128.load(at), small), first);
    let places = i8x16.bitmask(v128.and(begins, i8x16.eq(v128.or(v128.load(at + behind), small), last)));
    for (; places != 0; places &= places - 1) if (isFolded(at + ctz<u32>(places), text, length)) return true;
  }
  for (; at + length <= to; at++) if (isFolded(at, text, length)) return true;
  return false;
}

/** Whether a text stands at `at`, its letters in either case. */
function isFolded(at: usize, text: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++) if ((load<u8>(at + index) | 0x20) != load<u8>(text + index)) return false;
  return true;
}

/** How long user and password of an address may be together. */
const MAX_USER_INFO: usize = 258;

/** `user:password@` */
function userInfoFollows(end: usize): bool {
  const limit = min<usize>(textEnd, end + MAX_USER_INFO);
  let colon = false;
  for (let at = end; at < limit; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == 0x40) return colon;
    if (byte == COLON) colon = true;
    else if (byte <= 0x20 || byte == 0x2f || byte == 0x3f || byte == 0x23 || isQuote(byte) || byte == 0x3c || byte == 0x3e) return false;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function isLead(byte: u8): bool {
  return byte == 0x20 || byte == 0x09 || byte == 0x23;
}

/** The name that holds `from` is the first of its line, but for blanks, `export` and a comment sign. */
function beginsLine(from: usize): bool {
  const lowest = from - min<usize>(from - textStart, MAX_NAME);
  let at = from;
  while (at > lowest && load<u8>(nameBitmap + load<u8>(at - 1)) != 0) at--;
  while (at > lowest && isLead(load<u8>(at - 1))) at--;
  // "export", read as one 32-bit and one 16-bit word.
  if (at >= textStart + 6 && load<u32>(at - 6) == 0x6f707865 && load<u16>(at - 2) == 0x7472) {
    at -= 6;
    while (at > lowest && isLead(load<u8>(at - 1))) at--;
  }
  if (at >= textStart + 3 && load<u8>(at - 1) == 0xbf && load<u8>(at - 2) == 0xbb && load<u8>(at - 3) == 0xef) at -= 3;
  return at == textStart || load<u8>(at - 1) == 0x0a || load<u8>(at - 1) == 0x0d;
}
