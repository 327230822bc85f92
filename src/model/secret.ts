/**
 * A secret's text, wrapped so that no path can print it by accident: every way of turning the object into text gives
 * the mask, and only `reveal()` hands out what is inside.
 */
import { inspect } from 'node:util';

const MASK = '****';
/** Prefixes are public; this many characters of one never identify a key. */
const SHOWN_PREFIX = 8;

export class Secret {
  readonly #text: string;
  readonly #prefix: string;

  /**
   * @param text the whole secret, a latin1 view of its bytes
   * @param publicPrefix the part of it that the rule itself names (`sk_live_`); never more is shown
   */
  constructor(text: string, publicPrefix = '') {
    this.#text = text;
    this.#prefix = text.startsWith(publicPrefix) ? publicPrefix.slice(0, SHOWN_PREFIX) : '';
  }

  /** The plain text. Only matching, grouping and `--show-secrets` may ask. */
  reveal(): string {
    return this.#text;
  }

  /** What of it is public: the start that its rule names. */
  get publicPrefix(): string {
    return this.#prefix;
  }

  toString(): string {
    return this.#prefix + MASK;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A secret's bytes, a character each, as the text in UTF-8 that they are; what is none becomes U+FFFD. */
export function asText(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes;
}
