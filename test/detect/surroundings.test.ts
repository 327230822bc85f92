import { describe, expect, test } from 'vitest';
import { assignedName, describes, mentions, wordsOf } from '../../src/detect/surroundings.ts';

/** Each line marks the value with a `§` before its first character. */
const LINES: readonly (readonly [language: string, line: string, name: string])[] = [
  ['env', 'STRIPE_KEY=§value', 'STRIPE_KEY'],
  ['env', 'STRIPE_KEY="§value"', 'STRIPE_KEY'],
  ['env', "export STRIPE_KEY='§value'", 'STRIPE_KEY'],
  ['env', 'STRIPE_KEY = §value', 'STRIPE_KEY'],
  ['PowerShell', '$env:STRIPE_KEY = "§value"', '$env:STRIPE_KEY'],
  ['fish', 'set -x STRIPE_KEY "§value"', 'STRIPE_KEY'],
  ['cmd', 'setx STRIPE_KEY §value', 'STRIPE_KEY'],
  ['Dockerfile, old form', 'ENV STRIPE_KEY §value', 'STRIPE_KEY'],
  ['flag', 'deploy --api-key §value', 'api-key'],
  ['flag', "deploy --api-key '§value'", 'api-key'],
  ['flag in a list', '["deploy", "--api-key", "§value"]', 'api-key'],
  ['JavaScript', "const stripeKey = '§value';", 'stripeKey'],
  ['JavaScript', "stripe.apiKey = '§value';", 'stripe.apiKey'],
  ['JavaScript', "  apiKey: '§value',", 'apiKey'],
  ['JavaScript', "  'api-key': '§value',", 'api-key'],
  ['JavaScript', 'process.env.API_KEY ??= `§value`;', 'process.env.API_KEY'],
  ['JavaScript', "const key = process.env.API_KEY || '§value';", 'process.env.API_KEY'],
  ['JavaScript', "headers: { Authorization: 'Bearer §value' }", 'Authorization'],
  ['TypeScript', "const apiKey: string = '§value';", 'apiKey'],
  ['Python', 'api_key = "§value"', 'api_key'],
  ['Python', "os.environ['API_KEY'] = '§value'", 'API_KEY'],
  ['Python', 'client = Client(api_key="§value")', 'api_key'],
  ['Python', 'headers = {"Authorization": "Token §value"}', 'Authorization'],
  ['Python', 'api_key = b"§value"', 'api_key'],
  ['Python', 'api_key: str = "§value"', 'api_key'],
  ['Ruby', 'Stripe.api_key = "§value"', 'Stripe.api_key'],
  ['Ruby', 'config = { :api_key => "§value" }', 'api_key'],
  ['Ruby', "ENV['API_KEY'] ||= '§value'", 'API_KEY'],
  ['PHP', "'api_key' => '§value',", 'api_key'],
  ['PHP', "$apiKey = '§value';", '$apiKey'],
  ['Go', 'apiKey := "§value"', 'apiKey'],
  ['Go', 'APIKey: "§value",', 'APIKey'],
  ['Go', 'const apiKey string = "§value"', 'apiKey'],
  ['Java', 'private static final String API_KEY = "§value";', 'API_KEY'],
  ['C#', 'var options = new Options { ApiKey = @"§value" };', 'ApiKey'],
  ['Rust', 'let api_key = "§value";', 'api_key'],
  ['Rust', 'const API_KEY: &str = "§value";', 'API_KEY'],
  ['Swift', 'let apiKey: String = "§value"', 'apiKey'],
  ['Kotlin', 'val apiKey = "§value"', 'apiKey'],
  ['C', 'static const char api_key[] = "§value";', 'api_key'],
  ['YAML', 'api_key: §value', 'api_key'],
  ['YAML', '  - API_KEY=§value', 'API_KEY'],
  ['YAML', 'api_key: "§value"', 'api_key'],
  ['JSON', '  "apiKey": "§value",', 'apiKey'],
  ['JSON in a string', '{\\"apiKey\\":\\"§value\\"}', 'apiKey'],
  ['TOML', 'api_key = "§value"', 'api_key'],
  ['INI', 'apiKey=§value', 'apiKey'],
  ['HCL', 'api_key = "§value"', 'api_key'],
  ['XML', '<add key="ApiKey" value="§value" />', 'ApiKey'],
  ['XML', '<api-key>§value</api-key>', 'api-key'],
  ['Dockerfile', 'ENV API_KEY=§value', 'API_KEY'],
  ['curl', "curl -H 'Authorization: Bearer §value'", 'Authorization'],
  ['curl', "curl -H 'x-api-key: §value'", 'x-api-key'],
  ['shell', 'OKTA_LOGIN="SSWS §value"', 'OKTA_LOGIN'],
  ['Go', 'req.Header.Set("X-Okta-Login", "SSWS §value")', 'X-Okta-Login'],
  ['URL', 'https://example.com/?api_key=§value', 'api_key'],
  ['shell, default', 'KEY="${API_KEY:-§value}"', 'API_KEY'],
  ['shell, default', ': "${API_KEY:=§value}"', 'API_KEY'],
  ['command', 'gh secret set API_KEY --body "§value"', 'API_KEY'],
  ['command', 'dotnet user-secrets set "Acme:ApiKey" "§value"', 'Acme:ApiKey'],
  ['Ruby', "ENV.fetch('API_KEY') { '§value' }", 'API_KEY'],
  ['PHP', "$key = getenv('API_KEY') ?: '§value';", 'API_KEY'],
  ['Kotlin', 'val key = System.getenv("API_KEY") ?: "§value"', 'API_KEY'],
  ['Rust', 'let key = env::var("API_KEY").unwrap_or_else(|_| "§value".into());', 'API_KEY'],
  ['Go', 'h := http.Header{"X-Api-Key": []string{"§value"}}', 'X-Api-Key'],
  ['Swift', 'request.setValue("§value", forHTTPHeaderField: "X-Api-Key")', 'X-Api-Key'],
  ['Visual Basic', 'Dim apiKey As String = "§value"', 'apiKey'],
  ['any scheme', 'curl -H "Authorization: GenieKey §value"', 'Authorization'],
  ['any scheme', "headers: { 'Authorization': 'Acme-oauthtoken §value' }", 'Authorization'],
  ['no scheme', 'curl -H "X-Trace: sampled §value"', ''],
  ['XML', '<string name="api_key" translatable="false">§value</string>', 'api_key'],
  ['property list', '<key>ApiKey</key><string>§value</string>', 'ApiKey'],
  ['manifest of Android', '<meta-data android:name="API_KEY" android:value="§value" />', 'API_KEY'],
  ['JSON, nested', '{"API_KEY":{"description":"x","value":"§value"}}', 'API_KEY'],
  ['prose', 'the value is §value', ''],
  ['nothing before', '§value', ''],
];

