/**
 * Files of a folder, whatever git thinks of them. fast-glob walks; the file system that it is given records what could
 * not be read, keeps names that are not UTF-8 as bytes, and leaves git's own folders out.
 */
import fs, { type Dirent } from 'node:fs';
import { resolve, sep } from 'node:path';
import { decodeName } from '../model/file-name.ts';
import type { Sink } from '../model/source.ts';
import type { FileUnit } from './file-units.ts';
import { reasonOf } from './read-file.ts';

/**
 * All files below a folder, in a fixed order.
 * @param folder absolute; bytes where its name is not UTF-8
 * @param shown the folder's own name in the report, `/`-separated; empty for the root
 */
export async function listFolder(folder: string | Buffer, shown: string, sink: Sink): Promise<FileUnit[]> {
  const { default: fastGlob } = await import('fast-glob');
  const names = new ByteNames(folder, shown, sink);
  const entries = fastGlob.sync('**', {
    cwd: WALK_ROOT,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    objectMode: true,
    unique: false,
    fs: names.fileSystem(),
  });
  // Both by what comes before the walk's own paths: `relative` and `join` for each of 50,000 files cost a tenth of a scan.
  return entries
    .filter((entry) => !entry.dirent.isDirectory())
    .map((entry) => ({ path: names.bytesOf(entry.path), shown: names.shownAs(entry.path), kind: kindOf(entry.dirent) }))
    .toSorted((a, b) => (a.shown < b.shown ? -1 : 1));
}

/** The walk sees the folder as this: of a root with a backslash in its name it would make two folders. */
const WALK_ROOT = resolve(sep);

/** One file that was named on its own. */
export function fileUnit(path: string, shown: string): FileUnit {
  return { path, shown, kind: kindOf(fs.lstatSync(path)) };
}

function kindOf(entry: { isFile(): boolean; isSymbolicLink(): boolean }): FileUnit['kind'] {
  return entry.isFile() || entry.isSymbolicLink() ? 'file' : 'other';
}

/** What `.` of an expression does not match, so that the walk would leave out names that hold it. */
const LINE_ENDS = ['\n', '\r', '\u2028', '\u2029'];
const LINE_END = /[\n\r\u2028\u2029]/;
/** In names it stands as the second half of a pair whose first half is not there, as no text that was decoded does. */
const ALIAS_START = 0xdc00;
const ALIAS = /(?<![\ud800-\udbff])[\udc00-\udc03]/g;

function aliased(name: string): string {
  return name.replaceAll(new RegExp(LINE_END, 'g'), (end) => String.fromCharCode(ALIAS_START + LINE_ENDS.indexOf(end)));
}

function unaliased(path: string): string {
  return path.replaceAll(ALIAS, (alias) => LINE_ENDS[alias.charCodeAt(0) - ALIAS_START] ?? '');
}

/** A file system for fast-glob in which every name is text of one line, and from which every name leads back to its bytes. */
class ByteNames {
  /** By path below the folder: only names that are not UTF-8, or that hold line ends. */
  readonly #bytes = new Map<string, Buffer>();
  readonly #folder: string | Buffer;
  readonly #prefix: string;
  readonly #sink: Sink;

  constructor(folder: string | Buffer, shown: string, sink: Sink) {
    this.#folder = folder;
    this.#prefix = shown === '' ? '' : `${shown}/`;
    this.#sink = sink;
  }

  /** Where a path below the folder leads. */
  bytesOf(path: string): string | Buffer {
    if (this.#bytes.size === 0) return path === '' ? this.#folder : joined(this.#folder, path);
    let full = this.#folder;
    let below = '';
    for (const part of path === '' ? [] : path.split('/')) {
      below = below === '' ? part : `${below}/${part}`;
      full = this.#bytes.get(below) ?? joined(full, part);
    }
    return full;
  }

  shownAs(path: string): string {
    return this.#prefix + unaliased(path);
  }

  fileSystem(): { readdirSync: typeof fs.readdirSync; lstatSync: typeof fs.lstatSync; statSync: typeof fs.statSync } {
    const readdirSync = (path: string): Dirent[] => this.#list(path.slice(WALK_ROOT.length));
    const lstatSync = (path: string): fs.Stats => fs.lstatSync(this.bytesOf(path.slice(WALK_ROOT.length)));
    return { readdirSync, lstatSync, statSync: lstatSync } as unknown as ReturnType<ByteNames['fileSystem']>;
  }

  #list(path: string): Dirent[] {
    const folder = this.bytesOf(path);
    let entries: Dirent[];
    try {
      entries = fs.readdirSync(folder, { withFileTypes: true });
      if (entries.some(({ name }) => name.includes(REPLACEMENT) || LINE_END.test(name))) entries = this.#listBytes(path, folder);
    } catch (error) {
      this.#sink.counted('file');
      this.#sink.notScanned({ unit: `${this.shownAs(path).replace(/\/$/, '') || '.'}/`, ...reasonOf(error) });
      return [];
    }
    return entries.filter((entry) => {
      if (entry.name !== '.git' || !entry.isDirectory() || !isGitFolder(joined(folder, entry.name))) return true;
      this.#sink.counted('file');
      this.#sink.excluded('git folder');
      return false;
    });
  }

  /** A folder with names that are not UTF-8, look so, or hold line ends. */
  #listBytes(path: string, folder: string | Buffer): Dirent[] {
    return fs.readdirSync(folder, { encoding: 'buffer', withFileTypes: true }).map((entry) => {
      const name = aliased(decodeName(entry.name));
      if (!Buffer.from(name).equals(entry.name)) this.#bytes.set(path === '' ? name : `${path}/${name}`, Buffer.from(joined(folder, entry.name)));
      return named(entry, name);
    });
  }
}

function joined(folder: string | Buffer, name: string | Buffer): string | Buffer {
  if (typeof folder === 'string' && typeof name === 'string') return folder.endsWith(sep) ? folder + name : folder + sep + name;
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), Buffer.from(name)]);
}

/** What stands in a name for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** A directory entry under its text name. */
function named(entry: Dirent<Buffer>, name: string): Dirent {
  const copy = Object.create(entry) as Dirent;
  Object.defineProperty(copy, 'name', { value: name, enumerable: true });
  return copy;
}

function isGitFolder(path: string | Buffer): boolean {
  return fs.existsSync(joined(path, 'HEAD')) && fs.existsSync(joined(path, 'objects'));
}
