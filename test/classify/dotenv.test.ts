import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { entryAt, isDotenv, parseDotenv } from '../../src/classify/dotenv.ts';

/** What the parser reads, as loaders would give it: commented lines left out, the last of equal names wins. */
function values(text: string): Record<string, string> {
  return Object.fromEntries(
    parseDotenv(text)
      .entries.filter(({ commented }) => !commented)
      .map(({ name, value }) => [name, value]),
  );
}

const raw = (text: string): (string | undefined)[][] =>
  parseDotenv(text).entries.map(({ nameSpan, span, quote, commented, exported, defaults }) => [
    text.slice(nameSpan.start, nameSpan.end),
    text.slice(span.start, span.end),
    quote + (exported ? ' export' : '') + (commented ? ' comment' : ''),
    ...defaults.map(({ start, end }) => text.slice(start, end)),
  ]);

describe('the parts of an assignment and where they stand', () => {
  test.each<[string, string, (string | undefined)[][]]>([
    ['plain', 'A=b', [['A', 'b', '']]],
    ['blanks around', '  A =  b c  \n', [['A', 'b c', '']]],
    [
      'export',
      'export A=b\n  export\tB=c',
      [
        ['A', 'b', ' export'],
        ['B', 'c', ' export'],
      ],
    ],
    ['a name that begins like export', 'export_A=b', [['export_A', 'b', '']]],
    ['colon', 'A: b\nB:c\n', [['A', 'b', '']]],
    [
      'three kinds of quotes',
      `A="b"\nB='c'\nC=\`d\``,
      [
        ['A', 'b', '"'],
        ['B', 'c', "'"],
        ['C', 'd', '`'],
      ],
    ],
    [
      'a quote within other quotes',
      `A="it's"\nB=\`say "x"\``,
      [
        ['A', "it's", '"'],
        ['B', 'say "x"', '`'],
      ],
    ],
    [
      'several lines',
      'A="b\nc=d\n"\nE=f',
      [
        ['A', 'b\nc=d\n', '"'],
        ['E', 'f', ''],
      ],
    ],
    [
      'a quote without end',
      'A="b\nC=d\n',
      [
        ['A', '"b', ''],
        ['C', 'd', ''],
      ],
    ],
    [
      'something behind the quote',
      'A="b" c\nD=e',
      [
        ['A', '"b" c', ''],
        ['D', 'e', ''],
      ],
    ],
    [
      'an inline comment',
      'A=b # c\nB="c # d" # e',
      [
        ['A', 'b', ''],
        ['B', 'c # d', '"'],
      ],
    ],
    ['a # within a value stays in its span', 'A=b#c', [['A', 'b#c', '']]],
    [
      'commented out',
      '#A=b\n  #  export B="c"\n',
      [
        ['A', 'b', ' comment'],
        ['B', 'c', '" export comment'],
      ],
    ],
    [
      'a comment does not go on over lines',
      '# A="b\nC="d"',
      [
        ['A', '"b', ' comment'],
        ['C', 'd', '"'],
      ],
    ],
    [
      'defaults of interpolations',
      "A=${B:-c}-${D-e}\nF='${G:-h}'",
      [
        ['A', '${B:-c}-${D-e}', '', 'c', 'e'],
        ['F', '${G:-h}', "'"],
      ],
    ],
    [
      'CRLF',
      'A=b\r\nC="d"\r\n',
      [
        ['A', 'b', ''],
        ['C', 'd', '"'],
      ],
    ],
    ['a BOM shifts nothing', '\xef\xbb\xbfA=b', [['A', 'b', '']]],
    [
      'nothing',
      'A=\nB=""\nC',
      [
        ['A', '', ''],
        ['B', '', '"'],
      ],
    ],
    ['names with dots, hyphens and digits', 'a.b-1=c', [['a.b-1', 'c', '']]],
  ])('%s', (_what, text, expected) => {
    expect(raw(text)).toEqual(expected);
  });

  test('values are those of loaders', () => {
    expect(values('A=b#c\nB="x\\ny"\nC=\'x\\ny\'\nD=`x\\ny`\nE="1\r\n2"\nA=last')).toEqual({
      A: 'last',
      B: 'x\ny',
      C: 'x\\ny',
      D: 'x\\ny',
      E: '1\n2',
    });
  });

  test('stray lines are counted: code is no dotenv', () => {
    expect(isDotenv(parseDotenv('# a comment\n\nA=b\nC=d\n'))).toBe(true);
    expect(isDotenv(parseDotenv('import os\n\nA = os.environ["A"]\nprint(A)\n'))).toBe(false);
    expect(isDotenv(parseDotenv('# nothing\n'))).toBe(false);
  });

  test('an entry is found by a part of its value', () => {
    const text = 'A=b\nKEY="-----BEGIN\nxyz\n-----END"\nC=d';
    const file = parseDotenv(text);
    const at = text.indexOf('xyz');
    expect(entryAt(file, { start: at, end: at + 3 })?.name).toBe('KEY');
    expect(entryAt(file, { start: 4, end: 7 })).toBeUndefined();
    expect(entryAt(file, { start: text.length - 1, end: text.length })?.name).toBe('C');
  });
});

