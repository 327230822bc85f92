/**
 * What machines read, version 1. A type of its own, built field by field: no field of the inside gets out by accident,
 * and none may be renamed or removed while `schemaVersion` is 1. `report.schema.json` is generated from this schema.
 */
import * as v from 'valibot';
import { CONFIDENCES, SEVERITIES } from '../model/severity.ts';
import { REASONS } from '../model/not-scanned.ts';
import { RULE_KINDS } from '../model/rule.ts';
import { STATES, SUPPRESSORS } from '../model/finding.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const position = v.pipe(v.number(), v.integer(), v.minValue(1));
const stamp = v.strictObject({ commit: v.string(), author: v.string(), date: v.string() });

/** What a rule says about its findings, so that a JSON report can become any other one. */
const rule = v.strictObject({
  id: v.string(),
  title: v.string(),
  provider: v.string(),
  kind: v.picklist(RULE_KINDS),
  severity: v.picklist(SEVERITIES),
  confidence: v.picklist(CONFIDENCES),
  description: v.string(),
  references: v.array(v.string()),
});

const location = v.strictObject({
  file: v.string(),
  startLine: position,
  startColumn: position,
  endLine: position,
  endColumn: position,
  commit: v.optional(v.string()),
  blob: v.optional(v.string()),
  state: v.picklist(STATES),
  /** The rule of the half of a pair that stands there, and not the secret itself. */
  half: v.optional(v.string()),
});

const check = v.strictObject({
  ruleId: v.string(),
  title: v.string(),
  severity: v.picklist(SEVERITIES),
  saw: v.string(),
  why: v.string(),
  steps: v.array(v.string()),
});

const single = v.strictObject({
  id: v.string(),
  ruleId: v.string(),
  provider: v.string(),
  title: v.string(),
  kind: v.picklist(RULE_KINDS),
  severity: v.picklist(SEVERITIES),
  confidence: v.picklist(CONFIDENCES),
  redacted: v.string(),
  /** Only with --show-secrets. */
  secret: v.optional(v.string()),
  state: v.picklist(STATES),
  firstSeen: v.optional(stamp),
  lastSeen: v.optional(stamp),
  removedIn: v.optional(stamp),
  daysExposed: v.optional(count),
  evidence: v.array(v.string()),
  /** What makes its place worse, and what else is to be done; absent in reports of older versions. */
  checks: v.optional(v.array(check)),
  remedy: v.strictObject({ revoke: v.string(), steps: v.array(v.string()) }),
  locations: v.array(location),
  /** Set where it stands in more places than `locations` tells of. */
  morePlaces: v.optional(v.literal(true)),
});

const finding = v.strictObject({
  ...single.entries,
  /** Public halves of its pair, such as a key's id, that stand beside it wherever they stand. They are not counted as findings. */
  halves: v.optional(v.array(single)),
});

export const reportV1 = v.strictObject({
  schemaVersion: v.literal(1),
  tool: v.strictObject({ name: v.literal('keysift'), version: v.string(), rules: v.string(), activeRules: v.optional(count) }),
  scan: v.strictObject({
    target: v.string(),
    sources: v.array(v.string()),
    complete: v.boolean(),
    startedAt: v.string(),
    durationMs: count,
    head: v.optional(v.string()),
    notes: v.array(v.string()),
    /** Files that policy came from; absent in reports of older versions. */
    policy: v.optional(v.array(v.string())),
  }),
  counts: v.strictObject({
    files: count,
    blobs: count,
    commits: count,
    bytes: count,
    matchedBytes: count,
    findings: count,
    suppressed: count,
    notScanned: count,
    excluded: count,
  }),
  /** The rules of the findings, by id; absent in reports of older versions. */
  rules: v.optional(v.array(rule)),
  findings: v.array(finding),
  suppressed: v.array(v.strictObject({ ...finding.entries, by: v.picklist(SUPPRESSORS), reason: v.string(), until: v.optional(v.string()) })),
  notScanned: v.array(v.strictObject({ unit: v.string(), reason: v.picklist(REASONS), detail: v.string() })),
  excluded: v.record(v.string(), count),
});

export type ReportV1 = v.InferOutput<typeof reportV1>;
export type FindingV1 = ReportV1['findings'][number];
export type LocationV1 = FindingV1['locations'][number];
/** A finding that tells of no halves. */
export type HalfV1 = NonNullable<FindingV1['halves']>[number];
export type CheckV1 = NonNullable<FindingV1['checks']>[number];
export type RuleV1 = NonNullable<ReportV1['rules']>[number];
