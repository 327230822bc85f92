/**
 * Several reports as one: of parts of a repository that were scanned apart, or of scans of different kinds. Counts add
 * up, and a finding that is in more than one report is one finding with all its places.
 */
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../model/errors.ts';
import { compareState, withHalves } from '../model/finding.ts';
import { compareConfidence, compareSeverity } from '../model/severity.ts';
import type { CheckV1, FindingV1, HalfV1, LocationV1, ReportV1, RuleV1 } from './json-v1.ts';

export interface NamedReport {
  /** What to call it in errors. */
  readonly name: string;
  readonly report: ReportV1;
}

/** Refuses what does not belong together: other versions, other rules, other commits, the same report twice. */
export function mergeReports(parts: readonly NamedReport[]): ReportV1 {
  const [first] = parts;
  if (first === undefined) throw new UserError('there is no report to merge', 'Name the JSON reports.');
  for (const [index, part] of parts.entries()) refuseStranger(first, part, parts.slice(0, index));
  const reports = parts.map(({ report }) => report);
  const findings = joined(reports.flatMap((report) => report.findings));
  const open = new Set(withHalves<FindingV1>(findings).map(({ id }) => id));
  // What one report has as a finding, another one does not silence.
  const suppressed = distinct(reports.flatMap((report) => report.suppressed)).filter(({ id }) => !open.has(id));
  const notScanned = reports.flatMap((report) => report.notScanned);
  const sum = (count: keyof ReportV1['counts']): number => reports.reduce((total, { counts }) => total + counts[count], 0);
  const starts = reports.map(({ scan }) => Date.parse(scan.startedAt));
  const head = reports.find(({ scan }) => scan.head !== undefined)?.scan.head;
  return {
    schemaVersion: 1,
    tool: first.report.tool,
    scan: {
      target: unique(reports.map(({ scan }) => scan.target)).join(', '),
      sources: unique(reports.flatMap(({ scan }) => scan.sources)),
      complete: reports.every(({ scan }) => scan.complete),
      startedAt: reports.map(({ scan }) => scan.startedAt).toSorted(compareText)[0] ?? first.report.scan.startedAt,
      durationMs: span(starts, reports),
      ...(head === undefined ? {} : { head }),
      notes: unique(reports.flatMap(({ scan }) => scan.notes)),
      policy: unique(reports.flatMap(({ scan }) => scan.policy ?? [])),
    },
    counts: {
      files: sum('files'),
      blobs: sum('blobs'),
      commits: sum('commits'),
      bytes: sum('bytes'),
      matchedBytes: sum('matchedBytes'),
      findings: findings.length,
      suppressed: suppressed.length,
      notScanned: notScanned.length,
      excluded: sum('excluded'),
    },
    rules: rulesOf(reports),
    findings,
    suppressed,
    notScanned,
    excluded: excludedOf(reports),
  };
}

function refuseStranger(first: NamedReport, part: NamedReport, before: readonly NamedReport[]): void {
  const { report: one } = first;
  const { report: other } = part;
  const refuse = (what: string): never => {
    throw new UserError(`${first.name} and ${part.name} ${what}`, 'Merge reports of one commit, made by one keysift with the same rules.');
  };
  if (one.tool.version !== other.tool.version) refuse('were made by different versions of keysift');
  if (one.tool.rules !== other.tool.rules) refuse('were made with different rules');
  const head = [first, ...before].find(({ report }) => report.scan.head !== undefined)?.report.scan.head;
  if (head !== undefined && other.scan.head !== undefined && head !== other.scan.head) refuse('are of different commits');
  const twin = before.find(({ report }) => isDeepStrictEqual(report, other));
  if (twin !== undefined)
    throw new UserError(`${twin.name} and ${part.name} are the same report`, 'Name each report once: counts would add up twice.');
}

/** From the first start to the last end. */
function span(starts: readonly number[], reports: readonly ReportV1[]): number {
  const ends = reports.map(({ scan }, index) => (starts[index] ?? 0) + scan.durationMs);
  const time = ends.reduce((a, b) => Math.max(a, b)) - starts.reduce((a, b) => Math.min(a, b));
  return Number.isNaN(time) ? reports.reduce((total, { scan }) => total + scan.durationMs, 0) : time;
}

/** Each finding once. A half stays in its secret's finding if no report has it by itself, or with another secret. */
function joined(given: readonly FindingV1[]): FindingV1[] {
  const tellers = new Map<string, Set<string | undefined>>();
  const tell = (id: string, teller: string | undefined): void => {
    const known = tellers.get(id);
    if (known === undefined) tellers.set(id, new Set([teller]));
    else known.add(teller);
  };
  for (const { id, halves = [] } of given) {
    tell(id, undefined);
    for (const half of halves) tell(half.id, id);
  }
  const all = distinct(given.flatMap(({ halves = [], ...finding }): HalfV1[] => [finding, ...halves])).toSorted(mostSevereFirst);
  const halves = new Map<string, HalfV1[]>();
  const open: HalfV1[] = [];
  for (const finding of all) {
    const [teller, ...others] = tellers.get(finding.id) ?? [];
    if (teller === undefined || others.length > 0) open.push(finding);
    else halves.set(teller, [...(halves.get(teller) ?? []), finding]);
  }
  return open.map((finding) => {
    const own = halves.get(finding.id);
    return own === undefined ? finding : { ...finding, halves: own };
  });
}

