/**
 * The working tree of a repository: what git tracks, whatever ignore files say; what it does not track; and what it
 * ignores, on request. git itself says which is which.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { CUT_OFF, eachRecord, ending, failureOf, gitSpawn } from '../git/command.ts';
import { readObjects } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import { append } from '../model/append.ts';
import { decodeName } from '../model/file-name.ts';
import type { Origin } from '../model/origin.ts';
import type { Sink } from '../model/source.ts';
import type { FileUnit } from './file-units.ts';
import { filesBelow } from './folder.ts';
import { absentReason } from './object-reasons.ts';

export interface WorktreeChoice {
  readonly untracked: boolean;
  readonly ignored: boolean;
  /** Only what lies at or below these paths, relative to the root, `/`-separated; all when empty. */
  readonly below: readonly string[];
}

/** An entry of the index. */
export interface IndexEntry {
  readonly mode: string;
  readonly id: string;
  readonly path: Buffer;
}

const NUL = 0;
const SUBMODULE = '160000';
const SLASH = 0x2f;
const SPACE = 0x20;
/** The letter by which git tells what it does not track. */
const OTHER = 0x3f;
const SEPARATOR = Buffer.from('/');

/** Keeps its path as a text with a character for each byte: a buffer of its own takes 100 bytes more, and there may be a million. */
class Entry implements IndexEntry {
  readonly mode: string;
  readonly id: string;
  readonly #path: string;

  constructor(mode: string, id: string, path: string) {
    this.mode = mode;
    this.id = id;
    this.#path = path;
  }

  get path(): Buffer {
    return Buffer.from(this.#path, 'latin1');
  }
}

const ENTRY = /^\d{6} [0-9a-f]{40,64} [0-3]$/;
const MODE_LENGTH = 6;
/** ` 0` behind an id. */
const STAGE_LENGTH = 2;

/** All entries of the index, conflict stages too. */
export async function listIndex(repository: Repository, sink: Sink): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = [];
  const modes = new Map<string, string>();
  const least = indexSize(repository);
  await listFiles(
    repository,
    ['--stage'],
    sink,
    (record) => {
      const tab = record.indexOf(0x09);
      if (!ENTRY.test(record.toString('latin1', 0, Math.max(0, tab)))) return false;
      // What is cut from a text keeps all of it; and there are but a few modes.
      const mode = record.toString('latin1', 0, MODE_LENGTH);
      if (!modes.has(mode)) modes.set(mode, mode);
      const id = record.toString('latin1', MODE_LENGTH + 1, tab - STAGE_LENGTH);
      entries.push(new Entry(modes.get(mode) ?? mode, id, record.toString('latin1', tab + 1)));
      return tab + 1 < record.length;
    },
    () => entries.length >= least,
  );
  return entries;
}

/** How many entries the index says that it has, conflict stages too; with a split one, those of its newer part. */
function indexSize(repository: Repository): number {
  const header = Buffer.alloc(12);
  try {
    const file = openSync(join(repository.gitDir, 'index'), 'r');
    try {
      readSync(file, header);
    } finally {
      closeSync(file);
    }
  } catch {
    return 0; // nothing was ever staged
  }
  return header.toString('latin1', 0, 4) === 'DIRC' ? header.readUInt32BE(8) : 0;
}

/**
 * @param record answers whether it is one
 * @param isWhole whether as many came as there must be: git's exit code does not say that
 */
async function listFiles(
  repository: Repository,
  flags: readonly string[],
  sink: Sink,
  record: (bytes: Buffer) => boolean,
  isWhole: () => boolean,
): Promise<void> {
  const child = gitSpawn(repository.git, ['ls-files', '-z', ...flags]);
  const ended = ending(child);
  child.stdin.end();
  let strange = false;
  const ends = await eachRecord(child, NUL, (bytes) => {
    if (!record(bytes)) strange = true;
  });
  const how = await ended;
  if (how.code === 0 && ends && !strange && isWhole()) return;
  sink.counted('source');
  sink.notScanned({
    unit: 'the working tree',
    reason: how.signal === null ? 'GIT-FAILED' : 'GIT-KILLED',
    detail: `git could not list the files: ${how.code === 0 ? CUT_OFF : failureOf(how)}`,
  });
}

