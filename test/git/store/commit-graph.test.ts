import { describe, expect, test } from 'vitest';
import { committerTime, CommitGraph } from '../../../src/git/store/commit-graph.ts';
import { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import type { ObjectStore } from '../../../src/git/store/object-store.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';

const MOST = 40;
const idOf = (number: number, digits = 40): string => number.toString(16).padStart(digits, '0');

/** A graph where an id is the number that it stands for, and those that were told to it. */
function graphOf(hashBytes: 20 | 32 = 20): { graph: CommitGraph; told: [number, number, string][] } {
  const numbers = new ObjectNumbers({ hashBytes, packs: [], loose: [], catalogue: {} } as unknown as ObjectStore);
  const told: [number, number, string][] = [];
  numbers.of = (bytes, at) => bytes.readUInt32BE(at + hashBytes - 4);
  return { graph: new CommitGraph(numbers, hashBytes, MOST, (number, type, bytes) => told.push([number, type, bytes.toString()])), told };
}

function commit(tree: number, parents: readonly number[] = [], rest = 'committer A <a@example.com> 17 +0000\n\nText\n', digits = 40): Buffer {
  return Buffer.from(`tree ${idOf(tree, digits)}\n${parents.map((parent) => `parent ${idOf(parent, digits)}\n`).join('')}${rest}`);
}

const parentsOf = (graph: CommitGraph, number: number): number[] =>
  Array.from({ length: graph.parentCount(number) }, (_, index) => graph.parent(number, index));

describe('commits', () => {
  test('of SHA-1 and of SHA-256: what they name, and when they were made', () => {
    for (const hashBytes of [20, 32] as const) {
      const { graph, told } = graphOf(hashBytes);
      const digits = hashBytes * 2;
      const committed = (time: number): string => `author A <a@example.com> 1 +0000\ncommitter A <a@example.com> ${time} +0000\n\nText\n`;
      const texts = [commit(9, [], committed(100), digits), commit(8, [0], committed(200), digits), commit(7, [1, 0, 30], committed(0), digits)];
      for (const [number, text] of texts.entries()) graph.whole(number, TYPE.commit, text);
      expect([0, 1, 2].map((number) => graph.target(number))).toEqual([9, 8, 7]);
      expect([0, 1, 2].map((number) => parentsOf(graph, number))).toEqual([[], [0], [1, 0, 30]]);
      expect([0, 1, 2].map((number) => graph.time(number))).toEqual([100, 200, 0]);
      expect([-1, 0, 2, 3].map((number) => graph.has(number))).toEqual([false, true, true, false]);
      expect([-1, 0, 2, 3].map((number) => graph.isCommit(number))).toEqual([false, true, true, false]);
      expect(told).toEqual(texts.map((text, number) => [number, TYPE.commit, text.toString()]));
      expect(graph.damaged.size).toBe(0);
    }
  });

  test('more than there was room for', () => {
    const numbers = { ofHex: () => 5 } as unknown as ObjectNumbers;
    const graph = new CommitGraph(numbers, 20, 3000, () => {});
    for (let number = 0; number < 3000; number++) graph.whole(number, TYPE.commit, commit(1, [], `committer A <a> ${number} +0000\n\n`));
    expect(Array.from({ length: 3000 }, (_, number) => graph.time(number))).toEqual(Array.from({ length: 3000 }, (_, number) => number));
  });

  test('made from others they are as if they were whole, and the first copy counts', () => {
    const { graph, told } = graphOf();
    graph.expect();
    graph.made(4, TYPE.commit, commit(1, [2]));
    graph.drop();
    graph.whole(4, TYPE.commit, commit(3));
    graph.made(4, TYPE.commit, commit(3));
    expect([graph.target(4), parentsOf(graph, 4), told.length]).toEqual([1, [2], 1]);
  });

  test.each([
    ['nothing', ''],
    ['another first word', `tres ${idOf(1)}\n\n`],
    ['no id of a tree', 'tree \n\n'],
    ['an id of a tree that is cut short', `tree ${idOf(1).slice(0, 39)}\n\n`],
    ['large letters', `tree ${'A'.repeat(40)}\n\n`],
    ['more behind the tree', `tree ${idOf(1)} \n\n`],
    ['no end of a line', `tree ${idOf(1)}`],
    ['no id of a parent', `tree ${idOf(1)}\nparent x\n\n`],
    ['a parent that is no id', `tree ${idOf(1)}\nparent ${'g'.repeat(40)}\n\n`],
    ['more behind a parent', `tree ${idOf(1)}\nparent ${idOf(2)} \n\n`],
  ])('%s is a damaged one: told, but not there', (_, text) => {
    const { graph, told } = graphOf();
    graph.whole(3, TYPE.commit, commit(1, [2]));
    graph.whole(6, TYPE.commit, Buffer.from(text));
    graph.whole(6, TYPE.commit, commit(1));
    graph.whole(7, TYPE.commit, commit(4, [5]));
    expect([...graph.damaged]).toEqual([6]);
    expect([graph.has(6), graph.isCommit(6)]).toEqual([false, false]);
    expect([3, 7].map((number) => [graph.target(number), parentsOf(graph, number), graph.time(number)])).toEqual([
      [1, [2], 17],
      [4, [5], 17],
    ]);
    expect(told.map(([number]) => number)).toEqual([3, 6, 7]);
  });

  test('other words that begin like a parent, and parents that do not stand behind the tree, are none', () => {
    const { graph } = graphOf();
    graph.whole(0, TYPE.commit, commit(1, [], `parents ${idOf(2)}\ncommitter A <a> 3 +0000\n\n`));
    graph.whole(1, TYPE.commit, commit(1, [], `author A <a> 3 +0000\nparent ${idOf(2)}\n\n`));
    graph.whole(2, TYPE.commit, commit(1, [], `Parent ${idOf(2)}\n\n`));
    expect([0, 1, 2].map((number) => [graph.has(number), graph.parentCount(number)])).toEqual([0, 1, 2].map(() => [true, 0]));
  });

  test('a time stands in the header alone', () => {
    const { graph } = graphOf();
    graph.whole(0, TYPE.commit, commit(1, [], 'author A <a> 1 +0000\n\ncommitter A <a> 5 +0000\n'));
    graph.whole(1, TYPE.commit, commit(1, [], 'committer A <a> 5 +0000'));
    expect([graph.time(0), graph.time(1)]).toEqual([Number.NaN, 5]);
  });

  test('what cannot be read is damaged', () => {
    const { graph, told } = graphOf();
    graph.unreadable(2);
    expect([...graph.damaged, graph.has(2), told.length]).toEqual([2, false, 0]);
  });
});

test('tags, followed to their end', () => {
  const { graph, told } = graphOf();
  const tag = (target: number): Buffer => Buffer.from(`object ${idOf(target)}\ntype commit\n`);
  graph.whole(0, TYPE.commit, commit(9));
  graph.whole(1, TYPE.tag, tag(0));
  graph.whole(2, TYPE.tag, tag(1));
  graph.whole(3, TYPE.tag, tag(30));
  graph.whole(4, TYPE.tag, Buffer.from(`Object ${idOf(0)}`));
  graph.whole(5, TYPE.tag, Buffer.from(`object ${idOf(0).slice(1)}`));
  graph.whole(6, TYPE.tag, tag(2));
  expect([0, 1, 2, 3, 6, 20, -3].map((number) => graph.peeled(number))).toEqual([0, 0, 0, 30, 0, 20, -3]);
  expect([1, 2, 3, 6].map((number) => [graph.isCommit(number), graph.has(number), graph.parentCount(number), graph.target(number)])).toEqual([
    [false, true, 0, 0],
    [false, true, 0, 1],
    [false, true, 0, 30],
    [false, true, 0, 2],
  ]);
  expect([...graph.damaged]).toEqual([4, 5]);
  expect(told.map(([number, type]) => [number, type])).toEqual([[0, TYPE.commit], ...[1, 2, 3, 4, 5, 6].map((number) => [number, TYPE.tag])]);
});

test.each([
  ['committer A <a> 12 +0000', 12],
  ['author A <a> 1 +0000\ncommitter A <a> 12 -0130\nencoding x', 12],
  ['committer A > B <a>   12   +0', 12],
  ['committer <>12 +0000', 12],
  ['committer A <a> 12 0000', Number.NaN],
  ['committer A <a> 12', Number.NaN],
  ['committer A <a> 12 +z', Number.NaN],
  ['committer A <a> x2 +0000', Number.NaN],
  ['committer A 12 +0000', Number.NaN],
  ['a committer A <a> 12 +0000', Number.NaN],
  ['', Number.NaN],
])('the time that %j says', (header, expected) => {
  expect(committerTime(header)).toBe(expected);
});
