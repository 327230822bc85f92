/**
 * The whole history by unique blob, and the texts that are no files: commit and tag messages, authors, ref names.
 * Every object is read once, whichever commits hold it; where it was is asked afterwards and only for findings.
 */
import { basename, join } from 'node:path';
import { listObjects, type ObjectList, type Tips } from '../git/enumerate.ts';
import { ALTERNATES } from '../git/command.ts';
import { beginHash, isObject } from '../git/object-id.ts';
import { readObjects, type ObjectType } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
import type { Fault } from '../git/store/damage.ts';
import { walkBlobs, walkOthers } from '../git/store/families.ts';
import { openStore, type ObjectStore } from '../git/store/object-store.ts';
import { decodeName } from '../model/file-name.ts';
import type { MetadataPart } from '../model/origin.ts';
import type { KnownHits, LineChange, Sink } from '../model/source.ts';
import { absentReason } from './object-reasons.ts';

export interface HistoryChoice {
  /** Commits, tags and trees from which everything they reach is scanned. */
  readonly from: readonly string[];
  /** Commits whose history is left out. */
  readonly without: readonly string[];
  readonly partial: boolean;
  /** Also objects that nothing reaches. */
  readonly unreachable: boolean;
  /** `pack`: from the files of the object database. `git`: through git, slower and independent of the other. */
  readonly reader: 'pack' | 'git';
  /** Hash each object that is read, and list those that are not what their id says. */
  readonly verify: boolean;
  /** Blobs to look at besides, such as those of the index. */
  readonly alsoBlobs: readonly string[];
}

const LF = 0x0a;
const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/v1');

/** Scans blobs, commits and tags. Gives back what it was about. */
export async function scanHistory(repository: Repository, choice: HistoryChoice, sink: Sink): Promise<ObjectList> {
  const store = choice.reader === 'pack' && choice.without.length === 0 ? openRepositoryStore(repository, choice.verify) : undefined;
  try {
    const objects = await listObjects(repository, choice.from, choice.without, choice.unreachable, store);
    // What git takes for missing may be there all the same: it leaves alone a pack that was cut short.
    const unsure = new Set(objects.missing.filter((id) => store?.has(id) === true));
    const missing = new Set(objects.missing.filter((id) => !unsure.has(id)));
    tellGaps(objects, missing, store, choice, sink);
    const reader = new HistoryReader(sink, choice);
    const wanted = new Set([...objects.blobs, ...choice.alsoBlobs, ...unsure].filter((id) => !missing.has(id)));
    const others = new Set([...objects.commits, ...objects.tags].filter((id) => !wanted.has(id)).concat(...unsure));
    if (store !== undefined) {
      scanStore(store, wanted, reader);
      readOthers(store, others, reader, choice.verify);
    }
    for (const id of unsure) {
      if (wanted.has(id) && others.has(id)) continue;
      wanted.delete(id);
      others.delete(id);
    }
    reader.expect(wanted, others);
    // Without a store, everything; with one, what it could not read: too large, damaged, or newer than its list.
    await readObjects(repository, [...new Set([...wanted, ...others])], reader);
    reader.tellPointers();
    return objects;
  } finally {
    store?.close();
  }
}

function openRepositoryStore(repository: Repository, verify: boolean): ObjectStore {
  return openStore({
    objectsDir: join(repository.commonDir, 'objects'),
    alternates: repository.git.env[ALTERNATES] ?? '',
    hashBytes: repository.idLength === 64 ? 32 : 20,
    verify,
  });
}

function tellGaps(objects: ObjectList, missing: ReadonlySet<string>, store: ObjectStore | undefined, choice: HistoryChoice, sink: Sink): void {
  if (objects.failure !== undefined) {
    sink.counted('source');
    sink.notScanned({
      unit: 'the walk over the history',
      reason: 'GIT-FAILED',
      detail: `git could not walk it to its end, so all objects that are there were scanned: ${objects.failure}`,
    });
  }
  for (const { path, fault } of store?.problems ?? []) {
    sink.counted('source');
    sink.notScanned({ unit: basename(path), reason: 'OBJECT-CORRUPT', detail: `a file of the object database is damaged: ${fault}` });
  }
  for (const id of missing) {
    sink.counted('blob');
    sink.notScanned({ unit: id, ...absentReason({ kind: 'missing', detail: '' }, choice.partial) });
  }
}

/** Looks at the wanted blobs, each delta at the lines that it brings. Leaves those that it could not read. */
function scanStore(store: ObjectStore, wanted: Set<string>, reader: HistoryReader): void {
  walkBlobs<KnownHits>(store, {
    // Of a blob that is left out nothing is known, so what is made from it is looked at whole.
    blob: (id, content, change) => (wanted.delete(id) ? reader.blob(id, content, change) : undefined),
    special: () => undefined,
    failed: (id, fault) => reader.leaveRing(wanted, id, fault),
  });
}

