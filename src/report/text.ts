/** The report for people: findings by severity, what to do next, and a closing line that never hides what is missing. */
import type { Finding, Location, State } from '../model/finding.ts';
import type { Reason } from '../model/not-scanned.ts';
import type { Report } from '../model/report.ts';
import { SEVERITIES, type Severity } from '../model/severity.ts';
import { remedyOf } from './remedy.ts';
import { safeText } from './safe-text.ts';

/** The few styles that the report needs; each returns its text unchanged where there is no colour. */
export interface Styles {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export interface TextOptions {
  readonly styles: Styles;
  readonly showSecrets: boolean;
  /** All places and all units that were not scanned, instead of the first ones. */
  readonly verbose: boolean;
  /** Findings only. */
  readonly quiet: boolean;
}

const SHOWN_LOCATIONS = 5;
const SHOWN_NOT_SCANNED = 10;

const STATE_WORDS: Readonly<Record<State, string>> = {
  head: 'in HEAD',
  branch: 'on another branch',
  tag: 'in a tag',
  history: 'only in history',
  staged: 'staged',
  worktree: 'in the working tree',
  stash: 'only in the stash',
  reflog: 'only in what git left behind',
  unreachable: 'unreachable',
  stdin: 'on standard input',
};

const REASON_WORDS: Readonly<Record<Reason, string>> = {
  EACCES: 'no permission to read it',
  'ENOENT-RACE': 'it vanished while the scan ran',
  'CHANGED-DURING-READ': 'it changed while it was read',
  'NOT-REGULAR': 'it is no regular file',
  'SYMLINK-OUT': 'it links to a place outside',
  'TOO-DEEP': 'it lies too deep',
  'TOO-LARGE': 'it is larger than allowed',
  'RULE-TIMEOUT': 'a rule took too long',
  'WORKER-LOST': 'a worker died twice on it',
  'OBJECT-MISSING': 'the object is missing',
  'OBJECT-CORRUPT': 'the object is corrupt',
  'REF-BROKEN': 'the ref is broken',
  SHALLOW: 'the clone is shallow',
  PROMISOR: 'the clone is partial',
  'SUBMODULE-ABSENT': 'the submodule is not checked out',
  'GIT-FAILED': 'git failed',
  'GIT-KILLED': 'git was killed',
  'TIME-BUDGET': 'time was up',
  'READ-ERROR': 'it could not be read',
};

export function renderText(report: Report, options: TextOptions): string {
  const parts = report.findings.map((finding) => renderFinding(finding, options));
  if (!options.quiet) {
    parts.push(renderNotScanned(report, options), renderNotes(report, options), renderSummary(report, options));
  }
  return parts.filter((part) => part !== '').join('\n');
}

function colourOf(severity: Severity, { styles }: TextOptions): (text: string) => string {
  switch (severity) {
    case 'critical':
    case 'high':
      return styles.red;
    case 'medium':
      return styles.yellow;
    case 'low':
    case 'info':
      return styles.cyan;
  }
}

function renderFinding(finding: Finding, options: TextOptions): string {
  const { styles } = options;
  const { rule } = finding;
  const provider = rule.provider === 'unattributed' ? 'unattributed' : rule.provider;
  const head = `${colourOf(finding.severity, options)(styles.bold(finding.severity.toUpperCase()))}  ${styles.bold(rule.title)}`;
  const plain = finding.secret.reveal();
  const secret = plain === '' ? '' : `${options.showSecrets ? safeText(plain) : finding.secret.toString()}  `;
  const lines = [head, `  ${secret}${styles.dim(`${provider} · ${finding.confidence} confidence · ${whenAndWhere(finding)}`)}`];
  const places = options.verbose ? finding.locations : finding.locations.slice(0, SHOWN_LOCATIONS);
  for (const location of places) lines.push(`  ${renderLocation(location, finding, styles)}`);
  const more = finding.locations.length - places.length;
  if (more > 0) lines.push(styles.dim(`  and ${count(more, 'more place')}; -v lists them`));
  for (const evidence of finding.evidence) lines.push(`  ${styles.dim('why')}   ${safeText(evidence)}`);
  for (const { rule: check, saw, severity } of finding.checks)
    if (options.verbose || severity !== 'info') lines.push(`  ${styles.dim('also')}  ${safeText(`${check.title}: ${saw}`)}`);
  const remedy = remedyOf(finding);
  lines.push(`  ${styles.dim('do')}    ${safeText(remedy.revoke)}`);
  for (const step of remedy.steps) lines.push(`        ${safeText(step)}`);
  lines.push(styles.dim(`  rule  ${rule.id} · id ${finding.id}`), '');
  return lines.join('\n');
}

function whenAndWhere(finding: Finding): string {
  const words = [STATE_WORDS[finding.state]];
  const { firstSeen, lastSeen } = finding;
  if (firstSeen !== undefined)
    words.push(`since ${firstSeen.date.slice(0, 10)} in ${firstSeen.commit.slice(0, 10)} by ${safeText(nameOf(firstSeen.author))}`);
  if (finding.state === 'history' && lastSeen !== undefined) words.push(`last in ${lastSeen.commit.slice(0, 10)}`);
  if (finding.daysExposed !== undefined) words.push(`at least ${count(finding.daysExposed, 'day')}`);
  return words.join(' · ');
}

/** The name without the mail address. */
function nameOf(author: string): string {
  return author.replace(/\s*<[^>]*>?$/, '') || author;
}

function renderLocation(location: Location, finding: Finding, styles: Styles): string {
  const place = `${safeText(location.file)}:${location.startLine}:${location.startColumn}`;
  const also = location.state === finding.state ? '' : STATE_WORDS[location.state];
  const commit = location.commit === undefined ? '' : location.commit.slice(0, 10);
  const words = [also, commit].filter((word) => word !== '').join(', ');
  return words === '' ? place : `${place}  ${styles.dim(`(${words})`)}`;
}

function renderNotScanned(report: Report, options: TextOptions): string {
  const { notScanned } = report;
  if (notScanned.length === 0) return '';
  const { styles } = options;
  const lines = [styles.yellow(styles.bold(`NOT SCANNED: ${count(notScanned.length, 'unit')}`))];
  const shown = options.verbose ? notScanned : notScanned.slice(0, SHOWN_NOT_SCANNED);
  for (const { unit, reason, detail } of shown)
    lines.push(`  ${safeText(unit)}  ${styles.dim(`${reason}: ${REASON_WORDS[reason]}${detail === '' ? '' : `; ${safeText(detail)}`}`)}`);
  if (shown.length < notScanned.length) lines.push(styles.dim(`  and ${count(notScanned.length - shown.length, 'more')}; -v lists them`));
  return `${lines.join('\n')}\n`;
}

function renderNotes(report: Report, { styles }: TextOptions): string {
  return report.notes.map((note) => `${styles.dim('note:')} ${safeText(note)}\n`).join('');
}

function renderSummary(report: Report, { styles }: TextOptions): string {
  const { counts, findings, notScanned } = report;
  const bySeverity = SEVERITIES.toReversed().flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}`];
  });
  const verdict =
    findings.length > 0
      ? styles.red(`${count(findings.length, 'finding')} (${bySeverity.join(', ')})`)
      : notScanned.length > 0
        ? styles.yellow('No findings in what was scanned, but the scan is incomplete')
        : styles.green('No findings');
  const units = [
    counts.files > 0 ? count(counts.files, 'file') : '',
    counts.blobs > 0 ? count(counts.blobs, 'blob') : '',
    counts.commits > 0 ? count(counts.commits, 'commit') : '',
  ];
  const scanned = units.filter((unit) => unit !== '').join(', ') || 'nothing';
  const excluded = Object.entries(report.excluded).map(([reason, number]) => `${number} × ${reason}`);
  const tail = [
    `${scanned}, ${megabytes(counts.bytes)} in ${(report.durationMs / 1000).toFixed(1)} s`,
    `${report.activeRules} rules`,
    ...(notScanned.length > 0 ? [`${notScanned.length} not scanned`] : []),
    ...(excluded.length > 0 ? [`left out: ${excluded.join(', ')}`] : []),
  ];
  const next =
    findings.length > 0
      ? `${styles.dim('Keys are not checked online: treat each as live. Revoke first, then clean up. Details: keysift explain ID')}\n`
      : '';
  return `${styles.bold(verdict)}  ${styles.dim(tail.join(' · '))}\n${next}`;
}

function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 || noun === 'more' ? '' : 's'}`;
}

/** `1,234,567`. The locale machinery would do it too, at 10 ms for its first number. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
