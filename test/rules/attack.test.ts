/**
 * No text makes a built-in rule slow: the texts here are made of what each rule looks for, cut short, doubled and
 * repeated. Each (rule, text) gets 250 ms of CPU time for a MiB, more where the machine is slow. Secrets that are found, or dropped by a filter, are paid
 * for one by one, since a text that holds 20,000 of them gives 20,000 findings.
 */
import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/detector.ts';
import type { Matcher, Rule, RuleSet } from '../../src/model/rule.ts';
import { charactersOf } from '../../src/rules/alphabet.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { representatives } from '../support/representatives.ts';
import { isToday, SOAK } from '../support/sample.ts';
import { slowness } from '../support/slowness.ts';

const MIB = 1_048_576;
/** Texts of a rule's literals, and others, whose cost shows in a part of a MiB: the limit shrinks with them. */
const [WHOLE, PART] = SOAK ? [MIB, MIB / 4] : [MIB / 4, MIB / 8];
/** One in so many rules of those that stand for the others, others each day. */
const ONE_IN = 6;
const LIMIT = 250;
/** Milliseconds for each candidate that the filters judge, and for each KiB of its text. */
const JUDGED = { each: 0.05, perKib: 0.5 } as const;
/** Another process on the machine makes some tries slow; the least is what the rule costs. */
const TRIES = 6;
/** All rules together look at a generic text, and several may see their literals in it. */
const ALL_RULES_FACTOR = 4;

const set = builtinRules();
const examples = builtinExamples();

function filled(unit: string, size = MIB): Buffer {
  return Buffer.from(unit.repeat(Math.ceil(size / unit.length)).slice(0, size), 'latin1');
}

interface Cost {
  readonly milliseconds: number;
  readonly allowed: number;
}

/** CPU time of one scan, the least of some tries; more tries only while it is too slow. */
function cost(detector: Detector, bytes: Buffer, limit: number): Cost {
  let best: Cost = { milliseconds: Number.POSITIVE_INFINITY, allowed: limit };
  for (let attempt = 0; attempt < TRIES && best.milliseconds > best.allowed; attempt++) {
    let judged = 0;
    let length = 0;
    const began = process.cpuUsage();
    const found = detector.detect(bytes, {
      dropped: ({ span }) => {
        judged++;
        length += span.end - span.start;
      },
    });
    const { user, system } = process.cpuUsage(began);
    for (const { span } of found) length += span.end - span.start;
    const milliseconds = (user + system) / 1000;
    let allowed = limit + (judged + found.length) * JUDGED.each + (length / 1024) * JUDGED.perKib;
    if (milliseconds > allowed) allowed *= slowness();
    if (milliseconds - allowed < best.milliseconds - best.allowed) best = { milliseconds, allowed };
  }
  return best;
}

const GENERIC: Readonly<Record<string, string>> = {
  a: 'a',
  key: 'key',
  'key= and blanks': `key=${' '.repeat(MIB - 4)}`,
  'base64 letters': charactersOf('base64'),
  'plus signs': '+',
  '-----BEGIN': '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----': '-----BEGIN PRIVATE KEY-----',
  'equals signs': '=',
  braces: '{',
  'name = "': 'name = "',
  'api_key = "': 'api_key = "',
  'password=': 'password=',
  'scheme://': 'postgres://',
  'scheme://a:': 'mongodb://a:',
  quotes: '"',
  apostrophes: "'",
  'line feeds': '\n',
  backslashes: '\\n',
  NUL: '\0',
};

