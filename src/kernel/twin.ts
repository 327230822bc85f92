/**
 * The kernel in JavaScript: the same tables, the same hits, many times slower. Used where WebAssembly is
 * missing, and in tests to say what the kernel must answer.
 */
import type { Prefilter, ScanHits } from './prefilter.ts';
import { COLUMNS, HEADER, HEADER_WORDS, IMAGE_START, STATE_WORDS } from './tables.ts';

const SINGLE_STREAM = 1024;
const MAX_NAME = 64;
const LF = 0x0a;
const EQUALS = 0x3d;
const COLON = 0x3a;

export class Twin implements Prefilter {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #header: Readonly<Record<(typeof HEADER_WORDS)[number], number>>;
  /** All of the memory as 16-bit cells. */
  readonly #table: Int16Array;
  /** Where state 0 lies in the column of a byte. */
  readonly #columns: Int32Array;
  #memory = Buffer.alloc(65_536);
  #pairs = new Int32Array(1024);
  #length = 0;
  #looksAround = false;
  /** Bytes that may still be looked at around literals. */
  #effort = 0;
  /** What was told last of each class and line: all literals of a line get the same answer. */
  readonly #told = new Map<number, { end: number; wanted: number; found: boolean }>();

  constructor(image: Uint8Array) {
    this.#bytes = new Uint8Array(IMAGE_START + ((image.length + 3) & ~3));
    this.#bytes.set(image, IMAGE_START);
    this.#words = new Int32Array(this.#bytes.buffer);
    const word = (name: (typeof HEADER_WORDS)[number]): number => this.#words[HEADER / 4 + HEADER_WORDS.indexOf(name)] ?? 0;
    this.#header = Object.fromEntries(HEADER_WORDS.map((name) => [name, word(name)])) as Record<(typeof HEADER_WORDS)[number], number>;
    this.#table = new Int16Array(this.#bytes.buffer);
    this.#columns = this.#words.slice(COLUMNS / 4, COLUMNS / 4 + 256).map((offset) => offset >> 1);
  }

