// Leaves out lines that were seen before and held nothing. A line is known by a keyed hash of 64 bits; what is known lies
// in a table of fixed size, where a line that has not come again for long makes room for others.
import { grown, need } from './arena';
import { copy } from './delta';
import { BATCH, KEYS, MAX_LINE, SETS, SKIPS, STARTS, TABLE, TAGS } from './lines-layout';

const LF: u8 = 0x0a;
const BLOCK: usize = 16;

/** Lines that were let through, see `TAGS` and `STARTS`. */
let pending: u32 = 0;
/** Places where lines were left out, see `SKIPS`. */
let skips: u32 = 0;
/** The lines that were let through, one after the other. */
let through: usize = 0;
let throughEnd: usize = 0;
/** A NUL was seen: what is looked at is no text, so it is let through without being read any further. */
let isBinary: bool = false;
/** Lines that are given from outside. */
let given: usize = 0;

export function skipCount(): u32 {
  return skips;
}

// What a line's hash adds up: `sift` reads lines block by block, and stops at a line feed.
let tag: u64 = 0;
let lineEnd: usize = 0;

/** Products of a block's words, each of the first two with one of the last two. */
// @ts-ignore: decorator
@inline
function products(block: v128): v128 {
  return i64x2.extmul_low_i32x4_u(block, i32x4.shuffle(block, block, 2, 3, 2, 3));
}

// @ts-ignore: decorator
@inline
function sum(lanes: v128): u64 {
  return <u64>i64x2.extract_lane(lanes, 0) + <u64>i64x2.extract_lane(lanes, 1);
}

/**
 * Reads the line at `start`: its end goes to `lineEnd`, and its hash to `tag`: 0 for one that is too long, or that holds
 * a NUL, which may make the content no text. Behind `end` 15 bytes may be read.
 *
 * Each pair of 32-bit words is multiplied after secret keys were added to both, twice with different keys: two lines that
 * were not made by someone who knows the keys have the same hash by a chance of 2 to the power of -60 at most.
 */
function readLine(start: usize, end: usize): void {
  const feeds = i8x16.splat(LF);
  const zero = i64x2.splat(0);
  let first = zero;
  let second = zero;
  let zeros = zero;
  let key = KEYS;
  let at = start;
  let bytes = v128.load(at);
  let found = i8x16.bitmask(i8x16.eq(bytes, feeds));
  // Whole blocks on their own: where the next one begins must not wait for what is in this one.
  while (found == 0 && at + BLOCK < end) {
    zeros = v128.or(zeros, i8x16.eq(bytes, zero));
    first = i64x2.add(first, products(i32x4.add(bytes, v128.load(key))));
    second = i64x2.add(second, products(i32x4.add(bytes, v128.load(key, BLOCK))));
    key += BLOCK;
    at += BLOCK;
    if (at - start >= MAX_LINE) {
      isBinary = v128.any_true(zeros);
      lineEnd = endOfLine(at, end);
      tag = 0;
      return;
    }
    bytes = v128.load(at);
    found = i8x16.bitmask(i8x16.eq(bytes, feeds));
  }
  const count = min<usize>(end - at, found == 0 ? BLOCK : <usize>ctz(found) + 1);
  // What stands behind the line is no part of it: zeros take its place.
  const mask = v128.load(KEYS - BLOCK - count);
  const own = v128.and(bytes, mask);
  zeros = v128.or(zeros, v128.and(mask, i8x16.eq(bytes, zero)));
  first = i64x2.add(first, products(i32x4.add(own, v128.load(key))));
  second = i64x2.add(second, products(i32x4.add(own, v128.load(key, BLOCK))));
  at += count;
  lineEnd = at;
  if (v128.any_true(zeros)) {
    isBinary = true;
    tag = 0;
    return;
  }
  const finals = KEYS + MAX_LINE + 2 * BLOCK;
  let mixed = (sum(first) + <u64>(lineEnd - start)) * load<u64>(finals);
  mixed ^= mixed >> 32;
  mixed = (mixed + sum(second)) * load<u64>(finals, 8);
  mixed ^= mixed >> 29;
  mixed *= load<u64>(finals, 16);
  mixed ^= mixed >> 32;
  tag = mixed == 0 ? 1 : mixed;
}

