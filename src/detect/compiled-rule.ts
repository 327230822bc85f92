/** A rule with what its matcher needs at run time, and what it knows of the content that it is looking at. */
import type { Span } from '../model/origin.ts';
import type { Matcher, Rule, TokenForm } from '../model/rule.ts';
import { bitmapOf } from '../rules/alphabet.ts';
import { ownerOf } from '../rules/names.ts';
import { LinearRegex, type Searcher } from '../rules/regex-safety.ts';
import { LONGEST_PART, PART_OF_NAME } from './credential-name.ts';
import { latin1, LF } from './lines.ts';

/** A pattern hit before any filter. */
export interface Hit extends Span {
  readonly rule: Rule;
  /** Public start of the text: what the rule itself names. */
  readonly prefixLength: number;
  readonly evidence: readonly string[];
  /** Set where the matcher itself had to find the name. */
  readonly name?: string;
  /** Found by a looser part of the rule, so less sure. */
  readonly weak?: boolean;
  /** Most likely written to show where one stands. */
  readonly sample?: boolean;
  /** See `Candidate.named`. */
  readonly named?: true;
}

export type Report = (hit: Hit) => void;

/** Longer texts are cut from the content in pieces of this size, which several literals share. */
const PIECE = 65_536;
/** Below this a text of its own is cheaper. */
const SHORT = 1024;
/** The literal once more inside a match of more than so many bytes is part of it. */
const LONG_MATCH = 256;
/** How long a user's rule may take in one content, in milliseconds, and how much more for each MiB of it. */
const PATIENCE = { base: 1000, perMiB: 250 } as const;

/** A run of a form's class, from where its walk began. */
interface Run extends Span {
  /** The tokens whose literals lie in it fail behind it. */
  barren: boolean;
}

/** Bytes that are looked through at once for parts of names. */
const BLOCK = 4096;

/** As many of each are remembered: the prefilter reads four streams at a time, and goes on with the next part of a content. */
const REMEMBERED = 8;

/**
 * What one form of a token knows of the content that it is looking at. The prefilter's streams each go ahead in ascending
 * order, from places that only it knows; so what was looked at last is told by place, not by stream.
 */
class FormState {
  readonly #longest: number | undefined;
  readonly #class: Uint8Array | undefined;
  #bytes: Buffer | undefined;
  /** The run of a literal that was asked about last. */
  #run: Run | undefined;
  #runs: Run[] = [];
  #pieces: { readonly text: string; readonly offset: number }[] = [];
  #matches: Span[] = [];

  constructor(form: TokenForm, ignoreCase: boolean) {
    // The class is one of bytes, which a pattern without case does not keep to.
    this.#longest = ignoreCase ? undefined : form.longestRun;
    this.#class = form.longestRun === undefined || form.run === undefined ? undefined : bitmapOf(form.run.class);
  }

