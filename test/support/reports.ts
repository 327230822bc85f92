/** JSON reports made by hand: as many findings as a test wants, with every name that has ever broken a format. */
import { stylesFor } from '../../src/cli/colour.ts';
import { FORMATS, type Format, type FormatName, type RenderOptions } from '../../src/report/formats.ts';
import type { CheckV1, FindingV1, HalfV1, LocationV1, ReportV1 } from '../../src/report/json-v1.ts';
import { SEVERITIES } from '../../src/model/severity.ts';

/** File names that a repository can hold, as `decodeName` gives them, and some that only a hand-made report can. */
export const HOSTILE_NAMES: readonly string[] = [
  'src/plain.ts',
  'line\nfeed.txt',
  'carriage\rreturn\r\n.txt',
  'tab\there.txt',
  '\nleading line feed',
  '::error::gone',
  ' ::error file=x::gone',
  'a\n::error::second line',
  '::add-mask::x',
  '::stop-commands::token',
  '##[error]azure',
  'x ##vso[task.setvariable variable=A]y',
  "##teamcity[message text='x']",
  'percent%0Aencoded%25.txt',
  'comma,colon:semi;colon.txt',
  '"quoted" and \'quoted\'.txt',
  ']]>.xml',
  '<!-- comment --> <script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '&amp;&#10;&notanentity',
  '`backtick` and ``two``',
  '| pipe | table |',
  '[link](http://example.com) ![image](x)',
  '](http://x)',
  '${{ github.token }} $(id) {0} {{1}}',
  '# heading.md',
  '- list',
  '@octocat and #123',
  'www.example.com/a',
  '=HYPERLINK("http://x","y")',
  '=cmd|calc!A1',
  '+1',
  '-1',
  '@x',
  '\u001b[31mred\u001b[0m\u0007.txt',
  '\u001b]8;;http://x\u0007link',
  'nul\u0000byte',
  'c1\u009b31m.txt',
  'rtl\u202egpj.exe',
  'isolate\u2066x\u2069',
  'zero\u200bwidth\ufeff.txt',
  'line\u2028separator',
  'noncharacter\uffff\ufffe',
  'lone \ud800 surrogate \udc00',
  'bad\\xff\\xfe.txt',
  'space and # and ? and [id].ts',
  'C:\\windows\\path',
  'c:relative',
  '//host/share',
  '/absolute/path',
  '../outside',
  'dir/../x',
  '-option',
  'e\u0301composed \u00e9',
  '\u4e2d\u6587/\u{1f511}.txt',
  `${'long/'.repeat(300)}name`,
  `${'x'.repeat(5000)}`,
  `combining${'\u0301'.repeat(200)}`,
  '__proto__',
  'constructor',
  ' leading and trailing ',
  '',
];

const OID = '0123456789abcdef0123456789abcdef01234567';

export function location(file: string, more: Partial<LocationV1> = {}): LocationV1 {
  return { file, startLine: 3, startColumn: 5, endLine: 3, endColumn: 30, state: 'head', commit: OID, blob: OID, ...more };
}

export function finding(index: number, more: Partial<FindingV1> = {}): FindingV1 {
  const number = index % 12;
  const month = String((index % 12) + 1).padStart(2, '0');
  const state = more.state ?? 'head';
  return {
    id: index.toString(16).padStart(20, '0'),
    ruleId: `rule-${number}`,
    provider: ['Stripe', 'Clerk', 'GitHub', 'Acme & Sons', 'unattributed'][index % 5] ?? '',
    title: `Live secret key number ${number}`,
    kind: 'secret',
    severity: SEVERITIES[4 - (number % 5)] ?? 'high',
    confidence: 'high',
    redacted: 'sk_live_****',
    state,
    firstSeen: { commit: OID, author: 'Ada Example <ada@example.com>', date: `2025-${month}-02T10:00:00Z` },
    lastSeen: { commit: OID.split('').toReversed().join(''), author: 'Bob Example <bob@example.com>', date: `2026-${month}-01T10:00:00Z` },
    daysExposed: 100 + index,
    evidence: ['`stripe` on the same line'],
    remedy: { revoke: 'Dashboard → API keys', steps: ['Add a second key.', 'Deploy it from a secret store.', 'Delete the leaked key.'] },
    locations: [location(`src/${index}.ts`, { state })],
    ...more,
  };
}

