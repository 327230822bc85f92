import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { credentialKind, NAME_PARTS, PASSWORD_WORDS, SECRET_WORDS } from '../../src/detect/credential-name.ts';
import { credentialObjection } from '../../src/detect/credential-value.ts';
import { bitsOf, wordShare } from '../../src/detect/words.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plantOne } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());

/** What is found in a text, as the text itself. */
function found(text: string): string[] {
  const sightings = inspector.inspect(Buffer.from(`first line\n${text}\nlast line\n`));
  return sightings.filter(({ rule }) => rule.matcher.kind !== 'file').map(({ secret }) => secret.reveal());
}

const VALUES = [
  '{{alnum:20}}',
  '{{alnum:32}}',
  '{{alnum:64}}',
  '{{hex:32}}',
  '{{hex:64}}',
  '{{lower36:24}}',
  '{{base64url:43}}',
  '{{uuid}}',
  'acme_{{alnum:32}}',
  'acme_live_{{hex:32}}',
];
const NAMES = [
  'api_key', 'apiKey', 'ACME_API_KEY', 'x-api-key', 'client_secret', 'clientSecret', 'SECRET_KEY', 'access_token', 'authToken', 'private_key',
  'encryptionKey', 'SESSION_SECRET', 'acme.api.token', 'token', 'secret', 'apikey', 'STORAGE_ACCOUNT_KEY', 'refresh_token', 'ACME_KEY', 'bearerToken',
]; // prettier-ignore

/** The ways in which languages and formats give a value to a name. */
const FORMS: Readonly<Record<string, (name: string, value: string) => string>> = {
  'an env file': (name, value) => `${name}=${value}`,
  'an exported variable': (name, value) => `export ${name}="${value}"`,
  YAML: (name, value) => `${name}: ${value}`,
  JSON: (name, value) => `  "${name}": "${value}",`,
  'JSON in a string': (name, value) => `{\\"${name}\\":\\"${value}\\"}`,
  TypeScript: (name, value) => `${name}: string = "${value}";`,
  Go: (name, value) => `var ${name} string = "${value}"`,
  'Go, short': (name, value) => `${name} := "${value}"`,
  Rust: (name, value) => `let ${name}: &str = "${value}";`,
  PHP: (name, value) => `'${name}' => '${value}',`,
  Python: (name, value) => `os.environ["${name}"] = "${value}"`,
  'a fallback': (name, value) => `${name} || '${value}'`,
  'a default': (name, value) => `os.getenv("${name}", "${value}")`,
  'a call': (name, value) => `config.set('${name}', '${value}')`,
  'a comparison': (name, value) => `if (${name} === "${value}") {`,
  'an XML element': (name, value) => `<${name}>${value}</${name}>`,
  'an XML attribute': (name, value) => `<add key="${name}" value="${value}"/>`,
  'a flag': (name, value) => `--${name}=${value}`,
  'a flag and a blank': (name, value) => `--${name} ${value}`,
  'a header': (name, value) => `curl -H "${name}: ${value}" https://api.acme.org`,
  'a parameter': (name, value) => `https://api.acme.org/v1?${name}=${value}&x=1`,
  'a comment': (name, value) => `# ${name}=${value}`,
  'a Spring default': (name, value) => `@Value("\${${name}:${value}}")`,
};

describe('a generated value is found under every name that means a secret', () => {
  test.each(Object.entries(FORMS))('in %s', (form, write) => {
    const missed: string[] = [];
    for (const name of NAMES) {
      for (const value of VALUES) {
        const { text, secret } = plantOne(write(name, `[|${value}|]`), `${form} ${name}`);
        if (!found(text).includes(secret)) missed.push(`${name} ${value}`);
      }
    }
    expect(missed).toEqual([]);
  });
});

