/** The other end of `pool.ts`: takes batches of files until there are none, and tells what it gathered after each. */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { builtinRules } from '../rules/builtin.ts';
import { FileUnits } from '../sources/file-units.ts';
import { Collector } from './collector.ts';
import { Inspector } from './inspector.ts';
import { take, unpacked, type PoolJob, type PoolMessage, type Told } from './pool.ts';
import { setResting } from './pulse.ts';

const job = workerData as PoolJob;
const port = parentPort as MessagePort;
const collector = new Collector(new Inspector(job.rules ?? builtinRules()), { pulse: job.pulse });
/** The last that was received: batches are taken in their order, so what was told before is done with. */
let last: Told = { first: 0, texts: [] };

/** A batch is told of before it counts, so its message is there. */
function textOf(batch: number): string {
  while (last.first + last.texts.length <= batch) last = receiveMessageOnPort(port)?.message as Told;
  return last.texts[batch - last.first] ?? '';
}

/** Others may be long in listing what there is to do. */
function next(): number | undefined {
  setResting(job.pulse, true);
  const batch = take(job.counters, true);
  setResting(job.pulse, false);
  return batch;
}

for (let batch = next(); batch !== undefined; batch = next()) {
  const files = new FileUnits(job.root, collector, job.limits);
  for (const unit of unpacked(textOf(batch))) files.scan(unit);
  port.postMessage({ done: batch, gathered: collector.drain(), absent: files.absent } satisfies PoolMessage);
}
