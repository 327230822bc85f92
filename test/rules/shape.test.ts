import { describe, expect, test } from 'vitest';
import { escapeRegex, joinedClasses, tokenForms, valueForms } from '../../src/rules/shape.ts';
import { expandExample } from '../../src/rules/examples.ts';

/** What the forms of a shape match in a text, each at every place. */
function matches(shape: string, text: string, boundary?: Parameters<typeof tokenForms>[1]): string[] {
  return tokenForms(shape, boundary).flatMap((form) => Array.from(text.matchAll(new RegExp(form.pattern, 'g')), (match) => match[0]));
}

describe('tokenForms', () => {
  test('a prefix and a run', () => {
    expect(tokenForms('sk_{alnum:24}')).toEqual([
      {
        literal: 'sk_',
        before: { min: 0, max: 0 },
        maxLength: 27,
        pattern: '(?<=^|[^0-9A-Za-z_]|\\\\[nrt])sk_[0-9A-Za-z]{24}(?![0-9A-Za-z])',
        left: '0-9A-Za-z_',
        run: { class: '0-9A-Za-z', min: 24 },
        plain: true,
      },
    ]);
  });

  test.each([
    ['sk_live_{alnum:24}', true],
    ['key-{digit:4}{hex:32}', true],
    ['sk_{alnum:8}_{alnum:24}', undefined], // a structure
    ['{hex:8}sk_{hex:8}', undefined], // in the middle
    ['acme_{hex:32}', undefined], // somebody's name
    ['key{hex:32}', undefined], // a part of a word
    ['key_{hex:128}', undefined], // longer than most
  ])('whether anybody may draw %s', (shape, plain) => {
    expect(tokenForms(shape).map((form) => form.plain)).toEqual([plain]);
  });

  test('the longest literal is the one to search for, wherever it stands', () => {
    const [form, ...more] = tokenForms('a.{digit:2-4}.marker.{hex:8,16}');
    expect(more).toEqual([]);
    expect(form).toMatchObject({ literal: '.marker.', before: { min: 4, max: 6 }, maxLength: 6 + 8 + 16, run: { class: '0-9a-f', min: 8 } });
  });

  test('choices are multiplied out and joined with the text around them', () => {
    expect(tokenForms('xox(b|p)-(1|2){digit:3}').map(({ literal }) => literal)).toEqual(['xoxb-1', 'xoxb-2', 'xoxp-1', 'xoxp-2']);
  });

  test('an empty choice is a choice', () => {
    expect(tokenForms('key(|s)_{hex:4}').map(({ literal }) => literal)).toEqual(['key_', 'keys_']);
  });

  test('a run may have a class of its own', () => {
    expect(matches('id-{[a-c.]:3}', 'id-a.c id-abd')).toEqual(['id-a.c']);
  });

  test('a literal may hold characters that mean something to regular expressions', () => {
    expect(matches('a.b+{hex:2}', 'a.b+ff axb+ff abb+ff')).toEqual(['a.b+ff']);
    expect(new RegExp(`^${escapeRegex('\\^$.*+?()[]{}|/-')}$`).test('\\^$.*+?()[]{}|/-')).toBe(true);
  });

  test('a token does not begin in a word, and ends where its alphabet does', () => {
    const token = expandExample('sk_{{alnum:24}}', 'shape');
    expect(matches('sk_{alnum:24}', `${token} ${token}.x "${token}"`)).toEqual([token, token, token]);
    expect(matches('sk_{alnum:24}', `ri${token} _${token} ${token}0`)).toEqual([]);
    expect(matches('sk_{alnum:24}', `${token}_`)).toEqual([token]);
  });

  test('both boundaries can be said, or taken away', () => {
    expect(matches('sk_{hex:4}', 'risk_00ff', { before: '' })).toEqual(['sk_00ff']);
    expect(matches('sk_{hex:4}', '-sk_00ff', { before: '-' })).toEqual([]);
    expect(matches('sk_{hex:4}', 'sk_00ff-', { after: '-' })).toEqual([]);
    expect(matches('sk_{hex:4}', 'sk_00ffa', { after: '' })).toEqual(['sk_00ff']);
  });

  test('of several lengths the longest that fits is taken', () => {
    expect(matches('sk_{hex:4,8}', 'sk_00ff00ff sk_00ff sk_00ff00')).toEqual(['sk_00ff00ff', 'sk_00ff']);
  });

  test.each([
    ['{hex:32}', 'has no literal to search for'],
    ['sk_{hex:4', 'cannot read the shape "sk_{hex:4"'],
    ['sk_{hex}', 'cannot read the shape'],
    ['sk_{latin:4}', 'unknown alphabet "latin"'],
    ['sk_{hex:9-4}', '"9-4" counts down'],
    ['sk_(a|b', 'cannot read the shape'],
  ])('%s is refused: %s', (shape, message) => {
    expect(() => tokenForms(shape)).toThrow(message);
    expect(() => tokenForms(shape)).toThrow(RangeError);
  });
});

