import { expect, test } from 'vitest';
import { severityWords } from '../../src/report/severity-words.ts';

test.each([
  [
    'temporary',
    [
      'in an env or configuration file: low at least',
      'in a file that holds a permanent key of the same provider: low at least',
      'a token that lives for a year or longer, by its own dates: one step up',
      'its own claims say that it has expired: info at most',
    ],
  ],
  ['publishable', ['always: info at most']],
  ['check', []],
] as const)('what moves the severity of a %s key', (mode, lines) => {
  expect(severityWords(mode)).toEqual(lines);
});

test('what its framework writes is told of keys that a framework writes alone', () => {
  const all = severityWords('account', true);
  expect(all.at(-1)).toBe('a secret that its framework generates, only in files for development and in tests: low at most');
  expect(severityWords('account')).toEqual(all.slice(0, -1));
});

test('a step, and how far it goes', () => {
  expect(severityWords('live')[0]).toBe('in code that browsers load: one step up');
  expect(severityWords('private-key')[0]).toBe('only in tests and fixtures: one step down, not below medium');
  expect(severityWords('password')[1]).toBe('only in tests and fixtures: one step down');
});
