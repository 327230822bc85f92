/** Which findings are set aside, by whom, and what is said of entries and comments: on findings made by hand. */
import { describe, expect, test } from 'vitest';
import type { Finding, Location } from '../../src/model/finding.ts';
import type { InlineComment } from '../../src/model/inline-comment.ts';
import type { Rule, RuleSet } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Entry } from '../../src/policy/entry.ts';
import { sealOf } from '../../src/policy/seal.ts';
import { ACCEPT_NOTHING, matches, triage, type Acceptance, type SeenComment, type TriageFacts } from '../../src/policy/triage.ts';

const NOW = new Date('2026-07-01T23:59:59Z');
const RULES = { rules: [{ id: 'alpha-key' }, { id: 'beta-key' }] } as unknown as RuleSet;
const ALPHA = RULES.rules[0] as Rule;
const SALT = '12'.repeat(8);

const id = (name: string): string => Buffer.from(name.padEnd(10, '.')).toString('hex').slice(0, 20);

function place(file: string, more: Partial<Location> = {}): Location {
  return { file, state: 'head', startLine: 1, startColumn: 1, endLine: 1, endColumn: 9, ...more };
}

function finding(name: string, more: Partial<Finding> = {}): Finding {
  return {
    id: id(name),
    otherIds: [],
    rule: ALPHA,
    secret: new Secret(`value-of-${name}`),
    severity: 'high',
    confidence: 'high',
    state: 'head',
    evidence: [],
    checks: [],
    locations: [place(`${name}.ts`)],
    ...more,
  };
}

function entry(key: string, more: Partial<Entry> = {}): Entry {
  return { key, rule: 'alpha-key', place: '', until: undefined, reason: 'why', at: `file:${key.slice(0, 2)}`, ...more };
}

function comment(more: Partial<InlineComment> = {}): InlineComment {
  return { marker: 'keysift:allow', rules: [], reason: '', line: 1, from: 1, to: 1, open: false, ...more };
}

/** What stays open, what is set aside by whom and why, and the notes. */
function run(findings: readonly Finding[], acceptance: Partial<Acceptance> = {}, facts: Partial<TriageFacts> = {}) {
  const result = triage(
    findings,
    { ...ACCEPT_NOTHING, ...acceptance },
    { now: NOW, rules: RULES, everything: true, onlyNew: false, comments: [], ...facts },
  );
  return {
    ...result,
    open: result.findings.map((one) => one.id),
    aside: result.suppressed.map(({ finding: one, by, reason, until }) => [one.id, by, reason, ...(until === undefined ? [] : [until])]),
  };
}

