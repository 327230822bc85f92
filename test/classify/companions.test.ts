/** A secret says where the public half of its pair stands, and never what it is. */
import { expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());

test.each([
  ['aws_access_key_id = AKIA{{upper:16}}\naws_secret_access_key = [|{{base64:40}}|]', 'its access key id stands 1 line above'],
  ['TWILIO_AUTH_TOKEN=[|{{hex:32}}|]\n\nTWILIO_ACCOUNT_SID=AC{{hex:32}}', 'its account SID stands 2 lines below'],
  [
    '{ id: "{{digit:12}}-{{lower36:32}}.apps.googleusercontent.com", secret: "[|GOCSPX-{{base64url:28}}|]" }',
    'its client id stands on the same line',
  ],
])('%j', (template, evidence) => {
  const { text, secrets } = plant(template, 'companion');
  const found = inspector.inspect(Buffer.from(text)).filter(({ secret }) => secret.reveal() === secrets[0]);
  expect(found.flatMap((one) => one.evidence)).toContain(evidence);
});

test('of several the nearest', () => {
  const { text, secrets } = plant('AKIA{{upper:16}}\n\n\naws_secret_access_key = [|{{base64:40}}|]\nAKIA{{upper:16}}\n', 'companion');
  const found = inspector.inspect(Buffer.from(text)).filter(({ secret }) => secret.reveal() === secrets[0]);
  expect(found.flatMap((one) => one.evidence)).toContain('its access key id stands 1 line below');
});

test('a half has no half of its own', () => {
  const { text } = plant('aws_access_key_id = AKIA{{[A-Z2-7]:16}}\naws_access_key_id = AKIA{{[A-Z2-7]:16}}', 'companion');
  const found = inspector.inspect(Buffer.from(text));
  expect(found).toHaveLength(2);
  expect(found.flatMap(({ evidence }) => evidence.filter((one) => one.startsWith('its ')))).toEqual([]);
});

test('a key that belongs to no such half has none beside it', () => {
  const { text, secrets } = plant('AWS_ACCESS_KEY_ID=AKIA{{upper:16}}\nAWS_BEARER_TOKEN_BEDROCK=[|ABSK{{base64:128}}|]', 'companion');
  const found = inspector.inspect(Buffer.from(text)).filter(({ secret }) => secret.reveal() === secrets[0]);
  expect(found.map(({ rule }) => rule.id)).toContain('aws-bedrock-api-key');
  expect(found.flatMap(({ evidence }) => evidence.filter((one) => one.startsWith('its ')))).toEqual([]);
});

test('a secret alone says nothing of it', () => {
  const { text } = plant(`aws_secret_access_key = [|{{base64:40}}|]${'\n'.repeat(12)}AKIA{{upper:16}}`, 'companion');
  expect(inspector.inspect(Buffer.from(text)).flatMap(({ evidence }) => evidence.filter((one) => one.startsWith('its ')))).toEqual([]);
});
