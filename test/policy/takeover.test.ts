/** Moving over from other scanners: what they ignore is ignored, in a scan of this one. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { expandExample } from '../../src/rules/examples.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';

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
