/**
 * Objects by id through one `git cat-file --batch`. Its exit code and its silence prove nothing (corrupt objects are
 * answered as "missing" with exit 0), so every id asked for is accounted for: answered in order, or told as absent.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { MAX_WHOLE } from '../model/source.ts';
import { ending, gitSpawn, lastComplaint, unanswered, type Ending } from './command.ts';
import type { Repository } from './repository.ts';

export type ObjectType = 'blob' | 'commit' | 'tree' | 'tag';

export interface ObjectVisitor {
  /** A whole object. `bytes` is valid only until this returns. */
  object(id: string, type: ObjectType, bytes: Buffer): void;
  /** An object over `MAX_WHOLE` bytes, in pieces; ends when `size` bytes have come, and not whole where git stopped before. */
  large(id: string, type: ObjectType, size: number): { piece(bytes: Buffer): void; end(isWhole: boolean): void };
  /**
   * git has no readable object of this id, or stopped while giving it.
   * @param isPart its beginning was given, by `large`
   */
  absent(id: string, failure: Failure, isPart: boolean): void;
}

export interface Failure {
  readonly kind: 'missing' | 'failed' | 'killed';
  readonly detail: string;
}

const LF = 0x0a;
const HEADER = /^([0-9a-f]{40,64}) (?:(blob|commit|tree|tag) (\d{1,15})|missing)$/;
const MAX_HEADER = 200;
/** For an object that is too large to be held and of which nothing is wanted. */
export const NO_PIECES: ReturnType<ObjectVisitor['large']> = { piece: () => undefined, end: () => undefined };
/** Ids are written this many at a time, so that a million of them are not copied at once. */
const IDS_PER_WRITE = 4096;

/** Reads all `ids`, in order, each exactly once. A git that dies is started again after the object that it died on. */
export async function readObjects(repository: Repository, ids: readonly string[], visitor: ObjectVisitor): Promise<void> {
  let next = 0;
  let retried = -1;
  while (next < ids.length) {
    const parser = new BatchParser(ids, next, visitor);
    const ended = await runBatch(repository, ids, next, parser);
    next = parser.answered;
    if (next >= ids.length) return;
    // The first id without a whole answer: once more on its own, then it is told and left behind.
    if (retried === next || parser.begun) {
      const isPart = parser.cut();
      visitor.absent(ids[next]!, failureOf(ended, parser.fault), isPart);
      next++;
    } else retried = next;
  }
}

function failureOf(ended: Ending, fault: string | undefined): Failure {
  if (fault !== undefined) return { kind: 'failed', detail: fault }; // and was ended by us
  if (ended.signal !== null) return { kind: 'killed', detail: `git was ended by ${ended.signal}` };
  return { kind: 'failed', detail: lastComplaint(ended.stderr) || `git ended early with code ${ended.code}` };
}

async function runBatch(repository: Repository, ids: readonly string[], from: number, parser: BatchParser): Promise<Ending> {
  const child = gitSpawn(repository.git, ['cat-file', '--batch', '--buffer']);
  const ended = ending(child);
  void feed(child, ids, from);
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      parser.push(chunk);
      if (parser.fault !== undefined) break;
    }
  } finally {
    if (parser.fault !== undefined) child.kill('SIGKILL');
  }
  return ended;
}

