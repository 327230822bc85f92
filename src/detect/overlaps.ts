/** Which of several candidates for one place counts. */
import type { Candidate, Rival } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { genericKind, isSharedShape, isTextCheck, type Rule } from '../model/rule.ts';

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

/** A shape that many use says less than a name, or a provider near by. */
const SHARED = 2;

/** A password's place says where it stands and not what it is, so whatever knows its shape comes first. */
function rank({ rule, named }: Candidate): number {
  const { matcher, kind } = rule;
  if (matcher.kind === 'context' && named !== true) return NEAR;
  if (isSharedShape(rule)) return SHARED;
  if (genericKind(matcher) !== undefined) return RANK.credential;
  return matcher.kind === 'pattern' && kind === 'password' ? RANK.uri : RANK[matcher.kind];
}

/** A candidate that counts. */
interface Winner {
  readonly candidate: Candidate;
  /** Where one of them stands it does not. */
  readonly rivals: readonly Rival[];
}

/**
 * One place, one candidate, in order of place: of overlapping ones the more specific rule wins. Rules about files stand
 * beside the others, since they are about the file, and checks that hold no secret each stand for themselves.
 * @param isPathKnown whether all rules are about the path of the content. Else one that is about some paths wins there alone.
 * @param stands asked of each winner, the surest rules first. Where it does not stand another rule that is as sure is
 *   heard, and none that is less sure: it knows less of what stands there.
 */
export function resolveOverlaps(candidates: readonly Candidate[], isPathKnown: boolean, stands: (candidate: Candidate) => boolean): Winner[] {
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
  const taken: Winner[] = [];
  const kept = { place: new SpanIndex(), file: new SpanIndex() };
  const checks = new Map<Rule, SpanIndex>();
  for (const candidate of ranked) {
    const { rule } = candidate;
    if (isTextCheck(rule) && !checks.has(rule)) checks.set(rule, new SpanIndex());
    const index = checks.get(rule) ?? (rule.matcher.kind === 'file' ? kept.file : kept.place);
    const rivals = index.rivalsOf(candidate);
    if (rivals === undefined) continue;
    const isTaken = stands(candidate);
    if (isTaken) taken.push({ candidate, rivals });
    const paths = isPathKnown ? undefined : rule.paths;
    index.add({ ...candidate.span, rule, rank: rank(candidate), isTaken, claim: { ...(paths && { paths }), ...(rivals.length > 0 && { rivals }) } });
  }
  return taken.toSorted((a, b) => byPlace(a.candidate, b.candidate));
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
  /** Under which paths. */
  readonly claim: Rival;
}

/** Rivals of a candidate, and of its rivals' rivals. What has more is told twice under some path, rather than by nobody. */
const MAX_RIVALS = 8;
const MAX_DEPTH = 3;

function depthOf({ rivals = [] }: Rival): number {
  return 1 + Math.max(0, ...rivals.map(depthOf));
}

/** Won places by 256-byte cells, so that 100,000 secrets in one file stay linear. */
class SpanIndex {
  readonly #cells = new Map<number, Won[]>();

  /** What a candidate gives way to under some paths; undefined where it comes too late for its place under all. */
  rivalsOf(candidate: Candidate): Rival[] | undefined {
    const { rule } = candidate;
    const { start, end } = candidate.span;
    const own = rank(candidate);
    const isClosing = (won: Won): boolean => won.start < end && won.end > start && (won.isTaken || won.rule === rule || own < won.rank);
    const rivals = new Set<Rival>();
    for (let cell = start >> 8; cell <= (end - 1) >> 8; cell++) {
      for (const won of this.#cells.get(cell) ?? []) {
        if (!isClosing(won)) continue;
        const { paths, rivals: others } = won.claim;
        if (others === undefined && (paths === undefined || won.rule === rule)) return undefined;
        if (rivals.size < MAX_RIVALS && depthOf(won.claim) <= MAX_DEPTH) rivals.add(won.claim);
      }
    }
    return [...rivals];
  }

  add(won: Won): void {
    for (let cell = won.start >> 8; cell <= (won.end - 1) >> 8; cell++) {
      const list = this.#cells.get(cell);
      if (list === undefined) this.#cells.set(cell, [won]);
      else list.push(won);
    }
  }
}
