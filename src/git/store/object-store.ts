/** All objects that a repository has or borrows, read from its files without git and without being changed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codecModule } from '../../kernel/codec-instance.ts';
import { isObject } from '../object-id.ts';
import type { ObjectType } from '../object-stream.ts';
import { environmentFolders, objectFolders } from './alternates.ts';
import { Catalogue } from './catalogue.ts';
import type { Codec, Held } from './codec.ts';
import { BadFile, Damaged, type FileFault } from './damage.ts';
import { blobPlan, type BlobPlan } from './blob-plan.ts';
import { createCodec, KernelCodec } from './kernel-codec.ts';
import { kernelPlan } from './kernel-plan.ts';
import { listLoose, LooseReader } from './loose.ts';
import { TYPE, typeName } from './pack-entry.ts';
import { PackBlocks } from './pack-blocks.ts';
import { PackFile, type SharedPack } from './pack-file.ts';
import type { HashBytes } from './pack-index.ts';
import { planPack, type PackPlan } from './pack-plan.ts';

export interface StoreOptions {
  /** The repository's `objects` folder. */
  readonly objectsDir: string;
  readonly hashBytes: HashBytes;
  /** Other folders of objects, as `GIT_ALTERNATE_OBJECT_DIRECTORIES` names them. */
  readonly alternates?: string;
  /** Hash each object that is read: one that is not what its id says counts as damaged. */
  readonly verify?: boolean;
  /** One for this store alone. */
  readonly codec?: Codec;
}

export interface StoredObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** The same with a type code. */
export interface Content {
  readonly type: number;
  readonly bytes: Buffer;
}

export interface FileProblem {
  readonly path: string;
  readonly fault: FileFault;
}

/** The loose objects of one folder. */
export interface LooseSet {
  readonly objectsDir: string;
  /** Ids in hex, sorted. */
  readonly ids: readonly string[];
  /** Place of the first one among all loose objects of the store. */
  readonly start: number;
}

/** How often reading one object may turn to another pack or another copy. git's own packs never need it. */
const MAX_TURNS = 50;
const MAX_LISTINGS = 3;

/** A store as plain data in shared memory, for another thread. */
export interface SharedStore {
  readonly hashBytes: HashBytes;
  readonly verify: boolean;
  readonly packs: readonly SharedPack[];
  readonly plans: readonly BlobPlan[];
  readonly loose: readonly LooseSet[];
  readonly same: Uint32Array | undefined;
}

/** Opens everything at once. Never throws for what is damaged or not there: see `problems`. */
export function openStore({ objectsDir, hashBytes, alternates = '', verify = false, codec = createCodec() }: StoreOptions): ObjectStore {
  const problems: FileProblem[] = [];
  const blocks = new PackBlocks(codec);
  const folders = objectFolders(objectsDir, environmentFolders(alternates), (path, fault) => problems.push({ path, fault }));
  // Loose first: what a repack moves meanwhile is then seen in its new pack.
  const loose = looseSets(folders, hashBytes, problems);
  const packs = folders.flatMap((folder) => openPacks(join(folder, 'pack'), hashBytes, blocks, problems));
  for (const pack of packs) for (const fault of pack.faults) problems.push({ path: pack.path, fault });
  return new ObjectStore({ hashBytes, codec, packs, loose, problems, verify });
}

/** The same store in another thread, as long as the one that opened it has it open. What is in no family is for that one to tell. */
export function openShared({ hashBytes, verify, packs: shared, plans, loose, same }: SharedStore): ObjectStore {
  const codec = createCodec();
  const blocks = new PackBlocks(codec);
  const packs = shared.map((pack) => PackFile.again(pack, blocks));
  return new ObjectStore({ hashBytes, codec, packs, loose, problems: [], verify, known: { same, plans } });
}

interface StoreParts extends Pick<ObjectStore, 'hashBytes' | 'codec' | 'packs' | 'loose' | 'problems'> {
  readonly verify: boolean;
  /** What is known of the same store. */
  readonly known?: Pick<SharedStore, 'same' | 'plans'>;
}

export class ObjectStore {
  readonly hashBytes: HashBytes;
  readonly codec: Codec;
  /** Packs, by folder and then by name. Of an object that is there several times the first copy counts. */
  readonly packs: readonly PackFile[];
  readonly loose: readonly LooseSet[];
  readonly looseReader: LooseReader;
  /** Files and folders that could not be taken as they are. */
  readonly problems: readonly FileProblem[];
  /** Whether each object that is read is hashed. */
  readonly verifies: boolean;
  readonly #known: StoreParts['known'];
  #catalogue: Catalogue | undefined;
  readonly #plans: (PackPlan | undefined)[] = [];
  readonly #blobPlans: (BlobPlan | undefined)[];
  /** For each pack, the ranks that are being read, or that could not be read. */
  readonly #closed: readonly Set<number>[];

