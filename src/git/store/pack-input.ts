/** A memory of the kernel, and what the kernel asks of the pack that it goes through: for the graph of a history and for its blobs. */
import { codecInstance, type CodecImports, type CodecInstance } from '../../kernel/codec-instance.ts';
import { Damaged } from './damage.ts';
import type { ObjectStore } from './object-store.ts';
import type { PackFile } from './pack-file.ts';

const NONE = -1;
/** Bytes that are read ahead, and of tables for each object: a graph wants so much in any case, and each growth makes work for the collector. Pages that nobody touches cost nothing. */
const ROOM_AHEAD = 6 * 1024 * 1024;
const ROOM_FOR_OBJECT = 48;

interface RoomExports {
  room(size: number): number;
  need(size: number): number;
}

/** Where a pack's tables lie, in the order in which `setPack` is told of them; the third says whether offsets are wide. */
export type PackTables = readonly [offsets: number, ends: number, isWide: number, types: number, first: number, next: number, positions: number];

/** Tells the kernel which pack it goes through next: its tables, the number of its first object, and where its objects end. */
export type SetPack = (...args: [...PackTables, firstNumber: number, end: number]) => void;

export interface PackKernel<Exports> extends CodecInstance<Exports> {
  readonly input: PackInput;
}

/** @param imports what else is asked; of blobs `PackInput.blobs` is */
export function packKernel<Exports extends RoomExports>(
  module: WebAssembly.Module,
  store: ObjectStore,
  imports: Partial<CodecImports> = {},
): PackKernel<Exports> {
  const asked: Partial<CodecImports> = {
    isObject: (rank, type, start, size) => input.isObject(rank, type, start, size),
    readPack: (position, start, size) => input.readPack(position, start, size),
    isTold: (rank) => input.blobs!.isTold(rank),
    tellBlob: (rank, start, size, base, runs, lines, lineSize) => input.blobs!.tellBlob(rank, start, size, base, runs, lines, lineSize),
    forget: (known) => input.blobs!.forget(known),
    ...imports,
  };
  const instance = codecInstance<Exports>(module, asked, ROOM_AHEAD + ROOM_FOR_OBJECT * store.catalogue.total);
  const input = new PackInput(store, instance);
  return { ...instance, input };
}

type Table = Uint8Array | Int32Array | Uint32Array | Float64Array;

export class PackInput {
  /** Who is told of blobs. */
  blobs: Pick<CodecImports, 'isTold' | 'tellBlob' | 'forget'> | undefined;
  /** The pack that is gone through; and ids of its objects, by rank or by whatever the kernel's tables are by. */
  pack: PackFile | undefined;
  idOf: ((rank: number) => string) | undefined;
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

  /** The whole memory. Growing it cuts off every view, which is empty then, so this one is made anew. To ask for the memory's buffer takes longer. */
  get bytes(): Buffer {
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(this.#memory.buffer);
    return this.#bytes;
  }

  view(start: number, size: number): Buffer {
    return this.bytes.subarray(start, start + size);
  }

  /** Copies a table to where the kernel can see it; gives where that is. */
  place(table: Table): number {
    return this.#copy(table, this.#kernel.room(table.byteLength));
  }

  /** The same in a block, which may be given back. */
  placeBlock(table: Table): number {
    return this.#copy(table, this.#kernel.need(table.byteLength));
  }

  #copy({ buffer, byteOffset, byteLength }: Table, start: number): number {
    this.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start);
    return start;
  }

  /** See `CodecImports`, also for the next one. */
  isObject(rank: number, type: number, start: number, size: number): number {
    try {
      this.#store.check(() => this.idOf!(rank), type, this.view(start, size));
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
