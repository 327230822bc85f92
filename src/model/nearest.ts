/** "Did you mean": the known words that are closest to a misspelt one. */

const SHOWN = 3;
/** Shorter ones are a part of too many words. */
const SHORTEST_PART = 3;
const LONGEST_WORD = 80;

/** Up to three candidates: those that begin with the word, else those a few edits away, else those that hold it. */
export function nearest(word: string, known: Iterable<string>): string[] {
  const given = word.toLowerCase().slice(0, LONGEST_WORD);
  const candidates = [...known].toSorted();
  const holding = given.length < SHORTEST_PART ? [] : candidates.filter((candidate) => candidate.toLowerCase().includes(given));
  const begun = holding.filter((candidate) => candidate.toLowerCase().startsWith(given));
  if (begun.length > 0) return begun.slice(0, SHOWN);
  const close = closest(given, candidates);
  return (close.length > 0 ? close : holding).slice(0, SHOWN);
}

/** Those with the fewest edits, within two fifths of the word's length. */
function closest(given: string, candidates: readonly string[]): string[] {
  const ranked = candidates.map((candidate) => ({ candidate, edits: edits(given, candidate.toLowerCase()) }));
  const least = Math.min(...ranked.map((entry) => entry.edits), Math.max(1, Math.ceil(given.length * 0.4)));
  return ranked.filter((entry) => entry.edits === least).map(({ candidate }) => candidate);
}

/** `Did you mean a, b?`, or what to say instead. */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  const near = nearest(word, known);
  return near.length === 0 ? otherwise : `Did you mean ${near.join(', ')}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours from one word to another. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      // Before the first letter there is none, which is no letter's equal.
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
