import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CONDITIONS, KEY_MODES, modeOf, severityFor, SEVERITY_RULES, type Condition } from '../../src/model/severity-rules.ts';
import { severityDocument } from '../../src/report/severity-words.ts';
import type { Rule } from '../../src/model/rule.ts';
import { compareConfidence, compareSeverity, SEVERITIES, type Severity } from '../../src/model/severity.ts';
import { builtinRules } from '../../src/rules/builtin.ts';

const { rules } = builtinRules();
const rule = (id: string) => rules.find((candidate) => candidate.id === id) ?? expect.fail(`no rule ${id}`);
const severity = (id: string, ...holds: Condition[]): string => severityFor(rule(id), new Set(holds)).severity;

test('docs/severity.md is what the table says; npm run docs writes it', () => {
  expect(readFileSync(new URL('../../docs/severity.md', import.meta.url), 'utf8')).toBe(severityDocument());
});

test('every row can be reached, and every mode and condition has one or needs none', () => {
  expect(
    SEVERITY_RULES.filter(({ modes, step, least, most }) => modes.length === 0 || (step === undefined && least === undefined && most === undefined)),
  ).toEqual([]);
  expect(CONDITIONS.filter((condition) => !SEVERITY_RULES.some(({ when }) => when === condition))).toEqual([]);
  expect(KEY_MODES.filter((mode) => !rules.some((candidate) => modeOf(candidate) === mode) && mode !== 'publishable')).toEqual([]);
});

describe('severity by kind of key and place', () => {
  test.each<[string, Condition[], string]>([
    ['stripe-secret-key-live', [], 'critical'],
    ['clerk-secret-key-live', ['only tests'], rule('clerk-secret-key-live').severity],
    ['unattributed-secret-key-live', ['only docs'], 'high'],
    ['unattributed-secret-key-live', ['browser'], 'critical'],
    ['assemblyai-api-key', [], 'high'],
    ['assemblyai-api-key', ['only tests'], 'medium'],
    ['assemblyai-api-key', ['weak context'], 'medium'],
    ['assemblyai-api-key', ['browser'], 'critical'],
    ['assemblyai-api-key', ['browser', 'public variable', 'several environments'], 'critical'],
    ['stripe-secret-key-test', [], 'medium'],
    ['stripe-secret-key-test', ['only tests'], 'low'],
    ['stripe-secret-key-test', ['browser'], 'high'],
    ['stripe-secret-key-test', ['production file'], 'high'],
    ['scribeberry-realtime-token', [], 'info'],
    ['scribeberry-realtime-token', ['stored'], 'low'],
    ['json-web-token', ['stored', 'expired'], 'info'],
    ['generic-secret', [], 'medium'],
    ['generic-secret', ['only tests'], 'low'],
    ['generic-secret', ['only docs'], 'low'],
    ['generic-secret', ['browser', 'public variable', 'several environments'], 'medium'],
    ['generic-password', ['only tests'], 'low'],
    ['http-basic-auth-password', [], 'high'],
    ['http-basic-auth-password', ['example host'], 'medium'],
    ['http-basic-auth-password', ['example host', 'only tests'], 'low'],
    ['unattributed-webhook-secret', [], 'medium'],
    ['stripe-webhook-secret', [], 'high'],
  ])('%s %j: %s', (id, holds, expected) => {
    expect(severity(id, ...holds)).toBe(expected);
  });

  test('a severity that the configuration gives is final', () => {
    const given = { ...rule('stripe-secret-key-live'), severity: 'low', severityIsFinal: true } as const;
    expect(severityFor(given, new Set(['browser'])).severity).toBe('low');
  });
});

describe('what changed a severity, and what did not', () => {
  const VISITORS = 'every visitor can read it';
  const MADE_UP = 'fixtures hold made-up keys more often than real ones';
  test.each<[id: string, kind: 'secret' | 'test' | 'temporary', from: Severity, holds: Condition[], to: Severity, because: string[]]>([
    ['a-live-key', 'secret', 'low', [], 'high', ['a live key is never less']],
    ['live-key', 'secret', 'low', [], 'high', ['a live key is never less']],
    ['my-live', 'secret', 'critical', ['browser'], 'critical', []],
    ['alive', 'secret', 'low', [], 'low', []],
    ['one step up counts', 'secret', 'medium', ['browser', 'app', 'public variable', 'several environments'], 'high', [VISITORS]],
    ['one step down and one up', 'secret', 'high', ['only tests', 'browser'], 'high', [MADE_UP, VISITORS]],
    ['no step below medium', 'secret', 'medium', ['only tests'], 'medium', []],
    ['a bound lifts nothing, and is no step', 'secret', 'low', ['only tests', 'browser'], 'medium', [VISITORS]],
    ['a lower one stays low', 'test', 'info', ['only tests'], 'info', []],
    [
      'a bound behind a step',
      'temporary',
      'info',
      ['stored', 'expired'],
      'info',
      ['a short-lived token in a long-lived file was stored on purpose', 'it has expired'],
    ],
  ])('%s: %s, %s %j', (id, kind, from, holds, to, because) => {
    const made = { id, kind, severity: from, matcher: { kind: 'token' } } as unknown as Rule;
    expect(severityFor(made, new Set(holds))).toEqual({ severity: to, because });
    expect(severityFor({ ...made, severityIsFinal: true }, new Set(holds))).toEqual({ severity: from, because: [] });
  });
});

test('severities and confidences have an order', () => {
  expect([...SEVERITIES].toSorted((a, b) => compareSeverity(b, a))).toEqual(['critical', 'high', 'medium', 'low', 'info']);
  expect((['high', 'low', 'medium'] as const).toSorted(compareConfidence)).toEqual(['low', 'medium', 'high']);
});
