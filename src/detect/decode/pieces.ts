/**
 * Parts of a content and what each reads as, ascending and apart. There may be ten thousands, so they are rows of numbers
 * and one text, not objects.
 */
import type { Span } from '../../model/origin.ts';
import { giveBytes, giveRows, takeBytes, takeRows } from './spare-rows.ts';

/** Numbers of a row: start and end in the content, end in the text, thirds of bytes of the content for each of the text. */
const ROW = 4;
const [START, END, TEXT_END, WIDTH] = [0, 1, 2, 3] as const;
/** Base64 has four letters for three bytes. */
export const THIRDS = 3;
const FIRST_ROWS = 8;
const FIRST_TEXT = 64;

const NO_ROWS = new Int32Array(0);
const NO_TEXT = Buffer.alloc(0);

/** What a part is encoded in. */
const WIDTHS = { base64: 4 / 3, hex: 2 } as const;

export class Pieces {
  #rows: Int32Array = new Int32Array(FIRST_ROWS * ROW);
  #count = 0;
  #text: Buffer = Buffer.allocUnsafe(FIRST_TEXT);
  #size = 0;

  get count(): number {
    return this.#count;
  }

  /** Bytes of all texts. */
  get size(): number {
    return this.#size;
  }

  /** Where the last part ends; undefined when there is none. */
  get end(): number | undefined {
    return this.#count === 0 ? undefined : this.#rows[(this.#count - 1) * ROW + END];
  }

  spanOf(index: number): Span {
    return { start: this.startOf(index), end: this.endOf(index) };
  }

  startOf(index: number): number {
    return this.#rows[index * ROW + START]!;
  }

  endOf(index: number): number {
    return this.#rows[index * ROW + END]!;
  }

  /** What all parts read as, and room behind it. */
  get text(): Buffer {
    return this.#text;
  }

  /** Where the text of a part begins in `text`: it goes on to the next one's. */
  textStart(index: number): number {
    return index === 0 ? 0 : this.#rows[(index - 1) * ROW + TEXT_END]!;
  }

  /** Bytes of the content for each of the text: 2 for hex digits, 4/3 for base64. 0 where all of it stands for one sign. */
  widthOf(index: number): number {
    return this.#rows[index * ROW + WIDTH]! / THIRDS;
  }

  /** A view of what a part reads as. */
  textOf(index: number): Buffer {
    return this.#text.subarray(this.textStart(index), this.textStart(index + 1));
  }

  add(start: number, end: number, text: Uint8Array, width: number): void {
    this.#reserve(text.length);
    this.#text.set(text, this.#size);
    this.#size += text.length;
    this.#close(start, end, width);
  }

  /** A part that is left out, such as a line's end in base64. */
  addNothing(start: number, end: number): void {
    this.#close(start, end, 0);
  }

  addEncoded(start: number, end: number, written: string, encoding: keyof typeof WIDTHS): void {
    this.#reserve(written.length);
    this.#size += this.#text.write(written, this.#size, encoding);
    this.#close(start, end, WIDTHS[encoding]);
  }

  /** Part `[start, end)` stands for one byte. It goes on with the part before it where both are written alike. True where it does not. */
  addByte(start: number, end: number, byte: number): boolean {
    this.#reserve(1);
    this.#text[this.#size++] = byte;
    const last = (this.#count - 1) * ROW;
    const isNew = this.#count === 0 || this.#rows[last + END] !== start || this.#rows[last + WIDTH] !== THIRDS * (end - start);
    if (isNew) this.#close(start, end, end - start);
    else {
      this.#rows[last + END] = end;
      this.#rows[last + TEXT_END] = this.#size;
    }
    return isNew;
  }

  append(others: Pieces): void {
    for (let index = 0; index < others.count; index++) {
      const { start, end } = others.spanOf(index);
      this.add(start, end, others.textOf(index), others.widthOf(index));
    }
  }

  /** Nobody asks it any more. */
  release(): void {
    giveRows(this.#rows);
    giveBytes(this.#text);
    this.#rows = NO_ROWS;
    this.#text = NO_TEXT;
    this.#count = 0;
    this.#size = 0;
  }

  #close(start: number, end: number, width: number): void {
    const row = this.#count * ROW;
    if (row === this.#rows.length) {
      const larger = takeRows(2 * row);
      larger.set(this.#rows);
      giveRows(this.#rows);
      this.#rows = larger;
    }
    this.#rows[row + START] = start;
    this.#rows[row + END] = end;
    this.#rows[row + TEXT_END] = this.#size;
    this.#rows[row + WIDTH] = Math.round(width * THIRDS);
    this.#count++;
  }

  #reserve(more: number): void {
    if (this.#size + more <= this.#text.length) return;
    const larger = takeBytes(Math.max(this.#size + more, 2 * this.#text.length));
    larger.set(this.#text.subarray(0, this.#size));
    giveBytes(this.#text);
    this.#text = larger;
  }
}
