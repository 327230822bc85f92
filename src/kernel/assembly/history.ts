// The objects that name others, by number: what is known of each, and room for their records. They are read in one memory and
// kept in another, since ids and plans take as much room as they do, and are not needed any more once all are read.
import { grown, need, room } from './arena';
import { numberAt } from './object-numbers';

export const COMMIT: u32 = 1;
export const TREE: u32 = 2;
export const BLOB: u32 = 3;
export const NONE: i32 = -1;

/** What is added to the word of a commit's or tag's record: each begins at an even one. */
export const LINKS: u32 = 1;

/** Flags of a number. */
export const SHALLOW: u32 = 1;
export const DAMAGED_LINKS: u32 = 2;
export const DAMAGED_TREE: u32 = 4;
export const MISTYPED: u32 = 8;

/** By number: type code; 1 for what a commit that came by has led to; flags; the word at which a record begins, one more for a commit's or tag's, 0 for none. */
export let types: usize = 0;
export let marks: usize = 0;
export let flags: usize = 0;
export let records: usize = 0;
export let total: u32 = 0;

/** Room for all numbers; gives the addresses of these tables, in words. */
export function setTotal(count: u32): usize {
  total = count;
  types = room(count);
  marks = room(count);
  flags = room(count);
  records = room(<usize>count << 2);
  const tables = room(16);
  store<u32>(tables, <u32>types);
  store<u32>(tables, <u32>marks, 4);
  store<u32>(tables, <u32>flags, 8);
  store<u32>(tables, <u32>records, 12);
  return tables;
}

// @ts-ignore: decorator
@inline
export function isSet(number: i32, flag: u32): bool {
  return (load<u8>(flags + <usize>number) & flag) != 0;
}

// @ts-ignore: decorator
@inline
export function set(number: i32, flag: u32): void {
  store<u8>(flags + <usize>number, load<u8>(flags + <usize>number) | flag);
}

// @ts-ignore: decorator
@inline
export function mark(number: i32): void {
  if (number >= 0) store<u8>(marks + <usize>number, 1);
}

// @ts-ignore: decorator
@inline
export function typeOf(number: i32): u32 {
  return load<u8>(types + <usize>number);
}

/** Whether there is one, of whichever kind: of an object that packs call by two types the first counts. */
// @ts-ignore: decorator
@inline
export function hasRecord(number: i32): bool {
  return load<u32>(records + (<usize>number << 2)) != 0;
}

/** Where the record of a commit or tag lies that is kept in this memory; 0 for none. */
// @ts-ignore: decorator
@inline
export function linksOf(number: i32): usize {
  const word: u32 = number < 0 ? 0 : load<u32>(records + (<usize>number << 2));
  return (word & LINKS) == 0 ? 0 : <usize>(word - LINKS) << 2;
}

/** The same of a tree. */
// @ts-ignore: decorator
@inline
export function treeOf(number: i32): usize {
  const word: u32 = number < 0 ? 0 : load<u32>(records + (<usize>number << 2));
  return (word & LINKS) != 0 ? 0 : <usize>word << 2;
}

/** Notes what a pack calls its objects, where nothing was noted before; gives how many it calls nothing, whose numbers go to `unknown`. */
export function noteTypes(positions: usize, planTypes: usize, count: u32, first: u32, unknown: usize): u32 {
  let found: u32 = 0;
  for (let rank: u32 = 0; rank < count; rank++) {
    const number = numberAt(first + load<u32>(positions + (<usize>rank << 2)));
    if (load<u8>(types + number) != 0) continue;
    const type: u32 = load<u8>(planTypes + rank);
    if (type != 0) store<u8>(types + number, type);
    else store<u32>(unknown + (<usize>(found++) << 2), number);
  }
  return found;
}

/** Gives an address elsewhere at which there is room. */
// @ts-ignore: decorator
@external('env', 'recordRoom')
declare function recordRoom(size: usize): usize;
/** Takes over records that are to lie there. */
// @ts-ignore: decorator
@external('env', 'keepRecords')
declare function keepRecords(start: usize, size: usize, place: usize): void;

const CHUNK: usize = 262_144 - 400;
/** Records that are not kept yet: where they lie, how much of it is used, of how much there is, and where they will lie. */
let chunk: usize = 0;
let chunkUsed: usize = 0;
let chunkSize: usize = 0;
let chunkPlace: usize = 0;

/** Room for a record, of a multiple of eight bytes, until the next one. */
export function record(size: usize): usize {
  const whole = (size + 7) & ~7;
  if (chunkUsed + whole > chunkSize) {
    keepAll();
    chunkSize = max<usize>(CHUNK, whole);
    chunk = chunk == 0 ? need(chunkSize) : grown(chunk, 0, chunkSize);
    chunkPlace = recordRoom(chunkSize);
  }
  const start = chunk + chunkUsed;
  chunkUsed += whole;
  return start;
}

/** The word at which a record will lie that was made at an address. */
// @ts-ignore: decorator
@inline
export function wordOf(start: usize): u32 {
  return <u32>((start - chunk + chunkPlace) >> 2);
}

/** Nothing is left that is not kept. */
export function keepAll(): void {
  if (chunkUsed > 0) keepRecords(chunk, chunkUsed, chunkPlace);
  chunkUsed = 0;
  chunkSize = 0;
}
