/**
 * Which public halves stand beside which secrets, where both are sightings. An account may have several pairs in one
 * file, so being near is not enough: in one content each half goes with one secret and each secret with one half of a
 * rule, the nearest first.
 */
import type { Sighting } from '../model/finding.ts';
import { LINES, REACH } from './companions.ts';

interface Beside {
  readonly half: Sighting;
  readonly secret: Sighting;
  readonly lines: number;
}

/**
 * For each half of one content the secret that it stands beside. A half that stands alone is left out, and so is one that
 * two secrets may need: where a second one has no half of its own near by, nobody knows whose the first one's is.
 */
export function pairsIn(sightings: readonly Sighting[]): Map<Sighting, Sighting> {
  const near = neighbours(sightings);
  const secretOf = new Map<string, string>();
  const halfOf = new Map<string, string>();
  const pairs = new Map<Sighting, Sighting>();
  for (const { half, secret } of near) {
    const key = keyOf(half.rule.id, half);
    const counterpart = keyOf(half.rule.id, secret);
    if ((secretOf.get(key) ?? counterpart) !== counterpart || (halfOf.get(counterpart) ?? key) !== key) continue;
    secretOf.set(key, counterpart);
    halfOf.set(counterpart, key);
    if (!pairs.has(half)) pairs.set(half, secret);
  }
  const wanted = new Map<string, string>();
  for (const { half, secret } of near) {
    const counterpart = keyOf(half.rule.id, secret);
    if (!halfOf.has(counterpart) && !wanted.has(counterpart)) wanted.set(counterpart, keyOf(half.rule.id, half));
  }
  const unsure = new Set(wanted.values());
  return new Map([...pairs].filter(([half]) => !unsure.has(keyOf(half.rule.id, half))));
}

/** Halves and secrets of their pairs that are near each other, the nearest first, then from the start of the content. */
function neighbours(sightings: readonly Sighting[]): Beside[] {
  const secretRules = new Set(sightings.flatMap(({ rule }) => rule.halfOf ?? []));
  if (secretRules.size === 0) return [];
  const sorted = sightings
    .filter(({ rule }) => rule.halfOf !== undefined || secretRules.has(rule.id))
    .toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const near: Beside[] = [];
  for (const [index, first] of sorted.entries()) {
    for (let next = index + 1; next < sorted.length; next++) {
      const second = sorted[next]!;
      const lines = second.range.startLine - first.range.endLine;
      if (lines > LINES || second.span.start - first.span.end > REACH) break;
      if (first.rule.halfOf?.includes(second.rule.id) === true) near.push({ half: first, secret: second, lines });
      else if (second.rule.halfOf?.includes(first.rule.id) === true) near.push({ half: second, secret: first, lines });
    }
  }
  return near.toSorted((a, b) => a.lines - b.lines);
}

function keyOf(ruleId: string, { secret }: Sighting): string {
  return `${ruleId}\0${secret.reveal()}`;
}
