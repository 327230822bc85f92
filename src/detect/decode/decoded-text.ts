/**
 * Parts of a content as they read when what is encoded in them is decoded, one after the other. Each byte knows where it
 * comes from, so that what is found in the text has a place in the content.
 */
import type { Span } from '../../model/origin.ts';
import { LF } from '../lines.ts';
import { THIRDS, type Pieces } from './pieces.ts';
import { giveBytes, giveRows, takeBytes, takeRows } from './spare-rows.ts';

/** A part of the content with what is encoded in it, ascending. */
export interface Segment extends Span {
  readonly pieces: Pieces;
  /** What it is inside of, in words. */
  readonly label: string;
  /** Whether a value without any mark of its own is believed in it: not in what only happens to be text. */
  readonly isTrusted: boolean;
  /** It is read as it was meant, so that what is found in it counts more than the same in the content. */
  readonly isReadBetter?: true;
}

/** More lines than any rule looks at around a value, and a byte that no text has: nothing reaches from one part to the next. */
const GAP = Buffer.from(`${'\n'.repeat(21)}\0\n`);

/** Numbers of a row: where a part begins in the text, its length, the part of the content that it comes from, its segment, and thirds of what `Pieces.widthOf` says. */
const ROW = 6;
const [AT, LENGTH, FROM, TO, SEGMENT, WIDTH] = [0, 1, 2, 3, 4, 5] as const;
/** Bytes that are copied faster in a loop than by a call. */
const FEW = 32;
/** The width of what stands in the content as it is. */
const NOT_ENCODED = -1;

export class DecodedText {
  readonly bytes: Buffer;
  readonly #room: Buffer;
  readonly #content: Buffer;
  readonly #segments: readonly Segment[];
  readonly #rows: Int32Array;
  #count = 0;
  #size = 0;

  constructor(content: Buffer, segments: readonly Segment[]) {
    this.#content = content;
    this.#segments = segments;
    let room = 0;
    let rows = 0;
    for (const { start, end, pieces } of segments) {
      room += end - start + pieces.size + GAP.length;
      rows += 2 * pieces.count + 1;
    }
    const bytes = takeBytes(room);
    this.#rows = takeRows(rows * ROW);
    for (const [index, segment] of segments.entries()) this.#addSegment(bytes, segment, index);
    this.#room = bytes;
    this.bytes = bytes.subarray(0, this.#size);
  }

  #addSegment(bytes: Buffer, { start, end, pieces }: Segment, segment: number): void {
    let at = start;
    for (let index = 0; index < pieces.count; index++) {
      const from = pieces.startOf(index);
      this.#place(at, from, from - at, NOT_ENCODED, segment);
      this.#copy(bytes, this.#content, at, from);
      const textStart = pieces.textStart(index);
      const textEnd = pieces.textStart(index + 1);
      at = pieces.endOf(index);
      this.#place(from, at, textEnd - textStart, pieces.widthOf(index), segment);
      this.#copy(bytes, pieces.text, textStart, textEnd);
    }
    this.#place(at, end, end - at, NOT_ENCODED, segment);
    this.#copy(bytes, this.#content, at, end);
    this.#copy(bytes, GAP, 0, GAP.length);
  }

  /** Nobody asks it any more. */
  release(): void {
    giveRows(this.#rows);
    giveBytes(this.#room);
    this.#count = 0;
    for (const { pieces } of this.#segments) pieces.release();
  }

  /** A row for what is copied next. */
  #place(from: number, to: number, length: number, width: number, segment: number): void {
    if (length <= 0) return;
    const row = this.#count * ROW;
    this.#rows[row + AT] = this.#size;
    this.#rows[row + LENGTH] = length;
    this.#rows[row + FROM] = from;
    this.#rows[row + TO] = to;
    this.#rows[row + SEGMENT] = segment;
    this.#rows[row + WIDTH] = Math.round(width * THIRDS);
    this.#count++;
  }

  #copy(bytes: Buffer, source: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length <= 0) return;
    if (length > FEW) bytes.set(source.subarray(start, end), this.#size);
    else for (let index = 0; index < length; index++) bytes[this.#size + index] = source[start + index]!;
    this.#size += length;
  }

  /** The part of the content that a part of the text, not an empty one, was made of. */
  source({ start, end }: Span): Span {
    const first = this.#rowAt(start);
    const last = this.#rowAt(end - 1);
    if (first < 0 || last < 0) return { start: 0, end: 0 };
    const lastIndex = Math.min(end - 1 - this.#get(last, AT), this.#get(last, LENGTH) - 1);
    return { start: this.#placeOf(first, start - this.#get(first, AT)).start, end: this.#placeOf(last, lastIndex).end };
  }

  /** The segment of a part of the text, if some of the part, or of the `before` bytes before it, is decoded. */
  segmentOf({ start, end }: Span, before = 0): Segment | undefined {
    let row = this.#rowAt(end - 1);
    if (row < 0) return undefined;
    const segment = this.#get(row, SEGMENT);
    for (; row >= 0 && this.#get(row, SEGMENT) === segment; row--) {
      const at = this.#get(row, AT);
      if (at + this.#get(row, LENGTH) <= start - before) return undefined;
      if (this.#get(row, WIDTH) >= 0 && at < end) return this.#segments[segment];
    }
    return undefined;
  }

  /** The text of the whole segment that an offset lies in: what others read as is of no meaning for it, and is not always there. */
  segmentAround(offset: number): Span {
    let first = this.#rowAt(offset);
    let last = first;
    const segment = this.#get(first, SEGMENT);
    while (first > 0 && this.#get(first - 1, SEGMENT) === segment) first--;
    while (last + 1 < this.#count && this.#get(last + 1, SEGMENT) === segment) last++;
    return { start: this.#get(first, AT), end: this.#get(last, AT) + this.#get(last, LENGTH) };
  }

  /** Whether a part of the text lies at an end of its segment where the content's line goes on. */
  isCut({ start, end }: Span): boolean {
    const first = this.#rowAt(start);
    const last = this.#rowAt(end - 1);
    if (first < 0 || last < 0) return true;
    const from = this.#get(first, FROM);
    const to = this.#get(last, TO);
    const isOpen = (offset: number): boolean => offset >= 0 && offset < this.#content.length && this.#content[offset] !== LF;
    return (
      (start === this.#get(first, AT) && from === this.#segments[this.#get(first, SEGMENT)]?.start && isOpen(from - 1)) ||
      (end === this.#get(last, AT) + this.#get(last, LENGTH) && to === this.#segments[this.#get(last, SEGMENT)]?.end && isOpen(to))
    );
  }

  /** The last row that begins at or before an offset, the first one where none does; -1 when there are none. */
  #rowAt(offset: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#get(middle, AT) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#count === 0 ? -1 : Math.max(0, low - 1);
  }

  #get(row: number, field: number): number {
    return this.#rows[row * ROW + field]!;
  }

  /** Where one byte of a row comes from; what pads it belongs to the last one. */
  #placeOf(row: number, index: number): Span {
    const start = this.#get(row, FROM);
    const end = this.#get(row, TO);
    const width = Math.abs(this.#get(row, WIDTH)) / THIRDS;
    if (width === 0) return { start, end };
    return { start: start + Math.floor(index * width), end: index === this.#get(row, LENGTH) - 1 ? end : start + Math.ceil((index + 1) * width) };
  }
}
