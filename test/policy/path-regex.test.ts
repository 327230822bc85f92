import fc from 'fast-check';
import ignore from 'ignore';
import { describe, expect, test } from 'vitest';
import { pathPatterns } from '../../src/policy/path-regex.ts';

describe('regular expressions on paths', () => {
  const TABLE: readonly (readonly [regex: string, patterns: readonly string[] | undefined])[] = [
    [String.raw`package-lock\.json$`, ['*package-lock.json']],
    [String.raw`(?:^|/)package-lock\.json$`, ['package-lock.json']],
    [String.raw`^tests/fixtures/.*`, ['/tests/fixtures/']],
    [String.raw`^tests/fixtures/.*\.json$`, ['/tests/fixtures/**/*.json']],
    [String.raw`vendor/`, ['*vendor/']],
    [String.raw`(^|/)node_modules/`, ['node_modules/']],
    [String.raw`(?:^|/)node_modules(?:/.*)?$`, ['node_modules']],
    [String.raw`(?:^|/)vendor/modules\.txt$`, ['**/vendor/modules.txt']],
    [String.raw`(.*?)(jpg|gif|doc)$`, ['*jpg', '*gif', '*doc']],
    [String.raw`.*\.(?:pem|key)$`, ['*.pem', '*.key']],
    [String.raw`\.env`, ['*.env*']],
    [String.raw`docs/.*_test\.md$`, ['**/*docs/**/*_test.md']],
    [String.raw`^(?:a|b)/c$`, ['/a/c', '/b/c']],
    [String.raw`^a.*c$`, ['/a*c', '/a*/**/*c']],
    [String.raw`/docs/`, ['*/**/docs/']],
    [String.raw`^docs/[^/]*\.md$`, ['/docs/*.md']],
    ['', undefined],
    ['.*', undefined],
    ['^.*$', undefined],
    [String.raw`(?i)\.png$`, undefined],
    [String.raw`\d+\.txt$`, undefined],
    [String.raw`a+\.txt$`, undefined],
    [String.raw`(?:v?env|virtualenv)/lib`, undefined],
    [String.raw`[a-z]/x`, undefined],
  ];

  test.each(TABLE)('%s', (regex, patterns) => {
    expect(pathPatterns(regex)).toEqual(patterns);
  });

  test.each([`^${'a.*'.repeat(40)}b$`, `^${'(a|b)'.repeat(40)}$`, `^(${'|'.repeat(500_000)}`])(
    'more than a person writes ends at once: %.20s',
    (regex) => {
      const before = process.cpuUsage().user;
      expect(pathPatterns(regex)).toBeUndefined();
      expect((process.cpuUsage().user - before) / 1000).toBeLessThan(200);
    },
  );

  test('patterns mean what their expression means', () => {
    const names = [
      'a',
      'b',
      'c',
      'docs',
      'xdocs',
      'vendor',
      'modules.txt',
      'tests',
      'fixtures',
      'x.json',
      'node_modules',
      'package-lock.json',
      'p.pem',
      '.env',
      '.env.local',
      'y_test.md',
      'pic.jpg',
    ];
    const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.constantFrom(...TABLE.filter(([, patterns]) => patterns !== undefined)), path, ([regex, patterns], file) => {
        const out = ignore()
          .add([...(patterns ?? [])])
          .ignores(file);
        // A pattern that ends with a name also means what lies in a folder of that name.
        const above = file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
        expect(out, `${regex} ${file}`).toBe(above.some((part) => new RegExp(regex).test(part)));
      }),
      { numRuns: 3000 },
    );
  });
});
