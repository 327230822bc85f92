/** How far V8's heap grows while much of what is made in it lasts. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8's room for young objects stays as large as it is from now on, in all threads. It would grow to 32 MiB in each. What got old
 * meanwhile is looked through once it is nearly twice what lasts, and not three to four times.
 * By the version of Node, as in `bin/keysift.js`; a thread that starts undoes it.
 */
const STEADY: Readonly<Record<string, string>> = { 20: '--semi-space-growth-factor=1 --heap-growing-percent=80' };

/** Sightings, or entries of accepted findings: with more of them what lasts is most of the heap, and V8 would wait for three times as much garbage. */
export const MANY = 10_000;

export function keepHeapSteady(): void {
  const flags = STEADY[process.versions.node.split('.')[0]!];
  if (flags !== undefined) setFlagsFromString(flags);
}
