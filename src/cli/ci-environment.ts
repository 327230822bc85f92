/** What a CI system says about the run that it started: read from its environment and event file, never guessed. */
import { readFileSync } from 'node:fs';
import { UserError } from '../model/errors.ts';

export type CiSystem = 'github' | 'gitlab' | 'azure' | 'bitbucket' | 'jenkins' | 'circleci' | 'buildkite' | 'plain';

/** A commit by its id, or the tip of a branch of the remote. */
export type Revision = { readonly commit: string } | { readonly branch: string };

export interface CiRun {
  readonly system: CiSystem;
  /** In words: `pull request`, `push`, `new branch`. */
  readonly event: string;
  /** What is judged is not trusted yet, so its policy is not either. */
  readonly untrusted: boolean;
  /** What was there before; undefined to scan everything. */
  readonly base: Revision | undefined;
  /** Instead of a base that a force push has left behind. */
  readonly otherBase?: Revision | undefined;
  readonly head: Revision;
  /** The branch or tag is gone: there is nothing to scan. */
  readonly deleted?: boolean;
}

export const SYSTEM_NAMES: Readonly<Record<CiSystem, string>> = {
  github: 'GitHub Actions',
  gitlab: 'GitLab CI',
  azure: 'Azure Pipelines',
  bitbucket: 'Bitbucket Pipelines',
  jenkins: 'Jenkins',
  circleci: 'CircleCI',
  buildkite: 'Buildkite',
  plain: 'no CI system that it knows',
};

/** The lines that make a CI system fetch the whole history. */
export const FETCH_LINES: Readonly<Record<CiSystem, string>> = {
  github: 'Add to actions/checkout:  with: { fetch-depth: 0 }',
  gitlab: 'Add to the job:  variables: { GIT_DEPTH: "0" }',
  azure: 'Write the step as:  - { checkout: self, fetchDepth: 0 }',
  bitbucket: 'Add to the step:  clone: { depth: full }',
  jenkins: "Add to the checkout's extensions:  cloneOption(shallow: false, noTags: false, reference: '', honorRefspec: false)",
  circleci: 'Write the step as:  - checkout: { method: full }',
  buildkite: 'Add to the step:  env: { BUILDKITE_GIT_CLONE_FLAGS: "-v", BUILDKITE_GIT_FETCH_FLAGS: "-v --prune --depth=2147483647" }',
  plain: 'Run first:  git fetch --unshallow origin',
};

/** The same for a clone that lacks contents, which is what CircleCI makes by itself. */
export function unfilteredLine(system: CiSystem): string {
  return system === 'circleci' ? FETCH_LINES.circleci : 'Take the filter out of the checkout, or run first:  git fetch --refetch --no-filter origin';
}

type Env = NodeJS.ProcessEnv;

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const ZERO = /^0+$/;
const HEAD: Revision = { commit: 'HEAD' };

/** Throws a `UserError` where a system does not say what it promises. */
export function ciRun(env: Env): CiRun {
  const has = (name: string): boolean => (env[name] ?? '') !== '';
  if (env['GITHUB_ACTIONS'] === 'true') return github(env);
  if (has('GITLAB_CI')) return gitlab(env);
  if (env['TF_BUILD']?.toLowerCase() === 'true') return azure(env);
  if (has('BITBUCKET_BUILD_NUMBER')) return bitbucket(env);
  if (has('JENKINS_URL')) return jenkins(env);
  if (env['CIRCLECI'] === 'true')
    return branches('circleci', {
      head: env['CIRCLE_SHA1'],
      tag: env['CIRCLE_TAG'],
      branch: env['CIRCLE_BRANCH'],
      pull: env['CIRCLE_PULL_REQUEST'],
      target: 'HEAD',
    });
  if (env['BUILDKITE'] === 'true') return buildkite(env);
  return { system: 'plain', event: 'run', untrusted: false, base: undefined, head: HEAD };
}

function commitOf(text: string | undefined): Revision | undefined {
  return text !== undefined && COMMIT.test(text) && !ZERO.test(text) ? { commit: text } : undefined;
}

