/** What the trees of some tips hold: each tree is read once, however many tips share it. */
import { decodeName } from '../model/file-name.ts';
import { MAX_WHOLE } from '../model/source.ts';
import { unanswered } from './command.ts';
import { noteFailure, NO_PIECES, readObjects } from './object-stream.ts';
import type { Repository } from './repository.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly name: Buffer;
  readonly id: string;
}

/** Entries of a tree object as stored. Stops at the first byte that is no entry. */
export function* parseTree(bytes: Buffer, idLength: number): Generator<TreeEntry> {
  const idBytes = idLength / 2;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space + 1);
    if (space < 0 || nul < 0 || nul + 1 + idBytes > bytes.length) return;
    yield { mode: bytes.toString('latin1', at, space), name: bytes.subarray(space + 1, nul), id: bytes.toString('hex', nul + 1, nul + 1 + idBytes) };
    at = nul + 1 + idBytes;
  }
}

/** Id of the tree that a commit's bytes name. */
export function treeOfCommit(bytes: Buffer): string | undefined {
  return /^tree ([0-9a-f]{40,64})\n/.exec(bytes.toString('latin1', 0, 80))?.[1];
}

/** A wanted blob and its path below some tree. */
export interface Held {
  readonly blob: string;
  readonly path: string;
}

const NOTHING: readonly Held[] = [];
export const FOLDER_MODE = '40000';

/** The wanted paths by folder, so that only trees on the way to one are read. */
interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: Set<string>;
}

/** For each commit, which of the wanted blobs its tree holds at one of `paths`, and where. What cannot be read for it is noted as unanswered. */
export async function heldByCommits(
  repository: Repository,
  commits: readonly string[],
  wanted: ReadonlySet<string>,
  paths: Iterable<string>,
): Promise<Map<string, readonly Held[]>> {
  const top = folderOf(paths);
  const roots = new Map<string, string>();
  await readWhole(repository, [...new Set(commits)], (commit, bytes) => {
    const tree = treeOfCommit(bytes);
    if (tree !== undefined) roots.set(commit, tree);
  });
  const trees = await readTrees(repository, new Set(roots.values()), wanted, top);
  const held = new Map<string, readonly Held[]>();
  const below = new Map<Folder, Map<string, readonly Held[]>>();
  for (const commit of commits) held.set(commit, collect(roots.get(commit) ?? '', top, trees, below));
  return held;
}

function folderOf(paths: Iterable<string>): Folder {
  const top: Folder = { folders: new Map(), files: new Set() };
  for (const path of paths) {
    const names = path.split('/');
    const file = names.pop()!;
    let folder = top;
    for (const name of names) folder = getOrMake(folder.folders, name, (): Folder => ({ folders: new Map(), files: new Set() }));
    folder.files.add(file);
  }
  return top;
}

interface Tree {
  readonly blobs: readonly Held[];
  readonly trees: readonly { readonly name: string; readonly id: string; readonly folder: Folder }[];
}

type Trees = ReadonlyMap<Folder, ReadonlyMap<string, Tree>>;

/** Reads level by level: one git call for all trees of a depth. The same tree may stand for several folders. */
async function readTrees(repository: Repository, roots: ReadonlySet<string>, wanted: ReadonlySet<string>, top: Folder): Promise<Trees> {
  const trees = new Map<Folder, Map<string, Tree>>();
  let level = new Map([...roots].map((id) => [id, new Set([top])]));
  while (level.size > 0) {
    const asked = level;
    const next = new Map<string, Set<Folder>>();
    await readWhole(repository, [...asked.keys()], (id, bytes) => {
      for (const folder of asked.get(id)!) {
        const tree = readTree(bytes, repository.idLength, wanted, folder);
        getOrMake(trees, folder, () => new Map<string, Tree>()).set(id, tree);
        for (const child of tree.trees) getOrMake(next, child.id, () => new Set<Folder>()).add(child.folder);
      }
    });
    level = next;
  }
  return trees;
}

/** An object that is missing is told where the history is scanned; one that is too large to be held is not, and may hold what is wanted. */
async function readWhole(repository: Repository, ids: readonly string[], take: (id: string, bytes: Buffer) => void): Promise<void> {
  await readObjects(repository, ids, {
    object: (id, _type, bytes) => take(id, bytes),
    large(id) {
      unanswered(repository.git, id, TOO_LARGE);
      return NO_PIECES;
    },
    absent: (id, failure) => noteFailure(repository, id, failure),
  });
}

const TOO_LARGE = `it has more than ${MAX_WHOLE} bytes, so places of findings below it are unknown`;

function readTree(bytes: Buffer, idLength: number, wanted: ReadonlySet<string>, folder: Folder): Tree {
  const blobs: Held[] = [];
  const trees: { name: string; id: string; folder: Folder }[] = [];
  for (const entry of parseTree(bytes, idLength)) {
    const name = decodeName(entry.name);
    if (entry.mode === FOLDER_MODE) {
      const below = folder.folders.get(name);
      if (below !== undefined) trees.push({ name, id: entry.id, folder: below });
    } else if (folder.files.has(name) && wanted.has(entry.id)) blobs.push({ blob: entry.id, path: name });
  }
  return { blobs, trees };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** What a tree holds as some folder, each combination once. No deeper than the wanted paths are. */
function collect(id: string, folder: Folder, trees: Trees, below: Map<Folder, Map<string, readonly Held[]>>): readonly Held[] {
  const memory = getOrMake(below, folder, () => new Map<string, readonly Held[]>());
  const known = memory.get(id);
  if (known !== undefined) return known;
  const tree = trees.get(folder)?.get(id);
  if (tree === undefined) return NOTHING;
  const held: Held[] = [...tree.blobs];
  for (const child of tree.trees) {
    for (const entry of collect(child.id, child.folder, trees, below)) held.push({ blob: entry.blob, path: `${child.name}/${entry.path}` });
  }
  const result = held.length === 0 ? NOTHING : held;
  memory.set(id, result);
  return result;
}
