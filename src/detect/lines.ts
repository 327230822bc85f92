/** Lines of a content, through a latin1 view: a byte is a character. */

export const LF = 0x0a;

/** Longest line part that is looked at on either side of a place. Lines may be longer; verdicts do not need more. */
export const LINE_REACH = 512;

/** A line, or what of it is near, and where it begins. */
export interface Line {
  readonly text: string;
  readonly offset: number;
}

/** The content's text in `[start, end)`, as far as there is one. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', Math.max(0, start), Math.min(bytes.length, end));
}

/** Blanks before a line's text. */
export function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** The line around `[start, end)`, cut at `LINE_REACH` bytes on both sides. Its text is no part of a longer one, which it would keep alive. */
export function lineAround(bytes: Buffer, start: number, end: number): Line {
  const lowest = Math.max(0, start - LINE_REACH);
  const highest = Math.min(bytes.length, end + LINE_REACH);
  // The searches are the engine's own: a loop over the bytes is ten times as slow on one huge line with many hits.
  const from = lowest + bytes.subarray(lowest, start).lastIndexOf(LF) + 1;
  const length = bytes.subarray(end, highest).indexOf(LF);
  return { text: latin1(bytes, from, length < 0 ? highest : end + length), offset: from };
}

/** The line above another one; undefined where there is none, or where the start of that one is out of reach. */
export function lineAbove(bytes: Buffer, { offset }: Line): Line | undefined {
  return bytes[offset - 1] === LF ? lineAround(bytes, offset - 1, offset - 1) : undefined;
}

/** The line below another one; undefined where there is none, or where the end of that one is out of reach. */
export function lineBelow(bytes: Buffer, { text, offset }: Line): Line | undefined {
  const end = offset + text.length;
  return bytes[end] === LF && end + 1 < bytes.length ? lineAround(bytes, end + 1, end + 1) : undefined;
}
