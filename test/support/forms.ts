/** The ways in which languages, formats and people write that a name has a value. What tests of recall plant secrets in. */

const upper = (words: readonly string[]): string => words.join('_').toUpperCase();
const snake = (words: readonly string[]): string => words.join('_');
const kebab = (words: readonly string[]): string => words.join('-');
const dotted = (words: readonly string[]): string => words.join('.');
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const pascal = (words: readonly string[]): string => words.map(capital).join('');
const camel = (words: readonly string[]): string => (words[0] ?? '') + pascal(words.slice(1));
const title = (words: readonly string[]): string => words.map(capital).join(' ');

/** A text in which a value is given to the name that some words make. */
export type Form = (words: readonly string[], value: string) => string;

/** By what they are called. */
export const FORMS: Readonly<Record<string, Form>> = {
  environment: (n, v) => `${upper(n)}=${v}`,
  'environment, quoted': (n, v) => `${upper(n)}="${v}"`,
  'shell export': (n, v) => `export ${upper(n)}='${v}'`,
  'Dockerfile ENV': (n, v) => `ENV ${upper(n)} ${v}`,
  'docker run': (n, v) => `docker run -e ${upper(n)}=${v} acme/app`,
  compose: (n, v) => `    environment:\n      - ${upper(n)}=${v}\n`,
  PowerShell: (n, v) => `$env:${upper(n)} = "${v}"`,
  'cmd set': (n, v) => `set ${upper(n)}=${v}`,
  'fish set': (n, v) => `set -x ${upper(n)} ${v}`,
  setx: (n, v) => `setx ${upper(n)} "${v}"`,
  JavaScript: (n, v) => `const ${camel(n)} = '${v}';`,
  TypeScript: (n, v) => `export const ${camel(n)}: string = "${v}";`,
  'process.env or': (n, v) => `const k = process.env.${upper(n)} || '${v}';`,
  Python: (n, v) => `${snake(n)} = "${v}"`,
  'Python, typed': (n, v) => `${snake(n)}: str = "${v}"`,
  'keyword argument': (n, v) => `client = connect(${snake(n)}="${v}", timeout=3)`,
  'os.environ': (n, v) => `os.environ["${upper(n)}"] = "${v}"`,
  'os.environ.get': (n, v) => `os.environ.get("${upper(n)}", "${v}")`,
  YAML: (n, v) => `${snake(n)}: ${v}`,
  'YAML, kebab': (n, v) => `${kebab(n)}: "${v}"`,
  'YAML, folded': (n, v) => `${snake(n)}: >-\n    ${v}\n`,
  'YAML, literal': (n, v) => `${snake(n)}: |\n    ${v}\n`,
  JSON: (n, v) => `{"${camel(n)}": "${v}"}`,
  'JSON in a string': (n, v) => `"{\\"${snake(n)}\\":\\"${v}\\"}"`,
  'JSON, next line': (n, v) => `"${snake(n)}":\n    "${v}"`,
  'JSON name and value': (n, v) => `{\n  "name": "${upper(n)}",\n  "value": "${v}",\n  "slotSetting": false\n}`,
  'JSON value and key': (n, v) => `{\n  "value": "${v}",\n  "key": "${upper(n)}"\n}`,
  'Kubernetes env': (n, v) => `- name: ${upper(n)}\n  value: ${v}`,
  properties: (n, v) => `${kebab(n)}=${v}`,
  INI: (n, v) => `${snake(n)} = ${v}`,
  'XML element': (n, v) => `<${camel(n)}>${v}</${camel(n)}>`,
  'XML element, own line': (n, v) => `<${camel(n)}>\n    ${v}\n</${camel(n)}>`,
  'XML add': (n, v) => `<add key="${pascal(n)}" value="${v}" />`,
  'XML attribute': (n, v) => `<client ${camel(n)}="${v}" timeout="3"/>`,
  'Android string': (n, v) => `<string name="${snake(n)}">${v}</string>`,
  'Android meta-data': (n, v) => `<meta-data\n    android:name="${snake(n)}"\n    android:value="${v}" />`,
  'property list': (n, v) => `<key>${pascal(n)}</key>\n<string>${v}</string>`,
  'Java constant': (n, v) => `private static final String ${upper(n)} = "${v}";`,
  'Java put': (n, v) => `map.put("${snake(n)}", "${v}");`,
  'Spring default': (n, v) => `@Value("\${${kebab(n)}:${v}}")`,
  Kotlin: (n, v) => `const val ${upper(n)} = "${v}"`,
  Swift: (n, v) => `static let ${camel(n)}: String = "${v}"`,
  'Objective-C': (n, v) => `NSString *const k${pascal(n)} = @"${v}";`,
  'C define': (n, v) => `#define ${upper(n)} "${v}"`,
  'C# property': (n, v) => `public string ${pascal(n)} { get; set; } = "${v}";`,
  'C# environment': (n, v) => `Environment.SetEnvironmentVariable("${upper(n)}", "${v}");`,
  'Go struct': (n, v) => `\t${pascal(n)}: "${v}",`,
  'Go short': (n, v) => `${camel(n)} := "${v}"`,
  'Go call, own lines': (n, v) => `os.Setenv(\n\t"${upper(n)}",\n\t"${v}",\n)`,
  Rust: (n, v) => `const ${upper(n)}: &str = "${v}";`,
  'Ruby hash': (n, v) => `:${snake(n)} => '${v}'`,
  'Ruby fetch': (n, v) => `ENV.fetch('${upper(n)}', '${v}')`,
  'PHP array': (n, v) => `'${snake(n)}' => '${v}',`,
  'PHP define': (n, v) => `define('${upper(n)}', '${v}');`,
  putenv: (n, v) => `putenv("${upper(n)}=${v}");`,
  Erlang: (n, v) => `{${snake(n)}, "${v}"}`,
  R: (n, v) => `${snake(n)} <- "${v}"`,
  Clojure: (n, v) => `(def ${kebab(n)} "${v}")`,
  Makefile: (n, v) => `${upper(n)} ?= ${v}`,
  Gradle: (n, v) => `buildConfigField "String", "${upper(n)}", "\\"${v}\\""`,
  'Terraform variable': (n, v) => `variable "${snake(n)}" {\n  type    = string\n  default = "${v}"\n}`,
  flag: (n, v) => `app run --${kebab(n)} ${v} --verbose`,
  'list of arguments': (n, v) => `args: ["--${kebab(n)}", "${v}"]`,
  'gh secret': (n, v) => `gh secret set ${upper(n)} --body "${v}"`,
  header: (n, v) => `curl -H "X-${n.map(capital).join('-')}: ${v}" https://acme.example/`,
  query: (n, v) => `https://acme.example/v1?${snake(n)}=${v}&page=2`,
  prose: (n, v) => `${title(n)}: ${v}`,
  'prose, is': (n, v) => `The ${title(n)} is \`${v}\`.`,
  table: (n, v) => `| ${title(n)} | \`${v}\` |`,
  CSV: (n, v) => `${snake(n)},${v}`,
  comment: (n, v) => `// ${upper(n)}=${v}`,
  'next line': (n, v) => `const ${camel(n)} =\n  '${v}';`,
  'next line, brackets': (n, v) => `${upper(n)} = (\n    "${v}"\n)`,
  section: (n, v) => `${dotted(n.slice(0, -1))}.${n.at(-1) ?? ''}=${v}`,
};

