/**
 * What a token proves about itself without any network: checksums and inner structure.
 * A valid one raises confidence; an invalid one means a made-up or damaged value. Never proof that a key is live.
 */
import { createHash } from 'node:crypto';
import { isBip39Phrase } from './bip39.ts';
import { opensshStructure, pgpSum, puttyCode } from './key-blocks.ts';
import { completeMarvin32, fitsMarvin32 } from './marvin32.ts';

/** `unsure`: the algorithm does not apply to this form of the token. */
export type Verdict = 'valid' | 'invalid' | 'unsure';

export interface Checksum {
  /** In words, for evidence: "CRC32 of the body fits". */
  readonly label: string;
  /** A valid value was certainly generated: nobody hits it by chance. False where only a structure is looked at. */
  readonly proves: boolean;
  /** An invalid value is certainly none of the provider's: drop it instead of lowering its confidence. */
  readonly rejects: boolean;
  check(token: string): Verdict;
  /** What makes a token that was written so far valid; undefined where no issuer ends one that begins so. For examples. */
  complete?(token: string): string | undefined;
  /** What else a valid token says of itself, in words and without a part of it that helps to guess it. */
  details?(token: string): readonly string[];
  /** Why a valid token is hardly one that opens anything. */
  doubt?(token: string): string | undefined;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const LETTERS_FIRST = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

const CRC_TABLE = new Uint32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xed_b8_83_20 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32, IEEE 802.3, of latin1 text. (`zlib.crc32` came with Node 20.15 only.) */
export function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff;
  for (let index = 0; index < text.length; index++) {
    crc = (CRC_TABLE[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}

function inBase(value: number, digits: string, width: number): string {
  let text = '';
  for (let rest = value; text.length < width; rest = Math.floor(rest / digits.length)) text = (digits[rest % digits.length] ?? '') + text;
  return text;
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A checksum that is the last `width` characters, computed over everything before them after `skip` characters. */
function suffix(label: string, width: number, skip: (token: string) => number, compute: (body: string) => string, rejects = false): Checksum {
  const complete = (token: string): string => compute(token.slice(skip(token)));
  return {
    label,
    proves: true,
    rejects,
    complete,
    check: (token) => (token.length > width && complete(token.slice(0, -width)) === token.slice(-width) ? 'valid' : 'invalid'),
  };
}

const afterPrefix = (token: string): number => token.indexOf('_') + 1;
const fromStart = (): number => 0;
const crcBase62 = (body: string): string => inBase(crc32(body), BASE62, 6);

function gitlabRoutable(token: string): Verdict {
  const match = /^(.*\.)([0-9a-z]{2})([0-9a-z]{7})$/.exec(token);
  if (match === null) return 'unsure';
  const [, head = '', length = '', crc = ''] = match;
  return inBase(crc32(head + length), BASE36, 7) === crc ? 'valid' : 'invalid';
}

function gitlabTail(token: string): string {
  const payload = token.slice(token.indexOf('-') + 1);
  const head = `${token}.01.${inBase(payload.length, BASE36, 2)}`;
  return head.slice(token.length) + inBase(crc32(head), BASE36, 7);
}

/** XOR of all body bytes, as one letter or digit. */
function cratesCheck(body: string): string {
  let xor = 0;
  for (let index = 0; index < body.length; index++) xor ^= body.charCodeAt(index);
  return LETTERS_FIRST[xor % 62] ?? '';
}

/** AWS puts the account into the ten bytes after the four-letter prefix; characters outside base32 mean a made-up id. */
export function awsAccount(token: string): string | undefined {
  let bits = 0n;
  for (const character of token.slice(4, 14)) {
    const digit = BASE32.indexOf(character);
    if (digit < 0) return undefined;
    bits = (bits << 5n) | BigInt(digit);
  }
  const head = bits >> 2n; // the first six bytes
  return ((head & 0x7f_ff_ff_ff_ff_80n) >> 7n).toString().padStart(12, '0');
}

interface JwtParts {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown> | undefined;
}

function decodeObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Header and claims of a JSON Web Token, or undefined when it is none. */
export function decodeJwt(token: string): JwtParts | undefined {
  const parts = token.split('.');
  const header = decodeObject(parts[0] ?? '');
  if (header === undefined || typeof header['alg'] !== 'string') return undefined;
  const claims = decodeObject(parts[1] ?? '');
  if (parts.length === 3 && claims === undefined) return undefined;
  return { header, claims };
}

/** Names that are fit to print: an address of an issuer, a service, a role. */
const PRINTABLE_CLAIM = /^[A-Za-z0-9][A-Za-z0-9 ._:/-]{1,79}$/;

/** Algorithm, issuer, role and dates of a token. Dates are not judged here: the same text gives the same answer at any time. */
function jwtDetails(token: string): string[] {
  const { header, claims = {} }: JwtParts = decodeJwt(token) ?? { header: {}, claims: undefined };
  const told: string[] = [];
  const tell = (label: string, value: unknown): void => {
    if (typeof value === 'string' && PRINTABLE_CLAIM.test(value)) told.push(`${label} ${value}`);
  };
  tell('algorithm', header['alg']);
  tell('issuer', claims['iss']);
  tell('role', claims['role']);
  const expires = expiryOf(claims);
  if (expires instanceof Date) told.push(`expires ${expires.toISOString().slice(0, 10)}`);
  else if (expires === 'never' && Object.keys(claims).length > 0) told.push('never expires');
  return told;
}

/** When a JSON Web Token expires, by its own claims; `never` when they name no date, undefined when nobody can tell. */
export function jwtExpiry(token: string): Date | 'never' | undefined {
  const claims = decodeJwt(token)?.claims;
  return claims === undefined ? undefined : expiryOf(claims);
}

/** Seconds from a token's issue to its expiry, by its own claims; undefined where they do not say. */
export function jwtLifetime(token: string): number | undefined {
  const { iat, exp } = decodeJwt(token)?.claims ?? {};
  const [issued, expires] = [dateClaim(iat), dateClaim(exp)];
  return issued === undefined || expires === undefined ? undefined : expires - issued;
}

/** Characters of signatures; those of RSA have the size of their key. */
const SIGNATURES: ReadonlyMap<string, readonly number[]> = new Map([
  ['HS256', [43]],
  ['HS384', [64]],
  ['HS512', [86]],
  ['ES256', [86]],
  ['ES384', [128]],
  ['ES512', [176]],
  ['EdDSA', [86, 152]], // of Ed25519, and of Ed448
]);

/** Why a token is an example, or worth nothing to whoever asks for a signature. */
function jwtDoubt(token: string): string | undefined {
  const algorithm = decodeJwt(token)?.header['alg'];
  const [, , signature, ...more] = token.split('.');
  if (typeof algorithm !== 'string' || signature === undefined || more.length > 0) return undefined;
  if (algorithm.toLowerCase() === 'none') return 'it says that nobody signed it';
  const sizes = SIGNATURES.get(algorithm);
  return sizes === undefined || sizes.includes(signature.length) ? undefined : `its signature has another size than ${algorithm} makes`;
}

/** Who a token says that made it; undefined where it does not. */
export function issuerClaim(token: string): unknown {
  return decodeJwt(token)?.claims?.['iss'];
}

const JWT_START = 'eyJ';

/** Why a token is one that a well-known debugger shows, whoever signed it: people sign its claims anew. */
export function jwtSample(token: string): string | undefined {
  const claims = token.startsWith(JWT_START) ? decodeJwt(token)?.claims : undefined;
  return claims?.['sub'] === '1234567890' && claims['name'] === 'John Doe' ? 'the claims of the sample token of jwt.io' : undefined;
}

/** Whether a token is for whoever is not signed in, as Supabase hands them to browsers: `anon` is the role of nobody. */
export function isAnonymousJwt(token: string): boolean {
  return token.startsWith(JWT_START) && decodeJwt(token)?.claims?.['role'] === 'anon';
}

/** Seconds since 1970. A claim in milliseconds, as some write it by mistake, is no date. */
function dateClaim(claim: unknown): number | undefined {
  return typeof claim === 'number' && claim > 0 && claim < 1e11 ? claim : undefined;
}

function expiryOf(claims: Readonly<Record<string, unknown>>): Date | 'never' | undefined {
  const expires = claims['exp'];
  if (expires === undefined) return 'never';
  const seconds = dateClaim(expires);
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}

function bech32Polymod(values: readonly number[]): number {
  const generator = [0x3b_6a_57_b2, 0x26_50_8e_6d, 0x1e_a1_19_fa, 0x3d_42_33_dd, 0x2a_14_62_b3];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1_ff_ff_ff) << 5) ^ value;
    for (const [bit, polynomial] of generator.entries()) if ((top >>> bit) & 1) check ^= polynomial;
  }
  return check;
}

function bech32Expand(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)];
}

