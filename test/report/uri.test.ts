import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relativeUri } from '../../src/report/uri.ts';

test.each([
  ['src/a-b_c.d~e/F9.ts', 'src/a-b_c.d~e/F9.ts'],
  ['a b', 'a%20b'],
  ['100%.txt', '100%25.txt'],
  ['a:b?c#d', 'a%3Ab%3Fc%23d'],
  ['é\n', '%C3%A9%0A'],
  ['', '.'],
  ['//host/x', '/.//host/x'],
  ['/x', '/x'],
  ['a//b', 'a//b'],
  ['<stdin>', '%3Cstdin%3E'],
])('%j is %j', (path, uri) => {
  expect(relativeUri(path)).toBe(uri);
});

test('whatever stands in a name, it is a path below the base, and decoded the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (path) => {
      const { origin, pathname } = new URL(relativeUri(`x${path}`), 'https://base.example/');
      expect([origin, pathname.includes('?')]).toEqual(['https://base.example', false]);
      expect(decodeURIComponent(relativeUri(`x${path}`))).toBe(`x${path}`);
    }),
  );
});
