/**
 * Runs programs as children of a shell. A process that starts another one copies its page tables, and one of tests, with 150 to 200 MB, takes
 * 2 to 6 ms of CPU for that.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';

export interface Ended {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface SmallOptions {
  readonly cwd: string;
  /** All of it: the shell has a PATH alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

interface Shell {
  /** Removed with the other temporary ones of a test file; the next one has a shell of its own. */
  readonly folder: string;
  readonly commands: number;
  readonly codes: number;
}

let shell: Shell | undefined;

function start(): Shell {
  const folder = temporaryFolder();
  const [commands, codes] = ['commands', 'codes'].map((name) => join(folder, name)) as [string, string];
  spawnSync('mkfifo', [commands, codes]);
  // It ends when nobody can write commands any more, so with this process.
  spawn('sh', ['-c', `exec sh -s < ${quoted(commands)} 3> ${quoted(codes)}`], { env: { PATH: process.env['PATH'] }, stdio: 'ignore' }).unref();
  return { folder, commands: openSync(commands, 'w'), codes: openSync(codes, 'r') };
}

function running(): Shell {
  if (shell !== undefined && existsSync(shell.folder)) return shell;
  if (shell !== undefined) for (const file of [shell.commands, shell.codes]) closeSync(file);
  shell = start();
  return shell;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What a shell says of a program that it cannot start. */
const NOT_STARTED = new Set([126, 127]);

/**
 * Like `spawnSync`, but for what goes on after a program has ended: that is not waited for. A signal gives the status 128 and its number.
 * Throws when the program cannot be started, so that nobody takes that for its failure.
 */
export function runSmall(program: string, args: readonly string[], { cwd, env, input }: SmallOptions): Ended {
  const { folder, commands, codes } = running();
  const [given, out, errors] = ['given', 'out', 'errors'].map((name) => join(folder, name)) as [string, string, string];
  // What goes on after an earlier program writes to files of its own.
  for (const file of [out, errors]) rmSync(file, { force: true });
  if (input !== undefined) writeFileSync(given, input);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  const command = [...variables, program, ...args.map(quoted)].join(' ');
  const files = `< ${input === undefined ? '/dev/null' : quoted(given)} > ${quoted(out)} 2> ${quoted(errors)}`;
  writeSync(commands, `{ if cd ${quoted(cwd)}; then ${command} 3>&-; else (exit 127); fi; } ${files}; echo $? >&3\n`);
  const code = Buffer.alloc(8);
  const length = readSync(codes, code);
  if (length === 0) throw new Error(`the shell ended that was to run ${program} ${args.join(' ')}`);
  const status = Number(code.toString('latin1', 0, length));
  const [stdout, stderr] = [readFileSync(out), readFileSync(errors)];
  if (NOT_STARTED.has(status)) throw new Error(`${program} in ${cwd}: ${stderr.toString()}`);
  return { status, stdout, stderr };
}
