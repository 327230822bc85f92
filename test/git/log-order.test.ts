/** The order of a log, and which commits change what leads to something. */
import { describe, expect, test } from 'vitest';
import type { HistoryGraph } from '../../src/git/history-graph.ts';
import { changedInOrder } from '../../src/git/log-order.ts';
import { startOrder } from '../../src/git/store/start-order.ts';
import type { Leads } from '../../src/git/store/leads.ts';

interface Commit {
  readonly parents?: readonly number[];
  readonly time?: number;
  /** Where the list of its tree begins. */
  readonly list?: number;
}

/** A graph of some commits, by number below 50; their trees have the numbers above. Each has a list of its own unless it says which. */
function graphOf(commits: Readonly<Record<number, Commit>>): { graph: HistoryGraph; leads: Leads } {
  const there = (number: number): Commit => commits[number] ?? expect.unreachable(`${number} is no commit`);
  const graph = {
    types: new Uint8Array(100),
    parentCount: (number: number) => there(number).parents?.length ?? 0,
    commits: {
      isCommit: (number: number) => commits[number] !== undefined,
      parent: (number: number, index: number) => there(number).parents![index]!,
      time: (number: number) => there(number).time ?? Number.NaN,
      target: (number: number) => there(number) && 50 + number,
    },
  } as unknown as HistoryGraph;
  const leads = { list: (tree: number) => (tree < 0 ? -1 : (there(tree - 50).list ?? tree)) } as Leads;
  return { graph, leads };
}

function orderOf(commits: Readonly<Record<number, Commit>>, starts: readonly number[]): number[] {
  const { graph, leads } = graphOf(commits);
  const places = changedInOrder(graph, leads, starts);
  expect(places.map(({ order }) => order)).toEqual(places.map((_, order) => order));
  return places.map(({ commit }) => commit);
}

describe('the order of a log', () => {
  test('each commit comes before its parents', () => {
    expect(orderOf({ 1: {}, 2: { parents: [1] }, 3: { parents: [2] } }, [3])).toEqual([3, 2, 1]);
    expect(orderOf({ 1: {}, 2: { parents: [1] }, 3: { parents: [2] } }, [1, 2, 3])).toEqual([3, 2, 1]);
    expect(orderOf({ 1: {}, 2: { parents: [1] } }, [])).toEqual([]);
    expect(orderOf({ 0: {}, 1: { parents: [0] } }, [1])).toEqual([1, 0]);
  });

  test('of a merge the last parent comes first, with all that only it leads to', () => {
    const commits = { 1: {}, 2: { parents: [1] }, 3: { parents: [1] }, 4: { parents: [3] }, 5: { parents: [2, 4] } };
    expect(orderOf(commits, [5])).toEqual([5, 4, 3, 2, 1]);
    expect(orderOf({ ...commits, 5: { parents: [4, 2] } }, [5])).toEqual([5, 2, 4, 3, 1]);
  });

  test('of several starts the newest comes first, of equal dates the one that was named first', () => {
    const commits = { 1: { time: 5 }, 2: { time: 9 }, 3: { time: 5 }, 4: {} };
    expect(orderOf(commits, [1, 2, 3, 4])).toEqual([2, 1, 3, 4]);
    expect(orderOf(commits, [4, 3, 2, 1])).toEqual([2, 3, 1, 4]);
    const { graph } = graphOf(commits);
    expect(startOrder([4, 3, 2, 1], graph.commits)).toEqual([2, 3, 1, 4]);
    expect(startOrder([], graph.commits)).toEqual([]);
  });

  test('one that another start leads to does not begin, however new it is', () => {
    expect(orderOf({ 1: { time: 99 }, 2: { time: 1, parents: [1] }, 3: { time: 50 } }, [1, 2, 3])).toEqual([3, 2, 1]);
  });

  test('what is not there, and what is no commit, is in no log', () => {
    expect(orderOf({ 1: {}, 2: { parents: [-3, 1, 40] } }, [2])).toEqual([2, 1]);
    expect(orderOf({ 2: { parents: [-3] } }, [2])).toEqual([2]);
  });

  test('a parent that is named twice comes once', () => {
    expect(orderOf({ 1: {}, 2: { parents: [1, 1] }, 3: { parents: [2, 1] } }, [3])).toEqual([3, 2, 1]);
  });
});

describe('commits that change what leads on', () => {
  test('are told with how many others come before', () => {
    const { graph, leads } = graphOf({ 1: { list: 7 }, 2: { parents: [1], list: 7 }, 3: { parents: [2], list: 8 }, 4: { parents: [3], list: 8 } });
    expect(changedInOrder(graph, leads, [4])).toEqual([
      { order: 1, commit: 3 },
      { order: 3, commit: 1 },
    ]);
  });

  test('the first one changes something unless nothing of it leads on', () => {
    expect(changedInOrder(graphOf({ 1: { list: -1 } }).graph, graphOf({ 1: { list: -1 } }).leads, [1])).toEqual([]);
    const { graph, leads } = graphOf({ 1: { list: 0 } });
    expect(changedInOrder(graph, leads, [1])).toEqual([{ order: 0, commit: 1 }]);
  });

  test('a merge is one that differs from any of its parents', () => {
    const commits = {
      1: { list: 7 },
      2: { list: 7 },
      3: { list: 8 },
      4: { parents: [1, 2], list: 7 },
      5: { parents: [1, 3], list: 7 },
      6: { parents: [3, 1], list: 7 },
    };
    const { graph, leads } = graphOf(commits);
    const merges = [4, 5, 6].filter((merge) => changedInOrder(graph, leads, [merge]).some(({ commit }) => commit === merge));
    expect(merges).toEqual([5, 6]);
  });

  test('a parent that is not there has nothing', () => {
    const { graph, leads } = graphOf({ 1: { parents: [-2], list: 7 }, 2: { parents: [-2], list: -1 } });
    expect([1, 2].map((commit) => changedInOrder(graph, leads, [commit]).length)).toEqual([1, 0]);
  });
});
