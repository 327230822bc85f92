/**
 * Text that is not one byte a character. UTF-16 and UTF-32 are turned into a view of one byte per code unit (anything
 * outside ASCII becomes 0xff), so that every rule works on it unchanged; offsets map back by a multiplication.
 */

import type { Prefilter } from '../kernel/prefilter.ts';

/** A content as detection sees it. `raw(offset)` maps an offset of `bytes` back to one of the raw content. */
export interface View {
  readonly bytes: Uint8Array;
  raw(offset: number): number;
}

/** Stands for a character outside ASCII, and for the second half of one; the locator counts only the first. */
const BEYOND_ASCII = 0xff;
const CONTINUATION = 0x80;
const identity = (offset: number): number => offset;

/** How many bytes are looked at to tell an encoding without a byte order mark. */
const SAMPLE = 4096;
/** Fewer characters in a row than this are no string worth reading. */
const MIN_WIDE_RUN = 8;

/** Whether a content has one view, which is its bytes: most have. */
export function isPlain(bytes: Uint8Array, known?: Encoding): boolean {
  return (known === undefined || known === 'bytes') && !bytes.includes(0);
}

/** All of a content: its bytes, or for UTF-16/32 text its decoded form. `known` is the encoding of a part that is not the beginning. */
export function wholeView(bytes: Uint8Array, known?: Encoding): View {
  if (known !== undefined) return known === 'bytes' ? { bytes, raw: identity } : unitView(bytes, 0, bytes.length, known.width, known.low);
  const wide = bytes.includes(0) ? wideEncoding(bytes) : undefined;
  return wide === undefined ? { bytes, raw: identity } : unitView(bytes, wide.start, bytes.length, wide.width, wide.low);
}

/**
 * The strings of two-byte characters inside a binary content.
 * @param first what `Prefilter.findWideText` says of all of it
 */
export function wideViews(bytes: Uint8Array, first: number, prefilter: Pick<Prefilter, 'findWideText'>): View[] {
  return wideRuns(bytes, first, prefilter).map(({ start, end, low }) => unitView(bytes, start, end, 2, low));
}

/** How the characters of a content lie in its bytes: one byte each, or units of `width` bytes whose least is the `low`th. */
export type Encoding = 'bytes' | { readonly width: 2 | 4; readonly low: number };

/** The encoding that a content's beginning tells, for those who look at the rest of it apart. */
export function encodingOf(beginning: Uint8Array): Encoding {
  const wide = wideEncoding(beginning);
  return wide === undefined ? 'bytes' : { width: wide.width, low: wide.low };
}

function wideEncoding(bytes: Uint8Array): { start: number; width: 2 | 4; low: number } | undefined {
  // One by one: to take a list apart is a loop to V8, with a way out for each item.
  const a = bytes[0];
  const b = bytes[1];
  const c = bytes[2];
  const d = bytes[3];
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

/** The characters of a part of a wide content, and where an offset of the part is among them. A beginning may have a mark. */
export function wideView(
  bytes: Uint8Array,
  encoding: Exclude<Encoding, 'bytes'>,
  isBeginning: boolean,
): { bytes: Uint8Array; offset(raw: number): number } {
  const start = isBeginning ? (wideEncoding(bytes)?.start ?? 0) : 0;
  const view = unitView(bytes, start, bytes.length, encoding.width, encoding.low);
  return { bytes: view.bytes, offset: (raw) => Math.max(0, Math.floor((raw - start) / encoding.width)) };
}

/** `low` is the index of a unit's least byte. */
function unitView(bytes: Uint8Array, start: number, end: number, width: 2 | 4, low: number): View {
  const count = Math.ceil((end - start) / width);
  const units = Buffer.allocUnsafe(count);
  for (let index = 0; index < count; index++) {
    const at = start + index * width;
    let beyond = 0;
    for (let byte = 0; byte < width; byte++) if (byte !== low) beyond |= at + byte < end ? (bytes[at + byte] ?? 0) : 0;
    const value = bytes[at + low] ?? 0;
    units[index] = beyond === 0 && value < 0x80 ? value : isLowSurrogate(beyond, width) ? CONTINUATION : BEYOND_ASCII;
  }
  return { bytes: units, raw: (offset) => start + offset * width };
}

function isLowSurrogate(greaterByte: number, width: 2 | 4): boolean {
  return width === 2 && (greaterByte & 0xfc) === 0xdc;
}

/** Stretches in which printable ASCII and NUL take turns, as in the string tables of executables. */
function wideRuns(bytes: Uint8Array, first: number, prefilter: Pick<Prefilter, 'findWideText'>): { start: number; end: number; low: 0 | 1 }[] {
  const runs: { start: number; end: number; low: 0 | 1 }[] = [];
  for (let at = first; at < bytes.length;) {
    let start = bytes[at] === 0 ? at + 1 : at;
    let end = start;
    while (end + 1 < bytes.length && bytes[end + 1] === 0 && isText(bytes[end] ?? 0)) end += 2;
    const lowest = runs.at(-1)?.end ?? 0;
    while (start >= lowest + 2 && bytes[start - 1] === 0 && isText(bytes[start - 2] ?? 0)) start -= 2;
    // A last character without a NUL behind it, and a NUL before the first one: the greater byte comes first.
    const bigEndian = end < bytes.length && start > 0 && bytes[start - 1] === 0 && isText(bytes[end] ?? 0);
    if (end - start >= 2 * MIN_WIDE_RUN - 1) runs.push(bigEndian ? { start: start - 1, end: end + 1, low: 1 } : { start, end, low: 0 });
    at = prefilter.findWideText(bytes, Math.max(end, at + 8));
  }
  return runs;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
