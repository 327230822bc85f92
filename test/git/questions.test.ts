import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAFE_CONFIG } from '../../src/git/command.ts';
import {
  configuredHooksPath,
  hasHead,
  hasObject,
  isPartialClone,
  listCommits,
  reachesBoundary,
  refTargets,
  resolveCommit,
} from '../../src/git/questions.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { refused } from '../support/world.ts';

function opened(made: TestRepository): Repository {
  const repository = openRepository(made.path, made.environment());
  if (repository === undefined) throw new Error('no repository');
  return repository;
}

function withGit(repository: Repository, program: string): Repository {
  return { ...repository, git: { ...repository.git, program, unanswered: new Map() } };
}

/** A git that is a script of some lines. */
function script(lines: string): string {
  const path = join(temporaryFolder(), 'git');
  writeFileSync(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return path;
}

const made = TestRepository.create();
const first = made.write('a.txt', 'a\n').commit('first');
const second = made.write('a.txt', 'b\n').commit('second');
const third = made.write('a.txt', 'c\n').commit('third');
const tag = made.tag('v1', 'one', second);
const repository = opened(made);

describe('a revision', () => {
  test.each([
    ['HEAD', third],
    ['main', third],
    ['HEAD~1', second],
    ['v1', second],
    [first, first],
    [first.slice(0, 12), first],
  ])('%s', async (revision, commit) => {
    expect(await resolveCommit(repository, revision)).toBe(commit);
  });

  test.each(['', 'nothing', 'HEAD:a.txt', 'HEAD^{tree}', '--all', '-h', 'HEAD\0', 'HEAD..main', '^HEAD', 'HEAD\n'.repeat(2)])(
    'none is %j',
    async (revision) => {
      expect(await refused(resolveCommit(repository, revision))).toEqual([
        `"${revision}" is not a commit of this repository`,
        'Fetch it first (in CI: fetch-depth: 0), or check its spelling.',
      ]);
    },
  );

  test('a long one is told by its beginning', async () => {
    const [message] = await refused(resolveCommit(repository, 'x'.repeat(200)));
    expect(message).toBe(`"${'x'.repeat(100)}" is not a commit of this repository`);
  });

  test('one of SHA-256', async () => {
    const long = TestRepository.create({ objectFormat: 'sha256' });
    const commit = long.write('a.txt', 'a\n').commit('first');
    expect(await resolveCommit(opened(long), 'main')).toBe(commit);
  });

  test('what git says beside it does not matter, but how it ends does', async () => {
    expect(await resolveCommit(withGit(repository, script(`echo warning >&2; echo ${first}`)), 'main')).toBe(first);
    expect(await resolveCommit(withGit(repository, script(`echo more; echo ${first}`)), 'main')).toBe(first);
    for (const lines of [`echo ${first}; exit 1`, `echo x${first}`, `echo ${first}x`, 'exit 0'])
      expect(await refused(resolveCommit(withGit(repository, script(lines)), 'main'))).toHaveLength(2);
  });

  test('git is asked with the safe settings and the environment of all calls', async () => {
    const asked = join(temporaryFolder(), 'asked');
    await resolveCommit(withGit(repository, script(`{ echo "$*"; /usr/bin/env; } > '${asked}'; echo ${first}`)), 'main');
    const said = readFileSync(asked, 'utf8');
    for (const setting of SAFE_CONFIG) expect(said).toContain(setting);
    for (const [name, value] of Object.entries(repository.git.env)) expect(said).toContain(`${name}=${value}`);
  });

  test('a name may end like an option begins', async () => {
    made.git('branch', '--force', 'topic-', first);
    expect(await resolveCommit(repository, 'topic-')).toBe(first);
    made.git('branch', '--delete', '--force', 'topic-');
  });
});

describe('a clone', () => {
  test.each([
    ['remote.origin.promisor', 'true', true],
    ['remote.origin.partialclonefilter', 'blob:none', true],
    ['extensions.partialclone', 'origin', true],
    ['remote.origin.url', 'x', false],
    ['my.remote.origin.promisor.not', 'true', false],
  ])('with %s is partial: %s', (key, value, isPartial) => {
    const clone = TestRepository.create();
    clone.git('config', key, value);
    expect(isPartialClone(opened(clone))).toBe(isPartial);
  });

  test('that is shallow ends at its cut', () => {
    const folder = join(TestRepository.create().path, 'clone');
    made.git('clone', '--quiet', '--depth=2', `file://${made.path}`, folder);
    const clone = opened(TestRepository.at(folder));
    expect([reachesBoundary(clone, [third], []), reachesBoundary(clone, [third], [second])]).toEqual([true, false]);
    expect(reachesBoundary(repository, [third], [])).toBe(false);
    const failing = withGit(clone, '/bin/false');
    expect(reachesBoundary(failing, [third], [])).toBe(false);
    expect([...failing.git.unanswered.keys()]).toEqual(['whether the range reaches the cut']);
  });
});

test('commits between some and others, newest first; a failure is noted by its question', () => {
  expect(listCommits(repository, 'what', [third], [first])).toEqual([third, second]);
  expect(listCommits(repository, 'what', [third], [second], ['--boundary'])).toEqual([third, `-${second}`]);
  expect(repository.git.unanswered).toEqual(new Map());
  const again = withGit(repository, repository.git.program);
  expect(listCommits(again, 'what', ['12'.repeat(20)], [])).toEqual([]);
  expect([...again.git.unanswered.keys()]).toEqual(['what']);
});

test('the folder of hooks is what people set last, in whatever file, and not what our calls set', () => {
  const hooked = TestRepository.create();
  expect(configuredHooksPath(opened(hooked))).toBeUndefined();
  hooked.git('config', 'core.hooksPath', '/hooks/one');
  expect(configuredHooksPath(opened(hooked))).toEqual({ scope: 'local', path: '/hooks/one' });
  hooked.git('config', '--add', 'core.hooksPath', '/hooks/two');
  expect(configuredHooksPath(opened(hooked))).toEqual({ scope: 'local', path: '/hooks/two' });
});

test('what refs point to, each once', () => {
  made.git('branch', '--force', 'same', 'main');
  expect(refTargets(repository).toSorted()).toEqual([tag, third].toSorted());
  expect([refTargets(repository, ['refs/tags']), refTargets(repository, ['refs/none'])]).toEqual([[tag], []]);
  for (const program of ['/bin/false', script(`echo ${first}; exit 1`)]) expect(refTargets(withGit(repository, program))).toEqual([]);
});

test('commits and tags that are there, and no other objects', () => {
  const blob = made.blob('a.txt');
  expect([first, tag, blob, made.git('rev-parse', 'HEAD^{tree}'), '12'.repeat(20)].map((id) => hasObject(repository, id))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  for (const lines of ['echo nocommit', 'echo commit; echo more']) expect(hasObject(withGit(repository, script(lines)), first)).toBe(false);
});

test('HEAD leads to a commit, or not yet', () => {
  expect([hasHead(repository), hasHead(opened(TestRepository.create()))]).toEqual([true, false]);
});
