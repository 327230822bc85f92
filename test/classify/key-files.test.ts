/** A private key is of the service in whose key file it stands. */
import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { Inspector } from '../../src/scan/inspector.ts';
import { plant } from '../support/secrets.ts';

const inspector = new Inspector(builtinRules());

const body = `MIIE{{base64:60}}\\n${'{{base64:64}}\\n'.repeat(6)}{{base64:40}}==`;
const PEM = `-----BEGIN PRIVATE KEY-----\\n${body}\\n-----END PRIVATE KEY-----`;
const ACCOUNT = 'bot@acme.iam.gserviceaccount.com';
const KEY_NAME = 'organizations/{{uuid}}/apiKeys/{{uuid}}';

function told(template: string): string[] {
  const { text } = plant(template, 'key-file');
  return inspector
    .inspect(Buffer.from(text))
    .filter(({ rule }) => rule.provider === 'Private key')
    .map(({ rule, issuer }) => `${rule.id} ${issuer?.provider ?? 'nobody'}`);
}

describe('a private key', () => {
  test.each([
    ['of a service account', `{"type": "service_account", "private_key": "${PEM}\\n", "client_email": "${ACCOUNT}"}`, ['Google']],
    ['of a service account in settings', `CLIENT_EMAIL=${ACCOUNT}\nPRIVATE_KEY="${PEM}"\n`, ['Google']],
    ['of an API key of Coinbase', `{"name": "${KEY_NAME}", "privateKey": "${PEM}\\n"}`, ['Coinbase']],
    ['marked as one of Oracle Cloud', `${PEM.replaceAll('\\n', '\n')}\nOCI_API_KEY\n`, ['Oracle Cloud']],
    ['in a key file of ZITADEL', `{"type":"serviceaccount","keyId":"{{digit:18}}","key":"${PEM}\\n","userId":"{{digit:18}}"}`, ['ZITADEL']],
    ['of which nothing is said', `{"private_key": "${PEM}\\n", "client_email": "bot@acme.net"}`, ['nobody']],
    ['behind one of a service account', `{"email": "${ACCOUNT}", "key": "${PEM}"}\n{"key": "${PEM}"}`, ['Google', 'nobody']],
    ['far from an account', `{"key": "${PEM}"${' '.repeat(720)}, "email": "${ACCOUNT}"}`, ['nobody']],
  ])('%s', (_what, template, owners) => {
    expect(told(template)).toEqual(owners.map((owner) => `pkcs8-private-key ${owner}`));
  });
});
