import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expandPatterns, pathBelow, shown, targetsOf, uncovered, type Target } from '../../src/sources/named-paths.ts';
import { keysiftJson } from '../support/cli.ts';
import { UserError } from '../../src/model/errors.ts';
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
    ['one whose name only looks like a pattern, too', ['missing!(.ts'], ['missing!(.ts']],
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

describe('targets', () => {
  const place = folderWith({ 'a.txt': '', 'sub/b.txt': '', 'sub/c.txt': '' });
  symlinkSync('sub', join(place, 'link'));
  symlinkSync('nothing', join(place, 'sub/dangling'));

  test('are files and folders, with links resolved; the current folder where none is named', async () => {
    const at = (path: string): string => join(place, path);
    const targets = await targetsOf(['a.txt', 'sub', 'link', 'link/b.txt', 'link/dangling'], place);
    expect(targets).toEqual([
      { index: 0, path: at('a.txt'), isFile: true, isFolder: false, folder: place },
      { index: 1, path: at('sub'), isFile: false, isFolder: true, folder: at('sub') },
      { index: 2, path: at('sub'), isFile: false, isFolder: true, folder: at('sub') },
      { index: 3, path: at('sub/b.txt'), isFile: true, isFolder: false, folder: at('sub') },
      { index: 4, path: at('sub/dangling'), isFile: true, isFolder: false, folder: at('sub') },
    ]);
    expect(await targetsOf([], place)).toMatchObject([{ path: place, isFolder: true, folder: place }]);
    expect(await targetsOf([at('a.txt')], '/')).toMatchObject([{ path: at('a.txt') }]);
  });

  test.each([
    [['gone'], 'there is no file or folder "gone"', 'Check the path; keysift --help names the commands.'],
    [['-'], 'there is no file or folder "-"', 'keysift --stdin reads standard input.'],
    ...['https://git.example/acme/shop', 'git+ssh://git.example/shop', 'git@git.example:acme/shop.git'].map((address): [string[], string, string] => [
      [address],
      `there is no file or folder "${address}"`,
      'keysift never uses the network: clone the repository with git, and name the clone.',
    ]),
    [['a.txt', ''], 'an empty path was given', 'Name a file or folder, or none for the current folder.'],
    [['a\0b'], 'an empty path was given', 'Name a file or folder, or none for the current folder.'],
    [['*\0'], 'an empty path was given', 'Name a file or folder, or none for the current folder.'],
    [['*.go'], 'nothing matches "*.go"', 'Check the path.'],
  ])('that are not there, %j, are never an empty scan', async (paths, message, hint) => {
    await expect(targetsOf(paths, place)).rejects.toThrow(UserError);
    await expect(targetsOf(paths, place)).rejects.toMatchObject({ message, hint });
  });

  test('below another one are covered by it, and the same one twice is one', () => {
    const target = (index: number, path: string, isFolder: boolean): Target => ({ index, path, isFile: !isFolder, isFolder, folder: path });
    const given = [
      target(0, '/a/b', false),
      target(1, '/a', true),
      target(2, '/ab', true),
      target(3, '/a', true),
      target(4, '/ab/c', true),
      target(5, '/c', false),
      target(6, '/c/d', false),
    ];
    expect(uncovered(given).map(({ index }) => index)).toEqual([1, 2, 5, 6]);
  });

  test('are called by their paths below the root, or by their names beside it', () => {
    expect([shown('/a', '/a/b/c'), shown('/a', '/a/..b'), shown('/a', '/a'), shown('/a/b', '/a/c/d'), shown('/a/b', '/a')]).toEqual([
      'b/c',
      '..b',
      '',
      'd',
      'a',
    ]);
    expect(pathBelow('/a/b', '/a/c')).toBe('../c');
  });

  test('a folder that is gone while it is listed is an error of the user', async () => {
    const gone = folderWith({ 'x.ts': '' });
    rmSync(gone, { recursive: true });
    await expect(expandPatterns(['*.ts'], gone)).rejects.toThrow(UserError);
  });
});
