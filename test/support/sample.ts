/**
 * What a run takes of what the soak takes whole: another part each day, so that all of it comes by. `KEYSIFT_DAY` does again
 * what another day did: the number of the day since 1970, which a failed test tells by its seed.
 */
export const SOAK = process.env['KEYSIFT_SOAK'] === '1';
const DAY = Number(process.env['KEYSIFT_DAY'] ?? Math.floor(Date.now() / 86_400_000));

/** So many of the numbers from `first` to `last`; all of them in a soak. */
export function seedsOfToday(first: number, last: number, count: number): number[] {
  const total = last - first + 1;
  const taken = SOAK ? total : Math.min(count, total);
  const start = SOAK ? 0 : (DAY * taken) % total;
  return Array.from({ length: taken }, (_, index) => first + ((start + index) % total));
}

/** Whether it is the turn of the one at an index, of which one in so many is taken; always in a soak. */
export function isToday(index: number, oneIn: number): boolean {
  return SOAK || index % oneIn === DAY % oneIn;
}
