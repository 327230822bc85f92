/** Part A: what files hold. */
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { formatBaseline } from '../../src/policy/baseline.ts';
import { newSalt, sealOf } from '../../src/policy/seal.ts';
import { FORMAT_NAMES } from '../../src/report/formats.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { githubToken, plant, plantOne, stripeKey } from '../support/secrets.ts';
import { attackMostlyHere as attack, type Survived } from './harness.ts';

const SOAK = process.env['KEYSIFT_SOAK'] === '1';
const MIB = 1024 ** 2;

/** `file:line:column` of all places. */
function places({ report }: Survived): string[] {
  return report.findings
    .flatMap(({ locations }) => locations.map(({ file, startLine, startColumn }) => `${file}:${startLine}:${startColumn}`))
    .toSorted();
}

/** One token in one file: the scan finds it there, and nothing else. */
async function found(content: string | Uint8Array, secret: string, place: string): Promise<void> {
  const result = await attack({ cwd: folderWith({ 'a.txt': content }), code: 1, secrets: [secret] });
  expect(places(result)).toEqual([`a.txt:${place}`]);
}

test('A1: a file of 0 bytes', async () => {
  const { report } = await attack({ cwd: folderWith({ empty: '' }), code: 0 });
  expect(report.counts.files).toBe(1);
});

test('A2: one line of many MiB without a line feed, a token in its last bytes', async () => {
  const secret = githubToken('a2');
  const size = SOAK ? 1024 * MIB : 40 * MIB;
  const cwd = temporaryFolder();
  const file = openSync(join(cwd, 'long.txt'), 'w');
  const piece = Buffer.alloc(4 * MIB, 'x ');
  for (let written = 0; written < size; written += piece.length) writeSync(file, piece);
  writeSync(file, secret);
  closeSync(file);
  expect(places(await attack({ cwd, code: 1, secrets: [secret], limit: SOAK ? 120 : 10 }))).toEqual([`long.txt:1:${size + 1}`]);
}, 300_000);

test('A3: a sparse file, a token near its end', async () => {
  const secret = githubToken('a3');
  const at = (SOAK ? 3994 : 65) * MIB;
  const cwd = folderWith({ sparse: '' });
  const file = openSync(join(cwd, 'sparse'), 'r+');
  writeSync(file, `\n${secret}\n`, at);
  closeSync(file);
  truncateSync(join(cwd, 'sparse'), at + (SOAK ? 100 : 10) * MIB);
  expect(places(await attack({ cwd, code: 1, secrets: [secret], limit: SOAK ? 120 : 10 }))).toEqual(['sparse:2:1']);
}, 300_000);

test('A4: a token at many offsets around a border of windows, in a file too large to be held whole', async () => {
  const secret = githubToken('a4');
  const bytes = Buffer.alloc(17 * MIB, '\n');
  // Of no length that divides a window, so that each one lies otherwise to the border.
  const step = secret.length + 7;
  let count = 0;
  for (let at = 8 * MIB - 100_000; at < 8 * MIB + 300_000; at += step) {
    bytes.write(secret, at, 'latin1');
    count++;
  }
  const { report } = await attack({ cwd: folderWith({ 'a.txt': bytes }), code: 1, secrets: [secret], limit: 20 });
  expect(report.findings.map(({ locations }) => locations.length)).toEqual([count]);
});