describe('what is set aside', () => {
  test('nothing when nobody accepts anything, and the findings are the ones that were given', () => {
    const given = [finding('a'), finding('b')];
    const { findings, suppressed, notes } = run(given);
    expect(findings).toEqual(given);
    expect(findings[0]).toBe(given[0]);
    expect([suppressed, notes]).toEqual([[], []]);
    expect(ACCEPT_NOTHING).toEqual({ exclude: [], ruleExcludes: new Map(), inlineIgnores: 'all', honourInline: true, ignores: [], baseline: [] });
  });

  test('by an entry for its id: the ignore file goes before the baseline, and a day is told', () => {
    const both = [entry(id('b'), { reason: 'kept', until: '2026-07-01' })];
    const { open, aside, notes } = run([finding('a'), finding('b'), finding('c')], {
      ignores: [entry(id('a')), ...both],
      baseline: [entry(id('b'), { reason: 'old' }), entry(id('c'), { reason: '' })],
    });
    expect(open).toEqual([]);
    expect(aside).toEqual([
      [id('a'), 'ignore-file', 'why'],
      [id('b'), 'ignore-file', 'kept', '2026-07-01'],
      [id('c'), 'baseline', ''],
    ]);
    // An entry that another one goes before is in use all the same.
    expect(notes).toEqual([]);
    const { suppressed } = run([finding('a')], { ignores: [entry(id('a'))] });
    expect(suppressed).toStrictEqual([{ finding: finding('a'), by: 'ignore-file', reason: 'why' }]);
  });

  test('by the seal of its value, wherever it is; an empty value has none', () => {
    const moved = finding('a');
    const sealed = entry(sealOf(moved.secret, SALT));
    const other = entry(sealOf(moved.secret, '34'.repeat(8)));
    expect(run([moved, finding('b')], { baseline: [sealed] }).open).toEqual([id('b')]);
    // Several values under one salt, and several salts.
    expect(run([moved, finding('b')], { baseline: [sealed, entry(sealOf(finding('b').secret, SALT)), other] }).open).toEqual([]);
    expect(run([moved], { baseline: [entry(sealOf(finding('x').secret, '34'.repeat(8))), sealed] }).open).toEqual([]);
    const empty = new Secret('');
    expect(run([finding('a', { secret: empty })], { baseline: [entry(sealOf(empty, SALT))] }).open).toEqual([id('a')]);
  });

  test('by an entry for a former id, if that is nobody else’s', () => {
    const was = entry(id('was'));
    const moved = finding('a', { otherIds: [id('x'), id('was')] });
    expect(run([moved], { baseline: [was] }).open).toEqual([]);
    expect(run([moved, finding('b', { otherIds: [id('was')] })], { baseline: [was] }).open).toEqual([id('a'), id('b')]);
    expect(run([moved, finding('was')], { baseline: [was] }).open).toEqual([id('a')]);
  });

  test('an entry that only knows a place says nothing of what is new', () => {
    const strong = finding('a');
    const acceptance = { baseline: [entry(sealOf(strong.secret, SALT)), entry(id('b'))], ignores: [entry(id('c'))] };
    expect(run([strong, finding('b'), finding('c')], acceptance, { onlyNew: true }).open).toEqual([id('b')]);
    expect(run([strong, finding('b'), finding('c')], acceptance).open).toEqual([]);
  });

  test('an entry counts through its last day, in UTC, and no longer', () => {
    const day = (until: string) => run([finding('a')], { ignores: [entry(id('a'), { until })] });
    expect(day('2026-07-01').open).toEqual([]);
    expect(day('2026-06-30')).toMatchObject({ open: [id('a')], notes: [`file:61: the entry for ${id('a')} ended on 2026-06-30`] });
  });

  test('by comments that cover all of it, with the first reason that one gives', () => {
    const allowed = [comment(), comment({ reason: 'a test key' }), comment({ reason: 'second' })];
    const covered = finding('a', { allowed });
    expect(run([covered, finding('b', { allowed: [comment()] })]).aside).toEqual([
      [id('a'), 'inline', 'a test key'],
      [id('b'), 'inline', ''],
    ]);
    // A comment goes before an entry, and the entry is in use.
    expect(run([covered], { ignores: [entry(id('a'))] })).toMatchObject({ aside: [[id('a'), 'inline', 'a test key']], notes: [] });
  });

  test('not by comments that do not count in this run, which is said; entries still do', () => {
    const covered = (name: string): Finding => finding(name, { allowed: [comment({ reason: 'x' })] });
    const unheard = (count: string): string => `${count} with an ignore comment that does not count in this run`;
    expect(run([covered('a'), finding('b')], { honourInline: false })).toMatchObject({ open: [id('a'), id('b')], notes: [unheard('1 finding')] });
    const both = run([covered('a'), covered('b'), covered('c')], { honourInline: false, ignores: [entry(id('c'))] });
    expect(both).toMatchObject({ open: [id('a'), id('b')], aside: [[id('c'), 'ignore-file', 'why']], notes: [unheard('2 findings')] });
  });
});

describe('paths that are left out', () => {
  const acceptance: Partial<Acceptance> = { exclude: ['docs/'], ruleExcludes: new Map([['alpha-key', ['*.lock']]]) };

  test('a finding loses its places there, and its state is that of the first one left', () => {
    const given = finding('a', {
      state: 'head',
      locations: [place('docs/a.md'), place('yarn.lock'), place('src/a.ts', { state: 'branch' }), place('src/b.ts', { state: 'tag' })],
    });
    const [kept] = run([given], acceptance).findings;
    expect(kept).toEqual({ ...given, state: 'branch', locations: [given.locations[2], given.locations[3]] });
  });

  test('one that stands nowhere else is set aside, whatever else accepts it', () => {
    const given = finding('a', { locations: [place('docs/a.md'), place('x.lock')], allowed: [comment({ reason: 'x' })] });
    const { suppressed } = run([given], { ...acceptance, ignores: [entry(id('a'))] });
    expect(suppressed).toEqual([{ finding: given, by: 'exclude', reason: 'all its places are left out by the configuration' }]);
    // A path that is left out for one rule is not for another.
    expect(run([finding('b', { rule: RULES.rules[1] as Rule, locations: [place('x.lock')] })], acceptance).open).toEqual([id('b')]);
  });

  test('places that nobody knows of are left out by nothing', () => {
    const given = finding('a', { locations: [place('docs/a.md')], morePlaces: true });
    expect(run([given], acceptance).findings).toEqual([given]);
    const partly = finding('a', { locations: [place('docs/a.md'), place('src/a.ts')], morePlaces: true });
    expect(run([partly], acceptance).findings[0]?.locations).toEqual([place('src/a.ts')]);
  });
});

