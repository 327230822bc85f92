/** Named character classes of keys. A rule may also write a class of its own, `[A-Za-z0-9_.~-]`. */

const NAMED: Readonly<Record<string, string>> = {
  digit: '0-9',
  hex: '0-9a-f',
  hexupper: '0-9A-F',
  hexany: '0-9A-Fa-f',
  lower: 'a-z',
  upper: 'A-Z',
  alpha: 'A-Za-z',
  lower36: '0-9a-z',
  upper36: '0-9A-Z',
  alnum: '0-9A-Za-z',
  word: '0-9A-Za-z_',
  base32: 'A-Z2-7',
  base32lower: 'a-z2-7',
  base58: '1-9A-HJ-NP-Za-km-z',
  base64: '0-9A-Za-z+/',
  base64pad: '0-9A-Za-z+/=',
  base64url: '0-9A-Za-z_-',
  dotted: '0-9A-Za-z_.-',
};

export const ALPHABET_NAMES: readonly string[] = Object.keys(NAMED);

const CUSTOM_CLASS = /^\[((?:[^\]\\^]|\\.)+)\]$/;

/** The inside of a regular expression class for a named alphabet or a literal `[…]`. Throws a `RangeError` otherwise. */
export function classOf(alphabet: string): string {
  const named = NAMED[alphabet];
  if (named !== undefined) return named;
  const custom = CUSTOM_CLASS.exec(alphabet)?.[1];
  if (custom !== undefined) return custom;
  throw new RangeError(`unknown alphabet "${alphabet}"; use one of ${ALPHABET_NAMES.join(', ')}, or a class in [brackets]`);
}

/** Every character of a class, in code order. */
export function charactersOf(alphabet: string): string {
  const test = new RegExp(`[${classOf(alphabet)}]`);
  let all = '';
  for (let code = 0x21; code < 0x7f; code++) {
    const character = String.fromCharCode(code);
    if (test.test(character)) all += character;
  }
  return all;
}

/** One text of all, since a search for each of 256 texts takes ten times as long, for each class of the rules at every start. */
const EVERY_BYTE = String.fromCharCode(...Array.from({ length: 256 }).keys());

/** A table of 256 entries, 1 where the byte belongs to the class. */
export function bitmapOf(regexClass: string): Uint8Array {
  const bitmap = new Uint8Array(256);
  for (const { index } of EVERY_BYTE.matchAll(new RegExp(`[${regexClass}]`, 'g'))) bitmap[index] = 1;
  return bitmap;
}

/** `20`, `20-40`, `20,40` or `20,40-60` as ranges of lengths. */
export function parseLengths(text: string): { min: number; max: number }[] {
  return text.split(',').map((part) => {
    const match = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part);
    if (match === null) throw new RangeError(`"${text}" is not a length: write 40, 20-40 or 32,40`);
    const min = Number(match[1]);
    const max = Number(match[2] ?? match[1]);
    if (max < min) throw new RangeError(`"${part.trim()}" counts down`);
    return { min, max };
  });
}
