/**
 * Files of a folder, whatever git thinks of them. What cannot be read is told, names that are not UTF-8 stay bytes, and
 * git's own folders are left out.
 */
import { existsSync, lstatSync, readdirSync, type Dirent } from 'node:fs';
import { sep } from 'node:path';
import { decodeName } from '../model/file-name.ts';
import type { Sink } from '../model/source.ts';
import type { FileUnit } from './file-units.ts';
import { reasonOf } from './read-file.ts';

/** A folder or an entry of one: the path to open, and its name in the report. */
interface Place {
  readonly path: string | Buffer;
  readonly shown: string;
}

interface Entry extends Place {
  readonly type: Dirent | Dirent<Buffer>;
}

/**
 * All files below a folder, in a fixed order: those of a folder, then those of its folders.
 * @param folder absolute; bytes where its name is not UTF-8
 * @param shown the folder's own name in the report, `/`-separated; empty for the root
 */
export function* filesBelow(folder: string | Buffer, shown: string, sink: Sink): Generator<FileUnit, void> {
  const open: Place[] = [{ path: folder, shown }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const folders: Place[] = [];
    for (const entry of entriesOf(place, sink)) {
      if (!entry.type.isDirectory()) yield { path: entry.path, shown: entry.shown, kind: kindOf(entry.type) };
      else if (isGitFolder(entry)) {
        sink.counted('file');
        sink.excluded('git folder');
      } else folders.push(entry);
    }
    for (let below = folders.pop(); below !== undefined; below = folders.pop()) open.push(below);
  }
}

/** One file that was named on its own. */
export function fileUnit(path: string, shown: string): FileUnit {
  return { path, shown, kind: kindOf(lstatSync(path)) };
}

function kindOf(entry: { isFile(): boolean; isSymbolicLink(): boolean }): FileUnit['kind'] {
  return entry.isFile() || entry.isSymbolicLink() ? 'file' : 'other';
}

/** What stands in a name for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** Sorted by their names in the report. */
function entriesOf(folder: Place, sink: Sink): Iterable<Entry> {
  const prefix = folder.shown === '' ? '' : `${folder.shown}/`;
  try {
    return namedEntries(folder.path, prefix) ?? byteEntries(folder.path, prefix).toSorted((a, b) => (a.shown < b.shown ? -1 : 1));
  } catch (error) {
    sink.counted('file');
    sink.notScanned({ unit: prefix === '' ? './' : prefix, ...reasonOf(error) });
    return [];
  }
}

/** Entries of a folder in which all names are UTF-8, and its own, too. */
function namedEntries(folder: string | Buffer, prefix: string): Iterable<Entry> | undefined {
  if (typeof folder !== 'string') return undefined;
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name.includes(REPLACEMENT))) return undefined;
  // Sorted before they become paths: to compare what was just joined copies it. The last is the first to be taken.
  entries.sort((a, b) => (a.name < b.name ? 1 : -1));
  return takenFrom(entries, joined(folder, ''), prefix);
}

/** Whoever takes them is long in it, and each path takes 200 bytes: an entry becomes one when it is its turn, and is let go. */
function* takenFrom(entries: Dirent[], start: string | Buffer, prefix: string): Generator<Entry, void> {
  for (let type = entries.pop(); type !== undefined; type = entries.pop()) yield { path: start + type.name, shown: prefix + type.name, type };
}

/** A path is text where that leads back to the same bytes. */
function byteEntries(folder: string | Buffer, prefix: string): Entry[] {
  return readdirSync(folder, { encoding: 'buffer', withFileTypes: true }).map((type) => {
    const name = decodeName(type.name);
    const isText = Buffer.from(name).equals(type.name);
    return { path: joined(folder, isText ? name : type.name), shown: prefix + name, type };
  });
}

function joined(folder: string | Buffer, name: string | Buffer): string | Buffer {
  if (typeof folder === 'string' && typeof name === 'string') return folder.endsWith(sep) ? folder + name : folder + sep + name;
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), Buffer.from(name)]);
}

function isGitFolder({ path, type }: Entry): boolean {
  return type.name.toString() === '.git' && existsSync(joined(path, 'HEAD')) && existsSync(joined(path, 'objects'));
}
