import { expect, test } from 'vitest';
import { readFault } from '../../src/model/read-fault.ts';

test.each([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'its folder is a file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'no permission'],
  ['EPERM', 'no permission'],
  ['ELOOP', 'its links lead in a circle'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ERR_STRING_TOO_LONG', 'it is too large'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is too large'],
  ['EIO', 'EIO'],
])('%s: %s', (code, words) => {
  expect(readFault(Object.assign(new Error('x'), { code }))).toBe(words);
});

test('an error that is none of the system is thrown again', () => {
  const bug = new TypeError('a bug');
  expect(() => readFault(bug)).toThrow(bug);
});
