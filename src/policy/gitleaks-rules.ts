/** Rules of a `.gitleaks.toml` as a rule file; what cannot be carried over is listed with its reason. */
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { UserError } from '../model/errors.ts';
import type { Rule } from '../model/rule.ts';
import { compileRules } from '../rules/compile.ts';
import { parseRuleFile } from '../rules/load.ts';
import { RULE_ID } from '../rules/schema.ts';
import { GoRegex, Untranslatable, type Translated } from './go-regex.ts';

export interface Imported {
  /** A rule file in YAML. */
  readonly yaml: string;
  /** Rules of the given file, and those of them that were carried over, if only in part. */
  readonly given: number;
  readonly carried: number;
  /** What was lost, a line each. */
  readonly lost: readonly string[];
}

const allowlists = v.optional(v.array(v.looseObject({})));
const gitleaksFile = v.looseObject({
  extend: v.optional(v.looseObject({})),
  allowlist: v.optional(v.looseObject({})),
  allowlists,
  rules: v.optional(
    v.array(
      v.looseObject({
        id: v.string(),
        description: v.optional(v.string()),
        regex: v.optional(v.string()),
        path: v.optional(v.string()),
        secretGroup: v.optional(v.number()),
        entropy: v.optional(v.number()),
        keywords: v.optional(v.array(v.string())),
        allowlist: v.optional(v.looseObject({})),
        allowlists,
        required: v.optional(v.array(v.looseObject({}))),
      }),
    ),
  ),
});
type GitleaksRule = NonNullable<v.InferOutput<typeof gitleaksFile>['rules']>[number];

const SHORTEST_LITERAL = 3;
/** More groups than these are parts of a value, and not values. */
const MOST_GROUPS = 5;
const LONGEST_LINE = 4096;
const LONGEST_BLOCK = 16_384;

/** `path` is only used in messages. Throws a `UserError` for text that is no such file. */
export function importGitleaks(text: string, path: string, builtin: readonly Rule[]): Imported {
  const file = read(text, path);
  const rules = file.rules ?? [];
  const taken = new Set(builtin.map((rule) => rule.id));
  const lost: string[] = [];
  if (file.extend !== undefined) lost.push('extend: the rules that it extends are not read; keysift has its own');
  if (file.allowlist !== undefined || file.allowlists !== undefined)
    lost.push('the global allowlist: write its paths into exclude of keysift.config.yaml');
  const carried: Record<string, unknown>[] = [];
  let number = 0;
  for (const rule of rules) {
    try {
      const { made, notes } = translate(rule, taken);
      // The real check: what a rule file may say, and whether it runs in linear time.
      for (const one of made) compileRules([parseRuleFile(stringify({ rules: [one] }), path)], builtin);
      for (const { id } of made) taken.add(String(id));
      carried.push(...made);
      lost.push(...notes.map((note) => `${rule.id}: ${note}`));
      number++;
    } catch (error) {
      if (!(error instanceof Untranslatable) && !(error instanceof UserError)) throw error;
      lost.push(`${rule.id}: not carried over: ${error.message.replace(/^.*?: rule \S+: /, '')}`);
    }
  }
  return { yaml: stringify({ rules: carried }, { lineWidth: 0 }), given: rules.length, carried: number, lost };
}

function read(text: string, path: string): v.InferOutput<typeof gitleaksFile> {
  let plain: unknown;
  try {
    plain = parse(text);
  } catch (error) {
    const at = error instanceof TomlError ? `:${error.line}:${error.column}` : '';
    throw new UserError(`${path}${at}: this is no TOML`, 'Give a .gitleaks.toml.');
  }
  const result = v.safeParse(gitleaksFile, plain);
  if (!result.success)
    throw new UserError(`${path}: ${v.getDotPath(result.issues[0]) ?? 'the file'} is not what gitleaks writes`, 'Give a .gitleaks.toml.');
  return result.output;
}

function translate(rule: GitleaksRule, taken: ReadonlySet<string>): { made: Record<string, unknown>[]; notes: string[] } {
  if (rule.regex === undefined || rule.regex === '') throw new Untranslatable('it looks at paths alone');
  const regex = new GoRegex(rule.regex);
  const group = rule.secretGroup ?? 0;
  if (group > regex.groups) throw new Untranslatable(`it has no group ${group}`);
  const groups = group > 0 ? [group] : regex.groups === 0 || regex.groups > MOST_GROUPS ? [0] : regex.alternatives;
  const notes: string[] = [];
  if (group === 0 && regex.groups > MOST_GROUPS) notes.push(`it has ${regex.groups} groups: the whole match is the secret`);
  if (rule.path !== undefined) notes.push('its path condition is left out: it looks at all files');
  if (rule.allowlist !== undefined || rule.allowlists !== undefined) notes.push('its allowlist is left out');
  if (rule.required !== undefined) notes.push('the rules that it requires are left out: it reports alone');
  const made = groups.map((number, index) => {
    const id = idOf(rule.id, taken) + (index === 0 ? '' : `-${index + 1}`);
    return ruleOf(rule, id, regex.translate(number), notes);
  });
  return { made, notes: [...new Set(notes)] };
}

function idOf(given: string, taken: ReadonlySet<string>): string {
  const id = given
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 50);
  const free = taken.has(id) ? `gitleaks-${id}` : id;
  if (!RULE_ID.test(free) || taken.has(free)) throw new Untranslatable('its id is taken, or none');
  return free;
}

function ruleOf(rule: GitleaksRule, id: string, translated: Translated, notes: string[]): Record<string, unknown> {
  const { source, longest, multiline, example } = translated;
  const { literals, ignoreCase } = literalsFor(rule, translated, notes);
  const most = multiline ? LONGEST_BLOCK : LONGEST_LINE;
  return {
    id,
    title: rule.description ?? rule.id,
    ...(rule.entropy === undefined || rule.entropy <= 0 ? {} : { minEntropy: Math.min(8, rule.entropy) }),
    pattern: {
      regex: source,
      literals,
      ...(ignoreCase ? { ignoreCase: true } : {}),
      ...(multiline ? { multiline: true } : {}),
      maxLength: Math.max(8, Math.min(most, longest)),
    },
    examples: { match: [example], ignore: [literals[0]] },
  };
}

/**
 * What the prefilter looks for. It must stand in each match, in its case where the rule minds case; gitleaks folds the
 * case of keywords alone.
 */
function literalsFor(
  { keywords: given = [] }: GitleaksRule,
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
