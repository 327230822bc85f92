/**
 * The report for people in a browser: one file that needs no network. A content policy allows its own style and script
 * by their hashes and nothing else; without scripts everything can be read, only the filters are gone.
 */
import { createHash } from 'node:crypto';
import { byFolder, byProvider, timeline } from './html-charts.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';
import { htmlCode, htmlName, htmlText } from './html-text.ts';
import type { FindingV1, HalfV1, LocationV1, ReportV1, RuleV1 } from './json-v1.ts';
import { isOnlyHistory, mostSevereFirst, placeOf, type Place } from './place.ts';
import { remedyKey } from './remedy-lines.ts';
import { isWebAddress, rulesById } from './rule-texts.ts';
import {
  adviceOf,
  bySeverity,
  checkWords,
  count,
  grouped,
  maskOf,
  nameOf,
  REASON_WORDS,
  scannedWords,
  STATE_WORDS,
  TREAT_AS_LIVE,
  verdict,
} from './words.ts';

/** So many places of one finding are listed, and so many units that were not scanned. */
const SHOWN_PLACES = 20;
const SHOWN_NOT_SCANNED = 200;
/** Findings beyond these are counted, and left to the JSON report: a browser would choke on them. */
const SHOWN_FINDINGS = 5000;
/** Characters of a choice in the filters. */
const LONGEST_CHOICE = 60;
/** Up to here findings are open at once. */
const OPEN_FINDINGS = 20;
/** Up to here each finding says itself what to do; beyond, findings that want the same done point to one text. */
const OWN_STEPS = 100;

export function serializeHtml(report: ReportV1): string {
  const findings = mostSevereFirst(report.findings);
  const shown = findings.slice(0, SHOWN_FINDINGS);
  const remedies = new Remedies(rulesById(report), findings.length <= OWN_STEPS);
  const open = findings.length <= OPEN_FINDINGS;
  const current = shown.filter((finding) => !isOnlyHistory(finding)).map((finding) => renderFinding(finding, remedies, open));
  const history = shown.filter(isOnlyHistory).map((finding) => renderFinding(finding, remedies, open));
  const body = [
    head(report),
    findings.length === 0 ? '' : charts(findings, report),
    findings.length === 0 ? '' : filters(findings),
    group('In the current files', 'current', current),
    group('Only in history and on other branches', 'history', history),
    findings.length > shown.length
      ? `<p class="missing">${count(findings.length - shown.length, 'more finding')}, the least severe, not on this page. The JSON report has them all.</p>`
      : '',
    remedies.render(),
    notScanned(report),
    leftOut(report),
  ];
  return page(verdict(report), body.filter((part) => part !== '').join('\n'));
}