  reserve(size: number): Buffer {
    if (this.#memory.length < size) this.#memory = Buffer.alloc(size);
    return this.#memory.subarray(0, size);
  }

  adopt(bytes: Uint8Array): Uint8Array {
    return bytes;
  }

  placed(bytes: Uint8Array): Uint8Array {
    return bytes;
  }

  scan(bytes: Uint8Array, isWhole = false, mayBeWide = false): ScanHits {
    this.#length = 0;
    this.#looksAround = isWhole;
    this.#effort = MAX_EFFORT;
    this.#told.clear();
    const table = this.#table;
    const columns = this.#columns;
    const size = bytes.length;
    let at = 0;
    let d = 0;
    if (size >= SINGLE_STREAM) {
      const quarter = (size >> 2) & ~1;
      let a = 0;
      let b = this.#warm(bytes, quarter);
      let c = this.#warm(bytes, 2 * quarter);
      d = this.#warm(bytes, 3 * quarter);
      for (let i = 0; i < quarter; i += 2) {
        // The tables cover every byte and every state, so no index is out of bounds.
        const a1 = table[a + columns[bytes[i]!]!]!;
        const b1 = table[b + columns[bytes[quarter + i]!]!]!;
        const c1 = table[c + columns[bytes[2 * quarter + i]!]!]!;
        const d1 = table[d + columns[bytes[3 * quarter + i]!]!]!;
        a = table[a1 + columns[bytes[i + 1]!]!]!;
        b = table[b1 + columns[bytes[quarter + i + 1]!]!]!;
        c = table[c1 + columns[bytes[2 * quarter + i + 1]!]!]!;
        d = table[d1 + columns[bytes[3 * quarter + i + 1]!]!]!;
        if (a1 < 0) this.#emit(bytes, i + 1, a1);
        if (a < 0) this.#emit(bytes, i + 2, a);
        if (b1 < 0) this.#emit(bytes, quarter + i + 1, b1);
        if (b < 0) this.#emit(bytes, quarter + i + 2, b);
        if (c1 < 0) this.#emit(bytes, 2 * quarter + i + 1, c1);
        if (c < 0) this.#emit(bytes, 2 * quarter + i + 2, c);
        if (d1 < 0) this.#emit(bytes, 3 * quarter + i + 1, d1);
        if (d < 0) this.#emit(bytes, 3 * quarter + i + 2, d);
      }
      at = 4 * quarter;
    }
    for (; at < size; at++) {
      d = table[d + columns[bytes[at]!]!]!;
      if (d < 0) this.#emit(bytes, at + 1, d);
    }
    const wide = mayBeWide ? this.findWideText(bytes, 0) : size;
    return { pairs: this.#pairs, length: this.#length, encoded: this.findEncoded(bytes, 0), wide };
  }

  findWideText(bytes: Uint8Array, from: number): number {
    for (let at = (from + 7) & ~7; at + 8 <= bytes.length; at += 8) {
      const first = bytes[at] === 0 ? 0 : 1;
      let takesTurns = true;
      for (let index = 0; index < 8 && takesTurns; index++)
        takesTurns = index % 2 === first ? bytes[at + index] === 0 : isTextByte(bytes[at + index]!);
      if (takesTurns) return at;
    }
    return bytes.length;
  }

  findEncoded(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length;) {
      if (sextet(bytes[at]) === undefined) {
        at++;
        continue;
      }
      let end = at;
      while (sextet(bytes[end]) !== undefined) end++;
      const first = behindPrefix(bytes, at);
      if (end - first >= MIN_RUN && (isHexText(bytes, first) || isBase64Text(bytes, first))) return first;
      at = end;
    }
    return bytes.length;
  }

  lineFeeds(bytes: Uint8Array): number {
    let count = 0;
    for (const byte of bytes) if (byte === LF) count++;
    return count;
  }

  characters(bytes: Uint8Array): number {
    let count = 0;
    for (const byte of bytes) if ((byte & 0xc0) !== 0x80) count++;
    return count;
  }

  #warm(bytes: Uint8Array, at: number): number {
    let state = 0;
    for (let index = at - Math.min(at, this.#header.maxLiteral - 1); index < at; index++) state = this.#table[state + this.#columns[bytes[index]!]!]!;
    return state;
  }

  #emit(bytes: Uint8Array, end: number, state: number): void {
    const { accepting, outputs, checks } = this.#header;
    const record = accepting / 4 + ~state * STATE_WORDS;
    const last = this.#words[record + STATE_WORDS]!;
    for (let at = this.#words[record]!; at < last; at++) {
      const check = this.#words[outputs / 4 + at]!;
      if (this.#passes(bytes, checks / 4 + check * 8, end)) this.#push(end, check);
    }
  }

  #push(end: number, check: number): void {
    if (this.#length + 2 > this.#pairs.length) {
      const larger = new Int32Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#length++] = end;
    this.#pairs[this.#length++] = check;
  }

  #passes(bytes: Uint8Array, record: number, end: number): boolean {
    const [kind = 0, length = 0, exact = 0, before = 0, run = 0, runLength = 0, near = 0, wanted = 0] = this.#words.subarray(record, record + 8);
    if (kind === 0) return true;
    const start = end - length;
    if (exact !== 0) for (let index = 0; index < length; index++) if (bytes[start + index] !== this.#bytes[exact + index]) return false;
    if (before !== 0 && start > 0 && this.#bytes[before + bytes[start - 1]!] !== 0 && !followsEscape(bytes, start)) return false;
    if (run !== 0) {
      if (end + runLength > bytes.length) return false;
      for (let at = end; at < end + runLength; at++) if (this.#bytes[run + bytes[at]!] === 0) return false;
    }
    if (kind === 7)
      return isWholeName(bytes, start, end) && this.#credentialFollows(bytes, start, end) && this.#nameIsNear(bytes, start, end, near, wanted);
    if (kind === 6 && !beginsWord(bytes, start)) return false;
    if (near !== 0 && !this.#runIsNear(bytes, start, end, near, wanted)) return false;
    if (kind === 1 || kind === 6) return true;
    if (kind === 4) return this.#credentialFollows(bytes, start, end);
    if (kind === 5) return userInfoFollows(bytes, end);
    const operator = this.#operatorAfter(bytes, end);
    return operator !== 0 && (kind === 2 || (operator === EQUALS && this.#beginsLine(bytes, start)));
  }

  #runIsNear(bytes: Uint8Array, start: number, end: number, near: number, wanted: number): boolean {
    const lines = wanted >> 16;
    if ((lines > 0 && !this.#looksAround) || this.#effort <= 0) return true;
    const first = linesBack(bytes, start, 0, LINE_REACH);
    const last = linesForward(bytes, end, 0, LINE_REACH);
    const key = near * 2 ** 32 + first;
    const told = this.#told.get(key);
    if (told?.wanted === wanted && told.end === last) return told.found;
    const from = linesBack(bytes, start, lines, LINE_REACH);
    const to = linesForward(bytes, end, lines, LINE_REACH);
    this.#effort -= to - from;
    let length = 0;
    for (let at = from; at < to && length < (wanted & 0xffff); at++) length = this.#bytes[near + bytes[at]!] === 0 ? 0 : length + 1;
    const found = length >= (wanted & 0xffff);
    const isWhole = (first === 0 || bytes[first - 1] === LF) && (last === bytes.length || bytes[last] === LF);
    if (isWhole) this.#told.set(key, { end: last, wanted, found });
    return found;
  }

  #nameIsNear(bytes: Uint8Array, start: number, end: number, parts: number, lines: number): boolean {
    if (!this.#looksAround || this.#effort <= 0) return true;
    const from = linesBack(bytes, start, lines >> 16, NAME_REACH);
    const to = linesForward(bytes, end, lines & 0xffff, VALUE_REACH);
    this.#effort -= to - from;
    const text = Buffer.from(bytes.subarray(from, to)).toString('latin1').toLowerCase();
    for (let part = parts; this.#bytes[part] !== 0; part += this.#bytes[part]! + 1) {
      const length = this.#bytes[part]!;
      if (text.includes(Buffer.from(this.#bytes.subarray(part + 1, part + 1 + length)).toString('latin1'))) return true;
    }
    return false;
  }

  #isName(byte: number | undefined): boolean {
    return byte !== undefined && this.#bytes[this.#header.nameBitmap + byte] !== 0;
  }

  #operatorAfter(bytes: Uint8Array, from: number): number {
    const limit = Math.min(bytes.length, from + MAX_NAME);
    let at = from;
    while (at < limit && this.#isName(bytes[at])) at++;
    for (; at < limit; at++) {
      const byte = bytes[at]!;
      if (byte === EQUALS || byte === COLON) return byte === EQUALS && bytes[at + 1] === EQUALS ? 0 : byte;
      if (byte !== 0x22 && byte !== 0x27 && byte !== 0x5d && byte !== 0x20 && byte !== 0x09) return 0;
    }
    return 0;
  }

  #credentialFollows(bytes: Uint8Array, start: number, end: number): boolean {
    const limit = Math.min(bytes.length, end + MAX_NAME);
    let at = end;
    while (at < limit && this.#isName(bytes[at])) at++;
    const isName = (byte: number | undefined): boolean => this.#isName(byte);
    at = afterBrackets(bytes, at, isName);
    const open = at;
    while (isQuote(bytes[at]) || bytes[at] === 0x5d || bytes[at] === 0x5c || bytes[at] === 0x29 || bytes[at] === 0x2a) at++;
    const tail = at;
    at = skipBlanks(bytes, at);
    if (tail > open) at = behindAttributes(bytes, at);
    const operator = bytes[at];
    if (isOperator(operator)) at = afterOperator(bytes, at);
    else if (tail > open && operator === 0x2e && standsIn(bytes, at + 1)) at++;
    else if (operator === 0x2c || operator === 0x28 || (operator === 0x7b && isQuote(bytes[at + 1]))) at++;
    else if (operator === 0x3c && bytes[at + 1] === 0x2d) at += 2;
    else if (operator === 0x7b) {
      const behind = afterAccessors(bytes, at + 1);
      if (behind === undefined) return false;
      at = behind;
    } else if (at === tail) return false;
    else {
      let word = afterWord(bytes, at);
      const either = tail > open && word === at + 2 && operator === 0x6f && bytes[at + 1] === 0x72;
      if (word === at + 2) word = afterWord(bytes, skipBlanks(bytes, word));
      const next = skipBlanks(bytes, word);
      if (word > at && bytes[next] === EQUALS) at = afterOperator(bytes, next);
      else if (either) at += 2;
      else if (tail > open || !(isQuote(operator) || this.#standsAlone(bytes, start))) return false;
    }
    if (bytes[at] === 0x2a && bytes[at + 1] === 0x2a) at += 2;
    at = skipBlanks(bytes, at);
    if (standsAt(bytes, at, CDATA)) at += CDATA.length;
    if (bytes[at] === 0x26 && bytes[at + 1] === 0x5b) {
      const typed = skipBlanks(bytes, afterBrackets(bytes, at + 1, isName));
      if (bytes[typed] === EQUALS) at = skipBlanks(bytes, afterOperator(bytes, typed));
    }
    const quoted = isQuote(bytes[at]);
    const first = quoted ? at + 1 : bytes[at] === 0x26 ? afterLifetime(bytes, at + 1) : at;
    const word = afterWord(bytes, first);
    if (word > first) {
      const behind = quoted ? word + Number(isQuote(bytes[word])) : afterType(bytes, word);
      const next = skipBlanks(bytes, behind);
      if (bytes[next] === EQUALS || ((quoted || operator === 0x2c) && bytes[next] === COLON)) at = skipBlanks(bytes, afterOperator(bytes, next));
      else if (standsAt(bytes, next, LAZY)) at = skipBlanks(bytes, next + LAZY.length);
    }
    at = afterWrapper(bytes, at);
    if (bytes[at] === 0x40 || bytes[at] === 0x24 || isAsciiLetter(bytes[at])) {
      const raw = bytes[at + 1] === 0x23 ? at + 2 : at + 1;
      if (isQuote(bytes[raw])) at = raw;
    }
    let isQuoted = false;
    for (; isQuote(bytes[at]) || bytes[at] === 0x5c || bytes[at] === 0x28 || bytes[at] === 0x5b; at++) isQuoted ||= isQuote(bytes[at]);
    if (looksRandom(bytes, at, isQuoted)) return true;
    const scheme = afterWord(bytes, at);
    return scheme > at && isBlank(bytes[scheme]) && looksRandom(bytes, skipBlanks(bytes, scheme), isQuoted);
  }

  #standsAlone(bytes: Uint8Array, start: number): boolean {
    if (isBetween(bytes[start], 0x41, 0x5a)) return true;
    const lowest = Math.max(0, start - MAX_NAME);
    let at = start;
    while (at > lowest && this.#isName(bytes[at - 1])) at--;
    return bytes[at] === 0x2d;
  }

  #beginsLine(bytes: Uint8Array, from: number): boolean {
    const lowest = Math.max(0, from - MAX_NAME);
    const isLead = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === 0x23;
    let at = from;
    while (at > lowest && this.#isName(bytes[at - 1])) at--;
    while (at > lowest && isLead(bytes[at - 1])) at--;
    if (at >= 6 && Buffer.from(bytes.subarray(at - 6, at)).toString('latin1') === 'export') {
      at -= 6;
      while (at > lowest && isLead(bytes[at - 1])) at--;
    }
    if (at >= 3 && bytes[at - 1] === 0xbf && bytes[at - 2] === 0xbb && bytes[at - 3] === 0xef) at -= 3;
    return at === 0 || bytes[at - 1] === LF || bytes[at - 1] === 0x0d;
  }
}

/** Whether a literal is all of its name, but for signs around it. */
function isWholeName(bytes: Uint8Array, start: number, end: number): boolean {
  const around = [bytes[start - 1], bytes[end] === 0x2e || bytes[end] === 0x2d ? bytes[end + 1] : bytes[end]];
  return !around.some((byte) => isAsciiLetter(byte) || isBetween(byte, 0x30, 0x39) || byte === 0x5f);
}

const LINE_REACH = 2048;
const NAME_REACH = 512;
const VALUE_REACH = 1024;
const MAX_EFFORT = 1 << 26;

function linesBack(bytes: Uint8Array, start: number, lines: number, reach: number): number {
  let at = start;
  for (let line = 0; line <= lines; line++) {
    if (line > 0) at--;
    const lowest = Math.max(0, at - reach);
    while (at > lowest && bytes[at - 1] !== LF) at--;
    if (at === 0 || bytes[at - 1] !== LF) break;
  }
  return at;
}

function linesForward(bytes: Uint8Array, end: number, lines: number, reach: number): number {
  let at = end;
  for (let line = 0; line <= lines; line++) {
    if (line > 0) at++;
    const highest = Math.min(bytes.length, at + reach);
    while (at < highest && bytes[at] !== LF) at++;
    if (at >= bytes.length || bytes[at] !== LF) break;
  }
  return at;
}

const MIN_RUN = 43;
const SAMPLE = 16;
const HEX_SAMPLE = 30;

/** Value of a character of base64. */
function sextet(byte: number | undefined): number | undefined {
  const value = byte === undefined ? -1 : 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'.indexOf(String.fromCharCode(byte));
  return value < 0 ? undefined : value < 64 ? value : value - 2;
}

/** Behind what may stand before an encoded text without a gap: `0x`, or the escape of a line's end. */
function behindPrefix(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x30 && bytes[at + 1] === 0x78) return at + 2;
  return followsEscape(bytes, at + 1) ? at + 1 : at;
}

/** `\n`, `\r` or `\t` in a string: its letter is no part of what follows. */
function followsEscape(bytes: Uint8Array, start: number): boolean {
  const letter = bytes[start - 1];
  return bytes[start - 2] === 0x5c && (letter === 0x6e || letter === 0x72 || letter === 0x74);
}

function isText(bytes: Uint8Array, count: number): boolean {
  return bytes.length === count && bytes.every(isTextByte);
}

function isTextByte(byte: number): boolean {
  return isBetween(byte, 0x20, 0x7e) || byte === 0x09 || byte === LF || byte === 0x0d;
}

function isHexText(bytes: Uint8Array, at: number): boolean {
  return isText(Buffer.from(Buffer.from(bytes.subarray(at, at + HEX_SAMPLE)).toString('latin1'), 'hex'), HEX_SAMPLE / 2);
}

function isBase64Text(bytes: Uint8Array, at: number): boolean {
  return isText(Buffer.from(Buffer.from(bytes.subarray(at, at + SAMPLE)).toString('latin1'), 'base64'), (SAMPLE / 4) * 3);
}

const MAX_USER_INFO = 258;
const MAX_VALUE = 256;
const MIN_VALUE = 8;
const MAX_WORD = 16;
const MAX_ACCESSORS = 24;
const MAX_WRAPPER = 32;
const MAX_ATTRIBUTES = 3;
const CDATA = Buffer.from('<![CDATA[');
const LAZY = Buffer.from('by lazy {');

function isBetween(byte: number | undefined, low: number, high: number): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}

function isAsciiLetter(byte: number | undefined): boolean {
  return isBetween(byte, 0x41, 0x5a) || isBetween(byte, 0x61, 0x7a);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function isQuote(byte: number | undefined): boolean {
  return byte === 0x22 || byte === 0x27 || byte === 0x60;
}

function beginsWord(bytes: Uint8Array, start: number): boolean {
  const [before, first] = [start === 0 ? 0 : bytes[start - 1], bytes[start]];
  const isSameCase =
    (isBetween(before, 0x61, 0x7a) && isBetween(first, 0x61, 0x7a)) || (isBetween(before, 0x41, 0x5a) && isBetween(first, 0x41, 0x5a));
  return !isSameCase || followsEscape(bytes, start);
}

function userInfoFollows(bytes: Uint8Array, end: number): boolean {
  const limit = Math.min(bytes.length, end + MAX_USER_INFO);
  let colon = false;
  for (let at = end; at < limit; at++) {
    const byte = bytes[at]!;
    if (byte === 0x40) return colon;
    if (byte === COLON) colon = true;
    else if (byte <= 0x20 || byte === 0x2f || byte === 0x3f || byte === 0x23 || isQuote(byte) || byte === 0x3c || byte === 0x3e) return false;
  }
  return false;
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(bytes[at])) at++;
  return at;
}

function afterAccessors(bytes: Uint8Array, from: number): number | undefined {
  const limit = from + MAX_ACCESSORS;
  let at = from;
  while (at < limit && (isAsciiLetter(bytes[at]) || isBlank(bytes[at]) || bytes[at] === 0x3b)) at++;
  if (at === limit || bytes[at] !== 0x7d) return undefined;
  at = skipBlanks(bytes, at + 1);
  return bytes[at] === EQUALS ? afterOperator(bytes, at) : undefined;
}

function afterWrapper(bytes: Uint8Array, from: number): number {
  const limit = from + MAX_WRAPPER;
  let at = from;
  if (bytes[at] === 0x5b && bytes[at + 1] === 0x5d) at += 2;
  while (at < limit && (isAsciiLetter(bytes[at]) || bytes[at] === 0x2e || bytes[at] === COLON || bytes[at] === 0x5f)) at++;
  if (at === from || at >= limit || bytes[at] !== 0x28) return from;
  const inner = bytes[at + 1] === 0x7c && bytes[at + 2] === 0x5f && bytes[at + 3] === 0x7c ? skipBlanks(bytes, at + 4) : at + 1;
  return isQuote(bytes[inner]) ? inner : from;
}

function afterBrackets(bytes: Uint8Array, from: number, isName: (byte: number | undefined) => boolean): number {
  const limit = from + MAX_ACCESSORS;
  let at = from + 1;
  while (at < limit && isName(bytes[at])) at++;
  return bytes[from] === 0x5b && bytes[at] === 0x5d ? at + 1 : from;
}

function afterLifetime(bytes: Uint8Array, from: number): number {
  return bytes[from] === 0x27 ? skipBlanks(bytes, afterWord(bytes, from + 1)) : from;
}

function standsAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  return text.every((byte, index) => bytes[at + index] === byte);
}

function afterType(bytes: Uint8Array, from: number): number {
  const open = bytes[from];
  let at = from;
  if (open === 0x5b || open === 0x3c) {
    const limit = from + MAX_ACCESSORS;
    at++;
    while (at < limit && (isAsciiLetter(bytes[at]) || isBlank(bytes[at]) || bytes[at] === 0x2c)) at++;
    if (bytes[at] !== open + 2) return from;
    at++;
  }
  const bar = skipBlanks(bytes, at);
  if (bytes[bar] !== 0x7c) return at;
  const other = skipBlanks(bytes, bar + 1);
  const word = afterWord(bytes, other);
  return word > other ? word : at;
}

function standsIn(bytes: Uint8Array, at: number): boolean {
  return ['un', 'or', 'ge'].includes(String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0));
}

function behindAttributes(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let count = 0; count < MAX_ATTRIBUTES; count++) {
    const word = afterAttribute(bytes, at);
    if (word === at || bytes[word] !== EQUALS || bytes[word + 1] !== 0x22) return from;
    const value = afterAttribute(bytes, word + 2);
    if (value === word + 2 || bytes[value] !== 0x22) return from;
    at = skipBlanks(bytes, value + 1);
    if (bytes[at] === 0x3e) return at;
  }
  return from;
}

function afterAttribute(bytes: Uint8Array, from: number): number {
  const limit = from + MAX_ACCESSORS;
  let at = from;
  while (at < limit && (isAsciiLetter(bytes[at]) || bytes[at] === COLON)) at++;
  return at === limit ? from : at;
}

function afterWord(bytes: Uint8Array, from: number): number {
  const limit = from + MAX_WORD + 1;
  let at = from;
  while (at < limit && isAsciiLetter(bytes[at])) at++;
  return at === limit ? from : at;
}

function afterOperator(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (isOperator(bytes[at])) at++;
  return at;
}

function isOperator(byte: number | undefined): boolean {
  return byte === EQUALS || byte === COLON || byte === 0x3e || byte === 0x7c || byte === 0x3f || byte === 0x7e;
}

function looksRandom(bytes: Uint8Array, from: number, quoted: boolean): boolean {
  const limit = Math.min(bytes.length, from + MAX_VALUE);
  let at = from;
  let digits = 0;
  let capitals = 0;
  let lower = 0;
  let signs = 0;
  let inside = 0;
  for (; at < limit; at++) {
    const byte = bytes[at]!;
    if (byte <= 0x20 || byte === 0x7f || isQuote(byte)) break;
    if (byte >= 0x80 || byte === 0x26 || byte === 0x2c || byte === 0x3b || byte === 0x3c || byte === 0x3e) {
      if (!quoted) break;
      inside++;
      continue;
    }
    if (byte === 0x7d && !quoted) break;
    if (isBetween(byte, 0x30, 0x39)) digits++;
    else if (isBetween(byte, 0x41, 0x5a)) capitals++;
    else if (isBetween(byte, 0x61, 0x7a)) lower++;
    else if (byte === 0x21 || byte === 0x23 || byte === 0x25 || byte === 0x40 || byte === 0x5e || byte === 0x7e) signs++;
    else if (!quoted && (byte === 0x28 || byte === 0x5b || byte === 0x7b)) return false;
  }
  const length = at - from;
  if (length < MIN_VALUE) return false;
  if (digits > 0 || signs > 0) return true;
  return quoted && lower > 0 && (lower + capitals + inside < length || capitals > 0);
}
