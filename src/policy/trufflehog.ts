/** A configuration of TruffleHog: its custom detectors. */
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import type { Rule } from '../model/rule.ts';
import { YamlText } from '../rules/yaml-text.ts';
import { carryOver, type ForeignRule } from './foreign-rules.ts';
import { takeover, type Takeover } from './takeover.ts';

const texts = v.optional(v.array(v.string()));
const trufflehogFile = v.looseObject({
  detectors: v.array(
    v.looseObject({
      name: v.string(),
      keywords: texts,
      regex: v.record(v.string(), v.string()),
      primary_regex_name: v.optional(v.string()),
      entropy: v.optional(v.number()),
      exclude_words: texts,
      exclude_regexes_match: texts,
      exclude_regexes_capture: texts,
      validations: v.optional(v.unknown()),
      verify: v.optional(v.unknown()),
    }),
  ),
});
type Detector = v.InferOutput<typeof trufflehogFile>['detectors'][number];

const HINT = 'Give a configuration of TruffleHog with detectors.';
const EXCLUSIONS = ['exclude_words', 'exclude_regexes_match', 'exclude_regexes_capture', 'validations'] as const;

/** `path` is only used in messages. Throws a `UserError` for text that is no such file. */
export function importTrufflehog(text: string, path: string, builtin: readonly Rule[]): Takeover {
  const result = v.safeParse(trufflehogFile, new YamlText(text, path, HINT).plain);
  if (!result.success) throw new UserError(`${path}: ${v.getDotPath(result.issues[0]) ?? 'the file'} is not what TruffleHog reads`, HINT);
  const { rules, given, carried, lost } = carryOver(result.output.detectors.map(ruleOf), path, builtin);
  return takeover({ rules, given, carried, lost });
}

/** The expression that names the line is the one that is carried over. */
function ruleOf(detector: Detector): ForeignRule {
  const { name, keywords, regex, primary_regex_name: primary, entropy } = detector;
  const names = Object.keys(regex).toSorted();
  const chosen = primary !== undefined && Object.hasOwn(regex, primary) ? primary : names[0];
  const lost = EXCLUSIONS.filter((key) => detector[key] !== undefined).map((key) => `its ${key} are left out`);
  if (names.length > 1) lost.push(`its other expressions are left out: it reports what ${chosen ?? ''} finds`);
  if (detector.verify !== undefined) lost.push('it is not verified: keysift uses no network');
  return { id: name, title: name, regex: chosen === undefined ? undefined : regex[chosen], keywords, entropy, lost };
}