function page(title: string, body: string): string {
  const policy = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>keysift: ${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function head(report: ReportV1): string {
  const { scan, counts, tool, findings, notScanned: missing } = report;
  const incomplete = !scan.complete || missing.length > 0;
  const policy = scan.policy ?? [];
  const numbers = bySeverity(findings).map(([severity, number]) => `<b class="${severity[0]}">${grouped(number)} ${severity}</b>`);
  const title = findings.length > 0 ? count(findings.length, 'finding') : incomplete ? 'No findings in what was scanned' : 'No findings';
  const facts: [string, string][] = [
    ['Scanned', htmlText(scan.target)],
    ['What', htmlText(scan.sources.join(', '))],
    ['Units', htmlText(scannedWords(counts))],
    ['Not scanned', grouped(missing.length)],
    ['When', htmlText(scan.startedAt.slice(0, 19).replace('T', ' ') + ' UTC')],
    ['Took', `${(scan.durationMs / 1000).toFixed(1)} s`],
    ...(scan.head === undefined ? [] : [['HEAD', htmlCode(scan.head.slice(0, 10))] satisfies [string, string]]),
    ['keysift', htmlText(`${tool.version}${tool.activeRules === undefined ? '' : `, ${tool.activeRules} rules`}`)],
    ['Rules', htmlCode(tool.rules.slice(0, 19))],
    ...(policy.length === 0 ? [] : [['Policy', htmlText(policy.join(', '))] satisfies [string, string]]),
    ...(counts.suppressed > 0 ? [['Suppressed', grouped(counts.suppressed)] satisfies [string, string]] : []),
  ];
  return `<h1>keysift report</h1>
<div class="verdict${findings.length > 0 ? ' bad' : ''}"><strong>${title}</strong>${numbers.join(' ')}
<p>${incomplete ? 'The scan is incomplete.' : 'Everything that was asked for was scanned.'}${findings.length > 0 ? ` ${TREAT_AS_LIVE}` : ''}</p></div>
${incomplete ? `<p class="missing"><b>Incomplete:</b> ${count(missing.length, 'unit')} not scanned. What is in them is unknown. ${missing.length > 0 ? '<a class="warn" href="#not-scanned">Which, and why</a>' : ''}</p>` : ''}
${scan.notes.map((note) => `<p class="soft">Note: ${htmlText(note)}</p>`).join('')}
<dl class="facts">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`).join('')}</dl>`;
}

function charts(findings: readonly FindingV1[], { scan }: ReportV1): string {
  return `<section aria-labelledby="overview"><h2 id="overview">Overview</h2>${timeline(findings, scan.startedAt)}<div class="charts">${byProvider(findings)}${byFolder(findings)}</div></section>`;
}

/** Hidden until the script is there to make it work. */
function filters(findings: readonly FindingV1[]): string {
  const choice = (name: string, label: string, values: readonly (readonly [string, string])[]): string =>
    `<label>${label}<select name="${name}"><option value="">all</option>${values.map(([value, words]) => `<option value="${htmlText(value)}">${htmlText(words.slice(0, LONGEST_CHOICE))}</option>`).join('')}</select></label>`;
  const providers = [...new Set(findings.map(({ provider }) => provider))].toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const states = [...new Set(findings.map(({ state }) => state))];
  return `<form class="filters" hidden><label>Text<input name="text" type="search" placeholder="file, id, author"></label>${choice(
    'severity',
    'Severity',
    bySeverity(findings).map(([severity, number]) => [severity, `${severity} (${number})`] as const),
  )}${choice(
    'provider',
    'Provider',
    providers.map((one) => [one, one] as const),
  )}${choice(
    'state',
    'State',
    states.map((state) => [STATE_WORDS[state], STATE_WORDS[state]] as const),
  )}<output></output></form>`;
}

function group(title: string, id: string, findings: readonly string[]): string {
  return findings.length === 0
    ? ''
    : `<section class="group" aria-labelledby="${id}"><h2 id="${id}">${title} (${grouped(findings.length)})</h2>\n${findings.join('\n')}</section>`;
}

/** Mark-up is kept short here, end tags that HTML does without are left out: a report may have thousands of these. */
function renderFinding(finding: FindingV1, remedies: Remedies, open: boolean): string {
  const { severity, state } = finding;
  const id = htmlText(finding.id);
  const place = placeOf(finding);
  const mask = maskOf(finding);
  const { daysExposed = 0 } = finding;
  const days = daysExposed === 0 ? '' : ` · ${grouped(daysExposed)}+ days`;
  const others = finding.locations.length - 1;
  const more = others > 0 ? ` +${finding.morePlaces === true ? 'more than ' : ''}${count(others, 'place')}` : '';
  const line = `<bdi>${htmlText(finding.provider)}</bdi> · <i>${STATE_WORDS[state]}</i>${days} · ${htmlCode(`${place.file}:${place.startLine}:${place.startColumn}`)}${more}`;
  const why = finding.evidence.length === 0 ? '' : ` ${capital(finding.confidence)} confidence: ${finding.evidence.map(htmlText).join('; ')}`;
  return `<details id="${id}"${open ? ' open' : ''}><summary><b class=${severity[0]}>${severity}</b><h3>${htmlText(finding.title)}${mask === '' ? '' : ` <code>${htmlText(mask)}</code>`}</h3><p>${line}</summary><p>${whenSeen(finding)}${why}${also(finding)}${places(finding, place)}${halves(finding)}${remedies.of(finding)}${id}</details>`;
}

/** What else is wrong with its place. */
function also(finding: FindingV1): string {
  const advice = adviceOf(finding);
  if (advice.length === 0) return '';
  return `<p>Also: ${advice.map((check) => htmlText(checkWords(check))).join('; ')}`;
}

function whenSeen({ firstSeen, lastSeen, state }: FindingV1): string {
  if (firstSeen === undefined) return '';
  const stamp = ({ commit, author, date }: NonNullable<FindingV1['firstSeen']>): string =>
    `${htmlText(date.slice(0, 10))} in ${htmlText(commit.slice(0, 10))} by ${htmlName(nameOf(author))}`;
  // What is still there was last seen now.
  const last = lastSeen === undefined || state !== 'history' || lastSeen.commit === firstSeen.commit ? '' : `, last ${stamp(lastSeen)}`;
  return `First ${stamp(firstSeen)}${last}.`;
}

/** All but the place that the line above names. */
function places({ locations, morePlaces }: HalfV1, named: Place): string {
  const others = locations.filter(
    ({ file, startLine, startColumn, state }) =>
      file !== named.file || startLine !== named.startLine || startColumn !== named.startColumn || state !== named.state,
  );
  if (others.length === 0) return '';
  if (others.length === 1 && others[0] !== undefined) return `<p>Also in ${renderPlace(others[0])}`;
  const shown = others.slice(0, SHOWN_PLACES).map((location) => `<li>${renderPlace(location)}`);
  const left = others.length - shown.length;
  return `<p>Also in<ul>${shown.join('')}${left > 0 ? `<li>and ${morePlaces === true ? 'more than ' : ''}${count(left, 'more place')}` : ''}</ul>`;
}

/** Public halves of its pair. */
function halves(finding: FindingV1): string {
  return (finding.halves ?? [])
    .map((half) => {
      const place = placeOf(half);
      const why = half.evidence.length === 0 ? '' : `: ${half.evidence.map(htmlText).join('; ')}`;
      return `<p>With ${htmlText(half.title)} <code>${htmlText(maskOf(half))}</code> in ${renderPlace(place)}${why}${places(half, place)}`;
    })
    .join('');
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function renderPlace(location: LocationV1): string {
  const commit = location.commit === undefined ? '' : `, commit ${htmlText(location.commit.slice(0, 10))}`;
  return `${htmlCode(`${location.file}:${location.startLine}:${location.startColumn}`)} ${STATE_WORDS[location.state]}${commit}`;
}

/** What to do: with each finding, or once for all findings that want the same done. */
class Remedies {
  readonly #rules: ReadonlyMap<string, RuleV1>;
  readonly #own: boolean;
  readonly #ids = new Map<string, { readonly id: string; readonly finding: FindingV1 }>();

  constructor(rules: ReadonlyMap<string, RuleV1>, own: boolean) {
    this.#rules = rules;
    this.#own = own;
  }

  /** For the finding itself: the text, or a link to it; and the start of its last line. */
  of(finding: FindingV1): string {
    if (this.#own) return `<h4>What to do</h4>${this.#text(finding)}<p class="soft">Rule ${htmlText(finding.ruleId)} · id `;
    const key = remedyKey(finding);
    const known = this.#ids.get(key) ?? { id: `do-${this.#ids.size + 1}`, finding };
    this.#ids.set(key, known);
    return `<p><a href=#${known.id}>What to do</a> · id `;
  }

  render(): string {
    if (this.#ids.size === 0) return '';
    const parts = [...this.#ids.values()].map(
      ({ id, finding }) =>
        `<div id="${id}" class="remedy"><h3>${htmlText(finding.title)}</h3>${this.#text(finding)}<p class="soft">Rule ${htmlText(finding.ruleId)}</div>`,
    );
    return `<section aria-labelledby="steps"><h2 id="steps">What to do</h2>${parts.join('\n')}</section>`;
  }

  #text(finding: FindingV1): string {
    const rule = this.#rules.get(finding.ruleId);
    const references = (rule?.references ?? [])
      .filter(isWebAddress)
      .map((url) => `<li><a rel="noreferrer" href="${htmlText(url)}">${htmlText(url)}</a></li>`);
    const steps = finding.remedy.steps.map((step) => `<li>${htmlText(step)}</li>`);
    const description = rule === undefined || rule.description === '' ? '' : `<p class="soft">${htmlText(rule.description)}</p>`;
    return `${description}<p><b>${htmlText(finding.remedy.revoke)}</b></p><ol>${steps.join('')}</ol>${references.length === 0 ? '' : `<ul class="links">${references.join('')}</ul>`}`;
  }
}

