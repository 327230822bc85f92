/** The list of rules for people, `docs/rules.md`: one line a rule, its shape in words. */
import type { LoadedRule } from './load.ts';
import type { RuleSource } from './schema.ts';
import { CHECKSUMS } from './checksums.ts';

/** What a run of each named alphabet is made of. */
const ALPHABET_WORDS: Readonly<Record<string, string>> = {
  digit: 'digits',
  hex: 'hexadecimal digits',
  hexupper: 'capital hexadecimal digits',
  hexany: 'hexadecimal digits of either case',
  lower: 'small letters',
  upper: 'capital letters',
  alpha: 'letters',
  lower36: 'small letters or digits',
  upper36: 'capital letters or digits',
  alnum: 'letters or digits',
  word: 'letters, digits or `_`',
  base32: 'characters of base32',
  base32lower: 'small characters of base32',
  base58: 'characters of base58',
  base64: 'characters of base64',
  base64pad: 'characters of base64, padded',
  base64url: 'characters of URL-safe base64',
  dotted: 'letters, digits, `_`, `.` or `-`',
};
const UUID = '{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}';
const PART = /(\{uuid\})|\{([^{}:]+|\[(?:[^\]\\]|\\.)+\]):([\d,\- ]+)\}|\(([^()]*)\)|([^{}()]+)/g;
/** Longer lists of literals are cut in the table. */
const SHOWN = 3;

/** Markdown of the whole list, in order of provider and id. */
export function catalogueText(rules: readonly LoadedRule[]): string {
  const rows = rules.map(({ source }) => source).toSorted((a, b) => compare(providerOf(a), providerOf(b)) || compare(a.id, b.id));
  const providers = new Set(rows.map(providerOf)).size;
  return [
    '# Rules',
    '',
    `${rows.length} rules for ${providers} providers. \`keysift rules show ID\` says more about one. Written by \`npm run rules:docs\`; do not edit.`,
    '',
    '| Provider | Rule | What | Severity | Checked offline | Shape |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((rule) => row([providerOf(rule), `\`${rule.id}\``, rule.title, rule.severity ?? 'high', checkOf(rule), shapeOf(rule)])),
    '',
  ].join('\n');
}

function compare(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

function providerOf(rule: RuleSource): string {
  return rule.provider ?? 'unknown';
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function checkOf({ checksum }: RuleSource): string {
  return checksum === undefined ? '' : (CHECKSUMS[checksum]?.label ?? checksum);
}

/** What the rule looks for, in words. */
function shapeOf(rule: RuleSource): string {
  const { token, context, block, uri, assignment, credential, file, whole, pattern, usage, member } = rule;
  if (token !== undefined) {
    const shapes = token.shapes ?? (token.prefixes ?? []).map((prefix) => `${prefix}{${token.alphabet}:${token.length}}`);
    return shapes.map(drawn).slice(0, SHOWN).join('; or ');
  }
  if (context !== undefined) return `${valueOf(context)}; by its name or near ${quoted(context.near ?? context.names)}`;
  if (block !== undefined) return `from ${quoted(block.begin)} to its end`;
  if (uri !== undefined) return `the password in an address that begins ${quoted(uri.schemes.map((scheme) => `${scheme}://`))}`;
  if (assignment !== undefined) return `${valueOf(assignment)}; assigned to a name with ${quoted(assignment.words)}`;
  if (credential !== undefined) return `a value that looks ${credential.as === 'password' ? 'like a password' : 'generated'}; assigned to a name with ${quoted(credential.words)}`;
  if (file !== undefined) return `${valueOf(file)}; in a file of its own kind`;
  if (whole !== undefined) return `${valueOf(whole)}; alone in a file`;
  if (pattern !== undefined) return `part of a text with ${quoted(pattern.literals)}`;
  if (usage !== undefined) return `how code uses a name with ${quoted(usage.words)}`;
  return member === undefined ? 'what stands around a finding' : `one of the family of \`${member.of}\``;
}

function valueOf(value: { alphabet?: string | undefined; length?: string | undefined; shapes?: string[] | undefined }): string {
  if (value.shapes !== undefined) return value.shapes.map(drawn).slice(0, SHOWN).join('; or ');
  return value.alphabet === undefined ? 'free text' : run(value.alphabet, value.length ?? '8-256');
}

function quoted(list: readonly string[]): string {
  const shown = list.slice(0, SHOWN).map((text) => `\`${text}\``);
  return list.length > SHOWN ? `${shown.join(', ')} …` : shown.join(' or ');
}

/** A drawing in words: `re_`, 8 letters or digits, `_`, 24 letters or digits. */
function drawn(shape: string): string {
  return Array.from(shape.replaceAll(UUID, '{uuid}').matchAll(PART), ([, uuid, alphabet, lengths, choice, text]) => {
    if (uuid !== undefined) return 'a UUID';
    if (alphabet !== undefined && lengths !== undefined) return run(alphabet, lengths);
    if (choice !== undefined) return choice.split('|').map((literal) => (literal === '' ? 'nothing' : `\`${literal}\``)).join(' or ');
    return `\`${text ?? ''}\``;
  }).join(', ');
}

function run(alphabet: string, lengths: string): string {
  const counts = lengths.replaceAll(/\s/g, '').replaceAll('-', ' to ').replaceAll(',', ' or ');
  return `${counts} ${ALPHABET_WORDS[alphabet] ?? `of \`${alphabet}\``}`;
}
