/** Names of credentials: the words that say whose one is, and those that say what it is. */

/** Words that say what a credential is. */
const KIND =
  'access|account|admin|api|application|app|auth|bearer|bot|client|consumer|developer|dev|host|integration|key|license|live|management|master|oauth|password|pat|personal|private|project|publish|public|pwd|rest|sandbox|secret|server|service|session|signing|subscription|test|token|upload|user|webhook|write';
const OWNER_AND_KIND = new RegExp(`^([a-z0-9]{2,}?)(${KIND})(?:${KIND}){0,5}$`);
const KINDS_ALONE = new RegExp(`^(?:${KIND}){1,6}$`);
/** Words behind an owner's name after which it is still a credential of the owner's, and no other one beside it: not `webhook`. */
const OWNED_KINDS = new Set(
  (
    'access account admin api apikey apitoken application app auth authorization bearer bot client consumer credential credentials developer dev integration key keys master oauth ' +
    'password pass passwd pat personal private project pwd rest sandbox secret server service staging subscription team test token tokens user write ' +
    'prod production development stage live local default old new backup main primary secondary value v'
  ).split(' '),
);
const MOST_WORDS_OF_AN_OWNER = 4;

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

function isOwnedKind(word: string): boolean {
  return OWNED_KINDS.has(word) || /^\d{1,2}$/.test(word);
}
