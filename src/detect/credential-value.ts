/** Whether the value of a name that means a credential looks like one that somebody generated. Pure text, no name, no file. */
import { expectedBits, kindsOf, shannon } from './entropy.ts';
import { wordShare } from './words.ts';

export type CredentialKind = 'secret' | 'password';

const HASHED = /^(?:sha\d{1,3}|md5|sri)[-:]|^\{[A-Z0-9-]{2,12}\}|^(?:ssh-|MII[A-Z])/i;
const TEMPLATE = /%[sdvq]|\$\{|\{[^{}]{0,80}\}|<[^<>]{0,80}>|\$\(|#\{|\[(?:A-Z|a-z|0-9|\^)|\\[wdsx]|^\^|\$$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What programs write where a value might stand: names of constants, of files, of ciphers and of types, paths, and parts of an expression. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^(?:[A-Z][A-Za-z0-9]{0,40}\.)?[A-Z]{2,20}\d{0,4}(?:_[A-Z]{1,20}\d{0,4}|_\d{1,4}){2,12}$/, 'the name of a constant'],
  [/^\+[A-Za-z_]\w{0,40}\+`?$/, 'a part of an expression'],
  [/^[A-Za-z0-9-]{2,12}\/[A-Z0-9]{2,8}\/\w{0,20}Padding$/, 'the name of a cipher'],
  [/^(?:[a-z][a-z0-9-]{0,40}:)?[a-z]\w{0,40}\/\w{1,40}:\w{1,40}$/, 'the name of a type'],
  [/^[A-Za-z]{1,20}\d{1,4}\/v\d{1,2}\//, 'a path'],
  [/^[a-z][a-z-]{2,40}\?[a-z]{2,20}=/, 'a name with parameters'],
  [/\.(?:tgz|tar\.gz|zip|jar|whl|gem|js|mjs|cjs|ts|json|ya?ml|png|svg|css|html|pem|crt|txt)$/, 'the name of a file'],
];
const SHORTEST = { secret: 16, password: 8 } as const;
const LONGEST_PASSWORD = 64;
/** Share of the entropy of a random value below which no generator made it. */
const GENERATED_SHARE = 0.75;
/** From this share on a value is made of words. */
const WORDY = 0.5;
/** They join words as often as they strengthen a password. */
const SEPARATORS = /[/._:*?()-]/g;
/** Letters that people write as signs. */
const LEET: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' };
const WEAK =
  /my|your|the|test|default|new|old|some|super|strong|db|very|passw(?:or)?d|passwrd|secret|admin|root|user|guest|changeme|welcome|qwerty|letmein|example|demo|postgres|mysql|redis|mongo|hunter|is|s/g;

/** Why the value of a name that means a credential is none, or undefined. */
export function credentialObjection(text: string, kind: CredentialKind): string | undefined {
  if (text.length < SHORTEST[kind]) return 'too short for a generated value';
  if (/[^!-~]/.test(text)) return 'prose, not a value';
  if (HASHED.test(text)) return 'a digest or something public';
  if (TEMPLATE.test(text)) return 'a template, not a value';
  const named = NAMED.find(([pattern]) => pattern.test(text));
  if (named !== undefined) return named[1];
  return kind === 'secret' ? secretObjection(text) : passwordObjection(text);
}

function secretObjection(text: string): string | undefined {
  if (UUID.test(text)) return undefined;
  const plain = textInBase64(text);
  if (plain !== undefined && wordShare(plain) >= WORDY) return 'words in base64';
  if (!/\d/.test(text) && (text.length < 24 || kindsOf(text) < 2)) return 'no digits, so hardly generated';
  if (wordShare(text) >= WORDY) return 'made of words';
  if (shannon(text) < GENERATED_SHARE * expectedBits(text)) return 'too regular for a generated value';
  return undefined;
}

/** What a value is the base64 of, if that is nothing but text. */
function textInBase64(text: string): string | undefined {
  if (text.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return /[^\t\n\r -~]/.test(decoded) ? undefined : decoded;
}

function passwordObjection(text: string): string | undefined {
  if (text.length > LONGEST_PASSWORD) return 'too long for a password';
  if (text.includes('\\')) return 'text with escapes';
  const kinds = kindsOf(text.replace(SEPARATORS, ''));
  const lower = text.toLowerCase();
  const plain = withoutTail(lower).replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign);
  const letters = [lower, plain].map((form) => form.replace(/[^a-z]/g, ''));
  if (letters.some((form) => form.replace(WEAK, '') === '')) return 'a password that stands for any';
  if (wordShare(text) >= WORDY && kinds < 3) return 'made of words';
  if (kindsOf(text) < 2) return 'of one kind of characters';
  return shannon(text) < 2.5 ? 'too regular for a secret' : undefined;
}

/** Without the digits and signs that are put behind a word to make it a password. */
function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && !/[a-z]/.test(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}
