/** The rules that come with keysift, as the build wrote them. A rule is read when it is first asked for: most scans wake few. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Rule, RuleSet } from '../model/rule.ts';

/** Both `src/rules/` and `dist/rules/` lie two levels below the package, so one relative path serves both. */
const RULES = new URL('../../dist/rules.jsonl', import.meta.url);
const EXAMPLES = new URL('../../dist/rule-examples.json', import.meta.url);

/** The first line of the file; each other is a rule. */
interface Head extends Omit<RuleSet, 'rules'> {
  /** Bytes of each rule, its line feed included. */
  readonly sizes: readonly number[];
}

/** The text of a rule set's file. */
export function packRules({ rules, ...rest }: RuleSet): string {
  const lines = rules.map((rule) => `${JSON.stringify(rule)}\n`);
  const head: Head = { ...rest, sizes: lines.map((line) => Buffer.byteLength(line)) };
  return `${JSON.stringify(head)}\n${lines.join('')}`;
}

/** Bytes that are read at first; the head is shorter. */
const FIRST = 65_536;
/** A scan that wakes more rules than these few will wake many. */
const ONE_BY_ONE = 8;

class BuiltinRules implements RuleSet {
  readonly samples: RuleSet['samples'];
  readonly digest: string;
  readonly count: number;
  /** Stays open, so that all is of one file even where another takes its place. */
  readonly #file: number;
  readonly #size: number;
  /** What was read: the file's beginning, or all of it. */
  #bytes: Buffer;
  /** Where each rule begins, and the last one ends. */
  readonly #starts: readonly number[];
  readonly #read: Rule[] = [];
  #woken = 0;
  #rules: readonly Rule[] | undefined;

  constructor(path: URL) {
    this.#file = openSync(path, 'r');
    this.#size = fstatSync(this.#file).size;
    this.#bytes = this.#part(0, Math.min(FIRST, this.#size));
    const end = this.#bytes.indexOf('\n') + 1;
    const { samples, digest, sizes } = JSON.parse(this.#bytes.toString('utf8', 0, end)) as Head;
    this.samples = samples;
    this.digest = digest;
    this.count = sizes.length;
    const starts = [end];
    for (const [index, size] of sizes.entries()) starts.push(starts[index]! + size);
    this.#starts = starts;
  }

  get rules(): readonly Rule[] {
    this.#rules ??= Array.from({ length: this.count }, (_, index) => this.rule(index));
    return this.#rules;
  }

  rule(index: number): Rule {
    this.#read[index] ??= JSON.parse(this.#text(this.#starts[index]!, this.#starts[index + 1]!)) as Rule;
    return this.#read[index];
  }

  #text(start: number, end: number): string {
    if (end > this.#bytes.length && this.#woken++ < ONE_BY_ONE) return this.#part(start, end).toString('utf8');
    if (end > this.#bytes.length) {
      this.#bytes = this.#part(0, this.#size);
      closeSync(this.#file);
    }
    return this.#bytes.toString('utf8', start, end);
  }

  #part(start: number, end: number): Buffer {
    const part = Buffer.allocUnsafeSlow(end - start);
    for (let read = 0; read < part.length;) {
      const count = readSync(this.#file, part, read, part.length - read, start + read);
      if (count === 0) throw new Error('the built-in rules end early');
      read += count;
    }
    return part;
  }
}

let loaded: BuiltinRules | undefined;

/** Compiled rules; each is read when it is asked for. */
export function builtinRules(): RuleSet {
  loaded ??= new BuiltinRules(RULES);
  return loaded;
}

/** The same as `set.rules[index]`, without reading the others. */
export function ruleAt(set: RuleSet, index: number): Rule {
  return set === loaded ? loaded.rule(index) : set.rules[index]!;
}

/** The same as `set.rules.length`, without reading them. */
export function ruleCount(set: RuleSet): number {
  return set === loaded ? loaded.count : set.rules.length;
}

/** Examples by rule id. Kept apart from the rules, since no scan needs them. */
export function builtinExamples(): Readonly<Record<string, import('../model/rule.ts').Examples>> {
  return JSON.parse(readFileSync(EXAMPLES, 'utf8')) as Record<string, import('../model/rule.ts').Examples>;
}
