/** `keysift ci`: finds out what the CI system wants judged, and judges it. Never an empty scan that looks clean. */
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { isPartialClone, resolveCommit } from '../git/questions.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { ciRun, FETCH_LINES, SYSTEM_NAMES, unfilteredLine, type CiRun, type CiSystem, type Revision } from './ci-environment.ts';
import type { Io } from './io.ts';
import { runScan, type ScanFlags } from './scan-command.ts';

export interface CiFlags extends ScanFlags {
  /** Instead of what the CI system says. */
  readonly base?: string;
}

/** The reports that a system shows by itself, beside what stands in its log. */
function bestFormats(system: CiSystem, env: NodeJS.ProcessEnv): string[] {
  const summary = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (system === 'github') return ['github', ...(summary === '' ? [] : [`markdown=${summary}`])];
  return system === 'gitlab' ? ['text', 'gitlab=gl-secret-detection-report.json'] : ['text'];
}

export async function runCi(flags: CiFlags, io: Io): Promise<ExitCode> {
  const run = ciRun(io.env);
  const repository = openRepository(io.cwd, io.env);
  if (repository === undefined)
    throw new UserError('keysift ci needs a git repository, and this folder is in none', 'Check the code out before this step.');
  if (run.deleted === true) {
    await io.stderr.write(`keysift ci: ${SYSTEM_NAMES[run.system]}, ${run.event}: there is nothing to scan\n`);
    return EXIT.clean;
  }
  if (repository.shallow)
    throw new UserError('the clone is shallow, so what was changed cannot be told from what was there', FETCH_LINES[run.system]);
  if (isPartialClone(repository)) {
    const words = 'the clone is partial, and what it lacks will be listed as not scanned';
    await io.stderr.write(`keysift ci: ${words}. ${unfilteredLine(run.system)}\n`);
  }
  const head = await find(repository, run.head, run.system);
  const base = flags.base === undefined ? await baseOf(repository, run, head) : await find(repository, { commit: flags.base }, run.system);
  const format = flags.format ?? bestFormats(run.system, io.env);
  const trusting = flags.policyFrom !== undefined || (io.env['KEYSIFT_POLICY_FROM'] ?? '') !== '';
  const judge = run.untrusted && base !== undefined && !trusting ? { policyFrom: base } : {};
  // A change that adds no commit is a mistake somewhere, so it is no reason for an empty scan.
  const range = base === undefined || base === head ? undefined : `${base}..${head}`;
  const what = base === undefined || range === undefined ? 'everything' : `${base.slice(0, 10)}..${head.slice(0, 10)}`;
  await io.stderr.write(
    `keysift ci: ${SYSTEM_NAMES[run.system]}, ${run.event}: scanning ${what}${'policyFrom' in judge ? `, with the policy of ${base?.slice(0, 10)}` : ''}\n`,
  );
  return runScan([], { ...flags, ...judge, format, ...(range === undefined ? {} : { range }) }, io);
}

/** The commit that a range begins with; undefined to scan everything. Throws where an untrusted change has no beginning. */
async function baseOf(repository: Repository, run: CiRun, head: string): Promise<string | undefined> {
  const { base, otherBase, system, event, untrusted } = run;
  if (base === undefined) {
    if (untrusted) throw new UserError(`${SYSTEM_NAMES[system]} does not say what the ${event} is compared with`, 'Give it: keysift ci --base REV.');
    return undefined;
  }
  try {
    const found = await find(repository, base, system);
    // The tip of the trusted branch itself: compared with itself nothing would be left.
    return found === head && 'branch' in base && !untrusted ? undefined : found;
  } catch (error) {
    if (!(error instanceof UserError) || untrusted) throw error;
    // A force push leaves its old commit behind: then the default branch will do, or everything, which is more.
    return otherBase === undefined ? undefined : baseOf(repository, { ...run, base: otherBase, otherBase: undefined }, head);
  }
}

async function find(repository: Repository, revision: Revision, system: CiSystem): Promise<string> {
  const names =
    'commit' in revision
      ? [revision.commit]
      : [`refs/remotes/origin/${revision.branch}`, ...(revision.branch === 'HEAD' ? [] : [`refs/heads/${revision.branch}`])];
  for (const name of names) {
    try {
      return await resolveCommit(repository, name);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  const shown = ('commit' in revision ? revision.commit : `the branch ${revision.branch}`).slice(0, 100);
  throw new UserError(`the clone does not have ${shown}, so the change cannot be judged`, FETCH_LINES[system]);
}
