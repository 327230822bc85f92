/** Names of credentials: the words that say whose one is, and those that say what it is. */

function listed(words: string): string[] {
  return words.split(' ');
}

/** What a credential is. */
const KINDS = listed('auth bearer key oauth password pat pwd secret token');
/** What it is for, or who has it. */
const PURPOSES = listed(
  'access account admin api app application bot client consumer developer integration master personal private project rest server service subscription user write',
);
/** Where it is used. */
const STAGES = listed('dev live sandbox test');
/** The same, only as words of their own: `upstage` is an owner. */
const STAGES_APART = listed('default development local prod production stage staging');
/** What it is for, only in names written together: as words of their own they are other things of an owner. */
const PURPOSES_WITHIN = listed('host license management publish public session signing upload webhook');
const KIND = [...KINDS, ...PURPOSES, ...STAGES, ...PURPOSES_WITHIN].join('|');
const OWNER_AND_KIND = new RegExp(`^([a-z0-9]{2,}?)(${KIND})(?:${KIND}){0,5}$`);
const KINDS_ALONE = new RegExp(`^(?:${KIND}){1,6}$`);
/** Words behind an owner's name after which it is still a credential of the owner's, and no other one beside it: not `webhook`. */
const OWNED_KINDS = new Set([
  ...KINDS,
  ...PURPOSES,
  ...STAGES,
  ...STAGES_APART,
  ...listed('apikey apitoken authorization credential credentials keys pass passwd sdk tokens team old new backup main primary secondary value v'),
]);
/** Words that make a name a credential's, near its provider. */
export const CREDENTIAL_WORDS = listed('key apikey token secret authorization authentication auth credential credentials password bearer');
/** Words that may stand beside those without saying whose credential it is. */
export const ANYBODYS: ReadonlySet<string> = new Set([
  ...STAGES,
  ...STAGES_APART,
  ...listed(
    'my our your the api access private client user app service account server http header headers stt speech audio transcription transcribe transcriber voice streaming ' +
      'realtime batch id value config settings options env process os environ const new',
  ),
]);
const MOST_WORDS_OF_AN_OWNER = 4;
/** What keys begin with that is not about who issues them. */
const MARKS = new Set([...KINDS, ...PURPOSES, ...STAGES, ...STAGES_APART, ...listed('ak at ck cs keys pk rk rt sec sk ss tok usr web')]);

/** What a name without separators begins with: `acme` and `api` of `acmeapikey`. */
export function ownerAndKind(name: string): { readonly owner: string; readonly firstKind: string } | undefined {
  const [, owner, firstKind] = OWNER_AND_KIND.exec(name) ?? [];
  return owner === undefined || firstKind === undefined ? undefined : { owner, firstKind };
}

/** Whose key a name without separators says that it is: `acme` of `acmeapikey`. */
export function ownerOf(name: string): string | undefined {
  return ownerAndKind(name)?.owner;
}

/** Whether a name without separators says what a credential is and not whose: `secretaccesskey`. */
export function isAnybodys(name: string): boolean {
  return KINDS_ALONE.test(name);
}

/**
 * The owner that the words of a name, or of a text up to a value, end with, but for words that say what a credential is and
 * what it is for: `acme` of `MY_ACME_BEARER_TOKEN_PROD`. `kinds` are those words.
 */
export function ownerAtEnd(words: readonly string[], isOwner: (name: string) => boolean): { readonly owner: string; readonly kinds: readonly string[] } | undefined {
  let from = words.length;
  while (from > 0 && isOwnedKind(words[from - 1] ?? '')) from--;
  // An owner may itself be called like a kind: `twilioapi`, `auth0`.
  for (let end = Math.max(1, from); end < words.length; end++) {
    let owner = '';
    for (let first = end - 1; first >= Math.max(0, end - MOST_WORDS_OF_AN_OWNER); first--) {
      owner = (words[first] ?? '') + owner;
      if (isOwner(owner)) return { owner, kinds: words.slice(end) };
    }
  }
  return undefined;
}

/** Whether what keys begin with says what they are and not whose: `sk_live_`, `key-`. */
export function isAnybodysMark(literal: string): boolean {
  const words = literal.toLowerCase().split(/[^a-z0-9]/).filter((word) => word !== '');
  return /[^A-Za-z0-9]$/.test(literal) && words.length > 0 && words.every((word) => MARKS.has(word));
}

/** Whether a word may stand behind an owner's name. */
export function isOwnedKind(word: string): boolean {
  return OWNED_KINDS.has(word) || /^\d{1,2}$/.test(word);
}
