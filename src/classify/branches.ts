/** Branches of code: which of the lines around a value are of another branch than the value is in, and so say nothing about it. */
import { indentOf } from '../detect/lines.ts';

/** `case 'acme':`, `default:`, `} else {`, `elif …:` */
const HEAD = /^\s{0,200}(?:\}\s?)?(?:case\s|default\s?:|else\b|elif\s|elsif\s|elseif\b|when\s)/;
/** One with a value behind it. */
const WHOLE = /^\s{0,200}(?:case\s[^:]{1,80}|default)\s?:\s?(?:return\b|[\w.$]{1,60}\s?=)/;
/** One without a body, which goes on in the next one. */
const LABEL = /^\s{0,200}case\s[^:]{1,80}:\s{0,8}$/;
/** The first branch, and what branches are in. */
const FIRST = /^\s{0,200}(?:if|unless|try)\b/;
const OUTER = /^\s{0,200}(?:switch|match|select)\b/;

/** Asked about the lines on one side of a value, one by one away from it. */
export class Branches {
  readonly #isAbove: boolean;
  /** What heads of other branches stand further out than, or where they stand. */
  readonly #indent: number;
  readonly #isWhole: boolean;
  /** Where heads of the branches stand, once one was passed. */
  #heads: number | undefined;
  #isLabelled = false;
  #isLeft = false;

  constructor(own: string, isAbove: boolean) {
    this.#isAbove = isAbove;
    this.#indent = indentOf(own);
    this.#isWhole = WHOLE.test(own);
    if (isAbove && this.#isWhole) this.#heads = this.#indent;
  }

  /** Whether a line is of the value's own branch, or of none. */
  isOwn(line: string): boolean {
    if (this.#isLeft || line.trim() === '') return true;
    const indent = indentOf(line);
    if (this.#heads === undefined) {
      const isHead = (indent < this.#indent || (this.#isWhole && indent === this.#indent)) && HEAD.test(line);
      if (!isHead) return true;
      this.#heads = indent;
      this.#isLabelled = true;
      return this.#isAbove;
    }
    if (this.#isLabelled && indent === this.#heads && LABEL.test(line)) return this.#isAbove;
    this.#isLabelled = false;
    if (indent > this.#heads || (indent === this.#heads && HEAD.test(line))) return false;
    if (indent === this.#heads && FIRST.test(line)) {
      this.#isLeft = true;
      return false;
    }
    this.#isLeft = indent < this.#heads || OUTER.test(line);
    return this.#isLeft;
  }
}
