// Bytes of a pack by place. What a walk over families comes to is known before, so of the next objects as many
// as there is room for are read together, in the order of the pack. `git/store/pack-blocks.ts` reads what JavaScript asks for.
import { grown, need, room } from './arena';

/** Reads bytes of the pack that is gone through; gives how many there were, -1 when it cannot be read. */
// @ts-ignore: decorator
@external('env', 'readPack')
declare function readPack(position: f64, target: usize, size: u32): i32;

/** Room for what is read ahead, and how much of it is for objects. The rest is for what lies between them, where that spares a read. */
const ROOM: u32 = 6 * 1024 * 1024;
const WANTED: u32 = 4 * 1024 * 1024;
/** So much between two objects costs as much as a read. As a power of two. */
const GAP_BITS: u32 = 12;
/** Larger objects are read alone. */
export const LARGEST: u32 = 256 * 1024;

// The pack's objects by rank, see `object-families.ts`.
/** Words, or numbers of 64 bits where a pack is larger than words say. */
let offsets: usize = 0;
/** Where each ends, in the same form. */
let ends: usize = 0;
let isWide: bool = false;
let types: usize = 0;
let firsts: usize = 0;
let nexts: usize = 0;

/** Objects whose families are gone through next, of which types, and how many of them have been come to. */
let roots: usize = 0;
let rootCount: u32 = 0;
let wanted: u32 = 0;
let rootAt: u32 = 0;
/** Where the walk goes on in a family that has been begun. */
let pending: usize = 0;
let pendingCount: u32 = 0;

/** By rank from the lowest on, a bit for each object that is to be read. */
let marked: usize = 0;
let markedWords: u32 = 0;
let chosen: usize = 0;
/** Bytes between objects, added up by the bits of how many there are from one to the next. */
let gaps: usize = 0;
/** What has been read ahead; and of each part of it where it begins and ends in the pack, and where it lies. */
let ahead: usize = 0;
let parts: usize = 0;
let partCount: u32 = 0;
const PART: usize = 24;
/** For what is read alone. */
let alone: usize = 0;

/** Where the bytes that were asked for lie, and how many there are. Valid until others are asked for. */
export let inputStart: usize = 0;
export let inputSize: u32 = 0;

/** Another pack. */
export function setInput(offsetTable: usize, endTable: usize, wide: bool, typeTable: usize, firstTable: usize, nextTable: usize): void {
  if (ahead == 0) {
    ahead = room(ROOM);
    gaps = room((<usize>GAP_BITS + 1) << 2);
    parts = need(1024);
    chosen = need(1024);
    pending = need(1024);
    alone = need(1024);
  }
  offsets = offsetTable;
  ends = endTable;
  isWide = wide;
  types = typeTable;
  firsts = firstTable;
  nexts = nextTable;
  expect(0, 0, 0);
}

/** Families that will be gone through in this order: of those of `count` objects that are of a type whose bit is set. */
export function expect(rootTable: usize, count: u32, wantedTypes: u32): void {
  roots = rootTable;
  rootCount = count;
  wanted = wantedTypes;
  rootAt = 0;
  pendingCount = 0;
  partCount = 0;
}

/** The object that the walk comes to next; -1 when there is none. */
function comingNext(): i32 {
  if (pendingCount == 0) {
    while (rootAt < rootCount) {
      const root = load<u32>(roots + (<usize>(rootAt++) << 2));
      if (((wanted >> <u32>load<u8>(types + root)) & 1) == 0) continue;
      put(load<i32>(firsts + (<usize>root << 2)));
      return <i32>root;
    }
    return -1;
  }
  const rank = load<i32>(pending + (<usize>(--pendingCount) << 2));
  put(load<i32>(nexts + (<usize>rank << 2)));
  put(load<i32>(firsts + (<usize>rank << 2)));
  return rank;
}

function put(rank: i32): void {
  if (rank < 0) return;
  const place = <usize>(pendingCount++) << 2;
  pending = grown(pending, place, place + 4);
  store<i32>(pending + place, rank);
}

// @ts-ignore: decorator
@inline
function placeIn(table: usize, rank: u32): f64 {
  return isWide ? load<f64>(table + (<usize>rank << 3)) : <f64>load<u32>(table + (<usize>rank << 2));
}

/** Where an object begins in the pack, and where the next one does. */
// @ts-ignore: decorator
@inline
export function startOf(rank: u32): f64 {
  return placeIn(offsets, rank);
}

// @ts-ignore: decorator
@inline
export function endOf(rank: u32): f64 {
  return placeIn(ends, rank);
}

