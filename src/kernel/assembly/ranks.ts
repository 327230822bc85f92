// A pack's objects in the order in which they lie in it. `rankTable` in `git/store/pack-file.ts` is the plain form, and the oracle.
import { room } from './arena';

/** An offset is sorted by so many bits at a time. */
const DIGIT: u32 = 11;
const DIGITS: u32 = 3;
const VALUES: u32 = 1 << DIGIT;

/**
 * Sorts by offset, and of the same offset by position.
 * @param words 32 bits each, big-endian: the offset of each position
 * @returns address of words, positions and behind them offsets, both by rank; and room for one offset more
 */
export function rankOffsets(words: usize, count: u32): usize {
  const size = <usize>count << 2;
  const answer = room(2 * size + 4);
  const counts = room(<usize>(DIGITS * VALUES) << 2);
  for (let position: usize = 0; position < size; position += 4) {
    const offset = bswap(load<u32>(words + position));
    store<u32>(words + position, offset);
    store<u32>(answer + position, <u32>position >> 2);
    for (let digit: u32 = 0; digit < DIGITS; digit++) {
      const place = placeOf(counts, offset, digit);
      store<u32>(place, load<u32>(place) + 1);
    }
  }
  // Each digit once, the lowest first. Positions move between the answer's two parts, so after three they lie in the second.
  for (let digit: u32 = 0; digit < DIGITS; digit++) {
    const from = (digit & 1) == 0 ? answer : answer + size;
    const to = (digit & 1) == 0 ? answer + size : answer;
    let before: u32 = 0;
    for (let value: u32 = 0; value < VALUES; value++) {
      const place = counts + (<usize>(digit * VALUES + value) << 2);
      const there = load<u32>(place);
      store<u32>(place, before);
      before += there;
    }
    for (let at: usize = 0; at < size; at += 4) {
      const position = load<u32>(from + at);
      const place = placeOf(counts, load<u32>(words + (<usize>position << 2)), digit);
      const rank = load<u32>(place);
      store<u32>(place, rank + 1);
      store<u32>(to + (<usize>rank << 2), position);
    }
  }
  memory.copy(answer, answer + size, size);
  for (let at: usize = 0; at < size; at += 4) store<u32>(answer + size + at, load<u32>(words + (<usize>load<u32>(answer + at) << 2)));
  return answer;
}

/** Where it is counted how many offsets have a digit, and then where the next of them goes. */
// @ts-ignore: decorator
@inline
function placeOf(counts: usize, offset: u32, digit: u32): usize {
  return counts + (<usize>(digit * VALUES + (offset >> (digit * DIGIT) & (VALUES - 1))) << 2);
}
