/**
 * What a run takes of what the soak takes whole: another part each day, so that all of it comes by. `KEYSIFT_DAY` does again
 * what another day did: the number of the day since 1970, which a failed test tells by its seed.
 */
export const SOAK = process.env['KEYSIFT_SOAK'] === '1';
const DAY = Number(process.env['KEYSIFT_DAY'] ?? Math.floor(Date.now() / 86_400_000));

/** A soak in sittings: `KEYSIFT_SLICE=2/8` is the second of eight slices, which together are the whole. */
const [SLICE, SLICES] = sliceOf(process.env['KEYSIFT_SLICE'] ?? '1/1');

function sliceOf(given: string): readonly [slice: number, slices: number] {
  const [slice = 0, slices = 0] = given.split('/').map(Number);
  if (!(slice >= 1 && slice <= slices)) throw new Error(`KEYSIFT_SLICE is ${given}, which is no slice such as 2/8`);
  return [slice, slices];
}

/** Whether the case with a number belongs to this slice of a soak. Without a soak all do. */
export function isInSlice(index: number): boolean {
  return !SOAK || index % SLICES === SLICE - 1;
}

/** How many of so many cases a slice of a soak has, rounded up. Without a soak all. */
export function shareOfSlice(count: number): number {
  return SOAK ? Math.ceil(count / SLICES) : count;
}

/** So many of the numbers from `first` to `last`; in a soak all of its slice. */
export function seedsOfToday(first: number, last: number, count: number): number[] {
  const total = last - first + 1;
  const taken = SOAK ? total : Math.min(count, total);
  const start = SOAK ? 0 : (DAY * taken) % total;
  return Array.from({ length: taken }, (_, index) => first + ((start + index) % total)).filter((_, index) => isInSlice(index));
}

/** Whether it is the turn of the one at an index, of which one in so many is taken; in a soak that of all in its slice. */
export function isToday(index: number, oneIn: number): boolean {
  return SOAK ? isInSlice(index) : index % oneIn === DAY % oneIn;
}

/** The same for what is done besides to a case that was taken already: in a soak, to each. */
export function isTurn(index: number, oneIn: number): boolean {
  return SOAK || isToday(index, oneIn);
}

/** A soak says how many cases of something it has held: a test of thousands has one line otherwise. */
export function tellCases(what: string, count: number): void {
  if (SOAK) process.stderr.write(`soak: ${count} cases: ${what}\n`);
}
