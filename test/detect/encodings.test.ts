import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wholeView, wideViews, type View } from '../../src/detect/encodings.ts';
import { createPrefilter } from '../../src/kernel/prefilter.ts';
import { buildTables } from '../../src/kernel/tables.ts';
import type { Sighting } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plantOne } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());
const prefilter = createPrefilter(buildTables([]));

/** What is found, without what rules about files see: those are judged by path later. */
function inspect(bytes: Uint8Array): Sighting[] {
  return inspector.inspect(bytes).filter(({ rule }) => rule.matcher.kind !== 'file');
}

function utf16(text: string, order: 'le' | 'be', mark: boolean): Buffer {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

function utf32(text: string, order: 'le' | 'be'): Buffer {
  const points = Array.from(`\ufeff${text}`, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  for (const [index, point] of points.entries()) {
    if (order === 'le') bytes.writeUInt32LE(point, index * 4);
    else bytes.writeUInt32BE(point, index * 4);
  }
  return bytes;
}

/** What `bytes` hold from `start` to `end`, one character for every `width` bytes. */
function narrowed(bytes: Buffer, start: number, end: number, width: number, low: number): string {
  let text = '';
  for (let at = start; at < end; at += width) text += String.fromCharCode(bytes[at + low] ?? 0);
  return text;
}

const { text, secret } = plantOne('// a key of ours\r\nSTRIPE_SECRET_KEY=[|sk_live_51{{alnum:97}}|]\r\n', 'encodings');

const FORMS: readonly (readonly [name: string, bytes: Buffer, width: number, low: number])[] = [
  ['UTF-16 LE with a mark', utf16(text, 'le', true), 2, 0],
  ['UTF-16 BE with a mark', utf16(text, 'be', true), 2, 1],
  ['UTF-16 LE without', utf16(text, 'le', false), 2, 0],
  ['UTF-16 BE without', utf16(text, 'be', false), 2, 1],
  ['UTF-16 LE with a mark and other scripts', utf16(`ключ \u{1f511} ${text}`, 'le', true), 2, 0],
  ['UTF-16 BE with a mark and other scripts', utf16(`ключ \u{1f511} ${text}`, 'be', true), 2, 1],
  ['UTF-16 LE cut in the middle of a character', Buffer.concat([utf16(text, 'le', true), Buffer.from('x')]), 2, 0],
  ['UTF-32 LE', utf32(text, 'le'), 4, 0],
  ['UTF-32 BE', utf32(text, 'be'), 4, 3],
];

describe('a secret in another encoding', () => {
  test.each(FORMS)('%s: found at its bytes, on its line', (_name, bytes, width, low) => {
    const found = inspect(bytes);
    expect(found.map((sighting) => [sighting.rule.id, sighting.secret.reveal()])).toEqual([['stripe-secret-key-live', secret]]);
    const { span, range } = found[0] ?? { span: { start: 0, end: 0 }, range: undefined };
    expect(span.end - span.start).toBe(secret.length * width);
    expect(narrowed(bytes, span.start, span.end, width, low)).toBe(secret);
    expect(range).toMatchObject({ startLine: 2, startColumn: 19, endLine: 2, endColumn: 19 + secret.length });
  });

  test('as a wide string inside a binary, at an odd and at an even offset', () => {
    for (const before of [64, 65]) {
      const binary = Buffer.concat([
        Buffer.alloc(before, 7),
        Buffer.from([0, 0, 0]),
        utf16(`key=${secret}`, 'le', false),
        Buffer.from([0xff, 0, 0, 1, 2, 0xfe]),
      ]);
      const found = inspect(binary);
      expect(
        found.map((sighting) => sighting.secret.reveal()),
        `${before}`,
      ).toEqual([secret]);
      const { start, end } = found[0]?.span ?? { start: 0, end: 0 };
      expect(narrowed(binary, start, end, 2, 0)).toBe(secret);
    }
  });

  test('as a big-endian wide string inside a binary, and at its very end', () => {
    for (const after of [Buffer.from([0x4e, 0x2d, 0xff]), Buffer.alloc(0)]) {
      const binary = Buffer.concat([Buffer.alloc(64, 7), Buffer.from([0xff, 0xfe, 0xfd]), utf16(`=${secret}`, 'be', false), after]);
      const found = inspect(binary);
      expect(
        found.map((sighting) => sighting.secret.reveal()),
        `${after.length} bytes after`,
      ).toEqual([secret]);
      expect(found[0]?.span.end).toBeLessThanOrEqual(binary.length);
    }
  });

  test('two wide strings and a narrow one in one binary are three places', () => {
    const binary = Buffer.concat([
      Buffer.from(`\0\x01\x02${secret}\0\xff`, 'latin1'),
      utf16(`a=${secret}`, 'le', false),
      Buffer.from([0xff, 0xfe, 9, 9, 9]),
      utf16(`b=${secret}`, 'le', false),
      Buffer.from([3]),
    ]);
    const found = inspect(binary);
    expect(found.map(({ span }) => span.end - span.start)).toEqual([secret.length, 2 * secret.length, 2 * secret.length]);
  });
});

/** All that is looked at of a content. */
function viewsOf(bytes: Uint8Array): View[] {
  const whole = wholeView(bytes);
  return whole.bytes === bytes ? [whole, ...wideViews(bytes, prefilter.findWideText(bytes, 0), prefilter)] : [whole];
}

describe('views', () => {
  test('text without NUL is its own only view', () => {
    const bytes = Buffer.from('plain \u20ac');
    const views = viewsOf(bytes);
    expect(views).toHaveLength(1);
    expect(views[0]?.bytes).toBe(bytes);
    expect(views[0]?.raw(5)).toBe(5);
  });

  test('a wide string of eight characters or more is in a view, whatever stands around it', () => {
    const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));
    const wide = fc.array(fc.constantFrom(...'abcXYZ019=_ '), { minLength: 8, maxLength: 30 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(noise, wide, noise, (before, string, after) => {
        // Nothing that would make the string longer, or the whole content text of an encoding.
        const bytes = Buffer.concat([
          Buffer.alloc(64, 7),
          before,
          Buffer.from([0xff, 0xff]),
          Buffer.from(string, 'utf16le'),
          Buffer.from([0xff, 0xff, 0xff]),
          after,
        ]);
        const start = 64 + before.length + 2;
        const views = viewsOf(bytes).filter((view) => {
          const at = Buffer.from(view.bytes).indexOf(string);
          return at >= 0 && view.raw(at) === start && view.raw(at + 1) === start + 2;
        });
        expect(views).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  test('every view maps each of its characters back to the bytes that it came from', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc.array(fc.constantFrom(...'abcXYZ019=_'), { minLength: 5, maxLength: 30 }).map((characters) => Buffer.from(characters.join(''), 'utf16le')),
      fc.constant(Buffer.from([0, 0])),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        for (const view of viewsOf(bytes)) {
          for (let offset = 0; offset < view.bytes.length; offset++) {
            const unit = view.bytes[offset] ?? 0;
            const raw = view.raw(offset);
            const width = view.raw(offset + 1) - raw;
            const behind = [...bytes.subarray(raw, raw + width)];
            // A character of one byte stands among zeros; whatever does not fit into one is shown as a byte from 0x80 on.
            if (width === 1) expect(behind).toEqual([unit]);
            else if (unit < 0x80) expect(behind.filter((byte) => byte !== 0)).toEqual(unit === 0 ? [] : [unit]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('what is encoded in another line says nothing of a key, and is not looked at each time', () => {
  const key = `api_key = "sk_live_${plantOne('[|{{base62:24}}|]', 'apart').secret}"`;
  const lines = ['const stripe_secret_key = load(name_of_it);', key].map((line) => `x = "${Buffer.from(line).toString('base64')}"`);
  const bytes = Buffer.from(lines.join(`\n${'y = 1;\n'.repeat(9)}`));
  const told = (sightings: readonly Sighting[] = []): string[] => sightings.map(({ rule, evidence }) => `${rule.id} ${evidence.join('; ')}`);
  const whole = told(inspector.inspect(bytes));
  expect(whole).toEqual([expect.stringMatching(/^unattributed-secret-key-live .*inside base64$/)]);
  for (let time = 0; time < 3; time++) expect(told(inspector.inspectLines(bytes))).toEqual(whole);
});