function bech32Tail(text: string): string {
  const lower = text.toLowerCase();
  const split = lower.lastIndexOf('1');
  const data = Array.from(lower.slice(split + 1), (character) => BECH32.indexOf(character));
  const check = bech32Polymod([...bech32Expand(lower.slice(0, split)), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const tail = [5, 4, 3, 2, 1, 0].map((index) => BECH32[(check >>> (5 * index)) & 31] ?? '').join('');
  return text === lower ? tail : tail.toUpperCase();
}

/** CRC-16 XMODEM of bytes, as NATS keys and Stellar seeds end in it. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x80_00 ? (crc << 1) ^ 0x10_21 : crc << 1) & 0xff_ff) >>> 0;
  }
  return crc;
}

function fromBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const character of text) {
    const digit = BASE32.indexOf(character);
    if (digit < 0) return undefined;
    held = ((held << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 0xff);
  }
  return Buffer.from(bytes);
}

function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0x1fff;
    for (bits += 8; bits >= 5; ) text += BASE32[(held >> (bits -= 5)) & 31] ?? '';
  }
  return bits === 0 ? text : text + (BASE32[(held << (5 - bits)) & 31] ?? '');
}

/** Base32 of `size` bytes and their CRC-16, low byte first. */
function crc16InBase32(label: string, size: number): Checksum {
  return {
    label,
    proves: true,
    rejects: true,
    check: (token) => {
      const bytes = fromBase32(token);
      return bytes?.length === size + 2 && crc16(bytes.subarray(0, size)) === bytes.readUInt16LE(size) && toBase32(bytes) === token ? 'valid' : 'invalid';
    },
    complete: (token) => {
      const body = (fromBase32(token.padEnd(Math.ceil((size * 8) / 5), 'A')) ?? Buffer.alloc(size)).subarray(0, size);
      const tail = Buffer.alloc(2);
      tail.writeUInt16LE(crc16(body));
      return toBase32(Buffer.concat([body, tail])).slice(token.length);
    },
  };
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RIPPLE58 = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

function fromBase58(text: string, digits: string): Buffer | undefined {
  let value = 0n;
  for (const character of text) {
    const digit = digits.indexOf(character);
    if (digit < 0) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const hex = value === 0n ? '' : value.toString(16);
  let zeros = 0;
  while (zeros < text.length && text[zeros] === digits[0]) zeros++;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]);
}

function toBase58(bytes: Uint8Array, digits: string): string {
  let text = '';
  for (let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`); value > 0n; value /= 58n) text = (digits[Number(value % 58n)] ?? '') + text;
  return text;
}

function doubleSha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest().subarray(0, 4);
}

/** The last characters of a Base58Check text stand for its last five bytes, whatever comes before. */
const BASE58_TAIL = 8;

/**
 * Payload and the first four bytes of its double SHA-256. `versions` are how the payload begins, in hex; `sizes` are in
 * bytes. A payload of the size `flagged` ends in the byte 1.
 */
function base58Check(versions: readonly string[], sizes: readonly number[], digits = BASE58, flagged = 0): Checksum {
  return {
    label: 'Base58Check fits',
    proves: true,
    rejects: true,
    check: (token) => {
      const bytes = fromBase58(token, digits);
      if (bytes === undefined || !sizes.includes(bytes.length - 4)) return 'invalid';
      const payload = bytes.subarray(0, -4);
      if (!versions.some((version) => payload.toString('hex').startsWith(version))) return 'invalid';
      if (payload.length === flagged && payload.at(-1) !== 1) return 'invalid';
      return doubleSha256(payload).equals(bytes.subarray(-4)) ? 'valid' : 'invalid';
    },
    complete: (token) => {
      const bytes = fromBase58(token + (digits[29] ?? '').repeat(BASE58_TAIL), digits) ?? Buffer.alloc(5);
      const payload = bytes.subarray(0, -4);
      if (payload.length === flagged) payload[payload.length - 1] = 1;
      return toBase58(Buffer.concat([payload, doubleSha256(payload)]), digits).slice(token.length);
    },
  };
}

const MACAROON_STARTS = ['AgEIcHlwaS5vcmc', 'AgENdGVzdC5weXBpLm9yZw'];

/** Whether a base64 text is 32 bytes with the five bits that Curve25519 sets in a private key (RFC 7748, 5). */
function isCurve25519(token: string): boolean {
  const bytes = Buffer.from(token, 'base64');
  return bytes.length === 32 && (bytes[0]! & 7) === 0 && bytes[31]! >> 6 === 1;
}

/** PEM armour: labels agree and the body is base64 whose DER length equals its bytes. */
function pemStructure(block: string): Verdict {
  const match = /^-----BEGIN ([A-Z0-9 ]{0,40})-----(.*)-----END \1-----/s.exec(block);
  if (match === null) return 'unsure';
  const [, label = '', inner = ''] = match;
  if (label.startsWith('OPENSSH') || label.startsWith('PGP') || inner.includes('DEK-Info')) return 'unsure';
  const body = Buffer.from(inner.replace(/\\[nr]|[^A-Za-z0-9+/=]/g, ''), 'base64');
  if (body.length < 4 || body[0] !== 0x30) return 'invalid';
  const first = body[1] ?? 0;
  if (first < 0x80) return body.length === first + 2 ? 'valid' : 'invalid';
  const count = first & 0x7f;
  // BER's open length (0) is no DER, and no key has 16 MiB.
  if (count === 0 || count > 3 || body.length < 2 + count) return 'invalid';
  return body.length === body.readUIntBE(2, count) + 2 + count ? 'valid' : 'invalid';
}

const BECH32_CHECKSUM = suffix('bech32 checksum fits', 6, fromStart, bech32Tail);

/** Facts and sources: the issuers' pages and code named beside the rules that use each algorithm. */
export const CHECKSUMS: Readonly<Record<string, Checksum>> = {
  github: suffix('CRC32 of the body fits', 6, afterPrefix, crcBase62),
  npm: suffix('CRC32 of the body fits', 6, afterPrefix, crcBase62),
  vercel: suffix('CRC32 of the body fits', 6, afterPrefix, crcBase62),
  polar: suffix('CRC32 of the body fits', 6, (token) => token.lastIndexOf('_') + 1, crcBase62),
  cloudflare: suffix('CRC32 of the body fits', 8, afterPrefix, (body) => crc32(body).toString(16).padStart(8, '0')),
  atlassian: suffix('CRC32 of the token fits', 8, fromStart, (body) => crc32(body).toString(16).toUpperCase().padStart(8, '0')),
  zuplo: suffix('CRC32 of the body fits', 8, afterPrefix, (body) => crc32(body.replace(/_$/, '')).toString(16).padStart(8, '0')),
  grafana: suffix('CRC32 of the token fits', 8, fromStart, (body) => littleEndian(crc32(body.replace(/_$/, ''))).toString('hex')),
  confluent: suffix('CRC32 of the body fits', 6, () => 4, (body) => littleEndian(crc32(body)).toString('base64').slice(0, 6)),
  crates: suffix('check character fits', 1, () => 'cio_tp_'.length, cratesCheck, true),
  age: BECH32_CHECKSUM,
  nkey: crc16InBase32('CRC16 of the seed fits', 34),
  stellar: crc16InBase32('CRC16 of the seed fits', 33),
  bech32: {
    ...BECH32_CHECKSUM,
  },
  bip39: {
    label: 'all words are of the BIP39 list, and its checksum fits',
    proves: true,
    rejects: true,
    check: (phrase) => (isBip39Phrase(phrase) ? 'valid' : 'invalid'),
  },
  wif: base58Check(['80', 'ef'], [33, 34], BASE58, 34),
  // Nothing else begins so: a key with a typing error is told, and doubted.
  bip32: { ...base58Check(['0488ade4', '04358394', '049d7878', '04b2430c'], [78]), rejects: false },
  bip38: base58Check(['0142', '0143'], [39]),
  tezos: { ...base58Check(['0d0f3a07', '2bf64e07', '11a2e0c9', '1051eebd'], [36, 68]), rejects: false },
  xrp: base58Check(['21', '01e14b'], [17, 19], RIPPLE58),
  gitlab: { label: 'length and CRC32 of the routable token fit', proves: true, rejects: false, check: gitlabRoutable, complete: gitlabTail },
  pypi: {
    label: 'macaroon of the package index',
    proves: false,
    rejects: true,
    check: (token) => (MACAROON_STARTS.some((start) => token.startsWith(`pypi-${start}`)) ? 'valid' : 'invalid'),
  },
  aws: {
    label: 'account number decodes',
    proves: false,
    rejects: false,
    check: (token) => (/^....[IJ]/.test(token) ? 'unsure' : awsAccount(token) === undefined ? 'invalid' : 'valid'),
  },
  jwt: {
    label: 'header and claims decode',
    proves: false,
    rejects: true,
    check: (token) => (decodeJwt(token) === undefined ? 'invalid' : 'valid'),
    details: jwtDetails,
    doubt: jwtDoubt,
  },
  uuid4: {
    label: 'the shape of a UUID v4 without hyphens',
    proves: false,
    rejects: false,
    check: (token) => (/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(token) ? 'valid' : 'unsure'),
  },
  microsoft: {
    label: 'Marvin32 of the key fits',
    proves: true,
    rejects: false,
    check: (token) => {
      const fits = fitsMarvin32(token);
      return fits === undefined ? 'unsure' : fits ? 'valid' : 'invalid';
    },
    complete: completeMarvin32,
  },
  pem: { label: 'DER length equals the body', proves: false, rejects: false, check: pemStructure },
  openssh: { label: 'its two check numbers agree', proves: true, rejects: false, check: opensshStructure },
  pgp: { label: 'CRC24 of the body fits', proves: false, rejects: false, check: pgpSum },
  putty: { label: 'its authentication code fits', proves: true, rejects: false, check: puttyCode },
  wireguard: {
    label: 'bits are set as Curve25519 sets them',
    proves: false,
    rejects: false,
    check: (token) => (isCurve25519(token) ? 'valid' : 'unsure'),
  },
  curve25519: {
    label: 'bits are set as Curve25519 sets them',
    proves: false,
    rejects: true,
    check: (token) => (isCurve25519(token) ? 'valid' : 'invalid'),
  },
  discord: {
    label: "the bot's id decodes",
    proves: false,
    rejects: true,
    check: (token) => (/^\d{17,20}$/.test(Buffer.from(token.split('.')[0] ?? '', 'base64').toString('latin1')) ? 'valid' : 'invalid'),
  },
  openai: {
    label: 'signature in the middle, both parts of one length',
    proves: false,
    rejects: false,
    check: (token) => {
      const [head = '', tail] = token.replace(/^sk-(?:proj-|svcacct-|admin-|None-)?/, '').split('T3BlbkFJ');
      return tail === undefined ? 'unsure' : head.length === tail.length ? 'valid' : 'invalid';
    },
  },
};

/** SHA-256 in hex of a whole sample key, the form in which published samples are known. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
