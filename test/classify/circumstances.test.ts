import { describe, expect, test } from 'vitest';
import { ContentFacts } from '../../src/classify/circumstances.ts';
import { Surroundings } from '../../src/classify/surroundings.ts';
import type { Circumstances } from '../../src/model/finding.ts';
import type { Rule } from '../../src/model/rule.ts';

const RULE = { provider: 'Acme', kind: 'secret' } as Rule;

/** The circumstances of what stands in `[|…|]`. */
function around(marked: string, rule: Partial<Rule> = {}, name = 'key'): Circumstances {
  const [before = '', value = '', after = ''] = marked.split(/\[\||\|\]/);
  const bytes = Buffer.from(before + value + after, 'latin1');
  const facts = new ContentFacts(bytes, new Surroundings(bytes));
  return facts.circumstances({ ...RULE, ...rule }, name, { start: before.length, end: before.length + value.length });
}
const marks = (marked: string, rule: Partial<Rule> = {}, name = 'key'): Circumstances['marks'] => around(marked, rule, name).marks;

describe('a value that stands in for a setting', () => {
  test.each([
    ['const key = process.env.KEY || "[|v|]";', 'process.env.KEY'],
    ['const key = process.env.KEY ?? "[|v|]";', 'process.env.KEY'],
    ["const key = import.meta.env.KEY || '[|v|]';", 'import.meta.env.KEY'],
    ['const key = Bun.env.KEY || `[|v|]`;', 'Bun.env.KEY'],
    ['const key = process.env.KEY! || "[|v|]";', 'process.env.KEY'],
    ['x = (process.env.KEY) || "[|v|]"', 'process.env.KEY'],
    ['process.env.KEY ||= "[|v|]"', 'process.env.KEY'],
    ['process.env.KEY ??= "[|v|]"', 'process.env.KEY'],
    ["$key = getenv('KEY') ?: '[|v|]';", "getenv('KEY')"],
    ['key = os.environ.get("KEY") or "[|v|]"', 'os.environ.get("KEY")'],
    ['key = os.environ["KEY"] or "[|v|]"', 'os.environ["KEY"]'],
    ["key = ENV['KEY'] || '[|v|]'", "ENV['KEY']"],
    ['let key = env::var("KEY").unwrap_or("[|v|]".into())', 'env::var("KEY")'],
    ['let key = env::var("KEY").unwrap_or_else(|_| "[|v|]".into())', 'env::var("KEY")'],
    ['key = System.getenv("KEY").orElse("[|v|]")', 'System.getenv("KEY")'],
    ['key = environment["KEY"] ?? "[|v|]"', 'environment["KEY"]'],
    ['key = System.getProperty("my.key", "[|v|]")', 'System.getProperty("my.key")'],
    ["key = env('KEY', '[|v|]')", "env('KEY')"],
    ["key = env('KEY', default='[|v|]')", "env('KEY')"],
    ["key = ENV.fetch('KEY', '[|v|]')", "ENV.fetch('KEY')"],
    ['key=${KEY:-[|v|]}', '${KEY}'],
    ['key="${KEY-"[|v|]"}"', '${KEY}'],
    ['key="${KEY:=[|v|]}"', '${KEY}'],
    ["const { KEY = '[|v|]' } = process.env;", 'process.env'],
    ["const { KEY = '[|v|]', OTHER } = import.meta.env;", 'import.meta.env'],
    ["const key = process.env.KEY ? process.env.KEY : '[|v|]';", 'process.env.KEY'],
    ["$key = isset($_ENV['KEY']) ? $_ENV['KEY'] : '[|v|]';", "$_ENV['KEY']"],
    ['String key = System.getenv("KEY") != null ? System.getenv("KEY") : "[|v|]";', 'System.getenv("KEY")'],
    ['key = os.environ["KEY"] if "KEY" in os.environ else "[|v|]"', 'os.environ["KEY"]'],
    ["key = os.getenv('KEY') if os.getenv('KEY') else '[|v|]'", "os.getenv('KEY')"],
  ])('%s', (marked, told) => {
    expect(marks(marked)).toEqual({ 'hardcoded-fallback': `the value that \`${told}\` falls back to` });
  });

  test.each([
    'const key = "[|v|]";',
    'const key = other.KEY || "[|v|]";',
    'const key = load("KEY") || "[|v|]";',
    "key = load('KEY', '[|v|]')",
    "process.env.KEY = '[|v|]'",
    "const { KEY = '[|v|]' } = settings;",
    "const { KEY = '[|v|]' } = process.envelope;",
    `const key = process.env.KEY${' '.repeat(12)}|| "[|v|]";`,
    'process.env.OTHER; key = x || "[|v|]"',
    "const keys = { a: process.env.KEY, b: '[|v|]' };",
    "const names = { [process.env.KEY]: '[|v|]' };",
    'key = a["KEY"] if a else "[|v|]"',
    'key = other if os.environ["KEY"] else "[|v|]"',
  ])('not %s', (marked) => {
    expect(marks(marked)).toEqual({});
  });
});

