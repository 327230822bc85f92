/**
 * Blobs of a repository looked at by several threads: each takes shares of the delta families, the heaviest first. They load
 * while this one finds out what there is, and what is a delta of what. What a thread dies with, or did not tell, stays open and is read once more.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mostShares } from '../git/store/families.ts';
import { MANY_OBJECTS } from '../git/store/let-go.ts';
import type { ObjectStore, SharedStore } from '../git/store/object-store.ts';
import type { RuleSet } from '../model/rule.ts';
import { builtinRules } from '../rules/builtin.ts';
import type { BlobThreads, LookedAt } from '../sources/history.ts';
import { Stopped, type Collector } from './collector.ts';
import type { Gathered } from './gathered.ts';
import type { Pulse } from './pulse.ts';
import { keepHeapSteady } from './steady-heap.ts';
import { startThread } from './thread.ts';

/** A thread compiles what it runs anew; a smaller pack gains less by it than it costs. Bytes. */
const PACK_FOR_THREADS = 24 * 1024 * 1024;

/** What a thread is given to begin with; a message with what it is to do follows. */
export interface HistoryJob {
  /** The rules, where they are not the built-in ones. */
  readonly rules: RuleSet | undefined;
  readonly pulse: Pulse;
}

export interface HistoryWork {
  readonly store: SharedStore;
  readonly told: Uint8Array;
  /** By share, 1 for those that were taken. */
  readonly taken: Uint8Array;
}

/** Numbers a blob in `HistoryMessage.rows`: its number, size, bytes matched, 1 for a Git LFS pointer, how much was found and missed in it. */
const ROW = 6;

/** What a thread tells of a share. */
export interface HistoryMessage {
  readonly rows: Uint32Array;
  readonly gathered: Gathered;
}

export function claimFrom(taken: Uint8Array): (share: number) => boolean {
  return (share) => Atomics.exchange(taken, share, 1) === 0;
}

/** Bytes of the packs in a git directory: what its store will have at least. */
export function packBytes(commonDir: string): number {
  const folder = join(commonDir, 'objects', 'pack');
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.pack'));
    return names.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    return 0; // whoever opens the store says why
  }
}

/** Threads that are to look at a store which may not be open yet. */
export interface WaitingThreads {
  begin(store: ObjectStore, collector: Collector): BlobThreads;
  stop(): void;
}

/** Undefined where threads do not pay. */
export function startThreads(
  bytes: number,
  rules: RuleSet,
  { jobs, signal }: { readonly jobs: number; readonly signal: AbortSignal | undefined },
): WaitingThreads | undefined {
  if (jobs === 1 || bytes < PACK_FOR_THREADS) return undefined;
  const job: Omit<HistoryJob, 'pulse'> = { rules: rules === builtinRules() ? undefined : rules };
  const messages: HistoryMessage[] = [];
  const workers = Array.from({ length: Math.min(jobs, Math.ceil(bytes / PACK_FOR_THREADS)) - 1 }, () => startThread('history-thread', job));
  const ends = workers.map(
    (worker) =>
      new Promise<void>((resolve) => {
        worker.on('message', (message: HistoryMessage) => messages.push(message));
        worker.on('error', () => undefined); // `exit` follows
        worker.on('exit', () => resolve());
      }),
  );
  const stop = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener('abort', stop, { once: true });
  return {
    begin(store, collector) {
      const work: HistoryWork = {
        store: store.share(),
        told: new Uint8Array(new SharedArrayBuffer(store.catalogue.total)),
        taken: new Uint8Array(new SharedArrayBuffer(mostShares(store.packs.length))),
      };
      // Else a later call would set what is usual.
      if (store.catalogue.total >= MANY_OBJECTS) keepHeapSteady(store.catalogue.total);
      for (const worker of workers) worker.postMessage(work);
      return {
        sharing: { told: work.told, claim: claimFrom(work.taken), done: () => undefined, rest: true },
        stop,
        async finish() {
          await Promise.all(ends);
          signal?.removeEventListener('abort', stop);
          if (signal?.aborted === true) throw new Stopped();
          // What was taken over is not kept twice.
          return messages.splice(0).map((message) => lookedAt(message, collector));
        },
      };
    },
    stop,
  };
}

/** Most blobs hold nothing. */
const NOTHING: readonly never[] = [];

function lookedAt({ rows, gathered }: HistoryMessage, collector: Collector): LookedAt {
  return {
    take(isWanted) {
      let found = 0;
      let missed = 0;
      for (let row = 0; row < rows.length; row += ROW) {
        const finds = rows[row + 4]!;
        const misses = rows[row + 5]!;
        if (isWanted(rows[row]!, rows[row + 3] === 1, finds + misses > 0))
          collector.takeBlob(
            rows[row + 1]!,
            rows[row + 2]!,
            finds === 0 ? NOTHING : collector.unpack(gathered.found, found, found + finds),
            misses === 0 ? NOTHING : gathered.missed.slice(missed, missed + misses),
          );
        found += finds;
        missed += misses;
      }
    },
  };
}