function endOfLine(start: usize, end: usize): usize {
  const feeds = i8x16.splat(LF);
  for (let at = start; at < end; at += BLOCK) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), feeds));
    if (found != 0) return min<usize>(at + ctz(found) + 1, end);
  }
  return end;
}

// @ts-ignore: decorator
@inline
function setOf(hash: u64): usize {
  return TABLE + ((<usize>hash & (SETS - 1)) << 4);
}

/** Whether a line is known; it is then the last one of its two that would make room. */
// @ts-ignore: decorator
@inline
function isKnown(hash: u64): bool {
  const set = setOf(hash);
  const first = load<u64>(set);
  if (first == hash) return true;
  if (load<u64>(set, 8) != hash) return false;
  store<u64>(set, hash);
  store<u64>(set, first, 8);
  return true;
}

/** Lines of up to `size` bytes come next. */
export function beginSift(size: u32): void {
  through = through == 0 ? need(size) : grown(through, 0, size);
  throughEnd = through;
  pending = 0;
  skips = 0;
  isBinary = false;
}

/** Lets through those of the whole lines in `[start, end)` that are not known to hold nothing. */
export function sift(start: usize, end: usize): void {
  // The lines before `at` that go together.
  let from = start;
  let at = start;
  while (at < end && pending < BATCH && skips < BATCH && !isBinary) {
    readLine(at, end);
    if (tag != 0 && isKnown(tag)) {
      letThrough(from, at);
      leaveOut(<u32>(lineEnd - at));
      from = lineEnd;
    } else {
      store<u64>(TAGS + (<usize>pending << 3), tag);
      store<u32>(STARTS + (<usize>pending << 2), <u32>(throughEnd - through) + <u32>(at - from));
      pending++;
    }
    at = lineEnd;
  }
  letThrough(from, end);
}

// @ts-ignore: decorator
@inline
function letThrough(start: usize, end: usize): void {
  if (start == end) return;
  copy(throughEnd, start, <u32>(end - start));
  throughEnd += end - start;
}

// @ts-ignore: decorator
@inline
function leaveOut(size: u32): void {
  const place = <u32>(throughEnd - through);
  const last = SKIPS + ((<usize>skips - 1) << 3);
  if (skips > 0 && load<u32>(last) == place) {
    store<u32>(last, load<u32>(last, 4) + size, 4);
    return;
  }
  const next = SKIPS + (<usize>skips << 3);
  store<u32>(next, place);
  store<u32>(next, size + (skips > 0 ? load<u32>(last, 4) : 0), 4);
  skips++;
}

/** Where the lines lie that were let through, and how many bytes they have. Valid until others are sifted. */
export function throughStart(): usize {
  return through;
}

export function throughSize(): u32 {
  return <u32>(throughEnd - through);
}

/** Room for lines from outside. */
export function linesRoom(size: u32): usize {
  given = given == 0 ? need(size) : grown(given, 0, size);
  return given;
}

export function siftGiven(size: u32): void {
  beginSift(size);
  sift(given, given + size);
}

/** The line that `offset`, of what was let through, is in, or ends at, holds something. */
export function keep(offset: u32): void {
  let low: u32 = 0;
  let high = pending;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(STARTS + (<usize>middle << 2)) < offset) low = middle + 1;
    else high = middle;
  }
  if (low > 0) store<u64>(TAGS + ((<usize>low - 1) << 3), 0);
}

/** From now on the lines that were let through count as known, but for those that are kept. */
export function learn(): void {
  for (let line: u32 = 0; line < pending; line++) {
    const hash = load<u64>(TAGS + (<usize>line << 3));
    if (hash == 0) continue;
    const set = setOf(hash);
    const first = load<u64>(set);
    if (first == hash) continue;
    store<u64>(set, hash);
    store<u64>(set, first, 8);
  }
  pending = 0;
}
