import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBaseline } from '../../src/policy/baseline.ts';
import { formatEntry, isDate, parseEntries, type Entry } from '../../src/policy/entry.ts';

const ID = 'ab'.repeat(10);
const SEALED = `${'12'.repeat(8)}.${'34'.repeat(12)}`;
const parse = (text: string): Entry[] => parseEntries(text, 'f', { reasons: true });

describe('entries', () => {
  test('of both kinds, with and without the rest', () => {
    expect(parse(`# comment\r\n\n\ufeff`.slice(0, -1) + `${ID} a-rule -- why\n  ${SEALED} b until=2027-01-31 src/a.ts -- x -- y \r\n`)).toEqual([
      { key: ID, rule: 'a-rule', place: '', until: undefined, reason: 'why', at: 'f:3' },
      { key: SEALED, rule: 'b', place: 'src/a.ts', until: '2027-01-31', reason: 'x -- y', at: 'f:4' },
    ]);
    expect(parse(`\ufeff${ID} a -- w`)).toHaveLength(1);
  });

  test.each([
    ['**', 'f:1: an entry names one finding, not paths or patterns'],
    ['/', 'f:1: an entry names one finding'],
    ['!', 'f:1: an entry names one finding'],
    ['src/', 'f:1: an entry names one finding'],
    ['abc a -- x', 'f:1: this is no id of a finding'],
    [`${ID.toUpperCase()} a -- x`, 'f:1: this is no id'],
    [`${ID} a`, 'f:1: an ignored finding needs a reason'],
    [`${ID} a until=tomorrow -- x`, 'f:1: until= needs a day'],
    [`${ID} a until=2027-02-30 -- x`, 'f:1: until= needs a day'],
    [`${ID}`, 'f:1: this line cannot be read'],
    [`${ID} a -- x\n<<<<<<< HEAD\n`, 'f:2: a conflict of a merge was left in'],
    ['=======', 'f:1: a conflict'],
  ])('%j is refused', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  test('a baseline of another version is refused', () => {
    expect(() => parseBaseline('# keysift baseline 2\n', 'b')).toThrow('b was written for another version (2)');
    expect(parseBaseline(`# keysift baseline 1\n${ID} a\n`, 'b')).toHaveLength(1);
  });

  test('whatever the place and the reason are, a line is read as it was written', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(word, word, (place, given) => {
        const reason = given.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, '').trim();
        const entry = { key: ID, rule: 'a', place, until: undefined, reason };
        const line = formatEntry(entry);
        expect(line.split('\n')).toHaveLength(1);
        expect(parseEntries(line, 'f', { reasons: false })).toEqual([{ ...entry, at: 'f:1' }]);
      }),
    );
  });

  test('days', () => {
    expect(['2027-01-31', '2028-02-29', '2027-02-29', '2027-1-1', 'x'].map(isDate)).toEqual([true, true, false, false, false]);
  });
});
