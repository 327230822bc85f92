/** Where the files of a policy are read: from disk, or from a revision that the judged change cannot touch. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gitSync } from '../git/command.ts';
import type { Repository } from '../git/repository.ts';
import { UserError } from '../model/errors.ts';
import { readFault } from '../model/read-fault.ts';

export interface PolicyFiles {
  /** What to call a file in messages and reports. */
  shown(path: string): string;
  /** The text of a file, by its path below the policy's root, `/`-separated; undefined where there is none. */
  read(path: string): string | undefined;
}

/** More than a million entries; more is no policy. */
const MAX_FILE = 128 * 1024 * 1024;

function tooLarge(shown: string): UserError {
  return new UserError(
    `${shown} is larger than ${MAX_FILE / 1024 / 1024} MiB`,
    'No file of a policy is that large: take out what does not belong there.',
  );
}

export class DiskFiles implements PolicyFiles {
  readonly #root: string;
  readonly #prefix: string;

  /** @param prefix goes before the names of files in another folder than the policy's root */
  constructor(root: string, prefix = '') {
    this.#root = root;
    this.#prefix = prefix;
  }

  shown(path: string): string {
    return this.#prefix + path;
  }

  read(path: string): string | undefined {
    const full = join(this.#root, path);
    try {
      this.#checkLinks(path, full);
      const stat = statSync(full);
      if (!stat.isFile() && !stat.isDirectory()) throw new UserError(`${this.shown(path)} is no regular file`, 'Put the file itself there.');
      if (stat.size > MAX_FILE) throw tooLarge(this.shown(path));
      return readFileSync(full, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      // Ours have no code, and are thrown again by `readFault`.
      throw new UserError(`cannot read ${this.shown(path)}: ${readFault(error)}`, 'Make it readable, or take it away: a policy is never guessed.');
    }
  }

  /** The file itself may be a link, or any folder on the way to it. */
  #checkLinks(path: string, full: string): void {
    const inside = relative(realpathSync(this.#root), realpathSync(full));
    if (inside === '..' || inside.startsWith(`..${sep}`))
      throw new UserError(`${this.shown(path)} is a link that leads outside`, 'Put the file itself there, or name it with --config.');
  }
}

/** Only files of 100644 and 100755 count: a link in a commit is text that somebody else chose. */
const FILE_MODES = new Set(['100644', '100755']);

export class RevisionFiles implements PolicyFiles {
  /** Goes behind a file's name. */
  readonly label: string;
  readonly #repository: Repository;
  readonly #commit: string;
  #top: Map<string, string> | undefined;

  /** @param name what the user called the commit */
  constructor(repository: Repository, commit: string, name: string) {
    this.#repository = repository;
    this.#commit = commit;
    this.label = ` at ${name === commit ? commit.slice(0, 10) : `${name} (${commit.slice(0, 10)})`}`;
  }

  shown(path: string): string {
    return path + this.label;
  }

  read(path: string): string | undefined {
    const { git } = this.#repository;
    const entry = this.entry(path);
    if (entry === '') return undefined;
    const [mode, , id] = entry.split(' ');
    if (!FILE_MODES.has(mode!)) throw new UserError(`${this.shown(path)} is no regular file`, 'Commit the file itself.');
    const blob = gitSync(git, ['cat-file', '--batch'], `${id}\n`);
    const end = blob.stdout.indexOf(0x0a);
    const size = Number(/ blob (\d{1,15})$/.exec(blob.stdout.toString('latin1', 0, Math.max(0, end)))?.[1] ?? Number.NaN);
    if (size > MAX_FILE) throw tooLarge(this.shown(path));
    if (blob.status !== 0 || blob.stdout.length !== end + size + 2) throw this.#unreadable(path); // also where there is no size
    return blob.stdout.toString('utf8', end + 1, end + 1 + size);
  }

  /** What the commit's tree says of a path: mode, type and id, or nothing. Files at the top are asked for together. */
  entry(path: string): string {
    this.#top ??= this.#list([]);
    return (path.includes('/') ? this.#list([path]) : this.#top).get(path) ?? '';
  }

  #list(paths: readonly string[]): Map<string, string> {
    const listed = gitSync(this.#repository.git, ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', this.#commit, '--', ...paths]);
    if (listed.status !== 0) throw this.#unreadable('the files');
    const records = listed.stdout.toString('utf8').split('\0');
    return new Map(records.map((record) => [record.slice(record.indexOf('\t') + 1), record.slice(0, Math.max(0, record.indexOf('\t')))]));
  }

  #unreadable(path: string): UserError {
    return new UserError(`cannot read ${this.shown(path)}`, 'Fetch that commit with its files (in CI: fetch-depth: 0, no partial clone).');
  }
}
