/** What private keys of several lines prove about themselves: check numbers, sums and codes that their makers put in. */
import { createHash, createHmac } from 'node:crypto';
import type { Verdict } from './checksums.ts';

const ESCAPED_LINE_END = /\\{1,2}[nr]/g;
/** A block that a program puts together holds more than its lines. */
const IN_CODE = /["'`]/;

/** The lines between the first and the last one, without blanks around them; none where it is no whole block of its own lines. */
function linesOf(block: string): string[] {
  if (IN_CODE.test(block)) return [];
  const lines = block.replace(ESCAPED_LINE_END, '\n').split(/\s*\n\s*/);
  return lines.at(-1)!.startsWith('-----END ') ? lines.slice(1, -1) : [];
}

const OPENSSH_MAGIC = Buffer.from('openssh-key-v1\0');

/** Two numbers that must be equal begin the private part, and 1, 2, 3 … pad it. */
export function opensshStructure(block: string): Verdict {
  const lines = linesOf(block);
  if (lines.length === 0) return 'unsure';
  const body = Buffer.from(lines.join(''), 'base64');
  if (!body.subarray(0, OPENSSH_MAGIC.length).equals(OPENSSH_MAGIC)) return 'invalid';
  const fields: Buffer[] = [];
  let at = OPENSSH_MAGIC.length;
  const take = (): Buffer | undefined => {
    const length = at + 4 <= body.length ? body.readUInt32BE(at) : body.length;
    if (at + 4 + length > body.length) return undefined;
    at += 4 + length;
    return body.subarray(at - length, at);
  };
  // Cipher, way of making the key, its options; then the number of keys, the public one and the private one.
  for (let field = 0; field < 5; field++) {
    if (field === 3) at += 4;
    const taken = take();
    if (taken === undefined) return 'invalid';
    fields.push(taken);
  }
  const [cipher, , , , inner] = fields as [Buffer, Buffer, Buffer, Buffer, Buffer];
  if (cipher.toString('latin1') !== 'none') return 'unsure';
  if (inner.length < 8 || inner.length % 8 !== 0) return 'invalid';
  return inner.readUInt32BE(0) === inner.readUInt32BE(4) && isPadded(inner) ? 'valid' : 'invalid';
}

function isPadded(inner: Buffer): boolean {
  const last = inner.at(-1)!;
  // A key that needs no padding ends in its comment.
  if (last >= 8) return true;
  for (let count = 1; count < last; count++) if (inner[inner.length - 1 - last + count] !== count) return false;
  return true;
}

const CRC24 = { start: 0xb7_04_ce, polynomial: 0x1_86_4c_fb } as const;
const ARMOR_SUM = /^=([A-Za-z0-9+/]{4})$/;

export function crc24(bytes: Uint8Array): number {
  let crc: number = CRC24.start;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if (crc & 0x1_00_00_00) crc ^= CRC24.polynomial;
    }
  }
  return crc & 0xff_ff_ff;
}

/** The line `=…` below the body is a sum of it; newer programs leave it out. */
export function pgpSum(block: string): Verdict {
  const lines = linesOf(block);
  const sum = ARMOR_SUM.exec(lines.at(-1) ?? '')?.[1];
  if (sum === undefined) return 'unsure';
  const body = lines.slice(0, -1).filter((line) => !line.includes(': '));
  return crc24(Buffer.from(body.join(''), 'base64')) === Buffer.from(sum, 'base64').readUIntBE(0, 3) ? 'valid' : 'invalid';
}

const PUTTY = /^PuTTY-User-Key-File-([23]): (\S{3,40})\nEncryption: none\nComment: ([^\n]{0,200})\nPublic-Lines: \d{1,3}\n([A-Za-z0-9+/=\n]{1,8000})\nPrivate-Lines: \d{1,3}\n([A-Za-z0-9+/=\n]{1,8000})\nPrivate-MAC: ([0-9a-f]{40,64})$/;

/** A code over everything else, with a key that is no secret where there is no passphrase. */
export function puttyCode(block: string): Verdict {
  const lines = block.replace(ESCAPED_LINE_END, '\n').split(/\s*\n\s*/);
  const [whole, version, algorithm = '', comment = '', open = '', inner = '', code = ''] = PUTTY.exec(lines.join('\n')) ?? [];
  if (whole === undefined) return 'unsure';
  const parts = [algorithm, 'none', comment, Buffer.from(open, 'base64'), Buffer.from(inner, 'base64')].flatMap((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  const hmac = version === '3' ? createHmac('sha256', '') : createHmac('sha1', createHash('sha1').update('putty-private-key-file-mac-key').digest());
  return hmac.update(Buffer.concat(parts)).digest('hex') === code ? 'valid' : 'invalid';
}
