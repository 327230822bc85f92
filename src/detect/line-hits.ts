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

/** Whether no check looks at another line than that of its literal: its end is a part of it. */
export function keepsToLines(checks: readonly Check[]): boolean {
  return (
    checks.length < CHECKS &&
    checks.every(
      ({ literal, before, run, near }) =>
        !literal.includes('\n') && before?.[LF] !== 1 && (run === undefined || run.min <= 1 || run.bytes[LF] !== 1) && near?.bytes[LF] !== 1,
    )
  );
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
export const NONE_PLACED = placedHits(NOTHING, 0);

/** A content that is made of no other one's lines. */
export function allNew(lines: Uint8Array): LineChange {
  return { base: NO_HITS, runs: NOTHING, lines };
}

/** A stretch of a content that goes on to its beginning, or to its end, reaches one byte beyond: so it stays apart from one that only lies there. */
const BEYOND = 1;

/** The same stretch of a content of `size` bytes, so that it is found only where the content begins or ends as well. */
export function withEnds({ start, end }: Span, size: number): Span {
  return { start: start === 0 ? -BEYOND : start, end: end >= size ? size + BEYOND : end };
}

/** Hits of contents that are made of other ones' lines. What it gives lies in memory that it uses again. */
export class HitMerger {
  #pairs = new Int32Array(1024);
  #settled = new Int32Array(1024);
  #seenAt = new Int32Array(512);
  #length = 0;

  /**
   * Hits of a whole content, ascending: those of its new lines, moved to where these stand, and those of copied ones.
   * Valid until the next call.
   * @param size of the content, in bytes
   * @param skips see `LineSieve.skips`
   */
  merge(fresh: Hits, { base = NO_HITS, runs }: LineChange, size: number, skips: Int32Array = NOTHING): PlacedHits {
    if (fresh.length === 0 && base.pairs.length === 0) return NONE_PLACED;
    this.#length = 0;
    const seen = sortedKeys(fresh);
    const moved = movedKeys(seen, runs, skips);
    let next = 0;
    for (let at = 0; at < runs.length && base.pairs.length > 0; at += 3) {
      const start = runs[at]!;
      const end = runs[at + 1]!;
      const from = runs[at + 2]!;
      const first = firstAfter(base.pairs, from);
      const last = firstAfter(base.pairs, from + end - start);
      if (first === last) continue;
      next = this.#move(seen, moved, next, (start + 1) * CHECKS);
      // A run at the beginning of both has all that can stand before its lines, and one at the end of both all that can come.
      const lowest = start === 0 && from === 0 ? -BEYOND : from;
      const isLast = end === size && from + end - start === base.size;
      this.#copy(base, first, last, start - from, lowest, from + end - start + (isLast ? BEYOND : 0));
    }
    this.#move(seen, moved, next, Number.POSITIVE_INFINITY);
    return placedHits(this.#pairs, this.#length, this.#settled, this.#seenAt);
  }

  /** Adds new hits from `next` on that lie before `limit`; gives the first one that does not. */
  #move(seen: Float64Array, moved: Float64Array, next: number, limit: number): number {
    let at = next;
    for (; at < moved.length && moved[at]! < limit; at++) {
      const place = this.#place();
      const key = moved[at]!;
      const end = Math.floor(key / CHECKS);
      this.#pairs[place] = end;
      this.#pairs[place + 1] = key - end * CHECKS;
      this.#settled[place] = 0;
      this.#settled[place + 1] = 0;
      this.#seenAt[place >> 1] = Math.floor(seen[at]! / CHECKS);
    }
    return at;
  }

  /** Adds the base's hits of a run; those stay settled that are so within `[lowest, highest]` of the base. */
  #copy(base: KnownHits, first: number, last: number, shift: number, lowest: number, highest: number): void {
    for (let hit = first; hit < last; hit += 2) {
      const place = this.#place();
      this.#pairs[place] = base.pairs[hit]! + shift;
      this.#pairs[place + 1] = base.pairs[hit + 1]!;
      const start = base.settled[hit]!;
      const end = base.settled[hit + 1]!;
      const stays = end !== 0 && start >= lowest && end <= highest;
      this.#settled[place] = stays ? start + shift : 0;
      this.#settled[place + 1] = stays ? end + shift : 0;
      this.#seenAt[place >> 1] = 0;
    }
  }

  /** Room for one hit more. */
  #place(): number {
    const place = this.#length;
    this.#length += 2;
    if (this.#length > this.#pairs.length) {
      this.#pairs = larger(this.#pairs);
      this.#settled = larger(this.#settled);
      this.#seenAt = larger(this.#seenAt);
    }
    return place;
  }
}

function larger(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}

const NO_KEYS = new Float64Array(0);

/** Each hit as one number, ascending. */
function sortedKeys({ pairs, length }: Hits): Float64Array {
  if (length === 0) return NO_KEYS;
  const keys = new Float64Array(length / 2);
  for (let index = 0; index < length; index += 2) keys[index / 2] = pairs[index]! * CHECKS + pairs[index + 1]!;
  keys.sort();
  return keys;
}

/** Hits of lines that were looked at, moved to where the lines stand: between the runs, and other lines between them. */
function movedKeys(keys: Float64Array, runs: Int32Array, skips: Int32Array): Float64Array {
  if (keys.length === 0) return NO_KEYS;
  const placed = new Float64Array(keys.length);
  let skip = 0;
  let left = 0;
  let run = 0;
  let moved = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    // A hit ends behind its literal, so it is of the line that ends there, not of the next one.
    for (; skip < skips.length && key >= (skips[skip]! + 1) * CHECKS; skip += 2) left = skips[skip + 1]!;
    for (; run < runs.length && key >= (runs[run]! - moved - left + 1) * CHECKS; run += 3) moved += runs[run + 1]! - runs[run]!;
    placed[index] = key + (moved + left) * CHECKS;
  }
  return placed;
}

/** Whether all hits are known to give nothing. */
export function areSettled({ length, settled }: PlacedHits): boolean {
  if (settled === undefined) return length === 0;
  for (let pair = 0; pair < length; pair += 2) if (settled[pair + 1] === 0) return false;
  return true;
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
