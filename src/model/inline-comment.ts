/** What the program's own ignore comments begin with. */
export const OWN_MARKER = 'keysift:allow';

/** A comment in scanned text that asks for silence: keysift's own or another scanner's. Plain data, since it travels between threads. */
export interface InlineComment {
  /** The words that make it one, such as `keysift:allow` or `gitleaks:allow`. */
  readonly marker: string;
  /** Rules that it names; all when empty. Other scanners' rule names mean nothing here. */
  readonly rules: readonly string[];
  /** Empty when none is given. */
  readonly reason: string;
  /** Where it stands. */
  readonly line: number;
  /** The lines that it covers, both included. */
  readonly from: number;
  readonly to: number;
  /** Covers everything to the end of the text because nothing ends it. */
  readonly open: boolean;
}
