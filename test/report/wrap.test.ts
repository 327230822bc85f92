import { describe, expect, test } from 'vitest';
import { displayWidth, pack, wrap } from '../../src/report/wrap.ts';

test.each([
  ['', 0],
  ['plain', 5],
  ['日本語', 6],
  ['e\u0301te\u0301', 3],
  ['🔑 key', 6],
  ['ｆｕｌｌ', 8],
  ['한글', 4],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

describe('pieces on lines', () => {
  test.each([
    [['a', 'b', 'c'], ', ', 7, ['a, b, c']],
    [['a', 'b', 'c'], ', ', 6, ['a, b', 'c']],
    [['a', 'b', 'c'], ', ', 1, ['a', 'b', 'c']],
    [['toolong', 'b'], ' ', 3, ['toolong', 'b']],
    [['a', 'toolong', 'b', 'c'], ' ', 3, ['a', 'toolong', 'b c']],
    [['日本', '日'], ' ', 6, ['日本', '日']],
    [['日本', '日'], ' ', 7, ['日本 日']],
    [[''], ' ', 3, ['']],
    [[], ' ', 3, ['']],
    // A piece of nothing makes no line of its own at the end.
    [['abc', ''], ' ', 3, ['abc']],
  ] as const)('%j, joined by %j, in %i columns', (pieces, separator, width, lines) => {
    expect(pack(pieces, separator, width)).toEqual(lines);
  });
});

test('a sentence that fits stays as it is, another one is broken at blanks', () => {
  expect(wrap('two  words', 10)).toEqual(['two  words']);
  expect([wrap(' a', 2), wrap(' a', 5)]).toEqual([[' a'], [' a']]);
  expect(wrap('two words', 8)).toEqual(['two', 'words']);
  expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
});
