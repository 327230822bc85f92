/** Begins threads that look at contents for this one. */
import { Worker } from 'node:worker_threads';
import { newPulse, watch } from './pulse.ts';

/** Loads a program of the bundle, also when this one runs as TypeScript in a test: a thread that loads 80 modules takes as long again. */
const START = new URL('../../bin/thread.js', import.meta.url);
/**
 * Room for young objects, MiB. A thread makes little that lasts, so it needs no more for what does not; by default there
 * are three rooms of 16.
 */
const YOUNG_MB = 8;

/** Begins a program of `dist/bin/` in a thread whose pulse is watched. */
export function startThread(program: 'pool-thread' | 'history-thread', job: object): Worker {
  const pulse = newPulse();
  const worker = new Worker(START, {
    argv: [`${program}.cjs`],
    workerData: { ...job, pulse },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  watch(worker, pulse);
  return worker;
}
