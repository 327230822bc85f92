/** The report for people: findings by severity, what to do next, and a closing line that never hides what is missing. */
import { append } from '../model/append.ts';
import type { Suppressor } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import type { FindingV1, HalfV1, LocationV1, ReportV1 } from './json-v1.ts';
import { remedyKey } from './remedy-lines.ts';
import { safeText } from './safe-text.ts';
import {
  adviceOf,
  adviceTitles,
  bySeverity,
  checkWords,
  count,
  grouped,
  maskOf,
  scannedWords,
  STATE_WORDS,
  TREAT_AS_LIVE,
  whenAndWhere,
  whyNot,
  morePlaces,
} from './words.ts';
import { displayWidth, pack, wrap } from './wrap.ts';

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
  /** All places and all units that were not scanned, instead of the first ones. */
  readonly verbose: boolean;
  /** Findings only. */
  readonly quiet: boolean;
  /** Lines are broken to fit; infinite where nobody looks at them in a terminal. */
  readonly columns: number;
  /** Also findings that somebody accepted. */
  readonly suppressed?: boolean;
}

const SHOWN_LOCATIONS = 5;
const SHOWN_NOT_SCANNED = 10;
/** A narrower terminal breaks the lines itself. */
const NARROWEST = 40;
/** Columns of a mask: the eight characters of a prefix and four stars. */
const LONGEST_MASK = 12;
/** Columns of a label. */
const INDENT = 6;
const DOT = ' · ';

export function renderText(report: ReportV1, given: TextOptions): string {
  const options = { ...given, columns: Math.max(NARROWEST, given.columns) };
  const parts = groups(report.findings).map((group) => renderGroup(group, options));
  if (!options.quiet) {
    parts.push(renderSuppressed(report, options), renderNotScanned(report, options), renderNotes(report, options), renderSummary(report, options));
  }
  return parts.filter((part) => part !== '').join('\n');
}