  /** Forgets another content. */
  lookAt(bytes: Buffer | undefined): void {
    if (this.#bytes === bytes) return;
    this.#bytes = bytes;
    this.#run = undefined;
    [this.#runs, this.#pieces, this.#matches] = [[], [], []];
  }

  /** Whether the run of the form's class at `from` goes on further than any token does, or one in it failed. Each run is walked once. */
  isSettled(bytes: Buffer, from: number): boolean {
    if (this.#class === undefined || this.#longest === undefined) return false;
    this.#run = this.#runs.find(({ start, end }) => from >= start && from < end) ?? this.#walk(bytes, from, this.#class);
    return this.#run.barren || this.#run.end - from > this.#longest;
  }

  #walk(bytes: Buffer, from: number, bitmap: Uint8Array): Run {
    let next: Run | undefined;
    for (const run of this.#runs) if (run.start >= from && (next === undefined || run.start < next.start)) next = run;
    const limit = next?.start ?? bytes.length;
    let end = from;
    while (end < limit && bitmap[bytes[end]!] === 1) end++;
    const walked = { start: from, end: next !== undefined && end === limit ? next.end : end, barren: false };
    remember(this.#runs, walked);
    return walked;
  }

  /** No token fits whose literal lies in the run that was asked about, if that one is at least so long from `from` on. */
  markBarren(from: number, least: number): void {
    if (this.#run !== undefined) this.#run.barren = this.#run.end - from >= least;
  }

  /** Whether a literal stands once more inside a long match. */
  isInside(at: Span): boolean {
    return this.#matches.some(({ start, end }) => at.start > start && at.end <= end);
  }

  /** Takes note of a match, from its literal on. Shorter ones may overlap: what a filter takes away there must not hide another. */
  matched(span: Span): void {
    if (span.end - span.start > LONG_MATCH) remember(this.#matches, span);
  }

  /** A text that holds `[start, end)` and perhaps more on either side; a long one is cut once for many literals. */
  textAt(bytes: Buffer, start: number, end: number): { text: string; offset: number } {
    const from = Math.max(0, start);
    if (end - start < SHORT) return { text: latin1(bytes, from, end), offset: from };
    const known = this.#pieces.find(({ text, offset }) => from >= offset && Math.min(end, bytes.length) <= offset + text.length);
    if (known !== undefined) return known;
    const piece = { text: latin1(bytes, from, Math.max(end, from + PIECE)), offset: from };
    remember(this.#pieces, piece);
    return piece;
  }
}

/** Puts a thing before the others, and forgets the oldest. */
function remember<T>(things: T[], thing: T): void {
  things.unshift(thing);
  if (things.length > REMEMBERED) things.pop();
}

/** The bytes that decide that a rule gives nothing, whatever lies beyond them; true where they are not known. */
type Decided = true | Span;

/** What a free pattern did in one content. */
interface Work {
  readonly bytes: Buffer;
  readonly windows: Set<number>;
  /** Milliseconds, and whether they were too many. */
  spent: number;
  gaveUp: boolean;
  /** By place, of the window that belongs to it and was looked at last: what was searched, and what decided there. */
  readonly last: Map<number, { readonly searched: Span; readonly decided: Decided }>;
}

/** What a rule's matcher needs at run time; regular expressions are compiled when first asked for. */
export class CompiledRule {
  readonly rule: Rule;
  // Rules differ in their fields, so code that reads these of many of them is slow.
  readonly kind: Matcher['kind'];
  readonly selfIdentifying: boolean;
  readonly #forms: { regex: RegExp; state: FormState }[] = [];
  #value: RegExp | undefined;
  #run: Uint8Array | undefined;
  /** Lines that were looked at last: from `start` on to `barren` they hold no run, and there may be one behind that. */
  readonly #seen: { bytes: Buffer | undefined; start: number; barren: number; run: Span } = { bytes: undefined, start: 0, barren: 0, run: NO_RUN };
  #wholeValue: RegExp | undefined;
  #beside: RegExp | undefined;
  #owners: ReadonlySet<string> | undefined;
  #pattern: Searcher | undefined;
  #further: Searcher | undefined;
  #work: Work | undefined;
  /** Of a content: by block, whether a part of a name of the rule's kind begins in it. */
  #named: { readonly bytes: Buffer; readonly blocks: Map<number, boolean> } | undefined;

  constructor(rule: Rule) {
    this.rule = rule;
    this.kind = rule.matcher.kind;
    this.selfIdentifying = rule.selfIdentifying;
  }

  /** Lets the last content go that it was asked about. */
  forget(): void {
    // Only some forms have been asked for: the others are holes.
    this.#forms.forEach(({ state }) => state.lookAt(undefined));
    this.#seen.bytes = undefined;
    this.#work = undefined;
    this.#named = undefined;
  }

  /** The sticky pattern of a token's form, and what is known of the content. */
  form(index: number, form: TokenForm, ignoreCase: boolean): { regex: RegExp; state: FormState } {
    this.#forms[index] ??= { regex: new RegExp(form.anchored ?? form.pattern, ignoreCase ? 'iy' : 'y'), state: new FormState(form, ignoreCase) };
    return this.#forms[index];
  }

  /** The value's pattern, global. */
  value(matcher: Extract<Matcher, { value: unknown }>): RegExp {
    this.#value ??= new RegExp(matcher.value.pattern, 'g');
    return this.#value;
  }

  /** Whether a part of a content has a run of a value's class in which one may stand. */
  mayHold({ value: { run } }: Extract<Matcher, { value: unknown }>, bytes: Buffer, { start, end }: Span): boolean {
    this.#run ??= bitmapOf(run.class);
    return hasRun(bytes, start, end, this.#run, run.min, run.max);
  }

  /**
   * The same of whole lines. Those that are asked about one after the other overlap, where a provider's name stands on each:
   * what was looked at is not looked at again.
   */
  mayHoldInLines({ value: { run } }: Extract<Matcher, { value: unknown }>, bytes: Buffer, { start, end }: Span): boolean {
    this.#run ??= bitmapOf(run.class);
    // One that goes on over lines is cut by each of them.
    if (this.#run[LF] === 1) return hasRun(bytes, start, end, this.#run, run.min, run.max);
    const seen = this.#seen;
    if (seen.bytes !== bytes || start < seen.start || start > seen.barren) Object.assign(seen, { bytes, start, barren: start, run: NO_RUN });
    if (seen.run.start >= start && seen.run.end <= end) return true;
    const found = runIn(bytes, seen.barren, end, this.#run, run.min, run.max);
    seen.barren = found?.start ?? Math.max(end, seen.barren);
    seen.run = found ?? NO_RUN;
    return found !== undefined;
  }

  /** Whether a part of a name that means the rule's kind may stand in `[start, end)`: where none does, there is no such name. Each block is looked through once. */
  mayBeNamedIn({ as }: Extract<Matcher, { kind: 'credential' }>, bytes: Buffer, { start, end }: Span): boolean {
    if (this.#named?.bytes !== bytes) this.#named = { bytes, blocks: new Map() };
    const { blocks } = this.#named;
    for (let at = Math.max(0, start - (start % BLOCK)); at < end; at += BLOCK) {
      const known = blocks.get(at) ?? PART_OF_NAME[as].test(latin1(bytes, at, at + BLOCK + LONGEST_PART - 1));
      blocks.set(at, known);
      if (known) return true;
    }
    return false;
  }

  /** Whether a text ends with the public half of a pair, and with what leads from there to the other half. */
  endsBeside({ beside }: Extract<Matcher, { kind: 'context' }>, text: string): boolean {
    if (beside === undefined) return false;
    this.#beside ??= new RegExp(`(?:${beside})["'\`]?(?::|\\s{0,4},\\s{0,4})["'\`]?$`);
    return this.#beside.test(text);
  }

  /** What its names begin with, where that alone stands near its values, so that it is no ordinary word. */
  owners({ names, near }: Extract<Matcher, { kind: 'context' }>): ReadonlySet<string> {
    this.#owners ??= new Set(names.flatMap((name) => ownerOf(name) ?? []).filter((owner) => near.includes(owner)));
    return this.#owners;
  }

  /** Whether a text is a value of the rule from end to end. */
  fits(matcher: Extract<Matcher, { value: unknown }>, text: string): boolean {
    this.#wholeValue ??= new RegExp(`^(?:${matcher.value.pattern})$`);
    return this.#wholeValue.test(text);
  }

  /** The rule's free pattern; a user's runs in linear time. */
  pattern(source: string, flags: string): Searcher {
    this.#pattern ??= this.#searcher(source, flags);
    return this.#pattern;
  }

  /** What a free pattern's further values are found by, sticky. */
  further(source: string, flags: string): Searcher {
    this.#further ??= this.#searcher(source, flags);
    return this.#further;
  }

  #searcher(source: string, flags: string): Searcher {
    return this.rule.linear === true ? new LinearRegex(source, flags) : new RegExp(source, flags);
  }

  /** A user's rule took too long in this content and left the rest of it. */
  gaveUp(bytes: Buffer): boolean {
    return this.#work?.bytes === bytes && this.#work.gaveUp;
  }

  /**
   * Whether a free pattern has still to look at a window; each is looked at once. It is told by two places that no other
   * window has: where what is reported begins and where the search does, since two parts of one line may be searched alike.
   */
  begins(bytes: Buffer, place: number, edge: number): boolean {
    if (this.#work?.bytes !== bytes) this.#work = { bytes, windows: new Set(), spent: 0, gaveUp: false, last: new Map() };
    const work = this.#work;
    const key = place * 2 ** 21 + (edge - place + 2 ** 20);
    if (work.gaveUp || work.windows.has(key)) return false;
    work.windows.add(key);
    return true;
  }

  /** Takes note of what was searched in the window that belongs to a place, and what decided there. */
  decide(place: number, searched: Span, decided: Decided): void {
    this.#work?.last.set(place, { searched, decided });
  }

  /**
   * What decided about the window that belongs to a place and holds `at`, if that was the last one there: on a long line many
   * have the same, and the prefilter's streams come with hits of several places in turn.
   */
  decidedIn(bytes: Buffer, place: number, at: Span): Decided | undefined {
    const last = this.#work?.bytes === bytes ? this.#work.last.get(place) : undefined;
    return last !== undefined && at.start >= last.searched.start && at.end <= last.searched.end ? last.decided : undefined;
  }

  /** Adds up a user's rule's time. False when it has had enough. */
  spend(bytes: Buffer, milliseconds: number): boolean {
    const work = this.#work;
    if (work?.bytes !== bytes) return true;
    work.spent += milliseconds;
    work.gaveUp = work.spent > PATIENCE.base + (PATIENCE.perMiB * bytes.length) / 2 ** 20;
    return !work.gaveUp;
  }
}

/** Whether `[start, end)` has a run of `least` to `most` bytes of a class. */
export function hasRun(bytes: Buffer, start: number, end: number, bitmap: Uint8Array, least: number, most?: number): boolean {
  return runIn(bytes, start, end, bitmap, least, most) !== undefined;
}

/** The first run of `least` to `most` bytes of a class in `[start, end)`. Of bytes without any, one in `least` is looked at. */
function runIn(bytes: Buffer, start: number, end: number, bitmap: Uint8Array, least: number, most = Number.POSITIVE_INFINITY): Span | undefined {
  // A run begins at `from` or later, so it reaches the place `least` bytes further.
  for (let from = start, at = from + least - 1; at < end; at = from + least - 1) {
    let back = at;
    while (back >= from && bitmap[bytes[back]!] === 1) back--;
    if (back >= from) {
      from = back + 1;
      continue;
    }
    let last = at + 1;
    while (last < end && bitmap[bytes[last]!] === 1) last++;
    if (last - from <= most) return { start: from, end: last };
    from = last + 1;
  }
  return undefined;
}

/** Before all bytes, so that it is in none of them. */
const NO_RUN: Span = { start: -1, end: -1 };
