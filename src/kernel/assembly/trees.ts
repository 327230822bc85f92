// Entries of trees, read where the codec holds them: names become numbers, and ids the places of objects in a pack's index.
// `git/store/tree-entries.ts` has the plain form, and the oracle.

const SPACE: u32 = 0x20;
const KIND_BITS: u32 = 3;
/** As in `git/store/tree-graph.ts`. */
const FOLDER: u32 = 0;
const FILE: u32 = 1;
const PROGRAM: u32 = 2;
const LINK: u32 = 3;
const MODULE: u32 = 4;
/** What stands for an object that the index does not hold. */
const UNKNOWN: i32 = i32.MIN_VALUE;
/** So far from its expected place an id is looked for one by one. */
const STEPS: u32 = 64;

// The index: how many ids begin with less than a byte, the first four bytes of each id, and the ids.
let fanout: usize = 0;
let beginnings: usize = 0;
let ids: usize = 0;
let stride: usize = 0;
let idBytes: usize = 0;
let firstNumber: u32 = 0;

// Names: their bytes, where each ends, its hash, and by hash the number + 1 of one.
let nameBytes: usize = 0;
let nameEnds: usize = 0;
let nameHashes: usize = 0;
let slots: usize = 0;
let mask: u32 = 0;
let factor: u32 = 0;
let names: u32 = 0;

/** Where the entry that was read ends, and what it says. */
let entryEnd: u32 = 0;
let entryLabel: u32 = 0;
let entryChild: i32 = 0;

/** Notes the first four bytes of `count` ids at `first`. */
export function setIndex(fanoutStart: usize, first: usize, idStride: u32, hashBytes: u32, number: u32, count: u32, room: usize): void {
  fanout = fanoutStart;
  ids = first;
  stride = idStride;
  idBytes = hashBytes;
  firstNumber = number;
  beginnings = room;
  for (let position: u32 = 0; position < count; position++)
    store<u32>(beginnings + (<usize>position << 2), bswap<u32>(load<u32>(ids + <usize>position * stride)));
}

/** Names go on at another place, with all that are there; `hashKey` is odd, and unknown outside. */
export function setNames(bytes: usize, ends: usize, hashes: usize, table: usize, tableMask: u32, hashKey: u32): void {
  nameBytes = bytes;
  nameEnds = ends;
  nameHashes = hashes;
  slots = table;
  mask = tableMask;
  factor = hashKey;
  memory.fill(slots, 0, (<usize>mask + 1) << 2);
  for (let name: u32 = 0; name < names; name++) {
    let slot = load<u32>(nameHashes + (<usize>name << 2)) & mask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + (<usize>slot << 2), name + 1);
  }
}

export function nameCount(): u32 {
  return names;
}

/** Bytes of all names. */
export function nameSize(): u32 {
  return nameStart(names);
}

/** Number of the name in `[start, end)`. There must be room for one more. */
function addName(start: usize, end: usize): u32 {
  let hash: u32 = 0;
  for (let at = start; at < end; at++) {
    hash = (hash ^ load<u8>(at)) * factor;
    hash ^= hash >> 15;
  }
  const size = end - start;
  let slot = hash & mask;
  for (;;) {
    const place = slots + (<usize>slot << 2);
    const known = load<u32>(place);
    if (known == 0) break;
    const name = known - 1;
    if (load<u32>(nameHashes + (<usize>name << 2)) == hash) {
      const from = nameStart(name);
      if (load<u32>(nameEnds + (<usize>name << 2)) - from == <u32>size && memory.compare(nameBytes + from, start, size) == 0) return name;
    }
    slot = (slot + 1) & mask;
  }
  const name = names++;
  const from = nameStart(name);
  memory.copy(nameBytes + from, start, size);
  store<u32>(nameEnds + (<usize>name << 2), from + <u32>size);
  store<u32>(nameHashes + (<usize>name << 2), hash);
  store<u32>(slots + (<usize>slot << 2), name + 1);
  return name;
}

// @ts-ignore: decorator
@inline
function nameStart(name: u32): u32 {
  return name == 0 ? 0 : load<u32>(nameEnds + ((<usize>name - 1) << 2));
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

/** Number of the object with an id. Ids are spread evenly, so it lies near where its next bytes say; else it is looked for by halves. */
function numberOf(id: usize): i32 {
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
  return low < end && compare(low, id) == 0 ? <i32>(firstNumber + low) : UNKNOWN;
}

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

function readEntry(tree: usize, size: u32, start: u32): bool {
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
  const end = nameEnd + 1 + <u32>idBytes;
  if (nameEnd == from || end > size) return false;
  entryEnd = end;
  entryLabel = (addName(tree + from, tree + nameEnd) << KIND_BITS) | kindOfMode(mode);
  entryChild = numberOf(tree + nameEnd + 1);
  return true;
}

/**
 * Reads the entries of the tree at `[tree, tree + size)` that begin in `[start, until)`, one after the other. Of each three
 * words go to `out`: where it ends, its label, and the number of what it names; `UNKNOWN` for what the index does not hold.
 * @returns how many there are; the complement of that when what follows them is no entry
 */
export function readEntries(tree: usize, size: u32, start: u32, until: u32, out: usize): i32 {
  let count: i32 = 0;
  for (let at = start; at < until; at = entryEnd) {
    if (!readEntry(tree, size, at)) return ~count;
    const place = out + <usize>count * 12;
    store<u32>(place, entryEnd);
    store<u32>(place, entryLabel, 4);
    store<i32>(place, entryChild, 8);
    count++;
  }
  return count;
}
