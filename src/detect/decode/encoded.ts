/** From the places where something may be encoded to the parts of a content with what is encoded in them. */
import type { Span } from '../../model/origin.ts';
import { bitmapOf } from '../../rules/alphabet.ts';
import { LF, lineEnd, lineStart } from '../lines.ts';
import type { Segment } from './decoded-text.ts';
import { manifestValues } from './manifest.ts';
import type { MarkKind } from './marks.ts';
import { notebookCells } from './notebook.ts';
import { Pieces } from './pieces.ts';
import { readEntity, readEscape, readPercent, type SignReader } from './signs.ts';
import { splitKeys } from './split.ts';

/** Where a mark stands; of a run, its first byte. */
export interface MarkPlace extends Span {
  readonly means: MarkKind;
}

/** Something encoded as a whole, with what it is in words. */
export interface Encoded extends Span {
  readonly pieces: Pieces;
  readonly label: string;
  readonly isTrusted: boolean;
}

const RUN = bitmapOf('0-9A-Za-z+/_-');
const BASE64_WIDTH = 4 / 3;
/** Bytes of its line that are read with something encoded: the name before it, and what closes it. */
const BEFORE = 256;
const AFTER = 128;
/** Signs that lie no further apart are read together. */
const NEAR = 512;
/** More signs in one content are no text that anybody wrote. */
const MOST_SIGNS = 65_536;
/** A part with more signs that are of no text is an image, or a table. */
const MOST_ODD = 64;
/** Without so many bytes in a row of what secrets and signs are made of there is nothing to be found. */
const LONG_WORD = 16;
const WORD = bitmapOf('\\w+/=.%&#;\\\\-');
/** Bytes of base64 that are decoded at once. */
const LONGEST_RUN = 4_194_304;
/** A line of base64 that goes on in the next one has this many characters at least. */
const SHORTEST_LINE = 40;
/** What follows the last character of a line of base64. */
const LINE_END = new Set<number | undefined>([undefined, LF, 0x0d, 0x20, 0x09, 0x22, 0x27, 0x60, 0x5c, 0x29, 0x2c, 0x3b, 0x3c]);
/** Longer texts are files of somebody's, such as the sources in a source map, and not what an author encoded to pass on. */
const LONGEST_TRUSTED = 8192;

const NO_PLACES: readonly MarkPlace[] = [];

/** All that is encoded at some places of a content, ascending; the places need not be. */
export function segmentsOf(bytes: Buffer, places: readonly MarkPlace[]): Segment[] {
  const byKind = new Map<MarkKind, MarkPlace[]>();
  for (const place of places.toSorted((a, b) => a.start - b.start)) {
    const alike = byKind.get(place.means);
    if (alike === undefined) byKind.set(place.means, [place]);
    else alike.push(place);
  }
  const of = (kind: MarkKind): readonly MarkPlace[] => byKind.get(kind) ?? NO_PLACES;
  const values = [
    ...of('login').flatMap((place) => loginAt(bytes, place) ?? []),
    ...of('command').flatMap((place) => commandAt(bytes, place) ?? []),
    ...manifests(bytes, of('manifest')),
    ...runs(bytes, of('run')),
  ];
  return [
    ...linesAround(bytes, values),
    ...SIGNS.flatMap((sign) => signed(bytes, of(sign.means), sign)),
    ...joined(bytes, of('joined')),
    ...splitKeys(bytes, of('split')),
    ...(of('notebook').length === 0 ? [] : notebookCells(bytes)),
  ];
}

function runs(bytes: Buffer, places: readonly Span[]): Encoded[] {
  const found: Encoded[] = [];
  for (const { start } of places) {
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const run = hexAt(bytes, start) ?? base64At(bytes, start);
    if (run !== undefined) found.push(run);
  }
  return found;
}

/** Behind the run of base64's characters at an offset. */
export function runEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && RUN[bytes[end]!] === 1) end++;
  return end;
}

const HEX_SAMPLE = 30;

function hexAt(bytes: Buffer, start: number): Encoded | undefined {
  if (!isText(Buffer.from(bytes.toString('latin1', start, start + HEX_SAMPLE), 'hex'), HEX_SAMPLE / 2)) return undefined;
  const written = bytes.toString('latin1', start, Math.min(runEnd(bytes, start), start + LONGEST_RUN));
  const text = Buffer.from(written, 'hex');
  const pieces = new Pieces();
  pieces.add(start, start + 2 * text.length, text, 2);
  return encoded(bytes, pieces, 'hex digits');
}

/** Base64 over one line or several, padded or not. */
function base64At(bytes: Buffer, start: number): Encoded | undefined {
  const pieces = new Pieces();
  let width = 0;
  for (let from = start; pieces.count === 0 || from - start < LONGEST_RUN;) {
    const end = runEnd(bytes, from);
    let padded = end;
    while (padded < end + 2 && bytes[padded] === 0x3d) padded++;
    // Another word in the next line is none of it.
    if (pieces.count > 0 && (end - from > width || !LINE_END.has(bytes[padded]))) break;
    if (pieces.end === undefined) width = end - from;
    else pieces.addNothing(pieces.end, from);
    pieces.addEncoded(from, padded, bytes.toString('latin1', from, end), 'base64');
    if (width < SHORTEST_LINE || width % 4 > 0 || end - from < width || padded > end) break;
    const next = nextLine(bytes, end);
    if (next === undefined || RUN[bytes[next] ?? 0] !== 1) break;
    from = next;
  }
  return encoded(bytes, pieces, 'base64');
}

