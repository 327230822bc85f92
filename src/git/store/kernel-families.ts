/**
 * Families of blobs gone through by the kernel: each blob is read, made of its base and freed of lines that are known to hold
 * nothing before JavaScript hears of it. What the kernel cannot read is left to `families.ts`, which is the oracle.
 */
import { codecModule, RUNS } from '../../kernel/codec-instance.ts';
import { LineSieve, type SieveExports } from '../../kernel/line-sieve.ts';
import { KernelCodec } from './kernel-codec.ts';
import type { ObjectStore } from './object-store.ts';
import type { BlobPlan } from './blob-plan.ts';
import { TYPE } from './pack-entry.ts';
import { isWide } from './pack-file.ts';
import { packKernel, type PackInput, type SetPack } from './pack-input.ts';

/** See `kernel/assembly/`. Addresses are in bytes. */
interface FamiliesExports extends SieveExports {
  room(size: number): number;
  need(size: number): number;
  beginWalk(verifies: number, hashBytes: number): void;
  setCopies(shared: number, table: number): void;
  setPack: SetPack;
  give(block: number): void;
  expect(roots: number, count: number, wanted: number): void;
  walkFamily(root: number): number;
  copyRuns(): void;
}

/** A blob while it is told. */
export interface MadeBlob {
  content(): Buffer;
  /** See `Change`. */
  readonly runs: () => Int32Array;
}

export interface FamilyTeller<Known> {
  /** Whether another copy of an object was told. */
  isTold(place: number): boolean;
  /**
   * @param base what was answered for the blob that this one is made of
   * @param lines those that are not known to hold nothing, of its new lines or of all; valid until the answer, like `made`
   */
  tell(place: number, size: number, lines: Buffer, base: Known | undefined, made: MadeBlob): Known | undefined;
}

const UNKNOWN = 0;
const NONE = -1;
const NO_LINES = Buffer.alloc(0);

/** Undefined where the store's codec is none of the kernel's. */
export function kernelFamilies<Known>(store: ObjectStore, hasSharers: boolean): KernelFamilies<Known> | undefined {
  const module = store.codec instanceof KernelCodec ? codecModule() : undefined;
  return module === undefined ? undefined : new KernelFamilies(module, store, hasSharers);
}

export class KernelFamilies<Known> implements MadeBlob {
  readonly sieve: LineSieve;
  readonly #store: ObjectStore;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: FamiliesExports;
  readonly #input: PackInput;
  readonly #hasSharers: boolean;
  #blocks: readonly number[] = [];
  /** Of the pack that is gone through. */
  #first: BlobPlan['first'] = new Int32Array(0);
  #teller: FamilyTeller<Known> | undefined;
  /** What is known of blobs that others are made of, by the kernel's number; and numbers that are not used. */
  readonly #known: (Known | undefined)[] = [undefined];
  readonly #unused: number[] = [];
  // The blob that is told.
  #start = 0;
  #size = 0;
  #runs = 0;

  constructor(module: WebAssembly.Module, store: ObjectStore, hasSharers: boolean) {
    this.#store = store;
    const { memory, kernel, input } = packKernel<FamiliesExports>(module, store);
    this.#memory = memory;
    this.#kernel = kernel;
    this.#input = input;
    input.blobs = {
      isTold: (place) => Number(this.#teller!.isTold(place)),
      tellBlob: (place, start, size, base, runs, lines, lineSize) => this.#tell(place, start, size, base, runs, lines, lineSize),
      forget: (known) => {
        this.#known[known] = undefined;
        this.#unused.push(known);
      },
    };
    this.sieve = new LineSieve({ memory, kernel });
    this.#kernel.beginWalk(Number(store.verifies), store.hashBytes);
    this.#hasSharers = hasSharers;
  }

  /** The next families are of this pack. */
  setPack(number: number, teller: FamilyTeller<Known>): void {
    const pack = this.#store.packs[number]!;
    const { positions, offsets, ends, first, next } = this.#store.blobPlan(number);
    this.#first = first;
    this.#teller = teller;
    for (const block of this.#blocks) this.#kernel.give(block);
    this.#input.pack = pack;
    this.#input.idOf = (place) => pack.index.id(positions[place]!);
    const types = new Uint8Array(positions.length).fill(TYPE.blob);
    const blocks = [offsets, ends, types, first, next].map((table) => this.#input.placeBlock(table));
    const copies = this.#hasSharers ? undefined : this.#copies(number, positions);
    if (copies !== undefined) blocks.push(this.#input.placeBlock(copies));
    this.#kernel.setCopies(Number(this.#hasSharers), copies === undefined ? 0 : blocks.at(-1)!);
    this.#blocks = blocks;
    const [a, b, c, d, e] = blocks;
    this.#kernel.setPack(a!, b!, isWide(offsets), c!, d!, e!, 0, 0, pack.end);
  }

  /** By place, 1 for blobs of which there are other copies: only about those need anybody be asked. Undefined where there are none at all. */
  #copies(pack: number, positions: BlobPlan['positions']): Uint8Array | undefined {
    const { catalogue } = this.#store;
    if (!catalogue.repeated) return undefined;
    const copies = new Uint8Array(positions.length);
    for (let place = 0; place < copies.length; place++) copies[place] = Number(catalogue.repeats(catalogue.packed(pack, positions[place]!)));
    return copies;
  }

  /** Families of blobs that will be walked, in this order. */
  expect(roots: readonly number[]): void {
    this.#kernel.expect(this.#input.place(Uint32Array.from(roots)), roots.length, 1 << TYPE.blob);
  }

  /** Tells a family of blobs; gives whether all of it was told. */
  walk(root: number): boolean {
    return this.#kernel.walkFamily(root) === 1;
  }

  content(): Buffer {
    // Of a blob that nothing is made of, what was copied from its base comes only now.
    this.#kernel.copyRuns();
    return this.#input.view(this.#start, this.#size);
  }

  // A field, since it is handed on for each blob.
  readonly runs = (): Int32Array => new Int32Array(this.#memory.buffer, RUNS, this.#runs * 3);

  #tell(place: number, start: number, size: number, base: number, runs: number, lines: number, lineSize: number): number {
    this.#start = start;
    this.#size = size;
    this.#runs = runs;
    const given = lineSize === 0 ? NO_LINES : this.#input.view(lines, lineSize);
    const known = this.#teller!.tell(place, size, given, this.#known[base], this);
    if (known === undefined || this.#first[place] === NONE) return UNKNOWN;
    const number = this.#unused.pop() ?? this.#known.length;
    this.#known[number] = known;
    return number;
  }
}
