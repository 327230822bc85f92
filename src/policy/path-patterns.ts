/** Paths that a policy leaves out, in the grammar of `.gitignore`, case kept. */
import ignore from 'ignore';

/** Each star may cost the length of a path once more. */
const MOST_STARS = 8;
const LONGEST = 512;

/** Paths with nothing in common: what matches all of them (`?*`, `[!x]*`) matches everything. */
const UNLIKE = ['a', 'B.c', '.d', '0/~'];

export const PATTERN_HINT = `a path pattern has 1 to ${LONGEST} characters, at most ${MOST_STARS} stars, and does not match everything`;

/** Whether a pattern may stand in a policy: one that leaves out everything is a mistake or an attack. */
export function isPathPattern(pattern: string): boolean {
  const plain = pattern.trim();
  if (plain.length > LONGEST || plain.includes('\0') || plain.includes('\n')) return false;
  if (plain.split('*').length > MOST_STARS + 1) return false;
  if (plain.startsWith('!')) return !/^![*/]*$/.test(plain);
  return !/^[*/.]*$/.test(plain) && !plain.startsWith('#') && !UNLIKE.every(pathFilter([plain]));
}

/** Whether a path is left out. Names in angle brackets are no paths. */
export function pathFilter(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matcher = ignore({ allowRelativePaths: true, ignorecase: false }).add([...patterns]);
  const known = new Map<string, boolean>();
  return (path) => {
    if (path.startsWith('/') || path.startsWith('<')) return false;
    let out = known.get(path);
    if (out === undefined) known.set(path, (out = matcher.ignores(path)));
    return out;
  };
}
