/** A policy from files in memory: what is read, which of several says the last word, and what is refused. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import { CONFIG_NAMES, insideOf, loadPolicy, type Policy, type PolicyChoice } from '../../src/policy/load.ts';
import type { PolicyFiles } from '../../src/policy/policy-files.ts';
import { folderWith } from '../support/folder.ts';

const ID = 'ab'.repeat(10);

/** Files of a revision: what is on disk at their paths is none of them. */
function files(texts: Readonly<Record<string, string>>): PolicyFiles {
  return { shown: (path) => `${path} at base`, read: (path) => texts[path] };
}

function load(texts: Readonly<Record<string, string>>, choice: Partial<PolicyChoice> = {}): Promise<Policy> {
  return loadPolicy({ root: '/root', files: files(texts), config: undefined, baseline: undefined, packages: [], ...choice });
}

const config = (text: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({ 'keysift.config.yaml': text, ...more });
const shown = ({ sources }: Policy): (string | undefined)[][] => sources.map((one) => [one.shown, one.path]);

async function complaint(loading: Promise<unknown>): Promise<string[]> {
  const error = await loading.then(
    () => expect.unreachable('it was loaded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error;
  return [error.message, error.hint ?? ''];
}

describe('a policy', () => {
  test('of no files says nothing', async () => {
    const policy = await load({});
    expect(policy).toMatchObject({ sources: [], exclude: [], ruleFiles: [], ignores: [], baseline: [], baselineFile: '.keysift-baseline' });
    const { failOn, minConfidence, maxFileSize, jobs, inlineIgnores, rules } = policy;
    expect([failOn, minConfidence, maxFileSize, jobs, inlineIgnores, rules.size]).toEqual([undefined, undefined, undefined, undefined, undefined, 0]);
    expect(policy.ruleAt('x')).toBe('');
  });

  test('says all that its files say', async () => {
    const policy = await load({
      'keysift.config.yaml': [
        'failOn: high',
        'minConfidence: medium',
        'inlineIgnores: keysift',
        'baseline: accepted/base',
        'limits: { maxFileSize: 2M, jobs: 3 }',
        'exclude: [docs/]',
        'ruleFiles: [rules/own.yaml]',
        'rules:',
        '  one: { severity: low, exclude: [a/] }',
      ].join('\n'),
      'rules/own.yaml': 'rules: []\n',
      '.keysiftignore': `${ID} a -- why\n`,
      'accepted/base': `${ID} b\n`,
    });
    expect(policy).toMatchObject({
      failOn: 'high',
      minConfidence: 'medium',
      maxFileSize: 2 * 1024 ** 2,
      jobs: 3,
      inlineIgnores: 'keysift',
      exclude: ['docs/'],
      baselineFile: 'accepted/base',
      ignores: [{ key: ID, reason: 'why', at: '.keysiftignore at base:1' }],
      baseline: [{ key: ID, rule: 'b', at: 'accepted/base at base:1' }],
    });
    expect(policy.ruleFiles).toHaveLength(1);
    expect([...policy.rules]).toEqual([['one', { severity: 'low', exclude: ['a/'] }]]);
    expect(policy.ruleAt('one')).toBe('keysift.config.yaml at base:9:3');
    expect(shown(policy)).toEqual(
      ['keysift.config.yaml', 'rules/own.yaml', '.keysiftignore', 'accepted/base'].map((path) => [`${path} at base`, path]),
    );
  });

  test.each(CONFIG_NAMES)('is found as %s', async (name) => {
    expect((await load({ [name]: '{"failOn": "high"}' })).failOn).toBe('high');
  });

  test('of two configurations is refused: nobody could say which one counts', async () => {
    expect(await complaint(load({ '.keysift.json': '{}', 'keysift.config.yml': '' }))).toEqual([
      'there are several configurations: keysift.config.yml, .keysift.json',
      'Keep one, or name it with --config.',
    ]);
  });

  test('lists of ignored findings need reasons, the baseline does not', async () => {
    expect((await complaint(load({ '.keysiftignore': `${ID} a\n` })))[0]).toBe('.keysiftignore at base:1: an ignored finding needs a reason');
    expect((await load({ '.keysift-baseline': `${ID} a\n` })).baseline).toHaveLength(1);
  });
});

describe('what the command line names', () => {
  const outside = folderWith({ 'own.yaml': 'failOn: high\nextends: [more.yaml]\n', 'more.yaml': 'minConfidence: high\n', base: `${ID} own\n` });

  test('a file below the root is that of the revision, one outside is the caller’s own', async () => {
    const texts = { 'ci/strict.yaml': 'failOn: low\n', 'keysift.config.yaml': 'failOn: critical\n', 'ci/base': `${ID} ci\n` };
    const inside = await load(texts, { config: '/root/ci/strict.yaml', baseline: '/root/ci/base' });
    expect([inside.failOn, inside.baseline[0]?.rule]).toEqual(['low', 'ci']);
    expect(shown(inside)).toEqual(['ci/strict.yaml', 'ci/base'].map((path) => [`${path} at base`, path]));
    const own = await load(texts, { config: join(outside, 'own.yaml'), baseline: join(outside, 'base') });
    expect([own.failOn, own.minConfidence, own.baseline[0]?.rule]).toEqual(['high', 'high', 'own']);
    expect(shown(own)).toEqual(['own.yaml', 'more.yaml', 'base'].map((name) => [join(outside, name), undefined]));
  });

  test('none of them', async () => {
    const texts = config('failOn: high\nbaseline: x\n', { '.keysift-baseline': `${ID} a\n` });
    expect(shown(await load(texts, { config: false, baseline: false }))).toEqual([]);
  });

  test('what is not there is refused', async () => {
    expect(await complaint(load({}, { config: '/root/x.yaml' }))).toEqual([
      'there is no configuration x.yaml at base',
      'Check the path given with --config.',
    ]);
    expect(await complaint(load({}, { baseline: '/root/x' }))).toEqual(['there is no baseline x at base', 'keysift baseline create writes it.']);
    expect(await complaint(load({}, { config: '/x.yaml' }))).toEqual(['there is no configuration /x.yaml', 'Check the path given with --config.']);
  });

  test('a baseline of the command line goes before a configured one, which may not lie outside', async () => {
    const texts = config('limits: {}\nbaseline: ../out\n', { mine: `${ID} mine\n` });
    expect((await load(texts, { baseline: '/root/mine' })).baseline[0]?.rule).toBe('mine');
    expect(await complaint(load(texts))).toEqual([
      'keysift.config.yaml at base:2:11: the baseline ../out lies outside the repository',
      'Only --baseline may name a file outside.',
    ]);
    const extended = config('extends: [a.yaml]\n', { 'a.yaml': 'baseline: ../out\n' });
    expect((await complaint(load(extended)))[0]).toBe('a.yaml at base:1:11: the baseline ../out lies outside the repository');
    expect(await complaint(load(config('baseline: x\n')))).toEqual(['there is no baseline x at base', 'keysift baseline create writes it.']);
  });
});

describe('extends', () => {
  test('the extending one wins, and the later of two extended ones; lists and rules are put together', async () => {
    const policy = await load({
      'keysift.config.yaml': 'extends: [a/one.yaml, two.yaml]\nfailOn: high\nexclude: [own/]\nrules: { x: { exclude: [own] } }\n',
      'a/one.yaml':
        'extends: [sub/three.yaml]\nfailOn: low\nminConfidence: low\nexclude: [one/]\nruleFiles: [r.yaml]\nrules: { x: { enabled: false, exclude: [one] } }\n',
      'a/sub/three.yaml': 'inlineIgnores: none\nminConfidence: high\n',
      'a/r.yaml': 'rules: []\n',
      'two.yaml': 'failOn: medium\nminConfidence: medium\nbaseline: b\nrules: { y: { severity: low } }\n',
      b: '',
    });
    expect(policy).toMatchObject({ failOn: 'high', minConfidence: 'medium', inlineIgnores: 'none', exclude: ['one/', 'own/'], baselineFile: 'b' });
    expect([...policy.rules]).toEqual([
      ['x', { enabled: false, exclude: ['one', 'own'] }],
      ['y', { severity: 'low', exclude: [] }],
    ]);
    expect(['x', 'y'].map(policy.ruleAt)).toEqual(['keysift.config.yaml at base:4:10', 'two.yaml at base:4:10']);
    expect(shown(policy).map(([, path]) => path)).toEqual(['keysift.config.yaml', 'a/one.yaml', 'a/sub/three.yaml', 'two.yaml', 'a/r.yaml', 'b']);
  });

  test('a circle, and more than twenty files', async () => {
    expect(await complaint(load(config('extends: [a.yaml]\n', { 'a.yaml': 'extends: [keysift.config.yaml]\n' })))).toEqual([
      'extends goes in a circle: keysift.config.yaml at base → a.yaml at base → keysift.config.yaml at base',
      'Take one of them out.',
    ]);
    const chain = (length: number): Record<string, string> =>
      config(
        'extends: [c2.yaml]\n',
        Object.fromEntries(
          Array.from({ length: length - 1 }, (_, at) => [`c${at + 2}.yaml`, at + 2 === length ? '' : `extends: [c${at + 3}.yaml]\n`]),
        ),
      );
    await load(chain(20));
    expect(await complaint(load(chain(21)))).toEqual([
      'extends goes 20 files deep: keysift.config.yaml at base → c2.yaml at base → c3.yaml at base → c4.yaml at base → …',
      'Make the chain shorter.',
    ]);
    // The same file twice is no circle.
    await load(config('extends: [a.yaml, b.yaml]\n', { 'a.yaml': 'extends: [b.yaml]\n', 'b.yaml': '' }));
  });

  const LEADS = 'Name a file below the folder of the configuration, with / between folders.';
  test.each(['../x.yaml', 'a/../../x.yaml', '..', '/etc/x.yaml', 'C:/x.yaml', 'a\\b.yaml', '"a\\0b"'])('%s leads outside', async (name) => {
    const given = name === 'C:/x.yaml' ? { key: 'ruleFiles', column: 13 } : { key: 'extends', column: 11 };
    expect(await complaint(load(config(`${given.key}: [${name}]\n`)))).toEqual([
      `keysift.config.yaml at base:1:${given.column}: the path leads outside`,
      LEADS,
    ]);
  });

  test('a folder above the file, and dots in names, are inside', async () => {
    const policy = await load(config('extends: [a/b/../one.yaml]\n', { 'a/one.yaml': 'extends: [../..two.yaml]\n', '..two.yaml': 'failOn: high\n' }));
    expect(policy.failOn).toBe('high');
    const colons = await load(
      config('extends: ["./odd:name.yaml"]\nruleFiles: ["./a:b.yaml"]\n', { 'odd:name.yaml': 'failOn: low\n', 'a:b.yaml': 'rules: []\n' }),
    );
    expect([colons.failOn, colons.ruleFiles.length]).toEqual(['low', 1]);
  });

  test('what is not there, addresses, and packages that nobody allowed', async () => {
    expect(await complaint(load(config('extends: [a.yaml]\n')))).toEqual([
      'keysift.config.yaml at base:1:11: there is no file a.yaml at base',
      'Correct extends, or add the file.',
    ]);
    expect(await complaint(load(config('ruleFiles: [a.yaml]\n')))).toEqual([
      'keysift.config.yaml at base:1:13: there is no rule file a.yaml at base',
      'Correct ruleFiles, or add the file.',
    ]);
    for (const address of ['https://x.y/z.yaml', 'git+ssh://x/y', 'FILE:///x']) {
      expect(await complaint(load(config(`extends: ["${address}"]\n`)))).toEqual([
        'keysift.config.yaml at base:1:11: extends takes no addresses',
        'keysift uses no network: commit the file, and name it.',
      ]);
    }
    expect(await complaint(load(config('extends: ["package:acme"]\n'), { packages: ['other'] }))).toEqual([
      'keysift.config.yaml at base:1:11: the package acme is not allowed',
      'Packages change without a commit here: allow it with --policy-package acme.',
    ]);
  });

  test('an allowed package is read from where it is installed', async () => {
    const root = folderWith({
      'node_modules/acme/package.json': '{}',
      'node_modules/acme/keysift.config.yml': 'failOn: high\nruleFiles: [r.yaml]\n',
      'node_modules/acme/r.yaml': 'rules: []\n',
      'node_modules/empty/package.json': '{}',
    });
    const of = (name: string): Promise<Policy> => load(config(`extends: ["package:${name}"]\n`), { root, packages: ['acme', 'empty', 'gone'] });
    const policy = await of('acme');
    expect(policy.failOn).toBe('high');
    expect(shown(policy)).toEqual([
      ['keysift.config.yaml at base', 'keysift.config.yaml'],
      ['package:acme/keysift.config.yml', undefined],
      ['package:acme/r.yaml', undefined],
    ]);
    expect(await complaint(of('empty'))).toEqual([
      'keysift.config.yaml at base:1:11: the package empty holds no configuration',
      'It needs keysift.config.yaml.',
    ]);
    expect(await complaint(of('gone'))).toEqual(['keysift.config.yaml at base:1:11: the package gone is not installed', 'Install it first.']);
  });
});

test.each([
  ['/root/a/b', 'a/b'],
  ['a/b', 'a/b'],
  ['/root', undefined],
  ['/', undefined],
  ['/rooted/a', undefined],
  ['..', undefined],
  ['../a', undefined],
  ['..a', '..a'],
])('%s lies at %s of the root', (path, inside) => {
  expect(insideOf('/root', path)).toBe(inside);
});
