// The prefilter's inner loop. An Aho-Corasick automaton over all literals, read as four interleaved streams (one chain
// of dependent loads is bound by latency, four are not), and behind it the cheap checks that throw away most hits
// before JavaScript sees them. `twin.ts` is the same in JavaScript, and the oracle.
import { COLUMNS, HALVES, HEADER, VALUE_BRACE, VALUE_BRACKET, VALUE_LOWER, VALUE_STRONG } from './layout';

/** JavaScript takes the hits out of the buffer, which is full or done. */
@external('env', 'drain')
declare function drain(count: u32): void;

const HIT_BYTES: u32 = 8;
/** Below this many bytes four streams do not pay. */
const SINGLE_STREAM: u32 = 1024;
const MAX_NAME: u32 = 64;
/** Bytes that one instruction looks at. */
const BLOCK: usize = 16;
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
let nameBitmap: usize = 0;
let valueBytes: usize = 0;
let hits: usize = 0;
let hitLimit: u32 = 0;
let hitCount: u32 = 0;
let textStart: usize = 0;
let textEnd: usize = 0;
let lookAround: bool = false;
/** Bytes that may still be looked at around literals. */
let effort: i32 = 0;

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
 * that count for nothing; `blocks` is room for the live blocks of a chunk.
 */
export function setup(hitBuffer: usize, limit: u32, blocks: usize): void {
  maxLiteral = load<u32>(HEADER);
  accepting = load<u32>(HEADER, 4);
  outputs = load<u32>(HEADER, 8);
  checks = load<u32>(HEADER, 12);
  nameBitmap = load<u32>(HEADER, 16);
  shortest = load<u32>(HEADER, 20);
  valueBytes = load<u32>(HEADER, 24);
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
  textStart = start;
  textEnd = start + size;
  lookAround = isWhole;
  effort = MAX_EFFORT;
  hitCount = 0;
  askedEnd = 0;
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

const NOT_LOOKED: u32 = 0xffffffff;
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
          emit(start + (which >> 1) * quarter + i + (which & 1) + 1, load<i16>(STATES + (which << 1)));
        }
      }
    }
    at = fourth + quarter;
  }
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

/** A check: kind, literal length, exact literal, class that may not stand before, class and length of the run after. */
function passes(check: usize, end: usize): bool {
  const kind = load<u32>(check);
  if (kind == 0) return true;
  const start = end - load<u32>(check, 4);
  const before: usize = load<u32>(check, 12);
  if (before != 0 && start > textStart && load<u8>(before + load<u8>(start - 1)) != 0 && !followsEscape(start)) return false;
  const exact: usize = load<u32>(check, 8);
  if (exact != 0) {
    const length: usize = end - start;
    for (let i: usize = 0; i < length; i++) if (load<u8>(start + i) != load<u8>(exact + i)) return false;
  }
  const run: usize = load<u32>(check, 16);
  if (run != 0) {
    const last = end + load<u32>(check, 20);
    if (last > textEnd) return false;
    for (let at = end; at < last; at++) if (load<u8>(run + load<u8>(at)) == 0) return false;
  }
  if (kind == 7) return isWholeName(start, end) && valueFollows(start, end) && nameIsNear(start, end, load<u32>(check, 24), load<u32>(check, 28));
  if (kind == 6 && !beginsWord(start)) return false;
  const near: usize = load<u32>(check, 24);
  if (near != 0 && !runIsNear(start, end, near, load<u32>(check, 28))) return false;
  if (kind == 1 || kind == 6) return true;
  if (kind == 4) return valueFollows(start, end);
  if (kind == 5) return userInfoFollows(end);
  const operator = operatorAfter(end);
  return operator != 0 && (kind == 2 || (operator == EQUALS && beginsLine(start)));
}

const EQUALS: u32 = 0x3d;
const COLON: u32 = 0x3a;

/** The operator after the rest of a name and perhaps a quote or bracket and blanks: `=` or `:`, 0 when there is none. */
function operatorAfter(from: usize): u32 {
  const limit = min<usize>(textEnd, from + MAX_NAME);
  let at = from;
  while (at < limit && load<u8>(nameBitmap + load<u8>(at)) != 0) at++;
  for (; at < limit; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == EQUALS || byte == COLON) return byte == EQUALS && at + 1 < textEnd && load<u8>(at + 1) == EQUALS ? 0 : byte;
    if (byte != 0x22 && byte != 0x27 && byte != 0x5d && byte != 0x20 && byte != 0x09) return 0;
  }
  return 0;
}

