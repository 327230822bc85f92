/**
 * Every blob once, in the order that is cheap: delta family by family, each depth first from the object that is stored
 * whole, so that each is inflated once and only one chain is in memory. Whatever is damaged costs only itself and what
 * needs it.
 */
import type { LineSieve } from '../../kernel/line-sieve.ts';
import { MAX_WHOLE } from '../../model/source.ts';
import type { BlobPlan } from './blob-plan.ts';
import type { Held } from './codec.ts';
import { Damaged, type Fault } from './damage.ts';
import { kernelFamilies, type FamilyTeller, type KernelFamilies, type MadeBlob } from './kernel-families.ts';
import type { Content, ObjectStore } from './object-store.ts';
import { TYPE, typeCode } from './pack-entry.ts';
import type { PackFile } from './pack-file.ts';

/** What a blob is made of that was made from another one. Valid until the visitor returns. */
export interface Change<Known> {
  /** What the visitor answered for the blob that this one is a delta of; undefined when it is to be taken as a whole. */
  readonly base: Known | undefined;
  /** See `Codec.runs`. */
  readonly runs: Int32Array;
  /** All other lines of the blob, one after the other; if they were sifted (`BlobVisitor.sift`), those that were let through. */
  readonly lines: Buffer;
}

export interface BlobVisitor<Known> {
  /**
   * Given once what may leave out lines before they are told: then the lines of most blobs are sifted, see `LineSieve.sift`.
   * @returns whether to sift them
   */
  sift?(sieve: LineSieve): boolean;
  /**
   * Asked of a blob of a pack before it is told with all that is known of it: most hold nothing, and that shows at once.
   * @param lines those of the blob that are not just copied from its base; all of them when it is to be taken as a whole
   * @param base see `Change`
   * @param isBase see `blob`; of others the answer may be anything but undefined
   * @param made what else there is of it, to be asked until this returns
   * @returns undefined when the blob is to be told; else what `blob` would have answered, and it is not called
   */
  plain?(number: number, size: number, lines: Buffer, base: Known | undefined, isBase: boolean, made: MadeBlob): Known | undefined;
  /**
   * A blob; each comes once. `content` is valid until this returns.
   * @param id looked up when it is asked: most blobs hold nothing, and nobody asks
   * @param change undefined when the blob is to be taken as a whole, and its lines were not sifted
   * @param number in the catalogue
   * @param isBase whether anything may be made from it
   * @returns what its deltas will be told as `base`; undefined when they are to be taken as a whole
   */
  blob(id: () => string, content: Buffer, change: Change<Known> | undefined, number: number, isBase: boolean): Known | undefined;
  /** A blob of more than `MAX_WHOLE` bytes, or one made from such a blob: not read. `size` is what its header says. */
  special(id: string, size: number, reason: 'large'): void;
  /** No copy of it could be read. It may not be a blob, when its type could not be found out either. */
  failed(id: string, reason: Fault): void;
}

/** Several walks over the same store, in threads, each telling what the others do not. */
export interface Sharing {
  /** By number in the catalogue: 1 for what one of them has told, or is telling. Shared memory. */
  readonly told: Uint8Array;
  /** Whether a share of the families is for this walk; asked once for each, in the same order by all. */
  claim(share: number): boolean;
  /** A share has been told. */
  done(share: number): void;
  /** Whether this walk tells what is in no family: loose objects, and what is damaged or made from something elsewhere. */
  readonly rest: boolean;
}

/**
 * Tells all blobs of all packs, then the loose ones: alone as families lie in the packs, since neighbours are read together; with
 * others the families that cost most first. The order depends on the files alone. Throws only what the visitor throws.
 */
export function walkBlobs<Known>(store: ObjectStore, visitor: BlobVisitor<Known>, sharing?: Sharing): void {
  new Walk(store, visitor).run(sharing);
}

/** Shares of a pack, at most one more: so many that threads end together, and few enough that what is told of each is little. */
const SHARES = 128;

/** More shares than there are in some packs. */
export function mostShares(packs: number): number {
  return packs * (SHARES + 1);
}

/** What is known of an object when its deltas are read: its bytes, or that it is large, or else what its fault is. */
interface Standing<Known> {
  /** Type code; `TYPE.none` when nothing says it. */
  readonly type: number;
  readonly held: Held | undefined;
  /** The visitor's answer; undefined also when it was not asked about these bytes. */
  readonly known: Known | undefined;
  readonly fault: Fault | undefined;
}

