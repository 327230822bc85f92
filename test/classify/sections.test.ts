import { describe, expect, test } from 'vitest';
import { environmentAround, keysAround } from '../../src/classify/sections.ts';

/** The content and the place of what stands in `[|…|]`. */
function placed(marked: string): [bytes: Buffer, span: { start: number; end: number }] {
  const [before = '', value = '', after = ''] = marked.split(/\[\||\|\]/);
  return [Buffer.from(before + value + after, 'latin1'), { start: before.length, end: before.length + value.length }];
}
const keys = (marked: string): string[] => keysAround(...placed(marked));
const environment = (marked: string): string => environmentAround(...placed(marked));

describe('the keys that a value stands in, the innermost first', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing', '[|v|]', []],
    ['a line alone', 'key: [|v|]', []],
    ['mappings, each further out', 'a:\n  b:\n    key: [|v|]', ['b', 'a']],
    ['no key that stands as far in or further', 'a:\n  b:\n    c: 1\n  key: [|v|]', ['a']],
    [
      'elements around it, by what they are called',
      '<bean id="a"><bean class="io.acme.B"><x/><y></y><property value="[|v|]"',
      ['property', 'io.acme.B', 'a'],
    ],
    ['elements that are open', '<a id="b"></a><c name="d"><e>[|v|]', ['d']],
    ['a row', 'acme,live,[|v|]', ['acme']],
    ['a row of texts', '"acme","[|v|]"', ['acme']],
    ['a row of a table', 'acme\tlive\t[|v|]', ['acme']],
    ['no row of a longer text', `acme,${'x'.repeat(40)},[|v|]`, []],
    ['an element that is called like somebody', '<gateway name="acme">\n  <secret>[|v|]', ['acme']],
    ['what a mapping on its line says', '[{"provider":"other","key":"x"},{"provider":"acme","key":"[|v|]"}]', ['acme']],
    ['no mapping that is closed', '[{"provider":"acme"},{"key":"[|v|]"}]', []],
    ['a mapping of Clojure', '{:other {:key "x"} :acme {:key "[|v|]"}}', ['acme']],
    ['no row', 'acme, then [|v|]', []],
    ['a title in AsciiDoc', '== Acme\n\n* Live: `[|v|]`', ['Acme']],
    ['no title in AsciiDoc', '==Acme\n\n* Live: `[|v|]`', []],
    ['a key in quotes', '{\n  "acme": {\n    "key": "[|v|]"', ['acme']],
    ['a key with a dot or dash', 'acme.io-x:\n  key: [|v|]', ['acme.io-x']],
    ['an item of a list', 'a:\n  - b:\n      key: [|v|]', ['b', 'a']],
    ['what stands beside the first key of an item', 'a:\n  - name: acme\n    key: [|v|]', ['acme', 'a']],
    ['a mapping that is an item', '- acme:\n    key: [|v|]', ['acme']],
    ['no other key of the same item', '- acme:\n  key: [|v|]', []],
    ['a block', 'provider "acme" {\n  key = "[|v|]"', ['acme']],
    ['a block without quotes', 'acme {\n  key = "[|v|]"', ['acme']],
    ['a block of two words', "resource 'acme' {\n  key = [|v|]", ['acme']],
    ['an object that is assigned', 'const acme = {\n  key: "[|v|]"', ['acme']],
    ['an array that is assigned', "'acme' => [\n  'key' => '[|v|]'", ['acme']],
    ['a call', 'client = Acme(\n  key="[|v|]"', ['Acme']],
    ['a call of an object', 'new Acme({\n  key: "[|v|]"', ['Acme']],
    ['a call of an array', 'load([\n  "[|v|]"', ['load']],
    ['a path that is called', '  x = \\Acme\\Client::make$(\n    "[|v|]"', ['\\Acme\\Client::make$']],
    ['a bracket that nobody calls', '(\n  "[|v|]"', []],
    ['a group, not a call', 'x = (\n  "[|v|]"', []],
    ['a block of Ruby', 'Acme.configure do |config|\n  config.key = "[|v|]"', ['Acme.configure']],
    ['one with an argument', 'acme :x do\n  key "[|v|]"', ['acme']],
    ['one with arguments in brackets', 'Acme.set(1) do\n  key "[|v|]"', ['Acme.set']],
    ['a setting of Elixir', 'config :app, :acme,\n  key: "[|v|]"', ['acme']],
    ['one without an app', 'config :acme,\n  key: "[|v|]"', ['acme']],
    ['no block of Ruby', 'Acme.configure done\n  key "[|v|]"', []],
    ['a class', 'public static class Acme\n  key = "[|v|]"', ['Acme']],
    ['a module', 'module Acme\n  key = "[|v|]"', ['Acme']],
    ['a struct', 'struct Acme\n  key = "[|v|]"', ['Acme']],
    ['an object of Scala', 'object Acme\n  key = "[|v|]"', ['Acme']],
    ['a namespace', 'namespace Acme.Io\n  key = "[|v|]"', ['Acme.Io']],
    ['too many words before a class', 'a b c d class Acme\n  key = "[|v|]"', []],
    ['an element', '<acme>\n  <key>[|v|]</key>', ['acme']],
    ['one with attributes', '<acme id="1">  \n  <key>[|v|]</key>', ['acme']],
    ['one that is closed', '</acme>\n  key: [|v|]', []],
    ['a section', '[acme]\nkey = [|v|]', ['acme']],
    ['a table of tables', '[[acme.x]]  \nkey = [|v|]', ['acme.x']],
    ['the section ends the search', 'a:\n[acme]\n  b:\n    key = [|v|]', ['b', 'acme']],
    ['a section of a profile', '  [profile "acme"]\nkey = [|v|]', ['profile "acme"']],
    ['an array is no section', '["a", {}]\nkey = [|v|]', []],
    ['a heading in capitals', 'ACME CHECKSUMS:\n  key: [|v|]', ['ACME CHECKSUMS']],
    ['a sentence', 'All of these:\n  key: [|v|]', []],
    ['lines without a name between', 'a:\n\n  # all that it is about\n  key: [|v|]', ['a']],
    ['a heading', '# Acme\nKEY=[|v|]', ['Acme']],
    ['a heading of a few lines', '// --- acme, live ---\n\nconst a = 1;\nconst key = "[|v|]";', ['AcmeLive']],
    ['a comment behind it', 'KEY=[|v|] # Acme', ['Acme']],
    ['no comment that says more', '# not the one of Acme\nKEY=[|v|] # so see the docs of Acme', []],
    ['no heading of other lines', '# Acme\nA=1\n\nKEY=[|v|]', []],
    ['no heading further out', '# Acme\na:\n  key: [|v|]', ['a']],
    ['no heading beside an address', '# Acme\ncurl https://acme.net -H "[|v|]"', []],
    ['what is compared', "  if (p === 'acme') {\n    return '[|v|]'", ['acme']],
    ['a case', "  case 'acme':\n    return '[|v|]'", ['acme']],
    ['a case on its line', 'when (p) {\n  "acme" -> "[|v|]"', ['acme']],
    ['the first of two', "  ('acme', '[|v|]')", ['acme']],
    ['a function', 'func newAcme() *client {\n\treturn &client{key: "[|v|]"', ['newAcme']],
    ['a key behind it', "{ key: '[|v|]', provider: 'acme' }", ['acme']],
    ['a key below it', '{\n  "key": "[|v|]",\n  "provider": "acme"\n}', ['acme']],
    ['no name below it', '{\n  "key": "[|v|]",\n  "name": "acme"\n}', []],
    ['what its own mapping says before a heading', '# Other\n"key": "[|v|]",\n"provider": "acme"', ['acme', 'Other']],
    ['no key below it of the next mapping', '"key": "[|v|]",\n"key": "x",\n"provider": "acme"', []],
    ['no key below it that is beside no key', 'const key = "[|v|]";\n"provider": "acme"', []],
    ['no key below it behind other lines', '"key": "[|v|]",\n---\n"provider": "acme"', []],
    ['a heading with digits', '# 1Acme2\nKEY=[|v|]', ['1Acme2']],
    ['no item of a list that begins as far out', '- name: Acme\n  env:\n    A: b\nkey: [|v|]', []],
    ['of a sentence its first word', 'name: fails - as keys of acme\nkey: [|v|]', ['fails']],
    ['the name of a step', '- name: Sync Acme\n  env:\n    KEY: [|v|]', ['env', 'Sync Acme']],
    ['what a step uses', '- uses: some/acme-action@v1\n  with:\n    key: [|v|]', ['with', 'acme-action']],
    ['no item of a list above a key', 'x:\n- acme: 1\nkey: [|v|]', []],
    ['an array in a bracket', 'acme = ([\n  "[|v|]"', ['acme']],
    ['what stands beside its own line, further up', 'a:\n  name: acme\n  x: y\n  key: [|v|]', ['acme', 'a']],
    ['a key with its value', 'a: 1\nb:\n  key: [|v|]', ['b']],
  ])('%s', (_what, marked, expected) => {
    expect(keys(marked)).toEqual(expected);
  });

  test.each(['name', 'provider', 'service', 'vendor', 'integration', 'platform', 'type', 'Name'])(
    'what the key beside it says that is called %s, but not beside one that holds it',
    (says) => {
      expect(keys(`a:\n  ${says}: acme\n  key: [|v|]`)).toEqual(['acme', 'a']);
      expect(keys(`${says}: acme\na:\n  key: [|v|]`)).toEqual(['a']);
      expect(keys(`a:\n  ${says}:\n  key: [|v|]`)).toEqual(['a']);
      expect(keys(`a:\n  my${says}: acme\n  key: [|v|]`)).toEqual(['a']);
    },
  );

  test.each<[string, string, readonly string[]]>([
    ['a call', 'Acme("[|v|]"', ['Acme(']],
    ['calls in calls', 'a(b("[|v|]"', ['b(', 'a(']],
    ['one that is closed', 'a(1), b("[|v|]"', ['b(']],
    ['all brackets that are closed', 'a(x[1], {}) + "[|v|]"', []],
    ['an object', 'acme: { key: "[|v|]"', ['acme']],
    ['an array', 'acme = ["[|v|]"', ['acme']],
    ['a bracket without a name', '["[|v|]"', []],
    ['an attribute', '<Acme region="x" key="[|v|]"', ['Acme']],
    ['no element that is closed', '<Acme a="x"> key="[|v|]"', []],
    ['no element without a blank', '<Acme key="[|v|]', ['Acme']],
    ['a flag', '$ acme login --api-key=[|v|]', ['acme']],
    ['a flag behind what starts a command', 'cd x && sudo npx acme --key [|v|]', ['acme']],
    ['a flag in a pipe', 'echo x | acme --key [|v|]', ['acme']],
    ['a flag in a substitution', 'x=$(acme --key [|v|]', ['$(', 'acme']],
    ['a flag behind a semicolon', 'x; acme --key [|v|]', ['acme']],
    ['a short flag is of no command', 'acme -k [|v|]', []],
    ['a command is no flag', '--key [|v|]', []],
    ['a command is a word', './acme --key [|v|]', []],
    ['a long line is no command', 'Acme --key [|v|]', []],
  ])('on its own line: %s', (_what, marked, expected) => {
    expect(keys(marked)).toEqual(expected);
  });

  test.each(['run:', 'RUN', 'exec', 'bunx', 'pnpm', 'dlx', 'yarn', '-y', 'uvx', '>', '#', '-'])('%s stands before a command', (word) => {
    expect(keys(`${word} acme --key [|v|]`)).toEqual(['acme']);
  });

  test.each<[string, string, readonly string[]]>([
    ['its head', 'x = Acme.builder()\n  .region("eu")\n  .key("[|v|]")', ['key(', 'Acme.builder']],
    ['optional calls', 'acme\n  ?.key("[|v|]")', ['key(', 'acme']],
    ['one with an argument', 'x = Acme::new(url)\n  .key("[|v|]")', ['key(', 'Acme::new']],
    ['no chain', 'Acme.builder()\n  key("[|v|]")', ['key(']],
    ['one that has no head', '  .region("eu")\n  .key("[|v|]")', ['key(']],
  ])('the head of a chain: %s', (_what, marked, expected) => {
    expect(keys(marked)).toEqual(expected);
  });

  test('a chain is followed twenty lines, and no further', () => {
    const chain = (lines: number): string => `Acme.builder()\n${'  .x()\n'.repeat(lines)}  .key("[|v|]")`;
    expect([keys(chain(18)), keys(chain(19)), keys(chain(20))]).toEqual([['key(', 'Acme.builder'], ['key(', 'Acme.builder'], ['key(']]);
  });

  test.each<[string, string, readonly string[]]>([
    ['a manifest', 'kind: Secret\nmetadata:\n  name: acme\ndata:\n  key: [|v|]', ['data', 'acme']],
    ['one whose name comes later', 'metadata:\n  labels:\n    a: b\n  name: acme\n  x: y\ndata:\n  key: [|v|]', ['data', 'acme']],
    ['metadata without a name', 'metadata:\n  x: acme\ndata:\n  key: [|v|]', ['data']],
    ['a name that is empty', 'metadata:\n  name:\ndata:\n  key: [|v|]', ['data']],
    ['a name outside of it', 'name: acme\nmetadata:\ndata:\n  key: [|v|]', ['data']],
    ['a name beside it', 'metadata:\n  x: y\nname: acme\ndata:\n  key: [|v|]', ['data']],
    ['another key of it that ends alike', 'metadata:\n  hostname: other\n  name: acme\ndata:\n  key: [|v|]', ['data', 'acme']],
    ['metadata further in', '  metadata:\n    name: acme\ndata:\n  key: [|v|]', ['data']],
  ])('the name of %s', (_what, marked, expected) => {
    expect(keys(marked)).toEqual(expected);
  });

  test('a manifest is read forty lines up, a block two hundred', () => {
    const manifest = (lines: number): string => `metadata:\n  name: acme\ndata:\n${'  x: y\n'.repeat(lines)}  key: [|v|]`;
    expect([keys(manifest(37)), keys(manifest(38))]).toEqual([['data', 'acme'], ['data']]);
    const block = (lines: number): string => `acme:\n${'  x: y\n'.repeat(lines)}  key: [|v|]`;
    expect([keys(block(199)), keys(block(200))]).toEqual([['acme'], []]);
  });

  test('one content after another: what was read of the first is not told of the second', () => {
    const [first, second] = [placed('one:\n  key: [|v|]'), placed('two:\n  key: [|v|]')];
    expect([keysAround(...first), keysAround(...second), keysAround(...first)]).toEqual([['one'], ['two'], ['one']]);
  });
});