describe('a value in a comment', () => {
  test.each([
    '// key = "[|v|]"',
    '  /* key [|v|]',
    ' * key [|v|]',
    ' * 3 keys: [|v|]',
    '//registry.acme.io/ key [|v|]',
    '<!-- key [|v|]',
    '# key [|v|]',
    '-- key [|v|]',
    '; key [|v|]',
    'REM key [|v|]',
    'call(1); // key [|v|]',
    'call(1) # key [|v|]',
    'call(1) /* key [|v|]',
  ])('%s', (marked) => {
    expect(marks(marked)).toEqual({ 'key-in-comment': 'written in a comment' });
  });

  test.each([
    '**key** [|v|]',
    '//registry.acme.io/:_authToken=[|v|]',
    '*/5 * * * * KEY=[|v|] sync',
    '* 3 * * 1-5 KEY=[|v|] sync',
    '#define KEY "[|v|]"',
    '#include "[|v|]"',
    '#if KEY == "[|v|]"',
    '#{x} "[|v|]"',
    '#!key [|v|]',
    '--key [|v|]',
    ';key [|v|]',
    'REMOVE [|v|]',
    'x = "http://x" + "[|v|]"',
    'call(1) // "a" + [|v|]',
    'x#y [|v|]',
    '// a\nkey = [|v|]',
  ])('not %s', (marked) => {
    expect(marks(marked)).toEqual({});
  });

  test('of a dotenv file, by whether its line is one', () => {
    expect(marks('A=1\n# KEY=[|v|]\n')).toEqual({ 'key-in-comment': 'written in a comment' });
    expect(marks('A=1\nKEY="a\n# [|v|]"\n')).toEqual({});
  });
});

describe('a value in a URL', () => {
  test.each(['token', 'api_key', 'apikey', 'key', 'access_token', 'auth', 'auth_token', 'secret', 'KEY'])('the parameter %s', (parameter) => {
    expect(marks(`get(https://x/?a=b&${parameter}=[|v|])`)).toEqual({ 'key-in-url': `the parameter \`${parameter}\` of a URL` });
    expect(marks(`get(https://x/?${parameter}=[|v|])`)).toHaveProperty('key-in-url');
    expect(marks(`get(https://x/?my${parameter}=[|v|])`)).toEqual({});
  });

  test('as its user or password', () => {
    const told = { 'key-in-url': 'the user or password of a URL' };
    const url = (before: string, after: string): string => `get(http${before}[|v|]${after})`;
    expect([marks(url('s://', '@x')), marks(url('://', ':@x')), marks(url('s://user:', '@x')), marks(url('s://', ':more@x'))]).toEqual([
      told,
      told,
      told,
      told,
    ]);
    expect([marks(url('s://', '/x')), marks(url('s://x/', '@x')), marks(url('s://', '/@x')), marks(url('s:/', '@x'))]).toEqual([{}, {}, {}, {}]);
  });
});

