// Which of a pack's objects is a delta of which, from its headers. `git/store/pack-plan.ts` has the plain form, and the oracle.
import { grown, need, room } from './arena';

/** Reads bytes of the pack; gives how many there were, -1 when it cannot be read. */
// @ts-ignore: decorator
@external('env', 'readPack')
declare function readPack(position: f64, target: usize, size: u32): i32;
/** Rank of the object with an id; -1 for one that the pack does not hold. */
// @ts-ignore: decorator
@external('env', 'lookUp')
declare function lookUp(id: usize): i32;

/** So little stays in the cache, of large objects only the beginning is read, and fewer pages are touched for the first time. */
const CHUNK: u32 = 64 * 1024;
/** Headers that are read with one call. */
const AT_ONCE: u32 = 1024;
export const MAX_HEADER: u32 = 64;
const PACK_HEADER: f64 = 12;
const OFFSET_DELTA: u32 = 6;
const ID_DELTA: u32 = 7;
const NONE: i32 = -1;
/** An index may say any offset of 64 bits, and a number of 64 bits does not hold all of them. */
const MOST_PLACES: f64 = <f64>F64.MAX_SAFE_INTEGER;
const COMPRESSED_COST: f64 = 6;
const COPY_COST: f64 = 0.15;

/** Faults, in the order of `FAULTS` in `git/store/kernel-plan.ts`. */
const BAD_HEADER: u32 = 0;
const UNREADABLE: u32 = 1;
const MISSING_BASE: u32 = 2;
const DELTA_CYCLE: u32 = 3;

let count: u32 = 0;
let offsets: usize = 0;
let isWide: bool = false;
let sizes: usize = 0;
let headers: usize = 0;
let types: usize = 0;
let bases: usize = 0;
let firsts: usize = 0;
let nexts: usize = 0;
/**
 * Objects in the order in which their families were gone through. Before that, where an offset is looked for: the pack in so many parts at
 * most, and of each the first object that begins in it or behind it.
 */
let queue: usize = 0;
/** Bytes of a part, as a power of two. */
let partBits: u64 = 0;
let queued: u32 = 0;
let reached: usize = 0;
let rootCount: u32 = 0;
/** Two words each: rank, and fault or where its base's id lies. */
let broken: usize = 0;
let brokenCount: u32 = 0;
let external: usize = 0;
let externalCount: u32 = 0;

/** Bytes of the pack that were read last, and where they begin and end in it. */
let chunk: usize = 0;
let chunkStart: f64 = 0;
let chunkEnd: f64 = 0;

// The last header that was parsed.
let headType: u32 = 0;
export let headSize: f64 = 0;
export let headLength: u32 = 0;
let headDistance: f64 = 0;

/**
 * @param offsetTable places of `objects` objects by rank, and behind them the end: words, or if `wide` numbers of 64 bits
 * @returns address of words: sizes, headers, types, first, next, roots, how many, weights, external, how many, broken, how many
 */
export function planPack(offsetTable: usize, wide: bool, objects: u32, hashBytes: u32): usize {
  count = objects;
  offsets = offsetTable;
  isWide = wide;
  sizes = room(<usize>count << 2);
  headers = room(count);
  types = room(count);
  reached = room(count);
  bases = room(<usize>count << 2);
  firsts = room(<usize>count << 2);
  nexts = room(<usize>count << 2);
  queue = room(<usize>count << 2);
  memory.fill(bases, 0xff, <usize>count << 2);
  memory.fill(firsts, 0xff, <usize>count << 2);
  memory.fill(nexts, 0xff, <usize>count << 2);
  broken = need(1024);
  external = need(1024);
  findParts();
  chunk = room(CHUNK);
  chunkStart = 0;
  chunkEnd = 0;
  for (let rank: u32 = 0; rank < count; rank += AT_ONCE) readHeaders(rank, min<u32>(rank + AT_ONCE, count), hashBytes);
  linkChildren();
  const roots = room(<usize>rootCount << 2);
  const weights = room(<usize>rootCount << 3);
  let root: usize = 0;
  for (let rank: u32 = 0; rank < count; rank++) {
    // Deltas get their type only here, and from objects that lie before or behind them.
    if (load<u8>(types + rank) == 0 || baseOf(rank) != NONE) continue;
    store<u32>(roots + (root << 2), rank);
    store<f64>(weights + (root << 3), takeFamily(rank));
    root++;
  }
  for (let index: u32 = 0; index < externalCount; index++) takeFamily(load<u32>(external + (<usize>index << 3)));
  for (let index: u32 = 0; index < brokenCount; index++) takeFamily(load<u32>(broken + (<usize>index << 3)));
  cutCycles();
  heaviestLast();
  const answer = room(48);
  store<u32>(answer, <u32>sizes);
  store<u32>(answer, <u32>headers, 4);
  store<u32>(answer, <u32>types, 8);
  store<u32>(answer, <u32>firsts, 12);
  store<u32>(answer, <u32>nexts, 16);
  store<u32>(answer, <u32>roots, 20);
  store<u32>(answer, rootCount, 24);
  store<u32>(answer, <u32>weights, 28);
  store<u32>(answer, <u32>external, 32);
  store<u32>(answer, externalCount, 36);
  store<u32>(answer, <u32>broken, 40);
  store<u32>(answer, brokenCount, 44);
  return answer;
}

