/** Keeps secrets out of text that is not theirs: paths, names, authors, git's complaints. */
import type { Inspector } from './inspector.ts';

/** A shorter secret is a common word; masking it would tell more than it hides. */
const SHORTEST = 8;
const MASK = '****';

export class Mask {
  readonly #inspector: Inspector;
  readonly #byLength = new Map<number, Set<string>>();
  readonly #known = new Map<string, string>();

  /** `secrets` are those of the findings: they are masked wherever they turn up again. */
  constructor(inspector: Inspector, secrets: Iterable<string>) {
    this.#inspector = inspector;
    for (const secret of secrets) {
      if (secret.length < SHORTEST) continue;
      const set = this.#byLength.get(secret.length) ?? new Set();
      set.add(secret);
      this.#byLength.set(secret.length, set);
    }
  }

  /** The text with every known secret, and everything that is one by its shape alone, masked. */
  apply(text: string): string {
    if (text.length < SHORTEST) return text;
    let masked = this.#known.get(text);
    if (masked === undefined) {
      masked = this.#shapes(this.#secrets(text));
      this.#known.set(text, masked);
    }
    return masked;
  }

  #secrets(text: string): string {
    let result = text;
    for (const [length, secrets] of this.#byLength) {
      for (let at = 0; at + length <= result.length; at++) {
        if (secrets.has(result.slice(at, at + length))) result = result.slice(0, at) + MASK + result.slice(at + length);
      }
    }
    return result;
  }

  #shapes(text: string): string {
    const bytes = Buffer.from(text);
    const sightings = this.#inspector.inspect(bytes, { selfIdentifyingOnly: true });
    if (sightings.length === 0) return text;
    let result = '';
    let end = 0;
    for (const { span } of sightings) {
      if (span.start < end) continue;
      result += bytes.toString('utf8', end, span.start) + MASK;
      end = span.end;
    }
    return result + bytes.toString('utf8', end);
  }
}