test.each(['SESSION_SECRET=', 'session_secret: ', 'curl "https://api.acme.org?secret=', '# SESSION_SECRET = '])(
  'an unquoted value with its padding, after %s',
  (before) => {
    for (const value of ['{{alnum:22}}==', '{{alnum:43}}=', '{{alnum:64}}']) {
      const { text, secret } = plantOne(`${before}[|${value}|]${before.includes('"') ? '"' : ''}`, 'padding');
      expect(found(text)).toEqual([secret]);
    }
  },
);

test.each([
  'token = nextToken2;',
  'const apiKey = config.apiKeys[0];',
  'secret: process.env.SECRET_V2,',
  'password = getPassword1()',
  'tokenUrl: "https://auth.acme.org/oauth2/token"',
  'public_key = "{{alnum:44}}"',
  'cache_key: "{{hex:32}}"',
  'csrf_token = "{{alnum:32}}"',
  'token_type: "Bearer_2_urn_ietf_params"',
  'secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-1"',
  'api_key: ENC[AES256_GCM,data:{{base64:24}},type:str]',
  'password: "vault:secret/data/app#password"',
  'key: "home.sections.features.title2"',
  'auth_key = "%s-auth-key-2"',
  'apiKey: /^[A-Za-z0-9]{32}$/',
  'secretKey = "0x8031005c"',
  "tags: ['security', 'secret', 'external/cwe/cwe-798', 'x']",
  '"Action":"pass","Test":"TestTokens/2"',
  'password: "Passw0rd!"',
  'Password: P@ssw0rd123',
  'SECRET = "{{base64:6}}MA0GCSqGSIb3DQEBAQUAA4GN{{base64:60}}"'.replace('{{base64:6}}', 'MIGf'),
  'javax.crypto.KeyAgreement.getInstance("ECGOST3410-2018-256")',
  'this.token("ExpiresAt4687177990")',
  'ice-pwd:{{alnum:22}}',
  '// Pass: `--allow-net=127.0.0.1:4553`',
  "setAccessWithoutPassword('gegg4564eqgeqag', true)",
  'PREFERENCE_PASSCODE_D1 = "PrefPinCode1"',
  'PasswordConverter.ASCII : PasswordConverter.UTF8',
  'sendResetPassword = "[Function]"',
  '"SslCertPassword": "SSL-Zertifikatskennwort"',
  'password: "urn:k8s:secret:oidc:redisPass2"',
  'ServicePrincipalPassword("deploy-sp-pwd")',
  'auth: "2.{{alnum:22}}==|{{alnum:22}}==|{{alnum:43}}="',
])('nothing in %s', (text) => {
  expect(found(plantOne(`${text}[|x|]`, 'nothing').text.slice(0, -1))).toEqual([]);
});

test.each([
  '{:password, "§"}',
  'Keyword.put(options, :password, "§")',
  'Map.put_new(@defaults, :api_key, "§")',
  'Application.put_env(:acme, :api_key, "§")',
])('an atom of Elixir names what stands behind it: %s', (text) => {
  const { text: planted, secret } = plantOne(text.replace('§', '[|{{alnum:24}}|]'), 'Elixir');
  expect(found(planted)).toEqual([secret]);
});

test.each(['Map.fetch(options, :password, "§")', '[:user, :password, "§"]', 'Keyword.put(options, :name, "§")'])('and does not in %s', (text) => {
  expect(found(plantOne(text.replace('"§"', '"[|{{alnum:24}}|]"'), 'Elixir').text)).toEqual([]);
});

test('what only a cluster can open is none', () => {
  const sealed = (start: string): string => plantOne(`api_key: [|${start}{{base64:720}}|]`, 'sealed').text;
  expect([found(sealed('AgA')).length, found(sealed('AwA')).length]).toEqual([0, 1]);
});

test('a quote that is never closed holds one word, not what the line goes on with', () => {
  expect(found(plantOne('token = "[|{{alnum:24}}|] and more', 'open').text)).toEqual([]);
});

test('the digest beside the name of a file is no key of whom the file is named after', () => {
  const line = (name: string): string => plantOne(`"${name}": "[|{{hex:32}}|]"`, 'digest').text;
  expect([found(line('assemblyai.whl')).length, found(line('assemblyai_key')).length]).toEqual([0, 1]);
});

