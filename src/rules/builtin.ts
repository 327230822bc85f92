/** The rules that come with keysift, as the build wrote them. A rule is read when it is first asked for: most scans wake few. */
import { readFileSync } from 'node:fs';
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

class BuiltinRules implements RuleSet {
  readonly samples: RuleSet['samples'];
  readonly digest: string;
  readonly count: number;
  readonly #file: Buffer;
  /** Where each rule begins, and the last one ends. */
  readonly #starts: readonly number[];
  readonly #read: Rule[] = [];
  #rules: readonly Rule[] | undefined;

  constructor(file: Buffer) {
    const end = file.indexOf('\n') + 1;
    const { samples, digest, sizes } = JSON.parse(file.toString('utf8', 0, end)) as Head;
    this.samples = samples;
    this.digest = digest;
    this.count = sizes.length;
    this.#file = file;
    const starts = [end];
    for (const [index, size] of sizes.entries()) starts.push(starts[index]! + size);
    this.#starts = starts;
  }

  get rules(): readonly Rule[] {
    this.#rules ??= Array.from({ length: this.count }, (_, index) => this.rule(index));
    return this.#rules;
  }

  rule(index: number): Rule {
    this.#read[index] ??= JSON.parse(this.#file.toString('utf8', this.#starts[index], this.#starts[index + 1])) as Rule;
    return this.#read[index];
  }
}

let loaded: BuiltinRules | undefined;

/** Compiled rules, read once. */
export function builtinRules(): RuleSet {
  loaded ??= new BuiltinRules(readFileSync(RULES));
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
