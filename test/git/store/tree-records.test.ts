/** Records of trees that are made from others by deltas, against the trees themselves. */
import { describe, expect, test } from 'vitest';
import type { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { KIND, PlainEntries } from '../../../src/git/store/tree-entries.ts';
import { kindOf, nameOf, TreeGraph } from '../../../src/git/store/tree-graph.ts';
import { Random } from '../../support/random.ts';
import { makeDelta, type Operation } from './hand-made.ts';

/** Numbers of what trees name are the first bytes of its id. */
const NUMBERS = { of: (bytes: Buffer, at: number) => bytes.readUInt32BE(at) } as unknown as ObjectNumbers;
const MODES = ['40000', '100644', '100755', '120000', '160000'];
const FILE = KIND.file;

interface Entry {
  readonly name: string;
  readonly kind: number;
  readonly child: number;
}

function bytesOf({ name, kind, child }: Entry): Buffer {
  const id = Buffer.alloc(20);
  id.writeUInt32BE(child);
  return Buffer.concat([Buffer.from(`${MODES[kind]} ${name}\0`), id]);
}

const treeOf = (entries: readonly Entry[]): Buffer => Buffer.concat(entries.map(bytesOf));
const file = (name: string, child: number): Entry => ({ name, kind: FILE, child });

/** Bytes as insertions of at most 127 bytes. */
function inserting(bytes: Buffer): Operation[] {
  return Array.from({ length: Math.ceil(bytes.length / 127) }, (_, part) => ({ insert: bytes.subarray(part * 127, part * 127 + 127) }));
}

/** A delta that copies what both trees have, entry by entry or in longer runs that begin and end anywhere. */
function deltaOf(random: Random, from: readonly Entry[], to: readonly Entry[]): Buffer {
  const base = treeOf(from);
  const operations: Operation[] = [];
  for (const entry of to) {
    const bytes = bytesOf(entry);
    const known = from.findIndex((other) => other.name === entry.name && other.kind === entry.kind && other.child === entry.child);
    if (known < 0) {
      // The mode may come from another entry, and so may the zeros that an id ends with.
      const tail = from.length > 0 && random.below(3) === 0 ? random.below(16) : 0;
      operations.push(...inserting(bytes.subarray(0, bytes.length - tail)));
      if (tail > 0) operations.push({ copy: treeOf(from.slice(0, 1)).length - tail, size: tail });
      continue;
    }
    const start = treeOf(from.slice(0, known)).length;
    const last = operations.at(-1);
    if (last !== undefined && 'copy' in last && last.copy + last.size === start && random.below(4) > 0) {
      operations[operations.length - 1] = { copy: last.copy, size: last.size + bytes.length };
    } else if (random.below(3) === 0) {
      const cut = 1 + random.below(bytes.length - 1);
      operations.push({ copy: start, size: cut }, { copy: start + cut, size: bytes.length - cut });
    } else operations.push({ copy: start, size: bytes.length });
  }
  return makeDelta(base.length, operations);
}

interface Made {
  readonly graph: TreeGraph;
  readonly reader: PlainEntries;
}

function newGraph(total: number): Made {
  const reader = new PlainEntries(NUMBERS, 20);
  return { graph: new TreeGraph(reader, total), reader };
}

/** All entries of a tree, by name. */
function entriesOf({ graph, reader }: Made, tree: number): Entry[] {
  const found: Entry[] = [];
  graph.eachEntry(tree, (label, child) => found.push({ name: reader.names.get(nameOf(label)).toString(), kind: kindOf(label), child }));
  return sorted(found);
}

function sorted(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.child - b.child));
}

/** What a tree says that it has under a name. */
function entryOf({ graph, reader }: Made, tree: number, name: string): Entry | undefined {
  const found = graph.entry(tree, reader.names.add(Buffer.from(name), 0, name.length));
  return found === undefined ? undefined : { name, kind: kindOf(found.label), child: found.child };
}

/** What a record says itself. */
function recordOf({ graph, reader }: Made, tree: number): { base: number; added: string[]; dropped: string[] } {
  const nameAt = (name: number): string => reader.names.get(name).toString();
  const added: string[] = [];
  const dropped: string[] = [];
  graph.eachAdded(tree, (label) => added.push(nameAt(nameOf(label))));
  graph.eachDropped(tree, (name) => dropped.push(nameAt(name)));
  return { base: graph.base(tree), added, dropped };
}

/** Another version of a tree. */
function edited(random: Random, entries: readonly Entry[], next: () => number): Entry[] {
  const result = entries.filter(() => random.below(6) > 0).map((entry) => (random.below(5) === 0 ? { ...entry, child: next() } : entry));
  for (let count = random.below(4); count > 0; count--) {
    const name = `n${random.below(24)}`;
    if (result.some((entry) => entry.name === name)) continue;
    result.splice(random.below(result.length + 1), 0, { name, kind: random.below(5), child: next() });
  }
  return random.below(12) === 0 ? result.toReversed() : result;
}

