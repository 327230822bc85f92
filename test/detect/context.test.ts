/** What stands near a value, where a rule needs that. */
import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import { allNew } from '../../src/detect/line-hits.ts';
import type { Candidate } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { plantOne } from '../support/secrets.ts';

const set = builtinRules();
const detector = new Detector(set);
const matcher = set.rules.find(({ id }) => id === 'assemblyai-api-key')?.matcher;
/** How many lines away the name counts. */
const WITHIN = matcher?.kind === 'context' ? matcher.within : 0;
const VALUE = plantOne('[|{{hex:32}}|]', 'context').secret;

/** The same content, whole and line by line. */
function found(text: string): [Candidate[], Candidate[]] {
  const bytes = Buffer.from(text);
  return [detector.detect(bytes), detector.detectChanged(bytes, allNew(bytes))];
}

function evidence(candidates: readonly Candidate[]): string[] {
  return candidates.filter(({ rule }) => rule.matcher.kind === 'context').map((candidate) => candidate.evidence.join('; '));
}

test.each([
  [`assemblyai_key = "${VALUE}-Xy3"`, 0],
  [`ASSEMBLYAI_KEY=${VALUE}/Xy3`, 0],
  [`ASSEMBLYAI_KEY=${VALUE} - the one of staging`, 1],
  [`https://api.assemblyai.com/v2?token=${VALUE}&x=1`, 1],
])('a value that is a part of a longer one is none: %s', (text, count) => {
  for (const candidates of found(text)) expect(evidence(candidates)).toHaveLength(count);
});

describe('a call that makes a client, and was imported from a provider', () => {
  test.each([
    [`import { createClient } from '@assemblyai/sdk';\nconst client = createClient('${VALUE}');`, 1],
    [`import { createClient, x } from 'assemblyai';\n\nconst client = createClient('${VALUE}');`, 1],
    [`const { createClient } = require('assemblyai');\nconst client = createClient("${VALUE}");`, 1],
    [`import { other } from 'assemblyai';\nconst client = createClient('${VALUE}');`, 0], // of another package
    [`import { readFile } from 'assemblyai';\nconst id = readFile('${VALUE}');`, 0], // makes no client
    [`import { other } from 'assemblyai';import { createClient } from 'a';createClient('${VALUE}');`, 0], // of another package, in one line
    [`// createClient of assemblyai\nconst client = createClient('${VALUE}');`, 0], // no import
  ])('%s', (text, count) => {
    for (const candidates of found(text)) expect(evidence(candidates)).toHaveLength(count);
  });
});

describe('a name that says whose a value is, and no more', () => {
  const [lettered, hex, digest] = ['{{alnum:32}}', '{{hex:32}}', '{{hex:40}}'].map((shape) => plantOne(`[|${shape}|]`, 'bare').secret);

  test.each([
    [`const tmdb = '${hex}';`, 'tmdb-api-key'],
    [`NEWSAPI=${hex}`, undefined], // no rule of its own has that name near its keys
    [`{ "keys": { "pinecone": "${VALUE.slice(0, 8)}" } }`, undefined],
    [`config.keys.opsgenie = "${plantOne('[|{{uuid}}|]', 'bare').secret}"`, undefined], // an id as likely
    [`tmdbApi: ${hex}`, 'tmdb-api-key'],
    [`TMDB_API=${hex}`, 'tmdb-api-key'],
    [`OPENCAGE = "${lettered}"`, undefined], // not its shape
    [`tmdb_etag: ${hex}`, undefined],
    [`codecov: ${digest}`, undefined], // a commit
  ])('%s', (text, rule) => {
    for (const candidates of found(text))
      expect(candidates.filter(({ rule: { matcher: by } }) => by.kind === 'context').map((one) => one.rule.id)).toEqual(
        rule === undefined ? [] : [rule],
      );
  });
});

test.each([
  [`curl https://api.assemblyai.com/v2 \\\n  -u ${VALUE}: \\\n  -d @a.json`, 1],
  [`curl https://api.assemblyai.com/v2 \\\n  --user "${VALUE}:"`, 1],
  [`curl https://api.assemblyai.com/v2\ncurl https://files.acme.net -u ${VALUE}:`, 0],
  [`curl https://api.assemblyai.com/v2 \\\n  -u ${VALUE}:{{alnum:4}}`, 0],
])('the login of a request that goes on in lines of options: %#', (text, count) => {
  for (const candidates of found(text)) expect(evidence(candidates)).toHaveLength(count);
});

