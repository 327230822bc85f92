/** From a rule as written to a rule as run: literals, bounds and patterns are derived, never guessed. */
import { createHash } from 'node:crypto';
import { UserError } from '../model/errors.ts';
import type { Matcher, Rule, RuleSet, Scope, ValueShape } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { bitmapOf, classOf, parseLengths } from './alphabet.ts';
import { CHECKSUMS } from './checksums.ts';
import type { LoadedFile, LoadedRule } from './load.ts';
import type { RuleSource } from './schema.ts';
import { ownerAndKind } from './names.ts';
import { checkRegex, RegexFault } from './regex-safety.ts';
import { joinedClasses, leftBoundary, tokenForms, valueForms } from './shape.ts';

const DEFAULT_WITHIN = 3;
const DEFAULT_VALUE = { alphabet: '[!-~]', length: '8-256' };
const MIN_LITERAL = 3;
const NOT_ASCII = /[^\x20-\x7e\t\n\r]/;
/** Kinds that the prefilter does not look for. */
const WITHOUT_LITERALS: ReadonlySet<Matcher['kind']> = new Set(['member', 'whole', 'finding']);
/** The inside of a class and no more, so that nothing else can be smuggled into a pattern. */
const CLASS_INSIDE = /^(?:[^\]\\^]|\\.)*$/;
/** What one user's file may ask for. */
const USER_LIMITS = { rules: 2000, tokenLength: 4096, paddedValue: 512 } as const;
/** These become part of a regular expression. */
const PLAIN_NAME = /^[a-z0-9_.-]{1,64}$/;

/** Throws a `UserError` that names file, line and rule. `linear` for rules of users, whose patterns nobody has proven. */
export function compileRule(loaded: LoadedRule, linear = false): Rule {
  const { source, file, line } = loaded;
  const fail = (message: string, hint: string): never => {
    throw new UserError(`${file}:${line}: rule ${source.id}: ${message}`, hint);
  };
  let matcher: Matcher;
  try {
    matcher = compileMatcher(source, linear);
    if (linear) limitUser(matcher, source);
  } catch (error) {
    if (error instanceof RegexFault) return fail(error.message, error.hint);
    if (!(error instanceof RangeError) && !(error instanceof SyntaxError)) throw error;
    return fail(error.message, 'Correct the field that it quotes.');
  }
  const foreign = literalsOf(matcher).find((literal) => NOT_ASCII.test(literal));
  if (foreign !== undefined) {
    return fail(`its literal "${foreign}" holds characters beyond ASCII`, 'Contents are searched as bytes: use a part of the key, or a name near it, of ASCII alone.');
  }
  const literals = [...new Set(literalsOf(matcher).map((literal) => literal.toLowerCase()))].toSorted();
  const short = literals.find((literal) => Buffer.byteLength(literal) < MIN_LITERAL);
  if (short !== undefined || (literals.length === 0 && !WITHOUT_LITERALS.has(matcher.kind))) {
    return fail(`its literal "${short ?? ''}" has fewer than ${MIN_LITERAL} bytes`, 'Search for a longer part of the key, or for a name near it.');
  }
  if (source.checksum !== undefined && CHECKSUMS[source.checksum] === undefined) {
    return fail(`unknown checksum "${source.checksum}"`, `Use one of ${Object.keys(CHECKSUMS).join(', ')}.`);
  }
  const attribute = source.attribute;
  const scope = scopeOf(matcher, source);
  return {
    id: source.id,
    provider: source.provider ?? 'unknown',
    title: source.title,
    kind: source.kind ?? 'secret',
    severity: source.severity ?? 'high',
    confidence: source.confidence ?? 'high',
    description: source.description ?? '',
    scope,
    matcher,
    literals,
    selfIdentifying: source.selfIdentifying ?? (matcher.kind === 'token' || matcher.kind === 'block'),
    ...(source.checksum === undefined ? {} : { checksum: source.checksum }),
    ...(source.minEntropy === undefined ? {} : { minEntropy: source.minEntropy }),
    ...(attribute === undefined
      ? {}
      : {
          attribute: {
            names: lower(attribute.names),
            words: lower(attribute.words),
            hosts: lower(attribute.hosts),
            packages: lower(attribute.packages),
            headers: lower(attribute.headers),
          },
        }),
    ...(source.paths === undefined ? {} : { paths: { only: source.paths.only ?? [], not: source.paths.not ?? [] } }),
    ...(source.halfOf === undefined ? {} : { halfOf: source.halfOf }),
    ...(source.revoke === undefined ? {} : { revoke: { where: source.revoke.where, steps: source.revoke.steps ?? [] } }),
    ...(source.rotateAfter === undefined ? {} : { rotateAfter: source.rotateAfter }),
    ...(source.expiresAfter === undefined ? {} : { expiresAfter: source.expiresAfter }),
    ...(source.frameworkDefault === true ? { frameworkDefault: true as const } : {}),
    references: source.references ?? [],
    ...(linear ? { linear } : {}),
  };
}

