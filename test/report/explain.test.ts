/** What `keysift explain` says of a rule and of a finding, line by line. */
import { describe, expect, test } from 'vitest';
import type { Matcher, Rule } from '../../src/model/rule.ts';
import { explainFinding, explainRule } from '../../src/report/explain.ts';
import type { FindingV1 } from '../../src/report/json-v1.ts';
import { severityWords } from '../../src/report/severity-words.ts';
import { modeOf } from '../../src/model/severity-rules.ts';
import { check, finding, half, location } from '../support/reports.ts';

const value = { pattern: 'x', maxLength: 40, alphabet: '0-9a-f', run: { class: '0-9a-f', min: 32 } };
const form = { literal: 'ab_', before: { min: 0, max: 0 }, maxLength: 30, pattern: 'x', left: '', run: { class: 'a-z', min: 20 } };

function rule(more: Partial<Rule> = {}): Rule {
  return {
    id: 'acme-key',
    provider: 'Acme',
    title: 'Acme key',
    kind: 'secret',
    severity: 'high',
    confidence: 'medium',
    description: 'Opens everything.',
    scope: 'line',
    matcher: { kind: 'token', forms: [form], ignoreCase: false },
    literals: ['ab_'],
    selfIdentifying: true,
    references: ['https://acme.example/keys'],
    ...more,
  };
}

/** The lines below a title. */
function below(title: string, text: string): string[] {
  const part = text.split('\n\n').find((one) => one.startsWith(`${title}\n`));
  return part === undefined ? [] : part.trimEnd().split('\n').slice(1);
}

const told = (title: string, more: Partial<Rule>): string[] => below(title, explainRule(rule(more)));
const looks = (matcher: Matcher, more: Partial<Rule> = {}): string[] => told('What it looks like', { matcher, ...more });
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `w${index}`);

