/** Text in a terminal's width: lines are broken by us, so that the terminal does not break them anywhere. */

/** Characters that take two columns: East Asian wide and emoji, roughly. Combining marks take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const ZERO = /\p{M}/u;

/** Columns that a text without control characters takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/**
 * Puts `pieces` on lines of at most `width` columns, `separator` between those on one line. A piece that is longer gets
 * a line of its own and is left whole: a path or a word that is cut cannot be copied.
 */
export function pack(pieces: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    const longer = line === '' ? piece : `${line}${separator}${piece}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = piece;
    } else line = longer;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** Breaks a sentence at its blanks. */
export function wrap(text: string, width: number): string[] {
  return displayWidth(text) <= width ? [text] : pack(text.split(' '), ' ', width);
}
