/** The hosts that stand near a value: where it is sent to, or fetched from. */
import { lineAbove, lineAround, lineBelow, type Line } from '../detect/lines.ts';
import { hostOf } from '../detect/surroundings.ts';
import type { Span } from '../model/origin.ts';

/** Lines on either side of a value that are read. */
const REACH = 4;
/** What follows is an authority. */
const ADDRESS = /(?:\/\/|\bmachine\s{1,4}|(?<![A-Za-z])host(?:name)?["']?\s?[:=]\s?["']?)([^\s"'`<>()\\,;{}/?#]{4,255})/gi;
const HOST = /^(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,12}$/;

export const SAME_LINE = 'on the same line';

export interface NearHost {
  /** In small letters. */
  readonly host: string;
  /** In words. */
  readonly where: string;
  /** Lines between it and the value. */
  readonly distance: number;
}

/** The hosts of the lines around a value, the nearest first; those behind it on its own line come after those before it. */
export function* hostsAround(bytes: Buffer, span: Span): Generator<NearHost> {
  const own = lineAround(bytes, span.start, span.end);
  yield* hostsIn(own, SAME_LINE, 0);
  let above = lineAbove(bytes, own);
  let below = lineBelow(bytes, own);
  for (let distance = 1; distance <= REACH; distance++) {
    const where = distance === 1 ? '1 line away' : `${distance} lines away`;
    if (above !== undefined) yield* hostsIn(above, where, distance);
    if (below !== undefined) yield* hostsIn(below, where, distance);
    above = above && lineAbove(bytes, above);
    below = below && lineBelow(bytes, below);
  }
}

function* hostsIn({ text }: Line, where: string, distance: number): Generator<NearHost> {
  for (const [, authority = ''] of text.matchAll(ADDRESS)) {
    const host = hostOf(authority);
    if (HOST.test(host)) yield { host, where, distance };
  }
}
