/** The bytes of a pack's index: all of them, or of a large one that few are asked of any more, those around the last that were. */
import { Damaged } from './damage.ts';
import { InputFile, type LentFile } from './input-file.ts';

/** Smaller ones are always kept, so that their files need not stay open. Bytes. */
const LARGE = 4 * 1024 * 1024;
/** What is read together: an id is looked for near where it should stand. Bytes. */
const WINDOW = 512;

/** As plain data for another thread: a large file is lent. */
export type SharedIndexBytes = Uint8Array | { readonly path: string; readonly file: LentFile };

export class IndexBytes {
  /** Of the whole file. */
  readonly size: number;
  /** The file's bytes from `#start` on. */
  bytes: Buffer;
  #start = 0;
  readonly #file: InputFile | undefined;
  readonly #window: Buffer;

  /** @param file which stays open; undefined where `bytes` are all that there are */
  constructor(bytes: Buffer, file?: InputFile) {
    this.bytes = bytes;
    this.#file = file;
    this.#window = Buffer.allocUnsafeSlow(file === undefined ? 0 : WINDOW);
    this.size = file?.size ?? bytes.length;
  }

  /** Throws the system's error, or `Damaged`. */
  static open(path: string, large = LARGE): IndexBytes {
    const file = new InputFile(path);
    let isKept = false;
    try {
      const bytes = file.readAll();
      isKept = file.size >= large;
      return new IndexBytes(bytes, isKept ? file : undefined);
    } finally {
      if (!isKept) file.close();
    }
  }

  static again(shared: SharedIndexBytes): IndexBytes {
    return shared instanceof Uint8Array
      ? new IndexBytes(Buffer.from(shared.buffer, shared.byteOffset, shared.length))
      : new IndexBytes(Buffer.alloc(0), new InputFile(shared.path, shared.file));
  }

  share(): SharedIndexBytes {
    return this.#file === undefined ? this.bytes : { path: this.#file.path, file: this.#file.lend() };
  }

  /** Lets the bytes of a large file go. */
  forget(): void {
    if (this.#file !== undefined) this.bytes = this.#window.subarray(0, 0);
  }

  /** Where a part of the file lies in `bytes`, valid until the next call. Not over `WINDOW` bytes. Throws `Damaged` when it cannot be read. */
  place(start: number, length: number): number {
    const place = start - this.#start;
    return place >= 0 && place + length <= this.bytes.length ? place : this.#read(start, length);
  }

  #read(start: number, length: number): number {
    const from = Math.max(0, Math.min(start - ((WINDOW - length) >> 1), this.size - WINDOW));
    this.#start = from;
    this.bytes = this.#window.subarray(0, this.#file!.read(from, this.#window, 0, WINDOW));
    if (start + length > from + this.bytes.length) throw new Damaged('unreadable');
    return start - from;
  }

  /** Bytes of a part of any length. Throws `Damaged` when it cannot be read. */
  part(start: number, end: number): Buffer {
    const place = start - this.#start;
    if (place >= 0 && end - this.#start <= this.bytes.length) return this.bytes.subarray(place, end - this.#start);
    const bytes = Buffer.allocUnsafeSlow(end - start);
    if (this.#file!.read(start, bytes, 0, bytes.length) < bytes.length) throw new Damaged('unreadable');
    return bytes;
  }

  close(): void {
    this.#file?.close();
  }
}
