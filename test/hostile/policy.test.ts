/** Part F: a pull request attacks the gate that judges it, and files of a policy that are none. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith, writeInto } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';
import { attackMostlyHere as attack, tripwire, type Attack, type Survived } from './harness.ts';

const SECRET = stripeKey('pull request');
const LEAK = `key = "${SECRET}"\n`;
const RULE = 'stripe-secret-key-live';
const GATE = ['--range', 'main..HEAD', '--policy-from', 'main'];
const WITHOUT = ['--range', 'main..HEAD'];

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A repository whose topic branch is checked out: `main` is what it is compared with. */
function topic(files: Files, before: Files = {}): TestRepository {
  const repository = TestRepository.create();
  for (const [path, text] of Object.entries({ 'README.md': 'x\n', ...before })) repository.write(path, text);
  repository.commit('base');
  repository.branch('topic');
  for (const [path, text] of Object.entries(files)) repository.write(path, text);
  repository.commit('topic');
  return repository;
}

function gate(repository: TestRepository, argv: readonly string[] = GATE, more: Partial<Attack> = {}): Promise<Survived> {
  return attack({ cwd: repository.path, argv, code: 1, secrets: [SECRET], ...more });
}

function found({ report }: Pick<Survived, 'report'>): string[] {
  return report.findings.map(({ ruleId, severity, locations }) => `${ruleId} ${severity} ${locations[0]?.file ?? ''}`);
}

const FOUND = [`${RULE} critical leak.txt`];
const DIFFERS = (file: string): RegExp =>
  new RegExp(`^${file.replaceAll('.', '\\.')} differs from the one at main \\([0-9a-f]{10}\\), which is used$`);

/** With the policy of the base it is found and told; with its own, the change of policy is at least told. */
async function hasNoEffect(repository: TestRepository, changed: string, silenced: number): Promise<void> {
  const judged = await gate(repository);
  expect([found(judged), judged.report.suppressed]).toEqual([FOUND, []]);
  expect(judged.report.scan.notes).toContainEqual(expect.stringMatching(DIFFERS(changed)));
  const trusting = await gate(repository, WITHOUT, { code: silenced });
  expect(trusting.report.scan.notes).toContain(`${changed} changed in this range and is used as it is now; --policy-from main uses the one before`);
}

describe('F1: a pull request accepts its own secret', () => {
  test.each([
    ['a path that is left out', 'keysift.config.yaml', 'exclude: [leak.txt]\n', 0],
    ['a rule that is off', 'keysift.config.yaml', `rules: { ${RULE}: { enabled: false }, unattributed-secret-key-live: { enabled: false } }\n`, 0],
    ['a place of one rule', '.keysift.json', `{"rules": {"${RULE}": {"exclude": ["leak.txt"]}}}`, 0],
  ])('%s', (_what, file, text, silenced) => hasNoEffect(topic({ 'leak.txt': LEAK, [file]: text }), file, silenced));

  test.each([
    ['an ignore entry', '.keysiftignore', (id: string) => ['ignore', id, '--reason', 'x']],
    ['a baseline', '.keysift-baseline', () => ['baseline', 'create']],
  ])('%s', async (_what, file, argv) => {
    const repository = topic({ 'leak.txt': LEAK });
    const { report } = await gate(repository);
    expect((await keysift(argv(report.findings[0]?.id ?? ''), { cwd: repository.path })).code).toBe(0);
    repository.commit('accepted');
    await hasNoEffect(repository, file, 0);
  });
});

test('F2: configurations in places that would win elsewhere', async () => {
  const outer = folderWith({ 'keysift.config.yaml': 'exclude: [leak.txt, repository/leak.txt]\n' });
  const home = folderWith({ 'keysift.config.yaml': 'exclude: [leak.txt]\n', '.config/keysift/config.yaml': 'exclude: [leak.txt]\n' });
  const repository = TestRepository.create({ folder: join(outer, 'repository') });
  repository.write('README.md', 'x\n').commit('base');
  repository.branch('topic');
  repository
    .write('sub/keysift.config.yaml', 'exclude: [/leak.txt]\n')
    .write('.config/keysift.config.yaml', 'exclude: [/leak.txt]\n')
    .write('package.json', '{"keysift": {"exclude": ["leak.txt"]}}')
    .write('.keysiftrc', 'exclude: [leak.txt]\n')
    .write('leak.txt', LEAK)
    .commit('topic');
  for (const argv of [GATE, WITHOUT]) {
    const judged = await gate(repository, argv, { env: { HOME: home, XDG_CONFIG_HOME: join(home, '.config') } });
    expect([found(judged), judged.report.scan.policy]).toEqual([FOUND, []]);
  }
});

