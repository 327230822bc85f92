/** What files of other scanners say, in the terms of this one. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import type { Finding, Location } from '../../src/model/finding.ts';
import { Secret } from '../../src/model/secret.ts';
import { FILES_OF, importFile } from '../../src/policy/foreign-files.ts';
import { ruleFileText } from '../../src/policy/foreign-rules.ts';
import { importGitleaks } from '../../src/policy/gitleaks.ts';
import { importSecretlint, importSecretlintIgnore } from '../../src/policy/secretlint.ts';
import { importTrufflehog } from '../../src/policy/trufflehog.ts';
import { takeover, type Takeover } from '../../src/policy/takeover.ts';
import { builtinRules } from '../../src/rules/builtin.ts';

const rules = builtinRules().rules;

/** A finding as far as ignores look at it. */
function found(secret: string, rule: { readonly id: string; readonly provider?: string }, ...places: Partial<Location>[]): Finding {
  const locations = places.map((place) => ({ startLine: 1, endLine: 1, ...place }));
  return { rule, secret: new Secret(secret), locations } as unknown as Finding;
}

/** Which things of a file ignore a finding, as the file shows them. */
function ignoredBy({ ignores }: Takeover, finding: Finding): string[] {
  return ignores.filter(({ matches }) => matches(finding)).map(({ shown }) => shown);
}

async function refused(path: string, text: string): Promise<readonly unknown[]> {
  const error: unknown = await importFile(path, text, rules).catch((thrown: unknown) => thrown);
  return error instanceof UserError ? [error.message, error.hint] : [error];
}

