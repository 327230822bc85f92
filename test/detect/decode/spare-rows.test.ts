import { expect, test } from 'vitest';
import { giveBytes, giveRows, takeBytes, takeRows } from '../../../src/detect/decode/spare-rows.ts';

const LEAST = 2 ** 14;

test('large rows are used again, by size', () => {
  const rows = takeRows(LEAST + 1);
  expect(rows).toHaveLength(2 * LEAST);
  giveRows(rows);
  expect(takeRows(LEAST)).not.toBe(rows);
  expect(takeRows(2 * LEAST)).toBe(rows);
  expect(takeRows(2 * LEAST)).not.toBe(rows);
});

test('small ones, and ones of another length, are not kept', () => {
  const small = takeRows(10);
  const odd = new Int32Array(LEAST + 1);
  expect(small).toHaveLength(10);
  giveRows(small);
  giveRows(odd);
  expect(takeRows(10)).not.toBe(small);
  expect(takeRows(LEAST + 1).buffer).not.toBe(odd.buffer);
});

test('a text that is used again is another view of the same memory, so that nobody takes it for the last one', () => {
  const text = takeBytes(4 * LEAST - 2 + 4);
  expect(text).toHaveLength(4 * LEAST + 2);
  giveBytes(text);
  const again = takeBytes(4 * LEAST + 3);
  expect(again).toHaveLength(4 * LEAST + 3);
  expect(again).not.toBe(text);
  expect(again.buffer).toBe(text.buffer);
});
