/** The charts of the HTML report: SVG without scripts, each with a title, and numbers in the text beside it. */
import type { FindingV1 } from './json-v1.ts';
import { htmlText } from './html-text.ts';
import { isOnlyHistory, isOutsideFiles, placeOf } from './place.ts';
import { count, grouped } from './words.ts';

/** Columns of the timeline; a longer time has wider ones. */
const COLUMNS = 36;
const SHOWN_BARS = 10;
/** Dates below the timeline. */
const LABELS = 6;
const WIDTH = 640;
const HEIGHT = 180;
const MARGIN = { left: 34, right: 6, top: 18, bottom: 24 };

interface Step {
  readonly label: string;
  came: number;
  went: number;
  open: number;
}

/** Secrets that came, went, and were there, month by month. Empty when no finding has a date. */
export function timeline(findings: readonly FindingV1[], end: string): string {
  const steps = months(findings, end);
  if (steps.length === 0) return '';
  const highest = Math.max(1, ...steps.map(({ came, went, open }) => Math.max(open, came, went)));
  const width = (WIDTH - MARGIN.left - MARGIN.right) / steps.length;
  const inner = HEIGHT - MARGIN.top - MARGIN.bottom;
  const y = (value: number): number => MARGIN.top + inner - (value / highest) * inner;
  const bar = (index: number, part: number, value: number, name: string): string =>
    value === 0
      ? ''
      : `<rect class="${name}" x="${(MARGIN.left + index * width + width * (0.14 + part * 0.36)).toFixed(1)}" y="${y(value).toFixed(1)}" width="${(width * 0.34).toFixed(1)}" height="${((value / highest) * inner).toFixed(1)}"/>`;
  const columns = steps.map((step, index) => {
    const title = `<title>${step.label}: ${step.came} came, ${step.went} went, ${step.open} there</title>`;
    return `<g>${title}<rect x="${(MARGIN.left + index * width).toFixed(1)}" y="${MARGIN.top}" width="${width.toFixed(1)}" height="${inner}" fill="transparent"/>${bar(index, 0, step.came, 'open')}${bar(index, 1, step.went, 'gone')}</g>`;
  });
  const line = steps
    .map(
      ({ open }, index) =>
        `${(MARGIN.left + index * width).toFixed(1)},${y(open).toFixed(1)} ${(MARGIN.left + (index + 1) * width).toFixed(1)},${y(open).toFixed(1)}`,
    )
    .join(' ');
  const every = Math.ceil(steps.length / LABELS);
  const labels = steps
    .map(({ label }, index) => {
      if (index % every !== 0) return '';
      const atEnd = index + every / 2 >= steps.length && steps.length > 1;
      return `<text x="${atEnd ? WIDTH : (MARGIN.left + index * width + 2).toFixed(1)}" y="${HEIGHT - 8}"${atEnd ? ' text-anchor="end"' : ''}>${label}</text>`;
    })
    .join('');
  const [first] = steps;
  const last = steps.at(-1);
  const went = steps.reduce((sum, step) => sum + step.went, 0);
  const summary = `${count(
    steps.reduce((sum, step) => sum + step.came, 0),
    'secret',
  )} came from ${first?.label} to ${last?.label}, ${grouped(went)} went, ${grouped(last?.open ?? 0)} are still there`;
  return `<figure class="timeline"><figcaption>Secrets coming and going</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}"><line class="axis" x1="${MARGIN.left}" x2="${WIDTH}" y1="${HEIGHT - MARGIN.bottom}" y2="${HEIGHT - MARGIN.bottom}"/><line class="axis" x1="${MARGIN.left}" x2="${WIDTH}" y1="${MARGIN.top}" y2="${MARGIN.top}"/><text x="${MARGIN.left - 6}" y="${MARGIN.top + 4}" text-anchor="end">${grouped(highest)}</text><text x="${MARGIN.left - 6}" y="${HEIGHT - MARGIN.bottom + 4}" text-anchor="end">0</text>
${columns.join('')}<polyline class="there" points="${line}"/>${labels}</svg>
<p class="soft legend"><span class="key open"></span>came <span class="key gone"></span>went <span class="key there"></span>there in all. ${summary}. What went from the files is still in the history.</p></figure>`;
}

function months(findings: readonly FindingV1[], end: string): Step[] {
  const events: { at: number; came: number; went: number }[] = [];
  for (const finding of findings) {
    const came = monthOf(finding.firstSeen?.date);
    if (came === undefined) continue;
    events.push({ at: came, came: 1, went: 0 });
    const went = finding.state === 'history' && isOnlyHistory(finding) ? monthOf(finding.removedIn?.date) : undefined;
    if (went !== undefined) events.push({ at: Math.max(came, went), came: 0, went: 1 });
  }
  if (events.length === 0) return [];
  const times = events.map(({ at }) => at);
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b), monthOf(end) ?? first);
  const size = Math.max(1, Math.ceil((last - first + 1) / COLUMNS));
  const steps: Step[] = Array.from({ length: Math.ceil((last - first + 1) / size) }, (_, index) => ({
    label: monthName(first + index * size),
    came: 0,
    went: 0,
    open: 0,
  }));
  for (const { at, came, went } of events) {
    const step = steps[Math.floor((at - first) / size)];
    if (step !== undefined) {
      step.came += came;
      step.went += went;
    }
  }
  let open = 0;
  for (const step of steps) step.open = open += step.came - step.went;
  return steps;
}

/** Months since year 0; undefined for what is no date. */
function monthOf(date: string | undefined): number | undefined {
  const match = /^(\d{4})-(\d{2})/.exec(date ?? '');
  return match === null ? undefined : Number(match[1]) * 12 + Number(match[2]) - 1;
}

function monthName(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

/** How many findings each provider has. */
export function byProvider(findings: readonly FindingV1[]): string {
  return bars('By provider', tally(findings.map(({ provider }) => provider)));
}

/** How many findings the folders have, at most two levels deep. */
export function byFolder(findings: readonly FindingV1[]): string {
  const folders = findings.map((finding) => {
    const place = placeOf(finding);
    const { file } = place;
    if (isOutsideFiles(place)) return 'outside files (messages, tags, names)';
    const parts = file.split('/').slice(0, -1).slice(0, 2);
    return parts.length === 0 ? '(top folder)' : `${parts.join('/')}/`;
  });
  return bars('By folder', tally(folders));
}

function tally(names: readonly string[]): [string, number][] {
  const numbers = new Map<string, number>();
  for (const name of names) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  return [...numbers].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

function bars(caption: string, entries: readonly (readonly [string, number])[]): string {
  const highest = entries[0]?.[1] ?? 1;
  const shown = entries
    .slice(0, SHOWN_BARS)
    .map(
      ([name, number]) =>
        `<span><bdi>${htmlText(name.length > 200 ? `${name.slice(0, 199)}…` : name)}</bdi></span><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="bar" width="${((number / highest) * 100).toFixed(1)}" height="10"/></svg><span>${grouped(number)}</span>`,
    );
  const more = entries.length - shown.length;
  const rest = entries.slice(SHOWN_BARS).reduce((sum, [, number]) => sum + number, 0);
  return `<figure><figcaption>${caption}</figcaption><div class="bars">${shown.join('')}</div>${more > 0 ? `<p class="soft">and ${more} more with ${count(rest, 'finding')}</p>` : ''}</figure>`;
}
