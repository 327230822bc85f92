/** What the trees of some tips hold: each tree is read once, however many tips share it. */
import { decodeName } from '../model/file-name.ts';
import { readObjects, readSmall } from './object-stream.ts';
import type { Repository } from './repository.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly name: Buffer;
  readonly id: string;
}

/** Entries of a tree object as stored. Stops at the first byte that is no entry. */
export function* parseTree(bytes: Buffer, idLength: number): Generator<TreeEntry> {
  const idBytes = idLength / 2;
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, space + 1);
    if (space < 0 || nul < 0 || nul + idBytes >= bytes.length + 1) return;
    yield { mode: bytes.toString('latin1', at, space), name: bytes.subarray(space + 1, nul), id: bytes.toString('hex', nul + 1, nul + 1 + idBytes) };
    at = nul + 1 + idBytes;
  }
}

/** A wanted blob and its path below some tree. */
export interface Held {
  readonly blob: string;
  readonly path: string;
}

const NOTHING: readonly Held[] = [];
/** Paths deeper than this are not followed: no checkout could hold them. */
const MAX_DEPTH = 4096;

/** For each commit, which of the wanted blobs its tree holds, and where. */
export async function heldByCommits(repository: Repository, commits: readonly string[], wanted: ReadonlySet<string>): Promise<Map<string, readonly Held[]>> {
  const roots = new Map<string, string>();
  for (const [commit, bytes] of await readSmall(repository, [...new Set(commits)])) {
    const tree = /^tree ([0-9a-f]{40,64})\n/.exec(bytes.toString('latin1', 0, 80))?.[1];
    if (tree !== undefined) roots.set(commit, tree);
  }
  const trees = await readTrees(repository, new Set(roots.values()), wanted);
  const held = new Map<string, readonly Held[]>();
  const below = new Map<string, readonly Held[]>();
  for (const commit of commits) held.set(commit, collect(roots.get(commit) ?? '', trees, below, 0));
  return held;
}

interface Tree {
  readonly blobs: readonly { readonly name: string; readonly id: string }[];
  readonly trees: readonly { readonly name: string; readonly id: string }[];
}

async function readTrees(repository: Repository, roots: ReadonlySet<string>, wanted: ReadonlySet<string>): Promise<Map<string, Tree>> {
  const trees = new Map<string, Tree>();
  let level = [...roots];
  while (level.length > 0) {
    const next = new Set<string>();
    await readObjects(repository, level, {
      object(id, _type, bytes) {
        const tree: { blobs: { name: string; id: string }[]; trees: { name: string; id: string }[] } = { blobs: [], trees: [] };
        for (const entry of parseTree(bytes, repository.idLength)) {
          if (entry.mode === '40000') {
            tree.trees.push({ name: decodeName(entry.name), id: entry.id });
            if (!trees.has(entry.id)) next.add(entry.id);
          } else if (wanted.has(entry.id)) tree.blobs.push({ name: decodeName(entry.name), id: entry.id });
        }
        trees.set(id, tree);
      },
      large: () => ({ piece: () => undefined, end: () => undefined }),
      absent: () => undefined,
    });
    level = [...next].filter((id) => !trees.has(id));
  }
  return trees;
}

function collect(id: string, trees: ReadonlyMap<string, Tree>, below: Map<string, readonly Held[]>, depth: number): readonly Held[] {
  const known = below.get(id);
  if (known !== undefined) return known;
  const tree = trees.get(id);
  if (tree === undefined || depth > MAX_DEPTH) return NOTHING;
  const held: Held[] = tree.blobs.map(({ name, id: blob }) => ({ blob, path: name }));
  for (const { name, id: child } of tree.trees) {
    for (const entry of collect(child, trees, below, depth + 1)) held.push({ blob: entry.blob, path: `${name}/${entry.path}` });
  }
  const result = held.length === 0 ? NOTHING : held;
  below.set(id, result);
  return result;
}
