/**
 * The kernel's tables as one image of memory: automaton, outputs, checks, classes. Built once for a rule set (by the
 * build for the built-in ones) and loaded with one copy. The layout is that of `assembly/layout.ts`.
 */

/** What must hold at a literal before anybody looks closer. */
export interface Check {
  /** As written in the rule; found with ASCII case folded. */
  readonly literal: string;
  /**
   * `always`: nothing more. `token`: the fields below. `assignment`: the rest of a name and an operator follow.
   * `first-assignment`: the operator is `=`, and the name begins its line.
   * `credential`: an operator and a value follow that may be a generated one. `user-info`: `user:password@` follows.
   * `word`: it is not the rest of a longer word, one that goes on in the same case.
   */
  readonly kind: 'always' | 'token' | 'assignment' | 'first-assignment' | 'credential' | 'user-info' | 'word';
  /**
   * Of a `credential` whose name stands elsewhere, so that its literal is all that stands there: one of these texts, lower-case letters that
   * are found in either case, stands in the literal's line or in so many above and below it. Asked of whole contents alone, as `near` is.
   */
  readonly named?: { readonly parts: readonly string[]; readonly above: number; readonly below: number } | undefined;
  /** The literal's own case counts. */
  readonly exact: boolean;
  /** Table of 256 entries, 1 for bytes that may not stand before the literal. */
  readonly before: Uint8Array | undefined;
  /** Bytes that must follow the literal at once, and how many. */
  readonly run: { readonly bytes: Uint8Array; readonly min: number } | undefined;
  /**
   * At least `min` of these bytes in a row within so many lines of the literal's. With more than the line itself it is
   * asked of whole contents alone, since a line must mean the same wherever it stands.
   */
  readonly near?: { readonly bytes: Uint8Array; readonly min: number; readonly lines: number } | undefined;
}

export const COLUMNS = 0x400;
export const HEADER = 0x800;
export const HALVES = 0x900;
export const BITMAPS = 0x1000;
export const TABLE = 0x9000;
const MAX_BITMAPS = (TABLE - BITMAPS) / 256;
/** Of accepting states, and of others: cells are 16 bits with a sign. */
const MAX_STATES = 32_768;
const CHECK_BYTES = 32;
/** A condition may be weaker than the rule, so what a field does not hold is cut. */
const MAX_NEAR = 65_535;
const KINDS = { always: 0, token: 1, assignment: 2, 'first-assignment': 3, credential: 4, 'user-info': 5, word: 6 } as const;
const NAMED_KIND = 7;

/** Words of the header, in order. */
export const HEADER_WORDS = ['maxLiteral', 'accepting', 'outputs', 'checks', 'nameBitmap', 'shortest', 'valueBytes'] as const;

/** Of an accepting state: where its outputs begin, two tables for the bytes behind and before its literals, and how long these are; see `#gates`. */
export const STATE_WORDS = 4;

/** An image begins at this address of the kernel's memory. */
export const IMAGE_START = COLUMNS;

