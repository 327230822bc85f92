/** What the process says to a pipeline. Documented in README; a test compares both. */
export const EXIT = {
  /** Everything asked for was scanned and nothing was found. */
  clean: 0,
  /** Everything asked for was scanned and something was found. */
  findings: 1,
  /** The run could not start, or its result means nothing. */
  failed: 2,
  /** Something asked for was not scanned; findings may exist too. */
  incomplete: 3,
  /** Ended by SIGINT. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
