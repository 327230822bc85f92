/** Markdown for job summaries and comments, within the size that they take; what is cut is the least severe, and counted. */
import type { FindingV1, ReportV1 } from './json-v1.ts';
import { markdownCode, markdownText } from './markdown-text.ts';
import { isOnlyHistory, mostSevereFirst, placeOf } from './place.ts';
import { adviceTitles, count, grouped, maskOf, megabytes, STATE_WORDS, verdict, whyNot } from './words.ts';

/** A job summary takes 1 MiB; the rest is for what else a step writes into it. */
const LIMIT_BYTES = 1_000_000;
/** Of this, for what was not scanned and what to do. */
const TAIL_BYTES = 200_000;

export function serializeMarkdown(report: ReportV1): string {
  const findings = mostSevereFirst(report.findings);
  const page = new Page();
  page.add(head(report));
  const current = findings.filter((finding) => !isOnlyHistory(finding));
  const history = findings.filter(isOnlyHistory);
  page.table('### In the current files', ['Severity', 'What', 'Where', 'State', 'Since'], current, findingRow, LIMIT_BYTES - TAIL_BYTES, 'finding');
  page.table(
    '### Only in history and on other branches',
    ['Severity', 'What', 'Where', 'State', 'Since'],
    history,
    findingRow,
    LIMIT_BYTES - TAIL_BYTES,
    'finding',
  );
  page.table(
    '### Not scanned',
    ['Unit', 'Why'],
    report.notScanned,
    (entry) => [markdownCode(entry.unit), markdownText(whyNot(entry))],
    LIMIT_BYTES - TAIL_BYTES / 2,
    'unit',
  );
  for (const part of whatToDo(findings)) if (!page.fits(part, LIMIT_BYTES)) break;
  return page.text;
}

/** A document that knows its size in bytes. */
class Page {
  text = '';
  #bytes = 0;

  add(part: string): void {
    this.text += part;
    this.#bytes += Buffer.byteLength(part);
  }

  /** Adds it if it fits. */
  fits(part: string, limit: number): boolean {
    const fits = this.#bytes + Buffer.byteLength(part) <= limit;
    if (fits) this.add(part);
    return fits;
  }

  table<Item>(heading: string, columns: readonly string[], items: readonly Item[], row: (item: Item) => string[], limit: number, noun: string): void {
    if (items.length === 0) return;
    this.add(`${heading}\n\n| ${columns.join(' | ')} |\n|${columns.map(() => ' --- |').join('')}\n`);
    let shown = 0;
    while (shown < items.length && this.fits(`| ${row(items[shown] as Item).join(' | ')} |\n`, limit)) shown++;
    this.add(
      shown < items.length
        ? `\n${count(items.length - shown, `more ${noun}`)}, not shown: the whole report is longer than a summary may be.\n\n`
        : '\n',
    );
  }
}

function head(report: ReportV1): string {
  const { counts, scan, notScanned, tool } = report;
  const scanned = [
    counts.files > 0 ? count(counts.files, 'file') : '',
    counts.blobs > 0 ? count(counts.blobs, 'blob') : '',
    counts.commits > 0 ? count(counts.commits, 'commit') : '',
    megabytes(counts.bytes),
    tool.activeRules === undefined ? '' : `${tool.activeRules} rules`,
    counts.suppressed > 0 ? `${grouped(counts.suppressed)} suppressed` : '',
  ].filter((part) => part !== '');
  const incomplete =
    !scan.complete || notScanned.length > 0
      ? `**The scan is incomplete: ${count(notScanned.length, 'unit')} not scanned.** No findings elsewhere does not mean that there are none.\n\n`
      : '';
  const notes = scan.notes.map((note) => `Note: ${markdownText(note)}\n\n`).join('');
  return `## keysift: ${markdownText(verdict(report))}\n\n${incomplete}${markdownText(scanned.join(', '))}\n\n${notes}`;
}

function findingRow(finding: FindingV1): string[] {
  const place = placeOf(finding);
  const mask = maskOf(finding);
  const commit = place.current || place.commit === undefined ? '' : `<br>commit ${markdownCode(place.commit.slice(0, 10))}`;
  const advice = adviceTitles(finding);
  const also = advice === '' ? '' : `<br>also: ${markdownText(advice)}`;
  const more = finding.locations.length > 1 ? `<br>and ${count(finding.locations.length - 1, 'more place')}` : '';
  const days = finding.daysExposed === undefined ? '' : `, ${count(finding.daysExposed, 'day')}`;
  const since = finding.firstSeen === undefined ? '' : `${markdownText(finding.firstSeen.date.slice(0, 10))}${days}`;
  return [
    finding.severity,
    `${markdownText(finding.title)}${mask === '' ? '' : ` ${markdownCode(mask)}`}<br>${markdownText(`${finding.provider}, ${finding.confidence} confidence`)}${also}`,
    `${markdownCode(`${place.file}:${place.startLine}:${place.startColumn}`)}${commit}${more}`,
    STATE_WORDS[finding.state],
    since,
  ];
}

/** The steps once for each rule. */
function whatToDo(findings: readonly FindingV1[]): string[] {
  if (findings.length === 0) return [];
  const byRule = new Map(findings.toReversed().map((finding) => [finding.ruleId, finding]));
  const parts = [...byRule.values()].toReversed().map((finding) => {
    const steps = finding.remedy.steps.map((step, index) => `${index + 1}. ${markdownText(step)}\n`).join('');
    return `<details><summary>${markdownText(finding.title)}</summary>\n\n${markdownText(finding.remedy.revoke)}\n\n${steps}\n</details>\n\n`;
  });
  return ['### What to do\n\nKeys are not checked online: treat each as live. Revoke first, then clean up.\n\n', ...parts];
}
