import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadModule } from '../../src/kernel/module.ts';
import { createPrefilter, Kernel, type Prefilter } from '../../src/kernel/prefilter.ts';
import { BITMAPS, buildTables, COLUMNS, HALVES, HEADER, HEADER_WORDS, TABLE, type Check } from '../../src/kernel/tables.ts';
import { Twin } from '../../src/kernel/twin.ts';

type Kind = 'Kernel' | 'Twin';
const KINDS: readonly Kind[] = ['Kernel', 'Twin'];

/** So many times as many random cases. */
const MORE = process.env['KEYSIFT_SOAK'] === '1' ? 40 : 1;

function prefilter(kind: Kind, checks: readonly Check[]): Prefilter {
  const image = buildTables(checks);
  const module = loadModule('kernel.wasm');
  if (kind === 'Twin') return new Twin(image);
  if (module === undefined) throw new Error('there is no dist/kernel.wasm: run npm run build');
  return new Kernel(module, image);
}

function always(literal: string): Check {
  return { literal, kind: 'always', exact: false, before: undefined, run: undefined };
}

/** Every hit as `end check`, in the order in which it was given. */
function given(filter: Prefilter, bytes: Uint8Array, isWhole = false): string[] {
  const { pairs, length } = filter.scan(bytes, isWhole);
  return Array.from({ length: length / 2 }, (_, index) => `${pairs[2 * index]} ${pairs[2 * index + 1]}`);
}

function scanned(filter: Prefilter, bytes: Uint8Array): string[] {
  return given(filter, bytes).toSorted();
}

/** The same as numbers, for contents of many hits, in ascending order. */
function scannedNumbers(filter: Prefilter, bytes: Uint8Array): Float64Array {
  const { pairs, length } = filter.scan(bytes, false);
  return Float64Array.from({ length: length / 2 }, (_, index) => pairs[2 * index]! * 2 ** 16 + pairs[2 * index + 1]!).toSorted();
}

