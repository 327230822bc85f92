// What stands near a literal: in its line, and in so many lines around it.
import { BLOCK, LF, lineEnd, linesBack, linesForward, lineStart, textEnd, textStart } from './text';

/** Lines longer than this are cut, as `detect/matchers.ts` does. */
const LINE_REACH: usize = 2048;
/** The same of a value whose name stands elsewhere; the value may end up to 448 bytes behind its literal. */
const NAME_REACH: usize = 512;
const VALUE_REACH: usize = 1024;
/** So that a text full of literals costs no more than one without: then hits pass unseen. */
const MAX_EFFORT: i32 = 1 << 26;
let lookAround: bool = false;
/** Bytes that may still be looked at around literals; what was told before costs nothing. */
let effort: i32 = 0;

/** What was told last, by the stream that the literal is of and the class: all literals of a line get the same answer, and a line of generated code has dozens. */
const ANSWERS: usize = 32;
/** Of which text it is told; a class and how much of it is wanted; where the line begins and ends; whether there is a run. */
const ANSWER_CLASS: usize = 4;
const ANSWER_WANTED: usize = 8;
const ANSWER_START: usize = 12;
const ANSWER_END: usize = 16;
const ANSWER_FOUND: usize = 20;
const ANSWER_BYTES: usize = 32;
let answers: usize = 0;
/** Counts them. */
let text: u32 = 0;
/** The automaton's stream that the next literal is of. */
let stream: usize = 0;

/** Takes room for what was told, `NEAR_ROOM` of `prefilter.ts`: four streams. */
export function setUpNear(room: usize): void {
  answers = room;
}

/** Before each text. `isWhole` says that what stands around a literal in other lines is there too. */
export function beginNear(isWhole: bool): void {
  lookAround = isWhole;
  effort = MAX_EFFORT;
  text++;
}

// @ts-ignore: decorator
@inline
export function setStream(index: usize): void {
  stream = index;
}

/** Whether enough bytes of a class in a row stand near a literal. `wanted` is how many, and how many lines are near in its upper half. */
export function runIsNear(start: usize, end: usize, class_: usize, wanted: u32): bool {
  const lines = wanted >> 16;
  if ((lines > 0 && !lookAround) || effort <= 0) return true;
  const answer = answers + (stream * ANSWERS + (((class_ >> 8) ^ (<usize>lines << 2)) & (ANSWERS - 1))) * ANSWER_BYTES;
  if (isTold(answer, start, end, class_, wanted)) return load<u32>(answer, ANSWER_FOUND) != 0;
  const first = lineStart(start, LINE_REACH);
  const last = lineEnd(end, LINE_REACH);
  const isWholeBefore = first == textStart || load<u8>(first - 1) == LF;
  const isWholeBehind = last == textEnd || load<u8>(last) == LF;
  const from = isWholeBefore ? linesBack(first, lines, LINE_REACH) : first;
  const to = isWholeBehind ? linesForward(last, lines, LINE_REACH) : last;
  const found = holdsRun(from, to, class_, wanted & 0xffff);
  effort -= <i32>(to - from);
  if (!isWholeBefore || !isWholeBehind) return found;
  store<u32>(answer, text);
  store<u32>(answer, <u32>class_, ANSWER_CLASS);
  store<u32>(answer, wanted, ANSWER_WANTED);
  store<u32>(answer, <u32>first, ANSWER_START);
  store<u32>(answer, <u32>last, ANSWER_END);
  store<u32>(answer, u32(found), ANSWER_FOUND);
  return found;
}

/** Whether an answer is one about the same class and line. Where the line would have been cut from here it is another question. */
function isTold(answer: usize, start: usize, end: usize, class_: usize, wanted: u32): bool {
  if (load<u32>(answer) != text || load<u32>(answer, ANSWER_CLASS) != <u32>class_ || load<u32>(answer, ANSWER_WANTED) != wanted) return false;
  const first: usize = load<u32>(answer, ANSWER_START);
  const last: usize = load<u32>(answer, ANSWER_END);
  return start >= first && end <= last && start - first <= LINE_REACH && last - end <= LINE_REACH;
}

/** Whether `[from, to)` holds so many bytes of a class in a row. */
function holdsRun(from: usize, to: usize, class_: usize, least: usize): bool {
  // Every run of so many bytes holds one of any that are so far apart.
  for (let at = from + least - 1; at < to;) {
    let first = at;
    while (first > at - least && load<u8>(class_ + load<u8>(first)) != 0) first--;
    if (first == at - least) return true;
    at = first + least;
  }
  return false;
}

/** Whether one of some texts, each behind its length, stands near a literal. `lines` is how many are near above it, in its upper half, and below. */
export function nameIsNear(start: usize, end: usize, parts: usize, lines: u32): bool {
  if (!lookAround || effort <= 0) return true;
  const from = linesBack(start, lines >> 16, NAME_REACH);
  const to = linesForward(end, lines & 0xffff, VALUE_REACH);
  effort -= <i32>(to - from);
  for (let part = parts, length: usize = load<u8>(part); length > 0; part += length + 1, length = load<u8>(part)) {
    if (holdsFolded(from, to, part + 1, length)) return true;
  }
  return false;
}

/** Whether a text stands in `[from, to)`, its letters in either case. */
function holdsFolded(from: usize, to: usize, text: usize, length: usize): bool {
  const behind = length - 1;
  const first = i8x16.splat(load<i8>(text));
  const last = i8x16.splat(load<i8>(text + behind));
  const small = i8x16.splat(0x20);
  let at = from;
  for (; at + behind + BLOCK <= to; at += BLOCK) {
    const begins = i8x16.eq(v128.or(v128.load(at), small), first);
    let places = i8x16.bitmask(v128.and(begins, i8x16.eq(v128.or(v128.load(at + behind), small), last)));
    for (; places != 0; places &= places - 1) if (isFolded(at + ctz<u32>(places), text, length)) return true;
  }
  for (; at + length <= to; at++) if (isFolded(at, text, length)) return true;
  return false;
}

/** Whether a text stands at `at`, its letters in either case. */
function isFolded(at: usize, text: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++) if ((load<u8>(at + index) | 0x20) != load<u8>(text + index)) return false;
  return true;
}
