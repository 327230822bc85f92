import { describe, expect, test } from 'vitest';
import { expandPatterns } from '../../src/sources/named-paths.ts';
import { keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { stripeKey } from '../support/secrets.ts';

const NAMES = ['a.ts', 'b[1].ts', 'b1.ts', '.env', 'deep/c.ts', 'deep/.env', 'other/d.js'];
const FILES = NAMES.map((name) => [name, `const stripe = '${stripeKey(name)}';\n`] as const);
const folder = folderWith(Object.fromEntries([...FILES, ['.git/config.ts', '']]));

describe('paths that are named', () => {
  test.each([
    ['a file', ['a.ts'], ['a.ts']],
    ['all of a kind', ['*.ts'], ['a.ts', 'b1.ts', 'b[1].ts']],
    ['at any depth, but not inside git', ['**/*.ts'], ['a.ts', 'b1.ts', 'b[1].ts', 'deep/c.ts']],
    ['hidden files', ['**/.env'], ['.env', 'deep/.env']],
    ['folders', ['{deep,other}'], ['deep', 'other']],
    ['several, in their order', ['deep/*.ts', 'a.ts'], ['deep/c.ts', 'a.ts']],
    ['a name that looks like a pattern is a name', ['b[1].ts'], ['b[1].ts']],
    ['a missing file is left to whoever opens it', ['missing.ts'], ['missing.ts']],
  ])('%s', async (_what, given, expected) => {
    expect(await expandPatterns(given, folder)).toEqual(expected);
  });

  test('a pattern without a match is an error', async () => {
    await expect(expandPatterns(['a.ts', '*.go'], folder)).rejects.toThrow('nothing matches "*.go"');
  });

  test('their contents are scanned once', async () => {
    const { report } = await keysiftJson(['deep', '*.ts', 'other/*'], { cwd: folderWith(Object.fromEntries(FILES)) });
    expect(report.findings.flatMap(({ locations }) => locations.map(({ file }) => file)).toSorted()).toEqual([
      'a.ts',
      'b1.ts',
      'b[1].ts',
      'deep/.env',
      'deep/.env',
      'deep/c.ts',
      'other/d.js',
    ]);
  });
});
