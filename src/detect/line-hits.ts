/**
 * Hits of the prefilter, line by line: what it says of a line holds wherever that line stands, so a content that is made
 * of another one's lines and some new ones has the hits of both.
 */
import type { Hits } from '../kernel/prefilter.ts';
import type { Check } from '../kernel/tables.ts';
import type { Span } from '../model/origin.ts';
import type { KnownHits, LineChange } from '../model/source.ts';
import { LF } from './lines.ts';

/** More than there are checks: the factor by which an offset and a check become one number. */
const CHECKS = 65_536;

/** Whether no check looks at another line than that of its literal. */
export function keepsToLines(checks: readonly Check[]): boolean {
  return checks.length < CHECKS && checks.every(({ literal, before, run }) => !literal.includes('\n') && before?.[LF] !== 1 && run?.bytes[LF] !== 1);
}

/** Hits of a content of which some are known to give nothing; see `KnownHits`. */
export interface PlacedHits extends Hits {
  readonly settled: Int32Array | undefined;
  /** For each pair, the offset after the literal in the lines that were looked at; 0 for a hit that is known from elsewhere. */
  readonly seenAt: Int32Array | undefined;
}

/** Made in one place, so that all have their fields in one order: code that meets two orders is compiled twice. */
export function placedHits(pairs: Int32Array, length: number, settled?: Int32Array, seenAt?: Int32Array): PlacedHits {
  return { pairs, length, settled, seenAt };
}

const NOTHING = new Int32Array(0);
export const NO_HITS: KnownHits = { pairs: NOTHING, settled: NOTHING, size: 0 };

/** A content that is made of no other one's lines. */
export function allNew(lines: Uint8Array): LineChange {
  return { base: NO_HITS, runs: NOTHING, lines };
}

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

/**
 * Hits of a whole content, ascending: those of its new lines, moved to where these stand, and those of copied ones.
 * @param size of the content, in bytes
 * @param skips see `Sifted.skips`
 */
export function mergedHits(fresh: Hits, { base, runs }: LineChange, size: number, skips: Int32Array = NOTHING): PlacedHits {
  if (fresh.length === 0 && base.pairs.length === 0) return placedHits(NOTHING, 0);
  const seen = sortedKeys(fresh);
  const moved = movedKeys(seen, runs, skips);
  let length = 2 * moved.length;
  for (let at = 0; at < runs.length; at += 3) length += copied(base, runs, at).length;
  const hits = { pairs: new Int32Array(length), settled: new Int32Array(length), seenAt: new Int32Array(length / 2) };
  let used = 0;
  let next = 0;
  const take = (limit: number): void => {
    for (; next < moved.length && moved[next]! < limit; next++, used += 2) {
      hits.pairs[used] = Math.floor(moved[next]! / CHECKS);
      hits.pairs[used + 1] = moved[next]! % CHECKS;
      hits.seenAt[used / 2] = Math.floor(seen[next]! / CHECKS);
    }
  };
  for (let at = 0; at < runs.length; at += 3) {
    const found = copied(base, runs, at);
    if (found.length === 0) continue;
    const [start, end, from] = [runs[at]!, runs[at + 1]!, runs[at + 2]!];
    const shift = start - from;
    // A run at the beginning of both has all that can stand before its lines, and one at the end of both all that can come.
    const first = start === 0 && from === 0 ? -BEYOND : from;
    const last = end === size && end - shift === base.size ? end - shift + BEYOND : end - shift;
    take((start + 1) * CHECKS);
    for (let hit = found.start; hit < found.start + found.length; hit += 2, used += 2) {
      hits.pairs[used] = base.pairs[hit]! + shift;
      hits.pairs[used + 1] = base.pairs[hit + 1]!;
      if (base.settled[hit + 1] === 0 || base.settled[hit]! < first || base.settled[hit + 1]! > last) continue;
      hits.settled[used] = base.settled[hit]! + shift;
      hits.settled[used + 1] = base.settled[hit + 1]! + shift;
    }
  }
  take(Number.POSITIVE_INFINITY);
  return placedHits(hits.pairs, length, hits.settled, hits.seenAt);
}

/** Each hit as one number, ascending. */
function sortedKeys({ pairs, length }: Hits): Float64Array {
  const keys = new Float64Array(length / 2);
  for (let index = 0; index < length; index += 2) keys[index / 2] = pairs[index]! * CHECKS + pairs[index + 1]!;
  keys.sort();
  return keys;
}

/** Hits of lines that were looked at, moved to where the lines stand: between the runs, and other lines between them. */
function movedKeys(keys: Float64Array, runs: Int32Array, skips: Int32Array): Float64Array {
  let skip = 0;
  let left = 0;
  let run = 0;
  let moved = 0;
  return keys.map((key) => {
    // A hit ends behind its literal, so it is of the line that ends there, not of the next one.
    for (; skip < skips.length && key >= (skips[skip]! + 1) * CHECKS; skip += 2) left = skips[skip + 1]!;
    for (; run < runs.length && key >= (runs[run]! - moved - left + 1) * CHECKS; run += 3) moved += runs[run + 1]! - runs[run]!;
    return key + (moved + left) * CHECKS;
  });
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
