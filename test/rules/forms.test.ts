/** Rules that need a name find their secret however a language or a format writes that the name has this value. */
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/model/rule.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { FORMS, NESTED_FORMS, type Form } from '../support/forms.ts';

const set = builtinRules();
const examples = builtinExamples();
const inspector = new Inspector(set);

/** `acmeapikey` → acme, api, key: only names of this kind, after the provider's own, can be taken apart without a dictionary. */
const NAME = /^([a-z]{3,}?)((?:access|admin|api|auth|client|private)?)(key|token|secret)$/;
/** One in so many rules; all with KEYSIFT_SOAK. */
const SAMPLE = process.env['KEYSIFT_SOAK'] === undefined ? 10 : 1;

/** The words of the first of a rule's names that begin with its provider. */
function nameOf(rule: Rule): string[] | undefined {
  return namesOf(rule)[0];
}

function namesOf({ matcher, provider, kind }: Rule): string[][] {
  if (matcher.kind !== 'context' || kind === 'check') return [];
  const owners = provider.toLowerCase().split(/[^a-z0-9]+/);
  const names = matcher.names.map((own) => (NAME.exec(own)?.slice(1) ?? []).filter((word) => word !== ''));
  return names.filter(([owner = '']) => owners.includes(owner));
}

/** A secret that the rule's first example shows, without blanks or quotes, which some forms cannot hold. */
function secretOf(rule: Rule): string | undefined {
  for (const { text: example } of examples[rule.id]?.match ?? []) {
    const { text, spans } = parseMarked(expandExample(example, 'forms'));
    const secret = spans[0] === undefined ? '' : Buffer.from(text).subarray(spans[0].start, spans[0].end).toString();
    if (/^[^\s"'`=&,;<>|]{8,}$/.test(secret)) return secret;
  }
  return undefined;
}

/** Whether what follows a value could be a part of it: `&` in a query. */
function goesOn({ matcher }: Rule, next: string): boolean {
  return 'value' in matcher && next !== '' && new RegExp(`[${matcher.value.alphabet}]`).test(next);
}

const rules = set.rules.filter((rule) => nameOf(rule) !== undefined && secretOf(rule) !== undefined).filter((_rule, index) => index % SAMPLE === 0);

/** Those of some rules that do not find their secret, and nothing else, in a text. */
function missedIn(form: Form, candidates: readonly Rule[], wordsFor: (rule: Rule) => string[] | undefined): Rule[] {
  return candidates.filter((rule) => {
    const secret = secretOf(rule)!;
    const text = form(wordsFor(rule)!, secret);
    const at = text.lastIndexOf(secret);
    if (goesOn(rule, text.charAt(at + secret.length))) return false;
    const start = Buffer.byteLength(text.slice(0, at));
    const found = inspector.inspect(Buffer.from(text));
    return !found.some(({ rule: { provider }, span }) => provider === rule.provider && span.start === start && span.end === start + Buffer.byteLength(secret));
  });
}

describe('every form of giving a value to a name', () => {
  test('there are enough rules to speak of', () => {
    expect(rules.length).toBeGreaterThan(250 / SAMPLE);
  });

  test.each(Object.entries(FORMS))('%s', (_name, form) => {
    const missed = missedIn(form, rules, nameOf);
    expect(missed.map(({ id }) => id)).toEqual([]);
  });
});

/** Where the name stands on another line, or in another statement, than the value: only whoever knows its shape looks there. */
const APART = new Set([
  'YAML, folded',
  'YAML, literal',
  'JSON, next line',
  'XML element, own line',
  'Go call, own lines',
  'Gradle',
  'gh secret',
  'prose, is',
  'table',
  'CSV',
  'next line',
  'next line, brackets',
  'Perl environment',
  'Erlang binary',
]);
const NOBODY = ['zorblat', 'api', 'token'];

describe("every form of giving a value to a name of nobody's", () => {
  test.each(Object.entries(FORMS).filter(([name]) => !APART.has(name)))('%s', (name, form) => {
    const values = ['{{alnum:32}}', '{{hex:40}}', '{{base64url:43}}'].map((template) => expandExample(template, `nobody ${name}`));
    const spans = values.map((value) => {
      const text = form(NOBODY, value);
      const found = inspector.inspect(Buffer.from(text)).map(({ rule, span }) => `${rule.id} ${Buffer.from(text).subarray(span.start, span.end).toString()}`);
      return found.includes(`generic-secret ${value}`);
    });
    expect(spans).toEqual([true, true, true]);
  });
});

/** Words below the owner that say by themselves that the value is a credential. */
const CREDENTIAL = /^(?:(?:access|admin|api|auth|client|private)(?:key|token|secret)|token|secret)$/;

function nestedNameOf(rule: Rule): string[] | undefined {
  return namesOf(rule).find((words) => CREDENTIAL.test(words.slice(1).join('')));
}

describe('every form of putting a value into what its owner names', () => {
  // Letters alone are no generated value to whoever does not know the shape.
  const nested = rules.filter((rule) => nestedNameOf(rule) !== undefined && /\d/.test(secretOf(rule)!));

  test('there are enough rules to speak of', () => {
    expect(nested.length).toBeGreaterThan(200 / SAMPLE);
  });

  test.each(Object.entries(NESTED_FORMS))('%s', (_name, form) => {
    expect(missedIn(form, nested, nestedNameOf).map(({ id }) => id)).toEqual([]);
  });
});
