/** Whether the value of a name that means a credential looks like one that somebody generated. Pure text, no name, no file. */
import { isAnonymousJwt } from '../rules/checksums.ts';
import { isMixed, kindsOf, shannon } from './entropy.ts';
import { wordsOf } from './surroundings.ts';
import { wordShare } from './words.ts';

export type CredentialKind = 'secret' | 'password';

const HASHED =
  /^(?:[Ss][Hh][Aa]\d{1,3}|[Mm][Dd]5|[Ss][Rr][Ii])[-:$]|^md5[0-9A-Fa-f]{32}$|^\{[A-Za-z0-9-]{2,12}\}|^(?:ssh-|MII[A-Z]|AAAA(?:B3NzaC1|C3NzaC1|E2VjZHNh))/;
/**
 * What providers hand out to browsers: client tokens of Datadog, publishable keys of payment and sign-in providers, of Supabase, PostHog and
 * Mapbox, what one payment of Stripe's is completed with, site keys of Turnstile, the addresses of Sentry.
 */
const HANDED_OUT =
  /^(?:pub[0-9a-f]{32}|pk_(?:live|test|sandbox)_[A-Za-z0-9+/=$]{10,250}|sb_publishable_[\w-]{20,60}|phc_[A-Za-z0-9]{40,50}|pk\.eyJ[\w-]{20,250}\.[\w-]{22}|(?:pi|seti)_[A-Za-z0-9]{10,40}_(?:secret|client)_[A-Za-z0-9]{10,80}|0x4[\w-]{21}|https:\/\/[0-9a-f]{32}@[\w.-]{1,100}\/\d{1,20})$/;
/** Public keys: without their PEM lines, as base64 of DER (RSA, elliptic curves, Ed25519), and the points of curves: of 256 bits as Web Push has them, and in hex. */
const PUBLIC_KEY =
  /^04(?:[0-9A-Fa-f]{128}|[0-9A-Fa-f]{192})$|^0[23][0-9A-Fa-f]{64}$|^B[A-P][A-Za-z0-9+/_-]{85}=?$|^M(?:[A-Za-z0-9+/]{3}MA0GCSqGSIb3DQEBAQUAA4|[A-Za-z0-9+/]{5}YHKoZIzj0C|CowBQYDK2V)/;