  constructor({ hashBytes, codec, packs, loose, problems, verify, known }: StoreParts) {
    this.verifies = verify;
    this.hashBytes = hashBytes;
    this.codec = codec;
    this.looseReader = new LooseReader(codec);
    this.packs = packs;
    this.loose = loose;
    this.problems = problems;
    this.#closed = packs.map(() => new Set());
    this.#blobPlans = [...(known?.plans ?? [])];
    this.#known = known;
  }

  /** Made at the first question: a scan of what an earlier one knew has none. */
  get catalogue(): Catalogue {
    if (this.#catalogue === undefined) {
      const indexes = this.packs.map((pack) => pack.index);
      const ids = this.loose.flatMap((set) => set.ids);
      this.#catalogue = new Catalogue(indexes, ids, this.hashBytes, this.#known);
    }
    return this.#catalogue;
  }

  /** What another thread needs for the same store. */
  share(): SharedStore {
    const packs = this.packs.map((pack) => pack.share());
    const plans = packs.map((_, pack) => ({ ...this.blobPlan(pack), external: [], broken: [] }));
    return { hashBytes: this.hashBytes, verify: this.verifies, packs, plans, loose: this.loose, same: this.catalogue.same };
  }

  has(id: string): boolean {
    const bytes = this.#idBytes(id);
    if (bytes === undefined) return false;
    return this.packs.some((pack) => pack.index.find(bytes) >= 0) || this.loose.some((set) => isIn(set.ids, id));
  }

  /** What the headers of a pack say that an object is; undefined for one that is in none, and where they do not say it. */
  packedType(id: string): ObjectType | undefined {
    const bytes = this.#idBytes(id);
    return bytes === undefined ? undefined : this.#packedType(bytes, 0);
  }

  /** The same of many. */
  packedTypes(ids: readonly string[]): readonly (ObjectType | undefined)[] {
    const { hashBytes } = this;
    // Their bytes at once: to make those of each takes as long as to find it.
    const bytes = Buffer.from(ids.join(''), 'hex');
    if (bytes.length !== ids.length * hashBytes || ids.some((id) => id.length !== hashBytes * 2)) return ids.map((id) => this.packedType(id));
    return ids.map((_, index) => this.#packedType(bytes, index * hashBytes));
  }

  /** @param at where the id begins */
  #packedType(id: Buffer, at: number): ObjectType | undefined {
    for (let number = 0; number < this.packs.length; number++) {
      const pack = this.packs[number]!;
      const position = pack.index.find(id, at);
      if (position < 0) continue;
      const plan = this.#plans[number];
      return typeName(plan === undefined ? (chainAt(pack, pack.offsetOf(position)).at(-1)?.type ?? TYPE.none) : plan.types[pack.rankOf(position)]!);
    }
    return undefined;
  }

  /** An object, whichever of its copies can be read. Undefined if none can, or if it has more than `MAX_WHOLE` bytes. */
  read(id: string): StoredObject | undefined {
    const content = this.#readUnranked(id) ?? this.#readAny(id, MAX_TURNS);
    const type = typeName(content?.type ?? TYPE.none);
    return content === undefined || type === undefined ? undefined : { type, bytes: content.bytes };
  }

  /** Throws `Damaged` when hashes are to be verified and an object's is not its id. */
  check(id: () => string, type: number, bytes: Uint8Array): void {
    if (this.verifies && !isObject(id(), typeName(type)!, bytes)) throw new Damaged('wrong-hash');
  }

  /** Another copy of an object that could not be read where it lies. */
  readElsewhere(pack: number, position: number): Content | undefined {
    const { index } = this.packs[pack]!;
    this.#closed[pack]!.add(this.packs[pack]!.rankOf(position));
    return this.catalogue.repeated ? this.#readAny(index.id(position), MAX_TURNS) : undefined;
  }

  /** The deltas of a pack, by its place in `packs`. */
  plan(pack: number): PackPlan {
    this.#plans[pack] ??= this.#planOf(this.packs[pack]!);
    return this.#plans[pack];
  }

  /** The same for its blobs alone; kept after `forget`. */
  blobPlan(pack: number): BlobPlan {
    this.#blobPlans[pack] ??= blobPlan(this.plan(pack), this.packs[pack]!.table);
    return this.#blobPlans[pack];
  }

  /** Lets go what was found out about objects that are no blobs, as it is not asked about any more; if it is, it is found out anew. */
  forget(): void {
    for (const [number, pack] of this.packs.entries()) {
      this.blobPlan(number);
      this.#plans[number] = undefined;
      pack.forget();
    }
  }

