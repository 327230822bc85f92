// Records of commits and tags, and their texts. `git/store/commit-graph.ts` has the plain form, and the oracle.
import { give, grown, need, room } from './arena';
import { COMMIT, DAMAGED_LINKS, hasRecord, isSet, LINKS, mark, marks, NONE, record, records, set, SHALLOW, wordOf } from './history';
import { Names, NAMES_BYTES, nameOf, setNames } from './names';
import { hashSize, numberOf } from './object-numbers';

/** Told of a commit or tag whose texts are to be looked at alone. */
// @ts-ignore: decorator
@external('env', 'told')
declare function told(number: u32, type: u32, bytes: usize, size: u32, isReached: u32): void;
/** Told of texts, one after the other and a line feed behind each. Of each three words: number, kind, where it ends. */
// @ts-ignore: decorator
@external('env', 'texts')
declare function texts(start: usize, size: u32, items: usize, count: u32): void;
/** Committer time that a header of no ordinary form says; NaN for none. */
// @ts-ignore: decorator
@external('env', 'timeOf')
declare function timeOf(header: usize, size: u32): f64;

const LF: u32 = 0x0a;
const CR: u32 = 0x0d;
const SPACE: u32 = 0x20;

/** A record: parents (-1 for a tag), tree of the commit or what the tag is put on, committer time, parents. */
export const TARGET: usize = 4;
const TIME: usize = 8;
export const PARENTS: usize = 16;

/** Kinds of texts. */
const MESSAGE: u32 = 0;
const PERSON: u32 = 1;
const TEXT_ROOM: u32 = 262_144;
const LARGEST_TEXT: u32 = 65_536;
const ITEM_ROOM: u32 = 4096;
const ITEM: usize = 12;

/** Whether texts are told together, and then also those of what nothing has led to yet. */
let joins: bool = false;
let all: bool = false;
let textStart: usize = 0;
let textSize: u32 = 0;
let items: usize = 0;
let itemCount: u32 = 0;
let people: Names = changetype<Names>(0);
/** What is held of commits that nothing has led to when they come by, one after the other: number, how many bytes, and these, from behind the parents. */
let held: usize = 0;
let heldSize: u32 = 0;
const HELD_HEAD: u32 = 8;
/** Beyond, commits are read once more. */
const MOST_HELD: u32 = 8_388_608;
/** An id's bytes, made of hex digits; and numbers of parents. */
let scratch: usize = 0;
let parents: usize = 0;
/** Where what follows the parents begins, of the commit that was read last; and where the last record was made. */
let restAt: u32 = 0;
let lastRecord: usize = 0;

export function setLinks(joinTexts: bool, allTexts: bool, factor: u32): void {
  joins = joinTexts;
  all = allTexts;
  people = changetype<Names>(room(NAMES_BYTES));
  setNames(people, factor);
  scratch = room(32);
  parents = need(1024);
  textStart = room(joins ? <usize>TEXT_ROOM + 64 : 16);
  items = room(joins ? <usize>ITEM_ROOM * ITEM : 16);
}

/** A commit or a tag. `bytes` may be overwritten by whatever is told of it. */
export function link(number: i32, type: u32, bytes: usize, size: u32): void {
  if (hasRecord(number) || isSet(number, DAMAGED_LINKS)) return;
  const isSound = type == COMMIT ? readCommit(number, bytes, size) : readTag(number, bytes, size);
  if (!isSound) set(number, DAMAGED_LINKS);
  const isReached = load<u8>(marks + <usize>number) == 1;
  // Children come before parents in what git packs, so one look is nearly always enough.
  if (isReached && isSound) markLinks(lastRecord, isSet(number, SHALLOW));
  if (joins && !isReached && !all) {
    if (isSound && type == COMMIT) hold(number, bytes + restAt, size - restAt);
    return;
  }
  if (joins && isSound && type == COMMIT && takeTexts(number, bytes, size)) return;
  tellTexts();
  told(number, type, bytes, size, <u32>isReached);
}

function markLinks(place: usize, isShallow: bool): void {
  mark(load<i32>(place, TARGET));
  const count = load<i32>(place);
  if (!isShallow) for (let index: i32 = 0; index < count; index++) mark(load<i32>(place + (<usize>index << 2), PARENTS));
}

/** Value of a hex digit as git writes it; 16 for any other byte. */
// @ts-ignore: decorator
@inline
function hexDigit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  return byte - 0x61 < 6 ? byte - 0x57 : 16;
}