describe('notes', () => {
  test('entries that match nothing, with what to do, once everything was scanned', () => {
    const acceptance = { ignores: [entry(id('a')), entry(id('b'))], baseline: [entry(id('c')), entry(sealOf(new Secret('x'), SALT))] };
    expect(run([finding('a')], acceptance).notes).toEqual([
      `file:62: the entry for ${id('b')} matches nothing; take the line out`,
      `file:63: the entry for ${id('c')} matches nothing; keysift baseline prune removes it`,
      `file:12: the entry for ${sealOf(new Secret('x'), SALT)} matches nothing; keysift baseline prune removes it`,
    ]);
    expect(run([finding('a')], acceptance, { everything: false }).notes).toEqual([]);
  });

  test('entries that have ended, of both files', () => {
    const old = (name: string): Entry => entry(id(name), { until: '2026-01-31' });
    expect(run([], { ignores: [old('a')], baseline: [old('b')] }, { everything: false }).notes).toEqual([
      `file:61: the entry for ${id('a')} ended on 2026-01-31`,
      `file:62: the entry for ${id('b')} ended on 2026-01-31`,
    ]);
  });

  test('entries with a rule that there is none of, with the nearest that there is', () => {
    const ignores = [entry(id('a'), { rule: 'alpha-kei' }), entry(id('b'), { rule: 'zzzzzzzzz' }), entry(id('c'))];
    expect(run([finding('a'), finding('b'), finding('c')], { ignores }).notes).toEqual([
      'file:61: there is no rule alpha-kei. Did you mean alpha-key?',
      'file:62: there is no rule zzzzzzzzz. It may be switched off.',
    ]);
  });

  test('the first twenty of a kind', () => {
    const ignores = Array.from({ length: 22 }, (_, index) => entry(id(`e${index}`), { at: `f:${index}` }));
    const { notes } = run([], { ignores });
    expect(notes).toHaveLength(21);
    expect(notes.slice(19)).toEqual([`f:19: the entry for ${id('e19')} matches nothing; take the line out`, 'and 2 more of these']);
    expect(run([], { ignores: ignores.slice(0, 20) }).notes).toHaveLength(20);
  });

  const seen = (file: string, given: Partial<InlineComment>, used = true): SeenComment => ({ file, comment: comment(given), used });
  const notesOf = (comments: readonly SeenComment[], acceptance: Partial<Acceptance> = {}) => run([], acceptance, { comments }).notes;

  test('comments, by file and line', () => {
    expect(
      notesOf([
        seen('b.ts', { line: 3 }),
        seen('a.ts', { line: 5, rules: ['alpha-key'] }, false),
        seen('a.ts', { line: 7, rules: ['alpha-key'], reason: 'r' }, false),
        seen('a.ts', { line: 2, marker: 'keysift:allow-begin', open: true, rules: ['alpha-key'], reason: 'r' }, false),
        seen('c.ts', { line: 1, rules: ['alpha-key', 'alphakey', 'zzzzzzzzz'], reason: 'r' }),
        seen('d.ts', { line: 1, rules: ['beta-key'], reason: 'good' }),
        seen('e.ts', { line: 1, rules: ['beta-key'] }, false),
      ]),
    ).toEqual([
      'a.ts:2: keysift:allow-begin has no keysift:allow-end and covers nothing',
      'a.ts:5: keysift:allow covers nothing; take it out',
      'a.ts:7: keysift:allow covers nothing; take it out',
      'b.ts:3: keysift:allow names no rule, so it silences them all on its lines',
      'b.ts:3: keysift:allow gives no reason; write it behind " -- "',
      'c.ts:1: keysift:allow names alphakey, and there is no such rule. Did you mean alpha-key?',
      'c.ts:1: keysift:allow names zzzzzzzzz, and there is no such rule. keysift rules list names them all.',
      'e.ts:1: keysift:allow covers nothing; take it out',
    ]);
  });

  test('nothing is said of comments where none counts', () => {
    const unused = [seen('a.ts', {}, false)];
    expect(notesOf(unused)).toHaveLength(1);
    expect(notesOf(unused, { inlineIgnores: 'keysift' })).toHaveLength(1);
    expect(notesOf(unused, { inlineIgnores: 'none' })).toEqual([]);
    expect(notesOf(unused, { honourInline: false })).toEqual([]);
  });
});

test('matches: for each entry that has not ended what it knows, the sealed one first', () => {
  const [a, b] = [finding('a'), finding('b', { otherIds: [id('was')] })];
  const entries = [
    entry(sealOf(a.secret, SALT)),
    entry(id('a')),
    entry(id('was')),
    entry(id('b'), { until: '2026-06-30' }),
    entry(id('c'), { until: '2026-07-01' }),
  ];
  const c = finding('c');
  const found = matches(entries, [a, b, c, finding('d')], NOW);
  expect([...found.keys()]).toEqual(entries);
  expect([...found.values()]).toEqual([[a], [], [b], [], [c]]);
});
