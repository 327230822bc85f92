import { describe, expect, test } from 'vitest';
import { builtinRules } from '../../src/rules/builtin.ts';
import { keysift, keysiftJson } from '../support/cli.ts';
import { stripeKey } from '../support/secrets.ts';
import { TestRepository } from '../support/repository.ts';

describe('keysift explain', () => {
  test('every rule has a story: what, shape, severity, what to do', async () => {
    for (const { id } of builtinRules().rules) {
      const { code, stdout, stderr } = await keysift(['explain', id]);
      expect([id, code, stderr]).toEqual([id, 0, '']);
      for (const title of ['What it is', 'What it looks like', 'Severity']) expect(stdout, id).toContain(`\n${title}\n  `);
    }
  });

  test('a finding, from a report or from a scan', async () => {
    const repository = TestRepository.create();
    const key = stripeKey('explain');
    repository.write('src/pay.js', `const stripe = new Stripe(process.env.KEY || '${key}');\n`).commit('add');
    const { stdout: report } = await keysift(['-f', 'json', '--show-secrets'], { cwd: repository.path });
    repository.write('../report.json', report);
    const { report: parsed } = await keysiftJson([], { cwd: repository.path });
    const id = parsed.findings[0]?.id ?? '';
    const scanned = await keysift(['explain', id], { cwd: repository.path });
    const read = await keysift(['explain', id.slice(0, 8), '--report', '../report.json'], { cwd: repository.path });
    expect([scanned.code, read.code]).toEqual([0, 0]);
    expect(read.stdout).toBe(scanned.stdout);
    for (const part of [
      'src/pay.js:1:',
      'Why it is one\n  a structure that only Stripe uses',
      'Also: Real key as the fallback of an environment variable (medium, hardcoded-fallback)\n',
      'What to do\n  Stripe Dashboard',
      'References\n  https://docs.stripe.com/keys',
    ])
      expect(scanned.stdout).toContain(part);
    expect(scanned.stdout + read.stdout).not.toContain(key);
  });

  test.each<[string, string[], string, string]>([
    [
      'neither',
      ['assemblyai'],
      '"assemblyai" is neither a rule nor the id of a finding',
      'Did you mean assemblyai-api-key, assemblyai-temporary-token?',
    ],
    ['no such finding', ['0123456789ab'], 'there is no finding "0123456789ab" in the working tree or the history', 'keysift shows the ids'],
    [
      'no report',
      ['0123456789ab', '--report', 'none.json'],
      'cannot read none.json: there is no such file',
      'Name a report that keysift -f json wrote',
    ],
    ['another file', ['0123456789ab', '--report', 'package.json'], 'package.json:1:', 'Give a report that keysift -f json wrote.'],
  ])('%s', async (_what, argv, message, hint) => {
    const repository = TestRepository.create();
    repository.write('package.json', '{ "name": "a" }').commit('first');
    const { code, stdout, stderr } = await keysift(['explain', ...argv], { cwd: repository.path });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });
});