describe('signs that a value has in quotes alone', () => {
  const value = (sign: string): string => plantOne(`[|aX9${sign}k2Q{{alnum:8}}|]`, 'signs').secret;

  test.each(['&', ',', ';', '<', '>'])('%s', (sign) => {
    for (const form of ["password: '§'", 'DB_PASSWORD="§"', '"password": "§",', "'password' => '§'"])
      expect(found(form.replace('§', () => value(sign))), form).toEqual([value(sign)]);
    expect(found(`password=${value(sign)}`)).toEqual([]);
  });

  test.each(['\u00a7', '\u00fc', '\u20ac', '\u00df\u00a3'])('%s of another keyboard', (sign) => {
    const bytes = Buffer.from(value(sign)).toString('latin1');
    expect(found(`password: '${value(sign)}'`)).toEqual([bytes]);
    expect(found(`api_key: '${value(sign)}{{alnum:20}}'`)).toEqual([]);
  });

  test.each(['Gr\u00fc\u00dfeHausTor', 'gr\u00fcn7haus4wald2', 'Pa\u00df\u0142w9Q2k', 'a\u4e00X9k2Q7mZ'])('%s is a text', (text) =>
    expect(found(`password: '${text}'`)).toEqual([]),
  );
});

test('groups of small letters are a password, not a word', () => {
  const groups = ['kqzv', 'pwlx', 'trbn', 'wmjx'].join('-');
  expect(found(`password: "${groups}"`)).toEqual([groups]);
});

test.each([
  ['a quote within quotes', `token: '"[|{{uuid}}|]"'`],
  ['a control character behind it', '"auth=Bearer [|{{alnum:40}}|]\\u0001\\u0001";'],
  ['a line end behind its padding', '"//npm.acme.org/:_auth=[|{{base64url:22}}|]==\\n"'],
  ['a bracket in front of it', 'password = "[|(aX9{{alnum:10}}|]"'],
  ['the next name of a list', 'user=app,password=[|{{alnum:14}}|],sslmode=require'],
  ['a colon within', 'password: "[|aX9:{{alnum:12}}|]"'],
  ['a bar behind it', '|api_key=[|{{alnum:32}}|]|'],
  ['a quote that is never closed', 'API_SECRET="[|{{alnum:30}}|]'],
  ['a quote that is never closed, and the end of a line of Windows', "API_SECRET='[|{{alnum:30}}|]\r"],
  ['a wrapper of Go', 'Password: aws.String("[|{{alnum:20}}|]"),'],
  ['a wrapper of Qt', 'const auto secret = QStringLiteral("[|{{alnum:24}}|]");'],
  ['a command that sets', 'netlify env:set API_TOKEN [|{{alnum:32}}|]'],
])('%s is none of the value', (_, marked) => {
  const { text, secret } = plantOne(marked, 'borders');
  expect(found(text).map((value) => value.replace(/={1,2}$/, ''))).toEqual([secret]);
});

test.each([
  ['{"alg":"HS256","typ":"JWT"}', '', 'only the header'],
  ['{"alg":"none","typ":"JWT"}', '{"exp":-203322497,"jti":"123"}', 'without a signature'],
])('a token of %s%s is none: %s', (header, claims) => {
  const text = [header, claims]
    .filter((part) => part !== '')
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  expect(found(`token = "${text}"`)).toEqual([]);
  expect(found(`token = "${text}."`)).toEqual([]);
});

test.each(['user:password', 'jack2019:123456', 'secret:token', 'user:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='])('the base64 of %s is none', (login) => {
  for (const padding of [/(?!)/, /=+$/]) expect(found(`auth: "${Buffer.from(login).toString('base64').replace(padding, '')}"`)).toEqual([]);
});

