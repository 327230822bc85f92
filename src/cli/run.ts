/** Runs one command line. The only place where errors become exit codes. */
import { CommanderError } from 'commander';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { readFault } from '../model/read-fault.ts';
import { complain } from './complain.ts';
import { Interrupted, type Io } from './io.ts';
import { createProgram } from './program.ts';

export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.failed; // an action that does not say how it ended has not ended well
  const output: Promise<void>[] = [];
  const program = createProgram(
    argv,
    io,
    (code) => {
      exitCode = code;
    },
    output,
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    await Promise.all(output);
    return exitCode;
  } catch (error) {
    await Promise.allSettled(output);
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.failed;
    if (error instanceof Interrupted) return error.code;
    const told = error instanceof UserError ? error : refusal(error);
    if (told === undefined) throw error;
    await complain(io, [`error: ${told.message}`, ...(told.hint === undefined ? [] : [told.hint])]);
    return EXIT.failed;
  }
}

/** What the system refused where no scan could go on without it; undefined for errors of any other kind. */
function refusal(error: unknown): UserError | undefined {
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return undefined;
  return new UserError(
    `the system refuses ${syscall}${path === undefined ? '' : ` of ${path}`}: ${readFault(error)}`,
    'Nothing was decided; try again.',
  );
}
