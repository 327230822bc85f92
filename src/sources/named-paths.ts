/** Paths as a user names them. Shells that expand no wildcards leave that to us, and so do configurations of hooks. */
import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../model/errors.ts';

const WILDCARD = /[*?[\]{}()!]/;

/**
 * The files and folders that each path stands for: itself where something of that name is there, else what it matches
 * as a pattern, hidden files too, in a fixed order.
 * @param cwd the folder that they are relative to
 */
export async function expandPatterns(paths: readonly string[], cwd: string): Promise<string[]> {
  const expanded = await Promise.all(paths.map(async (path) => (mayBePattern(path, cwd) ? matches(path, cwd) : [path])));
  return expanded.flat();
}

function mayBePattern(path: string, cwd: string): boolean {
  return WILDCARD.test(path) && !path.includes('\0') && lstatSync(resolve(cwd, path), { throwIfNoEntry: false }) === undefined;
}

async function matches(pattern: string, cwd: string): Promise<string[]> {
  const { default: fastGlob } = await import('fast-glob');
  if (!fastGlob.isDynamicPattern(pattern)) return [pattern];
  const found = await fastGlob(pattern, { cwd, dot: true, onlyFiles: false, followSymbolicLinks: false, ignore: ['**/.git/**'] }).catch(
    (error: unknown) => {
      throw new UserError(`what "${pattern}" matches cannot be listed: ${(error as Error).message}`, 'Name files or folders that can be read.');
    },
  );
  if (found.length === 0) throw new UserError(`nothing matches "${pattern}"`, 'Check the path.');
  return found.toSorted();
}