function lower(list: readonly string[] | undefined): string[] {
  return (list ?? []).map((entry) => entry.toLowerCase());
}

function scopeOf(matcher: Matcher, source: RuleSource): Scope {
  switch (matcher.kind) {
    case 'token':
    case 'uri':
    case 'assignment':
    case 'credential':
    case 'member':
      return 'line';
    case 'usage':
      return matcher.sink === 'object' || matcher.sink === 'bundle' ? 'near' : 'line';
    case 'context':
      return 'near';
    case 'block':
      return 'block';
    case 'file':
    case 'whole':
    case 'finding':
      return 'file';
    case 'pattern':
      return isAboutLines(source) ? 'block' : 'line';
  }
}

/** Whether what a free pattern finds, or looks at, goes on over lines. */
function isAboutLines({ pattern }: RuleSource): boolean {
  return pattern?.multiline === true || pattern?.rows === true || pattern?.columns === true || pattern?.items !== undefined;
}

function compileMatcher(source: RuleSource, linear: boolean): Matcher {
  if (source.token !== undefined) {
    const { token } = source;
    const boundary = { before: token.before, after: token.after };
    for (const [name, inside] of Object.entries(boundary)) {
      if (inside !== undefined && !CLASS_INSIDE.test(inside)) throw new RangeError(`token.${name} "${inside}" is not the inside of a character class`);
    }
    const shapes =
      token.shapes ?? required(token.prefixes, 'token.prefixes').map((prefix) => `${prefix}{${required(token.alphabet, 'token.alphabet')}:${required(token.length, 'token.length')}}`);
    const forms = shapes.flatMap((shape) => tokenForms(shape, boundary));
    return { kind: 'token', forms, ignoreCase: token.ignoreCase ?? false, ...(token.shared === true ? { shared: true } : {}) };
  }
  if (source.context !== undefined) {
    const { context } = source;
    return {
      kind: 'context',
      names: context.names.map(squeeze),
      near: lower(context.near),
      within: context.within ?? DEFAULT_WITHIN,
      ...(context.credentialWords === undefined ? {} : { credentialWords: context.credentialWords }),
      ...(context.beside === undefined ? {} : { beside: compileValue({ shapes: context.beside }).pattern }),
      value: compileValue(context),
    };
  }
  if (source.block !== undefined) {
    const { block } = source;
    checkRegex(block.rest, 's', linear);
    return { kind: 'block', begin: block.begin, pattern: block.rest, maxLength: block.maxLength ?? 16_384 };
  }
  if (source.uri !== undefined) return { kind: 'uri', schemes: lower(source.uri.schemes) };
  if (source.assignment !== undefined) return { kind: 'assignment', words: source.assignment.words, value: compileValue(source.assignment) };
  if (source.credential !== undefined) return { kind: 'credential', ...source.credential, values: source.credential.values ?? [] };
  if (source.file !== undefined) return { kind: 'file', words: source.file.words, value: compileValue(source.file) };
  if (source.pattern !== undefined) {
    const { pattern } = source;
    const flags = pattern.ignoreCase === true ? 'i' : '';
    checkRegex(pattern.regex, flags, linear);
    if (pattern.further !== undefined) checkRegex(pattern.further, flags, linear);
    return {
      kind: 'pattern',
      literals: pattern.literals,
      pattern: pattern.regex,
      flags,
      maxLength: pattern.maxLength,
      before: pattern.before ?? pattern.maxLength,
      ...(pattern.rows === true ? { rows: true } : {}),
      ...(pattern.columns === true ? { columns: true } : {}),
      ...(pattern.items === undefined ? {} : { items: pattern.items }),
      ...(pattern.further === undefined ? {} : { further: pattern.further }),
      ...(pattern.as === undefined ? {} : { as: pattern.as }),
      ...(pattern.named === true ? { named: true } : {}),
    };
  }
  if (source.whole !== undefined) return { kind: 'whole', value: compileValue(source.whole) };
  if (source.usage !== undefined) return { kind: 'usage', sink: source.usage.sink, words: lower(source.usage.words), hosts: lower(source.usage.hosts) };
  if (source.finding !== undefined) return { kind: 'finding', ...(source.finding.days === undefined ? {} : { days: source.finding.days }) };
  const { member } = source;
  if (member === undefined) throw new RangeError('no matcher');
  return {
    kind: 'member',
    of: member.of,
    bodies: (member.bodies ?? []).map((body) => {
      const pattern = body.regex ?? lengthsPattern(required(body.alphabet, 'bodies.alphabet'), required(body.length, 'bodies.length'));
      checkRegex(pattern, '', linear);
      return { pattern, exact: body.exact ?? false };
    }),
    wide: member.wide ?? false,
  };
}

