/** A report that is read as its bytes come is the one that its whole text gives, wherever the bytes are cut. */
import { describe, expect, test } from 'vitest';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { serializeJson } from '../../src/report/json.ts';
import { readReport, ReportReader } from '../../src/report/read-report.ts';
import { check, finding, location, report } from '../support/reports.ts';

const GIVEN = report(
  [
    finding(1, { checks: [check], title: 'gr\u00fc\u00df "[{" \\ \u{1f511}' }),
    finding(2, { morePlaces: true, halves: [finding(3)], locations: [location('a.ts'), { ...location('b.ts'), half: 'other' }] }),
  ],
  {
    suppressed: [{ ...finding(4), by: 'inline', reason: 'x] }' }],
    notScanned: [{ unit: 'u', reason: 'EACCES', detail: '{"":0}' }],
    excluded: { 'a [': 1 },
  },
);
const TEXT = [...serializeJson(GIVEN)].join('');

function read(text: string, size = 1_000_000): ReportV1 | undefined {
  const reader = new ReportReader();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return reader.end();
}

describe('a report whose bytes come in parts', () => {
  test.each([1, 2, 3, 7, 64, 1000, 1_000_000])('of %i', (size) => {
    const whole = readReport(TEXT, 'x');
    expect(read(TEXT, size)).toEqual(whole);
    expect(JSON.stringify(read(TEXT, size))).toBe(JSON.stringify(whole));
  });

  test.each<[what: string, text: string]>([
    ['on one line', JSON.stringify(JSON.parse(TEXT))],
    ['with a mark of its encoding', `\ufeff${TEXT}`],
    ['without rules', JSON.stringify({ ...(JSON.parse(TEXT) as object), rules: undefined })],
    ['with nothing in it', [...serializeJson(report([]))].join('')],
  ])('%s', (_, text) => {
    for (const size of [1, 50, 1_000_000]) expect(read(text, size)).toEqual(readReport(text, 'x'));
  });

  test('what is alike in many findings is there once', () => {
    const [first, second] = read([...serializeJson(report([finding(1), finding(2)]))].join(''))?.findings ?? [];
    expect(first?.remedy).toBeDefined();
    expect(second?.remedy).toBe(first?.remedy);
    expect(second?.id).not.toBe(first?.id);
  });
});

test('lists that no report has take no longer the more of them there are', () => {
  const started = performance.now();
  expect(read(`{${'"a": [], '.repeat(200_000)}"b": 1}`)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(20_000); // minutes, where each of them copies what comes before it
});

const BROKEN: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ['cut short', (text) => text.slice(0, -20)],
  ['cut in an item', (text) => text.slice(0, text.indexOf('"evidence"'))],
  ['empty', () => ''],
  ['more than one', (text) => text + text],
  ['no object', (text) => `[${text}]`],
  ['a comma too many', (text) => text.replace('"suppressed": [', '"suppressed": [,')],
  ['a list that is none', (text) => text.replace(/"notScanned": \[[^\]]*\]/, '"notScanned": {}')],
  ['a number as a finding', (text) => text.replace('"findings": [', '"findings": [7,')],
  ['what stands for an item', (text) => text.replace('"findings": [', '"findings": [{"": 0},')],
  ['what stands for an item, in a list', (text) => text.replace('"findings": [', '"findings": [[{"": 0}],')],
  ['a list twice', (text) => text.replace('"suppressed": [', '"suppressed": [{"id": "x"}], "suppressed": [')],
  ['findings twice', (text) => text.replace('"findings": [', `"findings": ${JSON.stringify(GIVEN.findings)}, "findings": [`)],
  ['a list that no report has', (text) => text.replace('"findings": [', '"others": [{"a": 1}], "findings": [')],
  ['a field that none has', (text) => text.replace('"ruleId"', '"ruleName"')],
  ['places of which there are no more', (text) => text.replace('"morePlaces": true', '"morePlaces": false')],
  ['another version', (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2')],
  ['a wrong count', (text) => text.replace('"files": ', '"files": -')],
  ['a list of a name with an escape', (text) => text.replace('"findings": [', '"find\\u0069ngs": [')],
];

describe('what is none gives none, and the whole text says what is wrong', () => {
  test.each(BROKEN)('%s', (_, change) => {
    const text = change(TEXT);
    expect(text).not.toBe(TEXT);
    for (const size of [1, 100, 1_000_000]) expect(read(text, size)).toBeUndefined();
  });
});
