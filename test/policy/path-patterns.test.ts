import { describe, expect, test } from 'vitest';
import { parseJobs, parseSize } from '../../src/policy/limits.ts';
import { isPathPattern, pathFilter, PATTERN_HINT } from '../../src/policy/path-patterns.ts';

describe('patterns of paths', () => {
  test.each([
    'docs/',
    '*.lock',
    'a',
    '!docs/keep',
    '!a!',
    '.github',
    'a*',
    '!a',
    ' x ',
    '*a*b*c*d*e*f*g*',
    'x'.repeat(512),
    '...a',
    'a#',
    '?',

    '[a-z]*',
    '.?*',
  ])('%j is one', (pattern) => {
    expect(isPathPattern(pattern)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['everything', '*'],
    ['everything', '**/*'],
    ['everything', '/'],
    ['everything', '.'],
    ['everything', './**'],
    ['everything', '?*'],
    ['everything', '[!x]*'],
    ['everything', '/**/[!x]*'],
    ['everything taken back', '!*'],
    ['everything taken back', '!'],
    ['everything taken back', '!/**'],
    ['a comment', '# x'],
    ['nine stars', '*a*b*c*d*e*f*g*h*'],
    ['513 characters', 'x'.repeat(513)],
    ['a NUL', 'a\0b'],
    ['two lines', 'a\nb'],
  ])('%s is none: %j', (_what, pattern) => {
    expect(isPathPattern(pattern)).toBe(false);
  });

  test('the hint says what the limits are', () => {
    expect(PATTERN_HINT).toBe('a path pattern has 1 to 512 characters, at most 8 stars, and does not match everything');
  });

  test('a filter leaves out what they match, case kept, and never what is no path below the root', () => {
    const isOut = pathFilter(['docs/', '*.lock', '/top.txt', '!docs.lock', '*message*']);
    const paths = [
      'docs/a',
      'a/docs/b',
      'x.lock',
      'a/x.lock',
      'top.txt',
      'a/top.txt',
      'docs.lock',
      'Docs/a',
      'src/a',
      '../docs/a',
      '<commit message>',
      '/docs/a',
      '',
    ];
    expect(paths.filter(isOut)).toEqual(['docs/a', 'a/docs/b', 'x.lock', 'a/x.lock', 'top.txt', '../docs/a']);
    // Asked again, the answer is the same.
    expect([isOut('docs/a'), isOut('docs/a'), isOut('src/a'), isOut('src/a')]).toEqual([true, true, false, false]);
    expect(pathFilter([])('docs/a')).toBe(false);
  });
});

describe('numbers', () => {
  test.each([
    ['1048576', 1048576],
    ['20M', 20 * 1024 ** 2],
    ['512 KiB', 512 * 1024],
    [' 3gb ', 3 * 1024 ** 3],
    ['7b', 7],
    ['999999999999999', 999999999999999],
    ['0', 0],
    ['1000000000000000', undefined],
    ['', undefined],
    ['M', undefined],
    ['1.5M', undefined],
    ['-1', undefined],
    ['1t', undefined],
    ['x20M', undefined],
    ['20Mx', undefined],
  ])('%j is a size of %j bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each([
    ['1', 1],
    ['64', 64],
    ['65', 64],
    ['999999999', 64],
    ['1000000000', undefined],
    ['0', undefined],
    ['', undefined],
    ['x1', undefined],
    ['1x', undefined],
  ])('%j: %j threads', (text, threads) => {
    expect(parseJobs(text)).toBe(threads);
  });
});