/** Characters that every loader reads alike. */
const plainCharacter = fc.constantFrom(...'abcXYZ019_-./:+@?&%=!,;()[]{}<>~^*|');
const plain = fc.array(plainCharacter, { maxLength: 20 }).map((list) => list.join(''));
const name = fc
  .tuple(fc.constantFrom(...'ABCxyz_'), fc.array(fc.constantFrom(...'ABCxyz_019'), { maxLength: 8 }))
  .map(([first, rest]) => first + rest.join(''));
const inQuotes = (quote: string) =>
  fc
    .array(fc.oneof(plainCharacter, fc.constantFrom(' ', '\n', '#', ...[`'`, '"', '`'].filter((other) => other !== quote))), { maxLength: 20 })
    .map((list) => quote + list.join('') + quote);
const written = fc.oneof(plain, inQuotes("'"), inQuotes('"'), inQuotes('`'));
/** Node keeps a tab before a comment. */
const comment = fc.constantFrom('', ' # note', ' #note');
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('', 'export '), name, fc.constantFrom('=', ' = ', '= '), written, comment).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '# a comment', '#') },
);
const file = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n')).map(([lines, end]) => lines.map((one) => one + end).join(''));

describe('as other parsers read it', () => {
  // An empty unquoted value is left out: loaders differ on what follows it on the next line.
  const agreed = file.filter((text) => !/=[ \t]*(?:#.*)?\r?$/m.test(text));

  test('dotenv', () => {
    fc.assert(
      fc.property(agreed, (text) => {
        expect(values(text)).toEqual({ ...parse(text) });
      }),
      { numRuns: 2000 },
    );
  });

  // Node 20.12 and 21.7 on. Older ones have nothing to compare with.
  test.runIf(typeof parseEnv === 'function')("Node's own", () => {
    fc.assert(
      fc.property(agreed, (text) => {
        expect(values(text)).toEqual({ ...(parseEnv(text) as Record<string, string>) });
      }),
      { numRuns: 2000 },
    );
  });

  test('whatever the text, spans lie in it in order and never overlap', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'A=b"\'`#\\ \n\r${}:-export'), maxLength: 200 }), (text) => {
        let end = 0;
        for (const { nameSpan, span, defaults } of parseDotenv(text).entries) {
          expect(nameSpan.start).toBeGreaterThanOrEqual(end);
          expect(span.start).toBeGreaterThan(nameSpan.end);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          for (const part of defaults) expect([part.start > span.start, part.end < span.end]).toEqual([true, true]);
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 3000 },
    );
  });

  test('a long file of open quotes takes no time', () => {
    const begun = process.cpuUsage();
    for (const text of ['A="\\"\n', "B='x\n", 'C=`\n', '# D="\n', 'A=${B:-\n', 'export '].map((piece) => piece.repeat(30_000))) parseDotenv(text);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1000).toBeLessThan(3000);
  });
});
