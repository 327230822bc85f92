/**
 * JUnit XML, as both the schema of Ant and that of Jenkins want it. A finding is a failed test, what was not scanned an
 * error; a test of its own says whether the scan is complete, so that a clean report is not an empty one.
 */
import type { FindingV1, ReportV1 } from './json-v1.ts';
import { halfStory, isOnlyHistory, messageOf, mostSevereFirst, placeOf } from './place.ts';
import { remedyLines } from './remedy-lines.ts';
import { safeText } from './safe-text.ts';
import { adviceOf, checkWords, incompleteWords, verdict, whenAndWhere, whyNot } from './words.ts';
import { xmlAttributes, xmlText } from './xml.ts';

interface Suite {
  readonly name: string;
  readonly cases: readonly string[];
  readonly failures: number;
  readonly errors: number;
}

export function serializeJunit(report: ReportV1): string {
  const findings = mostSevereFirst(report.findings);
  const current = findings.filter((finding) => !isOnlyHistory(finding));
  const history = findings.filter(isOnlyHistory);
  const { notScanned } = report;
  const incomplete = !report.scan.complete || notScanned.length > 0;
  const suites: Suite[] = [
    {
      name: 'keysift',
      cases: current.map(failedCase),
      failures: current.length,
      errors: 0,
    },
    { name: 'keysift history', cases: history.map(failedCase), failures: history.length, errors: 0 },
    {
      name: 'keysift completeness',
      cases: [completeCase(report, incomplete), ...notScanned.map(missingCase)],
      failures: 0,
      errors: (incomplete ? 1 : 0) + notScanned.length,
    },
  ];
  const body = suites.map((suite, id) => renderSuite(suite, id, report));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body.join('')}</testsuites>\n`;
}

function renderSuite({ name, cases, failures, errors }: Suite, id: number, report: ReportV1): string {
  const attributes = {
    id,
    name,
    package: 'keysift',
    timestamp: withoutZone(report.scan.startedAt),
    hostname: 'localhost',
    tests: cases.length,
    failures,
    errors,
    time: (report.scan.durationMs / 1000).toFixed(3),
  };
  const properties = [
    ['version', report.tool.version],
    ['rules', report.tool.rules],
    ['verdict', verdict(report)],
    ['policy', (report.scan.policy ?? []).join(', ')],
  ]
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `      <property${xmlAttributes({ name: key ?? '', value: value ?? '' })}/>\n`);
  return `  <testsuite${xmlAttributes(attributes)}>
    <properties>
${properties.join('')}    </properties>
${cases.join('')}    <system-out/>
    <system-err/>
  </testsuite>
`;
}

/** `2026-07-01T00:00:00`: the schema allows no zone. */
function withoutZone(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? '1970-01-01T00:00:00' : new Date(time).toISOString().slice(0, 19);
}

function failedCase(finding: FindingV1): string {
  const place = placeOf(finding);
  const details = [
    `${safeText(place.path)}:${place.startLine}:${place.startColumn}`,
    safeText(whenAndWhere(finding).join(' · ')),
    ...(finding.halves ?? []).map((half) => `with: ${safeText(halfStory(half))}`),
    ...finding.evidence.map((evidence) => `why: ${safeText(evidence)}`),
    ...adviceOf(finding).map((check) => `also: ${safeText(checkWords(check))}`),
    ...remedyLines(finding),
    safeText(`rule ${finding.ruleId}, id ${finding.id}`),
  ].join('\n');
  const failure = `<failure${xmlAttributes({ message: messageOf(finding, place), type: finding.severity })}>${xmlLines(details)}</failure>`;
  const name = `${finding.title} in ${place.path}:${place.startLine} (${finding.id.slice(0, 8)})`;
  return `    <testcase${xmlAttributes({ name, classname: `keysift.${finding.ruleId}`, time: '0' })}>${failure}</testcase>\n`;
}

function completeCase(report: ReportV1, incomplete: boolean): string {
  const open = `    <testcase${xmlAttributes({ name: 'everything asked for was scanned', classname: 'keysift.scan', time: '0' })}`;
  if (!incomplete) return `${open}/>\n`;
  const message = incompleteWords(report.notScanned);
  return `${open}><error${xmlAttributes({ message, type: 'incomplete' })}/></testcase>\n`;
}

function missingCase(entry: ReportV1['notScanned'][number]): string {
  const error = `<error${xmlAttributes({ message: whyNot(entry), type: entry.reason })}/>`;
  return `    <testcase${xmlAttributes({ name: `scanned: ${entry.unit}`, classname: 'keysift.not-scanned', time: '0' })}>${error}</testcase>\n`;
}

/** Line feeds of ours stay line feeds; those of names were made visible before. */
function xmlLines(text: string): string {
  return text.split('\n').map(xmlText).join('\n');
}
