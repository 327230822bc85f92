import { BLOCK, LF } from './text';

/** How many line feeds there are. */
export function lineFeeds(start: usize, size: u32): u32 {
  const end = start + size;
  let at = start;
  let count: u32 = 0;
  for (; at + BLOCK <= end; at += BLOCK) count += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>LF))));
  for (; at < end; at++) if (load<u8>(at) == LF) count++;
  return count;
}

/** How many characters begin: bytes that do not go on with one of UTF-8. */
export function characters(start: usize, size: u32): u32 {
  const end = start + size;
  let at = start;
  let count: u32 = 0;
  for (; at + BLOCK <= end; at += BLOCK) count += popcnt<u32>(i8x16.bitmask(i8x16.gt_s(v128.load(at), i8x16.splat(-65))));
  for (; at < end; at++) if ((load<u8>(at) & 0xc0) != 0x80) count++;
  return count;
}