describe('a shorter secret that somebody made up for a program of their own', () => {
  const value = plantOne('[|k7R{{alnum:10}}|]', 'own').secret;

  test.each([
    `app.use(session({ secret: "${value}", resave: false }));`,
    `app.secret_key = "${value}"`,
    `app.config["SECRET_KEY"] = "${value}"`,
    `JwtModule.register({ secret: '${value}' })`,
    `static-auth-secret=${value}`,
    `JWT_SECRET=${value}`,
  ])('is found in %s', (text) => expect(found(text)).toEqual([value]));

  test.each([
    `token: "${value}"`, // which programs issue, and longer
    `API_KEY=${value}`,
    `client_id = "${value}"`,
    `secret: "${value.slice(0, 11)}"`, // too short
    `secret: "${value.toLowerCase()}"`,
    'secret: "keyboardCat12"',
    'SECRET_KEY = "MySecretKey123"',
    'secret: "someRandomText1"',
    'secret = nextSecret2Use',
  ])('is none in %s', (text) => expect(found(text)).toEqual([]));
});

describe('passwords in addresses', () => {
  const confidences = (address: string): string[] =>
    inspector.inspect(Buffer.from(`url = "${address}"\n`)).map(({ confidence, secret }) => `${confidence} ${secret.reveal()}`);

  test.each([
    'user:pass@localhost',
    'root:mysql@mysql',
    'postgres:postgres@localhost',
    'foo:bar@localhost:9000',
    'app:mypass@db',
    'cacheuser:cachepass@127.0.0.1',
    'x:s3cret%21@db.example.com',
  ])('none in %s', (rest) => expect(confidences(`postgres${'://'}${rest}/shop`)).toEqual([]));

  test.each([
    ['app:changedpass@db.acme-corp.net', 'low changedpass'],
    ['app:sunshine@db.acme-corp.net', 'low sunshine'],
    ['app:alicespassword@db.acme-corp.net', 'low alicespassword'],
    ['app:aX9kQ27vLp@localhost', 'medium aX9kQ27vLp'],
    ['app:aX9kQ27vLp@db.your-company.io', 'medium aX9kQ27vLp'],
    ['app:aX9kQ27vLp@host.docker.internal', 'medium aX9kQ27vLp'],
    ['app:aX9kQ27vLp@shop.local', 'medium aX9kQ27vLp'],
    ['app:aX9kQ27vLp@postgres', 'medium aX9kQ27vLp'],
    ['app:aX9kQ27vLp@db.acme-corp.net', 'high aX9kQ27vLp'],
    ['app:aX9kQ27vLp@db.prod.internal', 'high aX9kQ27vLp'],
    ['app:aX9kQ27vLp@pg.data.svc.cluster.local', 'high aX9kQ27vLp'],
    ['app:aX9kQ27vLp@db.corp.local', 'high aX9kQ27vLp'],
  ])('%s: %s', (rest, expected) => expect(confidences(`postgres${'://'}${rest}/shop`)).toEqual([expected]));

  test("a token that stands in the user's place is the secret", () => {
    expect(confidences(`https${'://'}aX9kQ27vLpZ4tRbN8sYd:x-oauth-basic@github.com/acme/shop.git`)).toEqual(['medium aX9kQ27vLpZ4tRbN8sYd']);
  });
});

