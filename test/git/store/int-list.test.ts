import { expect, test } from 'vitest';
import { IntList } from '../../../src/git/store/int-list.ts';

test('grows from any capacity, and keeps what is there', () => {
  for (const capacity of [0, 1, 3, 1000]) {
    const list = new IntList(capacity);
    for (let value = 0; value < 500; value++) {
      expect(list.length).toBe(value);
      list.push(value * 7 - 100);
    }
    expect(Array.from({ length: list.length }, (_, index) => list.at(index))).toEqual(Array.from({ length: 500 }, (_, value) => value * 7 - 100));
  }
});

test('what is changed, taken away and put on again', () => {
  const list = new IntList();
  for (const value of [10, 11, 12, 13]) list.push(value);
  list.set(1, -5);
  expect([list.at(0), list.at(1)]).toEqual([10, -5]);
  expect([list.pop(), list.length]).toEqual([13, 3]);
  list.truncate(1);
  expect(list.length).toBe(1);
  list.push(9);
  expect([list.at(0), list.at(1), list.length]).toEqual([10, 9, 2]);
});
