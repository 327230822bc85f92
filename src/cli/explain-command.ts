/** `keysift explain RULE|ID`: everything about a rule, or about a finding of a report or of a scan made for it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Rule, RuleSet } from '../model/rule.ts';
import { explainFinding, explainRule } from '../report/explain.ts';
import { toReportV1 } from '../report/json.ts';
import { reportV1, type ReportV1 } from '../report/json-v1.ts';
import type { Io } from './io.ts';
import { activeRules } from './rule-files.ts';

export interface ExplainFlags {
  readonly report?: string;
  readonly rules: readonly string[];
}

/** Ids of findings; a start of one will do. */
const FINDING_ID = /^[0-9a-f]{6,20}$/;

export async function runExplain(given: string, flags: ExplainFlags, io: Io): Promise<ExitCode> {
  const set = await activeRules(flags.rules, io);
  const rule = set.rules.find(({ id }) => id === given);
  if (rule !== undefined && flags.report === undefined) {
    await io.stdout.write(explainRule(rule));
    return EXIT.clean;
  }
  if (!FINDING_ID.test(given)) throw unknown(given, set.rules);
  const report = flags.report === undefined ? await scanned(set, io) : readReport(resolve(io.cwd, flags.report));
  const found = report.findings.filter(({ id }) => id.startsWith(given));
  const [finding] = found;
  if (finding === undefined) {
    throw new UserError(
      `there is no finding ${given}${flags.report === undefined ? ' in this repository' : ' in that report'}`,
      flags.report === undefined
        ? 'Run keysift for the ids of now, or give the report that names it with --report.'
        : 'Check the id, or leave out --report to scan again.',
    );
  }
  if (found.length > 1) throw new UserError(`${found.length} findings begin with ${given}`, 'Write more of the id.');
  await io.stdout.write(
    explainFinding(
      finding,
      set.rules.find(({ id }) => id === finding.ruleId),
    ),
  );
  return EXIT.clean;
}

async function scanned(rules: RuleSet, io: Io): Promise<ReportV1> {
  const { scan } = await import('../scan/scan.ts');
  const report = await scan({
    rules,
    cwd: io.cwd,
    environment: io.env,
    paths: [],
    mode: { kind: 'full', worktree: true, history: true },
    untracked: true,
    ignored: false,
    allObjects: false,
    reader: 'pack',
    maxFileSize: Number.POSITIVE_INFINITY,
    jobs: io.cpus,
    minSeverity: 'info',
    minConfidence: 'low',
    now: io.now(),
    clock: io.clock,
    signal: io.signal,
    explain: false,
  });
  return toReportV1(report, { showSecrets: false });
}

/** Throws a `UserError` for anything that is not a report of this program. A secret in it is not read. */
function readReport(path: string): ReportV1 {
  let plain: unknown;
  try {
    plain = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UserError(`cannot read the report ${path}: ${code ?? 'it is no JSON'}`, 'Make one with keysift -f json > report.json.');
  }
  const result = v.safeParse(reportV1, plain);
  if (result.success) return result.output;
  const where = (result.issues[0].path ?? []).map(({ key }) => String(key)).join('.');
  throw new UserError(
    `${path} is no report of schema version 1${where === '' ? '' : `: see ${where}`}`,
    'Make one with keysift -f json > report.json.',
  );
}

function unknown(given: string, rules: readonly Rule[]): UserError {
  const shown = given.replace(/[^ -~]/g, '?').slice(0, 80);
  const near = rules.map(({ id }) => id).filter((id) => given.length >= 3 && id.includes(given.toLowerCase()));
  return new UserError(
    `"${shown}" is neither a rule nor the id of a finding`,
    near.length > 0 ? `Did you mean ${near.slice(0, 3).join(', ')}?` : 'keysift rules list names all rules; a finding tells its id in its last line.',
  );
}
