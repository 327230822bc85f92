/**
 * Digests of words that everybody knows: what `md5('test')` gives stands in manuals and tests, and any search engine undoes it.
 * They are computed when the first value comes that may be one, so no list of them lies in the program.
 */
import { createHash } from 'node:crypto';

/** What examples are made of, and the passwords that are tried first. The empty text is what a digest without input is made of. */
const WORDS = [
  '',
  ...(
    'test tests testing test1 test123 test1234 tester admin admin1 admin123 admin1234 administrator root toor user user1 username guest demo sample example dummy fake mock ' +
    'foo foobar bar baz qux hello world helloworld hi hey a b c x y z abc abc123 abcd abcdef abcdefg secret secrets secret123 mysecret token key apikey value string text data name id ' +
    'password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword passwd pass pass123 pwd mypassword changeme changeit default letmein welcome welcome1 ' +
    'qwerty qwerty123 qwertyuiop asdf asdfgh iloveyou monkey dragon sunshine football princess master shadow superman batman hunter2 trustno1 login access ' +
    'null none nil undefined true false empty 0 1 2 3 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 123123 654321 111111 000000 666666 0000 1111'
  ).split(' '),
];
/** `Password`, and what `echo` writes behind a word. */
const FORMS: readonly ((word: string) => string)[] = [(word) => word, (word) => word.charAt(0).toUpperCase() + word.slice(1), (word) => `${word}\n`];
/** By the hex digits of what they give. */
const ALGORITHMS: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' };
const known = new Map<number, ReadonlySet<string>>();

/** Whether a text is the digest of such a word, in hex of either case or in base64 of either alphabet. */
export function isDigestOfWord(text: string): boolean {
  const digest = /^(?:[0-9a-f]{32,128}|[0-9A-F]{32,128})$/.test(text) ? text.toLowerCase() : hexOfBase64(text);
  const algorithm = ALGORITHMS[digest.length];
  if (algorithm === undefined) return false;
  const digests = known.get(digest.length) ?? digestsOf(algorithm);
  known.set(digest.length, digests);
  return digests.has(digest);
}

/** The bytes of a text in base64, as hex; empty where it is none, or too short or too long for a digest. */
function hexOfBase64(text: string): string {
  return /^[A-Za-z0-9+/_-]{22,86}={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : '';
}

function digestsOf(algorithm: string): ReadonlySet<string> {
  return new Set(WORDS.flatMap((word) => FORMS.map((form) => createHash(algorithm).update(form(word)).digest('hex'))));
}
