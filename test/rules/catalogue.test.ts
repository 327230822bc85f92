/** The catalogue as a whole: how much it covers, that rules leave each other's keys alone, and that its list is up to date. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { catalogueText } from '../../src/rules/catalogue.ts';
import { isSharedShape, type Rule } from '../../src/model/rule.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { readRuleFolder } from '../../src/rules/load.ts';
import { Inspector } from '../../src/scan/inspector.ts';

const loaded = readRuleFolder(fileURLToPath(new URL('../../rules/', import.meta.url))).flatMap((file) => file.rules);
const { rules } = builtinRules();
const examples = builtinExamples();

test('docs/rules.md is up to date: npm run rules:docs writes it', () => {
  expect(readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8')).toBe(catalogueText(loaded));
});

describe('the catalogue', () => {
  test('600 key types of 350 providers at least', () => {
    const secret = rules.filter(({ kind }) => kind !== 'check' && kind !== 'publishable');
    expect(secret.length).toBeGreaterThanOrEqual(600);
    expect(new Set(secret.map(({ provider }) => provider)).size).toBeGreaterThanOrEqual(350);
  });

  test('a reference for every rule, under https', () => {
    expect(rules.filter(({ references }) => references.length === 0 || references.some((url) => !url.startsWith('https://'))).map(({ id }) => id)).toEqual([]);
  });

  test('two match and two ignore examples for every rule', () => {
    // Checks on findings are tested where findings are made.
    const poor = rules.filter(({ id, kind }) => kind !== 'check' && ((examples[id]?.match.length ?? 0) < 2 || (examples[id]?.ignore.length ?? 0) < 2));
    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  test('titles are told apart', () => {
    const titles = rules.map(({ title }) => title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
});

/** Values with which everything is filled, in contexts that belong to nobody. */
const SHAPES = [
  '{{hex:14}}', '{{hex:16}}', '{{hex:20}}', '{{hex:24}}', '{{hex:32}}', '{{hex:40}}', '{{hex:48}}', '{{hex:56}}', '{{hex:64}}', '{{hex:80}}', '{{hex:96}}', '{{hex:128}}',
  '{{hexupper:32}}', '{{hexupper:64}}', '{{uuid}}', '{{digit:19}}', '{{base58:44}}', '{{base58:88}}', '{{base32:52}}', '{{lower36:26}}',
  '{{base64:43}}=', '{{base64:86}}==', '{{base64:54}}=', '{{base64:300}}', '{{base64url:22}}', '{{base64url:43}}', '{{base64url:64}}', '{{alnum:20}}', '{{alnum:27}}', '{{alnum:40}}',
] as const;
const CARRIERS = [
  (value: string): string => `commit ${value}`,
  (value: string): string => `"integrity": "sha512-${value}"`,
  (value: string): string => `  sha256 "${value}"`,
  (value: string): string => `checksum = "${value}"`,
  (value: string): string => `ETag: "${value}"`,
  (value: string): string => `"id": "${value}",`,
  (value: string): string => `- uses: acme/deploy@${value}`,
  (value: string): string => `image: acme/app@sha256:${value}`,
  (value: string): string => `<div class="${value}" data-id="${value}">`,
  (value: string): string => `src="data:image/png;base64,${value}"`,
  (value: string): string => `resolved "https://registry.acme-corp.net/left-pad/-/left-pad-1.0.0.tgz#${value}"`,
  (value: string): string => `var a="${value}",b=function(t,e){return t.${value.replace(/[^A-Za-z0-9]/g, '')}};`,
] as const;

describe('what belongs to nobody', () => {
  const inspector = new Inspector(builtinRules());

  test.each(SHAPES)('%s', (shape) => {
    const found: string[] = [];
    for (const [index, carrier] of CARRIERS.entries()) {
      for (let salt = 0; salt < 5; salt++) {
        const text = carrier(expandExample(shape, `${index}/${salt}`));
        for (const { rule } of inspector.inspect(Buffer.from(text))) found.push(`${rule.id}: carrier ${index}`);
      }
    }
    expect(found).toEqual([]);
  });

  // What a word alone says about a secret is the business of the rules for any provider.
  test('names of the providers in prose, code and addresses', () => {
    const words = [...new Set(rules.flatMap(({ matcher, literals }) => (matcher.kind === 'context' || matcher.kind === 'token' ? literals : [])))];
    expect(words.length).toBeGreaterThan(1000);
    const found: string[] = [];
    for (const word of words) {
      const digest = expandExample('{{hex:40}}', word);
      const lines = [
        `We moved to ${word} last year.`,
        `import { client } from '${word}';`,
        `see https://docs.${word}.example/start`,
        `${word}_version = "1.2.3"`,
        `# ${word} ${digest}`,
        `commit ${digest}`,
        `${word}_sha256 = "${expandExample('{{hex:64}}', word)}"`,
        `${word}: { id: "${expandExample('{{uuid}}', word)}" }`,
      ];
      for (const { rule } of inspector.inspect(Buffer.from(lines.join('\n')))) if (rule.id !== 'generic-secret' && rule.id !== 'generic-password') found.push(`${rule.id}: ${word}`);
    }
    expect(found).toEqual([]);
  });
});

/** Rules of one family say who somebody else's key may belong to: that is declared by `member`. */
function family(rule: Rule): string {
  return rule.matcher.kind === 'member' ? rule.matcher.of : rule.id;
}

test('a key alone, without name or provider, is nobody else\'s', () => {
  const inspector = new Inspector(builtinRules());
  const found = new Set<string>();
  // The examples of checks hold keys of others.
  for (const rule of rules.filter(({ kind }) => kind !== 'check')) {
    for (const { text: example } of examples[rule.id]?.match ?? []) {
      const { text, spans } = parseMarked(expandExample(example, 'other'));
      const [span] = spans;
      if (span === undefined) continue;
      const bare = Buffer.from(text).subarray(span.start, span.end).toString();
      for (const sighting of inspector.inspect(Buffer.from(`x("${bare}")`))) {
        if (sighting.rule.id !== rule.id && family(sighting.rule) !== family(rule) && !isSharedShape(sighting.rule)) found.add(`${rule.id} alone is ${sighting.rule.id}`);
      }
    }
  }
  expect([...found].toSorted()).toEqual([]);
});
