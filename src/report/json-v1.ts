/**
 * What machines read, version 1. A type of its own, built field by field: no field of the inside gets out by accident,
 * and none may be renamed or removed while `schemaVersion` is 1. `report.schema.json` is generated from this schema.
 */
import * as v from 'valibot';
import { CONFIDENCES, SEVERITIES } from '../model/severity.ts';
import { REASONS } from '../model/not-scanned.ts';
import { RULE_KINDS } from '../model/rule.ts';
import { STATES } from '../model/finding.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const position = v.pipe(v.number(), v.integer(), v.minValue(1));
const stamp = v.strictObject({ commit: v.string(), author: v.string(), date: v.string() });

const location = v.strictObject({
  file: v.string(),
  startLine: position,
  startColumn: position,
  endLine: position,
  endColumn: position,
  commit: v.optional(v.string()),
  blob: v.optional(v.string()),
  state: v.picklist(STATES),
});

const finding = v.strictObject({
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
  daysExposed: v.optional(count),
  evidence: v.array(v.string()),
  /** What makes its place worse, and what else is to be done. */
  checks: v.array(
    v.strictObject({
      ruleId: v.string(),
      title: v.string(),
      severity: v.picklist(SEVERITIES),
      saw: v.string(),
      why: v.string(),
      steps: v.array(v.string()),
    }),
  ),
  remedy: v.strictObject({ revoke: v.string(), steps: v.array(v.string()) }),
  locations: v.array(location),
});

export const reportV1 = v.strictObject({
  schemaVersion: v.literal(1),
  tool: v.strictObject({ name: v.literal('keysift'), version: v.string(), rules: v.string() }),
  scan: v.strictObject({
    target: v.string(),
    sources: v.array(v.string()),
    complete: v.boolean(),
    startedAt: v.string(),
    durationMs: count,
    head: v.optional(v.string()),
    notes: v.array(v.string()),
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
  findings: v.array(finding),
  suppressed: v.array(v.intersect([finding, v.object({ by: v.picklist(['inline', 'ignore-file', 'baseline']) })])),
  notScanned: v.array(v.strictObject({ unit: v.string(), reason: v.picklist(REASONS), detail: v.string() })),
  excluded: v.record(v.string(), count),
});

export type ReportV1 = v.InferOutput<typeof reportV1>;
