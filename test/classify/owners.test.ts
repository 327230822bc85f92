/** A credential with nobody's name belongs to what it stands in, or to the one service that its file uses. */
import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());

function told(template: string): string[] {
  const { text, secrets } = plant(template, 'owner');
  return inspector
    .inspect(Buffer.from(text))
    .filter(({ rule, secret }) => rule.matcher.kind !== 'file' && secret.reveal() === secrets[0])
    .map(({ rule, confidence }) => `${rule.id} ${confidence}`);
}

const far = '\n'.repeat(12);

describe('a generic credential', () => {
  test.each([
    [
      'below a key',
      'services:\n  deepgram:\n    region: eu\n    plan: big\n    size: 3\n    model: x\n    api_key: [|{{hex:40}}|]\n',
      'deepgram-api-key high',
    ],
    ['in a file that imports', `from deepgram import Client${far}api_key = "[|{{hex:40}}|]"`, 'deepgram-api-key medium'],
    ['in a file that calls', `base = 'https://api.deepgram.com/v1'${far}const apiKey = '[|{{hex:40}}|]'`, 'deepgram-api-key medium'],
    ['beside the setting of a host', `api_key="[|{{hex:40}}|]",\napi_host="api.deepgram.com",`, 'deepgram-api-key high'],
    ['that a service calls so', `const { App } = require('@slack/bolt');${far}signingSecret: '[|{{hex:32}}|]',`, 'slack-client-secret medium'],
    ['that another service calls so', `import deepgram${far}signing_secret = "[|{{hex:40}}|]"`, 'generic-secret medium'],
    ['whose shape is another one', `from deepgram import Client${far}api_key = "[|{{hex:44}}|]"`, 'generic-secret medium'],
    ['of a name that says something else', `from deepgram import Client${far}session_secret = "[|{{hex:40}}|]"`, 'generic-secret medium'],
    ['where two services have such keys', `import deepgram\nimport wandb${far}\napi_key = "[|{{hex:40}}|]"`, 'generic-secret medium'],
    [
      'whose file uses what a service only keeps',
      `import (\n\t"github.com/deepgram/go-cmp/cmp"\n)${far}apiKey := "[|{{hex:40}}|]"`,
      'generic-secret medium',
    ],
    [
      'in an address that stands in something else',
      'deepgram: {\n  photo: "https://files.acme.net/o/a.jpg?size=2&token=[|{{hex:40}}|]"\n}',
      'generic-secret medium',
    ],
    ['in an address of its own', 'acme: {\n  photo: "https://api.deepgram.com/v1?size=2&token=[|{{hex:40}}|]"\n}', 'deepgram-api-key high'],
    [
      'of a framework whose name keys of a service begin with',
      `from ansible.module_utils.basic import *${far}token = "[|{{hex:40}}|]"`,
      'generic-secret medium',
    ],
    ['where nothing is used', `import os${far}api_key = "[|{{hex:40}}|]"`, 'generic-secret medium'],
  ])('%s', (_what, template, expected) => {
    expect(told(template)).toEqual([expected]);
  });

  test.each(['PROD', 'PRODUCTION', 'STAGING', 'STAGE', 'DEV', 'DEVELOPMENT', 'LOCAL', 'TEST'])('of a name that says where: %s_API_KEY', (stage) => {
    expect(told(`from deepgram import Client${far}${stage}_API_KEY = "[|{{hex:40}}|]"`)).toEqual(['deepgram-api-key medium']);
  });
});

function foundIn(template: string): { rule: string; confidence: string; evidence: string | undefined }[] {
  const { text } = plant(template, 'owner');
  return inspector
    .inspect(Buffer.from(text))
    .filter(({ rule }) => rule.id !== 'env-file')
    .map(({ rule: { id }, confidence, evidence }) => ({ rule: id, confidence, evidence: evidence[0] }));
}