/** vitest takes seconds to compare lists as long as these: only what differs is left to it. */
function expectSame(actual: Float64Array, expected: Float64Array, what = ''): void {
  if (Buffer.compare(Buffer.from(actual.buffer), Buffer.from(expected.buffer)) !== 0) expect(actual, what).toEqual(expected);
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** How far a name and what belongs to it are followed, on either side of a literal. */
const NAME_REACH = 64;

/** What a search without any table finds: `indexOf`, and the conditions that `Check` documents, in the words of regular expressions. */
function naive(checks: readonly Check[], bytes: Uint8Array, isWhole = false): string[] {
  const written = Buffer.from(bytes).toString('latin1');
  const lower = lowerAscii(written);
  const found: string[] = [];
  for (const [id, check] of checks.entries()) {
    const wanted = lowerAscii(check.literal);
    for (let start = lower.indexOf(wanted); start >= 0; start = lower.indexOf(wanted, start + 1)) {
      if (holds(check, bytes, written, start) && isNear(check, written, start, isWhole)) found.push(`${start + wanted.length} ${id}`);
    }
  }
  return found.toSorted();
}

function holds({ literal, kind, exact, before, run }: Check, bytes: Uint8Array, written: string, start: number): boolean {
  if (kind === 'always') return true;
  const end = start + literal.length;
  if (exact && written.slice(start, end) !== literal) return false;
  if (before !== undefined && start > 0 && before[bytes[start - 1] ?? 0] === 1) return false;
  if (run !== undefined) {
    const after = [...bytes.subarray(end, end + run.min)];
    if (after.length < run.min || after.some((byte) => run.bytes[byte] === 0)) return false;
  }
  if (kind === 'token') return true;
  if (kind === 'word') return !/[a-z][a-z]|[A-Z][A-Z]/.test(written.slice(Math.max(0, start - 1), start + 1));
  if (kind === 'user-info') return /^[^\0-\x20/?#"'`<>@]*:[^\0-\x20/?#"'`<>@]*@/.test(written.slice(end, end + 258));
  if (kind === 'credential') return credentialFollows(written, start, end);
  const operator = operatorAfter(written, end);
  return kind === 'assignment' ? operator !== undefined : operator === '=' && beginsItsLine(written, start);
}

/** A line is followed so far from a literal, and each further one from its end. */
const LINE_REACH = 2048;

/** How far before a value its name's line is followed, and how far behind its literal. */
const NAME_BEFORE = 512;
const NAME_BEHIND = 1024;

function isNear({ literal, kind, near, named }: Check, written: string, start: number, isWhole: boolean): boolean {
  if (named !== undefined) {
    if (/\w$/.test(written.slice(0, start)) || /^[.-]?\w/.test(written.slice(start + literal.length))) return false;
    if (!isWhole) return true;
    const above = reached(Array.from(written.slice(0, start)).toReversed(), named.above, NAME_BEFORE).toReversed();
    const below = reached(Array.from(written.slice(start + literal.length)), named.below, NAME_BEHIND);
    const text = lowerAscii(above.join('') + written.slice(start, start + literal.length) + below.join(''));
    return named.parts.some((part) => text.includes(part));
  }
  if (near === undefined || kind === 'always' || (near.lines > 0 && !isWhole)) return true;
  const before = reached(Array.from(written.slice(0, start)).toReversed(), near.lines)
    .toReversed()
    .join('');
  const after = reached(Array.from(written.slice(start + literal.length)), near.lines).join('');
  const text = before + written.slice(start, start + literal.length) + after;
  const isOfClass = Array.from(text, (character) => String(near.bytes[character.charCodeAt(0)])).join('');
  return isOfClass.includes('1'.repeat(near.min));
}

/** From a literal on, in either direction, so many lines and the rest of its own. */
function reached(characters: readonly string[], lines: number, reach = LINE_REACH): readonly string[] {
  let end = 0;
  for (let line = 0; line <= lines; line++) {
    const lineEnd = characters.indexOf('\n', end);
    const to = lineEnd < 0 ? characters.length : lineEnd;
    if (to - end > reach) return characters.slice(0, end + reach);
    if (line === lines || lineEnd < 0) return characters.slice(0, to);
    end = to + 1;
  }
  return [];
}

function operatorAfter(written: string, end: number): string | undefined {
  const match = /^[0-9A-Za-z_.-]*["'\] \t]*(?:=(?!=)|:)/.exec(written.slice(end, end + NAME_REACH + 1))?.[0];
  return match === undefined || match.length > NAME_REACH ? undefined : match.at(-1);
}

function credentialFollows(written: string, start: number, end: number): boolean {
  const tail = /^[0-9A-Za-z_.-]*/.exec(written.slice(end, end + NAME_REACH))?.[0] ?? '';
  let rest = written.slice(end + tail.length);
  const take = (pattern: RegExp): string => {
    const found = pattern.exec(rest)?.[0] ?? '';
    rest = rest.slice(found.length);
    return found;
  };
  take(/^\[\]/);
  const closed = take(/^["'`\]\\)]+/) !== '';
  const blanks = take(/^[ \t]+/) !== '';
  if (take(/^(?:[=:>|?~]+|[,(]|\{(?=["'`])|<-|\{[A-Za-z; \t]{0,23}\}[ \t]*=[=:>|?~]*)/) === '') {
    const name = /[0-9A-Za-z_.-]*$/.exec(written.slice(Math.max(0, start - NAME_REACH), start))?.[0] ?? '';
    const alone = /^[A-Z]/.test(written.slice(start)) || (name + written.slice(start)).startsWith('-');
    if (!blanks) return false;
    if (take(/^(?:[A-Za-z]{2}(?![A-Za-z])[ \t]*[A-Za-z]{1,12}|[A-Za-z]{1,12})[ \t]*=[=:>|?~]*/) === '' && (closed || !(alone || /^["'`]/.test(rest))))
      return false;
  }
  take(/^[ \t]+/);
  take(
    /^(?:&?[A-Za-z]{1,12}(?:\[[A-Za-z, \t]{0,23}\]|<[A-Za-z, \t]{0,23}>)?(?:[ \t]*\|[ \t]*[A-Za-z]{1,16}(?![A-Za-z]))?[ \t]*=|["'`][A-Za-z]{1,12}["'`]?[ \t]*[=:])[=:>|?~]*[ \t]*/,
  );
  take(/^[A-Za-z.:]{1,23}(?=\(["'`])/);
  take(/^[@A-Za-z](?=["'`])/);
  const quoted = /["'`]/.test(take(/^["'`\\([]+/));
  return isRandom(rest, quoted) || isRandom(/^[A-Za-z]{1,12}[ \t]+(.*)/s.exec(rest)?.[1] ?? '', quoted);
}

function isRandom(rest: string, quoted: boolean): boolean {
  const held = quoted ? /^[!#-&(-_a-~\u0080-\u00ff]*/ : /^[!#-%(-+\--:=?-_a-|~]*/;
  const value = held.exec(rest.slice(0, 256))?.[0] ?? '';
  if (value.length < 8 || (!quoted && /[([{]/.test(value))) return false;
  return /[\d!#%@^~]/.test(value) || (quoted && /[a-z].*[^a-z]|[^a-z].*[a-z]/.test(value.replace(/[&,;<>\u0080-\u00ff]/g, '')));
}

function beginsItsLine(written: string, start: number): boolean {
  const lowest = Math.max(0, start - NAME_REACH);
  let rest = written.slice(0, start);
  const cut = (pattern: RegExp): void => {
    const near = rest.slice(lowest);
    rest = rest.slice(0, rest.length - (pattern.exec(near)?.[0].length ?? 0));
  };
  cut(/[0-9A-Za-z_.-]+$/);
  cut(/[ \t#]+$/);
  if (rest.endsWith('export')) {
    rest = rest.slice(0, -6);
    cut(/[ \t#]+$/);
  }
  return /(?:^|[\r\n])(?:\u00ef\u00bb\u00bf)?$/.test(rest);
}

function bitmap(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(characters.test(String.fromCharCode(byte))));
}

/** Few letters, so that literals overlap, begin and end in each other, and really occur. */
const letter = fc.constantFrom('a', 'b', 'A', '_', '\u00e9');
const literal = fc.array(letter, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
const plainChecks = fc.array(literal.map(always), { minLength: 1, maxLength: 12 });
const anyCheck = fc.record({
  literal,
  kind: fc.constantFrom<Check['kind']>('always', 'token', 'assignment', 'first-assignment', 'credential', 'user-info', 'word'),
  exact: fc.boolean(),
  before: fc.constantFrom(undefined, bitmap(/a/), bitmap(/[b_]/)),
  run: fc.constantFrom(undefined, { bytes: bitmap(/[ab]/i), min: 1 }, { bytes: bitmap(/[a_]/), min: 3 }, { bytes: bitmap(/./), min: 8 }),
});
const anyChecks = fc.array(anyCheck, { minLength: 1, maxLength: 12 });
const piece = fc.oneof(
  { weight: 6, arbitrary: literal },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '=',
      '==',
      ' = ',
      ': ',
      ' ',
      '"',
      ']',
      '\n',
      '\r',
      '\r\n',
      '.',
      'Bearer ',
      'string = ',
      ' As String = ',
      ' <- ',
      ' { get; set; } = ',
      '= String::from("',
      '[]',
      ')',
      '{',
      '@"',
      '"value": ',
      ' || ',
      '&str = ',
      '}',
      '" value=',
      'a:b@',
      '@',
      '/',
      'x1',
      'Zq\\',
      '(',
      ',',
      '-',
      'export ',
      '\texport\t',
      '# ',
      '\n\u00ef\u00bb\u00bf',
      '\0',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('_'.repeat(62), ' '.repeat(63), 'x'.repeat(64), '#'.repeat(57)) },
);
/** All sizes up to 5,000, and more often those where one stream becomes four. */
const size = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1020, max: 1030 }), fc.integer({ min: 0, max: 40 }));
/** A literal near the first byte (0), the border of a stream (1 to 3), or the last byte (4). */
const place = fc.record({ border: fc.integer({ min: 0, max: 4 }), shift: fc.integer({ min: -9, max: 3 }), which: fc.nat() });

/** Pieces over and over up to a size, and then literals on borders. */
function textOf(
  checks: readonly Check[],
  pieces: readonly string[],
  length: number,
  places: readonly { border: number; shift: number; which: number }[],
): Buffer {
  const bytes = Buffer.alloc(length, pieces.join('') || '.', 'latin1');
  const quarter = (length >> 2) & ~1;
  for (const { border, shift, which } of places) {
    const word = Buffer.from(checks[which % checks.length]?.literal ?? '', 'latin1');
    const at = (border === 4 ? length - word.length : border * quarter) + shift;
    bytes.set(word.subarray(Math.max(0, -at), Math.max(0, Math.min(word.length, length - at))), Math.min(length, Math.max(0, at)));
  }
  return bytes;
}

/** What lies in the kernel's memory from an earlier content: it must not count as before or after this one. */
const EARLIER = Buffer.from('export a=b_A: '.repeat(600));

function both(checks: readonly Check[]): readonly [Prefilter, Prefilter] {
  const filters = [prefilter('Kernel', checks), prefilter('Twin', checks)] as const;
  for (const filter of filters) filter.scan(EARLIER);
  return filters;
}

function expectAll(checks: readonly Check[], bytes: Buffer, [kernel, twin] = both(checks), isWhole = false): void {
  const hits = given(kernel, bytes, isWhole);
  expect(given(twin, bytes, isWhole)).toEqual(hits);
  expect(hits.toSorted()).toEqual(naive(checks, bytes, isWhole));
}

describe('kernel = twin = a naive search', () => {
  test('with every kind of check, at all sizes and borders', () => {
    fc.assert(
      fc.property(
        anyChecks,
        fc.array(piece, { minLength: 1, maxLength: 60 }),
        size,
        fc.array(place, { maxLength: 8 }),
        (checks, pieces, length, places) => {
          expectAll(checks, textOf(checks, pieces, length, places));
        },
      ),
      { numRuns: 150 * MORE },
    );
  });

  test('with literals only, in texts of a few letters that do not repeat', () => {
    fc.assert(
      fc.property(plainChecks, fc.array(letter, { maxLength: 2500, size: 'max' }), (checks, letters) => {
        expectAll(checks, Buffer.from(letters.join(''), 'latin1'));
      }),
      { numRuns: 100 },
    );
  });

  test('R3: in random bytes with literals put in', () => {
    fc.assert(
      fc.property(anyChecks, fc.uint8Array({ maxLength: 3000, size: 'max' }), fc.array(fc.nat(), { maxLength: 20 }), (checks, bytes, places) => {
        for (const [index, at] of places.entries()) {
          const word = Buffer.from(checks[index % checks.length]?.literal ?? '', 'latin1');
          if (word.length < bytes.length) bytes.set(word, at % (bytes.length - word.length));
        }
        expectAll(checks, Buffer.from(bytes));
      }),
      { numRuns: 50 * MORE },
    );
  });

  test('with all that programs write between a name and its value, of which the naive search knows a part', () => {
    const between = fc.constantFrom(
      ...(
        `= == : := :: => | || ?? ?: ~ > , ( <- { . - & * ** @ $ # < > ; [ ] ) } \\ " ' \` [] [64] [abc_1] [u8] &[u8] &[u8;3] ` +
        `&'static &'a str String string SecretStr As by value Optional[str] <String> <Map,x> [str [ab]] |None |_| ` +
        'either or unwrap_or( .unwrap_or_else(|_| .orElse( .getOrElse( String::from( aws.String( []byte( Buffer.from( Secret_x::new( ' +
        '<![CDATA[ <![CDATAx get;set; a="b" tools:ignore="x" translatable="false"> Bearer token abcdefghijklmnop abcdefghijklmnopq'
      ).split(' '),
      ' ',
      '\t',
      '\n',
      ' by lazy { ',
      'by lazy {',
      'by lazy',
      " &'static str = ",
      'Zq7-Zq7-Zq7',
      '"xYz_xYz_xYz"',
      'abcdefgh',
    );
    const name = fc.constantFrom('key', 'KEY', '-key', '"key"', 'api_key', 'keyring');
    const checks: Check[] = [{ ...always('key'), kind: 'credential' }];
    const filters = both(checks);
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.array(fc.oneof(between, between, fc.constant(' ')), { maxLength: 12 })), { minLength: 1, maxLength: 20 }),
        (parts) => {
          const bytes = Buffer.from(parts.map(([first, rest]) => first + rest.join('')).join('\n'), 'latin1');
          const hits = given(filters[0], bytes);
          found += hits.length;
          expect(given(filters[1], bytes)).toEqual(hits);
        },
      ),
      { numRuns: 1000 * MORE },
    );
    // Some hundred, by chance.
    expect(found).toBeGreaterThan(20);
  });

  test('with a run near by, on the same line or some lines away', () => {
    const near = fc.record({
      bytes: fc.constantFrom(bitmap(/[ab]/i), bitmap(/x/), bitmap(/[a_x=]/)),
      min: fc.integer({ min: 1, max: 20 }),
      lines: fc.integer({ min: 0, max: 3 }),
    });
    const check = fc.record({ literal, kind: fc.constantFrom<Check['kind']>('always', 'token', 'word', 'assignment'), near });
    const checks = fc.array(
      check.map((some): Check => ({ ...some, exact: false, before: undefined, run: undefined })),
      { minLength: 1, maxLength: 3 },
    );
    const line = fc.constantFrom('\n', '\n\n', 'x'.repeat(12), '.'.repeat(30), '.'.repeat(2040), '_a'.repeat(9));
    fc.assert(
      fc.property(
        checks,
        fc.array(fc.oneof(piece, line), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.boolean(),
        (given_, pieces, length, isWhole) => {
          expectAll(given_, textOf(given_, pieces, length, []), both(given_), isWhole);
        },
      ),
      { numRuns: 100 * MORE },
    );
  });

  test('with a name near by that a value is given to', () => {
    const named = fc.record({
      parts: fc.constantFrom(['key'], ['key', 'bab'], ['kennwort', 'ab', 'x']),
      above: fc.integer({ min: 0, max: 4 }),
      below: fc.integer({ min: 0, max: 2 }),
    });
    const checks = fc.array(
      fc
        .record({ literal, named: fc.option(named, { nil: undefined }) })
        .map((some): Check => ({ ...some, kind: 'credential', exact: false, before: undefined, run: undefined })),
      { minLength: 1, maxLength: 4 },
    );
    const value = fc.constantFrom('="Zq7-Zq7-Zq7"', ': "Zq7-Zq7-Zq7"\n', ' = "xYz_xYz_xYz"');
    const line = fc.constantFrom('\n', '\n\n', 'KEY', 'k', 'ey', 'BaB\n', '.'.repeat(30), '.'.repeat(505), '.'.repeat(1015), 'kennwort');
    fc.assert(
      fc.property(
        checks,
        fc.array(fc.oneof(piece, line, value, value), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 4000 }),
        fc.boolean(),
        (given_, pieces, length, isWhole) => {
          expectAll(given_, textOf(given_, pieces, length, []), both(given_), isWhole);
        },
      ),
      { numRuns: 100 * MORE },
    );
  });

  test.each([
    ['value', 1],
    ['$value', 1],
    ['-value.', 1],
    ['.value-', 1],
    ['values', 0],
    ['value_', 0],
    ['value.x', 0],
    ['value-1', 0],
    ['xvalue', 0],
    ['0value', 0],
    ['_value', 0],
  ])('what a value is given to elsewhere is all of its name: %s', (name, count) => {
    const check: Check = { ...always('value'), kind: 'credential', named: { parts: ['key'], above: 1, below: 0 } };
    const bytes = Buffer.from(`key\n${name}="Zq7-Zq7-Zq7"`);
    expectAll([check], bytes, both([check]), true);
    expect(naive([check], bytes, true)).toHaveLength(count);
  });

  test('a name near by ends where a line is too long', () => {
    const check: Check = { ...always('value'), kind: 'credential', named: { parts: ['key'], above: 2, below: 1 } };
    const filters = both([check]);
    const value = 'value="Zq7-Zq7-Zq7"';
    let found = 0;
    for (const reach of [NAME_BEFORE, NAME_BEHIND]) {
      for (let length = reach - 24; length <= reach + 2; length++) {
        for (const end of ['', '\n']) {
          const filler = '.'.repeat(length);
          for (const text of [
            `KEY${end}${filler}${value}`,
            `KEY${end}${filler}\n${value}`,
            `${value}${filler}${end}key`,
            `${value}\n${filler}${end}key`,
          ]) {
            expectAll([check], Buffer.from(text), filters, true);
            found += naive([check], Buffer.from(text), true).length;
          }
        }
      }
    }
    expect(found).toBeGreaterThan(100);
  });

  test('a run near by ends where a line is too long', () => {
    const checks: Check[] = [0, 2].map((lines) => ({
      literal: 'key',
      kind: 'token',
      exact: false,
      before: undefined,
      run: undefined,
      near: { bytes: bitmap(/x/), min: 4, lines },
    }));
    const filters = both(checks);
    for (let length = 2040; length <= 2050; length++) {
      for (const end of ['', '\n']) {
        const filler = '.'.repeat(length);
        for (const text of [`key${filler}${end}xxxx`, `xxxx${end}${filler}key`, `key\n${filler}${end}xxxx`, `xxxx${end}${filler}\nkey`])
          expectAll(checks, Buffer.from(text), filters, true);
      }
    }
  });

  test('literals that share a line get the answer that each would get alone', () => {
    const checks: Check[] = ['x', 'y', 'xy'].flatMap((class_) =>
      [0, 1, 3].flatMap((lines) =>
        ['key', 'ring'].map((word): Check => ({
          ...always(word),
          kind: 'token',
          near: { bytes: bitmap(new RegExp(`[${class_}]`)), min: 4, lines },
        })),
      ),
    );
    const filters = both(checks);
    const part = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom('key', 'ring', '.', 'keyring', 'xxx', 'yy') },
      { weight: 6, arbitrary: fc.constant('\n') },
      { weight: 1, arbitrary: fc.constantFrom('xxxx', 'yyyyy', '.'.repeat(300), '.'.repeat(2000), '.'.repeat(2048)) },
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 60, maxLength: 400, size: 'max' }), (parts) => {
        expectAll(checks, Buffer.from(parts.join('')), filters, true);
      }),
      { numRuns: 20 * MORE },
    );
  });

  test('a line full of literals is looked around in once', () => {
    const check: Check = { ...always('key'), kind: 'token', near: { bytes: bitmap(/x/), min: 4, lines: 1 } };
    const bytes = Buffer.from(`${`${'key.'.repeat(500)}\n`.repeat(40)}`);
    for (const filter of both([check])) expect(given(filter, bytes, true)).toEqual([]);
  });

  test('a text full of literals is not looked around in for ever: then they pass', () => {
    const check: Check = { ...always('key'), kind: 'token', near: { bytes: bitmap(/x/), min: 4, lines: 0 } };
    const [kernel, twin] = both([check]);
    const bytes = Buffer.from('key.'.repeat(20_000));
    const hits = given(kernel, bytes);
    expect(hits.length).toBeGreaterThan(1000);
    expect(hits.length).toBeLessThan(10_000);
    expect(given(twin, bytes)).toEqual(hits);
  });

  test('with names and lines at the length to which they are followed', () => {
    const checks: Check[] = (['assignment', 'first-assignment'] as const).map((kind) => ({
      literal: 'key',
      kind,
      exact: false,
      before: undefined,
      run: undefined,
    }));
    const filters = both(checks);
    for (let length = 54; length <= 68; length++) {
      for (const lead of ['', '\n', 'x\n', '\n\u00ef\u00bb\u00bf', '\nexport ', '\n export\t', '\nx']) {
        for (const filler of ['_', ' ', '#', '"']) {
          for (const operator of ['=', '==', ':', ';']) {
            expectAll(checks, Buffer.from(`${lead}${filler.repeat(length)}KEY=`, 'latin1'), filters);
            expectAll(checks, Buffer.from(`${lead}key${filler.repeat(length)}${operator}`, 'latin1'), filters);
          }
        }
      }
    }
  });

  test('in contents that are looked at in parts, of which only the blocks that may hold a literal are gone through', () => {
    const part = 65_536;
    const long = 'long-'.repeat(20);
    const longest = fc.constantFrom('abc', 'x'.repeat(255), 'y'.repeat(256), 'z'.repeat(257));
    const few = fc.constantFrom<string[]>(
      ['\\n', 'ab', 'key', 'Bearer', long],
      ['\u00e9b', '%2', 'bab', `${long}x`, 'b'.repeat(33)],
      ['a', 'aab', long],
    );
    // Whole literals, and their beginnings and ends in blocks that lie apart.
    const put = fc.record({
      part: fc.integer({ min: 0, max: 3 }),
      at: fc.integer({ min: -300, max: 300 }),
      which: fc.nat(),
      cut: fc.integer({ min: -20, max: 20 }),
    });
    const others = [Buffer.from('\x80\x00\xff', 'latin1'), Buffer.from('a\x90', 'latin1'), Buffer.from('ab\xff\xfe', 'latin1'), Buffer.from('.ab-')];
    let found = 0;
    fc.assert(
      fc.property(
        few,
        longest,
        fc.constantFrom(...others),
        fc.integer({ min: part - 20, max: 3 * part + 20 }),
        fc.array(put, { maxLength: 60, size: 'max' }),
        (words, last, other, length, puts) => {
          const checks = [...words, last].map((word, index): Check => ({ ...always(word), kind: 'token', exact: index % 2 === 0 }));
          const bytes = Buffer.alloc(length, other);
          for (const { part: border, at, which, cut } of puts) {
            const word = Buffer.from(checks[which % checks.length]?.literal ?? '', 'latin1');
            const written = cut === 0 ? word : word.subarray(...(cut < 0 ? [0, -cut] : [Math.min(cut, word.length)]));
            bytes.set(
              written,
              Math.min(length - written.length, Math.max(0, border * part + (cut === 0 ? at : at & ~15) - (cut < 0 ? written.length : 0))),
            );
          }
          const [kernel, twin] = both(checks);
          const hits = scanned(kernel, bytes);
          expect(scanned(twin, bytes)).toEqual(hits);
          expect(hits).toEqual(naive(checks, bytes));
          found += hits.length;
        },
      ),
      { numRuns: 30 * MORE },
    );
    expect(found).toBeGreaterThan(100);
  });

  test('of what is left out in such contents no literal is made, and none is cut off', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnop';
    const dead = Buffer.from('\x80\x00\xff', 'latin1');
    for (let length = 2; length <= letters.length; length++) {
      const word = letters.slice(0, length);
      const checks = [always(word)];
      const [kernel, twin] = both(checks);
      const whole = Buffer.alloc(140_000, dead);
      const parts = Buffer.alloc(140_000, dead);
      for (let index = 0; index < 64; index++) {
        whole.write(word, 300 + index * 1001);
        // The beginning at the end of a block, the rest in one that lies apart.
        const cut = 1 + (index % (length - 1));
        parts.write(word.slice(0, cut), 1600 + index * 640 - cut);
        parts.write(word.slice(cut), 1600 + index * 640 + 160);
      }
      expect(scanned(kernel, whole)).toEqual(naive(checks, whole));
      expect(scanned(twin, whole)).toHaveLength(64);
      expect(scanned(kernel, parts)).toEqual([]);
    }
  });

  test('what else is looked for in parts is the same as in all at once', () => {
    const part = 65_536;
    const sought = [
      Buffer.from('sixteen letters that are in base64 form'.repeat(2)).toString('base64'),
      Buffer.from('of two bytes', 'utf16le').toString('latin1'),
    ];
    const put = fc.record({ part: fc.integer({ min: 1, max: 3 }), at: fc.integer({ min: -120, max: 40 }), which: fc.integer({ min: 0, max: 1 }) });
    const [kernel, twin] = both([always('ab')]);
    fc.assert(
      fc.property(
        fc.integer({ min: part, max: 3 * part }),
        fc.constantFrom('.', '\0', 'abc-'),
        fc.array(put, { maxLength: 3 }),
        (length, other, puts) => {
          const bytes = Buffer.alloc(length, other);
          for (const { part: border, at, which } of puts) bytes.write(`\x01${sought[which]}\x01`, Math.min(length, border * part + at), 'latin1');
          const expected = { encoded: twin.findEncoded(bytes, 0), wide: twin.findWideText(bytes, 0) };
          for (const filter of [kernel, twin]) {
            expect(filter.scan(bytes, true, true)).toMatchObject(expected);
            expect(filter.scan(bytes, true)).toMatchObject({ encoded: expected.encoded, wide: length });
          }
        },
      ),
      { numRuns: 30 * MORE },
    );
  });

  test('with 1,000 literals', () => {
    const checks = Array.from({ length: 1000 }, (_, index) => always(`k${(index * 7919).toString(36)}_`));
    const bytes = Buffer.from(
      Array.from({ length: 3000 }, (_, index) => `K${(index * 2_654_435 * 13).toString(36)}_${checks[index % 1000]?.literal}`).join(' '),
    );
    expectAll(checks, bytes);
    expect(naive(checks, bytes).length).toBeGreaterThanOrEqual(3000);
  });
});

describe.each(KINDS)('%s', (kind) => {
  test('finds literals across the borders of its streams, at every size around them', () => {
    const checks = ['sk_live_', 'live', 'e_abc', 'abcsk_', 'abc'].map(always);
    const filter = prefilter(kind, checks);
    for (const length of [1019, 1023, 1024, 1025, 1026, 1027, 1028, 1031, 4093, 4096, 4097, 4099, 8191, 20_003]) {
      const quarter = length >> 2;
      for (const border of [0, quarter, 2 * quarter, 3 * quarter, 4 * quarter, length]) {
        for (let shift = -14; shift <= 1; shift++) {
          const at = Math.min(length, Math.max(0, border + shift));
          const bytes = Buffer.alloc(length, '.');
          bytes.set(Buffer.from('abcSK_LIVE_abc').subarray(0, length - at), at);
          expect(scanned(filter, bytes), `${length} bytes, at ${at}`).toEqual(naive(checks, bytes));
        }
      }
    }
  });

  test('finds a literal that is the first, the last, or all there is', () => {
    const token: Check = { literal: 'abcd', kind: 'token', exact: true, before: bitmap(/[^]/), run: undefined };
    const withRun: Check = { ...token, run: { bytes: bitmap(/z/), min: 3 } };
    const filter = prefilter(kind, [always('abcd'), token, withRun]);
    filter.scan(Buffer.alloc(9000, 'z'));
    for (const length of [4, 5, 7, 8, 100, 1023, 1024, 1025, 1026, 1027, 1028, 4096, 5001]) {
      const bytes = Buffer.alloc(length, 'z');
      bytes.write('abcd', 0);
      expect(scanned(filter, bytes), `first of ${length}`).toEqual(length >= 7 ? ['4 0', '4 1', '4 2'] : ['4 0', '4 1']);
      if (length === 4) continue;
      bytes.fill('z');
      bytes.write('abcd', length - 4);
      expect(scanned(filter, bytes), `last of ${length}`).toEqual([`${length} 0`]);
      if (length < 8) continue;
      bytes.fill('z');
      bytes.write('abcd', length - 7);
      expect(scanned(prefilter(kind, [{ ...withRun, before: undefined }]), bytes), `run to the end of ${length}`).toEqual([`${length - 3} 0`]);
      expect(scanned(prefilter(kind, [{ ...withRun, before: undefined }]), bytes.subarray(0, length - 1)), `run of two in ${length}`).toEqual([]);
    }
  });

  test('gives every hit when there are more than its buffer holds', () => {
    const filter = prefilter(kind, [always('aaa'), always('AAAA'), always('b')]);
    const bytes = Buffer.alloc(100_002, 'a');
    const expected = [
      ...Array.from({ length: 100_000 }, (_, index) => `${index + 3} 0`),
      ...Array.from({ length: 99_999 }, (_, index) => `${index + 4} 1`),
    ];
    for (let round = 0; round < 2; round++) expect(scanned(filter, bytes)).toEqual(expected.toSorted());
    // As many as the buffer holds, one fewer and one more; and one hit that many times.
    for (const hits of [16_383, 16_384, 16_385, 32_768]) expect(scanned(filter, Buffer.alloc(hits, 'b'))).toHaveLength(hits);
  });

  test('knows nothing of an earlier content, whose hits it replaces', () => {
    const filter = prefilter(kind, [always('abc')]);
    expect(scanned(filter, Buffer.from('abc '.repeat(2000)))).toHaveLength(2000);
    expect(scanned(filter, Buffer.from('ab'))).toEqual([]);
    expect(scanned(filter, Buffer.from('cabc'))).toEqual(['4 0']);
    expect(scanned(filter, Buffer.alloc(0))).toEqual([]);
  });

  test('scans reserved memory in place, and memory of others as well', () => {
    const checks = [always('abc'), always('cab')];
    const filter = prefilter(kind, checks);
    for (const length of [3, 10, 65_536, 70_000, 8, 200_000, 1024]) {
      const content = Buffer.from('abcab'.repeat(Math.ceil(length / 5))).subarray(0, length);
      const elsewhere = scanned(filter, content);
      const reserved = filter.reserve(length);
      expect(reserved).toHaveLength(length);
      reserved.set(content);
      expect(scanned(filter, reserved), `${length}`).toEqual(elsewhere);
      expect(elsewhere, `${length}`).toEqual(naive(checks, content));
      // A text of others in between leaves what was reserved as it is.
      expect(scanned(filter, Buffer.from('xxabc'))).toEqual(['5 0']);
      expect(Buffer.compare(Buffer.from(reserved), content), `${length}`).toBe(0);
    }
  });

  test('gives the same hits for a part of reserved memory, wherever it begins', () => {
    const checks = [always('abc'), { ...always('key'), kind: 'first-assignment' as const }];
    const content = Buffer.from('key=1 abc\nexport key=2\nkeyabc = 3\n'.repeat(60));
    const filter = prefilter(kind, checks);
    const reserved = filter.reserve(content.length);
    reserved.set(content);
    for (let from = 0; from < 40; from++) {
      for (const to of [from, from + 1, from + 300, from + 1024, from + 1031, content.length]) {
        expect(scanned(filter, reserved.subarray(from, to)), `${from} to ${to}`).toEqual(naive(checks, content.subarray(from, to)));
      }
    }
  });

  test('what was reserved stays when no more is asked for', () => {
    const filter = prefilter(kind, [always('abc')]);
    filter.reserve(10_000).set(Buffer.from('abc.'.repeat(2500)));
    expect(scanned(filter, filter.reserve(4000))).toHaveLength(1000);
    expect(scanned(filter, filter.reserve(10_000))).toHaveLength(2500);
  });

  test('a view stays valid while text decoded from it is scanned', () => {
    const checks = [always('abc'), always('cab')];
    const twin = prefilter('Twin', checks);
    const decoded = (bytes: Uint8Array): Uint8Array => bytes.filter((_, index) => index % 2 === 0);
    for (const sizes of [
      [100, 70_000, 1_000_000],
      [1_000_000, 100],
      [5, 1024, 65_535, 65_536, 65_537, 131_072, 300_001],
    ]) {
      const filter = prefilter(kind, checks);
      for (const length of sizes) {
        const content = Buffer.from('a\0b\0c\0a\0b\0abc'.repeat(Math.ceil(length / 13))).subarray(0, length);
        const wide = decoded(content);
        const narrow = scannedNumbers(twin, content);
        const inWide = scannedNumbers(twin, wide);
        const own = (): Uint8Array => {
          const memory = filter.reserve(length);
          memory.set(content);
          return memory;
        };
        for (const make of [own, () => filter.adopt(Buffer.from(content)), () => filter.adopt(own())]) {
          const view = make();
          expect(view, `${length}`).toHaveLength(length);
          for (let round = 0; round < 3; round++) {
            expectSame(scannedNumbers(filter, view), narrow, `${length}`);
            expectSame(scannedNumbers(filter, wide), inWide, `${length}, decoded`);
            expect(view, `${length}, still there`).toHaveLength(length);
            expect(Buffer.compare(view, content), `${length}, still the same`).toBe(0);
          }
        }
      }
    }
  });

  test('random calls, one after the other, give what each would give alone', () => {
    const checks = [always('ab'), { ...always('ba'), kind: 'token' as const, run: { bytes: bitmap(/[ab]/), min: 2 } }];
    const call = fc.record({
      how: fc.constantFrom('reserve', 'adopt', 'other'),
      length: fc.oneof(fc.nat(200), fc.nat(90_000)),
      seed: fc.integer({ min: 2, max: 999 }),
    });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 12 }), (calls) => {
        const filter = prefilter(kind, checks);
        const one = prefilter('Twin', checks);
        for (const { how, length, seed } of calls) {
          const content = Buffer.from(Uint8Array.from({ length }, (_, index) => (((index * index) % seed) % 3) + 0x61));
          const bytes = how === 'reserve' ? filter.reserve(length) : how === 'adopt' ? filter.adopt(content) : content;
          bytes.set(content);
          const expected = scannedNumbers(one, Buffer.from(content));
          expectSame(scannedNumbers(filter, bytes), expected);
          const half = content.subarray(length >> 1);
          const ofHalf = scannedNumbers(one, half);
          expectSame(scannedNumbers(filter, half), ofHalf);
          const placed = filter.placed(half);
          for (let round = 0; round < 2; round++) expectSame(scannedNumbers(filter, placed), ofHalf);
          expect(filter.placed(placed).byteOffset, 'not copied again').toBe(placed.byteOffset);
          expectSame(scannedNumbers(filter, bytes), expected);
        }
      }),
      { numRuns: 12 * MORE },
    );
  });

  test('has nothing to find without checks', () => {
    expect(scanned(prefilter(kind, []), Buffer.from('abc'.repeat(1000)))).toEqual([]);
  });

  test('gives every check of one literal, and of literals that differ in case only', () => {
    expect(scanned(prefilter(kind, [always('Key'), always('kEY'), always('key')]), Buffer.from('a KEY'))).toEqual(['5 0', '5 1', '5 2']);
  });

  test('folds no letters but those of ASCII', () => {
    expect(scanned(prefilter(kind, ['\u00e9\u00e9\u00e9', '[[[', '```'].map(always)), Buffer.from('\u00c9\u00c9\u00c9 {{{ @@@', 'latin1'))).toEqual(
      [],
    );
  });

  test.each([
    ['KEY=', true],
    ['a\nKEY=', true],
    ['a\r\nKEY=', true],
    ['a\rKEY=', true],
    ['  KEY=', true],
    ['# KEY=', true],
    ['export KEY=', true],
    ['  export\tKEY=', true],
    ['#export KEY=', true],
    ['MY_KEY=', true],
    ['KEY_2 =', true],
    ['KEY"=', true],
    ['\u00ef\u00bb\u00bfKEY=', true],
    ['KEY: ', false],
    ['KEY == 1', false],
    ['x KEY=', false],
    ['const KEY=', false],
    ['"KEY=', false],
    ['KEY', false],
    ['KEY\n=', false],
    ['KEY;=', false],
  ])('begins-its-line check on %j: %s', (line, expected) => {
    const checks: Check[] = [{ literal: 'key', kind: 'first-assignment', exact: false, before: undefined, run: undefined }];
    expect(scanned(prefilter(kind, checks), Buffer.from(line, 'latin1')).length > 0).toBe(expected);
  });
});

/** Eight bytes at a multiple of eight in which NUL and characters of text take turns. */
function findWide(bytes: Uint8Array, from: number): number {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    if (at < from) continue;
    if (/^(?:\0[\t\n\r -~]){4}$|^(?:[\t\n\r -~]\0){4}$/.test(Buffer.from(bytes.subarray(at, at + 8)).toString('latin1'))) return at;
  }
  return bytes.length;
}

test.each(KINDS)('%s counts line feeds and characters', (kind) => {
  const filter = prefilter(kind, [always('abc')]);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0x0a, 0x0a, 0x0d, 0x8a, 0x0b, 0x61, 0x7f, 0x80, 0xbf, 0xc0, 0xff), { maxLength: 70 }),
      fc.nat(17),
      (bytes, shift) => {
        const expected = bytes.filter((byte) => byte === 0x0a).length;
        expect(filter.lineFeeds(Uint8Array.from(bytes))).toBe(expected);
        const reserved = filter
          .reserve(bytes.length + shift)
          .fill(0x0a)
          .subarray(shift);
        reserved.set(bytes);
        expect(filter.lineFeeds(reserved)).toBe(expected);
        expect(filter.characters(reserved)).toBe(bytes.filter((byte) => byte < 0x80 || byte > 0xbf).length);
      },
    ),
  );
});

describe('findWideText', () => {
  const kernel = prefilter('Kernel', [always('abc')]);
  const twin = prefilter('Twin', [always('abc')]);

  test('kernel = twin = naive, and no string of eight characters is passed over', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
      fc.array(fc.constantFrom(0, 0, 1, 0x7f, 0x80, 0xff), { maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('ab', 'abcd', 'abcdefgh', 'abcdefghijklm', '\u0080\u00ff\u0001\u0080\u00fe\u0081').map((wide) => Buffer.from(wide, 'utf16le')),
      fc.constantFrom('abcdefgh', 'abcdefghijklm').map((wide) => Buffer.from(wide, 'utf16le').swap16()),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.nat(), fc.nat(7), (parts, number, shift) => {
        const bytes = Buffer.concat(parts);
        const from = number % (bytes.length + 9);
        const expected = findWide(bytes, from);
        expect(twin.findWideText(bytes, from)).toBe(expected);
        expect(kernel.findWideText(bytes, from)).toBe(expected);
        const reserved = kernel.reserve(bytes.length + shift).subarray(shift);
        reserved.set(bytes);
        expect(kernel.findWideText(reserved, from)).toBe(expected);
        let start = 0;
        for (const one of parts) {
          if (one.length >= 16 && /^[\0\t\n\r -~]*$/.test(one.toString('latin1')) && start >= from) {
            expect(expected).toBeLessThan(start + one.length);
            break;
          }
          start += one.length;
        }
      }),
      { numRuns: 250 * MORE },
    );
  });

  test('every word of eight bytes that are NUL or not', () => {
    for (let bits = 0; bits < 256; bits++) {
      for (const value of [0x20, 0x7e, 0x09, 0x0a, 0x0d, 0x1f, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(Uint8Array.from({ length: 8 }, (_, index) => ((bits >> index) & 1) * value));
        const expected = (bits === 0b01010101 || bits === 0b10101010) && /[\t\n\r -~]/.test(String.fromCharCode(value)) ? 0 : 8;
        expect([kernel.findWideText(bytes, 0), twin.findWideText(bytes, 0)], `${bits.toString(2)} ${value}`).toEqual([expected, expected]);
      }
    }
  });
});

/** A run of 43 characters of base64 that begins as the encoding of a text. */
function findRun(bytes: Uint8Array): number {
  const isText = (text: Buffer): boolean => /^[\t\n\r -~]*$/.test(text.toString('latin1'));
  for (const { index, 0: run } of Buffer.from(bytes)
    .toString('latin1')
    .matchAll(/[A-Za-z0-9+/_-]+/g)) {
    const prefix = run.startsWith('0x') ? 2 : bytes[index - 1] === 0x5c && /^[nrt]/.test(run) ? 1 : 0;
    const rest = run.slice(prefix);
    if (rest.length < 43) continue;
    if ((/^[0-9a-f]{30}/i.test(rest) && isText(Buffer.from(rest.slice(0, 30), 'hex'))) || isText(Buffer.from(rest.slice(0, 16), 'base64')))
      return index + prefix;
  }
  return bytes.length;
}

describe('findEncoded', () => {
  const kernel = prefilter('Kernel', [always('abc')]);
  const twin = prefilter('Twin', [always('abc')]);

  test('kernel = twin = naive, wherever a run stands', () => {
    const part = fc.oneof(
      fc.stringMatching(/^[ -~]{30,60}$/).map((text) => Buffer.from(text).toString('base64')),
      fc
        .tuple(fc.stringMatching(/^[ -~]{36}$/), fc.integer({ min: 40, max: 46 }))
        .map(([text, length]) => Buffer.from(text).toString('base64').slice(0, length)),
      fc.stringMatching(/^[ -~]{18,40}$/).map((text) => Buffer.from(text).toString('hex')),
      fc.uint8Array({ minLength: 30, maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.stringMatching(/^[ -~\n]{0,40}$/),
      fc.constantFrom('0x', '\\n', '\\', '=', ',', '.', ' ', '\n', '"', '\u00ff', 'x'.repeat(50)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.nat(20), (parts, shift) => {
        const bytes = Buffer.from(parts.join(''), 'latin1');
        const expected = findRun(bytes);
        expect(twin.findEncoded(bytes, 0)).toBe(expected);
        const reserved = kernel.reserve(bytes.length + shift).subarray(shift);
        reserved.set(bytes);
        expect(kernel.findEncoded(reserved, 0)).toBe(expected);
      }),
      { numRuns: 500 * MORE },
    );
  });
});

describe('the layout in memory', () => {
  const read = (path: string): string => readFileSync(new URL(`../../src/kernel/${path}`, import.meta.url), 'utf8');
  const constants = (text: string, pattern: RegExp): Record<string, number> =>
    Object.fromEntries([...text.matchAll(pattern)].map(([, name = '', value]) => [name, Number(value)]));

  test('has the addresses of tables.ts in layout.ts', () => {
    expect(constants(read('assembly/layout.ts'), /^export const (\w+): usize = (\w+);/gm)).toEqual({ COLUMNS, HEADER, HALVES, BITMAPS, TABLE });
  });

  test('has the words of the header in the order in which the kernel reads them', () => {
    const modules = ['kernel', 'text', 'credential'].map((name) => read(`assembly/${name}.ts`)).join('\n');
    const reads = constants(modules, /(\w+) = load<u32>\(HEADER(?:, (\d+))?\)/g);
    for (const [name, offset] of Object.entries(reads)) expect(HEADER_WORDS[(Number.isNaN(offset) ? 0 : offset) / 4]).toBe(name);
    expect(Object.keys(reads).length).toBe(HEADER_WORDS.length);
  });

  test('the kernel and its twin share their limits', () => {
    const modules = ['kernel', 'text'].map((name) => read(`assembly/${name}.ts`)).join('\n');
    const kernel = constants(modules, /^(?:export )?const (\w+): u32 = (\w+);/gm);
    expect(kernel).toMatchObject({ MAX_NAME: NAME_REACH, HIT_BYTES: 8 });
    const twin = constants(read('twin.ts'), /^const (\w+) = (\w+);/gm);
    for (const name of ['MAX_NAME', 'SINGLE_STREAM', 'EQUALS', 'COLON']) expect(twin[name], name).toBe(kernel[name]);
    expect(constants(read('prefilter.ts'), /^const (\w+) = (\w+);/gm)).toMatchObject({ HIT_BYTES: 8 });
  });

  test('the kernel is what this machine gets', () => {
    expect(createPrefilter(buildTables([always('abc')]))).toBeInstanceOf(Kernel);
  });
});

describe('buildTables', () => {
  test('takes literals of all characters', () => {
    const checks = Array.from({ length: 256 }, (_, byte) => always(String.fromCharCode(byte).repeat(3)));
    expectAll(checks, Buffer.from(checks.map((check) => check.literal).join(''), 'latin1'));
  });

  test('takes 32,768 states that do not accept, and refuses one more', () => {
    // A state for each beginning of a literal, one for none, and the whole literals accept.
    const ofStates = (count: number): Check[] => [always('a'.repeat(16_384)), always('b'.repeat(count - 16_383))];
    const text = Buffer.from('b'.repeat(20_000) + 'a'.repeat(20_000));
    expectAll(ofStates(32_768), text);
    expect(() => buildTables(ofStates(32_769))).toThrow(RangeError);
  });

  test('finds the same whatever the text that it was given to order its states', () => {
    fc.assert(
      fc.property(anyChecks, fc.array(piece, { maxLength: 60 }), fc.array(piece, { maxLength: 20 }), (checks, pieces, sample) => {
        const bytes = Buffer.from(pieces.join(''), 'latin1');
        const sampled = new Twin(buildTables(checks, Buffer.from(sample.join(''), 'latin1')));
        expect(given(sampled, bytes)).toEqual(given(new Twin(buildTables(checks)), bytes));
      }),
    );
  });

  test('takes 127 classes beside that of names, and refuses one more', () => {
    const ofClasses = (count: number): Check[] =>
      Array.from({ length: count }, (_, index) => ({
        literal: 'abc',
        kind: 'token',
        exact: false,
        before: Uint8Array.from({ length: 256 }, (__, byte) => Number(byte === index)),
        run: undefined,
      }));
    expectAll(ofClasses(127), Buffer.from('abc\u0000abc\u0001abc', 'latin1'));
    expect(() => buildTables(ofClasses(128))).toThrow(RangeError);
  });
});
