/**
 * The objects that name others: commits, tags and trees. Each is read once, family by family as in `families.ts`, but
 * small objects by the hundred thousand: they are known by number, and whatever is damaged is left for the end, where the store looks for any copy that can be read.
 */
import type { Held } from './codec.ts';
import { Damaged } from './damage.ts';
import type { ObjectNumbers } from './numbers.ts';
import type { ObjectStore } from './object-store.ts';
import { TYPE, typeCode } from './pack-entry.ts';
import type { PackFile } from './pack-file.ts';
import type { PackPlan } from './pack-plan.ts';

/** @template Kept what the visitor wants to know of an object when others are made from it */
export interface LinkVisitor<Kept> {
  /** An object of so many bytes comes. What the codec is asked for now cuts nothing off; later it would. */
  expect(size: number): void;
  /** An object that is stored whole, or whose base is not known here. `bytes` are valid until this returns. */
  whole(number: number, type: number, bytes: Buffer): Kept;
  /** An object that was made by `delta` from the one that `base` was kept of. Both are valid until this returns. */
  made(number: number, type: number, bytes: Buffer, delta: Buffer, base: Kept): Kept;
  /** Nothing is made from the object any more. */
  drop(kept: Kept): void;
  /** No copy of the object can be read. */
  unreadable(number: number): void;
}

/** Type code of every object, by number; `TYPE.none` where no copy can be read, and for numbers that stand for nothing. */
export function objectTypes(store: ObjectStore, numbers: ObjectNumbers): Uint8Array {
  const types = new Uint8Array(store.catalogue.total);
  const unknown: number[] = [];
  const note = (number: number, type: number): void => {
    if (types[number] !== TYPE.none) return;
    if (type === TYPE.none) unknown.push(number);
    else types[number] = type;
  };
  for (const [pack, { table }] of store.packs.entries()) {
    const plan = store.plan(pack);
    for (let rank = 0; rank < table.positions.length; rank++) note(store.catalogue.packed(pack, table.positions[rank]!), plan.types[rank]!);
  }
  noteRest(store, numbers, types, unknown);
  return types;
}

/** The same for loose objects, and for what the packs call nothing. */
export function noteRest(store: ObjectStore, numbers: ObjectNumbers, types: Uint8Array, unknown: number[]): void {
  for (const { objectsDir, ids, start } of store.loose) {
    for (const [place, id] of ids.entries()) {
      const number = store.catalogue.loose(start + place);
      if (types[number] !== TYPE.none) continue;
      const type = looseType(store, objectsDir, id);
      if (type === TYPE.none) unknown.push(number);
      else types[number] = type;
    }
  }
  for (const number of unknown) if (types[number] === TYPE.none) types[number] = typeCode(store.read(numbers.id(number))?.type ?? '');
}

function looseType(store: ObjectStore, objectsDir: string, id: string): number {
  try {
    return store.looseReader.head(objectsDir, id).type;
  } catch (error) {
    if (error instanceof Damaged) return TYPE.none;
    throw error;
  }
}

/**
 * Tells all objects of the wanted types, in the order in which their families lie in the packs. One that is there several
 * times may be told again, when others are made from that copy. Gives those of which no copy can be read.
 */
export function walkLinks<Kept>(
  store: ObjectStore,
  numbers: ObjectNumbers,
  types: Uint8Array,
  wanted: readonly number[],
  visitor: LinkVisitor<Kept>,
): number[] {
  const unreadable: number[] = [];
  const told = new Uint8Array(types.length);
  const isWanted = [0, 1, 2, 3, 4].map((type) => wanted.includes(type));
  for (const [number, pack] of store.packs.entries()) {
    const walk = new FamilyWalk(store, number, pack, told, visitor);
    const { roots, types: rankTypes } = store.plan(number);
    for (const root of roots) if (isWanted[rankTypes[root]!] === true) walk.family(root);
  }
  // Loose objects, and what no family gave: damaged here, or made from something that lies elsewhere.
  for (let number = 0; number < types.length; number++) {
    const type = types[number]!;
    if (told[number] !== 0 || type === TYPE.none || isWanted[type] !== true) continue;
    const object = store.read(numbers.id(number));
    if (object === undefined) {
      unreadable.push(number);
      visitor.unreadable(number);
    } else visitor.drop(visitor.whole(number, typeCode(object.type), object.bytes));
  }
  return unreadable;
}

