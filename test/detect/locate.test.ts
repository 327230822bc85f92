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

  describe('walks the bytes once', () => {
    /** A locator, and how many bytes it has read and how often it has looked for a line end. */
    const watched = (content: string): { locator: Locator; cost: { bytes: number; searches: number } } => {
      const cost = { bytes: 0, searches: 0 };
      const bytes = new Proxy(Buffer.from(content), {
        get(target, key) {
          if (typeof key === 'string' && /^\d+$/.test(key)) cost.bytes++;
          if (key !== 'indexOf') return Reflect.get(target, key);
          cost.searches++;
          return target.indexOf.bind(target);
        },
      });
      return { locator: new Locator(bytes), cost };
    };

    test('of a long line, however often it is asked', () => {
      const { locator, cost } = watched('x'.repeat(1000));
      for (let offset = 0; offset <= 1000; offset += 10) locator.position(offset);
      expect(cost).toEqual({ bytes: 1000, searches: 1 });
    });

    test('up to a place that two rules have found', () => {
      const { locator, cost } = watched('x'.repeat(1000));
      for (let time = 0; time < 3; time++) expect(locator.range({ start: 900, end: 910 }).startColumn).toBe(901);
      expect(cost).toEqual({ bytes: 930, searches: 1 });
    });

    test('and each line end once', () => {
      const { locator, cost } = watched('ab\ncd\nef');
      for (const offset of [0, 2, 4, 5, 7]) locator.position(offset);
      expect(cost).toEqual({ bytes: 5, searches: 3 });
    });
  });
});
