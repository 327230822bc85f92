/**
 * Objects in which an earlier scan found nothing, kept in the repository's git directory as a sorted list of ids, and what
 * that scan knew of the whole history. Neither holds text of any content. Whoever can write into a repository could claim that a leak is clean, so the list is signed
 * with a key of the user's own, which lies elsewhere; a list that is not signed so, for other rules or damaged, is none.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { writeWhole } from '../model/whole-file.ts';

const FOLDER = 'keysift';
/** A file, the line that it begins with, and how many bytes are read of it. */
interface Form {
  readonly file: string;
  readonly magic: Buffer;
  readonly most: number;
}
const SIGNATURE = 32;
const KEY = 32;
/** More than that are not kept. */
const MAX_OBJECTS = 4_000_000;
const OBJECTS: Form = { file: 'clean-objects', magic: Buffer.from('keysift clean objects 1\n'), most: MAX_OBJECTS * 32 };
const SCAN: Form = { file: 'last-scan', magic: Buffer.from('keysift last scan 1\n'), most: 8 * 1024 * 1024 };

export class CleanList {
  readonly #commonDir: string;
  readonly #key: Buffer;
  readonly #hashBytes: number;
  readonly #ids: Buffer;

  private constructor(commonDir: string, key: Buffer, hashBytes: number, ids: Buffer) {
    this.#commonDir = commonDir;
    this.#key = key;
    this.#hashBytes = hashBytes;
    this.#ids = ids;
  }

  /**
   * The list that was kept under the same `terms` (rules, version, limits), or an empty one. Undefined where there can be
   * no key of the user's own.
   */
  static open(commonDir: string, hashBytes: number, terms: string, environment: NodeJS.ProcessEnv): CleanList | undefined {
    const secret = userKey(environment);
    if (secret === undefined) return undefined;
    // The key that signs is of these terms alone: under others no signature fits.
    const key = createHmac('sha256', secret).update(`${hashBytes}\0${terms}`).digest();
    const ids = readSigned(join(commonDir, FOLDER), key, OBJECTS);
    return new CleanList(commonDir, key, hashBytes, ids === undefined || ids.length % hashBytes !== 0 ? Buffer.alloc(0) : ids);
  }

  /** Number of objects. */
  get size(): number {
    return this.#ids.length / this.#hashBytes;
  }

  /** Ids in hex, ascending. */
  *ids(): Generator<string> {
    for (let at = 0; at < this.#ids.length; at += this.#hashBytes) yield this.#ids.toString('hex', at, at + this.#hashBytes);
  }

  /** Puts another list in its place; false when it cannot be written, or is too long to be kept. */
  replace(ids: readonly string[]): boolean {
    if (ids.length > MAX_OBJECTS) return false;
    const bytes = Buffer.from(ids.toSorted().join(''), 'hex');
    return bytes.equals(this.#ids) || this.#write(OBJECTS, bytes);
  }

  /** What `keepScan` was given last. */
  lastScan(): Buffer | undefined {
    return readSigned(join(this.#commonDir, FOLDER), this.#key, SCAN);
  }

  /** Keeps a few MiB at most; nothing when there is no place for it. */
  keepScan(bytes: Buffer): void {
    this.#write(SCAN, bytes);
  }

  #write({ file, magic, most }: Form, bytes: Buffer): boolean {
    if (bytes.length > most) return false;
    const body = Buffer.concat([magic, bytes]);
    const folder = join(this.#commonDir, FOLDER);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // A link would lead out of the repository.
      if (!lstatSync(folder).isDirectory()) return false;
      writeWhole(join(folder, file), Buffer.concat([body, sign(this.#key, body)]), { mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  }
}

function sign(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest();
}

/** The content of a file that is signed with the key; undefined for any other. */
function readSigned(folder: string, key: Buffer, { file, magic, most }: Form): Buffer | undefined {
  let bytes: Buffer;
  try {
    if (!lstatSync(folder).isDirectory()) return undefined;
    bytes = readRegular(join(folder, file), magic.length + most + SIGNATURE);
  } catch {
    return undefined;
  }
  const end = bytes.length - SIGNATURE;
  if (end < magic.length || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  return timingSafeEqual(bytes.subarray(end), sign(key, bytes.subarray(0, end))) ? bytes.subarray(magic.length, end) : undefined;
}

/** Throws when it is no regular file, or a larger one. */
function readRegular(path: string, most: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > most) throw new Error('no list of ours');
    const bytes = Buffer.alloc(stat.size);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, stat.size, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** The user's key, made at the first use. */
function userKey(environment: NodeJS.ProcessEnv): Buffer | undefined {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '', LOCALAPPDATA: local = '' } = environment;
  const base = isAbsolute(cache) ? cache : isAbsolute(home) ? join(home, '.cache') : local;
  if (!isAbsolute(base)) return undefined;
  const folder = join(base, FOLDER);
  const path = join(folder, 'cache-key');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Of two first uses at once the later key stays; the list of the other fits none, and is made anew.
    if (!existsSync(path)) writeWhole(path, randomBytes(KEY), { mode: 0o600 });
    const key = readFileSync(path);
    return key.length === KEY ? key : undefined;
  } catch {
    return undefined;
  }
}
