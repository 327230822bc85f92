/** Short texts of a working tree that say something about what was found beside them: manifests, ignore files. */
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

const MAX_SIZE = 1_048_576;

/** A regular file below `root`; undefined where there is none, it is large, or a link on the way leads out of the tree. Without a mark of its bytes' order. */
export function smallText(root: string, path: string): string | undefined {
  try {
    const file = join(root, path);
    const stat = lstatSync(file);
    if (!stat.isFile() || stat.size > MAX_SIZE) return undefined;
    const inside = realpathSync(root);
    return realpathSync(file).startsWith(inside.endsWith(sep) ? inside : inside + sep)
      ? readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a path is one of a file in a working tree. */
export function isBelow(path: string): boolean {
  return path !== '' && !path.startsWith('<') && !path.startsWith('/') && !path.split('/').includes('..');
}
