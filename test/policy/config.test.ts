import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseConfigFile } from '../../src/policy/config-file.ts';
import { nearest } from '../../src/model/nearest.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith, temporaryFolder, writeInto } from '../support/folder.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';

/** Text of a configuration, what stderr says of it, and the next step. */
const REFUSED: readonly (readonly [what: string, file: string, text: string, ...stderr: string[]])[] = [
  [
    'unknown key',
    'keysift.config.yaml',
    'minConfidence: low\nfailon: high\n',
    'keysift.config.yaml:2:1: unknown key "failon"',
    'Did you mean failOn?',
  ],
  ['unknown key below', 'keysift.config.yaml', 'limits:\n  jobz: 2\n', 'keysift.config.yaml:2:3: unknown key "limits.jobz"', 'Did you mean jobs?'],
  [
    'unlike any key',
    'keysift.config.yaml',
    'zzzzzz: 1\n',
    'keysift.config.yaml:1:1: unknown key "zzzzzz"',
    'Known keys are $schema, extends, failOn',
  ],
  ['wrong word', 'keysift.config.yaml', 'failOn: hihg\n', 'keysift.config.yaml:1:9: failOn cannot be "hihg"', 'Did you mean high?'],
  ['wrong type', 'keysift.config.yaml', 'exclude: vendor\n', 'keysift.config.yaml:1:10: exclude: must be a list'],
  ['wrong type below', 'keysift.config.yaml', 'rules:\n  jwt: off\n', 'keysift.config.yaml:2:8: rules.jwt: must be a mapping of keys'],
  [
    'no such rule',
    'keysift.config.yaml',
    'rules:\n  stripe-secret-key-liv: { enabled: false }\n',
    'keysift.config.yaml:2:3: there is no rule',
    'Did you mean stripe-secret-key-live',
  ],
  [
    'a rule id with a look-alike letter',
    'keysift.config.yaml',
    'rules:\n  \u0430ws-key: { enabled: false }\n',
    'keysift.config.yaml:2:3',
    'a rule id is 1 to 64',
  ],
  ['everything excluded', 'keysift.config.yaml', 'exclude: ["**"]\n', 'keysift.config.yaml:1:11: exclude.0: a path pattern', 'README.md lists'],
  ['too many stars', 'keysift.config.yaml', `exclude: ["${'*a'.repeat(30)}"]\n`, 'at most 8 stars'],
  ['a size that is none', 'keysift.config.yaml', 'limits: { maxFileSize: big }\n', 'keysift.config.yaml:1:24', 'a size is bytes'],
  ['duplicate key', 'keysift.config.yaml', 'failOn: low\nfailOn: high\n', 'keysift.config.yaml:2:1', 'Map keys must be unique'],
  [
    'alias bomb',
    'keysift.config.yaml',
    `a: &a [x]\n${'bcdefghij'.replace(/./g, (key, index: number) => `${key}: &${key} [${`*${'abcdefghi'[index]},`.repeat(9)}]\n`)}`,
    'keysift.config.yaml',
  ],
  ['deep nesting', 'keysift.config.yaml', `a: ${'['.repeat(5000)}`, 'keysift.config.yaml'],
  ['two documents', 'keysift.config.yaml', 'failOn: low\n---\nfailOn: high\n', 'keysift.config.yaml'],
  ['prototype', 'keysift.config.json', '{"__proto__": {"failOn": "critical"}}', 'keysift.config.json:1:2: unknown key "__proto__"'],
  ['JSON with a trailing comma', 'keysift.config.json', '{\n  "failOn": "low",\n}\n', 'keysift.config.json:3:1: not JSON'],
  ['JSON with a comma before the end of a list', 'keysift.config.json', '{"exclude": ["a",]}', 'keysift.config.json:1:18: not JSON'],
  ['JSON with half a word', 'keysift.config.json', '{\n "failOn": lo}', 'keysift.config.json:2:12: not JSON'],
  ['JSON that ends too early', 'keysift.config.json', '{"failOn": "low"', 'keysift.config.json:1:17: not JSON'],
  ['JSON that is empty', 'keysift.config.json', '', 'keysift.config.json:1:1: not JSON'],
  [
    'JSON with an unknown key',
    'keysift.config.json',
    '{\n\t"failon": "low"\n}',
    'keysift.config.json:2:2: unknown key "failon"',
    'Did you mean failOn?',
  ],
  ['JSON with a wrong word', 'keysift.config.json', '{"failOn":\n"hihg"}', 'keysift.config.json:2:1: failOn cannot be', 'Did you mean high?'],
  ['JSON with a wrong type', 'keysift.config.json', '{"limits": {"jobs": "two"}}', 'keysift.config.json:1:21: limits.jobs: must be a number'],
  ['JSON that is no object', 'keysift.config.json', '[]', 'keysift.config.json:1:1: the configuration is a list'],
  ['JSON with a comment', 'keysift.config.json', '{ // no\n}', 'keysift.config.json:1:3: not JSON'],
  ['JSON with a key twice', 'keysift.config.json', '{"failOn": "low",\n "failOn": "high"}', 'keysift.config.json:2:2', 'unique'],
  ['code', 'keysift.config.yaml', 'failOn: !!js/function "function () {}"\n', 'keysift.config.yaml:1:23: failOn cannot be "…"'],
  [
    'an address',
    'keysift.config.yaml',
    'extends: ["https://example.com/x.yaml"]\n',
    'keysift.config.yaml:1:11: extends takes no addresses',
    'uses no network',
  ],
  ['outside', 'keysift.config.yaml', 'extends: [../other.yaml]\n', 'keysift.config.yaml:1:11: the path leads outside'],
  ['absolute', 'keysift.config.yaml', 'extends: [/etc/passwd]\n', 'keysift.config.yaml:1:11: the path leads outside'],
  ['itself', 'keysift.config.yaml', 'extends: [keysift.config.yaml]\n', 'extends goes in a circle: keysift.config.yaml \u2192 keysift.config.yaml'],
  ['missing', 'keysift.config.yaml', 'extends: [no.yaml]\n', 'keysift.config.yaml:1:11: there is no file no.yaml'],
  ['a package', 'keysift.config.yaml', 'extends: ["package:acme"]\n', 'the package acme is not allowed', '--policy-package acme'],
  ['a rule file that is not there', 'keysift.config.yaml', 'ruleFiles: [no.yaml]\n', 'keysift.config.yaml:1:13: there is no rule file no.yaml'],
  ['every rule off', 'keysift.config.yaml', 'extends: [off.yaml]\n', 'switches every rule off'],
  ['a baseline outside', 'keysift.config.yaml', 'baseline: ../x\n', 'lies outside the repository'],
  ['a baseline that is not there', 'keysift.config.yaml', 'baseline: x\n', 'there is no baseline x', 'keysift baseline create'],
];

