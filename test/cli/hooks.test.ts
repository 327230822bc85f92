import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BINARY, keysift, runBinary } from '../support/cli.ts';
import { temporaryFolder, writeInto } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

function work(): TestRepository {
  const repository = TestRepository.create();
  repository.write('old.txt', line('old')).commit('first');
  return repository;
}

function commit(repository: TestRepository): { status: number | null; said: string } {
  repository.git('add', '--all');
  const { status, stdout, stderr } = repository.tryGit(['commit', '--quiet', '--message', 'x']);
  return { status, said: stdout.toString('utf8') + stderr };
}

const install = (repository: TestRepository, ...names: string[]): string => {
  const { code, stdout, stderr } = runBinary(['hook', 'install', ...names], { cwd: repository.path });
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
};

function script(repository: TestRepository, path: string, text: string): void {
  writeInto(repository.path, path, `#!/bin/sh\n${text}\n`);
  chmodSync(join(repository.path, path), 0o755);
}

describe('keysift hook install, through real commits', () => {
  test('a staged secret stops the commit, an accepted one does not', () => {
    const repository = work();
    expect(install(repository)).toBe('.git/hooks/pre-commit: installed\n.git/hooks/pre-push: installed\n');
    repository.write('a.txt', line('hook'));
    const dirty = commit(repository);
    expect([dirty.status, dirty.said.includes('a.txt:1:8'), dirty.said.includes(stripeKey('hook').slice(10, 30))]).toEqual([1, true, false]);
    repository.write('a.txt', `${line('hook').trim()} # keysift:allow stripe-secret-key-live -- sample\n`);
    expect(commit(repository).status).toBe(0);
    expect(install(repository, 'pre-commit')).toBe('.git/hooks/pre-commit: renewed\n');
  });

  test('a hook that is there runs first, decides, and comes back', () => {
    const repository = work();
    script(repository, '.git/hooks/pre-commit', 'echo earlier "$@" >> ran.log; [ ! -e stop ]');
    expect(install(repository, 'pre-commit')).toBe('.git/hooks/pre-commit: installed, after the hook that was there (pre-commit.before-keysift)\n');
    install(repository, 'pre-commit');
    repository.write('a.txt', 'a\n');
    expect(commit(repository).status).toBe(0);
    expect(readFileSync(join(repository.path, 'ran.log'), 'utf8')).toBe('earlier\n');
    repository.write('stop', '').write('b.txt', 'b\n');
    expect(commit(repository).status).toBe(1);
    repository.remove('stop').write('b.txt', line('b'));
    expect(commit(repository).status).toBe(1);
    const { stdout } = runBinary(['hook', 'uninstall'], { cwd: repository.path });
    expect(stdout).toBe('.git/hooks/pre-commit: taken away, the hook that was there is back\n.git/hooks/pre-push: not ours, left alone\n');
    expect([commit(repository).status, existsSync(join(repository.path, '.git/hooks/pre-commit.before-keysift'))]).toEqual([0, false]);
  });

  test('core.hooksPath of the repository is honoured, one of the machine is told', () => {
    const repository = work();
    repository.git('config', 'core.hooksPath', 'my hooks');
    expect(install(repository, 'pre-commit')).toBe('my hooks/pre-commit: installed\n');
    repository.write('a.txt', line('path'));
    expect(commit(repository).status).toBe(1);
    const other = work();
    const home = temporaryFolder();
    writeFileSync(join(home, '.gitconfig'), '[core]\n\thooksPath = /somewhere/else\n');
    const { code, stderr } = runBinary(['hook', 'install'], { cwd: other.path, env: { HOME: home } });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(
        'core.hooksPath is set for all repositories (global): /somewhere/else\nAdd to /somewhere/else/pre-commit: keysift --staged',
      ),
    ]);
  });

  test('in a subfolder, in a linked worktree, and in a path with a quote', () => {
    const repository = TestRepository.create({ folder: join(temporaryFolder(), "it's here") });
    repository.write('sub/a.txt', 'a\n').commit('first');
    expect(runBinary(['hook', 'install'], { cwd: join(repository.path, 'sub') }).code).toBe(0);
    const linked = TestRepository.at(join(temporaryFolder(), 'linked'));
    repository.git('worktree', 'add', '--quiet', '-b', 'linked', linked.path);
    linked.write('a.txt', line('linked'));
    expect(commit(linked).status).toBe(1);
    expect(runBinary(['hook', 'uninstall'], { cwd: linked.path }).stdout).toContain('taken away');
    expect(commit(linked).status).toBe(0);
  });

  test('hook managers are left alone, and told what to add', () => {
    const husky = work();
    husky.write('.husky/_/h', '').git('config', 'core.hooksPath', '.husky/_');
    expect(install(husky)).toBe(
      'husky looks after the hooks of this repository. Add:\n  to .husky/pre-commit:  keysift --staged --no-progress\n  to .husky/pre-push:  keysift hook pre-push "$1"\n',
    );
    const lefthook = work();
    lefthook.write('lefthook.yml', '');
    expect(install(lefthook, 'pre-commit')).toBe(
      'lefthook looks after the hooks of this repository. Add to its file:\npre-commit:\n  commands:\n    keysift:\n      run: keysift --staged --no-progress\n',
    );
    expect(existsSync(join(lefthook.path, '.git/hooks/pre-commit'))).toBe(false);
  });

  test('without a keysift to run, nothing passes', async () => {
    const repository = work();
    // In this process there is no program of its own, so only PATH is left.
    expect((await keysift(['hook', 'install', 'pre-commit'], { cwd: repository.path })).code).toBe(0);
    repository.write('a.txt', 'a\n');
    const { status, said } = commit(repository);
    expect([status, said]).toEqual([1, 'keysift is not installed, so nothing was checked: install it, or run git with --no-verify\n']);
  });
});