interface Frame<Kept> {
  readonly kept: Kept;
  readonly held: Held;
  child: number;
}

class FamilyWalk<Kept> {
  readonly #store: ObjectStore;
  readonly #number: number;
  readonly #pack: PackFile;
  readonly #plan: PackPlan;
  readonly #told: Uint8Array;
  readonly #visitor: LinkVisitor<Kept>;

  constructor(store: ObjectStore, number: number, pack: PackFile, told: Uint8Array, visitor: LinkVisitor<Kept>) {
    this.#store = store;
    this.#number = number;
    this.#pack = pack;
    this.#plan = store.plan(number);
    this.#told = told;
    this.#visitor = visitor;
  }

  /** Everything below an object. What is below one that cannot be read stays untold. */
  family(root: number): void {
    const { first, next } = this.#plan;
    const frames: Frame<Kept>[] = [];
    this.#enter(frames, this.#open(root, undefined));
    for (let top = frames.at(-1); top !== undefined; top = frames.at(-1)) {
      const { child } = top;
      top.child = next[child]!;
      const isNeeded = first[child]! >= 0 || this.#told[this.#entry(child)] === 0;
      const made = isNeeded ? this.#open(child, top) : undefined;
      if (top.child < 0) {
        frames.pop();
        this.#leave(top);
      }
      this.#enter(frames, made);
    }
  }

  #open(rank: number, base: Frame<Kept> | undefined): Frame<Kept> | undefined {
    try {
      const frame = base === undefined ? this.#whole(rank) : this.#made(rank, base);
      this.#told[this.#entry(rank)] = 1;
      return frame;
    } catch (error) {
      if (error instanceof Damaged) return undefined;
      throw error;
    }
  }

  #enter(frames: Frame<Kept>[], frame: Frame<Kept> | undefined): void {
    if (frame === undefined) return;
    if (frame.child >= 0) frames.push(frame);
    else this.#leave(frame);
  }

  #leave({ kept, held }: Frame<Kept>): void {
    this.#visitor.drop(kept);
    this.#store.codec.release(held);
  }

  #whole(rank: number): Frame<Kept> {
    const held = this.#inflate(rank);
    this.#visitor.expect(this.#store.codec.size(held));
    const bytes = this.#checked(rank, held);
    return { kept: this.#visitor.whole(this.#entry(rank), this.#plan.types[rank]!, bytes), held, child: this.#plan.first[rank]! };
  }

  #made(rank: number, base: Frame<Kept>): Frame<Kept> {
    const { codec } = this.#store;
    const delta = this.#inflate(rank);
    try {
      const held = codec.applyDelta(base.held, delta);
      this.#visitor.expect(codec.size(held));
      const bytes = this.#checked(rank, held);
      const kept = this.#visitor.made(this.#entry(rank), this.#plan.types[rank]!, bytes, codec.bytes(delta), base.kept);
      return { kept, held, child: this.#plan.first[rank]! };
    } finally {
      codec.release(delta);
    }
  }

  /** Bytes of an object; valid until the codec has to hold more. Throws `Damaged`, and lets go, what is not what its id says. */
  #checked(rank: number, held: Held): Buffer {
    const bytes = this.#store.codec.bytes(held);
    try {
      this.#store.check(() => this.#pack.id(rank), this.#plan.types[rank]!, bytes);
    } catch (error) {
      this.#store.codec.release(held);
      throw error;
    }
    return bytes;
  }

  #inflate(rank: number): Held {
    return this.#pack.inflate(this.#store.codec, rank, this.#plan.headers[rank]!, this.#plan.sizes[rank]!);
  }

  #entry(rank: number): number {
    return this.#store.catalogue.packed(this.#number, this.#pack.table.positions[rank]!);
  }
}
