import { describe, expect, test } from 'vitest';
import { each, inBlocks } from '../../src/report/pieces.ts';
import { withoutSecrets } from '../../src/report/plain-secrets.ts';
import { remedyKey, remedyLines } from '../../src/report/remedy-lines.ts';
import { finding, half, report } from '../support/reports.ts';

describe('a report in pieces', () => {
  test('what each item gives is made when it is asked for', () => {
    const asked: number[] = [];
    const made = each([1, 2, 3], (item) => {
      asked.push(item);
      return item * 10;
    });
    expect(made.next().value).toBe(10);
    expect(asked).toEqual([1]);
    expect([...made]).toEqual([20, 30]);
  });

  test('in fewer pieces it is the same text, and none is made that is empty', () => {
    const sizes = (...lengths: number[]): number[] => [...inBlocks(lengths.map((length) => 'x'.repeat(length)))].map((block) => block.length);
    expect(sizes()).toEqual([]);
    expect(sizes(0, 0)).toEqual([]);
    expect(sizes(1, 2, 3)).toEqual([6]);
    expect(sizes(262_143, 1, 5)).toEqual([262_144, 5]);
    expect(sizes(262_143, 0, 5, 7)).toEqual([262_148, 7]);
    expect(sizes(262_144)).toEqual([262_144]);
    expect([...inBlocks(['a', 'b', 'c'])]).toEqual(['abc']);
  });
});

describe('a report without plain secrets', () => {
  const hidden = finding(1);
  const shown = finding(2, { secret: 'plain' });
  const halves = [half(1), { ...half(2), secret: 'plain half' }];

  test('has everything else, of what is accepted too', () => {
    const suppressed = { ...shown, by: 'inline' as const, reason: 'r' };
    const given = report([hidden, shown, { ...hidden, halves }], { suppressed: [suppressed] });
    const before = structuredClone(given);
    const result = withoutSecrets(given);
    const { secret: _secret, ...rest } = shown;
    expect(result).toStrictEqual({
      ...given,
      findings: [hidden, rest, { ...hidden, halves: [halves[0], half(2)] }],
      suppressed: [{ ...rest, by: 'inline', reason: 'r' }],
    });
    expect(given).toEqual(before);
    expect(JSON.stringify(result)).not.toContain('plain');
  });

  test('what holds none stays the very object', () => {
    const given = report([hidden]);
    expect(withoutSecrets(given).findings[0]).toBe(given.findings[0]);
  });
});

describe('what to do', () => {
  const remedy = { ...finding(1).remedy, revoke: 'at\u001b the console', steps: ['First.', 'Then\u202e.'] };

  test('numbered, for keys and for code, with nothing that steers a terminal', () => {
    expect(remedyLines(finding(1, { kind: 'secret', remedy }))).toEqual(['Revoke: at\\x1b the console', '1. First.', '2. Then\\u202e.']);
    expect(remedyLines(finding(1, { kind: 'check', remedy }))[0]).toBe('Do: at\\x1b the console');
  });

  test('is the same for findings of one rule that want the same done', () => {
    const [one, other] = [finding(1, { ruleId: 'a', remedy }), finding(2, { ruleId: 'a', remedy: structuredClone(remedy) })];
    expect(remedyKey(one)).toBe(remedyKey(other));
    expect(remedyKey({ ...one, ruleId: 'b' })).not.toBe(remedyKey(one));
    expect(remedyKey({ ...one, remedy: { ...remedy, steps: [] } })).not.toBe(remedyKey(one));
  });
});
