/**
 * Whose key a credential is by what it stands in and what it is sent to: `api_key` below `hunter:`, `token` in
 * `provider "fastly" {`, a bearer token beside `https://api.fastly.com`. A rule that needs a name is told so by one in
 * parts; what was found without any provider goes to the owner of the place.
 */
import { dropReason } from '../detect/filters.ts';
import { linesBack, linesForward, saysMore } from '../detect/context.ts';
import { lineAround } from '../detect/lines.ts';
import { addressedTo, mentions, wordsOf } from '../detect/surroundings.ts';
import { issuerOf, type Candidate } from '../model/finding.ts';
import type { Span } from '../model/origin.ts';
import { genericKind, isSharedShape, UNATTRIBUTED, type Rule, type RuleSet } from '../model/rule.ts';
import type { Confidence } from '../model/severity.ts';
import { squeeze } from '../model/squeeze.ts';
import { issuerClaim } from '../rules/checksums.ts';
import { CREDENTIAL_WORDS, isAnybodys, ownerAtEnd, ownerOf } from '../rules/names.ts';
import { escapeRegex } from '../rules/shape.ts';
import type { Attributed, Issued } from './attribute.ts';
import { hostsAround, SAME_LINE, type NearHost } from './hosts.ts';
import { NEUTRAL, partsOf, squeezedForms } from './key-names.ts';
import type { SettingsOwner } from './settings-files.ts';
import type { Surroundings } from './surroundings.ts';
import { issuerAtHost, issuerHost } from './token-issuers.ts';

interface Owned {
  readonly rule: Rule;
  readonly names: readonly string[];
  readonly credentialWords: readonly string[];
  readonly value: RegExp;
}

/** What an owner issues, by what names call it. */
interface OwnersRules {
  readonly owner: string;
  readonly rules: readonly Rule[];
}

/** Whose host a value is sent to, as far as that shows. */
interface SentTo {
  readonly host: string;
  readonly distance: number;
  readonly owner: string;
  /** Whether the host calls itself an API. */
  readonly isApi: boolean;
  /** See `NearHost`. */
  readonly where: string;
  readonly evidence: string;
}

