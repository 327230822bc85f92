import { describe, expect, test } from 'vitest';
import { builtinExamples, builtinRules } from '../src/rules/builtin.ts';
import { isTextCheck } from '../src/model/rule.ts';
import { compareSeverity } from '../src/model/severity.ts';
import { RULE_ID } from '../src/rules/schema.ts';
import { Inspector } from '../src/scan/inspector.ts';
import { checkExamples } from '../src/scan/rule-check.ts';
import { isToday } from './support/sample.ts';
import { cpuSince } from './support/slowness.ts';

const { rules } = builtinRules();
const examples = builtinExamples();
const inspector = new Inspector(builtinRules());

/** The first gives the texts that `keysift rules test` looks at, which `npm run check` runs. */
const SALTS = ['', 'one', 'two', 'three'];

test.each(SALTS.filter((_, index) => isToday(index, SALTS.length)))(
  'match examples are found by their own rule alone, exactly where they are marked; ignore examples stay silent (%s)',
  (salt) => {
    expect(checkExamples(builtinRules(), examples, salt)).toEqual([]);
  },
);

describe('the list of rules', () => {
  test('ids are unique, well formed, and in order', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
    expect(ids.filter((id) => !RULE_ID.test(id))).toEqual([]);
    expect(ids.length).toBeGreaterThan(200);
  });

  test('every rule has examples of both kinds, and no example is of no rule', () => {
    // What git ignores and what builds take along no example can show; test/scan/env-tracking.test.ts does.
    const shown = new Set(['env-not-ignored', 'env-in-artifact']);
    expect(
      rules
        .filter(({ id }) => !shown.has(id) && ((examples[id]?.match.length ?? 0) === 0 || (examples[id]?.ignore.length ?? 0) === 0))
        .map(({ id }) => id),
    ).toEqual([]);
    expect(Object.keys(examples).toSorted()).toEqual(rules.map(({ id }) => id));
  });

  test('every rule says what it is and what to do', () => {
    const poor = rules.filter(
      ({ title, description, kind, revoke }) =>
        title === '' || description === '' || (kind !== 'check' && kind !== 'publishable' && (revoke === undefined || revoke.where === '')),
    );
    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  test('literals are lower case and at least three bytes; members name a rule that is there', () => {
    for (const { id, literals, matcher } of rules) {
      for (const literal of literals) expect([literal, Buffer.byteLength(literal) >= 3], id).toEqual([literal.toLowerCase(), true]);
      if (matcher.kind === 'whole' || matcher.kind === 'finding') continue;
      if (matcher.kind === 'member') expect(rules.map((rule) => rule.id)).toContain(matcher.of);
      else expect(literals.length, id).toBeGreaterThan(0);
    }
  });

  test('a half belongs to a secret of its provider that is as bad as it, and that is no half itself', () => {
    const halves = rules.filter(({ halfOf }) => halfOf !== undefined);
    expect(halves.length).toBeGreaterThan(10);
    for (const half of halves) {
      for (const id of half.halfOf ?? []) {
        const secret = rules.find((rule) => rule.id === id);
        expect(secret, id).toMatchObject({ provider: half.provider });
        expect(secret?.halfOf, id).toBeUndefined();
        expect(compareSeverity(secret?.severity ?? 'info', half.severity), id).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test('no example holds a token itself: what is marked is made by generators', () => {
    const secretless = new Set(rules.filter(isTextCheck).map(({ id }) => id));
    const bare = Object.entries(examples).flatMap(([id, { match }]) =>
      match
        .filter(
          ({ text }) =>
            !secretless.has(id) &&
            Array.from(text.matchAll(/\[\|(.*?)\|\]/gs)).some(([, marked = '']) => !marked.includes('{{') && marked.length > 12),
        )
        .map(({ text }) => `${id}: ${text}`),
    );
    expect(bare).toEqual([]);
  });

  test('hostile text takes no rule long', () => {
    const pieces = [...new Set(rules.flatMap(({ literals }) => literals))];
    for (const filler of ['a', '-', '=', ' ', '"', '/', '\\', 'A1b2', '.a', ':@', 'key=']) {
      const text = Buffer.from(pieces.map((literal) => literal + filler.repeat(300)).join(filler));
      const begun = process.cpuUsage();
      inspector.inspect(text);
      const seconds = cpuSince(begun) / 1000;
      expect(seconds / (text.length / 1_000_000), `seconds a megabyte with ${JSON.stringify(filler)}`).toBeLessThan(8);
    }
  });
});
