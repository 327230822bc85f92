import { expect, test } from 'vitest';
import { openersBefore } from '../../src/detect/brackets.ts';

const told = (text: string): string[] => [...openersBefore(text)].map((opener) => opener.text);

test.each<[string, string[]]>([
  ['', []],
  ['no bracket', []],
  ['env: { key: ', ['env: ']],
  ['f(', ['f(']],
  ['a = [', ['a = ']],
  ['f({ a: [', ['f({ a: ', 'f(', 'f(']],
  // What is closed is passed over, whatever closes it.
  ['x = { a: [1, (2)], b: {} , c: ', ['x = ']],
  ['f(a) + g[b] + { c } + ', []],
  ['f(a', ['f(']],
  ['} ) ] (', ['} ) ] (']],
  ['f(g(x) ', ['f(']],
])('%j', (text, openers) => {
  expect(told(text)).toEqual(openers);
});

test('a little of what stands before is given, and where that begins', () => {
  const before = 'x'.repeat(200);
  expect([...openersBefore(`${before}{`)]).toEqual([{ text: 'x'.repeat(120), start: 80 }]);
  expect([...openersBefore(`${before}( y`)]).toEqual([{ text: `${'x'.repeat(120)}(`, start: 80 }]);
  expect([...openersBefore('ab{')]).toEqual([{ text: 'ab', start: 0 }]);
});
