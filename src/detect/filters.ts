/**
 * Filters drop what a rule's pattern found. Each is pure and gives its reason; they run in order and the first reason
 * wins, so that `--explain` can say why something is not a finding.
 */
import { remembered } from '../model/remembered.ts';
import { genericKind, type Rule } from '../model/rule.ts';
import { squeeze } from '../model/squeeze.ts';
import { CHECKSUMS, isAnonymousJwt, jwtSample, sha256 } from '../rules/checksums.ts';
import { credentialKind, mayNameOperation, namesOwnSecret } from './credential-name.ts';
import { UUID, credentialObjection, isHandedOut, isMadeUp, isWordsInBase64, namesAlgorithm } from './credential-value.ts';
import { expectedBits, kindsOf, shannon } from './entropy.ts';
import { wordsOf } from './surroundings.ts';
import { isDigestOfWord } from './word-digests.ts';
import { wordShare } from './words.ts';

/** What a filter may look at: the match itself and its name, nothing of the file. */
export interface Judged {
  readonly rule: Rule;
  readonly text: string;
  /** The part after the literal prefix: the only part that can tell a placeholder from a key. */
  readonly body: string;
  readonly name: string;
}

export interface Drop {
  readonly filter: string;
  readonly reason: string;
}

export interface Filter {
  readonly name: string;
  /** Why it is no secret, or undefined. */
  judge(judged: Judged, samples: Readonly<Record<string, string>>): string | undefined;
}

/** Whole words that fill in for a secret. They must make up most of a body to count. */
const PLACEHOLDER_WORDS = new Set(
  (
    'your my insert replace change changeme add put enter here goes todo tbd example examples sample dummy fake mock mocked placeholder redacted removed hidden secret ' +
    'secrets password passwd pass none null undefined nil na not set unset empty foo bar baz qux test testing tests deadbeef key keys token tokens api apikey access auth ' +
    'live value values xxx xxxx abc xyz stripe clerk client id with this the a an me to in is valid invalid real actual demo default some random string text user username ' +
    'account name project org public private publishable restricted sk pk rk env variable var config setting settings long very super only for from of and or use used using ' +
    'provided generated generate credential credentials passphrase plaintext authentication please do commit never share yourself own new old rotate masked hash hex uuid base number char chars characters'
  ).split(' '),
);
const MARKUP = /^(?:<[^<>]*>|\[[^[\]]*\]|\{\{.*\}\}|\$\{.*\}|\$\(.*\)|\$[A-Z_a-z]\w*|%[^%]+%|@[A-Z_]+@|@@\w+@@|__[A-Z_]+__|#\{.*\})$/;
const MASKED = /\*{6}|\u2026|\xe2\x80\xa6|(?:\xe2\x80\xa2){2}|x{6,}|X{6,}/;
/** A line of nothing but dots, also where line ends are escaped. */
const LEFT_OUT = /(?:\n|\\n)[ \t]{0,16}\.{3,8}[ \t]{0,4}(?:\r?\n|\\n)/;
/** Signs that may also come three in a row in a long generated value. */
const DOTS = /\.{3}|\*{3,}/;
/** Nobody leaves so many characters of a value that is shortened. */
const MOST_LEFT = 40;
/** A long value of letters and digits, in parts or not, that is cut in its middle or at its end: no other sign comes three times in a row. */
const CUT = /^(?:[\w-]{1,400}\.){0,2}[\w+/=[-]{4,400}\.{3,}[\w+/=\]-]{0,400}$/;
/** Words too long to turn up in a random value by chance (below one in a million for the shortest). */
const SPELT_OUT =
  /example|placeholder|redacted|deadbeef|badc0de|change_?-?me|replace_?-?me|your_?-?(?:api|secret|access|token|key|password)|insert_?-?your|dummy_?-?(?:key|token|secret)|fake_?-?(?:key|token|secret)/i;
/** The key that AWS prints in its manuals, and its id, whose ends people write anew. */
const AWS_SAMPLE = /K7MDENG[+/]bPxRfiCY|IOSFODNN7/;
const KEYBOARD = [
  'qwertyuiopasdfghjklzxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'zyxwvutsrqponmlkjihgfedcba',
  '98765432109876543210',
];

/** `NEXUS_PASSWORD`, where a program fills in what the variable holds, or should. */
const VARIABLE = /^[A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,20}){0,4}_(?:PASSWORD|PASSWD|PASS|PWD|PW|PSW|SECRET|TOKEN|KEY|CREDENTIALS?|USR)$/;

