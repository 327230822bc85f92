/** What the name says that a value is given to: a secret, a password, or neither. Pure words; nothing of the value. */
import { remembered } from '../model/remembered.ts';
import { squeeze } from '../model/squeeze.ts';
import type { CredentialKind } from './credential-value.ts';
import { describes, namesPublicKey, wordsOf } from './surroundings.ts';

/** Names in which another thing than a credential is meant. */
const NO_CREDENTIAL = new Set(
  (
    'public publishable pub primary foreign cache sort partition translation translate i18n locale row index idempotency site sitekey recaptcha page next prev ' +
    'previous continuation sync cancel cancellation cursor csrf xsrf hash hashed digest checksum fingerprint integrity etag id ids name names url uri path file arn ref ' +
    'type length size count prefix suffix version format pattern regex regexp placeholder label hint title message description help expected expires expiry expiration ' +
    'lifetime ttl timeout limit max min enabled disabled required valid invalid error status event code kind field column header param parameter query selector class color ' +
    'style icon image encrypted ciphertext wrapped cached preference pref prefs authenticity nonce forgery antiforgery keyboard keypress keydown keyup keycode shortcut hotkey tokenizer lexer parser ast syntax author authors authority passed passes passing bypass passthrough compass keyframes keyword keywords monkey turkey'
  ).split(' '),
);
/** Names that end so tell who has the credential. */
const HOLDERS = new Set('user username owner issuer audience manager provider factory handler validator resolver generator repository'.split(' '));
/** Names that end so tell a digest of a credential: `sign-key-sha3-384`, `TOKEN_MD5`. */
const DIGEST = /^(?:sha|md)\d{0,3}$/;
/** Anywhere in a name: what is called so is told to whoever asks for a page; also `csrfmiddlewaretoken`. */
const FORGERY = /csrf|xsrf/;
/** Words behind `password` in names whose value belongs to one and is none. */
const ABOUT_PASSWORDS = new Set([
  'salt',
  'data',
  'encoder',
  'policy',
  'strength',
  'history',
  'checker',
  'hasher',
  'reuse',
  'complexity',
  'expiry',
  'rule',
  'requirement',
  'variable',
  'button',
  'link',
  'btn',
  'forgotten',
  'forgot',
  'lost',
  'mismatch',
  'state',
]);
/** Words before `password` in names of what is stored of one, and of texts for who lost one. */
const BEFORE_PASSWORD = new Set(['encoded', 'forgot', 'forget', 'forgotten', 'lost', 'reset']);
/** Words before `key` that make it a secret one. */
const KEY_OF = new Set(
  (
    'api access secret private auth app application client account service master admin root encryption decryption signing sign signature hmac aes rsa des jwt cookie session ' +
    'license licence shared storage security fernet provisioning enrollment server user deploy deployment write webhook integration consumer crypto cipher vault bot partner merchant developer dev prod live ' +
    'production sandbox subscription function functions host system sas rest sdk gateway management ingest ingestion platform'
  ).split(' '),
);
const ENDS_KNOWN = new RegExp(`(?:${[...KEY_OF].filter((word) => word.length >= 6).join('|')})$`);
export const SECRET_WORDS: ReadonlySet<string> = new Set([
  'secret',
  'secrets',
  'token',
  'tokens',
  'apikey',
  'credential',
  'credentials',
  'creds',
  'authorization',
  'bearer',
  'authtoken',
  'apitoken',
  'apisecret',
  'clientsecret',
  'secretkey',
  'secreta',
  'secreto',
  'accesskey',
  'privatekey',
  'appkey',
  'authkey',
  'accesstoken',
]);
export const PASSWORD_WORDS: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'pswd',
  // German, Spanish, Portuguese, French, Dutch, Polish, Czech and Italian.
  'passwort',
  'kennwort',
  'contrasena',
  'senha',
  'motdepasse',
  'mdp',
  'wachtwoord',
  'haslo',
  'heslo',
  'parola',
]);
/** Words before `pass` that make it a password: else it is a test that passes, or one of several rounds. */
const PASS_OF = new Set(
  'db database user username smtp mail email mysql pg postgres mongo redis ftp sftp ssh admin root proxy login auth my http basic imap ldap amqp rabbitmq account service become sudo bind store keystore truststore srcstore deststore key srckey destkey wifi sql pgsql mssql oracle jdbc sa vnc vpn default remote cluster broker mqtt registry git signing cert pem pfx backup jmx ipmi snmp radius'.split(
    ' ',
  ),
);
/** Two words written as one: `githubtoken`, `jwtsecret`; of `wgDBpassword` the capital before it belongs to the word. */
const JOINED = /^([a-z]{1,20})(password|passwd)$|^([a-z]{2,20})(passphrase|secrets?|tokens?|apikey)$/;
/** The same where many a word ends so: `encryptionkey`, and not `monkey` or `compass`. */
const JOINED_IF_KNOWN = /^([a-z]{2,24})(pwd|pass|pw|keys?)$/;
/** Each name of a kind holds one of these, in lower case: where none stands there is no such name. */
export const NAME_PARTS: Readonly<Record<CredentialKind, readonly string[]>> = {
  secret: ['cret', 'cred', 'ken', 'key', 'uth', 'bearer'],
  password: ['pass', 'wd', 'pw', 'kennwort', 'contrase', 'senha', 'mdp', 'wachtwoord', 'haslo', 'heslo', 'parola'],
};
/** The same in either case. */
export const PART_OF_NAME = { secret: anyOf(NAME_PARTS.secret), password: anyOf(NAME_PARTS.password) } as const;
/** Bytes of the longest of them. */
export const LONGEST_PART = Math.max(...Object.values(NAME_PARTS).flatMap((parts) => parts.map(({ length }) => length)));
/** What bundlers, manifests and makefiles call files: `token.js` and `password.cpp.o` are none. */
const FILE =
  /\.(?:[cm]?[jt]sx?|css|scss|html?|json|map|md|png|svg|jpe?g|woff2?|vue|c|cc|cpp|cxx|h|hh|hpp|hxx|mm?|o|obj|lo|rs|go|java|kt|swift|py|rb|php|cs|dart)$/;