describe('assignedName', () => {
  test.each(LINES)('%s: %s → %j', (_language, marked, name) => {
    const start = marked.indexOf('§');
    expect(assignedName(marked.replace('§', ''), start)).toBe(name);
  });
});

describe('wordsOf', () => {
  test.each([
    ['ASSEMBLYAI_API_KEY', ['assemblyai', 'api', 'key']],
    ['assemblyAiKey', ['assembly', 'ai', 'key']],
    ['x-zoom-s2t-key', ['x', 'zoom', 's', '2', 't', 'key']],
    ['XMLHttpRequest', ['xml', 'http', 'request']],
    ['', []],
  ])('%s', (identifier, words) => {
    expect(wordsOf(identifier)).toEqual(words);
  });
});

describe('mentions', () => {
  test.each([
    ['STRIPE_KEY', ['stripe'], 'stripe'],
    ['pinstripe_key', ['stripe'], undefined],
    ['stripes', ['stripe'], undefined],
    ['assembly_ai_key', ['assemblyai'], 'assemblyai'],
    ['AssemblyAI', ['assemblyai'], 'assemblyai'],
    ['x-zoom-s2t-key', ['xzooms2tkey'], 'xzooms2tkey'],
    ['zoom-s2t-keys', ['zooms2tkey'], undefined],
    ['', ['stripe'], undefined],
  ])('%s, %j → %s', (identifier, names, expected) => {
    expect(mentions(identifier, names)).toBe(expected);
  });
});

describe('describes', () => {
  test.each([
    ['API_TOKEN_NAME', true],
    ['secretArn', true],
    ['key_id', true],
    ['file_sha256', true],
    ['fileMd5', true],
    ['sha512', true],
    ['API_TOKEN', false],
    ['API_KEY_2', false],
    ['name_of_token', false],
    ['', false],
  ])('%s: %s', (name, expected) => {
    expect(describes(name)).toBe(expected);
  });
});
