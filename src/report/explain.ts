/** Everything about one rule, or one finding of a JSON report, as text for people. */
import type { Rule, TokenForm, ValueShape } from '../model/rule.ts';
import { modeOf } from '../model/severity-rules.ts';
import type { LocationV1, ReportV1 } from './json-v1.ts';
import { safeText } from './safe-text.ts';
import { severityWords } from './severity-words.ts';
import { morePlaces } from './words.ts';

const SHOWN_FORMS = 6;

/** The whole story of a rule, which may be anybody's: every text of it is made safe. */
export function explainRule(rule: Rule): string {
  const revoke = rule.revoke;
  const parts = [
    [`${rule.id}: ${rule.title}`, `${rule.provider} · ${rule.kind} · ${rule.severity}, ${rule.confidence} confidence`],
    section('What it is', [rule.description]),
    section('What it looks like', shapeWords(rule)),
    section('Its pair', pairWords(rule)),
    section('Severity', severityLines(rule)),
    section(
      rule.kind === 'check' ? 'What to do' : 'Where to revoke it',
      revoke === undefined ? [] : [revoke.where, ...revoke.steps.map((step, index) => `${index + 1}. ${step}`)],
    ),
    section('Age', ageLines(rule)),
    section('References', rule.references),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(safeText).join('\n'))
    .join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  const said = lines.filter((line) => line !== '');
  return said.length === 0 ? [] : [title, ...said.map((line) => `  ${line}`)];
}

function pairWords({ halfOf }: Rule): string[] {
  return halfOf === undefined ? [] : [`the public half: where it only stands beside a secret of ${listed(halfOf)}, it is told in that one's finding`];
}

function severityLines(rule: Rule): string[] {
  if (rule.severityIsFinal === true) return [`${rule.severity}, as the configuration says`];
  return [`${rule.severity} by itself`, ...severityWords(modeOf(rule), rule.frameworkDefault)];
}

function ageLines({ rotateAfter, expiresAfter }: Rule): string[] {
  return [
    ...(rotateAfter === undefined ? [] : [`replace it every ${rotateAfter} days`]),
    ...(expiresAfter === undefined ? [] : [`it expires ${expiresAfter} days after its creation at the latest`]),
  ];
}

