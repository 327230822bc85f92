import { describe, expect, test } from 'vitest';
import type { UsageSink } from '../../src/model/rule.ts';
import { usageOf } from '../../src/detect/usage.ts';

const WORDS =
  /process\.env|os\.environ(?:\(\))?|system\.getenv\(\)|\$_env|env\.to_h|env::vars\(\)|scriptixtoken|authorization|x-zoom-s2t-key|api_?key|api_?token|_secret|secret_?key|clientsecret/gi;

/** `expression → into` of the first usage in a line. */
function usage(line: string, sink: UsageSink): string | undefined {
  const bytes = Buffer.from(line, 'latin1');
  for (const match of line.matchAll(WORDS)) {
    const found = usageOf(sink, bytes, { start: match.index, end: match.index + match[0].length });
    if (found !== undefined) return `${found.expression} → ${found.into}`;
  }
  return undefined;
}

describe('a key in a log', () => {
  test.each([
    ['console.log(apiKey);', 'apiKey → console.log'],
    ['console.log("key:", process.env.ASSEMBLYAI_API_KEY);', 'process.env.ASSEMBLYAI_API_KEY → console.log'],
    ['console.debug(`using ${config.apiKey} now`)', 'config.apiKey → console.debug'],
    ["console.log('key ' + apiKey)", 'apiKey → console.log'],
    ['console.log({ apiKey })', 'apiKey → console.log'],
    ['console.log(JSON.stringify({ key: this.apiKey }))', 'this.apiKey → console.log'],
    ['console.log(process.env)', 'process.env → console.log'],
    ['print(api_key)', 'api_key → print'],
    ['print(f"key is {api_key}")', 'api_key → print'],
    ['print(f"{settings.api_key!r}")', 'settings.api_key → print'],
    ['print("key", os.environ["SCRIPTIX_API_TOKEN"])', 'os.environ.SCRIPTIX_API_TOKEN → print'],
    ['logging.info("key %s", os.getenv("ASSEMBLYAI_API_KEY"))', 'os.getenv.ASSEMBLYAI_API_KEY → logging.info'],
    ['logger.debug("key: {}".format(api_key))', 'api_key → logger.debug'],
    ['fmt.Println("key:", apiKey)', 'apiKey → fmt.Println'],
    ['log.Printf("key=%s", os.Getenv("STRIPE_SECRET_KEY"))', 'os.Getenv.STRIPE_SECRET_KEY → log.Printf'],
    ['puts "key #{api_key}"', 'api_key → puts'],
    ['puts ENV["CLERK_SECRET_KEY"]', 'ENV.CLERK_SECRET_KEY → puts'],
    ['System.out.println("key " + apiKey);', 'apiKey → System.out.println'],
    ['Console.WriteLine($"key {apiKey}");', 'apiKey → Console.WriteLine'],
    ['echo "key is $STRIPE_SECRET_KEY"', '$STRIPE_SECRET_KEY → echo'],
    ['  echo ${ASSEMBLYAI_API_KEY}', 'ASSEMBLYAI_API_KEY → echo'],
    ['println!("{}", api_key);', 'api_key → println!'],
    ['this.logger.warn(`secret ${clientSecret}`)', 'clientSecret → this.logger.warn'],
    ['println!("key {api_key}");', 'api_key → println!'],
    ['Log.d("TAG", "key $apiKey")', '$apiKey → Log.d'],
    ['console.log(scriptixToken)', 'scriptixToken → console.log'],
    ['console.log(Object.entries(process.env))', 'process.env → console.log'],
    ['print(dict(os.environ))', 'os.environ → print'],
    ['fmt.Println(os.Environ())', 'os.Environ() → fmt.Println'],
    ['System.out.println(System.getenv());', 'System.getenv() → System.out.println'],
    ['print_r($_ENV);', '$_ENV → print_r'],
    ['puts ENV.to_h', 'ENV.to_h → puts'],
    ['println!("{:?}", env::vars());', 'env::vars() → println!'],
    ['console.log(Deno.env.get("CLERK_SECRET_KEY"))', 'Deno.env.get.CLERK_SECRET_KEY → console.log'],
    ['println!("{:?}", env::var("CLERK_SECRET_KEY"));', 'env::var.CLERK_SECRET_KEY → println!'],
    ['print_r($_ENV["CLERK_SECRET_KEY"]);', '$_ENV.CLERK_SECRET_KEY → print_r'],
    ['System.out.println(System.getProperty("clerk.secret_key"));', 'System.getProperty.clerk.secret_key → System.out.println'],
    ['logging.getLogger(__name__).info(api_key)', 'api_key → logging.getLogger.info'],
  ])('%s', (line, expected) => {
    expect(usage(line, 'log')).toBe(expected);
  });

  test.each([
    'console.error("ASSEMBLYAI_API_KEY is not set");', // only names it
    'console.log(!!apiKey)',
    'console.log(Boolean(apiKey))',
    'console.log(apiKey ? "set" : "unset")',
    'console.log(typeof apiKey)',
    'console.log(apiKey.length)',
    'console.log(apiKey.slice(0, 4))',
    'console.log(mask(apiKey))',
    'console.log(redact(process.env.API_KEY))',
    'console.log(apiKeyName, apiKeyId, API_KEY_URL)',
    'console.log(hasApiKey, isApiKey)',
    'print(len(api_key))',
    'print(f"{len(api_key)} characters")',
    'print("set OPENAI_API_KEY=... first")',
    '# print(api_key)',
    '// console.log(apiKey)',
    ' * console.log(apiKey)',
    'const apiKey = log(value);',
    'client.login(apiKey)',
    'catalog.add(apiKey)',
    'echo "$STRIPE_SECRET_KEY" | docker login --password-stdin',
    'echo "API_KEY=$API_KEY" >> .env',
    'echo "::add-mask::$API_KEY"',
    "echo 'set $API_KEY first'",
    'echo "set API_KEY first"',
    'log.Printf("token in secret %s", secretName)',
    'printf("%s", tokens)',
    'blueprint(api_key)',
  ])('not %s', (line) => {
    expect(usage(line, 'log')).toBeUndefined();
  });
});