function notScanned({ notScanned: missing }: ReportV1): string {
  if (missing.length === 0) return '';
  const rows = missing
    .slice(0, SHOWN_NOT_SCANNED)
    .map(
      ({ unit, reason, detail }) =>
        `<tr><td>${htmlCode(unit)}</td><td>${htmlCode(reason)}</td><td>${htmlText(`${REASON_WORDS[reason]}${detail === '' ? '' : `; ${detail}`}`)}</td></tr>`,
    );
  const more = missing.length - rows.length;
  return `<section aria-labelledby="not-scanned"><h2 id="not-scanned">Not scanned (${grouped(missing.length)})</h2><table><thead><tr><th>Unit</th><th>Reason</th><th>Why</th></tr></thead><tbody>${rows.join('')}</tbody></table>${more > 0 ? `<p>and ${count(more, 'more unit')}: the JSON report lists them all</p>` : ''}</section>`;
}

function leftOut({ excluded }: ReportV1): string {
  const rows = Object.entries(excluded).map(([reason, number]) => `<tr><td>${htmlText(reason)}</td><td class="number">${grouped(number)}</td></tr>`);
  if (rows.length === 0) return '';
  return `<section aria-labelledby="left-out"><h2 id="left-out">Left out on purpose</h2><table><thead><tr><th>Reason</th><th class="number">Units</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}
