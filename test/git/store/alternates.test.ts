import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentFolders, objectFolders } from '../../../src/git/store/alternates.ts';
import { temporaryFolder, writeInto } from '../../support/folder.ts';

type Problem = [path: string, fault: string];

function foldersOf(objectsDir: string, more: readonly string[] = []): { found: string[]; problems: Problem[] } {
  const problems: Problem[] = [];
  return { found: objectFolders(objectsDir, more, (path, fault) => problems.push([path, fault])), problems };
}

/** Folders of objects below a new one, with the list of what each borrows from. */
function lent(lists: Readonly<Record<string, string>>): (name: string) => string {
  const root = temporaryFolder();
  for (const [name, list] of Object.entries(lists)) {
    mkdirSync(join(root, name), { recursive: true });
    if (list !== '') writeInto(root, join(name, 'info', 'alternates'), list);
  }
  return (name) => join(root, name);
}

describe('folders of objects', () => {
  test('one that borrows from nobody', () => {
    const at = lent({ own: '' });
    expect(foldersOf(at('own'))).toEqual({ found: [at('own')], problems: [] });
  });

  test('each once, in the order in which they are named, and those that the environment names before what they borrow from', () => {
    const at = lent({ own: '../b\n# a remark\n\n../a\n', a: '../c\n', b: '../own\n../a\n', c: '', e: '' });
    expect(foldersOf(at('own'), [at('e')])).toEqual({ found: ['own', 'e', 'b', 'a', 'c'].map(at), problems: [] });
  });

  test('paths from the root, and the same folder by another name', () => {
    const at = lent({ own: '', a: '' });
    symlinkSync(at('a'), at('again'));
    writeInto(at('own'), 'info/alternates', `${at('a')}\n${at('again')}`);
    expect(foldersOf(at('own'))).toEqual({ found: [at('own'), at('a')], problems: [] });
  });

  test('names in double quotes are written as in C, and what is not ended is taken as it is', () => {
    const at = lent({ own: '"../with\\tb\\303\\244\\"\\q"\n"../open\n../p"q"\n', 'with\tbä"q': '', '"../open': '', 'p"q"': '' });
    mkdirSync(join(at('own'), '"..'), { recursive: true });
    mkdirSync(join(at('own'), '"../open'), { recursive: true });
    expect(foldersOf(at('own'))).toEqual({ found: [at('own'), at('with\tbä"q'), at('own/"../open'), at('p"q"')], problems: [] });
  });

  test('every escape that C has', () => {
    const name = '\u0007\b\f\n\r\t\v\\𝄞';
    const at = lent({ own: '"../\\a\\b\\f\\n\\r\\t\\v\\\\𝄞"\n', [name]: '' });
    expect(foldersOf(at('own')).found).toEqual([at('own'), at(name)]);
  });

  test('what is not there is told, and those behind it are found', () => {
    const at = lent({ own: '../gone\n../a\n', a: '' });
    expect(foldersOf(at('own'), [at('none')])).toEqual({
      found: [at('own'), at('a')],
      problems: [
        [at('none'), 'missing'],
        [at('gone'), 'missing'],
      ],
    });
  });

  test('a list that cannot be read', () => {
    const at = lent({ own: '' });
    mkdirSync(at('own/info/alternates'), { recursive: true });
    expect(foldersOf(at('own'))).toEqual({ found: [at('own')], problems: [[at('own/info/alternates'), 'unreadable']] });
  });

  test('of a list of more than a mebibyte the beginning counts', () => {
    const at = lent({ own: '', a: '', late: '' });
    const list = (size: number): string => `../a\n${'#'.repeat(size - 13)}\n../late`;
    const path = at('own/info/alternates');
    writeInto(at('own'), 'info/alternates', list(1024 * 1024));
    expect(foldersOf(at('own'))).toEqual({ found: [at('own'), at('a'), at('late')], problems: [] });
    writeFileSync(path, list(1024 * 1024 + 8));
    expect(foldersOf(at('own'))).toEqual({ found: [at('own'), at('a')], problems: [[path, 'unreadable']] });
  });

  test('no more than 256', () => {
    const names = Array.from({ length: 257 }, (_, index) => `n${index}`);
    const at = lent({ own: names.map((name) => `../${name}\n`).join(''), ...Object.fromEntries(names.map((name) => [name, ''])) });
    const { found, problems } = foldersOf(at('own'));
    expect(found).toHaveLength(256);
    expect(problems).toEqual([
      [at('n255'), 'unreadable'],
      [at('n256'), 'unreadable'],
    ]);
  });
});

test.runIf(process.platform !== 'win32')('what the environment names, those with a separator in them in double quotes', () => {
  expect(environmentFolders('')).toEqual([]);
  expect(environmentFolders('/a:b c::/d')).toEqual(['/a', 'b c', '/d']);
  expect(environmentFolders('"/a:b":/c')).toEqual(['/a:b', '/c']);
  expect(environmentFolders('"/a\\"b:\\\\":"new\nline"')).toEqual(['/a"b:\\', 'new\nline']);
  expect(environmentFolders('"open:/c')).toEqual(['"open', '/c']);
});

test('what it names on Windows, where a colon belongs to a path', () => {
  expect(environmentFolders('C:/a;b c;;"D:/e;f";"open:/c', ';')).toEqual(['C:/a', 'b c', 'D:/e;f', '"open:/c']);
});
