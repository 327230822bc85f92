import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../../src/model/nearest.ts';

test.each<readonly [string, readonly string[], readonly string[]]>([
  ['jsn', ['json', 'jsonl', 'csv'], ['json']],
  ['JUNIT', ['junit'], ['junit']],
  ['hihg', ['high', 'low'], ['high']],
  ['stripe-secret-key', ['stripe-secret-key-live', 'stripe-secret-key-test', 'slack-token'], ['stripe-secret-key-live', 'stripe-secret-key-test']],
  ['mark', ['sarif', 'markdown'], ['markdown']],
  ['assembly', ['key-of-assembly', 'stripe'], ['key-of-assembly']],
  ['assembly', ['key-of-assembly', 'Assembly-and-more'], ['Assembly-and-more']],
  ['keys', ['keys-d', 'keys-c', 'keys-b', 'keys-a'], ['keys-a', 'keys-b', 'keys-c']],
  ['key', ['alpha-key', 'gamma-key', 'delta-key', 'omega-key'], ['alpha-key', 'delta-key', 'gamma-key']],
  ['zz', ['zzyx-long-name'], []],
  ['nothing', ['json', 'text'], []],
  ['x', [], []],
])('%s of %j', (word, known, expected) => {
  expect(nearest(word, known)).toEqual(expected);
});

/** Edits from one word to another, by trying all of them. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const swapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  return Math.min(
    distance(a.slice(0, -1), b) + 1,
    distance(a, b.slice(0, -1)) + 1,
    distance(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
    swapped ? distance(a.slice(0, -2), b.slice(0, -2)) + 1 : Infinity,
  );
}

test('those with the fewest edits, within two fifths of the length', () => {
  const word = fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom(...'abc') });
  fc.assert(
    fc.property(word, fc.uniqueArray(word, { minLength: 1, maxLength: 4 }), (given, known) => {
      fc.pre(!known.some((one) => one.includes(given)));
      const ranked = known.toSorted().map((one) => [one, distance(given, one)] as const);
      const least = Math.min(...ranked.map(([, edits]) => edits));
      const close = least > Math.ceil(given.length * 0.4) ? [] : ranked.filter(([, edits]) => edits === least);
      expect(nearest(given, known)).toEqual(close.map(([one]) => one).slice(0, 3));
    }),
    { numRuns: 300 },
  );
});

test('is asked for in words, or something else is said', () => {
  expect(didYouMean('hihg', ['high', 'low'], 'no')).toBe('Did you mean high?');
  expect(didYouMean('keys', ['keys-a', 'keys-b'], 'no')).toBe('Did you mean keys-a, keys-b?');
});

test('a long word costs no more than a short one', () => {
  expect(didYouMean('x'.repeat(1_000_000), ['failOn'], 'no')).toBe('no');
});
