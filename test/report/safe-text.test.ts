import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeText } from '../../src/report/safe-text.ts';

describe('safeText', () => {
  test.each([
    ['plain text, \u00fcml\u00e4ut, \u4e2d\u6587, \u{1f511}', 'plain text, \u00fcml\u00e4ut, \u4e2d\u6587, \u{1f511}'],
    ['a\u001b[31mred', 'a\\x1b[31mred'],
    ['a\nb\rc\td\0e', 'a\\x0ab\\x0dc\\x09d\\x00e'],
    ['\u007f\u0085\u009b', '\\x7f\\x85\\x9b'],
    ['user\u202Egpj.exe', 'user\\u202egpj.exe'],
    ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['soft\u00adhyphen', 'soft\\xadhyphen'],
    ['line\u2028separator', 'line\\u2028separator'],
    ['lone \ud800 surrogate \udc00', 'lone \\ud800 surrogate \\udc00'],
    ['::error::gone', '\\x3a:error::gone'],
    ['  ::set-output name=x::y', '  \\x3a:set-output name=x::y'],
    ['std::string', 'std::string'],
    ['##[error]no', '#\\x23[error]no'],
    ['x ##vso[task.setvariable]y', 'x #\\x23vso[task.setvariable]y'],
    ["##teamcity[message text='x']", "#\\x23teamcity[message text='x']"],
    ['## heading', '## heading'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(safeText(text)).toBe(expected);
  });

  test('nothing that steers a terminal or a log is left, and doing it twice changes nothing', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('::', '##[', '##vso[', '\n', ' ', 'a', '\u202e', '\u001b', '\ud83d'), { maxLength: 12 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const safe = safeText(given);
        // eslint-disable-next-line no-control-regex
        expect(safe).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(safe).not.toMatch(/^\s*::|##\[|##vso\[|##teamcity\[/);
        expect(Buffer.from(safe).toString()).toBe(safe);
        expect(safeText(safe)).toBe(safe);
      }),
      { numRuns: 1000 },
    );
  });
});
