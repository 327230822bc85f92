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
    ['what a template gives', `api_key: "{{ lookup('env', 'X') | default('V0') }}"`, 'api_key'],
    ['what a template gives, and not what it asks for', `api_key: "{{ other | default('V0') }}"`, 'api_key'],
    ['what a template asks for', `x: "{{ api_token | default('V0') }}"`, 'api_token'],
    ['an argument', 'os.Setenv(\n\t"API_KEY",\n\t"V0",\n)', 'API_KEY'],
    ['a container', '- name: API_KEY\n  value: V0', 'API_KEY'],
    ['a setting', '{\n  "name": "API_KEY",\n  "value": "V0",\n  "slot": false\n}', 'API_KEY'],
    ['a setting whose name comes last', '{\n  "value": "V0",\n  "key": "API_KEY"\n}', 'API_KEY'],
    ['a variable', 'variable "api_key" {\n  type    = string\n  default = "V0"\n}', 'api_key'],
    ['a property list', '<key>ApiKey</key>\n<string>V0</string>', 'ApiKey'],
    ['attributes', '<meta-data\n    android:name="api_key"\n    android:value="V0" />', 'api_key'],
    ['the same line', 'apiKey: "V0"', 'apiKey'],
    ['an option', "'--api-key',\n  default='V0'", 'api-key'],
    ['a list', 'api_keys:\n  - V0', 'api_keys'],
    ['a function of Java', 'String apiKey() {\n  return "V0";\n}', 'apiKey'],
    ['a function of Go', 'func apiKey(id int) string {\n\treturn "V0"\n}', 'apiKey'],
    ['a function of Python', 'def api_key() -> str:\n    """For all of us."""\n    return "V0"', 'api_key'],
    ['a function of PHP', "public function apiKey(): string\n{\n    return 'V0';\n}", 'apiKey'],
    ['an arrow function', "const getApiKey = async () => {\n  return 'V0';\n};", 'getApiKey'],
    ['a function of Go with two results', 'func (c *Conf) APIKey() (string, error) {\n\treturn "V0", nil\n}', 'APIKey'],
    ['a function of Rust', 'pub fn api_key() -> &\'static str {\n    "V0"\n}', 'api_key'],
    ['a template', 'function apiKey() {\n  return `V0`;\n}', 'apiKey'],
    ['a property of Swift', 'var apiKey: String {\n    return "V0"\n}', 'apiKey'],
    ['a resource', 'resource "acme_parameter" "api_key" {\n  type  = "SecureString"\n  value = "V0"\n}', 'api_key'],
    ['a resource that another name says less of', 'resource "acme_parameter" "api_key" {\n  name  = "/prod/acme"\n  value = "V0"\n}', 'api_key'],
    ['a parameter', "new Parameter(this, 'ApiKey', {\n  stringValue: 'V0',\n});", 'ApiKey'],
    ['a parameter that another name below says more of', "new Parameter('shop', {\n  value: 'V0',\n  name: 'API_KEY',\n});", 'API_KEY'],
    ['a parameter of somebody', "new Parameter('tmdb', {\n  value: 'V0',\n});", 'tmdb'],
  ])('%s', (_what, text, name) => {
    expect(nameIn(text)).toBe(name);
  });

  test.each([
    ['the thing before', '{ "name": "API_KEY" },\n{\n  "value": "V0"\n}'],
    ['the thing behind', '- value: V0\n- name: API_KEY\n'],
    ['what a name ends like', '"--api-key": "x",\ndefault="V0"'],
    ['nothing above', 'V0'],
    ['a line without an operator', 'some words\nV0'],
    ['a condition', 'if (has(words)) {\n  return "V0";\n}'],
    ['a call', 'words();\nreturn "V0";'],
    ['a function two lines above', 'def words():\n    x = 1\n    return "V0"'],
  ])('not of %s', (_what, text) => {
    expect(nameIn(text)).not.toBe('API_KEY');
    expect(nameIn(text)).not.toBe('words');
  });
});

