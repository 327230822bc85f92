// Applies a delta and tells which lines of the result it copied whole. `git/store/codec.ts` has the plain form, and the oracle.
import { MAX_RUNS, RUNS } from './codec-layout';

const LF: u8 = 0x0a;
const COPY: u32 = 0x80;
/** A copy that names no size. */
const COPY_ALL: u32 = 0x10000;

let baseStart: usize = 0;
let baseEnd: usize = 0;
let resultStart: usize = 0;
let resultEnd: usize = 0;
let runs: u32 = 0;

/**
 * Follows the instructions in `[delta, delta + size)`, which is what stands behind the two sizes of a delta's head.
 * Behind each of the three areas 16 bytes may be read, and behind the result 16 written.
 * @param lines note in `RUNS` the runs of lines that were copied whole; beyond `MAX_RUNS` lines count as not copied
 * @returns how many runs there are; -1 when the instructions do not fit base and result
 */
export function applyDelta(base: usize, baseSize: u32, delta: usize, size: u32, result: usize, resultSize: u32, lines: bool): i32 {
  baseStart = base;
  baseEnd = base + baseSize;
  resultStart = result;
  resultEnd = result + resultSize;
  runs = 0;
  const end = delta + size;
  let at = delta;
  let out = result;
  // The copies that are being joined: where they begin in the result, and in the base.
  let start = result;
  let from = base;
  while (at < end) {
    const operation: u32 = load<u8>(at++);
    if ((operation & COPY) == 0) {
      if (operation == 0 || operation > <u32>(end - at) || operation > <u32>(resultEnd - out)) return -1;
      if (lines && out > start) noteRun(start, out, from);
      copy(out, at, operation);
      at += operation;
      out += operation;
      start = out;
      continue;
    }
    // The fields are read whole, and what is not of them cut off: what may lie behind the delta is not looked at.
    let offset: u32 = 0;
    let length: u32 = 0;
    if ((operation & 0x01) != 0) offset = load<u8>(at++);
    if ((operation & 0x02) != 0) offset |= (<u32>load<u8>(at++)) << 8;
    if ((operation & 0x04) != 0) offset |= (<u32>load<u8>(at++)) << 16;
    if ((operation & 0x08) != 0) offset |= (<u32>load<u8>(at++)) << 24;
    if ((operation & 0x10) != 0) length = load<u8>(at++);
    if ((operation & 0x20) != 0) length |= (<u32>load<u8>(at++)) << 8;
    if ((operation & 0x40) != 0) length |= (<u32>load<u8>(at++)) << 16;
    if (length == 0) length = COPY_ALL;
    if (at > end || offset > baseSize || length > baseSize - offset || length > <u32>(resultEnd - out)) return -1;
    const source = base + offset;
    if (out == start || from + (out - start) != source) {
      if (lines && out > start) noteRun(start, out, from);
      start = out;
      from = source;
    }
    copy(out, source, length);
    out += length;
  }
  if (out != resultEnd) return -1;
  if (lines && out > start) noteRun(start, out, from);
  return <i32>runs;
}

/** Copies; up to 15 bytes more may be written. */
// @ts-ignore: decorator
@inline
export function copy(target: usize, source: usize, size: u32): void {
  if (size > 512) {
    memory.copy(target, source, size);
    return;
  }
  for (let done: u32 = 0; done < size; done += 16) v128.store(target + done, v128.load(source + done));
}

/** Of a copy of `[start, end)`, the part that is whole lines on both sides. */
function noteRun(start: usize, end: usize, from: usize): void {
  let first = start;
  const beginsLine = (start == resultStart || load<u8>(start - 1) == LF) && (from == baseStart || load<u8>(from - 1) == LF);
  if (!beginsLine) {
    first = findByte(start, end);
    if (first == end) return;
    first++;
  }
  let last = end;
  if (end != resultEnd || from + (end - start) != baseEnd) while (last > first && load<u8>(last - 1) != LF) last--;
  if (first >= last || runs == MAX_RUNS) return;
  const run = RUNS + <usize>runs * 12;
  store<u32>(run, <u32>(first - resultStart));
  store<u32>(run, <u32>(last - resultStart), 4);
  store<u32>(run, <u32>(from + (first - start) - baseStart), 8);
  runs++;
}

/** The first line feed; `end` if there is none. Up to 15 bytes behind the end are read. */
function findByte(start: usize, end: usize): usize {
  const feeds = i8x16.splat(LF);
  for (let at = start; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), feeds));
    if (found != 0) return min<usize>(at + ctz(found), end);
  }
  return end;
}

/**
 * Gathers what the last delta's runs leave of the result: lines, one after the other. 15 bytes more may be written.
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
