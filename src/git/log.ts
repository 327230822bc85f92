/** Which commits brought some blobs in and took them out again: one pass over `git log --raw -c`. */
import { decodeName } from '../model/file-name.ts';
import { CUT_OFF, eachRecord, ending, failureOf, gitSpawn } from './command.ts';
import type { Repository } from './repository.ts';

/** One changed path of a commit that touches a wanted blob. */
export interface Change {
  readonly commit: string;
  readonly parents: readonly string[];
  /** Committer time in seconds; NaN when git's is out of range. */
  readonly time: number;
  /** Position in the log; commits come before their parents. */
  readonly order: number;
  /** Blob after the commit; all zeros when the path was removed. */
  readonly to: string;
  /** Blob before it, for each parent. */
  readonly from: readonly string[];
  readonly path: string;
}

const NUL = 0;
const COLON = 0x3a;
const HEADER = /^\n?([0-9a-f]{40,64}) ((?:[0-9a-f ]{40,})?)\|(-?\d*)$/;

/**
 * All changes that bring in or take out one of `wanted`, newest first. Merges show what differs from all parents, so
 * what only a merge brought in is seen. `submodules` counts the paths at which a submodule comes or moves; `failure` tells
 * that git did not get to the end.
 */
export async function findChanges(
  repository: Repository,
  tips: readonly string[],
  wanted: ReadonlySet<string>,
  exclude: readonly string[] = [],
): Promise<{ changes: Change[]; commits: number; submodules: number; failure?: string }> {
  if (tips.length === 0) return { changes: [], commits: 0, submodules: 0 }; // git would take HEAD
  const child = gitSpawn(repository.git, [
    'log',
    '--stdin',
    '--raw',
    '-z',
    '-c',
    '--no-renames',
    '--no-abbrev',
    '--full-history',
    '--topo-order',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--no-show-signature',
    '--ignore-submodules=none',
    '--format=%H %P|%ct',
  ]);
  const ended = ending(child);
  child.stdin.end(`${[...tips, ...exclude.map((id) => `^${id}`)].join('\n')}\n`);
  const changes: Change[] = [];
  const reader = new LogReader(wanted, changes);
  const whole = await eachRecord(child, NUL, (record) => reader.record(record));
  const how = await ended;
  const found = { changes, commits: reader.commits, submodules: reader.submodules.size };
  if (how.code !== 0) return { ...found, failure: failureOf(how) };
  return whole && reader.isWhole ? found : { ...found, failure: CUT_OFF };
}

class LogReader {
  /** Paths at which the result is one. */
  readonly submodules = new Set<string>();
  readonly #wanted: ReadonlySet<string>;
  readonly #changes: Change[];
  #commit = '';
  #parents: readonly string[] = [];
  #time = 0;
  #order = -1;
  #pending: { to: string; from: string[] } | 'unwanted' | 'submodule' | undefined;
  #strange = false;

  get commits(): number {
    return this.#order + 1;
  }

  /** Whether all of it was what git writes. */
  get isWhole(): boolean {
    return !this.#strange && this.#pending === undefined;
  }

  constructor(wanted: ReadonlySet<string>, changes: Change[]) {
    this.#wanted = wanted;
    this.#changes = changes;
  }

  record(record: Buffer): void {
    const pending = this.#pending;
    if (pending !== undefined) {
      this.#pending = undefined;
      if (pending === 'unwanted') return;
      if (pending === 'submodule') return void this.submodules.add(decodeName(record));
      this.#changes.push({
        commit: this.#commit,
        parents: this.#parents,
        time: this.#time,
        order: this.#order,
        ...pending,
        path: decodeName(record),
      });
      return;
    }
    const start = record[0] === 0x0a ? 1 : 0;
    if (record.length <= start) return;
    if (record[start] === COLON && this.#order >= 0) this.#pending = this.#status(record.toString('latin1', start));
    else this.#header(record.toString('latin1'));
  }

  #header(text: string): void {
    const match = HEADER.exec(text);
    if (match === null) {
      this.#strange = true;
      return;
    }
    const [, commit = '', parents = '', time = ''] = match;
    this.#commit = commit;
    this.#parents = parents === '' ? [] : parents.split(' ');
    this.#time = time === '' ? Number.NaN : Number(time);
    this.#order++;
  }

  /** `::mode mode mode id id id MM`: one colon, one mode and one id for each parent, then those of the result. */
  #status(text: string): { to: string; from: string[] } | 'unwanted' | 'submodule' {
    const parents = text.search(/[^:]/);
    const fields = text.split(' ');
    const modes = fields.slice(0, parents + 1);
    const from = fields.slice(parents + 1, 2 * parents + 1);
    const result = fields[2 * parents + 1];
    if (result === undefined) {
      this.#strange = true;
      return 'unwanted';
    }
    // A submodule's commit is no blob: one that comes in a blob's place takes it out.
    const isSubmodule = modes.at(-1) === '160000';
    const to = isSubmodule ? '0'.repeat(result.length) : result;
    if (this.#wanted.has(to) || from.some((id) => this.#wanted.has(id))) return { to, from };
    return isSubmodule ? 'submodule' : 'unwanted';
  }
}