const TEMPLATE =
  /%[sdvq](?![A-Za-z0-9])|\$\{|\{[^{}]{0,80}\}|<[^<>]{0,80}>|\$\(|#\{|\[(?:A-Z|a-z|0-9|\^)|a-zA-Z0-9|A-Za-z0-9|0-9a-zA-Z|0-9A-Za-z|\\[wdsx]|^\^|\$$/;
/** `user:{SHA}…`, `user:$apr1$…`: a line of a password file. */
const HASHED_LOGIN = /^[^\s:]{1,64}:(?:\{S?SHA\}|\$(?:apr1|2[aby]|[156])\$)/;
/** What names of ciphers and digests are put together of. */
const ALGORITHM =
  /PBE|WITH|AND|HMAC|SHA|MD|AES|DES|EDE|RC|CBC|CFB|CTR|GCM|CCM|ECB|BITS?|KEY|TRIPLE|EC(?:DSA|DH|GOST)?|GOST|RSA|DSA|DH|OAEP|PKCS|BC|WRAP|CHACHA|POLY|CAMELLIA|ARIA|TWOFISH|BLOWFISH|IDEA|CAST|KDF|ENCRYPTED|DECRYPT|PSS|P(?=\d{3})|HASHED|SIGN(?:ED)?|[\d/_-]/g;
/** What a cluster's key alone opens: two bytes that tell the size of a key of 4,096 bits, which it encrypts, and what that one does. */
const SEALED = /^Ag[A-D][A-Za-z0-9+/]{700,}={0,2}$/;
/** What says of itself that it is made up, as a word of its own. */
const MADE_UP_WORDS = new Set(['fake', 'bogus', 'dummy', 'mock', 'mocked', 'hashed']);
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What programs write where a value might stand: names of constants, of files, of ciphers and of types, paths, and parts of an expression. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^(?:[A-Za-z][A-Za-z0-9]{0,40}\.)?[A-Z]{2,20}\d{0,4}(?:_[A-Z]{1,20}\d{0,4}|_\d{1,4}){2,12}$/, 'the name of a constant'],
  [/^[A-Z][A-Za-z0-9]{2,40}\.[A-Z][A-Z0-9_]{1,40}$/, 'the name of a constant'],
  [/^[a-z]{1,12}\[[a-z-]{1,30}[~|^$*]?=/, 'a selector'],
  [/^x-oauth-basic$/, 'what stands where a password would'],
  [/^\+[A-Za-z_]\w{0,40}\+`?$/, 'a part of an expression'],
  [/^(?:\)[.[]|[.+]\$?)[\w.[\]>-]{1,60}\($/, 'a part of an expression'],
  [/^[.+]\w{1,40}\([\w$.,()[\]>-]{0,80}[.,+(]$/, 'a part of an expression'],
  // What stands between two strings, read as one.
  [/^[),;}\]][\w$.,?:&|=!;(){}[\]<>+-]{8,256}[(,+{[=]$/, 'a part of an expression'],
  // `%env(key:database_password:json:file:SECRETS_FILE)%` of Symfony.
  [/^[a-z]{2,12}:[\w:.-]{1,80}\)%$/, 'a part of an expression'],
  [/^[A-Za-z0-9-]{2,12}\/[A-Z0-9]{2,8}\/\w{0,20}Padding$/, 'the name of a cipher'],
  [/^(?:[a-z][a-z0-9-]{0,40}:)?[a-z]\w{0,40}\/\w{1,40}:\w{1,40}$/, 'the name of a type'],
  [/^[A-Z]{2,12}\d?(?:-(?:SHA|RSA|HMAC|ECDSA|SM|P)\d{0,4}){1,4}$/, 'how a request is signed'],
  [/^[A-Za-z]{1,20}\d{1,4}\/v\d{1,2}\//, 'a path'],
  [/^[\w.-]{1,80}(?:\/[\w.-]{1,80}){1,12}\.(?:php|py|rb|go|java|kt|rs|sh|sql|lua|pl|ex|exs|cs|swift)$/, 'a path'],
  // The half of an address of version 6 that systemd calls a token, too.
  [/^(?:::)?[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){3,7}$/i, 'an address'],
  // By which PayPal tells one checkout from another, in the address to which it sends the buyer.
  [/^EC-\d[0-9A-Z]{16}$/, 'the id of a checkout'],
  // `database/creds/readonly/…` of Vault: by which it is renewed or withdrawn.
  [/^[a-z][\w-]{0,40}\/(?:[\w-]{1,40}\/){1,4}[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'the id of a lease'],
  // `isLoginV2Enabled`
  [/^(?:is|has|should|can|did|will|needs|uses)(?:[A-Z][a-z]{2,20}\d?|[A-Z]\d){2,8}$/, 'the name of a switch'],
  // The first bytes of an object that Java has written out.
  [/^rO0AB[XQ]/, 'a serialized object'],
  [/^[A-Z][A-Za-z0-9]{2,40}(?:Lexer|Parser)$/, 'the name of a type'],
  [/^(?:Big)?(?:Ui|I)nt\d{1,2}(?:Clamped)?Array$/, 'the name of a type'],
  [/^(?:[a-z]{2,12}\.)?(?:Optional|Union|Literal|Annotated|Final|ClassVar|List|Dict|Type)\[[A-Za-z]/, 'the name of a type'],
  [/^[a-z][a-z-]{2,40}\?[a-z]{2,20}=/, 'a name with parameters'],
  [/^(?:true|false|null|none)[^A-Za-z0-9]/i, 'settings, one after the other'],
  [/^[A-Za-z_:]{1,60}(?:\|[A-Za-z_:]{1,60}\d{0,4}){1,12}$/, 'a list of names'],
  [/^[A-Z][A-Z0-9]{1,20}_[A-Z0-9_]{1,40}(?:\|[A-Z][A-Z0-9_]{1,60}){1,12}$/, 'a list of names'],
  [/^(?:required|nullable|sometimes|string|confirmed)\|[A-Za-z]/, 'a list of rules'],
  [/^[a-z_]{2,30}(?::[\w,.]{1,40})?(?:\|[a-z_]{2,30}(?::[\w,.]{1,40})?){1,12}$/, 'a list of rules'],
  [/^[a-z][a-z0-9+.-]{1,20}:\/\//i, 'an address'],
  // `@securitydefinitions.oauth2.password`
  [/^@[a-z]{3,40}(?:\.[a-z]{2,20}\d?){1,4}$/, 'an annotation'],
  [/\/aws4_request$/, 'what a signature is for'],
  [/^[+-]?\d{1,24}(?:\.\d{1,24})?[eE][+-]?\d{1,4}$/, 'a number'],
  [/^[a-z]{2,12}:"/, 'the tag of a field'],
  [/\\u[0-9a-f]{4}/i, 'text with escapes'],
  [/^@?[a-z0-9._/-]{1,80}@v?\d{1,5}\.\d{1,5}\.\d/, 'a package and its version'],
  // Of weaknesses and of settings, beside the names of settings.
  [/^(?:CCE|CVE|CWE)-\d{1,7}(?:-\d{1,7})?$/, 'a number in a catalogue'],
  [/^crwdns\d{1,9}:\d{1,9}crwdne\d{1,9}:\d{1,9}$/, 'what marks a text that is translated in its place'],
  [/^\d{1,5}(?:\.\d{1,5}){0,3}\.v[0-9a-f_]{12,16}$/, 'a version'],
  [/^v?\d{1,4}(?:\.\d{1,4}){1,3}[-.+]?(?:[a-z]{1,10}[.-]?\d{0,4})?$/, 'a version'],
  [/^(?:[a-z]{2,9}:)?[~^]?\d{1,4}(?:\.\d{1,4}){2}-[a-z]{2,14}[.-][0-9A-Za-z.-]{1,60}$/, 'a version'],
  // Of pnpm's lock files, which say what it was put together with.
  [/^\d{1,4}(?:\.\d{1,4}){2}(?:-[a-z]{1,14}(?:\.\d{1,4})?)?[_(]/, 'a version'],
  [/\.(?:tgz|tar\.gz|zip|jar|whl|gem|js|mjs|cjs|ts|json|ya?ml|png|svg|css|html|pem|crt|cer|der|p12|pfx|pvk|jks|txt)$/, 'the name of a file'],
];
/** Parts of letters or of digits; no generator of tokens keeps them apart. */
const IN_PARTS =
  /^[._:/-]?(?:(?:[a-z]{1,24}|[a-z]{4,24}\d|[A-Z]{2,14}|(?:[A-Z][a-z]{1,14}){1,3}|v?\d{1,12})[._:/-]){1,12}(?:[a-z]{1,24}\d{0,4}|(?:[A-Z][a-z]{1,14}){1,3}\d{0,4}|[A-Z]{2,14}|v?\d{1,12})$/;
const SHORTEST = { secret: 16, password: 8 } as const;
/** Of a secret that somebody made up for a program of their own. */
const SHORTEST_OWN = 12;
const LONGEST_PASSWORD = 64;
/** From this share on a value is made of words. */
const WORDY = 0.5;
/** `SSL-Zertifikatskennwort`, `wrongPassword456!` */
const CALLED_PASSWORD = /password|passwort|kennwort|contrase|senha|motdepasse/i;
/** `fastcgi_pass`, `db_pass`, `deploy-sp-pwd` */
const NAME_OF_PASS = /^[a-z]{1,24}(?:[_-][a-z]{1,24}){0,3}[_-](?:pass(?:wd|wort)?|pwd|pw)$/;
const WORDS_AND_TAIL = /^[#.]?[A-Za-z-]{1,60}[\d!?.#]{0,8}$/;
/** `Adgangskode`, `SMTP-wachtwoord`; generated letters have capitals within. */
const ONE_WORD = /^(?:[A-Z][A-Z0-9]{1,5}-[A-Za-z]|[A-Z])[a-z]{2,40}(?:-[a-z]{2,40}){0,3}$/;
/** They join words as often as they strengthen a password. */
const SEPARATORS = /[/._:*?(),-]/g;
/** Letters that people write as signs. */
const LEET: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' };
const WEAK =
  /mysql|my|your|the|test|default|new|old|bad|wrong|fake|dummy|some|super|strong|secure|db|very|passw(?:or)?d|passwrd|pass|pwd|pw|token|abc|secret|foo|bar|admin|root|user|guest|changeme|welcome|qwerty|letmein|example|demo|postgres|redis|mongo|hunter|is|s/g;

/** Whether a value is made for whoever loads a page, also where its name says that it is a secret. */
export function isHandedOut(text: string): boolean {
  return HANDED_OUT.test(text) || isAnonymousJwt(text);
}

/**
 * Why the value of a name that means a credential is none, or undefined.
 * @param isOwn whether the name means what a program signs or encrypts with: shorter values of it are told where letters and digits are mixed
 */
export function credentialObjection(text: string, kind: CredentialKind, isOwn = false): string | undefined {
  if (text.length < SHORTEST[kind] && !(isOwn && isMixedPassword(text))) return 'too short for a generated value';
  if (/[^!-~]/.test(text) && !(kind === 'password' && isMixedBesideLatin(text))) return 'prose, not a value';
  if (HASHED.test(text) || PUBLIC_KEY.test(text) || isHandedOut(text)) return 'a digest or something public';
  if (SEALED.test(text)) return 'encrypted';
  if (TEMPLATE.test(text)) return 'a template, not a value';
  const named = NAMED.find(([pattern]) => pattern.test(text));
  if (named !== undefined) return named[1];
  if (isMadeUp(text)) return 'says that it is made up';
  if (namesAlgorithm(text)) return 'the name of a cipher';
  if (isWordsInBase64(text)) return 'words in base64';
  const plain = textInBase64(text);
  if (plain !== undefined && HASHED_LOGIN.test(plain)) return 'a digest or something public';
  const login = plain?.indexOf(':') ?? -1;
  if (plain !== undefined && login > 0 && isSampleLogin(plain.slice(login + 1))) return 'a login that examples have';
  if (plain !== undefined && /^:?\d{8,200}[a-z]{0,8}$/.test(plain)) return 'digits in base64';
  return kind === 'secret' ? secretObjection(text) : passwordObjection(text);
}

/** `HmacSHA256`, `AES256-encrypted`, `ec_sign_p384_sha384` */
export function namesAlgorithm(text: string): boolean {
  return /^[A-Za-z0-9/_-]{8,60}$/.test(text) && text.toUpperCase().replace(ALGORITHM, '') === '';
}

/** Whether a value is the base64 of words that somebody made up. */
export function isWordsInBase64(text: string): boolean {
  const plain = textInBase64(text);
  return plain !== undefined && wordShare(plain) >= WORDY;
}

/** Small letters, capitals and digits, and no words with digits behind them. */
function isMixedPassword(text: string): boolean {
  return (
    text.length >= SHORTEST_OWN &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text) &&
    /\d[^\d]/.test(text) &&
    passwordObjection(text) === undefined &&
    wordShare(text) < WORDY
  );
}

/** Letters and signs of Latin-1, and the euro sign, as UTF-8 writes them. */
const LATIN = /\xc2[\xa1-\xbf]|\xc3[\x80-\xbf]|\xe2\x82\xac/g;

/** `Ab1§xY9ü`: with a letter or a sign of a keyboard that is not American among what nobody writes as a word. */
function isMixedBesideLatin(text: string): boolean {
  const rest = text.replace(LATIN, '');
  return !/[^!-~]/.test(rest) && /[a-z]/.test(rest) && /[A-Z]/.test(rest) && /\d/.test(rest) && wordShare(rest) < WORDY;
}

function isSampleLogin(password: string): boolean {
  return /^\d{1,8}$/.test(password) || isPlainPassword(password);
}

/** `fake-api-key`, `_mockToken2` */
export function isMadeUp(text: string): boolean {
  return wordsOf(text).some((word) => MADE_UP_WORDS.has(word));
}

function secretObjection(text: string): string | undefined {
  if (UUID.test(text)) return shannon(text) < LEAST_OF_UUID ? 'too regular for a generated value' : undefined;
  if (IN_PARTS.test(text)) return 'a name in parts';
  if (isUnsigned(text)) return 'a token without its signature';
  if (!/\d/.test(text) && (text.length < 24 || kindsOf(text) < 2)) return 'no digits, so hardly generated';
  if (wordShare(NUMBERED.exec(text)?.[1] ?? text) >= WORDY) return 'made of words';
  const drawn = MARKED_HEX.exec(text)?.[1] ?? text;
  if (!isMixed(drawn)) return 'too regular for a generated value';
  return undefined;
}

/** Hex digits behind what says what they are: `live_4f2a…`. */
const MARKED_HEX = /^(?:[A-Za-z]{1,12}[_-]){1,3}([0-9a-f]{24,128})$/;
/** Letters and one number behind them. */
const NUMBERED = /^([A-Za-z]{6,80})\d{1,16}$/;
/** Bits a character; of random UUIDs one in a million has less. */
const LEAST_OF_UUID = 2.6;

/** A JSON Web Token of which only the header, or header and claims, are there. */
function isUnsigned(text: string): boolean {
  const [header = '', , signature = ''] = text.split('.');
  return header.startsWith('eyJ') && signature === '' && Buffer.from(header, 'base64url').includes('"alg"');
}

/** What a value is the base64 of, if that is nothing but text. */
function textInBase64(text: string): string | undefined {
  if (text.replace(/={1,2}$/, '').length % 4 === 1 || /[^A-Za-z0-9+/=]/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return /[^\t\n\r -~]/.test(decoded) ? undefined : decoded;
}

function passwordObjection(text: string): string | undefined {
  if (text.length > LONGEST_PASSWORD) return 'too long for a password';
  if (text.includes('\\')) return 'text with escapes';
  const kinds = kindsOf(text.replace(SEPARATORS, ''));
  if (standsForAny(text)) return 'a password that stands for any';
  if (CALLED_PASSWORD.test(text) && WORDS_AND_TAIL.test(text) && (!/\d/.test(text) || wordShare(text) >= WORDY)) return 'what passwords are called';
  if (NAME_OF_PASS.test(text)) return 'what passwords are called';
  if (ONE_WORD.test(text)) return 'one word, in whatever language';
  if (wordShare(text) >= WORDY && kinds < 3) return 'made of words';
  if (kindsOf(text) < 2) return 'of one kind of characters';
  return shannon(text) < 2.5 ? 'too regular for a secret' : undefined;
}

/** A password that examples have: `mypass`, `s3cret!`. */
export function standsForAny(text: string): boolean {
  const lower = text.toLowerCase();
  if (!/[a-z]/.test(lower) && text.length >= SHORTEST.password) return false;
  const plain = withoutTail(lower).replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign);
  return [lower, plain].some((form) => form.replace(/[^a-z]/g, '').replace(WEAK, '') === '');
}

/** One word, or what examples have: somebody's password it may be, but more likely one that was made up. */
export function isPlainPassword(text: string): boolean {
  if (standsForAny(text)) return true;
  return /^[a-z0-9_-]{1,40}(?:pass|passwd|password|pwd)$/i.test(text) || (/^(?:[A-Za-z]{1,12}|[a-z-]{1,40})$/.test(text) && wordShare(text) >= WORDY);
}

/** Without the digits and signs that are put behind a word to make it a password. */
function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && !/[a-z]/.test(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}
