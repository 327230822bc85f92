/**
 * Small text questions to a repository: revisions, settings. Asked through simple-git with the same hardening as
 * every other call; bulk reading never goes this way, since it decodes and buffers.
 */
import { UserError } from '../model/errors.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitSync, recordsOf, SAFE_CONFIG, SILENCE_MS } from './command.ts';
import type { Repository } from './repository.ts';

async function ask(repository: Repository, args: readonly string[]): Promise<string> {
  const { simpleGit } = await import('simple-git'); // 30 ms that a commit hook does not need
  const { git } = repository;
  const client = simpleGit({
    baseDir: git.cwd,
    binary: git.program,
    config: [...SAFE_CONFIG],
    timeout: { block: SILENCE_MS },
    allowEnvironment: Object.keys(git.env),
    // Only the exit code counts: a warning on stderr is no failure, and silence is no success.
    errors: (error, { exitCode }) => (exitCode === 0 ? undefined : (error ?? new Error(`git ended with ${exitCode}`))),
    // simple-git guards against these settings whatever their value; ours switch the dangerous things off.
    unsafe: {
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeConfigPaths: true,
      allowUnsafePager: true,
      allowUnsafeDiffExternal: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeCommandBinaries: true,
      allowUnsafeCustomBinary: true,
    },
  }).env({ ...git.env });
  return client.raw([...git.repositoryFlags, ...args]);
}

/** The commit id of a revision that a user wrote. Throws a `UserError` when it is none. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  if (revision === '' || revision.includes('\0') || revision.startsWith('-')) throw notARevision(revision);
  try {
    const output = await ask(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
    const id = output.trim().split('\n').at(-1) ?? '';
    if (/^[0-9a-f]{40,64}$/.test(id)) return id;
  } catch {
    // Told below, in our own words.
  }
  throw notARevision(revision);
}

function notARevision(revision: string): UserError {
  const shown = revision.slice(0, 100);
  return new UserError(`"${shown}" is not a commit of this repository`, 'Fetch it first (in CI: fetch-depth: 0), or check its spelling.');
}

/** Whether objects may be absent on purpose: a partial clone. */
export function isPartialClone(repository: Repository): boolean {
  const keys = String.raw`^(remote\..*\.(promisor|partialclonefilter)|extensions\.partialclone)$`;
  return gitSync(repository.git, ['config', '--get-regexp', keys]).stdout.length > 0;
}

/** Whether commits that `from` reach and `without` do not end where a shallow clone was cut, so that some may be missing. */
export function reachesBoundary(repository: Repository, from: readonly string[], without: readonly string[]): boolean {
  if (!repository.shallow) return false;
  const cut = new Set(readFileSync(join(repository.commonDir, 'shallow'), 'latin1').split('\n'));
  return listCommits(repository, 'whether the range reaches the cut', from, without).some((id) => cut.has(id));
}

/**
 * Commits that `from` reach and `without` do not, as git lists them; none where it fails, which is noted.
 * @param question what it is asked for, in words
 */
export function listCommits(
  repository: Repository,
  question: string,
  from: readonly string[],
  without: readonly string[],
  flags: readonly string[] = [],
): string[] {
  const result = gitSync(repository.git, ['rev-list', ...flags, '--stdin'], `${[...from, ...without.map((id) => `^${id}`)].join('\n')}\n`);
  return recordsOf(repository.git, question, result, '\n');
}

/** `core.hooksPath` as people set it; our own calls override it. Undefined where it is not set. */
export function configuredHooksPath(repository: Repository): { readonly path: string; readonly scope: string } | undefined {
  const { stdout } = gitSync(repository.git, ['config', '--show-scope', '-z', '--type=path', '--get-all', 'core.hooksPath']);
  const words = stdout.toString('utf8').split('\0');
  let last: { path: string; scope: string } | undefined;
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [scope = '', path = ''] = words.slice(index, index + 2);
    if (scope !== 'command') last = { scope, path };
  }
  return last;
}

/** Commits and tags that refs point to: all of them, or those below some prefix. */
export function refTargets(repository: Repository, below: readonly string[] = []): string[] {
  const { status, stdout } = gitSync(repository.git, ['for-each-ref', '--format=%(objectname)', '--', ...below]);
  return status === 0 ? [...new Set(stdout.toString('latin1').split('\n'))].filter((id) => id !== '') : [];
}

/** Whether the repository holds an object; one that a remote told of may never have been fetched. */
export function hasObject(repository: Repository, id: string): boolean {
  const { stdout } = gitSync(repository.git, ['cat-file', '--batch-check=%(objecttype)'], `${id}\n`);
  return /^(?:commit|tag)\n$/.test(stdout.toString('latin1'));
}

/** Whether HEAD leads to a commit. */
export function hasHead(repository: Repository): boolean {
  return gitSync(repository.git, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).status === 0;
}
