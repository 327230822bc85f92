/**
 * Recovery phrases of wallets (BIP39): each word is 11 bits by its place in a list of 2,048, and the last bits are the
 * first ones of the SHA-256 of the rest. https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const LIST = new URL('../../dist/bip39.json', import.meta.url);
const BITS_PER_WORD = 11;
/** Of 33 bits 32 are random, and one is of the checksum. */
const BITS_PER_CHECK_BIT = 33;
const LENGTHS = new Set([12, 15, 18, 21, 24]);

let list: readonly string[] | undefined;

function words(): readonly string[] {
  list ??= JSON.parse(readFileSync(LIST, 'utf8')) as string[];
  return list;
}

/** Whether words with single blanks between them are a phrase: all of the English list, and the checksum fits. */
export function isBip39Phrase(phrase: string): boolean {
  const places = phrase.split(' ').map((word) => words().indexOf(word));
  if (!LENGTHS.has(places.length) || places.includes(-1)) return false;
  const bits = places.map((place) => place.toString(2).padStart(BITS_PER_WORD, '0')).join('');
  const checkBits = bits.length / BITS_PER_CHECK_BIT;
  const entropy = bits.slice(0, -checkBits);
  return bits.slice(-checkBits) === firstBits(Buffer.from(entropy.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))), checkBits);
}

/** The phrase of 16 to 32 random bytes, a multiple of 4. */
export function bip39Phrase(entropy: Uint8Array): string {
  const bits = binary(entropy) + firstBits(entropy, entropy.length / 4);
  return bits.match(/.{11}/g)!.map((place) => words()[Number.parseInt(place, 2)]).join(' ');
}

function firstBits(entropy: Uint8Array, count: number): string {
  return binary(createHash('sha256').update(entropy).digest()).slice(0, count);
}

function binary(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
}
