/**
 * Files looked at by several threads. Each thread reads for itself into its own memory, so no file crosses between
 * them; work is handed out by one shared counter, a batch at a time. A thread that dies is replaced and its batch
 * tried once more; then its files are listed as not scanned.
 */
import { Worker } from 'node:worker_threads';
import type { RuleSet } from '../model/rule.ts';
import { builtinRules } from '../rules/builtin.ts';
import { FileUnits, type FileUnit } from '../sources/file-units.ts';
import type { ReadLimits } from '../sources/read-file.ts';
import { Stopped, type Collector } from './collector.ts';
import type { Gathered } from './gathered.ts';

/** Files handed out at a time. */
export const BATCH = 64;
/** A thread costs about 35 ms of CPU to start; below this many files it does not pay. */
const FILES_FOR_THREADS = 2000;

/** The compiled file, also when this one runs as TypeScript in a test: `src/` and `dist/` lie at the same depth. */
const THREAD = new URL('../../dist/scan/pool-thread.js', import.meta.url);

/** What a thread is given. */
export interface PoolJob {
  /** The rules, where they are not the built-in ones. */
  readonly rules: RuleSet | undefined;
  readonly root: string;
  readonly units: readonly FileUnit[];
  readonly limits: ReadLimits;
  /** Index of the next batch that nobody has taken. */
  readonly counter: Int32Array;
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
}

/** Scans all units into `collector`. Gives back tracked files that are not on disk. */
export async function scanUnits(
  units: readonly FileUnit[],
  root: string,
  rules: RuleSet,
  limits: ReadLimits,
  collector: Collector,
  options: PoolOptions,
): Promise<FileUnit[]> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const job: PoolJob = { rules: rules === builtinRules() ? undefined : rules, root, units, limits, counter };
  const threads = units.length < FILES_FOR_THREADS ? 0 : Math.max(0, Math.min(options.jobs, Math.ceil(units.length / (4 * BATCH))) - 1);
  const absent: FileUnit[] = [];
  const pool = new Pool(job, collector, absent);
  const running = Array.from({ length: threads }, () => pool.thread());
  const stop = (): void => pool.stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const own = new FileUnits(root, collector, limits);
    for (let batch = take(job); batch !== undefined; batch = take(job)) {
      for (const unit of batchOf(job, batch)) own.scan(unit);
      pool.done.add(batch);
      await turn();
    }
    absent.push(...own.absent);
    await Promise.all(running);
    await pool.retryLost();
  } finally {
    options.signal?.removeEventListener('abort', stop);
    pool.stop();
  }
  if (options.signal?.aborted === true) throw new Stopped();
  return absent;
}

/** The next batch, or undefined when all are taken. */
export function take(job: PoolJob): number | undefined {
  const batch = Atomics.add(job.counter, 0, 1);
  return batch * BATCH < job.units.length ? batch : undefined;
}

export function batchOf(job: PoolJob, batch: number): readonly FileUnit[] {
  return job.units.slice(batch * BATCH, (batch + 1) * BATCH);
}

function turn(): Promise<void> {
  return new Promise((next) => {
    setImmediate(next);
  });
}

class Pool {
  readonly #job: PoolJob;
  readonly #collector: Collector;
  readonly #absent: FileUnit[];
  readonly #workers = new Set<Worker>();
  /** Batches that were looked at, by whichever thread. */
  readonly done = new Set<number>();
  #stopped = false;

  constructor(job: PoolJob, collector: Collector, absent: FileUnit[]) {
    this.#job = job;
    this.#collector = collector;
    this.#absent = absent;
  }

  /** Runs a thread until the work is done. Another goes on for one that dies, unless it died before it did anything. */
  async thread(): Promise<void> {
    while (!this.#stopped) {
      const before = Atomics.load(this.#job.counter, 0);
      const died = await this.#run(this.#job, (message) => this.done.add(message.done));
      if (!died || Atomics.load(this.#job.counter, 0) === before) return;
    }
  }

  /** Each batch that nobody told of once more, in a thread of its own, so that what killed one cannot kill this. */
  async retryLost(): Promise<void> {
    const batches = Math.ceil(this.#job.units.length / BATCH);
    for (let batch = 0; batch < batches && !this.#stopped; batch++) {
      if (this.done.has(batch)) continue;
      const units = batchOf(this.#job, batch);
      const again = { ...this.#job, units, counter: new Int32Array(new SharedArrayBuffer(4)) };
      await this.#run(again, () => this.done.add(batch));
      if (this.done.has(batch)) continue;
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
  #run(job: PoolJob, told: (message: PoolMessage) => void): Promise<boolean> {
    const worker = new Worker(THREAD, { workerData: job });
    this.#workers.add(worker);
    worker.on('message', (message: PoolMessage) => {
      told(message);
      this.#collector.absorb(message.gathered);
      this.#absent.push(...message.absent);
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