describe('a name of the provider', () => {
  test.each([0, 1, WITHIN, WITHIN + 1])('counts %i lines away, above and below', (lines) => {
    const gap = lines === 0 ? ' ' : '\n'.repeat(lines);
    for (const text of [`"assemblyai";${gap}key = "${VALUE}"`, `key = "${VALUE}"${gap}// AssemblyAI`]) {
      for (const candidates of found(text)) expect(evidence(candidates), text).toHaveLength(lines > WITHIN ? 0 : 1);
    }
  });

  test('is the nearest one, and not one further away that others join to the value', () => {
    const gap = '\n'.repeat(WITHIN);
    const text = `AssemblyAI${gap}assemblyai${gap}key = "${VALUE}"\n`;
    for (const candidates of found(text)) expect(evidence(candidates)).toEqual([expect.stringContaining('near `assemblyai`')]);
  });

  test('counts as far as lines of 2,048 bytes reach', () => {
    for (const length of [2000, 2047, 2048, 2049, 2100]) {
      const text = `assemblyai ${'.'.repeat(length - 11)}\nkey = "${VALUE}"`;
      const [whole, byLine] = found(text);
      expect(evidence(whole), `${length}`).toEqual(evidence(byLine));
      expect(evidence(whole).length, `${length}`).toBe(length < 2059 ? 1 : 0);
    }
  });
});

test('a name that changes above a generic value is seen, though the line of the value stays', () => {
  const { secret } = plantOne('[|{{alnum:32}}|]', 'elsewhere');
  const [base, next] = ['BUILD_ID', 'SERVICE_TOKEN'].map((name) => Buffer.from(`- name: ${name}\n  value: ${secret}\n`));
  const below = (bytes: Buffer): number => bytes.indexOf('\n') + 1;
  expect(detector.detectChanged(base!, allNew(base!))).toEqual([]);
  const change = { base: detector.known()!, runs: Int32Array.of(below(next!), next!.length, below(base!)), lines: next!.subarray(0, below(next!)) };
  expect(detector.detectChanged(next!, change).map(({ rule, name }) => `${rule.id} ${name}`)).toEqual(['generic-secret SERVICE_TOKEN']);
});

