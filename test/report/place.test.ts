import { describe, expect, test } from 'vitest';
import type { LocationV1 } from '../../src/report/json-v1.ts';
import { isOnlyHistory, messageOf, placeOf } from '../../src/report/place.ts';
import { finding, location } from '../support/reports.ts';

function metadata(file: string, more: Partial<LocationV1> = {}): LocationV1 {
  const { blob: _blob, ...rest } = location(file, more);
  return rest;
}

describe('placeOf', () => {
  test.each<[string, LocationV1[], boolean, string]>([
    ['a file of HEAD', [location('a.ts')], true, 'a.ts'],
    ['a file on disk', [metadata('a.ts', { state: 'worktree' })], true, 'a.ts'],
    ['a staged file', [location('a.ts', { state: 'staged' })], true, 'a.ts'],
    ['standard input', [metadata('<stdin>', { state: 'stdin' })], true, '<stdin>'],
    ['a file of the history', [location('a.ts', { state: 'history' })], false, 'git-history/0123456789/a.ts'],
    ['a file of another branch', [location('a.ts', { state: 'branch' })], false, 'git-history/0123456789/a.ts'],
    ['a file of the history that is back on disk', [location('a.ts', { state: 'history' }), location('b.ts', { state: 'worktree' })], true, 'b.ts'],
    ['the message of a commit of HEAD', [metadata('<commit message>')], false, 'git-history/0123456789/<commit message>'],
    ['a file whose name is in angle brackets', [location('<img src=x>')], true, '<img src=x>'],
    ['such a file on disk', [metadata('<img src=x>', { state: 'worktree' })], true, '<img src=x>'],
    ['no place at all', [], false, ''],
  ])('%s', (_what, locations, current, path) => {
    const one = finding(1, { locations });
    const place = placeOf(one);
    expect([place.current, isOnlyHistory(one)]).toEqual([current, !current]);
    if (locations.length > 0) expect(place.path).toBe(path);
    else expect(place.path).toMatch(/^git-history\/[0-9a-f]{10}\/<unknown>$/);
  });
});

test('messageOf says the place where a format cannot', () => {
  const old = finding(1, { state: 'history', locations: [location('gone.ts', { state: 'history', startLine: 7 })] });
  expect(messageOf(old, placeOf(old))).toBe(
    'Live secret key number 1 sk_live_**** (Clerk, high confidence), only in history, since 2025-02-02, gone.ts:7 of commit 0123456789. Dashboard → API keys',
  );
  const here = finding(2, { locations: [location('a.ts'), location('b.ts')] });
  expect(messageOf(here, placeOf(here))).toBe(
    'Live secret key number 2 sk_live_**** (GitHub, high confidence), in HEAD, since 2025-03-02, and 1 more place. Dashboard → API keys',
  );
});
