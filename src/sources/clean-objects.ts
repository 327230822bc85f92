/** Objects of a history that hold nothing, from one scan to the next. */
import type { CleanList } from '../git/clean-list.ts';
import type { HistoryGraph } from '../git/history-graph.ts';
import type { ObjectType } from '../git/object-stream.ts';
import { append } from '../model/append.ts';
import type { Sink } from '../model/source.ts';
import type { HistoryReader } from './history-reader.ts';
import type { LastScan } from './last-scan.ts';

export interface Earlier {
  readonly list: CleanList;
  /** What it knew of a history that is as it was. */
  readonly last: LastScan | undefined;
  /** How much has been told so far that makes an object none of the clean ones: findings, and what was not looked at. */
  readonly told: () => number;
}

/** With so many left to look at, going through all of them costs less than finding each. */
export const FEW_BLOBS = 1000;

/** What an earlier scan found nothing in, and what this one finds nothing in. */
export class CleanObjects {
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

export function noteSkipped(skipped: number, sink: Sink): void {
  if (skipped > 0) sink.note(`${skipped} objects in which an earlier scan found nothing were not read again`);
}
