/**
 * Rows of a table below a header that says in which column the secrets are: values parted by commas, semicolons or tabs, rows of pipes as
 * Markdown, wikis and the clients of databases draw them, and HTML.
 */
import type { Span } from '../model/origin.ts';
import { LF } from './lines.ts';

const [QUOTE, COMMA, SEMICOLON, TAB, CR, PIPE] = [0x22, 0x2c, 0x3b, 0x09, 0x0d, 0x7c] as const;
/** Bytes below a header, and of one row. Notes may go on over lines. */
const REACH = 1_048_576;
const LONGEST_ROW = 16_384;
/** No digest: whoever stores those has a table of users, and no export of passwords. */
const VALUE = /^(?![0-9a-fA-F]{32,128}$|\$(?:2[abxy]?|[156y]|argon2[id]{1,2}|scrypt)\$)[^\s"]{4,128}$/;
/** A secret may be one of hexadecimal digits. */
const WORD = /^[^\s"]{4,512}$/;

/** One row: its cells without their quotes, and where the next one begins. */
interface Row {
  readonly cells: readonly Span[];
  readonly next: number;
}

/** The values of one column, shorter than a line of text and without blanks, in each row below the header that names it at `column`. */
export function valuesBelow(bytes: Buffer, column: Span): Span[] {
  return valuesOfRows(bytes, column, COMMA, ({ start, end }) => VALUE.test(textAt(bytes, start, end)), false);
}

/**
 * The same in a table of any kind, if what stands around the column's name is a header: each cell has a title, and rows of as many
 * cells follow. Whether a value is a credential is not asked.
 */
export function wordsBelow(bytes: Buffer, column: Span, as: 'secret' | 'password'): Span[] {
  const isWord = ({ start, end }: Span): boolean => (as === 'password' ? VALUE : WORD).test(textAt(bytes, start, end));
  if (bytes.toString('latin1', column.end, column.end + HEADER_CELL_END.length).toLowerCase() === HEADER_CELL_END)
    return elementsBelow(bytes, column).filter(isWord);
  const line = lineAt(bytes, lineStart(bytes, column.start));
  if (line === undefined) return [];
  if (bytes.subarray(line.start, column.start).includes(PIPE)) return pipedBelow(bytes, column, line).filter(isWord);
  const before = bytes[column.start - 1] === QUOTE ? bytes[column.start - 2] : bytes[column.start - 1];
  return before === COMMA || before === SEMICOLON || before === TAB ? valuesOfRows(bytes, column, before, isWord, true) : [];
}

function valuesOfRows(bytes: Buffer, column: Span, separator: number, isValue: (cell: Span) => boolean, isStrict: boolean): Span[] {
  const start = lineStart(bytes, column.start);
  const header = rowAt(bytes, start, bytes.length, separator);
  if (header === undefined || (isStrict && !header.cells.every((cell) => TITLE.test(cellText(bytes, cell))))) return [];
  const index = header.cells.findIndex(({ start: from, end }) => from <= column.start && column.end <= end);
  const title = cellText(bytes, column);
  const end = Math.min(bytes.length, header.next + REACH);
  const values: Span[] = [];
  for (let row = rowAt(bytes, header.next, end, separator); row !== undefined; row = rowAt(bytes, row.next, end, separator)) {
    const cell = row.cells[index];
    // An empty line ends a table, and a header begins the next one: so no row is read for two headers with the same column.
    if (cell === undefined || cellText(bytes, cell) === title) break;
    if (isStrict && row.cells.length !== header.cells.length) break;
    if (isValue(cell)) values.push(cell);
  }
  return values;
}

/** What a column is called, behind a byte order mark where it is the first one. */
const TITLE = /^(?:\xef\xbb\xbf)?[A-Za-z_\x80-\xff][\w\x80-\xff ./#-]{0,40}(?:\([\w ./-]{0,30}\))?$/;

function lineStart(bytes: Buffer, at: number): number {
  return bytes.subarray(Math.max(0, at - LONGEST_ROW), at).lastIndexOf(LF) + 1 + Math.max(0, at - LONGEST_ROW);
}

function textAt(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, Math.min(end, start + LONGEST_ROW));
}

function cellText(bytes: Buffer, { start, end }: Span): string {
  return textAt(bytes, start, end);
}

/** The row that begins at an offset; none where the text ends, or where it is longer than a row is. */
function rowAt(bytes: Buffer, from: number, end: number, separator: number): Row | undefined {
  if (from >= end) return undefined;
  const cells: Span[] = [];
  const limit = Math.min(end, from + LONGEST_ROW);
  for (let at = from; ;) {
    const cell = cellAt(bytes, at, limit, separator);
    if (cell === undefined) return undefined;
    cells.push(cell.text);
    at = cell.next;
    if (bytes[at] === separator) at++;
    else return { cells, next: at + 1 };
  }
}

/** The cell that begins at an offset, and where the separator or the line's end behind it is. */
function cellAt(bytes: Buffer, from: number, limit: number, separator: number): { text: Span; next: number } | undefined {
  let at = from;
  const isQuoted = bytes[at] === QUOTE;
  if (isQuoted) {
    at = closingQuote(bytes, at + 1, limit);
    if (at < 0) return undefined;
  }
  const closing = at;
  while (at < limit && bytes[at] !== separator && bytes[at] !== LF) at++;
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

/** The line that begins at an offset, without its end; none where the text ends, or where it is longer than a row is. */
function lineAt(bytes: Buffer, start: number): (Span & { text: string; next: number }) | undefined {
  if (start >= bytes.length) return undefined;
  const found = bytes.subarray(start, start + LONGEST_ROW).indexOf(LF);
  if (found < 0 && bytes.length - start > LONGEST_ROW) return undefined;
  const next = found < 0 ? bytes.length : start + found + 1;
  const end = found < 0 ? bytes.length : start + found;
  return { start, end, next, text: bytes.toString('latin1', start, end) };
}

/** `|---|:--:|` and `+----+----+`, also in a comment. */
const RULER = /^[\s|:+=*#>/-]{3,}$/;
const RULED = /--|==/;
/** `||Host||Password||` of wikis, where no ruler follows. */
const WIKI_HEADER = /^\s{0,8}\|\|/;

/** Cells below the name of a column in a row of pipes. */
function pipedBelow(bytes: Buffer, column: Span, header: Span & { text: string; next: number }): Span[] {
  const isWiki = WIKI_HEADER.test(header.text);
  const before = header.text.slice(0, column.start - header.start).split('|').length - 1;
  const index = isWiki ? before / 2 : before;
  const count = header.text.split('|').length - 1;
  let line = lineAt(bytes, header.next);
  if (!isWiki) {
    if (line === undefined || !RULER.test(line.text) || !RULED.test(line.text)) return [];
    line = lineAt(bytes, line.next);
  }
  const values: Span[] = [];
  for (const end = header.next + REACH; line !== undefined && line.start < end; line = lineAt(bytes, line.next)) {
    if (RULER.test(line.text) && RULED.test(line.text)) continue;
    const cells = line.text.split('|');
    if (cells.length - 1 < index || cells.length - 1 > (isWiki ? count / 2 : count)) break;
    const cell = cells[index];
    if (cell === undefined) break;
    const offset = line.start + cells.slice(0, index).join('|').length + 1;
    values.push(trimmed(cell, offset));
  }
  return values;
}

/** A cell without blanks, and without what makes it bold or code. */
function trimmed(cell: string, offset: number): Span {
  const start = FRAME.exec(cell)?.[0].length ?? 0;
  const end = start + (INNER.exec(cell.slice(start))?.[0].length ?? 0);
  return { start: offset + start, end: offset + end };
}

const FRAME = /^\s{0,200}(?:\*\*)?`?/;
/** A cell's one word: behind several nothing is left that is one. */
const INNER = /^[^\s`*]{1,600}(?:\*[^\s`*]{1,600}){0,8}(?=`?(?:\*\*)?\s{0,400}$)/;

const HEADER_CELL_END = '</th>';
/** How far before a column's name the row begins, and how much of a table is read. */
const HEADER_REACH = 4096;
const TABLE_REACH = 262_144;
const SPANS = /\b(?:col|row)span/i;
/** Behind the name of an element: what `<th` and `<thead` differ in. */
const ELEMENT_ENDS = /[\s>]/;

/** Texts of the cells below a `<th>`, without the elements around them. */
function elementsBelow(bytes: Buffer, column: Span): Span[] {
  const from = Math.max(0, column.start - HEADER_REACH);
  const before = bytes.toString('latin1', from, column.start).toLowerCase();
  const rowStart = before.lastIndexOf('<tr');
  if (rowStart < 0 || SPANS.test(before.slice(rowStart))) return [];
  const index = placesOf(before, '<th', rowStart).length - 1;
  const text = bytes.toString('latin1', column.end, column.end + TABLE_REACH);
  const lower = text.toLowerCase();
  const closed = lower.indexOf('</table');
  const end = closed < 0 ? text.length : closed;
  const rows = placesOf(lower, '<tr', 0).filter((at) => at < end);
  const values: Span[] = [];
  for (const [number, at] of rows.entries()) {
    const row = lower.slice(at, rows[number + 1] ?? end);
    const cell = [...placesOf(row, '<td', 0), ...placesOf(row, '<th', 0)].toSorted((a, b) => a - b)[index];
    if (cell === undefined) continue;
    const closing = row.indexOf('</t', cell);
    if (closing < 0) continue;
    values.push(elementText(text.slice(at + cell, at + closing), column.end + at + cell));
  }
  return values;
}

function placesOf(text: string, element: string, from: number): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(element, from); at >= 0; at = text.indexOf(element, at + 1)) {
    if (ELEMENT_ENDS.test(text[at + element.length] ?? '')) places.push(at);
  }
  return places;
}

/** The text in an element and in what stands in it alone: `<td><code>abc</code>`. */
function elementText(text: string, offset: number): Span {
  let start = text.indexOf('>') + 1;
  for (;;) {
    while (/\s/.test(text[start] ?? '')) start++;
    const inner = text[start] === '<' ? text.indexOf('>', start) : -1;
    if (inner < 0) break;
    start = inner + 1;
  }
  let end = start;
  while (end < text.length && text[end] !== '<' && !/\s/.test(text[end] ?? '')) end++;
  // More than one word is no value.
  const rest = text.slice(end).trimStart();
  return rest === '' || rest.startsWith('</') ? { start: offset + start, end: offset + end } : { start: offset, end: offset };
}
