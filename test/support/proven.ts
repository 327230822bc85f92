/**
 * What the checker of expressions answered before: hashes of the questions, in `test/rules/proven.txt`. So a run asks about
 * each expression that is new or was changed, and of the others about those whose turn it is, another part each day.
 *
 * The list spares time, it does not decide. A hash that no proof put there is found on its day, and by the soak, which asks
 * everything; one that is of no expression any more fails each run.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isToday } from './sample.ts';

const LIST = new URL('../rules/proven.txt', import.meta.url);
/** Of 40 bits: one in 10^8 new questions is taken for one of a few thousand old ones. */
const DIGITS = 10;
const LINE = /^([0-9a-f]{10})(?: (degree \d))?$/;
/** Days in which each comes by. */
const DAYS = 60;

/** What is written of an answer: nothing of the usual one. */
export const LINEAR = 'linear';

/** The list, for one checker: its version and settings are a part of each hash, so another one has answered nothing yet. */
export class Proven {
  readonly #checker: string;
  readonly #answers = new Map<string, string>();

  constructor(checker: string) {
    this.#checker = checker;
    for (const line of readFileSync(LIST, 'utf8').split('\n')) {
      const [, hash, answer = LINEAR] = LINE.exec(line) ?? [];
      if (hash !== undefined) this.#answers.set(hash, answer);
    }
  }

  /** The answer to a question that need not be asked today. */
  answer(question: string): string | undefined {
    const hash = this.#hash(question);
    return isToday(Number.parseInt(hash, 16), DAYS) ? undefined : this.#answers.get(hash);
  }

  /** Hashes of none of all the questions that there are. */
  stale(questions: readonly string[]): string[] {
    const asked = new Set(questions.map((question) => this.#hash(question)));
    return [...this.#answers.keys()].filter((hash) => !asked.has(hash));
  }

  /** Questions that are not listed, or with another answer. */
  missing(answers: ReadonlyMap<string, string>): string[] {
    return [...answers].flatMap(([question, answer]) => (this.#answers.get(this.#hash(question)) === answer ? [] : [question]));
  }

  /** Replaces the list. */
  write(answers: ReadonlyMap<string, string>): void {
    const head = `# Written by npm run proofs: hashes of what ${this.#checker}, proved, see test/support/proven.ts`;
    const lines = Array.from(answers, ([question, answer]) => this.#hash(question) + (answer === LINEAR ? '' : ` ${answer}`));
    writeFileSync(LIST, `${[head, ...lines.toSorted()].join('\n')}\n`);
    this.#answers.clear();
    for (const [question, answer] of answers) this.#answers.set(this.#hash(question), answer);
  }

  #hash(question: string): string {
    return createHash('sha256').update(`${this.#checker}\n${question}`).digest('hex').slice(0, DIGITS);
  }
}
