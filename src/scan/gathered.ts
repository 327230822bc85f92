/** What a collector holds, as plain data that can cross from one thread to another, and back. */
import type { Sighting } from '../model/finding.ts';
import type { NotScanned } from '../model/not-scanned.ts';
import type { Rule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { SeenComment } from '../policy/triage.ts';
import type { Found, Totals } from './collector.ts';

/** A sighting without objects that a copy would break: the rule by its id, the secret by its text. */
interface PlainFound {
  readonly origin: Found['origin'];
  readonly sighting: Omit<Sighting, 'rule' | 'secret'> & { readonly rule: string; readonly secret: string; readonly prefix: string };
}

export interface Gathered {
  readonly totals: Totals;
  readonly found: readonly PlainFound[];
  readonly missed: readonly NotScanned[];
  readonly left: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly comments: readonly SeenComment[];
  /** Units counted and units ended. */
  readonly ledger: readonly [number, number];
}

export function toPlain({ origin, sighting }: Found): PlainFound {
  const { rule, secret, ...rest } = sighting;
  return { origin, sighting: { ...rest, rule: rule.id, secret: secret.reveal(), prefix: secret.publicPrefix } };
}

/** `rules` are those of both threads, by id. */
export function fromPlain(plain: readonly PlainFound[], rules: ReadonlyMap<string, Rule>): Found[] {
  return plain.map(({ origin, sighting }) => {
    const { rule: id, secret, prefix, ...rest } = sighting;
    const rule = rules.get(id);
    if (rule === undefined) throw new Error(`no rule ${id} in this thread`); // never a finding that is just gone
    return { origin, sighting: { ...rest, rule, secret: new Secret(secret, prefix) } };
  });
}
