import { expect, test } from 'vitest';
import { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import { ringMembers } from '../../../src/git/store/rings.ts';
import { makeDelta, storeOf, whole, type Entry } from './hand-made.ts';

const id = (digit: string): string => digit.repeat(40);
const delta = (name: string, base: string | number): Entry => ({ id: id(name), body: makeDelta(4, [{ copy: 0, size: 3 }]), base });

test('what is in a ring of bases and what comes from it, in every pack, and nothing else', () => {
  const strange: Entry = { ...whole('strange'), code: 5 };
  const store = storeOf([
    [whole('abcd'), delta('1', 0), delta('2', id('9')), strange],
    [delta('d', id('c')), delta('a', id('b')), delta('b', id('a')), delta('c', 1), delta('e', id('d')), delta('f', id('f')), whole('abcd')],
  ]);
  const numbers = new ObjectNumbers(store);
  expect([...ringMembers(store)].toSorted((a, b) => a - b)).toEqual(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => numbers.find(id(name))).toSorted((a, b) => a! - b!),
  );
  expect(ringMembers(storeOf([[whole('abcd'), delta('1', 0), strange]]))).toEqual(new Set());
});
