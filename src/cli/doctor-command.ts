/** `keysift doctor`: whether everything that a gate rests on is as it should be. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gitContext, gitSync } from '../git/command.ts';
import { isPartialClone } from '../git/questions.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { jsonText } from '../report/safe-json.ts';
import { safeText } from '../report/safe-text.ts';
import { VERSION } from '../report/version.ts';
import { ciRun, SYSTEM_NAMES } from './ci-environment.ts';
import { fileHolds, hookPlace, isOwnHook } from './hook-install.ts';
import { HOOK_NAMES } from './hook-names.ts';
import type { Io } from './io.ts';
import { policyOf, type PolicyFlags } from './run-policy.ts';

export interface DoctorFlags extends PolicyFlags {
  readonly format: string;
}

/** `warning`: works, but a gate has a hole. `failure`: a scan cannot run. */
interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failure';
  readonly found: string;
  /** What to do; empty where all is well. */
  readonly advice: string;
}

export async function runDoctor(flags: DoctorFlags, io: Io): Promise<ExitCode> {
  if (flags.format !== 'text' && flags.format !== 'json') throw new UserError(`unknown format "${flags.format}"`, 'Use text or json.');
  const checks: Check[] = [];
  const ok = (name: string, found: string): void => void checks.push({ name, state: 'ok', found, advice: '' });
  const bad = (name: string, state: 'warning' | 'failure', found: string, advice: string): void => void checks.push({ name, state, found, advice });
  const attempt = async <T>(name: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      bad(name, 'failure', error.message, error.hint ?? '');
      return undefined;
    }
  };

  ok('keysift', `${VERSION}, Node ${process.versions.node}`);
  const git = await attempt('git', () => gitSync(gitContext(io.cwd, io.env), ['version']).stdout.toString('utf8').trim());
  if (git !== undefined) ok('git', git);
  const repository = git === undefined ? undefined : await attempt('repository', () => openRepository(io.cwd, io.env));
  if (repository === undefined) {
    if (!checks.some(({ name, state }) => name === 'repository' || state === 'failure'))
      bad('repository', 'warning', 'this folder is in none', 'Files are scanned, and no history.');
  } else {
    ok('repository', repository.root ?? repository.gitDir);
    if (repository.shallow) bad('history', 'warning', 'the clone is shallow', 'git fetch --unshallow; in CI see keysift ci.');
    else if (isPartialClone(repository))
      bad('history', 'warning', 'the clone is partial', 'Contents that are not there are listed as not scanned: git fetch --refetch --no-filter.');
    else ok('history', 'complete');
    checks.push(...hookChecks(repository));
  }
  const policy = await attempt('policy', () => policyOf(flags, { paths: [], mode: { kind: 'full', worktree: true, history: true } }, io));
  if (policy !== undefined) {
    ok('policy', policy.sources.length === 0 ? 'none: built-in defaults' : policy.sources.join(', '));
    ok('rules', `${policy.rules.rules.length} active, ${policy.rules.digest.slice(0, 19)}`);
    ok('accepted', `${policy.acceptance.ignores.length} in the ignore file, ${policy.acceptance.baseline.length} in the baseline`);
    for (const note of policy.notes) bad('policy', 'warning', note, '');
  }
  const ci = await attempt('CI', () => ciRun(io.env));
  if (ci !== undefined) ok('CI', SYSTEM_NAMES[ci.system]);
  ok('terminal', io.stdout.isTerminal ? `${io.stdout.columns} columns` : 'none');
  await io.stdout.write(flags.format === 'json' ? jsonText({ checks }, 2) : textOf(checks));
  return checks.some(({ state }) => state === 'failure') ? EXIT.failed : EXIT.clean;
}

function hookChecks(repository: Repository): Check[] {
  if (repository.root === undefined) return [];
  const place = hookPlace(repository);
  if (place.manager !== 'git') return [{ name: 'hooks', state: 'ok', found: `in the hands of ${place.manager}`, advice: '' }];
  const usual = join(repository.commonDir, 'hooks');
  return HOOK_NAMES.map((name) => {
    const path = join(place.folder, name);
    if (isOwnHook(path)) return { name, state: 'ok', found: 'installed', advice: '' };
    if (place.folder !== usual && isOwnHook(join(usual, name))) {
      return {
        name,
        state: 'warning',
        found: `installed in ${usual}, and core.hooksPath leads to ${place.folder}`,
        advice: 'git never runs it: keysift hook install.',
      };
    }
    if (fileHolds(path, 'keysift')) return { name, state: 'ok', found: 'another hook, which names keysift', advice: '' };
    return { name, state: 'warning', found: existsSync(path) ? 'another hook' : 'not installed', advice: `keysift hook install ${name}` };
  });
}

const MARKS = { ok: 'ok     ', warning: 'warning', failure: 'FAILURE' } as const;

function textOf(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(
      ({ name, state, found, advice }) =>
        `${MARKS[state]}  ${name.padEnd(width)}  ${safeText(found)}${advice === '' ? '' : `\n${' '.repeat(width + 11)}${safeText(advice)}`}\n`,
    )
    .join('');
}
