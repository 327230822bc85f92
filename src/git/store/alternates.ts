/** Other folders of objects that a repository borrows from, by `info/alternates`. */
import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { FileFault } from './damage.ts';
import { InputFile } from './input-file.ts';
import { append } from '../../model/append.ts';

/** More than anybody has; git itself stops sooner. */
const MAX_FOLDERS = 256;
const MAX_FILE = 1024 * 1024;
const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/**
 * The folder itself first, then all that it and they borrow from, each once, in the order in which they are named.
 * @param more folders that the environment names besides, see `environmentFolders`
 * @param problem called for each folder or list that cannot be opened, or that is over a limit
 */
export function objectFolders(objectsDir: string, more: readonly string[], problem: (path: string, fault: FileFault) => void): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const waiting = [objectsDir, ...more];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    let real: string;
    try {
      real = realpathSync(folder);
    } catch {
      problem(folder, 'missing');
      continue;
    }
    if (seen.has(real)) continue;
    seen.add(real);
    if (found.length >= MAX_FOLDERS) {
      problem(real, 'unreadable');
      continue;
    }
    found.push(real);
    append(waiting, borrowed(real, problem));
  }
  return found;
}

/**
 * The folders in `GIT_ALTERNATE_OBJECT_DIRECTORIES`: separated as in PATH, those with a separator in them in double quotes.
 * @param separator of PATH, which is a semicolon on Windows and a colon elsewhere
 */
export function environmentFolders(value: string, separator: string = delimiter): string[] {
  const pattern = separator === ';' ? /"(?:[^"\\]|\\.)*"|[^;]+/gs : /"(?:[^"\\]|\\.)*"|[^:]+/gs;
  return [...value.matchAll(pattern)].map(([entry]) => unquote(entry));
}

function borrowed(folder: string, problem: (path: string, fault: FileFault) => void): string[] {
  const list = join(folder, 'info', 'alternates');
  let bytes: Buffer;
  try {
    const file = new InputFile(list);
    bytes = Buffer.alloc(Math.min(file.size, MAX_FILE));
    bytes = bytes.subarray(0, file.read(0, bytes, 0, bytes.length));
    file.close();
    // The last line may be cut, and those behind it are not seen.
    if (file.size > MAX_FILE) problem(list, 'unreadable');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problem(list, 'unreadable');
    return [];
  }
  const lines = bytes.toString('utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(unquote)
    .map((path) => (isAbsolute(path) ? path : resolve(folder, path)));
}

/** A line in double quotes is written as C would; one that is not ended rightly is taken as it is, as git does. */
function unquote(line: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/s.exec(line)?.[1];
  if (quoted === undefined) return line;
  // Octal escapes are bytes, and several make one character.
  const bytes: Buffer[] = [];
  for (const [piece, octal, letter] of quoted.matchAll(/\\(?:([0-3][0-7]{2})|(.))|[^\\]+/gs)) {
    if (octal !== undefined) bytes.push(Buffer.from([Number.parseInt(octal, 8)]));
    else if (letter === undefined) bytes.push(Buffer.from(piece));
    else bytes.push(ESCAPES[letter] === undefined ? Buffer.from(letter) : Buffer.from([ESCAPES[letter]]));
  }
  return Buffer.concat(bytes).toString('utf8');
}
