import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';

const LEAK = `key = "${stripeKey('pull request')}"\n`;

function base(files: Record<string, string> = {}): TestRepository {
  const repository = TestRepository.create();
  repository.write('README.md', 'x\n');
  for (const [path, text] of Object.entries(files)) repository.write(path, text);
  repository.commit('base');
  repository.branch('topic');
  return repository;
}

const GATE = ['--range', 'main..HEAD', '--policy-from', 'main'];
const HEAD_NOTE = (file: string): RegExp =>
  new RegExp(`^${file.replaceAll('.', '\\.')} differs from the one at main \\([0-9a-f]{10}\\), which is used$`);

/** What a pull request may try, as the files that it brings beside its secret. */
const ATTEMPTS: readonly (readonly [what: string, files: (repository: TestRepository) => Record<string, string>, changed: string | undefined])[] = [
  ['a path exclude', () => ({ 'keysift.config.yaml': 'exclude: [leak.txt]\n' }), 'keysift.config.yaml'],
  ['a rule switched off', () => ({ 'keysift.config.yaml': 'rules: { unattributed-secret-key-live: { enabled: false } }\n' }), 'keysift.config.yaml'],
  ['a lower severity', () => ({ '.keysift.yaml': 'failOn: critical\nrules: { stripe-secret-key-live: { severity: info } }\n' }), '.keysift.yaml'],
  ['a limit', () => ({ '.keysift.json': '{"limits": {"maxFileSize": 1}}' }), '.keysift.json'],
  ['a broken configuration', () => ({ 'keysift.config.yaml': '{{{' }), 'keysift.config.yaml'],
  ['a configuration in a subfolder', () => ({ 'sub/keysift.config.yaml': 'exclude: [/leak.txt]\n' }), undefined],
  ['a key in package.json', () => ({ 'package.json': '{"keysift": {"exclude": ["leak.txt"]}}' }), undefined],
  [
    'a configuration that is code',
    () => ({ 'keysift.config.js': 'throw 1', 'keysift.config.ts': 'throw 1', '.env': 'NODE_OPTIONS=--require ./x.cjs\n' }),
    undefined,
  ],
  ['an ignore comment on the line', () => ({ 'leak.txt': `${LEAK.trim()} # keysift:allow stripe-secret-key-live -- trust me\n` }), undefined],
  ['an ignore comment of another tool', () => ({ 'leak.txt': `${LEAK.trim()} # gitleaks:allow\n` }), undefined],
  ['a comment before', () => ({ 'leak.txt': `# keysift:allow-next-line stripe-secret-key-live -- x\n${LEAK}` }), undefined],
  ['a block', () => ({ 'leak.txt': `# keysift:allow-begin stripe-secret-key-live -- x\n${LEAK}# keysift:allow-end\n` }), undefined],
  ['a whole file', () => ({ 'leak.txt': `/* secretlint-disable */\n${LEAK}` }), undefined],
];

