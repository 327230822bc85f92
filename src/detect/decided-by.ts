/**
 * How far the rules look that look further than a line: what they gave of some bytes they give wherever these stand.
 */
import type { Span } from '../model/origin.ts';
import type { Rule } from '../model/rule.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { isInsideWord, linesBack, linesForward } from './context.ts';
import { LF } from './lines.ts';
import { NAME_LINES, NAME_LINES_BELOW } from './name-around.ts';

/**
 * The bytes that decide what a rule gives of its hits in `[start, end)`, whatever lies beyond them. Undefined where a line
 * is too long to say so.
 */
export function decidedBy({ matcher }: Rule, bytes: Buffer, { start, end }: Span): Span | undefined {
  // An anchor outside is too far away to be of the region, or to bring another one into it, and no name of a value stands further above.
  if (matcher.kind === 'context') return linesAround(bytes, { start, end }, Math.max(matcher.within + 2, NAME_LINES + 1), matcher.within + 2);
  return matcher.kind === 'credential' ? linesAround(bytes, { start, end }, NAME_LINES + 1, NAME_LINES_BELOW + 1) : undefined;
}

/** Whole lines: so many more above, and so many below. */
function linesAround(bytes: Buffer, span: Span, above: number, below: number): Span | undefined {
  const start = linesBack(bytes, span.start, above);
  const end = linesForward(bytes, span.end, below);
  const isCut = (start > 0 && bytes[start - 1] !== LF) || (end < bytes.length && bytes[end] !== LF);
  return isCut ? undefined : { start, end };
}

/**
 * Anchors of rules that need context where no value can be: most stand near nothing that is long enough. As the prefilter
 * leaves such anchors out of whole contents, nothing changes for the others.
 */
export class LoneAnchors {
  #bytes: Buffer | undefined;
  /** The line of the last anchor, and so many lines around it as its rule looks at. */
  #line: Span = { start: 0, end: 0 };
  #within = 0;
  #around: Span | undefined;

  /** The bytes that decide that a rule gives nothing near its anchor, whatever lies beyond them; undefined where it may give something. */
  decidedBy(compiled: CompiledRule, bytes: Buffer, at: Span): Span | undefined {
    const { matcher } = compiled.rule;
    if (matcher.kind !== 'context') return undefined;
    if (isInsideWord(bytes, at.start)) return { start: Math.max(0, at.start - BEFORE_WORD), end: at.end };
    if (bytes !== this.#bytes || matcher.within !== this.#within || at.start < this.#line.start || at.end > this.#line.end)
      this.#look(bytes, at, matcher.within);
    const around = this.#around;
    return around === undefined || compiled.mayHold(matcher, bytes, around) ? undefined : around;
  }

  #look(bytes: Buffer, at: Span, within: number): void {
    this.#bytes = bytes;
    this.#within = within;
    const line = linesAround(bytes, at, 0, 0);
    this.#line = line ?? at;
    this.#around = line && linesAround(bytes, line, within, within);
  }
}

/** Bytes before a place that decide whether it is inside of a word. Those behind it are the anchor's own. */
const BEFORE_WORD = 2;
