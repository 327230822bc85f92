import { describe, expect, test } from 'vitest';
import { PlainLeads } from '../../../src/git/store/leads.ts';
import { KIND, KIND_BITS } from '../../../src/git/store/tree-entries.ts';
import type { TreeRecords } from '../../../src/git/store/tree-graph.ts';

type Entry = [name: number, child: number, kind?: number];

/** What a tree has and its base has not, and names of what it has not any more. */
interface Record {
  readonly base?: number;
  readonly added?: readonly Entry[];
  readonly dropped?: readonly number[];
}

const label = (name: number, kind: number): number => (name << KIND_BITS) | kind;

function leadsOf(records: Readonly<globalThis.Record<number, Record>>, targets: readonly number[]): PlainLeads {
  /** Only what has a record is asked about. */
  const recordOf = (tree: number): Record => records[tree] ?? expect.unreachable(`${tree} has no record`);
  const trees: Pick<TreeRecords, 'has' | 'base' | 'eachAdded' | 'eachDropped'> = {
    has: (tree) => records[tree] !== undefined,
    base: (tree) => recordOf(tree).base ?? -1,
    eachAdded: (tree, told) => {
      for (const [name, child, kind = KIND.file] of recordOf(tree).added ?? []) told(label(name, kind), child);
    },
    eachDropped: (tree, told) => {
      for (const name of recordOf(tree).dropped ?? []) told(name);
    },
  };
  return new PlainLeads(trees as TreeRecords, 100, targets);
}

/** Names and children of what leads on; undefined where nothing does. */
function listOf(leads: PlainLeads, tree: number): [number, number][] | undefined {
  const list = leads.list(tree);
  if (list < 0) return undefined;
  return Array.from({ length: leads.at(list) }, (_, index) => [leads.at(list + 1 + 2 * index) >> KIND_BITS, leads.at(list + 2 + 2 * index)]);
}

