import { describe, expect, test } from 'vitest';
import { keysiftJson } from '../support/cli.ts';
import { TestRepository } from '../support/repository.ts';
import { plantOne, stripeKey } from '../support/secrets.ts';

const PASSWORD = plantOne('[|{{alnum:24}}|]', 'env file password').secret;
const TOKEN = plantOne('[|{{alnum:40}}|]', 'env file token').secret;
const [DB, SERVICE, STRIPE] = ['DB_PASSWORD', 'SERVICE_API_KEY', 'STRIPE_SECRET_KEY'];
const ENV = `${DB}=${PASSWORD}\n${SERVICE}=${TOKEN}\n${STRIPE}=${stripeKey('env file')}\n`;

async function told(repository: TestRepository, ...flags: string[]): Promise<string[]> {
  const { report } = await keysiftJson(flags, { cwd: repository.path });
  return report.findings.map(({ ruleId, locations }) => [ruleId, ...new Set(locations.map(({ file }) => file))].join(' ')).toSorted();
}

describe('an env file has one finding for its generic secrets', () => {
  test.each([['--no-history'], ['--history-only'], ['--staged'], []])('%s', async (...flags) => {
    const repository = TestRepository.create();
    repository.write('README.md', 'x').commit('first');
    repository.write('.env', ENV).git('add', '.env');
    if (flags[0] !== '--staged') repository.commit('env');
    const { report } = await keysiftJson(flags, { cwd: repository.path });
    expect(report.findings.map(({ ruleId }) => ruleId).toSorted()).toEqual(['env-file', 'stripe-secret-key-live']);
    const file = report.findings.find(({ ruleId }) => ruleId === 'env-file');
    expect(file?.evidence).toEqual([`secret-looking values in ${DB}, ${SERVICE}, ${STRIPE}`]);
  });

  test('the same values elsewhere are findings, at those places', async () => {
    const repository = TestRepository.create();
    repository.write('.env', ENV).write('deploy/settings.txt', ENV).write('src/db.ts', `const dbPassword = '${PASSWORD}';\n`).commit('all');
    expect(await told(repository, '--no-history')).toEqual([
      'env-file .env',
      'generic-password deploy/settings.txt src/db.ts',
      'generic-secret deploy/settings.txt',
      'stripe-secret-key-live .env deploy/settings.txt',
    ]);
  });

  test('a key that only its own rule knows makes a file one as well', async () => {
    const repository = TestRepository.create();
    repository.write('.env', `DATABASE_URL=postgres://svc:${PASSWORD}@db.acme.io:5432/main\n`).commit('env');
    const { report } = await keysiftJson(['--no-history'], { cwd: repository.path });
    expect(report.findings.map(({ ruleId, evidence }) => [ruleId, evidence])).toEqual([
      ['postgres-uri-password', ['password for a named user at a remote host']],
      ['env-file', ['secret-looking values in DATABASE_URL']],
    ]);
  });

  test('what whoever loads a page gets makes a file none', async () => {
    const repository = TestRepository.create();
    const plantKey = (form: string): string => plantOne(`[|${form}|]`, 'env file public').secret;
    const [stripe, posthog, supabase] = ['pk_live_{{alnum:24}}', 'phc_{{alnum:43}}', 'sb_publishable_{{base64url:22}}_{{base64url:8}}'].map(plantKey);
    repository.write('.env', `VITE_STRIPE_KEY=${stripe}\nVITE_POSTHOG_KEY=${posthog}\nVITE_SUPABASE_KEY=${supabase}\n`).commit('env');
    expect(await told(repository, '--no-history')).toEqual([]);
    // Who asks for them gets them.
    repository.write('keysift.config.yaml', 'rules: { posthog-project-key: { severity: low } }\n');
    expect(await told(repository, '--no-history')).toEqual(['posthog-project-key .env']);
    repository.write('.env', `VITE_STRIPE_KEY=${stripe}\nSERVICE_API_KEY=${TOKEN}\n`).commit('secret');
    const { report } = await keysiftJson(['--no-history'], { cwd: repository.path });
    expect(report.findings.map(({ ruleId, evidence }) => [ruleId, evidence])).toEqual([['env-file', ['secret-looking values in SERVICE_API_KEY']]]);
  });

  test('a template is no env file', async () => {
    const repository = TestRepository.create();
    repository.write('.env.example', ENV).commit('template');
    expect(await told(repository, '--no-history')).toEqual([
      'generic-password .env.example',
      'generic-secret .env.example',
      'stripe-secret-key-live .env.example',
    ]);
  });

  test('without its rule each variable is one', async () => {
    const repository = TestRepository.create();
    repository.write('.env', ENV).write('keysift.config.yaml', 'rules: { env-file: { enabled: false } }\n').commit('env');
    expect(await told(repository, '--no-history')).toEqual(['generic-password .env', 'generic-secret .env', 'stripe-secret-key-live .env']);
  });

  test('a check about a variable of it stands for itself', async () => {
    const repository = TestRepository.create();
    repository.write('.env', ENV).write('src/a.js', `console.log(${SERVICE});\n`).commit('env');
    expect(await told(repository, '--no-history')).toEqual(['env-file .env', 'key-logged src/a.js', 'stripe-secret-key-live .env']);
  });
});

describe('an env file with nothing but what frameworks write for development', () => {
  const APP_SECRET = `APP_SECRET=${plantOne('[|{{hex:32}}|]', 'env file framework').secret}\n`;
  const [DEFAULTS, BOTH, NO_ENVIRONMENT, ELSEWHERE] = ['.env.test', '.env.dev', '.env', '.env.production'];

  async function severities(path: string, text: string, config = ''): Promise<string[]> {
    const repository = TestRepository.create();
    repository.write(path, text).write('keysift.config.yaml', config).commit('env');
    const { report } = await keysiftJson([], { cwd: repository.path });
    return report.findings.map(({ ruleId, severity }) => `${ruleId} ${severity}`).toSorted();
  }

  test('is low, as the secret is', async () => {
    expect(await severities(DEFAULTS, APP_SECRET)).toEqual(['env-file low', 'symfony-app-secret low']);
  });

  test.each([NO_ENVIRONMENT, ELSEWHERE])('is not in %s', async (path) => {
    expect(await severities(path, APP_SECRET)).toEqual(['env-file high', 'symfony-app-secret high']);
  });

  test('is not with another secret beside', async () => {
    expect(await severities(BOTH, `${APP_SECRET}${DB}=${PASSWORD}\n`)).toEqual(['env-file high', 'symfony-app-secret low']);
  });

  test('is what the configuration says', async () => {
    const config = 'rules: { env-file: { severity: medium }, symfony-app-secret: { severity: critical } }\n';
    expect(await severities(DEFAULTS, APP_SECRET, config)).toEqual(['env-file medium', 'symfony-app-secret critical']);
    expect(await severities(DEFAULTS, APP_SECRET, 'rules: { env-file: { severity: info } }\n')).toContain('env-file info');
  });
});
