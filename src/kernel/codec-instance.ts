/** Instances of the module that reads packs, each with memory of its own. See `assembly/codec.ts`. */
import { loadModule } from './module.ts';

/** As in `assembly/codec-layout.ts`. */
export const RUNS = 0xb000;
export const HEAP = 0x26c000;
export const PAGE = 65_536;

/** What the module asks of whoever reads a graph or blobs or makes a plan with it; a codec is never asked. Addresses are in bytes. */
export interface CodecImports {
  /** Number of what has an id, whose bytes begin there. */
  lookUp(id: number): number;
  told(number: number, type: number, start: number, size: number, isReached: number): void;
  texts(start: number, size: number, items: number, count: number): void;
  timeOf(start: number, size: number): number;
  /** See `assembly/history.ts`, also for the next one. */
  recordRoom(size: number): number;
  keepRecords(start: number, size: number, place: number): void;
  isObject(rank: number, type: number, start: number, size: number): number;
  /** Gives how many bytes were read; -1 when none can be. */
  readPack(position: number, start: number, size: number): number;
  /** See `assembly/blobs.ts`, also for the next two. */
  tellBlob(rank: number, start: number, size: number, base: number, runs: number, lines: number, lineSize: number): number;
  forget(known: number): void;
  isTold(rank: number): number;
}

const unasked = (): number => 0;
const NO_IMPORTS: CodecImports = {
  lookUp: unasked,
  told: unasked,
  texts: unasked,
  timeOf: unasked,
  recordRoom: unasked,
  keepRecords: unasked,
  isObject: unasked,
  readPack: unasked,
  tellBlob: unasked,
  forget: unasked,
  isTold: unasked,
};

export interface CodecInstance<Exports> {
  readonly memory: WebAssembly.Memory;
  readonly kernel: Exports;
}

/** Undefined where WebAssembly is missing. */
export function codecModule(): WebAssembly.Module | undefined {
  return loadModule('codec.wasm');
}

/** The module once more, with memory of its own that begins with its fixed tables and `room` bytes. */
export function codecInstance<Exports>(module: WebAssembly.Module, imports: Partial<CodecImports> = {}, room = PAGE): CodecInstance<Exports> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((HEAP + room) / PAGE) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory, ...NO_IMPORTS, ...imports } });
  return { memory, kernel: exports as unknown as Exports };
}