test.each([
  [
    'the host some lines above',
    'GET https://api.hunter.io/v2/account\nAccept: */*\nAccept-Language: de\nPragma: no-cache\nAuthorization: Bearer {{hex:40}}\n',
    'hunter-api-key',
    '`api.hunter.io` 4 lines away',
  ],
  [
    'the machine of a .netrc',
    'machine api.heroku.com\n  login me@acme-corp.net\n  password {{uuid}}\n',
    'heroku-api-key-uuid',
    '`api.heroku.com` 2 lines away',
  ],
  ['a user of an address', 'git clone https://deploy:{{hex:40}}@codeberg.org/acme/shop.git', 'gitea-access-token', '`codeberg.org` on the same line'],
  ['the thing that a list tells of', 'services:\n  - name: hunter\n    api_key: {{hex:40}}\n', 'hunter-api-key', '`api_key` in `hunter`'],
  ['a name that its rule does not list', 'HUNTER_BEARER_TOKEN={{hex:40}}', 'hunter-api-key', '`HUNTER_BEARER_TOKEN` in the same assignment'],
])('%s', (_what, template, rule, evidence) => {
  expect(foundIn(template)).toEqual([{ rule, confidence: expect.stringMatching(/^(?:medium|high)$/), evidence }]);
});

test("a name that is anybody's, under another owner's, is the other's", () => {
  expect(foundIn('MEILISEARCH_PRIVATE_KEY={{hex:64}}')).toEqual([expect.objectContaining({ rule: 'meilisearch-key' })]);
  expect(foundIn("secretAccessKey: '{{base64:40}}'")).toEqual([expect.objectContaining({ rule: 'aws-secret-access-key' })]);
});

test("a name that is anybody's, with another one before it, is less sure", () => {
  expect(foundIn("minioSecretAccessKey: '{{base64:40}}'")).toEqual([
    expect.objectContaining({ rule: 'aws-secret-access-key', confidence: 'medium' }),
  ]);
});

test('the password of a connection whose login is the id of an access key is its secret', () => {
  expect(told('store:\n  login: AKIA{{base32:16}}\n  password: [|{{base64:40}}|]\n')).toEqual(['aws-secret-access-key medium']);
  expect(told('store:\n  login: AKIA{{base32:16}}\n  password: [|{{base64:44}}|]\n')).toEqual(['generic-password low']);
});

test('its own line comes before the section that it stands in', () => {
  expect(foundIn('[polymarket]\nsecret = x\n\ncurl https://api.snyk.com/v1 -H "X-Api-Key: {{uuid}}"')).toEqual([
    expect.objectContaining({ rule: 'snyk-api-token' }),
  ]);
});

test('what an environment gives of Algolia may be more than a key that searches', () => {
  expect(foundIn('- name: Sync Algolia\n  env:\n    API_KEY: {{hex:32}}')).toEqual([expect.objectContaining({ rule: 'generic-secret' })]);
  expect(foundIn("algolia: {\n  apiKey: '{{hex:32}}'\n}")).toEqual([]);
});

test('where an index is changed a key of Algolia does more than search', () => {
  const client = "// Algolia\nconst appId = '{{upper36:10}}';\nconst apiKey = '{{hex:32}}';\nconst client = algoliasearch(appId, apiKey);\n";
  expect(foundIn(client)).toEqual([]);
  expect(foundIn(`${client}client.search([{ indexName: 'saveObjects' }]);\n`)).toEqual([]);
  for (const change of ['index.saveObjects(products)', '$index->setSettings([])', 'index.partial_update_objects(rows)', 'client.addApiKey({})'])
    expect(foundIn(`${client}${change};\n`)).toEqual([expect.objectContaining({ rule: 'generic-secret', evidence: '`apiKey` in `Algolia`' })]);
});

