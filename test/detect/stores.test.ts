import { describe, expect, test } from 'vitest';
import { isStoresName, isStoring } from '../../src/detect/stores.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

test.each([
  'aws ssm put-parameter --name x --value ',
  'aws secretsmanager create-secret --secret-string ',
  'az keyvault secret set --value ',
  'gcloud secrets versions add ',
  'gh secret set X --body ',
  'heroku config:set X=',
  'fly secrets set X=',
  'npx wrangler secret put X',
  'vercel env add X',
  'vault kv put secret/x a=',
  'vault write secret/x a=',
  'railway variables --set X=',
  'cd app && etcdctl put /x ',
])('%s puts into a store', (command) => {
  expect(isStoring(command)).toBe(true);
});

test.each(['acme login --api-key ', 'aws configure set aws_secret_access_key ', 'npm config set ', 'heroku config:get X', 'env set', 'secret set'])(
  '%s does not',
  (command) => {
    expect(isStoring(command)).toBe(false);
  },
);

test('its name ends before what it is given', () => {
  const line = 'cd acme && heroku config:set HEROKU=';
  expect([line.indexOf('acme'), line.indexOf('heroku'), line.indexOf('HEROKU')].map((at) => isStoresName(line, at))).toEqual([false, true, false]);
});

describe("what is put into a store is nobody's by that", () => {
  const inspector = new Inspector(builtinRules());
  test.each([
    ['aws ssm put-parameter --name /prod/api-key --value [|{{alnum:36}}|] --type SecureString', 'unknown medium'],
    ['aws ssm put-parameter --name /prod/mailgun/api-key --value [|{{alnum:36}}|] --type SecureString', 'Mailgun medium'],
    ['aws secretsmanager create-secret --name prod/token --secret-string [|{{alnum:40}}|]', 'unknown medium'],
    ['heroku config:set API_KEY=[|{{hex:32}}|] -a app', 'unknown medium'],
    ['netlify env:set API_KEY [|{{alnum:40}}|]', 'unknown medium'],
    ['railway variables --set API_KEY=[|{{alnum:40}}|]', 'unknown medium'],
    ['heroku config:set HEROKU_API_KEY=[|{{uuid}}|]', 'Heroku high'],
    ['netlify login --auth [|{{alnum:40}}|]', 'Netlify high'],
  ])('%s', (template, expected) => {
    const { text, secrets } = plant(template, 'store');
    const found = inspector.inspect(Buffer.from(text)).filter(({ rule, secret }) => rule.matcher.kind !== 'file' && secret.reveal() === secrets[0]);
    expect(found.map(({ rule, issuer, confidence }) => `${issuer?.provider ?? rule.provider} ${confidence}`)).toEqual([expected]);
  });
});
