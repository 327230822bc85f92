/** Rules of other scanners, which are regular expressions with keywords, as rules of a rule file. */
import { stringify } from 'yaml';
import { UserError } from '../model/errors.ts';
import type { Rule } from '../model/rule.ts';
import { compileRules } from '../rules/compile.ts';
import { parseRuleFile } from '../rules/load.ts';
import { RULE_ID } from '../rules/schema.ts';
import { GoRegex, Untranslatable, type Translated } from './go-regex.ts';
import { pathPatterns } from './path-regex.ts';

export interface ForeignRule {
  readonly id: string;
  readonly title?: string | undefined;
  /** In the syntax of Go; absent for a rule that looks at paths alone. */
  readonly regex?: string | undefined;
  /** The group that is the secret; absent for the first that holds something. */
  readonly group?: number | undefined;
  readonly entropy?: number | undefined;
  readonly keywords?: readonly string[] | undefined;
  /** A regular expression of the paths that it looks at. */
  readonly path?: string | undefined;
  /** What the caller leaves out of it. */
  readonly lost: readonly string[];
}

export interface CarriedRules {
  readonly rules: readonly Record<string, unknown>[];
  readonly given: number;
  readonly carried: number;
  readonly lost: readonly string[];
  /** By a foreign id the ids of what it became. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
}

const SHORTEST_LITERAL = 3;
/** More groups than these are parts of a value, and not values. */
const MOST_GROUPS = 5;
const LONGEST_LINE = 4096;
const LONGEST_BLOCK = 16_384;

/** The text of a rule file. */
export function ruleFileText(rules: readonly Record<string, unknown>[]): string {
  return stringify({ rules }, { lineWidth: 0 });
}

/** `path` is only used in messages. */
export function carryOver(given: readonly ForeignRule[], path: string, builtin: readonly Rule[]): CarriedRules {
  const taken = new Set(builtin.map((rule) => rule.id));
  const rules: Record<string, unknown>[] = [];
  const ids = new Map<string, readonly string[]>();
  const lost: string[] = [];
  for (const rule of given) {
    try {
      const { made, notes } = translate(rule, taken);
      // The real check: what a rule file may say, and whether it runs in linear time.
      for (const one of made) compileRules([parseRuleFile(ruleFileText([one]), path)], builtin);
      const own = made.map(({ id }) => String(id));
      for (const id of own) taken.add(id);
      ids.set(rule.id, own);
      rules.push(...made);
      lost.push(...notes.map((note) => `${rule.id}: ${note}`));
    } catch (error) {
      if (!(error instanceof Untranslatable) && !(error instanceof UserError)) throw error;
      lost.push(`${rule.id}: not carried over: ${error.message.replace(/^.*?: rule \S+: /, '')}`);
    }
  }
  return { rules, given: given.length, carried: ids.size, lost, ids };
}

function translate(rule: ForeignRule, taken: ReadonlySet<string>): { made: Record<string, unknown>[]; notes: string[] } {
  if (rule.regex === undefined || rule.regex === '') throw new Untranslatable('it looks at paths alone');
  const regex = new GoRegex(rule.regex);
  const group = rule.group ?? 0;
  if (group > regex.groups) throw new Untranslatable(`it has no group ${group}`);
  const groups = group > 0 ? [group] : regex.groups === 0 || regex.groups > MOST_GROUPS ? [0] : regex.alternatives;
  const notes: string[] = [];
  if (group === 0 && regex.groups > MOST_GROUPS) notes.push(`it has ${regex.groups} groups: the whole match is the secret`);
  // Paths of rules are compared without regard to case anyway.
  const only = rule.path === undefined ? undefined : pathPatterns(rule.path.replace(/^\(\?i\)/, ''));
  if (rule.path !== undefined && only === undefined) notes.push('its path condition is left out: it looks at all files');
  notes.push(...rule.lost);
  const made = groups.map((number, index) => {
    const id = idOf(rule.id, taken) + (index === 0 ? '' : `-${index + 1}`);
    return ruleOf(rule, id, regex.translate(number), notes, only);
  });
  return { made, notes: [...new Set(notes)] };
}

function idOf(given: string, taken: ReadonlySet<string>): string {
  const id = given
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  const free = taken.has(id) ? `imported-${id}` : id;
  if (!RULE_ID.test(free) || taken.has(free)) throw new Untranslatable('its id is taken, or none');
  return free;
}

function ruleOf(
  rule: ForeignRule,
  id: string,
  translated: Translated,
  notes: string[],
  only: readonly string[] | undefined,
): Record<string, unknown> {
  const { source, longest, multiline, example } = translated;
  const { literals, ignoreCase } = literalsFor(rule, translated, notes);
  const most = multiline ? LONGEST_BLOCK : LONGEST_LINE;
  const match = only?.[0] === undefined ? example : { file: pathFor(only[0]), text: example };
  return {
    id,
    title: rule.title ?? rule.id,
    ...(rule.entropy === undefined || rule.entropy <= 0 ? {} : { minEntropy: Math.min(8, rule.entropy) }),
    ...(only === undefined ? {} : { paths: { only } }),
    pattern: {
      regex: source,
      literals,
      ...(ignoreCase ? { ignoreCase: true } : {}),
      ...(multiline ? { multiline: true } : {}),
      maxLength: Math.max(8, Math.min(most, longest)),
    },
    examples: { match: [match], ignore: [literals[0]] },
  };
}

/** A path that a pattern of ours matches. */
function pathFor(pattern: string): string {
  const path = pattern.replace(/^(?:\*\*)?\//, '').replaceAll(/[*?]/g, 'x');
  return path.endsWith('/') ? `${path}x` : path;
}

/**
 * What the prefilter looks for. It must stand in each match, in its case where the rule minds case; others fold the
 * case of keywords alone.
 */
function literalsFor(
  { keywords: given = [] }: ForeignRule,
  { literals, cased }: Translated,
  notes: string[],
): { literals: readonly string[]; ignoreCase: boolean } {
  const keywords = given.map((keyword) => keyword.toLowerCase()).filter((keyword) => keyword !== '');
  const isLong = (literal: string): boolean => literal.length >= SHORTEST_LITERAL;
  const long = keywords.filter(isLong);
  const own = literals.filter(isLong).slice(0, 1);
  const words = long.length > 0 && long.length === keywords.length ? long : own.length > 0 ? own : long;
  if (words.length === 0) throw new Untranslatable(`it has no keyword of ${SHORTEST_LITERAL} characters, and its regex holds no literal that long`);
  if (words === long && long.length < keywords.length) notes.push(`keywords shorter than ${SHORTEST_LITERAL} characters are left out`);
  for (const choice of [words, own]) {
    const cases = choice.map(cased);
    if (choice.length > 0 && cases.every((variants) => variants.length > 0)) return { literals: [...new Set(cases.flat())], ignoreCase: false };
  }
  return { literals: words, ignoreCase: true };
}
