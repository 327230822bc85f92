import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/model/rule.ts';
import { counts, covering, inlineComments, mayHoldComments, speaksOf } from '../../src/policy/inline.ts';
import { cpuSince } from '../support/slowness.ts';

/** A text, and what its comments are: marker, lines from-to, rules, reason. */
const COMMENTS: readonly (readonly [text: string, ...comments: string[]])[] = [
  ['x = 1 # keysift:allow', 'keysift:allow 1-1 [] '],
  ['a\nx = 1 // keysift:allow stripe-key -- test key', 'keysift:allow 2-2 [stripe-key] test key'],
  ['/* keysift:allow a-b, c-d -- both */', 'keysift:allow 1-1 [a-b c-d] both'],
  ['<!-- keysift:allow-next-line -- why -->\nx', 'keysift:allow-next-line 2-2 [] why'],
  ['# keysift:allow-begin a\nx\n# keysift:allow-end\ny', 'keysift:allow-begin 1-3 [a] '],
  ['# keysift:allow-begin\nx', 'keysift:allow-begin 1-0 [] open'],
  [
    '# keysift:allow-begin\n# keysift:allow-begin x\n# keysift:allow-end\n# keysift:allow-end',
    'keysift:allow-begin 1-4 [] ',
    'keysift:allow-begin 2-3 [x] ',
  ],
  ['#  keysift:allow  a-1 ,b , c  --  why -- and more', 'keysift:allow 1-1 [a-1 b c] why -- and more'],
  ['/* keysift:allow a*/', 'keysift:allow 1-1 [a] '],
  ['# keysift:allow a word', 'keysift:allow 1-1 [a] '],
  ['# keysift:allow: a word', 'keysift:allow 1-1 [] '],
  ['# keysift:allow abc: word', 'keysift:allow 1-1 [] '],
  ['# keysift:allow -- why\r\n', 'keysift:allow 1-1 [] why'],
  ['\n# keysift:allow --\n', 'keysift:allow 2-2 [] '],
  ['# keysift:allow-end', ''],
  ['# keysift:allow-begin a\n# keysift:allow-end\n# keysift:allow-end', 'keysift:allow-begin 1-2 [a] '],
  // What closes a comment is no part of the reason; what only looks like it in the middle is.
  ['/* keysift:allow -- why*/ ', 'keysift:allow 1-1 [] why'],
  ['/* keysift:allow -- a */ b', 'keysift:allow 1-1 [] a */ b'],
  ['<%# keysift:allow -- why %>', 'keysift:allow 1-1 [] why'],
  ['--[[ keysift:allow -- why ]]', 'keysift:allow 1-1 [] why'],
  ['{# keysift:allow -- why #}', 'keysift:allow 1-1 [] why'],
  ['"// keysift:allow -- why" , ', 'keysift:allow 1-1 [] why'],
  ['"// keysift:allow -- why"', 'keysift:allow 1-1 [] why'],
  [`# keysift:allow -- ${'r'.repeat(300)}`, `keysift:allow 1-1 [] ${'r'.repeat(200)}`],
  ['# keysift:allowed', ''],
  ['# keysift:allow-nextline', ''],
  ['# gitleaks:allow', 'gitleaks:allow 1-1 [] '],
  ['# betterleaks:allow', 'betterleaks:allow 1-1 [] '],
  ['# trufflehog:ignore', 'trufflehog:ignore 1-1 [] '],
  ['a\n# kingfisher:ignore', 'kingfisher:ignore 1-3 [] '],
  ['# pragma: allowlist secret', 'pragma: allowlist secret 1-1 [] '],
  ['# pragma: whitelist secret', 'pragma: whitelist secret 1-1 [] '],
  ['# pragma: allowlist nextline secret', 'pragma: allowlist nextline secret 2-2 [] '],
  ['// secretlint-disable-line', 'secretlint-disable-line 1-1 [] '],
  ['// secretlint-disable-next-line @secretlint/secretlint-rule-slack -- why', 'secretlint-disable-next-line 2-2 [] why'],
  ['// secretlint-disable\nx\n// secretlint-enable\n', 'secretlint-disable 1-3 [] '],
  ['// secretlint-disable\nx', 'secretlint-disable 1-9007199254740991 [] open'],
  ['x # ggignore', 'ggignore 1-1 [] '],
  ['# pragma:whitelist secret', 'pragma:whitelist secret 1-1 [] '],
  ...['gitleaks:allow', 'trufflehog:ignore', 'secretlint-disable', 'ggignore'].flatMap((marker) =>
    ['d', '-x'].map((more) => [`# ${marker}${more}`, ''] as const),
  ),
  ['# pragma: allowlist secrets', ''],
  ['x # gitleaks:allow keysift:allow a', 'gitleaks:allow 1-1 [] ', 'keysift:allow 1-1 [a] '],
  ['nothing', ''],
];

describe('ignore comments', () => {
  test.each(COMMENTS)('%j', (text, ...expected) => {
    const found = inlineComments(text).map(
      ({ marker, from, to, rules, reason, open }) => `${marker} ${from}-${to} [${rules.join(' ')}] ${open ? 'open' : reason}`,
    );
    expect(found).toEqual(expected.filter((line) => line !== ''));
  });

  test('cover lines of a value of several lines, and nothing beside', () => {
    const comments = inlineComments('a\nb # keysift:allow\nc\n# keysift:allow-next-line\nd');
    const covered = [1, 2, 3, 4, 5, 6].filter((line) => covering(comments, line, line).length > 0);
    expect(covered).toEqual([2, 5]);
    expect(covering(comments, 1, 3)).toHaveLength(1);
  });

  test('count as the policy says', () => {
    const [own, other] = inlineComments('keysift:allow-next-line\ngitleaks:allow');
    const heard = (['all', 'keysift', 'none'] as const).map((mode) => [counts(own!, mode), counts(other!, mode)]);
    expect(heard).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
  });

  test('speak of a rule by its id, by its family, or of all', () => {
    const rule = { id: 'one', matcher: { kind: 'token' } } as unknown as Rule;
    const member = { id: 'one', matcher: { kind: 'member', of: 'family' } } as unknown as Rule;
    const spoken = ['', ' one', ' two, one', ' family', ' two'].map((names) => {
      const [comment] = inlineComments(`keysift:allow${names}`);
      return [speaksOf(comment!, rule), speaksOf(comment!, member)];
    });
    expect(spoken).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  test('are looked for where bytes may hold one', () => {
    for (const [text, ...comments] of COMMENTS) if (comments.join('') !== '') expect(mayHoldComments(Buffer.from(text))).toBe(true);
    expect(mayHoldComments(Buffer.from('an ordinary text with nothing in it'))).toBe(false);
  });

  test('lines count from where a window begins', () => {
    expect(inlineComments('a\n# keysift:allow', 100)).toMatchObject([{ line: 101, from: 101 }]);
  });

  test('a long text of comments takes linear time', () => {
    const text = '# keysift:allow-begin x -- y '.repeat(100_000);
    const begun = process.cpuUsage();
    expect(inlineComments(text)).toHaveLength(10_000);
    expect(cpuSince(begun)).toBeLessThan(2000);
  });
});