/** Bounds that built-in rules are tested for instead. */
function limitUser(matcher: Matcher, source: RuleSource): void {
  if (matcher.kind === 'token') {
    const longest = Math.max(...matcher.forms.map((form) => form.maxLength));
    if (longest > USER_LIMITS.tokenLength) throw new RangeError(`a token may have ${USER_LIMITS.tokenLength} characters at most, this one has up to ${longest}`);
  }
  if ('value' in matcher) {
    const { maxLength, alphabet } = matcher.value;
    // `=` may stand before a value and within it, so a row of them is tried from each.
    const most = new RegExp(`[${alphabet}]`).test('=') ? USER_LIMITS.paddedValue : USER_LIMITS.tokenLength;
    if (maxLength > most) throw new RangeError(`a value of this alphabet may have ${most} characters at most, this one has up to ${maxLength}`);
  }
  const name = source.attribute?.names?.find((given) => !PLAIN_NAME.test(given.toLowerCase()));
  if (name !== undefined) throw new RangeError(`attribute.names: "${name}" is not a plain name of letters, digits, "_", "." and "-"`);
}

function required<T>(field: T | undefined, name: string): T {
  if (field === undefined) throw new RangeError(`${name} is missing`);
  return field;
}

function lengthsPattern(alphabet: string, lengths: string): string {
  const counts = parseLengths(lengths).toSorted((a, b) => b.max - a.max);
  return counts.map(({ min, max }) => `[${classOf(alphabet)}]{${min},${max}}`).join('|');
}

function compileValue(source: { alphabet?: string | undefined; length?: string | undefined; shapes?: string[] | undefined }): ValueShape {
  const alphabet = source.alphabet ?? DEFAULT_VALUE.alphabet;
  const boundary = classOf(alphabet);
  if (source.shapes !== undefined) {
    const forms = source.shapes.flatMap((shape) => valueForms(shape));
    return {
      pattern: forms.map((form) => form.pattern).join('|'),
      maxLength: Math.max(...forms.map((form) => form.maxLength)),
      alphabet: boundary,
      run: { class: joinedClasses(forms.map((form) => form.run.class)), min: Math.min(...forms.map((form) => form.run.min)) },
    };
  }
  const lengths = source.length ?? DEFAULT_VALUE.length;
  const ranges = parseLengths(lengths);
  // `=` ends a name as often as it pads a value, so it may stand before one; and so may the `:-` of `${NAME:-VALUE}`.
  return {
    pattern: `${leftBoundary(boundary.replace('=', ''), ':-')}(?:${lengthsPattern(alphabet, lengths)})(?![${boundary}])`,
    maxLength: Math.max(...ranges.map((length) => length.max)),
    alphabet: boundary,
    run: runOf(boundary, ranges),
    lengths,
  };
}

/** Around a value its alphabet ends, but that the letter of an escape or the dash of `:-` may stand before it, and `=` anywhere. */
function runOf(boundary: string, lengths: readonly { readonly min: number; readonly max: number }[]): ValueShape['run'] {
  const min = Math.min(...lengths.map((length) => length.min));
  const max = Math.max(...lengths.map((length) => length.max));
  const alphabet = bitmapOf(boundary);
  const isBounded = Buffer.from('=:\\').every((sign) => alphabet[sign] === 0);
  return { class: boundary, min, ...(isBounded ? { max: max + 1 } : {}) };
}

