/**
 * Keys that look alike at many providers, beside which nothing says whose they are, or their length alone: of whom among these
 * the path speaks, or else has the program a package, as its manifests tell. Names, calls, hosts and neighbours come before
 * that, so it is asked last, and only about findings that are still nobody's. Contents are classified without their paths, of
 * which one may have many.
 */
import { isCalledLike } from '../classify/surroundings.ts';
import { mentions } from '../detect/surroundings.ts';
import { issuerOf, type Issuer, type Location, type Sighting } from '../model/finding.ts';
import { UNATTRIBUTED, type Attribution, type Rule } from '../model/rule.ts';

/** What is asked of a finding that is being made. */
interface Seen {
  readonly rule: Rule;
  readonly issuer: Issuer | undefined;
  readonly evidence: readonly string[];
  readonly located: readonly { readonly location: Location; readonly sighting: Pick<Sighting, 'rule' | 'byShape'> }[];
}

/** The same findings, in their order; of a family's keys that are nobody's those have an issuer of which alone their path or the manifests speak. */
export function withFamilyOwners<One extends Seen>(
  all: readonly One[],
  rules: readonly Rule[],
  packages: ((path: string) => readonly ReadonlySet<string>[]) | undefined,
): readonly One[] {
  const families = new Map<string, Family>();
  return all.map((one) => {
    const id = openFamily(one);
    if (id === undefined) return one;
    const family = families.get(id) ?? new Family(rules, id);
    families.set(id, family);
    const named = firstTold(one, ({ file }) => [family.ownerInPath(file)]);
    // A package calls an API; events may be somebody else's.
    const asked = one.rule.kind === 'webhook' ? undefined : packages;
    const owner = named ?? (asked && firstTold(one, ({ file }) => asked(file).map((nearest) => family.ownerAmong(nearest))));
    if (owner === undefined || owner === 'several') return one;
    if (owner.rule.provider === one.rule.provider) return { ...one, evidence: [owner.evidence, ...one.evidence] };
    if (one.rule.provider === UNATTRIBUTED) return { ...one, issuer: issuerOf(owner.rule), evidence: [owner.evidence, ...one.evidence] };
    // Its length is another provider's, and that of keys of whose package there is one may be known and not this.
    if (family.rule === undefined || (named === undefined && hasShape(owner.rule))) return one;
    return { ...one, rule: family.rule, issuer: issuerOf(owner.rule), evidence: [owner.evidence, ...one.evidence.slice(1)] };
  });
}

/** The family of a key of which nothing but its shape says whose it is. */
function openFamily({ rule, issuer, located }: Seen): string | undefined {
  if (issuer !== undefined) return undefined;
  if (rule.provider === UNATTRIBUTED) return rule.id;
  if (rule.matcher.kind !== 'member') return undefined;
  return located.every(({ sighting }) => sighting.byShape === true) ? rule.matcher.of : undefined;
}

/** What the first place says that says something. */
function firstTold({ located }: Seen, ask: (location: Location) => readonly Told[]): Told {
  for (const { location } of located) {
    const told = ask(location).find((one) => one !== undefined);
    if (told !== undefined) return told;
  }
  return undefined;
}

function hasShape({ matcher }: Rule): boolean {
  return matcher.kind === 'member' && matcher.bodies.length > 0;
}

/** A member of a family, and what speaks of its provider. */
interface Owner {
  readonly rule: Rule;
  readonly evidence: string;
}

type Told = Owner | 'several' | undefined;

/** The rules of those who have keys of one form. */
class Family {
  /** For keys that are nobody's. */
  readonly rule: Rule | undefined;
  readonly #members: readonly { readonly rule: Rule; readonly attribution: Attribution; readonly names: readonly string[] }[];
  /** By the packages of a manifest: many keys stand below one, and it may list thousands. */
  readonly #known = new Map<ReadonlySet<string>, Told>();
  /** By a part of a path. */
  readonly #called = new Map<string, readonly Rule[]>();

  constructor(rules: readonly Rule[], id: string) {
    this.rule = rules.find((rule) => rule.id === id);
    this.#members = rules.flatMap((rule) => {
      const { matcher, attribute } = rule;
      if (matcher.kind !== 'member' || matcher.of !== id || attribute === undefined) return [];
      // A name that is an ordinary word is not enough.
      return [{ rule, attribution: attribute, names: attribute.names.filter((name) => !attribute.words.includes(name)) }];
    });
  }

  /** The member whose provider a path is called after, by the file's name or else by the nearest folder that is called like one. */
  ownerInPath(path: string): Told {
    if (path.startsWith('<')) return undefined;
    for (const segment of path.split('/').toReversed()) {
      const [first, ...others] = segment.split('.').flatMap((part) => this.#calledLike(part));
      if (first === undefined) continue;
      return others.some(({ provider }) => provider !== first.provider) ? 'several' : { rule: first, evidence: `it stands in \`${path}\`` };
    }
    return undefined;
  }

  #calledLike(part: string): readonly Rule[] {
    const known = this.#called.get(part);
    if (known !== undefined) return known;
    const found = this.#members.filter(({ attribution }) => isCalledLike(attribution, part)).map(({ rule }) => rule);
    this.#called.set(part, found);
    return found;
  }

  /** The member whose provider's packages are among some, where they are no other's. */
  ownerAmong(packages: ReadonlySet<string>): Told {
    if (!this.#known.has(packages)) this.#known.set(packages, this.#find(packages));
    return this.#known.get(packages);
  }

  #find(packages: ReadonlySet<string>): Told {
    let first: Owner | undefined;
    for (const name of packages) {
      for (const { rule, attribution, names } of this.#members) {
        if (
          first?.rule.provider === rule.provider ||
          !(attribution.packages.some((one) => isPackageOf(one, name)) || mentions(name, names) !== undefined)
        )
          continue;
        if (first !== undefined) return 'several';
        first = { rule, evidence: `a manifest depends on \`${name}\`` };
      }
    }
    return first;
  }
}

/** Whether a package is a provider's own: `@acme/*` and what is below `github.com/acme/acme-go`. */
function isPackageOf(own: string, name: string): boolean {
  return own.endsWith('*') ? name.startsWith(own.slice(0, -1)) : name === own || name.startsWith(`${own}/`);
}
