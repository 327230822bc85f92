import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sighting } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Windows } from '../../src/scan/collector.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { SOAK } from '../support/sample.ts';
import { plant } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());

/** Everything that a report would tell, as one line a sighting. */
function told(sighting: Sighting): string {
  const { rule, span, range, secret, name, evidence, confidence } = sighting;
  const place = `${range.startLine}:${range.startColumn}-${range.endLine}:${range.endColumn}`;
  return [span.start, span.end, rule.id, place, secret.reveal(), name, evidence.join('; '), confidence].join(' | ');
}

function throughWindows(bytes: Uint8Array, size: number, pieces: readonly number[]): Sighting[] {
  const found: Sighting[] = [];
  const windows = new Windows(inspector, {}, (sighting) => found.push(sighting), { size });
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const length = pieces[index % pieces.length] ?? 1;
    windows.push(bytes.subarray(at, at + length));
    at += length;
  }
  windows.end();
  return found;
}

const LINES = [
  'STRIPE_SECRET_KEY=[|sk_live_51{{alnum:97}}|]',
  'const t = "[|ghp_{{alnum:30}}{{checksum:github}}|]";',
  'ASSEMBLYAI_API_KEY=[|{{hex:32}}|]',
  'url = "postgres://app:[|{{alnum:20}}|]@db.prod.corp.io:5432/app"',
  "import stripe\n\n\nkey = '[|sk_live_{{alnum:24}}|]'",
  'nothing to see on this line: \u00e9\u4e2d \u{1f511}',
  '',
];

/** A text of `size` bytes or some more, with a secret every few kilobytes at places that `seed` says; or every so many times 7 bytes. */
function content(size: number, seed: number, apart = 400): Buffer {
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; length < size; index++) {
    const planted = plant(LINES[(index * 3 + seed) % LINES.length] ?? '', `windows ${seed} ${index}`).text;
    const filler = 'lorem ipsum \u00e9 '.repeat((index * 31 + seed) % apart) + (index % 3 === 0 ? '\n' : ' ');
    parts.push(filler, '\n', planted, '\n');
    length += Buffer.byteLength(filler) + Buffer.byteLength(planted) + 2;
  }
  return Buffer.from(parts.join(''));
}

/** The same where the pieces are read into the memory that is looked at. */
function throughRooms(bytes: Uint8Array, size: number, most: number): Sighting[] {
  const found: Sighting[] = [];
  const windows = new Windows(inspector, {}, (sighting) => found.push(sighting), { isAlone: true, size });
  for (let at = 0; at < bytes.length;) {
    const room = windows.room(most);
    const piece = bytes.subarray(at, at + room.length);
    room.set(piece);
    windows.push(room.subarray(0, piece.length));
    at += piece.length;
  }
  windows.end();
  return found;
}

describe('Windows', () => {
  test.each([
    [400_000, 16_384, 300_001],
    [400_000, 30_002, 4096],
    [900_000, 100_000, 1_000_000],
    [1_500_000, 262_144, 7777],
    [100_000, 1_000_000, 1000],
  ])('a content of %i bytes in windows of %i, in pieces of %i, is as if it were looked at whole', (size, window, piece) => {
    const bytes = content(size, size + window);
    const whole = inspector.inspect(bytes).map(told);
    expect(whole.length).toBeGreaterThan(10);
    expect(throughWindows(bytes, window, [piece]).map(told)).toEqual(whole);
    expect(throughRooms(bytes, window, piece).map(told)).toEqual(whole);
  });

  test('R4: random sizes and pieces, whatever the borders cut', () => {
    const bytes = content(240_000, 99, 3001);
    const whole = inspector.inspect(bytes).map(told);
    expect(whole.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(
        fc.integer({ min: 16_384, max: 130_000 }),
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 9 }),
        (window, pieces) => {
          expect(throughWindows(bytes, window & ~1, pieces).map(told)).toEqual(whole);
        },
      ),
      // S6: with the fixed ones of this file and of `edges.test.ts` 2,000 in each run.
      { numRuns: SOAK ? 2000 : 200 },
    );
  });

  test('a secret at every second offset around a border is told exactly once', () => {
    const { text, secrets } = plant('GITHUB_TOKEN=[|ghp_{{alnum:30}}{{checksum:github}}|]\n', 'border');
    const line = Buffer.from(text);
    const window = 4096;
    // The first window's middle ends after as many bytes as its buffer holds without what comes after it.
    for (const border of [64 * 1024 + window, 64 * 1024 + 2 * window]) {
      for (let shift = -line.length - 1; shift <= 1; shift += 2) {
        const bytes = Buffer.alloc(64 * 1024 + 128 * 1024 + 4 * window, '\n');
        line.copy(bytes, border + shift);
        const found = throughWindows(bytes, window, [bytes.length]).filter(({ rule }) => rule.matcher.kind !== 'file');
        expect(
          found.map(({ secret, span }) => [secret.reveal(), span.start]),
          `${border + shift}`,
        ).toEqual([[secrets[0], border + shift + 13]]);
      }
    }
  });

  test('UTF-16 with a byte order mark is told by its content, in all windows', () => {
    const text = `${'\u4e2d\u6587 '.repeat(60_000)}\n${plant(`${LINES[0]}\n`, 'wide').text}${'\u4e2d\u6587 '.repeat(60_000)}\n${plant(`x ${LINES[1]}`, 'wide').text}`;
    for (const bytes of [Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from(`\ufeff${text}`, 'utf16le').swap16()]) {
      const whole = inspector.inspect(bytes).map(told);
      expect(whole.filter((line) => !line.includes('| env'))).toHaveLength(2);
      expect(throughWindows(bytes, 65_536, [10_001]).map(told)).toEqual(whole);
    }
  });

  test('a line of wide characters that goes on over windows has its columns, and no line end that is half of a character', () => {
    const token = plant(' [|ghp_{{alnum:30}}{{checksum:github}}|] ', 'wide line').text;
    const text = `${'\u010a\u4e2d '.repeat(50_000)}${token}${'\u010a\u4e2d '.repeat(50_000)}${token}`;
    for (const bytes of [Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from(`\ufeff${text}`, 'utf16le').swap16()]) {
      const whole = inspector.inspect(bytes).map(told);
      expect(whole).toHaveLength(2);
      expect(throughWindows(bytes, 65_536, [100_001]).map(told)).toEqual(whole);
    }
  });

  test('what a value needs before its start is there at each border', () => {
    const bytes = Buffer.alloc(300_000, '\n');
    const window = 32_768;
    for (let border = window; border < 200_000; border += window) {
      const { text, secrets } = plant('ASSEMBLYAI_API_KEY=[|{{hex:32}}|]', `border ${border}`);
      bytes.write(text, border - text.indexOf(secrets[0] ?? ''));
    }
    const whole = inspector.inspect(bytes);
    expect(new Set(whole.map(({ secret }) => secret.reveal())).size).toBe(6);
    expect(throughWindows(bytes, window, [bytes.length]).map(told)).toEqual(whole.map(told));
  });

  test('nothing in, nothing out', () => {
    expect(throughWindows(Buffer.alloc(0), 4096, [1])).toEqual([]);
  });
});
