import { expect, test } from 'vitest';
import { isLfsPointer, mayBePointer } from '../../src/sources/lfs-pointer.ts';

const VERSION = 'version https://git-lfs.github.com/spec/v1';
const POINTER = `${VERSION}\noid sha256:${'0a'.repeat(32)}\nsize 12345\n`;

test('what begins as a pointer does is one', () => {
  expect(isLfsPointer(Buffer.from(POINTER))).toBe(true);
  expect(isLfsPointer(Buffer.from(VERSION))).toBe(true);
});

test.each(['', 'v', VERSION.slice(0, -1), `${VERSION.slice(0, -1)}2\n`, ` ${POINTER}`, `#${POINTER.slice(1)}`])('%j is none', (text) => {
  expect(isLfsPointer(Buffer.from(text))).toBe(false);
});

test('one has fewer bytes than a kibibyte, whatever it begins with', () => {
  expect([0, 1023, 1024].map(mayBePointer)).toEqual([true, true, false]);
  expect([1023, 1024].map((length) => isLfsPointer(Buffer.from(POINTER.padEnd(length))))).toEqual([true, false]);
});
