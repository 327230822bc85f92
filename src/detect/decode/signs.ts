/** Signs that are written as several: `%41`, `\x41`, `&#65;`. Read byte by byte, since a program may hold a million of them. */

/**
 * What is written at an offset, which holds the first of the signs: the byte that it stands for, and 256 times how many
 * bytes write it. 0 when nothing is written so, or not all of it before `end`.
 */
export type SignReader = (bytes: Uint8Array, at: number, end: number) => number;

/** Stands for a character that is not one byte. */
export const OTHER = 0xff;

const LENGTH = 256;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '`': '`', '/': '/', '\\': '\\' };
/** What an escape's letter stands for, 0 for any other byte. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => ESCAPES[String.fromCharCode(byte)]?.charCodeAt(0) ?? 0);
const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: '&',
  lt: '<',
  gt: '>',
  equals: '=',
  colon: ':',
  sol: '/',
  lowbar: '_',
  commat: '@',
  dash: '-',
  hyphen: '-',
  plus: '+',
};
const AMPERSAND = 0x26;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const [LOWER_U, LOWER_X, ZERO] = [0x75, 0x78, 0x30] as const;
const MOST_DECIMAL = 5;
const MOST_HEX = 4;
const [SHORTEST_NAME, LONGEST_NAME] = [2, 6] as const;

/** Value of a hex digit, -1 for any other byte. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

/** Two hex digits at an offset, with how long all that is written is up to behind them. */
function hexByte(bytes: Uint8Array, at: number, end: number, length: number): number {
  if (at + 2 > end) return 0;
  const high = hexDigit(bytes[at]);
  const low = hexDigit(bytes[at + 1]);
  return high < 0 || low < 0 ? 0 : length * LENGTH + high * 16 + low;
}

/** `%41` */
export function readPercent(bytes: Uint8Array, at: number, end: number): number {
  return hexByte(bytes, at + 1, end, 3);
}

/** `\x41`, `\u0041`, `\n` */
export function readEscape(bytes: Uint8Array, at: number, end: number): number {
  const letter = at + 1 < end ? bytes[at + 1]! : 0;
  if (letter === LOWER_X) return hexByte(bytes, at + 2, end, 4);
  if (letter === LOWER_U) return bytes[at + 2] === ZERO && bytes[at + 3] === ZERO ? hexByte(bytes, at + 4, end, 6) : 0;
  const byte = ESCAPED[letter]!;
  return byte === 0 ? 0 : 2 * LENGTH + byte;
}

/** `&#65;`, `&#x41;`, `&amp;`; a name that is not known reads as the ampersand. */
export function readEntity(bytes: Uint8Array, at: number, end: number): number {
  const numeric = bytes[at + 1] === HASH;
  const hex = numeric && ((bytes[at + 2] ?? 0) | 0x20) === LOWER_X;
  const first = at + (hex ? 3 : numeric ? 2 : 1);
  let code = 0;
  let next = first;
  if (numeric) {
    const base = hex ? 16 : 10;
    for (let digit = hexDigit(bytes[next]); digit >= 0 && digit < base; digit = hexDigit(bytes[next])) {
      if (next - first === (hex ? MOST_HEX : MOST_DECIMAL)) return 0;
      code = code * base + digit;
      next++;
    }
    if (next === first) return 0;
  } else {
    while (next - first <= LONGEST_NAME && bytes[next]! >= 0x61 && bytes[next]! <= 0x7a) next++;
    if (next - first < SHORTEST_NAME || next - first > LONGEST_NAME) return 0;
    const name = String.fromCharCode(...bytes.subarray(first, next));
    code = ENTITIES[name]?.charCodeAt(0) ?? AMPERSAND;
  }
  if (next >= end || bytes[next] !== SEMICOLON) return 0;
  return (next + 1 - at) * LENGTH + (code < 0x80 ? code : OTHER);
}
