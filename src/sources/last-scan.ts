/**
 * What a scan that missed nothing knew of a history: when the history is the same the next time, it need not be read to
 * be known again. It holds ids and counts; the scan adds where the found blobs were.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../git/repository.ts';
import type { ObjectStore } from '../git/store/object-store.ts';

export const METADATA_AND_BLOBS = ['blob', 'commit', 'tag'] as const;

export interface LastScan {
  /** How many objects of each type held nothing. */
  readonly clean: Readonly<Record<(typeof METADATA_AND_BLOBS)[number], number>>;
  /** Ids of those that are to be looked at again, in the order in which they were. */
  readonly again: readonly string[];
  readonly unreachable: number;
}

/** What refs said, whose names held nothing. */
export interface LastTips {
  readonly head: string | undefined;
  readonly refs: number;
  /** Of their names. */
  readonly bytes: number;
}

/**
 * Stands for everything that a history's report depends on, but for rules and limits: what says the tips, packs, loose objects, the
 * index. Undefined where something is damaged or cut off, so that it must be told each time.
 * @param refFiles see `refFilesOf`
 */
export function stateOf(
  repository: Repository,
  refFiles: string,
  store: ObjectStore,
  index: readonly { readonly id: string; readonly path: Buffer }[],
  unreachable: boolean,
): string | undefined {
  if (store.problems.length > 0 || repository.shallow) return undefined;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([refFiles, unreachable, configOf(repository)]));
  for (const { id, path } of index) hash.update(`\n${id} `).update(path).update('\0'); // a path may hold a line feed
  for (const { path, index: pack } of store.packs) hash.update(`\n${path} ${pack.count} `).update(pack.packChecksum);
  for (const { objectsDir, ids } of store.loose) hash.update(`\n${objectsDir} ${ids.join(' ')}`);
  return hash.digest('hex');
}

/** A partial clone, and what it leaves out, is said there. */
function configOf(repository: Repository): string {
  try {
    return readFileSync(join(repository.commonDir, 'config'), 'latin1');
  } catch {
    return '';
  }
}
