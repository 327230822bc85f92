import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import type { Rule, RuleSet } from '../../src/model/rule.ts';
import { withSettings } from '../../src/policy/rule-settings.ts';
import type { RuleSetting } from '../../src/policy/schema.ts';

const rule = (id: string, matcher: object = { kind: 'token' }): Rule => ({ id, severity: 'high', matcher }) as unknown as Rule;
const RULES = [
  rule('acme-key'),
  rule('acme-member', { kind: 'member', of: 'family' }),
  rule('family'),
  rule('other', { kind: 'context', of: 'family' }),
];
const SET: RuleSet = { rules: RULES, samples: { a: 'b' }, digest: 'sha256:0' };

const applied = (settings: Record<string, RuleSetting>, set = SET): Promise<RuleSet> =>
  withSettings(set, new Map(Object.entries(settings)), (id) => `keysift.toml:3 ${id}`);

describe('settings of rules', () => {
  test('that change nothing leave the very set', async () => {
    expect(await applied({})).toBe(SET);
    expect(await applied({ family: {} })).toBe(SET);
    expect(await applied({ family: { enabled: true }, 'acme-key': { enabled: true } })).toBe(SET);
  });

  test('without any, no rule is read', async () => {
    const unread = {
      get rules() {
        return expect.unreachable('rules were read');
      },
    } as unknown as RuleSet;
    expect(await applied({}, unread)).toBe(unread);
  });

  test('a rule that is off is gone, and a family takes its members with it, but no other rule', async () => {
    expect((await applied({ 'acme-key': { enabled: false } })).rules).toEqual(RULES.slice(1));
    expect((await applied({ 'acme-member': { enabled: false } })).rules).toEqual([RULES[0], RULES[2], RULES[3]]);
    expect((await applied({ family: { enabled: false } })).rules).toEqual([RULES[0], RULES[3]]);
    expect((await applied({ family: { enabled: true }, other: { enabled: false } })).rules).toEqual(RULES.slice(0, 3));
  });

  test('a severity is the last word, of that rule alone', async () => {
    const set = await applied({ family: { severity: 'low' }, other: { severity: 'high' } });
    expect(set.rules).toStrictEqual([
      RULES[0],
      RULES[1],
      { ...RULES[2], severity: 'low', severityIsFinal: true },
      { ...RULES[3], severityIsFinal: true },
    ]);
    expect(set.rules[0]).toBe(RULES[0]);
    expect(RULES[2]?.severity).toBe('high');
  });

  test('another set has another digest, and the same samples', async () => {
    const off = await applied({ 'acme-key': { enabled: false } });
    const low = await applied({ 'acme-key': { severity: 'low' } });
    expect([off.samples, low.samples]).toEqual([SET.samples, SET.samples]);
    expect(new Set([off.digest, low.digest, SET.digest]).size).toBe(3);
  });

  test('a rule that is not there is refused, with the one that may be meant', async () => {
    const failure = async (settings: Record<string, RuleSetting>): Promise<(string | undefined)[]> => {
      const error = await applied(settings).then(
        () => undefined,
        (thrown: unknown) => thrown as UserError,
      );
      expect(error).toBeInstanceOf(UserError);
      return [error?.message, error?.hint];
    };
    const [message, hint] = await failure({ family: { enabled: false }, 'acme-kye': { enabled: false } });
    expect(message).toBe('keysift.toml:3 acme-kye: there is no rule "acme-kye"');
    expect(hint).toContain('acme-key');
    expect((await failure({ zzzzzzzzzzzz: {} }))[1]).toBe('keysift rules list names them all.');
    const off = { enabled: false };
    expect(await failure({ 'acme-key': off, family: off, other: off })).toEqual([
      'the configuration switches every rule off',
      'Leave some on: a scan without rules finds nothing.',
    ]);
  });
});
