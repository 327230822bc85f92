/** The report for people, word for word: what it shows, what it leaves out, and how lines are broken. */
import { describe, expect, test } from 'vitest';
import type { FindingV1, ReportV1 } from '../../src/report/json-v1.ts';
import { renderText, type TextOptions } from '../../src/report/text.ts';
import { check, finding, half, location, report } from '../support/reports.ts';

/** Each style as a tag, so that a text says what is how. */
const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
const TAGS = { bold: tag('b'), dim: tag('d'), red: tag('r'), yellow: tag('y'), green: tag('g'), cyan: tag('c') };
const PLAIN = Object.fromEntries(Object.keys(TAGS).map((name) => [name, String])) as unknown as TextOptions['styles'];

function lines(given: ReportV1, options: Partial<TextOptions> = {}): string[] {
  return renderText(given, { styles: PLAIN, verbose: false, quiet: false, columns: 80, ...options }).split('\n');
}

const note = { ...check, title: 'Only a note', severity: 'info' } as const;
const one = finding(3, {
  severity: 'critical',
  checks: [check, note],
  halves: [half(3)],
  locations: [location('src/3.ts'), location('old/3.ts', { state: 'history', startLine: 7 }), location('new.ts', { commit: undefined })],
});
/** Findings that want the same done, of one rule: the first two are alike, the third has a check, and many places. */
const same = (index: number, more: Partial<FindingV1> = {}): FindingV1 =>
  finding(7, { id: String(index).repeat(20), severity: 'high', locations: [location(`src/${index}.ts`)], ...more });
const many = [
  same(1),
  same(2, { halves: [half(2)] }),
  same(3, { checks: [check, note], locations: Array.from({ length: 7 }, (_, index) => location(`src/deep/${index}.ts`)) }),
];

