/**
 * GitLab's secret detection report, schema 15.0. A place of the history keeps its own path: the commit beside it says
 * that it is not one of the current files.
 */
import type { Severity } from '../model/severity.ts';
import type { FindingV1, ReportV1, RuleV1 } from './json-v1.ts';
import { markdownText } from './markdown-text.ts';
import { messageOf, mostSevereFirst, placeOf, type Place } from './place.ts';
import { each } from './pieces.ts';
import { remedyLines } from './remedy-lines.ts';
import { isWebAddress, rulesById } from './rule-texts.ts';
import { jsonPieces } from './safe-json.ts';
import { safeText } from './safe-text.ts';
import { adviceOf, checkWords, incompleteWords, whyNot } from './words.ts';

const VERSION = '15.0.7';
const LIMITS = { name: 255, solution: 7000, identifiers: 20, messages: 1000 };
/** What GitLab's own analyzer says for files that are in no commit. */
const NO_COMMIT = '0000000';
const SEVERITY: Readonly<Record<Severity, string>> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info' };

export function serializeGitlab(report: ReportV1): Generator<string> {
  const { tool, scan, notScanned } = report;
  const rules = rulesById(report);
  const program = { id: 'keysift', name: 'keysift', version: tool.version, vendor: { name: 'keysift' } };
  const started = Date.parse(scan.startedAt);
  const complete = scan.complete && notScanned.length === 0;
  return jsonPieces({
    version: VERSION,
    scan: {
      analyzer: program,
      scanner: program,
      type: 'secret_detection',
      start_time: withoutZone(started),
      end_time: withoutZone(started + scan.durationMs),
      status: complete ? 'success' : 'failure',
      messages: complete ? [] : messages(report),
    },
    vulnerabilities: each(mostSevereFirst(report.findings), (finding) => toVulnerability(finding, rules.get(finding.ruleId), scan.head)),
  });
}

/** `2026-07-01T00:00:00` in UTC: the schema allows no zone. */
function withoutZone(time: number): string {
  return (Number.isNaN(time) ? '1970-01-01T00:00:00' : new Date(time).toISOString()).slice(0, 19);
}

function messages({ notScanned }: ReportV1): unknown[] {
  const told = notScanned.slice(0, LIMITS.messages).map((entry) => `Not scanned: ${safeText(entry.unit)}: ${safeText(whyNot(entry))}`);
  return [incompleteWords(notScanned), ...told].map((value) => ({ level: 'warn', value }));
}

function toVulnerability(finding: FindingV1, rule: RuleV1 | undefined, head: string | undefined): unknown {
  const place = placeOf(finding);
  const where = place.current ? '' : ' (not in the current files)';
  const links = (rule?.references ?? []).filter(isWebAddress).map((url) => ({ url }));
  return {
    id: finding.id,
    category: 'secret_detection',
    name: `${safeText(finding.title).slice(0, LIMITS.name - where.length)}${where}`,
    // The field is Markdown.
    description: [
      messageOf(finding, place),
      ...finding.evidence,
      ...(finding.halves ?? []).flatMap(({ evidence }) => evidence),
      ...adviceOf(finding).map(checkWords),
    ]
      .map(markdownText)
      .join('\n\n'),
    severity: SEVERITY[finding.severity],
    solution: remedyLines(finding).join('\n').slice(0, LIMITS.solution),
    location: {
      file: place.file,
      start_line: place.startLine,
      end_line: place.endLine,
      commit: toCommit(finding, place, head),
    },
    identifiers: [
      { type: 'keysift_rule_id', name: `keysift rule ${finding.ruleId}`, value: finding.ruleId },
      { type: 'cwe', name: 'CWE-798', value: '798', url: 'https://cwe.mitre.org/data/definitions/798.html' },
      {
        type: 'keysift_place',
        name: place.current ? 'In the current files' : 'Not in the current files',
        value: place.current ? 'current' : 'history',
      },
    ].slice(0, LIMITS.identifiers),
    ...(links.length === 0 ? {} : { links }),
  };
}

/** The commit whose file has the secret in this very line. */
function toCommit(finding: FindingV1, place: Place, head: string | undefined): unknown {
  if (place.current) return { sha: place.state === 'head' && head !== undefined ? head : NO_COMMIT };
  const stamp = [finding.firstSeen, finding.lastSeen].find((one) => one !== undefined && one.commit === place.commit);
  return { sha: place.commit ?? NO_COMMIT, ...(stamp === undefined ? {} : { author: safeText(stamp.author), date: stamp.date }) };
}
