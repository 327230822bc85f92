/** What an earlier scan kept counts where it is of the same list and the same state. */
import { describe, expect, test } from 'vitest';
import type { CleanList } from '../../src/git/clean-list.ts';
import { keptScan, ofState, type KeptScan } from '../../src/scan/kept-scan.ts';

const KEPT = { refFiles: 'f', state: 's', history: { clean: { blob: 4, commit: 2, tag: 1 } } } as unknown as KeptScan;
const list = (size: number, kept?: KeptScan): CleanList =>
  ({ size, lastScan: () => (kept === undefined ? undefined : Buffer.from(JSON.stringify(kept))) }) as CleanList;

describe('what was kept', () => {
  test('is given back with a list that holds all that was clean, and no other', () => {
    expect(keptScan(list(7, KEPT))).toEqual(KEPT);
    for (const size of [0, 4, 6, 8]) expect(keptScan(list(size, KEPT))).toBeUndefined();
    expect(keptScan(list(0))).toBeUndefined();
  });

  test('counts for its state alone', () => {
    expect(ofState(KEPT, 's')).toBe(KEPT);
    expect(ofState(KEPT, 't')).toBeUndefined();
    expect(ofState(undefined, 's')).toBeUndefined();
  });
});
