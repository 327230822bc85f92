/** What an earlier scan found nothing in: what is left out for it, what is remembered, and what is kept for the next one. */
import { describe, expect, test } from 'vitest';
import type { CleanList } from '../../src/git/clean-list.ts';
import type { HistoryGraph } from '../../src/git/history-graph.ts';
import type { Sink } from '../../src/model/source.ts';
import { CleanObjects, FEW_BLOBS, noteSkipped } from '../../src/sources/clean-objects.ts';
import type { HistoryReader } from '../../src/sources/history-reader.ts';

const UNWRITTEN = 'the cache could not be written, so the next scan looks at everything again';

/** A scan beside a list of an earlier one, or without: what it counted, noted and kept. */
function scan(listed: readonly string[] | undefined, { canWrite = true } = {}) {
  const state = { findings: 0, told: [] as string[], kept: undefined as readonly string[] | undefined };
  const sink = {
    counted: (unit: string) => void state.told.push(`counted ${unit}`),
    scanned: () => void state.told.push('scanned'),
    note: (text: string) => void state.told.push(text),
  };
  const list = {
    ids: () => listed ?? [],
    replace: (ids: readonly string[]) => {
      state.kept = [...ids];
      return canWrite;
    },
  };
  const reader = { lastWasOrdinary: true };
  const earlier = listed === undefined ? undefined : { list: list as unknown as CleanList, last: undefined, told: () => state.findings };
  return { state, reader, clean: new CleanObjects(earlier, reader as HistoryReader, sink as unknown as Sink) };
}

const numbers = { id: (number: number) => `id-${number}` } as unknown as HistoryGraph['numbers'];

describe('what was clean', () => {
  test('is not looked at again, and counts as scanned', () => {
    const { clean, state } = scan(['a', 'b', 'c']);
    expect(clean.isActive).toBe(true);
    expect([clean.skip('a', 'blob'), clean.skip('b', 'commit'), clean.skip('c', 'tag'), clean.skip('d', 'blob')]).toEqual([true, true, true, false]);
    expect(state.told).toEqual(['counted blob', 'scanned', 'counted commit', 'scanned', 'counted tag', 'scanned']);
    expect(clean.keep(7)).toEqual({ clean: { blob: 1, commit: 1, tag: 1 }, again: [], unreachable: 7 });
    expect(state.kept).toEqual(['a', 'b', 'c']);
    expect(state.told.at(-1)).toBe('3 objects in which an earlier scan found nothing were not read again');
  });

  test('is no tree', () => {
    const { clean, state } = scan(['a']);
    expect(clean.skip('a', 'tree')).toBe(false);
    expect(state.told).toEqual([]);
  });

  test('is nothing where nothing was kept', () => {
    expect(scan([]).clean.isActive).toBe(false);
    expect(scan(undefined).clean.isActive).toBe(false);
    expect(scan(undefined).clean.skip('a', 'blob')).toBe(false);
  });
});

describe('what is looked at', () => {
  test('is clean when nothing is told of it', () => {
    const { clean, state } = scan([]);
    const answer = clean.look(
      () => 'a',
      'commit',
      () => 'answer',
    );
    expect(answer).toBe('answer');
    clean.look(
      () => 'b',
      'blob',
      () => state.findings++,
    );
    expect(clean.keep(0)).toEqual({ clean: { blob: 0, commit: 1, tag: 0 }, again: ['b'], unreachable: 0 });
    expect(state.kept).toEqual(['a']);
  });

  test('is to be looked at again when the reader says that it is none of the ordinary ones', () => {
    const { clean, reader } = scan([]);
    clean.look(
      () => 'a',
      'blob',
      () => (reader.lastWasOrdinary = false),
    );
    expect(clean.keep(0)).toEqual({ clean: { blob: 0, commit: 0, tag: 0 }, again: ['a'], unreachable: 0 });
  });

  test('by a thread is remembered by its number', () => {
    const { clean } = scan([]);
    clean.took(1, numbers, true);
    clean.took(2, numbers, false);
    clean.leave(['x', 'y']);
    expect(clean.keep(0)).toEqual({ clean: { blob: 1, commit: 0, tag: 0 }, again: ['id-2', 'x', 'y'], unreachable: 0 });
  });

  test('is nobody to remember where no scan keeps anything: its id is not even asked for', () => {
    const { clean, state } = scan(undefined);
    const unasked = (): string => expect.unreachable('its id was asked for');
    expect(clean.look(unasked, 'tag', () => 'answer')).toBe('answer');
    clean.took(1, { id: unasked } as unknown as HistoryGraph['numbers'], true);
    expect(clean.keep(0)).toBeUndefined();
    expect(state).toEqual({ findings: 0, told: [], kept: undefined });
  });
});

describe('what is kept', () => {
  test.each([
    [FEW_BLOBS, FEW_BLOBS],
    [FEW_BLOBS + 1, undefined],
  ])('of %i that are to be looked at again', (count, expected) => {
    const { clean, state } = scan([]);
    clean.note('clean', 'blob', true);
    clean.leave(Array.from({ length: count }, (_, index) => `${index}`));
    expect(clean.keep(0)?.again.length).toBe(expected);
    expect(state).toMatchObject({ kept: ['clean'], told: [] });
  });

  test('may not be written, which is said', () => {
    const { clean, state } = scan([], { canWrite: false });
    clean.keep(0);
    expect(state.told).toEqual([UNWRITTEN]);
  });

  test.each([
    [0, []],
    [1, ['1 objects in which an earlier scan found nothing were not read again']],
  ])('%i that were left out are said', (skipped, notes) => {
    const told: string[] = [];
    noteSkipped(skipped, { note: (text: string) => void told.push(text) } as unknown as Sink);
    expect(told).toEqual(notes);
  });
});
