/**
 * What a rule file may say. One source of truth: the types below, `rules/rule.schema.json` (generated from it by the
 * build) and every error message about a rule file come from here.
 */
import * as v from 'valibot';
import { RULE_KINDS, USAGE_SINKS } from '../model/rule.ts';
import { CONFIDENCES, SEVERITIES } from '../model/severity.ts';
import { STATES } from '../model/state.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const texts = v.pipe(v.array(text), v.minLength(1));
const literal = v.pipe(v.string(), v.minLength(3, 'a literal needs at least 3 characters, else the rule is looked at everywhere'));
const lengths = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform(String),
  v.regex(/^\s*\d{1,5}(\s*-\s*\d{1,5})?(\s*,\s*\d{1,5}(\s*-\s*\d{1,5})?)*\s*$/, 'a length is 40, 20-40 or 32,40'),
);
/** Rule ids are plain ASCII, so that no look-alike letter can pass for a known rule. */
export const RULE_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
const ruleId = v.pipe(v.string(), v.regex(RULE_ID, 'an id is 1 to 64 of a-z, 0-9 and "-"'));

const token = v.strictObject({
  /** Literals that begin the token, followed by `alphabet` × `length`. */
  prefixes: v.optional(v.pipe(v.array(literal), v.minLength(1))),
  alphabet: v.optional(text),
  length: v.optional(lengths),
  /** Instead of the three above: drawings such as `SG.{base64url:22}.{base64url:43}`. */
  shapes: v.optional(texts),
  ignoreCase: v.optional(v.boolean()),
  /** Class of characters that may not stand before, default letters, digits and `_`; empty for any. */
  before: v.optional(v.string()),
  /** Class that may not follow, default the token's last alphabet. */
  after: v.optional(v.string()),
  /** Many providers draw keys of this shape, so that whatever names one of them is surer. */
  shared: v.optional(v.boolean()),
});

const value = { alphabet: v.optional(text), length: v.optional(lengths), shapes: v.optional(texts) };

const context = v.strictObject({
  ...value,
  names: texts,
  near: v.optional(v.pipe(v.array(literal), v.minLength(1))),
  within: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20))),
  credentialWords: v.optional(texts),
  /** Drawings of what says whose the value is that stands right behind it: the public half of a pair. */
  beside: v.optional(texts),
});

const block = v.strictObject({
  begin: v.pipe(v.array(literal), v.minLength(1)),
  /** Regular expression of what follows the begin marker; bounded. */
  rest: text,
  maxLength: v.optional(v.pipe(v.number(), v.integer(), v.minValue(64), v.maxValue(65_536))),
});

const uri = v.strictObject({ schemes: texts });

const words = v.pipe(v.array(v.pipe(literal, v.regex(/^[a-z0-9_-]+$/, 'words are lower case'))), v.minLength(1));
const assignment = v.strictObject({ ...value, words });
const file = v.strictObject({ ...value, words });
/** No value to describe: what a credential's name and value look like is the program's to know. */
const credential = v.strictObject({ words, values: v.optional(words), as: v.picklist(['secret', 'password']) });

const whole = v.strictObject(value);

const usage = v.strictObject({ sink: v.picklist(USAGE_SINKS), words: v.pipe(v.array(literal), v.minLength(1)), hosts: v.optional(texts) });

const days = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(36_500));
const finding = v.strictObject({ days: v.optional(days) });

