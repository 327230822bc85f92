// Where the tables lie in the kernel's memory. Addresses are constants: passed as parameters they cost a tenth of the
// speed. `tables.ts` writes the same layout; a test holds both together.

/** 256 bytes: byte → column × 4. */
export const CLASSES: usize = 0x400;
/** Words that say where the rest lies. */
export const HEADER: usize = 0x500;
/** 256 bytes each, 1 where a byte belongs to the class. */
export const BITMAPS: usize = 0x1000;
/** Rows of 32-bit cells: the byte offset of the next state's row. */
export const TABLE: usize = 0x9000;
