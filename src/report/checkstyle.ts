/** Checkstyle's XML: files with errors in them. */
import type { Severity } from '../model/severity.ts';
import type { ReportV1 } from './json-v1.ts';
import { messageOf, mostSevereFirst, placeOf } from './place.ts';
import { incompleteWords, whyNot } from './words.ts';
import { xmlAttributes } from './xml.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'info', info: 'info' };

export function* serializeCheckstyle(report: ReportV1): Generator<string> {
  const files = new Map<string, string[]>();
  const add = (file: string, attributes: Readonly<Record<string, string | number>>): void => {
    const errors = files.get(file) ?? [];
    errors.push(`    <error${xmlAttributes(attributes)}/>\n`);
    files.set(file, errors);
  };
  for (const finding of mostSevereFirst(report.findings)) {
    const place = placeOf(finding);
    add(place.path, {
      line: place.startLine,
      column: place.startColumn,
      severity: SEVERITY[finding.severity],
      message: messageOf(finding, place),
      source: `keysift.${finding.ruleId}`,
    });
  }
  const { notScanned } = report;
  if (!report.scan.complete || notScanned.length > 0) {
    const message = incompleteWords(notScanned);
    add('keysift', { line: 1, severity: 'error', message, source: 'keysift.scan-incomplete' });
    for (const entry of notScanned) {
      add(entry.unit, { line: 1, severity: 'warning', message: `Not scanned: ${whyNot(entry)}`, source: `keysift.${entry.reason}` });
    }
  }
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="8.0">\n';
  for (const [file, errors] of files) {
    yield `  <file${xmlAttributes({ name: file })}>\n`;
    yield* errors;
    yield '  </file>\n';
  }
  yield '</checkstyle>\n';
}
