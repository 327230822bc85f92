// Records of trees: of each what it has and its base has not, and what its base has and it has not. `git/store/tree-graph.ts`
// has the plain form, and the oracle.
import { give, grown, need, take } from './arena';
import { copyFields, fieldBytes } from './delta';
import { DAMAGED_TREE, hasRecord, NONE, record, set, records, wordOf } from './history';
import { Names, NAMES_BYTES, nameOf, setNames } from './names';
import { hashSize, numberOf } from './object-numbers';
import { room } from './arena';

const SPACE: u32 = 0x20;
const KIND_BITS: u32 = 3;
/** As in `git/store/tree-entries.ts`. */
const FOLDER: u32 = 0;
const FILE: u32 = 1;
const PROGRAM: u32 = 2;
const LINK: u32 = 3;
const MODULE: u32 = 4;
const FEW: u32 = 8;
const MAX_DEPTH: u32 = 256;

/** The entries of a tree while others are made from it: a head, and of each entry three words: where it ends, label, child. */
const COUNT: usize = 0;
/** The tree's number; `NONE` when its record was not made from these bytes. */
const NUMBER: usize = 4;
const DEPTH: usize = 8;
/** Each name is there once. */
const PLAIN: usize = 12;
const HEAD: usize = 16;
const ENTRY: usize = 12;

let names: Names = changetype<Names>(0);
/** By name, the last generation in which it was seen. */
let seen: usize = 0;
let generation: u32 = 0;
/** What a tree has and its base has not, labels and children; and names of what the base has and it has not. */
let added: usize = 0;
let addedCount: u32 = 0;
let removed: usize = 0;
let removedCount: u32 = 0;

/** Gives the table of all names. */
export function setTrees(factor: u32): usize {
  names = changetype<Names>(room(NAMES_BYTES));
  setNames(names, factor);
  seen = need(4096);
  memory.fill(seen, 0, 4096);
  seenCount = 1024;
  added = need(1024);
  removed = need(1024);
  return changetype<usize>(names);
}

let seenCount: u32 = 0;

/** As git does: what is no folder, file or link is a submodule, and of a file's permissions one bit counts. */
function kindOfMode(mode: u32): u32 {
  switch (mode & 0o170000) {
    case 0o040000:
      return FOLDER;
    case 0o100000:
      return (mode & 0o100) == 0 ? FILE : PROGRAM;
    case 0o120000:
      return LINK;
    default:
      return MODULE;
  }
}

/** A tree has no more entries: a mode, a blank, a name, NUL and an id each. */
function mostEntries(size: u32): u32 {
  return size / (<u32>hashSize() + 4) + 1;
}

/** Entries of a tree of so many bytes, none of them yet; 0 when there is no memory. */
function begin(size: u32): usize {
  const entries = take(HEAD + <usize>mostEntries(size) * ENTRY);
  if (entries == 0) return 0;
  store<u32>(entries, 0, COUNT);
  store<i32>(entries, NONE, NUMBER);
  store<u32>(entries, 0, DEPTH);
  store<u32>(entries, 1, PLAIN);
  return entries;
}

/** Reads one entry to `out`; false when it is none. */
function readEntry(tree: usize, size: u32, start: u32, out: usize): bool {
  let mode: u32 = 0;
  let at = start;
  for (; at < size && load<u8>(tree + at) != SPACE; at++) {
    const digit: u32 = <u32>load<u8>(tree + at) - 0x30;
    if (digit > 7) return false;
    mode = (mode << 3) | digit;
  }
  const from = at + 1;
  if (at == start || from >= size) return false;
  let nameEnd = from;
  while (nameEnd < size && load<u8>(tree + nameEnd) != 0) nameEnd++;
  const end = nameEnd + 1 + <u32>hashSize();
  if (nameEnd == from || end > size) return false;
  store<u32>(out, end);
  store<u32>(out, (nameOf(names, tree + from, tree + nameEnd) << KIND_BITS) | kindOfMode(mode), 4);
  store<i32>(out, numberOf(tree + nameEnd + 1), 8);
  return true;
}

/** Adds the entries that begin in `[start, until)`, one after the other; false when what follows them is no entry. */
function append(entries: usize, tree: usize, size: u32, start: u32, until: u32): bool {
  let count = load<u32>(entries, COUNT);
  let isSound = true;
  for (let at = start; at < until;) {
    const out = entries + HEAD + <usize>count * ENTRY;
    if (!readEntry(tree, size, at, out)) {
      isSound = false;
      break;
    }
    count++;
    at = load<u32>(out);
  }
  store<u32>(entries, count, COUNT);
  return isSound;
}

