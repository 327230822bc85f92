/** Files of the store, opened once and read by place. */
import { constants as buffers } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Damaged } from './damage.ts';
import { sharedBytes } from './shared.ts';

/** An open file, as plain data: descriptors are of the process. */
export interface LentFile {
  readonly descriptor: number;
  readonly size: number;
}

export class InputFile {
  readonly path: string;
  readonly size: number;
  #descriptor: number;
  readonly #isBorrowed: boolean;

  /**
   * Throws the system's error if the file cannot be opened, and `Damaged` if it is no regular file.
   * @param lent of a file that another thread has opened, and will close
   */
  constructor(path: string, lent?: LentFile) {
    this.path = path;
    this.#isBorrowed = lent !== undefined;
    if (lent !== undefined) {
      this.#descriptor = lent.descriptor;
      this.size = lent.size;
      return;
    }
    // Without O_NONBLOCK, opening a named pipe that somebody put there would wait for ever. Windows has neither, and what is undefined adds no bit.
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(this.#descriptor);
    this.size = stat.size;
    if (stat.isFile()) return;
    this.close();
    throw new Damaged('unreadable');
  }

  /** For other threads, as long as this one has it open. */
  lend(): LentFile {
    return { descriptor: this.#descriptor, size: this.size };
  }

  /** Fills `[start, start + length)` of the buffer; gives the bytes that there were. Throws `Damaged`. */
  read(position: number, buffer: Uint8Array, start: number, length: number): number {
    let filled = 0;
    try {
      while (filled < length) {
        const count = readSync(this.#descriptor, buffer, start + filled, length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
    } catch {
      throw new Damaged('unreadable');
    }
    return filled;
  }

  /** The whole file, in memory that threads can share. Throws `Damaged`. */
  readAll(): Buffer {
    if (this.size > buffers.MAX_LENGTH) throw new Damaged('unreadable');
    const bytes = Buffer.from(sharedBytes(this.size).buffer);
    if (this.read(0, bytes, 0, this.size) !== this.size) throw new Damaged('unreadable');
    return bytes;
  }

  close(): void {
    if (this.#descriptor >= 0 && !this.#isBorrowed) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}