describe('what leads to some objects', () => {
  test('trees above them, and no others', () => {
    const leads = leadsOf(
      {
        10: {
          added: [
            [1, 50],
            [2, 51],
          ],
        },
        11: {
          added: [
            [3, 10, KIND.folder],
            [4, 52],
          ],
        },
        12: { added: [[1, 52]] },
      },
      [50],
    );
    expect([50, 10, 11].map((number) => leads.has(number))).toEqual([true, true, true]);
    expect([51, 52, 12, 0, 99].map((number) => leads.has(number))).toEqual([false, false, false, false, false]);
    expect([10, 11, 12, 50, 0, -1, -7].map((tree) => listOf(leads, tree))).toEqual([
      [[1, 50]],
      [[3, 10]],
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('nothing leads to nothing', () => {
    const leads = leadsOf({ 10: { added: [[1, 50]] } }, []);
    expect([10, 50].map((number) => leads.has(number))).toEqual([false, false]);
    expect(leads.list(10)).toBe(-1);
  });

  test('labels ascend, whatever their order in the tree, and kinds are kept', () => {
    const leads = leadsOf(
      {
        10: {
          added: [
            [9, 50],
            [2, 51, KIND.program],
            [5, 52, KIND.link],
            [1, 53],
          ],
        },
      },
      [50, 51, 52],
    );
    const list = leads.list(10);
    expect([0, 1, 2, 3, 4, 5, 6].map((at) => leads.at(list + at))).toEqual([
      3,
      label(2, KIND.program),
      51,
      label(5, KIND.link),
      52,
      label(9, KIND.file),
      50,
    ]);
  });

  test('submodules, and what is not in the store, lead nowhere', () => {
    const leads = leadsOf(
      {
        10: { added: [[1, 50, KIND.module]] },
        11: {
          added: [
            [1, -3],
            [2, 50],
          ],
        },
      },
      [50],
    );
    expect(leads.has(10)).toBe(false);
    expect(listOf(leads, 11)).toEqual([[2, 50]]);
    const both = leadsOf(
      {
        10: {
          added: [
            [1, 50, KIND.module],
            [2, 50],
          ],
        },
      },
      [50],
    );
    expect(listOf(both, 10)).toEqual([[2, 50]]);
  });

  test('a tree has what its base has, but for what is changed or dropped', () => {
    const leads = leadsOf(
      {
        10: {
          added: [
            [1, 50],
            [2, 51],
            [3, 52],
            [4, 60],
          ],
        },
        11: {
          base: 10,
          added: [
            [2, 61],
            [5, 50],
          ],
          dropped: [3],
        },
        12: { base: 11, added: [[1, 52]] },
        13: { base: 12, dropped: [1, 5] },
      },
      [50, 51, 52],
    );
    expect(listOf(leads, 13)).toEqual([]);
    expect(listOf(leads, 12)).toEqual([
      [1, 52],
      [5, 50],
    ]);
    expect(listOf(leads, 11)).toEqual([
      [1, 50],
      [5, 50],
    ]);
    expect(listOf(leads, 10)).toEqual([
      [1, 50],
      [2, 51],
      [3, 52],
    ]);
    // One that is made from such a tree may hold one.
    expect(leads.has(13)).toBe(true);
  });

  test('trees of which the same entries lead on have one list', () => {
    const leads = leadsOf(
      {
        10: {
          added: [
            [1, 50],
            [2, 60],
          ],
        },
        11: { base: 10, added: [[2, 61]] },
        12: { base: 11, added: [[3, 62]], dropped: [2] },
        13: { base: 12, added: [[1, 51]] },
        14: { base: 12, added: [[4, 50]] },
        15: { base: 12, added: [[5, 50]], dropped: [1] },
      },
      [50],
    );
    const list = leads.list(12);
    expect(list).toBeGreaterThanOrEqual(0);
    expect([leads.list(10), leads.list(11), leads.list(12)]).toEqual([list, list, list]);
    expect(listOf(leads, 13)).toEqual([]);
    expect(listOf(leads, 14)).toEqual([
      [1, 50],
      [4, 50],
    ]);
    expect(listOf(leads, 15)).toEqual([[5, 50]]);
  });

  test('a list stays where it is when others are made', () => {
    const leads = leadsOf({ 10: { added: [[1, 50]] }, 11: { base: 10, added: [[2, 50]] }, 12: { base: 11, added: [[3, 50]] } }, [50]);
    const first = [10, 11].map((tree) => leads.list(tree));
    leads.list(12);
    expect([10, 11].map((tree) => leads.list(tree))).toEqual(first);
  });

  test('an object and a tree that have the number 0', () => {
    expect(leadsOf({ 10: { added: [[1, 0]] } }, [0]).has(10)).toBe(true);
    const leads = leadsOf({ 0: { added: [[1, 50]] }, 10: { added: [[1, 0, KIND.folder]] }, 11: { base: 0 } }, [50]);
    expect([0, 10, 11].map((tree) => listOf(leads, tree))).toEqual([[[1, 50]], [[1, 0]], [[1, 50]]]);
  });

  test('a tree that leads on, made from one that does not', () => {
    const leads = leadsOf({ 10: { added: [[1, 60]] }, 11: { base: 10, added: [[2, 50]] }, 12: { base: 11, added: [[3, 60]] } }, [50]);
    expect(leads.has(10)).toBe(false);
    expect([12, 11, 10].map((tree) => listOf(leads, tree))).toEqual([[[2, 50]], [[2, 50]], undefined]);
  });

  test('a target that is a tree, and rings of trees, which only damage can make', () => {
    const leads = leadsOf(
      {
        10: { added: [[1, 11, KIND.folder]] },
        11: {
          added: [
            [2, 10, KIND.folder],
            [3, 60],
          ],
        },
      },
      [11],
    );
    expect([10, 11].map((tree) => listOf(leads, tree))).toEqual([[[1, 11]], [[2, 10]]]);
  });

  test('two trees that hold the same, and one that holds it twice', () => {
    const leads = leadsOf(
      {
        0: {
          added: [
            [1, 50],
            [7, 50],
          ],
        },
        1: { added: [[2, 50]] },
        99: {
          added: [
            [1, 0, KIND.folder],
            [2, 1, KIND.folder],
          ],
        },
      },
      [50],
    );
    expect([0, 1, 99].map((tree) => listOf(leads, tree))).toEqual([
      [
        [1, 50],
        [7, 50],
      ],
      [[2, 50]],
      [
        [1, 0],
        [2, 1],
      ],
    ]);
  });
});