describe('a finding', () => {
  test('with all that is known of it', () => {
    expect(lines(report([one]))).toMatchInlineSnapshot(`
      [
        "CRITICAL  Live secret key number 3",
        "  sk_live_****  Acme & Sons · high confidence · in HEAD",
        "                since 2025-04-02 in 0123456789 by Ada Example",
        "                at least 103 days",
        "  src/3.ts:3:5  (0123456789)",
        "  old/3.ts:7:5  (only in history, 0123456789)",
        "  new.ts:3:5",
        "  with  Access key id of id/3.ts AKIA****",
        "        id/3.ts:7:5  (0123456789)",
        "        more/id/3.ts:8:5  (only in history, 0123456789)",
        "        belongs to account id/3.ts",
        "  why   \`stripe\` on the same line",
        "  also  Real key as a fallback: \`process.env.KEY || …\`, in \`src/pay.ts\`",
        "  do    Dashboard → API keys",
        "        Add a second key.",
        "        Deploy it from a secret store.",
        "        Delete the leaked key.",
        "  rule  rule-3 · id 00000000000000000003",
        "",
        "1 finding (1 critical)",
        "10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · 262 rules",
        "Keys are not checked online: treat each as live. Revoke first, then clean up.",
        "Details: keysift explain ID; a false alarm: keysift ignore ID",
        "",
      ]
    `);
  });

  test('with notes, where everything is wanted', () => {
    expect(lines(report([one]), { verbose: true, quiet: true })).toMatchInlineSnapshot(`
      [
        "CRITICAL  Live secret key number 3",
        "  sk_live_****  Acme & Sons · high confidence · in HEAD",
        "                since 2025-04-02 in 0123456789 by Ada Example",
        "                at least 103 days",
        "  src/3.ts:3:5  (0123456789)",
        "  old/3.ts:7:5  (only in history, 0123456789)",
        "  new.ts:3:5",
        "  with  Access key id of id/3.ts AKIA****",
        "        id/3.ts:7:5  (0123456789)",
        "        more/id/3.ts:8:5  (only in history, 0123456789)",
        "        belongs to account id/3.ts",
        "  why   \`stripe\` on the same line",
        "  also  Real key as a fallback: \`process.env.KEY || …\`, in \`src/pay.ts\`",
        "  also  Only a note: \`process.env.KEY || …\`, in \`src/pay.ts\`",
        "  do    Dashboard → API keys",
        "        Add a second key.",
        "        Deploy it from a secret store.",
        "        Delete the leaked key.",
        "  rule  rule-3 · id 00000000000000000003",
        "",
      ]
    `);
  });

  test('in a narrow terminal; one narrower than 40 columns breaks the lines itself', () => {
    const narrow = lines(report([one]), { columns: 40, quiet: true });
    expect(narrow).toMatchInlineSnapshot(`
      [
        "CRITICAL  Live secret key number 3",
        "  sk_live_****  Acme & Sons",
        "                high confidence",
        "                in HEAD",
        "                since 2025-04-02 in 0123456789 by Ada Example",
        "                at least 103 days",
        "  src/3.ts:3:5  (0123456789)",
        "  old/3.ts:7:5",
        "    (only in history, 0123456789)",
        "  new.ts:3:5",
        "  with  Access key id of id/3.ts",
        "        AKIA****",
        "        id/3.ts:7:5  (0123456789)",
        "        more/id/3.ts:8:5",
        "          (only in history, 0123456789)",
        "        belongs to account id/3.ts",
        "  why   \`stripe\` on the same line",
        "  also  Real key as a fallback:",
        "        \`process.env.KEY || …\`, in",
        "        \`src/pay.ts\`",
        "  do    Dashboard → API keys",
        "        Add a second key.",
        "        Deploy it from a secret store.",
        "        Delete the leaked key.",
        "  rule  rule-3 · id 00000000000000000003",
        "",
      ]
    `);
    expect(lines(report([one]), { columns: 10, quiet: true })).toEqual(narrow);
  });

  test('with its styles', () => {
    expect(lines(report([one]), { styles: TAGS, columns: Infinity })).toMatchInlineSnapshot(`
      [
        "<r><b>CRITICAL</b></r>  <b>Live secret key number 3</b>",
        "  sk_live_****  <d>Acme & Sons · high confidence · in HEAD · since 2025-04-02 in 0123456789 by Ada Example · at least 103 days</d>",
        "  src/3.ts:3:5  <d>(0123456789)</d>",
        "  old/3.ts:7:5  <d>(only in history, 0123456789)</d>",
        "  new.ts:3:5",
        "  <d>with</d>  Access key id of id/3.ts AKIA****",
        "        id/3.ts:7:5  <d>(0123456789)</d>",
        "        more/id/3.ts:8:5  <d>(only in history, 0123456789)</d>",
        "        belongs to account id/3.ts",
        "  <d>why</d>   \`stripe\` on the same line",
        "  <d>also</d>  Real key as a fallback: \`process.env.KEY || …\`, in \`src/pay.ts\`",
        "  <d>do</d>    Dashboard → API keys",
        "        Add a second key.",
        "        Deploy it from a secret store.",
        "        Delete the leaked key.",
        "<d>  rule  rule-3 · id 00000000000000000003</d>",
        "",
        "<b><r>1 finding (1 critical)</r></b>  <d>10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · 262 rules</d>",
        "<d>Keys are not checked online: treat each as live. Revoke first, then clean up. Details: keysift explain ID; a false alarm: keysift ignore ID</d>",
        "",
      ]
    `);
  });

  test.each([
    ['critical', 'r'],
    ['high', 'r'],
    ['medium', 'y'],
    ['low', 'c'],
    ['info', 'c'],
  ] as const)('of severity %s has the colour %s', (severity, colour) => {
    const [head] = lines(report([finding(1, { severity, title: 'A key' })]), { styles: TAGS });
    expect(head).toBe(`<${colour}><b>${severity.toUpperCase()}</b></${colour}>  <b>A key</b>`);
  });

  test('whose secret is shown has it in its own line, where it is long and somebody looks', () => {
    const head = (secret: string, columns = 200): string[] => lines(report([finding(1, { secret })]), { columns }).slice(1, 3);
    const words = 'Clerk · high confidence · in HEAD · since 2025-02-02 in 0123456789 by Ada Example · at least 101 days';
    const place = '  src/1.ts:3:5  (0123456789)';
    expect(head('sk_live_q7Zk')).toEqual([`  sk_live_q7Zk  ${words}`, place]);
    expect(head('sk_live_q7Zk!')).toEqual(['  sk_live_q7Zk!', `  ${words}`]);
    expect(head('sk_live_q7Zk!', Infinity)).toEqual([`  sk_live_q7Zk!  ${words}`, place]);
  });
});