describe('F3: comments that come with the secret', () => {
  test.each([
    ['on the line', `${LEAK.trim()} # keysift:allow ${RULE} -- trust me\n`],
    ['of another scanner', `${LEAK.trim()} # gitleaks:allow\n`],
    ['before', `# keysift:allow-next-line ${RULE} -- x\n${LEAK}`],
    ['around', `# keysift:allow-begin ${RULE} -- x\n${LEAK}# keysift:allow-end\n`],
    ['for the whole file', `/* secretlint-disable */\n${LEAK}`],
  ])('%s', async (_what, text) => {
    const repository = topic({ 'leak.txt': text });
    const judged = await gate(repository);
    expect([found(judged), judged.report.suppressed]).toEqual([FOUND, []]);
    expect(judged.report.scan.notes).toEqual(['1 finding with an ignore comment that does not count in this run']);
    const trusting = await gate(repository, [...WITHOUT, '--show-suppressed'], { code: 0 });
    expect([trusting.report.counts.suppressed, trusting.stdout.includes('SUPPRESSED: 1 finding')]).toEqual([1, true]);
  });
});

test('F4: nothing of the repository is run', async () => {
  const wire = tripwire('policy-code');
  const code = `require('node:child_process').execFileSync(${JSON.stringify(wire)}, { input: '' });\n`;
  const module = `import { execFileSync } from 'node:child_process';\nexecFileSync(${JSON.stringify(wire)}, { input: '' });\nexport default {};\n`;
  const repository = topic({
    'leak.txt': LEAK,
    'keysift.config.js': code,
    'keysift.config.cjs': code,
    'keysift.config.mjs': module,
    'keysift.config.ts': module,
    '.secretlintrc.js': code,
    '.env': `NODE_OPTIONS=--require ./keysift.config.cjs\n`,
    'node_modules/keysift/index.js': code,
    'node_modules/keysift-plugin/index.js': code,
    'node_modules/keysift-plugin/package.json': '{"name": "keysift-plugin", "main": "index.js"}',
    'node_modules/simple-git/index.js': code,
    'node_modules/re2js/package.json': '{"name": "re2js", "main": "index.js"}',
    'node_modules/re2js/index.js': code,
    'package.json': '{"type": "commonjs", "keysift": {"plugins": ["keysift-plugin"]}}',
  });
  for (const name of ['git', 'keysift', 'node']) writeInto(join(repository.path, 'node_modules', '.bin'), name, readFileSync(wire, 'utf8'));
  for (const argv of [GATE, WITHOUT]) expect(found(await gate(repository, argv))).toContain(FOUND[0]);
  // A package that a configuration names is data as well, and only where the command line allows it.
  repository.write('keysift.config.yaml', 'extends: ["package:keysift-plugin"]\n').commit('extends');
  await gate(repository, WITHOUT, { code: 2 });
  await gate(repository, [...WITHOUT, '--policy-package', 'keysift-plugin'], { code: 2 });
  await attack({ cwd: repository.path, argv: ['init', '--yes', '--no-hook', '--from', 'secretlint'], code: 0, report: false, unchanged: false });
});

describe('F5: extends', () => {
  const outside = folderWith({ 'keysift.config.yaml': 'exclude: [leak.txt]\n' });

  test.each([
    ['an address', 'https://policy.example.com/keysift.yaml', 'extends takes no addresses'],
    ['a file outside', '../../outside.yaml', 'the path leads outside'],
    ['an absolute path', join(outside, 'keysift.config.yaml'), 'the path leads outside'],
    ['itself', './keysift.config.yaml', 'extends goes in a circle: keysift.config.yaml'],
    ['two that name each other', 'circle.yaml', 'extends goes in a circle: keysift.config.yaml → circle.yaml → keysift.config.yaml'],
    ['a long chain', 'chain-0.yaml', 'extends goes 20 files deep: keysift.config.yaml → chain-0.yaml'],
    ['a link', 'link.yaml', 'link.yaml'],
    ['a package', 'package:acme', 'the package acme is not allowed'],
  ])('%s', async (_what, name, message) => {
    const length = name.startsWith('chain') ? 1000 : 0;
    const chain = Object.fromEntries(Array.from({ length }, (_, index) => [`chain-${index}.yaml`, `extends: [chain-${index + 1}.yaml]\n`]));
    const cwd = folderWith({
      'leak.txt': LEAK,
      'keysift.config.yaml': `extends: [${JSON.stringify(name)}]\n`,
      'circle.yaml': 'extends: [keysift.config.yaml]\n',
      ...chain,
    });
    symlinkSync(join(outside, 'keysift.config.yaml'), join(cwd, 'link.yaml'));
    const { stderr } = await attack({ cwd, code: 2, secrets: [SECRET] });
    expect(stderr).toContain(message);
  });
});

