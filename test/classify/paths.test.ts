import { describe, expect, test } from 'vitest';
import { environmentClass, environmentOf, fileKind, pathMatches, standsAt, type FileKind } from '../../src/classify/paths.ts';
import type { EnvironmentClass } from '../../src/model/finding.ts';

describe('what a file is for', () => {
  test.each<[string, FileKind]>([
    ['.env', 'env'],
    ['apps/web/.env.production.local', 'env'],
    ['prod.env', 'env'],
    ['.envrc', 'env'],
    ['.dev.vars', 'env'],
    ['.env~', 'env'],
    ['.env copy', 'env'],
    ['.env.keys', 'env'],
    ['.env.example', 'template'],
    ['.env.local.example', 'template'],
    ['example.env', 'template'],
    ['env.sample', 'template'],
    ['.dev.vars.example', 'template'],
    ['src/env.ts', 'source'],
    ['env.d.ts', 'source'],
    ['test/fixtures/.env', 'env'],
    ['src/__tests__/pay.js', 'test'],
    ['pkg/pay_test.go', 'test'],
    ['tests/test_pay.py', 'test'],
    ['test_pay.py', 'test'],
    ['src/pay.spec.ts', 'test'],
    ['src/PayTest.java', 'test'],
    ['src/latest.ts', 'source'],
    ['src/contest.java', 'source'],
    ['README.md', 'docs'],
    ['docs/api.html', 'docs'],
    ['docker-compose.yml', 'config'],
    ['Dockerfile.prod', 'config'],
    ['src/pay.ts', 'source'],
    ['<commit message>', 'outside'],
  ])('%s: %s', (path, kind) => {
    expect(fileKind(path)).toBe(kind);
  });
});

/** Names of one kind, separated by blanks. */
const NAMES: Readonly<Record<FileKind, readonly string[]>> = {
  env: [
    'env ENV .env env.local .env.local .env_local .env-local .env~ a.env a.b.env .envrc .envrc.local .dev.vars .dev.vars.staging',
    '.flaskenv .rbenv-vars .powenv .renviron .Renviron a/b/.env',
    '.env1 _env .environment .envfile envfile .bash_env .secrets .secrets.local .secret.local env.sh prod.env.sh env.zsh setenv.sh set-env.sh set_env_prod.sh',
    'setenv.bat environment.sh env_vars.sh env-vars.sh secrets.sh setenv.sh.bak',
  ],
  template: [
    '.env.example .env.examples .env.sample .env.samples .env.template .env.tmpl .env.tpl .env.dist .env.default .env.defaults',
    'env.sh.example setenv.sh.dist .env.schema .env.spec .env.skeleton .env.stub .env.reference .env.EXAMPLE .env-example .env_example .env~example .envrc.example',
  ],
  test: [
    'test/a tests/a __tests__/a __mocks__/a spec/a specs/a fixture/a fixtures/a testdata/a test-data/a mock/a mocks/a e2e/a cypress/a testing/a',
    'test_resources/a test-fixtures/a tests_data/a integration-tests/a unit_tests/a b/api-test/a testutils/a',
    'b/test/a Test/a a.test.ts a.tests.ts a.spec.ts a.fixture.ts a.mock.ts a.stories.tsx a-test.ts a_test.go a.b.test.ts test_a.py test/a.md test/a.yml',
    'aTest.java aTest.kt aTest.cs aTest.swift aTest.php aTest.scala aTests.java ReallyLongNameTests.java',
  ],
  docs: ['doc/a docs/a b/docs/a Docs/a a.md a.mdx a.markdown a.rst a.adoc a.asciidoc A.MD docs/a.yml env.md'],
  config: [
    'a.yml a.yaml a.json a.json5 a.jsonc a.toml a.ini a.properties a.xml a.tfvars a.tf a.cfg a.conf a.config a.plist a.hcl a.nomad a.ipynb a.key a.pem',
    'a.npmrc a.pypirc a.netrc Dockerfile Dockerfile.dev a.dockerfile build.dockerfile Containerfile Jenkinsfile .npmrc .pypirc .netrc Procfile b/Procfile A.YML',
    'env.json env.json5 env.yml env.yaml env.toml',
  ],
  source: [
    'myenv environment .envrcx .envrc. .dev.varsx .flaskenvx a.flaskenv a.rbenv-vars a.powenv a.renviron x.envrc x.dev.vars a.envx',
    'env.ts env.js env.mjs env.cjs env.mts env.cts env.tsx env.jsx env.py env.go env.rb env.rs env.java env.kt env.php env.c env.h env.cc',
    'env.cpp env.htm env.html env.vue env.cs env.swift ENV.TS contest/a ab-test/a latest/a test_of/a testsx/a test test.ts spec.ts pay_test pay_testx test_a.rb a.py Test.java aTest.rb',
    'paytest.java aTestx.java aTests1.java aTest.javax aTest.xjava xdocs/a docs a.mdy a.ymlx Procfilex aProcfile Jenkinsfile.x a.jsonx yml md a',
  ],
  outside: ['<commit', '<commit>'],
};

