/** "Did you mean". */

/** The known word that takes the fewest edits, when they are few for its length. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const given = word.toLowerCase().slice(0, 40);
  const ranked = known.map((one) => ({ one, edits: distance(given, one.toLowerCase()) })).toSorted((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= Math.max(1, Math.floor(best.one.length / 3))
    ? best.one
    : known.find((one) => given.length >= 2 && one.startsWith(given));
}

/** Insertions, deletions, changes and swaps of neighbours from one word to the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
