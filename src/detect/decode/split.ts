/**
 * Keys that a program puts together of strings: `"sk_live_" +` and the rest in the next line, `["ghp_", "…"].join("")`,
 * strings that stand one below the other. What begins a key, right behind a quote, is the mark; see `checks.ts`.
 */
import type { Span } from '../../model/origin.ts';
import { bitmapOf } from '../../rules/alphabet.ts';
import { lineEnd, lineStart } from '../lines.ts';
import type { Segment } from './decoded-text.ts';
import { Pieces } from './pieces.ts';

/** Bytes that may not stand before the beginning of a split key: all but quotes. A line's start must mean nothing. */
export const NO_QUOTE: Uint8Array = bitmapOf('"\'`').map((bit, byte) => (byte === 0x0a ? 0 : 1 - bit));
const QUOTES = bitmapOf('"\'`');
/** What parts of keys are made of. */
const BODY = bitmapOf('0-9A-Za-z+/=._:-');
const LONGEST_PART = 256;
/** Enough for a key in lines of eight characters. */
const MOST_PARTS = 40;
/** Bytes between two parts that are read. */
const LONGEST_JOINT = 160;
/** From the quote that closes one string to the one that opens the next. */
const JOINT =
  /["'`][ \t]{0,20}(?:(?:\+|\.(?:concat\(|\.)?|&|\|\||<>)[ \t]{0,20})?(?:[\\_][ \t]{0,20})?(?:\r?\n[ \t]{0,80}(?:(?:\+|\.{1,2}|&|\|\||<>)[ \t]{0,8})?)?[fru]?["'`]/y;
/** Behind a string that says what the next one is for. */
const LABELS = /^["'`]\s{0,8}(?:->|=>|:)/;
/** Nothing joins them: an operator would say that they are one, as in `live ? "…" +` above `"…" : ""`. */
const BELOW = /^["'`][ \t]{0,20}\r?\n[ \t]{0,80}["'`]$/;
const COMMA = /["'`][ \t]{0,8},[ \t]{0,8}(?:\r?\n[ \t]{0,80})?["'`]/y;
/** `["a", "b"].join("")` */
const JOINED_AFTER = /["'`]\s{0,80}(?:,\s{0,80})?[\])]\.join(?:\(["'`]{2}\)|(?![\w(]))/y;
/** Calls that join what they are given. */
const JOINING = ["''.join(", '"".join(', "implode('',", 'implode("",', 'String.join("",', 'concat('];
/** Bytes before a key in which a call that joins it stands. */
const BEFORE = 80;
/** Bytes of its line that are read before a key, and behind a part of the longest. */
const AROUND = 128;

/** Keys in strings that are put together, as one text; each joint, with the byte before it, stands for that byte. */
export function splitKeys(bytes: Buffer, places: readonly Span[]): Segment[] {
  const segments: { start: number; end: number; pieces: Pieces; label: string; isTrusted: boolean }[] = [];
  /** Behind the last string that was read as part of a key. */
  let done = 0;
  /** Up to where commas are known to join nothing, or a list would be read again from each of its strings. */
  let unjoined = 0;
  for (const { start, end } of places) {
    if (start < done) continue;
    const { joints, lastComma } = jointsFrom(bytes, start, end, start < unjoined);
    unjoined = Math.max(unjoined, lastComma);
    if (joints.length === 0) continue;
    done = joints.at(-1)!.end;
    const from = lineStart(bytes, start, AROUND);
    const to = lineEnd(bytes, done, AROUND + LONGEST_PART);
    const previous = segments.at(-1);
    const goesOn = previous !== undefined && from < previous.end;
    const pieces = goesOn ? previous.pieces : new Pieces();
    for (const joint of joints) pieces.add(joint.start - 1, joint.end, bytes.subarray(joint.start - 1, joint.start), joint.end - joint.start + 1);
    if (goesOn) previous.end = to;
    else segments.push({ start: from, end: to, pieces, label: 'strings that are put together', isTrusted: false });
  }
  return segments;
}

/**
 * The joints of the strings that a key goes on in; its first part begins at `start`, and may end at `end`. `lastComma` lies
 * behind the last of those that were read that joins only where the list is joined; 0 where there is none.
 * @param isUnjoined whether a comma ends it
 */
function jointsFrom(
  bytes: Buffer,
  start: number,
  end: number,
  isUnjoined: boolean,
): { readonly joints: readonly Span[]; readonly lastComma: number } {
  const joints: Span[] = [];
  /** How many of them stand before the first comma: they join one string, whatever the list comes to. */
  let beforeComma: number | undefined;
  let lastComma = 0;
  let at = end;
  for (let parts = 0; parts < MOST_PARTS; parts++) {
    const closing = partEnd(bytes, at);
    if (closing === undefined) break;
    const text = bytes.toString('latin1', closing, closing + LONGEST_JOINT);
    const plain = lengthAt(JOINT, text);
    const length = plain > 0 ? plain : lengthAt(COMMA, text);
    // Nobody changes quotes within a key.
    const joint = text[length - 1] === text[0] ? length : 0;
    if (isUnjoined && plain === 0) break;
    if (joint === 0) {
      const last = joints.at(-1);
      // `"acme" -> "…"` on the next line: what begins there is a label of its own.
      if (LABELS.test(text) && last !== undefined && BELOW.test(bytes.toString('latin1', last.start, last.end))) joints.pop();
      const isWhole = lengthAt(JOINED_AFTER, text) > 0 || isJoined(bytes.toString('latin1', Math.max(0, start - BEFORE), start - 1));
      return { joints: isWhole ? joints : joints.slice(0, beforeComma), lastComma };
    }
    // Around a string of nothing two joints meet: they are one.
    const begins = joints.at(-1)?.end === closing ? joints.pop()!.start : closing;
    at = closing + joint;
    if (plain === 0) {
      beforeComma ??= joints.length;
      lastComma = at;
    }
    joints.push({ start: begins, end: at });
  }
  return { joints: joints.slice(0, beforeComma), lastComma };
}

/** Whether a list, or an argument, that follows a text is joined to one. */
function isJoined(before: string): boolean {
  const outside = before.trimEnd();
  const call = /[[(]$/.test(outside) ? outside.slice(0, -1).trimEnd() : outside;
  return JOINING.some((joining) => outside.endsWith(joining) || call.endsWith(joining));
}

/** Where the quote stands that closes a string of nothing but parts of a key. */
function partEnd(bytes: Buffer, start: number): number | undefined {
  let at = start;
  while (at < start + LONGEST_PART && BODY[bytes[at] ?? 0] === 1) at++;
  return QUOTES[bytes[at] ?? 0] === 1 ? at : undefined;
}

function lengthAt(expression: RegExp, text: string): number {
  expression.lastIndex = 0;
  return expression.exec(text)?.[0].length ?? 0;
}
