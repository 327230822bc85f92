/** A scan's report as JSON, field by field: what is there, what is left out, and that a secret is there only on request. */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import type { Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import { renderJson, toReportV1 } from '../../src/report/json.ts';
import { remedyOf } from '../../src/report/remedy.ts';
import { VERSION } from '../../src/report/version.ts';

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id,
  provider: 'Acme',
  title: `Title of ${id}`,
  kind: 'secret',
  severity: 'high',
  confidence: 'medium',
  description: `About ${id}.`,
  scope: 'line',
  matcher: { kind: 'token', forms: [], ignoreCase: false },
  literals: [],
  selfIdentifying: true,
  references: ['https://docs.example.com/keys'],
  ...more,
});
const told = (id: string) => ({
  id,
  title: `Title of ${id}`,
  provider: 'Acme',
  kind: 'secret',
  severity: 'high',
  confidence: 'medium',
  description: `About ${id}.`,
  references: ['https://docs.example.com/keys'],
});

const range = { startLine: 1, startColumn: 2, endLine: 3, endColumn: 4 };
const BARE: Finding = {
  id: 'bare',
  otherIds: ['another'],
  rule: rule('b'),
  secret: new Secret('key-of-twelve-and-more', 'key-'),
  severity: 'low',
  confidence: 'high',
  state: 'worktree',
  evidence: ['why'],
  checks: [],
  locations: [{ file: 'a.ts', ...range, state: 'worktree' }],
};
const bare = {
  id: 'bare',
  ruleId: 'b',
  provider: 'Acme',
  title: 'Title of b',
  kind: 'secret',
  severity: 'low',
  confidence: 'high',
  redacted: String(BARE.secret),
  state: 'worktree',
  evidence: ['why'],
  checks: [],
  remedy: remedyOf(BARE),
  locations: [{ file: 'a.ts', ...range, state: 'worktree' }],
};
const stamp = (commit: string) => ({ commit, author: 'Ada <ada@example.com>', date: '2026-01-02T03:04:05Z' });
const seen = { firstSeen: stamp('1'), lastSeen: stamp('2'), removedIn: stamp('3'), daysExposed: 0 };
const FULL: Finding = {
  ...BARE,
  ...seen,
  id: 'full',
  rule: rule('c'),
  issuer: { provider: 'Other' },
  halves: [{ ...BARE, id: 'half', rule: rule('a') }],
  checks: [
    { rule: rule('check', { revoke: { where: 'there', steps: ['Do it.'] } }), severity: 'info', saw: 'that' },
    { rule: rule('other'), severity: 'high', saw: 'this' },
  ],
  locations: [{ file: 'a.ts', ...range, state: 'head', commit: '1', blob: '2' }],
  morePlaces: true,
};
const full = {
  ...bare,
  ...seen,
  id: 'full',
  ruleId: 'c',
  title: 'Title of c',
  provider: 'Other',
  halves: [{ ...bare, id: 'half', ruleId: 'a', title: 'Title of a' }],
  checks: [
    { ruleId: 'check', title: 'Title of check', severity: 'info', saw: 'that', why: 'About check.', steps: ['Do it.'] },
    { ruleId: 'other', title: 'Title of other', severity: 'high', saw: 'this', why: 'About other.', steps: [] },
  ],
  remedy: remedyOf(FULL),
  locations: [{ file: 'a.ts', ...range, state: 'head', commit: '1', blob: '2' }],
  morePlaces: true,
};

const REPORT: Report = {
  target: '/work',
  sources: ['worktree', 'history'],
  complete: true,
  startedAt: new Date('2026-07-01T00:00:00Z'),
  durationMs: 1500,
  head: '9',
  rules: 'sha256:0',
  activeRules: 7,
  counts: { files: 1, blobs: 2, commits: 3, bytes: 4, matchedBytes: 5 },
  findings: [FULL, BARE],
  suppressed: [
    { finding: BARE, by: 'baseline', reason: '' },
    { finding: FULL, by: 'ignore-file', reason: 'a sample', until: '2027-01-31' },
  ],
  policy: ['a.yaml'],
  notScanned: [{ unit: 'x', reason: 'EACCES', detail: 'closed' }],
  excluded: { binary: 3, large: 4 },
  dropped: [{ file: 'a.ts', offset: 1, ruleId: 'a', filter: 'f', reason: 'r' }],
  notes: ['a note'],
};

describe('a report', () => {
  test('has all that a scan tells, field by field', () => {
    expect(toReportV1(REPORT, { showSecrets: false })).toStrictEqual({
      schemaVersion: 1,
      tool: { name: 'keysift', version: VERSION, rules: 'sha256:0', activeRules: 7 },
      scan: {
        target: '/work',
        sources: ['worktree', 'history'],
        complete: true,
        startedAt: '2026-07-01T00:00:00.000Z',
        durationMs: 1500,
        head: '9',
        notes: ['a note'],
        policy: ['a.yaml'],
      },
      counts: { files: 1, blobs: 2, commits: 3, bytes: 4, matchedBytes: 5, findings: 2, suppressed: 2, notScanned: 1, excluded: 7 },
      rules: [told('a'), told('b'), told('c')],
      findings: [full, bare],
      suppressed: [
        { ...bare, by: 'baseline', reason: '' },
        { ...full, by: 'ignore-file', reason: 'a sample', until: '2027-01-31' },
      ],
      notScanned: [{ unit: 'x', reason: 'EACCES', detail: 'closed' }],
      excluded: { binary: 3, large: 4 },
    });
  });

  test('of a folder without commits has no head', () => {
    const { head: _, ...folder } = REPORT;
    expect(toReportV1(folder, { showSecrets: false }).scan).not.toHaveProperty('head');
  });

  test('holds secrets only where they were asked for, and none where there is none', () => {
    const given = { ...REPORT, findings: [...REPORT.findings, { ...BARE, secret: new Secret('') }] };
    expect(renderJson(given, { showSecrets: false })).not.toContain('twelve');
    const shown = toReportV1(given, { showSecrets: true });
    expect(shown.findings.map(({ secret }) => secret)).toEqual(['key-of-twelve-and-more', 'key-of-twelve-and-more', undefined]);
    expect(shown.findings[0]?.halves?.[0]?.secret).toBe('key-of-twelve-and-more');
    expect(shown.findings[2]).not.toHaveProperty('secret');
    expect(renderJson(given, { showSecrets: true })).toContain('\n      "secret": "key-of-twelve-and-more",');
  });

  test.each([
    ['a\u00c2\u00a7b\u00c3\u00bc', 'a\u00a7b\u00fc'],
    ['a\u00a7b', 'a\u00a7b'],
    ['\u00e2\u0082\u00acx\u00c3', '\u00e2\u0082\u00acx\u00c3'],
  ])('shows a secret of the bytes %j as %j: as text where they are UTF-8', (bytes, text) => {
    const given = { ...REPORT, findings: [{ ...BARE, secret: new Secret(bytes) }] };
    expect(toReportV1(given, { showSecrets: true }).findings[0]?.secret).toBe(text);
  });
});