/** An object whose deltas are being read. */
interface Frame<Known> {
  readonly standing: Standing<Known>;
  child: number;
}

class Walk<Known> {
  readonly #store: ObjectStore;
  readonly #visitor: BlobVisitor<Known>;
  /** By number in the catalogue: 1 for what was told, and is not told again. */
  #told: Uint8Array;
  /** What was answered for objects of which there are several copies: each of them may have deltas. By number. */
  readonly #answers = new Map<number, Known>();
  /** By number. Told at the end, when no other copy has turned up. */
  readonly #failures = new Map<number, { readonly id: string; readonly fault: Fault }>();

  constructor(store: ObjectStore, visitor: BlobVisitor<Known>) {
    this.#store = store;
    this.#visitor = visitor;
    this.#told = new Uint8Array(store.catalogue.total);
  }

  run(sharing: Sharing | undefined): void {
    if (sharing !== undefined) this.#told = sharing.told;
    const kernel = this.#kernel(sharing !== undefined);
    let share = 0;
    for (const [number, pack] of this.#store.packs.entries()) {
      const walk = new PackWalk<Known>(this, this.#visitor, this.#store, number, pack, kernel);
      for (const roots of sharing === undefined ? [[...this.#store.blobPlan(number).roots]] : this.#shares(number)) {
        if (sharing?.claim(share) !== false) {
          walk.families(roots);
          sharing?.done(share);
        }
        share++;
      }
      if (sharing?.rest !== false) walk.rest();
    }
    if (sharing?.rest === false) return;
    for (const { objectsDir, ids, start } of this.#store.loose) {
      for (const [place, id] of ids.entries()) this.#loose(this.#store.catalogue.loose(start + place), objectsDir, id);
    }
    for (const [number, { id, fault }] of this.#failures) if (!this.isTold(number)) this.#visitor.failed(id, fault);
  }

  /** Goes through families where lines are to be sifted. */
  #kernel(isShared: boolean): KernelFamilies<Known> | undefined {
    if (this.#visitor.sift === undefined) return undefined;
    const kernel = kernelFamilies<Known>(this.#store, isShared);
    return kernel !== undefined && this.#visitor.sift(kernel.sieve) ? kernel : undefined;
  }

  isTold(number: number): boolean {
    return this.#told[number] !== 0;
  }

  /** Whether an object is a blob that is to be told, and not by another walk. From then on it counts as told. */
  take(number: number, type: number): boolean {
    return type === TYPE.blob && !this.isTold(number) && Atomics.exchange(this.#told, number, 1) === 0;
  }

  /** What the visitor answered for another copy of an object. */
  answer(number: number): Known | undefined {
    return this.#answers.size === 0 ? undefined : this.#answers.get(number);
  }

  /** Keeps an answer for other copies. */
  keep(number: number, known: Known | undefined): Known | undefined {
    if (known !== undefined && this.#store.catalogue.repeats(number)) this.#answers.set(number, known);
    return known;
  }

  large(number: number, id: string, type: number, size: number): void {
    if (this.isTold(number) || type !== TYPE.blob) return;
    this.#visitor.special(id, size, 'large');
    this.#told[number] = 1;
  }

  failed(number: number, id: string, type: number, fault: Fault): void {
    const maybeBlob = type === TYPE.none || type === TYPE.blob;
    if (maybeBlob && !this.#failures.has(number)) this.#failures.set(number, { id, fault });
  }

  /** The roots of a pack's families, in shares of which none costs much unless it is one family. */
  #shares(number: number): number[][] {
    const { roots, weights } = this.#store.blobPlan(number);
    const order = Uint32Array.from(roots.keys()).toSorted((a, b) => weights[b]! - weights[a]! || a - b);
    const most = weights.reduce((sum, own) => sum + own, 0) / SHARES;
    const shares: number[][] = [];
    let weight = Number.POSITIVE_INFINITY;
    for (const root of order) {
      if (weight >= most) {
        shares.push([]);
        weight = 0;
      }
      shares.at(-1)?.push(roots[root]!);
      weight += weights[root]!;
    }
    return shares;
  }

  #loose(number: number, objectsDir: string, id: string): void {
    if (this.isTold(number)) return;
    let type: number = TYPE.none;
    let content: Content;
    try {
      const head = this.#store.looseReader.head(objectsDir, id);
      type = head.type;
      if (type !== TYPE.blob) return;
      if (head.size > MAX_WHOLE) return this.large(number, id, type, head.size);
      content = this.#store.looseReader.read(objectsDir, id);
      this.#store.check(() => id, type, content.bytes);
    } catch (error) {
      return this.failed(number, id, type, faultOf(error));
    }
    if (this.take(number, content.type)) this.#visitor.blob(() => id, content.bytes, undefined, number, false);
  }
}

class PackWalk<Known> implements FamilyTeller<Known> {
  readonly #walk: Walk<Known>;
  readonly #visitor: BlobVisitor<Known>;
  readonly #store: ObjectStore;
  readonly #number: number;
  readonly #pack: PackFile;
  /** Objects are known by their places in it. */
  readonly #plan: BlobPlan;
  readonly #kernel: KernelFamilies<Known> | undefined;

  constructor(
    walk: Walk<Known>,
    visitor: BlobVisitor<Known>,
    store: ObjectStore,
    number: number,
    pack: PackFile,
    kernel: KernelFamilies<Known> | undefined,
  ) {
    this.#walk = walk;
    this.#visitor = visitor;
    this.#store = store;
    this.#number = number;
    this.#pack = pack;
    this.#plan = store.blobPlan(number);
    this.#kernel = kernel;
    kernel?.setPack(number, this);
  }

  families(roots: readonly number[]): void {
    this.#kernel?.expect(roots);
    for (const root of roots) if (this.#kernel?.walk(root) !== true) this.#family(root, this.#root(root));
  }

  isTold(place: number): boolean {
    return this.#walk.isTold(this.#entry(place));
  }

  /** Of a blob that the kernel made. */
  tell(place: number, size: number, lines: Buffer, base: Known | undefined, made: MadeBlob): Known | undefined {
    const number = this.#entry(place);
    if (!this.#walk.take(number, TYPE.blob)) return this.#walk.answer(number);
    const isBase = this.#isBase(place, number);
    const known =
      this.#visitor.plain?.(number, size, lines, base, isBase, made) ??
      this.#blob(place, number, made.content(), { base, runs: made.runs(), lines }, isBase);
    return this.#walk.keep(number, known);
  }

  /** What belongs to no family. */
  rest(): void {
    for (const { place, baseId } of this.#plan.external) this.#external(place, baseId.toString('hex'));
    for (const { place, fault } of this.#plan.broken) this.#family(place, this.#mend(place, TYPE.none, fault));
  }

  /** A delta of something that lies elsewhere. */
  #external(place: number, baseId: string): void {
    const base = this.#store.read(baseId);
    if (base === undefined) {
      const fault = this.#store.has(baseId) ? 'base-failed' : 'missing-base';
      return this.#family(place, this.#mend(place, TYPE.none, fault));
    }
    const type = typeCode(base.type);
    if (type !== TYPE.blob) return undefined;
    const standing = { type, held: this.#store.codec.hold(base.bytes), known: undefined, fault: undefined };
    this.#family(place, this.#visit(place, standing));
    return this.#release(standing);
  }

  /** Everything below an object. A base is let go as soon as its last delta has been made. */
  #family(root: number, standing: Standing<Known>): void {
    const { first, next } = this.#plan;
    const frames: Frame<Known>[] = [];
    this.#enter(frames, first[root]!, standing);
    for (let top = frames.at(-1); top !== undefined; top = frames.at(-1)) {
      const { child } = top;
      top.child = next[child]!;
      const made = this.#visit(child, top.standing);
      if (top.child < 0) {
        frames.pop();
        this.#release(top.standing);
      }
      this.#enter(frames, first[child]!, made);
    }
  }

  #enter(frames: Frame<Known>[], child: number, standing: Standing<Known>): void {
    if (child >= 0) frames.push({ standing, child });
    else this.#release(standing);
  }

  #release({ held }: Standing<Known>): void {
    if (held !== undefined) this.#store.codec.release(held);
  }

  /** An object that is stored whole. */
  #root(place: number): Standing<Known> {
    const type = TYPE.blob;
    const size = this.#plan.sizes[place]!;
    if (size > MAX_WHOLE) return this.#large(place, type, size);
    if (this.#isDone(place)) return NOTHING;
    let held: Held;
    try {
      held = this.#checked(place, type, this.#inflate(place));
    } catch (error) {
      return this.#mend(place, type, faultOf(error));
    }
    return this.#sound(place, type, held, undefined);
  }

  /** A delta, when its base stands as it does. */
  #visit(place: number, base: Standing<Known>): Standing<Known> {
    const { type } = base;
    if (this.#isDone(place)) return NOTHING;
    if (base.fault !== undefined) return this.#mend(place, type, base.fault === 'delta-cycle' ? 'delta-cycle' : 'base-failed');
    const { codec } = this.#store;
    const { known } = base;
    let held: Held;
    try {
      if (base.held === undefined || this.#plan.sizes[place]! > MAX_WHOLE) return this.#large(place, type, this.#pack.resultSize(this.#start(place)));
      const delta = this.#inflate(place);
      try {
        const size = codec.resultSize(delta);
        if (size > MAX_WHOLE) return this.#large(place, type, size);
        const made = known === undefined ? codec.applyDelta(base.held, delta) : codec.applyDeltaLines(base.held, delta);
        held = this.#checked(place, type, made);
      } finally {
        codec.release(delta);
      }
    } catch (error) {
      return this.#mend(place, type, faultOf(error));
    }
    return this.#sound(place, type, held, known);
  }

  /** Throws `Damaged`, and lets go, what is not what its id says. */
  #checked(place: number, type: number, held: Held): Held {
    const { codec, verifies } = this.#store;
    if (!verifies) return held;
    try {
      this.#store.check(() => this.#id(place), type, codec.bytes(held));
    } catch (error) {
      codec.release(held);
      throw error;
    }
    return held;
  }

  /** Nothing needs the object any more: it was told from another copy, and is no base here. */
  #isDone(place: number): boolean {
    return this.#plan.first[place]! < 0 && this.isTold(place);
  }

  /**
   * An object that is what it should be.
   * @param base what is known of the one that its last delta was applied to; undefined when it is to be taken as a whole
   */
  #sound(place: number, type: number, held: Held, base: Known | undefined): Standing<Known> {
    const number = this.#entry(place);
    const known = this.#walk.take(number, type) ? this.#walk.keep(number, this.#tell(place, number, held, base)) : this.#walk.answer(number);
    return { type, held, known, fault: undefined };
  }

  #tell(place: number, number: number, held: Held, base: Known | undefined): Known | undefined {
    const { codec } = this.#store;
    const lines = base === undefined ? codec.bytes(held) : codec.lines();
    const isBase = this.#isBase(place, number);
    const made = { content: () => codec.bytes(held), runs: () => (base === undefined ? NO_RUNS : codec.runs()) };
    const known = this.#visitor.plain?.(number, codec.size(held), lines, base, isBase, made);
    if (known !== undefined) return known;
    return this.#blob(place, number, codec.bytes(held), base === undefined ? undefined : { base, runs: codec.runs(), lines }, isBase);
  }

  /** Whether anything may be made from a blob. */
  #isBase(place: number, number: number): boolean {
    return this.#plan.first[place]! >= 0 || this.#store.catalogue.repeats(number);
  }

  #blob(place: number, number: number, content: Buffer, change: Change<Known> | undefined, isBase: boolean): Known | undefined {
    return this.#visitor.blob(() => this.#id(place), content, change, number, isBase);
  }

  #large(place: number, type: number, size: number): Standing<Known> {
    this.#walk.large(this.#entry(place), this.#id(place), type, size);
    return { type, held: undefined, known: undefined, fault: undefined };
  }

  /** Another copy takes the place of one that cannot be read. */
  #mend(place: number, type: number, fault: Fault): Standing<Known> {
    const content = this.#store.readElsewhere(this.#number, this.#plan.positions[place]!);
    if (content !== undefined) return this.#sound(place, content.type, this.#store.codec.hold(content.bytes), undefined);
    this.#walk.failed(this.#entry(place), this.#id(place), type, fault);
    return { type, held: undefined, known: undefined, fault };
  }

  /** Throws `Damaged`. */
  #inflate(place: number): Held {
    return this.#pack.inflateBetween(this.#store.codec, this.#start(place), this.#plan.ends[place]!, this.#plan.sizes[place]!);
  }

  /** Where what is compressed of an object begins in the pack. */
  #start(place: number): number {
    return this.#plan.offsets[place]! + this.#plan.headers[place]!;
  }

  #id(place: number): string {
    return this.#pack.index.id(this.#plan.positions[place]!);
  }

  #entry(place: number): number {
    return this.#store.catalogue.packed(this.#number, this.#plan.positions[place]!);
  }
}

const NO_RUNS = new Int32Array(0);

/** Of an object that nothing asks about. */
const NOTHING: Standing<never> = { type: TYPE.none, held: undefined, known: undefined, fault: undefined };

/** Only `Damaged` is a fault of the data; all else is ours and goes on. */
function faultOf(error: unknown): Fault {
  if (error instanceof Damaged) return error.fault;
  throw error;
}