describe('A5: very many secrets in one file', () => {
  const count = SOAK ? 100_000 : 3000;
  const tokens = Array.from({ length: count }, (_, index) => githubToken(`a5 ${index}`));
  const text = tokens.join('\n');

  test('as text and JSON', async () => {
    const { report, stdout } = await attack({ cwd: folderWith({ 'a.txt': text }), code: 1, secrets: [text.slice(0, 40)], limit: SOAK ? 300 : 20 });
    expect(report.counts.findings).toBe(count);
    expect(/^[\d,]+ findings/m.exec(stdout.slice(-500))?.[0].replaceAll(',', '')).toBe(`${count} findings`);
  }, 600_000);

  test('in all formats at once', async () => {
    const out = temporaryFolder();
    const argv = FORMAT_NAMES.flatMap((name) => (name === 'text' ? [] : ['--format', `${name}=${join(out, name)}`]));
    await attack({ cwd: folderWith({ 'a.txt': text }), argv, code: 1, secrets: [text.slice(0, 40)], limit: SOAK ? 600 : 30, again: false });
    expect(readFileSync(join(out, 'csv'), 'utf8').split('\r\n')).toHaveLength(count + 3);
  }, 900_000);

  test('that a baseline knows', async () => {
    const salt = newSalt();
    const entries = tokens.map((token) => ({ key: sealOf(new Secret(token), salt), rule: 'a', place: 'a.txt', until: undefined, reason: '' }));
    const cwd = folderWith({ 'a.txt': text, '.keysift-baseline': formatBaseline(entries) });
    const { report } = await attack({ cwd, code: 0, secrets: [text.slice(0, 40)], limit: SOAK ? 300 : 20, again: false });
    expect(report.counts).toMatchObject({ findings: 0, suppressed: count });
  }, 600_000);
});

test('A6: a minified bundle of one line', async () => {
  const secret = githubToken('a6');
  const code = 'function a(b){return"c"===b?\'d\':`e`};'.repeat((8 * MIB) / 37);
  await found(`${code}var t="${secret}";${code}`, secret, `1:${code.length + 8}`);
});

test('A7: texts that make expressions slow', async () => {
  const files = {
    a: 'a'.repeat(MIB),
    key: 'key'.repeat(350_000),
    spaces: `key=${' '.repeat(MIB)}`,
    base64: 'QUJDREVGR0hJSktMTU5P'.repeat(52_000),
    begin: '-----BEGIN'.repeat(100_000),
    equals: '='.repeat(MIB),
    braces: '{'.repeat(MIB),
    quotes: `"'\``.repeat(MIB / 3),
    at: 'https://a:'.repeat(MIB / 10),
    nested: `"kind":"secret"${'"data":{'.repeat(MIB / 8)}`,
    manifests: 'kind: secret\n---\n'.repeat(MIB / 17),
    objects: 'h={apikey:a,log h;'.repeat(MIB / 18),
    headers: 'authorization: apiKey '.repeat(MIB / 22),
  };
  const { report } = await attack({ cwd: folderWith(files), code: 0, limit: 15 });
  expect(report.counts.files).toBe(Object.keys(files).length);
});

test('A8: what each rule looks for, without end', async () => {
  const { rules } = builtinRules();
  const words = rules
    .flatMap((rule) => ('literals' in rule.matcher ? (rule.matcher.literals as string[]) : []))
    .concat(rules.map(({ id }) => id.split('-')[0] ?? ''));
  const each = [...new Set(words)].filter((word) => word !== '');
  const text = each.map((word) => `${word}=`.repeat(Math.ceil(4096 / (word.length + 1)))).join('\n');
  expect(each.length).toBeGreaterThan(100);
  await attack({
    cwd: folderWith({ 'a.txt': text, 'b.txt': text.replaceAll('\n', ''), 'c.txt': text.replaceAll('=', '_') }),
    code: [0, 1],
    limit: 15,
  });
});

describe('A9 and A10: rules of the user', () => {
  const ruleFile = (regex: string): string => `rules:
  - id: acme-rule
    title: slow
    pattern: { regex: '${regex}', literals: [aaaa], maxLength: 600 }
    examples: { match: ['[|aaaa|]'], ignore: ['none'] }
`;
  const secret = githubToken('a9');

  test('A9: one that explodes', async () => {
    const cwd = folderWith({ 'a.txt': `${'a'.repeat(4 * MIB)}!\n${secret}\n` });
    const rules = join(folderWith({ 'rules.yaml': ruleFile('((?:a{1,25}){1,25}$)') }), 'rules.yaml');
    const { report } = await attack({ cwd, argv: ['--rules', rules], code: 3, secrets: [secret], limit: 20, again: false });
    expect(report.notScanned.map(({ unit, reason, detail }) => [unit, reason, detail.includes('acme-rule')])).toEqual([
      ['a.txt', 'RULE-TIMEOUT', true],
    ]);
    expect(places({ report } as Survived)).toEqual(['a.txt:2:1']);
  });

  test.each(['^(a+)+$', '(a*)*', '((a{1,}){1,})'])('A9: %s is refused', async (regex) => {
    const rules = join(folderWith({ 'rules.yaml': ruleFile(regex) }), 'rules.yaml');
    const { stderr } = await attack({ cwd: folderWith({ a: 'a' }), argv: ['--rules', rules], code: 2 });
    expect(stderr).toContain('acme-rule');
  });

  test.each(['(x{0,3})', '((?=a))', '($)', '()'])('A10: %s, which matches nothing at all', async (regex) => {
    const rules = join(folderWith({ 'rules.yaml': ruleFile(regex) }), 'rules.yaml');
    await attack({ cwd: folderWith({ a: 'aaaa '.repeat(10_000) }), argv: ['--rules', rules], code: [0, 2] });
  });
});