test('a key that a client of Algolia is given is told by what its file does with it', () => {
  const client = "const client = algoliasearch('{{upper36:10}}', '{{hex:32}}');\n";
  expect(foundIn(`${client}client.initIndex('a').search('b');\n`)).toEqual([]);
  expect(foundIn(`${client}client.initIndex('a').saveObject({});\n`)).toEqual([expect.objectContaining({ rule: 'algolia-client-key' })]);
});

test('what a list of checksums holds are none', () => {
  const lock = (heading: string): string => `PODS:\n  - FirebaseAuth\n\n${heading}:\n  AppAuth: {{hex:40}}\n  FirebaseAuth: {{hex:40}}\n`;
  expect(foundIn(lock('SPEC CHECKSUMS'))).toEqual([]);
  expect(foundIn(lock('checksums'))).toEqual([]);
  expect(foundIn(lock('settings'))).toHaveLength(2);
  const passwords = (heading: string): string => `${heading}:\n  1AcmePassword: {{hex:40}}\n`;
  expect([foundIn(passwords('SPEC CHECKSUMS')), foundIn(passwords('settings')).length]).toEqual([[], 1]);
  expect(foundIn('class Hashes:\n    api_key = "{{hex:40}}"\n')).toHaveLength(1);
});

test('a host whose keys have another shape says nothing', () => {
  expect(foundIn("curl https://api.hunter.io/v2/account -H 'Authorization: Bearer {{alnum:31}}'")).toEqual([
    expect.objectContaining({ rule: 'generic-secret' }),
  ]);
});

describe('a key of a shape that many providers use', () => {
  const issuers = (template: string): (string | undefined)[] =>
    inspector
      .inspect(Buffer.from(plant(template, 'shared').text))
      .filter(({ rule }) => rule.matcher.kind !== 'file')
      .map(({ rule, issuer }) => `${rule.id} ${issuer?.provider ?? rule.provider}`);

  test.each([
    ['f("[|sk-{{alnum:48}}|]")', 'unattributed-model-key unknown'],
    ['client = OpenAI("[|sk-{{alnum:48}}|]")', 'unattributed-model-key OpenAI'],
    ['{ "openai": "[|sk-{{alnum:48}}|]" }', 'unattributed-model-key OpenAI'],
    ['os.environ["OPENAI_API_KEY"] = "[|sk-{{alnum:48}}|]"', 'unattributed-model-key OpenAI'],
    ['model = DeepSeek("[|sk-{{hex:32}}|]")', 'deepseek-api-key DeepSeek'],
    ['f("[|sk-{{hex:32}}|]", base_url="https://api.deepseek.com")', 'deepseek-api-key DeepSeek'],
    ['api_key = "[|sk-{{alnum:48}}|]"', 'unattributed-model-key unknown'],
  ])('%s', (template, expected) => {
    expect(issuers(template)).toEqual([expected]);
  });
});

describe('a credential near its provider is as sure as one with its name where', () => {
  test.each([
    ['it is an option of a call', "const client = new AssemblyAI({ apiKey: '[|{{hex:32}}|]' });"],
    ['it is an option of a call over several lines', "const client = new AssemblyAI({\n  apiKey: '[|{{hex:32}}|]',\n});"],
    ['it is below a key', 'assemblyai:\n  api_key: [|{{hex:32}}|]\n'],
    ['it is in a chain of calls', 'var client = AssemblyAI.builder()\n    .region("eu")\n    .apiKey("[|{{hex:32}}|]")\n    .build();'],
  ])('%s', (_what, template) => {
    expect(told(template)).toEqual(['assemblyai-api-key high']);
  });

  test.each([
    ['the place is somebody else’s', "// assemblyai\nconst client = new Acme({\n  apiKey: '[|{{hex:32}}|]',\n});"],
    ['a chain begins with somebody else', '// assemblyai\nvar client = Acme.builder()\n    .apiKey("[|{{hex:32}}|]")\n    .build();'],
    ['nothing holds it', "import { AssemblyAI } from 'assemblyai';\n\nconst apiKey = '[|{{hex:32}}|]';"],
  ])('and less so where %s', (_what, template) => {
    expect(told(template)).toEqual(['assemblyai-api-key medium']);
  });
});

