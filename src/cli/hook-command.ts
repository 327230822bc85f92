/** `keysift hook pre-commit|pre-push|pre-receive`: what a hook asks, made into a scan. */
import { buffer } from 'node:stream/consumers';
import { hasHead, hasObject, refTargets } from '../git/questions.ts';
import { listStaged } from '../sources/staged.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { OUT_OF_TIME } from '../scan/options.ts';
import { safeText } from '../report/safe-text.ts';
import type { Io } from './io.ts';
import { runScan, type ScanFlags } from './scan-command.ts';

export type HookFlags = Omit<ScanFlags, 'history' | 'stdinName' | 'untracked' | 'reader' | 'format' | 'progress'>;

export interface ReceiveFlags extends HookFlags {
  /** Milliseconds. */
  readonly budget?: number;
  readonly allowSkip?: boolean;
}

const COMMON = { history: true, stdinName: '', untracked: true, reader: 'pack', format: ['text'], progress: false } as const;
const ZERO = /^0+$/;
const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function open(io: Io): Repository {
  const repository = openRepository(io.cwd, io.env, { hook: true });
  if (repository === undefined)
    throw new UserError('a hook needs a git repository, and this folder is in none', 'Git runs hooks; see keysift hook install.');
  return repository;
}

/**
 * For the pre-commit framework, which may be asked about more than the index: with `--from-ref` and `--to-ref` it names
 * both in the environment; with `--all-files` nothing is staged.
 */
export function runPreCommit(flags: HookFlags, io: Io): Promise<ExitCode> {
  const from = io.env['PRE_COMMIT_FROM_REF'] ?? '';
  const to = io.env['PRE_COMMIT_TO_REF'] ?? '';
  if (from !== '' && to !== '') return runScan([], { ...flags, ...COMMON, range: `${from}..${to}` }, io);
  if (listStaged(open(io)).length > 0 || io.env['PRE_COMMIT'] !== '1') return runScan([], { ...flags, ...COMMON, staged: true }, io);
  return runScan([], { ...flags, ...COMMON, history: false, untracked: false }, io);
}

/** Git tells on stdin which refs will be pushed: `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`. */
export async function runPrePush(remote: string | undefined, flags: HookFlags, io: Io): Promise<ExitCode> {
  const repository = open(io);
  const from = new Set<string>();
  const without = new Set<string>();
  for (const words of await linesOf(io)) {
    const [, local = '', , theirs = ''] = words;
    if (words.length !== 4 || !ID.test(local) || !ID.test(theirs))
      throw new UserError('git said something else than refs on standard input', 'keysift hook pre-push is run by git push.');
    if (ZERO.test(local)) continue; // a branch goes away
    from.add(local);
    if (!ZERO.test(theirs) && hasObject(repository, theirs)) without.add(theirs);
  }
  if (from.size === 0) return EXIT.clean;
  // What the remote has under any name is not new to it.
  const name = remote !== undefined && /^[\w.-]+$/.test(remote) ? [`refs/remotes/${remote}`] : ['refs/remotes'];
  for (const id of refTargets(repository, name)) without.add(id);
  return runScan([], { ...flags, ...COMMON }, io, { mode: { kind: 'commits', from: [...from], without: [...without] } });
}

/** For a server: what a push brings, under the policy of what is there, within a time. Refuses what it could not look at. */
export async function runPreReceive(flags: ReceiveFlags, io: Io): Promise<ExitCode> {
  const repository = open(io);
  const from = new Set<string>();
  for (const words of await linesOf(io)) {
    const [before = '', after = ''] = words;
    if (words.length !== 3 || !ID.test(before) || !ID.test(after))
      throw new UserError('git said something else than refs on standard input', 'keysift hook pre-receive is run by the server’s git.');
    if (!ZERO.test(after)) from.add(after);
  }
  if (from.size === 0) return EXIT.clean;
  const skip = flags.allowSkip === true ? skipReason(io.env) : undefined;
  if (skip !== undefined) {
    await io.stderr.write(`keysift: not checked, as the push asked: ${safeText(skip)}\n`);
    return EXIT.clean;
  }
  const without = refTargets(repository);
  const policyFrom = flags.policyFrom ?? (hasHead(repository) ? 'HEAD' : undefined);
  const clock = flags.budget === undefined ? undefined : new Budget(flags.budget, io.signal);
  const judge = policyFrom === undefined ? { config: false as const, inlineIgnores: 'none' as const } : { policyFrom };
  try {
    const mode = { kind: 'commits', from: [...from], without } as const;
    const code = await runScan([], { ...flags, ...COMMON, ...judge }, io, { mode, ...(clock === undefined ? {} : { signal: clock.signal }) });
    if (clock?.isOver === true) {
      await io.stderr.write(
        `keysift: the push was refused, since ${(flags.budget ?? 0) / 1000} s were not enough to look at it; push it in smaller parts\n`,
      );
    }
    return code;
  } finally {
    clock?.stop();
  }
}

async function linesOf(io: Io): Promise<string[][]> {
  const text = (await buffer(io.stdin)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(' '));
}

const SKIP = 'keysift.skip=';

function skipReason(env: NodeJS.ProcessEnv): string | undefined {
  const count = Math.min(100, Number(env['GIT_PUSH_OPTION_COUNT'] ?? '0') || 0);
  for (let index = 0; index < count; index++) {
    const option = env[`GIT_PUSH_OPTION_${index}`] ?? '';
    if (option.startsWith(SKIP) && option.length > SKIP.length) return option.slice(SKIP.length, 200);
  }
  return undefined;
}

/** A signal that a person or the clock gives, whichever is first. */
class Budget {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #pass = (): void => this.#abort.abort(this.#outer?.reason);

  constructor(milliseconds: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    outer?.addEventListener('abort', this.#pass, { once: true });
    this.#timer = setTimeout(() => this.#abort.abort(OUT_OF_TIME), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isOver(): boolean {
    return this.signal.reason === OUT_OF_TIME;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#pass);
  }
}
