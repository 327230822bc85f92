import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';

/** All ways in which a value becomes text by accident. */
const WAYS: readonly (readonly [string, (secret: Secret) => string])[] = [
  ['String', String],
  ['a template', (secret) => `${secret}`],
  ['concatenation', (secret) => `${'' + (secret as unknown as string)}`],
  ['JSON', (secret) => JSON.stringify({ secret, list: [secret] })],
  ['inspect', (secret) => inspect(secret)],
  ['inspect with everything', (secret) => inspect({ deep: { secret } }, { depth: 9, showHidden: true, getters: true })],
  ['format', (secret) => format('%s %o %O %j', secret, secret, secret, secret)],
  ['an error', (secret) => new Error('failed', { cause: secret }).stack + inspect(new Error('failed', { cause: secret }))],
  ['its properties', (secret) => JSON.stringify(Object.entries(secret)) + Object.getOwnPropertyNames(secret).join()],
  ['join', (secret) => [secret].join()],
];

describe('Secret', () => {
  test.each(WAYS)('%s shows no more than the public prefix', (_name, way) => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 40 }).filter((text) => !/[*{}[\]":,\s\\'a-z]/i.test(text)),
        (body) => {
          const text = way(new Secret(`sk_live_${body}`, 'sk_live_'));
          expect(text).not.toContain(body);
        },
      ),
    );
  });

  test.each([
    ['sk_live_abcdefgh', 'sk_live_', 'sk_live_****'],
    ['github_pat_abcdefgh', 'github_pat_', 'github_p****'],
    ['abcdefgh', '', '****'],
    ['abcdefgh', 'sk_', '****'],
    ['', '', '****'],
  ])('%s with the prefix %j is %s', (text, prefix, shown) => {
    const secret = new Secret(text, prefix);
    expect(secret.publicPrefix).toBe(shown.replace('****', ''));
    expect(secret.toString()).toBe(shown);
    expect(inspect(secret)).toBe(shown);
    expect(JSON.stringify(secret)).toBe(JSON.stringify(shown));
  });

  test('the mask says nothing about the length', () => {
    expect(String(new Secret('k'.repeat(8)))).toBe(String(new Secret('k'.repeat(800))));
  });

  test('only reveal gives the text', () => {
    expect(new Secret('sk_live_abcdefgh', 'sk_live_').reveal()).toBe('sk_live_abcdefgh');
    expect(structuredClone(new Secret('sk_live_abcdefgh'))).toEqual({});
  });
});
