/** Binds the command line to this process. Nothing else touches `process`. */
import { fstatSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve as absolute } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { writeFault } from '../model/whole-file.ts';
import { safeLines } from '../report/safe-text.ts';
import type { Io, Output } from './io.ts';
import { run } from './run.ts';

interface TerminalStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

class StreamOutput implements Output {
  readonly #stream: TerminalStream;
  #closed = false;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
    // A reader that has seen enough (`| head`) is no error of ours.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.#closed = true;
    });
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  write(text: string): Promise<void> {
    if (this.#closed || text === '') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error === null || error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
        else reject(new OutputError(`cannot write the report: ${writeFault(error)}`));
      });
    });
  }
}

class OutputError extends Error {}

const SIGNAL_CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** Sets the exit code and lets the process drain: `process.exit` would cut a pipe. */
export async function main(): Promise<void> {
  const abort = new AbortController();
  let code: ExitCode = EXIT.failed; // until proven otherwise: a promise that never settles must not read as clean
  // Set at the end alone: the parser of the command line takes an exit code that is there for its own.
  process.once('exit', () => {
    process.exitCode = code;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (abort.signal.aborted) {
        code = SIGNAL_CODES[signal];
        process.exit();
      }
      abort.abort(signal);
    });
  }
  // Node would print the error's message, which may quote scanned text. What nobody waits for comes here too.
  process.once('uncaughtException', (error) => {
    complain(crashText(error));
    code = EXIT.failed;
    process.exit();
  });
  try {
    code = await run(process.argv.slice(2), worldOf(abort.signal));
  } catch (error) {
    complain(error instanceof OutputError || error instanceof UserError ? `error: ${error.message}\n` : crashText(error));
  }
}

function worldOf(signal: AbortSignal): Io {
  return {
    // Only when it is asked for: to make it takes longer than to look at a file.
    get stdin() {
      return standardInput();
    },
    stdout: new StreamOutput(process.stdout),
    stderr: new StreamOutput(process.stderr),
    cwd: currentFolder(),
    env: process.env,
    now: currentTime,
    clock: milliseconds,
    cpus: availableParallelism(),
    self: [process.execPath, absolute(process.argv[1] ?? '')],
    signal,
  };
}

/** `performance` says the same, and takes a dozen modules to load. */
function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** Leaves a run a year to end in. */
const LAST_TIME = Date.UTC(9999, 0, 1);

/** Where the clock is wrong by millennia, a time whose year has four digits: dates of policy are compared as texts. */
function currentTime(): Date {
  return new Date(Math.min(Math.max(Date.now(), 0), LAST_TIME));
}

/** Node reads a folder as if it were empty, which would look clean. */
function standardInput(): Readable {
  if (!fstatSync(0).isDirectory()) return process.stdin;
  return new Readable({
    read() {
      this.destroy(new UserError('standard input is a folder', 'Give it a file or a pipe, or name the folder: keysift FOLDER.'));
    },
  });
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new UserError('the current folder is not there any more', 'Change into one that is.');
  }
}

/** A bug of ours in one line. Its message may quote scanned text, so it is only shown on request. */
function crashText(error: unknown): string {
  const debug = process.env['KEYSIFT_DEBUG'] === '1';
  const where = error instanceof Error ? (/\n\s+at ([^\n]{1,200})/.exec(error.stack ?? '')?.[1] ?? '') : '';
  const name = error instanceof Error ? error.name : typeof error;
  const place = where.replace(/\(?(?:file:\/\/)?\/.*\/(?=[^/]+$)/, '(');
  return `error: keysift failed (${name} at ${place}); nothing it printed may be trusted\nPlease report this.${debug ? `\n${(error as Error).stack ?? ''}` : ' KEYSIFT_DEBUG=1 shows the stack, which may quote scanned text.'}\n`;
}

function complain(text: string): void {
  try {
    writeSync(2, safeLines(text));
  } catch {
    // stderr is gone; the exit code says it.
  }
}
