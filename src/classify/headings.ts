/**
 * Comments that are headings: a name and little else, on a value's own line behind it or above the lines that it is
 * among. They say whose a value is as a section's header does, and nothing where they say more: `# not for Acme`.
 */
import { indentOf, lineAbove, type Line } from '../detect/lines.ts';
import { isLetterOrDigit, wordsOf } from '../detect/surroundings.ts';

/** Lines between a heading and a value below it. */
const REACH = 4;
const MOST_WORDS = 3;
const LONGEST = 80;
/** Also the title of a section in AsciiDoc: `== Acme`. */
const COMMENT = /^(?:\s{0,80}(?:\/\/|\/\*|\*|#|--|;|<!--|%)|={1,6}\s)/;
/** What begins a comment behind a value, and its text. */
const BEHIND = /^["'`]?[),;\]}]{0,8}\s{1,8}(?:\/\/|\/\*|#|--|;)/;
const NAMED = /^\d{0,3}[A-Za-z][A-Za-z0-9 .,&()-]{1,60}$/;

/**
 * The heading of the value that begins at `column` of a line and is followed there by `right`: its words joined, so that it is
 * somebody's name as a whole or not at all.
 */
export function headingOf(bytes: Buffer, own: Line, column: number, right: string): string | undefined {
  const [begin] = BEHIND.exec(right) ?? [];
  if (begin !== undefined) return right.length > LONGEST ? undefined : joined(right.slice(begin.length));
  const indent = indentOf(own.text);
  // An address on the value's own line is nearer.
  if (column < indent || own.text.includes('://')) return undefined;
  let isGap = false;
  let line = lineAbove(bytes, own);
  for (let count = 0; line !== undefined && count <= REACH; count++, line = lineAbove(bytes, line)) {
    if (line.text.trim() === '') {
      if (isGap) return undefined;
      isGap = true;
    } else if (line.text.length <= LONGEST && COMMENT.test(line.text)) {
      const heading = joined(line.text);
      if (heading !== undefined || isGap) return heading;
    } else if (isGap || indentOf(line.text) !== indent) return undefined;
  }
  return undefined;
}

/** `AcmeProduction` of `# --- Acme, production ---`. */
function joined(comment: string): string | undefined {
  const text = plain(comment);
  if (!NAMED.test(text)) return undefined;
  const words = wordsOf(text);
  return words.length > MOST_WORDS ? undefined : words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join('');
}

/** A comment without the signs around its words. */
function plain(comment: string): string {
  let start = 0;
  let end = comment.length;
  while (start < end && !isLetterOrDigit(comment.charCodeAt(start))) start++;
  while (end > start && !isLetterOrDigit(comment.charCodeAt(end - 1))) end--;
  return comment.slice(start, end);
}
