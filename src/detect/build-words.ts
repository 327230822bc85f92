/** Part of the build: learns `dist/words.bin`. */
import { writeFileSync } from 'node:fs';
import { buildText } from './build-text.ts';
import { STEPS_PER_BIT, SYMBOLS, symbolOf } from './words.ts';

const TARGET = new URL('../../dist/words.bin', import.meta.url);
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
/** How many sightings a shorter context counts for beside a longer one. */
const BACKING = 8;

/** How often each symbol followed each pair of symbols. */
function count(text: string, counts: Float64Array): void {
  for (const word of text.match(WORD) ?? []) {
    if (word.length < 2) continue;
    let [before, last] = [0, 0];
    for (const symbol of [...Array.from(word, symbolOf), 0]) {
      counts[(before * SYMBOLS + last) * SYMBOLS + symbol]!++;
      [before, last] = [last, symbol];
    }
  }
}

/** Bits of each symbol after each pair, rare pairs backed by the last symbol alone and that by the symbol itself. */
function costs(counts: Float64Array): Uint8Array {
  const single = new Float64Array(SYMBOLS);
  const afterOne = new Float64Array(SYMBOLS * SYMBOLS);
  const one = new Float64Array(SYMBOLS);
  const pairs = new Float64Array(SYMBOLS * SYMBOLS);
  let total = 0;
  for (const [cell, times] of counts.entries()) {
    const symbol = cell % SYMBOLS;
    const pair = Math.floor(cell / SYMBOLS);
    const last = pair % SYMBOLS;
    single[symbol]! += times;
    afterOne[last * SYMBOLS + symbol]! += times;
    one[last]! += times;
    pairs[pair]! += times;
    total += times;
  }
  return Uint8Array.from(counts, (times, cell) => {
    const symbol = cell % SYMBOLS;
    const pair = Math.floor(cell / SYMBOLS);
    const last = pair % SYMBOLS;
    const alone = (single[symbol]! + 1) / (total + SYMBOLS);
    const short = (afterOne[last * SYMBOLS + symbol]! + BACKING * alone) / (one[last]! + BACKING);
    const long = (times + BACKING * short) / (pairs[pair]! + BACKING);
    return Math.min(255, Math.round(-Math.log2(long) * STEPS_PER_BIT));
  });
}

const counts = new Float64Array(SYMBOLS ** 3);
for (const file of buildText()) count(file.toString('utf8'), counts);
writeFileSync(TARGET, costs(counts));
