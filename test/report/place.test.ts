import { describe, expect, test } from 'vitest';
import type { LocationV1 } from '../../src/report/json-v1.ts';
import { halfStory, isOnlyHistory, messageOf, mostSevereFirst, placeOf } from '../../src/report/place.ts';
import { check, finding, half, location } from '../support/reports.ts';

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
    ['such a file staged', [metadata('<img src=x>', { state: 'staged' })], true, '<img src=x>'],
    ['a name that only begins so', [metadata('<img> x')], true, '<img> x'],
    ['a name that only ends so', [metadata('x <img>')], true, 'x <img>'],
    ['no place at all', [], false, ''],
  ])('%s', (_what, locations, current, path) => {
    const one = finding(1, { locations });
    const place = placeOf(one);
    expect([place.current, isOnlyHistory(one)]).toEqual([current, !current]);
    if (locations.length > 0) expect(place.path).toBe(path);
    else expect(place.path).toMatch(/^git-history\/[0-9a-f]{10}\/<unknown>$/);
  });
});

test('of no place nothing is known', () => {
  expect(placeOf(finding(1, { locations: [] }))).toMatchObject({ file: '<unknown>', state: 'unreachable' });
});

test('the commit is that of the place, else the last one that had it, else the first one', () => {
  const { commit: _commit, ...rest } = location('gone.ts', { state: 'history' });
  const { firstSeen, lastSeen, ...one } = finding(1, { locations: [rest] });
  const old = '0123456789';
  expect(placeOf({ ...one, firstSeen: firstSeen!, lastSeen: lastSeen! })).toMatchObject({
    commit: lastSeen!.commit,
    path: 'git-history/76543210fe/gone.ts',
  });
  expect(placeOf({ ...one, firstSeen: firstSeen! })).toMatchObject({ commit: firstSeen!.commit, path: `git-history/${old}/gone.ts` });
  expect(placeOf({ ...one, locations: [{ ...rest, commit: old }], lastSeen: lastSeen! })).toMatchObject({ commit: old });
  const none = placeOf(one);
  expect([none.path, 'commit' in none]).toEqual(['git-history/gone.ts', false]);
  expect(messageOf(one, none)).toBe('Live secret key number 1 sk_live_**** (Clerk, high confidence), in HEAD, gone.ts:3. Dashboard → API keys');
});

test('the most severe come first, others stay as they are', () => {
  const severities = ['low', 'critical', 'low', 'high'] as const;
  const sorted = mostSevereFirst(severities.map((severity, index) => finding(index, { severity, title: `${index}` })));
  expect(sorted.map(({ title }) => title)).toEqual(['1', '3', '0', '2']);
});

test('messageOf tells of halves and of checks, and of no mask where there is none', () => {
  const [first, second] = [half(1, 'a.ts'), { ...half(2, 'b.ts'), locations: [location('b.ts', { state: 'history', startLine: 9 })] }];
  const one = finding(1, { halves: [first, second], checks: [check] });
  expect(messageOf(one, placeOf(one))).toBe(
    'Live secret key number 1 sk_live_**** (Clerk, high confidence), in HEAD, since 2025-02-02, ' +
      'with Access key id of a.ts AKIA**** in a.ts:7 and 1 more place, with Access key id of b.ts AKIA**** in b.ts:9 of commit 0123456789. ' +
      'Dashboard → API keys Also: Real key as a fallback.',
  );
  expect(halfStory(first)).toBe('Access key id of a.ts AKIA**** in a.ts:7 and 1 more place; belongs to account a.ts');
  const bare = finding(2, { kind: 'check', redacted: '****' });
  expect(messageOf(bare, placeOf(bare))).toMatch(/^Live secret key number 2 \(GitHub/);
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
