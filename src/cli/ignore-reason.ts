/** What every way of accepting a finding shares: the head of the ignore file, and what a reason is. */
import { UserError } from '../model/errors.ts';

/** What a new ignore file begins with. */
export const IGNORE_HEADER = '# Findings that are accepted: ID RULE [until=YYYY-MM-DD] [PLACE] -- REASON. keysift ignore writes the lines.\n';

/** A reason is one line, for people. */
export function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new UserError('a reason is needed', 'Say why it is no leak: --reason "test key of the sandbox".');
  if (/[\u0000-\u001f\u007f]/.test(reason) || reason.length > 200)
    throw new UserError('a reason is one line of 200 characters at most', 'Make it shorter.');
  return reason;
}
