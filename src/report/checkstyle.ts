/** Checkstyle's XML: files with errors in them. */
import type { Severity } from '../model/severity.ts';
import type { FindingV1, ReportV1 } from './json-v1.ts';
import { messageOf, mostSevereFirst, placeOf } from './place.ts';
import { each } from './pieces.ts';
import { incompleteWords, whyNot } from './words.ts';
import { xmlAttributes } from './xml.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'info', info: 'info' };

/** What stands in a file, or that the scan is incomplete. Words are made when they are written. */
type Problem = FindingV1 | ReportV1['notScanned'][number] | 'incomplete';

export function* serializeCheckstyle(report: ReportV1): Generator<string> {
  const { notScanned } = report;
  const files = new Map<string, Problem[]>();
  const add = (file: string, problem: Problem): void => {
    const problems = files.get(file);
    if (problems === undefined) files.set(file, [problem]);
    else problems.push(problem);
  };
  for (const finding of mostSevereFirst(report.findings)) add(placeOf(finding).path, finding);
  if (!report.scan.complete || notScanned.length > 0) {
    add('keysift', 'incomplete');
    for (const entry of notScanned) add(entry.unit, entry);
  }
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="8.0">\n';
  for (const [file, problems] of files) {
    yield `  <file${xmlAttributes({ name: file })}>\n`;
    yield* each(problems, (problem) => `    <error${xmlAttributes(attributesOf(problem, notScanned))}/>\n`);
    yield '  </file>\n';
  }
  yield '</checkstyle>\n';
}

function attributesOf(problem: Problem, notScanned: ReportV1['notScanned']): Readonly<Record<string, string | number>> {
  if (problem === 'incomplete') return { line: 1, severity: 'error', message: incompleteWords(notScanned), source: 'keysift.scan-incomplete' };
  if ('unit' in problem) return { line: 1, severity: 'warning', message: `Not scanned: ${whyNot(problem)}`, source: `keysift.${problem.reason}` };
  const place = placeOf(problem);
  return {
    line: place.startLine,
    column: place.startColumn,
    severity: SEVERITY[problem.severity],
    message: messageOf(problem, place),
    source: `keysift.${problem.ruleId}`,
  };
}
