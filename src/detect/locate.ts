/** From byte offsets to lines and columns. Lines end at a line feed, as git's do; a column counts characters. */
import type { TextRange } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';

const LF = 0x0a;

/**
 * Finds lines and columns in one content. Ask in ascending order of offsets: it walks the bytes once.
 * Going back is right too, only slower.
 */
export class Locator {
  readonly #bytes: Uint8Array;
  readonly #start: { offset: number; line: number; column: number };
  #at: { offset: number; line: number; column: number };
  /** Where the last range began: another rule may have found the same place. */
  #lastStart: { offset: number; line: number; column: number };
  /** There is no line feed between the two. */
  #searched = { from: 0, found: -1 };

  /** `line` and `column` are those of the first byte, for a content that is looked at in windows. */
  constructor(bytes: Uint8Array, line = 1, column = 1) {
    this.#bytes = bytes;
    this.#start = { offset: 0, line, column };
    this.#at = this.#start;
    this.#lastStart = this.#start;
  }

  range(span: Span): TextRange {
    const start = this.position(span.start);
    this.#lastStart = this.#at;
    const end = this.position(span.end);
    return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  }

  /** Line and column, from 1, of a byte offset. */
  position(offset: number): { line: number; column: number } {
    const from = [this.#at, this.#lastStart].find((known) => known.offset <= offset) ?? this.#start;
    let { line, column } = from;
    let at = from.offset;
    for (let next = this.#lineFeed(at); next < offset; next = this.#lineFeed(at)) {
      at = next + 1;
      line++;
      column = 1;
    }
    for (; at < offset; at++) if (((this.#bytes[at] ?? 0) & 0xc0) !== 0x80) column++;
    this.#at = { offset, line, column };
    return { line, column };
  }

  /** The first line feed from `from` on; the size when there is none. Searched for once, however long the line. */
  #lineFeed(from: number): number {
    if (from < this.#searched.from || from > this.#searched.found) {
      const found = this.#bytes.indexOf(LF, from);
      this.#searched = { from, found: found < 0 ? this.#bytes.length : found };
    }
    return this.#searched.found;
  }
}
