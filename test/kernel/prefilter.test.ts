import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrefilter, Kernel, kernelModule, type Prefilter } from '../../src/kernel/prefilter.ts';
import { buildTables, type Check } from '../../src/kernel/tables.ts';
import { Twin } from '../../src/kernel/twin.ts';

type Kind = 'Kernel' | 'Twin';
const KINDS: readonly Kind[] = ['Kernel', 'Twin'];

function prefilter(kind: Kind, checks: readonly Check[]): Prefilter {
  const image = buildTables(checks);
  const module = kernelModule();
  if (kind === 'Twin') return new Twin(image);
  if (module === undefined) throw new Error('there is no dist/kernel.wasm: run npm run build');
  return new Kernel(module, image);
}

function always(literal: string): Check {
  return { literal, kind: 'always', exact: false, before: undefined, run: undefined };
}

/** Every hit as `end check`, sorted. */
function scanned(filter: Prefilter, bytes: Uint8Array): string[] {
  const { pairs, length } = filter.scan(bytes);
  return Array.from({ length: length / 2 }, (_, index) => `${pairs[2 * index]} ${pairs[2 * index + 1]}`).toSorted();
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What a search without any table finds. */
function naive(checks: readonly Check[], bytes: Uint8Array): string[] {
  const written = Buffer.from(bytes).toString('latin1');
  const lower = lowerAscii(written);
  const found: string[] = [];
  for (const [id, { literal, kind, exact, before, run }] of checks.entries()) {
    const text = exact && kind !== 'always' ? written : lower;
    const wanted = exact && kind !== 'always' ? literal : lowerAscii(literal);
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      if (kind !== 'always') {
        if (before !== undefined && at > 0 && before[bytes[at - 1] ?? 0] === 1) continue;
        if (run !== undefined && (end + run.min > bytes.length || [...bytes.subarray(end, end + run.min)].some((byte) => run.bytes[byte] === 0))) continue;
        if (kind === 'assignment' && !/^[0-9A-Za-z_.-]*["'\] \t]*[=:]/.test(written.slice(end, end + 64))) continue;
      }
      found.push(`${end} ${id}`);
    }
  }
  return found.toSorted();
}

function bitmap(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(characters.test(String.fromCharCode(byte))));
}

/** Few letters, so that literals overlap, begin and end in each other, and really occur. */
const letter = fc.constantFrom('a', 'b', 'A', '_', '\u00e9');
const literal = fc.array(letter, { minLength: 3, maxLength: 6 }).map((parts) => parts.join(''));
const plainChecks = fc.array(literal.map(always), { minLength: 1, maxLength: 12 });
const anyCheck = fc.record({
  literal,
  kind: fc.constantFrom<Check['kind']>('always', 'token', 'assignment'),
  exact: fc.boolean(),
  before: fc.constantFrom(undefined, bitmap(/a/), bitmap(/[b_]/)),
  run: fc.constantFrom(undefined, { bytes: bitmap(/[ab]/i), min: 1 }, { bytes: bitmap(/[a_]/), min: 3 }, { bytes: bitmap(/./), min: 8 }),
});
const text = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.array(fc.oneof({ weight: 6, arbitrary: letter }, { weight: 1, arbitrary: fc.constantFrom('=', ':', ' ', '"', ']', '\n', '.') }), { maxLength, size: 'max' }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

describe.each(KINDS)('%s', (kind) => {
  test('finds what a naive search finds, in texts of a few letters', () => {
    fc.assert(
      fc.property(plainChecks, text(600), (checks, bytes) => {
        expect(scanned(prefilter(kind, checks), bytes)).toEqual(naive(checks, bytes));
      }),
      { numRuns: 150 },
    );
  });

  test('finds what a naive search finds, with every check', () => {
    fc.assert(
      fc.property(fc.array(anyCheck, { minLength: 1, maxLength: 12 }), text(1500), (checks, bytes) => {
        expect(scanned(prefilter(kind, checks), bytes)).toEqual(naive(checks, bytes));
      }),
      { numRuns: 150 },
    );
  });

  test('finds what a naive search finds, in random bytes with literals put in', () => {
    fc.assert(
      fc.property(plainChecks, fc.uint8Array({ maxLength: 3000, size: 'max' }), fc.array(fc.nat(), { maxLength: 20 }), (checks, bytes, places) => {
        for (const [index, place] of places.entries()) {
          const word = Buffer.from(checks[index % checks.length]?.literal ?? '', 'latin1');
          if (word.length < bytes.length) bytes.set(word, place % (bytes.length - word.length));
        }
        expect(scanned(prefilter(kind, checks), bytes)).toEqual(naive(checks, bytes));
      }),
      { numRuns: 100 },
    );
  });

  test('finds literals across the borders of its streams, at every size around them', () => {
    const checks = ['sk_live_', 'live', 'e_abc', 'abcsk_', 'abc'].map(always);
    const filter = prefilter(kind, checks);
    for (const size of [1019, 1023, 1024, 1025, 1026, 1027, 1028, 1031, 4093, 4096, 4097, 4099, 8191, 20_003]) {
      const quarter = size >> 2;
      for (const border of [0, quarter, 2 * quarter, 3 * quarter, 4 * quarter, size]) {
        for (let shift = -14; shift <= 1; shift++) {
          const at = Math.min(size, Math.max(0, border + shift));
          const bytes = Buffer.alloc(size, '.');
          bytes.set(Buffer.from('abcSK_LIVE_abc').subarray(0, size - at), at);
          expect(scanned(filter, bytes), `${size} bytes, at ${at}`).toEqual(naive(checks, bytes));
        }
      }
    }
  });

  test('finds the same in random texts of 5,000 to 40,000 bytes', () => {
    fc.assert(
      fc.property(plainChecks, fc.integer({ min: 5000, max: 40_000 }), fc.infiniteStream(letter), (checks, size, letters) => {
        const bytes = Buffer.from([...letters.take(size)].join(''), 'latin1');
        expect(scanned(prefilter(kind, checks), bytes)).toEqual(naive(checks, bytes));
      }),
      { numRuns: 10 },
    );
  });

  test('gives more hits than its buffer holds', () => {
    const checks = ['aaa', 'aaaa', 'AAA'].map(always);
    const bytes = Buffer.alloc(50_000, 'a');
    expect(prefilter(kind, checks).scan(bytes).length / 2).toBe(2 * 49_998 + 49_997);
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
    for (const size of [3, 10, 65_536, 70_000, 8, 200_000, 1024]) {
      const content = Buffer.from('abcab'.repeat(Math.ceil(size / 5))).subarray(0, size);
      const elsewhere = scanned(filter, content);
      const reserved = filter.reserve(size);
      expect(reserved).toHaveLength(size);
      reserved.set(content);
      expect(scanned(filter, reserved), `${size}`).toEqual(elsewhere);
      expect(elsewhere, `${size}`).toEqual(naive(checks, content));
      // A text of others in between leaves what was reserved as it is.
      expect(scanned(filter, Buffer.from('xxabc'))).toEqual(['5 0']);
      expect(Buffer.compare(Buffer.from(reserved), content), `${size}`).toBe(0);
    }
  });

  test('has nothing to find without checks', () => {
    expect(scanned(prefilter(kind, []), Buffer.from('abc'.repeat(1000)))).toEqual([]);
  });

  test('gives every check of one literal, and of literals that differ in case only', () => {
    expect(scanned(prefilter(kind, [always('Key'), always('kEY'), always('key')]), Buffer.from('a KEY'))).toEqual(['5 0', '5 1', '5 2']);
  });

  test('folds no letters but those of ASCII', () => {
    expect(scanned(prefilter(kind, ['\u00e9\u00e9\u00e9', '[[[', '```'].map(always)), Buffer.from('\u00c9\u00c9\u00c9 {{{ @@@', 'latin1'))).toEqual([]);
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
    ['KEY": ', true],
    ['\u00ef\u00bb\u00bfKEY=', true],
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

describe('the kernel and its twin', () => {
  test('give the same hits, those of the longest names too', () => {
    const piece = fc.constantFrom('key', 'KEY', 'token', '=', ' = ', ': ', '\n', '\r\n', 'export ', '# ', '\t', '"', "']", 'a', '_'.repeat(30), 'x'.repeat(63), 'é', '\u00ef\u00bb\u00bf');
    const checks: Check[] = (['always', 'token', 'assignment', 'first-assignment'] as const).flatMap((kind) => [
      { literal: 'key', kind, exact: false, before: undefined, run: undefined },
      { literal: 'Token', kind, exact: false, before: bitmap(/[a-z]/), run: undefined },
    ]);
    const kernel = prefilter('Kernel', checks);
    const twin = prefilter('Twin', checks);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200, size: 'max' }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''), 'latin1');
        expect(scanned(kernel, bytes)).toEqual(scanned(twin, bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('agree where wide text may be, and pass none over', () => {
    const checks = [always('abc')];
    const kernel = prefilter('Kernel', checks);
    const twin = prefilter('Twin', checks);
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('ab', 'abcd', 'abcdefgh', 'abcdefghijklm').map((wide) => Buffer.from(wide, 'utf16le')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(), (pieces, number) => {
        const bytes = Buffer.concat(pieces);
        const from = number % (bytes.length + 1);
        const found = twin.findWideText(bytes, from);
        expect(kernel.findWideText(bytes, from)).toBe(found);
        let start = 0;
        for (const one of pieces) {
          if (one.length >= 16 && one[1] === 0 && one[3] === 0 && start >= from) {
            expect(found).toBeLessThan(start + one.length);
            break;
          }
          start += one.length;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('the kernel is what this machine gets', () => {
    expect(createPrefilter(buildTables([always('abc')]))).toBeInstanceOf(Kernel);
  });
});

describe('buildTables', () => {
  test('refuses literals of too many different characters', () => {
    const literals = Array.from({ length: 70 }, (_, index) => always(String.fromCharCode(0x80 + index).repeat(3)));
    expect(() => buildTables(literals)).toThrow(RangeError);
  });
});
