/**
 * How far the rules look that look further than a line: what they gave of some bytes they give wherever these stand.
 */
import type { Span } from '../model/origin.ts';
import type { Rule } from '../model/rule.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { isInsideWord, linesBack, linesForward } from './context.ts';
import { PART_OF_NAME } from './credential-name.ts';
import { latin1, LF } from './lines.ts';
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
  #lines = new KnownLines(Buffer.alloc(0));

  /** The bytes that decide that a rule gives nothing near its anchor, whatever lies beyond them; undefined where it may give something. */
  decidedBy(compiled: CompiledRule, bytes: Buffer, at: Span): Span | undefined {
    const { matcher } = compiled.rule;
    if (matcher.kind !== 'context') return undefined;
    if (isInsideWord(bytes, at.start)) return { start: Math.max(0, at.start - BEFORE_WORD), end: at.end };
    if (this.#lines.bytes !== bytes) this.#lines = new KnownLines(bytes);
    const around = this.#lines.around(at, matcher.within);
    return around === undefined || compiled.mayHoldInLines(matcher, bytes, around) ? undefined : around;
  }
}

/**
 * Values whose name stands elsewhere, where no name of the rule's kind can be: in most contents nothing near a `value:` says secret.
 * As the prefilter leaves such values out of whole contents, nothing changes for the others. Rules of both kinds ask about one value.
 */
export class NamelessValues {
  #asked: { readonly bytes: Buffer; readonly end: number; readonly around: Span | undefined; readonly text: string } | undefined;

  /** The bytes that decide that a rule gives nothing for the value behind `at`, whatever lies beyond them; undefined where it may give something. */
  decidedBy({ rule }: CompiledRule, bytes: Buffer, at: Span): Span | undefined {
    if (rule.matcher.kind !== 'credential') return undefined;
    if (this.#asked?.bytes !== bytes || this.#asked.end !== at.end) {
      const around = decidedBy(rule, bytes, at);
      this.#asked = { bytes, end: at.end, around, text: around === undefined ? '' : latin1(bytes, around.start, around.end) };
    }
    const { around, text } = this.#asked;
    return around === undefined || PART_OF_NAME[rule.matcher.as].test(text) ? undefined : around;
  }
}

/** Bytes before a place that decide whether it is inside of a word. Those behind it are the anchor's own. */
const BEFORE_WORD = 2;

/** Lines of a content in which one place after the other is asked about: where a line ends is looked for once, also where lines around places overlap. */
class KnownLines {
  readonly bytes: Buffer;
  /** Where lines begin that lie one behind the other, and behind them where the next one would. */
  #starts: number[] = [];
  /** Which of them was asked about last. */
  #line = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The line of a place and so many on either side; undefined where one of them is too long. */
  around(at: Span, within: number): Span | undefined {
    if (!this.#finds(at.start) && !this.#beginsAt(at)) return undefined;
    if (at.end >= this.#starts[this.#line + 1]!) return undefined;
    while (this.#line < within && this.#starts[0]! > 0) if (!this.#addAbove()) return undefined;
    while (this.#starts.length < this.#line + within + 2 && this.#starts.at(-1)! <= this.bytes.length) if (!this.#addBelow()) return undefined;
    const below = Math.min(this.#line + within + 1, this.#starts.length - 1);
    return { start: this.#starts[Math.max(0, this.#line - within)]!, end: this.#starts[below]! - 1 };
  }

  /** Whether a place is in one of the known lines. */
  #finds(place: number): boolean {
    const starts = this.#starts;
    if (starts.length < 2 || place < starts[0]! || place >= starts.at(-1)!) return false;
    while (starts[this.#line]! > place) this.#line--;
    while (starts[this.#line + 1]! <= place) this.#line++;
    return true;
  }

  /** Begins anew with the line of a place. */
  #beginsAt({ start, end }: Span): boolean {
    const first = linesBack(this.bytes, start, 0);
    const last = linesForward(this.bytes, end, 0);
    this.#line = 0;
    this.#starts = [];
    if ((first > 0 && this.bytes[first - 1] !== LF) || (last < this.bytes.length && this.bytes[last] !== LF)) return false;
    this.#starts.push(first, last + 1);
    return true;
  }

  #addAbove(): boolean {
    const end = this.#starts[0]! - 1;
    const first = linesBack(this.bytes, end, 0);
    if (first > 0 && this.bytes[first - 1] !== LF) return false;
    this.#starts.unshift(first);
    this.#line++;
    return true;
  }

  #addBelow(): boolean {
    const last = linesForward(this.bytes, this.#starts.at(-1)!, 0);
    if (last < this.bytes.length && this.bytes[last] !== LF) return false;
    this.#starts.push(last + 1);
    return true;
  }
}