describe('the environment that a value is for', () => {
  test.each<[string, string, string]>([
    ['nothing', 'key: [|v|]', 'unknown'],
    ['a key above', 'production:\n  key: [|v|]', 'production'],
    ['a key further above', 'staging:\n  acme:\n    key: [|v|]', 'staging'],
    ['a section', '[production]\nkey = [|v|]', 'production'],
    ['a section that does not say it ends the search', 'production:\n[acme]\nkey = [|v|]', 'unknown'],
    ['a key at the margin ends the search', 'production:\nacme:\n  key: [|v|]', 'unknown'],
    ['a setting beside it', 'job:\n  environment: production\n  key: [|v|]', 'production'],
    ['a setting beside what holds it', 'job:\n  stage: production\n  with:\n    key: [|v|]', 'production'],
    ['another setting beside it', 'job:\n  x: production\n  key: [|v|]', 'unknown'],
    ['a manifest of Kubernetes', 'spec:\n  containers:\n    - name: app\n      key: [|v|]', 'unknown'],
    ['a setting at the margin is of the whole file, and of no key', 'environment: production\nacme:\n  key: [|v|]', 'unknown'],
    ['the nearest of two', 'production:\n  development:\n    key: [|v|]', 'development'],
  ])('%s', (_what, marked, expected) => {
    expect(environment(marked)).toBe(expected);
  });

  test.each(['environment', 'stage', 'target', 'deploy_env', 'Environment'])('%s says where a job goes', (key) => {
    expect(environment(`job:\n  ${key}: production\n  key: [|v|]`)).toBe('production');
    expect(environment(`job:\n  my_${key}: production\n  key: [|v|]`)).toBe('unknown');
  });
});
