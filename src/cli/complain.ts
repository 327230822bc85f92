/** What goes wrong, said on stderr. A key given as an argument by mistake must not end up in the log of a build. */
import { safeText } from '../report/safe-text.ts';
import type { Io } from './io.ts';

/** No secret that shows by its shape alone is shorter; only for longer words are the rules loaded. */
const LONG_WORD = /[\w-]{16}/;

export async function complain(io: Io, lines: readonly string[]): Promise<void> {
  const shown = lines.some((line) => LONG_WORD.test(line)) ? await masked(lines) : lines;
  await io.stderr.write(shown.map((line) => `${safeText(line)}\n`).join(''));
}

async function masked(lines: readonly string[]): Promise<string[]> {
  const [{ builtinRules }, { Inspector }, { Mask }] = await Promise.all([
    import('../rules/builtin.ts'),
    import('../scan/inspector.ts'),
    import('../scan/mask.ts'),
  ]);
  const mask = new Mask(new Inspector(builtinRules()), []);
  return lines.map((line) => mask.apply(line));
}
