/** What a history's objects come to, one by one, whoever reads them: each is counted, and looked at or told as not scanned. */
import { beginHash, isObject } from '../git/object-id.ts';
import type { ObjectType } from '../git/object-stream.ts';
import type { TextsTaken } from '../git/store/graph-parts.ts';
import type { MadeBlob } from '../git/store/kernel-families.ts';
import { typeCode, typeName } from '../git/store/pack-entry.ts';
import { decodeLatin1 } from '../model/file-name.ts';
import type { MetadataPart } from '../model/origin.ts';
import type { KnownHits, LineChange, Sink } from '../model/source.ts';
import { isLfsPointer, mayBePointer } from './lfs-pointer.ts';
import { absentReason } from './object-reasons.ts';
import { TextPlaces } from './text-places.ts';

const LF = 0x0a;
/** See `TextsTaken.take`. */
const MESSAGE = 0;
/** How git begins what it writes as a commit or a tag. */
const BEGINNINGS = { commit: /^tree [0-9a-f]{40,64}\n/, tag: /^object [0-9a-f]{40,64}\ntype / } as const;

/** Whether an object is a commit or a tag, as its header says: one flipped bit makes a blob a commit. */
export function isMetadata(type: ObjectType, bytes: Buffer): type is 'commit' | 'tag' {
  return (type === 'commit' || type === 'tag') && BEGINNINGS[type].test(bytes.toString('latin1', 0, 80));
}

const WRONG_HASH = 'its content is not what its id says: the hash does not match; try git fsck';

/** See `HistoryChoice`. */
export interface ReaderChoice {
  readonly isPartial: () => boolean;
  readonly verify: boolean;
  readonly earlier?: { readonly told: () => number } | undefined;
}

export class HistoryReader {
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

  constructor(sink: Sink, { isPartial, verify, earlier }: ReaderChoice) {
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
