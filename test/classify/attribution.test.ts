import { describe, expect, test } from 'vitest';
import type { Sighting } from '../../src/model/finding.ts';
import type { Attribution, Rule } from '../../src/model/rule.ts';
import { builtinExamples, builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

const { rules } = builtinRules();
const examples = builtinExamples();
const inspector = new Inspector(builtinRules());

interface Provider {
  readonly name: string;
  readonly rule: Rule;
  readonly attribute: Attribution;
}

/** A secret of the form that the rule's own examples have. */
function secretOf(rule: Rule, salt: string): string {
  const [example] = examples[rule.id]?.match ?? [];
  const [secret] = plant(example?.text ?? '', salt).secrets;
  if (secret === undefined) throw new Error(`${rule.id} has no example`);
  return secret;
}

/** Providers of the sk_live_ family, each with one of its rules. */
const FAMILY: readonly Provider[] = [...new Set(rules.map(({ provider }) => provider))].flatMap((name) => {
  const rule = rules.find(
    ({ provider, matcher }) => provider === name && matcher.kind === 'member' && matcher.of.startsWith('unattributed-secret-key'),
  );
  return rule?.attribute === undefined ? [] : [{ name, rule, attribute: rule.attribute }];
});

type Language = 'JavaScript' | 'Python' | 'Ruby' | 'Go' | 'Java' | 'C#';
const LANGUAGES: readonly Language[] = ['JavaScript', 'Python', 'Ruby', 'Go', 'Java', 'C#'];

const pascal = (word: string): string => word.replace(/^[a-z]/, (first) => first.toUpperCase());

/** `name = "secret"` */
function assignment(language: Language, name: string, secret: string): string {
  const constant = `${name.toUpperCase()}_KEY`;
  switch (language) {
    case 'JavaScript':
      return `const ${name}Key = '${secret}';`;
    case 'Python':
      return `${name}_key = "${secret}"`;
    case 'Ruby':
      return `${constant} = '${secret}'`;
    case 'Go':
      return `const ${name}Key = "${secret}"`;
    case 'Java':
      return `private static final String ${constant} = "${secret}";`;
    case 'C#':
      return `public string ${pascal(name)}Key { get; } = "${secret}";`;
  }
}

function request(language: Language, host: string, secret: string): string {
  switch (language) {
    case 'JavaScript':
      return `await fetch('https://${host}/v1/things', { headers: { Authorization: 'Bearer ${secret}' } });`;
    case 'Python':
      return `requests.get("https://${host}/v1/things",\n    headers={"Authorization": "Bearer ${secret}"})`;
    case 'Ruby':
      return `uri = URI('https://${host}/v1/things')\nrequest['Authorization'] = 'Bearer ${secret}'`;
    case 'Go':
      return `req, _ := http.NewRequest("GET", "https://${host}/v1/things", nil)\nreq.Header.Set("Authorization", "Bearer ${secret}")`;
    case 'Java':
      return `HttpRequest.newBuilder(URI.create("https://${host}/v1/things"))\n    .header("Authorization", "Bearer ${secret}")`;
    case 'C#':
      return `client.BaseAddress = new Uri("https://${host}/");\nclient.DefaultRequestHeaders.Add("Authorization", "Bearer ${secret}");`;
  }
}

function imported(language: Language, name: string, secret: string): string {
  const use = '\n\n\n\n\n\n\n\n';
  switch (language) {
    case 'JavaScript':
      return `import client from '${name}';${use}connect({ credential: '${secret}' });`;
    case 'Python':
      return `import ${name}${use}connect(credential="${secret}")`;
    case 'Ruby':
      return `require '${name}'${use}connect(credential: '${secret}')`;
    case 'Go':
      return `import "${name}"${use}connect("${secret}")`;
    case 'Java':
      return `import ${name};${use}connect("${secret}");`;
    case 'C#':
      return `using ${name};${use}Connect("${secret}");`;
  }
}

function constructed(language: Language, name: string, secret: string): string {
  switch (language) {
    case 'JavaScript':
      return `const client = new ${pascal(name)}({ apiKey: '${secret}' });`;
    case 'Python':
      return `client = ${name}.Client(api_key="${secret}")`;
    case 'Ruby':
      return `client = ${pascal(name)}::Client.new(api_key: '${secret}')`;
    case 'Go':
      return `client := ${name}.NewClient("${secret}")`;
    case 'Java':
      return `${pascal(name)} client = ${pascal(name)}.builder().apiKey("${secret}").build();`;
    case 'C#':
      return `var client = new ${pascal(name)}Client("${secret}");`;
  }
}

/** Packages as a language would import them; a trailing `*` is filled in. */
function packageFor(language: Language, { packages }: Attribution): string | undefined {
  const fits = (name: string): boolean => {
    if (language === 'JavaScript') return !/^(?:com\.|github\.com|.*\/.*\/)/.test(name);
    if (language === 'Go') return name.startsWith('github.com');
    if (language === 'Java') return name.startsWith('com.');
    return /^[a-z][\w]*\*?$/.test(name);
  };
  return packages.find(fits)?.replace(/\*$/, 'sdk');
}

interface Case {
  readonly what: string;
  readonly text: string;
  readonly expected: readonly string[];
}

/** Other ways to write the same: settings, manifests, markup, notebooks, requests, calls of many lines. By file name. */
function written(word: string, host: string | undefined, secret: string): readonly (readonly [where: string, text: string])[] {
  const [upper, name] = [word.toUpperCase(), pascal(word)];
  return [
    ['YAML, comment between', `${word}:\n  # rotate soon\n  secret_key: ${secret}\n`],
    ['TOML', `[${word}]\nmode = "x"\nsecret = "${secret}"\n`],
    ['Terraform', `variable "${word}_key" {\n  type = string\n  default = "${secret}"\n}`],
    ['properties', `${word}.secret.key=${secret}`],
    ['XML attribute', `<add key="${name}SecretKey" value="${secret}" />`],
    ['XML text', `<string name="${word}_secret">${secret}</string>`],
    ['property list', `<key>${name}Key</key>\n<string>${secret}</string>`],
    ['Dockerfile', `ENV ${upper}_SECRET_KEY=${secret}`],
    ['workflow', `env:\n  ${upper}_SECRET_KEY: ${secret}\n`],
    ['containers', `env:\n  - name: ${upper}_API_KEY\n    value: "${secret}"\n`],
    ['notebook', `{"source": ["${word}_key = \\"${secret}\\"\\n"]}`],
    ['compose, fallback', `environment:\n  - ${upper}_KEY=\${${upper}_KEY:-${secret}}`],
    ['PowerShell', `$env:${upper}_SECRET_KEY = "${secret}"`],
    ['PHP, fallback', `'${word}' => [\n    'secret' => env('${upper}_SECRET', '${secret}'),\n],`],
    ['class, comment between', `class ${name}Service {\n  // from the dashboard\n  private readonly secretKey = '${secret}';\n}`],
    ['Rust', `const ${upper}_SECRET_KEY: &str = "${secret}";`],
    ['Kotlin', `val client = ${name}Client(secretKey = "${secret}")`],
    ['Swift', `let ${word}Key = "${secret}"`],
    [
      'Secret called after it',
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${word}-credentials\ntype: Opaque\ndata:\n  api-key: ${Buffer.from(secret).toString('base64')}\n`,
    ],
    ['Elixir', `config :app, :${word}, secret_key: "${secret}"`],
    ['Markdown', `# ${name}\n\nUse \`${secret}\` as the key.`],
    ['call of many lines', `const client = new ${name}(\n  // account key\n  '${secret}',\n  { retries: 2 },\n);`],
    ['keyword arguments', `${word}.configure(\n    timeout=3,\n    api_key="${secret}",\n)`],
    ...(host === undefined
      ? []
      : ([
          ['curl', `curl https://${host}/v1/x \\\n  -u ${secret}:`],
          ['HTTP file', `POST https://${host}/v1/things\nAuthorization: Bearer ${secret}\n`],
          [
            'client with a base URL',
            `axios.create({\n  baseURL: 'https://${host}',\n  timeout: 1000,\n  headers: { Authorization: 'Bearer ${secret}' },\n});`,
          ],
          ['block of Ruby', `Faraday.new(url: 'https://${host}') do |f|\n  f.request :authorization, 'Bearer', '${secret}'\nend`],
          ['JSON', `{"url":"https://${host}/v1","auth":{"token":"${secret}"}}`],
        ] as const)),
  ];
}

function cases(): Case[] {
  const all: Case[] = [];
  for (const [index, provider] of FAMILY.entries()) {
    const { name, rule, attribute } = provider;
    const word = attribute.names[0] ?? '';
    const other = FAMILY[(index + 1) % FAMILY.length] ?? provider;
    for (const [where, text] of written(word, attribute.hosts[0], secretOf(rule, `${name} written`)))
      all.push({ what: `${name}, ${where}`, text, expected: [name] });
    for (const language of LANGUAGES) {
      const secret = secretOf(rule, `${name} ${language}`);
      const add = (context: string, text: string, expected: readonly string[] = [name]): number =>
        all.push({ what: `${name}, ${language}, ${context}`, text, expected });
      add('name only', assignment(language, word, secret));
      const [host] = attribute.hosts;
      if (host !== undefined) add('host only', request(language, host.includes('.') && host.split('.').length === 2 ? `api.${host}` : host, secret));
      const module = packageFor(language, attribute);
      if (module !== undefined) add('import only', imported(language, module, secret));
      add('constructor', constructed(language, word, secret));
      const second = secretOf(other.rule, `${name} ${language} other`);
      add('two providers', `${assignment(language, word, secret)}\n${assignment(language, other.attribute.names[0] ?? '', second)}\n`, [
        name,
        other.name,
      ]);
    }
  }
  return all;
}

const found = (text: string): Sighting[] => inspector.inspect(Buffer.from(text)).filter(({ rule }) => rule.kind !== 'check');

describe('whose key it is, for each provider of the family in six languages and five contexts', () => {
  const all = cases();
  const results = all.map((one) => ({ ...one, got: found(one.text) }));

  test('the set is whole', () => {
    expect(FAMILY.length).toBeGreaterThanOrEqual(15);
    expect(all.length).toBeGreaterThan(FAMILY.length * 6 * 4);
  });

  test('at least 95 in 100 are right', () => {
    const wrong = results
      .filter(({ expected, got }) => got.map(({ rule }) => rule.provider).join() !== expected.join())
      .map(({ what, got }) => `${what}: ${got.map(({ rule }) => rule.id).join() || 'nothing'}`);
    expect(wrong.length / all.length, wrong.slice(0, 40).join('\n')).toBeLessThanOrEqual(0.05);
  });

  test('no wrong provider is stated with high confidence', () => {
    const bold = results.flatMap(({ what, expected, got }) =>
      got
        .filter(({ rule, confidence }) => confidence === 'high' && rule.provider !== 'unattributed' && !expected.includes(rule.provider))
        .map(({ rule }) => `${what}: ${rule.id}`),
    );
    expect(bold).toEqual([]);
  });

  test('where nothing or too much says whose it is, it says so', () => {
    const secret = plant('[|sk_live_{{alnum:24}}|]', 'ambiguous').secrets[0] ?? '';
    const [alone] = found(`key = "${secret}"`);
    expect([alone?.rule.provider, alone?.confidence, alone?.evidence[0]]).toEqual([
      'unattributed',
      'medium',
      expect.stringContaining('nothing near it says whose it is'),
    ]);
    const [tied] = found(`# stripe or paymongo\nkey = "${secret}"\n`);
    expect([tied?.rule.provider, tied?.evidence[0]]).toEqual(['unattributed', expect.stringContaining('several providers stand equally near: ')]);
  });
});

/** Rule, provider and confidence of all that is found. */
function attributed(template: string): (string | undefined)[][] {
  return found(plant(template, 'other mode').text).map(({ rule, issuer, confidence }) => [rule.id, (issuer ?? rule).provider, confidence]);
}

describe('a key of a mode that its provider is not known to issue', () => {
  test.each([
    ['own name', 'SCRIPTIX_API_TOKEN=[|sk_test_{{lower36:36}}|]', 'unattributed-secret-key-test', 'Scriptix'],
    ['section', 'scribesight:\n  secretKey: [|sk_test_{{alnum:36}}|]\n', 'unattributed-secret-key-test', 'Scribe Sight'],
    [
      'import',
      "import { Knock } from '@knocklabs/node';\n\n\n\n\n\nconst key = '[|sk_live_{{alnum:43}}|]';",
      'unattributed-secret-key-live',
      'Knock',
    ],
    ['the shape of another provider', 'PAGARME_KEY=[|sk_live_{{alnum:16}}|]', 'unattributed-secret-key-live', 'Pagar.me'],
    ['a provider outside the family', 'RESEND_API_KEY=[|sk_live_{{alnum:30}}|]', 'unattributed-secret-key-live', 'Resend'],
  ])('%s', (_what, template, rule, provider) => {
    expect(attributed(template)).toEqual([[rule, provider, 'medium']]);
  });

  test('a member that is claimed comes first', () => {
    expect(attributed('KNOCK_URL=https://api.knock.app\nSTRIPE_SECRET_KEY=[|sk_live_{{alnum:24}}|]\n')).toEqual([
      ['stripe-secret-key-live', 'Stripe', 'high'],
    ]);
  });
});

describe("a value's own name comes before a neighbour that is known for such keys", () => {
  const STRIPE = 'STRIPE_SECRET_KEY=sk_live_{{base62:24}}\n';
  test.each([
    ['AssemblyAI', `${STRIPE}ASSEMBLYAI_API_KEY=sk_test_{{base62:24}}\n`],
    ['Scriptix', `${STRIPE}SCRIPTIX_KEY=sk_test_{{base62:24}}\n`],
    ['Scriptix', `${STRIPE}SCRIPTIX_KEY=sk_test_{{alnum:12}}\n`],
    ['Deepgram', `${STRIPE}DEEPGRAM_API_KEY=sk_test_{{base62:24}}\n`],
    ['Deepgram', "const stripe = new Stripe('sk_live_{{base62:24}}');\nconst deepgram = new Deepgram('sk_live_{{alnum:24}}');\n"],
    ['AssemblyAI', "import Stripe from 'stripe';\nconst stripe = new Stripe(key);\nnew AssemblyAI({ apiKey: 'sk_live_{{base62:24}}' });\n"],
    ['AssemblyAI', "stripe.api_key = 'sk_live_{{base62:24}}'\nassemblyai.settings.api_key = 'sk_live_{{alnum:24}}'\n"],
    ['Deepgram', "# stripe\ncurl https://api.deepgram.com/v1/listen -H 'Authorization: Token sk_live_{{base62:24}}'\n"],
    ['Scriptix', '{ "stripe": { "key": "sk_live_{{base62:24}}" },\n  "scriptix": { "key": "sk_test_{{base62:24}}" } }\n'],
  ])('%s', (provider, template) => {
    expect(attributed(template).at(-1)).toEqual([expect.stringMatching(/^unattributed-secret-key-/), provider, 'medium']);
  });

  test.each([
    ['a name that names nobody', `${STRIPE}ACME_KEY=sk_test_{{base62:24}}\n`],
    ['a platform around it', 'heroku:\n  env:\n    # stripe\n    API_KEY: sk_live_{{base62:24}}\n'],
    ['a page on its line', "// stripe\nuse('sk_live_{{base62:24}}'); // https://github.com/acme/shop\n"],
    ['an API where its own is on the line, too', "use('https://api.deepgram.com', stripe('sk_live_{{base62:24}}'));\n"],
    ['a platform in its name beside its own', 'VERCEL_STRIPE_KEY=sk_live_{{base62:24}}\n'],
  ])('but not %s', (_, template) => {
    expect(attributed(template).at(-1)?.[1]).toBe('Stripe');
  });
});

test('the login of a request is the key of the host that it is sent to, also as base64', () => {
  const { secrets } = plant('[|sk_live_{{alnum:24}}|]', 'basic');
  const login = Buffer.from(`${secrets[0] ?? ''}:`).toString('base64');
  expect(attributed(`GET https://api.stripe.com/v1/balance\nAuthorization: Basic ${login}\n`)).toEqual([
    ['stripe-secret-key-live', 'Stripe', 'high'],
  ]);
});

describe('a key with nothing near that says whose it is', () => {
  /** All that is told of a text, or nothing. */
  const told = (template: string): (string | undefined)[][] =>
    found(plant(template, 'alone').text).map(({ rule, confidence, evidence }) => [rule.provider, confidence, evidence[0]]);
  /** Apart from what follows it, so that nothing here has the shape of a key. */
  const PREFIX = ['sk', 'live', ''].join('_');
  const shape = (provider: string): string => `of the providers whose keys' shape is known, only ${provider} uses this length and alphabet`;

  test.each([
    ['[|sk_live_{{alnum:16}}|]', 'Culqi', 'medium', shape('Culqi')],
    ['[|sk_live_{{alnum:42}}|]', 'Clerk', 'medium', shape('Clerk')],
    ['[|sk_live_{{hex:40}}|]', 'Paystack', 'medium', shape('Paystack')],
    ['[|sk_live_51{{alnum:97}}|]', 'Stripe', 'high', 'a structure that only Stripe uses'],
    [
      '[|sk_live_{{alnum:70}}|]',
      'unattributed',
      'medium',
      'nothing near it says whose it is; its shape fits Stripe, or another provider that uses this prefix',
    ],
  ])('%s is of %s by its shape', (template, ...expected) => {
    expect(told(`x = "${template}"\n`)).toEqual([expected]);
  });

  test.each([
    ['cut short by dots', 'x = "[|sk_live_{{alnum:20}}|]..."\n'],
    ['cut short by the sign for dots', 'x = "[|sk_live_{{alnum:20}}|]\u2026"\n'],
    ['of letters of one case', `x = "${PREFIX}abcdefghijklmnopqrst"\n`],
    ['of digits alone', `x = "${PREFIX}31415926535897932384"\n`],
    ['in words', `x = "${PREFIX}thisIsMyTestValueForYou"\n`],
    ['a readable text in base64', `x = "${PREFIX}${Buffer.from('a readable text 12').toString('base64')}"\n`],
    ['short', 'x = "[|sk_live_{{alnum:9}}|]"\n'],
    ['short beside its provider', 'stripe = "[|sk_live_{{alnum:5}}|]"\n'],
  ])('%s it is none', (_what, template) => {
    expect(told(template)).toEqual([]);
  });
});

describe('a name that is a word of the language too', () => {
  const key = "\n\nconst secretKey = '[|sk_live_{{base62:26}}|]';\n";
  const providers = (text: string): string[] => found(plant(text, 'word').text).map(({ rule, issuer }) => issuer?.provider ?? rule.provider);

  test.each([
    '// The clerk enters what is paid, and the door is shut',
    '// Clerk and customer meet where the list is drawn',
    '# we knock on the door, and wait.',
    'The (clerk) of this town, see below, is away',
  ])("is nobody's in running text: %s", (line) => {
    expect(providers(line + key)).toEqual(['unattributed']);
  });

  test.each([
    '// Clerk',
    '# clerk, production',
    '// taken from our Clerk instance when it was made',
    '// the users that clerkClient asks for when it starts',
    '// put the clerk key of the staging system in here',
    '// see clerk.users for what else there is to be done',
    '// see @clerk/nextjs for what else there is to be done',
    "const whoSignsUsersInForUs = 'clerk';",
  ])("is its owner's where it is written as a name: %s", (line) => {
    expect(providers(line + key)).toEqual(['Clerk']);
  });
});

describe("a provider's name that is a word is its own", () => {
  test.each([
    ['Tap Payments', "const KEYS = {\n  tap: '[|sk_live_{{alnum:24}}|]',\n};\nconst stripe = new Stripe(process.env.KEY);\n"],
    ['Tap Payments', "class TapGateway {\n  key = '[|sk_live_{{alnum:24}}|]';\n}\nclass StripeGateway {}\n"],
    ['Tap Payments', "c = tap.Client('[|sk_live_{{alnum:24}}|]')\nd = stripe.Client(key)\n"],
    ['Tap Payments', '# Tap\nSECRET_KEY=[|sk_live_{{alnum:24}}|]\n\n# Stripe\nOTHER_KEY=\n'],
    ['Magic', "const m = createMagicClient({ key: '[|sk_live_{{hexupper:16}}|]' });\nconst s = createStripeClient({ key });\n"],
  ])('%s', (provider, template) => {
    expect(attributed(template).map(([, own]) => own)).toEqual([provider]);
  });

  test.each([
    "const tap = '[|sk_live_{{alnum:24}}|]';\n",
    "tap('[|sk_live_{{alnum:24}}|]');\n",
    "rx.tap('[|sk_live_{{alnum:24}}|]');\n",
    '# tap the card and wait for it\nKEY=[|sk_live_{{alnum:24}}|]\n',
  ])('and nobody in %s', (template) => {
    expect(attributed(template).map(([, own]) => own)).toEqual(['unattributed']);
  });
});

describe('a secret that signs is of whoever its name says', () => {
  test.each([
    ['Resend', 'PAYSTACK_SECRET_KEY=\nRESEND_WEBHOOK_SECRET=[|whsec_{{base62:32}}|]\n'],
    ['OpenAI', 'STRIPE_WEBHOOK_SECRET=\nOPENAI_WEBHOOK_SECRET=[|whsec_{{base62:43}}|]\n'],
    ['Paystack', 'PAYSTACK_WEBHOOK_SECRET=[|whsec_{{base62:32}}|]\n'],
    ['unattributed', 'PAYSTACK_PUBLIC_KEY=\nWEBHOOK_SECRET=[|whsec_{{base62:32}}|]\n'],
  ])('%s', (provider, template) => {
    expect(attributed(template).map(([, own]) => own)).toEqual([provider]);
  });
});

test.each([
  ['Korapay', '[stripe]\nurl = https://api.stripe.com\ncall = curl https://api.korapay.com/x -H "Authorization: Bearer [|sk_live_{{alnum:32}}|]"\n'],
  ['Clerk', 'stripe:\n  run: curl -H "Authorization: Bearer [|sk_live_{{alnum:50}}|]" https://api.clerk.com/v1/users\n'],
  ['Stripe', '[stripe]\nurl = https://api.korapay.com\nkey = [|sk_live_{{alnum:32}}|]\n'],
])('the host on the own line of a key of a family, here of %s, comes before the section that it stands in', (provider, template) => {
  expect(attributed(template).map(([, own]) => own)).toEqual([provider]);
});

test.each([
  ['PayMongo', "const k = provider === 'paymongo' ? '[|sk_live_{{base62:24}}|]' : process.env.KEY;\n"],
  ['unattributed', "const k = provider === 'paymongo' ? '{{alnum:20}}' : '[|sk_live_{{base62:24}}|]';\n"],
  ['PayMongo', "const paymongo = mode === 'live' ? '{{alnum:20}}' : '[|sk_live_{{base62:24}}|]';\n"],
])('what a value is compared with, here of %s, says nothing of what is taken otherwise', (provider, template) => {
  expect(attributed(template).map(([, own]) => own)).toEqual([provider]);
});

test('of providers that are named equally near the one whose keys look so is less sure', () => {
  expect(attributed("const all = ['stripe', 'paystack', 'moyasar'];\nconst key = '[|sk_live_{{alnum:30}}|]';\n")).toEqual([
    ['moyasar-secret-key-live', 'Moyasar', 'medium'],
  ]);
});

test.each([
  ['Tap Payments', 'gateway,secret_key\nstripe,\ntap,[|sk_live_{{alnum:24}}|]\n'],
  ['Tap Payments', 'kubectl create secret generic pay --from-literal=stripe=x --from-literal=tap=[|sk_live_{{alnum:24}}|]\n'],
  ['Tap Payments', '<bean id="stripe"/>\n<bean id="tapClient"><property name="key" value="[|sk_live_{{alnum:24}}|]"/></bean>\n'],
  ['Paystack', '== Paystack\n\n* Live: `[|sk_live_{{hex:40}}|]`\n\n== Moyasar\n'],
])('a key of a family is of %s by the row, the option, the element or the heading that it stands in', (provider, template) => {
  expect(attributed(template).map(([, own]) => own)).toEqual([provider]);
});

describe('a value near one provider that stands in what is of another', () => {
  test.each([
    ['Datadog', '# AssemblyAI\nASSEMBLYAI_URL=https://api.assemblyai.com\n\n# Datadog\nSECRET_KEY=[|{{hex:32}}|]\n'],
    ['Algolia', '[assemblyai]\nurl = https://api.assemblyai.com\n\n[algolia]\nsecret = [|{{hex:32}}|]\n'],
    ['AssemblyAI', '[algolia]\nurl = x\n\n[assemblyai]\nkey = [|{{hex:32}}|]\n'],
    ['Speechmatics', "KEYS = [\n    ('speechmatics', '[|{{alnum:32}}|]'),\n    ('other', ''),\n]\n"],
    ['AssemblyAI', "  switch (p) {\n    case 'assemblyai':\n      return '[|{{hex:32}}|]';\n  }\n"],
  ])('%s', (provider, template) => {
    expect(attributed(template).map(([, own]) => own)).toEqual([provider]);
  });
});
