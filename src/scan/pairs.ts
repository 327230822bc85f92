/** A secret and the public half that stands beside it wherever it stands: two secrets by their rules, one thing to revoke. */
import type { Advice, Finding } from '../model/finding.ts';
import { compareConfidence, compareSeverity } from '../model/severity.ts';
import { mostSevereFirst } from './findings.ts';

/** Findings in their order, with each half in its secret's finding where both are there. */
export function joinPairs(findings: readonly Finding[]): Finding[] {
  const secrets = new Map(findings.filter(({ halfOf }) => halfOf === undefined).map((finding) => [finding.id, finding]));
  const halves = new Map<string, Finding[]>();
  const joined = new Set<Finding>();
  for (const finding of findings) {
    const secret = secrets.get(finding.halfOf ?? '');
    if (secret === undefined || isMilder(secret, finding)) continue;
    halves.set(secret.id, [...(halves.get(secret.id) ?? []), finding]);
    joined.add(finding);
  }
  if (joined.size === 0) return [...findings];
  return findings
    .filter((finding) => !joined.has(finding))
    .map((finding) => (halves.get(finding.id) ?? []).reduce(join, finding))
    .toSorted(mostSevereFirst);
}

/** The configuration says so, and its word about the secret is no word about the half. */
function isMilder({ rule, severity }: Finding, half: Finding): boolean {
  return rule.severityIsFinal === true && compareSeverity(severity, half.severity) < 0;
}

/** As bad and as sure as the worse and the surer of both: neither is less beside the other. */
function join(secret: Finding, half: Finding): Finding {
  return {
    ...secret,
    severity: compareSeverity(half.severity, secret.severity) > 0 ? half.severity : secret.severity,
    confidence: compareConfidence(half.confidence, secret.confidence) > 0 ? half.confidence : secret.confidence,
    checks: withChecksOf(secret.checks, half.checks),
    halves: [...(secret.halves ?? []), half],
  };
}

/** What is wrong with the place of either, each check once. */
function withChecksOf(checks: readonly Advice[], more: readonly Advice[]): Advice[] {
  const added = more.filter(({ rule }) => !checks.some((check) => check.rule.id === rule.id));
  return [...checks, ...added].toSorted((a, b) => compareSeverity(b.severity, a.severity) || (a.rule.id < b.rule.id ? -1 : 1));
}