describe('the name of a value that stands alone', () => {
  test.each([
    // A container or setting: the name is a sibling, above or below, within one thing.
    ['- name: API_KEY\n  type: string\n  secret: true\n  value: V0', 'API_KEY'],
    ['- name: API_KEY\n  a: 1\n  b: 2\n  c: 3\n  value: V0', 'API_KEY'],
    ['- name: API_KEY\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n  value: V0', ''],
    ['  key : "API_KEY",\n  "value" : "V0"', 'API_KEY'],
    ["  'key': 'api.key/x-y'\n  'value': 'V0'", 'api.key/x-y'],
    ['  n: API_KEY\n  v: V0', 'API_KEY'],
    ['variable API_KEY\ndefault = "V0"', 'API_KEY'],
    ['  variable = API_KEY\n  content: `V0`', 'API_KEY'],
    ['  "--api-key",\n  default="V0"', 'api-key'],
    ["    '--api-key'  \n  default = 'V0'", 'api-key'],
    ['x "--api-key",\ndefault="V0"', ''],
    ['  value: V0\n  name: API_KEY', 'API_KEY'],
    ['  value: V0\n- name: API_KEY', ''],
    ['  value: V0\n  other: API_KEY', ''],
    ['  value: V0', ''],
    ['  value: V0\n  value: x, name: API_KEY', ''],
    // An edge ends a thing.
    ['name: API_KEY\n\nvalue: V0', ''],
    ['name: API_KEY\n   \nvalue: V0', ''],
    ['name: API_KEY\n  }\nvalue: V0', ''],
    ['name: API_KEY\n  ]\nvalue: V0', ''],
    ['name: API_KEY\n  )\nvalue: V0', ''],
    ['name: API_KEY\n- x: 1\n  value: V0', ''],
    ['name: API_KEY\nx [ \nvalue: V0', ''],
    ['name: API_KEY\n"value" : "x"\nvalue: V0', ''],
    ['name: API_KEY\nvalue=x\nvalue: V0', ''],
    ['name: API_KEY\nx: { a }\nvalue: V0', 'API_KEY'],
    // A key further out, by its indentation.
    ['API_KEY:\n  description: x\n  value: V0', 'API_KEY'],
    ['"API_KEY" : {\n  "secret": true,\n  "value": "V0"', 'API_KEY'],
    ["'api-key.x' = {\n  value = 'V0'", 'api-key.x'],
    ['  API_KEY:\n  value: V0', ''],
    ['API_KEY: x\n  value: V0', ''],
    ['x API_KEY:\n  value: V0', ''],
    ['API_KEY:\n\n  value: V0', ''],
    ['API_KEY:\n  a: 1\n  b: 2\n  c: 3\n  value: V0', 'API_KEY'],
    ['API_KEY:\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n  value: V0', ''],
    ['  API_KEY:   \n    value: V0', 'API_KEY'],
    // Elements.
    ['<name>API_KEY</name>\n  <value>V0</value>', 'API_KEY'],
    ['<key>api.key</key>\n<string> V0</string>', 'api.key'],
    ['<setting name="API_KEY" x="1">\n  <value>V0</value>', 'API_KEY'],
    ["<entry key = 'API_KEY'>\n  <value>V0</value>", 'API_KEY'],
    ['<entry id="API_KEY">\n  <VALUE>V0</VALUE>', 'API_KEY'],
    ['<entry>\n  <value>V0</value>', ''],
    ['<value>V0</value>', ''],
    ['<name>API_KEY</name>\nx <value>V0</value>', ''],
    // What is given back where a look-up found nothing.
    ['if not os.environ.get("API_KEY"):\n    return "V0"', 'API_KEY'],
    ["if (!process.env['API_KEY']) {\n  log();\n  x();\n  y();\n  return 'V0';", 'API_KEY'],
    ["if (!process.env['API_KEY']) {\n  log();\n  x();\n  y();\n  z();\n  return 'V0';", ''],
    ['x = GetEnvironmentVariable("API_KEY")\nreturn  "V0"', 'API_KEY'],
    ['x = other("API_KEY")\nreturn "V0"', ''],
    ['return "V0"', ''],
    // The value begins below.
    ['api_key: |-\n  V0', 'api_key'],
    ['api_key: >+2  \n  V0', 'api_key'],
    ['api_key = |\n  V0', 'api_key'],
    ['<key>API KEY</key>  \n  V0', 'API KEY'],
    ['api_key =\n  `V0`', 'api_key'],
    ['api_keys = [\n  "V0"', 'api_keys'],
    ['set("api_key",\n  "V0")', 'api_key'],
    ['api_key =\n  x + "V0"', ''],
  ])('%j', (text, name) => {
    expect(nameIn(text)).toBe(name);
  });
});