const pattern = v.strictObject({
  regex: text,
  literals: v.pipe(v.array(literal), v.minLength(1)),
  ignoreCase: v.optional(v.boolean()),
  multiline: v.optional(v.boolean()),
  /** Group 1 is the name of a column in the header of a table in CSV; each row below it holds a secret there. */
  rows: v.optional(v.boolean()),
  /** Group 1 is the bracket that opens a statement's list of columns; strings of its rows are the secrets, where the column's name means what `as` says. */
  columns: v.optional(v.boolean()),
  /** Group 1 is a part of a name, and the match ends with its line: so many strings, each in a line of its own below, are the secrets. */
  items: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
  /** Where a match ends, and then where this ends: group 1 is one more secret, such as another one that a command is given. */
  further: v.optional(text),
  /** Name and value are judged as those of a `credential`: for what no provider's rule is about. */
  as: v.optional(v.picklist(['secret', 'password'])),
  /** Before group 1 a match holds its name, which has to mean what `as` says: keys of tables and caches are no secrets. */
  named: v.optional(v.boolean()),
  /** How many bytes of a match may stand before the literal; default maxLength. */
  before: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_536))),
  maxLength: v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(65_536)),
});

const member = v.strictObject({
  of: ruleId,
  /** Known shapes of what follows the prefix; none where the provider documents none. */
  bodies: v.optional(v.array(v.strictObject({ alphabet: v.optional(text), length: v.optional(lengths), regex: v.optional(text), exact: v.optional(v.boolean()) }))),
  wide: v.optional(v.boolean()),
});

const attribute = v.strictObject({
  names: v.optional(texts),
  words: v.optional(texts),
  hosts: v.optional(texts),
  packages: v.optional(texts),
  headers: v.optional(texts),
});

const example = v.union([
  text,
  v.strictObject({
    file: v.optional(text),
    text,
    /** Other files beside it, for checks that compare. */
    also: v.optional(v.record(text, text)),
    /** For checks about time and history. */
    days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    state: v.optional(v.picklist(STATES)),
  }),
]);

const common = {
  provider: v.optional(text),
  kind: v.optional(v.picklist(RULE_KINDS)),
  severity: v.optional(v.picklist(SEVERITIES)),
  confidence: v.optional(v.picklist(CONFIDENCES)),
  description: v.optional(text),
  attribute: v.optional(attribute),
  revoke: v.optional(v.strictObject({ where: text, steps: v.optional(texts) })),
  rotateAfter: v.optional(days),
  expiresAfter: v.optional(days),
  references: v.optional(texts),
  checksum: v.optional(text),
  minEntropy: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(8))),
  selfIdentifying: v.optional(v.boolean()),
  frameworkDefault: v.optional(v.boolean()),
  paths: v.optional(v.strictObject({ only: v.optional(texts), not: v.optional(texts) })),
};

export const ruleSource = v.strictObject({
  ...common,
  id: ruleId,
  title: text,
  /** The value is the public half of a pair: the rules of the secrets that it may belong to. */
  halfOf: v.optional(v.pipe(v.array(ruleId), v.minLength(1))),
  token: v.optional(token),
  context: v.optional(context),
  block: v.optional(block),
  uri: v.optional(uri),
  assignment: v.optional(assignment),
  credential: v.optional(credential),
  file: v.optional(file),
  pattern: v.optional(pattern),
  member: v.optional(member),
  whole: v.optional(whole),
  usage: v.optional(usage),
  finding: v.optional(finding),
  /** Both kinds, for every rule that an example can show; one that git or the whole tree decides about has tests instead. */
  examples: v.strictObject({ match: v.array(example), ignore: v.array(example) }),
});

export const ruleFile = v.strictObject({
  /** Fields that all rules of the file share unless they say otherwise. */
  defaults: v.optional(v.strictObject(common)),
  /** Published sample keys, by SHA-256, so that the repository holds no token. */
  samples: v.optional(v.array(v.strictObject({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 of 0-9 and a-f')), note: text }))),
  rules: v.optional(v.array(ruleSource)),
});

export type RuleSource = v.InferOutput<typeof ruleSource>;
export type RuleFile = v.InferOutput<typeof ruleFile>;

/** The ways of saying what a rule matches, `member` for a family's providers, and `finding` for checks on findings: each rule has exactly one. */
export const MATCHER_KEYS = [
  'token',
  'context',
  'block',
  'uri',
  'assignment',
  'credential',
  'file',
  'whole',
  'pattern',
  'member',
  'usage',
  'finding',
] as const;
