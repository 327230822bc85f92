/** What each CI system says of its runs, as documented: commits from its environment alone, never guessed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CI_CHOICES, CI_SETUPS, ciAdvice, type CiChoice } from '../../src/cli/ci-setup.ts';
import { VERSION } from '../../src/report/version.ts';
import { ciRun, FETCH_LINES, SYSTEM_NAMES, unfilteredLine, type CiRun } from '../../src/cli/ci-environment.ts';
import { UserError } from '../../src/model/errors.ts';
import { temporaryFolder } from '../support/folder.ts';

type Env = Readonly<Record<string, string>>;

const [A, B] = ['1a'.repeat(20), '2b'.repeat(32)];
const ZERO = '0'.repeat(40);
const EVENT = join(temporaryFolder(), 'event.json');

function github(name: string, event: unknown, more: Env = {}): CiRun {
  writeFileSync(EVENT, typeof event === 'string' ? event : JSON.stringify(event));
  return ciRun({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: EVENT, ...more });
}

function refused(tell: () => unknown): string[] {
  try {
    tell();
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.hint ?? ''];
  }
  return [];
}

/** What is said where a system leaves something out. */
const untold = (what: string): string[] => [`${what}`, 'Give the range: keysift ci --base REV, or keysift --range A..B.'];
const tipOf = (branch: string) => ({ branch });
const at = (commit: string) => ({ commit });
const HEAD = at('HEAD');

describe('GitHub Actions', () => {
  const run = { system: 'github', untrusted: false } as const;
  const pull = { pull_request: { base: { sha: A }, head: { sha: B } } };
  const push = { before: A, after: B, ref: 'refs/heads/topic', repository: { default_branch: 'main' } };

  test('a pull request, from whichever event, is judged between its commits and not trusted', () => {
    for (const name of ['pull_request', 'pull_request_target']) {
      expect(github(name, pull)).toEqual({ ...run, event: 'pull request', untrusted: true, base: at(A), head: at(B) });
    }
    for (const event of [{}, { pull_request: {} }, { pull_request: { base: pull.pull_request.base } }, { pull_request: { head: { sha: B } } }]) {
      expect(refused(() => github('pull_request', event))).toEqual(untold('GitHub Actions does not say which commits the pull request is about'));
    }
  });

  test('so is a merge queue', () => {
    const queue = { merge_group: { base_sha: A, head_sha: B } };
    expect(github('merge_group', queue)).toEqual({ ...run, event: 'merge queue', untrusted: true, base: at(A), head: at(B) });
    for (const event of [{}, { merge_group: { base_sha: A } }, { merge_group: { head_sha: B } }]) {
      expect(refused(() => github('merge_group', event))).toEqual(untold('GitHub Actions does not say which commits the merge queue is about'));
    }
  });

  test('a push goes from what was there before; a new branch from the default one', () => {
    expect(github('push', push)).toEqual({ ...run, event: 'push', base: at(A), otherBase: tipOf('main'), head: at(B) });
    expect(github('push', { ...push, ref: 'refs/heads/main' })).toEqual({ ...run, event: 'push', base: at(A), head: at(B) });
    expect(github('push', { ...push, before: ZERO })).toEqual({ ...run, event: 'new branch', base: tipOf('main'), head: at(B) });
    expect(github('push', { ...push, before: ZERO, ref: 'refs/heads/main' })).toEqual({ ...run, event: 'new branch', head: at(B) });
    expect(github('push', { ...push, before: undefined, repository: undefined })).toEqual({ ...run, event: 'new branch', head: at(B) });
    expect(github('push', { ...push, ref: 'refs/tags/v1' })).toEqual({ ...run, event: 'tag', head: at(B) });
    expect(github('push', { ...push, deleted: true })).toEqual({ ...run, event: 'deleted branch', head: at(B), deleted: true });
    expect(github('push', { ...push, deleted: false })).toMatchObject({ event: 'push' });
  });

  test('what the event file leaves out is in the environment', () => {
    expect(github('push', { before: A }, { GITHUB_SHA: B, GITHUB_REF: 'refs/tags/v1' })).toEqual({ ...run, event: 'tag', head: at(B) });
    expect(github('push', { before: A })).toEqual({ ...run, event: 'push', base: at(A), head: HEAD });
  });

  test.each([[`x${A}`], [`${A}x`], [A.slice(1)], [B.slice(1)], [A.toUpperCase()], ['--output=x'], ['0'.repeat(64)]])('%j is no commit', (before) => {
    expect(github('push', { before, after: B }).base).toBeUndefined();
  });

  test.each([[`00${A.slice(2)}`], [`${A.slice(2)}00`]])('%j is one', (before) => {
    expect(github('push', { before, after: B }).base).toEqual(at(before));
  });

  test('any other event scans everything, and is called by its name', () => {
    expect(github('workflow_dispatch', {})).toEqual({ ...run, event: 'workflow dispatch', head: HEAD });
    expect(github('', {})).toEqual({ ...run, event: 'run', head: HEAD });
    expect(github('\u001B[2Jscary', {}).event).toBe('scary');
    writeFileSync(EVENT, '{}');
    expect(ciRun({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_PATH: EVENT }).event).toBe('run');
  });

  test('without an event file that can be read nothing is decided, and none of it is repeated', () => {
    for (const path of [{}, { GITHUB_EVENT_PATH: '' }]) {
      expect(refused(() => ciRun({ GITHUB_ACTIONS: 'true', ...path }))).toEqual(untold('GitHub Actions does not say where its event file is'));
    }
    const unreadable = ['the event file of GitHub Actions cannot be read', 'GITHUB_EVENT_PATH must name the JSON file that the runner wrote.'];
    for (const text of ['', '{', '[]', 'null', '"x"', '1'])
      expect(
        refused(() => github('push', text)),
        text,
      ).toEqual(unreadable);
    expect(refused(() => ciRun({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_PATH: join(EVENT, 'x') }))).toEqual(unreadable);
  });

  test('it is asked first, and only where it says that it runs', () => {
    expect(github('', {}, { GITLAB_CI: 'true', JENKINS_URL: 'x' }).system).toBe('github');
    expect(ciRun({ GITHUB_ACTIONS: 'false' }).system).toBe('plain');
  });
});

