import { compareSeverity, type Severity } from './severity.ts';

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

/**
 * How a scan ends, whichever command reports it: a hole goes before any finding.
 * @param exitZero findings are told and do not fail; holes still do
 */
export function exitCodeOf(complete: boolean, findings: readonly { readonly severity: Severity }[], failOn: Severity, exitZero: boolean): ExitCode {
  if (!complete) return EXIT.incomplete;
  const failing = findings.some(({ severity }) => compareSeverity(severity, failOn) >= 0);
  return failing && !exitZero ? EXIT.findings : EXIT.clean;
}
