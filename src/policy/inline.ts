/**
 * Ignore comments in scanned text: keysift's own and those of other scanners. Reading them is pure; whether one counts
 * is decided by the policy, and never by the text that it stands in.
 */

import { OWN_MARKER, type InlineComment } from '../model/inline-comment.ts';
import type { Rule } from '../model/rule.ts';

/** Which comments count: all, only keysift's own, or none. */
export const INLINE_MODES = ['all', 'keysift', 'none'] as const;
export type InlineMode = (typeof INLINE_MODES)[number];

const MARKERS =
  /keysift:allow(?:-next-line|-begin|-end)?(?![\w-])|(?:gitleaks|betterleaks):allow(?![\w-])|(?:trufflehog|kingfisher):ignore(?![\w-])|pragma: ?(?:allow|white)list (?:nextline )?secret\b|secretlint-(?:disable(?:-next-line|-line)?|enable)(?![\w-])|ggignore(?![\w-])/g;
/** One of them stands in each; looked for in bytes before any text is made of them. */
const QUICK = [':allow', ':ignore', 'pragma:', 'secretlint-', 'ggignore'];
const OWN_BEGIN = 'keysift:allow-begin';
const OWN_END = 'keysift:allow-end';
const NAMES = /^\s+([a-z0-9][a-z0-9-]*(?:\s*,\s*[a-z0-9][a-z0-9-]*)*)(?=\s|$|\*)/i;
const REASON_SIGN = /\s--\s/;
/** What closes a comment in the languages that need it. */
const COMMENT_END = /\s*(?:\*\/|-->|%>|\]\]|#\}|"\s*,?)\s*$/;
const LONGEST_REASON = 200;
const LONGEST_COMMENT = 500;
/** In one text; what comes after covers nothing. */
const MOST_COMMENTS = 10_000;

/** Whether a comment counts under a mode. */
export function counts(comment: InlineComment, mode: InlineMode): boolean {
  return mode === 'all' || (mode === 'keysift' && comment.marker.startsWith(OWN_MARKER));
}

/** Whether a comment is about a rule: it names it, its family, or none. */
export function speaksOf(comment: InlineComment, rule: Rule): boolean {
  const family = rule.matcher.kind === 'member' ? rule.matcher.of : rule.id;
  return comment.rules.length === 0 || comment.rules.includes(rule.id) || comment.rules.includes(family);
}

/** Whether bytes may hold an ignore comment at all. */
export function mayHoldComments(bytes: Buffer): boolean {
  return QUICK.some((marker) => bytes.includes(marker, 0, 'latin1'));
}

/** All ignore comments of a text, in order; `firstLine` is the number of its first line. */
export function inlineComments(text: string, firstLine = 1): InlineComment[] {
  const found: InlineComment[] = [];
  const blocks = new Blocks(found);
  let line = firstLine;
  let lineEnd = text.indexOf('\n');
  let number = 0;
  for (const match of text.matchAll(MARKERS)) {
    if (++number > MOST_COMMENTS) break;
    for (; lineEnd >= 0 && lineEnd < match.index; lineEnd = text.indexOf('\n', lineEnd + 1)) line++;
    const [marker] = match;
    const start = match.index + marker.length;
    const { rules, reason } = wordsAfter(text.slice(start, Math.min(lineEnd < 0 ? text.length : lineEnd, start + LONGEST_COMMENT)));
    const comment = { marker, rules: marker.startsWith(OWN_MARKER) ? rules : [], reason, line, open: false };
    if (marker === OWN_BEGIN || marker === 'secretlint-disable') blocks.begin(comment);
    else if (marker === OWN_END || marker === 'secretlint-enable') blocks.end(marker === OWN_END ? OWN_BEGIN : 'secretlint-disable', line);
    else {
      const next = marker.endsWith('-next-line') || marker.includes('nextline');
      // kingfisher's comments also stand around a value of several lines.
      const around = marker === 'kingfisher:ignore';
      found.push({ ...comment, from: next ? line + 1 : around ? line - 1 : line, to: next || around ? line + 1 : line });
    }
  }
  blocks.close();
  return found.toSorted((a, b) => a.line - b.line);
}

class Blocks {
  readonly #found: InlineComment[];
  readonly #begun = new Map<string, Omit<InlineComment, 'from' | 'to'>[]>();

  constructor(found: InlineComment[]) {
    this.#found = found;
  }

  begin(comment: Omit<InlineComment, 'from' | 'to'>): void {
    const list = this.#begun.get(comment.marker);
    if (list === undefined) this.#begun.set(comment.marker, [comment]);
    else list.push(comment);
  }

  end(marker: string, line: number): void {
    const comment = this.#begun.get(marker)?.pop();
    if (comment !== undefined) this.#found.push({ ...comment, from: comment.line, to: line });
  }

  /** secretlint's reach to the end of the file. One of ours that nothing ends is told, and covers nothing. */
  close(): void {
    for (const comment of [...this.#begun.values()].flat()) {
      this.#found.push({ ...comment, open: true, from: comment.line, to: comment.marker === OWN_BEGIN ? comment.line - 1 : Number.MAX_SAFE_INTEGER });
    }
  }
}

/** ` rule-a, rule-b -- reason`. */
function wordsAfter(rest: string): { rules: string[]; reason: string } {
  const sign = rest.search(REASON_SIGN);
  const names = NAMES.exec(rest)?.[1];
  const reason = sign < 0 ? '' : rest.slice(sign + ' -- '.length);
  return {
    rules: names === undefined ? [] : names.split(',').map((name) => name.trim()),
    reason: reason.replace(COMMENT_END, '').trim().slice(0, LONGEST_REASON),
  };
}

/** The comments that cover some lines, both included. */
export function covering(comments: readonly InlineComment[], startLine: number, endLine: number): InlineComment[] {
  return comments.filter((comment) => comment.from <= endLine && comment.to >= startLine);
}
