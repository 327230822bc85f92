/** From a candidate to a sighting: whose key it is, how bad that is, and where it stands. */
import { Locator } from '../detect/locate.ts';
import type { Candidate, Dropped, Sighting } from '../model/finding.ts';
import { isTextCheck, type Rule, type RuleSet } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { Families } from './attribute.ts';
import { ContentFacts } from './circumstances.ts';
import { companionsOf } from './companions.ts';
import { Surroundings } from './surroundings.ts';

export class Classifier {
  readonly #set: RuleSet;
  /** Made where something is found: it reads all rules. */
  #families: Families | undefined;

  constructor(set: RuleSet) {
    this.#set = set;
  }

  /**
   * Judges the candidates of one content, which must be in ascending order. `locator` counts lines in the same bytes.
   */
  classify(candidates: readonly Candidate[], bytes: Uint8Array, locator: Locator, dropped?: (drop: Dropped) => void): Sighting[] {
    if (candidates.length === 0) return [];
    this.#families ??= new Families(this.#set);
    const families = this.#families;
    const contents = new Map<Uint8Array, { buffer: Buffer; surroundings: Surroundings; facts: ContentFacts }>();
    const contentOf = (text: Uint8Array): { buffer: Buffer; surroundings: Surroundings; facts: ContentFacts } => {
      const known = contents.get(text);
      if (known !== undefined) return known;
      const buffer = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
      const surroundings = new Surroundings(buffer);
      const content = { buffer, surroundings, facts: new ContentFacts(buffer, surroundings) };
      contents.set(text, content);
      return content;
    };
    const sightings: Sighting[] = [];
    for (const given of candidates) {
      const { inside } = given;
      const { buffer, surroundings, facts } = contentOf(inside?.bytes ?? bytes);
      const candidate = inside === undefined ? given : { ...given, span: inside.span };
      const { matcher } = candidate.rule;
      if (matcher.kind === 'usage' && matcher.hosts.length > 0 && !surroundings.namesHost(matcher.hosts)) continue;
      const family = families.has(candidate.rule);
      const judged = family ? families.attribute(candidate, surroundings) : candidate;
      if ('drop' in judged) {
        dropped?.({ rule: candidate.rule, span: given.span, filter: 'family', reason: judged.drop });
        continue;
      }
      const { rule, span, evidence, confidence } = judged;
      // Over several lines only the whole file tells which variable a value belongs to.
      const name = isTextCheck(rule) ? candidate.name : (facts.entry(span)?.name ?? candidate.name);
      const prefix = candidate.secret.publicPrefix;
      const text = buffer.toString('latin1', span.start, span.end);
      const place = inside === undefined ? span : inside.source(span);
      sightings.push({
        rule,
        secret: family ? new Secret(text, prefix) : candidate.secret,
        span: place,
        range: locator.range(place),
        name,
        evidence: [...evidence, ...shapeInWords(rule, text), ...companionsOf(rule, buffer, span)],
        confidence,
        severity: rule.severity,
        circumstances: facts.circumstances(rule, name, span),
      });
    }
    return sightings;
  }
}

/** What a value without a marker looks like: the reason why its name had to decide. */
function shapeInWords(rule: Rule, text: string): string[] {
  if (rule.matcher.kind !== 'context') return [];
  const kind = /^[0-9a-f]+$/i.test(text) ? 'hex digits' : /^[A-Za-z0-9]+$/.test(text) ? 'letters and digits' : 'characters';
  return [`${text.length} ${kind}`];
}