/** A tree that is stored whole, or whose base has no record that it could be made upon. Gives its entries, 0 without memory. */
export function wholeTree(number: i32, tree: usize, size: u32): usize {
  const entries = begin(size);
  if (entries == 0) return 0;
  if (!append(entries, tree, size, 0, size)) set(number, DAMAGED_TREE);
  store<u32>(entries, <u32>isPlain(entries), PLAIN);
  recordWhole(number, entries);
  return entries;
}

function recordWhole(number: i32, entries: usize): void {
  if (hasRecord(number)) return; // another copy came first, and its bytes may differ
  const count = load<u32>(entries, COUNT);
  const place = record(12 + (<usize>count << 3));
  store<i32>(place, NONE);
  store<u32>(place, count, 4);
  store<u32>(place, 0, 8);
  let out = place + 12;
  for (let from = entries + HEAD, end = from + <usize>count * ENTRY; from < end; from += ENTRY, out += 8) store<u64>(out, load<u64>(from, 4));
  store<u32>(records + (<usize>number << 2), wordOf(place));
  store<i32>(entries, number, NUMBER);
}

/** A tree that was made by a delta from another one whose entries are known. */
export function madeTree(number: i32, tree: usize, size: u32, delta: usize, base: usize): usize {
  if (load<i32>(base, NUMBER) == NONE || load<u32>(base, PLAIN) == 0 || load<u32>(base, DEPTH) == MAX_DEPTH || hasRecord(number))
    return wholeTree(number, tree, size);
  const entries = begin(size);
  if (entries == 0) return 0;
  const baseCount = load<u32>(base, COUNT);
  added = grown(added, 0, <usize>mostEntries(size) << 3);
  removed = grown(removed, 0, <usize>baseCount << 2);
  addedCount = 0;
  removedCount = 0;
  firstRun(delta);
  let baseAt: i32 = 0;
  for (let at: u32 = 0; at < size;) {
    while (runEnd <= at) nextRun();
    const from = runFrom < 0 ? NONE : beginningAt(base, <u32>runFrom + at - runStart);
    const last = from < 0 ? NONE : lastEndingBy(base, <u32>runFrom + runEnd - runStart);
    if (last >= from && from >= baseAt) {
      remove(base, baseAt, from);
      at = copyEntries(entries, at, base, from, last + 1);
      baseAt = last + 1;
      continue;
    }
    const before = load<u32>(entries, COUNT);
    // In what was copied the next entry may be one of the base again.
    const isSound = append(entries, tree, size, at, runFrom < 0 ? runEnd : at + 1);
    const after = load<u32>(entries, COUNT);
    for (let index = before; index < after; index++)
      store<u64>(added + (<usize>(addedCount++) << 3), load<u64>(entries + HEAD + <usize>index * ENTRY, 4));
    if (!isSound) {
      set(number, DAMAGED_TREE);
      break;
    }
    at = load<u32>(entries + HEAD + <usize>(after - 1) * ENTRY);
  }
  remove(base, baseAt, <i32>baseCount);
  const plain = staysPlain(entries);
  store<u32>(entries, <u32>plain, PLAIN);
  if (!plain) {
    recordWhole(number, entries);
    return entries;
  }
  leaveOutAdded();
  const place = record(12 + (<usize>addedCount << 3) + (<usize>removedCount << 2));
  store<i32>(place, load<i32>(base, NUMBER));
  store<u32>(place, addedCount, 4);
  store<u32>(place, removedCount, 8);
  memory.copy(place + 12, added, <usize>addedCount << 3);
  memory.copy(place + 12 + (<usize>addedCount << 3), removed, <usize>removedCount << 2);
  store<u32>(records + (<usize>number << 2), wordOf(place));
  store<i32>(entries, number, NUMBER);
  store<u32>(entries, load<u32>(base, DEPTH) + 1, DEPTH);
  return entries;
}

/** What was put in another's place needs no second word: most of what is removed is added again. */
function leaveOutAdded(): void {
  generation++;
  for (let index: u32 = 0; index < addedCount; index++) isFirst(load<u32>(added + (<usize>index << 3)) >> KIND_BITS);
  const count = removedCount;
  removedCount = 0;
  for (let index: u32 = 0; index < count; index++) {
    const name = load<u32>(removed + (<usize>index << 2));
    if (isFirst(name)) store<u32>(removed + (<usize>(removedCount++) << 2), name);
  }
}

export function dropTree(entries: usize): void {
  if (entries != 0) give(entries);
}

