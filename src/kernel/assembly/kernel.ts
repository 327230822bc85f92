// The prefilter's inner loop. An Aho-Corasick automaton over all literals, read as four interleaved streams (one chain
// of dependent loads is bound by latency, four are not), and behind it the cheap checks that throw away most hits
// before JavaScript sees them. `twin.ts` is the same in JavaScript, and the oracle.
import { beginChecks, passes } from './checks';
import { setUpValues } from './credential';
import { encodedFrom, nextEncoded } from './encoded';
import { COLUMNS, HALVES, HEADER } from './layout';
import { setStream, setUpNear } from './near';
import { BLOCK, setText, setUpNames, textEnd, textStart } from './text';
import { NOT_LOOKED, wideBefore } from './wide';
export { characters, lineFeeds } from './counts';
export { findEncoded } from './encoded';
export { findWideText } from './wide';

/** JavaScript takes the hits out of the buffer, which is full or done. */
@external('env', 'drain')
declare function drain(count: u32): void;

const HIT_BYTES: u32 = 8;
/** Below this many bytes four streams do not pay. */
const SINGLE_STREAM: u32 = 1024;
/** A part of a content that is looked at on its own, bytes; the last one of a content has up to twice as many. */
const CHUNK: usize = 65_536;
/** Longer literals may not begin before a chunk whose live blocks are looked at. */
const MAX_OVERLAP: u32 = 256;
/** One of so many blocks tells what a chunk is like; so many of them must be dead, of 128, that it pays to leave out such blocks. */
const SAMPLED: usize = 32;
const LEAST_DEAD: u32 = 32;

let maxLiteral: u32 = 0;
let shortest: u32 = 0;
let accepting: usize = 0;
let outputs: usize = 0;
let checks: usize = 0;
let hits: usize = 0;
let hitLimit: u32 = 0;
let hitCount: u32 = 0;

/** Live blocks of a chunk lie one after the other from here on, and in front of them stands where each comes from: 16 bits a block. */
let scratch: usize = 0;
const MOST_BLOCKS: usize = 8216;
/** Where the live blocks begin while they are gone through, else 0; and the chunk that they come from. */
let live: usize = 0;
let liveFrom: usize = 0;
let chunkStart: usize = 0;
let chunkEnd: usize = 0;

/**
 * Reads the header. `hitBuffer` holds `limit` hits of two words: offset after the literal, check. Behind it, and a text, words are read
 * that count for nothing; `blocks` is room for the live blocks of a chunk, and `near` for what was told of what stands near literals.
 */
export function setup(hitBuffer: usize, limit: u32, blocks: usize, near: usize): void {
  maxLiteral = load<u32>(HEADER);
  accepting = load<u32>(HEADER, 4);
  outputs = load<u32>(HEADER, 8);
  checks = load<u32>(HEADER, 12);
  shortest = load<u32>(HEADER, 20);
  setUpNames();
  setUpValues();
  setUpNear(near);
  scratch = blocks;
  hits = hitBuffer;
  hitLimit = limit;
}

// @ts-ignore: decorator
@inline
function step(state: i32, byte: u32): i32 {
  return load<i16>(load<u32>(byte << 2, COLUMNS) + (state << 1));
}

/** A bit for each of two states that accepts. */
// @ts-ignore: decorator
@inline
function signs(first: i32, second: i32): u32 {
  return (<u32>first >>> 31) | ((<u32>second >>> 31) << 1);
}

/** Eight states. */
const STATES: usize = memory.data(16);

/** State after the bytes before `at`; only as many as the longest literal can matter. */
function warm(start: usize, at: usize): i32 {
  let state: i32 = 0;
  let from = at - min<usize>(at - start, maxLiteral - 1);
  for (; from < at; from++) state = step(state, load<u8>(from));
  return state;
}

/**
 * Finds all hits in `[start, start + size)` that pass their checks; see `Prefilter.scan`. Returns what `findEncoded` says of all of it.
 * What is looked for otherwise is looked for in one part after the other, while that is in the cache.
 */
