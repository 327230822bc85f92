/**
 * CSV for spreadsheets, a row a finding and a row for each unit that was not scanned; the first row says how the scan
 * ended. A cell that a spreadsheet would compute gets an apostrophe in front.
 */
import type { FindingV1, ReportV1 } from './json-v1.ts';
import { halfStory, mostSevereFirst, placeOf } from './place.ts';
import { each } from './pieces.ts';
import { safeText } from './safe-text.ts';
import { adviceOf, checkWords, maskOf, STATE_WORDS, verdict, whyNot } from './words.ts';

const COLUMNS = [
  'kind',
  'id',
  'severity',
  'confidence',
  'rule',
  'provider',
  'title',
  'redacted',
  'category',
  'state',
  'file',
  'line',
  'column',
  'commit',
  'first_seen',
  'first_commit',
  'author',
  'last_seen',
  'last_commit',
  'days_exposed',
  'places',
  'why',
  'revoke',
  'steps',
  'also',
  'with',
] as const;
type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number>>>;

/** Signs that begin a formula, also in their wide forms. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;

export function* serializeCsv(report: ReportV1): Generator<string> {
  yield line(COLUMNS);
  yield* each(rows(report), (row) => line(COLUMNS.map((column) => row[column] ?? '')));
}

function* rows(report: ReportV1): Generator<Row> {
  yield { kind: 'scan', title: verdict(report), state: report.scan.complete ? 'complete' : 'incomplete', file: report.scan.target };
  yield* each(mostSevereFirst(report.findings), findingRow);
  yield* each(report.notScanned, (entry) => ({ kind: 'not-scanned', rule: entry.reason, file: entry.unit, why: whyNot(entry) }));
}

function line(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function findingRow(finding: FindingV1): Row {
  const place = placeOf(finding);
  const { firstSeen, lastSeen } = finding;
  return {
    kind: 'finding',
    id: finding.id,
    severity: finding.severity,
    confidence: finding.confidence,
    rule: finding.ruleId,
    provider: finding.provider,
    title: finding.title,
    redacted: maskOf(finding),
    category: place.current ? 'current' : 'history',
    state: STATE_WORDS[finding.state],
    file: place.file,
    line: place.startLine,
    column: place.startColumn,
    commit: place.commit ?? '',
    first_seen: firstSeen?.date ?? '',
    first_commit: firstSeen?.commit ?? '',
    author: firstSeen?.author ?? '',
    last_seen: lastSeen?.date ?? '',
    last_commit: lastSeen?.commit ?? '',
    days_exposed: finding.daysExposed ?? '',
    places: finding.morePlaces === true ? `more than ${finding.locations.length}` : finding.locations.length,
    why: finding.evidence.join('; '),
    revoke: finding.remedy.revoke,
    steps: finding.remedy.steps.join(' '),
    also: adviceOf(finding).map(checkWords).join('; '),
    with: (finding.halves ?? []).map(halfStory).join('; '),
  };
}

/** Line ends and the like are visible escapes: many spreadsheets break rows at them, quoted or not. */
function cell(value: string | number): string {
  const text = safeText(String(value));
  return `"${(FORMULA.test(text) && typeof value === 'string' ? `'${text}` : text).replaceAll('"', '""')}"`;
}
