/**
 * What a range does besides bringing new contents: it moves old ones out of places that policy leaves out, where nobody
 * has looked at them, and it moves submodules, whose contents are elsewhere.
 */
import { gitSync, recordsOf } from '../git/command.ts';
import { findChanges } from '../git/log.ts';
import { hasTooManyPaths, TOO_MANY_PATHS } from '../git/path-count.ts';
import { listCommits } from '../git/questions.ts';
import type { Repository } from '../git/repository.ts';
import { decodeLatin1 } from '../model/file-name.ts';
import type { Sink } from '../model/source.ts';

/** A question to git. */
const BEGINNING = 'where the range begins';

export interface Range {
  readonly from: readonly string[];
  readonly without: readonly string[];
}

/** Blobs that the range puts where policy looks, and that were only where it does not. Submodules are counted. */
export async function movedOut(
  repository: Repository,
  range: Range,
  leftOut: ((path: string) => boolean) | undefined,
  sink: Sink,
): Promise<string[]> {
  if (await hasTooManyPaths(repository, range.from, range.without)) {
    sink.counted('source');
    sink.notScanned({ unit: 'what the range moves', reason: 'GIT-FAILED', detail: TOO_MANY_PATHS });
    return [];
  }
  const hidden = new Set<string>();
  if (leftOut !== undefined) {
    const open = new Set<string>();
    for (const commit of boundaries(repository, range)) {
      const result = gitSync(repository.git, ['ls-tree', '-r', '-z', '--full-tree', commit]);
      for (const record of recordsOf(repository.git, BEGINNING, result, '\0')) {
        const tab = record.indexOf('\t');
        const id = record.slice(0, Math.max(0, tab)).split(' ')[2];
        if (id !== undefined) (leftOut(decodeLatin1(record.slice(tab + 1))) ? hidden : open).add(id);
      }
    }
    for (const id of open) hidden.delete(id);
  }
  const { changes, submodules, failure } = await findChanges(repository, range.from, hidden, range.without);
  if (failure !== undefined) {
    sink.counted('source');
    sink.notScanned({ unit: 'what the range moves', reason: 'GIT-FAILED', detail: failure });
  }
  for (let number = 0; number < submodules; number++) {
    sink.counted('source');
    sink.excluded('submodule');
  }
  return [...new Set(changes.filter(({ to, path }) => hidden.has(to) && leftOut?.(path) === false).map(({ to }) => to))];
}

/** The commits that a range begins after. */
function boundaries(repository: Repository, { from, without }: Range): string[] {
  const lines = listCommits(repository, BEGINNING, from, without, ['--boundary']);
  return lines.flatMap((line) => (line.startsWith('-') ? [line.slice(1)] : []));
}