describe('a configuration that is not exactly right', () => {
  test.each(REFUSED)('%s', async (what, file, text, ...said) => {
    const folder = folderWith({ [file]: text, 'a.txt': 'nothing\n' });
    if (what === 'every rule off') {
      const { stdout } = await keysift(['rules', 'list', '-f', 'json'], { cwd: folderWith({}) });
      const { rules } = JSON.parse(stdout) as { rules: { id: string }[] };
      writeInto(folder, 'off.yaml', `rules:\n${rules.map(({ id }) => `  ${id}: { enabled: false }\n`).join('')}`);
    }
    const { code, stdout, stderr } = await keysift([], { cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
    for (const part of said) expect(stderr).toContain(part);
    expect(stderr).not.toContain('    at ');
    expect(({} as { failOn?: unknown }).failOn).toBeUndefined();
  });

  test('a chain of many files, a link that leads outside, two configurations', async () => {
    const chain = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`c${index}.yaml`, `extends: [c${index + 1}.yaml]\n`]));
    const long = folderWith({ ...chain, 'keysift.config.yaml': 'extends: [c0.yaml]\n' });
    expect((await keysift([], { cwd: long })).stderr).toContain('extends goes 20 files deep');
    const linked = temporaryFolder();
    symlinkSync(join(folderWith({ 'x.yaml': '' }), 'x.yaml'), join(linked, 'keysift.config.yaml'));
    expect((await keysift([], { cwd: linked })).stderr).toContain('keysift.config.yaml is a link that leads outside');
    const two = folderWith({ 'keysift.config.yaml': '', '.keysift.json': '{}' });
    expect(await keysift([], { cwd: two })).toMatchObject({
      code: 2,
      stderr: 'error: there are several configurations: keysift.config.yaml, .keysift.json\nKeep one, or name it with --config.\n',
    });
  });
});

const leaky = { 'a.txt': `key = "${stripeKey('config')}"\n`, 'docs/b.txt': `token ${githubToken('config')}\n` };

async function found(files: Record<string, string>, argv: string[] = [], env: Record<string, string> = {}): Promise<string[]> {
  const { report } = await keysiftJson(argv, { cwd: folderWith({ ...leaky, ...files }), env });
  return report.findings.map(({ ruleId, severity }) => `${ruleId} ${severity}`);
}

