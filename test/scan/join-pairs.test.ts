/** A half of a pair is told in its secret's finding. */
import { describe, expect, test } from 'vitest';
import type { Advice, Finding } from '../../src/model/finding.ts';
import { joinPairs } from '../../src/scan/pairs.ts';

function finding(id: string, facts: object = {}): Finding {
  return {
    id,
    rule: { id: `rule-${id}` },
    severity: 'medium',
    confidence: 'medium',
    state: 'head',
    checks: [],
    locations: [],
    ...facts,
  } as unknown as Finding;
}

const check = (id: string, severity: string): Advice => ({ rule: { id }, severity, saw: '' }) as unknown as Advice;

/** `id severity confidence [halves] checks` of each. */
function told(findings: readonly Finding[]): string[] {
  return joinPairs(findings).map(
    ({ id, severity, confidence, halves = [], checks }) =>
      `${id} ${severity} ${confidence} [${halves.map((half) => half.id).join()}] ${checks.map(({ rule }) => rule.id).join()}`,
  );
}

describe('joinPairs', () => {
  test('puts each half into the finding of its secret', () => {
    expect(told([finding('s'), finding('h', { halfOf: 's' }), finding('x')])).toEqual(['s medium medium [h] ', 'x medium medium [] ']);
    expect(told([finding('h1', { halfOf: 's' }), finding('s'), finding('h2', { halfOf: 's' })])).toEqual(['s medium medium [h1,h2] ']);
  });

  test('leaves one whose secret is not there, or is a half itself', () => {
    const alone = [finding('h', { halfOf: 'gone' }), finding('i', { halfOf: 'h' })];
    expect(joinPairs(alone)).toEqual(alone);
    expect(told([finding('x')])).toEqual(['x medium medium [] ']);
  });

  test('is as bad as the worse and as sure as the surer of both, and sorted anew', () => {
    const half = (facts: object): Finding => finding('h', { halfOf: 's', ...facts });
    expect(told([finding('a', { severity: 'high' }), finding('s'), half({ severity: 'critical', confidence: 'high' })])).toEqual([
      's critical high [h] ',
      'a high medium [] ',
    ]);
    expect(told([finding('s'), half({ severity: 'low', confidence: 'low' })])).toEqual(['s medium medium [h] ']);
  });

  test('where the configuration gives the secret a severity, a worse half stays by itself', () => {
    const mild = finding('s', { rule: { id: 'r', severityIsFinal: true }, severity: 'low' });
    expect(told([mild, finding('h', { halfOf: 's' })])).toEqual(['s low medium [] ', 'h medium medium [] ']);
    expect(told([mild, finding('h', { halfOf: 's', severity: 'low' })])).toEqual(['s low medium [h] ']);
    expect(told([finding('s', { severity: 'low' }), finding('h', { halfOf: 's' })])).toEqual(['s medium medium [h] ']);
  });

  test('has the checks of both, each once, the most severe first, then by id', () => {
    const secret = finding('s', { checks: [check('c', 'low'), check('z', 'low'), check('b', 'low')] });
    const half = finding('h', { halfOf: 's', checks: [check('c', 'high'), check('a', 'low'), check('d', 'critical')] });
    expect(told([secret, half])).toEqual(['s medium medium [h] d,a,b,c,z']);
  });
});
