// Goes from the tips to everything that they reach. `ReachWalk` in `git/store/plain-graph.ts` is the plain form, and the oracle.
import { grown, need, room } from './arena';
import {
  BLOB,
  COMMIT,
  DAMAGED_LINKS,
  DAMAGED_TREE,
  isSet,
  linksOf,
  MISTYPED,
  NONE,
  set,
  SHALLOW,
  total,
  TREE,
  treeOf,
  typeOf,
} from './history';

/** As in `git/store/tree-entries.ts`. */
const FOLDER: u32 = 0;
const MODULE: u32 = 4;
const KIND_BITS: u32 = 3;
const KIND_MASK: u32 = 7;
/** Objects that are gone through with one call. */
const AT_ONCE: u32 = 4096;

/** A list of numbers: where it lies, and how many there are. */
let waiting: usize = 0;
let waitingCount: u32 = 0;
let onBases: usize = 0;
let onBasesCount: u32 = 0;
let missing: usize = 0;
let missingCount: u32 = 0;
let mistyped: usize = 0;
let mistypedCount: u32 = 0;
/** By the complement of their numbers, 1 for absent objects that were met. */
let met: usize = 0;
let reached: usize = 0;
let hasFailed: bool = false;
let failed: i32 = 0;
let lacksTree: bool = false;
let missingTree: i32 = 0;
/** By name, the last tree of a chain in which it was seen. */
let hidden: usize = 0;
let chains: u32 = 0;

/**
 * @param starts numbers of the tips
 * @param absent how many objects are named, but not there
 * @param names how many there are in trees
 * @returns address of words: which are reached, by number; what is missing and how many; what is mistyped and how many;
 * whether something failed, and what; whether a tree is missing, and which
 */
export function reachAll(starts: usize, count: u32, absent: u32, names: u32): usize {
  reached = room(total);
  met = room(absent);
  hidden = room(<usize>names << 2);
  waiting = need(1024);
  onBases = need(1024);
  missing = need(1024);
  mistyped = need(1024);
  for (let index: u32 = 0; index < count; index++) reach(load<i32>(starts + (<usize>index << 2)));
  while (waitingCount > 0) drain();
  // What a tree has in common with its base is reached with the base. Where nothing reaches that, it is gone through.
  while (onBasesCount > 0) {
    const tree = load<i32>(onBases + (<usize>(--onBasesCount) << 2));
    if (load<u8>(reached + <usize>load<i32>(treeOf(tree))) == 1) continue;
    reachEntries(tree);
    while (waitingCount > 0) drain();
  }
  // What is no blob was not gone through as if it were what its header says, but it is reached.
  for (let index: u32 = 0; index < mistypedCount; index++) store<u8>(reached + <usize>load<i32>(mistyped + (<usize>index << 2)), 1);
  const answer = room(36);
  store<u32>(answer, <u32>reached);
  store<u32>(answer, <u32>missing, 4);
  store<u32>(answer, missingCount, 8);
  store<u32>(answer, <u32>mistyped, 12);
  store<u32>(answer, mistypedCount, 16);
  store<u32>(answer, <u32>hasFailed, 20);
  store<i32>(answer, failed, 24);
  store<u32>(answer, <u32>lacksTree, 28);
  store<i32>(answer, missingTree, 32);
  return answer;
}

/** Tells all entries of a tree: names are hidden only from the bases, so a tree with the same name twice has both. */
function reachEntries(tree: i32): void {
  const chain = ++chains;
  for (let at = tree; at != NONE;) {
    const place = treeOf(at);
    const added = load<u32>(place, 4);
    const dropped = load<u32>(place, 8);
    const first = place + 12;
    const names = first + (<usize>added << 3);
    for (let entry = first; entry < names; entry += 8) {
      const label = load<u32>(entry);
      if (load<u32>(hidden + (<usize>(label >> KIND_BITS) << 2)) != chain) reachEntry(label, load<i32>(entry, 4));
    }
    for (let entry = first; entry < names; entry += 8) store<u32>(hidden + (<usize>(load<u32>(entry) >> KIND_BITS) << 2), chain);
    const end = names + (<usize>dropped << 2);
    for (let name = names; name < end; name += 4) store<u32>(hidden + (<usize>load<u32>(name) << 2), chain);
    at = load<i32>(place);
  }
}

