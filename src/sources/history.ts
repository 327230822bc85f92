/**
 * The whole history by unique blob, and the texts that are no files: commit and tag messages, authors, ref names.
 * Every object is read once, whichever commits hold it; where it was is asked afterwards and only for findings.
 */
import { basename, join } from 'node:path';
import type { CleanList } from '../git/clean-list.ts';
import { ALTERNATES } from '../git/command.ts';
import { listObjects, type Tips } from '../git/enumerate.ts';
import { HistoryGraph, type LinkTold } from '../git/history-graph.ts';
import { beginHash, isObject } from '../git/object-id.ts';
import { readObjects, type Failure, type ObjectType } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import { walkBlobs, type BlobVisitor, type Sharing } from '../git/store/families.ts';
import type { TextsTaken } from '../git/store/graph-parts.ts';
import { letGoNow } from '../git/store/let-go.ts';
import { openStore, type ObjectStore } from '../git/store/object-store.ts';
import type { MadeBlob } from '../git/store/kernel-families.ts';
import { TYPE, typeCode, typeName } from '../git/store/pack-entry.ts';
import { ringMembers } from '../git/store/rings.ts';
import { append } from '../model/append.ts';
import { decodeLatin1 } from '../model/file-name.ts';
import type { MetadataPart } from '../model/origin.ts';
import type { KnownHits, LineChange, Sink } from '../model/source.ts';
import { METADATA_AND_BLOBS, type LastScan, type LastTips } from './last-scan.ts';
import { absentReason } from './object-reasons.ts';

export interface HistoryChoice {
  /** Commits, tags and trees from which everything they reach is scanned; made when asked for, and not kept. */
  readonly from: () => readonly string[];
  /** Commits whose history is left out. */
  readonly without: readonly string[];
  /** Whether objects may be absent on purpose; asked where one is. */
  readonly isPartial: () => boolean;
  /** Also objects that nothing reaches. */
  readonly unreachable: boolean;
  /** The object database's files; undefined to read through git, which is slower and independent of this. */
  readonly store: ObjectStore | undefined;
  /** Hash each object that is read, and list those that are not what their id says; a store is opened with the same. */
  readonly verify: boolean;
  /** What an earlier scan found nothing in; with a store only. */
  readonly earlier?: Earlier | undefined;
  /** Begins threads, where they pay. */
  readonly threads?: ((store: ObjectStore) => BlobThreads | undefined) | undefined;
  /** See `BlobVisitor.sift`. */
  readonly sift?: BlobVisitor<KnownHits>['sift'];
  /** Told when no more lines will be sifted. */
  readonly sifted?: () => void;
  /** Blobs to look at besides, such as those of the index. */
  readonly alsoBlobs: readonly string[];
}

export interface Earlier {
  readonly list: CleanList;
  /** What it knew of a history that is as it was. */
  readonly last: LastScan | undefined;
  /** How much has been told so far that makes an object none of the clean ones: findings, and what was not looked at. */
  readonly told: () => number;
}

/** Threads that look at blobs of a store, whether they are reached or not. */
export interface BlobThreads {
  /** For the walk of this thread beside theirs. */
  readonly sharing: Sharing;
  /** Waits until all have ended; gives what they looked at. */
  finish(): Promise<readonly LookedAt[]>;
  /** Ends them at once, if they have not ended. */
  stop(): void;
}

export interface LookedAt {
  /** Takes over what was found in the blobs that are wanted: number, whether it is a Git LFS pointer, whether anything was told of it. */
  take(isWanted: (number: number, isPointer: boolean, held: boolean) => boolean): void;
}

export interface ScannedHistory {
  /** Objects that nothing scanned reaches. */
  readonly unreachable: number;
  /** What the next scan may use, when this one kept what is clean. */
  readonly toKeep?: LastScan | undefined;
  /** Of a history that was read from a store. */
  readonly graph: HistoryGraph | undefined;
}

const LF = 0x0a;
/** See `TextsTaken.take`. */
const MESSAGE = 0;
const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/v1');

/** Whether a blob of so many bytes may stand for a content elsewhere. */
export function mayBePointer(size: number): boolean {
  return size < 1024;
}