describe('findings that want the same done', () => {
  test('say it once, each with its places and its id', () => {
    expect(lines(report(many), { quiet: true })).toMatchInlineSnapshot(`
      [
        "HIGH  Live secret key number 7  3 findings",
        "  sk_live_****  GitHub · high confidence · in HEAD",
        "                since 2025-08-02 in 0123456789 by Ada Example",
        "                at least 107 days",
        "  src/1.ts:3:5  (0123456789)  id 11111111111111111111",
        "  src/2.ts:3:5  (0123456789)  id 22222222222222222222",
        "  with  Access key id of id/2.ts AKIA****",
        "        id/2.ts:7:5  (0123456789)",
        "        more/id/2.ts:8:5  (only in history, 0123456789)",
        "        belongs to account id/2.ts",
        "  why   \`stripe\` on the same line",
        "",
        "  sk_live_****  GitHub · high confidence · in HEAD",
        "                since 2025-08-02 in 0123456789 by Ada Example",
        "                at least 107 days",
        "  src/deep/0.ts:3:5  (0123456789)",
        "  src/deep/1.ts:3:5  (0123456789)",
        "  src/deep/2.ts:3:5  (0123456789)",
        "  src/deep/3.ts:3:5  (0123456789)",
        "  src/deep/4.ts:3:5  (0123456789)",
        "  and 2 more places; -v lists them",
        "    id 33333333333333333333",
        "  why   \`stripe\` on the same line",
        "  also  Real key as a fallback",
        "",
        "  do    Dashboard → API keys",
        "        Add a second key.",
        "        Deploy it from a secret store.",
        "        Delete the leaked key.",
        "  rule  rule-7",
        "",
      ]
    `);
  });

  test('with all places, where everything is wanted', () => {
    expect(lines(report(many), { quiet: true, verbose: true })).toMatchInlineSnapshot(`
      [
        "HIGH  Live secret key number 7  3 findings",
        "  sk_live_****  GitHub · high confidence · in HEAD",
        "                since 2025-08-02 in 0123456789 by Ada Example",
        "                at least 107 days",
        "  src/1.ts:3:5  (0123456789)  id 11111111111111111111",
        "  src/2.ts:3:5  (0123456789)  id 22222222222222222222",
        "  with  Access key id of id/2.ts AKIA****",
        "        id/2.ts:7:5  (0123456789)",
        "        more/id/2.ts:8:5  (only in history, 0123456789)",
        "        belongs to account id/2.ts",
        "  why   \`stripe\` on the same line",
        "",
        "  sk_live_****  GitHub · high confidence · in HEAD",
        "                since 2025-08-02 in 0123456789 by Ada Example",
        "                at least 107 days",
        "  src/deep/0.ts:3:5  (0123456789)",
        "  src/deep/1.ts:3:5  (0123456789)",
        "  src/deep/2.ts:3:5  (0123456789)",
        "  src/deep/3.ts:3:5  (0123456789)",
        "  src/deep/4.ts:3:5  (0123456789)",
        "  src/deep/5.ts:3:5  (0123456789)",
        "  src/deep/6.ts:3:5  (0123456789)",
        "    id 33333333333333333333",
        "  why   \`stripe\` on the same line",
        "  also  Real key as a fallback: \`process.env.KEY || …\`, in \`src/pay.ts\`",
        "  also  Only a note: \`process.env.KEY || …\`, in \`src/pay.ts\`",
        "",
        "  do    Dashboard → API keys",
        "        Add a second key.",
        "        Deploy it from a secret store.",
        "        Delete the leaked key.",
        "  rule  rule-7",
        "",
      ]
    `);
  });

  test('with their styles, in a narrow terminal', () => {
    expect(lines(report(many), { quiet: true, styles: TAGS, columns: 40 })).toMatchInlineSnapshot(`
      [
        "<r><b>HIGH</b></r>  <b>Live secret key number 7</b>  <d>3 findings</d>",
        "  sk_live_****  <d>GitHub · high confidence</d>",
        "                <d>in HEAD</d>",
        "                <d>since 2025-08-02 in 0123456789 by Ada Example</d>",
        "                <d>at least 107 days</d>",
        "  src/1.ts:3:5  <d>(0123456789)</d>",
        "<d>    id 11111111111111111111</d>",
        "  src/2.ts:3:5  <d>(0123456789)</d>",
        "<d>    id 22222222222222222222</d>",
        "  <d>with</d>  Access key id of id/2.ts",
        "        AKIA****",
        "        id/2.ts:7:5  <d>(0123456789)</d>",
        "        more/id/2.ts:8:5",
        "      <d>    (only in history, 0123456789)</d>",
        "        belongs to account id/2.ts",
        "  <d>why</d>   \`stripe\` on the same line",
        "",
        "  sk_live_****  <d>GitHub · high confidence</d>",
        "                <d>in HEAD</d>",
        "                <d>since 2025-08-02 in 0123456789 by Ada Example</d>",
        "                <d>at least 107 days</d>",
        "  src/deep/0.ts:3:5  <d>(0123456789)</d>",
        "  src/deep/1.ts:3:5  <d>(0123456789)</d>",
        "  src/deep/2.ts:3:5  <d>(0123456789)</d>",
        "  src/deep/3.ts:3:5  <d>(0123456789)</d>",
        "  src/deep/4.ts:3:5  <d>(0123456789)</d>",
        "<d>  and 2 more places; -v lists them</d>",
        "<d>    id 33333333333333333333</d>",
        "  <d>why</d>   \`stripe\` on the same line",
        "  <d>also</d>  Real key as a fallback",
        "",
        "  <d>do</d>    Dashboard → API keys",
        "        Add a second key.",
        "        Deploy it from a secret store.",
        "        Delete the leaked key.",
        "<d>  rule  rule-7</d>",
        "",
      ]
    `);
  });

  test('but not those of another severity', () => {
    const text = lines(report([same(1), same(2, { severity: 'low' }), same(3)]), { quiet: true });
    expect(text.filter((line) => /^[A-Z]/.test(line))).toEqual(['HIGH  Live secret key number 7  2 findings', 'LOW  Live secret key number 7']);
  });
});

