import { describe, expect, test } from 'vitest';
import { environmentClass, fileKind, type FileKind } from '../../src/classify/paths.ts';
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
    ['prod/main.go', 'unknown'],
    ['src/product.ts', 'unknown'],
  ])('%s: %s', (path, environment) => {
    expect(environmentClass(path)).toBe(environment);
  });
});