function remove(base: usize, from: i32, to: i32): void {
  for (let index = from; index < to; index++)
    store<u32>(removed + (<usize>(removedCount++) << 2), load<u32>(base + HEAD + <usize>index * ENTRY, 4) >> KIND_BITS);
}

/** Takes over entries of the base that lie at another place here; gives where they end. */
function copyEntries(entries: usize, at: u32, base: usize, from: i32, to: i32): u32 {
  const count = load<u32>(entries, COUNT);
  const shift = at - (from == 0 ? 0 : load<u32>(base + HEAD + <usize>(from - 1) * ENTRY));
  let out = entries + HEAD + <usize>count * ENTRY;
  const end = base + HEAD + <usize>to * ENTRY;
  for (let entry = base + HEAD + <usize>from * ENTRY; entry < end; entry += ENTRY, out += ENTRY) {
    store<u32>(out, load<u32>(entry) + shift);
    store<u64>(out, load<u64>(entry, 4), 4);
  }
  store<u32>(entries, count + <u32>(to - from), COUNT);
  return load<u32>(out - ENTRY);
}

/** The entry that begins at an offset; `NONE` where none does. */
function beginningAt(entries: usize, offset: u32): i32 {
  const count = load<i32>(entries, COUNT);
  if (offset == 0) return count == 0 ? NONE : 0;
  const entry = lastEndingBy(entries, offset);
  return entry >= 0 && load<u32>(entries + HEAD + <usize>entry * ENTRY) == offset && entry + 1 < count ? entry + 1 : NONE;
}

/** The last entry that ends at an offset or before it; -1 for none. */
function lastEndingBy(entries: usize, offset: u32): i32 {
  let low: i32 = 0;
  let high = load<i32>(entries, COUNT);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<u32>(entries + HEAD + <usize>middle * ENTRY) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether each name is there once, so that a name says which entry is meant. git's own trees are all so. */
function isPlain(entries: usize): bool {
  generation++;
  const end = entries + HEAD + <usize>load<u32>(entries, COUNT) * ENTRY;
  for (let entry = entries + HEAD; entry < end; entry += ENTRY) if (!isFirst(load<u32>(entry, 4) >> KIND_BITS)) return false;
  return true;
}

/** The same for a tree made from a plain one, where little is new in it without a look at each name. */
function staysPlain(entries: usize): bool {
  if (addedCount > FEW) return isPlain(entries);
  generation++;
  for (let index: u32 = 0; index < addedCount; index++) {
    const name = load<u32>(added + (<usize>index << 3)) >> KIND_BITS;
    if (!isFirst(name)) return false;
    if (!isRemoved(name) && countOf(entries, name) > 1) return false;
  }
  return true;
}

function isFirst(name: u32): bool {
  if (name >= seenCount) {
    const count = max<u32>(name + 1, seenCount * 2);
    seen = grown(seen, <usize>seenCount << 2, <usize>count << 2);
    memory.fill(seen + (<usize>seenCount << 2), 0, <usize>(count - seenCount) << 2);
    seenCount = count;
  }
  const place = seen + (<usize>name << 2);
  if (load<u32>(place) == generation) return false;
  store<u32>(place, generation);
  return true;
}

function isRemoved(name: u32): bool {
  for (let index: u32 = 0; index < removedCount; index++) if (load<u32>(removed + (<usize>index << 2)) == name) return true;
  return false;
}

function countOf(entries: usize, name: u32): u32 {
  let count: u32 = 0;
  const end = entries + HEAD + <usize>load<u32>(entries, COUNT) * ENTRY;
  for (let entry = entries + HEAD; entry < end; entry += ENTRY) if (load<u32>(entry, 4) >> KIND_BITS == name) count++;
  return count;
}

// The instructions of a delta that has been applied, so they are sound. The result of the one that is looked at, in bytes
// of the whole, and where it was copied from in the base; -1 when the delta holds it.
let runAt: usize = 0;
let runStart: u32 = 0;
let runEnd: u32 = 0;
let runFrom: i64 = -1;

function firstRun(delta: usize): void {
  runAt = delta;
  for (let size = 0; size < 2; size++) {
    while (load<u8>(runAt) >= 0x80) runAt++;
    runAt++;
  }
  runStart = 0;
  runEnd = 0;
  runFrom = -1;
}

function nextRun(): void {
  const operation: u32 = load<u8>(runAt);
  const at = runAt + 1;
  runStart = runEnd;
  if (operation < 0x80) {
    runFrom = -1;
    runEnd += operation;
    runAt = at + operation;
    return;
  }
  const fields = copyFields(operation, at);
  runFrom = <u32>fields;
  runEnd += <u32>(fields >> 32);
  runAt = at + fieldBytes(operation);
}
