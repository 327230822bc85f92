/** What the packages of a working tree depend on, read only for the few paths at which something was found. */
import { posix } from 'node:path';
import type { Dependencies } from '../classify/exposure.ts';
import { isBelow, smallText } from './small-file.ts';

/** Answers for a path relative to `root`: the dependencies of the nearest `package.json` above it that can be read. */
export function dependenciesBelow(root: string): (path: string) => Dependencies | undefined {
  const known = new Map<string, Dependencies | undefined>();
  const inFolder = (folder: string): Dependencies | undefined => {
    if (known.has(folder)) return known.get(folder);
    const found = dependenciesIn(root, folder) ?? (folder === '.' ? undefined : inFolder(posix.dirname(folder)));
    known.set(folder, found);
    return found;
  };
  return (path) => (isBelow(path) ? inFolder(posix.dirname(path)) : undefined);
}

/** What the `package.json` of a folder depends on; undefined where there is none that can be read. */
export function dependenciesIn(root: string, folder: string): Dependencies | undefined {
  try {
    const text = smallText(root, posix.join(folder, 'package.json'));
    if (text === undefined) return undefined;
    const manifest = JSON.parse(text) as Record<string, unknown> | null;
    const lists = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].map((field) => manifest?.[field]);
    return new Set(lists.flatMap((list) => (typeof list === 'object' && list !== null ? Object.keys(list) : [])));
  } catch {
    return undefined;
  }
}
