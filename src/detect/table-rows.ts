/**
 * Rows of a table below a header that says in which column the secrets are: values parted by commas, semicolons or tabs, rows of pipes as
 * Markdown, wikis and the clients of databases draw them, and HTML.
 */
import type { Span } from '../model/origin.ts';
import { credentialKind } from './credential-name.ts';
import type { CredentialKind } from './credential-value.ts';
import { LF, lineEnd, lineStart, textEnd, textStart } from './lines.ts';

const [QUOTE, COMMA, SEMICOLON, TAB, CR, PIPE, GREATER, BLANK] = [0x22, 0x2c, 0x3b, 0x09, 0x0d, 0x7c, 0x3e, 0x20] as const;
/** Bytes below a header, and of one row. Notes may go on over lines. */
const REACH = 1_048_576;
const LONGEST_ROW = 16_384;
/** Bytes and columns of a header of a table of any kind: a text full of headers is read once for each column, and no more. */
const LONGEST_HEADER = 2048;
const MOST_COLUMNS = 32;
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
  const header = rowAt(bytes, lineStart(bytes, column.start, LONGEST_ROW), bytes.length, COMMA);
  if (header === undefined) return [];
  const title = textOf(bytes, column);
  // So no row is read for two headers with the same column.
  return cellsBelow(bytes, column, header, COMMA, (_row, cell) => textOf(bytes, cell) === title).filter((cell) => VALUE.test(textOf(bytes, cell)));
}

/**
 * The same in a table of any kind, if what stands around the column's name is a header: each cell has a title, and rows of as many
 * cells follow. Whether a value is a credential is not asked.
 */
export function wordsBelow(bytes: Buffer, column: Span, as: CredentialKind): Span[] {
  const table: Table = {
    bytes,
    column,
    isTitle: (cell) => {
      if (cell.end - cell.start > LONGEST_TITLE) return false;
      const text = textOf(bytes, cell).replaceAll(EMPHASIS, '').trim();
      return SAYS_CREDENTIAL.test(text) && credentialKind(text) === as;
    },
  };
  return rawWordsBelow(table).filter((cell) => isWord(textOf(bytes, cell), as));
}

/** Whether a text may be what a row holds: one word, and of a password no digest. */
export function isWord(text: string, as: CredentialKind): boolean {
  return (as === 'password' ? VALUE : WORD).test(text);
}

/** A column of a table of any kind. */
interface Table {
  readonly bytes: Buffer;
  /** Its name. */
  readonly column: Span;
  /** Whether a cell below may be such a name as well: then another table begins there, whose rows are read for that one. */
  readonly isTitle: (cell: Span) => boolean;
}