describe('a rule', () => {
  test('is told part by part, and nothing of what it lacks', () => {
    const revoke = { where: 'Dashboard', steps: ['Make one.', 'Delete one.'] };
    const words = severityWords(modeOf(rule())).map((line) => `  ${line}`);
    expect(explainRule(rule({ revoke, halfOf: ['a', 'b'], rotateAfter: 90, expiresAfter: 365 }))).toBe(
      [
        'acme-key: Acme key\nAcme · secret · high, medium confidence',
        'What it is\n  Opens everything.',
        'What it looks like\n  begins with ab_, then 20 or more of [a-z]; 30 characters at most',
        "Its pair\n  the public half: where it only stands beside a secret of a, b, it is told in that one's finding",
        ['Severity', '  high by itself', ...words].join('\n'),
        'Where to revoke it\n  Dashboard\n  1. Make one.\n  2. Delete one.',
        'Age\n  replace it every 90 days\n  it expires 365 days after its creation at the latest',
        'References\n  https://acme.example/keys\n',
      ].join('\n\n'),
    );
    const bare = explainRule(rule({ description: '', references: [] }));
    expect(bare.split('\n\n').map((part) => part.split('\n')[0])).toEqual(['acme-key: Acme key', 'What it looks like', 'Severity']);
  });

  test('has the severity of the configuration, and a check is to be mended', () => {
    expect(told('Severity', { severityIsFinal: true })).toEqual(['  high, as the configuration says']);
    expect(told('What to do', { kind: 'check', revoke: { where: 'Here.', steps: [] } })).toEqual(['  Here.']);
  });

  test('steers no terminal', () => {
    expect(explainRule(rule({ title: 'a\u001B[2Jb' }))).not.toContain('\u001B');
  });

  const SHAPES: readonly (readonly [matcher: Matcher, ...lines: string[]])[] = [
    [{ kind: 'token', ignoreCase: false, forms: [{ ...form, before: { min: 0, max: 9 }, run: undefined }] }, 'holds ab_; 30 characters at most'],
    [
      { kind: 'context', names: ['acme'], near: [], within: 3, value: { ...value, lengths: '20 - 40, 64' } },
      '20 to 40 or 64 characters of [0-9a-f], given to a name that holds acme',
    ],
    [
      { kind: 'context', names: ['acme'], near: ['acme.com', 'acme.io'], within: 3, value },
      'up to 40 characters of [0-9a-f], given to a name that holds acme',
      'or to any name that means a credential, at most 3 lines from acme.com, acme.io',
    ],
    [
      { kind: 'context', names: many(9), near: ['x'], within: 1, credentialWords: many(5), value },
      'up to 40 characters of [0-9a-f], given to a name that holds w0, w1, w2, w3, w4, w5, w6, w7 and 1 more',
      'or to a name such as w0, w1, w2, w3, at most 1 lines from x',
    ],
    [{ kind: 'block', begin: many(8), pattern: 'x', maxLength: 99 }, 'from w0, w1, w2, w3, w4, w5, w6, w7 to its end, 99 characters at most'],
    [{ kind: 'uri', schemes: ['redis', 'amqp'] }, 'the password of a URL that begins with redis://, amqp://'],
    [{ kind: 'assignment', words: ['pass'], value }, 'a value given to a name that holds pass'],
    [{ kind: 'credential', words: ['pass'], values: [], as: 'password' }, 'a value that looks like a real password, given to a name that holds pass'],
    [{ kind: 'credential', words: ['key'], values: [], as: 'secret' }, 'a value that looks generated, given to a name that holds key'],
    [{ kind: 'file', words: ['key'], value }, 'a file with secret-looking values given to names that hold key'],
    [{ kind: 'whole', value }, 'a file that holds nothing but 40 characters of [0-9a-f]'],
    [
      { kind: 'pattern', literals: ['abc'], pattern: 'x', flags: '', maxLength: 50, before: 0 },
      'around abc, by a pattern of its own, 50 characters at most',
    ],
    [{ kind: 'finding' }, 'seen on findings: their places, ages and surroundings; no text of its own'],
    [{ kind: 'usage', sink: 'log', words: ['key'], hosts: [] }, 'an identifier that names a key (key), as a whole argument of a logging call'],
    [
      { kind: 'usage', sink: 'url', words: ['key'], hosts: ['a.example'] },
      'an identifier that names a key (key), as a parameter of a URL',
      'in a file that names a.example',
    ],
  ];

  test.each(SHAPES.map(([matcher, ...lines]) => ({ matcher, lines })))('looks like $matcher', ({ matcher, lines }) => {
    expect(looks(matcher)).toEqual(lines.map((line) => `  ${line}`));
  });

  test('of many forms six are shown', () => {
    const forms = (count: number): string[] =>
      looks({ kind: 'token', ignoreCase: false, forms: many(count).map((literal) => ({ ...form, literal })) });
    expect([forms(6).length, forms(6).at(-1)]).toEqual([6, '  begins with w5, then 20 or more of [a-z]; 30 characters at most']);
    expect([forms(8).length, forms(8).at(-1)]).toEqual([7, '  and 2 forms more']);
  });

  test('its checksum and its files are told, after the shape', () => {
    const more = { checksum: 'crc32', paths: { only: ['*.env', '.npmrc'], not: [] } };
    const extra = ['  its inner structure or checksum is looked at: crc32', '  only in files named *.env, .npmrc'];
    expect(looks({ kind: 'uri', schemes: ['x'] }, more).slice(1)).toEqual(extra);
    for (const kind of ['assignment', 'file'] as const) expect(looks({ kind, words: ['x'], value }, more).slice(1)).toEqual(extra);
    expect(looks({ kind: 'token', ignoreCase: false, forms: [form] }, more).slice(1)).toEqual(extra);
    expect(looks({ kind: 'whole', value }, more).slice(1)).toEqual(extra);
  });

  test('a member of a family tells what it claims', () => {
    const bodies = [
      { pattern: 'live_', exact: true },
      { pattern: 'test_', exact: false },
    ];
    const matcher: Matcher = { kind: 'member', of: 'sk-keys', bodies, wide: false };
    const first = '  one of the keys that sk-keys finds, told by what stands near it';
    const shapes = ['  after the prefix live_, which is enough by itself', '  after the prefix test_'];
    expect(looks(matcher)).toEqual([first, ...shapes]);
    const attribute = { names: ['acme'], words: [], hosts: ['acme.com'], packages: ['@acme/*'], headers: ['x-acme'] };
    expect(looks(matcher, { attribute })).toEqual([
      first,
      '  names that hold acme',
      '  hosts acme.com',
      '  packages @acme/*',
      '  headers x-acme',
      ...shapes,
    ]);
    expect(looks(matcher, { attribute: { ...attribute, hosts: [], packages: [], headers: [] } })).toEqual([
      first,
      '  names that hold acme',
      ...shapes,
    ]);
  });

  test.each([
    ['log', 'as a whole argument of a logging call'],
    ['error', "in an error's text"],
    ['url', 'as a parameter of a URL'],
    ['public', 'with a prefix that makes builds copy it into what browsers load'],
    ['header', 'a header of a request that code for browsers or apps gives a permanent key'],
    ['object', 'a property of an object that goes into a log as a whole'],
    ['bundle', 'within settings that a build copies into what browsers load'],
  ] as const)('a key must not go where a check looks: %s', (sink, words) => {
    expect(looks({ kind: 'usage', sink, words: ['key'], hosts: [] })).toEqual([`  an identifier that names a key (key), ${words}`]);
  });
});