const [BACKSLASH, LOWER_N, LOWER_R, CR] = [0x5c, 0x6e, 0x72, 0x0d] as const;
/** Before a line of base64. */
const MOST_BLANKS = 40;

/** Where the next line's text begins, also where the line's end is an escape inside a string. */
function nextLine(bytes: Buffer, end: number): number | undefined {
  let at = end;
  if (bytes[at] === BACKSLASH) {
    if (bytes[at + 1] === LOWER_R && bytes[at + 2] === BACKSLASH) at += 2;
    return bytes[at + 1] === LOWER_N ? at + 2 : undefined;
  }
  if (bytes[at] === CR) at++;
  if (bytes[at] !== LF) return undefined;
  const furthest = ++at + MOST_BLANKS;
  while (at < furthest && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at;
}

function encoded(bytes: Buffer, pieces: Pieces, label: string): Encoded {
  const { start } = pieces.spanOf(0);
  const { end } = pieces.spanOf(pieces.count - 1);
  // Parts of a JWT are joined by dots, and what they say of their bearer is no secret.
  const isJoined = bytes[start - 1] === 0x2e || bytes[end] === 0x2e;
  return { start, end, pieces, label, isTrusted: !isJoined && pieces.size <= LONGEST_TRUSTED };
}

/** Whether it has as many bytes, and all are those of a text. */
function isText(bytes: Buffer, length = bytes.length): boolean {
  return bytes.length === length && bytes.every(isTextByte);
}

function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === LF || byte === 0x0d || byte === 0x09;
}

