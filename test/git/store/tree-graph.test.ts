import { describe, expect, test } from 'vitest';
import type { ObjectNumbers } from '../../../src/git/store/numbers.ts';
import { TYPE } from '../../../src/git/store/pack-entry.ts';
import { KIND, PlainEntries } from '../../../src/git/store/tree-entries.ts';
import { nameOf, TreeGraph } from '../../../src/git/store/tree-graph.ts';
import { makeDelta, type Operation } from './hand-made.ts';

/** Numbers of what trees name are the first bytes of its id. */
const NUMBERS = { of: (bytes: Buffer, at: number) => bytes.readUInt32BE(at) } as unknown as ObjectNumbers;
const ID = 20;

function entry(name: string, child: number): Buffer {
  const id = Buffer.alloc(ID);
  id.writeUInt32BE(child);
  return Buffer.concat([Buffer.from(`100644 ${name}\0`), id]);
}

function nameAt(index: number): string {
  return `file-${String(index).padStart(7, '0')}`;
}

function inserting(bytes: Buffer): Operation[] {
  return Array.from({ length: Math.ceil(bytes.length / 127) }, (_, part) => ({ insert: bytes.subarray(part * 127, part * 127 + 127) }));
}

describe('a large folder', () => {
  // 10¹⁰ steps if each entry were looked for among all others: minutes. One by one it is a fraction of a second.
  const COUNT = 100_000;
  const LIMIT = 10_000;

  function changed(): { graph: TreeGraph; names: number[] } {
    const graph = new TreeGraph(new PlainEntries(NUMBERS, ID), 2);
    const first = Buffer.concat(Array.from({ length: COUNT }, (_, index) => entry(nameAt(index), index)));
    const second = Buffer.concat(Array.from({ length: COUNT }, (_, index) => entry(nameAt(index + (index % 2) * COUNT), COUNT + index)));
    const base = graph.whole(0, TYPE.tree, first);
    graph.made(1, TYPE.tree, second, makeDelta(first.length, inserting(second)), base);
    const names: number[] = [];
    graph.eachAdded(0, (label) => names.push(nameOf(label)));
    return { graph, names };
  }

  test('of which every entry was changed, and half of them renamed', () => {
    within(LIMIT, () => {
      const { graph, names } = changed();
      expect(graph.base(1)).toBe(0);
      expect(names).toHaveLength(COUNT);
      const dropped: number[] = [];
      graph.eachDropped(1, (name) => dropped.push(name));
      expect(dropped).toEqual(names.filter((_, index) => index % 2 === 1));
      const kept = names.map((name) => graph.entry(1, name)).filter((found) => found !== undefined);
      expect(kept).toHaveLength(COUNT / 2);
      expect(kept[0]).toMatchObject({ child: COUNT });
      expect(names.map((name) => graph.entry(0, name)?.child)).toEqual(Array.from({ length: COUNT }, (_, index) => index));
    });
  });

  test('with as many versions as entries, each made from the one before it', () => {
    within(LIMIT, () => {
      const versions = 20_000;
      const entries = new PlainEntries(NUMBERS, ID);
      const graph = new TreeGraph(entries, versions);
      const bytes = entry(nameAt(0), 0);
      let kept = graph.whole(0, TYPE.tree, bytes);
      const other = entry(nameAt(1), 1);
      for (let version = 1; version < versions; version++) {
        const next = Buffer.concat([bytes, entry(nameAt(version), version)]);
        const before = version === 1 ? bytes.length : next.length;
        const operations: Operation[] = [{ copy: 0, size: bytes.length }, { insert: next.subarray(bytes.length) }];
        kept = graph.made(version, TYPE.tree, next, makeDelta(before, operations), kept);
      }
      const name = entries.names.add(other, 7, 7 + nameAt(0).length);
      let found = 0;
      for (let version = 0; version < versions; version++) if (graph.entry(version, name) !== undefined) found++;
      expect(found).toBe(1);
      let depth = 0;
      for (let at = versions - 1; graph.base(at) >= 0; at = graph.base(at)) depth++;
      expect(depth).toBeLessThan(300);
      graph.eachEntry(versions - 1, (label, child) => expect([label & 7, child === 0 || child === versions - 1]).toEqual([KIND.file, true]));
    });
  });
});

/** Does some work in so many milliseconds of the processor, whatever else the machine does. */
function within(limit: number, work: () => void): void {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1000).toBeLessThan(limit);
}
