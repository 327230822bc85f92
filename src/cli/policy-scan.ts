/** A scan of everything, for commands that write policy: they need to see what their entries are about. */
import { withHalves, type Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { safeText } from '../report/safe-text.ts';
import { whyNot } from '../report/words.ts';
import { scan } from '../scan/scan.ts';
import { Interrupted, stopCode, type Io } from './io.ts';
import { startProgress } from './progress.ts';
import { policyOf, scanTerms, type PolicyFlags, type RunPolicy } from './run-policy.ts';

export interface PolicyScan {
  readonly policy: RunPolicy;
  readonly report: Report;
  /** Those that nobody accepted; halves of pairs, which need entries of their own, behind their secrets. */
  readonly open: readonly Finding[];
  /** Also what is accepted already. */
  readonly findings: readonly Finding[];
}

/** The working tree and the whole history, or the folder where there is no repository. Throws `Interrupted`: half a scan decides nothing. */
export async function scanForPolicy(flags: PolicyFlags, io: Io): Promise<PolicyScan> {
  const mode = { kind: 'full', worktree: true, history: true } as const;
  const policy = await policyOf(flags, { paths: [], mode }, io);
  const progress = startProgress(io, true);
  try {
    const report = await scan({
      ...scanTerms(policy, io),
      cwd: policy.root,
      paths: [],
      mode,
      untracked: true,
      ignored: false,
      allObjects: false,
      reader: 'pack',
      verifyObjects: false,
      signal: io.signal,
      explain: false,
      started: (totals) => progress.watch(totals),
    });
    const stopped = stopCode(io.signal);
    if (stopped !== undefined) throw new Interrupted(stopped);
    const open = withHalves(report.findings);
    return { policy, report, open, findings: [...open, ...report.suppressed.map(({ finding }) => finding)] };
  } finally {
    progress.stop();
  }
}

/** What keeps a scan from being the whole truth, a line each; empty when it is. */
export function holes({ notScanned }: Report): string {
  return notScanned.map((entry) => `${safeText(`not scanned: ${entry.unit}: ${whyNot(entry)}`)}\n`).join('');
}
