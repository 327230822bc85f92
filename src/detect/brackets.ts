/** Which brackets are open at a place, over lines. Strings are not told apart: a bracket in one only shortens the answer. */

/** How much of what stands before a bracket is given. */
const BEFORE = 120;
const PARENTHESIS = 0x28;

export interface Opener {
  readonly text: string;
  /** Where that begins: what lies before it says nothing about the brackets up to this one. */
  readonly start: number;
}

/** What stands before each bracket that is open at the end of `text`, innermost first: `headers = `, `public: `, and `fetch(` for a call. */
export function* openersBefore(text: string): Generator<Opener> {
  let closed = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (code === 0x29 || code === 0x5d || code === 0x7d) closed++;
    else if (code === PARENTHESIS || code === 0x5b || code === 0x7b) {
      if (closed > 0) closed--;
      else {
        const start = Math.max(0, at - BEFORE);
        yield { text: text.slice(start, code === PARENTHESIS ? at + 1 : at), start };
      }
    }
  }
}
