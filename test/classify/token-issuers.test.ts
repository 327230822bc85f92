/** Who made a JSON Web Token: the host that its claim says, and whose it is. */
import { describe, expect, test } from 'vitest';
import { issuerAtHost, issuerHost } from '../../src/classify/token-issuers.ts';

describe('the host of a claim', () => {
  test.each([
    ['https://Accounts.Google.com', 'accounts.google.com'],
    ['http://localhost:8080/realms/x', 'localhost'],
    ['https://acme.eu.auth0.com/', 'acme.eu.auth0.com'],
    ['https://acme.dev?x=1', 'acme.dev'],
    ['https://acme.dev#x', 'acme.dev'],
    ['accounts.google.com', 'accounts.google.com'],
    ['robot@acme.iam.gserviceaccount.com', 'acme.iam.gserviceaccount.com'],
    ['kubernetes/serviceaccount', 'kubernetes'],
    ['SUPABASE', 'supabase'],
    ['abcdefgh://acme.dev', 'acme.dev'],
    ['x://acme.dev', 'x'],
    ['abcdefghi://acme.dev', 'abcdefghi'],
    [`${'a'.repeat(100)}@acme.dev`, 'acme.dev'],
    [`${'a'.repeat(101)}@acme.dev`, `${'a'.repeat(101)}@acme.dev`],
    ['a b@acme.dev', 'a b@acme.dev'],
    ['say https://acme.dev', 'say https'],
  ])('%s', (claim, host) => {
    expect(issuerHost(claim)).toBe(host);
  });

  test.each([
    ['nothing', ''],
    ['only a path', '/x'],
    ['only a scheme', 'https://'],
    ['no text', 7],
    ['none', undefined],
  ])('of %s is none', (_what, claim) => {
    expect(issuerHost(claim)).toBeUndefined();
  });

  test('is taken from 500 characters at most', () => {
    expect([500, 501].map((length) => issuerHost('acme.dev/'.padEnd(length, 'x')))).toEqual(['acme.dev', undefined]);
  });
});

test.each([
  ['clerk.happy.cat-1.accounts.dev', 'Clerk'],
  ['cognito-idp.eu-west-1.amazonaws.com', 'Amazon Web Services'],
  ['appleid.apple.com', 'Apple'],
  ['acme.b2clogin.com', 'Microsoft Azure'],
  ['adb-1.azuredatabricks.net', 'Databricks'],
  ['acme.ciamlogin.com', 'Microsoft Azure'],
  ['firebase.google.com', 'Firebase'],
  ['token.actions.githubusercontent.com', 'GitHub'],
  ['accounts.google.com', 'Google'],
  ['www.googleapis.com', 'Google'],
  ['acme.iam.gserviceaccount.com', 'Google'],
  ['kubernetes', 'Kubernetes'],
  ['login.microsoft.com', 'Microsoft Azure'],
  ['login.microsoftonline.com', 'Microsoft Azure'],
  ['acme.oktapreview.com', 'Okta'],
  ['securetoken.google.com', 'Firebase'],
  ['sts.windows.net', 'Microsoft Azure'],
])('tokens of %s are issued by %s', (host, provider) => {
  expect(issuerAtHost(host)).toBe(provider);
});

test.each(['apple.com', 'windows.net', 'notgoogle.com', 'google.com.acme.dev', 'dev', ''])('whose %j is nobody says', (host) => {
  expect(issuerAtHost(host)).toBeUndefined();
});
