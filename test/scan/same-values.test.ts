/** Whose a value is that only its name gives away in one place, and its form or its neighbours in another. */
import { describe, expect, test } from 'vitest';
import type { Issuer } from '../../src/model/finding.ts';
import type { Matcher, Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Confidence } from '../../src/model/severity.ts';
import { withIssuers } from '../../src/scan/same-values.ts';

interface Given {
  readonly confidence?: Confidence;
  readonly issuer?: Issuer;
  readonly facts?: Partial<Rule>;
}

const REVOKE = { where: 'the console', steps: ['Delete it.'] };

/** A finding of a rule whose matcher is of a kind, of a provider that is called like the rule. */
function one(id: string, matcher: Matcher['kind'], value: string, { confidence = 'medium', issuer, facts }: Given = {}) {
  const rule = {
    id,
    title: `key of ${id}`,
    provider: id,
    kind: 'secret',
    matcher: { kind: matcher, ...(matcher === 'credential' && { as: facts?.kind === 'password' ? 'password' : 'secret' }) },
    ...facts,
  } as unknown as Rule;
  return {
    rule,
    issuer,
    secret: new Secret(value),
    confidence,
    evidence: ['seen'],
    located: [{ location: { file: `${id}.txt` } }],
  } as never as Parameters<typeof withIssuers>[0][number];
}

describe('the issuer of what only its name makes a secret', () => {
  const generic = one('generic', 'credential', 'opensesame');

  test('is the one that the same value has elsewhere, with its way to revoke, and the finding stays the rule’s', () => {
    const acme = one('acme', 'context', 'opensesame', { facts: { revoke: REVOKE } });
    const [first, second] = withIssuers([generic, acme]);
    expect(second).toBe(acme);
    expect(first).toEqual({
      ...generic,
      issuer: { provider: 'acme', revoke: REVOKE },
      evidence: ['the same value as the key of acme in acme.txt', 'seen'],
    });
  });

  test('is of the surest finding, then of the first rule', () => {
    const issuerOf = (...others: ReturnType<typeof one>[]): string | undefined => withIssuers([generic, ...others])[0]?.issuer?.provider;
    const [plain, later] = [one('bolt', 'context', 'opensesame'), one('cask', 'context', 'opensesame')];
    const sure = one('drum', 'token', 'opensesame', { confidence: 'high' });
    expect([issuerOf(later, plain), issuerOf(plain, later), issuerOf(plain, sure, later)]).toEqual(['bolt', 'bolt', 'drum']);
    expect(issuerOf(one('bolt', 'context', 'opensesame', { issuer: { provider: 'Elm' } }))).toBe('Elm');
  });

  test.each(['secret', 'test', 'temporary', 'webhook'] as const)('is asked of a %s', (kind) => {
    expect(withIssuers([generic, one('acme', 'context', 'opensesame', { facts: { kind } })])[0]?.issuer).toStrictEqual({ provider: 'acme' });
  });

  test.each(['token', 'member', 'context', 'pattern', 'whole'] as const)('is asked of what is found by a %s', (matcher) => {
    expect(withIssuers([generic, one('acme', matcher, 'opensesame')])[0]?.issuer).toStrictEqual({ provider: 'acme' });
  });

  test('is, of two findings of one rule, that of the first', () => {
    const [first, second] = ['first', 'second'].map((provider) => one('acme', 'context', 'opensesame', { issuer: { provider } }));
    expect(withIssuers([generic, first!, second!])[0]?.issuer).toEqual({ provider: 'first' });
  });

  test.each<[what: string, other: ReturnType<typeof one>]>([
    ['another value', one('acme', 'context', 'opensesam')],
    ['another generic finding', one('acme', 'credential', 'opensesame')],
    ['a password', one('acme', 'pattern', 'opensesame', { facts: { kind: 'password' } })],
    ['a key that nobody claims', one('unattributed', 'member', 'opensesame')],
  ])('is not asked of %s', (_what, other) => {
    expect(withIssuers([generic, other])).toEqual([generic, other]);
  });

  test('stays what its own name says; a password has none', () => {
    const acme = one('acme', 'context', 'opensesame');
    const own = one('generic', 'credential', 'opensesame', { issuer: { provider: 'Own' } });
    const password = one('password', 'credential', 'opensesame', { facts: { kind: 'password' } });
    expect(withIssuers([own, password, acme])).toEqual([own, password, acme]);
  });
});
