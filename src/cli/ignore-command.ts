/** `keysift ignore ID --reason … [--until DATE]`: writes one line into `.keysiftignore`. */
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Finding } from '../model/finding.ts';
import { writeWhole } from '../model/whole-file.ts';
import { entryFor, saltOf } from '../policy/baseline.ts';
import { formatEntry, isDate, parseEntries } from '../policy/entry.ts';
import { IGNORE_FILE } from '../policy/load.ts';
import { DiskFiles } from '../policy/policy-files.ts';
import { matches } from '../policy/triage.ts';
import { safeText } from '../report/safe-text.ts';
import { IGNORE_HEADER, reasonOf } from './ignore-reason.ts';
import type { Io } from './io.ts';
import { holes, scanForPolicy } from './policy-scan.ts';
import type { PolicyFlags } from './run-policy.ts';

export interface IgnoreFlags extends PolicyFlags {
  readonly reason?: string;
  /** A file of another scanner, instead of an id. */
  readonly from?: string;
  readonly until?: string;
}

const SHORTEST_ID = 6;

export async function runIgnore(id: string | undefined, flags: IgnoreFlags, io: Io): Promise<ExitCode> {
  const { until, from } = flags;
  if ((id === undefined) === (from === undefined))
    throw new UserError('ignore takes an id, or --from FILE', 'keysift shows the ids of all findings.');
  if (until !== undefined && (!isDate(until) || until < io.now().toISOString().slice(0, 10))) {
    throw new UserError(`--until needs a day that is not over, not "${until}"`, 'Write it as 2027-01-31.');
  }
  if (from !== undefined) {
    const { importIgnores } = await import('./import-ignores-command.ts');
    return importIgnores(from, flags.reason, until, flags, io);
  }
  const reason = reasonOf(flags.reason ?? '');
  const { policy, report, findings } = await scanForPolicy(flags, io);
  const finding = findingOf(id ?? '', findings);
  const text = new DiskFiles(policy.root).read(IGNORE_FILE) ?? IGNORE_HEADER;
  const entries = parseEntries(text, IGNORE_FILE, { reasons: true });
  const entry = entryFor(finding, saltOf(entries), { reason, until });
  // An entry for the same finding is replaced, and everything else in the file stays as it is.
  const old = new Set([...matches(entries, [finding], new Date(0))].flatMap(([known, found]) => (found.length > 0 ? [known.at] : [])));
  const kept = text.split('\n').filter((_line, index) => !old.has(`${IGNORE_FILE}:${index + 1}`));
  while (kept.at(-1) === '') kept.pop();
  writeWhole(join(policy.root, IGNORE_FILE), `${[...kept, formatEntry(entry)].join('\n')}\n`, { within: policy.root });
  const where = finding.locations[0];
  await io.stdout.write(
    `${IGNORE_FILE}: ${finding.rule.id} in ${safeText(where?.file ?? '')} is ignored${until === undefined ? '' : ` until ${until}`}\n`,
  );
  if (!report.complete) await io.stderr.write(holes(report));
  return EXIT.clean;
}

function findingOf(id: string, findings: readonly Finding[]): Finding {
  const wanted = id.toLowerCase();
  const byId = findings.filter((finding) => finding.id === wanted);
  const byStart = wanted.length >= SHORTEST_ID ? findings.filter((finding) => finding.id.startsWith(wanted)) : [];
  const byOther = findings.filter((finding) => finding.otherIds.includes(wanted));
  for (const found of [byId, byStart, byOther]) {
    if (found.length > 1)
      throw new UserError(
        `"${id}" begins several ids`,
        `Write one out: ${found
          .slice(0, 5)
          .map((finding) => finding.id)
          .join(', ')}.`,
      );
    if (found[0] !== undefined) return found[0];
  }
  throw new UserError(`there is no finding "${id.slice(0, 80)}" in the working tree or the history`, 'keysift shows the ids of all findings.');
}
