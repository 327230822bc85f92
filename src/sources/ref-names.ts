/** Names of branches and tags, which are text, too. */
import type { Tips } from '../git/enumerate.ts';
import type { Sink } from '../model/source.ts';
import type { LastTips } from './last-scan.ts';
import { TextPlaces } from './text-places.ts';

/**
 * Names of branches and tags are text that somebody wrote. They hold no line feed, so they are looked at together first.
 * Gives their bytes.
 */
export function scanRefNames(tips: Tips, sink: Sink): number {
  const names = tips.refs.map(({ name }) => name.replace(/^refs\/(?:heads|tags|remotes)\//, ''));
  const joined = Buffer.from(names.join('\n'));
  const places = new TextPlaces(joined.includes(0) ? undefined : sink.placesIn(joined));
  let start = 0;
  for (const [index, name] of names.entries()) {
    const end = start + Buffer.byteLength(name);
    sink.counted('ref');
    if (places.mayHold(start, end))
      sink.content({ kind: 'metadata', part: 'ref name', object: tips.refs[index]!.peeled, label: '<ref name>' }, joined.subarray(start, end));
    else sink.passed(end - start);
    sink.scanned();
    start = end + 1;
  }
  return start - names.length;
}

/** The same of names that were as they are the last time, and held nothing. */
export function passRefNames({ refs, bytes }: LastTips, sink: Sink): void {
  for (let left = refs; left > 0; left--) {
    sink.counted('ref');
    sink.scanned();
  }
  sink.passed(bytes);
}
