import { describe, expect, test } from 'vitest';
import {
  addressedTo,
  assignedName,
  describes,
  endsWithMention,
  endsWithOwned,
  isTransparent,
  mentions,
  namesPublicKey,
  proseBefore,
  wordsOf,
} from '../../src/detect/surroundings.ts';

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
  ['Python, a type', 'api_key: Optional[str] = "§value"', 'api_key'],
  ['Python, a type', 'api_key: str | None = "§value"', 'api_key'],
  ['Python, a type', 'API_KEY: Final[str] = "§value"', 'API_KEY'],
  ['Python, a type', 'api_key: Annotated[str, Field()] = "§value"', 'api_key'],
  ['Python, a type', 'api_key: SecretStr = Field(default="§value")', 'api_key'],
  ['TypeScript, a type', "let apiKey: string | undefined = '§value';", 'apiKey'],
  ['TypeScript, a type', "readonly apiKey?: string | null = '§value';", 'apiKey'],
  ['TypeScript, another name', "const { data: apiKey = '§value' } = query;", 'apiKey'],
  ['Rust, made later', 'static API_KEY: Lazy<String> = Lazy::new(|| "§value".into());', 'API_KEY'],
  ['Kotlin, made later', 'val apiKey by lazy { "§value" }', 'apiKey'],
  ['YAML, a command', '- run: ACME_API_KEY=§value make', 'ACME_API_KEY'],
  ['YAML, a command', '  script: ACME_API_KEY = §value', 'ACME_API_KEY'],
  ['YAML, a command', 'web: apiKey=§value', 'apiKey'],
  ['Kotlin, a type', 'val apiKey: String? = "§value"', 'apiKey'],
  ['Kotlin, a getter', 'val apiKey get() = "§value"', 'apiKey'],
  ['JavaScript, one of two', "const apiKey = env === 'live' ? '§value' : key2;", 'apiKey'],
  ['Swift, computed', 'static var apiKey: String { "§value" }', 'apiKey'],
  ['Java, given back', 'private String apiKey() { return "§value"; }', 'apiKey'],
  ['TypeScript, given back', "get apiKey(): string { return '§value'; }", 'apiKey'],
  ['Go, wrapped', 'APIKey: aws.String("§value"),', 'APIKey'],
  ['Terraform for TypeScript, wrapped', 'apiKey: pulumi.String("§value")', 'apiKey'],
  ['JavaScript, one of two', "const apiKey = isLive ? '§value' : process.env.KEY_2;", 'apiKey'],
  ['JavaScript, the other of two', "const apiKey = isLive ? 'pk' : '§value';", 'apiKey'],
  ['JavaScript, the other of two', "apiKey: isLive ? live.key : '§value',", 'apiKey'],
  ['JavaScript, for want of one', "const apiKey = process.argv[2] || '§value';", 'apiKey'],
  ['JavaScript, for want of one', "const apiKey = localStorage.getItem('x') ?? '§value';", 'apiKey'],
  ['JavaScript, for want of another', "const apiKey = process.env.ACME_TOKEN || '§value';", 'process.env.ACME_TOKEN'],
  ['JavaScript, for want of another', "const shop = process.env.ACME_TOKEN ? process.env.ACME_TOKEN : '§value';", 'process.env.ACME_TOKEN'],
  ['Kotlin, given back', 'fun apiKey(): String = "§value"', 'apiKey'],
  ['Elixir, given back', '  def api_key, do: "§value"', 'api_key'],
  ['Elixir, given back', 'defp api_key(), do: "§value"', 'api_key'],
  ['Python, the second of two', 'api_key, secret = "pub-1", "§value"', 'secret'],
  ['Python, the first of two', 'secret, user = "§value", "anna"', 'secret'],
  ['YAML, a tag', 'api_key: !!str §value', 'api_key'],
  ['YAML, a tag of Ansible', 'api_key: !unsafe "§value"', 'api_key'],
  ['what a call gives, of several', 'key, found = lookup("§value")', 'lookup'],
  ['XML, its name behind it', '<add value="§value" key="ApiSecret" />', 'ApiSecret'],
  ['SQL, its name behind it', "UPDATE settings SET value = '§value' WHERE name = 'api_key';", 'api_key'],
  ['SQL, its name behind it', "update wp_options set option_value='§value', autoload = 1 where `option_name`='smtp_pass'", 'smtp_pass'],
  ['a shell, printed', "printf 'API_KEY=%s\\n' '§value' >> .env", 'API_KEY'],
  ['TypeScript, a type', 'const all = [{ name: "apiKey", value: string | null = "§value" }];', 'apiKey'],
  ['Java, an option', 'mvn verify -Dacme.token=§value', 'acme.token'],
  ['Gradle, an option', './gradlew publish -PacmeToken=§value', 'acmeToken'],
  ['Pulumi', 'new Parameter("api-key", { type: "SecureString", value: "§value" });', 'api-key'],
  ['AWS CDK', "new StringParameter(this, 'ApiKey', { stringValue: '§value' });", 'ApiKey'],
  ['AWS CDK', "new StringParameter(this, 'P', { parameterName: '/acme/api-key', stringValue: '§value' });", '/acme/api-key'],
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
  ['Zig', 'const api_key: []const u8 = "§value";', 'api_key'],
  ['Ada', 'Api_Key : constant String := "§value";', 'Api_Key'],
  ['ABAP', "CONSTANTS api_key TYPE string VALUE '§value'.", 'api_key'],
  ['COBOL', '       01 API-KEY PIC X(32) VALUE "§value".', 'API-KEY'],
  ['PL/SQL', "api_key CONSTANT VARCHAR2(64) := '§value';", 'api_key'],
  ['T-SQL', "DECLARE @api_key NVARCHAR(64) = N'§value';", 'api_key'],
  ['Lisp', '(defparameter *api-key* "§value")', 'api-key'],
  ['Haskell', 'setRequestHeader "X-Api-Key" ["§value"]', 'X-Api-Key'],
  ['HAProxy', 'http-request set-header X-Api-Key §value', 'X-Api-Key'],
  ['rows of a dump', '2\tapi_key\t§value', 'api_key'],
  ['rows of anything else', '2\tlive\t§value', ''],
  ['a sentence', 'Set `API_KEY` to `§value` first.', 'API_KEY'],
  ['a sentence that compares', '`API_KEY` differs from `§value`', ''],
  ['prose', 'the value is §value', ''],
  ['nothing before', '§value', ''],
];