// @ts-ignore: decorator
@inline
function offsetOf(rank: u32): f64 {
  return isWide ? load<f64>(offsets + (<usize>rank << 3)) : <f64>load<u32>(offsets + (<usize>rank << 2));
}

// @ts-ignore: decorator
@inline
function baseOf(rank: u32): i32 {
  return load<i32>(bases + (<usize>rank << 2));
}

// @ts-ignore: decorator
@inline
function firstOf(rank: u32): i32 {
  return load<i32>(firsts + (<usize>rank << 2));
}

// @ts-ignore: decorator
@inline
function nextOf(rank: u32): i32 {
  return load<i32>(nexts + (<usize>rank << 2));
}

// @ts-ignore: decorator
@inline
function put(table: usize, rank: u32, value: i32): void {
  store<i32>(table + (<usize>rank << 2), value);
}

function findParts(): void {
  const end = <u64>min<f64>(offsetOf(count), MOST_PLACES);
  partBits = 0;
  while (end >> partBits >= <u64>count && partBits < 63) partBits++;
  let part: u32 = 0;
  for (let rank: u32 = 0; rank < count; rank++) for (const its = partOf(offsetOf(rank)); part <= its; part++) put(queue, part, rank);
  for (; part < count; part++) put(queue, part, count);
}

/** Those behind the end, wherever an index says that, are in the last part. */
// @ts-ignore: decorator
@inline
function partOf(offset: f64): u32 {
  return <u32>min<u64>(<u64>min<f64>(offset, MOST_PLACES) >> partBits, count - 1);
}

/** Exported, so that it stays a function of its own: V8 optimizes one while it runs, and runs what came of that from its next call on. */
export function readHeaders(from: u32, until: u32, hashBytes: u32): void {
  let start = chunkStart;
  let end = chunkEnd;
  for (let rank = from; rank < until; rank++) {
    const offset = offsetOf(rank);
    if (offset < start || offset + <f64>MAX_HEADER > end) {
      start = offset;
      end = offset + <f64>max<i32>(readPack(offset, chunk, CHUNK), 0);
    }
    if (offset < PACK_HEADER) markBroken(rank, BAD_HEADER);
    else if (end == offset) markBroken(rank, UNREADABLE);
    else {
      const at = <u32>(offset - start);
      if (parseHeader(chunk, at, <u32>(end - start), hashBytes)) note(rank, offset, chunk + at, hashBytes);
      else markBroken(rank, BAD_HEADER);
    }
  }
  chunkStart = start;
  chunkEnd = end;
}

/** See `EntryHeader`: sizes are numbers of JavaScript there, so they are here. */
export function parseHeader(bytes: usize, at: u32, end: u32, hashBytes: u32): bool {
  let next = at;
  if (next >= end) return false;
  let byte: u32 = load<u8>(bytes + next++);
  headType = (byte >> 4) & 7;
  let size = <f64>(byte & 15);
  let scale: f64 = 16;
  while (byte >= 0x80) {
    if (next >= end) return false;
    byte = load<u8>(bytes + next++);
    size += <f64>(byte & 0x7f) * scale;
    scale *= 128;
  }
  if (size > <f64>F64.MAX_SAFE_INTEGER || headType == 0 || headType == 5) return false;
  headSize = size;
  if (headType == OFFSET_DELTA) {
    if (next >= end) return false;
    byte = load<u8>(bytes + next++);
    let distance = <f64>(byte & 0x7f);
    while (byte >= 0x80) {
      if (next >= end) return false;
      byte = load<u8>(bytes + next++);
      distance = (distance + 1) * 128 + <f64>(byte & 0x7f);
    }
    if (distance == 0 || distance > <f64>F64.MAX_SAFE_INTEGER) return false;
    headDistance = distance;
  } else if (headType == ID_DELTA) {
    next += hashBytes;
    if (next > end) return false;
  }
  headLength = next - at;
  return true;
}

