/** What is encoded is found, at the place of the encoded text, and said to be inside of what encodes it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { segmentsOf } from '../../../src/detect/decode/encoded.ts';
import { looksFurther, MARKS } from '../../../src/detect/decode/marks.ts';
import type { Sighting } from '../../../src/model/finding.ts';
import { builtinRules } from '../../../src/rules/builtin.ts';
import { Inspector } from '../../../src/scan/inspector.ts';
import { githubToken, plantOne } from '../../support/secrets.ts';

const inspector = new Inspector(builtinRules());
const TOKEN = githubToken('decode');
const PASSWORD = plantOne('[|{{alnum:18}}|]', 'decode').secret;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const each = (text: string, write: (code: number) => string): string => Array.from(Buffer.from(text), write).join('');
const pair = (code: number): string => code.toString(16).padStart(2, '0');
const wrapped = (text: string, width: number, indent: string): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((line) => indent + line).join('\n');

function found(text: string): Sighting[] {
  return inspector.inspect(Buffer.from(text));
}

/** Each as `rule: secret, last evidence`. */
function shown(text: string): string[] {
  return found(text).map(
    ({ rule, secret, evidence }) => `${rule.id}: ${secret.reveal()}, ${evidence.findLast((one) => one.startsWith('inside')) ?? 'plain'}`,
  );
}

describe('strings that are put together', () => {
  const [first, second, third] = [TOKEN.slice(0, 14), TOKEN.slice(14, 27), TOKEN.slice(27)];

  test.each([
    ['plus', `const token = "${first}" + "${second}${third}";`],
    ['two of them', `const token = '${first}' + '${second}' + '${third}';`],
    ['plus without blanks', `const token="${first}"+"${second}${third}";`],
    ['plus without blanks, other quotes', `const token='${first}'+'${second}'+'${third}';`],
    ['a dot without blanks', `$token='${first}'.'${second}${third}';`],
    ['angle brackets', `token: "${first}" <> "${second}${third}"`],
    ['nothing between', `token: "${first}" "${second}${third}"`],
    ['a dot', `$token = '${first}' . '${second}${third}';`],
    ['dots', `local token = "${first}" .. "${second}${third}"`],
    ['an ampersand', `Dim token As String = "${first}" & "${second}${third}"`],
    ["a short part, behind a key's beginning", `x = "${TOKEN.slice(0, -3)}" + "${TOKEN.slice(-3)}"`],
    ['plus at the end of a line', `const token = "${first}" +\n  "${second}${third}";`],
    ['plus at the beginning of lines', `const token = '${first}'\r\n  + '${second}'\r\n  + '${third}';`],
    ['lines', `TOKEN = (\n    "ghp_"\n    "${TOKEN.slice(4)}"\n)`],
    ['a backslash', `TOKEN = "ghp_" + \\\n    "${TOKEN.slice(4)}"`],
    ['an ampersand and a line', `token = "ghp_" & _\n  "${TOKEN.slice(4)}"`],
    ['a call', `String token = "ghp_".concat("${TOKEN.slice(4)}");`],
    ['a list', `const token = ['ghp_', '${TOKEN.slice(4)}'].join('');`],
    ['a list on lines', `const token = [\n  'ghp_',\n  '${TOKEN.slice(4)}',\n].join('');`],
    ['a list behind its call', `token = ''.join(['ghp_', '${TOKEN.slice(4)}'])`],
    ['prose behind it', `message = "ghp_" +\n  "${TOKEN.slice(4)}" +\n  " is the token";`],
    ['a key in a list', `x = ['ghp_', 'ghp_' +\n '${TOKEN.slice(4)}'];`],
    ['a key within a list', `x = ['ghp_', 'ghp_' +\n '${TOKEN.slice(4)}', 'ghp_'];`],
    ['many parts', `x = "ghp_" +\n  "${TOKEN.slice(4)}"${' +\n ""'.repeat(60)};`],
    ['plus at the end of a line, before another argument', `connect("ghp_" +\n  "${TOKEN.slice(4)}", "v1")`],
    ['plus, around a string of nothing', `const token = "ghp_" + "" + "${TOKEN.slice(4)}";`],
    ['a list of PHP', `$token = implode('', ['ghp_', '${TOKEN.slice(4)}']);`],
  ])('%s', (_what, text) => {
    expect(shown(text)).toEqual([`github-pat-classic: ${TOKEN}, inside strings that are put together`]);
  });

  test.each([
    ['sums', (key: string) => `"ghp_" + "${key}"`],
    ['lists', (key: string) => `["ghp_", "${key}"].join("")`],
    ['sums that go on in a line that others begin in', (key: string) => `"ghp_" +\n "${key}"`],
  ])('several in a line: %s', (_what, write) => {
    const tokens = ['one', 'two', 'three'].map((name) => githubToken(name));
    expect(
      found(`x = {${tokens.map((token, index) => `k${index}: ${write(token.slice(4))}`).join(', ')}}`).map(({ secret }) => secret.reveal()),
    ).toEqual(tokens);
  });

  test.each([
    ['a comma', `["${first}", "${second}${third}"]`],
    ['another quote', `x = "${first}" + '${second}${third}';`],
    ['a name', `x = "${first}" + name + "${second}${third}"`],
    ['a short part, where nothing begins a key', `x = "t=${TOKEN.slice(0, -3)}" + "${TOKEN.slice(-3)}"`],
    ['a comma, on lines', `const prefixes = [\n  'ghp_',\n  '${TOKEN.slice(4)}',\n];`],
    ['a name on a line', `x = "ghp_" +\n  name +\n  "${TOKEN.slice(4)}"`],
    ['a call that joins by something', `x = ['ghp_', '${TOKEN.slice(4)}'].join('-')`],
    ['a comma, before prose', `x = ['ghp_', '${TOKEN.slice(4)}', 'and more'].join(' ')`],
  ])('not by %s', (_what, text) => {
    expect(shown(text)).toEqual([]);
  });

  test('names alone say nothing of them', () => {
    expect(shown(`password = "${PASSWORD.slice(0, 9)}" + "${PASSWORD.slice(9)}"`)).not.toContainEqual(expect.stringContaining('inside'));
  });
});

