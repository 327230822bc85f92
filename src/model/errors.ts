/** Errors that are the user's to mend. Everything else is a bug and keeps its stack. */

/** One sentence saying what is wrong, and one saying what to do. Ends the run with exit code 2. */
export class UserError extends Error {
  /** Exactly what to try next; printed on a line of its own. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UserError';
    this.hint = hint;
  }
}
