/** `keysift rules import FILE`: rules of another scanner as a rule file. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { importGitleaks } from '../policy/gitleaks-rules.ts';
import { replaceFile } from '../policy/replace-file.ts';
import { safeText } from '../report/safe-text.ts';
import { builtinRules } from '../rules/builtin.ts';
import type { Io } from './io.ts';

export interface ImportFlags {
  /** Undefined: standard output. */
  readonly output?: string;
}

export async function runImport(file: string, flags: ImportFlags, io: Io): Promise<ExitCode> {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${safeText(file)}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`, 'Give a .gitleaks.toml.');
  }
  const { yaml, given, carried, lost } = importGitleaks(text, file, builtinRules().rules);
  if (flags.output === undefined) await io.stdout.write(yaml);
  else {
    const path = resolve(io.cwd, flags.output);
    if (existsSync(path)) throw new UserError(`${safeText(flags.output)} is there already`, 'Take it away, or name another file.');
    replaceFile(path, yaml);
  }
  await io.stderr.write(
    `${lost.map((note) => `${safeText(note)}\n`).join('')}${carried} of ${given} rules were carried over. keysift rules test FILE tries them.\n`,
  );
  return EXIT.clean;
}
