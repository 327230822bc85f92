/**
 * Each format, byte for byte, as `golden/FORMAT.out`: one report with all that a report can hold, one of nothing and one of
 * a scan that is incomplete. `npx vitest run test/report/golden.test.ts --update` writes the files anew; read what changed.
 */
import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../src/report/formats.ts';
import { SCRIPT } from '../../src/report/html-script.ts';
import { STYLE } from '../../src/report/html-style.ts';
import { check, finding, half, location, render, report } from '../support/reports.ts';

const note = { ...check, ruleId: 'key-in-docs', title: 'Only a note', severity: 'info' } as const;
const places = [
  location('src/[app] {1}/3.ts'),
  location('old/3.ts', { state: 'history', startLine: 7, endLine: 9 }),
  location('new.ts', { commit: undefined, blob: undefined }),
];
const FULL = report(
  [
    finding(3, { severity: 'critical', provider: 'Acme & Sons', checks: [check, note], halves: [half(3)], locations: places }),
    finding(4, { severity: 'high', title: 'A `key` | <of> [somebody]', confidence: 'medium', morePlaces: true }),
    finding(5, { severity: 'medium', state: 'history', locations: [location('gone.ts', { state: 'history', startLine: 41 })] }),
    finding(17, { severity: 'medium', state: 'history', locations: [location('gone.ts', { state: 'history', startLine: 43 })] }),
    finding(6, { severity: 'low', confidence: 'low', kind: 'password', firstSeen: undefined, lastSeen: undefined, daysExposed: undefined }),
    finding(7, {
      severity: 'info',
      evidence: [],
      secret: 'shown, since it was asked for',
      locations: [location('src/7.ts', { state: 'worktree', commit: undefined })],
    }),
  ],
  {
    suppressed: [{ ...finding(8), by: 'ignore-file', reason: 'a sample', until: '2027-01-31' }],
    excluded: { 'binary file': 3, 'too large': 1 },
  },
);
const REPORTS = {
  full: { ...FULL, counts: { ...FULL.counts, suppressed: 1, excluded: 4 }, scan: { ...FULL.scan, notes: ['a shallow clone'], policy: ['a.yaml'] } },
  nothing: report([]),
  incomplete: report([], {
    notScanned: [
      { unit: 'secret/key.pem', reason: 'EACCES', detail: 'its folder is closed' },
      { unit: 'a [b] {c}', reason: 'OBJECT-MISSING', detail: '' },
    ],
  }),
};

describe.each(FORMAT_NAMES)('%s', (name) => {
  test('is what it was', async () => {
    const parts = [];
    for (const [title, given] of Object.entries(REPORTS)) {
      const text = await render(name, given);
      // The page's own style and script have tests of their own, and so have their hashes.
      parts.push(
        `===== ${title}\n${text
          .replace(STYLE, '…')
          .replace(SCRIPT, '…')
          .replace(/sha256-[\w+/=]{44}/g, '…')}`,
      );
    }
    await expect(parts.join('\n')).toMatchFileSnapshot(`golden/${name}.out`);
  });
});
