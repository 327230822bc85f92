import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bip39Phrase, isBip39Phrase } from '../../src/rules/bip39.ts';

describe('recovery phrases', () => {
  // https://github.com/trezor/python-mnemonic/blob/master/vectors.json, which the proposal names
  test.each([
    ['00', 16, `${'abandon '.repeat(11)}about`],
    ['7f', 16, 'legal winner thank year wave sausage worth useful legal winner thank yellow'],
    ['ff', 32, `${'zoo '.repeat(23)}vote`],
  ])('%s, %i times', (byte, count, phrase) => {
    expect(bip39Phrase(Buffer.from(byte.repeat(count), 'hex'))).toBe(phrase);
    expect(isBip39Phrase(phrase)).toBe(true);
  });

  test.each([
    ['another last word', `${'abandon '.repeat(11)}above`],
    ['a word of no list', `${'abandon '.repeat(11)}keysift`],
    ['eleven words', 'abandon '.repeat(11).trim()],
    ['thirteen words', `${'abandon '.repeat(12)}about`],
    ['nothing', ''],
    ['too few, whose checksum fits', bip39Phrase(Buffer.alloc(4))],
    ['too many, whose checksum fits', bip39Phrase(Buffer.alloc(36))],
  ])('not %s', (_what, phrase) => {
    expect(isBip39Phrase(phrase)).toBe(false);
  });

  test('of every length; with another word only one in 16 or fewer is one by chance', () => {
    let changed = 0;
    const runs = 300;
    fc.assert(
      fc.property(fc.constantFrom(16, 20, 24, 28, 32), fc.infiniteStream(fc.nat({ max: 255 })), fc.nat({ max: 11 }), (size, bytes, place) => {
        const words = bip39Phrase(Uint8Array.from({ length: size }, () => bytes.next().value)).split(' ');
        expect(words).toHaveLength((size * 3) / 4);
        expect(isBip39Phrase(words.join(' '))).toBe(true);
        words[place] = words[place] === 'zoo' ? 'zone' : 'zoo';
        if (isBip39Phrase(words.join(' '))) changed++;
      }),
      { numRuns: runs, seed: 39 },
    );
    expect(changed).toBeLessThan(runs / 10);
  });
});
