/** From a candidate to a sighting: whose key it is, how bad that is, and where it stands. */
import { Locator } from '../detect/locate.ts';
import { lineAround } from '../detect/lines.ts';
import { resolveOverlaps } from '../detect/overlaps.ts';
import type { Candidate, Dropped, Sighting } from '../model/finding.ts';
import { isTextCheck, type Rule, type RuleSet } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { Families, type Attributed } from './attribute.ts';
import { ContentFacts } from './circumstances.ts';
import { companionsOf } from './companions.ts';
import { inKeyFile } from './key-files.ts';
import { partsOf } from './key-names.ts';
import { Owners } from './owners.ts';
import { Surroundings } from './surroundings.ts';

export class Classifier {
  readonly #set: RuleSet;
  /** Made where something is found that they are asked about: they read all rules. */
  #families: Families | undefined;
  #owners: Owners | undefined;

  constructor(set: RuleSet) {
    this.#set = set;
  }

  /**
   * Judges the candidates of one content; what comes of them is in order of place. `locator` counts lines in the same bytes.
   * @param isPathKnown see `resolveOverlaps`
   */
  classify(
    candidates: readonly Candidate[],
    bytes: Uint8Array,
    locator: Locator,
    isPathKnown: boolean,
    dropped?: (drop: Dropped) => void,
  ): Sighting[] {
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
    const attributed = new Map<Candidate, Attributed>();
    const stands = (given: Candidate): boolean => {
      const { rule, inside } = given;
      const { buffer, surroundings } = contentOf(inside?.bytes ?? bytes);
      if (rule.matcher.kind === 'usage') return rule.matcher.hosts.length === 0 || surroundings.namesHost(rule.matcher.hosts);
      if (!families.has(rule)) {
        const reason = Owners.publicReason(inside === undefined ? given : { ...given, span: inside.span }, buffer, surroundings);
        if (reason !== undefined) dropped?.({ rule, span: given.span, filter: 'public', reason });
        return reason === undefined;
      }
      const placed = inside === undefined ? given : { ...given, span: inside.span };
      const outside = { surroundings: contentOf(bytes).surroundings, span: given.span };
      const judged = families.attribute(placed, buffer, surroundings, outside, (reach) => {
        const parts = partsOf(placed.name).slice(1);
        const keys = surroundings.keysAround(placed.span);
        const owners = this.#ownersOfSet();
        if (reach === 'line') return owners.issuedOnLine(placed, buffer);
        return reach === 'own'
          ? owners.issuedInside(placed, [...parts, ...keys.slice(0, 1)], buffer)
          : owners.issuedTo(placed, [...parts, ...keys], buffer);
      });
      if ('drop' in judged) dropped?.({ rule, span: given.span, filter: 'family', reason: judged.drop });
      else attributed.set(given, judged);
      return !('drop' in judged);
    };
    const sightings: Sighting[] = [];
    for (const { candidate, rivals } of resolveOverlaps(candidates, isPathKnown, stands)) {
      const { inside } = candidate;
      const { buffer, surroundings, facts } = contentOf(inside?.bytes ?? bytes);
      const family = attributed.get(candidate);
      const placed = { ...candidate, span: inside?.span ?? candidate.span };
      const { rule, span, evidence, confidence, issuer, byShape }: Attributed =
        family ??
        this.#claimed(placed, buffer, surroundings, inside === undefined ? [] : contentOf(bytes).surroundings.keysAround(candidate.span)) ??
        this.#elsewhere(placed, buffer, surroundings) ??
        inItsOwnPlace(placed, buffer, surroundings) ??
        inKeyFile(placed, [
          { bytes: buffer, span: placed.span },
          { bytes: contentOf(bytes).buffer, span: candidate.span },
        ]) ??
        placed;
      // Over several lines only the whole file tells which variable a value belongs to.
      const name = isTextCheck(rule) ? candidate.name : (facts.entry(span)?.name ?? candidate.name);
      const prefix = candidate.secret.publicPrefix;
      const text = buffer.toString('latin1', span.start, span.end);
      const place = inside === undefined ? span : inside.source(span);
      sightings.push({
        rule,
        secret: family !== undefined ? new Secret(text, prefix) : candidate.secret,
        span: place,
        range: locator.range(place),
        name,
        evidence: [...evidence, ...shapeInWords(rule, text), ...companionsOf(rule, buffer, span)],
        confidence,
        severity: rule.severity,
        ...(issuer === undefined ? {} : { issuer }),
        ...(byShape === undefined ? {} : { byShape }),
        circumstances: facts.circumstances(rule, name, span),
        ...(rivals.length === 0 ? {} : { rivals }),
      });
    }
    return sightings;
  }