/** Several rules ask about one text. */
const hashOf = remembered(512, sha256);

const sample: Filter = {
  name: 'sample',
  judge: ({ rule, text }, samples) =>
    samples[hashOf(text)] ??
    jwtSample(text) ??
    (isDigestOfWord(text) ? 'the digest of a word that everybody knows' : undefined) ??
    (rule.kind !== 'publishable' && isAnonymousJwt(text) ? 'a token for whoever is not signed in' : undefined),
};

/** `Comment: …` and the like in a block: what people write there says nothing about the key. */
const HEADER = /\b[A-Z][A-Za-z-]{2,20}: [^\n\\]{0,200}/g;

/** No line of a key is shorter, but its last one. */
const ENCODED = /[A-Za-z0-9+/]{24}/;

/** Of `config.items[apiKey]`, `apikey`; undefined where nothing is in it. */
function lastPart(name: string): string | undefined {
  return name
    .split(/[.[\]]/)
    .map(squeeze)
    .findLast((part) => part !== '');
}

const placeholder: Filter = {
  name: 'placeholder',
  judge({ rule, body: whole, name }) {
    const body = rule.matcher.kind === 'block' ? whole.replace(HEADER, '') : whole;
    if (MARKUP.test(body)) return 'a place to fill in, not a value';
    // Of the words that a recovery phrase is drawn from one is `example`, and its checksum has been looked at.
    if ((rule.checksum !== 'bip39' && SPELT_OUT.test(body)) || (rule.kind !== 'password' && /[A-Za-z]\d{0,4}123456789/.test(body)))
      return 'says that it is an example';
    if (AWS_SAMPLE.test(body)) return 'a sample with another end';
    if (rule.matcher.kind === 'block' && LEFT_OUT.test(body)) return 'shortened on purpose';
    if (rule.matcher.kind === 'block' && !ENCODED.test(body)) return 'code that writes a key, not one';
    if (MASKED.test(body) || (DOTS.test(body) && body.length < MOST_LEFT) || CUT.test(body)) return 'shortened or masked on purpose';
    if (squeeze(body) === lastPart(name)) return 'repeats its own name';
    if (VARIABLE.test(body)) return 'the name of a variable that holds it';
    if (body.length >= 4 && monotonous(body)) return 'one or two characters repeated';
    if (/^(.{1,8}?)\1{2,}/.test(body) && repeats(body)) return 'a short text repeated';
    if (rule.matcher.kind !== 'block' && isThrice(body)) return 'a text repeated';
    const words = wordsOf(body);
    const filling = words.filter((word) => PLACEHOLDER_WORDS.has(word));
    const filled = filling.join('').length;
    if (filled >= 4 && filled * 2 > letters(body)) return 'made of placeholder words';
    const own = new Set(wordsOf(name));
    const repeated = words.filter((word) => !PLACEHOLDER_WORDS.has(word) && own.has(word)).join('').length;
    if (filling.length > 0 && repeated > 0 && (filled + repeated) * 2 > letters(body)) return 'made of placeholder words and its own name';
    if (sequential(body) || sequential(lastPiece(body))) return 'letters or digits in a row';
    return undefined;
  },
};

/** Share of what a random value of this length and alphabet would have, below which no generator made it. */
const ENTROPY_SHARE = 0.62;

