import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import { appendWhole, checkWhole, writeWhole } from '../../src/model/whole-file.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';

describe('writeWhole', () => {
  test('a new file has the mode that the process gives, or the one that is asked for', () => {
    const folder = temporaryFolder();
    writeWhole(join(folder, 'a'), 'text');
    writeWhole(join(folder, 'b'), 'text', { mode: 0o755 });
    writeFileSync(join(folder, 'c'), 'text');
    expect(statSync(join(folder, 'a')).mode).toBe(statSync(join(folder, 'c')).mode);
    expect(statSync(join(folder, 'b')).mode & 0o777).toBe(0o755);
  });

  test('an old file is replaced, not changed: its other names keep the old text', () => {
    const folder = folderWith({ a: 'old' });
    linkSync(join(folder, 'a'), join(folder, 'other'));
    chmodSync(join(folder, 'a'), 0o604);
    writeWhole(join(folder, 'a'), Buffer.from('new'));
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('old');
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o604);
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'other']);
  });

  test('missing folders are made when that is wanted', () => {
    const folder = temporaryFolder();
    expect(() => writeWhole(join(folder, 'x/y/z'), 'text')).toThrow('its folder does not exist');
    writeWhole(join(folder, 'x/y/z'), 'text', { folders: true });
    expect(readFileSync(join(folder, 'x/y/z'), 'utf8')).toBe('text');
  });

  test('a link that stays inside is followed and kept; any other is refused', () => {
    const outside = folderWith({ target: 'outside' });
    const folder = folderWith({ 'policy/real': 'old', '.git/config': 'git' });
    const links = { inside: 'policy/real', out: join(outside, 'target'), dangling: 'nowhere', git: '.git/config' };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
    writeWhole(join(folder, 'inside'), 'new', { within: folder });
    expect(readFileSync(join(folder, 'policy/real'), 'utf8')).toBe('new');
    expect(lstatSync(join(folder, 'inside')).isSymbolicLink()).toBe(true);
    for (const name of ['out', 'dangling', 'git']) {
      expect(() => writeWhole(join(folder, name), 'new', { within: folder })).toThrow('it is a symbolic link');
    }
    expect(() => writeWhole(join(folder, 'inside'), 'newer')).toThrow('it is a symbolic link');
    expect(() => writeWhole(join(folder, 'inside'), 'newer', { mode: 0o755 })).toThrow('it is a symbolic link');
    expect([readFileSync(join(outside, 'target'), 'utf8'), readFileSync(join(folder, '.git/config'), 'utf8')]).toEqual(['outside', 'git']);
  });

  test('nothing is left behind by what fails', () => {
    const folder = folderWith({ file: 'x' });
    mkdirSync(join(folder, 'taken'));
    const name = 'n'.repeat(300);
    for (const path of ['taken', 'file/x', 'missing/x', name]) {
      expect(() => writeWhole(join(folder, path), 'text')).toThrow(UserError);
      expect(() => checkWhole(join(folder, path))).toThrow(UserError);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'taken']);
  });
});

describe('appendWhole', () => {
  test('what others wrote stays', () => {
    const folder = temporaryFolder();
    appendWhole(join(folder, 'a'), 'one\n');
    writeFileSync(join(folder, 'a'), 'theirs\n', { flag: 'a' });
    appendWhole(join(folder, 'a'), 'two\n');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one\ntheirs\ntwo\n');
  });
});
