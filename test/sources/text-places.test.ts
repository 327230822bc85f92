import { expect, test } from 'vitest';
import { TextPlaces } from '../../src/sources/text-places.ts';

/** Texts of so many bytes, each with a line feed behind it, and which of them may hold something. */
function held(lengths: readonly number[], places: readonly number[] | undefined): number[] {
  const asked = new TextPlaces(places);
  let start = 0;
  return lengths.flatMap((length, index) => {
    const end = start + length;
    const mayHold = asked.mayHold(start, end);
    start = end + 1;
    return mayHold ? [index] : [];
  });
}

test('each may where nothing is known, and none where there is no place', () => {
  expect(held([3, 0, 5], undefined)).toEqual([0, 1, 2]);
  expect(held([3, 0, 5], [])).toEqual([]);
});

// Texts of 3, 4 and 5 bytes stand at [0, 3), [4, 8) and [9, 14).
test.each([
  ['right behind the first byte', [1], [0]],
  ['at the end of a text', [3], [0]],
  ['at the beginning of a text, which is the end of the line feed before it', [4], []],
  ['behind the first byte of the next', [5], [1]],
  ['at the end of the last', [14], [2]],
  ['behind all of them', [15], []],
  ['several in one text', [5, 6, 7, 8], [1]],
  ['several in several', [2, 3, 8, 9, 10], [0, 1, 2]],
  ['in the last alone, where others were asked for before', [12], [2]],
])('a place %s', (_what, places, expected) => {
  expect(held([3, 4, 5], places)).toEqual(expected);
});
