/** What the packages of a working tree depend on, read only for the few paths at which something was found. */
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { Dependencies } from '../classify/exposure.ts';

const MAX_MANIFEST = 1_048_576;

/** Answers for a path relative to `root`: the dependencies of the nearest `package.json` above it that can be read. */
export function dependenciesBelow(root: string): (path: string) => Dependencies | undefined {
  const known = new Map<string, Dependencies | undefined>();
  const inFolder = (folder: string): Dependencies | undefined => {
    if (known.has(folder)) return known.get(folder);
    const found = readDependencies(root, folder) ?? (folder === '.' ? undefined : inFolder(posix.dirname(folder)));
    known.set(folder, found);
    return found;
  };
  return (path) =>
    path === '' || path.startsWith('<') || path.startsWith('/') || path.split('/').includes('..') ? undefined : inFolder(posix.dirname(path));
}

function readDependencies(root: string, folder: string): Dependencies | undefined {
  try {
    const file = join(root, folder, 'package.json');
    const stat = lstatSync(file);
    if (!stat.isFile() || stat.size > MAX_MANIFEST) return undefined;
    // A folder of the path may be a link that leads out of the tree.
    const inside = realpathSync(root);
    if (!realpathSync(file).startsWith(inside.endsWith(sep) ? inside : inside + sep)) return undefined;
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null;
    const lists = ['dependencies', 'devDependencies', 'peerDependencies'].map((field) => manifest?.[field]);
    return new Set(lists.flatMap((list) => (typeof list === 'object' && list !== null ? Object.keys(list) : [])));
  } catch {
    return undefined;
  }
}
