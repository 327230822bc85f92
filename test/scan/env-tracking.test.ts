import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { trackingOf } from '../../src/scan/env-tracking.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { plantOne } from '../support/secrets.ts';
import { TestRepository } from '../support/repository.ts';
import { SOAK } from '../support/sample.ts';

const SECRET = plantOne('DB_PASSWORD=[|{{alnum:24}}|]', 'env-tracking');
const WITH_SECRET = `# settings\nPORT=3000\n${SECRET.text}\nSTRIPE_KEY=${plantOne('[|sk_live_51{{alnum:97}}|]', 'env-tracking').secret}\n`;

function ask(repository: TestRepository, ...paths: string[]) {
  const opened = openRepository(repository.path, repository.environment());
  if (opened === undefined) throw new Error('no repository');
  return trackingOf(opened, new Set(repository.git('ls-files').split('\n')), paths);
}

/** git's own answer, for a path that is not tracked. */
function isIgnored(repository: TestRepository, path: string): boolean {
  return repository.tryGit(['check-ignore', '--no-index', '--quiet', '--', path]).status === 0;
}

describe('the line that makes git ignore a path', () => {
  test.each([
    '.env',
    '.env.production',
    'apps/web/.env.local',
    'a b/.env copy',
    '#env/#.env',
    '!.env',
    'x/.env[1]',
    'x/.env*',
    '.env ',
    'ü/.env.ü',
    'a\\b/.env\\c',
  ])('%j', (path) => {
    const repository = TestRepository.create();
    const [[, told] = []] = [...ask(repository, path)];
    expect(told).toMatchObject({ tracked: false, ignored: false, file: '.gitignore' });
    repository.write('.gitignore', `${told?.line}\n`);
    expect(isIgnored(repository, path)).toBe(true);
    expect(ask(repository, path).get(path)?.ignored).toBe(true);
    expect(isIgnored(repository, `${path}x`)).toBe(false);
  });

  test('whatever the name and the ignore files around it, once the line that takes it back in is gone', () => {
    const name = fc.array(fc.constantFrom(...'.env#!* []?ab'), { minLength: 1, maxLength: 8 }).map((list) => list.join(''));
    const pattern = fc.constantFrom('.env', '.env.*', '!.env', '*.local', '!.env*', '.env*', '!*', 'web/', '#.env');
    fc.assert(
      fc.property(
        name.filter((given) => !/^\.+$|^ | $/.test(given)),
        fc.array(pattern, { maxLength: 3 }),
        fc.array(pattern, { maxLength: 2 }),
        (base, outer, inner) => {
          const repository = TestRepository.create();
          const path = `web/${base}`;
          repository.write('.gitignore', `${outer.join('\n')}\n`).write('web/.gitignore', `${inner.join('\n')}\n`);
          const told = ask(repository, path).get(path);
          expect(told?.ignored).toBe(isIgnored(repository, path));
          if (told === undefined || told.ignored) return;
          // What a person does who follows the advice.
          let rest: string[] = inner;
          for (let advice: typeof told | undefined = told; advice?.undo !== undefined; advice = ask(repository, path).get(path)) {
            const [file, line] = advice.undo.split(':');
            expect(file).toBe('web/.gitignore');
            rest = rest.map((entry, index) => (index + 1 === Number(line) ? '' : entry));
            repository.write('web/.gitignore', `${rest.join('\n')}\n`);
          }
          repository.write('.gitignore', `${outer.join('\n')}\n${told.line}\n`);
          expect(isIgnored(repository, path)).toBe(true);
        },
      ),
      { numRuns: SOAK ? 60 : 20 },
    );
  });
});

