/** The rules of a run as a policy wants them: some switched off, some of another severity. */
import { UserError } from '../model/errors.ts';
import type { Rule, RuleSet } from '../model/rule.ts';
import { didYouMean } from '../model/nearest.ts';
import { builtinRules } from '../rules/builtin.ts';
import type { RuleSetting } from './schema.ts';

/**
 * The set itself where nothing changes. A family that is off takes its members with it.
 * Throws a `UserError` for a rule that is not there, and when none is left.
 */
export async function withSettings(set: RuleSet, settings: ReadonlyMap<string, RuleSetting>, at: (id: string) => string): Promise<RuleSet> {
  if (settings.size === 0) return set; // and no rule has to be read
  const known = new Set(set.rules.map((rule) => rule.id));
  for (const id of settings.keys()) {
    if (!known.has(id)) throw new UserError(`${at(id)}: there is no rule "${id}"`, didYouMean(id, known, 'keysift rules list names them all.'));
  }
  const isOff = (rule: Rule): boolean =>
    settings.get(rule.id)?.enabled === false || (rule.matcher.kind === 'member' && settings.get(rule.matcher.of)?.enabled === false);
  const rules = set.rules
    .filter((rule) => !isOff(rule))
    .map((rule) => {
      const severity = settings.get(rule.id)?.severity;
      return severity === undefined ? rule : { ...rule, severity, severityIsFinal: true as const };
    });
  if (rules.length === 0) throw new UserError('the configuration switches every rule off', 'Leave some on: a scan without rules finds nothing.');
  if (rules.length === set.rules.length && rules.every((rule, index) => rule === set.rules[index])) return set;
  const { ruleSet } = await import('../rules/compile.ts');
  const changed = ruleSet(rules, set.samples);
  if (set !== builtinRules()) return changed;
  const places = new Map(set.rules.map(({ id }, index) => [id, index]));
  return { ...changed, builtin: changed.rules.map(({ id }) => places.get(id)!) };
}
