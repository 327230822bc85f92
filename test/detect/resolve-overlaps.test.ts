/** Which of several candidates for one place counts, by what they are made of. */
import { describe, expect, test } from 'vitest';
import { byPlace, resolveOverlaps } from '../../src/detect/overlaps.ts';
import type { Candidate, Inside } from '../../src/model/finding.ts';
import type { Matcher, Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';

interface Given {
  readonly id?: string;
  readonly kind?: Rule['kind'];
  readonly matcher?: Matcher['kind'];
  readonly literals?: readonly string[];
  readonly paths?: Rule['paths'];
}

function rule({ id = 'r', kind = 'secret', matcher = 'token', literals = ['abc'], paths }: Given): Rule {
  return { id, kind, matcher: { kind: matcher }, literals, ...(paths === undefined ? {} : { paths }) } as unknown as Rule;
}

/** A candidate of a rule at `[start, end)`. */
function candidate(of: Rule, start: number, end: number, more: Partial<Candidate> = {}): Candidate {
  return {
    rule: of,
    secret: new Secret('x'.repeat(end - start)),
    span: { start, end },
    name: '',
    evidence: [],
    proven: false,
    confidence: 'high',
    ...more,
  };
}

const ALL = (): boolean => true;
const ids = (candidates: readonly Candidate[], isPathKnown = true, stands: (one: Candidate) => boolean = ALL): string[] =>
  resolveOverlaps(candidates, isPathKnown, stands).map(({ candidate: { rule: of, span } }) => `${of.id} ${span.start}-${span.end}`);
/** Whoever of two for the same place counts, whichever comes first. */
function winner(one: Candidate, other: Candidate): string[] {
  const [told, turned] = [ids([one, other]), ids([other, one])];
  expect(turned).toEqual(told);
  return told;
}

const inside = (isBetter: boolean): Inside => ({ bytes: Buffer.alloc(0), span: { start: 0, end: 4 }, source: (span) => span, isBetter });

describe('of two rules for one place counts', () => {
  test.each<[string, Given & Partial<Candidate>, Given & Partial<Candidate>]>([
    ['a block before a token', { matcher: 'block' }, { matcher: 'token' }],
    ['a token before a context that is named', { matcher: 'token' }, { matcher: 'context', named: true }],
    ['a context that is named before an assignment', { matcher: 'context', named: true }, { matcher: 'assignment' }],
    ['an assignment before a context that is near', { matcher: 'assignment' }, { matcher: 'context' }],
    ['a context that is near before a password in an address', { matcher: 'context' }, { matcher: 'uri' }],
    ['a pattern before a context', { matcher: 'pattern' }, { matcher: 'context', named: true }],
    ['a context before a pattern of a password', { matcher: 'context' }, { matcher: 'pattern', kind: 'password' }],
    ['a pattern of a password before a credential', { matcher: 'pattern', kind: 'password' }, { matcher: 'credential' }],
    ['an assignment of a password before an address', { matcher: 'assignment', kind: 'password' }, { matcher: 'uri' }],
    ['a credential before a use', { matcher: 'credential' }, { matcher: 'usage' }],
    ['what is decoded to something else before what is plain', { inside: inside(true) }, {}],
    ['what is plain before what is found once more inside', {}, { inside: inside(false) }],
    ['what is proven before what is not', { proven: true }, { proven: false }],
    ['what is named before what is not', { named: true }, {}],
    ['the longer secret', { secret: new Secret('xxxxx') }, { secret: new Secret('xxxx') }],
    ['the longer literal', { literals: ['a', 'abcd', 'b'] }, { literals: ['abc', 'abc'] }],
    ['a literal before none', { literals: ['a'] }, { literals: [] }],
  ])('%s', (_what, better, worse) => {
    const made = ({ kind, matcher, literals, ...more }: Given & Partial<Candidate>, id: string): Candidate =>
      candidate(rule({ id, ...(kind && { kind }), ...(matcher && { matcher }), ...(literals && { literals }) }), 10, 14, more);
    expect(winner(made(better, 'z'), made(worse, 'a'))).toEqual(['z 10-14']);
  });

  test('the first place of equal ones, and of one place the first name', () => {
    expect(winner(candidate(rule({ id: 'z' }), 10, 14), candidate(rule({ id: 'a' }), 12, 16))).toEqual(['z 10-14']);
    expect(winner(candidate(rule({ id: 'a' }), 10, 14), candidate(rule({ id: 'z' }), 10, 14))).toEqual(['a 10-14']);
  });
});

describe('a place is taken', () => {
  const a = rule({ id: 'a' });
  const weak = rule({ id: 'weak', matcher: 'credential' });

  test.each([
    [0, 10, true],
    [19, 30, false],
    [5, 11, false],
    [12, 14, false],
    [0, 300, false],
    [20, 30, true],
  ])('from its first byte to its last: [%i, %i) beside [10, 20) counts: %s', (start, end, counts) => {
    expect(ids([candidate(a, 10, 20), candidate(weak, start, end)]).includes(`weak ${start}-${end}`)).toBe(counts);
  });

  test('also far behind its beginning, and at the border of what is looked up at once', () => {
    expect(ids([candidate(a, 10, 2000), candidate(weak, 1990, 1999)])).toEqual(['a 10-2000']);
    expect(ids([candidate(a, 250, 256), candidate(weak, 256, 260)])).toEqual(['a 250-256', 'weak 256-260']);
    expect(ids([candidate(a, 256, 260), candidate(weak, 250, 257)])).toEqual(['a 256-260']);
    expect(ids([candidate(a, 250, 257), candidate(weak, 256, 260)])).toEqual(['a 250-257']);
    expect(ids([candidate(a, 0, 4), candidate(rule({ id: 'b' }), 8, 12), candidate(weak, 10, 14), candidate(weak, 2, 6)])).toEqual([
      'a 0-4',
      'b 8-12',
    ]);
  });

  test('by one that does not stand for all that are less sure, and for its own rule', () => {
    const without = (one: Candidate): boolean => one.rule.id !== 'a';
    expect(ids([candidate(a, 10, 20), candidate(weak, 10, 20)], true, without)).toEqual([]);
    expect(ids([candidate(a, 10, 20), candidate(rule({ id: 'b' }), 10, 20)], true, without)).toEqual(['b 10-20']);
    const asked: number[] = [];
    ids([candidate(a, 10, 20), candidate(a, 12, 18)], true, ({ span }) => asked.push(span.start) === 0);
    expect(asked).toEqual([10]);
  });

  test('for files beside the others, and for each check that holds no secret by itself', () => {
    const file = rule({ id: 'file', matcher: 'file' });
    const other = rule({ id: 'other', matcher: 'file' });
    expect(ids([candidate(file, 10, 20), candidate(a, 10, 20), candidate(other, 12, 14)])).toEqual(['a 10-20', 'file 10-20']);
    const [one, two] = ['c', 'd'].map((id) => rule({ id, kind: 'check', matcher: 'usage' })) as [Rule, Rule];
    expect(ids([candidate(a, 10, 20), candidate(one, 10, 20), candidate(two, 10, 20), candidate(one, 12, 14)])).toEqual([
      'a 10-20',
      'c 10-20',
      'd 10-20',
    ]);
  });
});

describe('where no path is known', () => {
  const paths = { only: ['docs/**'], not: [] };
  const some = rule({ id: 'some', paths });
  const weak = rule({ id: 'weak', matcher: 'credential' });
  const rivals = (candidates: readonly Candidate[], isPathKnown = false): unknown[] =>
    resolveOverlaps(candidates, isPathKnown, ALL).map((won) => [won.candidate.rule.id, won.rivals]);

  test('a rule about some paths is a rival of what comes after it, and not of its own', () => {
    expect(rivals([candidate(some, 10, 20), candidate(weak, 10, 20)])).toEqual([
      ['some', []],
      ['weak', [{ paths }]],
    ]);
    expect(rivals([candidate(some, 10, 20), candidate(weak, 10, 20)], true)).toEqual([['some', []]]);
    expect(rivals([candidate(some, 10, 20), candidate(some, 12, 18)])).toEqual([['some', []]]);
    // It lies in several parts of what is looked up at once, and is one rival.
    expect(rivals([candidate(some, 10, 2000), candidate(weak, 10, 2000)])).toEqual([
      ['some', []],
      ['weak', [{ paths }]],
    ]);
  });

  test('a rule about all paths has rivals under some, and closes a place under the others', () => {
    const b = rule({ id: 'b', matcher: 'context' });
    expect(rivals([candidate(some, 10, 20), candidate(b, 10, 20), candidate(weak, 10, 20)])).toEqual([
      ['b', [{ paths }]],
      ['some', []],
      ['weak', [{ paths }, { rivals: [{ paths }] }]],
    ]);
  });

  test('eight rivals at most, and three of one in another', () => {
    const many = Array.from({ length: 12 }, (_, index) => candidate(rule({ id: `p${index}`, paths }), 10 + index, 11 + index));
    expect(rivals([...many, candidate(weak, 10, 22)]).at(-12)).toEqual(['weak', Array.from({ length: 8 }, () => ({ paths }))]);
    const chain = (['token', 'context', 'uri', 'credential', 'usage'] as const).map((matcher, index) =>
      candidate(rule({ id: `q${index}`, matcher, ...(index === 0 ? { paths } : {}) }), 10, 20),
    );
    const depth = (one: unknown): number => 1 + Math.max(0, ...((one as { rivals?: unknown[] }).rivals ?? []).map(depth));
    expect(resolveOverlaps(chain, false, ALL).map((won) => Math.max(0, ...won.rivals.map(depth)))).toEqual([0, 1, 2, 3, 3]);
  });
});

test('the order of everything is by place, then by rule', () => {
  const at = (id: string, start: number, end: number): { rule: Rule; span: { start: number; end: number } } => ({
    rule: rule({ id }),
    span: { start, end },
  });
  const sorted = [at('b', 1, 3), at('a', 1, 4), at('b', 1, 4), at('a', 2, 3)];
  expect(sorted.toReversed().toSorted(byPlace)).toEqual(sorted);
  expect(byPlace(at('a', 1, 2), at('a', 1, 2))).toBe(0);
  expect(byPlace(at('b', 1, 2), at('a', 1, 2))).toBe(1);
});