describe('pre-push, through real pushes', () => {
  function pushing(): { repository: TestRepository; push: (...argv: string[]) => { status: number | null; said: string } } {
    const remote = TestRepository.create({ bare: true });
    const repository = work();
    repository.git('remote', 'add', 'origin', `file://${remote.path}`);
    repository.git('push', '--quiet', 'origin', 'main');
    install(repository, 'pre-push');
    const push = (...argv: string[]): { status: number | null; said: string } => {
      const { status, stdout, stderr } = repository.tryGit(['push', '--quiet', 'origin', ...argv]);
      return { status, said: stdout.toString('utf8') + stderr };
    };
    return { repository, push };
  }

  test('what the remote lacks is looked at: a new commit, a new branch, one that hides it again, a tag', () => {
    const { repository, push } = pushing();
    repository.write('b.txt', 'b\n').commit('clean');
    expect(push('main')).toEqual({ status: 0, said: expect.stringContaining('No findings') as string });
    repository.branch('topic').write('leak.txt', line('leak')).commit('leak');
    repository.remove('leak.txt').commit('hide');
    const dirty = push('topic');
    expect([dirty.status, dirty.said.includes('leak.txt:1:8')]).toEqual([1, true]);
    repository.tag('v1', 'x');
    expect(push('v1').status).toBe(1);
    expect(push('main').status).toBe(0);
    repository.git('push', '--quiet', '--no-verify', 'origin', 'topic:taken');
    expect(push('topic').status).toBe(0);
    expect(push('--delete', 'taken').status).toBe(0);
  });

  test('from a shallow clone, when only new commits matter', () => {
    const { repository, push } = pushing();
    repository.write('b.txt', 'b\n').commit('second');
    push('main');
    const shallow = TestRepository.at(join(temporaryFolder(), 'shallow'));
    repository.git('clone', '--quiet', '--depth', '1', repository.git('remote', 'get-url', 'origin'), shallow.path);
    install(shallow, 'pre-push');
    shallow.write('c.txt', 'c\n').commit('third');
    expect(shallow.tryGit(['push', '--quiet', 'origin', 'main']).status).toBe(0);
    shallow.write('d.txt', line('d')).commit('fourth');
    expect(shallow.tryGit(['push', '--quiet', 'origin', 'main']).status).toBe(1);
  });

  test('a hook that is there gets the same refs', () => {
    const { repository, push } = pushing();
    runBinary(['hook', 'uninstall'], { cwd: repository.path });
    script(repository, '.git/hooks/pre-push', 'cat >> "$(dirname "$0")/seen"; echo "$1" >> "$(dirname "$0")/seen"');
    install(repository, 'pre-push');
    repository.write('b.txt', 'b\n').commit('clean');
    expect(push('main').status).toBe(0);
    expect(readFileSync(join(repository.path, '.git/hooks/seen'), 'utf8')).toMatch(/^refs\/heads\/main \w+ refs\/heads\/main \w+\norigin\n$/);
  });
});

