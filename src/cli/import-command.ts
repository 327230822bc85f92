/** `keysift rules import FILE`: rules of another scanner as a rule file. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { writeWhole } from '../model/whole-file.ts';
import { ruleFileText } from '../policy/foreign-rules.ts';
import { safeText } from '../report/safe-text.ts';
import { readForeign } from './foreign-file.ts';
import type { Io } from './io.ts';

export interface ImportFlags {
  /** Undefined: standard output. */
  readonly output?: string;
}

export async function runImport(file: string, flags: ImportFlags, io: Io): Promise<ExitCode> {
  const { rules, given, carried, exclude, settings, ignores, lost } = await readForeign(file, io.cwd);
  const yaml = ruleFileText(rules);
  if (flags.output === undefined) await io.stdout.write(yaml);
  else {
    const path = resolve(io.cwd, flags.output);
    if (existsSync(path)) throw new UserError(`${flags.output} is there already`, 'Take it away, or name another file.');
    writeWhole(path, yaml);
  }
  const more =
    exclude.length + Object.keys(settings).length + ignores.length > 0
      ? ['what it leaves out or allows is no rule: keysift init --from brings that over too']
      : [];
  await io.stderr.write(
    `${[...lost, ...more].map((note) => `${safeText(note)}\n`).join('')}${carried} of ${given} rules were carried over. keysift rules test FILE tries them.\n`,
  );
  return EXIT.clean;
}