describe('trees that are made from others', () => {
  for (let seed = 1; seed <= 4; seed++) {
    test(`family number ${seed}: each tree has what its bytes say, and names what is new`, () => {
      const random = new Random(seed);
      const made = newGraph(16);
      let child = 0;
      const next = (): number => ++child;
      const versions: Entry[][] = [
        Array.from({ length: 4 + random.below(16) }, (_, index) => ({ name: `n${index}`, kind: random.below(5), child: next() })),
      ];
      const kept = [made.graph.whole(0, TYPE.tree, treeOf(versions[0]!))];
      for (let tree = 1; tree < 16; tree++) {
        const base = random.below(3) === 0 ? random.below(tree) : tree - 1;
        const entries = edited(random, versions[base]!, next);
        versions.push(entries);
        kept.push(made.graph.made(tree, TYPE.tree, treeOf(entries), deltaOf(random, versions[base]!, entries), kept[base]!));
        expect(made.graph.base(tree)).toBe(base);
      }
      const names = Array.from({ length: 24 }, (_, index) => `n${index}`);
      for (const [tree, entries] of versions.entries()) {
        expect(made.graph.has(tree)).toBe(true);
        expect(entriesOf(made, tree)).toEqual(sorted(entries));
        for (const name of names) expect(entryOf(made, tree, name)).toEqual(entries.find((entry) => entry.name === name));
        // And the same again, since what was searched may have been put in another order.
        expect(entriesOf(made, tree)).toEqual(sorted(entries));
      }
      expect(made.graph.damaged.size).toBe(0);
    });
  }

  test('a record has what was changed, and names of what is gone', () => {
    const made = newGraph(3);
    const first = [file('a', 1), file('b', 2), file('c', 3), file('d', 4)];
    const second = [file('a', 1), file('b', 9), file('d', 4), file('e', 5)];
    const base = made.graph.whole(0, TYPE.tree, treeOf(first));
    const size = bytesOf(first[0]!).length;
    const delta = makeDelta(4 * size, [
      { copy: 0, size },
      { insert: bytesOf(second[1]!) },
      { copy: 3 * size, size },
      { insert: bytesOf(second[3]!) },
    ]);
    made.graph.made(1, TYPE.tree, treeOf(second), delta, base);
    expect(recordOf(made, 0)).toEqual({ base: -1, added: ['a', 'b', 'c', 'd'], dropped: [] });
    expect(recordOf(made, 1)).toEqual({ base: 0, added: ['b', 'e'], dropped: ['c'] });
    expect([0, 1, 2, -1].map((tree) => made.graph.has(tree))).toEqual([true, true, false, false]);
  });

  test('an empty tree, made from one and the base of another', () => {
    const made = newGraph(4);
    const some = [file('a', 1)];
    const first = made.graph.whole(0, TYPE.tree, treeOf(some));
    const none = made.graph.made(1, TYPE.tree, Buffer.alloc(0), makeDelta(treeOf(some).length, []), first);
    made.graph.made(2, TYPE.tree, treeOf(some), makeDelta(0, [{ insert: treeOf(some) }]), none);
    made.graph.whole(3, TYPE.tree, Buffer.alloc(0));
    expect([0, 1, 2, 3].map((tree) => entriesOf(made, tree))).toEqual([some, [], some, []]);
    expect(recordOf(made, 1)).toEqual({ base: 0, added: [], dropped: ['a'] });
  });

  test('places and sizes of any length: runs of more than 65,535 bytes', () => {
    const many = Array.from({ length: 1800 }, (_, index) => file(`file-${String(index).padStart(5, '0')}`, index));
    const size = bytesOf(many[0]!).length;
    const bytes = treeOf(many);
    for (const [skipped, length] of [
      [0, 0x10000],
      [size * 50, size * 1740],
      [size, size * 1799],
    ] as const) {
      const whole = length - (length % size);
      const made = newGraph(2);
      const base = made.graph.whole(0, TYPE.tree, bytes);
      const result = bytes.subarray(skipped, skipped + whole);
      const operations: Operation[] = length === whole ? [{ copy: skipped, size: length }] : [{ copy: 0, size: whole }];
      made.graph.made(1, TYPE.tree, result, makeDelta(bytes.length, operations), base);
      expect(entriesOf(made, 1)).toEqual(many.slice(skipped / size, (skipped + whole) / size));
      expect(recordOf(made, 1).added).toEqual([]);
    }
    // 0x10000 bytes are written as no size at all: the last entry is cut, and goes on behind.
    const made = newGraph(2);
    const base = made.graph.whole(0, TYPE.tree, bytes);
    const more = 0x10000 + size - (0x10000 % size);
    const operations = [
      { copy: 0, size: 0x10000 },
      { copy: 0x10000, size: more - 0x10000 },
    ];
    made.graph.made(1, TYPE.tree, bytes.subarray(0, more), makeDelta(bytes.length, operations), base);
    expect(entriesOf(made, 1)).toEqual(many.slice(0, more / size));
  });
});

