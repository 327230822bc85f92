/**
 * Objects in which an earlier scan found nothing, kept in the repository's git directory as a sorted list of ids. It holds
 * no text of any content. Whoever can write into a repository could claim that a leak is clean, so the list is signed
 * with a key of the user's own, which lies elsewhere; a list that is not signed so, for other rules or damaged, is none.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { writeWhole } from '../model/whole-file.ts';

const FOLDER = 'keysift';
const FILE = 'clean-objects';
const MAGIC = Buffer.from('keysift clean objects 1\n');
const SIGNATURE = 32;
const KEY = 32;
/** More than that are not kept. */
const MAX_OBJECTS = 4_000_000;

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
    return new CleanList(commonDir, key, hashBytes, readSigned(join(commonDir, FOLDER), key, hashBytes) ?? Buffer.alloc(0));
  }

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
    const sorted = ids.toSorted();
    const body = Buffer.concat([MAGIC, Buffer.from(sorted.join(''), 'hex')]);
    if (body.length === MAGIC.length + this.#ids.length && body.subarray(MAGIC.length).equals(this.#ids)) return true;
    const folder = join(this.#commonDir, FOLDER);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // A link would lead out of the repository.
      if (!lstatSync(folder).isDirectory()) return false;
      writeWhole(join(folder, FILE), Buffer.concat([body, sign(this.#key, body)]), { mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  }
}

function sign(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest();
}

/** The ids of a file that is signed with the key; undefined for any other. */
function readSigned(folder: string, key: Buffer, hashBytes: number): Buffer | undefined {
  let bytes: Buffer;
  try {
    if (!lstatSync(folder).isDirectory()) return undefined;
    bytes = readRegular(join(folder, FILE), MAGIC.length + MAX_OBJECTS * hashBytes + SIGNATURE);
  } catch {
    return undefined;
  }
  const end = bytes.length - SIGNATURE;
  if (end < MAGIC.length || !bytes.subarray(0, MAGIC.length).equals(MAGIC) || (end - MAGIC.length) % hashBytes !== 0) return undefined;
  return timingSafeEqual(bytes.subarray(end), sign(key, bytes.subarray(0, end))) ? bytes.subarray(MAGIC.length, end) : undefined;
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
