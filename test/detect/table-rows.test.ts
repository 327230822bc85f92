/** Values of a column, in each row of a table below its header. */
import { describe, expect, test } from 'vitest';
import { valuesBelow, wordsBelow } from '../../src/detect/table-rows.ts';

/** The values in the column that the first `password` of a text names. */
function valuesOf(text: string): string[] {
  const start = text.indexOf('password');
  return valuesBelow(Buffer.from(text, 'latin1'), { start, end: start + 'password'.length }).map((span) => text.slice(span.start, span.end));
}

describe('values below a header', () => {
  test.each([
    ['each row', 'user,password\nanna,abcd-1\nbert,abcd-2\n', ['abcd-1', 'abcd-2']],
    ['no line end behind the last row', 'user,password\nanna,abcd-1', ['abcd-1']],
    ['lines of Windows', 'user,password\r\nanna,abcd-1\r\nbert,abcd-2\r\n', ['abcd-1', 'abcd-2']],
    ['commas within quotes', '"user","password","url"\n"anna, again","ab,cd-1","x"\n', ['ab,cd-1']],
    ['quotes within quotes', '"user","password"\n"the ""anna""","abcd-1"\n', ['abcd-1']],
    ['notes of two lines', 'note,password,more\n"one\ntwo",abcd-1,"a\nb"\nx,abcd-2,\n', ['abcd-1', 'abcd-2']],
    ['cells without a value', 'user,password,url\nanna,,x\nbert,abc,x\ncarl,two words,x\ndora,abcd-4,x\n', ['abcd-4']],
    ['digests', `user,password\nanna,${'0a'.repeat(32)}\nbert,${['$2b', '10', 'abcdefghijklmnopqrstuv'].join('$')}\ncarl,abcd-3\n`, ['abcd-3']],
    ['up to an empty line', 'user,password\nanna,abcd-1\n\nbert,abcd-2\n', ['abcd-1']],
    ['up to the next header', 'user,password\nanna,abcd-1\nname,password\nbert,abcd-2\n', ['abcd-1']],
    ['a table in a text', 'Users:\n\nuser,password\nanna,abcd-1\n\nThe end, of it.\n', ['abcd-1']],
    ['a quote that nothing closes', `user,password\nanna,abcd-1\n"bert,abcd-2\n${'x'.repeat(20_000)}`, ['abcd-1']],
    ['a row that is too long', `user,password\nanna,abcd-1\n${'x'.repeat(20_000)},abcd-2\ncarl,abcd-3\n`, ['abcd-1']],
    ['a header that is all', 'user,password', []],
  ])('%s', (_what, text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  test('a mebibyte of rows and no more', () => {
    const row = `${'x'.repeat(1000)},abcd-1\n`;
    expect(valuesOf(`user,password\n${row.repeat(1500)}`)).toHaveLength(Math.floor(1_048_576 / row.length));
  });
});

describe('words below a header of any table', () => {
  function wordsOf(text: string): string[] {
    const start = text.indexOf('password');
    return wordsBelow(Buffer.from(text, 'latin1'), { start, end: start + 'password'.length }, 'password').map((span) =>
      text.slice(span.start, span.end),
    );
  }

  test.each([
    ['Markdown', '| user | password |\n|---|:--:|\n| anna | `abcd-1` |\n| bert | **abcd-2** |\n\n| x | abcd-3 |\n', ['abcd-1', 'abcd-2']],
    ['Markdown without outer pipes', 'user | password\n--- | ---\nanna | abcd-1\n', ['abcd-1']],
    ['Markdown in a comment', ' * | user | password |\n * |---|---|\n * | anna | abcd-1 |\n', ['abcd-1']],
    ['Markdown without a ruler', '| user | password |\n| anna | abcd-1 |\n', []],
    ['a wiki', '||user||password||\n|anna|abcd-1|\n', ['abcd-1']],
    ['AsciiDoc', '|===\n|user |password\n\n|anna |abcd-1\n|bert\n|`abcd-2`\n|===\n\n|x |abcd-3\n', ['abcd-1', 'abcd-2']],
    ['AsciiDoc up to a cell that is wider', '|===\n|user|password\n|anna|abcd-1\n2+|all\n|bert|abcd-2\n|===\n', ['abcd-1']],
    ['a fence of something else', '| ===\n|user |password\n|anna |abcd-1\n', []],
    ['a grid', '+---+---+\n| user | password |\n+===+===+\n| anna | abcd-1 |\n+---+---+\n| bert | abcd-2 |\n', ['abcd-1', 'abcd-2']],
    ['semicolons', 'user;password\nanna;abcd-1\n', ['abcd-1']],
    ['tabs', 'user\tpassword\r\nanna\tabcd-1\r\n', ['abcd-1']],
    ['rows of as many cells', 'user,password\nanna,abcd-1\nbert,abcd-2,x\n', ['abcd-1']],
    ['a header of titles alone', 'f(user,password)\nanna,abcd-1\n', []],
    ['up to the next header of pipes', '| a | password |\n|---|---|\n| b | abcd-1 |\n| c | db password |\n|---|---|\n| d | abcd-2 |\n', ['abcd-1']],
    ['a value that is called as its column', '| a | password |\n|---|---|\n| b | password |\n| c | abcd-2 |\n', ['password', 'abcd-2']],
    ['up to the next header of semicolons', 'a;password\nb;abcd-1\nc;db password\nd;abcd-2\n', ['abcd-1']],
    ['a row that is called so and is no header', 'a;password\n1.2;password\nd;abcd-2\n', ['password', 'abcd-2']],
    [
      'up to the next header of HTML',
      '<tr><th>password</th></tr><tr><td>abcd-1</td><tr><th class="x">password</th></tr><tr><td>abcd-2</td>',
      ['abcd-1'],
    ],
    ['HTML of many rows', `<tr><th>password</th></tr>${'<tr><td></td></tr>'.repeat(1000)}<tr><td>abcd-1</td></tr>`, ['abcd-1']],
    ['no header of more than 32 columns', `a${',password'.repeat(32)}\nb${',abcd-1'.repeat(32)}\n`, []],
    ['no header of pipes of more than 32 columns', `${'| password '.repeat(33)}\n|---\n${'| abcd-1 '.repeat(33)}\n`, []],
    [
      'HTML',
      '<table><tr><th>user</th><th>password</th></tr><tr><td>a</td><td class="x"><b>abcd-1</b></td></tr><tr><td>b</td><td>two words</td></tr></table>',
      ['abcd-1'],
    ],
    [
      'HTML with a head',
      '<thead><tr><th>user</th><th>password</th></tr></thead>\n<tr>\n<td>a</td>\n<td>\nabcd-1\n</td></tr></table><tr><td>b</td><td>abcd-2</td></tr>',
      ['abcd-1'],
    ],
    ['HTML whose cells span', '<tr><th colspan="2">user</th><th>password</th></tr><tr><td>a</td><td>abcd-1</td></tr>', []],
  ])('%s', (_what, text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });
});
