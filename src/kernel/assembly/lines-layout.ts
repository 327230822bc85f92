// What lies where of known lines. All of it has a fixed size.
import { LINES } from './codec-layout';

/** Before `KEYS` two blocks: 16 bytes of ones, and 16 of zeros, so that a mask of any length is read between them. */
export const KEYS: usize = LINES + 0x20;
/** Longer lines are never known. Bytes. */
export const MAX_LINE: usize = 512;
/** Lines that are learnt at a time, and places where lines may be left out: what comes after so many is let through. */
export const BATCH: u32 = 32_768;
/** Hash of each line that was let through, 0 where it is not to be known; 64 bits each. */
export const TAGS: usize = LINES + 0x1000;
/** Where each of them begins among all that was let through; 32 bits each. */
export const STARTS: usize = LINES + 0x41000;
/** Two words for each place where lines were left out: the bytes let through before it, and all that were left out so far. */
export const SKIPS: usize = LINES + 0x61000;
/** Known hashes, two in a set. */
export const TABLE: usize = LINES + 0xa1000;
export const SETS: u32 = 65_536;
