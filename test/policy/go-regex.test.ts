import { describe, expect, test } from 'vitest';
import { GoRegex, Untranslatable } from '../../src/policy/go-regex.ts';
import { expandExample, parseMarked } from '../../src/rules/examples.ts';

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
  ['^ab$', ['ab'], ['xab', 'abx']],
  ['^a{2}$', ['aa'], ['a', 'aaa']],
  ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
  ['^a{12}$', ['a'.repeat(12)], ['a'.repeat(11), 'a'.repeat(13)]],
  ['(?i)Z', ['z', 'Z'], ['y']],
  ['(?:x(?P<n>b)y)', ['xby'], ['xb']],
  ['(?<name>ab)c', ['abc'], ['ac']],
  ['a(?s:.)b.c', ['a\nbxc'], ['a\nb\nc']],
  ['(?s)a.(?-s:b.)c', ['a\nbxc'], ['axb\nc']],
  ['(?is:a.)B', ['A\nB'], ['A\nb']],
  ['(?i-s)a.', ['Ax'], ['a\n']],
  [String.raw`\Qa.b`, ['a.b'], ['axb']],
  [String.raw`\Q(?\E\Q)\E`, ['(?)'], []],
  [String.raw`a\.b\/`, ['a.b/'], ['axb/']],
  [String.raw`\a\f\t\n\r\v`, ['\u0007\f\t\n\r\v'], []],
  [String.raw`\x{e9}`, ['\u00c3\u00a9'], ['\u00e9']],
  ['[a[:digit:]z]{3}', ['a5z'], ['b']],
  ['[ad]', ['a', 'd'], ['5']],
  [String.raw`[\x41-\x43]`, ['A', 'B', 'C'], ['D', '-']],
  [String.raw`[\n\]]`, ['\n', ']'], ['n', '\\']],
];

