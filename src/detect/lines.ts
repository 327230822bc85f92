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

/** A loop over so many bytes takes less than a view and the engine's own search, and most lines begin or end within them. More, and hits on one huge line cost a quarter more. */
const LOOPED = 48;

/** Where the line begins that `at` is in, or so many bytes before that place. */
export function lineStart(bytes: Buffer, at: number, reach: number): number {
  const lowest = Math.max(0, at - reach);
  const near = Math.max(lowest, at - LOOPED);
  let from = at;
  while (from > near && bytes[from - 1] !== LF) from--;
  // On one huge line with many hits the engine's own search is ten times as fast as a loop.
  return from > near || near === lowest ? from : lowest + bytes.subarray(lowest, near).lastIndexOf(LF) + 1;
}

/** Where the line ends that `at` is in, at its line feed, or so many bytes behind that place. */
export function lineEnd(bytes: Buffer, at: number, reach: number): number {
  const highest = Math.max(at, Math.min(bytes.length, at + reach));
  const near = Math.min(highest, at + LOOPED);
  let end = at;
  while (end < near && bytes[end] !== LF) end++;
  if (end < near || near === highest) return end;
  const found = bytes.subarray(near, highest).indexOf(LF);
  return found < 0 ? highest : near + found;
}

const NUL = 0;

/**
 * Where the text begins that `at` is in, or so many bytes before that place. Text holds no NUL; between parts of a decoded one stands
 * one, since what is read of a part must not depend on which others there are.
 */
export function textStart(bytes: Buffer, at: number, reach: number): number {
  const lowest = Math.max(0, at - reach);
  return lowest + bytes.subarray(lowest, at).lastIndexOf(NUL) + 1;
}

/** The same for its end. */
export function textEnd(bytes: Buffer, at: number, reach: number): number {
  const highest = Math.max(at, Math.min(bytes.length, at + reach));
  const found = bytes.subarray(at, highest).indexOf(NUL);
  return found < 0 ? highest : at + found;
}

/** Blanks before a line's text. */
export function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** The line around `[start, end)`, cut at `LINE_REACH` bytes on both sides. Its text is no part of a longer one, which it would keep alive. */
export function lineAround(bytes: Buffer, start: number, end: number): Line {
  const from = lineStart(bytes, start, LINE_REACH);
  return { text: latin1(bytes, from, lineEnd(bytes, end, LINE_REACH)), offset: from };
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