export function scan(start: usize, size: u32, isWhole: bool, mayBeWide: bool): u32 {
  setText(start, start + size);
  beginChecks(isWhole);
  hitCount = 0;
  encodedFrom(start);
  let encoded = textEnd;
  wideText = mayBeWide ? NOT_LOOKED : size;
  const mayLeaveOut = shortest >= 2 && maxLiteral <= MAX_OVERLAP;
  let at = start;
  do {
    const next = textEnd - at < 2 * CHUNK ? textEnd : at + CHUNK;
    if (mayLeaveOut && next - at >= CHUNK && isSparse(at)) goThroughLive(at, next);
    else goThrough(start, at, next);
    if (encoded == textEnd) encoded = nextEncoded(start, textEnd, next);
    if (wideText == NOT_LOOKED) wideText = wideBefore(start, size, at, next);
    at = next;
  } while (at < textEnd);
  if (hitCount > 0) drain(hitCount);
  return <u32>(encoded - start);
}

let wideText: u32 = 0;

/** Goes through `[start, end)`, and tells of literals that end there. They may begin before it, from `lowest` on. */
function goThrough(lowest: usize, start: usize, end: usize): void {
  const size = <u32>(end - start);
  let at = start;
  let d = warm(lowest, start);
  if (size >= SINGLE_STREAM) {
    const quarter: usize = (size >> 2) & ~1;
    const second = start + quarter;
    const third = second + quarter;
    const fourth = third + quarter;
    let a = d;
    let b = warm(lowest, second);
    let c = warm(lowest, third);
    d = warm(lowest, fourth);
    for (let i: usize = 0; i < quarter; i += 2) {
      const wa: u32 = load<u16>(start + i);
      const wb: u32 = load<u16>(second + i);
      const wc: u32 = load<u16>(third + i);
      const wd: u32 = load<u16>(fourth + i);
      const a1 = step(a, wa & 255);
      const b1 = step(b, wb & 255);
      const c1 = step(c, wc & 255);
      const d1 = step(d, wd & 255);
      a = step(a1, wa >> 8);
      b = step(b1, wb >> 8);
      c = step(c1, wc >> 8);
      d = step(d1, wd >> 8);
      // One sign test for eight states, and no test for each of them where one accepts: which one cannot be foreseen.
      if ((a1 | b1 | c1 | d1 | a | b | c | d) < 0) {
        store<i16>(STATES, a1);
        store<i16>(STATES, a, 2);
        store<i16>(STATES, b1, 4);
        store<i16>(STATES, b, 6);
        store<i16>(STATES, c1, 8);
        store<i16>(STATES, c, 10);
        store<i16>(STATES, d1, 12);
        store<i16>(STATES, d, 14);
        for (let bits = signs(a1, a) | (signs(b1, b) << 2) | (signs(c1, c) << 4) | (signs(d1, d) << 6); bits != 0; bits &= bits - 1) {
          const which: usize = ctz(bits);
          setStream(which >> 1);
          emit(start + (which >> 1) * quarter + i + (which & 1) + 1, load<i16>(STATES + (which << 1)));
        }
      }
    }
    at = fourth + quarter;
  }
  setStream(3);
  for (; at < end; at++) {
    d = step(d, load<u8>(at));
    if (d < 0) emit(at + 1, d);
  }
}

/** What `HALVES` says of each of 16 bytes: a bit that its low half byte and its high one have both tells of a part in literals. */
// @ts-ignore: decorator
@inline
function partsOf(low: v128, high: v128, at: usize): v128 {
  const bytes = v128.load(at);
  return v128.and(i8x16.swizzle(low, v128.and(bytes, i8x16.splat(0x0f))), i8x16.swizzle(high, i8x16.shr_u(bytes, 4)));
}

/** A bit for each of 16 bytes that may stand in a literal. */
// @ts-ignore: decorator
@inline
function liveOf(parts: v128): u32 {
  return <u32>i8x16.bitmask(i8x16.gt_s(v128.and(parts, i8x16.splat(0x3f)), i8x16.splat(0)));
}

/** A bit for each of 16 bytes that may begin a literal of two bytes. */
// @ts-ignore: decorator
@inline
function shortOf(parts: v128): u32 {
  return <u32>i8x16.bitmask(v128.or(parts, i8x16.add(parts, parts)));
}

/** Whether many blocks of a chunk hold no three bytes in a row that may stand in a literal: as in a program's code, or in text that is not ASCII. */
function isSparse(start: usize): bool {
  const low = v128.load(HALVES);
  const high = v128.load(HALVES, 16);
  let dead: u32 = 0;
  for (let at = start; at < start + CHUNK; at += SAMPLED * BLOCK) {
    const bits = liveOf(partsOf(low, high, at));
    dead += u32((bits & (bits >> 1) & (bits >> 2)) == 0);
  }
  return dead >= LEAST_DEAD;
}

