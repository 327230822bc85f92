// What lies where in the codec's memory, before the blocks that the codec hands out. All of it has a fixed size.

/** Code lengths of the alphabets of a deflate block, a byte each. */
export const LENGTHS: usize = 0x400;
/** See `delta.ts`: 8 bytes for each set of fields of a copy. */
export const COPY_FIELDS: usize = 0x800;
/** For each code length, how many codes are of it, and where its symbols begin in `SORTED`; 32 bits each. */
export const COUNTS: usize = 0xc00;
export const STARTS: usize = 0xc80;
/** Decoding tables of 32-bit entries: of code lengths, of a dynamic block's two alphabets, and of the fixed ones. */
export const PRECODE: usize = 0x1000;
export const LITERALS: usize = 0x2000;
export const DISTANCES: usize = 0x6000;
export const FIXED_LITERALS: usize = 0x8000;
export const FIXED_DISTANCES: usize = 0xa000;
/** What the symbols of an alphabet mean, by code length and then by number; and of each alphabet by number. 32 bits each. */
export const SORTED: usize = 0xa400;
export const LITERAL_MEANINGS: usize = 0xa880;
export const DISTANCE_MEANINGS: usize = 0xad00;
export const LENGTH_MEANINGS: usize = 0xad80;
/** Three words for each run of lines that a delta copied whole: start, end, start in the base. */
export const RUNS: usize = 0xb000;
export const MAX_RUNS: u32 = 65_536;
/** What is known of lines, see `lines-layout.ts`. */
export const LINES: usize = 0xcb000;
/** Where the blocks begin. */
export const HEAP: usize = LINES + 0x1a1000;
