import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsAccount, CHECKSUMS, crc32, decodeJwt, isAnonymousJwt, issuerClaim, jwtLifetime, sha256, type Checksum } from '../../src/rules/checksums.ts';

function checksum(name: string): Checksum {
  const found = CHECKSUMS[name];
  if (found === undefined) throw new Error(`no checksum ${name}`);
  return found;
}

const repeated = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
const SAMPLE = 'EXAMPLEexample';
const BITCOIN_DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RIPPLE_DIGITS = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';
/** What the bodies of these are made of, and how long they are. */
const BODIES: Readonly<Record<string, readonly [alphabet: string, length: number]>> = {
  age: ['QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 52],
  bech32: ['qpzry9x8gf2tvdw0s3jn54khce6mua7l', 52],
  nkey: ['ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 51],
  stellar: ['ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 51],
};

/** Worked examples, each in parts, so that no whole token stands here: algorithm, what goes before, the check itself. */
const WORKED: readonly (readonly [name: string, head: readonly string[], check: string])[] = [
  ['github', ['ghp', '_', SAMPLE, SAMPLE, '00'], '2dPYoc'],
  ['github', ['ghr', '_', repeated('A', 70)], '2pl4EB'],
  ['npm', ['npm', '_', SAMPLE, SAMPLE, '00'], '2dPYoc'],
  ['vercel', ['vcp', '_', repeated(SAMPLE, 50)], '0BbviN'],
  ['polar', ['polar', '_oat_', repeated(SAMPLE, 37)], '44FlLS'],
  ['cloudflare', ['cfut', '_', repeated(SAMPLE, 40)], 'aaf6b7e7'],
  ['atlassian', ['ATBB', repeated(SAMPLE, 24)], '64DE5E41'],
  ['atlassian', ['ATATT3', 'xFfGF0', repeated(SAMPLE, 171), '='], '7E657F3A'],
  ['zuplo', ['zpka', '_', 'example0'.repeat(4), '_'], 'b978bc71'],
  ['grafana', ['glsa', '_', SAMPLE, SAMPLE, '0000', '_'], '00885bd8'],
  ['confluent', ['cflt', repeated(SAMPLE, 54)], 'CRU05w'],
  ['crates', ['cio', '_tp_', repeated(SAMPLE, 31)], 'e'],
  ['age', ['AGE-SECRET', '-KEY-1', 'Q'.repeat(52)], '8H00W3'],
  ['nkey', ['SU', 'A'.repeat(52)], 'AAEQ'],
  ['stellar', ['S', 'A'.repeat(51)], 'BSU2'],
  ['bech32', ['nsec', '1', 'q'.repeat(52)], 'wkhnav'],
  ['bech32', ['suipriv', 'key1', 'q'.repeat(53)], '509duq'],
  ['gitlab', ['glpat', '-', 'bzoxCnU6YQ', 'A'.repeat(21), 'Q'], '.01.0w0zakc3q'],
];

describe('worked examples of the issuers', () => {
  test.each(WORKED)('%s %j', (name, parts, check) => {
    const head = parts.join('');
    const algorithm = checksum(name);
    expect(algorithm.complete?.(head)).toBe(check);
    expect(algorithm.check(head + check)).toBe('valid');
  });

  test.each(WORKED)('%s %j: any other last character is wrong', (name, parts, check) => {
    const whole = parts.join('') + check;
    for (const other of 'aZ09') {
      if (!whole.endsWith(other)) expect(checksum(name).check(whole.slice(0, -1) + other)).not.toBe('valid');
    }
  });

  test.each(WORKED)('%s %j: so is any other character in the body', (name, parts, check) => {
    const whole = parts.join('') + check;
    const at = (parts.join('').length >> 1) + 3;
    const other = whole[at] === 'a' ? 'b' : 'a';
    expect(checksum(name).check(whole.slice(0, at) + other + whole.slice(at + 1))).not.toBe('valid');
  });
});

/** Payload and check bytes in hex, the latter from the specification of the form or computed here. */
const BASE58_KEYS: readonly (readonly [name: string, payload: string, digits: string])[] = [
  ['wif', `80${'01'.padStart(64, '0')}`, BITCOIN_DIGITS],
  ['wif', `80${'01'.padStart(64, '0')}01`, BITCOIN_DIGITS],
  ['wif', `ef${'5a'.repeat(32)}01`, BITCOIN_DIGITS],
  ['bip32', `0488ade4${'00'.repeat(9)}${'17'.repeat(32)}00${'2b'.repeat(32)}`, BITCOIN_DIGITS],
  ['bip38', `0142${'c3'.repeat(37)}`, BITCOIN_DIGITS],
  ['tezos', `0d0f3a07${'44'.repeat(32)}`, BITCOIN_DIGITS],
  ['xrp', `21${'6e'.repeat(16)}`, RIPPLE_DIGITS],
  ['xrp', `01e14b${'6e'.repeat(16)}`, RIPPLE_DIGITS],
];

function base58(hex: string, digits: string): string {
  let text = '';
  for (let value = BigInt(`0x${hex}`); value > 0n; value /= 58n) text = (digits[Number(value % 58n)] ?? '') + text;
  return text;
}

function checkOf(payload: string): string {
  const once = createHash('sha256').update(Buffer.from(payload, 'hex')).digest();
  return createHash('sha256').update(once).digest('hex').slice(0, 8);
}

describe('Base58Check', () => {
  test('the checks of key 1 are those that everybody knows', () => {
    expect([checkOf(BASE58_KEYS[0]?.[1] ?? ''), checkOf(BASE58_KEYS[1]?.[1] ?? '')]).toEqual(['a85aa87e', '4671fc3f']);
  });

  test.each(BASE58_KEYS)('%s %s', (name, payload, digits) => {
    const whole = base58(payload + checkOf(payload), digits);
    const algorithm = checksum(name);
    expect(algorithm.check(whole)).toBe('valid');
    const other = whole.at(-1) === digits[1] ? digits[2] : digits[1];
    expect(algorithm.check(whole.slice(0, -1) + other)).toBe('invalid');
    expect(algorithm.check(base58(payload.replace(/^../, '7f') + checkOf(payload.replace(/^../, '7f')), digits))).toBe('invalid');
    expect(algorithm.check(base58(`${payload}00${checkOf(`${payload}00`)}`, digits))).toBe('invalid');
  });

  test.each(BASE58_KEYS)('%s %s, changed so that the digit of no worth stands within', (name, payload, digits) => {
    const payloads = Array.from({ length: 60 }, (_, byte) => payload.slice(0, 12) + byte.toString(16).padStart(2, '0') + payload.slice(14));
    const keys = payloads.map((changed) => base58(changed + checkOf(changed), digits)).filter((key) => key.lastIndexOf(digits[0] ?? '') > 0);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => checksum(name).check(key) !== 'valid')).toEqual([]);
  });
});

test.each(BASE58_KEYS.slice(2))('Base58Check completes %s %s', (name, payload, digits) => {
  const head = base58(payload + checkOf(payload), digits).slice(0, -8);
  expect(checksum(name).check(head + (checksum(name).complete?.(head) ?? ''))).toBe('valid');
});

test('a JSON Web Token says what it is, and no more', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const details = (claims: unknown): readonly string[] => checksum('jwt').details?.(`${part({ alg: 'HS256' })}.${part(claims)}.${repeated('sig', 43)}`) ?? [];
  expect(details({ iss: 'https://id.acme-corp.net/', role: 'service_role', exp: 1_900_000_000, email: 'anna@acme-corp.net' })).toEqual([
    'algorithm HS256',
    'issuer https://id.acme-corp.net/',
    'role service_role',
    'expires 2030-03-17',
  ]);
  expect(details({ sub: '1' })).toEqual(['algorithm HS256', 'never expires']);
  expect(details({ iss: 'line\nbreak', role: 7, exp: 'soon' })).toEqual(['algorithm HS256']);
});

