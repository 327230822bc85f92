import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offsetOfError, offsetOfValue, position } from '../../src/model/json-source.ts';

describe('offsetOfError', () => {
  test.each([
    ['', 0],
    ['{', 1],
    ['{"a": 1,}', 8],
    ['{"a": 1 // no\n}', 8],
    ['[1, 2', 5],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ["{'a': 1}", 1],
    ['nul', 0],
    ['01', 1],
    ['1 2', 2],
    ['"a\nb"', 0],
    ['{"a": "\\x"}', 6],
    ['["\\u12"]', 1],
    ['{  "a" : [ ]  ,\r\n\t"b" :  1  }  x', 31],
  ])('%j at %i', (text, offset) => {
    expect(offsetOfError(text)).toBe(offset);
  });

  test.each(['1e5', '-0.5E-7', '10e+3', '"\\u00e9\\n"', ' [ ]  ', '{  "a" :\n\t [  1 ,\r\n  2 ]  }'])('%j is JSON', (text) => {
    expect(offsetOfError(text)).toBeUndefined();
  });

  test('says the same as JSON.parse about whether it is JSON', () => {
    const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(',', '}', ']', '"', '\\', ':', ' ', '0', 'a', '\n')).map(([text, at, sign]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + sign + text.slice(place);
    });
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(offsetOfError(text) === undefined).toBe(valid);
      }),
      { numRuns: 1000 },
    );
  });

  test('nesting without end is an error, and not a crash', () => {
    expect(offsetOfError('['.repeat(1_000_000))).toBeGreaterThan(0);
  });
});

test('offsetOfValue finds values, and what is around a missing one', () => {
  const text = '{"a": [1, {"b\\u0062": "x"}], "c": {}}';
  expect(text.slice(offsetOfValue(text, ['a', 1, 'bb']))).toBe('"x"}], "c": {}}');
  expect(text.slice(offsetOfValue(text, ['a', 0]))).toMatch(/^1, /);
  expect(text.slice(offsetOfValue(text, ['c', 'missing']))).toBe('{}}');
  expect(offsetOfValue(text, ['nowhere', 3])).toBe(0);
});

test('position counts lines and columns from 1', () => {
  expect([0, 1, 2, 3].map((offset) => position('a\nbc', offset))).toEqual(['1:1', '1:2', '2:1', '2:2']);
});
