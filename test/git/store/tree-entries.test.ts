/** Entries of trees read by the kernel against the plain reader: both give the same numbers for the same bytes. */
import { expect, test } from 'vitest';
import { KernelEntries } from '../../../src/git/store/kernel-entries.ts';
import { KernelCodec } from '../../../src/git/store/kernel-codec.ts';
import { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import { ENTRY_WORDS, PlainEntries, type EntryReader } from '../../../src/git/store/tree-entries.ts';
import { Random } from '../../support/random.ts';
import { blobId, storeOf, whole } from './hand-made.ts';

const MODES = ['100644', '100755', '40000', '040000', '120000', '160000', '100664', '1', '', '10064x', '777777777777'];

function randomTree(random: Random, ids: readonly string[], names: number): Buffer {
  const entries = Array.from({ length: random.below(60) }, () => {
    const mode = MODES[random.chance(97) ? random.below(7) : random.below(MODES.length)] ?? '';
    const name = random.chance(1) ? '' : `n${'ä'.repeat(random.below(4))}${random.below(names)}`;
    const id = random.chance(90) ? (ids[random.below(ids.length)] ?? '') : blobId(`absent ${random.below(50)}`);
    return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
  });
  const tree = Buffer.concat(entries);
  return random.chance(5) ? tree.subarray(0, random.below(tree.length + 1)) : tree;
}

function read(reader: EntryReader, tree: Buffer, start: number, until: number): { count: number; entries: number[] } {
  const count = reader.read(tree, start, until);
  const end = reader.first + ENTRY_WORDS * (count < 0 ? ~count : count);
  return { count, entries: [...reader.words.subarray(reader.first, end)] };
}

test('kernel and plain reader: names and objects by the thousand, several packs, one object in two of them, damage', () => {
  const random = new Random(1);
  const objects = Array.from({ length: 900 }, (_, index) => whole(`object ${index}`));
  const ids = objects.map((_, index) => blobId(`object ${index}`));
  const store = storeOf([objects.slice(0, 200), objects.slice(150)]);
  const { codec } = store;
  if (!(codec instanceof KernelCodec)) throw new Error('no kernel');
  const numbers = new ObjectNumbers(store);
  const plain = new PlainEntries(numbers, store.hashBytes);
  const kernel = new KernelEntries(codec, store, numbers);
  let damaged = 0;
  for (let round = 0; round < 1500; round++) {
    const tree = randomTree(random, ids, 100 + 40 * round);
    kernel.expect(tree.length);
    const held = codec.hold(tree);
    const start = random.chance(80) ? 0 : random.below(tree.length + 1);
    const until = random.chance(50) ? tree.length : random.below(tree.length + 1);
    const expected = read(plain, tree, start, until);
    // Where the codec holds it, or not.
    const bytes = random.chance(80) ? codec.bytes(held) : tree;
    expect(read(kernel, bytes, start, until)).toEqual(expected);
    if (expected.count < 0) damaged++;
    codec.release(held);
    const last = expected.entries.at(-2);
    if (last !== undefined) expect(kernel.names.get(last >> 3)).toEqual(plain.names.get(last >> 3));
  }
  expect(damaged).toBeGreaterThan(50);
  store.close();
});

test('ids of a tree that begin alike, as nobody has them by chance', () => {
  const store = storeOf([Array.from({ length: 300 }, (_, index) => ({ ...whole(`object ${index}`), id: index.toString(16).padStart(40, '7') }))]);
  const { codec } = store;
  if (!(codec instanceof KernelCodec)) throw new Error('no kernel');
  const numbers = new ObjectNumbers(store);
  const readers = [new PlainEntries(numbers, store.hashBytes), new KernelEntries(codec, store, numbers)];
  const tree = Buffer.concat(
    Array.from({ length: 310 }, (_, index) =>
      Buffer.concat([Buffer.from(`100644 ${index}\0`), Buffer.from(index.toString(16).padStart(40, '7'), 'hex')]),
    ),
  );
  const [plain, kernel] = readers.map((reader) => read(reader, tree, 0, tree.length));
  expect(kernel).toEqual(plain);
  expect(plain?.entries.filter((_, word) => word % ENTRY_WORDS === 2).filter((child) => child >= 0)).toHaveLength(300);
  store.close();
});