describe('a finding', () => {
  const story = (more: Partial<FindingV1>, of?: Rule): string => explainFinding(finding(0, more), of);
  const { firstSeen } = finding(0);

  test('is told part by part', () => {
    const one = half(1, 'b.ts');
    expect(
      story({
        checks: [check],
        halves: [one],
        locations: [location('a.ts', { commit: undefined }), location('c.ts', { state: 'history' })],
        morePlaces: true,
      }),
    ).toBe(
      [
        'Live secret key number 0\nStripe · critical, high confidence · sk_live_****\nrule rule-0 · id 00000000000000000000',
        'Where it is\n  head\n  a.ts:3:5 (head)\n  c.ts:3:5 (history, 0123456789)\n  and places that are too many to list',
        `With: Access key id of b.ts AKIA****\n  rule half · id ${one.id}\n  b.ts:7:5 (head, 0123456789)\n  more/b.ts:8:5 (history, 0123456789)\n  belongs to account b.ts`,
        `Since when\n  since 2025-01-02, commit ${firstSeen?.commit}, by ${firstSeen?.author}\n  last in commit ${finding(0).lastSeen?.commit}\n  100 days at least`,
        'Why it is one\n  `stripe` on the same line',
        'Also: Real key as a fallback (medium, hardcoded-fallback)\n  `process.env.KEY || …`, in `src/pay.ts`\n  Everybody who has the code has it.\n  Fail when the variable is missing.',
        'What to do\n  Dashboard → API keys\n  1. Add a second key.\n  2. Deploy it from a secret store.\n  3. Delete the leaked key.\n',
      ].join('\n\n'),
    );
  });

  test('without what is not known', () => {
    const bare = story({ firstSeen: undefined, lastSeen: undefined, daysExposed: undefined, evidence: [] });
    expect(bare.split('\n\n').map((part) => part.split('\n')[0])).toEqual(['Live secret key number 0', 'Where it is', 'What to do']);
    expect(below('Where it is', bare)).toEqual(['  head', '  src/0.ts:3:5 (head, 0123456789)']);
    expect(bare.endsWith('Delete the leaked key.\n')).toBe(true);
  });

  test('and with its rule, where that is known', () => {
    expect(story({}, rule())).toBe(`${story({})}\n${explainRule(rule())}`);
  });
});
