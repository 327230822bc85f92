import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Locator } from '../../src/detect/locate.ts';

/** Counts line feeds and characters from the start, one byte after the other. */
function naive(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (const byte of bytes.subarray(0, offset)) {
    if (byte === 0x0a) {
      line++;
      column = 1;
    } else if (byte < 0x80 || byte >= 0xc0) column++;
  }
  return { line, column };
}

const text = fc
  .array(fc.constantFrom('a', '\n', '\r\n', '\u00e9', '\u20ac', '\u{1f511}', '\t', '\0'), { maxLength: 80 })
  .map((parts) => Buffer.from(parts.join('')));

describe('Locator', () => {
  test.each([
    ['', 0, 1, 1],
    ['abc', 0, 1, 1],
    ['abc', 3, 1, 4],
    ['a\nb', 1, 1, 2],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 1, 3],
    ['\n\n\n', 3, 4, 1],
    ['\u00e9\u00e9x', 4, 1, 3],
    ['\u{1f511}x', 4, 1, 2],
  ])('%j: offset %i is line %i, column %i', (content, offset, line, column) => {
    expect(new Locator(Buffer.from(content)).position(offset)).toEqual({ line, column });
  });

  test('counts as one does by hand, whatever the order of the questions', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (bytes, asked) => {
        const locator = new Locator(bytes);
        for (const number of asked) {
          const offset = number % (bytes.length + 1);
          expect(locator.position(offset)).toEqual(naive(bytes, offset));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('goes on in the middle of a content where the part before ended', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (bytes, first, second) => {
        const cut = first % (bytes.length + 1);
        const offset = cut + (second % (bytes.length + 1 - cut));
        const { line, column } = new Locator(bytes).position(cut);
        expect(new Locator(bytes.subarray(cut), line, column).position(offset - cut)).toEqual(naive(bytes, offset));
      }),
      { numRuns: 500 },
    );
  });

  test('gives both ends of a span', () => {
    expect(new Locator(Buffer.from('ab\ncd\nef')).range({ start: 1, end: 7 })).toEqual({ startLine: 1, startColumn: 2, endLine: 3, endColumn: 2 });
  });
});
