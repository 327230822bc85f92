import { expect, test } from 'vitest';
import type { HistoryGraph } from '../../src/git/history-graph.ts';
import type { ObjectStore } from '../../src/git/store/object-store.ts';
import { TYPE } from '../../src/git/store/pack-entry.ts';
import { OpenObjects, type Wanted } from '../../src/sources/open-objects.ts';

/** Objects 0 to 7: two blobs, of which nothing reaches the second, a tree, two commits, a tag, one of no type, one without a copy. */
const TYPES = [TYPE.blob, TYPE.blob, TYPE.tree, TYPE.commit, TYPE.commit, TYPE.tag, TYPE.none, TYPE.none];
const REACHED = [1, 0, 1, 1, 0, 1, 0, 0];
const ids = TYPES.map((_, number) => `id-${number}`);
const store = { catalogue: { stands: (number: number) => number !== 7 } } as unknown as ObjectStore;

function graphOf(parts: { missing?: string[]; mistyped?: number[] } = {}): HistoryGraph {
  return {
    types: Uint8Array.from(TYPES),
    reached: Uint8Array.from(REACHED),
    missing: parts.missing ?? [],
    mistyped: new Set(parts.mistyped ?? []),
    numbers: { id: (number: number) => ids[number], find: (id: string) => (ids.includes(id) ? ids.indexOf(id) : undefined) },
  } as unknown as HistoryGraph;
}

function open(wanted: Partial<Wanted> & { done?: Uint8Array } = {}, graph = graphOf()): OpenObjects {
  return new OpenObjects(store, graph, { everything: false, alsoBlobs: [], done: new Uint8Array(TYPES.length), ...wanted });
}

test('what is reached is open, but no tree', () => {
  const objects = open();
  expect([...objects.numbers()]).toEqual([0, 3, 5]);
  expect(objects.hasOthers).toBe(true);
  expect(objects.blobs).toBe(1);
});

test('commits and tags that were looked at are not', () => {
  const objects = open({ done: Uint8Array.of(0, 0, 0, 1, 0, 1, 0, 0) });
  expect([...objects.numbers()]).toEqual([0]);
  expect(objects.hasOthers).toBe(false);
});

test('where everything is asked for, also what nothing reaches, and what is there without a type', () => {
  expect([...open({ everything: true }).numbers()]).toEqual([0, 1, 3, 4, 5, 6]);
});

test('what has no type and is told as missing is not told twice', () => {
  expect(open({ everything: true }, graphOf({ missing: ['id-6'] })).has(6)).toBe(false);
});

test('what is no blob, commit or tag though something says so is left out', () => {
  expect([...open({}, graphOf({ mistyped: [0] })).numbers()]).toEqual([3, 5]);
});

test('blobs that are asked for are open, whatever reaches them', () => {
  const objects = open({ alsoBlobs: ['id-1', 'id-1', 'elsewhere', 'gone'] }, graphOf({ missing: ['gone'] }));
  expect(objects.has(1)).toBe(true);
  expect(objects.unknown).toEqual(['elsewhere']);
  expect(objects.mistyped.size).toBe(0);
});

test('one of no type may be a blob, and something else', () => {
  const done = Uint8Array.of(0, 0, 0, 1, 0, 1, 0, 0);
  const objects = open({ alsoBlobs: ['id-6'], done });
  expect([...objects.numbers()]).toEqual([0, 6]);
  expect(objects.hasOthers).toBe(true);
  expect(open({ alsoBlobs: ['id-1'], done }).hasOthers).toBe(false);
});

test('one that is asked for as a blob and is none is told, once', () => {
  expect([...open({ alsoBlobs: ['id-2', 'id-3'] }).mistyped]).toEqual([
    ['id-2', TYPE.tree],
    ['id-3', TYPE.commit],
  ]);
  expect(open({ alsoBlobs: ['id-3'] }, graphOf({ mistyped: [3] })).mistyped.size).toBe(0);
});

test('each is taken once', () => {
  const objects = open();
  expect(objects.take(0)).toBe(true);
  expect(objects.take(0)).toBe(false);
  expect(objects.take(1)).toBe(false);
  expect([...objects.numbers()]).toEqual([3, 5]);
});

test('those of which somebody says so are taken; of one without a type nobody is asked', () => {
  const objects = open({ everything: true });
  const asked: string[] = [];
  objects.takeIf((id, type) => asked.push(`${id} ${type}`) > 0 && type !== 'tag');
  expect(asked).toEqual(['id-0 blob', 'id-1 blob', 'id-3 commit', 'id-4 commit', 'id-5 tag']);
  expect([...objects.numbers()]).toEqual([5, 6]);
});

test('the rest goes to git: what has no type as blobs', () => {
  const objects = open({ everything: true, alsoBlobs: ['elsewhere'] });
  objects.take(1);
  expect(objects.rest()).toEqual({ blobs: new Set(['elsewhere', 'id-0', 'id-6']), others: new Set(['id-3', 'id-4', 'id-5']) });
});
