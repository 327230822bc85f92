/**
 * Examples are a rule's tests. `{{base62:36}}` becomes random-looking characters, the same each time, so that no
 * token-shaped text lies in the repository; `[|…|]` marks exactly what must be reported.
 */
import { createHash } from 'node:crypto';
import type { Span } from '../model/origin.ts';
import { bip39Phrase } from './bip39.ts';
import { charactersOf, parseLengths } from './alphabet.ts';
import { CHECKSUMS } from './checksums.ts';

const GENERATOR = /\{\{([a-z0-9]+|\[(?:[^\]\\]|\\.)+\])(?::([a-z0-9, -]+))?\}\}/g;
/** Keys that are drawn for an example at most: of those that may be of no use, one in six is. */
const MOST_DRAWN = 100;
/** Where a generator's characters may belong to a token that began before it. */
const TOKEN_START = /[^\s"'`=:,;<>(){}[\]|]*$/;

/** Bytes that depend on nothing but `seed`. */
function* stream(seed: string): Generator<number, never> {
  for (let counter = 0; ; counter++) yield* createHash('sha256').update(`${seed}#${counter}`).digest();
}

function randomBytes(seed: string, count: number): Uint8Array {
  const bytes = stream(seed);
  return Uint8Array.from({ length: count }, () => bytes.next().value);
}

/**
 * `length` characters of an alphabet, each of the alphabet's kinds (digits, lower, upper) present from 8 characters
 * on, so that an example looks like what a generator of keys would give.
 */
function randomText(characters: string, length: number, seed: string): string {
  const kinds = [/\d/, /[a-z]/, /[A-Z]/].filter((kind) => kind.test(characters));
  for (let attempt = 0; ; attempt++) {
    let text = '';
    const limit = 256 - (256 % characters.length);
    for (const byte of stream(`${seed}/${attempt}`)) {
      if (text.length === length) break;
      if (byte < limit) text += characters[byte % characters.length];
    }
    if (length < 8 || attempt === 50 || kinds.every((kind) => kind.test(text))) return text;
  }
}

function uuid(seed: string): string {
  const hex = randomText('0123456789abcdef', 32, seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/**
 * An example's text with its generators run. Generators: `{{ALPHABET:LENGTH}}` for every named alphabet (and `base62`,
 * an old name of `alnum`) or `{{[class]:LENGTH}}`; `{{uuid}}`; `{{checksum:NAME}}`, which completes the token before it;
 * `{{base64:…}}` takes lengths, `{{bip39:WORDS}}` is a recovery phrase, `{{encode:TEXT}}` is the base64 of a lower-case text.
 * `salt` gives other characters for the same example. Throws a `RangeError` on an unknown generator.
 */
export function expandExample(example: string, salt = ''): string {
  for (let attempt = 0; attempt < MOST_DRAWN; attempt++) {
    const text = expanded(example, attempt === 0 ? salt : `${salt}/${attempt}`);
    if (text !== undefined) return text;
  }
  throw new RangeError(`${example}: no checksum completes it`);
}

/** Undefined where a checksum would have characters that no such key has: then the issuer draws the key anew. */
function expanded(example: string, salt: string): string | undefined {
  let out = '';
  let end = 0;
  let index = 0;
  for (const match of example.matchAll(GENERATOR)) {
    const [whole, name = '', argument = ''] = match;
    out += example.slice(end, match.index);
    end = match.index + whole.length;
    const made = generate(name, argument, out, `${salt}/${example}/${index++}`);
    if (made === undefined) return undefined;
    out += made;
  }
  return out + example.slice(end);
}

function generate(name: string, argument: string, before: string, seed: string): string | undefined {
  if (name === 'uuid') return uuid(seed);
  if (name === 'bip39') return bip39Phrase(randomBytes(seed, (Number(argument) * 4) / 3));
  if (name === 'encode') return Buffer.from(argument).toString('base64').replace(/=+$/, '');
  if (name === 'checksum') {
    const checksum = CHECKSUMS[argument];
    if (checksum?.complete === undefined) throw new RangeError(`{{checksum:${argument}}} is not a checksum that can be computed`);
    const open = before.lastIndexOf('[|');
    const token = open > before.lastIndexOf('|]') ? before.slice(open + 2) : (TOKEN_START.exec(before)?.[0] ?? '');
    return checksum.complete(token);
  }
  const length = parseLengths(argument)[0]?.max ?? 0;
  return randomText(charactersOf(name === 'base62' ? 'alnum' : name), length, seed);
}

/** `a [|secret|] b` gives the plain text and the spans that must be reported, in order. Offsets are latin1 bytes. */
export function parseMarked(marked: string): { text: string; spans: Span[] } {
  const spans: Span[] = [];
  let text = '';
  let rest = marked;
  for (;;) {
    const open = rest.indexOf('[|');
    const close = rest.indexOf('|]', open + 2);
    if (open < 0 || close < 0) return { text: text + rest, spans };
    text += rest.slice(0, open);
    const secret = rest.slice(open + 2, close);
    spans.push({ start: Buffer.byteLength(text), end: Buffer.byteLength(text + secret) });
    text += secret;
    rest = rest.slice(close + 2);
  }
}