describe('a token', () => {
  test.each([
    ['base64', `x: "${base64(`token=${TOKEN}`)}"`],
    ['base64', `x: "${base64url(`?>~token=${TOKEN}?>~?`)}"`],
    ['base64', `x: "${base64(`token=${TOKEN} `).replace(/=+$/, '')}"`],
    ['base64', `x = ${base64(base64(`my token is ${TOKEN}`))}`],
    ['base64', `data: |\n${wrapped(base64(`${'some text before '.repeat(5)}${TOKEN}${' and after it'.repeat(6)}`), 64, '  ')}\nother: x`],
    [
      'base64',
      `{"data": "${wrapped(base64(`${'some text before '.repeat(5)}${TOKEN}${' and after it'.repeat(6)}`), 76, '').replaceAll('\n', String.raw`\n`)}"}`,
    ],
    ['base64', `url("data:text/plain;base64,${base64(`export KEY=${TOKEN}\n`)}")`],
    ['base64 of UTF-16', `powershell.exe -NoProfile -Enc ${Buffer.from(`$t = '${TOKEN}'`, 'utf16le').toString('base64')}`],
    ['base64 of UTF-16', `pwsh -EncodedCommand "${Buffer.from(`gh auth ${TOKEN}\r\n`, 'utf16le').toString('base64')}"`],
    ['hex digits', `x = ${hex(`token ${TOKEN}`)}`],
    ['hex digits', `x = 0x${hex(`token ${TOKEN}`)}`],
    ['escapes', `x = "${each(TOKEN, (code) => `\\x${pair(code)}`)}"`],
    ['escapes', `x = "${each(TOKEN, (code) => `\\u00${pair(code)}`)}"`],
    ['percent-encoding', `x = ${each(TOKEN, (code) => `%${pair(code)}`)}`],
    ['percent-encoding', `https://acme.net/?next=%2Flogin%3Ftoken%3D${TOKEN}`],
    ['HTML entities', `<p>${each(TOKEN, (code) => `&#${code};`)}</p>`],
    ['HTML entities', `<p>${each(TOKEN, (code) => `&#x${pair(code)};`)}</p>`],
  ])('inside %s: %j', (label, text) => {
    expect(shown(text)).toEqual([`github-pat-classic: ${TOKEN}, inside ${label}`]);
  });

  test.each(['01', '1f', '7f', '7F'])('behind the code %s of a control character, which is no sign of an encoded text', (code) => {
    for (const written of [`\\x${code}`, `\\u00${code}`, `%${code}`]) expect(shown(`x = "${written}${TOKEN}"`)).toEqual([]);
  });

  test('behind an escaped line end, where nothing has to be decoded', () => {
    expect(shown(`x = "a line\\n${TOKEN}"`)).toEqual([`github-pat-classic: ${TOKEN}, plain`]);
  });

  test('is found as often encoded as the limit says, and no more often', () => {
    const times = (count: number): string => Array.from({ length: count }).reduce((text: string) => base64(text), `my token is ${TOKEN}`);
    expect(found(times(4))).toHaveLength(1);
    expect(found(times(5))).toEqual([]);
  });

  test('has the place of the characters that encode it', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z ]{12,90}$/),
        fc.stringMatching(/^[ a-z\n]{0,40}$/),
        fc.constantFrom(base64, base64url, hex),
        (before, after, encode) => {
          const text = `\n\nkey: '${encode(`${before}=${TOKEN}\n${after}`)}'`;
          const [sighting, ...others] = found(text);
          expect(others).toEqual([]);
          expect(sighting).toMatchObject({ range: { startLine: 3, endLine: 3 } });
          const { start, end } = sighting!.span;
          const from = text.indexOf("'") + 1;
          const width = encode === hex ? 2 : 4 / 3;
          expect(start).toBe(from + Math.floor((before.length + 1) * width));
          expect(end).toBe(from + Math.ceil((before.length + 1 + TOKEN.length) * width));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('in base64 over lines has the lines that it stands in', () => {
    const text = `data: |\n${wrapped(base64(`${'.'.repeat(90)}=${TOKEN}`), 64, '  ')}\n`;
    expect(found(text)).toMatchObject([{ range: { startLine: 3, endLine: 4 } }]);
  });

  test('is one secret, plain and encoded', () => {
    expect(new Set(found(`a = "${TOKEN}"\nb = "${base64(`token=${TOKEN}`)}"`).map(({ secret }) => secret.reveal()))).toEqual(new Set([TOKEN]));
  });
});

describe('a password', () => {
  test.each([
    ['escapes', `{"url": "postgres:\\/\\/app:${PASSWORD}@db.acme.net\\/x"}`, 'postgres-uri-password'],
    ['percent-encoding', `url=postgres%3A%2F%2Fapp%3A${PASSWORD}%40db.acme.net%2Fx`, 'postgres-uri-password'],
    ['HTML entities', `<a data-x="{&quot;password&quot;:&quot;${PASSWORD}&quot;}">`, 'generic-password'],
    ['base64 of a login', `Authorization: Basic ${base64(`app:${PASSWORD}`)}`, 'basic-auth-header-password'],
    ['base64 of a login', `{"auths":{"registry.acme.net":{"auth":"${base64(`robot:${PASSWORD}`)}"}}}`, 'registry-login-password'],
    ['base64 of a login', `//npm.acme.net/:_password=${base64(PASSWORD)}`, 'generic-password'],
    [
      'base64 of a Kubernetes Secret',
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  user: ${base64('admin')}\n  password: ${base64(PASSWORD)}\n`,
      'generic-password',
    ],
    ['base64 of a Kubernetes Secret', `data:\n  password: "${base64(PASSWORD)}"\nkind: Secret\n---\nkind: ConfigMap\n`, 'generic-password'],
    ['base64 of a Kubernetes Secret', JSON.stringify({ kind: 'Secret', data: { password: base64(PASSWORD) } }), 'generic-password'],
    ['base64 of a Kubernetes Secret', JSON.stringify({ kind: 'Secret', data: { data: { password: base64(PASSWORD) } } }), 'generic-password'],
    ['base64', `USER_DATA=${base64(`#cloud-config\npassword: ${PASSWORD}\nchpasswd: { expire: False }\n`)}`, 'generic-password'],
  ])('inside %s: %j', (label, text, rule) => {
    expect(shown(text)).toEqual([`${rule}: ${PASSWORD}, inside ${label}`]);
  });

  test('in a text that a program made is not believed for its name alone', () => {
    const map = base64(JSON.stringify({ version: 3, sources: ['a.js'], sourcesContent: [`const password = "${PASSWORD}";`, 'x;\n'.repeat(4000)] }));
    expect(found(`//# sourceMappingURL=data:application/json;base64,${map}`)).toEqual([]);
  });
});

test.each([
  ['words in base64', `token: "${base64('Hello world, this is a text 12')}"`],
  ['a sample in base64', `Authorization: Basic ${base64('user:password')}`],
  [
    'random bytes in base64',
    `image: "${Buffer.from(
      TOKEN.repeat(2).replace(/./g, (sign) => String.fromCharCode(sign.charCodeAt(0) ^ 0xa5)),
      'latin1',
    ).toString('base64')}"`,
  ],
])('%s is nothing', (_, text) => {
  expect(found(text)).toEqual([]);
});

describe('a notebook', () => {
  const notebook = (indent: number): string =>
    JSON.stringify(
      {
        cells: [
          { cell_type: 'markdown', metadata: {}, source: ['# A title\n', 'and a text'] },
          {
            cell_type: 'code',
            outputs: [{ output_type: 'stream', name: 'stdout', text: [`got ${TOKEN}\n`] }],
            source: ['import os\n', `password = "${PASSWORD}"\n`],
          },
        ],
        metadata: {},
        nbformat: 4,
      },
      null,
      indent,
    );

  test.each([1, 0])('is read cell by cell, its places are those of the file (indent %d)', (indent) => {
    const text = notebook(indent);
    expect(shown(text)).toEqual([
      `github-pat-classic: ${TOKEN}, inside cell 2 of the notebook`,
      `generic-password: ${PASSWORD}, inside cell 2 of the notebook`,
    ]);
    expect(found(text).map(({ span }) => Buffer.from(text).toString('latin1', span.start, span.end))).toEqual([TOKEN, PASSWORD]);
  });

  test('that is damaged is read as far as it goes', () => {
    const text = notebook(1);
    expect(shown(text.slice(0, text.lastIndexOf(PASSWORD)))).toEqual([`github-pat-classic: ${TOKEN}, inside cell 2 of the notebook`]);
  });
});

test('what is decoded grows with its content alone', () => {
  const percent = '%25'.repeat(1_000_000);
  const nested = `x = ${base64(base64(base64('a '.repeat(400_000))))}`;
  const began = process.cpuUsage().user;
  expect(found(percent)).toEqual([]);
  expect(found(nested)).toEqual([]);
  expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(10);
});

test('more signs than anybody writes are left alone', () => {
  const text = `${'%2F.'.repeat(70_000)}and-a-word-that-is-long`;
  const places = Array.from(text.matchAll(/%2F/g), ({ index }) => ({ means: 'percent' as const, start: index, end: index + 3 }));
  const signs = segmentsOf(Buffer.from(text), places).reduce((sum, { pieces }) => sum + pieces.count, 0);
  expect(signs).toBe(65_536);
});

test.each(['"ghp_", ', '"ghp_" + ', '"ghp_",\n', '"ghp_" + "a", '])(
  'each string of very many that may go on is read a few times at most: %j',
  (unit) => {
    const count = 10_000;
    const bytes = Buffer.from(unit.repeat(count));
    const places = Array.from({ length: count }, (_, index) => ({
      start: index * unit.length + 1,
      end: index * unit.length + 5,
      means: 'split' as const,
    }));
    let reads = 0;
    bytes.toString = (...given) => {
      reads++;
      return Buffer.prototype.toString.apply(bytes, given);
    };
    segmentsOf(bytes, places);
    expect(reads).toBeGreaterThan(count / 4);
    expect(reads).toBeLessThan(3 * count * (unit.match(/"[^"]*"/g) ?? []).length);
  },
);

test('runs, manifests and notebooks go on over lines, and nothing else that is marked does', () => {
  const kinds = [...new Set(MARKS.map(({ means }) => means)), 'run'] as const;
  expect(kinds.filter(looksFurther).toSorted()).toEqual(['manifest', 'notebook', 'run']);
  expect(kinds.length).toBeGreaterThan(6);
});
