/** What the formats say about rules: taken from the report, or made from a finding where an older report lacks it. */
import type { FindingV1, ReportV1, RuleV1 } from './json-v1.ts';

/** Every rule that a finding of the report names, in the order of ids. */
export function rulesById({ rules, findings }: ReportV1): Map<string, RuleV1> {
  const found = new Map<string, RuleV1>(findings.map((finding) => [finding.ruleId, ruleOf(finding)]));
  for (const rule of rules ?? []) if (found.has(rule.id)) found.set(rule.id, rule);
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function ruleOf({ ruleId, title, provider, kind, severity, confidence }: FindingV1): RuleV1 {
  return { id: ruleId, title, provider, kind, severity, confidence, description: '', references: [] };
}

/** The first page about it that a browser may open. */
export function referenceOf(rule: RuleV1 | undefined): string | undefined {
  return rule?.references.find(isWebAddress);
}

export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s<>"\\^`{|}]+$/.test(text) && URL.canParse(text);
}