async function feed(child: ChildProcessWithoutNullStreams, ids: readonly string[], from: number): Promise<void> {
  let wake: () => void = () => undefined;
  for (const event of ['drain', 'close'] as const) child.stdin.on(event, () => wake());
  for (let index = from; index < ids.length && child.stdin.writable; index += IDS_PER_WRITE) {
    const more = child.stdin.write(`${ids.slice(index, index + IDS_PER_WRITE).join('\n')}\n`);
    if (!more && child.stdin.writable) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  child.stdin.end();
}

/** Takes the batch stream apart. `fault` is set when it is not what git would write. */
export class BatchParser {
  /** How many ids have been answered whole; index of the next one in `ids`. */
  answered: number;
  /** An object's content has begun and not ended. */
  begun = false;
  fault: string | undefined;
  readonly #ids: readonly string[];
  readonly #visitor: ObjectVisitor;
  #header = '';
  /** The object whose content comes. */
  #id = '';
  #type: ObjectType = 'blob';
  #missing = 0;
  #whole: Buffer = Buffer.alloc(65_536);
  #filled = 0;
  #sink: ReturnType<ObjectVisitor['large']> | undefined;
  #state: 'header' | 'content' | 'newline' = 'header';

  constructor(ids: readonly string[], from: number, visitor: ObjectVisitor) {
    this.#ids = ids;
    this.answered = from;
    this.#visitor = visitor;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.fault === undefined) {
      if (this.#state === 'header') at = this.#takeHeader(chunk, at);
      else if (this.#state === 'content') at = this.#takeContent(chunk, at);
      else if (chunk[at++] === LF) this.#finish();
      else this.fault = 'git wrote bytes between two objects';
    }
  }

  /** No more will come. Answers whether a large object was left in its middle. */
  cut(): boolean {
    this.#sink?.end(false);
    return this.#sink !== undefined;
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    this.#header += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
    if (this.#header.length > MAX_HEADER) this.fault = 'git wrote a line that is no object header';
    if (end < 0) return chunk.length;
    const match = HEADER.exec(this.#header);
    this.#header = '';
    const expected = this.#ids[this.answered] ?? '';
    if (match === null || match[1] !== expected) {
      this.fault = 'git answered something that was not asked';
      return end + 1;
    }
    if (match[2] === undefined) {
      this.#visitor.absent(expected, { kind: 'missing', detail: 'git has no readable object of this id' }, false);
      this.answered++;
      return end + 1;
    }
    this.#id = expected;
    this.#type = match[2] as ObjectType;
    this.#missing = Number(match[3]);
    this.#filled = 0;
    this.begun = true;
    this.#state = 'content';
    if (this.#missing > MAX_WHOLE) this.#sink = this.#visitor.large(expected, this.#type, this.#missing);
    else if (this.#whole.length < this.#missing) this.#whole = Buffer.allocUnsafe(Math.max(this.#missing, this.#whole.length * 2));
    return end + 1;
  }

  #takeContent(chunk: Buffer, at: number): number {
    const count = Math.min(this.#missing, chunk.length - at);
    const piece = chunk.subarray(at, at + count);
    this.#missing -= count;
    if (this.#sink !== undefined) {
      this.#sink.piece(piece);
      if (this.#missing === 0) {
        this.#sink.end(true);
        this.#sink = undefined;
        this.#state = 'newline';
      }
    } else if (this.#missing === 0 && this.#filled === 0) this.#deliver(piece);
    else {
      piece.copy(this.#whole, this.#filled);
      this.#filled += count;
      if (this.#missing === 0) this.#deliver(this.#whole.subarray(0, this.#filled));
    }
    return at + count;
  }

  #deliver(bytes: Buffer): void {
    this.#visitor.object(this.#id, this.#type, bytes);
    this.#state = 'newline';
  }

  #finish(): void {
    this.answered++;
    this.begun = false;
    this.#state = 'header';
  }
}

/** A few objects in memory, by id; those that cannot be read are left out. That git failed at them is noted as unanswered. */
export async function readSmall(repository: Repository, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  await readObjects(repository, ids, {
    object: (id, _type, bytes) => found.set(id, Buffer.from(bytes)),
    large: () => NO_PIECES,
    absent: (id, failure) => noteFailure(repository, id, failure),
  });
  return found;
}

/** An object that is missing is told where the history is scanned; that git failed is not. */
export function noteFailure(repository: Repository, id: string, { kind, detail }: Failure): void {
  if (kind !== 'missing') unanswered(repository.git, id, detail);
}