/** A literal that goes on with the case of the letter before it belongs to a longer word: `importKeyword` is no `portkey`. */
function beginsWord(start: usize): bool {
  if (start == textStart) return true;
  const before: u32 = load<u8>(start - 1);
  const first: u32 = load<u8>(start);
  return !((before - 0x61 < 26 && first - 0x61 < 26) || (before - 0x41 < 26 && first - 0x41 < 26)) || followsEscape(start);
}

const LF: u32 = 0x0a;
/** Lines longer than this are cut, as `detect/matchers.ts` does. */
const LINE_REACH: usize = 2048;
/** The same of a value whose name stands elsewhere; the value may end up to 448 bytes behind its literal. */
const NAME_REACH: usize = 512;
const VALUE_REACH: usize = 1024;
/** So that a text full of literals costs no more than one without: then hits pass unseen. */
const MAX_EFFORT: i32 = 1 << 26;

/** Whether enough bytes of a class in a row stand near a literal. `wanted` is how many, and how many lines are near in its upper half. */
function runIsNear(start: usize, end: usize, class_: usize, wanted: u32): bool {
  const min: usize = wanted & 0xffff;
  const lines = wanted >> 16;
  if ((lines > 0 && !lookAround) || effort <= 0) return true;
  const from = linesBack(start, lines, LINE_REACH);
  const to = linesForward(end, lines, LINE_REACH);
  effort -= <i32>(to - from);
  // Every run of so many bytes holds one of any that are so far apart.
  for (let at = from + min - 1; at < to;) {
    let first = at;
    while (first > at - min && load<u8>(class_ + load<u8>(first)) != 0) first--;
    if (first == at - min) return true;
    at = first + min;
  }
  return false;
}

/** Whether a literal is all of its name, but for signs around it. */
function isWholeName(start: usize, end: usize): bool {
  if (start > textStart && isWordByte(load<u8>(start - 1))) return false;
  const behind = byteAt(end);
  return !isWordByte(behind == DOT || behind == DASH ? byteAt(end + 1) : behind);
}

const DOT: u32 = 0x2e;
const DASH: u32 = 0x2d;

function isWordByte(byte: u32): bool {
  return isLetter(byte) || byte - 0x30 < 10 || byte == 0x5f;
}

/** Whether one of some texts, each behind its length, stands near a literal. `lines` is how many are near above it, in its upper half, and below. */
function nameIsNear(start: usize, end: usize, parts: usize, lines: u32): bool {
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

/** @param reach how long the part of a line is that is looked at */
function linesBack(start: usize, lines: u32, reach: usize): usize {
  let at = start;
  for (let line: u32 = 0; line <= lines; line++) {
    if (line > 0) at--;
    const lowest = at - min<usize>(at - textStart, reach);
    while (at > lowest && load<u8>(at - 1) != LF) at--;
    if (at == textStart || load<u8>(at - 1) != LF) break;
  }
  return at;
}

function linesForward(end: usize, lines: u32, reach: usize): usize {
  let at = end;
  for (let line: u32 = 0; line <= lines; line++) {
    if (line > 0) at++;
    const highest = min<usize>(textEnd, at + reach);
    while (at < highest && load<u8>(at) != LF) at++;
    if (at >= textEnd || load<u8>(at) != LF) break;
  }
  return at;
}

/** `\n`, `\r` or `\t` in a string: its letter is no part of what follows. */
function followsEscape(start: usize): bool {
  if (start < textStart + 2 || load<u8>(start - 2) != 0x5c) return false;
  const letter: u32 = load<u8>(start - 1);
  return letter == 0x6e || letter == 0x72 || letter == 0x74;
}

/** How long user and password of an address may be together. */
const MAX_USER_INFO: usize = 258;

/** `user:password@` */
function userInfoFollows(end: usize): bool {
  const limit = min<usize>(textEnd, end + MAX_USER_INFO);
  let colon = false;
  for (let at = end; at < limit; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == 0x40) return colon;
    if (byte == COLON) colon = true;
    else if (byte <= 0x20 || byte == 0x2f || byte == 0x3f || byte == 0x23 || isQuote(byte) || byte == 0x3c || byte == 0x3e) return false;
  }
  return false;
}

/** How far the value of a name is looked at. */
const MAX_VALUE: usize = 256;
const MIN_VALUE: u32 = 8;
/** A word between an operator and its value: a type, an attribute, a scheme such as `Bearer`. */
const MAX_WORD: usize = 12;
/** What a property of C# may do, and the name of a call around a value. */
const MAX_ACCESSORS: usize = 24;
const MAX_WRAPPER: usize = 24;

