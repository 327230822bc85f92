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

  const PATHS = 'Paths are left out by exclude in keysift.config.yaml.';
  const IDS = 'Ids have 20 characters of 0-9 and a-f; the report shows them.';
  const GRAMMAR = 'A line is: ID RULE [until=YYYY-MM-DD] [PLACE] -- REASON. keysift ignore writes it.';
  const REASON = 'Write it behind " -- " at the end of the line.';
  const CONFLICT = 'Keep the lines of both sides, without the markers.';
  test.each([
    ['**', 'f:1: an entry names one finding, not paths or patterns', PATHS],
    ['/', 'f:1: an entry names one finding, not paths or patterns', PATHS],
    ['!', 'f:1: an entry names one finding, not paths or patterns', PATHS],
    ['src/', 'f:1: an entry names one finding, not paths or patterns', PATHS],
    ['abc a/b -- x', 'f:1: this is no id of a finding', IDS],
    [`${ID.toUpperCase()} a -- x`, 'f:1: this is no id of a finding', IDS],
    [`0${ID} a -- x`, 'f:1: this is no id of a finding', IDS],
    [`${ID}0 a -- x`, 'f:1: this is no id of a finding', IDS],
    ['> x', 'f:1: this is no id of a finding', IDS],
    [`${ID} a`, 'f:1: an ignored finding needs a reason', REASON],
    [`${ID} a until=tomorrow -- x`, 'f:1: until= needs a day, such as until=2027-01-31', GRAMMAR],
    [`${ID} a until=2027-02-30 -- x`, 'f:1: until= needs a day, such as until=2027-01-31', GRAMMAR],
    [`${ID}`, 'f:1: this line cannot be read', GRAMMAR],
    [`${ID} a b c d`, 'f:1: this line cannot be read', GRAMMAR],
    [`${ID} a --`, 'f:1: this line cannot be read', GRAMMAR],
    [`${ID} a -- ${'x'.repeat(8192)}`, 'f:1: this line cannot be read', GRAMMAR],
    [`${ID} a -- x\n<<<<<<< HEAD\n`, 'f:2: a conflict of a merge was left in', CONFLICT],
    ['=======', 'f:1: a conflict of a merge was left in', CONFLICT],
    ['>>>>>>> theirs', 'f:1: a conflict of a merge was left in', CONFLICT],
    ['||||||| base', 'f:1: a conflict of a merge was left in', CONFLICT],
  ])('%j is refused', (text, message, hint) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ message, hint }));
  });

  test.each([
    [`  ${ID}  a   until=2027-01-31   src/a.ts   --   <<<<<<< w  `, { until: '2027-01-31', place: 'src/a.ts', reason: '<<<<<<< w' }],
    [`${ID} a --x -- y`, { place: '--x', reason: 'y' }],
    [`${ID} a 1e3 -- y`, { place: '1e3', reason: 'y' }],
    [`${ID} a "a b" -- y`, { place: 'a b', reason: 'y' }],
    [`${ID} a "\\q" -- y`, { place: '"\\q"', reason: 'y' }],
    [`${ID} a -- ${'x'.repeat(8192 - 26)}`, { place: '', reason: 'x'.repeat(8192 - 26) }],
  ])('%j is read', (text, expected) => {
    expect(parse(text)).toEqual([{ key: ID, rule: 'a', until: undefined, at: 'f:1', ...expected }]);
  });

  test.each([
    ['src/a.ts', undefined, '', `${ID} a src/a.ts`],
    ['', '2027-01-31', 'why', `${ID} a until=2027-01-31 -- why`],
    ['a b', undefined, 'why', `${ID} a "a b" -- why`],
    ['--', undefined, 'why', `${ID} a "--" -- why`],
    ['"', undefined, '', `${ID} a "\\""`],
    ['a"', undefined, '', `${ID} a a"`],
    ['\u00fc\u202e', undefined, '', `${ID} a "\\u00fc\\u202e"`],
  ])('the place %j is written so that a line has one reading', (place, until, reason, line) => {
    expect(formatEntry({ key: ID, rule: 'a', place, until, reason })).toBe(line);
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
