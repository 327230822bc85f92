/**
 * Every git call of the program. The environment is built from nothing, dangerous configuration is overridden on the
 * command line (which wins over the repository's own file), and no user text is ever an argument: ids go in on stdin.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve as resolvePath } from 'node:path';
import { UserError } from '../model/errors.ts';

/** Configuration that no scanned repository may decide. */
export const SAFE_CONFIG: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.alternateRefsCommand=',
  'core.attributesFile=/dev/null',
  'core.quotePath=false',
  'core.pager=cat',
  'core.multiPackIndex=false',
  'core.commitGraph=false',
  'advice.graftFileDeprecated=false',
  'diff.orderFile=/dev/null',
  'diff.external=',
  'diff.ignoreSubmodules=none',
  'diff.renames=false',
  'diff.noprefix=false',
  'log.showSignature=false',
  'log.showRoot=true',
  'log.follow=false',
  'log.mailmap=false',
  'color.ui=false',
  'column.ui=false',
  'i18n.logOutputEncoding=UTF-8',
  'protocol.allow=never',
  'gc.auto=0',
];

const SAFE_FLAGS = ['--no-pager', '--no-replace-objects', '--no-optional-locks'];

/** Variables that a hook's git sets and that name the index or the objects to look at. */
const HOOK_VARIABLES = ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_QUARANTINE_PATH'];
/** What git itself needs of the caller's environment; everything else is left out. */
const PASSED_VARIABLES = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SYSTEMROOT', 'TMPDIR', 'TEMP'];

/** More folders of objects. They only add objects, so every call is given them; what replaces objects is for hooks alone. */
export const ALTERNATES = 'GIT_ALTERNATE_OBJECT_DIRECTORIES';

export interface GitContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, so that a program planted in the scanned folder is never run. */
  readonly program: string;
  /** `--git-dir=…` where the repository was named explicitly. */
  readonly repositoryFlags: readonly string[];
  /** What git was asked and gave no whole answer to, with what it said instead. Whoever scans tells of each at the end. */
  readonly unanswered: Map<string, string>;
}

/**
 * @param hook pass on the variables by which git tells a hook which index and objects it is about
 * Throws a `UserError` when there is no git.
 */
export function gitContext(cwd: string, environment: NodeJS.ProcessEnv, options: { hook?: boolean; gitDir?: string } = {}): GitContext {
  const names = options.hook === true ? [...PASSED_VARIABLES, ...HOOK_VARIABLES] : PASSED_VARIABLES;
  const env: Record<string, string> = {
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_PAGER: 'cat',
  };
  for (const name of names) {
    const value = environment[name];
    if (value !== undefined) env[name] = value;
  }
  const alternates = environment[ALTERNATES];
  if (alternates !== undefined && alternates !== '') env[ALTERNATES] = fromFolder(cwd, alternates);
  return {
    cwd,
    env,
    program: findGit(environment['PATH'] ?? ''),
    repositoryFlags: options.gitDir === undefined ? [] : ['--bare', `--git-dir=${options.gitDir}`],
    unanswered: new Map(),
  };
}

/** Paths of a list, seen from a folder: git would see them from wherever the repository's root is. Quoted ones stay. */
function fromFolder(folder: string, list: string): string {
  if (list.includes('"')) return list;
  const entries = list.split(delimiter).filter((entry) => entry !== '');
  return entries.map((entry) => resolvePath(folder, entry)).join(delimiter);
}

function findGit(path: string): string {
  const names = process.platform === 'win32' ? ['git.exe'] : ['git'];
  for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
    for (const name of names) {
      const program = join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        if (!statSync(program).isFile()) continue;
      } catch {
        continue;
      }
      return program;
    }
  }
  throw new UserError('git was not found in PATH', 'Install git, or scan files alone with --no-history outside a repository.');
}

/** The full argument list of a call. */
export function gitArguments(context: GitContext, args: readonly string[]): string[] {
  return [...SAFE_FLAGS, ...SAFE_CONFIG.flatMap((entry) => ['-c', entry]), ...context.repositoryFlags, ...args];
}

