/** What a collector holds, as plain data that can cross from one thread to another, and back. */
import type { Sighting } from '../model/finding.ts';
import type { NotScanned } from '../model/not-scanned.ts';
import type { Rule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { SeenComment } from '../policy/triage.ts';
import type { Found, Totals } from './collector.ts';

/** Numbers of a sighting: six values, where it lies in bytes, its range, and four values + 1 that may be absent. */
const ROW = 16;

/**
 * Sightings as rows of numbers, and each value once: versions of a file hold the same ones, and a copy of ten thousand
 * sightings as objects takes 700 bytes for each.
 */
export interface PackedFound {
  readonly rows: Float64Array;
  /** As JSON. */
  readonly values: readonly string[];
}

export interface Gathered {
  readonly totals: Totals;
  readonly found: PackedFound;
  readonly missed: readonly NotScanned[];
  readonly left: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly comments: readonly SeenComment[];
  /** Units counted and units ended. */
  readonly ledger: readonly [number, number];
}

export function packFound(found: readonly Found[]): PackedFound {
  const rows = new Float64Array(found.length * ROW);
  const numbers = new Map<string, number>();
  const numberOf = (value: unknown): number => {
    const text = JSON.stringify(value);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  const optional = (value: unknown): number => (value === undefined ? 0 : numberOf(value) + 1);
  for (const [index, { origin, sighting }] of found.entries()) {
    const { rule, secret, span, range, name, evidence, confidence, severity, issuer, byShape, comments, circumstances, rivals } = sighting;
    rows.set(
      [
        numberOf(origin),
        numberOf(rule.id),
        numberOf([secret.reveal(), secret.publicPrefix]),
        numberOf(name),
        numberOf(evidence),
        numberOf([confidence, severity, byShape === true]),
        span.start,
        span.end,
        range.startLine,
        range.startColumn,
        range.endLine,
        range.endColumn,
        optional(issuer),
        optional(comments),
        optional(circumstances),
        optional(rivals),
      ],
      index * ROW,
    );
  }
  return { rows, values: [...numbers.keys()] };
}

/** A number that V8 keeps where it stands, if it is small enough: one of an array of 64 bits would be an object of its own, and there are six in each sighting. */
function small(value: number): number {
  const whole = value | 0;
  return whole === value ? whole : value;
}

/** Makes sightings of what other threads packed; they share what is equal in them, also with those of other messages. */
export class Unpacker {
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #values = new Map<string, unknown>();
  readonly #secrets = new Map<string, Secret>();

  /** @param rules those of all threads, by id */
  constructor(rules: ReadonlyMap<string, Rule>) {
    this.#rules = rules;
  }

  /** Sightings from one on and before another; all when left out. */
  unpack({ rows, values }: PackedFound, from = 0, to = rows.length / ROW): Found[] {
    const found: Found[] = [];
    for (let at = from * ROW; at < to * ROW; at += ROW) {
      const value = (column: number): unknown => this.#value(values[rows[at + column]!]!);
      const optional = (column: number): unknown => (rows[at + column] === 0 ? undefined : this.#value(values[rows[at + column]! - 1]!));
      const number = (column: number): number => small(rows[at + column]!);
      const [confidence, severity, byShape] = value(5) as [Sighting['confidence'], Sighting['severity'], boolean];
      const [issuer, comments, circumstances, rivals] = [12, 13, 14, 15].map(optional) as [
        Sighting['issuer'],
        Sighting['comments'],
        Sighting['circumstances'],
        Sighting['rivals'],
      ];
      const sighting: Sighting = {
        rule: this.#rule(value(1) as string),
        secret: this.#secret(values[rows[at + 2]!]!),
        span: { start: number(6), end: number(7) },
        range: { startLine: number(8), startColumn: number(9), endLine: number(10), endColumn: number(11) },
        name: value(3) as string,
        evidence: value(4) as Sighting['evidence'],
        confidence,
        severity,
      };
      // Not spread: what is added to such an object gives each a shape of its own.
      if (issuer !== undefined) Object.assign(sighting, { issuer });
      if (byShape) Object.assign(sighting, { byShape });
      if (comments !== undefined) Object.assign(sighting, { comments });
      if (circumstances !== undefined) Object.assign(sighting, { circumstances });
      if (rivals !== undefined) Object.assign(sighting, { rivals });
      found.push({ origin: value(0) as Found['origin'], sighting });
    }
    return found;
  }

  #rule(id: string): Rule {
    const rule = this.#rules.get(id);
    if (rule === undefined) throw new Error(`no rule ${id} in this thread`); // never a finding that is just gone
    return rule;
  }

  #value(text: string): unknown {
    let known = this.#values.get(text);
    if (known === undefined) {
      known = JSON.parse(text);
      this.#values.set(text, known);
    }
    return known;
  }

  #secret(text: string): Secret {
    let known = this.#secrets.get(text);
    if (known === undefined) {
      known = new Secret(...(JSON.parse(text) as [string, string]));
      this.#secrets.set(text, known);
    }
    return known;
  }
}
