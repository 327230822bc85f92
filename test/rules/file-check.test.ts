/** What is wrong in a file of a user, where it stands, and what to do: and nothing of the file that may be a secret. */
import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { UserError } from '../../src/model/errors.ts';
import { checkedFile, printable } from '../../src/rules/file-check.ts';
import { YamlText } from '../../src/rules/yaml-text.ts';

const SCHEMA = v.strictObject({
  name: v.pipe(v.string(), v.nonEmpty()),
  level: v.optional(v.picklist(['low', 'high'])),
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(9))),
  flags: v.optional(v.pipe(v.array(v.picklist(['red', 'green'])), v.minLength(1))),
  by: v.optional(v.record(v.string(), v.strictObject({ on: v.optional(v.boolean()), either: v.optional(v.union([v.string(), v.number()])) }))),
  deep: v.optional(v.strictObject({ ids: v.record(v.pipe(v.string(), v.regex(/^[a-z]+$/, 'must be small letters')), v.boolean()) })),
  word: v.optional(v.pipe(v.string(), v.regex(/^x/, 'must begin with x'))),
});
const KIND = { schema: SCHEMA, name: 'the file', hint: 'Read the manual.' };

function failureOf(work: () => unknown): [string, string | undefined] {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return [(error as UserError).message, (error as UserError).hint];
  }
  return expect.unreachable('nothing was wrong');
}

function checked(text: string, about?: (keys: readonly (string | number)[]) => string): unknown {
  const yaml = new YamlText(text, 'a.yaml', 'No YAML.');
  return about === undefined ? checkedFile(yaml.plain, yaml, KIND) : checkedFile(yaml.plain, yaml, KIND, about);
}

const HINT = KIND.hint;
const LONG = 'a1'.repeat(10);

describe('a file against its schema', () => {
  test('what is right is given', () => {
    expect(checked('name: a\nlevel: low\ncount: 3\nflags: [red]\nby: { x: { on: true } }\n')).toEqual({
      name: 'a',
      level: 'low',
      count: 3,
      flags: ['red'],
      by: { x: { on: true } },
    });
    expect(checked('{"name": "a"}')).toEqual({ name: 'a' });
  });

  test.each([
    ['- name: a', 'a.yaml:1:1: the file is a list, and must be a mapping of keys', HINT],
    ['just words', 'a.yaml:1:1: the file: must be a mapping of keys', HINT],
    ['level: low', 'a.yaml:1:1: name: is missing', HINT],
    ['name: ""', 'a.yaml:1:7: name: must not be empty', HINT],
    ['name: 5', 'a.yaml:1:7: name: must be a text', HINT],
    ['name: a\nnmae: b', 'a.yaml:2:1: unknown key "nmae"', 'Did you mean name?'],
    ['name: a\nzzzzzzzz: b', 'a.yaml:2:1: unknown key "zzzzzzzz"', 'Known keys are name, level, count, flags, by, deep, word.'],
    ['name: a\nby:\n  x:\n    onn: b', 'a.yaml:4:5: unknown key "by.x.onn"', 'Did you mean on?'],
    ['name: a\nlevel: hihg', 'a.yaml:2:8: level cannot be "hihg"', 'Did you mean high?'],
    ['name: a\nlevel: zzzzzzzz', 'a.yaml:2:8: level cannot be "zzzzzzzz"', 'It is one of low, high.'],
    ['name: a\nflags: [red, blue1]', 'a.yaml:2:14: flags.1 cannot be "blue1"', 'It is one of red, green.'],
    ['name: a\nflags: []', 'a.yaml:2:8: flags: must hold 1 at least', HINT],
    ['name: a\nflags: x', 'a.yaml:2:8: flags: must be a list', HINT],
    ['name: a\ncount: 2.5', 'a.yaml:2:8: count: must be a whole number', HINT],
    ['name: a\ncount: 1', 'a.yaml:2:8: count: must be 2 at least', HINT],
    ['name: a\ncount: 10', 'a.yaml:2:8: count: must be 9 at most', HINT],
    ['name: a\ncount: x', 'a.yaml:2:8: count: must be a number', HINT],
    ['name: a\nby: { x: { on: 1 } }', 'a.yaml:2:16: by.x.on: must be true or false', HINT],
    ['name: a\nby: { x: { either: [] } }', 'a.yaml:2:20: by.x.either: must be a text or a number', HINT],
    ['name: a\ndeep: { ids: { a: true, UP: true } }', 'a.yaml:2:25: deep.ids.UP: must be small letters', HINT],
    ['name: a\nword: y', 'a.yaml:2:7: word: must begin with x', HINT],
  ])('%j', (text, message, hint) => {
    expect(failureOf(() => checked(text))).toEqual([message, hint]);
  });

  test('words before a complaint depend on where it is', () => {
    const about = (keys: readonly (string | number)[]): string => `about ${keys.join('/')}: `;
    expect(failureOf(() => checked('name: 5', about))[0]).toBe('a.yaml:1:7: about name: name: must be a text');
    expect(failureOf(() => checked('name: a\nx: 5', about))[0]).toBe('a.yaml:2:1: about x: unknown key "x"');
    expect(failureOf(() => checked('name: a\nlevel: x', about))[0]).toBe('a.yaml:2:8: about level: level cannot be "x"');
  });

  test('what may be a secret in a wrong place is not repeated', () => {
    for (const text of [`name: a\n${LONG}: 1`, `name: a\nlevel: ${LONG}`, `name: a\nby: { ${LONG}: 5 }`, `name: a\nby: { ${LONG}: { on: 5 } }`, `name: a\ncount: ${LONG}`]) {
      const [message] = failureOf(() => checked(text));
      expect(message).not.toContain(LONG);
    }
    expect(failureOf(() => checked(`name: a\nlevel: ${LONG}`))[0]).toBe('a.yaml:2:8: level cannot be "…"');
  });
});

