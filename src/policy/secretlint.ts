/** A `.secretlintrc`: its patterns, the values that it allows, and the rules that it switches off. */
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { LinearRegex } from '../rules/regex-safety.ts';
import { YamlText } from '../rules/yaml-text.ts';
import { carryOver, type ForeignRule } from './foreign-rules.ts';
import type { ForeignIgnore } from './import-ignores.ts';
import { isPathPattern } from './path-patterns.ts';
import type { RuleSetting } from './schema.ts';
import { takeover, type Takeover } from './takeover.ts';

const texts = v.optional(v.array(v.string()));
const pattern = v.looseObject({ name: v.string(), pattern: v.optional(v.string()), patterns: texts, filePathGlobs: texts });
const rule = {
  id: v.string(),
  disabled: v.optional(v.boolean()),
  severity: v.optional(v.string()),
  allowMessageIds: texts,
  options: v.optional(v.looseObject({ allows: texts, patterns: v.optional(v.array(pattern)) })),
};
const secretlintFile = v.looseObject({ rules: v.array(v.looseObject({ ...rule, rules: v.optional(v.array(v.looseObject(rule))) })) });
type SecretlintRule = v.InferOutput<typeof secretlintFile>['rules'][number];

const HINT = 'Give a .secretlintrc in JSON or YAML.';
const PREFIX = /^(?:@secretlint\/)?secretlint-rule-/;
/** Names of secretlint's rules that are not the provider's own; all others are compared letter by letter. */
const PROVIDERS: Readonly<Record<string, string>> = {
  aws: 'Amazon Web Services',
  azure: 'Microsoft Azure',
  basicauth: 'HTTP',
  gcp: 'Google',
  npm: 'npm',
  privatekey: 'Private key',
  'database-connection-string': 'Connection string',
};

/** `path` is only used in messages. Throws a `UserError` for text that is no such file. */
export function importSecretlint(text: string, path: string, builtin: readonly Rule[]): Takeover {
  const result = v.safeParse(secretlintFile, new YamlText(path.endsWith('.json') ? withoutComments(text) : text, path, HINT).plain);
  if (!result.success) throw new UserError(`${path}: ${v.getDotPath(result.issues[0]) ?? 'the file'} is not what secretlint reads`, HINT);
  const all = result.output.rules.flatMap((one) => [one, ...(one.rules ?? [])]);
  const lost: string[] = [];
  const settings: Record<string, RuleSetting> = {};
  const ignores: ForeignIgnore[] = [];
  for (const one of all) {
    const ours = rulesOf(one, builtin);
    if (one.disabled === true) {
      if (ours.length === 0) lost.push(`${one.id}: it is off, and no rule of keysift is its like`);
      for (const { id } of ours) settings[id] = { enabled: false };
    }
    if (one.allowMessageIds !== undefined) lost.push(`${one.id}: its allowMessageIds are left out: messages of keysift have other names`);
    if (one.severity !== undefined) lost.push(`${one.id}: its severity is left out; severities are set under rules`);
    for (const allowed of one.options?.allows ?? []) addAllowed(allowed, one, ours, ignores, lost);
  }
  const carried = carryOver(all.filter(({ disabled }) => disabled !== true).flatMap(patternsOf), path, builtin);
  return takeover({ rules: carried.rules, given: carried.given, carried: carried.carried, settings, ignores, lost: [...lost, ...carried.lost] });
}

const STRING_OR_COMMENT = /"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[^]*?(?:\*\/|$)/g;

/** As secretlint reads JSON. To YAML, behind a value, they would be the beginning of the next key. */
function withoutComments(json: string): string {
  return json.replaceAll(STRING_OR_COMMENT, (part) => (part.startsWith('"') ? part : part.replaceAll(/[^\n]/g, '')));
}

/** Rules of ours for the provider that a rule of secretlint is named after. */
function rulesOf({ id }: Pick<SecretlintRule, 'id'>, builtin: readonly Rule[]): Rule[] {
  const name = id.replace(PREFIX, '');
  const wanted = squeeze(PROVIDERS[name] ?? name);
  return builtin.filter(({ provider }) => squeeze(provider) === wanted);
}

const REGEX_LIKE = /^\/(.+)\/([a-z]*)$/s;

/** `/regex/flags`, or a text that a value may hold. It is about the rule's own provider alone. */
function addAllowed(allowed: string, { id }: Pick<SecretlintRule, 'id'>, ours: readonly Rule[], ignores: ForeignIgnore[], lost: string[]): void {
  if (ours.length === 0) return void lost.push(`${id}: a value that it allows is left out: no rule of keysift is its like`);
  let matches: (text: string) => boolean = (text) => text.includes(allowed);
  const [, source, flags] = REGEX_LIKE.exec(allowed) ?? [];
  if (source !== undefined) {
    try {
      const search = new LinearRegex(source, flags);
      matches = (text) => search.test(text);
    } catch {
      return void lost.push(`${id}: an expression of values that it allows cannot run in linear time`);
    }
  }
  const providers = new Set(ours.map(({ provider }) => provider));
  ignores.push({
    shown: `a value that ${id} allows`,
    matches: (finding: Finding) => providers.has(finding.rule.provider) && matches(finding.secret.reveal()),
  });
}

function patternsOf({ id, options }: SecretlintRule): ForeignRule[] {
  return (options?.patterns ?? []).flatMap(({ name, pattern: one, patterns, filePathGlobs }) => {
    const sources = [...(one === undefined ? [] : [one]), ...(patterns ?? [])];
    const lost = filePathGlobs === undefined ? [] : [`the paths that ${id} gives it are left out: it looks at all files`];
    return sources.map((source, index) => ({ id: index === 0 ? name : `${name}-${index + 1}`, title: name, regex: inGo(source), lost }));
  });
}

/** The flags of `/regex/flags` as Go has them. */
function inGo(source: string): string {
  const [, regex, flags = ''] = REGEX_LIKE.exec(source) ?? [];
  const kept = flags.replaceAll(/[^ims]/g, '');
  return regex === undefined ? source : `${kept === '' ? '' : `(?${kept})`}${regex}`;
}

/** A `.secretlintignore`, whose grammar is that of `.gitignore`. */
export function importSecretlintIgnore(text: string): Takeover {
  const patterns = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return takeover({
    exclude: patterns.filter(isPathPattern),
    lost: patterns.filter((one) => !isPathPattern(one)).map((one) => `the pattern ${one} is left out: it matches everything, or is too long`),
  });
}