describe('trees that git would not write', () => {
  const twice = [file('a', 1), file('a', 2), file('b', 3)];

  test('a name that is there twice: both are told, the first one is found', () => {
    const made = newGraph(2);
    made.graph.whole(0, TYPE.tree, treeOf(twice));
    expect(entriesOf(made, 0)).toEqual(twice);
    expect(entryOf(made, 0, 'a')).toEqual(twice[0]);
    expect(entryOf(made, 0, 'b')).toEqual(twice[2]);
    expect(entriesOf(made, 0)).toEqual(twice);
  });

  test('nothing is recorded upon one, nor as one', () => {
    const made = newGraph(5);
    const size = bytesOf(twice[0]!).length;
    const copied: Operation[] = [{ copy: size, size: 2 * size }];
    const doubled = made.graph.whole(0, TYPE.tree, treeOf(twice));
    const plain = made.graph.made(1, TYPE.tree, treeOf(twice.slice(1)), makeDelta(3 * size, copied), doubled);
    const again: Operation[] = [{ copy: 0, size: 2 * size }, { insert: bytesOf(twice[0]!) }];
    made.graph.made(2, TYPE.tree, treeOf([...twice.slice(1), twice[0]!]), makeDelta(2 * size, again), plain);
    const both: Operation[] = [{ insert: bytesOf(file('c', 4)) }, { insert: bytesOf(file('c', 5)) }];
    const entries = [file('c', 4), file('c', 5)];
    made.graph.made(3, TYPE.tree, treeOf(entries), makeDelta(2 * size, both), plain);
    expect([1, 2, 3].map((tree) => made.graph.base(tree))).toEqual([-1, -1, -1]);
    expect([1, 2, 3].map((tree) => entriesOf(made, tree))).toEqual([twice.slice(1), twice, entries]);
  });

  test('bytes that are no entry: what stands before them is told, and what is made from them too', () => {
    const made = newGraph(4);
    const good = file('good', 7);
    const size = bytesOf(good).length;
    const cut = Buffer.concat([bytesOf(good), Buffer.from('100644 cut')]);
    const base = made.graph.whole(0, TYPE.tree, cut);
    const delta = makeDelta(cut.length, [{ copy: 0, size }, { insert: Buffer.from('no entry') }]);
    made.graph.made(1, TYPE.tree, Buffer.concat([bytesOf(good), Buffer.from('no entry')]), delta, base);
    made.graph.unreadable(2);
    made.graph.whole(3, TYPE.tree, bytesOf(good));
    expect([...made.graph.damaged]).toEqual([0, 1, 2]);
    expect([0, 1, 3].map((tree) => entriesOf(made, tree))).toEqual([[good], [good], [good]]);
    expect(made.graph.has(2)).toBe(false);
  });
});

test('of several copies the first one counts, and what is made from a later one has its bytes', () => {
  const made = newGraph(3);
  const [one, other] = [[file('a', 1)], [file('b', 2)]];
  made.graph.whole(0, TYPE.tree, treeOf(one));
  const later = made.graph.whole(0, TYPE.tree, treeOf(other));
  const size = treeOf(other).length;
  made.graph.made(1, TYPE.tree, treeOf([...other, ...one]), makeDelta(size, [{ copy: 0, size }, { insert: treeOf(one) }]), later);
  expect(entriesOf(made, 0)).toEqual(one);
  expect(entriesOf(made, 1)).toEqual([...one, ...other]);
  const base = made.graph.whole(2, TYPE.tree, treeOf(one));
  made.graph.made(1, TYPE.tree, treeOf(other), makeDelta(size, inserting(treeOf(other))), base);
  expect(entriesOf(made, 1)).toEqual([...one, ...other]);
});

test('what is held for trees is used again when nothing is made from them any more', () => {
  const made = newGraph(40);
  made.graph.expect(10_000);
  for (let tree = 0; tree < 40; tree++) {
    const entries = Array.from({ length: 1 + ((tree * 37) % 150) }, (_, index) => file(`n${index}`, tree + index));
    const kept = made.graph.whole(tree, TYPE.tree, treeOf(entries));
    made.graph.drop(kept);
    expect(recordOf(made, tree).added).toEqual(entries.map(({ name }) => name));
  }
});
