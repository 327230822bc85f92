/** One configuration file as text: what it says, where each part of it stands, and what is said of what is wrong. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/errors.ts';
import { parseConfigFile } from '../../src/policy/config-file.ts';

const README = 'README.md lists all keys; config.schema.json completes them in an editor.';
const JSON_HINT = 'JSON has no comments and no trailing commas; YAML has both.';

function refused(text: string, path: string): readonly [message: string, hint: string | undefined] | undefined {
  try {
    parseConfigFile(text, path);
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.hint];
    throw error;
  }
  return undefined;
}

test.each([
  ['', 'x.yaml', {}],
  ['# nothing\n', 'x.yaml', {}],
  ['{}', 'x.json', {}],
  ['\ufefffailOn: low\n', 'x.yaml', { failOn: 'low' }],
  ['\ufeff{"failOn": "low"}', 'x.json', { failOn: 'low' }],
  ['{ "failOn": low, } # as YAML has it', 'x.yaml', { failOn: 'low' }],
  ['rules: { jwt: { enabled: false } }', 'x.yaml', { rules: { jwt: { enabled: false } } }],
])('%j in %s is read', (text, path, config) => {
  expect(parseConfigFile(text, path).config).toEqual(config);
});

test('each part says where it stands, a key and its value', () => {
  const { place, placeOfKey } = parseConfigFile('failOn: low\nrules:\n  jwt:\n    enabled: false\nexclude: [a, b]\n', 'c.yaml');
  expect([place(['failOn']), placeOfKey(['failOn'])]).toEqual(['c.yaml:1:9', 'c.yaml:1:1']);
  expect([place(['rules', 'jwt', 'enabled']), placeOfKey(['rules', 'jwt'])]).toEqual(['c.yaml:4:14', 'c.yaml:3:3']);
  expect([place(['exclude', 1]), place(['exclude', 7])]).toEqual(['c.yaml:5:14', 'c.yaml:5:10']);
});

test('a byte order mark does not move what follows', () => {
  expect(parseConfigFile('\ufefffailOn: low', 'c.yaml').place(['failOn'])).toBe('c.yaml:1:9');
  expect(refused('\ufeff{"failOn": }', 'c.json')).toEqual(['c.json:1:12: not JSON from here on', JSON_HINT]);
});

describe('what is wrong is told with its place', () => {
  test.each([
    ['failon: low', 'x.yaml', 'x.yaml:1:1: unknown key "failon"', 'Did you mean failOn?'],
    ['- failOn', 'x.yaml', 'x.yaml:1:1: the configuration is a list, and must be a mapping of keys', README],
    ['words', 'x.yaml', 'x.yaml:1:1: the configuration: must be a mapping of keys', README],
    ['exclude: a', 'x.yaml', 'x.yaml:1:10: exclude: must be a list', README],
    ['failOn: {', 'x.yaml', undefined, README],
    ['limits: { maxFileSize: big }', 'x.yaml', 'x.yaml:1:24: limits.maxFileSize: a size is bytes, or a number with K, M or G', README],
    ['limits: { maxFileSize: -1 }', 'x.yaml', 'x.yaml:1:24: limits.maxFileSize: a size is bytes, or a number with K, M or G', README],
    ['rules: { A b: {} }', 'x.yaml', 'x.yaml:1:10: rules.…: a rule id is 1 to 64 of a-z, 0-9 and "-"', README],
    ['{ "failOn": "low", }', 'x.json', 'x.json:1:20: not JSON from here on', JSON_HINT],
    ['', 'x.json', 'x.json:1:1: not JSON from here on', JSON_HINT],
  ])('%j in %s', (text, path, message, hint) => {
    expect(refused(text, path)).toEqual([message ?? (expect.stringMatching(/^x\.yaml:1:\d+: no YAML: /) as string), hint]);
  });

  test.each(['{"rules": {"__proto__": {"enabled": false}}}', '{"rules": {"jwt": {}, "__proto__": {}}}'])(
    'what no rule is called is not left out without a word: %s',
    (text) => {
      expect(refused(text, 'x.json')).toEqual([
        expect.stringMatching(/^x\.json:1:(?:12|23): "__proto__" is no id of a rule$/),
        'keysift rules list names them all.',
      ]);
    },
  );

  test('a mebibyte is read, more is not', () => {
    const text = (length: number): string => 'failOn: low\n'.padEnd(length, '#');
    expect(parseConfigFile(text(1_048_576), 'x.yaml').config).toEqual({ failOn: 'low' });
    expect(refused(text(1_048_577), 'x.yaml')).toEqual(['x.yaml: a configuration may have 1 MiB at most', 'Take out what does not belong there.']);
  });
});
