/** How a command line ends: each kind of error has its code, and what it printed has arrived before. */
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Io, Output } from '../../src/cli/io.ts';
import { Interrupted, stopCode } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { UserError } from '../../src/model/errors.ts';
import { temporaryFolder } from '../support/folder.ts';

class Slow implements Output {
  readonly isTerminal = false;
  readonly columns = 80;
  text = '';

  async write(text: string): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    this.text += text;
  }
}

/** A world in which asking for the time of day does what a test wants. */
async function ends(argv: readonly string[], now: () => Date = () => new Date(0)): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new Slow(), new Slow()];
  const cwd = temporaryFolder();
  const io: Io = { stdin: Readable.from([]), stdout, stderr, cwd, env: { PATH: process.env['PATH'] }, now, clock: () => 0, cpus: 1 };
  const code = await run(argv, io);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

const throwing = (error: unknown) => (): never => {
  throw error;
};

describe('a command line', () => {
  test.each([['--help'], ['--version'], ['help', 'scan']])('%s ends well, and all that it printed has arrived', async (...argv) => {
    const { code, stdout, stderr } = await ends(argv);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  test.each([
    [['--bogus'], "error: unknown option '--bogus'\n"],
    [['scan', '--fail-on', 'x'], "error: option '--fail-on <severity>' argument 'x' is invalid."],
    [['baseline', 'bogus'], "error: unknown command 'bogus'"],
    [['baseline'], 'Usage: keysift baseline'],
  ])('%j could not run: 2, and never 1', async (argv, words) => {
    const { code, stderr } = await ends(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('what is the user’s to mend is said in a sentence, and what to do in another, where there is one', async () => {
    expect(await ends(['--staged', '--stdin'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --staged and --stdin exclude each other\nGive one of them.\n',
    });
    expect(await ends(['--stdin'], throwing(new UserError('no time')))).toMatchObject({ code: 2, stderr: 'error: no time\n' });
  });

  test('a run that a signal stopped ends with the signal’s code, without a word', async () => {
    expect(await ends(['--stdin'], throwing(new Interrupted(143)))).toEqual({ code: 143, stdout: '', stderr: '' });
    const stopped = (reason: unknown): number | undefined => stopCode(AbortSignal.abort(reason));
    expect([stopped('SIGTERM'), stopped('SIGINT'), stopCode(new AbortController().signal), stopCode(undefined)]).toEqual([
      143,
      130,
      undefined,
      undefined,
    ]);
  });

  test.each([
    [{ code: 'EMFILE', syscall: 'open', path: '/x' }, 'error: the system refuses open of /x: EMFILE\nNothing was decided; try again.\n'],
    [{ code: 'EACCES', syscall: 'spawn' }, 'error: the system refuses spawn: no permission\nNothing was decided; try again.\n'],
  ])('what the system refuses is told: %j', async (error, stderr) => {
    expect(await ends(['--stdin'], throwing(Object.assign(new Error('x'), error)))).toEqual({ code: 2, stdout: '', stderr });
    for (const { code, syscall } of [
      { code: error.code, syscall: undefined },
      { code: undefined, syscall: 'x' },
    ]) {
      await expect(ends(['--stdin'], throwing(Object.assign(new Error('x'), { code, syscall })))).rejects.toThrow('x');
    }
  });

  test('a bug is nobody’s exit code', async () => {
    const bug = new TypeError('a bug');
    await expect(ends(['--stdin'], throwing(bug))).rejects.toBe(bug);
  });

  test('an action’s own code is the run’s', async () => {
    expect((await ends(['rules', 'show', 'no-such-rule'])).code).toBe(2);
    expect((await ends(['completion', 'bash'])).code).toBe(0);
    expect((await ends(['--stdin'])).code).toBe(0);
  });
});
