/** Rows that a statement of SQL inserts, below the names of its columns. */
import { describe, expect, test } from 'vitest';
import type { CredentialKind } from '../../src/detect/credential-value.ts';
import { insertedBelow } from '../../src/detect/inserted-rows.ts';

function inserted(text: string, as: CredentialKind = 'password'): string[] {
  return insertedBelow(Buffer.from(text, 'latin1'), text.indexOf('('), as).found.map(({ start, end, name }) => `${name}: ${text.slice(start, end)}`);
}

describe('rows', () => {
  test.each([
    ['one', "INTO u (name, password) VALUES ('anna', 'abcd-1');", ['password: abcd-1']],
    [
      'several, over lines',
      "INTO u (password,id)\nvalues\n('abcd-1', 1),\n\t('abcd-2', 2)\r\n,('abcd-3', 3);",
      ['password: abcd-1', 'password: abcd-2', 'password: abcd-3'],
    ],
    ['of names in quotes', 'INTO u (`id`, "password", [pwd]) VALUES (1, "abcd-1", N\'abcd-2\')', ['password: abcd-1', 'pwd: abcd-2']],
    ['with brackets, commas and quotes in strings', "INTO u (name, password) VALUES ('a''), (b\\'', 'abcd-1')", ['password: abcd-1']],
    ['with calls and casts', "INTO u (at, password, x) VALUES (coalesce(now(), 1), 'abcd-1'::text, NULL)", ['password: abcd-1']],
    [
      'with brackets and commas in strings of calls',
      "INTO u (at, password) VALUES (f('a,)', \"(\"), 'abcd-1'), (_utf8'),', 'abcd-2')",
      ['password: abcd-1', 'password: abcd-2'],
    ],
    ['up to one with fewer values', "INTO u (id, password) VALUES (1, 'abcd-1'), ('abcd-2'), (3, 'abcd-3')", ['password: abcd-1']],
    ['up to one with more values', "INTO u (id, password) VALUES (1, 'abcd-1'), (2, 'abcd-2', 'x'), (3, 'abcd-3')", ['password: abcd-1']],
    ['up to the end of the statement', "INTO u (password) VALUES ('abcd-1'); ('abcd-2')", ['password: abcd-1']],
    ['with what is no string', 'INTO u (password) VALUES (abcd_1)', []],
    ['with a kind of string that holds bytes', "INTO u (password) VALUES (X'abcd')", []],
    ['whose string does not end', "INTO u (password) VALUES ('abcd-1", []],
    ['that are none', "INTO u (password) SELECT ('abcd-1')", []],
    ['of a list that is none', "INTO u (password, f(x)) VALUES ('abcd-1', 1)", []],
    [
      'with a backslash before a quote, as MySQL reads it',
      "INTO u (name, password, x) VALUES ('it\\'s', 'abcd-1', 'y\\', z'), ('b', 'abcd-2', '')",
      ['password: abcd-1', 'password: abcd-2'],
    ],
    [
      'with a backslash at the end of a string, as PostgreSQL reads it',
      "INTO u (path, password, x) VALUES ('C:\\', 'abcd-1', 'D:\\'), ('E:\\', 'abcd-2', 'F:\\');",
      ['password: abcd-1', 'password: abcd-2'],
    ],
    ['with such a backslash in the last value', "INTO u (password, path) VALUES ('abcd-1', 'C:\\')", ['password: abcd-1']],
    ['with a digest', `INTO u (password) VALUES ('${'0f'.repeat(16)}'), ('abcd-2')`, ['password: abcd-2']],
  ])('%s', (_what, text, expected) => {
    expect(inserted(text)).toEqual(expected);
  });

  test('of secrets are another kind, and may be digests', () => {
    const text = `INTO u (password, api_key) VALUES ('abcd-1', '${'0f'.repeat(16)}')`;
    expect(inserted(text, 'secret')).toEqual([`api_key: ${'0f'.repeat(16)}`]);
    expect(inserted(text)).toEqual(['password: abcd-1']);
  });
});

test.each([`1'),('abcd-1'),('`, `f(1')),('abcd-1'),('`, `\\'),('abcd-1'),('`])(
  'statements in strings of statements do not go on together: %s',
  (piece) => {
    const text = `INTO u (password) VALUES (${piece}`.repeat(99);
    expect(inserted(text)).toEqual([]);
  },
);

test.each([`'\\'),('abcd-1'),('`, `'\\\\'),('abcd-1\\'),('`, `'a\\', 'b'), ('`, `'\\'');('abcd-1`])(
  'statements with backslashes before quotes read no more than their own rows: %s',
  (piece) => {
    const statement = `INTO u (password) VALUES (${piece}`;
    const found = (count: number): number => {
      const bytes = Buffer.from(statement.repeat(count), 'latin1');
      return Array.from({ length: count }, (_, index) => insertedBelow(bytes, index * statement.length + 7, 'password').found.length).reduce(
        (a, b) => a + b,
      );
    };
    expect(found(64)).toBeLessThan(2 * found(32) + 8);
  },
);

test('a list without such a column says where it was settled, and one with rows does not', () => {
  const open = (text: string): number | undefined => insertedBelow(Buffer.from(text), 0, 'password').end;
  expect(open("(name, mail) VALUES ('anna', 'b')")).toBe(2048);
  expect(open("(name, password) SELECT ('anna', 'b')")).toBe('(name, password'.length + 200);
  expect(open("(name, password) VALUES ('anna', 'b')")).toBeUndefined();
});

test('a list of more columns than a table has, or without an end, is none', () => {
  const columns = (count: number): string => Array.from({ length: count }, (_, index) => `c${index}`).join(', ');
  expect(inserted(`(${columns(63)}, password) VALUES (${'1, '.repeat(63)}'abcd-1')`)).toEqual(['password: abcd-1']);
  expect(inserted(`(${columns(64)}, password) VALUES (${'1, '.repeat(64)}'abcd-1')`)).toEqual([]);
  expect(inserted(`(password ${' '.repeat(2048)}) VALUES ('abcd-1')`)).toEqual([]);
});
