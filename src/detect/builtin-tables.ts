/** The prefilter's tables of the built-in rules, made by the build, so that a run need not build an automaton. */
import { readFileSync } from 'node:fs';

/** `src/detect/` and `dist/detect/` lie at the same depth. */
export const BUILTIN_TABLES = new URL('../../dist/prefilter.bin', import.meta.url);

export function builtinTables(): Uint8Array {
  return readFileSync(BUILTIN_TABLES);
}