describe('every algorithm that completes', () => {
  /** Base58Check and Marvin32 complete what has a form of its own, see there. */
  const elsewhere = new Set<string>([...BASE58_KEYS.map(([name]) => name), 'microsoft']);
  const completing = Object.entries(CHECKSUMS).filter(([name, { complete }]) => complete !== undefined && !elsewhere.has(name));

  test('is one of those that have examples above', () => {
    expect(completing.map(([name]) => name).toSorted()).toEqual([...new Set(WORKED.map(([name]) => name))].toSorted());
  });

  test.each(completing)('%s accepts what it completed', (name, algorithm) => {
    const [, parts = []] = WORKED.find(([known]) => known === name) ?? [];
    const head = BODIES[name] === undefined || name === 'age' || name === 'bech32' ? parts.slice(0, 2).join('') : (parts[0] ?? '');
    const [alphabet, length] = BODIES[name] ?? ['ABCDEFabcdef0123456789', 40];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }), (characters) => {
        const token = head + characters.join('') + (parts.at(-1)?.length === 1 ? (parts.at(-1) ?? '') : '');
        expect(algorithm.check(token + (algorithm.complete?.(token) ?? ''))).toBe('valid');
      }),
      { numRuns: 100 },
    );
  });

  test.each(Object.entries(CHECKSUMS))('%s answers to any text, the empty one too', (_name, algorithm) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', '_', '-', '.', '..', 'eyJ', 'AKIA')), (text) => {
        expect(['valid', 'invalid', 'unsure']).toContain(algorithm.check(text));
      }),
      { numRuns: 200 },
    );
  });
});