/** A rule file with one rule of a pattern. */
function ruleFile(regex: string, more = ''): string {
  return `rules:\n  - id: acme-key\n    title: Acme\n    pattern: { regex: ${JSON.stringify(regex)}, literals: [acme], maxLength: 100 }\n${more}    examples: { match: ['[|acme|]'], ignore: ['x'] }\n`;
}

describe('F6: rule files that attack', () => {
  test.each([
    ['repetitions without end', ruleFile('(a+)+acme'), /rules\.yaml:2: rule acme-key: .*without an upper bound/],
    ['nested repetitions', ruleFile('((a{0,900}){0,900}){0,900}acme'), /rules\.yaml:2: rule acme-key: /],
    ['very long', ruleFile(`acme${'a'.repeat(5000)}`), /rules\.yaml:2: rule acme-key: .*4096 characters/],
    ['larger than a rule file may be', ruleFile(`acme${'a'.repeat(1_048_576)}`), /rules\.yaml: a rule file may have 1 MiB at most/],
    ['lookbehind', ruleFile('(?<=a{0,99}x)acme'), /rules\.yaml:2: rule acme-key: .*cannot run in linear time/],
    ['a back-reference', ruleFile('(acme)\\1'), /rules\.yaml:2: rule acme-key: .*cannot run in linear time/],
    ['a group called __proto__', ruleFile('(?<__proto__>acme)(?<__proto__>x)'), /rules\.yaml:2: rule acme-key: /],
    ['flags', ruleFile('acme', '    flags: gy\n'), /rules\.yaml.*flags/],
    ['the empty text', ruleFile('(?:acme)?'), /rules\.yaml:2: rule acme-key: .*empty/],
    ['no regular expression', ruleFile('acme('), /rules\.yaml:2: rule acme-key: /],
  ])('%s', async (_what, text, message) => {
    const cwd = folderWith({ 'leak.txt': LEAK, 'rules.yaml': text });
    const { stderr } = await attack({ cwd, argv: ['--rules', 'rules.yaml'], code: 2, secrets: [SECRET] });
    expect(stderr).toMatch(message);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('100,000 rules', async () => {
    const rule = ruleFile('acme_[a-z]{20}').split('\n').slice(1).join('\n');
    const text = `rules:\n${Array.from({ length: 100_000 }, (_, index) => rule.replace('acme-key', `acme-${index}`)).join('')}`;
    const { stderr } = await attack({
      cwd: folderWith({ 'leak.txt': LEAK, 'rules.yaml': text }),
      argv: ['--rules', 'rules.yaml'],
      code: 2,
      secrets: [SECRET],
    });
    expect(stderr).toContain('rules.yaml');
  });
});

describe('F7: YAML that is none, or too much', () => {
  const bomb = `a: &a [x]\n${'bcdefghij'.replace(/./g, (key, index: number) => `${key}: &${key} [${`*${'abcdefghi'[index] ?? ''},`.repeat(9)}]\n`)}`;

  test.each([
    ['alias bomb', bomb, 'keysift.config.yaml'],
    ['5,000 levels', `a: ${'['.repeat(5000)}`, 'keysift.config.yaml'],
    ['5,000 levels, closed', `a: ${'['.repeat(5000)}${']'.repeat(5000)}`, 'keysift.config.yaml'],
    ['a key twice', 'failOn: low\nfailOn: critical\n', 'keysift.config.yaml:2:1'],
    ['a tag that makes code', 'failOn: !!js/function "function () {}"\n', 'keysift.config.yaml:1:'],
    ['a merge key', 'a: &a { failOn: critical }\n<<: *a\n', 'keysift.config.yaml:1:1: unknown key'],
    ['__proto__', '__proto__: { failOn: critical }\n', 'keysift.config.yaml:1:1: unknown key'],
    ['constructor', 'constructor: { prototype: { failOn: critical } }\n', 'keysift.config.yaml:1:1: unknown key'],
    ['no number', 'limits: { jobs: .nan }\n', 'keysift.config.yaml:1:17'],
    ['infinite', 'limits: { jobs: 1e999 }\n', 'keysift.config.yaml:1:17'],
    ['octal', 'limits: { jobs: 0o777 }\n', 'keysift.config.yaml:1:17'],
    ['a scalar of 10 MiB', `failOn: ${'x'.repeat(10 * 1024 ** 2)}\n`, 'may have 1 MiB at most'],
    ['tabs', 'limits:\n\tjobs: 2\n', 'keysift.config.yaml:2:'],
    ['two documents', 'failOn: low\n---\nfailOn: critical\n', 'keysift.config.yaml:2:'],
    ['NUL', 'failOn: lo\0w\n', 'keysift.config.yaml:1:'],
    ['a list for a key, which the parser would warn of', `? ["${SECRET}", "\\e[31m"]\n: x\n`, 'keysift.config.yaml:1:1: unknown key'],
  ])('%s', async (_what, text, message) => {
    const { stderr } = await attack({ cwd: folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': text }), code: 2, secrets: [SECRET] });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(({} as { failOn?: unknown }).failOn).toBeUndefined();
  });

  test.each([
    ['a mark of the byte order', '\ufefffailOn: critical\n'],
    ['CRLF', 'failOn: critical\r\nexclude: [docs/]\r\n'],
  ])('%s is data', async (_what, text) => {
    await attack({ cwd: folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': text }), code: 1, secrets: [SECRET] });
  });
});

describe('F8: JSON that is none, and keys that are none', () => {
  test.each([
    ['a comma too many', '{\n  "failOn": "low",\n}\n', 'keysift.config.json:3:1: not JSON'],
    ['a comment', '{ // no\n}', 'keysift.config.json:1:3: not JSON'],
    ['a key twice', '{"failOn": "low",\n "failOn": "high"}', 'keysift.config.json:2:2'],
    ['half a character', '{"failOn": "\\ud800"}', 'keysift.config.json:1:12: failOn cannot be'],
    ['10 MiB', `{"exclude": ["${'x'.repeat(10 * 1024 ** 2)}"]}`, 'may have 1 MiB at most'],
    ['an unknown key', '{"failon": "low"}', 'Did you mean failOn?'],
    ['a wrong type', '{"exclude": "docs"}', 'keysift.config.json:1:13: exclude: must be'],
    ['another version', '{"version": 99}', 'keysift.config.json:1:2: unknown key "version"'],
    ['a list', '[]', 'keysift.config.json:1:1'],
  ])('%s', async (_what, text, message) => {
    const { stderr } = await attack({ cwd: folderWith({ 'leak.txt': LEAK, 'keysift.config.json': text }), code: 2, secrets: [SECRET] });
    expect(stderr).toContain(message);
  });
});

describe('F9: rules that find nothing any more', () => {
  const ids = builtinRules().rules.map(({ id }) => id);

  test('a rule with the id of another', async () => {
    const text = ruleFile('acme').replace('acme-key', RULE);
    const { stderr } = await attack({
      cwd: folderWith({ 'leak.txt': LEAK, 'r.yaml': text }),
      argv: ['--rules', 'r.yaml'],
      code: 2,
      secrets: [SECRET],
    });
    expect(stderr).toMatch(new RegExp(`r\\.yaml:2.*${RULE}`));
  });

  test.each([
    ['entropy 99', ruleFile('acme', '    minEntropy: 99\n'), 'r.yaml:5'],
    ['a list of allowed values', ruleFile('acme', '    allow: [".*"]\n'), 'allow'],
  ])('%s', async (_what, text, message) => {
    const { stderr } = await attack({
      cwd: folderWith({ 'leak.txt': LEAK, 'r.yaml': text }),
      argv: ['--rules', 'r.yaml'],
      code: 2,
      secrets: [SECRET],
    });
    expect(stderr).toContain(message);
  });

  test('all rules off', async () => {
    const off = `rules:\n${ids.map((id) => `  ${id}: { enabled: false }\n`).join('')}`;
    const { stderr } = await attack({ cwd: folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': off }), code: 2, secrets: [SECRET] });
    expect(stderr).toContain('the configuration switches every rule off');
  });

  test('places of a rule that are all places', async () => {
    const config = `rules: { ${RULE}: { exclude: ["**"] } }\n`;
    const { stderr } = await attack({ cwd: folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': config }), code: 2, secrets: [SECRET] });
    expect(stderr).toContain('does not match everything');
  });

  test('how many rules are changed is said', async () => {
    const config = `rules: { ${RULE}: { severity: low }, github-pat-classic: { enabled: false } }\n`;
    const { report } = await attack({ cwd: folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': config }), code: 1, secrets: [SECRET] });
    expect(report.scan.notes).toEqual(['rules that the configuration changes: 1 off, 1 of another severity']);
  });
});

describe('F10: baselines that are not what was written', () => {
  async function baselined(): Promise<{ repository: TestRepository; text: string }> {
    const repository = TestRepository.create();
    repository
      .write('leak.txt', LEAK)
      .write('other.txt', `${githubToken('f10')}\n`)
      .commit('first');
    await keysift(['baseline', 'create'], { cwd: repository.path });
    return { repository, text: readFileSync(join(repository.path, '.keysift-baseline'), 'utf8') };
  }
  const scan = async (change: (text: string) => string, code: number): Promise<Survived> => {
    const { repository, text } = await baselined();
    writeFileSync(join(repository.path, '.keysift-baseline'), change(text));
    return attack({ cwd: repository.path, code, secrets: [SECRET, githubToken('f10')] });
  };
  const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

  test('as it was written', async () => {
    expect((await scan((text) => text, 0)).report.counts.suppressed).toBe(2);
  });

  test('sorted otherwise, with empty lines and CRLF', async () => {
    const { report } = await scan((text) => linesOf(text).toReversed().join('\r\n\r\n'), 0);
    expect(report.counts.suppressed).toBe(2);
  });

  test.each([
    ['another version', (text: string) => text.replace('baseline 1', 'baseline 9'), 'was written for another version (9)'],
    [
      'markers of a merge',
      (text: string) => `<<<<<<< ours\n${text}=======\n>>>>>>> theirs\n`,
      '.keysift-baseline:1: a conflict of a merge was left in',
    ],
    ['another hash', (text: string) => text.replace(/^[0-9a-f]{16}\.[0-9a-f]{24}/m, 'sha256:0123456789abcdef'), 'this is no id of a finding'],
    ['half a line', (text: string) => text.replace(/^([0-9a-f]{16}\.[0-9a-f]{10})[0-9a-f]{14} .*$/m, '$1'), 'this is no id of a finding'],
    ['everything', (text: string) => `${text}* *\n`, 'an entry names one finding, not paths or patterns'],
    ['bytes', (text: string) => `${text}\0\u0001\n`, 'this is no id of a finding'],
  ])('%s', async (_what, change, message) => {
    expect((await scan(change, 2)).stderr).toContain(message);
  });

  test('an entry whose value was edited accepts nothing, and is told', async () => {
    const edit = (text: string): string => text.replace(/^([0-9a-f]{16}\.)[0-9a-f]{8}/m, '$1deadbeef');
    const { report } = await scan(edit, 1);
    expect([report.counts.findings, report.counts.suppressed]).toEqual([1, 1]);
    expect(report.scan.notes).toContainEqual(expect.stringContaining('matches nothing; keysift baseline prune removes it'));
  });

  test('an entry that has ended', async () => {
    const { report } = await scan((text) => text.replaceAll(/^([0-9a-f]\S+ \S+)/gm, '$1 until=2020-01-01'), 1);
    expect(report.counts.findings).toBe(2);
    expect(report.scan.notes).toContainEqual(expect.stringMatching(/^\.keysift-baseline:\d+: the entry for \S+ ended on 2020-01-01$/));
  });

  const ENTRIES = process.env['KEYSIFT_SOAK'] === '1' ? 1_000_000 : 100_000;

  test(`${ENTRIES} entries`, async () => {
    const many = Array.from({ length: ENTRIES }, (_, index) => `${index.toString(16).padStart(20, '0')} ${RULE} file-${index}.txt\n`).join('');
    const { repository, text } = await baselined();
    writeFileSync(join(repository.path, '.keysift-baseline'), text + many);
    const { report } = await attack({
      cwd: repository.path,
      code: 0,
      secrets: [SECRET],
      limit: 20,
      memory: 1024 ** 3,
      again: false,
    });
    expect(report.counts.suppressed).toBe(2);
    expect(report.scan.notes.length).toBeLessThan(50);
  });
});

describe('F11: patterns that match everything', () => {
  test.each(['**', '*', '/', './', '', '!', '!**', '*.*', '**/*', '/**', '# x', '**/**/*'])('exclude %j', async (pattern) => {
    const config = `exclude: [${JSON.stringify(pattern)}]\n`;
    const cwd = folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': config });
    const outcome = await attack({ cwd, code: [1, 2], secrets: [SECRET] });
    // Either it is refused, or it does not reach a name that it ought not to.
    if (outcome.code === 2) expect(outcome.stderr).toContain('keysift.config.yaml:1:11');
    else expect(found(outcome)).toEqual(FOUND);
  });

  test('one that reaches every file after all, the configuration too, is counted', async () => {
    const cwd = folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': 'exclude: ["*.txt", "*.yaml"]\n' });
    const { report, stdout } = await attack({ cwd, code: 0, secrets: [SECRET] });
    expect([report.excluded, report.counts.excluded]).toEqual([{ 'excluded path': 2 }, 2]);
    expect(stdout).toContain('excluded path');
  });

  test.each(['**', '*', '/', '!', '!x', 'docs/', '*.txt -- x'])('an ignore file that holds %j', async (line) => {
    const { stderr } = await attack({ cwd: folderWith({ 'leak.txt': LEAK, '.keysiftignore': `${line}\n` }), code: 2, secrets: [SECRET] });
    expect(stderr).toContain('.keysiftignore:1: an entry names one finding, not paths or patterns');
  });

  test('an ignore file of empty lines, blanks, CRLF and a mark of the byte order ignores nothing', async () => {
    const text = '\ufeff\r\n   \r\n# x  \r\n\t\n';
    expect(found(await attack({ cwd: folderWith({ 'leak.txt': LEAK, '.keysiftignore': text }), code: 1, secrets: [SECRET] }))).toEqual(FOUND);
  });
});

describe('F12: secrets that hide in the shape of a range', () => {
  test('split over two commits', async () => {
    const repository = topic({ 'leak.txt': LEAK.slice(0, 40) });
    repository.write('leak.txt', LEAK).commit('second half');
    expect(found(await gate(repository))).toContain(FOUND[0]);
  });

  test('added and taken out', async () => {
    const repository = topic({ 'leak.txt': LEAK });
    repository.remove('leak.txt').write('clean.txt', 'x\n').commit('gone');
    expect(found(await gate(repository))).toEqual(FOUND);
  });

  test('added in a merge of the base', async () => {
    const repository = topic({ 'a.txt': 'a\n' });
    repository.checkout('main').write('b.txt', 'b\n').commit('meanwhile');
    repository.checkout('topic');
    repository.merge(['main'], { evil: () => void repository.write('leak.txt', LEAK) });
    expect(found(await gate(repository, ['--range', 'main..HEAD', '--policy-from', 'main']))).toEqual(FOUND);
  });

  test('moved out of a folder that is left out', async () => {
    const repository = topic({}, { 'fixtures/leak.txt': LEAK, 'keysift.config.yaml': 'exclude: [fixtures/]\n' });
    repository.git('mv', 'fixtures/leak.txt', 'leak.txt');
    repository.commit('move');
    expect(found(await gate(repository))).toEqual(FOUND);
    // Out of a place that was looked at it is only a move.
    const seen = topic({}, { 'open/leak.txt': LEAK, 'keysift.config.yaml': 'exclude: [fixtures/]\n' });
    seen.git('mv', 'open/leak.txt', 'leak.txt');
    seen.commit('move');
    await gate(seen, GATE, { code: 0 });
  });

  test('a submodule that moves is told', async () => {
    const repository = topic({ 'a.txt': 'a\n' });
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'12'.repeat(20)},module`);
    repository.git('commit', '--quiet', '--message', 'module');
    const { report, stdout } = await gate(repository, GATE, { code: 0 });
    expect([report.excluded, stdout.includes('left out: 1 × submodule')]).toEqual([{ submodule: 1 }, true]);
  });

  test('behind a pointer of LFS, which is told', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 1000\n`;
    const { report } = await gate(topic({ 'big.bin': pointer }), GATE, { code: 0 });
    expect(report.scan.notes).toEqual(['1 Git LFS pointer: the content that they stand for is not in git and was not scanned']);
  });

  test('in a binary', async () => {
    const bytes = Buffer.concat([Buffer.alloc(9000), Buffer.from(`\0${SECRET}\0`), Buffer.from([0xff, 0xfe])]);
    expect(found(await gate(topic({ 'leak.txt': bytes })))).toEqual(FOUND);
  });

  test('in a file that is too large on disk: what is in git is read whole', async () => {
    const repository = topic({ 'leak.txt': `${'x\n'.repeat(10_000)}${LEAK}` });
    expect(found(await gate(repository, [...GATE, '--max-file-size', '10K']))).toEqual(FOUND);
    const { report } = await gate(repository, ['--max-file-size', '10K'], { code: 3 });
    expect(report.notScanned).toMatchObject([{ unit: 'leak.txt', reason: 'TOO-LARGE' }]);
  });
});

test('F13: that a change may take the scan out of the pipeline is documented', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8').replaceAll(/\s+/g, ' ');
  expect(readme).toContain('No setting of keysift can keep a change from taking the scan itself out of the pipeline: require its check');
});

describe('F15: ids that look like others', () => {
  test.each([
    ['a Cyrillic letter', '\u0430ws-key'],
    ['upper case', 'AWS-Key'],
    ['a line feed', 'a\nb'],
    ['a command for a log', 'x::error::y'],
    ['nothing', ''],
    ['65 characters', 'a'.repeat(65)],
    ['__proto__', '__proto__'],
  ])('%s', async (_what, id) => {
    const rules = ruleFile('acme').replace('id: acme-key', `id: ${JSON.stringify(id)}`);
    const cwd = folderWith({ 'leak.txt': LEAK, 'r.yaml': rules });
    const { stderr } = await attack({ cwd, argv: ['--rules', 'r.yaml'], code: 2, secrets: [SECRET] });
    expect(stderr).toContain('r.yaml:2');
    const config = folderWith({ 'leak.txt': LEAK, 'keysift.config.json': JSON.stringify({ rules: { [id]: { enabled: false } } }) });
    expect((await attack({ cwd: config, code: 2, secrets: [SECRET] })).stderr).toContain('keysift.config.json:1:');
  });

  test('two rules with one id', async () => {
    const text = ruleFile('acme') + ruleFile('acme2').split('\n').slice(1).join('\n');
    const { stderr } = await attack({
      cwd: folderWith({ 'leak.txt': LEAK, 'r.yaml': text }),
      argv: ['--rules', 'r.yaml'],
      code: 2,
      secrets: [SECRET],
    });
    expect(stderr).toMatch(/r\.yaml:6.*acme-key/);
  });
});

describe('F16: settings that weaken the gate', () => {
  test.each([
    ['failOn: none', 'keysift.config.yaml:1:9: failOn cannot be "none"'],
    ['exitZero: true', 'unknown key "exitZero"'],
    ['timeout: 0', 'unknown key "timeout"'],
    ['redact: off', 'unknown key "redact"'],
    ['showSecrets: true', 'unknown key "showSecrets"'],
    ['limits: { jobs: 0 }', 'keysift.config.yaml:1:17'],
    ['limits: { maxFileSize: -1 }', 'keysift.config.yaml:1:24'],
  ])('%s is no setting', async (text, message) => {
    const { stderr } = await attack({ cwd: folderWith({ 'leak.txt': LEAK, 'keysift.config.yaml': `${text}\n` }), code: 2, secrets: [SECRET] });
    expect(stderr).toContain(message);
    // Under the policy of the base it is not even read.
    expect(found(await gate(topic({ 'leak.txt': LEAK, 'keysift.config.yaml': `${text}\n` })))).toEqual(FOUND);
  });

  test('a limit that lists everything is never a clean run, and that of a change does not count', async () => {
    const repository = topic({ 'leak.txt': LEAK, 'keysift.config.yaml': 'limits: { maxFileSize: 1 }\nfailOn: critical\nminConfidence: high\n' });
    expect(found(await gate(repository))).toEqual(FOUND);
    expect(found(await gate(repository, WITHOUT))).toEqual(FOUND);
    const { report } = await gate(repository, [], { code: 3 });
    expect(report.notScanned.map(({ reason }) => reason)).toContain('TOO-LARGE');
  });
});

describe('S13: other ways around the gate, each with the policy of the base', () => {
  type Change = (repository: TestRepository) => void;
  const add =
    (path: string, text: string | Uint8Array): Change =>
    (repository) =>
      void repository.write(path, text);
  const exclude = 'exclude: [leak.txt]\n';
  const commitLeak = (repository: TestRepository): void => void repository.write('leak.txt', LEAK).commit('leak');

  /** What the base has of a policy, and what the topic does; it brings the secret in `leak.txt`, or where the change itself puts it. */
  const ATTEMPTS: readonly (readonly [what: string, base: Files, change: Change, bringsLeak?: false])[] = [
    ['a rule that is of no importance any more', {}, add('keysift.config.yaml', `failOn: high\nrules: { ${RULE}: { severity: info } }\n`)],
    [
      'a file that the base extends',
      { 'keysift.config.yaml': 'extends: [shared.yaml]\n', 'shared.yaml': 'failOn: low\n' },
      add('shared.yaml', exclude),
    ],
    [
      'a file that the base extends, taken away',
      { 'keysift.config.yaml': 'extends: [shared.yaml]\n', 'shared.yaml': 'failOn: low\n' },
      (one) => void one.remove('shared.yaml'),
    ],
    ['a baseline of another name', { 'keysift.config.yaml': 'failOn: low\n' }, add('keysift.config.yaml', 'baseline: README.md\n')],
    [
      'a second configuration beside that of the base',
      { 'keysift.config.yaml': 'failOn: low\n' },
      add('keysift.config.json', '{"exclude": ["leak.txt"]}'),
    ],
    ['the configuration of the base, taken away', { 'keysift.config.yaml': 'failOn: low\n' }, (one) => void one.remove('keysift.config.yaml')],
    [
      'the configuration of the base, renamed and replaced by a link',
      { 'keysift.config.yaml': 'failOn: low\n' },
      (one) => {
        one.remove('keysift.config.yaml').write('mine.yaml', exclude);
        symlinkSync('mine.yaml', join(one.path, 'keysift.config.yaml'));
      },
    ],
    ['rules of its own', {}, add('keysift.config.yaml', 'ruleFiles: [rules.yaml]\n')],
    [
      'comments that count again',
      { 'keysift.config.yaml': 'inlineIgnores: none\n' },
      (one) => void one.write('keysift.config.yaml', 'inlineIgnores: all\n').write('leak.txt', `${LEAK.trim()} # gitleaks:allow\n`),
      false,
    ],
    [
      'attributes that call it binary',
      {},
      add('.gitattributes', '* -diff -text binary filter=lfs diff=lfs merge=lfs export-ignore linguist-generated\n'),
    ],
    [
      'lists of other scanners',
      {},
      (one) => void one.write('.gitleaksignore', 'leak.txt:stripe-access-token:1\n').write('.secretlintignore', 'leak.txt\n'),
    ],
    ['a submodule file that names it', {}, add('.gitmodules', '[submodule "leak.txt"]\n\tpath = leak.txt\n\turl = ./x\n')],
    [
      'a file that git ignores, added by force',
      {},
      (one) => {
        one.write('.gitignore', 'leak.txt\n').write('leak.txt', LEAK);
        one.git('add', '--force', 'leak.txt');
      },
      false,
    ],
    ['a folder of packages', {}, add('node_modules/acme/index.js', LEAK), false],
    ['a name of what nobody reads', {}, add('dist/app.min.js.map', LEAK), false],
    ['a name of a picture', {}, add('logo.png', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(LEAK)])), false],
    ['a name of a lock file', {}, add('package-lock.json', `{"x": "${SECRET}"}\n`), false],
    ['another encoding', {}, add('leak.txt', Buffer.from(`\ufeff${LEAK}`, 'utf16le')), false],
    ['base64', {}, add('leak.txt', `data: ${Buffer.from(LEAK).toString('base64')}\n`), false],
    [
      'escapes of a string',
      {},
      add('leak.js', `key = "${[...SECRET].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join('')}"\n`),
      false,
    ],
    ['two strings that are put together', {}, add('leak.js', `key = "${SECRET.slice(0, 30)}" + "${SECRET.slice(30)}";\n`), false],
    ['a message', {}, (one) => void one.write('a.txt', 'a\n').commit(`see ${SECRET}`), false],
    [
      'the target of a link',
      {},
      (one) => {
        symlinkSync(SECRET, join(one.path, 'link'));
      },
      false,
    ],
    [
      'a branch of which only the history is merged',
      {},
      (one) => {
        one.branch('side');
        commitLeak(one);
        one.checkout('topic').write('a.txt', 'a\n').commit('meanwhile');
        one.git('merge', '--quiet', '--strategy=ours', '--no-edit', 'side');
      },
      false,
    ],
    [
      'a history without a common commit',
      {},
      (one) => {
        one.git('checkout', '--quiet', '--orphan', 'orphan');
        commitLeak(one);
        one.checkout('topic').git('merge', '--quiet', '--allow-unrelated-histories', '--strategy=ours', '--no-edit', 'orphan');
      },
      false,
    ],
    ['a commit that is older than the base', {}, (one) => void one.write('leak.txt', LEAK).commit('old', { date: '@1000000000 +0000' }), false],
    [
      'a copy of an old file with one line more',
      { 'long.txt': 'words\n'.repeat(2000) },
      add('copy.txt', `${'words\n'.repeat(1000)}${LEAK}${'words\n'.repeat(1000)}`),
      false,
    ],
  ];

  test.each(ATTEMPTS.map(([what, base, change, bringsLeak = true]) => [what, { base, change, bringsLeak }] as const))(
    '%s',
    async (_what, attempt) => {
      const { base, change, bringsLeak } = attempt;
      const repository = TestRepository.create();
      for (const [path, text] of Object.entries({ 'README.md': 'x\n', ...base })) repository.write(path, text);
      repository.commit('base');
      repository.branch('topic');
      change(repository);
      if (bringsLeak) repository.write('leak.txt', LEAK);
      repository.commit('topic');
      const { code, report } = await keysiftJson(GATE, { cwd: repository.path, env: { CI: 'true' } });
      expect([code, report.suppressed]).toEqual([1, []]);
      expect(found({ report })).toContainEqual(expect.stringMatching(new RegExp(`^${RULE} critical `)));
    },
  );
});
