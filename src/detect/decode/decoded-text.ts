/**
 * Parts of a content as they read when what is encoded in them is decoded, one after the other. Each byte knows where it
 * comes from, so that what is found in the text has a place in the content.
 */
import type { Span } from '../../model/origin.ts';
import { LF } from '../lines.ts';

/** A part of the content and what it reads as. */
export interface Piece extends Span {
  readonly text: Buffer;
  /** Bytes of the content for each of the text: 2 for hex digits, 4/3 for base64. 0 where all of it stands for one sign. */
  readonly width: number;
}

/** A part of the content with what is encoded in it, ascending. */
export interface Segment extends Span {
  readonly pieces: readonly Piece[];
  /** What it is inside of, in words. */
  readonly label: string;
  /** Whether a value without any mark of its own is believed in it: not in what only happens to be text. */
  readonly isTrusted: boolean;
  /** It is read as it was meant, so that what is found in it counts more than the same in the content. */
  readonly isReadBetter?: true;
}

/** What the text leaves out, such as a line's end in base64, reads as. */
export const NOTHING: Buffer = Buffer.alloc(0);
/** More lines than any rule looks at around a value, and a byte that no text has: nothing reaches from one part to the next. */
const GAP = Buffer.from(`${'\n'.repeat(21)}\0\n`);

interface Placed {
  /** Offset in the text. */
  readonly at: number;
  readonly length: number;
  readonly from: Span;
  readonly width: number;
  readonly isDecoded: boolean;
  readonly segment: Segment;
}

export class DecodedText {
  readonly bytes: Buffer;
  readonly #content: Buffer;
  readonly #placed: Placed[] = [];

  constructor(content: Buffer, segments: readonly Segment[]) {
    this.#content = content;
    const parts: Buffer[] = [];
    let size = 0;
    for (const segment of segments) {
      const add = ({ start, end, text, width }: Piece, isDecoded: boolean): void => {
        if (text.length === 0) return;
        this.#placed.push({ at: size, length: text.length, from: { start, end }, width, isDecoded, segment });
        parts.push(text);
        size += text.length;
      };
      const addPlain = (start: number, end: number): void => add({ start, end, text: content.subarray(start, end), width: 1 }, false);
      let at = segment.start;
      for (const piece of segment.pieces) {
        addPlain(at, piece.start);
        add(piece, true);
        at = piece.end;
      }
      addPlain(at, segment.end);
      parts.push(GAP);
      size += GAP.length;
    }
    this.bytes = Buffer.concat(parts, size);
  }

  /** The part of the content that a part of the text, not an empty one, was made of. */
  source({ start, end }: Span): Span {
    const first = this.#placed[this.#indexAt(start)];
    const last = this.#placed[this.#indexAt(end - 1)];
    if (first === undefined || last === undefined) return { start: 0, end: 0 };
    return { start: placeOf(first, start - first.at).start, end: placeOf(last, Math.min(end - 1 - last.at, last.length - 1)).end };
  }

  /** The segment of a part of the text, if some of the part, or of the `before` bytes before it, is decoded. */
  segmentOf({ start, end }: Span, before = 0): Segment | undefined {
    let index = this.#indexAt(end - 1);
    const segment = this.#placed[index]?.segment;
    for (let placed = this.#placed[index]; placed?.segment === segment && placed !== undefined; placed = this.#placed[--index]) {
      if (placed.at + placed.length <= start - before) return undefined;
      if (placed.isDecoded && placed.at < end) return segment;
    }
    return undefined;
  }

  /** Whether a part of the text lies at an end of its segment where the content's line goes on. */
  isCut({ start, end }: Span): boolean {
    const first = this.#placed[this.#indexAt(start)];
    const last = this.#placed[this.#indexAt(end - 1)];
    if (first === undefined || last === undefined) return true;
    const from = first.from.start;
    const to = last.from.end;
    const isOpen = (offset: number): boolean => offset >= 0 && offset < this.#content.length && this.#content[offset] !== LF;
    return (
      (start === first.at && from === first.segment.start && isOpen(from - 1)) ||
      (end === last.at + last.length && to === last.segment.end && isOpen(to))
    );
  }

  /** Index of the last piece that begins at or before an offset. */
  #indexAt(offset: number): number {
    let low = 0;
    let high = this.#placed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#placed[middle]!.at <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** Where one byte of a piece comes from. */
function placeOf({ from, width }: Placed, index: number): Span {
  if (width === 0) return from;
  return { start: from.start + Math.floor(index * width), end: from.start + Math.ceil((index + 1) * width) };
}