describe('assignedName', () => {
  test.each(LINES)('%s: %s → %j', (_language, marked, name) => {
    const start = marked.indexOf('§');
    expect(assignedName(marked.replace('§', ''), start)).toBe(name);
  });
});

test.each([
  ['char key[64] = "§', 'key'],
  ['char key[] = "§', 'key'],
  ['keys[0] = "§', 'keys'],
  ['config["key"] = "§', 'key'],
  ['config[KEY] = "§', 'config[KEY'],
])('the size of an array is none of its name: %s', (marked, name) => {
  const start = marked.indexOf('§');
  expect(assignedName(marked.replace('§', ''), start)).toBe(name);
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
    ['x_sha_512', true],
    ['name_1x', false],
    ['md_5', true],
    ['sha_x', false],
  ])('%s: %s', (name, expected) => {
    expect(describes(name)).toBe(expected);
  });
});

describe('a name in each form that a language has for it', () => {
  test.each([
    ['setenv API_KEY §value', 'API_KEY'],
    ['SetEnv API_KEY "§value"', 'API_KEY'],
    ['fastcgi_param API_KEY §value;', 'API_KEY'],
    ['#define API_KEY "§value"', 'API_KEY'],
    ['#  define API_KEY "§value"', 'API_KEY'],
    ['(def api-key "§value")', 'api-key'],
    ['npm config set acme:key §value', 'acme:key'],
    ['secret:set API_KEY §value', 'API_KEY'],
    ['x; variable add API_KEY -b §value', 'API_KEY'],
    ['gh secret set API_KEY -b"§value"', ''],
    ['reset API_KEY §value', ''],
    ['xsetx API_KEY §value', ''],
    ['tool --key §value', 'key'],
    ['tool x--key §value', ''],
    ['tool --key=§value', 'key'],
    ["['--key', '§value']", 'key'],
    ['echo "${API_KEY-§value}"', 'API_KEY'],
    ['echo "${API_KEY:-\'§value\'}"', 'API_KEY'],
    ['{ name: "API_KEY", value: "§value" }', 'API_KEY'],
    ['{ value: "§value", name: "API_KEY" }', 'API_KEY'],
    ['{ "value": "§value", "key" : "api.key-x/y" }', 'api.key-x/y'],
    ['{ name: "OTHER" }, { value: "§value" }', ''],
    ['API_KEY: { value: "§value" }', 'API_KEY'],
    ['API_KEY = {"value": "§value"}', 'API_KEY'],
    ['x({ value: "§value" })', ''],
    ['set("API_KEY", value="§value")', 'API_KEY'],
    ['<input id="API_KEY" value="§value">', 'API_KEY'],
    ['<x:add key = "API_KEY" x:value = "§value">', 'API_KEY'],
    ['<key>API_KEY</key>\t<string>§value', 'API_KEY'],
    ['<name>API_KEY</name><value>§value', 'API_KEY'],
    ['<setting name="API_KEY"><value>§value', 'API_KEY'],
    ['<other><value>§value', ''],
    ['<value>§value', ''],
    ['x.setValue("Bearer §value", forHTTPHeaderField: "X-Key")', 'X-Key'],
    ['x.addValue( "§value")', ''],
    ['string ApiKey { get; set; } = "§value";', 'ApiKey'],
    ['$ENV{API_KEY} = "§value";', 'API_KEY'],
    ['$ENV{"API_KEY"} = "§value";', 'API_KEY'],
    ['Map<String> keys = "§value"', 'keys'],
    ['f(x)("§value")', 'f'],
    ['api_key = ("§value")', 'api_key'],
    ['api_key = String("§value")', 'api_key'],
    ['api_key = SecretStr( "§value")', 'api_key'],
    ['api_key: Some("§value")', 'api_key'],
    ['api_key = Secret::new("§value")', 'api_key'],
    ['api_key = Field(default="§value")', 'api_key'],
    ["api_key = b'§value'", 'api_key'],
    ['api_key = $"§value"', 'api_key'],
    ['api_key = &quot;§value', 'api_key'],
    ['api_key = <<§value', 'api_key'],
    ['api_key = Bearer §value', 'api_key'],
    ['Authorization: Acme §value', 'Authorization'],
    ['"authorization" : "Basic  §value"', 'authorization'],
    ['api_key ||= "§value"', 'api_key'],
    ['api_key ?? "§value"', 'api_key'],
    ['api_key <- "§value"', 'api_key'],
    ['api_key == "§value"', 'api_key'],
    ['api_key or "§value"', 'api_key'],
    ['x if api_key else "§value"', 'api_key'],
    ['a, "§value"', 'a'],
    ['f(a, "§value")', 'a'],
    ['api_key: text = "§value"', 'api_key'],
    ['data: "§value"', ''],
    ['api_key = data = "§value"', 'api_key'],
    ["'it''s api_key' => '§value'", 'api_key'],
    ['const token = "§value"', 'token'],
    ['Authorization  =  "Acme  §value"', 'Authorization'],
    ['tool --key x §value', ''],
    ['--key §value', 'key'],
    ['["--key","§value"]', 'key'],
    ['["--key",   "§value"]', 'key'],
    ['tool --key   §value', 'key'],
    ['set -gx API_KEY §value', 'API_KEY'],
    ['x ${A:-b} KEY=§value', 'KEY'],
    ['<add name  =  "API_KEY"  value="§value">', 'API_KEY'],
    ['x(  "API_KEY", value="§value")', 'API_KEY'],
    ['<key>API_KEY</key>x<string>§value', ''],
    ['<key>API_KEY</key>   <string>§value', 'API_KEY'],
    ['<key>API_KEY</key> x="1"> <string>§value', ''],
    ['<x abc:name = "API_KEY">§value', 'API_KEY'],
    ['<apiKey>  §value', 'apiKey'],
    ['  <apiKey>§value', 'apiKey'],
    ['<a name="X"><b>§value', 'b'],
    ['<a name="X">text<value>§value', ''],
    ['<a name="X"><b><value>§value', ''],
    ['x.setValue("a"); y = "§value"', 'y'],
    ['x.setValue("§value", forHTTPHeaderField:  "X-Key")', 'X-Key'],
    ['setValue("a", forHTTPHeaderField: "A"); x.setValue("§value", forHTTPHeaderField: "B")', 'B'],
    ['x.setValue("§value", other: "B")', ''],
    ['api_key ?= "§value"', 'api_key'],
    ['api_key ??= "§value"', 'api_key'],
    ['api_key || "§value"', 'api_key'],
    ['api_key.unwrap_or("§value")', 'api_key'],
    ['api_key.or_else(|e| "§value")', 'api_key'],
    ['api_key.unwrap_or_else(|| "§value")', 'api_key'],
    ['string ApiKey { get; }  = "§value";', 'ApiKey'],
    ['string ApiKey { get; } x = "§value";', 'x'],
    ['api_key =  ("§value")', 'api_key'],
    ['$ENV{API_KEY} x = "§value"', 'x'],
    ['api_key =  String(  "§value")', 'api_key'],
    ['api_key = Secret("§value")', 'api_key'],
    ['api_key = String::from("§value")', 'api_key'],
    ['api_key = SecretString::new("§value")', 'api_key'],
    ['getenv( "API_KEY" ) or "§value"', 'API_KEY'],
    ['f("API_KEY") + g = "§value"', 'g'],
    ['f(a, value="§value")', ''],
    ['f(a, b) = "§value"', 'f'],
    ['key [ 64 ] = "§value"', 'key'],
    ['keys <String, Int> = "§value"', 'keys'],
    ['! = "§value"', ''],
    ['value: data: text: body: field = "§value"', ''],
    ["{ 'name' : 'API_KEY', value: \"§value\" }", 'API_KEY'],
    ['{ name=API_KEY value="§value" }', 'API_KEY'],
    ['{ key :  API_KEY, value: "§value" }', 'API_KEY'],
    ['{ name: "OTHER" } value: "§value"', ''],
    ['name=OTHER value: "§value"', ''],
    ['API_KEY  :  { value: "§value" }', 'API_KEY'],
    ['a = b { value: "§value" }', ''],
    ['a = << b = "§value"', 'b'],
    ['keys =   ["§value"', 'keys'],
    ['keys = []string{"§value"', 'keys'],
    ['x["a"].key = "§value"', 'key'],
    ['a: mystring = "§value"', 'mystring'],
    ['["..key"] = "§value"', 'key'],
    [`KEY = ${' '.repeat(300)}§value`, ''],
    [`${'x'.repeat(300)} KEY = §value`, 'KEY'],
  ])('%s → %j', (marked, name) => {
    const start = marked.indexOf('§');
    expect(assignedName(marked.replace('§', ''), start)).toBe(name);
  });
});

