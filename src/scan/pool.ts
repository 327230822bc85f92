/**
 * Files looked at by several threads. Each thread reads for itself into its own memory, so no file crosses between
 * them; work is handed out by one shared counter, a batch at a time, while the files are still being listed. Where the
 * listing gets far ahead, whoever lists looks at files too, and a batch that was looked at is let go: so a million files
 * take no more memory than some ten thousand. A thread that dies is replaced and its batch tried once more; then its files
 * are listed as not scanned.
 */
import type { Worker } from 'node:worker_threads';
import { append } from '../model/append.ts';
import type { RuleSet } from '../model/rule.ts';
import { builtinRules } from '../rules/builtin.ts';
import { FileUnits, type FileUnit } from '../sources/file-units.ts';
import type { ReadLimits } from '../sources/read-file.ts';
import { Stopped, type Collector } from './collector.ts';
import type { Gathered } from './gathered.ts';
import type { Pulse } from './pulse.ts';
import { startThread } from './thread.ts';

/** Files handed out at a time. */
export const BATCH = 64;
/** A thread costs about 60 ms of CPU to start; below this many files it does not pay. */
const FILES_FOR_THREADS = 2000;
/** Batches for each thread at least. */
const LEAST_SHARE = 4;
/** Batches told to the threads at a time. */
const MESSAGE = 8;
/** Batches that are listed and that nobody has taken, at most. Fewer would make threads wait while this one is long in a large file. */
export const AHEAD = 512;

/** So often the event loop has a turn within a batch too, for progress and for signals. */
const TURN_MS = 50;

/** What a thread is given to begin with. Batches follow, as a `Told` each time there are more. */
export interface PoolJob {
  /** The rules, where they are not the built-in ones. */
  readonly rules: RuleSet | undefined;
  readonly root: string;
  readonly limits: ReadLimits;
  readonly counters: Int32Array;
  readonly pulse: Pulse;
}

/** What is the same for all threads. */
type CommonJob = Omit<PoolJob, 'pulse'>;

/** Some batches in a row, as texts for `unpacked`. */
export interface Told {
  /** The number of the first. */
  readonly first: number;
  readonly texts: readonly string[];
}

/** What a thread tells of a batch. Only what it told counts as looked at: a thread may die with anything unsaid. */
export interface PoolMessage {
  readonly done: number;
  readonly gathered: Gathered;
  readonly absent: readonly FileUnit[];
}

export interface PoolOptions {
  /** Threads in all, this one included. */
  readonly jobs: number;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Indexes of `PoolJob.counters`: the next batch that nobody has taken, and how many there are, as `~count` once no more will come. */
const NEXT = 0;
const COUNT = 1;

/** Takes units as fast as they are looked at. */
export type AddUnits = (units: Iterable<FileUnit>) => Promise<void>;

/**
 * Scans all units that `list` gives to its argument into `collector`; threads begin while it still lists. Gives back
 * tracked files that are not on disk.
 */
export async function scanUnits(
  list: (add: AddUnits) => Promise<void>,
  root: string,
  rules: RuleSet,
  limits: ReadLimits,
  collector: Collector,
  options: PoolOptions,
): Promise<FileUnit[]> {
  const job = { rules: rules === builtinRules() ? undefined : rules, root, limits, counters: counters() };
  const pool = new Pool(job, collector, options);
  const stop = (): void => pool.stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    await list((units) => pool.add(units));
    await pool.finish();
  } finally {
    options.signal?.removeEventListener('abort', stop);
    pool.stop();
  }
  if (options.signal?.aborted === true) throw new Stopped();
  return pool.absent;
}

