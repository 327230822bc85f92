/** Markdown for job summaries and comments, within the size that they take; what is cut is the least severe, and counted. */
import type { RenderOptions } from './formats.ts';
import type { FindingV1, ReportV1 } from './json-v1.ts';
import { markdownCode, markdownText } from './markdown-text.ts';
import { halfWords, isOnlyHistory, mostSevereFirst, placeOf } from './place.ts';
import { remedyKey } from './remedy-lines.ts';
import {
  adviceTitles,
  count,
  grouped,
  incompleteWords,
  maskOf,
  morePlaces,
  scannedWords,
  STATE_WORDS,
  TREAT_AS_LIVE,
  verdict,
  whyNot,
} from './words.ts';

/** A job summary takes 1 MiB; the rest is for what else a step writes into it. */
const LIMIT_BYTES = 1_000_000;
/** Of this, for what was not scanned and what to do. */
const TAIL = 0.2;
/** With less room there is the verdict alone, and below that nothing. */
const LEAST_BYTES = 50_000;
const LEAST_VERDICT = 2_000;

const COLUMNS = ['Severity', 'What', 'Where', 'State', 'Since'];

/** @param room bytes that are left of a summary that others have written to; empty where not even the verdict fits */
export function serializeMarkdown(report: ReportV1, { room = LIMIT_BYTES }: Pick<RenderOptions, 'room'> = {}): string {
  const limit = Math.min(LIMIT_BYTES, room);
  if (limit < LEAST_VERDICT) return '';
  const page = new Page();
  page.add(`## keysift: ${markdownText(verdict(report))}\n\n`);
  if (limit < LEAST_BYTES) {
    page.add('There is no room for more: this summary holds 1 MiB, and the steps before have used most of it.\n');
    return page.text;
  }
  const findings = mostSevereFirst(report.findings);
  const most = limit * (1 - TAIL);
  for (const part of about(report)) page.fits(part, most / 2);
  const current = findings.filter((finding) => !isOnlyHistory(finding));
  page.table('### In the current files', COLUMNS, current, findingRow, most, 'finding');
  page.table('### Only in history and on other branches', COLUMNS, findings.filter(isOnlyHistory), findingRow, most, 'finding');
  page.table(
    '### Not scanned',
    ['Unit', 'Why'],
    report.notScanned,
    (entry) => [markdownCode(entry.unit), markdownText(whyNot(entry))],
    limit * (1 - TAIL / 2),
    'unit',
  );
  whatToDo(findings, page, limit - LEAST_VERDICT);
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

/** Whether it is whole, what was scanned, and under which policy. */
function about({ counts, scan, notScanned, tool }: ReportV1): string[] {
  const scanned = [
    scannedWords(counts),
    tool.activeRules === undefined ? '' : `${tool.activeRules} rules`,
    counts.suppressed > 0 ? `${grouped(counts.suppressed)} suppressed` : '',
  ].filter((part) => part !== '');
  const policy = (scan.policy ?? []).map(markdownCode);
  return [
    ...(!scan.complete || notScanned.length > 0
      ? [`**${incompleteWords(notScanned)}.** No findings elsewhere does not mean that there are none.\n\n`]
      : []),
    `${markdownText(scanned.join(', '))}\n\n`,
    ...(policy.length === 0 ? [] : [`Policy: ${policy.join(', ')}\n\n`]),
    ...scan.notes.map((note) => `Note: ${markdownText(note)}\n\n`),
  ];
}

function findingRow(finding: FindingV1): string[] {
  const place = placeOf(finding);
  const mask = maskOf(finding);
  const commit = place.current || place.commit === undefined ? '' : `<br>commit ${markdownCode(place.commit.slice(0, 10))}`;
  const advice = adviceTitles(finding);
  const also = advice === '' ? '' : `<br>also: ${markdownText(advice)}`;
  const others = morePlaces(finding, 1);
  const more = others === '' ? '' : `<br>and ${others}`;
  const halves = (finding.halves ?? []).map((half) => `<br>with ${markdownText(halfWords(half))}`).join('');
  const { daysExposed = 0 } = finding;
  const days = daysExposed === 0 ? '' : `, ${count(daysExposed, 'day')}`;
  const since = finding.firstSeen === undefined ? '' : `${markdownText(finding.firstSeen.date.slice(0, 10))}${days}`;
  return [
    finding.severity,
    `${markdownText(finding.title)}${mask === '' ? '' : ` ${markdownCode(mask)}`}<br>${markdownText(`${finding.provider}, ${finding.confidence} confidence`)}${halves}${also}`,
    `${markdownCode(`${place.file}:${place.startLine}:${place.startColumn}`)}${commit}${more}`,
    STATE_WORDS[finding.state],
    since,
  ];
}

/** The steps, once for all findings of a rule that want the same done; an env file has commands of its own. */
function whatToDo(findings: readonly FindingV1[], page: Page, limit: number): void {
  if (findings.length === 0) return;
  page.add(`### What to do\n\n${TREAT_AS_LIVE}\n\n`);
  const alike = new Map<string, { readonly finding: FindingV1; number: number }>();
  for (const finding of findings) {
    const key = remedyKey(finding);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { finding, number: 1 });
    else known.number++;
  }
  const parts = [...alike.values()].map(({ finding, number }) => remedyPart(finding, number));
  let shown = 0;
  while (shown < parts.length && page.fits(parts[shown] ?? '', limit)) shown++;
  if (shown < parts.length)
    page.add(`${grouped(parts.length - shown)} more of these, not shown: the whole report is longer than a summary may be.\n`);
}

function remedyPart(finding: FindingV1, number: number): string {
  const steps = finding.remedy.steps.map((step, index) => `${index + 1}. ${markdownText(step)}\n`).join('');
  const where = number > 1 ? count(number, 'finding') : markdownCode(placeOf(finding).file);
  return `<details><summary>${markdownText(finding.title)}: ${where}</summary>\n\n${markdownText(finding.remedy.revoke)}\n\n${steps}\n</details>\n\n`;
}
