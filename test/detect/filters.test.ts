import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { expectedBits, kindsOf, shannon } from '../../src/detect/entropy.ts';
import { dropReason, FILTERS } from '../../src/detect/filters.ts';
import type { Rule } from '../../src/model/rule.ts';
import { sha256 } from '../../src/rules/checksums.ts';
import { expandExample } from '../../src/rules/examples.ts';
import { leftBoundary } from '../../src/rules/shape.ts';

const RULE: Rule = {
  id: 'a-key',
  provider: 'Example',
  title: 'A key',
  kind: 'secret',
  severity: 'high',
  confidence: 'high',
  description: '',
  scope: 'line',
  matcher: { kind: 'token', forms: [], ignoreCase: false },
  literals: ['sk_'],
  selfIdentifying: true,
  references: [],
};

function drop(
  body: string,
  options: { rule?: Partial<Rule>; name?: string; prefix?: string; samples?: Record<string, string> } = {},
): string | undefined {
  const { rule, name = '', prefix = 'sk_', samples = {} } = options;
  return dropReason({ rule: { ...RULE, ...rule }, text: prefix + body, body, name }, samples)?.filter;
}

test('a recovery phrase may hold the word example, which nothing else that is drawn does', () => {
  const phrase = 'outer green lawsuit aisle fiscal example';
  expect(drop(phrase)).toBe('placeholder');
  expect(drop(phrase, { rule: { checksum: 'bip39' } })).not.toBe('placeholder');
});

test('the digest of a word that everybody knows is a sample, whatever the rule', () => {
  for (const algorithm of ['md5', 'sha256']) {
    const text = createHash(algorithm).update('password').digest('hex');
    for (const kind of ['secret', 'password'] as const) expect(drop(text, { prefix: '', rule: { kind } })).toBe('sample');
  }
});

describe('placeholders', () => {
  test.each([
    '<your-key>',
    '[your-key]',
    '{{ API_KEY }}',
    '${API_KEY}',
    '$(get-key)',
    '$API_KEY',
    '%API_KEY%',
    '@API_KEY@',
    '__API_KEY__',
    '#{api_key}',
    'abc1...',
    'a9f3\u2026',
    'a9f3****',
    'xxxxxxxx',
    'abXXXXXXcd',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcabcabcabcabcabc',
    'your_secret_key_here',
    'YourApiKeyGoesHere',
    'replace-me-with-a-real-key',
    'example_token',
    'abcdefghijklmnop',
    '1234567890',
    'abcdefghij0123456789',
    'qwertyuiop',
    '1a2b3c4d5e6f7g8h9i0j',
  ])('%s is one', (body) => {
    expect(drop(body)).toBe('placeholder');
  });

  test('so is a value that repeats its own name', () => {
    expect(drop('my-stripe-token-9', { name: 'config.myStripeToken9' })).toBe('placeholder');
    expect(drop('q7Zk-mP2x-Vw9r', { name: 'other' })).toBeUndefined();
    for (const name of ['', '_', 'config[x]', 'config["x"]']) expect(drop('!%-;', { name }), name).toBeUndefined();
  });

  test.each(['{{alnum:24}}', '{{hex:40}}', '{{lower36:36}}', '{{base64url:43}}', '{{digit:12}}{{lower:8}}', 'test{{alnum:20}}', 'xxxxx{{alnum:20}}'])(
    'generated text like %s is none',
    (template) => {
      for (const salt of ['1', '2', '3', '4', '5']) expect(drop(expandExample(template, salt)), salt).toBeUndefined();
    },
  );
});

