/** `keysift [scan]`: makes sense of the flags, scans, prints, and decides the exit code. */
import { UserError } from '../model/errors.ts';
import { exitCodeOf, type ExitCode } from '../model/exit-code.ts';
import type { Report } from '../model/report.ts';
import type { ReportV1 } from '../report/json-v1.ts';
import { toReportV1 } from '../report/json.ts';
import { withoutSecrets } from '../report/plain-secrets.ts';
import { safeText } from '../report/safe-text.ts';
import { VERSION } from '../report/version.ts';
import type { ScanOptions } from '../scan/options.ts';
import { scan } from '../scan/scan.ts';
import { stopCode, type Io } from './io.ts';
import { readOutputs, writeOutputs } from './outputs.ts';
import { startProgress } from './progress.ts';
import { policyOf, scanTerms, type PolicyFlags } from './run-policy.ts';

export interface ScanFlags extends PolicyFlags {
  readonly staged?: boolean;
  readonly range?: string;
  readonly history: boolean;
  readonly historyOnly?: boolean;
  readonly stdin?: boolean;
  readonly stdinName: string;
  readonly untracked: boolean;
  readonly ignored?: boolean;
  readonly allObjects?: boolean;
  readonly reader: 'pack' | 'git';
  readonly cache?: boolean;
  readonly verifyObjects?: boolean;
  readonly format?: readonly string[];
  readonly exitZero?: boolean;
  readonly showSecrets?: boolean;
  readonly showSuppressed?: boolean;
  readonly explain?: boolean;
  readonly progress: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** What a hook asks for in place of what flags say. */
export interface HookChoice {
  readonly mode: ScanOptions['mode'];
  /** Ends the scan by the clock; it is incomplete then. */
  readonly signal?: AbortSignal;
}

export async function runScan(paths: readonly string[], flags: ScanFlags, io: Io, hook?: HookChoice): Promise<ExitCode> {
  const outputs = await readOutputs(flags.format ?? [], io);
  const { report, code } = await scanned(paths, flags, io, hook);
  await writeOutputs(outputs, (showSecrets) => (showSecrets ? report : withoutSecrets(report)), flags, io);
  return stopCode(io.signal) ?? code;
}

/**
 * What is to be written, and how the run ends by it. A function of its own, so that findings and accepted entries are gone when
 * reports are made: of a hundred thousand each takes a hundred megabytes.
 */
async function scanned(paths: readonly string[], flags: ScanFlags, io: Io, hook?: HookChoice): Promise<{ report: ReportV1; code: ExitCode }> {
  const mode = hook?.mode ?? modeOf(paths, flags, io);
  const policy = await policyOf(flags, { paths, mode }, io);
  const progress = startProgress(io, flags.progress && flags.quiet !== true);
  const options: ScanOptions = {
    ...scanTerms(policy, io),
    cwd: io.cwd,
    paths,
    mode,
    untracked: flags.untracked,
    ignored: flags.ignored ?? false,
    allObjects: flags.allObjects ?? false,
    reader: flags.reader,
    cache: flags.cache === true ? VERSION : undefined,
    verifyObjects: flags.verifyObjects ?? false,
    signal: hook?.signal ?? io.signal,
    explain: flags.explain === true,
    started: (totals) => progress.watch(totals),
  };
  let report: Report;
  try {
    const made = await scan(options);
    report = { ...made, notes: [...policy.notes, ...made.notes] };
  } finally {
    progress.stop();
  }
  if (report.dropped.length > 0) await io.stderr.write(explained(report));
  return {
    report: toReportV1(report, { showSecrets: flags.showSecrets === true }),
    code: exitCodeOf(report.complete, report.findings, policy.failOn, flags.exitZero === true),
  };
}

/** What the filters took away, a line each. */
function explained(report: Report): string {
  return report.dropped
    .map(({ file, offset, ruleId, filter, reason }) => `${safeText(file)}: byte ${offset}: ${ruleId} dropped by ${filter}: ${reason}\n`)
    .join('');
}

function modeOf(paths: readonly string[], flags: ScanFlags, io: Io): ScanOptions['mode'] {
  const modes = [
    flags.staged === true ? '--staged' : '',
    flags.range === undefined ? '' : '--range',
    flags.stdin === true ? '--stdin' : '',
    flags.historyOnly === true ? '--history-only' : '',
    flags.history ? '' : '--no-history',
  ].filter((mode) => mode !== '');
  if (modes.length > 1) throw new UserError(`${modes.join(' and ')} exclude each other`, 'Give one of them.');
  const [mode] = modes;
  if (paths.length > 0 && (mode === '--staged' || mode === '--range' || mode === '--stdin')) {
    throw new UserError(`${mode} takes no paths`, `Leave out "${paths[0] ?? ''}", or the flag.`);
  }
  if (flags.staged === true) return { kind: 'staged' };
  if (flags.stdin === true) return { kind: 'stdin', input: io.stdin, name: flags.stdinName };
  if (flags.range !== undefined) return rangeOf(flags.range);
  return { kind: 'full', worktree: flags.historyOnly !== true, history: flags.history };
}

function rangeOf(text: string): ScanOptions['mode'] {
  const match = text.includes('...') ? null : /^(.+?)\.\.(.*)$/s.exec(text);
  if (match?.[1] === undefined) throw new UserError(`"${text}" is not a range`, 'Write A..B, such as origin/main..HEAD.');
  return { kind: 'range', base: match[1], head: match[2] === undefined || match[2] === '' ? 'HEAD' : match[2] };
}