const MIN_OWNER = 3;
/** Shorter names of rules are owners' own, and some of them words. */
const MIN_OWN_NAME = 12;
/** What is found by the place where it stands, and says nothing about whose it is. */
const NOBODYS = new Set(['unknown', 'HTTP', 'netrc', 'JSON Web Token']);
const HEX = /^[0-9a-f]{32,64}$/;
/** `SPEC CHECKSUMS:` of a lock file, below which each package has one. */
const HOLDS_DIGESTS = /(?:checksum|digest|hashe)s$/;
const CAPITALIZED = /^[A-Z][a-z]/;
const SEARCHES = /algolia|docsearch|instantsearch/;
/** `appId: "B1G2GM9NG0"` */
const APPLICATION = /\bapp(?:lication)?_?id["'`]{0,2}\s{0,4}[:=]\s{0,4}["'`](?:[A-Z0-9]{10}|latency)["'`]/i;
const SEARCH_KEY = 32;
/** Before the key that a client of Algolia's is given. */
const CLIENT = /(?:algoliasearch|SearchClient)[\w.:]{0,20}\(\s{0,20}["'][A-Z0-9]{10}["'],\s{0,20}["']$/;
const CLIENT_REACH = 100;
/** How far from a nonce its signature stands. Bytes. */
const SIGNED_REACH = 240;
const ANYBODYS_RULE = 'generic-secret';
const UNATTRIBUTED_RULE = 'unattributed-marked-key';
const IN_ENVIRONMENT = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
/** What a name says of a secret that signs, beside whose it is. */
const SIGNED = /(?<=[A-Za-z])_?(?:[Ww]ebhook|WEBHOOK|[Hh]ook|HOOK|[Ss]igning|SIGNING|[Ee]ndpoint|ENDPOINT|[Ee]vent|EVENT)[sS]?(?![a-z])/g;
const SIGNS = /(?:webhook|signing)s?_?secret$/i;
/** What a provider's own settings say of its keys, beside that they are some: `license_key`, `repo_token`. */
const OF_ACCOUNT = /(?<![A-Za-z])(?:auth(?=token)|(?:account|admin|ingest|licen[cs]e|oauth|personal|project|push|repo|write)(?:_|(?=[A-Z])))/g;
/** `app.secret_key`: what the program itself signs with. */
const PROGRAMS_OWN = /^(?:self\.)?app(?:lication)?\.secret_?key$/i;
/** Kinds of credentials that a provider issues, and nobody chooses. */
const ISSUED: ReadonlySet<Rule['kind']> = new Set(['secret', 'temporary']);

export class Owners {
  readonly #samples: RuleSet['samples'];
  readonly #owned = new Map<string, Owned[]>();
  /** See `standsAlone`. */
  readonly #distinct = new Set<string>();
  /** By hosts that do not say the owner's name. */
  readonly #hosted = new Map<string, Owned[]>();
  /** What owners issue that machines sign in with, by what variables call them. */
  readonly #issuers = new Map<string, Rule[]>();
  /** The same by whole names that say more than an owner and a kind: `upstashredisresttoken`. */
  readonly #issuedByName = new Map<string, Rule[]>();
  /** Shapes of rules that need a name. */
  readonly #shapes = new Map<Rule, RegExp>();
  /** What names, keys and hosts call each provider. */
  readonly #called = new Map<string, Set<string>>();
  readonly #issuedRules: Rule[] = [];
  /** Forms of tokens that anybody may draw. */
  readonly #drawn = new Map<Rule, readonly RegExp[]>();
  /** By a mark: what `#markedWith` gave. */
  readonly #marked = new Map<string, readonly Rule[]>();
  /** The rule of secrets that are somebody's. */
  readonly #anybodys: Rule | undefined;
  /** The same for keys that anybody may draw alike. */
  readonly #unattributed: Rule | undefined;

  constructor({ rules, samples }: Pick<RuleSet, 'rules' | 'samples'>) {
    this.#samples = samples;
    this.#anybodys = rules.find(({ id }) => id === ANYBODYS_RULE);
    this.#unattributed = rules.find(({ id }) => id === UNATTRIBUTED_RULE);
    for (const rule of rules) {
      const { matcher } = rule;
      const called = this.#called.get(rule.provider) ?? calledLike(rule.provider);
      this.#called.set(rule.provider, called);
      const isIssued = ISSUED.has(rule.kind) && !NOBODYS.has(rule.provider) && rule.provider !== UNATTRIBUTED;
      if (isIssued) this.#issuedRules.push(rule);
      if (matcher.kind === 'token' && matcher.forms.some(({ plain }) => plain))
        this.#drawn.set(
          rule,
          matcher.forms.map(({ pattern }) => new RegExp(`^(?:${pattern})$`)),
        );
      if (isIssued && (matcher.kind === 'token' || matcher.kind === 'member'))
        for (const owner of new Set([...calledLike(rule.provider), ...calledInId(rule)])) listAt(this.#issuers, owner).push(rule);
      if (matcher.kind !== 'context' || rule.kind === 'check') continue;
      const { names, credentialWords = CREDENTIAL_WORDS, value } = matcher;
      const owned = { rule, names, credentialWords, value: new RegExp(`^(?:${value.pattern})$`) };
      this.#shapes.set(rule, owned.value);
      for (const own of names) if (!isAnybodys(own)) called.add(own);
      for (const owner of ownersOf(rule, names, matcher.near)) {
        listAt(this.#owned, owner).push(owned);
        if (isIssued) listAt(this.#issuers, owner).push(rule);
        if (standsAlone(owner, matcher.near)) this.#distinct.add(owner);
        called.add(owner);
      }
      if (isIssued) for (const own of names) if (own.length >= MIN_OWN_NAME && !isAnybodys(own)) listAt(this.#issuedByName, own).push(rule);
      for (const host of rule.attribute?.hosts ?? []) listAt(this.#hosted, host).push(owned);
    }
  }

  /** Why a value that nobody's rule found is public by design, by what it stands in or beside. */
  static publicReason({ rule: { matcher }, name, span, secret }: Candidate, bytes: Buffer, surroundings: Surroundings): string | undefined {
    const generic = genericKind(matcher);
    const isGeneric = generic === 'secret';
    if (generic === undefined && matcher.kind !== 'context') return undefined;
    const text = secret.reveal();
    if (!HEX.test(text)) return undefined;
    const keys = surroundings.keysAround(span).map(squeeze);
    // They are called by what they are of, `AppAuth: …`; an `api_key` in a class or a function that is called so is a key.
    if ((saysMore(name) || CAPITALIZED.test(name)) && keys.some((key) => HOLDS_DIGESTS.test(key))) return 'a digest in a list of them';
    if (!isGeneric) return undefined;
    const isClients = CLIENT.test(bytes.toString('latin1', Math.max(0, span.start - CLIENT_REACH), span.start));
    // Of a call the name is the client's.
    if (!isClients && saysMore(name)) return undefined;
    // What the environment gives is for a program, which may do more, and one that changes an index does.
    if ((isClients || keys.some((key) => SEARCHES.test(key))) && !IN_ENVIRONMENT.test(name) && !surroundings.changesIndex())
      return 'a key that only searches, for whoever reads the page';
    const around = bytes.toString('latin1', Math.max(0, span.start - SIGNED_REACH), span.end + SIGNED_REACH);
    if (text.length === SEARCH_KEY && /key$/i.test(name) && APPLICATION.test(around) && !surroundings.changesIndex())
      return 'a key that only searches, beside its application';
    if (keys.some((key) => key.endsWith('cfbeacon'))) return 'the token of a beacon, for whoever reads the page';
    return squeeze(name).endsWith('token') && /\btimestamp["']?\s{0,4}[:=]/.test(around) && /\bsignature["']?\s{0,4}[:=]/.test(around)
      ? 'a nonce that a signature covers'
      : undefined;
  }

  /** Whether a candidate may be somebody else's than its rule says. */
  static mayClaim({ rule: { matcher, provider }, name }: Candidate): boolean {
    if (matcher.kind === 'context') return matcher.names.some((own) => isAnybodys(own) && mentions(name, [own]) !== undefined);
    // A secret that signs tokens is known by its name, and a token that was signed by its look alone.
    return NOBODYS.has(provider) && matcher.kind !== 'assignment';
  }

  /** Whether anybody may draw such keys: a user's rule knows better. */
  static isDrawnAlike({ rule: { matcher, kind, linear, checksum }, secret }: Candidate): boolean {
    if (matcher.kind !== 'token' || matcher.shared === true || linear === true || checksum !== undefined || !ISSUED.has(kind)) return false;
    const text = secret.reveal();
    return matcher.forms.some((form) => form.plain === true && text.startsWith(form.literal) && text.length <= form.maxLength);
  }

  /** What a credential that was found near its provider stands in, where that is the provider's own: `new Acme({`, `acme:`. */
  static ownPlace({ rule }: Candidate, keys: readonly string[]): string | undefined {
    const { matcher } = rule;
    if (matcher.kind !== 'context') return undefined;
    const own = ownersOf(rule, matcher.names, matcher.near);
    const isOwn = (form: string): boolean => own.has(form) && (form === squeeze(rule.provider) || standsAlone(form, matcher.near));
    return keys.find((key) => formsOf(key).some(isOwn));
  }

  /** The host that a credential which was found near its provider is sent to, where the nearest one is the provider's own: `https://api.acme.com`. */
  static ownHost({ rule, name, span }: Candidate, bytes: Buffer): NearHost | undefined {
    const { matcher } = rule;
    if (matcher.kind !== 'context' || mentions(name, matcher.credentialWords ?? CREDENTIAL_WORDS) === undefined || saysMore(name)) return undefined;
    const [nearest] = hostsAround(bytes, span);
    const own = ownersOf(rule, matcher.names, matcher.near);
    return nearest !== undefined && calledAt(nearest.host).some((called) => own.has(called)) ? nearest : undefined;
  }

  /**
   * The rule whose shape a value has, and whose provider its own name, the keys around it or the host beside it name, or
   * else the only one that its file uses. `outerKeys` are around what was decoded to `bytes`.
   */
  claim(candidate: Candidate, bytes: Buffer, surroundings: Surroundings, outerKeys: readonly string[]): Attributed | undefined {
    const { name, span, rule } = candidate;
    const keys = isAddressed(span, bytes) ? [] : [...partsOf(name).slice(1), ...surroundings.keysAround(span), ...outerKeys];
    const path = [...keys.toReversed(), name].join('.');
    const [last = name] = partsOf(name);
    const owner = this.#ownerIn(name);
    const own = rule.matcher.kind === 'context' ? ownersOf(rule, rule.matcher.names, rule.matcher.near) : new Set<string>();
    if (owner !== undefined && own.has(owner)) return undefined;
    const found = owner === undefined ? undefined : this.#choose(this.#owned.get(owner) ?? [], candidate, [path]);
    if (found !== undefined) return this.#attributed(found, candidate, `\`${name}\` in the same assignment`);
    for (const key of keys) {
      const forms = formsOf(key);
      if (forms.some((form) => own.has(form))) return undefined;
      const fitting = this.#choose(
        forms.flatMap((form) => this.#owned.get(form) ?? []),
        candidate,
        [path, ...forms.map((form) => `${form}.${last}`)],
      );
      if (fitting !== undefined) return this.#attributed(fitting, candidate, `\`${name}\` in \`${key}\``);
    }
    if (rule.matcher.kind === 'context') return undefined;
    const isKey = genericKind(rule.matcher) === 'secret' || isSharedShape(rule);
    const claimed = this.#hostClaim(candidate, bytes) ?? (isKey ? this.#usedClaim(candidate, surroundings) : undefined);
    if (claimed !== undefined) return claimed;
    const issued = isKey ? this.issuedTo(candidate, keys, bytes) : rule.checksum === 'jwt' ? this.#madeBy(candidate, bytes) : undefined;
    return issued && { rule, span, evidence: [issued.evidence, ...candidate.evidence], confidence: candidate.confidence, issuer: issued.issuer };
  }

  /**
   * Whose a key is that anybody may draw alike (`sk_…`): what its own name says comes before its shape, and so does what it stands in
   * or is sent to, where keys of that owner look so. Nobody's where keys of somebody else look so and nothing speaks of the rule's provider.
   */
  drawnAlike(candidate: Candidate, bytes: Buffer, surroundings: Surroundings, outerKeys: readonly string[]): Attributed | undefined {
    const { rule, name, span, secret } = candidate;
    const own = this.#called.get(rule.provider) ?? NO_NAMES;
    if (mentions(name, [...own]) !== undefined) return undefined;
    const here = `\`${name}\` in the same assignment`;
    const named = this.#issuerIn(name);
    if (named !== undefined) {
      if (named.rules.some(({ provider }) => provider === rule.provider)) return undefined;
      const fitting = named.rules.find((other) => this.#isShapeOf(other, secret.reveal()));
      if (fitting !== undefined) {
        // A shape of any letters and digits has room for a mark, too, and is hardly the one of keys that have it.
        const isMarked = marksOf(rule).some((mark) => secret.reveal().startsWith(mark) && beginsWith(fitting, mark));
        return this.#attributed({ rule: fitting, confidence: isMarked ? fitting.confidence : 'medium' }, candidate, here);
      }
      const issued = this.#issued(candidate, named, here);
      return (
        issued && this.#unattributed && { rule: this.#unattributed, span, evidence: [issued.evidence], confidence: 'medium', issuer: issued.issuer }
      );
    }
    const alike = this.#drawnLike(rule, secret.reveal());
    if (alike.length === 0) return undefined;
    const calledSo = (forms: readonly string[]): Rule | undefined =>
      alike.find((other) => forms.some((form) => this.#called.get(other.provider)?.has(form)));
    for (const key of isAddressed(span, bytes) ? [] : [...partsOf(name), ...surroundings.keysAround(span), ...outerKeys]) {
      const forms = formsOf(key);
      if (forms.some((form) => own.has(form))) return undefined;
      const other = calledSo(forms);
      if (other !== undefined) return this.#attributed({ rule: other, confidence: other.confidence }, candidate, `\`${name}\` in \`${key}\``);
    }
    for (const { host, where } of hostsAround(bytes, span)) {
      if (calledAt(host).some((called) => own.has(called))) return undefined;
      const other =
        alike.find(({ attribute }) => attribute?.hosts.some((one) => host === one || host.endsWith(`.${one}`))) ?? calledSo(calledAt(host));
      if (other !== undefined) return this.#attributed({ rule: other, confidence: 'medium' }, candidate, `\`${host}\` ${where}`);
    }
    if (surroundings.speaksOf(own)) return undefined;
    const other = calledSo([...surroundings.services()]);
    if (other !== undefined) return this.#attributed({ rule: other, confidence: 'medium' }, candidate, `in a file that uses ${other.provider}`);
    const shared = this.#unattributed;
    if (shared === undefined || !this.#isShapeOf(shared, secret.reveal())) return undefined;
    const who = [rule, ...alike].map(({ provider }) => provider).join(' and ');
    const evidence = `nothing near it says whose it is; keys of ${who} look so`;
    return this.#attributed({ rule: shared, confidence: 'medium' }, candidate, evidence);
  }

  /** Rules of other providers whose keys begin as those of a rule do and may be `text`. */
  #drawnLike(rule: Rule, text: string): Rule[] {
    const { provider } = rule;
    const alike = [...new Set(marksOf(rule))].flatMap((mark) => (text.startsWith(mark) ? this.#markedWith(mark) : []));
    return alike.filter((other) => other.provider !== provider && this.#isShapeOf(other, text));
  }

  /** All rules whose keys begin with a mark. */
  #markedWith(mark: string): readonly Rule[] {
    const known = this.#marked.get(mark) ?? this.#issuedRules.filter((rule) => beginsWith(rule, mark));
    this.#marked.set(mark, known);
    return known;
  }

  /** Whether a rule that knows the shape of its keys would take a text for one. */
  #isShapeOf(rule: Rule, text: string): boolean {
    const { matcher } = rule;
    if (matcher.kind !== 'token') return this.#shapes.get(rule)?.test(text) === true;
    return this.#drawn.get(rule)?.some((form) => form.test(text)) === true;
  }

  /**
   * Who else than the rule's provider a value belongs to that was found near that provider's name: the call or the mapping
   * that it stands in, its heading, or an API that is nearer than that name speaks of another one.
   */
  elsewhere(candidate: Candidate, bytes: Buffer, keys: readonly string[]): Attributed | undefined {
    const { rule, name, span } = candidate;
    if (rule.matcher.kind !== 'context') return undefined;
    const { matcher, provider } = rule;
    const own = ownersOf(rule, matcher.names, matcher.near);
    const another = (owner: string, where: string): Attributed | undefined => {
      const found = this.#choose(this.#owned.get(owner) ?? [], candidate, [name, `${owner}.${name}`]);
      if (found !== undefined) return this.#attributed({ ...found, confidence: 'medium' }, candidate, where);
      const issued = this.#anybodys === undefined ? undefined : this.#issued(candidate, this.#issuedBy(owner), where);
      if (issued === undefined || this.#anybodys === undefined || issued.issuer.provider === provider) return undefined;
      return { rule: this.#anybodys, span, evidence: [issued.evidence], confidence: 'medium', issuer: issued.issuer };
    };
    // `STRIPE_SECRET_KEY` beside `ACME_API_KEY`.
    const isOthers = mentions(name, matcher.names) === undefined && mentions(name, CREDENTIAL_WORDS) !== undefined;
    const said = isOthers ? this.#issuerIn(name) : undefined;
    if (said !== undefined && !own.has(said.owner) && !said.rules.some((other) => other.provider === provider))
      return another(said.owner, `\`${name}\` in the same assignment`);
    if (saysMore(name)) return undefined;
    const { text } = lineAround(bytes, span.start, span.end);
    const isOnLine = isNearer(bytes, span, matcher.near, 0);
    for (const key of keys) {
      const forms = formsOf(key);
      if (forms.some((form) => own.has(form))) return undefined;
      const owner = forms.find((form) => this.#distinct.has(form));
      // `curl https://api.acme.com -H 'X-Api-Key: …'` is Acme's, whatever section it stands in.
      if (owner !== undefined) return isOnLine && !text.includes(key) ? undefined : another(owner, `\`${name}\` in \`${key}\``);
    }
    const sent = this.#ownerAtHost(span, bytes);
    if (sent === undefined || own.has(sent.owner) || calledAt(sent.host).some((called) => own.has(called))) return undefined;
    return isNearer(bytes, span, matcher.near, sent.distance) ? undefined : another(sent.owner, sent.evidence);
  }

  /**
   * Who issues what a value's name, the keys around it or the host beside it speak of, whatever the value looks like: shapes change,
   * and new ones are not known at once. The rule stays the one that found it.
   */
  issuedTo(candidate: Candidate, keys: readonly string[], bytes: Buffer): Issued | undefined {
    const inside = this.issuedInside(candidate, keys, bytes);
    if (inside !== undefined || saysMore(candidate.name) || PROGRAMS_OWN.test(candidate.name)) return inside;
    const sent = this.#ownerAtHost(candidate.span, bytes);
    return sent && this.#issued(candidate, this.#issuedBy(sent.owner), sent.evidence);
  }

  /** The same by its name and the keys around it alone. */
  issuedInside(candidate: Candidate, keys: readonly string[], bytes: Buffer): Issued | undefined {
    const { span, rule } = candidate;
    // A secret that signs is one of its sender's: `ACME_WEBHOOK_SECRET`.
    const name = rule.kind === 'webhook' || SIGNS.test(candidate.name) ? candidate.name.replace(SIGNED, '') : candidate.name;
    const own = this.#issuerIn(name);
    // What has the shape of a key needs no word that says so.
    const isShaped = isSharedShape(rule);
    const isKey = isShaped || wordsOf(name).some((word) => word.startsWith('api'));
    // `new Acme('…')`
    const alone = squeeze(name);
    const called = own ?? (this.#distinct.has(alone) || (isShaped && this.#issuers.has(alone)) ? this.#issuedBy(alone) : undefined);
    if (called !== undefined) return this.#issued(candidate, called, `\`${name}\` in the same assignment`);
    const [last = name] = partsOf(name);
    if (saysMore(last)) return undefined;
    for (const key of isAddressed(span, bytes) ? [] : keys) {
      const owner = formsOf(key).find((form) => this.#distinct.has(form) || (isKey && this.#issuers.has(form)));
      if (owner !== undefined) return this.#issued(candidate, this.#issuedBy(owner), `\`${name}\` in \`${key}\``);
    }
    return undefined;
  }

  /** The same by the API on its own line that it is sent to. */
  issuedOnLine(candidate: Candidate, bytes: Buffer): Issued | undefined {
    const sent = this.#ownerAtHost(candidate.span, bytes);
    return sent?.isApi === true && sent.where === SAME_LINE ? this.#issued(candidate, this.#issuedBy(sent.owner), sent.evidence) : undefined;
  }

  /** The same by the file of settings that it stands in, for a name that is anybody's. An ordinary word is an owner only in a path that is surely the owner's. */
  issuedInSettings(given: Pick<Candidate, 'name' | 'secret'>, { called, isOwn }: SettingsOwner, path: string): Issued | undefined {
    const [last = given.name] = partsOf(given.name);
    if (saysMore(last.replaceAll(OF_ACCOUNT, '')) || !(isOwn || this.#distinct.has(called))) return undefined;
    return this.#issued(given, this.#issuedBy(called), `\`${given.name}\` in \`${path}\``);
  }

  /** @param where what speaks of the owner */
  #issued({ name, secret }: Pick<Candidate, 'name' | 'secret'>, { owner, rules }: OwnersRules, where: string): Issued | undefined {
    const said = new Set(wordsOf(name));
    // `OPENAI_API_KEY` is one of OpenAI's before it is one that Azure issues for the same service.
    const isOwn = ({ provider }: Rule): number => Number(calledLike(provider).has(owner));
    const shared = ({ id }: Rule): number => id.split('-').filter((word) => said.has(word)).length;
    // What ends by itself within the hour is hardly what somebody has written down.
    const lasts = ({ kind }: Rule): number => Number(kind !== 'temporary');
    const [first] = rules.toSorted((a, b) => isOwn(b) - isOwn(a) || shared(b) - shared(a) || lasts(b) - lasts(a));
    if (first === undefined) return undefined;
    const isKnown = rules.some((rule) => this.#shapes.get(rule)?.test(secret.reveal()) === true);
    return {
      issuer: issuerOf(first),
      evidence: isKnown ? where : `${where}; the value has no shape that keys of ${first.provider} are known to have`,
    };
  }

  /** Who made a session's token: who it says that did, or else the API that it is sent to. */
  #madeBy({ rule, span, secret }: Candidate, bytes: Buffer): Issued | undefined {
    const claim = issuerClaim(secret.reveal());
    if (claim !== undefined) {
      const provider = this.#issuerAt(issuerHost(claim) ?? '');
      // It is ended where its claim says, and no key of its maker's has to be deleted for that.
      return provider === undefined ? undefined : { issuer: issuerOf({ ...rule, provider }), evidence: `its claim \`iss\` names ${provider}` };
    }
    const sent = this.#ownerAtHost(span, bytes);
    const first = sent?.isApi === true ? this.#issuedBy(sent.owner).rules[0] : undefined;
    return first && sent && { issuer: issuerOf(first), evidence: sent.evidence };
  }

  /** Who issues tokens at a host, or by a name that is a provider's own. */
  #issuerAt(host: string): string | undefined {
    const known = issuerAtHost(host);
    if (known !== undefined) return known;
    const owner = (host.includes('.') ? calledAt(host) : [squeeze(host)]).find((called) => this.#issuers.has(called)) ?? '';
    return this.#issuers.get(owner)?.find(({ provider }) => calledLike(provider).has(owner))?.provider;
  }

  /** Whose host stands beside a value, if it is one of an API or on the value's own line. */
  #ownerAtHost(span: Span, bytes: Buffer): SentTo | undefined {
    for (const { host, where, distance } of hostsAround(bytes, span)) {
      const owner = calledAt(host).find((called) => this.#issuers.has(called)) ?? this.#hostsOwner(host);
      const isApi = host.includes('api');
      if (owner !== undefined && (where === SAME_LINE || isApi)) return { host, owner, isApi, where, distance, evidence: `\`${host}\` ${where}` };
    }
    return undefined;
  }

  /** Whose a host is that does not say it by its own name. */
  #hostsOwner(host: string): string | undefined {
    const labels = host.split('.');
    for (let index = 0; index < labels.length - 1; index++) {
      const rule = this.#hosted.get(labels.slice(index).join('.'))?.[0]?.rule;
      if (rule !== undefined) return [...calledLike(rule.provider)].find((called) => this.#issuers.has(called));
    }
    return undefined;
  }

  /** What an owner issues that a name speaks of, or is a rule's own name; an ordinary word is one only where the name says so: `RENDER_API_KEY`, and not `renderKey`. */
  #issuerIn(name: string): OwnersRules | undefined {
    const words = wordsOf(name);
    const { owner = '', kinds = [] } = ownerAtEnd(words, (word) => this.#issuers.has(word)) ?? {};
    const isAll = /^[A-Z][A-Z0-9_]+$/.test(name) && squeeze(name) === owner + kinds.join('');
    if (kinds.length > 0 && (isAll || this.#distinct.has(owner) || kinds.some((kind) => kind.startsWith('api')))) return this.#issuedBy(owner);
    const whole = squeeze(name);
    const named = this.#issuedByName.get(whole);
    return named === undefined ? undefined : { owner: ownerOf(whole) ?? whole, rules: named };
  }

  #issuedBy(owner: string): OwnersRules {
    return { owner, rules: this.#issuers.get(owner) ?? [] };
  }

  /** The only service that a file uses whose keys look so. */
  #usedClaim(candidate: Candidate, surroundings: Surroundings): Attributed | undefined {
    const { name } = candidate;
    const called = squeeze(partsOf(name)[0] ?? name);
    const all = [...surroundings.services()].flatMap((service) => this.#owned.get(service) ?? []);
    // `session_secret` is none of a service, but for one that calls its own so.
    const owned = saysMore(name) ? all.filter(({ credentialWords }) => credentialWords.includes(called)) : all;
    const used = this.#fitting(owned, candidate).filter(({ credentialWords }) => mentions(name, credentialWords) !== undefined);
    const rule = used[0]?.rule;
    if (rule === undefined || used.some((other) => other.rule.provider !== rule.provider)) return undefined;
    return this.#attributed(
      { rule, confidence: 'medium' },
      candidate,
      `\`${name}\` in a file that uses ${rule.provider} and nobody else whose keys look so`,
    );
  }

  /** The nearest host whose owner the value may belong to. */
  #hostClaim(candidate: Candidate, bytes: Buffer): Attributed | undefined {
    for (const { host, where } of hostsAround(bytes, candidate.span)) {
      // What is sent to a host, under a name that is anybody's, is its owner's.
      const isCredential = candidate.rule.provider !== 'unknown' || !(saysMore(candidate.name) || PROGRAMS_OWN.test(candidate.name));
      const found = this.#choose(this.#atHost(host), candidate, [candidate.name], isCredential);
      if (found !== undefined) return this.#attributed({ ...found, confidence: 'medium' }, candidate, `\`${host}\` ${where}`);
    }
    return undefined;
  }

  /** Rules about a host, or of the owner that its domain is called after. */
  #atHost(host: string): readonly Owned[] {
    const labels = host.split('.');
    for (let index = 0; index < labels.length - 1; index++) {
      const listed = this.#hosted.get(labels.slice(index).join('.'));
      if (listed !== undefined) return listed;
    }
    return (
      calledAt(host)
        .map((owner) => this.#owned.get(owner))
        .find((owned) => owned !== undefined) ?? []
    );
  }

  /** The one of some rules that a value may belong to: the one that knows its name, or one for any credential. */
  #choose(
    owned: readonly Owned[],
    candidate: Candidate,
    paths: readonly string[],
    isCredential = false,
  ): { readonly rule: Rule; readonly confidence: Confidence } | undefined {
    const fitting = this.#fitting(owned, candidate);
    const named = fitting.find(({ names }) => paths.some((path) => mentions(path, names) !== undefined));
    const chosen = named ?? fitting.find(({ credentialWords }) => isCredential || mentions(candidate.name, credentialWords) !== undefined);
    return chosen === undefined ? undefined : { rule: chosen.rule, confidence: named === undefined ? 'medium' : chosen.rule.confidence };
  }

  /** Those of which a value may be. */
  #fitting(owned: readonly Owned[], { name, secret }: Candidate): Owned[] {
    const text = secret.reveal();
    return owned.filter(({ rule, value }) => value.test(text) && dropReason({ rule, text, body: text, name }, this.#samples, false) === undefined);
  }

  #attributed({ rule, confidence }: { rule: Rule; confidence: Confidence }, { span }: Candidate, evidence: string): Attributed {
    return { rule, span, evidence: [evidence], confidence };
  }

  /** The owner whose credential a name says that it is; an ordinary word is one only where the name says more than `key` or `token`. */
  #ownerIn(name: string): string | undefined {
    const { owner, kinds = [] } = ownerAtEnd(wordsOf(name), (word) => this.#owned.has(word)) ?? {};
    return owner !== undefined && (kinds.length > 1 || this.#distinct.has(owner)) ? owner : undefined;
  }
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** What keys of a rule begin with that anybody may draw alike. */
function marksOf({ matcher }: Rule): string[] {
  return matcher.kind === 'token' ? matcher.forms.flatMap(({ plain, literal }) => (plain === true ? [literal] : [])) : [];
}

/** Whether keys of a rule begin with a text, with a name beside them or without. */
function beginsWith({ matcher }: Rule, mark: string): boolean {
  if (matcher.kind === 'context') return matcher.value.pattern.includes(escapeRegex(mark));
  return matcher.kind === 'token' && matcher.forms.some(({ literal }) => literal.startsWith(mark));
}

/** Whether one of some words stands within so many lines of a value, or on its own. */
function isNearer(bytes: Buffer, { start, end }: Span, words: readonly string[], distance: number): boolean {
  const text = bytes.toString('latin1', linesBack(bytes, start, distance), linesForward(bytes, end, distance)).toLowerCase();
  return words.some((word) => text.includes(word.toLowerCase()));
}

/** Whether a value is a parameter of an address: that says whom it is for, and what the address stands in says only who uses it. */
function isAddressed({ start }: Span, bytes: Buffer): boolean {
  const { text, offset } = lineAround(bytes, start, start);
  return addressedTo(text.slice(0, start - offset)) !== undefined;
}

/** All that a key may call its owner. */
function formsOf(key: string): string[] {
  return [...new Set([key, ...partsOf(key)].flatMap(squeezedForms))];
}

/** What the domain of a host is called: `acme` and `acmeio` of `api.acme.io`. */
function calledAt(host: string): string[] {
  const [top = '', second = '', third = ''] = host.split('.').toReversed();
  const domain = second.length <= 3 && third !== '' ? third : second;
  return [squeeze(domain), squeeze(domain + top)];
}

function listAt<T>(map: Map<string, T[]>, key: string): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

/** Whether an owner's name is enough to stand near its keys, so that it is no ordinary word. */
function standsAlone(owner: string, near: readonly string[]): boolean {
  return near.some((one) => squeeze(one) === owner);
}

/** What a name begins with that is about a provider's key: `fireworksai` and `fireworks`. */
function calledLike(provider: string): Set<string> {
  const short = provider.replace(/\.(?:com|io|ai|dev)$|\s(?:AI|Cloud|Labs|API|Payments|Deploy)$/, '');
  return new Set([provider, short].map(squeeze).filter((owner) => owner.length >= MIN_OWNER && !NEUTRAL.has(owner)));
}

/** What a provider's own words begin a rule's id with: `langsmith` of `langsmith-personal-token` of LangChain LangSmith. */
function calledInId({ id, provider }: Rule): string[] {
  const [first = ''] = id.split('-');
  return first.length > MIN_OWNER && !NEUTRAL.has(first) && provider.split(' ').slice(1).map(squeeze).includes(first) ? [first] : [];
}

/** What keys call the provider of a rule: what its names begin with, as far as that is what stands near it, and its own name. */
function ownersOf({ provider }: Rule, names: readonly string[], near: readonly string[]): Set<string> {
  const known = [squeeze(provider), ...near.map(squeeze)];
  const owners = names
    // `sessiontoken` is anybody's, and `session` nobody's name.
    .filter((name) => !isAnybodys(name))
    .map((name) => ownerOf(name) ?? '')
    .filter((owner) => owner.length >= MIN_OWNER && !NEUTRAL.has(owner) && known.some((other) => other.startsWith(owner)));
  return new Set([...owners, squeeze(provider)]);
}