/** Some of what waits: V8 optimizes a function while it runs, and runs what came of that from its next call on. */
function drain(): void {
  for (let left = AT_ONCE; left > 0 && waitingCount > 0; left--) {
    const number = load<i32>(waiting + (<usize>(--waitingCount) << 2));
    if (isSet(number, DAMAGED_LINKS | DAMAGED_TREE)) fail(number);
    const links = linksOf(number);
    if (links != 0) {
      reachLinks(number, links);
      continue;
    }
    const place = treeOf(number);
    if (place == 0) continue;
    const end = place + 12 + (<usize>load<u32>(place, 4) << 3);
    for (let entry = place + 12; entry < end; entry += 8) reachEntry(load<u32>(entry), load<i32>(entry, 4));
    const base = load<i32>(place);
    if (base != NONE && load<u8>(reached + <usize>base) == 0) {
      onBases = grown(onBases, <usize>onBasesCount << 2, (<usize>onBasesCount + 1) << 2);
      store<i32>(onBases + (<usize>(onBasesCount++) << 2), number);
    }
  }
}

function reachLinks(number: i32, links: usize): void {
  const count = load<i32>(links);
  const target = load<i32>(links, 4);
  reach(target);
  if (count < 0) return;
  expectNames(target, TREE);
  noteTree(target);
  if (isSet(number, SHALLOW)) return;
  for (let index: i32 = 0; index < count; index++) {
    const parent = load<i32>(links + (<usize>index << 2), 16);
    // Without it nobody knows what came before, so nothing is left out for not being reached.
    if (parent < 0 || typeOf(parent) == 0) fail(parent);
    reach(parent);
    expectNames(parent, COMMIT);
  }
}

function reachEntry(label: u32, child: i32): void {
  const kind = label & KIND_MASK;
  if (kind == MODULE) return;
  if (kind == FOLDER) {
    reach(child);
    expectNames(child, TREE);
    noteTree(child);
  } else if (child >= 0 && isOther(child, BLOB)) addMistyped(child);
  else reach(child);
}

/** Of an object that is called something else nobody knows what it names. */
function expectNames(number: i32, type: u32): void {
  if (number < 0 || !isOther(number, type)) return;
  addMistyped(number);
  fail(number);
}

// @ts-ignore: decorator
@inline
function isOther(number: i32, type: u32): bool {
  const is = typeOf(number);
  return is != type && is != 0;
}

function addMistyped(number: i32): void {
  if (isSet(number, MISTYPED)) return;
  set(number, MISTYPED);
  mistyped = grown(mistyped, <usize>mistypedCount << 2, (<usize>mistypedCount + 1) << 2);
  store<i32>(mistyped + (<usize>(mistypedCount++) << 2), number);
}

function noteTree(number: i32): void {
  if (lacksTree || treeOf(number) != 0) return;
  lacksTree = true;
  missingTree = number;
}

function addMissing(number: i32): void {
  missing = grown(missing, <usize>missingCount << 2, (<usize>missingCount + 1) << 2);
  store<i32>(missing + (<usize>(missingCount++) << 2), number);
}

function reach(number: i32): void {
  if (number < 0) {
    if (load<u8>(met + <usize>~number) != 0) return;
    store<u8>(met + <usize>~number, 1);
    addMissing(number);
  } else if (load<u8>(reached + <usize>number) == 0) {
    store<u8>(reached + <usize>number, 1);
    const type = typeOf(number);
    if (type == 0) addMissing(number);
    else if (type != BLOB) {
      waiting = grown(waiting, <usize>waitingCount << 2, (<usize>waitingCount + 1) << 2);
      store<i32>(waiting + (<usize>(waitingCount++) << 2), number);
    }
  }
}

function fail(number: i32): void {
  if (hasFailed) return;
  hasFailed = true;
  failed = number;
}
