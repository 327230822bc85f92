import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keysift, type Outcome } from '../support/cli.ts';
import { folderWith, temporaryFolder } from '../support/folder.ts';
import { TestRepository } from '../support/repository.ts';
import { stripeKey } from '../support/secrets.ts';

const line = (salt: string): string => `key = "${stripeKey(salt)}"\n`;

interface Scene {
  /** What a CI system has checked out: the topic branch, and the remote's branches. */
  readonly clone: TestRepository;
  readonly remote: TestRepository;
  /** The commits before the topic, its first and its last one. */
  readonly base: string;
  readonly first: string;
  readonly head: string;
}

/** A remote with an old leak on main, and a topic branch that brings another one with an ignore comment and takes it out again. */
function scene(): Scene {
  const remote = TestRepository.create();
  const base = remote.write('old.txt', line('old')).commit('base');
  remote.branch('topic');
  const first = remote.write('leak.txt', `${line('leak').trim()} # keysift:allow -- trust me\n`).commit('leak');
  const head = remote.remove('leak.txt').write('b.txt', 'b\n').commit('hide it');
  remote.checkout('main');
  const clone = TestRepository.at(join(temporaryFolder(), 'clone'));
  remote.git('clone', '--quiet', `file://${remote.path}`, clone.path);
  return { clone, remote, base, first, head };
}

const shared = scene();
const ZERO = '0'.repeat(40);
/** A commit that no clone has. */
const GONE = '12'.repeat(20);

function event(content: unknown): string {
  return join(folderWith({ 'event.json': typeof content === 'string' ? content : JSON.stringify(content) }), 'event.json');
}

function github(name: string, content: unknown): Record<string, string> {
  return { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: event(content) };
}

const { base, first, head } = shared;
const main = { repository: { default_branch: 'main' } };
const range = (from: string, to: string): string => `scanning ${from.slice(0, 10)}..${to.slice(0, 10)}`;
const gate = `${range(base, head)}, with the policy of ${base.slice(0, 10)}\n`;

