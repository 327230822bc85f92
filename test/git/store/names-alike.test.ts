import { expect, test, vi } from 'vitest';
import { Names } from '../../../src/git/store/names.ts';

// With a factor of 0 all names have one hash.
vi.mock('node:crypto', () => ({ randomInt: () => -0.5 }));

test('names of one hash are told apart by their length and by each byte', () => {
  const names = new Names();
  const given = ['abc', 'ab', 'abcd', 'abd', 'bbc', 'acc', 'a'];
  const numbers = (): number[] => given.map((name) => names.add(Buffer.from(name), 0, name.length));
  expect([numbers(), numbers()]).toEqual([given.map((_, index) => index), given.map((_, index) => index)]);
  expect(given.map((_, name) => names.get(name).toString())).toEqual(given);
});
