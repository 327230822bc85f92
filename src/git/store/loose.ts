/** Objects that lie in files of their own. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_WHOLE } from '../../model/source.ts';
import { inflateStart, type Codec } from './codec.ts';
import { Damaged } from './damage.ts';
import { InputFile } from './input-file.ts';
import { typeCode } from './pack-entry.ts';
import type { HashBytes } from './pack-index.ts';

const FOLDER = /^[0-9a-f]{2}$/;
const HEADER = /^(blob|commit|tree|tag) (0|[1-9]\d{0,14})\0/;
/** Bytes of the longest header that the pattern takes. */
const MAX_HEADER = 24;
/** Compressed bytes that hold the header for certain; most files are no longer. */
const HEAD = 4096;
/** Of these, so many are inflated to find the header. */
const PEEK = 512;

export interface LooseObject {
  /** Type code. */
  readonly type: number;
  /** Bytes of the content. */
  readonly size: number;
}

/** Ids in a folder of objects, sorted, in hex. Folders that cannot be listed are told; other files are none of ours. */
export function listLoose(objectsDir: string, hashBytes: HashBytes, unreadable: (path: string) => void): string[] {
  const file = hashBytes === 20 ? /^[0-9a-f]{38}$/ : /^[0-9a-f]{62}$/;
  const folders = namesIn(objectsDir, unreadable).filter((name) => FOLDER.test(name));
  return folders.toSorted().flatMap((folder) =>
    namesIn(join(objectsDir, folder), unreadable)
      .filter((name) => file.test(name))
      .toSorted()
      .map((name) => folder + name),
  );
}

function namesIn(folder: string, unreadable: (path: string) => void): string[] {
  try {
    return readdirSync(folder);
  } catch {
    unreadable(folder);
    return [];
  }
}

export class LooseReader {
  readonly #codec: Codec;
  #input = Buffer.allocUnsafeSlow(65_536);

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** Type and size of an object. Throws `Damaged`. */
  head(objectsDir: string, id: string): LooseObject {
    return this.#open(objectsDir, id, (file) => this.#header(file));
  }

  /** An object's content. Throws `Damaged`, also for one over `MAX_WHOLE`. */
  read(objectsDir: string, id: string): { readonly type: number; readonly bytes: Buffer } {
    return this.#open(objectsDir, id, (file) => {
      const { type, size, headerLength } = this.#header(file);
      if (size > MAX_WHOLE) throw new Damaged('wrong-size');
      // Not even a stream that compresses nothing needs more.
      const length = Math.min(file.size, size * 2 + 65_536);
      if (length > this.#input.length) this.#input = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(length)));
      if (length > HEAD) file.read(0, this.#input, 0, length);
      const whole = this.#codec.inflate(this.#input.subarray(0, length), headerLength + size);
      const bytes = Buffer.from(this.#codec.bytes(whole).subarray(headerLength));
      this.#codec.release(whole);
      return { type, bytes };
    });
  }

  #open<Answer>(objectsDir: string, id: string, ask: (file: InputFile) => Answer): Answer {
    let file: InputFile;
    try {
      file = new InputFile(join(objectsDir, id.slice(0, 2), id.slice(2)));
    } catch {
      throw new Damaged('unreadable');
    }
    try {
      return ask(file);
    } finally {
      file.close();
    }
  }

  /** Leaves the file's beginning in the input buffer. */
  #header(file: InputFile): LooseObject & { readonly headerLength: number } {
    const count = file.read(0, this.#input, 0, Math.min(HEAD, file.size));
    const start = inflateStart(this.#input.subarray(0, Math.min(count, PEEK)));
    const match = HEADER.exec(start.toString('latin1', 0, MAX_HEADER));
    if (match === null) throw new Damaged('bad-header');
    return { type: typeCode(match[1]!), size: Number(match[2]), headerLength: match[0].length };
  }
}