describe('gitleaks', () => {
  const importToml = (text: string): ReturnType<typeof importGitleaks> => importGitleaks(text, 'x.toml', rules);

  test('allowlists: paths for the configuration, all else for findings', () => {
    const { exclude, settings, ignores, lost } = importToml(`
[extend]
useDefault = true
disabledRules = ["generic-api-key"]
[[rules]]
id = "acme"
regex = '''acme_[a-z0-9]{24}'''
[[rules.allowlists]]
paths = ['''^docs/''']
stopwords = ["example"]
[[allowlists]]
paths = ['''(?:^|/)testdata/''', '''(?i)\\.png$''']
regexes = ['''EXAMPLE$''', '''(''']
commits = ["${'12'.repeat(20)}"]
[[allowlists]]
condition = "AND"
paths = ["x"]
[[allowlists]]
targetRules = ["gone"]
paths = ["x"]
[[allowlists]]
regexTarget = "line"
regexes = ["x"]
`);
    expect([exclude, settings, ignores.map(({ shown }) => shown)]).toEqual([
      ['testdata/'],
      { acme: { exclude: ['/docs/'] } },
      ['the global allowlist: expression 1', `the global allowlist: commit ${'12'.repeat(20)}`, 'acme: its allowlist: stopword 1'],
    ]);
    expect(lost).toEqual([
      'extend: the rules that it extends are not read; keysift has its own',
      'extend: generic-api-key stays on: rules of keysift have other names, and are switched off under rules',
      'the global allowlist: the path (?i)\\.png$ is more than a pattern can say; write what you need into exclude',
      'the global allowlist: expression 2 cannot be read',
      'the global allowlist is left out: it asks for several things at once',
      'the global allowlist is left out: it is about rules that are not carried over',
      'the global allowlist: its regexes are left out: they look at more than the secret',
    ]);
  });

  const [GLOBAL, OWN] = ['the global allowlist', 'acme: its allowlist'];

  test('what is allowed everywhere is ignored whoever found it, and what a rule allows where that rule did', () => {
    const taken = importToml(`
[allowlist]
regexes = ['EXAMPLE$']
[[allowlists]]
stopwords = ["Sample"]
[[rules]]
id = "acme"
regex = 'acme_[a-z0-9]{24}'
[rules.allowlist]
regexTarget = "secret"
regexes = ['^zz']
[[rules.allowlists]]
stopwords = ["qq"]
[[rules]]
id = "gone"
regex = 'x'
[rules.allowlist]
stopwords = ["a"]
`);
    const [acme, other] = [{ id: 'acme' }, { id: 'other' }];
    expect(ignoredBy(taken, found('zz qq sAMPLE EXAMPLE', acme))).toEqual([
      `${GLOBAL}: expression 1`,
      `${GLOBAL}: stopword 1`,
      `${OWN}: expression 1`,
      `${OWN}: stopword 1`,
    ]);
    expect(ignoredBy(taken, found('zz qq sAMPLE EXAMPLE', other))).toEqual([`${GLOBAL}: expression 1`, `${GLOBAL}: stopword 1`]);
    expect(ignoredBy(taken, found('a zz EXAMPLE x', acme))).toEqual([]);
    expect(taken.lost).toEqual(['gone: not carried over: it has no keyword of 3 characters, and its regex holds no literal that long']);
  });

  test('a list may be about some rules alone', () => {
    const taken = importToml(`
[[rules]]
id = "acme"
regex = 'acme_[a-z0-9]{24}'
[[rules]]
id = "two"
regex = 'two(?:(a)|(b))two'
[[allowlists]]
targetRules = ["two", "gone"]
stopwords = ["x"]
paths = ['^docs/', '^more/']
[[allowlists]]
condition = "and"
stopwords = ["x"]
[[allowlists]]
condition = "or"
targetRules = ["acme"]
paths = ['^docs/']
`);
    expect(['acme', 'two', 'two-2'].map((id) => ignoredBy(taken, found('x', { id })))).toEqual([
      [],
      [`${GLOBAL}: stopword 1`],
      [`${GLOBAL}: stopword 1`],
    ]);
    expect([taken.exclude, taken.settings]).toEqual([
      [],
      { two: { exclude: ['/docs/', '/more/'] }, 'two-2': { exclude: ['/docs/', '/more/'] }, acme: { exclude: ['/docs/'] } },
    ]);
    expect(taken.lost).toEqual([`${GLOBAL} is left out: it asks for several things at once`]);
  });

  test('a commit is allowed where nothing of the finding is from another', () => {
    const [one, two] = ['12'.repeat(20), '34'.repeat(20)];
    const taken = importToml(`[allowlist]\ncommits = ["${one}"]\n`);
    const rule = { id: 'x' };
    expect(ignoredBy(taken, found('x', rule, { commit: one }, { commit: one }))).toEqual([`${GLOBAL}: commit ${one}`]);
    expect(ignoredBy(taken, found('x', rule, { commit: one }, { commit: two }))).toEqual([]);
    expect(ignoredBy(taken, found('x', rule, {}))).toEqual([]);
  });

  test('a file may say nothing, and a rule may require others', () => {
    expect(importToml('')).toEqual({ rules: [], given: 0, carried: 0, exclude: [], settings: {}, ignores: [], lost: [] });
    const required = `[[rules]]\nid = "acme"\nregex = 'acme_[a-z0-9]{24}'\n[[rules.required]]\nid = "x"\n`;
    expect(importToml(required).lost).toEqual(['acme: the rules that it requires are left out: it reports alone']);
  });

  test('its fields are of their kinds', () => {
    for (const text of ['allowlist = 1', 'allowlists = [{ paths = 1 }]', '[extend]\ndisabledRules = 1', '[[rules]]\nid = "a"\nallowlist = 1'])
      expect(() => importToml(text), text).toThrow('is not what gitleaks writes');
    expect(importToml('[[allowlists]]\nregexTarget = "line"\nstopwords = ["x"]').lost).toEqual([]);
  });

  test('what is no such file is refused with its place', async () => {
    expect(await refused('a/x.toml', 'rules = [\n')).toEqual([
      expect.stringMatching(/^a\/x\.toml:\d+:\d+: this is no TOML$/),
      'Give a .gitleaks.toml.',
    ]);
    expect(await refused('x.toml', '[[rules]]\nid = 3\n')).toEqual(['x.toml: rules.0.id is not what gitleaks writes', 'Give a .gitleaks.toml.']);
  });

  test('a condition on the path becomes one of the rule', () => {
    const carried = importToml(`[[rules]]\nid = "acme"\nregex = '''acme_[a-z0-9]{24}'''\npath = '''(?:^|/)deploy/.*\\.conf$'''\n`);
    expect([carried.rules[0]?.['paths'], carried.lost]).toEqual([{ only: ['**/deploy/**/*.conf'] }, []]);
  });
});

