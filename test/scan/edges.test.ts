/** Secrets where something ends: a window, a piece, a file, a line, an encoding; and very many of them. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Sighting } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Windows } from '../../src/scan/collector.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { isToday } from '../support/sample.ts';
import { githubToken, plantOne, stripeKey } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());

/** What `Windows` keeps before and after a window's middle. */
const BEFORE = 64 * 1024;
const AFTER = 128 * 1024;
const WINDOW = 8192;

const SOAK = process.env['KEYSIFT_SOAK'] === '1';
/** One in so many cuts, others each day. */
const ONE_IN = 6;

/** Rules about a whole file stand beside the others. */
function keys(sightings: readonly Sighting[]): Sighting[] {
  return sightings.filter(({ rule }) => rule.matcher.kind !== 'file');
}

/** A sighting as `start-end line:column-line:column secret`. */
function told({ span, range, secret }: Sighting): string {
  return `${span.start}-${span.end} ${range.startLine}:${range.startColumn}-${range.endLine}:${range.endColumn} ${secret.reveal()}`;
}

function throughWindows(bytes: Uint8Array, piece: number, size = WINDOW): Sighting[] {
  const found: Sighting[] = [];
  const windows = new Windows(inspector, {}, (sighting) => found.push(sighting), { size });
  for (let at = 0; at < bytes.length; at += piece) windows.push(bytes.subarray(at, at + piece));
  windows.end();
  return found;
}

/** `text` at a byte offset between ordinary lines, and where `secret` must be told. */
function contentWith(text: string, secret: string, at: number, length: number): { bytes: Buffer; expected: string } {
  const bytes = Buffer.alloc(length, 'ordinary words, line after line\n');
  bytes.write(text, at, 'latin1');
  const start = at + text.indexOf(secret);
  return { bytes, expected: `${start}-${start + secret.length} ${place(bytes, start)}-${place(bytes, start + secret.length)} ${secret}` };
}

/** Line and column the plain way. */
function place(bytes: Buffer, offset: number): string {
  const before = bytes.toString('utf8', 0, offset).split('\n');
  return `${before.length}:${[...(before.at(-1) ?? '')].length + 1}`;
}

interface Sample {
  readonly what: string;
  readonly text: string;
  readonly secret: string;
}

function samples(): Sample[] {
  const token = githubToken('edge');
  const stripe = stripeKey('edge');
  const context = plantOne("import assemblyai\n\nclient.configure(\n  api_key='[|{{hex:32}}|]'\n)\n", 'edge');
  const contextBelow = plantOne("api_key = '[|{{hex:32}}|]'\nclient = assemblyai.Client(api_key)\n", 'edge');
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd();
  return [
    { what: 'a token', text: `\ntoken = "${token}"\n`, secret: token },
    { what: 'a token without anything around it', text: ` ${token} `, secret: token },
    { what: 'a long token', text: `\nSTRIPE_SECRET_KEY=${stripe}\n`, secret: stripe },
    { what: 'a value below its provider', text: `\n${context.text}`, secret: context.secret },
    { what: 'a value above its provider', text: `\n${contextBelow.text}`, secret: contextBelow.secret },
    { what: 'a private key', text: `\n${pem}\n`, secret: pem },
  ];
}

