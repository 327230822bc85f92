/** Bytes and rules in, candidates out. Pure: no disk, no git, no path; the same bytes always give the same answer. */
import { createLineSieve, type LineSieve } from '../kernel/line-sieve.ts';
import { createPrefilter, type Prefilter } from '../kernel/prefilter.ts';
import { append } from '../model/append.ts';
import type { Candidate, Dropped } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { genericKind, isTextCheck, type Rule, type RuleSet } from '../model/rule.ts';
import type { KnownHits, LineChange } from '../model/source.ts';
import { ruleAt } from '../rules/builtin.ts';
import { ENCODED, NAMED_ELSEWHERE, NO_RULE, OFF, SPLIT } from './checks.ts';
import { CompiledRule, type Hit } from './compiled-rule.ts';
import { contextRegions, matchContext } from './context.ts';
import { matchCredential } from './credential.ts';
import { decidedBy, LoneAnchors, NamelessValues } from './decided-by.ts';
import { DecodedText, type Segment } from './decode/decoded-text.ts';
import { runEnd, segmentsOf, type MarkPlace } from './decode/encoded.ts';
import { looksFurther, MARKS } from './decode/marks.ts';
import { Judge } from './judge.ts';
import { areSettled, HitMerger, linesOf, NO_HITS, NONE_PLACED, placedHits, spanAt, within, withEnds, type PlacedHits } from './line-hits.ts';
import { isAboutBelow, matchAssignment, matchBlock, matchPattern, matchToken, matchUri, matchWhole } from './matchers.ts';
import { planFor, TARGET_WORDS } from './plan.ts';
import { forgetAsked, looksFurther as usageLooksFurther, matchUsage } from './usage.ts';

/** A content that is one value may have a line end, a byte order mark or a blank more. */
const BLANKS_AROUND = 8;

export interface DetectOptions {
  readonly selfIdentifyingOnly?: boolean;
  /** Whether a rule about files has nothing to say of this one, where it is known which one it is. */
  readonly isOtherFile?: (rule: Rule) => boolean;
  /** Whether `wideAt` is asked for afterwards. */
  readonly mayBeWide?: boolean;
  /** Told what a filter took away. */
  readonly dropped?: (drop: Dropped) => void;
  /** Told of a rule that took too long and left the rest of the content. */
  readonly timedOut?: (rule: Rule) => void;
}

/** What the last content was found to hold, beside its hits. */
interface Looked {
  /** Those that hold a candidate, ascending. */
  readonly lines: readonly Span[];
  /** Regions of rules that need context in which nothing was found, ascending. */
  readonly barren: ReadonlyMap<CompiledRule, readonly Span[]>;
  /** Ends of hits that gave nothing for now: what stands on other lines decides. */
  readonly waiting: ReadonlySet<number>;
  readonly timedOut: boolean;
}

/** Of one in which there was nothing to look at. */
const NOT_LOOKED: Looked = { lines: [], barren: new Map(), waiting: new Set(), timedOut: false };

/** Whether contents with some of a content's lines must be told of a hit of a check. */
const LASTS = { unknown: 0, always: 1, withCandidate: 2, waiting: 3 } as const;

/** What leads to a value, such as `://user:`, may be all of it that is encoded. Bytes. */
const LEADING = 64;
const NO_PLACES: readonly number[] = [];
/** How often what was decoded is decoded again. */
const DEEPEST = 4;

