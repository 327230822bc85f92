/** GitLab's code quality report, a subset of the Code Climate format: a list of issues, each with one place. */
import type { Severity } from '../model/severity.ts';
import type { ReportV1 } from './json-v1.ts';
import { messageOf, mostSevereFirst, placeOf } from './place.ts';
import { each } from './pieces.ts';
import { itemPieces } from './safe-json.ts';
import { incompleteWords, whyNot } from './words.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', info: 'info' };
const SHOWN_NOT_SCANNED = 100;

export function* serializeCodequality(report: ReportV1): Generator<string> {
  yield* itemPieces(issues(report));
  yield '\n';
}

function* issues(report: ReportV1): Generator {
  yield* each(mostSevereFirst(report.findings), (finding) => {
    const place = placeOf(finding);
    return {
      description: messageOf(finding, place),
      check_name: finding.ruleId,
      fingerprint: finding.id,
      severity: SEVERITY[finding.severity],
      categories: ['Security'],
      location: { path: place.path, lines: { begin: place.startLine, end: place.endLine } },
    };
  });
  yield* incomplete(report);
}

/** The format has no place for an incomplete scan, so it is an issue like the others. */
function incomplete({ scan, notScanned }: ReportV1): unknown[] {
  if (scan.complete && notScanned.length === 0) return [];
  const issue = (fingerprint: string, path: string, description: string): unknown => ({
    description,
    check_name: 'scan-incomplete',
    fingerprint,
    severity: 'major',
    categories: ['Security'],
    location: { path, lines: { begin: 1 } },
  });
  const total = incompleteWords(notScanned);
  return [
    issue('scan-incomplete', 'keysift', total),
    ...notScanned
      .slice(0, SHOWN_NOT_SCANNED)
      .map((entry, index) => issue(`scan-incomplete-${index + 1}-${entry.reason}`, entry.unit, `Not scanned: ${entry.unit}: ${whyNot(entry)}`)),
  ];
}
