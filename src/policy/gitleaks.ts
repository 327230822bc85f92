/** A `.gitleaks.toml`: its rules, and what its allowlists say. */
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { append } from '../model/append.ts';
import { UserError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import { LinearRegex } from '../rules/regex-safety.ts';
import { carryOver } from './foreign-rules.ts';
import type { ForeignIgnore } from './import-ignores.ts';
import { pathPatterns } from './path-regex.ts';
import type { RuleSetting } from './schema.ts';
import { takeover, type Takeover } from './takeover.ts';

const texts = v.optional(v.array(v.string()));
const allowlist = v.looseObject({
  condition: v.optional(v.string()),
  targetRules: texts,
  commits: texts,
  paths: texts,
  regexTarget: v.optional(v.string()),
  regexes: texts,
  stopwords: texts,
});
const allowlists = { allowlist: v.optional(allowlist), allowlists: v.optional(v.array(allowlist)) };
const gitleaksFile = v.looseObject({
  extend: v.optional(v.looseObject({ disabledRules: texts })),
  ...allowlists,
  rules: v.optional(
    v.array(
      v.looseObject({
        id: v.string(),
        description: v.optional(v.string()),
        regex: v.optional(v.string()),
        path: v.optional(v.string()),
        secretGroup: v.optional(v.number()),
        entropy: v.optional(v.number()),
        keywords: texts,
        ...allowlists,
        required: v.optional(v.array(v.looseObject({}))),
      }),
    ),
  ),
});
type Allowlist = v.InferOutput<typeof allowlist>;

/** `path` is only used in messages. Throws a `UserError` for text that is no such file. */
export function importGitleaks(text: string, path: string, builtin: readonly Rule[]): Takeover {
  const file = read(text, path);
  const {
    rules,
    given,
    carried,
    lost: lostRules,
    ids,
  } = carryOver(
    (file.rules ?? []).map(({ id, description, regex, path: where, secretGroup, entropy, keywords, required }) => ({
      id,
      title: description,
      regex,
      group: secretGroup,
      entropy,
      keywords,
      path: where,
      lost: required === undefined ? [] : ['the rules that it requires are left out: it reports alone'],
    })),
    path,
    builtin,
  );
  const lost: string[] = [];
  if (file.extend !== undefined) lost.push('extend: the rules that it extends are not read; keysift has its own');
  for (const id of file.extend?.disabledRules ?? [])
    lost.push(`extend: ${id} stays on: rules of keysift have other names, and are switched off under rules`);
  const allowed = new Allowed(lost);
  for (const list of listsOf(file)) {
    const targets = list.targetRules?.flatMap((id) => ids.get(id) ?? []);
    allowed.add(list, 'the global allowlist', targets);
  }
  for (const rule of file.rules ?? []) {
    const own = ids.get(rule.id);
    if (own !== undefined) for (const list of listsOf(rule)) allowed.add(list, `${rule.id}: its allowlist`, own);
  }
  return takeover({
    rules,
    given,
    carried,
    exclude: allowed.exclude,
    settings: allowed.settings,
    ignores: allowed.ignores,
    lost: [...lost, ...lostRules],
  });
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

function listsOf(from: { readonly allowlist?: Allowlist | undefined; readonly allowlists?: readonly Allowlist[] | undefined }): Allowlist[] {
  return [...(from.allowlist === undefined ? [] : [from.allowlist]), ...(from.allowlists ?? [])];
}

/** What allowlists come to: paths for the configuration, and for all else entries for the findings that they cover today. */
class Allowed {
  readonly exclude: string[] = [];
  readonly settings: Record<string, RuleSetting> = {};
  readonly ignores: ForeignIgnore[] = [];
  readonly #lost: string[];

  constructor(lost: string[]) {
    this.#lost = lost;
  }

  /** @param rules ids of the rules that it is about; undefined for all */
  add(list: Allowlist, what: string, rules: readonly string[] | undefined): void {
    if (list.condition?.toUpperCase() === 'AND') return void this.#lost.push(`${what} is left out: it asks for several things at once`);
    if (rules?.length === 0) return void this.#lost.push(`${what} is left out: it is about rules that are not carried over`);
    for (const regex of list.paths ?? []) this.#addPath(regex, what, rules);
    // Shown by number: what is allowed may be a secret itself.
    if ((list.regexTarget ?? 'secret') === 'secret')
      for (const [index, regex] of (list.regexes ?? []).entries()) this.#addRegex(regex, `${what}: expression ${index + 1}`, rules);
    else if (list.regexes !== undefined) this.#lost.push(`${what}: its regexes are left out: they look at more than the secret`);
    for (const [index, word] of (list.stopwords ?? []).entries()) {
      const lower = word.toLowerCase();
      this.#addIgnore(`${what}: stopword ${index + 1}`, rules, ({ secret }) => secret.reveal().toLowerCase().includes(lower));
    }
    for (const commit of list.commits ?? []) {
      this.#addIgnore(`${what}: commit ${commit}`, rules, ({ locations }) => locations.every((place) => place.commit === commit));
    }
  }

  #addPath(regex: string, what: string, rules: readonly string[] | undefined): void {
    const patterns = pathPatterns(regex);
    if (patterns === undefined)
      return void this.#lost.push(`${what}: the path ${regex} is more than a pattern can say; write what you need into exclude`);
    if (rules === undefined) return append(this.exclude, patterns);
    for (const id of rules) this.settings[id] = { exclude: [...(this.settings[id]?.exclude ?? []), ...patterns] };
  }

  #addRegex(regex: string, shown: string, rules: readonly string[] | undefined): void {
    let search: LinearRegex;
    try {
      search = new LinearRegex(regex);
    } catch {
      return void this.#lost.push(`${shown} cannot be read`);
    }
    this.#addIgnore(shown, rules, ({ secret }) => search.test(secret.reveal()));
  }

  #addIgnore(shown: string, rules: readonly string[] | undefined, matches: (finding: Finding) => boolean): void {
    this.ignores.push({ shown, matches: (finding) => (rules === undefined || rules.includes(finding.rule.id)) && matches(finding) });
  }
}