describe('what a configuration says', () => {
  test('nothing, in a file that is empty or only points to its schema', async () => {
    const all = await found({});
    expect(all).toHaveLength(2);
    expect(await found({ 'keysift.config.yaml': '# yaml-language-server: $schema=x\n' })).toEqual(all);
    expect(await found({ '.keysift.json': '\ufeff{"$schema": "x"}' })).toEqual(all);
  });

  test('rules off, another severity, places of one rule', async () => {
    // Without its provider's rule the key belongs to the family; without the family it is none.
    expect(await found({ 'keysift.config.yaml': 'rules:\n  stripe-secret-key-live: { enabled: false }\n' })).toContain(
      'unattributed-secret-key-live high',
    );
    expect(await found({ 'keysift.config.yaml': 'rules:\n  unattributed-secret-key-live: { enabled: false }\n' })).toEqual([
      expect.stringMatching(/^github/),
    ]);
    const lowered = await found({ 'keysift.config.yaml': 'rules:\n  stripe-secret-key-live: { severity: info }\n' });
    expect(lowered).toContain('stripe-secret-key-live info');
    const github = (await found({})).find((rule) => rule.startsWith('github'))?.split(' ')[0] ?? '';
    expect(await found({ 'keysift.config.yaml': `rules:\n  ${github}: { exclude: [docs/] }\n` })).toEqual([expect.stringMatching(/^stripe/)]);
  });

  test('checks go off and get another severity like any rule, on findings of their own and as advice', async () => {
    const code = `console.log(apiKey);\nconst s = process.env.X || '${stripeKey('advice')}';\n`;
    const told = async (config: string): Promise<string[]> => {
      const { report } = await keysiftJson([], { cwd: folderWith({ 'src/a.js': code, 'keysift.config.yaml': config }) });
      return report.findings.map(({ ruleId, severity, checks = [] }) =>
        [`${ruleId}:${severity}`, ...checks.map((check) => `${check.ruleId}:${check.severity}`)].join(' '),
      );
    };
    expect(await told('')).toEqual(['stripe-secret-key-live:critical hardcoded-fallback:medium', 'key-logged:low']);
    expect(await told('rules: { key-logged: { severity: high }, hardcoded-fallback: { severity: info } }')).toEqual([
      'stripe-secret-key-live:critical hardcoded-fallback:info',
      'key-logged:high',
    ]);
    expect(await told('rules: { key-logged: { enabled: false }, hardcoded-fallback: { enabled: false } }')).toEqual([
      'stripe-secret-key-live:critical',
    ]);
    // Where it stands no longer moves it: a live key is never below high by the table.
    expect(await told('rules: { stripe-secret-key-live: { severity: low }, key-logged: { enabled: false } }')).toEqual([
      'stripe-secret-key-live:low hardcoded-fallback:medium',
    ]);
  });

  test('a run under changed rules says so', async () => {
    const config = 'rules:\n  stripe-secret-key-live: { enabled: false, exclude: [docs/] }\n  github-pat-classic: { severity: low }\n';
    const { report } = await keysiftJson([], { cwd: folderWith({ ...leaky, 'keysift.config.yaml': config }) });
    expect(report.scan.notes).toEqual(['rules that the configuration changes: 1 off, 1 of another severity, 1 with excluded paths']);
  });

  test('files of one place are left out, counted, and not scanned', async () => {
    const cwd = folderWith({ ...leaky, 'keysift.config.yaml': 'exclude: [/docs/]\n' });
    const { report } = await keysiftJson([], { cwd });
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(['stripe-secret-key-live']);
    expect([report.excluded, report.scan.complete]).toEqual([{ 'excluded path': 1 }, true]);
    expect(report.scan.policy).toEqual(['keysift.config.yaml']);
  });

  test('rule files, and the rules that they bring', async () => {
    const rule = `rules:\n  - id: acme-key\n    title: Acme key\n    token: { prefixes: [acme_], alphabet: alnum, length: 24 }\n    examples: { match: ['[|acme_{{alnum:24}}|]'], ignore: ['acme_x'] }\n`;
    const files = {
      'keysift.config.yaml': 'extends: [policy/base.yaml]\n',
      'policy/base.yaml': 'ruleFiles: [acme.yaml]\nrules: { acme-key: { severity: low } }\n',
      'policy/acme.yaml': rule,
    };
    expect(await found({ ...files, 'c.txt': `x = acme_${stripeKey('acme').slice(-24)}\n` })).toContain('acme-key low');
  });

  test('extends: the extending file wins, lists are put together', async () => {
    const files = {
      'keysift.config.yaml': 'extends: [a.yaml]\nminConfidence: low\nexclude: [x/]\n',
      'a.yaml': 'minConfidence: high\nfailOn: critical\nexclude: [/docs/]\n',
    };
    const cwd = folderWith({ ...leaky, ...files, 'x/c.txt': leaky['a.txt'] });
    const { code, report } = await keysiftJson([], { cwd });
    expect([code, report.findings.map(({ locations }) => locations[0]?.file)]).toEqual([
      report.findings[0]?.severity === 'critical' ? 1 : 0,
      ['a.txt'],
    ]);
    expect(report.excluded).toEqual({ 'excluded path': 2 });
  });

  test('a package is data, and only where the command line names it', async () => {
    const cwd = folderWith({
      ...leaky,
      'keysift.config.yaml': 'extends: ["package:@acme/policy"]\n',
      'node_modules/@acme/policy/package.json': '{"name": "@acme/policy", "main": "evil.js"}',
      'node_modules/@acme/policy/evil.js': 'throw new Error("code ran");',
      'node_modules/@acme/policy/keysift.config.yaml': 'exclude: [/docs/, node_modules/]\n',
    });
    const { report } = await keysiftJson(['--policy-package', '@acme/policy'], { cwd });
    expect(report.findings).toHaveLength(1);
    expect((await keysift([], { cwd })).code).toBe(2);
  });

  test('a flag wins over the environment, and that over the file', async () => {
    const cwd = folderWith({
      ...leaky,
      'keysift.config.yaml': 'failOn: critical\nrules:\n  stripe-secret-key-live: { severity: medium }\nexclude: [/docs/]\n',
    });
    const code = async (argv: string[], env: Record<string, string> = {}): Promise<number | null> => (await keysift(argv, { cwd, env })).code;
    expect(await code([])).toBe(0);
    expect(await code([], { KEYSIFT_FAIL_ON: 'medium' })).toBe(1);
    expect(await code(['--fail-on', 'high'], { KEYSIFT_FAIL_ON: 'medium' })).toBe(0);
    expect(await code(['--no-config'])).toBe(1);
  });

  test('variables that are wrong or unknown', async () => {
    const cwd = folderWith({ 'a.txt': 'x\n' });
    expect(await keysift([], { cwd, env: { KEYSIFT_FAIL_ON: 'x' } })).toMatchObject({
      code: 2,
      stderr: 'error: KEYSIFT_FAIL_ON holds something else than it may\nIt is info, low, medium, high, critical.\n',
    });
    const { stdout } = await keysift([], { cwd, env: { KEYSIFT_FAIL_OM: 'x' } });
    expect(stdout).toContain('note: the variable KEYSIFT_FAIL_OM means nothing here. Did you mean KEYSIFT_FAIL_ON?');
  });

  test('--config names another file, also outside', async () => {
    const outside = join(folderWith({ 'org.yaml': 'exclude: [/docs/]\n' }), 'org.yaml');
    expect(await found({ 'keysift.config.yaml': 'nonsense: 1\n' }, ['--config', outside])).toHaveLength(1);
    expect(await found({}, [], { KEYSIFT_CONFIG: outside })).toHaveLength(1);
    const { code, stderr } = await keysift(['--config', 'no.yaml'], { cwd: folderWith({}) });
    expect([code, stderr]).toEqual([2, 'error: there is no configuration no.yaml\nCheck the path given with --config.\n']);
  });

  test('only the root of the repository counts', async () => {
    const cwd = folderWith({
      ...leaky,
      'docs/keysift.config.yaml': 'exclude: [/docs/, /a.txt]\n',
      'package.json': '{"keysift": {"exclude": ["/docs/"]}}',
    });
    mkdirSync(join(cwd, '..', 'unused-home'), { recursive: true });
    const { report } = await keysiftJson([], { cwd });
    expect([report.findings.length, report.scan.policy]).toEqual([2, []]);
  });
});