function note(rank: u32, offset: f64, header: usize, hashBytes: u32): void {
  store<u32>(sizes + (<usize>rank << 2), headSize < <f64>u32.MAX_VALUE ? <u32>headSize : u32.MAX_VALUE);
  store<u8>(headers + rank, headLength);
  if (headType == OFFSET_DELTA) {
    const base = rankAt(offset - headDistance);
    if (base < 0) markBroken(rank, MISSING_BASE);
    else put(bases, rank, base);
  } else if (headType == ID_DELTA) {
    const id = header + headLength - hashBytes;
    const base = lookUp(id);
    if (base < 0) addExternal(rank, id, hashBytes);
    else put(bases, rank, base);
  } else {
    store<u8>(types + rank, headType);
    rootCount++;
  }
}

/** Rank of an object that begins exactly at an offset; -1 if none does. */
function rankAt(offset: f64): i32 {
  if (offset < 0) return -1;
  const part = partOf(offset);
  let low = load<u32>(queue + (<usize>part << 2));
  let high = part + 1 < count ? load<u32>(queue + (<usize>part << 2), 4) : count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsetOf(middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low < count && offsetOf(low) == offset ? <i32>low : -1;
}

function markBroken(rank: u32, fault: u32): void {
  broken = grown(broken, <usize>brokenCount << 3, (<usize>brokenCount + 1) << 3);
  const entry = broken + (<usize>(brokenCount++) << 3);
  store<u32>(entry, rank);
  store<u32>(entry, fault, 4);
}

function addExternal(rank: u32, id: usize, hashBytes: u32): void {
  const kept = need(hashBytes);
  memory.copy(kept, id, hashBytes);
  external = grown(external, <usize>externalCount << 3, (<usize>externalCount + 1) << 3);
  const entry = external + (<usize>(externalCount++) << 3);
  store<u32>(entry, rank);
  store<u32>(entry, <u32>kept, 4);
}

/** From the last to the first, so that each list ascends. */
function linkChildren(): void {
  for (let rank = <i32>count - 1; rank >= 0; rank--) {
    const base = baseOf(rank);
    if (base == NONE) continue;
    put(nexts, rank, firstOf(base));
    put(firsts, base, rank);
  }
}

/** Gives all objects below one its type, and says what reading them costs. */
function takeFamily(root: u32): f64 {
  const start = queued;
  const type = load<u8>(types + root);
  let compressed: f64 = 0;
  put(queue, queued++, root);
  store<u8>(reached + root, 1);
  for (let at = start; at < queued; at++) {
    const rank = load<u32>(queue + (<usize>at << 2));
    compressed += offsetOf(rank + 1) - offsetOf(rank);
    for (let child = firstOf(rank); child != NONE; child = nextOf(child)) {
      store<u8>(types + child, type);
      store<u8>(reached + child, 1);
      put(queue, queued++, child);
    }
  }
  return COMPRESSED_COST * compressed + COPY_COST * <f64>(queued - start) * <f64>load<u32>(sizes + (<usize>root << 2));
}

/** What no family has taken hangs on objects that are each other's bases. One of each such ring is cut off from its base. */
function cutCycles(): void {
  for (let start: u32 = 0; start < count; start++) {
    if (load<u8>(reached + start) != 0) continue;
    // Families were taken whole, so whatever is met is of this ring, or hangs on it.
    let rank = start;
    while (load<u8>(reached + rank) != 2) {
      store<u8>(reached + rank, 2);
      rank = baseOf(rank);
    }
    unlink(rank, baseOf(rank));
    put(bases, rank, NONE);
    markBroken(rank, DELTA_CYCLE);
    takeFamily(rank);
  }
}

function unlink(child: u32, base: u32): void {
  if (firstOf(base) == child) put(firsts, base, nextOf(child));
  else {
    let before = firstOf(base);
    while (nextOf(before) != child) before = nextOf(before);
    put(nexts, before, nextOf(child));
  }
  put(nexts, child, NONE);
}

/** See `Planner.#heaviestLast`. */
function heaviestLast(): void {
  const counts = room(<usize>count << 2);
  for (let rank: u32 = 0; rank < count; rank++) put(counts, rank, 1);
  for (let at = <i32>queued - 1; at >= 0; at--) {
    const rank = load<u32>(queue + (<usize>at << 2));
    const base = baseOf(rank);
    if (base != NONE) put(counts, base, load<i32>(counts + (<usize>base << 2)) + load<i32>(counts + (<usize>rank << 2)));
  }
  for (let base: u32 = 0; base < count; base++) {
    let heaviest = firstOf(base);
    if (heaviest == NONE) continue;
    let last = heaviest;
    for (let child = heaviest; child != NONE; child = nextOf(child)) {
      if (load<u32>(counts + (<usize>child << 2)) >= load<u32>(counts + (<usize>heaviest << 2))) heaviest = child;
      last = child;
    }
    if (heaviest == last) continue;
    unlink(heaviest, base);
    put(nexts, last, heaviest);
  }
}
