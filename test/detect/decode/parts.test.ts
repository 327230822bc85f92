/** What is encoded in a content, at the places where marks stand: as it reads, and where each byte of it comes from. */
import { describe, expect, test } from 'vitest';
import { DecodedText, type Segment } from '../../../src/detect/decode/decoded-text.ts';
import { runEnd, segmentsOf, type MarkPlace } from '../../../src/detect/decode/encoded.ts';
import { manifestValues } from '../../../src/detect/decode/manifest.ts';
import type { MarkKind } from '../../../src/detect/decode/marks.ts';
import { notebookCells } from '../../../src/detect/decode/notebook.ts';
import { Pieces } from '../../../src/detect/decode/pieces.ts';
import { builtinRules } from '../../../src/rules/builtin.ts';
import { Inspector } from '../../../src/scan/inspector.ts';
import { plantOne } from '../../support/secrets.ts';

const GAP = `${'\n'.repeat(21)}\0\n`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A content, with marks where `literal` stands. */
function marked(content: string, means: MarkKind, literal: string | RegExp): { bytes: Buffer; segments: Segment[] } {
  const bytes = Buffer.from(content, 'latin1');
  const all = typeof literal === 'string' ? new RegExp(literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi') : literal;
  const places: MarkPlace[] = [...content.matchAll(all)].map(({ index, 0: found }) => ({ means, start: index, end: index + found.length }));
  return { bytes, segments: segmentsOf(bytes, places.toReversed()) };
}

/** How each segment reads. */
function read(bytes: Buffer, segments: readonly Segment[]): string[] {
  const text = new DecodedText(bytes, segments).bytes.toString('latin1');
  return text === '' ? [] : text.slice(0, -GAP.length).split(GAP);
}

const reads = (content: string, means: MarkKind, literal: string | RegExp): string[] => {
  const { bytes, segments } = marked(content, means, literal);
  return read(bytes, segments);
};
const trusted = (content: string, means: MarkKind, literal: string | RegExp): boolean[] =>
  marked(content, means, literal).segments.map(({ isTrusted }) => isTrusted);

describe('runs', () => {
  const TEXT = 'a text that is longer than others';

  test('of base64 and hex digits are read with their line, padded or not', () => {
    expect(reads(`before\nx = "${base64(TEXT)}" # y\nafter`, 'run', base64(TEXT))).toEqual([`x = "${TEXT}" # y`]);
    expect(reads(`x = ${base64(`${TEXT}.`)};`, 'run', base64(`${TEXT}.`).replaceAll('=', ''))).toEqual([`x = ${TEXT}.;`]);
    const hex = Buffer.from(TEXT).toString('hex');
    expect(reads(`x = ${hex}\n`, 'run', hex)).toEqual([`x = ${TEXT}`]);
    expect(reads(`x = ${hex}f\n`, 'run', hex)).toEqual([`x = ${TEXT}f`]);
    expect(marked(`x = ${hex}`, 'run', hex).segments[0]?.label).toBe('hex digits');
    expect(marked(`x = ${base64(TEXT)}`, 'run', base64(TEXT)).segments[0]?.label).toBe('base64');
    // Digits whose bytes are of no text are base64.
    expect(marked('x = 00112233445566778899aabbccddeeff00112233', 'run', '0011223344').segments[0]?.label).toBe('base64');
  });

  test('of one line are read once', () => {
    const [one, two] = [base64(TEXT), base64(TEXT.toUpperCase())];
    expect(reads(`${one} and ${two}\n# ${one}`, 'run', new RegExp(`${one}|${two}`, 'g'))).toEqual([`${TEXT} and ${TEXT.toUpperCase()}`, `# ${TEXT}`]);
    expect(reads(one, 'run', new RegExp(`${one.slice(0, 20)}|${one.slice(20)}`, 'g'))).toEqual([TEXT]);
  });

  test.each([
    ['\n', ''],
    ['\r\n', '  '],
    ['\n', '\t'],
    ['\\n', ''],
    ['\\r\\n', ''],
  ])('go on in the next line: %j and %j', (end, indent) => {
    const long = `${'a line of text '.repeat(8)}and its end.`;
    const lines = base64(long).match(/.{1,64}/g) ?? [];
    expect(reads(`key: "${lines.join(end + indent)}"`, 'run', lines[0] ?? '')).toEqual([`key: "${long}"`]);
  });

  test('but not where another word stands, or the line was short', () => {
    const lines = base64(`${'a line of text '.repeat(8)}and its end.`).match(/.{1,64}/g) ?? [];
    const first = lines[0] ?? '';
    const text = Buffer.from(first, 'base64').toString();
    expect(reads(`${first}\nword: x`, 'run', first)).toEqual([text]);
    expect(reads(`${first}\n\n${lines[1]}`, 'run', first)).toEqual([text]);
    expect(reads(`${first}\n${' '.repeat(41)}${lines[1]}`, 'run', first)).toEqual([text]);
    expect(reads(`${first}\n${lines[1]}${lines[1]}`, 'run', first)).toEqual([text]);
    expect(reads(`${first.slice(0, 36)}\n${lines[1]?.slice(0, 36)}`, 'run', first.slice(0, 36))).toEqual([text.slice(0, 27)]);
    expect(reads(`${first.slice(0, 62)}\n${lines[1]?.slice(0, 62)}`, 'run', first.slice(0, 62))).toEqual([text.slice(0, 46)]);
    expect(reads(`${first}\\t${lines[1]}`, 'run', first)).toEqual([`${text}\\t${lines[1]}`]);
  });

  test('are believed where they stand alone, and are short', () => {
    const run = base64(TEXT);
    expect([trusted(`x ${run} y`, 'run', run), trusted(`a.${run}`, 'run', run), trusted(`${run}.b`, 'run', run)]).toEqual([[true], [false], [false]]);
    const long = (size: number): string => base64('text '.repeat(2000).slice(0, size));
    expect([trusted(long(8190), 'run', long(8190)), trusted(long(8193), 'run', long(8193))]).toEqual([[true], [false]]);
  });

  test('are read with so much of a long line, and no more', () => {
    const run = base64(TEXT);
    expect(reads(`${'x'.repeat(255)} ${run} ${'y'.repeat(127)}`, 'run', run)).toEqual([`${'x'.repeat(255)} ${TEXT} ${'y'.repeat(127)}`]);
    expect(reads(`${'x'.repeat(300)} ${run} ${'y'.repeat(300)}`, 'run', run)).toEqual([`${'x'.repeat(255)} ${TEXT} ${'y'.repeat(127)}`]);
  });

  test('end where another sign stands', () => {
    expect([runEnd(Buffer.from('a+/_-9Z=b'), 0), runEnd(Buffer.from('ab'), 1), runEnd(Buffer.from('.a'), 0)]).toEqual([7, 2, 0]);
  });
});

describe('logins, commands and manifests', () => {
  const user = ['app', 'pass-word'].join(':');
  const login = base64(user);

  test.each([
    [`Authorization: Basic ${login}`, 'Basic ', `Authorization: Basic ${user}`],
    [`{"auth": "${login}"}`, '"auth"', `{"auth": "${user}"}`],
    [`_auth = '${login}'`, '_auth', `_auth = '${user}'`],
    [`//x/:_password=${base64('secret word')}`, ':_password', '//x/:_password=secret word'],
  ])('%s', (content, literal, text) => {
    expect(reads(content, 'login', literal)).toEqual([text]);
    expect(marked(content, 'login', literal).segments).toMatchObject([{ label: 'base64 of a login', isTrusted: true }]);
  });

  test.each([
    [`_auth=${base64('no user')}`, '_auth'],
    [`Basic ${Buffer.from([1, 2, 3, 0x3a, 5, 6]).toString('base64')}`, 'Basic '],
    [':_password=YQ==', ':_password'],
    [`_auth ; ${login}`, '_auth'],
  ])('%s holds none', (content, literal) => {
    expect(reads(content, 'login', literal)).toEqual([]);
  });

  test('a command of PowerShell is UTF-16', () => {
    const command = Buffer.from('$a = "é"'.replace('é', 'e'), 'utf16le').toString('base64');
    expect(reads(`pwsh -enc ${command} x`, 'command', '-enc ')).toEqual(['pwsh -enc $a = "e" x']);
    expect(marked(`-enc ${command}`, 'command', '-enc ').segments).toMatchObject([{ label: 'base64 of UTF-16', isTrusted: true }]);
    for (const other of [
      base64('plain text'),
      Buffer.from('é\u0101', 'utf16le').toString('base64'),
      Buffer.from('\u0161', 'utf16le').toString('base64'),
    ])
      expect(reads(`-enc ${other}`, 'command', '-enc ')).toEqual([]);
  });

  const secret = (more: string): string => `kind: Secret\n${more}`;
  const [one, two] = [base64('first value'), base64('second one')];

  test('values of a Secret, in YAML and JSON, are read with their lines', () => {
    expect(reads(secret(`data:\n  a: ${one}\n  b: "${two}"\nother: ${one}\n`), 'manifest', 'kind: Secret')).toEqual([
      '  a: first value',
      '  b: "second one"',
    ]);
    expect(reads(`{"kind": "Secret", "data": {"a": "${one}"}, "b": "${two}"}`, 'manifest', '"kind": "Secret"')).toEqual([
      `{"kind": "Secret", "data": {"a": "first value"}, "b": "${two}"}`,
    ]);
    expect(marked(secret(`data:\n  a: ${one}`), 'manifest', 'kind: Secret').segments).toMatchObject([
      { label: 'base64 of a Kubernetes Secret', isTrusted: true },
    ]);
  });

  test('of the one document that says so', () => {
    const content = `data:\n  a: ${one}\n---\nkind: Secret\ndata:\n  b: ${two}\n---\ndata:\n  c: ${one}\n`;
    expect(reads(content, 'manifest', 'kind: Secret')).toEqual(['  b: second one']);
    expect(reads(`kind: SecretStore\ndata:\n  a: ${one}\n`, 'manifest', 'kind: Secret')).toEqual([]);
    expect(reads(`metadata:\n  data:\n    a: ${one}\n  b: ${two}\nkind: Secret\n`, 'manifest', 'kind: Secret')).toEqual(['    a: first value']);
    expect(reads(`data:\n  data:\n    a: ${one}\nkind: Secret`, 'manifest', 'kind: Secret')).toEqual(['    a: first value']);
    expect(reads(`kind: Secret\nkind: Secret\ndata:\n  a: ${one}\n`, 'manifest', 'kind: Secret')).toEqual(['  a: first value']);
  });

  test('a document ends where the next one begins, and is read so far', () => {
    const bytes = Buffer.from(`---\nkind: Secret\n---\n`);
    expect(manifestValues(bytes, { start: 4, end: 16 })).toEqual({ values: [], end: 16 });
    const far = Buffer.from(`kind: Secret\n${'#\n'.repeat(40_000)}data:\n  a: ${one}\n`);
    expect(manifestValues(far, { start: 0, end: 12 })).toEqual({ values: [], end: 12 + 65_536 });
    const near = Buffer.from(`${'#\n'.repeat(40_000)}data:\n  a: ${one}\n${'#\n'.repeat(1000)}kind: Secret`);
    const start = near.length - 12;
    expect(manifestValues(near, { start, end: near.length })).toEqual({
      values: [{ start: 80_011, end: 80_011 + one.replaceAll('=', '').length }],
      end: near.length,
    });
  });
});

describe('signs', () => {
  const WORD = 'and-a-word-that-is-long';

  test.each([
    ['percent', '%2', `x=a%2Fb%2fc&y=${WORD}`, `x=a/b/c&y=${WORD}`],
    ['backslash', '\\x4', `"\\x41\\x42${WORD}"`, `"AB${WORD}"`],
    ['backslash', '\\/', `"https:\\/\\/${WORD}"`, `"https://${WORD}"`],
    ['entity', '&quot;', `&quot;a&#61;b&quot; ${WORD}`, `"a=b" ${WORD}`],
  ] as const)('%s', (means, literal, content, text) => {
    expect(reads(`first\n${content}\nlast`, means, literal)).toEqual([text]);
  });

  test('are read by the line, those that are near together', () => {
    const line = `%2F${WORD}`;
    expect(reads(`${line}\n${line}`, 'percent', '%2F')).toEqual([`/${WORD}`, `/${WORD}`]);
    expect(reads(`${line}${'.'.repeat(400)}%2F`, 'percent', '%2F')).toEqual([`/${WORD}${'.'.repeat(400)}/`]);
    expect(reads(`${line}${'.'.repeat(700)}%2F${WORD}`, 'percent', '%2F')).toHaveLength(2);
    expect(reads(`${'x'.repeat(300)}${line}${'y'.repeat(600)}`, 'percent', '%2F')).toEqual([
      `${'x'.repeat(256)}/${WORD}${'y'.repeat(512 - WORD.length)}`,
    ]);
  });

  test('tell nothing where no word is long, or most are of no text', () => {
    expect(reads('%2Fshort words', 'percent', '%2F')).toEqual([]);
    expect(reads(`%2F${'x'.repeat(10)}`, 'percent', '%2F')).toEqual([]);
    expect(reads(`%2F${'x'.repeat(13)}`, 'percent', '%2F')).toEqual([`/${'x'.repeat(13)}`]);
    const odd = (count: number): string[] => reads(`%2F${WORD}${'%01'.repeat(count)}`, 'percent', '%2F');
    expect([odd(64).length, odd(65).length]).toEqual([1, 0]);
  });
});

describe('a notebook', () => {
  const json = JSON.stringify({
    cells: [
      { cell_type: 'code', source: ['a = "1"\n', 'b\t\\'], outputs: [{ text: 'out\u00e9', data: { 'image/png': 'xyz', 'text/plain': ['p', 'q'] } }] },
      { cell_type: 'markdown', id: 'source', source: 'title' },
    ],
    source: 'none',
  });
  const cells = (text: string): string[] => {
    const bytes = Buffer.from(text, 'latin1');
    return notebookCells(bytes).map((one) => `${one.label}: ${read(bytes, [one])[0]}`);
  };

  test('is read cell by cell, strings of a list as one text', () => {
    expect(cells(json)).toEqual([
      'cell 1 of the notebook: a = "1"\nb\t\\',
      'cell 1 of the notebook: out\u00e9',
      'cell 1 of the notebook: pq',
      'cell 2 of the notebook: title',
    ]);
    expect(notebookCells(Buffer.from(json))[0]).toMatchObject({ isTrusted: true, isReadBetter: true, start: json.indexOf('a = ') });
  });

  test.each(['source', 'input', 'text', 'text/plain', 'text/html', 'text/markdown', 'application/json', 'traceback', 'evalue'])(
    'has text under %s',
    (key) => {
      expect(cells(JSON.stringify({ cells: [{ [key]: 'x' }] }))).toEqual(['cell 1 of the notebook: x']);
    },
  );

  test('what is escaped has its place, and so has what is not', () => {
    const text = String.raw`{"cells": [{"source": "ab\r\t\b\f\u007f\u0080c"}]}`;
    const bytes = Buffer.from(text);
    const segments = notebookCells(bytes);
    const decoded = new DecodedText(bytes, segments);
    expect(decoded.bytes.toString('latin1').slice(0, 7)).toBe('ab\r\t\b\f\u007f');
    const from = (start: number, end: number): string => {
      const span = decoded.source({ start, end });
      return text.slice(span.start, span.end);
    };
    expect([from(0, 2), from(2, 3), from(6, 7), from(7, 8), from(8, 9)]).toEqual(['ab', String.raw`\r`, String.raw`\u007f`, String.raw`\u0080`, 'c']);
    expect(segments.map(({ pieces }) => pieces.count)).toEqual([8]);
  });

  test.each([
    ['{"cells": [{"source": "\\u0041\\u00e9\\n\\q"}]}', ['cell 1 of the notebook: A\u00ff\nq']],
    ['{"cells" : [{"source" :"x"}, {"source":["y"', ['cell 1 of the notebook: x', 'cell 2 of the notebook: y']],
    ['{"cells": [{"source": "x', ['cell 1 of the notebook: x']],
    ['{"cells": [{"source": "a\\\\"}, {"source": "b\\""}]}', ['cell 1 of the notebook: a\\', 'cell 2 of the notebook: b"']],
    ['{"cells": {"source": "x"}}', []],
    ['{"other": [{"source": "x"}]}', []],
    ['["source", "x"]', []],
    ['"source": "x"', []],
    [`${'['.repeat(70)}{"cells": [{"source": "x"}]}`, []],
  ])('%s', (text, told) => {
    expect(cells(text).map((one) => one.replaceAll('\u0001', '\u00ff'))).toEqual(
      told.map(
        (one) => expect.stringMatching(new RegExp(`^${one.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\u00ff', '[^]')}$`)) as string,
      ),
    );
  });
});

describe('places', () => {
  test('each byte comes from what encodes it', () => {
    const content = 'ab\nx=%2F%2F-QUJDREVG;\nyz';
    const bytes = Buffer.from(content);
    const pieces = new Pieces();
    pieces.addByte(5, 8, 0x2f);
    pieces.addByte(8, 11, 0x2f);
    pieces.addEncoded(12, 20, 'QUJDREVG', 'base64');
    const text = new DecodedText(bytes, [{ start: 3, end: 21, pieces, label: 'l', isTrusted: true }]);
    expect(text.bytes.toString()).toBe(`x=//-ABCDEF;${GAP}`);
    const from = (start: number, end: number): string => {
      const span = text.source({ start, end });
      return content.slice(span.start, span.end);
    };
    expect([from(0, 2), from(1, 3), from(2, 4), from(3, 4), from(5, 11)]).toEqual(['x=', '=%2F', '%2F%2F', '%2F', 'QUJDREVG']);
    expect([from(5, 6), from(6, 7), from(7, 8), from(8, 9), from(10, 11), from(11, 12)]).toEqual(['QU', 'UJ', 'JD', 'RE', 'VG', ';']);
    const inside = (start: number, end: number, before = 0): string | undefined => text.segmentOf({ start, end }, before)?.label;
    expect([inside(0, 2), inside(1, 3), inside(4, 5), inside(4, 5, 1), inside(11, 12), inside(11, 12, 1), inside(5, 11)]).toEqual([
      undefined,
      'l',
      undefined,
      'l',
      undefined,
      'l',
      'l',
    ]);
  });

  test('a part at the end of a segment is cut where its line goes on', () => {
    const bytes = Buffer.from('one two\nthree');
    const cut = (start: number, end: number, part: { start: number; end: number }): boolean =>
      new DecodedText(bytes, [{ start, end, pieces: new Pieces(), label: 'l', isTrusted: true }]).isCut(part);
    expect([cut(2, 5, { start: 0, end: 2 }), cut(2, 5, { start: 1, end: 3 }), cut(2, 5, { start: 1, end: 2 })]).toEqual([true, true, false]);
    expect([cut(0, 7, { start: 0, end: 7 }), cut(8, 13, { start: 0, end: 5 }), cut(0, 6, { start: 0, end: 6 })]).toEqual([false, false, true]);
    expect(new DecodedText(bytes, []).isCut({ start: 0, end: 1 })).toBe(true);
    expect(new DecodedText(bytes, []).source({ start: 0, end: 1 })).toEqual({ start: 0, end: 0 });
    expect(new DecodedText(bytes, []).segmentOf({ start: 0, end: 1 })).toBeUndefined();
  });

  const pieceOf = (start: number, end: number, text: string, width: number): Pieces => {
    const pieces = new Pieces();
    pieces.add(start, end, Buffer.from(text), width);
    return pieces;
  };

  test('segments lie apart, and nothing of one is the other’s', () => {
    const content = 'ab%41cd\nxx%42yy\n';
    const text = new DecodedText(Buffer.from(content), [
      { start: 0, end: 7, pieces: pieceOf(2, 5, 'A', 3), label: 'one', isTrusted: true },
      { start: 8, end: 15, pieces: pieceOf(10, 13, 'B', 3), label: 'two', isTrusted: true },
    ]);
    expect(text.bytes.toString()).toBe(`abAcd${GAP}xxByy${GAP}`);
    const second = 5 + GAP.length;
    const from = (start: number, end: number): string => {
      const span = text.source({ start, end });
      return content.slice(span.start, span.end);
    };
    expect([from(0, 5), from(second, second + 2), from(second + 2, second + 3), from(second + 4, second + 5)]).toEqual(['ab%41cd', 'xx', '%42', 'y']);
    expect(from(4, 8)).toBe('d');
    const inside = (start: number, end: number, before = 0): string | undefined => text.segmentOf({ start, end }, before)?.label;
    expect([inside(0, 1), inside(0, 3), inside(2, 3), inside(second, second + 2, 100), inside(second + 1, second + 3)]).toEqual([
      undefined,
      'one',
      'one',
      undefined,
      'two',
    ]);
  });

  test('what is encoded may begin a segment, be padded, or stand for one sign', () => {
    const bytes = Buffer.from('QQ==bc');
    const text = (pieces: Pieces): DecodedText => new DecodedText(bytes, [{ start: 0, end: 6, pieces, label: 'l', isTrusted: true }]);
    const padded = text(pieceOf(0, 4, 'A', 4 / 3));
    expect([padded.source({ start: 0, end: 1 }), padded.segmentOf({ start: 0, end: 1 })?.label]).toEqual([{ start: 0, end: 4 }, 'l']);
    const one = text(pieceOf(0, 4, 'AB', 0));
    expect([one.source({ start: 0, end: 1 }), one.source({ start: 1, end: 2 })]).toEqual([
      { start: 0, end: 4 },
      { start: 0, end: 4 },
    ]);
    const first = text(pieceOf(0, 4, 'AB', 2));
    expect([first.source({ start: 0, end: 1 }), first.source({ start: 1, end: 3 })]).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 5 },
    ]);
  });

  test('a part that ends within its segment is not cut', () => {
    const text = new DecodedText(Buffer.from('px%41yzq'), [{ start: 1, end: 7, pieces: pieceOf(2, 5, 'A', 3), label: 'l', isTrusted: true }]);
    const cut = (start: number, end: number): boolean => text.isCut({ start, end });
    expect([cut(0, 1), cut(1, 2), cut(2, 3), cut(3, 4), cut(1, 3)]).toEqual([true, false, false, true, false]);
  });

  test('pieces are kept apart, however many there are', () => {
    const pieces = new Pieces();
    expect([pieces.count, pieces.size, pieces.end]).toEqual([0, 0, undefined]);
    expect([pieces.addByte(0, 3, 0x41), pieces.addByte(3, 6, 0x42), pieces.addByte(6, 8, 0x43), pieces.addByte(9, 11, 0x44)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect([pieces.count, pieces.end, pieces.widthOf(0), pieces.spanOf(0), pieces.textOf(0).toString()]).toEqual([
      3,
      11,
      3,
      { start: 0, end: 6 },
      'AB',
    ]);
    pieces.addNothing(11, 12);
    expect([pieces.count, pieces.textOf(3).length, pieces.widthOf(3)]).toEqual([4, 0, 0]);
    for (let at = 0; at < 100; at++) pieces.add(12 + at, 13 + at, Buffer.from('xy'), 1);
    pieces.addEncoded(200, 208, '41424344', 'hex');
    expect([pieces.count, pieces.size, pieces.textOf(103).toString(), pieces.textOf(104).toString(), pieces.widthOf(104)]).toEqual([
      105,
      208,
      'xy',
      'ABCD',
      2,
    ]);
    const both = new Pieces();
    both.add(0, 1, Buffer.from('z'), 1);
    both.append(pieces);
    expect([both.count, both.textOf(1).toString(), both.spanOf(105), both.end]).toEqual([106, 'AB', { start: 200, end: 208 }, 208]);
  });
});

