/**
 * Whose key it is. Keys of a family look alike (`sk_live_` of a dozen providers), so they are matched once and
 * attributed afterwards: exact structure first, then the nearest context, then the length, else "unattributed" with
 * the candidates. One value is one finding, whoever claims it.
 */
import { dropReason } from '../detect/filters.ts';
import { wordShare } from '../detect/words.ts';
import { issuerOf, type Candidate, type Issuer } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import type { Attribution, Rule, RuleSet } from '../model/rule.ts';
import type { Confidence } from '../model/severity.ts';
import { LinearRegex } from '../rules/regex-safety.ts';
import { nameClaim, SCORE, type Claim, type Surroundings } from './surroundings.ts';

export interface Attributed {
  readonly rule: Rule;
  readonly span: Span;
  readonly evidence: readonly string[];
  readonly confidence: Confidence;
  /** See `Sighting.issuer`. */
  readonly issuer?: Issuer;
  /** See `Sighting.byShape`. */
  readonly byShape?: true;
}

/** A candidate's place in the content itself, where it was found in what that encodes. */
interface Outside {
  readonly surroundings: Surroundings;
  readonly span: Span;
}

/** Who else than a family's members issues what a value's name, the keys around it or the host beside it speak of. */
export interface Issued {
  readonly issuer: Issuer;
  readonly evidence: string;
}

/** How far it is looked for: a value's own name and the key that it stands in, the host on its line, or all that is around it. */
export type Reach = 'own' | 'line' | 'around';

interface Member {
  readonly rule: Rule;
  readonly bodies: readonly { readonly regex: Pick<RegExp, 'test'>; readonly exact: boolean }[];
  readonly wide: boolean;
}

const NARROW_RUN = /^[A-Za-z0-9]+/;
/** Two claims nearer than this are a tie. */
const TIE = 4;
/** A body of another provider's shape makes its claim weaker, but context overrides shape. */
const WRONG_SHAPE = 6;
/** The shortest body that is believed without anybody's claim, and the shortest with one. */
const MIN_ALONE = 16;
const MIN_CLAIMED = 10;

export class Families {
  readonly #members = new Map<string, Member[]>();
  readonly #samples: RuleSet['samples'];
  /** By family: members of others whose providers have none in it, such as one that documents live keys and no test keys. */
  readonly #strangers = new Map<string, readonly Member[]>();

  constructor(set: RuleSet) {
    this.#samples = set.samples;
    for (const rule of set.rules) {
      if (rule.matcher.kind !== 'member') continue;
      const list = this.#members.get(rule.matcher.of) ?? [];
      list.push({
        rule,
        wide: rule.matcher.wide,
        bodies: rule.matcher.bodies.map(({ pattern, exact }) => ({
          regex: rule.linear === true ? new LinearRegex(`^(?:${pattern})$`) : new RegExp(`^(?:${pattern})$`),
          exact,
        })),
      });
      this.#members.set(rule.matcher.of, list);
    }
  }

