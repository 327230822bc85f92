/**
 * Whether a stream gets colour: our own decision, for each stream on its own. (The colour library turns colour on
 * whenever `CI` is set, also into a file, and for `FORCE_COLOR=0`.)
 */
import picocolors from 'picocolors';
import type { Styles } from '../report/text.ts';
import type { Output } from './io.ts';

export function wantsColour(stream: Pick<Output, 'isTerminal'>, env: NodeJS.ProcessEnv, flag: boolean | undefined): boolean {
  if (flag !== undefined) return flag;
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: terminal } = env;
  if (no !== undefined && no !== '') return false;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return stream.isTerminal && terminal !== 'dumb';
}

export function stylesFor(colour: boolean): Styles {
  const { bold, dim, red, yellow, green, cyan } = picocolors.createColors(colour);
  return { bold, dim, red, yellow, green, cyan };
}
