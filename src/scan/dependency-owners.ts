/**
 * Keys that look alike at many providers, beside which nothing says whose they are: of whom among these the program has a
 * package, as its manifests tell. Names, calls, hosts and neighbours come before that, so it is asked last, and only about
 * findings that are still nobody's.
 */
import { mentions } from '../detect/surroundings.ts';
import { issuerOf, type Issuer, type Location } from '../model/finding.ts';
import { UNATTRIBUTED, type Rule } from '../model/rule.ts';

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
  const families = new Map<string, Family>();
  return all.map((one) => {
    // A package calls an API; events may be somebody else's.
    if (one.issuer !== undefined || one.rule.provider !== UNATTRIBUTED || one.rule.kind === 'webhook') return one;
    const family = families.get(one.rule.id) ?? new Family(rules, one.rule.id);
    families.set(one.rule.id, family);
    for (const { location } of one.located) {
      for (const nearest of packages(location.file)) {
        const owner = family.ownerAmong(nearest);
        if (owner === undefined) continue;
        return owner === 'several'
          ? one
          : { ...one, issuer: issuerOf(owner.rule), evidence: [`a manifest depends on \`${owner.name}\``, ...one.evidence] };
      }
    }
    return one;
  });
}

/** A member of a family, and the package of its provider that is depended on. */
interface Owner {
  readonly rule: Rule;
  readonly name: string;
}

/** The rules of those who have keys of one form. */
class Family {
  readonly #members: readonly { readonly rule: Rule; readonly packages: readonly string[]; readonly names: readonly string[] }[];
  /** By the packages of a manifest: many keys stand below one, and it may list thousands. */
  readonly #known = new Map<ReadonlySet<string>, Owner | 'several' | undefined>();

  constructor(rules: readonly Rule[], id: string) {
    this.#members = rules.flatMap((rule) => {
      const { matcher, attribute } = rule;
      if (matcher.kind !== 'member' || matcher.of !== id || attribute === undefined) return [];
      // A name that is an ordinary word is not enough.
      return [{ rule, packages: attribute.packages, names: attribute.names.filter((name) => !attribute.words.includes(name)) }];
    });
  }

  /** The member whose provider's packages are among some, where they are no other's. */
  ownerAmong(packages: ReadonlySet<string>): Owner | 'several' | undefined {
    if (!this.#known.has(packages)) this.#known.set(packages, this.#find(packages));
    return this.#known.get(packages);
  }

  #find(packages: ReadonlySet<string>): Owner | 'several' | undefined {
    let first: Owner | undefined;
    for (const name of packages) {
      for (const { rule, packages: own, names } of this.#members) {
        if (first?.rule.provider === rule.provider || !(own.some((one) => isPackageOf(one, name)) || mentions(name, names) !== undefined)) continue;
        if (first !== undefined) return 'several';
        first = { rule, name };
      }
    }
    return first;
  }
}

/** Whether a package is a provider's own: `@acme/*` and what is below `github.com/acme/acme-go`. */
function isPackageOf(own: string, name: string): boolean {
  return own.endsWith('*') ? name.startsWith(own.slice(0, -1)) : name === own || name.startsWith(`${own}/`);
}