describe('A11 to A16: bytes, characters and lines', () => {
  const secret = githubToken('a11');
  const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  const utf32 = (text: string, mark: string): Buffer =>
    Buffer.concat([Buffer.from(mark, 'latin1'), ...[...text].map((one) => Buffer.from([one.codePointAt(0) ?? 0, 0, 0, 0]))]);
  const text = `one\ntwo ${secret}\n`;

  test.each<[string, Buffer]>([
    ['A11: UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['A11: UTF-16LE without one', Buffer.from(text, 'utf16le')],
    ['A11: UTF-16BE with a mark', swapped(`\ufeff${text}`)],
    ['A11: UTF-16BE without one', swapped(text)],
    ['A12: UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['A12: UTF-8 with a mark in the middle', Buffer.from(text.replace('two', '\ufeff2'))],
    ['A12: UTF-32LE', utf32(text, '\u00ff\u00fe\0\0')],
    ['A13: a lone byte', Buffer.from(`\u0080\n\u00fftw ${secret}`, 'latin1')],
    ['A13: overlong forms', Buffer.from(`\u00c0\u0080\ntwo ${secret}\u00c1\u00bf`, 'latin1')],
    ['A13: cut off at the end', Buffer.from(`one\ntwo ${secret}\u00e2\u0082`, 'latin1')],
    ['A13: surrogates in UTF-8', Buffer.from(`\u00ed\u00a0\u0080\ntwo ${secret}\n`, 'latin1')],
    ['A14: NUL bytes between lines', Buffer.from(`\0\0\ntwo ${secret}\n\0`)],
    ['A14: a NUL within 8,000 bytes', Buffer.from(`${'x'.repeat(7000)}\0\ntwo ${secret}\n`)],
    ['A16: CRLF', Buffer.from(text.replaceAll('\n', '\r\n'))],
  ])('%s', async (_what, bytes) => {
    const result = await attack({ cwd: folderWith({ 'a.txt': bytes }), code: 1, secrets: [secret] });
    // Columns count characters; where bytes are none, each byte is one.
    expect(places(result).map((place) => place.replace(/:\d+$/, ''))).toEqual(['a.txt:2']);
  });

  test('A15: UTF-16 in a program', async () => {
    const program = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3, 0xff, 0x0a]);
    const bytes = Buffer.concat([program, Buffer.from(`two ${secret}`, 'utf16le'), Buffer.from([1, 2])]);
    expect(places(await attack({ cwd: folderWith({ 'a.out': bytes }), code: 1, secrets: [secret] }))).toHaveLength(1);
  });

  test('A16: CR, NEL, U+2028 and form feed end no line, as in git', async () => {
    await found(Buffer.from(`a\rb\u0085c\u2028d\f${secret}`), secret, '1:9');
  });

  test('A16: LF and CRLF give the same ids', async () => {
    const ids = await Promise.all(
      [text, text.replaceAll('\n', '\r\n')].map(
        async (content) => (await attack({ cwd: folderWith({ 'a.txt': content }), code: 1 })).report.findings[0]?.id,
      ),
    );
    expect(new Set(ids).size).toBe(1);
  });
});

