/** A text full of what stands above values takes no time that grows faster than it does. */
import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { cpuSince } from '../support/slowness.ts';

const SIZE = 524_288;
const inspector = new Inspector(builtinRules());

function milliseconds(line: (index: number) => string): number {
  const parts: string[] = [];
  for (let size = 0, index = 0; size < SIZE; index++) size += parts[parts.push(line(index)) - 1]?.length ?? 0;
  const text = Buffer.from(parts.join(''));
  const begun = process.cpuUsage();
  inspector.inspect(text);
  return cpuSince(begun);
}

/** Each has its own title. */
const title = (index: number): string => `${(index % 17_576).toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)))} password`;
/** A header of 30 columns, one of which is a password, another one in each line. */
const turning = (index: number): string[] => Array.from({ length: 30 }, (_, column) => (column === 1 + (index % 29) ? 'password' : 'a'));

describe('half a mebibyte', () => {
  test.each<[string, (index: number) => string]>([
    ['headers of Markdown', (index) => `| a | ${title(index)} |\n|---|---|\n`],
    ['headers of CSV', (index) => `a,${title(index)}\n`],
    ['headers of HTML', (index) => `<tr><th>${title(index)}</th></tr>\n`],
    ['headers of Markdown of many columns', (index) => `|${turning(index).join('|')}|\n---\n`],
    ['headers of CSV of many columns', (index) => `${turning(index).join(',')}\n`],
    [
      'headers of HTML of many columns',
      (index) =>
        `<tr>${turning(index)
          .map((cell) => `<th>${cell}</th>`)
          .join('')}\n`,
    ],
    ['statements without an end', () => 'insert into a (password) values ('],
    ['statements in strings', () => "insert into a (password) values ('"],
    ['statements in strings of two kinds', (index) => `insert into a (password) values (1), (${index % 2 === 0 ? "'" : '"'}`],
    ['statements with escaped quotes', () => "insert into a (password) values (''), ('\\'"],
    ['comments that end in a name', () => '# api_keys:\n'],
    ['items whose comment ends in a name', () => "- 'aaaa' # api_keys:\n"],
  ])('of %s', (_what, line) => {
    expect(milliseconds(line)).toBeLessThan(4000);
  });
});