/** A blob that stands for a content elsewhere. */
export function isLfsPointer(bytes: Buffer): boolean {
  return mayBePointer(bytes.length) && bytes[0] === LFS_POINTER[0] && bytes.subarray(0, LFS_POINTER.length).equals(LFS_POINTER);
}

const RING: Failure = { kind: 'failed', detail: 'its deltas form a ring' };

/** Scans blobs, commits and tags. */
export async function scanHistory(repository: Repository, choice: HistoryChoice, sink: Sink): Promise<ScannedHistory> {
  const reader = new HistoryReader(sink, choice);
  const scanned =
    choice.store === undefined
      ? await scanThroughGit(repository, choice, reader, sink)
      : await scanStore(repository, choice.store, choice, reader, sink);
  reader.tellPointers();
  return scanned;
}

async function scanThroughGit(repository: Repository, choice: HistoryChoice, reader: HistoryReader, sink: Sink): Promise<ScannedHistory> {
  const objects = await listObjects(repository, choice.from(), choice.without, choice.unreachable);
  tellFailure(objects.failure, choice.without.length === 0 ? EVERYTHING : NAMED, sink);
  const missing = new Set(objects.missing);
  for (const id of missing) reader.absent(id, MISSING);
  const blobs = new Set([...objects.blobs, ...choice.alsoBlobs].filter((id) => !missing.has(id)));
  const others = new Set([...objects.commits, ...objects.tags].filter((id) => !blobs.has(id)));
  reader.expect(blobs, others);
  await readObjects(repository, [...blobs, ...others], reader);
  return { unreachable: objects.unreachable, graph: undefined };
}