describe('a pull request and the gate that judges it', () => {
  test.each(ATTEMPTS)('%s does not silence it', async (_what, files, changed) => {
    const repository = base();
    repository.write('leak.txt', LEAK);
    for (const [path, text] of Object.entries(files(repository))) repository.write(path, text);
    repository.commit('topic');
    const { code, report } = await keysiftJson(GATE, { cwd: repository.path });
    expect([code, report.findings.map(({ ruleId }) => ruleId)]).toEqual([1, expect.arrayContaining(['stripe-secret-key-live']) as string[]]);
    expect([report.findings.find(({ ruleId }) => ruleId === 'stripe-secret-key-live')?.severity, report.suppressed]).toEqual(['critical', []]);
    if (changed !== undefined) expect(report.scan.notes).toContainEqual(expect.stringMatching(HEAD_NOTE(changed)));
  });

  test('its own ignore entry and baseline do not count, and are told', async () => {
    const repository = base();
    repository.write('leak.txt', LEAK).commit('leak');
    const { report: first } = await keysiftJson([], { cwd: repository.path });
    expect((await keysift(['ignore', first.findings[0]?.id ?? '', '--reason', 'x'], { cwd: repository.path })).code).toBe(0);
    expect((await keysift(['baseline', 'create'], { cwd: repository.path })).code).toBe(0);
    repository.commit('policy');
    expect((await keysift(['--range', 'main..HEAD'], { cwd: repository.path })).code).toBe(0);
    const { code, report } = await keysiftJson(GATE, { cwd: repository.path });
    expect([code, report.findings.length, report.suppressed.length]).toEqual([1, 1, 0]);
    expect(report.scan.notes).toContainEqual(expect.stringMatching(HEAD_NOTE('.keysiftignore')));
  });

  test('without --policy-from the change is at least told', async () => {
    const repository = base();
    repository.write('leak.txt', LEAK).write('keysift.config.yaml', 'exclude: [leak.txt]\n').commit('topic');
    const { code, report } = await keysiftJson(['--range', 'main..HEAD'], { cwd: repository.path });
    expect([code, report.suppressed.map(({ by }) => by)]).toEqual([0, ['exclude']]);
    expect(report.scan.notes).toContain('keysift.config.yaml changed in this range and is used as it is now; --policy-from main uses the one before');
  });

  test('comments that do not count are counted, and can be asked back', async () => {
    const repository = base();
    repository.write('leak.txt', `${LEAK.trim()} # keysift:allow stripe-secret-key-live -- x\n`).commit('topic');
    const { report } = await keysiftJson(GATE, { cwd: repository.path });
    expect(report.scan.notes).toEqual(['1 finding with an ignore comment that does not count in this run']);
    expect((await keysift([...GATE, '--inline-ignores', 'all'], { cwd: repository.path })).code).toBe(0);
  });

  test('the policy of the base counts: configuration, what it extends, rule files, ignores, baseline', async () => {
    const repository = base({
      'keysift.config.yaml': 'extends: [policy/base.yaml]\n',
      'policy/base.yaml': 'exclude: [/fixtures/]\nruleFiles: [acme.yaml]\n',
      'policy/acme.yaml': `rules:\n  - id: acme-key\n    title: Acme key\n    token: { prefixes: [acme_], alphabet: alnum, length: 24 }\n    examples: { match: ['[|acme_{{alnum:24}}|]'], ignore: ['acme_x'] }\n`,
    });
    repository.remove('policy').remove('keysift.config.yaml');
    repository
      .write('fixtures/a.txt', LEAK)
      .write('b.txt', `acme_${stripeKey('acme').slice(-24)}\n`)
      .commit('topic');
    const { code, report } = await keysiftJson(GATE, { cwd: repository.path });
    expect([code, report.findings.map(({ ruleId }) => ruleId), report.suppressed.map(({ by }) => by)]).toEqual([1, ['acme-key'], ['exclude']]);
    const commit = repository.git('rev-parse', 'main').slice(0, 10);
    expect(report.scan.policy).toEqual(['keysift.config.yaml', 'policy/base.yaml', 'policy/acme.yaml'].map((file) => `${file} at main (${commit})`));
    expect(report.scan.notes.filter((note) => note.includes('differs'))).toHaveLength(3);
  });

  test('a file that the configuration extends, changed alone, is told: with and without --policy-from', async () => {
    const chain = { 'keysift.config.yaml': 'extends: [policy/a.yaml]\n', 'policy/a.yaml': 'extends: [b.yaml]\n', 'policy/b.yaml': 'failOn: low\n' };
    const repository = base(chain);
    repository.write('policy/b.yaml', 'exclude: [leak.txt]\n').write('leak.txt', LEAK).commit('topic');
    const { code, report } = await keysiftJson(GATE, { cwd: repository.path });
    expect([code, report.scan.notes]).toEqual([1, [expect.stringMatching(HEAD_NOTE('policy/b.yaml'))]]);
    const { report: own } = await keysiftJson(['--range', 'main..HEAD'], { cwd: repository.path });
    expect(own.scan.policy).toEqual(Object.keys(chain));
    expect(own.scan.notes).toContain('policy/b.yaml changed in this range and is used as it is now; --policy-from main uses the one before');
  });

  test('the files of a configuration outside are named with their folder', async () => {
    const repository = base();
    const folder = folderWith({
      'org.yaml': 'extends: [more/x.yaml, more/y.yaml]\n',
      'more/x.yaml': 'extends: [y.yaml]\n',
      'more/y.yaml': 'failOn: low\n',
    });
    const { report } = await keysiftJson(['--config', join(folder, 'org.yaml')], { cwd: repository.path });
    expect(report.scan.policy).toEqual(['org.yaml', 'more/x.yaml', 'more/y.yaml'].map((file) => join(folder, file)));
  });

  test('a configuration outside is the caller\u2019s own; one inside comes from the revision', async () => {
    const repository = base({ 'ci.yaml': 'exclude: [/fixtures/]\n' });
    repository.write('fixtures/a.txt', LEAK).write('ci.yaml', 'exclude: [/fixtures/, /b.txt]\n').write('b.txt', githubToken('b')).commit('topic');
    const files = async (...argv: string[]): Promise<(string | undefined)[]> =>
      (await keysiftJson([...GATE, ...argv], { cwd: repository.path })).report.findings.map(({ locations }) => locations[0]?.file);
    expect(await files('--config', 'ci.yaml')).toEqual(['b.txt']);
    expect(await files('--config', join(folderWith({ 'org.yaml': 'exclude: [b.txt]\n' }), 'org.yaml'))).toEqual(['fixtures/a.txt']);
  });

  test('a link in the revision is no policy, and a revision that is not there is an error', async () => {
    const repository = TestRepository.create();
    const blob = repository.gitWith({ input: 'other.yaml' }, 'hash-object', '-w', '--stdin');
    repository.git('update-index', '--add', '--cacheinfo', `120000,${blob},keysift.config.yaml`);
    repository.commitIndex('link');
    repository.branch('topic').write('keysift.config.yaml', '').commit('topic');
    expect(await keysift(GATE, { cwd: repository.path })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/keysift\.config\.yaml at main \(\w+\) is no regular file/) as string,
    });
    expect((await keysift(['--policy-from', 'nowhere'], { cwd: repository.path })).stderr).toContain('"nowhere" is not a commit of this repository');
    expect((await keysift(['--policy-from', 'HEAD'], { cwd: folderWith({}) })).stderr).toContain('--policy-from needs a git repository');
  });

  test('a secret that comes and goes inside the range is found', async () => {
    const repository = base();
    repository.write('leak.txt', LEAK).commit('in');
    repository.remove('leak.txt').write('keysift.config.yaml', 'exclude: [leak.txt]\n').commit('out');
    repository.remove('keysift.config.yaml').commit('as if nothing had been');
    expect((await keysift(GATE, { cwd: repository.path })).code).toBe(1);
  });
});