const LOGIN = /["']?[ \t]{0,4}[:=][ \t]{0,4}["']?|/y;
const LOGIN_REACH = 2048;
/** As long as a command line of Windows may be. */
const LONGEST_COMMAND = 32_768;

/** `Basic …` of a header, `"auth": "…"` of Docker, `_auth=…` of npm: base64 of `user:password`, or of a password alone. */
function loginAt(bytes: Buffer, { start, end }: MarkPlace): Encoded | undefined {
  const written = bytes.toString('latin1', end, end + 16);
  LOGIN.lastIndex = 0;
  const from = end + (LOGIN.exec(written)?.[0].length ?? 0);
  const to = runEnd(bytes.subarray(0, from + LOGIN_REACH), from);
  const value = plainBase64(bytes, from, to);
  const isPassword = bytes[start] === 0x3a;
  if (value === undefined || (!isPassword && !value.textOf(0).includes(':'))) return undefined;
  return { ...value.spanOf(0), pieces: value, label: 'base64 of a login', isTrusted: true };
}

/** `powershell -enc …`: base64 of UTF-16. */
function commandAt(bytes: Buffer, { end: start }: MarkPlace): Encoded | undefined {
  const end = runEnd(bytes.subarray(0, start + LONGEST_COMMAND), start);
  const units = Buffer.from(bytes.toString('latin1', start, end), 'base64');
  const text = Buffer.from(units.toString('utf16le'), 'latin1');
  if (!isText(text) || units.some((byte, index) => index % 2 === 1 && byte !== 0)) return undefined;
  let padded = end;
  while (padded < end + 2 && bytes[padded] === 0x3d) padded++;
  const pieces = new Pieces();
  pieces.add(start, padded, text, 2 * BASE64_WIDTH);
  return { start, end: padded, pieces, label: 'base64 of UTF-16', isTrusted: text.length <= LONGEST_TRUSTED };
}

/** A whole base64 of nothing but text. */
function plainBase64(bytes: Buffer, start: number, end: number): Pieces | undefined {
  const text = Buffer.from(bytes.toString('latin1', start, end), 'base64');
  if (text.length < 4 || !isText(text)) return undefined;
  let padded = end;
  while (padded < end + 2 && bytes[padded] === 0x3d) padded++;
  const pieces = new Pieces();
  pieces.add(start, padded, text, BASE64_WIDTH);
  return pieces;
}

function manifests(bytes: Buffer, places: readonly Span[]): Encoded[] {
  const found: Encoded[] = [];
  let done = 0;
  for (const place of places) {
    if (place.start < done) continue;
    const { values, end } = manifestValues(bytes, place);
    done = end;
    for (const value of values) {
      const pieces = plainBase64(bytes, value.start, value.end);
      if (pieces !== undefined) found.push({ ...pieces.spanOf(0), pieces, label: 'base64 of a Kubernetes Secret', isTrusted: true });
    }
  }
  return found;
}

/** Values with the lines that they stand in, ascending; of those that overlap the first given one counts. */
function linesAround(bytes: Buffer, values: readonly Encoded[]): Segment[] {
  const segments: { start: number; end: number; pieces: Pieces; label: string; isTrusted: boolean; last: number }[] = [];
  for (const { start, end, pieces, label, isTrusted } of values.toSorted((a, b) => a.start - b.start)) {
    const before = segments.at(-1);
    if (before !== undefined && start < before.last) continue;
    const from = lineStart(bytes, start, BEFORE);
    const to = lineEnd(bytes, end, AFTER);
    if (before !== undefined && from < before.end && before.label === label) {
      before.pieces.append(pieces);
      Object.assign(before, { end: to, last: end, isTrusted: before.isTrusted && isTrusted });
    } else segments.push({ start: Math.max(from, before?.last ?? 0), end: to, pieces, label, isTrusted, last: end });
  }
  return segments;
}

function hasLongWord(bytes: Buffer, start: number, end: number): boolean {
  // Every long word holds one of any bytes that are so far apart.
  for (let at = start + LONG_WORD - 1; at < end;) {
    let first = at;
    while (first > at - LONG_WORD && WORD[bytes[first]!] === 1) first--;
    if (first === at - LONG_WORD) return true;
    at = first + LONG_WORD;
  }
  return false;
}

interface Sign {
  readonly means: MarkKind;
  readonly label: string;
  /** The first of the signs that write one. */
  readonly lead: number;
  readonly read: SignReader;
}

const SIGNS: readonly Sign[] = [
  { means: 'percent', label: 'percent-encoding', lead: 0x25, read: readPercent },
  { means: 'backslash', label: 'escapes', lead: 0x5c, read: readEscape },
  { means: 'entity', label: 'HTML entities', lead: 0x26, read: readEntity },
];

/** The first of some bytes from an offset on; behind all where there is none. */
function nextLead(bytes: Buffer, lead: number, from: number): number {
  if (bytes[from] === lead) return from;
  const found = bytes.indexOf(lead, from);
  return found < 0 ? bytes.length : found;
}

/** Parts of lines around signs that are written as several. */
function signed(bytes: Buffer, places: readonly Span[], sign: Sign): Segment[] {
  const segments: Segment[] = [];
  let signs = 0;
  for (let index = 0; index < places.length && signs < MOST_SIGNS;) {
    const next = behindNear(bytes, places, index);
    const { start, end } = partAround(bytes, places[index]!, places[next - 1]!);
    index = next;
    if (!hasLongWord(bytes, start, end)) continue;
    const pieces = new Pieces();
    const isAllText = addSigns(pieces, bytes, start, end, sign, MOST_SIGNS - signs);
    signs += pieces.count;
    if (isAllText && pieces.count > 0) segments.push({ start, end, pieces, label: sign.label, isTrusted: true });
    else pieces.release();
  }
  return segments;
}

/** Adds at most so many signs of a part. False where too many of them are of no text. A function of its own, since V8 compiles what is long in a loop twice. */
function addSigns(pieces: Pieces, bytes: Buffer, start: number, end: number, { lead, read }: Sign, most: number): boolean {
  let odd = 0;
  for (let at = nextLead(bytes, lead, start); at < end && pieces.count < most;) {
    const sign = read(bytes, at, end);
    const next = at + Math.max(1, sign >> 8);
    if (sign !== 0) {
      const byte = sign & 0xff;
      if (!isTextByte(byte) && ++odd > MOST_ODD) return false;
      pieces.addByte(at, next, byte);
    }
    at = nextLead(bytes, lead, next);
  }
  return true;
}

/** Index behind those of some places that lie on one line, each near the one before it. */
function behindNear(bytes: Buffer, places: readonly Span[], first: number): number {
  let index = first + 1;
  while (index < places.length && isNear(bytes, places[index - 1]!.end, places[index]!.start)) index++;
  return index;
}

function isNear(bytes: Buffer, end: number, start: number): boolean {
  return start - end < NEAR && !hasLineFeed(bytes, end, start);
}

/** From the line's start before one place to its end behind another, as far as is looked. */
function partAround(bytes: Buffer, first: Span, last: Span): Span {
  return { start: lineStart(bytes, first.start, BEFORE), end: lineEnd(bytes, last.end, NEAR) };
}

/** Lines with strings that are put together, `"sk_live_4eC3" + "9HqLyjWD"`, as one: the byte before each joint stands for it and the joint. */
function joined(bytes: Buffer, places: readonly Span[]): Segment[] {
  const segments: Segment[] = [];
  let joints = 0;
  for (let index = 0; index < places.length && joints < MOST_SIGNS;) {
    const next = behindNear(bytes, places, index);
    const { start, end } = partAround(bytes, places[index]!, places[next - 1]!);
    const pieces = new Pieces();
    for (; index < next; index++) {
      const joint = places[index]!;
      if (joint.start - 1 < (pieces.end ?? start)) continue;
      pieces.add(joint.start - 1, joint.end, bytes.subarray(joint.start - 1, joint.start), joint.end - joint.start + 1);
      joints++;
    }
    if (pieces.count > 0) segments.push({ start, end, pieces, label: 'strings that are put together', isTrusted: false });
  }
  return segments;
}

function hasLineFeed(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === LF) return true;
  return false;
}