test('A17: a secret cut by a line end is none, but between strings that are put together, and one beside an escaped line feed is', async () => {
  const secret = githubToken('a17');
  const cut = [`${secret.slice(0, 20)}\\\n${secret.slice(20)}`, `>\n  ${secret.slice(0, 20)}\n  ${secret.slice(20)}`];
  await attack({ cwd: folderWith(Object.fromEntries(cut.map((text, index) => [`${index}.txt`, text]))), code: 0, secrets: [secret] });
  await found(`"${secret.slice(0, 20)}" +\n"${secret.slice(20)}"`, secret, '1:2');
  await found(`{"a": "one\\ntoken: ${secret}\\n"}`, secret, '1:20');
});

test('A18: encoded in every way, and as often as the limit says', async () => {
  const secret = githubToken('a18');
  const pairs = (mark: string, width: number): string =>
    Array.from(Buffer.from(secret), (code) => mark + code.toString(16).padStart(width, '0')).join('');
  const times = (count: number): string =>
    Array.from({ length: count }).reduce((text: string) => Buffer.from(text).toString('base64'), `my token is ${secret}`);
  const forms = {
    hex: `x = ${Buffer.from(`token ${secret}`).toString('hex')}`,
    percent: `x = ${pairs('%', 2)}`,
    'percent twice': `x = ${pairs('%25', 2)}`,
    unicode: `x = "${pairs('\\u', 4)}"`,
    once: `x = ${times(1)}`,
    'four times': `x = ${times(4)}`,
  };
  const cwd = folderWith({ ...forms, 'six times': `x = ${times(6)}`, long: `x = ${times(1).repeat(3000)}` });
  const { report } = await attack({ cwd, code: 1, secrets: [secret] });
  const files = new Set(report.findings.flatMap(({ locations }) => locations.map(({ file }) => file)));
  expect(new Set([...files].filter((file) => file !== 'long'))).toEqual(new Set(Object.keys(forms)));
});

test('A19: nested encodings of percent signs', async () => {
  let text = '%';
  while (text.length < MIB) text = text.replaceAll('%', '%25').concat('%25');
  await attack({ cwd: folderWith({ 'a.txt': text }), code: 0 });
});

describe('A20: private keys', () => {
  const body = plant('{{base64:1600}}', 'a20').text;
  const wrap = (width: number): string => (body.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} RSA PRIVATE ${'KEY'}-----`) as [string, string];
  const middle = body.slice(100, 140);

  test.each([
    ['of lines of 64', `${begin}\n${wrap(64)}\n${end}\n`],
    ['of one line', `${begin}\n${body}\n${end}\n`],
    ['without an end', `${begin}\n${wrap(64)}\n`],
    ['in JSON', `{"key": "${begin}\\n${wrap(64).replaceAll('\n', '\\n')}\\n${end}\\n"}`],
  ])('one %s', async (_what, text) => {
    const { report } = await attack({ cwd: folderWith({ 'key.txt': text }), code: 1, secrets: [middle] });
    expect(report.findings).toHaveLength(1);
  });

  test('many beginnings, no end', () => attack({ cwd: folderWith({ a: `${begin}\n`.repeat(40_000) }), code: 0 }));

  test('1 MiB between beginning and end', () => attack({ cwd: folderWith({ a: `${begin}\n${'QUJD\n'.repeat(MIB / 5)}${end}\n` }), code: [0, 1] }));
});

test('A21: letters that look alike, and characters of no width, around a key', async () => {
  const secret = githubToken('a21');
  const result = await attack({ cwd: folderWith({ 'a.txt': `p\u0430ssword\u200b = "\u200b${secret}\u200b"\n` }), code: 1, secrets: [secret] });
  expect(places(result)).toHaveLength(1);
});

test('A22: env files of all names', async () => {
  const names = ['.env', '.env.local', '.ENV', '.env.production.bak', 'env', 'prod.env', '.envrc', 'sub/.env.staging'];
  const secrets = names.map((name) => stripeKey(`a22 ${name}`));
  const cwd = folderWith({
    ...Object.fromEntries(names.map((name, index) => [name, `STRIPE_SECRET_KEY=${secrets[index]}\n`])),
    '.env.example': 'STRIPE_SECRET_KEY=sk_live_your_key_here\nDB_PASSWORD=changeme\n',
  });
  mkdirSync(join(cwd, 'links'));
  symlinkSync('../.env', join(cwd, 'links', '.env'));
  const { report } = await attack({ cwd, code: 1, secrets });
  const files = new Set(
    report.findings.filter(({ ruleId }) => ruleId === 'stripe-secret-key-live').flatMap(({ locations }) => locations.map(({ file }) => file)),
  );
  expect(files).toEqual(new Set(names));
  const template = stripeKey('a22 template');
  const { report: real } = await attack({ cwd: folderWith({ '.env.example': `STRIPE_SECRET_KEY=${template}\n` }), code: 1, secrets: [template] });
  expect(real.findings.map(({ ruleId }) => ruleId)).toContain('stripe-secret-key-live');
});

test('A23: env files of every syntax, and a very large one', async () => {
  const secrets = Array.from({ length: 7 }, (_, index) => stripeKey(`a23 ${index}`));
  const [a, b, c, d, e, f, g] = secrets;
  const lines = [
    `export A_KEY='${a}'`,
    `B_KEY="one`,
    `${b}`,
    `two"`,
    `C_KEY=${c} # a comment`,
    `D_KEY = ${d}`,
    `E_KEY=${e}`,
    `E_KEY=${f}`,
    `G_KEY=${g}`,
  ];
  const { report } = await attack({ cwd: folderWith({ '.env': `\ufeff${lines.join('\n')}` }), code: 1, secrets });
  const stripe = report.findings.filter(({ ruleId }) => ruleId === 'stripe-secret-key-live');
  expect(stripe.flatMap(({ locations }) => locations.map(({ startLine }) => startLine)).toSorted((x, y) => x - y)).toEqual([1, 3, 5, 6, 7, 8, 9]);
  const filler = Array.from({ length: 60_000 }, (_, index) => `SETTING_${index}=value ${index} of very many that say nothing\n`).join('');
  const large = await attack({ cwd: folderWith({ 'prod.env': `${filler}STRIPE_SECRET_KEY=${a}\n` }), code: 1, secrets });
  expect(new Set(places(large))).toEqual(new Set(['prod.env:60001:19']));
});

