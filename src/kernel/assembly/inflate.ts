// A zlib stream's content. The output is bounded by what the caller made room for, every length and distance is
// checked, and what follows the input is never taken for part of it. `git/store/codec.ts` has the plain form, and the oracle.
import {
  COUNTS,
  DISTANCE_MEANINGS,
  DISTANCES,
  FIXED_DISTANCES,
  FIXED_LITERALS,
  LENGTH_MEANINGS,
  LENGTHS,
  LITERAL_MEANINGS,
  LITERALS,
  PRECODE,
  SORTED,
  STARTS,
} from './codec-layout';

/** What `inflate` answers beside a count of bytes. */
const DAMAGED: i32 = -1;
const TOO_LONG: i32 = -2;

/** Bits that a table is indexed by; longer codes go on in a second table behind the first. */
const LITERAL_BITS: u32 = 10;
const DISTANCE_BITS: u32 = 8;
const PRECODE_BITS: u32 = 7;
const LITERAL_MASK: usize = (1 << LITERAL_BITS) - 1;
const DISTANCE_MASK: usize = (1 << DISTANCE_BITS) - 1;
/** Entries that fit between two tables of the layout. No complete code needs as many. */
const LITERAL_ROOM: u32 = 4096;
const DISTANCE_ROOM: u32 = 1024;
const PRECODE_ROOM: u32 = 1024;
const FIXED_LITERAL_ROOM: u32 = 2048;
const FIXED_DISTANCE_ROOM: u32 = 256;

const MAX_CODE: u32 = 15;
const END_OF_BLOCK: u32 = 256;

// An entry: bits 0-5 how many bits the code has with the extra ones that follow it, 8-12 how many without (or how many index
// a second table), and from bit 16 on the literal, the base of the length or distance, or the place of the second table.
const LITERAL: u32 = 0x8000;
const SECOND: u32 = 0x4000;
/** The end of the block, or no code. */
const SPECIAL: u32 = 0x2000;
const NO_CODE: u32 = SPECIAL | 0x101;
/** A bit of code, in both counts. */
const CODE_BIT: u32 = 0x101;
const END: u32 = SPECIAL | 0x10000;

/** Which alphabet a table is of. */
const OF_LENGTHS: u32 = 0;
const OF_LITERALS: u32 = 1;
const OF_DISTANCES: u32 = 2;

/** The order in which code lengths of code lengths are written. */
const PRECODE_ORDER: StaticArray<u8> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

let fixedTables: bool = false;

/** What a symbol means, without the length of its code. */
function meaning(symbol: u32, alphabet: u32): u32 {
  if (alphabet == OF_LENGTHS) return symbol << 16;
  if (alphabet == OF_DISTANCES) {
    if (symbol < 4) return (symbol + 1) << 16;
    if (symbol > 29) return SPECIAL;
    const extra = (symbol >> 1) - 1;
    return (((2 + (symbol & 1)) << extra) + 1) << 16 | extra;
  }
  if (symbol < END_OF_BLOCK) return symbol << 16 | LITERAL;
  if (symbol == END_OF_BLOCK) return END;
  if (symbol < 265) return (symbol - 254) << 16;
  if (symbol == 285) return 258 << 16;
  if (symbol > 285) return SPECIAL;
  const extra = ((symbol - 261) >> 2);
  return (((4 + ((symbol - 261) & 3)) << extra) + 3) << 16 | extra;
}

/** Of 16 code lengths from one on, a bit for each that is one. */
// @ts-ignore: decorator
@inline
function used(lengths: usize, symbol: u32, count: u32): u32 {
  const bits = i8x16.bitmask(i8x16.ne(v128.load(lengths + symbol), i8x16.splat(0)));
  return count - symbol < 16 ? bits & ((1 << (count - symbol)) - 1) : bits;
}

/** Writes the first `count` entries of a table once more behind them. */
// @ts-ignore: decorator
@inline
function double(table: usize, count: u32): void {
  const end = table + (<usize>count << 2);
  if (count < 4) {
    for (let at = table; at < end; at += 4) store<u32>(at + (<usize>count << 2), load<u32>(at));
    return;
  }
  for (let at = table; at < end; at += 16) v128.store(at + (<usize>count << 2), v128.load(at));
}

/**
 * Makes a decoding table of `count` code lengths, behind which 15 bytes may be read. False when they are no complete code; as
 * in zlib one code of one bit may stand alone, and there may be none at all.
 */