describe('names', () => {
  test.each([
    ['API_TOKEN', 'secret'],
    ['dbPassword', 'password'],
    ['smtp_pass', 'password'],
    ['pass', 'password'],
    ['ACME_KEY', 'secret'],
    ['acmeKey', undefined],
    ['key', undefined],
    ['render_pass', undefined],
    ['passed', undefined],
    ['author', undefined],
    ['publicKey', undefined],
    ['secretName', undefined],
    ['tokenUrl', undefined],
    ['monkey', undefined],
    ['isPasswordProtected', undefined],
    ['encodedPassword', undefined],
    ['KAFKA_OAUTH_BEARER_USER_2', undefined],
    ['userPassword', 'password'],
    ['spring.data.redis.password', 'password'],
    ['password_data', undefined],
    ['pwd.encode', undefined],
    ['password_encode_key', 'password'],
    // Two words written as one.
    ['pgpassword', 'password'],
    ['SSHPASS', 'password'],
    ['mysqlpwd', 'password'],
    ['jwtsecret', 'secret'],
    ['githubtoken', 'secret'],
    ['encryptionkey', 'secret'],
    ['storageaccountkey', 'secret'],
    ['accountmonkey', undefined],
    ['csrftoken', undefined],
    ['pagetoken', undefined],
    ['donkey', undefined],
    ['trespass', undefined],
    ['usertokenid', undefined],
    ['firebaseStorageDownloadTokens', undefined],
    ['wgDBpassword', 'password'],
    ['DB_PW', 'password'],
    ['rootPw', 'password'],
    ['adminpw', 'password'],
    ['pw', undefined],
    ['page_pw', undefined],
    // In other languages.
    ['DB_SENHA', 'password'],
    ['motDePasse', 'password'],
    ['MOT_DE_PASSE', 'password'],
    ['wachtwoord', 'password'],
    ['clave_secreta', 'secret'],
    ['fernet_key', 'secret'],
    // A digest of one.
    ['sign-key-sha3-384', undefined],
    ['apiKeySha256', undefined],
    ['TOKEN_MD5', undefined],
    ['HMAC_SHA256_KEY', 'secret'],
    // Who gives a token, and whom to.
    ['TokenIssuer', undefined],
    ['TOKEN_AUDIENCE', undefined],
    ['PasswordForgotten', undefined],
    ['password_mismatch', undefined],
    ['auth_password_state', undefined],
  ])('%s: %s', (name, kind) => {
    expect(credentialKind(name)).toBe(kind);
  });
});

describe('a name that stands on another line than its value', () => {
  test('holds one of the parts that its kind is known by', () => {
    const word = fc.constantFrom(...SECRET_WORDS, ...PASSWORD_WORDS, 'key', 'keys', 'api', 'auth', 'pass', 'phrase', 'db', 'ACME', 'KEY', 'Key', '2');
    const name = fc.array(word, { minLength: 1, maxLength: 4 }).chain((words) => fc.constantFrom('_', '-', '.', '').map((sign) => words.join(sign)));
    let kinds = 0;
    const holds = (text: string): void => {
      const kind = credentialKind(text);
      if (kind === undefined) return;
      kinds++;
      expect(NAME_PARTS[kind].some((part) => text.toLowerCase().includes(part))).toBe(true);
    };
    for (const text of [...SECRET_WORDS, ...PASSWORD_WORDS]) holds(text);
    fc.assert(fc.property(name, holds), { numRuns: 2000 });
    expect(kinds).toBeGreaterThan(1000);
  });

  test('is found as far away, and on lines as long, as it is of a content whose lines come one by one', () => {
    const token = plantOne('[|{{alnum:32}}|]', 'elsewhere').secret;
    const value = '"value": "';
    let [withName, all] = [0, 0];
    for (const filler of [0, 1, 100, 420, 440, 460, 465, 470, 475, 480, 485, 490, 495, 500, 505, 510, 511, 512, 513, 520, 600, 1030]) {
      for (let lines = 0; lines < 7; lines++) {
        const [blank, between] = [' '.repeat(filler), '"type": "x",\n'.repeat(lines)];
        for (const text of [
          `{\n${blank}"name": "TOKEN_OF_SOME_LONG_SERVICE",\n${between}${value}${token}"\n}\n`,
          `{\n"name": "TOKEN_OF_SOME_LONG_SERVICE",${blank}\n${between}${value}${token}"\n}\n`,
          `{\n"name": "TOKEN_OF_SOME_LONG_SERVICE",\n${between}${blank}${value}${token}"\n}\n`,
          `{\n${value}${token}",${blank}\n${between}"name": "TOKEN_OF_SOME_LONG_SERVICE"\n}\n`,
          `{\n${value}${token}",\n${between}${blank}"name": "TOKEN_OF_SOME_LONG_SERVICE"\n}\n`,
          `x${blank}{"name": "TOKEN_OF_SOME_LONG_SERVICE", ${value}${token}"}\n`,
          `x {${value}${token}",${blank} "name": "TOKEN_OF_SOME_LONG_SERVICE"}\n`,
        ]) {
          const bytes = Buffer.from(text);
          const apart = inspector.inspectLines(bytes)?.length;
          expect(inspector.inspect(bytes).length, text).toBe(apart);
          all++;
          withName += apart ?? 0;
        }
      }
    }
    expect(withName).toBeGreaterThan(100);
    expect(withName).toBeLessThan(all);
  });

  test.each([
    ['on its own line', ['{"name": "acme_api_key", ', '']],
    ['three lines above', [`"name": "acme_api_key",\n${`"type": "x",${' '.repeat(495)}\n`.repeat(3)}`, '']],
    ['below', ['', `\n${' '.repeat(470)}"name": "acme_api_key"`]],
  ] as const)('is found %s, if that goes on for long, and wherever that is', (_where, [before, behind]) => {
    const { secret } = plantOne('[|{{alnum:32}}|]', 'long line');
    const line = `${before}"value": "${secret}",${'"x": 1,'.repeat(60)}${behind}\n`;
    for (let offset = 3500; offset < 4600; offset += 3) {
      const sightings = inspector.inspect(Buffer.from(`${'.'.repeat(offset)}\n${line}`));
      expect([offset, sightings.map((sighting) => sighting.secret.reveal())]).toEqual([offset, [secret]]);
    }
  });
});

