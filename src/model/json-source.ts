/** Where in a JSON text something stands. Only asked when there is an error to place: it reads the text once more. */

const BLANKS = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

export type JsonPath = readonly (string | number)[];

/** Offset of the first character that is not JSON; undefined where all is. */
export function offsetOfError(text: string): number | undefined {
  const reader = new Reader(text, []);
  return reader.read() ? undefined : reader.at;
}

/** Offset of the value at a path, or of the innermost value around it when it is missing. */
export function offsetOfValue(text: string, path: JsonPath): number {
  const reader = new Reader(text, path);
  reader.read();
  return reader.found;
}

/** `line:column`, both from 1. */
export function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

class Reader {
  at = 0;
  found = 0;
  readonly #text: string;
  readonly #path: JsonPath;

  constructor(text: string, path: JsonPath) {
    this.#text = text;
    this.#path = path;
  }

  /** False where it is no JSON; `at` then tells where. Nested too deep for us, it is no report either. */
  read(): boolean {
    try {
      if (!this.#value(0, true)) return false;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.#skip(BLANKS);
    return this.at === this.#text.length;
  }

  /** @param wanted the way here is the beginning of the path */
  #value(depth: number, wanted: boolean): boolean {
    this.#skip(BLANKS);
    if (wanted) this.found = this.at;
    const next = this.#text[this.at];
    if (next === '{') return this.#members('}', depth, wanted, true);
    if (next === '[') return this.#members(']', depth, wanted, false);
    return this.#skip(next === '"' ? STRING : SCALAR) > 0;
  }

  #members(end: '}' | ']', depth: number, wanted: boolean, named: boolean): boolean {
    this.at++;
    this.#skip(BLANKS);
    if (this.#take(end)) return true;
    for (let index = 0; ; index++) {
      this.#skip(BLANKS);
      const key = named ? this.#key() : index;
      if (key === undefined || !this.#value(depth + 1, wanted && key === this.#path[depth])) return false;
      this.#skip(BLANKS);
      if (this.#take(end)) return true;
      if (!this.#take(',')) return false;
    }
  }

  #key(): string | undefined {
    const start = this.at;
    if (this.#skip(STRING) === 0) return undefined;
    const key = JSON.parse(this.#text.slice(start, this.at)) as string;
    this.#skip(BLANKS);
    return this.#take(':') ? key : undefined;
  }

  #take(character: string): boolean {
    const there = this.#text[this.at] === character;
    if (there) this.at++;
    return there;
  }

  /** Goes over a token; gives its length. */
  #skip(token: RegExp): number {
    token.lastIndex = this.at;
    const length = token.exec(this.#text)?.[0].length ?? 0;
    this.at += length;
    return length;
  }
}
