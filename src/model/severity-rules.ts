/**
 * How bad a finding is: the rule's own severity, then these rows in their order. One table, which the program applies,
 * `keysift explain` prints and docs/severity.md is generated from.
 */
import { genericKind, type Rule } from './rule.ts';
import { compareSeverity, SEVERITIES, type Confidence, type Severity } from './severity.ts';

/** What kind of key a rule is about, as far as severity goes. */
export const KEY_MODES = ['live', 'account', 'generic', 'test', 'temporary', 'publishable', 'webhook', 'password', 'private-key', 'check'] as const;
export type KeyMode = (typeof KEY_MODES)[number];

/** Where a finding is, as far as severity goes; several may hold. */
export const CONDITIONS = [
  'always',
  'browser',
  'app',
  'public variable',
  'several environments',
  'production file',
  'only tests',
  'only docs',
  'weak context',
  'example host',
  'stored',
  'beside its key',
  'long-lived',
  'expired',
  'framework default',
] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface SeverityRule {
  readonly modes: readonly KeyMode[];
  readonly when: Condition;
  /** Steps up or down; never above critical or below info. */
  readonly step?: number;
  readonly least?: Severity;
  readonly most?: Severity;
  readonly because: string;
}

export const SEVERITY_RULES: readonly SeverityRule[] = [
  {
    modes: ['account', 'webhook', 'private-key'],
    when: 'only tests',
    step: -1,
    least: 'medium',
    because: 'fixtures hold made-up keys more often than real ones',
  },
  {
    modes: ['account', 'webhook', 'private-key'],
    when: 'only docs',
    step: -1,
    least: 'medium',
    because: 'documents hold made-up keys more often than real ones',
  },
  { modes: ['account'], when: 'weak context', most: 'medium', because: 'only a word some lines away says whose it is' },
  { modes: ['test'], when: 'only tests', most: 'low', because: 'a sandbox key where sandbox keys are used' },
  { modes: ['test'], when: 'only docs', most: 'low', because: 'a sandbox key that readers are shown' },
  { modes: ['password'], when: 'example host', most: 'medium', because: "a default for a machine of one's own, most likely" },
  { modes: ['password', 'generic'], when: 'only tests', step: -1, because: 'made up for a test, most likely' },
  { modes: ['password', 'generic'], when: 'only docs', step: -1, because: 'made up for an example, most likely' },
  { modes: ['live', 'account', 'webhook'], when: 'browser', step: 1, because: 'every visitor can read it' },
  { modes: ['live', 'account', 'webhook'], when: 'app', step: 1, because: 'everybody who installs the app can read it' },
  { modes: ['live', 'account', 'webhook'], when: 'public variable', step: 1, because: 'the build copies it into what visitors load' },
  { modes: ['live', 'account'], when: 'several environments', step: 1, because: 'it cannot be revoked without stopping production' },
  { modes: ['test'], when: 'browser', least: 'high', because: 'sandboxes hold copies of real data, and every visitor can read it' },
  { modes: ['test'], when: 'app', least: 'high', because: 'sandboxes hold copies of real data, and everybody who installs the app can read it' },
  {
    modes: ['test'],
    when: 'public variable',
    least: 'high',
    because: 'sandboxes hold copies of real data, and the build copies it into what visitors load',
  },
  { modes: ['test'], when: 'production file', least: 'high', because: 'production runs against a sandbox' },
  { modes: ['temporary'], when: 'stored', least: 'low', because: 'a short-lived token in a long-lived file was stored on purpose' },
  { modes: ['temporary'], when: 'beside its key', least: 'low', because: 'the key that mints such tokens stands in the same file' },
  { modes: ['temporary'], when: 'long-lived', step: 1, because: 'whoever has it may use it for a year or longer' },
  { modes: ['temporary'], when: 'expired', most: 'info', because: 'it has expired' },
  {
    modes: ['account'],
    when: 'framework default',
    most: 'low',
    because: 'its framework writes one there, which repositories share',
  },
  { modes: ['live'], when: 'always', least: 'high', because: 'a live key is never less' },
  { modes: ['publishable'], when: 'always', most: 'info', because: 'made to be public' },
];

/** How sure a finding is, where its rule alone does not say; the first that holds. */
export const CONFIDENCE_RULES: readonly { readonly when: string; readonly confidence: Confidence }[] = [
  { when: 'a checksum fits that nobody hits by chance', confidence: 'high' },
  { when: 'a checksum that the provider documents does not fit', confidence: 'low' },
  { when: 'a JSON Web Token says that nobody signed it, or its signature has another size than its algorithm makes', confidence: 'low' },
  { when: 'the structure is one that only one provider uses', confidence: 'high' },
  { when: "the value's own name, its header, its line, a line near it, or an import says whose it is", confidence: 'high' },
  { when: 'only a host or a name elsewhere in the file says whose it is', confidence: 'medium' },
  { when: 'only length and alphabet say whose it is, or nothing does', confidence: 'medium' },
  { when: "the value has no marker, and its provider's name stands on another line", confidence: 'medium' },
  { when: 'a password for a local or example host', confidence: 'medium' },
  { when: 'a password that examples have, a word, or one like its user', confidence: 'low' },
];

/** The mode of a rule's keys. Test keys say so by their kind; live ones by the rule's name. */
export function modeOf({ kind, id, matcher }: Rule): KeyMode {
  if (kind !== 'secret') return kind;
  if (genericKind(matcher) !== undefined) return 'generic';
  return /(?:^|-)live(?:-|$)/.test(id) ? 'live' : 'account';
}

/** The severity of a finding, and the rows that changed it. */
export function severityFor(rule: Rule, holds: ReadonlySet<Condition>): { severity: Severity; because: string[] } {
  if (rule.severityIsFinal === true) return { severity: rule.severity, because: [] };
  const mode = modeOf(rule);
  let { severity } = rule;
  const because: string[] = [];
  // Once it is everywhere, a second reason makes it no worse.
  let raised = false;
  for (const row of SEVERITY_RULES) {
    if (!row.modes.includes(mode) || (row.when !== 'always' && !holds.has(row.when)) || (raised && (row.step ?? 0) > 0)) continue;
    const next = applied(row, severity);
    if (next !== severity) because.push(row.because);
    if (compareSeverity(next, severity) > 0) raised = true;
    severity = next;
  }
  return { severity, because };
}

function applied({ step = 0, least, most }: SeverityRule, severity: Severity): Severity {
  const index = SEVERITIES.indexOf(severity);
  const moved = SEVERITIES[Math.max(0, Math.min(SEVERITIES.length - 1, index + step))] ?? severity;
  // A lower bound stops a step down, and never lifts what was below it already.
  const floor = least !== undefined && step < 0 ? lower(least, severity) : least;
  if (floor !== undefined && compareSeverity(moved, floor) < 0) return floor;
  if (most !== undefined && compareSeverity(moved, most) > 0) return most;
  return moved;
}

function lower(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) < 0 ? a : b;
}
