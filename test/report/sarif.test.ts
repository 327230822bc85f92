/** SARIF, part by part: what a consumer reads of runs, rules, results and their places. */
import { describe, expect, test } from 'vitest';
import type { FindingV1, ReportV1, RuleV1 } from '../../src/report/json-v1.ts';
import { serializeSarif } from '../../src/report/sarif.ts';
import { finding, location, report } from '../support/reports.ts';

type Plain = Readonly<Record<string, unknown>>;
interface Run {
  readonly automationDetails: { readonly id: string };
  readonly tool: { readonly driver: { readonly rules: readonly Plain[] } };
  readonly invocations: readonly [{ readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly Plain[] }];
  readonly results: readonly (Plain & {
    readonly properties: Plain;
    readonly relatedLocations?: readonly Plain[];
    readonly locations: readonly Plain[];
  })[];
  readonly properties: Plain;
}

const runs = (given: ReportV1): readonly Run[] => (JSON.parse([...serializeSarif(given)].join('')) as { runs: readonly Run[] }).runs;
const result = (more: Partial<FindingV1>): Run['results'][number] | undefined => runs(report([finding(0, more)]))[0]?.results[0];
const UNIT = { unit: 'a.bin', reason: 'EACCES', detail: '' } as const;

test('a report that is long enough to be packed and measured has all its results', () => {
  // Less than the limit, but by how much only packing tells.
  const many = Array.from({ length: 40 }, (_, index) => finding(index, { evidence: [`${index} `.repeat(40_000)] }));
  expect(
    runs(report(many))[0]
      ?.results.map(({ properties }) => properties['id'])
      .toSorted(),
  ).toEqual(many.map(({ id }) => id));
});

describe('runs', () => {
  const given = report([finding(0)]);
  const from = (...sources: ReportV1['scan']['sources']): string[] =>
    runs({ ...given, scan: { ...given.scan, sources: [...sources] } }).map(({ automationDetails }) => automationDetails.id);

  test('one of the history is there where it was looked at, or holds something', () => {
    expect(from('worktree', 'history')).toEqual(['keysift/', 'keysift-history/']);
    expect(from('range')).toEqual(['keysift/', 'keysift-history/']);
    expect(from('worktree')).toEqual(['keysift/']);
    const old = report([finding(0), finding(1, { state: 'history' })], { scan: { ...given.scan, sources: ['worktree'] } });
    expect(runs(old).map(({ results }) => results.map(({ properties }) => properties['id']))).toEqual([[finding(0).id], [finding(1).id]]);
    expect(runs(old).map(({ tool }) => tool.driver.rules.map(({ id }) => id))).toEqual([['rule-0'], ['rule-1']]);
  });

  test('a scan is a success where it was whole', () => {
    const success = (more: Partial<ReportV1>): boolean | undefined => runs({ ...given, ...more })[0]?.invocations[0].executionSuccessful;
    expect(success({})).toBe(true);
    expect(success({ scan: { ...given.scan, complete: false } })).toBe(false);
    expect(success({ notScanned: [UNIT] })).toBe(false);
  });

  test('a thousand units that were not scanned are told, and the rest counted', () => {
    const told = (count: number): readonly Plain[] =>
      runs({ ...given, notScanned: Array.from({ length: count }, () => UNIT) })[0]?.invocations[0].toolExecutionNotifications ?? [];
    expect([told(0), told(1000).length]).toEqual([[], 1000]);
    expect(told(1)).toEqual([
      { level: 'error', descriptor: { id: 'EACCES' }, message: { text: expect.stringMatching(/^Not scanned: a\.bin: ./) as string } },
    ]);
    expect([told(1002).length, told(1002).at(-1)]).toEqual([
      1001,
      { level: 'error', descriptor: { id: 'NOT-SCANNED' }, message: { text: 'And 2 more units not scanned.' } },
    ]);
  });

  test('facts that a scan lacks are left out', () => {
    expect(runs({ ...given, scan: { ...given.scan, policy: ['a.yaml'] } })[0]?.properties).toEqual({
      verdict: expect.stringContaining('1 finding') as string,
      complete: true,
      totalFindings: 1,
      findingsLeftOut: 0,
      suppressed: 0,
      notScanned: 0,
      head: given.scan.head,
      policy: ['a.yaml'],
    });
    const bare = runs({ ...given, scan: { ...given.scan, head: undefined } })[0]?.properties;
    expect(bare).not.toHaveProperty('head');
    expect(bare).not.toHaveProperty('policy');
  });
});

