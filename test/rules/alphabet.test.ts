import { describe, expect, test } from 'vitest';
import { ALPHABET_NAMES, bitmapOf, charactersOf, classOf, parseLengths } from '../../src/rules/alphabet.ts';

const between = (first: string, last: string): string =>
  String.fromCharCode(...Array.from({ length: last.charCodeAt(0) - first.charCodeAt(0) + 1 }, (_, index) => first.charCodeAt(0) + index));
const DIGITS = between('0', '9');
const UPPER = between('A', 'Z');
const LOWER = between('a', 'z');

describe('an alphabet', () => {
  const named: Readonly<Record<string, string>> = {
    digit: DIGITS,
    hex: `${DIGITS}abcdef`,
    hexupper: `${DIGITS}ABCDEF`,
    hexany: `${DIGITS}ABCDEFabcdef`,
    lower: LOWER,
    upper: UPPER,
    alpha: UPPER + LOWER,
    lower36: DIGITS + LOWER,
    upper36: DIGITS + UPPER,
    alnum: DIGITS + UPPER + LOWER,
    word: `${DIGITS}${UPPER}_${LOWER}`,
    base32: `234567${UPPER}`,
    base32lower: `234567${LOWER}`,
    base58: (DIGITS + UPPER + LOWER).replaceAll(/[0IOl]/g, ''),
    base64: `+/${DIGITS}${UPPER}${LOWER}`,
    base64pad: `+/${DIGITS}=${UPPER}${LOWER}`,
    base64url: `-${DIGITS}${UPPER}_${LOWER}`,
    dotted: `-.${DIGITS}${UPPER}_${LOWER}`,
  };

  test('of each name has these characters', () => {
    expect(Object.fromEntries(ALPHABET_NAMES.map((name) => [name, charactersOf(name)]))).toEqual(named);
  });

  test('may be a class of its own, of what can be seen', () => {
    expect(charactersOf('[A-C_~]')).toBe('ABC_~');
    expect(charactersOf('[\\x00-\\x20!~-\\xff]')).toBe('!~');
    expect(classOf('[\\]\\\\]')).toBe('\\]\\\\');
  });

  test.each(['base65', '', '[]', '[^a]', '[a]]', 'x[a]', '[a]x'])('is not %j', (alphabet) => {
    expect(() => charactersOf(alphabet)).toThrow(`unknown alphabet "${alphabet}"; use one of digit, hex, `);
  });

  test('is a table of bytes', () => {
    const bits = bitmapOf('a-c\\x00\\xff');
    expect(bits).toHaveLength(256);
    expect([...bits.keys()].filter((byte) => bits[byte] === 1)).toEqual([0, 0x61, 0x62, 0x63, 0xff]);
  });
});

describe('lengths', () => {
  test.each([
    ['20', [[20, 20]]],
    ['20-40', [[20, 40]]],
    ['7-7', [[7, 7]]],
    [' 20 , 40  -  60 ', [[20, 20], [40, 60]]],
    ['12345-99999', [[12345, 99999]]],
  ])('%j', (text, ranges) => {
    expect(parseLengths(text).map(({ min, max }) => [min, max])).toEqual(ranges);
  });

  test.each(['', 'x', 'x20', '20x', '20-', '-20', '20-x', '20-40x', '20--40', '20.40', '123456', '20-123456', '20,,40'])('not %j', (text) => {
    expect(() => parseLengths(text)).toThrow(`"${text}" is not a length: write 40, 20-40 or 32,40`);
  });

  test('that count down are none', () => {
    expect(() => parseLengths('20, 40-39 ')).toThrow('"40-39" counts down');
  });
});
