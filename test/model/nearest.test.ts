import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../../src/model/nearest.ts';

test.each<readonly [string, readonly string[], readonly string[]]>([
  ['jsn', ['json', 'jsonl', 'csv'], ['json']],
  ['JUNIT', ['junit'], ['junit']],
  ['hihg', ['high', 'low'], ['high']],
  ['stripe-secret-key', ['stripe-secret-key-live', 'stripe-secret-key-test', 'slack-token'], ['stripe-secret-key-live', 'stripe-secret-key-test']],
  ['mark', ['sarif', 'markdown'], ['markdown']],
  ['assembly', ['key-of-assembly', 'stripe'], ['key-of-assembly']],
  ['zz', ['zzyx-long-name'], []],
  ['nothing', ['json', 'text'], []],
  ['x', [], []],
])('%s of %j', (word, known, expected) => {
  expect(nearest(word, known)).toEqual(expected);
});

test('a long word costs no more than a short one', () => {
  expect(didYouMean('x'.repeat(1_000_000), ['failOn'], 'no')).toBe('no');
});
