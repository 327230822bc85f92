/** What a hit is by its own text and name: taken away with a reason, or a candidate that is sure to some degree. */
import { describe, expect, test } from 'vitest';
import type { Hit } from '../../src/detect/compiled-rule.ts';
import { Judge } from '../../src/detect/judge.ts';
import type { Candidate, Dropped } from '../../src/model/finding.ts';
import type { Matcher, Rule } from '../../src/model/rule.ts';
import { sha256 } from '../../src/rules/checksums.ts';
import { expandExample } from '../../src/rules/examples.ts';

const RANDOM = expandExample('{{base62:40}}');

function rule(kind: Matcher['kind'], facts: Partial<Rule> = {}): Rule {
  return { id: 'r', kind: 'secret', confidence: 'high', severity: 'high', matcher: { kind }, ...facts } as unknown as Rule;
}

/** `a [|hit|] b`, judged. */
function judged(
  marked: string,
  by: Rule,
  { judge = new Judge({}), tell = true, ...facts }: Partial<Hit> & { readonly judge?: Judge; readonly tell?: boolean } = {},
): { candidate: Candidate | undefined; dropped: string[] } {
  const [before = '', text = '', after = ''] = marked.split(/\[\||\|\]/);
  const dropped: Dropped[] = [];
  const hit: Hit = { rule: by, start: before.length, end: before.length + text.length, prefixLength: 0, evidence: [], ...facts };
  const candidate = judge.candidate(hit, Buffer.from(before + text + after, 'latin1'), tell ? (drop) => dropped.push(drop) : undefined);
  for (const drop of dropped) expect([drop.rule, drop.span]).toEqual([by, { start: hit.start, end: hit.end }]);
  return { candidate, dropped: dropped.map(({ filter, reason }) => `${filter}: ${reason}`) };
}

describe('a hit', () => {
  test('is a candidate with its text, its place and the name on its line', () => {
    const { candidate, dropped } = judged(`x\nACME_KEY = "[|acme_${RANDOM}|]"\ny`, rule('token'), { prefixLength: 5, evidence: ['seen'] });
    expect(dropped).toEqual([]);
    expect(candidate).toMatchObject({ name: 'ACME_KEY', span: { start: 14, end: 59 }, evidence: ['seen'], proven: false, confidence: 'high' });
    expect(candidate).not.toHaveProperty('named');
    expect([candidate?.secret.reveal(), String(candidate?.secret)]).toEqual([`acme_${RANDOM}`, 'acme_****']);
    const known = judged(`ACME_KEY = "[|${RANDOM}|]"`, rule('token'), { name: 'other', named: true }).candidate;
    expect(known).toMatchObject({ name: 'other', named: true });
  });

  test('of code is no secret', () => {
    const usage = rule('usage', { kind: 'check', confidence: 'low' });
    expect(judged('log([|apiKey|])', usage).candidate).toMatchObject({ name: 'apiKey', evidence: ['`apiKey`'], proven: false, confidence: 'low' });
    const told = judged('log([|apiKey|])', usage, { name: 'config.apiKey', evidence: ['goes into `log`'] }).candidate;
    expect(told).toMatchObject({ name: 'config.apiKey', evidence: ['goes into `log`'], span: { start: 4, end: 10 } });
    expect(told?.secret.reveal()).toBe('');
  });

  test('is taken away by a filter, with its reason, where somebody asks', () => {
    const { candidate, dropped } = judged('KEY=[|acme_xxxxxxxxxxxxxxxxxxxx|]', rule('token'), { prefixLength: 5 });
    expect(candidate).toBeUndefined();
    expect(dropped).toEqual([expect.stringMatching(/^placeholder: /)]);
    expect(judged('KEY=[|acme_xxxxxxxxxxxxxxxxxxxx|]', rule('token'), { prefixLength: 5, tell: false })).toEqual({
      candidate: undefined,
      dropped: [],
    });
  });

  test('that several filters object to has the first reason of their order', () => {
    const text = `acme_${'x'.repeat(20)}`;
    const judge = new Judge({ [sha256(text)]: 'from the documentation' });
    expect(judged(`KEY=[|${text}|]`, rule('token'), { judge, prefixLength: 5 }).dropped).toEqual(['sample: from the documentation']);
  });

  test('that is a published sample is taken away', () => {
    const judge = new Judge({ [sha256(RANDOM)]: 'from the documentation' });
    expect(judged(`KEY=[|${RANDOM}|]`, rule('token'), { judge })).toEqual({ candidate: undefined, dropped: ['sample: from the documentation'] });
  });
});