/** Reads what comes next. */
function readAhead(): void {
  let total: u32 = 0;
  let count: u32 = 0;
  let lowest = u32.MAX_VALUE;
  let highest: u32 = 0;
  while (total < WANTED) {
    const next = comingNext();
    if (next < 0) break;
    const rank = <u32>next;
    const size = endOf(rank) - startOf(rank);
    if (size <= 0 || size > <f64>LARGEST) continue;
    total += <u32>size;
    const place = <usize>(count++) << 2;
    chosen = grown(chosen, place, place + 4);
    store<u32>(chosen + place, rank);
    lowest = min<u32>(lowest, rank);
    highest = max<u32>(highest, rank);
  }
  partCount = 0;
  if (count > 0) readChosen(count, lowest & ~63, highest, ROOM - total);
}

/** @param spare bytes there is room for between objects */
function readChosen(count: u32, lowest: u32, highest: u32, spare: u32): void {
  const words = ((highest - lowest) >> 6) + 1;
  if (words > markedWords) {
    marked = marked == 0 ? need(<usize>words << 3) : grown(marked, 0, <usize>words << 3);
    markedWords = words;
  }
  memory.fill(marked, 0, <usize>words << 3);
  for (let index: u32 = 0; index < count; index++) {
    const bit = load<u32>(chosen + (<usize>index << 2)) - lowest;
    const place = marked + (<usize>(bit >> 6) << 3);
    store<u64>(place, load<u64>(place) | ((<u64>1) << (<u64>bit & 63)));
  }
  const widest = <f64>widestGap(words, lowest, spare);
  let target = ahead;
  let start: f64 = 0;
  let end: f64 = 0;
  for (let word: u32 = 0; word < words; word++) {
    for (let bits = load<u64>(marked + (<usize>word << 3)); bits != 0; bits &= bits - 1) {
      const rank = lowest + (word << 6) + <u32>ctz(bits);
      const from = startOf(rank);
      if (from - end > widest) {
        if (end > 0) target = readPart(start, end, target);
        start = from;
      }
      end = endOf(rank);
    }
  }
  readPart(start, end, target);
}

/** How much may lie between two objects that are read together, so that there is room for all of it. */
function widestGap(words: u32, lowest: u32, spare: u32): u32 {
  memory.fill(gaps, 0, (<usize>GAP_BITS + 1) << 2);
  let end: f64 = 0;
  for (let word: u32 = 0; word < words; word++) {
    for (let bits = load<u64>(marked + (<usize>word << 3)); bits != 0; bits &= bits - 1) {
      const rank = lowest + (word << 6) + <u32>ctz(bits);
      const gap = startOf(rank) - end;
      end = endOf(rank);
      if (gap > <f64>((1 << GAP_BITS) - 1)) continue;
      const place = gaps + (<usize>(32 - clz<u32>(<u32>gap)) << 2);
      store<u32>(place, load<u32>(place) + <u32>gap);
    }
  }
  let total: u32 = 0;
  let size: u32 = 0;
  while (size <= GAP_BITS && total + load<u32>(gaps + (<usize>size << 2)) <= spare) total += load<u32>(gaps + (<usize>(size++) << 2));
  return (1 << (size - 1)) - 1;
}

/** Reads a part of the pack; gives where there is room for the next one. What cannot be read whole is left to whoever asks for it. */
function readPart(start: f64, end: f64, target: usize): usize {
  const size = <u32>(end - start);
  if (readPack(start, target, size) != <i32>size) return target;
  const place = <usize>(partCount++) * PART;
  parts = grown(parts, place, place + PART);
  store<f64>(parts + place, start);
  store<f64>(parts + place, end, 8);
  store<u32>(parts + place, <u32>target, 16);
  return target + size;
}

/** Makes what was read ahead the input; false when it was not. */
function find(start: f64, size: u32): bool {
  let low: u32 = 0;
  let high = partCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(parts + <usize>middle * PART) <= start) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return false;
  const part = parts + <usize>(low - 1) * PART;
  if (start + <f64>size > load<f64>(part, 8)) return false;
  inputStart = <usize>load<u32>(part, 16) + <usize>(start - load<f64>(part));
  inputSize = size;
  return true;
}

/** Makes bytes of the pack the input, fewer where the file ends. False when they cannot be read. */
export function ask(start: f64, size: u32): bool {
  if (size <= LARGEST) {
    if (find(start, size)) return true;
    readAhead();
    if (find(start, size)) return true;
  }
  return askAlone(start, size);
}

/** The same for what the walk does not come to. */
export function askAlone(start: f64, size: u32): bool {
  alone = grown(alone, 0, size);
  const count = readPack(start, alone, size);
  inputStart = alone;
  inputSize = <u32>max<i32>(count, 0);
  return count >= 0;
}