function folded(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/**
 * The image for some checks; the id of a check is its index. Throws a `RangeError` when they use more bytes or classes
 * than the layout holds. `sample` is text as it is to be looked at: the states that it comes to most lie together, and
 * stay in the cache. It changes no hit.
 */
export function buildTables(checks: readonly Check[], sample: Uint8Array = new Uint8Array(0)): Uint8Array {
  const byLiteral = new Map<string, number[]>();
  for (const [id, check] of checks.entries()) {
    const literal = foldedText(check.literal);
    const list = byLiteral.get(literal);
    if (list === undefined) byLiteral.set(literal, [id]);
    else list.push(id);
  }
  const automaton = buildAutomaton(
    [...byLiteral.entries()].map(([literal, ids]) => ({ bytes: Buffer.from(literal, 'latin1'), ids })),
    sample,
  );
  return new ImageWriter(automaton, checks).image();
}

function foldedText(literal: string): string {
  return Buffer.from(Uint8Array.from(Buffer.from(literal, 'latin1'), folded)).toString('latin1');
}

interface Automaton {
  /** Byte → column. */
  readonly columnOf: Uint8Array;
  /** One row a state, accepting states last; cells are indexes of rows. */
  readonly rows: readonly Int32Array[];
  /** Check ids of each accepting state, in the order of the states. */
  readonly accepting: readonly (readonly number[])[];
  readonly maxLiteral: number;
}

function buildAutomaton(literals: readonly { readonly bytes: Uint8Array; readonly ids: readonly number[] }[], sample: Uint8Array): Automaton {
  const { columnOf, columns } = byteColumns(literals.map((literal) => literal.bytes));
  const rows = [new Int32Array(columns).fill(-1)];
  const ends: number[][] = [[]];
  const depths = [0];
  for (const { bytes, ids } of literals) {
    let state = 0;
    for (const byte of bytes) {
      const row = rows[state]!;
      const column = columnOf[byte]!;
      if (row[column] === -1) {
        row[column] = rows.push(new Int32Array(columns).fill(-1)) - 1;
        ends.push([]);
        depths.push(depths[state]! + 1);
      }
      state = row[column]!;
    }
    ends[state]!.push(...ids);
  }
  completeRows(rows, ends);
  const plain = ends.filter((ids) => ids.length === 0).length;
  if (Math.max(plain, rows.length - plain) > MAX_STATES)
    throw new RangeError(`the literals of the rules make ${rows.length} states; ${MAX_STATES} are the most`);
  const visits = visitsOf(rows, columnOf, sample);
  // Where the sample says nothing, shallow states are those that text comes to most.
  const isAccepting = (state: number): number => Number(ends[state]!.length > 0);
  const order = [...rows.keys()].toSorted((a, b) => isAccepting(a) - isAccepting(b) || visits[b]! - visits[a]! || depths[a]! - depths[b]! || a - b);
  const position = new Int32Array(rows.length);
  for (const [index, state] of order.entries()) position[state] = index;
  return {
    columnOf,
    rows: order.map((state) => rows[state]!.map((next) => position[next]!)),
    accepting: order.filter((state) => isAccepting(state) === 1).map((state) => ends[state]!.toSorted((a, b) => a - b)),
    maxLiteral: Math.max(1, ...literals.map((literal) => literal.bytes.length)),
  };
}

/** Fills in what a state does on bytes that its literal does not go on with: breadth first, along the failure links. */
function completeRows(rows: readonly Int32Array[], ends: readonly number[][]): void {
  const failure = new Int32Array(rows.length);
  const queue: number[] = [];
  const root = rows[0]!;
  for (const [column, next] of root.entries()) {
    if (next === -1) root[column] = 0;
    else queue.push(next);
  }
  for (const state of queue) {
    const back = failure[state]!;
    ends[state]!.push(...ends[back]!);
    const row = rows[state]!;
    for (const [column, next] of row.entries()) {
      const fallback = rows[back]![column]!;
      if (next === -1) row[column] = fallback;
      else {
        failure[next] = fallback;
        queue.push(next);
      }
    }
  }
}

/** How often each state is come to in a text. */
function visitsOf(rows: readonly Int32Array[], columnOf: Uint8Array, text: Uint8Array): Float64Array {
  const visits = new Float64Array(rows.length);
  let state = 0;
  for (const byte of text) {
    state = rows[state]![columnOf[byte]!]!;
    visits[state]!++;
  }
  visits[0] = Number.POSITIVE_INFINITY; // every scan begins there: it is to stay number 0
  return visits;
}

/** A column for each byte that a literal holds, letters of either case in one; column 0 is for all others. */
function byteColumns(literals: readonly Uint8Array[]): { columnOf: Uint8Array; columns: number } {
  const used = [...new Set(literals.flatMap((literal) => [...literal]))].toSorted((a, b) => a - b);
  const columnOf = new Uint8Array(256);
  for (const [index, byte] of used.entries()) {
    columnOf[byte] = index + 1;
    if (byte >= 0x61 && byte <= 0x7a) columnOf[byte - 0x20] = index + 1;
  }
  return { columnOf, columns: used.length + 1 };
}

/** Puts sections one after the other behind the table and fills in the header. */
class ImageWriter {
  readonly #automaton: Automaton;
  readonly #checks: readonly Check[];
  readonly #bitmaps = new Map<string, { address: number; bytes: Uint8Array }>();
  readonly #texts = new Map<string, number>();
  readonly #allowed = new Map<Uint8Array, Uint8Array>();
  readonly #united = new Map<Uint8Array, number>();
  readonly #gateAddresses = new Map<string, number>();
  readonly #sections: { address: number; bytes: Uint8Array }[] = [];
  #end: number;

  constructor(automaton: Automaton, checks: readonly Check[]) {
    this.#automaton = automaton;
    this.#checks = checks;
    this.#end = TABLE;
  }

  image(): Uint8Array {
    const { columnOf, rows, accepting, maxLiteral } = this.#automaton;
    const table = new Int16Array(rows.length * (Math.max(...columnOf) + 1));
    const plain = rows.length - accepting.length;
    // Accepting states get negative numbers: then "does any of these accept" is one test of a sign for all of them.
    const numberOf = (index: number): number => (index < plain ? index : plain - 1 - index);
    const zeroAt = (column: number): number => column * rows.length + accepting.length;
    for (const [index, row] of rows.entries()) for (const [column, next] of row.entries()) table[zeroAt(column) + numberOf(index)] = numberOf(next);
    this.#append(bytesOf(table));
    const starts = [0];
    for (const ids of accepting) starts.push((starts.at(-1) ?? 0) + ids.length);
    const header = {
      maxLiteral,
      accepting: this.#append(
        bytesOf(Int32Array.from([...accepting.flatMap((ids, index) => [starts[index]!, ...this.#gates(ids)]), starts.at(-1)!])),
      ),
      outputs: this.#append(bytesOf(Int32Array.from(accepting.flat()))),
      checks: this.#append(this.#checkRecords()),
      nameBitmap: this.#bitmap(bitmap(NAME_CHARACTERS)),
      shortest: Math.min(...this.#checks.map(({ literal }) => literal.length)),
      valueBytes: this.#append(valueBytes()),
    };
    const begun = new Set(this.#checks.flatMap(({ literal }) => (literal.length <= 2 ? [foldedText(literal).charCodeAt(0)] : [])));
    this.#sections.push({
      address: HALVES,
      bytes: halves(
        (byte) => columnOf[byte] !== 0,
        (byte) => begun.has(folded(byte)),
      ),
    });
    this.#sections.push({ address: COLUMNS, bytes: bytesOf(Int32Array.from(columnOf, (column) => TABLE + zeroAt(column) * 2)) });
    this.#sections.push({ address: HEADER, bytes: bytesOf(Int32Array.from(HEADER_WORDS, (word) => header[word])) });
    for (const section of this.#bitmaps.values()) this.#sections.push(section);
    const image = new Uint8Array(this.#end - IMAGE_START);
    for (const { address, bytes } of this.#sections) image.set(bytes, address - IMAGE_START);
    return image;
  }

  #append(bytes: Uint8Array): number {
    const address = this.#end;
    this.#sections.push({ address, bytes });
    this.#end = (address + bytes.length + 7) & ~7;
    return address;
  }

  /**
   * For the checks of a state, tables of the bytes that may stand behind the literals and before them, weaker than the checks, and how long the
   * literals are: 0 where they differ, and then any byte may stand there.
   */
  #gates(ids: readonly number[]): [behind: number, before: number, length: number] {
    const checks = ids.map((id) => this.#checks[id]!);
    const length = checks[0]!.literal.length;
    const isOne = checks.every(({ literal }) => literal.length === length);
    return [this.#gate(checks.map(behindOf)), this.#gate(isOne ? checks.map((check) => this.#beforeOf(check)) : [EVERY_BYTE]), isOne ? length : 0];
  }

  /** A table of the bytes that are in any of some. */
  #gate(tables: readonly Uint8Array[]): number {
    const distinct = [...new Set(tables)];
    const united = distinct.length === 1 ? distinct[0]! : EVERY_BYTE.map((_, byte) => Number(distinct.some((table) => table[byte] === 1)));
    const known = this.#united.get(united);
    if (known !== undefined) return known;
    const key = Buffer.from(united).toString('latin1');
    const address = this.#gateAddresses.get(key) ?? this.#append(united);
    this.#gateAddresses.set(key, address);
    this.#united.set(united, address);
    return address;
  }

  /** Bytes before a literal without which a check does not pass; the letter of an escape may stand before any. */
  #beforeOf({ kind, named, before }: Check): Uint8Array {
    if (named !== undefined) return NO_WORD;
    if (before === undefined || kind === 'always') return EVERY_BYTE;
    const known = this.#allowed.get(before) ?? before.map((bit, byte) => Number(bit === 0 || OF_ESCAPES[byte] === 1));
    this.#allowed.set(before, known);
    return known;
  }

  #bitmap(bytes: Uint8Array): number {
    const key = Buffer.from(bytes).toString('latin1');
    const known = this.#bitmaps.get(key);
    if (known !== undefined) return known.address;
    if (this.#bitmaps.size === MAX_BITMAPS) throw new RangeError(`the rules use more than ${MAX_BITMAPS} character classes`);
    const address = BITMAPS + this.#bitmaps.size * 256;
    this.#bitmaps.set(key, { address, bytes });
    return address;
  }

  #checkRecords(): Uint8Array {
    const records = new Int32Array((this.#checks.length * CHECK_BYTES) / 4);
    for (const [id, check] of this.#checks.entries()) {
      const exact = check.exact ? this.#append(Buffer.from(check.literal, 'latin1')) : 0;
      const before = check.before === undefined ? 0 : this.#bitmap(check.before);
      const run = check.run === undefined ? [0, 0] : [this.#bitmap(check.run.bytes), check.run.min];
      const kind = check.named === undefined ? KINDS[check.kind] : NAMED_KIND;
      records.set([kind, Buffer.byteLength(check.literal, 'latin1'), exact, before, ...run, ...this.#around(check)], (id * CHECK_BYTES) / 4);
    }
    return bytesOf(records);
  }

  /** What must stand around a literal: where it is told, and how much of it or how near. */
  #around({ near, named }: Check): [number, number] {
    if (named !== undefined) return [this.#parts(named.parts), named.below | (named.above << 16)];
    return near === undefined ? [0, 0] : [this.#bitmap(near.bytes), Math.min(near.min, MAX_NEAR) | (near.lines << 16)];
  }

  /** Texts, each behind its length; a length of 0 ends them. */
  #parts(parts: readonly string[]): number {
    const key = parts.join(' ');
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const address = this.#append(Buffer.concat([...parts.map((part) => Buffer.from([part.length, ...Buffer.from(part, 'latin1')])), Buffer.of(0)]));
    this.#texts.set(key, address);
    return address;
  }
}

/** Bits for bytes of literals, and behind them those for bytes that begin a short one. */
const ROW_BITS = 6;
const SHORT_BITS = 2;

/**
 * For each low half byte, and behind them for each high one, the bits of the rows of 16 bytes in which it is part of such a byte. Where there
 * are more rows than bits some share one, and a few more bytes count as such.
 */
function halves(isInside: (byte: number) => boolean, isShort: (byte: number) => boolean): Uint8Array {
  const table = new Uint8Array(32);
  const mark = (isOne: (byte: number) => boolean, first: number, count: number): void => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter(isOne);
    const rows = [...new Set(bytes.map((byte) => byte >> 4))];
    for (const byte of bytes) {
      const bit = 1 << (first + (rows.indexOf(byte >> 4) % count));
      table[byte & 15]! |= bit;
      table[16 + (byte >> 4)]! |= bit;
    }
  };
  mark(isInside, 0, ROW_BITS);
  mark(isShort, ROW_BITS, SHORT_BITS);
  return table;
}

/** What may stand in a name. */
export const NAME_CHARACTERS = /[0-9A-Za-z_.-]/;

const EVERY_BYTE = bitmap(/[^]/);
const NAME_OR_OPERATOR = bitmap(/[0-9A-Za-z_.=:"'\] \t-]/);
const NAME_OR_SIGN = bitmap(/[0-9A-Za-z_.=:"'`\][\\)({<>|?~*, \t-]/);
const SIGN = bitmap(/[.=:"'`\][\\)({<>|?~, \t-]/);
const NO_WORD = bitmap(/[^0-9A-Za-z_]/);
const OF_ESCAPES = bitmap(/[nrt]/);

/** Bytes behind a literal without which a check does not pass. */
function behindOf({ kind, named, run }: Check): Uint8Array {
  if (kind === 'always') return EVERY_BYTE;
  if (run !== undefined && run.min > 0) return run.bytes;
  if (kind === 'assignment' || kind === 'first-assignment') return NAME_OR_OPERATOR;
  if (kind !== 'credential') return EVERY_BYTE;
  return named === undefined ? NAME_OR_SIGN : SIGN;
}

/** See `assembly/layout.ts`: digits and strong signs, small letters, opening brackets, a closing brace, all else that a value may hold, and what it may hold in quotes. */
function valueBytes(): Uint8Array {
  const kinds = [bitmap(/[0-9!#%@^~]/), bitmap(/[a-z]/), bitmap(/[([{]/), bitmap(/\}/), bitmap(/[A-Z$*+\-./:=?\\\]_|)]/), bitmap(/[&,;<>\x80-\xff]/)];
  return EVERY_BYTE.map((_, byte) => kinds.reduce((bits, table, bit) => bits | (table[byte]! << bit), 0));
}

function bitmap(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(characters.test(String.fromCharCode(byte))));
}

function bytesOf(words: Int32Array | Int16Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
