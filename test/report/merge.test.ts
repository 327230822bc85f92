import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import type { CheckV1, FindingV1, LocationV1, ReportV1 } from '../../src/report/json-v1.ts';
import { mergeReports } from '../../src/report/merge.ts';
import { readReport } from '../../src/report/read-report.ts';
import { check, finding, half, hostileReport, location, report } from '../support/reports.ts';

const named = (...reports: ReportV1[]): { name: string; report: ReportV1 }[] => reports.map((one, index) => ({ name: `${index}.json`, report: one }));

describe('mergeReports', () => {
  const a = report(
    [finding(1), finding(2, { severity: 'critical', state: 'history', locations: [location('b.ts', { state: 'history' })], daysExposed: 10 })],
    {
      notScanned: [{ unit: 'x', reason: 'EACCES', detail: '' }],
      excluded: { ignored: 2, submodule: 1 },
    },
  );
  const b = report([finding(2, { severity: 'high', locations: [location('a.ts')], daysExposed: 20 }), finding(3, { severity: 'info' })], {
    notScanned: [{ unit: 'x', reason: 'EACCES', detail: '' }],
    excluded: { ignored: 3 },
    scan: { ...report([]).scan, complete: true, startedAt: '2026-07-01T00:00:10.000Z', durationMs: 5000, sources: ['staged'], notes: ['a note'] },
  });
  const merged = mergeReports(named(a, b));

  test('counts add up, and what they count is there', () => {
    for (const key of ['files', 'blobs', 'commits', 'bytes', 'matchedBytes', 'excluded', 'notScanned'] as const) {
      expect(merged.counts[key]).toBe(a.counts[key] + b.counts[key]);
    }
    expect(merged.notScanned).toEqual([...a.notScanned, ...b.notScanned]);
    expect(merged.excluded).toEqual({ ignored: 5, submodule: 1 });
    expect(merged.counts.findings).toBe(3);
    expect(merged.findings).toHaveLength(3);
  });

  test('a finding of both is one, the worse of both, with the places of both', () => {
    const both = merged.findings.find(({ id }) => id === finding(2).id);
    expect(both).toMatchObject({ severity: 'critical', state: 'head', daysExposed: 20 });
    expect(both?.locations.map(({ file }) => file)).toEqual(['a.ts', 'b.ts']);
    expect(merged.findings.map(({ severity }) => severity)).toEqual(['critical', 'high', 'info']);
  });

  test('checks of both, each once; none where no report has any', () => {
    const note = { ...check, ruleId: 'key-in-docs', severity: 'info' } as const;
    const part = (...checks: CheckV1[]): ReportV1 =>
      report([finding(1, { checks })], { scan: { ...report([]).scan, notes: [String(checks.length)] } });
    const both = mergeReports(named(part(note), part({ ...check, saw: 'b' }, note)));
    expect(both.findings[0]?.checks).toEqual([{ ...check, saw: 'b' }, note]);
    const none = mergeReports(named(report([finding(1)]), report([finding(2)])));
    expect(none.findings[0]).not.toHaveProperty('checks');
  });

  test('it is complete when all are, and spans all', () => {
    expect(merged.scan).toMatchObject({
      complete: false,
      startedAt: '2026-07-01T00:00:00.000Z',
      durationMs: 15_000,
      sources: ['worktree', 'history', 'staged'],
      notes: ['a note'],
    });
    expect(mergeReports(named(report([]), report([finding(1)]))).scan.complete).toBe(true);
  });

  test('a finding is not silenced by another report that suppresses it', () => {
    const suppressing = report([], {
      suppressed: [
        { ...finding(1), by: 'baseline', reason: '' },
        { ...finding(9), by: 'inline', reason: '' },
      ],
    });
    const { findings, suppressed, counts } = mergeReports(named(report([finding(1)]), suppressing));
    expect(findings.map(({ id }) => id)).toEqual([finding(1).id]);
    expect(suppressed.map(({ id }) => id)).toEqual([finding(9).id]);
    expect(counts).toMatchObject({ findings: 1, suppressed: 1 });
  });

  describe('halves of pairs', () => {
    const joined = report([finding(1, { severity: 'critical', halves: [half(1)] })]);
    const told = (...parts: ReportV1[]): string[] => {
      const { findings, counts } = mergeReports(named(...parts));
      expect(counts.findings).toBe(findings.length);
      return findings.map(({ id, locations, halves = [] }) =>
        [id.slice(-4), ...locations.map(({ file }) => file), ...halves.map((one) => `[${one.locations.map(({ file }) => file).join(' ')}]`)].join(
          ' ',
        ),
      );
    };
    const secret = report([finding(1, { severity: 'critical', locations: [location('x.ts')] })]);
    const alone = report([{ ...half(1), locations: [location('alone.ts')] }]);

    test.each<[string, ReportV1, string[]]>([
      ['no other report knows the half', secret, ['0001 src/1.ts x.ts [id/1.ts more/id/1.ts]']],
      [
        'another has it with the same secret, and elsewhere',
        report([finding(1, { halves: [{ ...half(1), locations: [location('y.ts')] }] })]),
        ['0001 src/1.ts [id/1.ts y.ts more/id/1.ts]'],
      ],
      ['another has it alone', alone, ['0001 src/1.ts', '1001 alone.ts id/1.ts more/id/1.ts']],
      [
        'another has it with another secret',
        report([finding(2, { severity: 'info', halves: [half(1)] })]),
        ['0001 src/1.ts', '1001 id/1.ts more/id/1.ts', '0002 src/2.ts'],
      ],
    ])('%s', (_what, other, expected) => {
      expect(told(joined, other)).toEqual(expected);
      expect(told(other, joined)).toEqual(expected);
    });

    test('what one report tells of another one does not silence', () => {
      const suppressing = report([], { suppressed: [{ ...half(1), by: 'baseline', reason: '' }] });
      expect(mergeReports(named(joined, suppressing))).toMatchObject({ findings: [{ halves: [half(1)] }], suppressed: [] });
    });
  });

  test('the order of the reports changes nothing that is found', () => {
    expect(mergeReports(named(b, a)).findings.map(({ id, severity, state }) => [id, severity, state])).toEqual(
      merged.findings.map(({ id, severity, state }) => [id, severity, state]),
    );
  });

  describe('a finding of two reports', () => {
    /** What is told of a finding that two reports tell of in their own ways, whichever comes first. */
    function both(one: Partial<FindingV1>, other: Partial<FindingV1>): FindingV1 {
      const part = (facts: Partial<FindingV1>, note: string): ReportV1 =>
        report([finding(1, facts)], { scan: { ...report([]).scan, notes: [note] } });
      const [first, second] = [mergeReports(named(part(one, '1'), part(other, '2'))), mergeReports(named(part(other, '2'), part(one, '1')))];
      const [told, swapped] = [first.findings[0]!, second.findings[0]!];
      expect([first.findings.length, { ...swapped, evidence: [] }]).toEqual([1, { ...told, evidence: [] }]);
      return told;
    }
    const stamp = (commit: string, date: string): NonNullable<FindingV1['firstSeen']> => ({ commit, author: 'Ada', date });

    test('is as bad and as sure as the worse and the surer of both', () => {
      expect(both({ severity: 'low' }, { severity: 'critical' }).severity).toBe('critical');
      expect(both({ confidence: 'low' }, { confidence: 'medium' }).confidence).toBe('medium');
    });

    test('is where it is most exposed, and says what to do there', () => {
      const remedy = (revoke: string): FindingV1['remedy'] => ({ revoke, steps: [] });
      const told = both({ state: 'history', remedy: remedy('gone') }, { state: 'head', remedy: remedy('here') });
      expect([told.state, told.remedy.revoke]).toEqual(['head', 'here']);
    });

    test('was first seen by the earlier and last by the later one, also where only one knows', () => {
      const [one, other] = [stamp('a', '2026-01-01T00:00:00Z'), stamp('b', '2026-01-02T00:00:00Z')];
      expect(both({ firstSeen: one, lastSeen: one }, { firstSeen: other, lastSeen: other })).toMatchObject({ firstSeen: one, lastSeen: other });
      const unknown = { firstSeen: undefined, lastSeen: undefined };
      expect(both({ firstSeen: one, lastSeen: other }, unknown)).toMatchObject({ firstSeen: one, lastSeen: other });
      const neither = (index: number): FindingV1 => {
        const { firstSeen: _first, lastSeen: _last, daysExposed: _days, ...rest } = finding(index);
        return rest;
      };
      const [told] = mergeReports(named(report([neither(1)]), report([neither(1), finding(2)]))).findings;
      for (const key of ['firstSeen', 'lastSeen', 'daysExposed', 'checks', 'morePlaces', 'halves']) expect(told).not.toHaveProperty(key);
    });

    test('was removed by the later commit, unless one still sees it', () => {
      const [one, other] = [stamp('a', '2026-01-01T00:00:00Z'), stamp('b', '2026-01-02T00:00:00Z')];
      const gone = { state: 'history', removedIn: one } as const;
      expect(both(gone, { state: 'history', removedIn: other }).removedIn).toEqual(other);
      expect(both(gone, { state: 'history' }).removedIn).toEqual(one);
      expect(both(gone, { state: 'branch' }).removedIn).toBeUndefined();
    });

    test('has the days of the older, the words of both, and may stand in more places', () => {
      expect(both({ daysExposed: 5 }, { daysExposed: 7 }).daysExposed).toBe(7);
      expect(both({ daysExposed: 5 }, { daysExposed: undefined }).daysExposed).toBe(5);
      expect(both({ evidence: ['a', 'b'] }, { evidence: ['b', 'c'] }).evidence.toSorted()).toEqual(['a', 'b', 'c']);
      expect(both({ morePlaces: true }, {}).morePlaces).toBe(true);
      expect(both({ checks: [check] }, {}).checks).toEqual([check]);
    });

    test('has each check once, the most severe first, then by rule', () => {
      const of = (ruleId: string, severity: CheckV1['severity']): CheckV1 => ({ ...check, ruleId, severity });
      const told = both({ checks: [of('m', 'low'), of('z', 'high')] }, { checks: [of('z', 'high'), of('a', 'low'), of('n', 'low')] });
      expect(told.checks?.map(({ ruleId }) => ruleId)).toEqual(['z', 'a', 'm', 'n']);
    });

    test('has each place once, in the order of a report', () => {
      const at = (file: string, startLine: number, startColumn: number, more: Partial<LocationV1> = {}): LocationV1 =>
        location(file, { startLine, startColumn, ...more });
      const sorted = [
        at('b', 1, 1),
        at('a', 1, 1, { state: 'history', commit: 'c1' }),
        at('a', 1, 1, { state: 'history', commit: 'c2' }),
        at('a', 1, 5, { state: 'history' }),
        at('a', 4, 2, { state: 'history' }),
        at('c', 1, 1, { state: 'history' }),
      ];
      const told = both({ locations: [5, 1, 3, 0].map((index) => sorted[index]!) }, { locations: [2, 4, 0, 1].map((index) => sorted[index]!) });
      expect(told.locations).toEqual(sorted);
      const { commit: _commit, ...bare } = at('a', 1, 1);
      const one = mergeReports(
        named(report([finding(1, { locations: [at('a', 1, 1), bare] })]), report([finding(1, { locations: [bare] }), finding(2)])),
      ).findings.find(({ id }) => id === finding(1).id);
      expect(one?.locations).toEqual([bare, at('a', 1, 1)]);
    });
  });

  test('findings are in the order of a report', () => {
    const of = (index: number, severity: FindingV1['severity'], state: LocationV1['state'], places: readonly LocationV1[], ruleId = 'r'): FindingV1 =>
      finding(index, { severity, state, ruleId, locations: [...places] });
    const at = (file: string, startLine = 1, startColumn = 1): LocationV1[] => [location(file, { startLine, startColumn })];
    const sorted = [
      of(1, 'high', 'history', at('z')),
      of(2, 'low', 'head', []),
      of(10, 'low', 'head', []),
      of(3, 'low', 'head', at('B')),
      of(4, 'low', 'head', at('b')),
      of(5, 'low', 'head', at('b', 1, 2)),
      of(6, 'low', 'head', at('b', 2, 1)),
      of(9, 'low', 'head', at('b', 2, 1), 's'),
      of(7, 'low', 'head', at('b', 2, 1), 't'),
      of(8, 'low', 'head', at('b', 2, 1), 't'),
      of(11, 'low', 'history', at('a')),
    ];
    const told = mergeReports(
      named(report(sorted.filter((_, index) => index % 2 === 1).toReversed()), report(sorted.filter((_, index) => index % 2 === 0).toReversed())),
    );
    expect(told.findings.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
  });

  test('has the targets, sources, notes, policies and rules of all, each once', () => {
    const part = (target: string, more: object, ...findings: FindingV1[]): ReportV1 =>
      report(findings, { scan: { ...report([]).scan, target, ...more }, excluded: { [target]: 1, b: 1 } });
    const told = mergeReports(
      named(
        part('/z', { sources: ['staged'], notes: ['one'], policy: ['p.yaml'] }, finding(3), finding(1)),
        part('/a', { sources: ['staged', 'stdin'], notes: ['one', 'two'] }, finding(2), finding(1)),
        part('/z', { startedAt: '2026-06-30T23:59:59.000Z' }),
      ),
    );
    expect(told.scan).toMatchObject({
      target: '/z, /a',
      sources: ['staged', 'stdin', 'worktree', 'history'],
      notes: ['one', 'two'],
      policy: ['p.yaml'],
      startedAt: '2026-06-30T23:59:59.000Z',
      durationMs: 2500,
      head: report([]).scan.head,
    });
    expect(told.rules?.map(({ id }) => id)).toEqual(['rule-1', 'rule-2', 'rule-3']);
    expect(Object.entries(told.excluded)).toEqual([
      ['/a', 1],
      ['/z', 2],
      ['b', 3],
    ]);
    const bare = mergeReports(named(part('/z', { head: undefined, startedAt: 'once' }), part('/y', { head: undefined, durationMs: 500 })));
    expect(bare.scan).not.toHaveProperty('head');
    // Where nobody knows when one began, the times that they took add up.
    expect([bare.scan.durationMs, bare.scan.policy]).toEqual([2000, []]);
    const { rules: _rules, ...older } = report([finding(5)]);
    expect(mergeReports(named(older, report([finding(6)]))).rules?.map(({ id }) => id)).toEqual(['rule-6']);
  });

  test('a report without a commit belongs to any, and its neighbours to each other', () => {
    const of = (head: string | undefined, note: string): ReportV1 => report([], { scan: { ...report([]).scan, head, notes: [note] } });
    const told = mergeReports(named(of(undefined, '1'), of('a'.repeat(40), '2'), of(undefined, '3')));
    expect(told.scan.head).toBe('a'.repeat(40));
    expect(() => mergeReports(named(of(undefined, '1'), of('a'.repeat(40), '2'), of('b'.repeat(40), '3')))).toThrow(
      '0.json and 2.json are of different commits',
    );
  });

  test('says what to do where it refuses', () => {
    const hint = (...reports: ReportV1[]): unknown => {
      try {
        mergeReports(named(...reports));
      } catch (error) {
        return [(error as UserError).message, (error as UserError).hint];
      }
      return undefined;
    };
    expect(hint()).toEqual(['there is no report to merge', 'Name the JSON reports.']);
    expect(hint(a, a)).toEqual(['0.json and 1.json are the same report', 'Name each report once: counts would add up twice.']);
    expect(hint(a, { ...b, tool: { ...b.tool, version: '9' } })).toEqual([
      '0.json and 1.json were made by different versions of keysift',
      'Merge reports of one commit, made by one keysift with the same rules.',
    ]);
    expect(hint(a)).toBeUndefined();
  });

  test('what is merged is a report', () => {
    expect(readReport(JSON.stringify(merged), 'merged.json')).toEqual(merged);
  });

  const other = report([finding(7)]);
  test.each([
    ['were made by different versions of keysift', { ...other, tool: { ...other.tool, version: '9.9.9' } }],
    ['were made with different rules', { ...other, tool: { ...other.tool, rules: 'sha256:1' } }],
    ['are of different commits', { ...other, scan: { ...other.scan, head: 'f'.repeat(40) } }],
    ['are the same report', a],
  ])('refuses reports that %s', (message, stranger) => {
    expect(() => mergeReports(named(a, stranger))).toThrow(`0.json and 1.json ${message}`);
  });
});

describe('readReport', () => {
  test.each([report([]), report([finding(1)]), hostileReport()])('reads what was written', (given) => {
    expect(readReport(JSON.stringify(given, undefined, 2), 'a.json')).toEqual(given);
    expect(readReport(`\ufeff${JSON.stringify(given)}`, 'a.json')).toEqual(given);
  });

  test('reads reports without what newer versions added', () => {
    const { rules: _rules, ...older } = report([finding(1)]);
    const { activeRules: _active, ...tool } = older.tool;
    expect(readReport(JSON.stringify({ ...older, tool }), 'a.json').findings).toHaveLength(1);
  });

  const text = JSON.stringify(report([finding(1), finding(2)]), undefined, 2);
  const lineOfLast = (part: string): number => text.slice(0, text.lastIndexOf(part)).split('\n').length;
  const lastReplaced = (part: string, by: string): string =>
    text.slice(0, text.lastIndexOf(part)) + by + text.slice(text.lastIndexOf(part) + part.length);

  test.each([
    ['', /^a\.json:1:1: no valid JSON/],
    ['{\n  "schemaVersion": 1,\n}', /^a\.json:3:1: no valid JSON/],
    ['{ "schemaVersion": 1 // no\n}', /^a\.json:1:\d+: no valid JSON/],
    ['[]', /^a\.json:1:1: schemaVersion is not as it should be/],
    ['null', /^a\.json:1:1: the document is not as it should be/],
    ['{ "schemaVersion": 2 }', /^a\.json has schemaVersion 2, and this keysift reads 1$/],
    ['{ "findings": [] }', /^a\.json:1:1: schemaVersion is not as it should be/],
    [
      lastReplaced('"redacted": "sk_live_****"', '"redacted": 5'),
      new RegExp(`^a\\.json:${lineOfLast('"redacted"')}:19: findings\\[1\\]\\.redacted is not`),
    ],
    [text.replace('"evidence"', '"evidents"'), /^a\.json:\d+:\d+: findings\[0\]\.evidence is not as it should be/],
    [text.replace('"startLine": 3', '"startLine": 0'), /findings\[0\]\.locations\[0\]\.startLine is not as it should be/],
    [text.replace('"files": 10', '"files": -1'), /counts\.files is not as it should be/],
    [text.replace('"counts": {', '"counts": {\n    "extra": 1,'), /^a\.json:\d+:\d+: counts\.extra is no field of a report$/],
  ])('refuses %.40j', (given, message) => {
    expect(() => readReport(given, 'a.json')).toThrow(UserError);
    expect(() => readReport(given, 'a.json')).toThrow(message);
  });

  test.each([
    ['{', 'a.json:1:2: no valid JSON', 'Give a report that keysift -f json wrote.'],
    ['{ "schemaVersion": 3 }', 'a.json has schemaVersion 3, and this keysift reads 1', 'Use a keysift at least as new as the one that wrote it.'],
    [
      '{ "schemaVersion": "do not print me" }',
      'a.json:1:20: schemaVersion is not as it should be (expected 1)',
      'Give a report that keysift -f json wrote.',
    ],
    [
      text.replace('"counts": {', '"counts": { "0 key": 1,'),
      'a.json:COUNTS: counts.… is no field of a report',
      'Give a report that keysift -f json wrote.',
    ],
  ])('says what to do about %.40j', (given, message, hint) => {
    const line = text.slice(0, text.indexOf('"counts": {')).split('\n').length;
    expect(() => readReport(given, 'a.json')).toThrow(expect.objectContaining({ message: message.replace('COUNTS', `${line}:24`), hint }) as Error);
  });

  test('quotes nothing of the text', () => {
    const hidden = 'do not print me 0123456789';
    for (const broken of [
      `{"${hidden}": 1}`,
      `{"a": ${hidden}}`,
      text.replace('"high"', `"${hidden}"`),
      text.replace('"counts": {', `"counts": { "${hidden}": 1,`),
    ]) {
      expect(() => readReport(broken, 'a.json')).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('do not') as string }) as Error,
      );
    }
  });

  test('a key called __proto__ is data', () => {
    const given = text.replace('"excluded": {}', '"excluded": { "__proto__": 3, "constructor": 4 }');
    readReport(given, 'a.json');
    expect(({} as Record<string, unknown>)['3']).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
