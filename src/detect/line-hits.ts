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

export const NO_HITS: KnownHits = new Int32Array(0);

/** Some of the hits, ascending. */
export function sortedHits({ pairs, length }: Hits, isKept: (end: number, check: number) => boolean): KnownHits {
  const keys: number[] = [];
  for (let index = 0; index < length; index += 2) {
    if (isKept(pairs[index]!, pairs[index + 1]!)) keys.push(pairs[index]! * CHECKS + pairs[index + 1]!);
  }
  return pairsOf(keys);
}

function pairsOf(keys: number[]): KnownHits {
  if (keys.length === 0) return NO_HITS;
  keys.sort((a, b) => a - b);
  const pairs = new Int32Array(keys.length * 2);
  for (const [index, key] of keys.entries()) {
    pairs[2 * index] = Math.floor(key / CHECKS);
    pairs[2 * index + 1] = key % CHECKS;
  }
  return pairs;
}

/** Hits of a whole content, ascending: those of its new lines, moved to where these stand, and those of copied ones. */
export function mergedHits(fresh: Hits, { base, runs }: LineChange): Hits {
  if (fresh.length === 0 && base.length === 0) return { pairs: base, length: 0 };
  const keys: number[] = [];
  for (let index = 0; index < fresh.length; index += 2) keys.push(fresh.pairs[index]! * CHECKS + fresh.pairs[index + 1]!);
  keys.sort((a, b) => a - b);
  // The new lines lie between the runs: how far each is moved grows with the runs before it.
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
  if (base.length > 0) {
    for (let at = 0; at < runs.length; at += 3) {
      const from = runs[at + 2]!;
      const end = from + runs[at + 1]! - runs[at]!;
      const shift = runs[at]! - from;
      for (let hit = firstAfter(base, from); hit < base.length && base[hit]! <= end; hit += 2)
        keys.push((base[hit]! + shift) * CHECKS + base[hit + 1]!);
    }
  }
  const pairs = pairsOf(keys);
  return { pairs, length: pairs.length };
}

/** Index of the first pair whose offset is greater. */
function firstAfter(pairs: KnownHits, offset: number): number {
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
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  const line = lines[low - 1];
  return line !== undefined && offset <= line.end;
}
