/** "Did you mean": the known words that are closest to a misspelt one. */

const SHOWN = 3;

/** Up to three candidates within two fifths of the word's length in edits, the nearest first. */
export function nearest(word: string, known: Iterable<string>): string[] {
  const limit = Math.max(1, Math.ceil(word.length * 0.4));
  return [...known]
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase().slice(0, 80), candidate.toLowerCase()) }))
    .filter((entry) => entry.distance <= limit)
    .toSorted((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .filter((entry, _index, sorted) => entry.distance === sorted[0]?.distance)
    .slice(0, SHOWN)
    .map((entry) => entry.candidate);
}

/** `Did you mean a, b?`, or what to say instead. */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  const near = nearest(word, known);
  return near.length === 0 ? otherwise : `Did you mean ${near.join(', ')}?`;
}

/** Edits (insert, delete, replace) from one word to another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
