/**
 * The whole history by unique blob, and the texts that are no files: commit and tag messages, authors, ref names.
 * Every object is read once, whichever commits hold it; where it was is asked afterwards and only for findings.
 */
import { basename, join } from 'node:path';
import { listObjects, type ObjectList, type Tips } from '../git/enumerate.ts';
import { readObjects, type ObjectType } from '../git/object-stream.ts';
import type { Repository } from '../git/repository.ts';
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
  /** Blobs to look at besides, such as those of the index. */
  readonly alsoBlobs: readonly string[];
}

const LF = 0x0a;
const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/v1');

/** Scans blobs, commits and tags. Gives back what it was about. */
export async function scanHistory(repository: Repository, choice: HistoryChoice, sink: Sink): Promise<ObjectList> {
  const store = choice.reader === 'pack' && choice.without.length === 0 ? openRepositoryStore(repository) : undefined;
  try {
    const objects = await listObjects(repository, choice.from, choice.without, choice.unreachable, store);
    tellGaps(objects, store, choice, sink);
    const reader = new HistoryReader(sink, choice.partial);
    let wanted = new Set([...objects.blobs, ...choice.alsoBlobs]);
    let others = new Set([...objects.commits, ...objects.tags]);
    if (store !== undefined) {
      wanted = scanStore(store, wanted, reader);
      others = readOthers(store, others, reader);
    }
    // Without a store, everything; with one, what it could not read: too large, damaged, or newer than its list.
    await readObjects(repository, [...wanted, ...others], reader);
    reader.tellPointers();
    return objects;
  } finally {
    store?.close();
  }
}

function openRepositoryStore(repository: Repository): ObjectStore {
  return openStore({ objectsDir: join(repository.commonDir, 'objects'), hashBytes: repository.idLength === 64 ? 32 : 20 });
}

function tellGaps(objects: ObjectList, store: ObjectStore | undefined, choice: HistoryChoice, sink: Sink): void {
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
  for (const id of objects.missing) {
    sink.counted('blob');
    sink.notScanned({ unit: id, ...absentReason({ kind: 'missing', detail: '' }, choice.partial) });
  }
}

/** Looks at the wanted blobs, each delta at the lines that it brings. Gives back those that it could not read. */
function scanStore(store: ObjectStore, wanted: Set<string>, reader: HistoryReader): Set<string> {
  walkBlobs<KnownHits>(store, {
    // Of a blob that is left out nothing is known, so what is made from it is looked at whole.
    blob: (id, content, change) => (wanted.delete(id) ? reader.blob(id, content, change) : undefined),
    special: () => undefined,
    failed: () => undefined,
  });
  return wanted;
}

function readOthers(store: ObjectStore, wanted: Set<string>, reader: HistoryReader): Set<string> {
  walkOthers(store, ['commit', 'tag'], {
    object(id, type, content) {
      if (wanted.delete(id)) reader.object(id, type, content);
    },
    special: () => undefined,
    failed: () => undefined,
  });
  return wanted;
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

class HistoryReader {
  #pointers = 0;
  readonly #sink: Sink;
  readonly #partial: boolean;
  /** Author and committer lines that were looked at already. */
  readonly #people = new Set<string>();

  constructor(sink: Sink, partial: boolean) {
    this.#sink = sink;
    this.#partial = partial;
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

  object(id: string, type: ObjectType, bytes: Buffer): void {
    switch (type) {
      case 'blob':
        this.blob(id, bytes, undefined);
        return undefined;
      case 'commit':
      case 'tag':
        this.#sink.counted(type);
        this.#metadata(id, type, bytes);
        return this.#sink.scanned();
      case 'tree':
        return undefined;
    }
  }

  large(id: string, type: ObjectType): { piece(bytes: Buffer): void; end(): void } {
    this.#sink.counted(type === 'blob' ? 'blob' : type === 'tag' ? 'tag' : 'commit');
    if (type === 'blob') return this.#sink.pieces({ kind: 'blob', blob: id });
    // A message of megabytes: its header is small beside it, so the whole object counts as the message.
    return this.#sink.pieces({
      kind: 'metadata',
      part: type === 'tag' ? 'tag' : 'commit message',
      object: id,
      label: type === 'tag' ? '<tag>' : '<commit message>',
    });
  }

  absent(id: string, failure: Parameters<typeof absentReason>[0]): void {
    this.#sink.counted('blob');
    this.#sink.notScanned({ unit: id, ...absentReason(failure, this.#partial) });
  }

  #metadata(id: string, type: 'commit' | 'tag', bytes: Buffer): void {
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
