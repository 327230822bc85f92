import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberPairs } from '../../src/git/number-pairs.ts';

const number = fc.integer({ min: -1, max: 40 });

test('each pair has one number, in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(number, fc.integer()), number), { maxLength: 2000 }), (given) => {
      const pairs = new NumberPairs();
      const expected = new Map<string, number>();
      for (const [first, second] of given) {
        const key = `${first} ${second}`;
        const known = expected.get(key);
        expect(pairs.has(first, second)).toBe(known !== undefined);
        if (first % 2 === 0) expect(pairs.isNew(first, second)).toBe(known === undefined);
        expect(pairs.add(first, second)).toBe(known ?? expected.size);
        expected.set(key, known ?? expected.size);
      }
      expect(pairs.count).toBe(expected.size);
      for (const [key, pair] of expected) expect(`${pairs.first(pair)} ${pairs.second(pair)}`).toBe(key);
    }),
  );
});

test('more pairs than there was room for', () => {
  const pairs = new NumberPairs();
  for (let value = 0; value < 5000; value++) expect(pairs.add(value, 7)).toBe(value);
  for (let value = 0; value < 5000; value++) expect(pairs.has(value, 7)).toBe(true);
  expect(pairs.has(5000, 7)).toBe(false);
});

test('which pairs are new, and none is there that nobody added', () => {
  const pairs = new NumberPairs();
  for (let value = 1; value < 600; value++) {
    expect([pairs.isNew(value, -value), pairs.isNew(value, -value)]).toEqual([true, false]);
    expect(pairs.has(0, 0)).toBe(false);
  }
});
