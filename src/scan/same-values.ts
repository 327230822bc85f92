/**
 * One value that several rules see: where its form or its neighbours say whose key it is, that holds for its other
 * places too. It stays a finding of each rule, so that ids and what is accepted stay what they are.
 */
import { issuerOf, type Issuer, type Location } from '../model/finding.ts';
import { genericKind, UNATTRIBUTED, type Rule } from '../model/rule.ts';
import type { Secret } from '../model/secret.ts';
import { compareConfidence, type Confidence } from '../model/severity.ts';

/** What is asked of a finding that is being made. */
interface Seen {
  readonly rule: Rule;
  readonly issuer: Issuer | undefined;
  readonly secret: Secret;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  /** The most exposed place first; never empty. */
  readonly located: readonly { readonly location: Location }[];
}

const KINDS: ReadonlySet<Rule['kind']> = new Set(['secret', 'test', 'temporary', 'webhook']);
/** Matchers that know a value by more than what it is called. */
const KNOWING: ReadonlySet<Rule['matcher']['kind']> = new Set(['token', 'member', 'context', 'pattern', 'whole']);

/** The same findings, in their order; those of a value that only its name gives away have the issuer that the value has elsewhere. */
export function withIssuers<One extends Seen>(all: readonly One[]): readonly One[] {
  if (!all.some(isNobodys)) return all;
  const known = new Map<string, One>();
  for (const one of all) {
    if (!KINDS.has(one.rule.kind) || !KNOWING.has(one.rule.matcher.kind) || (one.issuer ?? one.rule).provider === UNATTRIBUTED) continue;
    const text = one.secret.reveal();
    const other = known.get(text);
    if (other === undefined || isSurer(one, other)) known.set(text, one);
  }
  return all.map((one) => {
    const same = isNobodys(one) ? known.get(one.secret.reveal()) : undefined;
    if (same === undefined) return one;
    const issuer = same.issuer ?? issuerOf(same.rule);
    return { ...one, issuer, evidence: [`the same value as the ${same.rule.title} in ${same.located[0]!.location.file}`, ...one.evidence] };
  });
}

/** Whether only its name gives a value away, and nothing says whose it is. */
export function isNobodys({ rule, issuer }: Pick<Seen, 'rule' | 'issuer'>): boolean {
  return genericKind(rule.matcher) === 'secret' && issuer === undefined;
}

function isSurer(a: Seen, b: Seen): boolean {
  return (compareConfidence(a.confidence, b.confidence) || (a.rule.id < b.rule.id ? 1 : -1)) > 0;
}
