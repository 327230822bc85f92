/**
 * What a configuration file may say. One source of truth: the types below, `config.schema.json` (generated from it by
 * the build) and every error message about a configuration come from here. Data only: nothing in it is ever run.
 */
import * as v from 'valibot';
import { CONFIDENCES, SEVERITIES } from '../model/severity.ts';
import { RULE_ID } from '../rules/schema.ts';
import { INLINE_MODES } from './inline.ts';
import { parseSize } from './limits.ts';
import { PATTERN_HINT, isPathPattern } from './path-patterns.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const pathPatterns = v.array(v.pipe(v.string(), v.check(isPathPattern, PATTERN_HINT)));
const size = v.pipe(
  v.union([v.number(), v.string()]),
  v.check((given) => parseSize(String(given)) !== undefined, 'a size is bytes, or a number with K, M or G'),
);

const ruleSetting = v.strictObject({
  enabled: v.optional(v.boolean()),
  severity: v.optional(v.picklist(SEVERITIES)),
  /** Places at which this rule says nothing, in the grammar of `.gitignore`. */
  exclude: v.optional(pathPatterns),
});

export const configFile = v.strictObject({
  $schema: v.optional(v.string()),
  /** Files below the same folder, or `package:NAME` where the command line allows that package. */
  extends: v.optional(v.array(text)),
  failOn: v.optional(v.picklist(SEVERITIES)),
  minConfidence: v.optional(v.picklist(CONFIDENCES)),
  /** Paths that are not scanned, in the grammar of `.gitignore`. */
  exclude: v.optional(pathPatterns),
  /** Rule files beside the built-in rules. */
  ruleFiles: v.optional(v.array(text)),
  rules: v.optional(v.record(v.pipe(v.string(), v.regex(RULE_ID, 'a rule id is 1 to 64 of a-z, 0-9 and "-"')), ruleSetting)),
  baseline: v.optional(text),
  inlineIgnores: v.optional(v.picklist(INLINE_MODES)),
  limits: v.optional(
    v.strictObject({
      maxFileSize: v.optional(size),
      jobs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
    }),
  ),
});

export type ConfigFile = v.InferOutput<typeof configFile>;
export type RuleSetting = v.InferOutput<typeof ruleSetting>;
