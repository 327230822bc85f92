/** Which brackets are open at a place, over lines. Strings are not told apart: a bracket in one only shortens the answer. */

/** How much of what stands before a bracket is given. */
const BEFORE = 120;

/** What stands before each bracket that is open at the end of `text`, innermost first: `headers = `, `public: `, and `fetch(` for a call. */
export function* openersBefore(text: string): Generator<string> {
  let closed = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at] ?? '';
    if (character === ')' || character === ']' || character === '}') closed++;
    else if (character === '(' || character === '[' || character === '{') {
      if (closed > 0) closed--;
      else yield character === '(' ? text.slice(Math.max(0, at - BEFORE), at + 1) : text.slice(Math.max(0, at - BEFORE), at);
    }
  }
}
