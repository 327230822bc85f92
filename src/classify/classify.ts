/** From a candidate to a sighting: whose key it is, how bad that is, and where it stands. */
import { Locator } from '../detect/locate.ts';
import type { Candidate, Dropped, Sighting } from '../model/finding.ts';
import type { RuleSet } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { Families } from './attribute.ts';
import { Surroundings } from './surroundings.ts';

export class Classifier {
  readonly #families: Families;

  constructor(set: RuleSet) {
    this.#families = new Families(set);
  }

  /**
   * Judges the candidates of one content, which must be in ascending order. `locator` counts lines in the same bytes.
   */
  classify(candidates: readonly Candidate[], bytes: Uint8Array, locator: Locator, dropped?: (drop: Dropped) => void): Sighting[] {
    if (candidates.length === 0) return [];
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const surroundings = new Surroundings(buffer);
    const sightings: Sighting[] = [];
    for (const candidate of candidates) {
      const family = this.#families.has(candidate.rule);
      const judged = family ? this.#families.attribute(candidate, surroundings) : candidate;
      if ('drop' in judged) {
        dropped?.({ rule: candidate.rule, span: candidate.span, filter: 'family', reason: judged.drop });
        continue;
      }
      const { rule, span, evidence, confidence } = judged;
      const prefix = candidate.secret.publicPrefix;
      sightings.push({
        rule,
        secret: family ? new Secret(buffer.toString('latin1', span.start, span.end), prefix) : candidate.secret,
        span,
        range: locator.range(span),
        name: candidate.name,
        evidence,
        confidence,
        severity: rule.severity,
      });
    }
    return sightings;
  }
}