function build(lengths: usize, count: u32, table: usize, bits: u32, room: u32, alphabet: u32): bool {
  for (let at: usize = 0; at < 64; at += 16) v128.store(COUNTS + at, i64x2.splat(0));
  // Most symbols of an alphabet have no code.
  for (let first: u32 = 0; first < count; first += 16) {
    for (let some = used(lengths, first, count); some != 0; some &= some - 1) {
      const at = COUNTS + (<usize>load<u8>(lengths + first + ctz(some)) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  const size: u32 = 1 << bits;
  let left: i32 = 1;
  let start: u32 = 0;
  let longest: u32 = 0;
  for (let length: u32 = 1; length <= MAX_CODE; length++) {
    const codes = load<u32>(COUNTS + (length << 2));
    left = (left << 1) - codes;
    if (left < 0) return false;
    store<u32>(STARTS + (length << 2), start);
    start += codes;
    if (codes != 0) longest = length;
  }
  if (left > 0) {
    if (alphabet == OF_LENGTHS || longest > 1) return false;
    for (let entry: u32 = 0; entry < size; entry++) store<u32>(table + (entry << 2), NO_CODE);
    if (longest == 0) return true;
  }
  const meanings = alphabet == OF_LITERALS ? LITERAL_MEANINGS : alphabet == OF_DISTANCES ? DISTANCE_MEANINGS : LENGTH_MEANINGS;
  for (let first: u32 = 0; first < count; first += 16) {
    for (let some = used(lengths, first, count); some != 0; some &= some - 1) {
      const symbol = first + ctz(some);
      const at = STARTS + (<usize>load<u8>(lengths + symbol) << 2);
      const place = load<u32>(at);
      store<u32>(SORTED + (place << 2), load<u32>(meanings + (symbol << 2)));
      store<u32>(at, place + 1);
    }
  }
  if (left > 0) {
    // The one code of one bit: every even entry.
    for (let at: u32 = 0; at < size; at += 2) store<u32>(table + (at << 2), load<u32>(SORTED) + CODE_BIT);
    return true;
  }
  // `code` is the next code with its bits reversed, as the stream has them. The table has `filled` entries, and twice
  // as many with each further bit.
  let place: usize = SORTED;
  let code: u32 = 0;
  let filled: u32 = 1;
  let length: u32 = 1;
  for (; length <= min<u32>(longest, bits); length++) {
    double(table, filled);
    filled <<= 1;
    for (let codes = load<u32>(COUNTS + (length << 2)); codes != 0; codes--) {
      store<u32>(table + (code << 2), load<u32>(place) + length * CODE_BIT);
      place += 4;
      code = nextCode(code, length);
    }
  }
  for (; filled < size; filled <<= 1) double(table, filled);
  let second: u32 = size;
  let secondEnd: u32 = size;
  let prefix: u32 = u32.MAX_VALUE;
  for (; length <= longest; length++) {
    for (let codes = load<u32>(COUNTS + (length << 2)); codes != 0; codes--) {
      const root = code & (size - 1);
      if (root != prefix) {
        prefix = root;
        second = secondEnd;
        // As many further bits as the codes with this beginning need.
        let further = length - bits;
        let taken = codes;
        while (taken < <u32>(1 << further)) {
          further++;
          taken = (taken << 1) + load<u32>(COUNTS + ((bits + further) << 2));
        }
        secondEnd = second + (1 << further);
        if (secondEnd > room) return false;
        store<u32>(table + (root << 2), second << 16 | SECOND | further << 8 | bits);
      }
      const entry = load<u32>(place) + (length - bits) * CODE_BIT;
      place += 4;
      const step: u32 = 1 << (length - bits);
      for (let at = second + (code >> bits); at < secondEnd; at += step) store<u32>(table + (at << 2), entry);
      code = nextCode(code, length);
    }
  }
  return true;
}

/** The highest bit that is not set gets set, those above it are cleared; behind the last code 0. */
// @ts-ignore: decorator
@inline
function nextCode(code: u32, length: u32): u32 {
  const rest = code ^ ((1 << length) - 1);
  if (rest == 0) return 0;
  const bit: u32 = 1 << (31 - clz(rest));
  return (code & (bit - 1)) | bit;
}

/** What is the same for all streams. */
function buildFixed(): void {
  for (let symbol: u32 = 0; symbol < 288; symbol++) store<u32>(LITERAL_MEANINGS + (symbol << 2), meaning(symbol, OF_LITERALS));
  for (let symbol: u32 = 0; symbol < 32; symbol++) store<u32>(DISTANCE_MEANINGS + (symbol << 2), meaning(symbol, OF_DISTANCES));
  for (let symbol: u32 = 0; symbol < 19; symbol++) store<u32>(LENGTH_MEANINGS + (symbol << 2), meaning(symbol, OF_LENGTHS));
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  build(LENGTHS, 288, FIXED_LITERALS, LITERAL_BITS, FIXED_LITERAL_ROOM, OF_LITERALS);
  memory.fill(LENGTHS, 5, 32);
  build(LENGTHS, 32, FIXED_DISTANCES, DISTANCE_BITS, FIXED_DISTANCE_ROOM, OF_DISTANCES);
  fixedTables = true;
}

/** Adler-32 of some bytes. */
function adler(start: usize, size: u32): u32 {
  let a: u32 = 1;
  let b: u32 = 0;
  let at = start;
  const end = start + size;
  const weights = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const lower = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (at + 16 <= end) {
    // Sums of so many bytes fit 32 bits.
    const stop = at + (min<usize>(end - at, 5504) & ~15);
    b += a * <u32>(stop - at);
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (; at < stop; at += 16) {
      const bytes = v128.load(at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), weights));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), lower));
    }
    b = (b + 16 * total(before) + total(weighted)) % 65521;
    a = (a + total(sums)) % 65521;
  }
  for (; at < end; at++) {
    a += load<u8>(at);
    b += a;
  }
  return (b % 65521) << 16 | a % 65521;
}