/** Texts of one rule alone, by name. */
function* texts(rule: Rule): Generator<[name: string, bytes: Buffer]> {
  const { matcher } = rule;
  for (const literal of spread(literalsOf(rule), 2)) {
    yield [`${literal}…`, filled(literal, WHOLE)];
    yield [`-${literal}…`, filled(`-${literal}`, WHOLE)];
    yield [`${literal} = "…`, filled(`${literal} = "`, WHOLE)];
  }
  for (const [name, unit] of matcherTexts(matcher)) yield [name, filled(unit, PART)];
  if ('value' in matcher) for (const [name, unit] of valueTexts(rule, matcher.value)) yield [name, filled(unit, PART)];
  const example = examples[rule.id]?.match[0];
  if (example === undefined) return;
  const marked = Array.from({ length: 8 }, (_, salt) => parseMarked(expandExample(example.text, `attack ${salt}`)));
  // Real secrets, and the same without their last character.
  yield ['secrets', filled(marked.map(({ text }) => `${text}\n`).join(''), PART / 2)];
  yield ['secrets in one line', filled(marked.map(({ text }) => `${text.replaceAll('\n', ' ')} `).join(''), PART / 2)];
  yield ['secrets cut', filled(marked.map(({ text, spans }) => `${text.slice(0, (spans[0]?.end ?? 1) - 1)}!`).join(''), PART / 2)];
}

function literalsOf({ matcher, literals }: Rule): string[] {
  if (matcher.kind === 'token') return [...new Set(matcher.forms.map((form) => form.literal))];
  return matcher.kind === 'block' ? [...matcher.begin] : [...literals];
}

/** At most `count` of a list, evenly spread, the first one always. */
function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.ceil(list.length / count));
  return list.filter((_, index) => index % step === 0);
}

function* matcherTexts(matcher: Matcher): Generator<[name: string, unit: string]> {
  switch (matcher.kind) {
    case 'token':
      return yield* tokenTexts(matcher);
    case 'block':
      return yield* blockTexts(matcher);
    case 'uri':
      for (const scheme of matcher.schemes) yield [`${scheme}://user:`, `${scheme}://${'a'.repeat(100)}:${'b'.repeat(100)}`];
      return;
    case 'pattern':
      for (const literal of matcher.literals) {
        yield [`${literal} and a long word`, literal + 'a'.repeat(300)];
        yield [`${literal}a;`, `${literal}a;`];
        yield [`semicolons and ${literal}`, `server=${';'.repeat(118)}${`${literal}aaaa`.repeat(15)}*`];
        yield [`${literal}//a?`, `${literal}a://aaaa?`];
      }
      return;
    case 'credential':
      for (const word of matcher.words) {
        yield [`${word} and operators`, `${word}${' = '.repeat(8)}`];
        yield [`${word} and a value`, `api_${word}="${'a1'.repeat(100)}`];
        yield [`${word} and signs`, `api_${word}=${'"\\('.repeat(20)}a1b2c3d4`];
      }
      return;
    case 'usage':
      for (const word of matcher.words) {
        yield [`console.log( and ${word}`, `console.log(${word}, `];
        yield [`open brackets and ${word}`, `log(((([[[{{{"\${${word}`];
        yield [`?token= and ${word}`, `?token=\${${word}}"+`];
      }
      return;
    case 'context':
    case 'assignment':
    case 'file':
    case 'member':
    case 'whole':
    case 'finding':
      return;
  }
}

function* tokenTexts({ forms }: Extract<Matcher, { kind: 'token' }>): Generator<[name: string, unit: string]> {
  for (const { literal, run, maxLength, before, pattern } of spread(forms, 2)) {
    if (run === undefined) continue;
    const inRun = (character: string): boolean => new RegExp(`[${run.class}]`).test(character);
    const own = [...'aAx02_-'].find(inRun) ?? 'Q';
    // A character that ends a word and still belongs to the run, where there is one: literals as dense as can be.
    const apart = [...'-+/,=.'].find(inRun) ?? ' ';
    yield [`${literal} and its least run`, apart + literal + own.repeat(run.min)];
    yield [`${literal} and a run too long`, `${literal}${own.repeat(maxLength + 1)} `];
    yield [`${literal} and runs of the greatest length`, `${`${apart}${literal}`.repeat(maxLength).slice(0, maxLength)} `];
    yield [`${own} before ${literal}`, own.repeat(before.max) + literal + own.repeat(run.min)];
    if (before.max > before.min) {
      const [start = ''] = /[A-Za-z]{3}/.exec(pattern.replaceAll(/\[[^\]]*\]/g, '')) ?? [];
      yield [`${start} and ${literal}`, `-${start}${literal}-${start}${own.repeat(run.min)}`];
      yield [`many ${start} before ${literal}`, `${`-${start}`.repeat(before.max / (start.length + 1))}${literal}${own.repeat(run.min)}`];
    }
  }
}