test('the schema that editors get agrees with the program', () => {
  const schema = JSON.parse(readFileSync(new URL('../../dist/config.schema.json', import.meta.url), 'utf8')) as object;
  const validate = new Ajv({ strict: false }).compile(schema);
  const good = { $schema: 'x', failOn: 'low', exclude: ['/a/'], rules: { jwt: { enabled: false } }, limits: { maxFileSize: '20M', jobs: 2 } };
  const bad = { failon: 'low' };
  expect([validate(good), validate(bad)]).toEqual([true, false]);
  expect(parseConfigFile(JSON.stringify(good), 'x.json').config).toEqual(good);
  expect(() => parseConfigFile(JSON.stringify(bad), 'x.json')).toThrow('unknown key');
});

test('near words', () => {
  expect(nearest('failon', ['failOn', 'baseline'])).toEqual(['failOn']);
  expect(nearest('stripe-secret-key', ['stripe-secret-key-live', 'stripe-secret-key-test', 'x'])).toEqual([
    'stripe-secret-key-live',
    'stripe-secret-key-test',
  ]);
  expect(nearest('', ['x'])).toEqual(['x']);
  expect(nearest('unlike', ['x'])).toEqual([]);
});

test('a configuration in a file that cannot be read is an error', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'keysift.config.yaml'));
  writeFileSync(join(folder, 'a.txt'), 'x');
  expect((await keysift([], { cwd: folder })).stderr).toContain('cannot read keysift.config.yaml: it is a folder');
});
