/** What a scan of a history keeps for the next one, besides the list of what is clean. */
import type { CleanList } from '../git/clean-list.ts';
import type { LastScan, LastTips } from '../sources/last-scan.ts';
import type { PlainWhereabouts } from './whereabouts.ts';

/** What a scan may know of the history from earlier ones. */
export interface EarlierScans {
  readonly list: CleanList;
  /** See `refFilesOf`, from before anybody was asked for a tip. */
  readonly refFiles: string | undefined;
}

/** What is kept of a scan, see `CleanList.keepScan`. */
export interface KeptScan {
  /** See `refFilesOf`. */
  readonly refFiles: string;
  /** See `stateOf`. */
  readonly state: string;
  readonly history: LastScan;
  readonly whereabouts: PlainWhereabouts | undefined;
  /** Undefined where there were none, or their names held something: then they are asked for. */
  readonly tips: LastTips | undefined;
}

/** What was kept with the list. It was signed, so it is of the form that was written. */
export function keptScan(list: CleanList): KeptScan | undefined {
  const bytes = list.lastScan();
  if (bytes === undefined) return undefined;
  const kept = JSON.parse(bytes.toString()) as KeptScan;
  const { blob, commit, tag } = kept.history.clean;
  return list.size === blob + commit + tag ? kept : undefined;
}

/** The same, where it is of a state. */
export function ofState(kept: KeptScan | undefined, state: string): KeptScan | undefined {
  return kept?.state === state ? kept : undefined;
}