describe('a key in an error', () => {
  test.each([
    ['throw new Error(`bad key ${apiKey}`);', 'apiKey → Error'],
    ['throw new AuthError("bad key " + process.env.SCRIBEBERRY_API_KEY)', 'process.env.SCRIBEBERRY_API_KEY → AuthError'],
    ['raise ValueError(f"invalid key {api_key}")', 'api_key → ValueError'],
    ['return fmt.Errorf("bad key %s", apiKey)', 'apiKey → fmt.Errorf'],
    ['res.status(500); res.json({ key: process.env.ASSEMBLYAI_API_KEY })', 'process.env.ASSEMBLYAI_API_KEY → res.json'],
    ['Sentry.setExtra("key", apiKey)', 'apiKey → Sentry.setExtra'],
  ])('%s', (line, expected) => {
    expect(usage(line, 'error')).toBe(expected);
  });

  test.each([
    'throw new Error("apiKey is required");',
    'if (!apiKey) throw new Error("missing");',
    'raise ValueError("api_key must be set")',
    'res.json({ apiKey })', // a service that hands out keys
    'throw new Error(`key of ${apiKey.length} characters`);',
  ])('not %s', (line) => {
    expect(usage(line, 'error')).toBeUndefined();
  });
});

describe('a key in a URL', () => {
  test.each([
    ['new WebSocket(`wss://streaming.assemblyai.com/v3/ws?token=${apiKey}`)', 'apiKey → token'],
    ['const url = "https://api.scriptix.io/v4?api_key=" + apiKey;', 'apiKey → api_key'],
    ['url.searchParams.set("token", process.env.ASSEMBLYAI_API_KEY)', 'process.env.ASSEMBLYAI_API_KEY → token'],
    ['urlencode({"sample_rate": 16000, "token": API_KEY})', 'API_KEY → token'],
    ['u := fmt.Sprintf("wss://x/ws?token=%s", apiKey)', 'apiKey → token'],
    ['url = f"wss://x/ws?token={api_key}"', 'api_key → token'],
  ])('%s', (line, expected) => {
    expect(usage(line, 'url')).toBe(expected);
  });

  test.each([
    'new WebSocket(`wss://streaming.assemblyai.com/v3/ws?token=${token}`)',
    'new WebSocket(`wss://x/ws?token=${tempToken}`)',
    'url.searchParams.set("name", apiKey)',
    'fetch(`/keys?id=${apiKeyId}`)',
    'headers.set("Authorization", apiKey)',
  ])('not %s', (line) => {
    expect(usage(line, 'url')).toBeUndefined();
  });
});

describe('a header of a request', () => {
  test.each([
    ['headers: { authorization: apiKey }', 'apiKey → authorization'],
    ['Authorization: `Bearer ${props.apiKey}`,', 'props.apiKey → Authorization'],
    ["'Authorization': 'Bearer ' + SECRET_KEY", 'SECRET_KEY → Authorization'],
    ["xhr.setRequestHeader('authorization', API_KEY);", 'API_KEY → authorization'],
    ["client.defaults.headers.common['Authorization'] = key;", 'key → Authorization'],
    ["'x-zoom-s2t-key': import.meta.env.VITE_STT,", 'import.meta.env.VITE_STT → x-zoom-s2t-key'],
  ])('%s', (line, expected) => {
    expect(usage(line, 'header')).toBe(expected);
  });

  test.each([
    'authorization: token',
    'Authorization: `Bearer ${session.accessToken}`',
    'Authorization: `Bearer ${await getToken()}`',
    "authorization: ''",
    'authorization: process.env.TEMP_TOKEN',
    '// authorization: apiKey',
    'authorization: apiKeyName',
    'headers.authorization = await mint()',
  ])('not %s', (line) => {
    expect(usage(line, 'header')).toBeUndefined();
  });
});