export class Detector {
  readonly #set: RuleSet;
  /** Made when a rule is first woken: most never are. */
  readonly #compiled: CompiledRule[] = [];
  /** See `Plan.targets`. */
  readonly #targets: Int32Array;
  /** Rules of users: only they can take too long. */
  readonly #stoppable: readonly CompiledRule[];
  /** Rules about contents that hold one value and nothing else, and the shortest and the longest of those, in bytes. */
  readonly #wholes: readonly CompiledRule[];
  readonly #shortestWhole: number;
  readonly #longestWhole: number;
  /** What stands for a run of encoded text among the checks: none of them. */
  readonly #runCheck: number;
  #sawComment = false;
  #wideAt = 0;
  readonly prefilter: Prefilter;
  /** Whether what the prefilter says of a line depends on that line alone. */
  readonly #byLine: boolean;
  readonly #merger = new HitMerger();
  readonly #judge: Judge;
  #nameless = new NamelessValues();
  #lone = new LoneAnchors();
  /** By check, see `LASTS`; told at the first question, since that reads the rule. */
  readonly #lasts: Uint8Array;
  /** Hits of the last content that `detectChanged` looked at, its bytes, and what came of it. */
  #hits: PlacedHits = NONE_PLACED;
  #bytes: Buffer = Buffer.alloc(0);
  #last: Looked = NOT_LOOKED;
  #kept = new Int32Array(256);
  #sieve: LineSieve | undefined;
  #matchedBytes = 0;
  /** Hits of new lines of a content that `detectChanged` comes next with. */
  #fresh: PlacedHits = NONE_PLACED;
  #isSifted = false;
  /** Whether the hits of such a content are there already. */
  #isMerged = false;
  /** Bytes of the last content that `detectChanged` or `knownUnlooked` was asked about. */
  #size = 0;

  constructor(set: RuleSet) {
    this.#set = set;
    const { image, targets, byLine, wholes, stoppable } = planFor(set);
    this.#targets = targets;
    this.#byLine = byLine;
    this.#runCheck = targets.length / TARGET_WORDS;
    this.#lasts = new Uint8Array(this.#runCheck + 1);
    this.#stoppable = stoppable.map((index) => this.#rule(index));
    this.#wholes = wholes.map((index) => this.#rule(index));
    const values = this.#wholes.flatMap(({ rule }) => (rule.matcher.kind === 'whole' ? rule.matcher.value : []));
    this.#shortestWhole = Math.min(...values.map(({ run }) => run.min));
    this.#longestWhole = Math.max(0, ...values.map(({ maxLength }) => maxLength));
    this.#judge = new Judge(set.samples);
    this.prefilter = createPrefilter(image);
  }

