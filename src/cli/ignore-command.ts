/** `keysift ignore ID --reason … [--until DATE] [--from REPORT]`: writes a line into `.keysiftignore`, and one for each half of its pair. */
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { withHalves } from '../model/finding.ts';
import { writeWhole } from '../model/whole-file.ts';
import { entryFor, saltOf } from '../policy/baseline.ts';
import { FINDING_ID, formatEntry, isDate, parseEntries, type Entry } from '../policy/entry.ts';
import { IGNORE_FILE } from '../policy/load.ts';
import { DiskFiles } from '../policy/policy-files.ts';
import { matches } from '../policy/triage.ts';
import type { FindingV1 } from '../report/json-v1.ts';
import { safeText } from '../report/safe-text.ts';
import { RULE_ID } from '../rules/schema.ts';
import { findById } from './finding-id.ts';
import { IGNORE_HEADER, reasonOf } from './ignore-reason.ts';
import type { Io } from './io.ts';
import { holes, scanForPolicy } from './policy-scan.ts';
import { policyRoot, type PolicyFlags } from './run-policy.ts';

export interface IgnoreFlags extends PolicyFlags {
  readonly reason?: string;
  /** With an id a JSON report that holds it; without one a file of another scanner. */
  readonly from?: string;
  readonly until?: string;
}

/** What is to be accepted: by the line that says so, and what people call it. */
interface Accepted {
  readonly root: string;
  /** Incomplete where it comes from a scan with holes: the finding may be in places that nobody has seen. */
  readonly code: ExitCode;
  /** Given the entries that are there, the new ones, the finding's own first, and those that they replace. */
  readonly decide: (entries: readonly Entry[]) => { readonly added: readonly Omit<Entry, 'at'>[]; readonly replaced: readonly Entry[] };
}

export async function runIgnore(id: string | undefined, flags: IgnoreFlags, io: Io): Promise<ExitCode> {
  const { until, from } = flags;
  if (until !== undefined && (!isDate(until) || until < io.now().toISOString().slice(0, 10))) {
    throw new UserError(`--until needs a day that is not over, not "${until}"`, 'Write it as 2027-01-31.');
  }
  if (id === undefined) {
    if (from === undefined) throw new UserError('ignore takes an id, or --from FILE', 'keysift shows the ids of all findings.');
    const { importIgnores } = await import('./import-ignores-command.ts');
    return importIgnores(from, flags.reason, until, flags, io);
  }
  const more = { reason: reasonOf(flags.reason ?? ''), until };
  const { root, code, decide } = from === undefined ? await ofScan(id, more, flags, io) : await ofReport(id, from, more, io);
  const text = new DiskFiles(root).read(IGNORE_FILE) ?? IGNORE_HEADER;
  const { added, replaced } = decide(parseEntries(text, IGNORE_FILE, { reasons: true }));
  // An entry for the same finding is replaced, and everything else in the file stays as it is.
  const old = new Set(replaced.map(({ at }) => at));
  const kept = text.split('\n').filter((_line, index) => !old.has(`${IGNORE_FILE}:${index + 1}`));
  while (kept.at(-1) === '') kept.pop();
  writeWhole(join(root, IGNORE_FILE), `${[...kept, ...added.map(formatEntry)].join('\n')}\n`, { within: root });
  for (const { rule, place } of added) {
    const said = `${IGNORE_FILE}: ${rule} in ${place} is ignored${until === undefined ? '' : ` until ${until}`}`;
    await io.stdout.write(`${safeText(said)}\n`);
  }
  return code;
}

interface Words {
  readonly reason: string;
  readonly until: string | undefined;
}

async function ofScan(id: string, words: Words, flags: IgnoreFlags, io: Io): Promise<Accepted> {
  const { policy, report, findings } = await scanForPolicy(flags, io);
  await io.stderr.write(holes(report));
  const told = withHalves([findById(id, findings, 'in the working tree or the history')]);
  return {
    root: policy.root,
    code: report.complete ? EXIT.clean : EXIT.incomplete,
    decide(entries) {
      const salt = saltOf(entries);
      return {
        added: told.map((finding) => entryFor(finding, salt, words)),
        replaced: [...matches(entries, told, new Date(0))].filter(([, found]) => found.length > 0).map(([known]) => known),
      };
    },
  };
}

/** A report holds no secret, so the entry knows the finding by its id: the name and the file that the value is in. */
async function ofReport(given: string, file: string, words: Words, io: Io): Promise<Accepted> {
  const { readReportFile } = await import('./report-command.ts');
  const { report } = await readReportFile(file, io);
  const all = withHalves<FindingV1>([...report.findings, ...report.suppressed]);
  const told = withHalves([findById(given, all, 'in that report')]);
  if (!told.every(({ id, ruleId }) => FINDING_ID.test(id) && RULE_ID.test(ruleId)))
    throw new UserError('the report names that finding or its rule as no keysift does', 'Scan again.');
  return {
    root: policyRoot([], io.cwd),
    code: EXIT.clean,
    decide: (entries) => ({
      added: told.map(({ id, ruleId, locations }) => ({ key: id, rule: ruleId, place: locations[0]?.file ?? '', ...words })),
      replaced: entries.filter(({ key }) => told.some(({ id }) => id === key)),
    }),
  };
}
