/** Strings that stand each in a line of its own below a name: a list, or a value that was too long for its name's line. */
import type { Span } from '../model/origin.ts';
import { LF } from './lines.ts';

const LONGEST_LINE = 1024;
/** Blank lines and comments one after the other: a comment may end in a name, too, below which all is read once more. */
const MOST_SKIPPED = 6;
/** Before an item of YAML, or a string. */
const OPENING = /^[ \t]{0,80}(?:-[ \t]{1,8})?(?:[brfu@]?(["'`]))?/;
const STRING = /[^\s"'`,]{4,600}/y;
/** What may stand behind it: what closes a list or a call, and a comment. */
const TAIL = /(["'`]?)([,;)\]}]{0,4})[ \t]{0,8}(?:(?:#|\/\/)[^\n]{0,400})?\r?$/y;
const OF_YAML = /^[ \t]{0,80}-[ \t]/;
/** What a name's line ends in: such an item would be a list of its own. */
const BEGINS_LIST = /[:=([{]\r?$/;
const SKIPPED = /^[ \t]{0,80}(?:(?:#|\/\/)[^\n]{0,400})?\r?$/;

/** At most `most` strings in the lines below the one that holds `from`; and where the last line that was looked at ends. */
export function stringsBelow(bytes: Buffer, from: number, most: number): { readonly found: readonly Span[]; readonly end: number } {
  const found: Span[] = [];
  let end = bytes.length;
  let start = nextLine(bytes, from);
  for (let skipped = 0; start !== undefined && found.length < most;) {
    const next = nextLine(bytes, start);
    end = next ?? bytes.length;
    const line = bytes.toString('latin1', start, Math.min(next === undefined ? endOf(bytes) : next - 1, start + LONGEST_LINE));
    const [indent = '', opening = ''] = OPENING.exec(line) ?? [];
    const text = matchAt(STRING, line, indent.length)?.[0];
    const tail = text === undefined ? undefined : matchAt(TAIL, line, indent.length + text.length);
    if (text === undefined || tail === undefined) {
      if (!SKIPPED.test(line) || ++skipped > MOST_SKIPPED) break;
    } else {
      skipped = 0;
      const [, closing = '', behind = ''] = tail;
      // Without quotes only a list of YAML has values, and a single one would be code.
      if (opening !== closing || BEGINS_LIST.test(line) || (opening === '' && (most === 1 || !OF_YAML.test(line)))) break;
      const at = start + indent.length;
      found.push({ start: at, end: at + text.length });
      if (/[;)\]}]/.test(behind)) break;
    }
    start = next;
  }
  return { found, end };
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text) ?? undefined;
}

/** Without the last line's end. */
function endOf(bytes: Buffer): number {
  return bytes[bytes.length - 1] === LF ? bytes.length - 1 : bytes.length;
}

function nextLine(bytes: Buffer, from: number): number | undefined {
  const end = bytes.indexOf(LF, from);
  return end < 0 || end + 1 >= bytes.length ? undefined : end + 1;
}