/** With the blanks that a table is lined up with. */
const LONGEST_TITLE = 120;
const EMPHASIS = /[*"]/g;
/** What ends all names of columns that rules look for. */
const SAYS_CREDENTIAL = /(?:pass(?:wor[dt]|wd)?|pwd|secret|token|bearer|key)$/i;

function rawWordsBelow(table: Table): Span[] {
  const { bytes, column } = table;
  if (bytes.toString('latin1', column.end, column.end + HEADER_CELL_END.length).toLowerCase() === HEADER_CELL_END) return elementsBelow(table);
  const start = lineStart(bytes, column.start, LONGEST_ROW);
  if (column.start - start > LONGEST_HEADER) return [];
  if (bytes.subarray(start, column.start).includes(PIPE)) return pipedBelow(table, start);
  const before = bytes[column.start - 1] === QUOTE ? bytes[column.start - 2] : bytes[column.start - 1];
  if (before !== COMMA && before !== SEMICOLON && before !== TAB) return [];
  const header = rowAt(bytes, start, Math.min(bytes.length, start + LONGEST_HEADER), before, MOST_COLUMNS);
  const areTitles = ({ cells }: Row): boolean => cells.every((cell) => TITLE.test(textOf(bytes, cell)));
  if (header === undefined || !areTitles(header)) return [];
  const count = header.cells.length;
  return cellsBelow(bytes, column, header, before, (row, cell) => row.cells.length !== count || (table.isTitle(cell) && areTitles(row)));
}

/** Cells of a column in the rows below a header, up to an empty line or to a row that ends the table. */
function cellsBelow(bytes: Buffer, column: Span, header: Row, separator: number, isEnd: (row: Row, cell: Span) => boolean): Span[] {
  const index = header.cells.findIndex(({ start, end }) => start <= column.start && column.end <= end);
  const end = textEnd(bytes, header.next, REACH);
  const cells: Span[] = [];
  for (let row = rowAt(bytes, header.next, end, separator); row !== undefined; row = rowAt(bytes, row.next, end, separator)) {
    const cell = row.cells[index];
    if (cell === undefined || isEnd(row, cell)) break;
    cells.push(cell);
  }
  return cells;
}

/** What a column is called, behind a byte order mark where it is the first one. */
const TITLE = /^(?:\xef\xbb\xbf)?[A-Za-z_\x80-\xff][\w\x80-\xff ./#-]{0,40}(?:\([\w ./-]{0,30}\))?$/;

function textOf(bytes: Buffer, { start, end }: Span): string {
  return bytes.toString('latin1', start, Math.min(end, start + LONGEST_ROW));
}

/** The row that begins at an offset; none where the text ends, or where it is longer than a row is or has more cells. */
function rowAt(bytes: Buffer, from: number, end: number, separator: number, most = LONGEST_ROW): Row | undefined {
  if (from >= end) return undefined;
  const cells: Span[] = [];
  const limit = Math.min(end, from + LONGEST_ROW);
  for (let at = from; ;) {
    const cell = cellAt(bytes, at, limit, separator);
    if (cell === undefined || cells.length === most) return undefined;
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
  const end = lineEnd(bytes, start, LONGEST_ROW + 1);
  if (end - start > LONGEST_ROW) return undefined;
  const next = Math.min(bytes.length, end + 1);
  return { start, end, next, text: bytes.toString('latin1', start, end) };
}

/** `|---|:--:|` and `+----+----+`, also in a comment. */
const RULER = /^[\s|:+=*#>/-]{3,}$/;
const RULED = /--|==/;
/** `||Host||Password||` of wikis, where no ruler follows. */
const WIKI_HEADER = /^\s{0,8}\|\|/;

/** Cells below the name of a column in a row of pipes. */
function pipedBelow({ bytes, column, isTitle }: Table, start: number): Span[] {
  const header = lineAt(bytes, start);
  if (header === undefined || header.end - start > LONGEST_HEADER) return [];
  const isWiki = WIKI_HEADER.test(header.text);
  let line = lineAt(bytes, header.next);
  if (isFenced(bytes, start)) return fencedBelow(bytes, header, partsBefore(header.text, column.start - start));
  if (!isWiki) {
    if (line === undefined || !isRuler(line.text)) return [];
    line = lineAt(bytes, line.next);
  }
  const before = partsBefore(header.text, column.start - start);
  const index = isWiki ? before / 2 : before;
  const count = header.text.split('|').length - 1;
  const most = isWiki ? count / 2 : count;
  if (most > MOST_COLUMNS) return [];
  const values: Span[] = [];
  const end = header.next + REACH;
  while (line !== undefined && line.start < end) {
    const next = lineAt(bytes, line.next);
    if (!isRuler(line.text)) {
      const cells = line.text.split('|');
      const cell = cells[index];
      if (cell === undefined || cells.length - 1 > most) break;
      const offset = line.start + cells.slice(0, index).join('|').length + 1;
      // Another header, or in a grid a row that is read as one.
      if (next !== undefined && isRuler(next.text) && isTitle({ start: offset, end: offset + cell.length })) break;
      values.push(trimmed(cell, offset));
    }
    line = next;
  }
  return values;
}

/** What begins and ends a table of AsciiDoc. */
const FENCE = /^\|={3,40}\s{0,8}$/;
const LONGEST_FENCE = 64;

/** Whether a table of AsciiDoc begins above a line. */
function isFenced(bytes: Buffer, start: number): boolean {
  return start > 0 && FENCE.test(bytes.toString('latin1', lineStart(bytes, start - 1, LONGEST_FENCE), start - 1));
}

/** Cells of one column of a table of AsciiDoc: as many as its header has make a row, on however many lines they stand. */
function fencedBelow(bytes: Buffer, header: Span & { text: string; next: number }, column: number): Span[] {
  const width = header.text.split('|').length - 1;
  if (width > MOST_COLUMNS) return [];
  const values: Span[] = [];
  const end = header.next + REACH;
  let count = 0;
  for (let line = lineAt(bytes, header.next); line !== undefined && line.start < end; line = lineAt(bytes, line.next)) {
    if (line.text.trim() === '') continue;
    // Its end, or a cell that goes on or is wider than its column.
    if (FENCE.test(line.text) || !line.text.startsWith('|')) break;
    let offset = line.start;
    for (const cell of line.text.slice(1).split('|')) {
      offset++;
      if (++count % width === column % width) values.push(trimmed(cell, offset));
      offset += cell.length;
    }
  }
  return values;
}

function isRuler(text: string): boolean {
  return RULER.test(text) && RULED.test(text);
}

function partsBefore(text: string, column: number): number {
  return text.slice(0, column).split('|').length - 1;
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
const FIRST_READ = 4096;
const SPANS = /\b(?:col|row)span/i;
/** Behind the name of an element: what `<th` and `<thead` differ in. */
const ELEMENT_ENDS = /[\s>]/;

/** Where no row begins in a content, as far as it was looked through: a text may be full of names of columns that are in none. */
const rowless = new WeakMap<Buffer, Span>();

/** What stands before a column's name in its row, in lower case; undefined where no row begins. */
function rowBefore(bytes: Buffer, at: number): string | undefined {
  const from = textStart(bytes, at, HEADER_REACH);
  const known = rowless.get(bytes);
  const isKnown = known !== undefined && known.start <= from && known.end >= from && known.end <= at;
  const text = bytes.toString('latin1', isKnown ? Math.max(from, known.end - ROW.length + 1) : from, at).toLowerCase();
  const start = text.lastIndexOf(ROW);
  if (start >= 0) return text.slice(start);
  rowless.set(bytes, { start: isKnown ? known.start : from, end: at });
  return undefined;
}

const ROW = '<tr';

/** Texts of the cells below a `<th>`, without the elements around them. */
function elementsBelow(table: Table): Span[] {
  const { bytes, column } = table;
  // Where its own element does not begin right before it, it is the end of a longer title.
  if (bytes[column.start - 1] !== GREATER && (bytes[column.start - 1] !== BLANK || bytes[column.start - 2] !== GREATER)) return [];
  const row = rowBefore(bytes, column.start);
  if (row === undefined || SPANS.test(row)) return [];
  const index = placesOf(row, '<th', 0).length - 1;
  if (index >= MOST_COLUMNS) return [];
  // Most tables are short, and a text may hold many.
  for (let size = FIRST_READ; ; size *= 4) {
    const end = textEnd(bytes, column.end, size);
    const { cells, isEnd } = cellsOfRows(table, bytes.toString('latin1', column.end, end), index);
    if (isEnd || size >= TABLE_REACH || end < column.end + size) return cells;
  }
}

/** Cells of a column in rows that follow its name, and whether the table ends there. */
function cellsOfRows({ column, isTitle }: Table, text: string, index: number): { cells: Span[]; isEnd: boolean } {
  const lower = text.toLowerCase();
  const closed = lower.indexOf('</table');
  const end = closed < 0 ? text.length : closed;
  const cells: Span[] = [];
  for (let at = placeOf(lower, '<tr', 0), next; at < end; at = next) {
    next = placeOf(lower, '<tr', at + 1);
    const row = lower.slice(at, Math.min(next, end));
    const cell = [...placesOf(row, '<td', 0), ...placesOf(row, '<th', 0)].toSorted((a, b) => a - b)[index];
    if (cell === undefined) continue;
    const closing = row.indexOf('</t', cell);
    if (closing < 0) continue;
    const inner = at + row.lastIndexOf('>', closing) + 1;
    if (row.startsWith('<th', cell) && isTitle({ start: column.end + inner, end: column.end + at + closing })) return { cells, isEnd: true };
    cells.push(elementText(text.slice(at + cell, at + closing), column.end + at + cell));
  }
  return { cells, isEnd: closed >= 0 };
}

/** Where an element begins next; infinite where it does not. */
function placeOf(text: string, element: string, from: number): number {
  let at = text.indexOf(element, from);
  while (at >= 0 && !ELEMENT_ENDS.test(text[at + element.length] ?? '')) at = text.indexOf(element, at + 1);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

function placesOf(text: string, element: string, from: number): number[] {
  const places: number[] = [];
  for (let at = placeOf(text, element, from); at < text.length; at = placeOf(text, element, at + 1)) places.push(at);
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
