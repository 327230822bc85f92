/** Makes memory that nobody uses any more free at once. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** With fewer objects what a phase leaves behind is small, and the collector comes to it by itself. */
export const MANY_OBJECTS = 400_000;

let collect: (() => void) | undefined;

/**
 * To be called where large tables were let go and others are made next: a table is a few bytes to V8's collector, which would
 * leave it there beside those that follow.
 * @param objects how many a store has
 */
export function letGoNow(objects: number): void {
  if (objects < MANY_OBJECTS) return;
  collect ??= collector();
  collect?.();
}

/** Undefined where V8 gives none: then it collects when it wants to. */
function collector(): (() => void) | undefined {
  setFlagsFromString('--expose-gc');
  return runInNewContext("typeof gc === 'function' ? gc : undefined") as (() => void) | undefined;
}
