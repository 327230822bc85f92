/** A memory of the kernel, and what the kernel asks of the pack that it goes through: for the graph of a history and for its blobs. */
import type { CodecInstance } from '../../kernel/codec-instance.ts';
import { Damaged } from './damage.ts';
import type { ObjectStore } from './object-store.ts';
import type { PackFile } from './pack-file.ts';

const NONE = -1;

interface RoomExports {
  room(size: number): number;
}

export class PackInput {
  /** The pack that is gone through. */
  pack: PackFile | undefined;
  readonly #store: ObjectStore;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: RoomExports;
  #bytes: Buffer;

  constructor(store: ObjectStore, { memory, kernel }: CodecInstance<RoomExports>) {
    this.#store = store;
    this.#memory = memory;
    this.#kernel = kernel;
    this.#bytes = Buffer.from(memory.buffer);
  }

  /** The whole memory. Growing it cuts off every view, so this one is made anew. */
  get bytes(): Buffer {
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = Buffer.from(this.#memory.buffer);
    return this.#bytes;
  }

  view(start: number, size: number): Buffer {
    return this.bytes.subarray(start, start + size);
  }

  /** Copies a table to where the kernel can see it; gives where that is. */
  place({ buffer, byteOffset, byteLength }: Uint8Array | Int32Array | Uint32Array | Float64Array): number {
    const start = this.#kernel.room(byteLength);
    this.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start);
    return start;
  }

  /** See `CodecImports`, also for the next one. */
  isObject(rank: number, type: number, start: number, size: number): number {
    const pack = this.pack!;
    try {
      this.#store.check(() => pack.id(rank), type, this.view(start, size));
      return 1;
    } catch (error) {
      if (error instanceof Damaged) return 0;
      throw error;
    }
  }

  readPack(position: number, start: number, size: number): number {
    try {
      return this.pack!.read(position, this.view(start, size), size);
    } catch (error) {
      if (error instanceof Damaged) return NONE;
      throw error;
    }
  }
}
