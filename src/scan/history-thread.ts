/** The other end of `history-pool.ts`: takes shares of the families until there are none, and tells what it found after each. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { walkBlobs } from '../git/store/families.ts';
import { openShared } from '../git/store/object-store.ts';
import type { KnownHits } from '../model/source.ts';
import { builtinRules } from '../rules/builtin.ts';
import { isLfsPointer, mayBePointer } from '../sources/lfs-pointer.ts';
import { Collector } from './collector.ts';
import { claimFrom, type HistoryJob, type HistoryMessage, type HistoryWork } from './history-pool.ts';
import { Inspector } from './inspector.ts';
import { setResting } from './pulse.ts';
import { keepHeapSteady } from './steady-heap.ts';

// Nearly all that is made of a blob is let go before the next one, and each thread has such a heap.
keepHeapSteady();

const job = workerData as HistoryJob;
const port = parentPort as MessagePort;
const inspector = new Inspector(job.rules ?? builtinRules());
const collector = new Collector(inspector, { pulse: job.pulse });
let rows: number[] = [];

function tell(): void {
  const message: HistoryMessage = { rows: Uint32Array.from(rows), gathered: collector.drain() };
  port.postMessage(message, [message.rows.buffer as ArrayBuffer]);
  rows = [];
}

port.once('message', ({ store, told, taken }: HistoryWork) => {
  setResting(job.pulse, false);
  keepHeapSteady(told.length);
  walkBlobs<KnownHits>(
    openShared(store),
    {
      sift: (sieve) => inspector.useSieve(sieve),
      plain(number, size, lines, base, isBase, made) {
        if (mayBePointer(size) && isLfsPointer(made.content())) return undefined;
        const before = collector.totals.matchedBytes;
        const known = collector.plainBlob(size, lines, base, isBase, made.runs);
        if (known === undefined) return undefined;
        collector.counted('blob');
        rows.push(number, size, collector.totals.matchedBytes - before, 0, 0, 0);
        return known;
      },
      blob(id, content, change, number, isBase) {
        const { found, missed, totals } = collector;
        const before = [found.length, missed.length, totals.matchedBytes] as const;
        collector.counted('blob');
        const known = collector.blob(id, content, change, isBase);
        const pointer = isLfsPointer(content) ? 1 : 0;
        rows.push(number, content.length, totals.matchedBytes - before[2], pointer, found.length - before[0], missed.length - before[1]);
        return known;
      },
      special: () => undefined,
      failed: () => undefined,
    },
    { told, claim: claimFrom(taken), done: tell, rest: false },
  );
});