  #rule(index: number): CompiledRule {
    this.#compiled[index] ??= new CompiledRule(ruleAt(this.#set, index));
    return this.#compiled[index];
  }

  /**
   * All candidates in `bytes`, in no order and overlapping; see `resolveOverlaps`. `selfIdentifyingOnly` leaves out rules
   * that need context, for text that has none.
   */
  detect(bytes: Uint8Array, options: DetectOptions = {}): Candidate[] {
    this.#isSifted = false;
    this.#isMerged = false;
    this.#last = NOT_LOOKED;
    this.#sawComment = false;
    const found = this.#scan(bytes, true, options.mayBeWide);
    const isShort = this.#isShort(bytes, options);
    return found.length > 0 || isShort ? this.#lookAt(found, bytes, isShort, options) : [];
  }

  /**
   * The same of a content of which only some lines are new: the others hold what `change.base` knows of them. New lines
   * that were seen before, in whatever content, and held nothing are left out.
   */
  detectChanged(bytes: Uint8Array, change: LineChange, options: DetectOptions = {}): Candidate[] {
    const sifted = this.#isSifted ? this.#fresh : this.#sift(change.lines);
    this.#last = NOT_LOOKED;
    this.#sawComment = false;
    if (!this.#isMerged) this.#hits = this.#merge(sifted, change, bytes.length);
    this.#size = bytes.length;
    this.#isSifted = false;
    this.#isMerged = false;
    const isShort = this.#isShort(bytes, options);
    let candidates: Candidate[] = [];
    if (isShort || !areSettled(this.#hits)) {
      this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      candidates = this.#lookAt(this.#hits, bytes, isShort, options);
    }
    if (!this.#last.timedOut) this.#sieve?.learn(this.#heldAt());
    return candidates;
  }

  /**
   * Of a content in which `detectChanged` would not even look at anything, since its new lines have no hits, and those of
   * the others are known to give nothing: what `known` would tell then. Undefined when there may be something; then
   * `detectChanged` must follow with the same content, and goes on from here.
   * @param isBase whether what is known of it will be asked; else the answer is anything
   * @param runs gives those of `LineChange`; left out where nothing but lines is known, and `base` has hits
   */
  knownUnlooked(size: number, lines: Uint8Array, base: KnownHits, isBase: boolean, runs?: () => Int32Array): KnownHits | undefined {
    this.#isSifted = false;
    this.#isMerged = false;
    const hasHits = base.pairs.length > 0;
    if (!this.#byLine || size <= this.#longestWhole + BLANKS_AROUND || (hasHits && runs === undefined) || lines.includes(0)) return undefined;
    if (!hasHits && lines.length === 0) {
      this.#matchedBytes = 0;
      return this.#unlooked(NONE_PLACED, size, isBase);
    }
    const fresh = this.#sift(lines);
    this.#isSifted = true;
    this.#fresh = fresh;
    if (hasHits) {
      this.#hits = this.#merge(fresh, { base, runs: runs!(), lines }, size);
      this.#isMerged = true;
      if (!areSettled(this.#hits)) return undefined;
    } else {
      if (fresh.length > 0) return undefined;
      this.#hits = fresh;
    }
    this.#sieve?.learn(NO_PLACES);
    return this.#unlooked(this.#hits, size, isBase);
  }

  #unlooked(hits: PlacedHits, size: number, isBase: boolean): KnownHits | undefined {
    this.#isSifted = false;
    this.#isMerged = false;
    this.#last = NOT_LOOKED;
    this.#hits = hits;
    this.#size = size;
    return isBase ? this.known() : NO_HITS;
  }

  #merge(fresh: PlacedHits, change: LineChange, size: number): PlacedHits {
    return this.#merger.merge(fresh, change, size, fresh.length === 0 ? undefined : this.#sieve?.skips());
  }

  /** Takes what may have sifted lines before they come; false when more than lines decides, so that none may be left out. */
  useSieve(sieve: LineSieve): boolean {
    if (this.#byLine) this.#sieve = sieve;
    return this.#byLine;
  }

  /** Lets it go, with the memory that it lies in, as do the contents that were looked at. */
  dropSieve(): void {
    this.#sieve = undefined;
    this.#bytes = Buffer.alloc(0);
    this.#lone = new LoneAnchors();
    this.#nameless = new NamelessValues();
    this.#compiled.forEach((compiled) => compiled.forget());
    forgetAsked();
  }

  /** Hits of those of some lines that may hold something. */
  #sift(lines: Uint8Array): PlacedHits {
    if (this.#byLine) this.#sieve ??= createLineSieve();
    const left = this.#sieve?.sift(lines) ?? lines;
    this.#matchedBytes = left.length;
    return left.length === 0 ? NONE_PLACED : this.#scan(left, false);
  }

  /** Bytes that `detectChanged` looked at in the last content. */
  get matchedBytes(): number {
    return this.#matchedBytes;
  }

  /** Where the last content that `detect` was told `mayBeWide` of holds wide text; see `Prefilter.findWideText`. */
  get wideAt(): number {
    return this.#wideAt;
  }

  /** Whether the last content may hold an ignore comment of ours. */
  get sawComment(): boolean {
    return this.#sawComment;
  }

  /**
   * Offsets at which lines of a text may hold something for rules that need no context, ascending: where there is none
   * `detect` finds nothing in any of its parts that are whole lines. Undefined where more than its line decides about a hit.
   */
  placesIn(text: Uint8Array): readonly number[] | undefined {
    if (!this.#byLine) return undefined;
    const { pairs, length } = this.#scan(text, false);
    const places: number[] = [];
    for (let pair = 0; pair < length; pair += 2) {
      const check = pairs[pair + 1]!;
      const index = check === this.#runCheck ? ENCODED : this.#targets[check * TARGET_WORDS]!;
      const isMark = index === ENCODED || this.#isSplit(check);
      if (isMark || (index >= 0 && this.#rule(index).rule.selfIdentifying)) places.push(pairs[pair]!);
    }
    return places.toSorted((a, b) => a - b);
  }

  /** Hits of the rules' literals, of marks of encoded text and of runs of it. */
  #scan(given: Uint8Array, isWhole: boolean, mayBeWide = false): PlacedHits {
    const hits = this.prefilter.scan(given, isWhole, mayBeWide);
    if (mayBeWide) this.#wideAt = hits.wide;
    let at = hits.encoded;
    if (at === given.length) return placedHits(hits.pairs, hits.length);
    const bytes = this.prefilter.placed(given);
    const runs: number[] = [];
    for (; at < bytes.length; at = this.prefilter.findEncoded(bytes, runEnd(bytes, at))) runs.push(at + 1, this.#runCheck);
    const pairs = new Int32Array(hits.length + runs.length);
    pairs.set(hits.pairs.subarray(0, hits.length));
    pairs.set(runs, hits.length);
    return placedHits(pairs, pairs.length);
  }

  /** Whether rules about whole contents look at it. */
  #isShort({ length }: Uint8Array, { selfIdentifyingOnly }: DetectOptions): boolean {
    return length >= this.#shortestWhole && length <= this.#longestWhole + BLANKS_AROUND && selfIdentifyingOnly !== true;
  }

  #lookAt(found: PlacedHits, bytes: Uint8Array, short: boolean, options: DetectOptions): Candidate[] {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const candidates: Candidate[] = [];
    const report = (hit: Hit): void => {
      const judged = this.#judge.candidate(hit, buffer, options.dropped);
      if (judged !== undefined) candidates.push(judged);
    };
    const { anchors, marks, waiting } = this.#match(found, buffer, options, report);
    const barren = new Map<CompiledRule, readonly Span[]>();
    for (const [compiled, spans] of anchors) {
      const regions = contextRegions(compiled, buffer, spans).filter((region) => {
        const before = candidates.length;
        matchContext(compiled, buffer, region, report);
        return candidates.length === before;
      });
      barren.set(compiled, regions);
    }
    if (short) for (const compiled of this.#wholes) matchWhole(compiled, buffer, report);
    append(candidates, this.#insideOf(buffer, marks, options, DEEPEST));
    let timedOut = false;
    for (const compiled of this.#stoppable) {
      if (!compiled.gaveUp(buffer)) continue;
      timedOut = true;
      options.timedOut?.(compiled.rule);
    }
    const lines =
      candidates.length === 0
        ? []
        : linesOf(
            buffer,
            candidates.map(({ span }) => span),
          );
    this.#last = { lines, barren, waiting, timedOut };
    return candidates;
  }

  /** Candidates in what a content encodes at some places, and in what that encodes in turn. */
  #insideOf(bytes: Buffer, marks: readonly MarkPlace[], options: DetectOptions, depth: number): Candidate[] {
    const segments = marks.length === 0 ? [] : segmentsOf(bytes, marks);
    if (segments.length === 0) return [];
    const decoded = new DecodedText(bytes, segments);
    const text = decoded.bytes;
    const source = (span: Span): Span => decoded.source(span);
    const dropped = options.dropped === undefined ? undefined : (drop: Dropped): void => options.dropped?.({ ...drop, span: source(drop.span) });
    const candidates: Candidate[] = [];
    let part = { start: 0, end: 0, bytes: text.subarray(0, 0) };
    const report = (hit: Hit): void => {
      const segment = decoded.segmentOf(hit, LEADING);
      if (segment === undefined || !mayStandInside(hit.rule, segment)) return;
      const judged = this.#judge.candidate(hit, text, dropped);
      if (judged === undefined) return;
      const span = source(judged.span);
      if (decoded.isCut(judged.span)) return;
      const isBetter = segment.isReadBetter || bytes.toString('latin1', span.start, span.end) !== judged.secret.reveal();
      const evidence = [...judged.evidence, `inside ${segment.label}`];
      // Segments of lines that are known already are not in the text: what one shows must not depend on the others.
      if (judged.span.start < part.start || judged.span.start >= part.end) {
        const { start, end } = decoded.segmentAround(judged.span.start);
        part = { start, end, bytes: text.subarray(start, end) };
      }
      const at = part.start;
      const shifted = { start: judged.span.start - at, end: judged.span.end - at };
      const place = (inner: Span): Span => source({ start: inner.start + at, end: inner.end + at });
      candidates.push({ ...judged, span, evidence, inside: { bytes: part.bytes, span: shifted, source: place, isBetter } });
    };
    const { anchors, marks: inner } = this.#match(this.#scan(text, true), text, options, report);
    for (const [compiled, spans] of anchors) for (const region of contextRegions(compiled, text, spans)) matchContext(compiled, text, region, report);
    const nested =
      depth === 1
        ? []
        : this.#insideOf(
            text,
            inner.filter((mark) => decoded.segmentOf(mark) !== undefined),
            { ...options, ...(dropped === undefined ? {} : { dropped }) },
            depth - 1,
          );
    // What is found asks on where it comes from.
    if (candidates.length + nested.length === 0) decoded.release();
    for (const candidate of nested) {
      const { inside } = candidate;
      const segment = decoded.segmentOf(candidate.span);
      if (inside === undefined || segment === undefined || !mayStandInside(candidate.rule, segment)) continue;
      const evidence = [...candidate.evidence, `inside ${segment.label}`];
      candidates.push({ ...candidate, evidence, span: source(candidate.span), inside: { ...inside, source: (span) => source(inside.source(span)) } });
    }
    return candidates;
  }

  /**
   * The hits of the last content that `detectChanged` looked at that a content with some of its lines must be told of:
   * anchors of rules that look further than a line, and all of lines with a candidate. Any other hit gave nothing and
   * would give nothing there. Undefined when a rule did not get to the end. Only until the next call.
   */
  known(): KnownHits | undefined {
    const { lines, timedOut } = this.#last;
    if (!this.#byLine || timedOut) return undefined;
    const { pairs, length, settled } = this.#hits;
    if (this.#kept.length < length) this.#kept = new Int32Array(2 * length);
    let count = 0;
    for (let pair = 0; pair < length; pair += 2) {
      // What is settled here may give something where other bytes decide.
      const isSettled = settled !== undefined && settled[pair + 1] !== 0;
      if (isSettled || this.#mayGive(lines, pairs[pair]!, pairs[pair + 1]!)) this.#kept[count++] = pair;
    }
    if (count === 0) return NO_HITS;
    const known = { pairs: new Int32Array(count * 2), settled: new Int32Array(count * 2), size: this.#size };
    const deciding = new Map<Span, Span | undefined>();
    for (let index = 0; index < count; index++) {
      const pair = this.#kept[index]!;
      const end = pairs[pair]!;
      const check = pairs[pair + 1]!;
      known.pairs[2 * index] = end;
      known.pairs[2 * index + 1] = check;
      if (settled !== undefined && settled[pair + 1] !== 0) {
        known.settled[2 * index] = settled[pair]!;
        known.settled[2 * index + 1] = settled[pair + 1]!;
        continue;
      }
      const span = this.#settledBy(end, check, deciding);
      if (span === undefined) continue;
      known.settled[2 * index] = span.start;
      known.settled[2 * index + 1] = span.end;
    }
    return known;
  }

  /**
   * The bytes in which a hit gives nothing, whatever lies beyond them; see `withEnds`.
   * @param deciding what was told of regions before
   */
  #settledBy(end: number, check: number, deciding: Map<Span, Span | undefined>): Span | undefined {
    const rule = check === this.#runCheck ? ENCODED : this.#targets[check * TARGET_WORDS]!;
    const compiled = rule < 0 ? undefined : this.#compiled[rule];
    if (compiled === undefined) return undefined;
    const { barren, waiting, lines } = this.#last;
    if (this.#lasts[check] === LASTS.waiting) {
      if (!waiting.has(end) || within(lines, end)) return undefined;
      const own = decidedBy(compiled.rule, this.#bytes, { start: end - this.#targets[check * TARGET_WORDS + 2]!, end });
      return own && withEnds(own, this.#bytes.length);
    }
    const regions = barren.get(compiled);
    const region = regions === undefined ? undefined : spanAt(regions, end);
    if (region === undefined) return undefined;
    if (deciding.has(region)) return deciding.get(region);
    const span = decidedBy(compiled.rule, this.#bytes, region);
    const settled = span && withEnds(span, this.#bytes.length);
    deciding.set(region, settled);
    return settled;
  }

  /** Whether a hit may give something in another content with its line: an anchor may, and any in a line with a candidate. */
  #mayGive(lines: readonly Span[], end: number, check: number): boolean {
    if (this.#lasts[check] === LASTS.unknown) this.#lasts[check] = this.#lasting(check);
    return (
      this.#lasts[check] === LASTS.always ||
      (this.#lasts[check] === LASTS.waiting && this.#last.waiting.has(end)) ||
      (lines.length > 0 && within(lines, end))
    );
  }

  #lasting(check: number): number {
    const [index = NO_RULE, form] = this.#targets.subarray(check * TARGET_WORDS);
    const rule = index < 0 ? undefined : ruleAt(this.#set, index);
    const matcher = rule?.matcher;
    if (matcher?.kind === 'credential' && form === NAMED_ELSEWHERE) return LASTS.waiting;
    if (matcher?.kind === 'usage' && usageLooksFurther(matcher.sink)) return LASTS.waiting;
    if (matcher?.kind === 'pattern' && isAboutBelow(matcher)) return LASTS.waiting;
    const scope = rule?.scope;
    return this.#looksFurther(check) || scope === 'near' || scope === 'block' ? LASTS.always : LASTS.withCandidate;
  }

  /** Where in the lines that were looked at last there is something. */
  #heldAt(): readonly number[] {
    const { pairs, length, seenAt } = this.#hits;
    const { lines } = this.#last;
    if (length === 0) return NO_PLACES;
    const held: number[] = [];
    for (let pair = 0; pair < length; pair += 2) {
      const place = seenAt?.[pair >> 1] ?? 0;
      if (place > 0 && this.#mayGive(lines, pairs[pair]!, pairs[pair + 1]!)) held.push(place);
    }
    return held;
  }

  #markOf(check: number): MarkPlace['means'] {
    if (check === this.#runCheck) return 'run';
    const form = this.#targets[check * TARGET_WORDS + 1]!;
    return this.#isSplit(check) ? 'split' : (MARKS[form]?.means ?? 'run');
  }

  /** Whether it is the mark of a key that may go on in another string: a rule's own, so that it is off where the rule is. */
  #isSplit(check: number): boolean {
    return check !== this.#runCheck && this.#targets[check * TARGET_WORDS]! >= 0 && this.#targets[check * TARGET_WORDS + 1] === SPLIT;
  }

  /** Whether it is the mark of encoded text that more than its line decides about. */
  #looksFurther(check: number): boolean {
    const isMark = check === this.#runCheck || this.#targets[check * TARGET_WORDS] === ENCODED || this.#isSplit(check);
    return isMark && looksFurther(this.#markOf(check));
  }

  /**
   * Runs the rules that need no context; gives the anchors of those that do, as far as they are not known to give nothing,
   * where something may be encoded, and ends of hits that wait for other lines; see `Looked.waiting`.
   */
  #match(
    { pairs, length, settled }: PlacedHits,
    bytes: Buffer,
    options: DetectOptions,
    report: (hit: Hit) => void,
  ): { anchors: Map<CompiledRule, Span[]>; marks: MarkPlace[]; waiting: Set<number> } {
    const marks: MarkPlace[] = [];
    const waiting = new Set<number>();
    const anchors = new Map<CompiledRule, Span[]>();
    // A file may hold thousands of names, all for one rule that has nothing to say of it.
    let aboutOthers: CompiledRule | undefined;
    for (let pair = 0; pair < length; pair += 2) {
      if (settled !== undefined && settled[pair + 1] !== 0) continue;
      const end = pairs[pair]!;
      const check = pairs[pair + 1]!;
      const index = check === this.#runCheck ? ENCODED : this.#targets[check * TARGET_WORDS]!;
      if (index === ENCODED || this.#isSplit(check)) {
        marks.push({ start: end - (check === this.#runCheck ? 1 : this.#targets[check * TARGET_WORDS + 2]!), end, means: this.#markOf(check) });
        continue;
      }
      if (index === OFF) continue;
      if (index === NO_RULE) {
        this.#sawComment = true;
        continue;
      }
      const compiled = this.#rule(index);
      if (options.selfIdentifyingOnly === true && !compiled.selfIdentifying) continue;
      if (compiled === aboutOthers) continue;
      if (compiled.kind === 'file' && options.isOtherFile?.(compiled.rule) === true) {
        aboutOthers = compiled;
        continue;
      }
      const at: Span = { start: end - this.#targets[check * TARGET_WORDS + 2]!, end };
      if (compiled.kind === 'context') {
        // Of a whole content the prefilter has left them out.
        const lone = settled === undefined ? undefined : this.#lone.decidedBy(compiled, bytes, at);
        if (lone !== undefined) {
          settle(settled!, pair, withEnds(lone, bytes.length));
          continue;
        }
        const spans = anchors.get(compiled);
        if (spans === undefined) anchors.set(compiled, [at]);
        else spans.push(at);
        continue;
      }
      const form = this.#targets[check * TARGET_WORDS + 1]!;
      if (settled !== undefined && compiled.kind === 'credential' && form === NAMED_ELSEWHERE) {
        const nameless = this.#nameless.decidedBy(compiled, bytes, at);
        if (nameless !== undefined) {
          waiting.add(end);
          settle(settled, pair, withEnds(nameless, bytes.length));
          continue;
        }
      }
      const waits = matchAt(compiled, form, bytes, at, report);
      if (waits !== false) waiting.add(end);
      if (typeof waits === 'object' && settled !== undefined) settle(settled, pair, withEnds(waits, bytes.length));
    }
    return { anchors, marks, waiting };
  }
}

function settle(settled: Int32Array, pair: number, { start, end }: Span): void {
  settled[pair] = start;
  settled[pair + 1] = end;
}

/**
 * @returns whether what stands on other lines decides as well, or the bytes that decide that nothing is found; of rules whose
 *   hits are told always it does not matter
 */
function matchAt(compiled: CompiledRule, form: number, bytes: Buffer, at: Span, report: (hit: Hit) => void): boolean | Span {
  switch (compiled.kind) {
    case 'credential':
      return matchCredential(compiled, form === NAMED_ELSEWHERE, bytes, at, report);
    case 'usage':
      return matchUsage(compiled, bytes, at, report);
    case 'token':
      matchToken(compiled, form, bytes, at, report);
      return false;
    case 'pattern':
      return matchPattern(compiled, bytes, at, report);
    case 'block':
      matchBlock(compiled, bytes, at, report);
      return false;
    case 'uri':
      matchUri(compiled, bytes, at, report);
      return false;
    case 'assignment':
    case 'file':
      matchAssignment(compiled, bytes, at, report);
      return false;
    case 'context':
    case 'member':
    case 'whole':
    case 'finding':
      return false;
  }
}

/** Rules about whole files and code are about what stands there; a value that only its name makes a secret needs more than a text that was decoded. */
function mayStandInside(rule: Rule, segment: Segment): boolean {
  const { kind } = rule.matcher;
  if (isTextCheck(rule) || kind === 'file') return false;
  return segment.isTrusted || (genericKind(rule.matcher) === undefined && kind !== 'assignment');
}
