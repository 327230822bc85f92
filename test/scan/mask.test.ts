import { describe, expect, test } from 'vitest';
import type { CommitStamp, Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import type { Rule } from '../../src/model/rule.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Inspector } from '../../src/scan/inspector.ts';
import { isOrdinaryWord, Mask, maskReport } from '../../src/scan/mask.ts';

/** Takes each `tok_…` for a secret, and what begins in it and ends one character behind it for a second one. */
class ShapeInspector {
  asked = 0;

  inspect(bytes: Buffer, options: unknown): { span: { start: number; end: number } }[] {
    this.asked++;
    expect(options).toEqual({ selfIdentifyingOnly: true });
    const found = [...bytes.toString('latin1').matchAll(/tok_\w+/g)].map((match) => ({
      span: { start: match.index, end: match.index + match[0].length },
    }));
    return found.flatMap((one) => [one, { span: { start: one.span.start + 2, end: one.span.end + 1 } }]);
  }
}

function masking(...secrets: string[]): { mask: (text: string) => string; inspector: ShapeInspector } {
  const inspector = new ShapeInspector();
  const mask = new Mask(inspector as unknown as Inspector, secrets);
  return { mask: (text) => mask.apply(text), inspector };
}

describe('the mask', () => {
  test('hides a secret of bytes beyond ASCII in the text that they are', () => {
    const secret = Buffer.from('ab1\u00a7XY9\u00fcz').toString('latin1');
    expect(masking(secret).mask(`x/ab1\u00a7XY9\u00fcz ${secret}`)).toBe('x/**** ****');
  });

  test.each([
    ['the secrets of findings, wherever they stand', 'a hunter22-hunter22 b', 'a **** b'],
    ['at the start and at the end', 'correcthorse/hunter22-hunter22', '****/****'],
    ['the shortest of them at the end', 'x 12345678', 'x ****'],
    ['one behind the other, each', 'correcthorsecorrecthorse', '********'],
    ['of several lengths', 'x12345678y correcthorse', 'x****y ****'],
    ['not what is shorter than eight characters', 'short1 in a path', 'short1 in a path'],
    ['not a part of one', 'correcthors e', 'correcthors e'],
    ['what is a secret by its shape, in bytes of UTF-8', '\u00fc tok_abc. \u00fc', '\u00fc **** \u00fc'],
    ['nothing, and then the text is what it was', 'a lone \ud800 half', 'a lone \ud800 half'],
    ['every one of these, each once', 'tok_abc.-tok_def.', '****-****'],
  ])('hides %s', (_what, text, masked) => {
    expect(masking('hunter22-hunter22', 'correcthorse', '12345678', 'short1').mask(text)).toBe(masked);
  });

  test.each<readonly [what: string, text: string, secrets: readonly string[]]>([
    ['one inside another, whichever was found first', 'x plum-42-kite-sail y', ['42-kite-', 'plum-42-kite-sail']],
    ['two that begin alike', 'x plum-42-kite-sail y', ['plum-42-', 'plum-42-kite-sail']],
    ['the first of two that begin alike', 'x plum-42-kite-sail y', ['plum-42-kite-sail', 'plum-42-another']],
    ['two that overlap', 'x plum-42-kite-sail y', ['plum-42-kite', '42-kite-sail']],
  ])('leaves nothing of %s', (_what, text, secrets) => expect(masking(...secrets).mask(text)).toBe('x **** y'));

  test.each<[what: string, expected: boolean, kind: Rule['kind'], confidence: Finding['confidence'], text: string]>([
    ['a plain word as a password', true, 'password', 'low', 'apricots'],
    ['words that are joined', true, 'password', 'low', 'apricot-shop_db'],
    ['words in capitals', true, 'password', 'low', 'APRICOT_SHOP'],
    ['a word in capitals', true, 'password', 'low', 'APRICOTS'],
    ['a password that somebody made', false, 'password', 'low', 'apricots7'],
    ['one in mixed case', false, 'password', 'low', 'ApricotShop'],
    ['a password of which nobody doubts', false, 'password', 'medium', 'apricots'],
    ['a secret', false, 'secret', 'low', 'apricots'],
  ])('whether %s is an ordinary word: %s', (_what, expected, kind, confidence, text) => {
    expect(isOrdinaryWord({ rule: { kind } as Rule, confidence, secret: new Secret(text) })).toBe(expected);
  });

  test('looks at a text once, and not at one that is too short for any secret', () => {
    const { mask, inspector } = masking();
    expect([mask('tok_abcd'), mask('tok_abcd'), mask('tok_abc')]).toEqual(['****', '****', 'tok_abc']);
    expect(inspector.asked).toBe(1);
  });
});

describe('a masked report', () => {
  const SECRET = 'hunter22-hunter22';
  const rule = { id: 'some-rule' } as unknown as Rule;
  const stamp = (who: string): CommitStamp => ({ commit: 'c0ffee', author: `${who} <${SECRET}>`, date: '2026-01-01T00:00:00Z' });
  const plain = (id: string): Finding => ({
    id,
    otherIds: [],
    rule,
    secret: new Secret(SECRET),
    severity: 'high',
    confidence: 'high',
    state: 'head',
    evidence: [`beside ${SECRET}`],
    checks: [{ rule, severity: 'low', saw: `saw ${SECRET}` }],
    locations: [{ file: `${SECRET}.ts`, state: 'head', startLine: 1, startColumn: 1, endLine: 1, endColumn: 17 }],
  });
  const full = (id: string): Finding => ({
    ...plain(id),
    halves: [plain(`${id}-half`)],
    tracking: { tracked: true, ignored: false, line: `/${SECRET}`, file: `${SECRET}/.gitignore`, undo: `.gitignore:1 ${SECRET}` },
    firstSeen: stamp('first'),
    lastSeen: stamp('last'),
    removedIn: stamp('removed'),
  });
  const report: Report = {
    target: `/home/${SECRET}`,
    sources: ['worktree'],
    complete: false,
    startedAt: new Date(0),
    durationMs: 1,
    head: 'c0ffee',
    rules: 'sha256:0',
    activeRules: 1,
    counts: { files: 1, blobs: 0, commits: 0, bytes: 1, matchedBytes: 1 },
    findings: [full('a'), plain('b')],
    suppressed: [{ finding: full('c'), by: 'inline', reason: `since ${SECRET}` }],
    policy: [`${SECRET}/keysift.yaml`],
    notScanned: [{ unit: `dir/${SECRET}`, reason: 'EACCES', detail: `cannot read ${SECRET}` }],
    excluded: { binary: 2 },
    dropped: [{ file: `${SECRET}.md`, offset: 3, ruleId: 'some-rule', filter: 'placeholder', reason: 'is a placeholder' }],
    notes: [`note of ${SECRET}`],
  };
  const masked = maskReport(report, new Mask(new ShapeInspector() as unknown as Inspector, [SECRET]));
  /** Secrets hide themselves, so what JSON shows of a report is all its text. */
  const text = (of: unknown): string => JSON.stringify(of);

  test('says all that it said, with a mask in each place of the secret', () => {
    expect(text(report).split(SECRET).length).toBeGreaterThan(30);
    expect(text(masked)).toBe(text(report).replaceAll(SECRET, '****'));
  });

  test('of several findings hides the one secret that there is, and leaves the others as they are', () => {
    const clean = { ...plain('d'), evidence: ['beside it'], checks: [{ rule, severity: 'low' as const, saw: 'saw it' }], locations: [] };
    const bearing = { ...clean, evidence: ['beside it', `beside ${SECRET}`] };
    const mask = new Mask(new ShapeInspector() as unknown as Inspector, [SECRET]);
    const { findings } = maskReport({ ...report, findings: [clean, bearing] }, mask);
    expect(findings.map(({ evidence }) => evidence)).toEqual([['beside it'], ['beside it', 'beside ****']]);
    // Of a hundred thousand findings hardly one has anything to hide: the others are not made again.
    expect([findings[0] === clean, findings[1]?.checks === clean.checks]).toEqual([true, true]);
    const allClean = [clean, { ...clean, firstSeen: { commit: 'c0ffee', author: 'Ada', date: '2026-01-01T00:00:00Z' } }];
    expect(maskReport({ ...report, findings: allClean }, mask).findings).toBe(allClean);
  });

  test('has no field that it did not have', () => {
    expect(masked.findings.map(Object.keys)).toEqual([full('a'), plain('b')].map(Object.keys));
    const bare = { ...plain('d'), tracking: { tracked: true, ignored: false, line: '.env', file: '.gitignore' } };
    expect(maskReport({ ...report, findings: [bare] }, new Mask(new ShapeInspector() as unknown as Inspector, [])).findings[0]).toStrictEqual(bare);
  });
});
