// Ids of objects as numbers: the places of objects in the indexes of packs. `git/store/numbers.ts` has the plain form.
import { room } from './arena';

/** Number of an object that no index holds. */
// @ts-ignore: decorator
@external('env', 'lookUp')
declare function lookUp(id: usize): i32;

/** So far from its expected place an id is looked for one by one. */
const STEPS: u32 = 64;
const NONE: u32 = 0xffffffff;

// An index in words: table of how many ids begin with less than a byte, ids, bytes from one to the next, the first four
// bytes of each id, number of the first object.
const INDEX_BYTES: usize = 20;
let indexes: usize = 0;
let indexCount: u32 = 0;
/** The index that held the last object. */
let last: u32 = 0;
let idBytes: usize = 0;
/** By number, the number that stands for the object; 0 when each is there once. */
let same: usize = 0;

// The index that is looked at.
let fanout: usize = 0;
let ids: usize = 0;
let stride: usize = 0;
let beginnings: usize = 0;

/** For as many indexes as there are packs. */
export function setObjects(packs: u32, hashBytes: u32, sameTable: usize): void {
  indexes = room(<usize>packs * INDEX_BYTES);
  idBytes = hashBytes;
  same = sameTable;
}

export function addIndex(fanoutTable: usize, firstId: usize, idStride: u32, count: u32, firstNumber: u32): void {
  const first = room(<usize>count << 2);
  for (let position: u32 = 0; position < count; position++)
    store<u32>(first + (<usize>position << 2), bswap<u32>(load<u32>(firstId + <usize>position * idStride)));
  const index = indexes + <usize>(indexCount++) * INDEX_BYTES;
  store<u32>(index, <u32>fanoutTable);
  store<u32>(index, <u32>firstId, 4);
  store<u32>(index, idStride, 8);
  store<u32>(index, <u32>first, 12);
  store<u32>(index, firstNumber, 16);
}

export function hashSize(): usize {
  return idBytes;
}

/** Number of a copy of an object, by its place among all copies. */
// @ts-ignore: decorator
@inline
export function numberAt(place: u32): u32 {
  return same == 0 ? place : load<u32>(same + (<usize>place << 2));
}

/** Number of the object whose id stands there. */
export function numberOf(id: usize): i32 {
  for (let turn: u32 = 0; turn < indexCount; turn++) {
    const pack = turn == 0 ? last : turn <= last ? turn - 1 : turn;
    const index = indexes + <usize>pack * INDEX_BYTES;
    fanout = load<u32>(index);
    ids = load<u32>(index, 4);
    stride = load<u32>(index, 8);
    beginnings = load<u32>(index, 12);
    const position = find(id);
    if (position == NONE) continue;
    last = pack;
    return <i32>numberAt(load<u32>(index, 16) + position);
  }
  return lookUp(id);
}

/** Order of the id at a position and one at `id`, byte by byte. */
function compare(position: u32, id: usize): i32 {
  const own = ids + <usize>position * stride;
  for (let at: usize = 0; at + 8 <= idBytes; at += 8) {
    const a = bswap<u64>(load<u64>(own + at));
    const b = bswap<u64>(load<u64>(id + at));
    if (a != b) return a < b ? -1 : 1;
  }
  if ((idBytes & 7) == 0) return 0;
  const a = bswap<u32>(load<u32>(own + idBytes - 4));
  const b = bswap<u32>(load<u32>(id + idBytes - 4));
  return a == b ? 0 : a < b ? -1 : 1;
}

/** First position in a range of an id that is not less. */
function firstFrom(id: usize, start: u32, end: u32): u32 {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(middle, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Position of an id; `NONE` when the index does not hold it. Ids are spread evenly, so it lies near where its next bytes say; else it is looked for by halves. */
function find(id: usize): u32 {
  const beginning = bswap<u32>(load<u32>(id));
  const place = fanout + (<usize>(beginning >> 24) << 2);
  const start = load<u32>(place);
  const end = load<u32>(place, 4);
  let low = start + <u32>((<u64>(end - start) * <u64>(beginning & 0xffffff)) >> 24);
  let steps = STEPS;
  while (low > start && steps > 0 && load<u32>(beginnings + ((<usize>low - 1) << 2)) >= beginning) {
    low--;
    steps--;
  }
  while (low < end && steps > 0 && load<u32>(beginnings + (<usize>low << 2)) < beginning) {
    low++;
    steps--;
  }
  // Where many begin alike, too.
  if (steps == 0 || (low + 1 < end && load<u32>(beginnings + ((<usize>low + 1) << 2)) == beginning)) low = firstFrom(id, start, end);
  return low < end && compare(low, id) == 0 ? low : NONE;
}