describe('why a value is none', () => {
  const made = expandExample('{{alnum:24}}', 'filters');
  const block: Partial<Rule> = { matcher: { kind: 'block', begin: [], pattern: 'x', maxLength: 4096 } };
  const why = (body: string, rule: Partial<Rule> = {}, name = ''): string | undefined =>
    dropReason({ rule: { ...RULE, ...rule }, text: `sk_${body}`, body, name }, {})?.reason;

  test.each(['<a key>', '[a key]', '{{ key }}', '${KEY}', '$(key)', '$Key_1', '%A_KEY%', '@A_KEY@', '__A_KEY__', '#{key}'])(
    '%s is filled in',
    (body) => {
      expect(why(body)).toBe('a place to fill in, not a value');
      for (const more of [`${made}-${body}`, `${body}-${made}`]) expect(why(more), more).not.toBe('a place to fill in, not a value');
    },
  );

  test.each(
    (
      'example placeholder redacted deadbeef badc0de changeme change_me change-me replaceme replace_me replace-me yourapi your_secret your-access ' +
      'yourtoken your_key your-password insertyour insert_your insert-your dummykey dummy_token dummy-secret fakekey fake_token fake-secret'
    ).split(' '),
  )('%s says that it is an example', (word) => {
    for (const body of [word + made, made + word.toUpperCase()]) expect(why(body), body).toBe('says that it is an example');
  });

  test('so does a letter before all digits, but in a password', () => {
    for (const start of ['a', 'Z', 'a1234']) expect(why(`${made}-${start}123456789`), start).toBe('says that it is an example');
    for (const start of ['-', '-12345']) expect(why(`${made}${start}123456789`), start).toBeUndefined();
    expect(why(`${made}-a123456789`, { kind: 'password' })).toBeUndefined();
  });

  test('what is written above a block says nothing about it', () => {
    const commented = `Comment: an example\n${made}`;
    expect([why(commented, block), why(commented)]).toEqual([undefined, 'says that it is an example']);
    expect(why(`Comment: a key\nexample${made}`, block)).toBe('says that it is an example');
  });

  test.each(['\n...\n', '\n  ....\t\r\n', '\\n...\\n', '\n........\n'])('a block with dots for lines: %j', (dots) => {
    expect([why(made + dots + made, block), why(made + dots + made)]).toEqual(['shortened on purpose', undefined]);
  });

  test.each(['\n..\n', '\n.........\n', '\nx...\n', '\n...x\n', '...'])('a block is not shortened by %j', (dots) => {
    expect(why(made + dots + made, block)).not.toBe('shortened on purpose');
  });

  test.each(['******', '\u2026', '\xe2\x80\xa6', '\xe2\x80\xa2\xe2\x80\xa2', 'xxxxxx', 'XXXXXX', '...', '***'])('%j masks', (mask) => {
    for (const body of [made.slice(0, 12) + mask, made.slice(0, 8) + mask + made.slice(8, 12)])
      expect(why(body), body).toBe('shortened or masked on purpose');
  });

  test.each(['..', '**', '\xe2\x80\xa2', 'xxxxx', 'XXXXX'])('%j masks nothing', (mask) => {
    expect(why(made.slice(0, 8) + mask + made.slice(8, 16))).toBeUndefined();
  });

  test('a long value is cut where nothing but dots breaks it', () => {
    const long = made + made;
    for (const body of [`${long}...`, `${made}.....${made}=`, `eyJ${made}.${long}...`, `0.${made}.${made}...`])
      expect(why(body), body).toBe('shortened or masked on purpose');
    for (const body of [`${long}!...`, `${long}...!`, `!${long}...`, `0.1.2.${long}...`, `${long}..`]) expect(why(body), body).toBeUndefined();
  });

  test.each<[reason: string, bodies: string, name?: string]>([
    ['repeats its own name', 'acme-gate AcmeGate', 'config.acme_gate'],
    ['repeats its own name', 'acme-gate AcmeGate', 'config[acmeGate]'],
    ['repeats its own name', 'acme-gate AcmeGate', 'items[0]["acme_gate"]'],
    ['repeats its own name', 'acme-gate AcmeGate', 'acme_gate[]'],
    ['one or two characters repeated', 'aaaa aaaaaaaaaaaa abababababab aabbabab'],
    ['a short text repeated', 'abcabcabcabc 4x7q4x7q4x7q4x7q'],
    ['a text repeated', 'k3v9x2p7mk3v9x2p7mk3v9x2p7m q8w1z5n4j6q8w1z5n4j6q8w1z5n4j6'],
    [
      'made of placeholder words',
      'todo_insert_it_enter none-unset passwd-access-auth valid-invalid-real account-project please_never_share xyz_todo-q',
    ],
    ['made of placeholder words and its own name', 'my-twilio a-twilio-1', 'twilio.key'],
    ['letters or digits in a row', 'abcdefghijklmnop zyxwvutsrq qwertyuiop 9876543210 2345678901 1a2b3c4d5e6f7g8h9i0j 00112233445566'],
  ])('%s: %s', (reason, bodies, name) => {
    for (const body of bodies.split(' ')) expect(why(body, {}, name), body).toBe(reason);
  });

  test.each<[body: string, name?: string]>([
    ['aab'],
    ['my-twilio', 'other'],
    ['q7Zk-twilio', 'twilio'],
    ['xabcabcabcab9q7'],
    ['acme-gate', 'acme_gate.other'],
    ['todo_q7Zk'],
  ])('%s is kept', (body, name) => {
    expect(why(body, {}, name)).toBeUndefined();
  });
});

describe('the order of filters', () => {
  test('is the documented one, and the first reason wins', () => {
    expect(FILTERS.map(({ name }) => name)).toEqual(['sample', 'placeholder', 'value', 'credential', 'word', 'checksum', 'entropy']);
    expect(dropReason({ rule: RULE, text: 'sk_xxxxxxxx', body: 'xxxxxxxx', name: '' }, { [sha256('sk_xxxxxxxx')]: 'of the manual' })).toEqual({
      filter: 'sample',
      reason: 'of the manual',
    });
  });
});

