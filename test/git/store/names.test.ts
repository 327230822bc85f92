import { expect, test } from 'vitest';
import { Names } from '../../../src/git/store/names.ts';

/** Numbers of names that stand somewhere inside of other bytes. */
function numbersOf(names: Names, given: readonly string[]): number[] {
  return given.map((name) => {
    const bytes = Buffer.from(`x${name}yz`);
    return names.add(bytes, 1, bytes.length - 2);
  });
}

test('each name has one number, in the order in which they came', () => {
  const names = new Names();
  const given = ['a', 'b', 'ab', 'a', 'ba', 'abc', 'b', 'bc', 'abcd', 'ab'];
  expect(numbersOf(names, given)).toEqual([0, 1, 2, 0, 3, 4, 1, 5, 6, 2]);
  expect([0, 1, 2, 3, 4, 5, 6].map((name) => names.get(name).toString())).toEqual(['a', 'b', 'ab', 'ba', 'abc', 'bc', 'abcd']);
});

test('more names than there was room for, and longer ones', () => {
  const names = new Names();
  const given = Array.from({ length: 2500 }, (_, index) => `${index}-${'n'.repeat(index % 40)}`);
  const expected = given.map((_, index) => index);
  expect(numbersOf(names, given)).toEqual(expected);
  expect(numbersOf(names, given)).toEqual(expected);
  expect(expected.filter((name) => names.get(name).toString() !== given[name])).toEqual([]);
});

test('a name that is longer than all the room, and one that fills it to the byte', () => {
  const names = new Names();
  const given = ['l'.repeat(300_000), 'a', 'm'.repeat(524_288 - 300_001), 'b'];
  expect(numbersOf(names, given)).toEqual([0, 1, 2, 3]);
  expect(given.map((_, name) => names.get(name).toString() === given[name])).toEqual([true, true, true, true]);
});

test('bytes that are no text', () => {
  const names = new Names();
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  expect(Array.from({ length: 256 }, (_, at) => names.add(bytes, at, at + 1))).toEqual([...bytes]);
  expect(names.add(bytes, 0, 256)).toBe(256);
  expect(names.get(256).equals(bytes)).toBe(true);
  expect(names.get(255)).toEqual(Buffer.from([255]));
});