/** The shape that a rule looks for, in words. */
function shapeWords(rule: Rule): string[] {
  const { matcher } = rule;
  const extra = [
    ...(rule.checksum === undefined ? [] : [`its inner structure or checksum is looked at: ${rule.checksum}`]),
    ...(rule.paths === undefined ? [] : [`only in files named ${listed(rule.paths.only)}`]),
  ];
  switch (matcher.kind) {
    case 'token':
      return [...matcher.forms.slice(0, SHOWN_FORMS).map(formWords), ...more(matcher.forms.length), ...extra];
    case 'context':
      return [
        `${lengthWords(matcher.value)} characters of [${matcher.value.alphabet}], given to a name that holds ${listed(matcher.names)}`,
        ...(matcher.near.length === 0
          ? []
          : [`or to ${credentialName(matcher.credentialWords)}, at most ${matcher.within} lines from ${listed(matcher.near)}`]),
        ...extra,
      ];
    case 'block':
      return [`from ${listed(matcher.begin)} to its end, ${matcher.maxLength} characters at most`, ...extra];
    case 'uri':
      return [`the password of a URL that begins with ${listed(matcher.schemes.map((scheme) => `${scheme}://`))}`, ...extra];
    case 'assignment':
      return [`a value given to a name that holds ${listed(matcher.words)}`, ...extra];
    case 'credential':
      return [
        `a value that looks ${matcher.as === 'password' ? 'like a real password' : 'generated'}, given to a name that holds ${listed(matcher.words)}`,
        ...extra,
      ];
    case 'file':
      return [`a file with secret-looking values given to names that hold ${listed(matcher.words)}`, ...extra];
    case 'whole':
      return [`a file that holds nothing but ${matcher.value.maxLength} characters of [${matcher.value.alphabet}]`, ...extra];
    case 'pattern':
      return [
        matcher.rows === true
          ? `in each row below ${listed(matcher.literals)} in the header of a table, by a pattern of its own for the header`
          : matcher.items !== undefined
            ? `strings in lines of their own below ${listed(matcher.literals)}, by a pattern of its own for what stands above them`
            : `around ${listed(matcher.literals)}, by a pattern of its own, ${matcher.maxLength} characters at most`,
        ...extra,
      ];
    case 'member':
      return [
        `one of the keys that ${matcher.of} finds, told by what stands near it`,
        ...claimWords(rule),
        ...matcher.bodies.map(bodyWords),
        ...extra,
      ];
    case 'usage':
      return [
        `an identifier that names a key (${listed(matcher.words)}), ${SINK_WORDS[matcher.sink]}`,
        ...(matcher.hosts.length === 0 ? [] : [`in a file that names ${listed(matcher.hosts)}`]),
      ];
    case 'finding':
      return ['seen on findings: their places, ages and surroundings; no text of its own'];
  }
}

function credentialName(words: readonly string[] | undefined): string {
  return words === undefined ? 'any name that means a credential' : `a name such as ${listed(words.slice(0, 4))}`;
}

function bodyWords({ pattern, exact }: { readonly pattern: string; readonly exact: boolean }): string {
  return `after the prefix ${pattern}${exact ? ', which is enough by itself' : ''}`;
}

const SINK_WORDS = {
  log: 'as a whole argument of a logging call',
  error: "in an error's text",
  url: 'as a parameter of a URL',
  public: 'with a prefix that makes builds copy it into what browsers load',
  header: 'a header of a request that code for browsers or apps gives a permanent key',
  object: 'a property of an object that goes into a log as a whole',
  bundle: 'within settings that a build copies into what browsers load',
} as const;

function formWords({ literal, run, maxLength, before }: TokenForm): string {
  const lead = before.max === 0 ? 'begins with' : 'holds';
  const rest = run === undefined ? '' : `, then ${run.min} or more of [${run.class}]`;
  return `${lead} ${literal}${rest}; ${maxLength} characters at most`;
}

function more(count: number): string[] {
  return count > SHOWN_FORMS ? [`and ${count - SHOWN_FORMS} forms more`] : [];
}

function claimWords({ attribute }: Rule): string[] {
  if (attribute === undefined) return [];
  const lists: [string, readonly string[]][] = [
    ['names that hold', attribute.names],
    ['hosts', attribute.hosts],
    ['packages', attribute.packages],
    ['headers', attribute.headers],
  ];
  return lists.filter(([, list]) => list.length > 0).map(([what, list]) => `${what} ${listed(list)}`);
}

const SHOWN_WORDS = 8;

function listed(words: readonly string[]): string {
  const shown = words.slice(0, SHOWN_WORDS).join(', ');
  return words.length > SHOWN_WORDS ? `${shown} and ${words.length - SHOWN_WORDS} more` : shown;
}

/** The whole story of a finding, and of its rule where that is known. Every text of the report is made safe. */
export function explainFinding(finding: ReportV1['findings'][number], rule: Rule | undefined): string {
  const { firstSeen, lastSeen, daysExposed } = finding;
  const when = [
    firstSeen === undefined ? '' : `since ${firstSeen.date.slice(0, 10)}, commit ${firstSeen.commit}, by ${firstSeen.author}`,
    lastSeen === undefined ? '' : `last in commit ${lastSeen.commit}`,
    daysExposed === undefined ? '' : `${daysExposed} days at least`,
  ];
  const parts = [
    [
      finding.title,
      `${finding.provider} · ${finding.severity}, ${finding.confidence} confidence · ${finding.redacted}`,
      `rule ${finding.ruleId} · id ${finding.id}`,
    ],
    section('Where it is', [
      finding.state,
      ...finding.locations.map(placeWords),
      ...(finding.morePlaces === true ? [`and ${morePlaces(finding, finding.locations.length)}`] : []),
    ]),
    ...(finding.halves ?? []).map((half) =>
      section(`With: ${half.title} ${half.redacted}`, [`rule ${half.ruleId} · id ${half.id}`, ...half.locations.map(placeWords), ...half.evidence]),
    ),
    section('Since when', when),
    section('Why it is one', finding.evidence),
    ...(finding.checks ?? []).map((check) =>
      section(`Also: ${check.title} (${check.severity}, ${check.ruleId})`, [check.saw, check.why, ...check.steps]),
    ),
    section('What to do', [finding.remedy.revoke, ...finding.remedy.steps.map((step, index) => `${index + 1}. ${step}`)]),
  ];
  const story = parts.filter((lines) => lines.length > 0).map((lines) => lines.map(safeText).join('\n'));
  return `${story.join('\n\n')}\n${rule === undefined ? '' : `\n${explainRule(rule)}`}`;
}

function placeWords({ file, startLine, startColumn, state, commit }: LocationV1): string {
  return `${file}:${startLine}:${startColumn} (${[state, commit?.slice(0, 10) ?? ''].filter((word) => word !== '').join(', ')})`;
}

/** `32`, `20 to 40`, `32 or 40`; of values that are drawn the longest. */
function lengthWords({ lengths, maxLength }: ValueShape): string {
  return lengths === undefined ? `up to ${maxLength}` : lengths.replaceAll(/\s/g, '').replaceAll('-', ' to ').replaceAll(',', ' or ');
}
