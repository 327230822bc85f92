/** The summary, part by part, in whatever room is left. */
import { describe, expect, test } from 'vitest';
import type { FindingV1, ReportV1 } from '../../src/report/json-v1.ts';
import { serializeMarkdown } from '../../src/report/markdown.ts';
import { finding, half, location, report } from '../support/reports.ts';

/** A text as it is shown: its signs are written as references. */
const shown = (text: string): string =>
  text.replaceAll(/<\/?code>/g, '`').replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
const bytes = (text: string): number => Buffer.byteLength(text);
const text = (more: Partial<FindingV1>): string => shown(serializeMarkdown(report([finding(0, more)])));
/** Findings that want different things done, each with a row and steps of some length. */
const many = (count: number, words: string): FindingV1[] =>
  Array.from({ length: count }, (_, index) =>
    finding(12 * index, { provider: words, ruleId: `rule-${index}`, remedy: { revoke: `${words} ${index}`, steps: [] }, severity: 'high' }),
  );
const STOP = 'the whole report is longer than a summary may be.\n';

describe('room', () => {
  test('without it there is the verdict alone, and below that nothing', () => {
    const given = report(many(3, 'x'));
    const within = (room: number): string => serializeMarkdown(given, { room });
    const alone =
      '## keysift: 3 findings &#40;3 high&#41;\n\nThere is no room for more: this summary holds 1 MiB, and the steps before have used most of it.\n';
    expect([within(-1), within(1999), within(2000), within(49_999)]).toEqual(['', '', alone, alone]);
    expect(within(50_000)).toBe(serializeMarkdown(given));
  });

  test('is used: each part of the report has its share, and what is left out is counted', () => {
    const limit = 60_000;
    const findings = many(400, 'ü'.repeat(100));
    const unit = { unit: 'u'.repeat(100), reason: 'EACCES', detail: '' } as const;
    const given = report(findings, { notScanned: Array.from({ length: 200 }, () => unit) });
    const whole = serializeMarkdown(given, { room: limit });
    expect(bytes(whole)).toBeLessThanOrEqual(limit);
    const [rows = '', units = '', steps = ''] = whole.split(/### (?:Not scanned|What to do)\n/);
    expect(bytes(rows)).toBeGreaterThan(0.8 * limit - 400);
    expect(bytes(rows)).toBeLessThan(0.8 * limit + 100);
    expect(bytes(rows + units)).toBeGreaterThan(0.9 * limit - 100);
    expect(bytes(rows + units)).toBeLessThan(0.9 * limit + 150);
    expect(bytes(whole)).toBeGreaterThan(limit - 2000 - 500);
    const count = (part: string, sign: RegExp): number => part.match(sign)?.length ?? 0;
    const told = count(steps, /<details>/g);
    expect(told).toBeGreaterThan(0);
    expect(rows).toContain(`\n${400 - count(rows, /^\| high/gm)} more findings, not shown: ${STOP}`);
    expect(units).toContain(`\n${200 - count(units, /EACCES/g)} more units, not shown: ${STOP}`);
    expect(steps.endsWith(`\n${400 - told} more of these, not shown: ${STOP}`)).toBe(true);
  });

  test('is a megabyte at most', () => {
    const given = report(many(300, 'x'.repeat(4000)));
    const most = serializeMarkdown(given);
    expect(bytes(most)).toBeLessThanOrEqual(1_000_000);
    expect(bytes(most)).toBeGreaterThan(990_000);
    expect(serializeMarkdown(given, { room: 2_000_000 })).toBe(most);
  });

  test('where all fits nothing is counted', () => {
    const all = serializeMarkdown(report(many(3, 'x'), { notScanned: [{ unit: 'u', reason: 'EACCES', detail: '' }] }));
    expect(all).not.toContain('not shown');
    expect(all).not.toContain('undefined');
    expect(all.match(/<details>/g)).toHaveLength(3);
  });

  test('a long policy does not take the room of findings', () => {
    const given = report(many(1, 'x'));
    const said = (policy: string): string => serializeMarkdown({ ...given, scan: { ...given.scan, policy: [policy] } });
    expect(said('p'.repeat(399_000))).toContain('Policy: ');
    expect(said('p'.repeat(401_000))).not.toContain('Policy: ');
  });
});

describe('what it says', () => {
  const given = report([finding(0)]);
  const said = (more: Partial<ReportV1>): string => shown(serializeMarkdown({ ...given, ...more }));

  test('of the scan', () => {
    const { scan, counts, tool } = given;
    expect(said({})).toMatch(/\n\n[^\n]*, 262 rules\n\n### In the current files\n/);
    expect(said({ tool: { ...tool, activeRules: undefined } })).not.toMatch(/rules|, \n/);
    expect(said({ counts: { ...counts, suppressed: 1200 }, scan: { ...scan, policy: ['a.yaml', 'b.yaml'], notes: ['one', 'two'] } })).toMatch(
      /, 262 rules, 1,200 suppressed\n\nPolicy: `a\.yaml`, `b\.yaml`\n\nNote: one\n\nNote: two\n\n###/,
    );
    const incomplete = /\n\n\*\*[^\n]+\.\*\* No findings elsewhere does not mean that there are none\.\n\n/;
    expect(said({})).not.toMatch(incomplete);
    expect(said({ scan: { ...scan, complete: false } })).toMatch(incomplete);
    expect(said({ notScanned: [{ unit: 'u', reason: 'EACCES', detail: '' }] })).toMatch(incomplete);
  });

  test('of a finding', () => {
    const row = (more: Partial<FindingV1>): string =>
      text(more)
        .split('\n')
        .find((line) => line.startsWith('| critical')) ?? '';
    expect(row({})).toBe(
      '| critical | Live secret key number 0 `sk_live_****`<br>Stripe, high confidence | `src/0.ts:3:5` | in HEAD | 2025-01-02, 100 days |',
    );
    expect(row({ redacted: '' })).toContain('| Live secret key number 0<br>Stripe');
    expect(row({ daysExposed: 0 })).toContain('| 2025-01-02 |');
    expect(row({ daysExposed: undefined })).toContain('| 2025-01-02 |');
    expect(row({ firstSeen: undefined })).toMatch(/\| in HEAD \| {2}\|$/);
    expect(row({ locations: [location('a'), location('b')] })).toContain('| `a:3:5`<br>and 1 more place |');
    expect(row({ halves: [half(1, 'x'), half(2, 'y')] })).toMatch(/high confidence<br>with [^<]*<br>with [^<]* \| `src/);
    const old = row({ state: 'history', locations: [location('a', { state: 'history' })] });
    expect(old).toContain('| `a:3:5`<br>commit `0123456789` |');
    const nowhere = { state: 'history', firstSeen: undefined, lastSeen: undefined } as const;
    expect(row({ ...nowhere, locations: [location('a', { state: 'history', commit: undefined })] })).toContain('| `a:3:5` |');
  });
});