describe('an env file is one finding, told apart by where it is', () => {
  const about = async (repository: TestRepository, ...flags: string[]) => {
    const { report } = await keysiftJson(flags, { cwd: repository.path });
    const found = report.findings.filter(({ ruleId }) => ruleId === 'env-file');
    return found.map(({ severity, state, evidence, remedy, checks = [] }) => ({
      severity,
      state,
      evidence,
      steps: remedy.steps,
      checks: checks.map(({ ruleId }) => ruleId),
    }));
  };
  const ROTATE = 'Revoking is the cure. Rewriting the history is optional and does not undo the leak.';
  const NAMES = ['secret-looking values in DB_PASSWORD, STRIPE_KEY'];

  test('tracked now: names and commands, no value', async () => {
    const repository = TestRepository.create();
    repository.write('web/.env.production', WITH_SECRET).commit('add');
    expect(await about(repository)).toEqual([
      {
        severity: 'high',
        state: 'head',
        evidence: NAMES,
        steps: [
          "git rm --cached -- 'web/.env.production'",
          "printf '%s\\n' '.env.production' >> '.gitignore'",
          "git add -- '.gitignore'",
          "git commit -m 'Stop tracking web/.env.production'",
          ROTATE,
        ],
        checks: [],
      },
    ]);
    const { stdout } = await keysift([], { cwd: repository.path });
    expect(stdout).not.toContain(SECRET.secret);
  });

  test('the commands do what they say', async () => {
    const repository = TestRepository.create();
    repository.write("it's/.env", WITH_SECRET).commit('add');
    const [finding] = await about(repository);
    const commands = finding?.steps.filter((step) => /^(?:git|printf)/.test(step)) ?? [];
    expect(commands).toHaveLength(4);
    const { spawnSync } = await import('node:child_process');
    for (const command of commands)
      expect([command, spawnSync('sh', ['-c', command], { cwd: repository.path, env: repository.environment() }).status]).toEqual([command, 0]);
    expect(repository.git('ls-files')).toBe('.gitignore');
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  test('tracked although ignored', async () => {
    const repository = TestRepository.create();
    repository.write('.env', WITH_SECRET).commit('add');
    repository.write('.gitignore', '.env\n').commit('ignore');
    expect((await about(repository))[0]?.steps.slice(0, 2)).toEqual([
      "git rm --cached -- '.env'",
      'An ignore line covers it, but git goes on tracking what was added before that.',
    ]);
  });

  test('only in history', async () => {
    const repository = TestRepository.create();
    repository.write('.env', WITH_SECRET).commit('add');
    repository.remove('.env').write('.gitignore', '.env\n').commit('remove');
    expect(await about(repository)).toEqual([
      {
        severity: 'high',
        state: 'history',
        evidence: NAMES,
        steps: [ROTATE, "To rewrite it all the same: git filter-repo --invert-paths --path '.env'"],
        checks: [],
      },
    ]);
  });

  test('untracked and not ignored', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a').commit('first');
    repository.write('.env', WITH_SECRET);
    expect(await about(repository)).toEqual([
      {
        severity: 'high',
        state: 'worktree',
        evidence: NAMES,
        steps: ["printf '%s\\n' '.env' >> '.gitignore'", "git add -- '.gitignore'", 'It is in no commit yet; keep it so.'],
        checks: ['env-not-ignored'],
      },
    ]);
  });

  test('ignored: nothing, and a note at most when asked for', async () => {
    const repository = TestRepository.create();
    repository.write('.gitignore', '.env\n').commit('first');
    repository.write('.env', WITH_SECRET);
    expect(await about(repository)).toEqual([]);
    expect(await about(repository, '--ignored')).toMatchObject([
      { severity: 'info', steps: ['git ignores it already: nothing to do in the repository.'] },
    ]);
  });

  test('judged by content: defaults, references and encrypted values are none', async () => {
    const repository = TestRepository.create();
    const sealed = plantOne('[|encrypted:{{base64:88}}|]', 'sealed').secret;
    repository
      .write('.env', 'PORT=3000\nDB_PASSWORD=changeme\nAPI_TOKEN=${API_TOKEN}\nAPI_SECRET=op://vault/item/field\nAPP_KEY=\n')
      .write('.env.production', `#/---[DOTENV_PUBLIC_KEY]---/\nDB_PASSWORD="${sealed}"\n`)
      .commit('add');
    expect(await about(repository)).toEqual([]);
  });
});

describe('an env file that git would add', () => {
  const told = async (files: Record<string, string>, ignore = '') => {
    const repository = TestRepository.create();
    for (const [path, text] of Object.entries(files)) repository.write(path, text);
    repository.write('.gitignore', ignore).commit('add');
    const { code, report } = await keysiftJson([], { cwd: repository.path });
    return { code, found: report.findings.map(({ ruleId, severity, evidence, remedy }) => [ruleId, severity, ...evidence, ...remedy.steps]) };
  };

  test.each<[string, Record<string, string>, string, string | undefined]>([
    ['a template says so', { '.env.example': 'A=\n' }, '', '`.env` is not ignored, and `.env.example` is a template for it'],
    [
      'a template of a mode',
      { 'web/.env.staging.example': 'A=\n' },
      '.env\n',
      '`web/.env.staging` is not ignored, and `web/.env.staging.example` is a template for it',
    ],
    [
      "the seeds' own three lines do not cover it",
      { '.env.production.example': 'A=\n' },
      '.env\n.env.local\n.env.*.local\n',
      '`.env.production` is not ignored, and `.env.production.example` is a template for it',
    ],
    [
      'a dependency says so',
      { 'package.json': '{ "dependencies": { "dotenv": "^16.0.0" } }' },
      '',
      '`.env` is not ignored, and `package.json` has `"dotenv":`',
    ],
    [
      'compose says so',
      { 'compose.yaml': 'services:\n  a:\n    env_file: .env\n' },
      'node_modules\n',
      '`.env` is not ignored, and `compose.yaml` has `env_file:`',
    ],
    ['a pattern that git does not take', { '.env.example': '' }, './.env\n', '`.env` is not ignored, and `.env.example` is a template for it'],
    ['ignored', { '.env.example': 'A=\n' }, '.env\n', undefined],
    ['ignored by a wider pattern', { 'a/.env.prod.example': 'A=\n' }, '.env*\n!*.example\n', undefined],
    ['no sign of use', { 'package.json': '{ "dependencies": { "express": "1" } }' }, '', undefined],
    ['code called env', { 'src/env.ts': 'export const a = 1;\n' }, '', undefined],
  ])('%s', async (_what, files, ignore, expected) => {
    const { code, found } = await told(files, ignore);
    expect(found).toEqual(
      expected === undefined ? [] : [['env-not-ignored', 'info', expected, expect.stringContaining('printf'), "git add -- '.gitignore'"]],
    );
    // Worth saying, but no reason to fail.
    expect(code).toBe(0);
  });
});

describe('env files that an image or a package takes along', () => {
  const packed = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
    const repository = TestRepository.create();
    repository.write('.gitignore', '.env\n').write('.env.example', 'DB_PASSWORD=\n');
    for (const [path, text] of Object.entries(files)) repository.write(path, text);
    repository.commit('add');
    const { report } = await keysiftJson([], { cwd: repository.path });
    return report.findings.filter(({ ruleId }) => ruleId === 'env-in-artifact').flatMap(({ evidence }) => evidence);
  };
  const DOCKERFILE = 'FROM node\nCOPY --chown=node:node . .\n';
  const MANIFEST = '{ "name": "acme" }';

  test.each<[string, Record<string, string>]>([
    ['an image without .dockerignore', { Dockerfile: DOCKERFILE }],
    ['an image whose .dockerignore is about something else', { Dockerfile: DOCKERFILE, '.dockerignore': 'node_modules\n' }],
    ['an image whose .dockerignore takes it back in', { Dockerfile: DOCKERFILE, '.dockerignore': '.env*\n!.env\n' }],
    ['a package', { 'package.json': MANIFEST, '.npmignore': 'test\n' }],
  ])('%s', async (_what, files) => {
    expect(await packed(files)).toHaveLength(1);
  });

  test.each<[string, Record<string, string>]>([
    ['an image that leaves it out', { Dockerfile: DOCKERFILE, '.dockerignore': '.env\n' }],
    ['an image that leaves it out everywhere', { Dockerfile: DOCKERFILE, '.dockerignore': '**/.env*\n' }],
    ['an image of some folders', { Dockerfile: 'FROM node\nCOPY src ./src\n' }],
    ['a package that leaves it out', { 'package.json': MANIFEST, '.npmignore': '.env*\n' }],
    ['a package with a list of files', { 'package.json': '{ "name": "acme", "files": ["dist"] }', '.npmignore': 'test\n' }],
    ['a private package', { 'package.json': '{ "private": true }', '.npmignore': 'test\n' }],
    ['a package that follows .gitignore', { 'package.json': MANIFEST }],
  ])('not %s', async (_what, files) => {
    expect(await packed(files)).toEqual([]);
  });
});
