/** What is known by a hash, and by which: entries that a file holds today must be understood by every later version. */
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import { entryFor, formatBaseline, parseBaseline, saltOf } from '../../src/policy/baseline.ts';
import { isStrong, newSalt, SEAL, sealOf } from '../../src/policy/seal.ts';
import type { Finding } from '../../src/model/finding.ts';

const SALT = '0123456789abcdef';

function rule(kind: Rule['matcher']['kind'], more: { kind?: Rule['kind']; linear?: boolean } = {}): Rule {
  return { id: 'a-rule', kind: 'secret', ...more, matcher: { kind } } as unknown as Rule;
}

describe('a seal', () => {
  test('never changes: entries of a committed file go on to match', () => {
    expect(sealOf(new Secret('value-\u00fc-1'), SALT)).toBe(`${SALT}.efbfc61418476e0391d80d7e`);
    expect(SEAL.exec(sealOf(new Secret('x'), SALT))?.slice(1)).toEqual([SALT, expect.stringMatching(/^[0-9a-f]{24}$/)]);
    expect(sealOf(new Secret('value'), SALT)).not.toBe(sealOf(new Secret('value'), 'fedcba9876543210'));
  });

  test.each([`${SALT}.${'a'.repeat(24)}0`, `0${SALT}.${'a'.repeat(24)}`, `${SALT}x${'a'.repeat(24)}`, `${SALT}.${'A'.repeat(24)}`])(
    '%s is none',
    (text) => {
      expect(SEAL.test(text)).toBe(false);
    },
  );

  test('salts are 64 bits, each another', () => {
    expect(newSalt()).toMatch(/^[0-9a-f]{16}$/);
    expect(newSalt()).not.toBe(newSalt());
  });
});

/** 20 letters, all of them different: 86 bits. */
const RANDOM = 'abcdefghijklmnopqrst';
const HEX = '0123456789abcdef'.repeat(2);

describe('what is strong enough for a hash', () => {
  test.each([
    ['20 characters of a machine', RANDOM, true],
    ['19', RANDOM.slice(1), false],
    // Ten different ones, 30 times three: 3.3 bits each.
    ['few different characters, many of them', 'abcdefghij'.repeat(3), true],
    ['nine different ones', 'abcdefghi'.repeat(30), false],
    ['many, but most of them the same', `${'a'.repeat(30)}bcdefghijk`, false],
    ['66 bits', 'abcdefghij'.repeat(2), false],
    ['78 bits', `${'abcd'.repeat(4)}efghijkl`, false],
  ])('%s', (_what, text, strong) => {
    expect(isStrong(rule('token'), new Secret(text))).toBe(strong);
  });

  test('what a prefix adds does not count', () => {
    expect(isStrong(rule('token'), new Secret(`sk_live_${RANDOM}`, 'sk_live_'))).toBe(true);
    expect(isStrong(rule('token'), new Secret(`sk_live_${RANDOM.slice(1)}`, 'sk_live_'))).toBe(false);
  });

  test.each([
    ['token', RANDOM, true],
    ['member', RANDOM, true],
    ['block', RANDOM, true],
    ['pattern', RANDOM, true],
    ['context', RANDOM, false],
    ['credential', RANDOM, false],
    ['assignment', RANDOM, false],
    ['whole', RANDOM, false],
    ['context', HEX, true],
    ['credential', HEX.toUpperCase(), true],
    ['assignment', HEX, true],
    ['whole', HEX, true],
    ['whole', HEX.slice(1), false],
    ['whole', `${HEX}x`, false],
    ['whole', `x${HEX}`, false],
    ['uri', HEX, false],
    ['file', HEX, false],
    ['usage', HEX, false],
    ['finding', HEX, false],
  ] as const)('a rule of kind %s, %s', (kind, text, strong) => {
    expect(isStrong(rule(kind), new Secret(text))).toBe(strong);
  });

  test('never what a person may have chosen', () => {
    expect(isStrong(rule('token', { kind: 'password' }), new Secret(RANDOM))).toBe(false);
    expect(isStrong(rule('pattern', { linear: true }), new Secret(RANDOM))).toBe(false);
    expect(isStrong(rule('block', { linear: true }), new Secret(RANDOM))).toBe(true);
  });
});

describe('the baseline', () => {
  const finding = (text: string, file: string | undefined): Finding =>
    ({ id: 'ab'.repeat(10), rule: rule('token'), secret: new Secret(text), locations: file === undefined ? [] : [{ file }] }) as unknown as Finding;

  test('knows a strong secret by its seal, a weak one by its id', () => {
    expect(entryFor(finding(RANDOM, 'a.ts'), SALT)).toEqual({
      key: sealOf(new Secret(RANDOM), SALT),
      rule: 'a-rule',
      place: 'a.ts',
      until: undefined,
      reason: '',
    });
    expect(entryFor(finding('weak', undefined), SALT, { reason: 'why', until: '2027-01-31' })).toEqual({
      key: 'ab'.repeat(10),
      rule: 'a-rule',
      place: '',
      until: '2027-01-31',
      reason: 'why',
    });
  });

  test('is sorted, each entry once, with its version at the top', () => {
    const entries = ['b', 'a', 'b'].map((letter) => ({ key: letter.repeat(20), rule: 'a-rule', place: '', until: undefined, reason: '' }));
    const text = formatBaseline(entries);
    expect(text.split('\n')).toEqual([
      '# keysift baseline 1',
      expect.stringMatching(/^# One line a secret/),
      `${'a'.repeat(20)} a-rule`,
      `${'b'.repeat(20)} a-rule`,
      '',
    ]);
    expect(parseBaseline(text, 'b').map(({ at }) => at)).toEqual(['b:3', 'b:4']);
  });

  test('of another version is refused, wherever the file says so; a long word is not repeated whole', () => {
    expect(() => parseBaseline(`# mine\n# keysift baseline ${'9'.repeat(30)}\n`, 'b')).toThrow(
      `b was written for another version (${'9'.repeat(20)})`,
    );
    expect(() => parseBaseline('# keysift baseline 2\n', 'b')).toThrow(
      expect.objectContaining({ hint: 'Use the keysift that wrote it, or create it anew.' }),
    );
    expect(parseBaseline(`${'ab'.repeat(10)} a -- see # keysift baseline 2\n`, 'b')).toHaveLength(1);
  });

  test('goes on with the salt that most entries have, else the first by name, else a new one', () => {
    const key = (salt: string, tag: string) => ({ key: `${salt.repeat(16)}.${tag.repeat(24)}` });
    expect(saltOf([key('b', '1'), key('a', '1'), key('b', '2'), { key: 'ab'.repeat(10) }])).toBe('b'.repeat(16));
    expect(saltOf([key('c', '1'), key('a', '1'), key('b', '2')])).toBe('a'.repeat(16));
    expect(saltOf([{ key: 'ab'.repeat(10) }, { key: 'cd'.repeat(10) }, key('a', '1')])).toBe('a'.repeat(16));
    expect(saltOf([{ key: 'ab'.repeat(10) }])).toMatch(/^[0-9a-f]{16}$/);
  });
});