describe('a border of windows', () => {
  // Absolute offsets: where the middle of the second and third window begins, where the second one begins and ends.
  const borders = { middle: BEFORE + WINDOW, 'second middle': BEFORE + 2 * WINDOW, start: WINDOW, end: BEFORE + WINDOW + AFTER };
  const length = BEFORE + AFTER + 3 * WINDOW + 100;

  describe.each(samples())('$what', ({ text, secret }) => {
    test.each(Object.entries(borders))('is told once, wherever the %s of a window cuts it', (_, border) => {
      for (let shift = -(text.length + 2); shift <= 2; shift++) {
        if (!isToday(border + shift, ONE_IN)) continue;
        const { bytes, expected } = contentWith(text, secret, border + shift, length);
        expect(keys(throughWindows(bytes, 65_536)).map(told), `at ${border + shift}`).toEqual([expected]);
      }
    });

    test.each([1, 7, 4096, 8191, length])('is told once, in pieces of %i bytes', (piece) => {
      for (let shift = -(text.length + 2); shift <= 2; shift += piece === 1 ? 37 : 11) {
        const { bytes, expected } = contentWith(text, secret, borders.middle + shift, length);
        expect(keys(throughWindows(bytes, piece)).map(told), `at ${borders.middle + shift}`).toEqual([expected]);
      }
    });
  });

  test('a larger private key is told once', () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().trimEnd();
    for (const border of Object.values(borders)) {
      for (let shift = -(pem.length + 2); shift <= 2; shift++) {
        if (!isToday(border + shift, 10 * ONE_IN)) continue;
        const { bytes, expected } = contentWith(`\n${pem}\n`, pem, border + shift, length);
        expect(keys(throughWindows(bytes, 65_536)).map(told), `at ${border + shift}`).toEqual([expected]);
      }
    }
  });

  test('two secrets on either side of it are both told', () => {
    const [first, second] = [githubToken('left'), githubToken('right')];
    for (let shift = -3; shift <= 3; shift++) {
      const { bytes } = contentWith(`\n${first} ${second}\n`, first, borders.middle - first.length - 1 + shift, length);
      expect(throughWindows(bytes, 65_536).map(({ secret }) => secret.reveal())).toEqual([first, second]);
    }
  });

  test('the content may end anywhere around it', () => {
    const token = githubToken('last');
    for (const border of [...Object.values(borders), BEFORE + AFTER + 2 * WINDOW]) {
      for (let shift = -2; shift <= token.length + 2; shift++) {
        const { bytes, expected } = contentWith(` ${token}`, token, border + shift - token.length - 1, border + shift);
        expect(throughWindows(bytes, 65_536).map(told), `${border + shift} bytes`).toEqual([expected]);
      }
    }
  });
});

describe('the ends of a file', () => {
  const token = githubToken('ends');

  test.each([
    ['all there is', token],
    ['first', `${token}\n${'words\n'.repeat(3000)}`],
    ['last', `${'words\n'.repeat(3000)}${token}`],
    ['last, after a line feed more', `${'words\n'.repeat(3000)}${token}\n`],
  ])('a secret that is %s', async (_, text) => {
    const start = text.indexOf(token);
    const bytes = Buffer.from(text);
    const expected = `${start}-${start + token.length} ${place(bytes, start)}-${place(bytes, start + token.length)} ${token}`;
    expect(inspector.inspect(bytes).map(told)).toEqual([expected]);
    expect(throughWindows(bytes, 1000).map(told)).toEqual([expected]);
    const folder = folderWith({ 'a.txt': bytes });
    const [line, column] = place(bytes, start).split(':').map(Number);
    const { report } = await keysiftJson([folder]);
    expect(report.findings.map(({ locations }) => locations)).toMatchObject([[{ file: 'a.txt', startLine: line, startColumn: column }]]);
  });

  test('a secret that lacks its last byte is none, in a file and behind a larger one', async () => {
    const folder = folderWith({ 'a.txt': `${'x\n'.repeat(2000)}${token}`, 'b.txt': token.slice(0, -1), 'c.txt': '' });
    const { report } = await keysiftJson([folder]);
    expect(report.findings.flatMap(({ locations }) => locations.map(({ file }) => file))).toEqual(['a.txt']);
  });
});