function distinct<Item extends HalfV1>(findings: readonly Item[]): Item[] {
  const byId = new Map<string, Item>();
  for (const finding of findings) {
    const known = byId.get(finding.id);
    byId.set(finding.id, known === undefined ? finding : join(known, finding));
  }
  return [...byId.values()];
}

/** The worst of both, with the places of both. */
function join<Item extends HalfV1>(a: Item, b: Item): Item {
  const locations = placesOf([...a.locations, ...b.locations]);
  const first = earliest(a.firstSeen, b.firstSeen);
  const last = latest(a.lastSeen, b.lastSeen);
  const days = [a.daysExposed, b.daysExposed].filter((one) => one !== undefined);
  const state = compareState(a.state, b.state) <= 0 ? a.state : b.state;
  // What one report still sees somewhere has not been removed, whatever the other one says.
  const removed = state === 'history' ? latest(a.removedIn, b.removedIn) : undefined;
  return {
    ...a,
    severity: compareSeverity(a.severity, b.severity) >= 0 ? a.severity : b.severity,
    confidence: compareConfidence(a.confidence, b.confidence) >= 0 ? a.confidence : b.confidence,
    state,
    remedy: compareState(a.state, b.state) <= 0 ? a.remedy : b.remedy,
    evidence: unique([...a.evidence, ...b.evidence]),
    ...(a.checks === undefined && b.checks === undefined ? {} : { checks: checksOf([...(a.checks ?? []), ...(b.checks ?? [])]) }),
    ...(first === undefined ? {} : { firstSeen: first }),
    ...(last === undefined ? {} : { lastSeen: last }),
    removedIn: removed,
    ...(a.morePlaces === undefined && b.morePlaces === undefined ? {} : { morePlaces: true as const }),
    ...(days.length === 0 ? {} : { daysExposed: Math.max(...days) }),
    locations,
  };
}

function earliest<Stamp extends { readonly date: string }>(a: Stamp | undefined, b: Stamp | undefined): Stamp | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareText(a.date, b.date) <= 0 ? a : b;
}

/** Each check once, whichever report saw it first. */
function checksOf(checks: readonly CheckV1[]): CheckV1[] {
  const byRule = new Map(checks.toReversed().map((check) => [check.ruleId, check]));
  return [...byRule.values()].toSorted((a, b) => compareSeverity(b.severity, a.severity) || compareText(a.ruleId, b.ruleId));
}

function latest<Stamp extends { readonly date: string }>(a: Stamp | undefined, b: Stamp | undefined): Stamp | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareText(a.date, b.date) <= 0 ? b : a;
}

function placesOf(locations: readonly LocationV1[]): LocationV1[] {
  const byKey = new Map(
    locations.toReversed().map((location) => [JSON.stringify(Object.entries(location).toSorted(([a], [b]) => compareText(a, b))), location]),
  );
  return [...byKey.values()].toSorted(
    (a, b) =>
      compareState(a.state, b.state) ||
      compareText(a.file, b.file) ||
      a.startLine - b.startLine ||
      a.startColumn - b.startColumn ||
      compareText(a.commit ?? '', b.commit ?? ''),
  );
}

function mostSevereFirst(a: HalfV1, b: HalfV1): number {
  const [here, there] = [a.locations[0], b.locations[0]];
  return (
    compareSeverity(b.severity, a.severity) ||
    compareState(a.state, b.state) ||
    compareText(here?.file ?? '', there?.file ?? '') ||
    (here?.startLine ?? 0) - (there?.startLine ?? 0) ||
    (here?.startColumn ?? 0) - (there?.startColumn ?? 0) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.id, b.id)
  );
}

function rulesOf(reports: readonly ReportV1[]): RuleV1[] {
  const rules = new Map(reports.flatMap((report) => report.rules ?? []).map((rule) => [rule.id, rule]));
  return [...rules.values()].toSorted((a, b) => compareText(a.id, b.id));
}

function excludedOf(reports: readonly ReportV1[]): Record<string, number> {
  const excluded = new Map<string, number>();
  for (const report of reports)
    for (const [reason, number] of Object.entries(report.excluded)) excluded.set(reason, (excluded.get(reason) ?? 0) + number);
  return Object.fromEntries([...excluded].toSorted(([a], [b]) => compareText(a, b)));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