function literalsOf(matcher: Matcher): readonly string[] {
  switch (matcher.kind) {
    case 'token':
      return matcher.forms.map((form) => form.literal);
    case 'context':
      return [...matcher.near, ...nameLiterals(matcher.names, matcher.near)];
    case 'block':
      return matcher.begin;
    case 'uri':
      return matcher.schemes.map((scheme) => `${scheme}://`);
    case 'credential':
      return [...matcher.words, ...matcher.values];
    case 'assignment':
    case 'file':
      return matcher.words;
    case 'pattern':
      return matcher.literals;
    case 'usage':
      return matcher.words;
    case 'member':
    case 'whole':
    case 'finding':
      return [];
  }
}

const SEPARATORS = ['', '_', '-', ' '];
/** Between the names of sections and settings, where hardly anything but these words follows. */
const SECTION = { separators: ['.', ':'], words: new Set(['api', 'key', 'token', 'secret']) } as const;

/**
 * What wakes a rule where only one of its names stands, in all ways of writing it: `ACME_KEY`, `acme.key`, `Acme key`. Only
 * for names that begin like something near: others, `SMTP_PASSWORD`, mean their provider only beside it.
 */
function nameLiterals(names: readonly string[], near: readonly string[]): string[] {
  const literals = names.flatMap((name) => {
    const { owner, firstKind } = ownerAndKind(name) ?? {};
    if (near.length === 0) return [name];
    if (owner === undefined || firstKind === undefined || !near.some((other) => squeeze(other).startsWith(owner))) return [];
    const separators = SECTION.words.has(firstKind) ? [...SEPARATORS, ...SECTION.separators] : SEPARATORS;
    return separators.map((separator) => `${owner}${separator}${firstKind}`);
  });
  return [...new Set(literals)].filter((literal) => !near.some((other) => literal.includes(other)));
}

/**
 * All rules of some files as one set, in order of their ids. `known` are rules whose ids are taken already: what comes
 * to join them is a user's, and runs in linear time.
 */
export function compileRules(files: readonly LoadedFile[], known?: readonly Rule[]): RuleSet {
  const rules = new Map<string, Rule>();
  const taken = new Set(known?.map((rule) => rule.id));
  const samples: Record<string, string> = {};
  for (const file of files) {
    const excess = known === undefined ? undefined : file.rules[USER_LIMITS.rules];
    if (excess !== undefined) {
      throw new UserError(`${excess.file}:${excess.line}: rule ${excess.source.id}: a rule file may have ${USER_LIMITS.rules} rules at most`, 'Split it into several files.');
    }
    Object.assign(samples, file.samples);
    for (const loaded of file.rules) {
      const { id } = loaded.source;
      if (rules.has(id) || taken.has(id)) {
        throw new UserError(`${loaded.file}:${loaded.line}: rule ${id}: this id is taken by another rule`, 'Give it an id of its own.');
      }
      rules.set(id, compileRule(loaded, known !== undefined));
    }
  }
  const isThere = (id: string): boolean => rules.has(id) || taken.has(id);
  for (const { source, file, line } of files.flatMap((loaded) => loaded.rules)) {
    const at = `${file}:${line}: rule ${source.id}`;
    const family = source.member?.of;
    if (family !== undefined && !isThere(family)) {
      throw new UserError(`${at} belongs to the family of ${family}, and there is no such rule`, 'Correct `member.of`.');
    }
    const secret = source.halfOf?.find((id) => !isThere(id));
    if (secret !== undefined) throw new UserError(`${at} is a half of ${secret}, and there is no such rule`, 'Correct `halfOf`.');
  }
  return ruleSet([...rules.values()], samples);
}

/** Two sets as one. */
export function mergeRules(a: RuleSet, b: RuleSet): RuleSet {
  return ruleSet([...a.rules, ...b.rules], { ...a.samples, ...b.samples });
}

/** Puts compiled rules together; their digest names them in every report. */
export function ruleSet(given: readonly Rule[], samples: Readonly<Record<string, string>>): RuleSet {
  const rules = given.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const digest = createHash('sha256').update(JSON.stringify([rules, samples])).digest('hex');
  return { rules, samples, digest: `sha256:${digest}` };
}
