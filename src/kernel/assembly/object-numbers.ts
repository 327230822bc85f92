// Ids of objects as numbers: the places of objects in the indexes of packs. `git/store/numbers.ts` has the plain form.
import { room } from './arena';

/** Number of an object that no index holds, or whose id begins as many others do. */
// @ts-ignore: decorator
@external('env', 'lookUp')
declare function lookUp(id: usize): i32;

/** Of more ids that begin alike, one is looked up outside. */
const FEW: u32 = 32;
const NONE: u32 = 0xffffffff;
/** An id that is looked up outside. */
const CROWDED: u32 = 0xfffffffe;

// An index in words: table of how many ids begin with less than a byte, hashes of ids, table of how many ids begin with less
// than some bits, how many bits of 32 those leave, number of the first object.
const INDEX_BYTES: usize = 20;
let indexes: usize = 0;
let indexCount: u32 = 0;
/** The index that held the last object. */
let last: u32 = 0;
let idBytes: usize = 0;
/** By number, the number that stands for the object; 0 when each is there once. */
let same: usize = 0;
/**
 * Of an id its hash is kept, 8 bytes: by a key that nobody knows outside, so that of two ids nobody can make the hash equal. It
 * has two halves, each with a factor of 64 bits for each four bytes of an id.
 */
let factors: usize = 0;

// The index that is made.
let added: usize = 0;
let addedCount: u32 = 0;
let nextBucket: u32 = 0;

/**
 * For as many indexes as there are packs.
 * @param key bytes that nobody knows, 16 for each four of an id
 */
export function setObjects(packs: u32, hashBytes: u32, sameTable: usize, key: usize): void {
  indexes = room(<usize>packs * INDEX_BYTES);
  idBytes = hashBytes;
  same = sameTable;
  factors = key;
}

/** An index whose ids are given next. */
export function addIndex(fanoutTable: usize, count: u32, firstNumber: u32): void {
  // Two to four ids begin alike, so that one is found with two looks at memory that is far away.
  const bits = max<u32>(30 - min<u32>(clz<u32>(count), 29), 1);
  const hashes = room(<usize>count << 3);
  const table = room(((<usize>1 << bits) + 1) << 2);
  added = indexes + <usize>(indexCount++) * INDEX_BYTES;
  addedCount = 0;
  nextBucket = 0;
  store<u32>(added, <u32>fanoutTable);
  store<u32>(added, <u32>hashes, 4);
  store<u32>(added, <u32>table, 8);
  store<u32>(added, 32 - bits, 12);
  store<u32>(added, firstNumber, 16);
}

/** Its next ids, each `stride` bytes behind the one before it. */
export function addIds(first: usize, stride: u32, count: u32): void {
  const hashes = <usize>load<u32>(added, 4) + (<usize>addedCount << 3);
  const table = <usize>load<u32>(added, 8);
  const shift = load<u32>(added, 12);
  for (let index: u32 = 0; index < count; index++) {
    const id = first + <usize>index * stride;
    store<u64>(hashes + (<usize>index << 3), hashOf(id));
    const own = bswap<u32>(load<u32>(id)) >> shift;
    while (nextBucket <= own) store<u32>(table + (<usize>(nextBucket++) << 2), addedCount + index);
  }
  addedCount += count;
}

/** It has no more. */
export function endIds(): void {
  const table = <usize>load<u32>(added, 8);
  const most: u32 = 1 << (32 - load<u32>(added, 12));
  while (nextBucket <= most) store<u32>(table + (<usize>(nextBucket++) << 2), addedCount);
}

function hashOf(id: usize): u64 {
  let low: u64 = 0;
  let high: u64 = 0;
  let factor = factors;
  for (let at: usize = 0; at < idBytes; at += 4, factor += 16) {
    const word = <u64>load<u32>(id + at);
    low += word * load<u64>(factor);
    high += word * load<u64>(factor, 8);
  }
  // The upper halves: what comes to the lower ones depends on less of a factor.
  return (low >> 32) | (high & 0xffffffff_00000000);
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
  const beginning = bswap<u32>(load<u32>(id));
  const hash = hashOf(id);
  for (let turn: u32 = 0; turn < indexCount; turn++) {
    const pack = turn == 0 ? last : turn <= last ? turn - 1 : turn;
    const index = indexes + <usize>pack * INDEX_BYTES;
    const position = find(index, beginning, hash);
    if (position == NONE) continue;
    if (position == CROWDED) break;
    last = pack;
    return <i32>numberAt(load<u32>(index, 16) + position);
  }
  return lookUp(id);
}

/** Position of an id; `NONE` when the index does not hold it, or not where its table of first bytes says. */
function find(index: usize, beginning: u32, hash: u64): u32 {
  const bucket = <usize>load<u32>(index, 8) + (<usize>(beginning >> load<u32>(index, 12)) << 2);
  const end = load<u32>(bucket, 4);
  let position = load<u32>(bucket);
  if (end - position > FEW) return CROWDED;
  const hashes = <usize>load<u32>(index, 4);
  while (position < end && load<u64>(hashes + (<usize>position << 3)) != hash) position++;
  const byte = <usize>load<u32>(index) + (<usize>(beginning >> 24) << 2);
  return position < end && position >= load<u32>(byte) && position < load<u32>(byte, 4) ? position : NONE;
}
