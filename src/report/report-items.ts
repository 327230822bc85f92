/**
 * The bytes of a report as they come, with the items of its lists cut out: of a hundred thousand findings neither the text nor
 * all that JSON makes of it is ever there at once. What is no JSON is seen by whoever parses the parts.
 */

const [QUOTE, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = Buffer.from('"\\[]{}') as unknown as readonly number[];
/** Levels of a document: 1 is its members, 2 what stands in one that is a list, 3 what stands in an item of it. */
const IN_LIST = 2;
/** The name of a member in front of what opens its list. */
const NAME = /"(\w+)"\s*:\s*\[$/;
/** Characters that hold it. */
const TAIL = 200;

export class ReportItems {
  readonly #item: (list: string, text: string) => void;
  #count = 0;
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** Whether level 2 is a list of a member, and not something else. */
  #isList = false;
  #isObject = false;
  #list = '';
  #isItem = false;
  /** What came of an item before this chunk. */
  #begun: Buffer[] = [];
  /** What is no item, a character a byte. */
  #rest = '';
  /** How that ends. To ask itself would copy all of it each time. */
  #tail = '';

  /** @param item told the name of a list, and the JSON of an object in it */
  constructor(item: (list: string, text: string) => void) {
    this.#item = item;
  }

  /** The document with `{"": n}` in place of each item, the first one being 0. */
  get frame(): string {
    return Buffer.from(this.#rest, 'latin1').toString('utf8');
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isString = false;
      } else if (byte === QUOTE) this.#isString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (this.#depth === IN_LIST && this.#isList && byte === OPEN_BRACE) {
          this.#leave(`${chunk.toString('latin1', from, at)}{"":${this.#count++}}`);
          from = at;
          this.#isItem = true;
        }
        this.#depth++;
        if (this.#depth === 1) this.#isObject = byte === OPEN_BRACE;
        else if (this.#depth === IN_LIST) {
          this.#isList = this.#isObject && byte === OPEN_BRACKET;
          this.#leave(chunk.toString('latin1', from, at + 1));
          from = at + 1;
          this.#list = NAME.exec(this.#tail)?.[1] ?? '';
        }
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#depth--;
        if (this.#isItem && this.#depth === IN_LIST) {
          this.#isItem = false;
          const text = this.#begun.length === 0 ? chunk : Buffer.concat([...this.#begun, chunk.subarray(from, at + 1)]);
          this.#item(this.#list, this.#begun.length === 0 ? text.toString('utf8', from, at + 1) : text.toString('utf8'));
          this.#begun = [];
          from = at + 1;
        }
      }
    }
    if (this.#isItem) this.#begun.push(Buffer.from(chunk.subarray(from)));
    else this.#leave(chunk.toString('latin1', from));
  }

  #leave(text: string): void {
    this.#rest += text;
    this.#tail = (this.#tail + text).slice(-TAIL);
  }
}
