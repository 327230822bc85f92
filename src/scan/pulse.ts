/**
 * The sign of life of a thread, in memory that it shares with the one that started it: it moves on with each content.
 * A thread whose pulse stands still has come into a loop, or waits for what never comes, and is ended like one that died.
 */
import type { Worker } from 'node:worker_threads';
import { SILENCE_MS } from '../git/command.ts';

export type Pulse = Int32Array;

/** Indexes: how many beats there were, and 1 while there is nothing to do. */
const BEATS = 0;
const RESTS = 1;

/** Of a thread that rests until it has something to do. */
export function newPulse(): Pulse {
  const pulse = new Int32Array(new SharedArrayBuffer(8));
  pulse[RESTS] = 1;
  return pulse;
}

export function beat(pulse: Pulse): void {
  Atomics.add(pulse, BEATS, 1);
}

/** Says whether the thread waits for work: then no beat is missed. */
export function setResting(pulse: Pulse, rests: boolean): void {
  Atomics.store(pulse, RESTS, rests ? 1 : 0);
}

/** Ends a thread that has not looked at anything new between two looks at it. */
export function watch(worker: Worker, pulse: Pulse): void {
  let last = 0;
  const look = (): void => {
    const beats = Atomics.load(pulse, BEATS);
    if (beats === last && Atomics.load(pulse, RESTS) === 0) void worker.terminate();
    last = beats;
    timer = setTimeout(look, SILENCE_MS).unref();
  };
  let timer = setTimeout(look, SILENCE_MS).unref();
  worker.on('exit', () => clearTimeout(timer));
}
