import { describe, expect, test } from 'vitest';
import { escapeRegex, tokenForms, valueForms } from '../../src/rules/shape.ts';
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
      },
    ]);
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

describe('valueForms', () => {
  const found = (shape: string, text: string): string[] => valueForms(shape).flatMap(({ pattern }) => Array.from(text.matchAll(new RegExp(pattern, 'g')), ([whole]) => whole));

  test('needs no literal', () => {
    expect(found('{hex:8}-{hex:4}', 'x = "0123abcd-4567"')).toEqual(['0123abcd-4567']);
    expect(valueForms('{base64:43}=')).toEqual([{ pattern: '(?<=^|[^0-9A-Za-z_0-9A-Za-z+/]|\\\\[nrt])[0-9A-Za-z+/]{43}=(?![0-9A-Za-z_])', maxLength: 44 }]);
  });

  test('a value is no part of a longer word', () => {
    expect(found('{hex:8}', 'x0123abcd 0123abcdz 0123abcd9')).toEqual([]);
  });
});
