/** The rules that come with keysift: one JSON file and one table of automaton, both written by the build. */
import { readFileSync } from 'node:fs';
import type { RuleSet } from '../model/rule.ts';

/** Both `src/rules/` and `dist/rules/` lie two levels below the package, so one relative path serves both. */
const RULES = new URL('../../dist/rules.json', import.meta.url);
const EXAMPLES = new URL('../../dist/rule-examples.json', import.meta.url);

let loaded: RuleSet | undefined;

/** Compiled rules, read once. */
export function builtinRules(): RuleSet {
  loaded ??= JSON.parse(readFileSync(RULES, 'utf8')) as RuleSet;
  return loaded;
}

/** Examples by rule id. Kept apart from the rules, since no scan needs them. */
export function builtinExamples(): Readonly<Record<string, import('../model/rule.ts').Examples>> {
  return JSON.parse(readFileSync(EXAMPLES, 'utf8')) as Record<string, import('../model/rule.ts').Examples>;
}