/** The same as `goThrough`, of those blocks alone in which a literal may stand. */
function goThroughLive(start: usize, end: usize): void {
  const from = start - min<usize>(start - textStart, maxLiteral - 1);
  live = scratch + 2 * MOST_BLOCKS;
  liveFrom = from;
  chunkStart = start;
  chunkEnd = end;
  const count = gather(from, end);
  goThrough(live, live, live + count * BLOCK);
  live = 0;
}

/**
 * Copies live blocks of `[from, end)`, and says how many there are. A literal begins with three bytes that may stand in one, or with a
 * byte that begins one of two, and goes on from block to block only over such bytes. A last block may reach beyond the end.
 */
function gather(from: usize, end: usize): usize {
  const low = v128.load(HALVES);
  const high = v128.load(HALVES, 16);
  let parts = partsOf(low, high, from);
  let partsBehind = partsOf(low, high, from + BLOCK);
  let bits = liveOf(parts) | (liveOf(partsBehind) << 16);
  let short = shortOf(parts) | (shortOf(partsBehind) << 16);
  let blocks: usize = 0;
  let isLive: u32 = 0;
  let lastBit: u32 = 0;
  for (let at = from, block: u32 = 0; at < end; at += 2 * BLOCK, block += 2) {
    parts = partsOf(low, high, at + 2 * BLOCK);
    partsBehind = partsOf(low, high, at + 3 * BLOCK);
    const next = liveOf(parts) | (liveOf(partsBehind) << 16);
    const starts = bits & ((bits >> 1) | (next << 31)) & ((bits >> 2) | (next << 30) | short);
    // Where a byte and the one before it may both stand in a literal, one may go on from block to block.
    const goesOn = bits & ((bits << 1) | lastBit);
    isLive = u32((starts & 0xffff) != 0) | (isLive & goesOn);
    v128.store(live + blocks * BLOCK, v128.load(at));
    store<u16>(scratch + 2 * blocks, <u16>block);
    blocks += isLive;
    isLive = u32(starts > 0xffff) | (isLive & (goesOn >> 16));
    v128.store(live + blocks * BLOCK, v128.load(at, BLOCK));
    store<u16>(scratch + 2 * blocks, <u16>(block + 1));
    blocks += isLive;
    lastBit = bits >> 31;
    bits = next;
    short = shortOf(parts) | (shortOf(partsBehind) << 16);
  }
  return blocks;
}

// @ts-ignore: decorator
@inline
function blockOf(index: usize): usize {
  return load<u16>(scratch + 2 * index);
}

/** Where a byte of the live blocks comes from. */
// @ts-ignore: decorator
@inline
function placeOf(at: usize): usize {
  return liveFrom + blockOf((at - live) / BLOCK) * BLOCK + ((at - live) & (BLOCK - 1));
}

function emit(end: usize, state: i32): void {
  const gates = accepting + (<usize>~state << 4);
  const place = live == 0 ? end : placeOf(end - 1) + 1;
  if (live != 0 && (place <= chunkStart || place > chunkEnd)) return;
  // Most literals stand where none of their checks can pass, and one byte on either side shows it. At the text's end it is anything.
  if (load<u8>(load<u32>(gates, 4) + load<u8>(place)) == 0) return;
  const start = place - load<u32>(gates, 12);
  if (start > textStart && load<u8>(load<u32>(gates, 8) + load<u8>(start - 1)) == 0) return;
  const last = load<u32>(gates, 16);
  for (let at = load<u32>(gates); at < last; at++) {
    const check = load<u32>(outputs + (at << 2));
    const record = checks + (check << 5);
    // Between two blocks others may have been left out.
    if (live != 0 && placeOf(end - load<u32>(record, 4)) != place - load<u32>(record, 4)) continue;
    if (!passes(record, place)) continue;
    const hit = hits + hitCount * HIT_BYTES;
    store<u32>(hit, <u32>(place - textStart));
    store<u32>(hit, check, 4);
    if (++hitCount == hitLimit) {
      drain(hitCount);
      hitCount = 0;
    }
  }
}

/** What `scan` found of it when it was asked to. */
export function foundWideText(): u32 {
  return wideText;
}