/** Makes the bytes of an id of its digits; false when they are none. */
function readId(digits: usize): bool {
  const count = hashSize();
  for (let index: usize = 0; index < count; index++) {
    const high = hexDigit(load<u8>(digits + 2 * index));
    const low = hexDigit(load<u8>(digits + 2 * index, 1));
    if (high > 15 || low > 15) return false;
    store<u8>(scratch + index, (high << 4) | low);
  }
  return true;
}

/** Whether bytes go on with `tree `, as one word of four bytes and one more. */
function isTree(bytes: usize): bool {
  return load<u32>(bytes) == 0x65657274 && load<u8>(bytes, 4) == 0x20;
}

function isParent(bytes: usize): bool {
  return load<u32>(bytes) == 0x65726170 && load<u16>(bytes, 4) == 0x746e && load<u8>(bytes, 6) == 0x20;
}

function isAuthor(bytes: usize): bool {
  return load<u32>(bytes) == 0x68747561 && load<u16>(bytes, 4) == 0x726f && load<u8>(bytes, 6) == 0x20;
}

function isCommitter(bytes: usize): bool {
  return load<u64>(bytes) == 0x65747469_6d6d6f63 && load<u16>(bytes, 8) == 0x2072;
}

function isTagger(bytes: usize): bool {
  return load<u32>(bytes) == 0x67676174 && load<u16>(bytes, 4) == 0x7265 && load<u8>(bytes, 6) == 0x20;
}

function readCommit(number: i32, bytes: usize, size: u32): bool {
  const digits = <u32>hashSize() << 1;
  let at: u32 = 5 + digits;
  if (size <= at || !isTree(bytes) || !readId(bytes + 5) || load<u8>(bytes + at++) != LF) return false;
  const tree = numberOf(scratch);
  let count: u32 = 0;
  while (at + 7 <= size && isParent(bytes + at)) {
    const end: u32 = at + 7 + digits;
    if (end >= size || !readId(bytes + at + 7) || load<u8>(bytes + end) != LF) return false;
    parents = grown(parents, <usize>count << 2, (<usize>count + 1) << 2);
    store<i32>(parents + (<usize>(count++) << 2), numberOf(scratch));
    at = end + 1;
  }
  restAt = at;
  const place = record(PARENTS + (<usize>count << 2));
  store<u32>(place, count);
  store<i32>(place, tree, TARGET);
  store<f64>(place, readTime(bytes, at, size), TIME);
  memory.copy(place + PARENTS, parents, <usize>count << 2);
  store<u32>(records + (<usize>number << 2), wordOf(place) + LINKS);
  lastRecord = place;
  return true;
}

function readTag(number: i32, bytes: usize, size: u32): bool {
  // "object "
  if (size < 7 + (<u32>hashSize() << 1) || load<u32>(bytes) != 0x656a626f || load<u16>(bytes, 4) != 0x7463 || load<u8>(bytes, 6) != 0x20) return false;
  if (!readId(bytes + 7)) return false;
  const place = record(PARENTS);
  store<i32>(place, NONE);
  store<i32>(place, numberOf(scratch), TARGET);
  store<u32>(records + (<usize>number << 2), wordOf(place) + LINKS);
  lastRecord = place;
  return true;
}

/** Where the header that begins at `at` ends: before two line feeds, else with the bytes. */
function headerEnd(bytes: usize, at: u32, size: u32): u32 {
  for (let end = at; end + 1 < size; end++) if (load<u8>(bytes + end) == LF && load<u8>(bytes + end, 1) == LF) return end;
  return size;
}

function lineEnd(bytes: usize, at: u32, end: u32): u32 {
  let next = at;
  while (next < end && load<u8>(bytes + next) != LF) next++;
  return next;
}

/** Committer time in seconds of a header from `at` on; what is not written as git does is read outside. */
function readTime(bytes: usize, at: u32, size: u32): f64 {
  const end = headerEnd(bytes, at, size);
  for (let from = at; from < end; from++) if (load<u8>(bytes + from) == CR) return timeOf(bytes + at, end - at);
  for (let from = at; from < end;) {
    const next = lineEnd(bytes, from, end);
    if (next - from > 10 && isCommitter(bytes + from)) {
      const time = plainTime(bytes, from + 10, next);
      return time < 0 ? timeOf(bytes + at, end - at) : time;
    }
    from = next + 1;
  }
  return NaN;
}

