// Ids of objects as numbers: the places of objects in the indexes of packs. `git/store/numbers.ts` has the plain form.
import { room } from './arena';

/** Number of an object that no index holds. */
// @ts-ignore: decorator
@external('env', 'lookUp')
declare function lookUp(id: usize): i32;

/** Of more ids that begin alike, one is looked for by halves. */
const FEW: u32 = 32;
const NONE: u32 = 0xffffffff;

// An index in words: table of how many ids begin with less than a byte, ids, bytes from one to the next, table of how many ids
// begin with less than some bits, how many bits of 32 those leave, number of the first object.
const INDEX_BYTES: usize = 24;
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
let buckets: usize = 0;
let bucketShift: u32 = 0;

/** For as many indexes as there are packs. */
export function setObjects(packs: u32, hashBytes: u32, sameTable: usize): void {
  indexes = room(<usize>packs * INDEX_BYTES);
  idBytes = hashBytes;
  same = sameTable;
}

export function addIndex(fanoutTable: usize, firstId: usize, idStride: u32, count: u32, firstNumber: u32): void {
  // Two to four ids begin alike, so that one is found with two looks at memory that is far away.
  const bits = max<u32>(30 - min<u32>(clz<u32>(count), 29), 1);
  const most: u32 = 1 << bits;
  const table = room((<usize>most + 1) << 2);
  let bucket: u32 = 0;
  for (let position: u32 = 0; position < count; position++) {
    const own = bswap<u32>(load<u32>(firstId + <usize>position * idStride)) >> (32 - bits);
    while (bucket <= own) store<u32>(table + (<usize>(bucket++) << 2), position);
  }
  while (bucket <= most) store<u32>(table + (<usize>(bucket++) << 2), count);
  const index = indexes + <usize>(indexCount++) * INDEX_BYTES;
  store<u32>(index, <u32>fanoutTable);
  store<u32>(index, <u32>firstId, 4);
  store<u32>(index, idStride, 8);
  store<u32>(index, <u32>table, 12);
  store<u32>(index, 32 - bits, 16);
  store<u32>(index, firstNumber, 20);
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
    buckets = load<u32>(index, 12);
    bucketShift = load<u32>(index, 16);
    const position = find(id);
    if (position == NONE) continue;
    last = pack;
    return <i32>numberAt(load<u32>(index, 20) + position);
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

/** Position of an id; `NONE` when the index does not hold it, or not where its table of first bytes says. */
function find(id: usize): u32 {
  const beginning = bswap<u32>(load<u32>(id));
  const bucket = buckets + (<usize>(beginning >> bucketShift) << 2);
  let end = load<u32>(bucket, 4);
  let position = load<u32>(bucket);
  if (end - position > FEW) {
    position = firstFrom(id, position, end);
    end = min<u32>(end, position + 1);
  }
  const first = load<u64>(id);
  let own = ids + <usize>position * stride;
  while (position < end && (load<u64>(own) != first || compare(position, id) != 0)) {
    position++;
    own += stride;
  }
  const byte = fanout + (<usize>(beginning >> 24) << 2);
  return position < end && position >= load<u32>(byte) && position < load<u32>(byte, 4) ? position : NONE;
}
