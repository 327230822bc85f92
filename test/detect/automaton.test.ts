import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildAutomaton, eachLiteral, Hits, scanAutomaton } from '../../src/detect/automaton.ts';

/** Every hit as `end literal`, sorted. */
function scanned(literals: readonly string[], bytes: Uint8Array, hits = new Hits()): string[] {
  const automaton = buildAutomaton(literals);
  scanAutomaton(automaton, bytes, hits);
  const found: string[] = [];
  for (let index = 0; index < hits.length; index += 2) {
    eachLiteral(automaton, hits.pairs[index + 1] ?? 0, (id) => found.push(`${hits.pairs[index]} ${id}`));
  }
  return found.toSorted();
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function naive(literals: readonly string[], bytes: Uint8Array): string[] {
  const text = lowerAscii(Buffer.from(bytes).toString('latin1'));
  const found: string[] = [];
  for (const [id, literal] of literals.entries()) {
    const wanted = lowerAscii(literal);
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) found.push(`${at + wanted.length} ${id}`);
  }
  return found.toSorted();
}

/** Few letters, so that literals overlap, begin and end in each other, and really occur. */
const narrow = fc.constantFrom('a', 'b', 'A', '_', '\u00e9');
const literal = fc.oneof(
  fc.array(narrow, { minLength: 3, maxLength: 6 }).map((parts) => parts.join('')),
  fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 3, maxLength: 9 }).map((codes) => String.fromCharCode(...codes)),
);
const literals = fc.uniqueArray(literal, { minLength: 1, maxLength: 12, selector: lowerAscii });
const narrowText = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.array(narrow, { maxLength, size: 'max' }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

describe('the automaton', () => {
  test('finds what a naive search finds, in texts of a few letters', () => {
    fc.assert(
      fc.property(literals, narrowText(600), (words, bytes) => {
        expect(scanned(words, bytes)).toEqual(naive(words, bytes));
      }),
      { numRuns: 300 },
    );
  });

  test('finds what a naive search finds, in random bytes with literals put in', () => {
    fc.assert(
      fc.property(literals, fc.uint8Array({ maxLength: 3000, size: 'max' }), fc.array(fc.nat(), { maxLength: 20 }), (words, bytes, places) => {
        for (const [index, place] of places.entries()) {
          const word = Buffer.from(words[index % words.length] ?? '', 'latin1');
          if (word.length < bytes.length) bytes.set(word, place % (bytes.length - word.length));
        }
        expect(scanned(words, bytes)).toEqual(naive(words, bytes));
      }),
      { numRuns: 200 },
    );
  });

  test('finds literals across the borders of its four streams, at every size around them', () => {
    const words = ['sk_live_', 'live', 'e_abc', 'abcsk_'];
    for (const size of [1019, 1023, 1024, 1025, 1026, 1027, 4093, 4096, 4097, 4099, 8191, 20_003]) {
      const quarter = size >> 2;
      for (const border of [quarter, 2 * quarter, 3 * quarter, 4 * quarter, size]) {
        for (let shift = -9; shift <= 1; shift++) {
          const bytes = Buffer.alloc(size, '.');
          bytes.set(Buffer.from('abcSK_LIVE_abc').subarray(0, Math.max(0, size - border - shift)), Math.min(size, border + shift));
          expect(scanned(words, bytes), `${size} at ${border + shift}`).toEqual(naive(words, bytes));
        }
      }
    }
  });

  test('finds the same in random texts of 5,000 to 20,000 bytes', () => {
    fc.assert(
      fc.property(literals, fc.integer({ min: 5000, max: 20_000 }), fc.infiniteStream(narrow), (words, size, letters) => {
        const bytes = Buffer.from([...letters.take(size)].join(''), 'latin1');
        expect(scanned(words, bytes)).toEqual(naive(words, bytes));
      }),
      { numRuns: 15 },
    );
  });

  test('knows nothing of an earlier content, whose hits it replaces', () => {
    const hits = new Hits();
    expect(scanned(['abc'], Buffer.from('abc '.repeat(2000)), hits)).toHaveLength(2000);
    expect(scanned(['abc'], Buffer.from('ab'), hits)).toEqual([]);
    expect(scanned(['abc'], Buffer.from('cabc'), hits)).toEqual(['4 0']);
  });

  test('has nothing to find without literals', () => {
    expect(scanned([], Buffer.from('abc'.repeat(1000)))).toEqual([]);
  });

  test('gives both ids of literals that differ in case only', () => {
    expect(scanned(['Key', 'kEY'], Buffer.from('a KEY'))).toEqual(['5 0', '5 1']);
  });

  test('folds no letters but those of ASCII', () => {
    expect(scanned(['\u00e9\u00e9\u00e9', '[[['], Buffer.from('\u00c9\u00c9\u00c9 {{{', 'latin1'))).toEqual([]);
  });
});
