/** The files that say what refs, HEADs and reflogs hold: while they are as they were, so is all that git says of them. */
import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { LEFT_BEHIND } from './enumerate.ts';
import type { Repository } from './repository.ts';
import { InputFile } from './store/input-file.ts';

const FILES = ['HEAD', 'packed-refs', ...LEFT_BEHIND, join('logs', 'refs', 'stash')];
/** Refs in files of their own, and in tables. */
const FOLDERS = ['refs', 'reftable'];
/** Bytes that are read at once. */
const PIECE = 65_536;
/** Bytes of the largest file that is read: a file of holes may say that it has any number of them. */
const LARGEST = 2 ** 30;

/**
 * Stands for the names and contents of all of them. Undefined where something cannot be read, is too large, or leads elsewhere.
 * @param reflog also what reflogs remember
 */
export function refFilesOf({ gitDir, commonDir }: Repository, reflog: boolean): string | undefined {
  const hash = createHash('sha256');
  try {
    for (const folder of new Set([commonDir, gitDir])) {
      for (const name of FILES) addFile(hash, join(folder, name));
      for (const name of reflog ? [...FOLDERS, 'logs'] : FOLDERS) addFolder(hash, join(folder, name));
    }
    for (const { name } of entriesOf(join(commonDir, 'worktrees'))) addFile(hash, join(commonDir, 'worktrees', name, 'HEAD'));
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

function addFolder(hash: Hash, folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(hash, path);
    else addFile(hash, path);
  }
}

/** As they are listed: in another order they are others, which costs a question to git. */
function entriesOf(folder: string): readonly Dirent[] {
  return orNothing(() => readdirSync(folder, { withFileTypes: true })) ?? [];
}

/** What is not there adds nothing: what is there says its name. */
function addFile(hash: Hash, path: string): void {
  orNothing(() => addContent(hash, path));
}

/** Throws for a link, since of a HEAD that is one its name counts, and for what is read without an end. */
function addContent(hash: Hash, path: string): void {
  if (!lstatSync(path).isFile()) throw new Error('no file');
  const file = new InputFile(path);
  try {
    if (file.size > LARGEST) throw new Error('too large');
    // Its length keeps what follows apart.
    hash.update(`\n${file.size} ${path}\n`);
    const piece = Buffer.alloc(Math.min(PIECE, file.size));
    for (let at = 0; at < file.size; at += PIECE) {
      const length = Math.min(PIECE, file.size - at);
      if (file.read(at, piece, 0, length) !== length) throw new Error('it gets shorter');
      hash.update(piece.subarray(0, length));
    }
  } finally {
    file.close();
  }
}

function orNothing<Answer>(ask: () => Answer): Answer | undefined {
  try {
    return ask();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
