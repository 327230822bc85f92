/** Looks at one content from end to end: encodings, detection, classification. What every source and test goes through. */
import { Classifier } from '../classify/classify.ts';
import { forgetReadLines } from '../classify/sections.ts';
import { Detector } from '../detect/detector.ts';
import { isPlain, wholeView, wideViews, type Encoding, type View } from '../detect/encodings.ts';
import { allNew, NO_HITS } from '../detect/line-hits.ts';
import { Locator } from '../detect/locate.ts';
import { byPlace } from '../detect/overlaps.ts';
import type { LineSieve } from '../kernel/line-sieve.ts';
import type { Candidate, Dropped, Sighting } from '../model/finding.ts';
import type { Rule, RuleSet } from '../model/rule.ts';
import type { KnownHits, LineChange } from '../model/source.ts';
import { covering, inlineComments, mayHoldComments } from '../policy/inline.ts';

export interface InspectOptions {
  /** Text without context, such as a commit message: only rules whose shape says all. */
  readonly selfIdentifyingOnly?: boolean;
  /** Whether a rule has nothing to say of this file, where it is known which one it is. */
  readonly isOtherFile?: (rule: Rule) => boolean;
  readonly dropped?: (drop: Dropped) => void;
  /** A user's rule took too long and left the rest of the content. */
  readonly timedOut?: (rule: Rule) => void;
  /** Line and column of the first byte, for a window of a larger content. */
  readonly line?: number;
  readonly column?: number;
  /** The content's encoding, for a window that does not begin it. */
  readonly encoding?: Encoding | undefined;
}

const LEAST_MEMORY = 1_048_576;

export class Inspector {
  readonly set: RuleSet;
  readonly #detector: Detector;
  readonly #classifier: Classifier;
  #sawComment = false;
  #memory: Buffer = Buffer.alloc(0);

  constructor(set: RuleSet) {
    this.set = set;
    this.#detector = new Detector(set);
    this.#classifier = new Classifier(set);
  }

  /** Memory to read a content into, so that it need not be copied; see `Prefilter.reserve`. */
  reserve(size: number): Buffer {
    // Kept between calls: three new views for each of 50,000 files are work for the collector. One that was cut off is empty.
    if (this.#memory.length < size) this.#memory = this.#detector.prefilter.reserve(Math.max(size, LEAST_MEMORY));
    return this.#memory.subarray(0, size);
  }

  /** How many lines end in some bytes. */
  lineFeeds(bytes: Uint8Array): number {
    return this.#detector.prefilter.lineFeeds(bytes);
  }

  /** How many columns some bytes are wide. */
  columns(bytes: Uint8Array): number {
    return this.#detector.prefilter.characters(bytes);
  }

  /** See `Detector.useSieve`. */
  useSieve(sieve: LineSieve): boolean {
    return this.#detector.useSieve(sieve);
  }

  /** See `Detector.dropSieve`. */
  dropSieve(): void {
    this.#detector.dropSieve();
    forgetReadLines();
  }

  /**
   * Of a content that nothing is in, what `known` would give; undefined when there may be something, and it is to be inspected.
   * @param lines and `base` see `LineChange`; the whole content when there is no base
   */
  plainLines(size: number, lines: Uint8Array, base: KnownHits = NO_HITS, isBase = true, runs?: () => Int32Array): KnownHits | undefined {
    return this.#detector.knownUnlooked(size, lines, base, isBase, runs);
  }

  /**
   * The same as `inspect`, of a content that may be made from the lines of another one.
   * @param change undefined when nothing is known of how it was made
   * @returns undefined when it must be inspected as a whole, since it is not text of one byte a character
   */
  inspectLines(bytes: Uint8Array, change: LineChange = allNew(bytes), options: InspectOptions = {}): Sighting[] | undefined {
    if (change.lines.includes(0)) return undefined;
    const candidates = this.#detector.detectChanged(bytes, change, options);
    return candidates.length === 0 ? [] : this.#classified(candidates, bytes, options);
  }

  /** What the last content that `inspectLines` looked at lets one know of contents made from its lines; see `Sink.blob`. */
  known(): KnownHits | undefined {
    return this.#detector.known();
  }

  /** Bytes of it that were looked at. */
  get matchedBytes(): number {
    return this.#detector.matchedBytes;
  }

  /** See `Detector.placesIn`. */
  placesIn(text: Uint8Array): readonly number[] | undefined {
    return this.#detector.placesIn(text);
  }

  /** Whether the last content that `inspect` looked at may hold an ignore comment of ours. */
  get sawComment(): boolean {
    return this.#sawComment;
  }

  /** All sightings in a content, sorted by place; spans are raw byte offsets. */
  inspect(given: Uint8Array, options: InspectOptions = {}): Sighting[] {
    const bytes = this.#detector.prefilter.adopt(given);
    this.#sawComment = false;
    return isPlain(bytes, options.encoding) ? this.#look(bytes, options) : this.#inspectViews(bytes, options);
  }

  #inspectViews(bytes: Uint8Array, options: InspectOptions): Sighting[] {
    const { prefilter } = this.#detector;
    const whole = wholeView(bytes, options.encoding);
    const isDecoded = whole.bytes !== bytes;
    const inWhole = this.#look(whole.bytes, isDecoded ? options : { ...options, mayBeWide: true });
    if (isDecoded) return inWhole.map((sighting) => ({ ...sighting, span: rawSpan(sighting.span, whole) }));
    const views = wideViews(bytes, this.#detector.wideAt, prefilter);
    const inViews = views.flatMap((view) =>
      this.#look(view.bytes, options).map((sighting): Sighting => {
        const span = rawSpan(sighting.span, view);
        return { ...sighting, span, range: rawRange(bytes, span, options) };
      }),
    );
    return inViews.length === 0 ? inWhole : [...inWhole, ...inViews].toSorted(byPlace);
  }

  #look(bytes: Uint8Array, options: InspectOptions & { readonly mayBeWide?: boolean }): Sighting[] {
    const candidates = this.#detector.detect(bytes, options);
    this.#sawComment ||= this.#detector.sawComment;
    return candidates.length === 0 ? [] : this.#classified(candidates, bytes, options);
  }

  #classified(candidates: Candidate[], bytes: Uint8Array, { line, column, isOtherFile, dropped }: InspectOptions): Sighting[] {
    const heard = isOtherFile === undefined ? candidates : candidates.filter(({ rule }) => !isOtherFile(rule));
    const locator = new Locator(bytes, line, column);
    return commented(this.#classifier.classify(heard, bytes, locator, isOtherFile !== undefined, dropped), bytes, line);
  }
}

/**
 * Sightings with the ignore comments that cover them. Comments are as near as the window that a content is looked at
 * in: a block in another window is not seen.
 */
function commented(sightings: Sighting[], bytes: Uint8Array, firstLine: number | undefined): Sighting[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (sightings.length === 0 || !mayHoldComments(buffer)) return sightings;
  const comments = inlineComments(buffer.toString('latin1'), firstLine);
  return sightings.map((sighting) => {
    const near = covering(comments, sighting.range.startLine, sighting.range.endLine);
    return near.length === 0 ? sighting : { ...sighting, comments: near };
  });
}

function rawSpan({ start, end }: Sighting['span'], view: View): Sighting['span'] {
  return { start: view.raw(start), end: view.raw(end) };
}

/** A string inside a binary content has the raw content's lines. */
function rawRange(bytes: Uint8Array, span: { start: number; end: number }, options: InspectOptions): Sighting['range'] {
  return new Locator(bytes, options.line, options.column).range(span);
}
