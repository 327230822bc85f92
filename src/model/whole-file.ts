/**
 * A file that is written whole or not at all: into a temporary file of the same folder, flushed, then renamed over the
 * old one. Whoever reads it sees the old content or the new one, and a failure leaves nothing behind. All of it happens
 * before anything else runs, so that no signal comes between.
 */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UserError } from './errors.ts';

export interface WholeFile {
  /** Permissions; those of the file that is there when left out, else what the process gives to new files. */
  readonly mode?: number;
  /** A symbolic link is followed when it leads to a file below this folder, and refused without one. */
  readonly within?: string;
  /** Makes the folders that are missing. */
  readonly folders?: boolean;
}

/** Throws a `UserError` for what would fail later: a missing or closed folder, a link, a folder of that name. */
export function checkWhole(path: string): void {
  telling(path, () => {
    regular(path);
    accessSync(`${dirname(path)}${sep}`, constants.W_OK);
  });
}

/** Throws a `UserError` when it cannot be written; the file that was there is kept then. What is long comes in parts, made while it is written. */
export function writeWhole(path: string, content: string | Uint8Array | Iterable<string>, { mode, within, folders }: WholeFile = {}): void {
  telling(path, () => {
    const target = followed(path, within);
    const before = regular(target);
    const permissions = mode ?? before?.mode;
    if (folders === true) mkdirSync(dirname(target), { recursive: true });
    const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      const file = openSync(temporary, 'wx', mode);
      try {
        if (permissions !== undefined) fchmodSync(file, permissions & 0o777);
        for (const part of typeof content === 'string' || content instanceof Uint8Array ? [content] : content) writeAll(file, part);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Adds to the end of a file that others write to as well. Throws a `UserError`, and takes back the half that it wrote. */
export function appendWhole(path: string, content: string): void {
  telling(path, () => {
    regular(path);
    const file = openSync(path, 'a');
    const { size } = fstatSync(file);
    try {
      writeAll(file, content);
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    } finally {
      closeSync(file);
    }
  });
}

function writeAll(file: number, content: string | Uint8Array): void {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** The path itself, or where a link that stays below a folder leads; never into git's own. */
function followed(path: string, within: string | undefined): string {
  if (within === undefined || statSync(path, { throwIfNoEntry: false }) === undefined) return path;
  const target = realpathSync(path);
  const [first] = relative(realpathSync(within), target).split(sep);
  return first === '..' || first === '.git' ? path : target;
}

/** The regular file that is there; undefined when there is none. Links are refused, so that nothing else is overwritten. */
function regular(path: string): { readonly mode: number } | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return found;
  if (found.isSymbolicLink()) throw new UserError(`cannot write ${path}: it is a symbolic link`, 'Name the file that it leads to, or remove it.');
  throw new UserError(`cannot write ${path}: it is ${found.isDirectory() ? 'a folder' : 'no regular file'}`, 'Name a file.');
}

const CAUSES: Readonly<Record<string, readonly [cause: string, hint: string]>> = {
  ENOENT: ['its folder does not exist', 'Make the folder first.'],
  ENOTDIR: ['its folder is a file', 'Name a file in a folder that exists.'],
  EACCES: ['no permission', 'Name a file in a folder that you may write to.'],
  EPERM: ['not permitted', 'Name a file in a folder that you may write to.'],
  EROFS: ['the file system is read-only', 'Name a file somewhere else.'],
  ENOSPC: ['the disk is full', 'Make room, or name a file on another disk. A file that was there before is unchanged.'],
  EDQUOT: ['the quota is used up', 'Make room, or name a file on another disk. A file that was there before is unchanged.'],
  EFBIG: ['it would be larger than the system allows', 'Raise the limit, or name a file on another disk.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter one.'],
  EINVAL: ['the name is not allowed', 'Choose another one.'],
};

/** Why something cannot be written, in words. */
export function writeFault({ code = 'write error' }: NodeJS.ErrnoException): string {
  return CAUSES[code]?.[0] ?? code;
}

/** What the system says, in words. */
function telling(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error; // one of ours
    const [cause, hint] = CAUSES[code] ?? [code, 'Name another file.'];
    throw new UserError(`cannot write ${path}: ${cause}`, hint);
  }
}
