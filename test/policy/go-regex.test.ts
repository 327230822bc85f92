import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GoRegex, Untranslatable } from '../../src/policy/go-regex.ts';
import { importGitleaks } from '../../src/policy/gitleaks.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';

/** An expression of Go, texts that it matches from end to end, and texts in which it finds nothing. */
const SEMANTICS: readonly (readonly [go: string, matches: readonly string[], not: readonly string[]])[] = [
  ['abc', ['abc'], ['ABC', 'ab']],
  ['(?i)abc', ['abc', 'ABC', 'aBc'], ['ab']],
  ['a(?i)b(?-i)c', ['abc', 'aBc'], ['Abc', 'abC']],
  ['a(?i:b)c', ['abc', 'aBc'], ['abC']],
  ['(?i)(?-i:ABC|[Ax]bc)d', ['ABCD', 'ABCd', 'Abcd', 'xbcD'], ['abcd', 'aBCd']],
  ['(a(?i)b|c)d', ['abd', 'aBd', 'cd', 'Cd'], ['abD', 'cD']],
  ['[[:alnum:]]{2}[[:^digit:]]', ['a1_', 'Zzb'], ['a1', 'ab1', '__a']],
  ['[[:xdigit:]-]+', ['0aF-'], ['g']],
  [String.raw`\d\w\s`, ['1_ ', '9a\t'], ['a1 ', '1a\v']],
  [String.raw`[\D]x`, ['ax'], ['1x']],
  [String.raw`\Aab\z`, ['ab'], ['xab', 'abx', 'ab\n']],
  [String.raw`\Qa.b\E.`, ['a.bX'], ['axbX', 'a.b\n']],
  ['(?s)a.b', ['a\nb', 'axb'], ['ab']],
  ['a.b', ['axb'], ['a\nb']],
  ['(?P<name>ab){2}', ['abab'], ['ab']],
  ['(?:ab|cd)?e', ['abe', 'cde', 'e'], ['ab']],
  [String.raw`\x60\x{41}[\x22']`, ['`A"', "`A'"], ['`B"']],
  ['a{2,}b*c+d?', ['aac', 'aaabbccd'], ['ac']],
  ['[^a-y]', ['z', 'A', '\n'], ['b']],
  ['(?i)[a-c_]{3}', ['aB_'], ['d']],
  ['[]a]+[a-]', ['a]-'], ['b']],
  ['a|b|', ['a', 'b', ''], []],
  ['{a}', ['{a}'], ['a']],
  ['\u00fcx', [Buffer.from('\u00fcx').toString('latin1')], ['ux']],
  [String.raw`\bab\b.\Bx`, [], ['ab x']],
];

describe('regular expressions of Go', () => {
  test.each(SEMANTICS)('%s', (go, matches, not) => {
    const { source } = new GoRegex(go).translate(0);
    const found = (text: string): string | undefined => new RegExp(source).exec(text)?.[0];
    for (const text of matches) expect(new RegExp(`^(?:${source})$`).test(text), JSON.stringify(text)).toBe(true);
    for (const text of not) expect(found(text), JSON.stringify(text)).toBeUndefined();
  });

  test('every repetition has an end, and only the chosen group captures', () => {
    const { source, longest, multiline } = new GoRegex(String.raw`(a+)(b*?)\n(c{3,})`).translate(2);
    expect(source).toBe(String.raw`(?:a{1,1025})(b{0,1024}?)\x0a(?:c{3,1027})`);
    expect([longest, multiline]).toEqual([1025 + 1024 + 1 + 1027, true]);
  });

  test('words in the cases in which they may stand', () => {
    const { cased, literals } = new GoRegex('(?:KEY|[Kk]ey)-(?i)ab').translate(0);
    expect([cased('key'), cased('ab'), cased('x'), literals]).toEqual([['KEY', 'Key', 'key'], ['AB', 'Ab', 'aB', 'ab'], [], ['-ab']]);
    expect(new GoRegex('(?i)abcdefgh').translate(0).cased('abcdefgh')).toEqual([]);
  });

  test('an example that it matches', () => {
    for (const go of ['(?i)acme_([a-z0-9]{32})(?:[ ;]|$)', 'x(?:a|b([0-9]{4,}))y', '[^a]{3}']) {
      const { source, example } = new GoRegex(go).translate(go.includes('(?i)acme') || go.startsWith('x') ? 1 : 0);
      const { text, spans } = parseMarked(expandExample(example));
      expect(new RegExp(source).exec(text)?.[1] ?? text, go).toBe(text.slice(spans[0]?.start, spans[0]?.end));
    }
  });

  test('groups of which a match holds one', () => {
    const alternatives = (go: string): number[] => new GoRegex(go).alternatives;
    expect([alternatives('(a)|(b)'), alternatives('(a)(b)'), alternatives('((a)|b)c'), alternatives('x(?:(a)|(b)(c))')]).toEqual([
      [1, 2],
      [1],
      [1],
      [1, 2],
    ]);
    expect(new GoRegex('x(?:(a)|(b))?y').translate(2).source).toBe('x(?:(b)){1}y');
  });

  test.each([
    String.raw`\pL`,
    '(?U)a',
    'a)',
    '(a',
    '[a',
    '*a',
    String.raw`\C`,
    '[z-a]',
    'a{3,2}',
    '(?=a)',
    '[\u00fc]',
    '[[:nope:]]',
    '('.repeat(200),
  ])('%s is not carried over', (go) => {
    expect(() => new GoRegex(go)).toThrow(Untranslatable);
  });
});

