// Applies a delta and tells which lines of the result it copied whole. `git/store/codec.ts` has the plain form, and the oracle.
import { COPY_FIELDS, MAX_RUNS, RUNS } from './codec-layout';

const LF: u8 = 0x0a;
const COPY: u32 = 0x80;
/** Which fields a copy has. */
const FIELDS: u32 = 0x7f;
/** A copy that names no size. */
const COPY_ALL: u64 = 0x10000;
/** Bytes that a mask has bits for. */
const MASK_SIZE: u32 = 64;
/** Shorter runs are always copied. Bytes. */
const LEAST_LEFT_OUT: u32 = 1024;

/** What is done with runs of lines that are copied whole: nothing; they are noted in `RUNS`; or noted and not copied, see `copyRuns`. */
export const PLAIN: u32 = 0;
export const NOTED: u32 = 1;
export const LEFT_OUT: u32 = 2;

let baseStart: usize = 0;
let baseEnd: usize = 0;
let resultStart: usize = 0;
let resultEnd: usize = 0;
let runs: u32 = 0;
/** Runs were left out. */
let isPartial: bool = false;
let hasFields: bool = false;

/** For each set of fields, where behind the operation each byte of offset and size is; 255 for one that is not there. */
function setFields(): void {
  hasFields = true;
  for (let fields: u32 = 0; fields <= FIELDS; fields++) {
    let place: u8 = 0;
    for (let byte: u32 = 0; byte < 8; byte++) store<u8>(COPY_FIELDS + (<usize>fields << 3) + byte, (fields >> byte & 1) != 0 ? place++ : 0xff);
  }
}

/** Offset, and above it size, of the copy whose operation stands before `at`. Up to 16 bytes are read. */
// @ts-ignore: decorator
@inline
export function copyFields(operation: u32, at: usize): u64 {
  const places = v128.load_zero<u64>(COPY_FIELDS + (<usize>(operation & FIELDS) << 3));
  const fields = <u64>i64x2.extract_lane(i8x16.swizzle(v128.load(at), places), 0);
  return fields >> 32 == 0 ? fields | (COPY_ALL << 32) : fields;
}

/** Bytes of those fields. */
// @ts-ignore: decorator
@inline
export function fieldBytes(operation: u32): usize {
  return <usize>popcnt<u32>(operation & FIELDS);
}

/**
 * Follows the instructions in `[delta, delta + size)`, which is what stands behind the two sizes of a delta's head.
 * Behind each of the three areas 64 bytes may be read, and behind the result 64 written.
 * @param lines what to do with runs of lines; beyond `MAX_RUNS` lines count as not copied
 * @returns how many runs there are; -1 when the instructions do not fit base and result
 */
export function applyDelta(base: usize, baseSize: u32, delta: usize, size: u32, result: usize, resultSize: u32, lines: u32): i32 {
  if (!hasFields) setFields();
  baseStart = base;
  baseEnd = base + baseSize;
  resultStart = result;
  resultEnd = result + resultSize;
  runs = 0;
  isPartial = lines == LEFT_OUT;
  const end = delta + size;
  let at = delta;
  let out = result;
  // The copies that are being joined, and not made yet: how many bytes, and where they begin in the base.
  let joined: u32 = 0;
  let from = base;
  while (at < end) {
    const operation: u32 = load<u8>(at++);
    if ((operation & COPY) == 0) {
      if (joined > 0) {
        copyJoined(out, from, joined, lines);
        out += joined;
        joined = 0;
      }
      if (operation == 0 || operation > <u32>(end - at) || operation > <u32>(resultEnd - out)) return -1;
      copy(out, at, operation);
      at += operation;
      out += operation;
      continue;
    }
    // The fields are read whole, and what is not of them cut off: what may lie behind the delta is not looked at.
    const fields = copyFields(operation, at);
    at += fieldBytes(operation);
    const offset = <u32>fields;
    const length = <u32>(fields >> 32);
    if (at > end || offset > baseSize || length > baseSize - offset || length > <u32>(resultEnd - out) - joined) return -1;
    const source = base + offset;
    if (joined > 0) {
      if (from + joined == source) {
        joined += length;
        continue;
      }
      copyJoined(out, from, joined, lines);
      out += joined;
    }
    joined = length;
    from = source;
  }
  if (joined > 0) {
    copyJoined(out, from, joined, lines);
    out += joined;
  }
  return out == resultEnd ? <i32>runs : -1;
}

/** Copies; up to 63 bytes more may be written. */
// @ts-ignore: decorator
@inline
export function copy(target: usize, source: usize, size: u32): void {
  if (size > 1024) {
    memory.copy(target, source, size);
    return;
  }
  let done: u32 = 0;
  do {
    v128.store(target + done, v128.load(source + done));
    v128.store(target + done, v128.load(source + done, 16), 16);
    v128.store(target + done, v128.load(source + done, 32), 32);
    v128.store(target + done, v128.load(source + done, 48), 48);
    done += 64;
  } while (done < size);
}

