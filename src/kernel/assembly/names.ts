// Texts, each once, as numbers. `git/store/names.ts` has the plain form. One table for the names in trees, one for people.
import { grown, need, give } from './arena';

/** Where texts lie one after the other, where each ends, its hash, and slots by hash with the number + 1 of one. */
@unmanaged
export class Names {
  bytes: usize;
  ends: usize;
  hashes: usize;
  slots: usize;
  mask: u32;
  count: u32;
  /** Odd, and unknown outside, so that nobody can write texts that all fall into one slot. */
  factor: u32;
}

const FIRST: u32 = 1024;
export const NAMES_BYTES: usize = 28;

/** @param table room for one, all zero */
export function setNames(names: Names, factor: u32): void {
  names.bytes = need(<usize>FIRST * 16);
  names.ends = need(<usize>FIRST * 4);
  names.hashes = need(<usize>FIRST * 4);
  names.factor = factor;
  setSlots(names, 2 * FIRST);
}

function setSlots(names: Names, count: u32): void {
  if (names.slots != 0) give(names.slots);
  const slots = need(<usize>count << 2);
  const mask = count - 1;
  memory.fill(slots, 0, <usize>count << 2);
  for (let name: u32 = 0; name < names.count; name++) {
    let slot = load<u32>(names.hashes + (<usize>name << 2)) & mask;
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + (<usize>slot << 2), name + 1);
  }
  names.slots = slots;
  names.mask = mask;
}

// @ts-ignore: decorator
@inline
function startOf(names: Names, name: u32): u32 {
  return name == 0 ? 0 : load<u32>(names.ends + ((<usize>name - 1) << 2));
}

/** Number of the text in `[start, end)`. One that is new has the number that `names.count` was before. */
export function nameOf(names: Names, start: usize, end: usize): u32 {
  const factor = names.factor;
  let hash: u32 = 0;
  for (let at = start; at < end; at++) {
    hash = (hash ^ load<u8>(at)) * factor;
    hash ^= hash >> 15;
  }
  const size = end - start;
  const mask = names.mask;
  const slots = names.slots;
  let slot = hash & mask;
  for (let known = load<u32>(slots + (<usize>slot << 2)); known != 0; known = load<u32>(slots + (<usize>slot << 2))) {
    const name = known - 1;
    if (load<u32>(names.hashes + (<usize>name << 2)) == hash) {
      const from = startOf(names, name);
      if (load<u32>(names.ends + (<usize>name << 2)) - from == <u32>size && memory.compare(names.bytes + from, start, size) == 0) return name;
    }
    slot = (slot + 1) & mask;
  }
  store<u32>(slots + (<usize>slot << 2), names.count + 1);
  return append(names, hash, start, size);
}

function append(names: Names, hash: u32, start: usize, size: usize): u32 {
  const name = names.count++;
  const from = startOf(names, name);
  const place = <usize>name << 2;
  names.bytes = grown(names.bytes, from, <usize>from + size);
  names.ends = grown(names.ends, place, place + 4);
  names.hashes = grown(names.hashes, place, place + 4);
  memory.copy(names.bytes + from, start, size);
  store<u32>(names.ends + place, from + <u32>size);
  store<u32>(names.hashes + place, hash);
  if (names.count << 1 > names.mask) setSlots(names, (names.mask + 1) << 1);
  return name;
}