test('A24: every kind of configuration, sound and malformed', async () => {
  const secret = githubToken('a24');
  const forms = {
    'a.json': `{\n  "token": "${secret}"\n}`,
    'b.yaml': `a:\n  token: ${secret}\n`,
    'c.toml': `[a]\ntoken = "${secret}"\n`,
    'd.xml': `<a>\n<token>${secret}</token></a>`,
    'e.properties': `# a\ntoken=${secret}\n`,
    '.npmrc': `a=b\n//npm.pkg.github.com/:_authToken=${secret}\n`,
    '.netrc': `machine github.com\nlogin a password ${secret}\n`,
    'f.ipynb': `{"cells": [{"source": [\n"token = '${secret}'"]}]}`,
    'package-lock.json': `{"a":\n"https://x:${secret}@github.com/a/b.git"}`,
    'terraform.tfstate': `{"resources":\n[{"token": "${secret}"}]}`,
    '.docker/config.json': `{"auths":\n{"ghcr.io": {"password": "${secret}"}}}`,
  };
  const broken = Object.fromEntries(
    Object.entries(forms).map(([name, text]) => [`broken/${name}`, `${text.slice(0, text.indexOf(secret) + secret.length)}\n{{{[<"`]),
  );
  const { report } = await attack({ cwd: folderWith({ ...forms, ...broken }), code: 1, secrets: [secret] });
  const lines = report.findings
    .filter(({ redacted }) => redacted.startsWith('ghp'))
    .flatMap(({ locations }) => locations.map(({ file, startLine }) => `${file}:${startLine}`));
  expect(new Set(lines)).toEqual(new Set([...Object.keys(forms), ...Object.keys(broken)].map((name) => `${name}:2`)));
});

test('A25: a Git LFS pointer is looked at like any file', async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;
  await attack({ cwd: folderWith({ 'a.psd': pointer }), code: 0 });
});