describe('rules', () => {
  const rule = (more: Partial<RuleV1>): Plain | undefined => {
    const given = report([finding(1), finding(0)]);
    return runs({ ...given, rules: given.rules?.map((one) => ({ ...one, ...more })) ?? [] })[0]?.tool.driver.rules[0];
  };

  test('say what they are about, what to do, and where to read on', () => {
    const references = ['https://a.example/x', 'javascript:x', 'http://b.example'];
    expect(rule({ description: 'Opens [all].', references })).toMatchObject({
      id: 'rule-0',
      fullDescription: { text: 'Opens [all].' },
      helpUri: 'https://a.example/x',
      help: {
        text: expect.stringMatching(/^Opens \[all\]\.\n\n[^]*Delete the leaked key\.\nhttps:\/\/a\.example\/x\nhttp:\/\/b\.example$/) as string,
        markdown: expect.stringMatching(
          /^Opens \\\[all\\\]\.\n\n- [^]*- 3\. Delete the leaked key\.\n\n<https:\/\/a\.example\/x>\n<http:\/\/b\.example>$/,
        ) as string,
      },
    });
    const bare = rule({ description: '', title: 'A title', references: [] });
    expect(bare).toMatchObject({ fullDescription: { text: 'A title' } });
    expect(bare).not.toHaveProperty('helpUri');
  });

  test('tell the steps of a finding of theirs', () => {
    const one = finding(1, { remedy: { revoke: 'One', steps: [] } });
    const zero = finding(0, { remedy: { revoke: 'Zero', steps: [] } });
    const texts = runs(report([one, zero]))[0]?.tool.driver.rules.map(({ help }) => (help as { text: string }).text);
    expect(texts).toEqual([expect.stringContaining('Zero'), expect.stringContaining('One')]);
  });

  test('have titles as long as are taken', () => {
    const name = (length: number): unknown => rule({ title: 'x'.repeat(length) })?.['name'];
    expect([name(255), name(256)]).toEqual(['x'.repeat(255), `${'x'.repeat(254)}…`]);
  });
});

describe('a result', () => {
  test('tells what is known of its time, and nothing else', () => {
    const { firstSeen, lastSeen } = finding(0);
    expect(result({})?.properties).toMatchObject({ firstSeen, lastSeen, daysExposed: 100, places: 1 });
    const bare = result({ firstSeen: undefined, lastSeen: undefined, daysExposed: undefined })?.properties ?? {};
    for (const name of ['firstSeen', 'lastSeen', 'daysExposed', 'morePlaces', 'checks', 'halves']) expect(bare).not.toHaveProperty(name);
  });

  test.each([
    ['file', { file: 'b.ts' }],
    ['line', { startLine: 9 }],
    ['column', { startColumn: 9 }],
    ['state', { state: 'branch' }],
    ['content', { blob: 'fe'.repeat(20) }],
  ] as const)('a place that differs in its %s alone is another one', (_what, more) => {
    expect(result({ locations: [location('a.ts'), location('a.ts', more)] })?.relatedLocations).toMatchObject([{ id: 1 }]);
    expect(result({ locations: [location('a.ts'), location('a.ts')] })).not.toHaveProperty('relatedLocations');
  });

  test('a hundred other places are told', () => {
    const locations = Array.from({ length: 103 }, (_, index) => location(`f${index}.ts`));
    expect(result({ locations })?.relatedLocations).toHaveLength(100);
  });

  test('of a place that is not in the current files the message says where it is', () => {
    const never = { firstSeen: undefined, lastSeen: undefined };
    const place = (more: object): Plain | undefined =>
      result({ state: 'history', locations: [location('a.ts', { state: 'history', ...more })] })?.locations[0];
    const old = (more: object): Plain | undefined =>
      runs(report([finding(0, { ...never, state: 'history', locations: [location('a.ts', { state: 'history', ...more })] })]))[1]?.results[0]
        ?.locations[0];
    expect(place({})).toBeUndefined();
    const { commit, blob } = location('a.ts');
    expect(old({})).toMatchObject({ message: { text: `a.ts:3 of commit ${commit}` }, properties: { file: 'a.ts', state: 'history', commit, blob } });
    const bare = old({ commit: undefined, blob: undefined });
    expect(bare).toMatchObject({ message: { text: 'a.ts:3' }, properties: { file: 'a.ts', state: 'history' } });
    expect(Object.keys((bare?.['properties'] as object | undefined) ?? {})).toEqual(['file', 'state']);
    expect(result({})?.locations[0]).not.toHaveProperty('message');
  });
});