describe('endsWithMention', () => {
  const names = ['acmeapikey', 'acme'];

  test.each([
    ['The Acme API key is', 'acmeapikey'],
    ['| ACME_API_KEY |', 'acmeapikey'],
    ['Acme API key: ', 'acmeapikey'],
    ['my acme:', 'acme'],
    ['acme, currently: ', 'acme'],
    ['Acme API key (e.g. ', 'acmeapikey'],
    ['the acme value was set to ', undefined],
    ['acme is as to ', 'acme'],
    // A blank alone joins nothing, and behind such a sign the value goes on.
    ['see acme ', undefined],
    ['acme', undefined],
    ['acme_', undefined],
    ['acme/', undefined],
    ['acme@', undefined],
    ['acme#', undefined],
    ['acme.', undefined],
    ['acme-', undefined],
    ['acme other: ', undefined],
    ['', undefined],
    [`acme ${'-'.repeat(20)}:`, 'acme'],
    [`${'x'.repeat(200)} acme: `, 'acme'],
    [`acme ${'is '.repeat(40)}`, undefined],
  ])('%j: %s', (text, expected) => {
    expect(endsWithMention(proseBefore(text), names)).toBe(expected);
  });
});

describe('endsWithOwned', () => {
  const owners = new Set(['acme']);

  test.each([
    ['acme token: ', 'acmetoken'],
    ['my ACME_API_TOKEN = ', 'acmeapitoken'],
    ['acme: ', undefined],
    ['other token: ', undefined],
    ['acme name: ', undefined],
    // Its last word is a kind of credential, as words are told apart.
    ['AcmeToken: ', 'acmetoken'],
    ['acmeTOKEN: ', 'acmetoken'],
    ['ACMEToken: ', 'acmetoken'],
    ['acme token 2: ', 'acmetoken2'],
    ['acme xtoken: ', undefined],
  ])('%j: %s', (text, expected) => {
    expect(endsWithOwned(proseBefore(text), owners, ['secret', 'token'])).toBe(expected);
    expect(endsWithOwned(proseBefore(text), new Set(), ['token'])).toBeUndefined();
    expect(endsWithOwned(proseBefore(text), owners, [])).toBeUndefined();
  });
});