function counters(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** The next batch, or undefined when all are taken; `wait` for those that are still to come. */
export function take(shared: Int32Array, wait: boolean): number | undefined {
  for (;;) {
    const count = Atomics.load(shared, COUNT);
    const next = Atomics.load(shared, NEXT);
    if (next < (count < 0 ? ~count : count)) {
      if (Atomics.compareExchange(shared, NEXT, next, next + 1) === next) return next;
    } else if (count < 0 || !wait) return undefined;
    else Atomics.wait(shared, COUNT, count);
  }
}

function packed(units: readonly FileUnit[]): string {
  return JSON.stringify(units);
}

/** A text is copied between threads in a tenth of the time that the units take, and only who takes a batch reads it. */
export function unpacked(text: string): FileUnit[] {
  const units = JSON.parse(text) as (FileUnit & { path: string | Uint8Array })[];
  return units.map((unit) => (typeof unit.path === 'string' ? unit : { ...unit, path: Buffer.from(unit.path) }));
}

function turn(): Promise<void> {
  return new Promise((next) => {
    setImmediate(next);
  });
}

class Pool {
  /** Tracked files that are not on disk. */
  readonly absent: FileUnit[] = [];
  readonly #job: CommonJob;
  readonly #collector: Collector;
  readonly #jobs: number;
  readonly #clock: () => number;
  readonly #own: FileUnits;
  readonly #workers = new Set<Worker>();
  readonly #running: Promise<void>[] = [];
  /** By number, those that are full and that nobody told of; the last of `add` is in `#open`. */
  readonly #batches = new Map<number, readonly FileUnit[]>();
  /** Batches that were full so far, and those of them that can be taken: which threads were told of, too. */
  #full = 0;
  #told = 0;
  #open: FileUnit[] = [];
  /** When the event loop had its last turn. */
  #turnedAt: number;
  #stopped = false;

  constructor(job: CommonJob, collector: Collector, { jobs, clock }: PoolOptions) {
    this.#job = job;
    this.#collector = collector;
    this.#jobs = jobs;
    this.#clock = clock;
    this.#own = new FileUnits(job.root, collector, job.limits);
    this.#turnedAt = clock();
  }

  async add(units: Iterable<FileUnit>): Promise<void> {
    for (const unit of units) {
      this.#open.push(unit);
      if (this.#open.length < BATCH) continue;
      this.#close();
      if (this.#told - Atomics.load(this.#job.counters, NEXT) >= AHEAD) await this.#lookAtOne();
      else if (this.#isTimeToTurn()) await this.#turn();
      if (this.#stopped) return;
    }
  }

  #close(): void {
    this.#batches.set(this.#full++, this.#open);
    this.#open = [];
    if (this.#full * BATCH < FILES_FOR_THREADS || this.#full % MESSAGE !== 0) return;
    this.#tell();
    while (this.#running.length + 1 < Math.min(this.#jobs, Math.floor(this.#full / LEAST_SHARE))) this.#running.push(this.#thread());
  }

  /** Lets whoever has time take what is full. */
  #tell(): void {
    if (this.#workers.size > 0) {
      const fresh = this.#textsFrom(this.#told);
      for (const worker of this.#workers) worker.postMessage(fresh);
    }
    this.#told = this.#full;
    this.#setCount(this.#full);
  }

  #textsFrom(first: number): Told {
    const texts: string[] = [];
    for (let batch = first; batch < this.#full; batch++) texts.push(packed(this.#batches.get(batch) ?? []));
    return { first, texts };
  }

  #setCount(count: number): void {
    Atomics.store(this.#job.counters, COUNT, count);
    Atomics.notify(this.#job.counters, COUNT);
  }

  /** Looks at what is left, together with the threads, and then once more at what a thread lost. */
  async finish(): Promise<void> {
    if (this.#open.length > 0) this.#batches.set(this.#full++, this.#open);
    this.#tell();
    this.#setCount(~this.#full);
    while (!this.#stopped && (await this.#lookAtOne()));
    append(this.absent, this.#own.absent);
    await Promise.all(this.#running);
    await this.#retryLost();
  }

  /** Whether there was a batch that nobody had taken. */
  async #lookAtOne(): Promise<boolean> {
    const batch = take(this.#job.counters, false);
    if (batch === undefined) return false;
    for (const unit of this.#batches.get(batch) ?? []) {
      this.#own.scan(unit);
      if (this.#isTimeToTurn()) await this.#turn();
    }
    this.#batches.delete(batch);
    await this.#turn();
    return true;
  }

  #isTimeToTurn(): boolean {
    return this.#clock() - this.#turnedAt >= TURN_MS;
  }

  /** Threads tell of what they did, and signals come in. */
  async #turn(): Promise<void> {
    await turn();
    this.#turnedAt = this.#clock();
  }

  /** Runs a thread until the work is done. Another goes on for one that dies, unless it died before it did anything. */
  async #thread(): Promise<void> {
    while (!this.#stopped) {
      const before = Atomics.load(this.#job.counters, NEXT);
      const died = await this.#run(this.#job, this.#textsFrom(before), ({ done }) => this.#batches.delete(done));
      if (!died || Atomics.load(this.#job.counters, NEXT) === before) return;
    }
  }

  /** Each batch that nobody told of once more, in a thread of its own, so that what killed one cannot kill this. */
  async #retryLost(): Promise<void> {
    for (const [batch, units] of this.#batches) {
      if (this.#stopped) return;
      const again = { ...this.#job, counters: counters() };
      again.counters[COUNT] = ~1;
      await this.#run(again, { first: 0, texts: [packed(units)] }, () => this.#batches.delete(batch));
      if (!this.#batches.has(batch)) continue;
      for (const unit of units) {
        this.#collector.counted('file');
        this.#collector.notScanned({
          unit: unit.shown,
          reason: 'WORKER-LOST',
          detail: 'a thread died twice on these files; scan them alone to find the one',
        });
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const worker of this.#workers) void worker.terminate();
  }

  /** Whether the thread died, after it told what it told. */
  #run(job: CommonJob, batches: Told, told: (message: PoolMessage) => void): Promise<boolean> {
    const worker = startThread('pool-thread', job);
    worker.postMessage(batches);
    this.#workers.add(worker);
    worker.on('message', (message: PoolMessage) => {
      told(message);
      this.#collector.absorb(message.gathered);
      append(this.absent, message.absent);
    });
    return new Promise((resolve) => {
      worker.on('error', () => undefined); // `exit` follows
      worker.on('exit', (code) => {
        this.#workers.delete(worker);
        resolve(!this.#stopped && code !== 0);
      });
    });
  }
}
