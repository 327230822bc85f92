import { expect, test } from 'vitest';
import { megabytes } from '../../src/report/words.ts';

test.each([
  [0, '0.0 kB'],
  [1549, '1.5 kB'],
  [99_999, '100.0 kB'],
  [100_000, '0.1 MB'],
  [3_249_000, '3.2 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(megabytes(bytes)).toBe(text);
});
