import { assert, array, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { kernelRanks } from '../../../src/git/store/kernel-ranks.ts';
import { rankTable } from '../../../src/git/store/pack-file.ts';

const HIGH_BIT = 2 ** 31;

function wordsOf(offsets: readonly number[]): Uint8Array {
  const words = Buffer.alloc(offsets.length * 4);
  for (const [position, offset] of offsets.entries()) words.writeUInt32BE(offset, position * 4);
  return words;
}

test('sorts as the plain form does, equal offsets by position', () => {
  // Few and many different ones, in each of the parts that are sorted one after the other.
  const offsets = [7, 2 ** 11 + 1, 2 ** 22 + 1, HIGH_BIT - 1].map((max) => array(integer({ min: 0, max }), { maxLength: 300 }));
  for (const some of offsets)
    assert(
      property(some, (given) => {
        const table = kernelRanks(wordsOf(given), 500);
        expect(table).toEqual(rankTable(Float64Array.from(given), 500));
        expect(table?.positions.length).toBe(given.length);
      }),
    );
});

test('what needs more than 31 bits is left to the plain form', () => {
  expect(kernelRanks(wordsOf([12, HIGH_BIT, 30]), 500)).toBeUndefined();
  expect(kernelRanks(wordsOf([12, 30]), HIGH_BIT)).toBeUndefined();
  expect([...kernelRanks(wordsOf([30, HIGH_BIT - 1, 12]), HIGH_BIT - 1)!.positions]).toEqual([2, 0, 1]);
});
