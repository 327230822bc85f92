/** The page for people: what it says of a scan and of each finding, piece by piece. */
import { describe, expect, test } from 'vitest';
import { serializeHtml } from '../../src/report/html.ts';
import type { FindingV1, LocationV1 } from '../../src/report/json-v1.ts';
import { check, finding, half, location, report } from '../support/reports.ts';

/** Findings of one rule that want the same done, none with anything else to tell. */
function plain(count: number, more: Partial<FindingV1> = {}): FindingV1[] {
  return Array.from({ length: count }, (_, index) =>
    finding(12 * index, { evidence: [], locations: [location('a.ts')], daysExposed: 0, ...more, id: `id-${index}` }),
  );
}

/** The words of a page, or of a part of it, without its mark-up. */
function words(html: string): string {
  return html
    .replaceAll(/<style>.*?<\/style>|<script>.*?<\/script>|<select.*?<\/select>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&gt;', '>')
    .trim();
}

const pageOf = (...findings: readonly FindingV1[]): string => words(serializeHtml(report(findings)));
/** What a page says of the one finding in it. */
const told = (more: Partial<FindingV1>): string => words(/<details.*?<h4>/s.exec(serializeHtml(report(plain(1, more))))?.[0] ?? '');
const places = (count: number, more: Partial<LocationV1> = {}): LocationV1[] =>
  Array.from({ length: count }, (_, index) => location(`f${index}.ts`, more));

describe('a finding', () => {
  test('says where it is, and how long it has been there', () => {
    expect(told({})).toBe(
      'critical Live secret key number 0 sk_live_**** Stripe · in HEAD · a.ts:3:5 First 2025-01-02 in 0123456789 by Ada Example.',
    );
    expect(told({ daysExposed: 1234 })).toContain(' · 1,234+ days · ');
    expect(told({ daysExposed: undefined })).not.toContain('days');
  });

  test('counts its other places, and lists twenty of them', () => {
    expect(told({ locations: places(1) })).not.toMatch(/\+\d|Also/);
    expect(told({ locations: places(2) })).toMatch(/f0\.ts:3:5 \+1 place .*Also in f1\.ts:3:5 /);
    expect(told({ locations: places(3), morePlaces: true })).toContain('f0.ts:3:5 +more than 2 places ');
    expect(told({ locations: places(3) })).toMatch(/Also in f1\.ts:3:5 .* f2\.ts:3:5 /);
    const listed = (more: Partial<FindingV1>): string[] => told(more).match(/f\d+\.ts:3:5|and .*?places?\b/g) ?? [];
    expect(listed({ locations: places(21) })).toHaveLength(21);
    expect(listed({ locations: places(22) }).slice(-2)).toEqual(['f20.ts:3:5', 'and 1 more place']);
    expect(listed({ locations: places(23), morePlaces: true }).at(-1)).toBe('and more than 2 more places');
  });

  test.each([
    ['column', { startColumn: 9 }, 'a.ts:3:9'],
    ['line', { startLine: 9 }, 'a.ts:9:5'],
    ['state', { state: 'branch' }, 'a.ts:3:5'],
  ] as const)('a place that differs in its %s alone is another one', (_what, other, place) => {
    expect(told({ locations: [location('a.ts'), location('a.ts', other)] })).toContain(`Also in ${place} `);
  });

  test('of a place in the history it tells the commit', () => {
    const commit = 'fedcba98'.repeat(5);
    expect(told({ locations: [location('a.ts'), location('b.ts', { state: 'history', commit })] })).toMatch(/b\.ts:3:5 [^,]+, commit fedcba98fe$/);
    expect(told({ locations: [location('a.ts'), location('b.ts', { commit: undefined })] })).not.toContain('commit');
  });

  test('tells who brought it, and who had it last where it is gone', () => {
    const seen = finding(0);
    expect(told({})).toContain('First 2025-01-02 in 0123456789 by Ada Example.');
    expect(told({ state: 'history' })).toContain('by Ada Example, last 2026-01-01 in 76543210fe by Bob Example.');
    expect(told({ state: 'history', lastSeen: seen.firstSeen })).not.toContain(', last');
    expect(told({ state: 'history', lastSeen: undefined })).not.toContain(', last');
    expect(told({ firstSeen: undefined })).not.toContain('First');
  });

  test('tells why it is believed, what else is wrong, and the other half of its pair', () => {
    expect(told({ evidence: ['one', 'two'] })).toContain(' High confidence: one; two');
    expect(told({})).not.toContain('confidence');
    expect(told({ checks: [check, { ...check, title: 'Other' }] })).toMatch(/Also: Real key as a fallback[^;]*; Other/);
    const [one] = [half(1, 'b.ts')];
    expect(told({ halves: [{ ...one, evidence: ['x', 'y'] }] })).toMatch(
      /With Access key id of b\.ts AKIA\*{4} in b\.ts:7:5 [^:]*: x; y Also in more\/b\.ts:8:5 only in history, commit 0123456789$/,
    );
    const bare = { ...one, evidence: [], locations: one.locations.slice(0, 1) };
    expect(told({ halves: [bare, { ...bare, title: 'Second' }] })).toMatch(/AKIA\*{4} in b\.ts:7:5 [^:;]* With Second AKIA/);
  });

  test('has a mask where it is of a secret', () => {
    expect(serializeHtml(report(plain(1)))).toMatch(/<h3>[^<]* <code>sk_live_\*{4}<\/code><\/h3>/);
    expect(serializeHtml(report(plain(1, { redacted: '' })))).toMatch(/<h3>[^<]*<\/h3>/);
  });
});

describe('what to do', () => {
  test('stands with each of a hundred findings, and beyond once for those that want the same', () => {
    const own = serializeHtml(report(plain(100)));
    expect([own.match(/<h4>What to do<\/h4>/g)?.length, own.includes('href=#do-')]).toEqual([100, false]);
    const other = { remedy: { revoke: 'Elsewhere', steps: ['Ask.'] } };
    const shared = serializeHtml(
      report([...plain(100), ...plain(1, other).map((one) => ({ ...one, id: 'other', ruleId: 'rule-1', title: 'Other' }))]),
    );
    expect(shared.match(/<a href=#do-1>What to do<\/a>/g)).toHaveLength(100);
    expect(shared.match(/<a href=#do-2>What to do<\/a>/g)).toHaveLength(1);
    const section = /<h2 id="steps">.*?<\/section>/s.exec(shared)?.[0] ?? '';
    expect([...section.matchAll(/id="(do-\d)"/g)].map(([, id]) => id)).toEqual(['do-1', 'do-2']);
    expect(words(section)).toMatch(
      /^What to do .* Dashboard → API keys Add a second key\. .* Rule rule-0 Other Opens everything\. Elsewhere Ask\. .* Rule rule-1$/,
    );
    expect(section).toContain('</div>\n<div');
  });

  test('says what its rule says, with links that lead to the web', () => {
    const given = report(plain(1));
    const text = (description: string, references: string[]): string =>
      serializeHtml({ ...given, rules: given.rules?.map((rule) => ({ ...rule, description, references })) ?? [] });
    expect(text('Opens <all>.', ['https://a.example/x', 'javascript:x'])).toMatch(
      /<p class="soft">Opens &lt;all&gt;\.<\/p><p><b>.*<ul class="links"><li><a rel="noreferrer" href="https:\/\/a\.example\/x">https:\/\/a\.example\/x<\/a><\/li><\/ul><p class="soft">Rule/,
    );
    expect(text('', [])).toMatch(/<h4>What to do<\/h4><p><b>.*<\/ol><p class="soft">Rule rule-0 · id /);
    expect(serializeHtml({ ...given, rules: [] })).toMatch(/<h4>What to do<\/h4><p><b>.*<\/ol><p class="soft">Rule rule-0 · id /);
  });
});

describe('the page', () => {
  test('opens twenty findings, and no more at once', () => {
    const opened = (count: number): number => serializeHtml(report(plain(count))).match(/<details [^>]*open>/g)?.length ?? 0;
    expect([opened(20), opened(21)]).toEqual([20, 0]);
  });

  test('has a part for the current files and one for the history, which count', () => {
    expect(pageOf(...plain(2))).toMatch(/In the current files \(2\)/);
    expect(pageOf(...plain(2))).not.toMatch(/Only in history|not on this page/);
    const old = plain(1, { state: 'history', locations: [location('a', { state: 'history' })] });
    expect(pageOf(...old)).toContain('Only in history and on other branches (1)');
    expect(pageOf(...old)).not.toContain('In the current files (');
  });

  test('tells whether the scan was whole', () => {
    const given = report([]);
    const { scan } = given;
    const said = (more: Partial<typeof given>): string => words(serializeHtml({ ...given, ...more }));
    expect(said({})).toContain('No findings Everything that was asked for was scanned.');
    expect(said({})).not.toMatch(/Incomplete|Overview|Severity/);
    const stopped = said({ scan: { ...scan, complete: false } });
    expect(stopped).toContain('No findings in what was scanned The scan is incomplete.');
    expect(stopped).toMatch(/Incomplete: 0 units not scanned\. What is in them is unknown\. Scanned/);
    const unit = { unit: 'a.bin', reason: 'EACCES', detail: '' } as const;
    const missing = said({ notScanned: [unit] });
    expect(missing).toContain('Incomplete: 1 unit not scanned. What is in them is unknown. Which, and why');
    const rows = (count: number): string => said({ notScanned: Array.from({ length: count }, (_, index) => ({ ...unit, unit: `u${index}.` })) });
    expect(rows(200)).toMatch(/u199\. .*/);
    expect(rows(200)).not.toContain('the JSON report lists them all');
    expect(rows(202)).not.toContain('u200.');
    expect(rows(202)).toContain('and 2 more units: the JSON report lists them all');
    expect(pageOf(...plain(1))).toMatch(/1 finding .*Everything that was asked for was scanned\. \w/);
  });

  test('tells the facts of the scan, and none that it lacks', () => {
    const given = report(plain(1));
    const full = words(
      serializeHtml({
        ...given,
        scan: { ...given.scan, policy: ['a.yaml', 'b.yaml'], notes: ['one', 'two'] },
        counts: { ...given.counts, suppressed: 1200 },
      }),
    );
    expect(full).toMatch(
      /Note: one Note: two Scanned \/work\/repository What worktree, history .* HEAD 0123456789 keysift 0\.0\.0, 262 rules Rules sha256:0{12} Policy a\.yaml, b\.yaml Suppressed 1,200/,
    );
    const bare = words(serializeHtml({ ...given, tool: { ...given.tool, activeRules: undefined }, scan: { ...given.scan, head: undefined } }));
    expect(bare).toMatch(/Took 1\.5 s keysift 0\.0\.0 Rules sha256:0{12} Overview/);
  });

  test('tells what was left out on purpose', () => {
    expect(words(serializeHtml(report([], { excluded: { binary: 1200 } })))).toMatch(/Left out on purpose Reason Units \S+ 1,200$/);
    expect(pageOf()).not.toContain('Left out');
  });

  test('filters by each provider once, in the order of letters, with names that fit', () => {
    const given = ['beta', 'Alpha', 'beta', `c${'x'.repeat(80)}`].map((provider, index) => finding(index, { provider }));
    const choices = [
      ...(/<select name="provider">(.*?)<\/select>/s.exec(serializeHtml(report(given)))?.[1]?.matchAll(/<option value="(.*?)">(.*?)</g) ?? []),
    ];
    expect(choices.map(([, value, shown]) => [value, shown])).toEqual([
      ['', 'all'],
      ['Alpha', 'Alpha'],
      ['beta', 'beta'],
      [`c${'x'.repeat(80)}`, `c${'x'.repeat(59)}`],
    ]);
  });
});
