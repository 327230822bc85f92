/**
 * Regular expressions from a user's rule file. Nobody has proven them, so they never run on the engine of JavaScript,
 * which may take years for a short text: RE2 takes time in proportion to it, at the price of lookaround and
 * back-references. It is loaded only when there is such an expression.
 */
import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

/** What the engine asks of a regular expression; `RegExp` gives it too. */
export interface Searcher {
  lastIndex: number;
  exec(text: string): ({ readonly index: number; readonly 0: string } & readonly (string | undefined)[]) | null;
  test(text: string): boolean;
}

/** A regular expression that a rule may not have, and what to write instead. */
export class RegexFault extends RangeError {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

const MAX_SOURCE = 4096;
/** RE2 unrolls repetitions: each step of its program may be alive at each character. */
const MAX_PROGRAM = 1500;
/** The greatest count that RE2 takes. */
const MAX_COUNT = 1000;
const COUNT = /\\.|\[(?:[^\]\\]|\\.)*\]|\{(\d{1,6}),(\d{1,6})\}/gs;
const UNBOUNDED = /[*+]|\{\d+,\}/;
const LINEAR_HINT = 'User rules run in linear time: write it without lookaround (?=…) (?!…) (?<=…) (?<!…) and back-references \\1; use \\b for a boundary.';

let re2: typeof RE2JS | undefined;

function engine(): typeof RE2JS {
  re2 ??= (createRequire(import.meta.url)('re2js') as typeof import('re2js')).RE2JS;
  return re2;
}

/**
 * `source` for RE2. Counts above its greatest become open: whoever runs the expression cuts the text at the length that
 * the rule allows.
 */
function translated(source: string): string {
  const open = source.replaceAll(COUNT, (whole, min: string | undefined, max: string | undefined) =>
    min !== undefined && Number(max) > MAX_COUNT ? `{${min},}` : whole,
  );
  return engine().translateRegExp(open);
}

/** A `RegExp` in linear time, as far as the engine uses one: sticky or global search, and tests. */
export class LinearRegex implements Searcher {
  lastIndex = 0;
  readonly #regex: RE2JS;

  /** `flags` as those of a `RegExp`: `i`, `s`, `y`, `g`; a sticky one is only asked at the start of a text. Throws where RE2 cannot read it. */
  constructor(source: string, flags = '') {
    const re = engine();
    const options = (flags.includes('i') ? re.CASE_INSENSITIVE : 0) | (flags.includes('s') ? re.DOTALL : 0);
    this.#regex = re.compile(flags.includes('y') ? `\\A(?:${translated(source)})` : translated(source), options);
  }

  get size(): number {
    return this.#regex.programSize();
  }

  test(text: string): boolean {
    return this.#regex.test(text);
  }

  /** The next match that takes something. */
  exec(text: string): ReturnType<Searcher['exec']> {
    for (let from = this.lastIndex; from <= text.length; from++) {
      // A test is many times cheaper than a search. One character more, so that it sees the same boundaries.
      if (!this.#regex.test(from === 0 ? text : text.slice(from - 1))) break;
      const matcher = this.#regex.matcher(text);
      if (!matcher.find(from)) break;
      const whole = matcher.group(0) ?? '';
      from = matcher.end(0);
      if (whole === '') continue;
      this.lastIndex = from;
      const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? undefined);
      return Object.assign([whole, ...groups] as [string, ...(string | undefined)[]], { index: matcher.start(0) });
    }
    this.lastIndex = 0;
    return null;
  }
}

/**
 * Throws a `RangeError` unless the regular expression compiles, takes something, and says how much it may take at most;
 * for one that is to run in linear time, unless it can.
 */
export function checkRegex(source: string, flags: string, linear: boolean): void {
  if (source.length > MAX_SOURCE) throw new RegexFault(`a regex may have ${MAX_SOURCE} characters at most`, 'Split the rule into several.');
  // First as an ordinary one: what is no regular expression at all is told as that.
  const ordinary = new RegExp(source, flags);
  const compiled = linear ? linearRegex(source, flags) : ordinary;
  if (compiled.test('')) throw new RangeError(`the regex ${source} matches the empty text`);
  const withoutClasses = source.replaceAll(/\\./g, '_').replaceAll(/\[[^\]]*\]/g, '_');
  if (UNBOUNDED.test(withoutClasses)) throw new RangeError(`the regex ${source} repeats without an upper bound; write {0,80} instead of * or +`);
}

function linearRegex(source: string, flags: string): LinearRegex {
  let regex: LinearRegex;
  try {
    regex = new LinearRegex(source, flags);
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith('RE2JS')) throw error;
    const repeats = error.message.includes('repeat');
    throw new RegexFault(
      `the regex ${source} cannot run in linear time (${error.message.replace(/^error parsing regexp: /, '')})`,
      repeats ? `Repetitions inside one another may multiply to ${MAX_COUNT} at most.` : LINEAR_HINT,
    );
  }
  if (regex.size > MAX_PROGRAM) {
    throw new RegexFault(`the regex ${source} is too large: ${regex.size} steps, ${MAX_PROGRAM} are the most`, 'Repeat less, or shorter parts.');
  }
  return regex;
}
