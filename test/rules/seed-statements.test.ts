/**
 * What the program says of each mistake that can be seen in text: the mistake, a file that makes it, the rule that is told
 * and the check on it. The files are written when the test runs, so no key lies in the repository.
 */
import { expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { scan } from '../../src/scan/scan.ts';
import { folderWith } from '../support/folder.ts';
import { plant, plantOne } from '../support/secrets.ts';

/** Advice is written `rule + check`. */
type Row = readonly [mistake: string, expected: string, file: string, text: string, others?: Readonly<Record<string, string>>];

const HEX = '[|{{hex:32}}|]';
const LIVE = '[|sk_live_{{alnum:32}}|]';
const TEST = '[|sk_test_{{alnum:32}}|]';
const OPAQUE = '[|{{alnum:40}}|]';
/** One and the same value in several files. */
const SAME = '7yTq9mZk2Lw8Xc4Vb6Nn1Rr3';
const REACT = { 'package.json': '{"dependencies":{"react":"19","react-dom":"19"}}' };
const EXPO = { 'package.json': '{"dependencies":{"expo":"53"}}' };
/** A session's token that does not say who made it. */
const SESSION = '[|eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiAi{{encode:kq7tz2mw94bn}}In0.{{base64url:43}}|]';
/** Names that would be a finding in this file as they are. */
const AAI = ['ASSEMBLYAI', 'API', 'KEY'].join('_');
const SCRIPTIX = ['SCRIPTIX', 'API', 'TOKEN'].join('_');

/** As the `data` of a Kubernetes Secret has it. */
const encoded = (template: string): string => Buffer.from(plantOne(template, 'encoded').secret).toString('base64');

const ROWS: readonly Row[] = [
  // Keys in source
  ['in an assignment', 'assemblyai-api-key + hardcoded-key', 'a.py', `aai.settings.api_key = "${HEX}"`],
  ['in a property', 'assemblyai-api-key + hardcoded-key', 'a.ts', `new AssemblyAI({ apiKey: '${HEX}' });`],
  ['as an argument', 'assemblyai-api-key + hardcoded-key', 'main.go', `client := assemblyai.NewClient("${HEX}")`],
  ['in a header', 'scriptix-api-token + hardcoded-key', 'A.cs', `client.DefaultRequestHeaders.Add("X-Zoom-S2T-Key", "${OPAQUE}");`],
  ['in a header, value first', 'scriptix-api-token + secret-in-mobile', 'Stt.swift', `request.setValue("${OPAQUE}", forHTTPHeaderField: "x-zoom-s2t-key")`],
  ['under its name', 'assemblyai-api-key + key-in-config', 'v.tf', `variable "assemblyai_api_key" {\n  type    = string\n  default = "${HEX}"\n}`],
  ['behind its name', 'assemblyai-api-key + hardcoded-key', 'deploy.sh', `echo "${HEX}" | wrangler secret put ${AAI}`],
  ['fallback, JavaScript', 'assemblyai-api-key + hardcoded-fallback', 'a.js', `const key = process.env.${AAI} ?? '${HEX}';`],
  ['fallback, taken apart', 'assemblyai-api-key + hardcoded-fallback', 'a.js', `const { ${AAI} = '${HEX}' } = process.env;`],
  ['fallback, Python', 'assemblyai-api-key + hardcoded-fallback', 'a.py', `key = os.getenv("${AAI}", "${HEX}")`],
  ['fallback, a choice', 'assemblyai-api-key + hardcoded-fallback', 'a.js', `const key = process.env.${AAI} ? process.env.${AAI} : '${HEX}';`],
  ['fallback, a choice of Python', 'assemblyai-api-key + hardcoded-fallback', 'a.py', `key = os.environ["${AAI}"] if "${AAI}" in os.environ else "${HEX}"`],
  ['fallback, Ruby', 'scribeberry-secret-key-live + hardcoded-fallback', 'a.rb', `key = ENV.fetch('SCRIBEBERRY_API_KEY') { '${LIVE}' }`],
  ['fallback, PHP', 'assemblyai-api-key + hardcoded-fallback', 'a.php', `$key = getenv('${AAI}') ?: '${HEX}';`],
  ['fallback, C#', 'assemblyai-api-key + hardcoded-fallback', 'A.cs', `var key = Environment.GetEnvironmentVariable("${AAI}") ?? "${HEX}";`],
  ['fallback, Java', 'assemblyai-api-key + hardcoded-fallback', 'A.java', `String key = System.getenv().getOrDefault("${AAI}", "${HEX}");`],
  ['fallback, Kotlin', 'assemblyai-api-key + hardcoded-fallback', 'A.kt', `val key = System.getenv("${AAI}") ?: "${HEX}"`],
  ['fallback, Rust', 'assemblyai-api-key + hardcoded-fallback', 'a.rs', `let key = env::var("${AAI}").unwrap_or("${HEX}".to_string());`],
  ['fallback, Elixir', 'stripe-secret-key-live + hardcoded-fallback', 'a.exs', `key = System.get_env("STRIPE_SECRET_KEY") || "[|sk_live_{{alnum:24}}|]"`],
  ['fallback, Swift', 'assemblyai-api-key + hardcoded-fallback', 'A.swift', `let key = ProcessInfo.processInfo.environment["${AAI}"] ?? "${HEX}"`],
  ['fallback, shell', 'assemblyai-api-key + hardcoded-fallback', 'a.sh', `KEY="\${${AAI}:-${HEX}}"`],
  ['fallback, compose', 'scriptix-api-token + hardcoded-fallback', 'compose.yml', `environment:\n  - ${SCRIPTIX}=\${${SCRIPTIX}:-${OPAQUE}}`],
  ['fallback, env file', 'assemblyai-api-key + hardcoded-fallback', '.env', `${AAI}="\${AAI:-${HEX}}"`],
  ['in YAML', 'assemblyai-api-key + key-in-config', 'app.yml', `assemblyai:\n  api:\n    key: ${HEX}`],
  ['in TOML', 'scriptix-api-token + key-in-config', 'a.toml', `[scriptix]\ntoken = "${OPAQUE}"`],
  ['in INI', 'assemblyai-api-key + key-in-config', 'a.ini', `[assemblyai]\napi_key = ${HEX}`],
  ['in properties', 'assemblyai-api-key + key-in-config', 'a.properties', `assemblyai.api.key=${HEX}`],
  ['in XML', 'scriptix-api-token + key-in-config', 'web.config', `<add key="Scriptix:Token" value="${OPAQUE}"/>`],
  ['in settings of Terraform', 'assemblyai-api-key + key-in-config', 'a.tfvars', `assemblyai_api_key = "${HEX}"`],
  ['in compose', 'assemblyai-api-key + key-in-config', 'compose.yaml', `environment:\n  ${AAI}: ${HEX}`],
  ['in a Secret, plain', 'assemblyai-api-key + key-in-config', 's.yaml', `kind: Secret\nstringData:\n  ${AAI}: ${HEX}`],
  ['in a Secret, encoded', 'assemblyai-api-key + key-in-config', 's.yaml', `kind: Secret\ndata:\n  ${AAI}: ${encoded(HEX)}`],
  ['in a Secret, encoded', 'scribeberry-secret-key-live + key-in-config', 's.json', `{"kind":"Secret","data":{"SCRIBEBERRY_API_KEY":"${encoded(LIVE)}"}}`],
  ['in a ConfigMap', 'scriptix-api-token + key-in-config', 'c.yaml', `kind: ConfigMap\ndata:\n  ${SCRIPTIX}: ${OPAQUE}`],
  ['in a manifest of containers', 'assemblyai-api-key + key-in-config', 'd.yaml', `env:\n  - name: ${AAI}\n    value: ${HEX}`],
  ['in a Dockerfile', 'assemblyai-api-key + key-in-config', 'Dockerfile', `ENV ${AAI} ${HEX}`],
  ['in a workflow', 'assemblyai-api-key + key-in-config', '.github/workflows/ci.yml', `env:\n  ${AAI}: ${HEX}`],
  ['in a notebook', 'assemblyai-api-key + key-in-config', 'n.ipynb', `{"source": ["aai.settings.api_key = \\"${HEX}\\"\\n"]}`],
  ['in documentation', 'assemblyai-api-key + key-in-docs', 'README.md', `curl https://api.assemblyai.com/v2/transcript -H "Authorization: ${HEX}"`],
  ['in prose', 'assemblyai-api-key + key-in-docs', 'README.md', `The AssemblyAI API key is ${HEX}.`],
  ['in a comment', 'assemblyai-api-key + key-in-comment', 'a.ts', `// ${AAI}=${HEX}`],
  ['of another provider', 'wrong-shape', 'a.ts', `new AssemblyAI({ apiKey: '[|sk_{{alnum:32}}|]' });`],
  ['of another provider, Python', 'wrong-shape', 'a.py', `aai.settings.api_key = "[|sk_{{alnum:32}}|]"`],
  ['of another mode and provider', 'unattributed-secret-key-test + wrong-shape', 'a.py', `import assemblyai as aai\naai.settings.api_key = "[|sk_test_{{alnum:24}}|]"`],
  ['in a header, whatever its shape', 'scriptix-header-token', 'a.js', `const headers = { 'x-zoom-s2t-key': '[|{{alnum:12}}.{{alnum:20}}|]' };`],
  ['in a header, whatever its shape', 'scriptix-header-token', 'a.sh', `curl -H 'X-Zoom-S2T-Key: [|{{alnum:16}}|]' $URL`],
  ["a session's token, by its host", 'json-web-token', 'a.sh', `curl https://api.scriptix.io/api/v3/tokens --cookie "act=${SESSION}"`],
  // Environment files
  ['an env file with a key', 'env-file', '.env', `${AAI}=${HEX}`],
  ['a key in a template', 'assemblyai-api-key + template-with-secret', '.env.example', `${AAI}=${HEX}`],
  ['a secret with a public prefix', 'assemblyai-api-key + public-prefix-secret', '.env', `NEXT_PUBLIC_${AAI}=${HEX}`],
  ['a secret in a variable for a publishable key', 'stripe-secret-key-live + public-prefix-secret', '.env', `NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY=[|sk_live_{{alnum:24}}|]`],
  ['a secret with the old prefix of Nx', 'stripe-secret-key-live + public-prefix-secret', '.env', `NX_STRIPE=[|sk_live_{{alnum:24}}|]`],
  ['by name alone, WXT', 'public-prefix-secret', 'a.ts', `use(import.meta.env.WXT_${AAI})`],
  ['by name alone, SvelteKit', 'public-prefix-secret', 'a.ts', `use(env.PUBLIC_${['DB', 'PASSWORD'].join('_')})`],
  ['by name alone, Next', 'public-prefix-secret', 'a.ts', `use(process.env.NEXT_PUBLIC_${AAI})`],
  ['by name alone, Vite', 'public-prefix-secret', 'a.ts', `use(import.meta.env.VITE_${SCRIPTIX})`],
  ['by name alone, SvelteKit', 'public-prefix-secret', 'a.svelte', `import { PUBLIC_${AAI} } from '$env/static/public';`],
  ['without a prefix, Next', 'secret-in-bundle', 'next.config.js', `module.exports = { env: { KEY: process.env.${AAI} } };`],
  ['without a prefix, Nuxt', 'secret-in-bundle', 'nuxt.config.ts', `defineNuxtConfig({ runtimeConfig: { public: { key: process.env.${AAI} } } })`],
  ['without a prefix, webpack', 'secret-in-bundle', 'webpack.config.js', `new DefinePlugin({ KEY: JSON.stringify(process.env.${AAI}) })`],
  [
    'one key, two environments',
    'stripe-secret-key-live + same-key-many-envs',
    '.env.production',
    `STRIPE_SECRET_KEY=sk_live_${SAME}`,
    { '.env.development': `STRIPE_SECRET_KEY=sk_live_${SAME}` },
  ],
  [
    "nobody's secret, two environments",
    'generic-secret + same-key-many-envs',
    '.env.production',
    `SESSION_SECRET=${SAME}${SAME}`,
    { '.env.staging': `COOKIE_SECRET=${SAME}${SAME}` },
  ],
  [
    'one key, two sections',
    'stripe-secret-key-live + same-key-many-envs',
    'config/payments.yml',
    `development:\n  stripe_secret: sk_live_${SAME}\nproduction:\n  stripe_secret: sk_live_${SAME}\n`,
  ],
  [
    'one key, two services',
    'stripe-secret-key-live + shared-between-services',
    'apps/web/.env',
    `STRIPE_SECRET_KEY=sk_live_${SAME}`,
    { 'apps/api/.env': `STRIPE_SECRET_KEY=sk_live_${SAME}` },
  ],
  ['test key in production', 'scribeberry-secret-key-test + test-key-in-prod', 'values-prod.yaml', `scribeberry:\n  apiKey: ${TEST}`],
  [
    'test key in a job for production',
    'scribeberry-secret-key-test + test-key-in-prod',
    '.github/workflows/ship.yml',
    `jobs:\n  deploy-production:\n    runs-on: x\n    env:\n      SCRIBEBERRY_API_KEY: ${TEST}`,
  ],
  ['test key in settings of production', 'scribeberry-secret-key-test + test-key-in-prod', 'config/environments/production.rb', `scribeberry_key = "${TEST}"`],
  [
    'test key in a pipeline of production',
    'scribeberry-secret-key-test + test-key-in-prod',
    '.gitlab-ci.yml',
    `deploy:\n  environment: production\n  variables:\n    SCRIBEBERRY_API_KEY: ${TEST}`,
  ],
  ['live key for developers', 'scribeberry-secret-key-live + live-key-in-dev', '.env.local', `SCRIBEBERRY_API_KEY=${LIVE}`],
  ['live key in a fixture', 'scribeberry-secret-key-live + live-key-in-dev', 'test/fixtures/a.json', `{"scribeberryKey": "${LIVE}"}`],
  ['sandbox key, live host', 'scribeberry-secret-key-test + mode-host-mismatch', 'a.ts', `new Scribeberry({ apiKey: '${TEST}', baseUrl: 'https://api.scribeberry.com' })`],
  // Browsers and apps
  ['key in a component', 'assemblyai-api-key + secret-in-browser', 'src/App.jsx', `import React from 'react';\nnew AssemblyAI({ apiKey: '${HEX}' });`],
  ['key in a page', 'scribeberry-secret-key-test + secret-in-browser', 'public/a.html', `<script>\nnew Scribeberry({ apiKey: '${TEST}' });\n</script>`],
  ['key in a script of Astro', 'assemblyai-api-key + secret-in-browser', 'src/A.astro', `---\n---\n<script>\nnew AssemblyAI({ apiKey: '${HEX}' });\n</script>`],
  ['a token would do', 'assemblyai-api-key + no-temp-token', 'src/App.jsx', `import React from 'react';\nnew AssemblyAI({ apiKey: '${HEX}' });`],
  ['a client with a key', 'no-temp-token', 'src/a.ts', 'new assemblyai.StreamingTranscriber({ apiKey: key });', REACT],
  ['fetch with a key', 'key-header-in-browser', 'src/a.ts', "fetch('https://api.assemblyai.com/v2/upload', {\n  headers: { authorization: apiKey },\n});", REACT],
  ['XMLHttpRequest with a key', 'key-header-in-browser', 'src/a.ts', "xhr.open('POST', 'https://api.assemblyai.com/v2/x');\nxhr.setRequestHeader('authorization', API_KEY);", REACT],
  ['axios with a key', 'key-header-in-browser', 'src/a.ts', "axios.create({ baseURL: 'https://api.scriptix.io', headers: { 'x-zoom-s2t-key': import.meta.env.VITE_STT } });", REACT],
  ['WebSocket with a key', 'key-in-url', 'src/a.ts', 'new WebSocket(`wss://streaming.assemblyai.com/v3/ws?token=${apiKey}`);', REACT],
  ['browsers are allowed', 'browser-flag', 'a.ts', 'new OpenAI({ apiKey, dangerouslyAllowBrowser: true });'],
  ['property list', 'assemblyai-api-key + secret-in-mobile', 'ios/App/Info.plist', `<key>AssemblyAIKey</key>\n<string>${HEX}</string>`],
  ['manifest of Android', 'assemblyai-api-key + secret-in-mobile', 'android/app/src/main/AndroidManifest.xml', `<meta-data\n  android:name="${AAI}"\n  android:value="${HEX}" />`],
  ['strings of Android', 'scribeberry-secret-key-live + secret-in-mobile', 'android/app/src/main/res/values/strings.xml', `<string name="scribeberry_key">${LIVE}</string>`],
  ['settings of Expo', 'assemblyai-api-key + secret-in-mobile', 'app.json', `{"expo":{"extra":{"assemblyAiKey":"${HEX}"}}}`, EXPO],
  ['Electron', 'assemblyai-api-key + secret-in-mobile', 'src/main.ts', `import { app } from 'electron';\nnew AssemblyAI({ apiKey: '${HEX}' });`],
  // Logs, errors, URLs
  ['a key in a log', 'key-logged', 'a.js', 'console.log(`using ${apiKey}`);'],
  ['a variable in a log', 'key-logged', 'a.py', `print(os.environ["${AAI}"])`],
  ['a token in a log', 'key-logged', 'a.js', 'console.log(scriptixToken);'],
  ['the environment in a log', 'key-logged', 'a.js', 'logger.info({ env: process.env });'],
  ['the environment in a log', 'key-logged', 'main.go', 'fmt.Println(os.Environ())'],
  ['headers in a log', 'key-object-logged', 'a.js', 'const headers = { Authorization: key };\nconsole.log(headers);'],
  ['settings in a log', 'key-object-logged', 'a.py', `config = {"api_key": os.environ["${SCRIPTIX}"]}\nlogger.debug(f"config: {config}")`],
  ['a key in an error', 'key-in-error', 'a.py', 'raise ValueError(f"bad key {api_key}")'],
  ['a key in an error, Ruby', 'key-in-error', 'a.rb', 'raise ArgumentError, "bad key #{api_key}"'],
  ['a key in a response', 'key-in-error', 'a.js', `res.status(500).json({ key: process.env.${AAI} });`],
  ['a key for a tracker', 'key-in-error', 'a.js', "Sentry.setExtra('key', apiKey);"],
  ['a key in a parameter', 'scriptix-api-token + key-in-url', 'a.js', `fetch('https://api.scriptix.io/api/v3/x?token=${OPAQUE}')`],
  ['a key in place of a token', 'assemblyai-api-key + key-in-url', 'a.js', `new WebSocket('wss://streaming.assemblyai.com/v3/ws?token=${HEX}')`],
  ['a key as the user of a URL', 'scribeberry-secret-key-live + key-in-url', 'a.js', `fetch('https://${LIVE}@api.scribeberry.com/v1')`],
  ['a URL that is put together', 'key-in-url', 'a.py', "u = 'wss://streaming.assemblyai.com/v3/ws?' + urlencode({'token': API_KEY})"],
  ['a URL that is formatted', 'key-in-url', 'a.py', 'url = "wss://api.scribeberry.com/ws/realtime?token=%s" % api_key'],
  ['a URL that is formatted', 'key-in-url', 'a.py', 'url = "wss://api.scribeberry.com/ws/realtime?token={}".format(api_key)'],
  ['no encryption, another service', 'plain-http', 'a.js', `fetch('http://llm-gateway.${'assemblyai'}.com/v1/x', { headers });`],
  ['no encryption', 'plain-http', 'a.js', `fetch('http://api.${'scriptix'}.io/api/v4/stt', { headers });`],
  ['no encryption beside a key', 'scribeberry-secret-key-live + plain-http', '.env', `SCRIBEBERRY_BASE_URL=http://api.${'scribeberry'}.com\nSCRIBEBERRY_API_KEY=${LIVE}`],
];

/** What is right, and looks like one of the above. */
const RIGHT: readonly (readonly [what: string, file: string, text: string, others?: Readonly<Record<string, string>>])[] = [
  ['a reference', '.github/workflows/ci.yml', `env:\n  ${AAI}: \${{ secrets.${AAI} }}`],
  ['a template', '.env.example', `${AAI}=your-api-key-here\nSTRIPE_SECRET_KEY=sk_test_...\n`],
  ['a shortened key', 'README.md', 'curl -H "Authorization: sk_abc123..." https://api.assemblyai.com'],
  ['a publishable key', 'a.ts', 'use(process.env.NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY)'],
  ['publishable keys', 'a.ts', "init('pk_live_{{alnum:24}}', 'phc_{{alnum:43}}', 'sb_publishable_{{base64url:22}}_{{base64url:8}}', 'pk.eyJ{{base64url:60}}.{{base64url:22}}')"],
  ['publishable keys in an env file', '.env.production', 'VITE_STRIPE_KEY=pk_test_{{alnum:24}}\nVITE_POSTHOG_KEY=phc_{{alnum:43}}'],
  ['placeholders behind a prefix', '.env', 'STRIPE_SECRET_KEY=sk_live_foobar\nCLERK_SECRET_KEY=sk_test_notarealkey\nKEY=sk_live_1234567890'],
  ['what is too short behind a prefix', '.env', 'STRIPE_SECRET_KEY=sk_live_{{alnum:9}}'],
  ['a header that is filled in', 'a.js', "const headers = { 'x-zoom-s2t-key': 'YOUR_API_TOKEN_HERE' };"],
  ['an error about a key that is missing', 'a.rb', 'raise "no key" unless api_key'],
  ['a temporary token', 'src/a.ts', 'new WebSocket(`wss://streaming.assemblyai.com/v3/ws?token=${token}`);', REACT],
  ['a temporary token', 'src/a.ts', "fetch('https://api.assemblyai.com/v2/upload', { headers: { authorization: tempToken } });", REACT],
  ["one's own server", 'src/a.ts', "fetch('/api/transcribe', { headers: { authorization: apiKey } });", REACT],
  ['a server', 'server/a.ts', "fetch('https://api.assemblyai.com/v2/upload', { headers: { authorization: apiKey } });"],
  ['a presence test', 'a.js', "console.log(!!apiKey, apiKey ? 'set' : 'unset', apiKey.length, mask(apiKey));"],
  ['names only', 'a.js', 'console.log(Object.keys(process.env), usage.totalTokens);'],
  ['a message that names the variable', 'a.js', `throw new Error('${AAI} is not set');`],
  ['settings without a key', 'a.js', 'const config = { port: 3000 };\nconsole.log(config);'],
  ['a transcript', 'a.py', 'aai.Transcript.get_by_id("{{hex:32}}")'],
  ['a checksum', 'a.py', '# AssemblyAI\nmd5 = "{{hex:32}}"'],
  ['settings of a test runner', 'vite.config.ts', `export default { test: { env: { KEY: process.env.${AAI} } } };`],
];

const rules = builtinRules();

async function findings(files: Readonly<Record<string, string>>, salt: string): Promise<readonly Finding[]> {
  const cwd = folderWith(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, plant(text, salt).text])));
  const report = await scan({
    rules,
    cwd,
    environment: { PATH: process.env['PATH'] },
    paths: ['.'],
    mode: { kind: 'full', worktree: true, history: false },
    untracked: true,
    ignored: true,
    allObjects: false,
    reader: 'pack',
    verifyObjects: false,
    maxFileSize: 1_048_576,
    jobs: 1,
    minSeverity: 'info',
    minConfidence: 'low',
    now: new Date('2026-07-01T00:00:00Z'),
    clock: () => 0,
    explain: false,
  });
  return report.findings;
}