async function scanStore(
  repository: Repository,
  store: ObjectStore,
  choice: HistoryChoice,
  reader: HistoryReader,
  sink: Sink,
): Promise<ScannedHistory> {
  for (const { path, fault } of store.problems) {
    sink.counted('source');
    sink.notScanned({ unit: basename(path), reason: 'OBJECT-CORRUPT', detail: `a file of the object database is damaged: ${fault}` });
  }
  const last = choice.earlier?.last;
  if (last !== undefined) return scanAgain(repository, store, last, reader, sink);
  /** By number, 1 for commits and tags that were looked at. */
  const done = new Uint8Array(store.catalogue.total);
  const clean = new CleanObjects(choice.earlier, reader, sink);
  // They begin while the graph is read; what nothing reaches is left out of what they tell.
  const threads = clean.isActive ? undefined : choice.threads?.(store);
  // Whether a commit holds nothing is kept for each, so then each is looked at alone.
  const texts = choice.earlier === undefined ? reader.textsOf(choice.unreachable, done) : undefined;
  const told: LinkTold = (number, id, type, bytes, isReached) => {
    if (!isReached && !choice.unreachable) return;
    if (!isMetadata(type, bytes)) return;
    if (!clean.skip(id, type))
      clean.look(
        () => id,
        type,
        () => reader.metadata(id, type, bytes),
      );
    done[number] = 1;
  };
  const graph = new HistoryGraph(store, repository, choice.from, told, texts);
  const rings = ringMembers(store);
  tellGaps(graph, rings, reader, sink);
  const { types, numbers } = graph;
  const everything = choice.unreachable || graph.failure !== undefined;
  const missing = new Set(graph.missing);
  /** 1 for what is still to be looked at. */
  const open = new Uint8Array(types.length);
  let unreachable = 0;
  /** Whether something else than blobs may be open. */
  let hasOthers = false;
  for (let number = 0; number < types.length; number++) {
    if (types[number] === TYPE.none) {
      // Nobody can say what it is: where everything is asked for, it is told as what is reached is.
      if (!everything || !store.catalogue.stands(number) || missing.has(numbers.id(number))) continue;
      open[number] = 1;
      hasOthers = true;
      continue;
    }
    if ((graph.reached[number] === 1 || everything) && types[number] !== TYPE.tree && done[number] === 0) {
      open[number] = 1;
      if (types[number] !== TYPE.blob) hasOthers = true;
    }
    if (graph.reached[number] === 0 && graph.failure === undefined) unreachable++;
  }
  for (const number of graph.mistyped) open[number] = 0;
  /** Blobs that the store does not know. */
  const unknown: string[] = [];
  for (const id of new Set(choice.alsoBlobs)) {
    if (missing.has(id)) continue;
    const number = numbers.find(id);
    if (number === undefined) unknown.push(id);
    else if (types[number] === TYPE.blob || types[number] === TYPE.none) {
      open[number] = 1;
      if (types[number] === TYPE.none) hasOthers = true;
    } else if (!graph.mistyped.has(number)) reader.mistyped(id, types[number]!);
  }
  if (choice.verify) for (const number of graph.unreadable) if (open[number] === 0) reader.bad(numbers.id(number));
  clean.skipAll(graph, open);
  const left = clean.isActive ? count(graph, open, TYPE.blob) : Number.POSITIVE_INFINITY;
  // A few are read one by one; for many it is less work to go through all families.
  if (hasOthers || left <= FEW_BLOBS)
    readOnes(store, graph, open, left <= FEW_BLOBS, (id, type, bytes) =>
      clean.look(
        () => id,
        type,
        () => reader.sound(id, type, bytes),
      ),
    );
  if (left > FEW_BLOBS) {
    const visitor: BlobVisitor<KnownHits> = {
      ...(choice.sift === undefined ? {} : { sift: choice.sift }),
      plain(number, size, lines, base, isBase, made) {
        const known = open[number] === 0 ? undefined : reader.plainBlob(size, lines, base, isBase, made);
        if (known === undefined) return undefined;
        open[number] = 0;
        clean.took(number, numbers, true);
        return known;
      },
      blob(id, content, change, number, isBase) {
        // Of a blob that is left out nothing is known, so what is made from it is looked at whole.
        if (open[number] === 0) return undefined;
        open[number] = 0;
        return clean.look(id, 'blob', () => reader.blob(id, content, change, isBase));
      },
      special: () => undefined,
      failed: () => undefined,
    };
    walkBlobs(store, visitor, threads?.sharing);
    for (const looked of (await threads?.finish()) ?? []) {
      looked.take((number, isPointer, held) => {
        if (open[number] === 0) return false;
        open[number] = 0;
        if (isPointer) reader.pointer();
        clean.took(number, numbers, !isPointer && !held);
        return true;
      });
    }
  }
  store.forgetBlobs();
  choice.sifted?.();
  letGoNow(store.catalogue.total);
  for (const number of rings) {
    if (open[number] === 0) continue;
    open[number] = 0;
    reader.absent(numbers.id(number), RING);
  }
  // What the store could not read: too large, damaged, or newer than its list.
  const blobs = new Set(unknown);
  const others = new Set<string>();
  for (let number = open.indexOf(1); number >= 0; number = open.indexOf(1, number + 1))
    (types[number] === TYPE.commit || types[number] === TYPE.tag ? others : blobs).add(numbers.id(number));
  reader.expect(blobs, others);
  clean.leave([...blobs, ...others]);
  await readObjects(repository, [...blobs, ...others], reader);
  return { unreachable, graph, toKeep: clean.keep(unreachable) };
}

/** Looks at what held something the last time, in a history that is as it was. */
async function scanAgain(repository: Repository, store: ObjectStore, last: LastScan, reader: HistoryReader, sink: Sink): Promise<ScannedHistory> {
  let skipped = 0;
  for (const type of METADATA_AND_BLOBS) {
    skipped += last.clean[type];
    for (let left = last.clean[type]; left > 0; left--) {
      sink.counted(type);
      sink.scanned();
    }
  }
  noteSkipped(skipped, sink);
  const unread = new Set<string>();
  for (const id of last.again) {
    const object = store.read(id);
    if (object === undefined || object.type === 'tree') unread.add(id);
    else reader.sound(id, object.type, object.bytes);
  }
  reader.expect(unread, unread);
  await readObjects(repository, [...unread], reader);
  return { unreachable: last.unreachable, graph: undefined };
}

