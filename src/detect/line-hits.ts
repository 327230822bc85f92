/**
 * Hits of the prefilter, line by line: what it says of a line holds wherever that line stands, so a content that is made
 * of another one's lines and some new ones has the hits of both.
 */
import type { Hits } from '../kernel/prefilter.ts';
import type { Check } from '../kernel/tables.ts';
import type { Span } from '../model/origin.ts';
import type { KnownHits, LineChange } from '../model/source.ts';

const LF = 0x0a;
/** More than there are checks: the factor by which an offset and a check become one number. */
const CHECKS = 65_536;

/** Whether no check looks at another line than that of its literal. */
export function keepsToLines(checks: readonly Check[]): boolean {
  return checks.length < CHECKS && checks.every(({ literal, before, run }) => !literal.includes('\n') && before?.[LF] !== 1 && run?.bytes[LF] !== 1);
}

/** Hits of a content of which some are known to give nothing; see `KnownHits`. */
export interface PlacedHits extends Hits {
  readonly settled?: Int32Array;
}

const NOTHING = new Int32Array(0);
export const NO_HITS: KnownHits = { pairs: NOTHING, settled: NOTHING, size: 0 };

/** A stretch of a content that goes on to its beginning, or to its end, reaches one byte beyond: so it stays apart from one that only lies there. */
const BEYOND = 1;

/**
 * Some of the hits, ascending.
 * @param size of the content, in bytes
 * @param settledBy the bytes in which a hit gives nothing, whatever lies beyond them; see `withEnds`
 */
export function knownHits(
  { pairs, length, settled }: PlacedHits,
  size: number,
  isKept: (end: number, check: number) => boolean,
  settledBy: (end: number, check: number) => Span | undefined,
): KnownHits {
  const kept: number[] = [];
  for (let index = 0; index < length; index += 2) if (isKept(pairs[index]!, pairs[index + 1]!)) kept.push(index);
  if (kept.length === 0) return NO_HITS;
  kept.sort((a, b) => pairs[a]! - pairs[b]! || pairs[a + 1]! - pairs[b + 1]!);
  const known = { pairs: new Int32Array(kept.length * 2), settled: new Int32Array(kept.length * 2), size };
  for (const [place, index] of kept.entries()) {
    const [end, check] = [pairs[index]!, pairs[index + 1]!];
    known.pairs.set([end, check], 2 * place);
    if (settled !== undefined && settled[index + 1]! !== 0) known.settled.set([settled[index]!, settled[index + 1]!], 2 * place);
    else {
      const span = settledBy(end, check);
      if (span !== undefined) known.settled.set([span.start, span.end], 2 * place);
    }
  }
  return known;
}

/** The same stretch of a content of `size` bytes, so that it is found only where the content begins or ends as well. */
export function withEnds({ start, end }: Span, size: number): Span {
  return { start: start === 0 ? -BEYOND : start, end: end >= size ? size + BEYOND : end };
}

/** Hits of a whole content, ascending: those of its new lines, moved to where these stand, and those of copied ones. */
export function mergedHits(fresh: Hits, { base, runs }: LineChange, size: number): PlacedHits {
  if (fresh.length === 0 && base.pairs.length === 0) return { pairs: NOTHING, length: 0 };
  const moved = movedHits(fresh, runs);
  let count = moved.length;
  for (let at = 0; at < runs.length; at += 3) count += copied(base, runs, at).length / 2;
  const pairs = new Int32Array(2 * count);
  const settled = new Int32Array(2 * count);
  let used = 0;
  let next = 0;
  const take = (limit: number): void => {
    for (; next < moved.length && moved[next]! < limit; next++, used += 2) {
      pairs[used] = Math.floor(moved[next]! / CHECKS);
      pairs[used + 1] = moved[next]! % CHECKS;
    }
  };
  for (let at = 0; at < runs.length; at += 3) {
    const [start, end, from] = [runs[at]!, runs[at + 1]!, runs[at + 2]!];
    const shift = start - from;
    // A run at the beginning of both has all that can stand before its lines, and one at the end of both all that can come.
    const first = start === 0 && from === 0 ? -BEYOND : from;
    const last = end === size && end - shift === base.size ? end - shift + BEYOND : end - shift;
    const hits = copied(base, runs, at);
    if (hits.length > 0) take((start + 1) * CHECKS);
    for (let hit = hits.start; hit < hits.start + hits.length; hit += 2, used += 2) {
      pairs[used] = base.pairs[hit]! + shift;
      pairs[used + 1] = base.pairs[hit + 1]!;
      if (base.settled[hit + 1] === 0 || base.settled[hit]! < first || base.settled[hit + 1]! > last) continue;
      settled[used] = base.settled[hit]! + shift;
      settled[used + 1] = base.settled[hit + 1]! + shift;
    }
  }
  take(Number.POSITIVE_INFINITY);
  return { pairs, length: pairs.length, settled };
}

/** Hits of new lines, each as one number, ascending, moved to where their lines stand: between the runs. */
function movedHits(fresh: Hits, runs: Int32Array): number[] {
  const keys: number[] = [];
  for (let index = 0; index < fresh.length; index += 2) keys.push(fresh.pairs[index]! * CHECKS + fresh.pairs[index + 1]!);
  keys.sort((a, b) => a - b);
  let run = 0;
  let moved = 0;
  for (const [index, key] of keys.entries()) {
    // A hit ends behind its literal, so it is of the gap that ends there, not of the next one.
    while (run < runs.length && key >= (runs[run]! - moved + 1) * CHECKS) {
      moved += runs[run + 1]! - runs[run]!;
      run += 3;
    }
    keys[index] = key + moved * CHECKS;
  }
  return keys;
}

/** The base's hits that lie in a run, by their place in `pairs`. */
function copied({ pairs }: KnownHits, runs: Int32Array, at: number): { readonly start: number; readonly length: number } {
  if (pairs.length === 0) return { start: 0, length: 0 };
  const from = runs[at + 2]!;
  const start = firstAfter(pairs, from);
  return { start, length: firstAfter(pairs, from + runs[at + 1]! - runs[at]!) - start };
}

/** Index of the first pair whose offset is greater. */
function firstAfter(pairs: Int32Array, offset: number): number {
  let low = 0;
  let high = pairs.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[2 * middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** The lines that hold some spans, ascending, without their line feeds; those that touch are one. */
export function linesOf(bytes: Buffer, spans: readonly Span[]): Span[] {
  const lines: Span[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = lines.at(-1);
    if (last !== undefined && start >= last.start && end <= last.end) continue;
    const before = start === 0 ? -1 : bytes.lastIndexOf(LF, start - 1);
    const after = bytes.indexOf(LF, end);
    lines.push({ start: before + 1, end: after < 0 ? bytes.length : after });
  }
  return lines;
}

/** Whether a hit that ends at an offset is in one of some lines. */
export function within(lines: readonly Span[], offset: number): boolean {
  return spanAt(lines, offset) !== undefined;
}

/** The one of some spans, ascending and apart, in which a hit ends. */
export function spanAt(spans: readonly Span[], offset: number): Span | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && offset <= span.end ? span : undefined;
}
