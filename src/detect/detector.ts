/** Bytes and rules in, candidates out. Pure: no disk, no git, no path; the same bytes always give the same answer. */
import type { Candidate, Dropped } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import type { Rule, RuleSet } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { Confidence } from '../model/severity.ts';
import { CHECKSUMS } from '../rules/checksums.ts';
import { buildAutomaton, eachLiteral, Hits, scanAutomaton, type Automaton } from './automaton.ts';
import { dropReason } from './filters.ts';
import { CompiledRule, lineAround, matchAssignment, matchBlock, matchContext, matchPattern, matchToken, matchUri, type Hit, type LiteralAt } from './matchers.ts';
import { assignedName } from './surroundings.ts';

/** The rules' literals in a fixed order, each with the rules that it wakes. */
export interface LiteralTable {
  readonly literals: readonly string[];
  readonly rules: readonly (readonly number[])[];
}

export function literalTable(rules: readonly Rule[]): LiteralTable {
  const table = new Map<string, number[]>();
  for (const [index, rule] of rules.entries()) {
    for (const literal of rule.literals) {
      const list = table.get(literal) ?? [];
      list.push(index);
      table.set(literal, list);
    }
  }
  const literals = [...table.keys()].toSorted();
  return { literals, rules: literals.map((literal) => table.get(literal) ?? []) };
}

/** How sure a rule is to be right when two claim the same bytes. */
const RANK = { block: 6, pattern: 5, token: 5, member: 5, uri: 3, context: 4, assignment: 1, file: 0 } as const;

export class Detector {
  readonly #set: RuleSet;
  readonly #compiled: readonly CompiledRule[];
  readonly #table: LiteralTable;
  readonly #automaton: Automaton;
  readonly #hits = new Hits();

  /** `automaton` may be given where the build made it already; it must belong to these rules. */
  constructor(set: RuleSet, automaton?: Automaton) {
    this.#set = set;
    this.#compiled = set.rules.map((rule) => new CompiledRule(rule));
    this.#table = literalTable(set.rules);
    this.#automaton = automaton ?? buildAutomaton(this.#table.literals);
  }

  /**
   * All candidates in `bytes`, sorted by place. `selfIdentifyingOnly` leaves out rules that need context, for text
   * that has none. `dropped` is told what a filter took away.
   */
  detect(bytes: Uint8Array, options: { selfIdentifyingOnly?: boolean; dropped?: (drop: Dropped) => void } = {}): Candidate[] {
    scanAutomaton(this.#automaton, bytes, this.#hits);
    if (this.#hits.length === 0) return [];
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const candidates: Candidate[] = [];
    const report = (hit: Hit): void => {
      const judged = this.#judge(hit, buffer, options.dropped);
      if (judged !== undefined) candidates.push(judged);
    };
    this.#match(buffer, options.selfIdentifyingOnly ?? false, report);
    return resolveOverlaps(candidates);
  }

  #match(bytes: Buffer, selfIdentifyingOnly: boolean, report: (hit: Hit) => void): void {
    const anchors = new Map<number, Span[]>();
    const { pairs, length } = this.#hits;
    for (let index = 0; index < length; index += 2) {
      const end = pairs[index] ?? 0;
      eachLiteral(this.#automaton, pairs[index + 1] ?? 0, (id) => {
        const literal = this.#table.literals[id] ?? '';
        const at: LiteralAt = { literal, start: end - literal.length, end };
        for (const ruleIndex of this.#table.rules[id] ?? []) this.#matchAt(ruleIndex, bytes, at, selfIdentifyingOnly, anchors, report);
      });
    }
    for (const [ruleIndex, spans] of anchors) {
      const compiled = this.#compiled[ruleIndex];
      if (compiled !== undefined) matchContext(compiled, bytes, spans, report);
    }
  }

  #matchAt(ruleIndex: number, bytes: Buffer, at: LiteralAt, selfIdentifyingOnly: boolean, anchors: Map<number, Span[]>, report: (hit: Hit) => void): void {
    const compiled = this.#compiled[ruleIndex];
    if (compiled === undefined || (selfIdentifyingOnly && !compiled.rule.selfIdentifying)) return;
    switch (compiled.rule.matcher.kind) {
      case 'token':
        return matchToken(compiled, bytes, at, report);
      case 'pattern':
        return matchPattern(compiled, bytes, at, report);
      case 'block':
        return matchBlock(compiled, bytes, at, report);
      case 'uri':
        return matchUri(compiled, bytes, at, report);
      case 'assignment':
      case 'file':
        return matchAssignment(compiled, bytes, at, report);
      case 'context': {
        const spans = anchors.get(ruleIndex) ?? [];
        spans.push({ start: at.start, end: at.end });
        anchors.set(ruleIndex, spans);
        return undefined;
      }
      case 'member':
        return undefined;
    }
  }

