// Compressed bytes of a pack by place, read in blocks. `git/store/pack-blocks.ts` does the same for what JavaScript reads.
import { grown, need, room } from './arena';

/** Reads bytes of the pack that is gone through; gives how many there were, -1 when it cannot be read. */
// @ts-ignore: decorator
@external('env', 'readPack')
declare function readPack(position: f64, target: usize, size: u32): i32;

const BLOCK_BITS: u32 = 12;
const BLOCK: u32 = 1 << BLOCK_BITS;
/** Blocks that are kept: 4 MiB. */
const SLOTS: u32 = 1024;
/** Blocks that are read together where one is asked for after the one before it. */
const AHEAD: u32 = 16;

let blocks: usize = 0;
/** Of each slot the number of its block + 1, and how many bytes there are. */
let held: usize = 0;
let lengths: usize = 0;
/** The block behind those that were read last. */
let following: u32 = 0;
/** For what lies in several blocks. */
let joined: usize = 0;

/** Where the bytes that were asked for lie, and how many there are. Valid until others are asked for. */
export let inputStart: usize = 0;
export let inputSize: u32 = 0;

/** Another pack. */
export function setInput(): void {
  if (blocks == 0) {
    blocks = room(SLOTS * BLOCK);
    held = room(SLOTS << 2);
    lengths = room(SLOTS << 2);
    joined = need(2 * BLOCK);
  }
  memory.fill(held, 0, SLOTS << 2);
}

/** Slot of a block; -1 when it cannot be read. */
function slotOf(block: u32): i32 {
  const slot = block & (SLOTS - 1);
  if (load<u32>(held + (<usize>slot << 2)) == block + 1) return <i32>slot;
  let count = block == following ? min<u32>(AHEAD, SLOTS - slot) : 1;
  for (let index: u32 = 0; index < count; index++) store<u32>(held + (<usize>(slot + index) << 2), 0);
  const target = blocks + (<usize>slot << BLOCK_BITS);
  let size = readPack(<f64>block * <f64>BLOCK, target, count << BLOCK_BITS);
  // The fault may lie in one that was not asked for.
  if (size < 0 && count > 1) {
    count = 1;
    size = readPack(<f64>block * <f64>BLOCK, target, BLOCK);
  }
  if (size < 0) return -1;
  following = block + count;
  for (let index: u32 = 0; index < count; index++) {
    const place = <usize>(slot + index) << 2;
    const from = index << BLOCK_BITS;
    store<u32>(held + place, block + index + 1);
    store<u32>(lengths + place, <u32>size > from ? min<u32>(BLOCK, <u32>size - from) : 0);
  }
  return <i32>slot;
}

/** Makes bytes of the pack the input, fewer where the file ends. False when they cannot be read. */
export function ask(position: u64, size: u32): bool {
  let block = <u32>(position >> BLOCK_BITS);
  let from = <u32>position & (BLOCK - 1);
  if (from + size <= BLOCK) {
    const slot = slotOf(block);
    if (slot < 0) return false;
    const there = load<u32>(lengths + (<usize>slot << 2));
    inputStart = blocks + (<usize>slot << BLOCK_BITS) + from;
    inputSize = there > from ? min<u32>(size, there - from) : 0;
    return true;
  }
  joined = grown(joined, 0, size);
  let filled: u32 = 0;
  while (filled < size) {
    const slot = slotOf(block++);
    if (slot < 0) return false;
    const there = load<u32>(lengths + (<usize>slot << 2));
    const part = there > from ? min<u32>(size - filled, there - from) : 0;
    memory.copy(joined + filled, blocks + (<usize>slot << BLOCK_BITS) + from, part);
    filled += part;
    if (from + part < BLOCK) break;
    from = 0;
  }
  inputStart = joined;
  inputSize = filled;
  return true;
}
