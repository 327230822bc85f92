/**
 * Keys that look alike at many providers, beside which nothing says whose they are: of whom among these the program has a
 * package, as its manifests tell. Names, calls, hosts and neighbours come before that, so it is asked last, and only about
 * findings that are still nobody's.
 */
import { mentions } from '../detect/surroundings.ts';
import { issuerOf, type Issuer, type Location } from '../model/finding.ts';
import { UNATTRIBUTED, type Attribution, type Rule } from '../model/rule.ts';

/** What is asked of a finding that is being made. */
interface Seen {
  readonly rule: Rule;
  readonly issuer: Issuer | undefined;
  readonly evidence: readonly string[];
  readonly located: readonly { readonly location: Location }[];
}

/** The same findings, in their order; of a family's keys that are nobody's those have an issuer of which one provider alone is depended on. */
export function withDependencyOwners<One extends Seen>(
  all: readonly One[],
  rules: readonly Rule[],
  packages: ((path: string) => readonly ReadonlySet<string>[]) | undefined,
): readonly One[] {
  if (packages === undefined) return all;
  return all.map((one) => {
    if (one.issuer !== undefined || one.rule.provider !== UNATTRIBUTED) return one;
    const members = rules.filter(({ matcher, attribute }) => matcher.kind === 'member' && matcher.of === one.rule.id && attribute !== undefined);
    if (members.length === 0) return one;
    for (const { location } of one.located) {
      for (const nearest of packages(location.file)) {
        const owner = ownerAmong(members, nearest);
        if (owner === undefined) continue;
        return owner === 'several'
          ? one
          : { ...one, issuer: issuerOf(owner.rule), evidence: [`a manifest depends on \`${owner.name}\``, ...one.evidence] };
      }
    }
    return one;
  });
}

/** The member whose provider's packages are among some, where they are no other's. */
function ownerAmong(members: readonly Rule[], packages: ReadonlySet<string>): { readonly rule: Rule; readonly name: string } | 'several' | undefined {
  const found = members.flatMap((rule) => {
    const name = [...packages].find((one) => rule.attribute !== undefined && isOf(rule.attribute, one));
    return name === undefined ? [] : [{ rule, name }];
  });
  const [first] = found;
  return first !== undefined && found.some(({ rule }) => rule.provider !== first.rule.provider) ? 'several' : first;
}

/** Whether a package is a provider's own, or called after it: `react-paystack`. A name that is an ordinary word is not enough. */
function isOf({ packages, names, words }: Attribution, name: string): boolean {
  const isOwn = packages.some((own) => (own.endsWith('*') ? name.startsWith(own.slice(0, -1)) : name === own || name.startsWith(`${own}/`)));
  return (
    isOwn ||
    mentions(
      name,
      names.filter((one) => !words.includes(one)),
    ) !== undefined
  );
}
