// Goes through the families of a pack. `git/store/links.ts` has the plain form for objects that name others, `families.ts` that for blobs.
import { give, grown, need, room, take } from './arena';
import { blob, dropBlob, isBlobTold, UNKNOWN } from './blobs';
import { applyDelta, LEFT_OUT, NOTED, PLAIN } from './delta';
import { BLOB, total, TREE, typeOf } from './history';
import { inflate } from './inflate';
import { link } from './links';
import { numberAt } from './object-numbers';
import { ask, askAlone, endOf, expect, inputSize, inputStart, LARGEST, setInput, startOf } from './pack-input';
import { headLength, headSize, MAX_HEADER, parseHeader } from './plan';
import { dropTree, madeTree, wholeTree } from './tree-records';

/** Whether an object is what its id says, asked only where that is wanted. */
// @ts-ignore: decorator
@external('env', 'isObject')
declare function isObject(rank: u32, type: u32, bytes: usize, size: u32): u32;

/** As in `model/source.ts`. */
const MAX_WHOLE: u32 = 16 * 1024 * 1024;
/** As in `git/store/kernel-codec.ts`. */
const LEAST_ROOM: u32 = 64;
const MAX_SIZE_BYTES: u32 = 7;

// The pack, and its objects by rank. Of a table of blobs alone a rank is a place in that, and there are no positions.
let types: usize = 0;
let firsts: usize = 0;
let nexts: usize = 0;
let positions: usize = 0;
let firstNumber: u32 = 0;
let packEnd: f64 = 0;
let verifies: bool = false;
let hashBytes: u32 = 0;

/** By number, 1 for what was told in this walk; blobs are noted elsewhere. */
let toldTable: usize = 0;
/** Whether all of a family was told. */
let isWhole: bool = true;

/** An object from which others are made: its next delta, its bytes and how many, what is known of it. */
const FRAME: usize = 16;
let frames: usize = 0;
let frameCount: u32 = 0;

// The object that was opened last.
let openedRank: u32 = 0;
let openedChild: i32 = 0;
let openedBytes: usize = 0;
let openedSize: u32 = 0;
let openedKept: usize = 0;

/** A walk over all packs begins, of objects whose ids have so many bytes. */
export function beginWalk(verify: bool, idBytes: u32): void {
  if (toldTable == 0) {
    toldTable = room(total);
    frames = need(1024);
  }
  memory.fill(toldTable, 0, total);
  verifies = verify;
  hashBytes = idBytes;
}

export function setPack(
  offsetTable: usize,
  endTable: usize,
  isWide: bool,
  typeTable: usize,
  firstTable: usize,
  nextTable: usize,
  positionTable: usize,
  first: u32,
  end: f64,
): void {
  types = typeTable;
  firsts = firstTable;
  nexts = nextTable;
  positions = positionTable;
  firstNumber = first;
  packEnd = end;
  setInput(offsetTable, endTable, isWide, types, firsts, nexts);
}

/** Goes through the families of `count` objects that are of a type whose bit is set. */
export function walkFamilies(roots: usize, count: u32, wanted: u32): void {
  expect(roots, count, wanted);
  for (let index: u32 = 0; index < count; index++) {
    const root = load<u32>(roots + (<usize>index << 2));
    if (((wanted >> <u32>load<u8>(types + root)) & 1) != 0) walkFamily(root);
  }
}

function numberOfRank(rank: u32): u32 {
  return numberAt(firstNumber + load<u32>(positions + (<usize>rank << 2)));
}

function firstOf(rank: u32): i32 {
  return load<i32>(firsts + (<usize>rank << 2));
}

/** Everything below an object. Gives whether all of it was told: an object that cannot be read is not, nor what is below it. */
export function walkFamily(root: u32): bool {
  isWhole = true;
  if (isNeeded(root) && openWhole(root)) enter();
  while (frameCount > 0) {
    const top = frames + <usize>(frameCount - 1) * FRAME;
    const child = load<i32>(top);
    const after = load<i32>(nexts + (<usize>child << 2));
    store<i32>(top, after);
    const isOpen = isNeeded(child) && openMade(child, load<u32>(top, 4), load<u32>(top, 8), load<u32>(top, 12));
    if (after < 0) {
      frameCount--;
      leave(child, load<u32>(top, 4), load<u32>(top, 12));
    }
    if (isOpen) enter();
  }
  return isWhole;
}

/** Whether anything is to be told of an object, or made of it. */
function isNeeded(rank: u32): bool {
  if (firstOf(rank) >= 0) return true;
  return isBlob(rank) ? !isBlobTold(rank) : load<u8>(toldTable + numberOfRank(rank)) == 0;
}

function isBlob(rank: u32): bool {
  return load<u8>(types + rank) == BLOB;
}

function enter(): void {
  if (openedChild < 0) {
    leave(openedRank, openedBytes, openedKept);
    return;
  }
  frames = grown(frames, <usize>frameCount * FRAME, (<usize>frameCount + 1) * FRAME);
  const frame = frames + <usize>(frameCount++) * FRAME;
  store<i32>(frame, openedChild);
  store<u32>(frame, <u32>openedBytes, 4);
  store<u32>(frame, openedSize, 8);
  store<u32>(frame, <u32>openedKept, 12);
}

/** @param rank of any object of the family */
function leave(rank: u32, bytes: usize, kept: usize): void {
  if (isBlob(rank)) dropBlob(<u32>kept);
  else dropTree(kept);
  give(bytes);
}

function openWhole(rank: u32): bool {
  const bytes = inflated(rank);
  isWhole = bytes != 0 && opened(rank, bytes, inflatedSize, 0, 0);
  return isWhole;
}