function issuedIn(template: string): (string | undefined)[] {
  const { text } = plant(template, 'issuer');
  return inspector
    .inspect(Buffer.from(text))
    .filter(({ rule }) => rule.id === 'generic-secret')
    .map(({ issuer }) => issuer?.provider);
}

describe('who issued a value of a shape that is not known', () => {
  test.each([
    ['the name', 'FIREWORKS_API_KEY={{alnum:40}}', 'Fireworks AI'],
    ['a name in small letters', 'const figmaApiToken = "{{alnum:40}}";', 'Figma'],
    ['a name of a rule with context', 'JUMPCLOUD_API_KEY={{alnum:52}}', 'JumpCloud'],
    ['the keys around', 'deepgram:\n  model: x\n  api_key: {{alnum:40}}\n', 'Deepgram'],
    ['the host on the line', "curl https://api.hunter.io/v2/account -H 'Authorization: Bearer {{alnum:31}}'", 'Hunter'],
    ['the name of what signs its events', 'PAGERDUTY_WEBHOOK_SECRET={{hex:64}}', 'PagerDuty'],
    ['such a name whose value looks like a key', 'PAGERDUTY_WEBHOOK_SECRET={{base64url:20}}', 'PagerDuty'],
    ['such a name in small letters', 'const pagerdutyWebhookSecret = "{{alnum:32}}";', 'PagerDuty'],
  ])('%s', (_what, template, expected) => {
    expect(issuedIn(template)).toEqual([expected]);
  });

  test.each([
    ['a name that goes on', 'FIREWORKS_STREAM_SECRET={{alnum:40}}'],
    ['an ordinary word', 'const renderKey = "{{alnum:40}}";\nconst renderSecret = "{{alnum:41}}";'],
    ['what is anybody’s, written like an owner', 'SESSION_SECRET={{alnum:40}}'],
    ['a session', 'session_secret: {{alnum:40}} # https://api.hunter.io/'],
    ['what the program signs with', "app.secret_key = '{{alnum:40}}'\nAPI = 'https://api.hunter.io/v2'\n"],
    ['the page of a website', 'see https://hunter.io/docs\n\napi_key: {{alnum:40}}\n'],
  ])('but not %s', (_what, template) => {
    const issued = issuedIn(template);
    expect(issued.length).toBeGreaterThan(0);
    expect(issued.every((issuer) => issuer === undefined)).toBe(true);
  });
});

test('a value of a shape that is not known is revoked like what lasts, not like what ends within the hour', () => {
  const { text } = plant('{"api-token": "{{alnum:37}}", "hook": "https://api.github.com/hooks"}', 'issuer');
  const [found] = inspector.inspect(Buffer.from(text));
  const temporary = builtinRules().rules.filter(({ provider, kind }) => provider === 'GitHub' && kind === 'temporary');
  expect([found?.rule.id, found?.issuer?.provider]).toEqual(['generic-secret', 'GitHub']);
  expect(temporary.map(({ revoke }) => revoke?.where)).not.toContain(found?.issuer?.revoke?.where);
});