/** What the classes of POSIX hold, as JavaScript says it. */
const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  // eslint-disable-next-line no-control-regex
  ascii: /[\0-\x7f]/,
  blank: /[ \t]/,
  // eslint-disable-next-line no-control-regex
  cntrl: /[\0-\x1f\x7f]/,
  digit: /\d/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /(?![0-9A-Za-z])[!-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /\w/,
  xdigit: /[0-9A-Fa-f]/,
};

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

  test.each(Object.entries(POSIX))('[[:%s:]]', (name, same) => {
    const { source } = new GoRegex(`[[:${name}:]]`).translate(0);
    for (let code = 0; code < 256; code++) {
      const character = String.fromCharCode(code);
      expect(new RegExp(source).test(character), String(code)).toBe(same.test(character));
    }
  });

  test.each([
    ['(a){2}', '(a){2}', 2],
    ['(?:ab)?', '(?:ab)?', 2],
    ['a{1,999}', 'a{1,999}', 999],
    ['a{1,1000}', 'a{1,1025}', 1025],
    ['[ab][a-c]x', '[ab][a-c]x', 3],
    ['(?:ab){3}|c', '(?:ab){3}|c', 6],
    [String.raw`\.[\x7f ]`, String.raw`\.[ \x7f]`, 2],
    ['(?:x(a)|b)y', '(?:x(a)|b)y', 3],
  ])('%s is %s, of %d bytes at most', (go, source, longest) => {
    const regex = new GoRegex(go);
    expect(regex.translate(regex.groups)).toMatchObject({ source, longest });
  });

  test.each([
    ['abc', false],
    [String.raw`a\tb`, false],
    [String.raw`a\nb`, true],
    [String.raw`[\n]`, true],
    ['a.b', false],
    ['(?s)a.b', true],
    ['(?s)ab', false],
  ])('whether %s names a line feed: %s', (go, multiline) => {
    expect(new GoRegex(go).translate(0).multiline).toBe(multiline);
  });

  test.each([
    ['(?:ab)(cd)ef', ['abcdef']],
    ['ab[0-9]cde', ['cde', 'ab']],
    [String.raw`^ab\bcd`, ['abcd']],
    ['ab(?:c)?d', ['ab', 'd']],
    ['abc|def', []],
    ['[Aa]bc[xy]', ['abc']],
  ])('every match of %s holds %j', (go, literals) => {
    expect(new GoRegex(go).translate(0).literals).toEqual(literals);
  });

  test.each<readonly [go: string, group: number, example: string]>([
    ['abc', 0, '[|abc|]'],
    [String.raw`\bab$`, 0, '[|ab|]'],
    ['ab(c|d)', 1, 'ab[|c|]'],
    ['x(?:a|(b))', 1, 'x[|b|]'],
    ['x(?:a|b)', 0, '[|xa|]'],
    ['(?:(a)|(b))', 2, '[|b|]'],
    ['a?b', 0, '[|b|]'],
    ['(?:(a)b){0,3}', 1, '[|a|]b'],
    ['(?:ab){2}', 0, '[|abab|]'],
    ['[0-3]{4}', 0, '[|{{[0123]:4}}|]'],
    ['[ab]', 0, '[|{{[ab]:1}}|]'],
    ['[_-]{2}', 0, '[|--|]'],
    ['[5_]', 0, '[|5|]'],
    [String.raw`[\n_]`, 0, '[|_|]'],
    [String.raw`[\n\t]`, 0, '[|\t|]'],
    ['(?i)a{3}', 0, '[|aaa|]'],
    ['a{0}b', 0, '[|b|]'],
  ])('an example of %s with group %d is %j', (go, group, example) => {
    expect(new GoRegex(go).translate(group).example).toBe(example);
  });

  test.each([
    [String.raw`\bKEY(key)`, 'key', ['KEY']],
    ['[xy]KEY', 'key', ['KEY']],
    ['(?:key|KEY)', 'key', ['KEY', 'key']],
    ['ab(?:cd)+ef', 'abc', []],
    ['ab(?:cd)+ef', 'cd', ['cd']],
    ['(?i)a1b2c', 'a1b2c', ['A1B2C', 'A1B2c', 'A1b2C', 'A1b2c', 'a1B2C', 'a1B2c', 'a1b2C', 'a1b2c']],
    ['(?i)abcd', 'abcd', []],
    ['(?i:ab)x|(?i:a)bx|(?i:abc)', 'ab', ['AB', 'Ab', 'aB', 'ab']],
    [`(?:${['aaaa', 'aaaA', 'aaAa', 'aaAA', 'aAaa', 'aAaA', 'aAAa', 'aAAA', 'Aaaa'].join('|')})`, 'aaaa', []],
  ])('in %s the word %s stands as %j', (go, word, cases) => {
    expect(new GoRegex(go).translate(0).cased(word)).toEqual(cases);
  });

  test('groups lie in each other a hundred deep at most, and beside each other as often as they like', () => {
    const deep = (depth: number): string => `${'('.repeat(depth)}a${')'.repeat(depth)}`;
    expect(new GoRegex(deep(99)).groups).toBe(99);
    expect(() => new GoRegex(deep(100))).toThrow('its groups lie too deep');
    expect(new GoRegex('(a)'.repeat(300)).groups).toBe(300);
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
    [String.raw`\pL`, String.raw`\p has no counterpart`],
    [String.raw`\C`, String.raw`\C has no counterpart`],
    [String.raw`(a)\1`, String.raw`\1 has no counterpart`],
    ['a\\', '\\ has no counterpart'],
    ['(?iUs)a', 'the flag U has no counterpart'],
    ['a)', 'it has a bracket too many'],
    ['(a', 'a bracket is not closed'],
    ['[a', 'a class is not closed'],
    ['[]', 'a class is not closed'],
    ['*a', 'a repetition repeats nothing'],
    ['a|?b', 'a repetition repeats nothing'],
    ['[z-a]', 'a range runs backwards'],
    ['a{3,2}', 'a repetition counts downwards'],
    ['(?=a)', 'it has a group of an unknown kind'],
    ['(?=i:a)', 'it has a group of an unknown kind'],
    ['(?<1>a)', 'it has a group of an unknown kind'],
    ['[\u00fc]', 'a class holds characters beyond ASCII'],
    ['[\u0080]', 'a class holds characters beyond ASCII'],
    ['[[:nope:]]', 'the class [:nope:] is unknown'],
    [String.raw`\xg41`, String.raw`a code after \x is none`],
    [String.raw`\x4`, String.raw`a code after \x is none`],
    [String.raw`\x{110000}`, String.raw`a code after \x is none`],
  ])('%s is not carried over: %s', (go, why) => {
    expect(() => new GoRegex(go)).toThrow(new Untranslatable(why));
  });

  test('nor is a class that holds nothing', () => {
    expect(() => new GoRegex(String.raw`[^\d\D]`).translate(0)).toThrow(new Untranslatable('a class holds nothing'));
    expect(new GoRegex(String.raw`\x{10ffff}`).translate(0).source).toBe(String.raw`\xf4\x8f\xbf\xbf`);
  });
});
