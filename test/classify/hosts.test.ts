/** The hosts that stand near a value, the nearest first. */
import { describe, expect, test } from 'vitest';
import { hostsAround } from '../../src/classify/hosts.ts';
import { partsOf, squeezedForms } from '../../src/classify/key-names.ts';

/** The hosts around `VALUE` in a text, as `host where`. */
function around(text: string): string[] {
  const start = text.indexOf('VALUE');
  return [...hostsAround(Buffer.from(text), { start, end: start + 5 })].map(({ host, where }) => `${host} ${where}`);
}

test('the nearest come first, and those above a value before those below', () => {
  const text = ['e', 'd', 'c', 'b', 'a', '', 'v', 'w', 'x', 'y', 'z'].map((name) =>
    name === '' ? 'https://l.io/?k=VALUE&u=https://r.io' : `http://${name}.io`,
  );
  expect(around(text.join('\n'))).toEqual([
    'l.io on the same line',
    'r.io on the same line',
    'a.io 1 line away',
    'v.io 1 line away',
    'b.io 2 lines away',
    'w.io 2 lines away',
    'c.io 3 lines away',
    'x.io 3 lines away',
    'd.io 4 lines away',
    'y.io 4 lines away',
  ]);
  expect(around('https://a.io\nVALUE')).toEqual(['a.io 1 line away']);
  expect(around('VALUE\nhttps://a.io')).toEqual(['a.io 1 line away']);
});

describe('a host', () => {
  test.each([
    ['//API.Example.com', 'api.example.com'],
    ['https://user:pw@api.example.com:8443/path', 'api.example.com'],
    ['https://a@b@api.example.com', 'api.example.com'],
    ['machine  api.example.com login x', 'api.example.com'],
    ['host: api.example.com', 'api.example.com'],
    ['hostname="api.example.com"', 'api.example.com'],
    ["'host' = 'api.example.com'", 'api.example.com'],
    ['https://a.b.c.d.e.f.com', 'a.b.c.d.e.f.com'],
  ])('of %s', (text, host) => {
    expect(around(`${text} VALUE`)).toEqual([`${host} on the same line`]);
  });

  test.each([
    'https://localhost',
    'https://10.0.0.1',
    'https://a_b.com',
    'ghost: api.example.com',
    'api.example.com',
    'https://api.example.com:port',
    'https://a.b.c.d.e.f.g.h.com',
    `https://${'a'.repeat(64)}.com`,
    'https://api.example.c',
    'https://api.example.abcdefghijklm',
  ])('is none in %s', (text) => {
    expect(around(`${text} VALUE`)).toEqual([]);
  });
});

test.each([
  ['hunter.api_key', ['api_key', 'hunter']],
  ['Hunter::setApiKey', ['setApiKey', 'Hunter']],
  ['a.b-c$[d]', ['d', 'b-c$', 'a']],
  ['', []],
])('the parts of %s, the innermost first', (name, parts) => {
  expect(partsOf(name)).toEqual(parts);
});

test.each([
  ['fastlyConfig', ['fastlyconfig', 'fastly']],
  ['services.fastly', ['servicesfastly', 'fastly']],
  ['fastly', ['fastly']],
  ['apiKey', ['apikey', '']],
  ['hunter', ['hunter']],
  ['integrationsProviderHunter', ['integrationsproviderhunter', 'hunter']],
])('a key %s as a whole, and without the words that are anybody’s', (key, forms) => {
  expect(squeezedForms(key)).toEqual(forms);
});