describe('building blocks', () => {
  test.each([
    ['', 0],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
    [`${SAMPLE}${SAMPLE}00`, 0x8fec6732],
  ])('CRC32 of %j', (text, value) => {
    expect(crc32(text)).toBe(value);
  });

  test('SHA-256 is of the bytes', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('\u00e9')).toBe(createHash('sha256').update(Buffer.from([0xe9])).digest('hex'));
  });
});

describe('GitLab without a version', () => {
  test('the older form fits too', () => {
    const token = ['glpat', '-', 'bzoxCnU6YQ', 'A'.repeat(21), 'Q', '.', '0w'].join('');
    const built = `${token}1gmn0iw`;
    expect(checksum('gitlab').check(built)).toBe('valid');
    expect(checksum('gitlab').check(`${token}1gmn0ix`)).toBe('invalid');
  });

  test('the oldest form has none', () => {
    expect(checksum('gitlab').check(`glpat-${SAMPLE}123456`)).toBe('unsure');
  });
});

describe('AWS access key ids', () => {
  test('hold their account', () => {
    const id = ['AKIA', 'RZPUZDIK', 'AAAAAAAA'].join('');
    expect(awsAccount(id)).toBe('123456789012');
    expect(checksum('aws').check(id)).toBe('valid');
  });

  test.each([
    [['AKIA', 'IOSFODNN', '7AAAAAAA'], 'unsure'],
    [['AKIA', 'J2345672', '34567234'], 'unsure'],
    [['AKIA', 'Q0123456', '78923456'], 'invalid'],
    [['ASIA', 'Q2345672', '34567234'], 'valid'],
  ])('%j: %s', (parts, verdict) => {
    expect(checksum('aws').check(parts.join(''))).toBe(verdict);
  });
});

describe('JSON Web Tokens', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { alg: 'HS256', typ: 'JWT' };
  const claims = { iss: 'supabase', role: 'anon' };

  test('decode to header and claims', () => {
    const token = `${part(header)}.${part(claims)}.c2ln`;
    expect(decodeJwt(token)).toEqual({ header, claims });
    expect(checksum('jwt').check(token)).toBe('valid');
  });

  test('say how long they are good for, and who made them', () => {
    const token = (made: object): string => `${part(header)}.${part(made)}.c2ln`;
    const issued = 1_700_000_000;
    expect(jwtLifetime(token({ iat: issued, exp: issued + 3600 }))).toBe(3600);
    const silent = [{ iat: issued }, { exp: issued }, { iat: 0, exp: issued }, { iat: issued, exp: 'soon' }, { iat: issued, exp: 1e11 }, {}];
    expect([...silent.map(token), 'no token'].map(jwtLifetime)).toEqual(Array.from({ length: 7 }, () => undefined));
    expect([token(claims), token({}), 'no token'].map(issuerClaim)).toEqual(['supabase', undefined, undefined]);
  });

  test('whose role is nobody are for whoever is not signed in', () => {
    expect(isAnonymousJwt(`${part(header)}.${part(claims)}.c2ln`)).toBe(true);
    expect(isAnonymousJwt(`${part(header)}.${part({ ...claims, role: 'service_role' })}.c2ln`)).toBe(false);
    expect(isAnonymousJwt('anon')).toBe(false);
  });

  test.each([
    ['HS256', 43, undefined],
    ['HS256', 44, 'its signature has another size than HS256 makes'],
    ['ES512', 176, undefined],
    ['EdDSA', 86, undefined],
    ['EdDSA', 152, undefined],
    ['constructor', 43, undefined],
    ['EdDSA', 43, 'its signature has another size than EdDSA makes'],
    ['RS256', 100, undefined],
    ['None', 43, 'it says that nobody signed it'],
  ])('signed by %s in %i characters', (alg, size, doubt) => {
    const token = `${part({ alg })}.${part(claims)}.${'a'.repeat(size)}`;
    expect([checksum('jwt').doubt?.(token), checksum('jwt').doubt?.(`${token}.a.b`)]).toEqual([doubt, undefined]);
  });

  test.each([
    ['no algorithm', `${part({ typ: 'JWT' })}.${part(claims)}.c2ln`],
    ['claims that are no object', `${part(header)}.${part([1])}.c2ln`],
    ['claims that are no JSON', `${part(header)}.AAAA.c2ln`],
    ['a header that is no JSON', `AAAA.${part(claims)}.c2ln`],
    ['nothing', ''],
  ])('%s: none', (_what, token) => {
    expect(checksum('jwt').check(token)).toBe('invalid');
  });
});

