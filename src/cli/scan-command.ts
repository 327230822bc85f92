/** `keysift [scan]`: makes sense of the flags, scans, prints, and decides the exit code. */
import { UserError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Report } from '../model/report.ts';
import { compareSeverity, type Confidence, type Severity } from '../model/severity.ts';
import { toReportV1 } from '../report/json.ts';
import { safeText } from '../report/safe-text.ts';
import { VERSION } from '../report/version.ts';
import { scan, type ScanOptions } from '../scan/scan.ts';
import type { Io } from './io.ts';
import { readOutputs, writeOutputs } from './outputs.ts';
import { startProgress } from './progress.ts';
import { activeRules } from './rule-files.ts';

export interface ScanFlags {
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
  readonly rules: readonly string[];
  readonly failOn: Severity;
  readonly minConfidence: Confidence;
  readonly exitZero?: boolean;
  readonly maxFileSize?: number;
  readonly jobs?: number;
  readonly showSecrets?: boolean;
  readonly explain?: boolean;
  readonly progress: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export async function runScan(paths: readonly string[], flags: ScanFlags, io: Io): Promise<ExitCode> {
  const outputs = await readOutputs(flags.format ?? [], io);
  const progress = startProgress(io, flags.progress && flags.quiet !== true);
  const options: ScanOptions = {
    rules: await activeRules(flags.rules, io),
    cwd: io.cwd,
    environment: io.env,
    paths,
    mode: modeOf(paths, flags, io),
    untracked: flags.untracked,
    ignored: flags.ignored ?? false,
    allObjects: flags.allObjects ?? false,
    reader: flags.reader,
    cache: flags.cache === true ? VERSION : undefined,
    verifyObjects: flags.verifyObjects ?? false,
    maxFileSize: flags.maxFileSize ?? Number.POSITIVE_INFINITY,
    jobs: flags.jobs ?? io.cpus,
    minSeverity: 'info',
    minConfidence: flags.minConfidence,
    now: io.now(),
    clock: io.clock,
    signal: io.signal,
    explain: flags.explain === true,
    started: (totals) => progress.watch(totals),
  };
  let report: Report;
  try {
    report = await scan(options);
  } finally {
    progress.stop();
  }
  if (report.dropped.length > 0) await io.stderr.write(explained(report));
  await writeOutputs(outputs, (showSecrets) => toReportV1(report, { showSecrets }), flags, io);
  return exitCodeOf(report, flags, io.signal);
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
    throw new UserError(`${mode} takes no paths`, `Leave out "${safeText(paths[0] ?? '')}", or the flag.`);
  }
  if (flags.staged === true) return { kind: 'staged' };
  if (flags.stdin === true) return { kind: 'stdin', input: io.stdin, name: flags.stdinName };
  if (flags.range !== undefined) return rangeOf(flags.range);
  return { kind: 'full', worktree: flags.historyOnly !== true, history: flags.history };
}

function rangeOf(text: string): ScanOptions['mode'] {
  const match = text.includes('...') ? null : /^(.+?)\.\.(.*)$/s.exec(text);
  if (match?.[1] === undefined) throw new UserError(`"${safeText(text)}" is not a range`, 'Write A..B, such as origin/main..HEAD.');
  return { kind: 'range', base: match[1], head: match[2] === undefined || match[2] === '' ? 'HEAD' : match[2] };
}

function exitCodeOf(report: Report, flags: ScanFlags, signal: AbortSignal | undefined): ExitCode {
  if (signal?.aborted === true) return signal.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  if (!report.complete) return EXIT.incomplete;
  const failing = report.findings.some((finding) => compareSeverity(finding.severity, flags.failOn) >= 0);
  return failing && flags.exitZero !== true ? EXIT.findings : EXIT.clean;
}
