/** What the bytes of a delta say. Source: git's `gitformat-pack`, "Deltified representation". */
import { Damaged } from './damage.ts';

/** A variable-length number of a delta's head, and where the next thing begins. */
interface Size {
  readonly value: number;
  readonly next: number;
}

/** Set in the first byte of an instruction that copies; of others that byte is how many bytes follow, to be inserted. */
export const COPY = 0x80;
/** A copy that names no size. */
const COPY_ALL = 0x10000;
const MAX_SIZE_BYTES = 7; // 49 bits: any more is no size of anything

/** @param end where the delta ends in `delta`. Throws `Damaged`. */
export function readSize(delta: Uint8Array, at: number, end: number): Size {
  let value = 0;
  let scale = 1;
  for (let next = at; next < Math.min(at + MAX_SIZE_BYTES, end); scale *= 128) {
    const byte = delta[next++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next };
  }
  throw new Damaged('bad-delta');
}

/** Size in bytes of what a delta makes. The start of the delta is enough. Throws `Damaged`. */
export function deltaResultSize(delta: Uint8Array): number {
  return readSize(delta, readSize(delta, 0, delta.length).next, delta.length).value;
}

/** What a copying instruction names: `size` bytes of the base, `from` an offset on. One is read into again and again, since deltas have millions. */
export class CopyInstruction {
  from = 0;
  size = 0;

  /** Reads what follows the instruction's first byte; gives the offset behind it, which is behind the delta's end where that cuts it. */
  read(delta: Buffer, start: number, operation: number): number {
    let at = start;
    let from = 0;
    let size = 0;
    if ((operation & 0x01) !== 0) from = delta[at++]!;
    if ((operation & 0x02) !== 0) from |= delta[at++]! << 8;
    if ((operation & 0x04) !== 0) from |= delta[at++]! << 16;
    if ((operation & 0x08) !== 0) from += delta[at++]! * 0x1000000;
    if ((operation & 0x10) !== 0) size = delta[at++]!;
    if ((operation & 0x20) !== 0) size |= delta[at++]! << 8;
    if ((operation & 0x40) !== 0) size |= delta[at++]! << 16;
    this.from = from;
    this.size = size === 0 ? COPY_ALL : size;
    return at;
  }
}
