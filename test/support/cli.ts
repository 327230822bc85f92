/** Runs the command line in this process, with everything that it says and a clock that stands still. */
import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Io, Output } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { home } from './repository.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** Besides PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly now?: Date;
  readonly signal?: AbortSignal;
  readonly cpus?: number;
}

export const NOW = new Date('2026-07-01T00:00:00Z');
const BINARY = fileURLToPath(new URL('../../bin/keysift.js', import.meta.url));

class Captured implements Output {
  readonly isTerminal = false;
  readonly columns = 80;
  text = '';

  write(text: string): Promise<void> {
    this.text += text;
    return Promise.resolve();
  }
}

export async function keysift(argv: readonly string[], options: CliOptions = {}): Promise<Outcome> {
  const stdout = new Captured();
  const stderr = new Captured();
  const io: Io = {
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout,
    stderr,
    cwd: options.cwd ?? home(),
    env: environment(options.env),
    now: () => options.now ?? NOW,
    clock: () => 0,
    cpus: options.cpus ?? 2,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const code = await run(argv, io);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** A run with `--format json`, parsed. */
export async function keysiftJson(
  argv: readonly string[],
  options: CliOptions = {},
): Promise<{ code: number | null; report: ReportV1; stderr: string }> {
  const { code, stdout, stderr } = await keysift([...argv, '--format', 'json'], options);
  try {
    return { code, report: JSON.parse(stdout) as ReportV1, stderr };
  } catch {
    throw new Error(`no JSON on stdout, but ${JSON.stringify(stdout)}; stderr: ${stderr}`);
  }
}

/** The real program as a process of its own. */
export function runBinary(argv: readonly string[], options: CliOptions = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, ...argv], {
    cwd: options.cwd ?? home(),
    env: environment(options.env),
    input: options.stdin ?? '',
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

export { BINARY };

function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home(), ...more };
}
