/** Hooks that are written: where, what they run, and what was there before. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { fileHolds, HOOK_COMMANDS, hookPlace, hookScript, installHooks, isOwnHook, uninstallHooks } from '../../src/cli/hook-install.ts';
import type { HookName } from '../../src/cli/hook-names.ts';
import type { Io } from '../../src/cli/io.ts';
import { openRepository } from '../../src/git/repository.ts';
import { UserError } from '../../src/model/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { home, TestRepository } from '../support/repository.ts';

const env = { PATH: process.env['PATH'], HOME: home() };

/** Runs something with hooks in a folder; gives its exit code, what it says, or why it refuses. */
async function run(cwd: string, work: (io: Io) => Promise<number>, HOME = env.HOME): Promise<readonly unknown[]> {
  let said = '';
  const output = { isTerminal: false, columns: 80, write: async (text: string) => void (said += text) };
  const io: Io = {
    stdin: Readable.from([]),
    stdout: output,
    stderr: output,
    cwd,
    env: { ...env, HOME },
    now: () => new Date(0),
    clock: () => 0,
    cpus: 1,
  };
  try {
    return [await work(io), said];
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.hint];
    throw error;
  }
}

const install = (cwd: string, ...names: HookName[]): Promise<readonly unknown[]> => run(cwd, (io) => installHooks(names, io));
const uninstall = (cwd: string): Promise<readonly unknown[]> => run(cwd, (io) => uninstallHooks(['pre-commit', 'pre-push'], io));
const hook = (repository: TestRepository, name: string): string => join(repository.path, '.git/hooks', name);
const remove = (repository: TestRepository): void => rmSync(join(repository.path, '.git/hooks'), { recursive: true, force: true });

function place(repository: TestRepository): ReturnType<typeof hookPlace> {
  const opened = openRepository(repository.path, env);
  if (opened === undefined) throw new Error('no repository');
  return hookPlace(opened);
}

describe('a script', () => {
  test('asks for what it checks by the name that is in PATH, or by the program that wrote it', () => {
    const own = hookScript('pre-commit', ["/opt/it's/node", '/opt/keysift.js']);
    expect(own).toContain(
      `if [ -x '/opt/it'\\''s/node' ] && [ -f '/opt/keysift.js' ]; then set -- '/opt/it'\\''s/node' '/opt/keysift.js'\nelif command -v keysift`,
    );
    const plain = hookScript('pre-commit', undefined);
    expect(plain).toContain('\nif command -v keysift >/dev/null 2>&1; then set -- keysift\nelse\n');
    expect(plain.split('\n')[0]).toBe('#!/bin/sh');
    expect(plain).toContain('\nexec "$@" --staged --no-progress\n');
    expect(plain).not.toContain('$input');
    expect(plain).toContain('earlier="$(dirname -- "$0")/pre-commit.before-keysift"\nif [ -x "$earlier" ]; then\n  "$earlier" "$@" || exit $?\n');
  });

  test('before a push reads what git tells it once, for the hook that was there and for itself', () => {
    const script = hookScript('pre-push', undefined);
    expect(script).toContain(`\ninput=$(cat)\nif [ -x "$earlier" ]; then\n  printf '%s\\n' "$input" | "$earlier" "$@" || exit $?\n`);
    expect(script).toContain(`\nprintf '%s\\n' "$input" | "$@" hook pre-push "$remote"\n`);
    expect(HOOK_COMMANDS['pre-push']).toBe('keysift hook pre-push');
  });
});

