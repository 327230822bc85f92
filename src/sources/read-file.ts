/**
 * Reads one file of the working tree: never through a link, never blocking on a device, and with a look at the
 * descriptor afterwards, so that a file swapped between listing and opening is noticed.
 */
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type PathLike } from 'node:fs';
import type { Reason } from '../model/not-scanned.ts';
import type { Origin } from '../model/origin.ts';
import { MAX_WHOLE, type Sink } from '../model/source.ts';

const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const PIECE = 4 * 1024 * 1024;
/** Bytes that are read of a file that says it has none. */
const UNSIZED = 65_536;

const REASON_OF: Readonly<Record<string, Reason>> = {
  EACCES: 'EACCES',
  EPERM: 'EACCES',
  ENOENT: 'ENOENT-RACE',
  ENOTDIR: 'ENOENT-RACE',
  ENAMETOOLONG: 'TOO-DEEP',
  ELOOP: 'CHANGED-DURING-READ',
  ENXIO: 'NOT-REGULAR',
};

/** The reason code of a failed file call. */
export function reasonOf(error: unknown): { reason: Reason; detail: string } {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return { reason: REASON_OF[code] ?? 'READ-ERROR', detail: `${code} from the file system` };
}

export interface ReadLimits {
  /** Larger files are not scanned but listed; bytes. */
  readonly maxFileSize: number;
}

/** Reads files one after the other, straight into the memory in which they are looked at. */
export class FileReader {
  readonly #sink: Sink;
  readonly #limits: ReadLimits;

  constructor(sink: Sink, limits: ReadLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /**
   * @param path to open, as bytes where the name is not UTF-8; `origin` names it in the report
   * Says what it was instead of a file, when it was none; everything else has been told to the sink.
   */
  read(path: string | Uint8Array, origin: Origin & { readonly path: string }): 'link' | 'absent' | undefined {
    let file: number;
    try {
      file = openSync(path as PathLike, OPEN_FLAGS);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ELOOP') return 'link';
      if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
      this.#sink.notScanned({ unit: origin.path, ...reasonOf(error) });
      return undefined;
    }
    try {
      this.#readOpen(file, origin);
    } catch (error) {
      if (!isFileError(error)) throw error;
      this.#sink.notScanned({ unit: origin.path, ...reasonOf(error) });
    } finally {
      closeSync(file);
    }
    return undefined;
  }

  /** The text of a link is content too: git stores it as the blob. */
  readLink(path: string | Uint8Array, origin: Origin & { readonly path: string }): string | undefined {
    try {
      const target = readlinkSync(path as PathLike, 'buffer');
      this.#sink.content(origin, target);
      return target.toString('utf8');
    } catch (error) {
      if (!isFileError(error)) throw error;
      this.#sink.notScanned({ unit: origin.path, ...reasonOf(error) });
      return undefined;
    }
  }

  #readOpen(file: number, origin: Origin & { readonly path: string }): void {
    const stat = fstatSync(file);
    if (!stat.isFile()) {
      this.#sink.notScanned({ unit: origin.path, reason: 'NOT-REGULAR', detail: 'a pipe, socket or device is not opened' });
      return;
    }
    if (stat.size > this.#limits.maxFileSize) {
      this.#sink.notScanned({ unit: origin.path, reason: 'TOO-LARGE', detail: `${stat.size} bytes; raise --max-file-size to scan it` });
      return;
    }
    if (stat.size > MAX_WHOLE) {
      this.#readPieces(file, stat.size, origin);
      return;
    }
    // A file of size 0 may be one that makes its content when read, such as those of /proc.
    const size = stat.size === 0 ? UNSIZED : stat.size;
    const buffer = this.#sink.reserve(size);
    const length = fill(file, buffer);
    this.#sink.content(origin, buffer.subarray(0, length));
    if (stat.size === 0 ? length === UNSIZED : length < stat.size) this.#changed(origin);
  }

  #readPieces(file: number, size: number, origin: Origin & { readonly path: string }): void {
    const pieces = this.#sink.pieces(origin, true);
    let left = size;
    while (left > 0) {
      const buffer = pieces.room(Math.min(PIECE, left));
      const length = fill(file, buffer);
      if (length === 0) break;
      pieces.piece(buffer.subarray(0, length));
      left -= length;
    }
    pieces.end();
    if (left > 0) this.#changed(origin);
  }

  /** What there was has been looked at: what is missing of it is a unit of its own. */
  #changed(origin: { readonly path: string }): void {
    this.#sink.counted('source');
    this.#sink.notScanned({ unit: origin.path, reason: 'CHANGED-DURING-READ', detail: 'its size changed while it was read; scan again' });
  }
}

/** Reads until the buffer is full or the file ends. */
function fill(file: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return length;
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
