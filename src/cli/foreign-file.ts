/** Reads a file of another scanner that a command line names. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { readFault } from '../model/read-fault.ts';
import { importFile } from '../policy/foreign-files.ts';
import type { Takeover } from '../policy/takeover.ts';
import { builtinRules } from '../rules/builtin.ts';

/** @param folder what the file's name is relative to */
export function readForeign(file: string, folder: string): Promise<Takeover> {
  let text: string;
  try {
    text = readFileSync(resolve(folder, file), 'utf8');
  } catch (error) {
    throw new UserError(
      `cannot read ${file}: ${readFault(error)}`,
      'Give a file of another scanner, such as .gitleaks.toml, .gitleaksignore, .secretlintrc.json or .secrets.baseline.',
    );
  }
  return importFile(file, text, builtinRules().rules);
}