describe('a verdict', () => {
  test('is the same when the text comes again, and goes with rule, prefix, name and text alone', () => {
    const judge = new Judge({});
    const taken = (text: string, facts: Partial<Hit> = {}, by = rule('token')): boolean =>
      judged(`[|${text}|]`, by, { judge, tell: false, name: 'KEY', ...facts }).candidate === undefined;
    const placeholder = `${RANDOM}xxxxxxxxxx`;
    for (let time = 0; time < 2; time++) {
      expect(taken(placeholder)).toBe(true);
      expect(taken(RANDOM)).toBe(false);
      // What counts is the body behind the prefix.
      expect(taken(placeholder.toLowerCase().replaceAll('x', 'X'))).toBe(true);
      expect(taken('xxxxxxxxxx'.concat(RANDOM), { prefixLength: 10 })).toBe(false);
      expect(taken('xxxxxxxxxx'.concat(RANDOM), { prefixLength: 0 })).toBe(true);
      expect(taken(RANDOM, {}, rule('token', { id: 'fussy', minEntropy: 7 }))).toBe(true);
    }
  });

  test('on many texts, and on long ones, is right when they come again', () => {
    const judge = new Judge({});
    const taken = (text: string): boolean => judged(`[|${text}|]`, rule('token'), { judge, tell: false, name: 'KEY' }).candidate === undefined;
    const texts = Array.from({ length: 2100 }, (_, number) => (number % 2 === 0 ? `${RANDOM}${number}` : `xxxxxxxxxxxxxxxxxxxx${number}`));
    for (let time = 0; time < 2; time++)
      for (const [number, text] of texts.entries()) if (taken(text) !== (number % 2 === 1)) expect.unreachable(text);
    const long = expandExample('{{base62:300}}');
    for (const text of [long, long]) expect(taken(text)).toBe(false);
    for (const text of ['x'.repeat(300), 'x'.repeat(300)]) expect(taken(text)).toBe(true);
  });
});

describe('a token inside of base64', () => {
  const around = expandExample('{{base62:64}}');
  const [left, right] = [around, around];
  const run = expandExample('{{base62:255}}');

  test.each([
    [`${left.slice(1)}/[|${RANDOM}|]${right}`, false],
    [`${left.slice(1)}+[|${RANDOM}|]${right}`, false],
    [`"${left}/[|${RANDOM}|]${right}"`, false],
    // A sign on its left sets it apart, and a long run on both sides shows what it is a part of.
    [`${left}[|${RANDOM}|]${right}`, true],
    [`${left.slice(1)}_[|${RANDOM}|]${right}`, true],
    [`${left.slice(2)}/[|${RANDOM}|]${right}`, true],
    [`${left.slice(1)}/[|${RANDOM}|]${right.slice(1)}`, true],
    [`${left.slice(2)} /[|${RANDOM}|]${right}`, true],
    // The last of a long run, and an address that is as long.
    [`${run}/[|${RANDOM}|]`, false],
    [`${run}+[|${RANDOM}|]"`, false],
    [`${run.slice(1)}/[|${RANDOM}|]`, true],
    [`${'hooks/services/in/'.repeat(15)}[|${RANDOM}|]`, true],
    [`https://x.acme.io/${run.slice(20)}/[|${RANDOM}|]`, true],
    [`${left.slice(1)}/[|${RANDOM}|]-${right}`, true],
  ])('%s: %j', (text, isFound) => {
    const { candidate, dropped } = judged(text, rule('token'), { name: 'KEY' });
    expect(candidate !== undefined).toBe(isFound);
    expect(dropped).toEqual(isFound ? [] : ['base64: a part of a longer run of base64']);
    expect(judged(text, rule('token'), { name: 'KEY', tell: false }).candidate !== undefined).toBe(isFound);
    // Rules that need a name have seen one.
    expect(judged(text, rule('context'), { name: 'KEY' }).candidate).toBeDefined();
  });

  test('is one all the same where its checksum proves it', () => {
    const token = expandExample('ghp_{{base62:30}}{{checksum:github}}');
    const by = rule('token', { checksum: 'github' });
    const inside = (text: string): Candidate | undefined =>
      judged(`${left.slice(1)}/[|${text}|]${right}`, by, { name: 'KEY', prefixLength: 4 }).candidate;
    expect(inside(token)?.proven).toBe(true);
    expect(inside(`${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`)).toBeUndefined();
  });
});

