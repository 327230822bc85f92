/** Paths as a user names them. Shells that expand no wildcards leave that to us, and so do configurations of hooks. */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../model/errors.ts';

const WILDCARD = /[*?[\]{}()!]/;
/** What a repository is called elsewhere. */
const ADDRESS = /^(?:[a-z+]{2,10}:\/\/|[\w.-]{1,64}@[\w.-]{1,253}:)/;

/** A file or folder that is to be scanned. */
export interface Target {
  /** Among all that were named. */
  readonly index: number;
  /** Absolute, links resolved. */
  readonly path: string;
  readonly isFile: boolean;
  readonly isFolder: boolean;
  /** The folder itself, or the one that holds the file. */
  readonly folder: string;
}

/**
 * What some paths or patterns name; the current folder when there are none. Throws a `UserError` for a path that is not
 * there: never an empty scan.
 */
export async function targetsOf(paths: readonly string[], cwd: string): Promise<Target[]> {
  const named = await expandPatterns(paths, cwd);
  return (named.length === 0 ? ['.'] : named).map((given, index) => {
    if (given === '' || given.includes('\0'))
      throw new UserError('an empty path was given', 'Name a file or folder, or none for the current folder.');
    const full = resolve(cwd, given);
    const followed = statSync(full, { throwIfNoEntry: false });
    const stat = followed ?? lstatSync(full, { throwIfNoEntry: false });
    if (stat === undefined) throw new UserError(`there is no file or folder "${given}"`, adviceOn(given));
    const isFolder = stat.isDirectory();
    // A link to nothing is looked at as what it is.
    const folder = realpathSync(dirname(full));
    const path = followed === undefined ? join(folder, basename(full)) : realpathSync(full);
    return { index, path, isFile: !isFolder, isFolder, folder: isFolder ? path : folder };
  });
}

/** What to do about a path that is not there. */
function adviceOn(given: string): string {
  if (given === '-') return 'keysift --stdin reads standard input.';
  if (ADDRESS.test(given)) return 'keysift never uses the network: clone the repository with git, and name the clone.';
  return 'Check the path; keysift --help names the commands.';
}

/** Targets without those that lie below another one, so that every unit is scanned once. */
export function uncovered(targets: readonly Target[]): Target[] {
  const unique = targets.filter((target, index) => targets.findIndex((other) => other.path === target.path) === index);
  return unique.filter((target) => !unique.some((other) => other !== target && other.isFolder && target.path.startsWith(other.path + sep)));
}

/** What a path below `root`, or beside it, is called in reports. */
export function shown(root: string, path: string): string {
  const inside = pathBelow(root, path);
  return inside === '..' || inside.startsWith('../') ? basename(path) : inside;
}

/** A path as it is told, from `root`. */
export function pathBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

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
