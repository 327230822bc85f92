/** S22: each row of the table of exit codes, in each way of scanning. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/model/exit-code.ts';
import { keysift, type CliOptions, type Outcome } from '../support/cli.ts';
import { TestRepository } from '../support/repository.ts';
import { githubToken } from '../support/secrets.ts';

/** What is asked for, and where what it reads comes from: on the disk it may be too large, in git it may be gone. */
interface Mode {
  readonly argv: readonly string[];
  readonly from: 'disk' | 'git';
}

const MODES: Readonly<Record<string, Mode>> = {
  'the working tree and the history': { argv: [], from: 'git' },
  'the working tree': { argv: ['--no-history'], from: 'disk' },
  'the history': { argv: ['--history-only'], from: 'git' },
  'the history, read by git': { argv: ['--history-only', '--reader=git'], from: 'git' },
  'what is staged': { argv: ['--staged'], from: 'git' },
  'a range': { argv: ['--range', 'main~1..main'], from: 'git' },
  'standard input': { argv: ['--stdin'], from: 'disk' },
  paths: { argv: ['a.txt'], from: 'disk' },
  ci: { argv: ['ci', '--base', 'main~1'], from: 'git' },
};

const TEXTS = { clean: 'words\n', leaking: `token = "${githubToken('exit codes')}"\n` } as const;
type Kind = keyof typeof TEXTS;
const KINDS = ['clean', 'leaking'] as const;

/** A commit, one more that brings `a.txt`, and `b.txt` staged, with a text in both. */
function repositoryWith(text: string): TestRepository {
  const repository = TestRepository.create();
  repository.write('README.md', 'x\n').commit('first');
  repository.write('a.txt', text).commit('second');
  return repository.write('b.txt', `${text}staged\n`).stage('b.txt');
}

/** One without the blobs of `c.txt`, which are in the last commit, and of `d.txt`, which is staged. */
function lackingBlobs(text: string): TestRepository {
  const repository = TestRepository.create();
  repository.write('README.md', 'x\n').commit('first');
  repository.write('a.txt', text).write('c.txt', `${text}gone\n`).commit('second');
  repository.write('b.txt', `${text}staged\n`).write('d.txt', `${text}staged and gone\n`).stage('b.txt', 'd.txt');
  for (const path of ['c.txt', 'd.txt']) {
    const id = repository.blob(path, '');
    rmSync(join(repository.path, '.git', 'objects', id.slice(0, 2), id.slice(2)));
  }
  return repository;
}

let whole: Readonly<Record<Kind, TestRepository>>;
let lacking: Readonly<Record<Kind, TestRepository>>;

beforeAll(() => {
  whole = { clean: repositoryWith(TEXTS.clean), leaking: repositoryWith(TEXTS.leaking) };
  lacking = { clean: lackingBlobs(TEXTS.clean), leaking: lackingBlobs(TEXTS.leaking) };
});

describe.each(Object.entries(MODES))('%s', (_mode, { argv, from }) => {
  const run = (kind: Kind, more: readonly string[] = [], options: CliOptions = {}): Promise<Outcome> =>
    keysift([...argv, ...more], { cwd: whole[kind].path, stdin: TEXTS[kind], env: { CI: 'true' }, ...options });

  test(`${EXIT.clean}, clean: nothing was found, or nothing that may fail the run`, async () => {
    expect((await run('clean')).code).toBe(EXIT.clean);
    const { code, stdout } = await run('leaking', ['--exit-zero']);
    expect([code, stdout.includes('GitHub')]).toEqual([EXIT.clean, true]);
  });

  test(`${EXIT.findings}, findings: something was found`, async () => {
    const { code, stdout } = await run('leaking');
    expect([code, stdout.includes('GitHub')]).toEqual([EXIT.findings, true]);
  });

  test(`${EXIT.failed}, failed: the run could not start`, async () => {
    const { code, stdout, stderr } = await run('leaking', ['--config', 'missing.yaml']);
    expect([code, stdout]).toEqual([EXIT.failed, '']);
    expect(stderr).toContain('error: ');
  });

  test(`${EXIT.incomplete}, incomplete: something was not scanned, whatever was found`, async () => {
    for (const kind of KINDS) {
      const [more, options] = from === 'git' ? [[], { cwd: lacking[kind].path }] : [['--max-file-size', '3'], {}];
      expect([kind, (await run(kind, [...more, '--exit-zero'], options)).code]).toEqual([kind, EXIT.incomplete]);
    }
  });

  test.each([
    ['SIGINT', EXIT.interrupted],
    ['SIGTERM', EXIT.terminated],
  ])('ended by %s: %i', async (signal, code) => {
    expect((await run('leaking', [], { signal: AbortSignal.abort(signal) })).code).toBe(code);
  });
});
