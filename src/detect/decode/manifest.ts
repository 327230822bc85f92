/** The values of Kubernetes Secrets, in YAML and JSON: base64, however short, under names that say what they are. */
import type { Span } from '../../model/origin.ts';

/** Bytes of a manifest that are read on either side of the line that says what it is. */
const REACH = 65_536;
const KIND = /[A-Za-z]/;
const DOCUMENT = '\n---';
const DATA = /(?:^|[\n{,])([ \t]{0,32}(?:- )?)["']?data["']?[ \t]{0,8}:[ \t]{0,8}(\{|\r?\n)/g;
const ENTRY = /:[ \t]{0,8}["']?([A-Za-z0-9+/]{6,4096})={0,2}["']?[ \t]{0,8}(?=[,\r\n}]|$)/g;

/** Where the values of the document around a place are, and where the document ends. */
export function manifestValues(bytes: Buffer, at: Span): { values: Span[]; end: number } {
  const from = Math.max(0, at.start - REACH);
  const text = bytes.toString('latin1', from, at.end + REACH);
  const place = at.end - from;
  // `kind: SecretStore` holds none.
  if (text[place - 1] !== '"' && KIND.test(text[place] ?? '')) return { values: [], end: at.end };
  const start = Math.max(0, text.lastIndexOf(DOCUMENT, place - 1));
  const next = text.indexOf(DOCUMENT, place);
  const end = next < 0 ? text.length : next;
  const values: Span[] = [];
  for (const { index, 0: opening, 1: indent = '', 2: opener } of text.slice(start, end).matchAll(DATA)) {
    const begin = start + index + opening.length;
    const block = text.slice(begin, opener === '{' ? closing(text, begin, end) : dedent(text, begin, end, indent.length));
    for (const { index: entry, 0: whole, 1: value = '' } of block.matchAll(ENTRY)) {
      const offset = from + begin + entry + whole.lastIndexOf(value);
      values.push({ start: offset, end: offset + value.length });
    }
  }
  return { values, end: from + end };
}

function closing(text: string, begin: number, end: number): number {
  const brace = text.indexOf('}', begin);
  return brace < 0 || brace > end ? end : brace + 1;
}

/** Where the first line begins that is not further in than the one above the block. */
function dedent(text: string, begin: number, end: number, indent: number): number {
  for (let at = begin; at < end;) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd < 0 || lineEnd > end ? end : lineEnd + 1;
    const line = text.slice(at, next);
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) return at;
    at = next;
  }
  return end;
}
