/**
 * The working tree of a repository: what git tracks, whatever ignore files say; what it does not track; and what it
 * ignores, on request. git itself says which is which.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ending, eachRecord, gitSpawn, lastComplaint } from '../git/command.ts';
import { readObjects } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import { decodeName } from '../model/file-name.ts';
import type { Sink } from '../model/source.ts';
import { scanFolder, scanLink, turn } from './folder.ts';
import { absentReason } from './object-reasons.ts';
import { FileReader, reasonOf, type ReadLimits } from './read-file.ts';

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
const FILES_PER_TURN = 256;
const SEPARATOR = Buffer.from('/');

/** All entries of the index, conflict stages too. */
export async function listIndex(repository: Repository, sink: Sink): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = [];
  await listFiles(repository, ['--stage'], sink, (record) => {
    const tab = record.indexOf(0x09);
    const [mode = '', id = ''] = record.toString('latin1', 0, tab).split(' ');
    entries.push({ mode, id, path: Buffer.from(record.subarray(tab + 1)) });
  });
  return entries;
}

async function listFiles(repository: Repository, flags: readonly string[], sink: Sink, record: (bytes: Buffer) => void): Promise<void> {
  const child = gitSpawn(repository.git, ['ls-files', '-z', ...flags]);
  const ended = ending(child);
  child.stdin.end();
  await eachRecord(child, NUL, record);
  const { code, signal, stderr } = await ended;
  if (code === 0) return;
  sink.counted('source');
  sink.notScanned({
    unit: 'the working tree',
    reason: signal === null ? 'GIT-FAILED' : 'GIT-KILLED',
    detail: `git could not list the files: ${lastComplaint(stderr)}`,
  });
}

/** @param index the index's entries, which the caller may need as well */
export async function scanWorktree(
  repository: Repository,
  root: string,
  index: readonly IndexEntry[],
  choice: WorktreeChoice,
  sink: Sink,
  limits: ReadLimits,
): Promise<void> {
  const reader = new FileReader(sink, limits);
  const wanted = below(choice.below);
  const absent: IndexEntry[] = [];
  let count = 0;
  let last: Buffer | undefined;
  for (const entry of index) {
    if (last !== undefined && last.equals(entry.path)) continue; // another stage of a conflict
    last = entry.path;
    const shown = decodeName(entry.path);
    if (!wanted(shown)) continue;
    if (entry.mode === SUBMODULE) {
      sink.counted('file');
      sink.excluded('submodule');
    } else if (!scanPath(reader, sink, root, entry.path, shown)) absent.push(entry);
    if (++count % FILES_PER_TURN === 0) await turn();
  }
  await scanAbsent(repository, absent, sink);
  if (choice.untracked) await scanOthers(repository, root, ['--others', '--exclude-standard'], wanted, sink, limits);
  if (choice.ignored) await scanOthers(repository, root, ['--others', '--ignored', '--exclude-standard'], wanted, sink, limits);
}

/** False when nothing of that name is on disk: deleted, or not checked out. */
function scanPath(reader: FileReader, sink: Sink, root: string, path: Buffer, shown: string): boolean {
  const full = Buffer.concat([Buffer.from(root), SEPARATOR, path]);
  const origin = { kind: 'file', path: shown } as const;
  try {
    const stat = lstatSync(full);
    sink.counted('file');
    if (stat.isSymbolicLink()) scanLink(reader, sink, full, shown, root);
    else reader.read(full, origin);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    if (code === undefined) throw error;
    sink.counted('file');
    sink.notScanned({ unit: shown, ...reasonOf(error) });
    return true;
  }
}

/** Tracked files that are not on disk (sparse checkout, `skip-worktree`, deleted): what the index holds of them. */
async function scanAbsent(repository: Repository, absent: readonly IndexEntry[], sink: Sink): Promise<void> {
  const byId = new Map(absent.map((entry) => [entry.id, decodeName(entry.path)]));
  const staged = (blob: string): { kind: 'staged'; blob: string; path: string } => ({ kind: 'staged', blob, path: byId.get(blob) ?? '' });
  await readObjects(repository, [...byId.keys()], {
    object(id, _type, bytes) {
      sink.counted('blob');
      sink.content(staged(id), bytes);
    },
    large(id) {
      sink.counted('blob');
      return sink.pieces(staged(id));
    },
    absent(id, failure) {
      sink.counted('blob');
      sink.notScanned({ unit: id, ...absentReason(failure) });
    },
  });
}

async function scanOthers(
  repository: Repository,
  root: string,
  flags: readonly string[],
  wanted: (path: string) => boolean,
  sink: Sink,
  limits: ReadLimits,
): Promise<void> {
  const paths: Buffer[] = [];
  await listFiles(repository, flags, sink, (record) => paths.push(Buffer.from(record)));
  const reader = new FileReader(sink, limits);
  for (const [index, path] of paths.toSorted((a, b) => Buffer.compare(a, b)).entries()) {
    const shown = decodeName(path);
    if (!wanted(shown)) continue;
    // git names a repository inside this one by its folder alone.
    if (path.at(-1) === 0x2f) await scanFolder(join(root, path.toString('utf8')), root, sink, limits);
    else if (!scanPath(reader, sink, root, path, shown)) {
      sink.counted('file');
      sink.notScanned({ unit: shown, reason: 'ENOENT-RACE', detail: 'it was removed while the scan ran' });
    }
    if (index % FILES_PER_TURN === FILES_PER_TURN - 1) await turn();
  }
}

function below(paths: readonly string[]): (path: string) => boolean {
  if (paths.length === 0 || paths.includes('')) return () => true;
  return (path) => paths.some((start) => path === start || path.startsWith(`${start}/`));
}
