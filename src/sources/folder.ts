/**
 * Files of a folder, whatever git thinks of them. fast-glob walks; the file system that it is given records what could
 * not be read, keeps names that are not UTF-8 as bytes, and leaves git's own folders out.
 */
import fs, { type Dirent } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { decodeName } from '../model/file-name.ts';
import type { Sink } from '../model/source.ts';
import { FileReader, reasonOf, type ReadLimits } from './read-file.ts';

/** Gives others a turn (signals, progress) after this many files. */
const FILES_PER_TURN = 256;

/** Scans all files below `folder`. Their paths are told relative to `root`. */
export async function scanFolder(folder: string, root: string, sink: Sink, limits: ReadLimits): Promise<void> {
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
  const files = entries.filter((entry) => !entry.dirent.isDirectory()).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const reader = new FileReader(sink, limits);
  for (const [index, entry] of files.entries()) {
    const path = join(folder, entry.path);
    scanEntry(reader, sink, names.bytesOf(path), shownPath(root, path), entry.dirent, resolve(root));
    if (index % FILES_PER_TURN === FILES_PER_TURN - 1) await turn();
  }
}

/** Scans one file that was named on its own. */
export function scanFile(path: string, shown: string, root: string, sink: Sink, limits: ReadLimits): void {
  scanEntry(new FileReader(sink, limits), sink, path, shown, fs.lstatSync(path), root);
}

interface EntryKind {
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

function scanEntry(reader: FileReader, sink: Sink, path: string | Buffer, shown: string, kind: EntryKind, root: string): void {
  sink.counted('file');
  const origin = { kind: 'file', path: shown } as const;
  if (kind.isFile()) reader.read(path, origin);
  else if (kind.isSymbolicLink()) scanLink(reader, sink, path, shown, root);
  else sink.notScanned({ unit: shown, reason: 'NOT-REGULAR', detail: 'a pipe, socket or device is not opened' });
}

/** Scans what a link says. Where it leads is scanned on its own when it lies inside, and never followed outside. */
export function scanLink(reader: FileReader, sink: Sink, path: string | Buffer, shown: string, root: string): void {
  const target = reader.readLink(path, { kind: 'file', path: shown });
  if (target === undefined) return;
  const inside = relative(root, resolve(root, shown, '..', target));
  if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return;
  sink.counted('file');
  sink.excluded('SYMLINK-OUT');
}

function shownPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

export function turn(): Promise<void> {
  return new Promise((next) => {
    setImmediate(next);
  });
}

/** A file system for fast-glob in which every name is text, and from which every name leads back to its bytes. */
class ByteNames {
  /** Only names that are not UTF-8. */
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
      if (entries.some((entry) => entry.name.includes(REPLACEMENT))) entries = this.#listBytes(path);
    } catch (error) {
      this.#sink.counted('file');
      this.#sink.notScanned({ unit: `${shownPath(this.#root, path) || '.'}/`, ...reasonOf(error) });
      return [];
    }
    return entries.filter((entry) => {
      if (entry.name !== '.git' || !entry.isDirectory() || !isGitFolder(join(path, entry.name))) return true;
      this.#sink.counted('file');
      this.#sink.excluded('git folder');
      return false;
    });
  }

  /** A folder with names that are not UTF-8, or that look so. */
  #listBytes(path: string): Dirent[] {
    const parent = Buffer.from(this.bytesOf(path));
    return fs.readdirSync(this.bytesOf(path), { encoding: 'buffer', withFileTypes: true }).map((entry) => {
      const name = decodeName(entry.name);
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
