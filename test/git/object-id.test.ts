import { expect, test } from 'vitest';
import { beginHash, isObject } from '../../src/git/object-id.ts';

// As `git hash-object` says, in repositories of both kinds.
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const EMPTY_BLOBS = ['e69de29bb2d1d6434b8b29ae775ad8c2e48c5391', '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813'];

test('an id is the hash of a type, a size and bytes, by the hash that has so many digits', () => {
  const nothing = new Uint8Array(0);
  expect(EMPTY_BLOBS.map((id) => isObject(id, 'blob', nothing))).toEqual([true, true]);
  expect(isObject(EMPTY_TREE, 'tree', nothing)).toBe(true);
  expect([isObject(EMPTY_TREE, 'blob', nothing), isObject(EMPTY_BLOBS[0]!, 'blob', new Uint8Array(1))]).toEqual([false, false]);
});

test('a content may come in pieces, when its size is known', () => {
  const whole = beginHash('0'.repeat(40), 'blob', 4).update('ab').update('cd').digest('hex');
  expect(isObject(whole, 'blob', Buffer.from('abcd'))).toBe(true);
});
