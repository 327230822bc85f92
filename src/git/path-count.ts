/**
 * How many paths trees have. git's comparison of two trees holds every path that differs before it says the first one,
 * so a few hundred bytes of trees within trees can take all memory: who asks for one counts first.
 */
import { append } from '../model/append.ts';
import { MAX_WHOLE } from '../model/source.ts';
import { noteFailure, NO_PIECES, readObjects } from './object-stream.ts';
import { listCommits } from './questions.ts';
import type { Repository } from './repository.ts';
import { FOLDER_MODE, parseTree } from './trees.ts';

/** git takes about 330 bytes for each. */
const MOST_PATHS = 1_000_000;

/** What is told where git is not asked. */
export const TOO_MANY_PATHS = `a commit has more than ${MOST_PATHS} paths, or a folder of more than ${MAX_WHOLE} bytes, which git cannot compare`;

const TREE = 'tree ';

interface Tree {
  readonly files: number;
  readonly folders: readonly string[];
}

/** Whether a commit that `from` reach and `without` do not, or one before it, has more paths than git can compare. */
export async function hasTooManyPaths(repository: Repository, from: readonly string[], without: readonly string[]): Promise<boolean> {
  if (from.length === 0) return false;
  // Of commits git itself says the trees: one may be too large to be read for that.
  const lines = listCommits(repository, 'which commits are compared', from, without, ['--boundary', `--format=${TREE}%T`]);
  const roots = new Set(lines.flatMap((line) => (line.startsWith(TREE) ? [line.slice(TREE.length)] : [])));
  const trees = await readTrees(repository, roots);
  const totals = new Map<string, number>();
  return [...roots].some((root) => countPaths(root, trees, totals) > MOST_PATHS);
}

/** Each tree once, level by level. */
async function readTrees(repository: Repository, roots: ReadonlySet<string>): Promise<ReadonlyMap<string, Tree>> {
  const trees = new Map<string, Tree>();
  for (let level = [...roots]; level.length > 0;) {
    const next = new Set<string>();
    await readObjects(repository, level, {
      object(id, _type, bytes) {
        let files = 0;
        const folders: string[] = [];
        for (const entry of parseTree(bytes, repository.idLength)) {
          if (entry.mode === FOLDER_MODE) folders.push(entry.id);
          else files++;
        }
        trees.set(id, { files, folders });
        for (const folder of folders) next.add(folder);
      },
      // What it holds is not known, and may be as much again and again.
      large(id) {
        trees.set(id, { files: MOST_PATHS + 1, folders: [] });
        return NO_PIECES;
      },
      absent: (id, failure) => noteFailure(repository, id, failure),
    });
    level = [...next].filter((id) => !trees.has(id));
  }
  return trees;
}

/** A stack and no recursion: folders may lie deep. A tree that is still being counted lies in itself, and counts for nothing there. */
function countPaths(root: string, trees: ReadonlyMap<string, Tree>, totals: Map<string, number>): number {
  const open = [root];
  const begun = new Set<string>();
  for (let id = open.at(-1); id !== undefined; id = open.at(-1)) {
    const tree = trees.get(id);
    if (tree !== undefined && !totals.has(id) && !begun.has(id)) {
      begun.add(id);
      append(open, new Set(tree.folders.filter((folder) => !totals.has(folder))));
      continue;
    }
    if (!totals.has(id)) totals.set(id, tree === undefined ? 0 : tree.folders.reduce((sum, folder) => sum + (totals.get(folder) ?? 0), tree.files));
    open.pop();
  }
  return totals.get(root)!;
}
