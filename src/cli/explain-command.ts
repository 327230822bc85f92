/** `keysift explain RULE|ID`: everything about a rule, or about a finding of a report or of a scan made for it. */
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { withHalves } from '../model/finding.ts';
import type { Rule } from '../model/rule.ts';
import { didYouMean } from '../model/nearest.ts';
import { explainFinding, explainRule } from '../report/explain.ts';
import type { FindingV1 } from '../report/json-v1.ts';
import { toReportV1 } from '../report/json.ts';
import { findById } from './finding-id.ts';
import type { Io } from './io.ts';
import { scanForPolicy } from './policy-scan.ts';
import { readReportFile } from './report-command.ts';
import { policyOf, type PolicyFlags } from './run-policy.ts';

export interface ExplainFlags extends PolicyFlags {
  readonly report?: string;
}

/** Ids of findings; a start of one will do. */
const FINDING_ID = /^[0-9a-f]{6,20}$/;

export async function runExplain(given: string, flags: ExplainFlags, io: Io): Promise<ExitCode> {
  const { rules: set } = await policyOf(flags, { paths: [], mode: { kind: 'full', worktree: true, history: true } }, io);
  const rule = set.rules.find(({ id }) => id === given);
  if (rule !== undefined && flags.report === undefined) {
    await io.stdout.write(explainRule(rule));
    return EXIT.clean;
  }
  if (!FINDING_ID.test(given)) throw unknown(given, set.rules);
  const report =
    flags.report === undefined
      ? toReportV1((await scanForPolicy(flags, io)).report, { showSecrets: false })
      : (await readReportFile(flags.report, io)).report;
  const where = flags.report === undefined ? 'in the working tree or the history' : 'in that report';
  const finding = findById(given, withHalves<FindingV1>([...report.findings, ...report.suppressed]), where); // also one that somebody accepted
  await io.stdout.write(
    explainFinding(
      finding,
      set.rules.find(({ id }) => id === finding.ruleId),
    ),
  );
  return EXIT.clean;
}

function unknown(given: string, rules: readonly Rule[]): UserError {
  return new UserError(
    `"${given.slice(0, 80)}" is neither a rule nor the id of a finding`,
    didYouMean(
      given,
      rules.map(({ id }) => id),
      'keysift rules list names all rules; a finding tells its id in its last line.',
    ),
  );
}
