/** Moving over from other scanners: what their files say, in the files and in a scan of this one. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import ignore from 'ignore';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { importFile } from '../../src/policy/foreign-files.ts';
import { importGitleaks } from '../../src/policy/gitleaks.ts';
import { pathPatterns } from '../../src/policy/path-regex.ts';
import { importSecretlint, importSecretlintIgnore } from '../../src/policy/secretlint.ts';
import { importTrufflehog } from '../../src/policy/trufflehog.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { expandExample } from '../../src/rules/examples.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';

const rules = builtinRules().rules;

describe('regular expressions on paths', () => {
  const TABLE: readonly (readonly [regex: string, patterns: readonly string[] | undefined])[] = [
    [String.raw`package-lock\.json$`, ['*package-lock.json']],
    [String.raw`(?:^|/)package-lock\.json$`, ['package-lock.json']],
    [String.raw`^tests/fixtures/.*`, ['/tests/fixtures/']],
    [String.raw`^tests/fixtures/.*\.json$`, ['/tests/fixtures/**/*.json']],
    [String.raw`vendor/`, ['*vendor/']],
    [String.raw`(^|/)node_modules/`, ['node_modules/']],
    [String.raw`(?:^|/)node_modules(?:/.*)?$`, ['node_modules']],
    [String.raw`(?:^|/)vendor/modules\.txt$`, ['**/vendor/modules.txt']],
    [String.raw`(.*?)(jpg|gif|doc)$`, ['*jpg', '*gif', '*doc']],
    [String.raw`.*\.(?:pem|key)$`, ['*.pem', '*.key']],
    [String.raw`\.env`, ['*.env*']],
    [String.raw`docs/.*_test\.md$`, ['**/*docs/**/*_test.md']],
    [String.raw`^(?:a|b)/c$`, ['/a/c', '/b/c']],
    [String.raw`^a.*c$`, ['/a*c', '/a*/**/*c']],
    [String.raw`/docs/`, ['*/**/docs/']],
    [String.raw`^docs/[^/]*\.md$`, ['/docs/*.md']],
    ['', undefined],
    ['.*', undefined],
    ['^.*$', undefined],
    [String.raw`(?i)\.png$`, undefined],
    [String.raw`\d+\.txt$`, undefined],
    [String.raw`a+\.txt$`, undefined],
    [String.raw`(?:v?env|virtualenv)/lib`, undefined],
    [String.raw`[a-z]/x`, undefined],
  ];

  test.each(TABLE)('%s', (regex, patterns) => {
    expect(pathPatterns(regex)).toEqual(patterns);
  });

  test.each([`^${'a.*'.repeat(40)}b$`, `^${'(a|b)'.repeat(40)}$`, `^(${'|'.repeat(500_000)}`])(
    'more than a person writes ends at once: %.20s',
    (regex) => {
      const before = process.cpuUsage().user;
      expect(pathPatterns(regex)).toBeUndefined();
      expect((process.cpuUsage().user - before) / 1000).toBeLessThan(200);
    },
  );

  test('patterns mean what their expression means', () => {
    const names = [
      'a',
      'b',
      'c',
      'docs',
      'xdocs',
      'vendor',
      'modules.txt',
      'tests',
      'fixtures',
      'x.json',
      'node_modules',
      'package-lock.json',
      'p.pem',
      '.env',
      '.env.local',
      'y_test.md',
      'pic.jpg',
    ];
    const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.constantFrom(...TABLE.filter(([, patterns]) => patterns !== undefined)), path, ([regex, patterns], file) => {
        const out = ignore()
          .add([...(patterns ?? [])])
          .ignores(file);
        // A pattern that ends with a name also means what lies in a folder of that name.
        const above = file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
        expect(out, `${regex} ${file}`).toBe(above.some((part) => new RegExp(regex).test(part)));
      }),
      { numRuns: 3000 },
    );
  });
});

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

  test('a condition on the path becomes one of the rule', () => {
    const carried = importToml(`[[rules]]\nid = "acme"\nregex = '''acme_[a-z0-9]{24}'''\npath = '''(?:^|/)deploy/.*\\.conf$'''\n`);
    expect([carried.rules[0]?.['paths'], carried.lost]).toEqual([{ only: ['**/deploy/**/*.conf'] }, []]);
  });
});

