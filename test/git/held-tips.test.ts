import { expect, test } from 'vitest';
import { HeldTips } from '../../src/git/held-tips.ts';
import type { Tips } from '../../src/git/enumerate.ts';

test.each([40, 64])('holds what it was given, with ids of %i digits', (digits) => {
  const id = (digit: string): string => digit.repeat(digits);
  const tips: Tips = {
    head: id('1'),
    refs: [
      { name: 'refs/heads/main', target: id('1'), peeled: id('1') },
      { name: 'refs/heads/größe', target: id('a'), peeled: id('a') },
      { name: String.raw`refs/heads/\xff`, target: id('2'), peeled: id('2') },
      { name: 'refs/tags/v1', target: id('3'), peeled: id('f') },
    ],
    stash: [id('4')],
    others: [id('5'), id('6')],
    broken: [{ unit: 'refs/heads/gone', detail: 'git cannot read this ref' }],
  };
  const held = new HeldTips(tips);
  expect(held.all()).toEqual(tips);
  expect(held.all()).toEqual(tips);
  expect(held).toMatchObject({ head: tips.head, broken: tips.broken, isEmpty: false });
});

test.each([
  [{}, true],
  [{ head: 'a'.repeat(40) }, false],
  [{ stash: ['a'.repeat(40)] }, false],
  [{ others: ['a'.repeat(40)] }, false],
])('%j without refs is empty: %s', (given, isEmpty) => {
  const tips: Tips = { head: undefined, refs: [], stash: [], others: [], broken: [], ...given };
  const held = new HeldTips(tips);
  expect(held.isEmpty).toBe(isEmpty);
  expect(held.all()).toEqual(tips);
});
