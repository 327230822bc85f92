import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { count } from '../../src/report/words.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { keysift, keysiftJson, NOW, runBinary } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken, plant, SEEDS, stripeKey } from '../support/secrets.ts';

const SCHEMA = new URL('../../dist/report.schema.json', import.meta.url);

/** Complaints of the published schema; none while it is not built yet. */
function complaints(report: unknown): unknown {
  if (!existsSync(SCHEMA)) {
    process.stderr.write('dist/report.schema.json is not there: run npm run build\n');
    return null;
  }
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as { $schema?: string };
  const ajv =
    schema.$schema?.includes('2020') === true ? new Ajv2020({ allErrors: true, strict: false }) : new Ajv({ allErrors: true, strict: false });
  const validate = ajv.compile(schema);
  return validate(report) ? null : validate.errors;
}

function everything(): TestRepository {
  const repository = TestRepository.create();
  for (const seed of SEEDS) repository.write(`${seed.provider}.conf`, `${plant(seed.template, 'report').text}\n`);
  repository.write('aws.ini', plant('aws_access_key_id = AKIA{{[A-Z2-7]:16}}\naws_secret_access_key = {{base64:40}}\n', 'report').text);
  repository.write('.env', `${plant('DATABASE_URL=postgres://app:[|{{alnum:20}}|]@db.prod.corp.io/app', 'report').text}\n`);
  repository.commit(`first ${githubToken('report message')}`);
  repository.remove('Clerk.conf').commit('remove');
  repository.tag('v1', githubToken('report tag'));
  repository.write('stashed.txt', stripeKey('report stash')).stash('x');
  repository.write('staged.txt', stripeKey('report staged')).git('add', 'staged.txt');
  repository.write('untracked.txt', stripeKey('report untracked'));
  return repository;
}

describe('--format json', () => {
  const repository = everything();

  test.each([
    ['a full scan', []],
    ['with secrets', ['--show-secrets']],
    ['the history', ['--history-only']],
    ['the working tree', ['--no-history']],
    ['the index', ['--staged']],
    ['a range', ['--range', 'HEAD~1..HEAD']],
    ['a file', ['Stripe.conf']],
    ['a limit', ['--max-file-size', '1']],
  ])('%s is what the schema says', async (_what, argv) => {
    const { report } = await keysiftJson(argv, { cwd: repository.path });
    expect(complaints(report)).toBeNull();
    expect(report).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'keysift', rules: builtinRules().digest },
      scan: { startedAt: NOW.toISOString(), durationMs: 0 },
    });
    expect(report.counts.findings).toBe(report.findings.length);
    expect(report.counts.notScanned).toBe(report.notScanned.length);
  });

  test('the schema is not satisfied by anything', () => {
    expect(existsSync(SCHEMA) ? complaints({ schemaVersion: 1 }) : [1]).not.toBeNull();
  });

  test('findings come in a fixed order, the worst first, each with an id of its own', async () => {
    const first = await keysift(['-f', 'json'], { cwd: repository.path });
    const second = await keysift(['-f', 'json'], { cwd: repository.path });
    expect(second).toEqual(first);
    const { report } = await keysiftJson([], { cwd: repository.path });
    const order = ['critical', 'high', 'medium', 'low', 'info'];
    const ranks = report.findings.map(({ severity }) => order.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(report.findings.map(({ id }) => id)).size).toBe(report.findings.length);
    expect(report.findings.length).toBeGreaterThan(10);
  });

  test('an id outlives an edit above the secret, and says nothing about it', async () => {
    const other = TestRepository.create();
    const idOf = async (salt: string, before: string): Promise<string[]> => {
      other.write('a.conf', `${before}STRIPE_SECRET_KEY=${stripeKey(salt)}\n`);
      const { report } = await keysiftJson(['--no-history'], { cwd: other.path });
      return report.findings.filter(({ ruleId }) => ruleId === 'stripe-secret-key-live').map(({ id }) => id);
    };
    const [first] = await idOf('one', '');
    expect(first).toMatch(/^[0-9a-f]{20}$/);
    expect(await idOf('one', '# a\n\n# b\n')).toEqual([first]);
    expect(await idOf('two', '')).toEqual([first]);
  });

  test('secrets are only in it when asked for', async () => {
    const { report } = await keysiftJson([], { cwd: repository.path });
    expect(report.findings.some((finding) => 'secret' in finding)).toBe(false);
    const shown = await keysiftJson(['--show-secrets'], { cwd: repository.path });
    expect(shown.report.findings.map(({ secret }) => secret)).toContain(stripeKey('report staged'));
  });
});

