/** The report as JSON, schema version 1. */
import type { Finding, Location } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import type { ReportV1 } from './json-v1.ts';
import { remedyOf } from './remedy.ts';
import { VERSION } from './version.ts';

export interface JsonOptions {
  /** Adds each secret in plain text. Asked for on purpose, never by default. */
  readonly showSecrets: boolean;
}

/** One JSON document, ending in a line feed. */
export function renderJson(report: Report, options: JsonOptions): string {
  return `${JSON.stringify(toReportV1(report, options), undefined, 2)}\n`;
}

export function toReportV1(report: Report, options: JsonOptions): ReportV1 {
  return {
    schemaVersion: 1,
    tool: { name: 'keysift', version: VERSION, rules: report.rules },
    scan: {
      target: report.target,
      sources: [...report.sources],
      complete: report.complete,
      startedAt: report.startedAt.toISOString(),
      durationMs: report.durationMs,
      ...(report.head === undefined ? {} : { head: report.head }),
      notes: [...report.notes],
    },
    counts: {
      files: report.counts.files,
      blobs: report.counts.blobs,
      commits: report.counts.commits,
      bytes: report.counts.bytes,
      matchedBytes: report.counts.matchedBytes,
      findings: report.findings.length,
      suppressed: 0,
      notScanned: report.notScanned.length,
      excluded: Object.values(report.excluded).reduce((sum, number) => sum + number, 0),
    },
    findings: report.findings.map((finding) => toFinding(finding, options)),
    suppressed: [],
    notScanned: report.notScanned.map(({ unit, reason, detail }) => ({ unit, reason, detail })),
    excluded: { ...report.excluded },
  };
}

function toFinding(finding: Finding, options: JsonOptions): ReportV1['findings'][number] {
  const { rule } = finding;
  const stamped = {
    ...(finding.firstSeen === undefined ? {} : { firstSeen: { ...finding.firstSeen } }),
    ...(finding.lastSeen === undefined ? {} : { lastSeen: { ...finding.lastSeen } }),
    ...(finding.daysExposed === undefined ? {} : { daysExposed: finding.daysExposed }),
  };
  const plain = finding.secret.reveal();
  return {
    id: finding.id,
    ruleId: rule.id,
    provider: rule.provider,
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
  };
}

function toLocation(location: Location): ReportV1['findings'][number]['locations'][number] {
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