describe('line ends', () => {
  const text = `# settings\n\nSTRIPE_SECRET_KEY=${stripeKey('lines')}\nl = '\u00e9\u{1f511}'; token = "${githubToken('lines')}"\n`;

  test('CRLF and LF give the same lines and columns', () => {
    const ranges = (content: string): unknown[] =>
      inspector.inspect(Buffer.from(content)).map(({ rule, range, secret }) => [rule.id, range, secret.reveal()]);
    expect(ranges(text)).toHaveLength(3);
    expect(ranges(text.replaceAll('\n', '\r\n'))).toEqual(ranges(text));
  });

  test('a private key with CRLF is one key, to its last line', () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString().trimEnd();
    const content = `key:\n${pem}\n`;
    for (const bytes of [Buffer.from(content), Buffer.from(content.replaceAll('\n', '\r\n'))]) {
      expect(inspector.inspect(bytes).map(({ range }) => range)).toEqual([
        { startLine: 2, startColumn: 1, endLine: 1 + pem.split('\n').length, endColumn: (pem.split('\n').at(-1) ?? '').length + 1 },
      ]);
    }
  });

  test('CR alone ends no line, as in git, and hides nothing', () => {
    const content = text.replaceAll('\n', '\r');
    const found = keys(inspector.inspect(Buffer.from(content)));
    expect(found.map(({ secret }) => secret.reveal())).toEqual([stripeKey('lines'), githubToken('lines')]);
    for (const { range, secret } of found) {
      const column = Array.from(content.slice(0, content.indexOf(secret.reveal()))).length + 1;
      expect(range).toEqual({ startLine: 1, startColumn: column, endLine: 1, endColumn: column + secret.reveal().length });
    }
  });
});

describe('very many', () => {
  const start = stripeKey('many').slice(0, 40);
  const rest = stripeKey('many').slice(45);
  const secretAt = (index: number): string => `${start}${index.toString(36).padStart(5, '0')}${rest}`;

  /** What is found, and the microseconds that it took. */
  function look(bytes: Buffer): { found: Sighting[]; cpu: number } {
    const before = process.cpuUsage();
    const found = inspector.inspect(bytes);
    const { user, system } = process.cpuUsage(before);
    return { found: keys(found), cpu: user + system };
  }

  test.each([
    [SOAK ? 100_000 : 6000, 'on lines of their own', 'const k = "', '";\n'],
    [SOAK ? 100_000 : 6000, 'on one line', 'k="', '", '],
    [SOAK ? 100_000 : 6000, 'in an env file', 'STRIPE_SECRET_KEY=', '\n'],
  ])(
    '%i secrets %s are all found where they are, in linear time',
    (many, _, before, after) => {
      const content = (count: number): Buffer => Buffer.from(Array.from({ length: count }, (__, index) => before + secretAt(index) + after).join(''));
      // First with few, so that what is not linear fails soon.
      const few = look(content(many / 40)).cpu;
      const fifth = look(content(many / 5)).cpu;
      expect(fifth / few).toBeLessThan(20);
      const { found, cpu } = look(content(many));
      expect(cpu / fifth).toBeLessThan(8);
      expect(found).toHaveLength(many);
      const width = before.length + secretAt(0).length + after.length;
      const oneLine = !after.includes('\n');
      const wrong = found.findIndex(({ secret, span, range }, index) => {
        const [line, column] = oneLine ? [1, index * width + before.length + 1] : [index + 1, before.length + 1];
        return (
          secret.reveal() !== secretAt(index) ||
          span.start !== index * width + before.length ||
          range.startLine !== line ||
          range.startColumn !== column
        );
      });
      expect(wrong, 'index of the first one that is told wrongly').toBe(-1);
    },
    600_000,
  );

  test('1,000 secrets on a line of 20 MiB have the right columns', async () => {
    const step = Math.floor((20 * 1024 * 1024) / 1000);
    const bytes = Buffer.alloc(20 * 1024 * 1024, ' ');
    for (let index = 0; index < 1000; index++) bytes.write(` "\u00e9" ${secretAt(index)} `, index * step);
    const folder = folderWith({ 'line.txt': bytes });
    const { report } = await keysiftJson([folder, '--show-secrets']);
    const places = report.findings.flatMap(({ secret, locations }) =>
      locations.map(({ startLine, startColumn, endColumn }) => [secret, startLine, startColumn, endColumn]),
    );
    // Each secret has as many two-byte characters before it as there are secrets before it, and its own.
    const expected = Array.from({ length: 1000 }, (_, index) => {
      const column = index * step + 6 - index;
      return [secretAt(index), 1, column, column + secretAt(0).length];
    });
    expect(places.toSorted((a, b) => Number(a[2]) - Number(b[2]))).toEqual(expected);
  });
});