/** Ways in which the first of the words names what the value stands in. */
export const NESTED_FORMS: Readonly<Record<string, Form>> = {
  YAML: ([owner = '', ...n], v) => `services:\n  ${owner}:\n    enabled: true\n    ${snake(n)}: ${v}\n`,
  'YAML, camel case': ([owner = '', ...n], v) => `${owner}:\n  ${camel(n)}: "${v}"\n`,
  JSON: ([owner = '', ...n], v) => `{\n  "${owner}": {\n    "timeout": 30,\n    "${camel(n)}": "${v}"\n  }\n}`,
  'JSON, one line': ([owner = '', ...n], v) => `{"${capital(owner)}": {"Retries": 3, "${pascal(n)}": "${v}"}}`,
  JavaScript: ([owner = '', ...n], v) => `export const config = {\n  ${owner}: {\n    ${camel(n)}: '${v}',\n  },\n};`,
  TOML: ([owner = '', ...n], v) => `[${owner}]\nretries = 3\n\n${snake(n)} = "${v}"\n`,
  INI: ([owner = '', ...n], v) => `; settings\n[${owner}]\n${snake(n)}=${v}\n`,
  Terraform: ([owner = '', ...n], v) => `provider "${owner}" {\n  ${snake(n)} = "${v}"\n}`,
  PHP: ([owner = '', ...n], v) => `return [\n    '${owner}' => [\n        '${snake(n)}' => '${v}',\n    ],\n];`,
  Ruby: ([owner = '', ...n], v) => `CONFIG = {\n  ${owner}: { ${snake(n)}: "${v}" },\n}`,
  Python: ([owner = '', ...n], v) => `SETTINGS = {\n    "${owner}": {\n        "${snake(n)}": "${v}",\n    },\n}`,
  XML: ([owner = '', ...n], v) => `<${owner}>\n  <${camel(n)}>${v}</${camel(n)}>\n</${owner}>`,
  class: ([owner = '', ...n], v) => `class ${capital(owner)}:\n    ${snake(n)} = "${v}"\n`,
};
