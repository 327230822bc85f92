/** Which brackets are open at a place, over lines. Strings are not told apart: a bracket in one only shortens the answer. */

/** How much of what stands before a bracket is given. */
const BEFORE = 120;
const PARENTHESIS = 0x28;

/** What stands before each bracket that is open at the end of `text`, innermost first: `headers = `, `public: `, and `fetch(` for a call. */
export function* openersBefore(text: string): Generator<string> {
  let closed = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (code === 0x29 || code === 0x5d || code === 0x7d) closed++;
    else if (code === PARENTHESIS || code === 0x5b || code === 0x7b) {
      if (closed > 0) closed--;
      else yield code === PARENTHESIS ? text.slice(Math.max(0, at - BEFORE), at + 1) : text.slice(Math.max(0, at - BEFORE), at);
    }
  }
}
