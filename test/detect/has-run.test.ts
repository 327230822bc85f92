import { expect, test } from 'vitest';
import { CompiledRule, hasRun } from '../../src/detect/compiled-rule.ts';
import type { Rule } from '../../src/model/rule.ts';
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

test.each(['0-9a-f', '0-9a-f\n'])('lines that overlap ones that were asked about have a run of [%j] where they would have it alone', (class_) => {
  const matcher = { value: { run: { class: class_, min: 5, max: 9 } } } as unknown as Parameters<CompiledRule['mayHoldInLines']>[0];
  const random = new Random(7);
  const answers = { true: 0, false: 0 };
  for (let round = 0; round < 300; round++) {
    const compiled = new CompiledRule({ matcher } as unknown as Rule);
    const bytes = Buffer.from(Array.from({ length: 300 }, () => random.of([...'0a0af.. x\n'])).join(''));
    const ends = [...bytes.keys(), bytes.length].filter((at) => at === bytes.length || bytes[at] === 0x0a);
    let first = 0;
    for (let asked = 0; asked < 30; asked++) {
      first = random.chance(80) ? Math.min(ends.length - 1, first + random.below(3)) : random.below(ends.length);
      const start = first === 0 ? 0 : ends[first - 1]! + 1;
      const end = ends[Math.min(ends.length - 1, first + random.below(4))]!;
      const found = hasRun(bytes, start, end, bitmapOf(class_), 5, 9);
      answers[`${found}`]++;
      expect(compiled.mayHoldInLines(matcher, bytes, { start, end }), `${bytes.toString()} from ${start} to ${end}`).toBe(found);
    }
  }
  expect(Math.min(answers.true, answers.false)).toBeGreaterThan(500);
});