const entropy: Filter = {
  name: 'entropy',
  judge({ rule, body }) {
    const { kind } = rule.matcher;
    if (
      kind === 'block' ||
      kind === 'uri' ||
      kind === 'file' ||
      kind === 'assignment' ||
      genericKind(rule.matcher) !== undefined ||
      rule.kind === 'password' ||
      body.length < 8
    )
      return undefined;
    const bits = shannon(body);
    const least = rule.minEntropy ?? ENTROPY_SHARE * expectedBits(body);
    return bits < least ? `${bits.toFixed(1)} bits a character, a generated value has ${least.toFixed(1)} or more` : undefined;
  },
};

/** Words of letters in one case, joined by `-` or `_`. */
const SPELT = /^(?:[a-z]+(?:[_-][a-z]+)*|[A-Z]+(?:[_-][A-Z]+)*)$/;

/** Share of a text in mixed case without digits that stands in words, from which on it is the name of something. */
const NAMED_SHARE = 0.5;

/** Digits in a class of a pattern; what may not stand around it is none of it. */
const DIGITS = /\d-9|2-7/;
const BOUNDARY = /\(\?(?:<=\^\||!)\[[^\]]{0,80}\](?:\|[^()]{0,32})?\)/g;

/** Of a pattern for values of nothing but letters, and such a value. */
const OF_LETTERS = /\(\[a-z\]\{\d/;
const LETTERS = /^[A-Za-z]+$/;

/** Letters behind what a key begins with, and perhaps a number: of random letters and digits so many have one among them. */
const WRITTEN = /^(?:[A-Za-z0-9]{1,40}[_-]){0,4}([A-Za-z]{16,80})\d{0,4}$/;
const ALL_BUT_A_LETTER = 0.9;

/** A value that only its surroundings give away is no word: of 16 letters and digits at random, all are small letters once in a million. */
const word: Filter = {
  name: 'word',
  judge({ rule, body }) {
    const { matcher } = rule;
    if (matcher.kind === 'token' || matcher.kind === 'member') {
      const written = WRITTEN.exec(body)?.[1];
      return written !== undefined && wordShare(written) >= ALL_BUT_A_LETTER ? 'made of words' : undefined;
    }
    if (matcher.kind === 'pattern' && OF_LETTERS.test(matcher.pattern)) {
      const joined = body.replaceAll(' ', '');
      if (!LETTERS.test(joined)) return undefined;
      return wordShare(joined) >= NAMED_SHARE || wordShare(body) > NAMED_SHARE ? 'made of words' : undefined;
    }
    if (matcher.kind !== 'context' || body.length < 8 || !/^[A-Za-z_-]+$/.test(body)) return undefined;
    if (!SPELT.test(body)) return body.length >= 16 && wordShare(body) >= NAMED_SHARE ? 'a name made of words' : undefined;
    const digits = DIGITS.test(matcher.value.pattern.replaceAll(BOUNDARY, ''));
    return digits ? 'letters of one case, where a generated value has digits too' : undefined;
  },
};

const checksum: Filter = {
  name: 'checksum',
  judge({ rule, text }) {
    const algorithm = CHECKSUMS[rule.checksum ?? ''];
    return algorithm?.rejects === true && algorithm.check(text) === 'invalid' ? 'its checksum or inner structure does not fit' : undefined;
  },
};

/** Values that stand where a secret might and are none: references, encrypted text, switches, numbers, addresses, paths. */
const REFERENCE =
  /^(?:\$|%\w|urn:|@microsoft\.keyvault\(|!ref\b|arn:aws:|projects\/[^/]{1,80}\/secrets\/|(?:op|vault|ref|secret|sm|aws-sm|azkv|kms|ssm|doppler|infisical|bws|gopass|keyring|keychain)(?:\+\w{1,20})?:\/\/|(?:secretref|vault|env|file|keychain|keyring|credentialsjson):|\/run\/secrets\/|process\.env|os\.(?:environ|getenv)|env\[|ENV\[)/i;
/** Also a number, an initialisation vector of 16 bytes and what it begins, as password managers write it; and a session key of IIS, which the machine's own key opens. */
const ENCRYPTED =
  /^(?:encrypted:|[0-7]\.[A-Za-z0-9+/]{22}==|ENC\[|ENC\(|\$ANSIBLE_VAULT;|U2FsdGVkX1|AQI[CD]AH|AQIAA[A-Za-z0-9+/]{3}AAAApAAA|-----BEGIN (?:PGP|AGE))/;
const EXPRESSION = /^[A-Za-z_$&*!][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)*[([{].*|^!{0,2}[a-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+[!;,]?$|[;,{]$/;
/** `Rails.application.secret_key_base`, `Acme::Config::JWT_SECRET` */
const MEMBER = /^[A-Z][A-Za-z]{1,40}(?:(?:::|\.)[A-Za-z_]{2,40}){1,8}$/;
const PLAIN =
  /^(?:true|false|yes|no|on|off|enabled|disabled|none|null|undefined|auto|default|development|production|staging|test|testing|local|debug|info|warn|error|0x[0-9a-f_]+|[\d.,_:-]+(?:[a-z%]{0,3})|\d{4}-\d\d-\d\dT.*|[\w.+-]+@[\w-]+\.[\w.]+|[a-z][a-z0-9+.-]{0,20}:\/\/[^@\s]*|(?:\.{0,2}\/|~\/|[A-Za-z]:\\).*|(?:[a-z0-9-]+\.)+[a-z]{2,10}(?::\d+)?(?:\/.*)?)$/i;
/** Regions of clouds, time zones. */
const WHERE =
  /^(?:[a-z]{2,12}-(?:gov-)?(?:north|south)?(?:east|west|central|north|south)-?\d[a-z]?|(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Z][A-Za-z_]{2,30})$/;

const SWITCH = /^(?:true|false|yes|no|on|off|none|null|nil|undefined|\d{1,5})$/i;

/** Base64 begins with a slash as often as with any other of its characters; no folder is called like the rest of it. */
function isSlashedValue(text: string): boolean {
  if (!/^\/[A-Za-z0-9+/]{19,512}={0,2}$/.test(text)) return false;
  if (text.split('/').some((part) => part.length >= 16 && kindsOf(part.replace(/[+=]/g, '')) === 3)) return true;
  return text.length >= 32 && kindsOf(text.replace(/[/+=]/g, '')) === 3 && wordShare(text) < 0.3;
}

function isPlain(text: string): boolean {
  return WHERE.test(text) || (PLAIN.test(text) && !isSlashedValue(text));
}

/** What keys of many providers begin with; only what follows tells a placeholder from a key. */
const FAMILY_PREFIX = /^[rs]k_(?:live|test|sandbox)_/;
/** No key of that family has a shorter rest. */
const SHORTEST_REST = 10;

const TOO_SHORT = 'too short for a key of its family';

function isShortOfFamily(text: string): boolean {
  const prefix = FAMILY_PREFIX.exec(text)?.[0];
  return prefix !== undefined && text.length < prefix.length + SHORTEST_REST;
}

const value: Filter = {
  name: 'value',
  judge({ rule, text: whole, name }) {
    if (rule.matcher.kind === 'pattern' && rule.kind === 'password') return objectionToPassword(whole);
    if (rule.matcher.kind === 'context' && isCode(whole)) return 'code, not a value';
    if (rule.matcher.kind !== 'assignment' && rule.matcher.kind !== 'file') return undefined;
    const text = whole.replace(FAMILY_PREFIX, '');
    if (isShortOfFamily(whole)) return TOO_SHORT;
    if (/^<%.*%>$|\$\{[^}:]*\}/.test(text)) return A_REFERENCE;
    const elsewhere = kept(text);
    if (elsewhere !== undefined) return elsewhere;
    if (isHandedOut(text)) return 'public by design';
    if (isMadeUp(text)) return 'says that it is made up';
    if (isWordsInBase64(text)) return 'words in base64';
    if (isExpression(text) || MEMBER.test(text)) return 'code, not a value';
    if (isPlain(text)) return 'a setting, a number, an address or a path';
    if (rule.matcher.kind === 'file' && CAMEL.test(text) && credentialKind(name) !== 'password' && wordShare(text) >= NAMED_SHARE)
      return 'a name made of words';
    if (shannon(text) < PLAIN_ENTROPY || (text.length < 20 && kindsOf(text) < 2)) return 'too plain for a secret';
    return undefined;
  },
};

/** `filledInByTheInstaller` */
const CAMEL = /^[a-z]{2,}(?:[A-Z][a-z]+){2,}$/;

const A_REFERENCE = 'a reference to a secret, not one';

/** Why a text is no secret that lies open: it says where one is, or is encrypted. */
function kept(text: string): string | undefined {
  // First: of both, `$ANSIBLE_VAULT;1.1;AES256` also begins as a variable does.
  if (ENCRYPTED.test(text)) return 'encrypted';
  return REFERENCE.test(text) ? A_REFERENCE : undefined;
}

/** Why what stands where a password does is none. */
function objectionToPassword(text: string): string | undefined {
  if (CLOSING_TAG.test(text)) return 'markup, not a value';
  if (text === TOKEN_IS_USER) return 'what stands where a password would';
  if (REST_OF_ADDRESS.test(text)) return 'an address or a path';
  if (namesAlgorithm(text)) return 'the name of a cipher';
  if (STANDS_FOR_TEXT.test(text)) return 'what stands where a password would';
  if (PORTS.test(text)) return 'ports';
  if (JOINED.test(text)) return 'code, not a value';
  if (CALLED.test(text)) return 'what passwords are called';
  if (SAID_ELSEWHERE.test(text)) return 'a place to fill in, not a value';
  return kept(text) ?? (SWITCH.test(text) ? 'a setting' : undefined);
}

/** `" . addslashes($options['db_password']) . "`: code that puts strings together, read as a part of them. */
const JOINED = /^["'] [.+] [\w$>-]{1,60}[([]|^["']?[.+]\w{0,40}\([^\s]{0,80}[.,+([?]$/;
/** `<pass>Wachtwoord</pass>` of a translated form. */
const CALLED =
  /^(?:wachtwoord|passwort|kennwort|clave|contrase(?:n|\xc3\xb1)a|contrasenya|clau|parola|senha|has(?:l|\xc5\x82)o|heslo|l(?:o|\xc3\xb6)senord|adgangskode|kodeord|passord|salasana|jelsz(?:o|\xc3\xb3)|(?:s|\xc5\x9f)ifre|lozinka|geslo)$/i;
/** `THE_SA_PASSWORD_DEFINED_ABOVE` */
const SAID_ELSEWHERE = /^(?=[A-Z_]{0,80}_(?:PASSWORD|PASSWD|SECRET|TOKEN|KEY)_)[A-Z]{2,20}(?:_[A-Z]{2,20}){3,9}$/;
/** `encryptedText` of a manual. */
const STANDS_FOR_TEXT = /^(?:encrypted|encoded|hashed|plain|clear)[_-]?(?:text|password|string|secret|key|value)\d?$/i;
/** The user beside it is a token. */
const TOKEN_IS_USER = 'x-oauth-basic';
const CLOSING_TAG = /<\/[a-z]/i;
/** Behind `https:`. */
const REST_OF_ADDRESS = /^\/\/[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?:[:/?#]|$)/;

/** `8080:80`, `127.0.0.1:5432:5432/tcp`: behind the `-p` of another command. */
const PORTS = /^(?:\d{1,3}(?:\.\d{1,3}){3}:)?\d{1,5}(?:-\d{1,5})?:\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp|sctp))?$/;

/** `process.env.ACME_SECRET`, `settings.azure.client_secret`, where keys of a rule may have dots in them, too: then words decide. */
function isCode(text: string): boolean {
  return ENVIRONMENT.test(text) || (MEMBERS.test(text) && wordShare(text) >= NAMED_SHARE);
}

const ENVIRONMENT = /^(?:process\.env|import\.meta\.env|os\.environ|Deno\.env)\b/;
const MEMBERS = /^[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,8}$/;

/** A call, an index, a member of something, or the end of a statement. */
export function isExpression(text: string): boolean {
  return EXPRESSION.test(text);
}

const credential: Filter = {
  name: 'credential',
  judge({ rule: { matcher }, text, name }) {
    const as = genericKind(matcher);
    if (as === undefined) return undefined;
    if (isShortOfFamily(text)) return TOO_SHORT;
    const elsewhere = kept(text);
    if (elsewhere !== undefined) return elsewhere;
    if (isPlain(text)) return 'a setting, a number, an address or a path';
    if ((UUID.test(text) || CLIENT_TOKEN.test(text)) && mayNameOperation(name)) return 'tells one operation from another';
    if (FINGERPRINT.test(text) && (OPENPGP.test(name) || (PRINTED.test(text) && SIGNS.test(name)))) return 'the fingerprint of a public key';
    if (UUID.test(text) && STORED.test(name)) return 'the id of credentials that a server keeps';
    if (SHA256.test(text) && NAMES_DEVICE.test(name)) return 'what notifications of a device are sent to';
    if (SID.test(text) && NAMES_SID.test(name)) return 'what a record is called by, which opens nothing';
    if (holdsItsName(text, name) || isClassOf(text, name)) return 'a name that holds its own';
    return credentialObjection(text, as, namesOwnSecret(name));
  },
};

/** As the console of AWS makes it, letters and the time, and its groups of machines. */
const CLIENT_TOKEN = /^[A-Za-z]{5}1\d{12}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}_subnet-[0-9a-f]{8,17}_\d{1,4}$/;

/** `ENV GPG_KEY=4F…`: by which a public key is fetched. */
const OPENPGP = /(?:^|[^a-z])(?:gpg|pgp)_?keys?$/i;
/** `signingkey` of git, `SOURCE_KEY` of a package, `CR_KEY` of Helm's releases: by which a key is chosen, in capitals as programs print it. */
const SIGNS = /(?:^|[^A-Za-z])(?:signing|source|archive|release|cr)_?keys?$/i;
const PRINTED = /^(?:0x)?[0-9A-F]+$/;
const FINGERPRINT = /^(?:0x)?(?:[0-9A-F]{40}|[0-9a-f]{40}|[0-9A-F]{16})$/;

/** `sshagent(credentials: ['…'])`, `DOCKERHUB_CREDS = "…"` of Jenkins. */
const STORED = /(?:credentials?(?:JSON)?|creds)$/i;

/** Apple's, which opens nothing without the key of whoever sends. */
const NAMES_DEVICE = /(?:^|[^A-Za-z])device_?tokens?$|[a-z]DeviceTokens?$/i;
const SHA256 = /^[0-9A-Fa-f]{64}$/;

/** `credential_list_sid = "CL…"` of Twilio: two letters say what it is. */
const SID = /^[A-Z]{2}[0-9a-f]{32}$/;
const NAMES_SID = /(?:^|[^A-Za-z])sid$|[a-z]S[Ii][Dd]$/i;

/** `ResetPassword = 'toolkit#ResetPasswordResponse'`, `class ApiTokenV1 : IApiTokenV1`: names of several words, in names. */
function holdsItsName(text: string, name: string): boolean {
  const own = name.split('.').at(-1) ?? '';
  if (wordsOf(own).length < 2 || !squeeze(text).includes(squeeze(own))) return false;
  return !/\d/.test(text) || text.length - own.length <= LONGEST_AFFIX;
}

/** `"passwordField": "Login_passwordField__Y9xnG"`: a class of a style sheet, behind its file and before a digest of both. */
function isClassOf(text: string, name: string): boolean {
  const at = text.lastIndexOf(name);
  return at > 0 && CLASS_DIGEST.test(text.slice(at + name.length));
}

const CLASS_DIGEST = /^_{1,3}[A-Za-z0-9+-]{5,8}$/;

/** Letters that interfaces and private members have before their name. */
const LONGEST_AFFIX = 2;

/** Bits per character below which a free value is a word. */
const PLAIN_ENTROPY = 2.5;

/** In the order in which they are asked. */
export const FILTERS: readonly Filter[] = [sample, placeholder, value, credential, word, checksum, entropy];
const CHEAPEST_FIRST: readonly Filter[] = [...FILTERS.slice(1), sample];

/**
 * The first filter that objects; without `exactly` any of them will do, and the one that hashes is asked last, since
 * that costs as much as all others together.
 */
export function dropReason(judged: Judged, samples: Readonly<Record<string, string>>, exactly = true): Drop | undefined {
  for (const filter of exactly ? FILTERS : CHEAPEST_FIRST) {
    const reason = filter.judge(judged, samples);
    if (reason !== undefined) return { filter: filter.name, reason };
  }
  return undefined;
}

function letters(text: string): number {
  return text.replace(/[^A-Za-z0-9]/g, '').length;
}

/** One or two characters make up all of it. */
function monotonous(text: string): boolean {
  let second = 1;
  while (second < text.length && text[second] === text[0]) second++;
  for (let index = second; index < text.length; index++) if (text[index] !== text[0] && text[index] !== text[second]) return false;
  return true;
}

/** The whole text is one short unit again and again. */
function repeats(text: string): boolean {
  for (let unit = 1; unit <= 8 && unit * 3 <= text.length; unit++) {
    let same = 0;
    for (let index = unit; index < text.length; index++) if (text[index] === text[index - unit]) same++;
    if (same >= (text.length - unit) * 0.95) return true;
  }
  return false;
}

/** The whole text is another one, no shorter than eight characters, three times or more. To look for it in itself twice is quadratic. */
function isThrice(text: string): boolean {
  for (let unit = 1; unit * 3 <= text.length; unit++)
    if (text.length % unit === 0 && text.slice(unit) === text.slice(0, -unit)) return unit >= SHORTEST_UNIT;
  return false;
}

/** In shorter ones random digits are the same by chance. */
const SHORTEST_UNIT = 8;

/** Most of the text runs along the alphabet, the digits or the keyboard; also when letters and digits take turns. */
function sequential(text: string): boolean {
  const lower = text.toLowerCase();
  // `00112233…`
  const single = lower.replace(/(.)\1/g, '$1');
  const parts = [single.length * 2 === lower.length ? single : lower, lower.replace(/[^a-z]/g, ''), lower.replace(/[^0-9]/g, '')];
  const along = parts.map((part) => runLength(part));
  const [whole = 0, alpha = 0, digits = 0] = along;
  return text.length >= 6 && (whole >= (parts[0] ?? '').length * 0.6 || (alpha + digits >= text.length * 0.8 && text.length >= 10));
}

/** What stands behind the last dash or underscore of a text, where that is half of it or long: `sk-demo-key-abc123def456…`. */
function lastPiece(text: string): string {
  const piece = text.slice(Math.max(text.lastIndexOf('-'), text.lastIndexOf('_')) + 1);
  return piece.length >= SHORTEST_PIECE && (piece.length * 2 >= text.length || piece.length >= LONG_PIECE) ? piece : '';
}

/** Shorter ones are in a row by chance. */
const SHORTEST_PIECE = 16;
/** So long a one is what was generated, whatever stands before it: `xoxb-1111-2222-abcdef…`. */
const LONG_PIECE = 20;

/** 1 for two characters that are neighbours in a row of `KEYBOARD`, by the codes of both. */
const NEIGHBOURS = new Uint8Array(2 ** 14);
for (const row of KEYBOARD) for (let index = 1; index < row.length; index++) NEIGHBOURS[pairCode(row, index)] = 1;

function pairCode(text: string, index: number): number {
  return ((text.charCodeAt(index - 1) & 0x7f) << 7) | (text.charCodeAt(index) & 0x7f);
}

/** How many characters stand in runs of at least four that follow the keyboard or the alphabet. */
function runLength(text: string): number {
  let total = 0;
  let run = 1;
  for (let index = 1; index <= text.length; index++) {
    if (index < text.length && NEIGHBOURS[pairCode(text, index)] === 1) run++;
    else {
      if (run >= 4) total += run;
      run = 1;
    }
  }
  return total;
}
