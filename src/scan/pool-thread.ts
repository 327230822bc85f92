/** The other end of `pool.ts`: takes batches of files until there are none, and tells what it gathered after each. */
import { parentPort, workerData } from 'node:worker_threads';
import { builtinRules } from '../rules/builtin.ts';
import { FileUnits } from '../sources/file-units.ts';
import { Collector } from './collector.ts';
import { Inspector } from './inspector.ts';
import { batchOf, take, type PoolJob, type PoolMessage } from './pool.ts';

const job = workerData as PoolJob;
const collector = new Collector(new Inspector(job.rules ?? builtinRules()));

function tell(message: PoolMessage): void {
  parentPort?.postMessage(message);
}

for (let batch = take(job); batch !== undefined; batch = take(job)) {
  const files = new FileUnits(job.root, collector, job.limits);
  for (const unit of batchOf(job, batch)) files.scan(unit);
  tell({ done: batch, gathered: collector.drain(), absent: files.absent });
}