/** A public half of the finding with the same index. */
export function half(index: number, name = `id/${index}.ts`): HalfV1 {
  return finding(index + 0x1000, {
    ruleId: 'half',
    title: `Access key id of ${name}`,
    severity: 'low',
    redacted: 'AKIA****',
    evidence: [`belongs to account ${name}`],
    locations: [location(name, { startLine: 7 }), location(`more/${name}`, { state: 'history', startLine: 8 })],
  });
}

/** A check that asks for something. */
export const check: CheckV1 = {
  ruleId: 'hardcoded-fallback',
  title: 'Real key as a fallback',
  severity: 'medium',
  saw: '`process.env.KEY || …`, in `src/pay.ts`',
  why: 'Everybody who has the code has it.',
  steps: ['Fail when the variable is missing.'],
};

export function report(findings: readonly FindingV1[], more: Partial<ReportV1> = {}): ReportV1 {
  const notScanned = more.notScanned ?? [];
  const ids = [...new Set(findings.map(({ ruleId }) => ruleId))];
  return {
    schemaVersion: 1,
    tool: { name: 'keysift', version: '0.0.0', rules: `sha256:${'0'.repeat(64)}`, activeRules: 262 },
    scan: {
      target: '/work/repository',
      sources: ['worktree', 'history'],
      complete: notScanned.length === 0,
      startedAt: '2026-07-01T00:00:00.000Z',
      durationMs: 1500,
      head: OID,
      notes: [],
    },
    counts: {
      files: 10,
      blobs: 20,
      commits: 30,
      bytes: 4000,
      matchedBytes: 500,
      findings: findings.length,
      suppressed: 0,
      notScanned: notScanned.length,
      excluded: 0,
    },
    rules: ids.map((id) => {
      const one = findings.find(({ ruleId }) => ruleId === id);
      return {
        id,
        title: one?.title ?? '',
        provider: one?.provider ?? '',
        kind: one?.kind ?? 'secret',
        severity: one?.severity ?? 'high',
        confidence: one?.confidence ?? 'high',
        description: 'Opens everything.',
        references: ['https://docs.example.com/keys'],
      };
    }),
    findings: [...findings],
    suppressed: [],
    notScanned,
    excluded: {},
    ...more,
  };
}

/** A finding for each hostile name, in the current files and in history, in turn; and the names as units not scanned. */
export function hostileReport(names: readonly string[] = HOSTILE_NAMES): ReportV1 {
  return report(
    names.map((name, index) => {
      const state = index % 2 === 0 ? 'head' : 'history';
      return finding(index, {
        state,
        severity: 'high',
        evidence: [`secret-looking values in ${name}`],
        remedy: { revoke: `Revoke ${name}`, steps: [`git rm --cached -- '${name}'`] },
        checks: [{ ...check, title: `Check ${name}`, saw: `in ${name}` }],
        title: index % 3 === 0 ? `Title ${name}` : 'Title',
        provider: index % 4 === 0 ? `Provider ${name}` : 'Acme',
        firstSeen: { commit: OID, author: `${name} <${name}@example.com>`, date: '2026-01-02T03:04:05Z' },
        locations: [location(name, { state }), location(`other/${name}`, { state: 'history' })],
        halves: [half(index, name)],
      });
    }),
    { notScanned: names.map((name, index) => ({ unit: name, reason: index % 2 === 0 ? 'EACCES' : 'OBJECT-MISSING', detail: name })) },
  );
}

/** How reports are rendered in tests: everything, without colours, in lines of any length. */
export const OPTIONS = { styles: stylesFor(false), verbose: true, quiet: false, columns: Number.POSITIVE_INFINITY };

export async function render(name: FormatName, given: ReportV1, options: RenderOptions = OPTIONS): Promise<string> {
  const format: Format = FORMATS[name];
  return [...(await format.load())(given, options)].join('');
}
