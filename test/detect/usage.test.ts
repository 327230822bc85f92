import { describe, expect, test } from 'vitest';
import type { CompiledRule } from '../../src/detect/compiled-rule.ts';
import { looksFurther, matchUsage, usageOf } from '../../src/detect/usage.ts';
import type { Span } from '../../src/model/origin.ts';
import type { UsageSink } from '../../src/model/rule.ts';

const WORDS =
  /_public_|vite_|_app_|process\.env|os\.environ(?:\(\))?|system\.getenv\(\)|\$_env|env\.to_h|env::vars\(\)|(?:scriptix|github|slack_bot_|right)token|authorization|x-zoom-s2t-key|api_?key|api_?token|_secret|secret_?key|clientsecret/gi;

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
    ['console.log("as", githubToken)', 'githubToken → console.log'],
    ['print(os.environ["SLACK_BOT_TOKEN"])', 'os.environ.SLACK_BOT_TOKEN → print'],
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
    'console.log(rightToken)', // of a parser
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
    'echo "$STRIPE_SECRET_KEY" \\', // the pipe stands on the next line
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
    ['throw new Error(`no project for ${apiKey}, one is required`);', 'apiKey → Error'],
  ])('%s', (line, expected) => {
    expect(usage(line, 'error')).toBe(expected);
  });

  test.each([
    'throw new Error("apiKey is required");',
    'if (!apiKey) throw new Error("missing");',
    'raise ValueError("api_key must be set")',
    'res.json({ apiKey })', // a service that hands out keys
    'throw new Error(`key of ${apiKey.length} characters`);',
    'return nil, fmt.Errorf("Must provide %s", cfgClientSecret)',
    'throw new Error(`Missing ${apiKey}`);',
    'raise ValueError(f"{api_key} is required")',
    'return fmt.Errorf("%q must be set or %s is not configured", name, apiKey)',
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

describe('a variable that browsers get', () => {
  /** In capitals, so that this file does not read such a variable itself. */
  const named = (prefix: string, rest: string): string => prefix + rest;

  test.each([
    [`const key = process.env.${named('NEXT_PUBLIC_', 'ASSEMBLYAI_API_KEY')};`, named('NEXT_PUBLIC_', 'ASSEMBLYAI_API_KEY'), 'NEXT_PUBLIC_'],
    [`import.meta.env.${named('VITE_', 'OPENAI_API_KEY')}`, named('VITE_', 'OPENAI_API_KEY'), 'VITE_'],
    [`${named('REACT_APP_', 'CLIENT_SECRET')}=`, named('REACT_APP_', 'CLIENT_SECRET'), 'REACT_APP_'],
    [named('RENDERER_VITE_', 'STRIPE_SECRET_KEY'), named('RENDERER_VITE_', 'STRIPE_SECRET_KEY'), 'RENDERER_VITE_'],
    [`"${named('PREACT_APP_', 'DB_PASSWORD')}"`, named('PREACT_APP_', 'DB_PASSWORD'), 'PREACT_APP_'],
  ])('%s', (line, expression, prefix) => {
    expect(usage(line, 'public')).toBe(`${expression} → ${prefix}`);
  });

  test.each([
    named('NEXT_PUBLIC_', 'SUPABASE_ANON_KEY'), // made to be public
    named('INVITE_', 'SECRET_KEY'), // the prefix is a part of a word
    named('next_public_', 'secret_key'), // no variable of an environment
    `${'A'.repeat(20)}_${named('VITE_', 'SECRET_KEY')}`,
    named('VITE_', 'SECRET_KEY_NAME'),
  ])('not %s', (line) => {
    expect(usage(line, 'public')).toBeUndefined();
  });
});

describe('an object that holds a key and is logged later', () => {
  test.each([
    ['const headers = { Authorization: key };\nconsole.log(headers);', 'headers.Authorization → console.log'],
    ['const config = {\n  url,\n  apiKey: process.env.KEY,\n};\nlogger.info({ config });', 'config.apiKey → logger.info'],
    ['const config = {\n  apiKey,\n};\nlogger.info(config);', 'config.apiKey → logger.info'],
    ['const config: Config = { myApiKey: key };\nconsole.log(config);', 'config.myApiKey → console.log'],
    ['const o = { headers: { authorization: key } };\nconsole.log("sending", o);', 'o.authorization → console.log'],
    ['headers = {"x-zoom-s2t-key": TOKEN}\nprint(headers)', 'headers.x-zoom-s2t-key → print'],
    ['options = dict(api_key=key)\nlogger.debug(f"with {options}")', 'options.api_key → logger.debug'],
    ['h := map[string]string{\n"Authorization": key}\nfmt.Println(h)', 'h.Authorization → fmt.Println'],
    ['options = { :api_key => key }\nputs options', 'options.api_key → puts'],
    // The first that is whole counts; parts, and names that only contain it, do not.
    ['const o = { apiKey: key };\nconsole.log(o.url);\nconsole.log(foo, o2);\nconsole.error(o);', 'o.apiKey → console.error'],
  ])('%j', (text, expected) => {
    expect(usage(text, 'object')).toBe(expected);
  });

  test.each([
    'const config = { apiKey: key };\nconsole.log(config.url);', // a part without the key
    'const config = { apiKey: key };\nconsole.log(redact(config), Object.keys(config));',
    "const config = { apiKey: '' };\nconsole.log(config);", // nothing in it
    "const headers = { authorization: 'REDACTED' };\nconsole.log(headers);",
    'type Config = { apiKey: string };\nconsole.log(Config);', // a type
    'const config = { apiKey: null };\nconsole.log(config);',
    'const config = { apiKey: key };\nconst config = load();\nconsole.log(config);', // another one
    'const config = { apiKey: key };\n  config = load();\nconsole.log(config);',
    'h := T{apiKey: key}\nh := load()\nfmt.Println(h)',
    'const config = { apiKeyName: key };\nconsole.log(config);', // describes it
    'const config = { hasApiKey: key };\nconsole.log(config);',
    'if (x) { f({ apiKey: key }) }\nconsole.log(x);', // no variable
    'const config = { apiKey == key };\nconsole.log(config);',
    'const config = { apiKey: key };\nconsole.log(configs, $config, config1);',
    'const config = { apiKey: key };\n// console.log(config)',
    'const config = { apiKey: key };\nsend(config);',
    'const config = { apiKey: key };\ncatalog.add(config);',
    `const config = { apiKey: key };\n${'x\n'.repeat(2050)}console.log(config);`, // too far below
    `const config = { apiKey: key };\n${'use(config);\n'.repeat(16)}console.log(config);`, // one that is logged is logged soon
  ])('not %j', (text) => {
    expect(usage(text, 'object')).toBeUndefined();
  });

  test('with its key, as far as what stands before the object says whose it is', () => {
    const logged = (between: string): string | undefined => usage(`const o = {${between} apiKey: key };\nconsole.log(o);`, 'object');
    expect(logged('\n'.repeat(1900))).toBe('o.apiKey → console.log');
    expect(logged('\n'.repeat(2100))).toBeUndefined();
    expect(logged(' a: [1, (2)], b: { c: 3 },')).toBe('o.apiKey → console.log');
  });

  test('is found as often as it is asked for, also by another one of its keys', () => {
    const text = 'const o = { apiKey: key, clientSecret: other };\nconst p = { apiKey: key };\nconsole.log(p, o);';
    const bytes = Buffer.from(text);
    const found = [...text.matchAll(WORDS)].map(({ index, 0: word }) => usageOf('object', bytes, { start: index, end: index + word.length }));
    expect(found.map((one) => one && [one.expression, one.into, text.slice(one.start, one.end)])).toEqual([
      ['o.apiKey', 'console.log', 'o'],
      ['o.clientSecret', 'console.log', 'o'],
      ['p.apiKey', 'console.log', 'p'],
    ]);
  });
});

describe('a variable that a build copies', () => {
  const env = (name: string): string => `process.env.${name}`;
  const key = env(['OPENAI', 'API_KEY'].join('_'));

  test.each([
    [`module.exports = { env: { KEY: ${key} } };`, 'env'],
    [`export default { define: { __KEY__: JSON.stringify(${key}) } };`, 'define'],
    [`defineNuxtConfig({\n  runtimeConfig: {\n    public: { key: ${key} },\n  },\n});`, 'public'],
    [`new webpack.DefinePlugin({ 'KEY': JSON.stringify(${key}) })`, 'DefinePlugin'],
    [`publicRuntimeConfig = { a: [ ${key} ] }`, 'publicRuntimeConfig'],
    [`export default { build: { env: { KEY: ${key} } } };`, 'env'],
  ])('%j', (text, into) => {
    expect(usage(text, 'bundle')).toBe(`${key} → ${into}`);
  });

  test.each([
    `module.exports = { serverRuntimeConfig: { key: ${key} } };`,
    `module.exports = { env: { SITE: ${env('SITE_URL')} } };`,
    `module.exports = { env: { KEY: ${env('api_key')} } };`,
    `export default { test: { env: { KEY: ${key} } } };`,
    `define: {}, key: ${key}`,
    `define(${key})`,
    `define: {${' '.repeat(2100)}${key}`,
  ])('not %j', (text) => {
    expect(usage(text, 'bundle')).toBeUndefined();
  });
});

describe('what decides', () => {
  /** What `matchUsage` answers for the first word, and the findings that it reports. */
  function matched(text: string, sink: UsageSink): { answer: boolean | Span; found: string[] } {
    const bytes = Buffer.from(text, 'latin1');
    const found: string[] = [];
    const compiled = { rule: { id: 'r', matcher: { kind: 'usage', sink } } } as unknown as CompiledRule;
    const [word] = text.matchAll(WORDS);
    const at = { start: word?.index ?? 0, end: (word?.index ?? 0) + (word?.[0].length ?? 0) };
    const answer = matchUsage(compiled, bytes, at, ({ start, end, evidence, name }) => {
      found.push(`${text.slice(start, end)} ${name}: ${evidence.join()}`);
    });
    return { answer, found };
  }

  test.each([
    ['console.log(apiKey)', 'log', 'apiKey apiKey: `apiKey` goes into `console.log`'],
    ['throw new Error(apiKey)', 'error', 'apiKey apiKey: `apiKey` goes into `Error`'],
    ['`?token=${apiKey}`', 'url', 'apiKey apiKey: `apiKey` goes into `token`'],
    ['{ authorization: apiKey }', 'header', 'apiKey apiKey: `apiKey` is sent as `authorization`'],
  ] as const)('of %s the line alone', (text, sink, expected) => {
    expect(matched(text, sink)).toEqual({ answer: false, found: [expected] });
  });

  test('of an object more than its line, and where nothing is found, how much', () => {
    const text = 'const o = { apiKey: key };\nconsole.log(o);';
    expect(matched(text, 'object')).toEqual({ answer: true, found: ['o o.apiKey: `o.apiKey` goes into `console.log`'] });
    expect(matched('const o = { apiKeyName: key };\nconsole.log(o);', 'object')).toEqual({ answer: false, found: [] });
    const before = `${'x();\n'.repeat(2000)}const o = { `;
    const after = `: key };\n${'y();\n'.repeat(5000)}`;
    const { answer, found } = matched(`${before}apiKey${after}`, 'object');
    expect(found).toEqual([]);
    const { start, end } = answer as Span;
    expect(start).toBeGreaterThan(0);
    expect(end).toBeLessThan(before.length + after.length);
    // Whatever lies beyond it changes nothing, and a log that is near enough lies within.
    for (const part of [`${before}apiKey${after.slice(0, end - before.length - 6)}`, `${before.slice(start)}apiKey${after}`]) {
      expect(matched(`\n${part}`, 'object').found).toEqual([]);
    }
    const logged = `${before}apiKey: key };\n${'y();\n'.repeat(800)}console.log(o);`;
    expect(matched(logged, 'object').found).toHaveLength(1);
    expect(logged.length).toBeLessThan(end);
  });

  test('of a bundled variable more than its line', () => {
    const key = `process.env.${['OPENAI', 'API_KEY'].join('_')}`;
    expect(matched(`env: { KEY: ${key} }`, 'bundle')).toEqual({
      answer: true,
      found: [`${key} ${key}: \`${key}\` stands in \`env\`, which the build copies into the bundle`],
    });
    expect(matched(`env: { KEY: process.env.SITE }`, 'bundle')).toEqual({ answer: false, found: [] });
    const before = 'x();\n'.repeat(2000);
    const { answer } = matched(`${before}${key}\n${before}`, 'bundle');
    const { start, end } = answer as Span;
    // As far back as brackets are looked for, and behind the name.
    expect(start).toBeGreaterThan(0);
    expect(start).toBeLessThanOrEqual(before.length - 2048);
    expect(end).toBeGreaterThan(before.length + key.length);
    expect(end).toBeLessThan(before.length + key.length + 1000);
  });

  test('a rule of another kind has no usage', () => {
    const compiled = { rule: { id: 'r', matcher: { kind: 'token' } } } as unknown as CompiledRule;
    expect(matchUsage(compiled, Buffer.from('console.log(apiKey)'), { start: 12, end: 18 }, () => expect.unreachable())).toBe(false);
  });
});

describe('a line of code is read as its language writes it', () => {
  test.each([
    [String.raw`console.log("a \" b" + apiKey)`, 'apiKey → console.log'],
    ["console.log('it\\'s ' + apiKey)", 'apiKey → console.log'],
    ["# it's so\nprint(api_key)", 'api_key → print'],
    ["print(b'key: ' + api_key)", 'api_key → print'],
    ["print(rb'key: ', api_key)", 'api_key → print'],
    ['print(fr"key {api_key}")', 'api_key → print'],
    ['print(rF"key {api_key}")', 'api_key → print'],
    ['Console.WriteLine($@"key {apiKey}");', 'apiKey → Console.WriteLine'],
    ['print("key \\(apiKey)")', 'apiKey → print'],
    ['console.log(`${a} and ${apiKey}`)', 'apiKey → console.log'],
    ['console.log(`${f({ a: [1] })} ${apiKey}`)', 'apiKey → console.log'],
    ['println ( apiKey )', 'apiKey → println'],
    ['log.info\t("x", apiKey)', 'apiKey → log.info'],
    ['console.log(a?.b?.apiKey)', 'a?.b?.apiKey → console.log'],
    ['std::print(a::b::api_key)', undefined],
    ['println!("{}", config::api_key)', 'config::api_key → println!'],
    ['error_log($this->config->apiKey)', '$this->config->apiKey → error_log'],
    ['x = 5 * 3; console.log(apiKey)', 'apiKey → console.log'],
    ['open("http://x"); console.log(apiKey)', 'apiKey → console.log'],
    ['x(); // console.log(apiKey)', undefined],
    ['x()  # print(api_key)', undefined],
    ['x # print(api_key)', undefined],
    ['/* console.log(apiKey)', undefined],
    ['** console.log(apiKey)', undefined],
    ['color = "#fff"; console.log(apiKey)', 'apiKey → console.log'],
    ['print(f"{{api_key}}")', undefined],
    ["console.log('${apiKey}')", undefined],
    ["puts '#{api_key}'", undefined],
    ['console.log(mask(f(1), apiKey))', undefined],
    ['console.log((apiKey))', 'apiKey → console.log'],
    ['console.log(String(apiKey))', 'apiKey → console.log'],
    ['console.log(apiKey == 1)', undefined],
    ['console.log(a == apiKey)', undefined],
    ['console.log(a => apiKey)', undefined],
    ['std::cout << apiKey', undefined],
    ['print "key", api_key', 'api_key → print'],
    ['p api_key', 'api_key → p'],
    ['  then echo "$STRIPE_SECRET_KEY"', '$STRIPE_SECRET_KEY → echo'],
    ['echo "\\$STRIPE_SECRET_KEY"', undefined],
    ['echo "$(cat $STRIPE_SECRET_KEY)"', '$STRIPE_SECRET_KEY → echo'],
    ['echo "$STRIPE_SECRET_KEY" > file', undefined],
    ['print(os.environ["API_KEY"].lower())', undefined],
    ['print(os.environ["API_KEY", 1])', undefined],
    ['console.log(names["API_KEY"])', undefined],
    ['console.log(ParameterNames.CLIENT_SECRET)', undefined],
    ['console.log(CLIENT_SECRET)', 'CLIENT_SECRET → console.log'],
    ['console.log(invalidApiKey, missingApiKey, maskedApiKey, publicApiKey)', undefined],
    [`console.log(${'a'.repeat(60)}ApiKey)`, undefined],
    [`${' '.repeat(5000)}console.log(apiKey)`, undefined],
  ])('%j', (line, expected) => {
    expect(usage(line, 'log')).toBe(expected);
  });

  test.each([
    ['throw new Error("a") + log.error(apiKey)', undefined],
    ['handleError(apiKey)', undefined],
    ['wrap_error(apiKey)', undefined],
    ['new ValidationException(apiKey)', 'apiKey → ValidationException'],
    ['panic!("{}", api_key)', 'api_key → panic!'],
    ['logger.setError(apiKey)', undefined],
    ['log.error(apiKey)', undefined],
    ['errors.New(apiKey)', 'apiKey → errors.New'],
    ['ctx.response.json({ key: process.env.API_KEY })', 'process.env.API_KEY → ctx.response.json'],
    ['res.status(500).json({ key: process.env.API_KEY })', 'process.env.API_KEY → res.status.json'],
    ['res.render({ key: process.env.API_KEY })', undefined],
    ['response.send(process.env)', 'process.env → response.send'],
  ])('an error, %j', (line, expected) => {
    expect(usage(line, 'error')).toBe(expected);
  });

  test.each([
    ['new URLSearchParams({ key: apiKey })', 'apiKey → key'],
    ['qs.stringify({ "api_key": apiKey })', 'apiKey → api_key'],
    ['params.append("token" , apiKey)', 'apiKey → token'],
    ["query.Set('key', apiKey)", 'apiKey → key'],
    ['query.Set("key", mask(apiKey))', undefined],
    ['format!("wss://x?token=%s", apiKey)', 'apiKey → token'],
    ['x("wss://x?token=%s", apiKey)', undefined],
    ['"https://x?auth_token=#{api_key}"', 'api_key → auth_token'],
    ['"https://x?mytoken=" + apiKey', undefined],
  ])('a URL, %j', (line, expected) => {
    expect(usage(line, 'url')).toBe(expected);
  });

  test.each([
    ["headers['authorization'] = config['apiKey']", "config['apiKey'] → authorization"],
    ['authorization => apiKey', 'apiKey → authorization'],
    ['authorization: process.env.STT', 'process.env.STT → authorization'],
    ['authorization: process.env', undefined],
    ['authorization: key!', 'key! → authorization'],
    ['authorization: keyName', undefined],
    ['authorization: sessionKey', undefined],
    ['authorization: masterSecret', 'masterSecret → authorization'],
  ])('a header, %j', (line, expected) => {
    expect(usage(line, 'header')).toBe(expected);
  });

  test('says where the expression stands', () => {
    const text = 'x();\nconsole.log("a", os.getenv("API_KEY"));\n';
    const start = text.indexOf('API_KEY');
    const found = usageOf('log', Buffer.from(text), { start, end: start + 7 });
    expect(text.slice(found?.start, found?.end)).toBe('os.getenv("API_KEY")');
  });
});

describe('a line of code, in more of its forms', () => {
  const found = 'api_key → print';
  test.each<[string, string | undefined]>([
    ["don't(); print(api_key)", found],
    ["print(b'//', api_key)", found],
    ["print(rb'//', api_key)", found],
    ["print(x, u'//', api_key)", found],
    ["b'//'; print(api_key)", found],
    ['x #y; print(api_key)', found],
    ['x# y; print(api_key)', found],
    ['x#y; print(api_key)', found],
    ['  # print(api_key)', undefined],
    ['a / b; print(api_key)', found],
    ['a /b; print(api_key)', found],
    ['a/ b; print(api_key)', found],
    ['get(http://x); print(api_key)', found],
    ['f(a) ] print(api_key)', found],
    ['print([a], api_key)', found],
    ['print({ a: (1) }, api_key)', found],
    ['print(a}, api_key)', found],
    ['print("a \\(x) b", api_key)', found],
    ['print("#{x} #{api_key}")', found],
    ['print(`a ${x}`, api_key)', found],
    ['print   ("x", api_key)', found],
    ['print\t("x", api_key)', found],
    ['getLogger((a)).info(api_key)', 'api_key → getLogger.info'],
    ['getLogger(a)(b).info(api_key)', undefined],
    [').info(api_key)', undefined],
    ['print(a > api_key)', undefined],
    ['print(a - api_key)', undefined],
    ['print(x ? api_key : y)', undefined],
    ['print(a >= api_key)', undefined],
    ['print(a != api_key)', undefined],
    ['print(x = api_key)', found],
    ['print("a" .. api_key)', found],
    ['print("a" + api_key + "b")', found],
    ['print("a" % api_key)', found],
    ['print(a, api_key, b)', found],
    ['print(a * api_key)', undefined],
    ['print(api_key * a)', undefined],
    ['print(api_key - a)', undefined],
    ['print(api_key[0])', undefined],
    ['print(api_key / 2)', undefined],
    ['print(api_key && a)', undefined],
    ['print(api_key || a)', undefined],
    ['print(api_key < a)', undefined],
    ['print(api_key\t)', found],
    ['print(F"{api_key}")', found],
    ['print(rf"{api_key}")', found],
    ['print(xf"{api_key}")', undefined],
    ['print(`#{api_key}`)', undefined],
    ['print(`\\(api_key)`)', undefined],
    ['print(Stringify(api_key))', undefined],
    ['print(MY_SECRET)', 'MY_SECRET → print'],
    ['print(MY_CLIENT_SECRET)', 'MY_CLIENT_SECRET → print'],
    ['print(MY_API_KEY)', 'MY_API_KEY → print'],
    ['print(API_KEY)', 'API_KEY → print'],
    ['print(X_SECRET_KEY)', 'X_SECRET_KEY → print'],
    ['print(my_secret)', undefined],
    ['x print api_key', undefined],
    ['  else  echo "$STRIPE_SECRET_KEY"', '$STRIPE_SECRET_KEY → echo'],
    ['do   echo "$STRIPE_SECRET_KEY"', '$STRIPE_SECRET_KEY → echo'],
    ['then   echo   "$STRIPE_SECRET_KEY"', '$STRIPE_SECRET_KEY → echo'],
    ['x echo "$STRIPE_SECRET_KEY"', undefined],
    ['echo api_key', undefined],
    ['printf api_key', undefined],
    ['printf "$STRIPE_SECRET_KEY"', '$STRIPE_SECRET_KEY → printf'],
    ['echo "x ${api_key}"', 'api_key → echo'],
    ['printf "x ${api_key} ${b}"', 'api_key → printf'],
    [`print(${'a'.repeat(58)}ApiKey)`, `${'a'.repeat(58)}ApiKey → print`],
    [`print(${'a'.repeat(59)}ApiKey)`, undefined],
    ...'is has env err no missing invalid masked redacted hashed encrypted public publishable safe hidden requires needs use show num expired'
      .split(' ')
      .map((word): [string, undefined] => [`print(${word}ApiKey)`, undefined]),
  ])('%s', (line, expected) => {
    expect(usage(line, 'log')).toBe(expected);
  });

  test.each<[string, string | undefined]>([
    ...'set is has on handle check wrap parse get ignore report'.split(' ').flatMap((word): [string, undefined][] => [
      [`${word}Error(apiKey)`, undefined],
      [`${word[0]?.toUpperCase()}${word.slice(1)}Error(apiKey)`, undefined],
      [`${word}_Error(apiKey)`, undefined],
    ]),
    ['issueError(apiKey)', 'apiKey → issueError'],
    ['ErrorOf(apiKey)', undefined],
    ['myres.json({ k: process.env.API_KEY })', undefined],
    ['res.jsonp({ k: process.env.API_KEY })', undefined],
    ['puts "Error #{api_key}"', undefined],
  ])('an error, %s', (line, expected) => {
    expect(usage(line, 'error')).toBe(expected);
  });

  test.each<[string, string | undefined]>([
    ['`?TOKEN=${apiKey}`', 'apiKey → TOKEN'],
    ['fmt.Sprintf("?TOKEN=%s", apiKey)', 'apiKey → TOKEN'],
    ['params.set("TOKEN", apiKey)', 'apiKey → TOKEN'],
    ['urlencode({ TOKEN: apiKey })', 'apiKey → TOKEN'],
    ['params.setAll("token", apiKey)', undefined],
    ['urlencodeAll({ token: apiKey })', undefined],
    ['urlencode({ other: apiKey })', undefined],
    ['Xsprintf("?token=%s", apiKey)', undefined],
    ['formats("?token=%s", apiKey)', undefined],
    ['x.format("?token=%s", apiKey)', undefined],
    ['sprintfs("?token=%s", apiKey)', undefined],
    ['my.sprintf("?token=%s", apiKey)', 'apiKey → token'],
    ['sprintf("?token=%s", apiKey)', 'apiKey → token'],
    ['sprintf("?other=%s", apiKey)', undefined],
    ['"?token=" + apiKey', 'apiKey → token'],
    ['set(apiKey)', undefined],
    ['`set( ${apiKey}`', undefined],
  ])('a URL, %s', (line, expected) => {
    expect(usage(line, 'url')).toBe(expected);
  });

  test.each<[string, string | undefined]>([
    ['authorization   :   apiKey', 'apiKey → authorization'],
    ['Authorization: `${apiKey}`', 'apiKey → Authorization'],
    ["Authorization: '' + apiKey", 'apiKey → Authorization'],
    ["Authorization: 'Bearer '   +   apiKey", 'apiKey → Authorization'],
    ['authorization: process.env.TOKEN', undefined],
    ['authorization: $', undefined],
    ['authorization', undefined],
    ...'temp temporary session access jwt id short realtime ephemeral user client public publishable'
      .split(' ')
      .map((word): [string, undefined] => [`authorization: ${word}Key`, undefined]),
  ])('a header, %s', (line, expected) => {
    expect(usage(line, 'header')).toBe(expected);
  });

  const OPENAI = ['OPENAI', 'API_KEY'].join('_');
  test.each<[string, UsageSink, string | undefined]>([
    ['const o = { "my-authorization": key };\nconsole.log(o);', 'object', undefined],
    ['const o = { authorizations: key };\nconsole.log(o);', 'object', undefined],
    ['const c : Config = { apiKey: key };\nconsole.log(c);', 'object', 'c.apiKey → console.log'],
    ['c   =   { apiKey: key };\nconsole.log(c);', 'object', 'c.apiKey → console.log'],
    ['const o = { "a" : { apiKey: key } };\nconsole.log(o);', 'object', 'o.apiKey → console.log'],
    ['const o = { a  =>  { apiKey: key } };\nconsole.log(o);', 'object', 'o.apiKey → console.log'],
    ['const o = { "my-api-key-apiKey"  :  key };\nconsole.log(o);', 'object', 'o.my-api-key-apiKey → console.log'],
    ['const o = { apiKey: key };\nlet   o = load();\nconsole.log(o);', 'object', undefined],
    ['const o = { apiKey: key };\nvar o  = load();\nconsole.log(o);', 'object', undefined],
    ['const o = { apiKey: key };\nif (x) o = load();\nconsole.log(o);', 'object', 'o.apiKey → console.log'],
    ['const o = { apiKey: key };\no == x;\nconsole.log(o);', 'object', 'o.apiKey → console.log'],
    ['const o = { apiKey: key };\nx.o = 1; y = o;\nconsole.log(o);', 'object', 'o.apiKey → console.log'],
    [`env: { KEY: process.env[x].${OPENAI} }`, 'bundle', undefined],
    [`public  :  { KEY: process.env.${OPENAI} }`, 'bundle', `process.env.${OPENAI} → public`],
    [`build  :  { env: { KEY: process.env.${OPENAI} } }`, 'bundle', `process.env.${OPENAI} → env`],
    [`rebuild: { env: { KEY: process.env.${OPENAI} } }`, 'bundle', undefined],
    [`build: { x: { env: { KEY: process.env.${OPENAI} } } }`, 'bundle', undefined],
    [`repub: { x: process.env.${OPENAI} }`, 'bundle', undefined],
  ])('%j, %s', (text, sink, expected) => {
    expect(usage(text, sink)).toBe(expected);
  });

  test('more than its line decides about two of the sinks', () => {
    const sinks = ['log', 'error', 'url', 'public', 'header', 'object', 'bundle'] as const;
    expect(sinks.filter((sink) => looksFurther(sink))).toEqual(['object', 'bundle']);
  });
});