describe('UTF-16', () => {
  const token = githubToken('wide');
  const filler = 'ordinary words, line after line\n';
  const encodings = [
    ['little-endian with a mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['big-endian with a mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['little-endian without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['big-endian without a mark', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ] as const;
  const mark = (bytes: Buffer): number => (/^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(bytes.toString('latin1', 0, 2)) ? 2 : 0);

  describe.each(encodings)('%s', (_, encode) => {
    test('a secret has the line and column that it has in UTF-8, and a span of raw bytes', () => {
      for (const text of [`${filler}x = "${token}"\r\n${filler}`, `${token}\n${filler}`, `${filler}${token}`]) {
        const bytes = encode(text);
        const start = mark(bytes) + 2 * text.indexOf(token);
        const range = inspector.inspect(Buffer.from(text))[0]?.range;
        expect(inspector.inspect(bytes).map(({ span, range: own, secret }) => [span, own, secret.reveal()])).toEqual([
          [{ start, end: start + 2 * token.length }, range, token],
        ]);
      }
    });

    test('characters beyond ASCII count as one each in columns, as in UTF-8', () => {
      const text = `${filler.repeat(20)}const cl\u00e9 = "\u4e2d\u{1f511}", x = "${token}";\n${filler.repeat(20)}`;
      const range = inspector.inspect(Buffer.from(text))[0]?.range;
      expect(range).toBeDefined();
      expect(inspector.inspect(encode(text)).map((sighting) => sighting.range)).toEqual([range]);
    });

    test('a secret has the same place in windows, wherever they cut it', () => {
      const size = BEFORE + WINDOW;
      for (const lines of [true, false]) {
        for (let shift = -(token.length + 2); shift <= 2; shift++) {
          const at = size / 2 + shift;
          if (!isToday(at, 3 * ONE_IN)) continue;
          const words = (lines ? filler : filler.replaceAll('\n', ' ')).repeat(8000);
          const text = `${words.slice(0, at)} ${token} ${words.slice(at, at + 100_000)}`;
          const bytes = encode(text);
          const start = mark(bytes) + 2 * (at + 1);
          const place8 = place(Buffer.from(text), at + 1);
          const expected = [`${start}-${start + 2 * token.length}`, place8, token];
          const found = throughWindows(bytes, 30_001).map(({ span, range, secret }) => [
            `${span.start}-${span.end}`,
            `${range.startLine}:${range.startColumn}`,
            secret.reveal(),
          ]);
          expect(found, `${lines ? 'lines' : 'one line'}, at ${at}`).toEqual([expected]);
        }
      }
    });
  });

  test('a string of two-byte characters in a binary file is told once, far into it too', async () => {
    // Long enough that its decoded form does not fit beside it without more memory.
    const head = Buffer.from(Uint8Array.from({ length: 8192 }, (_, index) => (index === 5 ? 0 : index % 10 === 9 ? 10 : ((index * 7) % 240) + 11)));
    const wide = Buffer.from(`${filler.repeat(45_000)}token = "${token}"\n${filler.repeat(45_000)}`, 'utf16le');
    const bytes = Buffer.concat([head, wide]);
    const start = bytes.indexOf(Buffer.from(token, 'utf16le'));
    const line = bytes.subarray(0, start).filter((byte) => byte === 10).length + 1;
    for (const given of [bytes, Buffer.from(bytes)]) {
      expect(keys(inspector.inspect(given)).map(({ span, range }) => [span.start, range.startLine])).toEqual([[start, line]]);
    }
    const { report } = await keysiftJson([folderWith({ 'a.bin': bytes })]);
    expect(report.findings.map(({ locations }) => locations[0]?.startLine)).toEqual([line]);
  });
});