export interface GitResult {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MAX_OUTPUT = 1_073_741_824;
/** Without a byte for this long a git process is taken for dead; a short call may not take longer in all. */
export const SILENCE_MS = 120_000;

/** Runs a short call to its end. Never throws for git's own failures: look at `status`. */
export function gitSync(context: GitContext, args: readonly string[], input?: string | Uint8Array): GitResult {
  const result = spawnSync(context.program, gitArguments(context, args), {
    cwd: context.cwd,
    env: context.env,
    maxBuffer: MAX_OUTPUT,
    timeout: SILENCE_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
    ...(input === undefined ? {} : { input }),
  });
  // What was started and then ended by force or by the clock has said something, even if nothing.
  // `stdout` is null in Node 20 then, and undefined from 22 on.
  if (result.output === null) {
    const { code, message } = result.error as NodeJS.ErrnoException;
    throw new UserError(`git could not be started: ${code ?? message}`, 'Check that git runs in this folder.');
  }
  return { status: result.status, stdout: result.stdout, stderr: result.stderr.toString('utf8') };
}

/**
 * The records of an answer, each of which `separator` ends. Where the call failed, or its last record was cut, that is
 * noted as unanswered.
 */
export function recordsOf(context: GitContext, question: string, result: GitResult, separator: string, statuses: readonly number[] = [0]): string[] {
  const records = result.stdout.toString('latin1').split(separator);
  const rest = records.pop();
  if (!statuses.includes(result.status ?? -1)) unanswered(context, question, failureOf({ code: result.status, signal: null, stderr: result.stderr }));
  else if (rest !== '') unanswered(context, question, CUT_OFF);
  return records;
}

/** Notes that git gave no whole answer. */
export function unanswered(context: GitContext, question: string, detail: string): void {
  context.unanswered.set(question, detail);
}

/** What an answer is that ends in the middle of a record, or holds what is none. */
export const CUT_OFF = 'git ended well, but what it said is cut off or is no answer';

/** Starts a long call whose output is read as it comes. */
export function gitSpawn(context: GitContext, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(context.program, gitArguments(context, args), { cwd: context.cwd, env: context.env, windowsHide: true });
}

/** How a child ended: only `close`, its code and the announced sizes say whether all of its output arrived. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Collects stderr (its first 64 KiB), kills a child that falls silent, and resolves when all streams are closed. */
export function ending(child: ChildProcessWithoutNullStreams): Promise<Ending> {
  let stderr = '';
  let timer = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS).unref();
  child.stdout.on('data', () => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS).unref();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 65_536) stderr += chunk.toString('utf8');
  });
  child.stdin.on('error', () => undefined); // EPIPE: the exit code tells the story
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stderr });
    });
  });
}

/** Why a call has failed, in words. */
export function failureOf({ code, signal, stderr }: Ending): string {
  return signal === null ? lastComplaint(stderr) || `git ended with code ${code}` : `git was ended by ${signal}`;
}

/**
 * Splits a stream at a byte, whatever its chunks; `record` gets each piece without the separator, which ends the last one
 * too. Answers whether it did: a piece without it was cut off.
 */
export async function eachRecord(child: ChildProcessWithoutNullStreams, separator: number, record: (bytes: Buffer) => void): Promise<boolean> {
  let rest: Buffer | undefined;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(separator); end >= 0; end = chunk.indexOf(separator, from)) {
      const piece = chunk.subarray(from, end);
      record(rest === undefined ? piece : Buffer.concat([rest, piece]));
      rest = undefined;
      from = end + 1;
    }
    if (from < chunk.length) rest = rest === undefined ? Buffer.from(chunk.subarray(from)) : Buffer.concat([rest, chunk.subarray(from)]);
  }
  return rest === undefined;
}

/** The last line that git wrote, without paths of this machine being anybody's business. */
export function lastComplaint(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1)!;
  return line.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 300);
}
