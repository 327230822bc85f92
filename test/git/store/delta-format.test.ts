import { expect, test } from 'vitest';
import { CopyInstruction, deltaResultSize, readSize } from '../../../src/git/store/delta-format.ts';
import { makeDelta } from './hand-made.ts';

test.each([
  ['no byte', [], 0, 0, undefined],
  ['one', [0xff, 0x05], 1, 2, [5, 2]],
  ['seven', [...Array<number>(6).fill(0x80), 0x01, 0x7f], 0, 8, [2 ** 42, 7]],
  ['eight, and that is no size', [...Array<number>(7).fill(0x80), 0x01], 0, 8, undefined],
  ['one that goes on behind the end', [0x80, 0x01], 0, 1, undefined],
])('a size of %s', (_what, bytes, at, end, expected) => {
  const read = (): unknown => readSize(Uint8Array.from(bytes), at, end);
  if (expected === undefined) expect(read).toThrow('bad-delta');
  else expect(read()).toEqual({ value: expected[0], next: expected[1] });
});

test('the size of the result stands behind that of the base', () => {
  expect(deltaResultSize(makeDelta(10, [], 123_456_789_012))).toBe(123_456_789_012);
  expect(() => deltaResultSize(Buffer.from([0x80]))).toThrow('bad-delta');
  expect(() => deltaResultSize(Buffer.alloc(20, 0xff))).toThrow('bad-delta');
});

test.each([
  ['nothing, which is all that a copy can take', 0x80, [], 0, 0x10000],
  ['each byte of the offset', 0x9f, [1, 2, 3, 4, 5], 0x04030201, 5],
  ['an offset of more than 31 bits', 0x98, [0xff, 7], 0xff000000, 7],
  ['each byte of the size', 0xf0, [1, 2, 3], 0, 0x030201],
  ['bytes in the middle', 0xa2, [9, 8], 0x0900, 0x0800],
])('a copy that names %s', (_what, operation, bytes, from, size) => {
  const copy = new CopyInstruction();
  expect(copy.read(Buffer.from([operation, ...bytes, 0xff]), 1, operation)).toBe(1 + bytes.length);
  expect(copy).toEqual({ from, size });
});
