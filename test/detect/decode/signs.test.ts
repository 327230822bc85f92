import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OTHER, readEntity, readEscape, readPercent, type SignReader } from '../../../src/detect/decode/signs.ts';

const NAMES: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>', sol: '/', lowbar: '_', dash: '-', plus: '+' };
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const fromHex = (digits: string): number => Number.parseInt(digits, 16);

/** The same as expressions, which say what is meant and are slow. */
const SIGNS: readonly {
  readonly read: SignReader;
  readonly lead: string;
  readonly pattern: RegExp;
  readonly byte: (match: RegExpExecArray) => number;
}[] = [
  { read: readPercent, lead: '%', pattern: /%([0-9A-Fa-f]{2})/g, byte: ([, hex = '']) => fromHex(hex) },
  {
    read: readEscape,
    lead: '\\',
    pattern: /\\(?:u00([0-9A-Fa-f]{2})|x([0-9A-Fa-f]{2})|([nrt"'`/\\]))/g,
    byte: ([, unit, hex, sign = '']) => ((unit ?? hex) === undefined ? (CONTROLS[sign] ?? sign).charCodeAt(0) : fromHex(unit ?? hex ?? '')),
  },
  {
    read: readEntity,
    lead: '&',
    pattern: /&(?:#(\d{1,5})|#[xX]([0-9A-Fa-f]{1,4})|([a-z]{2,6}));/g,
    byte([whole, decimal, hex, name = '']) {
      const code = decimal === undefined ? (hex === undefined ? (NAMES[name] ?? whole).charCodeAt(0) : fromHex(hex)) : Number(decimal);
      return code < 0x80 ? code : OTHER;
    },
  },
];

const STARTS = ['%', '%4', '\\', '\\x', '\\u', '\\u00', '&', '&#', '&#x'];
const REST = ['', '4', '41', '1f', 'fF', '0041', '65', '12345', 'X41', 'n', '"', '/', ...Object.keys(NAMES), 'abcdef', 'abcdefg'];
const TEXT = fc
  .array(fc.tuple(fc.constantFrom(...STARTS), fc.constantFrom(...REST), fc.constantFrom('', ';', ';', ' ')), { maxLength: 12, size: 'max' })
  .map((parts) => parts.flat().join(''));

test.each(SIGNS)('what is written with $lead is read as the expression reads it, up to an end', ({ read, lead, pattern, byte }) => {
  let signs = 0;
  fc.assert(
    fc.property(TEXT, fc.nat({ max: 8 }), (text, cut) => {
      const end = Math.max(0, text.length - cut);
      const bytes = Buffer.from(text, 'latin1');
      const found: number[][] = [];
      for (let at = 0; at < end;) {
        const sign = text[at] === lead ? read(bytes, at, end) : 0;
        if (sign !== 0) found.push([at, sign >> 8, sign & 0xff]);
        at += Math.max(1, sign >> 8);
      }
      signs += found.length;
      const expected = [...text.slice(0, end).matchAll(pattern)].map((match) => [match.index, match[0].length, byte(match)]);
      expect(found).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
  expect(signs).toBeGreaterThan(100);
});
