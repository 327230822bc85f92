// What leads to some objects: trees that may hold them, and of each such tree the entries that do. `git/store/leads.ts` has
// the plain form, and the oracle.
import { give, grown, need } from './arena';
import { NONE, total, treeOf } from './history';

/** As in `git/store/tree-entries.ts`. */
const MODULE: u32 = 4;
const KIND_BITS: u32 = 3;
const KIND_MASK: u32 = 7;
/** Numbers that are gone through with one call. */
const AT_ONCE: u32 = 4096;
/** So many entries are put in order one by one. */
const FEW: u32 = 16;

/** By number, 1 for the objects and for each tree that may hold one. */
let leads: usize = 0;
/** By number, the word at which a tree's list begins; 0 for none. A list: how many, then labels ascending, each with its child. */
let lists: usize = 0;
/** For each object, where the trees whose records name it begin in `above`. */
let starts: usize = 0;
let above: usize = 0;
let aboveSize: usize = 0;
/** By name, the last tree in which it was changed. */
let changed: usize = 0;
let changes: u32 = 0;
let waiting: usize = 0;
let waitingCount: u32 = 0;
/** Entries of a list, and room to put them in order. */
let made: usize = 0;
let merged: usize = 0;

/**
 * @param targets numbers of the objects
 * @param names how many there are in trees
 * @returns address of two words: which lead to one, and lists, both by number
 */
export function leadTo(targets: usize, count: u32, names: u32): usize {
  leads = zeroed(total);
  changed = zeroed(<usize>names << 2);
  changes = 0;
  waiting = need(1024);
  waitingCount = 0;
  made = need(1024);
  merged = need(1024);
  findAbove();
  for (let index: u32 = 0; index < count; index++) meet(load<i32>(targets + (<usize>index << 2)));
  while (waitingCount > 0) {
    const number = <usize>load<u32>(waiting + (<usize>(--waitingCount) << 2)) << 2;
    const end = above + (<usize>load<u32>(starts + number, 4) << 2);
    for (let at = above + (<usize>load<u32>(starts + number) << 2); at < end; at += 4) meet(load<i32>(at));
  }
  // What is made now lies where they lay.
  give(starts);
  lists = zeroed(<usize>total << 2);
  chunk = above;
  chunkEnd = above + aboveSize;
  for (let tree: u32 = 0; tree < total; tree++) if (load<u8>(leads + tree) == 1) makeLists(<i32>tree);
  give(changed);
  give(waiting);
  give(made);
  give(merged);
  const answer = need(8);
  store<u32>(answer, <u32>leads);
  store<u32>(answer, <u32>lists, 4);
  return answer;
}

function zeroed(size: usize): usize {
  const block = need(size);
  memory.fill(block, 0, size);
  return block;
}

function meet(number: i32): void {
  if (load<u8>(leads + <usize>number) != 0) return;
  store<u8>(leads + <usize>number, 1);
  push(number);
}

function push(number: i32): void {
  waiting = grown(waiting, <usize>waitingCount << 2, (<usize>waitingCount + 1) << 2);
  store<i32>(waiting + (<usize>(waitingCount++) << 2), number);
}

/** Counts, for each object, the trees that name it, and then notes them. */
function findAbove(): void {
  starts = zeroed((<usize>total + 2) << 2);
  for (let tree: u32 = 0; tree < total; tree += AT_ONCE) countAbove(tree, min<u32>(tree + AT_ONCE, total));
  let sum: u32 = 0;
  for (let number: u32 = 0; number <= total; number++) {
    const at = starts + 4 + (<usize>number << 2);
    sum += load<u32>(at);
    store<u32>(at, sum);
  }
  aboveSize = <usize>sum << 2;
  above = need(aboveSize);
  for (let tree: u32 = 0; tree < total; tree += AT_ONCE) noteAbove(tree, min<u32>(tree + AT_ONCE, total));
}

/** Exported, as the next one, for the reason that `readHeaders` is. */
export function countAbove(from: u32, until: u32): void {
  // Two words further, so that filling moves each place to where it belongs.
  const counts = starts + 8;
  for (let tree = from; tree < until; tree++) {
    const place = treeOf(<i32>tree);
    if (place == 0) continue;
    const end = place + 12 + (<usize>load<u32>(place, 4) << 3);
    for (let entry = place + 12; entry < end; entry += 8) if (isEdge(entry)) increase(counts + (<usize>load<u32>(entry, 4) << 2));
    const base = load<i32>(place);
    if (base != NONE) increase(counts + (<usize>base << 2));
  }
}

export function noteAbove(from: u32, until: u32): void {
  const next = starts + 4;
  for (let tree = from; tree < until; tree++) {
    const place = treeOf(<i32>tree);
    if (place == 0) continue;
    const end = place + 12 + (<usize>load<u32>(place, 4) << 3);
    for (let entry = place + 12; entry < end; entry += 8)
      if (isEdge(entry)) store<u32>(above + (<usize>increase(next + (<usize>load<u32>(entry, 4) << 2)) << 2), tree);
    const base = load<i32>(place);
    if (base != NONE) store<u32>(above + (<usize>increase(next + (<usize>base << 2)) << 2), tree);
  }
}

