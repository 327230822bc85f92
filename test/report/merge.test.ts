import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import type { CheckV1, ReportV1 } from '../../src/report/json-v1.ts';
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
