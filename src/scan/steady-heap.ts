/** How far V8's heap grows while much of what is made in it lasts. */
import { setFlagsFromString } from 'node:v8';
import { MANY_OBJECTS } from '../git/store/let-go.ts';

/**
 * V8's room for young objects stays as large as it is from now on, in all threads. It would grow to 32 MiB in each. What got old
 * meanwhile is looked through once it is a part more than what lasts, and not three to four times as much.
 * By the version of Node, as in `bin/keysift.js`; a thread that starts undoes it.
 */
const STEADY: Readonly<Record<string, string>> = { 20: '--semi-space-growth-factor=1 --heap-growing-percent=' };

/** Sightings, or entries of accepted findings: with more of them what lasts is most of the heap, and V8 would wait for three times as much garbage. */
export const MANY = 10_000;

/** Percent by which what lasts may grow before it is looked through. */
const USUAL_GROWTH = 80;
/** The same in a history of many objects: what else there is takes so long that looking twice as often does not count. */
const SMALL_GROWTH = 40;

let growth = USUAL_GROWTH;

/** @param objects how many a history has that is scanned; it counts for later calls too */
export function keepHeapSteady(objects = 0): void {
  if (objects >= MANY_OBJECTS) growth = SMALL_GROWTH;
  const flags = STEADY[process.versions.node.split('.')[0]!];
  if (flags !== undefined) setFlagsFromString(`${flags}${growth}`);
}
