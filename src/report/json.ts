/** The report as JSON, schema version 1. */
import { withHalves, type Finding, type Location } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { asText } from '../model/secret.ts';
import { withPlacesOfHalves } from './half-places.ts';
import type { FindingV1, HalfV1, LocationV1, ReportV1, RuleV1 } from './json-v1.ts';
import { each } from './pieces.ts';
import { remedyOf } from './remedy.ts';
import { jsonPieces } from './safe-json.ts';
import { VERSION } from './version.ts';

export interface JsonOptions {
  /** Adds each secret in plain text. Asked for on purpose, never by default. */
  readonly showSecrets: boolean;
}

/** One JSON document, ending in a line feed. */
export function renderJson(report: Report, options: JsonOptions): string {
  return [...serializeJson(toReportV1(report, options))].join('');
}

export function serializeJson(report: ReportV1): Generator<string> {
  const { findings, suppressed } = report;
  return jsonPieces({ ...report, findings: each(findings, withPlacesOfHalves), suppressed: each(suppressed, withPlacesOfHalves) });
}

export function toReportV1(report: Report, options: JsonOptions): ReportV1 {
  return {
    schemaVersion: 1,
    tool: { name: 'keysift', version: VERSION, rules: report.rules, activeRules: report.activeRules },
    scan: {
      target: report.target,
      sources: [...report.sources],
      complete: report.complete,
      startedAt: report.startedAt.toISOString(),
      durationMs: report.durationMs,
      ...(report.head === undefined ? {} : { head: report.head }),
      notes: [...report.notes],
      policy: [...report.policy],
    },
    counts: {
      files: report.counts.files,
      blobs: report.counts.blobs,
      commits: report.counts.commits,
      bytes: report.counts.bytes,
      matchedBytes: report.counts.matchedBytes,
      findings: report.findings.length,
      suppressed: report.suppressed.length,
      notScanned: report.notScanned.length,
      excluded: Object.values(report.excluded).reduce((sum, number) => sum + number, 0),
    },
    rules: rulesOf(withHalves(report.findings)),
    findings: report.findings.map((finding) => toFinding(finding, options)),
    // Added to, not spread: a spread copy with more behind it has a shape of its own in V8, 450 bytes each.
    suppressed: report.suppressed.map(({ finding, by, reason, until }) =>
      Object.assign(toFinding(finding, options), { by, reason }, until === undefined ? {} : { until }),
    ),
    notScanned: report.notScanned.map(({ unit, reason, detail }) => ({ unit, reason, detail })),
    excluded: { ...report.excluded },
  };
}

function rulesOf(findings: readonly Finding[]): RuleV1[] {
  const rules = new Map(findings.map(({ rule }) => [rule.id, rule]));
  return [...rules.values()]
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, title, provider, kind, severity, confidence, description, references }) => ({
      id,
      title,
      provider,
      kind,
      severity,
      confidence,
      description,
      references: [...references],
    }));
}

function toFinding(finding: Finding, options: JsonOptions): FindingV1 {
  const { halves = [] } = finding;
  const single = toSingle(finding, options);
  return halves.length === 0 ? single : { ...single, halves: halves.map((half) => toSingle(half, options)) };
}

/** A secret as people write it, where it is UTF-8; else a character a byte. */
function written(secret: string): string {
  const text = asText(secret);
  return text.includes('\ufffd') ? secret : text;
}

function toSingle(finding: Finding, options: JsonOptions): HalfV1 {
  const { rule } = finding;
  const stamped = {
    ...(finding.firstSeen === undefined ? {} : { firstSeen: { ...finding.firstSeen } }),
    ...(finding.lastSeen === undefined ? {} : { lastSeen: { ...finding.lastSeen } }),
    ...(finding.removedIn === undefined ? {} : { removedIn: { ...finding.removedIn } }),
    ...(finding.daysExposed === undefined ? {} : { daysExposed: finding.daysExposed }),
  };
  const plain = written(finding.secret.reveal());
  return {
    id: finding.id,
    ruleId: rule.id,
    provider: (finding.issuer ?? rule).provider,
    title: rule.title,
    kind: rule.kind,
    severity: finding.severity,
    confidence: finding.confidence,
    redacted: finding.secret.toString(),
    ...(options.showSecrets && plain !== '' ? { secret: plain } : {}),
    state: finding.state,
    ...stamped,
    evidence: [...finding.evidence],
    checks: finding.checks.map(({ rule: check, severity, saw }) => ({
      ruleId: check.id,
      title: check.title,
      severity,
      saw,
      why: check.description,
      steps: [...(check.revoke?.steps ?? [])],
    })),
    remedy: remedyOf(finding),
    locations: finding.locations.map(toLocation),
    ...(finding.morePlaces === undefined ? {} : { morePlaces: true as const }),
  };
}

function toLocation(location: Location): LocationV1 {
  return {
    file: location.file,
    startLine: location.startLine,
    startColumn: location.startColumn,
    endLine: location.endLine,
    endColumn: location.endColumn,
    ...(location.commit === undefined ? {} : { commit: location.commit }),
    ...(location.blob === undefined ? {} : { blob: location.blob }),
    state: location.state,
  };
}