  #strangersTo(family: string): readonly Member[] {
    const known = this.#strangers.get(family);
    if (known !== undefined) return known;
    const own = new Set(this.#members.get(family)?.map(({ rule }) => rule.provider));
    const strangers = [...this.#members.values()].flat().filter(({ rule }) => !own.has(rule.provider));
    this.#strangers.set(family, strangers);
    return strangers;
  }

  /** Whether a rule stands for a family whose members claim its matches. */
  has(rule: Rule): boolean {
    return this.#members.has(rule.id);
  }

  /**
   * The member that claims a family's candidate, the family's own rule when none does, or why it is no key at all.
   * @param bytes what the candidate's span is in
   * @param issued asked where no member claims it from so near
   */
  attribute(
    candidate: Candidate,
    bytes: Buffer,
    surroundings: Surroundings,
    outside: Outside,
    issued: (reach: Reach) => Issued | undefined,
  ): Attributed | { readonly drop: string } {
    const members = this.#members.get(candidate.rule.id) ?? [];
    const text = candidate.secret.reveal();
    const prefix = candidate.rule.literals.find((literal) => text.startsWith(literal)) ?? '';
    const wide = text.slice(prefix.length);
    // Base64 is no longer itself when it is cut at a sign.
    const narrow = /[+/]/.test(wide) ? wide : (NARROW_RUN.exec(wide)?.[0] ?? '');
    const cut = (body: string): Span => ({ start: candidate.span.start, end: candidate.span.start + prefix.length + body.length });

    const exact = members.filter((member) => member.bodies.some((body) => body.exact && (body.regex.test(narrow) || body.regex.test(wide))));
    const [only] = exact;
    if (only !== undefined && exact.length === 1) {
      const body = only.bodies.some(({ regex }) => regex.test(wide)) ? wide : narrow;
      return {
        rule: only.rule,
        span: cut(body),
        evidence: [`a structure that only ${only.rule.provider} uses`, ...candidate.evidence],
        confidence: 'high',
      };
    }
    if (isCut(bytes, candidate.span.end) && !members.some((member) => fits(member, narrow))) return { drop: 'shortened on purpose' };
    const { found, stranger } = this.#nearest(members, candidate, narrow, wide, surroundings, outside, issued);
    const claims = weighed(found, narrow, wide);
    const [best, second] = claims;
    if (best !== undefined && best.claim.score - (second?.claim.score ?? 0) >= TIE) {
      const body = best.member.wide ? wide : narrow;
      if (body.length < MIN_CLAIMED || !looksGenerated(body)) return { drop: 'too short or too plain for a key' };
      const reason = this.#objection(candidate, best.member.rule, prefix, body);
      if (reason !== undefined) return { drop: reason };
      return {
        rule: best.member.rule,
        span: cut(body),
        evidence: [best.claim.evidence, ...candidate.evidence],
        confidence: best.claim.score >= SCORE.imported && !isShapesChoice(claims) ? 'high' : 'medium',
      };
    }
    const least = stranger === undefined ? MIN_ALONE : MIN_CLAIMED;
    if (narrow.length < least || !looksGenerated(narrow)) return { drop: 'too short or too plain for a key without a provider near it' };
    const reason = this.#objection(candidate, candidate.rule, prefix, narrow);
    if (reason !== undefined) return { drop: reason };
    const other =
      stranger ?? (claims.length > 0 ? undefined : (this.#strangerAround(candidate, narrow, wide, surroundings, outside) ?? issued('around')));
    if (other !== undefined) {
      const { rule, confidence } = candidate;
      return { rule, span: cut(narrow), evidence: [other.evidence, ...candidate.evidence], confidence, issuer: other.issuer };
    }
    return unclaimed(
      candidate,
      cut(narrow),
      claims.map(({ member }) => member),
      members.filter((member) => fits(member, narrow)),
    );
  }

  /**
   * Who claims a value from nearest: members, or somebody else. A value's own name comes before the host on its line, and that before
   * what other lines speak of, also where it is of somebody who is not known for such keys.
   */
  #nearest(
    members: readonly Member[],
    candidate: Candidate,
    narrow: string,
    wide: string,
    surroundings: Surroundings,
    outside: Outside,
    issued: (reach: Reach) => Issued | undefined,
  ): { readonly found: readonly Claimed[]; readonly stranger?: Issued | undefined } {
    const elsewhere = (other: Issued | undefined): Issued | undefined =>
      members.some(({ rule }) => rule.provider === other?.issuer.provider) ? undefined : other;
    const own = ownClaims(members, candidate, surroundings);
    if (own.length > 0) return { found: own };
    const named = elsewhere(this.#strangerOf(candidate, narrow, wide, surroundings) ?? issued('own'));
    if (named !== undefined) return { found: [], stranger: named };
    const found = claimsAround(members, candidate, surroundings, outside);
    if (found.length === 0 || found.some(({ claim }) => claim.score >= SCORE.sameLine)) return { found };
    const sent = elsewhere(issued('line'));
    return sent === undefined ? { found } : { found: [], stranger: sent };
  }

  /**
   * The provider that is known for keys of another family and that the value's own name or key speaks of, or else, with `outside`,
   * what stands around it: nobody lists all that a provider issues.
   */
  #strangerOf(candidate: Candidate, narrow: string, wide: string, surroundings: Surroundings, outside?: Outside): Issued | undefined {
    const strangers = this.#strangersTo(candidate.rule.id);
    const found = outside === undefined ? ownClaims(strangers, candidate, surroundings) : claimsAround(strangers, candidate, surroundings, outside);
    const claims = weighed(found, narrow, wide);
    const [best] = claims;
    const second = claims.find(({ member }) => member.rule.provider !== best?.member.rule.provider);
    if (best === undefined || best.claim.score - (second?.claim.score ?? 0) < TIE) return undefined;
    const { provider } = best.member.rule;
    return {
      issuer: issuerOf(best.member.rule),
      evidence: `${best.claim.evidence}; ${provider} is not known to issue keys with this prefix`,
    };
  }

  /** The same by what stands around it: a service whose keys stand near a secret that signs is hardly the one whose events it signs. */
  #strangerAround(candidate: Candidate, narrow: string, wide: string, surroundings: Surroundings, outside: Outside): Issued | undefined {
    return candidate.rule.kind === 'webhook' ? undefined : this.#strangerOf(candidate, narrow, wide, surroundings, outside);
  }

  /** The filters once more, since the text may have become shorter than what was matched. */
  #objection(candidate: Candidate, rule: Rule, prefix: string, body: string): string | undefined {
    return dropReason({ rule, text: prefix + body, body, name: candidate.name }, this.#samples)?.reason;
  }
}

/** Three dots, or the sign for them. */
const DOTS_BEHIND = /^(?:\.{3}|\u2026|\xe2\x80\xa6)/;

/** Whether what ends at `end` goes on in dots: somebody left the rest of it out. */
function isCut(bytes: Buffer, end: number): boolean {
  return DOTS_BEHIND.test(bytes.toString('latin1', end, end + 3));
}

interface Claimed {
  readonly member: Member;
  readonly claim: Claim;
  /** What its score was before its shape counted; only where that counted. */
  readonly said?: number;
}

/** Whether more than one provider is named as near as the first of them, so that shapes decide which of them it is. */
function isShapesChoice([best, ...others]: readonly Claimed[]): boolean {
  return others.some(
    ({ member, claim, said = claim.score }) => member.rule.provider !== best?.member.rule.provider && said > (best?.claim.score ?? 0) - TIE,
  );
}

/** Who is named by the value's own name, or else by the host on its line, or by the key that it stands in. */
function ownClaims(members: readonly Member[], { name, span }: Candidate, surroundings: Surroundings): Claimed[] {
  const named = claimsOf(members, (attribution) => nameClaim(attribution, name));
  if (named.length > 0) return named;
  const sent = claimsOf(members, (attribution) => surroundings.hostClaim(attribution, span));
  return sent.length > 0 ? sent : claimsOf(members, (attribution) => surroundings.keyClaim(attribution, span, name));
}

/** Who is named around it. */
function claimsAround(members: readonly Member[], { span }: Candidate, surroundings: Surroundings, outside: Outside): Claimed[] {
  return claimsOf(
    members,
    (attribution) =>
      surroundings.claim(attribution, span) ??
      outside.surroundings.keyClaim(attribution, outside.span) ??
      (outside.surroundings === surroundings ? undefined : outside.surroundings.nearClaim(attribution, outside.span)),
  );
}

/** The strongest first; less is believed of those whose keys have another shape. */
function weighed(found: readonly Claimed[], narrow: string, wide: string): Claimed[] {
  const claims = found.map(({ member, claim }) => {
    const wrong = member.bodies.length > 0 && !fits(member, member.wide ? wide : narrow);
    return wrong ? { member, claim: { ...claim, score: claim.score - WRONG_SHAPE }, said: claim.score } : { member, claim };
  });
  return claims.toSorted((a, b) => b.claim.score - a.claim.score || (a.member.rule.id < b.member.rule.id ? -1 : 1));
}

function claimsOf(members: readonly Member[], ask: (attribution: Attribution) => Claim | undefined): Claimed[] {
  return members.flatMap((member) => {
    const claim = member.rule.attribute === undefined ? undefined : ask(member.rule.attribute);
    return claim === undefined ? [] : [{ member, claim }];
  });
}

function fits(member: Member, body: string): boolean {
  return member.bodies.some(({ regex }) => regex.test(body));
}

/**
 * Generated text has digits among its letters, or at least cases that change within; identifiers mostly have not. The
 * base64 of a readable text, `test_secret…`, has both and was written by somebody.
 */
function looksGenerated(body: string): boolean {
  if (!/[A-Za-z]/.test(body) || isReadableBase64(body)) return false;
  return /\d/.test(body) || (/[a-z][A-Z]+[a-z]/.test(body) && (!/[_-]/.test(body) || (body.length >= MIN_ALONE && wordShare(body) < UNWORDY)));
}

/** Of identifiers more stands in words. */
const UNWORDY = 0.3;

/** Of random letters and digits, 16 decode to printable text once in 100,000. */
function isReadableBase64(body: string): boolean {
  return body.length >= 16 && /^[ -~]+$/.test(Buffer.from(body, 'base64').toString('latin1'));
}

function unclaimed(candidate: Candidate, span: Span, claimants: readonly Member[], fitting: readonly Member[]): Attributed {
  const byShape = claimants.length === 0 && fitting.length === 1 ? fitting[0] : undefined;
  if (byShape !== undefined) {
    return {
      rule: byShape.rule,
      span,
      evidence: [`of the providers whose keys' shape is known, only ${byShape.rule.provider} uses this length and alphabet`, ...candidate.evidence],
      confidence: 'medium',
      byShape: true,
    };
  }
  const names = [...new Set((claimants.length > 0 ? claimants : fitting).map((member) => member.rule.provider))];
  const who = names.length === 0 ? 'Stripe, or another provider that uses this prefix' : names.join(', ');
  return {
    rule: candidate.rule,
    span,
    evidence: [
      claimants.length > 1 ? `several providers stand equally near: ${who}` : `nothing near it says whose it is; its shape fits ${who}`,
      ...candidate.evidence,
    ],
    confidence: candidate.confidence,
  };
}
