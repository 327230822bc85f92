/** Writes a file of the policy in one step: whoever reads it sees the old text or the new one, never a half. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../model/errors.ts';

/** Throws a `UserError` when it cannot be written; the old file is kept then. */
export function replaceFile(path: string, text: string, mode?: number): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) throw new UserError(`${path} is no regular file`, 'Take it away, or name another one.');
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, 'wx', mode ?? (stat === undefined ? 0o644 : stat.mode & 0o777));
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UserError(
      `cannot write ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      'Check the folder and its permissions.',
    );
  }
}