  #judge(hit: Hit, bytes: Buffer, dropped: ((drop: Dropped) => void) | undefined): Candidate | undefined {
    const { rule } = hit;
    const text = bytes.toString('latin1', hit.start, hit.end);
    const line = hit.name === undefined ? lineAround(bytes, hit.start, hit.start) : undefined;
    const name = hit.name ?? assignedName(line?.text ?? '', hit.start - (line?.offset ?? 0));
    const body = text.slice(hit.prefixLength);
    const drop = dropReason({ rule, text, body, name }, this.#set.samples);
    if (drop !== undefined) {
      dropped?.({ rule, span: { start: hit.start, end: hit.end }, ...drop });
      return undefined;
    }
    const evidence = [...hit.evidence];
    let confidence: Confidence = hit.weak === true ? lower(rule.confidence) : rule.confidence;
    let proven = false;
    const algorithm = CHECKSUMS[rule.checksum ?? ''];
    const verdict = algorithm?.check(text);
    if (algorithm !== undefined && verdict === 'valid') {
      evidence.push(algorithm.label);
      proven = algorithm.proves;
      if (proven) confidence = 'high';
    } else if (verdict === 'invalid') {
      evidence.push('its checksum does not fit: made up, damaged, or of a newer form');
      confidence = 'low';
    }
    return {
      rule,
      secret: new Secret(text, text.slice(0, hit.prefixLength)),
      span: { start: hit.start, end: hit.end },
      name,
      evidence,
      proven,
      confidence,
    };
  }
}

function lower(confidence: Confidence): Confidence {
  return confidence === 'high' ? 'medium' : 'low';
}

/**
 * One place, one candidate: of overlapping ones the more specific rule wins. Rules about files stand beside the others,
 * since they are about the file.
 */
export function resolveOverlaps(candidates: readonly Candidate[]): Candidate[] {
  const ranked = candidates.toSorted(
    (a, b) =>
      RANK[b.rule.matcher.kind] - RANK[a.rule.matcher.kind] ||
      Number(b.proven) - Number(a.proven) ||
      b.secret.reveal().length - a.secret.reveal().length ||
      longestLiteral(b.rule) - longestLiteral(a.rule) ||
      a.span.start - b.span.start ||
      (a.rule.id < b.rule.id ? -1 : 1),
  );
  const taken: Candidate[] = [];
  const kept = { place: new SpanIndex(), file: new SpanIndex() };
  for (const candidate of ranked) {
    const index = candidate.rule.matcher.kind === 'file' ? kept.file : kept.place;
    if (index.overlaps(candidate.span)) continue;
    taken.push(candidate);
    index.add(candidate.span);
  }
  return taken.toSorted(byPlace);
}

function longestLiteral(rule: Rule): number {
  return Math.max(0, ...rule.literals.map((literal) => literal.length));
}

/** The order of everything: by place, then by rule. */
export function byPlace(a: { span: Span; rule: Rule }, b: { span: Span; rule: Rule }): number {
  return a.span.start - b.span.start || a.span.end - b.span.end || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);
}

/** Spans by 256-byte cells, so that 100,000 secrets in one file stay linear. */
class SpanIndex {
  readonly #cells = new Map<number, Span[]>();

  overlaps({ start, end }: Span): boolean {
    for (let cell = start >> 8; cell <= (end - 1) >> 8; cell++) {
      if (this.#cells.get(cell)?.some((kept) => kept.start < end && kept.end > start) === true) return true;
    }
    return false;
  }

  add(span: Span): void {
    for (let cell = span.start >> 8; cell <= (span.end - 1) >> 8; cell++) {
      const list = this.#cells.get(cell);
      if (list === undefined) this.#cells.set(cell, [span]);
      else list.push(span);
    }
  }
}
