/** The harness must be able to fail: each invariant, broken. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { githubToken, stripeKey } from '../support/secrets.ts';
import { attack, expectNoSecret, expectPlain, snapshot, tripped, tripwire } from './harness.ts';

const secret = stripeKey('harness');

describe('I1', () => {
  test.each([
    ['itself', secret],
    ['a part of its middle', `x${secret.slice(40, 50)}x`],
    ['its SHA-256', createHash('sha256').update(secret).digest('hex').slice(0, 16)],
    ['its base64', Buffer.from(`key ${secret}`).toString('base64')],
    ['its hex', Buffer.from(secret).toString('hex')],
  ])('%s is seen', (_what, output) => expect(() => expectNoSecret(`a\n${output}\nb`, [secret])).toThrow('I1'));

  test('its beginning may be shown', () => expectNoSecret('sk_live_****', [secret]));
});

test.each(['a\u001b[31m', 'a\tb', 'a\rb', '\u202eabc', 'a\u200bb', 'a\n  ::error::b', 'x ##[error]y', 'x ##vso[a]y'])('I2: %j is seen', (output) =>
  expect(() => expectPlain(output)).toThrow('I2'),
);

test('I3: what does not end is seen', async () => {
  const module = join(folderWith({ 'wait.mjs': 'setInterval(() => {}, 1000); await new Promise(() => {});' }), 'wait.mjs');
  await expect(attack({ cwd: folderWith({}), code: 0, node: [`--import=${module}`], limit: 1 })).rejects.toThrow('I3');
});

test('I4: a connection is seen', async () => {
  const module = join(folderWith({ 'call.mjs': "import net from 'node:net'; net.connect(9, '127.0.0.1').on('error', () => {});" }), 'call.mjs');
  await expect(attack({ cwd: folderWith({}), code: 0, node: [`--import=${module}`] })).rejects.toThrow('I4');
});

test('I5: a changed time, a new file and another content are seen', () => {
  const folder = folderWith({ a: 'one', b: 'two' });
  const before = snapshot(folder);
  utimesSync(join(folder, 'a'), 1, 1);
  const touched = snapshot(folder);
  writeFileSync(join(folder, 'c'), '');
  expect(new Set([before, touched, snapshot(folder)]).size).toBe(3);
});

test('I6: a tripwire that was run is seen', () => {
  const program = tripwire('harness');
  expect(tripped()).toEqual([]);
  spawnSync(program, { input: '' });
  expect(tripped()).toEqual(['harness']);
  rmSync(program.replace(/\.sh$/, '.ran'));
});

test('I7: a wrong count is seen', () => expect(attack({ cwd: folderWith({ a: '' }), code: 0, counts: { files: 2 } })).rejects.toThrow('I7'));

test('a wrong exit code is seen', () => expect(attack({ cwd: folderWith({ a: githubToken('harness') }), code: 0 })).rejects.toThrow('its exit code'));
