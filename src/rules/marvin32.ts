/**
 * Keys of Microsoft that say what they are: random bytes, a signature of three, and four bytes of checksum over all
 * before them. The checksum is Marvin32, a keyed hash, under seeds that the issuer's own code publishes.
 */

interface Kind {
  /** In base64. */
  readonly signature: string;
  /** In bytes. */
  readonly size: number;
  readonly seeds: readonly string[];
  /** Letters and digits alone: the issuer draws until a key has no other characters. */
  readonly isPlain?: true;
}

const KINDS: readonly Kind[] = [
  { signature: '+ASt', size: 64, seeds: ['Default0'] },
  { signature: 'ACDb', size: 64, seeds: ['SysAll00', 'Resour00', 'MastRO00', 'SystRO00', 'Encryp00', 'MastRW00', 'SystRW00'] },
  { signature: '+ABa', size: 64, seeds: ['AbAcct00'] },
  { signature: '+AMC', size: 64, seeds: ['Classic0'] },
  { signature: 'APIM', size: 64, seeds: ['Tenant00', 'IoTHub00', 'Gatewy00', 'GitKey00'] },
  { signature: '+ASb', size: 32, seeds: ['Send0000', 'Manage00', 'Listen00'] },
  { signature: '+AEh', size: 32, seeds: ['Send0000', 'Manage00', 'Listen00'] },
  { signature: '+ARm', size: 32, seeds: ['Send0000', 'Manage00', 'Listen00'] },
  { signature: 'AIoT', size: 32, seeds: ['IoTHub00', 'DpsKey00', 'Device00'] },
  { signature: 'AZEG', size: 32, seeds: ['SendRecv'] },
  { signature: 'AzCa', size: 32, seeds: ['Access00'] },
  { signature: '+ACR', size: 39, seeds: ['ACRDflt0'] },
  { signature: 'AzSe', size: 39, seeds: ['Query000', 'PAdmin00'], isPlain: true },
  { signature: 'AzFu', size: 40, seeds: ['Master00', 'System00', 'Functi00'] },
];
const CHECK_BYTES = 4;

/** Marvin32 of bytes, as two halves of 32 bits; the seed is eight bytes, big-endian. */
export function marvin32(seed: Uint8Array, bytes: Uint8Array): { readonly high: number; readonly low: number } {
  const keys = Buffer.from(seed);
  let high = keys.readUInt32BE(0);
  let low = keys.readUInt32BE(4);
  const rotate = (value: number, by: number): number => ((value << by) | (value >>> (32 - by))) >>> 0;
  const block = (word: number): void => {
    low = (low + word) >>> 0;
    high = (high ^ low) >>> 0;
    low = (rotate(low, 20) + high) >>> 0;
    high = (rotate(high, 9) ^ low) >>> 0;
    low = (rotate(low, 27) + high) >>> 0;
    high = rotate(high, 19);
  };
  // The bytes, an end mark, and zeros up to a whole word.
  const padded = Buffer.alloc(Math.floor(bytes.length / 4) * 4 + 4);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  for (let at = 0; at < padded.length; at += 4) block(padded.readUInt32LE(at));
  block(0);
  return { high, low };
}

function checkBytes(seed: string, data: Uint8Array): Buffer {
  const { high, low } = marvin32(Buffer.from(seed), data);
  const bytes = Buffer.alloc(CHECK_BYTES);
  bytes.writeUInt32LE((high ^ low) >>> 0);
  return bytes;
}

/** Where a signature stands: it ends with the data, but for the bits that a base64 character shares with the checksum. */
function signatureAt(size: number): number {
  return Math.floor(((size - CHECK_BYTES) * 8) / 6) - 4;
}

function kindOf(token: string): Kind | undefined {
  return KINDS.find(({ signature, size }) => token.startsWith(signature, signatureAt(size)));
}

/** Whether the checksum of a key fits one of the seeds of its kind; undefined for another kind of text. */
export function fitsMarvin32(token: string): boolean | undefined {
  const kind = kindOf(token);
  const bytes = Buffer.from(token, 'base64');
  if (kind === undefined || bytes.length !== kind.size) return undefined;
  const data = bytes.subarray(0, -CHECK_BYTES);
  return kind.seeds.some((seed) => checkBytes(seed, data).equals(bytes.subarray(-CHECK_BYTES)));
}

/**
 * What follows a key that is written up to its signature; for examples. Undefined where the issuer would have drawn another key.
 * Keys of functions stand in addresses, so theirs is URL-safe.
 */
export function completeMarvin32(token: string): string | undefined {
  const kind = kindOf(token);
  if (kind === undefined) return '';
  const data = Buffer.from(token.padEnd(Math.ceil((kind.size * 4) / 3), 'A'), 'base64').subarray(0, kind.size - CHECK_BYTES);
  const tail = Buffer.concat([data, checkBytes(kind.seeds[0] ?? '', data)]).toString('base64').slice(token.length);
  if (kind.isPlain === true && /[+/]/.test(tail)) return undefined;
  return kind.signature === 'AzFu' ? tail.replaceAll('+', '-').replaceAll('/', '_') : tail;
}
