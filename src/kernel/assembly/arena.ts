// Memory for a graph: blocks of powers of two, which are used again by their size, and room that is never given back.
import { HEAP } from './codec-layout';

/** What may be read or written behind the end of a block, see `inflate` and `applyDelta`. */
const SLACK: usize = 384;
/** Before each block stands its size, as a power of two. */
const HEAD: usize = 16;
const LEAST_BITS: u32 = 10;
/** Blocks that are rare, and as large as many others. */
const LARGE_BITS: u32 = 16;
const PAGE_BITS: usize = 16;
/** By size, in powers of two, the first free block; each holds the address of the next. */
const FREE: usize = HEAP;

let end: usize = HEAP + 128;

/** Memory from here on, all zero. Ends the run where there is no more. */
export function room(size: usize): usize {
  const start = (end + 15) & ~15;
  if (!reach(start + size + SLACK, start)) unreachable();
  return start;
}

/** More than is asked for: each growth cuts off all views, and what they are of counts for the collector as memory of its own until it looks. */
function grow(missing: usize, there: usize): bool {
  return memory.grow(<i32>max(missing, there >> 2)) >= 0 || memory.grow(<i32>missing) >= 0;
}

function reach(next: usize, start: usize): bool {
  if (next < start) return false;
  const missing = (next + 0xffff) >> PAGE_BITS;
  const there = <usize>memory.size();
  if (missing > there && !grow(missing - there, there)) return false;
  end = next;
  return true;
}

/** A block of at least `size` bytes of whatever content; 0 when there is no more memory. */
export function take(size: usize): usize {
  const bits = max<u32>(LEAST_BITS, 32 - clz<u32>(<u32>(size + HEAD + SLACK - 1)));
  const list = FREE + (<usize>bits << 2);
  const free = <usize>load<u32>(list);
  if (free != 0) {
    store<u32>(list, load<u32>(free));
    return free;
  }
  if (bits >= LARGE_BITS) {
    // A larger one that nobody uses, before there are some of each size.
    for (let more = bits + 1; more < 32; more++) {
      const larger = <usize>load<u32>(FREE + (<usize>more << 2));
      if (larger == 0) continue;
      store<u32>(FREE + (<usize>more << 2), load<u32>(larger));
      return larger;
    }
  }
  const start = (end + 15) & ~15;
  if (!reach(start + (<usize>1 << bits), start)) return 0;
  store<u32>(start, bits);
  return start + HEAD;
}

/** The same where nothing goes on without it. */
export function need(size: usize): usize {
  const block = take(size);
  if (block == 0) unreachable();
  return block;
}

export function give(block: usize): void {
  const list = FREE + (<usize>load<u32>(block - HEAD) << 2);
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}

/** Bytes that a block has room for. */
// @ts-ignore: decorator
@inline
function capacity(block: usize): usize {
  return (<usize>1 << load<u32>(block - HEAD)) - HEAD - SLACK;
}

/** A block with room for `size` bytes, which holds the first `used` ones of another that it may take the place of. */
export function grown(block: usize, used: usize, size: usize): usize {
  if (size <= capacity(block)) return block;
  const larger = need(max<usize>(size, 2 * capacity(block)));
  memory.copy(larger, block, used);
  give(block);
  return larger;
}
