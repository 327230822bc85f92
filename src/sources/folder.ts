/**
 * Files of a folder, whatever git thinks of them. fast-glob walks; the file system that it is given records what could
 * not be read, keeps names that are not UTF-8 as bytes, and leaves git's own folders out.
 */
import fs, { type Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { decodeName } from '../model/file-name.ts';
import type { Sink } from '../model/source.ts';
import type { FileUnit } from './file-units.ts';
import { reasonOf } from './read-file.ts';

/** All files below `folder`, in a fixed order. Their names are told relative to `root`. */
export async function listFolder(folder: string, root: string, sink: Sink): Promise<FileUnit[]> {
  const { default: fastGlob } = await import('fast-glob');
  const names = new ByteNames(sink, root);
  const entries = fastGlob.sync('**', {
    cwd: folder,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    objectMode: true,
    unique: false,
    fs: names.fileSystem(),
  });
  // Both by what comes before the walk's own paths: `relative` and `join` for each of 50,000 files cost a tenth of a scan.
  const inside = shownPath(root, folder);
  const prefix = inside === '' ? '' : `${inside}/`;
  return entries
    .filter((entry) => !entry.dirent.isDirectory())
    .map((entry) => ({ path: names.bytesOf(folder + sep + entry.path), shown: prefix + unaliased(entry.path), kind: kindOf(entry.dirent) }))
    .toSorted((a, b) => (a.shown < b.shown ? -1 : 1));
}

/** One file that was named on its own. */
export function fileUnit(path: string, shown: string): FileUnit {
  return { path, shown, kind: kindOf(fs.lstatSync(path)) };
}

function kindOf(entry: { isFile(): boolean; isSymbolicLink(): boolean }): FileUnit['kind'] {
  return entry.isFile() || entry.isSymbolicLink() ? 'file' : 'other';
}

function shownPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
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
  /** Only names that are not UTF-8, or that hold line ends. */
  readonly #bytes = new Map<string, Buffer>();
  readonly #sink: Sink;
  readonly #root: string;

  constructor(sink: Sink, root: string) {
    this.#sink = sink;
    this.#root = root;
  }

  bytesOf(path: string): string | Buffer {
    if (this.#bytes.size === 0) return path;
    let start = '';
    let bytes: Buffer | undefined;
    for (const part of path.split(sep)) {
      start = start === '' && part === '' ? sep : join(start, part);
      const known = this.#bytes.get(start);
      if (known !== undefined) bytes = known;
      else if (bytes !== undefined) bytes = Buffer.concat([bytes, Buffer.from(sep + part)]);
    }
    return bytes ?? path;
  }

  fileSystem(): { readdirSync: typeof fs.readdirSync; lstatSync: typeof fs.lstatSync; statSync: typeof fs.statSync } {
    const readdirSync = (path: string): Dirent[] => this.#list(path);
    const lstatSync = (path: string): fs.Stats => fs.lstatSync(this.bytesOf(path));
    return { readdirSync, lstatSync, statSync: lstatSync } as unknown as ReturnType<ByteNames['fileSystem']>;
  }

  #list(path: string): Dirent[] {
    let entries: Dirent[];
    try {
      entries = fs.readdirSync(this.bytesOf(path), { withFileTypes: true });
      if (entries.some(({ name }) => name.includes(REPLACEMENT) || LINE_END.test(name))) entries = this.#listBytes(path);
    } catch (error) {
      this.#sink.counted('file');
      this.#sink.notScanned({ unit: `${unaliased(shownPath(this.#root, path)) || '.'}/`, ...reasonOf(error) });
      return [];
    }
    return entries.filter((entry) => {
      if (entry.name !== '.git' || !entry.isDirectory() || !isGitFolder(join(path, entry.name))) return true;
      this.#sink.counted('file');
      this.#sink.excluded('git folder');
      return false;
    });
  }

  /** A folder with names that are not UTF-8, look so, or hold line ends. */
  #listBytes(path: string): Dirent[] {
    const parent = Buffer.from(this.bytesOf(path));
    return fs.readdirSync(this.bytesOf(path), { encoding: 'buffer', withFileTypes: true }).map((entry) => {
      const name = aliased(decodeName(entry.name));
      if (!Buffer.from(name).equals(entry.name)) this.#bytes.set(join(path, name), Buffer.concat([parent, Buffer.from(sep), entry.name]));
      return named(entry, name);
    });
  }
}

/** What stands in a name for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** A directory entry under its text name. */
function named(entry: Dirent<Buffer>, name: string): Dirent {
  const copy = Object.create(entry) as Dirent;
  Object.defineProperty(copy, 'name', { value: name, enumerable: true });
  return copy;
}

function isGitFolder(path: string): boolean {
  return fs.existsSync(join(path, 'HEAD')) && fs.existsSync(join(path, 'objects'));
}