describe('pre-receive, on a server', () => {
  function server(...flags: string[]): {
    remote: TestRepository;
    repository: TestRepository;
    push: (...argv: string[]) => { status: number | null; said: string };
  } {
    const remote = TestRepository.create({ bare: true });
    const repository = TestRepository.create();
    repository.git('remote', 'add', 'origin', `file://${remote.path}`);
    repository.write('keysift.config.yaml', 'exclude: [/fixtures/]\n').write('old.txt', line('old')).commit('first');
    repository.git('push', '--quiet', 'origin', 'main');
    remote.git('config', 'receive.advertisePushOptions', 'true');
    script(remote, 'hooks/pre-receive', `exec '${process.execPath}' '${BINARY}' hook pre-receive --no-color ${flags.join(' ')}`);
    const push = (...argv: string[]): { status: number | null; said: string } => {
      const { status, stderr } = repository.tryGit(['push', '--quiet', ...argv]);
      return { status, said: stderr };
    };
    return { remote, repository, push };
  }

  test('a push with a secret is refused, also one that brings its own policy or an ignore comment', () => {
    const { remote, repository, push } = server();
    repository.write('a.txt', 'a\n').commit('clean');
    expect(push('origin', 'main').status).toBe(0);
    repository
      .write('keysift.config.yaml', 'exclude: [leak.txt]\n')
      .write('leak.txt', `${line('leak').trim()} # keysift:allow -- x\n`)
      .commit('leak');
    const dirty = push('origin', 'main', 'main:other');
    expect([dirty.status, dirty.said.includes('leak.txt:1:8'), dirty.said.includes('keysift.config.yaml differs from the one at HEAD')]).toEqual([
      1,
      true,
      true,
    ]);
    expect(remote.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    repository.write('fixtures/x.txt', line('fixture')).commit('fixture');
    expect(push('origin', 'main').status).toBe(0);
    expect(push('origin', 'main:other').status).toBe(0);
    expect(push('origin', '--delete', 'other')).toEqual({ status: 0, said: '' });
  });

  test('the first push of all is judged without a policy', () => {
    const { remote, repository, push } = server();
    const empty = TestRepository.create({ bare: true });
    script(empty, 'hooks/pre-receive', readFileSync(join(remote.path, 'hooks/pre-receive'), 'utf8').replace('#!/bin/sh\n', ''));
    repository.git('remote', 'set-url', 'origin', `file://${empty.path}`);
    repository.write('keysift.config.yaml', 'exclude: ["old.txt"]\n').commit('policy');
    const { status, said } = push('origin', 'main');
    expect([status, said.includes('old.txt:1:8')]).toEqual([1, true]);
  });

  test('what takes too long is refused, and says so', () => {
    const { repository, push } = server('--budget', '0.001');
    for (let index = 0; index < 200; index++) repository.write(`f${index}.txt`, `${index}\n`.repeat(1000));
    repository.commit('many');
    const { status, said } = push('origin', 'main');
    expect([status, said.includes('0.001 s were not enough to look at it'), said.includes('the time budget is used up')]).toEqual([1, true, true]);
  });

  test('a push option lets it through only where the server allows it', () => {
    for (const [flags, expected] of [
      [[], 1],
      [['--allow-skip'], 0],
    ] as const) {
      const { repository, push } = server(...flags);
      repository.write('leak.txt', line('leak')).commit('leak');
      const { status, said } = push('--push-option=keysift.skip=incident 12', 'origin', 'main');
      expect(status).toBe(expected);
      if (expected === 0) expect(said).toContain('not checked, as the push asked: incident 12');
      expect(push('--push-option=keysift.skip=', 'origin', 'main:again').status).toBe(expected === 0 ? 0 : 1);
    }
  });
});

describe('keysift hook pre-commit, as the pre-commit framework calls it', () => {
  const run = (repository: TestRepository, env: Record<string, string>): { code: number | null; stdout: string } =>
    runBinary(['hook', 'pre-commit', '--no-color'], { cwd: repository.path, env: { PRE_COMMIT: '1', ...env } });

  test('staged; with --all-files; with --from-ref and --to-ref', () => {
    const repository = work();
    expect(run(repository, {})).toMatchObject({ code: 1, stdout: expect.stringContaining('old.txt:1:8') as string });
    repository.write('new.txt', 'n\n').git('add', '--all');
    expect(run(repository, {})).toMatchObject({ code: 0, stdout: expect.stringContaining('1 blob') as string });
    repository.commit('clean');
    repository.write('leak.txt', line('leak')).commit('leak');
    expect(run(repository, { PRE_COMMIT_FROM_REF: 'HEAD~2', PRE_COMMIT_TO_REF: 'HEAD~1' }).code).toBe(0);
    expect(run(repository, { PRE_COMMIT_FROM_REF: 'HEAD~1', PRE_COMMIT_TO_REF: 'HEAD' })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('leak.txt') as string,
    });
    expect(spawnSync(process.execPath, [BINARY, 'hook', 'pre-commit'], { cwd: repository.path, env: repository.environment() }).status).toBe(0);
  });
});