describe('what one part holds', () => {
  const inspector = new Inspector(builtinRules());
  const escaped = (text: string): string => text.replaceAll(/[^]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const seen = (lines: readonly string[]): string[] =>
    inspector
      .inspect(Buffer.from(lines.map((line) => `x = "${escaped(line)}"\n`).join('')))
      .map(({ rule, secret }) => `${rule.id} ${secret.reveal()}`);

  test.each([
    ['a table', '<table><tr><th>Host</th>', '<th>Password</th></tr><tr><td>db1</td><td>[|{{alnum:14}}|]</td></tr>'],
    ['rows of a table', '<tr><th>Host</th><th>Password</th></tr>', '<tr><td>db1</td><td>[|{{alnum:14}}|]</td></tr>'],
    ['rows that are inserted', "INSERT INTO users (name, note, password) VALUES ('anna', 'x", " y', '[|{{alnum:14}}|]');"],
    ['a call', "cookieSession({ name: 'a", " b', keys: ['[|{{alnum:32}}|]'] })"],
  ])('is none of another: %s', (what, first, second) => {
    const { text, secret } = plantOne(second, what);
    const together = `${first}${text}`;
    expect(seen([together]).join(' ')).toContain(secret);
    expect(seen([first, text])).toEqual([...seen([first]), ...seen([text])]);
  });
});