function noteSkipped(skipped: number, sink: Sink): void {
  if (skipped > 0) sink.note(`${skipped} objects in which an earlier scan found nothing were not read again`);
}

/** With so many left to look at, going through all of them costs less than finding each. */
const FEW_BLOBS = 1000;

/** What an earlier scan found nothing in, and what this one finds nothing in. */
class CleanObjects {
  readonly #earlier: Earlier | undefined;
  readonly #reader: HistoryReader;
  readonly #sink: Sink;
  readonly #known: ReadonlySet<string>;
  readonly #clean: string[] = [];
  readonly #counts = { blob: 0, commit: 0, tag: 0 };
  /** What is to be looked at each time. */
  readonly #again: string[] = [];
  #skipped = 0;

  constructor(earlier: Earlier | undefined, reader: HistoryReader, sink: Sink) {
    this.#earlier = earlier;
    this.#reader = reader;
    this.#sink = sink;
    this.#known = new Set(earlier?.list.ids() ?? []);
  }

  get isActive(): boolean {
    return this.#known.size > 0;
  }

  /** Whether an object need not be looked at; it then counts as scanned. */
  skip(id: string, type: ObjectType): boolean {
    if (!this.#known.has(id) || type === 'tree') return false;
    this.#clean.push(id);
    this.#counts[type]++;
    this.#skipped++;
    this.#sink.counted(type);
    this.#sink.scanned();
    return true;
  }

  /** The same for all that are open. */
  skipAll({ types, numbers }: HistoryGraph, open: Uint8Array): void {
    if (!this.isActive) return;
    for (let number = 0; number < open.length; number++) {
      const type = open[number] === 1 ? typeName(types[number]!) : undefined;
      if (type !== undefined && this.skip(numbers.id(number), type)) open[number] = 0;
    }
  }

  /** Looks at an object and remembers it when nothing comes of that. */
  look<Answer>(id: () => string, type: keyof LastScan['clean'], look: () => Answer): Answer {
    if (this.#earlier === undefined) return look();
    const before = this.#earlier.told();
    const answer = look();
    this.note(id(), type, this.#earlier.told() === before && this.#reader.lastWasOrdinary);
    return answer;
  }

  /** A blob was looked at, here or by a thread. */
  took(number: number, numbers: HistoryGraph['numbers'], isClean: boolean): void {
    if (this.#earlier !== undefined) this.note(numbers.id(number), 'blob', isClean);
  }

  /** An object was looked at. */
  note(id: string, type: keyof LastScan['clean'], isClean: boolean): void {
    if (isClean) {
      this.#clean.push(id);
      this.#counts[type]++;
    } else this.#again.push(id);
  }

  /** Some are read in another way, each time. */
  leave(ids: readonly string[]): void {
    append(this.#again, ids);
  }

  /** Gives what the next scan may use besides: nothing when there is too much to look at again. */
  keep(unreachable: number): LastScan | undefined {
    if (this.#earlier === undefined) return undefined;
    noteSkipped(this.#skipped, this.#sink);
    if (!this.#earlier.list.replace(this.#clean)) this.#sink.note('the cache could not be written, so the next scan looks at everything again');
    return this.#again.length > FEW_BLOBS ? undefined : { clean: this.#counts, again: this.#again, unreachable };
  }
}

function count({ types }: HistoryGraph, open: Uint8Array, type: number): number {
  let found = 0;
  for (let number = 0; number < open.length; number++) if (open[number] === 1 && types[number] === type) found++;
  return found;
}

/** Commits and tags that were not known to be reached when they came by, and blobs where they are to be read one by one. */
function readOnes(
  store: ObjectStore,
  { types, numbers }: HistoryGraph,
  open: Uint8Array,
  blobs: boolean,
  look: (id: string, type: 'blob' | 'commit' | 'tag', bytes: Buffer) => void,
): void {
  for (let number = 0; number < open.length; number++) {
    if (open[number] === 0 || (types[number] === TYPE.blob && !blobs)) continue;
    const id = numbers.id(number);
    const object = store.read(id);
    // One that does not look like its type is left to git, which will tell the same.
    if (object === undefined || object.type !== typeName(types[number]!)) continue;
    const { type, bytes } = object;
    if (type !== 'blob' && !isMetadata(type, bytes)) continue;
    look(id, type, bytes);
    open[number] = 0;
  }
}

export function openRepositoryStore(repository: Repository, verify: boolean): ObjectStore {
  return openStore({
    objectsDir: join(repository.commonDir, 'objects'),
    alternates: repository.git.env[ALTERNATES] ?? '',
    hashBytes: repository.idLength === 64 ? 32 : 20,
    verify,
  });
}

const MISSING: Failure = { kind: 'missing', detail: '' };

/** What is scanned where a walk does not end: of a range nothing but the walk says what belongs to it. */
const EVERYTHING = 'all objects that are there were scanned';
const NAMED = 'only the objects that it named were scanned';

function tellFailure(failure: string | undefined, scanned: string, sink: Sink): void {
  if (failure === undefined) return;
  sink.counted('source');
  sink.notScanned({
    unit: 'the walk over the history',
    reason: 'GIT-FAILED',
    detail: `it could not be walked to its end, so ${scanned}: ${failure}`,
  });
}

function tellGaps(graph: HistoryGraph, rings: ReadonlySet<number>, reader: HistoryReader, sink: Sink): void {
  const { numbers, types } = graph;
  tellFailure(graph.failure, EVERYTHING, sink);
  for (const id of graph.missing) reader.absent(id, rings.has(numbers.find(id) ?? -1) ? RING : MISSING);
  for (const number of graph.mistyped) reader.mistyped(numbers.id(number), types[number]!);
}

/** Which of some joined texts may hold something, see `Sink.placesIn`: each where nothing is known. */
class TextPlaces {
  readonly #places: readonly number[] | undefined;
  #next = 0;

  constructor(places: readonly number[] | undefined) {
    this.#places = places;
  }

  /** Whether the text in `[start, end)` may; to be asked from the first text to the last. */
  mayHold(start: number, end: number): boolean {
    const places = this.#places;
    if (places === undefined) return true;
    while (this.#next < places.length && places[this.#next]! <= start) this.#next++;
    return this.#next < places.length && places[this.#next]! <= end;
  }
}

/**
 * Names of branches and tags are text that somebody wrote. They hold no line feed, so they are looked at together first.
 * Gives their bytes.
 */
export function scanRefNames(tips: Tips, sink: Sink): number {
  const names = tips.refs.map(({ name }) => name.replace(/^refs\/(?:heads|tags|remotes)\//, ''));
  const joined = Buffer.from(names.join('\n'));
  const places = new TextPlaces(joined.includes(0) ? undefined : sink.placesIn(joined));
  let start = 0;
  for (const [index, name] of names.entries()) {
    const end = start + Buffer.byteLength(name);
    sink.counted('ref');
    if (places.mayHold(start, end))
      sink.content({ kind: 'metadata', part: 'ref name', object: tips.refs[index]!.peeled, label: '<ref name>' }, joined.subarray(start, end));
    else sink.passed(end - start);
    sink.scanned();
    start = end + 1;
  }
  return start - names.length;
}

/** The same of names that were as they are the last time, and held nothing. */
export function passRefNames({ refs, bytes }: LastTips, sink: Sink): void {
  for (let left = refs; left > 0; left--) {
    sink.counted('ref');
    sink.scanned();
  }
  sink.passed(bytes);
}

/** How git begins what it writes as a commit or a tag. */
const BEGINNINGS = { commit: /^tree [0-9a-f]{40,64}\n/, tag: /^object [0-9a-f]{40,64}\ntype / } as const;

/** Whether an object is a commit or a tag, as its header says: one flipped bit makes a blob a commit. */
function isMetadata(type: ObjectType, bytes: Buffer): type is 'commit' | 'tag' {
  return (type === 'commit' || type === 'tag') && BEGINNINGS[type].test(bytes.toString('latin1', 0, 80));
}

const WRONG_HASH = 'its content is not what its id says: the hash does not match; try git fsck';

class HistoryReader {
  #pointers = 0;
  readonly #sink: Sink;
  readonly #isPartial: () => boolean;
  #partial: boolean | undefined;
  readonly #verify: boolean;
  #blobs: ReadonlySet<string> = new Set();
  #others: ReadonlySet<string> = new Set();
  /** Author and committer lines that were looked at already, and whether nothing was in them. */
  readonly #people = new Map<string, boolean>();
  readonly #told: () => number;
  /** Whether the last object holds nothing that would have to be told again if it were left out next time. */
  lastWasOrdinary = true;

  constructor(sink: Sink, { isPartial, verify, earlier }: Pick<HistoryChoice, 'isPartial' | 'verify' | 'earlier'>) {
    this.#sink = sink;
    this.#isPartial = isPartial;
    this.#verify = verify;
    this.#told = earlier?.told ?? (() => 0);
  }

  /** Which of the objects that git is asked for should be blobs, and which commits or tags; what is in both may be either. */
  expect(blobs: ReadonlySet<string>, others: ReadonlySet<string>): void {
    this.#blobs = blobs;
    this.#others = others;
  }

  /** @param type code that its header has */
  mistyped(id: string, type: number): void {
    this.absent(id, { kind: 'failed', detail: `its header calls it a ${typeName(type) ?? 'blob'}, which it is not` });
  }

  /** An object that is read for its hash alone. */
  bad(id: string): void {
    this.#sink.counted('source');
    this.#sink.notScanned({ unit: id, reason: 'OBJECT-CORRUPT', detail: 'it cannot be read, or its hash does not match; try git fsck' });
  }

  /** See `Sink.blob`. */
  blob(id: () => string, bytes: Buffer, change: LineChange | undefined, isBase: boolean): KnownHits | undefined {
    this.#count(bytes);
    return this.#sink.blob(id, bytes, change, isBase);
  }

  /** See `Sink.plainBlob`. */
  plainBlob(size: number, lines: Buffer, base: KnownHits | undefined, isBase: boolean, made: MadeBlob): KnownHits | undefined {
    if (mayBePointer(size) && isLfsPointer(made.content())) return undefined;
    const known = this.#sink.plainBlob(size, lines, base, isBase, made.runs);
    if (known !== undefined) this.#sink.counted('blob');
    return known;
  }

  #count(bytes: Buffer): void {
    this.#sink.counted('blob');
    this.lastWasOrdinary = !isLfsPointer(bytes);
    if (!this.lastWasOrdinary) this.pointer();
  }

  /** A Git LFS pointer was looked at. */
  pointer(): void {
    this.#pointers++;
  }

  tellPointers(): void {
    if (this.#pointers === 0) return;
    this.#sink.note(
      `${this.#pointers} Git LFS pointer${this.#pointers === 1 ? '' : 's'}: the content that they stand for is not in git and was not scanned`,
    );
  }

  /** A commit or a tag. */
  metadata(id: string, type: 'commit' | 'tag', bytes: Buffer): void {
    this.#sink.counted(type);
    this.lastWasOrdinary = true;
    this.#texts(id, type, bytes);
    this.#sink.scanned();
  }

  /**
   * The texts of many commits at once: most hold nothing. Undefined where lines alone do not say it.
   * @param all also of commits that nothing has led to when they come by
   * @param done by number, set to 1 for those that were looked at
   */
  textsOf(all: boolean, done: Uint8Array): TextsTaken | undefined {
    const sink = this.#sink;
    if (sink.placesIn(Buffer.alloc(0)) === undefined) return undefined;
    return {
      all,
      take: (joined, items, idOf) => {
        const places = new TextPlaces(sink.placesIn(joined));
        let start = 0;
        for (let item = 0; item < items.length; item += 3) {
          const number = items[item]!;
          const end = items[item + 2]!;
          const mayHold = places.mayHold(start, end);
          if (items[item + 1] === MESSAGE) {
            sink.counted('commit');
            if (mayHold) this.#text('commit message', idOf(number), '<commit message>', joined.subarray(start, end));
            else sink.passed(end - start);
            sink.scanned();
            done[number] = 1;
          } else this.#person(joined.toString('latin1', start, end), mayHold ? idOf(number) : undefined);
          start = end + 1;
        }
      },
    };
  }

  /** Looks at somebody's name, once for all objects; without an object it is known to hold nothing. */
  #person(person: string, object: string | undefined): void {
    if (this.#people.has(person)) return;
    const before = this.#told();
    if (object === undefined) this.#sink.passed(person.length);
    else this.#text('author', object, '<author>', Buffer.from(person, 'latin1'));
    this.#people.set(person, this.#told() === before);
  }

  /** An object that is what it should be, looked at whole. */
  sound(id: string, type: 'blob' | 'commit' | 'tag', bytes: Buffer): void {
    if (type !== 'blob') return this.metadata(id, type, bytes);
    this.#count(bytes);
    return this.#sink.content({ kind: 'blob', blob: id }, bytes);
  }

  /** What git answered. It does not look whether an object in a pack is what its id says, nor whether a blob was meant. */
  object(id: string, type: ObjectType, bytes: Buffer): void {
    const isExpected = type === 'blob' ? this.#blobs.has(id) : this.#others.has(id) && isMetadata(type, bytes);
    if (!isExpected) this.mistyped(id, typeCode(type));
    else if (this.#verify && !isObject(id, type, bytes)) this.absent(id, { kind: 'failed', detail: WRONG_HASH });
    else this.sound(id, type as 'blob' | 'commit' | 'tag', bytes);
  }

  large(id: string, type: ObjectType, size: number): { piece(bytes: Buffer): void; end(isWhole: boolean): void } {
    this.#sink.counted(type === 'blob' ? 'blob' : type === 'tag' ? 'tag' : 'commit');
    const pieces = this.#sink.pieces(
      type === 'blob'
        ? { kind: 'blob', blob: id }
        : // A message of megabytes: its header is small beside it, so the whole object counts as the message.
          { kind: 'metadata', part: type === 'tag' ? 'tag' : 'commit message', object: id, label: type === 'tag' ? '<tag>' : '<commit message>' },
    );
    if (!this.#verify) return pieces;
    const hash = beginHash(id, type, size);
    return {
      piece: (bytes) => {
        hash.update(bytes);
        pieces.piece(bytes);
      },
      end: (isWhole) => {
        pieces.end();
        if (isWhole && hash.digest('hex') !== id) this.absent(id, { kind: 'failed', detail: WRONG_HASH }, true);
      },
    };
  }

  /** @param isPart what was read of it has been counted and looked at; that it is not all of the object is told besides */
  absent(id: string, failure: Parameters<typeof absentReason>[0], isPart = false): void {
    this.#sink.counted(isPart ? 'source' : 'blob');
    if (failure.kind === 'missing') this.#partial ??= this.#isPartial();
    this.#sink.notScanned({ unit: id, ...absentReason(failure, this.#partial) });
  }

  #texts(id: string, type: 'commit' | 'tag', bytes: Buffer): void {
    const end = bytes.indexOf('\n\n');
    const header = bytes.subarray(0, end < 0 ? bytes.length : end);
    const message = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 2);
    for (let at = 0; at < header.length;) {
      const next = header.indexOf(LF, at);
      const line = header.subarray(at, next < 0 ? header.length : next);
      at = next < 0 ? header.length : next + 1;
      const person = /^(author|committer|tagger) (.*?)(?: \d+ [+-]\d+)?$/s.exec(line.toString('latin1'))?.[2];
      if (person === undefined) continue;
      this.#person(person, id);
      // Told for one commit alone, so any other of the same person must be read again when that one is gone.
      if (this.#people.get(person) === false) this.lastWasOrdinary = false;
    }
    const tag = type === 'tag' ? /^tag (.*)$/m.exec(header.toString('latin1'))?.[1] : undefined;
    if (tag === undefined) this.#text('commit message', id, '<commit message>', message);
    else this.#text('tag', id, `<tag ${decodeLatin1(tag)}>`, message);
  }

  #text(part: MetadataPart, object: string, label: string, bytes: Buffer): void {
    this.#sink.content({ kind: 'metadata', part, object, label }, bytes);
  }
}