describe('a value near a provider whose own key is named', () => {
  const aws = 'AWS_ACCESS_KEY_ID=AKIA{{[A-Z2-7]:16}}\n';

  test.each([
    ['below it, named as another one’s', 'ASSEMBLYAI_API_KEY={{hex:32}}\nMAILCHIMP_KEY=[|{{hex:32}}|]\n', 'generic-secret medium'],
    ['below it, under a name of anybody', 'ASSEMBLYAI_API_KEY={{hex:32}}\nAPI_KEY=[|{{hex:32}}|]\n', 'generic-secret medium'],
    ['above it', 'API_KEY=[|{{hex:32}}|]\nASSEMBLYAI_API_KEY={{hex:32}}\n', 'generic-secret medium'],
    ['below an address of the provider', 'ASSEMBLYAI_URL=wss://example.test\nAPI_KEY=[|{{hex:32}}|]\n', 'assemblyai-api-key medium'],
    [
      'near another mention of it',
      'ASSEMBLYAI_API_KEY={{hex:32}}\n\n\n\n\n\n\nAPI_KEY=[|{{hex:32}}|]\n# for AssemblyAI\n',
      'assemblyai-api-key medium',
    ],
    ['beside an id and its key', `${aws}AWS_SECRET_ACCESS_KEY={{base64:40}}\nSESSION_SECRET=[|{{alnum:40}}|]\n`, 'generic-secret medium'],
    ['that a rule knows by its name', `${aws}AWS_SECRET_ACCESS_KEY={{base64:40}}\nJWT_SECRET=[|{{alnum:40}}|]\n`, 'jwt-signing-secret medium'],
    ['beside a key of one whose value is none', 'ASSEMBLYAI_API_KEY = x-y\nSTRIPE_SECRET_KEY = "[|{{hex:32}}|]"\n', 'generic-secret medium'],
    ['in a call that is called like another one', 'from pyzoomapi import ZoomAPI\napi = ZoomAPI("[|{{hex:40}}|]")\n', 'scriptix-api-token high'],
    ['beside an id alone', `${aws}SECRET_KEY=[|{{alnum:40}}|]\n`, 'aws-secret-access-key medium'],
  ])('%s', (_what, template, expected) => {
    expect(told(template)).toEqual([expected]);
  });
});

test('a shape that keys of the owner have is not said to be unknown', () => {
  expect(foundIn('ALGOLIA_API_KEY={{hex:32}}\n').map(({ evidence }) => evidence)).toEqual(['`ALGOLIA_API_KEY` in the same assignment']);
  expect(foundIn('ALGOLIA_API_KEY={{hex:36}}\n').map(({ evidence }) => evidence)).toEqual([
    '`ALGOLIA_API_KEY` in the same assignment; the value has no shape that keys of Algolia are known to have',
  ]);
  expect(foundIn("curl https://api.hunter.io/v2/account -H 'Authorization: Bearer {{alnum:31}}'").map(({ evidence }) => evidence)).toEqual([
    '`api.hunter.io` on the same line; the value has no shape that keys of Hunter are known to have',
  ]);
});

test.each([
  ['LANGSMITH_API_KEY=[|{{alnum:37}}|]', 'LangChain LangSmith'],
  ['OPENAI_API_KEY=[|{{alnum:37}}|]', 'OpenAI'],
  // A whole name of a rule, with words that are none of an owner or a kind.
  ['UPSTASH_REDIS_REST_TOKEN=[|{{alnum:37}}|]', 'Upstash'],
  ['stytch:\n  region: eu\n  api_key: [|{{alnum:37}}|]', 'Stytch'],
])('%s names its issuer', (template, provider) => {
  const { text } = plant(template, 'issuer');
  expect(inspector.inspect(Buffer.from(text)).flatMap(({ issuer }) => issuer?.provider ?? [])).toEqual([provider]);
});

test('a host of some corporation is not of the one provider whose keys are named after corporations', () => {
  const { text } = plant("curl https://api.corp.com/v1 -H 'Authorization: Bearer [|{{alnum:40}}|]'", 'issuer');
  expect(inspector.inspect(Buffer.from(text)).map(({ rule, issuer }) => [rule.id, issuer])).toEqual([['generic-secret', undefined]]);
});

test('a section that is called like a provider without a known shape says nothing about what is no key of an API', () => {
  const { text } = plant('render:\n  region: eu\n  token: [|{{alnum:37}}|]', 'issuer');
  expect(inspector.inspect(Buffer.from(text)).map(({ issuer }) => issuer)).toEqual([undefined]);
});