describe('in a repository', () => {
  const repository = TestRepository.create();

  test('are written, renewed, and taken away', async () => {
    remove(repository);
    expect(await install(repository.path, 'pre-commit', 'pre-push')).toEqual([
      0,
      '.git/hooks/pre-commit: installed\n.git/hooks/pre-push: installed\n',
    ]);
    expect(statSync(hook(repository, 'pre-commit')).mode & 0o777).toBe(0o755);
    expect(readFileSync(hook(repository, 'pre-push'), 'utf8')).toBe(hookScript('pre-push', undefined));
    expect(isOwnHook(hook(repository, 'pre-push'))).toBe(true);
    expect(await install(repository.path, 'pre-commit')).toEqual([0, '.git/hooks/pre-commit: renewed\n']);
    expect(await uninstall(repository.path)).toEqual([0, '.git/hooks/pre-commit: taken away\n.git/hooks/pre-push: taken away\n']);
    expect([existsSync(hook(repository, 'pre-commit')), existsSync(hook(repository, 'pre-push'))]).toEqual([false, false]);
    expect(await uninstall(repository.path)).toEqual([0, '.git/hooks/pre-commit: not ours, left alone\n.git/hooks/pre-push: not ours, left alone\n']);
  });

  test('keep a hook that was there, and give it back', async () => {
    remove(repository);
    mkdirSync(join(repository.path, '.git/hooks'));
    writeFileSync(hook(repository, 'pre-commit'), 'mine');
    chmodSync(hook(repository, 'pre-commit'), 0o755);
    const chained = 'after the hook that was there (pre-commit.before-keysift)';
    expect(await uninstall(repository.path)).toEqual([0, expect.stringContaining('.git/hooks/pre-commit: not ours, left alone\n')]);
    expect(await install(repository.path, 'pre-commit')).toEqual([0, `.git/hooks/pre-commit: installed, ${chained}\n`]);
    expect(readFileSync(hook(repository, 'pre-commit.before-keysift'), 'utf8')).toBe('mine');
    expect(await install(repository.path, 'pre-commit')).toEqual([0, `.git/hooks/pre-commit: renewed, ${chained}\n`]);
    writeFileSync(hook(repository, 'pre-commit'), 'another');
    expect(await install(repository.path, 'pre-commit')).toEqual([
      '.git/hooks/pre-commit.before-keysift is there already, and so is another hook',
      'Put both into .git/hooks/pre-commit, and take .git/hooks/pre-commit.before-keysift away.',
    ]);
    expect(readFileSync(hook(repository, 'pre-commit'), 'utf8')).toBe('another');
    writeFileSync(hook(repository, 'pre-commit'), hookScript('pre-commit', undefined));
    expect(await uninstall(repository.path)).toEqual([
      0,
      expect.stringContaining('.git/hooks/pre-commit: taken away, the hook that was there is back\n'),
    ]);
    expect(readFileSync(hook(repository, 'pre-commit'), 'utf8')).toBe('mine');
  });

  test('need one, with a working tree', async () => {
    const nowhere = ['hooks need a git repository, and this folder is in none', 'Change into one.'];
    expect([await install(temporaryFolder(), 'pre-commit'), await uninstall(temporaryFolder())]).toEqual([nowhere, nowhere]);
    const bare = TestRepository.create({ bare: true });
    expect(await install(bare.path, 'pre-commit')).toEqual([
      'a bare repository never runs these hooks',
      'Write into its hooks/pre-receive: exec keysift hook pre-receive --budget 4',
    ]);
  });

  test('lie where core.hooksPath says, as far as it is about this repository', async () => {
    const configured = TestRepository.create();
    configured.git('config', 'core.hooksPath', 'my/hooks');
    expect(place(configured)).toMatchObject({
      folder: join(configured.path, 'my/hooks'),
      manager: 'git',
      configured: { path: 'my/hooks', scope: 'local' },
    });
    expect(await install(configured.path, 'pre-commit')).toEqual([0, 'my/hooks/pre-commit: installed\n']);
    expect(isOwnHook(join(configured.path, 'my/hooks/pre-commit'))).toBe(true);
    const elsewhere = temporaryFolder();
    configured.git('config', 'core.hooksPath', elsewhere);
    expect(place(configured).folder).toBe(elsewhere);
    configured.git('config', '--unset', 'core.hooksPath');
    expect(place(configured)).toEqual({ folder: join(configured.path, '.git/hooks'), manager: 'git', configured: undefined });
    const HOME = temporaryFolder();
    writeFileSync(join(HOME, '.gitconfig'), `[core]\n\thooksPath = ${elsewhere}\n`);
    expect(await run(configured.path, (io) => installHooks(['pre-push'], io), HOME)).toEqual([
      `core.hooksPath is set for all repositories (global): ${elsewhere}`,
      `Add to ${elsewhere}/pre-push: keysift hook pre-push; or set it for this repository: git config core.hooksPath .git/hooks`,
    ]);
    expect(existsSync(join(elsewhere, 'pre-push'))).toBe(false);
  });
});

describe('a hook manager', () => {
  test.each(['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml', 'lefthook.json', 'lefthook.toml'])(
    '%s is left alone',
    async (file) => {
      const repository = TestRepository.create();
      repository.write(file, '');
      expect(await install(repository.path, 'pre-commit', 'pre-push')).toEqual([
        0,
        `lefthook looks after the hooks of this repository. Add to its file:
pre-commit:
  commands:
    keysift:
      run: keysift --staged --no-progress
pre-push:
  commands:
    keysift:
      run: keysift hook pre-push {1}
      use_stdin: true
`,
      ]);
    },
  );

  test('husky has hooks of its own', async () => {
    const repository = TestRepository.create();
    const manager = (path: string): string => {
      repository.git('config', 'core.hooksPath', path);
      return place(repository).manager;
    };
    expect([manager('.husky/_'), manager('app/.husky/_/'), manager('.husky'), manager('.husky/_/x')]).toEqual(['husky', 'husky', 'git', 'git']);
    repository.write('.husky/pre-commit', '');
    expect([manager('.husky'), manager('hooks')]).toEqual(['husky', 'git']);
    manager('.husky/_');
    expect(await install(repository.path, 'pre-commit', 'pre-push')).toEqual([
      0,
      `husky looks after the hooks of this repository. Add:
  to .husky/pre-commit:  keysift --staged --no-progress
  to .husky/pre-push:  keysift hook pre-push "$1"
`,
    ]);
  });
});

test('a hook manager takes its lines away by hand', async () => {
  const repository = TestRepository.create();
  repository.write('lefthook.yml', '');
  expect(await uninstall(repository.path)).toEqual([0, 'hooks are in the hands of lefthook: take the line with keysift out of its file\n']);
});

test('only a file holds something', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a'), 'words');
  expect([fileHolds(join(folder, 'a'), 'word'), fileHolds(join(folder, 'a'), 'x'), fileHolds(folder, ''), fileHolds(join(folder, 'b'), '')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(isOwnHook(join(folder, 'a'))).toBe(false);
});