/** Environments as documented, what `ci` says that it does, and the files it finds a secret in. */
const RUNS: readonly (readonly [what: string, env: Record<string, string>, said: string, found: readonly string[]])[] = [
  [
    'GitHub: pull request',
    github('pull_request', { pull_request: { base: { sha: base }, head: { sha: head } } }),
    `GitHub Actions, pull request: ${gate}`,
    ['leak.txt'],
  ],
  [
    'GitHub: pull request target',
    github('pull_request_target', { pull_request: { base: { sha: base }, head: { sha: head } } }),
    `pull request: ${gate}`,
    ['leak.txt'],
  ],
  ['GitHub: merge queue', github('merge_group', { merge_group: { base_sha: base, head_sha: head } }), `merge queue: ${gate}`, ['leak.txt']],
  ['GitHub: push', github('push', { ...main, before: first, after: head, ref: 'refs/heads/topic' }), `push: ${range(first, head)}\n`, []],
  ['GitHub: push of the leak', github('push', { ...main, before: base, after: head, ref: 'refs/heads/topic' }), `push: ${range(base, head)}\n`, []],
  [
    'GitHub: new branch',
    github('push', { ...main, before: ZERO, after: head, created: true, ref: 'refs/heads/topic' }),
    `new branch: ${range(base, head)}\n`,
    [],
  ],
  [
    'GitHub: first push of the default branch',
    github('push', { ...main, before: ZERO, after: base, ref: 'refs/heads/main' }),
    'new branch: scanning everything\n',
    ['old.txt'],
  ],
  [
    'GitHub: force push, old commit gone',
    github('push', { ...main, before: GONE, after: head, forced: true, ref: 'refs/heads/topic' }),
    `push: ${range(base, head)}\n`,
    [],
  ],
  [
    'GitHub: force push of the default branch',
    github('push', { ...main, before: GONE, after: head, forced: true, ref: 'refs/heads/main' }),
    'push: scanning everything\n',
    ['old.txt'],
  ],
  ['GitHub: tag', github('push', { ...main, before: ZERO, after: head, ref: 'refs/tags/v1' }), 'tag: scanning everything\n', ['old.txt']],
  ['GitHub: schedule', github('schedule', {}), 'schedule: scanning everything\n', ['old.txt']],
  [
    'GitLab: merge request',
    {
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
      CI_COMMIT_SHA: head,
      CI_COMMIT_BEFORE_SHA: ZERO,
    },
    `GitLab CI, merge request: ${gate}`,
    ['leak.txt'],
  ],
  [
    'GitLab: merge train',
    {
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
      CI_COMMIT_SHA: head,
    },
    `merge train: ${gate}`,
    ['leak.txt'],
  ],
  [
    'GitLab: push',
    {
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'push',
      CI_COMMIT_BEFORE_SHA: first,
      CI_COMMIT_SHA: head,
      CI_COMMIT_BRANCH: 'topic',
      CI_DEFAULT_BRANCH: 'main',
    },
    `push: ${range(first, head)}\n`,
    [],
  ],
  [
    'GitLab: new branch',
    {
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'push',
      CI_COMMIT_BEFORE_SHA: ZERO,
      CI_COMMIT_SHA: head,
      CI_COMMIT_BRANCH: 'topic',
      CI_DEFAULT_BRANCH: 'main',
    },
    `new branch: ${range(base, head)}\n`,
    [],
  ],
  [
    'GitLab: tag',
    { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_COMMIT_SHA: head, CI_COMMIT_TAG: 'v1' },
    'tag: scanning everything\n',
    ['old.txt'],
  ],
  ['GitLab: schedule', { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_SHA: head }, 'pipeline: scanning everything\n', ['old.txt']],
  [
    'Azure: pull request',
    { TF_BUILD: 'True', BUILD_REASON: 'PullRequest', SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main', SYSTEM_PULLREQUEST_SOURCECOMMITID: head },
    `Azure Pipelines, pull request: ${gate}`,
    ['leak.txt'],
  ],
  [
    'Azure: push',
    { TF_BUILD: 'True', BUILD_REASON: 'IndividualCI', BUILD_SOURCEBRANCH: 'refs/heads/topic', BUILD_SOURCEVERSION: head },
    'push: scanning everything\n',
    ['old.txt'],
  ],
  [
    'Bitbucket: pull request',
    { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_PR_ID: '7', BITBUCKET_PR_DESTINATION_BRANCH: 'main', BITBUCKET_COMMIT: head },
    `Bitbucket Pipelines, pull request: ${gate}`,
    ['leak.txt'],
  ],
  [
    'Azure: tag',
    { TF_BUILD: 'True', BUILD_REASON: 'IndividualCI', BUILD_SOURCEBRANCH: 'refs/tags/v1', BUILD_SOURCEVERSION: head },
    'tag: scanning everything\n',
    ['old.txt'],
  ],
  ['Bitbucket: push', { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_BRANCH: 'topic', BITBUCKET_COMMIT: head }, 'push: scanning everything\n', ['old.txt']],
  ['Bitbucket: tag', { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_TAG: 'v1', BITBUCKET_COMMIT: head }, 'tag: scanning everything\n', ['old.txt']],
  [
    'Jenkins: pull request',
    { JENKINS_URL: 'x', CHANGE_ID: '7', CHANGE_TARGET: 'main', GIT_COMMIT: head },
    `Jenkins, pull request: ${gate}`,
    ['leak.txt'],
  ],
  ['Jenkins: branch', { JENKINS_URL: 'x', GIT_COMMIT: head, GIT_PREVIOUS_SUCCESSFUL_COMMIT: first }, `push: ${range(first, head)}\n`, []],
  ['Jenkins: tag', { JENKINS_URL: 'x', TAG_NAME: 'v1', GIT_COMMIT: head }, 'tag: scanning everything\n', ['old.txt']],
  [
    'Jenkins: a branch whose last build is gone after a force push',
    { JENKINS_URL: 'x', GIT_COMMIT: head, GIT_PREVIOUS_SUCCESSFUL_COMMIT: GONE },
    'push: scanning everything\n',
    ['old.txt'],
  ],
  ['Jenkins: first build', { JENKINS_URL: 'x', GIT_COMMIT: head }, 'new branch: scanning everything\n', ['old.txt']],
  [
    'CircleCI: pull request',
    { CIRCLECI: 'true', CIRCLE_PULL_REQUEST: 'https://x/7', CIRCLE_SHA1: head, CIRCLE_BRANCH: 'topic' },
    `CircleCI, pull request: ${gate}`,
    ['leak.txt'],
  ],
  ['CircleCI: branch', { CIRCLECI: 'true', CIRCLE_SHA1: head, CIRCLE_BRANCH: 'topic' }, `push: ${range(base, head)}\n`, []],
  ['CircleCI: tag', { CIRCLECI: 'true', CIRCLE_SHA1: head, CIRCLE_TAG: 'v1' }, 'tag: scanning everything\n', ['old.txt']],
  ['CircleCI: default branch', { CIRCLECI: 'true', CIRCLE_SHA1: base, CIRCLE_BRANCH: 'main' }, 'push: scanning everything\n', ['old.txt']],
  [
    'Buildkite: pull request',
    { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: '7', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main', BUILDKITE_COMMIT: head },
    `Buildkite, pull request: ${gate}`,
    ['leak.txt'],
  ],
  [
    'Buildkite: branch',
    {
      BUILDKITE: 'true',
      BUILDKITE_PULL_REQUEST: 'false',
      BUILDKITE_BRANCH: 'topic',
      BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
      BUILDKITE_COMMIT: 'HEAD',
    },
    `push: ${range(base, head)}\n`,
    [],
  ],
  ['Buildkite: tag', { BUILDKITE: 'true', BUILDKITE_TAG: 'v1', BUILDKITE_COMMIT: head }, 'tag: scanning everything\n', ['old.txt']],
  ['none', { CI: 'true' }, 'no CI system that it knows, run: scanning everything\n', ['old.txt']],
];

async function ci(clone: TestRepository, env: Record<string, string>, ...argv: string[]): Promise<Outcome & { found: string[] }> {
  const outcome = await keysift(['ci', '--no-color', '-f', 'json', ...argv], { cwd: clone.path, env });
  const report = outcome.stdout === '' ? { findings: [] } : (JSON.parse(outcome.stdout) as { findings: { locations: { file: string }[] }[] });
  return { ...outcome, found: report.findings.map(({ locations }) => locations[0]?.file ?? '') };
}

describe('keysift ci', () => {
  // The comment beside the leak counts where the branch is trusted; of a pull request it does not.
  shared.clone.git('checkout', '--quiet', 'topic');

  test.each(RUNS)('%s', async (_what, env, said, found) => {
    const outcome = await ci(shared.clone, env);
    expect(outcome.stderr).toContain(said);
    expect([outcome.code, outcome.found]).toEqual([found.length > 0 ? 1 : 0, found]);
  });

  test('a deleted branch leaves nothing to scan, and says so', async () => {
    const outcome = await ci(shared.clone, github('push', { ...main, before: head, after: ZERO, deleted: true, ref: 'refs/heads/topic' }));
    expect([outcome.code, outcome.stderr]).toEqual([0, 'keysift ci: GitHub Actions, deleted branch: there is nothing to scan\n']);
  });

  test.each([
    ['github', github('pull_request', { pull_request: { base: { sha: base }, head: { sha: head } } }), 'with: { fetch-depth: 0 }'],
    ['gitlab', { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_COMMIT_SHA: head }, 'variables: { GIT_DEPTH: "0" }'],
    ['azure', { TF_BUILD: 'True' }, 'fetchDepth: 0'],
    ['bitbucket', { BITBUCKET_BUILD_NUMBER: '1' }, 'clone: { depth: full }'],
    ['jenkins', { JENKINS_URL: 'x' }, 'cloneOption(shallow: false'],
    ['circleci', { CIRCLECI: 'true' }, 'checkout: { method: full }'],
    ['buildkite', { BUILDKITE: 'true' }, 'BUILDKITE_GIT_CLONE_FLAGS'],
    ['plain', {}, 'git fetch --unshallow origin'],
  ])('%s: a shallow clone is an error with the line to add', async (_system, env, advice) => {
    const clone = TestRepository.at(join(temporaryFolder(), 'shallow'));
    shared.remote.git('clone', '--quiet', '--depth', '1', '--branch', 'topic', `file://${shared.remote.path}`, clone.path);
    const outcome = await ci(clone, env);
    expect([outcome.code, outcome.stdout, outcome.stderr.includes('the clone is shallow')]).toEqual([2, '', true]);
    expect(outcome.stderr).toContain(advice);
  });

  test.each<readonly [string, Record<string, string>, string]>([
    ['GitHub: merge queue', github('merge_group', { merge_group: { base_sha: GONE, head_sha: head } }), 'with: { fetch-depth: 0 }'],
    [
      'GitLab: merge request',
      { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_DIFF_BASE_SHA: GONE, CI_COMMIT_SHA: head },
      'variables: { GIT_DEPTH: "0" }',
    ],
    ['Azure', { TF_BUILD: 'True', BUILD_REASON: 'PullRequest', SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/gone' }, 'fetchDepth: 0'],
    ['Bitbucket', { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_PR_ID: '7', BITBUCKET_PR_DESTINATION_BRANCH: 'gone' }, 'clone: { depth: full }'],
    ['Jenkins', { JENKINS_URL: 'x', CHANGE_ID: '7', CHANGE_TARGET: 'gone', GIT_COMMIT: head }, 'cloneOption(shallow: false'],
    [
      'Buildkite',
      { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: '7', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'gone', BUILDKITE_COMMIT: head },
      'BUILDKITE_GIT_CLONE_FLAGS',
    ],
  ])('%s: a pull request whose base is not there is an error with the line to add', async (_what, env, advice) => {
    const outcome = await ci(shared.clone, env);
    expect([outcome.code, outcome.stdout, outcome.stderr.includes('so the change cannot be judged')]).toEqual([2, '', true]);
    expect(outcome.stderr).toContain(advice);
  });

  test('CircleCI: a remote without a default branch is an error for a pull request', async () => {
    const clone = TestRepository.at(join(temporaryFolder(), 'headless'));
    shared.remote.git('clone', '--quiet', '--branch', 'topic', `file://${shared.remote.path}`, clone.path);
    clone.git('remote', 'set-head', 'origin', '--delete');
    const outcome = await ci(clone, { CIRCLECI: 'true', CIRCLE_PULL_REQUEST: 'https://x/7', CIRCLE_SHA1: head, CIRCLE_BRANCH: 'topic' });
    expect([outcome.code, outcome.stdout, outcome.stderr.includes('checkout: { method: full }')]).toEqual([2, '', true]);
  });

  test('a base that the clone lacks is an error for a pull request, never an empty scan', async () => {
    const missing = await ci(shared.clone, github('pull_request', { pull_request: { base: { sha: GONE }, head: { sha: head } } }));
    expect([missing.code, missing.stdout]).toEqual([2, '']);
    expect(missing.stderr).toContain(
      `the clone does not have ${GONE}, so the change cannot be judged\nAdd to actions/checkout:  with: { fetch-depth: 0 }`,
    );
    const headless = await ci(shared.clone, github('pull_request', { pull_request: { base: { sha: base }, head: { sha: GONE } } }));
    expect(headless.code).toBe(2);
    const branchless = await ci(shared.clone, { TF_BUILD: 'True', BUILD_REASON: 'PullRequest', SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/gone' });
    expect([branchless.code, branchless.stderr.includes('does not have the branch gone')]).toEqual([2, true]);
  });

  test.each([
    ['no event file', { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push' }, 'does not say where its event file is'],
    ['a broken event file', github('push', '{ "before": "x'), 'the event file of GitHub Actions cannot be read'],
    ['an event file that is a list', github('push', []), 'the event file of GitHub Actions cannot be read'],
    [
      'a pull request without commits',
      github('pull_request', { pull_request: { base: { sha: '--output=x' } } }),
      'does not say which commits the pull request is about',
    ],
    [
      'a merge request without a base',
      { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event' },
      'does not say where the merge request begins',
    ],
    ['a pull request without a target', { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: '7' }, 'does not say the target branch'],
    [
      'a target with hostile characters',
      { TF_BUILD: 'True', BUILD_REASON: 'PullRequest', SYSTEM_PULLREQUEST_TARGETBRANCH: 'x"; $(touch pwned)\n::error::' },
      'does not have the branch x"; $(touch pwned)\\x0a??error',
    ],
  ])('%s: exit 2', async (_what, env, message) => {
    const outcome = await ci(shared.clone, env);
    expect([outcome.code, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr.replaceAll('\\x3a', '?').replaceAll('::', '??')).toContain(message);
  });

  test('--base, a policy that is given, and a format that is asked for', async () => {
    const given = await ci(shared.clone, { CI: 'true' }, '--base', first);
    expect([given.code, given.stderr.includes(range(first, head))]).toEqual([0, true]);
    const gone = await ci(shared.clone, { CI: 'true' }, '--base', 'gone');
    expect(gone.code).toBe(2);
    const pull = github('pull_request', { pull_request: { base: { sha: base }, head: { sha: head } } });
    const trusting = await ci(shared.clone, pull, '--policy-from', base, '--inline-ignores', 'all');
    expect([trusting.code, trusting.stderr.includes('with the policy of')]).toEqual([0, false]);
    const text = await keysift(['ci', '--no-color'], { cwd: shared.clone.path, env: pull });
    expect(text.stdout).toContain('1 finding (1 critical)');
  });

  test('the job summary keeps what other commands of the step wrote, and stays below 1 MiB', async () => {
    const summary = join(temporaryFolder(), 'summary.md');
    const env = { ...github('pull_request', { pull_request: { base: { sha: base }, head: { sha: head } } }), GITHUB_STEP_SUMMARY: summary };
    const added = async (before: string): Promise<string> => {
      writeFileSync(summary, before);
      const { code, stdout, stderr } = await keysift(['ci'], { cwd: shared.clone.path, env });
      expect([code, stdout]).toEqual([1, expect.stringContaining('::error ')]);
      const after = readFileSync(summary, 'utf8');
      expect(after.startsWith(before)).toBe(true);
      expect(Buffer.byteLength(after)).toBeLessThanOrEqual(1_048_576);
      return after.slice(before.length) + (stderr.includes('the job summary is full') ? 'FULL' : '');
    };
    expect(await added('')).toMatch(/^\n\n## keysift: 1 finding [^]*### What to do/);
    expect(await added('<div>')).toMatch(/^\n\n## keysift: 1 finding [^]*### What to do/);
    expect(await added('x'.repeat(1_010_000))).toMatch(/^\n\n## keysift: 1 finding [^\n]*\n\nThere is no room for more: [^\n]*\n$/);
    expect(await added('x'.repeat(1_048_000))).toBe('FULL');
    expect(await added('x'.repeat(1_048_576))).toBe('FULL');
  });

  test('a pull request that brings its own policy', async () => {
    const { remote, clone, base: from } = scene();
    remote.checkout('topic').write('keysift.config.yaml', 'exclude: [leak.txt]\n').write('leak.txt', line('leak'));
    const to = remote.commit('policy');
    clone.git('fetch', '--quiet', 'origin');
    const outcome = await ci(clone, github('pull_request', { pull_request: { base: { sha: from }, head: { sha: to } } }));
    expect([outcome.code, outcome.found]).toEqual([1, ['leak.txt']]);
    expect(outcome.stdout).toContain('keysift.config.yaml differs from the one at');
  });

  test('a pull request without commits is scanned whole, under the policy of its base', async () => {
    const outcome = await ci(shared.clone, github('pull_request', { pull_request: { base: { sha: head }, head: { sha: head } } }));
    expect([outcome.code, outcome.found]).toEqual([1, ['old.txt', 'leak.txt']]);
    expect(outcome.stderr).toContain(`scanning everything, with the policy of ${head.slice(0, 10)}`);
  });

  test('outside a repository', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.txt'), line('x'));
    expect(await keysift(['ci'], { cwd: folder, env: {} })).toMatchObject({ code: 2, stdout: '' });
  });
});