function branchOf(text: string | undefined): Revision | undefined {
  const name = text?.replace(/^refs\/heads\//, '');
  return name === undefined || name === '' ? undefined : { branch: name };
}

function missing(system: CiSystem, what: string): UserError {
  return new UserError(`${SYSTEM_NAMES[system]} does not say ${what}`, 'Give the range: keysift ci --base REV, or keysift --range A..B.');
}

/** The fields of the event file that are read. */
interface GithubEvent {
  readonly before?: string;
  readonly after?: string;
  readonly created?: boolean;
  readonly deleted?: boolean;
  readonly forced?: boolean;
  readonly ref?: string;
  readonly pull_request?: { readonly base?: { readonly sha?: string }; readonly head?: { readonly sha?: string } };
  readonly merge_group?: { readonly base_sha?: string; readonly head_sha?: string };
  readonly repository?: { readonly default_branch?: string };
}

function github(env: Env): CiRun {
  const system = 'github';
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const event = githubEvent(env['GITHUB_EVENT_PATH']);
  const run = { system, untrusted: false } as const;
  if (name.startsWith('pull_request')) {
    const base = commitOf(event.pull_request?.base?.sha);
    const head = commitOf(event.pull_request?.head?.sha);
    if (base === undefined || head === undefined) throw missing(system, 'which commits the pull request is about');
    return { ...run, event: 'pull request', untrusted: true, base, head };
  }
  if (name === 'merge_group') {
    const base = commitOf(event.merge_group?.base_sha);
    const head = commitOf(event.merge_group?.head_sha);
    if (base === undefined || head === undefined) throw missing(system, 'which commits the merge queue is about');
    return { ...run, event: 'merge queue', untrusted: true, base, head };
  }
  if (name === 'push') {
    const head = commitOf(event.after) ?? commitOf(env['GITHUB_SHA']) ?? HEAD;
    return pushed(run.system, {
      head,
      before: event.before,
      ref: event.ref ?? env['GITHUB_REF'],
      main: event.repository?.default_branch,
      deleted: event.deleted === true,
    });
  }
  return { ...run, event: name === '' ? 'run' : name.replace(/[^a-z_]/g, '').replaceAll('_', ' '), base: undefined, head: HEAD };
}

const MAX_EVENT = 64 * 1024 * 1024;

function githubEvent(path: string | undefined): GithubEvent {
  if (path === undefined || path === '') throw missing('github', 'where its event file is');
  try {
    const text = readFileSync(path, 'utf8');
    const event: unknown = text.length > MAX_EVENT ? undefined : JSON.parse(text);
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event;
  } catch {
    // Told below; the parser's own words may quote the file.
  }
  throw new UserError('the event file of GitHub Actions cannot be read', 'GITHUB_EVENT_PATH must name the JSON file that the runner wrote.');
}

interface Push {
  readonly head: Revision;
  readonly before: string | undefined;
  readonly ref: string | undefined;
  /** The default branch. */
  readonly main: string | undefined;
  readonly deleted?: boolean;
}

/** A tag is scanned whole; a branch from what it was before, or from the default branch. */
function pushed(system: CiSystem, { head, before, ref, main, deleted }: Push): CiRun {
  const run = { system, untrusted: false, head } as const;
  if (deleted === true) return { ...run, event: 'deleted branch', base: undefined, deleted: true };
  if (ref?.startsWith('refs/tags/') === true) return { ...run, event: 'tag', base: undefined };
  const other = ref === `refs/heads/${main ?? ''}` ? undefined : branchOf(main);
  const base = commitOf(before);
  if (base === undefined) return { ...run, event: 'new branch', base: other };
  return { ...run, event: 'push', base, otherBase: other };
}

function gitlab(env: Env): CiRun {
  const system = 'gitlab';
  const head = commitOf(env['CI_COMMIT_SHA']) ?? HEAD;
  if (env['CI_PIPELINE_SOURCE'] === 'merge_request_event') {
    const base = commitOf(env['CI_MERGE_REQUEST_DIFF_BASE_SHA']);
    if (base === undefined) throw missing(system, 'where the merge request begins');
    const event = env['CI_MERGE_REQUEST_EVENT_TYPE'] === 'merge_train' ? 'merge train' : 'merge request';
    return { system, event, untrusted: true, base, head };
  }
  const tag = env['CI_COMMIT_TAG'];
  const ref = tag === undefined || tag === '' ? `refs/heads/${env['CI_COMMIT_BRANCH'] ?? ''}` : `refs/tags/${tag}`;
  if (env['CI_PIPELINE_SOURCE'] !== 'push') return { system, event: 'pipeline', untrusted: false, base: undefined, head };
  return pushed(system, { head, before: env['CI_COMMIT_BEFORE_SHA'], ref, main: env['CI_DEFAULT_BRANCH'] });
}

function azure(env: Env): CiRun {
  const system = 'azure';
  if (env['BUILD_REASON'] === 'PullRequest') {
    const base = branchOf(env['SYSTEM_PULLREQUEST_TARGETBRANCH']);
    if (base === undefined) throw missing(system, 'the target branch');
    return { system, event: 'pull request', untrusted: true, base, head: commitOf(env['SYSTEM_PULLREQUEST_SOURCECOMMITID']) ?? HEAD };
  }
  const isTag = env['BUILD_SOURCEBRANCH']?.startsWith('refs/tags/') === true;
  return { system, event: isTag ? 'tag' : 'push', untrusted: false, base: undefined, head: commitOf(env['BUILD_SOURCEVERSION']) ?? HEAD };
}

function bitbucket(env: Env): CiRun {
  const system = 'bitbucket';
  const head = commitOf(env['BITBUCKET_COMMIT']) ?? HEAD;
  if ((env['BITBUCKET_PR_ID'] ?? '') !== '') {
    const base = branchOf(env['BITBUCKET_PR_DESTINATION_BRANCH']) ?? commitOf(env['BITBUCKET_PR_DESTINATION_COMMIT']);
    if (base === undefined) throw missing(system, 'the destination branch');
    return { system, event: 'pull request', untrusted: true, base, head };
  }
  return { system, event: (env['BITBUCKET_TAG'] ?? '') === '' ? 'push' : 'tag', untrusted: false, base: undefined, head };
}

function jenkins(env: Env): CiRun {
  const system = 'jenkins';
  const head = commitOf(env['GIT_COMMIT']) ?? HEAD;
  if ((env['CHANGE_ID'] ?? '') !== '') {
    const base = branchOf(env['CHANGE_TARGET']);
    if (base === undefined) throw missing(system, 'the target branch');
    return { system, event: 'pull request', untrusted: true, base, head };
  }
  const ref = (env['TAG_NAME'] ?? '') === '' ? undefined : `refs/tags/${env['TAG_NAME']}`;
  return pushed(system, { head, before: env['GIT_PREVIOUS_SUCCESSFUL_COMMIT'], ref, main: undefined });
}

function buildkite(env: Env): CiRun {
  const pull = env['BUILDKITE_PULL_REQUEST'];
  const target = env['BUILDKITE_PULL_REQUEST_BASE_BRANCH'];
  const isPull = pull !== undefined && pull !== '' && pull !== 'false';
  if (isPull && (target ?? '') === '') throw missing('buildkite', 'the target branch');
  return branches('buildkite', {
    head: env['BUILDKITE_COMMIT'],
    tag: env['BUILDKITE_TAG'],
    branch: env['BUILDKITE_BRANCH'],
    pull: isPull ? pull : undefined,
    target: isPull ? target : env['BUILDKITE_PIPELINE_DEFAULT_BRANCH'],
  });
}

/** Systems that tell branches and no commit from before: what a branch adds to the target. `HEAD`: the remote's own default. */
function branches(
  system: CiSystem,
  { head, tag, branch, pull, target }: Readonly<Record<'head' | 'tag' | 'branch' | 'pull' | 'target', string | undefined>>,
): CiRun {
  const run = { system, head: commitOf(head) ?? HEAD } as const;
  if ((tag ?? '') !== '') return { ...run, event: 'tag', untrusted: false, base: undefined };
  if ((pull ?? '') !== '') return { ...run, event: 'pull request', untrusted: true, base: branchOf(target) };
  return { ...run, event: 'push', untrusted: false, base: branch === target ? undefined : branchOf(target) };
}