  /** The same of blobs, once they have been gone through. */
  forgetBlobs(): void {
    this.#blobPlans.length = 0;
  }

  /** Makes the plans of all packs, which say the type of each object. */
  planAll(): void {
    for (const pack of this.packs.keys()) this.plan(pack);
  }

  #planOf(pack: PackFile): PackPlan {
    const module = this.codec instanceof KernelCodec ? codecModule() : undefined;
    return module === undefined ? planPack(pack) : kernelPlan(module, pack);
  }

  close(): void {
    for (const pack of this.packs) pack.close();
  }

  #idBytes(id: string): Buffer | undefined {
    const bytes = Buffer.from(id, 'hex');
    return bytes.length === this.hashBytes && id.length === this.hashBytes * 2 ? bytes : undefined;
  }

  #readAny(id: string, turns: number): Content | undefined {
    const bytes = this.#idBytes(id);
    if (bytes === undefined || turns === 0) return undefined;
    for (const [number, pack] of this.packs.entries()) {
      let position = pack.index.find(bytes);
      if (position < 0) continue;
      do {
        const content = this.#readPacked(number, pack.rankOf(position), turns);
        if (content !== undefined && this.#isSound(id, content)) return content;
        position++;
      } while (position < pack.index.count && pack.index.repeats(position));
    }
    for (const { objectsDir, ids } of this.loose) {
      if (!isIn(ids, id)) continue;
      try {
        const content = this.looseReader.read(objectsDir, id);
        if (this.#isSound(id, content)) return content;
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
      }
    }
    return undefined;
  }

  /**
   * An object of a pack that nobody has asked for ranks: to find those of all objects costs more than to read a few of
   * them. Nothing says here whether a base begins where its delta says, so only what has its id's hash counts.
   */
  #readUnranked(id: string): Content | undefined {
    const bytes = this.#idBytes(id);
    if (bytes === undefined) return undefined;
    for (const pack of this.packs) {
      const position = pack.isRanked ? -1 : pack.index.find(bytes);
      if (position < 0) continue;
      const content = this.#readChain(pack, chainAt(pack, pack.offsetOf(position)));
      if (content !== undefined && isObject(id, typeName(content.type)!, content.bytes)) return content;
    }
    return undefined;
  }

  #readChain(pack: PackFile, chain: readonly Place[]): Content | undefined {
    const whole = chain.at(-1);
    if (whole === undefined) return undefined;
    try {
      let held = pack.inflateAt(this.codec, whole.start, whole.size);
      for (const { start, size } of chain.slice(0, -1).toReversed()) {
        const base = held;
        held = this.#withDelta(base, () => pack.inflateAt(this.codec, start, size));
      }
      const bytes = Buffer.from(this.codec.bytes(held));
      this.codec.release(held);
      return { type: whole.type, bytes };
    } catch (error) {
      if (error instanceof Damaged) return undefined;
      throw error;
    }
  }

  #isSound(id: string, { type, bytes }: Content): boolean {
    return !this.verifies || isObject(id, typeName(type)!, bytes);
  }

  /**
   * Goes from delta to base until an object is whole, then back. A link that fails is looked for elsewhere. While it is
   * being read a place is closed, and it stays so when it fails: so no ring is followed, and nothing is tried twice.
   */
  #readPacked(number: number, rank: number, turns: number): Content | undefined {
    const pack = this.packs[number]!;
    const closed = this.#closed[number]!;
    if (closed.has(rank)) return undefined;
    const chain: Link[] = [];
    let content: HeldContent | undefined;
    for (let at = rank; ;) {
      if (closed.has(at)) {
        content = this.#holdAny(pack.id(at), turns - 1);
        break;
      }
      closed.add(at);
      try {
        const link = this.#link(pack, at);
        if (link.base === undefined) {
          content = { type: link.type, held: pack.inflate(this.codec, at, link.headerLength, link.size) };
          closed.delete(at);
          break;
        }
        chain.push(link);
        if (typeof link.base === 'number') at = link.base;
        else {
          content = this.#holdAny(link.base, turns - 1);
          break;
        }
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        content = this.#holdAny(pack.id(at), turns - 1);
        break;
      }
    }
    for (const link of chain.toReversed()) {
      content = (content === undefined ? undefined : this.#apply(pack, link, content)) ?? this.#holdAny(pack.id(link.rank), turns - 1);
      if (content !== undefined) closed.delete(link.rank);
    }
    if (content === undefined) return undefined;
    const bytes = Buffer.from(this.codec.bytes(content.held));
    this.codec.release(content.held);
    return { type: content.type, bytes };
  }

  #holdAny(id: string, turns: number): HeldContent | undefined {
    const content = this.#readAny(id, turns);
    return content === undefined ? undefined : { type: content.type, held: this.codec.hold(content.bytes) };
  }

  /** Throws `Damaged`. */
  #link(pack: PackFile, rank: number): Link {
    const { entry, baseId } = pack.header(rank);
    const link = { rank, type: entry.type, headerLength: entry.length, size: entry.size };
    if (entry.type === TYPE.offsetDelta) {
      const base = pack.rankAt(pack.table.offsets[rank]! - entry.distance);
      if (base < 0) throw new Damaged('missing-base');
      return { ...link, base };
    }
    if (entry.type !== TYPE.idDelta) return { ...link, base: undefined };
    const position = pack.index.find(baseId);
    return { ...link, base: position < 0 ? baseId.toString('hex') : pack.rankOf(position) };
  }

  /** Lets the base go. */
  #apply(pack: PackFile, link: Link, base: HeldContent): HeldContent | undefined {
    try {
      return { type: base.type, held: this.#withDelta(base.held, () => pack.inflate(this.codec, link.rank, link.headerLength, link.size)) };
    } catch (error) {
      if (error instanceof Damaged) return undefined;
      throw error;
    }
  }

  /** Lets both go. Throws `Damaged`. */
  #withDelta(base: Held, read: () => Held): Held {
    try {
      const delta = read();
      try {
        return this.codec.applyDelta(base, delta);
      } finally {
        this.codec.release(delta);
      }
    } finally {
      this.codec.release(base);
    }
  }
}

