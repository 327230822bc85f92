// Where the tables lie in the kernel's memory. Addresses are constants: passed as parameters they cost a tenth of the
// speed. `tables.ts` writes the same layout; a test holds both together.

/** 256 words: byte → address of state 0 in its column of the table. */
export const COLUMNS: usize = 0x400;
/** Words that say where the rest lies. */
export const HEADER: usize = 0x800;
/** 16 bytes for low half bytes and 16 for high ones: bits that both have tell whether a byte stands in a literal (six), and begins one of two bytes (the upper two). */
export const HALVES: usize = 0x900;
/** 256 bytes each, 1 where a byte belongs to the class. */
export const BITMAPS: usize = 0x1000;
/** Columns of 16-bit cells, one a state: the next state. Accepting states are negative, and lie before state 0. */
export const TABLE: usize = 0x9000;

/** What the bytes of a value are, a bit each, 0 for those that end it: digits and signs that no program's text has there, small letters, an opening bracket, a closing brace, what values have in quotes alone; others have another bit. */
export const VALUE_STRONG: u32 = 1;
export const VALUE_LOWER: u32 = 2;
export const VALUE_BRACKET: u32 = 4;
export const VALUE_BRACE: u32 = 8;
export const VALUE_INSIDE: u32 = 32;
