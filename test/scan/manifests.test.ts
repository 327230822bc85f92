/** What small files beside a finding say: manifests, Dockerfiles, ignore files. */
import { mkdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dependenciesBelow } from '../../src/scan/dependencies.ts';
import { artifactOf } from '../../src/scan/env-artifacts.ts';
import { smallText } from '../../src/scan/small-file.ts';
import { folderWith, writeInto } from '../support/folder.ts';

describe('a small file', () => {
  const root = folderWith({ 'a.txt': 'text', 'sub/b.txt': 'below', large: '', most: '' });
  const outside = folderWith({ 'c.txt': 'outside', 'd/e.txt': 'outside' });
  truncateSync(join(root, 'most'), 1_048_576);
  truncateSync(join(root, 'large'), 1_048_577);
  symlinkSync(join(outside, 'c.txt'), join(root, 'link'));
  symlinkSync(join(outside, 'd'), join(root, 'folder-link'));
  symlinkSync('sub', join(root, 'inner-link'));

  test.each([
    ['a.txt', 'text'],
    ['sub/b.txt', 'below'],
    ['inner-link/b.txt', 'below'],
    ['gone', undefined],
    ['sub', undefined],
    ['large', undefined],
    ['link', undefined],
    ['folder-link/e.txt', undefined],
    ['../x', undefined],
  ])('%s is read only where it is a file of the tree', (path, text) => {
    expect(smallText(root, path)).toBe(text);
  });

  test('of just the most bytes is small', () => {
    expect(smallText(root, 'most')).toHaveLength(1_048_576);
  });

  test('lies below the root of the system, too, and not below a folder whose name only begins so', () => {
    expect(smallText('/', join(root, 'a.txt'))).toBe('text');
    const twin = `${root}-twin`;
    mkdirSync(twin);
    writeInto(twin, 'x.txt', 'twin');
    symlinkSync(twin, join(root, 'twin'));
    expect(smallText(root, 'twin/x.txt')).toBeUndefined();
    rmSync(twin, { recursive: true });
  });
});

describe('what a path depends on', () => {
  const root = folderWith({
    'package.json':
      '{ "dependencies": { "top": "1" }, "devDependencies": { "dev": "1" }, "peerDependencies": { "peer": "1" }, "bin": { "no": "x" } }',
    'apps/web/package.json': '{ "dependencies": { "web": "1" } }',
    'apps/odd/package.json': '{ "dependencies": "none", "devDependencies": null }',
    'apps/bad/package.json': '{ not JSON',
    'apps/null/package.json': 'null',
  });
  const names = (path: string): string[] | undefined => {
    const found = dependenciesBelow(root)(path);
    return found && [...found].toSorted();
  };

  test.each([
    ['a.js', ['dev', 'peer', 'top']],
    ['src/deep/a.js', ['dev', 'peer', 'top']],
    ['apps/web/src/a.js', ['web']],
    ['apps/odd/a.js', []],
    // One that cannot be read says nothing: the next one above does.
    ['apps/bad/a.js', ['dev', 'peer', 'top']],
    ['apps/null/a.js', []],
    ['', undefined],
    ['<stdin>', undefined],
    [join(root, 'a.js'), undefined],
    ['../a.js', undefined],
    ['src/../../a.js', undefined],
  ])('%s', (path, expected) => {
    expect(names(path)).toEqual(expected);
  });

  test('is the same for files of one folder, and is read once', () => {
    const place = folderWith({ 'package.json': '{ "dependencies": { "a": "1" } }' });
    const ask = dependenciesBelow(place);
    expect(ask('sub/a.js')?.has('a')).toBe(true);
    rmSync(join(place, 'package.json'));
    expect(ask('sub/b.js')?.has('a')).toBe(true);
    expect(dependenciesBelow(place)('a.js')).toBeUndefined();
  });
});