describe('--format text', () => {
  test('a finding from its severity to its id', async () => {
    const repository = TestRepository.create();
    repository.write('a.txt', 'a\n').commit('first');
    const commit = repository.write('src/pay.js', `const stripe = new Stripe('${stripeKey('text')}');\n`).commit('add');
    const { code, stdout, stderr } = await keysift([], { cwd: repository.path });
    expect([code, stderr]).toEqual([1, '']);
    const [id] = /id [0-9a-f]{20}/.exec(stdout) ?? [];
    expect(
      stdout
        .replace(id ?? '', 'id ID')
        .replaceAll(commit.slice(0, 10), 'COMMIT')
        .replace(/\d+ rules/, 'N rules'),
    ).toMatchInlineSnapshot(`
      "CRITICAL  Stripe live secret key
        sk_live_****  Stripe · high confidence · in HEAD · since 2026-01-01 in COMMIT by Ada Example · at least 180 days
        src/pay.js:1:28  (COMMIT)
        why   a structure that only Stripe uses
        also  Key older than it should get: committed at least 180 days ago and still there; 90 days are the limit
        do    Stripe Dashboard → Developers → API keys
              Rotate the key and let the old one expire now, not later.
              Deploy the new key from a secret store; a restricted key with only the needed permissions is the better successor.
              Look through the request logs and the balance for calls and payouts that were not yours.
              Take it out of the file and read it from the environment or a secret store; removing it does not undo the leak.
        rule  stripe-secret-key-live · id ID

      1 finding (1 critical)  2 files, 2 blobs, 2 commits, 0.3 kB in 0.0 s · N rules
      Keys are not checked online: treat each as live. Revoke first, then clean up. Details: keysift explain ID; a false alarm: keysift ignore ID
      "
    `);
  });

  test('--quiet says nothing but findings', async () => {
    const cwd = folderWith({ 'a.txt': 'a\n' });
    expect(await keysift(['-q', '.'], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('more than five places are counted, -v lists them', async () => {
    const cwd = folderWith(Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`f${index}.txt`, stripeKey('places')])));
    const { stdout } = await keysift(['.'], { cwd });
    expect(stdout).toContain('  f4.txt:1:1\n  and 3 more places; -v lists them\n');
    expect(stdout).not.toContain('f5.txt');
    expect((await keysift(['.', '-v'], { cwd })).stdout).toContain('  f7.txt:1:1\n');
  });

  test('--show-secrets shows them, and nothing else does', async () => {
    const cwd = folderWith({ 'a.txt': stripeKey('shown') });
    expect((await keysift(['.'], { cwd })).stdout).toContain('  sk_live_****  Stripe · ');
    expect((await keysift(['.', '--show-secrets'], { cwd })).stdout).toContain(`  ${stripeKey('shown')}  Stripe · `);
  });

  test.each([
    [[], {}, false],
    [['--color'], {}, true],
    [[], { FORCE_COLOR: '1' }, true],
    [[], { FORCE_COLOR: '0' }, false],
    [[], { CI: '1' }, false],
    [['--color'], { NO_COLOR: '1' }, true],
    [[], { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [['--no-color'], { FORCE_COLOR: '1' }, false],
  ] as const)('%j with %j has colours: %s', async (argv, env, expected) => {
    const { stdout } = await keysift([...argv, '.'], { cwd: folderWith({ 'a.txt': stripeKey('colour') }), env });
    expect(stdout.includes('\u001b[')).toBe(expected);
  });

  test('--explain says on stderr what filters dropped, without the text', async () => {
    const cwd = folderWith({ 'a.txt': `x\nSTRIPE_SECRET_KEY=sk_live_${'x'.repeat(24)}\nGH=ghp_${'Ab1'.repeat(12)}\n` });
    const { code, stdout, stderr } = await keysift(['--explain', '.'], { cwd });
    expect(stderr).toContain('a.txt: byte 20: unattributed-secret-key-live dropped by placeholder: shortened or masked on purpose\n');
    expect(stderr).toContain('github-pat-classic dropped by placeholder: a short text repeated\n');
    expect(stdout).not.toContain('dropped');
    expect(code).toBe(0);
  });
});

describe('keysift rules', () => {
  test('list', async () => {
    const { code, stdout, stderr } = await keysift(['rules', 'list']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`\n${builtinRules().rules.length} rules\n`);
    expect(stdout.split('\n').find((one) => one.startsWith('stripe-secret-key-live '))).toMatch(
      /^stripe-secret-key-live +critical {2}Stripe live secret key$/,
    );
  });

  test('list as JSON', async () => {
    const { rules } = JSON.parse((await keysift(['rules', 'list', '-f', 'json'])).stdout) as { rules: Record<string, unknown>[] };
    expect(rules).toHaveLength(builtinRules().rules.length);
    expect(rules.find(({ id }) => id === 'github-pat-classic')).toEqual({
      id: 'github-pat-classic',
      provider: 'GitHub',
      title: expect.any(String) as string,
      kind: 'secret',
      severity: expect.any(String) as string,
      scope: 'line',
      checksum: 'github',
    });
    expect(rules.find(({ id }) => id === 'stripe-secret-key-live')).toMatchObject({ checksum: null });
  });

  test('show', async () => {
    const { code, stdout } = await keysift(['rules', 'show', 'stripe-secret-key-live']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'stripe-secret-key-live: Stripe live secret key\n  provider    Stripe\n  kind        secret\n  severity    critical, confidence high\n  matched as  member, scope line\n',
    );
    expect(stdout).toContain('  revoke: Stripe Dashboard → Developers → API keys\n    1. ');
    expect(JSON.parse((await keysift(['rules', 'show', 'stripe-secret-key-live', '-f', 'json'])).stdout)).toMatchObject({
      id: 'stripe-secret-key-live',
      matcher: { kind: 'member' },
    });
  });

  test('test: the built-in ones pass', async () => {
    const { code, stdout } = await keysift(['rules', 'test']);
    expect(stdout).toMatch(/^\d,\d{3} rules, \d,\d{3} examples, 0 failed\n$/);
    expect(code).toBe(0);
  });

  test('test: a failing example is told, exit 1', async () => {
    const cwd = folderWith({
      'rules.yaml':
        "rules:\n  - id: acme-key\n    title: Acme key\n    token: { prefixes: [acme_], alphabet: alnum, length: 20 }\n    examples: { match: ['acme_{{alnum:20}}', '[|acme_{{alnum:19}}|]'], ignore: ['x acme_{{alnum:20}}'] }\n",
    });
    const { code, stdout } = await keysift(['rules', 'test', 'rules.yaml'], { cwd });
    expect(stdout).toContain('acme-key: match example "acme_{{alnum:20}}"\n  marks no secret: write [|…|] around it\n');
    expect(stdout).toContain('acme-key: match example "[|acme_{{alnum:19}}|]"\n  expected acme-key at 0-24; found nothing\n');
    expect(stdout).toContain('acme-key: ignore example "x acme_{{alnum:20}}"\n  must stay silent, but found something at 2-27\n');
    expect(stdout).toContain('1 rule, 3 examples, 3 failed\n');
    expect(code).toBe(1);
    const json = await keysift(['rules', 'test', 'rules.yaml', '-f', 'json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      rules: 1,
      examples: 3,
      problems: [{ ruleId: 'acme-key', kind: 'match' }, { kind: 'match' }, { kind: 'ignore' }],
    });
  });

  test('lint', async () => {
    expect(await keysift(['rules', 'lint'])).toEqual({ code: 0, stdout: `${count(builtinRules().rules.length, 'rule')}, no problem\n`, stderr: '' });
  });
});

describe('the real program', () => {
  test('finds, prints and exits like run()', async () => {
    const cwd = folderWith({ 'a.txt': `key = "${stripeKey('binary')}"\n` });
    const { code, stdout, stderr } = runBinary(['.', '-f', 'json'], { cwd });
    expect([code, stderr]).toEqual([1, '']);
    const { report } = await keysiftJson(['.'], { cwd });
    const real = JSON.parse(stdout) as typeof report;
    expect(real.findings).toEqual(report.findings);
    expect(complaints(real)).toBeNull();
  });

  test('reads standard input', () => {
    expect(runBinary(['--stdin', '-q'], { stdin: stripeKey('binary stdin') })).toMatchObject({
      code: 1,
      stderr: '',
      stdout: expect.stringContaining('<stdin>:1:1') as string,
    });
  });

  test('a large report arrives whole', () => {
    const cwd = folderWith({ 'a.txt': Array.from({ length: 600 }, (_, index) => githubToken(`large ${index}`)).join('\n') });
    const { code, stdout } = runBinary(['.', '-f', 'json'], { cwd });
    expect(stdout.length).toBeGreaterThan(300_000);
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toHaveLength(600);
    expect(code).toBe(1);
  });
});

test('a stopped run is incomplete, and its code is the signal', async () => {
  const abort = new AbortController();
  abort.abort('SIGINT');
  const cwd = folderWith({ 'a.txt': stripeKey('stopped') });
  const { code, report } = await keysiftJson(['.'], { cwd, signal: abort.signal });
  expect(code).toBe(130);
  expect(report.scan.complete).toBe(false);
  expect(report.notScanned).toMatchObject([{ unit: 'the rest of the scan', reason: 'TIME-BUDGET' }]);
  const terminated = new AbortController();
  terminated.abort('SIGTERM');
  expect((await keysift(['.'], { cwd, signal: terminated.signal })).code).toBe(143);
});
