/** Texts with secrets, made one from another by the edits that could fool a scan that looks at changed lines alone. */
import type { Random } from './random.ts';
import { plant } from './secrets.ts';

/** Secrets of one line, and with what they need beside them; the last ones are of several lines. */
const SECRETS = [
  'token: [|ghp_{{alnum:30}}{{checksum:github}}|]',
  'STRIPE_SECRET_KEY=[|sk_live_51{{alnum:97}}|]',
  'ASSEMBLYAI_API_KEY=[|{{hex:32}}|]',
  "headers = { 'x-zoom-s2t-key': '[|{{hex:42}}|]' }",
  'DATABASE_URL=postgres://app:[|{{alnum:20}}|]@db.prod.corp.io/app',
  "const client = new AssemblyAI({ apiKey: '[|{{hex:32}}|]' });",
  'stripe.api_key = "[|sk_live_{{alnum:24}}|]"',
  "# assemblyai\nconst client = create();\nclient.apiKey = '[|{{hex:32}}|]';",
  'SCRIBEBERRY_API_KEY=[|sk_live_{{alnum:32}}|]\r',
  `db_pass${'word'}: '[|{{alnum:20}}|]'`,
  'ENV\n  SERVICE_TOKEN [|{{alnum:32}}|]',
  // Below what names them.
  '| Host | Password |\n|------|----------|\n| db1 | [|{{alnum:14}}|] |\n| db2 | x |',
  'host;user;password\ndb1;admin;[|{{alnum:14}}|]',
  '<tr><th>Host</th><th>Password</th></tr>\n<tr><td>db1</td><td>[|{{alnum:14}}|]</td></tr>',
  '||Host||Password||\n|db1|[|{{alnum:14}}|]|',
  'API_KEYS:\n  - [|{{alnum:32}}|]\n  - shop',
  "const apiKeys = [\n  '[|{{alnum:32}}|]', // anna\n];",
  "const apiKey =\n  '[|{{alnum:40}}|]';",
  'config.setPassword(\n    "[|{{alnum:16}}|]");',
  // What says whose they are stands above or below.
  "# AssemblyAI\n\napi_key: '[|{{hex:32}}|]'",
  "case 'assemblyai':\n  return '[|{{hex:32}}|]';",
  '  "secret": "[|{{hex:32}}|]",\n  "provider": "assemblyai"',
  '"apikey": [\n  {\n    "key": "value",\n    "value": "[|{{alnum:32}}|]"',
  "INSERT INTO users (name, password) VALUES\n  ('anna', '[|{{alnum:14}}|]'),\n  ('bert', 'x');",
  'resource "parameter" "acme_token" {\n  name  = "/prod"\n  value = "[|{{alnum:40}}|]"\n}',
  "new Parameter('acme', {\n  value: '[|{{alnum:40}}|]',\n  name: 'API_TOKEN',\n});",
  'function acmeToken()\n{\n  return "[|{{alnum:40}}|]";',
  'def acme_token():\n    # of acme\n    return "[|{{alnum:40}}|]"',
  'fn acme_token() -> &\'static str {\n    "[|{{alnum:40}}|]"',
  "import { createClient } from '@assemblyai/sdk';\nconst api = createClient('[|{{hex:32}}|]');",
  "const client = algoliasearch('B1G2GM9NG0', '[|{{hex:32}}|]');\nindex.saveObjects(all);",
  "aws ssm put-parameter \\\n  --name /acme/session \\\n  --value '[|{{alnum:32}}|]'",
  'java -Dassemblyai.token=[|{{hex:32}}|]',
  'api_key: Optional[str] = "[|{{alnum:36}}|]"',
  // Encoded ones.
  '{"url": "postgres:\\/\\/app:[|{{alnum:20}}|]@db.prod.corp.io\\/app"}',
  'https://acme.net/?next=%2Flogin%3Ftoken%3D[|ghp_{{alnum:30}}{{checksum:github}}|]',
  // Checks that hold no secret: the first letters are generated, so that this file has none.
  'console.log(`[|{{[k]:1}}|]ey ${api{{[K]:1}}ey}`);',
  'logger.info(client{{[S]:1}}ecret, 1);',
  'NEXT_PUBLIC_STRIPE_{{[S]:1}}ECRET_KEY=',
];
const PLAIN = [
  'line',
  'const x = 1;',
  '',
  '  return;',
  '\r',
  'export API_KEY=',
  "import { AssemblyAI } from 'assemblyai';",
  '# stripe',
  'api key: none',
  'kind: Secret',
  '|---|---|',
  '| db1 | none |',
  'host;user;password',
  'API_KEYS:',
  'const apiKey =',
  "  'none',",
  '# Stripe',
  "case 'assemblyai':",
  '  "provider": "stripe"',
  'data:',
  '---',
  'INSERT INTO users (password, name) VALUES',
  "  ('carl', 'abcdef1'),",
  'function none()',
  '{',
  'if (none) {',
  '  # of acme',
  'index.search(all);',
  '- name: API_TOKEN',
  '  value: none',
  'resource "parameter" "acme" {',
  '  --name /acme/key \\',
];

