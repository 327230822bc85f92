// The text that is scanned, and what its bytes and lines are.
import { HEADER } from './layout';

/** Bytes that one instruction looks at. */
export const BLOCK: usize = 16;
export const LF: u32 = 0x0a;
export const EQUALS: u32 = 0x3d;
export const COLON: u32 = 0x3a;
export const DOT: u32 = 0x2e;
export const DASH: u32 = 0x2d;
/** How far a name goes on behind a literal, and the bytes that it may have: 256 bytes, 1 where one belongs to it. */
export const MAX_NAME: u32 = 64;
export let nameBitmap: usize = 0;
/** Where the text begins that is scanned, and where it ends. */
export let textStart: usize = 0;
export let textEnd: usize = 0;

/** Reads the header. */
export function setUpNames(): void {
  nameBitmap = load<u32>(HEADER, 16);
}

export function setText(start: usize, end: usize): void {
  textStart = start;
  textEnd = end;
}

// @ts-ignore: decorator
@inline
export function byteAt(at: usize): u32 {
  return at < textEnd ? <u32>load<u8>(at) : 0;
}

// @ts-ignore: decorator
@inline
export function isBlank(byte: u32): bool {
  return byte == 0x20 || byte == 0x09;
}

// @ts-ignore: decorator
@inline
export function isQuote(byte: u32): bool {
  return byte == 0x22 || byte == 0x27 || byte == 0x60;
}

// @ts-ignore: decorator
@inline
export function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

export function isWordByte(byte: u32): bool {
  return isLetter(byte) || byte - 0x30 < 10 || byte == 0x5f;
}

export function isTextByte(byte: u32): bool {
  return byte - 0x20 < 95 || byte == 0x09 || byte == 0x0a || byte == 0x0d;
}

export function skipBlanks(from: usize): usize {
  let at = from;
  while (isBlank(byteAt(at))) at++;
  return at;
}

/** `\n`, `\r` or `\t` in a string: its letter is no part of what follows. */
export function followsEscape(start: usize): bool {
  if (start < textStart + 2 || load<u8>(start - 2) != 0x5c) return false;
  const letter: u32 = load<u8>(start - 1);
  return letter == 0x6e || letter == 0x72 || letter == 0x74;
}

/** Behind the last line feed before a place, or so many bytes before it. */
export function lineStart(from: usize, reach: usize): usize {
  const lowest = from - min<usize>(from - textStart, reach);
  const feed = i8x16.splat(<i8>LF);
  for (let left = from - lowest, at = from; left > 0; left -= min<usize>(left, BLOCK), at -= BLOCK) {
    const feeds = i8x16.bitmask(i8x16.eq(v128.load(at - BLOCK), feed));
    if (feeds != 0) return max<usize>(lowest, at - BLOCK + 32 - clz<u32>(feeds));
  }
  return lowest;
}

/** At the next line feed from a place on, or so many bytes behind it. */
export function lineEnd(from: usize, reach: usize): usize {
  const highest = min<usize>(textEnd, from + reach);
  const feed = i8x16.splat(<i8>LF);
  for (let at = from; at < highest; at += BLOCK) {
    const feeds = i8x16.bitmask(i8x16.eq(v128.load(at), feed));
    if (feeds != 0) return min<usize>(highest, at + ctz<u32>(feeds));
  }
  return highest;
}

/** @param reach how long the part of a line is that is looked at */
export function linesBack(start: usize, lines: u32, reach: usize): usize {
  let at = lineStart(start, reach);
  for (let line: u32 = 0; line < lines && at > textStart && load<u8>(at - 1) == LF; line++) at = lineStart(at - 1, reach);
  return at;
}

export function linesForward(end: usize, lines: u32, reach: usize): usize {
  let at = lineEnd(end, reach);
  for (let line: u32 = 0; line < lines && at < textEnd && load<u8>(at) == LF; line++) at = lineEnd(at + 1, reach);
  return at;
}
