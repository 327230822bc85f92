/**
 * Report files, written whole or not at all: into a temporary file of the same folder, flushed, then renamed over the
 * old one. Symbolic links and anything that is no regular file are refused, so that nothing outside is overwritten.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { safeText } from '../report/safe-text.ts';

/** What a new file may be at most; the process' own mask takes away from it. */
const NEW_FILE = 0o666;

/** Complains about what would fail later: a missing or closed folder, a link, a folder of that name. */
export async function checkReportFile(path: string): Promise<void> {
  await modeOf(path);
  const folder = await stat(dirname(path)).catch((error: unknown) => failed(path, error));
  if (!folder.isDirectory())
    throw new UserError(`cannot write ${safeText(path)}: ${safeText(dirname(path))} is no folder`, 'Name a file in a folder that exists.');
  await access(dirname(path), constants.W_OK).catch((error: unknown) => failed(path, error));
}

export async function writeReportFile(path: string, text: string): Promise<void> {
  const mode = await modeOf(path);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode ?? NEW_FILE);
    try {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    failed(path, error);
  }
}

/** Permissions of the file that stands there; undefined when there is none. */
async function modeOf(path: string): Promise<number | undefined> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : failed(path, error)));
  if (found === undefined) return undefined;
  if (found.isSymbolicLink())
    throw new UserError(`cannot write ${safeText(path)}: it is a symbolic link`, 'Name the file that it leads to, or remove it.');
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'no regular file';
    throw new UserError(`cannot write ${safeText(path)}: it is ${what}`, 'Name a file. Without =FILE the report goes to standard output.');
  }
  return found.mode & 0o777;
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

function failed(path: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code;
  const known = code === undefined ? undefined : (CAUSES[code] ?? ([code, 'Name another file.'] as const));
  if (known === undefined) throw error;
  throw new UserError(`cannot write ${safeText(path)}: ${known[0]}`, known[1]);
}
