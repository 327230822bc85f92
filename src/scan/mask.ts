/** Keeps secrets out of text that is not theirs: paths, names, authors, git's complaints. */
import type { Span } from '../model/origin.ts';
import type { Inspector } from './inspector.ts';

/** A shorter secret is a common word; masking it would tell more than it hides. */
const SHORTEST = 8;
const MASK = '****';

export class Mask {
  readonly #inspector: Inspector;
  /** Secrets by their first characters, the longest first: of those that begin at one place it hides the others too. */
  readonly #secrets = new Map<string, string[]>();
  readonly #known = new Map<string, string>();

  /** `secrets` are those of the findings: they are masked wherever they turn up again. */
  constructor(inspector: Inspector, secrets: Iterable<string>) {
    this.#inspector = inspector;
    for (const secret of new Set(secrets)) {
      if (secret.length < SHORTEST) continue;
      const start = secret.slice(0, SHORTEST);
      const same = this.#secrets.get(start);
      if (same === undefined) this.#secrets.set(start, [secret]);
      else same.push(secret);
    }
    for (const same of this.#secrets.values()) same.sort((a, b) => b.length - a.length);
  }

  /** The text with every known secret, and everything that is one by its shape alone, masked. */
  apply(text: string): string {
    if (text.length < SHORTEST) return text;
    let masked = this.#known.get(text);
    if (masked === undefined) {
      masked = this.#withoutShapes(this.#withoutSecrets(text));
      this.#known.set(text, masked);
    }
    return masked;
  }

  #withoutSecrets(text: string): string {
    if (this.#secrets.size === 0) return text;
    const spans: Span[] = [];
    for (let start = 0; start + SHORTEST <= text.length; start++) {
      const secret = this.#secrets.get(text.slice(start, start + SHORTEST))?.find((one) => text.startsWith(one, start));
      if (secret !== undefined) spans.push({ start, end: start + secret.length });
    }
    return without(spans, (from, to) => text.slice(from, to));
  }

  #withoutShapes(text: string): string {
    const bytes = Buffer.from(text);
    const sightings = this.#inspector.inspect(bytes, { selfIdentifyingOnly: true });
    return sightings.length === 0
      ? text
      : without(
          sightings.map(({ span }) => span),
          (from, to) => bytes.toString('utf8', from, to),
        );
  }
}

/** A text with a mask for each of its spans, which are in order; of two that overlap the mask hides both. */
function without(spans: readonly Span[], slice: (from: number, to?: number) => string): string {
  let result = '';
  let end = 0;
  for (const span of spans) {
    if (span.start >= end) result += slice(end, span.start) + MASK;
    end = Math.max(end, span.end);
  }
  return result + slice(end);
}
