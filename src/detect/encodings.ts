/**
 * Text that is not one byte a character. UTF-16 and UTF-32 are turned into a view of one byte per code unit (anything
 * outside ASCII becomes 0x80), so that every rule works on it unchanged; offsets map back by a multiplication.
 */

import type { Prefilter } from '../kernel/prefilter.ts';

/** A content as detection sees it. `raw(offset)` maps an offset of `bytes` back to one of the raw content. */
export interface View {
  readonly bytes: Uint8Array;
  raw(offset: number): number;
}

const BEYOND_ASCII = 0x80;
const identity = (offset: number): number => offset;

/** How many bytes are looked at to tell an encoding without a byte order mark. */
const SAMPLE = 4096;
/** Fewer characters in a row than this are no string worth reading. */
const MIN_WIDE_RUN = 8;

/**
 * The views of a content to look at: the bytes themselves, or for UTF-16/32 text its decoded form. A binary content
 * with strings of two-byte characters inside has one more view for each.
 */
export function viewsOf(bytes: Uint8Array, prefilter: Pick<Prefilter, 'findWideText'>): View[] {
  const nul = bytes.indexOf(0);
  if (nul < 0) return [{ bytes, raw: identity }];
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return [unitView(bytes, wide.start, bytes.length, wide.width, wide.low)];
  return [{ bytes, raw: identity }, ...wideRuns(bytes, nul, prefilter).map(({ start, end }) => unitView(bytes, start, end, 2, 0))];
}

function wideEncoding(bytes: Uint8Array): { start: number; width: 2 | 4; low: number } | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? { start: 4, width: 4, low: 0 } : { start: 2, width: 2, low: 0 };
  if (a === 0xfe && b === 0xff) return { start: 2, width: 2, low: 1 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { start: 4, width: 4, low: 3 };
  // No mark: text in a Latin script has a NUL in nearly every second byte.
  const size = Math.min(bytes.length, SAMPLE) & ~1;
  if (size < 2 * MIN_WIDE_RUN) return undefined;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < size; index += 2) {
    if (bytes[index] === 0 && bytes[index + 1] !== 0) even++;
    if (bytes[index + 1] === 0 && bytes[index] !== 0) odd++;
  }
  if (odd > size * 0.4 && even === 0) return { start: 0, width: 2, low: 0 };
  if (even > size * 0.4 && odd === 0) return { start: 0, width: 2, low: 1 };
  return undefined;
}

/** `low` is the index of a unit's least byte. */
function unitView(bytes: Uint8Array, start: number, end: number, width: 2 | 4, low: number): View {
  const count = Math.ceil((end - start) / width);
  const units = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const at = start + index * width;
    let beyond = 0;
    for (let byte = 0; byte < width; byte++) if (byte !== low) beyond |= bytes[at + byte] ?? 0;
    const value = bytes[at + low] ?? 0;
    units[index] = beyond === 0 && value < BEYOND_ASCII ? value : BEYOND_ASCII;
  }
  return { bytes: units, raw: (offset) => start + offset * width };
}

/** Stretches in which printable ASCII and NUL take turns, as in the string tables of executables. */
function wideRuns(bytes: Uint8Array, nul: number, prefilter: Pick<Prefilter, 'findWideText'>): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (let at = prefilter.findWideText(bytes, nul & ~7); at < bytes.length;) {
    // The character begins at the byte that is no NUL; either order of bytes reads the same from there on.
    let start = bytes[at] === 0 ? at + 1 : at;
    let end = start;
    while (end + 1 < bytes.length && bytes[end + 1] === 0 && isText(bytes[end] ?? 0)) end += 2;
    if (end < bytes.length && end > start && isText(bytes[end] ?? 0)) end += 1; // the last one of a big-endian string
    while (start >= 2 && bytes[start - 1] === 0 && isText(bytes[start - 2] ?? 0)) start -= 2;
    if (end - start >= 2 * MIN_WIDE_RUN - 1) runs.push({ start, end });
    at = prefilter.findWideText(bytes, Math.max(end, at + 8));
  }
  return runs;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