/** `rule` of each finding, and `rule + check` of each check on it. */
async function told(files: Readonly<Record<string, string>>, salt: string): Promise<string[]> {
  return (await findings(files, salt)).flatMap(({ rule, checks }) => [rule.id, ...checks.map((check) => `${rule.id} + ${check.rule.id}`)]);
}

test.each(ROWS.map((row) => ({ row, title: `${row[0]}, ${row[1]}, ${row[2]}` })))('$title', async ({ row: [mistake, expected, file, text, others] }) => {
  expect(await told({ ...others, [file]: text }, `${mistake} ${file}`)).toContain(expected);
});

test.each(RIGHT.map((row) => ({ row, title: `${row[0]}, ${row[1]}` })))('$title: nothing', async ({ row: [what, file, text, others] }) => {
  expect(await told({ ...others, [file]: text }, `${what} ${file}`)).toEqual([]);
});

test('a key keeps its severity where a class of the provider is given it, and a token is worth more beside its key', async () => {
  const severities = async (text: string): Promise<string[]> =>
    (await findings({ 'a.ts': text }, 'severities')).map(({ rule, severity, confidence }) => `${rule.id} ${severity} ${confidence}`);
  const streaming = `import {\n  StreamingTranscriber,\n} from 'assemblyai';\n\nconst t = new StreamingTranscriber({ apiKey: '${HEX}' });`;
  expect(await severities(streaming)).toEqual(['assemblyai-api-key high high']);
  expect(await severities(streaming.replace('StreamingTranscriber,', 'AssemblyAI,'))).toEqual(['assemblyai-api-key medium medium']);
  const token = `const t = '[|sb_rt_{{alnum:32}}|]';`;
  expect(await severities(token)).toEqual(['scribeberry-realtime-token info medium']);
  expect(await severities(`${token}\nnew Scribeberry({ apiKey: '${LIVE}' });`)).toEqual([
    'scribeberry-secret-key-live critical high',
    'scribeberry-realtime-token low medium',
  ]);
});

