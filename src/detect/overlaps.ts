/** Which of several candidates for one place counts. */
import type { Candidate } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { isTextCheck, type Rule } from '../model/rule.ts';

/** How sure a rule is to be right when two claim the same bytes. */
const RANK = {
  block: 6,
  pattern: 5,
  token: 5,
  member: 5,
  whole: 5,
  uri: 3,
  context: 4,
  assignment: 3.6,
  credential: 1,
  file: 0,
  usage: 0,
  finding: 0,
} as const;

/** A provider that only stands near is less sure than a name of the value's own, which rules of an assignment go by. */
const NEAR = 3.5;

/** A password's place says where it stands and not what it is, so whatever knows its shape comes first. */
function rank({ rule: { matcher, kind }, named }: Candidate): number {
  if (matcher.kind === 'context' && named !== true) return NEAR;
  return matcher.kind === 'pattern' && kind === 'password' ? RANK.uri : RANK[matcher.kind];
}

/**
 * One place, one candidate, in order of place: of overlapping ones the more specific rule wins. Rules about files stand
 * beside the others, since they are about the file, and checks that hold no secret each stand for themselves.
 * @param stands asked of each winner, the surest rules first. Where it does not stand another rule that is as sure is
 *   heard, and none that is less sure: it knows less of what stands there.
 */
export function resolveOverlaps(candidates: readonly Candidate[], stands: (candidate: Candidate) => boolean): Candidate[] {
  const ranked = candidates.toSorted(
    (a, b) =>
      rank(b) - rank(a) ||
      clarity(b) - clarity(a) ||
      Number(b.proven) - Number(a.proven) ||
      Number(b.named ?? false) - Number(a.named ?? false) ||
      b.secret.reveal().length - a.secret.reveal().length ||
      longestLiteral(b.rule) - longestLiteral(a.rule) ||
      a.span.start - b.span.start ||
      (a.rule.id < b.rule.id ? -1 : 1),
  );
  const taken: Candidate[] = [];
  const kept = { place: new SpanIndex(), file: new SpanIndex() };
  const checks = new Map<Rule, SpanIndex>();
  for (const candidate of ranked) {
    const { rule } = candidate;
    if (isTextCheck(rule) && !checks.has(rule)) checks.set(rule, new SpanIndex());
    const index = checks.get(rule) ?? (rule.matcher.kind === 'file' ? kept.file : kept.place);
    if (index.isClosed(candidate)) continue;
    const isTaken = stands(candidate);
    if (isTaken) taken.push(candidate);
    index.add({ ...candidate.span, rule, rank: rank(candidate), isTaken });
  }
  return taken.toSorted(byPlace);
}

/** Whether the text is plain, or decoded to something else, or only found once more in what was decoded around it. */
function clarity({ inside }: Candidate): number {
  return inside === undefined ? 0 : inside.isBetter ? 1 : -1;
}

function longestLiteral(rule: Rule): number {
  return Math.max(0, ...rule.literals.map((literal) => literal.length));
}

/** The order of everything: by place, then by rule. */
export function byPlace(a: { span: Span; rule: Rule }, b: { span: Span; rule: Rule }): number {
  return a.span.start - b.span.start || a.span.end - b.span.end || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);
}

/** A place that a rule's candidate has won. */
interface Won extends Span {
  readonly rule: Rule;
  readonly rank: number;
  readonly isTaken: boolean;
}

/** Won places by 256-byte cells, so that 100,000 secrets in one file stay linear. */
class SpanIndex {
  readonly #cells = new Map<number, Won[]>();

  /** Whether a candidate comes too late for its place. */
  isClosed(candidate: Candidate): boolean {
    const { rule } = candidate;
    const { start, end } = candidate.span;
    const own = rank(candidate);
    const isClosing = (won: Won): boolean => won.start < end && won.end > start && (won.isTaken || won.rule === rule || own < won.rank);
    for (let cell = start >> 8; cell <= (end - 1) >> 8; cell++) if (this.#cells.get(cell)?.some(isClosing) === true) return true;
    return false;
  }

  add(won: Won): void {
    for (let cell = won.start >> 8; cell <= (won.end - 1) >> 8; cell++) {
      const list = this.#cells.get(cell);
      if (list === undefined) this.#cells.set(cell, [won]);
      else list.push(won);
    }
  }
}
