import { expect, test } from 'vitest';
import { EXIT, exitCodeOf } from '../../src/model/exit-code.ts';

test('the codes that pipelines know', () => {
  expect(EXIT).toEqual({ clean: 0, findings: 1, failed: 2, incomplete: 3, interrupted: 130, terminated: 143 });
});

test.each([
  ['nothing', true, [], 'low', false, 0],
  ['one at the limit', true, ['high'], 'high', false, 1],
  ['one above it', true, ['info', 'critical'], 'high', false, 1],
  ['all below it', true, ['medium', 'low'], 'high', false, 0],
  ['findings that may not fail', true, ['critical'], 'low', true, 0],
  ['a hole', false, [], 'low', false, 3],
  ['a hole and findings', false, ['critical'], 'low', false, 3],
  ['a hole where findings may not fail', false, ['critical'], 'low', true, 3],
] as const)('%s', (_what, complete, severities, failOn, exitZero, code) => {
  const findings = severities.map((severity) => ({ severity }));
  expect(exitCodeOf(complete, findings, failOn, exitZero)).toBe(code);
});
