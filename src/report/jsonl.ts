/**
 * The JSON report as lines, an object each, told apart by `type`. The first line says what was scanned, the last one how
 * many lines there were: a stream that was cut lacks it.
 */
import { withPlacesOfHalves } from './half-places.ts';
import type { ReportV1 } from './json-v1.ts';
import { jsonText } from './safe-json.ts';

export function serializeJsonl(given: ReportV1): string {
  const report = withPlacesOfHalves(given);
  const { schemaVersion, tool, scan, counts, excluded } = report;
  const lines: unknown[] = [
    { type: 'scan', schemaVersion, tool, scan, counts, excluded },
    ...(report.rules ?? []).map((rule) => ({ type: 'rule', ...rule })),
    ...report.findings.map((finding) => ({ type: 'finding', ...finding })),
    ...report.suppressed.map((finding) => ({ type: 'suppressed', ...finding })),
    ...report.notScanned.map((entry) => ({ type: 'notScanned', ...entry })),
  ];
  return [...lines, { type: 'end', complete: scan.complete, lines: lines.length + 1 }].map((line) => jsonText(line)).join('');
}