// @ts-ignore: decorator
@inline
function isBlank(byte: u32): bool {
  return byte == 0x20 || byte == 0x09;
}

// @ts-ignore: decorator
@inline
function isQuote(byte: u32): bool {
  return byte == 0x22 || byte == 0x27 || byte == 0x60;
}

// @ts-ignore: decorator
@inline
function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

// @ts-ignore: decorator
@inline
function byteAt(at: usize): u32 {
  return at < textEnd ? <u32>load<u8>(at) : 0;
}

function skipBlanks(from: usize): usize {
  let at = from;
  while (isBlank(byteAt(at))) at++;
  return at;
}

/** Where a value was looked for last, and whether there was one: rules share literals, and all of one literal are asked in a row. */
let askedStart: usize = 0;
let askedEnd: usize = 0;
let answered: bool = false;

function valueFollows(start: usize, end: usize): bool {
  if (start != askedStart || end != askedEnd) {
    askedStart = start;
    askedEnd = end;
    answered = credentialFollows(start, end);
  }
  return answered;
}

/** Behind an operator: a value of at least `MIN_VALUE` bytes, some of which are no lower-case letters. */
function credentialFollows(start: usize, end: usize): bool {
  const limit = min<usize>(textEnd, end + MAX_NAME);
  let at = end;
  while (at < limit && load<u8>(nameBitmap + load<u8>(at)) != 0) at++;
  let closed = false;
  // `NAME[] =`
  if (byteAt(at) == 0x5b && byteAt(at + 1) == 0x5d) at += 2;
  for (let byte = byteAt(at); isQuote(byte) || byte == 0x5d || byte == 0x5c || byte == 0x29; byte = byteAt(at)) {
    closed = true;
    at++;
  }
  const tail = at;
  at = skipBlanks(at);
  const operator = byteAt(at);
  if (isOperator(operator)) at = afterOperator(at);
  else if (operator == 0x2c || operator == 0x28 || (operator == 0x7b && isQuote(byteAt(at + 1)))) at++;
  else if (operator == 0x3c && byteAt(at + 1) == 0x2d) at += 2;
  else if (operator == 0x7b) {
    // `Name { get; set; } =`
    at = afterAccessors(at + 1);
    if (at == 0) return false;
  }
  else if (at == tail) return false;
  else {
    // `key="NAME" value=`, `NAME string =`
    let word = afterWord(at);
    // `NAME As String =`
    if (word == at + 2) word = afterWord(skipBlanks(word));
    const next = skipBlanks(word);
    if (word > at && byteAt(next) == EQUALS) at = afterOperator(next);
    else if (closed || !(isQuote(operator) || standsAlone(start))) return false;
  }
  at = skipBlanks(at);
  // One word that is not the value yet: a type, or `value`, perhaps in quotes.
  const quoted = isQuote(byteAt(at));
  const first = quoted || byteAt(at) == 0x26 ? at + 1 : at;
  let word = afterWord(first);
  if (word > first) {
    if (quoted && isQuote(byteAt(word))) word++;
    const next = skipBlanks(word);
    if (byteAt(next) == EQUALS || (quoted && byteAt(next) == COLON)) at = skipBlanks(afterOperator(next));
  }
  // `String::from("…")`
  at = afterWrapper(at);
  // The prefix of a string: `@"…"`, `b'…'`.
  if ((byteAt(at) == 0x40 || isLetter(byteAt(at))) && isQuote(byteAt(at + 1))) at++;
  let open = false;
  for (let byte = byteAt(at); isQuote(byte) || byte == 0x5c || byte == 0x28 || byte == 0x5b; byte = byteAt(at)) {
    open = open || isQuote(byte);
    at++;
  }
  if (looksRandom(at, open)) return true;
  // `Bearer`, and then the value.
  const scheme = afterWord(at);
  return scheme > at && isBlank(byteAt(scheme)) && looksRandom(skipBlanks(scheme), open);
}

/** Behind `get; set; } =`; 0 where nothing like it is there. */
function afterAccessors(from: usize): usize {
  const limit = from + MAX_ACCESSORS;
  let at = from;
  while (at < limit && (isLetter(byteAt(at)) || isBlank(byteAt(at)) || byteAt(at) == 0x3b)) at++;
  if (at == limit || byteAt(at) != 0x7d) return 0;
  at = skipBlanks(at + 1);
  return byteAt(at) == EQUALS ? afterOperator(at) : 0;
}

