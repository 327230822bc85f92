/** `keysift ignore --from FILE`: what another scanner was told to ignore, as lines of `.keysiftignore`. */
import { basename, join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Finding } from '../model/finding.ts';
import { writeWhole } from '../model/whole-file.ts';
import { entryFor, saltOf } from '../policy/baseline.ts';
import { formatEntry, parseEntries } from '../policy/entry.ts';
import type { ForeignIgnore } from '../policy/import-ignores.ts';
import { IGNORE_FILE } from '../policy/load.ts';
import { DiskFiles } from '../policy/policy-files.ts';
import { safeText } from '../report/safe-text.ts';
import { readForeign } from './foreign-file.ts';
import { IGNORE_HEADER, reasonOf } from './ignore-reason.ts';
import type { Io } from './io.ts';
import { holes, scanForPolicy } from './policy-scan.ts';
import type { PolicyFlags } from './run-policy.ts';

/** What some file ignores, and why its lines say so. */
export interface ForeignIgnores {
  readonly reason: string;
  readonly ignores: readonly ForeignIgnore[];
}

export async function importIgnores(
  file: string,
  given: string | undefined,
  until: string | undefined,
  flags: PolicyFlags,
  io: Io,
): Promise<ExitCode> {
  const { ignores } = await readForeign(file, io.cwd);
  if (ignores.length === 0) throw new UserError(`${file} ignores nothing that a finding could be`, 'Paths and rules: keysift init --from.');
  return acceptForeign([{ reason: given ?? reasonFor(file), ignores }], until, flags, io);
}

export function reasonFor(file: string): string {
  return `ignored in ${basename(file)}`;
}

/** Lines for the findings of a scan that the other scanner ignores; what it ignores and no finding is, is listed. */
export async function acceptForeign(foreign: readonly ForeignIgnores[], until: string | undefined, flags: PolicyFlags, io: Io): Promise<ExitCode> {
  const { policy, report, open } = await scanForPolicy(flags, io);
  const text = new DiskFiles(policy.root).read(IGNORE_FILE) ?? IGNORE_HEADER;
  const salt = saltOf(parseEntries(text, IGNORE_FILE, { reasons: true }));
  const accepted = new Map<Finding, string>();
  const lost: string[] = [];
  for (const { reason, ignores } of foreign) {
    for (const { shown, matches } of ignores) {
      const found = open.filter(matches);
      for (const finding of found) if (!accepted.has(finding)) accepted.set(finding, reasonOf(reason));
      if (found.length === 0) lost.push(shown);
    }
  }
  const lines = [...accepted].map(([finding, reason]) => `${formatEntry(entryFor(finding, salt, { reason, until }))}\n`);
  if (lines.length > 0)
    writeWhole(join(policy.root, IGNORE_FILE), `${text}${text.endsWith('\n') ? '' : '\n'}${lines.join('')}`, { within: policy.root });
  await io.stderr.write(lost.map((shown) => `${safeText(shown)}: no finding of keysift, so it is left out\n`).join(''));
  const all = foreign.reduce((sum, { ignores }) => sum + ignores.length, 0);
  await io.stdout.write(
    `${IGNORE_FILE}: ${lines.length === 1 ? '1 finding is' : `${lines.length} findings are`} ignored, for ${all - lost.length} of ${all} entries\n`,
  );
  await io.stderr.write(holes(report));
  return report.complete ? EXIT.clean : EXIT.incomplete;
}
