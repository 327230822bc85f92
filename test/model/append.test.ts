import { expect, test } from 'vitest';
import { append } from '../../src/model/append.ts';

test('adds more items than a call takes arguments', () => {
  const items = Array.from({ length: 200_000 }, (_, place) => place);
  const list = [-1];
  expect(() => [].push(...(items as never[]))).toThrow(RangeError);
  append(list, new Set(items));
  expect([list.length, list[0], list.at(-1)]).toEqual([200_001, -1, 199_999]);
});
