/** What private keys of several lines prove: made here from their formats' descriptions, never read from a file. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CHECKSUMS } from '../../src/rules/checksums.ts';
import { crc24 } from '../../src/rules/key-blocks.ts';

const sized = (part: Buffer | string): Buffer => {
  const bytes = Buffer.from(part);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const wrapped = (bytes: Buffer, width: number): string => (bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');

/** Two equal numbers. */
const EQUAL = [0, 0, 18, 103, 0, 0, 18, 103];

/** A key of the kind that `ssh-keygen -t ed25519` writes. */
function openssh(second: number, cipher = 'none'): string {
  const [seed, open] = [randomBytes(32), randomBytes(32)];
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(4711, 0);
  numbers.writeUInt32BE(second, 4);
  const inner = [numbers, sized('ssh-ed25519'), sized(open), sized(Buffer.concat([seed, open])), sized('me@acme')];
  const length = inner.reduce((sum, { length: size }) => sum + size, 0);
  const padding = Buffer.from(Array.from({ length: (8 - (length % 8)) % 8 }, (_, index) => index + 1));
  return holding(Buffer.concat([...inner, padding]), cipher);
}

/** A block of OpenSSH with a private part as it is given. */
function holding(inner: Buffer, cipher = 'none', magic = 'openssh-key-v1\0'): string {
  const count = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from(magic),
    sized(cipher),
    sized('none'),
    sized(''),
    count,
    sized(Buffer.concat([sized('ssh-ed25519'), sized(randomBytes(32))])),
    sized(inner),
  ]);
  return ['-----BEGIN OPENSSH', 'PRIVATE KEY-----\n'].join(' ') + wrapped(body, 70) + ['\n-----END OPENSSH', 'PRIVATE KEY-----'].join(' ');
}

describe('OpenSSH', () => {
  test.each([
    ['as it was written', openssh(4711), 'valid'],
    ['on one line', openssh(4711).replaceAll('\n', '\\n'), 'valid'],
    ['indented', openssh(4711).replaceAll('\n', '\n    '), 'valid'],
    ['with other numbers', openssh(4712), 'invalid'],
    ['behind a passphrase', openssh(4712, 'aes256-ctr'), 'unsure'],
    ['cut off', openssh(4711).slice(0, 200), 'unsure'],
    ['with two backslashes for each line end', openssh(4711).replaceAll('\n', '\\\\n'), 'valid'],
    ['with a quote behind its first line', openssh(4711).replace('\n', '"\n'), 'unsure'],
    ['put together by a program', openssh(4711).replaceAll('\n', '" +\n"'), 'unsure'],
    ['of another version', holding(Buffer.from(EQUAL), 'none', 'openssh-key-v2\0'), 'invalid'],
    ['without a line', openssh(4711).replace(/\n.{70}\n/, '\n'), 'invalid'],
  ])('%s', (_what, block, verdict) => {
    expect(CHECKSUMS['openssh']?.check(block)).toBe(verdict);
  });
});




describe('what follows the two numbers of OpenSSH', () => {
  test.each([
    ['nothing', EQUAL, 'valid'],
    ['not even the numbers', [], 'invalid'],
    ['less than both numbers', [0, 0, 18, 103], 'invalid'],
    ['no multiple of eight bytes', [...EQUAL, 1, 2, 3, 4], 'invalid'],
    ['numbers that differ', [0, 0, 18, 103, 0, 0, 18, 104], 'invalid'],
    ['one byte of padding', [...EQUAL, 9, 9, 9, 9, 9, 9, 9, 1], 'valid'],
    ['seven bytes of padding', [...EQUAL, 9, 1, 2, 3, 4, 5, 6, 7], 'valid'],
    ['padding whose first byte is wrong', [...EQUAL, 9, 2, 2, 3, 4, 5, 6, 7], 'invalid'],
    ['padding in whose middle one byte is wrong', [...EQUAL, 9, 1, 2, 3, 9, 5, 6, 7], 'invalid'],
    ['the last byte of padding alone', [...EQUAL, 9, 9, 9, 9, 9, 9, 9, 2], 'invalid'],
    ['a comment that ends in what would be too much padding', [...EQUAL, 9, 9, 9, 9, 9, 9, 9, 8], 'valid'],
    ['a comment of no letters', [...EQUAL, 0, 0, 0, 0, 0, 0, 0, 0], 'valid'],
  ])('%s', (_what, inner, verdict) => {
    expect(CHECKSUMS['openssh']?.check(holding(Buffer.from(inner)))).toBe(verdict);
  });
});

