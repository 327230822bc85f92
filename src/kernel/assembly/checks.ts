// The cheap checks behind a literal, which throw away most hits before JavaScript sees them.
import { forgetAnswer, valueFollows } from './credential';
import { beginNear, nameIsNear, runIsNear } from './near';
import { byteAt, COLON, DASH, DOT, EQUALS, followsEscape, isQuote, isWordByte, MAX_NAME, nameBitmap, textEnd, textStart } from './text';

/** Before each text. `isWhole` says that what stands around a literal in other lines is there too. */
export function beginChecks(isWhole: bool): void {
  beginNear(isWhole);
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

/** Whether a literal is all of its name, but for signs around it. */
function isWholeName(start: usize, end: usize): bool {
  if (start > textStart && isWordByte(load<u8>(start - 1))) return false;
  const behind = byteAt(end);
  return !isWordByte(behind == DOT || behind == DASH ? byteAt(end + 1) : behind);
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