// @ts-ignore: decorator
@inline
function total(lanes: v128): u32 {
  return i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1) + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3);
}

/**
 * Inflates the zlib stream at `[input, input + length)` to `output`; what follows the stream does not matter. Behind the
 * input 16 bytes may be read, and behind `output + limit` 320 written.
 * @returns how many bytes it gave; `DAMAGED` for no sound stream; `TOO_LONG` when there are more than `limit`
 */
export function inflate(input: usize, length: u32, output: usize, limit: u32): i32 {
  const inputEnd = input + length;
  const outputEnd = output + limit;
  if (length < 2) return DAMAGED;
  const head: u32 = (<u32>load<u8>(input)) << 8 | load<u8>(input + 1);
  // Deflate with a window of at most 32 KiB, and no dictionary.
  if ((head & 0x0f00) != 0x0800 || head > 0x7fff || head % 31 != 0 || (head & 0x20) != 0) return DAMAGED;
  let next = input + 2;
  let out = output;
  let held: u64 = 0;
  let count: u32 = 0;
  let last: bool = false;
  while (!last) {
    // Refilled, there are at least 56 bits; those behind the input's end are noticed when they have been used.
    held |= load<u64>(next) << count;
    next += (63 - count) >> 3;
    count |= 56;
    last = (held & 1) != 0;
    const kind: u32 = <u32>(held >> 1) & 3;
    held >>= 3;
    count -= 3;
    if (next - (count >> 3) > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
    if (kind == 3) return DAMAGED;
    if (kind == 0) {
      next -= count >> 3;
      held = 0;
      count = 0;
      if (next + 4 > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
      const size: u32 = load<u16>(next);
      if (size != <u32>(load<u16>(next + 2) ^ 0xffff)) return DAMAGED;
      next += 4;
      const there = min<u32>(size, <u32>(inputEnd - next));
      const room = <u32>(outputEnd - out);
      if (there > room) return TOO_LONG;
      memory.copy(out, next, there);
      out += there;
      next += there;
      if (there < size) return out == outputEnd ? TOO_LONG : DAMAGED;
      continue;
    }
    let literals = FIXED_LITERALS;
    let distances = FIXED_DISTANCES;
    if (!fixedTables) buildFixed();
    if (kind == 2) {
      literals = LITERALS;
      distances = DISTANCES;
      const literalCount: u32 = (<u32>held & 31) + 257;
      const distanceCount: u32 = (<u32>(held >> 5) & 31) + 1;
      const precodeCount: u32 = (<u32>(held >> 10) & 15) + 4;
      held >>= 14;
      count -= 14;
      if (literalCount > 286 || distanceCount > 30) return DAMAGED;
      v128.store(LENGTHS, i64x2.splat(0));
      v128.store(LENGTHS, i64x2.splat(0), 16);
      for (let index: u32 = 0; index < precodeCount; index++) {
        if (count < 3) {
          held |= load<u64>(next) << count;
          next += (63 - count) >> 3;
          count |= 56;
        }
        store<u8>(LENGTHS + load<u8>(changetype<usize>(PRECODE_ORDER) + index), <u8>(held & 7));
        held >>= 3;
        count -= 3;
      }
      if (next - (count >> 3) > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
      if (!build(LENGTHS, 19, PRECODE, PRECODE_BITS, PRECODE_ROOM, OF_LENGTHS)) return DAMAGED;
      const all = literalCount + distanceCount;
      for (let index: u32 = 0; index < all;) {
        if (count < 14) {
          held |= load<u64>(next) << count;
          next += (63 - count) >> 3;
          count |= 56;
          if (next - (count >> 3) > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
        }
        const entry = load<u32>(PRECODE + ((<usize>held & ((1 << PRECODE_BITS) - 1)) << 2));
        held >>= entry & 63;
        count -= entry & 63;
        const symbol = entry >> 16;
        if (symbol < 16) {
          store<u8>(LENGTHS + index++, <u8>symbol);
          continue;
        }
        let repeats: u32;
        let value: u8 = 0;
        if (symbol == 16) {
          if (index == 0) return DAMAGED;
          value = load<u8>(LENGTHS + index - 1);
          repeats = 3 + (<u32>held & 3);
          held >>= 2;
          count -= 2;
        } else if (symbol == 17) {
          repeats = 3 + (<u32>held & 7);
          held >>= 3;
          count -= 3;
        } else {
          repeats = 11 + (<u32>held & 127);
          held >>= 7;
          count -= 7;
        }
        if (index + repeats > all) return DAMAGED;
        const lengths = i8x16.splat(value);
        for (let from = index; from < index + repeats; from += 16) v128.store(LENGTHS + from, lengths);
        index += repeats;
      }
      if (next - (count >> 3) > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
      if (load<u8>(LENGTHS + END_OF_BLOCK) == 0) return DAMAGED;
      if (!build(LENGTHS, literalCount, LITERALS, LITERAL_BITS, LITERAL_ROOM, OF_LITERALS)) return DAMAGED;
      if (!build(LENGTHS + literalCount, distanceCount, DISTANCES, DISTANCE_BITS, DISTANCE_ROOM, OF_DISTANCES)) return DAMAGED;
    }
    // Of what is held, and of which 56 bits at least lie before `next`, a step takes 68 at most; and it writes 261 bytes and what
    // `copyMatch` may. So only a step that begins near an end looks where it is.
    let isOpen = true;
    held |= load<u64>(next) << count;
    next += (63 - count) >> 3;
    count |= 56;
    let entry = load<u32>(literals + ((<usize>held & LITERAL_MASK) << 2));
    while (next + 2 <= inputEnd && out < outputEnd) {
      // The next entry is always looked up before what the last one says is done.
      if ((entry & LITERAL) != 0) {
        held >>= entry;
        count -= entry;
        store<u8>(out++, <u8>(entry >> 16));
        entry = load<u32>(literals + ((<usize>held & LITERAL_MASK) << 2));
        if ((entry & LITERAL) != 0) {
          held >>= entry;
          count -= entry;
          store<u8>(out++, <u8>(entry >> 16));
          entry = load<u32>(literals + ((<usize>held & LITERAL_MASK) << 2));
          if ((entry & LITERAL) != 0) {
            held >>= entry;
            count -= entry;
            store<u8>(out++, <u8>(entry >> 16));
            entry = load<u32>(literals + ((<usize>held & LITERAL_MASK) << 2));
            held |= load<u64>(next) << count;
            next += (63 - (count & 63)) >> 3;
            count |= 56;
            continue;
          }
        }
        held |= load<u64>(next) << count;
        next += (63 - (count & 63)) >> 3;
        count |= 56;
      }
      if ((entry & SECOND) != 0) {
        held >>= LITERAL_BITS;
        count -= LITERAL_BITS;
        entry = load<u32>(literals + (((entry >> 16) + (<u32>held & ((1 << (entry >> 8 & 31)) - 1))) << 2));
      }
      const atSize = <u32>held;
      held >>= entry;
      count -= entry;
      if ((entry & (LITERAL | SPECIAL)) != 0) {
        if ((entry & SPECIAL) != 0) {
          if (out > outputEnd) return TOO_LONG;
          if ((entry >> 16) != 1) return DAMAGED;
          isOpen = false;
          break;
        }
        store<u8>(out++, <u8>(entry >> 16));
        held |= load<u64>(next) << count;
        next += (63 - (count & 63)) >> 3;
        count |= 56;
        entry = load<u32>(literals + ((<usize>held & LITERAL_MASK) << 2));
        continue;
      }
      const size = valueOf(entry, atSize);
      entry = load<u32>(distances + ((<usize>held & DISTANCE_MASK) << 2));
      if ((entry & SECOND) != 0) {
        held >>= DISTANCE_BITS;
        count -= DISTANCE_BITS;
        entry = load<u32>(distances + (((entry >> 16) + (<u32>held & ((1 << (entry >> 8 & 31)) - 1))) << 2));
      }
      const distance: usize = valueOf(entry, <u32>held);
      held >>= entry;
      count -= entry;
      if ((entry & SPECIAL) != 0) return out > outputEnd ? TOO_LONG : DAMAGED;
      if (distance > out - output) return out >= outputEnd ? TOO_LONG : DAMAGED;
      held |= load<u64>(next) << count;
      next += (63 - (count & 63)) >> 3;
      count |= 56;
      entry = load<u32>(literals + ((<usize>held & LITERAL_MASK) << 2));
      const end = out + size;
      copyMatch(out, distance, end);
      out = end;
    }
    count &= 63;
    if (out > outputEnd) return TOO_LONG;
    while (isOpen) {
      held |= load<u64>(next) << count;
      next += (63 - count) >> 3;
      count |= 56;
      if (next - (count >> 3) > inputEnd) return DAMAGED;
      entry = load<u32>(literals + ((<usize>held & LITERAL_MASK) << 2));
      if ((entry & SECOND) != 0) {
        held >>= LITERAL_BITS;
        count -= LITERAL_BITS;
        entry = load<u32>(literals + (((entry >> 16) + (<u32>held & ((1 << (entry >> 8 & 31)) - 1))) << 2));
      }
      const atSize = <u32>held;
      held >>= entry;
      count -= entry & 63;
      if ((entry & LITERAL) != 0) {
        if (out >= outputEnd) return TOO_LONG;
        store<u8>(out++, <u8>(entry >> 16));
        continue;
      }
      if ((entry & SPECIAL) != 0) {
        if (next - (count >> 3) > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
        if ((entry >> 16) != 1) return DAMAGED;
        isOpen = false;
        break;
      }
      const size = valueOf(entry, atSize);
      entry = load<u32>(distances + ((<usize>held & DISTANCE_MASK) << 2));
      if ((entry & SECOND) != 0) {
        held >>= DISTANCE_BITS;
        count -= DISTANCE_BITS;
        entry = load<u32>(distances + (((entry >> 16) + (<u32>held & ((1 << (entry >> 8 & 31)) - 1))) << 2));
      }
      const distance: usize = valueOf(entry, <u32>held);
      held >>= entry;
      count -= entry & 63;
      if (next - (count >> 3) > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
      if ((entry & SPECIAL) != 0) return DAMAGED;
      // zlib looks at the room before it looks at the distance, so a full output is its fault first.
      if (distance > out - output) return out == outputEnd ? TOO_LONG : DAMAGED;
      const end = out + size;
      if (end > outputEnd) return TOO_LONG;
      copyMatch(out, distance, end);
      out = end;
    }
  }
  next -= count >> 3;
  if (next + 4 > inputEnd) return out == outputEnd ? TOO_LONG : DAMAGED;
  const size = <u32>(out - output);
  return bswap(load<u32>(next)) == adler(output, size) ? <i32>size : DAMAGED;
}

/** What a length or distance is that begins with a code in these bits. */
// @ts-ignore: decorator
@inline
function valueOf(entry: u32, bits: u32): u32 {
  return (entry >> 16) + ((bits & ((1 << (entry & 63)) - 1)) >> (entry >> 8 & 31));
}

/** Writes bytes up to `end` that repeat those `distance` before; up to 15 more may be written. */
// @ts-ignore: decorator
@inline
function copyMatch(start: usize, distance: usize, end: usize): void {
  let out = start;
  if (distance >= 16) {
    do {
      v128.store(out, v128.load(out - distance));
      out += 16;
    } while (out < end);
  } else if (distance >= 8) {
    do {
      store<u64>(out, load<u64>(out - distance));
      out += 8;
    } while (out < end);
  } else if (distance == 1) {
    const bytes = i8x16.splat(load<u8>(out - 1));
    do {
      v128.store(out, bytes);
      out += 16;
    } while (out < end);
  } else {
    for (; out < end; out++) store<u8>(out, load<u8>(out - distance));
  }
}