/** Behind the name of a call that is given a string; where it began when there is none. */
function afterWrapper(from: usize): usize {
  const limit = from + MAX_WRAPPER;
  let at = from;
  while (at < limit && (isLetter(byteAt(at)) || byteAt(at) == 0x2e || byteAt(at) == COLON)) at++;
  return at > from && at < limit && byteAt(at) == 0x28 && isQuote(byteAt(at + 1)) ? at : from;
}

/** Behind a short word; where it began when there is none. */
function afterWord(from: usize): usize {
  const limit = from + MAX_WORD + 1;
  let at = from;
  while (at < limit && isLetter(byteAt(at))) at++;
  return at == limit ? from : at;
}

// @ts-ignore: decorator
@inline
function isOperator(byte: u32): bool {
  return byte == EQUALS || byte == COLON || byte == 0x3e || byte == 0x7c || byte == 0x3f || byte == 0x7e;
}

/** `=`, `:`, `:=`, `=>`, `==`, `::`, `?=`, `||`, `??`, `>` */
function afterOperator(from: usize): usize {
  let at = from + 1;
  while (isOperator(byteAt(at))) at++;
  return at;
}

/** A flag (`--token abc`), or a name in capitals (`ENV TOKEN abc`): a blank is operator enough. */
function standsAlone(start: usize): bool {
  if (<u32>load<u8>(start) - 0x41 < 26) return true;
  const lowest = start - min<usize>(start - textStart, MAX_NAME);
  let at = start;
  while (at > lowest && load<u8>(nameBitmap + load<u8>(at - 1)) != 0) at--;
  return load<u8>(at) == 0x2d;
}

/** Without quotes a value needs a digit or a sign that no program's text has there. */
function looksRandom(from: usize, quoted: bool): bool {
  const limit = min<usize>(textEnd, from + MAX_VALUE);
  const stop = quoted ? 0 : VALUE_BRACKET | VALUE_BRACE;
  let at = from;
  let seen: u32 = 0;
  for (; at < limit; at++) {
    const kind: u32 = load<u8>(valueBytes + load<u8>(at));
    if (kind == 0 || (kind & stop) != 0) {
      if ((kind & stop & VALUE_BRACKET) != 0) return false;
      break;
    }
    seen |= kind;
  }
  if (<u32>(at - from) < MIN_VALUE) return false;
  if ((seen & VALUE_STRONG) != 0) return true;
  return quoted && (seen & VALUE_LOWER) != 0 && (seen & ~VALUE_LOWER) != 0;
}

// @ts-ignore: decorator
@inline
function isLead(byte: u8): bool {
  return byte == 0x20 || byte == 0x09 || byte == 0x23;
}

/** The name that holds `from` is the first of its line, but for blanks, `export` and a comment sign. */
function beginsLine(from: usize): bool {
  const lowest = from - min<usize>(from - textStart, MAX_NAME);
  let at = from;
  while (at > lowest && load<u8>(nameBitmap + load<u8>(at - 1)) != 0) at--;
  while (at > lowest && isLead(load<u8>(at - 1))) at--;
  // "export", read as one 32-bit and one 16-bit word.
  if (at >= textStart + 6 && load<u32>(at - 6) == 0x6f707865 && load<u16>(at - 2) == 0x7472) {
    at -= 6;
    while (at > lowest && isLead(load<u8>(at - 1))) at--;
  }
  if (at >= textStart + 3 && load<u8>(at - 1) == 0xbf && load<u8>(at - 2) == 0xbb && load<u8>(at - 3) == 0xef) at -= 3;
  return at == textStart || load<u8>(at - 1) == 0x0a || load<u8>(at - 1) == 0x0d;
}

/**
 * Offset, from `from` on, of eight aligned bytes in which NUL and characters of text take turns: a string of wide characters.
 * The size when there are none.
 */
export function findWideText(start: usize, size: u32, from: u32): u32 {
  const found = wideBefore(start, size, start + from, start + size);
  return found == NOT_LOOKED ? size : found;
}

/** What `scan` found of it when it was asked to. */
export function foundWideText(): u32 {
  return wideText;
}

/** The same from `from` to `until`; `NOT_LOOKED` when there are none and it is not the end. */
function wideBefore(start: usize, size: u32, from: usize, until: usize): u32 {
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

function isTextByte(byte: u32): bool {
  return byte - 0x20 < 95 || byte == 0x09 || byte == 0x0a || byte == 0x0d;
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

function encodedFrom(lowest: usize): void {
  encodedAt = lowest;
  encodedLowest = lowest;
  encodedJudged = lowest;
}

/** The next run that is come to before `until`, or the end. */
function nextEncoded(start: usize, end: usize, until: usize): usize {
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
