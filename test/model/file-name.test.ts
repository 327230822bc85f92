import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLatin1, decodeName } from '../../src/model/file-name.ts';

describe('decodeName', () => {
  test.each([
    ['plain.txt', 'plain.txt'],
    ['gr\u00fc\u00dfe/\u{1f511}.env', 'gr\u00fc\u00dfe/\u{1f511}.env'],
    ['a\\b', 'a\\b'],
    ['a\\xfz', 'a\\xfz'],
    ['\ufeffbom', '\ufeffbom'],
    ['line\nfeed', 'line\nfeed'],
    ['', ''],
  ])('UTF-8 stays as it is: %j', (name, expected) => {
    expect(decodeName(Buffer.from(name))).toBe(expected);
  });

  test.each([
    [[0x61, 0xff, 0x62], 'a\\xffb'],
    [[0xe9], '\\xe9'],
    [[0x5c, 0xff], '\\\\\\xff'],
    [[0xff, 0x0a], '\\xff\\x0a'],
    [[0xff, 0x1f, 0x20, 0x7e, 0x7f], '\\xff\\x1f ~\\x7f'],
    [[0xc3, 0xa9, 0xff], '\\xc3\\xa9\\xff'],
    [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    [[0xc0, 0xaf], '\\xc0\\xaf'],
  ])('other bytes are escaped: %j', (bytes, expected) => {
    expect(decodeName(Uint8Array.from(bytes))).toBe(expected);
  });

  test('two names never become one, UTF-8 or not', () => {
    expect(decodeName(Buffer.from('a\\xff'))).toBe('a\\\\xff');
    const name = fc.array(fc.constantFrom(0x5c, 0x78, 0x66, 0xff), { maxLength: 6 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(decodeName(a) === decodeName(b)).toBe(a.equals(b));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('decodeLatin1', () => {
  test.each(['', 'src/a b.ts', '~[]^', 'a\\xff', 'a\\b', 'a\tb', 'a\u00c3\u00a9', '\u00c3\u00a9', 'a\u00ff', 'a\u007f', 'a\nb'])(
    '%j reads as its bytes do',
    (name) => {
      expect(decodeLatin1(name)).toBe(decodeName(Buffer.from(name, 'latin1')));
    },
  );
});