/** Whether there is a pre-commit that knows the names of stages that the hooks use, which came with 3.2. */
const FRAMEWORK = ((): boolean => {
  const { stdout } = spawnSync('pre-commit', ['--version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (/\d+\.\d+/.exec(stdout ?? '')?.[0] ?? '').split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 2);
})();

// Runs where such a pre-commit is installed. The hooks of .pre-commit-hooks.yaml, with this program in place of an installed one.
test.skipIf(!FRAMEWORK)('the pre-commit framework itself: commit, --all-files, --from-ref, push', () => {
  const repository = TestRepository.create();
  const hooks = readFileSync(new URL('../../.pre-commit-hooks.yaml', import.meta.url), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll('entry: keysift', `entry: '${process.execPath}' '${BINARY}'`.replaceAll("'", ''))
    .replaceAll('language: node', 'language: system')
    .replaceAll(/^ {2}minimum_pre_commit_version.*\n/gm, '')
    .replace(/^/gm, '      ');
  repository.write('.pre-commit-config.yaml', `repos:\n  - repo: local\n    hooks:\n${hooks.trimEnd()}\n`).commit('first');
  const remote = TestRepository.create({ bare: true });
  repository.git('remote', 'add', 'origin', `file://${remote.path}`);
  repository.git('push', '--quiet', 'origin', 'main');
  const framework = (...argv: string[]): { status: number | null; stdout: string } =>
    spawnSync('pre-commit', argv, {
      cwd: repository.path,
      env: { ...repository.environment(), PRE_COMMIT_HOME: temporaryFolder() },
      encoding: 'utf8',
    });
  expect(framework('install', '--hook-type', 'pre-commit', '--hook-type', 'pre-push').status).toBe(0);
  repository.write('a.txt', line('framework'));
  const dirty = commit(repository);
  expect([dirty.status, dirty.said.includes('a.txt:1:8')]).toEqual([1, true]);
  repository.commit('past the hook');
  expect(framework('run', 'keysift', '--all-files')).toMatchObject({ status: 1, stdout: expect.stringContaining('a.txt:1:8') as string });
  expect(framework('run', 'keysift', '--from-ref', 'HEAD~1', '--to-ref', 'HEAD')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('a.txt:1:8') as string,
  });
  expect(repository.tryGit(['push', '--quiet', 'origin', 'main']).status).toBe(1);
  repository.remove('a.txt').commit('gone');
  expect(framework('run', 'keysift', '--all-files').status).toBe(0);
  expect(framework('run', 'keysift', '--from-ref', 'HEAD~1', '--to-ref', 'HEAD').status).toBe(0);
});

test('refs that are none', async () => {
  const repository = work();
  const at = (argv: string[], stdin: string) => keysift(argv, { cwd: repository.path, stdin });
  expect(await at(['hook', 'pre-push', 'origin'], '')).toMatchObject({ code: 0, stdout: '' });
  expect(await at(['hook', 'pre-push', 'origin'], 'nonsense\n')).toMatchObject({ code: 2 });
  expect(await at(['hook', 'pre-receive'], `a b --all\n`)).toMatchObject({ code: 2 });
});
