/** Jupyter notebooks: the lines of a cell are strings of JSON. Here they are one text again, so that they read as code. */
import type { Segment } from './decoded-text.ts';
import { Pieces } from './pieces.ts';
import { OTHER } from './signs.ts';

/** What in a cell is text, also in notebooks of version 3. Images are not. */
const TEXT_KEYS = new Set(['source', 'input', 'text', 'text/plain', 'text/html', 'text/markdown', 'application/json', 'traceback', 'evalue']);
const CELLS = 'cells';
/** Nobody nests deeper; what does is no notebook. */
const DEEPEST = 64;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|(.))/gs;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** An object or a list that is open, and what a cell is or may become. */
interface Level {
  readonly isList: boolean;
  /** The key that the next value belongs to; of a list the key that it has itself. */
  key: string;
  /** Values so far. */
  count: number;
}

/** The text of each cell and of each of its outputs. Empty for what is no notebook; up to where it is damaged. */
export function notebookCells(bytes: Buffer): Segment[] {
  const json = bytes.toString('latin1');
  const segments: { start: number; end: number; pieces: Pieces; label: string; isTrusted: true; isReadBetter: true }[] = [];
  const levels: Level[] = [];
  /** The list or object whose strings make up the last segment. */
  let joined: Level | undefined;
  for (let at = 0; at < json.length && levels.length < DEEPEST;) {
    const sign = json[at]!;
    const level = levels.at(-1);
    if (sign === '{' || sign === '[') levels.push({ isList: sign === '[', key: level?.key ?? '', count: 0 });
    else if (sign === '}' || sign === ']') levels.pop();
    else if (sign === ',' && level !== undefined) level.count++;
    if (sign !== '"') {
      at++;
      continue;
    }
    const end = stringEnd(json, at + 1);
    if (!level?.isList && /^\s{0,64}:/.test(json.slice(end + 1, end + 66))) {
      if (level !== undefined) level.key = json.slice(at + 1, end);
    } else if (level !== undefined && TEXT_KEYS.has(level.key)) {
      const cell = levels.find(({ isList, key }) => isList && key === CELLS)?.count;
      const last = joined === level && level.isList ? segments.at(-1) : undefined;
      if (last !== undefined) {
        last.pieces.addNothing(last.end, at + 1);
        addUnescaped(last.pieces, bytes, json, at + 1, end);
        last.end = end;
      } else if (cell !== undefined) {
        const pieces = new Pieces();
        addUnescaped(pieces, bytes, json, at + 1, end);
        segments.push({
          start: at + 1,
          end,
          pieces,
          label: `cell ${cell + 1} of the notebook`,
          isTrusted: true,
          isReadBetter: true,
        });
      }
      joined = level;
    }
    at = end + 1;
  }
  return segments;
}

/** Where the quote is that ends a string. */
function stringEnd(json: string, from: number): number {
  for (let at = from; ; at++) {
    at = json.indexOf('"', at);
    if (at < 0) return json.length;
    let escapes = 0;
    while (json[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
}

function addUnescaped(pieces: Pieces, bytes: Buffer, json: string, start: number, end: number): void {
  let at = start;
  const addPlain = (to: number): void => {
    if (to > at) pieces.add(at, to, bytes.subarray(at, to), 1);
  };
  for (const { index, 0: whole, 1: unit, 2: sign = '' } of json.slice(start, end).matchAll(ESCAPE)) {
    addPlain(start + index);
    const code = unit === undefined ? (CONTROLS[sign] ?? sign).charCodeAt(0) : Number.parseInt(unit, 16);
    at = start + index + whole.length;
    pieces.add(start + index, at, Buffer.of(code < 0x80 ? code : OTHER), 0);
  }
  addPlain(end);
}
