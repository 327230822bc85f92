// Commits in the order of `git log --topo-order`, and in which of them what leads to some objects differs. `git/log-order.ts`
// has the plain form, and the oracle.
import { give, grown, need } from './arena';
import { isSet, linksOf, SHALLOW, total } from './history';
import { listOf } from './leads';
import { PARENTS, TARGET } from './links';

/** By number, how many children of a commit have not come. */
let waiting: usize = 0;
/** Numbers that are to be gone on from. */
let open: usize = 0;
let openCount: u32 = 0;

/**
 * Goes to all commits that some commits reach.
 * @returns address of words: how many children each has, by number
 */
export function countChildren(starts: usize, count: u32): usize {
  const seen = need(total);
  memory.fill(seen, 0, total);
  waiting = need(<usize>total << 2);
  memory.fill(waiting, 0, <usize>total << 2);
  open = need(1024);
  openCount = 0;
  for (let index: u32 = 0; index < count; index++) meet(seen, load<i32>(starts + (<usize>index << 2)));
  while (openCount > 0) {
    const commit = pop();
    const links = commitAt(commit);
    const end = parentsEnd(commit, links);
    for (let at = links + PARENTS; at < end; at += 4) {
      const parent = load<i32>(at);
      if (parent < 0) continue;
      const place = waiting + (<usize>parent << 2);
      store<u32>(place, load<u32>(place) + 1);
      meet(seen, parent);
    }
  }
  give(seen);
  return waiting;
}

/**
 * Those commits in which something leads elsewhere than in one of their parents, after `countChildren` and `leadTo`.
 * @param starts commits that no other leads to, the one that comes first last
 * @returns address of words, to be given back: how many, and of each how many come before it, and its number
 */
export function changedCommits(starts: usize, count: u32): usize {
  open = grown(open, 0, <usize>count << 2);
  memory.copy(open, starts, <usize>count << 2);
  openCount = count;
  let answer = need(1024);
  let found: u32 = 0;
  for (let order: u32 = 0; openCount > 0; order++) {
    const commit = pop();
    const links = commitAt(commit);
    const end = parentsEnd(commit, links);
    if (!isAsBefore(links, end)) {
      const place: usize = 4 + (<usize>(found++) << 3);
      answer = grown(answer, place, place + 8);
      store<u32>(answer + place, order);
      store<i32>(answer + place, commit, 4);
    }
    for (let at = links + PARENTS; at < end; at += 4) {
      const parent = load<i32>(at);
      if (commitAt(parent) == 0) continue;
      const place = waiting + (<usize>parent << 2);
      const left = load<u32>(place) - 1;
      store<u32>(place, left);
      if (left == 0) push(parent);
    }
  }
  give(waiting);
  give(open);
  store<u32>(answer, found);
  return answer;
}

function meet(seen: usize, number: i32): void {
  if (commitAt(number) == 0 || load<u8>(seen + <usize>number) != 0) return;
  store<u8>(seen + <usize>number, 1);
  push(number);
}

function push(number: i32): void {
  open = grown(open, <usize>openCount << 2, (<usize>openCount + 1) << 2);
  store<i32>(open + (<usize>(openCount++) << 2), number);
}

// @ts-ignore: decorator
@inline
function pop(): i32 {
  return load<i32>(open + (<usize>(--openCount) << 2));
}

/** Where the record of a commit lies, see `links.ts`; 0 for what is none. */
function commitAt(number: i32): usize {
  const links = linksOf(number);
  return links == 0 || load<i32>(links) < 0 ? 0 : links;
}

/** Where those parents end that the history has. */
function parentsEnd(commit: i32, links: usize): usize {
  return links + PARENTS + (isSet(commit, SHALLOW) ? 0 : <usize>load<u32>(links) << 2);
}

/** Whether the same leads on in a commit and in all its parents; without parents, whether nothing does. */
function isAsBefore(links: usize, end: usize): bool {
  const list = leadsAt(links);
  if (end == links + PARENTS) return list == 0;
  for (let at = links + PARENTS; at < end; at += 4) if (leadsAt(commitAt(load<i32>(at))) != list) return false;
  return true;
}

/** Where the list of a commit's tree begins, see `leads.ts`; 0 where nothing in it leads on. */
function leadsAt(links: usize): usize {
  const tree = links == 0 ? -1 : load<i32>(links, TARGET);
  return tree < 0 ? 0 : listOf(tree);
}
