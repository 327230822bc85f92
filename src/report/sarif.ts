/**
 * SARIF 2.1.0 within the limits of GitHub's code scanning. Two runs, two categories: what stands in the current files,
 * and what is only in history. What the limits cut is the least severe, and the true totals are stated.
 */
import { gzipSync } from 'node:zlib';
import type { Confidence, Severity } from '../model/severity.ts';
import type { FindingV1, HalfV1, LocationV1, ReportV1, RuleV1 } from './json-v1.ts';
import { isOnlyHistory, messageOf, mostSevereFirst, placeOf, type Place } from './place.ts';
import { each, inBlocks } from './pieces.ts';
import { remedyLines } from './remedy-lines.ts';
import { isWebAddress, referenceOf, rulesById } from './rule-texts.ts';
import { jsonPieces, LongItem } from './safe-json.ts';
import { relativeUri } from './uri.ts';
import { count, grouped, maskOf, verdict, whyNot } from './words.ts';

/** What the consumer takes; more is refused as a whole. */
const LIMITS = { results: 25_000, gzipBytes: 10_000_000, description: 1024, name: 255, places: 100, notifications: 1000 };
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** The consumer's bands: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.1' };
const PRECISION: Readonly<Record<Confidence, string>> = { high: 'very-high', medium: 'medium', low: 'low' };

/** It is made again to be written where it is long, so that it is never there as one text. */
export function serializeSarif(report: ReportV1): Generator<string> {
  const findings = mostSevereFirst(report.findings);
  let shown = findings.length;
  for (;;) {
    const size = packedSize(() => sarifPieces(report, findings.slice(0, shown)));
    if (size <= LIMITS.gzipBytes || shown === 0) return sarifPieces(report, findings.slice(0, shown));
    shown = Math.floor(shown * Math.min(0.95, (0.95 * LIMITS.gzipBytes) / size));
  }
}

/** Bytes that a text has when it is packed; where they are within the limit, those of its blocks, which are a few more. */
function packedSize(text: () => Generator<string>): number {
  // Packing never makes it longer by more than a few bytes, so a short text needs no measuring.
  if (isShort(text())) return 0;
  let size = 0;
  for (const block of inBlocks(text())) size += gzipSync(block).length;
  return size <= LIMITS.gzipBytes ? size : gzipSync([...text()].join('')).length;
}

function isShort(text: Iterable<string>): boolean {
  let length = 0;
  for (const piece of text) {
    length += piece.length;
    if (length >= LIMITS.gzipBytes / 4) return false;
  }
  return true;
}

/** As JSON has it, which leaves out fields that are undefined. */
function sarifPieces(report: ReportV1, findings: readonly FindingV1[]): Generator<string> {
  const current = findings.filter((finding) => !isOnlyHistory(finding)).slice(0, LIMITS.results);
  const history = findings.filter(isOnlyHistory).slice(0, LIMITS.results);
  const left = report.findings.length - current.length - history.length;
  // An empty run closes the alerts of its category; none at all would keep them open.
  const lookedBack = history.length > 0 || report.scan.sources.some((source) => source === 'history' || source === 'range');
  const runs = [toRun(report, 'keysift/', current, left), ...(lookedBack ? [toRun(report, 'keysift-history/', history, left)] : [])];
  return jsonPieces({ $schema: SCHEMA, version: '2.1.0', runs }, ' ');
}

function toRun(report: ReportV1, id: string, findings: readonly FindingV1[], left: number): LongItem {
  const rules = rulesById({ ...report, findings: [...findings] });
  const indexes = new Map([...rules.keys()].map((ruleId, index) => [ruleId, index]));
  const { tool, scan, counts, notScanned } = report;
  return new LongItem({
    automationDetails: { id },
    tool: {
      driver: {
        name: 'keysift',
        semanticVersion: tool.version,
        version: tool.version,
        rules: [...rules.values()].map((rule) => toRule(rule, findings)),
        properties: { rules: tool.rules },
      },
    },
    columnKind: 'unicodeCodePoints',
    originalUriBaseIds: { [ROOT]: { description: { text: 'The root of what was scanned.' } } },
    invocations: [
      {
        executionSuccessful: scan.complete && notScanned.length === 0,
        startTimeUtc: scan.startedAt,
        toolExecutionNotifications: notifications(report, left),
      },
    ],
    results: each(findings, (finding) => toResult(finding, indexes)),
    properties: {
      verdict: verdict(report),
      complete: scan.complete,
      totalFindings: report.findings.length,
      findingsLeftOut: left,
      suppressed: counts.suppressed,
      notScanned: notScanned.length,
      head: scan.head,
      policy: scan.policy,
    },
  });
}

