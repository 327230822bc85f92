import { execFileSync } from 'node:child_process';
import { constants } from 'node:buffer';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputFile } from '../../../src/git/store/input-file.ts';
import { folderWith } from '../../support/folder.ts';

const open = (): number => readdirSync('/dev/fd').length;

function read(file: InputFile, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  return bytes.toString('latin1', 0, file.read(position, bytes, 0, length));
}

test('a file is read by place, and whole, until it is closed', () => {
  const path = join(folderWith({ a: 'content' }), 'a');
  const before = open();
  const file = new InputFile(path);
  expect([file.path, file.size, read(file, 2, 3), read(file, 5, 9), read(file, 7, 1), read(file, 0, 0)]).toEqual([path, 7, 'nte', 'nt', '', '']);
  expect(file.readAll().toString()).toBe('content');
  file.close();
  file.close();
  expect(open()).toBe(before);
  expect(() => read(file, 0, 1)).toThrow('unreadable');
});

test('a file that is lent is read without opening it, and stays open', () => {
  const file = new InputFile(join(folderWith({ a: 'content' }), 'a'));
  const before = open();
  const lent = new InputFile('nowhere', structuredClone(file.lend()));
  expect([open(), lent.path, lent.size, read(lent, 2, 3)]).toEqual([before, 'nowhere', 7, 'nte']);
  lent.close();
  expect(() => read(lent, 0, 1)).toThrow('unreadable');
  expect(read(file, 2, 3)).toBe('nte');
  file.close();
});

test('what is no file is not read, and not waited for', () => {
  const folder = folderWith({ 'folder/a': '' });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const before = open();
  for (const name of ['pipe', 'folder']) expect(() => new InputFile(join(folder, name)), name).toThrow('unreadable');
  expect(() => new InputFile(join(folder, 'gone'))).toThrow('ENOENT');
  expect(open()).toBe(before);
});

test('a file that became shorter, or is larger than any memory, is not given in part', () => {
  const path = join(folderWith({ a: 'content' }), 'a');
  const file = new InputFile(path);
  truncateSync(path, 3);
  expect(() => file.readAll()).toThrow('unreadable');
  const { descriptor } = file.lend();
  expect(() => new InputFile('large', { descriptor, size: constants.MAX_LENGTH + 1 }).readAll()).toThrow('unreadable');
  file.close();
});
