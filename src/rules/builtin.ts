/** The rules that come with keysift: one JSON file and one table of automaton, both written by the build. */
import { readFileSync } from 'node:fs';
import type { RuleSet } from '../model/rule.ts';

/** Both `src/rules/` and `dist/rules/` lie two levels below the package, so one relative path serves both. */
const RULES = new URL('../../dist/rules.json', import.meta.url);
const EXAMPLES = new URL('../../dist/rule-examples.json', import.meta.url);

let loaded: RuleSet | undefined;

/** Parts that many rules share are written once; a rule has their numbers. */
const SHARED = ['revoke', 'references', 'provider'] as const;

/** `RuleSet` as it lies on disk. */
interface Packed {
  readonly set: RuleSet;
  readonly shared: Readonly<Record<(typeof SHARED)[number], readonly unknown[]>>;
}

/** The text of a rule set's file: a third shorter than the set itself, which every run has to read. */
export function packRules(set: RuleSet): string {
  const shared = Object.fromEntries(SHARED.map((name) => [name, [] as unknown[]])) as unknown as Record<(typeof SHARED)[number], unknown[]>;
  const numbers = new Map<string, number>();
  const rules = set.rules.map((rule) => {
    const packed: Record<string, unknown> = { ...rule };
    for (const name of SHARED) {
      if (rule[name] === undefined) continue;
      const key = name + JSON.stringify(rule[name]);
      const number = numbers.get(key) ?? shared[name].push(rule[name]) - 1;
      numbers.set(key, number);
      packed[name] = number;
    }
    return packed;
  });
  return JSON.stringify({ set: { ...set, rules }, shared });
}

/** Compiled rules, read once. */
export function builtinRules(): RuleSet {
  loaded ??= unpack(JSON.parse(readFileSync(RULES, 'utf8')) as Packed);
  return loaded;
}

function unpack({ set, shared }: Packed): RuleSet {
  for (const rule of set.rules as unknown as Record<string, unknown>[]) {
    for (const name of SHARED) {
      const number = rule[name];
      if (number !== undefined) rule[name] = shared[name][number as number];
    }
  }
  return set;
}

/** Examples by rule id. Kept apart from the rules, since no scan needs them. */
export function builtinExamples(): Readonly<Record<string, import('../model/rule.ts').Examples>> {
  return JSON.parse(readFileSync(EXAMPLES, 'utf8')) as Record<string, import('../model/rule.ts').Examples>;
}