// @ts-ignore: decorator
@inline
function isEdge(entry: usize): bool {
  return load<i32>(entry, 4) >= 0 && (load<u32>(entry) & KIND_MASK) != MODULE;
}

/** Adds one to a word; gives what it was. */
// @ts-ignore: decorator
@inline
function increase(at: usize): u32 {
  const value = load<u32>(at);
  store<u32>(at, value + 1);
  return value;
}

// @ts-ignore: decorator
@inline
export function listOf(tree: i32): usize {
  return <usize>load<u32>(lists + (<usize>tree << 2)) << 2;
}

const CHUNK: usize = 262_144 - 400;
let chunk: usize = 0;
let chunkEnd: usize = 0;

/** Room for a list, of a multiple of eight bytes. */
function listRoom(size: usize): usize {
  const whole = (size + 7) & ~7;
  if (whole > CHUNK >> 3) return need(whole);
  if (chunkEnd - chunk < whole) {
    chunk = need(CHUNK);
    chunkEnd = chunk + CHUNK;
  }
  const start = chunk;
  chunk += whole;
  return start;
}

/** The list of a tree, after those of all that it is made from. */
function makeLists(tree: i32): void {
  waitingCount = 0;
  for (let at = tree; at != NONE && load<u8>(leads + <usize>at) == 1 && listOf(at) == 0;) {
    const place = treeOf(at);
    if (place == 0) break;
    push(at);
    at = load<i32>(place);
  }
  while (waitingCount > 0) makeList(load<i32>(waiting + (<usize>(--waitingCount) << 2)));
}

function makeList(tree: i32): void {
  const place = treeOf(tree);
  const base = load<i32>(place);
  const entries = place + 12;
  const names = entries + (<usize>load<u32>(place, 4) << 3);
  const end = names + (<usize>load<u32>(place, 8) << 2);
  const baseList: usize = base == NONE ? 0 : listOf(base);
  const baseCount: u32 = baseList == 0 ? 0 : load<u32>(baseList);
  made = grown(made, 0, (names - entries) + (<usize>baseCount << 3));
  changes++;
  for (let name = names; name < end; name += 4) store<u32>(changed + (<usize>load<u32>(name) << 2), changes);
  let own: u32 = 0;
  for (let entry = entries; entry < names; entry += 8) {
    store<u32>(changed + (<usize>(load<u32>(entry) >> KIND_BITS) << 2), changes);
    if (isEdge(entry) && load<u8>(leads + <usize>load<u32>(entry, 4)) == 1) store<u64>(made + (<usize>(own++) << 3), load<u64>(entry));
  }
  let count = own;
  const baseEnd = baseList + 4 + (<usize>baseCount << 3);
  if (baseList != 0) {
    for (let entry = baseList + 4; entry < baseEnd; entry += 8) {
      if (load<u32>(changed + (<usize>(load<u32>(entry) >> KIND_BITS) << 2)) != changes) store<u64>(made + (<usize>(count++) << 3), load<u64>(entry));
    }
    // One list for both, so that they are seen to be equal without a look into it.
    if (own == 0 && count == baseCount) {
      store<u32>(lists + (<usize>tree << 2), <u32>(baseList >> 2));
      return;
    }
  }
  order(own);
  const list = listRoom(4 + (<usize>count << 3));
  store<u32>(list, count);
  merge(made, own, made + (<usize>own << 3), count - own, list + 4);
  store<u32>(lists + (<usize>tree << 2), <u32>(list >> 2));
}

/** Of two rows of entries that ascend by label one; of equal labels those of the first come first. */
function merge(first: usize, firstCount: u32, second: usize, secondCount: u32, out: usize): void {
  const firstEnd = first + (<usize>firstCount << 3);
  const secondEnd = second + (<usize>secondCount << 3);
  let a = first;
  let b = second;
  let to = out;
  while (a < firstEnd && b < secondEnd) {
    const isFirst = load<u32>(a) <= load<u32>(b);
    store<u64>(to, load<u64>(isFirst ? a : b));
    if (isFirst) a += 8;
    else b += 8;
    to += 8;
  }
  memory.copy(to, a, firstEnd - a);
  memory.copy(to + (firstEnd - a), b, secondEnd - b);
}

/** Puts the first entries of `made` in the order of their labels; equal ones stay in theirs. */
function order(count: u32): void {
  for (let from: u32 = 0; from < count; from += FEW) {
    const until = min<u32>(from + FEW, count);
    for (let index = from + 1; index < until; index++) {
      const entry = load<u64>(made + (<usize>index << 3));
      let at = index;
      for (; at > from && load<u32>(made + (<usize>(at - 1) << 3)) > <u32>entry; at--)
        store<u64>(made + (<usize>at << 3), load<u64>(made + (<usize>(at - 1) << 3)));
      store<u64>(made + (<usize>at << 3), entry);
    }
  }
  for (let width = FEW; width < count; width *= 2) {
    merged = grown(merged, 0, <usize>count << 3);
    for (let from: u32 = 0; from < count; from += 2 * width) {
      const middle = min<u32>(from + width, count);
      const until = min<u32>(from + 2 * width, count);
      merge(made + (<usize>from << 3), middle - from, made + (<usize>middle << 3), until - middle, merged + (<usize>from << 3));
    }
    memory.copy(made, merged, <usize>count << 3);
  }
}
