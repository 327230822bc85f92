import { describe, expect, test } from 'vitest';
import { keysift, keysiftJson } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';
import { githubToken } from '../support/secrets.ts';

/** Slow on its text although linear: hundreds of steps stay alive at each character. */
const SLOW_RULE = `rules:
  - id: acme-slow
    title: slow
    pattern:
      regex: '((?:a{1,25}){1,25}$)'
      literals: [aaaa]
      maxLength: 600
    examples: { match: ['[|aaaa|]'], ignore: ['none'] }
`;

describe('a user rule that takes too long', () => {
  test('is stopped and listed, the scan is incomplete, and all other rules go on', async () => {
    const token = githubToken('slow');
    const cwd = folderWith({
      'rules.yaml': SLOW_RULE,
      'a/slow.txt': `${'a'.repeat(4_000_000)}!\ntoken = "${token}"\n`,
      'a/fast.txt': `t = "${githubToken('fast')}"\n`,
    });
    const { code, report } = await keysiftJson(['a', '--rules', 'rules.yaml', '--show-secrets'], { cwd });
    expect(code).toBe(3);
    expect(report.notScanned.map(({ unit, reason, detail }) => [unit, reason, detail.split(' ').slice(0, 2).join(' ')])).toEqual([
      ['slow.txt', 'RULE-TIMEOUT', 'rule acme-slow'],
    ]);
    expect(new Set(report.findings.map(({ secret }) => secret))).toEqual(new Set([token, githubToken('fast')]));
    expect(report.findings).toHaveLength(2);
  });

  test('says nothing where it is fast enough', async () => {
    const cwd = folderWith({ 'rules.yaml': SLOW_RULE, 'a/b.txt': 'aaaab\n' });
    expect((await keysift(['a', '--rules', 'rules.yaml'], { cwd })).stdout).not.toContain('RULE-TIMEOUT');
  });
});
