// Blobs of families, with those of their new lines that may hold something.
import { RUNS } from './codec-layout';
import { endRuns } from './delta';
import { beginSift, sift, throughSize, throughStart } from './lines';

/**
 * Told of a blob; see `BlobVisitor` in `git/store/families.ts`.
 * @param base what is known of the blob that it was made of, as was answered for that
 * @param runs how many runs of lines are as they are there
 * @param lines its other lines, without those that are known to hold nothing
 * @returns a number for what is known of it, which is asked about no more after `forget`
 */
// @ts-ignore: decorator
@external('env', 'tellBlob')
declare function tellBlob(rank: u32, bytes: usize, size: u32, base: u32, runs: u32, lines: usize, lineSize: u32): u32;
// @ts-ignore: decorator
@external('env', 'forget')
declare function forget(known: u32): void;
/** Whether another copy of an object was told. */
// @ts-ignore: decorator
@external('env', 'isTold')
declare function isTold(rank: u32): u32;

/** Nothing is known: what is made of it counts as new from end to end. */
export const UNKNOWN: u32 = 0;

let isShared: bool = false;
let copies: usize = 0;

/**
 * @param shared whether others tell blobs too
 * @param table for each blob of the pack, not 0 where there is another copy of it; 0 where there is none of any
 */
export function setCopies(shared: bool, table: usize): void {
  isShared = shared;
  copies = table;
}

export function isBlobTold(rank: u32): bool {
  return (isShared || (copies != 0 && load<u8>(copies + rank) != 0)) && isTold(rank) != 0;
}

/** Tells a blob; gives what is known of it. */
export function blob(rank: u32, bytes: usize, size: u32, base: u32, runs: u32): u32 {
  beginSift(size);
  let at = bytes;
  for (let run: u32 = 0; run < runs; run++) {
    const place = RUNS + <usize>run * 12;
    const start = bytes + load<u32>(place);
    if (start > at) sift(at, start);
    at = bytes + load<u32>(place, 4);
  }
  sift(at, bytes + size);
  const known = tellBlob(rank, bytes, size, base, runs, throughStart(), throughSize());
  endRuns();
  return known;
}

export function dropBlob(known: u32): void {
  if (known != UNKNOWN) forget(known);
}