describe('how the run behind a literal ends', () => {
  test.each<[string, Parameters<typeof tokenForms>[1], object]>([
    ['sk_{alnum:97}', {}, {}],
    ['sk_{alnum:98}', {}, { longestRun: 101 }],
    // What may follow is within the run's own class, or it is not known where it ends.
    ['sk_{alnum:200}', { after: '' }, {}],
    ['sk_{alnum:200}', { after: '0-9' }, {}],
    ['sk_{digit:200}', { after: '0-9a-z' }, { longestRun: 203 }],
    // By something that is none of its characters, behind one range of lengths.
    ['sk_{alnum:20-300}.{hex:4}', {}, { longestRun: 300, wholeRun: true }],
    ['sk_{digit:10-200}{[a-z]:5}', {}, { longestRun: 200, wholeRun: true }],
    ['sk_{digit:10-200}{[a-z]:0-5}', {}, {}],
    ['sk_{alnum:20,300}.{hex:4}', {}, { longestRun: 308 }],
    ['sk_{alnum:20-300}x.{hex:4}', {}, { longestRun: 309 }],
    ['sk_{alnum:20-300}{hex:2}.', {}, { longestRun: 306 }],
    ['sk_{alnum:20-300}{hex:2}xyz{hex:4}', { after: '' }, {}],
    ['a.{hex:2}.marker.{alnum:200}.x', {}, { longestRun: 200 }],
    ['a.{hex:2}.{hex:2}.marker.', {}, {}],
    [`{hex:2}${'-'.repeat(200)}`, {}, {}],
  ])('%s with %j', (shape, boundary, expected) => {
    const [{ longestRun, wholeRun }] = tokenForms(shape, boundary) as [ReturnType<typeof tokenForms>[0]];
    expect({ ...(longestRun === undefined ? {} : { longestRun }), ...(wholeRun === undefined ? {} : { wholeRun }) }).toEqual(expected);
  });
});

test('what stands before the literal is matched backwards where its length is not one', () => {
  expect(tokenForms('a{digit:2-4}.marker.{hex:8,16}')[0]?.anchored).toBe(
    '(?<=(?<=^|[^0-9A-Za-z_]|\\\\[nrt])(a[0-9]{2,4}))\\.marker\\.(?:[0-9a-f]{16}|[0-9a-f]{8})(?![0-9a-f])',
  );
  expect(tokenForms('a{digit:4}.marker.{hex:8}')[0]).not.toHaveProperty('anchored');
});

describe('runs that share characters', () => {
  test.each([
    'sk_{alnum:1-300}{hex:1-300}',
    'sk_{alnum:1-99999}',
    'sk_{alnum:1-400}_{alnum:1-400}',
    'sk_{alnum:1-400}{[.-]:3}{alnum:1-400}',
    'sk_{digit:1-400}{[a-z]:1-400}{digit:1-400}',
    'sk_{alnum:400}{alnum:400}',
  ])('%s can be matched in few ways', (shape) => {
    expect(tokenForms(shape)).toHaveLength(1);
  });

  test.each([
    'sk_{alnum:1-400}{hex:1-400}',
    'sk_{alnum:1-400}x{alnum:1-400}',
    'sk_{alnum:1-400}{hex:3}{alnum:1-400}',
    'sk_{alnum:1-50}{alnum:1-50}{alnum:1-50}',
  ])('%s is refused', (shape) => {
    expect(() => tokenForms(shape)).toThrow(
      `neighbouring runs of the shape "${shape}" share characters and can be divided in more than 100000 ways; separate them or bound them more closely`,
    );
    expect(() => valueForms(shape)).toThrow(RangeError);
  });
});

test('choices multiply to a thousand forms, and no more', () => {
  const ten = '(a|b|c|d|e|f|g|h|i|j)';
  expect(tokenForms(`x${ten.repeat(3)}`)).toHaveLength(1000);
  expect(() => tokenForms(`x(a|b)${ten.repeat(3)}`)).toThrow(`multiply to more than 1000 forms`);
});

describe('valueForms', () => {
  const found = (shape: string, text: string): string[] => valueForms(shape).flatMap(({ pattern }) => Array.from(text.matchAll(new RegExp(pattern, 'g')), ([whole]) => whole));

  test('needs no literal', () => {
    expect(found('{hex:8}-{hex:4}', 'x = "0123abcd-4567"')).toEqual(['0123abcd-4567']);
    expect(valueForms('{base64:43}=')).toEqual([{ pattern: '(?<=^|[^0-9A-Za-z_0-9A-Za-z+/]|\\\\[nrt])[0-9A-Za-z+/]{43}=(?![0-9A-Za-z_])', maxLength: 44, run: { class: '0-9A-Za-z+/=', min: 44 } }]);
  });

  test.each([
    ['{hex:8}-{hex:4}', '0123abcd-4567'],
    ['{base64url:4}.{hexupper:2-6}-{digit:1}', 'aB_-.AF-7'],
    ['{[a-]:4}{[.]:3}', 'aa--...'],
    ['x]^{digit:2,4}', 'x]^12'],
  ])('each value of %s is a run of its class', (shape, value) => {
    const [form] = valueForms(shape);
    expect(form?.run.min).toBe(value.length);
    expect(value).toMatch(new RegExp(`^[${form?.run.class}]+$`));
    expect(found(shape, ` ${value} `)).toEqual([value]);
  });

  test('a dash that ends one class makes no range with the next', () => {
    expect('+./:_-Aa'.match(new RegExp(`[${joinedClasses(['0-9-', '_-', 'A-C', String.raw`.\-`, 'a'])}]`, 'g'))?.join('')).toBe('._-Aa');
  });

  test('a value is no part of a longer word', () => {
    expect(found('{hex:8}', 'x0123abcd 0123abcdz 0123abcd9')).toEqual([]);
  });
});