test.each([
  ['word', 'word'],
  ['two.words_1', 'two.words_1'],
  ['$a-b', '$a-b'],
  ['a'.repeat(24), 'a'.repeat(24)],
  ['a'.repeat(25), '…'],
  ['1'.repeat(24), '1'.repeat(24)],
  [`${'a'.repeat(14)}1`, `${'a'.repeat(14)}1`],
  [`${'a'.repeat(15)}1`, '…'],
  [`1${'-'.repeat(14)}Z`, '…'],
  [`$${'a1'.repeat(8)}`, '…'],
  ['has blank', '…'],
  ['', '…'],
  [`ok.${LONG}.ok`, 'ok.….ok'],
])('%j is printed as %j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

describe('YAML with positions', () => {
  const yaml = new YamlText('a:\n  - b: 1\n    c: 2\n  - 3\n"d": {}\n5: x\n', 'a.yaml', HINT);

  test('of values, of keys, and of what is deepest where there is none', () => {
    expect(yaml.plain).toEqual({ a: [{ b: 1, c: 2 }, 3], d: {}, 5: 'x' });
    expect([yaml.place(['a', 0, 'c']), yaml.place(['a', 1]), yaml.place(['a', 1, 'x', 'y']), yaml.place(['z']), yaml.place([])]).toEqual([
      'a.yaml:3:8',
      'a.yaml:4:5',
      'a.yaml:4:5',
      'a.yaml:1:1',
      'a.yaml:1:1',
    ]);
    expect([yaml.placeOfKey(['a', 0, 'c']), yaml.placeOfKey(['d']), yaml.placeOfKey(['5']), yaml.placeOfKey([5])]).toEqual([
      'a.yaml:3:5',
      'a.yaml:5:1',
      'a.yaml:6:1',
      'a.yaml:6:1',
    ]);
    expect([yaml.placeOfKey(['a', 0, 'z']), yaml.placeOfKey(['d', 'z']), yaml.placeOfKey(['q', 'r'])]).toEqual(['a.yaml:2:5', 'a.yaml:5:6', 'a.yaml:1:1']);
    expect([yaml.line(['a', 0, 'c']), yaml.line(['q'])]).toEqual([3, 1]);
  });

  test.each([
    ['a: 1\na: 2', 'a.yaml:2:1: no YAML: Map keys must be unique'],
    ['a: "\\q"', 'a.yaml:1:5: no YAML: an escape that is not known'],
    ['%YAML x\n---\na: 1', 'a.yaml:1:7: no YAML: a directive that is not known'],
    ['a: !z!x 1', 'a.yaml:1:4: no YAML: a tag that is not known'],
    ['"a" b: 1', 'a.yaml:1:5: no YAML: not expected here'],
  ])('%j is refused', (text, message) => {
    expect(failureOf(() => new YamlText(text, 'a.yaml', HINT))).toEqual([message, HINT]);
  });

  test('the beginning of the file where there is nothing, and the value itself where no mapping holds it', () => {
    expect(new YamlText('# words\na: 1', 'a.yaml', HINT).place(['z'])).toBe('a.yaml:1:1');
    expect(yaml.placeOfKey(['a', 1])).toBe('a.yaml:4:5');
  });

  test('text that expands without end, and an alias of nothing', () => {
    const bomb = `a: &a [x]\n${Array.from({ length: 12 }, (_, index) => `b${index}: &b${index} [${`*${index === 0 ? 'a' : `b${index - 1}`}, `.repeat(9)}]\n`).join('')}`;
    expect(failureOf(() => new YamlText(bomb, 'a.yaml', HINT))).toEqual([expect.stringMatching(/^a\.yaml: Excessive alias count/), 'Check the YAML of the file.']);
    const [message, hint] = failureOf(() => new YamlText(`a: *${LONG}`, 'a.yaml', HINT));
    expect([message, hint]).toEqual(['a.yaml: Unresolved alias (the anchor must be set before the alias)', 'Check the YAML of the file.']);
  });
});
