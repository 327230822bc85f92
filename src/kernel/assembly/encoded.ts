// Runs of characters that are the base64 or hex digits of a text.
import { BLOCK, isTextByte } from './text';

/** Fewer characters encode nothing that says of itself what it is: 32 bytes, as many keys have, are 43. */
const MIN_RUN: usize = 43;
/** Runs hold a whole block at one of any places so far apart. */
const STRIDE: usize = 28;
/** Characters of a run, from its start on, that are decoded to see whether they are text. */
const SAMPLE: usize = 16;
const HEX_SAMPLE: usize = 30;

/**
 * Whether 16 bytes are all letters, digits, `+`, `/`, `-` and `_`. What is above a range's size saturates to more than 0, and
 * the smallest one of all is 0 where a byte is in one of them.
 */
// @ts-ignore: decorator
@inline
function isEncoded(at: usize): bool {
  const bytes = v128.load(at);
  const digits = i8x16.sub_sat_u(i8x16.sub(bytes, i8x16.splat(0x2f)), i8x16.splat(0x0a));
  const letters = i8x16.sub_sat_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(25));
  const underscore = v128.xor(bytes, i8x16.splat(0x5f));
  const signs = v128.andnot(i8x16.sub(bytes, i8x16.splat(0x2b)), i8x16.splat(2));
  return !v128.any_true(i8x16.min_u(i8x16.min_u(digits, letters), i8x16.min_u(underscore, signs)));
}

/** A bit for each of 16 bytes that is a letter, a digit, `+`, `/`, `-` or `_`. */
// @ts-ignore: decorator
@inline
function encodedOf(at: usize): i32 {
  const bytes = v128.load(at);
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x2f)), i8x16.splat(0x0b));
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26));
  const signs = v128.or(v128.or(i8x16.eq(bytes, i8x16.splat(0x2b)), i8x16.eq(bytes, i8x16.splat(0x2d))), i8x16.eq(bytes, i8x16.splat(0x5f)));
  return i8x16.bitmask(v128.or(v128.or(digits, letters), signs));
}

/** Whether the run around a block is too short, as those of long names are. Of one whose ends are further away nothing is said. */
function isShortAround(at: usize, lowest: usize, end: usize): bool {
  if (at < lowest + 2 * BLOCK || at + 3 * BLOCK > end) return false;
  let before: usize = clz<u32>(~(encodedOf(at - BLOCK) << 16));
  if (before == BLOCK) before += clz<u32>(~(encodedOf(at - 2 * BLOCK) << 16));
  let behind: usize = ctz<u32>(~encodedOf(at + BLOCK));
  if (behind == BLOCK) behind += ctz<u32>(~encodedOf(at + 2 * BLOCK));
  return before + BLOCK + behind < MIN_RUN;
}

/** Value of a character of base64, 64 for any other. */
function sextet(byte: u32): u32 {
  if (byte - 0x41 < 26) return byte - 0x41;
  if (byte - 0x61 < 26) return byte - 0x61 + 26;
  if (byte - 0x30 < 10) return byte - 0x30 + 52;
  if (byte == 0x2b || byte == 0x2d) return 62;
  return byte == 0x2f || byte == 0x5f ? 63 : 64;
}

function hexDigit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  return (byte | 0x20) - 0x61 < 6 ? (byte | 0x20) - 0x61 + 10 : 16;
}

function isHexText(at: usize): bool {
  for (let pair: usize = 0; pair < HEX_SAMPLE; pair += 2) {
    const high = hexDigit(load<u8>(at + pair));
    const low = hexDigit(load<u8>(at + pair + 1));
    if (high > 15 || low > 15 || !isTextByte((high << 4) | low)) return false;
  }
  return true;
}

function isBase64Text(at: usize): bool {
  for (let four: usize = 0; four < SAMPLE; four += 4) {
    let word: u32 = 0;
    for (let index: usize = 0; index < 4; index++) word = (word << 6) | sextet(load<u8>(at + four + index));
    if (!isTextByte(word >> 16) || !isTextByte((word >> 8) & 255) || !isTextByte(word & 255)) return false;
  }
  return true;
}

/** Behind what may stand before an encoded text without a gap: `0x`, or the escape of a line's end. */
function behindPrefix(lowest: usize, at: usize): usize {
  const first: u32 = load<u8>(at);
  if (first == 0x30 && load<u8>(at + 1) == 0x78) return at + 2;
  const isEscaped = at > lowest && load<u8>(at - 1) == 0x5c && (first == 0x6e || first == 0x72 || first == 0x74);
  return isEscaped ? at + 1 : at;
}

/**
 * Offset, from `from` on, of a run of at least `MIN_RUN` characters of base64 that begins as the base64 or hex of a text.
 * The size when there are none. `from` must be at no run's middle.
 */
export function findEncoded(start: usize, size: u32, from: u32): u32 {
  encodedFrom(start + from);
  return <u32>(nextEncoded(start, start + size, start + size) - start);
}

/** Where runs are looked for next, where that began, and behind the last block whose run was looked at. */
let encodedAt: usize = 0;
let encodedLowest: usize = 0;
let encodedJudged: usize = 0;

export function encodedFrom(lowest: usize): void {
  encodedAt = lowest;
  encodedLowest = lowest;
  encodedJudged = lowest;
}

/** The next run that is come to before `until`, or the end. */
export function nextEncoded(start: usize, end: usize, until: usize): usize {
  const lowest = encodedLowest;
  let judged = encodedJudged;
  let at = encodedAt;
  for (; at < until && at + BLOCK <= end; at += STRIDE) {
    // Of most three in a row it is none: one jump instead of three.
    while (at < until && at + 2 * STRIDE + BLOCK <= end && !(isEncoded(at) | isEncoded(at + STRIDE) | isEncoded(at + 2 * STRIDE))) at += 3 * STRIDE;
    if (at >= until || at + BLOCK > end) break;
    if (!isEncoded(at)) continue;
    if (isShortAround(at, lowest, end)) {
      judged = at + BLOCK;
      continue;
    }
    let first = at;
    while (first > judged && sextet(load<u8>(first - 1)) < 64) first--;
    const isSame = first == judged && judged > lowest;
    judged = at + BLOCK;
    if (isSame) continue;
    first = behindPrefix(start, first);
    let last = first;
    while (last < first + MIN_RUN && last < end && sextet(load<u8>(last)) < 64) last++;
    if (last - first == MIN_RUN && (isHexText(first) || isBase64Text(first))) return first;
  }
  encodedAt = at;
  encodedJudged = judged;
  return end;
}
