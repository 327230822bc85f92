// Strings of two-byte characters inside of other bytes.
import { BLOCK, isTextByte } from './text';

/** That there are none up to where was looked, which is not the end. */
export const NOT_LOOKED: u32 = 0xffffffff;

/**
 * Offset, from `from` on, of eight aligned bytes in which NUL and characters of text take turns: a string of wide characters.
 * The size when there are none.
 */
export function findWideText(start: usize, size: u32, from: u32): u32 {
  const found = wideBefore(start, size, start + from, start + size);
  return found == NOT_LOOKED ? size : found;
}

/** The same from `from` to `until`; `NOT_LOOKED` when there are none and it is not the end. */
export function wideBefore(start: usize, size: u32, from: usize, until: usize): u32 {
  const end = start + (size & ~7);
  let at = start + ((from - start + 7) & ~7);
  for (; at < until && at + BLOCK <= end; at += BLOCK) {
    // In most there is none: one jump over four blocks.
    while (at < until && at + 4 * BLOCK <= end && !v128.any_true(v128.or(v128.or(turns(at), turns(at + BLOCK)), v128.or(turns(at + 2 * BLOCK), turns(at + 3 * BLOCK))))) at += 4 * BLOCK;
    if (at >= until || at + BLOCK > end) break;
    const zeros = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0)));
    if (takesTurns(zeros & 0xff) && holdsText(at)) return <u32>(at - start);
    if (takesTurns(zeros >> 8) && holdsText(at + 8)) return <u32>(at + 8 - start);
  }
  if (at >= until && at < end) return NOT_LOOKED;
  if (at < end && takesTurns(i8x16.bitmask(i8x16.eq(v128.load64_zero(at), i8x16.splat(0))) & 0xff) && holdsText(at)) return <u32>(at - start);
  return size;
}

/** All ones for each half of 16 bytes in which NUL and other bytes take turns. */
// @ts-ignore: decorator
@inline
function turns(at: usize): v128 {
  const zeros = i8x16.eq(v128.load(at), i8x16.splat(0));
  return v128.or(i64x2.eq(zeros, i16x8.splat(0x00ff)), i64x2.eq(zeros, i16x8.splat(-256)));
}

// @ts-ignore: decorator
@inline
function takesTurns(zeros: i32): bool {
  return zeros == 0x55 || zeros == 0xaa;
}

/** Of eight bytes, those that are not NUL. */
function holdsText(at: usize): bool {
  for (let index: usize = load<u8>(at) == 0 ? 1 : 0; index < 8; index += 2) if (!isTextByte(load<u8>(at + index))) return false;
  return true;
}