describe('PEM', () => {
  const begin = (label: string): string => `-----BEGIN ${label}-----`;
  const end = (label: string): string => `-----END ${label}-----`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const label = ['PRIVATE', 'KEY'].join(' ');
  const armour = (body: Buffer, name = label): string => `${begin(name)}\n${body.toString('base64').replace(/.{64}/g, '$&\n')}\n${end(name)}`;

  test('the body has the length that its DER says', () => {
    expect(createPrivateKey(armour(der)).type).toBe('private');
    expect(checksum('pem').check(armour(der))).toBe('valid');
  });

  test('also with line ends written as two characters', () => {
    expect(checksum('pem').check(armour(der).replaceAll('\n', String.raw`\n`))).toBe('valid');
  });

  test.each([
    ['cut', armour(der.subarray(0, -3)), 'invalid'],
    ['too long', armour(Buffer.concat([der, Buffer.alloc(3)])), 'invalid'],
    ['no DER', armour(Buffer.from('this is not a key at all')), 'invalid'],
    ['BER with an open length', armour(Buffer.concat([Buffer.from([0x30, 0x80]), der])), 'invalid'],
    ['a length that is cut off', armour(Buffer.from([0x30, 0x83, 0x01, 0x02])), 'invalid'],
    ['labels differ', armour(der).replace(/END .*-----/, `END RSA ${label}-----`), 'unsure'],
    ['OpenSSH', armour(der, `OPENSSH ${label}`), 'unsure'],
  ])('%s', (_what, block, verdict) => {
    expect(checksum('pem').check(block)).toBe(verdict);
  });
});

describe('inner structure', () => {
  test('PyPI: the start of a macaroon for either index', () => {
    expect(checksum('pypi').check(['pypi', '-AgEIcHlwaS5vcmc', 'CJDQ'].join(''))).toBe('valid');
    expect(checksum('pypi').check(['pypi', '-AgENdGVzdC5weXBpLm9yZw', 'CJDQ'].join(''))).toBe('valid');
    expect(checksum('pypi').check(['pypi', '-BgEIcHlwaS5vcmc', 'CJDQ'].join(''))).toBe('invalid');
  });

  test('Discord: the first part is the id of a bot', () => {
    const id = Buffer.from('100000000000000000').toString('base64').replace(/=+$/, '');
    expect(id.startsWith('MTAw')).toBe(true);
    expect(checksum('discord').check(`${id}.GabcDE.abc`)).toBe('valid');
    expect(checksum('discord').check(`${Buffer.from('not an id at all!!').toString('base64')}.GabcDE.abc`)).toBe('invalid');
  });

  test.each([
    ['sk-', 20, 20, 'valid'],
    ['sk-proj-', 74, 74, 'valid'],
    ['sk-svcacct-', 58, 58, 'valid'],
    ['sk-proj-', 20, 21, 'invalid'],
  ])('OpenAI: %s with %i and %i characters: %s', (prefix, before, after, verdict) => {
    expect(checksum('openai').check([prefix, repeated(SAMPLE, before), 'T3Blbk', 'FJ', repeated(SAMPLE, after)].join(''))).toBe(verdict);
  });

  test('OpenAI: without the signature there is nothing to say', () => {
    expect(checksum('openai').check(`sk-${repeated(SAMPLE, 48)}`)).toBe('unsure');
  });
});
