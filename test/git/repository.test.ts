/** Which repository a folder belongs to. */
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mayBeIgnored, openRepository, type Repository } from '../../src/git/repository.ts';
import { UserError } from '../../src/model/errors.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { home, TestRepository } from '../support/repository.ts';

const env = { PATH: process.env['PATH'], HOME: home() };

/** What is told of a folder, but how git is called. */
function told(folder: string, more: NodeJS.ProcessEnv = {}, options?: { hook?: boolean }): Omit<Repository, 'git'> | undefined {
  const { git, ...facts } = openRepository(folder, { ...env, ...more }, options) ?? {};
  return git === undefined ? undefined : (facts as Omit<Repository, 'git'>);
}

/** A git that says something else on stderr, and ends with an error or not. */
function saying(says: string): NodeJS.ProcessEnv {
  const folder = folderWith({ git: `#!/bin/sh\n${says}\n` });
  chmodSync(join(folder, 'git'), 0o755);
  return { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
}

function refused(folder: string, says: string): readonly unknown[] {
  try {
    return [told(folder, saying(says))];
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.hint];
    throw error;
  }
}

const plain = TestRepository.create();

describe('a folder', () => {
  const facts = { gitDir: join(plain.path, '.git'), commonDir: join(plain.path, '.git'), root: plain.path, shallow: false, idLength: 40 };

  test('of a working tree belongs to its repository, and git is called at its root', () => {
    const below = join(plain.path, 'a/b');
    mkdirSync(below, { recursive: true });
    expect([told(plain.path), told(below)]).toEqual([facts, facts]);
    expect(openRepository(below, env)?.git.cwd).toBe(plain.path);
  });

  test('outside belongs to none, and no process is asked', () => {
    expect(told(temporaryFolder(), saying('exit 1'))).toBeUndefined();
  });

  test('of a linked working tree has a git directory of its own', () => {
    const main = TestRepository.create();
    main.write('a', 'a').commit('first');
    const linked = join(temporaryFolder(), 'linked');
    main.git('worktree', 'add', '--quiet', linked);
    expect(told(linked)).toMatchObject({
      gitDir: join(main.path, '.git/worktrees/linked'),
      commonDir: join(main.path, '.git'),
      root: realpathSync(linked),
    });
  });

  test('that is a bare repository stands on its own', () => {
    const bare = TestRepository.create({ bare: true });
    expect(told(bare.path)).toEqual({ gitDir: bare.path, commonDir: bare.path, root: undefined, shallow: false, idLength: 40 });
    expect(openRepository(bare.path, env)?.git.cwd).toBe(bare.path);
  });

  test('that looks like a bare repository within a working tree is content of that tree', () => {
    const outer = TestRepository.create();
    outer.git('init', '--quiet', '--bare', 'inner');
    expect(told(join(outer.path, 'inner'))).toMatchObject({ root: outer.path });
    expect(told(join(outer.path, 'inner/refs'))).toMatchObject({ root: outer.path });
  });

  test.each(['HEAD', 'objects', 'refs'])('without its %s is no bare repository', (name) => {
    const parts = ['HEAD', 'objects', 'refs'].filter((part) => part !== name);
    const folder = folderWith(Object.fromEntries(parts.map((part) => (part === 'HEAD' ? [part, 'x'] : [`${part}/x`, '']))));
    expect(told(folder)).toBeUndefined();
    writeFileSync(join(folder, name), '');
    if (name !== 'HEAD') expect(told(folder)).toBeUndefined();
  });

  test('a clone may be shallow, and ids may be long', () => {
    plain.write('c', 'a').commit('one');
    plain.write('c', 'b').commit('two');
    const clone = TestRepository.at(join(temporaryFolder(), 'clone'));
    plain.git('clone', '--quiet', '--depth', '1', `file://${plain.path}`, clone.path);
    expect(told(clone.path)).toMatchObject({ shallow: true, idLength: 40 });
    const long = join(temporaryFolder(), 'long');
    plain.git('init', '--quiet', '--object-format=sha256', long);
    expect(told(long)).toMatchObject({ shallow: false, idLength: 64 });
  });

  test('in a hook is the one that git names', () => {
    const named = { GIT_DIR: join(plain.path, '.git'), GIT_WORK_TREE: plain.path };
    expect(told(temporaryFolder(), named, { hook: true })).toMatchObject({ gitDir: join(plain.path, '.git') });
    expect(told(temporaryFolder(), named)).toBeUndefined();
  });
});

describe('a repository that git refuses is an error, never nothing', () => {
  const hint = 'Mend the repository, or name a folder outside it. Nothing was scanned.';

  test.each([
    ['echo "fatal: broken" >&2; exit 128', 'fatal: broken'],
    ['printf "/g\\n/g\\nfalse\\nfalse\\nsha1\\n/r\\n"; echo "fatal: late" >&2; exit 1', 'fatal: late'],
    ['printf "\\n/g\\nfalse\\nfalse\\nsha1\\n/r\\n"; echo "fatal: empty" >&2', 'fatal: empty'],
    ['printf "/g\\n/g\\nfalse\\nfalse\\nsha1\\n\\n"; echo "fatal: no root" >&2', 'fatal: no root'],
    ['printf "/g\\n/g\\nfalse\\nfalse"; echo "fatal: cut" >&2', 'fatal: cut'],
  ])('%s', (says, words) => {
    expect(refused(plain.path, says)).toEqual([
      expect.stringMatching(new RegExp(`^git cannot open the repository at .*: (?:fatal: )?${words.slice(7)}$`)),
      hint,
    ]);
  });

  test('one of somebody else is told how to trust', () => {
    expect(refused(plain.path, 'echo "fatal: detected dubious ownership in repository" >&2; exit 128')).toEqual([
      `git refuses ${plain.path}: it belongs to another user`,
      `If you trust it: git config --global --add safe.directory '${plain.path}'. Nothing was scanned.`,
    ]);
  });
});

test('what git may leave out', () => {
  const repository = TestRepository.create();
  repository.write('.gitignore', '*.log\n');
  const opened = openRepository(repository.path, env)!;
  expect(['a.log', 'a.txt', '', 'x/a.log'].map((path) => mayBeIgnored(opened, path))).toEqual([true, false, false, true]);
  expect(mayBeIgnored(opened, '../outside')).toBe(true);
});