function openMade(rank: u32, base: usize, baseSize: u32, kept: usize): bool {
  const delta = inflated(rank);
  let isOpen = false;
  if (delta != 0) {
    const bytes = applied(base, baseSize, delta, inflatedSize, isBlob(rank) && kept != UNKNOWN ? linesOf(rank) : PLAIN);
    isOpen = bytes != 0 && opened(rank, bytes, appliedSize, delta, kept);
    give(delta);
  }
  isWhole = isWhole && isOpen;
  return isOpen;
}

/** Nothing is made of most blobs, and most hold nothing: then nobody looks at what was copied. */
function linesOf(rank: u32): u32 {
  return firstOf(rank) < 0 && !verifies ? LEFT_OUT : NOTED;
}

/** Tells an object; false, and it is let go, when it is not what its id says. */
function opened(rank: u32, bytes: usize, size: u32, delta: usize, base: usize): bool {
  const type: u32 = load<u8>(types + rank);
  if (verifies && isObject(rank, type, bytes, size) == 0) {
    give(bytes);
    return false;
  }
  openedKept = type == BLOB ? <usize>blob(rank, bytes, size, <u32>base, base == UNKNOWN ? 0 : appliedRuns) : linked(rank, type, bytes, size, delta, base);
  if (openedKept == 0 && type == TREE) {
    give(bytes);
    return false;
  }
  openedRank = rank;
  openedChild = firstOf(rank);
  openedBytes = bytes;
  openedSize = size;
  return true;
}

/** Notes what an object names; gives what is to be kept of a tree, 0 when it is damaged. */
function linked(rank: u32, type: u32, bytes: usize, size: u32, delta: usize, base: usize): usize {
  const number = numberOfRank(rank);
  let kept: usize = 0;
  if (type != TREE) link(number, type, bytes, size);
  else {
    kept = delta == 0 ? wholeTree(number, bytes, size) : madeTree(number, bytes, size, delta, base);
    if (kept == 0) return 0;
  }
  store<u8>(toldTable + number, 1);
  return kept;
}

let inflatedSize: u32 = 0;

/** What is compressed behind an object's header; 0 when it is damaged. */
function inflated(rank: u32): usize {
  const all = endOf(rank) - startOf(rank);
  const isSmall = all > 0 && all <= <f64>LARGEST;
  // Headers are read again with what follows: a table of what they say takes 5 bytes for each object.
  if (!(isSmall ? ask(startOf(rank), <u32>all) : askAlone(startOf(rank), MAX_HEADER))) return 0;
  if (!parseHeader(inputStart, 0, inputSize, hashBytes) || headSize > <f64>MAX_WHOLE) return 0;
  const size = <u32>headSize;
  const start = startOf(rank) + <f64>headLength;
  const next = endOf(rank) - start;
  // Not even a stream that compresses nothing needs more.
  const most = min<f64>(<f64>size * 2 + 65_536, packEnd - start);
  const bytes = take(max<u32>(size + 1, LEAST_ROOM));
  if (bytes == 0) return 0;
  inflatedSize = size;
  // A damaged index may name an offset in the middle of this object: then it ends later than it seems.
  const length = min<f64>(next, most);
  const skipped: u32 = isSmall ? headLength : 0;
  if (length > 0 && (isSmall || ask(start, <u32>length)) && inflatedTo(bytes, size, skipped, <u32>length)) return bytes;
  if (next < most && most > 0 && askAlone(start, <u32>most) && inflatedTo(bytes, size, 0, <u32>most)) return bytes;
  give(bytes);
  return 0;
}

/** Inflates up to `most` bytes of the input behind those that are skipped. */
function inflatedTo(bytes: usize, size: u32, skipped: u32, most: u32): bool {
  return inflate(inputStart + skipped, min<u32>(inputSize - skipped, most), bytes, max<u32>(size + 1, LEAST_ROOM)) == <i32>size;
}

let headEnd: u32 = 0;

/** A number of a delta's head, and in `headEnd` where it ends; more than any object has for none. */
function numberIn(delta: usize, from: u32, size: u32): u64 {
  let value: u64 = 0;
  const limit = min<u32>(from + MAX_SIZE_BYTES, size);
  for (let at = from, shift: u64 = 0; at < limit; shift += 7) {
    const byte: u64 = load<u8>(delta + at++);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      headEnd = at;
      return value;
    }
  }
  return u64.MAX_VALUE;
}

let appliedSize: u32 = 0;
let appliedRuns: u32 = 0;

/** The result of a delta; 0 when it is damaged. */
function applied(base: usize, baseSize: u32, delta: usize, size: u32, lines: u32): usize {
  if (numberIn(delta, 0, size) != <u64>baseSize) return 0;
  const resultSize = numberIn(delta, headEnd, size);
  if (resultSize > <u64>MAX_WHOLE) return 0;
  appliedSize = <u32>resultSize;
  const bytes = take(appliedSize);
  if (bytes == 0) return 0;
  const runs = applyDelta(base, baseSize, delta + headEnd, size - headEnd, bytes, appliedSize, lines);
  if (runs >= 0) {
    appliedRuns = <u32>runs;
    return bytes;
  }
  give(bytes);
  return 0;
}

/** The first number from one on that is of a type whose bit is set, and was not told; `total` when there is none. */
export function nextUntold(from: u32, wanted: u32): u32 {
  let number = from;
  while (number < total && (load<u8>(toldTable + number) != 0 || ((wanted >> typeOf(number)) & 1) == 0)) number++;
  return number;
}