  #claimed(candidate: Candidate, bytes: Buffer, surroundings: Surroundings, outerKeys: readonly string[]): Attributed | undefined {
    if (Owners.isDrawnAlike(candidate)) return this.#ownersOfSet().drawnAlike(candidate, bytes, surroundings, outerKeys);
    if (!Owners.mayClaim(candidate)) return undefined;
    return this.#ownersOfSet().claim(candidate, bytes, surroundings, outerKeys);
  }

  /** See `Owners.elsewhere`. */
  #elsewhere(candidate: Candidate, bytes: Buffer, surroundings: Surroundings): Attributed | undefined {
    const { rule, named, span } = candidate;
    return rule.matcher.kind !== 'context' || named === true
      ? undefined
      : this.#ownersOfSet().elsewhere(candidate, bytes, surroundings.keysAround(span));
  }

  #ownersOfSet(): Owners {
    this.#owners ??= new Owners(this.#set);
    return this.#owners;
  }
}

/** A credential that stands near its provider is as sure as one with its name where what it stands in, or is sent to, is the provider's. */
function inItsOwnPlace(candidate: Candidate, bytes: Buffer, surroundings: Surroundings): Attributed | undefined {
  const { rule, span, name, confidence } = candidate;
  if (rule.matcher.kind !== 'context' || confidence !== 'medium' || rule.confidence !== 'high') return undefined;
  const place = Owners.ownPlace(candidate, surroundings.keysAround(span));
  if (place !== undefined) return { rule, span, evidence: [`\`${name}\` in \`${place}\``], confidence: rule.confidence };
  const imported = importedBefore(candidate, bytes, surroundings);
  if (imported !== undefined)
    return { rule, span, evidence: [`argument of \`${imported}\`, which the file imports from its provider`], confidence: rule.confidence };
  const near = Owners.ownHost(candidate, bytes);
  return near && { rule, span, evidence: [`given to \`${name}\`, \`${near.host}\` ${near.where}`], confidence: rule.confidence };
}

/** What is made on a value's line or in the calls around it by a name that the file imports from the provider: `new StreamingClient(`. */
function importedBefore({ rule: { matcher }, span }: Candidate, bytes: Buffer, surroundings: Surroundings): string | undefined {
  if (matcher.kind !== 'context') return undefined;
  const { text, offset } = lineAround(bytes, span.start, span.start);
  const calls = [text.slice(0, span.start - offset), ...surroundings.keysAround(span)].join(' ');
  const made = new Set(Array.from(calls.matchAll(MADE), ([, name = '']) => name));
  return made.size === 0 ? undefined : [...made].find((name) => surroundings.imports(name, matcher.near));
}

/** A class that is made or whose builder is called. */
const MADE = /(?<![\w$])([A-Z][A-Za-z]{3,60})(?=\(|\.builder\b)/g;

/** What a value without a marker looks like: the reason why its name had to decide. */
function shapeInWords(rule: Rule, text: string): string[] {
  if (rule.matcher.kind !== 'context') return [];
  const kind = /^[0-9a-f]+$/i.test(text) ? 'hex digits' : /^[A-Za-z0-9]+$/.test(text) ? 'letters and digits' : 'characters';
  return [`${text.length} ${kind}`];
}