describe('what other lines decide', () => {
  const { secret } = plantOne('[|{{alnum:32}}|]', 'elsewhere');
  const plain = (count: number): string[] => Array.from({ length: count }, (_, index) => `  line: ${index}`);

  /** A content with one line in another one's place, as a delta tells it. */
  function edited(lines: readonly string[], at: number, line: string): { bytes: Buffer; runs: Int32Array; lines: Buffer } {
    const own = Buffer.from(`${line}\n`);
    const before = Buffer.byteLength(
      lines
        .slice(0, at)
        .map((text) => `${text}\n`)
        .join(''),
    );
    const old = Buffer.byteLength(`${lines[at]}\n`);
    const bytes = Buffer.from(lines.with(at, line).join('\n'));
    const runs = [0, before, 0, before + own.length, bytes.length, before + old].filter((_, index) => before > 0 || index > 2);
    return { bytes, runs: Int32Array.from(runs), lines: own };
  }

  /** What is found of `rules` in a line that is edited, where the content went through some other edits before. */
  function foundByChange(lines: readonly string[], edits: readonly (readonly [at: number, line: string])[]): string[][] {
    const own = new Detector(set);
    const told = (candidates: readonly Candidate[]): string[] => candidates.map(({ rule, name }) => `${rule.id} ${name}`).toSorted();
    let text = [...lines];
    let bytes: Buffer = Buffer.from(text.join('\n'));
    const all = [told(own.detectChanged(bytes, allNew(bytes)))];
    let known = own.known()!;
    for (const [at, line] of edits) {
      const next = edited(text, at, line);
      text = text.with(at, line);
      bytes = next.bytes;
      all.push(told(own.detectChanged(bytes, { base: known, runs: next.runs, lines: next.lines })));
      expect(all.at(-1), `${at} ${line}`).toEqual(told(detector.detect(bytes)));
      known = own.known()!;
    }
    return all;
  }

  test.each([1, 2, 3, 4, 5, 6])('is asked again where the line %i above a generic value changes', (distance) => {
    const lines = [...plain(8), `  value: ${secret}`, ...plain(8)];
    const all = foundByChange(lines, [
      [16, '  line: x'],
      [0, '  line: y'],
      [8 - distance, '- name: SERVICE_TOKEN'],
      [8 - distance, '- name: BUILD_ID'],
      [9, '  name: SERVICE_TOKEN'],
    ]);
    expect(all[3]).toEqual(distance <= 4 ? ['generic-secret SERVICE_TOKEN'] : []);
    expect(all[5]).toEqual(distance <= 4 ? [] : ['generic-secret SERVICE_TOKEN']);
  });

  test('is asked again where a value comes to the end or the beginning of its content', () => {
    const lines = ['- name: SERVICE_TOKEN', `  value: ${secret}`];
    foundByChange(['x', ...lines], [[0, 'y']]);
    foundByChange(lines, [
      [0, '- name: BUILD_ID'],
      [0, '- name: SERVICE_TOKEN'],
    ]);
  });

  test.each([1, 5, 100, 300, 390])('is asked again where an object is logged %i lines below its key', (distance) => {
    const lines = ['const options = {', '  apiKey: process.env.SERVICE_KEY,', '};', ...plain(400)];
    const all = foundByChange(lines, [
      [402, '  line: x'],
      [2 + distance, 'console.log(options);'],
      [0, 'const others = {'],
      [0, 'const options = {'],
      [1, '  apiKey: "",'],
    ]);
    const logged = distance < 390 ? ['key-object-logged'] : [];
    expect(all[2]!.map((one) => one.split(' ')[0])).toEqual(logged);
    expect(all[4]!.map((one) => one.split(' ')[0])).toEqual(logged);
  });

  test.each([1, 100, 400])('an object that is logged is found where the line %i above it or below its logging changes', (distance) => {
    const object = ['const options = {', '  apiKey: process.env.SERVICE_KEY,', '};', 'console.log(options);'];
    const all = foundByChange(
      [...plain(400), ...object, ...plain(400)],
      [
        [400 - distance, '  line: x'],
        [403 + distance, '  line: y'],
        [403, 'use(options);'],
        [403 + distance, '  line: z'],
      ],
    );
    expect(all.map((one) => one.length)).toEqual([1, 1, 1, 0, 0]);
  });

  test.each([0, 1, 5, 60, 150, 250])('is asked again where what opens an object changes, %i lines above its key', (distance) => {
    const lines = [
      '{',
      'const options = {',
      '  inner: {',
      ...plain(distance),
      '  apiKey: process.env.SERVICE_KEY,',
      '}}',
      'console.log(options);',
      ...plain(400),
    ];
    const all = foundByChange(lines, [
      [distance + 50, '  line: x'],
      [2, '  call(), {'],
      [distance + 51, '  line: y'],
      [2, '  other: {'],
      [1, 'const others = {'],
      [0, '['],
      [1, 'const options = {'],
      [1, '  {'],
    ]);
    const isFound = distance < 250;
    expect(all.map((one) => one.length > 0)).toEqual([isFound, isFound, false, false, isFound, false, false, isFound, false]);
  });

  test('is asked again where a setting of a build is opened above a variable', () => {
    const lines = ['x', ...plain(40), '  KEY: process.env.STRIPE_SECRET_KEY,', ...plain(40)];
    const all = foundByChange(lines, [
      [81, '  line: x'],
      [0, 'define: {'],
      [0, 'x'],
    ]);
    expect(all.map((one) => one.length > 0)).toEqual([false, false, true, false]);
  });
});

test('a value with a mark before its hex digits is less surely a key that has none', () => {
  const marked = plantOne('[|zz_{{hex:40}}|]', 'marked').secret;
  const plain = plantOne('[|{{base64url:43}}|]', 'marked').secret;
  const confidences = (text: string): string[] =>
    detector.detect(Buffer.from(text)).flatMap(({ rule, confidence }) => (rule.id === 'netlify-access-token-legacy' ? [confidence] : []));
  expect(confidences(`NETLIFY_AUTH_TOKEN=${marked}`)).toEqual(['medium']);
  expect(confidences(`NETLIFY_AUTH_TOKEN=${plain}`)).toEqual(['high']);
});