describe('rules that are carried over', () => {
  const carried = (rule: string): Takeover => importGitleaks(`[[rules]]\nid = "acme"\nregex = 'acme_[a-z0-9]{24}'\n${rule}\n`, 'x.toml', rules);

  test('as a rule file has them', () => {
    expect(carried('description = "Acme token"\nentropy = 2.5\nkeywords = ["ACME_", ""]').rules).toEqual([
      {
        id: 'acme',
        title: 'Acme token',
        minEntropy: 2.5,
        pattern: { regex: 'acme_[0-9a-z]{24}', literals: ['acme_'], maxLength: 29 },
        examples: { match: [expect.stringMatching(/^\[\|acme_.*\|\]$/)], ignore: ['acme_'] },
      },
    ]);
    expect(carried('').rules[0]).toMatchObject({ title: 'acme' });
    expect(carried('entropy = 0').rules[0]).not.toHaveProperty('minEntropy');
    expect(carried('entropy = 9').rules[0]).toMatchObject({ minEntropy: 8 });
  });

  const one = (id: string, regex: string, more = ''): Takeover =>
    importGitleaks(`[[rules]]\nid = "${id}"\nregex = '''${regex}'''\n${more}\n`, 'x.toml', rules);
  const made = (...given: Parameters<typeof one>): unknown[] => one(...given).rules.map(({ id }) => id);
  const pattern = (...given: Parameters<typeof one>): unknown => one(...given).rules[0]?.['pattern'];

  test('ids are of small letters, digits and hyphens, and none is taken twice', () => {
    expect(made('-My Own  Rule_2-', 'abc[0-9]{9}')).toEqual(['my-own-rule-2']);
    const taken = rules[0]?.id ?? '';
    expect(made(taken, 'abc[0-9]{9}')).toEqual([`imported-${taken}`]);
    expect(made('x'.repeat(70), 'abc[0-9]{9}')).toEqual(['x'.repeat(50)]);
    expect(one('---', 'abc[0-9]{9}').lost).toEqual(['---: not carried over: its id is taken, or none']);
    const twice = importGitleaks(`[[rules]]\nid = "one"\nregex = 'abc[0-9]{9}'\n[[rules]]\nid = "One"\nregex = 'abc[0-9]{9}'\n`, 'x.toml', rules);
    expect([twice.rules.map(({ id }) => id), twice.given, twice.carried]).toEqual([['one', 'imported-one'], 2, 2]);
  });

  test('the group that is the secret, each of several, or the whole match', () => {
    expect(pattern('a', '(abc)([0-9]{9})', 'secretGroup = 2')).toMatchObject({ regex: '(?:abc)([0-9]{9})' });
    expect(pattern('a', '(abc)([0-9]{9})')).toMatchObject({ regex: '(abc)(?:[0-9]{9})' });
    expect(made('a', 'abc(?:x([0-9]{9})|y([0-9]{8}))')).toEqual(['a', 'a-2']);
    expect(pattern('a', `abc${'([12])'.repeat(5)}`)).toMatchObject({ regex: `abc([12])${'(?:[12])'.repeat(4)}` });
    expect(one('a', `abc${'([12])'.repeat(6)}`, 'secretGroup = 2').lost).toEqual([]);
    expect(one('a', '(abc)', 'secretGroup = 2').lost).toEqual(['a: not carried over: it has no group 2']);
    expect(made('a', `abc${'(1|2)'.repeat(5)}`)).toEqual(['a']);
    expect(one('a', `abc${'(1|2)'.repeat(5)}`).lost).toEqual([]);
    const whole = one('a', `abc${'(1|2)'.repeat(6)}`);
    expect([whole.rules.length, whole.lost]).toEqual([1, ['a: it has 6 groups: the whole match is the secret']]);
  });

  test('what no rule may say is told, and the others are carried over all the same', () => {
    const long = importGitleaks(
      `[[rules]]\nid = "one"\nregex = 'abc[0-9]{9}'\ndescription = ""\n[[rules]]\nid = "two"\nregex = 'abc[0-9]{9}'\n`,
      'x.toml',
      rules,
    );
    expect([long.rules.map(({ id }) => id), long.lost]).toEqual([['two'], ['one: not carried over: rules.0.title: must not be empty']]);
    expect(one('a-(?i)b', '(?i)abc(?-i)[0-9]{9}', `path = '''x/(?i)y'''`).lost).toEqual([
      'a-(?i)b: its path condition is left out: it looks at all files',
    ]);
    expect(made('--a--b--', 'abc[0-9]{9}')).toEqual(['a--b']);
    expect(ruleFileText([{ id: 'a', title: 'x '.repeat(100) }])).toBe(`rules:\n  - id: a\n    title: "${'x '.repeat(100)}"\n`);
  });

  test('keywords in the cases in which they may stand, or what the expression itself holds', () => {
    expect(pattern('a', '(?i)acme_[0-9]{9}', 'keywords = ["acme_"]')).toMatchObject({ literals: ['acme_'], ignoreCase: true });
    expect(pattern('a', 'Acme_[0-9]{9}', 'keywords = ["acme_"]')).toMatchObject({ literals: ['Acme_'] });
    expect(pattern('a', 'Acme_[0-9]{9}', 'keywords = ["acme_"]')).not.toHaveProperty('ignoreCase');
    expect(pattern('a', 'acme_[0-9]{9}', 'keywords = ["other"]')).toMatchObject({ literals: ['acme_'] });
    expect(pattern('a', 'acme_[0-9]{9}xyz', 'keywords = ["acme_", "other"]')).toMatchObject({ literals: ['acme_'] });
    expect(pattern('a', '[Aa]cme_[0-9]{9}', 'keywords = [""]')).toMatchObject({ literals: ['Acme_', 'acme_'] });
    expect(pattern('a', '(?i)acme_[0-9]{9}longer_words', 'keywords = ["ac"]')).toMatchObject({ literals: ['longer_words'], ignoreCase: true });
    expect(pattern('a', '(?:[a-z]{3}|acme)[0-9]{9}', 'keywords = ["abc", "acme"]')).toMatchObject({ literals: ['abc', 'acme'], ignoreCase: true });
    expect(pattern('a', 'acme_[0-9]{9}longer_words', 'keywords = ["acme_", ""]')).toMatchObject({ literals: ['acme_'] });
    expect(pattern('a', 'acme_[0-9]{9}longer_words', 'keywords = ["acme_", "x"]')).toMatchObject({ literals: ['longer_words'] });
    const short = one('a', '(?:abc|x)[0-9]{9}', 'keywords = ["abc", "x"]');
    expect(short.lost).toEqual(['a: keywords shorter than 3 characters are left out']);
    expect(one('a', 'abc[0-9]{9}', 'keywords = ["ab"]').lost).toEqual([]);
  });

  test('of several lines, and of many characters', () => {
    expect(pattern('a', 'abc\\n[0-9]{9}')).toMatchObject({ multiline: true, maxLength: 13 });
    expect(pattern('a', 'abc[0-9]')).toMatchObject({ maxLength: 8 });
    const long = 'abc[0-9]*-[0-9]*-[0-9]*-[0-9]*-[0-9]*';
    expect([pattern('a', long), pattern('a', String.raw`${long}\n`)]).toMatchObject([{ maxLength: 4096 }, { multiline: true, maxLength: 5128 }]);
    expect(pattern('a', `abc\\n${'[0-9]*-'.repeat(17)}`)).toMatchObject({ maxLength: 16_384 });
  });

  test.each([
    [String.raw`(?:^|/)deploy/.*\.conf$`, ['**/deploy/**/*.conf'], 'deploy/xx/x.conf'],
    [String.raw`(?i)\.conf$`, ['*.conf'], 'x.conf'],
    ['^vendor/', ['/vendor/'], 'vendor/x'],
  ])('a path %s is a condition, and its example has a file', (path, only, file) => {
    const [rule] = one('a', 'abc[0-9]{9}', `path = '''${path}'''`).rules;
    expect(rule).toMatchObject({
      paths: { only },
      examples: { match: [{ file: expect.stringMatching(new RegExp(`^${file.replaceAll('x', 'x+')}$`)) as string }] },
    });
  });

  test('a path that is more is left out', () => {
    const taken = one('a', 'abc[0-9]{9}', String.raw`path = '''a+'''`);
    expect([taken.rules[0]?.['paths'], taken.lost]).toEqual([undefined, ['a: its path condition is left out: it looks at all files']]);
    expect(importGitleaks(`[[rules]]\nid = "a"\nregex = ''\n`, 'x.toml', rules).lost).toEqual(['a: not carried over: it looks at paths alone']);
  });
});

