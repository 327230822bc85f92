/** Commands that scan nothing, each in a world of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { findById } from '../../src/cli/finding-id.ts';
import { reasonOf } from '../../src/cli/ignore-reason.ts';
import { readReportFile, runConvert, runMerge } from '../../src/cli/report-command.ts';
import { runRules } from '../../src/cli/rules-command.ts';
import type { ReportV1 } from '../../src/report/json-v1.ts';
import { count } from '../../src/report/words.ts';
import { builtinRules } from '../../src/rules/builtin.ts';
import { finding, half, render, report } from '../support/reports.ts';
import { refused, world, type World } from '../support/world.ts';

describe('a finding that somebody names', () => {
  const findings = [
    { id: 'aabbccdd00', otherIds: ['ffff000000'] },
    { id: 'aabbcc1111', otherIds: ['aabbccdd00', 'ffff000000'] },
    { id: 'aabbcc', otherIds: [] },
    { id: '12345' },
    { id: 'ddeeff0011' },
  ];
  const find = async (given: string): Promise<unknown> => findById(given, findings, 'in the report');

  test.each([
    ['aabbccdd00', 0],
    ['AABBCCDD', 0],
    ['aabbcc', 2],
    ['aabbcc1', 1],
    ['12345', 3],
    ['ddeeff', 4],
  ])('%s', async (given, index) => {
    expect(await find(given)).toBe(findings[index]);
  });

  test('by none or several is refused', async () => {
    const none = (given: string): unknown[] => [`there is no finding "${given}" in the report`, 'keysift shows the ids of all findings.'];
    expect(await refused(find('1234'))).toEqual(none('1234'));
    expect(await refused(find('ddeef'))).toEqual(none('ddeef'));
    expect(await refused(find('x'.repeat(99)))).toEqual(none('x'.repeat(80)));
    expect(await refused(find('ffff000000'))).toEqual(['2 findings begin with ffff000000', 'Write one out: aabbccdd00, aabbcc1111.']);
    const many = Array.from({ length: 7 }, (_, index) => ({ id: `same-start-${index}` }));
    expect(await refused((async () => findById('same-start', many, ''))())).toEqual([
      '7 findings begin with same-start',
      `Write one out: ${many
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}.`,
    ]);
  });
});

test('a reason is one line', async () => {
  const given = async (text: string): Promise<string> => reasonOf(text);
  expect(await given('  a reason ')).toBe('a reason');
  expect(await given('x'.repeat(200))).toHaveLength(200);
  const long = ['a reason is one line of 200 characters at most', 'Make it shorter.'];
  for (const text of ['x'.repeat(201), 'a\nb', 'a\u0000b', 'a\u001fb', 'a\u007fb']) expect(await refused(given(text))).toEqual(long);
  expect(await refused(given(' \n'))).toEqual(['a reason is needed', 'Say why it is no leak: --reason "test key of the sandbox".']);
});

describe('reports that are read', () => {
  const plain = finding(0, { secret: 'a plain one', halves: [{ ...half(1), secret: 'its half' }] });
  const given: ReportV1 = { ...report([plain]), suppressed: [{ ...finding(1, { secret: 'an accepted one' }), by: 'baseline', reason: 'known' }] };
  const files = async (...reports: readonly ReportV1[]): Promise<World> => {
    const io = world();
    for (const [index, one] of reports.entries()) writeFileSync(join(io.cwd, `${index}.json`), await render('json', one));
    return io;
  };
  const secrets = (text: string): string[] => ['a plain one', 'its half', 'an accepted one'].filter((one) => text.includes(one));

  test('are converted, without the secrets that they show unless these are asked for again', async () => {
    const io = await files(given);
    expect(await runConvert('0.json', { format: ['json'] }, io)).toBe(0);
    expect(secrets(io.stdout.text)).toEqual([]);
    expect((JSON.parse(io.stdout.text) as ReportV1).findings).toMatchObject([{ id: plain.id, halves: [{ id: half(1).id }] }]);
    const shown = await files(given);
    await runConvert('0.json', { format: ['json'], showSecrets: true }, shown);
    expect(secrets(shown.stdout.text)).toEqual(['a plain one', 'its half', 'an accepted one']);
    expect(secrets(await render('json', given))).toHaveLength(3);
  });

  test('come from standard input, too, in whatever pieces', async () => {
    const bytes = Buffer.from(await render('json', given));
    const io = world({ stdin: Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]) });
    expect(await readReportFile('-', io)).toMatchObject({ name: 'standard input', report: { findings: [{ id: plain.id }] } });
    writeFileSync(join(io.cwd, 'other.json'), await render('json', report([finding(2)])));
    const both = { ...io, stdin: Readable.from([bytes]) };
    expect(await readReportFile('other.json', both)).toMatchObject({ name: 'other.json', report: { findings: [{ id: finding(2).id }] } });
    const broken = world({ stdin: Readable.from([Buffer.from('{\n'), Buffer.from('  x\n')]) });
    expect(await refused(readReportFile('-', broken))).toEqual([expect.stringMatching(/^standard input:2:3: /), expect.any(String)]);
    writeFileSync(join(io.cwd, 'broken.json'), '{\n  x\n');
    expect(await refused(readReportFile('broken.json', io))).toEqual([expect.stringMatching(/^broken\.json:2:3: /), expect.any(String)]);
  });

  test('that cannot be are told', async () => {
    expect(await refused(readReportFile('folder/none.json', world()))).toEqual([
      'cannot read folder/none.json: there is no such file',
      'Name a report that keysift -f json wrote, or - for standard input.',
    ]);
    expect(await refused(runMerge(['a', 'b', 'a'], { failOn: 'low' }, world()))).toEqual([
      'a is named twice',
      'Name each report once: counts would add up twice.',
    ]);
    expect(await refused(runConvert('none', { format: ['x'] }, world()))).toEqual([
      expect.stringContaining('unknown format "x"'),
      expect.any(String),
    ]);
  });

  test('are merged, and end as the scan of everything would', async () => {
    const ends = async (reports: readonly ReportV1[], flags: Partial<Parameters<typeof runMerge>[1]> = {}): Promise<number> => {
      const io = await files(...reports);
      return runMerge(
        reports.map((_, index) => `${index}.json`),
        { failOn: 'low', format: ['json'], ...flags },
        io,
      );
    };
    const other = report([finding(2)]);
    expect(await ends([given, other])).toBe(1);
    expect(await ends([given, other], { exitZero: true })).toBe(0);
    expect(await ends([report([])])).toBe(0);
    expect(await ends([report([finding(1, { severity: 'low' })])], { failOn: 'medium' })).toBe(0);
    expect(await ends([report([]), report([], { notScanned: [{ unit: 'u', reason: 'EACCES', detail: '' }] })])).toBe(3);
    const lacking = report([], { notScanned: [{ unit: 'u', reason: 'EACCES', detail: '' }] });
    expect(await ends([{ ...lacking, scan: { ...lacking.scan, complete: true } }])).toBe(3);
    expect(await ends([other, { ...report([]), scan: { ...report([]).scan, complete: false } }], { exitZero: true })).toBe(3);
    const io = await files(given, other);
    await runMerge(['0.json', '1.json'], { failOn: 'low', format: ['json'] }, io);
    expect((JSON.parse(io.stdout.text) as ReportV1).findings.map(({ id }) => id).toSorted()).toEqual([plain.id, finding(2).id].toSorted());
    expect(secrets(io.stdout.text)).toEqual([]);
  });
});

describe('rules', () => {
  type Command = Parameters<typeof runRules>[0];
  const run = async (
    command: Command,
    given: readonly string[] = [],
    format = 'text',
    files: readonly string[] = [],
    io = world(),
  ): Promise<unknown[]> => [await runRules(command, given, { format, rules: files }, io), io.stdout.text];
  const { rules } = builtinRules();
  const OWN = `rules:
  - id: acme-key
    title: Acme key
    severity: high
    pattern: { regex: 'acme_[0-9]{9}', literals: [acme_], maxLength: 14 }
    examples: { match: ['[|acme_{{digit:9}}|]'], ignore: [acme] }
`;
  const own = (text = OWN): World => {
    const io = world();
    writeFileSync(join(io.cwd, 'own.yaml'), text);
    return io;
  };

  test('are listed, a line each', async () => {
    const [code, text] = await run('list');
    const lines = String(text).split('\n');
    expect([code, lines.length, lines.at(-2)]).toEqual([0, rules.length + 2, `${rules.length} rules`]);
    const [first] = rules;
    const width = Math.max(...rules.map(({ id }) => id.length));
    expect(lines[0]).toBe(`${first?.id.padEnd(width)}  ${first?.severity.padEnd(8)}  ${first?.title}`);
    const listed = JSON.parse(String((await run('list', [], 'json'))[1])) as { rules: Record<string, unknown>[] };
    expect(listed.rules).toHaveLength(rules.length);
    const checked = rules.findIndex(({ checksum }) => checksum !== undefined);
    const { id, provider, title, kind, severity, scope, checksum } = rules[checked]!;
    expect(listed.rules[checked]).toEqual({ id, provider, title, kind, severity, scope, checksum });
    expect(listed.rules.some(({ checksum: none }) => none === null)).toBe(true);
    expect(await run('list', [], 'text', ['own.yaml'], own())).toEqual([0, expect.stringMatching(/\nacme-key +high {6}Acme key\n/)]);
  });

  test('are shown one by one', async () => {
    const whole = rules.find(
      ({ checksum, revoke, literals, references }) => checksum !== undefined && revoke !== undefined && literals.length > 1 && references.length > 0,
    )!;
    const { revoke, references } = whole;
    expect(await run('show', [whole.id])).toEqual([
      0,
      `${[
        `${whole.id}: ${whole.title}`,
        `  provider    ${whole.provider}`,
        `  kind        ${whole.kind}`,
        `  severity    ${whole.severity}, confidence ${whole.confidence}`,
        `  matched as  ${whole.matcher.kind}, scope ${whole.scope}`,
        `  checksum    ${whole.checksum}`,
        `  found by    ${whole.literals.join(', ')}`,
        '',
        `  ${whole.description}`,
        '',
        `  revoke: ${revoke?.where}`,
        ...(revoke?.steps ?? []).map((step, index) => `    ${index + 1}. ${step}`),
        '',
        ...references.map((reference) => `  ${reference}`),
      ].join('\n')}\n`,
    ]);
    expect(await run('show', ['acme-key'], 'text', ['own.yaml'], own())).toEqual([0, expect.not.stringMatching(/checksum|revoke|\n\n/)]);
    expect(JSON.parse(String((await run('show', [whole.id], 'json'))[1]))).toEqual(whole);
    expect(await refused(run('show', ['assemblyai-api-kez']))).toEqual(['there is no rule "assemblyai-api-kez"', 'Did you mean assemblyai-api-key?']);
    expect(await refused(run('show', ['x'.repeat(99)]))).toEqual([`there is no rule "${'x'.repeat(80)}"`, 'keysift rules list names them all.']);
    expect(await refused(run('show'))).toEqual(['there is no rule ""', expect.any(String)]);
  });

  test('of a file have passed where they compile', async () => {
    expect(await run('lint', ['own.yaml'], 'text', [], own())).toEqual([0, '1 rule, no problem\n']);
    expect(await run('lint', [], 'json', ['own.yaml'], own())).toEqual([0, '{"rules":1,"problems":[]}\n']);
    expect(await run('lint')).toEqual([0, `${count(rules.length, 'rule')}, no problem\n`]);
    expect(await refused(run('lint', ['own.yaml'], 'text', [], own('rules: 3')))).toEqual([
      expect.stringContaining('own.yaml:1:8: '),
      expect.any(String),
    ]);
  });

  test('run their examples, all of them, and say which one fails', async () => {
    const [good, bad] = ['ignore: [acme, acme_1]', "ignore: [acme, 'acme_{{digit:9}}', acme_1]"].map((ignore) =>
      OWN.replace('ignore: [acme]', ignore),
    );
    expect(await run('test', ['own.yaml'], 'text', [], own(good))).toEqual([0, '1 rule, 3 examples, 0 failed\n']);
    expect(await run('test', ['own.yaml'], 'json', [], own(good))).toEqual([
      0,
      `${JSON.stringify({ rules: 1, examples: 3, problems: [] }, undefined, 2)}\n`,
    ]);
    const [code, text] = await run('test', ['own.yaml'], 'text', [], own(bad));
    expect([code, text]).toEqual([1, expect.stringMatching(/^acme-key: ignore example "acme_[^\n]+"\n {2}[^\n]+\n1 rule, 4 examples, 1 failed\n$/)]);
    const told = JSON.parse(String((await run('test', ['own.yaml'], 'json', [], own(bad)))[1])) as unknown;
    expect(told).toMatchObject({ rules: 1, examples: 4, problems: [{ ruleId: 'acme-key', kind: 'ignore' }] });
  });

  test('have two formats', async () => {
    expect(await refused(run('list', [], 'xml'))).toEqual(['unknown format "xml"', 'Use text or json.']);
  });
});