/** The same while the codec has the bytes. */
interface HeldContent {
  readonly type: number;
  readonly held: Held;
}

/** What is compressed of an object in a pack, by offset. */
interface Place {
  readonly type: number;
  readonly start: number;
  readonly size: number;
}

/**
 * An object and its bases to the whole one, as the headers say. Empty where they do not, and where one names its base by
 * id: by offset bases come before what is made from them, so that there are no rings.
 */
function chainAt(pack: PackFile, offset: number): Place[] {
  const chain: Place[] = [];
  try {
    for (let at = offset; ;) {
      const { type, size, length, distance } = pack.headerAt(at).entry;
      if (type === TYPE.idDelta) return [];
      chain.push({ type, start: at + length, size });
      if (type !== TYPE.offsetDelta) return chain;
      at -= distance;
    }
  } catch (error) {
    if (error instanceof Damaged) return [];
    throw error;
  }
}

/** An object of a pack on the way to a whole one. */
interface Link {
  readonly rank: number;
  readonly type: number;
  readonly headerLength: number;
  readonly size: number;
  /** Rank of the base in the same pack, or the id of one that is not in it; undefined when the object is whole. */
  readonly base: number | string | undefined;
}

function looseSets(folders: readonly string[], hashBytes: HashBytes, problems: FileProblem[]): LooseSet[] {
  const sets: LooseSet[] = [];
  let start = 0;
  for (const objectsDir of folders) {
    const ids = listLoose(objectsDir, hashBytes, (path) => problems.push({ path, fault: 'unreadable' }));
    sets.push({ objectsDir, ids, start });
    start += ids.length;
  }
  return sets;
}

/** Opens all packs of a folder. One that a repack takes away in between is looked for again under its new name. */
function openPacks(folder: string, hashBytes: HashBytes, blocks: PackBlocks, problems: FileProblem[]): PackFile[] {
  const opened = new Map<string, PackFile>();
  const faults = new Map<string, FileFault>();
  for (let listing = 1; listing <= MAX_LISTINGS; listing++) {
    const names = packNames(folder, problems);
    // What is gone by now has not been told by anybody: its objects are elsewhere.
    for (const [name, fault] of faults) if (fault === 'missing' || !names.includes(name)) faults.delete(name);
    for (const name of names) {
      if (opened.has(name) || faults.has(name)) continue;
      const path = join(folder, name);
      try {
        opened.set(name, PackFile.open(`${path}.pack`, `${path}.idx`, hashBytes, blocks));
      } catch (error) {
        faults.set(name, faultOf(error));
      }
    }
    if (![...faults.values()].includes('missing')) break;
  }
  for (const [name, fault] of faults) problems.push({ path: join(folder, `${name}.pack`), fault });
  return [...opened.keys()].toSorted().map((name) => opened.get(name)!);
}

function packNames(folder: string, problems: FileProblem[]): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.idx'))
      .map((name) => name.slice(0, -'.idx'.length))
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push({ path: folder, fault: 'unreadable' });
    return [];
  }
}

function faultOf(error: unknown): FileFault {
  if (error instanceof BadFile) return error.fault;
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
}

function isIn(sorted: readonly string[], id: string): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === id;
}
