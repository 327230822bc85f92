import { describe, expect, test } from 'vitest';
import type { RuleV1 } from '../../src/report/json-v1.ts';
import { isWebAddress, referenceOf, rulesById } from '../../src/report/rule-texts.ts';
import { finding, report } from '../support/reports.ts';

describe('rules of a report', () => {
  const told = (id: string): RuleV1 => ({ ...rulesById(report([finding(1)])).get(finding(1).ruleId)!, id, title: 'from the report' });

  test('are those that its findings name, in the order of their ids, as the report has them', () => {
    const given = [
      finding(1, { ruleId: 'z' }),
      finding(2, { ruleId: 'a', title: 'As it is found' }),
      finding(3, { ruleId: 'm' }),
      finding(4, { ruleId: 'a', title: 'As it is found' }),
    ];
    const rules = rulesById(report(given, { rules: [told('m'), told('unused')] }));
    expect([...rules.keys()]).toEqual(['a', 'm', 'z']);
    expect([rules.get('m')?.title, rules.get('a')?.title]).toEqual(['from the report', 'As it is found']);
  });

  test('are made from a finding where an older report lacks them', () => {
    const { rules: _rules, ...older } = report([finding(1)]);
    const { ruleId, title, provider, kind, severity, confidence } = finding(1);
    expect([...rulesById(older).values()]).toEqual([{ id: ruleId, title, provider, kind, severity, confidence, description: '', references: [] }]);
  });
});

test.each([
  ['https://example.org/a?b#c', true],
  ['http://example.org', true],
  ['ftp://example.org', false],
  ['xhttps://example.org', false],
  ['https://', false],
  ['https://example.org/a b', false],
  ['https://example.org/"onclick', false],
  ['https://example.org/<b>', false],
  ['https://[::bad/', false],
  ['javascript:alert(1)', false],
  ['', false],
])('%j may be opened by a browser: %j', (text, may) => {
  expect(isWebAddress(text)).toBe(may);
});

test('the page about a rule is the first that a browser may open', () => {
  expect(referenceOf({ references: ['a book', 'https://example.org/1', 'https://example.org/2'] } as unknown as RuleV1)).toBe(
    'https://example.org/1',
  );
  expect(referenceOf({ references: ['a book'] } as unknown as RuleV1)).toBeUndefined();
  expect(referenceOf(undefined)).toBeUndefined();
});