test('a body of OpenSSH that is cut off anywhere is none', () => {
  const lines = openssh(4711).split('\n');
  const body = Buffer.from(lines.slice(1, -1).join(''), 'base64');
  for (let cut = 1; cut < body.length; cut++) {
    const block = [lines[0], body.subarray(0, cut).toString('base64'), lines.at(-1)].join('\n');
    expect(CHECKSUMS['openssh']?.check(block), `${cut}`).toBe('invalid');
  }
});

describe('OpenPGP', () => {
  test('the check value of its sum', () => {
    expect(crc24(Buffer.from('123456789')).toString(16)).toBe('21cf02');
  });

  const block = (sum: string): string =>
    ['-----BEGIN PGP', 'PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n'].join(' ') + `RVhBTVBMRQ==\n${sum}\n` + ['-----END PGP', 'PRIVATE KEY BLOCK-----'].join(' ');

  test.each([
    ['=HXb+', 'valid'],
    ['=HXb/', 'invalid'],
    ['RVhBTVBMRQ==', 'unsure'],
    ['=HXb+x', 'unsure'],
    ['x=HXb+', 'unsure'],
  ])('%s is %s', (sum, verdict) => {
    expect(CHECKSUMS['pgp']?.check(block(sum))).toBe(verdict);
  });
});

test('the body of OpenPGP may have several lines, and one that is cut off proves nothing', () => {
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} PGP ${['PRIVATE', 'KEY'].join(' ')} BLOCK-----`);
  expect(CHECKSUMS['pgp']?.check([begin, '', 'RVhB', 'TVBMRQ==', '=HXb+', end].join('\n'))).toBe('valid');
  expect(CHECKSUMS['pgp']?.check([begin, '', 'RVhBTVBMRQ==', '=HXb+'].join('\n'))).toBe('unsure');
});

describe('PuTTY', () => {
  function key(version: 2 | 3, comment = 'me@acme'): string {
    const [open, inner] = [randomBytes(51), randomBytes(36)];
    const data = Buffer.concat(['ssh-ed25519', 'none', 'me@acme', open, inner].map(sized));
    const hmac = version === 3 ? createHmac('sha256', '') : createHmac('sha1', createHash('sha1').update('putty-private-key-file-mac-key').digest());
    const lines = [`Comment: ${comment}`, 'Public-Lines: 2', wrapped(open, 64), 'Private-Lines: 1', wrapped(inner, 64)];
    return [`PuTTY-User-Key-File-${version}: ssh-ed25519`, 'Encryption: none', ...lines, `Private-MAC: ${hmac.update(data).digest('hex')}`].join('\n');
  }

  test.each([
    ['version 3', key(3), 'valid'],
    ['version 2', key(2), 'valid'],
    ['line ends of Windows', key(3).replaceAll('\n', '\r\n'), 'valid'],
    ['another comment', key(3, 'you@acme'), 'invalid'],
    ['cut off', key(3).slice(0, 150), 'unsure'],
    ['on one line', key(3).replaceAll('\n', '\\n'), 'valid'],
    ['with two backslashes for each line end', key(3).replaceAll('\n', '\\\\n'), 'valid'],
    ['indented', key(3).replaceAll('\n', '\n    '), 'valid'],
    ['with more lines', key(3).replaceAll('-Lines: ', '-Lines: 10'), 'valid'],
    ['with something before it', `x${key(3)}`, 'unsure'],
    ['with something behind it', `${key(3)}x`, 'unsure'],
    ['behind a passphrase', key(3).replace('none', 'aes256-cbc'), 'unsure'],
    ['with a code of another version', key(3).replace('File-3', 'File-2'), 'invalid'],
  ])('%s', (_what, block, verdict) => {
    expect(CHECKSUMS['putty']?.check(block)).toBe(verdict);
  });
});

test('WireGuard sets three bits at one end and two at the other', () => {
  const bytes = Buffer.alloc(32, 0x55);
  expect(CHECKSUMS['wireguard']?.check(bytes.toString('base64'))).toBe('unsure');
  [bytes[0], bytes[31]] = [0x50, 0x55];
  expect(CHECKSUMS['wireguard']?.check(bytes.toString('base64'))).toBe('valid');
});