test('a token for whoever is not signed in is a sample, but for the rule that says so itself', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'somebody', role: 'anon', exp: 2_000_000_000 })}.${expandExample('{{base64url:43}}', 'anon')}`;
  expect(drop(token, { prefix: '' })).toBe('sample');
  expect(drop(token, { prefix: '', rule: { kind: 'publishable' } })).not.toBe('sample');
});

describe('published samples', () => {
  test('are known by the hash of the whole text', () => {
    const body = expandExample('{{alnum:24}}', 'sample');
    expect(drop(body, { samples: { [sha256(`sk_${body}`)]: 'of the manual' } })).toBe('sample');
    expect(drop(body, { samples: { [sha256(body)]: 'of the manual' } })).toBeUndefined();
  });
});

describe('free values of assignments', () => {
  const rule = {
    matcher: { kind: 'assignment', words: [], value: { pattern: '', maxLength: 80, alphabet: '', run: { class: 'a', min: 8 } } },
  } as const;

  test.each([
    ['a reference', 'process.env.STORED'],
    ['a reference', 'arn:aws:secretsmanager:eu-west-1:1:secret:x'],
    ['a reference', 'op://vault/item/field'],
    ['a reference', 'projects/p/secrets/s/versions/1'],
    ['encrypted', 'encrypted:BASE64abcDEF0987'],
    ['encrypted', 'ENC[AES256_GCM,data:abc]'],
    ['a switch', 'true'],
    ['a number', '86400'],
    ['a time', '30s'],
    ['an address', 'https://api.corp.io/v1'],
    ['a path', './etc/ssl/id_rsa'],
    ['a path', '/usr/lib/x86/libcrypto3'],
    ['a path', '/home/Me2/Projects/keys'],
    ['a host', 'db.internal.corp.io:5432'],
    ['a mail address', 'ops@corp.io'],
    ['a word', 'production'],
    ['a region', 'eu-west-1'],
    ['a region', 'us-central1'],
    ['a region', 'ap-southeast-2a'],
    ['a time zone', 'Europe/Amsterdam'],
    ['one kind of letter', 'correcthorse'],
  ])('%s is none: %s', (_what, body) => {
    expect(drop(body, { rule, prefix: '' })).toBe('value');
  });

  test.each([
    'hunter2!Zebra',
    'Tr0ub4dor&3',
    'correct horse battery staple 9',
    `/${expandExample('{{alnum:30}}')}+${expandExample('{{alnum:12}}')}=`,
  ])('%s is one', (body) => {
    expect(drop(body, { rule, prefix: '' })).toBeUndefined();
  });

  test('only assignments are judged so', () => {
    expect(drop('86400.5', { prefix: 'sk_' })).toBeUndefined();
  });
});

describe('why a free value is none', () => {
  const free: Partial<Rule> = {
    matcher: { kind: 'assignment', words: [], value: { pattern: '', maxLength: 80, alphabet: '', run: { class: 'a', min: 8 } } },
  };
  const why = (text: string, rule = free): string | undefined => dropReason({ rule: { ...RULE, ...rule }, text, body: text, name: '' }, {})?.reason;
  const REFERENCE = 'a reference to a secret, not one';
  const CODE = 'code, not a value';
  const SETTING = 'a setting, a number, an address or a path';

  test.each<[reason: string, values: readonly string[]]>([
    [
      REFERENCE,
      [
        '$.stored[0].Pw7',
        '$ANSIBLE_VAULT_PASSWORD.q7Zk',
        '%appdata/q7Zk',
        'urn:vault:q7Zk',
        '@Microsoft.KeyVault(SecretUri=q7Zk)',
        '!Ref q7Zk',
        'projects/acme-9/secrets/q7Zk',
        'aws-sm://q7Zk',
        'vault+v2://q7Zk',
        'vault+local://q7Zk',
        'secretref:q7Zk',
        '/run/secrets/q7Zk',
        'process.env["Q7"]',
        'os.environ["Q7"]',
        'os.getenv("Q7")',
        'env["Q7"]',
        '<%= a->q7Zk %>',
        'pre-${q7Zk}-post',
        'q7Zk-${}-Mp2x',
      ],
    ],
    [
      'encrypted',
      [
        'encrypted:q7Zk',
        '2.QzRwTyLkPmNbVcXsDuGhJq==|q7Zk',
        'ENC(q7Zk)',
        '$ANSIBLE_VAULT;1.1;AES256',
        'U2FsdGVkX1q7Zk',
        'AQICAHq7Zk',
        'AQIDAHq7Zk',
        'AQIAAA5mAAAApAAAq7Zk',
        '-----BEGIN PGP MESSAGE-----',
        '-----BEGIN AGE ENCRYPTED FILE-----',
      ],
    ],
    ['says that it is made up', ['q7Zk-fake-Mp2x']],
    [
      CODE,
      [
        'getToken("q7Zk")',
        'f("q7Zk")',
        'ledger.a.bc["q7Zk"]',
        'Acme::q7->zk{Mp2x',
        'A$9["q7Zk"]',
        '&key("q7Zk")',
        'call(',
        'ledger.vortex7',
        'a->b9c->D$1',
        'a9$x::b9!',
        'ledger.vortex7;',
        'q7Zk/Mp2x;',
        'q7Zk/Mp2x,',
        'q7Zk/Mp2x{',
        'Rails.application.secret_key_base',
        'Acme::Ledger::JWT_SECRET',
      ],
    ],
    [
      SETTING,
      [
        'enabled',
        'STAGING',
        '0x1f_9c',
        '0x7',
        '1.5',
        '12.5%',
        '3000ms',
        '250kbs',
        '12:30,5_0-1',
        '2026-01-02T10:20:30Z',
        'a.b+c@x-y.acme.io',
        'https://x.acme.io/y',
        'git+ssh.2-x://x/y',
        './q7Zk',
        '../q7Zk',
        '~/q7Zk',
        'C:\\q7Zk',
        'db-1.acme.io',
        'db-1.acme.io:80',
        'db-1.acme.io/q7Zk',
        'db-1.acme.io:80/',
      ],
    ],
    ['too plain for a secret', ['Aa1Aa2Aa1Aa', 'correcthorse', 'CORRECTHORSE', 'correcthorsebattery']],
  ])('%s', (reason, values) => {
    for (const value of values) expect(why(value), value).toBe(reason);
  });

  test.each([
    'q7Zk!vault:Mp2x',
    '%-q7ZkMp2x',
    'vault+-://me@q7ZkMp2x',
    'q7/ENC[Mp2xVw9r',
    '2.QzRwTyLkPm==|q7ZkM',
    '9.QzRwTyLkPmNbVcXsDuGhJq==|q7Zk',
    '2.QzRwTyLkPm!!VcXsDuGhJq==|q7Zk',
    'AQIEAHq7ZkMp2xVw9r',
    'q7Zk-Mp(2x)Vw9r',
    '9call(q7Zk)',
    'a-b.c["q7ZkMp2x"]',
    'a.9b("q7ZkMp2x")',
    'a.b-c("q7ZkMp2x")',
    '9ledger.vortex7',
    'Q7Xw.zk9Mp2',
    'set-q7.vortex7',
    'ledger.vortex7/Mp2x',
    'ledger.9ortex7',
    'q7;Zk/Mp2x',
    '7Acme.Ledger.Vortex_Q',
    'Acme.Ledger.Vortex_Q/7Mp',
    'A9cme::Ledger',
    'Acme::9Ledger7',
    '0xq7ZkMp2x',
    'q7-Zk-Mp2',
    '12.5!3%7xQ-9',
    'q026-01-02T10:2x',
    '202-01-02T10:Zk3x',
    ['https://me:q7Zk', 'acme.io'].join('@'),
    '9:\\q7ZkMp2x',
    'db-1.acme.io!q7Zk',
    'correcthorsebatterystaple',
    '<% a->q7 %>Zk',
    'q7<% a->Zk %>',
    'q7Zk-${Mp:-2x}-Vw9r',
  ])('%s may be one', (value) => {
    expect(why(value)).toBeUndefined();
  });

  test.each<[what: string, value: string, reason: string | undefined]>([
    ['letters and digits in a part of 16', '/{{alnum:16}}/{{lower:4}}', undefined],
    ['the same behind a folder', '/{{lower:4}}/{{alnum:16}}==', undefined],
    ['small letters alone', '/{{lower:16}}/{{lower:8}}', SETTING],
    ['parts of 15', '/{{alnum:15}}/{{lower:3}}', SETTING],
    ['19 characters', '/{{alnum:18}}', SETTING],
    ['many short parts', '/{{alnum:11}}/{{alnum:11}}/{{alnum:11}}', undefined],
    ['a sign that base64 has not', '/{{alnum:16}}/{{lower:4}}.x', SETTING],
    ['three signs at its end', '/{{alnum:20}}===', SETTING],
    ['a folder before it', './{{alnum:20}}', SETTING],
  ])('what begins with a slash: %s', (_what, template, reason) => {
    for (const salt of ['1', '2', '3', '4']) expect(why(expandExample(template, `slash ${salt}`)), salt).toBe(reason);
  });

  test('a password of a command is none where it is a setting, a reference or encrypted', () => {
    const password: Partial<Rule> = {
      matcher: { kind: 'pattern', literals: [], pattern: 'x', flags: '', maxLength: 80, before: 0 },
      kind: 'password',
    };
    const reasons = ['true', 'OFF', '8', '12345', 'vault:q7Zk', 'ENC(q7Zk)'].map((text) => why(text, password));
    expect(reasons).toEqual(['a setting', 'a setting', 'a setting', 'a setting', REFERENCE, 'encrypted']);
    for (const text of ['8081:8081', '127.0.0.1:5432:5432', '8000-8010:80/tcp']) expect(why(text, password), text).toBe('ports');
    expect(why('8081:q7Zk81', password)).toBeUndefined();
    for (const text of [`" . addslashes($options[`, `" . q7zk($this->request->post[`, '.(min_version(8)?', '.q7zk($Mp2x,'])
      expect(why(text, password), text).toBe('code, not a value');
    for (const text of ['Wachtwoord', 'clave', 'Contrase\u00c3\u00b1a']) expect(why(text, password), text).toBe('what passwords are called');
    expect(why('THE_SA_PASSWORD_DEFINED_ABOVE', password)).toBe('a place to fill in, not a value');
    for (const text of ['"q7Zk(', '.q7Zk(Mp2x', 'Wachtwoord1', 'Q7ZK_SECRET_MP2X', 'THE_SA_LOGIN_DEFINED_ABOVE'])
      expect(why(text, password), text).toBeUndefined();
    for (const text of ['135790', 'trueq7Zk', 'q7Zktrue', '1234q', 'production', './q7Zk', 'getToken("q7Zk")'])
      expect(why(text, password), text).toBeUndefined();
    expect([why('true', { ...password, kind: 'secret' }), why('true')]).toEqual([undefined, SETTING]);
  });
});

describe('why the value of a credential is none', () => {
  const why = (text: string, name: string, as: 'secret' | 'password' = 'secret'): string | undefined =>
    dropReason({ rule: { ...RULE, matcher: { kind: 'credential', words: [], values: [], as } }, text, body: text, name }, {})?.reason;
  const uuid = expandExample('{{hex:8}}-{{hex:4}}-{{hex:4}}-{{hex:4}}-{{hex:12}}', 'operation');
  const made = expandExample('{{alnum:24}}', 'credential');
  const hex = (length: number): string => expandExample(`{{hex:${length}}}`, 'credential');

  test.each<[text: string, name: string, reason: string | undefined]>([
    [made, 'app.token', undefined],
    ['vault:secret/q7ZkMp2x', 'app.token', 'a reference to a secret, not one'],
    ['ENC(q7ZkMp2xVw9rTt1)', 'app.token', 'encrypted'],
    ['https://x.acme.io/yq7Zk', 'app.token', 'a setting, a number, an address or a path'],
    [uuid, 'clientRequestToken', 'tells one operation from another'],
    [uuid, 'app.token', undefined],
    [made, 'clientRequestToken', undefined],
    [uuid, 'Postman-Token', 'tells one operation from another'],
    [made, 'Postman-Token', undefined],
    [uuid, 'appAccountToken', 'tells one operation from another'],
    [made, 'appAccountToken', undefined],
    [uuid, 'WHATSAPP_ACCOUNT_TOKEN', undefined],
    ['xQvZk1506470152405', 'ClientToken', 'tells one operation from another'],
    [`${uuid}_subnet-0a1b2c3d_1`, 'ClientToken', 'tells one operation from another'],
    ['xQvZk1506470152405', 'app.token', undefined],
    ['Acme3TopologyLexer', 'tokenVocab', 'the name of a type'],
    ['toolkit#ResetPasswordResponse', 'ResetPassword', 'a name that holds its own'],
    ['toolkit#ResetPasswordResponse', 'actions.resetPassword', 'a name that holds its own'],
    ['IIVortexLedgerDesk7', 'VortexLedgerDesk7', 'a name that holds its own'],
    ['short-q7Zk', 'app.token', 'too short for a generated value'],
    ['3.658.0_wdq7zk4mp2xvw9rtt1bn', 'auth', 'a version'],
    ['18.2.0-rc.1(q7zk4mp2x@18.2.0)', 'auth', 'a version'],
    ['3.658_wdq7zk4mp2xvw9rtt1bn', 'auth', undefined],
    ['CVE-2026-1234567', 'password', 'a number in a catalogue'],
    ['json:file:Q7ZK_MP2XVW_FILE)%', 'password', 'a part of an expression'],
    ['.$q7zkMp2x->vw9Argument(', 'password', 'a part of an expression'],
    [')[17].q7zkMp2xVw9(', 'password', 'a part of an expression'],
    ['),q7zk?mp2x_3.vw9Argument(', 'password', 'a part of an expression'],
    [';q7zk=Mp2x&&vw9X,', 'password', 'a part of an expression'],
    [';q7zk=Mp2x&&vw9X', 'password', undefined],
    [';q7zk.Mp2xvw9Argument=', 'password', 'a part of an expression'],
    ['}if(q7zk.mp2Xvw){_.hash=', 'password', 'a part of an expression'],
    ['.addq7zkMp2x($vw9,', 'password', 'a part of an expression'],
    ['+Jt(q7zk(vw9).length)+', 'password', 'a part of an expression'],
    ['+q7zk(Mp2xVw9RtT1b', 'password', undefined],
    ['0-9a-zA-Z/_+q7Zk4Mp2x', 'secret', 'a template, not a value'],
    ['oq7zk8/q7zk8.php', 'password', 'a path'],
    ['q7zk8/Mp2xVw9q/Tt1bN4.rs', 'app.token', 'a path'],
    ['ACME4-HMAC-SHA256', 'authorization', 'how a request is signed'],
    ['ACMEPAY2-SHA256-RSA2048', 'authorization', 'how a request is signed'],
    ['::2a0c:e5bd:feff:ab31', 'network.token', 'an address'],
    ['2a0c:e5bd:feff:ab31', 'network.token', 'an address'],
    ['2a0c:e5bd:feff:ab31q', 'network.token', undefined],
    [`EC-7${made.slice(0, 16).toUpperCase()}`, 'token', 'the id of a checkout'],
    ['Uint8ClampedArray', 'password', 'the name of a type'],
    [`AAAAB3NzaC1yc2E${made}`, 'sshKey', 'a digest or something public'],
    ['27252B168248743B'.replace(/2/g, '7'), 'cr_key', 'the fingerprint of a public key'],
    ['a-zA-Z0-9_.-]+q7Zk4Mp2x', 'secret', 'a template, not a value'],
    [`database/creds/reader/${uuid}`, 'credentials', 'the id of a lease'],
    [`rO0ABXNy${made}`, 'app.token', 'a serialized object'],
    ['typing.Optional[str]', 'password', 'the name of a type'],
    ['isVortexLedger7Enabled', 'password', 'the name of a switch'],
    ['hasLedgerV2Enabled', 'password', 'the name of a switch'],
    ['isUTCeuOgfH7xoSfvipw', 'password', undefined],
    ['canGiB6o3svaonqz8tEz8', 'secret', undefined],
    ['LIBQ7_TRACE_ZK|LIBQ7_TRACE_MP2|LIBQ7_TRACE_XV', 'TRACE_AUTH', 'a list of names'],
    [`q7Zk${made.slice(0, 12)}|m2Xv${made.slice(12)}`, 'apiKey', undefined],
    ['fe80:0:0:1:204:61ff:fe9d:a3b6', 'server.pass', 'an address'],
    ['@ledgervortex.zk2.password', 'password', 'an annotation'],
    ['AWS4-ECDSA-P256-SHA256', 'Authorization', 'how a request is signed'],
    ['ec_sign_p384_sha384', 'app.secret', 'the name of a cipher'],
    ['-701928374655.98e-10', 'token.FLOAT', 'a number'],
    [`AQIAA${made.slice(0, 3)}AAAApAAA${made}`, 'sessionKey', 'encrypted'],
    [hex(64), 'apns.deviceToken', 'what notifications of a device are sent to'],
    [hex(64), 'DEVICE_TOKEN', 'what notifications of a device are sent to'],
    [hex(64), 'serviceToken', undefined],
    [hex(40), 'deviceToken', undefined],
    [`CL${hex(32)}`, 'credential_list_sid', 'what a record is called by, which opens nothing'],
    [`CL${hex(32)}`, 'tokenSid', 'what a record is called by, which opens nothing'],
    [`CL${hex(32)}`, 'credential_aside', undefined],
  ])('%s of %s', (text, name, reason) => {
    expect(why(text, name)).toBe(reason);
  });

  test.each([
    ['III-VortexLedgerDesk7', 'VortexLedgerDesk7'],
    ['toolkit#ResetPasswordResponse', 'ResetPassword.other'],
    ['toolkit#ResetPasswordResponse', 'Password'],
    ['toolkit#ResetPasswordResponse', ''],
  ])('%s is no name that holds %j', (text, name) => {
    expect(why(text, name)).not.toBe('a name that holds its own');
  });
});

describe('words where a generated value is looked for', () => {
  const near = (alphabet: string): Partial<Rule> => ({
    matcher: {
      kind: 'context',
      names: ['acme'],
      near: ['acme'],
      within: 3,
      credentialWords: ['key'],
      value: {
        pattern: `${leftBoundary('0-9A-Za-z_')}(?:[${alphabet}]{16,40})(?![0-9A-Za-z_])`,
        maxLength: 40,
        alphabet,
        run: { class: alphabet, min: 16 },
      },
    },
  });

  test.each(['workspacecredential', 'workspace_credential_store', 'WORKSPACE-PIPELINE'])('%s', (body) => {
    expect(drop(body, { rule: near('0-9A-Za-z_-') })).toBe('word');
    // The alphabet has no digits, so letters alone say nothing.
    expect(drop(body, { rule: near('A-Za-z_-') })).not.toBe('word');
  });

  test('behind what keys of a provider begin with', () => {
    for (const body of ['workspacecredential', 'PipelineVortexLedger12', '17-42-WorkspacePipelineVortex', 'a1_workspacepipeline7'])
      expect(drop(body), body).toBe('word');
    for (const body of ['workspaceledge', 'workspace_pipeline_ledger', 'workspacepipeline12345', 'workspacepipelineq7Zk'])
      expect(drop(body), body).not.toBe('word');
    for (const salt of ['1', '2', '3', '4', '5', '6'])
      for (const alphabet of ['alpha', 'lower']) expect(drop(expandExample(`{{${alphabet}:24}}`, salt)), salt).not.toBe('word');
  });

  test('letters in a row behind numbers that are none', () => {
    const start = expandExample('{{digit:12}}-{{digit:13}}', 'row');
    expect([drop(`${start}-abcdefghijklmnop1234`), drop(`${start}-abcdefghijklmno1234`)]).toEqual(['placeholder', undefined]);
  });

  test('a sample of AWS with another end, and code that writes a key', () => {
    const body = `${expandExample('{{alnum:14}}', 'aws')}K7MDENG/bPxRfiCY${expandExample('{{alnum:10}}', 'aws')}`;
    expect([drop(body), drop(body.replace('K7M', 'K8M'))]).toEqual(['placeholder', undefined]);
    expect([drop('IOSFODNN7QZ2MPLX'), drop('IOSFODMN7QZ2MPLX')]).toEqual(['placeholder', undefined]);
    const block: Partial<Rule> = { matcher: { kind: 'block', begin: ['x'], pattern: 'x', maxLength: 900 }, kind: 'private-key' };
    const call = '\n" +\n  Encoder.of(pair.getPrivate()).encode() + "\n';
    expect([drop(call, { rule: block }), drop(call + expandExample('{{base64:24}}', 'line'), { rule: block })]).toEqual(['placeholder', undefined]);
  });

  test.each([
    ['process.env.Q7_ZKMP2XVW', 'code, not a value'],
    ['import.meta.env.Q7ZKMP2X', 'code, not a value'],
    ['ledger.workspace.pipeline_desk', 'code, not a value'],
    ['processed.q7Zk4Mp2xVw9rTt', undefined],
    ['q7Zk4Mp2.xVw9rTt1bN', undefined],
  ])('code where keys may have dots: %s', (body, reason) => {
    expect(dropReason({ rule: { ...RULE, ...near('0-9A-Za-z_.') }, text: body, body, name: '' }, {})?.reason).toBe(reason);
  });

  test('a name made of words', () => {
    const why = (body: string, alphabet = '0-9A-Za-z_-'): string | undefined =>
      dropReason({ rule: { ...RULE, ...near(alphabet) }, text: body, body, name: '' }, {})?.reason;
    const letters = 'letters of one case, where a generated value has digits too';
    expect([why('pipeline'), why('PIPELINE-vortex'), why('pipelin')]).toEqual([letters, undefined, undefined]);
    expect([why('vortex-ledger-pipeline'), why('VORTEX_LEDGER_DESK')]).toEqual([letters, letters]);
    expect([why('PipelineVortex-A'), why('WorkspacePipelineVortex'), why('-workspace-pipeline')]).toEqual(Array(3).fill('a name made of words'));
    expect([why('PipelineVortexA'), why('9orkspacePipelineVortex')]).toEqual([undefined, undefined]);
    for (const salt of ['1', '2', '3']) expect(why(expandExample('{{alpha:24}}', salt)), salt).toBeUndefined();
  });

  test('words where a password is of letters', () => {
    const ofLetters = (pattern: string): Rule => ({
      ...RULE,
      kind: 'password',
      matcher: { kind: 'pattern', literals: ['pass'], pattern, flags: '', maxLength: 40, before: 0 },
    });
    const why = (body: string, pattern = 'pass=([a-z]{16})'): string | undefined =>
      dropReason({ rule: ofLetters(pattern), text: body, body, name: '' }, {})?.reason;
    expect([why('vortexledgerdesk'), why('text that says more')]).toEqual(['made of words', 'made of words']);
    expect([why('vortexledgerdes7'), why('vortexledgerdesk', 'pass=([a-z0-9]{16})')]).toEqual([undefined, undefined]);
    for (const salt of ['1', '2', '3']) expect(why(expandExample('{{lower:16}}', salt)), salt).toBeUndefined();
  });

  test.each(['workspacecredentia1', 'workspaceCredential'])('%s may be generated', (body) => {
    expect(drop(body, { rule: near('0-9A-Za-z_-') })).not.toBe('word');
  });
});

describe('checksums', () => {
  const good = expandExample('cio_tp_{{alnum:31}}{{checksum:crates}}', 'filters');
  const bad = good.slice(0, -1) + (good.endsWith('A') ? 'B' : 'A');
  const rest = (token: string): { body: string; options: Parameters<typeof drop>[1] } => ({
    body: token.slice(7),
    options: { rule: { checksum: 'crates' }, prefix: 'cio_tp_' },
  });

  test('that must hold drop what does not fit', () => {
    expect(drop(rest(good).body, rest(good).options)).toBeUndefined();
    expect(drop(rest(bad).body, rest(bad).options)).toBe('checksum');
  });

  test('that may be of another form do not', () => {
    expect(drop(expandExample('{{alnum:36}}', 'filters'), { rule: { checksum: 'github' }, prefix: 'ghp_' })).toBeUndefined();
  });
});

describe('entropy', () => {
  // Two and a half of the alphabet's letters over and over, in no order that another filter knows.
  const poor = 'aabkabkkbaabkakbbkaabkkb';

  test('drops what no generator made', () => {
    expect(drop(poor)).toBe('entropy');
  });

  test('a rule may ask for more or less', () => {
    const body = expandExample('{{hex:32}}', 'entropy');
    expect(drop(poor, { rule: { minEntropy: 1 } })).toBeUndefined();
    expect(drop(body)).toBeUndefined();
    expect(drop(body, { rule: { minEntropy: 4.5 } })).toBe('entropy');
  });

  test('says nothing about passwords, blocks, URIs and short texts', () => {
    expect(drop(poor, { rule: { kind: 'password' } })).toBeUndefined();
    expect(drop(poor, { rule: { matcher: { kind: 'uri', schemes: [] } } })).toBeUndefined();
    expect(drop(poor, { rule: { matcher: { kind: 'block', begin: [], pattern: 'x', maxLength: 64 } } })).toBeUndefined();
    expect(drop('aabkabk')).toBeUndefined();
  });
});

describe('what is made of few characters', () => {
  // Eight characters of three kinds over and over: three bits a character, where a generated value has five.
  const few = 'aB3dE5gHBd5aHE3gdHa5gB3EE5BgaHd33HgEB5da';
  const reason = (matcher: Rule['matcher']): string | undefined =>
    dropReason({ rule: { ...RULE, matcher }, text: few, body: few, name: '' }, {})?.reason;
  const value = { pattern: '', maxLength: 80, alphabet: '', run: { class: 'a', min: 8 } } as const;

  test('is dropped where a rule knows what its values look like', () => {
    expect(reason(RULE.matcher)).toBe('3.0 bits a character, a generated value has 3.3 or more');
  });

  test.each<{ readonly matcher: Rule['matcher'] }>([
    { matcher: { kind: 'assignment', words: [], value } },
    { matcher: { kind: 'credential', words: [], values: [], as: 'password' } },
    { matcher: { kind: 'file', words: [], value } },
    { matcher: { kind: 'uri', schemes: [] } },
    { matcher: { kind: 'block', begin: [], pattern: 'x', maxLength: 80 } },
  ])('is kept by a rule of kind $matcher.kind', ({ matcher }) => {
    expect(reason(matcher)).toBeUndefined();
  });
});

test('without `exactly` a sample that is a placeholder too is known as one; hashes are asked last, and asked', () => {
  const samples = (text: string): Record<string, string> => ({ [sha256(text)]: 'of the manual' });
  const judged = (body: string): Parameters<typeof dropReason>[0] => ({ rule: RULE, text: `sk_${body}`, body, name: '' });
  const made = expandExample('{{alnum:24}}', 'cheapest');
  expect(dropReason(judged('xxxxxxxx'), samples('sk_xxxxxxxx'), false)?.filter).toBe('placeholder');
  expect(dropReason(judged(made), samples(`sk_${made}`), false)).toEqual({ filter: 'sample', reason: 'of the manual' });
  expect(dropReason(judged(made), {}, false)).toBeUndefined();
});

describe('shannon', () => {
  test.each([
    ['', 0],
    ['aaaa', 0],
    ['abab', 1],
    ['abcd', 2],
    ['0123456789abcdef', 4],
    ['aaab', 0.8113],
  ])('%s: %d bits a character', (text, bits) => {
    expect(shannon(text)).toBeCloseTo(bits, 4);
  });
});

test.each([
  ['0123456789abcdef0123', 4],
  ['0123456789ABCDEF0123', 4],
  ['0123456789abcdefghijklmnopqrstuvwxyz0123456789', Math.log2(36)],
  ['GHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGHIJKLMNOP', Math.log2(36)],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789abcdef', Math.log2(62)],
  ['Gabc', 2],
])('%s: a generated one has so many bits a character', (text, bits) => {
  expect(expectedBits(text)).toBeCloseTo(bits, 6);
});

test.each([
  ['', 0],
  ['abc', 1],
  ['ABC', 1],
  ['123', 1],
  ['_-+', 1],
  ['aB1', 3],
  ['aB1-', 4],
])('%j has %i kinds of characters', (text, kinds) => {
  expect(kindsOf(text)).toBe(kinds);
});