test('A26: names that a spreadsheet would run', async () => {
  const names = ['=HYPERLINK("x")', '+1', '-1', '@x', '\tx', '\rx'];
  const secrets = names.map((name) => githubToken(`a26 ${name}`));
  const cwd = folderWith(Object.fromEntries(names.map((name, index) => [name, secrets[index] ?? ''])));
  const { stdout } = await attack({ cwd, argv: ['--format', 'csv'], code: 1, secrets, report: false });
  const rows: string[][] = parse(stdout);
  const files = rows.flatMap((row) => (row[0] === 'finding' ? [row[10]] : []));
  expect(new Set(files)).toEqual(new Set([`'+1`, `'-1`, `'=HYPERLINK("x")`, `'@x`, '\\x09x', '\\x0dx']));
});

test("A27: the tool's own files are no hiding place", async () => {
  const secrets = ['keysift.json', '.keysift-baseline', '.keysiftignore', 'rules/acme.yaml'].map(
    (name) => [name, githubToken(`a27 ${name}`)] as const,
  );
  const cwd = folderWith(Object.fromEntries(secrets.map(([name, secret]) => [name, `# ${secret}\n`])));
  const { report } = await attack({ cwd, argv: ['.'], code: 1, secrets: secrets.map(([, secret]) => secret) });
  expect(new Set(report.findings.flatMap(({ locations }) => locations.map(({ file }) => file)))).toEqual(new Set(secrets.map(([name]) => name)));
});

test('A28: very many ignore comments', async () => {
  const [one, two] = [githubToken('a28 1'), githubToken('a28 2')];
  const comments = '# keysift:allow github-pat -- x\n'.repeat(SOAK ? 1_000_000 : 100_000);
  const { report } = await attack({
    cwd: folderWith({ 'a.txt': `${one} # keysift:allow -- known\n${comments}${two}\n` }),
    code: 1,
    secrets: [one, two],
    limit: 30,
  });
  expect(report.findings.map(({ locations }) => locations[0]?.startLine)).toEqual([(SOAK ? 1_000_000 : 100_000) + 2]);
  expect(report.suppressed).toHaveLength(1);
});

test('A29: ignore comments that are about something else', async () => {
  const [rule] = (await attack({ cwd: folderWith({ a: githubToken('a29') }), code: 1 })).report.findings.map(({ ruleId }) => ruleId);
  const lines: [string, boolean][] = [
    [`T # keysift:allow ${rule} -- right`, false],
    ['T # keysift:allow stripe-secret-key-live -- another rule', true],
    ['T # keysift:alow -- misspelt', true],
    ['T # keysift:allow-nextline -- misspelt', true],
    ['T "keysift:allow" -- in a string', false],
    [`# keysift:allow ${rule} -- on the line before\nT`, true],
    [`# keysift:allow-next-line ${rule} -- on the line before\nT`, false],
    ['\0\u0001 T # keysift:allow -- in a binary file', false],
  ];
  const secrets = lines.map((_, index) => githubToken(`a29 ${index}`));
  const cwd = folderWith(Object.fromEntries(lines.map(([text], index) => [`${index}.txt`, text.replace('T', secrets[index] ?? '')])));
  const { report } = await attack({ cwd, code: 1, secrets });
  const told = new Set(report.findings.flatMap(({ locations }) => locations.map(({ file }) => file)));
  expect(told).toEqual(new Set(lines.flatMap(([, finding], index) => (finding ? [`${index}.txt`] : []))));
  expect(report.scan.notes.join('\n')).toContain('5.txt');
});

test('A30: one secret in very many files', async () => {
  const secret = githubToken('a30');
  const count = SOAK ? 10_000 : 2100;
  const cwd = temporaryFolder();
  for (let index = 0; index < count; index++) writeFileSync(join(cwd, `${index}.txt`), `\n${secret}`);
  const { report, stdout } = await attack({ cwd, code: 1, secrets: [secret], limit: 30 });
  expect(report.findings.map(({ locations }) => locations.length)).toEqual([count]);
  expect(stdout.length).toBeLessThan(20_000);
});

test('a secret that only its place makes one is as safe', async () => {
  const { text, secret } = plantOne(`DB_${'PASSWORD'}=[|{{alnum:20}}|]`, 'content');
  await attack({ cwd: folderWith({ '.env': text }), code: 1, secrets: [secret] });
});