describe('how sure a candidate is', () => {
  const confidence = (by: Rule, facts: Partial<Hit> = {}, text = RANDOM): unknown =>
    judged(`[|${text}|]`, by, { name: 'KEY', ...facts }).candidate?.confidence;

  test('says its rule; less where it was found by a looser part of it, or is a sample', () => {
    expect((['high', 'medium', 'low'] as const).map((by) => confidence(rule('token', { confidence: by })))).toEqual(['high', 'medium', 'low']);
    expect((['high', 'medium', 'low'] as const).map((by) => confidence(rule('token', { confidence: by }), { weak: true }))).toEqual([
      'medium',
      'low',
      'low',
    ]);
    expect(confidence(rule('token'), { weak: false })).toBe('high');
    expect(confidence(rule('token'), { sample: true })).toBe('low');
  });

  test('a password that is a word, or one of examples, is one of those most likely', () => {
    const word = 'butterfly';
    const by = rule('pattern', { kind: 'password', linear: true });
    expect([confidence(by, {}, word), confidence(by, {}, RANDOM), confidence(by, { sample: false }, word)]).toEqual(['low', 'high', 'high']);
    const assigned = rule('assignment', { kind: 'password' });
    const name = { name: 'DB_PASSWORD' };
    expect([confidence(assigned, name, 'k3-site-x_pwd'), confidence(assigned, name, 'k3-site-x_pwt')]).toEqual(['low', 'high']);
    expect(confidence(rule('uri', { kind: 'password' }), {}, word)).toBe('high');
    expect(confidence(rule('pattern', { linear: true }), {}, word)).toBe('high');
  });

  test('a checksum says: it proves, it supports, or it does not fit', () => {
    const by = rule('token', { checksum: 'github', confidence: 'medium' });
    const fits = expandExample('ghp_{{base62:30}}{{checksum:github}}');
    expect(judged(`[|${fits}|]`, by, { name: 'KEY', prefixLength: 4, evidence: ['first'] }).candidate).toMatchObject({
      proven: true,
      confidence: 'high',
      evidence: ['first', 'CRC32 of the body fits'],
    });
    expect(judged(`[|${fits}|]`, by, { name: 'KEY', prefixLength: 4, sample: true }).candidate?.confidence).toBe('high');
    const pypi = rule('token', { checksum: 'pypi', confidence: 'medium' });
    const supported = judged(`[|pypi-AgEIcHlwaS5vcmc${RANDOM}|]`, pypi, { name: 'KEY', prefixLength: 5 }).candidate;
    expect(supported).toMatchObject({ proven: false, confidence: 'medium', evidence: ['macaroon of the package index'] });
    const aws = rule('token', { checksum: 'aws' });
    const unsure = judged(expandExample('[|AKIAI{{[A-Z2-7]:15}}|]'), aws, { name: 'KEY' });
    expect(unsure.candidate).toMatchObject({ proven: false, confidence: 'high', evidence: [] });
    const broken = judged(expandExample('[|AKIAQ1{{[089]:3}}{{[A-Z2-7]:11}}|]'), aws, { name: 'KEY' }).candidate;
    expect(broken).toMatchObject({ confidence: 'low', evidence: ['its checksum does not fit: made up, damaged, or of a newer form'] });
  });
});