test.each(Object.entries(NAMES))('%s is told by its name', (kind, names) => {
  const all = names.flatMap((line) => line.split(' '));
  expect(all.filter((name) => fileKind(name) !== kind).map((name) => `${name}: ${fileKind(name)}`)).toEqual([]);
});

test('a path that is empty is outside of all files', () => expect(fileKind('')).toBe('outside'));

describe('whether a rule is about a path', () => {
  test.each<[readonly string[], readonly string[], string, boolean]>([
    [[], [], 'a.txt', true],
    [['*.txt'], [], 'a.txt', true],
    [['*.TXT'], [], 'deep/a.txt', true],
    [['*.txt'], [], 'a.md', false],
    [[], ['*.txt'], 'a.txt', false],
    [['*.txt'], ['docs/'], 'docs/a.txt', false],
    [['*.txt'], ['docs/'], 'src/a.txt', true],
    [[], [], '', false],
    [[], [], '/a.txt', false],
    [['*.txt'], [], '../a.txt', true],
    [[], ['*.md'], '../a.md', false],
  ])('only %j and not %j: %s', (only, not, path, expected) => {
    const condition = { only, not };
    expect([pathMatches(condition, path), pathMatches(condition, path)]).toEqual([expected, expected]);
  });
});

describe('whether what claims a place stands there', () => {
  const inDocs = { paths: { only: ['docs/**'], not: [] } };
  const inPages = { paths: { only: ['*.html'], not: [] }, rivals: [inDocs] };

  test.each<[string, Parameters<typeof standsAt>[1], boolean, boolean, boolean]>([
    ['anybody', {}, true, true, true],
    ['a rule for some paths', inDocs, true, false, false],
    ['one that gives way to it', { rivals: [inDocs] }, false, true, true],
    ['one that gives way to a rule that gives way to it', { rivals: [inPages] }, true, false, true],
    ['one that gives way to both', { rivals: [inPages, inDocs] }, false, false, true],
  ])('%s', (_, claim, docs, page, other) => {
    expect(['docs/a.html', 'a.html', 'a.js'].map((path) => standsAt(path, claim))).toEqual([docs, page, other]);
  });
});

const WORDS: Readonly<Record<string, string>> = {
  production: 'prod production prd live',
  staging: 'staging stage stg preview preprod uat qa sandbox',
  test: 'test testing ci e2e spec',
  development: 'dev develop development local debug',
  unknown: 'product lively x',
};

test.each(Object.entries(WORDS))('words for %s', (environment, words) => {
  for (const word of words.split(' ')) {
    expect([environmentOf(word), environmentOf(`A_${word.toUpperCase()}-key`)], word).toEqual([environment, environment]);
    expect(environmentClass(`values-${word}.yaml`), word).toBe(environment);
  }
});

describe('which environment a file serves', () => {
  test.each<[string, EnvironmentClass]>([
    ['.env.production', 'production'],
    ['.env.production.local', 'production'],
    ['.env-prod', 'production'],
    ['.env.staging', 'staging'],
    ['.env.preview', 'staging'],
    ['.env.test', 'test'],
    ['.env.local', 'development'],
    ['.env.development', 'development'],
    ['.env', 'unknown'],
    ['.env.example', 'unknown'],
    ['deploy/prod/config.yml', 'production'],
    ['values-prod.yaml', 'production'],
    ['src/environments/environment.prod.ts', 'production'],
    ['src/live.ts', 'unknown'],
    ['config/environments/production.rb', 'production'],
    ['shop/settings/staging.py', 'staging'],
    ['config/dev.exs', 'development'],
    ['lib/dev.exs', 'unknown'],
    ['.env.release', 'production'],
    ['.github/workflows/release.yml', 'unknown'],
    ['.gitlab-ci.yml', 'unknown'],
    ['deploy/prod/.gitlab-ci.yml', 'production'],
    ['prod/main.go', 'unknown'],
    ['src/product.ts', 'unknown'],
    ['prod/dev/config.yml', 'development'],
    ['prod/x/.env', 'production'],
    ['prod/.env.example', 'unknown'],
    ['prod/<x>', 'unknown'],
    ['<prod>', 'unknown'],
    ['<branch prod of x>', 'unknown'],
    ['.env.production.example', 'unknown'],
    ['prod.template.env', 'unknown'],
    ['prod/readme.md', 'unknown'],
    ['live.md', 'production'],
    ['prod/dev.yml', 'development'],
  ])('%s: %s', (path, environment) => {
    expect(environmentClass(path)).toBe(environment);
  });
});