describe('values', () => {
  test.each(['hunter2', 'my-secret-token-for-tests', 'aaaaaaaaaaaaaaaaaaaaaaa1', 'sha256-abcdefghijklmnop12345'])('%s is none', (value) => {
    expect(credentialObjection(value, 'secret')).toBeTypeOf('string');
  });

  test('what one browser may have of a payment is none', () => {
    for (const kind of ['secret', 'client']) {
      const { secret } = plantOne(`[|pi_{{alnum:24}}_${kind}_{{alnum:24}}|]`, kind);
      expect(inspector.inspect(Buffer.from(`client_key = '${secret}'`))).toEqual([]);
    }
  });

  test('the fingerprint of a public key is none, in capitals also by which name a key is chosen', () => {
    const print = plantOne('[|{{hex:40}}|]', 'print').secret;
    const rulesOf = (name: string, value: string): string[] =>
      inspector.inspect(Buffer.from(`${name} = ${value}`)).flatMap(({ rule }) => (rule.matcher.kind === 'file' ? [] : rule.id));
    for (const name of ['signingkey', 'signing_key', 'SOURCE_KEY', 'GPG_KEY']) expect([name, rulesOf(name, print.toUpperCase())]).toEqual([name, []]);
    expect([rulesOf('GPG_KEY', print), rulesOf('signing_key', print), rulesOf('API_KEY', print.toUpperCase())]).toEqual([
      [],
      ['generic-secret'],
      ['generic-secret'],
    ]);
  });

  test('public keys begin with capitals, and generated values with any letters', () => {
    const rest = plantOne('[|{{alnum:29}}|]', 'der').secret;
    expect(credentialObjection(`MIG${rest}`, 'secret')).toBeUndefined();
    expect([
      credentialObjection(`MIIB${rest}`, 'secret'),
      credentialObjection(`sha256-${rest}`, 'secret'),
      credentialObjection(`SHA256:${rest}`, 'secret'),
    ]).toEqual(Array(3).fill('a digest or something public'));
    expect(credentialObjection(`MIi${rest}`, 'secret')).toBeUndefined();
  });

  test('words cost less than random letters', () => {
    expect(bitsOf('password')).toBeLessThan(bitsOf('wqzxkvjp') / 2);
    expect(wordShare('storageAccountName_primary')).toBeGreaterThan(0.9);
    expect(wordShare('x9Zk2QwT7vLp4RbN8sYd')).toBeLessThan(0.2);
    expect(wordShare('0123456789')).toBe(0);
  });
});
