import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import type { ScanOptions } from '../../src/scan/options.ts';
import { scan } from '../../src/scan/scan.ts';
import { keysift, keysiftJson, NOW } from '../support/cli.ts';
import { plantOne, stripeKey } from '../support/secrets.ts';
import { home, TestRepository } from '../support/repository.ts';

const assemblyKey = plantOne('KEY=[|{{hex:32}}|]', 'checks').secret;

/** Rule ids, and of each finding the ids of its checks. */
async function told(repository: TestRepository, ...flags: string[]): Promise<string[]> {
  const { report } = await keysiftJson(flags, { cwd: repository.path });
  return report.findings.map(({ ruleId, checks = [] }) => [ruleId, ...checks.map((check) => check.ruleId)].join(' '));
}

describe('a check on a secret is advice on its finding, never a second one', () => {
  test('names, logs and URLs on the line of a secret', async () => {
    const repository = TestRepository.create();
    repository.write('package.json', '{ "dependencies": { "react": "19", "react-dom": "19" } }');
    repository
      .write(
        'src/mic.js',
        `const key = process.env.REACT_APP_ASSEMBLYAI_API_KEY || '${assemblyKey}';\nconsole.log(process.env.REACT_APP_ASSEMBLYAI_API_KEY);\n`,
      )
      .commit('add');
    // The log is another line, and another fault.
    expect(await told(repository)).toEqual([
      'assemblyai-api-key public-prefix-secret secret-in-browser hardcoded-fallback no-temp-token key-too-old',
      'key-logged',
    ]);
  });

  test('without a secret it stands for itself, with all its places', async () => {
    const repository = TestRepository.create();
    repository
      .write('src/a.ts', 'use(import.meta.env.VITE_SCRIPTIX_API_TOKEN);\n')
      .write('src/b.ts', '\nuse(import.meta.env.VITE_SCRIPTIX_API_TOKEN);\n')
      .commit('add');
    const { code, report } = await keysiftJson([], { cwd: repository.path });
    expect([code, report.findings.length]).toEqual([1, 1]);
    expect(report.findings[0]).toMatchObject({
      ruleId: 'public-prefix-secret',
      severity: 'high',
      redacted: '****',
      evidence: ['`VITE_SCRIPTIX_API_TOKEN`'],
    });
    expect(report.findings[0]?.locations.map(({ file, startLine }) => `${file}:${startLine}`)).toEqual(['src/a.ts:1', 'src/b.ts:2']);
  });

  test('a password that opens a local machine only is medium, one that opens a server critical', async () => {
    const repository = TestRepository.create();
    const address = (user: string, password: string, host: string): string => `const db = '${'postgres'}://${user}:${password}@${host}/shop';\n`;
    const { secret } = plantOne('KEY=[|{{base62:20}}|]', 'local database');
    repository.write('src/local.ts', address('shop', secret, 'localhost')).commit('add');
    const severities = async (): Promise<string[]> => {
      const { report } = await keysiftJson([], { cwd: repository.path });
      return report.findings.map(({ ruleId, severity, confidence }) => `${ruleId} ${severity} ${confidence}`);
    };
    expect(await severities()).toEqual(['postgres-uri-password medium medium']);
    repository.write('src/server.ts', address('shop', secret, 'db.shop-production.net')).commit('the same on a server');
    expect(await severities()).toEqual(['postgres-uri-password critical high']);
  });

  test('code that is gone says nothing any more; a secret does', async () => {
    const repository = TestRepository.create();
    repository.write('src/a.ts', `console.log(apiKey);\nconst s = '${stripeKey('gone')}';\n`).commit('add');
    repository.write('src/a.ts', 'export {};\n').commit('remove');
    expect(await told(repository)).toEqual(['stripe-secret-key-live hardcoded-key key-in-history']);
  });

  test('both readers of the history tell the same', async () => {
    const repository = TestRepository.create();
    for (let version = 0; version < 12; version++) {
      repository.write(
        'src/App.tsx',
        `import React from 'react';\n${'// filler\n'.repeat(200)}// ${version}\nconsole.log(apiKey${version % 3 === 0 ? '' : '.length'});\nnew AssemblyAI({ apiKey: key });\n`,
      );
      repository
        .write('config/master.key', version % 2 === 0 ? `${plantOne('[|{{hex:32}}|]', `master ${version}`).secret}\n` : `other\n${'x'.repeat(20)}\n`)
        .commit(`v${version}`);
    }
    repository.git('gc', '--quiet');
    const strip = ({ stdout }: { stdout: string }): string => stdout;
    const [pack, git] = [
      await keysift(['-f', 'json', '--reader', 'pack'], { cwd: repository.path }),
      await keysift(['-f', 'json', '--reader', 'git'], { cwd: repository.path }),
    ].map(strip);
    const findings = (text = ''): unknown => (JSON.parse(text) as { findings: unknown }).findings;
    expect(findings(pack)).toEqual(findings(git));
    expect((await told(repository)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'no-temp-token',
      ...Array.from({ length: 6 }, () => 'rails-master-key-file key-in-config key-in-history'),
    ]);
  });
});

