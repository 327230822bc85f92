/** Keys of Microsoft: a file of its own, since those of other checksums take long and mutants repeat them all. */
import { describe, expect, test } from 'vitest';
import { CHECKSUMS } from '../../src/rules/checksums.ts';
import { completeMarvin32, fitsMarvin32, marvin32 } from '../../src/rules/marvin32.ts';

const hash = (key: string, text: string): string => {
  const { high, low } = marvin32(Buffer.from(key, 'hex'), Buffer.from(text));
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
};
const repeated = (length: number): string => 'EXAMPLEexample'.repeat(Math.ceil(length / 14)).slice(0, length);

test('the vectors of its authors', () => {
  expect(hash('d53cd9cecd0893b7', 'abc')).toBe('22c74339492769bf');
  expect(hash('0ddddeeeeffff000', 'abcdefghijklmnopqrstuvwxyz')).toBe('a128eb7e7260aca2');
});

test('a storage key of zeros', () => {
  const key = `${'A'.repeat(76)}+ASt`;
  expect(completeMarvin32(key)).toBe('vmNvzw==');
  expect([fitsMarvin32(`${key}vmNvzw==`), fitsMarvin32(`${key}vmNvzg==`), fitsMarvin32('A'.repeat(86))]).toEqual([true, false, undefined]);
});

/** Signature, where it stands, bytes of the key, and the seeds of each kind of key that bears it. */
const KINDS: readonly (readonly [signature: string, at: number, size: number, seeds: string])[] = [
  ['+ASt', 76, 64, 'Default0'],
  ['ACDb', 76, 64, 'SysAll00 Resour00 MastRO00 SystRO00 Encryp00 MastRW00 SystRW00'],
  ['+ABa', 76, 64, 'AbAcct00'],
  ['+AMC', 76, 64, 'Classic0'],
  ['APIM', 76, 64, 'Tenant00 IoTHub00 Gatewy00 GitKey00'],
  ['+ASb', 33, 32, 'Send0000 Manage00 Listen00'],
  ['+AEh', 33, 32, 'Send0000 Manage00 Listen00'],
  ['+ARm', 33, 32, 'Send0000 Manage00 Listen00'],
  ['AIoT', 33, 32, 'IoTHub00 DpsKey00 Device00'],
  ['AZEG', 33, 32, 'SendRecv'],
  ['AzCa', 33, 32, 'Access00'],
  ['+ACR', 42, 39, 'ACRDflt0'],
  ['AzSe', 42, 39, 'Query000 PAdmin00'],
  ['AzFu', 44, 40, 'Master00 System00 Functi00'],
];

describe.each(KINDS)('%s', (signature, at, size, seeds) => {
  const begin = repeated(at) + signature;
  const changed = (key: string): string => (key.startsWith('B') ? 'C' : 'B') + key.slice(1);

  test.each(seeds.split(' '))('fits under the seed %s, and another key does not', (seed) => {
    const data = Buffer.from(begin.padEnd(Math.ceil((size * 4) / 3), 'A'), 'base64').subarray(0, size - 4);
    const { high, low } = marvin32(Buffer.from(seed), data);
    const check = Buffer.alloc(4);
    check.writeUInt32LE((high ^ low) >>> 0);
    const key = Buffer.concat([data, check]).toString('base64');
    const other = Buffer.concat([data, check.map((byte, index) => (index === 3 ? byte ^ 1 : byte))]).toString('base64');
    expect(key.startsWith(begin)).toBe(true);
    expect([fitsMarvin32(key), fitsMarvin32(changed(key)), fitsMarvin32(other), fitsMarvin32(key.slice(0, -4))]).toEqual([true, false, false, undefined]);
  });

  test('is completed, and is a key to the checksum of that name', () => {
    const { check, complete } = CHECKSUMS['microsoft'] ?? expect.unreachable();
    const tail = complete?.(begin) ?? '';
    expect(tail).toBe(completeMarvin32(begin));
    expect([check(begin + tail), check(changed(begin + tail))]).toEqual(['valid', 'invalid']);
    // Where it is URL-safe it reads the same.
    expect(tail).toMatch(signature === 'AzFu' ? /^[\w-]+=*$/ : /^[\w+/]+=*$/);
  });
});

test('a key of functions is completed for addresses, and fits', () => {
  const tails = Array.from({ length: 200 }, (_, index) => {
    const begin = `${repeated(41)}${index + 100}AzFu`;
    const tail = completeMarvin32(begin) ?? '';
    expect([fitsMarvin32(begin + tail), /[+/]/.test(tail)]).toEqual([true, false]);
    return tail;
  });
  expect([tails.some((tail) => tail.includes('-')), tails.some((tail) => tail.includes('_'))]).toEqual([true, true]);
});

test('a key of letters and digits alone is completed so, or not at all', () => {
  const tails = Array.from({ length: 200 }, (_, index) => {
    const begin = `${repeated(39)}${index + 100}AzSe`;
    const tail = completeMarvin32(begin);
    if (tail !== undefined) expect([tail, fitsMarvin32(begin + tail)]).toEqual([expect.stringMatching(/^[A-D][0-9A-Za-z]{5}$/), true]);
    return tail;
  });
  const none = tails.filter((tail) => tail === undefined);
  expect([none.length > 10, none.length < 60]).toEqual([true, true]);
});

test('what bears no signature is not completed, and none of theirs', () => {
  expect([completeMarvin32('A'.repeat(80)), fitsMarvin32(`${repeated(75)}+AStAvmNvzw==`), CHECKSUMS['microsoft']?.check('A'.repeat(86))]).toEqual(['', undefined, 'unsure']);
});