describe('an env file that is taken along', () => {
  /** What is said of the env file `app/.env` beside some files. */
  function artifact(files: Readonly<Record<string, string>>, env = 'app/.env'): string | undefined {
    return artifactOf(folderWith(files), new Set([...Object.keys(files), env]), env);
  }
  const copies = (file: string, folder = 'app'): string =>
    `\`${file}\` copies the whole folder, and no line of \`${folder}/.dockerignore\` leaves it out`;

  test.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['all is copied', { 'app/Dockerfile': 'FROM x\nCOPY . .\n' }, true],
    ['all is added', { 'app/Dockerfile': '  ADD ./ /srv\n' }, true],
    ['with blanks', { 'app/Dockerfile': 'COPY  . /srv\nRUN x' }, true],
    ['with options and blanks', { 'app/Dockerfile': 'COPY --link  --chown=a \t . /srv' }, true],
    ['it is ignored on another line', { 'app/Dockerfile': 'COPY . .\n', 'app/.dockerignore': 'x\n.env\ny' }, false],
    ['with options', { 'app/Dockerfile': 'copy --chown=a:b --link . /srv\n' }, true],
    ['only a part is copied', { 'app/Dockerfile': 'COPY src ./src\nCOPY ./package.json .\n' }, false],
    ['it is a comment', { 'app/Dockerfile': '# COPY . .\n' }, false],
    ['it is ignored', { 'app/Dockerfile': 'COPY . .\n', 'app/.dockerignore': '.env\n' }, false],
    ['it is ignored from the root', { 'app/Dockerfile': 'COPY . .\n', 'app/.dockerignore': 'x\r\n  /.env\r\n' }, false],
    ['it is ignored with a dot', { 'app/Dockerfile': 'COPY . .\n', 'app/.dockerignore': './.env*' }, false],
    ['it is ignored anywhere', { 'app/Dockerfile': 'COPY . .\n', 'app/.dockerignore': '**/.env' }, false],
    ['it is taken back in', { 'app/Dockerfile': 'COPY . .\n', 'app/.dockerignore': '.env\n!.env\n' }, true],
    ['one below is ignored', { 'app/Dockerfile': 'COPY . .\n', 'app/.dockerignore': 'x/.env\n# .env\n' }, true],
  ])('into an image: %s', (_what, files, isTaken) => {
    expect(artifact(files)).toBe(isTaken ? copies('app/Dockerfile') : undefined);
  });

  test.each([
    ['Dockerfile.prod', true],
    ['web.dockerfile', true],
    ['Containerfile', true],
    ['DOCKERFILE', true],
    ['Dockerfile-old', false],
    ['my-Dockerfile', false],
    ['web.dockerfile-old', false],
  ])('by %s: %j', (name, isOne) => {
    expect(artifact({ [`app/${name}`]: 'COPY . .\n' })).toBe(isOne ? copies(`app/${name}`) : undefined);
  });

  test('not by one of another folder', () => {
    expect(artifact({ Dockerfile: 'COPY . .\n', 'app/sub/Dockerfile': 'COPY . .\n' })).toBeUndefined();
    expect(artifact({ Dockerfile: 'COPY . .\n' }, '.env')).toBe('`Dockerfile` copies the whole folder, and no line of `.dockerignore` leaves it out');
  });

  const stands = '`app/.npmignore` stands in for .gitignore and does not leave it out';
  test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['with ignore lines of its own', { 'app/.npmignore': 'test\n', 'app/package.json': '{ "name": "x" }' }, stands],
    ['whose lines leave it out', { 'app/.npmignore': '.env*\n', 'app/package.json': '{ "name": "x" }' }, undefined],
    ['without ignore lines', { 'app/package.json': '{ "name": "x" }' }, undefined],
    ['that is private', { 'app/.npmignore': 'test\n', 'app/package.json': '{ "private" : true }' }, undefined],
    ['that lists its files', { 'app/.npmignore': 'test\n', 'app/package.json': '{ "files": ["dist"] }' }, undefined],
    ['that is not private', { 'app/.npmignore': 'test\n', 'app/package.json': '{ "private": false }' }, stands],
    ['that is private, written in another way', { 'app/.npmignore': 'x', 'app/package.json': '{"private":true}' }, undefined],
    ['that is private, with blanks', { 'app/.npmignore': 'x', 'app/package.json': '{ "private"  :  true }' }, undefined],
    ['that lists its files, with blanks', { 'app/.npmignore': 'x', 'app/package.json': '{ "files" :  ["dist"] }' }, undefined],
    ['that lists its files, without', { 'app/.npmignore': 'x', 'app/package.json': '{"files":["dist"]}' }, undefined],
    ['that is none', { 'app/.npmignore': 'test\n' }, undefined],
    // What an image takes is told first.
    ['beside an image', { 'app/.npmignore': 'x\n', 'app/package.json': '{}', 'app/Dockerfile': 'COPY . .\n' }, copies('app/Dockerfile')],
    ['beside an image that leaves it out', { 'app/.npmignore': 'x\n', 'app/package.json': '{}', 'app/Dockerfile': 'RUN x\n' }, stands],
  ])('into a package %s', (_what, files, expected) => {
    expect(artifact(files)).toBe(expected);
  });
});
