import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { builtinExamples, builtinRules, packRules, ruleAt, ruleCount } from '../../src/rules/builtin.ts';
import { keysift } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';

test('a scan that finds nothing reads hardly any rule: parsing all is a tenth of what a commit waits for', async () => {
  const parse = vi.spyOn(JSON, 'parse');
  const { code } = await keysift(['--no-history'], { cwd: folderWith({ 'a.txt': 'nothing\n' }) });
  const read = parse.mock.calls.filter(([text]) => /^\{"id":"[a-z0-9-]+"/.test(text)).length;
  parse.mockRestore();
  expect(code).toBe(0);
  expect(read).toBeLessThan(10);
  expect(ruleCount(builtinRules())).toBeGreaterThan(1000);
});

test('the file of rules is read as it was written, and one rule like all of them', () => {
  const set = builtinRules();
  const one = ruleAt(set, 1);
  const { samples, digest, rules } = set;
  expect(packRules({ samples, digest, rules })).toBe(readFileSync(new URL('../../dist/rules.jsonl', import.meta.url), 'utf8'));
  expect([rules.length, rules[1]]).toEqual([ruleCount(set), one]);
  expect(set.rules).toBe(rules);
});

test('a set of one rule has that rule', () => {
  const set = { ...builtinRules(), rules: [ruleAt(builtinRules(), 3)] };
  expect([ruleCount(set), ruleAt(set, 0).id]).toEqual([1, builtinRules().rules[3]?.id]);
});

test('each rule has examples, and none belong to no rule', () => {
  expect(Object.keys(builtinExamples()).toSorted()).toEqual(builtinRules().rules.map(({ id }) => id).toSorted());
});
