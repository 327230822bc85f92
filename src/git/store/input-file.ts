/** Files of the store, opened once and read by place. */
import { constants as buffers } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Damaged } from './damage.ts';

export class InputFile {
  readonly path: string;
  readonly size: number;
  #descriptor: number;

  /** Throws the system's error if the file cannot be opened, and `Damaged` if it is no regular file. */
  constructor(path: string) {
    this.path = path;
    // Without O_NONBLOCK, opening a named pipe that somebody put there would wait for ever. Windows has neither.
    this.#descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(this.#descriptor);
    this.size = stat.size;
    if (stat.isFile()) return;
    this.close();
    throw new Damaged('unreadable');
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

  /** The whole file. Throws `Damaged`. */
  readAll(): Buffer {
    if (this.size > buffers.MAX_LENGTH) throw new Damaged('unreadable');
    const bytes = Buffer.allocUnsafeSlow(this.size);
    if (this.read(0, bytes, 0, this.size) !== this.size) throw new Damaged('unreadable');
    return bytes;
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}