function* blockTexts({ begin, maxLength }: Extract<Matcher, { kind: 'block' }>): Generator<[name: string, unit: string]> {
  for (const marker of begin.slice(0, 1)) {
    for (const filler of ['A', '+', ' ', '\\n', '",', ",'+\n", '\n+', 'a ']) {
      for (const length of [243, maxLength]) yield [`${marker} ${JSON.stringify(filler)} × ${length}`, marker + filler.repeat(length / filler.length)];
    }
    yield [`${marker} lines of base64`, marker + `\n${'A'.repeat(64)}`.repeat(3)];
    yield [`${marker} headers`, `${marker}2: ssh-rsa\nEncryption: none\nComment: `];
    yield [`${marker} lines of +`, marker + `,${'+'.repeat(70)}`.repeat(3)];
  }
}

function* valueTexts(rule: Rule, { alphabet, maxLength }: { readonly alphabet: string; readonly maxLength: number }): Generator<[name: string, unit: string]> {
  const values = valuesOf(alphabet, maxLength);
  for (const literal of spread(rule.literals, 2)) {
    yield [`${literal} and values`, `${literal}\n${values.map((value) => `x = "${value}"`).join(' ')}`];
    yield [`${literal} and lines`, `${literal}\n${values.join('\n')}\n`];
    yield [`${literal} and ==`, literal + '='.repeat(2000)];
    yield [`${literal} and blanks`, literal + ' '.repeat(200)];
    yield [`${literal} lines`, `${literal}\n`];
  }
}

/** Values that look generated, the same each time. */
function valuesOf(regexClass: string, length: number): string[] {
  const characters = charactersOf(`[${regexClass}]`);
  let state = 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length: 200 }, () => Array.from({ length }, () => characters[next() % characters.length]).join(''));
}

/** A rule alone; a family's member with the rule that finds for it. */
function alone(rule: Rule): RuleSet {
  const { matcher } = rule;
  return { ...set, rules: matcher.kind === 'member' ? set.rules.filter(({ id }) => id === rule.id || id === matcher.of) : [rule] };
}

test.each(Object.entries(GENERIC))('all rules together: %s', (_name, unit) => {
  const { milliseconds, allowed } = cost(new Detector(set), filled(unit), LIMIT * ALL_RULES_FACTOR);
  if (process.env['ATTACK_LOG'] !== undefined) process.stderr.write(`${milliseconds.toFixed(0)}\t${allowed.toFixed(0)}\tall\t${_name}\n`);
  expect(milliseconds).toBeLessThan(allowed);
});

describe('each rule alone', () => {
  const sample = representatives(set.rules, false).filter((_, index) => isToday(index, ONE_IN));

  test.each(sample.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    const detector = new Detector(alone(rule));
    const slow: string[] = [];
    for (const [name, bytes] of texts(rule)) {
      const { milliseconds, allowed } = cost(detector, bytes, (LIMIT * bytes.length) / MIB);
      if (process.env['ATTACK_LOG'] !== undefined) process.stderr.write(`${milliseconds.toFixed(0)}\t${allowed.toFixed(0)}\t${id}\t${name.slice(0, 70)}\n`);
      if (milliseconds > allowed) slow.push(`${name.slice(0, 100)}: ${milliseconds.toFixed(0)} ms, ${allowed.toFixed(0)} allowed`);
    }
    expect(slow).toEqual([]);
  });
});
