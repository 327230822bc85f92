/**
 * Reviewdog's diagnostic format. Its columns count bytes of UTF-8, ours characters, and the text of the line is not at
 * hand: so only lines are given, and nothing is marked in the wrong place.
 */
import type { Severity } from '../model/severity.ts';
import type { ReportV1 } from './json-v1.ts';
import { messageOf, mostSevereFirst, placeOf } from './place.ts';
import { each } from './pieces.ts';
import { referenceOf, rulesById } from './rule-texts.ts';
import { jsonPieces } from './safe-json.ts';
import { incompleteWords, whyNot } from './words.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { critical: 'ERROR', high: 'ERROR', medium: 'WARNING', low: 'INFO', info: 'INFO' };
const SHOWN_NOT_SCANNED = 100;

export function serializeRdjson(report: ReportV1): Generator<string> {
  return jsonPieces({ source: { name: 'keysift' }, diagnostics: diagnostics(report) });
}

function* diagnostics(report: ReportV1): Generator {
  const rules = rulesById(report);
  yield* each(mostSevereFirst(report.findings), (finding) => {
    const place = placeOf(finding);
    const url = referenceOf(rules.get(finding.ruleId));
    return {
      message: messageOf(finding, place),
      location: { path: place.path, range: { start: { line: place.startLine }, end: { line: place.endLine } } },
      severity: SEVERITY[finding.severity],
      code: { value: finding.ruleId, ...(url === undefined ? {} : { url }) },
    };
  });
  const { notScanned } = report;
  if (!report.scan.complete || notScanned.length > 0) {
    yield missing('keysift', incompleteWords(notScanned));
    yield* notScanned.slice(0, SHOWN_NOT_SCANNED).map((entry) => missing(entry.unit, `Not scanned: ${whyNot(entry)}`));
  }
}

function missing(path: string, message: string): unknown {
  return { message, location: { path }, severity: 'WARNING', code: { value: 'scan-incomplete' } };
}
