/**
 * How far the rules look that look further than a line: what they gave of some bytes they give wherever these stand.
 */
import type { Span } from '../model/origin.ts';
import type { Rule } from '../model/rule.ts';
import { linesBack, linesForward } from './context.ts';
import { LF } from './lines.ts';
import { NAME_LINES, NAME_LINES_BELOW } from './name-around.ts';
import { usageReach } from './usage.ts';

/**
 * The bytes that decide what a rule gives of its hits in `[start, end)`, whatever lies beyond them. Undefined where a line
 * is too long to say so.
 */
export function decidedBy({ matcher }: Rule, bytes: Buffer, { start, end }: Span): Span | undefined {
  // An anchor outside is too far away to be of the region, or to bring another one into it, and no name of a value stands further above.
  if (matcher.kind === 'context') return linesAround(bytes, { start, end }, Math.max(matcher.within + 2, NAME_LINES + 1), matcher.within + 2);
  if (matcher.kind === 'credential') return linesAround(bytes, { start, end }, NAME_LINES + 1, NAME_LINES_BELOW + 1);
  return matcher.kind === 'usage' ? usageReach(bytes, { start, end }) : undefined;
}

/** Whole lines: so many more above, and so many below. */
function linesAround(bytes: Buffer, span: Span, above: number, below: number): Span | undefined {
  const start = linesBack(bytes, span.start, above);
  const end = linesForward(bytes, span.end, below);
  const isCut = (start > 0 && bytes[start - 1] !== LF) || (end < bytes.length && bytes[end] !== LF);
  return isCut ? undefined : { start, end };
}
