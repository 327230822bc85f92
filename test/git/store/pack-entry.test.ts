import { describe, expect, test } from 'vitest';
import { EntryHeader, TYPE, typeCode, typeName } from '../../../src/git/store/pack-entry.ts';

/** What a header says: type, size, length, distance; undefined when it is none. Bytes in hex, behind one that is not its own. */
function parsed(hex: string, hashBytes = 20): number[] | undefined {
  // What stands behind the end would end any number, and is a header by itself.
  const bytes = Buffer.from(`ff${hex}31`, 'hex');
  const header = new EntryHeader();
  // What the last header said must not show through.
  header.parse(Buffer.from('e1ff01', 'hex'), 0, 3, 20);
  return header.parse(bytes, 1, bytes.length - 1, hashBytes) ? [header.type, header.size, header.length, header.distance] : undefined;
}

const ID = 'ab'.repeat(20);

describe('the header of an object', () => {
  test.each([
    ['a commit of 5 bytes', '15', [TYPE.commit, 5, 1, 0]],
    ['a tree of 15', '2f', [TYPE.tree, 15, 1, 0]],
    ['a blob of 16', 'b001', [TYPE.blob, 16, 2, 0]],
    ['a tag of 2047', 'cf7f', [TYPE.tag, 2047, 2, 0]],
    ['a blob of 2048', 'b08001', [TYPE.blob, 2048, 3, 0]],
    ['a blob of 2^53 - 1', `bf${'ff'.repeat(6)}7f`, [TYPE.blob, Number.MAX_SAFE_INTEGER, 8, 0]],
    ['a delta of the object 1 byte before', '6301', [TYPE.offsetDelta, 3, 2, 1]],
    ['127 before', '637f', [TYPE.offsetDelta, 3, 2, 127]],
    ['128 before', '638000', [TYPE.offsetDelta, 3, 3, 128]],
    ['16511 before', '63ff7f', [TYPE.offsetDelta, 3, 3, 16511]],
    ['16512 before', '63808000', [TYPE.offsetDelta, 3, 4, 16512]],
    ['a delta by id', `73${ID}`, [TYPE.idDelta, 3, 21, 0]],
  ])('%s', (_what, hex, expected) => {
    expect(parsed(hex)).toEqual(expected);
    // One byte less is none, for every header: the rest is behind the end.
    expect(parsed(hex.slice(0, -2))).toBeUndefined();
  });

  test('a delta by id of SHA-256', () => {
    expect(parsed(`73${ID}${'cd'.repeat(12)}`, 32)).toEqual([TYPE.idDelta, 3, 33, 0]);
    expect(parsed(`73${ID}`, 32)).toBeUndefined();
  });

  test.each([
    ['no type', '05'],
    ['a type that there is not', '55'],
    ['a size of 2^53', `b0${'80'.repeat(7)}01`],
    ['itself as the base', '6300'],
    ['a base further away than any file is long', '63ffffffffffffffff7f'],
  ])('%s is none', (_what, hex) => {
    expect(parsed(hex)).toBeUndefined();
  });
});

test('types have names, deltas have none', () => {
  const names = ['commit', 'tree', 'blob', 'tag'] as const;
  expect(names.map(typeCode)).toEqual([1, 2, 3, 4]);
  expect([0, 1, 2, 3, 4, 5, 6, 7].map(typeName)).toEqual([undefined, ...names, undefined, undefined, undefined]);
  expect(['blub', ''].map(typeCode)).toEqual([TYPE.none, TYPE.none]);
});
