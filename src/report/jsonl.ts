/**
 * The JSON report as lines, an object each, told apart by `type`. The first line says what was scanned, the last one how
 * many lines there were: a stream that was cut lacks it.
 */
import { withPlacesOfHalves } from './half-places.ts';
import type { ReportV1 } from './json-v1.ts';
import { each } from './pieces.ts';
import { jsonText } from './safe-json.ts';

export function* serializeJsonl(report: ReportV1): Generator<string> {
  let lines = 0;
  for (const line of linesOf(report)) {
    lines++;
    yield jsonText(line);
  }
  yield jsonText({ type: 'end', complete: report.scan.complete, lines: lines + 1 });
}

function* linesOf({ schemaVersion, tool, scan, counts, excluded, rules = [], findings, suppressed, notScanned }: ReportV1): Generator {
  yield { type: 'scan', schemaVersion, tool, scan, counts, excluded };
  yield* each(rules, (rule) => ({ type: 'rule', ...rule }));
  yield* each(findings, (finding) => ({ type: 'finding', ...withPlacesOfHalves(finding) }));
  yield* each(suppressed, (finding) => ({ type: 'suppressed', ...withPlacesOfHalves(finding) }));
  yield* each(notScanned, (entry) => ({ type: 'notScanned', ...entry }));
}