describe('a key that anybody may draw alike', () => {
  test.each([
    ["is its name's", 'PLUNK_API_KEY="[|sk_{{hex:48}}|]"', 'plunk-secret-key Plunk high'],
    ["is its own provider's", 'ELEVENLABS_API_KEY="[|sk_{{hex:48}}|]"', 'elevenlabs-api-key ElevenLabs high'],
    ["is its own provider's by a shorter name", 'XI_API_KEY="[|sk_{{hex:48}}|]"', 'elevenlabs-api-key ElevenLabs high'],
    ["that two tokens fit is its name's", 'ELEVENLABS_API_KEY="[|sk_{{digit:6}}{{hex:42}}|]"', 'elevenlabs-api-key ElevenLabs high'],
    ["is its name's whose keys look otherwise", 'HUBSPOT_API_KEY="[|sk_{{hex:48}}|]"', 'unattributed-marked-key HubSpot medium'],
    ["is its name's whose keys have no mark", 'NETLIFY_API_KEY="[|ck_{{hex:40}}|]"', 'netlify-access-token-legacy Netlify medium'],
    ['of another mark, too', 'mailgunApiKey: "[|key_{{hex:64}}|]"', 'unattributed-marked-key Mailgun medium'],
    ["of another mark is its own provider's", 'CURSOR_API_KEY="[|key_{{hex:64}}|]"', 'cursor-api-key Cursor high'],
    ['of a mark that one provider draws, and without a name', 'x = "[|key_{{hex:64}}|]"', 'cursor-api-key Cursor high'],
    ["is nobody's without a name", 'x = "[|sk_{{hex:48}}|]"', 'unattributed-marked-key unknown medium'],
    [
      'is surer where its provider is named',
      `import { ElevenLabsClient } from "x"${far}x = "[|sk_{{hex:48}}|]"`,
      'elevenlabs-api-key ElevenLabs high',
    ],
    ["is the import's", `import Plunk from "@plunk/node"${far}x = "[|sk_{{hex:48}}|]"`, 'plunk-secret-key Plunk medium'],
    ["is the call's", 'x = new Plunk("[|sk_{{hex:48}}|]")', 'plunk-secret-key Plunk high'],
    ["is the section's", 'plunk:\n  api_key: [|sk_{{hex:48}}|]\n', 'plunk-secret-key Plunk high'],
    ["is its own provider's section's", 'elevenlabs:\n  api_key: [|sk_{{hex:48}}|]\n', 'elevenlabs-api-key ElevenLabs high'],
    ["is the host's", 'curl https://api.useplunk.com/v1 -H "Authorization: Bearer [|sk_{{hex:48}}|]"', 'plunk-secret-key Plunk medium'],
    [
      "is its own provider's host's",
      'curl https://api.elevenlabs.io/v1 -H "Authorization: Bearer [|sk_{{hex:48}}|]" # not https://api.useplunk.com',
      'elevenlabs-api-key ElevenLabs high',
    ],
    ["of a structure is never another's", 'HUBSPOT_API_KEY="[|re_{{alnum:8}}_{{alnum:24}}|]"', 'resend-api-key Resend high'],
    ['of a name in its mark, neither', 'OPENAI_API_KEY="[|fw_{{alnum:24}}|]"', 'fireworks-api-key Fireworks AI high'],
  ])('%s: %s', (_what, template, expected) => {
    const { text, secrets } = plant(template, 'alike');
    const found = inspector.inspect(Buffer.from(text)).filter(({ rule, secret }) => rule.matcher.kind !== 'file' && secret.reveal() === secrets[0]);
    expect(found.map(({ rule, issuer, confidence }) => `${rule.id} ${issuer?.provider ?? rule.provider} ${confidence}`)).toEqual([expected]);
  });
});
