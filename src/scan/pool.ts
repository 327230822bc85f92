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

/** What a thread tells: first that it has taken a batch, then what it gathered there. */
export type PoolMessage = { readonly taken: number } | { readonly done: number; readonly gathered: Gathered; readonly absent: readonly FileUnit[] };

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
  /** Batches that a thread took and never gave back. */
  #lost: number[] = [];
  #stopped = false;

  constructor(job: PoolJob, collector: Collector, absent: FileUnit[]) {
    this.#job = job;
    this.#collector = collector;
    this.#absent = absent;
  }

  /** Runs a thread until the work is done or it dies; then what it had taken is lost, and another goes on. */
  async thread(): Promise<void> {
    while (!this.#stopped) {
      const lost = await this.#run(this.#job);
      if (lost.length === 0) return;
      this.#lost.push(...lost);
    }
  }

  /** Each lost batch once more, in a thread of its own, so that what killed one cannot kill this. */
  async retryLost(): Promise<void> {
    const lost = this.#lost;
    this.#lost = [];
    for (const batch of lost) {
      if (this.#stopped) return;
      const units = batchOf(this.#job, batch);
      const again = await this.#run({ ...this.#job, units, counter: new Int32Array(new SharedArrayBuffer(4)) });
      if (again.length === 0) continue;
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

  /** The batches that the thread took and did not give back; empty when it ended well. */
  #run(job: PoolJob): Promise<number[]> {
    const worker = new Worker(THREAD, { workerData: job });
    this.#workers.add(worker);
    const open = new Set<number>();
    worker.on('message', (message: PoolMessage) => {
      if ('taken' in message) open.add(message.taken);
      else {
        open.delete(message.done);
        this.#collector.absorb(message.gathered);
        this.#absent.push(...message.absent);
      }
    });
    return new Promise((resolve) => {
      worker.on('error', () => undefined); // `exit` follows
      worker.on('exit', () => {
        this.#workers.delete(worker);
        resolve(this.#stopped ? [] : [...open]);
      });
    });
  }
}
