/** Rows of a table in CSV, below a header that says in which column the secrets are. */
import type { Span } from '../model/origin.ts';
import { LF } from './lines.ts';

const [QUOTE, COMMA, CR] = [0x22, 0x2c, 0x0d] as const;
/** Bytes below a header, and of one row. Notes may go on over lines. */
const REACH = 1_048_576;
const LONGEST_ROW = 16_384;
/** No digest: whoever stores those has a table of users, and no export of passwords. */
const VALUE = /^(?![0-9a-fA-F]{32,128}$|\$(?:2[abxy]?|[156y]|argon2[id]{1,2}|scrypt)\$)[^\s"]{4,128}$/;

/** One row: its cells without their quotes, and where the next one begins. */
interface Row {
  readonly cells: readonly Span[];
  readonly next: number;
}

/** The values of one column, shorter than a line of text and without blanks, in each row below the header that names it at `column`. */
export function valuesBelow(bytes: Buffer, column: Span): Span[] {
  const start = bytes.subarray(0, column.start).lastIndexOf(LF) + 1;
  const header = rowAt(bytes, start, bytes.length);
  if (header === undefined) return [];
  const index = header.cells.findIndex(({ start: from, end }) => from <= column.start && column.end <= end);
  const title = cellText(bytes, column);
  const end = Math.min(bytes.length, header.next + REACH);
  const values: Span[] = [];
  for (let row = rowAt(bytes, header.next, end); row !== undefined; row = rowAt(bytes, row.next, end)) {
    const cell = row.cells[index];
    // An empty line ends a table, and a header begins the next one: so no row is read for two headers with the same column.
    if (cell === undefined || cellText(bytes, cell) === title) break;
    if (VALUE.test(cellText(bytes, cell))) values.push(cell);
  }
  return values;
}

function cellText(bytes: Buffer, { start, end }: Span): string {
  return bytes.toString('latin1', start, Math.min(end, start + LONGEST_ROW));
}

/** The row that begins at an offset; none where the text ends, or where it is longer than a row is. */
function rowAt(bytes: Buffer, from: number, end: number): Row | undefined {
  if (from >= end) return undefined;
  const cells: Span[] = [];
  const limit = Math.min(end, from + LONGEST_ROW);
  for (let at = from; ;) {
    const cell = cellAt(bytes, at, limit);
    if (cell === undefined) return undefined;
    cells.push(cell.text);
    at = cell.next;
    if (bytes[at] === COMMA) at++;
    else return { cells, next: at + 1 };
  }
}

/** The cell that begins at an offset, and where the comma or the line's end behind it is. */
function cellAt(bytes: Buffer, from: number, limit: number): { text: Span; next: number } | undefined {
  let at = from;
  const isQuoted = bytes[at] === QUOTE;
  if (isQuoted) {
    at = closingQuote(bytes, at + 1, limit);
    if (at < 0) return undefined;
  }
  const closing = at;
  while (at < limit && bytes[at] !== COMMA && bytes[at] !== LF) at++;
  if (at === limit && at < bytes.length) return undefined;
  const end = bytes[at - 1] === CR ? at - 1 : at;
  return { text: isQuoted ? { start: from + 1, end: closing } : { start: from, end: Math.max(from, end) }, next: at };
}

/** The quote that closes a cell; two of them are one of its text. */
function closingQuote(bytes: Buffer, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (bytes[at + 1] !== QUOTE) return at;
    at++;
  }
  return -1;
}