test("a session's token belongs to the API that it is sent to, unless it says who made it", async () => {
  const issuer = async (token: string): Promise<(string | undefined)[]> =>
    (await findings({ 'a.sh': `curl https://api.scriptix.io/api/v3/tokens --cookie "act=${token}"` }, 'issuer')).map((finding) => finding.issuer?.provider);
  expect(await issuer(SESSION)).toEqual(['Scriptix']);
  const saying = (iss: unknown): string => SESSION.replace(/\.eyJ.*In0\./, `.${Buffer.from(JSON.stringify({ iss, sub: 'kq7tz2mw94bn' })).toString('base64url')}.`);
  const named = await Promise.all(
    ['acme.example', 'https://acme.eu.auth0.com/', 'https://tidy-cat-12.clerk.accounts.dev', 'app@acme.iam.gserviceaccount.com', 'https://securetoken.google.com/acme', 'kubernetes/serviceaccount', 'scriptix', 7].map(
      async (iss) => issuer(saying(iss)),
    ),
  );
  expect(named.flat()).toEqual([undefined, 'Auth0', 'Clerk', 'Google', 'Firebase', 'Kubernetes', 'Scriptix', undefined]);
});

test('every check that looks at text or at findings is here, or has tests of its own', () => {
  // Age and history: test/scan/checks.test.ts; what git ignores, and encrypted files: test/scan/env-tracking.test.ts.
  const elsewhere = new Set(['key-too-old', 'key-in-history', 'rotated-but-still-there', 'token-expiry', 'env-plain-in-encrypted']);
  const here = new Set(ROWS.flatMap(([, expected]) => expected.split(' + ')));
  const ids = rules.rules.filter(({ kind, provider }) => kind === 'check' && provider === 'hygiene').map(({ id }) => id);
  expect(ids.filter((id) => !here.has(id) && !elsewhere.has(id))).toEqual([]);
});
