/** `keysift ignore --from FILE`: what another scanner was told to ignore, as lines of `.keysiftignore`. */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Finding } from '../model/finding.ts';
import { entryFor, saltOf } from '../policy/baseline.ts';
import { formatEntry, parseEntries } from '../policy/entry.ts';
import { gitleaksIgnores, secretsBaselineIgnores, type ForeignIgnore } from '../policy/import-ignores.ts';
import { IGNORE_FILE } from '../policy/load.ts';
import { DiskFiles } from '../policy/policy-files.ts';
import { replaceFile } from '../policy/replace-file.ts';
import { safeText } from '../report/safe-text.ts';
import { IGNORE_HEADER, reasonOf } from './ignore-reason.ts';
import type { Io } from './io.ts';
import { holes, scanForPolicy } from './policy-scan.ts';
import type { PolicyFlags } from './run-policy.ts';

/** Lines for the findings of a scan that the other scanner ignores; what it ignores and no finding is, is listed. */
export async function importIgnores(
  file: string,
  given: string | undefined,
  until: string | undefined,
  flags: PolicyFlags,
  io: Io,
): Promise<ExitCode> {
  const foreign = read(file, io);
  const reason = reasonOf(given ?? `ignored in ${basename(file)}`);
  const { policy, report } = await scanForPolicy(flags, io);
  const text = new DiskFiles(policy.root).read(IGNORE_FILE) ?? IGNORE_HEADER;
  const salt = saltOf(parseEntries(text, IGNORE_FILE, { reasons: true }));
  const accepted = new Set<Finding>();
  const lost: string[] = [];
  for (const { shown, matches } of foreign) {
    const found = report.findings.filter(matches);
    for (const finding of found) accepted.add(finding);
    if (found.length === 0) lost.push(shown);
  }
  const lines = [...accepted].map((finding) => `${formatEntry(entryFor(finding, salt, { reason, until }))}\n`);
  if (lines.length > 0) replaceFile(join(policy.root, IGNORE_FILE), `${text}${text.endsWith('\n') ? '' : '\n'}${lines.join('')}`);
  await io.stderr.write(lost.map((shown) => `${safeText(shown)}: no finding of keysift, so it is left out\n`).join(''));
  await io.stdout.write(`${IGNORE_FILE}: ${lines.length} findings are ignored, for ${foreign.length - lost.length} of ${foreign.length} entries\n`);
  if (!report.complete) await io.stderr.write(holes(report));
  return report.complete ? EXIT.clean : EXIT.incomplete;
}

function read(file: string, io: Io): ForeignIgnore[] {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new UserError(
      `cannot read ${safeText(file)}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`,
      'Give a .gitleaksignore or a .secrets.baseline.',
    );
  }
  return text.trimStart().startsWith('{') ? secretsBaselineIgnores(text, file) : gitleaksIgnores(text, file);
}
