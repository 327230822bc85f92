/** Rules that are about some paths, in every source: what they take from others there, others tell elsewhere. */
import { describe, expect, test } from 'vitest';
import { keysiftJson } from '../support/cli.ts';
import { TestRepository } from '../support/repository.ts';
import { plantOne } from '../support/secrets.ts';

const RULES = `rules:
  - id: acme-key-in-docs
    title: Key in the documentation
    provider: Acme
    paths: { only: ['docs/**'] }
    token: { prefixes: [sk_live_], alphabet: alnum, length: 24 }
    examples: { match: ['[|sk_live_{{alnum:24}}|]'], ignore: ['sk_live_'] }
`;
const LINE = plantOne('const key = "[|sk_live_{{alnum:24}}|]";', 'rules for paths').text;

/** A file in the documentation that is a copy of one outside, and one that was moved out of it. */
function made(): TestRepository {
  const repository = TestRepository.create();
  repository.write('rules.yaml', RULES).write('docs/a.js', LINE).write('src/a.js', LINE).write('docs/b.js', `// moved\n${LINE}`).commit('first');
  repository.git('mv', 'docs/b.js', 'src/b.js');
  repository.write('docs/c.js', `\n${LINE}`).write('src/c.js', `\n${LINE}`).commit('moved, and more');
  return repository;
}

async function told(repository: TestRepository, ...flags: string[]): Promise<string[]> {
  const { report } = await keysiftJson([...flags, '--rules', 'rules.yaml'], { cwd: repository.path });
  return report.findings.map(({ ruleId, locations }) => [ruleId, ...[...new Set(locations.map(({ file }) => file))].toSorted()].join(' ')).toSorted();
}

describe('a value that a rule for some paths knows is told by others elsewhere', () => {
  const outside = 'unattributed-secret-key-live src/a.js src/b.js src/c.js';
  const today = ['acme-key-in-docs docs/a.js docs/c.js', outside];
  const ever = ['acme-key-in-docs docs/a.js docs/b.js docs/c.js', outside];

  test.each<[readonly string[], readonly string[]]>([
    [['--no-history'], today],
    [['--history-only'], ever],
    [['--history-only', '--reader', 'git'], ever],
    [['--history-only', '--jobs', '2'], ever],
    [
      ['--range', 'HEAD~..HEAD'],
      ['acme-key-in-docs docs/c.js', 'unattributed-secret-key-live src/c.js'],
    ],
    [[], ever],
  ])('%j', async (flags, expected) => {
    expect(await told(made(), ...flags)).toEqual(expected);
  });

  test('--staged', async () => {
    const repository = TestRepository.create();
    repository.write('rules.yaml', RULES).write('docs/a.js', LINE).write('src/a.js', LINE).git('add', '.');
    expect(await told(repository, '--staged')).toEqual(['acme-key-in-docs docs/a.js', 'unattributed-secret-key-live src/a.js']);
  });

  test('--stdin', async () => {
    const { path } = TestRepository.create().write('rules.yaml', RULES);
    const run = async (name: string): Promise<string[]> => {
      const { report } = await keysiftJson(['--stdin', '--stdin-name', name, '--rules', 'rules.yaml'], { cwd: path, stdin: LINE });
      return report.findings.map(({ ruleId }) => ruleId);
    };
    expect([await run('docs/a.js'), await run('a.js')]).toEqual([['acme-key-in-docs'], ['unattributed-secret-key-live']]);
  });
});