describe('other systems', () => {
  const gitlab = { GITLAB_CI: 'true', CI_COMMIT_SHA: B };
  const merge = { ...gitlab, CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_DIFF_BASE_SHA: A };
  const pushed = { ...gitlab, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BEFORE_SHA: A, CI_COMMIT_BRANCH: 'topic', CI_DEFAULT_BRANCH: 'main' };
  const azure = { TF_BUILD: 'True', BUILD_SOURCEVERSION: B };
  const asked = {
    TF_BUILD: 'true',
    BUILD_REASON: 'PullRequest',
    SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/feat/refs/heads/x',
    SYSTEM_PULLREQUEST_SOURCECOMMITID: B,
  };
  const bitbucket = { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_COMMIT: B };
  const bitbucketPull = { ...bitbucket, BITBUCKET_PR_ID: '7' };
  const jenkins = { JENKINS_URL: 'x', GIT_COMMIT: B };
  const change = { ...jenkins, CHANGE_ID: '7', CHANGE_TARGET: 'main' };
  const circle = { CIRCLECI: 'true', CIRCLE_SHA1: B, CIRCLE_BRANCH: 'topic' };
  const kite = { BUILDKITE: 'true', BUILDKITE_COMMIT: B, BUILDKITE_BRANCH: 'topic', BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main' };
  const kitePull = { ...kite, BUILDKITE_PULL_REQUEST: '7', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'next' };
  const [trusted, untrusted] = [
    { untrusted: false, head: at(B) },
    { untrusted: true, head: at(B) },
  ];

  test.each<readonly [what: string, env: Env, run: Partial<CiRun>]>([
    ['GitLab: merge request', merge, { system: 'gitlab', event: 'merge request', ...untrusted, base: at(A) }],
    ['GitLab: merge train', { ...merge, CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' }, { event: 'merge train', ...untrusted, base: at(A) }],
    ['GitLab: push', pushed, { event: 'push', ...trusted, base: at(A), otherBase: tipOf('main') }],
    ['GitLab: push of the default branch', { ...pushed, CI_COMMIT_BRANCH: 'main' }, { event: 'push', base: at(A), otherBase: undefined }],
    ['GitLab: new branch', { ...pushed, CI_COMMIT_BEFORE_SHA: ZERO }, { event: 'new branch', ...trusted, base: tipOf('main') }],
    ['GitLab: tag', { ...pushed, CI_COMMIT_TAG: 'v1' }, { event: 'tag', ...trusted, base: undefined }],
    ['GitLab: no tag', { ...pushed, CI_COMMIT_TAG: '' }, { event: 'push' }],
    ['GitLab: nothing of a branch', { ...gitlab, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BEFORE_SHA: A }, { event: 'push', otherBase: undefined }],
    ['GitLab: schedule', { ...pushed, CI_PIPELINE_SOURCE: 'schedule' }, { event: 'pipeline', ...trusted, base: undefined }],
    ['GitLab: no commit', { GITLAB_CI: 'true' }, { event: 'pipeline', head: HEAD }],
    ['Azure: pull request', asked, { system: 'azure', event: 'pull request', ...untrusted, base: tipOf('feat/refs/heads/x') }],
    ['Azure: pull request without its commit', { ...asked, SYSTEM_PULLREQUEST_SOURCECOMMITID: '' }, { head: HEAD }],
    ['Azure: push', { ...azure, BUILD_SOURCEBRANCH: 'refs/heads/refs/tags/x' }, { event: 'push', ...trusted, base: undefined }],
    ['Azure: tag', { ...azure, BUILD_SOURCEBRANCH: 'refs/tags/v1' }, { event: 'tag', ...trusted, base: undefined }],
    [
      'Azure: a branch whose name looks like a reference',
      { ...asked, SYSTEM_PULLREQUEST_TARGETBRANCH: 'x/refs/heads/y' },
      { base: tipOf('x/refs/heads/y') },
    ],
    ['Azure: nothing else', { TF_BUILD: 'True' }, { event: 'push', untrusted: false, head: HEAD }],
    [
      'Bitbucket: pull request',
      { ...bitbucketPull, BITBUCKET_PR_DESTINATION_BRANCH: 'main', BITBUCKET_PR_DESTINATION_COMMIT: A },
      { system: 'bitbucket', event: 'pull request', ...untrusted, base: tipOf('main') },
    ],
    ['Bitbucket: pull request of a commit', { ...bitbucketPull, BITBUCKET_PR_DESTINATION_COMMIT: A }, { base: at(A) }],
    ['Bitbucket: push', { ...bitbucket, BITBUCKET_PR_ID: '', BITBUCKET_TAG: '' }, { event: 'push', ...trusted, base: undefined }],
    ['Bitbucket: tag', { ...bitbucket, BITBUCKET_TAG: 'v1' }, { event: 'tag', ...trusted, base: undefined }],
    ['Bitbucket: no commit', { BITBUCKET_BUILD_NUMBER: '1' }, { event: 'push', head: HEAD }],
    ['Jenkins: pull request', change, { system: 'jenkins', event: 'pull request', ...untrusted, base: tipOf('main') }],
    ['Jenkins: branch', { ...jenkins, GIT_PREVIOUS_SUCCESSFUL_COMMIT: A }, { event: 'push', ...trusted, base: at(A), otherBase: undefined }],
    ['Jenkins: no tag', { ...jenkins, TAG_NAME: '', GIT_PREVIOUS_SUCCESSFUL_COMMIT: A }, { event: 'push' }],
    ['Jenkins: first build', { ...jenkins, CHANGE_ID: '', TAG_NAME: '' }, { event: 'new branch', ...trusted, base: undefined }],
    ['Jenkins: tag', { ...jenkins, TAG_NAME: 'v1', GIT_PREVIOUS_SUCCESSFUL_COMMIT: A }, { event: 'tag', ...trusted, base: undefined }],
    ['Jenkins: no commit', { JENKINS_URL: 'x' }, { head: HEAD }],
    [
      'CircleCI: pull request',
      { ...circle, CIRCLE_PULL_REQUEST: 'x' },
      { system: 'circleci', event: 'pull request', ...untrusted, base: tipOf('HEAD') },
    ],
    ['CircleCI: branch', { ...circle, CIRCLE_PULL_REQUEST: '', CIRCLE_TAG: '' }, { event: 'push', ...trusted, base: tipOf('HEAD') }],
    ['CircleCI: tag', { ...circle, CIRCLE_TAG: 'v1', CIRCLE_PULL_REQUEST: 'x' }, { event: 'tag', ...trusted, base: undefined }],
    ['CircleCI: no commit', { CIRCLECI: 'true' }, { event: 'push', head: HEAD }],
    ['Buildkite: pull request', kitePull, { system: 'buildkite', event: 'pull request', ...untrusted, base: tipOf('next') }],
    ['Buildkite: branch', { ...kite, BUILDKITE_PULL_REQUEST: 'false' }, { event: 'push', ...trusted, base: tipOf('main') }],
    ['Buildkite: neither', { ...kite, BUILDKITE_PULL_REQUEST: '' }, { event: 'push', ...trusted, base: tipOf('main') }],
    ['Buildkite: default branch', { ...kite, BUILDKITE_BRANCH: 'main' }, { event: 'push', ...trusted, base: undefined }],
    ['Buildkite: tag', { ...kite, BUILDKITE_TAG: 'v1' }, { event: 'tag', ...trusted, base: undefined }],
    ['none', { CI: 'true' }, { system: 'plain', event: 'run', untrusted: false, base: undefined, head: HEAD }],
    [
      'none that runs',
      { GITLAB_CI: '', TF_BUILD: 'x', BITBUCKET_BUILD_NUMBER: '', JENKINS_URL: '', CIRCLECI: 'x', BUILDKITE: 'x' },
      { system: 'plain' },
    ],
  ])('%s', (_what, env, run) => {
    expect(ciRun(env)).toMatchObject(run);
  });

  test.each<readonly [words: string, env: Env]>([
    ['GitLab CI does not say where the merge request begins', { ...merge, CI_MERGE_REQUEST_DIFF_BASE_SHA: ZERO }],
    ['Azure Pipelines does not say the target branch', { ...asked, SYSTEM_PULLREQUEST_TARGETBRANCH: '' }],
    ['Bitbucket Pipelines does not say the destination branch', bitbucketPull],
    ['Jenkins does not say the target branch', { ...jenkins, CHANGE_ID: '7' }],
    ['Buildkite does not say the target branch', { ...kite, BUILDKITE_PULL_REQUEST: '7' }],
  ])('%s', (words, env) => {
    expect(refused(() => ciRun(env))).toEqual(untold(words));
  });
});

describe('what to write for a system', () => {
  test.each([
    ['github', 'GitHub Actions', 'fetch-depth: 0'],
    ['gitlab', 'GitLab CI', 'GIT_DEPTH: "0"'],
    ['azure', 'Azure Pipelines', 'fetchDepth: 0'],
    ['bitbucket', 'Bitbucket Pipelines', 'clone: { depth: full }'],
    ['jenkins', 'Jenkins', 'shallow: false'],
    ['circleci', 'CircleCI', 'checkout: { method: full }'],
    ['buildkite', 'Buildkite', 'BUILDKITE_GIT_FETCH_FLAGS'],
    ['plain', 'no CI system that it knows', 'git fetch --unshallow origin'],
  ] as const)('%s is called %s, and fetches all with %s', (system, name, line) => {
    expect([SYSTEM_NAMES[system], FETCH_LINES[system].includes(line)]).toEqual([name, true]);
  });

  test('a clone that lacks contents needs another line than one that lacks commits, but for CircleCI', () => {
    expect(unfilteredLine('circleci')).toBe(FETCH_LINES.circleci);
    expect(unfilteredLine('github')).toContain('git fetch --refetch --no-filter origin');
  });

  test.each(CI_CHOICES)('%s: the job, and the file that it belongs into', (choice) => {
    const { file, text } = CI_SETUPS[choice];
    expect(ciAdvice(choice)).toBe(`For ${SYSTEM_NAMES[choice]}, add to ${file}:\n${text}`);
  });

  const COMMAND = `npx --yes keysift@${VERSION} ci`;

  test.each<[choice: CiChoice, sign: string, file: string, isWhole: boolean, job: object | string]>([
    [
      'github',
      '.github',
      '.github/workflows/keysift.yml',
      true,
      { jobs: { keysift: { steps: [{ with: { 'fetch-depth': 0 } }, {}, { run: COMMAND }] } } },
    ],
    ['gitlab', '.gitlab-ci.yml', '.gitlab-ci.yml', false, { keysift: { variables: { GIT_DEPTH: '0' }, script: [COMMAND] } }],
    ['azure', 'azure-pipelines.yml', 'azure-pipelines.yml', false, { steps: [{ fetchDepth: 0 }, {}, { script: COMMAND }] }],
    [
      'bitbucket',
      'bitbucket-pipelines.yml',
      'bitbucket-pipelines.yml',
      false,
      { definitions: { steps: [{ step: { clone: { depth: 'full' }, script: [COMMAND] } }] } },
    ],
    ['jenkins', 'Jenkinsfile', 'Jenkinsfile', false, `stage('keysift') {\n  steps {\n    sh '${COMMAND}'\n  }\n}\n`],
    [
      'circleci',
      '.circleci/config.yml',
      '.circleci/config.yml',
      false,
      { jobs: { keysift: { steps: [{ checkout: { method: 'full' } }, { run: COMMAND }] } } },
    ],
    ['buildkite', '.buildkite', '.buildkite/pipeline.yml', false, { steps: [{ command: COMMAND }] }],
  ])('%s: how it is recognised, and a job that runs the command in a whole clone', (choice, sign, file, isWhole, job) => {
    const { text, ...setup } = CI_SETUPS[choice];
    expect(setup).toEqual({ sign, file, isWhole });
    if (typeof job === 'string') expect(text).toBe(job);
    else expect(parse(text)).toMatchObject(job);
  });
});