describe('files by their names, and by what they hold', () => {
  test('as the scanners themselves look for them', () => {
    expect(FILES_OF).toEqual({
      gitleaks: ['.gitleaks.toml', 'gitleaks.toml', '.betterleaks.toml', '.gitleaksignore', '.betterleaksignore'],
      secretlint: expect.arrayContaining(['.secretlintrc', '.secretlintrc.json', '.secretlintrc.yaml', '.secretlintrc.yml']) as unknown,
      'detect-secrets': ['.secrets.baseline'],
      trufflehog: ['.trufflehog.yaml', '.trufflehog.yml', 'trufflehog.yaml', 'trufflehog.yml'],
    });
    expect(FILES_OF.secretlint.slice(4)).toEqual(['.secretlintrc.js', '.secretlintrc.cjs', '.secretlintrc.mjs', '.secretlintignore']);
  });

  test.each([
    ['x.secretlintrc.js', 'a.txt:rule:7'],
    ['x.secretlintrc', 'a.txt:rule:7'],
    ['x', 'rules:rule:7\n'.replace('rules', ' x rules')],
    ['x', 'my detectors:rule:7\n'],
  ])('%s that holds %j is a file of fingerprints', async (path, text) => {
    expect((await taken(path, text)).ignores.map(({ shown }) => shown)).toEqual([text.trim()]);
  });

  const taken = (path: string, text: string): Promise<Takeover> => importFile(path, text, rules);
  const HASH = createHash('sha1').update('x').digest('hex');

  test.each([
    ['.secretlintrc', '{ "rules": [{ "id": "x", "disabled": true }] }', 'x: it is off, and no rule of keysift is its like'],
    ['any.json', ' {\n"rules": [{ "id": "x", "disabled": true }] }', 'x: it is off, and no rule of keysift is its like'],
    ['any.json', '{ "rules" : [{ "id": "x", "disabled": true }] }', 'x: it is off, and no rule of keysift is its like'],
    ['any.json', '\n{  "rules": [{ "id": "x", "disabled": true }] }', 'x: it is off, and no rule of keysift is its like'],
    ['any', 'rules:\n  - { id: x, disabled: true }\n', 'x: it is off, and no rule of keysift is its like'],
    ['a/.secretlintignore', '**', 'the pattern ** is left out: it matches everything, or is too long'],
    ['b.toml', '[extend]', 'extend: the rules that it extends are not read; keysift has its own'],
    ['hog', '# x\ndetectors :\n- { name: a, regex: {} }\n', 'a: not carried over: it looks at paths alone'],
    ...['.js', '.cjs', '.mjs'].map((ending) => [
      `.secretlintrc${ending}`,
      '{ "rules": [] }',
      'it is a program, and keysift runs none of a repository: write what it returns as .secretlintrc.json, and import that',
    ]),
  ])('%s that holds %j', async (path, text, lost) => {
    expect((await taken(path, text)).lost).toEqual([lost]);
  });

  test('a baseline of detect-secrets knows secrets by file and hash', async () => {
    const baseline = await taken(
      'x',
      ` {"results": {"a.txt": [{ "hashed_secret": "${HASH}", "line_number": 3 }, { "hashed_secret": "${'0'.repeat(40)}" }]}}`,
    );
    expect(baseline.ignores.map(({ shown }) => shown)).toEqual(['a.txt:3', 'a.txt:?']);
    const rule = { id: 'x' };
    expect(ignoredBy(baseline, found('x', rule, { file: 'b.txt' }, { file: 'a.txt' }))).toEqual(['a.txt:3']);
    expect(ignoredBy(baseline, found('x', rule, { file: 'b.txt' }))).toEqual([]);
    expect(ignoredBy(baseline, found('y', rule, { file: 'a.txt' }))).toEqual([]);
    const hint = 'Give the file that detect-secrets scan writes.';
    expect(await refused('x', '{')).toEqual(['x is no JSON', hint]);
    expect(await refused('x', `{"results": {"a": [{ "hashed_secret": "${HASH}0" }]}}`)).toEqual([
      'x: results.a.0.hashed_secret is not what detect-secrets writes',
      hint,
    ]);
    expect(await refused('x', `{"results": {"a": [{ "hashed_secret": "0${HASH}" }]}}`)).toHaveLength(2);
    expect(await refused('x', '{}')).toEqual(['x: results is not what detect-secrets writes', hint]);
  });

  test('fingerprints of gitleaks know places, and commits where both do', async () => {
    const [one, two] = ['12'.repeat(20), '34'.repeat(32)];
    const lines = [`${one}:a b:c.txt:rule:7`, `${two}:a.txt:rule:7`, 'a.txt:rule:7', 'a.txt:rule:123456789'];
    const fingerprints = await taken('x', ` # comment\n\n${lines.join('\r\n')}\n`);
    expect(fingerprints.ignores.map(({ shown }) => shown)).toEqual(lines);
    const by = (...places: Partial<Location>[]): string[] => ignoredBy(fingerprints, found('x', { id: 'x' }, ...places));
    expect(by({ file: 'a b:c.txt', startLine: 7, endLine: 7, commit: one })).toEqual([lines[0]]);
    expect(by({ file: 'a.txt', startLine: 5, endLine: 7 }, { file: 'b', startLine: 1 })).toEqual([lines[1], lines[2]]);
    expect(by({ file: 'a.txt', startLine: 7, endLine: 9, commit: one })).toEqual([lines[2]]);
    expect(by({ file: 'a.txt', startLine: 8, endLine: 9 })).toEqual([]);
    expect(by({ file: 'a.txt', startLine: 5, endLine: 6 })).toEqual([]);
    expect(by({ file: 'b.txt', startLine: 7, endLine: 7 })).toEqual([]);
  });

  test.each(['a.txt:7', ':rule:7', 'a.txt:rule:1234567890', 'a.txt:rule:7 x', 'a.txt:rule:', `${'1'.repeat(39)}`])(
    '%s is no fingerprint',
    async (line) => {
      expect(await refused('p', `# x\n${line}\n`)).toEqual([
        'p:2: this is no fingerprint of gitleaks',
        'They are commit:file:rule:line, or file:rule:line.',
      ]);
    },
  );
});

