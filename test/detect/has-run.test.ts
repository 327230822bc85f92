import { expect, test } from 'vitest';
import { hasRun } from '../../src/detect/compiled-rule.ts';
import { bitmapOf } from '../../src/rules/alphabet.ts';
import { Random } from '../support/random.ts';

test.each(Array.from({ length: 50 }, (_, seed) => seed))('text number %i has a run where an expression finds one', (seed) => {
  const random = new Random(seed);
  const hex = bitmapOf('0-9a-f');
  let runs = 0;
  for (let round = 0; round < 200; round++) {
    const text = Array.from({ length: random.below(120) }, () => (random.chance(4) ? 'x' : random.of([...'0123456789abcdef']))).join('');
    const least = 1 + random.below(40);
    const start = random.below(text.length + 1);
    const end = start + random.below(text.length - start + 1);
    const most = random.chance(50) ? undefined : least + random.below(20);
    const found = new RegExp(`(?<![0-9a-f])[0-9a-f]{${least},${most ?? ''}}(?![0-9a-f])`).test(text.slice(start, end));
    if (found) runs++;
    expect(hasRun(Buffer.from(text), start, end, hex, least, most), `${least} to ${most} in ${text} from ${start} to ${end}`).toBe(found);
  }
  expect(runs).toBeGreaterThan(20);
  expect(runs).toBeLessThan(180);
});