/**
 * The files to look at. Submodules are left out and told.
 * @param index the index's entries, which the caller may need as well
 */
export async function listWorktree(
  repository: Repository,
  root: string,
  index: readonly IndexEntry[],
  choice: WorktreeChoice,
  sink: Sink,
): Promise<FileUnit[]> {
  const wanted = below(choice.below);
  const units: FileUnit[] = [];
  let last: Buffer | undefined;
  for (const entry of index) {
    const { path } = entry;
    if (last !== undefined && last.equals(path)) continue; // another stage of a conflict
    last = path;
    const shown = decodeName(path);
    if (!wanted(shown)) continue;
    if (entry.mode === SUBMODULE) {
      sink.counted('file');
      sink.excluded('submodule');
    } else units.push({ path: fullPath(root, path, shown), shown, kind: 'file', blob: entry.id });
  }
  const others: FileUnit[] = [];
  if (choice.untracked) append(others, await listOthers(repository, root, ['--others', '--exclude-standard'], sink));
  if (choice.ignored) append(others, await listOthers(repository, root, ['--others', '--ignored', '--exclude-standard'], sink));
  return [...units, ...others.filter((unit) => wanted(unit.shown))];
}

/** Text where it leads back to the same bytes: opening a path of text is cheaper. */
function fullPath(root: string, path: Buffer, shown: string): string | Buffer {
  return Buffer.from(shown).equals(path) ? `${root}/${shown}` : Buffer.concat([Buffer.from(root), SEPARATOR, path]);
}

async function listOthers(repository: Repository, root: string, flags: readonly string[], sink: Sink): Promise<FileUnit[]> {
  const paths: Buffer[] = [];
  // What the index holds comes after everything else: where it is there, nothing was lost before it.
  const least = indexSize(repository);
  let tracked = 0;
  await listFiles(
    repository,
    ['-t', '--cached', ...flags],
    sink,
    (record) => {
      if (record[1] !== SPACE) return false;
      if (record[0] === OTHER) paths.push(Buffer.from(record.subarray(2)));
      else tracked++;
      return true;
    },
    () => flags.includes('--ignored') || tracked >= least,
  );
  const units: FileUnit[] = [];
  for (const path of paths.toSorted((a, b) => Buffer.compare(a, b))) {
    const shown = decodeName(path);
    // git names a repository inside this one by its folder alone.
    if (path.at(-1) === SLASH) {
      const [folder, name] = [path.subarray(0, -1), shown.slice(0, -1)];
      append(units, filesBelow(fullPath(root, folder, name), name, sink));
    } else units.push({ path: fullPath(root, path, shown), shown, kind: 'file' });
  }
  return units;
}

/** Tracked files that are not on disk (sparse checkout, `skip-worktree`, deleted): what the index holds of them. */
export async function scanAbsent(repository: Repository, absent: readonly FileUnit[], sink: Sink): Promise<void> {
  // Several files may have one content: it is read once, and looked at in each place.
  const paths = new Map<string, string[]>();
  for (const { blob = '', shown } of absent) paths.set(blob, [...(paths.get(blob) ?? []), shown]);
  const staged = (blob: string): Origin[] => (paths.get(blob) ?? []).map((path) => ({ kind: 'staged', blob, path }));
  await readObjects(repository, [...paths.keys()], {
    object(id, _type, bytes) {
      for (const origin of staged(id)) {
        sink.counted('blob');
        sink.content(origin, bytes);
      }
    },
    large(id) {
      const all = staged(id).map((origin) => {
        sink.counted('blob');
        return sink.pieces(origin);
      });
      return {
        piece(bytes) {
          for (const pieces of all) pieces.piece(bytes);
        },
        end() {
          for (const pieces of all) pieces.end();
        },
      };
    },
    absent(id, failure, isPart) {
      sink.counted(isPart ? 'source' : 'blob');
      sink.notScanned({ unit: id, ...absentReason(failure) });
    },
  });
}

function below(paths: readonly string[]): (path: string) => boolean {
  if (paths.length === 0 || paths.includes('')) return () => true;
  return (path) => paths.some((start) => path === start || path.startsWith(`${start}/`));
}
