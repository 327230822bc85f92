/**
 * What statements of SQL insert, by the names of the columns that they list: `INSERT INTO users (name, password) VALUES ('anna', '…')`.
 * A dump has one such list for thousands of rows.
 */
import type { Span } from '../model/origin.ts';
import { credentialKind } from './credential-name.ts';
import type { CredentialKind } from './credential-value.ts';
import { textEnd } from './lines.ts';
import { isWord } from './table-rows.ts';

/** Bytes and names of a list of columns. */
const LONGEST_LIST = 2048;
const MOST_COLUMNS = 64;
/** Bytes of rows that are read, and of one value that is no string. */
const REACH = 1_048_576;
const LONGEST_BARE = 256;
const COLUMN = /^\s{0,80}["`[]?([A-Za-z_][\w$]{0,63})["`\]]?\s{0,80}$/;
/** Between the list and the first row. */
const VALUES = /^\)\s{0,80}values?\s{0,80}(?=\()/i;
const VALUES_REACH = 200;
const [OPEN, CLOSE, COMMA, BACKSLASH, SINGLE, DOUBLE] = [0x28, 0x29, 0x2c, 0x5c, 0x27, 0x22] as const;

/** A string of a row, without its quotes, and the name of its column. */
export interface Inserted extends Span {
  readonly name: string;
}

/**
 * Strings of columns that are called like a secret or a password, by the list of columns that opens at an offset; of a password no digest.
 * @returns also how far it looked to see that there are no rows of such a column; undefined where there are, which may go on to the content's end
 */
export function insertedBelow(bytes: Buffer, open: number, as: CredentialKind): { found: Inserted[]; end: number | undefined } {
  const list = bytes.toString('latin1', open + 1, open + LONGEST_LIST);
  const closing = list.indexOf(')');
  const columns = list.slice(0, Math.max(0, closing)).split(',');
  const names = columns.length > MOST_COLUMNS ? [] : columns.map((column) => COLUMN.exec(column)?.[1] ?? '');
  const close = open + 1 + closing;
  if (closing < 0 || names.includes('') || names.every((name) => credentialKind(name) !== as)) return { found: [], end: open + LONGEST_LIST };
  const before = VALUES.exec(bytes.toString('latin1', close, close + VALUES_REACH));
  if (before === null) return { found: [], end: close + VALUES_REACH };
  const text: Rows = { bytes, from: close + before[0].length, limit: textEnd(bytes, close, REACH), names, as };
  const escaped = rowsOf(text, true);
  if (escaped.isWhole) return { found: escaped.found, end: undefined };
  // `'C:\'` is a string to PostgreSQL and SQLite, and the beginning of one to MySQL: what ends as a statement does was read as it was meant.
  const plain = rowsOf(text, false);
  return { found: plain.isWhole || plain.found.length > escaped.found.length ? plain.found : escaped.found, end: undefined };
}

interface Rows {
  readonly bytes: Buffer;
  /** Where the first row opens. */
  readonly from: number;
  readonly limit: number;
  readonly names: readonly string[];
  readonly as: CredentialKind;
}

/** @param escapes whether a quote behind a backslash belongs to its string */
function rowsOf({ bytes, from, limit, names, as }: Rows, escapes: boolean): { readonly found: Inserted[]; readonly isWhole: boolean } {
  const found: Inserted[] = [];
  let at = from;
  while (bytes[at] === OPEN) {
    const row = rowAt(bytes, at + 1, limit, names.length, escapes);
    if (row === undefined) return { found, isWhole: false };
    for (const [index, name] of names.entries()) {
      const cell = row.cells[index];
      if (cell !== undefined && credentialKind(name) === as && isWord(bytes.toString('latin1', cell.start, cell.end), as))
        found.push({ ...cell, name });
    }
    at = skipBlanks(bytes, row.end, limit);
    if (bytes[at] !== COMMA) return { found, isWhole: true };
    at = skipBlanks(bytes, at + 1, limit);
  }
  return { found, isWhole: false };
}

/** A row of so many values, from behind its bracket: its strings, and where it ends. */
function rowAt(
  bytes: Buffer,
  from: number,
  limit: number,
  count: number,
  escapes: boolean,
): { cells: (Span | undefined)[]; end: number } | undefined {
  const cells: (Span | undefined)[] = [];
  for (let at = from; cells.length < count; at++) {
    const start = openingQuote(bytes, skipBlanks(bytes, at, limit));
    const end = start === undefined ? undefined : closingQuote(bytes, start, limit, escapes);
    if (start !== undefined && end === undefined) return undefined;
    cells.push(start === undefined || end === undefined ? undefined : { start, end });
    const next = bareEnd(bytes, end === undefined ? at : end + 1, limit, escapes);
    if (next === undefined) return undefined;
    if (bytes[next] === CLOSE) return cells.length === count ? { cells, end: next + 1 } : undefined;
    at = next;
  }
  return undefined;
}

/** Behind the quote of a string that begins at an offset, `'…'`, `N'…'`, `E'…'` or `"…"`. */
function openingQuote(bytes: Buffer, at: number): number | undefined {
  const quote = isQuote(bytes[at]) ? at : at + 1;
  if (!isQuote(bytes[quote])) return undefined;
  return quote === at || /[ne]/i.test(String.fromCharCode(bytes[at] ?? 0)) ? quote + 1 : undefined;
}

/** The quote that closes a string; two of them, or with `escapes` one behind a backslash, are one of its text. */
function closingQuote(bytes: Buffer, start: number, limit: number, escapes: boolean): number | undefined {
  const quote = bytes[start - 1];
  for (let at = start; at < limit; at++) {
    if (bytes[at] === BACKSLASH && escapes) at++;
    else if (bytes[at] === quote) {
      if (bytes[at + 1] !== quote) return at;
      at++;
    }
  }
  return undefined;
}

/**
 * Where what is no string ends, a number or a call: before a comma, or the bracket that closes its row. Strings in it are read as such, else what
 * is read from two places of a text could come together, and thousands of statements would each be read to the text's end.
 */
function bareEnd(bytes: Buffer, from: number, limit: number, escapes: boolean): number | undefined {
  const highest = Math.min(limit, from + LONGEST_BARE);
  let depth = 0;
  for (let at = from; at < highest; at++) {
    const byte = bytes[at];
    if (depth === 0 && (byte === COMMA || byte === CLOSE)) return at;
    if (byte === OPEN) depth++;
    else if (byte === CLOSE) depth--;
    else if (byte === BACKSLASH) return undefined;
    else if (isQuote(byte)) {
      const end = closingQuote(bytes, at + 1, highest, escapes);
      if (end === undefined) return undefined;
      at = end;
    }
  }
  return undefined;
}

function isQuote(byte: number | undefined): boolean {
  return byte === SINGLE || byte === DOUBLE;
}

function skipBlanks(bytes: Buffer, from: number, limit: number): number {
  let at = from;
  while (at < limit && (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d || bytes[at] === 0x0a)) at++;
  return at;
}
