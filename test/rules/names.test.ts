import { describe, expect, test } from 'vitest';
import { ANYBODYS, CREDENTIAL_WORDS, isAnybodys, isOwnedKind, ownerAndKind, ownerAtEnd, ownerOf } from '../../src/rules/names.ts';

describe('names without separators', () => {
  test.each([
    ['acmeapikey', 'acme', 'api'],
    ['acmetoken', 'acme', 'token'],
    ['a1secretaccesskey', 'a1', 'secret'],
    ['upstagekey', 'upstage', 'key'],
    ['acmewebhooksigningsecret', 'acme', 'webhook'],
    ['acmelicensekey', 'acme', 'license'],
    ['acmetestkey', 'acme', 'test'],
    ['acmekeykeykeykeykeykey', 'acme', 'key'],
  ])('%s is of an owner', (name, owner, firstKind) => {
    expect(ownerAndKind(name)).toEqual({ owner, firstKind });
    expect(ownerOf(name)).toBe(owner);
    expect(isAnybodys(name)).toBe(false);
  });

  test.each(['acme', 'akey', 'Acmekey', 'acme_key', 'acmekeys', 'ac', ''])('%j says neither', (name) => {
    expect([ownerAndKind(name), ownerOf(name), isAnybodys(name)]).toEqual([undefined, undefined, false]);
  });

  test.each(['key', 'secretaccesskey', 'apikey', 'clientsecret', 'devapikey', 'signingsecret'])('%s is anybody’s', (name) => {
    expect(isAnybodys(name)).toBe(true);
  });

  test('so many kinds and no more', () => {
    expect([isAnybodys('key'.repeat(6)), isAnybodys('key'.repeat(7)), isAnybodys('1key'), isAnybodys('key1')]).toEqual([true, false, false, false]);
    // With more of them, some are the owner's.
    expect(ownerAndKind(`acme${'key'.repeat(7)}`)?.owner).toBe('acmekey');
  });
});

describe('words of a name', () => {
  test.each('auth key prod staging api access old v 2 12 credentials apikey'.split(' '))('%s may stand behind an owner', (word) => {
    expect(isOwnedKind(word)).toBe(true);
  });

  test.each(['webhook', 'signing', '123', 'a1', '1a', '', 'acme'])('%j may not', (word) => {
    expect(isOwnedKind(word)).toBe(false);
  });

  test('the owner at the end is the shortest one, of four words at most', () => {
    const owners = new Set(['acme', 'twilioapi', 'auth0', 'onetwothreefour', 'abcde', 'new']);
    const end = (words: string): unknown => {
      const asked = ownerAtEnd(words.split(' '), (name) => owners.has(name));
      return asked === undefined ? undefined : `${asked.owner}: ${asked.kinds.join(' ')}`;
    };
    expect(end('my acme bearer token prod')).toBe('acme: bearer token prod');
    expect(end('acme webhook token')).toBeUndefined();
    expect(end('acme webhook acme token')).toBe('acme: token');
    expect(end('twilio api key')).toBe('twilioapi: key');
    expect(end('auth 0 key')).toBe('auth0: key');
    expect(end('one two three four key')).toBe('onetwothreefour: key');
    expect(end('a b c d e key')).toBeUndefined();
    expect(end('new key')).toBe('new: key');
    // Without a word for what it is, it is no credential's name.
    expect(end('my acme')).toBeUndefined();
    expect(end('key')).toBeUndefined();
    expect(end('other key')).toBeUndefined();
    expect(ownerAtEnd([], () => true)).toBeUndefined();
  });

  test('lists', () => {
    expect(CREDENTIAL_WORDS).toContain('apikey');
    expect(['my', 'prod', 'dev', 'new', 'realtime', 'batch'].map((word) => ANYBODYS.has(word))).toEqual([true, true, true, true, true, true]);
    expect(['acme', 'token', ''].map((word) => ANYBODYS.has(word))).toEqual([false, false, false]);
  });
});
