/**
 * Files looked at by several threads. Each thread reads for itself into its own memory, so no file crosses between
 * them; work is handed out by one shared counter, a batch at a time, while the files are still being listed. A thread
 * that dies is replaced and its batch tried once more; then its files are listed as not scanned.
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

/** So often the event loop has a turn within a batch too, for progress and for signals. */
const TURN_MS = 50;

/** What a thread is given to begin with. Batches follow as messages: each an array of texts for `unpacked`. */
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

/**
 * Scans all units that `list` gives to its argument into `collector`; threads begin while it still lists. Gives back
 * tracked files that are not on disk.
 */
export async function scanUnits(
  list: (add: (units: Iterable<FileUnit>) => void) => Promise<void>,
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
  readonly #workers = new Set<Worker>();
  readonly #running: Promise<void>[] = [];
  /** Those that are full; the last of `add` is in `#open`. */
  readonly #batches: FileUnit[][] = [];
  #open: FileUnit[] = [];
  /** Batches that the threads were told of, as they were told. */
  readonly #told: string[] = [];
  /** Batches that were looked at, by whichever thread. */
  readonly #done = new Set<number>();
  #stopped = false;

  constructor(job: CommonJob, collector: Collector, { jobs, clock }: PoolOptions) {
    this.#job = job;
    this.#collector = collector;
    this.#jobs = jobs;
    this.#clock = clock;
  }

  add(units: Iterable<FileUnit>): void {
    for (const unit of units) {
      this.#open.push(unit);
      if (this.#open.length === BATCH) this.#close();
    }
  }

  #close(): void {
    this.#batches.push(this.#open);
    this.#open = [];
    const count = this.#batches.length;
    if (count * BATCH < FILES_FOR_THREADS || count % MESSAGE !== 0) return;
    this.#tell();
    while (this.#running.length + 1 < Math.min(this.#jobs, Math.floor(count / LEAST_SHARE))) this.#running.push(this.#thread());
  }

  /** Lets threads have what is full. */
  #tell(): void {
    if (this.#jobs === 1) return;
    const fresh = this.#batches.slice(this.#told.length).map(packed);
    this.#told.push(...fresh);
    for (const worker of this.#workers) worker.postMessage(fresh);
    this.#setCount(this.#told.length);
  }

  #setCount(count: number): void {
    Atomics.store(this.#job.counters, COUNT, count);
    Atomics.notify(this.#job.counters, COUNT);
  }

  /** Looks at what is left, together with the threads, and then once more at what a thread lost. */
  async finish(): Promise<void> {
    if (this.#open.length > 0) this.#batches.push(this.#open);
    if (this.#running.length > 0) this.#tell();
    this.#setCount(~this.#batches.length);
    const own = new FileUnits(this.#job.root, this.#collector, this.#job.limits);
    let turnedAt = this.#clock();
    for (let batch = take(this.#job.counters, false); batch !== undefined && !this.#stopped; batch = take(this.#job.counters, false)) {
      for (const unit of this.#batches[batch] ?? []) {
        own.scan(unit);
        if (this.#clock() - turnedAt < TURN_MS) continue;
        await turn();
        turnedAt = this.#clock();
      }
      this.#done.add(batch);
      await turn();
    }
    append(this.absent, own.absent);
    await Promise.all(this.#running);
    await this.#retryLost();
  }

  /** Runs a thread until the work is done. Another goes on for one that dies, unless it died before it did anything. */
  async #thread(): Promise<void> {
    while (!this.#stopped) {
      const before = Atomics.load(this.#job.counters, NEXT);
      const died = await this.#run(this.#job, this.#told, ({ done }) => this.#done.add(done));
      if (!died || Atomics.load(this.#job.counters, NEXT) === before) return;
    }
  }

  /** Each batch that nobody told of once more, in a thread of its own, so that what killed one cannot kill this. */
  async #retryLost(): Promise<void> {
    for (let batch = 0; batch < this.#batches.length && !this.#stopped; batch++) {
      if (this.#done.has(batch)) continue;
      const units = this.#batches[batch] ?? [];
      const again = { ...this.#job, counters: counters() };
      again.counters[COUNT] = ~1;
      await this.#run(again, [packed(units)], () => this.#done.add(batch));
      if (this.#done.has(batch)) continue;
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
  #run(job: CommonJob, batches: readonly string[], told: (message: PoolMessage) => void): Promise<boolean> {
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
