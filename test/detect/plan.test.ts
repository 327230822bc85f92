/** Settings of rules need no tables of their own: those of the built-in rules find the same. */
import { describe, expect, test } from 'vitest';
import { planFor, planOf } from '../../src/detect/plan.ts';
import type { RuleSet } from '../../src/model/rule.ts';
import type { RuleSetting } from '../../src/policy/schema.ts';
import { withSettings } from '../../src/policy/rule-settings.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { isToday } from '../support/sample.ts';

const { rules } = builtinRules();
/** The first rule of each kind of matcher, and a family's own. */
const OFF = [...new Map(rules.toReversed().map((rule) => [rule.matcher.kind, rule.id])).values(), 'unattributed-secret-key-live'];
const TEXTS = Object.entries(builtinExamples()).flatMap(
  (
    [
      id,
      {
        match: [first],
      },
    ],
    index,
  ) => (OFF.includes(id) || isToday(index, 8) ? [Buffer.from(parseMarked(expandExample(first?.text ?? '')).text)] : []),
);

function settings(setting: RuleSetting): Promise<RuleSet> {
  return withSettings(builtinRules(), new Map(OFF.map((id) => [id, setting])), () => '');
}

/** What is found in each text, and in all of them at once, whole and as lines. */
function found(set: RuleSet): unknown {
  const inspector = new Inspector(set);
  const told = (bytes: Buffer): unknown => {
    const all = [inspector.inspect(bytes), inspector.inspectLines(bytes) ?? [], inspector.plainLines(bytes.length, bytes, undefined) !== undefined];
    return JSON.stringify(all);
  };
  return [...TEXTS, Buffer.concat(TEXTS.flatMap((text) => [text, Buffer.from('\n')]))].map(told);
}

describe.each([
  ['off', { enabled: false }],
  ['of another severity', { severity: 'info' }],
] as const)('rules that are %s', (_, setting) => {
  test('what is found is what tables of their own find', async () => {
    const set = await settings(setting);
    const { builtin: _builtin, ...anew } = set;
    expect([set.rules.length < rules.length, OFF.length > 8]).toEqual(['enabled' in setting, true]);
    expect(found(set)).toEqual(found(anew));
  });

  test('nothing is built', async () => {
    const set = await settings(setting);
    const { image, targets, wholes, stoppable } = planFor(set);
    expect(image).toBeInstanceOf(URL);
    const own = planOf(set);
    expect([wholes, stoppable]).toEqual([own.wholes, own.stoppable]);
    // What is left of the targets is what they would be.
    const left = Array.from({ length: targets.length / 3 }, (__, check) => targets.subarray(check * 3, check * 3 + 3)).filter(
      ([rule]) => rule !== -3,
    );
    expect(left.flatMap((target) => [...target])).toEqual([...own.targets]);
  });
});

test('rules of others have tables of their own', () => {
  expect(planFor({ ...builtinRules(), rules: rules.slice(0, 5) }).image).toBeInstanceOf(Uint8Array);
});