describe('secretlint', () => {
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

test.each([
  ['.secretlintrc.json', '{"rules": 3}', '.secretlintrc.json: rules is not what secretlint reads'],
  ['.secretlintrc.yaml', 'rules: [\n', '.secretlintrc.yaml:2:1: '],
  ['x.yaml', 'detectors: [{ name: 3 }]', 'x.yaml: detectors.0.name is not what TruffleHog reads'],
  ['x.toml', 'rules = 3\n', 'x.toml: rules is not what gitleaks writes'],
])('%s that holds %j is refused', async (path, text, message) => {
  await expect(importFile(path, text, rules)).rejects.toThrow(message);
});

test('what two files say of one rule is put together, and a second rule of an id is told as lost', async () => {
  const rule = (folder: string): string =>
    `[[rules]]\nid = "acme"\nregex = '''acme_[a-z0-9]{24}'''\n[[rules.allowlists]]\npaths = ['''(?:^|/)${folder}/''']\n`;
  const folder = folderWith({ '.gitleaks.toml': rule('one'), 'gitleaks.toml': rule('two') });
  const { code, stdout } = await keysift(['init', '--yes', '--no-hook', '--from', 'gitleaks'], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toContain(
    'from gitleaks.toml: 1 rule, 1 rule with a setting\n  not carried over: acme: a rule of that id came from the file before\n',
  );
  expect(parse(readFileSync(join(folder, 'keysift.config.yaml'), 'utf8'))).toMatchObject({ rules: { acme: { exclude: ['one/', 'two/'] } } });
});

describe('keysift init --from', () => {
  const leak = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

  test('everything at once: what it says, what it writes, and what a scan finds after', async () => {
    const repository = TestRepository.create();
    const acme = expandExample('acme_{{lower36:24}}', 'takeover');
    const first = repository
      .write('known.txt', leak('known'))
      .write('hashed.txt', leak('hashed'))
      .write('testdata/x.txt', leak('testdata'))
      .write('fixtures/y.txt', leak('fixtures'))
      .write('open.txt', leak('open'))
      .write('allowed.txt', `token = "${githubToken('allowed')}"\n`)
      .write('acme.txt', `${acme}\n`)
      .commit('first');
    repository
      .write('.gitleaks.toml', `[[rules]]\nid = "acme"\nregex = '''acme_[a-z0-9]{24}'''\n[allowlist]\npaths = ['''(?:^|/)testdata/''']\n`)
      .write('.gitleaksignore', `${first}:known.txt:stripe-access-token:1\n`)
      .write('.secretlintignore', 'fixtures/\n')
      .write(
        '.secretlintrc.json',
        JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-github', options: { allows: [`/^${githubToken('allowed').slice(0, 12)}/`] } }] }),
      )
      .write(
        '.secrets.baseline',
        JSON.stringify({
          results: { 'hashed.txt': [{ hashed_secret: createHash('sha1').update(stripeKey('hashed')).digest('hex'), line_number: 1 }] },
        }),
      );
    const offered = await keysift(['init', '--no-hook'], { cwd: repository.path });
    for (const scanner of ['gitleaks', 'secretlint', 'detect-secrets'])
      expect(offered.stdout).toContain(`${scanner} is set up here: keysift init --from ${scanner} brings`);
    const { code, stdout, stderr } = await keysift(
      ['init', '--yes', '--no-hook', '--from', 'gitleaks', '--from', 'secretlint', '--from', '.secrets.baseline'],
      { cwd: repository.path },
    );
    expect([code, stderr]).toEqual([0, '']);
    for (const part of [
      'from .gitleaks.toml: 1 rule, 1 path that is left out\n',
      'from .gitleaksignore: 1 thing that it ignores\n',
      'from .secretlintrc.json: 1 thing that it ignores\n',
      'from .secretlintignore: 1 path that is left out\n',
      'from .secrets.baseline: 1 thing that it ignores\n',
      '.keysiftignore: 3 findings are ignored, for 3 of 3 entries\n',
    ]) {
      expect(stdout).toContain(part);
    }
    expect(parse(readFileSync(join(repository.path, 'keysift.config.yaml'), 'utf8'))).toEqual({
      failOn: 'low',
      exclude: ['testdata/', 'fixtures/'],
      ruleFiles: ['keysift.rules.yaml'],
    });
    for (const secret of [stripeKey('known'), stripeKey('hashed'), githubToken('allowed'), acme]) expect(stdout).not.toContain(secret.slice(10));
    const { report } = await keysiftJson([], { cwd: repository.path });
    expect(report.findings.map(({ ruleId, locations }) => `${ruleId} ${locations[0]?.file}`).toSorted()).toEqual([
      'acme acme.txt',
      'stripe-secret-key-live open.txt',
    ]);
    expect(report.suppressed.map(({ locations, by, reason }) => `${locations[0]?.file} ${by} ${reason}`).toSorted()).toEqual([
      'allowed.txt ignore-file ignored in .secretlintrc.json',
      'fixtures/y.txt exclude all its places are left out by the configuration',
      'hashed.txt ignore-file ignored in .secrets.baseline',
      'known.txt ignore-file ignored in .gitleaksignore',
      'testdata/x.txt exclude all its places are left out by the configuration',
    ]);
  });

  test('a secret that is allowed by name is in no output', async () => {
    const [kept, gone] = [githubToken('allowed by name'), stripeKey('allowed and gone')];
    const folder = folderWith({
      'a.txt': `${kept}\n`,
      '.gitleaks.toml': `[allowlist]\nregexes = ['${kept}', '${gone}', '${gone}(']\nstopwords = ['${gone}']\n`,
      '.secretlintrc.json': JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-stripe', options: { allows: [gone, `/${gone}(/`] } }] }),
    });
    const { code, stdout, stderr } = await keysift(['init', '--yes', '--from', 'gitleaks', '--from', 'secretlint'], { cwd: folder });
    expect([code, stdout.includes('2 findings are ignored')]).toEqual([0, true]); // the file that allows it holds one, too
    for (const secret of [kept, gone])
      expect(stdout + stderr + readFileSync(join(folder, '.keysiftignore'), 'utf8')).not.toContain(secret.slice(8, 16));
  });

  test('a configuration that is there is not touched; what it lacks is told', async () => {
    const folder = folderWith({ 'keysift.config.yaml': 'failOn: high\n', '.secretlintignore': 'fixtures/\n**\n' });
    const { code, stdout } = await keysift(['init', '--yes', '--from', 'secretlint'], { cwd: folder });
    expect([code, stdout.split('\n').slice(0, 4)]).toEqual([
      0,
      [
        'from .secretlintignore: 1 path that is left out',
        '  not carried over: the pattern ** is left out: it matches everything, or is too long',
        'keysift.config.yaml is there already; add to it:',
        '  | exclude:',
      ],
    ]);
    expect(readFileSync(join(folder, 'keysift.config.yaml'), 'utf8')).toBe('failOn: high\n');
  });

  test.each([
    ['nothing', 'there is no scanner and no file "nothing"'],
    ['gitleaks', 'there is no file of gitleaks in '],
  ])('--from %s is refused', async (from, message) => {
    const folder = folderWith({});
    const { code, stderr } = await keysift(['init', '--yes', '--from', from], { cwd: folder });
    expect([code, stderr.includes(message), existsSync(join(folder, 'keysift.config.yaml'))]).toEqual([2, true, false]);
  });
});
