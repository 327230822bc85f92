/** Which rule speaks for a place that several claim. */
import { describe, expect, test } from 'vitest';
import type { Dropped, Sighting } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { compileRules, mergeRules } from '../../src/rules/compile.ts';
import { parseRuleFile } from '../../src/rules/load.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plantOne } from '../support/secrets.ts';

const FILE = `rules:
  - id: mine
    title: Mine
    pattern: {regex: '\\b(sk_test_[a-z0-9]{10})\\b', literals: [sk_test_], maxLength: 20}
    examples: {match: [x], ignore: [x]}
`;

function withMine(file = FILE): Inspector {
  return new Inspector(mergeRules(builtinRules(), compileRules([parseRuleFile(file, 'mine.yaml')], builtinRules().rules)));
}

describe('a key that is too short for the family of its prefix', () => {
  const { text, secret } = plantOne('call("[|sk_test_{{hex:10}}|]")', 'overlaps');

  test('is told by a rule of the user that knows its shape', () => {
    const found = withMine().inspect(Buffer.from(text));
    expect(found.map(({ rule, secret: told }) => [rule.id, told.reveal()])).toEqual([['mine', secret]]);
  });

  test('is told by no rule that only knows its name', () => {
    expect(new Inspector(builtinRules()).inspect(Buffer.from(text.replace('call(', 'const apiKey = (')))).toEqual([]);
  });

  test('is told once as dropped by the family', () => {
    const drops: Dropped[] = [];
    new Inspector(builtinRules()).inspect(Buffer.from(text), { dropped: (drop) => drops.push(drop) });
    expect(drops.map(({ filter }) => filter)).toEqual(['family']);
  });
});

test('a key that a family knows is told once, whoever else knows its prefix', () => {
  const { text, secret } = plantOne('stripe("[|sk_live_51{{alnum:97}}|]")', 'overlaps');
  const found = withMine().inspect(Buffer.from(text));
  expect(found.map(({ rule, secret: told }) => [rule.id, told.reveal()])).toEqual([['stripe-secret-key-live', secret]]);
});

describe('a rule about some paths', () => {
  const IN_DOCS = `rules:
  - id: mine
    title: Mine
    paths: {only: ['docs/**']}
    token: {prefixes: [sk_live_], alphabet: alnum, length: 24}
    examples: {match: [x], ignore: [x]}
`;
  const { text, secret } = plantOne('const key = "[|sk_live_{{alnum:24}}|]"', 'overlaps of paths');
  const inspector = withMine(IN_DOCS);
  const told = (found: readonly Sighting[]): unknown[] =>
    found.map(({ rule, secret: value, rivals }) => [rule.id, value.reveal() === secret, rivals]);
  const paths = { only: ['docs/**'], not: [] };

  test('leaves a place to others where its path is another one', () => {
    expect(told(inspector.inspect(Buffer.from(text), { isOtherFile: (rule) => rule.id === 'mine' }))).toEqual([
      ['unattributed-secret-key-live', true, undefined],
    ]);
  });

  test('has the place where the path is one of its own', () => {
    expect(told(inspector.inspect(Buffer.from(text), { isOtherFile: () => false }))).toEqual([['mine', true, undefined]]);
  });

  test('has it there alone where nobody knows the path yet', () => {
    expect(told(inspector.inspect(Buffer.from(text)))).toEqual([
      ['mine', true, undefined],
      ['unattributed-secret-key-live', true, [{ paths }]],
    ]);
  });

  test('beside many others, has few rivals and is told in each case', () => {
    const many = `rules:${[...'abcdefghijklmnopqrst'].map((letter) => IN_DOCS.replace('rules:', '').replace('id: mine', `id: mine-${letter}`)).join('')}`;
    const found = withMine(many).inspect(Buffer.from(text));
    expect(found).toHaveLength(21);
    expect(Math.max(...found.map(({ rivals = [] }) => rivals.length))).toBeLessThan(9);
  });
});
