/**
 * Small text questions to a repository: revisions, settings. Asked through simple-git with the same hardening as
 * every other call; bulk reading never goes this way, since it decodes and buffers.
 */
import { UserError } from '../model/errors.ts';
import { SAFE_CONFIG } from './command.ts';
import type { Repository } from './repository.ts';

async function ask(repository: Repository, args: readonly string[]): Promise<string> {
  const { simpleGit } = await import('simple-git'); // 30 ms that a commit hook does not need
  const { git } = repository;
  const client = simpleGit({
    baseDir: git.cwd,
    binary: git.program,
    config: [...SAFE_CONFIG],
    allowEnvironment: Object.keys(git.env),
    // A warning on stderr is no failure: only the exit code counts.
    errors: (error, result) => (result.exitCode === 0 ? undefined : error),
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
  const shown = revision.replace(/[^ -~]/g, '?').slice(0, 100);
  return new UserError(`"${shown}" is not a commit of this repository`, 'Fetch it first (in CI: fetch-depth: 0), or check its spelling.');
}

/** Whether objects may be absent on purpose: a partial clone. */
export async function isPartialClone(repository: Repository): Promise<boolean> {
  try {
    const output = await ask(repository, [
      'config',
      '--get-regexp',
      String.raw`^(remote\..*\.(promisor|partialclonefilter)|extensions\.partialclone)$`,
    ]);
    return output.trim() !== '';
  } catch {
    return false; // git answers 1 when nothing is set
  }
}
