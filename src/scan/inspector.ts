/** Looks at one content from end to end: encodings, detection, classification. What every source and test goes through. */
import { Classifier } from '../classify/classify.ts';
import { byPlace, Detector } from '../detect/detector.ts';
import { viewsOf, type Encoding } from '../detect/encodings.ts';
import { Locator } from '../detect/locate.ts';
import type { Dropped, Sighting } from '../model/finding.ts';
import type { Rule, RuleSet } from '../model/rule.ts';

export interface InspectOptions {
  /** Text without context, such as a commit message: only rules whose shape says all. */
  readonly selfIdentifyingOnly?: boolean;
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
  #lastWasPlain = true;
  #memory: Buffer = Buffer.alloc(0);

  constructor(set: RuleSet) {
    this.set = set;
    this.#detector = new Detector(set);
    this.#classifier = new Classifier(set);
  }

  /** Memory to read a content into, so that it need not be copied; see `Prefilter.reserve`. */
  reserve(size: number): Buffer {
    // Kept between calls: three new views for each of 50,000 files are work for the collector. One that was cut off is empty.
    if (this.#memory.length < size) {
      const bytes = this.#detector.prefilter.reserve(Math.max(size, LEAST_MEMORY));
      this.#memory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#memory.subarray(0, size);
  }

  /**
   * Whether lines, taken from any content, hold nothing that could ever be found: no candidate, no anchor of a rule
   * that looks further, no NUL that would make the content one of wide characters.
   */
  isPlain(lines: Uint8Array): boolean {
    if (lines.includes(0)) return false;
    return this.#detector.detect(lines).length === 0 && !this.#detector.opened;
  }

  /** Whether the last inspected content was plain in the same sense. */
  get lastWasPlain(): boolean {
    return this.#lastWasPlain;
  }

  /** All sightings in a content, sorted by place; spans are raw byte offsets. */
  inspect(given: Uint8Array, options: InspectOptions = {}): Sighting[] {
    const bytes = this.#detector.prefilter.adopt(given);
    const views = viewsOf(bytes, this.#detector.prefilter, options.encoding);
    const sightings: Sighting[] = [];
    this.#lastWasPlain = !bytes.includes(0);
    for (const view of views) {
      const candidates = this.#detector.detect(view.bytes, options);
      if (candidates.length > 0 || this.#detector.opened) this.#lastWasPlain = false;
      if (candidates.length === 0) continue;
      const locator = new Locator(view.bytes, options.line, options.column);
      for (const sighting of this.#classifier.classify(candidates, view.bytes, locator, options.dropped)) {
        const span = { start: view.raw(sighting.span.start), end: view.raw(sighting.span.end) };
        const shifted = views.length > 1 && view !== views[0];
        sightings.push({ ...sighting, span, range: shifted ? rawRange(bytes, span, options) : sighting.range });
      }
    }
    return views.length > 1 ? sightings.toSorted(byPlace) : sightings;
  }
}

/** A string inside a binary content has the raw content's lines. */
function rawRange(bytes: Uint8Array, span: { start: number; end: number }, options: InspectOptions): Sighting['range'] {
  return new Locator(bytes, options.line, options.column).range(span);
}