/** @param trees read them too, for their hashes */
function readOthers(store: ObjectStore, wanted: Set<string>, reader: HistoryReader, trees: boolean): void {
  walkOthers(store, trees ? ['commit', 'tag', 'tree'] : ['commit', 'tag'], {
    object(id, type, content) {
      // One that does not look like its type is left to git, which will tell the same.
      if (isMetadata(type, content) && wanted.delete(id)) reader.metadata(id, type, content);
    },
    special: () => undefined,
    failed(id, fault) {
      if (wanted.has(id)) reader.leaveRing(wanted, id, fault);
      else if (trees) reader.bad(id);
    },
  });
}

/** Names of branches and tags are text that somebody wrote. */
export function scanRefNames(tips: Tips, sink: Sink): void {
  for (const ref of tips.refs) {
    sink.counted('ref');
    const name = ref.name.replace(/^refs\/(?:heads|tags|remotes)\//, '');
    sink.content({ kind: 'metadata', part: 'ref name', object: ref.peeled, label: '<ref name>' }, Buffer.from(name));
    sink.scanned();
  }
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
  readonly #partial: boolean;
  readonly #verify: boolean;
  #blobs: ReadonlySet<string> = new Set();
  #others: ReadonlySet<string> = new Set();
  /** Author and committer lines that were looked at already. */
  readonly #people = new Set<string>();

  constructor(sink: Sink, { partial, verify }: Pick<HistoryChoice, 'partial' | 'verify'>) {
    this.#sink = sink;
    this.#partial = partial;
    this.#verify = verify;
  }

  /** Which of the objects that git is asked for should be blobs, and which commits or tags; what is in both may be either. */
  expect(blobs: ReadonlySet<string>, others: ReadonlySet<string>): void {
    this.#blobs = blobs;
    this.#others = others;
  }

  /** git follows a ring of deltas for ever, so what is in one is told at once. */
  leaveRing(wanted: Set<string>, id: string, fault: Fault): void {
    if (fault === 'delta-cycle' && wanted.delete(id)) this.absent(id, { kind: 'failed', detail: 'its deltas form a ring' });
  }

  /** An object that is read for its hash alone. */
  bad(id: string): void {
    this.#sink.counted('source');
    this.#sink.notScanned({ unit: id, reason: 'OBJECT-CORRUPT', detail: 'it cannot be read, or its hash does not match; try git fsck' });
  }

  /** See `Sink.blob`. */
  blob(id: string, bytes: Buffer, change: LineChange | undefined): KnownHits | undefined {
    this.#sink.counted('blob');
    if (bytes.length < 1024 && bytes.subarray(0, LFS_POINTER.length).equals(LFS_POINTER)) this.#pointers++;
    return this.#sink.blob(id, bytes, change);
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
    this.#texts(id, type, bytes);
    this.#sink.scanned();
  }

  /** What git answered. It does not look whether an object in a pack is what its id says, nor whether a blob was meant. */
  object(id: string, type: ObjectType, bytes: Buffer): void {
    const isExpected = type === 'blob' ? this.#blobs.has(id) : this.#others.has(id) && isMetadata(type, bytes);
    if (!isExpected) this.absent(id, { kind: 'failed', detail: `its header calls it a ${type}, which it is not` });
    else if (this.#verify && !isObject(id, type, bytes)) this.absent(id, { kind: 'failed', detail: WRONG_HASH });
    else if (type === 'blob') this.blob(id, bytes, undefined);
    else this.metadata(id, type as 'commit' | 'tag', bytes);
  }

  large(id: string, type: ObjectType, size: number): { piece(bytes: Buffer): void; end(): void } {
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
      end: () => {
        pieces.end();
        // What was read of it has been looked at; that it is not the object is told besides.
        if (hash.digest('hex') !== id) this.absent(id, { kind: 'failed', detail: WRONG_HASH });
      },
    };
  }

  absent(id: string, failure: Parameters<typeof absentReason>[0]): void {
    this.#sink.counted('blob');
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
      if (person === undefined || this.#people.has(person)) continue;
      this.#people.add(person);
      this.#text('author', id, '<author>', Buffer.from(person, 'latin1'));
    }
    const tag = type === 'tag' ? /^tag (.*)$/m.exec(header.toString('latin1'))?.[1] : undefined;
    if (tag === undefined) this.#text('commit message', id, '<commit message>', message);
    else this.#text('tag', id, `<tag ${decodeName(Buffer.from(tag, 'latin1'))}>`, message);
  }

  #text(part: MetadataPart, object: string, label: string, bytes: Buffer): void {
    this.#sink.content({ kind: 'metadata', part, object, label }, bytes);
  }
}
