/** The values of Kubernetes Secrets, in YAML and JSON: base64, however short, under names that say what they are. */
import type { Span } from '../../model/origin.ts';

/** Bytes of a manifest that are read on either side of the line that says what it is. */
const REACH = 65_536;
const KIND = /[A-Za-z]/;
const QUOTE = 0x22;
const DOCUMENT = '\n---';
const DATA = /(?:^|[\n{,])([ \t]{0,32}(?:- )?)["']?data["']?[ \t]{0,8}:[ \t]{0,8}(\{|\r?\n)/g;
const ENTRY = /:[ \t]{0,8}["']?([A-Za-z0-9+/]{6,4096})={0,2}["']?[ \t]{0,8}(?=[,\r\n}]|$)/g;

/** Where the values of the document around a place are, and where the document ends. */
export function manifestValues(bytes: Buffer, at: Span): { values: Span[]; end: number } {
  // `kind: SecretStore` holds none.
  if (bytes[at.end - 1] !== QUOTE && KIND.test(bytes.toString('latin1', at.end, at.end + 1))) return { values: [], end: at.end };
  const from = Math.max(0, at.start - REACH);
  const start = from + Math.max(0, bytes.subarray(from, at.end).lastIndexOf(DOCUMENT));
  const next = bytes.subarray(at.end, at.end + REACH).indexOf(DOCUMENT);
  const end = next < 0 ? Math.min(bytes.length, at.end + REACH) : at.end + next;
  const text = bytes.toString('latin1', start, end);
  const values: Span[] = [];
  let done = 0;
  for (const { index, 0: opening, 1: indent = '', 2: opener } of text.matchAll(DATA)) {
    const begin = index + opening.length;
    // What is called so within a block belongs to it.
    if (begin < done) continue;
    done = opener === '{' ? closing(text, begin) : dedent(text, begin, indent.length);
    for (const { index: entry, 0: whole, 1: value = '' } of text.slice(begin, done).matchAll(ENTRY)) {
      const offset = start + begin + entry + whole.lastIndexOf(value);
      values.push({ start: offset, end: offset + value.length });
    }
  }
  return { values, end };
}

function closing(text: string, begin: number): number {
  const brace = text.indexOf('}', begin);
  return brace < 0 ? text.length : brace + 1;
}

/** Where the first line begins that is not further in than the one above the block. */
function dedent(text: string, begin: number, indent: number): number {
  for (let at = begin; at < text.length;) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(at, next);
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) return at;
    at = next;
  }
  return text.length;
}
