/**
 * JUnit XML, as both the schema of Ant and that of Jenkins want it. A finding is a failed test, what was not scanned an
 * error; a test of its own says whether the scan is complete, so that a clean report is not an empty one.
 */
import type { FindingV1, ReportV1 } from './json-v1.ts';
import { halfStory, isOnlyHistory, messageOf, mostSevereFirst, placeOf } from './place.ts';
import { each } from './pieces.ts';
import { remedyLines } from './remedy-lines.ts';
import { safeText } from './safe-text.ts';
import { adviceOf, checkWords, incompleteWords, verdict, whenAndWhere, whyNot } from './words.ts';
import { xmlAttributes, xmlText } from './xml.ts';

interface Suite {
  readonly name: string;
  readonly cases: Iterable<string>;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

export function* serializeJunit(report: ReportV1): Generator<string> {
  const findings = mostSevereFirst(report.findings);
  const current = findings.filter((finding) => !isOnlyHistory(finding));
  const history = findings.filter(isOnlyHistory);
  const { notScanned } = report;
  const incomplete = !report.scan.complete || notScanned.length > 0;
  const suites: Suite[] = [
    suiteOf('keysift', current),
    suiteOf('keysift history', history),
    {
      name: 'keysift completeness',
      cases: [completeCase(report, incomplete), ...notScanned.map(missingCase)],
      tests: 1 + notScanned.length,
      failures: 0,
      errors: (incomplete ? 1 : 0) + notScanned.length,
    },
  ];
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
  for (const [id, suite] of suites.entries()) yield* renderSuite(suite, id, report);
  yield '</testsuites>\n';
}

function suiteOf(name: string, findings: readonly FindingV1[]): Suite {
  return { name, cases: each(findings, failedCase), tests: findings.length, failures: findings.length, errors: 0 };
}

function* renderSuite({ name, cases, tests, failures, errors }: Suite, id: number, report: ReportV1): Generator<string> {
  const attributes = {
    id,
    name,
    package: 'keysift',
    timestamp: withoutZone(report.scan.startedAt),
    hostname: 'localhost',
    tests,
    failures,
    errors,
    time: (report.scan.durationMs / 1000).toFixed(3),
  };
  const properties = Object.entries({
    version: report.tool.version,
    rules: report.tool.rules,
    verdict: verdict(report),
    policy: (report.scan.policy ?? []).join(', '),
  })
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `      <property${xmlAttributes({ name: key, value })}/>\n`);
  yield `  <testsuite${xmlAttributes(attributes)}>\n    <properties>\n${properties.join('')}    </properties>\n`;
  yield* cases;
  yield '    <system-out/>\n    <system-err/>\n  </testsuite>\n';
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
