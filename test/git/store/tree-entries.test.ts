import { expect, test } from 'vitest';
import type { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import { ENTRY_WORDS, KIND, KIND_BITS, mostEntries, PlainEntries } from '../../../src/git/store/tree-entries.ts';

/** Numbers of what trees name are the first bytes of its id. */
const NUMBERS = { of: (bytes: Buffer, at: number) => bytes.readUInt32BE(at) } as unknown as ObjectNumbers;

function entry(mode: string, name: string, child = 0, hashBytes = 20): Buffer {
  const id = Buffer.alloc(hashBytes, 0xee);
  id.writeUInt32BE(child);
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), id]);
}

interface Told {
  /** What `read` gives. */
  readonly result: number;
  readonly entries: readonly { end: number; name: string; kind: number; child: number }[];
}

function read(tree: Buffer, { start = 0, until = tree.length, hashBytes = 20, reader = new PlainEntries(NUMBERS, hashBytes) } = {}): Told {
  const result = reader.read(tree, start, until);
  const entries = Array.from({ length: result < 0 ? ~result : result }, (_, index) => {
    const [end, label, child] = reader.words.subarray(reader.first + ENTRY_WORDS * index, reader.first + ENTRY_WORDS * (index + 1));
    return {
      end: end!,
      name: reader.names.get(label! >> KIND_BITS).toString('latin1'),
      kind: label! & ((1 << KIND_BITS) - 1),
      child: child!,
    };
  });
  return { result, entries };
}

test('entries, where each ends, and what it names', () => {
  for (const hashBytes of [20, 32]) {
    const first = entry('100644', 'a', 7, hashBytes);
    const tree = Buffer.concat([first, entry('40000', 'b c', 8, hashBytes), entry('120000', '\xff', 9, hashBytes)]);
    const all = [
      { end: first.length, name: 'a', kind: KIND.file, child: 7 },
      { end: first.length * 2 + 1, name: 'b c', kind: KIND.folder, child: 8 },
      { end: first.length * 3 + 1, name: '\xff', kind: KIND.link, child: 9 },
    ];
    expect(read(tree, { hashBytes })).toEqual({ result: 3, entries: all });
    expect(read(tree, { hashBytes, start: first.length })).toEqual({ result: 2, entries: all.slice(1) });
    expect(read(tree, { hashBytes, until: first.length })).toEqual({ result: 1, entries: all.slice(0, 1) });
    expect(read(tree, { hashBytes, until: first.length + 1 })).toEqual({ result: 2, entries: all.slice(0, 2) });
    expect(read(tree, { hashBytes, until: 0 })).toEqual({ result: 0, entries: [] });
  }
});

test.each([
  ['40000', KIND.folder],
  ['040000', KIND.folder],
  ['40755', KIND.folder],
  ['100644', KIND.file],
  ['100664', KIND.file],
  ['100600', KIND.file],
  ['100677', KIND.file],
  ['100755', KIND.program],
  ['100700', KIND.program],
  ['120000', KIND.link],
  ['160000', KIND.module],
  ['140000', KIND.module],
  ['60000', KIND.module],
  ['0', KIND.module],
])('mode %s', (mode, kind) => {
  expect(read(entry(mode, 'name')).entries.map((one) => one.kind)).toEqual([kind]);
});

test.each([
  ['no mode', entry('', 'a')],
  ['no name', entry('100644', '')],
  ['no digit of a mode, too low', entry('10/644', 'a')],
  ['no digit of a mode, too high', entry('100684', 'a')],
  ['no blank', Buffer.from('100644')],
  ['a name without an end', Buffer.from(`100644 ${'a'.repeat(60)}`)],
  ['an id that is cut short', entry('100644', 'a').subarray(0, -1)],
  ['a NUL in the mode', Buffer.concat([Buffer.from([0]), entry('100644', 'a')])],
])('%s is no entry, and ends the list', (_, damaged) => {
  const good = entry('100644', 'good', 3);
  const first = { end: good.length, name: 'good', kind: KIND.file, child: 3 };
  expect(read(Buffer.concat([good, damaged]))).toEqual({ result: ~1, entries: [first] });
  expect(read(damaged)).toEqual({ result: ~0, entries: [] });
});

test('no tree has more entries than are made room for', () => {
  const shortest = entry('0', 'a');
  expect(mostEntries(0, 20)).toBe(1);
  for (const count of [1, 2, 63, 64, 65, 300]) {
    const tree = Buffer.concat(Array.from({ length: count }, () => shortest));
    expect(mostEntries(tree.length, 20)).toBeGreaterThanOrEqual(count);
    expect(mostEntries(tree.length, 20)).toBeLessThanOrEqual(count + 1);
    const reader = new PlainEntries(NUMBERS, 20);
    reader.expect(tree.length);
    const { words } = reader;
    expect(read(tree, { reader }).entries.map(({ end }) => end)).toEqual(Array.from({ length: count }, (_, index) => shortest.length * (index + 1)));
    expect(reader.words).toBe(words);
  }
});

test('one reader gives a name the same number in all trees', () => {
  const reader = new PlainEntries(NUMBERS, 20);
  read(Buffer.concat([entry('100644', 'a'), entry('100644', 'b')]), { reader });
  reader.read(entry('40000', 'b'), 0, 1);
  expect(reader.words[1]).toBe((1 << KIND_BITS) | KIND.folder);
  expect(reader.names.get(0).toString()).toBe('a');
});
