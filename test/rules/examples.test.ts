import { describe, expect, test } from 'vitest';
import { charactersOf } from '../../src/rules/alphabet.ts';
import { CHECKSUMS } from '../../src/rules/checksums.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';

describe('expandExample', () => {
  test('text without generators stays as it is', () => {
    expect(expandExample('a { b } {{ c }} [|d|]')).toBe('a { b } {{ c }} [|d|]');
  });

  test.each([
    ['{{hex:40}}', /^[0-9a-f]{40}$/],
    ['{{alnum:24}}', /^[0-9A-Za-z]{24}$/],
    ['{{base62:24}}', /^[0-9A-Za-z]{24}$/],
    ['{{base64url:43}}', /^[\w-]{43}$/],
    ['{{[ab]:9}}', /^[ab]{9}$/],
    ['{{uuid}}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
    ['a{{digit:3}}b{{digit:3}}c', /^a\d{3}b\d{3}c$/],
    ['{{encode:openai}}', /^b3BlbmFp$/],
  ])('%s', (example, expected) => {
    expect(expandExample(example)).toMatch(expected);
    expect(expandExample(example, 'salt')).toMatch(expected);
  });

  test('gives the same text each time, another one for another salt or another place', () => {
    const example = 'a={{alnum:24}} b={{alnum:24}}';
    expect(expandExample(example)).toBe(expandExample(example));
    expect(expandExample(example, '1')).not.toBe(expandExample(example, '2'));
    const [a, b] = expandExample(example).split(' ');
    expect(a?.slice(2)).not.toBe(b?.slice(2));
  });

  test('uses every character of an alphabet and no other', () => {
    expect([...new Set(expandExample('{{base58:4000}}'))].toSorted().join('')).toBe(charactersOf('base58'));
  });

  test('longer texts have digits, small and capital letters', () => {
    for (let salt = 0; salt < 200; salt++) expect(expandExample('{{alnum:8}}', `${salt}`)).toMatch(/(?=.*\d)(?=.*[a-z])(?=.*[A-Z])/);
  });

  test('a checksum completes the token before it, in a mark or without', () => {
    for (const example of ['K=ghp_{{alnum:30}}{{checksum:github}}', "K='ghp_{{alnum:30}}{{checksum:github}}'"]) {
      const token = /ghp_\w+/.exec(expandExample(example))?.[0] ?? '';
      expect(CHECKSUMS['github']?.check(token)).toBe('valid');
    }
    const marked = parseMarked(expandExample('K=[|ghp_{{alnum:30}}{{checksum:github}}|]'));
    const [span] = marked.spans;
    expect(CHECKSUMS['github']?.check(marked.text.slice(span?.start, span?.end))).toBe('valid');
  });

  test('is drawn anew until the checksum has the characters of its keys', () => {
    const drawn = Array.from({ length: 200 }, (_, salt) => expandExample('{{alnum:42}}AzSe{{checksum:microsoft}}', `${salt}`));
    for (const key of drawn) expect([key, CHECKSUMS['microsoft']?.check(key)]).toEqual([expect.stringMatching(/^[0-9A-Za-z]{42}AzSe[A-D][0-9A-Za-z]{5}$/), 'valid']);
    expect(new Set(drawn).size).toBe(200);
    // One of these that differ in a digit has none, whatever is tried.
    const fixed = Array.from({ length: 100 }, (_, index) => `${'EXAMPLEexample'.repeat(3).slice(0, 39)}${index + 100}AzSe{{checksum:microsoft}}`);
    expect(() => fixed.map((example) => expandExample(example))).toThrow('no checksum completes it');
  });

  test.each(['{{latin:3}}', '{{checksum:nothing}}', '{{checksum:aws}}', '{{hex:x}}'])('%s is refused', (example) => {
    expect(() => expandExample(example)).toThrow(RangeError);
  });
});

describe('parseMarked', () => {
  test.each([
    ['plain', 'plain', []],
    ['a [|bc|] d', 'a bc d', [[2, 4]]],
    ['[|a|][|b|]', 'ab', [[0, 1], [1, 2]]],
    ['\u20ac[|\u00e9|]', '\u20ac\u00e9', [[3, 5]]],
    ['open [|only', 'open [|only', []],
    ['[||]', '', [[0, 0]]],
  ])('%s', (marked, text, spans) => {
    const parsed = parseMarked(marked);
    expect(parsed.text).toBe(text);
    expect(parsed.spans.map(({ start, end }) => [start, end])).toEqual(spans);
  });
});