test('a key of another form that is given to AssemblyAI', () => {
  const told = { 'wrong-shape': expect.stringContaining('given to AssemblyAI') };
  expect(marks('assemblyai = "[|sk_v|]"')).toEqual(told);
  expect(marks('x = "[|sk_v|]"', {}, 'ASSEMBLYAI_KEY')).toEqual(told);
  expect(marks('x("[|sk_v|]", assemblyai)')).toEqual(told);
  expect([marks('x = "[|sk_v|]"'), marks('assemblyai = "[|sj_v|]"'), marks('assemblyai\nx = "[|sk_v|]"')]).toEqual([{}, {}, {}]);
});

describe('a plain value in a dotenv file of encrypted ones', () => {
  test.each(['encrypted:x', 'ENC[x]'])('%s', (value) => {
    const told = { 'env-plain-in-encrypted': '`KEY` is plain, though other values of the file are encrypted' };
    expect(marks(`A="${value}"\nKEY=[|v|]\n`)).toEqual(told);
    expect(marks(`KEY=[|v|]\nA=${value}\n`)).toEqual(told);
    expect(marks(`A=x${value}\nKEY=[|v|]\n`)).toEqual({});
    expect(marks(`A=${value}\n# KEY=[|v|]\n`)).toEqual({ 'key-in-comment': 'written in a comment' });
    expect(marks(`{\n  "a": "${value}",\n  "KEY": "[|v|]"\n}\n`)).toEqual({});
  });
});

test('the assignment of a dotenv file, however long, but for what begins as another text', () => {
  const nameAt = (text: string): string | undefined => {
    const bytes = Buffer.from(text, 'latin1');
    const start = text.indexOf('LAST=') + 'LAST='.length;
    return new ContentFacts(bytes, new Surroundings(bytes)).entry({ start, end: start + 1 })?.name;
  };
  const lines = 'A=1\n'.repeat(2000);
  expect([nameAt('LAST=v'), nameAt(`${lines}LAST=v`)]).toEqual(['LAST', 'LAST']);
  expect(nameAt(`${'some words\n'.repeat(300)}${lines}LAST=v`)).toBeUndefined();
  expect(nameAt(`${lines}${'some words\n'.repeat(2000)}LAST=v`)).toBeUndefined();
});

test('a sandbox and production that a key of the other mode stands beside', () => {
  const [sandbox, live] = ['https://sandbox.api.scribeberry.com', 'https://api.scribeberry.com'];
  const mode = (text: string, kind: Rule['kind'], provider = 'Scribeberry'): unknown =>
    marks(`${text}\nkey = "[|v|]"`, { provider, kind })['mode-host-mismatch'];
  expect([mode(sandbox, 'secret'), mode(live, 'test')]).toEqual([
    'a live key beside the host of the sandbox',
    'a sandbox key beside the host of production',
  ]);
  expect([mode(live, 'secret'), mode(sandbox, 'test'), mode(`${sandbox} ${live}`, 'secret'), mode(`${sandbox} ${live}`, 'test')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([mode(sandbox, 'password'), mode(live, 'password'), mode(sandbox, 'secret', 'Acme'), mode('', 'secret'), mode('', 'test')]).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test("a provider's service that is asked without encryption", () => {
  const attribute = { names: ['acme'], words: [], hosts: ['acme.io'], packages: [], headers: [] };
  expect(marks('http://api.acme.io/v1\nkey = "[|v|]"', { attribute })).toEqual({ 'plain-http': '`http://api.acme.io` in the same file' });
  expect(marks('http://api.acme.io/v1\nkey = "[|v|]"')).toEqual({});
  expect(marks('https://api.acme.io/v1\nkey = "[|v|]"', { attribute })).toEqual({});
});

test('what the file shows of a browser or a server, and which environment the value is for', () => {
  expect(around('window.x\nproduction:\n  key: "[|v|]"')).toEqual({ marks: {}, browser: ['`window`'], server: [], environment: 'production' });
  expect(around('#!/bin/sh\nkey="[|v|]"')).toEqual({ marks: {}, browser: [], server: ['a script for a shell or interpreter'] });
  expect(around('key="[|v|]"')).toEqual({ marks: {}, browser: [], server: [] });
});