/** A bit for each line feed of 16 bytes. */
// @ts-ignore: decorator
@inline
function feedsAt(at: usize): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(LF)));
}

/** Copies `size` bytes that were not copied in parts, and notes the part of them that is whole lines on both sides. */
// @ts-ignore: decorator
@inline
function copyJoined(start: usize, from: usize, size: u32, lines: u32): void {
  if (lines == PLAIN) {
    copy(start, from, size);
    return;
  }
  const beginsLine = (start == resultStart || load<u8>(start - 1) == LF) && (from == baseStart || load<u8>(from - 1) == LF);
  const endsBoth = start + size == resultEnd && from + size == baseEnd;
  if (size > MASK_SIZE) {
    copyLong(start, from, size, beginsLine, endsBoth);
    return;
  }
  copy(start, from, size);
  const feeds = (feedsAt(from) | feedsAt(from + 16) << 16 | feedsAt(from + 32) << 32 | feedsAt(from + 48) << 48) & (u64.MAX_VALUE >> (64 - <u64>size));
  if (feeds == 0 && !(beginsLine && endsBoth)) return;
  const first: u32 = beginsLine ? 0 : <u32>ctz(feeds) + 1;
  const last: u32 = endsBoth ? size : 64 - <u32>clz(feeds);
  if (first < last && runs < MAX_RUNS) noteRun(start, from, first, last);
}

function copyLong(start: usize, from: usize, size: u32, beginsLine: bool, endsBoth: bool): void {
  const first: u32 = beginsLine ? 0 : behindFirstFeed(from, size);
  const last: u32 = endsBoth ? size : behindLastFeed(from, size);
  if (first >= last || runs == MAX_RUNS) {
    copy(start, from, size);
    return;
  }
  noteRun(start, from, first, last);
  if (!isPartial || last - first < LEAST_LEFT_OUT) {
    copy(start, from, size);
    return;
  }
  // What is before and behind it; and the last bytes, of which one is looked at to see where a line begins.
  if (first > 0) copy(start, from, first);
  const rest = min<u32>(last, size - 16);
  copy(start + rest, from + rest, size - rest);
}

/** @param first and `last` of a copy's bytes the part that is noted */
// @ts-ignore: decorator
@inline
function noteRun(start: usize, from: usize, first: u32, last: u32): void {
  const run = RUNS + <usize>runs * 12;
  const place = <u32>(start - resultStart);
  store<u32>(run, place + first);
  store<u32>(run, place + last, 4);
  store<u32>(run, <u32>(from - baseStart) + first, 8);
  runs++;
}

/** Where the first line ends in so many bytes; their number if none does. Up to 15 bytes more are read. */
function behindFirstFeed(start: usize, size: u32): u32 {
  for (let at: u32 = 0; at < size; at += 16) {
    const found = <u32>feedsAt(start + at);
    if (found != 0) return min<u32>(at + ctz(found) + 1, size);
  }
  return size;
}

/** Where the last line ends in so many bytes, at least 16 of them; 0 if none does. */
function behindLastFeed(start: usize, size: u32): u32 {
  let at = size;
  for (; at >= 16; at -= 16) {
    const found = <u32>feedsAt(start + at - 16);
    if (found != 0) return at + 16 - <u32>clz(found);
  }
  const found = <u32>feedsAt(start) & ((1 << at) - 1);
  return found == 0 ? 0 : 32 - <u32>clz(found);
}

/** What is not asked for while it is told stays left out. */
export function endRuns(): void {
  isPartial = false;
}

/** Makes the last result whole. */
export function copyRuns(): void {
  if (!isPartial) return;
  isPartial = false;
  for (let run: u32 = 0; run < runs; run++) {
    const place = RUNS + <usize>run * 12;
    const start = load<u32>(place);
    const size = load<u32>(place, 4) - start;
    if (size >= LEAST_LEFT_OUT) memory.copy(resultStart + start, baseStart + load<u32>(place, 8), size);
  }
}

/**
 * Gathers what the last delta's runs leave of the result: lines, one after the other. 63 bytes more may be written.
 * @returns the size in bytes
 */
export function gatherLines(target: usize): u32 {
  let out = target;
  let done = resultStart;
  for (let run: u32 = 0; run <= runs; run++) {
    const at = RUNS + <usize>run * 12;
    const start = run == runs ? resultEnd : resultStart + load<u32>(at);
    if (start > done) {
      copy(out, done, <u32>(start - done));
      out += start - done;
    }
    if (run < runs) done = resultStart + load<u32>(at, 4);
  }
  return <u32>(out - target);
}
