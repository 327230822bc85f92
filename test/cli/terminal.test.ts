/** Names that would steer a terminal or a CI log, at every exit of the command line. */
import { describe, expect, test } from 'vitest';
import { keysift } from '../support/cli.ts';
import { folderWith, writeInto } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';

const NAME = 'x\u001b[31m\u202e\r\n::error::forged';
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^::error::forged/m;
const SHOWN = String.raw`x\x1b[31m\u202e\x0d\x0a::error::forged`;

function repository(): TestRepository {
  const made = TestRepository.create();
  made.write('a.txt', 'nothing\n').commit('one');
  return made;
}

describe('what a terminal gets', () => {
  test.each<readonly [string, readonly string[]]>([
    ['a path that is not there', [NAME]],
    ['a flag', [`--${NAME}`]],
    ['the value of a flag', ['--jobs', NAME]],
    ['a path beside a flag: the hint', ['--staged', NAME]],
    ['a range', ['--range', `${NAME}..HEAD`]],
    ['no range', ['--range', NAME]],
    ['a format', ['-f', NAME]],
    ['a file twice', ['-f', `json=${NAME}`, '-f', `csv=${NAME}`]],
    ['a file in no folder', ['-f', `json=${NAME}/x`]],
    ['a configuration', ['--config', NAME]],
    ['a baseline', ['--baseline', NAME]],
    ['a rule file', ['--rules', NAME]],
    ['a revision', ['--policy-from', NAME]],
    ['a rule', ['rules', 'show', NAME]],
    ['something to explain', ['explain', NAME]],
    ['an id', ['ignore', NAME, '--reason', 'x']],
    ['a day', ['ignore', 'abcdef', '--reason', 'x', '--until', NAME]],
    ['ignores of another scanner', ['ignore', '--from', NAME]],
    ['rules of another scanner', ['rules', 'import', NAME]],
    ['a report', ['report', 'convert', NAME]],
    ['a report twice', ['report', 'merge', NAME, NAME]],
  ])('%s', async (_what, argv) => {
    const { code, stdout, stderr } = await keysift(argv, { cwd: repository().path });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('\\x1b[31m');
    expect(stderr).not.toMatch(STEERING);
  });

  test('a variable, and the name of one', async () => {
    const { stderr } = await keysift([], { cwd: repository().path, env: { KEYSIFT_FAIL_ON: NAME } });
    expect(stderr).toContain('error: KEYSIFT_FAIL_ON holds something else than it may');
    const noted = await keysift([], { cwd: repository().path, env: { [`KEYSIFT_${NAME}`]: 'x' } });
    expect(noted.stdout).toContain(`KEYSIFT_${SHOWN} means nothing here`);
    expect(noted.stdout).not.toMatch(STEERING);
  });

  test.each(['baseline create', 'ignore abcdef --reason x'])('%s: what was not scanned', async (command) => {
    const { path } = repository();
    const { stderr } = await keysift([...command.split(' '), '--max-file-size', '1'], { cwd: writeNamed(path) });
    if (command.startsWith('baseline')) expect(stderr).toContain(`not scanned: ${SHOWN}: TOO-LARGE: it is larger than allowed`);
    expect(stderr).not.toMatch(STEERING);
  });

  test('a folder of hooks', async () => {
    const own = repository();
    own.git('config', 'core.hooksPath', NAME);
    for (const action of ['install', 'uninstall']) {
      const { code, stdout } = await keysift(['hook', action, 'pre-commit'], { cwd: own.path });
      expect([code, stdout]).toEqual([0, expect.stringContaining(SHOWN)]);
      expect(stdout).not.toMatch(STEERING);
    }
  });

  test('a rule of somebody else', async () => {
    const rule = {
      id: 'acme-key',
      title: NAME,
      provider: NAME,
      description: NAME,
      token: { prefixes: ['acme_live_'], alphabet: 'alnum', length: 32 },
    };
    const examples = { match: ['[|acme_live_{{alnum:32}}|]'], ignore: [NAME] };
    const cwd = folderWith({ 'own.yaml': JSON.stringify({ rules: [{ ...rule, examples }] }) });
    for (const argv of [
      ['rules', 'show', 'acme-key'],
      ['rules', 'show', 'acme-key', '-f', 'json'],
      ['rules', 'list'],
      ['explain', 'acme-key'],
    ]) {
      const { code, stdout } = await keysift([...argv, '--rules', 'own.yaml'], { cwd });
      expect([code, stdout]).toEqual([0, expect.stringMatching(/x\\(?:x|u00)1b\[31m/)]);
      expect(stdout).not.toMatch(STEERING);
    }
  });

  test('doctor as JSON', async () => {
    const { stdout } = await keysift(['doctor', '-f', 'json'], { cwd: repository().path, env: { [`KEYSIFT_${NAME}`]: 'x' } });
    expect(stdout).toContain('\\u001b[31m');
    expect(stdout).not.toMatch(STEERING);
  });
});

function writeNamed(folder: string): string {
  writeInto(folder, NAME, 'something\n');
  return folder;
}