/** Findings in a row that are of one rule and want the same done: what to do is said once. */
function groups(findings: readonly FindingV1[]): FindingV1[][] {
  const all = new Map<string, FindingV1[]>();
  for (const finding of findings) {
    const key = `${finding.severity}\0${remedyKey(finding)}`;
    const group = all.get(key);
    if (group === undefined) all.set(key, [finding]);
    else group.push(finding);
  }
  return [...all.values()];
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

function renderGroup(group: readonly FindingV1[], options: TextOptions): string {
  const { styles } = options;
  const [first] = group;
  if (first === undefined) return '';
  const several = group.length > 1 ? `  ${styles.dim(count(group.length, 'finding'))}` : '';
  const lines = [`${colourOf(first.severity, options)(styles.bold(first.severity.toUpperCase()))}  ${styles.bold(safeText(first.title))}${several}`];
  if (group.length === 1)
    append(lines, [
      ...renderHead(first, options),
      ...renderPlaces(first, options),
      ...renderHalves(first, options),
      ...labelled('why', first.evidence.map(safeText), options),
      ...renderAdvice(first, options),
    ]);
  else append(lines, renderAlike(group, options));
  lines.push(...labelled('do', [first.remedy.revoke, ...first.remedy.steps].map(safeText), options));
  const id = group.length > 1 ? [] : [`id ${safeText(first.id)}`];
  lines.push(...pack([`rule  ${safeText(first.ruleId)}`, ...id], DOT, options.columns - 2).map((line) => styles.dim(`  ${line}`)), '');
  return lines.join('\n');
}

/** Several findings of a group: what is the same for those in a row is said once, then each is a place and its id. */
function renderAlike(group: readonly FindingV1[], options: TextOptions): string[] {
  const lines: string[] = [];
  let before: { readonly key: string; readonly why: readonly string[] } | undefined;
  for (const finding of group) {
    const head = renderHead(finding, options);
    // Where each check saw it is with the single places; alike here means the same checks.
    const titles = options.verbose ? [] : [adviceTitles(finding)].filter((text) => text !== '').map(safeText);
    const also = options.verbose ? renderAdvice(finding, options) : labelled('also', titles, options);
    const why = [...labelled('why', finding.evidence.map(safeText), options), ...also];
    const key = JSON.stringify([head, why]);
    if (key !== before?.key) lines.push(...(before === undefined ? [] : [...before.why, '']), ...head);
    before = { key, why };
    append(lines, [...renderPlaces(finding, options, safeText(finding.id)), ...renderHalves(finding, options)]);
  }
  return [...lines, ...(before?.why ?? []), ''];
}

/** The mask, and in phrases whose it is, where and since when. */
function renderHead(finding: FindingV1, options: TextOptions): string[] {
  const { styles } = options;
  const mask = safeText(finding.secret ?? maskOf(finding));
  const phrases = [finding.provider, `${finding.confidence} confidence`, ...whenAndWhere(finding)].map(safeText);
  // A plain secret may be long; in a terminal it then has a line of its own.
  const ownLine = Number.isFinite(options.columns) && displayWidth(mask) > LONGEST_MASK;
  const indent = mask === '' || ownLine ? 2 : displayWidth(mask) + 4;
  const meta = pack(phrases, DOT, options.columns - indent).map((line) => styles.dim(line));
  const lines = ownLine ? [`  ${mask}`] : [];
  for (const [index, line] of meta.entries()) lines.push(`${index === 0 && mask !== '' && !ownLine ? `  ${mask}  ` : ' '.repeat(indent)}${line}`);
  return lines;
}

function renderPlaces(finding: HalfV1, options: TextOptions, id?: string): string[] {
  const { styles, columns } = options;
  const shown = options.verbose ? finding.locations : finding.locations.slice(0, SHOWN_LOCATIONS);
  const lines = shown.flatMap((location) => renderLocation(location, finding, options));
  const more = morePlaces(finding, shown.length);
  const hint = shown.length < finding.locations.length ? '; -v lists them' : '';
  if (more !== '') lines.push(styles.dim(`  and ${more}${hint}`));
  if (id === undefined) return lines;
  // Where there is colour, its signs count too: then an id may get a line of its own too early, and never too late.
  return lines.length === 1 && displayWidth(lines[0] ?? '') + id.length + 5 <= columns
    ? [`${lines[0]}  ${styles.dim(`id ${id}`)}`]
    : [...lines, styles.dim(`    id ${id}`)];
}

/** Public halves of its pair, each with its places and what it tells of the pair. */
function renderHalves({ halves = [] }: FindingV1, options: TextOptions): string[] {
  const inner = { ...options, columns: options.columns - INDENT };
  return halves.flatMap((half) => {
    const evidence = half.evidence.flatMap((sentence) => wrap(safeText(sentence), inner.columns - 2).map((line) => `  ${line}`));
    const below = [...renderPlaces(half, inner), ...evidence].map((line) => ' '.repeat(INDENT) + line);
    return [...labelled('with', [safeText(`${half.title} ${half.secret ?? maskOf(half)}`)], options), ...below];
  });
}

/** What else is wrong with its place; notes of severity `info` only where everything is wanted. */
function renderAdvice(finding: FindingV1, options: TextOptions): string[] {
  const checks = options.verbose ? (finding.checks ?? []) : adviceOf(finding);
  return labelled(
    'also',
    checks.map((check) => safeText(checkWords(check))),
    options,
  );
}

/** Sentences behind a label, each with a hanging indent. */
function labelled(label: 'with' | 'why' | 'also' | 'do', sentences: readonly string[], { styles, columns }: TextOptions): string[] {
  return sentences.flatMap((sentence, index) =>
    wrap(sentence, columns - INDENT - 2).map((line, row) => {
      const shown = row === 0 && (index === 0 || label !== 'do');
      return `  ${shown ? styles.dim(label) + ' '.repeat(INDENT - label.length) : ' '.repeat(INDENT)}${line}`;
    }),
  );
}

function renderLocation(location: LocationV1, finding: HalfV1, { styles, columns }: TextOptions): string[] {
  const place = `${safeText(location.file)}:${location.startLine}:${location.startColumn}`;
  const also = location.state === finding.state ? '' : STATE_WORDS[location.state];
  const commit = safeText((location.commit ?? '').slice(0, 10));
  const words = [also, commit].filter((word) => word !== '').join(', ');
  if (words === '') return [`  ${place}`];
  const fits = displayWidth(place) + displayWidth(words) + 6 <= columns;
  return fits ? [`  ${place}  ${styles.dim(`(${words})`)}`] : [`  ${place}`, styles.dim(`    (${words})`)];
}

const SUPPRESSOR_WORDS: Readonly<Record<Suppressor, string>> = {
  inline: 'a comment',
  'ignore-file': 'the ignore file',
  baseline: 'the baseline',
  exclude: 'an excluded path',
};

function renderSuppressed({ suppressed }: ReportV1, options: TextOptions): string {
  if (options.suppressed !== true || suppressed.length === 0) return '';
  const { styles } = options;
  const lines = suppressed.map(({ ruleId, id, locations: [place], by, reason, until }) => {
    const where = place === undefined ? '' : `${safeText(place.file)}:${place.startLine}:${place.startColumn}`;
    const why = [SUPPRESSOR_WORDS[by], ...(until === undefined ? [] : [`until ${until}`]), ...(reason === '' ? [] : [reason])].join(', ');
    return `  ${safeText(ruleId)}  ${where}  ${styles.dim(safeText(`${why} · id ${id}`))}`;
  });
  return `${[styles.bold(`SUPPRESSED: ${count(suppressed.length, 'finding')}`), ...lines].join('\n')}\n`;
}

function renderNotScanned({ notScanned }: ReportV1, options: TextOptions): string {
  if (notScanned.length === 0) return '';
  const { styles, columns } = options;
  const lines = [styles.yellow(styles.bold(`NOT SCANNED: ${count(notScanned.length, 'unit')}`))];
  const shown = options.verbose ? notScanned : notScanned.slice(0, SHOWN_NOT_SCANNED);
  for (const entry of shown) {
    const unit = safeText(entry.unit);
    const why = safeText(whyNot(entry));
    if (displayWidth(unit) + displayWidth(why) + 4 <= columns) lines.push(`  ${unit}  ${styles.dim(why)}`);
    else lines.push(`  ${unit}`, ...wrap(why, columns - 6).map((line) => styles.dim(`      ${line}`)));
  }
  if (shown.length < notScanned.length) lines.push(styles.dim(`  and ${count(notScanned.length - shown.length, 'more')}; -v lists them`));
  return `${lines.join('\n')}\n`;
}

function renderNotes({ scan }: ReportV1, { styles, columns }: TextOptions): string {
  return scan.notes
    .map((note) =>
      wrap(safeText(note), columns - 6)
        .map((line, row) => `${row === 0 ? styles.dim('note:') : '     '} ${line}\n`)
        .join(''),
    )
    .join('');
}

function renderSummary(report: ReportV1, { styles, columns }: TextOptions): string {
  const { counts, findings, notScanned } = report;
  const numbers = bySeverity(findings).map(([severity, number]) => `${number} ${severity}`);
  const [verdict, colour] =
    findings.length > 0
      ? [`${count(findings.length, 'finding')} (${numbers.join(', ')})`, styles.red]
      : notScanned.length > 0 || !report.scan.complete
        ? ['No findings in what was scanned, but the scan is incomplete', styles.yellow]
        : ['No findings', styles.green];
  const excluded = Object.entries(report.excluded).map(([reason, number]) => `${number} × ${safeText(reason)}`);
  const tail = [
    `${scannedWords(counts)} in ${(report.scan.durationMs / 1000).toFixed(1)} s`,
    ...(report.tool.activeRules === undefined ? [] : [`${report.tool.activeRules} rules`]),
    ...((report.scan.policy ?? []).length > 0 ? [`policy ${(report.scan.policy ?? []).map(safeText).join(', ')}`] : []),
    ...(notScanned.length > 0 ? [`${notScanned.length} not scanned`] : []),
    ...(counts.suppressed > 0 ? [`${grouped(counts.suppressed)} suppressed`] : []),
    ...(excluded.length > 0 ? [`left out: ${excluded.join(', ')}`] : []),
  ];
  const oneLine = displayWidth(verdict) + 2 + displayWidth(tail.join(DOT)) <= columns;
  const rest = pack(tail, DOT, columns).map((line) => styles.dim(line));
  const head = styles.bold(colour(verdict));
  const next =
    findings.length > 0
      ? wrap(`${TREAT_AS_LIVE} Details: keysift explain ID; a false alarm: keysift ignore ID`, columns).map((line) => `${styles.dim(line)}\n`)
      : [];
  return `${oneLine ? `${head}  ${rest.join('')}` : [head, ...rest].join('\n')}\n${next.join('')}`;
}
