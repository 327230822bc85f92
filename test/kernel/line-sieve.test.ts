import { describe, expect, test } from 'vitest';
import { createLineSieve, type LineSieve } from '../../src/kernel/line-sieve.ts';
import { Random } from '../support/random.ts';

function sieve(): LineSieve {
  const made = createLineSieve();
  if (made === undefined) throw new Error('no WebAssembly');
  return made;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What is let through, and where each of its lines stood before. */
function sifted(given: LineSieve, text: string): { lines: string[]; places: number[] } {
  const lines = given.sift(Buffer.from(text, 'latin1'));
  const skips = given.skips();
  let at = 0;
  const found = linesOf(Buffer.from(lines).toString('latin1'));
  const places = found.map((line) => {
    let left = 0;
    for (let skip = 0; skip < skips.length; skip += 2) if (at >= skips[skip]!) left = skips[skip + 1]!;
    at += line.length;
    return at - line.length + left;
  });
  return { lines: found, places };
}

test('lines come once; those that hold something or are long come each time', () => {
  const long = 'x'.repeat(600);
  const text = `one\n\ntwo\n${long}\nsixteen bytes.. \nend`;
  const given = sieve();
  const all = sifted(given, text).lines;
  expect(all).toEqual(linesOf(text));
  given.learn([text.indexOf('two') + 3]);
  expect(sifted(given, `new\n${text}\nend`)).toEqual({
    lines: ['new\n', 'two\n', `${long}\n`, 'end\n'],
    places: ['new', 'two', long, 'end'].map((line) => `new\n${text}\nend`.indexOf(line)),
  });
});

test('from a line with a NUL on all come each time', () => {
  const text = `one\n${'x'.repeat(40)}\0nul\none\nend\n`;
  const given = sieve();
  given.sift(Buffer.from(text));
  given.learn([]);
  expect(sifted(given, text).lines).toEqual(linesOf(text).slice(1));
});

test('what was not learnt comes again', () => {
  const given = sieve();
  expect(sifted(given, 'one\n').lines).toEqual(['one\n']);
  expect(sifted(given, 'one\n').lines).toEqual(['one\n']);
  given.learn([]);
  expect(sifted(given, 'one\n').lines).toEqual([]);
});

describe('any texts', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'number %i: no line is left out that was not learnt, and few that were come again',
    (seed) => {
      const random = new Random(seed);
      const given = sieve();
      const known = new Set<string>();
      let again = 0;
      let total = 0;
      for (let round = 0; round < 30; round++) {
        const lines = Array.from({ length: random.below(200) }, () => {
          const length = random.of([0, 1, 3, 15, 16, 17, 31, 32, 33, 100, 496, 511, 512, 513, 700]);
          return `${random.of(['a', 'b', '\xff', '\x80', '\r']).repeat(Math.max(0, length - 1))}${length === 0 ? '' : random.of(['1', '2', '3'])}\n`;
        });
        const text = lines.join('') + (random.chance(50) ? 'no end' : '');
        const result = sifted(given, text);
        for (const [index, line] of result.lines.entries()) expect(text.startsWith(line, result.places[index])).toBe(true);
        const left = linesOf(text).filter((line) => !known.has(line));
        const through = [...result.lines];
        for (const line of left) expect(through.splice(through.indexOf(line), 1)).toEqual([line]);
        again += through.filter((line) => line.length <= 512).length;
        total += linesOf(text).length;
        const held = new Set(result.lines.filter(() => random.chance(10)));
        const ends: number[] = [];
        let at = 0;
        for (const line of result.lines) {
          at += line.length;
          if (held.has(line)) ends.push(at);
          else known.add(line);
        }
        given.learn(ends);
      }
      expect(again).toBeLessThan(total / 20);
    },
  );

  test('a large one, and more lines than are learnt at a time', () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`).join('');
    const given = sieve();
    expect(sifted(given, text).lines).toHaveLength(50_000);
    given.learn([]);
    const left = sifted(given, text).lines;
    expect(left.length).toBeGreaterThan(17_000);
    expect(left.length).toBeLessThan(22_000);
  });
});