describe('secretlint', () => {
  const secretlint = (...given: object[]): Takeover => importSecretlint(JSON.stringify({ rules: given }), 'x.json', rules);
  const off = (id: string): string[] => Object.keys(secretlint({ id, disabled: true }).settings);
  const ofProvider = (name: string): string[] => rules.filter(({ provider }) => provider === name).map(({ id }) => id);

  test.each([
    ['@secretlint/secretlint-rule-aws', 'Amazon Web Services'],
    ['@secretlint/secretlint-rule-azure', 'Microsoft Azure'],
    ['@secretlint/secretlint-rule-basicauth', 'HTTP'],
    ['@secretlint/secretlint-rule-gcp', 'Google'],
    ['@secretlint/secretlint-rule-privatekey', 'Private key'],
    ['@secretlint/secretlint-rule-database-connection-string', 'Connection string'],
    ['secretlint-rule-sendgrid', 'SendGrid'],
  ])('%s is about %s', (id, provider) => {
    expect(off(id)).toEqual(ofProvider(provider));
    expect(off(id)).not.toEqual([]);
    expect(off(`x${id}`)).toEqual([]);
  });

  test('a value that a rule allows is ignored where its provider was found', () => {
    const allows = ['KNOWN', '/^dummy$/i', '/a.b/s', '/x', '/(?=x)y/', 'q/z/', '/w/1'];
    const taken = secretlint({ id: '@secretlint/secretlint-rule-slack', options: { allows } }, { id: 'none', options: { allows: ['x'] } });
    const by = (secret: string, provider = 'Slack'): number => ignoredBy(taken, found(secret, { id: 'x', provider })).length;
    expect(['x KNOWN x', 'DUMMY', 'a\nb', 'a/xb'].map((secret) => by(secret))).toEqual([1, 1, 1, 1]);
    expect(['known', 'a dummy', 'a/yb', 'dummy ', 'z', 'w'].map((secret) => by(secret))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(['aq/z/', '/w/1'].map((secret) => by(secret))).toEqual([1, 1]);
    expect(by('KNOWN', 'GitHub')).toBe(0);
    expect(taken.ignores.map(({ shown }) => shown)).toEqual(Array.from({ length: 6 }, () => 'a value that @secretlint/secretlint-rule-slack allows'));
    expect(taken.lost).toEqual([
      '@secretlint/secretlint-rule-slack: an expression of values that it allows cannot run in linear time',
      'none: a value that it allows is left out: no rule of keysift is its like',
    ]);
  });

  test('patterns with their flags, several of one name, and none of what is off', () => {
    const id = '@secretlint/secretlint-rule-pattern';
    const taken = secretlint(
      { id, options: { patterns: [{ name: 'one', pattern: '/ab[c].[0-9]{9}/gsu', patterns: ['abcd[0-9]{9}', '/wxyz[0-9]{9}/'] }] } },
      { id, disabled: true, options: { patterns: [{ name: 'off', pattern: 'off[0-9]{9}' }] } },
      { id, disabled: false, options: { patterns: [{ name: 'bare' }] } },
    );
    expect(taken.rules).toMatchObject([
      { id: 'one', title: 'one', pattern: { regex: String.raw`abc[\x00-\xff][0-9]{9}` } },
      { id: 'one-2', title: 'one', pattern: { regex: 'abcd[0-9]{9}' } },
      { id: 'one-3', pattern: { regex: 'wxyz[0-9]{9}' } },
    ]);
    expect(taken.lost).toEqual([`${id}: it is off, and no rule of keysift is its like`]);
  });

  test('comments are for JSON, and what is no such file is refused', async () => {
    const isOff = (id: string): string[] => [`${id}: it is off, and no rule of keysift is its like`];
    for (const comment of ['// "x', '/* "x\n */', '/* * / */', '//']) {
      const written = `  ${comment}\n{ "rules": [{ "id": "https://x.example/\\"/*", ${comment}\n"disabled": true }] }\n${comment}`;
      expect(importSecretlint(written, 'x.json', rules).lost, comment).toEqual(isOff('https://x.example/"/*'));
    }
    expect(() => importSecretlint('{ /* \n', 'x.json', rules)).toThrow('x.json:2:1: no YAML');
    expect(() => importSecretlint('/*\n*/ {"rules": 3}', 'x.json', rules)).toThrow('x.json: rules is not');
    expect(importSecretlint('rules: [{ id: //x, disabled: true }]\n', 'x.yaml', rules).lost).toEqual(isOff('//x'));
    expect(() => importSecretlint('// x\nrules: []\n', 'x.yaml', rules)).toThrow('x.yaml');
    expect(() => importSecretlint('3', 'x.json', rules)).toThrow('x.json: the file is not what secretlint reads');
    const hint = 'Give a .secretlintrc in JSON or YAML.';
    expect(await refused('.secretlintrc.json', '{"rules": [{}]}')).toEqual(['.secretlintrc.json: rules.0.id is not what secretlint reads', hint]);
    expect(await refused('.secretlintrc', '[]')).toEqual([expect.stringContaining('is not what secretlint reads'), hint]);
    expect(await refused('.secretlintrc', 'rules: [')).toEqual([expect.stringContaining('.secretlintrc:1:9: no YAML'), hint]);
  });

  test('patterns, allowed values, rules that are off, and what has no counterpart', () => {
    const {
      rules: made,
      given,
      carried,
      settings,
      ignores,
      lost,
    } = importSecretlint(
      `// comment
{ "rules": [
  { "id": "@secretlint/secretlint-rule-preset-recommend", "rules": [
    { "id": "@secretlint/secretlint-rule-npm", "disabled": true },
    { "id": "@secretlint/secretlint-rule-aws", "options": { "allows": ["AKIDEXAMPLE", "/dummy/i"] }, "allowMessageIds": ["AWSAccountID"] },
    { "id": "@secretlint/secretlint-rule-no-homedir", "disabled": true, "severity": "error" }
  ] },
  { "id": "@secretlint/secretlint-rule-pattern", "options": { "patterns": [
    { "name": "acme token", "pattern": "/acme_(?<TOKEN>[a-z0-9]{24})/i" },
    { "name": "lookahead", "patterns": ["foo(?!bar)"] },
    { "name": "paths", "pattern": "xyz_[0-9]{20}", "filePathGlobs": ["**/*.md"] }
  ] } }
] }`,
      '.secretlintrc.json',
      rules,
    );
    expect([made.map(({ id }) => id), given, carried]).toEqual([['acme-token', 'paths'], 3, 2]);
    expect(settings).toEqual(Object.fromEntries(rules.filter(({ provider }) => provider === 'npm').map(({ id }) => [id, { enabled: false }])));
    expect(Object.keys(settings).length).toBeGreaterThan(0);
    expect(ignores).toHaveLength(2);
    expect(lost).toEqual([
      '@secretlint/secretlint-rule-aws: its allowMessageIds are left out: messages of keysift have other names',
      '@secretlint/secretlint-rule-no-homedir: it is off, and no rule of keysift is its like',
      '@secretlint/secretlint-rule-no-homedir: its severity is left out; severities are set under rules',
      'lookahead: not carried over: it has a group of an unknown kind',
      'paths: the paths that @secretlint/secretlint-rule-pattern gives it are left out: it looks at all files',
    ]);
  });

  test('in YAML; a program is never run', async () => {
    expect(
      importSecretlint('rules:\n  - id: "@secretlint/secretlint-rule-slack"\n    disabled: true\n', '.secretlintrc.yaml', rules).settings,
    ).toHaveProperty('slack-webhook-url.enabled', false);
    const { lost } = await importFile('.secretlintrc.js', 'throw new Error("run")', rules);
    expect(lost).toEqual(['it is a program, and keysift runs none of a repository: write what it returns as .secretlintrc.json, and import that']);
  });

  test('its ignore file', () => {
    expect(importSecretlintIgnore('# x\r\n\r\n**/fixtures/**\n!keep.txt\n  *.lock \n**\n')).toMatchObject({
      exclude: ['**/fixtures/**', '!keep.txt', '*.lock'],
      lost: ['the pattern ** is left out: it matches everything, or is too long'],
    });
  });
});

test('custom detectors of TruffleHog', () => {
  const {
    rules: made,
    given,
    carried,
    lost,
  } = importTrufflehog(
    `detectors:
  - name: HogToken
    keywords: [hogtok]
    regex: { token: 'hogtok_([A-Za-z0-9]{40})', id: 'hogid_[0-9]{6}' }
    primary_regex_name: token
    exclude_words: [example]
    verify: [{ endpoint: 'https://verify.example.com' }]
  - name: none
    regex: {}
`,
    'x.yaml',
    rules,
  );
  expect([made.map(({ id }) => id), given, carried]).toEqual([['hogtoken'], 2, 1]);
  expect(lost).toEqual([
    'HogToken: its exclude_words are left out',
    'HogToken: its other expressions are left out: it reports what token finds',
    'HogToken: it is not verified: keysift uses no network',
    'none: not carried over: it looks at paths alone',
  ]);
});

describe('a detector of TruffleHog', () => {
  const detector = (more: string): Takeover => importTrufflehog(`detectors:\n  - name: hog\n    ${more}\n`, 'x.yaml', rules);
  const regexOf = (more: string): unknown => (detector(more).rules[0]?.['pattern'] as { regex: string } | undefined)?.regex;

  test('is the expression that it names, or the first by name', () => {
    const regex = "regex: { b: 'bbbb[0-9]{9}', a: 'aaaa[0-9]{9}' }";
    expect([regexOf(regex), regexOf(`${regex}\n    primary_regex_name: b`), regexOf(`${regex}\n    primary_regex_name: toString`)]).toEqual([
      'aaaa[0-9]{9}',
      'bbbb[0-9]{9}',
      'aaaa[0-9]{9}',
    ]);
    expect(detector(regex).lost).toEqual(['hog: its other expressions are left out: it reports what a finds']);
  });

  test('loses nothing where it says no more', () => {
    expect(detector("regex: { a: 'aaaa[0-9]{9}' }\n    entropy: 3\n    keywords: [AAAA]")).toMatchObject({
      rules: [{ id: 'hog', title: 'hog', minEntropy: 3, pattern: { literals: ['aaaa'] } }],
      lost: [],
    });
  });

  test('is refused where it is none', async () => {
    const hint = 'Give a configuration of TruffleHog with detectors.';
    expect(await refused('x', 'detectors: [{ name: a }]')).toEqual(['x: detectors.0.regex is not what TruffleHog reads', hint]);
    expect(await refused('x', 'detectors: [')).toEqual([expect.stringContaining('x:1:13: no YAML'), hint]);
    expect(() => importTrufflehog('3', 'x', rules)).toThrow('x: the file is not what TruffleHog reads');
  });
});

test.each([
  ['.secretlintrc.json', '{"rules": 3}', '.secretlintrc.json: rules is not what secretlint reads'],
  ['.secretlintrc.yaml', 'rules: [\n', '.secretlintrc.yaml:2:1: '],
  ['x.yaml', 'detectors: [{ name: 3 }]', 'x.yaml: detectors.0.name is not what TruffleHog reads'],
  ['x.toml', 'rules = 3\n', 'x.toml: rules is not what gitleaks writes'],
])('%s that holds %j is refused', async (path, text, message) => {
  await expect(importFile(path, text, rules)).rejects.toThrow(message);
});

test('what is taken over of nothing is nothing', () => {
  expect(takeover({})).toEqual({ rules: [], given: 0, carried: 0, exclude: [], settings: {}, ignores: [], lost: [] });
});
