/** What the prefilter looks for on behalf of some rules, ready to run: its tables, and which rule each of its checks wakes. */
import { readFileSync } from 'node:fs';
import type { Image } from '../kernel/prefilter.ts';
import { buildTables } from '../kernel/tables.ts';
import { UserError } from '../model/errors.ts';
import type { RuleSet } from '../model/rule.ts';
import { builtinRules } from '../rules/builtin.ts';
import { checksOf, OFF } from './checks.ts';
import { keepsToLines } from './line-hits.ts';

/** Numbers a check in `Plan.targets`. */
export const TARGET_WORDS = 3;

export interface Plan {
  /** The prefilter's tables. */
  readonly image: Image;
  /** Three numbers a check: index of the rule, form, length of the literal in bytes. */
  readonly targets: Int32Array;
  /** Whether what the prefilter says of a line depends on that line alone. */
  readonly byLine: boolean;
  /** Indexes of rules about contents that hold one value and nothing else: no literal wakes them. */
  readonly wholes: readonly number[];
  /** Indexes of rules that come from users: only they can take too long. */
  readonly stoppable: readonly number[];
}

/** Made by the build for the built-in rules, so that a run need not build an automaton. `src/detect/` and `dist/detect/` lie at the same depth. */
const BUILTIN = {
  image: new URL('../../dist/prefilter.bin', import.meta.url),
  /** `Plan.targets`, as the kernel's memory has numbers: 32 bits each, the low ones first. To parse them took a millisecond. */
  targets: new URL('../../dist/targets.bin', import.meta.url),
  plan: new URL('../../dist/prefilter.json', import.meta.url),
};

export const BUILTIN_FILES: Readonly<typeof BUILTIN> = BUILTIN;

/** Throws a `UserError` when rules of a user ask for more than the tables hold. */
export function planFor(set: RuleSet): Plan {
  const isBuiltin = set === builtinRules();
  if (!isBuiltin && set.builtin === undefined) return planOf(set);
  const rest = JSON.parse(readFileSync(BUILTIN.plan, 'utf8')) as Omit<Plan, 'image' | 'targets'>;
  const { buffer, byteOffset, length } = readFileSync(BUILTIN.targets);
  const plan = { image: BUILTIN.image, targets: new Int32Array(buffer.slice(byteOffset, byteOffset + length)), ...rest };
  return isBuiltin ? plan : planOfSome(plan, set.builtin ?? []);
}

/** The plan of some of its rules, given by their indexes: to make one of so many takes half a second. What the others' checks see wakes nobody. */
function planOfSome(plan: Plan, some: readonly number[]): Plan {
  const places = new Map(some.map((index, place) => [index, place]));
  const placesOf = (indexes: readonly number[]): number[] => indexes.flatMap((index) => places.get(index) ?? []);
  const targets = plan.targets.slice();
  for (let at = 0; at < targets.length; at += TARGET_WORDS) if (targets[at]! >= 0) targets[at] = places.get(targets[at]!) ?? OFF;
  return { ...plan, targets, wholes: placesOf(plan.wholes), stoppable: placesOf(plan.stoppable) };
}

/** See `buildTables` for `sample`. Throws as `planFor` does. */
export function planOf({ rules }: RuleSet, sample?: Uint8Array): Plan & { readonly image: Uint8Array } {
  const { checks, targets } = checksOf(rules);
  const numbers = targets.flatMap(({ rule, form }, index) => [rule, form, Buffer.byteLength(checks[index]?.literal ?? '', 'latin1')]);
  try {
    return {
      image: buildTables(checks, sample),
      targets: Int32Array.from(numbers),
      byLine: keepsToLines(checks),
      wholes: rules.flatMap(({ matcher }, index) => (matcher.kind === 'whole' ? [index] : [])),
      stoppable: rules.flatMap(({ linear }, index) => (linear === true ? [index] : [])),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(error.message, 'Leave out some of the rules given with --rules, or use fewer or shorter literals.');
  }
}
