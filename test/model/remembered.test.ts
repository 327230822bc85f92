/** What was found out of a text is not found out again, and only so many are kept. */
import { expect, test } from 'vitest';
import { remembered } from '../../src/model/remembered.ts';

/** The function, and the texts that it was asked to look at. */
function watched(most: number): { ask: (text: string) => number | undefined; asked: string[] } {
  const asked: string[] = [];
  const ask = remembered(most, (text) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  return { ask, asked };
}

test('a text is looked at once, also one that gives nothing', () => {
  const { ask, asked } = watched(3);
  expect(['ab', '', 'ab', '', 'a'].map((text) => ask(text))).toEqual([2, undefined, 2, undefined, 1]);
  expect(asked).toEqual(['ab', '', 'a']);
});

test('beyond its size it begins anew', () => {
  const { ask, asked } = watched(2);
  for (const text of ['a', 'b', 'a', 'c', 'c', 'a']) ask(text);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});