/** `> 1700000000 +0000` at the end of a line, but for what follows the zone's first digit; -1 for anything else. */
function plainTime(bytes: usize, from: u32, end: u32): f64 {
  let at = end;
  while (at > from && load<u8>(bytes + at - 1) != 0x3e) at--;
  if (at == from) return -1;
  while (at < end && load<u8>(bytes + at) == SPACE) at++;
  const first = at;
  let time: f64 = 0;
  for (; at < end; at++) {
    const digit: u32 = <u32>load<u8>(bytes + at) - 0x30;
    if (digit > 9) break;
    time = time * 10 + <f64>digit;
  }
  if (at == first || at - first > 15 || at + 3 > end || load<u8>(bytes + at) != SPACE) return -1;
  const sign: u32 = load<u8>(bytes + at, 1);
  return (sign == 0x2b || sign == 0x2d) && <u32>load<u8>(bytes + at, 2) - 0x30 < 10 ? time : -1;
}

/** Where the name in a person's line ends: before the time, if there is one. */
function personEnd(bytes: usize, from: u32, end: u32): u32 {
  let at = end;
  while (at > from && <u32>load<u8>(bytes + at - 1) - 0x30 < 10) at--;
  if (at == end || at < from + 2) return end;
  const sign: u32 = load<u8>(bytes + at - 1);
  if ((sign != 0x2b && sign != 0x2d) || load<u8>(bytes + at - 2) != SPACE) return end;
  at -= 2;
  const last = at;
  while (at > from && <u32>load<u8>(bytes + at - 1) - 0x30 < 10) at--;
  return at == last || at == from || load<u8>(bytes + at - 1) != SPACE ? end : at - 1;
}

/** Takes over a commit's message, and who is new of its people; false when its texts are to be looked at alone. */
function takeTexts(number: i32, bytes: usize, size: u32): bool {
  if (size > LARGEST_TEXT || load<u8>(bytes + restAt) == LF) return false;
  const end = headerEnd(bytes, restAt, size);
  const message = min<u32>(end + 2, size);
  for (let at = restAt; at < size; at++) if (load<u8>(bytes + at) == 0) return false;
  if (textSize + 2 * size > TEXT_ROOM || itemCount + 16 > ITEM_ROOM) tellTexts();
  for (let at = restAt; at < end;) {
    const next = lineEnd(bytes, at, end);
    const from = bytes + at;
    const length = next - at;
    let skipped: u32 = 0;
    if (length >= 7 && (isAuthor(from) || isTagger(from))) skipped = 7;
    else if (length >= 10 && isCommitter(from)) skipped = 10;
    if (skipped > 0) {
      const last = personEnd(bytes, at + skipped, next);
      const known = people.count;
      if (nameOf(people, from + skipped, bytes + last) == known) {
        if (itemCount + 2 > ITEM_ROOM) tellTexts();
        takeText(number, PERSON, from + skipped, last - at - skipped);
      }
    }
    at = next + 1;
  }
  takeText(number, MESSAGE, bytes + message, size - message);
  return true;
}

function takeText(number: i32, kind: u32, start: usize, size: u32): void {
  memory.copy(textStart + textSize, start, size);
  textSize += size;
  const item = items + <usize>(itemCount++) * ITEM;
  store<i32>(item, number);
  store<u32>(item, kind, 4);
  store<u32>(item, textSize, 8);
  store<u8>(textStart + textSize++, <u8>LF);
}

function hold(number: i32, rest: usize, size: u32): void {
  const room = (HELD_HEAD + size + 3) & ~3;
  if (size > LARGEST_TEXT || heldSize + room > MOST_HELD) return;
  held = held == 0 ? need(1024 + room) : grown(held, heldSize, heldSize + room);
  const place = held + heldSize;
  store<i32>(place, number);
  store<u32>(place, size, 4);
  memory.copy(place + HELD_HEAD, rest, size);
  heldSize += room;
}

export function heldStart(): usize {
  return held;
}

/** Bytes of all that is held. */
export function heldLength(): u32 {
  return heldSize;
}

/** Takes over the texts of a commit that is held; those of one that are to be looked at alone are left. */
export function takeHeld(place: usize): void {
  restAt = 0;
  takeTexts(load<i32>(place), place + HELD_HEAD, load<u32>(place, 4));
}

/** Lets go what is held. */
export function dropHeld(): void {
  if (held != 0) give(held);
  held = 0;
  heldSize = 0;
}

/** Tells all texts that were taken over. */
export function tellTexts(): void {
  if (itemCount == 0) return;
  texts(textStart, textSize, items, itemCount);
  itemCount = 0;
  textSize = 0;
}
