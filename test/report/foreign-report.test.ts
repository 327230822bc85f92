/** A JSON report that somebody else made: whatever stands in any of its texts, no format lets it steer a terminal or a log. */
import { describe, expect, test } from 'vitest';
import { stylesFor } from '../../src/cli/colour.ts';
import { explainFinding } from '../../src/report/explain.ts';
import { FORMAT_NAMES } from '../../src/report/formats.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { readReport } from '../../src/report/read-report.ts';
import { check, finding, render, report } from '../support/reports.ts';

const HOSTILE = 'x\u001b]0;title\u0007\u009b31m\u202e\u200b\r::error::gone ##[error]gone';
const FORGED = '\n::error::forged';
/** All but line feeds and the carriage returns of CSV. */
const STEERING = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\r(?!\n)|##\[|##vso\[/;

/** The same report with every text replaced that its schema leaves free. */
function poisoned(given: ReportV1): ReportV1 {
  const fixed = new Set(['kind', 'severity', 'confidence', 'state', 'by', 'reason', 'name']);
  const replace = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return fixed.has(key) ? value : HOSTILE + FORGED;
    if (Array.isArray(value)) return value.map((item) => replace(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner, name)]));
  };
  return readReport(JSON.stringify(replace(given, '')), 'report.json');
}

const one = finding(1, { checks: [check] });
const FOREIGN = poisoned(
  report([one, finding(2, { state: 'history' })], {
    suppressed: [{ ...finding(3), by: 'inline', reason: 'x', until: '2030-01-01' }],
    notScanned: [{ unit: 'u', reason: 'EACCES', detail: 'd' }],
    scan: { ...report([]).scan, complete: false, notes: ['n'], policy: ['p'] },
    excluded: { [HOSTILE]: 1 },
  }),
);

describe('every text of a report is anybody’s', () => {
  test.each(FORMAT_NAMES)('%s', async (name) => {
    const options = { styles: stylesFor(false), verbose: true, quiet: false, suppressed: true };
    for (const columns of [80, Number.POSITIVE_INFINITY]) {
      const text = await render(name, FOREIGN, { ...options, columns });
      expect(text).not.toMatch(STEERING);
      expect(text).not.toMatch(/^::error::forged/m);
    }
  });

  test('explain', () => {
    const [first] = FOREIGN.findings;
    const text = first === undefined ? '' : explainFinding(first, undefined);
    expect(text).toContain('\\x1b]0;title');
    expect(text).not.toMatch(STEERING);
    expect(text).not.toMatch(/^\s*::error::/m);
  });
});