describe('age, rotation and history', () => {
  test('a key that is too old, by the days of its provider', async () => {
    const repository = TestRepository.create();
    repository
      .write('config.yml', `stripe_secret_key: ${stripeKey('old')}\nscriptix_api_token: ${plantOne('[|{{alnum:36}}|]', 'old').secret}\n`)
      .commit('add', { date: '2026-01-01T00:00:00Z' });
    const { report } = await keysiftJson([], { cwd: repository.path });
    const old = report.findings.flatMap(({ ruleId, checks = [] }) =>
      checks.filter((check) => check.ruleId === 'key-too-old').map(({ saw }) => `${ruleId}: ${saw}`),
    );
    expect(old).toEqual(['stripe-secret-key-live: committed at least 181 days ago and still there; 90 days are the limit']);
    const later = await keysiftJson([], { cwd: repository.path, now: new Date('2027-06-01T00:00:00Z') });
    expect(later.report.findings.flatMap(({ checks = [] }) => checks.filter(({ ruleId }) => ruleId === 'key-too-old')).length).toBe(2);
  });

  test('removed but still in the history, and replaced lately', async () => {
    const repository = TestRepository.create();
    const old = stripeKey('rotated from');
    const first = repository.write('config.yml', `stripe_secret_key: ${old}\n`).commit('add', { date: '2026-06-20T00:00:00Z' });
    repository.write('config.yml', `stripe_secret_key: ${stripeKey('rotated to')}\n`).commit('rotate', { date: '2026-06-28T00:00:00Z' });
    const gone = async (now: Date): Promise<string[]> => {
      const { report } = await keysiftJson([], { cwd: repository.path, now });
      return report.findings
        .filter(({ state }) => state === 'history')
        .flatMap(({ checks = [] }) => checks.map(({ ruleId, saw }) => `${ruleId}: ${saw}`));
    };
    expect(await gone(NOW)).toEqual([
      'key-in-config: in `config.yml`',
      `key-in-history: removed from the files, still in commit ${first.slice(0, 10)}`,
      'rotated-but-still-there: `stripe_secret_key` in `config.yml` was given another value in the last 14 days',
    ]);
    expect((await gone(new Date('2026-08-01T00:00:00Z'))).map((check) => check.split(':')[0])).toEqual(['key-in-config', 'key-in-history']);
  });

  test('replaced lately, long after its last commit', async () => {
    const repository = TestRepository.create();
    repository.write('config.yml', `stripe_secret_key: ${stripeKey('long there')}\n`).commit('add', { date: '2025-06-20T00:00:00Z' });
    repository.write('config.yml', `stripe_secret_key: ${stripeKey('there now')}\n`).commit('rotate', { date: '2026-06-28T00:00:00Z' });
    expect((await told(repository)).join('\n')).toContain('rotated-but-still-there');
  });

  test('code that uses the variable is no other value of it', async () => {
    const repository = TestRepository.create();
    const log = 'console.log(config.apiKey);\n';
    repository.write('src/a.js', `config.apiKey = '${stripeKey('taken out')}';\n${log}`).commit('add', { date: '2026-06-20T00:00:00Z' });
    repository.write('src/a.js', `config.apiKey = load();\n${log}`).commit('load', { date: '2026-06-28T00:00:00Z' });
    const all = (await told(repository)).join('\n');
    expect(all).toContain('stripe-secret-key-live');
    expect(all).toContain('key-logged');
    expect(all).not.toContain('rotated-but-still-there');
  });

  test('a JSON Web Token by its own expiry', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = (exp: number | undefined, salt: string): string =>
      `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: `user-4711-xq-${salt}`, ...(exp === undefined ? {} : { exp }) })}.${plantOne('[|{{base64url:43}}|]', salt).secret}`;
    const repository = TestRepository.create();
    repository
      .write('a.ts', `const a = '${token(1_767_225_600, 'a')}';\n`)
      .write('b.ts', `const b = '${token(1_893_456_000, 'b')}';\n`)
      .write('c.ts', `const c = '${token(undefined, 'c')}';\n`)
      .write('d.ts', `const d = '${token(1_893_456_000_000, 'd')}';\n`)
      .commit('add');
    const { report } = await keysiftJson([], { cwd: repository.path });
    const seen = report.findings.map(
      ({ severity, locations, checks = [] }) => `${locations[0]?.file} ${severity} ${checks.find(({ ruleId }) => ruleId === 'token-expiry')?.saw}`,
    );
    expect(seen.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'a.ts info it expired on 2026-01-01',
      'b.ts medium it is valid until 2030-01-01',
      'c.ts medium its claims name no expiry',
      'd.ts medium undefined',
    ]);
  });
});