describe('what follows the findings', () => {
  const entry = (index: number): ReportV1['notScanned'][number] => ({
    unit: `folder/${index}.bin`,
    reason: 'EACCES',
    detail: 'its folder is closed',
  });

  test('nothing but a closing line', () => {
    expect(lines(report([]))).toMatchInlineSnapshot(`
      [
        "No findings  10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · 262 rules",
        "",
      ]
    `);
    expect(lines(report([]), { quiet: true })).toEqual(['']);
    expect(lines(report([]), { columns: 60 })).toMatchInlineSnapshot(`
      [
        "No findings",
        "10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · 262 rules",
        "",
      ]
    `);
  });

  test('units that were not scanned, and notes', () => {
    const { scan, ...rest } = report([], { notScanned: Array.from({ length: 12 }, (_, index) => entry(index)) });
    const given = { ...rest, scan: { ...scan, notes: ['a shallow clone: what is older was not scanned, since it is not there', 'short'] } };
    expect(lines(given)).toMatchInlineSnapshot(`
      [
        "NOT SCANNED: 12 units",
        "  folder/0.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/1.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/2.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/3.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/4.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/5.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/6.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/7.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/8.bin  EACCES: no permission to read it; its folder is closed",
        "  folder/9.bin  EACCES: no permission to read it; its folder is closed",
        "  and 2 more; -v lists them",
        "",
        "note: a shallow clone: what is older was not scanned, since it is not there",
        "note: short",
        "",
        "No findings in what was scanned, but the scan is incomplete",
        "10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · 262 rules · 12 not scanned",
        "",
      ]
    `);
    expect(lines(given, { verbose: true }).filter((line) => line.startsWith('  '))).toHaveLength(12);
    expect(lines(given, { columns: 40, styles: TAGS })).toMatchInlineSnapshot(`
      [
        "<y><b>NOT SCANNED: 12 units</b></y>",
        "  folder/0.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/1.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/2.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/3.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/4.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/5.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/6.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/7.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/8.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "  folder/9.bin",
        "<d>      EACCES: no permission to read it;</d>",
        "<d>      its folder is closed</d>",
        "<d>  and 2 more; -v lists them</d>",
        "",
        "<d>note:</d> a shallow clone: what is older was",
        "      not scanned, since it is not there",
        "<d>note:</d> short",
        "",
        "<b><y>No findings in what was scanned, but the scan is incomplete</y></b>",
        "<d>10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s</d>",
        "<d>262 rules · 12 not scanned</d>",
        "",
      ]
    `);
  });

  test('an incomplete scan is no clean one, whatever is missing', () => {
    const { scan, ...rest } = report([]);
    expect(lines({ ...rest, scan: { ...scan, complete: false } }, { styles: TAGS, columns: 200 })).toMatchInlineSnapshot(`
      [
        "<b><y>No findings in what was scanned, but the scan is incomplete</y></b>  <d>10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · 262 rules</d>",
        "",
      ]
    `);
    expect(lines(report([]), { styles: TAGS, columns: 200 })).toMatchInlineSnapshot(`
      [
        "<b><g>No findings</g></b>  <d>10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · 262 rules</d>",
        "",
      ]
    `);
  });

  test('accepted findings where they are wanted, and how much was left out', () => {
    const accepted = (by: ReportV1['suppressed'][number]['by'], more: object = {}): ReportV1['suppressed'][number] => ({
      ...finding(5),
      by,
      reason: '',
      ...more,
    });
    const given = report([finding(1), finding(2)], {
      suppressed: [
        accepted('inline'),
        accepted('ignore-file', { reason: 'a sample', until: '2027-01-31' }),
        accepted('baseline', { locations: [] }),
        accepted('exclude', { reason: 'src/**' }),
      ],
      excluded: { 'binary file': 3, 'too large': 1 },
    });
    const full = {
      ...given,
      counts: { ...given.counts, suppressed: 1234 },
      tool: { ...given.tool, activeRules: undefined },
      scan: { ...given.scan, policy: ['a.yaml', 'b'] },
    };
    expect(lines(full, { suppressed: true }).slice(-13)).toMatchInlineSnapshot(`
      [
        "",
        "SUPPRESSED: 4 findings",
        "  rule-5  src/5.ts:3:5  a comment · id 00000000000000000005",
        "  rule-5  src/5.ts:3:5  the ignore file, until 2027-01-31, a sample · id 00000000000000000005",
        "  rule-5    the baseline · id 00000000000000000005",
        "  rule-5  src/5.ts:3:5  an excluded path, src/** · id 00000000000000000005",
        "",
        "2 findings (1 high, 1 medium)",
        "10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · policy a.yaml, b",
        "1,234 suppressed · left out: 3 × binary file, 1 × too large",
        "Keys are not checked online: treat each as live. Revoke first, then clean up.",
        "Details: keysift explain ID; a false alarm: keysift ignore ID",
        "",
      ]
    `);
    expect(lines(full).some((line) => line.startsWith('SUPPRESSED'))).toBe(false);
    expect(lines(report([]), { suppressed: true }).some((line) => line.startsWith('SUPPRESSED'))).toBe(false);
    expect(lines(full, { suppressed: true, styles: TAGS, columns: 400 }).slice(-9)).toMatchInlineSnapshot(`
      [
        "<b>SUPPRESSED: 4 findings</b>",
        "  rule-5  src/5.ts:3:5  <d>a comment · id 00000000000000000005</d>",
        "  rule-5  src/5.ts:3:5  <d>the ignore file, until 2027-01-31, a sample · id 00000000000000000005</d>",
        "  rule-5    <d>the baseline · id 00000000000000000005</d>",
        "  rule-5  src/5.ts:3:5  <d>an excluded path, src/** · id 00000000000000000005</d>",
        "",
        "<b><r>2 findings (1 high, 1 medium)</r></b>  <d>10 files, 20 blobs, 30 commits, 4.0 kB in 1.5 s · policy a.yaml, b · 1,234 suppressed · left out: 3 × binary file, 1 × too large</d>",
        "<d>Keys are not checked online: treat each as live. Revoke first, then clean up. Details: keysift explain ID; a false alarm: keysift ignore ID</d>",
        "",
      ]
    `);
  });
});

test('more findings alike, and more places of one, than a call takes arguments', () => {
  const most = 150_000;
  const alike = Array.from({ length: most }, () => finding(1));
  expect(renderText(report(alike), { styles: PLAIN, verbose: false, quiet: false, columns: 80 }).split(finding(1).id)).toHaveLength(most + 1);
  const places = Array.from({ length: most }, (_, index) => location(`file-${index}.ts`));
  const text = renderText(report([finding(1, { locations: places })]), { styles: PLAIN, verbose: true, quiet: false, columns: 80 });
  expect(text).toContain(`file-${most - 1}.ts`);
});