/** First words of names whose value is yes or no. */
const ASKED = new Set('is has should use uses needs require requires enable disable allow show hide'.split(' '));
/** Names, without separators, of what tells one operation, signature or call from another. */
const OTHER_THING =
  /downloadtokens?$|(?:clientrequest|change|lock|state|policyupdate|copyproduct|portfolioshare|lifecycleaction)token$|amzcredential$|icepwd$/;
/** `webhook_auth_header_value`: what the header is called has a name of its own. */
const HEADER_VALUE = /auth(?:orization)?headervalue$/;
/** The same, less sure: that the value is a UUID decides. */
const MAYBE_OPERATION =
  /(?:request|client|action|update|import|export|copy|share|unit|job|task|operation|transaction|postman|(?<!whats)appaccount)token$/;

/** Whether a name may mean what makes an operation one of its own, if its value looks so. */
export function mayNameOperation(name: string): boolean {
  return MAYBE_OPERATION.test(squeeze(name));
}

/** `sessionSecret`, `SECRET_KEY`: what programs sign and encrypt with, which people make up themselves as they do passwords. */
export function namesOwnSecret(name: string): boolean {
  return OWN_SECRET.test(squeeze(name));
}

const OWN_SECRET = /secret(?:key)?$/;

function anyOf(parts: readonly string[]): RegExp {
  return new RegExp(parts.join('|'), 'i');
}

/** What the name says that its value is. Names come again and again. */
export const credentialKind = remembered(4096, kindOfName);

function kindOfName(name: string): CredentialKind | undefined {
  if (FILE.test(name) || namesPublicKey(name)) return undefined;
  if (HEADER_VALUE.test(squeeze(name))) return 'secret';
  const words = wordsOf(name).flatMap(apart);
  const own = wordsOf(name.split('.').at(-1) ?? '').flatMap(apart);
  if (describes(name) || ASKED.has(own[0] ?? '') || OTHER_THING.test(squeeze(name)) || own.some((word) => NO_CREDENTIAL.has(word))) return undefined;
  const last = words.findLast((word) => word > '9') ?? '';
  if (words.some((word) => FORGERY.test(word)) || HOLDERS.has(singular(last)) || DIGEST.test(last)) return undefined;
  for (let index = words.length - 1; index >= 0; index--) {
    const word = words[index] ?? '';
    if (PASSWORD_WORDS.has(word) || (word === 'phrase' && words[index - 1] === 'pass')) {
      const isAbout =
        BEFORE_PASSWORD.has(words[index - 1] ?? '') ||
        words.includes('without') ||
        last === 'encode' || // `password.encode('utf-8')`
        words.slice(index + 1).some((other) => ABOUT_PASSWORDS.has(singular(other)));
      return isAbout ? undefined : 'password';
    }
    if (word === 'passe' && words[index - 1] === 'de') return 'password';
    if (word === 'pw' && PASS_OF.has(words[index - 1] ?? '')) return 'password';
    if (word === 'pass' && (words.length === 1 || PASS_OF.has(words[index - 1] ?? ''))) return 'password';
    if (SECRET_WORDS.has(word)) return 'secret';
    if ((word === 'key' || word === 'keys') && KEY_OF.has(words[index - 1] ?? '')) return 'secret';
    if (word === 'auth' && index === words.length - 1) return 'secret';
  }
  // `FOO_KEY`, as in an environment: the value has to say more.
  return /^[A-Z][A-Z0-9_]*_KEY$/.test(name) ? 'secret' : undefined;
}

function singular(word: string): string {
  return word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '');
}

/** The words that a word is made of. */
function apart(word: string): string[] {
  if (SECRET_WORDS.has(word) || PASSWORD_WORDS.has(word)) return [word];
  const joined = JOINED.exec(word);
  if (joined !== null) return joined.slice(1).filter((part) => part !== undefined);
  const [, first = '', last = ''] = JOINED_IF_KNOWN.exec(word) ?? [];
  if (PASS_OF.has(first) || KEY_OF.has(first)) return [first, last];
  // `storageaccountkey`: no other word ends so.
  const known = last.startsWith('key') ? ENDS_KNOWN.exec(first) : null;
  return known === null ? [word] : [first.slice(0, known.index), known[0], last];
}