describe('over files', () => {
  test('one key in several environments and services, test and live keys in the wrong ones', async () => {
    const repository = TestRepository.create();
    const [live, sandbox] = [stripeKey('envs'), plantOne('[|sk_test_51{{alnum:97}}|]', 'envs').secret];
    repository
      .write('apps/web/.env.production', `STRIPE_SECRET_KEY=${live}\n`)
      .write('apps/api/.env.development', `STRIPE_SECRET_KEY=${live}\n`)
      .write('.env.production', `OTHER_STRIPE_KEY=${sandbox}\n`)
      .commit('add', { date: '2026-06-30T00:00:00Z' });
    expect((await told(repository)).filter((line) => line.startsWith('stripe'))).toEqual([
      'stripe-secret-key-live live-key-in-dev same-key-many-envs shared-between-services',
      'stripe-secret-key-test test-key-in-prod',
    ]);
  });
});

describe('each check can be switched off or given another severity by its id', () => {
  const options = (repository: TestRepository, change: (id: string) => 'off' | 'critical' | undefined): ScanOptions => {
    const set = builtinRules();
    const rules = set.rules.flatMap((rule) => {
      const to = change(rule.id);
      return to === 'off' ? [] : [to === undefined ? rule : { ...rule, severity: to }];
    });
    return {
      rules: { ...set, rules },
      cwd: repository.path,
      environment: { PATH: process.env['PATH'], HOME: home() },
      paths: [],
      mode: { kind: 'full', worktree: true, history: false },
      untracked: true,
      ignored: false,
      allObjects: false,
      reader: 'pack',
      verifyObjects: false,
      maxFileSize: Number.POSITIVE_INFINITY,
      jobs: 1,
      minSeverity: 'info',
      minConfidence: 'low',
      now: NOW,
      clock: () => 0,
      explain: false,
    };
  };
  const repository = (): TestRepository => {
    const made = TestRepository.create();
    made.write('src/a.ts', `console.log(apiKey);\nconst s = process.env.X || '${stripeKey('switch')}';\n`).commit('add');
    return made;
  };
  const shown = async (given: ScanOptions): Promise<string[]> =>
    (await scan(given)).findings.map(({ rule, severity, checks }) =>
      [`${rule.id}:${severity}`, ...checks.map((check) => `${check.rule.id}:${check.severity}`)].join(' '),
    );

  test('as they are', async () => {
    expect(await shown(options(repository(), () => undefined))).toEqual([
      'stripe-secret-key-live:critical hardcoded-fallback:medium',
      'key-logged:low',
    ]);
  });

  test('off', async () => {
    expect(await shown(options(repository(), (id) => (id === 'key-logged' || id === 'hardcoded-fallback' ? 'off' : undefined)))).toEqual([
      'stripe-secret-key-live:critical',
    ]);
  });

  test('another severity', async () => {
    expect(await shown(options(repository(), (id) => (id === 'key-logged' || id === 'hardcoded-fallback' ? 'critical' : undefined)))).toEqual([
      'key-logged:critical',
      'stripe-secret-key-live:critical hardcoded-fallback:critical',
    ]);
  });
});