test.each(['publicKey', 'ACME_PUBLISHABLE_KEY', 'recaptcha-site-key'])('%s is a name of what is no secret', (name) => {
  expect([namesPublicKey(name), namesPublicKey(name.replace(/key/i, 'x'))]).toEqual([true, false]);
});

test.each('value val default content string data text v body field fallback android:value VALUE'.split(' '))(
  '%s says nothing of its value',
  (name) => {
    expect([isTransparent(name), isTransparent(`${name}x`)]).toEqual([true, false]);
  },
);

test.each(
  'name id ids url uri path file store arn ref hash md5 sha sha1 sha256 checksum digest type length count prefix version etag commit uuid guid region bucket host port whl gz tgz xz bz2 tar zip jar deb rpm dmg msi exe apk'.split(
    ' ',
  ),
)('%s of a token is no token', (last) => {
  expect([describes(`token_${last}`), describes(`${last}_token`)]).toEqual([true, false]);
});

describe('addressedTo', () => {
  test.each([
    ['url: "https://Files.acme.net/o/a%2Fb.png?alt=media&token=', 'files.acme.net'],
    ['https://acme.net?key=', 'acme.net'],
    ['https://robot@acme.net:8443/v1?x=1&key=', 'acme.net'],
    ['https://first.example/?to=https://second.example/?key=', 'second.example'],
    ['https://acme.net/v1 key=', undefined],
    ['"https://acme.net/v1?x", key=', undefined],
    ['https://acme.net/v1/key=', undefined],
    ['https://acme.net/v1?key: ', undefined],
    ['/v1?key=', undefined],
  ])('%s: %s', (text, host) => {
    expect(addressedTo(text)).toBe(host);
  });
});
