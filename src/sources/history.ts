/**
 * The whole history by unique blob, and the texts that are no files: commit and tag messages, authors.
 * Every object is read once, whichever commits hold it; where it was is asked afterwards and only for findings.
 */
import { basename, join } from 'node:path';
import { ALTERNATES } from '../git/command.ts';
import { listObjects } from '../git/enumerate.ts';
import { HistoryGraph, type LinkTold } from '../git/history-graph.ts';
import { readObjects, type Failure } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import { walkBlobs, type BlobVisitor, type Sharing } from '../git/store/families.ts';
import { letGoNow } from '../git/store/let-go.ts';
import { openStore, type ObjectStore } from '../git/store/object-store.ts';
import { TYPE, typeName } from '../git/store/pack-entry.ts';
import { ringMembers } from '../git/store/rings.ts';
import type { KnownHits, Sink } from '../model/source.ts';
import { CleanObjects, FEW_BLOBS, noteSkipped, type Earlier } from './clean-objects.ts';
import { HistoryReader, isMetadata } from './history-reader.ts';
import { METADATA_AND_BLOBS, type LastScan } from './last-scan.ts';
import { OpenObjects } from './open-objects.ts';

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
  const clean = new CleanObjects(choice.earlier, reader, sink);
  // They begin while the graph is read; what nothing reaches is left out of what they tell.
  const threads = clean.isActive ? undefined : choice.threads?.(store);
  /** By number, 1 for commits and tags that were looked at. */
  const done = new Uint8Array(store.catalogue.total);
  const graph = readGraph(repository, store, choice, reader, clean, done);
  const rings = ringMembers(store);
  tellGaps(graph, rings, reader, sink);
  const everything = choice.unreachable || graph.failure !== undefined;
  const open = new OpenObjects(store, graph, { everything, alsoBlobs: choice.alsoBlobs, done });
  for (const [id, type] of open.mistyped) reader.mistyped(id, type);
  if (choice.verify) for (const number of graph.unreadable) if (!open.has(number)) reader.bad(graph.numbers.id(number));
  if (clean.isActive) open.takeIf((id, type) => clean.skip(id, type));
  // A few are read one by one; for many it is less work to go through all families.
  const isFew = clean.isActive && open.blobs <= FEW_BLOBS;
  if (open.hasOthers || isFew) readOnes(store, graph, open, isFew, clean, reader);
  if (!isFew) {
    walkBlobs(store, blobVisitor(choice, graph, open, clean, reader), threads?.sharing);
    for (const looked of (await threads?.finish()) ?? []) {
      looked.take((number, isPointer, held) => {
        if (!open.take(number)) return false;
        if (isPointer) reader.pointer();
        clean.took(number, graph.numbers, !isPointer && !held);
        return true;
      });
    }
  }
  store.forgetBlobs();
  choice.sifted?.();
  letGoNow(store.catalogue.total);
  for (const number of rings) if (open.take(number)) reader.absent(graph.numbers.id(number), RING);
  // What the store could not read: too large, damaged, or newer than its list.
  const { blobs, others } = open.rest();
  reader.expect(blobs, others);
  clean.leave([...blobs, ...others]);
  await readObjects(repository, [...blobs, ...others], reader);
  const unreachable = graph.failure === undefined ? unreached(graph) : 0;
  return { unreachable, graph, toKeep: clean.keep(unreachable) };
}

/**
 * The graph of a history; its commits and tags are looked at as they come by.
 * @param done by number, set to 1 for those
 */
function readGraph(
  repository: Repository,
  store: ObjectStore,
  choice: HistoryChoice,
  reader: HistoryReader,
  clean: CleanObjects,
  done: Uint8Array,
): HistoryGraph {
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
  return new HistoryGraph(store, repository, choice.from, told, texts);
}

/** Objects that nothing reaches. */
function unreached({ types, reached }: HistoryGraph): number {
  let found = 0;
  for (let number = 0; number < types.length; number++) if (types[number] !== TYPE.none && reached[number] === 0) found++;
  return found;
}

/** Looks at the open ones of the blobs that a walk over families tells. */
function blobVisitor(
  { sift }: HistoryChoice,
  { numbers }: HistoryGraph,
  open: OpenObjects,
  clean: CleanObjects,
  reader: HistoryReader,
): BlobVisitor<KnownHits> {
  return {
    ...(sift === undefined ? {} : { sift }),
    plain(number, size, lines, base, isBase, made) {
      const known = open.has(number) ? reader.plainBlob(size, lines, base, isBase, made) : undefined;
      if (known === undefined) return undefined;
      open.take(number);
      clean.took(number, numbers, true);
      return known;
    },
    // Of a blob that is left out nothing is known, so what is made from it is looked at whole.
    blob: (id, content, change, number, isBase) =>
      open.take(number) ? clean.look(id, 'blob', () => reader.blob(id, content, change, isBase)) : undefined,
    special: () => undefined,
    failed: () => undefined,
  };
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

/** Commits and tags that were not known to be reached when they came by, and blobs where they are to be read one by one. */
function readOnes(
  store: ObjectStore,
  { types, numbers }: HistoryGraph,
  open: OpenObjects,
  blobs: boolean,
  clean: CleanObjects,
  reader: HistoryReader,
): void {
  for (const number of open.numbers()) {
    if (types[number] === TYPE.blob && !blobs) continue;
    const id = numbers.id(number);
    const object = store.read(id);
    // One that does not look like its type is left to git, which will tell the same.
    if (object === undefined || object.type !== typeName(types[number]!)) continue;
    const { type, bytes } = object;
    if (type !== 'blob' && !isMetadata(type, bytes)) continue;
    clean.look(
      () => id,
      type,
      () => reader.sound(id, type, bytes),
    );
    open.take(number);
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
