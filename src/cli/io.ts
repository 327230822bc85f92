/** The world that a command line touches, handed in so that tests can be it. */
import type { Readable } from 'node:stream';
import { EXIT, type ExitCode } from '../model/exit-code.ts';

export interface Output {
  /** Writes everything or fails: a full disk is an error, not a detail. */
  write(text: string): Promise<void>;
  readonly isTerminal: boolean;
  readonly columns: number;
}

export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  /** How this program was started: node and the script, absolute. Undefined where it runs inside another program. */
  readonly self?: readonly [node: string, script: string];
  /** Processors that may be used. */
  readonly cpus: number;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal?: AbortSignal;
}

/** The exit code of a run that a signal ended; undefined where none did. */
export function stopCode(signal: AbortSignal | undefined): ExitCode | undefined {
  if (signal?.aborted !== true) return undefined;
  return signal.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
}

/** Ends a run that a signal stopped before there was anything to say. */
export class Interrupted extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super('interrupted');
    this.code = code;
  }
}
