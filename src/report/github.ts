/**
 * Annotations as GitHub's workflow commands. It shows ten of each level for a step, so no more are written, the most
 * severe first; the rest is counted in a plain line of the log.
 */
import type { Severity } from '../model/severity.ts';
import type { FindingV1, ReportV1 } from './json-v1.ts';
import { messageOf, mostSevereFirst, placeOf } from './place.ts';
import { safeText } from './safe-text.ts';
import { count, verdict, whyNot } from './words.ts';

type Level = 'error' | 'warning' | 'notice';

const PER_LEVEL = 10;
const SHOWN_NOT_SCANNED = 10;
const LEVEL: Readonly<Record<Severity, Level>> = { critical: 'error', high: 'error', medium: 'warning', low: 'notice', info: 'notice' };

export function serializeGithub(report: ReportV1): string {
  const free: Record<Level, number> = { error: PER_LEVEL, warning: PER_LEVEL, notice: PER_LEVEL };
  const lines: string[] = [];
  const { notScanned } = report;
  if (!report.scan.complete || notScanned.length > 0) {
    free.error--;
    const units = notScanned.slice(0, SHOWN_NOT_SCANNED).map((entry) => `${safeText(entry.unit)}: ${safeText(whyNot(entry))}`);
    const more = notScanned.length - units.length;
    const text = [`${count(notScanned.length, 'unit')} not scanned`, ...units, ...(more > 0 ? [`and ${count(more, 'more')}`] : [])];
    lines.push(command('error', { title: 'keysift: the scan is incomplete' }, text.join('\n')));
  }
  let left = 0;
  for (const finding of mostSevereFirst(report.findings)) {
    const level = LEVEL[finding.severity];
    if (free[level] > 0) {
      free[level]--;
      lines.push(annotation(level, finding));
    } else left++;
  }
  const rest = left > 0 ? `; ${left} of them without an annotation, because only ${PER_LEVEL} of each level are shown` : '';
  // Such as a policy that the judged change touches: it must be seen where no summary is.
  lines.push(...report.scan.notes.map((note) => `keysift: note: ${safeText(note)}`), `keysift: ${verdict(report)}${rest}`);
  return `${lines.join('\n')}\n`;
}

function annotation(level: Level, finding: FindingV1): string {
  const place = placeOf(finding);
  const title = `keysift: ${safeText(finding.title)}`;
  const message = safeText(messageOf(finding, place));
  // Of all that steers a terminal, a command can carry line ends alone. A name with more of it is told in the message.
  const carried = place.file.replace(/[\r\n:]/g, '');
  if (!place.current || safeText(carried) !== carried) {
    const where = place.current ? ` In ${safeText(place.file)}:${place.startLine}.` : '';
    return command(level, { title }, `${message}${where} (${safeText(`${finding.ruleId}, ${finding.id}`)})`);
  }
  const { startLine, endLine, startColumn, endColumn } = place;
  // Columns are only understood within one line.
  const columns = startLine === endLine ? { col: startColumn, endColumn: Math.max(startColumn, endColumn - 1) } : {};
  return command(
    level,
    { file: place.file, line: startLine, endLine, ...columns, title },
    `${message} (${safeText(`${finding.ruleId}, ${finding.id}`)})`,
  );
}

function command(level: Level, properties: Readonly<Record<string, string | number>>, message: string): string {
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${listed.join(',')}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
