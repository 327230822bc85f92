/**
 * Whose key a credential is by what it stands in: `api_key` below `hunter:`, `token` in `provider "fastly" {`. A rule that
 * needs a name is told so by one in parts; what was found without any provider goes to the owner of the place.
 */
import { dropReason } from '../detect/filters.ts';
import { ANYBODYS, CREDENTIAL_WORDS, saysMore } from '../detect/matchers.ts';
import { mentions, wordsOf } from '../detect/surroundings.ts';
import type { Candidate } from '../model/finding.ts';
import type { Rule, RuleSet } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { ownerOf } from '../rules/compile.ts';
import type { Attributed } from './attribute.ts';
import { keysAround } from './sections.ts';

interface Owned {
  readonly rule: Rule;
  readonly names: readonly string[];
  readonly credentialWords: readonly string[];
  readonly value: RegExp;
}

const MIN_OWNER = 3;
/** Words of a key that say nothing about whose it is, beside those of names. */
const NEUTRAL = new Set([
  ...ANYBODYS,
  ...CREDENTIAL_WORDS,
  'services',
  'integration',
  'integrations',
  'provider',
  'providers',
  'configuration',
  'sdk',
  'cloud',
]);

export class Owners {
  readonly #samples: RuleSet['samples'];
  readonly #owned = new Map<string, Owned[]>();

  constructor({ rules, samples }: RuleSet) {
    this.#samples = samples;
    for (const rule of rules) {
      const { matcher } = rule;
      if (matcher.kind !== 'context' || rule.kind === 'check') continue;
      const { names, credentialWords = CREDENTIAL_WORDS, value } = matcher;
      const owned = { rule, names, credentialWords, value: new RegExp(`^(?:${value.pattern})$`) };
      for (const owner of ownersOf(rule, names, matcher.near)) {
        const list = this.#owned.get(owner);
        if (list === undefined) this.#owned.set(owner, [owned]);
        else list.push(owned);
      }
    }
  }

  /**
   * The rule whose provider a generic credential's surrounding keys name, or else the only one that its file uses, and whose
   * shape its value has.
   */
  claim(candidate: Candidate, bytes: Buffer, services: () => ReadonlySet<string>): Attributed | undefined {
    const { name, span } = candidate;
    const keys = keysAround(bytes, span);
    const path = [...keys.toReversed(), name].join('.');
    for (const key of keys) {
      const fitting = this.#fitting(candidate, squeezedForms(key));
      const named = fitting.find(({ names }) => mentions(path, names) !== undefined);
      const owned = named ?? fitting.find(({ credentialWords }) => mentions(name, credentialWords) !== undefined);
      if (owned === undefined) continue;
      const { rule } = owned;
      return { rule, span, evidence: [`\`${name}\` in \`${key}\``], confidence: named === undefined ? 'medium' : rule.confidence };
    }
    // `session_secret` is none of a service.
    if (saysMore(name)) return undefined;
    const used = this.#fitting(candidate, services()).filter(({ credentialWords }) => mentions(name, credentialWords) !== undefined);
    const rule = used[0]?.rule;
    if (rule === undefined || used.some((other) => other.rule.provider !== rule.provider)) return undefined;
    return { rule, span, evidence: [`\`${name}\` in a file that uses ${rule.provider} and nobody else whose keys look so`], confidence: 'medium' };
  }

  /** What one of `owners` owns and a value may be. */
  #fitting({ name, secret }: Candidate, owners: Iterable<string>): Owned[] {
    const text = secret.reveal();
    return [...owners]
      .flatMap((owner) => this.#owned.get(owner) ?? [])
      .filter(({ rule, value }) => value.test(text) && dropReason({ rule, text, body: text, name }, this.#samples, false) === undefined);
  }
}

/** What keys call the provider of a rule: what its names begin with, as far as that is what stands near it, and its own name. */
function ownersOf({ provider }: Rule, names: readonly string[], near: readonly string[]): Set<string> {
  const known = [squeeze(provider), ...near.map(squeeze)];
  const owners = names
    .map((name) => ownerOf(name) ?? '')
    .filter((owner) => owner.length >= MIN_OWNER && known.some((other) => other.startsWith(owner)));
  return new Set([...owners, squeeze(provider)]);
}

/** A key as a whole, and without the words that are anybody's: `fastlyConfig`, `services.fastly`. */
function squeezedForms(key: string): string[] {
  const words = wordsOf(key);
  return [...new Set([words.join(''), words.filter((word) => !NEUTRAL.has(word)).join('')])];
}
