import { describe, expect, test } from 'vitest';
import { lineAround } from '../../src/detect/lines.ts';
import { nameAround } from '../../src/detect/name-around.ts';

/** The name of the value `V0`. */
function nameIn(text: string): string {
  const bytes = Buffer.from(text);
  const at = bytes.indexOf('V0');
  const line = lineAround(bytes, at, at + 2);
  return nameAround(bytes, line, at - line.offset);
}

describe('the name of a value on another line', () => {
  test.each([
    ['the next line', 'const apiKey =\n  "V0";', 'apiKey'],
    ['line ends of Windows', 'const apiKey =\r\n  "V0";\r\n', 'apiKey'],
    ['brackets', 'API_KEY = (\n    "V0"\n)', 'API_KEY'],
    ['folded YAML', 'api_key: >-\n    V0\n', 'api_key'],
    ['literal YAML', 'api_key: |\n    V0\n', 'api_key'],
    ['JSON', '"api_key":\n    "V0"', 'api_key'],
    ['an element', '<apiKey>\n  V0\n</apiKey>', 'apiKey'],
    ['an argument', 'os.Setenv(\n\t"API_KEY",\n\t"V0",\n)', 'API_KEY'],
    ['a container', '- name: API_KEY\n  value: V0', 'API_KEY'],
    ['a setting', '{\n  "name": "API_KEY",\n  "value": "V0",\n  "slot": false\n}', 'API_KEY'],
    ['a setting whose name comes last', '{\n  "value": "V0",\n  "key": "API_KEY"\n}', 'API_KEY'],
    ['a variable', 'variable "api_key" {\n  type    = string\n  default = "V0"\n}', 'api_key'],
    ['a property list', '<key>ApiKey</key>\n<string>V0</string>', 'ApiKey'],
    ['attributes', '<meta-data\n    android:name="api_key"\n    android:value="V0" />', 'api_key'],
    ['the same line', 'apiKey: "V0"', 'apiKey'],
    ['a list', 'api_keys:\n  - V0', 'api_keys'],
  ])('%s', (_what, text, name) => {
    expect(nameIn(text)).toBe(name);
  });

  test.each([
    ['the thing before', '{ "name": "API_KEY" },\n{\n  "value": "V0"\n}'],
    ['the thing behind', '- value: V0\n- name: API_KEY\n'],
    ['nothing above', 'V0'],
    ['a line without an operator', 'some words\nV0'],
  ])('not of %s', (_what, text) => {
    expect(nameIn(text)).not.toBe('API_KEY');
    expect(nameIn(text)).not.toBe('words');
  });
});
