/** How mixed a text is. */

/** Bits per character, Shannon. */
export function shannon(text: string): number {
  COUNTS.fill(0);
  for (let index = 0; index < text.length; index++) COUNTS[text.charCodeAt(index) & 0xff]!++;
  let bits = 0;
  for (const count of COUNTS) if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** By byte: texts are latin1 views. */
const COUNTS = new Uint32Array(256);

/** Bits a character that a generated value of the same length and alphabet would have. */
export function expectedBits(text: string): number {
  const alphabet = /[g-z]/i.test(text) ? (/[A-Z]/.test(text) && /[a-z]/.test(text) ? 62 : 36) : 16;
  return Math.log2(Math.min(alphabet, text.length));
}

/** Share of the entropy of a random value below which no generator made it. */
const GENERATED_SHARE = 0.75;

/** Whether a text is as mixed as a generated value of its length and alphabet, or nearly so. */
export function isMixed(text: string): boolean {
  return shannon(text) >= GENERATED_SHARE * expectedBits(text);
}

/** How many of lower case, capitals, digits and other characters a text has. */
export function kindsOf(text: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
}