function notifications({ findings, notScanned }: ReportV1, left: number): unknown[] {
  const told = notScanned.slice(0, LIMITS.notifications).map((entry) => ({
    level: 'error',
    descriptor: { id: entry.reason },
    message: { text: messageText(`Not scanned: ${entry.unit}: ${whyNot(entry)}`) },
  }));
  const more = notScanned.length - told.length;
  return [
    ...(left > 0
      ? [
          {
            level: 'warning',
            descriptor: { id: 'RESULTS-LEFT-OUT' },
            message: {
              text: `The scan has ${grouped(findings.length)} findings; the ${grouped(left)} least severe are not in this file, because code scanning takes no more.`,
            },
          },
        ]
      : []),
    ...told,
    ...(more > 0 ? [{ level: 'error', descriptor: { id: 'NOT-SCANNED' }, message: { text: `And ${count(more, 'more unit')} not scanned.` } }] : []),
  ];
}

function toRule(rule: RuleV1, findings: readonly FindingV1[]): unknown {
  const example = findings.find(({ ruleId }) => ruleId === rule.id);
  const steps = example === undefined ? [] : remedyLines(example);
  const description = rule.description === '' ? rule.title : rule.description;
  const references = rule.references.filter(isWebAddress);
  return {
    id: rule.id,
    name: cut(rule.title, LIMITS.name),
    shortDescription: { text: cut(rule.title, LIMITS.description) },
    fullDescription: { text: cut(description, LIMITS.description) },
    help: {
      text: [description, '', ...steps, ...references].join('\n'),
      markdown: [
        escapeMarkdown(description),
        '',
        ...steps.map((step) => `- ${escapeMarkdown(step)}`),
        '',
        ...references.map((one) => `<${one}>`),
      ].join('\n'),
    },
    helpUri: referenceOf(rule),
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: {
      tags: [...new Set(['security', 'external/cwe/cwe-798', 'secret', rule.kind])],
      precision: PRECISION[rule.confidence],
      'security-severity': SECURITY_SEVERITY[rule.severity],
      provider: rule.provider,
    },
  };
}

function toResult(finding: FindingV1, indexes: ReadonlyMap<string, number>): unknown {
  const place = placeOf(finding);
  const { halves = [] } = finding;
  const related = [
    ...finding.locations.filter((location) => !isSame(location, place)).map((location) => relatedLocation(finding, location)),
    ...halves.flatMap((half) => half.locations.map((location) => relatedLocation(half, location, `${half.title} ${maskOf(half)}`))),
  ];
  return {
    ruleId: finding.ruleId,
    ruleIndex: indexes.get(finding.ruleId) ?? -1,
    level: LEVEL[finding.severity],
    message: { text: messageText(messageOf(finding, place)) },
    locations: [toLocation(place)],
    ...(related.length === 0 ? {} : { relatedLocations: related.slice(0, LIMITS.places).map((one, index) => ({ id: index + 1, ...one })) }),
    // Ids hold nothing of the secret and outlive edits above it. The consumer looks at this one key alone.
    partialFingerprints: { primaryLocationLineHash: `${finding.id}:1` },
    properties: {
      id: finding.id,
      'security-severity': SECURITY_SEVERITY[finding.severity],
      confidence: finding.confidence,
      provider: finding.provider,
      state: finding.state,
      places: finding.locations.length,
      ...(finding.morePlaces === undefined ? {} : { morePlaces: true }),
      evidence: finding.evidence,
      ...(finding.checks === undefined ? {} : { checks: finding.checks.map(({ ruleId, severity, saw }) => ({ ruleId, severity, saw })) }),
      ...(halves.length === 0
        ? {}
        : { halves: halves.map(({ id, ruleId, locations, evidence }) => ({ id, ruleId, places: locations.length, evidence })) }),
      remedy: finding.remedy,
      firstSeen: finding.firstSeen,
      lastSeen: finding.lastSeen,
      daysExposed: finding.daysExposed,
    },
  };
}

function isSame(a: LocationV1, b: LocationV1): boolean {
  return a.file === b.file && a.startLine === b.startLine && a.startColumn === b.startColumn && a.state === b.state && a.blob === b.blob;
}

function relatedLocation(finding: HalfV1, location: LocationV1, what?: string): Readonly<Record<string, unknown>> {
  return toLocation(placeOf({ ...finding, locations: [location] }), what);
}

/** @param what stands there, where that is not what the result is about */
function toLocation(place: Place, what?: string): Readonly<Record<string, unknown>> {
  const { startLine, startColumn, endLine, endColumn, file, commit, blob } = place;
  const elsewhere = place.current ? undefined : `${file}:${startLine}${commit === undefined ? '' : ` of commit ${commit}`}`;
  const words = [what, elsewhere].filter((one) => one !== undefined);
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(place.path), uriBaseId: ROOT },
      region: { startLine, startColumn, endLine, endColumn },
    },
    ...(words.length === 0 ? {} : { message: { text: messageText(words.join(', ')) } }),
    properties: { file, state: place.state, commit, blob },
  };
}

/** Brackets make links in a message, and braces placeholders. */
function messageText(text: string): string {
  return text.replace(/[[\]\\]/g, '\\$&').replace(/[{}]/g, '$&$&');
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&');
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
