/**
 * Whether letters read like words, by a small model: what each letter costs after the two before it, in bits, learnt
 * by the build from text that npm packages ship (`build-words.ts`). Generated values cost about twice as much.
 */
import { readFileSync } from 'node:fs';
import { wordsOf } from './surroundings.ts';

/** 27 × 27 × 27 costs, a byte each, in sixteenths of a bit; symbol 0 is the edge of a word, 1 to 26 are letters. */
export const SYMBOLS = 27;
export const STEPS_PER_BIT = 16;
/** `src/detect/` and `dist/detect/` lie at the same depth. */
const MODEL = new URL('../../dist/words.bin', import.meta.url);
/** Below these a run of letters is a word; of random ones of the length one in 30 is. */
const MOST_BITS = { short: 4, long: 6.2 } as const;
const SHORTEST = 3;

let model: Uint8Array | undefined;

/** Symbol of a letter. */
export function symbolOf(letter: string): number {
  return (letter.charCodeAt(0) | 0x20) - 0x60;
}

/** Bits a letter, mean over a run of ASCII letters. */
export function bitsOf(letters: string): number {
  model ??= readFileSync(MODEL);
  let [before, last] = [0, 0];
  let sum = 0;
  for (const letter of letters) {
    const symbol = symbolOf(letter);
    sum += model[(before * SYMBOLS + last) * SYMBOLS + symbol] ?? 0;
    [before, last] = [last, symbol];
  }
  return sum / STEPS_PER_BIT / letters.length;
}

/** Share of a text's letters and digits that stand in words, from 0 to 1. */
export function wordShare(text: string): number {
  let inWords = 0;
  let all = 0;
  for (const word of wordsOf(text)) {
    all += word.length;
    if (word.length < SHORTEST || word < 'a') continue;
    if (bitsOf(word) < (word.length === SHORTEST ? MOST_BITS.short : MOST_BITS.long)) inWords += word.length;
  }
  return all === 0 ? 0 : inWords / all;
}