/** A text in base64 over some lines, as the value of a Kubernetes Secret, or with every sign escaped. */
function encoded(text: string, random: Random): string {
  const base64 = Buffer.from(`a text that goes before it: ${text}`).toString('base64');
  switch (random.below(4)) {
    case 0:
      return `value: |\n${(base64.match(/.{1,64}/g) ?? []).map((line) => `  ${line}`).join('\n')}`;
    case 1:
      return `const config = "${base64}";`;
    case 2:
      return `  password: ${Buffer.from(text).toString('base64')}`;
    default:
      return `x = "${Array.from(Buffer.from(text), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
  }
}

/** Versions of a text, each made from one before it by the edits that could fool an inheritance of lines. */
export class Versions {
  readonly #random: Random;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  first(): string {
    const lines = Array.from({ length: 4 + this.#random.below(30) }, () => this.#line());
    return lines.join('\n') + (this.#random.chance(70) ? '\n' : '');
  }

  next(text: string): string {
    const random = this.#random;
    let edited = text;
    for (let count = 1 + random.below(3); count > 0; count--) edited = this.#edit(edited);
    return random.chance(2) ? `${edited}\0` : edited;
  }

  #edit(text: string): string {
    const random = this.#random;
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(120));
    const lines = text.split('\n');
    const from = random.below(lines.length);
    const block = lines.slice(from, from + 1 + random.below(6));
    const without = [...lines.slice(0, from), ...lines.slice(from + block.length)];
    const to = random.below(without.length + 1);
    switch (random.below(10)) {
      case 0: // cut, wherever it hits
        return text.slice(0, at) + text.slice(Math.min(text.length, at + 1 + random.below(3)));
      case 1: // one byte more
        return `${text.slice(0, at)}${random.of(['x', '\n', '=', '"', 'A'])}${text.slice(at)}`;
      case 2: // a block moved
        return [...without.slice(0, to), ...block, ...without.slice(to)].join('\n');
      case 3: // a block twice
        return [...lines.slice(0, from), ...block, ...lines.slice(from)].join('\n');
      case 4: // lines joined
        return [...lines.slice(0, from), block.join(''), ...lines.slice(from + block.length)].join('\n');
      case 5: // any bytes taken again elsewhere: two halves may make one secret
        return text.slice(0, at) + text.slice(at, end) + text.slice(random.below(at + 1), end) + text.slice(end);
      case 6:
        return text.endsWith('\n') ? text.slice(0, -1) : `${text}\n`;
      case 7:
        return random.chance(30) ? text.replaceAll('\n', '\r\n') : without.join('\n');
      default:
        return [...lines.slice(0, from), this.#line(), ...lines.slice(from)].join('\n');
    }
  }

  #line(): string {
    const random = this.#random;
    if (!random.chance(20)) return random.of(PLAIN);
    const { text } = plant(random.of(SECRETS), `delta scan ${random.below(1_000_000)} ${this.#count++}`);
    return random.chance(30) ? encoded(text, random) : text;
  }
}