const TOML = `
title = "ours"
[extend]
useDefault = true
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''(?i)\\b(acme_[a-z0-9]{24})(?:['"\\s;]|$)'''
entropy = 2
keywords = ["acme_"]
[[rules]]
id = "Upper Case"
regex = '''UPC-[A-Z0-9]{20}'''
keywords = ["upc-"]
path = '''\\.conf$'''
[[rules.allowlists]]
regexes = ['''EXAMPLE''']
[[rules]]
id = "paths-only"
path = '''\\.p12$'''
[[rules]]
id = "short"
regex = '''q~[a-z]{30}'''
keywords = ["q~"]
[[rules]]
id = "unicode"
regex = '''abc\\pL{20}'''
keywords = ["abc"]
[[rules]]
id = "two"
regex = '''two(?:A([0-9]{12})|B([0-9]{14}))z'''
keywords = ["two"]
`;

describe('keysift rules import', () => {
  test('carries over what it can, and lists what not', () => {
    const { given, carried, lost } = importGitleaks(TOML, 'x.toml', builtinRules().rules);
    expect([given, carried]).toEqual([6, 3]);
    expect(lost).toEqual([
      'extend: the rules that it extends are not read; keysift has its own',
      'paths-only: not carried over: it looks at paths alone',
      'short: not carried over: it has no keyword of 3 characters, and its regex holds no literal that long',
      String.raw`unicode: not carried over: \p has no counterpart`,
    ]);
  });

  test('the rules work: in any case, in upper case alone, where its path fits, with either group', async () => {
    const folder = folderWith({ '.gitleaks.toml': TOML });
    const { code, stderr } = await keysift(['rules', 'import', '.gitleaks.toml', '-o', 'ours.yaml'], { cwd: folder });
    expect([code, stderr.split('\n').at(-2)]).toEqual([0, '3 of 6 rules were carried over. keysift rules test FILE tries them.']);
    expect(await keysift(['rules', 'test', 'ours.yaml'], { cwd: folder })).toMatchObject({ code: 0, stdout: '4 rules, 8 examples, 0 failed\n' });
    const random = (template: string): string => expandExample(template, 'import');
    const text = [
      random('key = "Acme_{{alnum:24}}"'),
      random('upc-{{upper36:20}}'),
      random('UPC-{{upper36:20}}'),
      random('twoA{{digit:12}}z'),
      random('twoB{{digit:14}}z'),
    ].join('\n');
    const { report } = await keysiftJson(['--rules', join(folder, 'ours.yaml'), '--show-secrets'], { cwd: folderWith({ 'a.conf': text }) });
    expect(report.findings.map(({ ruleId, locations }) => `${ruleId} ${locations[0]?.startLine}`).toSorted()).toEqual([
      'acme-token 1',
      'two 4',
      'two-2 5',
      'upper-case 3',
    ]);
    expect((await keysift(['rules', 'import', '.gitleaks.toml', '-o', 'ours.yaml'], { cwd: folder })).stderr).toContain('ours.yaml is there already');
  });

  test.each([
    ['[[rules]\n', /^error: x\.toml:1:\d+: this is no TOML\n/],
    ['rules = 3\n', /^error: x\.toml: rules is not what gitleaks writes\n/],
  ])('%j is refused', async (text, message) => {
    const { code, stderr } = await keysift(['rules', 'import', 'x.toml'], { cwd: folderWith({ 'x.toml': text }) });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
