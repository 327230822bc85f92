import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isDigestOfWord } from '../../src/detect/word-digests.ts';

const digest = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

test.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'])('the %s of a word that everybody knows is told in either case', (algorithm) => {
  for (const word of ['test', 'password', '', '123456', 'Admin', 'hello\n']) {
    expect(isDigestOfWord(digest(algorithm, word))).toBe(true);
    expect(isDigestOfWord(digest(algorithm, word).toUpperCase())).toBe(true);
  }
});

test.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'])('so is its %s in base64', (algorithm) => {
  for (const word of ['test', 'password', '', '123456', 'Admin', 'hello\n']) {
    const bytes = Buffer.from(digest(algorithm, word), 'hex');
    expect([bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')].map(isDigestOfWord)).toEqual([
      true,
      true,
      true,
    ]);
  }
});

test('base64 of another digest, of a part of one and of more than one is none', () => {
  const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
  const known = digest('sha256', 'test');
  const none = [digest('sha256', 'a word that nobody would guess'), known.slice(2), `${known}00`].map(base64);
  expect([...none, `.${base64(known)}`, `${base64(known)}==`].map(isDigestOfWord)).toEqual([false, false, false, false, false]);
});

test('neither another digest nor a part of one, nor one in both cases, is one', () => {
  const known = digest('md5', 'test');
  expect(isDigestOfWord(digest('md5', 'a word that nobody would guess'))).toBe(false);
  expect(isDigestOfWord(known.slice(1))).toBe(false);
  expect(isDigestOfWord(`${known}${digest('md5', 'a')}`)).toBe(false);
  expect(isDigestOfWord(known.replace(/^(\d*)([a-f])/, (_, digits: string, letter: string) => digits + letter.toUpperCase()))).toBe(false);
  expect(isDigestOfWord(`${known.slice(0, -1)}g`)).toBe(false);
});
